"""Funnels, ranks and similar areas: published limits, planted outliers, order of rows."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import DataContractError
from analysis.measures.comparison import (
    POSITIONS,
    funnel,
    funnel_limits,
    overdispersion,
    rank_intervals,
    similar_areas,
)

OBSERVED = pd.Series([100, 150, 180, 80, 120, 225])
EXPECTED = pd.Series([108, 112, 165, 95, 100, 220])


@pytest.mark.parametrize(
    ("confidence", "lower", "upper"),
    [
        (0.95, [0.5596924, 0.6108260, 0.6746958], [1.649348, 1.544419, 1.427562]),
        (0.998, [0.3862650, 0.4479107, 0.5289724], [2.082907, 1.902094, 1.702771]),
    ],
)
def test_funnel_limits_are_those_published(confidence, lower, upper):
    found = funnel_limits(np.array([15.0, 20.0, 30.0]), confidence=confidence)
    assert found[0] == pytest.approx(lower, rel=1e-6)
    assert found[1] == pytest.approx(upper, rel=1e-6)


def test_overdispersion_on_the_log_scale_is_that_published():
    spread = overdispersion(OBSERVED, EXPECTED, transform="log", treatment="truncate")
    assert spread.phi == pytest.approx(2.948033, abs=1e-6)
    assert spread.tau2 == pytest.approx(0.019478, abs=1e-6)


def test_overdispersion_on_the_root_scale_is_that_published():
    assert overdispersion(OBSERVED, EXPECTED).phi == pytest.approx(2.327178, abs=1e-6)


def test_truncation_leaves_out_the_ends_and_winsorising_pulls_them_in():
    expected = pd.Series(np.full(20, 100.0))
    observed = pd.Series([1_000, *[100] * 18, 1])
    truncated = overdispersion(observed, expected, treatment="truncate")
    assert (truncated.phi, truncated.area_count) == (0, 16)
    assert overdispersion(observed, expected).tau2 == 0


def _boroughs(rng, spread=0.0, n=32):
    areas = [f"E{i:02d}" for i in range(n)]
    people = pd.Series(rng.integers(150_000, 400_000, n), areas)
    rate = 0.06 * np.exp(rng.normal(0, spread, n)) if spread else np.full(n, 0.06)
    return pd.Series(rng.poisson(people * rate), areas), people


def test_areas_that_differ_by_chance_alone_are_in_line():
    counts, people = _boroughs(np.random.default_rng(1))
    result = funnel(counts, people)
    assert (result.table["position"] == "in line").mean() >= 0.85
    assert result.tau2 < 0.0005


def test_the_usual_spread_between_boroughs_is_allowed_for():
    counts, people = _boroughs(np.random.default_rng(2), spread=0.25)
    allowed, naive = funnel(counts, people), funnel(counts, people, adjustment="none")
    assert (naive.table["position"].isin(["far above", "far below"])).mean() > 0.8
    assert (allowed.table["position"] == "in line").mean() > 0.8
    assert allowed.tau2 > 0
    assert "overdispersion" in allowed.method


def test_a_planted_outlier_is_far_above_even_so():
    counts, people = _boroughs(np.random.default_rng(3), spread=0.1)
    counts.iloc[5] = int(people.iloc[5] * 0.06 * 2.2)
    table = funnel(counts, people).table
    assert table["position"].iloc[5] == "far above"
    assert set(table["position"]) <= set(POSITIONS)


@pytest.mark.parametrize(
    ("count", "position"),
    [
        (8, "far below"),
        (9, "below"),
        (12, "below"),
        (13, "in line"),
        (30, "in line"),
        (31, "above"),
        (38, "above"),
        (39, "far above"),
    ],
)
def test_positions_change_at_the_exact_limits(count, position):
    # Published at 20 expected: 0.4479107, 0.6108260, 1.544419 and 1.902094 times 20 are
    # 8.96, 12.22, 30.89 and 38.04 offences.
    counts, people = pd.Series([count, 20, 20]), pd.Series([2_000] * 3)
    table = funnel(counts, people, centre_per_1000=10, adjustment="none").table
    assert table["position"].iloc[0] == position


def test_expected_counts_add_up_to_the_observed():
    counts, people = _boroughs(np.random.default_rng(4), spread=0.2)
    table = funnel(counts, people).table
    assert table["expected_count"].sum() == pytest.approx(counts.sum())


def test_the_curve_passes_through_the_areas_own_limits():
    counts, people = _boroughs(np.random.default_rng(5), spread=0.2)
    for adjustment in ("none", "additive", "multiplicative"):
        result = funnel(counts, people, adjustment=adjustment)
        for name in ("rate_per_1000_95_upper", "rate_per_1000_998_lower"):
            drawn = np.interp(people, result.curve["population"], result.curve[name])
            assert drawn == pytest.approx(result.table[name].to_numpy(), rel=1e-4)


def test_a_funnel_of_two_areas_or_without_a_count_is_refused():
    people = pd.Series({"a": 10, "b": 10, "c": 10})
    with pytest.raises(DataContractError, match="three areas"):
        funnel(pd.Series({"a": 1, "b": 2}), people)
    with pytest.raises(DataContractError, match="some offences"):
        funnel(people * 0, people)
    with pytest.raises(DataContractError, match=r"without a count.*\['b'\]"):
        funnel(pd.Series({"a": 1, "b": None, "c": 3}, dtype="Int64"), people)


def test_clearly_separate_areas_have_certain_ranks():
    counts = pd.Series({"a": 13_000, "b": 9_000, "c": 20_000})
    ranks = rank_intervals(counts, pd.Series({"a": 300_000, "b": 150_000, "c": 300_000}))
    assert ranks["count_rank"].tolist() == [2, 1, 3]
    assert ranks["count_rank_lower"].tolist() == ranks["count_rank_upper"].tolist() == [2, 1, 3]
    assert ranks["count_lowest_probability"].tolist() == [0, 1, 0]
    # By rate: 43.3, 60.0, 66.7.
    assert ranks["rate_rank"].tolist() == [1, 2, 3]
    assert ranks["rate_lowest_probability"].tolist() == [1, 0, 0]


def test_two_equal_areas_share_the_rank_and_the_probability():
    ranks = rank_intervals(pd.Series({"a": 500, "b": 500, "c": 5_000}))
    assert ranks["count_rank"].tolist() == [1, 1, 3]
    assert ranks["count_lowest_probability"].iloc[:2].tolist() == pytest.approx(
        [0.5, 0.5], abs=0.02
    )
    assert ranks["count_rank_upper"].tolist() == [2, 2, 3]


def test_the_probability_of_being_lowest_is_that_of_two_gammas():
    # 500 against 540: normal approximation, z = 40 / sqrt(1041) = 1.24, probability 0.892.
    ranks = rank_intervals(pd.Series({"a": 500, "b": 540}), draws=20_000)
    assert ranks["count_lowest_probability"].iloc[0] == pytest.approx(0.892, abs=0.01)


def test_extra_scatter_makes_ranks_less_certain():
    counts = pd.Series({"a": 500, "b": 540})
    certain, loose = rank_intervals(counts), rank_intervals(counts, dispersion=5)
    assert (
        loose.loc["a", "count_lowest_probability"]
        < certain.loc["a", "count_lowest_probability"]
    )


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 400), min_size=2, max_size=10), st.randoms())
def test_ranks_do_not_depend_on_the_order_of_areas(counts, random):
    counts = pd.Series(counts, [f"a{i}" for i in range(len(counts))])
    order = list(counts.index)
    random.shuffle(order)
    ranks = rank_intervals(counts, draws=200)
    pd.testing.assert_frame_equal(
        rank_intervals(counts[order], draws=200).loc[counts.index], ranks
    )
    assert ranks["count_lowest_probability"].sum() == pytest.approx(1)
    assert (ranks["count_rank_lower"] <= ranks["count_rank_upper"]).all()


def test_rank_intervals_hold_the_true_rank_as_often_as_they_say():
    rng = np.random.default_rng(12)
    truth = np.linspace(400, 700, 12)
    held = []
    for _ in range(60):
        ranks = rank_intervals(pd.Series(rng.poisson(truth)), draws=1_000)
        true_rank = np.arange(1, 13)
        held.append(
            (ranks["count_rank_lower"] <= true_rank) & (true_rank <= ranks["count_rank_upper"])
        )
    assert np.mean(held) >= 0.93


FEATURES = pd.DataFrame(
    {
        "population": [260_000, 255_000, 400_000, 250_000],
        "density": [50.0, 49.0, 120.0, 48.0],
        "deprivation": [15.0, 15.5, 30.0, 22.0],
        "young_pct": [12.0, 12.0, 12.0, 12.0],
    },
    index=["harrow", "twin", "inner", "cousin"],
)


def test_the_nearest_area_is_the_twin():
    nearest = similar_areas(FEATURES, "harrow", n=2)
    assert nearest.index.tolist() == ["twin", "cousin"]
    assert nearest["similarity_rank"].tolist() == [1, 2]
    assert nearest["distance"].is_monotonic_increasing
    assert nearest.loc["twin", "density"] == 49


def test_units_and_order_do_not_change_the_neighbours():
    scaled = FEATURES.assign(population=FEATURES["population"] / 1_000)[::-1]
    expected, found = similar_areas(FEATURES, "harrow", 3), similar_areas(scaled, "harrow", 3)
    assert found.index.tolist() == expected.index.tolist()
    assert found["distance"].tolist() == pytest.approx(expected["distance"].tolist())


def test_one_feature_gives_the_distance_in_standard_deviations():
    features = pd.DataFrame({"density": [0.0, 1.0, 2.0]}, index=["a", "b", "c"])
    # By hand: population standard deviation sqrt(2/3).
    assert similar_areas(features, "a")["distance"].tolist() == pytest.approx(
        [1.224745, 2.449490]
    )


def test_an_unknown_area_and_a_missing_feature_are_refused():
    with pytest.raises(DataContractError, match="Did you mean 'harrow'"):
        similar_areas(FEATURES, "harow")
    with pytest.raises(DataContractError, match=r"\['inner'\] is missing"):
        similar_areas(FEATURES.assign(density=[1.0, 2.0, None, 3.0]), "harrow")
