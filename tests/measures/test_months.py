"""Months: read, listed, counted in days, and never skipped."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analysis.errors import DataContractError
from analysis.measures.months import as_month, days_in_month, monthly_series, months_of

APRIL = pd.Timestamp("2012-04-01")


@pytest.mark.parametrize(
    "value", ["2012-04", "2012-04-17", dt.date(2012, 4, 30), APRIL, pd.Period("2012-04", "M")]
)
def test_a_month_is_read_from_any_of_its_days(value):
    assert as_month(value) == APRIL


@pytest.mark.parametrize("value", ["Aprilish", "2012-13", 201204, None, pd.NaT])
def test_what_names_no_month_is_refused_with_the_way_to_write_it(value):
    with pytest.raises(DataContractError, match="YYYY-MM"):
        as_month(value)


def test_a_financial_year_has_its_twelve_months_in_order():
    months = months_of(("2011-04", "2012-03"))
    assert (months[0], months[-1], len(months)) == (
        pd.Timestamp("2011-04-01"),
        pd.Timestamp("2012-03-01"),
        12,
    )


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(DataContractError, match="2012-03.*before it begins"):
        months_of(("2012-04", "2012-03"))


def test_a_leap_year_has_366_days():
    assert days_in_month(months_of(("2012-01", "2012-12"))).sum() == 366
    assert days_in_month(months_of(("2013-01", "2013-12"))).sum() == 365


def test_a_skipped_month_is_missing_and_never_nought():
    months = pd.to_datetime(["2024-01-01", "2024-03-01"])
    series = monthly_series(pd.Series([4, 6], months, dtype="Int64"))
    assert len(series) == 3
    assert np.isnan(series.loc["2024-02-01"])


def test_months_are_put_in_order():
    months = pd.PeriodIndex(["2024-03", "2024-01", "2024-02"], freq="M")
    assert monthly_series(pd.Series([3, 1, 2], months)).tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("values", "index", "sentence"),
    [
        ([], [], "no month to work on"),
        ([1, 2], ["2024-01-01", "2024-01-01"], "2024-01 occurs twice"),
        ([1, -2], ["2024-01-01", "2024-02-01"], "negative count in 2024-02"),
        ([1], ["2024-01-15"], "first day"),
    ],
)
def test_a_series_that_is_no_monthly_count_is_refused(values, index, sentence):
    with pytest.raises(DataContractError, match=sentence):
        monthly_series(pd.Series(values, pd.to_datetime(index), dtype=float))


def test_an_index_of_areas_is_refused():
    with pytest.raises(DataContractError, match="index by month"):
        monthly_series(pd.Series([1, 2], ["E09000015", "E09000016"]))
