"""A page that the project's own template made is read back as what was put into it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from analysis.charts.table import Table
from analysis.publish.contents import PageContents, StatedFinding, read_contents
from analysis.publish.html.page import KeyFinding, Page, Section
from analysis.publish.html.render import render_page

FRAME = pd.DataFrame({"Area": ["A & B, C", "=1+1"], "Crime (%)": [1200.5, None]})
TABLE = Table('Crime "fell" & rose', FRAME, "Metropolitan Police Service, <2025>.", "crime")


@pytest.fixture
def page() -> Page:
    """A report of one section with one table."""
    key = KeyFinding("it-fell", "It fell & <rose>", "By 3%.", "low", "few are counted")
    html = ['<h2 id="it-fell">It fell</h2>', TABLE.html]
    section = Section("it-fell", "It fell", html, certainty="low")
    return Page(
        "Is it rising?", {}, {}, key_findings=[key], sections=[section], vintage="Harrow to May"
    )


def test_a_page_is_read_back_as_it_was_made(page: Page) -> None:
    contents = read_contents(render_page(page, where="it"))
    assert contents.vintage == "Harrow to May"
    (finding,) = contents.findings
    assert (finding.heading, finding.sentence) == ("It fell & <rose>", "By 3%.")
    assert (finding.certainty, finding.anchor) == ("low", "it-fell")
    (table,) = contents.tables
    assert (table.table_id, table.title) == ("crime", 'Crime "fell" & rose')
    assert table.source == "Metropolitan Police Service, <2025>."
    assert table.rows == [["Area", "Crime (%)"], ["A & B, C", "1200.5"], ["'=1+1", "[x]"]]
    (section,) = contents.sections
    assert (section.heading, section.anchor) == ("It fell", "it-fell")
    assert PageContents.unpacked(contents.packed()) == contents


def test_a_finding_kept_by_an_older_release_is_read() -> None:
    told = {"heading": "It fell", "sentence": "So.", "certainty": "low", "anchor": "a"}
    kept = StatedFinding.kept({**told, "table_id": "crime"})
    assert kept == StatedFinding(**told)


def test_a_section_without_a_finding_is_none(page: Page) -> None:
    plain = replace(page.sections[0], certainty="")
    contents = read_contents(render_page(replace(page, sections=[plain]), where="it"))
    assert contents.sections == ()
    assert contents.tables


def test_a_page_without_findings_and_tables_cannot_be_read(page: Page) -> None:
    empty = replace(page, key_findings=[], sections=[])
    assert not read_contents(render_page(empty, where="it")).is_readable
    assert read_contents(render_page(page, where="it")).is_readable


def test_a_table_shown_in_two_sections_is_read_from_both(page: Page) -> None:
    heading = '<h2 id="again">Again</h2>'
    other = Table("Again", FRAME.assign(Area=["B", "C"]), "Met.", "crime")
    again = Section(
        "again", "Again", [heading, other.html.replace('id="crime"', 'id="crime-2"')]
    )
    contents = read_contents(
        render_page(replace(page, sections=[*page.sections, again]), where="it")
    )
    assert [table.table_id for table in contents.tables] == ["crime", "crime-2"]
