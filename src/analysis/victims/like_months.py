"""Which months of a series may be set beside which: like with like, and none that is missing.

Figures on victims come from several publications that end in different months, change their
meaning with the police's systems, and have holes. So the newest whole year, and the months of
two years that can be compared, are looked for in the series itself. A missing month is never
taken for nought.
"""

from __future__ import annotations

import pandas as pd

from analysis.measures.months import Month, as_month, monthly_series, months_of

Period = tuple[str, str]
# First and last month, YYYY-MM, both within.

YEAR = 12
LEAST_MONTHS = 3
# A quarter of a year: fewer months say more about a week's weather than about a year.


def newest_year(monthly: pd.Series) -> Period | None:
    """The twelve months that end with the newest month held, if all twelve are held.

    Parameters
    ----------
    monthly : Series, counts a month
        Indexed by first-of-month date; missing months are absent or NA.

    Returns
    -------
    (first, last) month or None

    Examples
    --------
    >>> months = months_of(("2023-01", "2024-05"))
    >>> newest_year(pd.Series(7, months))
    ('2023-06', '2024-05')
    >>> newest_year(pd.Series(7, months.drop(pd.Timestamp("2023-12-01")))) is None
    True
    """
    held = _held(monthly)
    if not len(held):
        return None
    year = months_of((held[-1] - pd.DateOffset(months=YEAR - 1), held[-1]))
    return _period(year) if year.isin(held).all() else None


def like_months(monthly: pd.Series, since: Month | None = None) -> tuple[Period, Period] | None:
    """The longest run of months held in the newest year and, a year before them, as well.

    Parameters
    ----------
    monthly : Series, counts a month
        Indexed by first-of-month date; missing months are absent or NA.
    since : month, optional
        First month that may be used: that from which the figures mean the same.

    Returns
    -------
    ((first, last), (first, last)) or None
        The earlier run and the same calendar months a year later, at most twelve; the newer
        of two that are as long; None where fewer than three months have a like.

    Examples
    --------
    >>> like_months(pd.Series(7, months_of(("2023-07", "2025-05"))))
    (('2023-07', '2024-05'), ('2024-07', '2025-05'))
    """
    held = _held(monthly)
    if since is not None:
        held = held[held >= as_month(since)]
    if not len(held):
        return None
    newest = months_of((held[-1] - pd.DateOffset(months=YEAR - 1), held[-1]))
    has_like = newest.isin(held) & (newest - pd.DateOffset(years=1)).isin(held)
    run = _longest_run(has_like.tolist())
    if len(run) < LEAST_MONTHS:
        return None
    after = newest[list(run)]
    return _period(after - pd.DateOffset(years=1)), _period(after)


def _longest_run(flags: list[bool]) -> range:
    """Places of the longest unbroken run of true flags, the last of those as long."""
    best, start = range(0), 0
    for place, flag in enumerate([*flags, False]):
        if not flag:
            if place > start and place - start >= len(best):
                best = range(start, place)
            start = place + 1
    return best


def _held(monthly: pd.Series) -> pd.DatetimeIndex:
    known = monthly.dropna()
    return pd.DatetimeIndex(monthly_series(known).dropna().index if len(known) else [])


def _period(months: pd.DatetimeIndex) -> Period:
    return f"{months[0]:%Y-%m}", f"{months[-1]:%Y-%m}"
