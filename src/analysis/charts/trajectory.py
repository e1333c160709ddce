"""A target's path: the most a month may record, and what it did record."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.charts.chart import Caption, Chart, drawn_chart
from analysis.charts.labels import EndLabel, end_labels, key_below, unit_above
from analysis.charts.rows import yes_or_no
from analysis.charts.theme import (
    DARK_BLUE,
    DARK_PINK,
    ORANGE,
    Layout,
    month_axis,
    months_as_numbers,
    number_axis,
    zero_based,
)
from analysis.wording import month_text, number, period_text, with_unit

KEY = "\N{BLACK UP-POINTING TRIANGLE} month above its ceiling"


def trajectory_chart(
    path: pd.DataFrame,
    caption: Caption,
    *,
    ceiling: str = "ceiling_count",
    actual: str = "offence_count",
    above: str = "is_above_ceiling",
    decimals: int = 0,
) -> Chart:
    """A chart of the monthly ceiling against what was recorded.

    Parameters
    ----------
    path : DataFrame
        One row a month: ``month``, ``ceiling``, ``actual`` (missing where not yet known)
        and, where it is a column, whether the month is ``above`` its ceiling.
    caption : Caption
    ceiling, actual, above : str
        Columns.
    decimals : int

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        If there are no rows.
    """
    if path.empty:
        raise ValueError(f"Chart {caption.chart_id!r} has no data: nothing can be drawn.")
    rows = path.sort_values("month").reset_index(drop=True)
    has_above = above in rows
    over = rows[rows[above].astype(bool)] if has_above else rows.head(0)

    def draw(figure: Figure, layout: Layout) -> None:
        axes = figure.add_subplot()
        days = months_as_numbers(rows["month"])
        axes.plot(days, rows[ceiling].astype(float), color=DARK_PINK, linestyle=(0, (4, 2)))
        axes.plot(days, rows[actual].astype(float), color=DARK_BLUE)
        axes.plot(
            months_as_numbers(over["month"]),
            over[actual].astype(float),
            "^",
            color=ORANGE,
            markeredgecolor=DARK_BLUE,
            markersize=8,
        )
        axes.margins(x=0.01)
        zero_based(axes)
        number_axis(axes, unit=caption.unit)
        month_axis(axes, rows["month"], layout)
        unit_above(axes, caption.unit, layout)
        key_below(figure, KEY if len(over) else "", layout)
        _name_ends(figure, axes, rows, ceiling, actual, layout, decimals)

    names = {"month": "Month", ceiling: f"Ceiling ({caption.unit})"}
    names[actual] = f"Recorded ({caption.unit})"
    table = rows.rename(columns=names)[list(names.values())]
    if has_above:
        table["Above ceiling"] = yes_or_no(rows[above])
    words = _description(rows, caption, ceiling, actual, decimals)
    if has_above:
        words += f" Months above their ceiling: {len(over)}."
    digits = dict.fromkeys(table.columns[1:3], decimals)
    return drawn_chart(draw, caption, description=words, table=table, decimals=digits)


def _name_ends(
    figure: Figure,
    axes: Axes,
    rows: pd.DataFrame,
    ceiling: str,
    actual: str,
    layout: Layout,
    decimals: int,
) -> None:
    last = rows.iloc[-1]
    known = rows.dropna(subset=[actual])
    day = float(months_as_numbers(rows["month"]).iloc[-1])
    labels = [
        EndLabel(
            float(last[ceiling]), f"Ceiling {number(last[ceiling], decimals)}", DARK_PINK, True
        )
    ]
    if len(known) == len(rows):
        amount = float(last[actual])
        labels.append(EndLabel(amount, f"Recorded {number(amount, decimals)}", DARK_BLUE, True))
    elif len(known):
        amount, at = float(known[actual].iloc[-1]), months_as_numbers(known["month"]).iloc[-1]
        label = EndLabel(amount, f"Recorded {number(amount, decimals)}", DARK_BLUE, True)
        end_labels(figure, axes, float(at), [label], layout)
    end_labels(figure, axes, day, labels, layout)


def _description(
    rows: pd.DataFrame, caption: Caption, ceiling: str, actual: str, decimals: int
) -> str:
    first, last = rows.iloc[0], rows.iloc[-1]
    known = rows.dropna(subset=[actual])
    words = (
        f"Line chart of {caption.in_sentence} in {caption.area}, {period_text(rows['month'])}."
        f" The ceiling goes from {number(float(first[ceiling]), decimals)} to"
        f" {with_unit(float(last[ceiling]), caption.unit, decimals)}."
    )
    if known.empty:
        return f"{words} No month is recorded yet."
    latest = known.iloc[-1]
    return (
        f"{words} Last recorded: {with_unit(float(latest[actual]), caption.unit, decimals)} in"
        f" {month_text(latest['month'])}, against a ceiling of"
        f" {number(float(latest[ceiling]), decimals)}."
    )
