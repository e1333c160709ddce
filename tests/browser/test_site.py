"""The site in a real browser: with script and without, light and dark, wide and narrow.

The reports are those that all tests of this folder share; one of them is built once more
with another cut, as an analyst would, so that there is something to say of what changed.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

import pytest
from playwright.sync_api import expect

from analysis.params.site import load_site_params
from analysis.publish.contents import read_contents
from analysis.publish.plan import Selection, plan_reports, select_jobs
from analysis.publish.run import run_reports
from analysis.publish.site.folder import PAGES
from analysis.publish.site.reports import by_theme, list_reports

pytestmark = pytest.mark.slow

Visiting = Callable[..., Any]
MODES = [(scheme, width) for scheme in ("light", "dark") for width in (1280, 320)]
HARROW = "E09000015"
PLACE = "element => element.getBoundingClientRect().top + scrollY"


@pytest.fixture(scope="module")
def site(built_reports: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shared folder after a second run, of one report, as of another month."""
    out = tmp_path_factory.mktemp("site") / "reports"
    shutil.copytree(built_reports, out)
    selection = Selection(("harrow",), ("public_confidence",), {"as_of": "2024-12"})
    planned = plan_reports(select_jobs(selection), out)
    outcome = run_reports(planned, out, selection=selection.as_json())
    assert outcome.failures == ()
    return out


@pytest.mark.parametrize(("scheme", "width"), MODES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_site_has_no_fault_in_any_mode(
    name: str, scheme: str, width: int, site: Path, visiting: Visiting
) -> None:
    with visiting(site / name, width, color_scheme=scheme) as visit:
        assert visit.requests == [(site / name).as_uri()]
        visit.open_details()
        for check in ("overflowing", "cut", "contrast", "tables"):
            assert visit.look(check) == [], check
        assert visit.said == []
        assert visit.axe()["violations"] == {}


@pytest.mark.parametrize("name", PAGES)
def test_the_keyboard_reaches_every_link_of_the_site(
    name: str, site: Path, visiting: Visiting
) -> None:
    with visiting(site / name) as visit:
        page = visit.page
        expected = page.locator("a:visible, summary:visible, input:visible").count()
        met = set()
        for _ in range(3 * expected):
            page.keyboard.press("Tab")
            told = page.evaluate(
                "(() => { const at = document.activeElement; return at === document.body ? '' :"
                " [at.tagName, [...document.querySelectorAll(at.tagName)].indexOf(at)].join(); "
                "})()"
            )
            if not told or told in met:
                break
            met.add(told)
        reached = [one for one in met if one.split(",")[0] in ("A", "SUMMARY", "INPUT")]
        # The link that skips to the content is only visible once it is reached.
        assert len(reached) in (expected, expected + 1)


def test_the_search_filters_counts_and_gives_all_back(site: Path, visiting: Visiting) -> None:
    with visiting(site / "index.html") as visit:
        page = visit.page
        box = page.get_by_role(
            "searchbox", name="Find a borough, a theme or words of a finding"
        )
        shown = page.locator("#by-borough ~ section li[data-report]:visible")
        everything = shown.count()
        top = page.locator("#by-borough").evaluate(PLACE)
        assert top > page.viewport_size["height"]

        box.fill("harrow trust")
        expect(page.get_by_role("status")).to_have_text(re.compile(r"^\d+ reports? match"))
        assert 0 < shown.count() < everything
        for text in shown.all_inner_texts():
            assert "harrow" in text.casefold()
        # What was found has come up into the first screen, where the map was.
        box_end = shown.first.evaluate(PLACE) + 60
        assert box_end < page.viewport_size["height"]

        for words, told in (
            ("no such words", "Try one word: a borough, a theme or a kind of crime."),
            ("barking", "Barking and Dagenham has no report here yet."),
        ):
            box.fill(words)
            expect(page.get_by_role("status")).to_have_text(
                f"0 reports match, of {everything}. {told}"
            )
            assert shown.count() == 0
        box.fill("")
        expect(page.get_by_role("status")).to_have_text("")
        assert shown.count() == everything


def test_the_search_knows_a_word_in_the_plural_and_a_report_by_its_file(
    site: Path, visiting: Visiting
) -> None:
    with visiting(site / "index.html") as visit:
        page = visit.page
        shown = page.locator("#by-borough ~ section li[data-report]:visible")
        for words, notebook in (("targets", "targets"), ("burglaries", "safer_locations")):
            page.get_by_role("searchbox").fill(words)
            expect(page.get_by_role("status")).to_have_text(re.compile(r"^[1-9]\d* reports? "))
            keys = [one.get_attribute("data-report") or "" for one in shown.all()]
            assert any(key.endswith(notebook) for key in keys), words


def test_search_box_and_whole_map_stand_in_the_first_screen(
    site: Path, visiting: Visiting
) -> None:
    with visiting(site / "index.html", 1280) as visit:
        page = visit.page
        page.set_viewport_size({"width": 1280, "height": 800})
        for part in ("#search", ".csp-tiles"):
            place = page.locator(part).bounding_box()
            assert place is not None
            assert place["y"] + place["height"] <= 800, part


def test_words_of_a_later_finding_open_what_holds_them(site: Path, visiting: Visiting) -> None:
    (report,) = (
        one
        for one in list_reports(site)
        if one.row.area_code == HARROW and one.row.notebook == "targets"
    )
    heading, _, _ = report.other_findings[-1]
    with visiting(site / "index.html") as visit:
        page = visit.page
        page.get_by_role("searchbox").fill(heading)
        found = page.get_by_role("link", name=heading, exact=True)
        expect(found.first).to_be_visible()


def test_a_word_of_a_section_alone_finds_its_report_and_names_the_section(
    site: Path, visiting: Visiting
) -> None:
    (report,) = (
        one
        for one in list_reports(site)
        if one.row.area_code == HARROW and one.row.notebook == "protecting_victims"
    )
    (heading,) = (heading for heading in report.other_sections if "knife" in heading)
    with visiting(site / "index.html") as visit:
        page = visit.page
        entry = page.locator(f'[data-report="{report.key}"][data-area]')
        page.get_by_role("searchbox").fill("knife")
        expect(entry).to_be_visible()
        expect(entry).to_contain_text(f"One of its sections: {heading}")
        page.get_by_role("searchbox").fill("")
        expect(entry).not_to_contain_text("One of its sections")


def test_the_search_box_moves_nothing_when_it_appears(site: Path, visiting: Visiting) -> None:
    with visiting(site / "index.html") as visit:
        shifts = visit.page.evaluate(
            "new Promise(told => { new PerformanceObserver(list => told(list.getEntries()"
            ".map(one => one.value))).observe({type: 'layout-shift', buffered: true});"
            " setTimeout(() => told([]), 500); })"
        )
        assert shifts == []


def test_without_script_everything_is_there_but_the_search(
    site: Path, visiting: Visiting
) -> None:
    reports = list_reports(site)
    with visiting(site / "index.html", java_script_enabled=False) as visit:
        page = visit.page
        expect(page.locator("#search-words")).to_be_hidden()
        assert page.locator("#search").bounding_box() is None
        for report in reports:
            item = page.locator(f'#by-borough ~ section li[data-report="{report.key}"]')
            expect(item).to_be_visible()
            expect(item).to_contain_text(report.told.headline)
        assert page.locator("#by-theme ~ section li[data-report]:visible").count() == len(
            reports
        )


def test_squares_of_the_map_land_at_their_borough(site: Path, visiting: Visiting) -> None:
    boroughs = {report.area_name for report in list_reports(site)}
    with visiting(site / "index.html", 320, reduced_motion="reduce") as visit:
        page = visit.page
        squares = page.locator(".csp-tiles a")
        assert squares.count() == len(boroughs)
        assert page.locator(".csp-tiles li").count() == 32
        for name in boroughs:
            square = page.get_by_role(
                "link", name=re.compile(rf"^[A-Z]{{3}} {name} \d+ report")
            )
            square.focus()
            page.keyboard.press("Enter")
            heading = page.get_by_role("heading", name=name, exact=True)
            box = heading.bounding_box()
            assert box is not None
            assert -1 <= box["y"] < 800
            size = square.bounding_box()
            assert size is not None
            assert min(size["width"], size["height"]) >= 24


def test_squares_of_the_map_can_be_read_on_paper(site: Path, visiting: Visiting) -> None:
    with visiting(site / "index.html", color_scheme="dark") as visit:
        visit.page.emulate_media(media="print")
        square = visit.page.locator(".csp-tiles a").first
        expect(square).to_have_css("color", "rgb(0, 0, 0)")
        expect(square).to_have_css("background-color", "rgba(0, 0, 0, 0)")


def test_the_changes_page_tells_of_the_second_run(site: Path, visiting: Visiting) -> None:
    with visiting(site / "changes.html") as visit:
        text = visit.page.locator("body").inner_text()
        assert re.search(r"\d+ of [\d,]+ numbers changed, the largest: ", text)
        assert "Parameter as_of: not given, now 2024-12" in text
        assert "parameters differ" in text
        assert re.search(r"Figures now\s+Harrow to December 2024", text)
        assert visit.page.locator("tbody tr").count() > 0


def test_the_list_of_runs_tells_of_both(site: Path, visiting: Visiting) -> None:
    with visiting(site / "runs.html") as visit:
        rows = visit.page.locator("#runs ~ div tbody tr")
        assert rows.count() == 2
        expect(rows.first).to_contain_text("Harrow: public confidence; as_of 2024-12")


def test_every_number_set_side_by_side_stands_in_its_report(site: Path) -> None:
    html = (site / "comparison.html").read_text("utf-8")
    reports = list_reports(site)
    tables = {
        f"{report.address}#{table.table_id}": {
            _plain(cell) for row in table.rows for cell in row
        }
        for report in reports
        for table in (report.contents.tables if report.contents else ())
    }
    wanted = load_site_params().side_by_side
    assert set(wanted) <= set(by_theme(reports, []))
    seen = set()
    rows = re.findall(r'<tr><th scope="row"><a href="([^"]+#[^"]+)">.*?</th>(.*?)</tr>', html)
    for address, cells in rows:
        seen.add(address.partition("#")[2])
        told = re.findall(r"<td(?! class=\"csp-t csp-wide-cell\")[^>]*>(.*?)</td>", cells)
        assert told, address
        for cell in map(unescape, told):
            assert _plain(cell) in tables[address], f"{address}: {cell}"
    assert {table.table for chosen in wanted.values() for table in chosen} <= seen


def _plain(cell: str) -> str:
    """A cell as a page prints it or as a file has it, in one spelling."""
    text = cell.replace(",", "").replace("\u2212", "-")
    try:
        return str(float(text))
    except ValueError:
        return text


def test_reports_of_unlike_dates_are_marked_where_they_stand_side_by_side(
    site: Path, visiting: Visiting
) -> None:
    with visiting(site / "comparison.html") as visit:
        theme = visit.page.locator('section[aria-labelledby="theme-public_confidence"]')
        expect(theme).to_contain_text("Not the same figures")
        expect(theme.locator(".csp-beside tbody").first).to_contain_text("To December 2024")
        other = visit.page.locator('section[aria-labelledby="theme-targets"]')
        expect(other).not_to_contain_text("Not the same figures")


def test_the_archive_is_what_the_links_of_the_pages_save(
    site: Path, visiting: Visiting, tmp_path: Path
) -> None:
    with visiting(site / "index.html") as visit:
        with visit.page.expect_download() as download:
            visit.page.get_by_role("link", name=re.compile("^Download all data tables")).click()
        saved = tmp_path / "tables.zip"
        download.value.save_as(saved)
    archive = ZipFile(saved)
    in_pages = {}
    for page in sorted(site.glob("E*/*.html")):
        html = page.read_text("utf-8")
        for address, name in re.findall(
            r'href="data:text/csv[^,]*,([^"]*)" download="([^"]*)"', html
        ):
            in_pages[f"{page.parent.name}/{page.stem}/{name}"] = unquote(address)
    in_archive = {
        name: archive.read(name).decode() for name in archive.namelist() if "/" in name
    }
    assert len(in_pages) > 100
    assert in_archive == in_pages
    listed = csv.DictReader(io.StringIO(archive.read("tables.csv").decode()))
    assert [row["path"] for row in listed] == sorted(in_pages)


def test_what_is_read_back_from_a_report_is_what_it_says(site: Path) -> None:
    for page in site.glob("E*/*.html"):
        html = page.read_text("utf-8")
        contents = read_contents(html)
        assert len(contents.findings) == html.count('class="csp-key-heading"') > 0
        assert len(contents.tables) == html.count("data:text/csv") > 0
        assert all(table.title and table.source for table in contents.tables), page
        assert all(one.sentence and one.certainty for one in contents.findings), page
        assert contents.vintage
