"""A drawn figure as SVG that can stand inside a page: small, named, the same every time.

matplotlib's SVG carries a prolog, a style sheet for ``*`` that would leak into the page,
identifiers that clash between charts, the typefaces of the machine and six decimals. What is
written here has none of these. Presentation is in attributes, so that a page may forbid inline
styles; nothing is clipped, since every family keeps within its axes.
"""

from __future__ import annotations

import re
from decimal import Decimal
from html import escape
from io import StringIO
from xml.etree import ElementTree

import matplotlib as mpl
from matplotlib.figure import Figure

from analysis.charts.theme import DARK_GREY, FONT_SIZE, FONT_STACK, SETTINGS

GEOMETRY = {"d", "x", "y", "width", "height", "points", "transform", "stroke-dasharray"}
DROPPED = {
    "font-family",
    "stroke-linejoin",
    "stroke-linecap",
    "font-style",
    "type",
    "clip-path",
}
LONG_PATH = 300
# Characters; only long lines are worth writing as steps.
LINK = "{http://www.w3.org/1999/xlink}href"

_DECIMAL = re.compile(r"-?\d+\.\d+(?:e-?\d+)?|-?\d+e-\d+")
_RECTANGLE = re.compile(
    r"M(?P<x>\S+) (?P<y>\S+)L(?P<far>\S+) (?P=y)L(?P=far) (?P<low>\S+)L(?P=x) (?P=low)"
    r"(?:z|L(?P=x) (?P=y)(?:z|(?=M|$)))"
)
SHORT_RECTANGLE = r"M\g<x> \g<y>H\g<far>V\g<low>H\g<x>z"
# Bars and cells are most of a chart: four corners say as much in half the letters.
_MOVED = re.compile(r"translate\(([-\d.]+) ([-\d.]+)\)")
_REFERENCE = re.compile(r"#([A-Za-z_][\w.-]*)")


def svg_markup(figure: Figure, *, prefix: str, title: str, description: str) -> str:
    """SVG of a figure, with title, description and identifiers of its own.

    Parameters
    ----------
    figure : Figure
    prefix : str
        Put before every identifier, so that charts can share a page.
    title, description : str
        What the picture is and what it shows, for who cannot see it.

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
    names = _names(root, prefix)
    body = "".join(_markup(child, names) for child in root)
    box = root.get("viewBox", "")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" width="100%" role="img"'
        f' aria-labelledby="{prefix}-title {prefix}-desc" font-family="{FONT_STACK}"'
        f' font-size="{FONT_SIZE}px" fill="{DARK_GREY}" stroke-linejoin="round">'
        f'<title id="{prefix}-title">{escape(title)}</title>'
        f'<desc id="{prefix}-desc">{escape(description)}</desc>{body}</svg>'
    )


def _as_drawn(figure: Figure) -> str:
    buffer = StringIO()
    with mpl.rc_context(SETTINGS):
        figure.savefig(buffer, format="svg", dpi=72, metadata={"Date": None})
    return buffer.getvalue()


def _names(root: ElementTree.Element, prefix: str) -> dict[str, str]:
    """New names of the identifiers that something refers to, in order of appearance."""
    texts = [value for element in root.iter() for value in element.attrib.values()]
    used = {name for text in texts for name in _REFERENCE.findall(text)}
    present = [str(element.get("id")) for element in root.iter() if element.get("id") in used]
    return {name: f"{prefix}-{place}" for place, name in enumerate(present, 1)}


def _markup(element: ElementTree.Element, names: dict[str, str]) -> str:
    tag = element.tag.rpartition("}")[2]
    if tag in ("metadata", "style", "clipPath"):
        return ""
    attributes = _attributes(element, names)
    content = escape((element.text or "").strip(), quote=False)
    content += "".join(_markup(child, names) for child in element)
    if tag in ("g", "defs") and not content:
        return ""
    if tag == "g" and not attributes:
        return content
    return f"<{tag}{attributes}>{content}</{tag}>" if content else f"<{tag}{attributes}/>"


def _attributes(element: ElementTree.Element, names: dict[str, str]) -> str:
    given = dict(element.attrib)
    styles = [part.split(":", 1) for part in given.pop("style", "").split(";") if ":" in part]
    given.update({name.strip(): value.strip() for name, value in styles})
    if LINK in given:
        given["href"] = given.pop(LINK)
    if given.get("transform", "").startswith("rotate(-0 "):
        del given["transform"]
    moved = _MOVED.fullmatch(given.get("transform", ""))
    if moved and element.tag.endswith("}text"):
        given = {"x": moved[1], "y": moved[2], **given}
        del given["transform"]
    kept = {name: value for name, value in given.items() if name not in DROPPED}
    if kept.get("id") not in names:
        kept.pop("id", None)
    if element.tag.endswith("}text"):
        inherited = {"font-size": f"{FONT_SIZE}px", "fill": DARK_GREY.casefold()}
        kept = {name: value for name, value in kept.items() if inherited.get(name) != value}
    return "".join(f' {name}="{_value(name, text, names)}"' for name, text in kept.items())


def _value(name: str, text: str, names: dict[str, str]) -> str:
    if name == "id":
        return names[text]
    if name in GEOMETRY:
        text = _DECIMAL.sub(lambda found: _rounded(found.group()), text)
    if name == "d":
        text = _relative(text) if len(text) > LONG_PATH else " ".join(text.split())
        text = re.sub(r"\s*([A-Za-z])\s*", r"\1", text)
        text = _RECTANGLE.sub(SHORT_RECTANGLE, text)
    text = _REFERENCE.sub(lambda found: f"#{names.get(found[1], found[1])}", text)
    return escape(text)


def _relative(path: str) -> str:
    """A path of straight lines written as steps from point to point, a third shorter.

    Steps are taken between rounded points, so that no error adds up.
    """
    tokens = path.split()
    if set(tokens[::3]) - {"M", "L"}:
        return path
    steps, before = [], (Decimal(0), Decimal(0))
    for place in range(0, len(tokens), 3):
        here = Decimal(tokens[place + 1]), Decimal(tokens[place + 2])
        across, down = here[0] - before[0], here[1] - before[1]
        is_start = tokens[place] == "M"
        steps.append(
            f"M{here[0]} {here[1]}" if is_start else f"l{_plain(across)} {_plain(down)}"
        )
        before = here
    return "".join(steps).replace(" -", "-")


def _plain(step: Decimal) -> str:
    """A step without a trailing zero."""
    return f"{step.normalize():f}" if step else "0"


def _rounded(text: str) -> str:
    """A coordinate to a tenth of a pixel, finer than a screen shows."""
    value = round(float(text), 1)
    return f"{value:g}" if value else "0"
