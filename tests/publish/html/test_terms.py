"""Words that a report explains."""

from __future__ import annotations

from analysis.publish.html.terms import TERMS, terms_used


def test_only_the_words_of_a_page_are_explained_and_in_one_order() -> None:
    used = terms_used("MOPAC 7 crime, location basis. How sure: high, it is so.")
    assert [term.name for term in used] == [
        "How sure",
        "Location basis, policing basis",
        "MOPAC 7",
    ]
    assert terms_used("Nothing of these.") == []


def test_every_term_is_explained_in_a_sentence_of_its_own() -> None:
    assert len({term.name for term in TERMS}) == len(TERMS)
    for term in TERMS:
        assert term.meaning.endswith(".")
        assert len(term.meaning.split()) <= 45
