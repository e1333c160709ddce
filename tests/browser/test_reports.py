"""Every report of three boroughs as a reader has it: light or dark, on a desk or a telephone.

Each page is opened once in each of the four ways, everything folded opened, and looked at for
all that a mode may spoil. What depends on no mode is in the files beside this one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
MODES = [(scheme, width) for scheme in ("light", "dark") for width in (1280, 320)]

SMALLEST_LETTERS = 11
# Pixels in a drawing as it is shown: what the narrow drawings are made for.

UNDECIDED = {
    "color-contrast": "axe cannot tell what lies behind text in a table that scrolls or a "
    "caption that stays; our own check decides every piece of text",
}
# Kinds of result that axe leaves open, and why each is no fault.


@dataclass
class Seen:
    """All that was found in one report in one mode."""

    requests: list[str]
    said: list[str]
    axe: dict[str, dict[str, list[str]]]
    faults: dict[str, list[str]]


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(
            (borough, notebook, *mode), id="-".join(map(str, (borough, notebook, *mode)))
        )
        for borough in BOROUGHS
        for notebook in NOTEBOOKS
        for mode in MODES
    ],
)
def seen(request: pytest.FixtureRequest, built_reports: Path, visiting: Any) -> Iterator[Seen]:
    borough, notebook, scheme, width = request.param
    page = built_reports / BOROUGHS[borough] / f"{notebook}.html"
    with visiting(page, width, color_scheme=scheme) as visit:
        visit.open_details()
        faults = {
            check: visit.look(check)
            for check in ("overflowing", "cut", "contrast", "alternatives", "tables")
        }
        faults["small"] = visit.look("small", SMALLEST_LETTERS)
        # What axe itself does in the page is not the page's.
        requests, said = list(visit.requests), list(visit.said)
        assert requests.pop(0) == page.as_uri()
        yield Seen(requests, said, visit.axe(), faults)


def test_axe_finds_nothing(seen: Seen) -> None:
    assert seen.axe["violations"] == {}


def test_what_axe_leaves_open_is_decided(seen: Seen) -> None:
    assert set(seen.axe["incomplete"]) <= set(UNDECIDED), seen.axe["incomplete"]


def test_the_page_asks_for_nothing_and_says_nothing(seen: Seen) -> None:
    assert seen.requests == []
    assert seen.said == []


def test_nothing_is_wider_than_the_window_or_cut(seen: Seen) -> None:
    assert seen.faults["overflowing"] == []
    assert seen.faults["cut"] == []


def test_the_letters_of_drawings_are_not_too_small(seen: Seen) -> None:
    assert seen.faults["small"] == []


def test_all_text_outside_drawings_stands_out_from_its_ground(seen: Seen) -> None:
    assert seen.faults["contrast"] == []


def test_every_drawing_has_a_name_and_a_description_of_its_own(seen: Seen) -> None:
    assert seen.faults["alternatives"] == []


def test_every_table_has_a_caption_heads_and_a_key(seen: Seen) -> None:
    assert seen.faults["tables"] == []
