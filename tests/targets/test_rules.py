"""What each rule asks, by hand and by property."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import DataContractError, ParamsError
from analysis.params.targets import target_from_text
from analysis.targets.rules import (
    Requirement,
    level_rule,
    parity_rule,
    percent_rule,
    points_rule,
    rank_rule,
    requirement_of,
)

BASE = pd.Series({"harrow": 300, "sutton": 100, "bexley": 120, "barnet": 700})
PEOPLE = pd.Series({"harrow": 1000, "sutton": 250, "bexley": 1000, "barnet": 2000})

counts = st.integers(min_value=1, max_value=10**6)
boroughs = st.lists(counts, min_size=2, max_size=32).map(
    lambda values: pd.Series({f"area {place}": value for place, value in enumerate(values)})
)


def test_a_fifth_of_8255_is_1651() -> None:
    # Harrow's MOPAC 7 crime in 2011/12 on the old list, and the Mayor's 20 per cent.
    asked = percent_rule(pd.Series({"harrow": 8255}), "harrow", 20)
    assert (asked.base_count, asked.target_count) == (8255, pytest.approx(6604))
    assert asked.reduction_count == pytest.approx(1651)
    assert asked.reduction_pct == pytest.approx(20)
    assert asked.comparator_code is None


def test_2500_of_11615_is_21_and_a_half_per_cent() -> None:
    asked = level_rule(pd.Series({"harrow": 11_615}), "harrow", 11_615 - 2500)
    assert asked.reduction_count == 2500
    assert asked.reduction_pct == pytest.approx(21.52, abs=0.005)


@given(boroughs, st.floats(0, 100))
def test_a_percentage_takes_off_that_share_whatever_the_others_have(
    base: pd.Series, percent: float
) -> None:
    asked = percent_rule(base, "area 0", percent)
    assert asked.reduction_count == pytest.approx(base["area 0"] * percent / 100)
    assert asked.reduction_pct == pytest.approx(percent)
    assert percent_rule(base[["area 0"]], "area 0", percent) == asked


def test_a_level_above_the_base_asks_for_less_than_nothing() -> None:
    assert level_rule(BASE, "sutton", 130).reduction_count == -30


@pytest.mark.parametrize(
    ("rank", "by", "comparator", "target"),
    [
        (1, "count", "sutton", 100),
        (2, "count", "bexley", 120),
        (3, "count", "barnet", 700),
        # Rates: Bexley .12, Barnet .35, Sutton .40; on Harrow's 1,000 residents.
        (1, "rate", "bexley", 120),
        (2, "rate", "barnet", 350),
        (3, "rate", "sutton", 400),
    ],
)
def test_a_rank_finds_the_borough_to_be_caught_up_with(
    rank: int, by: str, comparator: str, target: float
) -> None:
    asked = rank_rule(BASE, "harrow", rank, by, PEOPLE)
    assert asked.comparator_code == comparator
    assert asked.target_count == pytest.approx(target)
    assert asked.reduction_count == pytest.approx(300 - target)


def test_the_lowest_borough_has_room_to_rise() -> None:
    asked = rank_rule(BASE, "sutton", 1, "count")
    assert (asked.comparator_code, asked.reduction_count) == ("bexley", -20)


def test_of_boroughs_that_tie_the_first_in_order_is_named_and_the_target_is_the_same() -> None:
    base = pd.Series({"a": 300, "c": 100, "b": 100})
    first, second = (rank_rule(base, "a", rank, "count") for rank in (1, 2))
    assert (first.comparator_code, second.comparator_code) == ("c", "b")
    assert first.target_count == second.target_count == 100


@given(boroughs, st.data())
def test_by_count_at_most_rank_less_one_others_are_below_the_target(
    base: pd.Series, data: st.DataObject
) -> None:
    rank = data.draw(st.integers(1, len(base) - 1))
    asked = rank_rule(base, "area 0", rank, "count")
    others = base.drop("area 0")
    assert (others < asked.target_count).sum() <= rank - 1
    assert (others <= asked.target_count).sum() >= rank


@given(boroughs)
def test_with_equal_populations_rate_and_count_ask_the_same(base: pd.Series) -> None:
    people = pd.Series(50_000, index=base.index)
    by_count = rank_rule(base, "area 0", 1, "count")
    by_rate = rank_rule(base, "area 0", 1, "rate", people)
    assert by_rate.target_count == pytest.approx(by_count.target_count)
    assert by_rate.comparator_code == by_count.comparator_code


@given(boroughs, st.permutations(range(32)))
def test_the_order_of_boroughs_does_not_move_the_target(
    base: pd.Series, order: list[int]
) -> None:
    turned = base.iloc[[place for place in order if place < len(base)]]
    straight = rank_rule(base, "area 0", 1, "count").target_count
    assert rank_rule(turned, "area 0", 1, "count").target_count == straight


def test_a_rank_by_rate_without_population_is_refused() -> None:
    with pytest.raises(DataContractError, match="no population given"):
        rank_rule(BASE, "harrow", 1, "rate")
    with pytest.raises(DataContractError, match="rank by rate: no figure for barnet"):
        rank_rule(BASE, "harrow", 1, "rate", PEOPLE.drop("barnet"))


def test_a_rank_needs_a_figure_for_every_borough() -> None:
    base = BASE.astype("Int64").mask(BASE == 120)
    with pytest.raises(DataContractError, match="rank by count: no figure for bexley"):
        rank_rule(base, "harrow", 1, "count")


def test_parity_is_one_borough_or_the_mean_of_several() -> None:
    assert parity_rule(BASE, "harrow", ["sutton"]) == Requirement(300, 100, "sutton")
    assert parity_rule(BASE, "harrow", ["sutton", "bexley"]) == Requirement(300, 110, None)


@pytest.mark.parametrize(
    "rule",
    [
        lambda base: percent_rule(base, "harrow", 20),
        lambda base: level_rule(base, "harrow", 100),
        lambda base: parity_rule(base, "sutton", ["harrow"]),
    ],
)
@pytest.mark.parametrize(
    "base", [BASE.drop("harrow"), BASE.astype("Int64").mask(BASE == 300)], ids=["no row", "NA"]
)
def test_an_area_without_a_figure_is_refused_by_code(
    rule: Callable[[pd.Series], Requirement], base: pd.Series
) -> None:
    with pytest.raises(DataContractError, match="no figure for harrow in the base period"):
        rule(base)


def test_62_to_75_per_cent_is_13_points_or_a_fifth_of_the_base() -> None:
    asked = points_rule(62, 13)
    assert (asked.target, asked.change, asked.unit) == (75, 13, "per cent of those asked")
    assert asked.change_pct == pytest.approx(20.97, abs=0.01)
    assert points_rule(30, 10, increase=False).target == 20


def test_points_do_not_lead_beyond_all_or_nobody() -> None:
    with pytest.raises(ParamsError, match="from 95% that leads to 108%"):
        points_rule(95, 13)
    with pytest.raises(ParamsError, match="leads to -3%"):
        points_rule(10, 13, increase=False)


@pytest.mark.parametrize(
    ("measure", "rule", "expected"),
    [
        ("mopac7", "percent=20", Requirement(300, 240)),
        ("mopac7", "level=90", Requirement(300, 90)),
        ("mopac7", "rank=1:count", Requirement(300, 100, "sutton")),
        ("mopac7", "rank=1:rate", Requirement(300, 120, "bexley")),
        ("mopac7", "parity=boroughs", Requirement(300, 110)),
        ("good_job_local", "points=13", Requirement(30, 43, unit="per cent of those asked")),
    ],
)
def test_every_rule_gives_the_same_answer_base_target_and_change(
    measure: str, rule: str, expected: Requirement
) -> None:
    target = target_from_text(
        measure=measure, rule=rule, base="2011-04..2012-03", horizon="2016-03"
    )
    base = BASE if measure == "mopac7" else BASE / 10
    asked = requirement_of(
        target, base, "harrow", population=PEOPLE, comparators=["sutton", "bexley"]
    )
    assert asked == expected
    assert asked.change == expected.target - expected.base


def test_a_plan_that_prints_the_base_of_its_survey_is_taken_at_its_word() -> None:
    target = target_from_text(
        measure="good_job_local", rule="points=13", base="2011-04..2012-03", horizon="2016-03"
    ).model_copy(update={"base_value": 62.0})
    assert requirement_of(target, pd.Series(dtype=float), "harrow").target == 75


def test_a_rank_that_everyone_holds_is_refused() -> None:
    with pytest.raises(ParamsError, match="of 4 boroughs every one is within it"):
        rank_rule(BASE, "harrow", 4, "count")
