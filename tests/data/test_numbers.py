import pandas as pd
import pytest

from analysis.data.numbers import to_numbers, to_years
from analysis.errors import DataContractError


def test_numbers_keep_blanks_missing_and_accept_thousands_separators():
    numbers = to_numbers(pd.Series(["1,204.5", "", " 7 "]), where="made up")
    assert numbers[0] == 1204.5
    assert pd.isna(numbers[1])
    assert numbers[2] == 7


@pytest.mark.parametrize("text", ["seven", "inf", "nan", "-", "1.2.3"])
def test_text_that_is_no_finite_number_is_refused_with_its_row(text):
    with pytest.raises(DataContractError, match=rf"'{text}' in row 3 is not a number"):
        to_numbers(pd.Series(["1", text]), where="made up")


def test_a_year_written_with_a_decimal_nought_is_read():
    assert to_years(pd.Series(["2015.0"]), where="made up").tolist() == [2015]


@pytest.mark.parametrize("text", ["15", "2015.5", "20155"])
def test_a_number_that_is_no_year_is_refused(text):
    with pytest.raises(DataContractError, match=f"'{text}' is not a year"):
        to_years(pd.Series([text]), where="made up")
