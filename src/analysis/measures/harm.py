"""Harm: offences weighted by how grave they are.

A homicide and a stolen bicycle count one each in a total; here each counts by its weight
(for the ONS Crime Severity Score, the days of sentence it draws on average). Weights are
versioned data handed in, and their version is printed with every score: another version is
another measure. Known weakness: a few grave offences carry most of the score, so it swings;
the limits say by how much. It weighs recorded crime only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.errors import DataContractError
from analysis.measures.rates import PER, SMALL_COUNT, poisson_interval, residents_of


@dataclass(frozen=True)
class HarmScore:
    """Severity-weighted crime by area, with what it is made of and what it leaves out.

    ``table`` has index ``area_code``: ``offence_count`` (weighted groups only),
    ``harm_score`` (sum of count times weight), ``harm_per_1000`` residents with ``_lower``
    and ``_upper``, ``is_small_count`` (under ten offences: no limits) and
    ``unweighted_count`` (offences of groups without weight, not in the score). The ONS
    prints its score per resident: divide by 1,000.
    ``by_group`` has ``area_code, offence_group, offence_count, weight, harm_score,
    harm_pct`` (share of the area's score).
    """

    table: pd.DataFrame
    by_group: pd.DataFrame
    unweighted_groups: tuple[str, ...]
    weights_version: str
    confidence: float
    method: str


def harm_score(
    counts: pd.DataFrame,
    weights: pd.Series,
    population: pd.Series,
    *,
    weights_version: str,
    confidence: float = 0.95,
) -> HarmScore:
    """Severity-weighted total and rate of each area.

    Parameters
    ----------
    counts : DataFrame, one row an area and group
        ``area_code``, ``offence_group``, ``offence_count``; a missing count makes the
        area's score missing.
    weights : Series, index ``offence_group``, above or at nought
        Harm of one offence.
    population : Series, index ``area_code``, persons
    weights_version : str
        Name and date of the weights, printed with the score.
    confidence : float in (0, 1)
        Two-sided level of the limits (Dobson's, from the Poisson limits of the count).

    Returns
    -------
    HarmScore

    Raises
    ------
    DataContractError
        If no group has a weight, a weight is negative or given twice, an area and group
        occur twice, or a population is missing.

    References
    ----------
    ONS (2016), Research outputs: developing a Crime Severity Score for England and Wales;
    Dobson, Kuulasmaa, Eberle & Scherer (1991), Statistics in Medicine 10.

    Examples
    --------
    >>> counts = pd.DataFrame(
    ...     {
    ...         "area_code": "E09000015",
    ...         "offence_group": ["homicide", "shoplifting", "fraud_and_forgery"],
    ...         "offence_count": [2, 100, 7],
    ...     }
    ... )
    >>> score = harm_score(
    ...     counts,
    ...     pd.Series({"homicide": 7979, "shoplifting": 13}),
    ...     pd.Series({"E09000015": 10_000}),
    ...     weights_version="example",
    ... )
    >>> float(score.table["harm_score"].iloc[0]), score.unweighted_groups
    (17258.0, ('fraud_and_forgery',))
    """
    _check(counts, weights)
    rows = counts.assign(
        offence_count=counts["offence_count"].astype("Float64"),
        weight=counts["offence_group"].map(weights.astype(float)).astype("Float64"),
    )
    has_weight = rows["weight"].notna()
    weighted = rows[has_weight].copy()
    weighted["harm_score"] = weighted["offence_count"] * weighted["weight"]
    unweighted = sorted(rows.loc[~has_weight, "offence_group"].unique())
    table = _table(weighted, rows[~has_weight], rows["area_code"], population, confidence)
    return HarmScore(
        table=table,
        by_group=_by_group(weighted, table["harm_score"]),
        unweighted_groups=tuple(unweighted),
        weights_version=weights_version,
        confidence=confidence,
        method="dobson",
    )


@dataclass(frozen=True)
class HarmHistory:
    """Severity-weighted crime of every area month by month, with what it takes to judge it.

    ``score`` holds sums of ``w n``, count times weight, and ``square`` sums of ``w w n``,
    index ``month`` and a column an area. Where offences are Poisson the variance of the
    score is ``square``, so that in proportion it scatters as a count of
    ``score ** 2 / square`` offences alike would.
    """

    score: pd.DataFrame
    square: pd.DataFrame

    def as_counts(self) -> pd.DataFrame:
        """Each area's score in offences alike that would scatter like it."""
        return self.score * (self.score.sum() / self.square.sum())


def harm_history(histories: Mapping[str, pd.DataFrame], weights: pd.Series) -> HarmHistory:
    """Severity-weighted crime by month and area.

    Parameters
    ----------
    histories : mapping of offence group to DataFrame
        Monthly counts, index ``month``, a column an area. A month that a group does not
        show is no part of the score.
    weights : Series, index ``offence_group``
        Harm of one offence; groups without one are left out.

    Returns
    -------
    HarmHistory

    Raises
    ------
    DataContractError
        If no group has a weight.

    References
    ----------
    Dobson, Kuulasmaa, Eberle & Scherer (1991), Statistics in Medicine 10.

    Examples
    --------
    >>> months = pd.date_range("2024-01-01", periods=2, freq="MS")
    >>> counts = {"arson": pd.DataFrame({"a": [3, 1]}, months)}
    >>> harm_history(counts, pd.Series({"arson": 10.0})).square["a"].tolist()
    [300.0, 100.0]
    """
    weighted = {group: table for group, table in histories.items() if group in weights}
    if not weighted:
        message = f"harm: no weight for any of {sorted(histories)}. Use the same groups."
        raise DataContractError(message)
    parts = [
        [float(weights[group]) ** power * table.astype(float) for power in (1, 2)]
        for group, table in weighted.items()
    ]
    score, square = (
        pd.concat([part[place] for part in parts]).groupby(level=0).sum() for place in (0, 1)
    )
    return HarmHistory(score, square)


def _table(
    weighted: pd.DataFrame,
    unweighted: pd.DataFrame,
    areas: pd.Series,
    population: pd.Series,
    confidence: float,
) -> pd.DataFrame:
    codes = pd.Index(areas.unique(), name="area_code")
    variance = weighted["weight"] * weighted["harm_score"]
    sums = {
        name: _sum_by_area(values, weighted["area_code"]).reindex(codes, fill_value=0.0)
        for name, values in (
            ("count", weighted["offence_count"]),
            ("score", weighted["harm_score"]),
            ("variance", variance),
        )
    }
    left_out = _sum_by_area(unweighted["offence_count"], unweighted["area_code"])
    count, score, spread = (sums[name].to_numpy(float) for name in sums)
    lower, upper = _dobson(count, score, spread, confidence)
    residents = residents_of(codes, population)
    return pd.DataFrame(
        {
            "offence_count": sums["count"].round().astype("Int64"),
            "harm_score": score,
            "harm_per_1000": score / residents * PER,
            "harm_per_1000_lower": lower / residents * PER,
            "harm_per_1000_upper": upper / residents * PER,
            "is_small_count": count < SMALL_COUNT,
            "unweighted_count": left_out.reindex(codes, fill_value=0.0).round().astype("Int64"),
        },
        index=codes,
    )


def _sum_by_area(values: pd.Series, areas: pd.Series) -> pd.Series:
    filled = values.astype(float)
    total = filled.groupby(areas).sum()
    return total.mask(filled.isna().groupby(areas).any())


def _dobson(
    count: np.ndarray, score: np.ndarray, spread: np.ndarray, confidence: float
) -> tuple[np.ndarray, np.ndarray]:
    # Below ten offences the weights, not the count, decide: no limits rather than bad ones.
    safe = np.where(count < SMALL_COUNT, np.nan, count)
    lower, upper = poisson_interval(safe, confidence=confidence)
    scale = np.sqrt(spread / safe)
    return score + scale * (lower - safe), score + scale * (upper - safe)


def _by_group(weighted: pd.DataFrame, score: pd.Series) -> pd.DataFrame:
    total = weighted["area_code"].map(score.where(score > 0))
    parts = weighted.assign(harm_pct=100 * weighted["harm_score"].astype(float) / total)
    parts["offence_count"] = parts["offence_count"].round().astype("Int64")
    names = [
        "area_code",
        "offence_group",
        "offence_count",
        "weight",
        "harm_score",
        "harm_pct",
    ]
    tidy = parts[names].astype({"weight": float, "harm_score": float})
    return tidy.reset_index(drop=True)


def _check(counts: pd.DataFrame, weights: pd.Series) -> None:
    key = ["area_code", "offence_group"]
    missing = [name for name in (*key, "offence_count") if name not in counts]
    if missing:
        message = f"harm: no column {missing} in the counts; they have {list(counts.columns)}."
        raise DataContractError(message)
    if counts.duplicated(key).any():
        first = counts.loc[counts.duplicated(key), key].iloc[0].tolist()
        message = f"harm: {first} occurs twice. Add up the months first, one basis at a time."
        raise DataContractError(message)
    if weights.index.has_duplicates or not (weights >= 0).all():
        message = "harm: a weight is missing, negative or given twice. One weight a group."
        raise DataContractError(message)
    if not counts["offence_group"].isin(weights.index).any():
        message = (
            f"harm: no weight for any of {sorted(counts['offence_group'].unique())}. Weights "
            "and counts must use the same offence groups."
        )
        raise DataContractError(message)
