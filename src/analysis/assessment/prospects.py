"""What targets ask of a borough, how likely they are, and how those of the past ended.

The rules and chances are the targets room's; here they are given the borough's
figures and forecast. A target whose last month has been seen has an outcome; one in the
future has a prospect.
"""

from __future__ import annotations

import pandas as pd

from analysis.assessment.assessment import Assessment, Period, year_to
from analysis.data.figures import read_table
from analysis.data.offences import measure_label
from analysis.data.vintages import Basis, OffenceList
from analysis.errors import DataContractError, ParamsError
from analysis.forecasts.totals import SMALL_COUNT
from analysis.measures.rates import wilson_interval
from analysis.params.areas import area_name, borough_codes
from analysis.params.regimes import Regime, load_regime
from analysis.params.targets import TargetSpec, target_from_text
from analysis.targets.base_rates import BaseRate, base_rate
from analysis.targets.probability import Chance, chance_of_count, chance_of_rank
from analysis.targets.rules import Requirement, level_rule, parity_rule, percent_rule, rank_rule
from analysis.wording import period_words, year_ending

FALLS_PCT = (5.0, 10.0, 15.0, 20.0, 30.0)
# A ladder from a fall that most years bring to one that hardly any borough has made.

YEARS_AHEAD = 3
# A plan's usual life.

FARTHEST_YEARS = 5
# Beyond it the figures held say next to nothing: they are some fifteen years.

_SMALL = f"There are fewer than {SMALL_COUNT} offences a month, so chance rules."

_BLOCKED: dict[str, object] = dict.fromkeys(
    [
        "base_count",
        "target_count",
        "last_12_count",
        "from_base_count",
        "from_last_12_count",
        "forecast_count",
        "forecast_count_lower",
        "forecast_count_upper",
        "from_forecast_count",
        "probability",
        "simulated",
        "base_rate",
    ],
    float("nan"),
) | {
    "comparator_code": "",
    "in_words": "not known",
    "is_blocked": True,
    "is_stretched": False,
}


def plan_targets(assessment: Assessment) -> list[TargetSpec]:
    """Targets of the borough's plan; where it sets none, those of the Mayor's scheme.

    Examples
    --------
    >>> harrow = Assessment.open("harrow", as_of="2013-03")
    >>> [target.name for target in plan_targets(harrow)][:2]
    ['mopac7_20_percent', 'safest_by_count']
    """
    plan = assessment.plan
    if plan is not None and plan.targets:
        return list(plan.targets)
    named = plan.regime if plan is not None else None
    return list((named and load_regime(named).targets) or _usual_scheme(assessment).targets)


def chosen_target(
    assessment: Assessment, *, measure: str, rule: str, base: str = "", horizon: str = ""
) -> TargetSpec:
    """A target of the reader's own: by default from the latest year, over three years.

    Parameters
    ----------
    assessment : Assessment
    measure, rule : str
        As :func:`analysis.params.targets.target_from_text` reads them.
    base : str
        ``2011-04..2012-03``; empty for the latest year.
    horizon : str
        ``YYYY-MM``; empty for three years after the last month seen.

    Returns
    -------
    TargetSpec

    Raises
    ------
    ParamsError
        If it counts no offences, asks for more than all of them, or its horizon is past or
        too far.

    Examples
    --------
    >>> harrow = Assessment.open("harrow", as_of="2013-03")
    >>> chosen_target(harrow, measure="mopac7", rule="percent=20").horizon
    '2016-03'
    """
    ahead = pd.Period(assessment.as_of, freq="M") + 12 * YEARS_AHEAD
    target = target_from_text(
        measure=measure,
        rule=rule,
        base=base or "..".join(assessment.latest_year),
        horizon=horizon or str(ahead),
    )
    _refuse_unanswerable(assessment, target)
    return target


def requirement(assessment: Assessment, target: TargetSpec, period: Period) -> Requirement:
    """What a target's rule asks, worked out from the totals of a period.

    Parameters
    ----------
    assessment : Assessment
    target : TargetSpec
        A target that counts offences.
    period : (first, last) month
        The base period, or another to work it out from.

    Returns
    -------
    Requirement

    Raises
    ------
    ParamsError
        If the target is one of a survey.
    """
    if target.rule == "points" or target.basis == "survey" or target.offence_list is None:
        message = f"target '{target.name}' is in points of a survey, not in offences."
        raise ParamsError(message)
    code = assessment.area.area_code
    base = assessment.totals(target.measure, period, target.basis, target.offence_list)
    boroughs = base[borough_codes()].astype(float)
    if target.rule == "percent":
        return percent_rule(boroughs, code, float(target.value))
    if target.rule == "level":
        return level_rule(boroughs, code, float(target.value))
    if target.rule == "rank":
        people = assessment.population(period)
        return rank_rule(boroughs, code, target.rank or 1, target.rank_by or "count", people)
    return parity_rule(boroughs, code, _comparators(assessment, str(target.parity_with)))


def prospects(assessment: Assessment, targets: list[TargetSpec]) -> pd.DataFrame:
    """Targets that end after the last month seen: what they need, and how likely they are.

    Returns
    -------
    DataFrame, one row a target that counts offences and whose horizon is to come
        ``name``, ``label``, ``measure``, ``basis``, ``offence_list``, ``rule``,
        ``horizon``, ``base_count``, ``target_count``, ``comparator_code``,
        ``last_12_count``, ``from_base_count`` and ``from_last_12_count`` (offences to take
        off), ``forecast_count`` with ``_lower`` and ``_upper`` (80 %),
        ``from_forecast_count``, ``probability``, ``simulated``, ``base_rate``,
        ``in_words``, ``definition``, ``is_stretched`` (the history is too short for the
        horizon), ``is_blocked`` (the gate refuses base against latest
        year: the numbers are then missing) and ``note``.

    Examples
    --------
    >>> harrow = Assessment.open("harrow", as_of="2013-03")
    >>> row = prospects(harrow, plan_targets(harrow)).set_index("name").loc["mopac7_20_percent"]
    >>> int(row["base_count"]), round(row["from_base_count"])
    (8255, 1651)
    """
    rows = [
        _prospect(assessment, target)
        for target in targets
        if target.rule != "points" and target.horizon > _last_month(assessment, target)
    ]
    return pd.DataFrame(rows)


def outcomes(assessment: Assessment, targets: list[TargetSpec]) -> pd.DataFrame:
    """Targets that have ended by the last month seen, and whether they were met.

    Returns
    -------
    DataFrame, one row a target that counts offences
        ``name``, ``label``, ``measure``, ``basis``, ``offence_list``, ``rule``,
        ``horizon``, ``base_count``, ``target_count`` (for a rank or parity, what the
        comparators came to at the horizon), ``actual_count``, ``change_pct`` (base to
        horizon), ``verdict`` (``met``, ``missed``, or ``not certain`` where chance leaves a
        rank on both sides), ``is_blocked``, ``note``, ``met_by_count`` (boroughs of
        32 for which the same holds; missing for a rank), ``comparator_code``,
        ``definition``, and for a rank ``published_years`` (financial years from the base
        to the horizon in which the annual table published at the time put the borough
        there, on the populations of the time).

    Examples
    --------
    >>> harrow = Assessment.open("harrow")
    >>> ended = outcomes(harrow, plan_targets(harrow)).set_index("name")
    >>> row = ended.loc["mopac7_20_percent"]
    >>> int(row["actual_count"]), row["verdict"], int(row["met_by_count"])
    (6377, 'met', 15)
    """
    rows = [
        _outcome(assessment, target)
        for target in targets
        if target.rule != "points" and target.horizon <= _last_month(assessment, target)
    ]
    return pd.DataFrame(rows)


def ladder(assessment: Assessment, measure: str, horizon: str) -> pd.DataFrame:
    """Chance of falls of several sizes from the latest year to a horizon.

    Returns
    -------
    DataFrame, one row a fall
        ``fall_pct``, ``target_count``, ``reduction_count``, ``probability``,
        ``simulated``, ``base_rate``, ``in_words``.

    Examples
    --------
    >>> steps = ladder(Assessment.open("harrow"), "mopac7", "2026-05")
    >>> bool(steps["probability"].is_monotonic_decreasing)
    True
    """
    code = assessment.area.area_code
    forecast = assessment.forecast(measure, horizon)
    last = float(forecast.last_12[code])
    rows = []
    for fall in FALLS_PCT:
        record = _record(assessment, measure, fall, horizon)
        target = last * (1 - fall / 100)
        chance = chance_of_count(forecast.draws[code], target, record.share)
        rows.append(
            {"fall_pct": fall, "target_count": target, "reduction_count": last - target}
            | _chance(chance)
        )
    return pd.DataFrame(rows)


def survey_targets(assessment: Assessment) -> list[dict[str, object]]:
    """Every confidence target among the plan's, as ``survey_target`` gives it."""
    targets = plan_targets(assessment)
    return [survey_target(assessment, each) for each in targets if each.rule == "points"]


def survey_target(assessment: Assessment, target: TargetSpec) -> dict[str, object]:
    """A confidence target in points and in percent, beside the newest survey value.

    Returns
    -------
    dict
        ``base_pct``, ``target_pct``, ``points``, ``relative_pct`` (of the base),
        ``horizon``, ``horizon_pct`` (the survey's value then), ``latest_pct`` with
        ``latest_lower_pct`` and ``latest_upper_pct`` (on the assumed number asked),
        ``quarter``, ``assumed_sample_count``; values that the survey does not hold for the
        borough by then are absent.

    Examples
    --------
    >>> harrow = Assessment.open("harrow")
    >>> target = next(t for t in plan_targets(harrow) if t.rule == "points")
    >>> answer = survey_target(harrow, target)
    >>> answer["target_pct"], round(float(answer["relative_pct"]))
    (75.0, 21)
    """
    base = float(target.base_value or 0)
    points = float(target.value)
    answer: dict[str, object] = {
        "base_pct": base,
        "target_pct": base + points,
        "points": points,
        "relative_pct": 100 * points / base,
        "assumed_sample_count": assessment.defaults.assumed_survey_sample,
        "horizon": target.horizon,
    }
    survey = read_table("attitude_survey")
    mine = survey[
        (survey["area_code"] == assessment.area.area_code)
        & (survey["measure"] == target.measure)
        & (survey["quarter"] <= pd.Timestamp(assessment.as_of) + pd.offsets.MonthEnd(0))
    ].dropna(subset=["value_pct"])
    if mine.empty:
        return answer
    latest = mine.sort_values("quarter").iloc[-1]
    value, n = float(latest["value_pct"]), assessment.defaults.assumed_survey_sample
    interval = wilson_interval(round(value / 100 * n), n)
    answer |= {
        "latest_pct": value,
        "latest_lower_pct": 100 * interval.lower,
        "latest_upper_pct": 100 * interval.upper,
        "quarter": f"{latest['quarter']:%Y-%m}",
    }
    at_horizon = mine[mine["quarter"].dt.strftime("%Y-%m") == target.horizon]
    if not at_horizon.empty:
        answer["horizon_pct"] = float(at_horizon["value_pct"].iloc[0])
    return answer


def definition(target: TargetSpec) -> str:
    """A target's definition in one sentence: what, on which record, from when, by when.

    Examples
    --------
    >>> definition(plan_targets(Assessment.open("harrow"))[0])[:52]
    'MOPAC 7 crime, policing basis, old offence list: 20%'
    """
    rules = {
        "percent": f"{target.percent:g}% below the base" if target.percent else "",
        "level": f"at most {target.level:,.0f} in 12 months" if target.level else "",
        "rank": f"among the {target.rank} lowest of 32 boroughs by {target.rank_by}",
        "parity": f"no more than {_parity_words(target.parity_with)}",
    }
    if target.rank == 1:
        rules["rank"] = f"the lowest of 32 boroughs by {target.rank_by}"
    return (
        f"{measure_label(target.measure)}, {target.basis} basis, {target.offence_list} offence "
        f"list: {rules[target.rule]} in the {year_ending(target.horizon)} (base "
        f"{period_words(target.base_period.first, target.base_period.last)})"
    )


def _usual_scheme(assessment: Assessment) -> Regime:
    return load_regime(assessment.defaults.regime)


def _prospect(assessment: Assessment, target: TargetSpec) -> dict[str, object]:
    code = assessment.area.area_code
    basis, offence_list = _record_of(target)
    base_period = (target.base_period.first, target.base_period.last)
    latest = year_to(_last_month(assessment, target))
    gate = assessment.gate(target.measure, base_period, latest, basis, offence_list)
    if gate.is_blocked:
        return _named(target) | _BLOCKED | {"note": gate.sentences[0]}
    needed = requirement(assessment, target, base_period)
    forecast = assessment.forecast(target.measure, target.horizon, basis, offence_list)
    last = float(forecast.last_12[code])
    lower, upper = forecast.interval(code)
    if target.rule == "rank":
        chance = chance_of_rank(
            forecast.draws,
            code,
            target.rank or 1,
            target.rank_by or "count",
            assessment.population(year_to(forecast.origin)),
            float("nan"),
        )
    else:
        fall = 100 * (1 - needed.target_count / last)
        often = _record(assessment, target.measure, fall, target.horizon, basis, offence_list)
        chance = chance_of_count(forecast.draws[code], needed.target_count, often.share)
    return (
        _named(target)
        | {
            "base_count": needed.base_count,
            "target_count": needed.target_count,
            "comparator_code": needed.comparator_code or "",
            "last_12_count": last,
            "from_base_count": needed.reduction_count,
            "from_last_12_count": last - needed.target_count,
            "forecast_count": forecast.median(code),
            "forecast_count_lower": lower,
            "forecast_count_upper": upper,
            "from_forecast_count": forecast.median(code) - needed.target_count,
            "is_blocked": False,
            "is_stretched": forecast.is_stretched,
            "note": f"{_SMALL} {gate.note}".strip() if last < 12 * SMALL_COUNT else gate.note,
        }
        | _chance(chance)
    )


def _outcome(assessment: Assessment, target: TargetSpec) -> dict[str, object]:
    code = assessment.area.area_code
    basis, offence_list = _record_of(target)
    base_period = (target.base_period.first, target.base_period.last)
    end = year_to(target.horizon)
    gate = assessment.gate(target.measure, base_period, end, basis, offence_list)
    before = assessment.totals(target.measure, base_period, basis, offence_list)
    after = assessment.totals(target.measure, end, basis, offence_list)
    moving = target.rule in {"rank", "parity"}
    needed = requirement(assessment, target, end if moving else base_period)
    change = 100 * (after / before - 1)
    met_by = (
        int((change[borough_codes()] <= -(target.percent or 0)).sum())
        if target.rule == "percent"
        else None
    )
    return _named(target) | {
        "base_count": int(before[code]),
        "target_count": needed.target_count,
        "actual_count": int(after[code]),
        "change_pct": float(change[code]),
        "verdict": _verdict(assessment, target, end, bool(after[code] <= needed.target_count)),
        "is_blocked": gate.is_blocked and target.rule in {"percent", "level"},
        "note": gate.note,
        "met_by_count": met_by,
        "comparator_code": needed.comparator_code or "",
        "published_years": _years_at_rank(assessment, target) if target.rank else None,
    }


def _verdict(assessment: Assessment, target: TargetSpec, end: Period, is_met: bool) -> str:
    if target.rule == "rank":
        basis, offence_list = _record_of(target)
        ranks = assessment.ranks_in(end, target.measure, basis, offence_list)
        mine = ranks.T[assessment.area.area_code]
        wanted = int(target.rank or 1)
        lowest = int(mine[f"{target.rank_by}_rank_lower"])
        highest = int(mine[f"{target.rank_by}_rank_upper"])
        if lowest <= wanted < highest:
            return "not certain"
    return "met" if is_met else "missed"


def _years_at_rank(assessment: Assessment, target: TargetSpec) -> str:
    # Populations were revised after the censuses, so a rank by rate then and now can differ.
    annual = read_table("annual_offences")
    annual = annual[(annual["offence_category"] == "total") & ~annual["is_partial_year"]]
    annual = annual[annual["area_code"].isin(borough_codes())]
    first, last = target.base_period.last, target.horizon
    ends = annual["year_ending"].dt.strftime("%Y-%m")
    within = annual[ends.between(first, last)]
    column = "rate_per_1000" if target.rank_by == "rate" else "offence_count"
    places = within.groupby("financial_year")[column].rank(method="min")
    mine = within[(within["area_code"] == assessment.area.area_code) & (places <= target.rank)]
    return ", ".join(mine["financial_year"].sort_values())


def _named(target: TargetSpec) -> dict[str, object]:
    return {
        "name": target.name,
        "label": target.label,
        "measure": target.measure,
        "basis": target.basis,
        "offence_list": target.offence_list,
        "rule": target.rule_text,
        "horizon": target.horizon,
        "definition": definition(target),
    }


def _chance(chance: Chance) -> dict[str, object]:
    return {
        "probability": chance.probability,
        "simulated": chance.simulated,
        "base_rate": chance.base_rate,
        "in_words": chance.in_words,
    }


def _refuse_unanswerable(assessment: Assessment, target: TargetSpec) -> None:
    farthest = str(pd.Period(assessment.as_of, freq="M") + 12 * FARTHEST_YEARS)
    fault = ""
    if target.rule == "points":
        fault = "points are of a survey; give a rule that counts offences, such as percent=20"
    elif target.rule == "percent" and float(target.value) > 100:
        fault = f"{target.percent:g}% is more than all offences; give at most 100"
    elif not assessment.as_of < target.horizon <= farthest:
        fault = (
            f"the horizon {target.horizon} is not between the last month seen "
            f"({assessment.as_of}) and {farthest}; name a month between, or an earlier as_of"
        )
    if fault:
        message = f"target {target.rule_text} for {target.measure}: {fault}."
        raise ParamsError(message)


def _record_of(target: TargetSpec) -> tuple[Basis, OffenceList]:
    if target.basis == "survey" or target.offence_list is None:
        message = f"target '{target.name}' is one of a survey, not of offences."
        raise ParamsError(message)
    return target.basis, target.offence_list


def _last_month(assessment: Assessment, target: TargetSpec) -> str:
    basis, offence_list = _record_of(target)
    history = assessment.boroughs_history(target.measure, basis, offence_list)
    last = f"{history.index[-1]:%Y-%m}"
    if last < target.horizon and last < assessment.as_of:
        message = (
            f"target '{target.name}': the {basis} basis, {offence_list} offence list ends in "
            f"{last}, so neither its outcome nor its prospect can be told. Use another basis "
            "or list, or --as-of no later than that."
        )
        raise DataContractError(message)
    return last


def _record(
    assessment: Assessment,
    measure: str,
    fall_pct: float,
    horizon: str,
    basis: Basis = "location",
    offence_list: OffenceList = "current",
) -> BaseRate:
    history = assessment.boroughs_history(measure, basis, offence_list).astype(float)
    months = (pd.Period(horizon, freq="M") - pd.Period(history.index[-1], freq="M")).n
    return base_rate(history, fall_pct, months, unusual_months=assessment.unusual_months)


def _comparators(assessment: Assessment, named: str) -> list[str]:
    if named == "similar":
        return assessment.similar_boroughs()
    return borough_codes() if named == "boroughs" else [named]


def _parity_words(named: str | None) -> str:
    words = {"similar": "the mean of similar boroughs", "boroughs": "the mean of boroughs"}
    return words.get(str(named)) or (area_name(named) if named else "")
