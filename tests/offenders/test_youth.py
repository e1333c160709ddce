"""Intervals of published youth justice rates, by hand and against planted truth."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import DataContractError
from analysis.offenders.youth import (
    dispersion_about_trend,
    percentage_limits,
    rates_with_limits,
    smallest_group,
)


def test_limits_are_byars_of_the_implied_number():
    # 65 cases of 100,000: Byar's limits are 50.163 and 82.849.
    row = rates_with_limits(pd.Series({"a": 65.0}), pd.Series({"a": 100_000}), per=100_000).loc[
        "a"
    ]
    assert row["implied_count"] == 65
    assert row["rate_lower"] == pytest.approx(50.163, abs=1e-3)
    assert row["rate_upper"] == pytest.approx(82.849, abs=1e-3)


def test_three_years_together_give_three_times_the_number():
    one, three = (
        rates_with_limits(
            pd.Series({"a": 100.0}), pd.Series({"a": 20_000}), per=100_000, years=years
        ).loc["a"]
        for years in (1, 3)
    )
    assert three["implied_count"] == 3 * one["implied_count"]
    assert three["rate_upper"] < one["rate_upper"]


def test_a_withheld_rate_stays_withheld():
    table = rates_with_limits(
        pd.Series({"a": np.nan, "b": 50.0}), pd.Series({"a": 1e4, "b": 1e4}), per=100_000
    )
    assert table.loc["a"].isna().all()
    assert table.loc["b"].notna().all()


def test_a_straight_line_scatters_no_more_than_chance():
    years = np.arange(9)
    rates = pd.DataFrame({"a": 400 * 0.8**years, "b": 100 * 0.9**years})
    assert dispersion_about_trend(rates, rates) == 1


@pytest.mark.parametrize("truth", [2.0, 5.0])
def test_planted_scatter_about_a_trend_is_found(truth):
    rng = np.random.default_rng(11)
    trend = 60 * np.exp(-0.1 * np.arange(9))[:, None] * rng.uniform(0.6, 2, 200)
    counts = pd.DataFrame(rng.negative_binomial(trend / (truth - 1), 1 / truth))
    counts = counts.where(counts > 0)
    assert dispersion_about_trend(counts, counts) == pytest.approx(truth, rel=0.25)


@pytest.mark.parametrize(
    ("percentage", "group"),
    [(13.95, (6, 43)), (33.33, (1, 3)), (45.24, (19, 42)), (0, (0, 1)), (100, (1, 1))],
)
def test_the_smallest_group_gives_the_percentage(percentage, group):
    assert smallest_group(percentage) == group


@given(st.integers(1, 400), st.data())
def test_no_group_is_larger_than_the_one_behind_the_percentage(total, data):
    cases = data.draw(st.integers(0, total))
    found, smallest = smallest_group(round(100 * cases / total, 2))
    assert smallest <= total
    assert 100 * found / smallest == pytest.approx(100 * cases / total, abs=0.0101)


def test_limits_are_no_narrower_than_those_of_the_true_group():
    # Six of 43, which 12 of 86 would give as well: Wilson's limits of 6 of 43.
    row = percentage_limits(pd.Series([13.95])).iloc[0]
    assert row["value_pct_lower"] == pytest.approx(6.5557, abs=1e-3)
    assert row["value_pct_upper"] == pytest.approx(27.2636, abs=1e-3)


def test_what_is_no_percentage_is_refused():
    with pytest.raises(DataContractError, match="101"):
        smallest_group(101)
