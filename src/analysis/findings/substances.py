"""Sentences on substance misuse and anti-social behaviour in a strategic assessment.

The assessment must cover both beside crime; the reports on offenders and on victims tell more.
"""

from __future__ import annotations

import pandas as pd

from analysis.assessment import Assessment
from analysis.assessment.substances import Disorder, Misuse
from analysis.findings.finding import Finding
from analysis.wording import month_text, number, year_ending


def substances_and_disorder(
    assessment: Assessment, misuse: Misuse, disorder: Disorder
) -> Finding:
    """What the figures hold of drugs, alcohol and anti-social behaviour.

    Parameters
    ----------
    assessment : Assessment
    misuse : Misuse
    disorder : Disorder

    Returns
    -------
    Finding
    """
    area = assessment.area.area_name
    drugs = (
        f"{number(misuse.drug_offence_count)} drug offences were recorded in {area} in the "
        f"{year_ending(assessment.as_of)}, which tells what the police found rather than how "
        "much is used."
    )
    return Finding(
        heading=f"Drugs, alcohol and anti-social behaviour in {area}",
        sentence=(
            f"{drugs} {_disorder(disorder)} {_alcohol(misuse)} More is in the reports on "
            "reducing reoffending and on protecting victims."
        ),
        certainty="low",
        because=(
            "recorded drug offences follow searches, and figures of health are late and few"
        ),
        is_key=False,
    )


def _alcohol(misuse: Misuse) -> str:
    if misuse.rate is None or misuse.period_end is None:
        return "No figure of alcohol or drug misuse by borough is held by then."
    beside = (
        f" against {number(misuse.london_rate, 1)} in London"
        if misuse.london_rate is not None
        else ""
    )
    return (
        f"Admissions to hospital for alcohol under 18 were {number(misuse.rate, 1)} per "
        f"100,000{beside}, over the three years to {month_text(misuse.period_end)}."
    )


def _disorder(disorder: Disorder) -> str:
    if disorder.months_held == 0:
        return "No month of anti-social behaviour in that year is held."
    whole = disorder.months_held == 12
    counted = (
        f"{number(disorder.incident_count)} incidents of anti-social behaviour were "
        "recorded in the same year"
        if whole
        else f"{number(disorder.incident_count)} incidents of anti-social behaviour are held "
        f"for {disorder.months_held} months of the same year, the others being missing"
    )
    rate = f", {number(disorder.monthly_per_1000, 2)} a month per 1,000 residents"
    rank = (
        f" ({number(disorder.london_monthly_per_1000, 2)} over the boroughs)"
        if pd.notna(disorder.london_monthly_per_1000)
        else ""
    )
    return f"{counted}{rate}{rank}; they are incidents, not crime."
