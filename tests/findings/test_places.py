"""Sentences on places: their numbers are the table's, and what is not seen is said."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis.assessment import Assessment, places, street_places
from analysis.findings import places as findings
from analysis.findings import street_places as street_findings
from analysis.findings.finding import MAX_HEADING_WORDS, Finding, Piece
from analysis.params.areas import borough_codes
from analysis.wording import number_word

FIGURES = Path(__file__).parents[2] / "data/figures"
HARROW = "E09000015"

Open = Callable[..., Assessment]
Shown = Callable[..., list[object]]


@pytest.fixture(scope="module")
def harrow_counts() -> dict[str, dict[str, dict[str, int]]]:
    """Offences of Harrow by year, group and LSOA, from the table as plain text."""
    names = {"lsoa_code", "area_code", "year_ending", "basis", "offence_list", "published"}
    found: dict[str, dict[str, dict[str, int]]] = {}
    with (FIGURES / "lsoa_offences.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["area_code"] == HARROW:
                year = found.setdefault(row["year_ending"][:7], {})
                for group in row.keys() - names:
                    year.setdefault(group, {})[row["lsoa_code"]] = int(row[group] or 0)
    return found


def _sum(groups: dict[str, dict[str, int]]) -> dict[str, int]:
    codes = next(iter(groups.values()))
    return {code: sum(counts[code] for counts in groups.values()) for code in codes}


def test_what_the_worst_places_held_is_told_as_added_up(
    opened: Open, harrow_counts: dict[str, dict[str, dict[str, int]]]
) -> None:
    harrow = opened("harrow")
    told = findings.foreseen(harrow, places.out_of_time(harrow))
    earlier, later = _sum(harrow_counts["2024-07"]), _sum(harrow_counts["2025-07"])
    chosen = sorted(earlier, key=lambda code: -earlier[code])[:7]
    hit = 100 * sum(later[code] for code in chosen) / sum(later.values())
    best = 100 * sum(sorted(later.values())[-7:]) / sum(later.values())
    assert told.heading == (f"Last year's worst 5% of places: {hit:.0f}% of crime")
    assert f"they would have held {hit:.1f}%" in told.told
    assert f"the best choice {best:.1f}%" in told.sentence
    assert f"{100 * hit / best:.0f}% of what the best choice" in told.detail
    assert "year to July 2024" in told.told
    assert "year to July 2025" in told.told
    assert "95% interval" in told.told


def test_where_crime_gathers_is_told_as_added_up(
    opened: Open, harrow_counts: dict[str, dict[str, dict[str, int]]]
) -> None:
    harrow = opened("harrow")
    told = findings.gathered(harrow, places.gathering(harrow))
    counts = sorted(_sum(harrow_counts["2025-07"]).values(), reverse=True)
    five = 100 * sum(counts[:7]) / sum(counts)
    assert told.heading == f"5% of Harrow's small areas hold {five:.0f}% of crime"
    assert f"Of {sum(counts):,} offences" in told.told
    assert f"the worst 5% (seven areas) hold {five:.1f}%" in told.told


@pytest.mark.parametrize("borough", ["harrow", "havering"])
def test_the_worst_twentieth_is_one_number_of_places_throughout(
    opened: Open, borough: str
) -> None:
    # Havering has 153: a rounded and a cut twentieth differ, and so did what they held.
    assessment = opened(borough)
    crime, table = places.gathering(assessment), places.out_of_time(assessment)
    assert crime is not None
    five = crime.shares.loc[5]
    hits = table.loc["total"]
    lasting = places.stability(assessment)
    assert lasting is not None
    counts = {
        int(five["place_count"]),
        int(hits["chosen_place_count"]),
        int(lasting.overlap["leading_place_count"].iloc[-1]),
    }
    assert len(counts) == 1
    assert five["offence_pct"] == pytest.approx(hits["best_pct"])
    told = findings.worst_wards(assessment, crime, places.small_areas(assessment)).sentence
    assert f"The {number_word(counts.pop())} small areas with most crime" in told


def test_a_hot_spot_is_told_with_its_own_count_and_where_most_crime_is(opened: Open) -> None:
    harrow = opened("harrow")
    spots = places.hot_spots_of(harrow)
    told = findings.hot(harrow, spots)
    # The published file has 114 offences there, 16,004 in 144 areas, 1,351 in Greenhill's.
    assert told.heading == "One small area stands out with its neighbours: Marlborough"
    assert "neighbourhood (itself and its eight nearest)" in told.sentence
    assert "crime with a place, one in Marlborough;" in told.sentence
    assert (
        "has 111 offences on average, the hot spot 114. Most, 1,351, are in a small area of "
        "Greenhill, which is no hot spot: its neighbours hold less." in told.detail
    )
    first = spots[0]
    assert first is not None
    every = first.table.assign(hot_spot_class="hot spot")
    many = findings.hot(harrow, [replace(first, table=every)])
    assert many.heading == "144 small areas stand out with their neighbours"
    assert "a hot spot 21 to 1,351. Most, 1,351, are in one of Greenhill." in many.detail
    none = first.table.assign(hot_spot_class="not told apart from chance")
    alone = findings.hot(harrow, [replace(first, table=none)])
    assert alone.heading == "No cluster of all crime in Harrow stands beyond chance"
    assert alone.detail == ""


def test_burglary_that_gathers_without_clusters_is_not_called_chance(opened: Open) -> None:
    for borough in ("harrow", "havering"):
        assessment = opened(borough)
        measure = "residential_burglary"
        share = places.gathering(assessment, measure)
        assert share is not None
        told = findings.burglary(assessment, places.hot_spots(assessment, measure), share)
        name = assessment.area.area_name
        assert told.heading == f"Burglary in {name} gathers in few areas, not in clusters"
        assert "more than chance. They lie apart: none stands out together" in told.sentence
        even = replace(share, shares=share.shares.assign(is_more_than_chance=False))
        chance = findings.burglary(assessment, places.hot_spots(assessment, measure), even)
        assert chance.heading == f"Burglary in {name} has no cluster beyond chance"


def test_small_areas_that_could_pass_the_priority_mark_are_counted(opened: Open) -> None:
    harrow = opened("harrow")
    found, areas = places.vulnerable_places(harrow), places.small_areas(harrow)
    assert found is not None
    upper = found.table["vulnerable_localities_index_upper"]
    could = int((upper > 200).sum())
    told = findings.vulnerable(harrow, found, areas)
    assert could > 1
    assert told.heading == (
        f"No small areas of Harrow pass the mark, {number_word(could)} could"
    )
    assert f"are over it, though {number_word(could)} could be, by 95% intervals." in (
        told.sentence
    )
    low = found.table.assign(vulnerable_localities_index_upper=150.0)
    plain = findings.vulnerable(harrow, replace(found, table=low), areas)
    assert plain.heading == "No small areas of Harrow pass the priority mark"
    assert plain.sentence.endswith("none of 144 small areas are over it.")


def test_what_chance_gives_is_said_in_one_way_for_each_of_two_things(opened: Open) -> None:
    harrow = opened("harrow")
    gathered = findings.gathered(harrow, places.gathering(harrow))
    foreseen = findings.foreseen(harrow, places.out_of_time(harrow))
    assert "by chance" not in gathered.sentence
    assert "% if all ran the same risk)" in gathered.sentence
    assert "Had the seven small areas with most crime" in foreseen.sentence
    assert "of crime with a place in the" in foreseen.sentence
    assert len(foreseen.sentence.split()) <= 50


def test_burglary_is_told_as_added_up(
    opened: Open, harrow_counts: dict[str, dict[str, dict[str, int]]]
) -> None:
    harrow = opened("harrow")
    measure = "residential_burglary"
    told = findings.burglary(
        harrow, places.hot_spots(harrow, measure), places.gathering(harrow, measure)
    )
    counts = harrow_counts["2025-07"][measure]
    assert f"Of {sum(counts.values())} residential burglaries" in told.told
    assert f"({max(counts.values())})" in told.told


def test_a_group_no_better_than_chance_is_called_so(opened: Open) -> None:
    havering = opened("havering")
    table = places.out_of_time(havering)
    told = findings.foreseen(havering, table)
    lost = table[table["is_part"] & (table["hit_pct"] <= table["by_chance_pct_upper"])]
    assert ("No better than places at random" in told.told) == bool(len(lost))
    forced = table.assign(by_chance_pct_upper=100.0)
    assert "residential burglary" in findings.foreseen(havering, forced).told
    none = table.assign(by_chance_pct_upper=0.0)
    assert "at random" not in findings.foreseen(havering, none).told


@pytest.mark.parametrize(
    ("as_of", "said"), [("2013-03", "to March 2013"), ("2024-06", "to June 2024")]
)
def test_what_is_not_seen_is_not_known(opened: Open, as_of: str, said: str) -> None:
    cut = opened("harrow", as_of)
    areas = places.small_areas(cut)
    told = [
        findings.gathered(cut, None),
        findings.worst_wards(cut, None, areas),
        findings.foreseen(cut, pd.DataFrame()),
        findings.stayed(cut, None),
        findings.hot(cut, [None]),
        findings.burglary(cut, None, None),
        findings.retail(cut, None, None),
        findings.vulnerable(cut, None, areas),
        findings.borders(cut, pd.DataFrame(), 500),
    ]
    for finding in told:
        assert finding.certainty == "not known"
        assert said in finding.told
        assert not finding.is_key


def test_what_is_not_loaded_says_how_to_load_it(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.findings.street_places.is_held", lambda source: False)
    harrow = opened("harrow")
    for finding in (
        street_findings.burglary_points(harrow, None),
        street_findings.crime_points(harrow, None),
        street_findings.retail_streets(harrow, None),
        street_findings.ward_changes(harrow, None),
    ):
        assert finding.certainty == "not known"
        assert "docs/data-sources.md says how to load it" in finding.told
        assert "csp data fetch" not in finding.told
    near = street_findings.near_repeats(opened("harrow"), None)
    assert "data/templates/README.md says how to load them" in near.told


def test_a_file_that_does_not_hold_the_borough_is_not_called_unloaded(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.findings.street_places.is_held", lambda source: True)
    told = street_findings.crime_points(opened("westminster"), None)
    assert told.heading == "Street-level crime of Westminster is not held for these months"
    assert "is loaded, but holds no whole year" in told.told


def test_business_crime_is_told_for_the_whole_borough(opened: Open) -> None:
    harrow = opened("harrow")
    told = findings.retail(
        harrow, places.retail_small_areas(harrow), places.business_crime(harrow)
    )
    with (FIGURES / "business_offences.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["area_code"] == HARROW]
    months = sorted(name for name in rows[0] if name[:2] == "20")[-12:]
    sums = {row["offence_group"]: sum(int(row[month]) for month in months) for row in rows}
    total = sum(sums.values()) - sums["fraud_and_forgery"] - sums["nfib_fraud"]
    assert f"August 2024 to July 2025: {total:,} offences" in told.told
    share = 100 * sums["shoplifting"] / total
    assert f"shoplifting makes {share:.0f}%" in told.told
    assert places.business_crime(opened("harrow", "2024-06")) is None


def test_near_repeats_are_told_with_their_band(opened: Open) -> None:
    table = pd.DataFrame(
        {
            "distance_band": ["up to 100 m", "up to 100 m"],
            "day_band": ["0 to 3 days", "4 to 7 days"],
            "pair_count": [12, 5],
            "ratio": [3.25, 1.0],
            "is_more_than_chance": [True, False],
        }
    )
    dates = {"first": pd.Timestamp("2024-01-03"), "last": pd.Timestamp("2024-12-30")}
    table.attrs.update(dates | {"record_count": 240})
    told = street_findings.near_repeats(opened("harrow"), table)
    assert told.heading == "Burglaries in Harrow come in near repeats"
    assert "up to 100 m, 0 to 3 days: 12 pairs, 3.2 times" in told.told
    assert "4 to 7 days" not in told.told
    assert "January 2024 to December 2024" in told.told


def test_wards_that_differ_are_named_with_their_interval(opened: Open) -> None:
    table = pd.DataFrame(
        {
            "before_count": [400.0, 300.0],
            "after_count": [500.0, 250.0],
            "relative_change_pct": [50.0, -33.0],
            "relative_change_pct_lower": [20.0, -45.0],
            "relative_change_pct_upper": [80.0, 5.0],
            "is_different": pd.array([True, False], "boolean"),
            "ward_name": ["Greenhill", "Pinner"],
        }
    )
    wards = street_places.Wards(
        ("2023-06", "2024-05"), ("2024-06", "2025-05"), table,
        pd.Series({"before": 99.0, "latest": 98.0}),
    )  # fmt: skip
    told = street_findings.ward_changes(opened("harrow"), wards)
    assert told.heading == "One ward of Harrow changed differently from the rest"
    assert "Greenhill (+50.0%, 95% interval +20.0% to +80.0%)" in told.told
    assert "Pinner (\N{MINUS SIGN}" not in told.told
    assert "99.0%" in told.told


@pytest.mark.slow
@pytest.mark.parametrize(
    ("area_code", "as_of"),
    [
        *[(code, "") for code in borough_codes()],
        *[(HARROW, cut) for cut in ("2013-03", "2019-06", "2024-08")],
        ("E09000017", "2024-08"),
    ],
)
def test_the_notebook_tells_whole_sentences_of_every_borough(
    area_code: str, as_of: str, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CSP_MIRROR", raising=False)
    monkeypatch.setattr("analysis.data.detail.in_cache", lambda file: False)
    pieces = shown("safer_locations", area_code, as_of, draw=False)
    told = [each for each in pieces if isinstance(each, Piece) and each.role == "finding"]
    assert len(told) == 14
    for piece in told:
        text = dict(piece.data)
        assert len(str(text["heading"]).split()) <= MAX_HEADING_WORDS
        assert not re.search(r"\bnan\b|not available|<NA>|\.\.| ,|\bNone\b", piece.plain)
    keys = sum(bool(dict(piece.data)["is_key"]) for piece in told)
    assert keys <= 6


def test_a_finding_is_made_for_a_place_with_a_long_name(opened: Open) -> None:
    kingston = opened("kingston upon thames")
    table = places.border_effects(kingston, 500)
    told = findings.borders(kingston, table, 500)
    assert isinstance(told, Finding)
    assert "500 metres" in told.told
