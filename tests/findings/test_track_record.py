"""Sentences on past forecasts: planted errors, and what the marks of the chart are."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from analysis.assessment import Assessment, target_report
from analysis.assessment.answers import TargetAnswer
from analysis.findings import track_record

Open = Callable[..., Assessment]


@pytest.fixture(scope="module")
def answer(opened: Open) -> TargetAnswer:
    return TargetAnswer(opened(), target_report.asked_target(opened()))


@pytest.fixture
def good(answer: TargetAnswer) -> pd.DataFrame:
    table = target_report.forecast_record(answer)
    better = {"error_pct": 4.0, "last_year_error_pct": 5.0, "relative_error": 0.8}
    every = {"all_relative_error": 0.9, "all_coverage_80": 0.78}
    better |= {"all_error_pct": 4.5, "all_last_year_error_pct": 5.0}
    counts = {"origin_count": 20, "coverage_80": 0.6, "is_last_year": False}
    return table.assign(**better, **every, **counts)


def at(table: pd.DataFrame, years: int) -> pd.Series:
    return table["is_usual"].astype(bool) & (table["years_ahead"] == years)


def test_better_forecasts_are_told_with_both_errors_and_coverage(
    answer: TargetAnswer, good: pd.DataFrame
) -> None:
    finding = track_record.record(answer, good)
    assert finding.heading == "In usual times forecasts beat 'same as last year'"
    assert "4.0% one year ahead (5.0%)" in finding.told
    assert (
        "held 60% three years ahead, as far as this target looks (20 forecasts here; 78% over "
        "all boroughs) and 60% one year ahead (20 forecasts here; 78% over all boroughs)."
        in finding.told
    )
    assert "no better" not in finding.told.split("'Same as last year' would")[0]
    assert finding.certainty == "moderate"


def test_the_record_is_quoted_as_far_ahead_as_the_target_looks(
    answer: TargetAnswer, good: pd.DataFrame
) -> None:
    good.loc[at(good, 3), ["origin_count", "coverage_80"]] = [5, 0.2]
    is_all_times = ~good["is_usual"].astype(bool) & (good["years_ahead"] == 3)
    good.loc[is_all_times, ["all_error_pct", "all_last_year_error_pct"]] = [16.0, 14.3]
    finding = track_record.record(answer, good)
    assert "held 20% three years ahead, as far as this target looks (five " in finding.told
    assert (
        "In all times, three years ahead, forecasts over all boroughs were out by 16.0%, "
        "'same as last year' by 14.3%." in finding.told
    )
    good.loc[at(good, 3), "origin_count"] = 0
    silent = track_record.record(answer, good)
    assert "No forecast as far ahead as this target looks can be judged." in silent.told


def test_where_ours_was_not_better_it_is_said_plainly_and_last_year_is_used(
    answer: TargetAnswer, good: pd.DataFrame
) -> None:
    good.loc[at(good, 3), ["relative_error", "all_relative_error"]] = 1.2
    good.loc[at(good, 3), ["error_pct", "all_error_pct"]] = 9.0
    good.loc[at(good, 3), "is_last_year"] = True
    finding = track_record.record(answer, good)
    assert finding.heading == "Usual times: forecasts beat last year's at two of three"
    assert "In usual times they were no better for Harrow three years ahead." in finding.told
    assert "Over all boroughs they were not better there either." in finding.told
    assert "'same as last year' is used there" in finding.told


def test_a_borough_where_ours_was_worse_but_not_over_all_keeps_ours_and_says_so(
    answer: TargetAnswer, good: pd.DataFrame
) -> None:
    worse = good.assign(relative_error=1.1)
    finding = track_record.record(answer, worse)
    assert finding.heading == "Usual times: forecasts did not beat 'same as last year'"
    assert "Over all boroughs they were better there." in finding.told
    assert "would be used in their place" in finding.told


def test_few_forecasts_lower_the_certainty_and_none_is_said(
    answer: TargetAnswer, good: pd.DataFrame
) -> None:
    good.loc[at(good, 3), "origin_count"] = 5
    few = track_record.record(answer, good)
    assert few.certainty == "low"
    assert "rests on five forecasts of one borough" in few.because
    none = track_record.record(answer, good.assign(origin_count=0))
    assert none.certainty == "not known"
    assert none.heading == "Too little has been seen to judge these forecasts"


def test_a_record_of_unusual_years_alone_is_told_as_such(
    answer: TargetAnswer, good: pd.DataFrame
) -> None:
    good.loc[good["is_usual"].astype(bool), "origin_count"] = 0
    finding = track_record.record(answer, good)
    assert "in all times they were out by 4.0% one year ahead (5.0%)" in finding.told


def test_the_marks_are_named_with_their_months_in_order(
    answer: TargetAnswer, opened: Open
) -> None:
    (piece,) = track_record.marked(answer, pd.Timestamp("2017-06-01"))
    text = piece.plain
    assert (
        "COVID restrictions (March 2020 to December 2021), CONNECT (March 2024) and Fewer "
        "unknown (September 2024)" in text
    )
    assert "left out of the ranges" in text
    # The step of 2014 in recording lies before what is drawn, and is not named.
    assert "Recording improves" not in text
    early = opened("harrow", "2013-03")
    own = TargetAnswer(early, target_report.asked_target(early))
    (silent,) = track_record.marked(own, pd.Timestamp("2008-12-01"))
    assert silent.plain == "No change of recording falls within the months drawn."


def test_a_tie_is_not_better(answer: TargetAnswer, good: pd.DataFrame) -> None:
    tie = good.assign(error_pct=5.04, last_year_error_pct=5.01, relative_error=0.999)
    finding = track_record.record(answer, tie)
    assert finding.heading == "Usual times: forecasts did not beat 'same as last year'"


def test_nothing_is_said_of_marks_where_no_chart_is_drawn(opened: Open) -> None:
    mixed = opened("hillingdon", "2024-09")
    own = TargetAnswer(mixed, target_report.asked_target(mixed))
    assert track_record.marked(own, pd.Timestamp("2017-06-01")) == []
