"""How likely a target is to be met under no change of course.

The simulated chance counts the futures of the forecast that meet it; comparators move in
the same futures. It is then drawn a little towards the share of boroughs and starting months
that have achieved as much in as long, where any are held. In backtest
(``benchmarks/forecast_skill.py``) the simulated chance is right on average over all years;
in the years of rising crime from 2015 to 2019 it is too high two and three years ahead, and
so, by more, is the record, which knows the falls of 2010 to 2014. Clear of COVID the chances
were the worse the more the record weighed; with COVID windows a quarter did as well. A tenth
leaves them as good, and keeps a chance from leaving the record far behind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

BASE_RATE_WEIGHT = 0.1
# Clear of COVID, the more of it the worse in backtest; see above.


YARDSTICK = (
    (0.075, "a remote chance"),
    (0.225, "highly unlikely"),
    (0.375, "unlikely"),
    (0.525, "a realistic possibility"),
    (0.775, "likely"),
    (0.925, "highly likely"),
    (1.01, "almost certain"),
)
# The Professional Head of Intelligence Assessment's, gaps closed: each below its limit.


@dataclass(frozen=True)
class Chance:
    """The chance of meeting a target, with the two numbers it is drawn from."""

    probability: float
    simulated: float
    base_rate: float

    @property
    def in_words(self) -> str:
        """The chance on the usual verbal scale of probability.

        Examples
        --------
        >>> Chance(0.1, 0.16, 0.04).in_words
        'highly unlikely'
        """
        return next(words for limit, words in YARDSTICK if self.probability < limit)


def chance_of_count(draws: pd.Series, target_count: float, base_rate: float) -> Chance:
    """Chance that a 12-month total is at or below a count.

    Parameters
    ----------
    draws : Series, offences
        Equally likely totals.
    target_count : float
    base_rate : float in [0, 1] or nan
        How often as much has been achieved in as long.

    Returns
    -------
    Chance

    Examples
    --------
    >>> chance_of_count(pd.Series([80, 90, 100, 110]), 90, 0.1)
    Chance(probability=0.46, simulated=0.5, base_rate=0.1)
    """
    return _shrunk(float((draws <= target_count).mean()), base_rate)


def chance_of_rank(
    draws: pd.DataFrame,
    area_code: str,
    rank: int,
    by: Literal["count", "rate"],
    population: pd.Series,
    base_rate: float,
) -> Chance:
    """Chance that an area is among the k lowest when every area moves.

    Parameters
    ----------
    draws : DataFrame, shape (n_draws, n_areas), offences
        Joint futures; columns ``area_code``.
    population : Series, persons, index ``area_code``
        Of the latest year, held still.

    Returns
    -------
    Chance

    Examples
    --------
    >>> draws = pd.DataFrame({"a": [5, 5], "b": [4, 6]})
    >>> people = pd.Series({"a": 10, "b": 10})
    >>> chance_of_rank(draws, "a", 1, "count", people, float("nan")).probability
    0.5
    """
    values = draws / population[draws.columns] if by == "rate" else draws
    below = values.lt(values[area_code], axis=0).sum(axis=1)
    return _shrunk(float((below < rank).mean()), base_rate)


def _shrunk(simulated: float, base_rate: float) -> Chance:
    if np.isnan(base_rate):
        return Chance(simulated, simulated, base_rate)
    weight = BASE_RATE_WEIGHT
    return Chance((1 - weight) * simulated + weight * base_rate, simulated, base_rate)
