"""A plan's sentence about a reduction, read on the borough's figures.

What a reading is, and what a close fit is worth, belongs to the targets room; here the
measures, periods and records that a sentence may mean are put together from the figures
held. ``plan_search`` reads a plan's own claim narrowly, as it was meant to be understood
when it was written; ``claim_search`` reads any numbers as widely as the figures allow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.assessment.assessment import Assessment, Period, year_to
from analysis.assessment.year_totals import YearTotals, readable_measures, year_totals
from analysis.errors import ParamsError, did_you_mean
from analysis.params.areas import borough_codes
from analysis.params.regimes import load_regime
from analysis.targets.claims import ClaimNumbers, Fit, closeness, fit_by_chance, worst_gaps_pct
from analysis.targets.definitions import (
    KINDS,
    ReadingGrid,
    reading_grid,
    readings,
    usual_columns,
)

READ_MEASURES = ("total", "total_without_fraud", "victim_based", "mopac7")
# What "crimes a year" may mean in a plan.

YEARS_EITHER_SIDE = 1
# A plan's "last year" ended in the year it names, or one off.

KEPT = 1000
# Readings that a wide search returns, of hundreds of thousands tried.

_Places = NDArray[np.intp]


@dataclass(frozen=True)
class ClaimSearch:
    """What a claim's numbers may mean, and what a close fit is worth.

    Attributes
    ----------
    claim : ClaimNumbers or None
        What was looked for; None where the plan claims nothing.
    table : DataFrame, one row a reading, the closest first
        ``measure``, ``basis``, ``offence_list``, ``published`` (the publication or
        publications of its months), ``period`` (``2011-04 to 2012-03``), ``rule``,
        ``base_count``, ``reduction_count``, ``reduction_pct``, ``comparator_code``,
        ``tolerance_count``, ``formula``, ``kind`` (``percent``, ``rank``, ``mean``,
        ``parity``; ``total`` where no reduction is claimed), ``scope`` (``scheme``: all
        crime or another sum of offence groups; ``group``: one of them), ``base_gap_pct``,
        ``reduction_gap_pct``, ``worst_gap_pct``.
    by_kind : DataFrame, one row a scope and kind
        ``scope``, ``kind``, ``tried``, ``closest_pct``, ``as_close_by_chance``,
        ``expected_by_chance``, ``close_count``, ``close_by_chance`` as in
        :class:`analysis.targets.claims.Fit`, among its own readings; and the closest one's
        ``measure``, ``basis``, ``offence_list``, ``published``, ``period``, ``rule``,
        ``comparator_code`` and ``formula``.
    fit : Fit or None
        The same for all readings together.
    ends : (first, last) month
        Within which the periods tried end.
    """

    claim: ClaimNumbers | None
    table: pd.DataFrame
    by_kind: pd.DataFrame
    fit: Fit | None
    ends: Period

    @property
    def tried(self) -> int:
        """How many readings were tried: each that asks for a reduction at all."""
        return self.fit.tried if self.fit is not None else len(self.table)

    @property
    def as_close_by_chance(self) -> float:
        """Share of claims of this size that some reading fits as closely as the closest."""
        return self.fit.as_close_by_chance if self.fit is not None else float("nan")

    @property
    def expected_by_chance(self) -> float:
        """Readings that fit a made-up claim as closely as the closest, on the average."""
        return self.fit.expected_by_chance if self.fit is not None else float("nan")


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


def plan_search(assessment: Assessment) -> ClaimSearch:
    """The borough's plan read narrowly: all crime or a sum, the years around its writing.

    Returns
    -------
    ClaimSearch
        Its table holds every reading, those included that ask for no reduction; where the
        plan claims nothing, without gaps and chances.

    Examples
    --------
    >>> search = plan_search(Assessment.open("harrow"))
    >>> search.table["formula"].iloc[0], search.as_close_by_chance < 0.5
    ('11,616 − 9,130 = 2,486', True)
    """
    plan = assessment.plan
    said = plan.claims[0] if plan is not None and plan.claims else None
    claim = ClaimNumbers(said.reduction_count, said.base_count) if said else None
    ends = [window[1] for window in plan_windows(assessment)]
    tried = _Readings.of(assessment, year_totals(assessment, ends=ends, measures=READ_MEASURES))
    tried = tried.in_columns(usual_columns(tried.grid))
    if claim is None:
        return ClaimSearch(None, tried.table(), pd.DataFrame(), None, tried.totals.ends)
    table = closeness(tried.table(), claim)
    return replace(_judged(assessment, tried.asking(), claim), table=table)


def plan_wide_search(assessment: Assessment) -> ClaimSearch | None:
    """The claim of the borough's plan in every reading near its writing.

    Returns
    -------
    ClaimSearch or None
        None where the plan claims nothing.

    Examples
    --------
    >>> search = plan_wide_search(Assessment.open("harrow", as_of="2013-03"))
    >>> search.tried > 10_000, search.table["formula"].iloc[0]
    (True, '11,616 − 9,130 = 2,486')
    """
    plan = assessment.plan
    if plan is None or not plan.claims:
        return None
    said, windows = plan.claims[0], plan_windows(assessment)
    return claim_search(
        assessment,
        reduction_count=said.reduction_count,
        base_count=said.base_count,
        near=int(windows[len(windows) // 2][1][:4]),
    )


def claim_search(
    assessment: Assessment,
    *,
    reduction_count: float | None = None,
    base_count: float | None = None,
    near: int | None = None,
    measures: Sequence[str] = (),
    kinds: Sequence[str] = (),
    keep: int = KEPT,
) -> ClaimSearch:
    """Every reading of a claim's numbers that the figures allow, the closest first.

    Tried are all offence groups and schemes of each list and the categories of the annual
    table; every 12 months that the figures hold; each record and publication; and as
    rules the percentages of ``PERCENTS``, the counts and rates of each of the 31 other
    boroughs (the three lowest are ranks), and the means of all and of similar boroughs. A
    reading must ask for a reduction; where only a total is claimed, it is a total.

    Parameters
    ----------
    assessment : Assessment
    reduction_count, base_count : float, optional
        What the plan says; one is enough.
    near : int, optional
        Year; only periods that end in it, the year before or the year after are tried.
    measures, kinds : sequence of str, optional
        Only these; default all. Fewer readings make a close one worth more.
    keep : int
        Readings that the table holds at the most.

    Returns
    -------
    ClaimSearch

    Raises
    ------
    ParamsError
        If no number is given or one makes no sense, no figures end near the year, a
        measure or kind is not known, or no reading asks for a reduction.

    Examples
    --------
    >>> harrow = Assessment.open("harrow")
    >>> search = claim_search(
    ...     harrow, reduction_count=2500, base_count=11615, near=2012, measures=READ_MEASURES,
    ...     kinds=["rank"],
    ... )
    >>> search.table["formula"].iloc[0]
    '11,616 − 9,130 = 2,486'
    """
    claim = ClaimNumbers(reduction_count, base_count)
    _refuse_unknown("kind", kinds, KINDS)
    _refuse_unknown("measure", measures, readable_measures())
    if kinds and reduction_count is None:
        message = (
            "claim: a kind goes with --reduction. Give the reduction, or leave --kind away."
        )
        raise ParamsError(message)
    years = range(near - YEARS_EITHER_SIDE, near + YEARS_EITHER_SIDE + 1) if near else ()
    ends = [f"{year}-{month:02}" for year in years for month in range(1, 13)]
    totals = year_totals(assessment, ends=ends, measures=measures, every_publication=True)
    if totals.labels.empty:
        _refuse_nothing_held(assessment, near, measures)
    tried = _Readings.of(assessment, totals)
    if reduction_count is None:
        tried = tried.in_columns(tried.grid.columns_of(["total"]))
    else:
        tried = tried.in_columns(tried.grid.columns_of(kinds or KINDS)).asking()
    if not len(tried.sets):
        message = (
            f"claim: {assessment.area.area_name} is at or below every comparator tried, so no "
            "reading asks it for a reduction. Name other measures or kinds."
        )
        raise ParamsError(message)
    return _judged(assessment, tried, claim, keep)


@dataclass(frozen=True)
class _Readings:
    """Readings by their places in a grid, so that hundreds of thousands stay small."""

    totals: YearTotals
    grid: ReadingGrid
    sets: _Places
    columns: _Places

    @classmethod
    def of(cls, assessment: Assessment, totals: YearTotals) -> _Readings:
        code = assessment.area.area_code
        own = borough_codes().index(code)
        grid = reading_grid(
            totals.offences,
            totals.people,
            borough_codes(),
            code,
            similar=assessment.similar_boroughs(),
            tolerance_count=totals.rounding_count[:, own],
        )
        nothing = np.empty(0, np.intp)
        return cls(totals, grid, nothing, nothing)

    def in_columns(self, columns: _Places) -> _Readings:
        """Those of some rules, of every set that counts an offence."""
        sets = np.flatnonzero(self.grid.base_count > 0)
        return replace(
            self,
            sets=sets.repeat(len(columns)),
            columns=np.tile(columns, len(sets)),
        )

    def asking(self) -> _Readings:
        """Those that ask for a reduction."""
        return self.taken(np.flatnonzero(self.reduction_count > 0))

    def taken(self, places: _Places) -> _Readings:
        return replace(self, sets=self.sets[places], columns=self.columns[places])

    @property
    def base_count(self) -> NDArray[np.float64]:
        return self.grid.base_count[self.sets]

    @property
    def reduction_count(self) -> NDArray[np.float64]:
        return self.grid.reduction_count[self.sets, self.columns]

    def table(self) -> pd.DataFrame:
        rows = self.grid.rows(self.sets, self.columns)
        labels = self.totals.labels.iloc[self.sets].reset_index(drop=True)
        return pd.concat([labels.drop(columns="scope"), rows, labels["scope"]], axis=1)


def _judged(
    assessment: Assessment, tried: _Readings, claim: ClaimNumbers, keep: int = 1
) -> ClaimSearch:
    seed = assessment.defaults.seed
    worst = worst_gaps_pct(tried.base_count, tried.reduction_count, claim)
    nearest = np.argsort(worst, kind="stable")[:keep]
    return ClaimSearch(
        claim=claim,
        table=closeness(tried.taken(nearest).table(), claim),
        by_kind=_by_kind(tried, claim, seed),
        fit=fit_by_chance(tried.base_count, tried.reduction_count, claim, seed=seed),
        ends=tried.totals.ends,
    )


def _by_kind(tried: _Readings, claim: ClaimNumbers, seed: int) -> pd.DataFrame:
    kinds = np.array([rule.kind for rule in tried.grid.rules])[tried.columns]
    scopes = tried.totals.labels["scope"].to_numpy(str)[tried.sets]
    rows = []
    for scope in ("scheme", "group"):
        for kind in (*KINDS, "total"):
            own = tried.taken(np.flatnonzero((kinds == kind) & (scopes == scope)))
            if len(own.sets):
                worst = worst_gaps_pct(own.base_count, own.reduction_count, claim)
                fit = fit_by_chance(own.base_count, own.reduction_count, claim, seed=seed)
                best = own.taken(np.array([worst.argmin()])).table().iloc[0]
                rows.append(asdict(fit) | best.to_dict())
    named = ["measure", "basis", "offence_list", "published", "period", "rule"]
    return pd.DataFrame(rows)[
        ["scope", "kind", *Fit.__annotations__, *named, "comparator_code", "formula"]
    ]


def _refuse_unknown(what: str, given: Sequence[str], known: Sequence[str]) -> None:
    for name in given:
        if name not in known:
            message = (
                f"claim: no {what} '{name}'.{did_you_mean(name, known)} Known are "
                f"{', '.join(known)}."
            )
            raise ParamsError(message)


def _refuse_nothing_held(
    assessment: Assessment, near: int | None, measures: Sequence[str]
) -> None:
    own = year_totals(assessment, measures=measures)
    if own.labels.empty:
        message = (
            f"claim: the figures to {assessment.as_of} hold no 12 months of "
            f"{', '.join(measures)}. Name other measures, or a later --as-of."
        )
        raise ParamsError(message)
    first, last = (int(end[:4]) for end in own.ends)
    message = (
        f"claim: near {near}: the periods of 12 months that the figures hold end from "
        f"{own.ends[0]} to {own.ends[1]}. Name a year from {first} to {last}, or none."
    )
    raise ParamsError(message)
