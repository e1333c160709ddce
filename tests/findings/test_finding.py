"""A finding shows itself whole, and lets no markup through."""

from __future__ import annotations

import pytest

from analysis.findings.finding import MAX_HEADING_WORDS, Finding, note, section

NASTY = "<script>alert('Tom & \"Jerry\"')</script>"


def test_a_heading_of_fourteen_words_stands_and_one_of_fifteen_is_refused() -> None:
    words = ["word"] * MAX_HEADING_WORDS
    assert Finding(" ".join(words), "It fell.", "high", "so it is").heading
    with pytest.raises(ValueError, match="more than 14 words"):
        Finding(" ".join([*words, "more"]), "It fell.", "high", "so it is")


def test_no_markup_in_a_name_reaches_the_page() -> None:
    finding = Finding(f"Crime fell in {NASTY}", f"{NASTY} fell.", "high", NASTY)
    for piece in (finding.title, finding.text, note(NASTY), section(NASTY)):
        assert "<script" not in piece.html
        assert "&lt;script&gt;" in piece.html
        assert "Tom &amp; &quot;Jerry&quot;" in piece.html
        assert NASTY in piece.plain


@pytest.mark.parametrize(
    ("heading", "slug"),
    [
        ("Crime in Harrow fell by 7.1%", "crime-in-harrow-fell-by-7-1"),
        ("Harrow's rate", "harrow-s-rate"),
        ("--  !", "section"),
    ],
)
def test_an_anchor_is_letters_digits_and_hyphens(heading: str, slug: str) -> None:
    finding = Finding(heading, "It fell.", "high", "so it is")
    assert finding.slug == slug
    assert f'<h2 id="{slug}">' in finding.title.html


def test_each_piece_carries_its_role_and_what_the_exporter_needs() -> None:
    finding = Finding("It fell", "Crime fell.", "low", "few are counted", is_key=False)
    bundle, told = finding.text._repr_mimebundle_()
    assert bundle["text/plain"] == "Crime fell. How sure: low, few are counted."
    assert told["csp"] == {
        "role": "finding",
        "slug": "it-fell",
        "heading": "It fell",
        "sentence": "Crime fell.",
        "certainty": "low",
        "because": "few are counted",
        "is_key": False,
        "detail": "",
    }
    longer = Finding("It fell", "Crime fell.", "low", "few are counted", detail="By 2%.")
    assert longer.text.plain == "Crime fell. How sure: low, few are counted. By 2%."
    assert '<p class="csp-detail">By 2%.</p>' in longer.text.html
    assert longer.told == "Crime fell. By 2%."
    assert finding.title._repr_mimebundle_()[1]["csp"]["role"] == "heading"
    assert note("A caveat.")._repr_mimebundle_()[1]["csp"] == {"role": "note"}
