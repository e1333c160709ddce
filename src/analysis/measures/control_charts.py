"""Control charts: months out of the ordinary, and shifts of the level.

From one monthly series. The XmR chart learns its limits from the step between neighbouring
months and is the one for recorded crime: charts of counts (c and u) take Poisson scatter for
granted and call too many months exceptional where crime clusters. Limits are learnt anew from
each month at which recording is known to have changed (a new system, a new counting rule), so
that a change of practice is not read as a change of crime. Known weakness: a seasonal series
breaks the rules every year unless its seasonal index is taken out first.

Conventions. A signal falls on the month that completes the pattern and is never dated back,
so no verdict changes when a month is added, but for limits learnt anew. A missing month, a
month exactly on the centre line (for runs) and a rebase interrupt a pattern. A month beyond
a limit counts as near it too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.errors import DataContractError
from analysis.measures.months import Month, as_month, days_in_month, monthly_series

XMR_FACTOR = 2.66
# Three standard deviations from the mean moving range of two: 3 / 1.128.

MOVING_RANGE_LIMIT = 3.267
# A moving range above this many mean ranges is itself a signal and is screened out.

RUN_LENGTH = 7
# NHS Making Data Count: seven on one side of the centre, or seven rising or falling.

FEW_MONTHS = 12
# Limits from fewer months than this are provisional.

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class ControlChart:
    """A control chart as a table, with what it was told.

    ``table`` has a row a month: ``month``, ``value``, ``centre``, ``lower``, ``upper``,
    ``segment`` (from 1, a new one at each rebase), ``is_outside_limits``,
    ``is_seven_one_side``, ``is_seven_trend``, ``is_two_of_three``, ``is_exceptional`` (any
    of them), ``is_excluded`` (left out of the limits) and ``is_provisional`` (limits from
    fewer than twelve months).
    """

    chart: str
    unit: str
    table: pd.DataFrame
    exceptional_months: tuple[pd.Timestamp, ...]
    method: str


def xmr_chart(
    monthly: pd.Series,
    *,
    rebase_at: Sequence[Month] = (),
    exclude: Sequence[Month] = (),
    seasonal_index: pd.Series | None = None,
) -> ControlChart:
    """Individuals chart of the daily rate.

    Parameters
    ----------
    monthly : Series, shape (n_months,), offences a month
        Indexed by first-of-month date.
    rebase_at : sequence of months
        First month of each new segment.
    exclude : sequence of months
        Months drawn but not learnt from (a lockdown, a spike of unknown boroughs).
    seasonal_index : Series, index 1 to 12, 100 is the average month; optional
        Divided out first (``seasonal_indices``).

    Returns
    -------
    ControlChart
        In offences a day; centre the mean, limits 2.66 mean moving ranges from it (ranges
        above 3.267 means screened out once), the lower never below nought.

    Raises
    ------
    DataContractError
        If a segment has fewer than two months to learn from, or a rebase is off the chart.

    References
    ----------
    Wheeler & Chambers (1992), Understanding Statistical Process Control; NHS England,
    Making Data Count.

    Examples
    --------
    >>> months = pd.date_range("2022-01-01", periods=24, freq="MS")
    >>> counts = pd.Series([9, 11] * 12, months) * months.days_in_month
    >>> counts.iloc[20] = 900
    >>> [f"{month:%Y-%m}" for month in xmr_chart(counts).exceptional_months]
    ['2023-09']
    """
    counts = monthly_series(monthly)
    values = counts / days_in_month(pd.DatetimeIndex(counts.index))
    if seasonal_index is not None:
        share = seasonal_index.reindex(range(1, 13)).to_numpy(dtype=float) / 100
        values = values / share[values.index.month - 1]
    table = _segmented(values, rebase_at, exclude)
    for _, rows in table.groupby("segment"):
        learnt = rows["value"].mask(rows["is_excluded"])
        centre, half = _individual_limits(learnt)
        table.loc[rows.index, "centre"] = centre
        table.loc[rows.index, "lower"] = max(0.0, centre - half)
        table.loc[rows.index, "upper"] = centre + half
        table.loc[rows.index, "near_half"] = half
    unit = "offences a day" + (" (season taken out)" if seasonal_index is not None else "")
    return _chart("xmr", unit, table, "mean +/- 2.66 screened mean moving ranges")


def limits_before_last(monthly: pd.Series) -> tuple[float, float]:
    """Limits that the twelve months before the last one set for it.

    What lies outside is an odd last month: until others follow, it is no new level.

    Parameters
    ----------
    monthly : Series, shape (n_months,), offences a month
        Indexed by first-of-month date, thirteen or more; the season is not taken out.

    Returns
    -------
    lower, upper : float, offences a month
        Mean of the twelve and 2.66 mean moving ranges to either side, as ``xmr_chart``.

    Examples
    --------
    >>> months = pd.date_range("2022-01-01", periods=13, freq="MS")
    >>> lower, upper = limits_before_last(pd.Series([9, 11] * 6 + [30], months))
    >>> round(lower, 2), round(upper, 2)
    (4.68, 15.32)
    """
    before = monthly_series(monthly).iloc[-FEW_MONTHS - 1 : -1].astype(float)
    centre, half = _individual_limits(before)
    return max(0.0, centre - half), centre + half


def points_outside_limits(values: Numbers, lower: Numbers, upper: Numbers) -> Flags:
    """Points beyond a control limit.

    Examples
    --------
    >>> points_outside_limits(np.array([5, 9]), np.array([1, 1]), np.array([8, 8])).tolist()
    [False, True]
    """
    return np.asarray((values < lower) | (values > upper))


def seven_points_one_side_of_centre(values: Numbers, centre: Numbers) -> Flags:
    """The seventh and later points of a run on one side of the centre line.

    Examples
    --------
    >>> values = np.array([1.0] * 8 + [-1.0])
    >>> seven_points_one_side_of_centre(values, np.zeros(9)).astype(int).tolist()
    [0, 0, 0, 0, 0, 0, 1, 1, 0]
    """
    return _completes_run(np.sign(values - centre), RUN_LENGTH)


def seven_points_trending(values: Numbers) -> Flags:
    """The seventh and later of points that each lie above (or below) the one before.

    Seven points make six steps.

    Examples
    --------
    >>> seven_points_trending(np.arange(8.0)).astype(int).tolist()
    [0, 0, 0, 0, 0, 0, 1, 1]
    """
    steps = np.r_[np.nan, np.diff(values)]
    return _completes_run(np.sign(steps), RUN_LENGTH - 1)


def two_of_three_near_limit(values: Numbers, centre: Numbers, half_width: Numbers) -> Flags:
    """Points that make two of three in the outer third, both on the same side.

    Parameters
    ----------
    values, centre : arrays, shape (n_months,)
    half_width : array, shape (n_months,)
        Distance from the centre to a limit (before the lower is cut at nought).

    Examples
    --------
    >>> centre, half = np.zeros(3), np.full(3, 6.0)
    >>> two_of_three_near_limit(np.array([5.5, 0.0, 5.5]), centre, half).tolist()
    [False, False, True]
    >>> two_of_three_near_limit(np.array([5.5, 0.0, -5.5]), centre, half).tolist()
    [False, False, False]
    """
    distance = values - centre
    flags = np.zeros(len(values), dtype=bool)
    for side in (1, -1):
        near = side * distance > half_width * 2 / 3
        before = np.r_[False, near[:-1]] | np.r_[False, False, near[:-2]][: len(near)]
        flags |= near & before
    return flags


def _completes_run(signs: Numbers, length: int) -> Flags:
    flags = np.zeros(len(signs), dtype=bool)
    run, last = 0, 0.0
    for i, sign in enumerate(signs):
        # NaN and nought belong to no side, so they end whatever ran before.
        if np.isnan(sign) or sign == 0:
            run, last = 0, 0.0
            continue
        run = run + 1 if sign == last else 1
        last = sign
        flags[i] = run >= length
    return flags


def _individual_limits(values: pd.Series) -> tuple[float, float]:
    ranges = values.diff().abs().dropna()
    if ranges.empty:
        message = (
            "a segment has no two neighbouring months to learn limits from. Rebase at fewer "
            "months, or exclude fewer."
        )
        raise DataContractError(message)
    screened = ranges[ranges <= MOVING_RANGE_LIMIT * ranges.mean()]
    return float(values.mean()), XMR_FACTOR * float(screened.mean())


def _segmented(
    values: pd.Series, rebase_at: Sequence[Month], exclude: Sequence[Month]
) -> pd.DataFrame:
    months = pd.DatetimeIndex(values.index)
    breaks = sorted({as_month(month) for month in rebase_at})
    off = [f"{month:%Y-%m}" for month in breaks if not months[0] < month <= months[-1]]
    if off:
        message = (
            f"rebase at {', '.join(off)}: the chart runs {months[0]:%Y-%m}..{months[-1]:%Y-%m} "
            "and a new segment begins after its first month. Leave these out."
        )
        raise DataContractError(message)
    segment = 1 + np.searchsorted(
        np.array(breaks, dtype="datetime64[ns]"), months, side="right"
    )
    left_out = [as_month(month) for month in exclude]
    table = pd.DataFrame({"month": months, "value": values.to_numpy()})
    table[["centre", "lower", "upper", "near_half"]] = np.nan
    return table.assign(segment=segment, is_excluded=months.isin(left_out))


def _chart(
    chart: str,
    unit: str,
    table: pd.DataFrame,
    method: str,
) -> ControlChart:
    signals = pd.concat([_signals(rows) for _, rows in table.groupby("segment")])
    tidy = table.drop(columns=["near_half", "is_excluded"]).join(signals)
    tidy["is_exceptional"] = signals.any(axis=1)
    tidy["is_excluded"] = table["is_excluded"]
    learnt = (table["value"].notna() & ~table["is_excluded"]).groupby(table["segment"])
    tidy["is_provisional"] = learnt.transform("sum") < FEW_MONTHS
    exceptional = tuple(tidy.loc[tidy["is_exceptional"], "month"])
    return ControlChart(chart, unit, tidy, exceptional, method)


def _signals(rows: pd.DataFrame) -> pd.DataFrame:
    value, centre, half = (rows[name].to_numpy() for name in ("value", "centre", "near_half"))
    lower, upper = rows["lower"].to_numpy(), rows["upper"].to_numpy()
    return pd.DataFrame(
        {
            "is_outside_limits": points_outside_limits(value, lower, upper),
            "is_seven_one_side": seven_points_one_side_of_centre(value, centre),
            "is_seven_trend": seven_points_trending(value),
            "is_two_of_three": two_of_three_near_limit(value, centre, half),
        },
        index=rows.index,
    )
