"""Charts of the way to a target show what the answer worked out, and no more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from analysis.assessment import Assessment, target_choice, target_report
from analysis.assessment.answers import TargetAnswer
from analysis.charts import way_there
from analysis.charts.chart import Chart
from analysis.charts.table import Table

Open = Callable[..., Assessment]


@pytest.fixture(scope="module")
def hindcast(opened: Open) -> TargetAnswer:
    cut = opened("harrow", "2013-03")
    return TargetAnswer(cut, target_report.asked_target(cut))


@pytest.fixture(scope="module")
def newest(opened: Open) -> TargetAnswer:
    return TargetAnswer(opened(), target_report.asked_target(opened()))


def of(pair: list[Chart | Table]) -> tuple[Chart, Table]:
    chart, table = pair
    assert isinstance(chart, Chart)
    assert isinstance(table, Table)
    return chart, table


def test_ceilings_stand_beside_what_was_seen_and_add_up_to_the_target(
    hindcast: TargetAnswer,
) -> None:
    record = target_choice.record_of(hindcast.target)
    months = hindcast.assessment.forecast_months("mopac7", hindcast.target.horizon, *record)
    chart, table = of(way_there.way(hindcast, months, "A title"))
    ceilings = chart.table["Ceiling (offences)"]
    # A year before the base ended has none, the 48 months after it have one each.
    assert (ceilings == "[z]").sum() == way_there.RECENT_MONTHS - 12
    assert len(table.frame) == 48
    assert table.frame["Ceiling on the way from the base"].iloc[-12:].sum() == 6_604
    assert table.frame["Ceiling on the way from today"].iloc[-12:].sum() == 6_604
    assert table.frame["Recorded"].iloc[:12].sum() == 7_696
    assert set(table.frame["Recorded"].iloc[12:]) == {"[z]"}


def test_ceilings_from_the_latest_year_need_no_second_column(newest: TargetAnswer) -> None:
    months = newest.assessment.forecast_months("mopac7", newest.target.horizon)
    _, table = of(way_there.way(newest, months, "A title"))
    assert "Recorded" not in table.frame
    assert "Ceiling on the way from today" not in table.frame
    assert len(table.frame) == 36
    # The first ceiling lies above what June 2024 saw: no note may say that it lies below.
    frame = table.frame.set_index("Month")
    seen = newest.assessment.totals("mopac7", ("2024-06", "2024-06"))[newest.area_code]
    assert frame.loc["June 2025"].iloc[0] > seen
    assert "in the first year a ceiling may lie above what was recorded" in table.notes[0]


def test_every_way_of_sharing_out_adds_up_and_stands_beside_the_record(
    newest: TargetAnswer,
) -> None:
    chart, table = of(way_there.allocation(newest, "A title"))
    sums = table.frame.groupby("Shared out")["Fewer"].sum()
    assert list(chart.table.columns[1:]) == [
        f"{name} (%)" for name in way_there.METHODS.values()
    ]
    assert sums.tolist() == pytest.approx([newest.last_12_count - newest.level_count] * 4)
    assert chart.table["In proportion (%)"].tolist() == pytest.approx([20.0] * len(chart.table))
    # Violence with injury fell as much in 0.6% of cases, which no sentence calls nought or 1.
    done = table.frame.set_index(["Offence group", "Shared out"])["Done before (% of cases)"]
    assert done["Violence with injury", "In proportion"] == "under 1"
    assert set(done.astype(str)).isdisjoint({"0", "100", "0.0"})


def test_a_way_that_cannot_be_told_from_a_short_record_is_not_drawn(opened: Open) -> None:
    cut = opened("harrow", "2013-03")
    # On the location basis two years and a half are held, so nothing over three years is.
    target = target_choice.chosen_target(cut, measure="mopac7", rule="percent=20")
    chart, table = of(way_there.allocation(TargetAnswer(cut, target), "A title"))
    assert "In proportion (%)" in chart.table
    assert "Least effort (%)" not in chart.table
    assert set(table.frame["Done before (% of cases)"].isna()) == {True}


def test_nothing_is_shared_out_where_the_target_is_met_already(opened: Open) -> None:
    target = target_choice.chosen_target(opened(), measure="mopac7", rule="level=9000")
    assert way_there.allocation(TargetAnswer(opened(), target), "A title") == []


def test_the_largest_falls_come_first_and_the_borough_stands_out(newest: TargetAnswer) -> None:
    chart, table = of(way_there.achievers(newest, "A title"))
    falls = chart.table.iloc[:, 1].astype(float)
    assert falls.is_monotonic_decreasing
    assert falls.iloc[0] == pytest.approx(newest.achieved_by["best_fall_pct"].max())
    assert any(name.startswith("Harrow, year to") for name in chart.table.iloc[:, 0])
    assert len(table.frame) == len(newest.achieved_by)
    others = len(newest.achieved_by)
    assert f", the 10 largest falls of {others} boroughs" in chart.subtitle
    assert len(chart.table) >= way_there.SHOWN_BOROUGHS


def test_a_borough_far_from_the_lowest_is_drawn_all_the_same(opened: Open) -> None:
    westminster = opened("westminster")
    answer = TargetAnswer(westminster, target_report.asked_target(westminster))
    table = target_report.standings(answer)
    chart, whole = of(way_there.standings(answer, table, "A title"))
    assert len(chart.table) == way_there.SHOWN_BOROUGHS + 1
    assert ", the 10 lowest of 32 boroughs and Westminster," in chart.subtitle
    assert chart.table.iloc[-1, 0] == "Westminster"
    assert len(whole.frame) == 32
    assert whole.frame["Forecast"].is_monotonic_increasing
    assert not whole.frame["Chance of the fewest"].str.contains(r"\b0%").any()


def test_a_rank_by_count_is_drawn_by_count(opened: Open) -> None:
    target = target_choice.chosen_target(opened(), measure="mopac7", rule="rank=1:count")
    answer = TargetAnswer(opened(), target)
    chart, _ = of(way_there.standings(answer, target_report.standings(answer), "A title"))
    assert "Offences" in chart.table
    by_rate = replace(answer, target=target.model_copy(update={"rank_by": "rate"}))
    table: pd.DataFrame = target_report.standings(by_rate)
    chart, _ = of(way_there.standings(by_rate, table, "A title"))
    assert "Per 1,000" in chart.table


def test_small_parts_are_told_apart(opened: Open) -> None:
    target = target_choice.chosen_target(opened(), measure="mopac7", rule="percent=1")
    chart, _ = of(way_there.allocation(TargetAnswer(opened(), target), "A title"))
    assert chart.decimals["In proportion (%)"] > 0
