"""How targets of the past ended: base, target, outcome, verdict, and who else met the same."""

from __future__ import annotations

import pandas as pd

from analysis.assessment.assessment import Assessment, Period, year_to
from analysis.assessment.target_choice import last_month, record_of, requirement
from analysis.data.figures import read_table
from analysis.measures.months import months_between
from analysis.params.areas import borough_codes
from analysis.params.targets import TargetSpec
from analysis.targets.required_reduction import definition, repeated


def outcomes(assessment: Assessment, targets: list[TargetSpec]) -> pd.DataFrame:
    """Targets that have ended by the last month seen, and whether they were met.

    Returns
    -------
    DataFrame, one row a target that counts offences
        ``name``, ``label``, ``measure``, ``basis``, ``offence_list``, ``rule``, ``per``,
        ``horizon``, ``base_count``, ``target_count`` (for a rank or parity, what the
        comparators came to at the horizon), ``actual_count``, ``change_pct`` (base to
        horizon), ``verdict`` (``met``, ``missed``, or ``not certain`` where chance leaves a
        rank on both sides), ``is_blocked``, ``note``, ``met_by_count`` (boroughs of
        32 for which the same holds; missing for a rank), ``comparator_code``,
        ``definition``, and for a rank ``published_years`` (financial years from the base
        to the horizon in which the annual table published at the time put the borough
        there, on the populations of the time). Where a target is over the whole period,
        counts are 12-month means of it.

    Examples
    --------
    >>> from analysis.assessment.target_choice import plan_targets
    >>> harrow = Assessment.open("harrow")
    >>> ended = outcomes(harrow, plan_targets(harrow)).set_index("name")
    >>> row = ended.loc["mopac7_20_percent"]
    >>> int(row["actual_count"]), row["verdict"], int(row["met_by_count"])
    (6377, 'met', 15)
    """
    rows = [
        _outcome(assessment, target)
        for target in targets
        if target.rule != "points" and target.horizon <= last_month(assessment, target)
    ]
    return pd.DataFrame(rows)


def named(target: TargetSpec) -> dict[str, object]:
    """What a target is called and how it is set, as the first columns of its row."""
    return {
        "name": target.name,
        "label": target.label,
        "measure": target.measure,
        "basis": target.basis,
        "offence_list": target.offence_list,
        "rule": target.rule_text,
        "per": target.per,
        "horizon": target.horizon,
        "definition": definition(target),
    }


def _outcome(assessment: Assessment, target: TargetSpec) -> dict[str, object]:
    code = assessment.area.area_code
    basis, offence_list = record_of(target)
    base_period = (target.base_period.first, target.base_period.last)
    end = year_to(target.horizon)
    gate = assessment.gate(target.measure, base_period, end, basis, offence_list)
    before = assessment.totals(target.measure, base_period, basis, offence_list).astype(float)
    moving = target.rule in {"rank", "parity"} and target.per == "year"
    needed = requirement(assessment, target, end if moving else base_period)
    pace, came = _pace_and_outcome(assessment, target, before)
    is_whole = target.per == "whole"
    level = pace[code] - needed.reduction_count if is_whole else needed.target_count
    fewer = before * (target.percent or 0) / 100
    met_by = (
        int((came <= pace - fewer + 1e-6)[borough_codes()].sum())
        if target.rule == "percent"
        else None
    )
    # A sum over the period is told as so many a year on average.
    years = months_between(target.base_period.last, target.horizon) / 12
    told_over = years if is_whole else 1.0
    return named(target) | {
        "base_count": int(before[code]),
        "target_count": float(level) / told_over,
        "actual_count": round(float(came[code]) / told_over, 6),
        "change_pct": 100 * (float(came[code]) / float(pace[code]) - 1),
        "verdict": _verdict(assessment, target, end, bool(came[code] <= level + 1e-6)),
        "is_blocked": gate.is_blocked and target.rule in {"percent", "level"},
        "note": gate.note,
        "met_by_count": met_by,
        "comparator_code": needed.comparator_code or "",
        "published_years": _years_at_rank(assessment, target) if target.rank else None,
    }


def _pace_and_outcome(
    assessment: Assessment, target: TargetSpec, before: pd.Series
) -> tuple[pd.Series, pd.Series]:
    """What the base's pace would have come to in every area, and what came."""
    basis, offence_list = record_of(target)
    if target.per == "year":
        after = assessment.totals(target.measure, year_to(target.horizon), basis, offence_list)
        return before, after.astype(float)
    # Month by month, because a period that is no whole year has a season.
    history = assessment.history(target.measure, basis, offence_list).astype(float)
    base = history.loc[target.base_period.first : target.base_period.last]
    first = pd.Period(target.base_period.last, freq="M") + 1
    seen = history.loc[str(first) : target.horizon]
    months = pd.DatetimeIndex(seen.index)
    return base.apply(lambda area: repeated(area, months).sum()), seen.sum(skipna=False)


def _verdict(assessment: Assessment, target: TargetSpec, end: Period, is_met: bool) -> str:
    if target.rule == "rank" and target.per == "year":
        basis, offence_list = record_of(target)
        ranks = assessment.ranks_in(end, target.measure, basis, offence_list)
        mine = ranks.T[assessment.area.area_code]
        wanted = int(target.rank or 1)
        lowest = int(mine[f"{target.rank_by}_rank_lower"])
        highest = int(mine[f"{target.rank_by}_rank_upper"])
        if lowest <= wanted < highest:
            return "not certain"
    return "met" if is_met else "missed"


def _years_at_rank(assessment: Assessment, target: TargetSpec) -> str:
    # Populations were revised after the censuses, so a rank by rate then and now can differ.
    annual = read_table("annual_offences")
    annual = annual[(annual["offence_category"] == "total") & ~annual["is_partial_year"]]
    annual = annual[annual["area_code"].isin(borough_codes())]
    first, last = target.base_period.last, target.horizon
    ends = annual["year_ending"].dt.strftime("%Y-%m")
    within = annual[ends.between(first, last)]
    column = "rate_per_1000" if target.rank_by == "rate" else "offence_count"
    places = within.groupby("financial_year")[column].rank(method="min")
    mine = within[(within["area_code"] == assessment.area.area_code) & (places <= target.rank)]
    return ", ".join(mine["financial_year"].sort_values())
