"""What remains beyond chance of many comparisons made at once.

Benjamini and Hochberg's control, in one place: of the comparisons called significant, the
share of false alarms stays under a level. What was not tested has no verdict, and does not
count among the comparisons.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from statsmodels.stats.multitest import multipletests

FALSE_DISCOVERY = 0.05
# Share of false alarms accepted among the comparisons called significant.


def q_values_of(p_values: pd.Series) -> pd.Series:
    """Benjamini and Hochberg's q-values; missing where a p-value is.

    Parameters
    ----------
    p_values : Series, 0 to 1, missing where nothing was tested

    Returns
    -------
    Series, same index

    References
    ----------
    Benjamini & Hochberg (1995), JRSS B 57.

    Examples
    --------
    >>> q_values_of(pd.Series([0.01, 0.04, None])).round(3).tolist()
    [0.02, 0.04, nan]
    """
    p_known = p_values.astype(float).to_numpy()
    q_values = np.full(len(p_known), np.nan)
    known = ~np.isnan(p_known)
    if known.any():
        q_values[known] = multipletests(p_known[known], method="fdr_bh")[1]
    return pd.Series(q_values, p_values.index)


def judged(p_values: pd.Series, level: float = FALSE_DISCOVERY) -> pd.DataFrame:
    """Verdicts of many tests, held to one rate of false alarms.

    Parameters
    ----------
    p_values : Series, 0 to 1, missing where nothing was tested
    level : float in (0, 1)
        Share of false alarms accepted among the comparisons called significant.

    Returns
    -------
    DataFrame, same index
        ``q_value`` and ``is_significant``, both missing where there is no verdict.

    Examples
    --------
    >>> judged(pd.Series([0.001, 0.5, None]))["is_significant"].tolist()
    [True, False, <NA>]
    """
    q_values = q_values_of(p_values)
    verdict = q_values.le(level).astype("boolean").mask(q_values.isna())
    return pd.DataFrame({"q_value": q_values, "is_significant": verdict})
