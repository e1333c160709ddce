"""What is said of victims: numbers added up anew, and nothing where nothing can be said."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from analysis.assessment import Assessment, at_risk
from analysis.assessment.at_risk import all_repeat_records, victim_counts
from analysis.assessment.victims import (
    ASB,
    CHANGES,
    GRAVEST_FIRST,
    HATE,
    OTHER_INJURY,
    SERIOUS,
    SEXUAL,
    STRANDS,
    VAWG,
    YOUNG_VICTIMS,
    against_others,
    changes,
    injury_parts,
    label,
    share_of_crime,
    standing_of,
    subject,
    victim_figures,
)
from analysis.findings import at_risk as people
from analysis.findings import victims as findings
from analysis.findings.change_words import MOST_WORDS
from analysis.findings.finding import Finding

Open = Callable[..., Assessment]
FIGURES = Path(__file__).parents[2] / "data/figures"


def special(code: str, measure: str, first: str, last: str) -> int:
    """Offences of one measure in some months, read as plain text."""
    with (FIGURES / "monthly_special.csv").open(encoding="utf-8", newline="") as lines:
        rows = [
            row
            for row in csv.DictReader(lines)
            if (row["area_code"], row["measure"], row["counted"]) == (code, measure, "offences")
        ]
    return sum(int(row[m]) for row in rows for m in row if m[:2] == "20" and first <= m <= last)


HELD: dict[tuple[str, str], dict[str, Finding]] = {}
# Ranks of the boroughs are simulated: once a borough and cut.


def every_finding(assessment: Assessment) -> dict[str, Finding]:
    key = assessment.area.area_code, assessment.as_of
    if key not in HELD:
        HELD[key] = _every_finding(assessment)
    return HELD[key]


def _every_finding(assessment: Assessment) -> dict[str, Finding]:
    figures = victim_figures(assessment)
    table = changes(assessment, figures)
    told = {name: subject(assessment, figures, name, table) for name in figures.monthly}
    women = told.get(VAWG)
    sexual = told.get(SEXUAL)
    hated = against_others(assessment, figures, (HATE, *STRANDS))
    return {
        "changes": findings.changes(assessment, table),
        "women": findings.women(assessment, women, standing_of(assessment, women), None),
        "domestic": findings.domestic(assessment, share_of_crime(assessment, figures)),
        "injury": findings.injury(
            assessment, injury_parts(assessment, figures), told.get(OTHER_INJURY)
        ),
        "sexual": findings.sexual(assessment, sexual, standing_of(assessment, sexual), table),
        "serious": findings.serious(assessment, against_others(assessment, figures, SERIOUS)),
        "young": findings.young(
            assessment, told.get(YOUNG_VICTIMS), told.get("knife_crime_with_injury")
        ),
        "hate": findings.hate(assessment, hated, told.get(HATE)),
        "nuisance": findings.nuisance(assessment, told.get(ASB)),
    }


def test_domestic_abuse_is_told_as_share_and_as_rate(opened: Open):
    finding = every_finding(opened("harrow"))["domestic"]
    abuse = special("E09000015", "domestic_abuse", "2024-06", "2025-05")
    assert f"{abuse:,} of " in finding.told
    share = re.search(r"were domestic abuse, ([\d.]+)%", finding.told)
    whole = re.search(r"of ([\d,]+) recorded crimes", finding.told)
    assert share is not None
    assert whole is not None
    assert float(share[1]) == round(100 * abuse / int(whole[1].replace(",", "")), 1)
    assert "June 2024 to May 2025" in finding.told
    assert "10th highest share" in finding.told
    assert "the rate is" in finding.told


def test_young_victims_are_people_of_their_own_year(opened: Open):
    finding = every_finding(opened("havering"))["young"]
    count = special("E09000016", YOUNG_VICTIMS, "2024-08", "2025-07")
    assert finding.told.startswith(f"{count} people aged 1 to 24")


def test_hate_crime_by_strand_is_the_tables(opened: Open):
    finding = every_finding(opened("westminster"))["hate"]
    for measure, name in (("racist_crime", "Racist"), ("antisemitic", "Antisemitic")):
        count = special("E09000033", measure, "2024-08", "2025-07")
        assert f"{name} {count:,}" in finding.told
    assert "overlap" in finding.told


@pytest.mark.parametrize("borough", ["kensington and chelsea", "wandsworth", "croydon"])
def test_all_that_changed_are_named_where_fifty_words_allow(opened: Open, borough: str):
    # Two, three and four changed; the gravest had been "one other".
    assessment = opened(borough)
    table = changes(assessment, victim_figures(assessment))
    told = findings.changes(assessment, table).sentence
    for name, row in table[table["is_significant"].fillna(value=False).astype(bool)].iterrows():
        counts = f"({row['before_count']:,.0f} to {row['after_count']:,.0f}"
        assert f"{label(str(name), in_sentence=True)} {counts}" in told
    assert len(told.split()) <= MOST_WORDS


def test_a_change_over_months_of_a_new_system_leads_with_its_doubt(opened: Open):
    assessment = opened("harrow")
    table = changes(assessment, victim_figures(assessment))
    real = table[table["is_significant"].fillna(value=False).astype(bool)]
    assert real.index.tolist() == ["domestic_abuse"]
    assert real["is_after_break"].all()
    told = findings.changes(assessment, table)
    assert told.is_key
    assert told.certainty == "low"
    assert "since a change in recording" in told.because
    older = findings.changes(assessment, table.assign(is_after_break=False))
    assert older.is_key
    assert older.certainty == "moderate"
    assert "recording moves too" in older.because


def test_of_too_many_changes_the_gravest_are_named(opened: Open):
    assert set(GRAVEST_FIRST) == set(CHANGES)
    assessment = opened("kensington and chelsea")
    table = changes(assessment, victim_figures(assessment))
    all_rose = table.assign(
        before_count=100,
        after_count=200,
        change_count=100,
        change_pct=100.0,
        is_significant=True,
    )
    told = findings.changes(assessment, all_rose)
    assert len(told.sentence.split()) <= MOST_WORDS
    assert "homicide (100 to 200" in told.sentence
    assert "rape (100 to 200" in told.sentence
    assert "anti-social behaviour" not in told.sentence
    assert "others changed too." in told.sentence
    assert "anti-social behaviour (100 to 200" in told.detail


def test_a_place_and_its_range_in_one_sentence_are_counted_from_one_end(opened: Open):
    told = every_finding(opened("havering"))["sexual"]
    assert "lowest rate of 32 boroughs" in told.sentence
    assert re.search(r"from \d+\w\w to \d+\w\w lowest", told.sentence)
    assert told.heading.endswith("lowest")


def test_sections_give_the_verdict_of_all_together(opened: Open):
    assessment = opened("harrow")
    # Knife crime alone would be called a rise; among fourteen measures it is not.
    table = changes(assessment, victim_figures(assessment))
    alone = changes(assessment, victim_figures(assessment), ["knife_crime"])
    assert alone["is_significant"].item()
    assert not table.loc["knife_crime", "is_significant"]
    assert "knife crime" not in every_finding(assessment)["changes"].told.lower()


def test_anti_social_behaviour_is_no_crime_and_its_gaps_are_named(opened: Open):
    finding = every_finding(opened("havering"))["nuisance"]
    assert "are not crimes" in finding.told
    assert "July 2018 to June 2023" in finding.told
    assert "No rank is given" in finding.told
    # The reason of a lower grade is not that of a higher one.
    assert ("less than a year" in finding.because) == (finding.certainty == "low")


def test_figures_of_london_say_london_first(opened: Open):
    assessment = opened("harrow")
    ages, ethnicity, kinds = (
        at_risk.vawg_breakdown(assessment, kind)
        for kind in ("age_group", "ethnicity", "offence_class")
    )
    assert people.people(ages, ethnicity, kinds).heading.startswith("London: ")
    suspects = people.suspects(assessment, at_risk.homicide_suspects(assessment))
    assert suspects.heading.startswith("London: ")


def test_few_victims_are_told_without_a_verdict(opened: Open):
    finding = every_finding(opened("richmond upon thames"))["serious"]
    assert "Too few to compare: homicide" in finding.told


@pytest.mark.parametrize(
    ("borough", "as_of"),
    [
        ("kingston upon thames", None),
        ("hillingdon", None),
        ("kensington and chelsea", "2024-08"),
        ("harrow", "2013-03"),
        ("barking and dagenham", "2019-06"),
    ],
)
def test_every_section_is_said_whatever_the_cut(opened: Open, borough: str, as_of: str | None):
    for finding in every_finding(opened(borough, as_of)).values():
        assert not re.search(r"nan|NaN|<NA>|None\b(?! of)|  | [,.;]", finding.told)
        assert finding.told.endswith(".")
        assert not finding.because.endswith(".")


def test_what_only_partners_hold_is_said_to_be_theirs(opened: Open):
    for name, holder in (
        ("child_sexual_exploitation", "children's services"),
        ("extremism", "Prevent"),
        ("serious_group_violence", "Violence Reduction Unit"),
    ):
        finding = people.elsewhere(opened("harrow"), name)
        assert holder in finding.told
        assert finding.certainty == "not known"
    assert "not loaded" in people.repeats(opened("harrow"), []).heading


def test_few_repeat_victims_are_not_counted_out(opened: Open, monkeypatch: pytest.MonkeyPatch):
    days = pd.date_range("2023-01-05", "2024-12-28", periods=120)
    rows = pd.DataFrame({"victim_key": [f"v{n}" for n in range(120)], "date": days})
    again = rows.tail(4).assign(date=rows["date"].tail(4) - pd.Timedelta(days=2))
    table = pd.concat([rows, again]).assign(kind="crime", offence_group="")
    monkeypatch.setattr(at_risk, "load_partner_table", lambda name, code: table)
    results = all_repeat_records(opened("harrow"))
    finding = people.repeats(opened("harrow"), results)
    assert "too few repeat victims" in finding.told
    assert not re.search(r"\b4\b|\bfour\b", finding.told)


def test_victims_by_age_tell_no_hidden_count(opened: Open, monkeypatch: pytest.MonkeyPatch):
    table = pd.DataFrame(
        {
            "month": pd.Timestamp("2025-03-01"),
            "offence_group": "personal_robbery",
            "sex": "male",
            "age_band": ["11_to_15", "18_to_24", "35_to_44"],
            "person_count": pd.array([2, 40, 38], dtype="Int64"),
        }
    )
    monkeypatch.setattr(at_risk, "load_partner_table", lambda name, code: table)
    result = victim_counts(opened("harrow"))
    finding = people.victims_by_age(opened("harrow"), result)
    assert "aged 16 to 24 50.0%" in finding.told
    assert "aged 11 to 15" not in finding.told
