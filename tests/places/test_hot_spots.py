"""Hot spots: published Moran numbers, planted hot spots, and none in pure chance."""

from contextlib import closing
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import DataContractError
from analysis.places.hot_spots import (
    CHANCE,
    getis_ord,
    global_moran,
    local_moran,
    neighbour_weights,
)


def _grid(rows, columns, step=1):
    cells = pd.DataFrame(product(range(rows), range(columns)), columns=["northing", "easting"])
    return cells * step


def _published(name):
    """A data set that the library carries with it, and its neighbours."""
    import libpysal

    path = libpysal.examples.get_path
    dbf, neighbours, column = {
        "stl": ("stl_hom.dbf", "stl.gal", "HR8893"),
        "sids2": ("sids2.dbf", "sids2.gal", "SIDR74"),
    }[name]
    with closing(libpysal.io.open(path(neighbours))) as file:
        weights = file.read()
    with closing(libpysal.io.open(path(dbf))) as file:
        values = file.by_col(column)
    return pd.Series(values, weights.id_order, dtype=float), weights


def test_moran_of_three_by_three_is_that_published():
    grid = _grid(3, 3)
    values = pd.Series(np.arange(1.0, 10.0), grid.index)
    rook = neighbour_weights(grid, distance_m=1)
    found = global_moran(values, rook, transform="b", permutations=99)
    assert found.moran_i == pytest.approx(0.5)
    assert found.expected == pytest.approx(-0.125)
    assert found.variance_normal == pytest.approx(0.053125)
    assert found.variance_random == pytest.approx(0.0596875)
    rows = global_moran(values, rook, permutations=99)
    assert rows.moran_i == pytest.approx(0.5556, abs=5e-5)


def test_moran_of_homicide_round_st_louis_is_that_published():
    found = global_moran(*_published("stl"), permutations=999)
    assert found.moran_i == pytest.approx(0.24365582621771659, rel=1e-12)
    # The published p-value, 0.0001357, is of one side.
    assert found.p_value_normal / 2 == pytest.approx(0.0001357, abs=5e-8)
    assert found.p_value <= 0.01


def test_moran_of_sudden_infant_deaths_is_that_published():
    found = global_moran(*_published("sids2"), permutations=99)
    assert found.moran_i == pytest.approx(0.24772519320480135, rel=1e-12)


def test_gi_star_by_hand():
    # Ord & Getis (1995), equation 14.3: (sum of w x - x̄ w) / (s sqrt((n w - w²) / (n - 1))),
    # with x̄ and s of all places, s dividing by n.
    row = pd.DataFrame({"easting": range(6), "northing": 0}, list("abcdef"))
    values = pd.Series([1.0, 2, 3, 10, 12, 2], row.index)
    found = getis_ord(values, neighbour_weights(row, distance_m=1), permutations=99)
    mean, spread, near = values.mean(), values.std(ddof=0), 3
    expected = (3 + 10 + 12 - mean * near) / (spread * np.sqrt((6 * near - near**2) / 5))
    assert found.loc["d", "z"] == pytest.approx(expected)
    assert found.loc["d", "neighbour_mean"] == pytest.approx(25 / 3)


def _planted(seed):
    grid = _grid(15, 15, step=400)
    is_hot = grid["easting"].between(800, 1_600) & grid["northing"].between(800, 1_600)
    level = np.where(is_hot, 30, 8)
    counts = pd.Series(np.random.default_rng(seed).poisson(level), grid.index)
    return grid, counts, is_hot


def _inside(grid, is_hot):
    """The planted places whose neighbours are planted for the most part (not its corners)."""
    near = neighbour_weights(grid).neighbors
    return [place for place in grid.index[is_hot] if is_hot[near[place]].sum() >= 5]


def test_a_planted_hot_spot_is_found_and_little_else():
    grid, counts, is_hot = _planted(31)
    found = getis_ord(counts, neighbour_weights(grid))["hot_spot_class"]
    assert (found[_inside(grid, is_hot)] == "hot spot").all()
    assert (found[is_hot] == "hot spot").sum() >= 7
    beside = (grid["easting"].between(400, 2_000)) & (grid["northing"].between(400, 2_000))
    assert (found[~beside] == "hot spot").sum() == 0


def test_local_moran_finds_the_same_planted_hot_spot():
    grid, counts, is_hot = _planted(32)
    found = local_moran(counts, neighbour_weights(grid))
    assert (found.loc[is_hot, "cluster_class"] == "high among high").mean() >= 0.8
    assert (found.loc[~is_hot, "hot_spot_class"] == "hot spot").sum() == 0


def test_a_planted_quiet_corner_is_cold():
    grid, counts, is_hot = _planted(33)
    counts = (counts + 10).where(~is_hot, 0)
    found = getis_ord(counts, neighbour_weights(grid))["hot_spot_class"]
    assert (found[_inside(grid, is_hot)] == "cold spot").all()


@pytest.mark.parametrize("level", [0.3, 5])
def test_pure_chance_gives_about_no_hot_spot(level):
    grid = _grid(12, 12)
    weights = neighbour_weights(grid, distance_m=1.5)
    with_one = 0
    for seed in range(20):
        counts = pd.Series(np.random.default_rng(seed).poisson(level, 144), grid.index)
        verdicts = getis_ord(counts, weights, permutations=1_999)["hot_spot_class"]
        with_one += (verdicts != CHANCE).any()
    # A false-discovery rate of 5 %: of twenty boroughs of chance, one has any; 4 is 1.6 %.
    assert with_one <= 3


@pytest.mark.parametrize("judge", [getis_ord, local_moran])
def test_empty_places_are_not_cold_where_most_places_are_empty(judge):
    # A quarter of places have one crime: nothing can be said of a corner without any.
    grid = _grid(12, 12)
    counts = pd.Series(np.random.default_rng(34).permutation([1] * 30 + [0] * 114), grid.index)
    found = judge(counts, neighbour_weights(grid), permutations=1_999)
    assert (found["hot_spot_class"] == CHANCE).all()
    assert found["p_value"].min() > 0.001


def test_p_values_of_chance_are_evenly_spread():
    grid = _grid(10, 10)
    weights = neighbour_weights(grid)
    p_values = np.concatenate(
        [
            judge(
                pd.Series(np.random.default_rng(seed).normal(20, 3, 100), grid.index),
                weights,
                permutations=499,
            )["p_value"]
            for seed in range(20)
            for judge in (getis_ord, local_moran)
        ]
    )
    assert np.mean(p_values <= 0.05) == pytest.approx(0.05, abs=0.025)
    assert np.mean(p_values <= 0.5) == pytest.approx(0.5, abs=0.07)


def test_a_lone_high_place_is_high_among_low():
    grid = _grid(11, 11)
    values = pd.Series(10.0 + np.random.default_rng(35).normal(0, 1, 121), grid.index)
    near = grid.sub(grid.loc[60]).abs().max(axis=1)
    values[near == 1] = 5.0
    values[60] = 40.0
    found = local_moran(values, neighbour_weights(grid)).loc[60]
    assert found["cluster_class"] == "high among low"
    assert found["hot_spot_class"] == CHANCE


@given(st.permutations(range(25)))
@settings(max_examples=8, deadline=None)
def test_the_order_of_values_changes_nothing(order):
    grid = _grid(5, 5)
    weights = neighbour_weights(grid, neighbour_count=4)
    values = pd.Series(np.random.default_rng(36).poisson(6, 25), grid.index)
    first = getis_ord(values, weights, permutations=99)
    again = getis_ord(values.iloc[list(order)], weights, permutations=99)
    assert first.equals(again)


def test_the_weights_given_are_left_as_they_were():
    grid = _grid(5, 5)
    weights = neighbour_weights(grid)
    values = pd.Series(np.arange(25.0), grid.index)
    before = weights.sparse.toarray()
    first = getis_ord(values, weights, permutations=99)
    global_moran(values, weights, permutations=9)
    local_moran(values, weights, permutations=9)
    assert (weights.sparse.toarray() == before).all()
    assert getis_ord(values, weights, permutations=99).equals(first)


def test_the_numbers_drawn_elsewhere_are_left_alone():
    grid = _grid(4, 4)
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    values = pd.Series(np.arange(16.0), grid.index)
    local_moran(values, neighbour_weights(grid), permutations=9)
    assert (np.random.get_state()[1] == state).all()  # noqa: NPY002


def test_places_on_one_spot_are_each_other_s_neighbours_and_not_their_own():
    places = pd.DataFrame({"easting": [0, 0, 0, 50], "northing": 0}, list("abcd"))
    neighbours = neighbour_weights(places, neighbour_count=2).neighbors
    assert all(place not in near for place, near in neighbours.items())
    assert set(neighbours["a"]) == {"b", "c"}


def test_an_island_is_not_told_apart_by_its_neighbours():
    grid = pd.concat([_grid(6, 6), pd.DataFrame({"northing": [99], "easting": [99]})])
    grid = grid.reset_index(drop=True)
    values = pd.Series(np.random.default_rng(37).poisson(9, 37), grid.index)
    found = local_moran(values, neighbour_weights(grid, distance_m=1), permutations=99)
    assert found.loc[36, "p_value"] == 1


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (pd.Series([1.0, 2, 3]), "different places"),
        (pd.Series([1.0, 2, 3, np.nan]), "without a value"),
        (pd.Series([2.0, 2, 2, 2]), "nothing to tell apart"),
        (pd.Series([2.0, -2, 2, 2]), "negative"),
    ],
)
def test_what_cannot_be_judged_is_refused(values, said):
    with pytest.raises(DataContractError, match=said):
        getis_ord(values, neighbour_weights(_grid(2, 2), neighbour_count=2))


def test_neighbours_by_number_and_distance_at_once_are_refused():
    with pytest.raises(DataContractError, match="one of the two"):
        neighbour_weights(_grid(2, 2), neighbour_count=2, distance_m=5)


def test_more_neighbours_than_places_are_refused():
    with pytest.raises(DataContractError, match="too many"):
        neighbour_weights(_grid(2, 2), neighbour_count=4)
