"""How much crime lies near a borough's border.

From small areas or points with their distance to the border. A borough's edge holds crime
whose offenders, victims and town centres belong to the next borough; whether it holds more
than its part is asked against the residents who live there. Known weaknesses: a small area's
distance is that of its centre; an edge along a river or open country is no edge to cross; and
nothing here says where an offender lives, which only the police know.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.errors import DataContractError
from analysis.measures.rates import count_values

if TYPE_CHECKING:
    pass

DRAWS = 999
# Boroughs of resampled places, for the limits.

SEED = 20_126

FEWEST_PLACES = 5
# With fewer on either side of the line no limits are given: resampling so few says nothing.

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class BorderShare:
    """Share of offences near the border against the share of residents and of places there.

    ``rate_ratio`` is the rate near the border over the rate elsewhere (per resident, or per
    place where no residents were given, when ``resident_pct`` is missing); limits by
    resampling places, missing where either side has fewer than five. ``p_value`` is of no
    difference (two-sided, from the same resamples), for control over many measures;
    ``is_told_apart`` says that the limits leave out 1.
    """

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
    p_value: float
    is_told_apart: bool
    confidence: float
    method: str


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
    """Share of offences near the border, against the residents or places there.

    Parameters
    ----------
    offences : Series, shape (n_places,), offences
        Every place of the borough, none missing.
    distance_m : Series, same index in any order, metres
        To the border, negative for a place outside (its centre beyond a generalised border),
        which counts as at the border.
    within_m : float
        At most so far from the border is near, this distance included.
    residents : Series, same index, nought or more, optional
    confidence : float in (0, 1)
    draws : int
        Boroughs of resampled places.
    seed : int

    Returns
    -------
    BorderShare

    Raises
    ------
    DataContractError
        If a count, distance or number of residents is missing, or there is no offence.

    References
    ----------
    Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapter 13 (percentiles).

    Examples
    --------
    >>> places = [f"place {number}" for number in range(12)]
    >>> offences = pd.Series([9, 11, 8, 12, 10, 10, 4, 6, 5, 5, 4, 6], places)
    >>> metres = pd.Series([100] * 6 + [900] * 6, places)
    >>> found = border_share(offences, metres, within_m=500)
    >>> round(found.offence_pct, 1), found.place_pct, found.rate_ratio, found.is_told_apart
    (66.7, 50.0, 2.0, True)
    """
    counts, near, people = _checked(offences, distance_m, residents, within_m)
    share, ratio = _share_and_ratio(counts[None, :], near[None, :], people[None, :])
    limits, p_value = np.full(4, np.nan), np.nan
    if min(near.sum(), (~near).sum()) >= FEWEST_PLACES:
        chosen = np.random.default_rng(seed).integers(0, len(near), (draws, len(near)))
        drawn = _share_and_ratio(counts[chosen], near[chosen], people[chosen])
        tails = [(1 - confidence) / 2, (1 + confidence) / 2]
        limits = np.concatenate([np.nanquantile(each, tails) for each in drawn])
        p_value = _p_value(drawn[1])
    given = "residents" if residents is not None else "places"
    return BorderShare(
        within_m=float(within_m),
        near_place_count=int(near.sum()),
        place_count=len(near),
        place_pct=float(near.mean() * 100),
        near_offence_count=int(counts[near].sum()),
        offence_count=int(counts.sum()),
        offence_pct=float(share[0]),
        offence_pct_lower=float(limits[0]),
        offence_pct_upper=float(limits[1]),
        resident_pct=(
            float(people[near].sum() / people.sum() * 100) if residents is not None else np.nan
        ),
        rate_ratio=float(ratio[0]),
        rate_ratio_lower=float(limits[2]),
        rate_ratio_upper=float(limits[3]),
        p_value=p_value,
        is_told_apart=bool(limits[2] > 1 or limits[3] < 1),
        confidence=confidence,
        method=f"against {given}; limits from {draws} resamples of places",
    )


def _checked(
    offences: pd.Series, distance_m: pd.Series, residents: pd.Series | None, within_m: float
) -> tuple[Numbers, npt.NDArray[np.bool_], Numbers]:
    counts = count_values(offences)
    metres = distance_m.reindex(offences.index).to_numpy(dtype=float, na_value=np.nan)
    people = np.ones(len(counts))
    if residents is not None:
        people = residents.reindex(offences.index).to_numpy(dtype=float, na_value=np.nan)
    is_known = np.isfinite(counts) & np.isfinite(metres) & (people >= 0)
    if not is_known.all():
        wrong = offences.index[~is_known][:5].tolist()
        message = f"a count, distance or number of residents is missing for {wrong}."
        raise DataContractError(message)
    if counts.sum() == 0 or within_m <= 0:
        message = (
            f"{counts.sum():.0f} offences within {within_m:g} m: both must be above nought."
        )
        raise DataContractError(message)
    return counts, metres <= within_m, people


def _share_and_ratio(
    counts: Numbers, near: npt.NDArray[np.bool_], people: Numbers
) -> tuple[Numbers, Numbers]:
    """Offences near the border in percent, and rate near over rate elsewhere, a row each."""
    near_counts, total = (counts * near).sum(axis=1), counts.sum(axis=1)
    near_people, everyone = (people * near).sum(axis=1), people.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = near_counts / total * 100
        elsewhere = (total - near_counts) / (everyone - near_people)
        ratio = near_counts / near_people / elsewhere
    return share, np.where(np.isfinite(ratio), ratio, np.nan)


def _p_value(ratios: Numbers) -> float:
    """Twice the share of resamples on the thinner side of 1, themselves counted as one."""
    thinner = min((ratios <= 1).sum(), (ratios >= 1).sum())
    return float(min(1.0, 2 * (thinner + 1) / (np.isfinite(ratios).sum() + 1)))
