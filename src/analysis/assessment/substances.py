"""Substance misuse and anti-social behaviour as far as a strategic assessment needs them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.assessment.assessment import Assessment
from analysis.assessment.priorities import special_history
from analysis.params.areas import borough_codes
from analysis.params.priorities import load_priority_params

DRUG_GROUPS = ("drug_possession", "drug_trafficking")
ALCOHOL = "alcohol_admissions_under_18"
GREATER_LONDON = "E12000007"


@dataclass(frozen=True)
class Misuse:
    """Drug offences of the latest year, and the newest rate of admissions for alcohol."""

    drug_offence_count: int
    rate: float | None
    london_rate: float | None
    period_end: pd.Timestamp | None


@dataclass(frozen=True)
class Disorder:
    """Incidents of anti-social behaviour in the months of the latest year that are held."""

    incident_count: int
    months_held: int
    monthly_per_1000: float
    london_monthly_per_1000: float


def misuse(assessment: Assessment) -> Misuse:
    """Substance misuse as published by borough.

    Examples
    --------
    >>> misuse(Assessment.open("harrow", as_of="2025-05")).drug_offence_count
    742
    """
    drugs = sum(assessment.count(group, assessment.latest_year) for group in DRUG_GROUPS)
    table = assessment.table("substance_misuse")
    seen = table["period_end"] <= pd.Timestamp(assessment.as_of) + pd.offsets.MonthEnd(0)
    rows = table[seen & (table["measure"] == ALCOHOL)].dropna(subset=["value"])
    own = rows[rows["area_code"] == assessment.area.area_code].sort_values("period_end")
    if own.empty:
        return Misuse(drugs, None, None, None)
    end = own["period_end"].iloc[-1]
    london = rows[(rows["area_code"] == GREATER_LONDON) & (rows["period_end"] == end)]
    beside = float(london["value"].iloc[0]) if len(london) else None
    return Misuse(drugs, float(own["value"].iloc[-1]), beside, end)


def disorder(assessment: Assessment) -> Disorder:
    """Anti-social behaviour in the latest year; missing months are left out of the rate.

    Examples
    --------
    >>> held = disorder(Assessment.open("harrow", as_of="2025-05"))
    >>> held.incident_count, held.months_held
    (5111, 12)
    """
    items = load_priority_params().special_items
    item = next(each for each in items if each.name == "anti_social_behaviour")
    within = special_history(assessment, item).loc[
        assessment.latest_year[0] : assessment.latest_year[1]
    ]
    people = assessment.population(assessment.latest_year)[borough_codes()]
    own = within[assessment.area.area_code].dropna()
    months = within.notna().sum()
    exposure = float((people * months).sum())
    residents = float(people[assessment.area.area_code])
    return Disorder(
        incident_count=int(own.sum()),
        months_held=len(own),
        monthly_per_1000=1000 * float(own.mean()) / residents if len(own) else float("nan"),
        london_monthly_per_1000=(
            1000 * float(within.sum().sum()) / exposure if exposure else float("nan")
        ),
    )
