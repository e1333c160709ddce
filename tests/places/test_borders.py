"""Border effects: shares by hand, planted edges and none."""

import numpy as np
import pandas as pd
import pytest

from analysis.errors import DataContractError
from analysis.places.borders import border_share

SIDE_M = 10_000


def _places(count, seed):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(rng.uniform(0, SIDE_M, (count, 2)), columns=["easting", "northing"])


def _to_border(places):
    """Metres to the nearest side of a square town."""
    position = places.to_numpy()
    return pd.Series(np.minimum(position, SIDE_M - position).min(axis=1), places.index)


def test_shares_by_hand():
    offences = pd.Series([30, 20, 10, 40], list("abcd"))
    metres = pd.Series([100, 500, 501, 900], list("abcd"))
    residents = pd.Series([1_000, 1_000, 3_000, 3_000], list("abcd"))
    found = border_share(offences, metres, within_m=500, residents=residents)
    assert (found.near_place_count, found.place_pct) == (2, 50)
    assert (found.offence_pct, found.resident_pct) == (50, 25)
    assert found.rate_ratio == pytest.approx((50 / 2_000) / (50 / 6_000))
    assert np.isnan(found.rate_ratio_lower)
    assert not found.is_told_apart


def test_a_planted_edge_is_told_apart():
    places = _places(150, 71)
    metres = _to_border(places)
    level = np.where(metres <= 500, 30, 15)
    offences = pd.Series(np.random.default_rng(72).poisson(level), places.index)
    residents = pd.Series(1_700, places.index)
    found = border_share(offences, metres, within_m=500, residents=residents)
    assert found.is_told_apart
    assert found.rate_ratio_lower < 2 < found.rate_ratio_upper
    assert found.p_value <= 0.01
    assert found.offence_pct_lower < found.offence_pct < found.offence_pct_upper


def test_places_like_the_others_are_told_apart_about_one_time_in_twenty():
    places = _places(150, 73)
    metres = _to_border(places)
    rng = np.random.default_rng(74)
    called = 0
    for _ in range(100):
        offences = pd.Series(rng.poisson(rng.gamma(1, 15, 150)), places.index)
        called += border_share(offences, metres, within_m=600, draws=199).is_told_apart
    # The bootstrap of few skewed places errs on the short side: 12 is 2.5 times its level.
    assert called <= 12


def test_all_places_near_are_the_whole_borough():
    places = _places(20, 75)
    offences = pd.Series(3, places.index)
    found = border_share(offences, _to_border(places), within_m=9_000)
    assert (found.offence_pct, found.place_pct) == (100, 100)
    assert np.isnan(found.rate_ratio)
    assert not found.is_told_apart


def test_residents_that_are_not_given_are_missing_and_places_count():
    offences = pd.Series([4, 2], list("ab"))
    found = border_share(offences, pd.Series([1, 999], list("ab")), within_m=100)
    assert np.isnan(found.resident_pct)
    assert found.rate_ratio == 2
    assert "places" in found.method


def test_the_same_seed_gives_the_same_limits():
    places = _places(40, 76)
    offences = pd.Series(np.random.default_rng(77).poisson(5, 40), places.index)
    metres = _to_border(places)
    first, again = (border_share(offences, metres, within_m=1_500) for _ in range(2))
    assert first.rate_ratio_upper == again.rate_ratio_upper


@pytest.mark.parametrize(
    ("metres", "residents", "said"),
    [
        (pd.Series([1.0], ["a"]), None, "'b'"),
        (pd.Series([1.0, 2.0], ["a", "b"]), pd.Series([5, None], ["a", "b"]), "'b'"),
    ],
)
def test_a_place_of_which_something_is_missing_is_refused(metres, residents, said):
    offences = pd.Series([1, 2], ["a", "b"])
    with pytest.raises(DataContractError, match=said):
        border_share(offences, metres, within_m=5, residents=residents)
