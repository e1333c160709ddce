"""Targets that no figures can answer are refused in a sentence, before anything is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from analysis.assessment import Assessment, target_choice
from analysis.errors import AnalysisError, DataContractError, ParamsError

Open = Callable[..., Assessment]


@pytest.mark.parametrize(
    ("given", "kind", "said"),
    [
        (
            {"base": "2008-04..2009-03"},
            DataContractError,
            "is not within 2010-04..2025-05, which the location basis, current offence list "
            "holds. The policing basis, old offence list holds it, but two bases, or two "
            "lists, are never joined",
        ),
        ({"base": "2009-10..2010-09"}, DataContractError, "two bases, or two lists, are never"),
        ({"base": "1999-04..2000-03"}, DataContractError, "Choose a base within"),
        ({"base": "2025-01..2025-12"}, DataContractError, "is not within 2010-04..2025-05"),
        ({"base": "2011-04..2011-09"}, ParamsError, "has 6 months, and a target counts from"),
        (
            {"horizon": "2020-03"},
            ParamsError,
            r"2020-03 is not between the last month seen \(20",
        ),
        ({"horizon": "2040-03"}, ParamsError, "and 2030-05. Name a month between"),
        ({"per": "month"}, ParamsError, "'per' cannot be 'month'"),
        ({"basis": "location", "offence_list": "old"}, ParamsError, "no record is held on the"),
        (
            {"measure": "good_job_local"},
            ParamsError,
            "a survey moves by points, not by percent",
        ),
        ({"rule": "points=13"}, ParamsError, "needs a survey measure"),
        ({"rule": "percent=120"}, ParamsError, "120% is more than all offences"),
        ({"rule": "rank=32:count"}, ParamsError, "every one is within it"),
        (
            {"measure": "victim_based", "basis": "policing", "offence_list": "old"},
            DataContractError,
            "the old offence list cannot show 'victim_based'",
        ),
    ],
)
def test_a_target_that_cannot_be_answered_is_refused(
    given: dict[str, str], kind: type[AnalysisError], said: str, opened: Open
) -> None:
    asked = {"measure": "mopac7", "rule": "percent=20", **given}
    with pytest.raises(kind, match=said) as refused:
        chosen = target_choice.chosen_target(opened(), **asked)
        base = chosen.base_period
        target_choice.requirement(opened(), chosen, (base.first, base.last))
    assert "\n" not in str(refused.value)


def test_the_base_of_a_record_that_ended_is_its_own_last_year(opened: Open) -> None:
    cut = opened("harrow", "2014-03")
    chosen = target_choice.chosen_target(
        cut, measure="mopac7", rule="percent=20", basis="policing", offence_list="old"
    )
    assert str(chosen.base_period) == "2013-04..2014-03"


def test_the_base_of_a_survey_is_the_year_to_its_newest_quarter(opened: Open) -> None:
    chosen = target_choice.chosen_target(opened(), measure="good_job_local", rule="points=13")
    assert str(chosen.base_period) == "2023-01..2023-12"
    assert chosen.direction == "increase"


def test_a_rank_names_the_boroughs_whose_months_are_missing(opened: Open) -> None:
    whole = opened()
    table = whole.offences.copy()
    gap = (table["area_code"] == "E09000021") & (table["month"] == "2024-10-01")
    table.loc[gap, "offence_count"] = None
    holed = replace(whole, offences=table)
    chosen = target_choice.chosen_target(holed, measure="mopac7", rule="rank=1:count")
    base = chosen.base_period
    with pytest.raises(DataContractError, match=r"missing of E09000021 \(2024-10\)"):
        target_choice.requirement(holed, chosen, (base.first, base.last))
    # A percentage needs the borough's own months alone.
    fifth = target_choice.chosen_target(holed, measure="mopac7", rule="percent=20")
    assert target_choice.requirement(holed, fifth, (base.first, base.last)).base_count == 6620
