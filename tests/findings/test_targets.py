"""Sentences on targets: the founding plans' numbers, and what planted rows must be called."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from analysis.assessment import (
    Assessment,
    claims,
    ended_targets,
    prospects,
    surveys,
    target_choice,
)
from analysis.findings import targets

Open = Callable[..., Assessment]


@pytest.fixture(scope="module")
def harrow(opened: Open) -> Assessment:
    return opened("harrow")


def test_the_outcomes_of_harrows_plan_are_told_with_both_ends(harrow: Assessment) -> None:
    table = ended_targets.outcomes(harrow, target_choice.plan_targets(harrow))
    sentence = targets.outcomes(harrow, table).sentence
    assert (
        "met, 8,255 to 6,377 (−22.7%) against 6,604; 15 of 32 boroughs met the same" in sentence
    )
    assert "Fewest offences of the 32 boroughs: missed, 13,413 to 13,640 (+1.7%)" in sentence
    assert "put it there in 2014-15 only" in sentence


def test_where_nothing_has_ended_no_outcome_is_claimed(opened: Open) -> None:
    finding = targets.outcomes(opened("harrow", "2013-03"), pd.DataFrame())
    assert finding.heading == "No target of Harrow has ended yet"
    assert "March 2013" in finding.sentence
    assert not finding.is_key


def test_a_blocked_outcome_is_neither_met_nor_missed(harrow: Assessment) -> None:
    table = ended_targets.outcomes(harrow, target_choice.plan_targets(harrow)).head(1)
    blocked = table.assign(is_blocked=True, note="The base cannot be compared.")
    finding = targets.outcomes(harrow, blocked)
    assert "cannot be told. The base cannot be compared." in finding.sentence
    assert "met," not in finding.sentence
    assert "missed" not in finding.sentence


@pytest.fixture(scope="module")
def asked(opened: Open) -> pd.Series:
    cut = opened("harrow", "2013-03")
    return prospects.prospects(cut, target_choice.plan_targets(cut)).iloc[0]


def test_a_prospect_says_what_it_takes_and_both_halves_of_the_chance(
    asked: pd.Series, opened: Open
) -> None:
    finding = targets.prospect(opened("harrow", "2013-03"), asked)
    for part in (
        "From 7,696 offences in the year to March 2013 to 6,604 takes 1,092 fewer",
        "base April 2011 to March 2012",
        "policing basis, old offence list",
        f"about {100 * asked['simulated']:.0f}% by simulation",
        f"about {100 * asked['base_rate']:.0f}%, how often boroughs have done as much",
    ):
        assert part in finding.sentence
    assert finding.heading.endswith(
        f"{asked['in_words']}, about {100 * asked['probability']:.0f}%"
    )


def test_a_target_already_met_takes_nought_fewer(asked: pd.Series, harrow: Assessment) -> None:
    row = asked.copy()
    row["from_last_12_count"], row["probability"] = -500.0, 0.999
    finding = targets.prospect(harrow, row)
    assert "takes 0 fewer" in finding.sentence
    assert "over 99%" in finding.heading


def test_a_chance_is_never_printed_as_nought_or_certainty(
    asked: pd.Series, harrow: Assessment
) -> None:
    row = asked.copy()
    row["probability"] = row["simulated"] = row["base_rate"] = 0.0
    finding = targets.prospect(harrow, row)
    assert "under 1%" in finding.heading
    assert " 0%" not in finding.sentence


def test_a_blocked_prospect_gives_the_gates_sentence_and_no_chance(opened: Open) -> None:
    hillingdon = opened("hillingdon")
    target = target_choice.chosen_target(
        hillingdon, measure="mopac7", rule="percent 20", base="2011-04..2012-03"
    )
    row = prospects.prospects(hillingdon, [target]).iloc[0]
    finding = targets.prospect(hillingdon, row)
    assert finding.certainty == "not known"
    assert "Heathrow" in finding.sentence
    assert "chance" not in finding.sentence


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
    steps = prospects.ladder(harrow, "mopac7", "2028-05").assign(probability=probabilities)
    finding = targets.ladder(harrow, "mopac7", steps, "2028-05")
    assert finding.heading == heading
    last = harrow.count("mopac7", harrow.latest_year)
    assert f"20% ({last * 0.2:,.0f} fewer)" in finding.sentence
    assert "year to May 2028" in finding.sentence


def test_the_forecast_gives_its_interval_and_is_less_sure_of_small_counts(
    harrow: Assessment,
) -> None:
    result = harrow.forecast("mopac7")
    finding = targets.forecast(harrow, "mopac7", result)
    lower, upper = result.interval(harrow.area.area_code)
    assert f"{lower:,.0f} to {upper:,.0f}" in finding.heading
    assert "with 80% probability" in finding.sentence
    assert finding.certainty == "moderate"
    rare = targets.forecast(harrow, "arson", harrow.forecast("arson"))
    assert rare.certainty == "low"
    assert "fewer than 30 offences a month" in rare.because


def test_the_rules_give_the_least_and_the_most(harrow: Assessment) -> None:
    table = claims.readings_now(harrow, "mopac7")
    finding = targets.rules(harrow, "mopac7", table)
    asked_for = table.loc[table["reduction_count"] > 0, "reduction_count"]
    assert f"{asked_for.min():,.0f} or {asked_for.max():,.0f} fewer" in finding.heading
    none = targets.rules(harrow, "mopac7", table.assign(reduction_count=0.0))
    assert none.heading == "Harrow already stands where every rule would put it"


def test_points_and_per_cent_of_confidence_are_told_apart(harrow: Assessment) -> None:
    (piece,) = targets.surveys(harrow, surveys.survey_targets(harrow))
    # 62 to 75 per cent is 13 points, and 13 / 62 = 21 per cent of the base.
    assert "75% from 62%" in piece.plain
    assert "13 percentage points, or 21% of the base" in piece.plain
    assert "quarter to December 2023" in piece.plain
    assert "on an assumed 400 asked" in piece.plain


def test_a_survey_that_is_not_held_yet_is_said_to_be_silent(opened: Open) -> None:
    cut = opened("harrow", "2013-03")
    (piece,) = targets.surveys(cut, surveys.survey_targets(cut))
    assert "says nothing of Harrow by then" in piece.plain
    assert "quarter to" not in piece.plain


def test_what_is_to_come_is_counted(opened: Open, harrow: Assessment) -> None:
    cut = opened("harrow", "2013-03")
    coming = prospects.prospects(cut, target_choice.plan_targets(cut))
    assert targets.to_come(cut, coming).plain.startswith("Three targets")
    assert "No target" in targets.to_come(harrow, pd.DataFrame()).plain


def test_the_method_says_how_it_was_made_and_what_no_change_means(harrow: Assessment) -> None:
    text = targets.method(harrow, "mopac7", "2028-05").plain
    assert "36 months" in text
    assert "nothing new is done" in text
