"""How the 32 boroughs stand: levels, ranks, rates over time, changes, mixes of offences.

Offences or harm of every borough in a year or over years, Heathrow's in Hillingdon's
throughout. Known weakness: people who visit or work in a
borough by day are in its offences and not in its residents, and no daytime population is
held.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.assessment.assessment import Assessment, Period, with_heathrow, year_to
from analysis.data.comparability import mixed_areas
from analysis.data.offences import members
from analysis.data.vintages import Basis, OffenceList
from analysis.measures.change import change_between
from analysis.measures.comparison import rank_intervals
from analysis.measures.joint_ranks import clear_differences, joint_ranks
from analysis.measures.rates import PER
from analysis.measures.relative import change_against_rest, location_quotients
from analysis.params.areas import borough_codes

MAIN = "total_without_fraud"
# All that the police record, less fraud, which left for a national body in 2011 to 2013.

HARM = "harm"
# Not an offence group: offences weighted by severity.

WIDE_STEP = 6
# Months between the points of a small panel: a year's total hardly moves from month to month.

RATIO_CLASSES = {
    "well below": (0.0, 0.75),
    "below": (0.75, 0.9),
    "about the same": (0.9, 1.1),
    "above": (1.1, 1.33),
    "well above": (1.33, float("inf")),
}
# Rate over London's. A third more is the other side of a quarter less, so no side has the
# larger classes.


@dataclass(frozen=True)
class Level:
    """What the boroughs are ranked by in one period.

    Attributes
    ----------
    counts : Series, index ``area_code``
        Offences; for harm as many as would scatter like it.
    unit : Series
        What one of them stands for: 1, or days of sentence.
    dispersion : Series
        Scatter in multiples of Poisson's.
    """

    counts: pd.Series
    unit: pd.Series
    dispersion: pd.Series

    def out_of(self, exposure: pd.Series | float) -> pd.Series:
        """Residents, households or 1, in what ``counts`` are to be divided by."""
        return exposure / self.unit


def standings(
    assessment: Assessment, measure: str = MAIN, period: Period | None = None
) -> pd.DataFrame:
    """Every borough's count, rate and rank in a year, one by one and jointly.

    Parameters
    ----------
    assessment : Assessment
    measure : str
        An offence group, a scheme or ``"harm"``.
    period : (first, last) month, optional
        Default the latest year.

    Returns
    -------
    DataFrame, shape (32, ...), index ``area_code``
        As ``rank_intervals`` returns it (of harm by rate alone), with ``rate_per_1000``,
        ``count_joint_lower``, ``count_joint_upper``, ``count_may_be_lowest`` and the same
        of ``rate``, ``rate_against_own`` (1 where clearly higher than the assessed
        borough's, -1 where clearly lower, else 0), ``london_ratio`` (rate over that of all
        32), ``ratio_class`` (of ``RATIO_CLASSES``) and ``is_mixed_year``.

    Examples
    --------
    >>> harrow = Assessment.open("harrow")
    >>> table = standings(harrow)
    >>> table.loc["E09000033", "ratio_class"], table["rate_may_be_lowest"].sum() < 10
    ('well above', np.True_)
    """
    period = period or assessment.latest_year
    level = level_of(assessment, measure, period)
    people = assessment.population(period)[borough_codes()]
    parts = {"count": level.out_of(1.0), "rate": level.out_of(people)}
    table = ranked(assessment, level, parts["rate"])
    if measure == HARM:
        by_count = ranked(assessment, level, parts["count"])
        for name in ("rank", "rank_lower", "rank_upper", "lowest_probability"):
            table[f"count_{name}"] = by_count[f"rate_{name}"]
    for by, exposure in parts.items():
        joint = joint_ranks(level.counts, exposure, dispersion=level.dispersion)
        table[f"{by}_joint_lower"] = joint["rank_lower"]
        table[f"{by}_joint_upper"] = joint["rank_upper"]
        table[f"{by}_may_be_lowest"] = joint["may_be_lowest"]
    apart = clear_differences(level.counts, parts["rate"], dispersion=level.dispersion)
    table["rate_against_own"] = apart[assessment.area.area_code]
    value = level.counts * level.unit
    table["rate_per_1000"] = PER * value / people
    table["london_ratio"] = (value / people) / (value.sum() / people.sum())
    table["ratio_class"] = [_ratio_class(ratio) for ratio in table["london_ratio"]]
    table["is_mixed_year"] = table.index.isin(mixed_areas(table.index, period))
    return table


def level_of(
    assessment: Assessment,
    measure: str,
    period: Period,
    basis: Basis = "location",
    offence_list: OffenceList = "current",
) -> Level:
    """Offences of a measure in a period, or harm as a count of like scatter.

    A score of ``sum(w n)`` has the variance ``sum(w w n)`` where offences are Poisson: it
    scatters, in proportion, as a count of ``sum(w n) ** 2 / sum(w w n)`` does.

    Returns
    -------
    Level
    """
    codes = borough_codes()
    if measure == HARM:
        return _harm_level(assessment, period)
    counts = assessment.borough_totals(measure, period, basis, offence_list).astype(float)
    scatter = pd.Series({code: assessment.dispersion(measure, code) for code in codes})
    return Level(counts, pd.Series(1.0, codes), scatter)


def whole_years(assessment: Assessment) -> list[Period]:
    """Years back from the cut that the figures hold whole, oldest first.

    Examples
    --------
    >>> whole_years(Assessment.open("harrow", as_of="2013-03"))
    [('2010-04', '2011-03'), ('2011-04', '2012-03'), ('2012-04', '2013-03')]
    """
    first = f"{assessment.history(MAIN).index[0]:%Y-%m}"
    last = pd.Period(assessment.as_of, freq="M")
    periods = [year_to(str(last - 12 * back)) for back in range((last - pd.Period(first)).n)]
    return [period for period in reversed(periods) if period[0] >= first]


def rolling_rates(assessment: Assessment) -> pd.DataFrame:
    """Rate per 1,000 residents over the 12 months to each month, a column a borough.

    Returns
    -------
    DataFrame, index ``month`` (the last of the twelve), per 1,000 residents
        Hillingdon counts with Heathrow, as ``borough_totals`` says.
    """
    history = assessment.history(MAIN)
    totals = rolling_totals(history)
    people = pd.DataFrame(
        {
            month: assessment.population(year_to(f"{month:%Y-%m}"))[borough_codes()]
            for month in totals.index
        }
    ).T
    return PER * totals / people


def rolling_totals(history: pd.DataFrame) -> pd.DataFrame:
    """Offences of each borough over the 12 months to each month, as counted alike.

    Parameters
    ----------
    history : DataFrame
        As ``Assessment.history`` returns it, on the location basis.
    """
    boroughs = history.astype(float).apply(with_heathrow, axis="columns")
    return boroughs.rolling(12).sum().dropna()


def index_since_first_year(rates: pd.DataFrame) -> pd.DataFrame:
    """Rates in percent of each borough's first, every sixth month back from the newest.

    Parameters
    ----------
    rates : DataFrame
        As ``rolling_rates`` returns it.

    Returns
    -------
    DataFrame, columns of ``rates``
        Its first row is 100 throughout: the earliest period kept, which a step of six months
        from the newest need not place at the first of ``rates``.

    Examples
    --------
    >>> months = pd.date_range("2023-01-01", periods=8, freq="MS")
    >>> rates = pd.DataFrame({"a": [50.0, 40, 44, 42, 40, 40, 42, 44]}, months)
    >>> index_since_first_year(rates)["a"].tolist()
    [100.0, 110.0]
    """
    steps = np.arange(len(rates) - 1, -1, -WIDE_STEP)[::-1]
    kept = rates.iloc[steps]
    return 100 * kept / kept.iloc[0]


def months_lowest(assessment: Assessment, rates: pd.DataFrame) -> pd.DataFrame:
    """In how many 12-month periods each borough was lowest as published, and when.

    Parameters
    ----------
    assessment : Assessment
    rates : DataFrame
        As ``rolling_rates`` returns it.

    Returns
    -------
    DataFrame, one row a borough that ever was and way of asking
        ``by`` (``count`` or ``rate``), ``area_code``, ``period_count`` (12-month periods,
        one ends with each month), ``all_count``, ``first_month`` and ``last_month`` (that
        such a period ended with).
    """
    rows = []
    counts = rolling_totals(assessment.history(MAIN))
    for by, values in (("count", counts), ("rate", rates)):
        lowest = values.idxmin(axis=1)
        for code, months in lowest.groupby(lowest).groups.items():
            row = {"by": by, "area_code": code, "period_count": len(months)}
            ends = {"first_month": min(months), "last_month": max(months)}
            rows.append(row | {"all_count": len(lowest)} | ends)
    table = pd.DataFrame(rows)
    return table.sort_values(["by", "period_count"], ascending=[True, False])


def borough_changes(assessment: Assessment, measure: str = MAIN) -> pd.DataFrame:
    """Change of every borough on the year before, judged together and against the rest.

    Returns
    -------
    DataFrame, index ``area_code``
        As ``change_between`` returns it over the boroughs, joined with
        ``change_against_rest`` (whose ``p_value`` and ``q_value`` are
        ``relative_p_value`` and ``relative_q_value``) and ``is_blocked``: the two years of
        that borough are not comparable, and it is in nobody's rest.
    """
    before, after = assessment.previous_year, assessment.latest_year
    history = assessment.boroughs_history(measure)
    unusual = [m for m in assessment.unusual_months if m < pd.Timestamp(before[0])]
    monthly = history.drop(pd.DatetimeIndex(unusual), errors="ignore").melt(
        ignore_index=False, var_name="offence_group", value_name="offence_count"
    )
    # An area takes the place of a group: the judgement over many is the same.
    table = change_between(monthly.reset_index(), before, after).rename_axis("area_code")
    mixed = {code for year in (before, after) for code in mixed_areas(table.index, year)}
    is_blocked = table.index.isin(list(mixed))
    table = table.mask(pd.Series(is_blocked, table.index))
    relative = change_against_rest(
        table[["before_count", "after_count"]].assign(dispersion=table["dispersion"])
    )
    renamed = {"p_value": "relative_p_value", "q_value": "relative_q_value"}
    return table.join(relative.rename(columns=renamed)).assign(is_blocked=is_blocked)


def profile(assessment: Assessment) -> pd.DataFrame:
    """The borough's mix of offences against London's, in the latest year.

    Returns
    -------
    DataFrame, index ``offence_group``
        As ``location_quotients`` returns it, groups of all crime but fraud.
    """
    groups = [g for g in assessment.offence_groups() if g in members(MAIN)]
    period = assessment.latest_year
    counts = pd.DataFrame({g: assessment.borough_totals(g, period) for g in groups})
    scatter = pd.Series({group: assessment.dispersion(group) for group in groups})
    return location_quotients(counts, assessment.area.area_code, dispersion=scatter)


def people_for_londons_rate(assessment: Assessment, area_code: str) -> float:
    """How many people, in multiples of its residents, would give a borough London's rate.

    The rate is that of the other 31 together. It says how much hangs on who is counted as
    being in a borough, not how many are.

    Examples
    --------
    >>> round(people_for_londons_rate(Assessment.open("westminster"), "E09000033"), 1) > 3
    True
    """
    period = assessment.latest_year
    counts = assessment.borough_totals(MAIN, period).astype(float)
    people = assessment.population(period)[counts.index]
    others = counts.drop(area_code).sum() / people.drop(area_code).sum()
    return float(counts[area_code] / people[area_code] / others)


def ranked(assessment: Assessment, level: Level, people: pd.Series | None) -> pd.DataFrame:
    """Ranks of a level with intervals, as ``rank_intervals`` returns them.

    Parameters
    ----------
    assessment : Assessment
    level : Level
    people : Series or None
        What to divide by, as ``Level.out_of`` gives it; without it ranks by count alone.
    """
    return rank_intervals(
        level.counts.round(),
        people,
        draws=assessment.defaults.simulations,
        seed=assessment.defaults.seed,
        dispersion=level.dispersion,
    )


def _harm_level(assessment: Assessment, period: Period) -> Level:
    history = assessment.harm_history
    score, square = (
        with_heathrow(table.loc[period[0] : period[1]].sum())
        for table in (history.score, history.square)
    )
    counts = (score**2 / square).round()
    return Level(counts, score / counts, assessment.harm_dispersion)


def _ratio_class(ratio: float) -> str:
    return next(
        name for name, (low, high) in RATIO_CLASSES.items() if low <= round(ratio, 4) < high
    )
