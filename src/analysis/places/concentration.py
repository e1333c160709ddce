"""How far crime gathers in few places, against what chance alone would gather.

From the count of every place, those without crime too. A hundred burglaries among a thousand
streets leave nine hundred streets empty whatever the burglar does, so a share of crime in the
worst places says nothing until it is held against the same number of crimes fallen at random
(simulated, seeded). Known weaknesses: places that differ in size concentrate crime by size
alone, unless their ``exposure`` is given; and counts of published map points gather what
happened along a street on one point of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.errors import DataContractError
from analysis.measures.rates import count_values

DRAWS = 999
# Enough for a 95 % range by chance and a p-value down to one in a thousand.

SEED = 20_120

CHANCE_RANGE = (0.025, 0.975)
# The range that 95 % of the draws by chance lie in.

DRAWN_AT_ONCE = 4_000_000
# Counts simulated in one step: 32 MB.

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Concentration:
    """Gini coefficients of places, and the 95 % range of them if crimes fell at random.

    ``generalised_gini`` allows for there being fewer crimes than places. ``p_value`` is the
    chance of a Gini as high by chance alone; ``is_more_than_chance`` at one in twenty.
    """

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
    """Gini and generalised Gini of places, and what chance alone would give.

    Parameters
    ----------
    counts : Series, shape (n_places,), offences
        Every place counted, nought where nothing happened; none missing.
    exposure : Series, optional, same index in any order
        What chance falls in proportion to (residents, dwellings, hectares); without it all
        places are alike.
    draws : int
        Simulated borough-years of the same number of crimes.
    seed : int

    Returns
    -------
    Concentration

    Raises
    ------
    DataContractError
        If a count is missing, negative or not whole, there is no crime or only one place, or
        an exposure is missing or negative.

    References
    ----------
    Bernasco & Steenbeek (2017), Journal of Quantitative Criminology 33; Weisburd (2015),
    Criminology 53.

    Examples
    --------
    >>> found = concentration(pd.Series([5, 2, 1, 0, 0, 0, 0, 0, 0, 0]))
    >>> round(found.gini, 2), round(found.generalised_gini, 2), found.is_more_than_chance
    (0.8, 0.75, True)
    """
    offences = _checked(counts)
    n, total = len(offences), int(offences.sum())
    by_chance = np.concatenate(
        [_gini(worst) for worst in _draws(counts, exposure, draws, seed)]
    )
    generalised = _generalised(by_chance, n, total)
    found = float(_gini(np.sort(offences)[None, ::-1])[0])
    lower, upper = np.quantile(by_chance, CHANCE_RANGE)
    generalised_lower, generalised_upper = np.quantile(generalised, CHANCE_RANGE)
    p_value = _p_value(by_chance >= found - 1e-12)
    return Concentration(
        place_count=n,
        offence_count=total,
        gini=found,
        gini_by_chance=float(by_chance.mean()),
        gini_by_chance_lower=float(lower),
        gini_by_chance_upper=float(upper),
        generalised_gini=float(_generalised(np.array(found), n, total)),
        generalised_gini_by_chance=float(generalised.mean()),
        generalised_gini_by_chance_lower=float(generalised_lower),
        generalised_gini_by_chance_upper=float(generalised_upper),
        p_value=p_value,
        is_more_than_chance=p_value <= 0.05,
        method=_method(exposure, draws),
    )


def leading_place_shares(
    counts: pd.Series,
    *,
    leading_pct: Sequence[float] = (1, 5, 10),
    exposure: pd.Series | None = None,
    is_whole: bool = False,
    draws: int = DRAWS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Share of crime in the worst 1, 5 and 10 % of all places.

    Where the percentage is not a whole number of places, the last place counts by its
    fraction (5 % of 137 places: the worst six, and 0.85 of the seventh). Places with one
    count share one place in the order, so a tie changes no share; ``tied_place_count`` says
    how many places the last one could as well have been.

    Parameters
    ----------
    counts, exposure, draws, seed
        As in ``concentration``.
    leading_pct : sequence of float in (0, 100]
    is_whole : bool
        Whether the number of places is rounded down, to one at least, as a choice of places
        is (``hit_rate``, ``hot_spot_overlap``): then both speak of the same places.

    Returns
    -------
    DataFrame, index ``leading_pct``
        ``place_count`` (a fraction unless whole) and ``place_pct``, ``offence_count``,
        ``offence_pct``, the same share by chance (``by_chance_pct`` with ``_lower`` and
        ``_upper``, 95 % range), ``tied_place_count``, ``is_more_than_chance``.

    Raises
    ------
    DataContractError
        As ``concentration``, or if a percentage is outside 0 to 100.

    Examples
    --------
    >>> shares = leading_place_shares(pd.Series([50, *[5] * 10, *[0] * 9]), leading_pct=(5,))
    >>> shares[["place_count", "offence_pct", "is_more_than_chance"]].values.tolist()
    [[1.0, 50.0, True]]
    """
    offences = np.sort(_checked(counts))[::-1]
    wanted = _percentages(leading_pct)
    places = wanted / 100 * len(offences)
    if is_whole:
        places = np.maximum(1.0, np.floor(places + 1e-9))
    found = _held_by(offences[None, :], places)[0]
    by_chance = np.concatenate(
        [_held_by(worst, places) for worst in _draws(counts, exposure, draws, seed)]
    )
    per_cent = 100 / offences.sum()
    lower, upper = np.quantile(by_chance, CHANCE_RANGE, axis=0) * per_cent
    last = offences[np.ceil(places - 1e-9).astype(int) - 1]
    return pd.DataFrame(
        {
            "place_count": places,
            "place_pct": 100 * places / len(offences),
            "offence_count": found,
            "offence_pct": found * per_cent,
            "by_chance_pct": by_chance.mean(axis=0) * per_cent,
            "by_chance_pct_lower": lower,
            "by_chance_pct_upper": upper,
            "tied_place_count": (offences[None, :] == last[:, None]).sum(axis=1),
            "is_more_than_chance": found * per_cent > upper + 1e-9,
        },
        index=pd.Index(wanted, name="leading_pct"),
    )


def places_holding(
    counts: pd.Series,
    *,
    held_pct: Sequence[float] = (25, 50),
    exposure: pd.Series | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Fewest places that hold 25 and 50 % of crime.

    Parameters
    ----------
    counts, exposure, draws, seed
        As in ``concentration``.
    held_pct : sequence of float in (0, 100]

    Returns
    -------
    DataFrame, index ``held_pct``
        ``place_count`` (whole places, holding at least as much), ``place_pct`` of all
        places, the number by chance (``by_chance_count`` with ``_lower`` and ``_upper``,
        95 % range), ``is_fewer_than_chance``.

    Raises
    ------
    DataContractError
        As ``concentration``, or if a percentage is outside 0 to 100.

    References
    ----------
    Weisburd (2015): half of crime on 2.1 to 6.0 % of a city's street segments, a quarter on
    0.4 to 1.6 %. Segments are far smaller than the places of published figures.

    Examples
    --------
    >>> places_holding(pd.Series([50, *[5] * 10, *[0] * 9]))["place_count"].tolist()
    [1, 1]
    """
    offences = np.sort(_checked(counts))[::-1]
    wanted = _percentages(held_pct)
    needed = wanted / 100 * offences.sum()
    found = _fewest(offences[None, :], needed)[0]
    by_chance = np.concatenate(
        [_fewest(worst, needed) for worst in _draws(counts, exposure, draws, seed)]
    )
    lower, upper = np.quantile(by_chance, CHANCE_RANGE, axis=0)
    return pd.DataFrame(
        {
            "place_count": found,
            "place_pct": found / len(offences) * 100,
            "by_chance_count": by_chance.mean(axis=0),
            "by_chance_count_lower": lower,
            "by_chance_count_upper": upper,
            "is_fewer_than_chance": found < lower,
        },
        index=pd.Index(wanted, name="held_pct"),
    )


def lorenz_curve(counts: pd.Series) -> pd.DataFrame:
    """Share of crime against share of places, the worst place first.

    Parameters
    ----------
    counts : Series, shape (n_places,), offences
        As in ``concentration``.

    Returns
    -------
    DataFrame, shape (n_places + 1, 2)
        ``place_pct`` and ``offence_pct``, both cumulative, from (0, 0) to (100, 100).

    Examples
    --------
    >>> lorenz_curve(pd.Series([1, 3, 0, 0])).values.tolist()
    [[0.0, 0.0], [25.0, 75.0], [50.0, 100.0], [75.0, 100.0], [100.0, 100.0]]
    """
    offences = np.sort(_checked(counts))[::-1]
    held = np.concatenate([[0.0], offences.cumsum()])
    return pd.DataFrame(
        {
            "place_pct": np.linspace(0, 100, len(held)),
            "offence_pct": held / held[-1] * 100,
        }
    )


def gini(counts: pd.Series, *, is_unbiased: bool = False) -> float:
    """Gini coefficient of all places: 0 where all are alike, near 1 where one has all.

    Parameters
    ----------
    counts : Series, shape (n_places,), offences
        As in ``concentration``.
    is_unbiased : bool
        Times n / (n - 1), so that one place with everything gives 1 however few there are.

    Examples
    --------
    >>> round(gini(pd.Series([10, 8, 2, 0, 0, 0, 0, 0, 0, 0])), 2)
    0.78
    """
    offences = _checked(counts)
    found = float(_gini(np.sort(offences)[None, ::-1])[0])
    return found * len(offences) / (len(offences) - 1) if is_unbiased else found


def generalised_gini(counts: pd.Series) -> float:
    """Gini coefficient against the most even spread that so few crimes allow.

    Eight crimes cannot touch more than eight of a thousand places; the plain coefficient
    would call that concentration. Where there are as many crimes as places or more, the two
    coefficients are the same.

    Parameters
    ----------
    counts : Series, shape (n_places,), offences
        As in ``concentration``.

    References
    ----------
    Bernasco & Steenbeek (2017): G' = max(1, n/c) (G - 1) + 1, n places, c crimes.

    Examples
    --------
    >>> round(generalised_gini(pd.Series([5, 2, 1, 0, 0, 0, 0, 0, 0, 0])), 2)
    0.75
    """
    offences = _checked(counts)
    return float(_generalised(np.array(gini(counts)), len(offences), int(offences.sum())))


def _checked(counts: pd.Series) -> Numbers:
    values = count_values(counts)
    if np.isnan(values).any():
        absent = counts.index[np.isnan(values)][:5].tolist()
        message = f"places without a count: {absent}. Nought is a count, missing is none."
        raise DataContractError(message)
    if (values % 1 != 0).any():
        message = "a count that is not whole. Give offences, not rates."
        raise DataContractError(message)
    if len(values) < 2 or values.sum() == 0:
        message = (
            f"concentration needs two places and one offence; here are {len(values)} place(s) "
            f"with {values.sum():.0f}."
        )
        raise DataContractError(message)
    return values


def _percentages(asked: Sequence[float]) -> Numbers:
    values = np.asarray(asked, dtype=float)
    if not ((values > 0) & (values <= 100)).all():
        message = f"percentages {list(asked)} must lie above 0 and up to 100."
        raise DataContractError(message)
    return values


def _draws(
    counts: pd.Series, exposure: pd.Series | None, draws: int, seed: int
) -> Iterator[Numbers]:
    """Counts as if at random, a row a draw, each row from the worst place down."""
    chance = _chance_of_places(counts.index, exposure)
    rng = np.random.default_rng(seed)
    total, at_once = int(counts.sum()), max(1, DRAWN_AT_ONCE // len(chance))
    for start in range(0, draws, at_once):
        drawn = rng.multinomial(total, chance, size=min(at_once, draws - start))
        yield np.sort(drawn, axis=1)[:, ::-1].astype(float)


def _chance_of_places(places: pd.Index, exposure: pd.Series | None) -> Numbers:
    if exposure is None:
        return np.full(len(places), 1 / len(places))
    values = exposure.reindex(places).to_numpy(dtype=float, na_value=np.nan)
    if not (values >= 0).all() or values.sum() == 0:
        wrong = places[~(values >= 0)][:5].tolist()
        message = f"exposure missing or negative for {wrong}. Give each place its own."
        raise DataContractError(message)
    return np.asarray(values / values.sum())


def _gini(worst_first: Numbers) -> Numbers:
    """Gini coefficient of each row, its counts from the highest down."""
    n = worst_first.shape[1]
    weight = n + 1 - 2 * np.arange(1, n + 1)
    return np.asarray(worst_first @ weight / (n * worst_first.sum(axis=1)))


def _generalised(plain: Numbers, n: int, total: int) -> Numbers:
    return np.asarray(max(1, n / total) * (plain - 1) + 1)


def _held_by(worst_first: Numbers, places: Numbers) -> Numbers:
    """Offences of each row's worst places, the last place by its fraction."""
    held = np.concatenate([np.zeros((len(worst_first), 1)), worst_first.cumsum(axis=1)], axis=1)
    whole = np.minimum(np.floor(places + 1e-9).astype(int), worst_first.shape[1])
    after = np.minimum(whole + 1, worst_first.shape[1])
    fraction = np.clip(places - whole, 0, 1)
    return np.asarray(held[:, whole] + fraction * (held[:, after] - held[:, whole]))


def _fewest(worst_first: Numbers, needed: Numbers) -> npt.NDArray[np.int64]:
    held = worst_first.cumsum(axis=1)
    return np.stack([(held < enough - 1e-9).sum(axis=1) + 1 for enough in needed], axis=1)


def _p_value(as_far: npt.NDArray[np.bool_]) -> float:
    """Share of draws as far out, the figures themselves counted as one of them."""
    return float((as_far.sum() + 1) / (as_far.size + 1))


def _method(exposure: pd.Series | None, draws: int) -> str:
    spread = "alike for all places" if exposure is None else "in proportion to exposure"
    return f"{draws} draws of the same number of offences, {spread}"
