"""Monthly counts of many series at once, with what each is a part of.

A forecast here is never of one series alone: a borough's burglary is a part of London's
burglary, which is a part of all crime. The parts of one whole are a family. A panel holds
the counts of all parts, the whole of every family, the months that teach nothing about
ordinary times and the steps that recording made, and refuses a series with a gap, so that
nothing after it has to ask.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

import numpy as np
import pandas as pd

from analysis.errors import DataContractError

MONTHS = 12

Step = tuple[pd.Timestamp, pd.Timestamp]
# First and last month of a change in recording.


@dataclass(frozen=True)
class Panel:
    """Complete monthly counts of parts, by family.

    Attributes
    ----------
    months : DatetimeIndex, shape (n_months,)
        First of each month, without a gap.
    counts : ndarray, shape (n_months, n_parts), offences
    parts : Index, shape (n_parts,)
    family_of : ndarray of int, shape (n_parts,)
        Position of each part's family in ``families``.
    families : tuple
    group_of : ndarray of int, shape (n_families,)
        Families with the same number are parts of one larger whole, such as the offence
        groups of all crime; -1 for a family that is not.
    place_of : ndarray of int, shape (n_parts,)
        Parts with the same number are of one place, such as a borough's offence groups; -1
        for a part that is not.
    unusual : ndarray of bool, shape (n_months,)
        Months that teach nothing (COVID restrictions).
    steps : mapping of family to list of (first, last) month
        Changes in recording: an error across one teaches nothing about ordinary years.
    restarts : mapping of part to month
        A part whose share begins anew, such as a borough that was given an airport.
    """

    months: pd.DatetimeIndex
    counts: np.ndarray
    parts: pd.Index
    family_of: np.ndarray
    families: tuple[Hashable, ...]
    group_of: np.ndarray
    place_of: np.ndarray
    unusual: np.ndarray
    steps: Mapping[Hashable, Sequence[Step]] = field(default_factory=dict)
    restarts: Mapping[Hashable, pd.Timestamp] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        history: pd.DataFrame,
        family: Mapping[Hashable, Hashable],
        *,
        group: Mapping[Hashable, Hashable] | None = None,
        place: Mapping[Hashable, Hashable] | None = None,
        unusual_months: Collection[pd.Timestamp] = (),
        steps: Mapping[Hashable, Sequence[Step]] | None = None,
        restarts: Mapping[Hashable, pd.Timestamp] | None = None,
    ) -> Self:
        """Panel of a table of counts.

        Parameters
        ----------
        history : DataFrame, shape (n_months, n_parts), offences
            Index the first of each month without a gap; no value missing or negative.
        family : mapping of column to family
        group : mapping of family to the larger whole it is a part of, optional
        place : mapping of column to its place, optional
        unusual_months : collection of Timestamp
        steps, restarts : mapping, optional
            As the attributes.

        Returns
        -------
        Panel

        Raises
        ------
        DataContractError
            If a month or a value is missing, a count is negative, or there are fewer than
            two months.

        Examples
        --------
        >>> months = pd.date_range("2020-01-01", periods=3, freq="MS")
        >>> history = pd.DataFrame({"a": [1, 2, 3], "b": [3, 2, 1]}, index=months)
        >>> panel = Panel.of(history, {"a": "both", "b": "both"})
        >>> panel.whole.ravel().tolist()
        [4.0, 4.0, 4.0]
        """
        months = pd.DatetimeIndex(history.index)
        _refuse_gaps(history, months)
        families = tuple(dict.fromkeys(family[part] for part in history.columns))
        return cls(
            months=months,
            counts=history.to_numpy(dtype=float),
            parts=history.columns,
            family_of=_numbered(history.columns, family),
            families=families,
            group_of=_numbered(families, group or {}),
            place_of=_numbered(history.columns, place or {}),
            unusual=np.asarray(months.isin(pd.DatetimeIndex(list(unusual_months)))),
            steps=steps or {},
            restarts=restarts or {},
        )

    @cached_property
    def whole(self) -> np.ndarray:
        """Counts of the families, shape (n_months, n_families)."""
        return self.by_family(self.counts)

    @cached_property
    def members(self) -> np.ndarray:
        """Number of parts of each family, shape (n_families,)."""
        return np.bincount(self.family_of)

    def by_family(self, values: np.ndarray) -> np.ndarray:
        """Values of parts (last axis) summed to families."""
        return np.asarray(np.add.reduceat(values[..., self._by_family], self._first, axis=-1))

    @cached_property
    def _by_family(self) -> np.ndarray:
        return np.argsort(self.family_of, kind="stable")

    @cached_property
    def _first(self) -> np.ndarray:
        return np.cumsum(self.members) - self.members

    def until(self, origin: int) -> Self:
        """What was known when month number ``origin`` was the last."""
        known = replace(
            self,
            months=self.months[: origin + 1],
            counts=self.counts[: origin + 1],
            unusual=self.unusual[: origin + 1],
        )
        # What does not depend on the month is not worked out at every origin again.
        shared = ("members", "_by_family", "_first")
        known.__dict__.update({name: getattr(self, name) for name in shared})
        known.__dict__["whole"] = self.whole[: origin + 1]
        return known

    def touched(self) -> np.ndarray:
        """Whether the 12 months to each month hold an unusual one, shape (n_months,)."""
        return within_last(self.unusual, MONTHS)

    def crosses_step(self, first: np.ndarray, last: np.ndarray) -> np.ndarray:
        """Whether the months from ``first`` to ``last`` hold a step of each family.

        Parameters
        ----------
        first, last : ndarray of int, shape (n,)
            Positions of months; they may lie outside the panel.

        Returns
        -------
        ndarray of bool, shape (n, n_families)
        """
        crosses = np.zeros((len(first), len(self.families)), dtype=bool)
        start = _month_number(self.months[0])
        for column, name in enumerate(self.families):
            for begins, ends in self.steps.get(name, ()):
                a, b = _month_number(begins) - start, _month_number(ends) - start
                crosses[:, column] |= (first <= b) & (last >= a)
        return crosses


def within_last(marked: np.ndarray, months: int) -> np.ndarray:
    """Whether any of the last so many months is marked, for every month."""
    seen = np.concatenate([[0], np.cumsum(marked)])
    start = np.maximum(np.arange(len(marked)) + 1 - months, 0)
    return np.asarray(seen[1:] > seen[start])


def rolling_12(counts: np.ndarray) -> np.ndarray:
    """Sums of the 12 months to each month along the first axis; missing before the twelfth."""
    cumulated = np.concatenate([np.zeros((1, *counts.shape[1:])), np.cumsum(counts, axis=0)])
    sums = np.full(counts.shape, np.nan)
    if len(counts) >= MONTHS:
        sums[MONTHS - 1 :] = cumulated[MONTHS:] - cumulated[:-MONTHS]
    return sums


def _numbered(items: Iterable[Hashable], names: Mapping[Hashable, Hashable]) -> np.ndarray:
    numbers: dict[Hashable, int] = {}
    return np.array(
        [numbers.setdefault(names[i], len(numbers)) if i in names else -1 for i in items]
    )


def _refuse_gaps(history: pd.DataFrame, months: pd.DatetimeIndex) -> None:
    if len(months) < 2:
        message = "forecast: fewer than two months are held. Give a longer series."
        raise DataContractError(message)
    expected = pd.date_range(months[0], months[-1], freq="MS")
    if not months.equals(expected) or history.isna().any(axis=None):
        message = (
            "forecast: a month is missing from the history. A missing month is not nought; "
            "forecast from a series without a gap."
        )
        raise DataContractError(message)
    negative = history.columns[(history < 0).any()]
    if len(negative):
        message = (
            f"forecast: a count of {negative[0]} is negative. Counts are 0 or more: mend the "
            "series."
        )
        raise DataContractError(message)


def _month_number(month: pd.Timestamp) -> int:
    return month.year * MONTHS + month.month
