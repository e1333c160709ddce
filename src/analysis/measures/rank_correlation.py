"""How far two orders of areas or places agree, and how surely."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

FEWEST_PAIRS = 5
# Fewer have no order worth calling one.


@dataclass(frozen=True)
class RankCorrelation:
    """Spearman's rank correlation with its interval; ``nan`` where it cannot be told."""

    correlation: float
    lower: float
    upper: float
    p_value: float
    area_count: int


def rank_correlation(first: pd.Series, second: pd.Series) -> RankCorrelation:
    """How far two orders of areas agree, with the interval of Bonett and Wright.

    Parameters
    ----------
    first, second : Series
        Indexed by ``area_code``; areas in one alone, or missing, are left out.

    Returns
    -------
    RankCorrelation

    References
    ----------
    Spearman (1904), American Journal of Psychology 15; Bonett & Wright (2000),
    Psychometrika 65, 23-28.

    Examples
    --------
    >>> told = rank_correlation(pd.Series(range(32)), pd.Series(range(32)) % 8)
    >>> bool(told.lower < told.correlation < told.upper)
    True
    """
    both = pd.concat([first, second], axis=1, join="inner").dropna().astype(float)
    count = len(both)
    if count < FEWEST_PAIRS or (both.nunique() < 2).any():
        return RankCorrelation(math.nan, math.nan, math.nan, math.nan, count)
    result = stats.spearmanr(both.iloc[:, 0], both.iloc[:, 1])
    correlation = float(result.statistic)
    error = np.sqrt((1 + correlation**2 / 2) / (count - 3))
    centre = np.arctanh(np.clip(correlation, -1 + 1e-12, 1 - 1e-12))
    lower, upper = np.tanh(centre + stats.norm.ppf([0.025, 0.975]) * error)
    return RankCorrelation(correlation, float(lower), float(upper), float(result.pvalue), count)
