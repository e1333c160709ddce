"""Several dots a row, told apart by shape: the same thing by several methods side by side.

Bars for four methods and ten offence groups would be forty bars; dots on one line show at a
glance where the methods agree. The shapes, not the colours, carry the meaning. Dots that would
hide each other stand one above the other, and the first series is drawn over the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.charts.chart import Caption, Chart, drawn_chart
from analysis.charts.labels import key_below, text_width
from analysis.charts.rows import name_rows, named_rows, rows_height, value_axis
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
from analysis.wording import NO_BREAK, listed, with_unit

SHAPES = (
    ("o", "\N{BLACK CIRCLE}", DARK_BLUE),
    ("D", "\N{BLACK DIAMOND}", ORANGE),
    ("s", "\N{BLACK SQUARE}", TURQUOISE),
    ("^", "\N{BLACK UP-POINTING TRIANGLE}", DARK_PINK),
)
# Marker, its sign in the key, colour.

TOUCHING, STEP = {False: 0.025, True: 0.035}, {False: 0.26, True: 0.17}
# By whether the drawing is narrow: how near dots hide each other, as a share of the axis, and
# how far apart they then stand, as a share of a row.

LABELS_SHARE = 0.3
# Of the drawing that labels may take: the dots need the rest.

PAIR = 2
# Series that are named in each row of the description; with more it would be too long.


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
    told = _labels(values, series, unit, decimals)

    def draw(figure: Figure, layout: Layout) -> None:
        axes = figure.add_subplot()
        name_rows(axes, names, _fitting(names, told, layout), layout)
        axes.hlines(range(len(rows)), values.min(axis=1), values.max(axis=1), color=LIGHT_GREY)
        heights = _heights(values, layout)
        for place in reversed(range(len(series))):
            axes.plot(
                values.iloc[:, place],
                heights[:, place],
                SHAPES[place][0],
                color=SHAPES[place][2],
                markersize=9,
                markeredgecolor=WHITE,
                clip_on=False,
            )
        value_axis(axes, layout, caption.unit, zorder=0)
        key_below(figure, _key(series), layout)

    heads = {column: f"{name} ({caption.unit})" for column, name in series.items()}
    table = under_heads(rows, {"name": label_name, **heads})
    return drawn_chart(
        draw,
        caption,
        description=(
            f"Dot chart of {caption.in_sentence} in {caption.area}, {caption.period}. "
            + _words(names, values, series, unit, decimals)
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


def _heights(values: pd.DataFrame, layout: Layout) -> np.ndarray:
    """Where in its row each dot stands: in the middle, or apart from those it would touch."""
    amounts = values.to_numpy(dtype=float)
    known = amounts[~np.isnan(amounts)]
    near = float(np.ptp([0.0, *known])) * TOUCHING[layout.is_narrow]
    heights = np.zeros(amounts.shape) + np.arange(len(amounts))[:, None]
    for row, own in enumerate(amounts):
        for columns in _touching(own, near):
            step = min(STEP[layout.is_narrow], 0.7 / max(1, len(columns) - 1))
            for place, column in enumerate(sorted(columns)):
                heights[row, column] += (place - (len(columns) - 1) / 2) * step
    return heights


def _touching(values: np.ndarray, near: float) -> list[list[int]]:
    """Columns whose values lie so near that their dots would hide each other, in runs."""
    runs: list[list[int]] = []
    for column in map(int, np.argsort(values, kind="stable")):
        if np.isnan(values[column]):
            continue
        if runs and values[column] - values[runs[-1][-1]] <= near:
            runs[-1].append(column)
        else:
            runs.append([column])
    return runs


def _labels(
    values: pd.DataFrame, series: Mapping[str, str], unit: str, decimals: int
) -> list[tuple[str, ...]]:
    """What may stand beside each row, fullest first: values by name, by sign, or the first."""
    rows: list[tuple[str, ...]] = []
    for _, own in values.iterrows():
        known = own.dropna()
        texts = {column: with_unit(known[column], unit, decimals) for column in known.index}
        signs = {column: sign for column, (_, sign, _) in zip(series, SHAPES, strict=False)}
        named = ", ".join(f"{series[column]} {text}" for column, text in texts.items())
        signed = ", ".join(f"{signs[column]} {text}" for column, text in texts.items())
        first = next((f"{signs[column]} {text}" for column, text in texts.items()), "")
        rows.append((named, signed, first) if texts else ("not available",) * 3)
    return rows


def _fitting(
    names: Sequence[str], told: Sequence[tuple[str, ...]], layout: Layout
) -> list[str]:
    """The fullest labels for which there is room in every row."""
    for form in zip(*told, strict=True):
        pairs = zip(names, form, strict=True)
        widest = max(text_width(text, layout) for text in form)
        if layout.is_narrow:
            is_fit = all(
                text_width(f"{name}  {text}", layout) < layout.width for name, text in pairs
            )
        else:
            is_fit = widest < layout.width * LABELS_SHARE
        if is_fit:
            break
    return list(form)


def _words(
    names: Sequence[str],
    values: pd.DataFrame,
    series: Mapping[str, str],
    unit: str,
    decimals: int,
) -> str:
    """Every value with its series: named in each row where two, else in an order said first."""
    is_pair = len(series) <= PAIR
    rows = []
    for name, (_, own) in zip(names, values.iterrows(), strict=True):
        texts = [with_unit(own[column], unit, decimals) for column in series]
        if is_pair:
            texts = [
                f"{each} {text}" for each, text in zip(series.values(), texts, strict=True)
            ]
        rows.append(f"{name}: {', '.join(texts)}")
    order = "" if is_pair else f"In each row, in this order: {listed(list(series.values()))}. "
    return f"{order}{'; '.join(rows)}."
