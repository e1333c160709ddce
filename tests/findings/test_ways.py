"""Sentences on the way to a target, against the answer's own numbers and planted ones."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from analysis.assessment import Assessment, target_choice, target_report
from analysis.assessment.answers import TargetAnswer
from analysis.findings import ways

Open = Callable[..., Assessment]


@pytest.fixture(scope="module")
def hindcast(opened: Open) -> TargetAnswer:
    cut = opened("harrow", "2013-03")
    return TargetAnswer(cut, target_report.asked_target(cut))


def own(assessment: Assessment, **asked: str) -> TargetAnswer:
    return TargetAnswer(assessment, target_choice.chosen_target(assessment, **asked))


def test_the_state_is_told_in_words_with_its_chance_and_what_was_seen(
    hindcast: TargetAnswer,
) -> None:
    state, finding = hindcast.state, ways.way(hindcast)
    chance = f"about {100 * state.milestone_chance.probability:.0f}%"
    assert (
        finding.heading
        == f"On track at March 2014: {state.milestone_chance.in_words}, {chance}"
    )
    gap = abs(state.cumulative_gap_count)
    assert f"there were 7,696 offences, {gap:,.0f} fewer than the ceilings" in finding.told
    assert f"stays within its ceiling of {state.milestone_ceiling_count:,.0f}" in (finding.told)


def test_a_target_that_cannot_be_reached_any_more_is_said_to_be_past_reach(
    opened: Open,
) -> None:
    soon = own(opened(), measure="mopac7", rule="percent=90", horizon="2025-07")
    finding = ways.way(soon)
    assert finding.heading == "More has been counted already than the target allows"
    assert "past reach" in finding.told
    assert finding.certainty == "high"


def test_the_hardest_part_is_the_group_that_fell_as_much_least_often(opened: Open) -> None:
    answer = own(opened(), measure="mopac7", rule="percent=20")
    even = answer.allocation[answer.allocation["method"] == "in_proportion"]
    rarest = even.loc[even["achieved_share"].idxmin(), "offence_group"]
    assert rarest == "violence_with_injury"
    finding = ways.allocation(answer)
    assert finding.heading == "Hardest part by the record: violence with injury"
    assert "takes 20% off every offence group" in finding.told


def test_one_group_a_met_target_and_a_short_record_each_get_their_sentence(
    opened: Open,
) -> None:
    one = ways.allocation(own(opened(), measure="residential_burglary", rule="percent=20"))
    assert "single offence group" in one.told
    met = ways.allocation(own(opened(), measure="mopac7", rule="level=9000"))
    assert "within the target already" in met.told
    short = own(opened("harrow", "2013-03"), measure="mopac7", rule="percent=20")
    assert "too short for a record" in ways.allocation(short).told
    unseen = ways.achieved(short)
    assert "no record of what boroughs have achieved is long enough" in unseen.told
    for finding in (one, met, unseen):
        assert not finding.is_key


def test_who_has_done_as_much_is_told_with_share_years_and_the_borough_itself(
    opened: Open, hindcast: TargetAnswer
) -> None:
    answer = own(opened(), measure="mopac7", rule="percent=20")
    finding = ways.achieved(answer)
    record, table = answer.base_rate, answer.achieved_by
    assert finding.heading == f"{len(table)} boroughs of 32 have done as much"
    assert f"about {100 * record.share:.0f}% of cases" in finding.told
    assert "A fall of 20% or more in 36 months" in finding.told
    row = table[table["area_code"] == "E09000015"].iloc[0]
    assert f"Harrow has from {row['times']} starting months" in finding.told
    # By March 2013 Harrow had not: its largest fall over three years was smaller.
    assert "Harrow never has." in ways.achieved(hindcast).told


def test_a_fall_that_no_borough_has_made_is_said_to_be_new(opened: Open) -> None:
    finding = ways.achieved(own(opened(), measure="mopac7", rule="percent=95"))
    assert finding.heading == "No borough has done as much in as long"
    assert "None of 32 boroughs has had a fall of 95% or more" in finding.told


def test_the_lowest_boroughs_are_named_with_their_chances(opened: Open) -> None:
    answer = own(opened(), measure="mopac7", rule="rank=1:rate")
    table = target_report.standings(answer)
    planted = table.assign(lowest_count_chance=0.0, lowest_rate_chance=0.0)
    planted.loc["E09000021", "lowest_count_chance"] = 0.9
    planted.loc["E09000029", "lowest_rate_chance"] = 0.4
    planted.loc["E09000015", "lowest_rate_chance"] = 0.2
    finding = ways.standings(answer, planted)
    assert finding.heading == "Harrow's rate forecast 6th lowest; chance of lowest about 20%"
    assert "Kingston upon Thames (forecast" in finding.told
    assert "chance about 90%) and the lowest rate in Sutton" in finding.told
    assert finding.is_key
    assert not ways.standings(own(opened(), measure="mopac7", rule="level=9"), table).is_key


def test_what_the_gate_refuses_is_told_in_its_words(opened: Open) -> None:
    hillingdon = opened("hillingdon")
    answer = own(hillingdon, measure="mopac7", rule="percent=20", base="2023-04..2024-03")
    assert answer.is_blocked
    found = [
        ways.way(answer),
        ways.allocation(answer),
        ways.achieved(answer),
        ways.standings(answer, pd.DataFrame()),
    ]
    for finding in found:
        assert "Heathrow" in finding.told
        assert finding.certainty == "not known"
    assert len({finding.slug for finding in found}) == len(found)
