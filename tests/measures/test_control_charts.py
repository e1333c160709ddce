"""Control charts: published limits and signals, rules at their edge, planted shifts."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import DataContractError
from analysis.measures.control_charts import (
    seven_points_one_side_of_centre,
    seven_points_trending,
    two_of_three_near_limit,
    xmr_chart,
)


def _monthly(values, first="2018-01"):
    return pd.Series(values, pd.date_range(first, periods=len(values), freq="MS"))


def _daily(rates, first="2018-01"):
    rates = _monthly(rates, first)
    return rates * rates.index.days_in_month


def test_xmr_limits_are_the_mean_and_2_66_mean_moving_ranges():
    # By hand: mean 11, steps 2, 2, 2, 2: 11 +/- 2.66 x 2.
    table = xmr_chart(_daily([10, 12, 10, 12, 10, 12])).table
    limits = table[["lower", "centre", "upper"]].iloc[0].tolist()
    assert limits == pytest.approx([11 - 5.32, 11, 11 + 5.32])


def test_excluded_months_are_drawn_and_not_learnt_from():
    # By hand: without the spike, ten steps of 2 round a mean of 11 for the twelve months.
    rates = [10, 12, 10, 12, 10, 12, 90, 10, 12, 10, 12, 10, 12]
    chart = xmr_chart(_daily(rates), exclude=["2018-07"])
    limits = chart.table[["lower", "centre", "upper"]].iloc[0].tolist()
    assert limits == pytest.approx([11 - 5.32, 11, 11 + 5.32])
    assert chart.table["is_excluded"].sum() == 1
    assert pd.Timestamp("2018-07-01") in chart.exceptional_months


def test_a_step_above_3_267_mean_steps_is_screened_from_the_limits():
    rates = [10, 12] * 10
    rates[10] = 40
    table = xmr_chart(_daily(rates)).table
    # The two steps of 28 go; the seventeen steps of 2 stay.
    assert table["upper"].iloc[0] - table["centre"].iloc[0] == pytest.approx(2.66 * 2)
    assert table.index[table["is_outside_limits"]].tolist() == [10]


def test_the_lower_limit_is_never_below_nought():
    assert xmr_chart(_daily([0, 5] * 8)).table["lower"].min() == 0


def test_short_months_are_no_signal():
    chart = xmr_chart(_daily([10.0, 10.1] * 18))
    assert chart.exceptional_months == ()


@pytest.mark.parametrize(
    ("values", "flags"),
    [
        ([1] * 6, [0] * 6),
        ([1] * 6 + [-1], [0] * 7),
        ([1] * 8 + [-1], [0, 0, 0, 0, 0, 0, 1, 1, 0]),
        ([1] * 6 + [0] + [1] * 3, [0] * 10),
        ([1] * 5 + [np.nan] + [1] * 3, [0] * 9),
    ],
)
def test_seven_on_one_side_is_flagged_from_the_seventh(values, flags):
    found = seven_points_one_side_of_centre(np.array(values, float), np.zeros(len(values)))
    assert found.astype(int).tolist() == flags


@pytest.mark.parametrize(
    ("values", "flags"),
    [
        ([1, 2, 3, 4, 5, 6], [0] * 6),
        ([1, 2, 3, 4, 5, 6, 7], [0] * 6 + [1]),
        ([7, 6, 5, 4, 3, 2, 1, 2], [0] * 6 + [1, 0]),
        ([1, 2, 3, 4, 4, 5, 6, 7], [0] * 8),
    ],
)
def test_seven_rising_or_falling_is_flagged_at_the_seventh(values, flags):
    assert seven_points_trending(np.array(values, float)).astype(int).tolist() == flags


@pytest.mark.parametrize(
    ("values", "flags"),
    [
        ([5.5, 5.5, 0], [0, 1, 0]),
        ([5.5, 0, 5.5], [0, 0, 1]),
        ([-5.5, 0, -5.5], [0, 0, 1]),
        ([5.5, -5.5, 0], [0, 0, 0]),
        ([5.5, 0, 0, 5.5], [0, 0, 0, 0]),
        ([4.0, 4.0, 4.0], [0, 0, 0]),
        ([5.5], [0]),
    ],
)
def test_two_of_three_must_be_near_the_limit_on_the_same_side(values, flags):
    n = len(values)
    found = two_of_three_near_limit(np.array(values, float), np.zeros(n), np.full(n, 6.0))
    assert found.astype(int).tolist() == flags


@settings(deadline=None)
@given(st.lists(st.integers(-9, 9), min_size=1, max_size=30))
def test_the_rules_treat_up_and_down_alike(values):
    values = np.array(values, float)
    centre, half = np.zeros(len(values)), np.full(len(values), 6.0)
    one_side = seven_points_one_side_of_centre
    assert np.array_equal(one_side(values, centre), one_side(-values, centre))
    assert np.array_equal(seven_points_trending(values), seven_points_trending(-values))
    two = two_of_three_near_limit
    assert np.array_equal(two(values, centre, half), two(-values, centre, half))


def test_a_change_of_recording_is_no_signal_once_rebased():
    rng = np.random.default_rng(28)
    rates = np.r_[rng.normal(20, 1, 36), rng.normal(30, 1, 24)]
    plain = xmr_chart(_daily(rates))
    rebased = xmr_chart(_daily(rates), rebase_at=["2021-01"])
    assert plain.table["is_exceptional"].sum() > 30
    assert rebased.table["is_exceptional"].sum() <= 4
    assert rebased.table["segment"].value_counts().to_dict() == {1: 36, 2: 24}
    assert rebased.table.groupby("segment")["centre"].first().round().tolist() == [20, 30]


def test_a_run_does_not_cross_a_rebase():
    rates = [10, 12, 10, 12, 10, 12, 10, 12, 14, 14, 14, 14, 20, 20.1, 20.2, 20.1, 20, 19, 18]
    chart = xmr_chart(_daily(rates), rebase_at=["2019-01"])
    assert not chart.table["is_seven_one_side"].any()


def test_a_planted_month_and_a_planted_shift_are_found():
    rng = np.random.default_rng(3)
    rates = rng.normal(20, 1, 60)
    rates[30] += 8
    rates[48:] += 3
    table = xmr_chart(
        _daily(rates), exclude=pd.date_range("2022-01", periods=12, freq="MS")
    ).table
    assert table["is_outside_limits"].iloc[30]
    assert table["is_seven_one_side"].iloc[54:].all()
    assert table["is_exceptional"].iloc[:30].mean() < 0.15


def test_a_season_taken_out_no_longer_signals():
    shape = pd.Series([130, 125, 105, 95, 85, 80, 75, 80, 95, 105, 110, 115], range(1, 13))
    seasonal = _daily(np.tile(shape.to_numpy() / 5, 5))
    rng = np.random.default_rng(2)
    noisy = seasonal * rng.normal(1, 0.03, 60)
    assert len(xmr_chart(noisy, seasonal_index=shape).exceptional_months) <= 3
    assert len(xmr_chart(noisy).exceptional_months) > 10


def test_a_missing_month_stays_on_the_chart_and_is_no_signal():
    counts = _daily([10, 12] * 12).drop(pd.Timestamp("2018-09-01"))
    table = xmr_chart(counts).table
    row = table[table["month"] == pd.Timestamp("2018-09-01")].iloc[0]
    assert np.isnan(row["value"])
    assert row["upper"] > 0
    assert not row["is_exceptional"]


def test_limits_from_few_months_are_marked_provisional():
    table = xmr_chart(_daily([10, 12] * 12), rebase_at=["2019-06"]).table
    assert table.groupby("segment")["is_provisional"].first().tolist() == [False, True]


def test_a_rebase_off_the_chart_and_an_empty_segment_are_refused():
    counts = _daily([10, 12] * 12)
    with pytest.raises(DataContractError, match="rebase at 2018-01"):
        xmr_chart(counts, rebase_at=["2018-01"])
    with pytest.raises(DataContractError, match="no two neighbouring months"):
        xmr_chart(counts, rebase_at=["2019-12"])
