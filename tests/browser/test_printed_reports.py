"""The PDF of every theme as the browser prints it: tagged, with bookmarks, whole."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from analysis.errors import UsageError
from analysis.project import project_root
from analysis.publish.manifest import file_sha256
from analysis.publish.pdf import find_browser, is_printed_from, print_page

pytestmark = pytest.mark.slow

BOROUGH = "E09000020"
# Kensington and Chelsea: the longest name, and the most to say.
NOTEBOOKS = sorted(path.stem for path in (project_root() / "notebooks").glob("*.ipynb"))

A4 = {(595, 842), (842, 595)}
# Points, upright and turned.
MOST_PAGES = 45
MOST_BYTES = 1_200_000


@dataclass
class Printed:
    """A PDF, and the page it was printed from as a browser reads it."""

    page: Path
    pdf: Path
    reader: PdfReader
    headings: list[str]
    title: str
    drawings: list[str]

    @property
    def text(self) -> str:
        return " ".join(" ".join(one.extract_text() for one in self.reader.pages).split())


READ = """() => {
  const words = (element) => element.textContent.replace(/\\s+/g, " ").trim();
  const own = (heading) => {
    const copy = heading.cloneNode(true);
    copy.querySelectorAll("a[href^='#']").forEach((link) => link.textContent || link.remove());
    return words(copy);
  };
  const all = (selector) =>
    [...document.querySelectorAll(selector)].filter((it) => it.checkVisibility());
  return { headings: all("h1, h2, h3").map(own), title: document.title,
    drawings: all("svg[role=img]").map((it) => words(it.querySelector(":scope > title"))) };
}"""


@pytest.fixture(scope="module", params=NOTEBOOKS)
def printed(
    request: pytest.FixtureRequest,
    built_reports: Path,
    visiting: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Printed]:
    folder = tmp_path_factory.mktemp("printed")
    page = folder / f"{request.param}.html"
    shutil.copy(built_reports / BOROUGH / page.name, page)
    try:
        browser = find_browser()
    except UsageError as error:
        pytest.skip(str(error))
    pdf = page.with_suffix(".pdf")
    print_page(page, pdf, browser)
    with visiting(page, 680) as visit:
        visit.page.emulate_media(media="print")
        told = visit.page.evaluate(READ)
    yield Printed(page, pdf, PdfReader(pdf), **told)


def parts_of(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Every element of the structure, once."""
    waiting: list[Any] = [reader.trailer["/Root"]["/StructTreeRoot"]]
    seen: set[int] = set()
    while waiting:
        part = waiting.pop()
        if isinstance(part, IndirectObject):
            if part.idnum in seen:
                continue
            seen.add(part.idnum)
            part = part.get_object()
        if isinstance(part, ArrayObject):
            waiting.extend(part)
        elif isinstance(part, DictionaryObject):
            yield part
            if "/K" in part:
                waiting.append(part.raw_get("/K"))


def bookmarks(outline: list[Any]) -> Iterator[str]:
    for one in outline:
        if isinstance(one, list):
            yield from bookmarks(one)
        else:
            yield " ".join(str(one.title).split())


def letters(text: str) -> str:
    """Letters and digits alone: a PDF joins some letters into one, and breaks lines."""
    return re.sub(r"\W", "", normalize("NFKC", text))


def test_the_pdf_is_tagged_in_the_pages_language_under_its_title(printed: Printed) -> None:
    root = printed.reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert printed.reader.metadata.title == printed.title
    assert "Kensington and Chelsea" in printed.title
    kinds = Counter(str(part.get("/S")) for part in parts_of(printed.reader))
    assert kinds["/H1"] == 1
    assert kinds["/H2"] >= 4
    assert min(kinds[kind] for kind in ("/Table", "/TH", "/TD", "/Figure", "/Link", "/L")) >= 1


def test_the_bookmarks_are_the_headings(printed: Printed) -> None:
    assert list(bookmarks(printed.reader.outline)) == printed.headings
    assert "Key findings" in printed.headings


def test_every_drawing_is_described_in_the_structure(printed: Printed) -> None:
    told = [
        " ".join(str(part["/Alt"]).split())
        for part in parts_of(printed.reader)
        if part.get("/S") == "/Figure" and "/Alt" in part
    ]
    assert printed.drawings
    for title in printed.drawings:
        assert any(one.startswith(title) and len(one) > len(title) + 40 for one in told), title


def test_the_pdf_says_what_the_page_says_first(printed: Printed, visiting: Any) -> None:
    with visiting(printed.page) as visit:
        findings = visit.page.locator(".csp-key-findings .csp-finding").all_text_contents()
    assert findings
    text = letters(re.sub(r"\d+ of \d+ ?Safer Boroughs", "", printed.text))
    for finding in findings:
        assert letters(finding) in text, finding
    assert letters("On paper: key findings, charts") in text
    assert letters("Show the code") not in text
    assert "Download" not in text


def test_the_pdf_is_a4_with_numbered_pages_and_not_too_many(printed: Printed) -> None:
    pages = printed.reader.pages
    sizes = {(round(one.mediabox.width), round(one.mediabox.height)) for one in pages}
    assert sizes <= A4
    assert 4 <= len(pages) <= MOST_PAGES
    for number, one in enumerate(pages, 1):
        text = " ".join(one.extract_text().split())
        assert f"{number} of {len(pages)}" in text
        # More than the line at the foot.
        assert len(text) > 80, f"page {number} is all but empty"


def test_the_pdf_can_be_sent_by_mail(printed: Printed) -> None:
    # Hatching that is printed as pictures makes it five times as large.
    assert printed.pdf.stat().st_size <= MOST_BYTES


def test_no_page_ends_with_a_heading_whose_chart_is_on_the_next(printed: Printed) -> None:
    headings = set(map(letters, printed.headings))
    for number, one in enumerate(printed.reader.pages, 1):
        lines = [line for line in map(letters, one.extract_text().splitlines()) if line]
        if re.fullmatch(r"Howsure(high|moderate|low|notknown)", lines[-1]):
            lines.pop()
        # A heading may take three lines.
        last = {"".join(lines[-count:]) for count in (1, 2, 3)}
        assert not last & headings, f"page {number}"


def test_nothing_in_the_pdf_leads_to_this_machine(printed: Printed) -> None:
    content = printed.pdf.read_bytes()
    for word in (b"file:", str(printed.page.parent).encode(), b"printing-"):
        assert word not in content
    addresses = [
        str(note.get_object()["/A"]["/URI"])
        for one in printed.reader.pages
        for note in one.get("/Annots", [])
        if "/A" in note.get_object() and "/URI" in note.get_object()["/A"]
    ]
    assert [one for one in addresses if not one.startswith("https://")] == []


def test_the_pdf_knows_its_page_and_says_the_same_when_printed_again(
    printed: Printed, tmp_path: Path
) -> None:
    assert is_printed_from(printed.pdf, file_sha256(printed.page))
    assert "/CreationDate" not in printed.reader.metadata
    if printed.page.stem == "targets":
        again = tmp_path / printed.pdf.name
        print_page(printed.page, again, find_browser())
        reader = PdfReader(again)
        assert list(bookmarks(reader.outline)) == printed.headings
        for before, after in zip(printed.reader.pages, reader.pages, strict=True):
            assert before.get_contents().get_data() == after.get_contents().get_data()
