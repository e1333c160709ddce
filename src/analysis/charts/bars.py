"""Bars with their intervals: change by offence group, and boroughs in order.

A bar whose change chance alone could have made is hatched, so that it is told apart without
colour. The whisker on every bar is its interval.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.charts.chart import Caption, Chart, drawn_chart
from analysis.charts.labels import key_above, key_below
from analysis.charts.rows import (
    bar_height,
    limits_of,
    name_rows,
    named_rows,
    rows_height,
    whiskers,
    yes_or_no,
)
from analysis.charts.theme import (
    DARK_BLUE,
    DARK_GREY,
    DARK_PINK,
    LIGHT_GREY,
    MID_GREY,
    WHITE,
    Layout,
    number_axis,
)
from analysis.wording import (
    listed,
    number,
    place_words,
    with_unit,
)

CHANGE_KEY = (
    "Solid: more than chance alone would give. Hatched: could be chance."
    " Lines: 95% intervals; an arrow where one runs off the chart."
)

VERDICTS = {
    "Yes": "More than chance alone would give",
    "No": "Could be chance",
    "Not judged": "Too few, or months missing, to judge",
}
AROUND_RANKS = 70

ARROW_ROOM, LEAST_SIDE = 0.04, 0.05
# Shares: of the axis, beyond each end for an arrow; of the longer side, the least of the other.


def change_bars(
    changes: pd.DataFrame,
    caption: Caption,
    *,
    label: str = "offence_group",
    value: str = "change_pct",
    lower: str = "change_pct_lower",
    upper: str = "change_pct_upper",
    significant: str = "is_significant",
    label_name: str = "Offence group",
    highlight: str = "",
    limit: float = 60,
    decimals: int = 1,
) -> Chart:
    """A chart of percentage changes, one bar an offence group, in the order given.

    Parameters
    ----------
    changes : DataFrame
        One row a bar: ``label``, ``value`` with its interval, and whether it is beyond
        chance.
    caption : Caption
    label, value, lower, upper, significant : str
        Columns.
    label_name : str
        What one row is: head of its column in the table.
    highlight : str
        Name or code of the row in bold.
    limit : float
        Percentage at which the axis ends on either side where no bar is longer: intervals
        are cut there, bars, numbers and the table never are.
    decimals : int

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        If there are no rows.
    """
    rows = named_rows(changes, label, caption.chart_id, highlight)
    low, high = _reach(rows[value], rows[lower], rows[upper], limit)
    names = rows["name"].tolist()
    values = [with_unit(change, "%", decimals, signed=True) for change in rows[value]]

    def draw(figure: Figure, layout: Layout) -> None:
        axes = figure.add_subplot()
        room = ARROW_ROOM * (high - low)
        axes.set_xlim(low - room, high + room)
        name_rows(axes, names, values, layout, rows.index[rows["is_highlighted"]].tolist())
        is_sure = rows[significant].fillna(False).astype(bool)
        for place, (change, sure) in enumerate(zip(rows[value], is_sure, strict=True)):
            _change_bar(axes, place, change, sure, bar_height(layout))
        whiskers(axes, rows[lower].clip(low, high), rows[upper].clip(low, high))
        _arrows(axes, rows[lower] < low, low - room / 2, "<")
        _arrows(axes, rows[upper] > high, high + room / 2, ">")
        axes.axvline(0, color=DARK_GREY, linewidth=1)
        number_axis(axes, "x", unit="%")
        key_below(figure, CHANGE_KEY, layout)

    table = pd.DataFrame(
        {
            label_name: names,
            "Change (%)": rows[value],
            "Lower 95% limit (%)": rows[lower],
            "Upper 95% limit (%)": rows[upper],
            "More than chance": yes_or_no(rows[significant]),
        }
    )
    return drawn_chart(
        draw,
        caption,
        description=_change_words(rows, caption, value, significant, decimals),
        table=table,
        height=rows_height(len(rows), layout_is_narrow=False, extra=20),
        narrow_height=rows_height(len(rows), layout_is_narrow=True, extra=60),
        decimals=dict.fromkeys(table.columns[1:4], decimals),
    )


def ranked_bars(
    areas: pd.DataFrame,
    caption: Caption,
    *,
    label: str = "area_code",
    value: str = "rate_per_1000",
    lower: str = "",
    upper: str = "",
    highlight: str = "",
    reference: float | None = None,
    reference_name: str = "London",
    label_name: str = "Area",
    decimals: int = 1,
) -> Chart:
    """A chart of boroughs, or of offence groups, from the highest to the lowest.

    Parameters
    ----------
    areas : DataFrame
        One row a bar: ``label``, ``value`` and its interval.
    caption : Caption
    label, value, lower, upper : str
        Columns; limits not named are the value's own, where they are there.
    highlight : str
        The row drawn boldly.
    reference : float, optional
        A level to compare with, as a vertical line.
    reference_name : str
    label_name : str
        What one row is, such as ``"Offence group"``: head of its column in the table, and
        with an "s" what the description says are ranked.
    decimals : int

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        If there are no rows, or the highlighted one is not among them.
    """
    rows = named_rows(areas, label, caption.chart_id, highlight)
    rows = rows.sort_values(value, ascending=False, kind="stable").reset_index(drop=True)
    names = rows["name"].tolist()
    bold = rows.index[rows["is_highlighted"]].tolist()
    limits = limits_of(rows, value, lower, upper)

    def draw(figure: Figure, layout: Layout) -> None:
        axes = figure.add_subplot()
        colours = [DARK_BLUE if place in bold else LIGHT_GREY for place in rows.index]
        axes.barh(rows.index, rows[value].astype(float), color=colours, height=0.72)
        if limits:
            whiskers(axes, rows[limits[0]], rows[limits[1]], cap=0.2)
        axes.set_xlim(left=0)
        _name_ranks(axes, names, rows[value], bold, decimals)
        if reference is not None:
            axes.axvline(reference, color=DARK_PINK, linewidth=1.5)
            text = f"Pink line: {reference_name} {number(reference, decimals)}"
            key_above(figure, text, layout, DARK_PINK)
        number_axis(axes, "x", unit=caption.unit)

    table = _rank_table(rows, value, limits, caption.unit, label_name)
    words = _rank_words(rows, caption, value, label_name, decimals)
    if reference is not None:
        words += f" {reference_name}: {with_unit(reference, caption.unit, decimals)}."
    return drawn_chart(
        draw,
        caption,
        description=words,
        table=table,
        height=len(rows) * 19 + AROUND_RANKS,
        narrow_height=len(rows) * 19 + AROUND_RANKS,
        decimals=dict.fromkeys(table.columns[1:], decimals),
    )


def _reach(
    values: pd.Series, lower: pd.Series, upper: pd.Series, limit: float
) -> tuple[float, float]:
    """Where the axis ends to the left and right of nought: no bar is ever cut.

    Examples
    --------
    >>> low, high = pd.Series([88.0, -46.0]), pd.Series([263.0, -18.0])
    >>> [round(end, 1) for end in _reach(pd.Series([160.0, -33.0]), low, high, 60)]
    [-48.3, 168.0]
    """
    ends = []
    for sign, outer in ((-1, lower), (1, upper)):
        bar, interval = (
            max(0.0, float((sign * side).max())) if side.notna().any() else 0.0
            for side in (values, outer)
        )
        ends.append(max(bar, min(interval, limit)))
    # A side without bars keeps some room, so that nought is not the edge.
    left, right = (1.05 * max(end, LEAST_SIDE * max(ends)) or limit for end in ends)
    return -left, right


def _change_bar(axes: Axes, place: int, change: float, is_sure: bool, height: float) -> None:
    if pd.isna(change):
        return
    axes.barh(
        place,
        change,
        height=height,
        color=DARK_BLUE if is_sure else WHITE,
        edgecolor=DARK_BLUE if is_sure else MID_GREY,
        hatch="" if is_sure else "////",
        linewidth=1,
    )


def _arrows(axes: Axes, is_off: pd.Series, at: float, marker: str) -> None:
    for place, flag in enumerate(is_off):
        if flag:
            axes.plot([at], [place], marker, color=DARK_GREY, clip_on=False)


def _name_ranks(
    axes: Axes, names: list[str], values: pd.Series, bold: list[int], decimals: int
) -> None:
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    axes.set_yticks(range(len(names)), names)
    for place, text in enumerate(axes.get_yticklabels()):
        text.set_fontweight("bold" if place in bold else "normal")
    for place, value in enumerate(values):
        axes.annotate(
            number(float(value), decimals),
            (1, place),
            xycoords=("axes fraction", "data"),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontweight="bold" if place in bold else "normal",
            annotation_clip=False,
        )


def _change_words(
    rows: pd.DataFrame, caption: Caption, value: str, significant: str, decimals: int
) -> str:
    def told(chosen: pd.DataFrame) -> str:
        return listed(
            [
                f"{name} {with_unit(change, '%', decimals, signed=True)}"
                for name, change in zip(chosen["name"], chosen[value], strict=True)
            ]
        )

    verdicts = pd.Series(yes_or_no(rows[significant]), index=rows.index)
    words = f"Bar chart of {caption.in_sentence} in {caption.area}, {caption.period}."
    for verdict, opening in VERDICTS.items():
        chosen = rows[verdicts == verdict]
        if len(chosen):
            words += f" {opening}: {told(chosen)}."
    return words


def _rank_table(
    rows: pd.DataFrame, value: str, limits: list[str], unit: str, label_name: str
) -> pd.DataFrame:
    columns = {label_name: rows["name"], f"Value ({unit})": rows[value]}
    for end, column in zip(("Lower", "Upper"), limits, strict=False):
        columns[f"{end} 95% limit ({unit})"] = rows[column]
    return pd.DataFrame(columns)


def _rank_words(
    rows: pd.DataFrame,
    caption: Caption,
    value: str,
    label_name: str,
    decimals: int,
) -> str:
    def told(place: int) -> str:
        amount = with_unit(float(rows[value].iloc[place]), caption.unit, decimals)
        return f"{rows['name'].iloc[place]}, {amount}"

    ranked = f"{len(rows)} {label_name.casefold()}s"
    bold = rows.index[rows["is_highlighted"]]
    # A highlighted row is the caption's area itself; without one, rows lie within the area.
    where = ranked if len(bold) else f"{caption.area}, {ranked}"
    words = (
        f"Bar chart of {caption.in_sentence} in {where}, {caption.period}."
        f" Highest: {told(0)}. Lowest: {told(-1)}."
    )
    for place in bold:
        position = place_words(len(rows) - place, len(rows))
        words += f" {told(place)}, is {position} of {len(rows)}."
    return words
