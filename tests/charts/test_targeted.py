"""The charts and tables of the targets report show what the targets room worked out."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from analysis.assessment import Assessment, claims, ended_targets, prospects, target_choice
from analysis.charts import targeted
from analysis.charts.captions import caption, source_line
from analysis.findings import targets as findings

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
    steps = prospects.ladder(assessment, "mopac7", "2028-05")
    (chart,) = targeted.ladder(assessment, steps, "mopac7", "2028-05", "A title")
    drawn = chart.table.iloc[:, 1].astype(float)
    assert sorted(drawn) == pytest.approx(sorted(100 * steps["probability"]))
    texts = " ".join(chart.table.iloc[:, 0])
    assert all(f"{fall:g}% fall" in texts for fall in prospects.FALLS_PCT)


def test_the_fan_joins_what_was_seen_to_what_is_expected(assessment: Assessment) -> None:
    path = assessment.forecast_path("mopac7", "2026-05")
    (chart,) = targeted.fan(assessment, path, "mopac7", 5000.0, "A title")
    assert len(chart.table) == targeted.HISTORY_MONTHS + len(path)
    last = assessment.count("mopac7", assessment.latest_year)
    table = chart.table
    assert table["Recorded (offences)"].iloc[targeted.HISTORY_MONTHS - 1] == last
    assert table["Forecast (offences)"].iloc[-1] == pytest.approx(path["median"].iloc[-1])
    for limit in ("lower", "upper"):
        drawn = table[f"80% {limit}"].iloc[targeted.HISTORY_MONTHS :].astype(float)
        assert drawn.tolist() == pytest.approx(path[f"{limit}_80"].tolist())


def test_a_fan_without_a_target_is_drawn_all_the_same(opened: Open) -> None:
    path = opened().forecast_path("mopac7", "2025-08")
    (chart,) = targeted.fan(opened(), path, "mopac7", float("nan"), "A title")
    assert chart.svg


def test_the_rules_draw_the_reduction_that_each_asks_for(assessment: Assessment) -> None:
    table = claims.readings_now(assessment, "mopac7")
    (chart,) = targeted.rules(assessment, table, "mopac7", "A title")
    drawn = chart.table.iloc[:, 1].astype(float)
    assert sorted(drawn) == pytest.approx(sorted(table["reduction_count"]))


def test_months_ahead_follow_the_last_months_seen(assessment: Assessment) -> None:
    ahead = assessment.forecast_months("mopac7")
    (chart,) = targeted.months(assessment, ahead, "mopac7", "A title")
    assert len(chart.table) == targeted.RECENT_MONTHS + 12


def test_the_readings_table_shows_the_closest_reading_with_its_formula(opened: Open) -> None:
    readings = claims.plan_readings(opened())
    frame = targeted.readings_table(opened(), readings).frame
    (closest,) = frame.index[frame["Formula"] == "11,616 - 9,130 = 2,486"]
    assert closest == frame.index[0]
    assert frame.loc[closest, "Base"] == 11_616
    assert frame.loc[closest, "Reduction"] == 2_486
    # Every row of the table is a row of the readings, none made up.
    for row in frame[["Base", "Reduction"]].itertuples(index=False):
        same = readings["base_count"].eq(row[0]) & readings["reduction_count"].eq(row[1])
        assert same.any()


def test_the_readings_that_the_field_would_try_first_are_among_those_shown(
    opened: Open,
) -> None:
    readings = claims.plan_readings(opened())
    formulas = set(targeted.readings_table(opened(), readings).frame["Formula"])
    for formula in (
        "20% of 8,255 = 1,651",
        "14,169 - 11,232 = 2,937",
        "14,169 - 11,736 = 2,433",
    ):
        assert formula in formulas


def test_without_a_claim_the_table_still_shows_the_usual_readings(opened: Open) -> None:
    readings = claims.plan_readings(opened("sutton"))
    frame = targeted.readings_table(opened("sutton"), readings).frame
    assert not frame.empty
    assert "Base against plan (%)" not in frame
    assert len(set(frame["Measure and record"])) == 2


def test_outcomes_and_prospects_print_what_was_worked_out(opened: Open) -> None:
    harrow = opened()
    ended = ended_targets.outcomes(harrow, target_choice.plan_targets(harrow))
    (table,) = targeted.outcomes(harrow, ended)
    first = table.frame.iloc[0]
    assert (first["Base"], first["Outcome"], first["Verdict"]) == (8_255, 6_377, "met")
    assert first["Change (%)"] == pytest.approx(-22.7, abs=0.06)
    early = opened("harrow", "2013-03")
    coming = prospects.prospects(early, target_choice.plan_targets(early))
    (table,) = targeted.to_come(early, coming)
    first = table.frame.iloc[0]
    assert (first["Base"], first["Target level"]) == (8_255, pytest.approx(6_604))
    assert first["Chance (%)"] == pytest.approx(100 * coming["probability"].iloc[0])


def test_where_no_target_has_ended_or_is_to_come_there_is_no_table(opened: Open) -> None:
    assert targeted.outcomes(opened(), pd.DataFrame()) == []
    assert targeted.to_come(opened(), pd.DataFrame()) == []


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
    assert targeted.rule_words(rule, code) == words


def test_a_year_with_a_step_in_it_is_neither_drawn_nor_told(opened: Open) -> None:
    mixed = opened("hillingdon", "2024-09")
    steps = prospects.ladder(mixed, "mopac7", "2027-09")
    assert targeted.ladder(mixed, steps, "mopac7", "2027-09", "A title") == []
    assert targeted.months(mixed, mixed.forecast_months("mopac7"), "mopac7", "A title") == []
    table = claims.readings_now(mixed, "mopac7")
    assert targeted.rules(mixed, table, "mopac7", "A title") == []
    for finding in (
        findings.ladder(mixed, "mopac7", steps, "2027-09"),
        findings.rules(mixed, "mopac7", table),
        findings.forecast(mixed, "mopac7", mixed.forecast("mopac7")),
    ):
        assert finding.certainty == "not known"
        assert finding.sentence.startswith("From March 2024 Heathrow")
