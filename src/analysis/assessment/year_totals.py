"""Every 12-month total that the figures hold, of all boroughs at once.

A set is one measure in one period on one record: the 32 boroughs' offences, with their
residents. Monthly series give a set for every month that 12 months end with; the annual
table gives one for each of its whole years. Known weakness: where publications with
different groups meet within a period, a scheme adds up what each of them shows.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from analysis.assessment.assessment import Assessment, Period, year_to
from analysis.data.figures import figures_folder, read_table
from analysis.data.offences import is_on_list, members
from analysis.data.vintages import RECORDS, Basis, OffenceList, monthly_offences, publications
from analysis.params.areas import borough_codes
from analysis.params.measure_names import known_measures, schemes
from analysis.targets.definitions import rounding_of_rates

ANNUAL_LIST = "annual table"
# What the annual table is called beside the offence lists; its categories are its own.

LABELS = ["measure", "scope", "basis", "offence_list", "published", "period"]

_Floats = NDArray[np.float64]


@dataclass(frozen=True)
class YearTotals:
    """Sets of 12-month totals.

    Attributes
    ----------
    labels : DataFrame, one row a set
        ``measure``, ``scope`` (``scheme`` for all crime or another sum of groups, ``group``
        for one), ``basis``, ``offence_list``, ``published`` (publications of its months),
        ``period`` (``2011-04 to 2012-03``).
    offences, people : ndarray, shape (n_sets, 32)
        In order of ``borough_codes``; no offence count is missing.
    rounding_count : ndarray, shape (n_sets, 32), offences
        How far a gap by rate may be out, where published rates gave the residents.
    """

    labels: pd.DataFrame
    offences: _Floats
    people: _Floats
    rounding_count: _Floats

    @property
    def ends(self) -> Period:
        """First and last month that a period ends with."""
        ends = self.labels["period"].str[-7:]
        return str(ends.min()), str(ends.max())


def year_totals(
    assessment: Assessment,
    *,
    ends: Collection[str] = (),
    measures: Collection[str] = (),
    every_publication: bool = False,
) -> YearTotals:
    """The 12-month totals of all boroughs, up to the assessment's cut.

    Parameters
    ----------
    assessment : Assessment
    ends : collection of str, ``YYYY-MM``
        Months that a period may end with; empty for all.
    measures : collection of str
        Offence groups, schemes and categories of the annual table; empty for all.
    every_publication : bool
        Whether a period that an older publication shows too is given on each.

    Returns
    -------
    YearTotals
        Without sets of which a borough has no figure.

    Examples
    --------
    >>> harrow = Assessment.open("harrow")
    >>> totals = year_totals(harrow, ends=["2012-03"], measures=["total"])
    >>> totals.labels["offence_list"].tolist()
    ['current', 'current', 'old', 'annual table']
    >>> totals.offences[:, borough_codes().index("E09000015")].tolist()
    [13838.0, 14080.0, 14197.0, 14169.0]
    """
    pieces = [_annual(assessment, ends, measures)]
    for basis, offence_list in reversed(RECORDS):
        held = publications(basis, offence_list)
        seen = [each for each in held if each <= (assessment.published_by or each)]
        # The newest first: what an older publication gives alike is not given twice.
        told: set[tuple[str, str]] = set()
        record = []
        for published_by in reversed(seen if every_publication else seen[-1:]):
            months = _months(str(figures_folder()), basis, offence_list, published_by)
            piece = _windows(assessment, months, ends, measures, told)
            told |= set(zip(piece.labels["published"], piece.labels["period"], strict=True))
            record.append(piece)
        pieces = [*record, *pieces]
    return _joined(pieces)


def readable_measures() -> list[str]:
    """Offence groups and schemes, and the categories that the annual table adds to them.

    Examples
    --------
    >>> names = readable_measures()
    >>> "mopac7" in names, "theft_and_handling" in names, names.count("total")
    (True, True, 1)
    """
    annual = read_table("annual_offences")["offence_category"].unique()
    return list(dict.fromkeys([*known_measures(), *sorted(annual)]))


@dataclass(frozen=True)
class _Months:
    """One record's months: counts by month, offence group and borough."""

    basis: Basis
    offence_list: OffenceList
    months: pd.PeriodIndex
    groups: tuple[str, ...]
    counts: _Floats
    published: tuple[tuple[str, ...], ...]

    def of(self, measure: str) -> _Floats:
        """Counts of a measure, shape (n_months, 32); missing where nothing shows it."""
        columns = [self.groups.index(g) for g in members(measure) if g in self.groups]
        chosen: _Floats = self.counts[:, columns]
        # A group that a publication does not show is no part of its sums.
        is_shown = np.asarray(~np.isnan(chosen).all(axis=2, keepdims=True))
        sums = np.where(is_shown, chosen, 0.0).sum(axis=1)
        return np.where(is_shown.any(axis=1), sums, np.nan)

    def shown(self, measures: Collection[str]) -> list[str]:
        """Measures that the record shows, schemes first."""
        names = [*schemes(), *self.groups]
        return [
            name
            for name in names
            if (not measures or name in measures)
            and is_on_list(name, self.offence_list)
            and set(members(name)) & set(self.groups)
        ]


@lru_cache(maxsize=8)
def _months(folder: str, basis: Basis, offence_list: OffenceList, published_by: str) -> _Months:
    # The folder is a key of the cache alone, as in the store of publications.
    table = monthly_offences(basis, offence_list, published_by=published_by)
    table = table[table["area_code"].isin(borough_codes())]
    months = pd.period_range(table["month"].min(), table["month"].max(), freq="M")
    groups = sorted(table["offence_group"].unique())
    counts = np.full((len(months), len(groups), len(borough_codes())), np.nan)
    place = (
        months.get_indexer(pd.PeriodIndex(table["month"], freq="M")),
        pd.Index(groups).get_indexer(pd.Index(table["offence_group"])),
        pd.Index(borough_codes()).get_indexer(pd.Index(table["area_code"])),
    )
    counts[place] = table["offence_count"].to_numpy(float, na_value=np.nan)
    by_month = table.groupby("month")["published"].unique()
    published = [tuple(sorted(by_month.get(month, ()))) for month in months.to_timestamp()]
    return _Months(basis, offence_list, months, tuple(groups), counts, tuple(published))


def _windows(
    assessment: Assessment,
    held: _Months,
    ends: Collection[str],
    measures: Collection[str],
    told: Collection[tuple[str, str]],
) -> YearTotals:
    periods = [year_to(str(month)) for month in held.months[11:]]
    published = [
        ", ".join(sorted({each for month in held.published[i : i + 12] for each in month}))
        for i in range(len(periods))
    ]
    wanted = [
        i
        for i, (first, last) in enumerate(periods)
        if last <= assessment.as_of
        and (not ends or last in ends)
        and (published[i], f"{first} to {last}") not in told
    ]
    windows = [periods[i] for i in wanted]
    people = _people(assessment, windows)
    pieces = []
    for measure in held.shown(measures) if wanted else ():
        totals = sliding_window_view(held.of(measure), 12, axis=0).sum(axis=-1)[wanted]
        labels = _labels(measure, held.basis, held.offence_list, windows)
        labels["published"] = [published[i] for i in wanted]
        pieces.append(YearTotals(labels, totals, people, np.zeros_like(totals)))
    return _joined(pieces)


def _annual(
    assessment: Assessment, ends: Collection[str], measures: Collection[str]
) -> YearTotals:
    table = read_table("annual_offences")
    table = table[~table["is_partial_year"] & table["area_code"].isin(borough_codes())]
    table = table.assign(end=table["year_ending"].dt.strftime("%Y-%m"))
    table = table[table["end"] <= assessment.as_of]
    if ends:
        table = table[table["end"].isin(ends)]
    pieces = []
    for measure, rows in table.groupby("offence_category"):
        if measures and measure not in measures:
            continue
        counts, rates = (
            rows.pivot_table(index="end", columns="area_code", values=value)
            .reindex(columns=borough_codes())
            .to_numpy(float, na_value=np.nan)
            for value in ("offence_count", "rate_per_1000")
        )
        windows = [year_to(end) for end in sorted(rows["end"].unique())]
        labels = _labels(str(measure), rows["basis"].iloc[0], ANNUAL_LIST, windows)
        labels["published"] = rows["published"].max()
        # The rates it was published with, not the populations revised since; a rate that is
        # rounded to nought tells of no residents.
        people = counts / np.where(rates > 0, rates, np.nan) * 1000
        pieces.append(YearTotals(labels, counts, people, rounding_of_rates(people)))
    return _joined(pieces)


def _labels(
    measure: str, basis: str, offence_list: str, windows: Sequence[Period]
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "measure": measure,
            "scope": "scheme" if measure in schemes() else "group",
            "basis": basis,
            "offence_list": offence_list,
            "published": "",
            "period": [" to ".join(window) for window in windows],
        }
    )


def _people(assessment: Assessment, windows: Sequence[Period]) -> _Floats:
    years = [(pd.Period(first, freq="M") + 6).year for first, _ in windows]
    of_year = {
        year: assessment.population((f"{year}-01", f"{year}-12"))[borough_codes()]
        for year in set(years)
    }
    people = [of_year[year].to_numpy(float) for year in years]
    return np.array(people).reshape(len(windows), len(borough_codes()))


def _joined(pieces: Sequence[YearTotals]) -> YearTotals:
    nothing = np.empty((0, len(borough_codes())))
    joined = YearTotals(
        pd.concat(
            [pd.DataFrame(columns=LABELS), *[each.labels for each in pieces]], ignore_index=True
        ),
        *(
            np.vstack([nothing, *[getattr(each, name) for each in pieces]])
            for name in ("offences", "people", "rounding_count")
        ),
    )
    is_whole = np.asarray(~np.isnan(joined.offences).any(axis=1))
    return YearTotals(
        joined.labels.loc[pd.Series(is_whole)].reset_index(drop=True),
        joined.offences[is_whole],
        joined.people[is_whole],
        joined.rounding_count[is_whole],
    )
