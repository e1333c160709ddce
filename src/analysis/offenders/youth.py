"""Published youth justice rates, with the uncertainty that their publisher leaves out.

Rates and percentages are published without the numbers of children behind them. For a rate,
the number is implied by the rate and the children who live there; a number so small scatters
as counts do, and by how much more than Poisson's is learnt from how far years lie from the
line between their neighbours, all boroughs together. For a percentage to two decimals, the
smallest group that can give it is used: the group was that large or a multiple, so that the
interval is no narrower than it should be. Implied numbers serve the intervals and are
never printed.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.errors import DataContractError
from analysis.measures.rates import scattered_limits, wilson_interval

LARGEST_GROUP = 3_000
# No borough's cohort of a year comes near; a percentage that no smaller group gives is wrong.


def dispersion_about_trend(rates: pd.DataFrame, counts: pd.DataFrame) -> float:
    """Scatter of years about the line between their neighbours, in multiples of Poisson's.

    Parameters
    ----------
    rates : DataFrame, shape (n_years, n_areas)
        Yearly rates, one row a year in order, missing allowed.
    counts : DataFrame, same shape
        Number of cases behind each rate.

    Returns
    -------
    float
        At least 1; 1 where no three years of an area follow each other.

    References
    ----------
    Gasser, Sroka & Jennen-Steinmetz (1986), Biometrika 73 (variance from second
    differences), on the logarithm, whose variance is one over the count.

    Examples
    --------
    >>> rates = pd.DataFrame({"a": [100.0, 110.0, 121.0]})
    >>> dispersion_about_trend(rates, rates)
    1.0
    """
    logs = rates.astype(float).where(rates > 0).transform("log")
    one_over = 1 / counts.astype(float).where(counts > 0)
    off_line = logs - (logs.shift(1) + logs.shift(-1)) / 2
    expected = one_over + (one_over.shift(1) + one_over.shift(-1)) / 4
    ratios = (off_line**2 / expected).to_numpy()
    known = ratios[np.isfinite(ratios)]
    return float(max(1.0, known.mean())) if known.size else 1.0


def rates_with_limits(
    rates: pd.Series, people: pd.Series, *, per: float, years: float = 1, dispersion: float = 1
) -> pd.DataFrame:
    """Published rates with limits from the numbers they imply.

    Parameters
    ----------
    rates : Series, index ``area_code``
        As published, missing where withheld.
    people : Series, index ``area_code``, persons
        Those whom the rate is of.
    per : float
        Persons that the rate is per.
    years : float
        Years that the rate averages.
    dispersion : float, at least 1

    Returns
    -------
    DataFrame, index as ``rates``
        ``rate``, ``rate_lower``, ``rate_upper``, ``implied_count``; missing where the rate
        or the people are.

    Examples
    --------
    >>> row = rates_with_limits(
    ...     pd.Series({"a": 200.0}), pd.Series({"a": 20_000}), per=100_000
    ... ).loc["a"]
    >>> row.round(1).tolist()
    [200.0, 142.9, 272.4, 40.0]
    """
    values = rates.astype(float)
    residents = people.reindex(values.index).astype(float)
    count = (values / per * residents * years).round()
    known = np.asarray(count, dtype=np.float64)
    lower, upper = scattered_limits(known, float(dispersion))
    scale = per / (residents * years)
    return pd.DataFrame(
        {
            "rate": values,
            "rate_lower": np.minimum(lower * scale, values),
            "rate_upper": np.maximum(upper * scale, values),
            "implied_count": count,
        }
    )


def smallest_group(percentage: float, decimals: int = 2) -> tuple[int, int]:
    """Smallest group, and how many of it, that give a percentage as published.

    Parameters
    ----------
    percentage : float
        0 to 100, rounded to ``decimals``.
    decimals : int

    Returns
    -------
    cases, total : int
        ``cases`` of ``total``.

    Raises
    ------
    DataContractError
        If no group of up to 3,000 gives it.

    Examples
    --------
    >>> smallest_group(13.95), smallest_group(37.5)
    ((6, 43), (3, 8))
    """
    totals = np.arange(1, LARGEST_GROUP + 1)
    cases = np.rint(percentage / 100 * totals)
    # Half a unit of the last digit, and a hair for ties that were rounded either way.
    near = np.abs(100 * cases / totals - percentage) <= 0.5 * 10.0**-decimals + 1e-9
    if not (0 <= percentage <= 100 and near.any()):
        message = f"no group of up to {LARGEST_GROUP:,} gives {percentage} per cent."
        raise DataContractError(message)
    first = int(np.argmax(near))
    return int(cases[first]), int(totals[first])


def percentage_limits(percentages: pd.Series, decimals: int = 2) -> pd.DataFrame:
    """Wilson's limits of published percentages, on the smallest group that gives each.

    Parameters
    ----------
    percentages : Series
        0 to 100, missing where withheld.
    decimals : int

    Returns
    -------
    DataFrame, index as given
        ``value_pct``, ``value_pct_lower``, ``value_pct_upper``.

    Examples
    --------
    >>> percentage_limits(pd.Series({"a": 13.95, "b": None})).round(1).loc["a"].tolist()
    [14.0, 6.6, 27.3]
    """
    rows = []
    for value in percentages.astype(float):
        limits = [np.nan, np.nan]
        if np.isfinite(value):
            share = wilson_interval(*smallest_group(value, decimals))
            limits = [100 * share.lower, 100 * share.upper]
        rows.append([value, *limits])
    names = ["value_pct", "value_pct_lower", "value_pct_upper"]
    return pd.DataFrame(rows, index=percentages.index, columns=names, dtype=float)
