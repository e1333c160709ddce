"""An executed notebook as the parts of a page: key findings, sections, how it was made.

Only an output that carries a role (``metadata["csp"]["role"]``, put there by the findings,
the charts and the assessment, which escape what they are given) goes into the page as the
HTML it is, and the guard lets it stand only if all it holds is on the lists of
:mod:`~analysis.publish.html.allowed`: a cell that forges a role gains nothing by it. Markdown
is rendered with its raw HTML escaped. A table of unknown make is written anew from its text,
and of every other output the page shows the plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from analysis.errors import ReportError
from analysis.publish.control_signs import without_control_signs
from analysis.publish.html.anchors import Anchors, is_made_up
from analysis.publish.html.guard import is_whole
from analysis.publish.html.markdown import plain_text, render_markdown
from analysis.publish.html.shown_tables import table_markup
from analysis.publish.parameters import INJECTED_TAG, PARAMETERS_TAG, values_in_use
from analysis.wording import slug

ROLES = ("heading", "finding", "note", "chart", "table", "provenance", "summary")

LAB_ROLE = "lab"
# For whoever has the notebook open: the parameters' meanings, and the styles of this page.

FRAME_ANCHORS = (
    "top",
    "main",
    "key-findings",
    "contents",
    "contents-title",
    "how-made",
    "how-measured",
    "made-from",
)
# Identifiers of the template itself.

NOT_SHOWN = "A picture is not shown here: it has no description and no data behind it."

_SECTION = re.compile(r"(?=<h2[ >])")
_HEADING_ANCHOR = re.compile(r'(?<=<h2 id=")[^"]*')
_HEADING = re.compile(r'<h2[^>]*\bid="([^"]*)"[^>]*>(.*?)</h2>', re.DOTALL)
_LEADS_WITHIN = re.compile(r'(?<=href="#)[^"]*')
_TITLE = re.compile(r"\A\s*#\s+(.+?)\s*#*\s*$", re.MULTILINE)


@dataclass(frozen=True)
class KeyFinding:
    """What stands at the top of a report, and the section it leads to."""

    anchor: str
    heading: str
    sentence: str
    certainty: str
    because: str


@dataclass
class Section:
    """One section: its heading and what follows, each as HTML.

    ``certainty`` is that of its first finding, empty where it has none.
    """

    anchor: str
    heading: str
    html: list[str] = field(default_factory=list)
    certainty: str = ""


@dataclass(frozen=True)
class CodeCell:
    """A code cell, folded; ``number`` counts the notebook's code cells from 1."""

    number: int
    source: str


@dataclass
class Page:
    """All that the template prints.

    ``introduction`` stands under the title, ``preface`` before the first section,
    ``provenance`` and ``setup`` (code cells before the first section) at the foot.
    """

    title: str
    about: dict[str, Any]
    parameters: dict[str, object]
    key_findings: list[KeyFinding] = field(default_factory=list)
    introduction: list[str] = field(default_factory=list)
    preface: list[str] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    provenance: list[str] = field(default_factory=list)
    setup: list[CodeCell] = field(default_factory=list)
    vintage: str = ""


def read_page(notebook: Mapping[str, Any], *, name: str = "report") -> Page:
    """The parts of the page that an executed notebook makes.

    Parameters
    ----------
    notebook : mapping
        As nbformat gives it; ``metadata["csp"]`` tells the area and what it was made from,
        where the notebook was run by ``csp run``.
    name : str
        Title where the notebook opens without one.

    Returns
    -------
    Page

    Raises
    ------
    ReportError
        If a cell ended in an error or a formula cannot be read.
    """
    return _Reading(notebook, name).page


class _Reading:
    """Walks through the cells once, in order.

    A Markdown cell introduces what comes after it: it waits for the next output, and stands
    under its heading, if that opens a section.
    """

    def __init__(self, notebook: Mapping[str, Any], name: str) -> None:
        cells = without_control_signs(notebook["cells"])
        about = dict(notebook["metadata"].get("csp", {}))
        self._name = name
        self._anchors = Anchors(*FRAME_ANCHORS)
        self._anchor_of: dict[str, str] = {}
        self._waiting: list[str] = []
        self.page = Page(_title(cells) or name, about, values_in_use(cells))
        for number, cell in _numbered(cells):
            if cell["cell_type"] == "markdown":
                self._read_markdown(cell["source"])
            elif cell["cell_type"] == "code":
                self._read_code(number, cell)
        self._say()
        self._lead_to_sections()

    def _read_markdown(self, source: str) -> None:
        has_title = bool(_TITLE.match(source))
        html = render_markdown(_TITLE.sub("", source, count=1), self._anchors)
        before, *sections = _SECTION.split(html)
        if before.strip():
            (self.page.introduction if has_title else self._waiting).append(before)
        for section in sections:
            self._say()
            self._open_section(section)

    def _read_code(self, number: int, cell: Mapping[str, Any]) -> None:
        for output in cell["outputs"]:
            self._read_output(output, str(cell.get("id", "")))
        if not cell["source"].strip():
            return
        tags = cell["metadata"].get("tags", [])
        code = CodeCell(number, cell["source"])
        if self.page.sections and not {PARAMETERS_TAG, INJECTED_TAG}.intersection(tags):
            self._section_html().append(_folded(code))
        else:
            self.page.setup.append(code)

    def _read_output(self, output: Mapping[str, Any], cell: str) -> None:
        kind = output["output_type"]
        if kind == "stream":
            if output["name"] == "stdout":
                self._say(_as_text(output["text"]))
        elif kind == "error":
            message = (
                f"{self._name}: a cell ended in {output['ename']}, and a report of what came "
                "before it would hide that. Mend the cell and run all again."
            )
            raise ReportError(message)
        elif kind in ("display_data", "execute_result"):
            told = output.get("metadata", {}).get("csp", {})
            if told.get("role") == LAB_ROLE:
                return
            html = output["data"].get("text/html", "")
            # A piece that ended what the page began could hide all that follows.
            if told.get("role") in ROLES and html and is_whole(html):
                self._read_piece(told, html, cell)
            else:
                self._read_unknown(output["data"])

    def _read_piece(self, told: Mapping[str, Any], html: str, cell: str) -> None:
        role = told["role"]
        html = self._anchors.settle(_named_by(cell, html) if role == "heading" else html)
        if role == "heading":
            self._open_section(html)
            self._anchor_of[str(told.get("slug", ""))] = self.page.sections[-1].anchor
        elif role == "summary":
            # Made last, from all sections, and read first.
            self._put_first(html)
        elif role == "provenance":
            self.page.vintage = str(told.get("vintage", "")) or self.page.vintage
            self.page.provenance += [*self._introduced(), html]
        else:
            self._say(html)
        if role == "finding":
            self._add_finding(told)

    def _read_unknown(self, data: Mapping[str, Any]) -> None:
        if written := data.get("text/markdown") or data.get("text/latex"):
            self._read_markdown(written)
        elif any(kind.startswith("image/") for kind in data):
            self._say(f'<p class="csp-note">{NOT_SHOWN}</p>')
        elif table := table_markup(str(data.get("text/html", "")), self._table_name(data)):
            self._say(table)
        elif "text/plain" in data:
            self._say(_as_text(data["text/plain"]))

    def _table_name(self, data: Mapping[str, Any]) -> str:
        # Regions of one page need names of their own.
        if "text/html" not in data:
            return ""
        return self._anchors.claim("table").replace("-", " ").capitalize()

    def _add_finding(self, told: Mapping[str, Any]) -> None:
        last = self.page.sections[-1].anchor if self.page.sections else "main"
        anchor = self._anchor_of.get(str(told.get("slug", "")), last)
        words = {
            name: str(told.get(name, ""))
            for name in ("heading", "sentence", "certainty", "because")
        }
        for section in self.page.sections:
            if section.anchor == anchor != "main":
                section.certainty = section.certainty or words["certainty"]
        if told.get("is_key"):
            self.page.key_findings.append(KeyFinding(anchor=anchor, **words))

    def _open_section(self, html: str) -> None:
        found = _HEADING.search(html)
        if found is None:
            self._say(html)
        else:
            opened = [html, *self._introduced()]
            self.page.sections.append(Section(found[1], plain_text(found[2]), opened))

    def _put_first(self, html: str) -> None:
        found = _HEADING.search(html)
        if found is None:
            self._say(html)
        else:
            first = Section(found[1], plain_text(found[2]), [html, *self._introduced()])
            self.page.sections.insert(0, first)

    def _lead_to_sections(self) -> None:
        """Links made to a finding's heading lead to the section that tells it."""
        sections = [section.html for section in self.page.sections]
        for part in (self.page.introduction, self.page.preface, *sections):
            part[:] = [_LEADS_WITHIN.sub(self._leads_to, html) for html in part]

    def _leads_to(self, found: re.Match[str]) -> str:
        name = found[0]
        return name if name in self._anchors else self._anchor_of.get(name, name)

    def _say(self, *html: str) -> None:
        self._section_html().extend([*self._introduced(), *html])

    def _introduced(self) -> list[str]:
        waiting, self._waiting = self._waiting, []
        return waiting

    def _section_html(self) -> list[str]:
        return self.page.sections[-1].html if self.page.sections else self.page.preface


def _numbered(cells: list[Mapping[str, Any]]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    number = 0
    for cell in cells:
        number += cell["cell_type"] == "code"
        yield number, cell


def _title(cells: list[Mapping[str, Any]]) -> str:
    for cell in cells:
        if cell["cell_type"] == "markdown":
            found = _TITLE.search(cell["source"])
            return plain_text(render_markdown(found[1], Anchors())) if found else ""
    return ""


def _named_by(cell: str, html: str) -> str:
    """A heading with the name of its cell as anchor, the same whatever the cell finds."""
    if not cell or is_made_up(cell):
        return html
    name = slug(cell)
    anchor = name if name[0].isalpha() else f"section-{name}"
    return _HEADING_ANCHOR.sub(anchor, html, count=1)


def _as_text(text: str) -> str:
    return f'<pre class="csp-text">{escape(text)}</pre>' if text.strip() else ""


def _folded(code: CodeCell) -> str:
    return (
        f'<details class="csp-code"><summary>Show the code of step {code.number}</summary>'
        f"<pre><code>{escape(code.source)}</code></pre></details>"
    )
