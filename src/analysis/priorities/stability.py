"""What becomes of the order when the weights move and the figures scatter.

Weights are drawn from a Dirichlet distribution round those set, and each value from the
normal distribution that its interval describes; the drawn values are scored and ranked
again. A criterion that others are scored on and an item is not could have any score there:
each is drawn alike. Items that tie are put in random order within a draw, so that a chance
of a place is not handed out twice. Known weakness: scatter of one item's criteria is drawn
independently, though more offences mean more volume and more trend at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from analysis.priorities.scoring import score_of

_Floats = npt.NDArray[np.float64]

CONFIDENCE = 0.95


def rank_stability(
    evidence: pd.DataFrame,
    steps: Mapping[str, Sequence[float]],
    weights: Mapping[str, float],
    *,
    items: Sequence[str],
    top_places: Sequence[int] = (3, 5),
    weight_concentration: float = 40,
    draws: int = 10_000,
    seed: int = 1,
) -> pd.DataFrame:
    """Places that items take when weights and values are drawn again and again.

    Parameters
    ----------
    evidence : DataFrame
        As ``score_evidence`` takes it.
    steps : mapping of criterion to steps
    weights : mapping of criterion to weight
    items : sequence of str
        Those ranked against each other.
    top_places : sequence of int
        Numbers of places whose chance is wanted.
    weight_concentration : float
        Sum of the Dirichlet parameters: 40 moves a weight of 1/8 by about 2/5 of itself.
    draws, seed : int

    Returns
    -------
    DataFrame, index ``item``, highest first
        ``rank_median``, ``rank_lower``, ``rank_upper`` (95 % of draws) and
        ``top_<n>_probability`` for each of ``top_places``. The probabilities of one ``n`` add
        up to ``n`` (or to the number of items, where that is less).

    References
    ----------
    Saisana, Saltelli & Tarantola (2005), JRSS A 168 (uncertainty of composite indicators).

    Examples
    --------
    >>> rows = [["a", "harm", 9, 8, 10], ["b", "harm", 2, 1.5, 2.5], ["c", "harm", 0, 0, 0]]
    >>> names = ["item", "criterion", "value", "value_lower", "value_upper"]
    >>> places = rank_stability(
    ...     pd.DataFrame(rows, columns=names),
    ...     {"harm": [1, 3, 6, 12]},
    ...     {"harm": 1},
    ...     items=["a", "b", "c"],
    ...     top_places=[1],
    ...     draws=500,
    ... )
    >>> places["top_1_probability"].tolist()
    [1.0, 0.0, 0.0]
    """
    generator = np.random.default_rng(seed)
    # In order of name, so that the order of rows decides nothing.
    names = sorted(items)
    criteria = sorted(weights)
    share = np.array([weights[name] for name in criteria], dtype=float)
    drawn = generator.dirichlet(weight_concentration * share / share.sum(), draws)
    total, held = np.zeros((draws, len(names))), np.zeros((draws, len(names)))
    for place, criterion in enumerate(criteria):
        rows = evidence[evidence["criterion"] == criterion].set_index("item").reindex(names)
        # What nobody is scored on tells nobody apart.
        if rows["value"].notna().any():
            scores = _drawn_scores(rows, steps[criterion], draws, generator)
            total += drawn[:, [place]] * scores
            held += drawn[:, [place]]
    means = np.divide(total, held, out=np.zeros_like(total), where=held > 0)
    noise = generator.random(means.shape)
    # Ranks by mean, ties in random order.
    order = np.lexsort((noise, -np.round(means, 9)), axis=1)
    places = np.empty_like(order)
    np.put_along_axis(places, order, np.arange(len(names))[None, :] + 1, axis=1)
    return _told(places, names, top_places)


def _drawn_scores(
    rows: pd.DataFrame, steps: Sequence[float], draws: int, generator: np.random.Generator
) -> _Floats:
    value = rows["value"].to_numpy(dtype=float)
    width = (rows["value_upper"] - rows["value_lower"]).to_numpy(dtype=float)
    spread = np.nan_to_num(width / (2 * stats.norm.isf((1 - CONFIDENCE) / 2)))
    moved = value + spread * generator.standard_normal((draws, len(value)))
    any_score = generator.integers(1, len(steps) + 2, moved.shape)
    return np.where(np.isnan(moved), any_score, score_of(moved, steps))


def _told(
    places: npt.NDArray[np.int_], names: Sequence[str], top_places: Sequence[int]
) -> pd.DataFrame:
    tails = [(1 - CONFIDENCE) / 2, 0.5, (1 + CONFIDENCE) / 2]
    lower, middle, upper = np.quantile(places, tails, axis=0, method="inverted_cdf")
    table = pd.DataFrame(
        {
            "rank_median": middle.astype(int),
            "rank_lower": lower.astype(int),
            "rank_upper": upper.astype(int),
            **{f"top_{n}_probability": (places <= n).mean(axis=0) for n in top_places},
            "mean_place": places.mean(axis=0),
        },
        index=pd.Index(names, name="item"),
    )
    return table.sort_values("mean_place", kind="stable").drop(columns="mean_place")
