"""Every report as somebody reads it: by keyboard, by ear, enlarged, recoloured, on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

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
    for place, (borough, code) in enumerate(BOROUGHS.items())
    for notebook in NOTEBOOKS[place :: len(BOROUGHS)]
]
# Each notebook for one borough, each borough for two notebooks or three: what is read here
# is made alike for all. Colours, widths and axe are looked at for all, in the file beside.


@pytest.fixture(scope="module", params=REPORTS)
def page(request: pytest.FixtureRequest, built_reports: Path) -> Path:
    return built_reports / request.param


@pytest.fixture(scope="module")
def visit(page: Path, visiting: Any) -> Iterator[Any]:
    """The report with everything folded opened, once for all that only reads it."""
    with visiting(page) as visited:
        visited.open_details()
        yield visited


def test_what_a_screen_reader_meets_is_in_order(visit: Any) -> None:
    assert visit.spoken_faults() == []


def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(visit: Any) -> None:
    assert visit.keyboard_faults() == []


def test_links_within_the_page_land_and_take_the_keyboard_along(visit: Any) -> None:
    assert visit.landing_faults() == []


def test_a_link_sent_to_somebody_opens_at_its_place(page: Path, visiting: Any) -> None:
    with visiting(page) as visit:
        assert visit.arrival_faults() == []


def test_every_table_saved_from_disk_holds_what_the_page_shows(visit: Any) -> None:
    assert visit.saved_faults() == []


def test_nothing_is_lost_when_text_is_twice_as_large(page: Path, visiting: Any) -> None:
    with visiting(page) as visit:
        visit.open_details()
        visit.page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert visit.look("overflowing") + visit.look("cut") == []


def test_nothing_is_lost_when_a_reader_spaces_the_text(page: Path, visiting: Any) -> None:
    with visiting(page, 320) as visit:
        visit.open_details()
        visit.space_out()
        assert visit.look("overflowing") + visit.look("cut", True) == []


def test_nothing_moves_and_the_colours_a_reader_asks_for_are_kept(
    page: Path, visiting: Any
) -> None:
    asked = {"color_scheme": "dark", "forced_colors": "active"}
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
