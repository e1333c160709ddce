"""Confidence targets: percentage points of the Public Attitude Survey.

A target in points is told in points and in per cent of its base, beside the newest value,
with how often boroughs have risen by as much in as long: no forecast is made of a survey.
"""

from __future__ import annotations

import pandas as pd

from analysis.assessment.assessment import Assessment
from analysis.data.figures import read_table
from analysis.errors import DataContractError
from analysis.measures.months import months_between
from analysis.measures.rates import wilson_interval
from analysis.params.areas import borough_codes
from analysis.params.targets import TargetSpec
from analysis.targets.base_rates import rise_rate
from analysis.targets.required_reduction import definition
from analysis.targets.rules import requirement_of


def survey_target(assessment: Assessment, target: TargetSpec) -> dict[str, object]:
    """A confidence target in points and in percent, beside the newest survey value.

    Returns
    -------
    dict
        ``name``, ``label``, ``measure``, ``definition``, ``base_pct``, ``target_pct``,
        ``points``, ``relative_pct`` (of the base), ``horizon``, ``horizon_pct`` (the
        survey's value then), ``latest_pct`` with ``latest_lower_pct`` and
        ``latest_upper_pct`` (on the assumed number asked), ``quarter``,
        ``assumed_sample_count``; for a horizon to come ``points_from_latest`` (still to be
        gained), ``base_rate`` (share of boroughs and starting quarters that gained as much
        in as long), ``achieved_times`` and ``achieved_by`` (codes). Values that the survey
        does not hold for the borough by then are absent.

    Raises
    ------
    DataContractError
        If the target's base is the survey's own and the survey does not hold it.

    Examples
    --------
    >>> from analysis.assessment.target_choice import plan_targets
    >>> harrow = Assessment.open("harrow")
    >>> target = next(t for t in plan_targets(harrow) if t.rule == "points")
    >>> answer = survey_target(harrow, target)
    >>> answer["target_pct"], round(float(answer["relative_pct"]))
    (75.0, 21)
    """
    values = _values(assessment, target.measure)
    code = assessment.area.area_code
    mine = values[code].dropna() if code in values else pd.Series(dtype=float)
    needed = requirement_of(target, pd.Series({code: _base(assessment, target, mine)}), code)
    answer: dict[str, object] = {
        "name": target.name,
        "label": target.label,
        "measure": target.measure,
        "definition": definition(target),
        "base_pct": needed.base,
        "target_pct": needed.target,
        "points": abs(needed.change),
        "relative_pct": abs(needed.change_pct),
        "assumed_sample_count": assessment.defaults.assumed_survey_sample,
        "horizon": target.horizon,
    }
    if mine.empty:
        return answer
    answer |= _latest(assessment, mine)
    at_horizon = mine[[f"{quarter:%Y-%m}" == target.horizon for quarter in mine.index]]
    if len(at_horizon):
        answer["horizon_pct"] = float(at_horizon.iloc[0])
    if target.horizon > str(answer["quarter"]):
        answer |= _record(values, target, needed.target - float(mine.iloc[-1]), answer)
    return answer


def _values(assessment: Assessment, measure: str) -> pd.DataFrame:
    survey = read_table("attitude_survey")
    seen = survey[
        (survey["measure"] == measure)
        & survey["area_code"].isin(borough_codes())
        & (survey["quarter"] <= pd.Timestamp(assessment.as_of) + pd.offsets.MonthEnd(0))
    ]
    wide = seen.pivot_table(index="quarter", columns="area_code", values="value_pct")
    return wide.astype(float)


def _base(assessment: Assessment, target: TargetSpec, mine: pd.Series) -> float:
    if target.base_value is not None:
        return float(target.base_value)
    quarters = [f"{quarter:%Y-%m}" for quarter in mine.index]
    first, last = target.base_period.first, target.base_period.last
    within = [q for q in quarters if first <= q <= last]
    if not within:
        held = f"{quarters[0]} to {quarters[-1]}" if quarters else "nothing"
        message = (
            f"target '{target.name}', {target.measure}: the survey holds {held} for "
            f"{assessment.area.area_name} and no quarter of the base {target.base_period}. "
            "Choose a base within, or give a plan's printed value as its base_value."
        )
        raise DataContractError(message)
    return float(mine.iloc[quarters.index(within[-1])])


def _latest(assessment: Assessment, mine: pd.Series) -> dict[str, object]:
    value, n = float(mine.iloc[-1]), assessment.defaults.assumed_survey_sample
    interval = wilson_interval(round(value / 100 * n), n)
    return {
        "latest_pct": value,
        "latest_lower_pct": 100 * interval.lower,
        "latest_upper_pct": 100 * interval.upper,
        "quarter": f"{mine.index[-1]:%Y-%m}",
    }


def _record(
    values: pd.DataFrame, target: TargetSpec, left: float, answer: dict[str, object]
) -> dict[str, object]:
    quarters = -(-months_between(str(answer["quarter"]), target.horizon) // 3)
    whole = values.resample("QE").last()
    sign = 1 if target.direction == "increase" else -1
    rate = rise_rate(sign * whole, sign * left, quarters)
    return {
        "points_from_latest": left,
        "base_rate": rate.share,
        "achieved_times": rate.times,
        "achieved_by": list(rate.area_codes),
    }
