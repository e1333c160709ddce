"""Seasons: planted ones found, absent ones not, short months not taken for quiet ones."""

import numpy as np
import pandas as pd
import pytest

from analysis.errors import DataContractError
from analysis.measures.seasonality import seasonal_indices

MONTHS = pd.date_range("2014-01-01", "2023-12-01", freq="MS")
SHAPE = np.array([118, 112, 98, 90, 88, 86, 84, 88, 95, 110, 121, 110])


def _counts(shape, rng, trend=0.0):
    level = 20 * np.exp(trend * np.arange(len(MONTHS)) / 12)
    mean = level * MONTHS.days_in_month * shape[MONTHS.month - 1] / 100
    return pd.Series(rng.poisson(mean), MONTHS)


def test_a_planted_season_is_found_with_its_peak_and_size():
    season = seasonal_indices(_counts(SHAPE, np.random.default_rng(1), trend=0.08))
    assert season.is_seasonal
    assert (season.peak_month, season.trough_month) == (11, 7)
    assert season.amplitude_pct_lower < 121 - 84 < season.amplitude_pct_upper
    found = season.table["seasonal_index"].to_numpy()
    assert found == pytest.approx(SHAPE, abs=3)


def test_limits_cover_the_planted_indices_as_often_as_they_say():
    covered = []
    for seed in range(30):
        table = seasonal_indices(_counts(SHAPE, np.random.default_rng(seed))).table
        lower, upper = table["seasonal_index_lower"], table["seasonal_index_upper"]
        covered.append((lower <= SHAPE) & (upper >= SHAPE))
    assert 0.9 <= np.mean(covered) <= 0.99


def test_where_there_is_no_season_it_is_seldom_called_real():
    calls = [
        seasonal_indices(_counts(np.full(12, 100), np.random.default_rng(seed))).is_seasonal
        for seed in range(60)
    ]
    assert np.mean(calls) <= 0.1


def test_a_short_month_is_not_a_quiet_one():
    season = seasonal_indices(pd.Series(12 * MONTHS.days_in_month, MONTHS))
    assert season.table["seasonal_index"].to_numpy() == pytest.approx(100)
    assert not season.is_seasonal
    assert season.p_value == 1


def test_indices_average_a_hundred():
    season = seasonal_indices(_counts(SHAPE, np.random.default_rng(4)))
    assert season.table["seasonal_index"].mean() == pytest.approx(100)


def test_a_missing_month_costs_a_year_and_nothing_else():
    counts = _counts(SHAPE, np.random.default_rng(6)).drop(pd.Timestamp("2017-05-01"))
    season = seasonal_indices(counts)
    assert season.peak_month == 11
    assert season.year_count < 9


def test_three_years_are_too_few_and_an_absent_group_has_no_season():
    short = pd.Series(10, MONTHS[:40])
    for counts in (short, pd.Series(0, MONTHS)):
        with pytest.raises(DataContractError, match="four years"):
            seasonal_indices(counts)
