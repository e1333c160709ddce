"""Charts and tables of public confidence: ranks, years averaged, and notes on verdicts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analysis.assessment import Assessment, confidence
from analysis.assessment.surveys import Survey, survey_of
from analysis.charts import confident
from analysis.charts.rows import JUDGED_TOGETHER

Open = Callable[..., Assessment]


@pytest.fixture
def survey(opened: Open) -> Survey:
    return survey_of(opened())


def test_ranks_are_drawn_from_the_highest_as_the_sentence_has_them(
    opened: Open, survey: Survey
) -> None:
    table = confidence.levels(opened(), survey)
    (chart,) = confident.ranks(survey, table, "Ranks")
    drawn = chart.table.set_index("Question").loc["Police do a good job locally"]
    main = table.loc["good_job_local"]
    # 31st of 32 from the lowest is 2nd from the highest; the ends change places.
    assert drawn["Rank"] == 33 - main["confidence_rank"] == 2
    assert drawn["Lower limit"] == 33 - main["confidence_rank_upper"]
    assert drawn["Upper limit"] == 33 - main["confidence_rank_lower"]
    assert "1 the highest share" in chart.subtitle


def test_answers_averaged_over_years_say_so_in_the_subtitle(survey: Survey) -> None:
    (chart,) = confident.together(survey, confidence.together(survey), "Together")
    assert "years to December 2023, averaged" in chart.subtitle


def test_a_verdict_beside_intervals_says_that_many_were_judged_at_once(
    opened: Open, survey: Survey
) -> None:
    ways = confidence.gap_pairs(opened(), survey)
    (pairs,) = confident.pairs(opened(), survey, ways)
    alone = ~ways["gap_lower"].le(0) | ~ways["gap_upper"].ge(0)
    assert (alone & ~ways["is_significant"].astype(bool)).any()
    assert pairs.frame["Gap beyond chance"].eq("Yes").sum() == ways["is_significant"].sum()
    _, levels = confident.levels(survey, confidence.levels(opened(), survey), "Levels")
    for table in (pairs, levels):
        assert JUDGED_TOGETHER in table.notes
