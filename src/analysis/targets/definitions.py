"""One sentence of a plan, read in every way that it allows.

"A reduction of 2,500 against a total of 11,615" names neither what is counted, nor when,
nor whose record, nor how far below whom. Each combination on the published figures is a
reading, with its formula. All readings of many sets of totals (a set: one measure, one
period, one record) are made at once, as arrays: a row a set, a column a rule.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.errors import DataContractError
from analysis.params.areas import area_name
from analysis.wording import MINUS, ordinal

Kind = Literal["percent", "rank", "parity", "mean", "total"]
# A share of the base; down to one of the lowest boroughs; to another borough; to the mean of
# several; the total itself, where a claim names no reduction.

KINDS: tuple[Kind, ...] = ("percent", "rank", "mean", "parity")
# Those that ask for a reduction.

PERCENTS = (5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 40.0, 50.0)
# What plans have asked for, and the halves and quarters that people round to.

RANKS = 3
# Down to any of the three lowest is a reading of "safest"; farther up it is parity.

USUAL_RULES = ("percent=20", "rank=1:count", "rank=2:count", "rank=1:rate", "rank=2:rate")
# The fall that the Mayor asked for, and catching up with the lowest borough or the next.

COLUMNS = [
    "rule",
    "base_count",
    "reduction_count",
    "reduction_pct",
    "comparator_code",
    "tolerance_count",
    "formula",
]

_Floats = NDArray[np.float64]
_Places = NDArray[np.intp]


@dataclass(frozen=True)
class Rule:
    """A column of readings.

    Attributes
    ----------
    kind : {"percent", "rank", "parity", "mean", "total"}
    name : str
        As ``csp target`` writes a rule; a parity with one borough lacks its code.
    is_by_rate : bool
        Whether the other's rate counts, on this area's residents, or its count.
    """

    kind: Kind
    name: str
    is_by_rate: bool = False

    def text(self, comparator_code: str) -> str:
        """The rule with its comparator.

        Examples
        --------
        >>> Rule("parity", "parity", is_by_rate=True).text("E09000029")
        'parity=E09000029:rate'
        """
        if self.kind != "parity":
            return self.name
        return f"parity={comparator_code}{':rate' if self.is_by_rate else ''}"


@dataclass(frozen=True)
class ReadingGrid:
    """Every rule on every set of totals, as numbers.

    Attributes
    ----------
    rules : tuple of Rule
        The columns.
    areas : tuple of str
        Codes of the areas that the totals are of.
    base_count : ndarray, shape (n_sets,), offences
    target_count : ndarray, shape (n_sets, n_rules), offences
        Missing where a rule cannot be worked out.
    comparator : ndarray, shape (n_sets, n_rules)
        Position in ``areas``; -1 where the rule has none.
    tolerance_count : ndarray, shape (n_sets,), offences
        How far a reduction by rate may be out by the rounding of published rates.
    """

    rules: tuple[Rule, ...]
    areas: tuple[str, ...]
    base_count: _Floats
    target_count: _Floats
    comparator: _Places
    tolerance_count: _Floats

    @property
    def reduction_count(self) -> _Floats:
        """Offences fewer than the base, shape (n_sets, n_rules); none is below nought.

        Missing where a rule asks for none, or cannot be worked out.
        """
        reduction: _Floats = np.maximum(self.base_count[:, None] - self.target_count, 0.0)
        return reduction

    def columns_of(self, kinds: Collection[str]) -> _Places:
        """Positions of the rules of some kinds."""
        return np.flatnonzero([rule.kind in kinds for rule in self.rules])

    def rows(self, sets: _Places, columns: _Places) -> pd.DataFrame:
        """Readings as a table, each with its formula.

        Parameters
        ----------
        sets, columns : ndarray of int, same length
            Position of each reading.

        Returns
        -------
        DataFrame, one row a reading
            As ``readings``, with ``kind``.
        """
        codes = np.array([*self.areas, ""])[self.comparator[sets, columns]]
        rules = [self.rules[column] for column in columns]
        base = self.base_count[sets]
        reduction = self.reduction_count[sets, columns]
        is_rounded = np.array([rule.is_by_rate for rule in rules], bool)
        table = pd.DataFrame(
            {
                "rule": [rule.text(code) for rule, code in zip(rules, codes, strict=True)],
                "base_count": base,
                "reduction_count": reduction,
                "reduction_pct": 100 * reduction / base,
                "comparator_code": codes,
                "tolerance_count": np.where(is_rounded, self.tolerance_count[sets], 0.0),
                "kind": [rule.kind for rule in rules],
            }
        )
        parts = zip(
            table["rule"],
            base,
            self.target_count[sets, columns],
            reduction,
            table["tolerance_count"],
            strict=True,
        )
        return table.assign(formula=[_formula(*part) for part in parts])[[*COLUMNS, "kind"]]


def reading_grid(
    totals: _Floats,
    people: _Floats,
    areas: Sequence[str],
    area_code: str,
    *,
    similar: Sequence[str] = (),
    tolerance_count: _Floats | None = None,
) -> ReadingGrid:
    """Every rule worked out on many sets of 12-month totals.

    Parameters
    ----------
    totals : ndarray, shape (n_sets, n_areas), offences
        Of all boroughs, none missing; a set is one measure, one period, one record.
    people : ndarray, shape (n_sets, n_areas), persons
    areas : sequence of str, length n_areas
    area_code : str
        Whose reductions are asked for; the rules leave it out of the ranking.
    similar : sequence of str
        Areas whose mean is one more comparator.
    tolerance_count : ndarray, shape (n_sets,), optional
        Rounding of a reduction by rate, where rates are known as published only.

    Returns
    -------
    ReadingGrid
        Columns: each of ``PERCENTS``; each other area from the lowest up, by count, then by
        rate (the first three are ranks, the rest parity, so that none is read twice); the
        mean of all areas and of similar ones, by count and by rate; and the total alone,
        which asks for nothing.

    Examples
    --------
    >>> totals = np.array([[300.0, 100.0, 120.0]])
    >>> grid = reading_grid(totals, totals, ["a", "b", "c"], "a")
    >>> grid.rows(np.array([0]), np.array([8]))[["rule", "comparator_code", "formula"]]
               rule comparator_code          formula
    0  rank=1:count               b  300 − 100 = 200
    """
    own = list(areas).index(area_code)
    base, residents = totals[:, own], people[:, own, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = totals / people
    # A rank among boroughs needs all of them.
    rates[~np.isfinite(rates).all(axis=1)] = np.nan
    by_count, who_by_count = _others_from_lowest(totals, own)
    by_rate, who_by_rate = _others_from_lowest(rates, own)
    mates = [list(areas).index(code) for code in similar]
    means, mean_rules = _means(totals, people, own, mates)
    shares = base[:, None] * (1 - np.array(PERCENTS) / 100)
    nobody = np.full((len(totals), 1), -1, np.intp)
    return ReadingGrid(
        rules=(
            *(Rule("percent", f"percent={percent:g}") for percent in PERCENTS),
            *_place_rules(len(areas) - 1, is_by_rate=False),
            *_place_rules(len(areas) - 1, is_by_rate=True),
            *mean_rules,
            Rule("total", "total"),
        ),
        areas=tuple(areas),
        base_count=base,
        target_count=np.hstack(
            [shares, by_count, by_rate * residents, means, np.full_like(residents, np.nan)]
        ),
        comparator=np.hstack(
            [
                nobody.repeat(len(PERCENTS), axis=1),
                who_by_count,
                who_by_rate,
                nobody.repeat(len(mean_rules) + 1, axis=1),
            ]
        ),
        tolerance_count=np.zeros(len(totals)) if tolerance_count is None else tolerance_count,
    )


def readings(
    base: pd.Series, area_code: str, population: pd.Series, *, rates: pd.Series | None = None
) -> pd.DataFrame:
    """What each of the usual rules makes of one set of 12-month totals.

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

    Raises
    ------
    DataContractError
        If a borough has no count.

    Examples
    --------
    >>> base = pd.Series({"a": 300, "b": 100, "c": 120})
    >>> people = pd.Series({"a": 1000, "b": 250, "c": 1000})
    >>> readings(base, "a", people)[["rule", "reduction_count", "formula"]]
               rule  reduction_count                    formula
    0    percent=20             60.0            20% of 300 = 60
    1  rank=1:count            200.0            300 − 100 = 200
    2  rank=2:count            180.0            300 − 120 = 180
    3   rank=1:rate            180.0            300 − 120 = 180
    4   rank=2:rate              0.0  300 is already within 400
    """
    if base.isna().any():
        missing = ", ".join(str(code) for code in base.index[base.isna()])
        message = f"readings: no figure for {missing}. A rank among boroughs needs all of them."
        raise DataContractError(message)
    people = base / rates * 1000 if rates is not None else population.reindex(base.index)
    tolerance = (
        rounding_of_rates(people[[area_code]].to_numpy(float)) if rates is not None else None
    )
    grid = reading_grid(
        base.to_numpy(float)[None],
        people.to_numpy(float)[None],
        [str(code) for code in base.index],
        area_code,
        tolerance_count=tolerance,
    )
    columns = usual_columns(grid)
    return grid.rows(np.zeros_like(columns), columns)[COLUMNS]


def usual_columns(grid: ReadingGrid) -> _Places:
    """Positions of ``USUAL_RULES`` among a grid's columns."""
    names = [rule.name for rule in grid.rules]
    return np.array([names.index(rule) for rule in USUAL_RULES if rule in names], np.intp)


def rounding_of_rates(people: _Floats) -> _Floats:
    """Offences by which a gap between two rates published to a tenth may be out.

    Parameters
    ----------
    people : ndarray, persons
        Residents of the area whose reduction is asked for.

    Returns
    -------
    ndarray, offences
        Two rates, each out by up to a twentieth per 1,000.

    Examples
    --------
    >>> float(rounding_of_rates(np.array([240_000.0]))[0])
    24.0
    """
    return people * 2 * 0.05 / 1000


def rule_words(rule: str, comparator_code: str) -> str:
    """A rule in words, with the borough to be caught up with.

    Examples
    --------
    >>> rule_words("rank=1:count", "E09000021")
    'Lowest count (Kingston upon Thames)'
    >>> rule_words("percent=20", "")
    '20% off'
    >>> rule_words("parity=E09000029:rate", "E09000029"), rule_words("parity=similar", "")
    ('Rate of Sutton', 'Mean count of similar boroughs')
    """
    kind, _, value = rule.partition("=")
    if kind == "percent":
        return f"{value}% off"
    name, _, by = value.partition(":")
    if kind == "rank":
        position = "Lowest" if name == "1" else f"{ordinal(int(name))} lowest"
        return f"{position} {by} ({area_name(comparator_code)})"
    if kind == "total":
        return "Total"
    if comparator_code:
        return f"{'Rate' if by else 'Count'} of {area_name(comparator_code)}"
    whose = "similar boroughs" if name == "similar" else "the boroughs"
    return f"Rate of {whose} together" if by else f"Mean count of {whose}"


def _others_from_lowest(values: _Floats, own: int) -> tuple[_Floats, _Places]:
    others = np.delete(np.arange(values.shape[1]), own)
    order = np.argsort(values[:, others], axis=1, kind="stable")
    places: _Places = others[order]
    return np.take_along_axis(values, places, axis=1), places


def _place_rules(others: int, *, is_by_rate: bool) -> list[Rule]:
    by = "rate" if is_by_rate else "count"
    ranked = min(RANKS, others)
    ranks = [Rule("rank", f"rank={place + 1}:{by}", is_by_rate) for place in range(ranked)]
    return [*ranks, *[Rule("parity", "parity", is_by_rate)] * (others - ranked)]


def _means(
    totals: _Floats, people: _Floats, own: int, mates: Sequence[int]
) -> tuple[_Floats, list[Rule]]:
    groups = {"boroughs": list(range(totals.shape[1])), "similar": list(mates)}
    targets, rules = [], []
    for name, members in groups.items():
        if members:
            count = totals[:, members]
            with np.errstate(divide="ignore", invalid="ignore"):
                rate = count.sum(axis=1) / people[:, members].sum(axis=1)
            targets += [count.mean(axis=1), rate * people[:, own]]
            rules.append(Rule("mean", f"parity={name}"))
            rules.append(Rule("mean", f"parity={name}:rate", is_by_rate=True))
    return np.column_stack(targets), rules


def _formula(rule: str, base: float, target: float, reduction: float, tolerance: float) -> str:
    if rule == "total":
        return f"{base:,.0f}"
    if rule.startswith("percent"):
        return f"{rule[8:]}% of {base:,.0f} = {reduction:,.0f}"
    if not reduction > 0:
        return f"{base:,.0f} is already within {target:,.0f}"
    rounding = f", within {tolerance:,.0f} by rounding of the rates" if tolerance else ""
    return f"{base:,.0f} {MINUS} {target:,.0f} = {reduction:,.0f}{rounding}"
