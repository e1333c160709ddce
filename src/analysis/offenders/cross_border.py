"""How far a borough's crime moves with its neighbours', beyond London's own movement.

Each month's change on the same month a year earlier (which takes out season and level) is
compared with that of the neighbours together, after taking out the change of the rest of
London. Boroughs that follow London follow each other anyway, so that the remaining
correlation is judged against that with as many boroughs drawn at random among those that do
not touch: shared sub-regional life, transport and policing still count as following.
Correlation is not travel: who offends from where is published nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.errors import DataContractError

Numbers = npt.NDArray[np.float64]

MINIMUM_MONTHS = 36
# With fewer months a partial correlation of 0.3 is within chance.

DRAWS = 1_999
SEED = 20_130_401

HALF_OFFENCE = 0.5
# Added to both counts of a change, so that a month without an offence has one.


@dataclass(frozen=True)
class Following:
    """Partial correlation of an area's changes with its neighbours', and how unusual it is.

    ``random_lower`` and ``random_upper`` hold the middle 95 per cent of the correlations
    with sets of boroughs drawn at random; ``p_value`` is the share of them at least as
    high as the neighbours'.
    """

    correlation: float
    random_median: float
    random_lower: float
    random_upper: float
    p_value: float
    month_count: int
    neighbour_count: int
    draws: int
    method: str


def follows_neighbours(
    counts: pd.DataFrame,
    area_code: str,
    neighbours: Sequence[str],
    *,
    months: pd.DatetimeIndex,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Following | None:
    """Whether an area follows its neighbours more than other boroughs of London.

    Parameters
    ----------
    counts : DataFrame, shape (n_months, n_areas)
        Monthly offences, index ``month`` without gaps, a column a borough.
    area_code : str
    neighbours : sequence of str
        Columns of the boroughs that touch it.
    months : DatetimeIndex
        Months whose change on the year before is fit to be used.
    draws : int
        Random sets of boroughs that do not touch it.
    seed : int

    Returns
    -------
    Following or None
        None where fewer than 36 months can be used.

    Raises
    ------
    DataContractError
        If an area is not among the columns, or too few boroughs are left to draw from.

    Examples
    --------
    >>> from numpy.random import default_rng
    >>> months = pd.date_range("2010-01-01", periods=120, freq="MS", name="month")
    >>> rng = default_rng(1)
    >>> shared = 1 + 0.3 * rng.standard_normal(120)
    >>> means = {c: 200 * (shared.clip(0.2) if c in "ab" else np.ones(120)) for c in "abcdefgh"}
    >>> counts = pd.DataFrame({c: rng.poisson(m) for c, m in means.items()}, months)
    >>> follows_neighbours(counts, "a", ["b"], months=months[12:]).correlation > 0.7
    True
    """
    _refuse_unknown(counts, [area_code, *neighbours])
    others = [code for code in counts if code not in {area_code, *neighbours}]
    if len(others) <= len(neighbours):
        message = f"{len(others)} boroughs do not touch {area_code}: too few to draw from."
        raise DataContractError(message)
    rows = counts.index.isin(months) & (np.arange(len(counts)) >= 12)
    if rows.sum() < MINIMUM_MONTHS:
        return None
    own = _year_on_year(counts[[area_code]].to_numpy(float))[rows]
    london = counts.to_numpy(float).sum(axis=1, keepdims=True) - counts[[area_code]].to_numpy()
    near = _partial_correlations(own, counts[list(neighbours)].to_numpy(), london, rows)
    far = _random_correlations(counts[others], own, london, rows, len(neighbours), draws, seed)
    lower, median, upper = np.quantile(far, [0.025, 0.5, 0.975])
    return Following(
        correlation=float(near[0]),
        random_median=float(median),
        random_lower=float(lower),
        random_upper=float(upper),
        p_value=float((1 + (far >= near[0]).sum()) / (draws + 1)),
        month_count=int(rows.sum()),
        neighbour_count=len(neighbours),
        draws=draws,
        method="partial correlation of year-on-year changes; random sets of non-neighbours",
    )


def _random_correlations(
    others: pd.DataFrame,
    own: Numbers,
    london: Numbers,
    rows: npt.NDArray[np.bool_],
    size: int,
    draws: int,
    seed: int,
) -> Numbers:
    generator = np.random.default_rng(seed)
    order = generator.random((draws, others.shape[1])).argsort(axis=1)[:, :size]
    chosen = np.zeros((others.shape[1], draws))
    chosen[order.T, np.arange(draws)] = 1.0
    # One column a set: the sum of its boroughs.
    sums = others.to_numpy(float) @ chosen
    return _correlations_given(own, sums, london - sums, rows)


def _partial_correlations(
    own: Numbers, near: Numbers, london: Numbers, rows: npt.NDArray[np.bool_]
) -> Numbers:
    together = near.astype(float).sum(axis=1, keepdims=True)
    return _correlations_given(own, together, london - together, rows)


def _correlations_given(
    own: Numbers, sums: Numbers, rest: Numbers, rows: npt.NDArray[np.bool_]
) -> Numbers:
    """Correlation of ``own`` with each column of ``sums``, given the same one of ``rest``."""
    a, b = _standardised(_year_on_year(sums)[rows]), _standardised(_year_on_year(rest)[rows])
    y = _standardised(own)
    with_sums, with_rest = (y * a).mean(axis=0), (y * b).mean(axis=0)
    between = (a * b).mean(axis=0)
    spread = np.sqrt((1 - with_rest**2) * (1 - between**2))
    return (with_sums - with_rest * between) / np.maximum(spread, 1e-12)


def _year_on_year(counts: Numbers) -> Numbers:
    logs = np.log(counts + HALF_OFFENCE)
    changes = np.full_like(logs, np.nan)
    changes[12:] = logs[12:] - logs[:-12]
    return changes


def _standardised(values: Numbers) -> Numbers:
    centred = values - values.mean(axis=0)
    deviation = centred.std(axis=0)
    return centred / np.where(deviation > 0, deviation, 1.0)


def _refuse_unknown(counts: pd.DataFrame, codes: Sequence[str]) -> None:
    missing = [code for code in codes if code not in counts]
    if missing or len(codes) < 2:
        what = missing or "of a neighbour"
        message = f"following neighbours: no column {what} in the counts."
        raise DataContractError(message)
    if counts.isna().any(axis=None):
        message = "following neighbours: a month is missing. Take the months out beforehand."
        raise DataContractError(message)
