"""Ceilings add up to the target, follow the season, and chances say whether they are kept."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import DataContractError, ParamsError
from analysis.targets.probability import Chance
from analysis.targets.trajectory import milestones, on_track, season_shares, trajectory

EVEN = pd.Series(1 / 12, range(1, 13))
NO_MONTHS = pd.Series([], index=pd.DatetimeIndex([]), dtype=float)


def year(count: float = 100.0, first: str = "2024-06-01") -> pd.Series:
    return pd.Series(count, pd.date_range(first, periods=12, freq="MS"))


def horizon_after(months: int) -> str:
    return str(pd.Period("2025-05", freq="M") + months)


monthly = st.lists(st.integers(0, 500), min_size=12, max_size=12).map(
    lambda counts: pd.Series(counts, pd.date_range("2024-06-01", periods=12, freq="MS"))
)
seasons = st.lists(st.floats(0.01, 1), min_size=12, max_size=12).map(
    lambda raw: pd.Series(np.array(raw) / sum(raw), range(1, 13))
)


@given(monthly, seasons, st.floats(0, 1.5), st.integers(12, 60))
def test_the_last_twelve_ceilings_add_up_to_the_target(
    start: pd.Series, shares: pd.Series, ratio: float, months: int
) -> None:
    target = ratio * float(start.sum())
    table = trajectory(start, target, horizon_after(months), shares, NO_MONTHS)
    assert len(table) == months
    assert table["ceiling_count"].iloc[-12:].sum() == pytest.approx(target, abs=1e-6)
    assert table["rolling_12_ceiling_count"].iloc[-1] == pytest.approx(target, abs=1e-6)
    assert table["ceiling_whole_count"].iloc[-12:].sum() == np.floor(target + 1e-9)
    assert (table["ceiling_count"] >= 0).all()
    assert (table["ceiling_whole_count"] >= 0).all()
    assert (table["ceiling_whole_count"] - table["ceiling_count"]).abs().max() <= 2


@given(monthly, seasons, st.floats(0, 1.5), st.integers(1, 11))
def test_less_than_a_year_ahead_the_months_already_counted_are_part_of_the_year(
    start: pd.Series, shares: pd.Series, ratio: float, months: int
) -> None:
    counted = float(start.iloc[months:].sum())
    target = counted + ratio * 100
    table = trajectory(start, target, horizon_after(months), shares, NO_MONTHS)
    assert table["ceiling_count"].sum() == pytest.approx(target - counted, abs=1e-6)
    assert table["rolling_12_ceiling_count"].iloc[-1] == pytest.approx(target, abs=1e-6)
    assert table["ceiling_whole_count"].sum() + counted == np.floor(target + 1e-9)


def test_every_month_is_the_same_percentage_below_its_month_a_year_before() -> None:
    table = trajectory(year(), 1200 * 0.8, horizon_after(48), EVEN, NO_MONTHS)
    ceilings = table["ceiling_count"].to_numpy()
    # The fourth root of .8 each year; rolling totals at the milestones are the years'.
    ratio = 0.8**0.25
    assert ceilings[12:] / ceilings[:-12] == pytest.approx(ratio)
    assert ceilings[0] == pytest.approx(100 * ratio)
    at_years = table["rolling_12_ceiling_count"].iloc[11::12].tolist()
    assert at_years == pytest.approx([1200 * ratio**step for step in (1, 2, 3, 4)])


def test_ceilings_follow_the_season() -> None:
    shares = EVEN.copy()
    shares[11] *= 2
    shares /= shares.sum()
    table = trajectory(year(), 1000, horizon_after(24), shares, NO_MONTHS)
    second = table.iloc[12:].set_index(table["month"].iloc[12:].dt.month)["ceiling_count"]
    assert second[11] == pytest.approx(2 * second[10])


def test_what_was_seen_stands_beside_its_ceiling_and_the_gap_adds_up() -> None:
    seen = pd.Series([80.0, 110.0, 95.0], pd.date_range("2025-06-01", periods=3, freq="MS"))
    table = trajectory(year(), 1080, horizon_after(12), EVEN, seen)
    assert table["is_seen"].tolist() == [True] * 3 + [False] * 9
    # Ceilings of 90 a month: 10 under, 20 over, 5 over.
    assert table["cumulative_gap_count"].iloc[:3].tolist() == pytest.approx([-10, 10, 15])
    assert table["cumulative_gap_count"].iloc[3:].isna().all()
    assert table["rolling_12_count"].iloc[2] == pytest.approx(900 + 285)


def test_a_target_below_what_its_year_already_holds_is_past_reach() -> None:
    with pytest.raises(ParamsError, match="past reach: 600 have been counted already"):
        trajectory(year(), 500, horizon_after(6), EVEN, NO_MONTHS)


def test_a_start_with_a_month_missing_or_a_horizon_before_it_is_refused() -> None:
    with pytest.raises(DataContractError, match="12 whole months; here are 11"):
        trajectory(year().mask(year().index.month == 3), 1000, "2026-05", EVEN, NO_MONTHS)
    with pytest.raises(ParamsError, match="not after its start"):
        trajectory(year(), 1000, "2025-05", EVEN, NO_MONTHS)


def test_a_planted_season_is_found_and_the_length_of_february_is_no_season() -> None:
    months = pd.date_range("2015-01-01", periods=60, freq="MS")
    busy = np.where(months.month == 12, 3.0, 1.0) * months.days_in_month
    shares = season_shares(pd.DataFrame({"a": busy, "b": 2 * busy}, months))
    assert shares.sum() == pytest.approx(1)
    assert shares[12] / shares[10] == pytest.approx(3)
    flat = season_shares(pd.DataFrame({"a": 1.0 * months.days_in_month}, months))
    assert flat[2] == pytest.approx(28 / 365)


def test_without_every_calendar_month_the_days_stand_for_the_season() -> None:
    months = pd.date_range("2015-01-01", periods=5, freq="MS")
    shares = season_shares(pd.DataFrame({"a": [1.0, 9, 1, 1, 1]}, months))
    assert shares[1] == pytest.approx(31 / 365)
    nothing = season_shares(
        pd.DataFrame({"a": 0.0}, pd.date_range("2015", periods=24, freq="MS"))
    )
    assert nothing.sum() == pytest.approx(1)


def test_milestones_are_the_years_since_the_start_and_the_horizon() -> None:
    assert milestones("2012-03", "2016-03") == ["2013-03", "2014-03", "2015-03", "2016-03"]
    assert milestones("2012-03", "2012-09") == ["2012-09"]


def test_the_chance_at_the_milestone_is_the_share_of_futures_within_its_ceiling() -> None:
    seen = pd.Series([80.0, 110.0], pd.date_range("2025-06-01", periods=2, freq="MS"))
    table = trajectory(year(), 900, horizon_after(24), EVEN, seen)
    ceiling = float(table["rolling_12_ceiling_count"].iloc[11])
    futures = pd.Series([ceiling - 1, ceiling, ceiling + 1, ceiling + 2])
    state = on_track(table, "2026-05", futures, Chance(0.3, 0.4, 0.2))
    assert state.milestone_chance.probability == 0.5
    assert state.in_words == "on track: a realistic possibility (50%)"
    assert state.target_chance.probability == 0.3
    assert (state.seen_months, state.actual_count) == (2, 190)
    assert state.cumulative_gap_count == pytest.approx(190 - 2 * 100 * 0.75**0.5)
    with pytest.raises(ParamsError, match="has no such month"):
        on_track(table, "2030-05", futures, Chance(0.3, 0.4, 0.2))


@given(monthly, seasons, st.floats(0, 1.5), st.integers(1, 60))
def test_a_target_over_the_whole_period_is_the_sum_of_all_ceilings(
    start: pd.Series, shares: pd.Series, ratio: float, months: int
) -> None:
    target = ratio * float(start.sum()) * months / 12
    table = trajectory(start, target, horizon_after(months), shares, NO_MONTHS, per="whole")
    assert table["ceiling_count"].sum() == pytest.approx(target, abs=1e-6)
    assert table["ceiling_whole_count"].sum() == np.floor(target + 1e-9)
