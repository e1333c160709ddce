"""Vulnerable Localities Index: by hand, with variables absent, and its limits."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import DataContractError
from analysis.places.vulnerable_localities import (
    PRIORITY_INDEX,
    VARIABLES,
    vulnerable_localities,
)


def _shares(rows, columns=VARIABLES):
    return pd.DataFrame(rows, columns=list(columns)).rename(index="place {}".format)


def test_six_variables_by_hand():
    # Means 10, 20, 30, 40, 50, 60; the last place has three times each but the sixth.
    rows = [[5, 10, 15, 20, 25, 60], [5, 10, 15, 20, 25, 60], [20, 40, 60, 80, 100, 60]]
    found = vulnerable_localities(_shares(rows)).table
    assert found["vulnerable_localities_index"].to_dict() == pytest.approx(
        {"place 2": (5 * 200 + 100) / 6, "place 0": 350 / 6, "place 1": 350 / 6}
    )
    assert found.loc["place 2", "residential_burglary_index"] == pytest.approx(200)
    assert found["rank"].tolist() == [1, 2, 2]


def test_above_two_hundred_is_a_priority_and_two_hundred_itself_is_not():
    columns = ("income_deprivation",)
    assert PRIORITY_INDEX == 200
    at = vulnerable_localities(_shares([[0], [1], [2]], columns)).table["is_priority"]
    assert not at.any()
    above = vulnerable_localities(_shares([[0], [0], [2]], columns)).table["is_priority"]
    assert above.to_dict() == {"place 2": True, "place 0": False, "place 1": False}


def test_absent_variables_are_named_and_the_mean_is_of_those_held():
    found = vulnerable_localities(
        _shares([[1, 4], [3, 4]], ("income_deprivation", "aged_15_to_24")),
        stand_ins={"income_deprivation": "children in low-income families"},
    )
    assert found.held == ("income_deprivation", "aged_15_to_24")
    assert found.absent == tuple(name for name in VARIABLES if name not in found.held)
    assert found.table["vulnerable_localities_index"].tolist() == pytest.approx([125, 75])
    assert "2 of 6" in found.method
    assert "children in low-income families for income deprivation" in found.method


def test_a_place_without_one_value_has_the_mean_of_its_others():
    rows = [[10.0, 10.0], [30.0, None], [20.0, 20.0]]
    found = vulnerable_localities(_shares(rows, VARIABLES[2:4])).table
    assert found.loc["place 1", "vulnerable_localities_index"] == pytest.approx(150)
    assert found.loc["place 1", "variable_count"] == 1


@given(
    st.lists(st.lists(st.floats(0.1, 100), min_size=3, max_size=3), min_size=2, max_size=15),
    st.floats(0.1, 50),
)
@settings(max_examples=50, deadline=None)
def test_the_mean_is_a_hundred_whatever_the_unit(rows, factor):
    shares = _shares(rows, VARIABLES[2:5])
    found = vulnerable_localities(shares).table["vulnerable_localities_index"]
    assert found.mean() == pytest.approx(100)
    scaled = shares.assign(income_deprivation=shares["income_deprivation"] * factor)
    again = vulnerable_localities(scaled).table["vulnerable_localities_index"]
    assert again.reindex(found.index).tolist() == pytest.approx(found.tolist())


def test_offences_are_made_rates_by_dwellings():
    shares = _shares([[1.0], [1.0]], ("income_deprivation",))
    counts = pd.DataFrame({"residential_burglary": [20, 20]}, shares.index)
    homes = pd.Series([1_000, 500], shares.index)
    found = vulnerable_localities(shares, offence_counts=counts, dwellings=homes).table
    index = found["residential_burglary_index"]
    assert index.to_dict() == pytest.approx({"place 1": 400 / 3, "place 0": 200 / 3})


def test_limits_hold_the_index_and_narrow_as_offences_grow():
    shares = _shares(np.ones((20, 1)), ("income_deprivation",))
    homes = pd.Series(700.0, shares.index)
    widths = []
    for scale in (5, 500):
        counts = pd.DataFrame({"residential_burglary": scale}, shares.index)
        found = vulnerable_localities(shares, offence_counts=counts, dwellings=homes).table
        lower = found["vulnerable_localities_index_lower"]
        upper = found["vulnerable_localities_index_upper"]
        assert found["vulnerable_localities_index"].between(lower, upper).all()
        widths.append((upper - lower).mean())
    # Half the index has a relative standard error of 1 / sqrt(count).
    assert widths[1] == pytest.approx(2 * 1.96 * 50 / np.sqrt(500), rel=0.1)
    assert widths[0] > 8 * widths[1]


def test_the_limits_hold_the_true_index_nineteen_times_in_twenty():
    rng = np.random.default_rng(61)
    level = rng.gamma(3, 4, 60)
    shares = _shares(np.ones((60, 1)), ("income_deprivation",))
    truth = pd.Series(50 + 50 * level / level.mean(), shares.index)
    held = []
    for _ in range(30):
        counts = pd.DataFrame({"residential_burglary": rng.poisson(level)}, shares.index)
        found = vulnerable_localities(
            shares, offence_counts=counts, dwellings=pd.Series(700, shares.index), draws=199
        ).table
        known = truth.reindex(found.index)
        lower = found["vulnerable_localities_index_lower"]
        held.append(known.between(lower, found["vulnerable_localities_index_upper"]).mean())
    assert np.mean(held) == pytest.approx(0.95, abs=0.025)


def test_a_priority_that_rests_on_few_offences_is_not_certain():
    shares = _shares(np.ones((30, 1)), ("income_deprivation",))
    counts = pd.DataFrame({"residential_burglary": [8, *[2] * 29]}, shares.index)
    homes = pd.Series(700, shares.index)
    top = vulnerable_localities(shares, offence_counts=counts, dwellings=homes).table.iloc[0]
    assert top["is_priority"]
    assert not top["is_priority_certain"]
    many = vulnerable_localities(shares, offence_counts=counts * 100, dwellings=homes).table
    assert many.iloc[0]["is_priority_certain"]


def test_without_offence_counts_there_are_no_limits():
    found = vulnerable_localities(_shares([[1], [9]], ("income_deprivation",))).table
    assert found["vulnerable_localities_index_lower"].isna().all()
    assert not found["is_priority_certain"].any()


@pytest.mark.parametrize(
    ("shares", "options", "said"),
    [
        (_shares([[1]], ("income_deprivaton",)), {}, "Did you mean 'income_deprivation'"),
        (_shares([[1], [-1]], ("aged_15_to_24",)), {}, "negative"),
        (_shares([[0], [0]], ("aged_15_to_24",)), {}, "nought everywhere"),
        (pd.DataFrame(index=["a"]), {}, "at least one"),
        (
            _shares([[1], [1]], ("aged_15_to_24",)),
            {"offence_counts": _shares([[1], [2]], ("residential_burglary",))},
            "dwellings",
        ),
        (
            _shares([[1], [1]], ("residential_burglary",)),
            {"offence_counts": _shares([[1], [2]], ("residential_burglary",))},
            "only once",
        ),
    ],
)
def test_what_makes_no_index_is_refused(shares, options, said):
    with pytest.raises(DataContractError, match=said):
        vulnerable_localities(shares, **options)
