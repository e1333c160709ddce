"""Sentences on how a chance changes: with the fall, the rule, the definition, London."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analysis.assessment import Assessment, claims, prospects, target_choice, target_report
from analysis.assessment.answers import TargetAnswer
from analysis.findings import chances

Open = Callable[..., Assessment]


@pytest.fixture(scope="module")
def harrow(opened: Open) -> Assessment:
    return opened("harrow")


@pytest.fixture(scope="module")
def hindcast(opened: Open) -> TargetAnswer:
    cut = opened("harrow", "2013-03")
    return TargetAnswer(cut, target_report.asked_target(cut))


@pytest.mark.parametrize(
    ("probabilities", "heading"),
    [
        ([0.9, 0.6, 0.4, 0.2, 0.1], "Falls of more than 10% are less likely than not"),
        ([0.4, 0.3, 0.2, 0.1, 0.0], "Even a 5% fall is less likely than not"),
        ([0.5, 0.4, 0.2, 0.1, 0.0], "Falls of more than 5% are less likely than not"),
    ],
)
def test_the_ladders_heading_stands_where_the_chance_is_even(
    probabilities: list[float], heading: str, harrow: Assessment
) -> None:
    fifth = target_choice.chosen_target(
        harrow, measure="mopac7", rule="percent=20", horizon="2028-05"
    )
    own = TargetAnswer(harrow, fifth)
    steps = prospects.ladder(own).assign(probability=probabilities)
    finding = chances.ladder(own, steps)
    assert finding.heading == heading
    last = harrow.count("mopac7", harrow.latest_year)
    assert f"20% ({last * 0.2:,.0f} fewer)" in finding.told
    assert "year to May 2028" in finding.told


def test_the_rules_give_the_least_and_the_most(harrow: Assessment) -> None:
    table = claims.readings_now(harrow, "mopac7")
    finding = chances.rules(harrow, "mopac7", table)
    asked_for = table.loc[table["reduction_count"] > 0, "reduction_count"]
    assert f"{asked_for.min():,.0f} or {asked_for.max():,.0f} fewer" in finding.heading
    none = chances.rules(harrow, "mopac7", table.assign(reduction_count=0.0))
    assert none.heading == "Harrow already stands where every rule would put it"


def test_london_standing_still_and_falling_is_told_with_the_chance_of_the_fall(
    hindcast: TargetAnswer,
) -> None:
    table = hindcast.if_london_changes.set_index("london_change_pct")
    finding = chances.if_london(hindcast)
    assert finding.heading.startswith("If London fell 20%, the chance would be about ")
    below = 100 * table.loc[-20.0, "london_chance_below"]
    assert f"the chance that London falls so far is itself about {below:.0f}%" in finding.told
    # 6,604 of 7,696 is 14.2 % fewer.
    assert "change by \N{MINUS SIGN}14.2% on its own" in finding.told


def test_a_sum_over_years_says_why_london_is_not_told(harrow: Assessment) -> None:
    whole = target_choice.chosen_target(
        harrow, measure="mopac7", rule="percent=20", per="whole"
    )
    finding = chances.if_london(TargetAnswer(harrow, whole))
    assert finding.certainty == "not known"
    assert "sum of years" in finding.told


def test_the_definitions_are_told_by_their_least_and_their_likeliest(
    hindcast: TargetAnswer,
) -> None:
    table = prospects.by_definition(hindcast.assessment, hindcast.target)
    planted = table.assign(probability=0.3)
    planted.loc[table["varies"] == "per", "probability"] = 0.8
    planted.loc[table["varies"] == "record", "probability"] = 0.1
    finding = chances.by_definition(hindcast, planted)
    assert finding.heading == "By definition the chance runs from about 10% to about 80%"
    assert "Likeliest: read as fewer over the whole period (about 80%)." in finding.told
    assert "Least likely: record: " in finding.told


@pytest.mark.parametrize(
    ("fewer", "words"),
    [
        ([100.0, 900.0], "takes 100 to 900 fewer offences"),
        ([-100.0, 900.0], "takes no fewer offences to 900 fewer"),
        ([-100.0, -9.0], "takes no fewer offences than"),
    ],
)
def test_no_definition_asks_for_fewer_than_nought(
    fewer: list[float], words: str, hindcast: TargetAnswer
) -> None:
    table = prospects.by_definition(hindcast.assessment, hindcast.target).head(2)
    finding = chances.by_definition(hindcast, table.assign(from_last_12_count=fewer))
    assert words in finding.told


def test_a_chance_alike_by_every_definition_is_told_once(hindcast: TargetAnswer) -> None:
    table = prospects.by_definition(hindcast.assessment, hindcast.target)
    finding = chances.by_definition(hindcast, table.assign(probability=0.002))
    assert finding.heading == "By every definition the chance is under 1%"
