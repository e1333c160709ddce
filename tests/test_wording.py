"""Numbers, months and names in words: signs, commas, and what is missing."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.wording import (
    MINUS,
    NO_BREAK,
    counted,
    fitting_decimals,
    listed,
    month_text,
    number,
    ordinal,
    period_text,
    period_words,
    place_and_range,
    place_words,
    range_words,
    risen_or_fallen,
    unbroken,
    with_unit,
    year_ending,
)


@given(st.floats(-1e9, 1e9), st.integers(0, 3), st.booleans())
def test_a_number_reads_back_as_the_value_it_was(
    value: float, decimals: int, signed: bool
) -> None:
    text = number(value, decimals, signed=signed)
    back = float(text.replace(",", "").replace(MINUS, "-"))
    # The half-way case may go either way; a float is never further off than that.
    assert back == pytest.approx(value, abs=0.5000001 * 10**-decimals, rel=1e-12)
    assert "-" not in text


@pytest.mark.parametrize("nearly_nought", [0, 0.04, -0.04, -0.0])
def test_nought_carries_no_sign(nearly_nought: float) -> None:
    assert number(nearly_nought, 1, signed=True) == "0.0"
    assert with_unit(nearly_nought, "%", 1, signed=True) == "0.0%"


def test_a_missing_number_is_said_without_a_unit() -> None:
    assert "%" not in with_unit(float("nan"), "%", 1)
    assert "nan" not in number(float("nan")).casefold()


@pytest.mark.parametrize(
    ("place", "text"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th")]
    + [(13, "13th"), (21, "21st"), (22, "22nd"), (23, "23rd"), (32, "32nd"), (111, "111th")],
)
def test_places_end_as_they_are_spoken(place: int, text: str) -> None:
    assert ordinal(place) == text


def test_months_and_periods_are_told_in_english_words() -> None:
    assert month_text(pd.Timestamp("2012-02-01")) == "February 2012"
    assert period_words("2011-04", "2012-03") == "April 2011 to March 2012"
    assert period_words("2011-04", "2011-04") == "April 2011"
    assert year_ending("2012-03") == "year to March 2012"
    assert period_text(pd.to_datetime(["2012-03-01", None, "2011-04-01"]).to_series()) == (
        "April 2011 to March 2012"
    )


def test_lists_join_as_sentences_do() -> None:
    assert listed([]) == ""
    assert listed(["Harrow"]) == "Harrow"
    assert listed(["Harrow", "Sutton"]) == "Harrow and Sutton"
    assert listed(["a", "b", "c"]) == "a, b and c"


def test_small_counts_are_words_and_take_their_own_plural() -> None:
    assert counted(0, "month") == "No months"
    assert counted(1, "month") == "One month"
    assert counted(2, "borough") == "Two boroughs"
    assert counted(9, "possibility", "possibilities") == "Nine possibilities"
    assert counted(10, "month") == "10 months"
    assert counted(1200, "offence") == "1,200 offences"


def test_an_interval_of_changes_signs_both_ends() -> None:
    assert range_words(-3.04, 12.34, "%") == f"{MINUS}3.0% to +12.3%"
    assert range_words(-1200, -100, decimals=0) == f"{MINUS}1,200 to {MINUS}100"


@given(st.floats(allow_nan=False))
def test_the_verb_has_the_sign_of_the_change(change: float) -> None:
    verb = risen_or_fallen(change)
    assert verb == ("rose" if change > 0 else "fell" if change < 0 else "did not change")


def test_decimals_fit_the_size_of_what_is_printed() -> None:
    assert fitting_decimals(pd.Series([3.0, 1200.0])) == 0
    assert fitting_decimals(pd.Series([58.94, 4.2])) == 1
    assert fitting_decimals(pd.Series([0.123])) == 2
    assert fitting_decimals(pd.Series([None, float("inf")], dtype=float)) == 0


@given(st.integers(1, 40), st.data())
def test_a_place_is_named_from_the_nearer_end(of: int, data: st.DataObject) -> None:
    place = data.draw(st.integers(1, of))
    words = place_words(place, of)
    from_end = place if words.endswith("lowest") else of - place + 1
    assert from_end <= (of + 1) / 2
    assert words in {f"{ordinal(from_end)} lowest", f"{ordinal(from_end)} highest"} or (
        from_end == 1 and words in {"lowest", "highest"}
    )
    assert not words.startswith("1st")


@given(st.integers(2, 40), st.data())
def test_a_place_and_its_range_are_counted_from_one_end(of: int, data: st.DataObject) -> None:
    low, place, high = sorted(data.draw(st.integers(1, of)) for _ in range(3))
    mine, left_open = place_and_range(place, low, high, of)
    from_lowest = mine.endswith("lowest")
    assert from_lowest == (low + high <= of + 1)
    counted = "lowest" if from_lowest else "highest"
    other = "highest" if from_lowest else "lowest"
    # The far end itself has a name; nothing else is counted from there.
    assert left_open.removesuffix(f" to the {other}").count(other) == 0
    assert left_open.endswith((counted, f"to the {other}"))
    if low == high:
        assert mine == place_words(place, of)


def test_places_of_32_boroughs_read_as_a_sentence_has_them() -> None:
    assert [place_words(place, 32) for place in (1, 2, 16, 17, 31, 32)] == [
        "lowest",
        "2nd lowest",
        "16th lowest",
        "16th highest",
        "2nd highest",
        "highest",
    ]
    assert place_words(2, 3) == "2nd lowest"


@pytest.mark.parametrize(("place", "of"), [(0, 32), (33, 32), (1, 0)])
def test_a_place_beyond_those_ranked_is_refused(place: int, of: int) -> None:
    with pytest.raises(ValueError, match=f"Place {place} is not one of {of}"):
        place_words(place, of)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("1,234 offences", "1,234~offences"),
        ("101.1 per 1,000 residents", "101.1~per~1,000~residents"),
        ("12 per cent, 3% a year", "12~per~cent, 3%~a year"),
        ("in June 2025 the count", "in June 2025 the count"),
        ("June 2024 to May 2025", "June 2024 to May 2025"),
        ("between 5 and 10 thefts", "between 5 and 10~thefts"),
        ("from 2,019 offences", "from 2,019~offences"),
    ],
)
def test_a_line_never_ends_between_a_number_and_its_unit(text: str, kept: str) -> None:
    assert unbroken(text).replace(NO_BREAK, "~") == kept


@given(st.text("09,.% aperto2", max_size=30))
def test_keeping_a_line_together_changes_no_word(text: str) -> None:
    assert unbroken(text).replace(NO_BREAK, " ") == text
