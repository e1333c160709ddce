"""Months as publishers write them, turned into first-of-month dates.

Crime tables come wide, a column a month, under headers that change from one publication
to the next (``201004``, ``2010-04``, ``Apr-10``, ``01/04/2010``). Here they become one row
a month. A month that a table leaves out stays out: it is named, never filled with nought.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.data.tabular import to_counts
from analysis.errors import DataContractError

MONTH_DTYPE: Final = "datetime64[us]"
# What pandas gives for dates read from text; one unit everywhere keeps joins exact.

_NAMES = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_NAME = rf"(?P<name>{'|'.join(_NAMES)})[a-z]*"
_CLOCK = r"(?:[ t]00:00(?::00(?:\.0+)?)?(?:z|\+00:00)?)?"
_FORMS = tuple(
    re.compile(form + r"(?P<again>\.\d+)?", re.IGNORECASE)
    for form in (
        r"(?P<year>(?:19|20)\d\d)(?P<number>\d\d)",
        r"(?P<year>(?:19|20)\d\d)[-/](?P<number>\d\d?)",
        rf"(?P<year>(?:19|20)\d\d)-(?P<number>\d\d)-(?P<day>\d\d){_CLOCK}",
        rf"(?P<day>\d\d?)/(?P<number>\d\d?)/(?P<year>(?:19|20)\d\d){_CLOCK}",
        rf"{_NAME}[-_ ]?(?P<year>(?:19|20)?\d\d)",
    )
)
# Read_csv renames a second column of the same header "201004.1": the suffix is caught so
# that the repeat is refused instead of passing for a column of another kind.

_FIRST_SHORT_YEAR = 70
# "Apr-99" is 1999 and "Apr-10" is 2010.

_REACH = 3
_NEARLY_EMPTY = 0.2
_LEAST_USUAL = 20
# A borough with 20 incidents a month has fewer than four in about one month in 300,000.

_log = logging.getLogger(__name__)


def month_columns(columns: Iterable[object]) -> dict[str, pd.Timestamp]:
    """Headers that are months, with the month each one means.

    Parameters
    ----------
    columns : iterable
        Headers of a published table, of any kind.

    Returns
    -------
    dict of str to Timestamp
        First day of the month by header, in the order of the columns; other headers are
        left out.

    Raises
    ------
    DataContractError
        If two headers mean the same month, or a header looks like a month and is none
        (month 13, or a day other than the first: day and month may be the wrong way round).

    Examples
    --------
    >>> for header, month in month_columns(["BoroughName", "201004", "May-10"]).items():
    ...     print(header, month.date())
    201004 2010-04-01
    May-10 2010-05-01
    """
    found: dict[str, pd.Timestamp] = {}
    seen: dict[pd.Timestamp, str] = {}
    for header in map(str, columns):
        month = _month(header)
        if month is None:
            continue
        if month in seen:
            message = (
                f"columns '{seen[month]}' and '{header}' are both {month:%Y-%m}: the month "
                "would be counted twice. Remove one of them or fetch the file again."
            )
            raise DataContractError(message)
        seen[month] = header
        found[header] = month
    return found


def melt_months(
    table: pd.DataFrame, id_columns: list[str], value_name: str, where: str
) -> pd.DataFrame:
    """Wide months turned into one row a month, blanks staying missing.

    Parameters
    ----------
    table : DataFrame
        A column a month, as text, beside the columns that identify a row.
    id_columns : list of str
        Columns to keep on every row, with their types.
    value_name : str
        What the counts are called, such as ``"offence_count"``.
    where : str
        File, for the error.

    Returns
    -------
    DataFrame, shape (n_rows * n_months, n_ids + 2)
        ``id_columns``, ``month`` (first of month) and ``value_name`` (Int64); the months of
        a published row stand together, in order of date.

    Raises
    ------
    DataContractError
        If there is no month column, a month occurs twice, or a value is not a count.

    Examples
    --------
    >>> wide = pd.DataFrame({"area": ["Harrow"], "201005": ["7"], "201004": [""]})
    >>> melt_months(wide, ["area"], "offence_count", "example")
         area      month  offence_count
    0  Harrow 2010-04-01           <NA>
    1  Harrow 2010-05-01              7
    """
    try:
        months = month_columns(table.columns)
    except DataContractError as error:
        message = f"{where}: {error}"
        raise DataContractError(message) from error
    if not months:
        message = (
            f"{where}: no column is a month (as 201004 or 2010-04); the file has "
            f"{', '.join(map(str, table.columns[:12]))}. Fetch the file again."
        )
        raise DataContractError(message)
    headers = sorted(months, key=lambda header: months[header])
    rows = np.repeat(np.arange(len(table)), len(headers))
    tidy = table[id_columns].take(rows).reset_index(drop=True)
    dates = np.array([months[header] for header in headers], dtype=MONTH_DTYPE)
    tidy["month"] = np.tile(dates, len(table))
    tidy[value_name] = _counts(table[headers], where)
    return tidy


def to_months(values: pd.Series, *, where: str) -> pd.Series:
    """A published column of months as first-of-month dates; blanks stay missing.

    Parameters
    ----------
    values : Series of str
        Months in any of the forms that a header may take.
    where : str
        File and column, for the error.

    Returns
    -------
    Series of datetime64, same index

    Raises
    ------
    DataContractError
        If a value is not a month.

    Examples
    --------
    >>> to_months(pd.Series(["Jan-03", "2025-07-01"]), where="example").dt.year.tolist()
    [2003, 2025]
    """
    known: dict[object, Any] = {}
    for text in values.unique():
        written = "" if pd.isna(text) else str(text).strip()
        month = _month(written) if written else pd.NaT
        if month is None:
            message = (
                f"{where}: '{written}' is not a month (as 2010-04, Apr-10 or 01/04/2010). "
                "Correct the file or fetch it again."
            )
            raise DataContractError(message)
        known[text] = month
    return values.astype(object).map(known).astype(MONTH_DTYPE)


def missing_months(months: Iterable[object]) -> list[pd.Timestamp]:
    """Months absent between the first and the last of those given.

    Parameters
    ----------
    months : iterable of dates
        Such as a ``month`` column; repeats and missing values are passed over.

    Returns
    -------
    list of Timestamp
        In order; empty where the months are contiguous.

    Examples
    --------
    >>> held = pd.to_datetime(["2016-01-01", "2016-02-01", "2016-04-01"])
    >>> [f"{month:%Y-%m}" for month in missing_months(held)]
    ['2016-03']
    """
    held = pd.DatetimeIndex(pd.Series(months).dropna().unique()).as_unit("us")
    if held.empty:
        return []
    every = pd.date_range(held.min(), held.max(), freq="MS").as_unit("us")
    return list(every.difference(held))


def months_in_words(months: Iterable[pd.Timestamp]) -> str:
    """Months as runs, for a sentence.

    Examples
    --------
    >>> gap = pd.date_range("2019-03-01", "2021-05-01", freq="MS")
    >>> months_in_words([*gap, pd.Timestamp("2022-01-01")])
    '2019-03 to 2021-05, 2022-01'
    """
    ordered = sorted(months)
    runs: list[list[pd.Timestamp]] = []
    for month in ordered:
        if runs and month == runs[-1][-1] + pd.offsets.MonthBegin(1):
            runs[-1].append(month)
        else:
            runs.append([month])
    ends = [f"{run[0]:%Y-%m}" + (f" to {run[-1]:%Y-%m}" if run[1:] else "") for run in runs]
    return ", ".join(ends)


def tell_missing_months(months: Iterable[object], where: str) -> list[pd.Timestamp]:
    """Missing months, also named in the log: they stay missing and are not nought.

    Returns
    -------
    list of Timestamp
        As ``missing_months``.
    """
    missing = missing_months(months)
    if missing:
        _log.warning("%s: no figures for %s.", where, months_in_words(missing))
    return missing


def nearly_empty_months(table: pd.DataFrame, *, by: str = "area_code") -> pd.DataFrame:
    """Months in which an area has next to no rows, while the months around it have many.

    A month is told where its rows come to less than a fifth of the median of up to three
    months either side, and that median is 20 or more: below that, chance alone empties a
    month. Such a month was lost on the way and is missing, not quiet. Months that the whole
    table lacks are a matter for ``missing_months``.

    Parameters
    ----------
    table : DataFrame
        One row an incident, with ``month`` and the column ``by``.
    by : str
        What a month is looked at for; rows without a value are left out.

    Returns
    -------
    DataFrame, one row an area and month told, in order
        ``by``, ``month``, ``row_count`` and ``usual_count`` (the median around it).

    Examples
    --------
    >>> months = pd.date_range("2016-01-01", "2016-05-01", freq="MS")
    >>> rows = pd.DataFrame({"month": np.repeat(months, [90, 80, 3, 85, 95])})
    >>> nearly_empty_months(rows.assign(area_code="E09000009"))
       area_code      month  row_count  usual_count
    0  E09000009 2016-03-01          3         87.5
    """
    counts = table.groupby([by, "month"], observed=True).size().unstack(by, fill_value=0)
    steps = [step for step in range(-_REACH, _REACH + 1) if step]
    around = np.stack([counts.shift(step).to_numpy(dtype=float) for step in steps])
    usual = _median_held(around)
    held = counts.to_numpy()
    told = (usual >= _LEAST_USUAL) & (held < _NEARLY_EMPTY * usual)
    areas, months = np.nonzero(told.T)
    return pd.DataFrame(
        {
            by: np.asarray(counts.columns)[areas],
            "month": counts.index[months],
            "row_count": held[months, areas],
            "usual_count": usual[months, areas],
        }
    )


def _median_held(around: np.ndarray) -> np.ndarray:
    # A table of one month has no neighbours; its median is missing, without a warning.
    held = ~np.isnan(around).all(axis=0)
    median = np.full(around.shape[1:], np.nan)
    median[held] = np.nanmedian(around[:, held], axis=0)
    return median


def _month(header: str) -> pd.Timestamp | None:
    for form in _FORMS:
        match = form.fullmatch(header.strip())
        if match:
            return _checked_month(header, match.groupdict())
    return None


def _checked_month(header: str, parts: dict[str, str | None]) -> pd.Timestamp:
    name = parts.get("name")
    number = _NAMES.index(name.lower()) + 1 if name else int(parts["number"] or 0)
    year = int(parts["year"] or 0)
    if year < 100:
        year += 1900 if year >= _FIRST_SHORT_YEAR else 2000
    if not 1 <= number <= 12 or int(parts.get("day") or 1) != 1:
        message = (
            f"'{header}' looks like a month and is none: it should name the first of a "
            "month, day before month (01/04/2010), or 2010-04. Correct the header."
        )
        raise DataContractError(message)
    return pd.Timestamp(year, number, 1)


def _counts(cells: pd.DataFrame, where: str) -> pd.api.extensions.ExtensionArray:
    # Millions of cells hold a few hundred different numbers: each is read once.
    codes, texts = pd.factorize(cells.to_numpy(dtype=object).ravel(), use_na_sentinel=False)
    try:
        counts = to_counts(pd.Series(texts, dtype=object), where=where)
    except DataContractError:
        for header in cells.columns:
            to_counts(cells[header], where=f"{where}, column {header}")
        raise
    return counts.array.take(codes)
