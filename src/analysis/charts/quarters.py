"""A survey's share by quarter: the borough's line in its interval, and London's beside it.

Quarters are drawn where they end. A quarter that is not held is a gap in the line.
"""

from __future__ import annotations

import matplotlib.dates as mdates
import pandas as pd
from matplotlib.figure import Figure

from analysis.charts.chart import Caption, Chart, drawn_chart
from analysis.charts.labels import EndLabel, end_labels, key_below, unit_above
from analysis.charts.table import under_heads
from analysis.charts.theme import (
    DARK_BLUE,
    LIGHT_GREY,
    MID_GREY,
    PALE_BLUE,
    Layout,
    month_axis,
    months_as_numbers,
    number_axis,
)
from analysis.wording import month_text, with_unit


def quarterly_share(
    quarters: pd.DataFrame,
    caption: Caption,
    *,
    value: str = "value_pct",
    context: str = "london_pct",
    context_name: str = "London",
) -> Chart:
    """A chart of a share by quarter with its interval, and a context line.

    Parameters
    ----------
    quarters : DataFrame
        ``quarter``, ``value`` with ``_lower`` and ``_upper``, ``context``; either may end
        before the other.
    caption : Caption
    value, context, context_name : str

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        If there are no quarters.
    """
    if quarters.empty:
        raise ValueError(f"Chart {caption.chart_id!r} has no data: nothing can be drawn.")
    rows = quarters.sort_values("quarter").reset_index(drop=True)
    days = months_as_numbers(rows["quarter"]).to_numpy()
    lower, upper = rows[f"{value}_lower"].astype(float), rows[f"{value}_upper"].astype(float)

    def draw(figure: Figure, layout: Layout) -> None:
        axes = figure.add_subplot()
        axes.fill_between(days, lower, upper, color=PALE_BLUE, linewidth=0, zorder=1)
        axes.plot(days, rows[context].astype(float), color=LIGHT_GREY, linewidth=2, zorder=2)
        axes.plot(days, rows[value].astype(float), color=DARK_BLUE, linewidth=2.5, zorder=3)
        axes.margins(x=0.01)
        axes.set_ylim(0, 100)
        number_axis(axes, unit=caption.unit)
        month_axis(axes, rows["quarter"], layout)
        unit_above(axes, caption.unit, layout)
        key_below(figure, f"Band: 95% interval of {caption.area}'s figure.", layout)
        last = float(mdates.date2num(rows["quarter"].max()))
        end_labels(
            figure, axes, last, _ends(rows, caption, value, context, context_name), layout
        )

    heads = {
        "quarter": "Quarter to",
        value: f"{caption.area} ({caption.unit})",
        f"{value}_lower": "Lower limit",
        f"{value}_upper": "Upper limit",
        context: f"{context_name} ({caption.unit})",
    }
    table = under_heads(rows, heads)
    table = table.astype(dict.fromkeys(table.columns[1:], object))
    return drawn_chart(
        draw,
        caption,
        description=_description(rows, caption, value, context, context_name),
        table=table.where(table.notna(), "[x]"),
        decimals=dict.fromkeys(table.columns[1:], 0),
    )


def _ends(
    rows: pd.DataFrame, caption: Caption, value: str, context: str, context_name: str
) -> list[EndLabel]:
    ends = []
    lines = ((value, caption.area, DARK_BLUE, True), (context, context_name, MID_GREY, False))
    for column, name, colour, is_bold in lines:
        known = rows[column].dropna()
        if len(known):
            text = f"{name} {with_unit(known.iloc[-1], caption.unit)}"
            ends.append(EndLabel(float(known.iloc[-1]), text, colour, is_bold))
    return ends


def _description(
    rows: pd.DataFrame, caption: Caption, value: str, context: str, context_name: str
) -> str:
    words = f"Line chart of {caption.in_sentence}, {caption.period}."
    for column, name in ((value, caption.area), (context, context_name)):
        known = rows.dropna(subset=[column])
        if known.empty:
            continue
        first, last = known.iloc[0], known.iloc[-1]
        words += (
            f" {name}: {with_unit(first[column], caption.unit)} in the quarter to "
            f"{month_text(first['quarter'])}, {with_unit(last[column], caption.unit)} in that "
            f"to {month_text(last['quarter'])}; highest "
            f"{with_unit(known[column].max(), caption.unit)}, lowest "
            f"{with_unit(known[column].min(), caption.unit)}."
        )
    return words
