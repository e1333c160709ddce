"""Positive outcomes for each offence recorded, and what became of people in custody.

An outcome (a charge, a caution, a community resolution) is counted in the month it is given
and belongs to an offence recorded then or, as often, months before. Outcomes over offences
of one year is therefore no share: where offences fall it rises by itself, and it may pass
100. It is judged as a count of outcomes against an exposure of offences.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.errors import DataContractError
from analysis.measures.change import dispersion_of_sum, known_dispersion
from analysis.measures.false_discovery import judged
from analysis.measures.months import Month
from analysis.measures.rates import SMALL_COUNT, scattered_limits, wilson_interval
from analysis.offenders.ratios import UNKNOWN, rate_ratio, risk_ratio

MONTHS_IN_YEAR = 12

NOT_FINAL = ("under_investigation_count", "police_bail_count")
# People released under investigation or on bail have no outcome yet.


def outcomes_per_offence(
    offences: pd.DataFrame,
    outcomes: pd.DataFrame,
    area_code: str,
    *,
    exclude: Sequence[Month] = (),
) -> dict[str, object]:
    """Outcomes per 100 offences of one area in the last twelve months, against the others.

    Parameters
    ----------
    offences, outcomes : DataFrame, shape (n_months, n_areas)
        Monthly counts, index ``month``, a column an area; all months held, since the
        scatter of outcomes is learnt from them.
    area_code : str
    exclude : sequence of months
        From which no scatter is learnt.

    Returns
    -------
    dict
        ``offence_count``, ``outcome_count``, ``per_100`` with ``_lower`` and ``_upper``,
        ``others_per_100``, ``ratio`` with limits, ``p_value``, ``rank`` from the lowest,
        ``area_count`` (areas ranked), ``dispersion``, ``is_small_count`` (under ten
        offences or outcomes: no rate, no ratio).

    Raises
    ------
    DataContractError
        If fewer than twelve months are held.

    Examples
    --------
    >>> months = pd.date_range("2023-01-01", periods=24, freq="MS", name="month")
    >>> offences = pd.DataFrame({"a": 100, "b": 100}, months)
    >>> outcomes = pd.DataFrame({"a": 10, "b": 20}, months)
    >>> found = outcomes_per_offence(offences, outcomes, "a")
    >>> found["per_100"], found["others_per_100"], found["rank"]
    (10.0, 20.0, 1)
    """
    if len(offences) < MONTHS_IN_YEAR:
        message = f"{len(offences)} months of outcomes are held, and a year needs twelve."
        raise DataContractError(message)
    committed = offences.iloc[-MONTHS_IN_YEAR:].sum().astype(float)
    settled = outcomes.iloc[-MONTHS_IN_YEAR:].sum().astype(float)
    mine, mine_of = settled[area_code], committed[area_code]
    rest, rest_of = settled.sum() - mine, committed.sum() - mine_of
    scatter = outcomes.apply(known_dispersion, exclude=exclude)
    own_scatter = float(scatter[area_code])
    is_small = bool(min(mine, mine_of) < SMALL_COUNT)
    found = UNKNOWN
    if not is_small:
        found = rate_ratio(
            mine,
            mine_of,
            rest,
            rest_of,
            dispersion=own_scatter,
            reference_dispersion=dispersion_of_sum(
                settled.drop(area_code), scatter.drop(area_code)
            ),
        )
    # Ranks are of areas with enough offences to have a rate.
    rates = (settled / committed)[committed >= SMALL_COUNT]
    return {
        "offence_count": int(mine_of),
        "outcome_count": int(mine),
        **_per_100(mine, np.nan if is_small else mine_of, own_scatter),
        "others_per_100": float(100 * rest / rest_of),
        "ratio": found.ratio,
        "ratio_lower": found.lower,
        "ratio_upper": found.upper,
        "p_value": found.p_value,
        "rank": 0 if is_small else int(rates.rank(method="min")[area_code]),
        "area_count": len(rates),
        "dispersion": own_scatter,
        "is_small_count": is_small,
    }


def _per_100(outcome_count: float, offence_count: float, scatter: float) -> dict[str, float]:
    """Outcomes for 100 offences with limits, missing where the offences are."""
    lower, upper = scattered_limits(np.array([outcome_count]), np.array([scatter]))
    ends = {"": outcome_count, "_lower": lower[0], "_upper": upper[0]}
    return {f"per_100{end}": float(100 * each / offence_count) for end, each in ends.items()}


def disposal_shares(table: pd.DataFrame, case: str = "prosecution_count") -> pd.DataFrame:
    """Share of children's and of adults' final disposals of one kind, by offence class.

    Parameters
    ----------
    table : DataFrame
        ``age_group`` (``child``, ``adult``), ``offence_class`` and columns of disposals
        ending in ``_count``.
    case : str
        Kind of disposal.

    Returns
    -------
    DataFrame, one row an offence class, index ``offence_class``
        ``child_count``, ``adult_count`` (final disposals), ``child_pct`` and ``adult_pct``
        with limits, ``ratio`` (children's share over adults') with limits, ``p_value``,
        ``q_value``, ``is_significant``, ``is_small_count``.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {
    ...         "age_group": ["child", "adult"],
    ...         "offence_class": "robbery",
    ...         "prosecution_count": [100, 300],
    ...         "no_further_action_count": [300, 300],
    ...     }
    ... )
    >>> row = disposal_shares(table).loc["robbery"]
    >>> float(row["child_pct"]), float(row["adult_pct"]), float(row["ratio"])
    (25.0, 50.0, 0.5)
    """
    kinds = [name for name in table if str(name).endswith("_count") and name not in NOT_FINAL]
    sums = table.groupby(["offence_class", "age_group"])[kinds].sum().astype(float)
    final = sums.sum(axis="columns").unstack("age_group", fill_value=0)
    cases = sums[case].unstack("age_group", fill_value=0)
    rows = [_by_age(cases.loc[each], final.loc[each]) for each in final.index]
    shares = pd.DataFrame(rows, index=final.index)
    return shares.join(judged(shares["p_value"]))


def _by_age(cases: pd.Series, final: pd.Series) -> dict[str, object]:
    row: dict[str, object] = {}
    for age in ("child", "adult"):
        total, of_kind = int(final[age]), int(cases[age])
        row[f"{age}_count"] = total
        few = total < SMALL_COUNT
        share = None if few else wilson_interval(of_kind, total)
        row[f"{age}_pct"] = np.nan if share is None else 100 * share.proportion
        row[f"{age}_pct_lower"] = np.nan if share is None else 100 * share.lower
        row[f"{age}_pct_upper"] = np.nan if share is None else 100 * share.upper
    is_small = min(cases["child"], cases["adult"]) < SMALL_COUNT
    found = (
        UNKNOWN
        if is_small
        else risk_ratio(cases["child"], final["child"], cases["adult"], final["adult"])
    )
    return row | {
        "ratio": found.ratio,
        "ratio_lower": found.lower,
        "ratio_upper": found.upper,
        "p_value": found.p_value,
        "is_small_count": is_small,
    }
