"""How much crime lies near a borough's border."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

DRAWS = 999
SEED = 20_126


@dataclass(frozen=True)
class BorderShare:
    """Share of offences near the border against the share of residents and places there."""

    within_m: float
    near_place_count: int
    place_count: int
    place_pct: float
    near_offence_count: int
    offence_count: int
    offence_pct: float
    offence_pct_lower: float
    offence_pct_upper: float
    resident_pct: float
    rate_ratio: float
    rate_ratio_lower: float
    rate_ratio_upper: float
    is_told_apart: bool
    confidence: float
    method: str


def distance_to_border(points: pd.DataFrame, boundary: BaseGeometry) -> pd.Series:
    """Metres from each point (``easting``, ``northing``) to the border; negative outside."""
    raise NotImplementedError


def border_share(
    offences: pd.Series,
    distance_m: pd.Series,
    *,
    within_m: float,
    residents: pd.Series | None = None,
    confidence: float = 0.95,
    draws: int = DRAWS,
    seed: int = SEED,
) -> BorderShare:
    """Share of offences of places within ``within_m`` of the border, against their residents (or against places)."""
    raise NotImplementedError
