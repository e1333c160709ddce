"""Sentences on a plan's numbers: the founding plan's own, and planted fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from analysis.assessment import Assessment, claims
from analysis.assessment.claims import ClaimSearch
from analysis.findings import claims as findings
from analysis.targets.claims import ClaimNumbers

Open = Callable[..., Assessment]


@pytest.fixture(scope="module")
def harrow(opened: Open) -> Assessment:
    return opened("harrow")


@pytest.fixture(scope="module")
def narrow(harrow: Assessment) -> ClaimSearch:
    return claims.plan_search(harrow)


def told(search: ClaimSearch, **changes: float) -> ClaimSearch:
    assert search.fit is not None
    return replace(search, fit=replace(search.fit, **changes))


def test_the_claim_names_the_closest_reading_and_says_what_chance_would_do(
    harrow: Assessment, narrow: ClaimSearch
) -> None:
    wide = claims.plan_wide_search(harrow)
    assert wide is not None
    finding = findings.plan_claim(harrow, narrow, wide)
    assert finding.heading == "One reading of the plan's 2,500 fits closely"
    share = f"about {100 * narrow.as_close_by_chance:.0f}% of cases"
    for part in (
        "almost 2,500 fewer of 11,615 offences (21.5%)",
        f"Of {narrow.tried} readings",
        "victim-based crime, location basis, current offence list (published 2026-04)",
        "January 2012 to December 2012: 11,616 − 9,130 = 2,486",
        "lowest count (Kingston upon Thames)",
        f"would find a reading as close in {share}",
        f"Among all {wide.tried:,} readings",
        f"0.6% off, in about {100 * wide.as_close_by_chance:.0f}% of cases",
        "unproven",
        "revised since",
    ):
        assert part in finding.told
    assert finding.certainty == "low"
    assert "Among all" not in findings.plan_claim(harrow, narrow).told


@pytest.mark.parametrize(
    ("close", "heading", "words"),
    [
        (0, "No readings of the plan's 2,500 fit closely", "none came within 1%"),
        (2, "Two readings of the plan's 2,500 fit closely", "two came within 1%"),
    ],
)
def test_a_claim_counts_the_close_readings(
    close: int, heading: str, words: str, harrow: Assessment, narrow: ClaimSearch
) -> None:
    finding = findings.plan_claim(harrow, told(narrow, close_count=close))
    assert finding.heading == heading
    assert words in finding.told


def test_a_borough_without_a_claim_gets_the_spread_of_its_readings(opened: Open) -> None:
    sutton = opened("sutton")
    search = claims.plan_search(sutton)
    assert claims.plan_wide_search(sutton) is None
    finding = findings.plan_claim(sutton, search)
    lowest = search.table.loc[search.table["rule"] == "rank=1:count", "reduction_count"]
    assert f"{lowest.min():,.0f} to {lowest.max():,.0f} fewer" in finding.told
    assert "No plan of Sutton is held" in finding.told
    assert not finding.is_key
    assert findings.closest(sutton, search) == finding
    assert findings.kinds(search) == []


def test_a_close_fit_is_called_more_than_chance_only_where_chance_is_rare(
    harrow: Assessment, narrow: ClaimSearch
) -> None:
    often = findings.closest(harrow, told(narrow, as_close_by_chance=0.22))
    assert often.heading == "The closest reading is 0.6% off, which may be chance"
    assert often.certainty == "low"
    rare = findings.closest(harrow, told(narrow, as_close_by_chance=0.02))
    assert (
        rare.heading == "The closest reading is 0.6% off, which is more than chance would bring"
    )
    assert rare.certainty == "moderate"
    at_the_line = findings.closest(harrow, told(narrow, as_close_by_chance=0.05))
    assert "may be chance" in at_the_line.heading


def test_what_is_far_off_is_no_fit_however_rare(
    harrow: Assessment, narrow: ClaimSearch
) -> None:
    far = findings.closest(harrow, told(narrow, closest_pct=5.01, as_close_by_chance=0.001))
    assert far.heading == "No reading comes within 5% of the numbers"
    assert "made-up" not in far.told
    assert far.certainty == "low"
    at_the_line = findings.closest(harrow, told(narrow, closest_pct=5.0))
    assert "5.0% off" in at_the_line.heading


def test_an_exact_fit_is_not_said_to_be_nought(harrow: Assessment, narrow: ClaimSearch) -> None:
    finding = findings.closest(harrow, told(narrow, closest_pct=0.0, expected_by_chance=0.001))
    assert "under 0.1% off" in finding.heading
    assert "(under 0.1 readings on average)" in finding.told


def test_a_round_share_says_that_made_up_claims_keep_it(
    harrow: Assessment, narrow: ClaimSearch
) -> None:
    fifth = replace(narrow, claim=ClaimNumbers(1_651, 8_255))
    sentence = findings.closest(harrow, fifth).told
    assert "claim of this size, its reduction the same share of its total, would" in sentence


def test_each_kind_is_told_and_those_without_a_fit_are_named_together(
    narrow: ClaimSearch,
) -> None:
    first, second = findings.kinds(narrow)
    assert first.startswith("All crime or a scheme, down to one of the three lowest boroughs:")
    assert "0.6% off (11,616 − 9,130 = 2,486)" in first
    assert "3.7% off (20% of 12,034 = 2,407)" in second
    far = replace(narrow, by_kind=narrow.by_kind.assign(closest_pct=[0.5, 30.0][::-1]))
    assert findings.kinds(far)[1] == (
        "None within 5%: All crime or a scheme, a share of the base."
    )


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        (ClaimNumbers(2_500, 11_615), "2,500 fewer of 11,615 offences"),
        (ClaimNumbers(reduction_count=2_500), "2,500 fewer offences"),
        (ClaimNumbers(base_count=11_615), "a total of 11,615 offences"),
    ],
)
def test_a_claim_is_told_as_it_was_given(claim: ClaimNumbers, words: str) -> None:
    assert findings.claim_words(claim) == words


def test_a_category_of_the_annual_table_is_named_as_one() -> None:
    row = pd.Series(
        {
            "measure": "theft_and_handling",
            "offence_list": "annual table",
            "published": "2017-02",
            "period": "2010-04 to 2011-03",
            "rule": "total",
            "comparator_code": "",
            "formula": "5,012",
        }
    )
    assert findings.reading_words(row) == (
        "theft and handling, annual table (published 2017-02), April 2010 to March 2011: 5,012"
    )
