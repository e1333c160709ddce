"""How good a choice of places turned out to be, judged on a later time.

Places are chosen on an earlier period's counts and judged on a later one's, never on the
same: a hot spot drawn round last year's crime always fits last year. Two marks stand beside
each result: what choosing as many places blindly would have held, and the most that any
choice could have held. Known weaknesses: an index of accuracy rises as the places get fewer
or smaller, so only choices of one size compare; and places of one count are taken worst
first (those that turned out quieter), which is the cautious reading.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from analysis.errors import DataContractError
from analysis.measures.rates import count_values

DRAWS = 999
# Blind choices simulated, for a 95 % range.

SEED = 20_121

CHANCE_RANGE = (0.025, 0.975)

Numbers = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]


@dataclass(frozen=True)
class HitRate:
    """Share of later crime held by the places chosen on an earlier time.

    ``hit_pct`` has its interval as a forecast for a like year would: scatter of the two
    periods about each place's own level (``dispersion``, in multiples of chance) is allowed
    for. ``best_pct`` is the most that as many places (as large an area) could have held,
    ``by_chance_pct`` what a blind choice holds, with the range of 95 % of blind choices.
    ``denominator`` says whether ``leading_pct`` is of places or of area; ``chosen_pct`` is
    what was chosen in fact. ``tied_place_count`` places shared the lowest count chosen.
    """

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
    """What the worst places of an earlier time held of a later time's crime.

    Parameters
    ----------
    earlier, later : Series, shape (n_places,), offences of two periods
        Every place, none missing, the same index in any order.
    leading_pct : float in (0, 100]
        Share of places (or of area, where ``area`` is given) that may be chosen; never more
        is taken, and at least one place.
    area : Series, optional, same index, above nought
        With it places are chosen by density, until the share of area is used up.
    confidence : float in (0, 1)
        Level of the interval of ``hit_pct``.
    draws : int
        Blind choices simulated.
    seed : int

    Returns
    -------
    HitRate

    Raises
    ------
    DataContractError
        If the places differ, a count is missing or negative, nothing happened in either
        period, or an area is not above nought.

    References
    ----------
    Chainey, Tompson & Uhlig (2008), Security Journal 21 (accuracy index); Hunt (2016)
    (efficiency index); ties as Drawve & Wooditch (2019); Wilson (1927) for the interval,
    with the number of offences divided by the dispersion between the two periods.

    Examples
    --------
    >>> earlier = pd.Series([20, 5, *[1] * 18])
    >>> later = pd.Series([15, 9, *[1] * 18])
    >>> found = hit_rate(earlier, later, leading_pct=5)
    >>> found.chosen_place_count, round(found.hit_pct, 1), found.by_chance_pct
    (1, 35.7, 5.0)
    """
    seen, before, size = _aligned(later, earlier, area)
    if before.sum() == 0:
        message = "no offence in the earlier period: there is nothing to choose places by."
        raise DataContractError(message)
    if not 0 < leading_pct <= 100:
        message = f"a leading share of {leading_pct} %: it must lie above 0 and up to 100."
        raise DataContractError(message)
    order = _worst_first(before / size, seen / size)
    chosen = order[: _count_within(size[order], leading_pct)]
    share = size[chosen].sum() / size.sum()
    hit, total = seen[chosen].sum(), seen.sum()
    best = _best_held(seen, size, size[chosen].sum())
    dispersion = _dispersion(before, seen)
    lower, upper = _limits_pct(hit, total, dispersion, confidence)
    blind = _blind_hits(seen, size, leading_pct, draws, seed) / total * 100
    density = before / size
    return HitRate(
        leading_pct=leading_pct,
        denominator="places" if area is None else "area",
        chosen_place_count=len(chosen),
        place_count=len(seen),
        chosen_pct=float(share * 100),
        hit_count=int(hit),
        offence_count=int(total),
        hit_pct=float(hit / total * 100),
        hit_pct_lower=lower,
        hit_pct_upper=upper,
        best_pct=float(best / total * 100),
        by_chance_pct=float(share * 100),
        by_chance_pct_lower=float(np.quantile(blind, CHANCE_RANGE[0])),
        by_chance_pct_upper=float(np.quantile(blind, CHANCE_RANGE[1])),
        predictive_accuracy_index=float(hit / total / share),
        predictive_efficiency_index=float(hit / best),
        tied_place_count=int((density == density[chosen[-1]]).sum()),
        dispersion=dispersion,
        confidence=confidence,
        method=_method(area, draws),
        chosen_places=tuple(str(place) for place in later.index[chosen]),
    )


def yearly_hit_rates(
    counts: pd.DataFrame,
    *,
    leading_pct: float = 5,
    area: pd.Series | None = None,
    confidence: float = 0.95,
    draws: int = DRAWS,
    seed: int = SEED,
) -> pd.DataFrame:
    """``hit_rate`` of each period by the period before it.

    Parameters
    ----------
    counts : DataFrame, shape (n_places, n_periods), offences
        A row a place, a column a period, from the earliest on.
    leading_pct, area, confidence, draws, seed
        As in ``hit_rate``.

    Returns
    -------
    DataFrame, index ``period`` (the later of each two)
        ``chosen_on`` (the earlier) and every field of ``HitRate`` but ``chosen_places``.

    Raises
    ------
    DataContractError
        As ``hit_rate``, or if there are fewer than two periods.

    Examples
    --------
    >>> years = pd.DataFrame({2021: [9, 1, 0, 0], 2022: [6, 2, 1, 1], 2023: [5, 5, 0, 0]})
    >>> yearly_hit_rates(years, leading_pct=25)["hit_pct"].to_dict()
    {2022: 60.0, 2023: 50.0}
    """
    if counts.shape[1] < 2:
        message = (
            f"{counts.shape[1]} period(s): one to choose on and one to judge on are needed."
        )
        raise DataContractError(message)
    rows = {}
    periods = list(counts.columns)
    for before, after in zip(periods, periods[1:], strict=False):
        found = hit_rate(
            counts[before],
            counts[after],
            leading_pct=leading_pct,
            area=area,
            confidence=confidence,
            draws=draws,
            seed=seed,
        )
        rows[after] = {"chosen_on": before, **asdict(found)}
    table = pd.DataFrame.from_dict(rows, orient="index").drop(columns="chosen_places")
    return table.rename_axis("period")


def _aligned(
    later: pd.Series, earlier: pd.Series, area: pd.Series | None
) -> tuple[Numbers, Numbers, Numbers]:
    """Later and earlier counts and sizes of the places, in the later's order."""
    if later.index.has_duplicates or set(later.index) != set(earlier.index):
        differ = set(later.index) ^ set(earlier.index)
        message = (
            f"the two periods do not hold the same places once each ({len(differ)} differ). "
            "Count every place in both, nought where nothing happened."
        )
        raise DataContractError(message)
    seen, before = count_values(later), count_values(earlier.reindex(later.index))
    if np.isnan(seen).any() or np.isnan(before).any():
        message = "a place without a count. Nought is a count, missing is none: leave it out."
        raise DataContractError(message)
    if seen.sum() == 0:
        message = "no offence in the later period: there is nothing to judge the choice on."
        raise DataContractError(message)
    size = np.ones(len(seen)) if area is None else area.reindex(later.index).to_numpy(float)
    if not (size > 0).all():
        wrong = later.index[~(size > 0)][:5].tolist()
        message = f"no area above nought for {wrong}. Give each place its own."
        raise DataContractError(message)
    return seen, before, size


def _worst_first(predicted: Numbers, observed: Numbers) -> Positions:
    """Highest predicted first; of those alike, the one that turned out quietest first."""
    return np.lexsort((observed, -predicted))


def _count_within(sizes: Numbers, leading_pct: float) -> int:
    """How many of the places, in this order, fit in the share; at least one."""
    room = leading_pct / 100 * sizes.sum()
    return max(1, int((sizes.cumsum() <= room + 1e-9 * sizes.sum()).sum()))


def _best_held(observed: Numbers, size: Numbers, room: float) -> float:
    """Most offences that places of so much size together could hold (the last in part)."""
    order = np.argsort(-observed / size, kind="stable")
    used = np.concatenate([[0.0], size[order].cumsum()])
    held = np.concatenate([[0.0], observed[order].cumsum()])
    return float(np.interp(room, used, held))


def _dispersion(before: Numbers, after: Numbers) -> float:
    """Scatter of places' shares between the two periods, in multiples of chance, 1 at least.

    Pearson's chi-squared of the table of places by period, over its degrees of freedom.
    """
    both = before + after
    is_known = both > 0
    part = after.sum() / both.sum()
    if is_known.sum() < 2 or not 0 < part < 1:
        return 1.0
    variance = both[is_known] * part * (1 - part)
    squares = (after[is_known] - both[is_known] * part) ** 2 / variance
    return max(1.0, float(squares.sum() / (is_known.sum() - 1)))


def _limits_pct(
    hit: float, total: float, dispersion: float, confidence: float
) -> tuple[float, float]:
    """Wilson's limits, of as many offences as the scatter leaves."""
    lower, upper = proportion_confint(
        hit / dispersion, total / dispersion, alpha=1 - confidence, method="wilson"
    )
    # At none and at all the limit is exact; rounding in the last bit would miss it.
    return (float(lower) * 100 if hit else 0.0, float(upper) * 100 if hit < total else 100.0)


def _blind_hits(
    observed: Numbers, size: Numbers, leading_pct: float, draws: int, seed: int
) -> Numbers:
    """Offences held by places chosen blindly, a number a draw."""
    rng = np.random.default_rng(seed)
    n = len(observed)
    is_alike = bool((size == size[0]).all())
    count = _count_within(size, leading_pct)
    held = np.empty(draws)
    for draw in range(draws):
        if is_alike:
            chosen = rng.choice(n, count, replace=False, shuffle=False)
        else:
            order = rng.permutation(n)
            chosen = order[: _count_within(size[order], leading_pct)]
        held[draw] = observed[chosen].sum()
    return held


def _method(area: pd.Series | None, draws: int) -> str:
    chosen = "by count" if area is None else "by count per unit of area"
    return (
        f"places chosen {chosen} in the earlier period, ties quietest first; Wilson limits "
        f"widened by the dispersion between the periods; {draws} blind choices"
    )
