"""What a published page may hold: elements, attributes and addresses, and nothing else.

The lists name what the templates, the charts and the formulas write. What is not named is
refused by :mod:`~analysis.publish.html.guard`, so that a page cannot act, fetch or be taken
over, whatever a cell displays: there is no element for it.
"""

from __future__ import annotations

import re


def _named(names: str) -> frozenset[str]:
    """Names written in one line, apart from each other."""
    return frozenset(names.split())


EVERYWHERE = _named("class id lang role tabindex hidden")
# No style: a block laid over the page could say what the report does not.
TELLING = re.compile(r"aria-[a-z]+|data-[a-z-]+")
# What tells a screen reader or a style sheet something, and does nothing itself.

FRAME: dict[str, frozenset[str]] = {
    "html": frozenset(),
    "head": frozenset(),
    "meta": frozenset({"charset", "name", "content", "http-equiv"}),
    "title": frozenset(),
    "style": frozenset(),
    "body": frozenset(),
}

TEXT: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        _named(
            "header main nav section footer div span p h1 h2 h3 h4 h5 h6 ul li dl dt dd strong "
            "em code pre br hr blockquote figure figcaption summary caption thead tbody tr"
        ),
        frozenset(),
    ),
    "a": frozenset({"href", "download", "title"}),
    "abbr": frozenset({"title"}),
    "details": frozenset({"open"}),
    "ol": frozenset({"start"}),
    "table": frozenset(),
    "td": frozenset({"colspan", "rowspan", "headers"}),
    "th": frozenset({"scope", "colspan", "rowspan", "headers", "abbr"}),
}

_PAINT = _named(
    "fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-dasharray "
    "stroke-dashoffset stroke-linejoin stroke-linecap stroke-miterlimit opacity transform "
    "font-family font-size font-style font-weight text-anchor dominant-baseline paint-order "
    "clip-path"
)
_BOX = frozenset({"x", "y", "width", "height"})

DRAWING: dict[str, frozenset[str]] = {
    "svg": (_PAINT - {"transform"})
    | _BOX
    | {"xmlns", "viewbox", "preserveaspectratio", "focusable"},
    "title": frozenset(),
    "desc": frozenset(),
    "defs": frozenset(),
    "g": _PAINT,
    "path": _PAINT | {"d"},
    "text": _PAINT | {"x", "y", "dx", "dy"},
    "use": _PAINT | _BOX | {"href"},
    "lineargradient": frozenset(
        {"gradientunits", "x1", "y1", "x2", "y2", "spreadmethod", "gradienttransform"}
    ),
    "stop": frozenset({"offset", "stop-color", "stop-opacity"}),
}
# Attribute names in small letters, as the parser gives them.

_SPACED = frozenset({"lspace", "rspace", "minsize", "maxsize", "width", "height", "depth"})

FORMULA: dict[str, frozenset[str]] = {
    "math": frozenset({"xmlns", "display", "alttext"}),
    **dict.fromkeys(
        _named(
            "mrow mi mn mtext mfrac msqrt mroot msub msup msubsup munder mover munderover "
            "mtable mtr mtd mstyle mphantom"
        ),
        frozenset(
            {"displaystyle", "scriptlevel", "mathvariant", "linethickness", "columnalign"}
        ),
    ),
    "mo": _SPACED
    | {"stretchy", "fence", "form", "separator", "largeop", "movablelimits", "symmetric"},
    "mspace": _SPACED,
    "mover": frozenset({"accent"}),
    "munder": frozenset({"accentunder"}),
    "mpadded": _SPACED | {"voffset"},
}

SEARCHING: dict[str, frozenset[str]] = {
    "search": frozenset(),
    "label": frozenset({"for"}),
    "input": frozenset({"type", "autocomplete", "spellcheck", "placeholder"}),
    "output": frozenset({"for"}),
    "script": frozenset(),
}
# Only on a page that is handed out with a script: the index, which finds a borough by name.

META_NAMES = frozenset({"viewport", "color-scheme", "referrer", "description", "generator"})

_READ = re.compile(r"https?://[^\s\\\x00-\x1f]+|mailto:[^\s\x00-\x1f]+|#[\w.-]+", re.ASCII)
_BESIDE = re.compile(r"(?!/)[\w./-]+(#[\w.-]+)?", re.ASCII)
# A file beside or under the page: the index links to its reports.
_FILE = re.compile(r"[\w-][\w.-]*", re.ASCII)
# What is saved lies in the same folder.
_SAVED = re.compile(r"data:text/csv[;,]\S*", re.ASCII)
# A thin space of a name is no space to an address.
_FETCHING_STYLE = re.compile(
    r"@import|@font-face|url\((?!#)|image-set|cross-fade|\bsrc\(|expression\(|\\|<",
    re.IGNORECASE,
)
# A backslash could write any of these in a way that is not seen here.


LENGTHS = _SPACED | {"voffset", "scriptlevel"}
_SHORT = re.compile(r"(\+|-)?\d?(\.\d+)?(em|ex|mu|px|pt)?", re.ASCII)


def is_short(length: str) -> bool:
    """Whether a length or size within a formula keeps it in its place.

    Examples
    --------
    >>> is_short("0.167em"), is_short("2.47em"), is_short("-20"), is_short("900px")
    (True, True, False, False)
    """
    return bool(_SHORT.fullmatch(length))


def may_lead(address: str, *, is_download: bool) -> bool:
    """Whether a link may have this address.

    Examples
    --------
    >>> may_lead("https://www.police.uk/", is_download=False)
    True
    >>> may_lead("javascript:alert(1)", is_download=False)
    False
    >>> may_lead("data:text/csv,a", is_download=True), may_lead("data:text/csv,a",
    ...     is_download=False)
    (True, False)
    """
    if is_download:
        return bool((_SAVED if ":" in address else _FILE).fullmatch(address))
    return bool(_BESIDE.fullmatch(address) or _READ.fullmatch(address))


def may_style(text: str) -> bool:
    """Whether a style sheet, or a value of paint, fetches nothing.

    Examples
    --------
    >>> may_style("p { color: red }"), may_style("url(#hatch)"), may_style("url(//a.b/c)")
    (True, True, False)
    """
    return not _FETCHING_STYLE.search(text)
