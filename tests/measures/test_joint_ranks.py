"""Ranks that hold together: published critical values, and coverage where truth is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.errors import DataContractError
from analysis.measures.joint_ranks import _critical, clear_differences, joint_ranks


@pytest.mark.parametrize(
    ("n", "range_at_5_percent"),
    # Upper 5 % points of the studentised range, infinite degrees of freedom: Pearson &
    # Hartley, Biometrika Tables for Statisticians, table 29.
    [(2, 2.77), (3, 3.31), (5, 3.86), (10, 4.47), (20, 5.01)],
)
def test_the_critical_value_is_the_tabled_studentised_range(
    n: int, range_at_5_percent: float
) -> None:
    assert _critical(n, 0.95) * np.sqrt(2) == pytest.approx(range_at_5_percent, abs=0.006)


def test_two_counts_are_told_apart_as_by_hand() -> None:
    # log(121.5 / 90.5) = 0.2945; its error is sqrt(1/121.5 + 1/90.5) = 0.1389; for two
    # areas the limit is 1.96 errors, 0.2722.
    apart = joint_ranks(pd.Series({"a": 121, "b": 90}))
    assert apart["may_be_lowest"].tolist() == [False, True]
    # log(118.5 / 90.5) = 0.2696 and 1.96 errors are 0.2737.
    close = joint_ranks(pd.Series({"a": 118, "b": 90}))
    assert close["may_be_lowest"].tolist() == [True, True]
    assert close["rank"].tolist() == [2, 1]
    assert close[["rank_lower", "rank_upper"]].to_numpy().tolist() == [[1, 2], [1, 2]]


def test_two_may_differ_clearly_though_their_ranks_overlap() -> None:
    counts = pd.Series({"low": 900, "middle": 1_000, "high": 1_100})
    ranks, apart = joint_ranks(counts), clear_differences(counts)
    assert apart.loc["high", "low"] == 1
    assert apart.loc["low", "high"] == -1
    assert ranks.loc["low", "rank_upper"] == ranks.loc["high", "rank_lower"] == 2
    assert (apart["middle"] == 0).all()
    assert (apart == -apart.T).all(axis=None)


def test_rates_not_counts_are_ranked_where_residents_are_given() -> None:
    counts = pd.Series({"large": 2_000, "small": 1_000})
    ranks = joint_ranks(counts, pd.Series({"small": 10_000, "large": 40_000}))
    assert ranks.loc["large", "rank"] == 1
    assert not ranks.loc["small", "may_be_lowest"]


def test_scatter_beyond_chance_widens_every_interval() -> None:
    counts = pd.Series({"a": 900, "b": 1_000, "c": 1_100, "d": 1_500})
    narrow, wide = (joint_ranks(counts, dispersion=phi) for phi in (1.0, 12.0))
    width = [(each["rank_upper"] - each["rank_lower"]).sum() for each in (narrow, wide)]
    assert width[1] > width[0]
    assert wide["may_be_lowest"].sum() > narrow["may_be_lowest"].sum()


def test_the_lowest_count_may_be_the_lowest_and_order_of_rows_does_not_matter() -> None:
    counts = pd.Series(np.arange(1, 33) * 40, index=[f"area{n:02}" for n in range(32)])
    ranks = joint_ranks(counts)
    assert ranks["may_be_lowest"].iloc[0]
    assert (ranks["rank_lower"] <= ranks["rank"]).all()
    assert (ranks["rank"] <= ranks["rank_upper"]).all()
    turned = joint_ranks(counts.iloc[::-1])
    pd.testing.assert_frame_equal(turned.sort_index(), ranks)


def test_an_area_without_an_offence_is_ranked() -> None:
    ranks = joint_ranks(pd.Series({"a": 0, "b": 3, "c": 400}))
    assert ranks["may_be_lowest"].tolist() == [True, True, False]


def test_all_intervals_hold_the_true_ranks_together_as_often_as_they_say() -> None:
    # Planted: 32 areas whose true rates are known, scatter nine times Poisson's.
    generator = np.random.default_rng(20_130_401)
    rates = np.sort(generator.lognormal(0, 0.25, 32)) * 8_000
    truth = np.arange(1, 33)
    right = lowest_named = 0
    for _ in range(400):
        counts = generator.negative_binomial(rates / 8, 1 / 9)
        ranks = joint_ranks(pd.Series(counts, [f"a{n:02}" for n in range(32)]), dispersion=9.0)
        inside = (ranks["rank_lower"] <= truth) & (truth <= ranks["rank_upper"])
        right += bool(inside.all())
        lowest_named += bool(ranks["may_be_lowest"].iloc[0])
    assert right >= 0.93 * 400
    assert lowest_named >= 0.95 * 400


@pytest.mark.parametrize("counts", [pd.Series({"a": 5}), pd.Series({"a": 5.0, "b": None})])
def test_one_area_or_a_missing_count_is_refused(counts: pd.Series) -> None:
    with pytest.raises(DataContractError, match="joint ranks"):
        joint_ranks(counts)
