"""Sentences of the built findings, checked by hand against the files as published.

Nothing of the package stands between a published file and the number here: the rows are
read with the csv module, the offences picked by the publisher's own names. What the package
says must hold the same number.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable, Collection
from pathlib import Path

import pytest

from analysis.assessment import (
    Assessment,
    claims,
    ended_targets,
    target_choice,
    target_report,
)
from analysis.findings import changes, confidence, levels, outcomes, quality
from analysis.findings import claims as claim_findings
from analysis.params.areas import area_name, borough_codes
from analysis.wording import MINUS

pytestmark = pytest.mark.mirror

Open = Callable[..., Assessment]
Rows = list[dict[str, str]]

OLD_LIST = "mps/borough_2008-01_2018-12_old-offence-list.csv"
LOCATION = "mps/borough_2010-04_2024-03.csv"
LOCATION_NEW = "mps/borough_2023-06_2025-05.csv"
ANNUAL = "mps/borough_annual_rates_1999-00_2016-17.csv"
POPULATION = "context/population/ons_borough_midyear_population_2019_2024.csv"
SURVEY = "mopac/pas_borough_2014-12_2023-12.csv"

MOPAC_7 = {
    "Burglary in a Dwelling",
    "Burglary in Other Buildings",
    "Business Property",
    "Personal Property",
    "Theft/Taking Of Motor Vehicle",
    "Theft From Motor Vehicle",
    "Other Theft Person",
    "Criminal Damage To Dwelling",
    "Criminal Damage To Motor Vehicle",
    "Criminal Damage To Other Building",
    "Other Criminal Damage",
    "Assault with Injury",
    "Grievous Bodily Harm",
    "Wounding/GBH",
}
# Burglary, robbery, theft of and from vehicles, theft from the person, criminal damage and
# violence with injury, as the list of the time names them.

NOT_VICTIM_BASED = {
    "DRUG OFFENCES",
    "FRAUD AND FORGERY",
    "MISCELLANEOUS CRIMES AGAINST SOCIETY",
    "POSSESSION OF WEAPONS",
    "PUBLIC ORDER OFFENCES",
    "NFIB FRAUD",
}


@pytest.fixture(scope="module")
def published(mirror: Path) -> Callable[[str], Rows]:
    held: dict[str, Rows] = {}

    def read(name: str) -> Rows:
        if name not in held:
            path = mirror / name
            opener = gzip.open if path.suffix == ".gz" else open
            with opener(path, "rt", encoding="utf-8-sig", newline="") as lines:
                held[name] = list(csv.DictReader(lines))
        return held[name]

    return read


def months(first: str, last: str) -> set[str]:
    """Months of a period as the publisher's columns name them."""
    years = range(int(first[:4]), int(last[:4]) + 1)
    every = {f"{year}{month:02}" for year in years for month in range(1, 13)}
    return {each for each in every if first.replace("-", "") <= each <= last.replace("-", "")}


def add(rows: Rows, wanted: Collection[str], keep: Callable[[dict[str, str]], bool]) -> int:
    """Offences of the rows kept, in the months wanted."""
    return sum(int(row[month] or 0) for row in rows if keep(row) for month in wanted)


def test_1_harrows_latest_year_and_its_rate(
    published: Callable[[str], Rows], opened: Open
) -> None:
    count = add(
        published(LOCATION_NEW),
        months("2024-06", "2025-05"),
        lambda row: row["BoroughName"] == "Harrow" and "FRAUD" not in row["MajorText"],
    )
    (people,) = (
        int(row["population"])
        for row in published(POPULATION)
        if (row["borough"], row["year"]) == ("Harrow", "2024")
    )
    sentence = levels.level(opened(), opened().ranks()).told
    assert (
        f"Harrow had {count:,} recorded offences, fraud left out, in the year to May 2025"
        in sentence
    )
    assert f", {1000 * count / people:.1f} per 1,000 residents" in sentence
    assert count == 16_493


def test_2_haverings_change_without_fraud(
    published: Callable[[str], Rows], opened: Open
) -> None:
    def havering(row: dict[str, str]) -> bool:
        return row["BoroughName"] == "Havering" and "FRAUD" not in row["MajorText"]

    # Months to March 2024 are in both publications; the newer, of April 2026, counts.
    before = add(published(LOCATION), months("2023-06", "2024-03"), havering)
    before += add(published(LOCATION_NEW), months("2024-04", "2024-05"), havering)
    after = add(published(LOCATION_NEW), months("2024-06", "2025-05"), havering)
    assessment = opened("havering")
    table = assessment.changes(["total_without_fraud"])
    sentence = changes.total_change(assessment, table).told
    assert f"fell from {before:,} to {after:,}" in sentence
    assert f"{MINUS}{100 * (1 - after / before):.1f}%" in sentence


def test_3_harrows_shoplifting_rose_as_the_two_publications_have_it(
    published: Callable[[str], Rows], opened: Open
) -> None:
    def kept(row: dict[str, str]) -> bool:
        return row["BoroughName"] == "Harrow" and row["MinorText"] == "SHOPLIFTING"

    before = add(published(LOCATION), months("2023-06", "2024-03"), kept)
    before += add(published(LOCATION_NEW), months("2024-04", "2024-05"), kept)
    after = add(published(LOCATION_NEW), months("2024-06", "2025-05"), kept)
    table = opened().changes(opened().offence_groups())
    sentence = changes.group_changes(opened(), table).told
    change = f"+{after - before:,}, +{100 * (after / before - 1):.1f}%"
    assert f"shoplifting ({change})" in sentence


@pytest.mark.parametrize(
    ("borough", "before", "after", "change"),
    [("Harrow", 8_255, 6_377, "22.7"), ("Havering", 9_557, 7_929, "17.0")],
)
def test_4_the_end_of_the_mayors_target(
    borough: str,
    before: int,
    after: int,
    change: str,
    published: Callable[[str], Rows],
    opened: Open,
) -> None:
    sums = [
        add(
            published(OLD_LIST),
            months(*year),
            lambda row: row["Borough"] == borough and row["Minor Category"] in MOPAC_7,
        )
        for year in (("2011-04", "2012-03"), ("2015-04", "2016-03"))
    ]
    assert sums == [before, after]
    assessment = opened(borough.casefold())
    table = ended_targets.outcomes(assessment, target_choice.plan_targets(opened())[:1])
    told = outcomes.outcomes(assessment, table).told
    assert f"{sums[0]:,} to {sums[1]:,} (target" in told
    assert f"{100 * (1 - sums[1] / sums[0]):.1f}" == change
    assert f"by a fifth: {MINUS}{change}%" in told


def test_5_fifteen_boroughs_met_it(published: Callable[[str], Rows], opened: Open) -> None:
    met = 0
    for name in map(area_name, borough_codes()):
        spellings = {name, name.replace(" and ", " & ")}
        before, after = (
            add(
                published(OLD_LIST),
                months(*year),
                lambda row, names=spellings: (
                    row["Borough"] in names and row["Minor Category"] in MOPAC_7
                ),
            )
            for year in (("2011-04", "2012-03"), ("2015-04", "2016-03"))
        )
        assert before > 3_000, name
        met += after <= 0.8 * before
    table = ended_targets.outcomes(opened(), target_choice.plan_targets(opened()))
    assert f"{met} of 32 boroughs met the same" in outcomes.outcomes(opened(), table).told
    assert met == 15


def test_6_harrows_totals_on_the_old_list_with_and_without_fraud(
    published: Callable[[str], Rows], opened: Open
) -> None:
    whole, without = (
        [
            add(
                published(OLD_LIST),
                months(*year),
                lambda row, out=left_out: (
                    row["Borough"] == "Harrow" and row["Major Category"] not in out
                ),
            )
            for year in (("2011-04", "2012-03"), ("2016-04", "2017-03"))
        ]
        for left_out in (set(), {"Fraud or Forgery"})
    )
    assert whole == [14_197, 13_662]
    assert without == [13_413, 13_640]
    table = ended_targets.outcomes(opened(), target_choice.plan_targets(opened()))
    sentence = outcomes.outcomes(opened(), table).told
    assert f"{without[0]:,} to {without[1]:,}" in sentence


def test_7_the_closest_reading_of_the_plans_numbers(
    published: Callable[[str], Rows], opened: Open
) -> None:
    counts = {
        name: add(
            published(LOCATION),
            months("2012-01", "2012-12"),
            lambda row, name=name: (
                row["BoroughName"] == name and row["MajorText"] not in NOT_VICTIM_BASED
            ),
        )
        for name in {row["BoroughName"] for row in published(LOCATION)}
    }
    del counts["Unknown"]
    boroughs = {name: count for name, count in counts.items() if "Heathrow" not in name}
    assert len(boroughs) == 32
    lowest = min(boroughs, key=boroughs.__getitem__)
    own, least = boroughs["Harrow"], boroughs[lowest]
    sentence = claim_findings.plan_claim(opened(), claims.plan_search(opened())).told
    assert f"{own:,} {MINUS} {least:,} = {own - least:,}, lowest count ({lowest})" in sentence
    assert (own, own - least) == (11_616, 2_486)


def test_8_the_gaps_of_the_annual_table(published: Callable[[str], Rows], opened: Open) -> None:
    rows = [
        row
        for row in published(ANNUAL)
        if row["Year"] == "2011-12" and row["Offences"] == "All recorded offences"
    ]
    names = {area_name(code) for code in borough_codes()}
    table = {
        row["Borough"]: (int(row["Number_of_offences"].replace(",", "")), float(row["Rate"]))
        for row in rows
        if row["Borough"] in names
    }
    assert len(table) == 32
    own, rate = table["Harrow"]
    assert (own, rate) == (14_169, 58.9)
    by_count = sorted(table, key=lambda name: table[name][0])
    assert by_count[:2] == ["Kingston upon Thames", "Sutton"]
    lowest_rate = min(rate for _, rate in table.values())
    gaps = {
        "rank=1:count": own - table[by_count[0]][0],
        "rank=2:count": own - table[by_count[1]][0],
        "rank=1:rate": round(own * (1 - lowest_rate / rate)),
    }
    assert gaps == {"rank=1:count": 2_937, "rank=2:count": 2_433, "rank=1:rate": 1_588}
    readings = claims.plan_search(opened()).table
    told = readings[
        (readings["offence_list"] == "annual table")
        & (readings["period"] == "2011-04 to 2012-03")
    ].set_index("rule")
    for rule, gap in gaps.items():
        assert round(told.loc[rule, "reduction_count"]) == gap


def test_9_confidence_in_the_newest_quarter(
    published: Callable[[str], Rows], opened: Open
) -> None:
    (value,) = (
        float(row["Proportion"])
        for row in published(SURVEY)
        if (row["Borough"], row["Date"]) == ("Harrow", "12/31/2023")
        and row["Measure"].startswith('"Good Job"')
    )
    told = confidence.surveys(opened(), target_report.asked_surveys(opened()))
    assert "quarter to December 2023" in told.told
    assert f" {100 * value:.0f}% (95% interval" in told.told


def test_10_offences_without_a_borough(published: Callable[[str], Rows], opened: Open) -> None:
    shares = {
        month: 100
        * add(published(LOCATION_NEW), {month}, lambda row: row["BoroughName"] == "Unknown")
        / add(published(LOCATION_NEW), {month}, lambda row: True)
        for month in months("2024-06", "2025-05")
    }
    text = quality.unknown_borough(opened()).plain
    assert f"In the latest year {sum(shares.values()) / 12:.1f}% of London's offences" in text
    assert max(shares, key=shares.__getitem__) == "202407"
    assert f"most in July 2024, {max(shares.values()):.1f}%" in text


def test_11_revisions_between_the_two_publications(
    published: Callable[[str], Rows], opened: Open
) -> None:
    def kept(row: dict[str, str]) -> bool:
        # The publication of June 2025 has no row for these, so there is nothing to revise.
        return row["BoroughName"] == "Harrow" and "DRIVING" not in row["MinorText"].upper()

    percents = []
    for month in months("2023-06", "2024-03"):
        older, newer = (
            add(published(name), {month}, kept) for name in (LOCATION_NEW, LOCATION)
        )
        percents.append(100 * (newer / older - 1))
    text = quality.revisions(opened()).plain
    assert text.startswith(f"{len(percents)} months are held in two publications")
    low, high = (f"{each:+.2f}%".replace("-", MINUS) for each in (min(percents), max(percents)))
    assert f"by {low} to {high}" in text
