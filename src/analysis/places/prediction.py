"""How good a choice of places turned out to be, judged on a later time."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

DRAWS = 999
SEED = 20_121


@dataclass(frozen=True)
class HitRate:
    """Share of later crime that places chosen earlier held."""

    leading_pct: float
    denominator: str
    chosen_place_count: int
    place_count: int
    chosen_pct: float
    hit_count: int
    offence_count: int
    hit_pct: float
    hit_pct_lower: float
    hit_pct_upper: float
    best_pct: float
    by_chance_pct: float
    by_chance_pct_lower: float
    by_chance_pct_upper: float
    predictive_accuracy_index: float
    predictive_efficiency_index: float
    tied_place_count: int
    dispersion: float
    confidence: float
    method: str
    chosen_places: tuple[str, ...]


def accuracy_curve(
    observed: pd.Series, predicted: pd.Series, *, area: pd.Series | None = None
) -> pd.DataFrame:
    """PAI, PEI and RRI as places are taken in the order predicted: one row a place, index place; ``predicted``, ``observed``, ``place_pct``, ``area_pct``, ``hit_pct``, ``best_pct``, ``pai``, ``pei``, ``rri``."""
    raise NotImplementedError


def hit_rate(
    earlier: pd.Series,
    later: pd.Series,
    *,
    leading_pct: float = 5,
    area: pd.Series | None = None,
    confidence: float = 0.95,
    draws: int = DRAWS,
    seed: int = SEED,
) -> HitRate:
    """What the worst places of an earlier time held of a later time's crime."""
    raise NotImplementedError


def yearly_hit_rates(
    counts: pd.DataFrame,
    *,
    leading_pct: float = 5,
    area: pd.Series | None = None,
    confidence: float = 0.95,
    draws: int = DRAWS,
    seed: int = SEED,
) -> pd.DataFrame:
    """``hit_rate`` of each period by the one before; ``counts`` has a row a place, a column a period in order; index ``period`` (the later), ``chosen_on`` and the fields of ``HitRate``."""
    raise NotImplementedError
