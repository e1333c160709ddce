"""What the plan records of engaging the community, against what the regulations ask.

The Crime and Disorder (Formulation and Implementation of Strategy) Regulations 2007
(SI 2007/1830, regulation 12, as made) ask a strategy group to obtain the views of people who
live or work in the area on the levels and patterns of crime and disorder and on what should
be prioritised, to consult groups particularly affected, and to hold a public meeting at least
once a year that persons in senior positions attend. Only what the plan as held records is
told: engagement that was done and not recorded here cannot be seen.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from analysis.assessment.assessment import Assessment
from analysis.params.plans import ENGAGEMENT_PURPOSES, EngagementStep, Plan
from analysis.wording import listed, month_text

COMMUNITY: Final = ("residents", "workers")
# Those who live or work in the area; the authorities themselves are not the community.

DUTIES: Final = {
    "levels_and_patterns": "Views of people who live or work there on levels and patterns",
    "priorities": "Views of people who live or work there on what to prioritise",
    "particularly_affected": "Views of groups particularly affected by crime",
    "public_meeting": "A public meeting in every year with senior people there",
    "publicity": "The plan made known",
}


def steps(assessment: Assessment) -> list[EngagementStep]:
    """Engagement that the plan records, up to the month asked for; perhaps none."""
    if assessment.plan is None:
        return []
    last = assessment.asked_as_of or "9999-12"
    return [
        step
        for step in assessment.plan.engagement
        if (step.when or f"{step.before:%Y-%m}") <= last
    ]


def log(assessment: Assessment) -> pd.DataFrame:
    """The engagement log: one row a step, in the plan's order.

    Returns
    -------
    DataFrame
        ``when``, ``what``, ``with_whom``, ``attended_count``, ``views_heard``, ``done``,
        ``source``; what is not recorded is missing.
    """
    rows = [
        {
            "when": _when(step),
            "what": step.what,
            "with_whom": step.with_whom,
            "attended_count": step.attended_count,
            "views_heard": step.views_heard,
            "done": step.done,
            "source": step.source.document,
        }
        for step in steps(assessment)
    ]
    return pd.DataFrame(rows)


def duties(assessment: Assessment) -> pd.DataFrame:
    """What the regulations ask of engagement, what the plan records, what is missing.

    Returns
    -------
    DataFrame, index the duty
        ``duty`` in words, ``recorded_count`` steps, ``recorded`` and ``missing`` in words,
        ``is_recorded``: by steps or, of making the plan known, by its text. Empty without a
        plan.

    Examples
    --------
    >>> bool(duties(Assessment.open("havering"))["is_recorded"].any())
    False
    """
    plan = assessment.plan
    if plan is None:
        return pd.DataFrame()
    done = steps(assessment)
    rows = {
        duty: _told(duty, text, done, plan, assessment.as_of) for duty, text in DUTIES.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def _told(
    duty: str, text: str, done: list[EngagementStep], plan: Plan, last: str
) -> dict[str, object]:
    serving = [step for step in done if _serves(step, duty)]
    # The regulations ask that the plan be made known, and the text itself may say how.
    said = plan.statutory.f.publicity if duty == "publicity" else None
    missing = "" if said else _missing(duty, serving, plan, last)
    recorded = [f"{_when(step)}: {step.what}" for step in serving]
    recorded += [f"the plan's text: {said}"] if said else []
    return {
        "duty": text,
        "recorded_count": len(serving),
        "recorded": "; ".join(recorded) or "none",
        "missing": missing or "nothing",
        "is_recorded": not missing,
    }


def _serves(step: EngagementStep, duty: str) -> bool:
    if duty == "public_meeting":
        return step.is_public_meeting and bool(step.has_senior_attendance)
    if duty == "particularly_affected":
        return "particularly_affected" in step.groups
    if duty == "publicity":
        return "publicity" in step.purposes
    return duty in step.purposes and any(group in step.groups for group in COMMUNITY)


def _missing(duty: str, serving: list[EngagementStep], plan: Plan, last: str) -> str:
    if duty == "public_meeting":
        held = {_plan_year(step.when, plan) for step in serving if step.when}
        # A year of the plan that has not ended may hold its meeting yet.
        absent = [year for year in _plan_years(plan) if year <= last and year not in held]
        names = [month_text(pd.Timestamp(year)) for year in absent]
        what = "the year to" if len(names) == 1 else "the years to"
        return f"no such meeting is recorded in {what} {listed(names)}" if absent else ""
    if serving:
        return ""
    if duty in ENGAGEMENT_PURPOSES:
        return f"{ENGAGEMENT_PURPOSES[duty]}: none recorded"
    return "no such group is recorded"


def _plan_years(plan: Plan) -> list[str]:
    """Last month of each year of the plan."""
    first, last = pd.Period(plan.period.first, "M"), pd.Period(plan.period.last, "M")
    years = range(max(1, round(((last - first).n + 1) / 12)))
    return [str(min(first + 12 * year + 11, last)) for year in years]


def _plan_year(month: str, plan: Plan) -> str | None:
    if not plan.period.first <= month <= plan.period.last:
        return None
    return next((year for year in _plan_years(plan) if month <= year), None)


def _when(step: EngagementStep) -> str:
    if step.before is not None:
        return f"before {step.before.day} {month_text(pd.Timestamp(step.before))}"
    month = month_text(pd.Timestamp(str(step.when)))
    return f"{step.day.day} {month}" if step.day else month
