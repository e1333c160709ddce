"""Central forecasts of a panel: each part's share times the growth of its whole.

London's count of an offence is large and its growth can be told; a borough's share of it
drifts slowly. So the whole of each family is taken forward, and shared out. A larger whole,
such as all crime or the MOPAC 7, is the sum of its offence groups: over the London figures
that was as good as a forecast of its own, and everything adds up, parts to their whole and
groups to all crime, in every month.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.forecasts.models import (
    PART_SEASON_PRIOR,
    growth_path,
    seasonal_indices,
    smoothed_shares,
)
from analysis.forecasts.panel import MONTHS, Panel


@dataclass(frozen=True)
class Shares:
    """Smoothed share of every part after every month, shape (n_months, n_parts).

    One pass gives those of all starting months, so a backtest makes it once.
    """

    values: np.ndarray

    @classmethod
    def of(cls, panel: Panel) -> Shares:
        """Shares of a panel's parts in their wholes."""
        whole = panel.whole[:, panel.family_of]
        return cls(smoothed_shares(panel.counts, whole, _restarts(panel)))


def central_forecast(panel: Panel, horizon: int, shares: Shares | None = None) -> np.ndarray:
    """Expected counts of every part in every month to come.

    Parameters
    ----------
    panel : Panel
        What is known; its last month is the origin.
    horizon : int
        Months ahead.
    shares : Shares, optional
        Of a longer panel with the same start, from a backtest.

    Returns
    -------
    ndarray, shape (horizon, n_parts), offences
        Medians: as likely to be passed as not.

    Examples
    --------
    >>> months = pd.date_range("2010-01-01", periods=60, freq="MS")
    >>> days = months.days_in_month.to_numpy(dtype=float)
    >>> history = pd.DataFrame({"a": 3 * days, "b": 1 * days}, index=months)
    >>> panel = Panel.of(history, {"a": "both", "b": "both"})
    >>> central_forecast(panel, 2).round(3).tolist()
    [[93.0, 31.0], [84.0, 28.0]]
    """
    days = panel.months.days_in_month.to_numpy(dtype=float)[:, None]
    whole = panel.whole
    season = whole_season(panel)
    calendar = panel.months.month.to_numpy() - 1
    level = growth_path(whole / days / season[calendar], whole[-MONTHS:].mean(axis=0), horizon)
    ahead = pd.date_range(panel.months[-1], periods=horizon + 1, freq="MS")[1:]
    ahead_days = ahead.days_in_month.to_numpy(dtype=float)[:, None]
    coming = ahead.month.to_numpy() - 1
    wholes = level * season[coming] * ahead_days
    last = len(panel.months) - 1
    share = (shares or Shares.of(panel)).values[last]
    relative = _part_season(panel, season) / season[:, panel.family_of]
    parts = wholes[:, panel.family_of] * share * relative[coming]
    total = panel.by_family(parts)
    scale = np.divide(wholes, total, out=np.ones_like(wholes), where=total > 0)
    return np.asarray(parts * scale[:, panel.family_of])


def whole_season(panel: Panel) -> np.ndarray:
    """Season of each whole as far as it is to be believed, shape (12, n_families)."""
    days = panel.months.days_in_month.to_numpy(dtype=float)[:, None]
    indices, weight = seasonal_indices(panel.whole / days, panel.months, panel.unusual)
    return np.asarray(1 + weight * (indices - 1))


def _part_season(panel: Panel, whole_season: np.ndarray) -> np.ndarray:
    days = panel.months.days_in_month.to_numpy(dtype=float)[:, None]
    own, _ = seasonal_indices(panel.counts / days, panel.months, panel.unusual)
    seen = panel.counts.sum(axis=0)
    weight = seen / (seen + PART_SEASON_PRIOR)
    return np.asarray(weight * own + (1 - weight) * whole_season[:, panel.family_of])


def _restarts(panel: Panel) -> np.ndarray:
    first = panel.months[0]
    return np.array(
        [
            (month.year - first.year) * MONTHS + month.month - first.month
            if (month := panel.restarts.get(part)) is not None
            else -1
            for part in panel.parts
        ]
    )
