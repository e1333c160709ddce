"""Scores of things that could be a priority, from figures and a scale of steps.

A score is 1 plus the number of steps that a value reaches. A criterion without a figure
gives no score, which is neither nought nor the middle: the mean is over those scored, and
the share scored stands beside it. Known weakness: a scale makes unlike things alike, so an
order of means is an aid to discussion; how far it depends on weights and on the scatter of
the figures is told by ``stability``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.errors import DataContractError

EVIDENCE = ["item", "criterion", "value", "value_lower", "value_upper"]

_Floats = npt.NDArray[np.float64]


def score_of(values: npt.ArrayLike, steps: Sequence[float]) -> _Floats:
    """Score of values: 1, and one more for each step reached.

    Parameters
    ----------
    values : array-like
        In the unit of the steps; missing values stay missing.
    steps : sequence of float, ascending
        A value at the step itself has reached it.

    Returns
    -------
    ndarray, the shape of ``values``
        From 1 to ``len(steps) + 1``.

    Examples
    --------
    >>> score_of([0.5, 1, 5.9, 12, float("nan")], [1, 3, 6, 12]).tolist()
    [1.0, 2.0, 3.0, 5.0, nan]
    """
    given = np.asarray(values, dtype=float)
    reached = np.searchsorted(np.asarray(steps, dtype=float), given, side="right")
    return np.where(np.isnan(given), np.nan, 1.0 + reached)


def score_evidence(
    evidence: pd.DataFrame, steps: Mapping[str, Sequence[float]]
) -> pd.DataFrame:
    """Evidence with the score of each value and of its limits.

    Parameters
    ----------
    evidence : DataFrame, one row an item and criterion
        ``item``, ``criterion``, ``value`` with ``value_lower`` and ``value_upper`` (95 %
        interval, in the unit of the criterion); missing where there is no figure.
    steps : mapping of criterion to steps

    Returns
    -------
    DataFrame
        The same rows with ``score``, ``score_lower``, ``score_upper``; missing where the
        value is.

    Raises
    ------
    DataContractError
        If a column is missing, an item is given a criterion twice, or a criterion has no
        steps.

    Examples
    --------
    >>> row = pd.DataFrame([["arson", "volume", 2.0, 0.8, 3.5]], columns=EVIDENCE)
    >>> scored = score_evidence(row, {"volume": [1, 3, 6, 12]})
    >>> scored[["score", "score_lower", "score_upper"]].to_numpy().tolist()
    [[2.0, 1.0, 3.0]]
    """
    _check(evidence, steps)
    scored = evidence.reset_index(drop=True)
    for name in ("", "_lower", "_upper"):
        scored[f"score{name}"] = np.nan
    for criterion, rows in scored.groupby("criterion"):
        scale = steps[str(criterion)]
        for name in ("", "_lower", "_upper"):
            values = rows[f"value{name}"].fillna(rows["value"]).astype(float)
            scored.loc[rows.index, f"score{name}"] = score_of(values, scale)
    return scored


def score_matrix(
    scored: pd.DataFrame, weights: Mapping[str, float], *, least_criteria: int = 1
) -> pd.DataFrame:
    """Items by criteria, with the weighted mean of the scores there are.

    Parameters
    ----------
    scored : DataFrame
        As ``score_evidence`` returns it.
    weights : mapping of criterion to weight, above nought
        Every criterion, whether or not anything is scored on it.
    least_criteria : int
        Criteria that must be scored for an item to be ranked.

    Returns
    -------
    DataFrame, index ``item``, highest mean first and the unranked last
        A column a criterion (scores); ``scored_count`` of criteria; ``scored_pct``, the
        share of all weight that they hold; ``mean_score``; ``rank`` (1 is highest, ties
        share the better place), missing where too few are scored.

    Examples
    --------
    >>> rows = [["a", "volume", 7, 7, 7], ["a", "harm", 1, 1, 1], ["b", "volume", 2, 2, 2]]
    >>> steps = {"volume": [1, 3, 6, 12], "harm": [1, 3, 6, 12]}
    >>> scored = score_evidence(pd.DataFrame(rows, columns=EVIDENCE), steps)
    >>> matrix = score_matrix(scored, {"volume": 1, "harm": 2})
    >>> matrix[["mean_score", "scored_pct"]].round(2).to_numpy().tolist()
    [[2.67, 100.0], [2.0, 33.33]]
    """
    wide = scored.pivot(index="item", columns="criterion", values="score")
    matrix = wide.reindex(columns=list(weights)).rename_axis(columns=None)
    weight = pd.Series(dict(weights), dtype=float)
    is_scored = matrix.notna()
    held = (is_scored * weight).sum(axis=1)
    means = (matrix.fillna(0) * weight).sum(axis=1) / held.where(held > 0)
    matrix["scored_count"] = is_scored.sum(axis=1)
    matrix["scored_pct"] = 100 * held / weight.sum()
    matrix["mean_score"] = means
    ranked = means.where(matrix["scored_count"] >= least_criteria)
    # Means of weighted fifths that are alike differ in the last bit.
    matrix["rank"] = ranked.round(9).rank(ascending=False, method="min").astype("Int64")
    order = matrix.reset_index().sort_values(["rank", "mean_score", "item"], kind="stable")
    return order.set_index("item")


def _check(evidence: pd.DataFrame, steps: Mapping[str, Sequence[float]]) -> None:
    missing = [name for name in EVIDENCE if name not in evidence]
    unknown = sorted(set(evidence.get("criterion", [])) - set(steps))
    if missing or unknown:
        what = f"no column {missing}" if missing else f"no steps for {unknown}"
        message = f"scores: {what}. Each criterion needs steps in params/priorities.yml."
        raise DataContractError(message)
    twice = evidence[evidence.duplicated(["item", "criterion"])]
    if len(twice):
        first = twice.iloc[0]
        message = (
            f"scores: '{first['item']}' has two figures for '{first['criterion']}'. Give one."
        )
        raise DataContractError(message)
