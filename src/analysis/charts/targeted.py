"""The charts and tables of the targets report, from an assessment's own results."""

from __future__ import annotations

import pandas as pd

from analysis.assessment import Assessment
from analysis.charts.captions import caption, marks, source_line
from analysis.charts.chart import Chart
from analysis.charts.dots import interval_dots, probability_bars
from analysis.charts.fan import fan_chart
from analysis.charts.table import Table
from analysis.data.offences import measure_label
from analysis.targets.definitions import rule_words
from analysis.wording import number, year_ending

CLOSEST_READINGS = 4
RECENT_MONTHS = 36
HISTORY_MONTHS = 96
# Eight years of history leave the fan wide enough to read.


def ladder(
    assessment: Assessment, table: pd.DataFrame, measure: str, horizon: str, title: str
) -> list[Chart]:
    """Chance of falls of several sizes by a horizon; nothing if the year is mixed."""
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
            period=(assessment.latest_year[0], horizon),
        ),
        label="fall",
        label_name="Fall from the latest year",
    )
    return [drawn]


def fan(
    assessment: Assessment,
    path: pd.DataFrame,
    measure: str,
    target_count: float,
    title: str,
) -> list[Chart]:
    """Rolling 12-month total, its forecast and the target; nothing if the year is mixed."""
    if assessment.within_year.is_blocked:
        return []
    series = assessment.rolling_year(measure).dropna().iloc[-HISTORY_MONTHS:]
    history = pd.DataFrame({"month": series.index, "offence_count": series.to_numpy()})
    horizon = path["month"].iloc[-1]
    drawn = fan_chart(
        history,
        path,
        caption(
            assessment,
            title,
            f"{measure_label(measure)}, 12 months to each month",
            chart_id="forecast",
            period=(f"{series.index[0]:%Y-%m}", f"{horizon:%Y-%m}"),
        ),
        target=None if pd.isna(target_count) else target_count,
        horizon=horizon,
        breaks=marks(assessment, measure, series.index[0]),
    )
    return [drawn]


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


def readings_table(assessment: Assessment, table: pd.DataFrame) -> Table:
    """Readings of a plan's numbers, each with its formula and how well it fits.

    The closest readings come first, then those usually meant: all crime on the annual table
    and MOPAC 7 crime on the old list, both for the base year.
    """
    rows = _shown_readings(table)
    frame = pd.DataFrame(
        {
            "Measure and record": [_record_words(row) for _, row in rows.iterrows()],
            "Year": [_year_words(period) for period in rows["period"]],
            "Rule": [
                rule_words(*row)
                for row in zip(rows["rule"], rows["comparator_code"], strict=True)
            ],
            "Base": rows["base_count"].to_numpy(),
            "Reduction": rows["reduction_count"].to_numpy(),
            "Formula": rows["formula"].to_numpy(),
        }
    )
    if "worst_gap_pct" in rows:
        frame["Base against plan (%)"] = rows["base_gap_pct"].to_numpy()
        frame["Reduction against plan (%)"] = rows["reduction_gap_pct"].to_numpy()
    return Table(
        title="What the plan's numbers can mean, on published figures",
        frame=frame,
        source=(
            "Metropolitan Police Service, recorded crime by borough on both bases and both "
            "offence lists, and annual rates; see the figures listed at the foot."
        ),
        table_id="readings",
        notes=(
            "Each row is one basis, one offence list and one period; they are never joined.",
        ),
        decimals={
            "Base": 0,
            "Reduction": 0,
            "Base against plan (%)": 1,
            "Reduction against plan (%)": 1,
        },
    )


def outcomes(assessment: Assessment, table: pd.DataFrame) -> list[Table]:
    """Targets that have ended: base, target, outcome; nothing where none has."""
    return [] if table.empty else [_outcomes_table(table)]


def to_come(assessment: Assessment, table: pd.DataFrame) -> list[Table]:
    """Targets to come: what they need and how likely they are; nothing without any."""
    return [] if table.empty else [_prospects_table(assessment, table)]


def months(
    assessment: Assessment, table: pd.DataFrame, measure: str, title: str
) -> list[Chart]:
    """Monthly counts, past and expected, with their range; nothing if the year is mixed."""
    if assessment.within_year.is_blocked:
        return []
    series = assessment.series(measure).iloc[-RECENT_MONTHS:]
    history = pd.DataFrame({"month": series.index, "offence_count": series.to_numpy()})
    last = table["month"].iloc[-1]
    drawn = fan_chart(
        history,
        table,
        caption(
            assessment,
            title,
            f"{measure_label(measure)} each month",
            chart_id="months",
            period=(f"{series.index[0]:%Y-%m}", f"{last:%Y-%m}"),
        ),
    )
    return [drawn]


def _prospects_table(assessment: Assessment, table: pd.DataFrame) -> Table:
    frame = pd.DataFrame(
        {
            "Target": table["label"].to_numpy(),
            "Base": table["base_count"].to_numpy(),
            "Target level": table["target_count"].to_numpy(),
            "Latest year": table["last_12_count"].to_numpy(),
            "Fewer than base": table["from_base_count"].to_numpy(),
            "Fewer than latest year": table["from_last_12_count"].to_numpy(),
            "Forecast": table["forecast_count"].to_numpy(),
            "Forecast, lower": table["forecast_count_lower"].to_numpy(),
            "Forecast, upper": table["forecast_count_upper"].to_numpy(),
            "Chance (%)": (100 * table["probability"]).to_numpy(),
            "Definition": table["definition"].to_numpy(),
        }
    )
    return Table(
        title="Targets to come",
        frame=frame,
        source=source_line(assessment),
        table_id="prospects",
        notes=("The forecast's limits hold 80% of futures.",),
        decimals=dict.fromkeys(frame.columns[1:-1], 0),
    )


def _outcomes_table(table: pd.DataFrame) -> Table:
    frame = pd.DataFrame(
        {
            "Target": table["label"].to_numpy(),
            "Base": table["base_count"].to_numpy(),
            "Needed": table["target_count"].to_numpy(),
            "Outcome": table["actual_count"].to_numpy(),
            "Change (%)": table["change_pct"].to_numpy(),
            "Verdict": table["verdict"].to_numpy(),
            "Definition": table["definition"].to_numpy(),
        }
    )
    return Table(
        title="Targets that have ended",
        frame=frame,
        source=(
            "Metropolitan Police Service, recorded crime by borough on the record each "
            "definition names."
        ),
        table_id="outcomes",
        decimals={"Base": 0, "Needed": 0, "Outcome": 0, "Change (%)": 1},
    )


def _shown_readings(table: pd.DataFrame) -> pd.DataFrame:
    base_year = table["period"].min()
    is_usual = (table["period"] == base_year) & (
        ((table["measure"] == "total") & (table["offence_list"] == "annual table"))
        | ((table["measure"] == "mopac7") & (table["offence_list"] == "old"))
    )
    usual = table[is_usual].sort_values(["offence_list", "rule"], kind="stable")
    if "worst_gap_pct" not in table:
        return usual
    return pd.concat([table.head(CLOSEST_READINGS), usual]).drop_duplicates()


def _record_words(row: pd.Series) -> str:
    name = measure_label(str(row["measure"]))
    if row["offence_list"] == "annual table":
        return f"{name}, annual table"
    return f"{name}, {row['basis']} basis, {row['offence_list']} list"


def _year_words(period: str) -> str:
    first, last = period.split(" to ")
    if first.endswith("-04"):
        return f"{first[:4]}/{last[2:4]}"
    return first[:4] if first.endswith("-01") else year_ending(last)
