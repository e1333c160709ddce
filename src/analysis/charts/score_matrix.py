"""Scores of things on several criteria as a grid: the darker, the higher.

The number stands in every cell, so that the shade only guides the eye; a criterion without a
score is a dash on white, which no shade of the scale is.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.charts.chart import Caption, Chart, drawn_chart
from analysis.charts.labels import key_below
from analysis.charts.svg import WHOLE_PIXELS
from analysis.charts.table import under_heads
from analysis.charts.theme import (
    DARK_BLUE,
    DARK_GREY,
    MID_GREY,
    WHITE,
    Layout,
)
from analysis.wording import listed, number

SHADES = ("#F0F3F6", "#D5DEE6", "#AFC1D0", "#4B7397", DARK_BLUE)
# Dark text reads on the first three, white on the last two, at 4.5 to 1 or more.
DARK_FROM = 4
HIGHEST = len(SHADES)
ROW, NARROW_ROW = 28, 46
NAME_PART = 0.42
# Of a row on a narrow drawing: the name stands above its cells.
NOT_SCORED = "–"
KEY = f"1 is lowest, {HIGHEST} highest; {NOT_SCORED} not scored. Right: the weighted mean."


def score_grid(
    rows: pd.DataFrame,
    caption: Caption,
    criteria: Mapping[str, str],
    *,
    label: str = "label",
    mean: str = "mean_score",
) -> Chart:
    """A chart of scores, one row a thing and one column a criterion, in the order given.

    Parameters
    ----------
    rows : DataFrame
        ``label``, a column a criterion (scores from 1; missing where not scored), ``mean``.
    caption : Caption
    criteria : mapping of column to name
        In the order of the columns; those on which nothing is scored are best left out.
    label, mean : str
        Columns of the names and of the mean score.

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        If there are no rows, or a score lies outside 1 to the highest.
    """
    scores = _scores(rows[list(criteria)], caption.chart_id)
    names = [str(name) for name in rows[label]]
    means = [number(value, 1) for value in rows[mean]]

    def draw(figure: Figure, layout: Layout) -> None:
        axes = figure.add_subplot()
        heads = _heads(list(criteria.values()), layout)
        axes.set(ylim=(len(names), 0), xlim=(0, len(criteria)), yticks=[])
        axes.grid(visible=False)
        axes.spines["bottom"].set_visible(False)
        axes.xaxis.tick_top()
        axes.set_xticks(np.arange(len(heads)) + 0.5, heads)
        _cells(axes, scores, layout)
        for row, (name, value) in enumerate(zip(names, means, strict=True)):
            _name(axes, row, name, value, layout, len(criteria))
        letters = [
            f"{letter}: {name.lower()}"
            for letter, name in zip(heads, criteria.values(), strict=True)
        ]
        key_below(figure, f"{'; '.join(letters)}. {KEY}" if layout.is_narrow else KEY, layout)

    heads = {label: "What is scored", **criteria, mean: "Mean score"}
    leading = [f"{name} {value}" for name, value in list(zip(names, means, strict=True))[:5]]
    return drawn_chart(
        draw,
        caption,
        description=(
            f"Grid of scores from 1 to {HIGHEST} for {caption.in_sentence} in {caption.area}, "
            f"{caption.period}, on {listed([name.lower() for name in criteria.values()])}. "
            f"Highest weighted means: {listed(leading)}."
        ),
        table=under_heads(rows, heads),
        height=80 + ROW * len(names),
        narrow_height=110 + NARROW_ROW * len(names),
        decimals={"Mean score": 1},
    )


def _scores(rows: pd.DataFrame, chart_id: str) -> np.ndarray:
    """Scores of every row and criterion, from 1 to the highest or missing."""
    if rows.empty:
        raise ValueError(f"Chart {chart_id!r} has no data: nothing can be drawn.")
    scores = rows.to_numpy(dtype=float)
    if ((scores < 1) | (scores > HIGHEST)).any():
        raise ValueError(f"Chart {chart_id!r}: a score lies outside 1 to {HIGHEST}.")
    return scores


def _heads(names: list[str], layout: Layout) -> list[str]:
    """Names over the columns; on a narrow drawing letters, which the key explains."""
    if layout.is_narrow:
        return [chr(ord("A") + place) for place in range(len(names))]
    return [name.replace(" ", "\n") for name in names]


def _cells(axes: Axes, scores: np.ndarray, layout: Layout) -> None:
    """A shaded cell a score with its number, below the name on a narrow drawing."""
    top = NAME_PART if layout.is_narrow else 0.0
    for (row, column), score in np.ndenumerate(scores):
        told, colour = NOT_SCORED, MID_GREY
        if not np.isnan(score):
            shade = SHADES[round(score) - 1]
            cell = Rectangle((column, row + top), 1, 1 - top, facecolor=shade)
            axes.add_patch(cell).set(edgecolor=WHITE, linewidth=2, gid=WHOLE_PIXELS)
            told, colour = f"{score:.0f}", WHITE if score >= DARK_FROM else DARK_GREY
        middle = row + (1 + top) / 2
        axes.text(column + 0.5, middle, told, ha="center", va="center", color=colour)


def _name(axes: Axes, row: int, name: str, value: str, layout: Layout, width: int) -> None:
    if layout.is_narrow:
        axes.text(0, row + NAME_PART / 2, name, ha="left", va="center", clip_on=False)
    else:
        axes.text(-0.12, row + 0.5, name, ha="right", va="center", clip_on=False)
    middle = row + ((1 + NAME_PART) / 2 if layout.is_narrow else 0.5)
    axes.text(width + 0.12, middle, value, ha="left", va="center", fontweight="bold")
