"""Which publication a figure is from, and what later ones made of it.

Each month of each series is taken from the newest publication held, or from the newest of
those up to a date. Publications on two bases, or two offence lists, are never joined: a
series is asked for on one. Where two publications overlap, the difference is kept and can
be reported.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import pandas as pd

from analysis.data.figures import figures_folder, list_tables, read_monthly_table
from analysis.data.offences import is_on_list, members
from analysis.errors import DataContractError
from analysis.params.areas import LONDON_CODE

Basis = Literal["location", "policing"]
OffenceList = Literal["current", "old"]

RECORDS: tuple[tuple[Basis, OffenceList], ...] = (
    ("location", "current"),
    ("policing", "current"),
    ("policing", "old"),
)
# Whose record, on which list: never joined into one series.

_PREFIX = "monthly_offences_"
_KEY = ["area_code", "offence_group", "month"]
_ORDER = ["month", "area_code", "offence_group", "offence_count", "basis", "published"]


def publications(basis: Basis, offence_list: OffenceList = "current") -> list[str]:
    """Publications held of the monthly offences, oldest first.

    Parameters
    ----------
    basis : {"location", "policing"}
    offence_list : {"current", "old"}

    Returns
    -------
    list of str
        Months of publication, ``YYYY-MM``.

    Examples
    --------
    >>> publications("location")
    ['2025-06', '2026-04']
    """
    stem = _stem(basis, offence_list)
    return sorted(name[-7:] for name in list_tables() if name.startswith(stem))


def monthly_offences(
    basis: Basis = "location",
    offence_list: OffenceList = "current",
    *,
    as_of: str | None = None,
    published_by: str | None = None,
) -> pd.DataFrame:
    """Monthly offences of every area and group on one basis, newest publication first.

    Parameters
    ----------
    basis : {"location", "policing"}
        Who is credited with an offence: the borough where it happened, or whose police
        dealt with it.
    offence_list : {"current", "old"}
        How it is classified.
    as_of : str, ``YYYY-MM``, optional
        Last month seen; default all.
    published_by : str, ``YYYY-MM``, optional
        Last publication seen; default the newest held. The figures of an earlier day are
        seen only if a publication of that day is held.

    Returns
    -------
    DataFrame, one row an area, offence group and month
        ``area_code`` (boroughs, ``heathrow``, ``unknown``, and London as the sum of all),
        ``offence_group``, ``month``, ``offence_count``, ``basis``, ``offence_list``,
        ``published``.

    Raises
    ------
    DataContractError
        If nothing is held on that basis and list, or nothing that early.

    Examples
    --------
    >>> table = monthly_offences("policing", "old", as_of="2008-12")
    >>> table["month"].max().strftime("%Y-%m"), table["published"].unique().tolist()
    ('2008-12', ['2019-01'])
    """
    held = publications(basis, offence_list)
    seen = [each for each in held if published_by is None or each <= published_by]
    if not seen:
        message = (
            f"no monthly offences on the {basis} basis and {offence_list} offence list "
            f"published by {published_by or 'any date'}; held: {', '.join(held) or 'none'}."
        )
        raise DataContractError(message)
    table = _resolved(str(figures_folder()), basis, offence_list, tuple(seen))
    if as_of is not None:
        table = table[table["month"] <= pd.Timestamp(as_of)]
        if table.empty:
            message = f"no month of the {basis} basis, {offence_list} list, by {as_of}."
            raise DataContractError(message)
    return table.copy()


def measure_by_month(
    area_code: str,
    measure: str,
    basis: Basis = "location",
    offence_list: OffenceList = "current",
    *,
    as_of: str | None = None,
    published_by: str | None = None,
    first: str | None = None,
    last: str | None = None,
) -> pd.DataFrame:
    """Monthly counts of one area and measure, between two months.

    Parameters
    ----------
    area_code : str
    measure : str
        An offence group or a scheme, such as ``total`` or ``mopac7``.
    basis, offence_list, as_of, published_by
        As ``monthly_offences``.
    first, last : str, ``YYYY-MM``, optional
        Months wanted; default all held.

    Returns
    -------
    DataFrame, one row a month
        ``month``, ``area_code``, ``offence_group``, ``offence_count``, ``basis``,
        ``published``.

    Raises
    ------
    DataContractError
        If the list cannot show the measure, or a month wanted is not held.

    Examples
    --------
    >>> year = measure_by_month("E09000015", "total", first="2011-04", last="2012-03")
    >>> int(year["offence_count"].sum())
    13838
    """
    if not is_on_list(measure, offence_list):
        message = f"the {offence_list} offence list cannot show '{measure}'."
        raise DataContractError(message)
    table = monthly_offences(basis, offence_list, as_of=as_of, published_by=published_by)
    mine = table[(table["area_code"] == area_code)]
    mine = mine[mine["offence_group"].isin(members(measure))]
    held = mine["month"]
    for month in (first, last):
        if month is not None and not held.min() <= pd.Timestamp(month) <= held.max():
            message = (
                f"{month}: the {basis} basis, {offence_list} offence list holds "
                f"{held.min():%Y-%m} to {held.max():%Y-%m}. Choose a month within."
            )
            raise DataContractError(message)
    chosen = mine[mine["month"].between(first or held.min(), last or held.max())]
    grouped = chosen.groupby(["month", "area_code", "basis", "published"], as_index=False)
    sums = grouped["offence_count"].sum(skipna=False).assign(offence_group=measure)
    return sums[[*_ORDER]]


def revisions(basis: Basis = "location", offence_list: OffenceList = "current") -> pd.DataFrame:
    """What one publication made of the figures of the one before it.

    Returns
    -------
    DataFrame, one row an area, offence group and month in two publications
        ``offence_count_before``, ``published_before``, ``offence_count``, ``published``,
        ``revision_count`` (later less earlier).

    Examples
    --------
    >>> revisions("policing", "old").empty
    True
    """
    return _revisions(str(figures_folder()), basis, offence_list).copy()


@lru_cache(maxsize=8)
def _revisions(folder: str, basis: Basis, offence_list: OffenceList) -> pd.DataFrame:
    pairs = []
    held = publications(basis, offence_list)
    for before, after in zip(held[:-1], held[1:], strict=True):
        left, right = (_with_london(_read(basis, offence_list, p)) for p in (before, after))
        both = right.merge(left[[*_KEY, "offence_count", "published"]], on=_KEY,
                           suffixes=("", "_before"))  # fmt: skip
        both["revision_count"] = both["offence_count"] - both["offence_count_before"]
        pairs.append(both)
    if pairs:
        return pd.concat(pairs, ignore_index=True)
    columns = ["offence_count_before", "published_before", "revision_count"]
    return pd.DataFrame(columns=[*_KEY, "offence_count", "published", *columns])


@lru_cache(maxsize=16)
def _resolved(
    folder: str, basis: Basis, offence_list: OffenceList, seen: tuple[str, ...]
) -> pd.DataFrame:
    # The folder is a key of the cache alone: tests read figures from folders of their own.
    newest_last = [_read(basis, offence_list, published) for published in seen]
    table = pd.concat(newest_last, ignore_index=True)
    latest = table.groupby(["area_code", "month"])["published"].transform("max")
    # A whole area-month comes from one publication: their categories differ, so mixing two
    # within a month would count some offences twice.
    return _with_london(table[table["published"] == latest])


def _read(basis: Basis, offence_list: OffenceList, published: str) -> pd.DataFrame:
    return read_monthly_table(f"{_stem(basis, offence_list)}{published}")


def _stem(basis: Basis, offence_list: OffenceList) -> str:
    return f"{_PREFIX}{basis}_{offence_list}_"


def _with_london(table: pd.DataFrame) -> pd.DataFrame:
    labels = ["basis", "offence_list", "published"]
    grouped = table.groupby(["offence_group", "month", *labels], as_index=False)
    london = grouped["offence_count"].sum(skipna=False).assign(area_code=LONDON_CODE)
    both = pd.concat([table, london[table.columns]], ignore_index=True)
    return both.sort_values(_KEY, ignore_index=True)
