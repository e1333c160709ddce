"""The shape of a year: how far each month lies above or below the average month."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.charts.chart import Caption, Chart, drawn_chart
from analysis.charts.labels import key_below, unit_above
from analysis.charts.theme import DARK_BLUE, DARK_GREY, Layout, number_axis
from analysis.wording import MONTHS, MONTHS_SHORT, number


def seasonal_indices(
    indices: pd.DataFrame,
    caption: Caption,
    *,
    month: str = "calendar_month",
    value: str = "seasonal_index",
    lower: str = "seasonal_index_lower",
    upper: str = "seasonal_index_upper",
    average: float = 100,
    decimals: int = 0,
) -> Chart:
    """A chart of twelve monthly indices with their intervals.

    Parameters
    ----------
    indices : DataFrame
        Twelve rows: ``month`` 1 to 12, ``value`` and its interval.
    caption : Caption
    month, value, lower, upper : str
        Columns.
    average : float
        What the average month is: 100, or 1.
    decimals : int

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        If the rows are not the twelve months.
    """
    rows = indices.sort_values(month).reset_index(drop=True)
    if rows[month].astype(int).tolist() != list(range(1, 13)):
        raise ValueError(f"Chart {caption.chart_id!r} needs the months 1 to 12, once each.")

    def draw(figure: Figure, layout: Layout) -> None:
        axes = figure.add_subplot()
        axes.axhline(average, color=DARK_GREY, linewidth=1.2)
        axes.vlines(rows[month], rows[lower], rows[upper], color=DARK_BLUE, linewidth=1.5)
        axes.plot(rows[month], rows[value], "o", color=DARK_BLUE, markersize=8)
        _name_months(axes, rows[value].astype(float), layout, decimals)
        number_axis(axes)
        unit_above(axes, f"Average month = {number(average, decimals)}", layout)
        key_below(
            figure, "Lines: 95% intervals. The vertical axis does not begin at zero.", layout
        )

    table = pd.DataFrame(
        {
            "Month": [MONTHS[int(place) - 1] for place in rows[month]],
            f"Index (average month = {number(average, decimals)})": rows[value],
            "Lower 95% limit": rows[lower],
            "Upper 95% limit": rows[upper],
        }
    )
    return drawn_chart(
        draw,
        caption,
        description=_description(rows, caption, value, average, decimals),
        table=table,
        decimals=dict.fromkeys(table.columns[1:], decimals + 1),
    )


def _name_months(axes: Axes, amounts: pd.Series, layout: Layout, decimals: int) -> None:
    """Name the months along the axis, and the highest and lowest beside their dots."""
    names = [name[0] for name in MONTHS] if layout.is_narrow else list(MONTHS_SHORT)
    axes.set_xticks(range(1, 13), names)
    axes.set_xlim(0.5, 12.6)
    for place in _ends(amounts):
        axes.annotate(
            number(amounts.iloc[place], decimals),
            (place + 1, amounts.iloc[place]),
            xytext=(7, 0),
            textcoords="offset points",
            va="center",
            color=DARK_BLUE,
            fontweight="bold",
        )


def _description(
    rows: pd.DataFrame, caption: Caption, value: str, average: float, decimals: int
) -> str:
    amounts = rows[value].astype(float)
    highest, lowest = _ends(amounts)

    def told(place: int) -> str:
        return f"{MONTHS[place]}, {number(amounts.iloc[place], decimals)}"

    return (
        f"Chart of the shape of a year for {caption.in_sentence} in {caption.area},"
        f" {caption.period}; the average month is {number(average, decimals)}."
        f" Highest: {told(highest)}. Lowest: {told(lowest)}."
    )


def _ends(amounts: pd.Series) -> tuple[int, int]:
    """Places of the highest and the lowest."""
    numbers = amounts.astype(float).to_numpy()
    return int(numbers.argmax()), int(numbers.argmin())
