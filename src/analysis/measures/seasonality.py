"""The shape of the year: which months run high, by how much, and whether it is real.

From monthly counts of one area and group, each divided by its days (February is not quiet,
it is short) and by the trend (a centred twelve-month mean), so that a rise over the years
does not pass for a busy December. Uncertainty is the scatter of a calendar month over the
years. Known weakness: the shape is taken as the same every year; a shift of it, or a year
apart such as 2020, widens the limits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from analysis.errors import DataContractError
from analysis.measures.months import days_in_month, monthly_series

MINIMUM_YEARS = 3
# With fewer than three of each calendar month there is no scatter over years to speak of.


@dataclass(frozen=True)
class Seasonality:
    """Seasonal indices of one series, with limits, and whether they mean anything.

    ``table`` has a row a calendar month: ``calendar_month`` (1 to 12), ``seasonal_index``
    (100 is the average month, day for day) with ``_lower`` and ``_upper``, ``year_count``.
    ``amplitude_pct`` is the highest index less the lowest, with limits; it is never
    nought by chance alone, so read it only where ``is_seasonal``.
    """

    table: pd.DataFrame
    peak_month: int
    trough_month: int
    amplitude_pct: float
    amplitude_pct_lower: float
    amplitude_pct_upper: float
    p_value: float
    is_seasonal: bool
    year_count: int
    confidence: float
    method: str


def seasonal_indices(
    monthly: pd.Series, *, confidence: float = 0.95, significance: float = 0.05
) -> Seasonality:
    """Monthly indices adjusted for days and trend, with limits over years.

    Parameters
    ----------
    monthly : Series, shape (n_months,), offences a month
        Indexed by first-of-month date, four years or more (the trend takes six months off
        either end).
    confidence : float in (0, 1)
        Two-sided level of the limits.
    significance : float in (0, 1)
        Level at which Friedman's test calls the season real.

    Returns
    -------
    Seasonality

    Raises
    ------
    DataContractError
        If a calendar month has fewer than three years to its name.

    References
    ----------
    Friedman (1937), JASA 32; the stable-seasonality test of X-11 rests on the same ranks.

    Examples
    --------
    >>> months = pd.date_range("2018-01-01", "2023-12-01", freq="MS")
    >>> counts = months.days_in_month * (10 + (months.month == 12) * 6)
    >>> season = seasonal_indices(pd.Series(counts, months))
    >>> season.peak_month, season.is_seasonal
    (12, True)
    """
    ratio = _ratio_to_trend(monthly_series(monthly))
    known = ratio.dropna()
    by_month = known.groupby(pd.DatetimeIndex(known.index).month)
    _check_years(by_month.count())
    # The twelve indices average 100 exactly, whichever months are missing.
    scale = 100 / by_month.mean().mean()
    table = _index_table(by_month, scale, confidence)
    peak = int(table["calendar_month"].iloc[table["seasonal_index"].argmax()])
    trough = int(table["calendar_month"].iloc[table["seasonal_index"].argmin()])
    amplitude, lower, upper = _amplitude(by_month, scale, (peak, trough), confidence)
    p_value, years = _friedman(ratio)
    return Seasonality(
        table=table,
        peak_month=peak,
        trough_month=trough,
        amplitude_pct=amplitude,
        amplitude_pct_lower=lower,
        amplitude_pct_upper=upper,
        p_value=p_value,
        is_seasonal=p_value < significance,
        year_count=years,
        confidence=confidence,
        method="ratio to centred twelve-month mean of the daily rate; Friedman test",
    )


def _ratio_to_trend(counts: pd.Series) -> pd.Series:
    rate = counts / days_in_month(pd.DatetimeIndex(counts.index))
    # Thirteen months, the two Januaries at half weight: each calendar month counts once.
    weights = np.r_[0.5, np.ones(11), 0.5] / 12
    trend = rate.rolling(13, center=True).apply(lambda window: window @ weights, raw=True)
    return rate / trend.where(trend > 0)


def _check_years(years: pd.Series) -> None:
    if len(years) < 12 or years.min() < MINIMUM_YEARS:
        message = (
            "a season needs each calendar month in three years with twelve-month means round "
            "them: give four years or more without long gaps, of a group that occurs."
        )
        raise DataContractError(message)


def _index_table(by_month: object, scale: float, confidence: float) -> pd.DataFrame:
    mean, years = by_month.mean(), by_month.count()  # type: ignore[attr-defined]
    error = by_month.std() / np.sqrt(years)  # type: ignore[attr-defined]
    half = stats.t.isf((1 - confidence) / 2, years - 1) * error
    return pd.DataFrame(
        {
            "calendar_month": mean.index.to_numpy(),
            "seasonal_index": (scale * mean).to_numpy(),
            "seasonal_index_lower": (scale * (mean - half)).to_numpy(),
            "seasonal_index_upper": (scale * (mean + half)).to_numpy(),
            "year_count": years.to_numpy(),
        }
    )


def _amplitude(
    by_month: object, scale: float, extremes: tuple[int, int], confidence: float
) -> tuple[float, float, float]:
    high, low = (by_month.get_group(month) for month in extremes)  # type: ignore[attr-defined]
    amplitude = scale * (high.mean() - low.mean())
    error = scale * np.hypot(high.sem(), low.sem())
    freedom = min(len(high), len(low)) - 1
    half = stats.t.isf((1 - confidence) / 2, freedom) * error
    return float(amplitude), float(max(0.0, amplitude - half)), float(amplitude + half)


def _friedman(ratio: pd.Series) -> tuple[float, int]:
    values = ratio.to_numpy()
    values = values[6 : len(values) - 6]
    years = values[len(values) % 12 :].reshape(-1, 12)
    years = years[~np.isnan(years).any(axis=1)]
    # A test on ranks has nothing to rank where all months are alike, or years are few.
    if len(years) < MINIMUM_YEARS or np.ptp(years.round(9), axis=1).max() == 0:
        return 1.0, len(years)
    return float(stats.friedmanchisquare(*years.round(9).T).pvalue), len(years)
