"""The scores of the forecast benchmarks, against numbers worked out by hand."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm, t

from analysis.project import project_root

NAN = float("nan")


def load_scores() -> ModuleType:
    path = project_root() / "benchmarks/forecasting/scores.py"
    spec = importlib.util.spec_from_file_location("forecast_benchmark_scores", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


scores = load_scores()


def test_the_scale_is_the_mean_change_from_the_same_month_a_year_before() -> None:
    first_year = np.arange(12.0)
    history = np.concatenate([first_year, first_year + 3, first_year - 2])[:, None]
    assert scores.seasonal_naive_error(history) == pytest.approx([(3 + 5) / 2])


def test_the_annual_change_is_that_of_12_month_totals() -> None:
    # Totals of 12, 13 .. 24, then 24 to the end: changes of 12 after one year, at one month.
    history = np.array([1.0] * 12 + [2.0] * 12)[:, None]
    assert scores.annual_change(history) == pytest.approx([12])


def test_a_fall_counts_over_all_series_and_starts_whose_totals_are_usual() -> None:
    # Series a falls from 12 a year to 6 in steps of 0.5; b never. Twelve months on, of 13
    # totals each only the last start has both ends: a fell by half, b did not.
    history = np.array([[1.0, 1.0]] * 12 + [[0.5, 1.0]] * 12)
    usual = np.zeros(24)
    assert scores.fall_rate(history, 50, 12, usual) == pytest.approx(0.5)
    assert scores.fall_rate(history, 51, 12, usual) == 0
    # Six months on a's seven starts fall from 12 to 9, 11.5 to 8.5 ... 9 to 6: by 25 % and
    # more; the last of them holds the last month.
    assert scores.fall_rate(history[:, :1], 25, 6, usual) == pytest.approx(1)
    unusual = usual.copy()
    unusual[23] = 1
    assert np.isnan(scores.fall_rate(history, 50, 12, unusual))
    assert scores.fall_rate(history[:, :1], 26, 6, unusual) == pytest.approx(5 / 6)


def test_a_year_with_a_missing_month_has_no_total() -> None:
    months = np.ones((2, 24))
    months[1, 20] = NAN
    found = scores.year_totals(months)
    assert found[0].tolist() == [12, 12]
    assert found[1, 0] == 12
    assert np.isnan(found[1, 1])


def test_crps_of_a_single_number_is_its_absolute_error() -> None:
    said = np.full((2, 199), 10.0)
    assert scores.crps(said, np.array([14.0, 7.0])) == pytest.approx([4, 3])


def test_crps_of_two_quantiles_is_twice_their_mean_pinball_loss() -> None:
    # 25 %: 0.25 x (12 - 8) = 1; 75 %: (0.75 - 1) x (12 - 20) = 2; twice the mean is 3.
    levels = np.array([0.25, 0.75])
    assert scores.crps(np.array([8.0, 20.0]), np.array(12.0), levels) == pytest.approx(3)


def test_crps_of_the_normal_law_comes_near_its_closed_form() -> None:
    # Gneiting & Raftery 2007: sigma (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi)).
    z = 0.7
    exact = z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / np.sqrt(np.pi)
    found = scores.crps(norm.ppf(scores.LEVELS), np.array(z))
    assert found == pytest.approx(exact, rel=0.01)


def test_crps_of_what_is_not_known_is_not_known() -> None:
    assert np.isnan(scores.crps(np.zeros((1, 199)), np.array([NAN]))).all()


@given(st.floats(-50, 50), st.floats(0.1, 20))
def test_quantiles_of_a_normal_law_are_exact_at_other_levels(mean: float, sd: float) -> None:
    held = np.array([0.005, 0.1, 0.5, 0.9, 0.995])
    found = scores.at_levels(norm.ppf(held, mean, sd), held)
    assert found == pytest.approx(norm.ppf(scores.LEVELS, mean, sd))


def test_coverage_counts_the_limits_themselves_as_inside() -> None:
    levels = np.array([0.1, 0.5, 0.9])
    quantiles = np.tile([10.0, 20, 30], (5, 1))
    actual = np.array([10.0, 30, 9.9, 30.1, NAN])
    found = scores.is_inside(quantiles, actual, 0.8, levels)
    assert found[:4].tolist() == [1, 1, 0, 0]
    assert np.isnan(found[4])


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_the_limits_of_an_interval_are_among_the_levels(level: float) -> None:
    uniform = np.tile(scores.LEVELS, (1000, 1))
    happened = (np.arange(1000) + 0.5) / 1000
    assert scores.is_inside(uniform, happened, level).mean() == pytest.approx(level)


def test_clustered_error_takes_series_of_one_origin_as_one() -> None:
    # Two origins, all inside and all outside: residuals sum to +1 and -1, so the error is
    # sqrt((1 + 1) x 2 / 1) / 4 = 0.5, where four separate series would give 0.29.
    value, error = scores.clustered_standard_error(np.array([[1.0, 1], [0, 0]]))
    assert (value, error) == pytest.approx((0.5, 0.5))


def test_clustered_error_of_unequal_origins_is_that_of_a_ratio_of_sums() -> None:
    # 3 of 4: origins with 2 of 2 and 1 of 2, a window missing in a third; residual sums
    # 0.5 and -0.5: sqrt(0.5 x 2) / 4.
    inside = np.array([[1.0, 1], [1, 0], [NAN, NAN]])
    value, error = scores.clustered_standard_error(inside)
    assert (value, error) == pytest.approx((0.75, 0.25))


def test_clustered_error_of_one_origin_is_not_known() -> None:
    assert np.isnan(scores.clustered_standard_error(np.array([[1.0, 0]]))[1])


def test_a_ratio_leaves_out_what_either_has_not_scored() -> None:
    ours = np.array([[1.0, NAN], [2.0, 3.0]])
    peer = np.array([[2.0, 100.0], [4.0, NAN]])
    found = scores.ratio(ours, peer)
    assert found.value == pytest.approx(0.5)
    assert found.origins == 2
    assert np.isnan(found.lower)


def test_limits_of_a_ratio_come_from_leaving_out_origins() -> None:
    ours, peer = np.array([[8.0], [9.0], [13.0]]), np.full((3, 1), 10.0)
    found = scores.ratio(ours, peer)
    logs = np.log([22 / 20, 21 / 20, 17 / 20])
    error = np.sqrt(2 / 3 * ((logs - logs.mean()) ** 2).sum())
    assert found.value == pytest.approx(1)
    assert found.upper == pytest.approx(np.exp(t.ppf(0.975, 2) * error))
    assert found.lower == pytest.approx(1 / found.upper)


def test_more_series_at_the_same_origins_make_no_narrower_limits() -> None:
    random = np.random.default_rng(1)
    ours, peer = random.uniform(1, 2, (6, 5)), random.uniform(1, 2, (6, 5))
    few = scores.ratio(ours, peer)
    many = scores.ratio(np.tile(ours, 40), np.tile(peer, 40))
    assert (many.lower, many.upper) == pytest.approx((few.lower, few.upper))


def test_origins_of_a_group_count_as_one() -> None:
    values = np.array([[1.0], [1.0], [4.0], [4.0], [7.0], [7.0]])
    found = scores.mean(values, np.array([1, 1, 2, 2, 3, 3]))
    # Three groups of means 1, 4, 7: standard error sqrt(9 / 3).
    assert found.origins == 3
    assert found.upper - found.value == pytest.approx(t.ppf(0.975, 2) * np.sqrt(3))


def test_brier_score_is_the_squared_gap() -> None:
    found = scores.brier(np.array([0.2, 0.9, 0.5]), np.array([0.0, 1.0, NAN]))
    assert found[:2] == pytest.approx([0.04, 0.01])
    assert np.isnan(found[2])


def test_probability_is_the_share_of_quantiles_at_or_below() -> None:
    levels = np.array([0.2, 0.4, 0.6, 0.8])
    quantiles = np.array([10.0, 20, 30, 40])
    found = scores.probability_at_most(quantiles, np.array(30.0), levels)
    assert found == pytest.approx(0.75)


def test_fifths_are_sorted_and_say_what_happened_in_each() -> None:
    said = np.tile(np.linspace(0.05, 0.95, 10), (2, 1))
    outcome = (said > 0.5).astype(float)
    found = scores.fifths(said, outcome)
    assert [one.forecast for one in found] == pytest.approx([0.1, 0.3, 0.5, 0.7, 0.9])
    assert [one.observed for one in found] == pytest.approx([0, 0, 0.5, 1, 1])
    assert [one.windows for one in found] == [4] * 5


def test_forecasts_that_are_alike_stay_in_one_fifth() -> None:
    said = np.array([[0.1] * 8 + [0.6, 0.7]])
    found = scores.fifths(said, np.zeros_like(said))
    assert found[0].windows == 8
    assert sum(one.windows for one in found) == 10
