"""What the targets report shows beside an answer: which target, where boroughs stand, records.

A report is about one target: the reader's own where one is given, otherwise the plan's next.
"""

from __future__ import annotations

from typing import Literal

import pandas as pd

from analysis.assessment.answers import TargetAnswer
from analysis.assessment.assessment import Assessment, year_to
from analysis.assessment.surveys import survey_target
from analysis.assessment.target_choice import (
    chosen_target,
    last_month,
    plan_targets,
    record_of,
)
from analysis.data.offences import measure_label
from analysis.measures.change import rolling_12_month
from analysis.params.areas import borough_codes
from analysis.params.measure_names import known_survey_measures
from analysis.params.targets import TargetSpec
from analysis.targets.probability import chance_of_rank
from analysis.wording import period_words

USUAL_MEASURE, USUAL_RULE = "mopac7", "percent=20"
# The Mayor's 20 % of 2013-16: what plans have asked for most.

SEEN_MONTHS = 96
# Eight years of history leave a forecast wide enough to read.


def asked_target(
    assessment: Assessment,
    *,
    measure: str = "",
    rule: str = "",
    base: str = "",
    horizon: str = "",
    per: str = "",
) -> TargetSpec:
    """The reader's own target where any of it is given; otherwise the plan's next to come.

    Where the plan has none to come, or a survey is asked about, which is told by its own
    section, it is the usual one: 20 % off MOPAC 7 crime in three years.

    Parameters
    ----------
    assessment : Assessment
    measure, rule, base, horizon, per : str
        As ``chosen_target`` takes them; empty for what is usual.

    Returns
    -------
    TargetSpec
        That counts offences, with a horizon to come.

    Raises
    ------
    ParamsError, DataContractError
        As ``chosen_target``.

    Examples
    --------
    >>> asked_target(Assessment.open("harrow", as_of="2013-03")).name
    'mopac7_20_percent'
    >>> asked_target(Assessment.open("harrow"), rule="level=9000", measure="total").value
    9000.0
    """
    if is_survey(measure, rule):
        measure = rule = base = horizon = per = ""
    if not (measure or rule or base or horizon or per):
        coming = [
            target
            for target in plan_targets(assessment)
            if target.rule != "points" and target.horizon > last_month(assessment, target)
        ]
        if coming:
            return min(coming, key=lambda target: target.horizon)
    return chosen_target(
        assessment,
        measure=measure or USUAL_MEASURE,
        rule=rule or USUAL_RULE,
        base=base,
        horizon=horizon,
        per=per,
    )


def asked_surveys(
    assessment: Assessment,
    *,
    measure: str = "",
    rule: str = "",
    base: str = "",
    horizon: str = "",
) -> list[dict[str, object]]:
    """Confidence targets: the reader's own where one is asked about, then the plan's.

    Returns
    -------
    list of dict
        As ``survey_target`` gives them.

    Raises
    ------
    ParamsError, DataContractError
        As ``chosen_target`` and ``survey_target``: points go with a survey's measure.

    Examples
    --------
    >>> harrow = Assessment.open("harrow")
    >>> [answer["points"] for answer in asked_surveys(harrow)]
    [13.0]
    """
    targets = [each for each in plan_targets(assessment) if each.rule == "points"]
    if is_survey(measure, rule):
        own = chosen_target(
            assessment,
            measure=measure or USUAL_MEASURE,
            rule=rule or USUAL_RULE,
            base=base,
            horizon=horizon,
        )
        targets = [own, *targets]
    return [survey_target(assessment, target) for target in targets]


def is_survey(measure: str, rule: str) -> bool:
    """Whether a survey is asked about.

    Examples
    --------
    >>> is_survey("", "points=13"), is_survey("mopac7", "percent=20")
    (True, False)
    """
    return rule.strip().startswith("points") or measure in known_survey_measures()


def seen_totals(answer: TargetAnswer) -> pd.Series:
    """Rolling 12-month totals of the borough's last eight years on the target's record.

    Returns
    -------
    Series, offences in 12 months, index ``month``
    """
    totals = rolling_12_month(answer.history[answer.area_code])
    return totals.dropna().iloc[-SEEN_MONTHS:]


def standings(answer: TargetAnswer) -> pd.DataFrame:
    """Where the 32 boroughs are forecast to stand at the horizon, moving jointly.

    Returns
    -------
    DataFrame, index ``area_code``, lowest forecast count first
        ``last_12_count``; ``forecast_count`` (median) and ``forecast_rate`` (per 1,000
        residents of the latest year) with ``_lower`` and ``_upper`` (80 %);
        ``lowest_count_chance`` and ``lowest_rate_chance``: that no borough is lower. Empty
        where the target is blocked.

    Examples
    --------
    >>> harrow = Assessment.open("harrow")
    >>> table = standings(TargetAnswer(harrow, asked_target(harrow)))
    >>> bool(1 <= table["lowest_count_chance"].sum() < 1.1)
    True
    """
    if answer.is_blocked:
        return pd.DataFrame()
    forecast = answer.forecast
    people = answer.assessment.population(year_to(answer.last_month))[forecast.draws.columns]
    table = pd.DataFrame({"last_12_count": forecast.last_12})
    futures = {"count": forecast.draws, "rate": 1000 * forecast.draws / people}
    for named, draws in futures.items():
        limits = draws.quantile([0.5, 0.1, 0.9])
        for limit, row in zip(("", "_lower", "_upper"), limits.to_numpy(), strict=True):
            table[f"forecast_{named}{limit}"] = pd.Series(row, draws.columns)
    kinds: tuple[Literal["count", "rate"], ...] = ("count", "rate")
    for by in kinds:
        table[f"lowest_{by}_chance"] = [
            chance_of_rank(forecast.draws, code, 1, by, people, float("nan")).simulated
            for code in table.index
        ]
    return table.rename_axis("area_code").sort_values("forecast_count", kind="stable")


def forecast_record(answer: TargetAnswer) -> pd.DataFrame:
    """How good forecasts of the target's measure have been, for the borough and for all.

    Returns
    -------
    DataFrame
        As ``Assessment.track_record``, with ``all_error_pct``, ``all_last_year_error_pct``,
        ``all_relative_error``, ``all_coverage_80`` (all boroughs) and ``is_last_year``
        (whether "the same as last year" is used so many years ahead).

    Examples
    --------
    >>> harrow = Assessment.open("harrow", as_of="2013-03")
    >>> table = forecast_record(TargetAnswer(harrow, asked_target(harrow)))
    >>> table[["years_ahead", "is_usual", "is_last_year"]].shape
    (6, 3)
    """
    assessment, measure = answer.assessment, answer.target.measure
    record = record_of(answer.target)
    own = assessment.track_record(measure, *record)
    every = assessment.track_record(measure, *record, all_boroughs=True)
    columns = ["error_pct", "last_year_error_pct", "relative_error", "coverage_80"]
    table = own.join(every[columns].add_prefix("all_"))
    last = pd.Period(answer.last_month, freq="M")
    is_last_year = {
        years: assessment.forecast(measure, str(last + 12 * years), *record).is_last_year
        for years in own["years_ahead"].unique()
    }
    table["is_last_year"] = table["years_ahead"].map(is_last_year)
    return table


def each_borough(assessment: Assessment, target: TargetSpec) -> pd.DataFrame:
    """How the 32 boroughs changed from the base of an ended percentage target to its end.

    Returns
    -------
    DataFrame, index ``area_code``, largest fall first
        ``base_count``, ``actual_count``, ``change_pct`` and ``is_met``; empty where the
        target is not a percentage of a year, or has not ended.

    Examples
    --------
    >>> harrow = Assessment.open("harrow")
    >>> table = each_borough(harrow, plan_targets(harrow)[0])
    >>> int(table["is_met"].sum()), round(float(table.loc["E09000016", "change_pct"]), 1)
    (15, -17.0)
    """
    if target.rule != "percent" or target.per != "year":
        return pd.DataFrame()
    if target.horizon > last_month(assessment, target):
        return pd.DataFrame()
    base, record = target.base_period, record_of(target)
    codes = borough_codes()
    before = assessment.totals(target.measure, (base.first, base.last), *record)[codes]
    after = assessment.totals(target.measure, year_to(target.horizon), *record)[codes]
    change = 100 * (after.astype(float) / before.astype(float) - 1)
    table = pd.DataFrame(
        {
            "base_count": before,
            "actual_count": after,
            "change_pct": change,
            "is_met": change <= -float(target.percent or 0) + 1e-9,
        }
    )
    return table.rename_axis("area_code").sort_values("change_pct", kind="stable")


def what_varies(row: pd.Series) -> str:
    """What a row of ``prospects.by_definition`` changes, in words.

    Examples
    --------
    >>> what_varies(pd.Series({"varies": "base", "base_period": "2011-04..2012-03"}))
    'Base: April 2011 to March 2012'
    """
    if row["varies"] == "record":
        return f"Record: {row['basis']} basis, {row['offence_list']} list"
    if row["varies"] == "base":
        return f"Base: {period_words(*row['base_period'].split('..'))}"
    if row["varies"] == "measure":
        return f"Measure: {measure_label(row['measure'], in_sentence=True)}"
    if row["varies"] == "per":
        over = "over the whole period" if row["per"] == "whole" else "in the last year"
        return f"Read as fewer {over}"
    return "As asked"
