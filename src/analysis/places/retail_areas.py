"""Town centres and retail areas, found as clusters of the crimes that happen in shops."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

FALSE_DISCOVERY = 0.01
LEAST_RATIO = 3.0
LEAST_COUNT = 10
JOIN_POINTS_M = 150.0
JOIN_SMALL_AREAS_M = 600.0


@dataclass(frozen=True)
class RetailAreas:
    """``areas``: index ``retail_area`` (1 has most offences): ``place_count``, ``offence_count``, ``<group>`` counts, ``offence_pct``, ``ratio_to_expected``, ``easting``, ``northing``, ``leading_place``. ``members``: index place, of all places: ``offence_count``, ``expected_count``, ``ratio``, ``p_value``, ``q_value``, ``is_retail``, ``retail_area`` (missing where none)."""

    areas: pd.DataFrame
    members: pd.DataFrame
    offence_total: int
    method: str


def retail_areas(
    places: pd.DataFrame,
    offences: pd.DataFrame,
    *,
    exposure: pd.Series | None = None,
    join_m: float = JOIN_SMALL_AREAS_M,
    least_ratio: float = LEAST_RATIO,
    least_count: int = LEAST_COUNT,
    false_discovery: float = FALSE_DISCOVERY,
) -> RetailAreas:
    """Places far above expectation, joined with their neighbours. ``places``: index place, ``easting``, ``northing``; ``offences``: same index, one column an offence group."""
    raise NotImplementedError
