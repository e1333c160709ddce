"""Which months may be set beside which."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from analysis.measures.months import months_of
from analysis.victims.like_months import LEAST_MONTHS, like_months, newest_year


def counts(first: str, last: str, *without: str) -> pd.Series:
    months = months_of((first, last))
    return pd.Series(5, months.drop([pd.Timestamp(month) for month in without]))


def test_two_whole_years_are_compared_whole():
    assert like_months(counts("2023-06", "2025-05")) == (
        ("2023-06", "2024-05"),
        ("2024-06", "2025-05"),
    )


def test_a_missing_month_is_left_out_of_both_years():
    found = like_months(counts("2023-06", "2025-05", "2023-09"))
    assert found == (("2023-10", "2024-05"), ("2024-10", "2025-05"))


def test_only_months_since_a_change_are_used():
    found = like_months(counts("2021-08", "2025-07"), since="2024-03")
    assert found == (("2024-03", "2024-07"), ("2025-03", "2025-07"))


def test_fewer_months_than_a_quarter_are_not_compared():
    assert like_months(counts("2024-04", "2025-05")) is None
    assert like_months(pd.Series(dtype=float)) is None


def test_missing_values_count_as_missing_months():
    series = counts("2024-06", "2025-05").astype("Int64")
    series.iloc[3] = pd.NA
    assert newest_year(series) is None
    assert newest_year(counts("2024-06", "2025-05")) == ("2024-06", "2025-05")


@given(st.lists(st.booleans(), min_size=24, max_size=24).filter(any))
def test_every_month_compared_is_held_in_both_years(flags: list[bool]):
    months = months_of(("2022-01", "2023-12"))
    held = months[flags]
    found = like_months(pd.Series(1, held))
    if found is None:
        return
    before, after = (months_of(period) for period in found)
    assert before.isin(held).all()
    assert after.isin(held).all()
    assert (before + pd.DateOffset(years=1)).equals(after)
    assert LEAST_MONTHS <= len(after) <= 12


def test_the_newer_of_two_runs_as_long_is_taken():
    found = like_months(counts("2023-06", "2025-05", "2024-11", "2025-05"))
    # June to October 2024 and December 2024 to April 2025 are five months each.
    assert found == (("2023-12", "2024-04"), ("2024-12", "2025-04"))
