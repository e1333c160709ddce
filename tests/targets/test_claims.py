"""Fit of readings to a claim: planted truths, and what chance does with made-up numbers."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import ParamsError
from analysis.targets.claims import (
    DRAWS,
    SPREAD,
    ClaimNumbers,
    closeness,
    fit_by_chance,
    made_up_claims,
    worst_gaps_pct,
)


def scattered(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Readings even on the logarithmic scale, base from 100 to 100,000."""
    chance = np.random.default_rng(seed)
    base = np.exp(chance.uniform(math.log(100), math.log(100_000), count))
    return base, base * np.exp(chance.uniform(math.log(0.05), math.log(0.5), count))


def test_the_closest_reading_comes_first_by_its_worse_number() -> None:
    table = pd.DataFrame(
        {"base_count": [100, 110, 101, 99], "reduction_count": [30, 21, 20.2, 20]}
    )
    ordered = closeness(table, ClaimNumbers(20, 100))
    assert ordered["base_count"].tolist() == [101, 99, 110, 100]
    assert ordered["worst_gap_pct"].tolist() == pytest.approx([1, 1, 10, 50])
    assert ordered["base_gap_pct"].tolist() == pytest.approx([1, -1, 10, 0])
    assert len(ordered) == len(table)


def test_a_number_that_is_not_claimed_is_not_compared() -> None:
    table = pd.DataFrame({"base_count": [100, 110], "reduction_count": [30.0, 21.0]})
    by_total = closeness(table, ClaimNumbers(base_count=109))
    assert by_total["base_count"].tolist() == [110, 100]
    assert by_total["reduction_gap_pct"].isna().all()
    by_reduction = closeness(table, ClaimNumbers(reduction_count=29))
    assert by_reduction["reduction_count"].tolist() == [30, 21]
    assert by_reduction["worst_gap_pct"].iloc[0] == pytest.approx(100 / 29)


@given(place=st.integers(0, 499))
def test_a_claim_made_from_a_reading_finds_that_reading(place: int) -> None:
    base, reduction = scattered(500, seed=3)
    claim = ClaimNumbers(float(reduction[place]), float(base[place]))
    assert worst_gaps_pct(base, reduction, claim).argmin() == place


def test_a_planted_reading_is_told_from_chance_among_few_and_not_among_many() -> None:
    base, reduction = scattered(40_000, seed=5)
    base[7], reduction[7] = 11_616, 2_486
    claim = ClaimNumbers(2_500, 11_615)
    few = fit_by_chance(base[:200], reduction[:200], claim)
    many = fit_by_chance(base, reduction, claim)
    assert few.closest_pct == pytest.approx(0.56)
    assert few.as_close_by_chance < 0.05
    assert many.closest_pct <= few.closest_pct
    assert many.close_count == pytest.approx(
        many.close_by_chance, abs=4 * many.close_by_chance**0.5
    )


def test_chance_of_one_reading_is_the_area_around_it() -> None:
    # Claims within 1 % of the reading: a square of ln(1.01/.99) in one of 2 ln(1.25).
    claim = ClaimNumbers(215_000, 1_000_000)
    fit = fit_by_chance(
        np.array([1_010_000.0]), np.array([215_000.0]), claim, draws=200_000, seed=2
    )
    side = math.log(1.01 / 0.99) / (2 * math.log(SPREAD))
    assert fit.closest_pct == pytest.approx(1)
    assert fit.expected_by_chance == pytest.approx(side**2, rel=0.1)
    assert fit.as_close_by_chance == pytest.approx(side**2, rel=0.1)


def test_chance_of_one_number_alone_is_the_length_around_it() -> None:
    claim = ClaimNumbers(base_count=1_000_000)
    fit = fit_by_chance(np.array([980_000.0]), np.array([math.nan]), claim, draws=100_000)
    side = math.log(1.02 / 0.98) / (2 * math.log(SPREAD))
    assert fit.as_close_by_chance == pytest.approx(side, rel=0.05)
    assert (fit.tried, fit.close_count) == (1, 0)


@pytest.mark.parametrize("copies", [2, 30])
def test_readings_that_repeat_each_other_raise_the_number_expected_not_the_share(
    copies: int,
) -> None:
    base, reduction = scattered(2_000, seed=11)
    claim = ClaimNumbers(2_150, 10_000)
    one = fit_by_chance(base, reduction, claim)
    many = fit_by_chance(base.repeat(copies), reduction.repeat(copies), claim)
    assert many.as_close_by_chance == one.as_close_by_chance
    assert many.expected_by_chance == pytest.approx(copies * one.expected_by_chance)


@pytest.mark.parametrize("numbers", ["both", "base", "reduction"])
def test_claims_that_mean_nothing_are_called_so_as_often_as_said(numbers: str) -> None:
    # Made-up claims on scattered readings: the share told must be even from 0 to 1.
    base, reduction = scattered(60 if numbers != "both" else 3_000, seed=17)
    chance = np.random.default_rng(23)
    told = []
    for seed in range(300):
        total = float(np.exp(chance.uniform(math.log(500), math.log(20_000))))
        fall = total * float(np.exp(chance.uniform(math.log(0.1), math.log(0.3))))
        claim = ClaimNumbers(
            fall if numbers != "base" else None, total if numbers != "reduction" else None
        )
        if claim.share_of_base is None:
            told.append(
                fit_by_chance(base, reduction, claim, draws=400, seed=seed).as_close_by_chance
            )
    told_shares = np.array(told)
    for level in (0.1, 0.25, 0.5, 0.75):
        spread = math.sqrt(level * (1 - level) / len(told_shares))
        assert abs((told_shares <= level).mean() - level) < 3.5 * spread + 0.02


def test_made_up_claims_are_whole_numbers_of_about_the_same_size() -> None:
    drawn = made_up_claims(ClaimNumbers(2_500, 11_615), draws=2_000)
    assert (drawn == drawn.round()).all()
    ratio = drawn / [11_615, 2_500]
    assert ratio.min() > 1 / SPREAD - 0.001
    assert ratio.max() < SPREAD + 0.001
    assert np.log(ratio).mean(axis=0) == pytest.approx([0, 0], abs=0.01)
    assert abs(np.corrcoef(np.log(ratio).T)[0, 1]) < 0.08


def test_a_round_share_of_the_base_stays_one_in_made_up_claims() -> None:
    # 20 % of 8,255 is 1,651: that it is a fifth tells the rule and nothing of the figures.
    claim = ClaimNumbers(1_651, 8_255)
    drawn = made_up_claims(claim)
    assert (drawn[:, 1] / drawn[:, 0]).tolist() == pytest.approx([0.2] * DRAWS)
    totals = np.exp(np.random.default_rng(1).uniform(math.log(4_000), math.log(16_000), 30))
    totals[0] = 8_250
    by_both = fit_by_chance(totals, totals * 0.2, claim)
    by_base = fit_by_chance(totals, totals, ClaimNumbers(base_count=8_255))
    assert by_both.as_close_by_chance == pytest.approx(by_base.as_close_by_chance, abs=0.02)


@pytest.mark.parametrize(
    ("reduction", "base", "share"),
    [(2_500, 11_615, None), (2_323, 11_615, 0.2), (2_300, 11_615, 0.2), (None, 11_615, None)],
)
def test_a_round_share_is_known_within_its_rounding(
    reduction: float | None, base: float, share: float | None
) -> None:
    assert ClaimNumbers(reduction, base).share_of_base == share


def test_an_exact_fit_of_small_numbers_is_not_taken_for_a_miracle() -> None:
    # A reading of 12 of 60 offences: made-up claims are of whole offences, so some are it.
    fit = fit_by_chance(np.array([60.0]), np.array([13.0]), ClaimNumbers(13, 60), draws=50_000)
    assert fit.closest_pct == 0
    assert fit.as_close_by_chance > 0.003


@pytest.mark.parametrize(
    ("reduction", "base", "said"),
    [
        (None, None, "no number is given"),
        (0, 100, "the reduction 0 is not a number above nought"),
        (-5, None, "the reduction -5"),
        (5, -100, "the total -100"),
        (math.nan, 100, "the reduction nan"),
        (math.inf, None, "the reduction inf"),
        (200, 100, "a reduction of 200 is more than the total of 100"),
    ],
)
def test_numbers_that_no_plan_can_mean_are_refused(
    reduction: float | None, base: float | None, said: str
) -> None:
    with pytest.raises(ParamsError, match=said):
        ClaimNumbers(reduction, base)
