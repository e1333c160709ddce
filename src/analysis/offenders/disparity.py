"""Stop and search by ethnic group: what the searches led to, and how many a resident.

The outcome test asks whether searches of one group lead to an arrest, or to any action, as
often as those of another. Equal shares do not prove equal treatment, nor unequal ones bias:
the share is that of all who were searched, not of those who only just were (the problem of
infra-marginality), groups are searched for different things, and an outcome is a decision
too. The rate of searches a resident asks another question and needs residents by ethnic
group; those searched may live elsewhere and spend unequal time where searches are made. Two
records of ethnicity exist: what the officer saw, nearly complete, and what the person said,
refused by many. They are never mixed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.errors import DataContractError
from analysis.measures.false_discovery import judged
from analysis.measures.rates import PER, SMALL_COUNT, wilson_interval
from analysis.offenders.ratios import (
    UNKNOWN,
    Ratio,
    rate_ratio,
    risk_ratio,
    stratified_risk_ratio,
)

REFERENCE = "white"


def outcome_ratios(
    searches: pd.DataFrame,
    case: str,
    *,
    alike: Sequence[str] = (),
    reference: str = REFERENCE,
) -> pd.DataFrame:
    """Share of each group's searches that had an outcome, against the reference group's.

    Parameters
    ----------
    searches : DataFrame
        Rows with ``ethnic_group``, ``search_count``, a column of cases, and what is held
        alike; several rows a group are added up.
    case : str
        Column of cases, such as ``arrest_count``.
    alike : sequence of str
        Columns whose values the adjusted ratio holds alike (object of search, year).
    reference : str
        Group that the others are set against.

    Returns
    -------
    DataFrame, one row a group, index ``ethnic_group``, reference first
        ``search_count``, ``case_count``, ``case_pct`` with limits (Wilson), ``ratio`` with
        limits and ``adjusted_ratio`` with limits (missing for the reference and where a
        group has under ten cases or ten searches without), ``p_value`` (of the adjusted
        ratio), ``q_value``, ``is_significant``, ``is_small_count``.

    Raises
    ------
    DataContractError
        If the reference group was not searched.

    References
    ----------
    Knowles, Persico & Todd (2001), Journal of Political Economy 109 (outcome test); Simoiu,
    Corbett-Davies & Goel (2017), Annals of Applied Statistics 11 (infra-marginality).

    Examples
    --------
    >>> searches = pd.DataFrame(
    ...     {
    ...         "ethnic_group": ["white", "black"],
    ...         "search_count": [1000, 800],
    ...         "arrest_count": [100, 120],
    ...     }
    ... )
    >>> table = outcome_ratios(searches, "arrest_count")
    >>> float(table.loc["black", "ratio"].round(2)), table["is_significant"].tolist()
    (1.5, [<NA>, True])
    """
    sums = searches.groupby("ethnic_group")[["search_count", case]].sum().astype(float)
    if reference not in sums.index or not sums.loc[reference, "search_count"]:
        message = f"no search of the group '{reference}' to set the others against."
        raise DataContractError(message)
    groups = [reference, *(group for group in sums.index if group != reference)]
    rows = [
        _share(sums.T[group]) | _against(searches, sums, group, case, alike, reference)
        for group in groups
    ]
    table = pd.DataFrame(rows, index=pd.Index(groups, name="ethnic_group"))
    return table.join(judged(table["p_value"]))


def search_rates(
    searches: pd.Series, residents: pd.Series, *, years: float, reference: str = REFERENCE
) -> pd.DataFrame:
    """Searches a year per 1,000 residents of each group, against the reference group's.

    Parameters
    ----------
    searches : Series, index ``ethnic_group``
        Searches in the whole period.
    residents : Series, index ``ethnic_group``, persons
        A group without residents here has no rate and is left out.
    years : float
        Length of the period, months without figures not counted.
    reference : str

    Returns
    -------
    DataFrame, index ``ethnic_group``
        ``search_count``, ``population_count``, ``rate_per_1000`` (a year), ``ratio`` with
        limits, ``p_value``, ``q_value``, ``is_significant``.

    Raises
    ------
    DataContractError
        If the reference group has no resident or was not searched.

    Examples
    --------
    >>> groups = ["white", "black"]
    >>> table = search_rates(
    ...     pd.Series([100, 90], groups), pd.Series([50_000, 15_000], groups), years=2
    ... )
    >>> table[["rate_per_1000", "ratio"]].round(2).to_numpy().tolist()
    [[1.0, nan], [3.0, 3.0]]
    """
    people = residents[residents > 0].astype(float)
    groups = [group for group in searches.index if group in people.index]
    if reference not in groups or not searches[reference]:
        message = f"no resident or no search of the group '{reference}' to set others against."
        raise DataContractError(message)
    rows = []
    for group in groups:
        exposure = (float(people[group]), float(people[reference]))
        counts = (float(searches[group]), float(searches[reference]))
        found = (
            UNKNOWN
            if group == reference or counts[0] < SMALL_COUNT
            else rate_ratio(counts[0], exposure[0], counts[1], exposure[1])
        )
        rate = counts[0] / exposure[0] / years * PER
        rows.append(
            {
                "search_count": int(counts[0]),
                "population_count": int(exposure[0]),
                "rate_per_1000": rate,
            }
            | _limits("ratio", found)
            | {"p_value": found.p_value}
        )
    table = pd.DataFrame(rows, index=pd.Index(groups, name="ethnic_group"))
    return table.join(judged(table["p_value"]))


def _share(sums: pd.Series) -> dict[str, object]:
    total, cases = round(sums.iloc[0]), round(sums.iloc[1])
    is_small = min(cases, total - cases) < SMALL_COUNT
    shares: list[float] = [np.nan] * 3
    if not is_small:
        share = wilson_interval(cases, total)
        shares = [100 * each for each in (share.proportion, share.lower, share.upper)]
    return {
        "search_count": total,
        "case_count": cases,
        "case_pct": shares[0],
        "case_pct_lower": shares[1],
        "case_pct_upper": shares[2],
        "is_small_count": is_small,
    }


def _against(
    searches: pd.DataFrame,
    sums: pd.DataFrame,
    group: str,
    case: str,
    alike: Sequence[str],
    reference: str,
) -> dict[str, object]:
    crude = adjusted = UNKNOWN
    others = [_share(sums.T[each])["is_small_count"] for each in (group, reference)]
    if group != reference and not any(others):
        mine, theirs = sums.T[group], sums.T[reference]
        crude = risk_ratio(
            mine[case], mine["search_count"], theirs[case], theirs["search_count"]
        )
        adjusted = crude
        if alike:
            strata = _strata(searches, group, case, alike, reference)
            adjusted = stratified_risk_ratio(strata)
    return (
        _limits("ratio", crude)
        | _limits("adjusted_ratio", adjusted)
        | {"p_value": adjusted.p_value}
    )


def _strata(
    searches: pd.DataFrame, group: str, case: str, alike: Sequence[str], reference: str
) -> pd.DataFrame:
    sums = searches.groupby(["ethnic_group", *alike])[["search_count", case]].sum()
    parts = {
        prefix: sums.xs(name, level="ethnic_group").set_axis(
            [f"{prefix}total", f"{prefix}cases"], axis="columns"
        )
        for prefix, name in (("", group), ("reference_", reference))
    }
    return parts[""].join(parts["reference_"], how="inner").reset_index(drop=True)


def _limits(name: str, found: Ratio) -> dict[str, object]:
    return {name: found.ratio, f"{name}_lower": found.lower, f"{name}_upper": found.upper}
