import pandas as pd
import pytest

from analysis.data.months import (
    MONTH_DTYPE,
    melt_months,
    missing_months,
    month_columns,
    months_in_words,
    nearly_empty_months,
    tell_missing_months,
    to_months,
)
from analysis.errors import DataContractError


@pytest.mark.parametrize(
    "header",
    [
        "201004", "2010-04", "2010/4", "Apr-10", "apr_2010", "April 2010", "01/04/2010",
        "2010-04-01", "2010-04-01 00:00:00", "2010-04-01 00:00:00.000000", "1/4/2010 00:00",
    ],
)  # fmt: skip
def test_every_published_spelling_of_april_2010_is_read(header):
    assert month_columns([header]) == {header: pd.Timestamp("2010-04-01")}


def test_headers_that_are_not_months_are_passed_over():
    assert month_columns(["Borough", "Major Category", "12345", "Mayor", "Code 1"]) == {}


def test_two_digit_years_before_1970_belong_to_this_century():
    months = month_columns(["Apr-99", "Apr-10"]).values()
    assert [month.year for month in months] == [1999, 2010]


@pytest.mark.parametrize("again", ["2010-04", "Apr-10", "201004.1"])
def test_a_month_that_occurs_twice_is_refused(again):
    with pytest.raises(DataContractError, match=f"'201004' and '{again}' are both 2010-04"):
        month_columns(["201004", again])


@pytest.mark.parametrize("header", ["201013", "04/13/2010", "15/04/2010", "2010-04-15"])
def test_a_header_that_only_looks_like_a_month_is_refused(header):
    with pytest.raises(DataContractError, match="looks like a month and is none"):
        month_columns(["201004", header])


def test_melting_sorts_months_and_keeps_every_cell():
    wide = pd.DataFrame(
        {"area": ["Harrow", "Brent"], "201006": ["3", "30"], "201004": ["1", "10"]}
    )
    tidy = melt_months(wide, ["area"], "offence_count", "made-up.csv")
    assert tidy["area"].tolist() == ["Harrow", "Harrow", "Brent", "Brent"]
    assert tidy["month"].dt.month.tolist() == [4, 6, 4, 6]
    assert tidy["offence_count"].tolist() == [1, 3, 10, 30]
    assert tidy["month"].dtype == MONTH_DTYPE
    assert tidy["offence_count"].dtype == "Int64"


def test_melting_keeps_a_blank_missing_and_never_nought():
    wide = pd.DataFrame({"area": ["Harrow"], "201004": [""], "201005": ["0"]})
    counts = melt_months(wide, ["area"], "offence_count", "made-up.csv")["offence_count"]
    assert counts.isna().tolist() == [True, False]


def test_melting_keeps_the_type_of_the_identifying_columns():
    wide = pd.DataFrame({"area": pd.Categorical(["Harrow"]), "201004": ["1"]})
    assert melt_months(wide, ["area"], "offence_count", "x")["area"].dtype == "category"


@pytest.mark.parametrize(("cell", "fault"), [("-4", "negative"), ("n/a", "not a whole number")])
def test_melting_names_the_month_and_row_of_a_bad_count(cell, fault):
    wide = pd.DataFrame({"area": ["a", "b"], "201004": ["1", "2"], "201005": ["3", cell]})
    with pytest.raises(DataContractError, match=f"column 201005: '{cell}' in row 3 is {fault}"):
        melt_months(wide, ["area"], "offence_count", "made-up.csv")


def test_melting_a_table_without_months_is_refused():
    with pytest.raises(DataContractError, match=r"made-up\.csv: no column is a month"):
        melt_months(pd.DataFrame({"area": ["a"]}), ["area"], "offence_count", "made-up.csv")


def test_a_repeated_month_is_told_with_its_file():
    wide = pd.DataFrame([["a", "1", "2"]], columns=["area", "201004", "Apr-10"])
    with pytest.raises(DataContractError, match=r"made-up\.csv: columns '201004' and 'Apr-10'"):
        melt_months(wide, ["area"], "offence_count", "made-up.csv")


def test_a_column_of_months_keeps_blanks_missing():
    months = to_months(pd.Series(["Jan-03", "", "Feb-03"]), where="made-up.csv")
    assert months.isna().tolist() == [False, True, False]
    assert months.dtype == MONTH_DTYPE


def test_a_value_that_is_no_month_is_named():
    with pytest.raises(DataContractError, match="'soon' is not a month"):
        to_months(pd.Series(["Jan-03", "soon"]), where="made-up.csv, column month")


def test_missing_months_are_found_whatever_the_order_and_repeats():
    held = pd.to_datetime(["2021-06-01", "2019-02-01", "2019-02-01", None])
    gap = missing_months(held)
    assert (len(gap), gap[0], gap[-1]) == (
        27,
        pd.Timestamp("2019-03-01"),
        pd.Timestamp("2021-05-01"),
    )


def test_nothing_is_missing_from_contiguous_or_no_months():
    assert missing_months(pd.date_range("2010-11-01", "2011-02-01", freq="MS")) == []
    assert missing_months([]) == []


def test_missing_months_are_named_in_the_log_as_runs(caplog):
    tell_missing_months(pd.to_datetime(["2018-01-01", "2018-04-01", "2018-06-01"]), "x.csv")
    assert caplog.messages == ["x.csv: no figures for 2018-02 to 2018-03, 2018-05."]
    assert months_in_words([]) == ""


def incidents(counts, area="E09000009", first="2016-01-01"):
    months = pd.date_range(first, periods=len(counts), freq="MS")
    rows = pd.DataFrame({"month": months.repeat(counts)})
    return rows.assign(area_code=area)


def test_a_month_under_a_fifth_of_its_neighbours_is_nearly_empty():
    told = nearly_empty_months(incidents([100, 100, 19, 100, 100]))
    assert told["month"].tolist() == [pd.Timestamp("2016-03-01")]
    assert told[["row_count", "usual_count"]].to_numpy().tolist() == [[19, 100.0]]
    assert nearly_empty_months(incidents([100, 100, 20, 100, 100])).empty


def test_two_nearly_empty_months_together_do_not_hide_each_other():
    told = nearly_empty_months(incidents([100, 110, 5, 6, 105, 100]))
    assert told["row_count"].tolist() == [5, 6]


def test_an_area_without_rows_in_a_month_that_others_have_is_told_with_nought():
    table = pd.concat([incidents([50, 50, 0, 50, 50]), incidents([50] * 5, area="E09000015")])
    told = nearly_empty_months(table)
    assert told[["area_code", "row_count"]].to_numpy().tolist() == [["E09000009", 0]]


def test_a_fall_by_half_and_a_small_area_are_not_told():
    assert nearly_empty_months(incidents([100, 100, 50, 50, 55, 60])).empty
    assert nearly_empty_months(incidents([5, 6, 0, 7, 5])).empty
    assert nearly_empty_months(incidents([100])).empty
