"""Rates and proportions with their limits.

A recorded count is taken as one draw of a Poisson quantity: exact chi-squared limits below
ten, Byar's approximation from ten on, as the UK's public health indicators do. Crime
clusters (one offender, many burglaries), so the truth is somewhat less certain than these
limits; and a rate on residents flatters the suburbs and defames a borough that millions
visit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from analysis.errors import DataContractError

SMALL_COUNT = 10
# Byar's approximation drifts below ten; the same threshold says "no verdict" elsewhere.

PER = 1_000
# Crime rates are published per 1,000 residents in England.

LimitsMethod = Literal["auto", "exact", "byar"]


@dataclass(frozen=True)
class CountLimits:
    """A count with the limits of its Poisson mean, and how they were found."""

    count: float
    lower: float
    upper: float
    confidence: float
    method: str


@dataclass(frozen=True)
class Proportion:
    """A proportion (0 to 1) with its limits, and how they were found."""

    proportion: float
    lower: float
    upper: float
    confidence: float
    method: str


@dataclass(frozen=True)
class Share:
    """A part's share of a whole in per cent, with its limits."""

    share_pct: float
    share_lower_pct: float
    share_upper_pct: float
    confidence: float
    method: str


def crime_rate(
    counts: pd.Series, population: pd.Series, *, confidence: float = 0.95
) -> pd.DataFrame:
    """Recorded crime per 1,000 residents, with confidence limits.

    Parameters
    ----------
    counts : Series, shape (n_areas,), integer
        Recorded offences in the period, indexed by ``area_code``. A missing count gives a
        missing rate.
    population : Series, shape (n_areas,), persons
        Mid-year resident estimate, same index as ``counts`` (in any order).
    confidence : float in (0, 1)
        Two-sided confidence level.

    Returns
    -------
    DataFrame, shape (n_areas, 4), index ``area_code``
        ``rate_per_1000`` with ``_lower`` and ``_upper`` limits, offences per
        1,000 residents; ``method`` is ``"exact"`` or ``"byar"``.

    Raises
    ------
    DataContractError
        If a population is missing, zero or negative, or a count negative.

    References
    ----------
    Breslow & Day (1987), Statistical Methods in Cancer Research, vol. II (Byar).

    Examples
    --------
    >>> areas = ["E09000007", "E09000012"]
    >>> rates = crime_rate(pd.Series([8, 82], areas), pd.Series([10_000, 10_000], areas))
    >>> rates.round(2).T
                        E09000007 E09000012
    rate_per_1000             0.8       8.2
    rate_per_1000_lower      0.35      6.52
    rate_per_1000_upper      1.58     10.18
    method                  exact      byar
    """
    residents = residents_of(counts.index, population)
    offences = count_values(counts)
    lower, upper = poisson_interval(offences, confidence=confidence)
    return pd.DataFrame(
        {
            "rate_per_1000": offences / residents * PER,
            "rate_per_1000_lower": lower / residents * PER,
            "rate_per_1000_upper": upper / residents * PER,
            "method": np.where(offences < SMALL_COUNT, "exact", "byar"),
        },
        index=counts.index,
    )


def poisson_limits(
    count: float, *, confidence: float = 0.95, method: LimitsMethod = "auto"
) -> CountLimits:
    """Limits of the Poisson mean behind one count.

    Parameters
    ----------
    count : float
        Offences counted, nought or more.
    confidence : float in (0, 1)
        Two-sided confidence level.
    method : {"auto", "exact", "byar"}
        ``"auto"`` is exact (chi-squared) below ten and Byar's from ten on.

    Returns
    -------
    CountLimits

    Raises
    ------
    DataContractError
        If the count is negative or the confidence outside (0, 1).

    References
    ----------
    Breslow & Day (1987), vol. II (Byar); Garwood (1936), Biometrika 28 (exact).

    Examples
    --------
    >>> limits = poisson_limits(65)
    >>> round(limits.lower, 2), round(limits.upper, 2), limits.method
    (50.16, 82.85, 'byar')
    """
    used = ("exact" if count < SMALL_COUNT else "byar") if method == "auto" else method
    values = count_values(pd.Series([count]))
    lower, upper = poisson_interval(values, confidence=confidence, method=used)
    return CountLimits(float(count), float(lower[0]), float(upper[0]), confidence, used)


def poisson_interval(
    counts: npt.NDArray[np.float64],
    *,
    confidence: float = 0.95,
    method: LimitsMethod = "auto",
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Lower and upper limits of many Poisson means, as ``poisson_limits`` for each.

    Parameters
    ----------
    counts : array of float, nought or more; NaN gives NaN

    Returns
    -------
    lower, upper : arrays of the same shape

    Examples
    --------
    >>> lower, upper = poisson_interval(np.array([0.0, 10.0]))
    >>> upper.round(2).tolist()
    [3.69, 18.39]
    """
    tail = _tail(confidence)
    z = stats.norm.isf(tail)
    positive = np.where(counts > 0, counts, np.nan)
    exact_lower = np.where(counts == 0, 0.0, stats.chi2.ppf(tail, 2 * positive) / 2)
    exact_upper = stats.chi2.isf(tail, 2 * counts + 2) / 2
    byar_lower = positive * (1 - 1 / (9 * positive) - z / (3 * np.sqrt(positive))) ** 3
    byar_lower = np.where(counts == 0, 0.0, byar_lower)
    above = counts + 1
    byar_upper = above * (1 - 1 / (9 * above) + z / (3 * np.sqrt(above))) ** 3
    exact = (
        counts < SMALL_COUNT if method == "auto" else np.full(counts.shape, method == "exact")
    )
    return np.where(exact, exact_lower, byar_lower), np.where(exact, exact_upper, byar_upper)


def scattered_limits(
    counts: npt.NDArray[np.float64],
    dispersion: npt.NDArray[np.float64] | float,
    *,
    confidence: float = 0.95,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Limits of counts that scatter more than Poisson's.

    Parameters
    ----------
    counts : array of float, nought or more; NaN gives NaN
    dispersion : array of the same shape or float, at least 1
        Variance in multiples of Poisson's.
    confidence : float in (0, 1)
        Two-sided confidence level.

    Returns
    -------
    lower, upper : arrays of the same shape

    Examples
    --------
    >>> lower, upper = scattered_limits(np.array([100.0]), np.array([4.0]))
    >>> lower.round().tolist(), upper.round().tolist()
    ([65.0], [148.0])
    """
    lower, upper = poisson_interval(counts / dispersion, confidence=confidence)
    return lower * dispersion, upper * dispersion


def wilson_interval(successes: int, n: int, *, confidence: float = 0.95) -> Proportion:
    """A proportion with Wilson's score limits, sound near 0 and 1 and for few trials.

    Parameters
    ----------
    successes : int
        Cases of interest, at most ``n``.
    n : int
        All cases.
    confidence : float in (0, 1)
        Two-sided confidence level.

    Returns
    -------
    Proportion
        All between 0 and 1.

    Raises
    ------
    DataContractError
        If ``n`` is not positive, or ``successes`` is outside 0 to ``n``.

    References
    ----------
    Wilson (1927), Journal of the American Statistical Association 22.

    Examples
    --------
    >>> share = wilson_interval(65, 100)
    >>> share.proportion, round(share.lower, 3), round(share.upper, 3)
    (0.65, 0.553, 0.736)
    """
    if n <= 0 or not 0 <= successes <= n:
        message = f"{successes} of {n} is no proportion: give 0 to n cases of n, n above 0."
        raise DataContractError(message)
    alpha = 2 * _tail(confidence)
    lower, upper = proportion_confint(successes, n, alpha=alpha, method="wilson")
    # At none and at all the limit is exact; rounding in the last bit would miss it.
    lower = 0.0 if successes == 0 else float(lower)
    upper = 1.0 if successes == n else float(upper)
    return Proportion(successes / n, lower, upper, confidence, "wilson")


def share_of_whole(
    part: float, whole: float, *, dispersion: float = 1.0, confidence: float = 0.95
) -> Share:
    """Share of a whole that a part is, with limits for counts that scatter.

    Parameters
    ----------
    part, whole : float, offences
        ``whole`` holds ``part`` and is above nought.
    dispersion : float, at least 1
        Scatter of the counts in multiples of Poisson's: so many times fewer offences would
        say as much.
    confidence : float in (0, 1)

    Returns
    -------
    Share
        Wilson's limits of the counts divided by the dispersion.

    Raises
    ------
    DataContractError
        If the part is negative or more than the whole.

    References
    ----------
    Wilson (1927), Journal of the American Statistical Association 22.

    Examples
    --------
    >>> share = share_of_whole(65, 100)
    >>> round(share.share_lower_pct, 2), round(share.share_upper_pct, 2)
    (55.25, 73.64)
    """
    if not 0 <= part <= whole or whole <= 0:
        message = f"a share of {part} in {whole}: the part lies between nought and the whole."
        raise DataContractError(message)
    n = whole / dispersion
    proportion, z2 = part / whole, float(stats.norm.isf((1 - confidence) / 2)) ** 2
    centre = (proportion + z2 / (2 * n)) / (1 + z2 / n)
    half = np.sqrt(z2 * (proportion * (1 - proportion) / n + z2 / (4 * n**2))) / (1 + z2 / n)
    return Share(
        100 * proportion,
        float(100 * (centre - half)),
        float(100 * (centre + half)),
        confidence,
        "wilson",
    )


def count_values(counts: pd.Series) -> npt.NDArray[np.float64]:
    """Counts as floats, missing as NaN; a negative one is refused.

    Raises
    ------
    DataContractError

    Examples
    --------
    >>> count_values(pd.Series([3, None], dtype="Int64")).tolist()
    [3.0, nan]
    """
    values = counts.to_numpy(dtype=float, na_value=np.nan)
    if (values < 0).any():
        wrong = counts.index[values < 0].tolist()
        message = f"negative count for {wrong}. Counts start from nought; correct the table."
        raise DataContractError(message)
    return values


def residents_of(areas: pd.Index, population: pd.Series) -> npt.NDArray[np.float64]:
    """Residents of each area, in the order of ``areas``.

    Raises
    ------
    DataContractError
        If an area occurs twice, or its population is missing, zero or negative.

    Examples
    --------
    >>> residents_of(pd.Index(["b", "a"]), pd.Series([10, 20], ["a", "b"])).tolist()
    [20.0, 10.0]
    """
    for index, what in ((areas, "the counts"), (population.index, "the population")):
        if index.has_duplicates:
            twice = index[index.duplicated()].unique().tolist()
            message = f"{what} hold {twice} more than once. Give one row an area."
            raise DataContractError(message)
    residents = population.reindex(areas).to_numpy(dtype=float, na_value=np.nan)
    wrong = areas[~(residents > 0)].tolist()
    if wrong:
        message = (
            f"no population above nought for {wrong}: a rate needs one. Take these areas out, "
            "or add their residents to the population table."
        )
        raise DataContractError(message)
    return residents


def _tail(confidence: float) -> float:
    if not 0 < confidence < 1:
        message = f"confidence {confidence} is not between 0 and 1. Write 0.95 for 95 %."
        raise DataContractError(message)
    return (1 - confidence) / 2
