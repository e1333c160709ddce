"""Whether crime changed between two periods, by how much, and whether by chance.

From monthly counts of one area. Twelve months are compared with the same calendar months,
so season cancels; days enter as exposure, so a leap year does not pass for a rise. Months
scatter more than Poisson, so the spread is estimated from the history after calendar month
and twelve-month level are taken out (quasi-Poisson), and a false-discovery control holds
over all groups judged together. A month takes after the one before it, which makes yearly
totals scatter more than months do; that is estimated too. Known weakness: a swing slower
than a year (of recording practice, say) counts as change of level and can be called
significant. The verdict says "more than scatter", never why.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.stats.proportion import proportion_confint
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

from analysis.errors import ComparabilityError, DataContractError
from analysis.measures.false_discovery import judged
from analysis.measures.months import (
    Month,
    Period,
    as_month,
    days_in_month,
    monthly_series,
    months_of,
)
from analysis.measures.rates import SMALL_COUNT, poisson_limits

MINIMUM_FREEDOM = 11
# Two whole years leave eleven degrees of freedom; with fewer the spread is a guess.

LARGEST_AUTOCORRELATION = 0.8
# Beyond it twelve months cannot tell scatter from a level, and the correction explodes.

COUNT_COLUMNS = ["before_count", "after_count", "change_count"]


@dataclass(frozen=True)
class Dispersion:
    """Variance of counts round their season and level, in multiples of Poisson's.

    ``dispersion`` is that of twelve-month totals, at least 1, or NaN where the history is
    too short to tell; ``monthly_dispersion`` that of single months; ``autocorrelation`` is
    of a month with the next, 0 to 0.8, and accounts for the difference.
    """

    dispersion: float
    monthly_dispersion: float
    autocorrelation: float
    degrees_of_freedom: int
    n_months: int
    method: str


def rolling_12_month(monthly: pd.Series) -> pd.Series:
    """Total of each month and the eleven before it.

    Parameters
    ----------
    monthly : Series, shape (n_months,), offences a month
        Indexed by first-of-month date, in any order.

    Returns
    -------
    Series of Int64 named ``rolling_12_month``, index ``month`` without gaps
        Missing for the first eleven months and wherever any of the twelve is missing.

    Raises
    ------
    DataContractError
        If it is empty, a month occurs twice, or a count is negative.

    Examples
    --------
    >>> months = months_of(("2023-01", "2024-01"))
    >>> rolling_12_month(pd.Series(range(13), months)).tail(2).tolist()
    [66, 78]
    """
    total = monthly_series(monthly).rolling(12, min_periods=12).sum()
    return total.round().astype("Int64").rename("rolling_12_month")


def e_test(
    count_before: int,
    count_after: int,
    exposure_before: float = 1,
    exposure_after: float = 1,
) -> float:
    """Two-sided p-value that two Poisson counts share one rate.

    Every pair of counts at least as far apart (by the score statistic) as the pair seen is
    summed under the common rate.

    Parameters
    ----------
    count_before, count_after : int
        Offences in each period, nought or more.
    exposure_before, exposure_after : float
        Days, residents or whatever the counts are out of, in one unit, above nought.

    Returns
    -------
    float
        Between 0 and 1; 1 where both counts are nought.

    Raises
    ------
    DataContractError
        If a count is negative or an exposure not above nought.

    Notes
    -----
    Summed a row at a time from the roots of the statistic: a whole grid of cells, as
    statsmodels has it, needs gigabytes at a borough's 30,000 offences.

    References
    ----------
    Krishnamoorthy & Thomson (2004), Journal of Statistical Planning and Inference 119.

    Examples
    --------
    >>> round(e_test(6, 2), 4)
    0.1749
    """
    _check_two_counts(count_before, count_after, exposure_before, exposure_after)
    total = count_before + count_after
    if total == 0:
        return 1.0
    ratio = exposure_before / exposure_after
    mean_before = total * ratio / (1 + ratio)
    mean_after = total / (1 + ratio)
    squared = (count_before - count_after * ratio) ** 2 / (total * ratio)
    first, last = stats.poisson.ppf(1e-15, mean_after), stats.poisson.isf(1e-15, mean_after)
    after = np.arange(max(0, first - 1), last + 2)
    middle = after * ratio + squared * ratio / 2
    half = np.sqrt(squared * ratio * (after * ratio + squared * ratio / 4 + after))
    # The pair seen lies on the boundary itself: without the hair, rounding loses it.
    hair = 1e-9 * (1 + middle)
    below = np.floor(middle - half + hair)
    # Nought against nought is no difference, though it solves the equation too.
    below = np.where((after == 0) & (squared > 0), -1.0, below)
    above = np.maximum(np.ceil(middle + half - hair), below + 1)
    row = stats.poisson.cdf(below, mean_before) + stats.poisson.sf(above - 1, mean_before)
    return float(min(1.0, np.sum(stats.poisson.pmf(after, mean_after) * row)))


def monthly_dispersion(monthly: pd.Series, *, exclude: Sequence[Month] = ()) -> Dispersion:
    """Scatter round season and level, of months and of twelve-month totals.

    A Poisson model gives each calendar month and each twelve months (counted back from the
    last) its own level, days as exposure; the monthly dispersion is Pearson's chi-squared
    over the degrees of freedom left. Its residuals give the autocorrelation (first order,
    corrected for the levels taken out), and that the dispersion of totals.

    Parameters
    ----------
    monthly : Series, shape (n_months,), offences a month
        Indexed by first-of-month date; missing months are passed over.
    exclude : sequence of months
        Months not to learn from (a lockdown, a spike of unknown boroughs).

    Returns
    -------
    Dispersion
        NaN where fewer than eleven degrees of freedom are left.

    Raises
    ------
    DataContractError
        If it is empty, a month occurs twice, or a count is negative.

    References
    ----------
    McCullagh & Nelder (1989), Generalized Linear Models, section 6.2; Marriott & Pope
    (1954), Biometrika 41 (bias of the autocorrelation).

    Examples
    --------
    >>> months = months_of(("2020-01", "2023-12"))
    >>> monthly_dispersion(pd.Series(31.0 * months.days_in_month, months)).dispersion
    1.0
    """
    counts = monthly_series(monthly)
    block = pd.Series(np.arange(len(counts))[::-1] // 12, counts.index)
    season = pd.Series(pd.DatetimeIndex(counts.index).month, counts.index)
    # A year or calendar month without one offence fits itself and has no finite level.
    total_of_block = counts.groupby(block).transform("sum")
    total_of_season = counts.groupby(season).transform("sum")
    left_out = counts.index.isin([as_month(month) for month in exclude])
    kept = counts.notna() & ~left_out & (total_of_block > 0) & (total_of_season > 0)
    design = _design(season[kept], block[kept])
    n = int(kept.sum())
    freedom = n - int(np.linalg.matrix_rank(design))
    method = "quasi_poisson, calendar month and twelve-month level"
    if freedom < MINIMUM_FREEDOM:
        return Dispersion(np.nan, np.nan, np.nan, freedom, n, method)
    days = days_in_month(pd.DatetimeIndex(counts.index[kept]))
    fitted = pd.Series(_residuals(counts[kept].to_numpy(), design, days), counts.index[kept])
    of_months = float((fitted**2).sum()) / freedom
    autocorrelation = _autocorrelation(fitted.reindex(counts.index))
    of_totals = max(1.0, of_months * _inflation_of_totals(autocorrelation))
    return Dispersion(of_totals, max(1.0, of_months), autocorrelation, freedom, n, method)


def known_dispersion(monthly: pd.Series, *, exclude: Sequence[Month] = ()) -> float:
    """Scatter of twelve-month totals, at least 1; Poisson's where too few months tell it.

    Parameters
    ----------
    monthly : Series, counts a month
        As ``monthly_dispersion`` takes it.
    exclude : sequence of months
        Left out of the estimate.

    Returns
    -------
    float, multiples of Poisson's variance

    Examples
    --------
    >>> known_dispersion(pd.Series(4, months_of(("2024-01", "2024-06"))))
    1.0
    """
    counts = monthly.astype(float)
    if not counts.sum():
        return 1.0
    value = monthly_dispersion(counts, exclude=exclude).dispersion
    return max(1.0, float(value)) if np.isfinite(value) else 1.0


def dispersion_of_sum(counts: pd.Series, dispersion: pd.Series) -> float:
    """Scatter of the sum of several areas' counts, each scattering by itself.

    Learnt from the monthly sum, what moves all areas alike (a season's weather, a change of
    recording) would pass for chance, though it moves the area set beside them too.

    Parameters
    ----------
    counts : Series, index ``area_code``
    dispersion : Series, same index
        Scatter of each in multiples of Poisson's, at least 1.

    Returns
    -------
    float, multiples of Poisson's variance, at least 1

    Examples
    --------
    >>> dispersion_of_sum(pd.Series([300.0, 100.0]), pd.Series([1.0, 5.0]))
    2.0
    """
    total = float(counts.sum())
    return float((counts * dispersion).sum()) / total if total > 0 else 1.0


def change_between(
    monthly: pd.DataFrame,
    period_before: Period,
    period_after: Period,
    *,
    exclude: Sequence[Month] = (),
    confidence: float = 0.95,
    false_discovery: float = 0.05,
) -> pd.DataFrame:
    """Change of each offence group between two periods of one area, judged.

    Parameters
    ----------
    monthly : DataFrame, one row a month and group
        ``month``, ``offence_group``, ``offence_count``; the history too, at least two years
        of it, from which the scatter is learnt.
    period_before, period_after : (first month, last month)
        Same calendar months in both, equally often, and no month in both.
    exclude : sequence of months
        Months from which the scatter is not learnt (they still count in the periods).
    confidence : float in (0, 1)
        Two-sided level of the limits, each group by itself.
    false_discovery : float in (0, 1)
        Share of false alarms accepted among the groups called significant. Schemes that
        contain other groups (``total``) are best judged in a call of their own.

    Returns
    -------
    DataFrame, shape (n_groups, 15), index ``offence_group`` in order of appearance
        ``before_count``, ``after_count``, ``change_count`` with limits; ``change_pct`` of
        the counts with limits, missing where ``before_count`` is nought;
        ``daily_change_pct``, the same a day; ``dispersion``; ``p_value`` (equal daily
        rates); ``q_value`` (Benjamini-Hochberg over the groups judged); ``is_significant``,
        missing where there is no verdict; ``is_small_count`` (under ten in either period:
        no verdict); ``method``, ``"quasi_poisson"``, or ``"e_test"`` where counts are small
        or the history too short, or ``"missing_month"``.

    Raises
    ------
    ComparabilityError
        If the periods overlap or hold different calendar months.
    DataContractError
        If a column is missing, or a month occurs twice in a group.

    Notes
    -----
    The limits are of the counts as published, the test is of offences a day: where one
    period holds a 29 February the two can part at the very edge, by a quarter of a percent.

    References
    ----------
    Krishnamoorthy & Thomson (2004); Benjamini & Hochberg (1995), JRSS B 57.

    Examples
    --------
    >>> months = months_of(("2021-01", "2024-12"))
    >>> counts = [100] * 24 + [120] * 12 + [90] * 12
    >>> monthly = pd.DataFrame(
    ...     {"month": months, "offence_group": "arson", "offence_count": counts}
    ... )
    >>> years = ("2023-01", "2023-12"), ("2024-01", "2024-12")
    >>> row = change_between(monthly, *years).loc["arson"]
    >>> int(row.change_count), float(row.change_pct), bool(row.is_significant)
    (-360, -25.0, True)
    """
    _check_table(monthly)
    before, after = months_of(period_before), months_of(period_after)
    _check_periods(before, after)
    rows = {
        group: _change_of_group(
            _series_of(rows, str(group)), (before, after), exclude, confidence
        )
        for group, rows in monthly.groupby("offence_group", sort=False, observed=True)
    }
    table = pd.DataFrame.from_dict(rows, orient="index")
    table.index.name = "offence_group"
    table[COUNT_COLUMNS] = table[COUNT_COLUMNS].astype("Int64")
    table["is_small_count"] = table["is_small_count"].astype("boolean")
    return _judged(table, false_discovery)


def _design(season: pd.Series, block: pd.Series) -> npt.NDArray[np.float64]:
    of_season = pd.get_dummies(season.astype("category"), dtype=float)
    of_block = pd.get_dummies(block.astype("category"), dtype=float, drop_first=True)
    return np.hstack([of_season.to_numpy(), of_block.to_numpy()])


def _residuals(
    counts: npt.NDArray[np.float64],
    design: npt.NDArray[np.float64],
    days: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    model = GLM(counts, design, Poisson(), exposure=days)
    with warnings.catch_warnings():
        # Months that fit to the offence have no scatter: an answer here, not a fault.
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        return np.asarray(model.fit().resid_pearson)


def _autocorrelation(residuals: pd.Series) -> float:
    square = float((residuals**2).mean())
    raw = float((residuals * residuals.shift()).mean()) / square if square > 0 else 0.0
    # A level taken out of every twelve months pulls the estimate down by (1 + 3 rho) / 12.
    corrected = (raw + 1 / 12) / (1 - 3 / 12)
    return float(np.clip(corrected, 0.0, LARGEST_AUTOCORRELATION))


def _inflation_of_totals(autocorrelation: float) -> float:
    lags = np.arange(1, 12)
    of_mean = 1 + 2 * float(np.sum((1 - lags / 12) * autocorrelation**lags))
    # The level of each twelve months has taken this much of the scatter with it.
    return of_mean * 11 / (12 - of_mean)


def _change_of_group(
    series: pd.Series,
    periods: tuple[pd.DatetimeIndex, pd.DatetimeIndex],
    exclude: Sequence[Month],
    confidence: float,
) -> dict[str, object]:
    before, after = periods
    spread = monthly_dispersion(series, exclude=exclude)
    count_before = series.reindex(before).sum(skipna=False)
    count_after = series.reindex(after).sum(skipna=False)
    row: dict[str, object] = {"before_count": count_before, "after_count": count_after}
    if np.isnan(count_before) or np.isnan(count_after):
        return _row_without_verdict(row, spread)
    days = (float(days_in_month(before).sum()), float(days_in_month(after).sum()))
    is_small = min(count_before, count_after) < SMALL_COUNT
    counts = (int(count_before), int(count_after))
    if is_small or np.isnan(spread.dispersion):
        estimate = _exact_change(counts, days, confidence)
    else:
        estimate = _quasi_poisson_change(counts, days, spread, confidence)
    row["change_count"] = counts[1] - counts[0]
    row |= estimate
    row["daily_change_pct"] = _percentage(counts, (days[0], days[1]))
    return row | {"dispersion": spread.dispersion, "is_small_count": is_small}


def _quasi_poisson_change(
    counts: tuple[int, int],
    days: tuple[float, float],
    spread: Dispersion,
    confidence: float,
) -> dict[str, object]:
    before, after = counts
    t = stats.t.isf((1 - confidence) / 2, spread.degrees_of_freedom)
    error = np.sqrt(spread.dispersion * (1 / before + 1 / after))
    error_count = np.sqrt(spread.dispersion * (before + after))
    log_rates = np.log((after / days[1]) / (before / days[0]))
    p_value = 2 * stats.t.sf(abs(log_rates) / error, spread.degrees_of_freedom)
    return {
        "change_count_lower": after - before - t * error_count,
        "change_count_upper": after - before + t * error_count,
        "change_pct": _percentage(counts, (1, 1)),
        "change_pct_lower": 100 * (after / before * np.exp(-t * error) - 1),
        "change_pct_upper": 100 * (after / before * np.exp(t * error) - 1),
        "p_value": float(p_value),
        "method": "quasi_poisson",
    }


def _exact_change(
    counts: tuple[int, int], days: tuple[float, float], confidence: float
) -> dict[str, object]:
    before, after = counts
    limits = [poisson_limits(count, confidence=confidence) for count in counts]
    # Limits of a difference from the limits of its parts (Donner & Zou 2012), which stay
    # honest at nought, where the usual standard error is nought as well.
    down = np.hypot(after - limits[1].lower, limits[0].upper - before)
    up = np.hypot(limits[1].upper - after, before - limits[0].lower)
    lower, upper = _exact_ratio_limits(before, after, confidence)
    return {
        "change_count_lower": after - before - down,
        "change_count_upper": after - before + up,
        "change_pct": _percentage(counts, (1, 1)),
        "change_pct_lower": 100 * (lower - 1),
        "change_pct_upper": 100 * (upper - 1),
        "p_value": e_test(before, after, *days),
        "method": "e_test",
    }


def _exact_ratio_limits(before: int, after: int, confidence: float) -> tuple[float, float]:
    # Given their sum, the later count is binomial (Clopper & Pearson 1934).
    if before == 0:
        return float("nan"), float("nan")
    share = proportion_confint(after, before + after, alpha=1 - confidence, method="beta")
    lower, upper = (float(limit) / (1 - float(limit)) for limit in share)
    return lower, upper


def _percentage(counts: tuple[int, int], exposure: tuple[float, float]) -> float:
    if counts[0] == 0:
        return float("nan")
    return 100 * (counts[1] / exposure[1] / (counts[0] / exposure[0]) - 1)


def _row_without_verdict(row: dict[str, object], spread: Dispersion) -> dict[str, object]:
    absent = ["change_count", "change_count_lower", "change_count_upper", "change_pct"]
    absent += ["change_pct_lower", "change_pct_upper", "p_value", "daily_change_pct"]
    row |= dict.fromkeys(absent, float("nan"))
    row |= {"dispersion": spread.dispersion, "is_small_count": pd.NA}
    return row | {"method": "missing_month"}


def _judged(table: pd.DataFrame, false_discovery: float) -> pd.DataFrame:
    is_judged = table["p_value"].notna() & ~table["is_small_count"].fillna(True).astype(bool)
    table = table.assign(**judged(table["p_value"].where(is_judged), false_discovery))
    order = [*COUNT_COLUMNS, "change_count_lower", "change_count_upper", "change_pct"]
    order += ["change_pct_lower", "change_pct_upper", "daily_change_pct", "dispersion"]
    order += ["p_value", "q_value", "is_significant", "is_small_count", "method"]
    return table[order]


def _series_of(rows: pd.DataFrame, group: str) -> pd.Series:
    indexed = rows.set_index("month")["offence_count"]
    return monthly_series(indexed, where=f"offence group '{group}'")


def _check_table(monthly: pd.DataFrame) -> None:
    needed = ["month", "offence_group", "offence_count"]
    missing = [name for name in needed if name not in monthly]
    if missing or monthly.empty:
        what = f"no column {missing}" if missing else "no rows"
        message = f"monthly counts: {what}. A change needs {', '.join(needed)}."
        raise DataContractError(message)


def _check_periods(before: pd.DatetimeIndex, after: pd.DatetimeIndex) -> None:
    names = f"{before[0]:%Y-%m}..{before[-1]:%Y-%m} and {after[0]:%Y-%m}..{after[-1]:%Y-%m}"
    if len(before.intersection(after)):
        message = f"{names} overlap: a month cannot be compared with itself. Move one."
        raise ComparabilityError(message)
    if _calendar(before) != _calendar(after):
        message = (
            f"{names} hold different calendar months, so season would pass for change. "
            "Compare the same months of different years."
        )
        raise ComparabilityError(message)


def _calendar(months: pd.DatetimeIndex) -> Counter[int]:
    return Counter(months.month.tolist())


def _check_two_counts(
    before: float, after: float, exposure_before: float, exposure_after: float
) -> None:
    if not (before >= 0 and after >= 0 and exposure_before > 0 and exposure_after > 0):
        values: npt.NDArray[np.float64] = np.array([before, after])
        message = (
            f"counts {values.tolist()} with exposures {[exposure_before, exposure_after]}: "
            "counts start from nought and exposures are above it."
        )
        raise DataContractError(message)
