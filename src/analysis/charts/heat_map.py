"""Every month of every year as a coloured cell: season, level and odd months at a glance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.figure import Figure

from analysis.charts.chart import Caption, Chart, drawn_chart
from analysis.charts.labels import key_below
from analysis.charts.svg import SHAPES
from analysis.charts.theme import DARK_BLUE, FONT_SIZE, PALEST_BLUE, WHITE, Layout, ink_on
from analysis.wording import MONTHS_SHORT, NO_BREAK, listed, month_text, number, period_text

_STEPS = 16
# As many shades as an eye tells apart; cells of one shade are drawn as one path.
_SHADES = LinearSegmentedColormap.from_list("shades", [PALEST_BLUE, DARK_BLUE], N=_STEPS)
_ROW_HEIGHT = 20


Span = tuple[pd.Timestamp, pd.Timestamp, str]
# First and last month of a break, and what it is called.


def month_heat_map(
    series: pd.DataFrame,
    caption: Caption,
    *,
    value: str = "offence_count",
    decimals: int = 1,
    breaks: Sequence[Span] = (),
) -> Chart:
    """A chart of months by year, darker where the value is higher.

    Parameters
    ----------
    series : DataFrame
        One row a month: ``month`` and ``value``; a month without a row stays white.
    caption : Caption
    value : str
        Column drawn.
    decimals : int
    breaks : sequence of (first month, last month, label)
        Breaks of the record: their first and last months carry a letter.

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        If there are no months.
    """
    known = series.dropna(subset=[value])
    if known.empty:
        raise ValueError(f"Chart {caption.chart_id!r} has no months to draw.")
    cells = _by_year(known, value)
    lowest, highest = float(cells.min().min()), float(cells.max().max())

    def draw(figure: Figure, layout: Layout) -> None:
        axes = figure.add_subplot()
        names = [name[0] if layout.is_narrow else name for name in MONTHS_SHORT]
        sns.heatmap(
            cells,
            ax=axes,
            cmap=_SHADES,
            cbar=False,
            linewidths=1,
            linecolor=WHITE,
            xticklabels=names,
            yticklabels=[str(year) for year in cells.index],
        )
        axes.collections[0].set_gid(SHAPES)
        axes.grid(visible=False)
        axes.set(xlabel="", ylabel="")
        axes.tick_params(rotation=0)
        _letters(axes, cells, breaks, lowest, highest)
        ends = f"Palest: {number(lowest, decimals)}. Darkest: {number(highest, decimals)}."
        key_below(figure, f"{ends} White: not held.{_named(breaks)}", layout)

    table = cells.rename(columns=dict(enumerate(MONTHS_SHORT, start=1))).reset_index()
    table = table.rename(columns={"year": "Year"}).astype({"Year": str})
    height = 90 + _ROW_HEIGHT * len(cells)
    return drawn_chart(
        draw,
        caption,
        description=_description(known, value, caption, breaks, decimals),
        table=table,
        height=height,
        narrow_height=height + 9 * len(breaks),
        decimals=dict.fromkeys(table.columns[1:], decimals),
    )


def _by_year(known: pd.DataFrame, value: str) -> pd.DataFrame:
    """A row a year and a column a month, 1 to 12; missing where the month is not held."""
    months = pd.DatetimeIndex(known["month"])
    cells = known.assign(year=months.year, calendar=months.month).pivot(
        index="year", columns="calendar", values=value
    )
    return cells.reindex(columns=range(1, 13)).astype(float)


def _named(breaks: Sequence[Span]) -> str:
    """What each letter stands for, as the key says it."""
    letters = [f"{chr(65 + place)}:{NO_BREAK}{each[2]}" for place, each in enumerate(breaks)]
    return f" {'; '.join(letters)}." if letters else ""


def _description(
    known: pd.DataFrame, value: str, caption: Caption, breaks: Sequence[Span], decimals: int
) -> str:
    months = pd.DatetimeIndex(known["month"])
    amounts = known[value].to_numpy(dtype=float)
    top, bottom = months[int(amounts.argmax())], months[int(amounts.argmin())]
    words = (
        f"Grid of months by year for {caption.in_sentence} in {caption.area}, "
        f"{caption.period}. Highest: {month_text(top)}, {number(amounts.max(), decimals)}. "
        f"Lowest: {month_text(bottom)}, {number(amounts.min(), decimals)}."
    )
    told = [f"{text} ({period_text([first, last])})" for first, last, text in breaks]
    return f"{words} Marked by letters: {listed(told)}." if told else words


def _letters(
    axes: Axes, cells: pd.DataFrame, breaks: Sequence[Span], lowest: float, highest: float
) -> None:
    """Write each break's letter into its first and last month, legibly on every shade."""
    found: dict[tuple[int, int], str] = {}
    years, amounts = cells.index.tolist(), cells.to_numpy(dtype=float)
    for place, (first, last, _) in enumerate(breaks):
        for month in dict.fromkeys((first, last)):
            if month.year in years:
                key = years.index(month.year), month.month - 1
                found[key] = found.get(key, "") + chr(65 + place)
    for (row, column), letters in found.items():
        amount = amounts[row, column]
        share = (amount - lowest) / ((highest - lowest) or 1.0)
        ground = WHITE if np.isnan(amount) else to_hex(_SHADES(share))
        axes.text(
            column + 0.5,
            row + 0.5,
            letters,
            ha="center",
            va="center",
            fontsize=FONT_SIZE,
            color=ink_on(ground),
        )
