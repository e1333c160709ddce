"""An area against the rest of London: its change, and the mix of its offences.

From counts by area, and by area and offence group. "Against London" is against all other
areas together: a large borough would otherwise be compared with itself in part. What moves
all London moves both sides and cancels, but is still in the scatter learnt from each side's
months: the verdicts err on the side of none. A false-discovery control holds over all areas,
or groups, judged together.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from analysis.errors import DataContractError
from analysis.measures.false_discovery import judged
from analysis.measures.rates import SMALL_COUNT, count_values

Numbers = npt.NDArray[np.float64]


def change_against_rest(
    counts: pd.DataFrame, *, confidence: float = 0.95, false_discovery: float = 0.05
) -> pd.DataFrame:
    """Change of each area relative to the change of all others together.

    Parameters
    ----------
    counts : DataFrame, index ``area_code``
        ``before_count``, ``after_count`` and ``dispersion`` (of totals, at least 1). Areas
        with a missing count are left out of the rest too.
    confidence : float in (0, 1)
        Two-sided level of the limits, each area by itself.
    false_discovery : float in (0, 1)
        Share of false alarms accepted among the areas called different.

    Returns
    -------
    DataFrame, same index
        ``relative_change_pct`` with limits: by how much the area's count grew more than the
        rest's, in percent of what the rest's growth would have made of it; ``p_value``,
        ``q_value`` and ``is_different``. Missing where a count is missing or under ten.

    Raises
    ------
    DataContractError
        If a column is missing, a count negative, or there is one area only.

    References
    ----------
    Benjamini & Hochberg (1995), JRSS B 57.

    Examples
    --------
    >>> counts = pd.DataFrame(
    ...     {"before_count": [1000, 500, 500], "after_count": [1200, 500, 500]},
    ...     index=["a", "b", "c"],
    ... ).assign(dispersion=1.0)
    >>> change_against_rest(counts)["relative_change_pct"].round(1).tolist()
    [20.0, -11.8, -11.8]
    """
    _check_columns(counts, ["before_count", "after_count", "dispersion"])
    if len(counts) < 2:
        raise DataContractError("change against the rest: two areas at least are needed.")
    before, after = (count_values(counts[name]) for name in ("before_count", "after_count"))
    scatter = counts["dispersion"].to_numpy(dtype=float)
    is_held = ~(np.isnan(before) | np.isnan(after))
    rest = [_rest(np.where(is_held, values, 0.0)) for values in (before, after)]
    spread = [
        _rest(np.where(is_held, scatter * values, 0.0)) / total**2
        for values, total in zip((before, after), rest, strict=True)
    ]
    return _relative_to(
        (before, after),
        (rest[0], rest[1]),
        scatter,
        spread[0] + spread[1],
        counts.index,
        confidence,
        false_discovery,
    )


def relative_change(
    counts: pd.DataFrame, *, confidence: float = 0.95, false_discovery: float = 0.05
) -> pd.DataFrame:
    """Changes of several counts, each relative to the change of a rest of its own.

    Parameters
    ----------
    counts : DataFrame, any index
        ``before_count``, ``after_count``, ``rest_before_count``, ``rest_after_count``,
        ``dispersion`` and ``rest_dispersion`` (of totals, at least 1). Nothing that is
        counted may be in its own rest.
    confidence, false_discovery : float in (0, 1)
        As in ``change_against_rest``.

    Returns
    -------
    DataFrame, same index
        As ``change_against_rest`` returns it.

    Raises
    ------
    DataContractError
        If a column is missing or a count negative.

    Examples
    --------
    >>> counts = pd.DataFrame(
    ...     {
    ...         "before_count": [1000],
    ...         "after_count": [800],
    ...         "rest_before_count": [50_000],
    ...         "rest_after_count": [50_000],
    ...     },
    ...     index=["burglary"],
    ... ).assign(dispersion=1.0, rest_dispersion=1.0)
    >>> relative_change(counts)["relative_change_pct"].round(1).tolist()
    [-20.0]
    """
    names = ["before_count", "after_count", "rest_before_count", "rest_after_count"]
    _check_columns(counts, [*names, "dispersion", "rest_dispersion"])
    before, after, rest_before, rest_after = (count_values(counts[name]) for name in names)
    spread = counts["rest_dispersion"].to_numpy(dtype=float)
    with np.errstate(divide="ignore"):
        rest_variance = spread * (1 / rest_before + 1 / rest_after)
    return _relative_to(
        (before, after),
        (rest_before, rest_after),
        counts["dispersion"].to_numpy(dtype=float),
        rest_variance,
        counts.index,
        confidence,
        false_discovery,
    )


def location_quotients(
    counts: pd.DataFrame,
    area_code: str,
    *,
    dispersion: pd.Series | float = 1.0,
    confidence: float = 0.95,
    false_discovery: float = 0.05,
) -> pd.DataFrame:
    """How much larger a share of an area's offences each group is than of all areas'.

    Parameters
    ----------
    counts : DataFrame, index ``area_code``, a column an offence group
        Offences in the period, every area once, none missing.
    area_code : str
        The area described.
    dispersion : Series by group or float, at least 1
        Scatter of the group's counts in multiples of Poisson's.
    confidence : float in (0, 1)
        Two-sided level of the limits, each group by itself.
    false_discovery : float in (0, 1)
        Share of false alarms accepted among the groups called different.

    Returns
    -------
    DataFrame, index ``offence_group``
        ``offence_count``, ``share_pct``, ``london_share_pct``, ``location_quotient`` (1:
        the same share) with limits, ``p_value``, ``q_value``, ``is_different``; quotient
        and verdict are missing where the area has under ten offences of the group.

    Raises
    ------
    DataContractError
        If the area is not among them, or a count is missing or negative.

    Notes
    -----
    The limits are those of the ratio of the area's share to the others' share, turned into
    a quotient: ``w`` being the area's part of all offences and ``r`` that ratio, the
    quotient is ``r / (w r + 1 - w)``.

    References
    ----------
    Brantingham & Brantingham (1997), Location quotients and crime hot spots in the city.

    Examples
    --------
    >>> counts = pd.DataFrame({"theft": [300, 900], "arson": [100, 700]}, index=["a", "b"])
    >>> quotients = location_quotients(counts, "a")
    >>> quotients["location_quotient"].round(3).tolist()
    [1.25, 0.625]
    """
    if area_code not in counts.index or counts.isna().any(axis=None):
        message = f"location quotients: a count is missing, or all of '{area_code}'."
        raise DataContractError(message)
    own = count_values(counts.T[area_code])
    rest = count_values(counts.drop(index=area_code).sum())
    scatter = (
        dispersion.reindex(counts.columns).to_numpy(dtype=float)
        if isinstance(dispersion, pd.Series)
        else np.full(len(own), float(dispersion))
    )
    is_judged = (own >= SMALL_COUNT) & (rest > 0)
    part, other = np.where(is_judged, own, 1.0), np.where(is_judged, rest, 1.0)
    log_ratio = np.log(part / own.sum()) - np.log(other / rest.sum())
    # A group is part of its whole: the shares of one area scatter less than its counts.
    variance = 1 / part - 1 / own.sum() + 1 / other - 1 / rest.sum()
    weight = own.sum() / (own.sum() + rest.sum())
    verdict = _verdict(
        np.where(is_judged, log_ratio, np.nan),
        np.sqrt(scatter * np.maximum(variance, 0)),
        pd.Index(counts.columns, name="offence_group"),
        ("location_quotient", "is_different"),
        lambda ratio: ratio / (weight * ratio + 1 - weight),
        confidence,
        false_discovery,
    )
    shares = {
        "offence_count": own.astype(int),
        "share_pct": 100 * own / own.sum(),
        "london_share_pct": 100 * (own + rest) / (own.sum() + rest.sum()),
    }
    return pd.DataFrame(shares, index=verdict.index).join(verdict)


def _relative_to(
    counts: tuple[Numbers, Numbers],
    rest: tuple[Numbers, Numbers],
    scatter: Numbers,
    rest_variance: Numbers,
    index: pd.Index,
    confidence: float,
    false_discovery: float,
) -> pd.DataFrame:
    """Verdicts on counts before and after, over the rest's, where all of them are enough."""
    least = np.minimum.reduce([*counts, *rest])
    is_judged = ~np.isnan(least) & (least >= SMALL_COUNT)
    before, after, rest_before, rest_after = (
        np.where(is_judged, values, 1.0) for values in (*counts, *rest)
    )
    log_ratio = np.log(after / before) - np.log(rest_after / rest_before)
    variance = scatter * (1 / before + 1 / after) + rest_variance
    return _verdict(
        np.where(is_judged, log_ratio, np.nan),
        np.sqrt(np.where(is_judged, variance, 1.0)),
        index,
        ("relative_change_pct", "is_different"),
        lambda ratio: 100 * (ratio - 1),
        confidence,
        false_discovery,
    )


def _rest(values: Numbers) -> Numbers:
    return np.asarray(values.sum() - values)


def _check_columns(counts: pd.DataFrame, columns: list[str]) -> None:
    missing = [name for name in columns if name not in counts]
    if missing:
        message = f"change against the rest: no column {missing}; there are {list(counts)}."
        raise DataContractError(message)


def _verdict(
    log_ratio: Numbers,
    error: Numbers,
    index: pd.Index,
    names: tuple[str, str],
    scale: Callable[[Numbers], Numbers],
    confidence: float,
    false_discovery: float,
) -> pd.DataFrame:
    """Estimate, limits and verdict from ratios on the log scale."""
    value, flag = names
    reach = float(stats.norm.isf((1 - confidence) / 2)) * error
    # A group that is all of an area's offences, or none, has no error and no verdict.
    z = np.divide(log_ratio, error, out=np.full(len(error), np.nan), where=error > 0)
    table = pd.DataFrame(
        {
            value: scale(np.exp(log_ratio)),
            f"{value}_lower": scale(np.exp(log_ratio - reach)),
            f"{value}_upper": scale(np.exp(log_ratio + reach)),
            "p_value": 2 * stats.norm.sf(np.abs(z)),
        },
        index=index,
    )
    verdict = judged(table["p_value"], false_discovery)
    return table.join(verdict.rename(columns={"is_significant": flag}))
