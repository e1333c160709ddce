"""Future 12-month totals of many areas at once: the same as last year, with its own errors.

What is estimated is the total of the 12 months that end some months ahead. The centre is
the last 12 months: over these figures nothing simple does reliably better three years out.
The spread is what that rule has got wrong before, on the same offence, over all areas: at
each earlier month the log error of the total so many months later is split into the part
common to all areas and the part of each area alone. A future is drawn from both, so that
areas move together as they have done. Both signs of a common error count as equally likely:
with few separate years behind it, a fall that was seen is no reason to expect another.

Known weakness: origins overlap, so there are far fewer separate years than origins; and
chances of a large fall come out too high at two years and beyond, which the targets room
corrects by how often such falls have happened.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.errors import DataContractError

MIN_ORIGINS = 6
# Fewer earlier errors than this say nothing about a spread.

SMALL_COUNT = 30
# Below about 30 a month a forecast says little (Gorr, Olligschlaeger & Thompson 2003).

MONTHS = 12


@dataclass(frozen=True)
class TotalForecast:
    """A distribution of 12-month totals ending at ``horizon``, jointly over areas.

    Attributes
    ----------
    origin, horizon : str, ``YYYY-MM``
        Last month seen, and last month of the total.
    last_12 : Series, offences, index ``area_code``
        Total of the 12 months to the origin.
    draws : DataFrame, shape (n_draws, n_areas), offences
        Equally likely futures; a row holds all areas of one future.
    origin_count : int
        Earlier months whose errors were used (they overlap).
    is_stretched : bool
        Whether errors of a shorter time had to stand for this one.
    method : str
        One sentence.
    """

    origin: str
    horizon: str
    last_12: pd.Series
    draws: pd.DataFrame
    origin_count: int
    is_stretched: bool
    method: str

    def interval(self, area_code: str, level: float = 0.8) -> tuple[float, float]:
        """Limits that hold the total with probability ``level``, in offences."""
        tail = (1 - level) / 2
        lower, upper = self.draws[area_code].quantile([tail, 1 - tail])
        return float(lower), float(upper)

    def median(self, area_code: str) -> float:
        """Total as likely to be passed as not, in offences."""
        return float(self.draws[area_code].median())


def forecast_total(
    history: pd.DataFrame,
    horizon: str,
    *,
    unusual_months: Collection[pd.Timestamp] = (),
    n_draws: int = 4000,
    seed: int = 1,
) -> TotalForecast:
    """Distribution of the 12-month total that ends at the horizon, for every area.

    Parameters
    ----------
    history : DataFrame, shape (n_months, n_areas), offences
        Monthly counts, index the first of each month without a gap.
    horizon : str, ``YYYY-MM``
        Last month of the total; after the last month of ``history``.
    unusual_months : collection of Timestamp
        Months whose errors teach nothing (COVID restrictions): a total that holds one is
        left out of the errors, unless too few would remain.
    n_draws, seed : int
        How many futures, and the seed that makes them the same each time.

    Returns
    -------
    TotalForecast

    Raises
    ------
    DataContractError
        If a month is missing, the horizon is not in the future, or the history is too short
        to have any errors (about two years).

    Examples
    --------
    >>> months = pd.date_range("2010-01-01", periods=72, freq="MS")
    >>> steady = pd.DataFrame({"a": 100.0, "b": 50.0}, index=months)
    >>> forecast = forecast_total(steady, "2016-12")
    >>> round(forecast.median("a")), forecast.interval("b")
    (1200, (600.0, 600.0))
    """
    _check(history, horizon)
    origin = history.index[-1]
    lead = _months_between(origin, pd.Timestamp(horizon))
    totals = history.rolling(MONTHS).sum()
    errors, used_lead = _log_errors(totals, lead, unusual_months)
    common = errors.mean(axis=1)
    own = (errors - common[:, None]).ravel()
    random = np.random.default_rng(seed)
    # Errors of a random walk grow with the root of the lead.
    stretch = np.sqrt(lead / used_lead)
    shocks = random.choice(common, n_draws) * random.choice([-1.0, 1.0], n_draws)
    parts = random.choice(own, (n_draws, history.shape[1]))
    last = totals.iloc[-1]
    futures = last.to_numpy()[None, :] * np.exp(stretch * (shocks[:, None] + parts))
    return TotalForecast(
        origin=f"{origin:%Y-%m}",
        horizon=horizon,
        last_12=last,
        draws=pd.DataFrame(futures, columns=history.columns),
        origin_count=len(errors),
        is_stretched=used_lead < lead,
        method=_method(lead, used_lead, len(errors)),
    )


def forecast_path(
    history: pd.DataFrame,
    area_code: str,
    horizon: str,
    *,
    unusual_months: Collection[pd.Timestamp] = (),
    seed: int = 1,
) -> pd.DataFrame:
    """The rolling 12-month total of one area, month by month to the horizon.

    Parameters
    ----------
    history, horizon, unusual_months, seed
        As ``forecast_total``.
    area_code : str
        Column of ``history``.

    Returns
    -------
    DataFrame, one row a future month
        ``month``, ``median``, ``lower_80``, ``upper_80``, ``lower_95``, ``upper_95``, in
        offences in the 12 months ending then.

    Examples
    --------
    >>> months = pd.date_range("2010-01-01", periods=72, freq="MS")
    >>> steady = pd.DataFrame({"a": 100.0, "b": 50.0}, index=months)
    >>> forecast_path(steady, "a", "2016-02")["median"].round().tolist()
    [1200.0, 1200.0]
    """
    start = history.index[-1] + pd.offsets.MonthBegin(1)
    rows = []
    for month in pd.date_range(start, pd.Timestamp(horizon), freq="MS"):
        total = forecast_total(
            history, f"{month:%Y-%m}", unusual_months=unusual_months, seed=seed
        )
        row = {"month": month, "median": total.median(area_code)}
        for level in (80, 95):
            lower, upper = total.interval(area_code, level / 100)
            row |= {f"lower_{level}": lower, f"upper_{level}": upper}
        rows.append(row)
    return pd.DataFrame(rows)


def forecast_months(
    history: pd.DataFrame,
    area_code: str,
    horizon: str,
    *,
    unusual_months: Collection[pd.Timestamp] = (),
) -> pd.DataFrame:
    """Monthly counts of one area to the horizon: the season repeats, with its own errors.

    Each month is forecast by the same month of the last 12; the spread is what that rule
    has got wrong before over all areas, as many years ahead, either way alike.

    Returns
    -------
    DataFrame, one row a future month
        ``month``, ``median``, ``lower_80``, ``upper_80``, ``lower_95``, ``upper_95``, in
        offences in the month.

    Examples
    --------
    >>> months = pd.date_range("2010-01-01", periods=72, freq="MS")
    >>> season = pd.DataFrame({"a": months.month * 10.0, "b": months.month * 5.0}, months)
    >>> forecast_months(season, "a", "2016-03")["median"].tolist()
    [10.0, 20.0, 30.0]
    """
    _check(history, horizon)
    origin = history.index[-1]
    last = history[area_code].iloc[-MONTHS:]
    calendar = pd.DatetimeIndex(last.index).month
    start = origin + pd.offsets.MonthBegin(1)
    rows = []
    for month in pd.date_range(start, pd.Timestamp(horizon), freq="MS"):
        centre = float(last[calendar == month.month].iloc[0])
        lead = MONTHS * -(-_months_between(origin, month) // MONTHS)
        errors, used = _log_errors(history, lead, unusual_months)
        row = {"month": month, "median": centre}
        for level in (80, 95):
            spread = np.quantile(np.abs(errors), level / 100) * np.sqrt(lead / used)
            row[f"lower_{level}"] = centre * np.exp(-spread)
            row[f"upper_{level}"] = centre * np.exp(spread)
        rows.append(row)
    return pd.DataFrame(rows)


def _check(history: pd.DataFrame, horizon: str) -> None:
    expected = pd.date_range(history.index[0], history.index[-1], freq="MS")
    if history.isna().any(axis=None) or len(expected) != len(history):
        message = (
            "forecast: a month is missing from the history. A missing month is not nought; "
            "forecast from a series without a gap."
        )
        raise DataContractError(message)
    if pd.Timestamp(horizon) <= history.index[-1]:
        message = (
            f"forecast: the horizon {horizon} is not after the last month seen "
            f"({history.index[-1]:%Y-%m}). Name a later month, or an earlier --as-of."
        )
        raise DataContractError(message)


def _log_errors(
    totals: pd.DataFrame, lead: int, unusual_months: Collection[pd.Timestamp]
) -> tuple[np.ndarray, int]:
    touched = pd.Series(totals.index.isin(list(unusual_months)), index=totals.index)
    window = MONTHS if totals.iloc[: MONTHS - 1].isna().all(axis=None) else 1
    is_unusual = touched.rolling(window, min_periods=1).max().to_numpy() > 0
    # Half an offence keeps a month without any from having an endless logarithm.
    logs = np.log(totals.to_numpy(dtype=float) + 0.5)
    for shorter in range(lead, 0, -1):
        all_errors = logs[shorter:] - logs[:-shorter]
        complete = ~np.isnan(all_errors).any(axis=1)
        usual = complete & ~(is_unusual[shorter:] | is_unusual[:-shorter])
        for chosen in (usual, complete):
            if chosen.sum() >= MIN_ORIGINS:
                return all_errors[chosen], shorter
    message = (
        f"forecast: {len(totals)} months are too few to know how wrong a forecast would be; "
        f"about {2 * MONTHS} are needed. Use a longer series."
    )
    raise DataContractError(message)


def _months_between(first: pd.Timestamp, last: pd.Timestamp) -> int:
    return (last.year - first.year) * MONTHS + last.month - first.month


def _method(lead: int, used_lead: int, origins: int) -> str:
    stretched = (
        ""
        if used_lead == lead
        else f", stretched from {used_lead} to {lead} months ahead for want of longer history"
    )
    return (
        "The centre is the last 12 months; the spread is how far totals have moved from that "
        f"over {used_lead} months at {origins} earlier starting months (which overlap), over "
        f"all boroughs{stretched}."
    )
