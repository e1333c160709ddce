"""Hot-spot accuracy: published indices, planted places, blind choices and the ceiling."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from analysis.errors import DataContractError
from analysis.places.prediction import hit_rate, yearly_hit_rates

PAIRS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=2, max_size=40
).filter(lambda rows: all(sum(column) > 0 for column in zip(*rows, strict=True)))


def _series(values):
    return pd.Series(values, [f"p{number}" for number in range(len(values))])


@pytest.mark.parametrize(
    ("leading_pct", "accuracy", "efficiency"), [(34, 2, 1), (67, 1.5, 1), (100, 1, 1)]
)
def test_indices_of_three_places_are_those_published(leading_pct, accuracy, efficiency):
    # Worked example of the ptools package.
    found = hit_rate(_series([3, 2, 1]), _series([6, 3, 0]), leading_pct=leading_pct, draws=9)
    assert found.predictive_accuracy_index == pytest.approx(accuracy)
    assert found.predictive_efficiency_index == pytest.approx(efficiency)


@pytest.mark.parametrize(
    ("places", "accuracy", "efficiency"),
    [
        (1, 1.894737, 0.857143),
        (2, 1.421053, 0.692308),
        (3, 1.684211, 1),
        (4, 1.421053, 1),
        (5, 1.2, 1),
        (6, 1, 1),
    ],
)
def test_indices_with_a_tie_take_the_quieter_place_first_as_published(
    places, accuracy, efficiency
):
    earlier, later = _series([8, 4, 4, 2, 1, 0]), _series([6, 7, 3, 2, 1, 0])
    found = hit_rate(earlier, later, leading_pct=100 * places / 6, draws=9)
    assert found.chosen_places == ("p0", "p2", "p1", "p3", "p4", "p5")[:places]
    assert found.predictive_accuracy_index == pytest.approx(accuracy, abs=5e-7)
    assert found.predictive_efficiency_index == pytest.approx(efficiency, abs=5e-7)


def test_the_efficiency_of_the_first_paper_with_areas_by_hand():
    # 10 of 40 offences on 1 of 20 hectares: 25 % on 5 %; the best hectare held 16.
    later, earlier = _series([10, 8, 22]), _series([9, 2, 3])
    area = _series([1.0, 0.5, 18.5])
    found = hit_rate(earlier, later, leading_pct=5, area=area, draws=9)
    assert found.chosen_places == ("p0",)
    assert found.predictive_accuracy_index == pytest.approx(5)
    # Densest later: half a hectare with 8, then half of the next, with 5 of its 10.
    assert found.best_pct == pytest.approx(13 / 40 * 100)


@given(PAIRS)
@settings(max_examples=50, deadline=None)
def test_taking_all_places_holds_all_crime(rows):
    later, earlier = (_series(list(column)) for column in zip(*rows, strict=True))
    found = hit_rate(earlier, later, leading_pct=100, draws=9)
    assert (found.hit_pct, found.best_pct, found.chosen_pct) == (100, 100, 100)
    assert found.predictive_accuracy_index == pytest.approx(1)


@given(PAIRS, st.sampled_from([5, 10, 25, 50]))
@settings(max_examples=50, deadline=None)
def test_no_choice_beats_the_best_one(rows, leading_pct):
    later, earlier = (_series(list(column)) for column in zip(*rows, strict=True))
    found = hit_rate(earlier, later, leading_pct=leading_pct, draws=9)
    assert found.hit_pct <= found.best_pct + 1e-9
    assert found.hit_pct_lower <= found.hit_pct <= found.hit_pct_upper
    known = hit_rate(later, later, leading_pct=leading_pct, draws=9)
    assert known.predictive_efficiency_index == pytest.approx(1)


@given(PAIRS, st.randoms())
@settings(max_examples=30, deadline=None)
def test_the_order_of_places_changes_no_hit_rate(rows, random):
    later, earlier = (_series(list(column)) for column in zip(*rows, strict=True))
    order = random.sample(list(later.index), len(later))
    first = hit_rate(earlier, later, leading_pct=25, draws=9)
    again = hit_rate(earlier.reindex(order), later.reindex(order), leading_pct=25, draws=9)
    assert first.hit_pct == pytest.approx(again.hit_pct)
    assert first.best_pct == pytest.approx(again.best_pct)


def test_never_more_than_the_share_is_chosen_and_at_least_one_place():
    earlier = _series([9, *[1] * 138])
    assert hit_rate(earlier, earlier, leading_pct=5, draws=9).chosen_place_count == 6
    assert hit_rate(earlier, earlier, leading_pct=0.1, draws=9).chosen_place_count == 1


def test_with_areas_the_share_is_of_the_area():
    earlier, later = _series([40, 10, 9, 1]), _series([20, 10, 10, 0])
    area = _series([60.0, 5.0, 5.0, 30.0])
    found = hit_rate(earlier, later, leading_pct=10, area=area, draws=99)
    assert found.chosen_places == ("p1", "p2")
    assert (found.denominator, found.chosen_pct) == ("area", 10)
    assert found.hit_pct == 50
    assert found.predictive_accuracy_index == pytest.approx(5)


def test_planted_places_that_stay_are_hit_far_beyond_chance():
    rng = np.random.default_rng(11)
    risk = np.where(np.arange(200) < 10, 20.0, 2.0)
    earlier, later = (_series(rng.poisson(risk)) for _ in range(2))
    found = hit_rate(earlier, later, leading_pct=5)
    # Ten places with 200 of 580 to be expected.
    assert found.hit_pct_lower < 200 / 580 * 100 < found.hit_pct_upper
    assert found.hit_pct > found.by_chance_pct_upper
    assert set(found.chosen_places) == {f"p{number}" for number in range(10)}
    assert found.dispersion == pytest.approx(1, abs=0.25)


def test_where_crime_moves_at_random_last_year_tells_nothing():
    rng = np.random.default_rng(12)
    rates = [
        hit_rate(
            _series(rng.poisson(4, 200)), _series(rng.poisson(4, 200)), leading_pct=5, draws=49
        ).hit_pct
        for _ in range(40)
    ]
    # The same places chosen in and out of their own time: 5 % against three times as much.
    assert np.mean(rates) == pytest.approx(5, abs=0.6)
    counts = _series(rng.poisson(4, 200))
    assert hit_rate(counts, counts, leading_pct=5, draws=49).hit_pct > 9


def test_the_interval_holds_the_share_of_a_like_year_nine_times_in_ten_and_more():
    rng = np.random.default_rng(13)
    level = rng.gamma(1, 8, 150)
    held = []
    for _ in range(150):
        earlier, later, next_year = (_series(rng.poisson(level)) for _ in range(3))
        found = hit_rate(earlier, later, leading_pct=5, draws=9)
        truth = level[[int(place[1:]) for place in found.chosen_places]].sum() / level.sum()
        held.append(found.hit_pct_lower <= truth * 100 <= found.hit_pct_upper)
    assert np.mean(held) >= 0.9


def test_without_dispersion_the_limits_are_those_of_wilson():
    earlier, later = _series([20, 5, *[1] * 18]), _series([20, 5, *[1] * 18])
    found = hit_rate(earlier, later, leading_pct=5, draws=9)
    lower, upper = proportion_confint(20, 43, method="wilson")
    assert found.dispersion == 1
    assert (found.hit_pct_lower, found.hit_pct_upper) == pytest.approx(
        (lower * 100, upper * 100)
    )


def test_crime_that_comes_in_runs_widens_the_limits():
    rng = np.random.default_rng(14)
    level = rng.gamma(2, 5, 150)
    steady = hit_rate(_series(rng.poisson(level)), _series(rng.poisson(level)), draws=9)
    runs = hit_rate(_series(6 * rng.poisson(level)), _series(6 * rng.poisson(level)), draws=9)
    assert steady.dispersion < 1.5
    assert runs.dispersion == pytest.approx(6, rel=0.3)


def test_blind_choices_scatter_about_the_share_of_places():
    found = hit_rate(_series(range(1, 101)), _series(range(1, 101)), leading_pct=10)
    assert found.by_chance_pct == 10
    # Hypergeometric: mean 10 %, standard deviation sqrt(10 * S2 * 0.9) / 5,050 = 1.72 %.
    spread = np.sqrt(10 * np.var(range(1, 101), ddof=1) * 0.9) / 5_050 * 100
    assert found.by_chance_pct_lower == pytest.approx(10 - 1.96 * spread, abs=0.4)
    assert found.by_chance_pct_upper == pytest.approx(10 + 1.96 * spread, abs=0.4)


def test_each_year_is_judged_by_the_year_before_it():
    rng = np.random.default_rng(15)
    years = pd.DataFrame(rng.poisson(5, (60, 3)), columns=[2021, 2022, 2023])
    table = yearly_hit_rates(years, leading_pct=10, draws=19)
    assert table["chosen_on"].to_dict() == {2022: 2021, 2023: 2022}
    alone = hit_rate(years[2022], years[2023], leading_pct=10, draws=19)
    assert table.loc[2023, "hit_pct"] == alone.hit_pct


@pytest.mark.parametrize(
    ("earlier", "later", "said"),
    [
        (_series([1, 2]), _series([1, 2, 3]), "same places"),
        (_series([1, 2]), _series([0, 0]), "later period"),
        (_series([0, 0]), _series([1, 0]), "earlier period"),
        (_series([1, 2]), _series([1, np.nan]), "without a count"),
    ],
)
def test_what_cannot_be_judged_is_refused(earlier, later, said):
    with pytest.raises(DataContractError, match=said):
        hit_rate(earlier, later)


def test_a_place_without_area_is_refused():
    counts = _series([1, 2])
    with pytest.raises(DataContractError, match="area"):
        hit_rate(counts, counts, area=_series([1.0, 0.0]))


def test_one_year_alone_is_refused():
    with pytest.raises(DataContractError, match="judge"):
        yearly_hit_rates(pd.DataFrame({2021: [1, 2]}))
