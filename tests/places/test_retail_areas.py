"""Retail areas: planted centres found whole, none in chance, thresholds that hold."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import DataContractError
from analysis.places.retail_areas import retail_areas


def _grid(side=12, step=400):
    return pd.DataFrame(
        [(step * x, step * y) for x, y in product(range(side), range(side))],
        [f"{x}-{y}" for x, y in product(range(side), range(side))],
        columns=["easting", "northing"],
        dtype=float,
    )


def _thefts(places, planted, seed, level=3.0):
    rng = np.random.default_rng(seed)
    means = pd.Series(level, places.index)
    for place, mean in planted.items():
        means[place] = mean
    return pd.DataFrame(
        {
            "shoplifting": rng.poisson(means * 0.8),
            "theft_from_person": rng.poisson(means * 0.2),
        },
        places.index,
    )


PLANTED = {"2-2": 120, "2-3": 60, "3-4": 40, "9-9": 70}
# A centre of three places, the last joined across a corner, and a lone one.


def test_planted_centres_are_found_and_nothing_else():
    places = _grid()
    thefts = _thefts(places, PLANTED, seed=81)
    found = retail_areas(places, thefts)
    assert set(found.members.index[found.members["is_retail"]]) == set(PLANTED)
    assert found.areas["place_count"].tolist() == [3, 1]
    assert found.areas["leading_place"].tolist() == ["2-2", "9-9"]
    totals = thefts.sum(axis=1)
    assert found.areas.loc[1, "offence_count"] == totals[["2-2", "2-3", "3-4"]].sum()
    assert found.areas.loc[2, "shoplifting"] == thefts.loc["9-9", "shoplifting"]
    assert found.areas.loc[2, "offence_pct"] == pytest.approx(
        totals["9-9"] / totals.sum() * 100
    )


def test_the_centre_is_weighted_by_offences():
    places = _grid()
    found = retail_areas(places, _thefts(places, PLANTED, seed=82))
    assert found.areas.loc[2, ["easting", "northing"]].tolist() == [3_600, 3_600]
    middle = found.areas.loc[1]
    assert 800 < middle["easting"] < 900 < middle["northing"] < 1_150


def test_the_ratio_has_poisson_limits():
    places = _grid()
    found = retail_areas(places, _thefts(places, PLANTED, seed=83)).areas
    row = found.loc[1]
    assert (
        row["ratio_to_expected_lower"]
        < row["ratio_to_expected"]
        < row["ratio_to_expected_upper"]
    )
    half = 1.96 * row["ratio_to_expected"] / np.sqrt(row["offence_count"])
    assert row["ratio_to_expected_upper"] - row["ratio_to_expected"] == pytest.approx(
        half, rel=0.1
    )


@pytest.mark.parametrize("level", [0.5, 3, 12])
def test_chance_gives_none(level):
    places = _grid()
    for seed in range(20):
        found = retail_areas(places, _thefts(places, {}, seed, level))
        assert found.areas.empty
        assert found.members["retail_area"].isna().all()


def test_without_the_other_thresholds_chance_gives_about_none_either():
    # False discovery alone: one borough in a hundred; three of forty is once in 150.
    places = _grid()
    called = sum(
        not retail_areas(
            places, _thefts(places, {}, seed, 12), least_ratio=1, least_count=1
        ).areas.empty
        for seed in range(40)
    )
    assert called <= 3


def test_joining_further_makes_fewer_areas_of_the_same_places():
    places = _grid()
    thefts = _thefts(places, PLANTED, seed=84)
    counts = [len(retail_areas(places, thefts, join_m=m).areas) for m in (100, 450, 600, 9_000)]
    assert counts == [4, 3, 2, 1]


def test_a_place_just_short_of_a_threshold_is_left_out():
    places = _grid(side=10)
    thefts = pd.DataFrame({"shoplifting": 1}, places.index)
    thefts.loc["5-5"] = 9
    assert retail_areas(places, thefts).areas.empty
    assert len(retail_areas(places, thefts, least_count=9).areas) == 1


def test_expectation_in_proportion_to_residents():
    places = _grid()
    residents = pd.Series(1_000.0, places.index)
    residents["7-7"] = 20_000
    thefts = _thefts(places, {"7-7": 60}, seed=85)
    assert len(retail_areas(places, thefts).areas) == 1
    assert retail_areas(places, thefts, exposure=residents).areas.empty


@given(st.lists(st.integers(0, 60), min_size=16, max_size=16), st.randoms())
@settings(max_examples=40, deadline=None)
def test_areas_add_up_to_their_members_in_any_order(counts, random):
    if not sum(counts):
        return
    places = _grid(side=4)
    thefts = pd.DataFrame({"shoplifting": counts}, places.index)
    found = retail_areas(places, thefts)
    inside = found.members[found.members["is_retail"]]
    assert found.areas["offence_count"].sum() == inside["offence_count"].sum()
    assert found.areas["place_count"].sum() == len(inside)
    assert found.areas["offence_count"].is_monotonic_decreasing
    order = random.sample(list(places.index), len(places))
    again = retail_areas(places.loc[order], thefts)
    assert sorted(again.areas["offence_count"]) == sorted(found.areas["offence_count"])
    assert again.offence_total == sum(counts)


@pytest.mark.parametrize(
    ("thefts", "said"),
    [
        (pd.DataFrame({"shoplifting": [1]}, ["0-0"]), "same places"),
        (pd.DataFrame({"shoplifting": 0}, _grid(2).index), "no offence"),
        (pd.DataFrame({"shoplifting": [1, None, 2, 3]}, _grid(2).index), "missing"),
    ],
)
def test_what_has_no_retail_areas_is_refused(thefts, said):
    with pytest.raises(DataContractError, match=said):
        retail_areas(_grid(2), thefts)
