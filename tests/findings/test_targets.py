"""Sentences on targets: the founding plans' numbers, and what planted rows must be called."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from analysis.assessment import Assessment, prospects, target_choice, target_report
from analysis.assessment.answers import TargetAnswer
from analysis.findings import targets

Open = Callable[..., Assessment]


@pytest.fixture(scope="module")
def harrow(opened: Open) -> Assessment:
    return opened("harrow")


@pytest.fixture(scope="module")
def asked(opened: Open) -> pd.Series:
    cut = opened("harrow", "2013-03")
    return prospects.prospects(cut, target_choice.plan_targets(cut)).iloc[0]


def test_a_prospect_says_what_it_takes_and_both_halves_of_the_chance(
    asked: pd.Series, opened: Open
) -> None:
    finding = targets.prospect(opened("harrow", "2013-03"), asked)
    for part in (
        "From 7,696 offences in the year to March 2013 to 6,604 in that to March 2016 takes "
        "1,092 fewer",
        "base April 2011 to March 2012",
        "policing basis, old offence list",
        f"about {100 * asked['simulated']:.0f}% by simulation",
        f"about {100 * asked['base_rate']:.0f}%, how often boroughs have done as much",
    ):
        assert part in finding.told
    assert "An example" not in finding.told
    assert finding.heading.endswith(
        f"{asked['in_words']}, about {100 * asked['probability']:.0f}%"
    )


def test_a_target_already_met_takes_nought_fewer(asked: pd.Series, harrow: Assessment) -> None:
    row = asked.copy()
    row["from_last_12_count"], row["probability"] = -500.0, 0.999
    finding = targets.prospect(harrow, row)
    assert "takes 0 fewer" in finding.told
    assert "over 99%" in finding.heading


def test_a_chance_is_never_printed_as_nought_or_certainty(
    asked: pd.Series, harrow: Assessment
) -> None:
    row = asked.copy()
    row["probability"] = row["simulated"] = row["base_rate"] = 0.0
    finding = targets.prospect(harrow, row)
    assert "under 1%" in finding.heading
    assert " 0%" not in finding.told


def test_a_blocked_prospect_gives_the_gates_sentence_and_no_chance(opened: Open) -> None:
    hillingdon = opened("hillingdon")
    target = target_choice.chosen_target(
        hillingdon, measure="mopac7", rule="percent 20", base="2023-04..2024-03"
    )
    row = prospects.prospects(hillingdon, [target]).iloc[0]
    finding = targets.prospect(hillingdon, row)
    assert finding.certainty == "not known"
    assert "Heathrow" in finding.told
    assert "chance" not in finding.told


def test_the_forecast_gives_its_interval_and_is_less_sure_of_small_counts(
    harrow: Assessment,
) -> None:
    result = harrow.forecast("mopac7")
    finding = targets.forecast(harrow, "mopac7", result)
    lower, upper = result.interval(harrow.area.area_code)
    assert f"{lower:,.0f} to {upper:,.0f}" in finding.heading
    assert "with 80% probability" in finding.told
    assert finding.certainty == "moderate"
    rare = targets.forecast(harrow, "arson", harrow.forecast("arson"))
    assert rare.certainty == "low"
    assert "fewer than 30 offences a month" in rare.because


def test_what_is_to_come_is_counted(opened: Open, harrow: Assessment) -> None:
    cut = opened("harrow", "2013-03")
    coming = prospects.prospects(cut, target_choice.plan_targets(cut))
    assert targets.to_come(cut, coming).plain.startswith("Three targets")
    assert "No target" in targets.to_come(harrow, pd.DataFrame()).plain


def test_the_method_says_how_it_was_made_and_what_no_change_means(harrow: Assessment) -> None:
    answer = TargetAnswer(harrow, target_report.asked_target(harrow))
    text = targets.method(answer).plain
    assert "36 months" in text
    assert "nothing new is done" in text


def test_what_is_needed_each_month_and_beyond_the_forecast_is_said(
    asked: pd.Series, opened: Open
) -> None:
    cut = opened("harrow", "2013-03")
    answer = TargetAnswer(cut, target_report.asked_target(cut))
    finding = targets.prospect(cut, asked, answer.required)
    # 1,092 in the year to March 2016 are 91 a month.
    assert "takes 1,092 fewer (91 a month)" in finding.told
    lower, upper = answer.forecast.interval(answer.area_code)
    assert f"(80% range {lower:,.0f} to {upper:,.0f})" in finding.told
    assert f"with {asked['from_forecast_count']:,.0f} fewer still needed" in finding.told
    assert finding.heading.startswith("20% fall in MOPAC 7 crime: ")


def test_a_target_that_no_plan_sets_is_said_to_be_none_of_a_plans(harrow: Assessment) -> None:
    # Every target of Harrow's plan has ended, so the usual one is asked about.
    answer = TargetAnswer(harrow, target_report.asked_target(harrow))
    finding = targets.prospect(harrow, prospects.prospect(answer), answer.required)
    assert finding.sentence.startswith("An example, in no plan held: from ")
    assert len(finding.sentence.split()) <= 50


def test_a_forecast_within_the_target_leaves_nothing_to_be_found(
    asked: pd.Series, harrow: Assessment
) -> None:
    row = asked.copy()
    row["from_forecast_count"], row["from_last_12_count"] = -40.0, -500.0
    finding = targets.prospect(harrow, row)
    assert "which is within the target" in finding.told
    assert "fewer:" not in finding.heading


def test_the_gates_caution_follows_what_it_concerns(asked: pd.Series) -> None:
    row = asked.copy()
    row["note"], row["is_blocked"] = "Counting changed.", False
    assert [piece.plain for piece in targets.caution(row)] == ["Counting changed."]
    row["is_blocked"] = True
    assert targets.caution(row) == []


def test_a_question_about_the_survey_is_sent_to_its_section() -> None:
    (piece,) = targets.other_question(is_survey=True)
    assert "told under confidence" in piece.plain
    assert targets.other_question(is_survey=False) == []


def test_a_sum_over_years_is_told_by_its_yearly_mean_and_its_whole(harrow: Assessment) -> None:
    target = target_report.asked_target(harrow, rule="rank=1:rate", per="whole")
    answer = TargetAnswer(harrow, target)
    row = prospects.prospect(answer)
    sentence = targets.prospect(harrow, row, answer.required).told
    assert "a year on average by May 2028 takes" in sentence
    assert "fewer in all (" in sentence
    # Over a whole period the comparators are held still, so nothing moves with them.
    assert "the other boroughs moving too" not in sentence


def test_parity_is_told_as_moving_with_the_others(harrow: Assessment) -> None:
    target = target_report.asked_target(harrow, rule="parity=similar")
    row = prospects.prospect(TargetAnswer(harrow, target))
    assert "by simulation, the other boroughs moving too" in (
        targets.prospect(harrow, row).told
    )
