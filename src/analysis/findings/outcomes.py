"""Sentences on targets that have ended: how each came out, and who else met it."""

from __future__ import annotations

import pandas as pd

from analysis.assessment import Assessment
from analysis.findings.finding import Finding
from analysis.params.areas import area_name
from analysis.wording import month_text, number, number_word, with_unit


def outcomes(assessment: Assessment, table: pd.DataFrame, *, is_key: bool = True) -> Finding:
    """How the targets that have ended came out, one after the other.

    Parameters
    ----------
    assessment : Assessment
    table : DataFrame
        As ``ended_targets.outcomes`` returns it, perhaps empty.
    is_key : bool
        Whether it stands among the report's key findings, where any has ended.

    Returns
    -------
    Finding
    """
    area = assessment.area.area_name
    if table.empty:
        return Finding(
            heading=f"No target of {area} has ended yet",
            sentence=f"By {month_text(pd.Timestamp(assessment.as_of))} none had ended.",
            certainty="high",
            because="their last months are still to come",
            is_key=False,
        )
    told = table[~table["is_blocked"].astype(bool)]
    return Finding(
        heading=_outcomes_heading(assessment, told),
        sentence=" ".join(_outcome(row) for _, row in table.iterrows()),
        certainty="moderate",
        because=_why_moderate(table),
        is_key=is_key,
        detail=" ".join(each for _, row in table.iterrows() for each in _notes(row)),
    )


def _why_moderate(table: pd.DataFrame) -> str:
    if table["rule"].str.startswith("rank").any():
        return (
            "recording changed in between, and a rank by rate turns on populations that were "
            "revised later"
        )
    return "recording changed in between"


def _outcomes_heading(assessment: Assessment, told: pd.DataFrame) -> str:
    area, plan = assessment.area.area_name, assessment.plan
    whose = "its plan's" if plan is not None and plan.targets else "the Mayor's"
    met = int((told["verdict"] == "met").sum())
    missed = int((told["verdict"] == "missed").sum())
    if len(told) == 1 and met + missed == 1:
        return f"{area} {'met' if met else 'missed'} {whose} target"
    parts = []
    if met:
        parts.append(f"met {number_word(met)}")
    if missed:
        parts.append(f"missed {number_word(missed)}")
    done = " and ".join(parts) or "neither met nor missed any"
    return f"Of {whose} {number_word(len(told))} ended targets {area} {done}"


def _outcome(row: pd.Series) -> str:
    if row["is_blocked"]:
        return f"{row['label']}: cannot be told."
    return (
        f"{row['label']} by {month_text(pd.Timestamp(row['horizon']))}: {row['verdict']}, "
        f"{number(row['base_count'])} to "
        f"{number(row['actual_count'])} (target {number(row['target_count'])})."
    )


def _notes(row: pd.Series) -> list[str]:
    """What else is to be said of one target: the change, whose level, who met it."""
    if row["is_blocked"]:
        return [f"{row['label']}: {row['note']}"]
    told = [with_unit(row["change_pct"], "%", 1, signed=True)]
    if row["comparator_code"]:
        told.append(f"to be level with {area_name(row['comparator_code'])}")
    if pd.notna(row["met_by_count"]):
        told.append(f"{int(row['met_by_count'])} of 32 boroughs met the same")
    years = row["published_years"]
    if isinstance(years, str):
        put = f"put it there in {years} only" if years else "never put it there"
        told.append(f"the annual table published at the time {put}")
    return [f"{row['label']}: {'; '.join(told)}."]
