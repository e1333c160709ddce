"""The charts and tables of the targets report show what the targets room worked out."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from analysis.assessment import Assessment, claims, prospects, target_report
from analysis.assessment.answers import TargetAnswer
from analysis.charts import readings, targeted, way_there
from analysis.charts.captions import caption, source_line
from analysis.charts.chart import Chart
from analysis.charts.table import Table
from analysis.findings import chances, ways
from analysis.findings import targets as findings
from analysis.wording import MINUS

Open = Callable[..., Assessment]

BOROUGHS = ["harrow", "havering", "westminster"]


@pytest.fixture(scope="module", params=BOROUGHS)
def assessment(request: pytest.FixtureRequest, opened: Open) -> Assessment:
    return opened(request.param)


def test_a_caption_says_what_where_when_and_on_which_record(opened: Open) -> None:
    about = caption(opened(), "A title", "Recorded offences", chart_id="one")
    assert about.subtitle == "Recorded offences, Harrow, June 2024 to May 2025"
    assert about.source == source_line(opened())
    assert about.source == (
        "Metropolitan Police Service, recorded crime by borough, location basis, published "
        "June 2025 and April 2026."
    )
    own = caption(
        opened(), "A title", "Offences", chart_id="one", period=("2011-04", "2012-03")
    )
    assert own.period == "April 2011 to March 2012"


def test_the_ladder_draws_the_chances_in_per_cent(assessment: Assessment) -> None:
    own = TargetAnswer(assessment, target_report.asked_target(assessment))
    steps = prospects.ladder(own)
    (chart,) = targeted.ladder(own, steps, "A title")
    drawn = chart.table.iloc[:, 1].astype(float)
    assert sorted(drawn) == pytest.approx(sorted(100 * steps["probability"]))
    texts = " ".join(chart.table.iloc[:, 0])
    assert all(f"{fall:g}% fall" in texts for fall in prospects.FALLS_PCT)


@pytest.fixture(scope="module")
def answer(assessment: Assessment) -> TargetAnswer:
    return TargetAnswer(assessment, target_report.asked_target(assessment))


@pytest.fixture(scope="module")
def hindcast(opened: Open) -> TargetAnswer:
    cut = opened("harrow", "2013-03")
    return TargetAnswer(cut, target_report.asked_target(cut))


def test_the_fan_joins_what_was_seen_to_what_is_expected(
    assessment: Assessment, answer: TargetAnswer
) -> None:
    path = assessment.forecast_path("mopac7", answer.target.horizon)
    totals = target_report.seen_totals(answer)
    (chart,) = targeted.fan(answer, totals, path, "A title")
    seen = target_report.SEEN_MONTHS
    assert len(chart.table) == seen + len(path)
    last = assessment.count("mopac7", assessment.latest_year)
    table = chart.table
    assert table["Recorded (offences)"].iloc[seen - 1] == last
    assert table["Forecast (offences)"].iloc[-1] == pytest.approx(path["median"].iloc[-1])
    assert table["Target (offences)"].iloc[-1] == pytest.approx(0.8 * last)
    for limit in ("lower", "upper"):
        drawn = table[f"80% {limit}"].iloc[seen:].astype(float)
        assert drawn.tolist() == pytest.approx(path[f"{limit}_80"].tolist())


def test_the_fan_marks_covid_and_what_changed_in_recording(opened: Open) -> None:
    harrow = opened()
    own = TargetAnswer(harrow, target_report.asked_target(harrow))
    totals = target_report.seen_totals(own)
    path = harrow.forecast_path("mopac7", own.target.horizon)
    (chart,) = targeted.fan(own, totals, path, "A title")
    for label in ("COVID restrictions", "CONNECT", "Fewer unknown", "Target due"):
        assert label in chart.svg


def test_a_target_on_another_record_is_drawn_from_it_and_says_so(
    hindcast: TargetAnswer,
) -> None:
    totals = target_report.seen_totals(hindcast)
    # 7,696 offences to March 2013 on the policing basis and old list.
    assert totals.iloc[-1] == 7_696
    record = ("policing", "old")
    path = hindcast.assessment.forecast_path("mopac7", hindcast.target.horizon, *record)
    (chart,) = targeted.fan(hindcast, totals, path, "A title")
    assert "policing basis, old offence list, published January 2019" in chart.source
    assert chart.table["Recorded (offences)"].iloc[len(totals) - 1] == 7_696


def test_what_is_needed_is_drawn_three_ways_and_told_in_both_readings(
    hindcast: TargetAnswer,
) -> None:
    chart, table = targeted.needs(hindcast, "A title")
    assert isinstance(chart, Chart)
    drawn = chart.table.iloc[:, 1].astype(float).round().tolist()
    assert drawn[:2] == [1_651, 1_092]
    assert chart.table["Lower limit"].notna().tolist() == [False, False, True]
    assert isinstance(table, Table)
    assert table.frame["Read as"].tolist().count("Over the whole period") == 3
    assert table.frame["Fewer a month"].round().iloc[1] == 91


def test_londons_part_is_drawn_from_its_largest_fall_to_its_largest_rise(
    answer: TargetAnswer,
) -> None:
    (chart,) = targeted.if_london(answer, "A title")
    assert chart.table.iloc[0, 0] == "London down 20%"
    assert chart.table.iloc[-1, 0] == "London up 10%"
    drawn = chart.table.iloc[:, 1]
    known = 100 * answer.if_london_changes["probability"]
    is_told = known.between(1, 99).to_numpy()
    assert drawn[is_told].tolist() == pytest.approx(known[is_told].tolist())
    assert set(drawn[~is_told]) <= {"under 1", "over 99"}


def test_definitions_name_what_each_changes_and_never_print_nought(
    hindcast: TargetAnswer,
) -> None:
    rows = prospects.by_definition(hindcast.assessment, hindcast.target)
    (table,) = targeted.by_definition(hindcast, rows.assign(probability=0.0))
    names = table.frame["What is changed"].tolist()
    assert names[0] == "As asked"
    assert "Record: location basis, current list" in names
    assert "Read as fewer over the whole period" in names
    assert len(set(names)) == len(names)
    assert set(table.frame["Chance"]) == {"under 1%"}


def test_the_rules_draw_the_reduction_that_each_asks_for(assessment: Assessment) -> None:
    table = claims.readings_now(assessment, "mopac7")
    (chart,) = targeted.rules(assessment, table, "mopac7", "A title")
    drawn = chart.table.iloc[:, 1].astype(float)
    assert sorted(drawn) == pytest.approx(sorted(table["reduction_count"]))


def test_the_readings_table_shows_the_closest_reading_with_its_formula(opened: Open) -> None:
    found = claims.plan_search(opened()).table
    frame = readings.readings_table(opened(), found).frame
    (closest,) = frame.index[frame["Formula"] == f"11,616 {MINUS} 9,130 = 2,486"]
    assert closest == frame.index[0]
    assert frame.loc[closest, "Base"] == 11_616
    assert frame.loc[closest, "Reduction"] == 2_486
    # Every row of the table is a row of the readings, none made up.
    for row in frame[["Base", "Reduction"]].itertuples(index=False):
        same = found["base_count"].eq(row[0]) & found["reduction_count"].eq(row[1])
        assert same.any()


def test_the_readings_that_the_field_would_try_first_are_among_those_shown(
    opened: Open,
) -> None:
    found = claims.plan_search(opened()).table
    formulas = set(readings.readings_table(opened(), found).frame["Formula"])
    for formula in (
        "20% of 8,255 = 1,651",
        f"14,169 {MINUS} 11,232 = 2,937",
        f"14,169 {MINUS} 11,736 = 2,433",
    ):
        assert formula in formulas


def test_without_a_claim_the_table_still_shows_the_usual_readings(opened: Open) -> None:
    found = claims.plan_search(opened("sutton")).table
    frame = readings.readings_table(opened("sutton"), found).frame
    assert not frame.empty
    assert "Base against plan (%)" not in frame
    usual = frame["Measure and record"].str.contains("annual table|old list")
    assert len(set(frame.loc[usual, "Measure and record"])) >= 2
    # The two ends that the sentence names stand first.
    fewest = found.loc[found["rule"] == "rank=1:count", "reduction_count"]
    assert frame["Reduction"].tolist()[:2] == [fewest.min(), fewest.max()]


@pytest.mark.parametrize(
    ("rule", "code", "words"),
    [
        ("percent=20", "", "20% off"),
        ("rank=1:count", "E09000021", "Lowest count (Kingston upon Thames)"),
        ("rank=2:rate", "E09000029", "2nd lowest rate (Sutton)"),
        ("rank=3:rate", "E09000029", "3rd lowest rate (Sutton)"),
    ],
)
def test_a_rule_is_told_in_words(rule: str, code: str, words: str) -> None:
    assert readings.rule_words(rule, code) == words


def test_a_year_with_a_step_in_it_is_neither_drawn_nor_told(opened: Open) -> None:
    mixed = opened("hillingdon", "2024-09")
    own = TargetAnswer(mixed, target_report.asked_target(mixed))
    steps = prospects.ladder(own)
    assert targeted.ladder(own, steps, "A title") == []
    months = mixed.forecast_months("mopac7", own.target.horizon)
    totals = target_report.seen_totals(own)
    assert targeted.needs(own, "A title") == targeted.if_london(own, "A title") == []
    assert targeted.fan(own, totals, months, "A title") == []
    assert targeted.by_definition(own, prospects.by_definition(mixed, own.target)) == []
    assert way_there.way(own, months, "A title") == []
    assert way_there.allocation(own, "A title") == []
    assert way_there.achievers(own, "A title") == []
    assert way_there.standings(own, target_report.standings(own), "A title") == []
    table = claims.readings_now(mixed, "mopac7")
    assert targeted.rules(mixed, table, "mopac7", "A title") == []
    for finding in (
        chances.ladder(own, steps),
        chances.rules(mixed, "mopac7", table),
        chances.if_london(own),
        chances.by_definition(own, pd.DataFrame()),
        ways.way(own),
        ways.allocation(own),
        ways.achieved(own),
        ways.standings(own, pd.DataFrame()),
        findings.forecast(mixed, "mopac7", mixed.forecast("mopac7")),
    ):
        assert finding.certainty == "not known"
        assert finding.sentence.startswith("From April 2023 to February 2024 Heathrow")
