"""The Vulnerable Localities Index of small areas (Chainey 2008), from what is held."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

VARIABLES = (
    "residential_burglary",
    "criminal_damage_to_dwellings",
    "income_deprivation",
    "employment_deprivation",
    "low_educational_attainment",
    "aged_15_to_24",
)
PRIORITY_INDEX = 200
DRAWS = 999
SEED = 20_125


@dataclass(frozen=True)
class VulnerableLocalities:
    """``table``: index place, most vulnerable first; ``<variable>_index`` each, ``vulnerable_localities_index`` with ``_lower``/``_upper``, ``rank``, ``is_priority``, ``is_priority_certain``, ``variable_count``."""

    table: pd.DataFrame
    held: tuple[str, ...]
    absent: tuple[str, ...]
    place_count: int
    method: str


def vulnerable_localities(
    shares: pd.DataFrame,
    *,
    offence_counts: pd.DataFrame | None = None,
    dwellings: pd.Series | None = None,
    stand_ins: dict[str, str] | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
) -> VulnerableLocalities:
    """Index of each place, 100 the mean of places.

    ``shares``: columns among ``VARIABLES`` (rates or scores, more is worse). ``offence_counts``: columns among the two crime variables, made rates by ``dwellings`` (or residents). ``stand_ins``: held variable -> what it really is (e.g. all criminal damage), said in ``method``.
    """
    raise NotImplementedError
