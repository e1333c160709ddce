"""A table that a notebook displays by itself, such as a DataFrame, written anew.

Its cells are read as text and put into markup of this package: nothing of what the cell
displayed survives as markup, and the table gets what a screen reader needs (scoped headers,
a named region). A cleaner that keeps the markup, as ``nh3`` is, could give only the first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

_NUMBER = re.compile(r"[-\u2212+]?[\d,]*\.?\d+(?:e[-+]?\d+)?%?|nan|NaN|<NA>", re.IGNORECASE)
_PASSED_OVER = ("style", "script")


def table_markup(html: str, name: str) -> str:
    """The one table in a piece of HTML, or nothing where there is none or more than one.

    Parameters
    ----------
    html : str
        As a notebook displays it, of unknown make.
    name : str
        What the table is called on the page.

    Returns
    -------
    str

    Examples
    --------
    >>> frame = "<table><tr><th></th><th>n<script>x()</script></th></tr></table>"
    >>> table_markup(frame, "Table")[-78:]
    '<table class="csp-data"><tr><td></td><th scope="col">n</th></tr></table></div>'
    >>> table_markup("<b>no table</b>", "Table")
    ''
    """
    if len(re.findall(r"<table\b", html, re.IGNORECASE)) != 1:
        return ""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    rows = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in reader.rows if row)
    if not rows:
        return ""
    return (
        f'<div class="csp-scroll" role="region" tabindex="0" aria-label="{escape(name)}">'
        f'<table class="csp-data">{rows}</table></div>'
    )


@dataclass
class _Cell:
    is_header: bool
    is_in_body: bool
    spans: str
    text: str = ""


class _Reader(HTMLParser):
    """Reads the cells of a table as text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[_Cell]] = []
        self._is_in_body = False
        self._passed_over = ""
        self._is_open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _PASSED_OVER:
            self._passed_over = tag
        elif tag == "tbody":
            self._is_in_body = True
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            spans = "".join(
                f' {name}="{value}"'
                for name, value in attrs
                if name in ("colspan", "rowspan") and (value or "").isdecimal()
            )
            self.rows[-1].append(_Cell(tag == "th", self._is_in_body, spans))
            self._is_open = True

    def handle_endtag(self, tag: str) -> None:
        if tag == self._passed_over:
            self._passed_over = ""
        if tag in ("td", "th", "tr", "table"):
            self._is_open = False

    def handle_data(self, data: str) -> None:
        if self._is_open and not self._passed_over:
            self.rows[-1][-1].text += data


def _cell(cell: _Cell) -> str:
    text = cell.text.strip()
    if cell.is_header and text:
        scope = "row" if cell.is_in_body else "col"
        return f'<th scope="{scope}"{cell.spans}>{escape(text)}</th>'
    kind = "" if not text or _NUMBER.fullmatch(text) else ' class="csp-t"'
    return f"<td{kind}{cell.spans}>{escape(text)}</td>"
