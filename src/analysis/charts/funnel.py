"""A funnel plot: the rate of each borough against its size, and what chance allows.

A funnel instead of a league table: a small borough may be far from the rest by chance, and
the limits say how far.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.charts.chart import Caption, Chart, drawn_chart
from analysis.charts.labels import (
    EndLabel,
    end_labels,
    key_below,
    name_points,
    names_of_far,
    unit_above,
)
from analysis.charts.rows import named_rows
from analysis.charts.theme import (
    DARK_BLUE,
    DARK_GREY,
    DARK_PINK,
    MID_GREY,
    Layout,
    number_axis,
    zero_based,
)
from analysis.wording import NO_BREAK, listed, number, with_unit

FAR = ("far below", "far above")
KEY = (
    f"\N{BLACK DIAMOND}{NO_BREAK}outside the 99.8% limits (solid lines);"
    f" \N{BLACK CIRCLE}{NO_BREAK}inside them."
    " Dashed: 95% limits."
)

CLEAR_OF_ZERO = 13
# Pixels from the axis to its numbers: the first may stand below the nought of the other axis.


def funnel_plot(
    areas: pd.DataFrame,
    curve: pd.DataFrame,
    caption: Caption,
    *,
    centre: float,
    label: str = "area_code",
    value: str = "rate_per_1000",
    size: str = "population",
    position: str = "position",
    highlight: str = "",
    size_name: str = "Residents",
    decimals: int = 1,
) -> Chart:
    """A chart of rates against population with 95 and 99.8 per cent limits.

    Parameters
    ----------
    areas : DataFrame
        One row a borough: ``label`` (or as index), ``value``, ``size`` and ``position``,
        which is "far below", "below", "in line", "above" or "far above".
    curve : DataFrame
        Limits over a range of ``size``: ``value`` followed by ``_95_lower``,
        ``_95_upper``, ``_998_lower``, ``_998_upper``.
    caption : Caption
    centre : float
        The average, in the unit of ``value``.
    label, value, size, position : str
        Columns.
    highlight : str
        The borough named in bold, by name or code; those far from the average are named
        too where there is room.
    size_name : str
        What the horizontal axis measures.
    decimals : int

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        If there are no rows, or the highlighted borough is not among them.
    """
    rows = named_rows(areas, label, caption.chart_id, highlight)
    rows = rows.assign(size=rows[size].astype(float), value=rows[value].astype(float))
    rows["is_far"] = rows[position].isin(FAR)
    curve = curve.rename(columns={size: "size"}).sort_values("size")

    def draw(figure: Figure, layout: Layout) -> None:
        axes = figure.add_subplot()
        _limits(axes, curve, value, centre)
        _points(axes, rows)
        zero_based(axes)
        number_axis(axes, unit=caption.unit)
        number_axis(axes, "x")
        axes.locator_params(axis="x", nbins=4 if layout.is_narrow else 8)
        axes.tick_params(axis="x", pad=CLEAR_OF_ZERO)
        axes.set_xlabel(size_name)
        unit_above(axes, caption.unit, layout)
        key_below(figure, KEY, layout)
        ends = _ends(curve.iloc[-1], value, centre)
        end_labels(figure, axes, float(curve["size"].iloc[-1]), ends, layout)
        points = list(zip(rows["size"], rows["value"], strict=True))
        named = names_of_far(rows, "value", "is_far", centre)
        name_points(figure, axes, points, named, layout)

    table = pd.DataFrame(
        {
            "Area": rows["name"],
            size_name: rows[size],
            f"Value ({caption.unit})": rows["value"],
            "Against the average": rows[position].replace("in line", "within usual spread"),
        }
    )
    return drawn_chart(
        draw,
        caption,
        description=_description(rows, caption, position, centre, decimals),
        table=table,
        height=430,
        narrow_height=400,
        decimals={size_name: 0, table.columns[2]: decimals},
    )


def _limits(axes: Axes, curve: pd.DataFrame, value: str, centre: float) -> None:
    axes.plot(curve["size"], [centre] * len(curve), color=DARK_GREY, linewidth=1.2)
    for level, dashes in (("95", (0, (4, 3))), ("998", "solid")):
        for end in ("lower", "upper"):
            limit = curve[f"{value}_{level}_{end}"].astype(float)
            axes.plot(curve["size"], limit, color=MID_GREY, linewidth=1, linestyle=dashes)


def _points(axes: Axes, rows: pd.DataFrame) -> None:
    """Diamonds far from the average, circles elsewhere, the highlighted one larger."""
    for is_bold in (False, True):
        for is_far, marker in ((False, "o"), (True, "D")):
            chosen = rows[rows["is_far"].eq(is_far) & rows["is_highlighted"].eq(is_bold)]
            usual = DARK_PINK if is_far else MID_GREY
            axes.plot(
                chosen["size"],
                chosen["value"],
                marker,
                color=DARK_BLUE if is_bold else usual,
                markersize=10 if is_bold else 6,
                markeredgewidth=0,
            )


def _ends(last: pd.Series, value: str, centre: float) -> list[EndLabel]:
    labels = [
        EndLabel(float(last[f"{value}_{level}_{end}"]), text, MID_GREY)
        for level, text in (("998", "99.8%"), ("95", "95%"))
        for end in ("lower", "upper")
    ]
    return [EndLabel(centre, "Average", DARK_GREY), *labels]


def _description(
    rows: pd.DataFrame, caption: Caption, position: str, centre: float, decimals: int
) -> str:
    words = (
        f"Funnel plot of {caption.in_sentence} in {len(rows)} areas, {caption.period}. Average:"
        f" {with_unit(centre, caption.unit, decimals)}."
    )
    for place in FAR:
        names = rows.loc[rows[position] == place, "name"].tolist()
        words += f" {place.capitalize()} it, outside the 99.8% limits:"
        words += f" {listed(names) or 'none'}."
    bold = rows[rows["is_highlighted"]]
    for name, value, place in zip(bold["name"], bold["value"], bold[position], strict=True):
        where = "within the usual spread around" if place == "in line" else place
        words += f" {name}, at {number(value, decimals)}, is {where} the average."
    return words
