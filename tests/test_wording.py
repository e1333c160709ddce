"""Numbers, months and names in words: signs, commas, and what is missing."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.wording import (
    MINUS,
    counted,
    fitting_decimals,
    listed,
    month_text,
    number,
    ordinal,
    period_text,
    period_words,
    range_words,
    risen_or_fallen,
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
