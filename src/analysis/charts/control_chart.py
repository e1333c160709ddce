"""A control chart: months, what was usual, its limits, and the months that signal.

Signals differ by shape, not only by colour. Centre and limits begin anew at each segment,
that is where recording changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.charts.chart import Caption, Chart, drawn_chart
from analysis.charts.labels import (
    Break,
    EndLabel,
    end_labels,
    key_below,
    mark_breaks,
    unit_above,
)
from analysis.charts.theme import (
    DARK_BLUE,
    DARK_GREY,
    DARK_PINK,
    MID_GREY,
    Layout,
    month_axis,
    months_as_numbers,
    number_axis,
    zero_based,
)
from analysis.wording import NO_BREAK, listed, month_text, number, period_text, with_unit

RULES = {
    "is_outside_limits": "outside the limits",
    "is_seven_one_side": "seven on one side of usual",
    "is_seven_trend": "seven rising or falling",
    "is_two_of_three": "two of three near a limit",
}
# The first rule that a month breaks gives it its shape; the table names them all.
SHAPES = (
    ("D", "\N{BLACK DIAMOND}"),
    ("^", "\N{BLACK UP-POINTING TRIANGLE}"),
    ("s", "\N{BLACK SQUARE}"),
    ("v", "\N{BLACK DOWN-POINTING TRIANGLE}"),
)
NOT_JUDGED = "not judged"
NOT_JUDGED_KEY = f"\N{BLACK CIRCLE}{NO_BREAK}grey: {NOT_JUDGED}, and sets no limits"
TOLD_SIGNALS = 6
MARK, SMALLEST_MARK = 6.0, 3.0
# Pixels across: as large as the months' distance allows, so that no mark covers the next.
DIAGONAL = 1.42
# A diamond of size one is a square of side one on its corner.


def control_chart(
    points: pd.DataFrame,
    caption: Caption,
    *,
    value: str = "value",
    centre: str = "centre",
    lower: str = "lower",
    upper: str = "upper",
    segment: str = "segment",
    not_judged: str = "is_excluded",
    rules: Mapping[str, str] = RULES,
    breaks: Sequence[Break] = (),
    decimals: int = 1,
) -> Chart:
    """A chart of months against their control limits.

    Parameters
    ----------
    points : DataFrame
        One row a month: ``month``, ``value``, ``centre``, ``lower``, ``upper``,
        ``segment``, and a column of yes or no for each rule.
    caption : Caption
    value, centre, lower, upper, segment : str
        Columns; without ``segment`` all months are one.
    not_judged : str
        Column of yes or no: months that set no limits and get no signal, drawn grey.
    rules : mapping of column to words
        At most four signals, the gravest first.
    breaks : sequence of (month, label)
    decimals : int

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        If there are no rows.
    """
    if points.empty:
        raise ValueError(f"Chart {caption.chart_id!r} has no data: nothing can be drawn.")
    names = {value: "value", centre: "centre", lower: "lower", upper: "upper"}
    rows = points.rename(columns={segment: "segment", **names}).sort_values("month")
    rows = _with_signals(rows.reset_index(drop=True), rules, not_judged)
    shapes = dict(zip(rules.values(), SHAPES, strict=False))

    def draw(figure: Figure, layout: Layout) -> None:
        axes = figure.add_subplot()
        days = months_as_numbers(rows["month"])
        _limits(axes, rows)
        width = 1 if layout.is_narrow else 1.5
        axes.plot(days, rows["value"].astype(float), color=DARK_BLUE, linewidth=width)
        axes.margins(x=0.01)
        zero_based(axes)
        number_axis(axes, unit=caption.unit)
        month_axis(axes, rows["month"], layout)
        room, letters = mark_breaks(figure, axes, breaks, layout)
        unit_above(axes, caption.unit, layout, room)
        key_below(figure, _key(rows, shapes, letters, layout, decimals), layout)
        if not layout.is_narrow:
            ends = _ends(rows.iloc[-1], decimals)
            end_labels(figure, axes, float(days.iloc[-1]), ends, layout)
        _marks(figure, axes, rows, shapes)

    table = _table(rows, caption.unit)
    digits = dict.fromkeys(table.columns[1:5], decimals)
    words = _description(rows, caption, decimals)
    return drawn_chart(
        draw, caption, description=words, table=table, narrow_height=380, decimals=digits
    )


def _with_signals(
    rows: pd.DataFrame, rules: Mapping[str, str], not_judged: str
) -> pd.DataFrame:
    """Rows with their first broken rule in words, and all of them; none of those left out."""
    left_out = rows[not_judged].astype(bool) if not_judged in rows else rows["month"].isna()
    broken = [
        []
        if is_left_out
        else [words for column, words in rules.items() if column in rows and flags[column]]
        for flags, is_left_out in zip(rows.to_dict("records"), left_out, strict=True)
    ]
    if "segment" not in rows:
        rows = rows.assign(segment=1)
    return rows.assign(
        signal=[found[0] if found else "" for found in broken],
        signals=[
            NOT_JUDGED if is_left_out else "; ".join(found) or "none"
            for found, is_left_out in zip(broken, left_out, strict=True)
        ],
    )


def _limits(axes: Axes, rows: pd.DataFrame) -> None:
    """Draw centre and limits of each segment, a level stretch by its two ends."""
    for _, part in rows.groupby("segment", sort=False):
        days = months_as_numbers(part["month"])
        for end, colour, dashes in (
            ("centre", DARK_GREY, "solid"),
            ("lower", MID_GREY, (0, (5, 3))),
            ("upper", MID_GREY, (0, (5, 3))),
        ):
            level = part[end].astype(float)
            bends = level.ne(level.shift()) | level.ne(level.shift(-1))
            axes.plot(days[bends], level[bends], color=colour, linewidth=1.2, linestyle=dashes)


def _key(
    rows: pd.DataFrame,
    shapes: Mapping[str, tuple[str, str]],
    letters: str,
    layout: Layout,
    decimals: int,
) -> str:
    """What shapes mean, and on a narrow drawing, lines and letters, which have no labels."""
    found = set(rows["signal"])
    signs = [f"{sign}{NO_BREAK}{rule}" for rule, (_, sign) in shapes.items() if rule in found]
    signs += [NOT_JUDGED_KEY] if rows["signals"].eq(NOT_JUDGED).any() else []
    if not layout.is_narrow:
        return "; ".join(signs)
    usual, low, high = (
        number(float(rows[end].iloc[-1]), decimals) for end in ("centre", "lower", "upper")
    )
    lines = f"Solid line: usual, now {usual}; dashed: limits, now {low} to {high}"
    return ". ".join(part for part in ("; ".join(signs), lines, letters) if part) + "."


def _marks(
    figure: Figure,
    axes: Axes,
    rows: pd.DataFrame,
    shapes: Mapping[str, tuple[str, str]],
) -> None:
    """Mark the months that signal or are not judged, once a month's width is known."""
    figure.draw_without_rendering()
    days = months_as_numbers(rows["month"])
    across = axes.transData.transform([(day, 0.0) for day in days])[:, 0]
    step = (
        min(b - a for a, b in zip(across, across[1:], strict=False)) if len(rows) > 1 else MARK
    )
    left_out = rows["signals"].eq(NOT_JUDGED)
    drawn = [
        (marker, DARK_PINK, rows["signal"] == rule) for rule, (marker, _) in shapes.items()
    ]
    for marker, colour, chosen in [("o", MID_GREY, left_out), *drawn]:
        width = DIAGONAL if marker == "D" else 1
        axes.plot(
            days[chosen],
            rows.loc[chosen, "value"].astype(float),
            marker,
            color=colour,
            markersize=max(SMALLEST_MARK, min(MARK, step / width)),
            markeredgewidth=0,
        )


def _ends(last: pd.Series, decimals: int) -> list[EndLabel]:
    named = (
        ("upper", "Upper limit", MID_GREY),
        ("centre", "Usual", DARK_GREY),
        ("lower", "Lower limit", MID_GREY),
    )
    return [
        EndLabel(float(last[end]), f"{name} {number(float(last[end]), decimals)}", colour)
        for end, name, colour in named
    ]


def _table(rows: pd.DataFrame, unit: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Month": rows["month"],
            f"Value ({unit})": rows["value"],
            "Usual": rows["centre"],
            "Lower limit": rows["lower"],
            "Upper limit": rows["upper"],
            "Signal": rows["signals"],
        }
    )


def _description(rows: pd.DataFrame, caption: Caption, decimals: int) -> str:
    last = rows.iloc[-1]
    words = (
        f"Control chart of {caption.in_sentence} in {caption.area},"
        f" {period_text(rows['month'])}."
        f" Last month: {with_unit(float(last['value']), caption.unit, decimals)}, usual"
        f" {number(float(last['centre']), decimals)}, limits"
        f" {number(float(last['lower']), decimals)} to"
        f" {number(float(last['upper']), decimals)}."
    )
    parts = int(rows["segment"].nunique())
    if parts > 1:
        words += f" The limits are those of {parts} stretches, anew where recording changed."
    unjudged = int(rows["signals"].eq(NOT_JUDGED).sum())
    if unjudged:
        words += f" Months not judged: {unjudged}."
    told = [
        f"{rule}: {_months_told(found['month'])}"
        for rule, found in rows[rows["signal"] != ""].groupby("signal", sort=False)
    ]
    return f"{words} Months {'; '.join(told)}." if told else f"{words} No month signals."


def _months_told(months: pd.Series) -> str:
    """How many months, and the newest of them by name."""
    named = listed([month_text(month) for month in months.tail(TOLD_SIGNALS)])
    which = "the last of them " if len(months) > TOLD_SIGNALS else ""
    return f"{len(months)}, {which}{named}"
