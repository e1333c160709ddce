"""How every chart looks: colours, type and two widths.

The colours are the Analysis Function's palette for official statistics
(https://analysisfunction.civilservice.gov.uk/policy-store/data-visualisation-colours-in-charts/).
A chart is drawn twice, 720 and 340 units wide, because text in one wide drawing would shrink
below legibility on a telephone; the stylesheet shows the one that fits its column.
Text is measured with the typeface that matplotlib carries, which is wider than the typefaces
that browsers will use, so the layout is the same on every machine and nothing overlaps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import matplotlib.dates as mdates
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from analysis.wording import MONTHS_SHORT, number

DARK_BLUE = "#12436D"
TURQUOISE = "#28A197"
DARK_PINK = "#801650"
ORANGE = "#F46A25"
DARK_GREY = "#3D3D3D"
LIGHT_PURPLE = "#A285D1"

LIGHT_GREY = "#949494"
# For bars and lines that give context: 3 to 1 on white, as WCAG asks of marks; too pale for
# text.
MID_GREY = "#595959"
# Text about context lines: 7 to 1 against white.
PALE_BLUE = "#BFCEDB"
# Bands of uncertainty: dark blue at about a quarter.
PALEST_BLUE = "#E1E8EE"
GRID_GREY = "#E4E4E4"
WHITE, BLACK = "#FFFFFF", "#010101"
# matplotlib does not write the colour of what is plainly black.

FONT_SIZE = 13
FONT_STACK = "Arial, Helvetica, 'Liberation Sans', sans-serif"

SETTINGS: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "svg.fonttype": "none",
    "svg.hashsalt": "safer-boroughs",
    "path.simplify": False,
    "text.parse_math": False,
    "text.color": DARK_GREY,
    "axes.edgecolor": DARK_GREY,
    "axes.labelcolor": DARK_GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.linewidth": 1,
    "grid.color": GRID_GREY,
    "grid.linewidth": 1,
    "xtick.color": DARK_GREY,
    "ytick.color": DARK_GREY,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "xtick.major.pad": 7,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
    "hatch.linewidth": 1,
    "lines.linewidth": 2,
    "lines.solid_capstyle": "round",
    "figure.facecolor": WHITE,
    "axes.facecolor": "none",
}
# A name is printed as it is: without "text.parse_math" a dollar sign in it would be a formula.


@dataclass(frozen=True)
class Layout:
    """Width of a drawing and size of its type, both in pixels at full size."""

    width: int
    font: int
    is_narrow: bool


WIDE = Layout(width=720, font=FONT_SIZE, is_narrow=False)
NARROW = Layout(width=340, font=FONT_SIZE, is_narrow=True)

Draw = Callable[[Figure, Layout], None]


def drawing(draw: Draw, layout: Layout, height: int) -> Figure:
    """A figure of one layout, drawn under the house settings.

    Parameters
    ----------
    draw : callable
        Takes the empty figure and the layout, and draws.
    layout : Layout
    height : int, pixels

    Returns
    -------
    Figure
        At 72 dots an inch, so that a point, a pixel and a unit of the SVG are the same.
    """
    with mpl.rc_context({**SETTINGS, "font.size": layout.font}):
        figure = Figure(figsize=(layout.width / 72, height / 72), dpi=72)
        figure.set_layout_engine("constrained", w_pad=4 / 72, h_pad=6 / 72)
        draw(figure, layout)
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
    return figure


def number_axis(axis_of: Axes, which: str = "y", *, unit: str = "") -> None:
    """Thousands separators on one axis, with its unit where that is a percent sign."""
    sign = unit if unit == "%" else ""
    axis = axis_of.yaxis if which == "y" else axis_of.xaxis
    axis.set_major_formatter(
        FuncFormatter(lambda value, _: number(value, _digits(value)) + sign)
    )


def zero_based(axes: Axes) -> None:
    """Begin the vertical axis at zero, unless something drawn lies below it."""
    if axes.dataLim.y0 >= 0:
        axes.set_ylim(bottom=0)


def months_as_numbers(months: pd.Series) -> pd.Series:
    """Months as days since 1970, which is how an axis places them."""
    return pd.Series(mdates.date2num(pd.to_datetime(months)), index=months.index)


def month_axis(axes: Axes, months: pd.Series, layout: Layout) -> None:
    """Years, or months where there are few, named along the horizontal axis."""
    days = pd.to_datetime(months)
    span = (days.max().year - days.min().year) * 12 + days.max().month - days.min().month
    room = 4 if layout.is_narrow else 9
    if span >= 2 * 12:
        step = max(1, round(span / 12 / room + 0.49))
        axes.xaxis.set_major_locator(mdates.YearLocator(step))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda day, _: _day(day)[1]))
    else:
        step = next(step for step in (1, 2, 3, 4, 6, 12) if span / step <= room)
        axes.xaxis.set_major_locator(mdates.MonthLocator(interval=step))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda day, _: "\n".join(_day(day))))


def contrast_ratio(colour: str, background: str = WHITE) -> float:
    """Contrast of two colours as WCAG 2.2 defines it, from 1 to 21.

    Parameters
    ----------
    colour, background : str
        As ``#RRGGBB``.

    References
    ----------
    Web Content Accessibility Guidelines 2.2, "relative luminance", "contrast ratio".

    Examples
    --------
    >>> round(contrast_ratio("#000000"), 1), round(contrast_ratio("#767676"), 2)
    (21.0, 4.54)
    """
    lighter, darker = sorted((_luminance(colour), _luminance(background)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def ink_on(colour: str) -> str:
    """White or black, whichever stands out more: on any colour it is 4.5 to 1 or better.

    Examples
    --------
    >>> ink_on(DARK_BLUE), ink_on("#8EA6BA")
    ('#FFFFFF', '#010101')
    """
    return max(WHITE, BLACK, key=lambda ink: contrast_ratio(ink, colour))


def _luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _digits(value: float) -> int:
    """Digits after the point that a mark on an axis needs."""
    return len(f"{value:.6g}".partition(".")[2])


def _day(day: float) -> tuple[str, str]:
    date = mdates.num2date(day)
    return MONTHS_SHORT[date.month - 1], str(date.year)
