"""Labels that stand beside what they name, so that no chart needs a legend.

Text is placed after its width in the measuring typeface; labels that would touch are pushed
apart or, on a narrow drawing, replaced by a letter with a key below.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib.dates as mdates
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox

from analysis.charts.svg import HALO
from analysis.charts.theme import DARK_BLUE, DARK_GREY, MID_GREY, Layout
from analysis.wording import NO_BREAK, unbroken

Break = tuple[str | pd.Timestamp, str]
LINE_HEIGHT = 1.3
KEEP_ORDER = 1e-6
# Labels brought inside the plot keep the order of their lines.
SIDES = ((8, 0), (-8, 0), (0, 12), (0, -12), (9, 11), (-9, 11), (9, -11), (-9, -11))
# Where a point's label may stand, in pixels from the point, in order of preference.
CORNERS = ((9, 11), (-9, 11), (9, -11), (-9, -11))
# Likewise, clear of lines that cross in the point.


@dataclass(frozen=True)
class EndLabel:
    """A label at the right end of a line."""

    height: float
    text: str
    colour: str = DARK_GREY
    is_bold: bool = False


def text_width(text: str, layout: Layout) -> float:
    """Width of a text in pixels, on the safe side.

    Examples
    --------
    >>> from analysis.charts.theme import WIDE
    >>> round(text_width("Harrow", WIDE))
    48
    """
    return 0.61 * layout.font * max(map(len, text.split("\n")), default=0)


def spread(positions: Sequence[float], gap: float) -> list[float]:
    """Positions moved as little as need be to stand at least ``gap`` apart.

    Examples
    --------
    >>> spread([10.0, 12.0, 40.0], 10.0)
    [6.0, 16.0, 40.0]
    """
    groups: list[tuple[float, list[int]]] = []
    for place in sorted(range(len(positions)), key=lambda place: positions[place]):
        centre, members = positions[place], [place]
        while groups and centre - groups[-1][0] < gap * (len(members) + len(groups[-1][1])) / 2:
            members = groups.pop()[1] + members
            centre = sum(positions[member] for member in members) / len(members)
        groups.append((centre, members))
    moved = list(positions)
    for centre, members in groups:
        for step, member in enumerate(members):
            moved[member] = centre + gap * (step - (len(members) - 1) / 2)
    return moved


def end_labels(
    figure: Figure, axes: Axes, last: float, labels: Sequence[EndLabel], layout: Layout
) -> None:
    """Name lines at their right end, pushed apart where they would touch."""
    texts = [
        axes.annotate(
            _wrapped(label.text, layout),
            (last, label.height),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            color=label.colour,
            fontweight="bold" if label.is_bold else "normal",
            annotation_clip=False,
        )
        for label in labels
    ]
    figure.draw_without_rendering()
    heights = [float(axes.transData.transform((last, label.height))[1]) for label in labels]
    lines = max((text.get_text().count("\n") + 1 for text in texts), default=1)
    gap = layout.font * LINE_HEIGHT * lines
    low, high = axes.bbox.y0 + gap / 2, axes.bbox.y1 - gap / 2
    inside = [min(max(height, low), high) + height * KEEP_ORDER for height in heights]
    moved = spread(inside, gap)
    above = max([0.0, *(goal - high for goal in moved)])
    for text, height, goal in zip(texts, heights, moved, strict=True):
        text.set_position((6, goal - height - above))


def mark_breaks(
    figure: Figure, axes: Axes, breaks: Sequence[Break], layout: Layout
) -> tuple[float, str]:
    """Vertical marks with their labels above the plot; on a narrow drawing, letters.

    Returns
    -------
    tuple of float and str
        Room taken above the plot in pixels, and the key of the letters to print below.
    """
    rows: list[float] = []
    keys = []
    ordered = sorted(breaks, key=lambda item: pd.Timestamp(item[0]))
    for place, (month, text) in enumerate(ordered):
        day = float(mdates.date2num(pd.Timestamp(month)))
        axes.axvline(day, color=MID_GREY, linewidth=1, linestyle=(0, (4, 3)))
        letter = chr(ord("A") + place)
        shown = letter if layout.is_narrow else text
        keys.append(f"{letter}:{NO_BREAK}{text}")
        row, is_left = _free_row(axes, day, shown, rows, layout)
        axes.annotate(
            shown,
            (day, 1),
            xycoords=("data", "axes fraction"),
            xytext=(0, 4 + row * layout.font * LINE_HEIGHT),
            textcoords="offset points",
            ha="center" if layout.is_narrow else "right" if is_left else "left",
            color=MID_GREY,
            annotation_clip=False,
        )
    key = "; ".join(keys) if layout.is_narrow else ""
    return len(rows) * layout.font * LINE_HEIGHT, key


def key_below(figure: Figure, text: str, layout: Layout) -> None:
    """A line or two under the plot that say what marks and letters mean."""
    if text:
        figure.supxlabel(
            filled(text, layout),
            x=6 / layout.width,
            ha="left",
            fontsize=layout.font,
            color=DARK_GREY,
        )


def key_above(figure: Figure, text: str, layout: Layout, colour: str = DARK_GREY) -> None:
    """A line or two over the plot, from the left edge, so that no label is ever cut."""
    figure.suptitle(
        filled(text, layout),
        x=6 / layout.width,
        ha="left",
        fontsize=layout.font,
        color=colour,
        fontweight="bold",
    )


def filled(text: str, layout: Layout) -> str:
    r"""Text in lines as wide as the drawing; a number keeps its unit, a sign its meaning.

    Examples
    --------
    >>> from analysis.charts.theme import NARROW
    >>> filled("Pink line: all 32 boroughs of London 101.1 per 1,000 residents", NARROW)
    'Pink line: all 32\xa0boroughs of London\n101.1\xa0per\xa01,000\xa0residents'
    """
    letters = int((layout.width - 12) / (0.59 * layout.font))
    return textwrap.fill(unbroken(text), letters)


def unit_above(axes: Axes, unit: str, layout: Layout, room: float = 0) -> None:
    """The unit of the vertical axis, upright above it."""
    words = "Per cent" if unit == "%" else unit[:1].upper() + unit[1:]
    axes.set_title(words, loc="left", fontsize=layout.font, color=DARK_GREY, pad=10 + room)


def name_points(
    figure: Figure,
    axes: Axes,
    points: Sequence[tuple[float, float]],
    names: Sequence[tuple[int, str, str, bool]],
    layout: Layout,
    sides: Sequence[tuple[int, int]] = SIDES,
    marks: Sequence[Bbox] = (),
    reach: float = 0,
) -> None:
    """Name some points of a scatter where no other point or name is.

    Parameters
    ----------
    figure : Figure
    axes : Axes
    points : sequence of (x, y)
        All points drawn.
    names : sequence of (place, text, colour, is_bold)
        Which to name, most important first. One without free room stays without.
    layout : Layout
    sides : sequence of (right, up) pixels
        Where a name may stand, in order of preference.
    marks : sequence of boxes
        What else is drawn, in pixels: of the free sides a name takes the one that covers
        least of it.
    reach : float
        How much further out names stand than ``sides`` have it, for larger points.
    """
    figure.draw_without_rendering()
    outward = [(_further(right, reach), _further(up, reach)) for right, up in sides]
    dots = [tuple(map(float, axes.transData.transform(point))) for point in points]
    taken = [Bbox.from_bounds(x - 4, y - 4, 8, 8) for x, y in dots]
    taken += [text.get_window_extent() for text in axes.texts]
    for place, text, colour, is_bold in names:
        others = taken[:place] + taken[place + 1 :]
        free = []
        for side in outward:
            box = _label_box(dots[place], side, text, layout)
            inside = axes.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1
            if inside and not any(box.overlaps(other) for other in others):
                free.append((_covered(box, marks), side, box))
        if free:
            _, side, box = min(free, key=lambda each: each[0])
            taken.append(box)
            _beside(axes, points[place], side, text, colour, is_bold)


def names_of_far(
    rows: pd.DataFrame, value: str, is_far: str, centre: float
) -> list[tuple[int, str, str, bool]]:
    """Which points to name: the highlighted one, then the far ones, furthest first.

    Parameters
    ----------
    rows : DataFrame
        ``name`` and ``is_highlighted`` of each point, and the columns named below.
    value, is_far : str
        Columns: what is drawn upwards, and whether a point is to be named.
    centre : float
        What distance is measured from.
    """
    order = rows.assign(distance=(rows[value] - centre).abs()).sort_values(
        ["is_highlighted", "distance"], ascending=False
    )
    chosen = order[order["is_highlighted"] | order[is_far]]
    return [
        (int(place), str(name), DARK_BLUE if is_bold else DARK_GREY, bool(is_bold))
        for place, name, is_bold in zip(
            chosen.index, chosen["name"], chosen["is_highlighted"], strict=True
        )
    ]


def _further(step: float, reach: float) -> float:
    """A step from a point, made longer in its own direction."""
    return step + math.copysign(reach, step) if step else 0.0


def _covered(box: Bbox, marks: Sequence[Bbox]) -> float:
    """Area of what is drawn that a name would lie over."""
    shared = (Bbox.intersection(box, mark) for mark in marks)
    return sum(float(each.width * each.height) for each in shared if each is not None)


def _beside(
    axes: Axes,
    point: tuple[float, float],
    side: tuple[float, float],
    text: str,
    colour: str,
    is_bold: bool,
) -> Annotation:
    """A name beside its point, with a white edge: what lies behind it is still seen."""
    label = axes.annotate(
        text,
        point,
        xytext=side,
        textcoords="offset points",
        ha={1: "left", 0: "center", -1: "right"}[(side[0] > 0) - (side[0] < 0)],
        va="center",
        color=colour,
        fontweight="bold" if is_bold else "normal",
        annotation_clip=False,
    )
    label.set_gid(HALO)
    return label


def _label_box(dot: Sequence[float], side: Sequence[float], text: str, layout: Layout) -> Bbox:
    width, tall = text_width(text, layout), layout.font * 1.1
    left = dot[0] + side[0] - (0 if side[0] > 0 else width if side[0] < 0 else width / 2)
    return Bbox.from_bounds(left, dot[1] + side[1] - tall / 2, width, tall)


def _wrapped(text: str, layout: Layout) -> str:
    return textwrap.fill(text, 12, break_long_words=False) if layout.is_narrow else text


def _free_row(
    axes: Axes, day: float, text: str, rows: list[float], layout: Layout
) -> tuple[int, bool]:
    """The lowest row above the plot with room for a label, and whether it ends at its mark."""
    first, last = axes.get_xlim()
    per_pixel = (last - first) / (layout.width * 0.75)
    width = text_width(text, layout) * per_pixel
    is_left = day + width > last + 0.15 * (last - first)
    start, end = (day - width, day) if is_left else (day, day + width)
    for row, taken in enumerate(rows):
        if start > taken:
            rows[row] = end + 8 * per_pixel
            return row, is_left
    rows.append(end + 8 * per_pixel)
    return len(rows) - 1, is_left
