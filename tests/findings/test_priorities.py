"""What is said of priorities, progress and breaks carries the numbers of the results."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from analysis.assessment import Assessment, long_view
from analysis.assessment.priorities import PriorityMatrix, priority_matrix
from analysis.assessment.priority_verdicts import PriorityVerdicts, priority_verdicts
from analysis.assessment.progress import followed_plan, plan_progress
from analysis.assessment.substances import disorder, misuse
from analysis.charts import prioritised
from analysis.findings import long_view as years
from analysis.findings import priorities, progress, statutory, substances
from analysis.findings.finding import Finding
from analysis.params.areas import borough_codes
from analysis.wording import counted, number_word

Open = Callable[..., Assessment]


@pytest.fixture(scope="module")
def harrow(opened: Open) -> Assessment:
    return opened("harrow")


@pytest.fixture(scope="module")
def matrix(harrow: Assessment) -> PriorityMatrix:
    return priority_matrix(harrow)


@pytest.fixture(scope="module")
def verdicts(harrow: Assessment, matrix: PriorityMatrix) -> PriorityVerdicts:
    plan = followed_plan(harrow)
    return priority_verdicts(harrow, plan, plan_progress(harrow, plan), matrix)


def test_the_share_of_london_is_of_offences_beside_residents(harrow: Assessment) -> None:
    share = long_view.share_of_london(harrow)
    totals = harrow.totals("total_without_fraud", harrow.latest_year)[borough_codes()]
    assert share.share_pct == pytest.approx(
        100 * float(totals["E09000015"]) / float(totals.sum())
    )
    people = harrow.population(harrow.latest_year)[borough_codes()]
    residents = 100 * people["E09000015"] / people.sum()
    assert long_view.share_of_residents(harrow) == pytest.approx(residents)


def test_what_police_find_is_never_first_with_high_certainty_or_without_a_word(
    opened: Open,
) -> None:
    barnet = opened("barnet")
    result = priority_matrix(barnet)
    # Drug trafficking doubled in Barnet: the figures cannot tell searching from dealing.
    assert result.ranked[0] == "drug_trafficking"
    told = priorities.matrix(barnet, result)
    assert "Drug trafficking is found where police look" in told.told
    assert told.certainty == "moderate"
    plan = followed_plan(barnet)
    judged = priority_verdicts(barnet, plan, plan_progress(barnet, plan), result)
    assert "found where police look" in priorities.verdicts(barnet, judged, result).told


def test_the_matrix_names_its_first_with_the_mean_and_the_chance(
    harrow: Assessment, matrix: PriorityMatrix
) -> None:
    told = priorities.matrix(harrow, matrix)
    first = matrix.ranked[0]
    assert (matrix.matrix["rank"] == 1).sum() == 1
    assert told.heading.startswith(matrix.label(first))
    assert f"({matrix.matrix['mean_score'][first]:.1f})" in told.told
    assert f"of {len(matrix.ranked)} ranked" in told.told
    assert f"about {100 * matrix.stability['top_5_probability'][first]:.0f}%" in told.because
    assert "Nothing is scored on public concern" in told.told


def test_no_item_is_called_highest_where_several_share_the_score(
    harrow: Assessment, matrix: PriorityMatrix
) -> None:
    # As Brent's figures have it: three kinds of offence at 24 sevenths each.
    shared = matrix.matrix.copy()
    firsts = matrix.ranked[:3]
    shared.loc[firsts, "rank"], shared.loc[firsts, "mean_score"] = 1, 24 / 7
    told = priorities.matrix(harrow, replace(matrix, matrix=shared))
    assert told.heading == "Three share the highest score as priorities"
    assert "Three share the highest mean, 3.4 of 5." in told.told
    assert told.told.count(" is high on ") == 3
    chance = matrix.stability["top_5_probability"][firsts].min()
    assert f"the least firm of them is in the top 5 about {100 * chance:.0f}%" in told.because


def test_every_verdict_has_a_reason_of_its_own_numbers(
    verdicts: PriorityVerdicts, matrix: PriorityMatrix
) -> None:
    reasons = priorities.reasons(verdicts, matrix)
    assert len(reasons) == len(verdicts.table) + len(verdicts.added)
    assert all(reason.endswith(".") for reason in reasons)
    by_name = dict(zip(verdicts.table["priority"], reasons, strict=False))
    assert "is 1st on the matrix" in by_name["theft_from_the_person"]
    # A place that others share is not one's own.
    for row, told in zip(verdicts.table.to_dict("records"), reasons, strict=False):
        if row["rule"] == "high":
            shared = matrix.matrix["rank"].eq(row["best_rank"]).sum() > 1
            assert ("joint " in told) is bool(shared)
    change = dict(verdicts.table.set_index("priority").loc["theft_from_a_vehicle", "falling"])
    assert f"fell by {-change['theft_from_vehicle']:.0f}%" in by_name["theft_from_a_vehicle"]
    assert "age of victims" in by_name["victims_aged_11_to_15"]


def test_the_counts_of_verdicts_add_up_to_the_priorities(
    harrow: Assessment, verdicts: PriorityVerdicts, matrix: PriorityMatrix
) -> None:
    told = priorities.verdicts(harrow, verdicts, matrix)
    kinds = verdicts.table["verdict"].value_counts()
    assert told.heading.startswith(f"Of {len(verdicts.table)} priorities")
    assert f"keep {kinds['keep']}" in told.heading
    # Twelve that stay are counted, so that what would change is not lost among them.
    assert kinds["keep"] > priorities.MOST_KEPT_NAMED
    assert f"keep the other {kinds['keep']}" in told.told
    for row in verdicts.table.to_dict("records"):
        assert (row["label"][1:] in told.told) == (row["verdict"] != "keep")


def test_a_plan_that_has_hardly_begun_gets_no_verdict(opened: Open) -> None:
    early = opened("harrow", "2013-03")
    plan, matrix = followed_plan(early), priority_matrix(early)
    table = plan_progress(early, plan)
    result = priority_verdicts(early, plan, table, matrix)
    assert priorities.verdicts(early, result, matrix).certainty == "not known"
    assert progress.progress(early, plan, table).certainty == "not known"


def test_progress_counts_offences_and_tells_the_survey_apart(opened: Open) -> None:
    havering = opened("havering")
    plan = followed_plan(havering)
    table = plan_progress(havering, plan)
    told = progress.progress(havering, plan, table)
    judged = table[
        table["verdict"].isin(["fell", "rose", "no clear change"]) & (table["unit"] != "%")
    ]
    fell = int((judged["verdict"] == "fell").sum())
    assert (len(judged), fell) == (8, 0)
    assert told.heading == "The last plan: none of eight counts fell, one rose"
    assert "and all recorded crime (24 of 25 offence groups) fell further" in told.told
    assert "between the years to March 2018 and March 2020" in told.told
    assert "fell: 73% in the quarter to June 2017, 62% in the quarter to March" in told.told
    assert "child sexual exploitation" in told.told


def test_what_moved_is_named_by_what_was_counted_and_every_count_is_drawn(opened: Open) -> None:
    camden = opened("camden")
    plan = followed_plan(camden)
    table = plan_progress(camden, plan)
    told = progress.progress(camden, plan, table)
    # Knife crime rose from 378 to 586; violence, the priority's name, did not.
    assert "knife crime +55%" in told.sentence
    assert "preventing violence" not in told.sentence
    judged = table[table["verdict"].isin(["fell", "rose", "no clear change"])]
    counts = judged[judged["unit"] != "%"]
    (chart,) = prioritised.progress(camden, plan, table, "A title")
    drawn = [name.casefold() for name in chart.table.iloc[:, 0]]
    assert drawn == [name.casefold() for name in counts["counted_short"]]
    left = table[~table.index.isin(judged.index) & (table["shown_by"] != "nothing")]
    assert f"{number_word(len(left))} more were not judged" in told.sentence
    for name in left["counted"]:
        assert name.casefold() in told.told.casefold()


def test_a_count_that_stands_in_for_a_priority_says_so(opened: Open) -> None:
    havering = opened("havering")
    plan = followed_plan(havering)
    told = progress.progress(havering, plan, plan_progress(havering, plan))
    assert len(told.sentence.split()) <= 50
    assert "(drug possession and drug trafficking +50%)" in told.sentence
    assert "the count is of violence with injury. Counts by borough" in told.told
    assert "come to light when police look for them" in told.told


def test_a_first_place_on_half_the_criteria_is_not_moderately_sure(opened: Open) -> None:
    havering = opened("havering")
    result = priority_matrix(havering)
    assert result.ranked[0] == "violence_against_women_and_girls"
    told = priorities.matrix(havering, result)
    assert told.certainty == "low"
    assert "scored on three of seven criteria" in told.sentence
    assert "3 months on the same a year before" in told.sentence
    assert len(told.sentence.split()) <= 50
    fairly = (result.stability["top_5_probability"] >= 0.66).sum()
    heading = priorities.stability(havering, result).heading
    assert heading.startswith(counted(int(fairly), "item") if fairly else "No item")


def test_nothing_is_to_be_dropped_on_a_survey_that_fell_or_is_old(opened: Open) -> None:
    kensington = opened("kensington and chelsea")
    plan, result = followed_plan(kensington), priority_matrix(kensington)
    table = plan_progress(kensington, plan)
    judged = priority_verdicts(kensington, plan, table, result)
    row = judged.table.set_index("priority").loc["trust_and_confidence"]
    assert (row["verdict"], row["rule"], row["is_old"]) == ("keep", "worsened", True)
    assert "drop" not in priorities.verdicts(kensington, judged, result).told
    # The same answer had it not fallen: too old to be dropped by.
    still = table.assign(longest_verdict="no clear change")
    judged = priority_verdicts(kensington, plan, still, result)
    row = judged.table.set_index("priority").loc["trust_and_confidence"]
    assert (row["verdict"], row["rule"]) == ("keep", "figures_old")


def test_three_years_name_what_moved(harrow: Assessment) -> None:
    table = long_view.three_year_changes(harrow, harrow.offence_groups())
    told = years.three_year_changes(harrow, table)
    real = table[table["is_significant"].fillna(value=False).astype(bool)]
    assert len(re.findall(r"[+−]\d+%", told.told)) == len(real)
    assert "shoplifting +161%" in told.told
    nothing = years.three_year_changes(harrow, pd.DataFrame())
    assert (nothing.certainty, nothing.is_key) == ("not known", False)


def test_breaks_name_fraud_recording_covid_and_connect(harrow: Assessment) -> None:
    table = long_view.breaks_in_view(harrow)
    told = years.breaks(harrow, table).told
    for words in (
        "Fraud leaves (April 2011 to March 2013)",
        "Recording improves (April 2014 to March 2015)",
        "COVID restrictions (March 2020 to December 2021)",
        "CONNECT (March 2024)",
    ):
        assert words in told
    assert table["first_month"].is_monotonic_increasing


def test_substances_and_disorder_are_told_with_months_that_are_missing(opened: Open) -> None:
    havering = opened("havering")
    held = disorder(havering)
    told = substances.substances_and_disorder(havering, misuse(havering), held).told
    assert "incidents, not crime" in told
    assert f"{held.incident_count:,}" in told
    # "The same year" is that of the drug offences, not the three years of the admissions.
    assert told.index("in the same year") < told.index("Admissions to hospital")
    missing = replace(held, months_held=11)
    told = substances.substances_and_disorder(havering, misuse(havering), missing).told
    assert "for 11 months of the same year" in told
    early = opened("harrow", "2013-03")
    told = substances.substances_and_disorder(early, misuse(early), disorder(early)).told
    assert "No month of anti-social behaviour" in told


def test_residents_come_first_once_their_answers_are_loaded(harrow: Assessment) -> None:
    topics = pd.DataFrame(
        {
            "label": ["Anti-social behaviour (incidents)", "Arson"],
            "agree_pct": [61.0, 20.0],
            "agree_pct_lower": [55.0, 15.0],
            "agree_pct_upper": [67.0, 26.0],
        },
        index=["anti_social_behaviour", "arson"],
    )
    told = priorities.residents(harrow, topics, pd.DataFrame())
    assert told.heading == "Residents put anti-social behaviour first"
    assert "61%, 95% interval 55 to 67%" in told.told
    assert told.is_key
    missing = priorities.residents(harrow, None, pd.DataFrame())
    assert "data/templates/README.md" in missing.told
    assert (missing.certainty, missing.is_key) == ("not known", False)


def test_one_page_answers_every_question_with_one_sentence_and_a_link(
    harrow: Assessment,
) -> None:
    answer = Finding("Crime <fell>", "It fell by 2.5%. And more.", "high", "it is far out")
    page = statutory.one_page(harrow, {"levels": answer})
    assert page.role == "summary"
    assert page.html.count("<tr>") == 1 + len(statutory.QUESTIONS)
    assert '<a href="#crime-fell">Crime &lt;fell&gt;</a>. It fell by 2.5%.</td>' in page.html
    assert "And more" not in page.html
    assert page.html.count("Not answered") == len(statutory.QUESTIONS) - 1
    with pytest.raises(ValueError, match="no such statutory question: weather"):
        statutory.one_page(harrow, {"weather": answer})
