"""The targets asked about, and whether the figures can answer: plan, scheme or reader's own.

A target is refused here, in one sentence, where no answer could be honest: a base period
that its record does not hold or that only another record holds, a base that is not a year,
a horizon that is past or too far, more off than there is.
"""

from __future__ import annotations

import pandas as pd

from analysis.assessment.assessment import Assessment, Period, year_to
from analysis.data.comparability import load_breaks
from analysis.data.figures import read_table
from analysis.data.offences import is_on_list
from analysis.data.vintages import RECORDS, Basis, OffenceList, monthly_offences
from analysis.errors import DataContractError, ParamsError
from analysis.params.areas import borough_codes
from analysis.params.fields import month_text
from analysis.params.measure_names import known_survey_measures
from analysis.params.regimes import load_regime
from analysis.params.targets import TargetSpec, target_from_text
from analysis.targets.base_rates import Step
from analysis.targets.rules import Requirement, requirement_of

YEARS_AHEAD = 3
# A plan's usual life.

FARTHEST_YEARS = 5
# Beyond it the figures held say next to nothing: they are some fifteen years.


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
    usual = load_regime(assessment.defaults.regime)
    return list((named and load_regime(named).targets) or usual.targets)


def chosen_target(
    assessment: Assessment,
    *,
    measure: str,
    rule: str,
    base: str = "",
    horizon: str = "",
    per: str = "",
    basis: str = "",
    offence_list: str = "",
) -> TargetSpec:
    """A target of the reader's own: by default from the latest year, over three years.

    Parameters
    ----------
    assessment : Assessment
    measure, rule : str
        As :func:`analysis.params.targets.target_from_text` reads them.
    base : str
        ``2011-04..2012-03``; empty for the latest year, of a survey the year to its newest
        quarter.
    horizon : str
        ``YYYY-MM``; empty for three years after the last month seen.
    per : {"year", "whole"}
        Whether what is to be taken off is so in the last year (also where this is empty),
        or in all from the base.
    basis, offence_list : str
        Of the record; empty for the location basis and the current list.

    Returns
    -------
    TargetSpec

    Raises
    ------
    ParamsError
        If rule and measure do not go together, it asks for more than all offences, its base
        is not a year, or its horizon is past or too far.
    DataContractError
        If its record does not hold the base period.

    Examples
    --------
    >>> harrow = Assessment.open("harrow", as_of="2013-03")
    >>> chosen_target(harrow, measure="mopac7", rule="percent=20").horizon
    '2016-03'
    """
    ahead = pd.Period(assessment.as_of, freq="M") + 12 * YEARS_AHEAD
    record = {"basis": basis or "location", "offence_list": offence_list or "current"}
    _refuse_unknown_record(**record)
    if horizon:
        _refuse_horizon(assessment, horizon)
    target = target_from_text(
        measure=measure,
        rule=rule,
        base=base or "..".join(_usual_base(assessment, measure, **record)),
        horizon=horizon or str(ahead),
        per=per or "year",
        **record,
    )
    _refuse_unanswerable(target)
    if target.rule != "points":
        refuse_unless_held(assessment, target)
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
    DataContractError
        If a month that the rule needs is missing.
    """
    basis, offence_list = record_of(target)
    code = assessment.area.area_code
    boroughs = assessment.totals(target.measure, period, basis, offence_list)[borough_codes()]
    if target.rule == "rank":
        _refuse_missing(assessment, target, period)
    return requirement_of(
        target,
        boroughs.astype(float),
        code,
        population=assessment.population(period),
        comparators=comparators(assessment, target),
    )


def record_of(target: TargetSpec) -> tuple[Basis, OffenceList]:
    """Basis and offence list of a target that counts offences.

    Raises
    ------
    ParamsError
        If it is one of a survey.
    """
    if target.rule == "points" or target.basis == "survey" or target.offence_list is None:
        message = f"target '{target.name}' is in points of a survey, not in offences."
        raise ParamsError(message)
    return target.basis, target.offence_list


def last_month(assessment: Assessment, target: TargetSpec) -> str:
    """Last month seen on a target's record.

    Raises
    ------
    DataContractError
        If the record ends before what is seen elsewhere, and before the horizon.
    """
    basis, offence_list = record_of(target)
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


def comparators(assessment: Assessment, target: TargetSpec) -> list[str]:
    """Codes of the areas that a parity is with; none for another rule."""
    if target.rule != "parity":
        return []
    if target.parity_with == "similar":
        return assessment.similar_boroughs()
    return borough_codes() if target.parity_with == "boroughs" else [str(target.parity_with)]


def steps_of(measure: str, basis: Basis, offence_list: OffenceList) -> list[Step]:
    """Steps across which the gate lets no total of a measure be compared.

    Examples
    --------
    >>> [step.from_month for step in steps_of("fraud_and_forgery", "policing", "old")]
    ['2011-04']
    """
    return [
        Step(each.from_month, each.clear_from, each.area_codes)
        for each in load_breaks()
        if (each.how == "step" or each.rebases)
        and each.action == "block"
        and (each.measures is None or measure in each.measures)
        and (each.bases is None or basis in each.bases)
        and (each.offence_lists is None or offence_list in each.offence_lists)
    ]


def refuse_unless_held(assessment: Assessment, target: TargetSpec) -> None:
    """Refuse a base period that a target's own record does not hold.

    Raises
    ------
    DataContractError
        In one sentence, naming the record that does hold it, if there is one.
    """
    basis, offence_list = record_of(target)
    if not is_on_list(target.measure, offence_list):
        message = (
            f"target '{target.name}': the {offence_list} offence list cannot show "
            f"'{target.measure}'. Name another measure, or the current list."
        )
        raise DataContractError(message)
    first, last = target.base_period.first, target.base_period.last
    months = assessment.boroughs_history(target.measure, basis, offence_list).index
    held = (f"{months[0]:%Y-%m}", f"{months[-1]:%Y-%m}")
    if held[0] <= first and last <= held[1]:
        return
    elsewhere = _held_elsewhere(assessment, target)
    crossing = (
        f" The {elsewhere} holds it, but two bases, or two lists, are never joined into one "
        "series."
        if elsewhere
        else ""
    )
    message = (
        f"target '{target.name}': its base {first}..{last} is not within {held[0]}..{held[1]}, "
        f"which the {basis} basis, {offence_list} offence list holds.{crossing} Choose a base "
        "within, or a record (basis and offence_list) that holds base and horizon alike."
    )
    raise DataContractError(message)


def _usual_base(
    assessment: Assessment, measure: str, *, basis: str, offence_list: str
) -> Period:
    if measure not in known_survey_measures():
        held = [record for record in RECORDS if record == (basis, offence_list)]
        months = monthly_offences(
            *held[0], as_of=assessment.as_of, published_by=assessment.published_by
        )["month"]
        return year_to(f"{months.max():%Y-%m}")
    survey = read_table("attitude_survey").dropna(subset=["value_pct"])
    quarters = survey.loc[
        (survey["measure"] == measure)
        & (survey["area_code"] == assessment.area.area_code)
        & (survey["quarter"] <= pd.Timestamp(assessment.as_of) + pd.offsets.MonthEnd(0)),
        "quarter",
    ]
    return year_to(f"{quarters.max():%Y-%m}") if len(quarters) else assessment.latest_year


def _held_elsewhere(assessment: Assessment, target: TargetSpec) -> str:
    for basis, offence_list in RECORDS:
        if is_on_list(target.measure, offence_list) and (basis, offence_list) != record_of(
            target
        ):
            months = monthly_offences(
                basis, offence_list, published_by=assessment.published_by
            )["month"]
            first, last = target.base_period.first, target.base_period.last
            is_seen = last <= assessment.as_of
            if is_seen and f"{months.min():%Y-%m}" <= first and last <= f"{months.max():%Y-%m}":
                return f"{basis} basis, {offence_list} offence list"
    return ""


def _refuse_horizon(assessment: Assessment, horizon: str) -> None:
    try:
        month_text(horizon)
    except ValueError as error:
        message = f"target, horizon: {error}."
        raise ParamsError(message) from None
    farthest = str(pd.Period(assessment.as_of, freq="M") + 12 * FARTHEST_YEARS)
    if not assessment.as_of < horizon <= farthest:
        message = (
            f"target: the horizon {horizon} is not between the last month seen "
            f"({assessment.as_of}) and {farthest}. Name a month between, or an earlier as_of."
        )
        raise ParamsError(message)


def _refuse_unknown_record(basis: str, offence_list: str) -> None:
    if (basis, offence_list) not in RECORDS:
        held = "; ".join(f"{basis}, {offence_list}" for basis, offence_list in RECORDS)
        message = (
            f"target: no record is held on the {basis} basis and {offence_list} offence list. "
            f"Name one of: {held}."
        )
        raise ParamsError(message)


def _refuse_unanswerable(target: TargetSpec) -> None:
    is_survey = target.measure in known_survey_measures()
    fault = ""
    if is_survey and target.rule != "points":
        fault = f"a survey moves by points, not by {target.rule}; give a rule such as points=13"
    elif target.rule == "percent" and float(target.value) > 100:
        fault = f"{target.percent:g}% is more than all offences; give at most 100"
    elif target.base_period.months != 12:
        fault = (
            f"the base {target.base_period} has {target.base_period.months} months, and a "
            "target counts from 12; name a year, such as 2011-04..2012-03"
        )
    if fault:
        message = f"target {target.rule_text} for {target.measure}: {fault}."
        raise ParamsError(message)


def _refuse_missing(assessment: Assessment, target: TargetSpec, period: Period) -> None:
    history = assessment.boroughs_history(target.measure, *record_of(target))
    within = history.loc[period[0] : period[1]]
    missing = [
        f"{code} ({', '.join(f'{month:%Y-%m}' for month in gaps.index[gaps])})"
        for code, gaps in within.isna().items()
        if gaps.any()
    ]
    if missing:
        message = (
            f"target '{target.name}', {target.rule_text}: months are missing of "
            f"{'; '.join(missing)}. A rank among boroughs needs all of them, and a missing "
            "month is not nought: choose a year in which none is missing."
        )
        raise DataContractError(message)
