"""How an answer changes with what London does.

Most of what moves a borough's total moves London's too, so a target met on paper may be
London's doing. Here the joint futures are bent to a London that changes by a given
percentage: each borough's log change is regressed on London's over the futures, and every
future is moved along that line to the London asked for, keeping what is its own. The chance
of the target among the bent futures is its chance in such a London.

Known weakness: a straight line on logs, fitted within the futures: a London far outside
them rests on the line alone. London is the sum of the 32 boroughs, the borough among them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from analysis.targets.probability import Chance

LONDON_CHANGES_PCT = (-20.0, -15.0, -10.0, -5.0, 0.0, 5.0, 10.0)
# From the largest fall of four years that the figures hold to a rise of ordinary size.

COLUMNS = [
    "london_change_pct",
    "london_chance_below",
    "target_count",
    "own_change_pct",
    "relative_change_pct",
    "probability",
    "in_words",
]


def if_london_changes(
    draws: pd.DataFrame,
    last_12: pd.Series,
    area_code: str,
    target_count: float,
    chance: Callable[[pd.DataFrame], float],
    *,
    do_comparators_move: bool = False,
    changes_pct: Sequence[float] = LONDON_CHANGES_PCT,
) -> pd.DataFrame:
    """A target's requirement and chance in Londons that change by given percentages.

    Parameters
    ----------
    draws : DataFrame, shape (n_draws, n_areas), offences
        Joint futures of the 12-month total; London is their row sum.
    last_12 : Series, offences, index ``area_code``
        Last 12 months seen.
    area_code : str
    target_count : float
        Offences in 12 months at which the target is met.
    chance : callable
        Share of joint futures, given like ``draws``, that meet the target.
    do_comparators_move : bool
        Whether the target moves with London, as a rank or parity does.
    changes_pct : sequence of float
        Changes of London from the last 12 months to the horizon.

    Returns
    -------
    DataFrame, one row a change of London
        ``london_change_pct``, ``london_chance_below`` (of the futures, those in which
        London changes by that or falls further), ``target_count``, ``own_change_pct``
        (the borough's change that meets the target), ``relative_change_pct`` (the same
        against London: what is left for the borough itself), ``probability`` and
        ``in_words``.

    Examples
    --------
    >>> log_london = np.linspace(-0.2, 0.2, 401)
    >>> draws = pd.DataFrame({code: 100 * np.exp(log_london) for code in "ab"})
    >>> table = if_london_changes(
    ...     draws, pd.Series(100.0, list("ab")), "a", 90,
    ...     lambda futures: float((futures["a"] <= 90).mean()), changes_pct=(-20, 0),
    ... )
    >>> table[["relative_change_pct", "probability"]].round(1).to_numpy().tolist()
    [[12.5, 1.0], [-10.0, 0.0]]
    """
    last = last_12[draws.columns].astype(float)
    london = draws.sum(axis=1) / float(last.sum())
    rows = []
    for change in changes_pct:
        factor = 1 + change / 100
        target = target_count * factor if do_comparators_move else target_count
        own = target / float(last[area_code]) if last[area_code] else float("nan")
        probability = chance(futures_if_london(draws, last_12, change))
        rows.append(
            {
                "london_change_pct": float(change),
                "london_chance_below": float((london <= factor).mean()),
                "target_count": target,
                "own_change_pct": 100 * (own - 1),
                "relative_change_pct": 100 * (own / factor - 1),
                "probability": probability,
                "in_words": Chance(probability, probability, float("nan")).in_words,
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def futures_if_london(
    draws: pd.DataFrame, last_12: pd.Series, change_pct: float
) -> pd.DataFrame:
    """The joint futures, bent to a London that changes by a percentage.

    Parameters
    ----------
    draws, last_12
        As ``if_london_changes``.
    change_pct : float

    Returns
    -------
    DataFrame, shape of ``draws``

    Examples
    --------
    >>> draws = pd.DataFrame({"a": [90.0, 110.0], "b": [95.0, 105.0]})
    >>> futures_if_london(draws, pd.Series({"a": 100.0, "b": 100.0}), 0).round(1)
          a      b
    0  99.9  100.1
    1  99.9  100.1
    """
    last = last_12[draws.columns].to_numpy(dtype=float)
    # Half an offence keeps a future without any from having an endless logarithm.
    own = np.log((draws.to_numpy(dtype=float) + 0.5) / (last + 0.5))
    london = np.log(draws.sum(axis=1).to_numpy(dtype=float) / last.sum())
    apart = london - london.mean()
    scatter = float(apart @ apart)
    slope = (apart @ own) / scatter if scatter > 0 else np.ones(own.shape[1])
    moved = own + np.outer(np.log1p(change_pct / 100) - london, slope)
    futures = np.maximum((last + 0.5) * np.exp(moved) - 0.5, 0.0)
    return pd.DataFrame(futures, columns=draws.columns, index=draws.index)
