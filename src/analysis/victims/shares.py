"""A part of crime as a share of all of it, borough by borough, and how sure the order is.

A share says how large a problem is beside the others of the same borough, not how large it
is: where shops and stations are few, all that happens at home is a larger share. So a share
is always told beside the rate for residents.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from analysis.errors import DataContractError
from analysis.measures.comparison import Funnel, funnel, rank_intervals

TO_PCT = 0.1
# From per 1,000 to per cent.


def shares_of_crime(
    part: pd.Series,
    whole: pd.Series,
    *,
    dispersion: pd.Series | float = 1.0,
    draws: int = 10_000,
    seed: int = 20_130_401,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Share of offences that are of one kind, with limits and rank, area by area.

    Parameters
    ----------
    part, whole : Series, shape (n_areas,), offences of the same months
        Indexed by ``area_code``; ``part`` is counted within ``whole``.
    dispersion : float or Series, at least 1
        Scatter of ``part`` in multiples of Poisson's; it widens limits and ranks.
    draws, seed : int
        Of the simulated ranks.
    confidence : float in (0, 1)

    Returns
    -------
    DataFrame, shape (n_areas, 8), index ``area_code``
        ``part_count``, ``whole_count``, ``share_pct`` with ``_lower`` and ``_upper``
        (Wilson's score limits on the counts divided by the dispersion), ``share_rank`` from
        the lowest with its limits.

    Raises
    ------
    DataContractError
        If a count is missing, or a part larger than its whole.

    References
    ----------
    Wilson (1927), Journal of the American Statistical Association 22; Goldstein &
    Spiegelhalter (1996), JRSS A 159.

    Examples
    --------
    >>> shares = shares_of_crime(pd.Series({"a": 65, "b": 20}), pd.Series({"a": 100, "b": 100}))
    >>> shares[["share_pct", "share_pct_lower", "share_pct_upper"]].round(1).loc["a"].tolist()
    [65.0, 55.3, 73.6]
    """
    _check(part, whole)
    ranks = rank_intervals(
        part, whole, draws=draws, seed=seed, confidence=confidence, dispersion=dispersion
    )
    scatter = pd.Series(dispersion, part.index, dtype=float)
    fewer, of = part.astype(float) / scatter, whole[part.index].astype(float) / scatter
    lower, upper = proportion_confint(fewer, of, alpha=1 - confidence, method="wilson")
    return pd.DataFrame(
        {
            "part_count": part.astype("Int64"),
            "whole_count": whole[part.index].astype("Int64"),
            "share_pct": 100 * fewer / of,
            "share_pct_lower": 100 * lower,
            "share_pct_upper": 100 * upper,
            "share_rank": ranks["rate_rank"],
            "share_rank_lower": ranks["rate_rank_lower"],
            "share_rank_upper": ranks["rate_rank_upper"],
        }
    )


def share_funnel(part: pd.Series, whole: pd.Series) -> Funnel:
    """Shares against that of all areas together, by how much crime each share is out of.

    Returns
    -------
    Funnel
        As ``funnel`` returns it, with ``share_pct`` in place of ``rate_per_1000`` and
        ``whole_count`` in place of ``population``. Its limits are Poisson's, slightly wider
        than a proportion's.

    Examples
    --------
    >>> part = pd.Series({"a": 100, "b": 104, "c": 97, "d": 180})
    >>> share_funnel(part, pd.Series(1_000, part.index)).table["share_pct"].round(1).tolist()
    [10.0, 10.4, 9.7, 18.0]
    """
    _check(part, whole)
    result = funnel(part, whole.astype(float))
    table, curve = (_as_shares(each) for each in (result.table, result.curve))
    return replace(result, table=table, curve=curve)


def ratio_to_others(
    part: pd.Series,
    population: pd.Series,
    area_code: str,
    *,
    dispersion: float = 1.0,
    confidence: float = 0.95,
) -> pd.Series:
    """Rate of one area as a percentage of that of the other areas together, with limits.

    Parameters
    ----------
    part : Series, shape (n_areas,), counts
    population : Series, persons, same index
    area_code : str
    dispersion : float, at least 1
        Scatter of the counts in multiples of Poisson's.

    Returns
    -------
    Series
        ``ratio_pct`` (100 where the rates are alike) with ``_lower`` and ``_upper``: exact
        binomial limits, given the sum of both counts (Clopper & Pearson 1934).

    Raises
    ------
    DataContractError
        If the other areas have no offence.

    Examples
    --------
    >>> counts, people = pd.Series({"a": 30, "b": 100}), pd.Series({"a": 10, "b": 50})
    >>> ratio_to_others(counts, people, "a").round(0).tolist()
    [150.0, 96.0, 228.0]
    """
    mine = float(part[area_code]) / dispersion
    others = float(part.drop(area_code).sum()) / dispersion
    exposure = float(population[area_code]) / float(
        population[part.index].drop(area_code).sum()
    )
    if not others > 0:
        message = "no offence elsewhere to compare with. Choose a larger group or period."
        raise DataContractError(message)
    tail = (1 - confidence) / 2
    low = stats.beta.ppf(tail, mine, others + 1) if mine > 0 else 0.0
    high = stats.beta.isf(tail, mine + 1, others)
    return pd.Series(
        {
            "ratio_pct": 100 * mine / others / exposure,
            "ratio_pct_lower": 100 * low / (1 - low) / exposure,
            "ratio_pct_upper": 100 * high / (1 - high) / exposure,
        }
    )


def _as_shares(table: pd.DataFrame) -> pd.DataFrame:
    scaled = table.rename(columns={"population": "whole_count"})
    rates = [str(column) for column in table.columns if "rate_per_1000" in str(column)]
    scaled[rates] = scaled[rates] * TO_PCT
    return scaled.rename(columns=lambda name: str(name).replace("rate_per_1000", "share_pct"))


def _check(part: pd.Series, whole: pd.Series) -> None:
    of = whole.reindex(part.index)
    wrong = part.index[part.isna() | of.isna() | (part > of).fillna(value=True)].tolist()
    if wrong:
        message = (
            f"no share for {wrong}: a count is missing, or the part is larger than the whole. "
            "Take the same months and the same basis for both."
        )
        raise DataContractError(message)
