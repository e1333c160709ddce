"""How often as much has been achieved: planted falls are counted, and nothing else."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.targets.base_rates import (
    BaseRate,
    Step,
    achievers,
    base_rate,
    falls_pct,
    rise_rate,
)


def history(months: int = 60, areas: int = 4, level: float = 100) -> pd.DataFrame:
    index = pd.date_range("2010-01-01", periods=months, freq="MS")
    return pd.DataFrame(level, index, [f"area {number}" for number in range(areas)])


def test_one_planted_fall_of_one_area_is_the_share_it_should_be() -> None:
    planted = history()
    planted.loc["2012-01":, "area 2"] = 70
    rate = base_rate(planted, 30, 12)
    # Totals end in months 12 to 60, so 37 starts; a fall of 30 % needs the whole second
    # total after December 2011 and the whole first before January 2012: one start of 37,
    # for one area of 4.
    assert rate == BaseRate(1 / (37 * 4), 37, ("area 2",), "2010-12", "2013-12", 1)


def test_the_boundary_itself_counts_as_achieved() -> None:
    planted = history(24, 1)
    planted.iloc[12:] = 80
    assert base_rate(planted, 20, 12).share == 1
    assert base_rate(planted, 20.001, 12).share == 0


def test_areas_are_named_most_often_first_and_those_that_never_did_are_not() -> None:
    planted = history()
    planted.loc["2013-01":, "area 1"] = 50
    planted.loc["2012-01":, "area 3"] = 50
    planted.loc["2014-01":, "area 3"] = 20
    assert base_rate(planted, 25, 12).area_codes == ("area 3", "area 1")


def test_a_negative_fall_allows_a_rise_of_as_much() -> None:
    planted = history(24, 1)
    planted.iloc[12:] = 109
    assert base_rate(planted, -10, 12).share == 1
    assert base_rate(planted, 0, 12).share == 0


def test_totals_that_hold_an_unusual_month_are_left_out_at_both_ends() -> None:
    planted = history(72)
    lockdown = pd.date_range("2013-01-01", "2013-03-01", freq="MS")
    planted.loc[lockdown] = 1
    assert base_rate(planted, 15, 12).share > 0
    told = base_rate(planted, 15, 12, unusual_months=lockdown)
    assert (told.share, told.area_codes) == (0, ())
    # 49 starts; a total is touched when it ends from January 2013 to February 2014 (14
    # months), and every one of these is the second of one error and the first of another.
    assert told.start_count == 49 - 14 - 12


def test_where_no_two_totals_are_held_the_share_is_missing_and_not_nought() -> None:
    for rate in (base_rate(history(20), 10, 12), base_rate(history(8), 10, 1)):
        assert math.isnan(rate.share)
        assert (rate.start_count, rate.area_codes) == (0, ())
    all_unusual = base_rate(history(), 10, 12, unusual_months=history().index)
    assert math.isnan(all_unusual.share)


@given(st.integers(0, 2**32 - 1), st.sampled_from([6, 12, 36]))
def test_a_larger_fall_is_never_achieved_more_often(seed: int, months: int) -> None:
    walk = np.random.default_rng(seed).normal(0, 0.05, (60, 4)).cumsum(axis=0)
    walked = history() * np.exp(walk)
    shares = [base_rate(walked, fall, months).share for fall in (-20, 0, 5, 20, 40)]
    assert shares == sorted(shares, reverse=True)
    turned = walked[walked.columns[::-1]]
    assert base_rate(turned, 5, months).share == pytest.approx(shares[2])


def test_a_random_walk_falls_by_a_standard_deviation_about_one_time_in_six() -> None:
    # Of log totals so many months apart, P(below -1 sd) of a normal is .159.
    walk = np.random.default_rng(3).normal(0, 0.02, (2400, 8)).cumsum(axis=0)
    walked = history(2400, 8) * np.exp(walk)
    totals = np.log(walked.rolling(12).sum())
    spread = float(np.nanstd((totals - totals.shift(24)).to_numpy()))
    rate = base_rate(walked, 100 * (1 - math.exp(-spread)), 24)
    assert rate.share == pytest.approx(0.159, abs=0.03)


def test_achievers_are_listed_with_when_and_their_best() -> None:
    planted = history()
    planted.loc["2013-01":, "area 1"] = 50
    planted.loc["2012-01":, "area 3"] = 50
    planted.loc["2014-01":, "area 3"] = 20
    table = achievers(planted, 25, 12)
    assert table["area_code"].tolist() == ["area 3", "area 1"]
    # From 100 to 50 from January 2013: half a year on, the 12 months to June 2013 are a
    # quarter below those to June 2012; to December 2013 a half; the 600 to August 2014 a
    # quarter below the 4 x 100 + 8 x 50 a year before.
    row = table.iloc[1]
    assert (row["first_year_ending"], row["last_year_ending"]) == ("2013-06", "2014-08")
    assert row["times"] == 15
    assert (row["best_from"], row["best_to"]) == ("2012-12", "2013-12")
    assert row["best_fall_pct"] == pytest.approx(50)
    rate = base_rate(planted, 25, 12)
    assert rate.times == table["times"].sum()
    assert achievers(planted, 90, 12).empty


def test_no_total_is_compared_across_a_step_of_its_area() -> None:
    planted = history()
    planted.loc["2012-07":] = 60
    step = Step("2012-07", "2012-07", frozenset({"area 0", "area 1"}))
    told = achievers(planted, 30, 12, steps=[step])
    assert told["area_code"].tolist() == ["area 2", "area 3"]
    assert base_rate(planted, 30, 12, steps=[Step("2012-07", "2012-07")]).times == 0
    falls = falls_pct(planted, 12, steps=[step])["area 0"]
    # The step is between two totals, or within the second, for the 23 months from July 2012
    # in which the first of the two years began before it.
    assert falls.loc["2012-07":"2014-05"].isna().all()
    assert falls.loc["2014-06":].notna().all()


def test_a_year_without_an_offence_has_nothing_to_fall_from() -> None:
    planted = history(36, 2)
    planted.iloc[:12, 0] = 0
    assert base_rate(planted.iloc[:24], -1000, 12).share == 1
    assert base_rate(planted.iloc[:24], -1000, 12).times == 1


def test_over_the_whole_period_all_its_months_count_against_the_pace_before() -> None:
    planted = history(48, 1)
    planted.iloc[24:] = 50
    # From a year at 100 to two years of which the last is at 50: 25 % fewer in all.
    assert base_rate(planted.iloc[:36], 25, 24, over="whole").share == 1
    assert base_rate(planted.iloc[:36], 26, 24, over="whole").share == 0
    assert base_rate(planted.iloc[:36], 50, 24).share == 1
    lockdown = [planted.index[20]]
    assert (
        base_rate(planted.iloc[:36], 25, 24, over="whole", unusual_months=lockdown).times == 0
    )


def test_rises_of_a_survey_are_counted_where_it_tells_of_both_ends() -> None:
    ends = pd.date_range("2020-03-31", periods=6, freq="QE")
    values = pd.DataFrame({"a": [60.0, 60, 60, 60, 73, 74], "b": np.nan}, ends)
    values.loc[ends[0], "b"] = 50
    rate = rise_rate(values, 13, 4)
    # Only a is told of at both ends, twice: 13 and 14 points.
    assert (rate.share, rate.times, rate.area_codes) == (1, 2, ("a",))
    assert rise_rate(values, 13.5, 4).share == 0.5
    assert math.isnan(rise_rate(values, 1, 9).share)


def test_the_first_start_of_a_rise_is_one_that_was_told_of() -> None:
    ends = pd.date_range("2020-03-31", periods=5, freq="QE")
    values = pd.DataFrame({"a": [None, 60.0, 61.0, 66.0, 70.0]}, ends)
    rate = rise_rate(values, 5, 2)
    assert (rate.first_start, rate.last_start, rate.start_count) == ("2020-06", "2020-09", 2)
