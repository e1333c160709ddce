"""How far crime gathers in few places, against what chance alone would gather."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

DRAWS = 999
SEED = 20_120


@dataclass(frozen=True)
class Concentration:
    """Gini of places with its chance benchmark (95 % range when crimes fall at random)."""

    place_count: int
    offence_count: int
    gini: float
    gini_by_chance: float
    gini_by_chance_lower: float
    gini_by_chance_upper: float
    generalised_gini: float
    generalised_gini_by_chance: float
    generalised_gini_by_chance_lower: float
    generalised_gini_by_chance_upper: float
    p_value: float
    is_more_than_chance: bool
    method: str


def concentration(
    counts: pd.Series,
    *,
    exposure: pd.Series | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Concentration:
    """Gini and generalised Gini, and what chance alone would give."""
    raise NotImplementedError


def leading_place_shares(
    counts: pd.Series,
    *,
    leading_pct: Sequence[float] = (1, 5, 10),
    exposure: pd.Series | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Share of crime in the worst 1, 5 and 10 % of all places: index ``leading_pct``; ``place_count`` (may be a fraction), ``offence_count``, ``offence_pct``, ``by_chance_pct``, ``by_chance_pct_lower``, ``by_chance_pct_upper``, ``tied_place_count``, ``is_more_than_chance``."""
    raise NotImplementedError


def places_holding(
    counts: pd.Series,
    *,
    held_pct: Sequence[float] = (25, 50),
    exposure: pd.Series | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Fewest places that hold 25 and 50 % of crime: index ``held_pct``; ``place_count``, ``place_pct``, ``by_chance_count``, ``by_chance_count_lower``, ``by_chance_count_upper``, ``is_fewer_than_chance``."""
    raise NotImplementedError


def lorenz_curve(counts: pd.Series) -> pd.DataFrame:
    """Points of the curve, worst place first, from (0, 0): ``place_pct``, ``offence_pct``."""
    raise NotImplementedError


def gini(counts: pd.Series, *, is_unbiased: bool = False) -> float:
    """Gini coefficient of all places."""
    raise NotImplementedError


def generalised_gini(counts: pd.Series) -> float:
    """Gini against the most even spread that so few crimes allow (Bernasco & Steenbeek 2017)."""
    raise NotImplementedError
