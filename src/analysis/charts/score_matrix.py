"""Scores of things on several criteria as a grid: the darker, the higher.

The number stands in every cell, so that the shade only guides the eye; a criterion without a
score is a dash on white, which no shade of the scale is.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from analysis.charts.chart import Caption, Chart, drawn_chart
from analysis.charts.labels import key_below
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
ROW, NARROW_ROW = 28, 46
NOT_SCORED = "–"


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
    scores, highest = rows[list(criteria)].to_numpy(dtype=float), len(SHADES)
    if rows.empty:
        raise ValueError(f"Chart {caption.chart_id!r} has no data: nothing can be drawn.")
    if ((scores < 1) | (scores > highest)).any():
        message = f"Chart {caption.chart_id!r}: a score lies outside 1 to {highest}."
        raise ValueError(message)
    names = [str(name) for name in rows[label]]
    means = [number(value, 1) for value in rows[mean]]

    def draw(figure: Figure, layout: Layout) -> None:
        axes = figure.add_subplot()
        shown = np.ma.masked_invalid(scores)
        axes.pcolormesh(
            shown,
            cmap=ListedColormap(SHADES),
            vmin=0.5,
            vmax=highest + 0.5,
            edgecolor=WHITE,
            linewidth=2,
        )
        top = -0.55 if layout.is_narrow else 0
        axes.set(ylim=(len(names), top), xlim=(0, len(criteria)), yticks=[])
        axes.grid(visible=False)
        axes.spines["bottom"].set_visible(False)
        axes.xaxis.tick_top()
        heads = [_head(name, layout) for name in criteria.values()]
        axes.set_xticks(np.arange(len(heads)) + 0.5, heads)
        for (row, column), score in np.ndenumerate(scores):
            told = NOT_SCORED if np.isnan(score) else f"{score:.0f}"
            is_dark = score >= DARK_FROM
            colour = MID_GREY if np.isnan(score) else WHITE if is_dark else DARK_GREY
            axes.text(column + 0.5, row + 0.5, told, ha="center", va="center", color=colour)
        for row, (name, value) in enumerate(zip(names, means, strict=True)):
            _name(axes, row, name, value, layout, len(criteria))
        letters = "; ".join(f"{n[0]}: {n.lower()}" for n in criteria.values())
        key = f"1 is lowest, {highest} highest; {NOT_SCORED} not scored. Right: the mean."
        key_below(figure, f"{letters}. {key}" if layout.is_narrow else key, layout)

    table = rows[[label, *criteria, mean]].rename(
        columns={label: "What is scored", **criteria, mean: "Mean score"}
    )
    leading = [f"{name} {value}" for name, value in list(zip(names, means, strict=True))[:5]]
    return drawn_chart(
        draw,
        caption,
        description=(
            f"Grid of scores from 1 to {highest} for {caption.in_sentence} in {caption.area}, "
            f"{caption.period}, on {listed([name.lower() for name in criteria.values()])}. "
            f"Highest means: {listed(leading)}."
        ),
        table=table,
        height=80 + ROW * len(names),
        narrow_height=110 + NARROW_ROW * len(names),
        decimals={"Mean score": 1},
    )


def _head(name: str, layout: Layout) -> str:
    return name[0] if layout.is_narrow else name.replace(" ", "\n")


def _name(axes: object, row: int, name: str, value: str, layout: Layout, width: int) -> None:
    left = (
        {"ha": "left", "va": "bottom"} if layout.is_narrow else {"ha": "right", "va": "center"}
    )
    place = (0.0, row - 0.02) if layout.is_narrow else (-0.12, row + 0.5)
    axes.text(*place, name, **left, clip_on=False)  # type: ignore[attr-defined]
    axes.text(  # type: ignore[attr-defined]
        width + 0.12, row + 0.5, value, ha="left", va="center", fontweight="bold"
    )
