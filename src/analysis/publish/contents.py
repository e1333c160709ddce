"""What a report says, read back from its page: vintage, findings, tables of data.

The page is the only place where figures that were published stand, so what changed since is
read from it, and so is what the site sets side by side. Drawings are passed over: the data
behind each stand in the page as the CSV that its link saves.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Mapping
from csv import Error as CsvError
from csv import reader
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from hashlib import sha256
from html.parser import HTMLParser
from io import StringIO
from typing import Any, Self
from urllib.parse import unquote

_DRAWING = re.compile(r"<svg\b.*?</svg>|<style\b.*?</style>|<pre\b.*?</pre>", re.DOTALL)
# Most of a page, and none of what is read here.
_CSV = re.compile(r"data:text/csv[^,]*,")
_LEVEL = 6


@dataclass(frozen=True)
class StatedFinding:
    """A key finding, and the section it leads to."""

    heading: str
    sentence: str
    certainty: str
    anchor: str

    @classmethod
    def kept(cls, told: Mapping[str, Any]) -> Self:
        """As the ledger has it; one of an older release may have kept more."""
        return cls(**{each.name: told[each.name] for each in fields(cls)})


@dataclass(frozen=True)
class StatedSection:
    """A section that opens with a finding, key or not."""

    heading: str
    anchor: str


@dataclass(frozen=True)
class StatedTable:
    """A table of data as a reader can save it.

    ``title`` is its caption; ``stated`` measure, area and period where it is behind a
    chart, else the caption again; ``source`` who published it, on which basis, when.
    """

    table_id: str
    title: str
    stated: str
    source: str
    csv: str

    @cached_property
    def rows(self) -> list[list[str]]:
        """Cells, the heads of the columns first; none where a page was altered by hand."""
        try:
            return [row for row in reader(StringIO(self.csv)) if row]
        except CsvError:
            return []


@dataclass(frozen=True)
class PageContents:
    """What a page says that can be compared with another.

    ``words`` is a digest of all its text but how it was made; empty for a page that was kept
    before there was one.
    """

    vintage: str
    findings: tuple[StatedFinding, ...]
    tables: tuple[StatedTable, ...]
    sections: tuple[StatedSection, ...] = ()
    words: str = ""

    @property
    def is_readable(self) -> bool:
        """Whether anything was found that a report must have."""
        return bool(self.findings or self.tables)

    def packed(self) -> bytes:
        """As the ledger keeps it.

        Examples
        --------
        >>> contents = PageContents("to May 2025", (), ())
        >>> PageContents.unpacked(contents.packed()) == contents
        True
        """
        return zlib.compress(json.dumps(asdict(self), ensure_ascii=False).encode(), _LEVEL)

    @classmethod
    def unpacked(cls, packed: bytes) -> PageContents:
        """What :meth:`packed` gave."""
        told: Mapping[str, Any] = json.loads(zlib.decompress(packed))
        findings = tuple(StatedFinding.kept(one) for one in told["findings"])
        tables = tuple(StatedTable(**one) for one in told["tables"])
        sections = tuple(StatedSection(**one) for one in told.get("sections", ()))
        words = str(told.get("words", ""))
        return cls(str(told["vintage"]), findings, tables, sections, words)


def read_contents(html: str) -> PageContents:
    """What a page says.

    Parameters
    ----------
    html : str
        A report that this package made.

    Returns
    -------
    PageContents
        Empty where the page is of a layout that is not known here.

    Examples
    --------
    >>> page = '<p class="csp-vintage">to May</p><figure class="csp-table" id="a"><table>'
    >>> page += '<caption>Crime</caption></table><a href="data:text/csv,Area,n%0AX,1%0A"'
    >>> page += ' download="a.csv">a</a><figcaption>Source: MPS.</figcaption></figure>'
    >>> contents = read_contents(page)
    >>> contents.vintage, contents.tables[0].source, contents.tables[0].rows
    ('to May', 'MPS.', [['Area', 'n'], ['X', '1']])
    """
    found = _Reading()
    found.feed(_DRAWING.sub("", html))
    found.close()
    return found.contents()


class _Reading(HTMLParser):
    """Goes through a page once; of each named piece keeps the text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._into: list[str] | None = None
        self._until = ""
        self._figure: dict[str, list[str]] | None = None
        self._finding: dict[str, list[str]] | None = None
        self._vintage: list[str] = []
        self._findings: list[dict[str, list[str]]] = []
        self._tables: list[dict[str, list[str]]] = []
        self._sections: list[dict[str, list[str]]] = []
        self._section = ""
        self._words: list[str] = []
        self._is_how_made = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        kinds = given.get("class", "").split()
        self._is_how_made = self._is_how_made or "csp-made" in kinds
        if tag == "section":
            self._section = given.get("aria-labelledby", "")
            self._sections.append({"anchor": [self._section]})
        elif tag == "h2" and self._sections and given.get("id", "") == self._section:
            self._keep(tag, self._sections[-1], "heading")
        elif "csp-sure" in kinds and self._sections:
            self._sections[-1]["certainty"] = [given.get("data-certainty", "")]
        elif "csp-key-heading" in kinds:
            self._finding = {"anchor": [given.get("href", "")[1:]]}
            self._findings.append(self._finding)
            self._keep("a", self._finding, "heading")
        elif tag == "figure" and {"csp-chart", "csp-table"}.intersection(kinds):
            self._figure = {"id": [given.get("id", "")]}
        elif "csp-vintage" in kinds and not self._vintage:
            self._into, self._until = self._vintage, tag
        elif self._figure is not None:
            self._read_figure(tag, given, kinds, self._figure)
        elif self._finding is not None:
            self._read_finding(tag, kinds, self._finding)

    def handle_endtag(self, tag: str) -> None:
        if tag == self._until:
            self._into, self._until = None, ""
        if tag == "figure" and self._figure is not None:
            if "csv" in self._figure:
                self._tables.append(self._figure)
            self._figure = None
        elif tag == "li":
            self._finding = None

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into.append(data)
        if not self._is_how_made:
            self._words.append(data)

    def contents(self) -> PageContents:
        """What was found."""
        return PageContents(
            " ".join("".join(self._vintage).split()),
            tuple(self._stated_findings()),
            tuple(table for table in self._stated_tables() if table.rows),
            tuple(self._stated_sections()),
            sha256(" ".join("".join(self._words).split()).encode()).hexdigest(),
        )

    def _read_figure(
        self, tag: str, given: dict[str, str], kinds: list[str], figure: dict[str, list[str]]
    ) -> None:
        address = _CSV.match(given.get("href", ""))
        if tag == "caption" and "title" not in figure:
            self._keep("caption", figure, "title")
        elif "csp-chart-subtitle" in kinds:
            self._keep(tag, figure, "stated")
        elif tag == "figcaption":
            self._keep(tag, figure, "source")
        elif tag == "a" and address:
            figure["csv"] = [unquote(given["href"][address.end() :])]
            figure["file"] = [given.get("download", "")]

    def _read_finding(self, tag: str, kinds: list[str], finding: dict[str, list[str]]) -> None:
        if "csp-finding" in kinds:
            self._keep(tag, finding, "sentence")
        elif tag == "strong" and "certainty" not in finding:
            self._keep(tag, finding, "certainty")

    def _keep(self, tag: str, piece: dict[str, list[str]], name: str) -> None:
        self._into, self._until = piece.setdefault(name, []), tag

    def _stated_findings(self) -> Iterator[StatedFinding]:
        for finding in self._findings:
            yield StatedFinding(
                heading=_told(finding, "heading"),
                sentence=_told(finding, "sentence"),
                certainty=_told(finding, "certainty"),
                anchor=_told(finding, "anchor"),
            )

    def _stated_sections(self) -> Iterator[StatedSection]:
        for section in self._sections:
            if "certainty" in section:
                yield StatedSection(_told(section, "heading"), _told(section, "anchor"))

    def _stated_tables(self) -> Iterator[StatedTable]:
        seen = {""}
        for figure in self._tables:
            title = _told(figure, "title")
            name = _told(figure, "file").removesuffix(".csv")
            # Shown in two sections, it has its own name but once, and an anchor each time.
            name = _told(figure, "id") if name in seen else name
            seen.add(name)
            yield StatedTable(
                table_id=name,
                title=title,
                stated=_told(figure, "stated") or title,
                source=_told(figure, "source").removeprefix("Source: "),
                csv="".join(figure["csv"]),
            )


def _told(piece: Mapping[str, list[str]], name: str) -> str:
    return " ".join("".join(piece.get(name, [])).split())
