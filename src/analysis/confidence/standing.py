"""Where boroughs stand by confidence, with the ranks that sampling error leaves open."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.measures.comparison import ranks_of_draws


def confidence_ranks(
    value_pct: pd.Series,
    sample_count: pd.Series | float,
    *,
    draws: int = 10_000,
    seed: int = 20_130_401,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Rank of each area from the lowest share (1), with the ranks it could as well have.

    The share of each area is drawn from what its sample says of it (Beta, with Jeffreys'
    half answer either way), all areas are ranked, and again.

    Parameters
    ----------
    value_pct : Series, per cent, index ``area_code``, none missing
    sample_count : Series or float, persons
        Effective size of the sample.
    draws, seed : int
        Of the simulation; same seed, same result, in whatever order the areas come.
    confidence : float in (0, 1)

    Returns
    -------
    DataFrame, index ``area_code``
        ``value_pct``, ``confidence_rank`` (from the lowest; those that tie share the lower)
        with ``_lower`` and ``_upper``, ``confidence_rank_from_highest`` (those that tie share
        the higher), ``tied_count`` (areas with the share, itself one of them),
        ``confidence_lowest_probability``.

    References
    ----------
    Goldstein & Spiegelhalter (1996), JRSS A 159.

    Examples
    --------
    >>> ranks = confidence_ranks(pd.Series({"a": 70.0, "b": 50.0, "c": 51.0}), 400)
    >>> columns = ["confidence_rank", "confidence_rank_lower", "confidence_rank_upper"]
    >>> ranks[columns].to_numpy().tolist()
    [[3, 3, 3], [1, 1, 2], [2, 1, 2]]
    """
    ordered = value_pct.astype(float).sort_index()
    asked = (ordered * 0 + sample_count).to_numpy()
    agree = ordered.to_numpy() / 100 * asked
    generator = np.random.default_rng(seed)
    levels = generator.beta(agree + 0.5, asked - agree + 0.5, (draws, len(ordered)))
    ranks = ranks_of_draws(
        np.asarray(ordered, dtype=np.float64), levels, "confidence", confidence
    )
    table = pd.DataFrame({"value_pct": ordered}).join(ranks.set_index(ordered.index))
    from_highest = ordered.rank(method="min", ascending=False).astype(int)
    table["confidence_rank_from_highest"] = from_highest
    table["tied_count"] = ordered.groupby(ordered).transform("size").astype(int)
    return table.reindex(value_pct.index)
