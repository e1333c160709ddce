"""The engagement log and what the regulations ask: real plans and one made up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from analysis.assessment import Assessment, engagement
from analysis.params.plans import EngagementStep, Source

Open = Callable[..., Assessment]
SOURCE = Source(document="made up for the test")


def with_steps(assessment: Assessment, *steps: EngagementStep) -> Assessment:
    assert assessment.plan is not None
    return replace(
        assessment, plan=assessment.plan.model_copy(update={"engagement": list(steps)})
    )


def meeting(month: str, *, senior: bool | None = True) -> EngagementStep:
    return EngagementStep(
        month=month,
        what="Public meeting",
        with_whom="Residents",
        groups=["residents"],
        purposes=["levels_and_patterns", "priorities"],
        is_public_meeting=True,
        has_senior_attendance=senior,
        source=SOURCE,
    )


def test_harrows_plan_records_its_publicity_and_no_other_engagement(opened: Open) -> None:
    assert engagement.log(opened()).empty
    duties = engagement.duties(opened())
    # Its text says how the plan is made known, and that alone.
    assert duties.index[duties["is_recorded"]].tolist() == ["publicity"]
    assert duties["recorded"]["publicity"].endswith("on each organisation's website")
    assert duties["missing"]["publicity"] == "nothing"
    assert (
        "March 2014, March 2015, March 2016 and March 2017"
        in duties.loc["public_meeting", "missing"]
    )


def test_a_consultation_of_the_authorities_is_not_one_of_the_community(opened: Open) -> None:
    # Havering's report: "Consultation on the plan took place with the HCSP and Cabinet".
    log = engagement.log(opened("havering"))
    assert log["when"].tolist() == ["before 12 July 2017"]
    assert not engagement.duties(opened("havering"))["is_recorded"].any()


def test_a_meeting_in_every_year_serves_and_a_missing_year_is_named(opened: Open) -> None:
    whole = with_steps(opened(), *(meeting(f"{year}-06") for year in range(2013, 2017)))
    assert engagement.duties(whole).loc["public_meeting", "is_recorded"]
    short = with_steps(opened(), meeting("2013-06"), meeting("2014-04"), meeting("2016-05"))
    missing = engagement.duties(short).loc["public_meeting", "missing"]
    assert missing == "no such meeting is recorded in the year to March 2016"


@pytest.mark.parametrize("senior", [False, None])
def test_a_meeting_without_senior_people_does_not_serve(
    opened: Open, senior: bool | None
) -> None:
    steps = [meeting(f"{year}-06", senior=senior) for year in range(2013, 2017)]
    duties = engagement.duties(with_steps(opened(), *steps))
    assert not duties.loc["public_meeting", "is_recorded"]
    assert duties.loc["levels_and_patterns", "is_recorded"]


def test_a_year_that_has_not_ended_is_not_yet_missed(opened: Open) -> None:
    cut = opened("harrow", "2014-06")
    missing = engagement.duties(cut).loc["public_meeting", "missing"]
    assert missing == "no such meeting is recorded in the year to March 2014"
    held = with_steps(cut, meeting("2013-06"))
    assert engagement.duties(held).loc["public_meeting", "is_recorded"]


def test_a_step_after_the_cut_is_not_seen(opened: Open) -> None:
    late = with_steps(opened("harrow", "2014-06"), meeting("2014-09"))
    assert engagement.log(late).empty


def test_views_of_partners_alone_are_not_the_communitys(opened: Open) -> None:
    step = EngagementStep(
        day=date(2015, 5, 4),
        what="Workshop",
        with_whom="Officers",
        groups=["partners"],
        purposes=["priorities"],
        source=SOURCE,
    )
    duties = engagement.duties(with_steps(opened(), step))
    assert not duties.loc["priorities", "is_recorded"]
    assert engagement.log(with_steps(opened(), step))["when"].tolist() == ["4 May 2015"]


def test_without_a_plan_there_is_nothing_to_show(opened: Open) -> None:
    camden = opened("camden")
    assert engagement.log(camden).empty
    assert engagement.duties(camden).empty
