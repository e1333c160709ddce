"""How an area stands among others: funnels, ranks with intervals, and similar areas.

From one count an area and its residents. A league table turns scatter into order; a funnel
asks instead whether an area lies further from London's rate than chance and the usual
spread between boroughs explain, and a rank is given with the ranks it could as well have
had. Known weakness: residents are the wrong denominator where millions visit (Westminster,
Camden), and no limit mends that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from analysis.errors import DataContractError, did_you_mean
from analysis.measures.rates import PER, count_values, residents_of

LEVELS = (0.95, 0.998)
# Two and three standard deviations, the usual pair of funnel lines.

TRIM = 0.1
# Share of areas pulled in at either end before the spread between areas is judged.

POSITIONS = ("far below", "below", "in line", "above", "far above")

Numbers = npt.NDArray[np.float64]
Adjustment = Literal["additive", "multiplicative", "none"]


@dataclass(frozen=True)
class Overdispersion:
    """Spread between areas beyond chance: ``phi`` multiplies the variance, ``tau2`` adds."""

    phi: float
    tau2: float
    area_count: int
    transform: str
    treatment: str
    trim: float


@dataclass(frozen=True)
class Funnel:
    """Areas against the limits that chance and usual spread allow.

    ``table`` has index ``area_code``: ``offence_count``, ``population``,
    ``expected_count``, ``rate_per_1000``, limits ``rate_per_1000_95_lower``, ``_95_upper``,
    ``_998_lower``, ``_998_upper``, ``z`` (Poisson alone), ``z_adjusted`` and ``position``
    (one of ``POSITIONS``: outside the 99.8 % limits is far, outside the 95 % ones is not
    in line). ``curve`` has the limits over a range of ``population``, to be drawn.
    """

    table: pd.DataFrame
    curve: pd.DataFrame
    centre_per_1000: float
    phi: float
    tau2: float
    adjustment: str
    method: str


def funnel_limits(
    expected: Numbers | float, *, confidence: float = 0.95
) -> tuple[Numbers, Numbers]:
    """Exact Poisson limits of the ratio of observed to expected, target 1.

    Parameters
    ----------
    expected : array or float, above nought
        Offences expected at London's rate.
    confidence : float in (0, 1)
        Two-sided level.

    Returns
    -------
    lower, upper : arrays of the shape of ``expected``

    References
    ----------
    Spiegelhalter (2005), Statistics in Medicine 24.

    Examples
    --------
    >>> lower, upper = funnel_limits(20)
    >>> round(float(lower), 4), round(float(upper), 4)
    (0.6108, 1.5444)
    """
    count = np.asarray(expected, dtype=float)
    tail = (1 - confidence) / 2
    lower = stats.chi2.ppf(tail, 2 * count) / 2 / count
    upper = stats.chi2.isf(tail, 2 * count + 2) / 2 / count
    return np.asarray(lower), np.asarray(upper)


def overdispersion(
    observed: pd.Series,
    expected: pd.Series,
    *,
    transform: Literal["sqrt", "log"] = "sqrt",
    treatment: Literal["winsorise", "truncate"] = "winsorise",
    trim: float = TRIM,
) -> Overdispersion:
    """Spread of areas round the target beyond Poisson scatter.

    Parameters
    ----------
    observed, expected : Series, shape (n_areas,), same index
        ``expected`` above nought; with ``"log"``, ``observed`` too.
    transform : {"sqrt", "log"}
        Scale on which the ratio is compared with 1; its standard error is
        ``1 / (2 sqrt(expected))`` or ``1 / sqrt(expected)``.
    treatment : {"winsorise", "truncate"}
        Extreme z-scores are pulled in to the ``trim`` quantiles, or the ``trim`` share at
        either end (rounded down) is left out.
    trim : float in [0, 0.5)

    Returns
    -------
    Overdispersion
        ``tau2`` is nought where areas scatter no more than chance.

    References
    ----------
    Spiegelhalter (2005), Quality and Safety in Health Care 14.

    Examples
    --------
    >>> spread = overdispersion(pd.Series([100, 150, 60]), pd.Series([100.0, 100.0, 100.0]))
    >>> spread.tau2 > 0
    True
    """
    centred, error = _deviation(observed.to_numpy(float), expected.to_numpy(float), transform)
    z = centred / error
    if treatment == "winsorise":
        low, high = np.quantile(z, [trim, 1 - trim])
        z = np.clip(z, low, high)
    else:
        order = np.argsort(z, kind="stable")
        cut = int(np.floor(trim * len(z)))
        kept = order[cut : len(z) - cut]
        z, error = z[kept], error[kept]
    n = len(z)
    phi = float(np.mean(z**2))
    weight = 1 / error**2
    scale = weight.sum() - (weight**2).sum() / weight.sum()
    tau2 = max(0.0, (n * phi - (n - 1)) / scale) if n > 1 else 0.0
    return Overdispersion(phi, float(tau2), n, transform, treatment, trim)


def funnel(
    counts: pd.Series,
    population: pd.Series,
    *,
    centre_per_1000: float | None = None,
    adjustment: Adjustment = "additive",
) -> Funnel:
    """Areas against London's rate, with limits for chance and the usual spread.

    Parameters
    ----------
    counts : Series, shape (n_areas,), offences in the period
        Indexed by ``area_code``, none missing. Leave out the City and the unknown borough.
    population : Series, persons, same index in any order
    centre_per_1000 : float, optional
        Rate to compare with; the areas' own together if not given.
    adjustment : {"additive", "multiplicative", "none"}
        How spread between areas widens the limits: added to each area's variance (boroughs
        differ for reasons, whatever their size), multiplied, or not at all. Limits are
        exact where there is none to allow for.

    Returns
    -------
    Funnel

    Raises
    ------
    DataContractError
        If a count or population is missing, or there are fewer than three areas.

    References
    ----------
    Spiegelhalter (2005), Statistics in Medicine 24; Quality and Safety in Health Care 14.

    Examples
    --------
    >>> areas = ["a", "b", "c", "d"]
    >>> counts = pd.Series([100, 104, 97, 180], areas)
    >>> people = pd.Series(10_000, areas)
    >>> result = funnel(counts, people, centre_per_1000=10, adjustment="none")
    >>> result.table["position"].tolist()
    ['in line', 'in line', 'in line', 'far above']
    """
    observed = _whole_counts(counts)
    residents = residents_of(counts.index, population)
    centre = float(centre_per_1000 or observed.sum() / residents.sum() * PER)
    expected = residents * centre / PER
    _check_funnel(observed, expected)
    spread = overdispersion(
        pd.Series(observed, counts.index), pd.Series(expected, counts.index)
    )
    centred, error = _deviation(observed, expected, "sqrt")
    widened = _widened(error, spread, adjustment)
    table = pd.DataFrame(
        {
            "offence_count": counts.astype("Int64"),
            "population": residents,
            "expected_count": expected,
            "rate_per_1000": observed / residents * PER,
        },
        index=counts.index,
    )
    table = table.join(
        _rate_limits(residents, centre, spread, adjustment).set_index(table.index)
    )
    table["z"], table["z_adjusted"] = centred / error, centred / widened
    table["position"] = _position(table)
    grid = np.linspace(0.8 * residents.min(), 1.1 * residents.max(), 100)
    curve = pd.DataFrame({"population": grid})
    curve = curve.join(_rate_limits(grid, centre, spread, adjustment))
    is_exact = _is_exact(spread, adjustment)
    method = "exact Poisson limits" if is_exact else f"{adjustment} overdispersion, root scale"
    return Funnel(table, curve, centre, spread.phi, spread.tau2, adjustment, method)


def rank_intervals(
    counts: pd.Series,
    population: pd.Series | None = None,
    *,
    draws: int = 10_000,
    seed: int = 20_130_401,
    confidence: float = 0.95,
    dispersion: float | pd.Series = 1.0,
) -> pd.DataFrame:
    """Rank of each area from the lowest (1), with the ranks it could as well have.

    The underlying level of each area is drawn from what its count says of it (Gamma, with
    Jeffreys' half offence), all areas are ranked, and again.

    Parameters
    ----------
    counts : Series, shape (n_areas,), offences in the period
        Indexed by ``area_code``, none missing.
    population : Series, persons, same index in any order; optional
        Without it there are ranks by count only.
    draws : int
        Number of simulated rankings.
    seed : int
        Of the simulation; same seed, same result, in whatever order the areas come.
    confidence : float in (0, 1)
        Level of the intervals.
    dispersion : float or Series, at least 1
        Scatter of the counts in multiples of Poisson's.

    Returns
    -------
    DataFrame, shape (n_areas, 5 or 10), index ``area_code``
        ``offence_count``, ``count_rank`` (ties share the better rank) with ``_lower`` and
        ``_upper``, ``count_lowest_probability``; with a population also ``rate_per_1000``,
        ``rate_rank`` with limits and ``rate_lowest_probability``. Probabilities are 0 to 1
        and add up to 1.

    Raises
    ------
    DataContractError
        If a count or population is missing.

    References
    ----------
    Goldstein & Spiegelhalter (1996), JRSS A 159.

    Examples
    --------
    >>> ranks = rank_intervals(pd.Series({"a": 900, "b": 500, "c": 510}))
    >>> ranks[["count_rank", "count_rank_lower", "count_rank_upper"]].to_numpy().tolist()
    [[3, 3, 3], [1, 1, 2], [2, 1, 2]]
    """
    ordered = counts.sort_index()
    observed = _whole_counts(ordered)
    generator = np.random.default_rng(seed)
    scatter = _scatter_of(ordered.index, dispersion)
    levels = generator.gamma((observed + 0.5) / scatter, scatter, (draws, len(observed)))
    table = pd.DataFrame({"offence_count": ordered.astype("Int64")})
    table = table.join(
        ranks_of_draws(observed, levels, "count", confidence).set_index(table.index)
    )
    if population is not None:
        residents = residents_of(ordered.index, population)
        rate = observed / residents * PER
        table["rate_per_1000"] = rate
        ranks = ranks_of_draws(rate, levels / residents, "rate", confidence)
        table = table.join(ranks.set_index(table.index))
    return table.reindex(counts.index)


def ranks_of_draws(
    values: Numbers, levels: Numbers, name: str, confidence: float = 0.95
) -> pd.DataFrame:
    """Rank of each value from the lowest (1), and the ranks its simulated levels leave open.

    Parameters
    ----------
    values : array, shape (n_areas,)
    levels : array, shape (n_draws, n_areas)
        What the values could as well be.
    name : str
        Begins the names of the columns.
    confidence : float in (0, 1)

    Returns
    -------
    DataFrame, shape (n_areas, 4)
        ``{name}_rank`` (ties share the better), ``_rank_lower``, ``_rank_upper`` and
        ``_lowest_probability``.

    Examples
    --------
    >>> drawn = np.array([[1.0, 2.0], [2.0, 1.0]])
    >>> ranks_of_draws(np.array([1.0, 3.0]), drawn, "rate").iloc[0].tolist()
    [1.0, 1.0, 2.0, 0.5]
    """
    drawn = levels.argsort(axis=1).argsort(axis=1) + 1
    tails = [(1 - confidence) / 2, (1 + confidence) / 2]
    lower, upper = np.quantile(drawn, tails, axis=0, method="inverted_cdf").astype(int)
    return pd.DataFrame(
        {
            f"{name}_rank": stats.rankdata(values, method="min").astype(int),
            f"{name}_rank_lower": lower,
            f"{name}_rank_upper": upper,
            f"{name}_lowest_probability": (drawn == 1).mean(axis=0),
        }
    )


def similar_areas(features: pd.DataFrame, area_code: str, n: int = 5) -> pd.DataFrame:
    """The areas most like one, by features put on one scale.

    Parameters
    ----------
    features : DataFrame, shape (n_areas, n_features), index ``area_code``
        Numbers, none missing: population, density, deprivation, share of young people ...
        Each is standardised over the areas and weighs the same.
    area_code : str
        The area to match.
    n : int
        How many to return.

    Returns
    -------
    DataFrame, shape (n, 2 + n_features), index ``area_code``, nearest first
        ``similarity_rank`` (from 1), ``distance`` (root mean square of the differences, in
        standard deviations) and the features as given.

    Raises
    ------
    DataContractError
        If the area is unknown, or a feature missing or not a number.

    Examples
    --------
    >>> features = pd.DataFrame(
    ...     {"density": [10, 11, 40], "deprivation": [5, 5, 30]}, index=["a", "b", "c"]
    ... )
    >>> similar_areas(features, "a", n=1).index.tolist()
    ['b']
    """
    _check_features(features, area_code)
    values = features.astype(float)
    spread = values.std(ddof=0)
    # A feature on which all areas agree tells none apart.
    scaled = (values - values.mean()) / spread.where(spread > 0, 1.0)
    difference = scaled - scaled.loc[area_code]
    distance = np.sqrt((difference**2).mean(axis=1)).drop(area_code)
    # Ties go by code, so that the order of rows does not decide.
    nearest = distance.sort_index().sort_values(kind="stable").head(n)
    table = features.loc[nearest.index].copy()
    table.insert(0, "similarity_rank", np.arange(1, len(nearest) + 1))
    table.insert(1, "distance", nearest)
    table.index.name = "area_code"
    return table


def _deviation(observed: Numbers, expected: Numbers, transform: str) -> tuple[Numbers, Numbers]:
    ratio = observed / expected
    if transform == "log":
        return np.log(ratio), 1 / np.sqrt(expected)
    return np.sqrt(ratio) - 1, 1 / (2 * np.sqrt(expected))


def _scatter_of(areas: pd.Index, dispersion: float | pd.Series) -> Numbers:
    if isinstance(dispersion, pd.Series):
        return dispersion.reindex(areas).to_numpy(dtype=float)
    return np.full(len(areas), float(dispersion))


def _widened(error: Numbers, spread: Overdispersion, adjustment: str) -> Numbers:
    if _is_exact(spread, adjustment):
        return error
    if adjustment == "additive":
        return np.asarray(np.sqrt(error**2 + spread.tau2))
    return error * np.sqrt(spread.phi)


def _is_exact(spread: Overdispersion, adjustment: str) -> bool:
    excess = spread.tau2 > 0 if adjustment == "additive" else spread.phi > 1
    return adjustment == "none" or not excess


def _rate_limits(
    residents: Numbers, centre: float, spread: Overdispersion, adjustment: str
) -> pd.DataFrame:
    expected = residents * centre / PER
    error = _widened(1 / (2 * np.sqrt(expected)), spread, adjustment)
    limits = {}
    for level, name in zip(LEVELS, ("95", "998"), strict=True):
        lower, upper = funnel_limits(expected, confidence=level)
        if not _is_exact(spread, adjustment):
            reach = stats.norm.isf((1 - level) / 2) * error
            lower, upper = np.maximum(0, 1 - reach) ** 2, (1 + reach) ** 2
        limits[f"rate_per_1000_{name}_lower"] = lower * centre
        limits[f"rate_per_1000_{name}_upper"] = upper * centre
    return pd.DataFrame(limits)


def _position(table: pd.DataFrame) -> pd.Series:
    rate = table["rate_per_1000"]
    # Two steps above or below for the outer limits, one for the inner, none between.
    step = pd.Series(2, table.index)
    for name in ("95", "998"):
        step += (rate > table[f"rate_per_1000_{name}_upper"]).astype(int)
        step -= (rate < table[f"rate_per_1000_{name}_lower"]).astype(int)
    return step.map(dict(enumerate(POSITIONS)))


def _whole_counts(counts: pd.Series) -> Numbers:
    values = count_values(counts)
    if np.isnan(values).any() or not len(values):
        absent = counts.index[np.isnan(values)].tolist()
        message = f"areas without a count cannot be compared: {absent}. Leave them out."
        raise DataContractError(message)
    return values


def _check_funnel(observed: Numbers, expected: Numbers) -> None:
    if len(observed) < 3 or not (expected > 0).all():
        message = (
            f"a funnel needs three areas or more and some offences; here are {len(observed)} "
            f"area(s) with {observed.sum():.0f} offences. Choose a larger group or period."
        )
        raise DataContractError(message)


def _check_features(features: pd.DataFrame, area_code: str) -> None:
    if area_code not in features.index:
        hint = did_you_mean(area_code, map(str, features.index))
        message = f"similar areas: no features of area '{area_code}'.{hint}"
        raise DataContractError(message)
    if features.index.has_duplicates:
        twice = features.index[features.index.duplicated()].unique().tolist()
        message = f"similar areas: {twice} occur more than once. One row an area."
        raise DataContractError(message)
    if features.isna().any(axis=None):
        absent = features.index[features.isna().any(axis=1)].tolist()
        message = f"similar areas: a feature of {absent} is missing. Leave area or feature out."
        raise DataContractError(message)
