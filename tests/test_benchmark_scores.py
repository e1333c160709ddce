"""The scores of the forecast benchmarks, against numbers worked out by hand."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm, t

from analysis.project import project_root

NAN = float("nan")


def load(name: str) -> ModuleType:
    """A module of the benchmarks, which are no part of the package."""
    folder = project_root() / "benchmarks/forecasting"
    if "forecasting" not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            "forecasting", folder / "__init__.py", submodule_search_locations=[str(folder)]
        )
        assert spec is not None
        sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    return importlib.import_module(f"forecasting.{name}")


scores, figures, peers, bars = map(load, ("scores", "figures", "peers", "bars"))


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


def months_ahead(counts: int, origins: tuple[str, ...]) -> object:
    index = pd.date_range("2010-01-01", periods=counts, freq="MS")
    history = pd.DataFrame({"mopac7/a": range(counts)}, index=index, dtype=float)
    return figures.Figures(history, origins)


def test_a_window_is_clear_if_neither_the_last_year_nor_the_total_touches_covid() -> None:
    origins = ("2017-02", "2017-03", "2019-02", "2019-03", "2022-11", "2022-12")
    found = months_ahead(190, origins).clear()
    assert found.tolist() == [
        [True, True, True],
        [True, True, False],
        [True, False, False],
        [False, False, False],
        [False, False, False],
        [True, True, True],
    ]


def test_the_bars_windows_are_those_of_the_embedded_figures() -> None:
    held = figures.Figures.held("location", "current", figures.ORIGINS)
    assert held.counts.shape[1] == 32 * 15
    counted = held.clear()[:, None, :] & ~np.isnan(held.actual_totals)
    assert counted.any(axis=1).sum(axis=0).tolist() == [11, 7, 4]


def test_what_happened_starts_after_the_origin_and_ends_with_the_figures() -> None:
    found = months_ahead(60, ("2012-12", "2014-06"))
    assert found.before("2012-12").iloc[-1, 0] == 35
    assert found.last_year[0, 0].tolist() == list(range(24, 36))
    assert found.actual[0, 0, :3].tolist() == [36, 37, 38]
    assert np.isnan(found.actual[0, 0, 24:]).all()
    assert found.actual_totals[0, 0, :2].tolist() == [sum(range(36, 48)), sum(range(48, 60))]
    assert np.isnan(found.actual_totals[1]).all()


def test_summed_bounds_add_the_months_at_each_quantile() -> None:
    levels = np.array([0.005, 0.5, 0.995])
    monthly = np.zeros((1, 24, 3)) + [1.0, 2.0, 3.0]
    monthly[0, 12:] *= 2
    found = peers.summed_bounds(monthly, levels)
    assert found.shape == (1, 2, 199)
    assert found[0, :, [0, 99, 198]].T.tolist() == [[12, 24, 36], [24, 48, 72]]


@pytest.mark.parametrize(
    ("value", "upper", "verdict"),
    [
        (0.85, 0.95, "stretch"),
        (0.90, 0.99, "pass"),
        (0.90, 1.01, "SHORT"),
        (0.93, 0.95, "SHORT"),
    ],
)
def test_a_ratio_passes_at_its_bar_with_limits_below_one(
    value: float, upper: float, verdict: str
) -> None:
    ratio = scores.Estimate(value, 0.7, upper, 9)
    row = bars.at_most("totals", ratio, 0.92, 0.86, is_limit_below_one=True)
    assert row.verdict == verdict


def test_limits_that_are_not_known_do_not_pass() -> None:
    ratio = scores.Estimate(0.5, NAN, NAN, 2)
    row = bars.at_most("totals", ratio, 0.92, 0.86, is_limit_below_one=True)
    assert row.verdict == "SHORT"
