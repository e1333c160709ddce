"""Whether a borough changed more or less than London did over the same years.

Two changes are set against each other as the ratio of their ratios, with the scatter of
both. Known weakness: the borough's offences are taken out of London's, but a shock that
both share makes the difference surer than these limits say, not less sure.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from analysis.errors import DataContractError
from analysis.measures.rates import SMALL_COUNT

VERDICTS = ("lower than London", "higher than London", "much as London")
# Of changes, not of levels; whether lower is better depends on what is counted: more drug
# offences are more searches, perhaps.


def against_london(
    before: float,
    after: float,
    london_before: float,
    london_after: float,
    *,
    dispersion: float = 1.0,
    london_dispersion: float = 1.0,
    confidence: float = 0.95,
) -> pd.Series:
    """A borough's change beside that of the rest of London.

    Parameters
    ----------
    before, after : float, offences
        The borough's.
    london_before, london_after : float, offences
        Of the rest of London in the same periods.
    dispersion, london_dispersion : float, at least 1
        Scatter of each in multiples of Poisson's.
    confidence : float in (0, 1)

    Returns
    -------
    Series
        ``change_pct``, ``london_change_pct``, ``relative_pct`` (the borough's ratio over
        London's, less one) with ``_lower`` and ``_upper``, ``p_value``, and ``verdict``: one
        of ``VERDICTS``, or ``"too few to tell"`` under ten offences.

    Raises
    ------
    DataContractError
        If a count is negative.

    Examples
    --------
    >>> row = against_london(1000, 800, 50_000, 50_000)
    >>> round(float(row["relative_pct"]), 1), row["verdict"]
    (-20.0, 'lower than London')
    """
    counts = [before, after, london_before, london_after]
    if min(counts) < 0:
        message = f"progress: counts {counts} hold a negative. Offences start from nought."
        raise DataContractError(message)
    if min(counts) < SMALL_COUNT:
        absent = ["change_pct", "london_change_pct", "relative_pct", "p_value"]
        absent += ["relative_pct_lower", "relative_pct_upper"]
        return pd.Series({**dict.fromkeys(absent, np.nan), "verdict": "too few to tell"})
    log_ratio = np.log(after / before) - np.log(london_after / london_before)
    error = np.sqrt(
        dispersion * (1 / before + 1 / after)
        + london_dispersion * (1 / london_before + 1 / london_after)
    )
    reach = stats.norm.isf((1 - confidence) / 2) * error
    p_value = float(2 * stats.norm.sf(abs(log_ratio) / error))
    is_clear = p_value <= 1 - confidence
    return pd.Series(
        {
            "change_pct": 100 * (after / before - 1),
            "london_change_pct": 100 * (london_after / london_before - 1),
            "relative_pct": 100 * (np.exp(log_ratio) - 1),
            "relative_pct_lower": 100 * (np.exp(log_ratio - reach) - 1),
            "relative_pct_upper": 100 * (np.exp(log_ratio + reach) - 1),
            "p_value": p_value,
            "verdict": VERDICTS[(0 if log_ratio < 0 else 1) if is_clear else 2],
        }
    )
