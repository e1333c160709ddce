"""How often boroughs have achieved as much in as long, which of them, and when.

The plainest evidence about a target: of all boroughs and all starting months held, in how
many was the 12-month total as far below the one so many months before. Totals that hold a
month of COVID restrictions are left out at both ends, and so are comparisons across a step
that the gate blocks, such as fraud's leaving in 2011-13. Starting months overlap and
boroughs move together, so the separate periods behind it are few.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

MONTHS = 12

Over = Literal["last_year", "whole"]
# What is set against a 12-month total: the last 12 of the months after it, or all of them.

ACHIEVER_COLUMNS = [
    "area_code",
    "times",
    "first_year_ending",
    "last_year_ending",
    "best_fall_pct",
    "best_from",
    "best_to",
]


@dataclass(frozen=True)
class Step:
    """A step in what is counted, across which no total is compared.

    Attributes
    ----------
    from_month, to_month : str, ``YYYY-MM``
        First month touched, and the month from which the new way holds.
    area_codes : frozenset of str or None
        Areas concerned; None for all.
    """

    from_month: str
    to_month: str
    area_codes: frozenset[str] | None = None


@dataclass(frozen=True)
class BaseRate:
    """Share of boroughs and starting months that fell at least so far in so long.

    ``share`` is missing (``nan``) where no start has both ends within the figures;
    ``start_count`` counts starting months, ``times`` the falls over all areas and starts;
    ``area_codes`` lists the areas that ever did it, most often first.
    """

    share: float
    start_count: int
    area_codes: tuple[str, ...]
    first_start: str
    last_start: str
    times: int = 0


def base_rate(
    history: pd.DataFrame,
    fall_pct: float,
    months: int,
    *,
    unusual_months: Collection[pd.Timestamp] = (),
    steps: Collection[Step] = (),
    over: Over = "last_year",
) -> BaseRate:
    """How often a 12-month total fell by at least a percentage over some months.

    Parameters
    ----------
    history : DataFrame, shape (n_months, n_areas), offences
        Monthly counts; index the first of each month.
    fall_pct : float
        20 means a fall of 20 % or more; negative allows a rise of as much.
    months : int
        Months between the end of the first total and the end of the second.
    unusual_months : collection of Timestamp
        Totals that hold one of these are left out.
    steps : collection of Step
        Totals on either side of one, or on it, are not compared.
    over : {"last_year", "whole"}
        Whether the fall is that of the last 12 of the months, or of all of them together
        against the pace of the 12 before.

    Returns
    -------
    BaseRate

    Examples
    --------
    >>> months = pd.date_range("2010-01-01", periods=36, freq="MS")
    >>> history = pd.DataFrame({"a": [10] * 18 + [5] * 18, "b": [10] * 36}, index=months)
    >>> rate = base_rate(history, 50, 18)
    >>> round(rate.share, 3), rate.area_codes
    (0.5, ('a',))
    """
    falls = falls_pct(history, months, unusual_months=unusual_months, steps=steps, over=over)
    usable = falls.dropna(how="all")
    if usable.empty:
        return BaseRate(float("nan"), 0, (), "", "")
    is_fall = usable >= fall_pct - 1e-10
    times = is_fall.sum().sort_values(ascending=False, kind="stable")
    starts = pd.DatetimeIndex(usable.index) - pd.DateOffset(months=months)
    return BaseRate(
        share=float(times.sum() / usable.notna().to_numpy().sum()),
        start_count=len(usable),
        area_codes=tuple(times.index[times > 0]),
        first_start=f"{starts[0]:%Y-%m}",
        last_start=f"{starts[-1]:%Y-%m}",
        times=int(times.sum()),
    )


def achievers(
    history: pd.DataFrame,
    fall_pct: float,
    months: int,
    *,
    unusual_months: Collection[pd.Timestamp] = (),
    steps: Collection[Step] = (),
    over: Over = "last_year",
) -> pd.DataFrame:
    """Areas that have fallen at least so far in so long, and when.

    Parameters
    ----------
    history, fall_pct, months, unusual_months, steps, over
        As ``base_rate``.

    Returns
    -------
    DataFrame, one row an area that ever did, most often first
        ``area_code``, ``times`` (starting months from which it did), ``first_year_ending``
        and ``last_year_ending`` (``YYYY-MM``: the first and last year that was so far below
        the one before), ``best_fall_pct``, ``best_from`` and ``best_to`` (``YYYY-MM``: the
        last months of the two years compared).

    Examples
    --------
    >>> months = pd.date_range("2010-01-01", periods=36, freq="MS")
    >>> history = pd.DataFrame({"a": [10] * 18 + [5] * 18, "b": [10] * 36}, index=months)
    >>> achievers(history, 40, 18).drop(columns="last_year_ending")
      area_code  times first_year_ending  best_fall_pct best_from  best_to
    0         a      7           2012-06           50.0   2010-12  2012-06
    """
    falls = falls_pct(history, months, unusual_months=unusual_months, steps=steps, over=over)
    rows = []
    for code in falls.columns:
        done = falls[code][falls[code] >= fall_pct - 1e-10]
        if len(done):
            best = pd.DatetimeIndex(done.index)[int(done.argmax())]
            rows.append(
                (
                    code,
                    len(done),
                    f"{done.index[0]:%Y-%m}",
                    f"{done.index[-1]:%Y-%m}",
                    float(done.max()),
                    f"{best - pd.DateOffset(months=months):%Y-%m}",
                    f"{best:%Y-%m}",
                )
            )
    table = pd.DataFrame(rows, columns=ACHIEVER_COLUMNS)
    return table.sort_values(
        ["times", "best_fall_pct"], ascending=False, ignore_index=True, kind="stable"
    )


def falls_pct(
    history: pd.DataFrame,
    months: int,
    *,
    unusual_months: Collection[pd.Timestamp] = (),
    steps: Collection[Step] = (),
    over: Over = "last_year",
) -> pd.DataFrame:
    """Fall of every 12-month total from the one so many months before.

    Parameters
    ----------
    history, months, unusual_months, steps, over
        As ``base_rate``.

    Returns
    -------
    DataFrame, index the last month of the second total, a column an area
        Per cent, positive for a fall; missing where the two may not be compared.

    Examples
    --------
    >>> months = pd.date_range("2010-01-01", periods=24, freq="MS")
    >>> history = pd.DataFrame({"a": [10] * 12 + [8] * 12}, index=months)
    >>> falls_pct(history, 12).dropna()["a"].round(6).tolist()
    [20.0]
    """
    counts = history.astype(float)
    span = MONTHS if over == "last_year" else months
    after = counts.rolling(span).sum() * MONTHS / span
    before = counts.rolling(MONTHS).sum().shift(months)
    falls = (100 * (1 - after / before)).where(before > 0)
    touched = pd.Series(history.index.isin(list(unusual_months)), index=history.index)
    is_usual = [
        touched.rolling(length, min_periods=1).max().to_numpy() == 0
        for length in (span, MONTHS)
    ]
    falls = falls[is_usual[0] & np.roll(is_usual[1], months)]
    ends = pd.DatetimeIndex(falls.index)
    for step in steps:
        # As the gate has it: between the two totals, or within either.
        first = ends - pd.DateOffset(months=months + MONTHS - 1)
        is_across = (first < pd.Timestamp(step.to_month)) & (
            ends >= pd.Timestamp(step.from_month)
        )
        concerned = [c for c in falls if step.area_codes is None or c in step.area_codes]
        falls.loc[is_across, concerned] = np.nan
    return falls


def rise_rate(values: pd.DataFrame, points: float, quarters: int) -> BaseRate:
    """How often a survey's value rose by at least some percentage points.

    Parameters
    ----------
    values : DataFrame, shape (n_quarters, n_areas), per cent of those asked
        Index the last day of each quarter; missing where an area was not told of.
    points : float
        Negative for a fall of as much or a smaller rise.
    quarters : int
        Quarters from the first value to the second.

    Returns
    -------
    BaseRate

    Examples
    --------
    >>> ends = pd.date_range("2020-03-31", periods=4, freq="QE")
    >>> values = pd.DataFrame({"a": [60.0, 61, 66, 70], "b": [60.0, 60, 60, 60]}, ends)
    >>> rate = rise_rate(values, 5, 2)
    >>> rate.share, rate.start_count, rate.area_codes
    (0.5, 2, ('a',))
    """
    rises = (values - values.shift(quarters)).dropna(how="all")
    if rises.empty:
        return BaseRate(float("nan"), 0, (), "", "")
    times = (rises >= points - 1e-9).sum().sort_values(ascending=False, kind="stable")
    starts = values.index[values.index.get_indexer(rises.index) - quarters]
    return BaseRate(
        share=float(times.sum() / rises.notna().to_numpy().sum()),
        start_count=len(rises),
        area_codes=tuple(times.index[times > 0]),
        first_start=f"{starts[0]:%Y-%m}",
        last_start=f"{starts[-1]:%Y-%m}",
        times=int(times.sum()),
    )
