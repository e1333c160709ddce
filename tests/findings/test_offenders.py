"""Sentences on offenders: their numbers are the tables', and no cut leaves half a one."""

import csv
import re
from pathlib import Path

import pandas as pd
import pytest

from analysis.assessment import cross_border, places, searches
from analysis.charts import located
from analysis.charts import offending as charts
from analysis.charts.rows import JUDGED_TOGETHER
from analysis.findings import cross_border as borders
from analysis.findings import places as place_findings
from analysis.findings import searches as searched
from analysis.findings.change_words import MOST_WORDS
from analysis.findings.finding import MAX_HEADING_WORDS, Piece

SEARCHED = (
    "barking and dagenham",
    "barnet",
    "bexley",
    "brent",
    "ealing",
    "harrow",
    "havering",
    "hillingdon",
    "redbridge",
)
# The boroughs whose searches are held.

FIGURES = Path(__file__).parents[2] / "data/figures"
NOT_WORDS = re.compile(
    r"\bnan\b|<NA>|\bNaT\b|\binf\b|[{}\[\]]|  | [,.;:]|\.\.|,,|\bNone\b(?! of)"
)


def sentences(shown, borough, as_of=""):
    pieces = shown("reducing_reoffending", borough, as_of, draw=False)
    told = [each for each in pieces if isinstance(each, Piece) and each.role == "finding"]
    return [dict(each.data) for each in told]


def one(found, words):
    told = [f"{each['sentence']} {each['detail']}" for each in found]
    return next(each for each in told if words in each)


def rows(name, **wanted):
    with (FIGURES / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        table = list(csv.DictReader(lines))
    return [row for row in table if all(row[key] == value for key, value in wanted.items())]


def test_the_sentences_of_harrow_hold_the_tables_numbers(shown, added_up):
    found = sentences(shown, "harrow")
    published = rows("youth_offending", area_code="E09000015", period="2023-24")
    older = next(r for r in published if r["measure"] == "reoffending_aged_15_to_17")
    assert f"{float(older['value']):.1f}% reoffended" in one(found, "Of children aged 15 to 17")
    # One cohort of a few children says little: the one before stood above London.
    before = rows("youth_offending", area_code="E09000015", period="2022-23")
    older = next(r for r in before if r["measure"] == "reoffending_aged_15_to_17")
    assert f"In the cohort before, 2022-23, it was {float(older['value']):.1f}%" in one(
        found, "Of children aged 15 to 17"
    )
    possession = [
        added_up(["E09000015"], "drug_possession", first, last)
        for first, last in (("2023-06", "2024-05"), ("2024-06", "2025-05"))
    ]
    assert f"drug possession went from {possession[0]} to {possession[1]}" in one(
        found, "drug possession went"
    )
    suspects = rows("homicide_suspects", area_code="E09000015", first_month="2019-01-01")
    assert f"{suspects[0]['suspect_count']} people in Harrow" in one(found, "in London were")
    assert "2nd lowest of 32 boroughs" in one(found, "entered the youth justice")


@pytest.mark.parametrize(
    ("borough", "leads"), [("harrow", True), ("kensington and chelsea", False)]
)
def test_a_share_that_could_be_nearly_anything_does_not_lead(shown, borough, leads):
    found = sentences(shown, borough)
    told = next(each for each in found if "Of children aged 15 to 17" in each["sentence"])
    assert told["is_key"] is leads


def test_drug_changes_say_that_all_groups_are_judged_together(shown):
    # 359 to 505 is +40.7%, and its own interval leaves nought out.
    assert "not beyond chance" in one(sentences(shown, "harrow"), "drug possession went")


def test_drug_offences_are_told_as_police_activity(shown):
    assert "no measure of how much drugs are used" in one(
        sentences(shown, "havering"), "drug possession went"
    )


def test_what_is_not_loaded_says_who_holds_it(shown):
    found = sentences(shown, "bexley")
    told = [each["sentence"] for each in found]
    missing = [sentence for sentence in told if "which does not mean none" in sentence]
    held_by = ("Probation Service", "Ministry of Justice", "Health Improvement", "gangs teams")
    assert all(any(who in sentence for sentence in missing) for who in held_by)


def test_both_records_of_ethnicity_are_judged_and_told(opened):
    # By the officer's word nothing in Havering is beyond chance; by people's own three are.
    assessment = opened("havering")
    found = searches.searches(assessment)
    told = searched.outcome_test(assessment, found)
    assert "by the officer's word no group differs from White people" in told.sentence
    own = found.action["self_defined"].loc["black"]
    assert f"those of Black people led to action {own['adjusted_ratio']:.2f}" in told.sentence
    assert told.certainty == "low"
    assert "by people's own word" in told.heading
    for by, count in found.not_known_count.items():
        known = found.action[by]["search_count"].sum()
        assert known + count == found.search_count
        assert f"{count:,} by " in told.detail


def test_searches_are_judged_over_both_records_and_outcomes_together(opened):
    found = searches.searches(opened("havering"))
    tables = [*found.action.values(), *found.arrest.values()]
    tested = pd.concat([table[["p_value", "q_value"]] for table in tables]).dropna()
    # Benjamini and Hochberg: the largest p-value of the family is its own q-value.
    assert tested["q_value"].max() == pytest.approx(tested["p_value"].max())
    assert tested["q_value"].min() == pytest.approx(len(tested) * tested["p_value"].min())


@pytest.mark.parametrize("borough", SEARCHED)
def test_the_outcome_test_keeps_its_length_and_names_whose_word(opened, borough):
    assessment = opened(borough)
    found = searches.searches(assessment)
    told = searched.outcome_test(assessment, found)
    assert len(told.sentence.split()) <= MOST_WORDS
    assert "by the officer's word" in told.sentence
    assert "by people's own" in told.sentence
    apart = [
        by
        for ratios in (found.action, found.arrest)
        for by, table in ratios.items()
        if table["is_significant"].fillna(value=False).any()
    ]
    assert ("do not clearly differ" in told.heading) == (not apart)
    title = searched.action_title(assessment, found).replace(assessment.area.area_name, "X")
    assert len(title.split()) <= 10


def test_figures_of_london_say_london_first(shown):
    heads = [str(each["heading"]) for each in sentences(shown, "harrow")]
    assert any(each.startswith("London: children less often prosecuted") for each in heads)
    assert any(each.startswith("London's homicide suspects: largest group") for each in heads)


def test_crime_near_the_border_has_one_heading_in_both_reports(opened):
    harrow = opened()
    near = borders.near_border(harrow, cross_border.near_border(harrow, 500), 500)
    places_told = place_findings.borders(harrow, places.border_effects(harrow, 500), 500)
    assert near.heading == places_told.heading
    assert near.heading == "Crime near Harrow's border fits its residents' share within chance"
    for told in (near, places_told):
        assert "within chance" in told.sentence
        assert "of residents" in told.sentence
    (drawn,) = charts.near_border(harrow, cross_border.near_border(harrow, 500), 500, "Share")
    assert "Residents, 25.0%" in drawn.description
    (shares, table) = located.borders(harrow, places.border_effects(harrow, 500), 500, "Share")
    assert "where 25.0% of residents live" in shares.subtitle
    assert JUDGED_TOGETHER in table.notes


@pytest.mark.parametrize(
    ("as_of", "held"),
    [
        ("2017-12", "June 2016 to December 2017: every month is held."),
        (
            "2019-12",
            "June 2016 to December 2019: 12 months not held (2018-02 to 2018-03, 2019-03 "
            "to 2019-12); two of them were published nearly empty.",
        ),
        ("", "In August 2022 rows were copied over and over"),
    ],
)
def test_months_of_searches_are_told_as_far_as_the_cut_sees(opened, as_of, held):
    first = searched.limits(searches.searches(opened("harrow", as_of or None)))[0]
    assert held in first.plain
    assert ("August 2022" in first.plain) == (not as_of)


def test_a_borough_that_the_searches_do_not_have_says_so(shown):
    heads = [each["heading"] for each in sentences(shown, "sutton")]
    assert "Stop and search in Sutton: not loaded" in heads


@pytest.mark.parametrize(
    ("borough", "as_of"),
    [
        ("kensington and chelsea", ""),
        ("barking and dagenham", ""),
        ("kingston upon thames", "2013-03"),
        ("hillingdon", "2024-08"),
    ],
)
def test_every_sentence_is_whole(shown, borough, as_of):
    found = sentences(shown, borough, as_of)
    assert len(found) >= 15
    assert sum(bool(each["is_key"]) for each in found) <= 6
    for each in found:
        assert NOT_WORDS.search(f"{each['sentence']} {each['detail']}") is None, each
        assert each["sentence"].endswith(".")
        assert not each["because"].endswith(".")
        assert len(str(each["heading"]).split()) <= MAX_HEADING_WORDS
