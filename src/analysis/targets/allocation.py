"""A reduction spread over the offence groups that make the measure up, in four ways.

In proportion to counts; by harm; by what boroughs have achieved in as long; and with the
least effort in all, where effort is the squared log change of a group over the historical
spread of such changes, added up. By harm and with the least effort no group is asked for
more than the best have done: otherwise harm alone would take every rape off the record.
Each is set beside history: how often boroughs have done as much in as long with that group.
The parts always add up to the whole, or it is said by how much they fall short.

Known weakness: groups are allocated one by one, though some rise and fall together, and a
spread of changes says how far a group moves, not how far it can be moved.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import lambertw

from analysis.errors import DataContractError
from analysis.targets.base_rates import Step, base_rate, falls_pct

METHODS = ("in_proportion", "by_harm", "by_achieved", "least_effort")

GOOD_FALL = 0.75
# What has been achieved: the upper quartile of falls over boroughs and starting months.

BEST_FALL = 0.9
# The bound of effort: one borough and starting month in ten has fallen by more.

WIDEST_SPREAD = 3.0
# Of log changes; groups of a few offences have no change to speak of, or an endless one.

LEAST = 1e-6
# Offences below which nothing is left to take off.

COLUMNS = [
    "method",
    "offence_group",
    "last_12_count",
    "reduction_count",
    "reduction_pct",
    "target_count",
    "achieved_share",
    "is_feasible",
    "shortfall_count",
]


def allocations(
    last_12: pd.Series,
    reduction_count: float,
    histories: Mapping[str, pd.DataFrame],
    months: int,
    *,
    harm_weights: pd.Series,
    unusual_months: Collection[pd.Timestamp] = (),
    steps: Callable[[str], Collection[Step]] = lambda group: (),
) -> pd.DataFrame:
    """A reduction spread over offence groups in every way, each set beside history.

    Parameters
    ----------
    last_12 : Series, offences, index ``offence_group``
        Last 12 months of the area, a group each.
    reduction_count : float
        Offences to take off in 12 months, in all; none are, where it is negative.
    histories : mapping of offence group to DataFrame, shape (n_months, n_areas)
        Monthly counts of all boroughs.
    months : int
        To the horizon: "as long" in every comparison.
    harm_weights : Series, index ``offence_group``
        Harm of one offence; a group without a weight counts as none.
    unusual_months : collection of Timestamp
        As ``base_rate``.
    steps : callable
        Steps of a group, as ``base_rate`` takes them.

    Returns
    -------
    DataFrame, one row a method and group
        ``method``, ``offence_group``, ``last_12_count``, ``reduction_count``,
        ``reduction_pct``, ``target_count``, ``achieved_share`` (of boroughs and starting
        months, those whose group fell as much in as long; missing where none is held),
        ``is_feasible`` (the method, within its bounds, reaches the whole) and
        ``shortfall_count`` (by how much it does not).

    Raises
    ------
    DataContractError
        If a group's count is missing.

    Examples
    --------
    >>> months = pd.date_range("2010-01-01", periods=48, freq="MS")
    >>> burglary = pd.DataFrame({"a": [10.0] * 24 + [5.0] * 24, "b": [10.0] * 48}, months)
    >>> theft = pd.DataFrame({"a": [20.0] * 24 + [18.0] * 24, "b": 20.0}, months)
    >>> table = allocations(
    ...     pd.Series({"burglary": 60.0, "theft": 240.0}), 30,
    ...     {"burglary": burglary, "theft": theft}, 12,
    ...     harm_weights=pd.Series({"burglary": 40.0, "theft": 10.0}),
    ... )
    >>> counts = table.pivot(index="method", columns="offence_group", values="reduction_count")
    >>> counts.loc[["in_proportion", "by_harm"]].round(1).to_numpy().tolist()
    [[6.0, 24.0], [15.0, 15.0]]
    """
    if last_12.isna().any():
        missing = ", ".join(last_12.index[last_12.isna()])
        message = (
            f"allocation: a month of {missing} is missing in the last 12. A missing month is "
            "not nought: choose a record or a month seen (--as-of) without a gap."
        )
        raise DataContractError(message)
    counts, whole = last_12.astype(float), max(float(reduction_count), 0.0)
    past = pd.DataFrame(
        {
            group: _achieved(histories[group], months, unusual_months, steps(group))
            for group in counts.index
        }
    ).T
    spread = {
        "in_proportion": in_proportion(counts, whole),
        "by_harm": by_weight(counts, harm_weights, whole, past["best_fall_pct"]),
        "by_achieved": by_weight(counts, past["good_fall_pct"], whole),
        "least_effort": least_effort(counts, whole, past["spread"], past["best_fall_pct"]),
    }
    tables = []
    for method, reductions in spread.items():
        table = _table(method, counts, reductions, whole)
        table["achieved_share"] = [
            _share(histories[group], fall, months, unusual_months, steps(group))
            for group, fall in zip(table["offence_group"], table["reduction_pct"], strict=True)
        ]
        tables.append(table[COLUMNS])
    return pd.concat(tables, ignore_index=True)


def in_proportion(counts: pd.Series, reduction_count: float) -> pd.Series:
    """The same percentage off every group.

    Parameters
    ----------
    counts : Series, offences, index ``offence_group``
    reduction_count : float

    Returns
    -------
    Series, offences, same index

    Examples
    --------
    >>> in_proportion(pd.Series({"burglary": 60, "theft": 240}), 30).tolist()
    [6.0, 24.0]
    """
    return by_weight(counts, pd.Series(1.0, counts.index), reduction_count)


def by_weight(
    counts: pd.Series,
    weights: pd.Series,
    reduction_count: float,
    bound_pct: pd.Series | None = None,
) -> pd.Series:
    """A percentage off each group in proportion to its weight, none beyond its bound.

    What a group cannot give, because it is at its bound, the others give.

    Parameters
    ----------
    counts : Series, offences, index ``offence_group``
    weights : Series, index ``offence_group``
        Harm of an offence, or the fall that has been achieved; a group without a weight, or
        with a negative one, gives nothing.
    reduction_count : float
    bound_pct : Series, index ``offence_group``, optional
        Largest fall that may be asked for, per cent; default all offences of a group.

    Returns
    -------
    Series, offences, index of ``counts``
        Adding up to the reduction, or to all that the groups with a weight may give.

    Examples
    --------
    >>> counts = pd.Series({"burglary": 60, "theft": 240})
    >>> by_weight(counts, pd.Series({"burglary": 40.0, "theft": 10.0}), 30).tolist()
    [15.0, 15.0]
    >>> by_weight(counts, pd.Series({"burglary": 40.0, "theft": 1.0}), 100).tolist()
    [60.0, 40.0]
    """
    n = counts.astype(float)
    bound = pd.Series(100.0, n.index) if bound_pct is None else bound_pct.reindex(n.index)
    most = n * bound.fillna(0.0).clip(0.0, 100.0) / 100
    pull = (weights.reindex(n.index).fillna(0.0).clip(lower=0.0) * n).where(most > 0, 0.0)
    taken = pd.Series(0.0, counts.index)
    open_to_more = pull > 0
    left = min(float(reduction_count), float(most[open_to_more].sum()))
    while left > 1e-9 and open_to_more.any():
        share = pull.where(open_to_more, 0.0)
        asked = left * share / share.sum()
        is_full = open_to_more & (asked >= most)
        if not is_full.any():
            return taken + asked
        taken[is_full] = most[is_full]
        left -= float(most[is_full].sum())
        open_to_more &= ~is_full
    return taken


def least_effort(
    counts: pd.Series, reduction_count: float, spread: pd.Series, bound_pct: pd.Series
) -> pd.Series:
    """The reduction with the least effort, no group beyond its bound.

    Effort is the log change of each group over the spread of such changes, squared and
    added up. With ``x`` the log change, the least effort has ``x exp(x)`` in proportion to
    count times squared spread (Lambert's W gives ``x``), up to the bound; one multiplier is
    sought that reaches the whole.

    Parameters
    ----------
    counts : Series, offences, index ``offence_group``
    reduction_count : float
    spread : Series, same index
        Standard deviation of log changes of 12-month totals over as long.
    bound_pct : Series, same index
        Largest fall that may be asked for, per cent.

    Returns
    -------
    Series, offences, same index
        Adding up to the reduction, or, where the bounds do not allow it, to all they allow.

    Examples
    --------
    >>> counts = pd.Series({"burglary": 100.0, "theft": 100.0})
    >>> spread = pd.Series({"burglary": 0.4, "theft": 0.1})
    >>> asked = least_effort(counts, 20, spread, pd.Series({"burglary": 50, "theft": 20}))
    >>> asked.round(1).tolist()
    [18.5, 1.5]
    >>> least_effort(counts, 90, spread, pd.Series({"burglary": 50, "theft": 20})).tolist()
    [50.0, 20.0]
    """
    n = counts.astype(float).to_numpy()
    limit = np.clip(bound_pct.reindex(counts.index).fillna(0.0).to_numpy(dtype=float), 0, 100)
    most = n * limit / 100
    scale = n * spread.reindex(counts.index).fillna(0.0).to_numpy(dtype=float) ** 2

    def reductions(multiplier: float) -> np.ndarray:
        return np.minimum(n * -np.expm1(-lambertw(multiplier * scale).real), most)

    most = np.where(scale > 0, most, 0.0)
    if reduction_count >= most.sum() - 1e-9:
        return pd.Series(most, counts.index)
    if reduction_count < LEAST:
        return pd.Series(0.0, counts.index)
    # Sought on a log scale: a bound of 100 % is approached by ever larger multipliers.
    found = brentq(lambda log: reductions(np.exp(log)).sum() - reduction_count, -200, 600)
    return _exact(pd.Series(reductions(np.exp(found)), counts.index), most, reduction_count)


def _exact(taken: pd.Series, most: np.ndarray, whole: float) -> pd.Series:
    # The last digits of the search go to the groups that are not at their bound.
    room = taken.where(taken.to_numpy() < most, 0.0)
    if room.sum() <= 0:
        return taken
    return taken + room * (whole - taken.sum()) / room.sum()


def _achieved(
    history: pd.DataFrame,
    months: int,
    unusual_months: Collection[pd.Timestamp],
    steps: Collection[Step],
) -> dict[str, float]:
    falls = falls_pct(history, months, unusual_months=unusual_months, steps=steps)
    known = falls.to_numpy().ravel()
    known = known[~np.isnan(known)]
    if not len(known):
        return {"good_fall_pct": 0.0, "best_fall_pct": 0.0, "spread": 0.0}
    good, best = np.quantile(known, [GOOD_FALL, BEST_FALL])
    logs = np.log(np.maximum(1 - known / 100, np.exp(-WIDEST_SPREAD)))
    return {
        "good_fall_pct": max(float(good), 0.0),
        "best_fall_pct": max(float(best), 0.0),
        "spread": float(np.std(logs)),
    }


def _share(
    history: pd.DataFrame,
    fall_pct: float,
    months: int,
    unusual_months: Collection[pd.Timestamp],
    steps: Collection[Step],
) -> float:
    return base_rate(
        history, fall_pct, months, unusual_months=unusual_months, steps=steps
    ).share


def _table(method: str, counts: pd.Series, reductions: pd.Series, whole: float) -> pd.DataFrame:
    shortfall = max(whole - float(reductions.sum()), 0.0)
    shortfall = 0.0 if shortfall < LEAST else shortfall
    reduced = reductions.reindex(counts.index)
    return pd.DataFrame(
        {
            "method": method,
            "offence_group": counts.index.to_numpy(),
            "last_12_count": counts.to_numpy(),
            "reduction_count": reduced.to_numpy(),
            "reduction_pct": (100 * reduced / counts.where(counts > 0)).fillna(0.0).to_numpy(),
            "target_count": (counts - reduced).to_numpy(),
            "is_feasible": shortfall == 0,
            "shortfall_count": shortfall,
        }
    )
