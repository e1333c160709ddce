"""What the notebooks say of each of the 32 boroughs: whole sentences, whatever the cut."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product

import pytest

from analysis.findings.change_words import MOST_WORDS
from analysis.findings.finding import MAX_HEADING_WORDS, Piece
from analysis.params.areas import area_name, borough_codes
from analysis.project import project_root

NOTEBOOKS = sorted(path.stem for path in (project_root() / "notebooks").glob("*.ipynb"))
EARLIER = ["2013-03", "2019-12", "2024-12"]
# December 2024 is the end of a year that holds Heathrow's move into Hillingdon.

ODD_ONES = ["E09000017", "E09000033"]
# Hillingdon, which Heathrow joined, and Westminster, whose rate is ten times another's.

APART = 4
# Each notebook is read for another quarter of the boroughs, so that together all are read;
# with --every-borough each is read for all.

RUNS = [*product(NOTEBOOKS, [""]), *product(NOTEBOOKS, EARLIER)]
CERTAINTIES = {"high", "moderate", "low", "not known"}

NOT_WORDS = re.compile(
    r"\bnan\b|NaN|<NA>|\bNaT\b|\binf\b|\bTrue\b|\bFalse\b|[{}\[\]]|  | [,.;:]|\.\.|,,"
    r"|\bNone\b(?! of| moved)|_",
)
# A gap in a table, a name of the program, or two sentences badly joined.

ADDRESSES = re.compile(r"https?://\S+|[\w/.]+\.csv|csp data fetch \w+")
# What a reader is to open, save or type is named as it is.


@pytest.mark.slow
@pytest.mark.parametrize(("notebook", "as_of"), RUNS, ids=lambda each: each or "newest")
def test_every_sentence_of_every_borough_is_whole(
    notebook: str,
    as_of: str,
    shown: Callable[..., list[object]],
    request: pytest.FixtureRequest,
) -> None:
    quarter = borough_codes()[NOTEBOOKS.index(notebook) % APART :: APART]
    few = [*ODD_ONES, *quarter[:2]] if as_of else {*ODD_ONES, *quarter}
    chosen = borough_codes() if request.config.getoption("--every-borough") else few
    for code in sorted(chosen):
        name = area_name(code)
        said = shown(notebook, name, as_of, draw=False)
        pieces = [
            each for each in said if isinstance(each, Piece) and each.role != "provenance"
        ]
        assert len(pieces) > 10, name
        for piece in pieces:
            bad = NOT_WORDS.search(ADDRESSES.sub("a file", piece.plain))
            assert bad is None, f"{name}: {bad!r} in {piece.plain!r}"
            data = dict(piece.data)
            if piece.role == "finding":
                assert data["certainty"] in CERTAINTIES
                assert data["sentence"].endswith("."), f"{name}: {data['sentence']!r}"
                assert not data["detail"] or data["detail"].endswith("."), data["detail"]
                assert not data["because"].endswith("."), f"{name}: {data['because']!r}"
                assert not data["heading"].endswith("."), f"{name}: {data['heading']!r}"
                assert data["heading"][:1] == data["heading"][:1].upper(), data["heading"]
                assert 2 <= len(str(data["heading"]).split()) <= MAX_HEADING_WORDS
                words = len(str(data["sentence"]).split())
                assert words <= MOST_WORDS or not data["is_key"], f"{name}: {words} words"
        slugs = [dict(piece.data)["slug"] for piece in pieces if piece.role == "heading"]
        assert len(slugs) == len(set(slugs)), f"{name}: two sections with one anchor"
