"""Rates and proportions against the published figures of the UK's indicator tables."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.errors import DataContractError
from analysis.measures.rates import (
    crime_rate,
    poisson_interval,
    poisson_limits,
    scattered_limits,
    wilson_interval,
)


@pytest.mark.parametrize(
    ("count", "confidence", "lower", "upper"),
    [
        (65, 0.95, 50.163188, 82.849139),
        (1045, 0.95, 982.593202, 1110.331213),
        (1, 0.95, 0.013072, 5.563756),
        (65, 0.998, 42.880261, 94.000291),
        (10, 0.998, 2.916318, 24.193725),
    ],
)
def test_byars_limits_are_those_published(count, confidence, lower, upper):
    limits = poisson_limits(count, confidence=confidence, method="byar")
    assert (limits.lower, limits.upper) == pytest.approx((lower, upper), abs=1e-6)


@pytest.mark.parametrize(
    ("count", "population", "confidence", "expected"),
    [
        (65, 100, 0.95, (65_000, 50_163.19, 82_849.14)),
        (222, 3_215, 0.95, (6_905.132, 6_026.575, 7_875.729)),
        (222, 3_215, 0.998, (6_905.132, 5_560.738, 8_461.047)),
        (999, 3_456, 0.95, (28_906.25, 27_141.30, 30_755.83)),
        (5, 100, 0.95, (5_000, 1_623.486, 11_668.332)),
        (1, 100, 0.95, (1_000, 25.318, 5_571.643)),
    ],
)
def test_crude_rates_are_those_published(count, population, confidence, expected):
    rates = crime_rate(pd.Series([count]), pd.Series([population]), confidence=confidence)
    columns = ["rate_per_1000", "rate_per_1000_lower", "rate_per_1000_upper"]
    # Published per 100,000.
    found = 100 * rates[columns].iloc[0].astype(float)
    assert found.tolist() == pytest.approx(expected, abs=0.006)


def test_harrow_in_april_2014_had_nearly_four_offences_per_1000():
    rates = crime_rate(pd.Series({"E09000015": 949}), pd.Series({"E09000015": 239_056}))
    assert round(rates["rate_per_1000"].iloc[0], 2) == 3.97


def test_crime_rate_uses_exact_limits_below_ten():
    counts = pd.Series([0, 9, 10], ["a", "b", "c"])
    rates = crime_rate(counts, pd.Series(1_000, counts.index))
    assert rates["method"].tolist() == ["exact", "exact", "byar"]
    assert rates.loc["b", "rate_per_1000_upper"] == pytest.approx(stats.chi2.ppf(0.975, 20) / 2)


def test_a_count_of_nought_has_lower_limit_nought_and_an_upper_one():
    limits = poisson_limits(0)
    # -ln(0.025): the mean at which nought is seen once in forty times.
    assert (limits.lower, limits.upper) == pytest.approx((0, 3.688879), abs=1e-6)


def test_areas_are_matched_by_code_and_not_by_order():
    counts = pd.Series({"a": 100, "b": 50})
    rates = crime_rate(counts, pd.Series({"b": 1_000, "a": 4_000}))
    assert rates["rate_per_1000"].tolist() == [25, 50]


def test_a_missing_count_gives_a_missing_rate():
    counts = pd.Series([None, 20], ["a", "b"], dtype="Int64")
    rates = crime_rate(counts, pd.Series(1_000, counts.index))
    assert rates.loc["a", ["rate_per_1000", "rate_per_1000_lower"]].isna().all()


@pytest.mark.parametrize("residents", [0, -5, np.nan])
def test_a_population_that_counts_nobody_is_refused_by_name(residents):
    with pytest.raises(DataContractError, match=r"no population above nought for \['b'\]"):
        crime_rate(pd.Series({"a": 1, "b": 2}), pd.Series({"a": 10, "b": residents}))


def test_negative_counts_doubled_areas_and_impossible_confidence_are_refused():
    people = pd.Series({"a": 10})
    with pytest.raises(DataContractError, match=r"negative count for \['a'\]"):
        crime_rate(pd.Series({"a": -1}), people)
    with pytest.raises(DataContractError, match="more than once"):
        crime_rate(pd.Series([1, 2], ["a", "a"]), people)
    with pytest.raises(DataContractError, match=r"0.95 for 95 %"):
        crime_rate(pd.Series({"a": 1}), people, confidence=95)


@settings(deadline=None)
@given(st.integers(0, 100_000), st.sampled_from([0.8, 0.95, 0.998]))
def test_limits_hold_the_count_between_them(count, confidence):
    limits = poisson_limits(count, confidence=confidence)
    assert limits.lower <= count < limits.upper


@settings(deadline=None)
@given(st.integers(10, 5_000))
def test_byar_is_close_to_exact_from_ten_on(count):
    byar, exact = (poisson_limits(count, method=name) for name in ("byar", "exact"))
    assert byar.lower == pytest.approx(exact.lower, rel=0.01)
    assert byar.upper == pytest.approx(exact.upper, rel=0.01)


def test_exact_limits_cover_a_known_mean_as_often_as_they_say():
    drawn = np.random.default_rng(11).poisson(6.0, 4_000).astype(float)
    lower, upper = poisson_interval(drawn)
    assert np.mean((lower <= 6) & (upper >= 6)) >= 0.95


@pytest.mark.parametrize(
    ("successes", "n", "confidence", "lower", "upper"),
    [
        (65, 100, 0.95, 0.552544, 0.736358),
        (1045, 5000, 0.95, 0.197955, 0.220491),
        (1, 100, 0.95, 0.001767, 0.054486),
        (65, 100, 0.998, 0.495495, 0.778354),
    ],
)
def test_wilsons_limits_are_those_published(successes, n, confidence, lower, upper):
    share = wilson_interval(successes, n, confidence=confidence)
    assert (share.lower, share.upper) == pytest.approx((lower, upper), abs=1e-6)


@settings(deadline=None)
@given(st.integers(1, 500), st.data())
def test_wilsons_limits_mirror_when_cases_become_non_cases(n, data):
    successes = data.draw(st.integers(0, n))
    share, other = wilson_interval(successes, n), wilson_interval(n - successes, n)
    assert share.lower == pytest.approx(1 - other.upper, abs=1e-12)
    assert 0 <= share.lower <= share.proportion <= share.upper <= 1


@pytest.mark.parametrize(("successes", "n"), [(1, 0), (5, 4), (-1, 4)])
def test_what_is_no_proportion_is_refused(successes, n):
    with pytest.raises(DataContractError, match="no proportion"):
        wilson_interval(successes, n)


def test_scattered_limits_of_no_more_than_chance_are_byars():
    lower, upper = scattered_limits(np.array([65.0]), np.array([1.0]))
    assert (lower[0], upper[0]) == pytest.approx((50.163188, 82.849139), abs=1e-5)
