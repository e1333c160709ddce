"""Ranks that hold together, and which areas may be the lowest of all.

From one count an area and its residents. The interval of one rank by itself says nothing of
thirty-two looked at at once: among so many some interval always misses. Here every pair of
areas is compared on the log scale with one critical value for all pairs, the studentised
range (Tukey-Kramer), so that with the stated confidence all statements are right together:
an area ranks below those that it is clearly below, and "may be the lowest" is whoever none
is clearly below. Known weakness: the guarantee is for all pairs, so the intervals are wide
and the set errs on naming too many; scatter common to all areas counts against telling them
apart.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
from scipy import stats

from analysis.errors import DataContractError
from analysis.measures.rates import count_values, residents_of


def joint_ranks(
    counts: pd.Series,
    population: pd.Series | None = None,
    *,
    dispersion: float | pd.Series = 1.0,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Ranks from the lowest (1) with intervals that are all right together.

    Parameters
    ----------
    counts : Series, shape (n_areas,), offences in the period
        Indexed by ``area_code``, none missing, two areas or more.
    population : Series, persons, same index in any order; optional
        Without it areas are ranked by count.
    dispersion : float or Series, at least 1
        Scatter of the counts in multiples of Poisson's.
    confidence : float in (0, 1)
        That every interval holds its area's true rank.

    Returns
    -------
    DataFrame, shape (n_areas, 4), index ``area_code``
        ``rank`` (ties share the better), ``rank_lower``, ``rank_upper`` and
        ``may_be_lowest``: no other area is lower by more than chance.

    Raises
    ------
    DataContractError
        If a count or population is missing, or there is one area only.

    References
    ----------
    Hayter (1984), Annals of Statistics 12 (Tukey-Kramer is conservative); Mogstad, Romano,
    Shaikh & Wilhelm (2024), Review of Economic Studies 91 (ranks from all pairs).

    Examples
    --------
    >>> joint_ranks(pd.Series({"a": 900, "b": 500, "c": 510})).to_numpy().tolist()
    [[3, 3, 3, False], [1, 1, 2, True], [2, 1, 2, True]]
    """
    apart = clear_differences(
        counts, population, dispersion=dispersion, confidence=confidence
    ).to_numpy()
    people = 1.0 if population is None else residents_of(counts.index, population)
    lower, higher = (apart == 1).sum(axis=1), (apart == -1).sum(axis=1)
    return pd.DataFrame(
        {
            "rank": stats.rankdata(count_values(counts) / people, method="min").astype(int),
            "rank_lower": 1 + lower,
            "rank_upper": len(counts) - higher,
            "may_be_lowest": lower == 0,
        },
        index=counts.index,
    )


def clear_differences(
    counts: pd.Series,
    population: pd.Series | None = None,
    *,
    dispersion: float | pd.Series = 1.0,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Which areas differ by more than chance, all pairs right together.

    Two areas may differ clearly though the ranks that each may have overlap: a third between
    them may be either's equal.

    Parameters
    ----------
    counts, population, dispersion, confidence
        As :func:`joint_ranks`.

    Returns
    -------
    DataFrame, shape (n_areas, n_areas)
        1 where the row's area is clearly higher than the column's, -1 where it is clearly
        lower, 0 where chance could be all.

    Raises
    ------
    DataContractError
        As :func:`joint_ranks`.

    Examples
    --------
    >>> clear_differences(pd.Series({"a": 900, "b": 500, "c": 510}))["b"].tolist()
    [1, 0, 0]
    """
    observed = count_values(counts)
    if len(observed) < 2 or np.isnan(observed).any():
        message = f"joint ranks of {len(observed)} areas: two or more are needed, each counted."
        raise DataContractError(message)
    people = 1.0 if population is None else residents_of(counts.index, population)
    scatter = (
        dispersion.reindex(counts.index).to_numpy(dtype=float)
        if isinstance(dispersion, pd.Series)
        else np.full(len(observed), float(dispersion))
    )
    # Half an offence keeps the logarithm of nought finite.
    level = np.log((observed + 0.5) / people)
    variance = scatter / (observed + 0.5)
    difference = level[:, None] - level[None, :]
    error = np.sqrt(variance[:, None] + variance[None, :])
    reach = _critical(len(level), confidence) * error
    apart = np.where(np.abs(difference) > reach, np.sign(difference), 0).astype(int)
    return pd.DataFrame(apart, index=counts.index, columns=counts.index)


@lru_cache(maxsize=64)
def _critical(n: int, confidence: float) -> float:
    return float(stats.studentized_range.isf(1 - confidence, n, np.inf) / np.sqrt(2))
