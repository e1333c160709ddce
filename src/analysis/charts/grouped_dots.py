"""Several dots a row, told apart by shape: the same thing by several methods side by side.

Bars for four methods and ten offence groups would be forty bars; dots on one line show at a
glance where the methods agree. The shapes, not the colours, carry the meaning.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from analysis.charts.chart import Caption, Chart, drawn_chart
from analysis.charts.labels import key_below
from analysis.charts.rows import axis_from_nought, name_rows, named_rows, rows_height
from analysis.charts.table import under_heads
from analysis.charts.theme import (
    DARK_BLUE,
    DARK_PINK,
    LIGHT_GREY,
    ORANGE,
    TURQUOISE,
    WHITE,
    Layout,
)
from analysis.wording import NO_BREAK, listed, number, with_unit

SHAPES = (
    ("o", "\N{BLACK CIRCLE}", DARK_BLUE),
    ("D", "\N{BLACK DIAMOND}", ORANGE),
    ("s", "\N{BLACK SQUARE}", TURQUOISE),
    ("^", "\N{BLACK UP-POINTING TRIANGLE}", DARK_PINK),
)
# Marker, its sign in the key, colour.


def grouped_dots(
    rows: pd.DataFrame,
    caption: Caption,
    series: Mapping[str, str],
    *,
    label: str = "offence_group",
    label_name: str = "Offence group",
    decimals: int = 0,
) -> Chart:
    """A chart of several values a row, each with a shape of its own, rows in order.

    Parameters
    ----------
    rows : DataFrame
        One row an item: ``label`` and a column a series; a missing value draws no dot.
    caption : Caption
    series : mapping of column to name
        What the dots are, at most four, in the order of the shapes.
    label, label_name : str
        Column of the labels, and the head it gets.
    decimals : int

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        If there are no rows, or more series than shapes.
    """
    if len(series) > len(SHAPES):
        message = f"{len(series)} series, and {len(SHAPES)} shapes. Show fewer"
        raise ValueError(f"Chart {caption.chart_id!r}: {message}.")
    rows = named_rows(rows, label, caption.chart_id)
    names, values = rows["name"].tolist(), rows[list(series)].astype(float)
    unit = caption.unit if caption.unit == "%" else ""
    told = [_span(row, unit, decimals) for _, row in values.iterrows()]

    def draw(figure: Figure, layout: Layout) -> None:
        axes = figure.add_subplot()
        name_rows(axes, names, told, layout)
        axes.hlines(range(len(rows)), values.min(axis=1), values.max(axis=1), color=LIGHT_GREY)
        for (marker, _, colour), column in zip(SHAPES, values, strict=False):
            axes.plot(
                values[column],
                range(len(rows)),
                marker,
                color=colour,
                markersize=9,
                markeredgecolor=WHITE,
                clip_on=False,
            )
        axis_from_nought(axes, layout, caption.unit, zorder=0)
        key_below(figure, _key(series), layout)

    heads = {column: f"{name} ({caption.unit})" for column, name in series.items()}
    table = under_heads(rows, {"name": label_name, **heads})
    pairs = [f"{name}, {span}" for name, span in zip(names, told, strict=True)]
    return drawn_chart(
        draw,
        caption,
        description=(
            f"Dot chart of {caption.in_sentence} in {caption.area}, {caption.period}. "
            f"Dots: {listed(list(series.values()))}. {'; '.join(pairs)}."
        ),
        table=table,
        height=rows_height(len(rows), layout_is_narrow=False, extra=16),
        narrow_height=rows_height(len(rows), layout_is_narrow=True, extra=56),
        decimals=dict.fromkeys(table.columns[1:], decimals),
    )


def _key(series: Mapping[str, str]) -> str:
    """What each shape stands for, as the key says it."""
    signs = zip(SHAPES, series.values(), strict=False)
    return ";  ".join(f"{sign}{NO_BREAK}{name}" for (_, sign, _), name in signs)


def _span(values: pd.Series, unit: str, decimals: int) -> str:
    known = values.dropna()
    if known.empty:
        return "not available"
    ends = [number(known.min(), decimals), with_unit(known.max(), unit, decimals)]
    return ends[1] if number(known.max(), decimals) == ends[0] else " to ".join(ends)
