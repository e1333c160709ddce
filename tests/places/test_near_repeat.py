"""Near repeats: published pairs, bands whose bounds belong to them, planted repeats."""

from contextlib import closing
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.errors import DataContractError
from analysis.places.near_repeat import knox, near_repeat_table

EVENTS = st.lists(
    st.tuples(st.integers(0, 500), st.integers(0, 500), st.integers(0, 40)),
    min_size=2,
    max_size=25,
)


def _events(rows):
    return pd.DataFrame(rows, columns=["easting", "northing", "date"]).astype(float)


@pytest.fixture(scope="module")
def burkitt():
    """Burkitt's lymphoma in West Nile, Uganda (Williams and others 1978), 188 cases."""
    import libpysal

    with closing(libpysal.io.open(libpysal.examples.get_path("burkitt.dbf"))) as file:
        return _events(list(zip(*(file.by_col(name) for name in "XYT"), strict=True)))


def test_the_pair_that_a_known_calculator_misfiled():
    # 1 and 4 January, 100 m: within "0 to 3 days", which that calculator called "4 to 6".
    dates = pd.to_datetime(["2019-01-01", "2019-01-04"])
    events = pd.DataFrame({"easting": 0, "northing": [0, 100], "date": dates})
    assert knox(events, distance_m=100, days=3, permutations=9).pair_count == 1
    assert knox(events, distance_m=100, days=2, permutations=9).pair_count == 0
    assert knox(events, distance_m=99, days=3, permutations=9).pair_count == 0
    table = near_repeat_table(events, distance_edges_m=(100, 200), day_edges=(3, 6))
    found = table[table["pair_count"] > 0]
    assert found[["distance_band", "day_band"]].values.tolist() == [
        ["up to 100 m", "0 to 3 days"]
    ]


def test_burkitt_s_lymphoma_is_that_published(burkitt):
    found = knox(burkitt, distance_m=20, days=5, permutations=99)
    assert found.event_count == 188
    assert found.pair_count == 13
    # The published p-value of the Poisson approximation is of more than 13 pairs, and
    # pins the expectation; ours is of 13 or more.
    beyond = stats.poisson.sf(13, found.expected_count)
    assert beyond == pytest.approx(0.14624558197140414, rel=1e-12)
    assert found.p_poisson == pytest.approx(
        beyond + stats.poisson.pmf(13, found.expected_count), rel=1e-12
    )
    assert 0.05 < found.p_value < 0.5


def test_four_events_by_hand():
    # Pairs within 100 m: AB, CD. Within 7 days: AB, AC, BC. Both: AB. N = 6; E = 2 * 3 / 6.
    events = _events([(0, 0, 0), (0, 60, 5), (0, 900, 7), (0, 990, 60)])
    found = knox(events, distance_m=100, days=7, permutations=99)
    assert (found.near_in_space_count, found.near_in_time_count) == (2, 3)
    assert (found.pair_total, found.pair_count) == (6, 1)
    assert (found.expected_count, found.ratio) == (1, 1)


@given(EVENTS, st.integers(1, 300), st.integers(0, 20))
@settings(max_examples=60, deadline=None)
def test_pairs_are_those_of_the_plain_double_loop(rows, distance_m, days):
    found = knox(_events(rows), distance_m=distance_m, days=days, permutations=1)
    pairs = list(combinations(rows, 2))
    near = [np.hypot(a[0] - b[0], a[1] - b[1]) <= distance_m + 1e-9 for a, b in pairs]
    soon = [abs(a[2] - b[2]) <= days for a, b in pairs]
    assert found.near_in_space_count == sum(near)
    assert found.near_in_time_count == sum(soon)
    assert found.pair_count == sum(n and s for n, s in zip(near, soon, strict=True))


@given(EVENTS)
@settings(max_examples=40, deadline=None)
def test_the_bands_add_up_to_the_whole(rows):
    events = _events(rows)
    table = near_repeat_table(
        events, distance_edges_m=(100, 250), day_edges=(3, 10), permutations=3
    )
    whole = knox(events, distance_m=250, days=10, permutations=1)
    assert table["pair_count"].sum() == whole.pair_count
    assert table["expected_count"].sum() == pytest.approx(whole.expected_count)
    near = table[table["distance_upper_m"] <= 100]
    assert (
        near["pair_count"].sum()
        == knox(events, distance_m=100, days=10, permutations=1).pair_count
    )


def test_the_expectation_is_the_mean_of_the_permutations():
    rng = np.random.default_rng(51)
    events = _events(np.column_stack([rng.uniform(0, 900, (80, 2)), rng.integers(0, 60, 80)]))
    found = knox(events, distance_m=150, days=5, permutations=2_000)
    drawn = [
        knox(
            events.assign(date=rng.permutation(events["date"])),
            distance_m=150,
            days=5,
            permutations=1,
        ).pair_count
        for _ in range(300)
    ]
    assert np.mean(drawn) == pytest.approx(found.expected_count, rel=0.03)
    assert found.by_chance_lower == pytest.approx(np.quantile(drawn, 0.025), abs=2.5)
    assert found.by_chance_upper == pytest.approx(np.quantile(drawn, 0.975), abs=2.5)


def _burglaries(rng, count, followed):
    """Burglaries at random, some of them followed within 150 m and a week."""
    first = np.column_stack([rng.uniform(0, 6_000, (count, 2)), rng.integers(0, 365, count)])
    after = first[:followed] + np.column_stack(
        [rng.uniform(20, 100, (followed, 2)), rng.integers(1, 7, followed)]
    )
    return _events(np.vstack([first, after]))


def test_planted_near_repeats_are_found_and_only_near_and_soon():
    events = _burglaries(np.random.default_rng(52), 400, 40)
    table = near_repeat_table(events, day_edges=(7, 14, 28))
    found = table[table["is_more_than_chance"]]
    assert set(found["day_band"]) == {"0 to 7 days"}
    assert set(found["distance_band"]) <= {"up to 100 m", "over 100 to 200 m"}
    assert found["ratio"].min() > 2


def test_without_a_link_nothing_is_found():
    called = 0
    for seed in range(10):
        events = _burglaries(np.random.default_rng(seed), 200, 0)
        called += near_repeat_table(events)["is_more_than_chance"].any()
    assert called <= 2


def test_a_summer_in_one_district_makes_pairs_of_its_own():
    # What the docstring warns of: two halves of the town, two halves of the year.
    rng = np.random.default_rng(53)
    half = np.repeat([0, 1], 150)
    events = _events(
        np.column_stack(
            [
                rng.uniform(0, 2_000, 300) + 2_000 * half,
                rng.uniform(0, 2_000, 300),
                rng.integers(0, 180, 300) + 180 * half,
            ]
        )
    )
    assert knox(events, distance_m=400, days=28, permutations=199).p_value < 0.05


def test_a_repeat_at_the_same_place_has_a_band_of_its_own():
    events = _events([(10, 10, 0), (10, 10, 2), (10, 11, 30), (10, 111, 31)])
    table = near_repeat_table(
        events, distance_edges_m=(100,), day_edges=(3, 31), permutations=9
    ).set_index(["distance_band", "day_band"])
    assert table.loc[("same place", "0 to 3 days"), "pair_count"] == 1
    assert table.loc[("up to 100 m", "0 to 3 days"), "pair_count"] == 1
    assert table.loc[("up to 100 m", "4 to 31 days"), "pair_count"] == 2


def test_the_time_of_day_is_left_out():
    dates = pd.to_datetime(["2024-03-30 23:50", "2024-04-03 00:10"])
    events = pd.DataFrame({"easting": 0, "northing": [0, 10], "date": dates})
    assert knox(events, distance_m=50, days=3, permutations=1).pair_count == 0
    assert knox(events, distance_m=50, days=4, permutations=1).pair_count == 1


def test_the_p_value_counts_the_record_among_the_draws():
    events = _burglaries(np.random.default_rng(54), 100, 60)
    assert knox(events, distance_m=150, days=7, permutations=99).p_value == 0.01


def test_the_same_seed_gives_the_same_table():
    events = _burglaries(np.random.default_rng(55), 60, 5)
    first, again = (near_repeat_table(events, permutations=29) for _ in range(2))
    assert first.equals(again)


@pytest.mark.parametrize(
    ("events", "options", "said"),
    [
        (_events([(0, 0, 0)]), {}, "two events"),
        (_events([(0, 0, 0), (1, 1, None)]), {}, "lack"),
        (_events([(0, 0, 0), (1, 1, 1)]), {"day_edges": (7, 3)}, "days.*rise"),
        (_events([(0, 0, 0), (1, 1, 1)]), {"distance_edges_m": (0.5, 9)}, "distances.*rise"),
    ],
)
def test_what_makes_no_table_is_refused(events, options, said):
    with pytest.raises(DataContractError, match=said):
        near_repeat_table(events, **options)
