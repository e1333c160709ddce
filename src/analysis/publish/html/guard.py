"""The last look at a page before it is published: nothing in it may act or fetch.

What comes from data or params is escaped where it is put in; this refuses the page if a
mistake there let something through. The page's own Content-Security-Policy stands behind.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from html.parser import HTMLParser

from analysis.errors import ReportError

_ACTIVE = {
    "applet",
    "audio",
    "base",
    "button",
    "embed",
    "foreignobject",
    "form",
    "frame",
    "iframe",
    "input",
    "link",
    "object",
    "script",
    "set",
    "animate",
    "video",
}
_ADDRESSES = {"href", "xlink:href", "src", "action", "formaction", "srcset", "poster", "data"}
_SAVED = re.compile(r"data:(text/csv|application/json)[;,]", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(png|jpeg|webp|svg\+xml)[;,]", re.IGNORECASE)
_READ = re.compile(r"(https?://|mailto:|#)", re.IGNORECASE)
_BESIDE = re.compile(r"(?!/)[\w./-]+(#[\w-]+)?$")
# A file beside or under the page: the index links to its reports.
_FETCHING_STYLE = re.compile(r"@import|url\(\s*[\"']?(?!#)|expression\(", re.IGNORECASE)

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
# Inline styles are allowed because a drawing's elements carry theirs.


def refuse_active_content(html: str, where: str) -> None:
    """Refuse a page that could act, fetch, or be read two ways.

    Parameters
    ----------
    html : str
        The whole page.
    where : str
        What page it is, for the error.

    Raises
    ------
    ReportError
        If it holds a script, a handler, an address that is fetched, a style that fetches,
        an identifier twice, a link to an anchor that is not there, or a picture without
        words.

    Examples
    --------
    >>> refuse_active_content('<p id="a">Fine</p><a href="#a">up</a>', "report")
    >>> refuse_active_content('<p onclick="x()">Not</p>', "it")
    Traceback (most recent call last):
    ...
    analysis.errors.ReportError: it: not published, because it holds: p with onclick. The ...
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    faults = reader.all_faults()
    if faults:
        message = (
            f"{where}: not published, because it holds: {'; '.join(faults[:5])}. "
            "The cell that displays it must show text, a chart or a table instead."
        )
        raise ReportError(message)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._faults: list[str] = []
        self._names: list[str] = []
        self._targets: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._in_style = tag == "style"
        if tag in _ACTIVE or given.get("http-equiv", "").casefold() == "refresh":
            self._faults.append(f"element {tag}")
        if tag == "img" and not given.get("alt"):
            self._faults.append("img without alt")
        if "id" in given:
            self._names.append(given["id"])
        for name, value in given.items():
            self._look_at(tag, name, value.strip(), given)

    def handle_data(self, data: str) -> None:
        if self._in_style and _FETCHING_STYLE.search(data):
            self._faults.append("a style that fetches")

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False

    def all_faults(self) -> list[str]:
        twice = sorted(name for name, times in Counter(self._names).items() if times > 1)
        lost = sorted(set(self._targets) - set(self._names))
        return [
            *self._faults,
            *(f"identifier '{name}' twice" for name in twice),
            *(f"link to '#{name}', which is not there" for name in lost),
        ]

    def _look_at(self, tag: str, name: str, value: str, given: Mapping[str, str]) -> None:
        if name.startswith("on"):
            self._faults.append(f"{tag} with {name}")
        if name == "style" and _FETCHING_STYLE.search(value):
            self._faults.append(f"{tag} with a style that fetches")
        if name not in _ADDRESSES:
            return
        if value.startswith("#"):
            self._targets.append(value[1:])
        if not _may_stand(tag, value, "download" in given):
            self._faults.append(f"{tag} with {name} to {value[:40]!r}")


def _may_stand(tag: str, address: str, is_download: bool) -> bool:
    if tag == "a" and is_download:
        return bool(_SAVED.match(address) or _BESIDE.match(address))
    if tag == "a":
        return bool(_READ.match(address) or _BESIDE.match(address))
    if tag in ("img", "image"):
        return bool(_PICTURE.match(address))
    return address.startswith("#")
