import pandas as pd
import pytest

from analysis.data.published_text import (
    area_codes_of,
    first_filled,
    month_of,
    rename_by_meaning,
    to_categories,
    to_dates,
)
from analysis.errors import DataContractError

MEANINGS = {"major_category": ("MajorText", "Major Category"), "area": ("Borough",)}


@pytest.mark.parametrize(
    "header", ["MajorText", "majortext", "Major Category", "major_category"]
)
def test_a_header_is_found_whatever_its_case_and_spacing(header):
    table = pd.DataFrame(columns=[header, "BOROUGH", "201004"])
    renamed = rename_by_meaning(table, MEANINGS, where="made-up.csv")
    assert list(renamed) == ["major_category", "area", "201004"]


def test_a_header_that_is_not_there_is_named_with_those_that_are():
    table = pd.DataFrame(columns=["Group", "Borough"])
    with pytest.raises(
        DataContractError, match=r"no column for major_category \(as 'MajorTex.*Group"
    ):
        rename_by_meaning(table, MEANINGS, where="made-up.csv")


def test_two_columns_of_one_meaning_are_refused():
    table = pd.DataFrame(columns=["MajorText", "Major Category", "Borough"])
    with pytest.raises(DataContractError, match="MajorText, Major Category all mean"):
        rename_by_meaning(table, MEANINGS, where="made-up.csv")


def test_stacked_spellings_of_a_column_are_laid_over_each_other():
    table = pd.DataFrame({"positve": [" Yes", "", ""], "positive": ["", "No", ""]})
    merged = first_filled(table, ("positive", "positve"), where="made-up.csv")
    assert merged.tolist() == ["Yes", "No", ""]


def test_spellings_that_disagree_in_a_row_are_refused():
    table = pd.DataFrame({"positve": ["Yes"], "positive": ["No"]})
    with pytest.raises(DataContractError, match=r"disagree in 1 row\(s\)"):
        first_filled(table, ("positive", "positve"), where="made-up.csv")


def test_a_column_in_no_known_spelling_is_refused():
    with pytest.raises(DataContractError, match="no column for positive"):
        first_filled(pd.DataFrame({"outcome": ["Yes"]}), ("positive",), where="made-up.csv")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("City of Westminster", "E09000033"),
        ("", "unknown"),
        ("Other", "unknown"),
        ("N/K (Legacy Only)", "unknown"),
        ("Non MET police force", "unknown"),
        ("Aviation Security (SO18) (Legacy Only)", "heathrow"),
        ("CO18 (City Airport)", "heathrow"),
    ],
)
def test_words_for_no_borough_are_told_from_boroughs(name, code):
    assert area_codes_of(pd.Series([name]), where="made-up.csv").tolist() == [code]


def test_an_unknown_borough_is_refused_by_name():
    with pytest.raises(DataContractError, match="'Camdem'"):
        area_codes_of(pd.Series(["Camdem"]), where="made-up.csv")


def test_days_are_read_with_and_without_a_clock():
    days = to_dates(pd.Series(["2021-08-14 00:00:00.000000", "2021-08-14"]), where="x")
    assert days.tolist() == [pd.Timestamp("2021-08-14")] * 2
    assert month_of(days).tolist() == [pd.Timestamp("2021-08-01")] * 2


@pytest.mark.parametrize("text", ["14/08/2021", "2021-02-30", "", "2021-08-14 07:30:00"])
def test_a_value_that_is_no_day_is_refused(text):
    with pytest.raises(DataContractError, match="is not a day"):
        to_dates(pd.Series(["2021-08-14", text]), where="made-up.csv")


def test_trailing_blanks_and_variants_become_one_word_and_blanks_missing():
    words = to_categories(pd.Series(["Black ", "Black", "M", " "]), {"M": "Male"})
    assert words.tolist()[:3] == ["Black", "Black", "Male"]
    assert words.isna().tolist() == [False, False, False, True]
    assert words.dtype == "category"
