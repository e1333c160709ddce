"""Charts and tables of what a target asks and how likely it is, from its own answer."""

from __future__ import annotations

import pandas as pd

from analysis.assessment import Assessment
from analysis.assessment.answers import TargetAnswer
from analysis.assessment.target_choice import record_of
from analysis.assessment.target_report import what_varies
from analysis.charts.captions import caption, marks, source_line
from analysis.charts.chart import Chart
from analysis.charts.dots import interval_dots, probability_bars
from analysis.charts.fan import fan_chart
from analysis.charts.table import Table
from analysis.data.offences import measure_label
from analysis.targets.definitions import rule_words
from analysis.wording import chance_words, number, with_unit

_MEASURED_FROM = {
    "base": "From the base",
    "last_12_months": "From the last 12 months",
    "forecast": "From the forecast",
}
_PER = {"year": "In the last year", "whole": "Over the whole period"}


def needs(answer: TargetAnswer, title: str) -> list[Chart | Table]:
    """What the target takes, measured three ways; nothing where that cannot be told."""
    if answer.is_blocked:
        return []
    rows = answer.required[answer.required["per"] == answer.target.per]
    rows = rows.assign(start=[_MEASURED_FROM[each] for each in rows["measured_from"]])
    horizon = answer.target.horizon
    drawn = interval_dots(
        rows,
        caption(
            answer.assessment,
            title,
            f"Fewer offences of {measure_label(answer.target.measure, in_sentence=True)}",
            chart_id="needs",
            period=(_next(answer.target.base_period.last), horizon),
            record=record_of(answer.target),
        ),
        label="start",
        value="reduction_count",
        label_name="Measured from",
        interval_name="80% of futures",
    )
    return [drawn, _needs_table(answer)]


def fan(answer: TargetAnswer, totals: pd.Series, path: pd.DataFrame, title: str) -> list[Chart]:
    """Rolling 12-month total, its forecast and the target; nothing if that cannot be told.

    Parameters
    ----------
    answer : TargetAnswer
    totals : Series, offences, index ``month``
        As ``target_report.seen_totals`` returns them.
    path : DataFrame
        As ``Assessment.forecast_path`` returns it.
    title : str
    """
    if answer.is_blocked:
        return []
    measure, record = answer.target.measure, record_of(answer.target)
    history = pd.DataFrame({"month": totals.index, "offence_count": totals.to_numpy()})
    drawn = fan_chart(
        history,
        path,
        caption(
            answer.assessment,
            title,
            f"{measure_label(measure)}, 12 months to each month",
            chart_id="forecast",
            period=(f"{totals.index[0]:%Y-%m}", answer.target.horizon),
            record=record,
        ),
        target=None if answer.is_whole else answer.level_count,
        horizon=pd.Timestamp(answer.target.horizon),
        breaks=marks(answer.assessment, measure, totals.index[0], record),
    )
    return [drawn]


def ladder(answer: TargetAnswer, table: pd.DataFrame, title: str) -> list[Chart]:
    """Chance of falls of several sizes by a horizon; nothing if the year is mixed."""
    assessment, measure = answer.assessment, answer.target.measure
    if assessment.within_year.is_blocked:
        return []
    rows = pd.DataFrame(
        {
            "fall": [
                f"{number(fall)}% fall, {number(count)} fewer"
                for fall, count in zip(table["fall_pct"], table["reduction_count"], strict=True)
            ],
            "probability_pct": 100 * table["probability"],
        }
    )
    drawn = probability_bars(
        rows,
        caption(
            assessment,
            title,
            f"Chance of a fall in {measure_label(measure, in_sentence=True)}",
            chart_id="chances",
            unit="%",
            period=(assessment.latest_year[0], answer.target.horizon),
            record=record_of(answer.target),
        ),
        label="fall",
        label_name="Fall from the latest year",
    )
    return [drawn]


def if_london(answer: TargetAnswer, title: str) -> list[Chart]:
    """Chance of the target in Londons that rise and fall; nothing where it is not told."""
    table = answer.if_london_changes
    if table.empty:
        return []
    rows = pd.DataFrame(
        {
            "london": [_london_words(change) for change in table["london_change_pct"]],
            "probability_pct": 100 * table["probability"],
        }
    )
    drawn = probability_bars(
        rows,
        caption(
            answer.assessment,
            title,
            "Chance of the target by what London does",
            chart_id="if-london",
            unit="%",
            period=(_next(answer.last_month), answer.target.horizon),
            record=record_of(answer.target),
        ),
        label="london",
        label_name="London from the latest year",
    )
    return [drawn]


def by_definition(answer: TargetAnswer, table: pd.DataFrame) -> list[Table]:
    """The same target under other definitions; nothing where it cannot be told.

    Parameters
    ----------
    answer : TargetAnswer
    table : DataFrame
        As ``prospects.by_definition`` returns it.
    """
    told = table[~table["is_blocked"].astype(bool)]
    if answer.is_blocked or told.empty:
        return []
    frame = pd.DataFrame(
        {
            "What is changed": [what_varies(row) for _, row in told.iterrows()],
            "Base": told["base_count"].to_numpy(),
            "Fewer than base": told["from_base_count"].to_numpy(),
            "Fewer than latest year": told["from_last_12_count"].to_numpy(),
            "Chance": [chance_words(chance) for chance in told["probability"]],
            "In words": told["in_words"].to_numpy(),
        }
    )
    return [
        Table(
            title="The same target under other definitions",
            frame=frame,
            source=source_line(answer.assessment, record_of(answer.target)),
            table_id="definitions",
            notes=("Each row changes one thing and keeps the rest.",),
            decimals=dict.fromkeys(frame.columns[1:-2], 0),
        )
    ]


def rules(assessment: Assessment, table: pd.DataFrame, measure: str, title: str) -> list[Chart]:
    """Reduction that each rule asks for; nothing if the year is mixed."""
    if assessment.within_year.is_blocked:
        return []
    rows = table.assign(
        definition=[
            rule_words(*row)
            for row in zip(table["rule"], table["comparator_code"], strict=True)
        ]
    )
    drawn = interval_dots(
        rows[["definition", "reduction_count"]],
        caption(
            assessment,
            title,
            f"Fewer offences a year of {measure_label(measure, in_sentence=True)}",
            chart_id="rules",
        ),
        value="reduction_count",
        label_name="Rule",
    )
    return [drawn]


def _needs_table(answer: TargetAnswer) -> Table:
    rows = answer.required
    frame = pd.DataFrame(
        {
            "Measured from": [_MEASURED_FROM[each] for each in rows["measured_from"]],
            "Read as": [_PER[each] for each in rows["per"]],
            "Offences": rows["from_count"].to_numpy(),
            "Target": rows["target_count"].to_numpy(),
            "Fewer": rows["reduction_count"].to_numpy(),
            "Fewer, 80% lower": rows["reduction_count_lower"].to_numpy(),
            "Fewer, 80% upper": rows["reduction_count_upper"].to_numpy(),
            "Fewer a month": rows["per_month_count"].to_numpy(),
            "Fewer (%)": rows["reduction_pct"].to_numpy(),
            "Each year (%)": rows["each_year_pct"].to_numpy(),
        }
    )
    frame = frame.astype(dict.fromkeys(frame.columns[5:7].append(frame.columns[9:]), object))
    frame = frame.where(frame.notna(), "[z]")
    decimals = dict.fromkeys(frame.columns[2:8], 0)
    return Table(
        title="What the target takes, in both readings",
        frame=frame,
        source=source_line(answer.assessment, record_of(answer.target)),
        table_id="required",
        notes=(
            "In the last year: fewer in the 12 months to the horizon. Over the whole period: "
            "as many fewer added up from the end of the base. A minus sign means that the "
            "target would be met without anything more.",
        ),
        decimals=decimals | {"Fewer (%)": 1, "Each year (%)": 1},
        is_folded=True,
    )


def _london_words(change: float) -> str:
    if change == 0:
        return "London as it is"
    word = "up" if change > 0 else "down"
    return f"London {word} {with_unit(abs(change), '%')}"


def _next(month: str) -> str:
    return str(pd.Period(month, freq="M") + 1)
