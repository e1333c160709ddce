"""The real notebooks, built for Harrow as a user builds them, and read as a browser does."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from analysis.assessment import Assessment
from analysis.data.sources import load_registry
from analysis.params.areas import TITLE_WORDS, title_words
from analysis.project import project_root
from analysis.publish.html.page import FRAME_ANCHORS
from analysis.publish.plan import Selection, plan_reports, select_jobs
from analysis.publish.run import run_reports

pytestmark = pytest.mark.slow

HARROW = "E09000015"
MOST_BYTES = 300_000
# Of a report with ten charts or fewer, in proportion where there are more: it is sent by mail
# and opened on telephones.

NOTEBOOKS = sorted(path.stem for path in (project_root() / "notebooks").glob("*.ipynb"))
OWN_SOURCES = {"data/reference/", "params/", "Report to Cabinet on the Community Safety Plan"}
# What is of no publisher of figures: the project's notes and choices, and the borough's plan.
OF_ALL = ("listed at the foot", "publications under 'How sure are we'")
# Where a table draws on so many publications that the report lists them once.

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


@dataclass
class Node:
    """An element with its children and its own text."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    def all(self, tag: str) -> list[Node]:
        found = []
        for child in self.children:
            if isinstance(child, Node):
                found += [child] if child.tag == tag else []
                found += child.all(tag)
        return found

    @property
    def text(self) -> str:
        parts = [child if isinstance(child, str) else child.text for child in self.children]
        return " ".join("".join(parts).split())


class Reader(HTMLParser):
    """Builds the tree of a page, and refuses one that is not well closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open = [Node("page")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag, f"{tag} is closed out of order"

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def build(out: Path) -> Path:
    planned = plan_reports(select_jobs(Selection(("harrow",), tuple(NOTEBOOKS))), out)
    outcome = run_reports(planned, out, jobs=2)
    assert outcome.failures == ()
    assert outcome.built == len(NOTEBOOKS)
    return out


@pytest.fixture(scope="module")
def reports(built_reports: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The shared reports, and an environment that like theirs holds no published file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("CSP_MIRROR", raising=False)
        patch.setenv("CSP_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield built_reports


@pytest.fixture(scope="module", params=NOTEBOOKS)
def path(request: pytest.FixtureRequest, reports: Path) -> Path:
    return reports / HARROW / f"{request.param}.html"


@pytest.fixture(scope="module")
def page(path: Path) -> Node:
    reader = Reader()
    reader.feed(path.read_text("utf-8"))
    reader.close()
    assert len(reader.open) == 1, "something is left open"
    return reader.open[0]


def key_findings(page: Node) -> Node:
    (found,) = (
        section
        for section in page.all("section")
        if section.attributes.get("aria-labelledby") == "key-findings"
    )
    return found


def test_a_link_to_a_section_holds_whatever_is_found(page: Node, path: Path) -> None:
    notebook = json.loads((project_root() / f"notebooks/{path.stem}.ipynb").read_text("utf-8"))
    cells = {cell["id"] for cell in notebook["cells"]}
    sections = {section.attributes["aria-labelledby"] for section in page.all("section")}
    assert sections - {*FRAME_ANCHORS, "one-page"} <= cells
    # Else the figure's own name, and that of its CSV, would depend on what stands before it.
    assert not cells & {figure.attributes.get("id") for figure in page.all("figure")}


def test_key_findings_come_first_and_each_leads_to_its_section(page: Node) -> None:
    (main,) = page.all("main")
    assert [section.attributes for section in main.all("section")][0] == (
        key_findings(page).attributes
    )
    assert main.all("h2")[0].text == "Key findings"
    identifiers = {node.attributes.get("id") for node in page.all("h2")}
    links = [link.attributes["href"] for link in key_findings(page).all("a")]
    assert len(links) >= 4
    assert all(link[1:] in identifiers for link in links)
    items = key_findings(page).all("li")
    assert all("How sure:" in item.text for item in items)


def test_the_key_findings_of_the_strategic_assessment_have_harrows_numbers(
    reports: Path,
) -> None:
    text = _text_of(reports / HARROW / "strategic_assessment.html")
    harrow = Assessment.open("harrow")
    before, after = (
        harrow.count("total_without_fraud", year)
        for year in (harrow.previous_year, harrow.latest_year)
    )
    # 15,662 to 16,493 as the figures to May 2025 have it.
    assert f"Harrow had {after:,} recorded offences, fraud left out" in text
    assert f"from {before:,} to {after:,}" in text


def test_the_report_on_targets_has_the_founding_plans_numbers(reports: Path) -> None:
    path = reports / HARROW / "targets.html"
    key, whole = _text_of(path), _page_of(path).text
    assert "8,255 to 6,377" in key
    assert "2,500 fewer of 11,615" in key
    assert "11,616 − 9,130 = 2,486" in whole
    assert "15 of 32 boroughs met the same" in whole


def _page_of(path: Path) -> Node:
    reader = Reader()
    reader.feed(path.read_text("utf-8"))
    return reader.open[0]


def _text_of(path: Path) -> str:
    return key_findings(_page_of(path)).text


def test_every_chart_has_title_description_table_csv_and_source(page: Node) -> None:
    charts = [
        figure for figure in page.all("figure") if figure.attributes.get("class") == "csp-chart"
    ]
    assert len(charts) >= 4
    for chart in charts:
        name = chart.attributes["id"]
        drawings = chart.all("svg")
        assert drawings, name
        (description,) = chart.all("desc")
        assert len(description.text.split()) >= 8, name
        for drawing in drawings:
            assert drawing.attributes["role"] == "img"
            (title,) = drawing.all("title")
            assert title.text, name
            labels = drawing.attributes["aria-labelledby"].split()
            assert labels == [title.attributes["id"], description.attributes["id"]]
        _check_table(chart)


def test_a_report_is_small_and_the_titles_of_its_charts_are_short(
    page: Node, path: Path
) -> None:
    titles = [
        each.text for each in page.all("p") if each.attributes.get("class") == "csp-chart-title"
    ]
    assert titles
    assert path.stat().st_size <= MOST_BYTES * max(1, len(titles) / 10)
    assert not [title for title in titles if title_words(title) > TITLE_WORDS]


def test_every_table_has_caption_headers_csv_and_source(page: Node) -> None:
    tables = [
        figure for figure in page.all("figure") if figure.attributes.get("class") == "csp-table"
    ]
    assert tables
    for table in tables:
        # The one page holds sentences of the sections below it, and links in place of data.
        if table.attributes["id"] != "statutory":
            _check_table(table)


def _check_table(figure: Node) -> None:
    name = figure.attributes["id"]
    (table,) = figure.all("table")
    (caption,) = table.all("caption")
    assert caption.text, name
    body = table.all("tbody")[0].all("tr")
    assert body, name
    columns = table.all("thead")[0].all("th")
    assert all(each.attributes.get("scope") == "col" for each in columns)
    assert all(row.all("th")[0].attributes.get("scope") == "row" for row in body)
    (link,) = (each for each in figure.all("a") if "download" in each.attributes)
    kind, _, content = link.attributes["href"].partition(",")
    assert kind.startswith("data:text/csv")
    rows = list(csv.reader(io.StringIO(unquote(content).lstrip("\ufeff"))))
    assert len(rows) == len(body) + 1, name
    assert len(rows[0]) == len(columns), name
    (source,) = figure.all("figcaption")
    known = {each.publisher for each in load_registry().sources} | OWN_SOURCES
    assert source.text.startswith("Source: "), name
    assert any(each in source.text for each in known), source.text
    without_month = (*OWN_SOURCES, *OF_ALL)
    assert ", published " in source.text or any(e in source.text for e in without_month)


def test_the_page_runs_no_script_and_asks_for_nothing(page: Node, path: Path) -> None:
    assert not page.all("script")
    for tag in ("link", "iframe", "object", "embed", "form", "base", "video", "audio"):
        assert not page.all(tag), tag
    policies = [
        meta.attributes["content"]
        for meta in page.all("meta")
        if meta.attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert len(policies) == 1
    assert "default-src 'none'" in policies[0]
    assert "script" not in policies[0]
    for tag in ("a", "img", "image", "use", "source"):
        for node in page.all(tag):
            for name in ("href", "src", "xlink:href"):
                address = node.attributes.get(name, "#")
                assert address.startswith(("#", "data:")) or tag == "a", address
    html = path.read_text("utf-8")
    assert not re.search(r"url\(\s*['\"]?(?!#|data:)|@import", html)
    assert not re.search(r"\son[a-z]+\s*=", re.sub(r">[^<]*<", "><", html))


def test_one_first_heading_a_language_and_no_identifier_twice(page: Node) -> None:
    (html,) = page.all("html")
    assert html.attributes["lang"] == "en-GB"
    (heading,) = page.all("h1")
    assert "Harrow" in heading.text
    identifiers: list[str] = []

    def collect(node: Node) -> None:
        identifiers.extend([node.attributes["id"]] if "id" in node.attributes else [])
        for child in node.children:
            if isinstance(child, Node):
                collect(child)

    collect(page)
    assert len(identifiers) == len(set(identifiers))
    anchors = {
        a.attributes["href"][1:] for a in page.all("a") if a.attributes["href"][0] == "#"
    }
    assert anchors <= set(identifiers)


def test_nothing_of_the_workplace_is_printed(path: Path, reports: Path) -> None:
    html = path.read_text("utf-8")
    for word in (str(Path.cwd()), str(Path.home()) + "/", str(reports), "Traceback"):
        assert word not in html
    assert not re.search(r"\bnan\b|&lt;NA&gt;|\bNaT\b", re.sub(r"<[^>]*>", " ", html))


def test_the_index_lists_every_report_with_its_headline(reports: Path) -> None:
    index = (reports / "index.html").read_text("utf-8")
    for notebook in NOTEBOOKS:
        assert f"{HARROW}/{notebook}.html" in index
    assert "Harrow" in index
    # The search box; tests/browser/test_site.py reads the site without it.
    assert index.count("<script") == 1


def test_two_runs_give_the_same_bytes(reports: Path, tmp_path: Path) -> None:
    again = build(tmp_path / "again")
    for name in (f"{HARROW}/{notebook}.html" for notebook in NOTEBOOKS):
        assert (again / name).read_bytes() == (reports / name).read_bytes(), name
