"""Ratios of two shares or two rates, with limits.

Each search, disposal or outcome is taken as a case of its own. Several often come of one
incident or one person, so the truth is somewhat less certain than these limits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from analysis.errors import DataContractError

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Ratio:
    """A ratio with its limits and the p-value of no difference; NaN where none is known."""

    ratio: float
    lower: float
    upper: float
    p_value: float


UNKNOWN = Ratio(np.nan, np.nan, np.nan, np.nan)


def risk_ratio(
    cases: float,
    total: float,
    reference_cases: float,
    reference_total: float,
    *,
    confidence: float = CONFIDENCE,
) -> Ratio:
    """Share of cases in one group over the share in another.

    Parameters
    ----------
    cases, total : float
        Of the group, such as arrests and searches.
    reference_cases, reference_total : float
        Of the group it is set against.
    confidence : float in (0, 1)
        Two-sided level of the limits.

    Returns
    -------
    Ratio
        NaN where either group has no case: the logarithm has no limits there.

    Raises
    ------
    DataContractError
        If a count is negative, or cases exceed their total.

    References
    ----------
    Katz, Baptista, Azen & Pike (1978), Biometrics 34.

    Examples
    --------
    >>> found = risk_ratio(30, 100, 20, 100)
    >>> round(found.ratio, 2), round(found.lower, 2), round(found.upper, 2)
    (1.5, 0.92, 2.46)
    """
    for part, whole in ((cases, total), (reference_cases, reference_total)):
        if part < 0 or part > whole:
            message = f"{part} of {whole} is no share: give 0 to all cases of each group."
            raise DataContractError(message)
    if not cases or not reference_cases:
        return UNKNOWN
    variance = 1 / cases - 1 / total + 1 / reference_cases - 1 / reference_total
    share, reference = cases / total, reference_cases / reference_total
    return ratio_with_error(share / reference, np.sqrt(variance), confidence)


def stratified_risk_ratio(strata: pd.DataFrame, *, confidence: float = CONFIDENCE) -> Ratio:
    """Ratio of shares with what the groups differ in held alike (Mantel and Haenszel).

    Parameters
    ----------
    strata : DataFrame, one row a stratum
        ``cases``, ``total``, ``reference_cases``, ``reference_total``; a stratum without
        one of the groups says nothing and is passed over.
    confidence : float in (0, 1)

    Returns
    -------
    Ratio
        NaN where no stratum has both groups, or a group has no case.

    References
    ----------
    Greenland & Robins (1985), Biometrics 41 (variance); Rothman, Greenland & Lash (2008),
    Modern Epidemiology, chapter 15.

    Examples
    --------
    >>> strata = pd.DataFrame(
    ...     {
    ...         "cases": [8, 22],
    ...         "total": [106, 98],
    ...         "reference_cases": [5, 16],
    ...         "reference_total": [120, 85],
    ...     }
    ... )
    >>> round(stratified_risk_ratio(strata).ratio, 2)
    1.33
    """
    held = strata[(strata["total"] > 0) & (strata["reference_total"] > 0)].astype(float)
    a, n = held["cases"], held["total"]
    b, m = held["reference_cases"], held["reference_total"]
    whole = n + m
    upper, lower = float((a * m / whole).sum()), float((b * n / whole).sum())
    if upper == 0 or lower == 0:
        return UNKNOWN
    spread = float((((a + b) * n * m - a * b * whole) / whole**2).sum())
    error = np.sqrt(max(spread, 0.0) / (upper * lower))
    return ratio_with_error(upper / lower, error, confidence)


def rate_ratio(
    count: float,
    exposure: float,
    reference_count: float,
    reference_exposure: float,
    *,
    dispersion: float = 1.0,
    reference_dispersion: float = 1.0,
    confidence: float = CONFIDENCE,
) -> Ratio:
    """One rate over another, the counts being Poisson or more scattered.

    Parameters
    ----------
    count, reference_count : float
        Events counted.
    exposure, reference_exposure : float
        Residents or offences that they are set against, above nought.
    dispersion, reference_dispersion : float, at least 1
        Scatter of the counts in multiples of Poisson's.
    confidence : float in (0, 1)

    Returns
    -------
    Ratio
        NaN where either count is nought.

    Raises
    ------
    DataContractError
        If an exposure is not above nought.

    Examples
    --------
    >>> found = rate_ratio(40, 1000, 20, 1000)
    >>> found.ratio, round(found.lower, 2), round(found.upper, 2)
    (2.0, 1.17, 3.42)
    """
    if not (exposure > 0 and reference_exposure > 0):
        message = "a rate needs residents or offences above nought on both sides."
        raise DataContractError(message)
    if not count or not reference_count:
        return UNKNOWN
    rate, reference = count / exposure, reference_count / reference_exposure
    error = np.sqrt(dispersion / count + reference_dispersion / reference_count)
    return ratio_with_error(rate / reference, error, confidence)


def ratio_with_error(ratio: float, error: float, confidence: float = CONFIDENCE) -> Ratio:
    """A ratio with limits from the standard error of its logarithm.

    Examples
    --------
    >>> ratio_with_error(2.0, 0.1).ratio
    2.0
    """
    log_ratio = np.log(ratio)
    half = stats.norm.isf((1 - confidence) / 2) * error
    p_value = 2 * stats.norm.sf(abs(log_ratio) / error) if error > 0 else np.nan
    return Ratio(
        float(ratio),
        float(np.exp(log_ratio - half)),
        float(np.exp(log_ratio + half)),
        float(p_value),
    )
