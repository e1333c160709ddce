"""What a target asks for: the total to be reached, by its rule.

A rule is a percentage of the base, a level, a place among the boroughs (by count or by
rate) or parity with another area. Each is worked out from 12-month totals of all boroughs
on one basis, so that the same sentence in a plan can be read in every way it allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from analysis.errors import DataContractError


@dataclass(frozen=True)
class Requirement:
    """What a rule asks of an area.

    Attributes
    ----------
    base_count : float
        Offences of the area in the base period.
    target_count : float
        Offences in 12 months at which the target is met.
    comparator_code : str or None
        The area to be caught up with, where the rule names one or finds one.
    """

    base_count: float
    target_count: float
    comparator_code: str | None = None

    @property
    def reduction_count(self) -> float:
        """Offences fewer than the base; negative where the target is above the base."""
        return self.base_count - self.target_count

    @property
    def reduction_pct(self) -> float:
        """The same as a percentage of the base."""
        return 100 * self.reduction_count / self.base_count


def percent_rule(base: pd.Series, area_code: str, percent: float) -> Requirement:
    """A percentage off the base.

    Parameters
    ----------
    base : Series, offences in the base period, index ``area_code``
    area_code : str
    percent : float
        20 means a fall of 20 %.

    Returns
    -------
    Requirement

    Examples
    --------
    >>> round(percent_rule(pd.Series({"E09000015": 8255}), "E09000015", 20).reduction_count)
    1651
    """
    count = _of(base, area_code)
    return Requirement(count, count * (1 - percent / 100))


def level_rule(base: pd.Series, area_code: str, level: float) -> Requirement:
    """A number of offences in 12 months.

    Examples
    --------
    >>> level_rule(pd.Series({"a": 100}), "a", 80).reduction_pct
    20.0
    """
    return Requirement(_of(base, area_code), level)


def rank_rule(
    base: pd.Series,
    area_code: str,
    rank: int,
    by: Literal["count", "rate"],
    population: pd.Series | None = None,
) -> Requirement:
    """The place that the k-th lowest borough holds, comparators held still.

    Parameters
    ----------
    base : Series, offences, index ``area_code``
        Of the boroughs to be ranked.
    area_code : str
    rank : int
        1 is the lowest of all; the area itself is left out of the ranking, so this is
        the borough to be caught up with.
    by : {"count", "rate"}
    population : Series, persons, same index
        Needed for a rank by rate.

    Returns
    -------
    Requirement
        The target is the other's count, or its rate on this area's population.

    Raises
    ------
    DataContractError
        If a borough has no count, or no population.

    Examples
    --------
    >>> base = pd.Series({"a": 300, "b": 100, "c": 120})
    >>> rank_rule(base, "a", 1, "count").reduction_count
    200.0
    >>> people = pd.Series({"a": 1000, "b": 250, "c": 1000})
    >>> rank_rule(base, "a", 1, "rate", people).target_count
    120.0
    """
    values = base.astype(float)
    if by == "rate":
        if population is None:
            message = "rank by rate: no population given."
            raise DataContractError(message)
        values = values / population.reindex(values.index).astype(float)
    if values.isna().any():
        message = (
            f"rank by {by}: no figure for {', '.join(values.index[values.isna()])}. A rank "
            "among boroughs needs all of them."
        )
        raise DataContractError(message)
    others = values.drop(area_code).sort_values(kind="stable")
    code = str(others.index[rank - 1])
    target = float(others.iloc[rank - 1])
    if by == "rate" and population is not None:
        target *= float(population[area_code])
    return Requirement(_of(base, area_code), target, code)


def parity_rule(base: pd.Series, area_code: str, with_codes: list[str]) -> Requirement:
    """The count of another area, or the mean of several.

    Examples
    --------
    >>> parity_rule(pd.Series({"a": 300, "b": 100, "c": 120}), "a", ["b", "c"]).target_count
    110.0
    """
    others = [_of(base, code) for code in with_codes]
    comparator = with_codes[0] if len(with_codes) == 1 else None
    return Requirement(_of(base, area_code), sum(others) / len(others), comparator)


def _of(base: pd.Series, area_code: str) -> float:
    if area_code not in base.index or pd.isna(base[area_code]):
        message = f"target: no figure for {area_code} in the base period."
        raise DataContractError(message)
    return float(base[area_code])
