"""A drawn figure as SVG that can stand inside a page: small, named, the same every time.

matplotlib's SVG carries a prolog, a style sheet for ``*`` that would leak into the page,
identifiers that clash between charts, the typefaces of the machine and six decimals. What is
written here has none of these. Presentation is in attributes, so that a page may forbid inline
styles; nothing is clipped, since every family keeps within its axes. Marks that look alike
and follow each other are one path, and texts alike share one group: a bar, a dot and a month
are drawn a hundred times a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from io import StringIO
from itertools import groupby
from typing import NamedTuple
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from analysis.charts.paths import (
    STRAIGHT,
    TENTH,
    WHOLE,
    Part,
    circle_path,
    is_straight,
    read_path,
    short_number,
    write_path,
)
from analysis.charts.theme import DARK_GREY, FONT_SIZE, FONT_STACK, SETTINGS

WHOLE_PIXELS, SMALL_LINES, SHAPES, HALO = "whole-pixels", "small-lines", "shapes", "halo"
# Names (``gid``) of what is drawn more coarsely: cells of a grid to whole pixels, lines in
# panels so small that half a pixel holds a month, and shapes of a map or of months, which are
# written once for both widths. A text with a halo has a white edge, and hides little of what
# it stands on.

HALO_LOOK = {"paint-order": "stroke", "stroke": "#fff", "stroke-width": "3"}

FINE = TENTH, STRAIGHT
FINENESS = {WHOLE_PIXELS: (WHOLE, 0.0), SHAPES: (WHOLE, 0.0), SMALL_LINES: (TENTH, 0.4)}
# Digits after the point, and how far a point left out may lie from its line, in pixels.

BORDER = 0.7
# Width of a line round a shape, in pixels.

AXIS, LABEL = "matplotlib.axis", "text_"
# What matplotlib calls its axes and its texts.

SKIPPED = {"metadata", "style", "clipPath"}
PLACES = {"id", "d", "x", "y", "width", "height", "transform", "href"}
DROPPED = {
    "font-family",
    "stroke-linejoin",
    "stroke-linecap",
    "font-style",
    "type",
    "clip-path",
}
USUAL = {
    "stroke-dashoffset": "0",
    "font-weight": "400",
    "text-anchor": "start",
    "stroke-width": "1",
}
# What an attribute is where it is not given.
LINK = "{http://www.w3.org/1999/xlink}href"


@dataclass
class _Mark:
    """A leaf of the drawing: where it is, how it looks, what it holds."""

    tag: str
    place: dict[str, str]
    look: dict[str, str]
    content: str = ""
    fineness: tuple[int, float] = FINE
    is_apart: bool = False
    # Whether it covers no mark drawn just before it: a label, a cell.
    parts: Sequence[Part] = ()
    is_shape: bool = False


class Original(NamedTuple):
    """Another drawing of the same on the page, and how its points become those of this one.

    Parameters
    ----------
    prefix : str
        Of the other drawing.
    scale, place : array, shape (2,)
        Its size here, across and down, and where its corner lies, in pixels.
    """

    prefix: str
    scale: np.ndarray
    place: np.ndarray


def original(prefix: str, wide: Figure, narrow: Figure) -> Original:
    """The wide drawing, as the narrow one of the same axes refers to it."""
    corners = np.array([[0.0, 0.0], [1.0, 1.0]])
    there, here = (
        figure.axes[0].transAxes.transform(corners) * (1, -1) + (0, figure.bbox.height)
        for figure in (wide, narrow)
    )
    scale = (here[1] - here[0]) / (there[1] - there[0])
    return Original(prefix, scale, here[0] - scale * there[0])


def svg_markup(
    figure: Figure,
    *,
    prefix: str,
    title: str,
    description: str,
    wide: Original | None = None,
) -> str:
    """SVG of a figure, with title, description and identifiers of its own.

    Parameters
    ----------
    figure : Figure
    prefix : str
        Put before every identifier, so that charts can share a page.
    title, description : str
        What the picture is and what it shows, for who cannot see it.
    wide : Original, optional
        The drawing to which this is the narrow one. A page shows one of the two, and carries
        description and shapes with the wide one, for both.

    Returns
    -------
    str
        One ``<svg>`` element with ``viewBox``, ``role="img"`` and ``aria-labelledby``.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> svg_markup(Figure(), prefix="a", title="T & U", description="D")[:25]
    '<svg xmlns="http://www.w3'
    """
    root = ElementTree.fromstring(_as_drawn(figure))
    shapes = {str(each.get("id")): each for each in root.iter() if each.get("id")}
    marks = [mark for mark in _marks(root) if not _is_invisible(mark)]
    drawn = _joined(_in_place(mark, shapes) for mark in _alike_together(marks))
    body = "".join(
        _shapes(list(run), prefix, wide) if is_shape else _grouped(run)
        for is_shape, run in groupby(drawn, key=lambda mark: mark.is_shape)
    )
    for place, pattern in enumerate(_patterns(root), 1):
        name = f"{prefix}-{place}"
        body = body.replace(f"url(#{pattern.get('id')})", f"url(#{name})")
        body = _stripes(pattern, name) + body
    box = root.get("viewBox", "")
    told = f"{wide.prefix if wide else prefix}-desc"
    words = "" if wide else f'<desc id="{told}">{escape(description)}</desc>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" width="100%" role="img"'
        f' aria-labelledby="{prefix}-title {told}" font-family="{FONT_STACK}"'
        f' font-size="{FONT_SIZE}px" fill="{DARK_GREY}" stroke-linejoin="round">'
        f'<title id="{prefix}-title">{escape(title)}</title>{words}{body}</svg>'
    )


def _as_drawn(figure: Figure) -> str:
    buffer = StringIO()
    with mpl.rc_context(SETTINGS):
        figure.savefig(buffer, format="svg", dpi=72, metadata={"Date": None})
    return buffer.getvalue()


def _marks(
    element: ElementTree.Element,
    fineness: tuple[int, float] = FINE,
    *,
    is_apart: bool = False,
    is_shape: bool = False,
    is_haloed: bool = False,
) -> Iterator[_Mark]:
    """Leaves in the order they are drawn; of an axis, lines before texts."""
    tag = element.tag.rpartition("}")[2]
    if tag in SKIPPED or tag == "defs":
        return
    if tag in ("g", "svg"):
        name = element.get("id", "")
        fineness = FINENESS.get(name, fineness)
        is_apart = is_apart or name in (WHOLE_PIXELS, SHAPES, HALO) or name.startswith(LABEL)
        is_haloed = is_haloed or name == HALO
        is_shape = is_shape or name == SHAPES
        found = [
            mark
            for child in element
            for mark in _marks(
                child, fineness, is_apart=is_apart, is_shape=is_shape, is_haloed=is_haloed
            )
        ]
        if name.startswith(AXIS):
            found.sort(key=lambda mark: mark.tag == "text")
        yield from found
    else:
        attributes = _attributes(element)
        place = {name: text for name, text in attributes.items() if name in PLACES}
        look = {name: text for name, text in attributes.items() if name not in PLACES}
        look |= HALO_LOOK if is_haloed and tag == "text" else {}
        content = escape((element.text or "").strip(), quote=False)
        yield _Mark(tag, place, look, content, fineness, is_apart, is_shape=is_shape)


def _alike_together(marks: Iterable[_Mark]) -> Iterator[_Mark]:
    """Marks that cover none before them by look, grounds of labels before the labels."""
    for is_apart, run in groupby(marks, key=lambda mark: mark.is_apart):
        found = list(run)
        if is_apart:
            found.sort(key=lambda mark: (mark.tag, sorted(mark.look.items())))
        yield from found


def _attributes(element: ElementTree.Element) -> dict[str, str]:
    given = dict(element.attrib)
    styles = [part.split(":", 1) for part in given.pop("style", "").split(";") if ":" in part]
    given.update({name.strip(): value.strip() for name, value in styles})
    if LINK in given:
        given["href"] = given.pop(LINK)
    if given.get("transform", "").startswith("rotate(-0 "):
        del given["transform"]
    usual = USUAL
    if element.tag.endswith("}text"):
        usual = USUAL | {"font-size": f"{FONT_SIZE}px", "fill": DARK_GREY.casefold()}
    return {
        name: _shorter(value)
        for name, value in given.items()
        if name not in DROPPED and usual.get(name) != value
    }


def _shorter(value: str) -> str:
    return {"#ffffff": "#fff", "#000000": "#000"}.get(value, value)


def _is_invisible(mark: _Mark) -> bool:
    """Whether a path has neither fill nor line, as the ground of the axes."""
    return mark.tag == "path" and mark.look.get("fill") == "none" and "stroke" not in mark.look


def _in_place(mark: _Mark, shapes: dict[str, ElementTree.Element]) -> _Mark:
    """The mark with its geometry as it is written: a use becomes the path it stands for."""
    if mark.tag == "text":
        return _Mark("text", _text_place(mark.place), mark.look, mark.content)
    if mark.tag == "rect":
        return mark
    if mark.tag == "path":
        return replace(mark, place={}, parts=_parts(mark.place["d"], (0.0, 0.0)))
    shape = shapes[mark.place["href"].lstrip("#")]
    look = {
        name: text for name, text in _attributes(shape).items() if name not in PLACES
    } | mark.look
    look = {name: text for name, text in look.items() if (name, text) != ("stroke", "none")}
    corner = float(mark.place.get("x", 0)), float(mark.place.get("y", 0))
    parts = _parts(str(shape.get("d")), corner)
    return replace(mark, tag="path", place={}, look=look, parts=parts)


def _text_place(place: dict[str, str]) -> dict[str, str]:
    moved = place.get("transform", "")
    if moved.startswith("translate("):
        across, down = moved[len("translate(") : -1].split()
        place = {"x": across, "y": down}
    return {
        name: short_number(float(text), WHOLE) if name in ("x", "y") else text
        for name, text in place.items()
    }


def _parts(path: str, corner: tuple[float, float]) -> list[Part]:
    parts = [points + np.array(corner) for points in read_path(path)]
    if is_straight(path):
        return list(parts)
    # The only curves drawn are the circles of markers.
    points = np.concatenate(parts)
    low, high = points.min(axis=0), points.max(axis=0)
    return [circle_path((low + high) / 2, float((high - low).max()) / 2)]


def _joined(marks: Iterable[_Mark]) -> list[_Mark]:
    """Paths alike that follow each other as one path."""
    joined: list[_Mark] = []
    for mark in marks:
        last = joined[-1] if joined else _Mark("none", {}, {})
        is_alike = mark.look == last.look and mark.is_shape == last.is_shape
        if mark.tag == last.tag == "path" and is_alike:
            last.parts = [*last.parts, *mark.parts]
        else:
            joined.append(mark)
    return joined


def _shapes(marks: Sequence[_Mark], prefix: str, wide: Original | None) -> str:
    """Shapes with borders of one width; in the narrow drawing, those of the wide one."""
    if wide is None:
        for mark in marks:
            mark.look.pop("stroke-width", None)
        written = f'<g id="{prefix}-shapes">{_grouped(marks)}</g>'
        return f'<g stroke-width="{short_number(BORDER)}">{written}</g>'
    place = " ".join(map(short_number, wide.place))
    scale = " ".join(short_number(each, 4) for each in wide.scale)
    # A border is scaled with its shape.
    border = short_number(BORDER / float(np.sqrt(wide.scale.prod())))
    return (
        f'<use href="#{wide.prefix}-shapes" stroke-width="{border}"'
        f' transform="translate({place})scale({scale})"/>'
    )


def _grouped(marks: Iterable[_Mark]) -> str:
    """Markup of the marks; texts alike that follow each other share a group."""
    written = ""
    for (tag, look), run in groupby(marks, key=lambda mark: (mark.tag, _written(mark.look))):
        alike = list(run)
        is_group = bool(look) and tag == "text" and len(alike) > 1
        body = "".join(_element(mark, "" if is_group else look) for mark in alike)
        written += f"<g{look}>{body}</g>" if is_group else body
    return written


def _element(mark: _Mark, look: str) -> str:
    place = {"d": write_path(mark.parts, *mark.fineness)} if mark.parts else mark.place
    start = f"<{mark.tag}{_written(place)}{look}"
    return f"{start}>{mark.content}</{mark.tag}>" if mark.content else f"{start}/>"


def _written(attributes: dict[str, str]) -> str:
    return "".join(f' {name}="{escape(text)}"' for name, text in attributes.items())


def _patterns(root: ElementTree.Element) -> list[ElementTree.Element]:
    return [each for each in root.iter() if each.tag.endswith("}pattern")]


def _stripes(pattern: ElementTree.Element, name: str) -> str:
    """The lines of a pattern as a gradient that repeats, under a name of this chart's own.

    Printed to a PDF a gradient stays lines; a pattern becomes pictures, megabytes of them.
    """
    ground, lines = (mark for child in pattern for mark in _marks(child))
    first, second = read_path(lines.place["d"])[:2]
    along, step = first[1] - first[0], second[0] - first[0]
    across = step - along * (step @ along) / (along @ along)
    share = short_number(float(lines.look.get("stroke-width", 1)) / float(np.hypot(*across)), 3)
    attributes = {
        "id": name,
        "gradientUnits": "userSpaceOnUse",
        "x1": "0",
        "y1": "0",
        "x2": short_number(across[0], TENTH),
        "y2": short_number(across[1], TENTH),
        "spreadMethod": "repeat",
    }
    stops = [{"offset": share, "stop-color": mark.look["fill"]} for mark in (lines, ground)]
    inside = "".join(f"<stop{_written(stop)}/>" for stop in stops)
    return f"<defs><linearGradient{_written(attributes)}>{inside}</linearGradient></defs>"
