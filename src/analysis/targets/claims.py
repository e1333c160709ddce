"""How well readings of a plan's sentence fit its numbers, and how well chance would fit them.

A close fit is no proof: among thousands of readings some are close to any numbers. So the
closest reading is set against made-up claims, of numbers near the plan's own, and the same
readings: how often does one of them find a fit as close? Known weakness: readings lie
closer together at some sizes than at others, and made-up numbers from a quarter below to a
quarter above see their density on the average only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import KDTree

from analysis.errors import ParamsError
from analysis.targets.definitions import PERCENTS

CLOSE_FIT_PCT = 1.0
# A reading within one per cent on every number of a claim is called close.

SPREAD = 1.25
# Made-up numbers lie between the claim's divided and multiplied by this: wide enough to
# leave the readings that are near the claim, narrow enough to be of its size.

DRAWS = 4000
# Leave a share of one half uncertain by less than two points.

SAME_SHARE = 0.01
# A reduction within one per cent of a round share of its base is taken to be that share.

_Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ClaimNumbers:
    """What a plan says: a reduction, the total it is counted from, or both.

    Attributes
    ----------
    reduction_count, base_count : float or None
        Offences; None for a number that is not given.

    Raises
    ------
    ParamsError
        If neither is given, one is not above nought, or the reduction exceeds its base.

    Examples
    --------
    >>> ClaimNumbers(2500, 11615).share_of_base is None
    True
    >>> ClaimNumbers(1651, 8255).share_of_base
    0.2
    """

    reduction_count: float | None = None
    base_count: float | None = None

    def __post_init__(self) -> None:
        """Refuse what no plan can mean."""
        reduction, base = self.reduction_count, self.base_count
        fault = ""
        if reduction is None and base is None:
            fault = "no number is given. Give the reduction, the total it is of, or both"
        for name, value in (("reduction", reduction), ("total", base)):
            if value is not None and not 0 < value < math.inf:
                fault = f"the {name} {value:g} is not a number above nought. Give offences"
        if not fault and reduction is not None and base is not None and reduction > base:
            fault = (
                f"a reduction of {reduction:,.0f} is more than the total of {base:,.0f}. Are "
                "they exchanged, or is one for a year and the other for several?"
            )
        if fault:
            message = f"claim: {fault}{'' if fault.endswith('?') else '.'}"
            raise ParamsError(message)

    @property
    def numbers(self) -> _Floats:
        """The numbers given, base first."""
        given = [n for n in (self.base_count, self.reduction_count) if n is not None]
        return np.array(given, float)

    @property
    def share_of_base(self) -> float | None:
        """The round share of its base that the reduction is, if it is one.

        Its second number then says nothing of the figures: any base has such a share.
        """
        if self.reduction_count is None or self.base_count is None:
            return None
        for percent in PERCENTS:
            share = percent / 100
            if abs(self.reduction_count / (share * self.base_count) - 1) <= SAME_SHARE:
                return share
        return None


@dataclass(frozen=True)
class Fit:
    """The closest reading of a claim, and what chance would do.

    Attributes
    ----------
    tried : int
        Readings.
    closest_pct : float
        Gap of the closest: the larger of its gaps to the numbers given, in per cent of them.
    as_close_by_chance : float in (0, 1]
        Share of claims, made-up ones and this one, that some reading fits as closely.
    expected_by_chance : float
        Readings that fit a made-up claim as closely, on the average.
    close_count : int
        Readings within ``CLOSE_FIT_PCT`` of the claim.
    close_by_chance : float
        The same for a made-up claim, on the average.
    """

    tried: int
    closest_pct: float
    as_close_by_chance: float
    expected_by_chance: float
    close_count: int
    close_by_chance: float


def gaps_pct(readings: _Floats, claimed: float) -> _Floats:
    """Readings against a claimed number, in per cent of it.

    Examples
    --------
    >>> gaps_pct(np.array([11616.0, 14169.0]), 11615).round(2).tolist()
    [0.01, 21.99]
    """
    return 100 * (readings / claimed - 1)


def worst_gaps_pct(base: _Floats, reduction: _Floats, claim: ClaimNumbers) -> _Floats:
    """The larger of a reading's gaps to the numbers claimed, without sign.

    Examples
    --------
    >>> claim = ClaimNumbers(2500, 11615)
    >>> worst_gaps_pct(np.array([11616.0]), np.array([2486.0]), claim).round(2).tolist()
    [0.56]
    """
    worst = np.zeros(len(base))
    for values, claimed in ((base, claim.base_count), (reduction, claim.reduction_count)):
        if claimed is not None:
            worst = np.maximum(worst, np.abs(gaps_pct(values, claimed)))
    return worst


def closeness(table: pd.DataFrame, claim: ClaimNumbers) -> pd.DataFrame:
    """Readings in order of how well they fit a claim's numbers.

    Parameters
    ----------
    table : DataFrame
        Readings, with ``base_count`` and ``reduction_count``.
    claim : ClaimNumbers

    Returns
    -------
    DataFrame
        The same rows with ``base_gap_pct`` and ``reduction_gap_pct`` (reading against
        claim; missing for a number not given) and ``worst_gap_pct`` (the larger, without
        sign), closest first.

    Examples
    --------
    >>> table = pd.DataFrame({"base_count": [11616, 14169], "reduction_count": [2486, 2433]})
    >>> closeness(table, ClaimNumbers(2500, 11615))["worst_gap_pct"].round(1).tolist()
    [0.6, 22.0]
    """
    base, reduction = (table[f"{name}_count"].to_numpy(float) for name in ("base", "reduction"))
    judged = table.assign(
        base_gap_pct=gaps_pct(base, claim.base_count or math.nan),
        reduction_gap_pct=gaps_pct(reduction, claim.reduction_count or math.nan),
        worst_gap_pct=worst_gaps_pct(base, reduction, claim),
    )
    return judged.sort_values("worst_gap_pct", ignore_index=True, kind="stable")


def made_up_claims(claim: ClaimNumbers, draws: int = DRAWS, seed: int = 1) -> _Floats:
    """Claims of about the same size, whose numbers mean nothing.

    Parameters
    ----------
    claim : ClaimNumbers
    draws, seed : int

    Returns
    -------
    ndarray, shape (draws, n_numbers), offences
        The base whole, base first, each even on the logarithmic scale within ``SPREAD`` of
        the claim's and drawn apart; where the claim's reduction is a round share of its
        base, so is every made-up one.

    Examples
    --------
    >>> drawn = made_up_claims(ClaimNumbers(1651, 8255), draws=3)
    >>> (drawn[:, 1] / drawn[:, 0]).round(3).tolist()
    [0.2, 0.2, 0.2]
    """
    chance = np.random.default_rng(seed)
    limit = math.log(SPREAD)
    numbers = claim.numbers
    drawn = numbers * np.exp(chance.uniform(-limit, limit, (draws, len(numbers))))
    drawn = np.maximum(drawn.round(), 1)
    if claim.share_of_base is not None:
        drawn[:, 1] = drawn[:, 0] * claim.share_of_base
    return drawn


def fit_by_chance(
    base: _Floats,
    reduction: _Floats,
    claim: ClaimNumbers,
    *,
    draws: int = DRAWS,
    seed: int = 1,
) -> Fit:
    """The closest of some readings, and how often a made-up claim finds one as close.

    Parameters
    ----------
    base, reduction : ndarray, shape (n_readings,), offences
        Numbers above nought; that of a number not claimed is not looked at.
    claim : ClaimNumbers
    draws, seed : int
        Of the made-up claims.

    Returns
    -------
    Fit

    Examples
    --------
    >>> near = np.array([11616.0]), np.array([2486.0])
    >>> fit = fit_by_chance(*near, ClaimNumbers(2500, 11615))
    >>> round(fit.closest_pct, 2), fit.as_close_by_chance < 0.01
    (0.56, True)
    """
    worst = worst_gaps_pct(base, reduction, claim)
    closest = float(worst.min()) if len(worst) else math.inf
    pairs = ((base, claim.base_count), (reduction, claim.reduction_count))
    points = np.column_stack([values for values, claimed in pairs if claimed is not None])
    tree = _tree(points, claim, closest)
    claims = made_up_claims(claim, draws, seed)
    as_close = _count_within(tree, claims, closest)
    return Fit(
        tried=len(worst),
        closest_pct=closest,
        as_close_by_chance=(1 + int((as_close > 0).sum())) / (1 + draws),
        expected_by_chance=float(as_close.mean()),
        close_count=int((worst <= CLOSE_FIT_PCT).sum()),
        close_by_chance=float(_count_within(tree, claims, CLOSE_FIT_PCT).mean()),
    )


def _tree(points: _Floats, claim: ClaimNumbers, closest_pct: float) -> KDTree:
    # Readings beyond every made-up claim's reach only slow the search; the two leave room
    # for the rounding of small numbers.
    gap = max(closest_pct, CLOSE_FIT_PCT) / 100
    ratio = points / claim.numbers
    is_near = (ratio > (1 - gap) / SPREAD / 2) & (ratio < (1 + gap) * SPREAD * 2)
    return KDTree(np.log(points[is_near.all(axis=1)]))


def _count_within(tree: KDTree, claims: _Floats, gap_pct: float) -> NDArray[np.int64]:
    # Within a share d of a claim c lie the readings from c(1 - d) to c(1 + d): on the
    # logarithmic scale an interval of one width for all claims, around a middle of its own.
    if tree.n == 0:
        return np.zeros(len(claims), np.int64)
    upper = math.log1p(gap_pct / 100)
    lower = math.log1p(-min(gap_pct / 100, 1 - 1e-9))
    middle, half = (upper + lower) / 2, (upper - lower) / 2 + 1e-12
    found = tree.query_ball_point(np.log(claims) + middle, half, p=math.inf, return_length=True)
    return np.asarray(found, np.int64)
