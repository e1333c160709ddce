"""A Lorenz curve of places: what share of crime the worst share of places holds.

Worst place first, so that the curve starts steep: read off what the first five per cent of
places hold. The straight line is an even spread.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.charts.chart import Caption, Chart, drawn_chart
from analysis.charts.labels import key_below
from analysis.charts.svg import HALO
from analysis.charts.table import under_heads
from analysis.charts.theme import (
    DARK_BLUE,
    DARK_GREY,
    LIGHT_GREY,
    Layout,
    number_axis,
)
from analysis.wording import listed, with_unit

MOST_POINTS = 120
# The curve is drawn through so many points: more cannot be told apart.


def lorenz_chart(
    curve: pd.DataFrame, shares: pd.DataFrame, caption: Caption, *, place_name: str = "places"
) -> Chart:
    """A chart of the cumulative share of offences by the cumulative share of places.

    Parameters
    ----------
    curve : DataFrame
        ``place_pct`` and ``offence_pct``, worst place first, from (0, 0).
    shares : DataFrame, index ``leading_pct``
        ``place_pct``, ``offence_pct`` and ``by_chance_pct`` of the points to mark: the
        table.
    caption : Caption
    place_name : str
        What the places are.

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        If there is no curve or nothing to mark.
    """
    if curve.empty or shares.empty:
        raise ValueError(f"Chart {caption.chart_id!r} has no data: nothing can be drawn.")
    step = max(1, len(curve) // MOST_POINTS)
    thin = pd.concat([curve.iloc[::step], curve.iloc[[-1]]]).drop_duplicates("place_pct")
    shares = shares.assign(leading_pct=shares.index.astype(float))
    columns = (shares[name] for name in ("leading_pct", "place_pct", "offence_pct"))
    marks = list(zip(*columns, strict=True))

    def draw(figure: Figure, layout: Layout) -> None:
        axes = figure.add_subplot()
        axes.plot([0, 100], [0, 100], color=LIGHT_GREY, linewidth=1.5)
        axes.plot(thin["place_pct"], thin["offence_pct"], color=DARK_BLUE)
        _mark(axes, marks, place_name)
        axes.set_xlim(0, 100)
        axes.set_ylim(0, 100)
        axes.set_xlabel(f"Share of {place_name}, worst first")
        number_axis(axes, unit="%")
        number_axis(axes, "x", unit="%")
        axes.locator_params(axis="x", nbins=4 if layout.is_narrow else 6)
        axes.spines["bottom"].set_color(DARK_GREY)
        key_below(figure, "Grey line: crime spread evenly.", layout)

    heads = {
        "leading_pct": f"Worst share of {place_name} (%)",
        "offence_pct": "Share of offences (%)",
        "by_chance_pct": "By chance alone (%)",
    }
    table = under_heads(shares, heads)
    return drawn_chart(
        draw,
        caption,
        description=f"Curve of {caption.in_sentence} in {caption.area}, {caption.period}, over"
        f" {place_name}: {_worst(marks)}. An even spread would be a straight line.",
        table=table,
        height=400,
        narrow_height=340,
        decimals=dict(zip(table.columns, (0, 1, 1), strict=True)),
    )


def _worst(marks: list[tuple[float, float, float]]) -> str:
    return listed(
        [
            f"the worst {with_unit(share, '%')} hold {with_unit(up, '%', 1)}"
            for share, _, up in marks
        ]
    )


def _mark(axes: Axes, marks: list[tuple[float, float, float]], place_name: str) -> None:
    """A dot at each point of the curve that is told, with its numbers."""
    for share, across, up in marks:
        axes.plot(across, up, "o", color=DARK_BLUE, markersize=8)
        label = axes.annotate(
            f"{with_unit(share, '%')} of {place_name}: {with_unit(up, '%')}",
            (across, up),
            xytext=(10, -4),
            textcoords="offset points",
            color=DARK_BLUE,
            fontweight="bold",
        )
        # The line of an even spread passes behind it.
        label.set_gid(HALO)
