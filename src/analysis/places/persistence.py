"""Whether hot spots stay where they are from year to year."""

from __future__ import annotations

import pandas as pd

DRAWS = 999
SEED = 20_122


def hot_spot_overlap(
    counts: pd.DataFrame, *, leading_pct: float = 5, draws: int = DRAWS, seed: int = SEED
) -> pd.DataFrame:
    """Each period's worst places among those of the period before.

    ``counts``: row a place, column a period, in order. Index ``period``; ``previous``, ``leading_place_count``, ``stayed_count`` (may be a fraction where places tie), ``stayed_pct``, ``by_chance_count``, ``by_chance_count_upper``, ``p_value``, ``is_more_than_chance``, ``steady_pct``, ``steady_pct_lower``, ``steady_pct_upper`` (overlap to expect had no place's risk changed), ``rank_correlation``, ``rank_correlation_lower``, ``rank_correlation_upper``.
    """
    raise NotImplementedError


def years_among_leading(counts: pd.DataFrame, *, leading_pct: float = 5) -> pd.DataFrame:
    """In how many periods each place was among the worst: index place, worst first; ``leading_count``, ``period_count``, ``offence_count`` (all periods), ``leading_in`` (tuple of periods), ``is_always_leading``."""
    raise NotImplementedError
