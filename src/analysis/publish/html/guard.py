"""The last look at a page before it is published: it holds what a report is made of.

What comes from data or params is escaped where it is put in, and what a notebook displays is
cleaned; this refuses the page if a mistake there, or a cell that claims to be a chart, let
something else through. The page is read once, against the lists of
:mod:`~analysis.publish.html.allowed`, and only in the plain spelling that the templates and
charts use: a page that two parsers could read in two ways is refused. The page's own
Content-Security-Policy stands behind.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from hashlib import sha256
from html.parser import HTMLParser

from analysis.errors import ReportError
from analysis.publish.html.allowed import (
    DRAWING,
    EVERYWHERE,
    FORMULA,
    FRAME,
    LENGTHS,
    META_NAMES,
    SEARCHING,
    TELLING,
    TEXT,
    is_short,
    may_lead,
    may_style,
)

_ROOTS = {"svg": DRAWING, "math": FORMULA}
_LISTS = ("aria-labelledby", "aria-describedby", "aria-controls", "headers", "for")
# Attributes that name other elements of the page.
_PLAIN_TAG = re.compile(r'<[A-Za-z][A-Za-z0-9]*(\s+[A-Za-z][\w:-]*(="[^"<>]*")?)*\s*/?>')
_ODD_END_TAG = re.compile(r"</(?![A-Za-z][A-Za-z0-9]*>)")
_SAVED_AS = re.compile(r"[\w.-]+\.(csv|zip)", re.ASCII)
# A file that is saved as a page would be run as one when it is opened.
_WITHOUT_END = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    ]
)
# Elements of HTML, whether a page may hold them or not.
_TOLD = re.compile(r"aria-.*|alttext")
# Words, which paint nothing.
_MOST_TOLD = 5

MEND_A_CELL = "The cell that displays it must show text, a chart or a table instead."


def content_security_policy(style: str, script: str = "") -> str:
    """The policy of a page whose one style sheet, and one script if any, are known.

    Parameters
    ----------
    style : str
        Text of the ``<style>`` element.
    script : str
        Text of the ``<script>`` element; without it no script can run.

    Returns
    -------
    str
        Content of the page's ``<meta http-equiv="Content-Security-Policy">``.

    Examples
    --------
    >>> content_security_policy("p {}", "find()").split("; ")[2].split("-")[:2]
    ['script', "src 'sha256"]
    """
    allowed = f"default-src 'none'; style-src 'sha256-{_digest(style)}'; "
    if script:
        allowed += f"script-src 'sha256-{_digest(script)}'; "
    return f"{allowed}base-uri 'none'; form-action 'none'"


def refuse_active_content(
    html: str, where: str, *, script: str = "", mend: str = MEND_A_CELL
) -> None:
    """Refuse a page that holds anything but what a report is made of.

    Parameters
    ----------
    html : str
        The whole page.
    where : str
        What page it is, for the error.
    script : str
        The one script that the page may hold, for the index alone.
    mend : str
        What to do about it, for the error.

    Raises
    ------
    ReportError
        If it holds an element, attribute or address that is on no list, markup that could
        be read two ways, an element that ends out of turn, an identifier twice, a reference
        to one that is not there, or a drawing without words.

    Examples
    --------
    >>> refuse_active_content('<p id="a">Fine</p><a href="#a">up</a>', "report")
    >>> refuse_active_content('<p onclick="x()">Not</p>', "it")
    Traceback (most recent call last):
    ...
    analysis.errors.ReportError: it: not published, because it holds: p with onclick. The ...
    """
    reader = _Reader(script)
    reader.feed(html)
    reader.close()
    faults = reader.all_faults()
    if _ODD_END_TAG.search(html):
        faults.append("an end of an element written unlike a report's")
    if faults:
        message = (
            f"{where}: not published, because it holds: {'; '.join(faults[:_MOST_TOLD])}. "
            f"{mend}"
        )
        raise ReportError(message)


def is_whole(html: str) -> bool:
    """Whether a fragment ends what it begins, and nothing else.

    Examples
    --------
    >>> is_whole("<p>Crime <br> fell</p>"), is_whole("</section><div hidden>")
    (True, False)
    """
    reader = _Ends()
    reader.feed(html)
    reader.close()
    return not (reader.astray or reader.open_elements)


class _Ends(HTMLParser):
    """Reads which elements are open, each with its identifier, and ends that end none."""

    def __init__(self) -> None:
        # Character references stay apart, so that a bare "<" in text is seen.
        super().__init__(convert_charrefs=False)
        self.open_elements: list[tuple[str, str]] = []
        self.astray: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _WITHOUT_END:
            self.open_elements.append((tag, dict(attrs).get("id") or ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _WITHOUT_END:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open_elements and self.open_elements[-1][0] == tag:
            self.open_elements.pop()
        else:
            self.astray.append(tag)


class _Reader(_Ends):
    """Reads a page once and notes what does not belong in it."""

    def __init__(self, script: str) -> None:
        super().__init__()
        self._script = script
        self._known = {**FRAME, **TEXT, **(SEARCHING if script else {})}
        self._faults: list[str] = []
        self._names: list[str] = []
        self._targets: list[str] = []
        self._inside: list[str] = []
        self._used: list[tuple[str, tuple[str, ...]]] = []
        self._raw = ""
        self._has_body = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        written = self.get_starttag_text() or ""
        if not _PLAIN_TAG.fullmatch(written):
            self._faults.append(f"element {tag} written unlike a report's")
        self._open(tag, dict(attrs), [name for name, _ in attrs])
        super().handle_starttag(tag, attrs)
        if tag in _ROOTS:
            self._inside.append(tag)
        self._raw = tag if tag in ("style", "script") else ""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._inside and tag not in _ROOTS:
            # A browser reads it as an opening.
            self._faults.append(f"element {tag} that closes itself")
        super().handle_startendtag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        super().handle_endtag(tag)
        if self._inside[-1:] == [tag]:
            self._inside.pop()
        self._raw = ""

    def handle_data(self, data: str) -> None:
        if self._raw == "script":
            if data != self._script:
                self._faults.append("a script that is not the page's own")
        elif self._raw == "style":
            if not may_style(data):
                self._faults.append("a style that fetches")
        elif "<" in data:
            self._faults.append("text with a bare '<'")
        elif "\x00" in data:
            self._faults.append("text with a null character")

    def handle_comment(self, data: str) -> None:
        self._faults.append("a comment")

    def handle_pi(self, data: str) -> None:
        self._faults.append("a processing instruction")

    def unknown_decl(self, data: str) -> None:
        self._faults.append("a declaration")

    def handle_decl(self, decl: str) -> None:
        if decl != "DOCTYPE html":
            self._faults.append("a declaration")

    def all_faults(self) -> list[str]:
        used = {name for name, _ in self._used}
        nested = sorted({name for name, around in self._used if used.intersection(around)})
        twice = sorted(name for name, times in Counter(self._names).items() if times > 1)
        lost = sorted(set(self._targets) - set(self._names))
        return [
            *self._faults,
            # It would end what the template or a drawing began.
            *(f"an end of {tag} where none can end" for tag in self.astray),
            *(f"element {tag} without its end" for tag, _ in self.open_elements),
            *(f"identifier '{name}' twice" for name in twice),
            # Each could stand for many of the next: a page of a kilobyte would never open.
            *(f"a use of '{name}' within what is used itself" for name in nested),
            *(f"link to '#{name}', which is not there" for name in lost),
        ]

    def _open(self, tag: str, given: dict[str, str | None], names: list[str]) -> None:
        allowed = self._allowed(tag)
        if allowed is None:
            self._faults.append(f"element {tag}")
            return
        if len(given) < len(names):
            self._faults.append(f"{tag} with an attribute twice")
        self._names += [str(given["id"])] if "id" in given else []
        for name, value in given.items():
            if name not in allowed | EVERYWHERE and not TELLING.fullmatch(name):
                self._faults.append(f"{tag} with {name}")
            self._look_at(tag, name, value or "", is_download="download" in given)
        self._look_at_words(tag, given)

    def _allowed(self, tag: str) -> frozenset[str] | None:
        """Attributes that an element may have here; None if it may not stand here."""
        if self._inside:
            return _ROOTS[self._inside[-1]].get(tag)
        if tag in _ROOTS:
            return _ROOTS[tag][tag]
        if tag in FRAME and self._has_body:
            return None
        self._has_body = self._has_body or tag == "body" or tag not in FRAME
        return self._known.get(tag)

    def _look_at(self, tag: str, name: str, value: str, *, is_download: bool) -> None:
        if name in _LISTS:
            self._targets += value.split()
        if name == "href":
            self._targets += [value[1:]] if value.startswith("#") else []
            if not self._may_lead(tag, value, is_download):
                self._faults.append(f"{tag} with {name} to {value[:40]!r}")
        elif self._is_drawn(tag) and not _TOLD.fullmatch(name) and not may_style(value):
            self._faults.append(f"{tag} with {name} that fetches")
        elif "math" in (tag, *self._inside) and name in LENGTHS and not is_short(value):
            self._faults.append(f"{tag} with {name} of {value[:20]!r}")
        if tag == "use" and name == "href":
            around = tuple(name for _, name in self.open_elements)
            self._used.append((value[1:], around))
        if name == "download" and not _SAVED_AS.fullmatch(value):
            self._faults.append(f"{tag} that saves as {value[:40]!r}")
        if name == "tabindex" and value not in ("0", "-1"):
            self._faults.append(f"{tag} with tabindex {value}")

    def _is_drawn(self, tag: str) -> bool:
        return bool(self._inside) or tag in _ROOTS

    def _may_lead(self, tag: str, address: str, is_download: bool) -> bool:
        if tag == "use":
            return address.startswith("#")
        return may_lead(address, is_download=is_download)

    def _look_at_words(self, tag: str, given: dict[str, str | None]) -> None:
        if tag == "meta" and not _may_tell(given):
            self._faults.append("meta that does more than tell")
        is_hidden = given.get("aria-hidden") == "true"
        named = given.get("aria-labelledby") or given.get("aria-label")
        if tag == "svg" and not (is_hidden or named):
            self._faults.append("a drawing without words")
        if tag == "math" and not given.get("alttext"):
            self._faults.append("a formula without words")


def _may_tell(meta: dict[str, str | None]) -> bool:
    if "http-equiv" in meta:
        return meta["http-equiv"] == "Content-Security-Policy"
    return "charset" in meta or meta.get("name") in META_NAMES


def _digest(text: str) -> str:
    return b64encode(sha256(text.encode("utf-8")).digest()).decode("ascii")
