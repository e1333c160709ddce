"""Near repeats: whether crimes close in space are also close in time (Knox)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

PERMUTATIONS = 999
SEED = 20_124

DISTANCE_EDGES_M = (100.0, 200.0, 300.0, 400.0)
DAY_EDGES = (3, 7, 14, 28)


@dataclass(frozen=True)
class Knox:
    """Pairs close in space and time against what no link between the two would give."""

    event_count: int
    pair_total: int
    near_in_space_count: int
    near_in_time_count: int
    pair_count: int
    expected_count: float
    ratio: float
    p_poisson: float
    p_value: float
    by_chance_lower: float
    by_chance_upper: float
    permutation_count: int
    convention: str


def knox(
    events: pd.DataFrame,
    *,
    distance_m: float,
    days: int,
    permutations: int = PERMUTATIONS,
    seed: int = SEED,
) -> Knox:
    """Pairs at most ``distance_m`` apart and at most ``days`` whole days apart, both inclusive. ``events``: ``easting``, ``northing``, ``date``."""
    raise NotImplementedError


def near_repeat_table(
    events: pd.DataFrame,
    *,
    distance_edges_m: Sequence[float] = DISTANCE_EDGES_M,
    day_edges: Sequence[int] = DAY_EDGES,
    permutations: int = PERMUTATIONS,
    seed: int = SEED,
) -> pd.DataFrame:
    """A row for each distance and time band: ``distance_band`` ("same place", "up to 100 m", "over 100 to 200 m", ...), ``day_band`` ("0 to 3 days", "4 to 7 days", ...), ``distance_lower_m``, ``distance_upper_m``, ``day_first``, ``day_last``, ``pair_count``, ``expected_count``, ``ratio``, ``p_value``, ``q_value``, ``p_poisson``, ``is_more_than_chance``."""
    raise NotImplementedError
