"""Scores of forecasts, from arrays: no files, no models, nothing of this project.

The first axis is the origin (the last month seen) and the second the series. A missing
value (``nan``) is a window that is not there, or not to be counted. The origin is the unit
of replication: series of one origin share London's shocks, so limits come from how scores
vary between origins and never from the number of series. Neighbouring origins still share
months; ``groups`` takes several origins as one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, t

Array = NDArray[Any]

YEAR = 12

LEVELS: Array = np.arange(1, 200) / 200
"""Quantile levels at which distributions are compared: .005 to .995."""


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % limits over origins; they are ``nan`` for fewer than three."""

    value: float
    lower: float
    upper: float
    origins: int


def seasonal_naive_error(history: Array) -> Array:
    """Mean absolute change from the same month a year before; (n_months, n) to (n,)."""
    return np.abs(history[YEAR:] - history[:-YEAR]).mean(axis=0)


def annual_change(history: Array) -> Array:
    """Mean absolute change of the 12-month total over a year; (n_months, n) to (n,)."""
    sums = np.cumsum(np.vstack([np.zeros(history.shape[1]), history]), axis=0)
    totals = sums[YEAR:] - sums[:-YEAR]
    return np.abs(totals[YEAR:] - totals[:-YEAR]).mean(axis=0)


def fall_rate(history: Array, fall_pct: float, months: int, is_unusual: Array) -> float:
    """How often a 12-month total was so far below the one so many months before.

    Over all series and starting months of a history, (n_months, n_series); totals that hold
    an unusual month are left out. ``nan`` where no start has both ends.
    """
    sums = np.cumsum(np.vstack([np.zeros(history.shape[1]), history]), axis=0)
    totals = sums[YEAR:] - sums[:-YEAR]
    touched = np.convolve(is_unusual, np.ones(YEAR))[YEAR - 1 : len(history)] > 0
    before, after = totals[:-months], totals[months:]
    usable = ~(touched[:-months] | touched[months:])[:, None] & (before > 0)
    if not usable.any():
        return float("nan")
    return float((after <= (1 - fall_pct / 100) * before + 1e-9)[usable].mean())


def year_totals(monthly: Array) -> Array:
    """Totals of months 1-12, 13-24 ... along the last axis; a missing month makes one so."""
    years = monthly.shape[-1] // YEAR
    kept = monthly[..., : years * YEAR]
    return kept.reshape(*monthly.shape[:-1], years, YEAR).sum(axis=-1)


def at_levels(quantiles: Array, held: Array, wanted: Array = LEVELS) -> Array:
    """Quantiles at other levels, straight in normal scores (exact for a normal law)."""
    scores, places = norm.ppf(held), norm.ppf(wanted)
    after = np.clip(np.searchsorted(scores, places), 1, len(scores) - 1)
    share = (places - scores[after - 1]) / (scores[after] - scores[after - 1])
    return quantiles[..., after - 1] * (1 - share) + quantiles[..., after] * share


def crps(quantiles: Array, actual: Array, levels: Array = LEVELS) -> Array:
    """Continuous ranked probability score from evenly spaced quantiles.

    Twice the mean pinball loss. Quantiles run along the last axis; the answer has the shape
    of ``actual``. Of a forecast that names one number it is the absolute error.
    """
    short = actual[..., None] - quantiles
    pinball = np.where(short >= 0, levels * short, (levels - 1) * short)
    return 2 * pinball.mean(axis=-1)


def probability_at_most(quantiles: Array, threshold: Array, levels: Array = LEVELS) -> Array:
    """Probability of a value at or below a threshold, read from quantiles.

    The share of the levels whose quantile is at or below it.
    """
    return np.mean(quantiles <= threshold[..., None], axis=-1)


def is_inside(quantiles: Array, actual: Array, level: float, levels: Array = LEVELS) -> Array:
    """1 where the central interval holds what happened, 0 where not, nan where unknown."""
    low, high = (int(np.argmin(np.abs(levels - p))) for p in ((1 - level) / 2, (1 + level) / 2))
    inside = (quantiles[..., low] <= actual) & (actual <= quantiles[..., high])
    return np.where(np.isnan(actual), np.nan, inside.astype(float))


def ratio(ours: Array, peer: Array, groups: Array | None = None) -> Estimate:
    """Sum of our scores over the sum of the peer's, with limits from leaving origins out.

    Parameters
    ----------
    ours, peer : (n_origins, ...)
        Scores of the same windows; those missing in either are left out of both.
    groups : (n_origins,), optional
        Origins with the same number count as one; default each for itself.

    Returns
    -------
    Estimate
        Limits from the jackknife of the log ratio and Student's t.
    """
    both = ~(np.isnan(ours) | np.isnan(peer))
    above = _by_group(np.where(both, ours, 0), groups)
    below = _by_group(np.where(both, peer, 0), groups)
    held = _by_group(both.astype(float), groups) > 0
    above, below = above[held], below[held]
    if not len(above):
        return Estimate(np.nan, np.nan, np.nan, 0)
    value = above.sum() / below.sum()
    left_out = np.log((above.sum() - above) / (below.sum() - below)) if len(above) > 2 else None
    if left_out is None:
        return Estimate(float(value), np.nan, np.nan, len(above))
    reach = _reach(left_out)
    return Estimate(
        float(value), float(value * np.exp(-reach)), float(value * np.exp(reach)), len(above)
    )


def mean_difference(ours: Array, peer: Array, groups: Array | None = None) -> Estimate:
    """Mean of our scores less the peer's, with limits over origins."""
    return mean(ours - peer, groups)


def mean(values: Array, groups: Array | None = None) -> Estimate:
    """Mean over all windows, with limits over origins (a ratio of sums, jackknife, t)."""
    there = ~np.isnan(values)
    above = _by_group(np.where(there, values, 0), groups)
    below = _by_group(there.astype(float), groups)
    held = below > 0
    above, below = above[held], below[held]
    if not len(above):
        return Estimate(np.nan, np.nan, np.nan, 0)
    value = float(above.sum() / below.sum())
    if len(above) < 3:
        return Estimate(value, np.nan, np.nan, len(above))
    reach = _reach((above.sum() - above) / (below.sum() - below))
    return Estimate(value, value - reach, value + reach, len(above))


def clustered_standard_error(values: Array) -> tuple[float, float]:
    """Mean over all windows and its standard error, origins as clusters.

    The linearised error of a ratio of sums: root of the sum over origins of the squared
    summed residuals, times n / (n - 1), over the number of windows. ``nan`` for one origin.
    """
    there = ~np.isnan(values)
    counts = _by_group(there.astype(float), None)
    held = counts > 0
    n_origins = int(held.sum())
    if not n_origins:
        return np.nan, np.nan
    value = float(values[there].mean())
    if n_origins < 2:
        return value, np.nan
    residuals = _by_group(np.where(there, values - value, 0), None)[held]
    spread = np.sqrt((residuals**2).sum() * n_origins / (n_origins - 1))
    return value, float(spread / counts.sum())


def brier(probability: Array, outcome: Array) -> Array:
    """Squared difference of a probability and what happened (0 or 1)."""
    return (probability - outcome) ** 2


@dataclass(frozen=True)
class Fifth:
    """Forecasts of one fifth, by their size: what they said and how often it happened."""

    forecast: float
    observed: float
    standard_error: float
    windows: int


def fifths(probability: Array, outcome: Array) -> list[Fifth]:
    """Reliability in fifths of the forecasts, lowest first; errors cluster by origin.

    Forecasts that are alike stay in one fifth, so fifths may differ in size and fewer
    than five may be left.
    """
    there = ~(np.isnan(probability) | np.isnan(outcome))
    edges = np.unique(np.quantile(probability[there], [0.2, 0.4, 0.6, 0.8]))
    number = np.searchsorted(edges, probability, side="left")
    found = []
    for one in range(len(edges) + 1):
        mine = there & (number == one)
        if mine.any():
            observed, error = clustered_standard_error(np.where(mine, outcome, np.nan))
            said = float(probability[mine].mean())
            found.append(Fifth(said, observed, error, int(mine.sum())))
    return found


def _by_group(values: Array, groups: Array | None) -> Array:
    summed = values.reshape(len(values), -1).sum(axis=1)
    if groups is None:
        return summed
    return np.array([summed[groups == one].sum() for one in np.unique(groups)])


def _reach(left_out: Array) -> float:
    n = len(left_out)
    error = np.sqrt((n - 1) / n * ((left_out - left_out.mean()) ** 2).sum())
    return float(t.ppf(0.975, n - 1) * error)
