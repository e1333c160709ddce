"""Months as every measure counts them: first-of-month dates without a gap in the index.

A month that is not there stays missing. A series that skips a month would otherwise pass
for a shorter one, and a total over it for a fall in crime.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from analysis.errors import DataContractError

Month = str | dt.date | pd.Timestamp | pd.Period
Period = tuple[Month, Month]


def as_month(value: Month) -> pd.Timestamp:
    """First day of the month named by ``value``.

    Parameters
    ----------
    value : str, date, Timestamp or Period
        ``"2012-04"`` or any day of the month.

    Raises
    ------
    DataContractError
        If it names no month.

    Examples
    --------
    >>> as_month("2012-04")
    Timestamp('2012-04-01 00:00:00')
    """
    if isinstance(value, (str, dt.date, pd.Period)) and value is not pd.NaT:
        try:
            return pd.Period(value, freq="M").to_timestamp()
        except (ValueError, TypeError):
            pass
    message = f"'{value}' is not a month. Write it as YYYY-MM, for example 2012-04."
    raise DataContractError(message)


def months_of(period: Period) -> pd.DatetimeIndex:
    """Every month of a period, first and last included.

    Parameters
    ----------
    period : (first month, last month)

    Raises
    ------
    DataContractError
        If the last month comes before the first.

    Examples
    --------
    >>> len(months_of(("2011-04", "2012-03")))
    12
    """
    first, last = as_month(period[0]), as_month(period[1])
    if last < first:
        message = f"a period ends ({last:%Y-%m}) before it begins ({first:%Y-%m}): swap them."
        raise DataContractError(message)
    return pd.date_range(first, last, freq="MS", name="month")


def months_between(first: str, last: str) -> int:
    """Number of months from one month to another, nought for the same.

    Examples
    --------
    >>> months_between("2012-03", "2016-03")
    48
    """
    return int((pd.Period(last, freq="M") - pd.Period(first, freq="M")).n)


def days_in_month(months: pd.DatetimeIndex) -> np.ndarray:
    """Number of days of each month, 29 for February of a leap year.

    Examples
    --------
    >>> days_in_month(months_of(("2012-01", "2012-03"))).tolist()
    [31.0, 29.0, 31.0]
    """
    return months.days_in_month.to_numpy(dtype=float)


def monthly_series(values: pd.Series, *, where: str = "monthly counts") -> pd.Series:
    """A series of months in order and without a gap, absent months as missing.

    Parameters
    ----------
    values : Series, shape (n_months,), counts of nought or more
        Indexed by first-of-month date (or by monthly Period), in any order.
    where : str
        What the values are, for the error.

    Returns
    -------
    Series of float, index ``month`` from the first month given to the last

    Raises
    ------
    DataContractError
        If it is empty, not indexed by months, has a month twice, or a negative value.

    Examples
    --------
    >>> counts = pd.Series([5, 3], pd.to_datetime(["2024-03-01", "2024-01-01"]))
    >>> monthly_series(counts).tolist()
    [3.0, nan, 5.0]
    """
    if values.empty:
        message = f"{where}: no month to work on. Check the area, the group and the period."
        raise DataContractError(message)
    index = _month_index(values.index, where)
    series = pd.Series(pd.to_numeric(values).to_numpy(dtype=float, na_value=np.nan), index)
    if (series < 0).any():
        first = series.index[series < 0][0]
        message = f"{where}: a negative count in {first:%Y-%m}. Counts start from nought."
        raise DataContractError(message)
    whole = months_of((index.min(), index.max()))
    series = series.reindex(whole)
    series.name = values.name
    return series


def _month_index(index: pd.Index, where: str) -> pd.DatetimeIndex:
    if isinstance(index, pd.PeriodIndex):
        index = index.to_timestamp()
    if not isinstance(index, pd.DatetimeIndex) or (index.day != 1).any():
        message = f"{where}: index by month, each as the date of its first day."
        raise DataContractError(message)
    if index.has_duplicates:
        first = index[index.duplicated()][0]
        message = (
            f"{where}: {first:%Y-%m} occurs twice and would be counted double. Give one area, "
            "one offence group and one basis at a time."
        )
        raise DataContractError(message)
    return index.normalize()
