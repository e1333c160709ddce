"""Sentences on offenders from the partnership's own records."""

from __future__ import annotations

import pandas as pd

from analysis.assessment import Assessment
from analysis.assessment.offender_records import ADULTS, COHORT
from analysis.assessment.partner_counts import PartnerCounts
from analysis.data.partner import describe_partner_table
from analysis.findings.finding import Finding
from analysis.findings.loading import HOW_RECORDS, counts, records_not_loaded
from analysis.offenders.cohort import CohortResult
from analysis.wording import listed, month_text, number, printable

PUBLISHED_ELSEWHERE = ("adult_treatment",)


def cohort(assessment: Assessment, found: CohortResult | None) -> Finding:
    """Reoffending of a managed cohort: how many, how often, how gravely, before and after."""
    if found is None:
        return _not_loaded(assessment)
    row, change = found.reoffending.iloc[0], found.before_after.iloc[0]
    if row["is_suppressed"] or row["is_small_count"]:
        return _too_few(found)
    return Finding(
        heading=(
            f"{number(row['reoffending_pct'])}% of the cohort reoffended within "
            f"{found.window_months} months"
        ),
        sentence=(
            f"Of {number(row['member_count'])} members followed for {found.window_months} "
            f"months, {number(row['reoffender_count'])} reoffended, "
            f"{number(row['reoffending_pct'], 1)}% (95% interval "
            f"{number(row['reoffending_pct_lower'], 1)} to "
            f"{number(row['reoffending_pct_upper'], 1)}), with {_two(row['per_person'])} "
            f"offences a person and {_two(row['per_reoffender'])} a reoffender."
        ),
        certainty="moderate",
        because=(
            "the records are the partnership's own, checked for form only, and time in custody "
            "is not in them"
        ),
        detail=(
            f"Weighted by severity, {number(row['harm_per_person'])} a person. With equal time "
            f"on either side: {_before_and_after(change, found.window_months)}. People enter "
            "when they offend most, so that offending falls after entry by itself (regression "
            f"to the mean): the difference is not what the scheme did.{_needs(found)} Records "
            f"to {month_text(found.followed_until)}."
        ),
    )


def _not_loaded(assessment: Assessment) -> Finding:
    missing = records_not_loaded(
        assessment, COHORT, "Reoffending of managed offenders: not loaded"
    )
    return Finding(
        heading=missing.heading,
        sentence=(
            f"{missing.sentence} Their offences are needed too, a year or more from entry on."
        ),
        certainty="not known",
        because="the records are not loaded, or no member is followed for a year",
        is_key=False,
    )


def _before_and_after(change: pd.Series, months: int) -> str:
    if change["is_suppressed"]:
        return "offences before entry are too few to show"
    return (
        f"{_two(change['before_count'])} offences a person in the {months} months before entry "
        f"and {_two(change['after_count'])} in those after (difference "
        f"{_two(change['change_count'])}, {_two(change['change_count_lower'])} to "
        f"{_two(change['change_count_upper'])})"
    )


def adults(assessment: Assessment, table: pd.DataFrame | None) -> Finding:
    """Proven reoffending of adults, from the partnership's copy."""
    area = assessment.area.area_name
    if table is None:
        return _published_elsewhere(assessment, ADULTS)
    shown = table[~table["is_suppressed"].astype(bool)]
    if shown.empty:
        return Finding(
            heading=f"Too few adults of {area} in each cohort to show",
            sentence="Every cohort loaded has too few reoffenders, or too few others, to show.",
            certainty="not known",
            because="counts of a few persons are hidden",
            is_key=False,
        )
    row = shown.iloc[-1]
    return Finding(
        heading=f"{number(row['reoffending_pct'])}% of {area}'s adult offenders reoffended",
        sentence=(
            f"Of {number(row['offender_count'])} adults in the cohort to "
            f"{month_text(row['cohort_end'])}, {number(row['reoffender_count'])} reoffended "
            f"within a year, {number(row['reoffending_pct'], 1)}% (95% interval "
            f"{number(row['reoffending_pct_lower'], 1)} to "
            f"{number(row['reoffending_pct_upper'], 1)}), with "
            f"{_two(row['per_reoffender'])} reoffences each."
        ),
        certainty="moderate",
        because="what brings people into a cohort differs between areas and years",
        is_key=False,
    )


def counted_people(assessment: Assessment, name: str, loaded: PartnerCounts | None) -> Finding:
    """Counts of people that only partners hold, or who holds them."""
    if loaded is not None:
        return counts(assessment, loaded)
    if name in PUBLISHED_ELSEWHERE:
        return _published_elsewhere(assessment, name)
    return records_not_loaded(assessment, name)


def _published_elsewhere(assessment: Assessment, name: str) -> Finding:
    about = describe_partner_table(name)
    title = about.title[:1].upper() + about.title[1:]
    return Finding(
        heading=f"{title}: not loaded",
        sentence=(
            f"{title}, by area, are published by {about.held_by}; those of "
            f"{assessment.area.area_name} are not loaded here, which does not mean none: "
            f"{HOW_RECORDS}."
        ),
        certainty="not known",
        because="the figures are not loaded",
        is_key=False,
    )


def _needs(found: CohortResult) -> str:
    shown = found.needs.dropna(subset=["need_pct"]) if len(found.needs) else found.needs
    if shown.empty:
        return ""
    told = [
        f"{printable(name).casefold()} {number(row['need_pct'])}% "
        f"({number(row['need_pct_lower'])} to {number(row['need_pct_upper'])})"
        for name, row in shown.iterrows()
    ]
    return (
        f" Of those assessed, these have a need: {listed(told)}; one person may have several."
    )


def _too_few(found: CohortResult) -> Finding:
    return Finding(
        heading="The cohort is too small to show",
        sentence=(
            f"Too few members were followed for {found.window_months} months, or too few "
            "did or "
            "did not reoffend, to show any number without pointing at people."
        ),
        certainty="not known",
        because="counts of a few persons are hidden",
        is_key=False,
    )


def _two(value: object) -> str:
    return number(float(str(value)), 2)
