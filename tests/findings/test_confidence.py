"""Sentences on confidence targets: points and per cent, the survey's values and record."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analysis.assessment import Assessment, target_report
from analysis.findings import confidence

Open = Callable[..., Assessment]


def test_points_and_per_cent_of_confidence_are_told_apart(opened: Open) -> None:
    finding = confidence.surveys(opened(), target_report.asked_surveys(opened()))
    # 62 to 75 per cent is 13 points, and 13 / 62 = 21 per cent of the base.
    assert finding.heading == "Confidence: the Mayor wanted 75% in London; Harrow gave 57%"
    assert "75% from 62% by March 2016 (13 points, or 21% of the base)" in finding.told
    assert "quarter to December 2023" in finding.told
    assert "supposes 400 asked" in finding.told
    assert "as sure as those of 173 drawn at random" in finding.told


@pytest.mark.parametrize(
    ("borough", "repeated"), [("harrow", ", which Harrow's plan repeats,"), ("havering", "")]
)
def test_the_mayors_target_is_told_as_londons(
    borough: str, repeated: str, opened: Open
) -> None:
    assessment = opened(borough)
    finding = confidence.surveys(assessment, target_report.asked_surveys(assessment))
    assert f"The Mayor's target{repeated} was London's" in finding.sentence
    # The survey's quarter to March 2016 has 68 for London.
    assert "the survey gave London 68% and" in finding.sentence
    assert "in London" in finding.heading


def test_a_survey_that_is_not_held_yet_is_said_to_be_silent(opened: Open) -> None:
    cut = opened("harrow", "2013-03")
    finding = confidence.surveys(cut, target_report.asked_surveys(cut))
    assert "says nothing of Harrow by then" in finding.told
    assert "quarter to" not in finding.told
    assert finding.certainty == "low"


def test_a_target_to_come_is_told_with_how_often_boroughs_gained_as_much(opened: Open) -> None:
    (own, _) = asked = target_report.asked_surveys(
        opened(),
        measure="good_job_local",
        rule="points=5",
        base="2023-01..2023-12",
        horizon="2026-12",
    )
    finding = confidence.surveys(opened(), asked)
    assert finding.told.startswith("Good job local: 66% from 61% by December 2026")
    rate = 100 * float(str(own["base_rate"]))
    assert f"as much in as long has come in about {rate:.0f}% of cases" in finding.told
    planted = dict(own) | {"base_rate": float("nan")}
    untold = confidence.surveys(opened(), [planted])
    assert "no two quarters held are so far apart" in untold.told


def test_without_a_target_of_confidence_nothing_is_claimed(opened: Open) -> None:
    finding = confidence.surveys(opened(), [])
    assert finding.heading == "No target of confidence is set"
    assert not finding.is_key
