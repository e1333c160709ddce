"""How well each text of a drawing stands out from what lies behind it.

No accessibility tool looks inside an SVG, so the project does it itself: a text may stand on
a bar, on a cell of a grid or on a map, whose colour it must differ from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree

import shapely
from shapely import affinity

from analysis.charts.paths import read_path
from analysis.charts.theme import WHITE, contrast_ratio

LETTER = 0.5
# Width of a letter in ems, which is what Arial takes on average.

MIDDLE = 0.35
# Height of a letter's middle above its line, in ems.

MARKS_STAND_OUT = 3.0
# Least contrast of a line, a bar or a dot that must be seen.

LEGIBLE = 4.5
# Least contrast of a text (Web Content Accessibility Guidelines 2.2, 1.4.3).

SAMPLES = (0.15, 0.5, 0.85)
# Where along a text its ground is looked at.

_FIGURE = re.compile(r'<figure class="csp-chart" id="([^"]+)".*?>(.*?)</figure>', re.DOTALL)
_DRAWING = re.compile(r"<svg\b.*?</svg>", re.DOTALL)


class Stand(NamedTuple):
    """A text, its worst contrast with what is behind it, and the two colours."""

    text: str
    ratio: float
    colour: str
    ground: str


def text_contrasts(svg: str, wide: str = "") -> list[Stand]:
    """Each text of a drawing with the least contrast along it.

    Parameters
    ----------
    svg : str
        As :func:`analysis.charts.svg.svg_markup` writes it.
    wide : str
        The wide drawing, where this is the narrow one, which shows its shapes.

    Examples
    --------
    >>> bar = '<path d="M0 0h50v20h-50z" fill="#12436d"/>'
    >>> text = '<text x="5" y="15" fill="#3d3d3d">Harrow</text>'
    >>> drawing = f'<svg xmlns="http://www.w3.org/2000/svg" font-size="13px">{bar}{text}</svg>'
    >>> (stand,) = text_contrasts(drawing)
    >>> round(stand.ratio, 1), stand.ground
    (1.1, '#12436d')
    """
    shapes: list[tuple[shapely.Geometry, str]] = []
    found = []
    for element, look in _leaves(ElementTree.fromstring(svg), {}):
        tag = element.tag.rpartition("}")[2]
        if tag == "path":
            shapes += _filled(look)
        elif tag == "use" and "transform" in look:
            shapes += _used(look, ElementTree.fromstring(wide))
        elif tag == "text" and (element.text or "").strip() and _is_placed(look):
            found.append(_stand(str(element.text), look, shapes))
    return found


def faint_texts(html: str) -> list[str]:
    """Texts in the drawings of a page that hardly stand out, a sentence each.

    Parameters
    ----------
    html : str
        A page, or a part of one, with charts as :class:`analysis.charts.chart.Chart` has
        them; a drawing of another make is passed over.

    Examples
    --------
    >>> drawn = '<svg xmlns="http://www.w3.org/2000/svg"><text x="5" y="9" fill="#999">A</text>'
    >>> faint_texts(f'<figure class="csp-chart" id="fell">{drawn}</svg></figure>')
    ["chart 'fell': 'A' has a contrast of 2.8 to 1 with what lies behind it; 4.5 are needed."]
    """
    told: dict[str, None] = {}
    for name, figure in _FIGURE.findall(html):
        drawings = _DRAWING.findall(figure)
        for svg in drawings:
            for stand in _stands(svg, drawings[0]):
                if stand.ratio < LEGIBLE:
                    ratio = f"{stand.ratio:.1f} to 1"
                    told[
                        f"chart '{name}': '{stand.text}' has a contrast of {ratio} with what "
                        f"lies behind it; {LEGIBLE} are needed."
                    ] = None
    return list(told)


def _stands(svg: str, wide: str) -> list[Stand]:
    """Contrasts of a drawing's texts; none where it was not written by this package."""
    try:
        return text_contrasts(svg, wide)
    except (ElementTree.ParseError, KeyError, ValueError):
        return []


def pale_marks(svg: str) -> set[str]:
    """Colours of lines and areas that hardly stand out from a white ground.

    Parameters
    ----------
    svg : str
        As :func:`analysis.charts.svg.svg_markup` writes it.

    References
    ----------
    Web Content Accessibility Guidelines 2.2, 1.4.11: 3 to 1 for what must be seen.

    Examples
    --------
    >>> lines = '<path d="M0 0h9" stroke="#bfbfbf"/><path d="M0 9h9" stroke="#949494"/>'
    >>> pale_marks(f'<svg xmlns="http://www.w3.org/2000/svg">{lines}</svg>')
    {'#bfbfbf'}
    """
    colours = {
        look.get(kind, "none")
        for _, look in _leaves(ElementTree.fromstring(svg), {})
        if "d" in look
        for kind in ("fill", "stroke")
    }
    full = {_full(colour) for colour in colours if colour.startswith("#")}
    return {colour for colour in full if contrast_ratio(colour) < MARKS_STAND_OUT}


def _leaves(
    element: ElementTree.Element, around: dict[str, str]
) -> Iterator[tuple[ElementTree.Element, dict[str, str]]]:
    if element.tag.endswith("}defs"):
        return
    look = {**around, **element.attrib}
    yield element, look
    for child in element:
        yield from _leaves(child, look)


def _is_placed(look: dict[str, str]) -> bool:
    """Whether a text says where it stands and in what colour; a drawing of others may not."""
    return "x" in look and look.get("fill", "").startswith("#")


def _filled(look: dict[str, str]) -> list[tuple[shapely.Geometry, str]]:
    if not look.get("fill", "none").startswith("#"):
        return []
    return [(_shape(look["d"]), _full(look["fill"]))]


def _used(
    look: dict[str, str], wide: ElementTree.Element
) -> list[tuple[shapely.Geometry, str]]:
    """Shapes of the wide drawing, moved to where the narrow one shows them."""
    (group,) = (each for each in wide.iter() if each.get("id") == look["href"].lstrip("#"))
    across, down, *scale = map(float, re.findall(r"[-\d.]+", look["transform"]))
    return [
        (affinity.affine_transform(shape, [scale[0], 0, 0, scale[1], across, down]), fill)
        for _, own in _leaves(group, {})
        if "d" in own
        for shape, fill in _filled(own)
    ]


def _shape(path: str) -> shapely.Geometry:
    parts = [part for part in read_path(path) if len(part) > 2]
    return shapely.union_all([shapely.make_valid(shapely.Polygon(part)) for part in parts])


def _stand(
    text: str, look: dict[str, str], shapes: list[tuple[shapely.Geometry, str]]
) -> Stand:
    size = float(look.get("font-size", "13px").removesuffix("px"))
    width = LETTER * size * len(text)
    moved = {"start": 0.0, "middle": width / 2, "end": width}
    left = float(look["x"]) - moved[look.get("text-anchor", "start")]
    colour = _full(look["fill"])
    if look.get("paint-order") == "stroke":
        # It has an edge of its own, which is what it stands on.
        edge = _full(look["stroke"])
        return Stand(text, contrast_ratio(colour, edge), colour, edge)
    grounds = []
    for share in SAMPLES:
        point = shapely.Point(left + share * width, float(look["y"]) - MIDDLE * size)
        behind = [fill for shape, fill in shapes if shape.contains(point)]
        grounds.append(behind[-1] if behind else WHITE)
    worst = min(grounds, key=lambda ground: contrast_ratio(colour, ground))
    return Stand(text, contrast_ratio(colour, worst), colour, worst)


def _full(colour: str) -> str:
    """A colour of three digits as one of six."""
    return "#" + "".join(2 * digit for digit in colour[1:]) if len(colour) == 4 else colour
