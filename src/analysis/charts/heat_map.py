"""Every month of every year as a coloured cell: season, level and odd months at a glance."""

from __future__ import annotations

import pandas as pd
import seaborn as sns
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from analysis.charts.chart import Caption, Chart, drawn_chart
from analysis.charts.labels import key_below
from analysis.charts.theme import DARK_BLUE, PALEST_BLUE, WHITE, Layout
from analysis.wording import MONTHS_SHORT, month_text, number

_SHADES = LinearSegmentedColormap.from_list("shades", [PALEST_BLUE, DARK_BLUE])
_ROW_HEIGHT = 20


def month_heat_map(
    series: pd.DataFrame, caption: Caption, *, value: str = "offence_count", decimals: int = 1
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
    months = pd.DatetimeIndex(known["month"])
    cells = pd.DataFrame(
        {"year": months.year, "calendar": months.month, "value": known[value].to_numpy()}
    ).pivot(index="year", columns="calendar", values="value")
    cells = cells.reindex(columns=range(1, 13)).astype(float)
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
        axes.grid(visible=False)
        axes.set(xlabel="", ylabel="")
        axes.tick_params(rotation=0)
        key_below(
            figure,
            f"Palest: {number(lowest, decimals)}. Darkest: {number(highest, decimals)}. "
            "White: not held.",
            layout,
        )

    table = cells.rename(columns=dict(enumerate(MONTHS_SHORT, start=1))).reset_index()
    table = table.rename(columns={"year": "Year"}).astype({"Year": str})
    amounts = known[value].astype(float).to_numpy()
    top, bottom = months[int(amounts.argmax())], months[int(amounts.argmin())]
    description = (
        f"Grid of months by year for {caption.in_sentence} in {caption.area}, "
        f"{caption.period}. Highest: {month_text(top)}, {number(highest, decimals)}. "
        f"Lowest: {month_text(bottom)}, {number(lowest, decimals)}."
    )
    height = 90 + _ROW_HEIGHT * len(cells)
    return drawn_chart(
        draw,
        caption,
        description=description,
        table=table,
        height=height,
        narrow_height=height,
        decimals=dict.fromkeys(table.columns[1:], decimals),
    )
