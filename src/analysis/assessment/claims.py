"""A plan's sentence about a reduction, read on the borough's figures.

What a reading is belongs to the targets room; here every measure, period, record and rule
that a sentence allows is worked out from the figures held.
"""

from __future__ import annotations

import pandas as pd

from analysis.assessment.assessment import Assessment, Period, year_to
from analysis.data.figures import read_table
from analysis.data.offences import is_on_list
from analysis.data.vintages import Basis, OffenceList, publications
from analysis.params.areas import borough_codes
from analysis.params.regimes import load_regime
from analysis.targets.definitions import closeness, readings

READ_MEASURES = ("total", "total_without_fraud", "victim_based", "mopac7")
# What "crimes a year" may mean in a plan.

_SERIES: tuple[tuple[Basis, OffenceList], ...] = (
    ("location", "current"),
    ("policing", "current"),
    ("policing", "old"),
)


def readings_now(assessment: Assessment, measure: str) -> pd.DataFrame:
    """What each rule asks from the latest year, comparators held still.

    Returns
    -------
    DataFrame
        As ``analysis.targets.definitions.readings``.
    """
    period = assessment.latest_year
    base = assessment.totals(measure, period)[borough_codes()].astype(float)
    return readings(base, assessment.area.area_code, assessment.population(period))


def plan_windows(assessment: Assessment) -> list[Period]:
    """The years that a plan's "last year" may mean, as it was being written.

    The financial year before the plan began, the one before that (the base of its time),
    the calendar year, and the year to September that assessments use; for a borough whose
    plan is not held, those of the Mayor's scheme. Only years that have been seen; before
    any of them, the latest.

    Examples
    --------
    >>> plan_windows(Assessment.open("harrow", as_of="2013-03"))[0]
    ('2011-04', '2012-03')
    """
    plan = assessment.plan
    period = plan.period if plan is not None else load_regime(assessment.defaults.regime).period
    start = pd.Period(period.first, freq="M")
    ends = [start - 13, start - 7, start - 4, start - 1]
    seen = [str(end) for end in ends if str(end) <= assessment.as_of]
    return [year_to(end) for end in seen or [assessment.as_of]]


def plan_readings(assessment: Assessment) -> pd.DataFrame:
    """A plan's base and reduction, read in every way on the published figures.

    Returns
    -------
    DataFrame, one row a reading
        ``measure``, ``basis``, ``offence_list``, ``published``, ``period`` (``2011-04 to
        2012-03``), ``rule``, ``base_count``, ``reduction_count``, ``reduction_pct``,
        ``comparator_code``, ``tolerance_count``, ``formula``; and where the plan makes a
        claim, ``base_gap_pct``, ``reduction_gap_pct`` and ``worst_gap_pct``, closest
        first.

    Examples
    --------
    >>> closest = plan_readings(Assessment.open("harrow")).iloc[0]
    >>> closest["measure"], closest["basis"], closest["period"], closest["formula"]
    ('victim_based', 'location', '2012-01 to 2012-12', '11,616 - 9,130 = 2,486')
    """
    windows = plan_windows(assessment)
    tables = [
        _readings_of(assessment, measure, basis, offence_list, period)
        for measure in READ_MEASURES
        for basis, offence_list in _SERIES
        for period in windows
        if is_on_list(measure, offence_list)
        and _covers(assessment, measure, basis, offence_list, period)
    ]
    table = pd.concat([*tables, *_annual_readings(assessment)], ignore_index=True)
    plan = assessment.plan
    if plan is None or not plan.claims:
        return table
    claim = plan.claims[0]
    return closeness(table, claim.base_count, claim.reduction_count)


def _covers(
    assessment: Assessment,
    measure: str,
    basis: Basis,
    offence_list: OffenceList,
    period: Period,
) -> bool:
    months = assessment.boroughs_history(measure, basis, offence_list).index
    return f"{months[0]:%Y-%m}" <= period[0] and period[1] <= f"{months[-1]:%Y-%m}"


def _readings_of(
    assessment: Assessment,
    measure: str,
    basis: Basis,
    offence_list: OffenceList,
    period: Period,
) -> pd.DataFrame:
    base = assessment.totals(measure, period, basis, offence_list)[borough_codes()].astype(
        float
    )
    table = readings(base, assessment.area.area_code, assessment.population(period))
    labels = {
        "measure": measure,
        "basis": basis,
        "offence_list": offence_list,
        "published": publications(basis, offence_list)[-1],
        "period": f"{period[0]} to {period[1]}",
    }
    for position, (name, value) in enumerate(labels.items()):
        table.insert(position, name, value)
    return table


def _annual_readings(assessment: Assessment) -> list[pd.DataFrame]:
    annual = read_table("annual_offences")
    annual = annual[(annual["offence_category"] == "total") & ~annual["is_partial_year"]]
    found = []
    for period in plan_windows(assessment):
        year = f"{period[0][:4]}-{period[1][2:4]}"
        rows = annual[annual["financial_year"] == year].set_index("area_code")
        if period[0].endswith("-04") and len(rows) and period[1] <= assessment.as_of:
            rows = rows.loc[borough_codes(), ["offence_count", "rate_per_1000"]].astype(float)
            table = readings(
                rows["offence_count"],
                assessment.area.area_code,
                assessment.population(period),
                rates=rows["rate_per_1000"],
            )
            table.insert(0, "measure", "total")
            table.insert(1, "basis", "policing")
            table.insert(2, "offence_list", "annual table")
            table.insert(3, "published", "2017")
            table.insert(4, "period", f"{period[0]} to {period[1]}")
            found.append(table)
    return found
