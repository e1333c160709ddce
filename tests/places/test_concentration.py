"""Concentration: published Gini numbers, chance that is told apart, ties and fractions."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import DataContractError
from analysis.places.concentration import (
    concentration,
    generalised_gini,
    gini,
    leading_place_shares,
    lorenz_curve,
    places_holding,
)

COUNTS = st.lists(st.integers(0, 30), min_size=2, max_size=60).filter(lambda c: sum(c) > 0)


def _counts(*worst, places):
    return pd.Series([*worst, *[0] * (places - len(worst))])


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        (_counts(10, 8, 2, places=10), 0.78),
        (_counts(5, 2, 1, places=10), 0.80),
        (_counts(10, places=10), 0.90),
        (_counts(10, places=100), 0.99),
    ],
)
def test_gini_is_that_published(counts, expected):
    # Worked numbers of the lorenzgini package (Steenbeek & Bernasco).
    assert gini(counts) == pytest.approx(expected, abs=1e-12)


def test_generalised_gini_is_that_published():
    assert generalised_gini(_counts(5, 2, 1, places=10)) == pytest.approx(0.75, abs=1e-12)


@pytest.mark.parametrize("places", [10, 100])
def test_unbiased_gini_is_one_where_one_place_has_all(places):
    assert gini(_counts(10, places=places), is_unbiased=True) == pytest.approx(1)


def test_generalised_gini_is_nought_where_few_crimes_spread_as_evenly_as_they_can():
    counts = _counts(1, 1, 1, places=100)
    assert gini(counts) == pytest.approx(0.97)
    assert generalised_gini(counts) == pytest.approx(0, abs=1e-12)


@given(COUNTS)
def test_gini_is_the_mean_difference_of_pairs(counts):
    values = np.array(counts, dtype=float)
    apart = np.abs(values[:, None] - values[None, :]).mean()
    assert gini(pd.Series(counts)) == pytest.approx(apart / (2 * values.mean()), abs=1e-9)


@given(COUNTS)
def test_gini_is_the_area_between_curve_and_diagonal(counts):
    curve = lorenz_curve(pd.Series(counts)) / 100
    area = np.trapezoid(curve["offence_pct"], curve["place_pct"])
    assert gini(pd.Series(counts)) == pytest.approx(2 * area - 1, abs=1e-9)


@given(COUNTS, st.randoms())
def test_the_order_of_places_changes_nothing(counts, random):
    shuffled = random.sample(counts, len(counts))
    assert gini(pd.Series(counts)) == pytest.approx(gini(pd.Series(shuffled)))
    assert lorenz_curve(pd.Series(counts)).equals(lorenz_curve(pd.Series(shuffled)))


@given(COUNTS)
def test_the_generalised_coefficient_is_the_plain_one_or_less(counts):
    plain, general = gini(pd.Series(counts)), generalised_gini(pd.Series(counts))
    assert -1e-9 <= general <= plain + 1e-9
    if sum(counts) >= len(counts):
        assert general == pytest.approx(plain)


def test_a_fraction_of_a_place_counts_by_its_fraction():
    # 5 % of 30 places: the worst, and half of the next.
    counts = _counts(40, 20, *[1] * 28, places=30)
    share = leading_place_shares(counts, leading_pct=(5,)).loc[5]
    assert share["place_count"] == pytest.approx(1.5)
    assert share["offence_count"] == pytest.approx(40 + 10)
    assert share["offence_pct"] == pytest.approx(50 / 88 * 100)


def test_whole_places_are_as_many_as_a_choice_of_them_takes():
    counts = _counts(40, 20, *[1] * 28, places=30)
    share = leading_place_shares(counts, leading_pct=(1, 5, 10), is_whole=True)
    assert share["place_count"].tolist() == [1, 1, 3]
    assert share["offence_count"].tolist() == [40, 40, 61]
    assert share["place_pct"].tolist() == pytest.approx([100 / 30, 100 / 30, 10])


def test_ties_at_the_edge_are_counted_and_change_no_share():
    counts = _counts(9, 4, 4, 4, 1, places=20)
    share = leading_place_shares(counts, leading_pct=(10,)).loc[10]
    assert share["offence_count"] == 13
    assert share["tied_place_count"] == 3


def test_all_places_hold_all_crime():
    share = leading_place_shares(pd.Series([3, 0, 2, 7]), leading_pct=(100,)).loc[100]
    assert share["offence_pct"] == pytest.approx(100)
    assert not share["is_more_than_chance"]


@pytest.mark.parametrize(("seed", "total"), [(1, 60), (2, 300), (3, 3_000)])
def test_crimes_fallen_at_random_are_not_called_concentrated(seed, total):
    counts = pd.Series(np.random.default_rng(seed).multinomial(total, np.full(150, 1 / 150)))
    found = concentration(counts)
    assert found.gini <= found.gini_by_chance_upper
    assert not found.is_more_than_chance
    assert not leading_place_shares(counts)["is_more_than_chance"].any()


def test_chance_is_called_concentration_about_one_time_in_twenty():
    rng = np.random.default_rng(4)
    called = [
        concentration(pd.Series(rng.multinomial(200, np.full(80, 1 / 80))), draws=199)
        for _ in range(200)
    ]
    # Binomial(200, 0.05): above 20 once in a thousand.
    assert sum(found.is_more_than_chance for found in called) <= 20


def test_a_few_crimes_look_concentrated_but_are_told_to_be_chance():
    counts = _counts(*[1] * 20, places=1_000)
    shares = leading_place_shares(counts, leading_pct=(2,))
    assert shares.loc[2, "offence_pct"] == 100
    assert not shares.loc[2, "is_more_than_chance"]
    assert not concentration(counts).is_more_than_chance


def test_planted_concentration_is_found():
    rng = np.random.default_rng(5)
    risk = np.where(np.arange(150) < 8, 6.0, 1.0)
    counts = pd.Series(rng.poisson(10 * risk))
    assert concentration(counts).p_value == pytest.approx(1 / 1_000)
    assert leading_place_shares(counts)["is_more_than_chance"].all()
    assert places_holding(counts)["is_fewer_than_chance"].all()


def test_concentration_by_size_alone_is_chance_once_size_is_known():
    rng = np.random.default_rng(6)
    residents = pd.Series(np.where(np.arange(150) < 15, 5_000, 1_000))
    counts = pd.Series(rng.multinomial(2_000, residents / residents.sum()))
    assert concentration(counts).is_more_than_chance
    assert not concentration(counts, exposure=residents).is_more_than_chance


def test_the_gini_by_chance_is_that_of_poisson_counts():
    # Mean difference of two Poisson counts of mean m, by summing their joint distribution.
    from scipy import stats

    mean, size = 4.0, 400
    chance = stats.poisson.pmf(np.arange(60), mean)
    apart = np.abs(np.subtract.outer(np.arange(60), np.arange(60)))
    expected = chance @ apart @ chance / (2 * mean)
    counts = pd.Series(np.full(size, int(mean)))
    assert concentration(counts).gini_by_chance == pytest.approx(expected, rel=0.01)


def test_places_that_hold_half_are_whole_and_hold_at_least_half():
    held = places_holding(_counts(30, 20, 20, 20, 10, places=50), held_pct=(25, 50, 51, 100))
    assert held["place_count"].tolist() == [1, 2, 3, 5]
    assert held["place_pct"].tolist() == [2, 4, 6, 10]


@given(COUNTS, st.floats(1, 100))
@settings(max_examples=50, deadline=None)
def test_the_fewest_places_hold_enough_and_one_fewer_do_not(counts, wanted):
    found = int(
        places_holding(pd.Series(counts), held_pct=(wanted,), draws=9)["place_count"].iloc[0]
    )
    worst = sorted(counts, reverse=True)
    needed = wanted / 100 * sum(counts)
    assert sum(worst[:found]) >= needed - 1e-6
    assert sum(worst[: found - 1]) < needed


def test_the_same_seed_gives_the_same_result():
    counts = _counts(9, 4, 4, 1, places=40)
    assert concentration(counts) == concentration(counts)
    assert leading_place_shares(counts).equals(leading_place_shares(counts))


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (pd.Series([1, None], dtype="Int64"), "without a count"),
        (pd.Series([1, -1]), "negative"),
        (pd.Series([0, 0]), "one offence"),
        (pd.Series([4]), "two places"),
        (pd.Series([1.5, 2.0]), "not whole"),
    ],
)
def test_what_cannot_be_concentrated_is_refused(counts, said):
    with pytest.raises(DataContractError, match=said):
        concentration(counts)


def test_a_place_without_exposure_is_refused():
    with pytest.raises(DataContractError, match=r"exposure.*'b'"):
        concentration(pd.Series([2, 3], ["a", "b"]), exposure=pd.Series([10.0], ["a"]))


def test_a_percentage_of_nought_is_refused():
    with pytest.raises(DataContractError, match="percentages"):
        leading_place_shares(pd.Series([2, 3]), leading_pct=(0,))
