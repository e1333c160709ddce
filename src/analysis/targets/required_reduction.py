"""How many offences fewer a target takes: from the base, from today, from what is coming.

The same target can be measured from the base (what the plan says), from the last 12 months
(what is left to do) and from the forecast (what must be done beyond what would happen
anyway). And its number can be read in two ways, which are often confused: fewer **in the
last year**, the year that ends at the horizon, or fewer **over the whole period**, added up
from the base to the horizon. The Mayor's "250,000 fewer crimes" was of the second kind; as
a yearly number it would be several times as hard.

Known weakness: "fewer than the base" supposes that the base would have gone on month by
month, which no one can check.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.data.offences import measure_label
from analysis.errors import DataContractError
from analysis.measures.months import months_between
from analysis.params.areas import area_name
from analysis.params.targets import TargetSpec
from analysis.targets.rules import Requirement
from analysis.wording import month_text, number, period_words, year_ending

MONTHS = 12

LEVEL = 0.8
# Of the interval that goes with what is measured from the forecast.

COLUMNS = [
    "per",
    "measured_from",
    "from_count",
    "target_count",
    "reduction_count",
    "reduction_count_lower",
    "reduction_count_upper",
    "reduction_pct",
    "month_count",
    "per_month_count",
    "each_year_pct",
]


def required_reduction(
    requirement: Requirement,
    last_12_count: float,
    futures: pd.Series,
    *,
    months_from_base: int,
    months_ahead: int,
) -> pd.DataFrame:
    """Offences fewer in the year that ends at the horizon: the yearly reading.

    Parameters
    ----------
    requirement : Requirement
        Base and target, in offences in 12 months.
    last_12_count : float
        Offences in the last 12 months seen.
    futures : Series, offences
        Equally likely totals of the 12 months that end at the horizon.
    months_from_base, months_ahead : int
        From the end of the base period, and from the last month seen, to the horizon.

    Returns
    -------
    DataFrame, one row each from ``base``, ``last_12_months`` and ``forecast``
        ``per`` (``year``), ``measured_from``, ``from_count`` (offences in 12 months; for
        the forecast its median), ``target_count``, ``reduction_count`` (negative where the
        target is already met), with ``_lower`` and ``_upper`` for the forecast (80 % of
        futures), ``reduction_pct`` (of ``from_count``), ``month_count`` (12),
        ``per_month_count`` (fewer in each month of that year), ``each_year_pct`` (the same
        percentage off each year that leads there; missing for the forecast, which lies in
        the future itself, and where that is less than a year away).

    Examples
    --------
    >>> futures = pd.Series([6500.0, 7500.0, 8500.0])
    >>> asked = Requirement(8255, 6604)
    >>> table = required_reduction(
    ...     asked, 7696, futures, months_from_base=48, months_ahead=36
    ... ).set_index("measured_from")
    >>> table["reduction_count"].round().tolist()
    [1651.0, 1092.0, 896.0]
    >>> table[["per_month_count", "each_year_pct"]].round(1).loc["last_12_months"].tolist()
    [91.0, 5.0]
    """
    starts = {"base": requirement.base_count, "last_12_months": last_12_count}
    leads = {"base": months_from_base, "last_12_months": months_ahead}
    rows = [
        _row("year", source, start, requirement.target_count, MONTHS)
        | {"each_year_pct": _each_year_pct(start, requirement.target_count, leads[source])}
        for source, start in starts.items()
    ]
    rows.append(_from_forecast("year", futures, requirement.target_count, MONTHS))
    return pd.DataFrame(rows, columns=COLUMNS)


def whole_period_reduction(
    requirement: Requirement,
    base_pace: pd.Series,
    seen: pd.Series,
    last_12: pd.Series,
    futures: pd.Series,
) -> pd.DataFrame:
    """The same number of offences fewer, added up over the whole period from the base.

    Parameters
    ----------
    requirement : Requirement
        Its reduction is read as a sum over the period.
    base_pace : Series, offences a month, index ``month``
        The base gone on to the horizon, each month as its calendar month in the base.
    seen : Series, offences a month, index ``month``
        Months of the period that have been seen; perhaps none.
    last_12 : Series, offences a month, index ``month``
        The last 12 months seen.
    futures : Series, offences
        Equally likely sums of the months of the period still to come.

    Returns
    -------
    DataFrame
        As ``required_reduction``, with ``per`` ``whole``: ``from_count`` is what the base,
        the last 12 months (with what has been seen) or the forecast (with it too) come to
        over the period, ``target_count`` what it may come to, ``month_count`` the months
        over which the reduction is spread (all, or those still to come);
        ``each_year_pct`` is missing.

    Examples
    --------
    >>> months = pd.date_range("2012-04-01", periods=24, freq="MS")
    >>> base_pace = pd.Series(100.0, months)
    >>> seen = pd.Series(95.0, months[:12])
    >>> table = whole_period_reduction(
    ...     Requirement(1200, 1000), base_pace, seen, seen, pd.Series([1080.0, 1140.0])
    ... )
    >>> table[["measured_from", "from_count", "reduction_count", "per_month_count"]]
        measured_from  from_count  reduction_count  per_month_count
    0            base      2400.0            200.0         8.333333
    1  last_12_months      2280.0             80.0         6.666667
    2        forecast      2250.0             50.0         4.166667
    """
    if seen.isna().any() or last_12.isna().any() or base_pace.isna().any():
        message = (
            "a sum over the whole period: a month since the base is missing, and a missing "
            "month is not nought. Ask per year instead, or choose another record."
        )
        raise DataContractError(message)
    target = float(base_pace.sum()) - requirement.reduction_count
    rest = len(base_pace) - len(seen)
    to_come = pd.DatetimeIndex(base_pace.index[len(seen) :])
    going_on = float(repeated(last_12, to_come).sum())
    so_far = float(seen.sum())
    rows = [
        _row("whole", "base", float(base_pace.sum()), target, len(base_pace)),
        _row("whole", "last_12_months", so_far + going_on, target, rest),
        _from_forecast("whole", so_far + futures, target, rest),
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def repeated(year: pd.Series, months: pd.DatetimeIndex) -> pd.Series:
    """A year of months gone on, each later month as its calendar month in that year.

    Parameters
    ----------
    year : Series, shape (12,), offences a month, index ``month``
    months : DatetimeIndex

    Returns
    -------
    Series, offences a month, index ``months``

    Examples
    --------
    >>> year = pd.Series(range(12), pd.date_range("2011-04-01", periods=12, freq="MS"))
    >>> repeated(year, pd.date_range("2013-03-01", periods=2, freq="MS")).tolist()
    [11.0, 0.0]
    """
    by_month = year.astype(float).groupby(pd.DatetimeIndex(year.index).month).mean()
    return pd.Series(by_month.reindex(months.month).to_numpy(), index=months)


def both_readings(reduction_count: float, months: int) -> pd.DataFrame:
    """One number of offences fewer, read per year and over the whole period.

    Parameters
    ----------
    reduction_count : float
    months : int
        From the end of the base period to the horizon.

    Returns
    -------
    DataFrame, rows ``year`` and ``whole``
        ``per``, ``last_year_count`` (fewer than the base in the last 12 months) and
        ``whole_count`` (fewer over the whole period), where the way there is a straight
        line, month by month: what one number is when it is read as the other.

    Examples
    --------
    >>> both_readings(2500, 48).round().to_dict("records")[0]
    {'per': 'year', 'last_year_count': 2500.0, 'whole_count': 5765.0}
    >>> both_readings(2500, 48).round().to_dict("records")[1]
    {'per': 'whole', 'last_year_count': 1084.0, 'whole_count': 2500.0}
    """
    # Month k of n is k/n of the way. The last 12 of them, and all of them, added up:
    steps = np.arange(1, months + 1) / months
    ratio = float(steps.sum() / steps[-MONTHS:].sum())
    return pd.DataFrame(
        {
            "per": ["year", "whole"],
            "last_year_count": [reduction_count, reduction_count / ratio],
            "whole_count": [reduction_count * ratio, reduction_count],
        }
    )


def definition(target: TargetSpec) -> str:
    """A target's definition in one sentence: what, on which record, from when, by when.

    Examples
    --------
    >>> from analysis.params.regimes import load_regime
    >>> twenty, points = load_regime("mopac_2013-16").targets
    >>> definition(twenty)[:52]
    'MOPAC 7 crime, policing basis, old offence list: 20%'
    >>> definition(points)
    'Good job local, Public Attitude Survey: 13 percentage points more by March 2016 (base
    62%, April 2011 to March 2012)'
    """
    base = period_words(target.base_period.first, target.base_period.last)
    if target.rule == "points":
        return _points_definition(target, base)
    record = (
        f"{measure_label(target.measure)}, {target.basis} basis, {target.offence_list} offence "
        "list"
    )
    if target.per == "year":
        when = year_ending(target.horizon)
        return f"{record}: {_rule_words(target)} in the {when} (base {base})"
    months = months_between(target.base_period.last, target.horizon)
    return (
        f"{record}: as many offences fewer as {_reduction_words(target)}, added up over the "
        f"{months} months to {month_text(pd.Timestamp(target.horizon))} (base {base})"
    )


def _row(per: str, source: str, start: float, target: float, months: int) -> dict[str, object]:
    fewer = start - target
    return {
        "per": per,
        "measured_from": source,
        "from_count": start,
        "target_count": target,
        "reduction_count": fewer,
        "reduction_pct": 100 * fewer / start if start else float("nan"),
        "month_count": months,
        "per_month_count": fewer / months if months else float("nan"),
    }


def _from_forecast(
    per: str, futures: pd.Series, target: float, months: int
) -> dict[str, object]:
    tail = (1 - LEVEL) / 2
    lower, median, upper = (float(v) for v in futures.quantile([tail, 0.5, 1 - tail]))
    return _row(per, "forecast", median, target, months) | {
        "reduction_count_lower": lower - target,
        "reduction_count_upper": upper - target,
    }


def _each_year_pct(start: float, target: float, months: int) -> float:
    # Less than a year ahead there is no year to take it off.
    if start <= 0 or target < 0 or months < MONTHS:
        return float("nan")
    return float(100 * (1 - (target / start) ** (MONTHS / months)))


def _rule_words(target: TargetSpec) -> str:
    if target.rule == "percent":
        return f"{target.percent:g}% below the base"
    if target.rule == "level":
        return f"at most {number(float(target.value))} offences"
    if target.rule == "parity":
        return f"no more than {_parity_words(target.parity_with)}"
    place = "the lowest" if target.rank == 1 else f"among the {target.rank} lowest"
    return f"{place} of 32 boroughs by {target.rank_by}"


def _reduction_words(target: TargetSpec) -> str:
    if target.rule == "percent":
        return f"{target.percent:g}% of the base"
    if target.rule == "level":
        return f"the base is above {number(float(target.value))}"
    if target.rule == "parity":
        return f"the base is above {_parity_words(target.parity_with)}"
    place = "the lowest" if target.rank == 1 else f"number {target.rank}"
    return f"the base is above {place} of the other boroughs by {target.rank_by}"


def _points_definition(target: TargetSpec, base: str) -> str:
    more = "more" if target.direction == "increase" else "fewer"
    value = "" if target.base_value is None else f"{target.base_value:g}%, "
    name = target.measure.replace("_", " ").capitalize()
    return (
        f"{name}, Public Attitude Survey: {target.points:g} percentage points {more} by "
        f"{month_text(pd.Timestamp(target.horizon))} (base {value}{base})"
    )


def _parity_words(named: str | None) -> str:
    words = {"similar": "the mean of similar boroughs", "boroughs": "the mean of boroughs"}
    return words.get(str(named)) or (area_name(named) if named else "")
