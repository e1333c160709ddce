"""Many small lines on one scale: every borough's course beside every other's.

Thirty-two lines in one picture are a thicket. Each borough has a panel of its own, all on
the same axes, placed as on the map of squares where there is room and in order of name on a
narrow drawing. Every panel says where its line ends, so that no axis has to be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.charts.chart import Caption, Chart, drawn_chart
from analysis.charts.labels import Break, key_below
from analysis.charts.svg import SMALL_LINES
from analysis.charts.theme import (
    DARK_BLUE,
    LIGHT_GREY,
    MID_GREY,
    PALEST_BLUE,
    Layout,
)
from analysis.params.areas import area_name
from analysis.wording import listed, month_text, number

NARROW_COLUMNS = 4
PANEL_WIDE, PANEL_NARROW = 100, 84
# Height of a panel in pixels.

HEAD = 0.22
# Part of a panel above its line, for its name and last value.

GAP = 0.08


@dataclass(frozen=True)
class _Scale:
    """Where a month and a value stand in a panel of unit size."""

    first: pd.Timestamp
    days: float
    low: float
    high: float

    def across(self, months: pd.DatetimeIndex) -> np.ndarray:
        days = (months - self.first) / pd.Timedelta(days=1)
        return np.asarray(days / self.days * (1 - GAP))

    def down(self, values: pd.Series | float) -> np.ndarray:
        share = (np.asarray(values, dtype=float) - self.low) / (self.high - self.low)
        return 1 - GAP - share * (1 - GAP - HEAD)


def small_multiples(
    series: pd.DataFrame,
    caption: Caption,
    tiles: pd.DataFrame,
    *,
    highlight: str,
    reference: float = 100,
    reference_name: str = "the first year",
    breaks: Sequence[Break] = (),
    decimals: int = 0,
) -> Chart:
    """A chart of one line a borough, each in a panel of its own on shared axes.

    Parameters
    ----------
    series : DataFrame, index ``month``, a column an ``area_code``
        A missing value is a gap in the line.
    caption : Caption
    tiles : DataFrame, index ``area_code``
        ``tile_row``, ``tile_column``, ``abbreviation``.
    highlight : str
        Code of the borough drawn boldly.
    reference : float
        Value of the grey line in every panel, and ``reference_name`` what it is.
    breaks : sequence of (month, label)
        Marked by a thin line in every panel and named once below.
    decimals : int

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        If there are no months, a borough has no square, or the highlighted is not there.
    """
    if series.empty or highlight not in series or not set(series) <= set(tiles.index):
        message = f"months, squares for all boroughs and a line for '{highlight}' are needed"
        raise ValueError(f"Chart {caption.chart_id!r}: {message}.")
    months = pd.DatetimeIndex(series.index)
    low, high = float(series.min().min()), float(series.max().max())
    room = 0.04 * (high - low) or 1.0
    scale = _Scale(months[0], (months[-1] - months[0]).days or 1, low - room, high + room)
    key = _key(scale, reference_name, reference, breaks, months, decimals)

    def draw(figure: Figure, layout: Layout) -> None:
        axes = figure.add_subplot()
        axes.set_axis_off()
        found = _places(series, tiles, layout)
        places = found.values()
        _grid_lines(axes, places, scale, reference, breaks)
        _courses(axes, series, found, scale, highlight)
        for code, (row, column) in found.items():
            _head(axes, series[code], (column, row), tiles, code == highlight, decimals)
        axes.set_xlim(-0.02, max(column for _, column in places) + 1)
        axes.set_ylim(max(row for row, _ in places) + 1, 0)
        key_below(figure, key, layout)

    letters = tiles["abbreviation"]
    names = {code: f"{area_name(code)} ({letters[code]})" for code in _by_name(series)}
    table = series.rename(columns=names).rename_axis("Month").reset_index()
    first = names[highlight]
    table = table[["Month", first, *sorted(name for name in names.values() if name != first)]]
    wide, narrow = (max(row for row, _ in _grid(series, tiles, n)) + 1 for n in (False, True))
    return drawn_chart(
        draw,
        caption,
        description=_description(series, caption, highlight, reference_name, breaks),
        table=table,
        height=wide * PANEL_WIDE + 50,
        narrow_height=narrow * PANEL_NARROW + 110,
        decimals=dict.fromkeys(table.columns[1:], decimals),
    )


def _places(
    series: pd.DataFrame, tiles: pd.DataFrame, layout: Layout
) -> dict[str, tuple[int, int]]:
    """Row and column of each borough's panel."""
    cells = _grid(series, tiles, layout.is_narrow)
    return dict(zip(_by_name(series), cells, strict=True))


def _grid(series: pd.DataFrame, tiles: pd.DataFrame, is_narrow: bool) -> list[tuple[int, int]]:
    ordered = _by_name(series)
    if is_narrow:
        return [divmod(place, NARROW_COLUMNS) for place in range(len(ordered))]
    chosen = tiles.loc[ordered, ["tile_row", "tile_column"]].astype(int)
    return [(int(row), int(column)) for row, column in chosen.to_numpy()]


def _by_name(series: pd.DataFrame) -> list[str]:
    return sorted(map(str, series.columns), key=area_name)


def _courses(
    axes: Axes,
    series: pd.DataFrame,
    places: Mapping[str, tuple[int, int]],
    scale: _Scale,
    highlight: str,
) -> None:
    """The boroughs' lines: those in grey as one path, which keeps the page small."""
    across = scale.across(pd.DatetimeIndex(series.index))
    lines = {
        code: (column + across, row + scale.down(series[code]))
        for code, (row, column) in places.items()
    }
    row, column = places[highlight]
    frame = Rectangle((column - 0.02, row), 1 - GAP + 0.04, 1 - GAP / 2)
    frame.set(facecolor=PALEST_BLUE, linewidth=0, zorder=0)
    axes.add_patch(frame)
    others = [line for code, line in lines.items() if code != highlight]
    for chosen, colour, width in (
        (others, MID_GREY, 1.5),
        ([lines[highlight]], DARK_BLUE, 2.5),
    ):
        (line,) = axes.plot(*_one_path(chosen), color=colour, linewidth=width, zorder=3)
        line.set_gid(SMALL_LINES)


def _grid_lines(
    axes: Axes,
    places: Iterable[tuple[int, int]],
    scale: _Scale,
    reference: float,
    breaks: Sequence[Break],
) -> None:
    level = float(scale.down(reference))
    days = scale.across(pd.DatetimeIndex([pd.Timestamp(month) for month, _ in breaks]))
    flat = [
        (np.array([column, column + 1 - GAP]), np.full(2, row + level))
        for row, column in places
    ]
    upright = [
        (np.full(2, column + day), np.array([row + HEAD, row + 1 - GAP]))
        for row, column in places
        for day in days
    ]
    axes.plot(*_one_path(flat), color=LIGHT_GREY, linewidth=1, zorder=1)
    if upright:
        dotted = (0, (2, 2))
        path = _one_path(upright)
        axes.plot(*path, color=LIGHT_GREY, linewidth=1, linestyle=dotted, zorder=1)


def _one_path(lines: Sequence[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    """Lines joined into one, with a gap after each."""
    gap = np.array([np.nan])
    across = [part for x, _ in lines for part in (x, gap)]
    down = [part for _, y in lines for part in (y, gap)]
    return np.concatenate(across), np.concatenate(down)


def _head(
    axes: Axes,
    line: pd.Series,
    corner: tuple[int, int],
    tiles: pd.DataFrame,
    is_bold: bool,
    decimals: int,
) -> None:
    left, top = corner
    known = line.dropna()
    last = number(float(known.iloc[-1]), decimals) if len(known) else "none"
    weight = "bold" if is_bold else "normal"
    name = str(tiles.T[line.name]["abbreviation"])
    for text, x, side in ((name, left, "left"), (last, left + 1 - GAP, "right")):
        axes.text(x, top + 0.06, text, ha=side, va="top", fontweight=weight, zorder=4)


def _key(
    scale: _Scale,
    reference_name: str,
    reference: float,
    breaks: Sequence[Break],
    months: pd.DatetimeIndex,
    decimals: int,
) -> str:
    ends = f"{month_text(months[0])} to {month_text(months[-1])}"
    words = (
        f"Each panel: {ends}, {number(scale.low, decimals)} to {number(scale.high, decimals)}. "
        f"Grey line: {reference_name} ({number(reference, decimals)}). Number: the newest. "
        "Letters: as in the heads of the data below."
    )
    if breaks:
        told = [f"{label} ({pd.Timestamp(month).year})" for month, label in breaks]
        words += f" Dotted lines: {listed(told)}."
    return words


def _description(
    series: pd.DataFrame,
    caption: Caption,
    highlight: str,
    reference_name: str,
    breaks: Sequence[Break],
) -> str:
    last = series.ffill().iloc[-1]
    top, bottom = str(last.idxmax()), str(last.idxmin())
    words = (
        f"One small line chart for each of {series.shape[1]} boroughs on shared axes: "
        f"{caption.in_sentence}, {caption.period}, beside {reference_name}. At the end "
        f"{area_name(highlight)} is at {number(last[highlight])}; highest is "
        f"{area_name(top)}, {number(last[top])}, lowest {area_name(bottom)}, "
        f"{number(last[bottom])}."
    )
    if breaks:
        told = [f"{text} ({month_text(pd.Timestamp(month))})" for month, text in breaks]
        words += f" Marked in every panel: {listed(told)}."
    return words
