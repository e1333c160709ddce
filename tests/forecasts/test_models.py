"""The component models against statsmodels with the same parameters, and on planted truths."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.holtwinters import SimpleExpSmoothing
from statsmodels.tsa.seasonal import seasonal_decompose

from analysis.forecasts.models import (
    DRIFT_VARIANCE,
    MOST_CHANGE,
    MOST_SEASON,
    NOISE_VARIANCE,
    SHARE_GAIN,
    TREND_DAMPING,
    TREND_SLOPE_GAIN,
    damped_trend,
    growth_path,
    seasonal_indices,
    smoothed_level,
    smoothed_shares,
    smoothing_gain,
)

SEASON = np.array([0.9, 0.8, 1.0, 1.0, 1.1, 1.2, 1.2, 1.1, 1.0, 1.0, 0.9, 0.8])


def months(number: int) -> pd.DatetimeIndex:
    return pd.date_range("2010-01-01", periods=number, freq="MS")


def usual(number: int) -> np.ndarray:
    return np.zeros(number, dtype=bool)


def walks(seed: int, number: int = 90, series: int = 3) -> np.ndarray:
    random = np.random.default_rng(seed)
    return 400 * np.exp(random.normal(0.004, 0.06, (number, series)).cumsum(axis=0))


class TestLevel:
    """Simple exponential smoothing and the gain that it is given."""

    @pytest.mark.parametrize("gain", [0.05, 0.3, 0.9])
    def test_it_is_that_of_statsmodels(self, gain: float) -> None:
        values = walks(1)
        levels = smoothed_level(values, gain)
        for column in range(values.shape[1]):
            series = values[:, column]
            theirs = SimpleExpSmoothing(
                series, initialization_method="known", initial_level=series[:12].mean()
            ).fit(smoothing_level=gain, optimized=False)
            np.testing.assert_allclose(levels[:, column], theirs.level, rtol=1e-10)

    def test_a_gain_for_each_series_is_that_series_alone(self) -> None:
        values = walks(2)
        together = smoothed_level(values, np.array([0.1, 0.4, 0.8]))
        for column, gain in enumerate([0.1, 0.4, 0.8]):
            alone = smoothed_level(values[:, [column]], gain)
            np.testing.assert_array_equal(together[:, column], alone[:, 0])

    def test_the_gain_is_the_steady_one_of_a_local_level(self) -> None:
        count = 250.0
        noise, variance = 1 / count + NOISE_VARIANCE, 1.0
        # The variance of the filtered level settles where the Kalman recursion repeats.
        for _ in range(2000):
            predicted = variance + DRIFT_VARIANCE
            gain = predicted / (predicted + noise)
            variance = (1 - gain) * predicted
        assert smoothing_gain(np.array([count]))[0] == pytest.approx(gain, rel=1e-9)

    def test_the_gain_rises_with_the_count_between_its_limits(self) -> None:
        counts = np.concatenate([[0.0], np.geomspace(0.1, 1e9, 60)])
        gains = smoothing_gain(counts)
        assert (np.diff(gains) >= 0).all()
        assert 0 < gains[0] < 0.03
        # Of counting nothing is left; the rest is drift against the other noise.
        assert gains[-1] == pytest.approx(smoothing_gain(np.array([1e15]))[0], rel=1e-5)
        assert gains[-1] < 1


class TestTrend:
    """The damped multiplicative trend and the path between it and no change."""

    @pytest.mark.parametrize("gain", [0.1, 0.2])
    def test_it_is_that_of_statsmodels(self, gain: float) -> None:
        values = walks(3)
        level, growth = damped_trend(values, gain)
        for column in range(values.shape[1]):
            series = values[:, column]
            start = series[:12].mean()
            model = ETSModel(
                series,
                error="mul",
                trend="mul",
                damped_trend=True,
                initialization_method="known",
                initial_level=start,
                initial_trend=1.0,
            )
            fixed = {
                "smoothing_level": gain,
                "smoothing_trend": gain * TREND_SLOPE_GAIN,
                "damping_trend": TREND_DAMPING,
                "initial_level": start,
                "initial_trend": 1.0,
            }
            theirs = model.smooth([fixed[name] for name in model.param_names])
            assert level[column] == pytest.approx(float(theirs.level[-1]), rel=1e-8)
            assert growth[column] == pytest.approx(float(theirs.slope[-1]), rel=1e-8)
            steps = np.cumsum(TREND_DAMPING ** np.arange(1, 25))
            np.testing.assert_allclose(
                level[column] * growth[column] ** steps, theirs.forecast(24), rtol=1e-8
            )

    def test_a_month_many_times_over_moves_it_as_one_three_times_over(self) -> None:
        calm = np.full((30, 1), 100.0)
        high, higher = calm.copy(), calm.copy()
        high[-1], higher[-1] = 300, 3000
        assert damped_trend(high, 0.2) == damped_trend(higher, 0.2)

    def test_a_planted_growth_is_found_and_damped(self) -> None:
        growing = 100 * 1.01 ** np.arange(120)[:, None]
        level, growth = damped_trend(growing, 0.2)
        # Damping always lags behind a steady growth; how far is a matter of its constants.
        assert 1.005 < growth[0] < 1.01
        assert level[0] == pytest.approx(growing[-1, 0], rel=0.03)

    def test_the_path_is_the_geometric_mean_of_the_trend_and_of_no_change(self) -> None:
        values, counts = walks(4), np.array([20.0, 400.0, 9000.0])
        gain = smoothing_gain(counts)
        level, growth = damped_trend(values, np.minimum(0.2, gain))
        flat = smoothed_level(values, gain)[-1]
        last = level * growth ** np.cumsum(TREND_DAMPING ** np.arange(1, 37))[-1]
        path = growth_path(values, counts, 36)
        np.testing.assert_allclose(path[-1], np.sqrt(flat * last))

    def test_no_path_leaves_half_and_double_the_level(self) -> None:
        bursting = np.concatenate([np.full(24, 1.0), 1.25 ** np.arange(36)])[:, None]
        dying = bursting[::-1] + 1e-6
        for values in (bursting, dying, np.vstack([np.zeros((40, 1)), bursting])):
            path = growth_path(values, np.array([1000.0]), 60)
            flat = smoothed_level(values, smoothing_gain(np.array([1000.0])))[-1]
            assert (path <= np.sqrt(MOST_CHANGE) * flat * (1 + 1e-9)).all()
            assert (path >= flat / np.sqrt(MOST_CHANGE) * (1 - 1e-9)).all()

    @pytest.mark.parametrize("number", [2, 11, 12, 13, 60])
    def test_nothing_at_all_stays_next_to_nothing(self, number: int) -> None:
        path = growth_path(np.zeros((number, 2)), np.zeros(2), 60)
        assert np.isfinite(path).all()
        assert (path >= 0).all()
        assert (path < 1e-8).all()


class TestShares:
    """Each part's share in its whole, smoothed."""

    def test_it_is_simple_smoothing_of_the_share(self) -> None:
        random = np.random.default_rng(5)
        parts = random.poisson([30, 60, 110], (60, 3)).astype(float)
        whole = parts.sum(axis=1, keepdims=True).repeat(3, axis=1)
        shares = smoothed_shares(parts, whole)
        start = parts[:12].sum(axis=0) / whole[:12].sum(axis=0)
        np.testing.assert_allclose(shares[:12], np.tile(start, (12, 1)))
        np.testing.assert_allclose(shares.sum(axis=1), 1)
        for column in range(3):
            theirs = SimpleExpSmoothing(
                (parts / whole)[12:, column],
                initialization_method="known",
                initial_level=start[column],
            ).fit(smoothing_level=SHARE_GAIN, optimized=False)
            np.testing.assert_allclose(shares[12:, column], theirs.level, rtol=1e-10)

    def test_a_share_that_begins_anew_knows_its_step_at_once(self) -> None:
        parts = np.full((72, 2), 100.0)
        parts[48:, 0] = 300.0
        whole = parts.sum(axis=1, keepdims=True).repeat(2, axis=1)
        told = smoothed_shares(parts, whole, np.array([48, -1]))
        untold = smoothed_shares(parts, whole)
        assert told[47, 0] == untold[47, 0] == 0.5
        assert told[48:, 0].tolist() == pytest.approx([0.75] * 24)
        assert untold[48, 0] < 0.54
        # A part that does not begin anew is learnt as ever.
        np.testing.assert_array_equal(told[:, 1], untold[:, 1])

    def test_after_a_restart_the_share_is_the_mean_of_what_was_seen_since(self) -> None:
        random = np.random.default_rng(6)
        parts = random.poisson([40, 60], (40, 2)).astype(float)
        whole = parts.sum(axis=1, keepdims=True).repeat(2, axis=1)
        shares = smoothed_shares(parts, whole, np.array([30, -1]))
        seen = parts[30:35, 0] / whole[30:35, 0]
        # For five months the mean weighs each more than the usual gain would.
        assert shares[34, 0] == pytest.approx(seen.mean())

    def test_a_restart_to_come_changes_nothing(self) -> None:
        parts = np.random.default_rng(7).poisson(9, (30, 2)).astype(float)
        whole = parts.sum(axis=1, keepdims=True).repeat(2, axis=1)
        plain = smoothed_shares(parts, whole)
        np.testing.assert_array_equal(smoothed_shares(parts, whole, np.array([30, 90])), plain)

    def test_a_whole_without_an_offence_leaves_the_shares_as_they_were(self) -> None:
        parts = np.tile([1.0, 3.0], (40, 1))
        parts[20:25] = 0
        whole = parts.sum(axis=1, keepdims=True).repeat(2, axis=1)
        np.testing.assert_allclose(smoothed_shares(parts, whole)[-1], [0.25, 0.75])
        nothing = smoothed_shares(parts * 0, whole * 0)
        assert np.isfinite(nothing).all()


class TestSeason:
    """Indices of calendar months and how far they are believed."""

    def test_they_are_the_ratios_to_a_centred_year_of_statsmodels(self) -> None:
        random = np.random.default_rng(8)
        index = months(96)
        series = 500 * SEASON[index.month - 1] * random.lognormal(0, 0.03, 96)
        indices, _ = seasonal_indices(series[:, None], index, usual(96))
        theirs = seasonal_decompose(
            pd.Series(series, index), model="multiplicative", period=12
        ).seasonal
        np.testing.assert_allclose(indices[:, 0], theirs.iloc[:12], rtol=1e-10)

    def test_a_planted_season_is_found_and_believed(self) -> None:
        index = months(84)
        random = np.random.default_rng(9)
        rates = random.poisson(4000 * SEASON[index.month - 1][:, None], (84, 2)).astype(float)
        indices, weight = seasonal_indices(rates, index, usual(84))
        np.testing.assert_allclose(indices, np.stack([SEASON] * 2, axis=1), atol=0.015)
        np.testing.assert_allclose(indices.mean(axis=0), 1)
        assert (weight > 0.98).all()

    @pytest.mark.parametrize("number", [25, 26, 30, 35, 36, 60, 120])
    def test_noise_alone_is_hardly_believed(self, number: int) -> None:
        rates = np.random.default_rng(10).poisson(1000, (number, 500)).astype(float)
        _, weight = seasonal_indices(rates, months(number), usual(number))
        # With a month or two of a third year there is next to nothing to tell it by.
        assert weight.mean() < (0.3 if number >= 30 else 0.5)

    @pytest.mark.parametrize("number", [27, 30, 60])
    def test_a_season_that_never_fails_is_believed_in_full(self, number: int) -> None:
        # Powers of two, so that no rounding is taken for a scatter.
        pattern = np.array([32.0, 64, 128, 64, 32, 64, 128, 256, 128, 64, 32, 32])
        index = months(number)
        rates = pattern[index.month - 1][:, None]
        indices, weight = seasonal_indices(rates, index, usual(number))
        np.testing.assert_allclose(indices[:, 0], pattern / pattern.mean())
        assert weight[0] == pytest.approx(1)

    @pytest.mark.parametrize("number", [2, 12, 23])
    def test_less_than_two_years_tell_no_season(self, number: int) -> None:
        indices, weight = seasonal_indices(walks(11, number), months(number), usual(number))
        assert (indices == 1).all()
        assert (weight == 0).all()

    def test_two_years_give_a_season_that_is_not_believed(self) -> None:
        index = months(24)
        rates = 100 * SEASON[index.month - 1][:, None]
        _, weight = seasonal_indices(rates, index, usual(24))
        assert weight.tolist() == [0]

    def test_unusual_months_teach_no_season_where_there_are_others(self) -> None:
        index = months(96)
        rates = 300 * SEASON[index.month - 1][:, None]
        spoilt = rates.copy()
        spoilt[48:60] /= [[5], [1], [1], [5], [5], [1], [1], [1], [1], [5], [1], [1]]
        is_unusual = usual(96)
        # The spoilt year, and half a year either side whose own year it pulls down.
        is_unusual[42:66] = True
        told, weight = seasonal_indices(spoilt, index, is_unusual)
        np.testing.assert_allclose(told[:, 0], SEASON, atol=1e-9)
        assert weight[0] > 0.99
        untold, _ = seasonal_indices(spoilt, index, usual(96))
        assert np.abs(untold[:, 0] - SEASON).max() > 0.05
        # Where every month is unusual they are better than none.
        everything, _ = seasonal_indices(rates, index, ~usual(96))
        np.testing.assert_allclose(everything[:, 0], SEASON, atol=1e-9)

    def test_a_calendar_month_that_is_always_empty_is_not_taken_for_impossible(self) -> None:
        index = months(72)
        rates = np.where(index.month == 12, 0.0, 1.0)[:, None] * [[40.0, 0.0]]
        indices, weight = seasonal_indices(rates, index, usual(72))
        assert indices[11, 0] == 1 / MOST_SEASON
        assert (indices[:, 1] == 1).all()
        assert np.isfinite(weight).all()
        one_month = np.where(index.month == 12, 40.0, 0.0)[:, None]
        assert seasonal_indices(one_month, index, usual(72))[0].max() == MOST_SEASON
