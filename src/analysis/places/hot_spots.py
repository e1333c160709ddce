"""Hot and cold spots of small areas, with false discovery held over all places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from libpysal.weights import W

PERMUTATIONS = 9_999
SEED = 20_123
FALSE_DISCOVERY = 0.05

CLASSES = ("hot spot", "cold spot", "not told apart from chance")


@dataclass(frozen=True)
class GlobalMoran:
    """Moran's I: whether like lies beside like over the whole area."""

    moran_i: float
    expected: float
    variance_normal: float
    variance_random: float
    p_value_normal: float
    p_value: float
    permutation_count: int
    place_count: int
    weights: str


def neighbour_weights(
    places: pd.DataFrame, *, neighbour_count: int | None = None, distance_m: float | None = None
) -> W:
    """Neighbours of each place from ``easting`` and ``northing``: so many nearest (8 if nothing is said), or all within a distance."""
    raise NotImplementedError


def global_moran(
    values: pd.Series,
    weights: W,
    *,
    transform: str = "r",
    permutations: int = PERMUTATIONS,
    seed: int = SEED,
) -> GlobalMoran:
    """Moran's I, two-sided."""
    raise NotImplementedError


def getis_ord(
    values: pd.Series,
    weights: W,
    *,
    false_discovery: float = FALSE_DISCOVERY,
    permutations: int = PERMUTATIONS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Getis-Ord Gi*: index place; ``value``, ``neighbour_mean`` (the place included), ``z``, ``p_value``, ``q_value``, ``hot_spot_class`` (one of ``CLASSES``)."""
    raise NotImplementedError


def local_moran(
    values: pd.Series,
    weights: W,
    *,
    false_discovery: float = FALSE_DISCOVERY,
    permutations: int = PERMUTATIONS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Local Moran: index place; ``value``, ``local_i``, ``quadrant`` ("high among high", "low among low", "high among low", "low among high"), ``p_value``, ``q_value``, ``cluster_class`` (a quadrant, or "not told apart from chance"), ``hot_spot_class``."""
    raise NotImplementedError
