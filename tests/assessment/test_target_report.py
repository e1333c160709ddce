"""Which target a report is about, and what it shows beside the answer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from analysis.assessment import Assessment, target_choice, target_report
from analysis.assessment.answers import TargetAnswer
from analysis.errors import ParamsError
from analysis.params.areas import borough_codes

Open = Callable[..., Assessment]


def test_the_plans_next_target_is_asked_about_where_the_reader_names_none(
    opened: Open,
) -> None:
    cut = opened("harrow", "2013-03")
    target = target_report.asked_target(cut)
    assert (target.name, target.basis, target.offence_list) == (
        "mopac7_20_percent", "policing", "old",
    )  # fmt: skip


def test_once_the_plan_has_ended_the_usual_target_is_asked_about(opened: Open) -> None:
    target = target_report.asked_target(opened())
    assert (target.measure, target.rule_text, target.horizon) == (
        "mopac7", "percent=20", "2028-05",
    )  # fmt: skip


def test_any_word_of_the_readers_own_makes_the_target_theirs(opened: Open) -> None:
    cut = opened("harrow", "2013-03")
    assert target_report.asked_target(cut, per="whole").per == "whole"
    assert target_report.asked_target(cut, measure="shoplifting").measure == "shoplifting"
    assert target_report.asked_target(cut, rule="percent=5").percent == 5
    with pytest.raises(ParamsError, match="horizon"):
        target_report.asked_target(cut, horizon="2012-03")


def test_a_survey_is_told_by_its_own_section_and_offences_by_the_plan(opened: Open) -> None:
    asked = {
        "measure": "good_job_local",
        "rule": "points=5",
        "base": "2023-01..2023-12",
        "horizon": "2026-12",
    }
    assert target_report.asked_target(opened(), **asked).measure == "mopac7"
    answers = target_report.asked_surveys(opened(), **asked)
    assert [answer["points"] for answer in answers] == [5.0, 13.0]


def test_boroughs_stand_by_the_medians_of_the_joint_forecast(opened: Open) -> None:
    answer = TargetAnswer(opened(), target_report.asked_target(opened()))
    table = target_report.standings(answer)
    assert sorted(table.index) == sorted(borough_codes())
    assert table["forecast_count"].is_monotonic_increasing
    draws = answer.forecast.draws
    for code in ("E09000015", "E09000021"):
        assert table.loc[code, "forecast_count"] == pytest.approx(np.median(draws[code]))
        lowest = (draws[code] == draws.min(axis=1)).mean()
        assert table.loc[code, "lowest_count_chance"] == pytest.approx(lowest)
    people = opened().population(opened().latest_year)["E09000015"]
    rate = table.loc["E09000015", "forecast_rate"]
    assert rate == pytest.approx(1000 * table.loc["E09000015", "forecast_count"] / people)


def test_the_seen_totals_are_those_of_the_targets_own_record(opened: Open) -> None:
    cut = opened("harrow", "2013-03")
    totals = target_report.seen_totals(TargetAnswer(cut, target_report.asked_target(cut)))
    # 8,255 to March 2012 and 7,696 to March 2013, policing basis and old list.
    assert totals.loc["2012-03-01"] == 8_255
    assert totals.iloc[-1] == 7_696


def test_the_record_says_for_each_year_ahead_whether_last_year_is_used(opened: Open) -> None:
    answer = TargetAnswer(opened(), target_report.asked_target(opened()))
    table = target_report.forecast_record(answer)
    own = opened().track_record("mopac7")
    every = opened().track_record("mopac7", all_boroughs=True)
    assert table["error_pct"].tolist() == own["error_pct"].tolist()
    assert table["all_error_pct"].tolist() == every["error_pct"].tolist()
    for years in (1, 2, 3):
        used = opened().forecast("mopac7", f"{2025 + years}-05").is_last_year
        assert set(table.loc[table["years_ahead"] == years, "is_last_year"]) == {used}


def test_every_borough_of_an_ended_target_is_told_and_only_of_such(opened: Open) -> None:
    targets = target_choice.plan_targets(opened())
    table = target_report.each_borough(opened(), targets[0])
    assert len(table) == 32
    assert int(table["is_met"].sum()) == 15
    rank = next(target for target in targets if target.rule == "rank")
    assert target_report.each_borough(opened(), rank).empty
    assert target_report.each_borough(opened("harrow", "2013-03"), targets[0]).empty


def test_points_without_a_measure_of_the_survey_are_refused(opened: Open) -> None:
    with pytest.raises(ParamsError, match="needs a survey measure"):
        target_report.asked_surveys(opened(), rule="points=13")
    with pytest.raises(ParamsError, match="moves by points"):
        target_report.asked_surveys(opened(), measure="good_job_local")
