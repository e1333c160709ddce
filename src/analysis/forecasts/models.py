"""The component models: season, level, damped trend and share, for many series at once.

Each is an exponential smoothing with its parameters fixed beforehand, chosen once on past
errors of 12-month totals over all series together. Parameters fitted to one series at a time
forecast worse (``benchmarks/forecast_skill.py``), and fixed ones let every starting month
of a backtest come out of a single pass. ``tests/forecasts/test_models.py`` holds each
against statsmodels with the same parameters.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.forecasts.panel import MONTHS

TREND_GAIN, TREND_SLOPE_GAIN, TREND_DAMPING = 0.2, 0.1, 0.95
# Level, slope and damping of the trend of a whole. The errors are flat around them: gains of
# .05 to .2 for the slope and damping of .9 to .97 differ by one or two hundredths.

SHARE_GAIN = 0.12
# Of a part's share in its whole: .08 to .2 are as good.

MOST_SEASON = 4.0
# No calendar month is taken for more than four times, or less than a quarter, of the mean.

MOST_CHANGE = 4.0
# The trend of a series that began from nothing, or has come to nothing, says little: no
# forecast is more than twice, or less than half, of the level seen.

DRIFT_VARIANCE, NOISE_VARIANCE = 9e-4, 1e-3
# Of the log of a monthly level: how far it drifts in a month, and what its noise has
# beside that of counting (one over the count). They give the gain for a series' size.

PART_SEASON_PRIOR = 60_000
# Offences over the years seen at which a part's own season weighs as much as its whole's.


def smoothing_gain(monthly_count: np.ndarray) -> np.ndarray:
    """Weight that a new month deserves in a level, by the size of the count.

    The steady gain of a local level whose noise is that of counting and a little more: a
    count of 20 a month is mostly chance, one of 5,000 hardly.

    Examples
    --------
    >>> smoothing_gain(np.array([5.0, 100.0, 5000.0])).round(2).tolist()
    [0.06, 0.25, 0.57]
    """
    noise = 1 / np.maximum(monthly_count, 0.5) + NOISE_VARIANCE
    ratio = DRIFT_VARIANCE / noise
    return np.asarray((np.sqrt(ratio**2 + 4 * ratio) - ratio) / 2)


def smoothed_level(values: np.ndarray, gain: np.ndarray | float) -> np.ndarray:
    """Level after every month by simple exponential smoothing, shape as ``values``.

    It starts from the mean of the first year.

    Examples
    --------
    >>> smoothed_level(np.array([[10.0], [10.0], [16.0]]), 0.5).ravel().tolist()
    [11.0, 10.5, 13.25]
    """
    level = values[:MONTHS].mean(axis=0)
    levels = np.empty(values.shape)
    for month, value in enumerate(values):
        level = level + gain * (value - level)
        levels[month] = level
    return levels


def damped_trend(values: np.ndarray, gain: np.ndarray | float) -> tuple[np.ndarray, np.ndarray]:
    """Level and monthly growth factor after the last month, by a damped multiplicative trend.

    Multiplicative, because crime doubles and halves rather than gains and loses; on counts
    and not on logs, because a count may be nought.

    Parameters
    ----------
    values : ndarray, shape (n_months, n_series)
        Without season.
    gain : float or ndarray, shape (n_series,)

    Returns
    -------
    level, growth : ndarray, shape (n_series,)

    Examples
    --------
    >>> level, growth = damped_trend(np.full((24, 1), 50.0), 0.2)
    >>> level.round(6).tolist(), growth.round(6).tolist()
    ([50.0], [1.0])
    """
    first_year = values[:MONTHS].mean(axis=0)
    # A series that began with a year of nothing would otherwise grow without bound.
    level = np.maximum(np.where(first_year > 0, first_year, values.mean(axis=0)), 1e-9)
    growth = np.ones(values.shape[1])
    for value in values:
        expected = level * growth**TREND_DAMPING
        # A month more than three times what was expected says no more than one three times.
        error = np.minimum((value - expected) / expected, 2.0)
        growth = growth**TREND_DAMPING * (1 + gain * TREND_SLOPE_GAIN * error)
        level = np.maximum(expected * (1 + gain * error), 1e-9)
    return level, growth


def growth_path(values: np.ndarray, monthly_count: np.ndarray, horizon: int) -> np.ndarray:
    """Future levels of wholes: between a damped trend and no change, in equal parts.

    Parameters
    ----------
    values : ndarray, shape (n_months, n_series)
        Daily rates without season.
    monthly_count : ndarray, shape (n_series,)
        Size of each, which sets its gain.
    horizon : int

    Returns
    -------
    ndarray, shape (horizon, n_series)
        The geometric mean of the two.
    """
    gain = smoothing_gain(monthly_count)
    level, growth = damped_trend(values, np.minimum(TREND_GAIN, gain))
    steps = np.cumsum(TREND_DAMPING ** np.arange(1, horizon + 1))
    flat = np.maximum(smoothed_level(values, gain)[-1], 1e-9)
    change = np.clip(level / flat * growth ** steps[:, None], 1 / MOST_CHANGE, MOST_CHANGE)
    return np.asarray(flat * np.sqrt(change))


def smoothed_shares(
    parts: np.ndarray, whole: np.ndarray, restart: np.ndarray | None = None
) -> np.ndarray:
    """Share of each part in its whole after every month, shape (n_months, n_parts).

    Parameters
    ----------
    parts, whole : ndarray, shape (n_months, n_parts)
        Counts of the parts, and of the whole that each belongs to.
    restart : ndarray of int, shape (n_parts,), optional
        Month from which a part's share is learnt anew; before the panel for none.

    Examples
    --------
    >>> parts = np.array([[1.0, 3.0]] * 3)
    >>> smoothed_shares(parts, parts.sum(axis=1, keepdims=True).repeat(2, axis=1))[-1].tolist()
    [0.25, 0.75]
    """
    first = np.minimum(len(parts), MONTHS)
    share = parts[:first].sum(axis=0) / np.maximum(whole[:first].sum(axis=0), 1e-9)
    shares = np.empty(parts.shape)
    begins = np.full(parts.shape[1], -1) if restart is None else restart
    for month in range(len(parts)):
        since = month - begins
        # Just after a restart the share is the mean of what has been seen since.
        anew = np.where((begins >= 0) & (since >= 0), 1 / (np.maximum(since, 0) + 1), 0)
        gain = np.maximum(SHARE_GAIN if month >= first else 0.0, anew)
        known = whole[month] > 0
        seen = parts[month] / np.where(known, whole[month], 1)
        share = np.where(known, share + gain * (seen - share), share)
        shares[month] = share
    return shares


def seasonal_indices(
    rates: np.ndarray, months: pd.DatetimeIndex, unusual: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Mean ratio of each calendar month to its year, and how far to believe it.

    Parameters
    ----------
    rates : ndarray, shape (n_months, n_series)
        Daily rates.
    months : DatetimeIndex
    unusual : ndarray of bool, shape (n_months,)
        Months that are left out, where a calendar month has others.

    Returns
    -------
    indices : ndarray, shape (12, n_series)
        January first; their mean is 1 but for what is bounded (a quarter to four times). All 1
        where less than two years are held.
    weight : ndarray, shape (n_series,)
        Share of the indices' variance that is season rather than noise.
    """
    count = rates.shape[1]
    if len(rates) < 2 * MONTHS:
        return np.ones((MONTHS, count)), np.zeros(count)
    centred = _centred_year(rates)
    ratios = rates[6:-6] / np.where(centred > 0, centred, 1)
    means, noise = _calendar_means(ratios, months.month.to_numpy()[6:-6], unusual[6:-6])
    yearly = means.mean(axis=0)
    # A series that is nought all year round has no season.
    means = np.where(yearly > 0, means / np.where(yearly > 0, yearly, 1), 1.0)
    # A calendar month that has only been seen with nothing in it may have something yet.
    means = np.clip(means, 1 / MOST_SEASON, MOST_SEASON)
    observed = means.var(axis=0, ddof=1)
    if noise is None:
        return means, np.zeros(count)
    return means, np.clip(1 - noise / np.maximum(observed, 1e-12), 0, 1)


def _calendar_means(
    ratios: np.ndarray, calendar: np.ndarray, left_out: np.ndarray
) -> tuple[np.ndarray, np.ndarray | None]:
    """Mean of each calendar month, and the mean variance of those means if it can be told."""
    means, spread = np.ones((2, MONTHS, ratios.shape[1]))
    years = np.zeros((MONTHS, 1))
    for month in range(1, MONTHS + 1):
        of_month = calendar == month
        usual = of_month & ~left_out
        chosen = ratios[usual if usual.any() else of_month]
        means[month - 1], years[month - 1] = chosen.mean(axis=0), len(chosen)
        if len(chosen) > 1:
            spread[month - 1] = chosen.var(axis=0, ddof=1)
    is_repeated = years[:, 0] > 1
    if not is_repeated.any():
        return means, None
    # A calendar month seen once strays as the others do.
    spread[~is_repeated] = spread[is_repeated].mean(axis=0)
    return means, (spread / years).mean(axis=0)


def _centred_year(rates: np.ndarray) -> np.ndarray:
    cumulated = np.concatenate([np.zeros((1, rates.shape[1])), np.cumsum(rates, axis=0)])
    means = (cumulated[MONTHS:] - cumulated[:-MONTHS]) / MONTHS
    return np.asarray((means[1:] + means[:-1]) / 2)
