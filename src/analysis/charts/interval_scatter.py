"""Two uncertain values of each borough against each other, both intervals drawn.

A scatter of points alone hides that some could as well stand elsewhere; crosses show how far.
The highlighted borough is named and bold, the others are context, and those beyond chance
are named where there is room.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from analysis.charts.chart import Caption, Chart, drawn_chart
from analysis.charts.labels import CORNERS, key_below, name_points, names_of_far, unit_above
from analysis.charts.rows import named_rows
from analysis.charts.table import under_heads
from analysis.charts.theme import (
    DARK_BLUE,
    DARK_GREY,
    DARK_PINK,
    LIGHT_GREY,
    MID_GREY,
    Layout,
    number_axis,
)
from analysis.wording import NO_BREAK, listed, with_unit

CLEAR_OF_EDGE = 13
# Pixels from the axis to its numbers: the first may stand below that of the other axis.

ROUND_STEPS = (10, 20, 30, 50, 75, 100, 150, 200, 300, 500, 750)
# Marks of a logarithmic axis, in tens as needed.


def interval_scatter(
    rows: pd.DataFrame,
    caption: Caption,
    *,
    across: str,
    up: str,
    across_name: str,
    up_name: str,
    label: str = "area_code",
    highlight: str = "",
    is_beyond: str = "",
    line: str = "",
    line_name: str = "",
    is_log: bool = False,
    units: tuple[str, str] = ("", "%"),
    decimals: tuple[int, int] = (1, 0),
) -> Chart:
    """A chart of two values an area, each with its interval.

    Parameters
    ----------
    rows : DataFrame
        ``label`` (a column or the index), ``across`` and ``up``, each with ``_lower`` and
        ``_upper``.
    caption : Caption
        Its unit is that of ``up``.
    across, up, across_name, up_name : str
        Columns, and what the axes measure, units included.
    label, highlight : str
        The areas, and the one in bold.
    is_beyond : str
        Column of flags: areas marked by a diamond and named where there is room.
    line, line_name : str
        Column of what is expected at each ``across``, drawn as a line, and its name.
    is_log : bool
        Whether the horizontal axis is logarithmic.
    units : (across, up)
        After a number: "%" or "".
    decimals : (across, up)

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        If there are no rows, or the highlighted area is not among them.
    """
    areas = named_rows(rows, label, caption.chart_id, highlight)
    flags = (
        areas[is_beyond].fillna(value=False) if is_beyond else areas["is_highlighted"] & False
    )
    areas = areas.assign(is_beyond=flags.astype(bool))

    def draw(figure: Figure, layout: Layout) -> None:
        axes = figure.add_subplot()
        if is_log:
            axes.set_xscale("log")
        if line:
            path = areas.sort_values(across)
            axes.plot(path[across], path[line], color=DARK_GREY, linewidth=1.2, zorder=1)
        _crosses(axes, areas, across, up)
        _points(axes, areas, across, up)
        _axes(axes, areas, across, is_log, units, layout)
        axes.set_xlabel(across_name)
        unit_above(axes, up_name, layout)
        key_below(figure, _key(areas, is_beyond, line_name), layout)
        points = list(zip(areas[across], areas[up], strict=True))
        named = names_of_far(areas, up, "is_beyond", float(areas[up].mean()))
        name_points(figure, axes, points, named, layout, CORNERS)

    table = _table(areas, across, up, across_name, up_name, is_beyond)
    steps = dict(zip(table.columns[1:4], [decimals[0]] * 3, strict=True))
    steps |= dict(zip(table.columns[4:7], [decimals[1]] * 3, strict=True))
    return drawn_chart(
        draw,
        caption,
        description=_description(
            areas, caption, across, up, (across_name, up_name), units, decimals
        ),
        table=table,
        height=430,
        narrow_height=430,
        decimals=steps,
    )


def _crosses(axes: Axes, areas: pd.DataFrame, across: str, up: str) -> None:
    """Both intervals of every area as thin lines, the highlighted ones in bold on top."""
    for is_bold in (False, True):
        chosen = areas[areas["is_highlighted"].eq(is_bold)]
        xs, ys = _lines(chosen, across, up)
        axes.plot(
            xs,
            ys,
            color=DARK_BLUE if is_bold else LIGHT_GREY,
            linewidth=2 if is_bold else 1,
            solid_capstyle="butt",
            zorder=4 if is_bold else 2,
        )


def _lines(areas: pd.DataFrame, across: str, up: str) -> tuple[list[float], list[float]]:
    # One path for all: a path a line would make the drawing many times as heavy.
    xs: list[float] = []
    ys: list[float] = []
    for _, row in areas.iterrows():
        xs += [row[f"{across}_lower"], row[f"{across}_upper"], math.nan]
        ys += [row[up], row[up], math.nan]
        xs += [row[across], row[across], math.nan]
        ys += [row[f"{up}_lower"], row[f"{up}_upper"], math.nan]
    return xs, ys


def _points(axes: Axes, areas: pd.DataFrame, across: str, up: str) -> None:
    for is_bold in (False, True):
        for is_far, marker in ((False, "o"), (True, "D")):
            chosen = areas[areas["is_beyond"].eq(is_far) & areas["is_highlighted"].eq(is_bold)]
            usual = DARK_PINK if is_far else MID_GREY
            axes.plot(
                chosen[across],
                chosen[up],
                marker,
                color=DARK_BLUE if is_bold else usual,
                markersize=10 if is_bold else 6,
                markeredgewidth=0,
                zorder=5 if is_bold else 3,
            )


def _axes(
    axes: Axes,
    areas: pd.DataFrame,
    across: str,
    is_log: bool,
    units: tuple[str, str],
    layout: Layout,
) -> None:
    axes.grid(visible=True, axis="both")
    if is_log:
        low, high = areas[f"{across}_lower"].min(), areas[f"{across}_upper"].max()
        axes.xaxis.set_major_locator(FixedLocator(_marks(low, high, layout)))
        axes.xaxis.set_minor_locator(NullLocator())
    else:
        axes.locator_params(axis="x", nbins=4 if layout.is_narrow else 8)
    axes.tick_params(axis="x", pad=CLEAR_OF_EDGE)
    number_axis(axes, "x", unit=units[0])
    number_axis(axes, unit=units[1])


def _marks(low: float, high: float, layout: Layout) -> list[float]:
    """Round numbers within the limits, few enough to stand side by side."""
    tens = 10.0 ** np.arange(-2, 6)
    every = sorted({step * ten for step in ROUND_STEPS for ten in tens})
    within = [mark for mark in every if low * 0.95 <= mark <= high * 1.05]
    room = 4 if layout.is_narrow else 9
    return within[:: max(1, math.ceil(len(within) / room))]


def _key(areas: pd.DataFrame, is_beyond: str, line_name: str) -> str:
    # In a crowd there may be no room for the highlighted area's name beside its point.
    bold = areas.loc[areas["is_highlighted"], "name"].tolist()
    parts = [f"Large and blue: {listed(bold)}."] if bold else []
    parts.append("Lines through points: 95% intervals.")
    if is_beyond:
        parts.append(f"\N{BLACK DIAMOND}{NO_BREAK}beyond chance.")
    if line_name:
        parts.append(f"Slanting line: {line_name}.")
    return " ".join(parts)


def _table(
    areas: pd.DataFrame, across: str, up: str, across_name: str, up_name: str, is_beyond: str
) -> pd.DataFrame:
    heads = {"name": "Area"}
    for column, name in ((across, across_name), (up, up_name)):
        heads |= {
            column: name,
            f"{column}_lower": f"{name}: lower limit",
            f"{column}_upper": f"{name}: upper limit",
        }
    if is_beyond:
        heads |= {"is_beyond": "Beyond chance"}
    return under_heads(areas, heads)


def _description(
    areas: pd.DataFrame,
    caption: Caption,
    across: str,
    up: str,
    names: Sequence[str],
    units: tuple[str, str],
    decimals: tuple[int, int],
) -> str:
    words = (
        f"Scatter of {caption.in_sentence} in {len(areas)} areas, {caption.period}: "
        f"{names[0]} across, {names[1]} up, both with 95% intervals."
    )
    bold = areas[areas["is_highlighted"]]
    for _, row in bold.iterrows():
        words += (
            f" {row['name']}: {with_unit(row[across], units[0], decimals[0])} across, "
            f"{with_unit(row[up], units[1], decimals[1])} up."
        )
    beyond = areas.loc[areas["is_beyond"], "name"].tolist()
    return words + (f" Beyond chance: {listed(beyond)}." if beyond else "")
