"""How often boroughs have achieved as much in as long.

The plainest evidence about a target: of all boroughs and all starting months held, in how
many was the 12-month total as far below the one so many months before. Starting months
overlap and boroughs move together, so the separate periods behind it are few.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

MONTHS = 12


@dataclass(frozen=True)
class BaseRate:
    """Share of boroughs and starting months that fell at least so far in so long.

    ``share`` is missing (``nan``) where no start has both ends within the figures;
    ``area_codes`` lists the areas that ever did it, most often first.
    """

    share: float
    start_count: int
    area_codes: tuple[str, ...]
    first_start: str
    last_start: str


def base_rate(
    history: pd.DataFrame,
    fall_pct: float,
    months: int,
    *,
    unusual_months: Collection[pd.Timestamp] = (),
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
    totals = history.rolling(MONTHS).sum()
    touched = pd.Series(history.index.isin(list(unusual_months)), index=history.index)
    is_usual = touched.rolling(MONTHS, min_periods=1).max().to_numpy() == 0
    ratio = (totals / totals.shift(months)).to_numpy()
    usable = is_usual & np.roll(is_usual, months) & ~np.isnan(ratio).all(axis=1)
    if not usable.any():
        return BaseRate(float("nan"), 0, (), "", "")
    is_fall = ratio[usable] <= 1 - fall_pct / 100 + 1e-12
    times = pd.Series(is_fall.sum(axis=0), index=history.columns).sort_values(
        ascending=False, kind="stable"
    )
    starts = history.index[usable] - pd.DateOffset(months=months)
    return BaseRate(
        share=float(is_fall.mean()),
        start_count=int(usable.sum()),
        area_codes=tuple(times.index[times > 0]),
        first_start=f"{starts[0]:%Y-%m}",
        last_start=f"{starts[-1]:%Y-%m}",
    )
