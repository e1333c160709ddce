"""What the forecasts would have been, and were worth, at every earlier month.

At each month of the past the whole method is run on what was known by then, its season
included, and set against what came. The log errors feed the ranges of the next forecast
(``intervals``) and are what a report prints as its track record.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.stats import poisson

from analysis.forecasts.combination import Shares, central_forecast, whole_season
from analysis.forecasts.models import smoothed_level
from analysis.forecasts.panel import MONTHS, Panel, rolling_12, within_last

FIRST_ORIGIN = 24
# Two years: the least that shows a season.

VOLATILITY_MONTHS = 60
# How far back a whole's month-to-month noise is measured.

VOLATILITY_GAIN = 0.6

RECOVERY_MONTHS = 3
# With that gain a sixteenth of a jump is left in the level three months after it.

VOLATILITY_FLOOR = 0.015

VOLATILITY_PRIOR, VOLATILITY_PRIOR_MONTHS = 0.05, 6
# That of a usual offence in London, and the months of a series that weigh as much.


@dataclass(frozen=True)
class Backtest:
    """Log errors of a panel's forecasts at all earlier months.

    Attributes
    ----------
    panel : Panel
    origins : ndarray of int, shape (n_origins,)
        Positions of the last months seen.
    central : ndarray, shape (n_origins, horizon, n_parts), offences
    volatility : ndarray, shape (n_origins + 1, n_families)
        One-step error of each whole's level in the five years before, on logs; the last row
        is that of today.
    """

    panel: Panel
    origins: np.ndarray
    central: np.ndarray
    volatility: np.ndarray

    @property
    def horizon(self) -> int:
        """Months ahead that were forecast."""
        return int(self.central.shape[1])

    def expected_total(self, lead: int) -> np.ndarray:
        """Forecast of the 12 months that end ``lead`` months after each origin.

        Months already seen at the origin are as recorded, for leads of less than a year.

        Returns
        -------
        ndarray, shape (n_origins, n_parts), offences
        """
        ahead = self.central[:, max(lead - MONTHS, 0) : lead].sum(axis=1)
        if lead >= MONTHS:
            return np.asarray(ahead)
        counts = np.concatenate([np.zeros((1, self.panel.counts.shape[1])), self.panel.counts])
        cumulated = np.cumsum(counts, axis=0)
        seen = cumulated[self.origins + 1] - cumulated[self.origins + 1 - MONTHS + lead]
        return np.asarray(ahead + seen)

    def actual_total(self, lead: int) -> np.ndarray:
        """What those 12 months came to; missing where they have not been seen."""
        totals = rolling_12(self.panel.counts)
        ends = self.origins + lead
        is_seen = ends < len(totals)
        actual = np.full((len(self.origins), totals.shape[1]), np.nan)
        actual[is_seen] = totals[ends[is_seen]]
        return actual

    def actual_month(self, lead: int) -> np.ndarray:
        """Counts of the month ``lead`` months after each origin; missing if not seen."""
        ends = self.origins + lead
        is_seen = ends < len(self.panel.counts)
        actual = np.full((len(self.origins), self.panel.counts.shape[1]), np.nan)
        actual[is_seen] = self.panel.counts[ends[is_seen]]
        return actual

    def is_usual(self, lead: int, months: int = MONTHS) -> np.ndarray:
        """Whether an error teaches something about ordinary times.

        Neither the year before the origin nor the months forecast may hold an unusual
        month, and no step in recording may lie between them.

        Parameters
        ----------
        lead : int
        months : int
            12 for a total that ends then, 1 for the month alone.

        Returns
        -------
        ndarray of bool, shape (n_origins, n_families)
        """
        touched = self.panel.touched()
        target = within_last(self.panel.unusual, months)
        ends = self.origins + lead
        is_seen = ends < len(target)
        clear = is_seen & ~touched[self.origins]
        clear[is_seen] &= ~target[ends[is_seen]]
        crosses = self.panel.crosses_step(self.origins - MONTHS + 1, ends)
        return np.asarray(clear[:, None] & ~crosses)


def backtest(panel: Panel, horizon: int, *, every: int = 1) -> Backtest:
    """Forecast at every earlier month from what was known by then.

    Parameters
    ----------
    panel : Panel
    horizon : int
        Months ahead.
    every : int
        Months from one origin to the next.

    Returns
    -------
    Backtest

    Examples
    --------
    >>> import pandas as pd
    >>> months = pd.date_range("2010-01-01", periods=48, freq="MS")
    >>> history = pd.DataFrame({"a": [30.0] * 48, "b": [10.0] * 48}, index=months)
    >>> past = backtest(Panel.of(history, {"a": "both", "b": "both"}), 12)
    >>> len(past.origins), past.actual_total(12)[0].tolist()
    (24, [360.0, 120.0])
    """
    shares = Shares.of(panel)
    origins = np.arange(FIRST_ORIGIN - 1, len(panel.months) - 1)[::-1][::every][::-1]
    central = np.empty((len(origins), horizon, len(panel.parts)))
    for row, origin in enumerate(origins):
        central[row] = central_forecast(panel.until(origin), horizon, shares)
    return Backtest(panel, origins, central, volatility(panel, origins))


def volatility(panel: Panel, origins: np.ndarray) -> np.ndarray:
    """One-step log error of each whole's level in the five years to each origin, and to now.

    It costs no long history, and tells a steady offence from a jumpy one: over the London
    figures it ranks offences by how far their yearly totals stray (correlation .7).

    Returns
    -------
    ndarray, shape (n_origins + 1, n_families)
    """
    last_months = [*origins.tolist(), len(panel.months) - 1]
    return np.array([_volatility_now(panel.until(last)) for last in last_months])


def _volatility_now(panel: Panel) -> np.ndarray:
    # A year before the five lets the level find its place.
    recent = slice(-(VOLATILITY_MONTHS + MONTHS), None)
    days = panel.months.days_in_month.to_numpy(dtype=float)[:, None]
    season = whole_season(panel)[panel.months.month.to_numpy() - 1]
    # Half an offence a month keeps the logarithm of a month without any in bounds.
    logs = np.log(panel.whole / days / season + 0.5 / 30)[recent]
    errors = logs[1:] - smoothed_level(logs, VOLATILITY_GAIN)[:-1]
    positions = np.arange(len(panel.months))[recent][1:]
    unusual = within_last(panel.unusual, RECOVERY_MONTHS + 1)[positions, None]
    usable = ~unusual & ~panel.crosses_step(positions - RECOVERY_MONTHS, positions)
    usable[: MONTHS - 1] = False
    number = usable.sum(axis=0)
    # The chance of counting is drawn apart, so it is taken out here.
    counting = _chance_of_counting(panel.whole[-VOLATILITY_MONTHS:].mean(axis=0))
    own = np.maximum(np.where(usable, errors**2, 0).sum(axis=0) - number * counting, 0)
    prior = VOLATILITY_PRIOR_MONTHS * VOLATILITY_PRIOR**2
    steadied = np.sqrt((own + prior) / (number + VOLATILITY_PRIOR_MONTHS))
    return np.asarray(np.maximum(steadied, VOLATILITY_FLOOR))


def _chance_of_counting(monthly_count: np.ndarray) -> np.ndarray:
    """Squared one-step error, on logs, that counting alone leaves at a steady count."""
    sizes, variances = _variances_of_logs()
    variance = np.where(
        monthly_count < sizes[-1],
        np.interp(monthly_count, sizes, variances),
        1 / np.maximum(monthly_count, 1),
    )
    # The month strays, and so does the level that it is set against.
    return np.asarray(variance * 2 / (2 - VOLATILITY_GAIN))


@lru_cache(maxsize=1)
def _variances_of_logs() -> tuple[np.ndarray, np.ndarray]:
    """Sizes, and the variance of the log of a Poisson count of that size and a half."""
    sizes = np.append(0, np.geomspace(0.01, 1000, 200))
    counts = np.arange(1500)
    chances = poisson.pmf(counts, sizes[:, None])
    logs = np.log(counts + 0.5)
    return sizes, chances @ logs**2 - (chances @ logs) ** 2
