"""Whether confidence moves with recorded crime, within boroughs and over the same years.

What is steady in a borough and what all London shares in a year are both taken out, so that
the slope rests on boroughs whose crime changed differently from London's. Known weaknesses:
it is an association, not an effect; recorded crime also measures recording; survey and crime
are both uncertain, which draws the slope towards nought.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

Array = npt.NDArray[np.float64]

FEWEST_AREAS, FEWEST_YEARS = 5, 3
# Fewer leave nothing to judge a slope by.


@dataclass(frozen=True)
class WithinSlope:
    """Points of confidence that go with crime higher by a tenth, within areas.

    ``points_per_tenth`` with ``lower`` and ``upper`` (95 %, areas as clusters), ``p_value``;
    ``nan`` where the areas or years are too few. ``area_count`` and ``year_count`` say what
    it rests on.
    """

    points_per_tenth: float
    lower: float
    upper: float
    p_value: float
    area_count: int
    year_count: int


def within_areas_slope(panel: pd.DataFrame) -> WithinSlope:
    """Slope of confidence on crime, area and year effects taken out.

    Parameters
    ----------
    panel : DataFrame, one row an area and year
        ``area_code``, ``year``, ``value_pct`` and ``rate`` (above nought). Years must not
        share answers.

    Returns
    -------
    WithinSlope

    References
    ----------
    Cameron & Miller (2015), Journal of Human Resources 50: cluster-robust inference.

    Examples
    --------
    >>> areas, years = np.meshgrid(range(12), range(8))
    >>> rate = 80 + 5 * np.sin(areas * years + areas)
    >>> panel = pd.DataFrame({"area_code": areas.ravel(), "year": years.ravel()})
    >>> panel["rate"] = rate.ravel()
    >>> steady = 60 + panel["area_code"] - panel["year"]
    >>> panel["value_pct"] = steady - 20 * np.log(panel["rate"])
    >>> round(within_areas_slope(panel).points_per_tenth, 2)
    -1.91
    """
    rows = panel.dropna(subset=["value_pct", "rate"])
    areas, years = rows["area_code"].nunique(), rows["year"].nunique()
    if areas < FEWEST_AREAS or years < FEWEST_YEARS:
        return WithinSlope(math.nan, math.nan, math.nan, math.nan, areas, years)
    # In tenths: log(1.1) is a rise by a tenth.
    tenths = np.log(rows["rate"].to_numpy(dtype=float)) / np.log(1.1)
    value = rows["value_pct"].to_numpy(dtype=float)
    effects = pd.concat(
        [
            pd.get_dummies(rows["area_code"].astype(str), dtype=float),
            pd.get_dummies(rows["year"].astype(str), dtype=float).iloc[:, 1:],
        ],
        axis=1,
    ).to_numpy()
    own_tenths, own_value = (_without(effects, each) for each in (tenths, value))
    square = float(own_tenths @ own_tenths)
    slope = float(own_tenths @ own_value) / square
    left = own_tenths * (own_value - slope * own_tenths)
    by_area = pd.Series(left).groupby(rows["area_code"].to_numpy()).sum()
    freedom = len(rows) - effects.shape[1] - 1
    few = areas / (areas - 1) * (len(rows) - 1) / freedom
    error = float(np.sqrt(few * (by_area**2).sum())) / square
    width = stats.t.ppf(0.975, areas - 1) * error
    return WithinSlope(
        points_per_tenth=slope,
        lower=slope - width,
        upper=slope + width,
        p_value=float(2 * stats.t.sf(abs(slope) / error, areas - 1)) if error else 1.0,
        area_count=areas,
        year_count=years,
    )


def _without(effects: Array, values: Array) -> Array:
    """What areas and years leave of some values."""
    fitted, *_ = np.linalg.lstsq(effects, values, rcond=None)
    return values - effects @ fitted
