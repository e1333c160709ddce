"""Chances: the mean of simulation and record, and the words for them."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.targets.probability import Chance, chance_of_count, chance_of_rank

NAN = float("nan")

# The Professional Head of Intelligence Assessment's yardstick leaves gaps (up to 5 %, 10 to
# 20, 25 to 35, 40 to under 50, 55 to 75, 80 to 90, 95 and more); every step within it must
# get its own word.
YARDSTICK = [
    (0.0, 0.05, "a remote chance"),
    (0.10, 0.20, "highly unlikely"),
    (0.25, 0.35, "unlikely"),
    (0.40, 0.499, "a realistic possibility"),
    (0.55, 0.75, "likely"),
    (0.80, 0.90, "highly likely"),
    (0.95, 1.0, "almost certain"),
]


@pytest.mark.parametrize(("low", "high", "words"), YARDSTICK)
def test_every_band_of_the_yardstick_has_its_word_at_both_ends(
    low: float, high: float, words: str
) -> None:
    for probability in (low, (low + high) / 2, high):
        assert Chance(probability, probability, NAN).in_words == words


@pytest.mark.parametrize(
    ("boundary", "below", "at"),
    [
        (0.075, "a remote chance", "highly unlikely"),
        (0.225, "highly unlikely", "unlikely"),
        (0.375, "unlikely", "a realistic possibility"),
        (0.525, "a realistic possibility", "likely"),
        (0.775, "likely", "highly likely"),
        (0.925, "highly likely", "almost certain"),
    ],
)
def test_the_gaps_are_closed_half_way(boundary: float, below: str, at: str) -> None:
    assert Chance(math.nextafter(boundary, 0), 0, 0).in_words == below
    assert Chance(boundary, 0, 0).in_words == at


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_larger_chance_never_gets_a_lesser_word(one: float, other: float) -> None:
    order = [words for _, _, words in YARDSTICK]
    low, high = sorted((one, other))
    assert order.index(Chance(low, low, NAN).in_words) <= order.index(
        Chance(high, high, NAN).in_words
    )


def test_a_count_is_met_when_it_is_reached_exactly() -> None:
    draws = pd.Series([80.0, 90.0, 100.0, 110.0])
    assert chance_of_count(draws, 90, NAN).simulated == 0.5
    assert chance_of_count(draws, 89.999, NAN).simulated == 0.25
    assert chance_of_count(draws, 79, NAN).probability == 0
    assert chance_of_count(draws, 110, NAN).probability == 1


def test_the_chance_is_simulated_and_drawn_a_tenth_of_the_way_to_the_record() -> None:
    chance = chance_of_count(pd.Series([80.0, 90.0, 100.0, 110.0]), 90, 0.1)
    assert (chance.simulated, chance.base_rate) == (0.5, 0.1)
    assert chance.probability == pytest.approx(0.46)


def test_without_a_record_the_simulation_stands_alone() -> None:
    chance = chance_of_count(pd.Series([80.0, 120.0]), 100, NAN)
    assert chance.probability == chance.simulated == 0.5
    assert math.isnan(chance.base_rate)


DRAWS = pd.DataFrame({"a": [5.0, 5, 5, 5], "b": [4.0, 6, 6, 4], "c": [9.0, 9, 3, 3]})


@pytest.mark.parametrize(("rank", "chance"), [(1, 0.25), (2, 0.75), (3, 1.0)])
def test_a_rank_counts_the_futures_in_which_few_enough_are_below(
    rank: int, chance: float
) -> None:
    people = pd.Series(10, index=["a", "b", "c"])
    assert chance_of_rank(DRAWS, "a", rank, "count", people, NAN).probability == chance


def test_a_tie_is_a_shared_place() -> None:
    draws = pd.DataFrame({"a": [5.0], "b": [5.0]})
    people = pd.Series({"a": 10, "b": 10})
    for area in ("a", "b"):
        assert chance_of_rank(draws, area, 1, "count", people, NAN).probability == 1


def test_by_rate_the_residents_decide() -> None:
    people = pd.Series({"c": 100.0, "a": 1.0, "b": 10.0})
    assert chance_of_rank(DRAWS, "c", 1, "rate", people, NAN).probability == 1
    assert chance_of_rank(DRAWS, "a", 2, "rate", people, NAN).probability == 0


def test_of_alike_areas_each_is_lowest_equally_often_and_one_always_is() -> None:
    draws = pd.DataFrame(np.random.default_rng(4).random((4000, 5)), columns=list("abcde"))
    people = pd.Series(1, index=draws.columns)
    chances = [chance_of_rank(draws, area, 1, "count", people, NAN) for area in draws]
    assert sum(chance.probability for chance in chances) == pytest.approx(1)
    assert all(chance.probability == pytest.approx(0.2, abs=0.03) for chance in chances)
