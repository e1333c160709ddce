"""Words that a report explains."""

from __future__ import annotations

import re

from analysis.publish.html.terms import TERMS, terms_used
from analysis.targets.probability import YARDSTICK


def test_only_the_words_of_a_page_are_explained_and_in_one_order() -> None:
    used = terms_used("MOPAC 7 crime, location basis. How sure: high, it is so.")
    assert [term.name for term in used] == [
        "How sure",
        "Location basis, policing basis",
        "MOPAC 7",
    ]
    assert terms_used("Nothing of these.") == []


def test_words_for_chances_are_explained_with_the_limits_in_use() -> None:
    (term,) = terms_used("It is highly unlikely.")
    for limit, words in YARDSTICK[:-1]:
        # A chance is printed in whole per cent: 7.4 is 7.
        assert re.search(rf"{words} (?:up )?to {int(100 * limit)}%", term.meaning), words
    assert f"{YARDSTICK[-1][1]} above" in term.meaning


def test_every_term_is_explained_in_a_sentence_of_its_own() -> None:
    assert len({term.name for term in TERMS}) == len(TERMS)
    for term in TERMS:
        assert term.meaning.endswith(".")
        assert len(term.meaning.split()) <= 45
