import pandas as pd
import pytest

from analysis.data.readers.annual_rates import read_annual_rates
from analysis.errors import DataContractError

# Made up, in the published layout.
HEADER = ["Code", "Borough", "Year", "Offences", "Rate", "Number_of_offences"]


def row(borough="Harrow", year="2011-12", rate="58.9", count="14,169"):
    return ["", borough, year, "All recorded offences", rate, count]


def test_thousands_separators_are_read(made_up):
    table = read_annual_rates(made_up(HEADER, [row(count="1,016,216")]))
    assert table["offence_count"].tolist() == [1_016_216]


def test_a_financial_year_ends_in_its_march(made_up):
    table = read_annual_rates(made_up(HEADER, [row(year="1999-00"), row(year="2011-12")]))
    assert table["year_ending"].tolist() == [
        pd.Timestamp("2000-03-01"),
        pd.Timestamp("2012-03-01"),
    ]


def test_only_2016_17_is_a_partial_year(made_up):
    table = read_annual_rates(made_up(HEADER, [row(year="2015-16"), row(year="2016-17")]))
    assert table["is_partial_year"].tolist() == [False, True]


def test_a_place_without_residents_has_a_count_and_no_rate(made_up):
    table = read_annual_rates(made_up(HEADER, [row("Heathrow", rate="n/a", count="3,079")]))
    assert table["area_code"].tolist() == ["heathrow"]
    assert table["rate_per_1000"].isna().all()
    assert table["offence_count"].tolist() == [3_079]


def test_comparators_are_marked_and_london_is_the_police_area(made_up):
    names = ["Inner London", "Met Police Area", "England and Wales", "Harrow"]
    table = read_annual_rates(made_up(HEADER, [row(name) for name in names]))
    assert table["area_code"].tolist() == ["E13000001", "E23000001", "K04000001", "E09000015"]
    assert table["is_comparator"].tolist() == [True, False, True, False]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([row(), row()], "occur twice"),
        ([row(year="2011-13")], "'2011-13' is not a financial year"),
        ([row(rate="low")], "'low' in row \\d+ is not a number"),
        ([row("Camdem")], "'Camdem'"),
    ],
)
def test_wrong_rows_are_refused(made_up, rows, sentence):
    with pytest.raises(DataContractError, match=sentence):
        read_annual_rates(made_up(HEADER, rows))


@pytest.mark.mirror
def test_the_published_table_adds_up(mirror):
    table = read_annual_rates(mirror / "mps/borough_annual_rates_1999-00_2016-17.csv")
    total = table[table["major_category"] == "All recorded offences"]
    by_year = total.set_index(["area_code", "financial_year"])
    harrow = by_year.loc[("E09000015", "2011-12")]
    assert (harrow["offence_count"], harrow["rate_per_1000"]) == (14_169, 58.9)
    assert by_year.loc[("E23000001", "2016-17"), "offence_count"] == 643_299
    first = total[(total["financial_year"] == "1999-00")]
    boroughs = first["area_code"].astype(str).str.startswith("E09")
    assert first.loc[boroughs, "offence_count"].sum() == 1_009_499
