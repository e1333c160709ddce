"""Sentences on public confidence: each number against the tables read as plain text."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import analysis.charts.confident
from analysis.assessment import Assessment, confidence, engagement
from analysis.assessment.surveys import survey_of
from analysis.findings import public_confidence as findings
from analysis.findings.change_words import MOST_WORDS
from analysis.findings.finding import Finding, Piece
from analysis.params.areas import LONDON_CODE

Open = Callable[..., Assessment]
FIGURES = Path(__file__).parents[2] / "data/figures"


@pytest.fixture(scope="module")
def good_job() -> dict[tuple[str, str], int]:
    """Shares who say that police do a good job, by area and quarter, as in the table."""
    with (FIGURES / "attitude_survey.csv").open(encoding="utf-8", newline="") as lines:
        return {
            (row["area_code"], row["quarter"][:7]): round(float(row["value_pct"]))
            for row in csv.DictReader(lines)
            if row["measure"] == "good_job_local"
        }


def newest(assessment: Assessment) -> Finding:
    survey = survey_of(assessment)
    return findings.newest(assessment, survey, confidence.levels(assessment, survey))


@pytest.mark.parametrize(
    ("borough", "code"), [("harrow", "E09000015"), ("tower hamlets", "E09000030")]
)
def test_the_first_sentence_says_how_old_and_what(
    borough: str, code: str, opened: Open, good_job: dict[tuple[str, str], int]
) -> None:
    found = newest(opened(borough))
    assert found.heading.startswith(f"In December 2023, {good_job[code, '2023-12']}% in ")
    assert found.heading.endswith(" rated local police good")
    assert " ago" not in found.told
    assert "quarter to December 2023, 17 months before May 2025" in found.told
    assert f"{good_job[code, '2023-12']}% of those asked" in found.told
    assert f"{good_job[LONDON_CODE, '2023-12']}% did in London" in found.told
    assert f"September 2025, when it was {good_job[LONDON_CODE, '2025-09']}%" in found.told
    assert found.certainty == "low"


def test_a_figure_of_the_last_month_seen_is_not_called_old(opened: Open) -> None:
    found = newest(opened("harrow", "2019-06"))
    assert found.heading == "In June 2019, 58% in Harrow rated local police good"
    assert found.certainty == "moderate"


def test_before_the_survey_every_section_says_that_it_is_not_held(opened: Open) -> None:
    cut = opened("harrow", "2013-03")
    survey, none = survey_of(cut), pd.DataFrame()
    told = [
        findings.newest(cut, survey, none),
        findings.levels(cut, survey, none),
        findings.changes(cut, survey, none, none, 0),
        findings.standing(cut, survey, none),
        findings.gap(cut, survey, none),
        findings.pairs(cut, survey, none),
        findings.moves(survey, none),
        findings.together(survey, none),
    ]
    for found in told:
        assert found.certainty == "not known"
        assert "begins with the quarter to December 2014" in found.told
    assert len({found.slug for found in told}) == len(told)


def test_the_target_is_told_in_points_and_in_per_cent(opened: Open) -> None:
    survey = survey_of(opened())
    answers = confidence.confidence_targets(opened(), survey)
    table = confidence.twenty_per_cent(opened(), survey)
    found = findings.target(opened(), survey, answers, table, is_own=True)
    assert found.heading == "Confidence: the Mayor wanted 75% in London; Harrow gave 57%"
    # 61 + 20 = 81, 33 % more; 61 * 1.2 = 73.2.
    assert "73% read as per cent of the base (+12.2 points)" in found.told
    assert "81% read as points (+33%)" in found.told


def test_a_plan_without_a_target_is_not_given_the_mayors(opened: Open) -> None:
    havering = opened("havering")
    survey = survey_of(havering)
    found = findings.target(
        havering,
        survey,
        confidence.confidence_targets(havering, survey),
        confidence.twenty_per_cent(havering, survey),
        is_own=False,
    )
    assert found.heading == "Havering's plan sets no target of confidence"
    assert found.sentence.startswith("The Mayor's target was London's")
    # 48 * 1.2 = 57.6 and 48 + 20 = 68.
    assert "58% read as per cent" in found.told
    assert "68% read as points" in found.told


def test_the_gap_says_that_fear_is_not_asked(opened: Open) -> None:
    survey = survey_of(opened())
    found = findings.gap(opened(), survey, confidence.gaps(opened(), survey))
    assert "does not ask about fear, worry or feeling safe" in found.told
    assert "Westminster (+5.9)" in found.told


def test_a_gap_within_chance_is_not_called_in_line_where_agreement_is_off(opened: Open) -> None:
    survey = survey_of(opened())
    table = confidence.gaps(opened(), survey)
    found = findings.gap(opened(), survey, table)
    assert found.heading == "Harrow's confidence may be above what its recorded crime suggests"
    assert "9 points above (95% interval +1 to +16)" in found.sentence
    assert found.sentence.endswith("(95% interval −0.3 to +2.1), within chance.")
    mild = table.assign(from_expected_points_lower=-1.0)
    in_line = findings.gap(opened(), survey, mild)
    assert in_line.heading == "Harrow's confidence is not out of line with recorded crime"
    assert "within chance" not in in_line.sentence


def test_a_gap_beyond_chance_alone_is_not_called_one_among_many(opened: Open) -> None:
    cut = opened("harrow", "2019-06")
    survey = survey_of(cut)
    found = findings.gap(cut, survey, confidence.gaps(cut, survey))
    assert found.heading == "Harrow's confidence may stand below its place by recorded crime"
    assert "beyond chance alone, not among so many" in found.told


def test_a_change_beside_londons_leads_where_it_is_beyond_chance(opened: Open) -> None:
    survey = survey_of(opened())
    recent, earlier = (confidence.changes(survey, years) for years in (1, 5))
    found = findings.changes(opened(), survey, recent, earlier, 5)
    assert found.heading == "Harrow's confidence gained 15 points on London in five years"
    # The one answer that moved in a year is named, with both shares.
    assert "One of eight answers moved beyond chance in a year" in found.sentence
    assert "knowing how to contact a ward officer (25% to 9%)" in found.sentence
    assert len(found.sentence.split()) <= MOST_WORDS
    still = earlier.assign(is_relative_significant=False, is_significant=False)
    quiet = findings.changes(opened(), survey, recent.assign(is_significant=False), still, 5)
    assert quiet.heading == "No answer in Harrow changed beyond chance in a year"


def test_no_survey_of_fear_is_named_with_who_holds_it(opened: Open) -> None:
    found = findings.perceptions(opened(), None)
    assert found.certainty == "not known"
    assert "held by the council's community safety" in found.told
    assert "data/templates/README.md says how to load them" in found.told
    assert "not about fear" in found.told.replace("and not", "not")


def planted(assessment: Assessment, agree_count: int) -> Finding:
    answers = pd.DataFrame(
        {
            "month": [pd.Timestamp("2025-03-01")],
            "question": "crime_gone_up",
            "ward": [None],
            "respondent_count": pd.array([200], "Int64"),
            "agree_count": pd.array([agree_count], "Int64"),
            "is_weighted": "yes",
        }
    )
    return findings.perceptions(assessment, confidence.perceptions_from(assessment, answers))


def test_belief_in_a_rise_that_the_record_does_not_show_is_told_with_its_limits(
    opened: Open,
) -> None:
    found = planted(opened(), 130)
    assert found.heading == "65% in Harrow think crime rose, which the record does not show"
    # Wilson's limits of 130 of 200, by hand: (65 + 0.9604 -+ 6.6756) / 1.0192.
    assert "(95% interval 58 to 71%)" in found.told
    assert found.certainty == "low"
    assert "weighted" in found.because


def test_the_engagement_log_names_what_is_missing(opened: Open) -> None:
    havering = opened("havering")
    found = findings.engagement(havering, engagement.log(havering), engagement.duties(havering))
    assert found.heading == "One step of engagement recorded in the plan held"
    assert "not with people who live or work there" in found.told
    assert "a public meeting in every year" in found.told
    harrow = findings.engagement(
        opened(), engagement.log(opened()), engagement.duties(opened())
    )
    assert harrow.heading == "The plan held records its publicity and no other engagement"
    assert "Of five things that the regulations ask of engagement, four have" in harrow.told
    assert "and the plan made known" not in harrow.told
    assert "says: the plan is publicised in the press" in harrow.told
    camden = replace(opened("camden"), plan=None)
    none = findings.engagement(camden, engagement.log(camden), engagement.duties(camden))
    assert none.heading == "No plan is held for Camden, so no engagement can be shown"


def test_the_assumption_on_the_sample_is_printed(opened: Open) -> None:
    text = findings.sampling(survey_of(opened())).plain
    assert "An assumed 400 persons asked" in text
    assert "worth 129 (feeling informed) to 226 (trust in the Metropolitan Police)" in text
    other = findings.sampling(survey_of(opened(), sample_count=900, design_effect=3)).plain
    assert "An assumed 900 persons asked" in other
    assert "worth 300" in other
    assert "a design effect that was chosen" in other


def test_the_notebook_reads_whole_for_boroughs_and_cuts(
    shown: Callable[..., list[object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoDrawing:
        def __getattr__(self, name: str) -> Callable[..., list[object]]:
            return lambda *given, **options: []

    monkeypatch.setattr(analysis.charts, "confident", NoDrawing())
    broken = re.compile(r"\bnan\b|NaN|<NA>|\bNaT\b|\binf\b|[{}\[\]]|  | [,.;:]|\.\.|,,")
    for borough, as_of in (("hillingdon", ""), ("harrow", "2013-03")):
        found = shown("public_confidence", borough, as_of, draw=False)
        pieces = [piece for piece in found if isinstance(piece, Piece)]
        assert len(pieces) > 20
        for piece in pieces:
            assert not broken.search(piece.plain), piece.plain
        slugs = [dict(piece.data)["slug"] for piece in pieces if piece.role == "heading"]
        assert len(slugs) == len(set(slugs))


def test_a_shared_place_is_joint_and_counted_from_the_end_that_is_named(opened: Open) -> None:
    harrow = opened("harrow")
    survey = survey_of(harrow)
    table = confidence.levels(harrow, survey)
    shares = survey.boroughs("good_job_local").loc[survey.quarter]
    # Nobody is higher, and one other borough is as high.
    assert shares.max() == shares[harrow.area.area_code]
    assert int(shares.eq(shares.max()).sum()) == 2
    sentence = findings.standing(harrow, survey, table).sentence
    assert "Harrow is the joint highest of 32 boroughs" in sentence


def test_hillingdon_keeps_heathrow_in_rates_and_their_change(opened: Open) -> None:
    harrow = opened("harrow")
    survey = survey_of(harrow)
    moved = confidence.moved(harrow, survey, 5).T["E09000017"]
    history = harrow.history("total_without_fraud").astype(float)
    both = history["E09000017"] + history["heathrow"].fillna(0)
    before, now = (both[f"{year}-01" : f"{year}-12"].sum() for year in (2018, 2023))
    people = [harrow.population((f"{y}-01", f"{y}-12"))["E09000017"] for y in (2018, 2023)]
    change = 100 * (now / before / (people[1] / people[0]) - 1)
    assert moved["crime_change_pct"] == pytest.approx(change, abs=0.1)
    # Without Heathrow's row it passed for a fall of a sixth.
    assert change > -6
    risk = confidence.recorded_risk(harrow, "total_without_fraud", ("2023-01", "2023-12"))
    assert risk.T["E09000017"]["risk"] == pytest.approx(1000 * now / people[1])
