"""How far a survey's share may lie from the truth, and which differences are beyond chance.

The Public Attitude Survey is published as whole per cents without sample sizes. Two things
stand in for them: a number of persons assumed asked, and the figures' own scatter. A figure
that already covers four quarters loses one of them and gains another from each publication
to the next, so that for answers drawn at random its change has half the variance of the
figure itself; what the boroughs' changes vary by beyond that is the design effect (weights,
clusters, refusals). Known weaknesses: true change within a quarter counts as scatter, so
the effect is on the high side and intervals on the wide side; and all boroughs share one
effect.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from analysis.errors import DataContractError
from analysis.measures.false_discovery import FALSE_DISCOVERY, judged

ROUNDING_VARIANCE = 1 / 6
# Of the difference of two values published as whole per cents, each out by up to half.

QUARTERS_ROLLED = 4
# Quarters that a published figure looks to cover.

UNMEASURED_EFFECT = 2.0
# Of a survey with weights and clusters, where too few quarters are seen to find its own.


@dataclass(frozen=True)
class Scatter:
    """How far a survey's figures scatter from quarter to quarter.

    ``design_effect`` is the variance in multiples of a simple random sample's of the number
    assumed asked, at least 1; ``effective_count`` the persons that such a sample would need
    to scatter as much; ``difference_count`` the changes that it rests on (0: none, so an
    effect of 2 is assumed); ``year_ratio`` the variance of changes over a year in multiples
    of that over a quarter, about 4 where figures cover four quarters and about 1 where they
    cover one.
    """

    design_effect: float
    effective_count: float
    difference_count: int
    year_ratio: float


def survey_scatter(quarters: pd.DataFrame, sample_count: float) -> Scatter:
    """Design effect of a survey, from how boroughs' figures change within a quarter.

    What all boroughs share in a quarter is taken out first, and so is rounding.

    Parameters
    ----------
    quarters : DataFrame, shape (n_quarters, n_areas), per cent
        Whole per cents, each covering a year; one row a quarter, none left out.
    sample_count : float, persons
        Assumed asked in an area in a year.

    Returns
    -------
    Scatter

    Raises
    ------
    DataContractError
        If the number asked is not positive.

    References
    ----------
    Kish (1965), Survey Sampling: the design effect.

    Examples
    --------
    >>> draws = np.random.default_rng(1).binomial(100, 0.6, (40, 32))
    >>> year = pd.DataFrame(draws).rolling(4).mean().dropna().round()
    >>> bool(0.9 < survey_scatter(year, 400).design_effect < 1.15)
    True
    """
    if not sample_count > 0:
        raise DataContractError(f"{sample_count} persons asked: give a number above nought.")
    quarter, count = _scatter_over(quarters, 1)
    year, _ = _scatter_over(quarters, QUARTERS_ROLLED)
    if not count:
        known = UNMEASURED_EFFECT
        return Scatter(known, sample_count / known, 0, float("nan"))
    if not quarter > ROUNDING_VARIANCE:
        return Scatter(1.0, float(sample_count), count, float("nan"))
    share = quarters.astype(float).to_numpy() / 100
    # Of the change of a figure that covers four quarters of n / 4 persons each.
    expected = 1e4 * np.nanmean(share * (1 - share)) * 2 / QUARTERS_ROLLED / sample_count
    effect = max(1.0, float((quarter - ROUNDING_VARIANCE) / expected))
    ratio = (year - ROUNDING_VARIANCE) / (quarter - ROUNDING_VARIANCE)
    return Scatter(effect, sample_count / effect, count, float(ratio))


def survey_limits(
    value_pct: pd.Series, sample_count: pd.Series | float, *, confidence: float = 0.95
) -> pd.DataFrame:
    """Wilson's limits of survey shares.

    Parameters
    ----------
    value_pct : Series, per cent
    sample_count : Series (same index) or float, persons
        As many as a simple random sample would need to be as sure; need not be whole.
    confidence : float in (0, 1)

    Returns
    -------
    DataFrame, index of ``value_pct``
        ``value_pct`` with ``value_pct_lower`` and ``value_pct_upper``.

    References
    ----------
    Wilson (1927), Journal of the American Statistical Association 22.

    Examples
    --------
    >>> survey_limits(pd.Series({"a": 65.0}), 100).round(1).loc["a"].tolist()
    [65.0, 55.3, 73.6]
    """
    share = value_pct.astype(float) / 100
    sizes = share * 0 + sample_count
    lower, upper = proportion_confint(
        share * sizes, sizes, alpha=1 - confidence, method="wilson"
    )
    return pd.DataFrame(
        {
            "value_pct": value_pct.astype(float),
            "value_pct_lower": 100 * lower,
            "value_pct_upper": 100 * upper,
        }
    )


def judged_differences(
    before_pct: pd.Series,
    after_pct: pd.Series,
    before_count: pd.Series | float,
    after_count: pd.Series | float,
    *,
    false_discovery: float = FALSE_DISCOVERY,
) -> pd.DataFrame:
    """Differences of shares from independent samples, judged together.

    Parameters
    ----------
    before_pct, after_pct : Series, per cent, same index
    before_count, after_count : Series or float, persons
        Effective sizes of the samples.
    false_discovery : float
        Share of differences called real that may be chance (Benjamini-Hochberg).

    Returns
    -------
    DataFrame, same index
        ``before_pct``, ``after_pct``, ``difference_points`` (after less before) with
        ``_lower`` and ``_upper`` (95 %, each by itself), ``p_value`` (pooled z),
        ``q_value`` and ``is_significant``, all missing where a share is.

    References
    ----------
    Newcombe (1998), Statistics in Medicine 17, 873-890, method 10; Benjamini & Hochberg
    (1995), JRSS B 57.

    Examples
    --------
    >>> judged = judged_differences(
    ...     pd.Series({"a": 100 * 48 / 80}), pd.Series({"a": 100 * 56 / 70}), 80, 70
    ... )
    >>> judged.filter(like="points").round(2).loc["a"].tolist()
    [20.0, 5.24, 33.39]
    """
    before = survey_limits(before_pct, before_count)
    after = survey_limits(after_pct, after_count)
    table = pd.DataFrame({"before_pct": before["value_pct"], "after_pct": after["value_pct"]})
    lower, upper = combined_limits(after, before)
    table["difference_points"] = table["after_pct"] - table["before_pct"]
    table["difference_points_lower"], table["difference_points_upper"] = lower, upper
    n_before, n_after = (
        table["before_pct"] * 0 + before_count,
        table["after_pct"] * 0 + after_count,
    )
    pooled = (table["before_pct"] * n_before + table["after_pct"] * n_after) / (
        100 * (n_before + n_after)
    )
    error = 100 * np.sqrt(pooled * (1 - pooled) * (1 / n_before + 1 / n_after))
    table["p_value"] = 2 * stats.norm.sf((table["difference_points"] / error).abs())
    return with_verdicts(table, false_discovery)


def combined_limits(first: pd.DataFrame, second: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Limits of a difference from the limits of its two independent parts.

    Parameters
    ----------
    first, second : DataFrame
        A value and its lower and upper limit, in this order of columns.

    Returns
    -------
    tuple of Series
        Lower and upper limit of first less second.

    References
    ----------
    Zou & Donner (2008), Statistics in Medicine 27, 1693-1702; for shares it is Newcombe's
    method 10.
    """
    value1, low1, high1 = (first.iloc[:, place].astype(float) for place in range(3))
    value2, low2, high2 = (second.iloc[:, place].astype(float) for place in range(3))
    difference = value1 - value2
    below = np.sqrt((value1 - low1) ** 2 + (high2 - value2) ** 2)
    above = np.sqrt((high1 - value1) ** 2 + (value2 - low2) ** 2)
    return difference - below, difference + above


def with_verdicts(
    table: pd.DataFrame, false_discovery: float = FALSE_DISCOVERY
) -> pd.DataFrame:
    """A table with ``p_value``, judged together: ``q_value`` and ``is_significant`` added.

    Rows without a ``p_value`` are not judged and do not count among the comparisons.

    References
    ----------
    Benjamini & Hochberg (1995), JRSS B 57.

    Examples
    --------
    >>> judged = with_verdicts(pd.DataFrame({"p_value": [0.01, 0.04, None]}))
    >>> judged["q_value"].tolist()[:2], judged["is_significant"].tolist()[:2]
    ([0.02, 0.04], [True, True])
    """
    return table.assign(**judged(table["p_value"], false_discovery))


def _scatter_over(quarters: pd.DataFrame, lag: int) -> tuple[float, int]:
    """Mean square of changes over some quarters, less what all areas share, and how many."""
    changes = quarters.astype(float).diff(lag)
    known = changes.notna().sum(axis=1)
    own = changes.sub(changes.mean(axis=1), axis=0)[known > 1]
    freedom = int((known[known > 1] - 1).sum())
    count = int(known[known > 1].sum())
    return (float((own**2).sum().sum() / freedom), count) if freedom else (float("nan"), 0)
