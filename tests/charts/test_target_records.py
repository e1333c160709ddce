"""Tables and chart of records: ended targets, targets to come, surveys, past forecasts."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from analysis.assessment import (
    Assessment,
    ended_targets,
    prospects,
    target_choice,
    target_report,
)
from analysis.assessment.answers import TargetAnswer
from analysis.charts import target_records
from analysis.charts.chart import Chart
from analysis.charts.table import Table

Open = Callable[..., Assessment]


def test_outcomes_and_prospects_print_what_was_worked_out(opened: Open) -> None:
    harrow = opened()
    ended = ended_targets.outcomes(harrow, target_choice.plan_targets(harrow))
    (table,) = target_records.outcomes(harrow, ended)
    record = (
        "recorded crime by borough, policing basis, old offence list, published January 2019."
    )
    assert table.source == f"Metropolitan Police Service, {record}"
    first = table.frame.iloc[0]
    assert (first["Base"], first["Outcome"], first["Verdict"]) == (8_255, 6_377, "met")
    assert first["Change (%)"] == pytest.approx(-22.7, abs=0.06)
    early = opened("harrow", "2013-03")
    coming = prospects.prospects(early, target_choice.plan_targets(early))
    (table,) = target_records.to_come(early, coming)
    first = table.frame.iloc[0]
    assert (first["Latest year"], first["Target level"]) == (7_696, pytest.approx(6_604))
    assert first["Fewer"] == pytest.approx(1_092)
    assert first["Chance"] == f"about {100 * coming['probability'].iloc[0]:.0f}%"
    assert "policing basis, old offence list" in table.notes[0]


def test_where_no_target_has_ended_or_is_to_come_there_is_no_table(opened: Open) -> None:
    harrow, nothing = opened(), pd.DataFrame()
    target = target_choice.plan_targets(harrow)[0]
    assert target_records.outcomes(harrow, nothing) == []
    assert target_records.to_come(harrow, nothing) == []
    assert target_records.each_borough(harrow, target, nothing) == []
    assert target_records.surveys(harrow, []) == []


def test_every_borough_is_told_for_the_mayors_target(opened: Open) -> None:
    harrow = opened()
    target = target_choice.plan_targets(harrow)[0]
    every = target_report.each_borough(harrow, target)
    (table,) = target_records.each_borough(harrow, target, every)
    rows = table.frame.set_index("Borough")
    assert len(rows) == 32
    assert (rows["Met"] == "Yes").sum() == 15
    # As the Metropolitan Police published both ends.
    assert rows.loc["Harrow", ["Base", "Outcome", "Met"]].tolist() == [8_255, 6_377, "Yes"]
    assert rows.loc["Havering", ["Base", "Outcome", "Met"]].tolist() == [9_557, 7_929, "No"]
    assert "<details><summary>Table: The first of these targets" in table.html


def test_points_and_per_cent_of_confidence_stand_side_by_side(opened: Open) -> None:
    harrow, early = opened(), opened("harrow", "2013-03")
    (table,) = target_records.surveys(harrow, target_report.asked_surveys(harrow))
    assert "Survey, published January 2024 and October 2025, and" in table.source
    row = table.frame.iloc[0]
    assert (row["Base (%)"], row["Target (%)"], row["Percentage points"]) == (62, 75, 13)
    assert round(row["Per cent of the base"]) == 21
    assert row["Target"].endswith("(the Mayor's, for London)")
    (silent,) = target_records.surveys(early, target_report.asked_surveys(early))
    assert silent.frame["Borough, newest (%)"].tolist() == ["[x]"]
    assert "published" not in silent.source


def test_past_forecasts_are_drawn_beside_last_year_with_their_coverage(opened: Open) -> None:
    harrow = opened()
    answer = TargetAnswer(harrow, target_report.asked_target(harrow))
    record = target_report.forecast_record(answer)
    chart, table = target_records.forecasts(answer, record, "A title")
    assert isinstance(chart, Chart)
    assert isinstance(table, Table)
    drawn = chart.table["These forecasts (%)"].astype(float)
    assert drawn.tolist() == pytest.approx(record["error_pct"].tolist())
    last_year = chart.table["The same as last year (%)"].astype(float)
    assert last_year.tolist() == pytest.approx(record["last_year_error_pct"].tolist())
    assert table.frame["Within 80% range (%)"].tolist() == pytest.approx(
        (100 * record["coverage_80"]).tolist()
    )
    assert target_records.forecasts(answer, record.assign(origin_count=0), "A title") == []
