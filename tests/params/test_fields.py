"""Areas, months, periods and names are turned into one checked value."""

import pytest

from analysis.params.fields import (
    Period,
    area_slug,
    known_plans,
    month_text,
    period_from_text,
    report_area,
)


@pytest.mark.parametrize("text", ["Harrow", "harrow", " HARROW ", "E09000015", "e09000015"])
def test_a_borough_is_met_by_name_or_code_whatever_its_case(text: str) -> None:
    assert report_area(text) == "E09000015"


def test_london_as_a_whole_may_be_reported() -> None:
    assert report_area("london") == "E23000001"


@pytest.mark.parametrize("text", ["heathrow", "unknown", "city of london"])
def test_an_area_without_a_borough_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not one of the 32 boroughs"):
        report_area(text)


def test_a_word_like_no_borough_gets_no_guess() -> None:
    with pytest.raises(ValueError, match=r"no borough 'zzz'\. Boroughs are listed in"):
        report_area("zzz")


@pytest.mark.parametrize("text", ["2012-13", "2012-00", "2012-3", "2012-03-01", "03/2012", ""])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a month. Write YYYY-MM"):
        month_text(text)


@pytest.mark.parametrize(
    ("text", "months"),
    [("2012-03..2012-03", 1), ("2011-04..2012-03", 12), ("2011-12..2012-01", 2)],
)
def test_a_period_counts_both_its_ends(text: str, months: int) -> None:
    period = period_from_text(text)
    assert period.months == months
    assert str(period) == text


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="ends .2011-04. before it begins .2012-03."):
        Period(first="2012-03", last="2011-04")


@pytest.mark.parametrize("text", ["2011-04", "2011-04 to 2012-03", "", "..2012-03"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a (period|month)"):
        period_from_text(text)


def test_a_borough_of_several_words_has_a_file_name() -> None:
    assert area_slug("E09000013") == "hammersmith_and_fulham"


def test_plans_are_known_by_their_files() -> None:
    assert known_plans() == ["harrow_2013-17", "havering_2017-20"]
