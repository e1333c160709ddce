"""Charts and tables of records: ended targets, targets to come, surveys, past forecasts."""

from __future__ import annotations

import pandas as pd

from analysis.assessment import Assessment
from analysis.assessment.answers import TargetAnswer
from analysis.assessment.target_choice import record_of
from analysis.charts.captions import caption, source_line
from analysis.charts.chart import Chart
from analysis.charts.grouped_dots import grouped_dots
from analysis.charts.rows import yes_or_no
from analysis.charts.table import Table
from analysis.data.offences import measure_label
from analysis.params.areas import area_name
from analysis.params.targets import TargetSpec
from analysis.wording import chance_words, counted, editions, month_text, printable

USUAL_PERIODS, ALL_PERIODS = "usual times", "all times"
# Clear of COVID and of steps in recording, or not.


def outcomes(assessment: Assessment, table: pd.DataFrame) -> list[Table]:
    """Targets that have ended: base, target, outcome; nothing where none has."""
    return [] if table.empty else [_outcomes_table(table, _records(assessment, table))]


def each_borough(
    assessment: Assessment, target: TargetSpec, table: pd.DataFrame
) -> list[Table]:
    """How every borough came out on an ended target; nothing where that is not told.

    Parameters
    ----------
    assessment : Assessment
    target : TargetSpec
    table : DataFrame
        As ``target_report.each_borough`` returns it.
    """
    if table.empty:
        return []
    frame = pd.DataFrame(
        {
            "Borough": [area_name(code) for code in table.index],
            "Base": table["base_count"].to_numpy(),
            "Outcome": table["actual_count"].to_numpy(),
            "Change (%)": table["change_pct"].to_numpy(),
            "Met": yes_or_no(table["is_met"]),
        }
    )
    return [
        Table(
            title="The first of these targets in every borough",
            frame=frame,
            source=source_line(assessment, record_of(target)),
            table_id="each-borough",
            decimals={"Base": 0, "Outcome": 0, "Change (%)": 1},
            is_folded=True,
        )
    ]


def to_come(assessment: Assessment, table: pd.DataFrame) -> list[Table]:
    """Targets to come: what they need and how likely they are; nothing without any."""
    return [] if table.empty else [_prospects_table(table, _records(assessment, table))]


def surveys(assessment: Assessment, answers: list[dict[str, object]]) -> list[Table]:
    """Confidence targets in points and in per cent of the base, side by side."""
    if not answers:
        return []
    frame = pd.DataFrame(
        {
            "Target": [_survey_label(answer) for answer in answers],
            "Base (%)": [answer["base_pct"] for answer in answers],
            "Target (%)": [answer["target_pct"] for answer in answers],
            "Percentage points": [answer["points"] for answer in answers],
            "Per cent of the base": [answer["relative_pct"] for answer in answers],
            "Due": [month_text(pd.Timestamp(str(answer["horizon"]))) for answer in answers],
            "Borough then (%)": [answer.get("horizon_pct") for answer in answers],
            "Borough, newest (%)": [answer.get("latest_pct") for answer in answers],
        }
    )
    frame = frame.astype(dict.fromkeys(frame.columns[-2:], object))
    return [
        Table(
            title="Confidence targets in points and in per cent",
            frame=frame.where(frame.notna(), "[x]"),
            source=f"{_survey(assessment)} and the plans' own numbers.",
            table_id="confidence",
            decimals=dict.fromkeys([*frame.columns[1:5], *frame.columns[6:]], 0),
        )
    ]


def forecasts(answer: TargetAnswer, table: pd.DataFrame, title: str) -> list[Chart | Table]:
    """Error of past forecasts against the same as last year; nothing where none was seen.

    Parameters
    ----------
    answer : TargetAnswer
    table : DataFrame
        As ``target_report.forecast_record`` returns it.
    title : str
    """
    seen = table[table["origin_count"] > 0]
    if seen.empty:
        return []
    rows = seen.assign(label=[_lead_words(row) for _, row in seen.iterrows()])
    drawn = grouped_dots(
        rows,
        caption(
            answer.assessment,
            title,
            "Mean error of forecasts of 12-month totals of "
            f"{measure_label(answer.target.measure, in_sentence=True)}, per cent",
            chart_id="record",
            unit="%",
            period=(str(seen["first_origin"].min()), answer.last_month),
            record=record_of(answer.target),
        ),
        {"error_pct": "These forecasts", "last_year_error_pct": "The same as last year"},
        label="label",
        label_name="Ahead",
        decimals=1,
    )
    return [drawn, _record_table(answer, rows)]


def _survey_label(answer: dict[str, object]) -> str:
    label = str(answer["label"])
    if answer["is_londons"]:
        return f"{label} (the Mayor's, for London)"
    return printable(answer["measure"]) if "=" in label else label


def _record_table(answer: TargetAnswer, rows: pd.DataFrame) -> Table:
    frame = pd.DataFrame(
        {
            "Ahead": rows["label"].to_numpy(),
            "Forecasts": rows["origin_count"].to_numpy(),
            "Error (%)": rows["error_pct"].to_numpy(),
            "Same as last year, error (%)": rows["last_year_error_pct"].to_numpy(),
            "Within 80% range (%)": (100 * rows["coverage_80"]).to_numpy(),
            "Within 95% range (%)": (100 * rows["coverage_95"]).to_numpy(),
            "All boroughs, error (%)": rows["all_error_pct"].to_numpy(),
            "All boroughs, same as last year (%)": rows["all_last_year_error_pct"].to_numpy(),
            "All boroughs, within 80% (%)": (100 * rows["all_coverage_80"]).to_numpy(),
            "Same as last year is used": yes_or_no(rows["is_last_year"]),
        }
    )
    digits = dict.fromkeys(frame.columns[1:-1], 0) | {
        name: 1 for name in frame.columns if "rror (%)" in name or "year (%)" in name
    }
    return Table(
        title="How good these forecasts have been",
        frame=frame,
        source=source_line(answer.assessment, record_of(answer.target)),
        table_id="past-forecasts",
        notes=(
            "A forecast was made at every third month of the past from what was known by then. "
            f"{USUAL_PERIODS.capitalize()}: neither year held COVID restrictions, and no step "
            "in recording lay between.",
        ),
        decimals=digits,
        is_folded=True,
    )


def _lead_words(row: pd.Series) -> str:
    kind = USUAL_PERIODS if row["is_usual"] else ALL_PERIODS
    return f"{counted(int(row['years_ahead']), 'year')}, {kind}"


def _prospects_table(table: pd.DataFrame, source: str) -> Table:
    frame = pd.DataFrame(
        {
            "Target": table["label"].to_numpy(),
            "Latest year": table["last_12_count"].to_numpy(),
            "Target level": table["target_count"].to_numpy(),
            "Fewer": table["from_last_12_count"].to_numpy(),
            "Forecast": table["forecast_count"].to_numpy(),
            "Forecast, 80% lower": table["forecast_count_lower"].to_numpy(),
            "Forecast, 80% upper": table["forecast_count_upper"].to_numpy(),
            "Chance": [_chance(row) for _, row in table.iterrows()],
        }
    )
    definitions = [f"{row['label']}: {row['definition']}." for _, row in table.iterrows()]
    return Table(
        title="Targets to come",
        frame=frame,
        source=source,
        table_id="prospects",
        notes=tuple(definitions),
        decimals=dict.fromkeys(frame.columns[1:-1], 0),
    )


def _records(assessment: Assessment, table: pd.DataFrame) -> str:
    """The sources of all records that the definitions name, each once."""
    records = dict.fromkeys(zip(table["basis"], table["offence_list"], strict=True))
    return " ".join(source_line(assessment, record) for record in records)


def _survey(assessment: Assessment) -> str:
    held = sorted(assessment.table("attitude_survey")["published"].unique())
    when = f", published {editions(held)}," if held else " (nothing of it was held by then)"
    return (
        "Metropolitan Police Service and Mayor's Office for Policing and Crime, Public "
        f"Attitude Survey{when}"
    )


def _chance(row: pd.Series) -> str:
    return "not known" if pd.isna(row["probability"]) else chance_words(row["probability"])


def _outcomes_table(table: pd.DataFrame, source: str) -> Table:
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
        source=source,
        table_id="outcomes",
        decimals={"Base": 0, "Needed": 0, "Outcome": 0, "Change (%)": 1},
    )
