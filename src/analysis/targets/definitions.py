"""One sentence of a plan, read in every way that it allows.

"A reduction of 2,500 against a total of 11,615" names neither what is counted, nor when,
nor whose record, nor how far below whom. Each combination on the published figures is a
reading, with its formula; a claim's numbers are then set beside every reading. A close fit
is not a proof: with dozens of readings some will be close by chance.
"""

from __future__ import annotations

import pandas as pd

from analysis.targets.rules import Requirement, percent_rule, rank_rule

PERCENTS = (20.0,)
RANKS = (1, 2)
# The lowest borough and the next: the two that "safest" may mean to catch up with.

COLUMNS = [
    "rule",
    "base_count",
    "reduction_count",
    "reduction_pct",
    "comparator_code",
    "tolerance_count",
    "formula",
]


def readings(
    base: pd.Series, area_code: str, population: pd.Series, *, rates: pd.Series | None = None
) -> pd.DataFrame:
    """What each rule makes of one set of 12-month totals.

    Parameters
    ----------
    base : Series, offences, index ``area_code``
        Of all boroughs, one measure, one period, one basis.
    area_code : str
    population : Series, persons
    rates : Series, per 1,000 residents to one decimal, optional
        Published rates, where they and not the population are what is known; a gap by rate
        is then uncertain by their rounding.

    Returns
    -------
    DataFrame, one row a rule
        ``rule`` (``percent=20``, ``rank=1:count`` ...), ``base_count``,
        ``reduction_count`` and ``reduction_pct`` (of the base), ``comparator_code`` (or
        ``""``), ``tolerance_count`` (rounding) and ``formula``.

    Examples
    --------
    >>> base = pd.Series({"a": 300, "b": 100, "c": 120})
    >>> people = pd.Series({"a": 1000, "b": 250, "c": 1000})
    >>> readings(base, "a", people)[["rule", "reduction_count", "formula"]]
               rule  reduction_count                    formula
    0    percent=20             60.0            20% of 300 = 60
    1  rank=1:count            200.0            300 - 100 = 200
    2  rank=2:count            180.0            300 - 120 = 180
    3   rank=1:rate            180.0            300 - 120 = 180
    4   rank=2:rate              0.0  300 is already within 400
    """
    people = base / rates * 1000 if rates is not None else population
    # Two rates, each rounded to a tenth, on this area's residents.
    rounding = 2 * 0.05 * float(people[area_code]) / 1000 if rates is not None else 0.0
    rows = [_row(f"percent={p:g}", percent_rule(base, area_code, p), 0.0) for p in PERCENTS]
    for rank in RANKS:
        rows.append(_row(f"rank={rank}:count", rank_rule(base, area_code, rank, "count"), 0.0))
    for rank in RANKS:
        by_rate = rank_rule(base, area_code, rank, "rate", people)
        rows.append(_row(f"rank={rank}:rate", by_rate, rounding))
    return pd.DataFrame(rows, columns=COLUMNS)


def closeness(table: pd.DataFrame, base_count: float, reduction_count: float) -> pd.DataFrame:
    """Readings in order of how well they fit a claim's two numbers.

    Parameters
    ----------
    table : DataFrame
        Readings, with ``base_count`` and ``reduction_count``.
    base_count, reduction_count : float
        What the plan says.

    Returns
    -------
    DataFrame
        The same rows with ``base_gap_pct`` and ``reduction_gap_pct`` (reading against
        claim) and ``worst_gap_pct`` (the larger, without sign), closest first.

    Examples
    --------
    >>> table = pd.DataFrame({"base_count": [11616, 14169], "reduction_count": [2486, 2433]})
    >>> closeness(table, 11615, 2500)["worst_gap_pct"].round(1).tolist()
    [0.6, 22.0]
    """
    gaps = table.assign(
        base_gap_pct=100 * (table["base_count"] / base_count - 1),
        reduction_gap_pct=100 * (table["reduction_count"] / reduction_count - 1),
    )
    worst = gaps[["base_gap_pct", "reduction_gap_pct"]].abs().max(axis=1)
    return gaps.assign(worst_gap_pct=worst).sort_values(
        "worst_gap_pct", ignore_index=True, kind="stable"
    )


def _row(rule: str, requirement: Requirement, tolerance: float) -> tuple[object, ...]:
    reduction = max(requirement.reduction_count, 0.0)
    base, target = requirement.base_count, requirement.target_count
    if rule.startswith("percent"):
        formula = f"{rule[8:]}% of {base:,.0f} = {reduction:,.0f}"
    elif reduction > 0:
        formula = f"{base:,.0f} - {target:,.0f} = {reduction:,.0f}"
    else:
        formula = f"{base:,.0f} is already within {target:,.0f}"
    if tolerance and reduction > 0:
        formula += f", within {tolerance:,.0f} by rounding of the rates"
    return (
        rule,
        base,
        reduction,
        100 * reduction / base,
        requirement.comparator_code or "",
        tolerance,
        formula,
    )
