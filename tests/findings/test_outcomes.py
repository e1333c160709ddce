"""Sentences on ended targets: the founding plan's, and planted rows."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from analysis.assessment import Assessment, ended_targets, target_choice
from analysis.findings import outcomes

Open = Callable[..., Assessment]


@pytest.fixture(scope="module")
def harrow(opened: Open) -> Assessment:
    return opened("harrow")


def test_the_outcomes_of_harrows_plan_are_told_with_both_ends(harrow: Assessment) -> None:
    table = ended_targets.outcomes(harrow, target_choice.plan_targets(harrow))
    sentence = outcomes.outcomes(harrow, table).told
    assert "met, 8,255 to 6,377 (target 6,604)" in sentence
    assert "−22.7%; 15 of 32 boroughs met the same" in sentence
    assert (
        "Fewest offences of the 32 boroughs by March 2017: missed, 13,413 to 13,640" in sentence
    )
    assert "put it there in 2014-15 only" in sentence


def test_ranks_are_a_reason_for_doubt_only_where_one_was_asked_for(harrow: Assessment) -> None:
    table = ended_targets.outcomes(harrow, target_choice.plan_targets(harrow))
    assert "a rank by rate" in outcomes.outcomes(harrow, table).because
    falls = table[table["rule"].str.startswith("percent")]
    assert outcomes.outcomes(harrow, falls).because == "recording changed in between"


def test_where_nothing_has_ended_no_outcome_is_claimed(opened: Open) -> None:
    finding = outcomes.outcomes(opened("harrow", "2013-03"), pd.DataFrame())
    assert finding.heading == "No target of Harrow has ended yet"
    assert "March 2013" in finding.told
    assert not finding.is_key


def test_a_blocked_outcome_is_neither_met_nor_missed(harrow: Assessment) -> None:
    table = ended_targets.outcomes(harrow, target_choice.plan_targets(harrow)).head(1)
    blocked = table.assign(is_blocked=True, note="The base cannot be compared.")
    finding = outcomes.outcomes(harrow, blocked)
    assert "cannot be told." in finding.sentence
    assert "The base cannot be compared." in finding.detail
    assert "met," not in finding.told
    assert "missed" not in finding.told
