"""What a target asks for: the value to be reached, by its rule.

A rule is a percentage of the base, a level, a place among the boroughs (by count or by
rate), parity with another area, or percentage points of a survey. Each is worked out from
values of the base period on one record, so that the same sentence in a plan can be read in
every way it allows, and each gives the same answer: base, target, and the change between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from analysis.errors import DataContractError, ParamsError
from analysis.params.targets import TargetSpec

Unit = Literal["offences", "per cent of those asked"]


@dataclass(frozen=True)
class Requirement:
    """What a rule asks of an area.

    Attributes
    ----------
    base : float
        Value of the area in the base period: offences, or per cent of those asked.
    target : float
        Value at which the target is met; offences in 12 months.
    comparator_code : str or None
        The area to be caught up with, where the rule names one or finds one.
    unit : {"offences", "per cent of those asked"}
        Of both values.
    """

    base: float
    target: float
    comparator_code: str | None = None
    unit: Unit = "offences"

    @property
    def change(self) -> float:
        """Target less base, in the unit; for a survey, percentage points."""
        return self.target - self.base

    @property
    def change_pct(self) -> float:
        """The same as a percentage of the base."""
        return 100 * self.change / self.base if self.base else float("nan")

    @property
    def base_count(self) -> float:
        """The base, where offences are counted."""
        return self.base

    @property
    def target_count(self) -> float:
        """The target, where offences are counted."""
        return self.target

    @property
    def reduction_count(self) -> float:
        """Offences fewer than the base; negative where the target is above the base."""
        return self.base - self.target

    @property
    def reduction_pct(self) -> float:
        """The same as a percentage of the base."""
        return 100 * self.reduction_count / self.base if self.base else float("nan")


def requirement_of(
    target: TargetSpec,
    base: pd.Series,
    area_code: str,
    *,
    population: pd.Series | None = None,
    comparators: Sequence[str] = (),
) -> Requirement:
    """What a target's rule asks, whichever of the five it is.

    Parameters
    ----------
    target : TargetSpec
    base : Series, index ``area_code``
        Values of the base period: offences of all boroughs, or per cent of those asked. A
        survey target whose plan prints its base takes that instead.
    area_code : str
    population : Series, persons, same index
        For a rank by rate.
    comparators : sequence of str
        Codes of the areas that a parity is with.

    Returns
    -------
    Requirement

    Raises
    ------
    DataContractError
        If the base period holds no value for the area, or, for a rank, for any borough.
    ParamsError
        If points would lead outside 0 to 100 per cent.

    Examples
    --------
    >>> from analysis.params.targets import target_from_text
    >>> fifth = target_from_text(
    ...     measure="mopac7", rule="percent=20", base="2011-04..2012-03", horizon="2016-03"
    ... )
    >>> requirement_of(fifth, pd.Series({"E09000015": 8255}), "E09000015").target
    6604.0
    """
    if target.rule == "points":
        given = target.base_value
        start = _of(base, area_code) if given is None else float(given)
        return points_rule(start, float(target.value), increase=target.direction == "increase")
    if target.rule == "percent":
        return percent_rule(base, area_code, float(target.value))
    if target.rule == "level":
        return level_rule(base, area_code, float(target.value))
    if target.rule == "rank":
        by = target.rank_by or "count"
        return rank_rule(base, area_code, target.rank or 1, by, population)
    return parity_rule(base, area_code, list(comparators))


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
    ParamsError
        If every borough is within the rank.

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
            "among boroughs needs all of them: choose a base period in which none has a "
            "month missing."
        )
        raise DataContractError(message)
    others = values.drop(area_code).sort_values(kind="stable")
    if rank > len(others):
        message = (
            f"rank={rank}: of {len(values)} boroughs every one is within it, so it asks for "
            f"nothing. Give {len(others)} or fewer."
        )
        raise ParamsError(message)
    code, target = str(others.index[rank - 1]), float(others.iloc[rank - 1])
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


def points_rule(base_pct: float, points: float, *, increase: bool = True) -> Requirement:
    """Percentage points of a survey, up or down.

    Parameters
    ----------
    base_pct : float
        Per cent of those asked, in the base period.
    points : float
        13 means from 62 % to 75 %, which is 21 % of the base: the two are often confused.
    increase : bool
        Whether more is better.

    Returns
    -------
    Requirement

    Raises
    ------
    ParamsError
        If that leads below 0 or above 100 per cent.

    Examples
    --------
    >>> confidence = points_rule(62, 13)
    >>> confidence.target, confidence.change, round(confidence.change_pct)
    (75.0, 13.0, 21)
    """
    target = base_pct + points if increase else base_pct - points
    if not 0 <= target <= 100:
        message = (
            f"points={points:g}: from {base_pct:g}% that leads to {target:g}%, and a share of "
            "those asked lies between 0% and 100%. Give fewer points."
        )
        raise ParamsError(message)
    return Requirement(float(base_pct), float(target), unit="per cent of those asked")


def _of(base: pd.Series, area_code: str) -> float:
    if area_code not in base.index or pd.isna(base[area_code]):
        message = f"target: no figure for {area_code} in the base period."
        raise DataContractError(message)
    return float(base[area_code])
