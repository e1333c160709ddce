"""Every report as somebody reads it: by keyboard, by ear, enlarged, recoloured, on paper."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.project import project_root

pytestmark = pytest.mark.slow

BOROUGHS = {
    "Harrow": "E09000015",
    "Havering": "E09000016",
    "Kensington and Chelsea": "E09000020",
}
NOTEBOOKS = sorted(path.stem for path in (project_root() / "notebooks").glob("*.ipynb"))
REPORTS = [
    pytest.param(f"{code}/{notebook}.html", id=f"{borough}-{notebook}")
    for borough, code in BOROUGHS.items()
    for notebook in NOTEBOOKS
]

SPACED = """
:not(svg, svg *) { line-height: 1.5 !important; letter-spacing: .12em !important;
  word-spacing: .16em !important; }
svg { letter-spacing: normal; word-spacing: normal; }
p { margin-bottom: 2em !important; }
"""
# WCAG 2.2, 1.4.12: what a reader may set without losing anything. The labels of a drawing
# stand in the table behind it, where they are spaced.

NAMED = {"navigation", "region", "table", "link", "columnheader", "rowheader"}
SPOKEN = ("table", "columnheader", "rowheader", "img", "list", "link")
# What must have a name to be found by it, and what every report has. Names of drawings, longer
# than this tree tells, are looked at in the page itself.

AT_ONCE = 8
# Tables saved from one window: after ten the browser asks whether more may be.


@pytest.fixture(scope="module", params=REPORTS)
def page(request: pytest.FixtureRequest, built_reports: Path) -> Path:
    return built_reports / request.param


@pytest.fixture(scope="module")
def visit(page: Path, visiting: Any) -> Iterator[Any]:
    """The report with everything folded opened, once for all that only reads it."""
    with visiting(page, reduced_motion="reduce") as visited:
        visited.open_details()
        yield visited


def test_what_a_screen_reader_meets_is_in_order(visit: Any) -> None:
    assert spoken_faults(visit.page.locator("body").aria_snapshot()) == []


def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(visit: Any) -> None:
    assert keyboard_faults(visit) == []


def test_links_within_the_page_land_and_take_the_keyboard_along(visit: Any) -> None:
    assert landing_faults(visit) == []


def test_every_table_saved_from_disk_holds_what_the_page_shows(visit: Any) -> None:
    saved = saved_tables(visit)
    assert saved
    assert [fault for one in saved for fault in one] == []


def test_nothing_is_lost_when_text_is_twice_as_large(page: Path, visiting: Any) -> None:
    with visiting(page) as visit:
        visit.open_details()
        visit.page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert visit.look("overflowing") + visit.look("cut") == []


def test_nothing_is_lost_when_a_reader_spaces_the_text(page: Path, visiting: Any) -> None:
    with visiting(page, 320) as visit:
        visit.open_details()
        space_out(visit)
        assert visit.look("overflowing") + visit.look("cut") == []


def test_the_colours_and_the_stillness_a_reader_asks_for_are_kept(
    page: Path, visiting: Any
) -> None:
    asked = {"color_scheme": "dark", "forced_colors": "active", "reduced_motion": "reduce"}
    with visiting(page, **asked) as visit:
        visit.open_details()
        assert visit.look("contrast") + visit.look("moving") == []
        visit.look("begin")
        visit.page.keyboard.press("Tab")
        assert visit.look("here")["isOutlined"]


def test_paper_shows_the_findings_in_black_and_no_controls(page: Path, visiting: Any) -> None:
    # As wide as A4 between the margins.
    with visiting(page, 680, color_scheme="dark") as visit:
        visit.page.emulate_media(media="print")
        assert visit.look("paper") + visit.look("contrast") == []


def space_out(visit: Any) -> None:
    visit.page.evaluate(
        "style => { const sheet = new CSSStyleSheet(); sheet.replaceSync(style); "
        "document.adoptedStyleSheets.push(sheet); }",
        SPACED,
    )


def spoken_faults(snapshot: str) -> list[str]:
    """What is out of order in the tree that a screen reader is given."""
    met = list(spoken(yaml.safe_load(snapshot)))
    levels = [int(rest[7]) for role, _, rest in met if role == "heading"]
    faults = [] if levels.count(1) == 1 and levels[:1] == [1] else [f"first headings: {levels}"]
    faults += [
        f"a heading of level {after} after one of level {before}"
        for before, after in pairwise(levels)
        if after > before + 1
    ]
    roles = [role for role, _, _ in met]
    faults += [
        f"{roles.count(role)} {role} landmarks"
        for role in ("banner", "main", "navigation", "contentinfo")
        if roles.count(role) != 1
    ]
    faults += [
        f"a {role} without a name" for role, name, _ in met if role in NAMED and not name
    ]
    faults += [f"no {role}" for role in SPOKEN if role not in roles]
    return faults


def spoken(node: object) -> Iterator[tuple[str, str, str]]:
    """Role, name and state of each thing in the tree, in order.

    The tree is YAML: ``- heading "Crime fell" [level=2]``, ``- main:`` with what is inside.
    """
    if isinstance(node, list):
        for child in node:
            yield from spoken(child)
    elif isinstance(node, dict):
        for name, inside in node.items():
            yield from spoken(name)
            yield from spoken(inside) if isinstance(inside, list) else ()
    elif isinstance(node, str):
        found = re.fullmatch(r'(\w+)(?: "(.*)")?((?: ?\[[^\]]*\])*)', node, re.DOTALL)
        if found:
            yield found[1], found[2] or "", found[3].strip()


def keyboard_faults(visit: Any) -> list[str]:
    """Where the Tab key does not come, comes out of order, or cannot be seen."""
    keyboard = visit.page.keyboard
    visit.page.evaluate("scrollTo(0, 0); document.activeElement.blur()")
    expected = visit.look("begin")
    met, faults = [], []
    for _ in range(expected + 20):
        keyboard.press("Tab")
        here = visit.look("here")
        if here["isNone"] or (met and here["place"] == met[0]):
            break
        if here["place"] in met:
            faults.append(f"comes again: {here['name']}")
            break
        met.append(here["place"])
        if not here["isOutlined"]:
            faults.append(f"not seen to be there: {here['name']}")
        if not here["isInView"]:
            faults.append(f"out of sight: {here['name']}")
        if len(met) == 1 and here["href"] != "#main":
            faults.append(f"first is no skip link: {here['name']}")
    if met != list(range(expected)):
        faults.append(f"{expected} stops, met: {met}")
    linked = set(visit.page.evaluate("stopsOfPage.map(it => it.getAttribute('href') || '')"))
    return faults + [
        f"no link to {heading['name']}"
        for heading in visit.look("headings")
        if f"#{heading['id']}" not in linked
    ]


LANDED = """address => {
  const target = document.getElementById(decodeURIComponent(address.slice(1)));
  const box = target.getBoundingClientRect();
  const bottom = document.documentElement.scrollHeight - innerHeight - scrollY < 2;
  return box.top >= -1 && (box.top < innerHeight / 2 || (bottom && box.top < innerHeight));
}"""
FOLLOWED = """address => {
  const target = document.getElementById(decodeURIComponent(address.slice(1)));
  const at = document.activeElement;
  return target.contains(at) ||
    Boolean(target.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING) ||
    at === document.body;
}"""


def landing_faults(visit: Any) -> list[str]:
    """Links of the contents and the key findings that do not bring eye and keyboard along."""
    faults = []
    links = visit.page.locator(
        ".csp-skip, nav a[href^='#'], .csp-key-findings a[href^='#'], footer a[href^='#']"
    )
    for link in links.all():
        address = link.get_attribute("href")
        link.focus()
        visit.page.keyboard.press("Enter")
        if not visit.page.evaluate(LANDED, address):
            faults.append(f"{address} is not in view")
        visit.page.keyboard.press("Tab")
        if not visit.page.evaluate(FOLLOWED, address):
            faults.append(f"the keyboard stays behind at {address}")
    return faults if links.count() > 2 else ["no contents"]


def saved_tables(visit: Any) -> list[list[str]]:
    """For each table that can be saved, how the file differs from what is shown."""
    figures, found = visit.look("figures"), []
    for first in range(0, len(figures), AT_ONCE):
        page = visit.page.context.new_page()
        page.goto(visit.page.url.partition("#")[0])
        page.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")
        for figure in figures[first : first + AT_ONCE]:
            saved = _saved(page, figure["id"])
            found.append(_differences(figure["id"], figure["rows"], saved))
        page.close()
    return found


def _saved(page: Any, figure: str) -> tuple[str, list[list[str]]]:
    link = page.locator(f"#{figure} a[download]")
    with page.expect_download() as download:
        link.click()
    text = Path(download.value.path()).read_text("utf-8-sig")
    return download.value.suggested_filename, list(csv.reader(io.StringIO(text)))


def _differences(
    figure: str, shown: list[list[str]], saved: tuple[str, list[list[str]]]
) -> list[str]:
    name, rows = saved
    faults = [] if name == f"{figure}.csv" else [f"{figure} is saved as {name}"]
    if [len(row) for row in rows] != [len(row) for row in shown]:
        return [*faults, f"{figure}: rows or columns are missing"]
    return faults + [
        f"{figure}: {cell!r} is shown, {value!r} saved"
        for row, line in zip(shown, rows, strict=True)
        for cell, value in zip(row, line, strict=True)
        if as_saved(cell) != " ".join(value.split())
    ]


def as_saved(cell: str) -> str:
    """What a cell of the page becomes in a file that a spreadsheet opens.

    No thousands separators, a plain minus, and nothing that is taken for a formula.
    """
    cell = " ".join(cell.split())
    plain = cell.replace("\u2212", "-").replace(",", "")
    if re.fullmatch(r"-?\d+(\.\d+)?", plain):
        return plain
    return f"'{cell}" if cell[:1] in tuple("=+-@\uff1d\uff0b\uff0d\uff20") else cell
