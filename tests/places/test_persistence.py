"""Persistence: overlap by hand, by chance and of steady places; ties."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.errors import DataContractError
from analysis.places.persistence import hot_spot_overlap, years_among_leading


def _years(*columns):
    return pd.DataFrame(dict(enumerate(columns, start=2021)))


def test_overlap_by_hand():
    # Worst five of twenty: 0-4, then 0, 1, 2, 10, 11.
    first = [*range(20, 0, -1)]
    second = [30, 29, 28, *[1] * 7, 27, 26, *[0] * 8]
    row = hot_spot_overlap(_years(first, second), leading_pct=25).loc[2022]
    assert (row["leading_place_count"], row["stayed_count"], row["stayed_pct"]) == (5, 3, 60)
    assert row["by_chance_count"] == 25 / 20
    # Chance of three or more of five in common: sum of C(5,k) C(15,5-k) / C(20,5).
    assert row["p_value"] == pytest.approx((10 * 105 + 5 * 15 + 1) / 15_504)
    assert row["rank_correlation"] == pytest.approx(stats.spearmanr(first, second).statistic)


def test_places_that_tie_for_the_last_place_count_by_their_fraction():
    first = [9, 5, *[0] * 18]
    second = [9, 3, 3, 3, *[0] * 16]
    row = hot_spot_overlap(_years(first, second), leading_pct=10).loc[2022]
    # Two places; in the second year one is sure and three tie for the other.
    assert row["stayed_count"] == pytest.approx(1 + 1 / 3)


def test_random_places_share_what_chance_says():
    rng = np.random.default_rng(21)
    table = hot_spot_overlap(_years(*rng.poisson(30, (30, 100))), leading_pct=20, draws=19)
    assert table["stayed_count"].mean() == pytest.approx(4, abs=0.7)
    assert table["is_more_than_chance"].mean() <= 0.15
    assert table["rank_correlation"].mean() == pytest.approx(0, abs=0.06)


def test_planted_steady_places_are_found_and_reach_the_steady_overlap():
    rng = np.random.default_rng(22)
    level = rng.gamma(1, 20, 150)
    table = hot_spot_overlap(_years(*rng.poisson(level, (6, 150))), leading_pct=10, draws=199)
    assert table["is_more_than_chance"].all()
    within = table["stayed_pct"].between(table["steady_pct_lower"], table["steady_pct_upper"])
    assert within.mean() >= 0.8
    assert (table["rank_correlation_lower"] > 0.5).all()


def test_places_that_moved_fall_short_of_the_steady_overlap():
    rng = np.random.default_rng(23)
    before, after = np.full(150, 10.0), np.full(150, 10.0)
    before[:15], after[7:22] = 60, 60
    counts = _years(rng.poisson(before), rng.poisson(after))
    row = hot_spot_overlap(counts, leading_pct=10).loc[2022]
    assert row["stayed_count"] == pytest.approx(8, abs=1)
    assert row["stayed_pct"] < row["steady_pct_upper"]
    assert row["is_more_than_chance"]


@given(st.lists(st.lists(st.integers(0, 9), min_size=8, max_size=8), min_size=2, max_size=2))
@settings(max_examples=60, deadline=None)
def test_the_overlap_is_the_same_forwards_and_back_and_within_bounds(rows):
    first, second = rows
    if not (sum(first) and sum(second)):
        return
    there = hot_spot_overlap(_years(first, second), leading_pct=30, draws=5)
    back = hot_spot_overlap(_years(second, first), leading_pct=30, draws=5)
    assert there["stayed_count"].iloc[0] == pytest.approx(back["stayed_count"].iloc[0])
    assert 0 <= there["stayed_pct"].iloc[0] <= 100


def test_a_year_like_itself_stays_wholly():
    counts = _years([*range(20)], [*range(20)])
    row = hot_spot_overlap(counts, leading_pct=10).loc[2022]
    assert (row["stayed_pct"], row["rank_correlation"]) == pytest.approx((100, 1))


def test_places_all_alike_have_no_rank_correlation():
    row = hot_spot_overlap(_years([1] * 10, [*range(10)]), leading_pct=10, draws=9).loc[2022]
    assert np.isnan(row["rank_correlation"])


def test_years_among_the_worst_are_counted_and_named():
    counts = _years([9, 8, 1, 0], [7, 1, 9, 0], [5, 0, 6, 1]).set_axis(list("abcd"))
    table = years_among_leading(counts, leading_pct=50)
    assert table["leading_count"].to_dict() == {"a": 3, "c": 2, "b": 1, "d": 0}
    assert table.loc["c", "leading_in"] == (2022, 2023)
    assert table["is_always_leading"].tolist() == [True, False, False, False]
    assert table.loc["a", "offence_count"] == 21


def test_a_place_that_only_may_be_among_the_worst_is_not_counted():
    table = years_among_leading(_years([9, 4, 4, 4, 0, 0]), leading_pct=50)
    # Three places: one is sure, three tie for two.
    assert table["leading_count"].sum() == 1


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (_years([1, 2, 3, 4]), "period"),
        (_years([1, 2], [1, 2]), "four places"),
        (_years([1, 2, 3, 4], [0, 0, 0, 0]), r"2022.*held"),
        (_years([1, 2, 3, 4], [1, None, 2, 3]), "missing"),
    ],
)
def test_what_has_no_persistence_is_refused(counts, said):
    with pytest.raises(DataContractError, match=said):
        hot_spot_overlap(counts)
