"""What the comparison of boroughs says: its numbers, and when it must not speak."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd
import pytest

from analysis.assessment import Assessment
from analysis.assessment.comparison import borough_changes, profile, standings
from analysis.assessment.safest import answers, as_published, by_year, safest_aim
from analysis.findings import comparison as words
from analysis.findings.finding import Piece
from analysis.params.areas import area_name, borough_codes

Open = Callable[..., Assessment]

HARROW, HILLINGDON = "E09000015", "E09000017"


@pytest.fixture(scope="module")
def harrow(opened: Open) -> Assessment:
    return opened("harrow")


@pytest.fixture(scope="module")
def table(harrow: Assessment) -> pd.DataFrame:
    return standings(harrow)


def published_rates(assessment: Assessment) -> pd.Series:
    """Rates without fraud from the records themselves, a second way."""
    held = assessment.offences
    first, last = (pd.Timestamp(month) for month in assessment.latest_year)
    year = held[held["month"].between(first, last) & held["area_code"].isin(borough_codes())]
    kept = year[~year["offence_group"].isin(["fraud_and_forgery", "nfib_fraud"])]
    counts = kept.groupby("area_code")["offence_count"].sum().astype(float)
    return 1000 * counts / assessment.population(assessment.latest_year)[counts.index]


def test_the_safest_is_the_lowest_of_the_published_rates(
    harrow: Assessment, table: pd.DataFrame
) -> None:
    rates = published_rates(harrow)
    sentence = words.safest(harrow, table).told
    assert sentence.startswith(f"{area_name(str(rates.idxmin()))} was lowest")
    assert f"with {rates.min():.1f} offences" in sentence


def test_similar_boroughs_are_told_apart_pair_by_pair(opened: Open) -> None:
    havering = opened("havering")
    codes, table = havering.similar_boroughs(), standings(havering)
    finding = words.similar(havering, table, codes)
    lower = [code for code in codes if table.loc[code, "rate_against_own"] == -1]
    # Sutton's and Harrow's rates lie a seventh below; the ranks that each may have overlap.
    assert {area_name(code) for code in lower} == {"Sutton", "Harrow"}
    assert (
        table.loc[lower, "rate_joint_upper"].max()
        >= table.T[havering.area.area_code]["rate_joint_lower"]
    )
    assert "clearly lower than Havering's is that of Harrow and Sutton" in finding.told


def test_how_many_could_be_lowest_is_how_many_are_named(
    harrow: Assessment, table: pd.DataFrame
) -> None:
    finding = words.safest(harrow, table)
    named = re.search(r"compared, (.*) cannot be told", finding.told)
    assert named is not None
    count = len(re.split(r", | and ", named[1]))
    assert count == table["rate_may_be_lowest"].sum()
    assert finding.certainty != "high"
    assert finding.because.startswith("six boroughs cannot be told apart")


def test_one_borough_far_below_all_is_called_the_lowest(
    harrow: Assessment, table: pd.DataFrame
) -> None:
    alone = table.assign(rate_may_be_lowest=table.index == HARROW)
    alone.loc[HARROW, ["rate_per_1000", "rate_lowest_probability"]] = [20.0, 0.999]
    finding = words.safest(harrow, alone)
    assert finding.heading == "Harrow has the lowest crime rate of London, beyond chance"
    assert finding.certainty == "high"


def test_a_rank_is_told_with_the_ranks_that_all_compared_leave(
    harrow: Assessment, table: pd.DataFrame
) -> None:
    rates = published_rates(harrow)
    rank = int(rates.rank()[HARROW])
    finding = words.rank(harrow, table)
    assert f"had the {rank}nd lowest rate of 32" in finding.told
    assert f"{rates[HARROW]:.1f} offences per 1,000" in finding.told
    assert finding.because.startswith("six of 32 ranks are left open")
    wide = table.assign(rate_joint_lower=2, rate_joint_upper=20)
    assert words.rank(harrow, wide).because.startswith("19 of 32 ranks are left open")


def test_the_lowest_by_another_way_of_asking_is_told_with_that_way(harrow: Assessment) -> None:
    told = words.by_measure(harrow, answers(harrow)).sentence
    assert "Lowest by seven measures in the year to May 2025: by number, Kingston" in told
    assert "; per resident aged 16 to 64, Harrow. Harrow itself ranks 2nd to 7th" in told
    assert len(told.split()) <= 50


def test_ways_of_asking_for_which_there_is_no_room_stand_in_the_detail(opened: Open) -> None:
    # By this cut two boroughs more are lowest, each in a way of its own.
    barking = opened("barking and dagenham", "2024-12")
    finding = words.by_measure(barking, answers(barking))
    assert len(finding.sentence.split()) <= 50
    assert "per resident aged 16 to 64, Merton; on the location basis to January 2024, " in (
        finding.sentence
    )
    assert finding.detail.startswith("Barking and Dagenham itself ranks 7th to 22nd lowest.")


def test_in_the_year_of_heathrow_hillingdon_is_not_ranked_and_others_are(
    opened: Open,
) -> None:
    hillingdon, neighbour = (opened(name, "2024-08") for name in ("hillingdon", "harrow"))
    spoilt = standings(hillingdon)
    for finding in (
        words.rank(hillingdon, spoilt),
        words.similar(hillingdon, spoilt, hillingdon.similar_boroughs()),
    ):
        assert finding.certainty == "not known"
        assert "Heathrow" in finding.told
    assert "own rank is not told" in words.by_measure(hillingdon, answers(hillingdon)).told
    assert answers(hillingdon).query("asked == 'measure'")["is_own_mixed"].all()
    assert words.rank(neighbour, standings(neighbour)).certainty == "high"
    (marked,) = words.mixed_year(neighbour, spoilt)
    assert marked.plain.startswith("Hillingdon is marked with an asterisk")


def test_hillingdons_change_across_march_2024_is_left_out(opened: Open) -> None:
    changed = borough_changes(opened("harrow"))
    sentence = words.changes(opened("harrow"), changed).told
    assert "Of 31 boroughs judged together" in sentence
    assert "Hillingdon is left out" in sentence
    own = words.changes(opened("hillingdon"), changed)
    assert own.certainty == "not known"
    assert "its two years are not comparable" in own.because


def test_harrows_aim_is_answered_with_years_and_chances(harrow: Assessment) -> None:
    finding = words.aim(harrow, safest_aim(harrow))
    assert finding.heading == "By rate Harrow was probably London's safest, by count not"
    assert "On residents as estimated since" in finding.sentence
    assert "March 2014, 2015, 2016 and 2017" in finding.sentence
    # The table of the day has Bexley lowest in 2013-14 and 2015-16.
    assert "as published then, in 2014-15 only" in finding.sentence
    # In the base year its policing count was the fifth lowest, and sixth in each since.
    assert "6th lowest in every one" in finding.sentence
    assert len(finding.sentence.split()) <= 50


def test_an_answer_sure_by_itself_says_whom_the_stricter_comparison_leaves_open(
    harrow: Assessment,
) -> None:
    table = answers(harrow)
    told = words.by_measure(harrow, table).detail
    kept = table[table["lowest_probability"] >= 0.95]
    left = int(kept["may_be_lowest"].str.len().gt(1).sum())
    assert left == len(kept) == 6
    assert "In six of 14 answers" in told
    assert "others are left open in all of these" in told


def test_a_plan_whose_years_are_to_come_is_not_judged(opened: Open) -> None:
    before = opened("harrow", "2013-03")
    finding = words.aim(before, safest_aim(before))
    assert finding.certainty == "not known"
    assert "still to come" in finding.heading


def test_the_years_counted_add_up(opened: Open) -> None:
    from analysis.assessment.comparison import months_lowest, rolling_rates

    june = opened("harrow", "2019-06")
    years = by_year(june)
    periods = months_lowest(june, rolling_rates(june))
    sentence = words.by_year(june, years, periods).told
    told = re.search(r"the lowest rate was (.*?)\. ", sentence)
    assert told is not None
    assert sum(map(int, re.findall(r"\((\d+)\)", told[1]))) == 9


def test_two_bases_that_disagree_are_said_to(harrow: Assessment) -> None:
    finding = words.by_basis(harrow, answers(harrow), as_published(harrow), 4.5)
    assert "No daytime population is held" in finding.told
    assert "the years to March 2014 and March 2016" in finding.told
    assert "4.5 times its residents" in finding.told


def test_a_group_is_called_larger_only_where_the_table_says_so(harrow: Assessment) -> None:
    mix = profile(harrow)
    differs = mix[mix["is_different"].eq(other=True)]
    sentence = words.profile(harrow, mix).told
    top = differs["location_quotient"].idxmax()
    assert f"({differs['location_quotient'].max():.1f} times London's share)" in sentence
    assert str(top).replace("_", " ") in sentence


@pytest.mark.parametrize(
    ("borough", "as_of"),
    [("kingston upon thames", ""), ("hillingdon", "2024-08"), ("westminster", "2012-03")],
)
def test_the_notebook_speaks_in_whole_sentences(
    shown: Callable[..., list[object]], borough: str, as_of: str
) -> None:
    pieces = [
        each
        for each in shown("london_comparison", borough, as_of, draw=False)
        if isinstance(each, Piece) and each.role != "provenance"
    ]
    findings = [dict(piece.data) for piece in pieces if piece.role == "finding"]
    assert len(findings) == 12
    assert 3 <= sum(bool(each["is_key"]) for each in findings) <= 7
    for piece in pieces:
        assert not re.search(r"\bnan\b|<NA>|NaT|\bNone\b(?! of)|_|  | \.|\.\.", piece.plain)
