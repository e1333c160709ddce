"""A plan's sentence read on the real figures: known readings are found, and chance is told."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from analysis.assessment import Assessment, claims
from analysis.errors import ParamsError
from analysis.targets.claims import ClaimNumbers, fit_by_chance

Open = Callable[..., Assessment]

KINGSTON, SUTTON, BEXLEY = "E09000021", "E09000029", "E09000004"


@pytest.fixture(scope="module")
def near_2012(opened: Open) -> claims.ClaimSearch:
    return claims.claim_search(
        opened(), reduction_count=2_500, base_count=11_615, near=2012, keep=100_000
    )


def test_the_years_that_a_plan_may_mean_lie_around_its_writing(opened: Open) -> None:
    assert claims.plan_windows(opened()) == [
        ("2011-04", "2012-03"),
        ("2011-10", "2012-09"),
        ("2012-01", "2012-12"),
        ("2012-04", "2013-03"),
    ]
    # Seen from April 2012, only the first of them is over.
    assert claims.plan_windows(opened("harrow", "2012-04")) == [("2011-04", "2012-03")]
    # And a plan that is yet to be written is read in the latest year.
    assert claims.plan_windows(opened("havering", "2013-03")) == [("2012-04", "2013-03")]
    assert len(claims.plan_search(opened("havering", "2013-03")).table) > 20


def test_harrows_claim_is_closest_to_victim_based_crime_of_2012(
    near_2012: claims.ClaimSearch,
) -> None:
    # Of all readings tried, not only of ranks by count: 11,616 and 2,486 to Kingston.
    best = near_2012.table.iloc[0]
    assert (best["measure"], best["basis"], best["offence_list"]) == (
        "victim_based",
        "location",
        "current",
    )
    assert (best["period"], best["rule"]) == ("2012-01 to 2012-12", "rank=1:count")
    assert best["formula"] == "11,616 − 9,130 = 2,486"
    assert best["worst_gap_pct"] == pytest.approx(100 * 14 / 2500)
    policing = near_2012.table[near_2012.table["basis"] == "policing"].iloc[0]
    assert (policing["base_count"], policing["reduction_count"]) == (11_823, 2_516)


def test_chance_would_fit_harrows_claim_as_closely_now_and_then(
    near_2012: claims.ClaimSearch, opened: Open
) -> None:
    assert near_2012.tried > 40_000
    assert near_2012.tried == len(near_2012.table) == near_2012.by_kind["tried"].sum()
    assert 0.1 < near_2012.as_close_by_chance < 0.35
    assert near_2012.fit is not None
    assert near_2012.fit.close_count == 2 < 2 * near_2012.fit.close_by_chance
    # Fewer readings leave chance less room: the few of the plan's own years, and fewer.
    narrow = claims.plan_search(opened())
    assert narrow.tried < 250
    assert narrow.as_close_by_chance < 0.08
    every_year = claims.claim_search(opened(), reduction_count=2_500, base_count=11_615)
    assert every_year.tried > 200_000
    assert every_year.as_close_by_chance > near_2012.as_close_by_chance


@pytest.mark.parametrize(
    ("reduction", "base", "rule", "measure", "offence_list", "comparator"),
    [
        (2_433, 14_169, "rank=2:count", "total", "annual table", SUTTON),
        (2_937, 14_169, "rank=1:count", "total", "annual table", KINGSTON),
        (1_588, 14_169, "rank=1:rate", "total", "annual table", BEXLEY),
        (1_651, 8_255, "percent=20", "mopac7", "old", ""),
        (3_020, 8_255, "rank=1:count", "mopac7", "old", None),
    ],
)
def test_other_readings_of_the_same_sentence_are_found_from_their_numbers(
    opened: Open,
    reduction: int,
    base: int,
    rule: str,
    measure: str,
    offence_list: str,
    comparator: str | None,
) -> None:
    search = claims.claim_search(
        opened(), reduction_count=reduction, base_count=base, near=2012
    )
    best = search.table.iloc[0]
    assert (best["rule"], best["measure"]) == (rule, measure)
    assert (best["offence_list"], best["period"]) == (offence_list, "2011-04 to 2012-03")
    assert best["worst_gap_pct"] < 0.05
    assert comparator is None or best["comparator_code"] == comparator
    assert best["tolerance_count"] == pytest.approx(24 if rule.endswith("rate") else 0, abs=0.1)


def test_a_claim_planted_in_another_borough_is_found_first(opened: Open) -> None:
    sutton = opened("sutton")
    readings = claims.claim_search(sutton, reduction_count=900, base_count=6_000).table
    for place in (0, 40, 400):
        planted = readings.iloc[place]
        found = claims.claim_search(
            sutton,
            reduction_count=planted["reduction_count"],
            base_count=planted["base_count"],
            keep=5,
        ).table
        assert found["worst_gap_pct"].iloc[0] == pytest.approx(0, abs=1e-9)
        exact = found[found["worst_gap_pct"] < 1e-9]
        assert (
            (exact[["measure", "period"]] == planted[["measure", "period"]]).all(axis=1).any()
        )


def test_one_number_alone_is_searched_for(opened: Open) -> None:
    by_total = claims.claim_search(opened(), base_count=11_615, near=2012)
    best = by_total.table.iloc[0]
    assert (best["measure"], best["formula"]) == ("victim_based", "11,616")
    assert by_total.table["reduction_count"].isna().all()
    assert set(by_total.by_kind["kind"]) == {"total"}
    by_reduction = claims.claim_search(opened(), reduction_count=2_500, near=2012)
    assert by_reduction.table["base_gap_pct"].isna().all()
    assert by_reduction.table["worst_gap_pct"].is_monotonic_increasing
    # A single number fits something almost wherever it lies.
    assert by_reduction.tried > 40_000
    assert by_reduction.fit is not None
    assert by_reduction.fit.close_count > 20
    assert by_reduction.fit.close_by_chance > 20


def test_the_plans_readings_are_among_those_of_the_wide_search(
    near_2012: claims.ClaimSearch, opened: Open
) -> None:
    key = ["measure", "basis", "offence_list", "published", "period", "rule"]
    narrow = claims.plan_search(opened()).table.set_index(key)
    wide = near_2012.table.set_index(key)
    asking = narrow[narrow["reduction_count"] > 0]
    assert len(asking) > 150
    both = wide.loc[asking.index]
    for column in ("base_count", "reduction_count", "worst_gap_pct", "tolerance_count"):
        assert both[column].to_numpy() == pytest.approx(asking[column].to_numpy())
    assert both["formula"].tolist() == asking["formula"].tolist()


def test_each_reading_is_made_once_and_asks_for_less(near_2012: claims.ClaimSearch) -> None:
    table = near_2012.table
    key = ["measure", "basis", "offence_list", "published", "period", "rule"]
    assert not table.duplicated(key).any()
    assert (table["reduction_count"] > 0).all()
    assert (table["reduction_count"] <= table["base_count"]).all()
    assert table["worst_gap_pct"].is_monotonic_increasing
    ends = table["period"].str[-7:-3].unique()
    assert set(ends) == {"2011", "2012", "2013"}


def test_a_cut_hides_what_came_after(opened: Open) -> None:
    cut = claims.claim_search(
        opened("harrow", "2012-09"), reduction_count=2_500, base_count=11_615, keep=100_000
    )
    assert cut.ends[1] == "2012-09"
    assert (cut.table["period"].str[-7:] <= "2012-09").all()


def test_only_some_measures_or_kinds_are_searched_where_asked(opened: Open) -> None:
    given = {"reduction_count": 2_500.0, "base_count": 11_615.0, "near": 2012}
    some = claims.claim_search(
        opened(), **given, measures=["victim_based"], kinds=["rank", "mean"]
    )
    assert set(some.table["measure"]) == {"victim_based"}
    assert set(some.table["kind"]) <= {"rank", "mean"}
    assert some.table["formula"].iloc[0] == "11,616 − 9,130 = 2,486"


def test_small_chances_are_as_rare_as_they_say_among_claims_that_mean_nothing(
    near_2012: claims.ClaimSearch,
) -> None:
    # Drawn over the sizes of Harrow's totals, on the readings tried near 2012.
    base, reduction = (
        near_2012.table[f"{name}_count"].to_numpy() for name in ("base", "reduction")
    )
    chance = np.random.default_rng(4)
    told = []
    for seed in range(250):
        total = math.exp(chance.uniform(math.log(3_000), math.log(20_000)))
        fall = total * math.exp(chance.uniform(math.log(0.1), math.log(0.4)))
        claim = ClaimNumbers(round(fall), round(total))
        fit = fit_by_chance(base, reduction, claim, draws=400, seed=seed)
        told.append(fit.as_close_by_chance)
    for level in (0.05, 0.1, 0.25):
        assert (np.array(told) <= level).mean() == pytest.approx(level, abs=0.06)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "no number is given"),
        ({"reduction_count": 3, "base_count": 2}, "more than the total"),
        ({"base_count": 9_000, "near": 1990}, "near 1990: .* end from 2000-03 to 2025-05"),
        ({"base_count": 9_000, "near": 2040}, "Name a year from 2000 to 2025, or none"),
        ({"base_count": 9_000, "measures": ["burglry"]}, "no measure 'burglry'. Did you mean"),
        ({"base_count": 9_000, "kinds": ["lowest"]}, "no kind 'lowest'"),
        (
            {"base_count": 900, "near": 2001, "measures": ["shoplifting"]},
            "near 2001: .* end from 2008-12",
        ),
    ],
)
def test_what_cannot_be_searched_is_refused(
    opened: Open, given: dict[str, object], said: str
) -> None:
    with pytest.raises(ParamsError, match=said):
        claims.claim_search(opened(), **given)  # type: ignore[arg-type]


def test_a_borough_below_every_comparator_is_asked_for_nothing(opened: Open) -> None:
    with pytest.raises(ParamsError, match="Kingston upon Thames is at or below every"):
        claims.claim_search(
            opened("kingston upon thames"),
            reduction_count=100,
            near=2009,
            measures=["mopac7"],
            kinds=["mean"],
        )
