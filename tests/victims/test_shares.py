"""Shares of crime, their funnel, and rates against the other boroughs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.errors import DataContractError
from analysis.victims.shares import ratio_to_others, share_funnel, shares_of_crime


@pytest.mark.parametrize(
    ("part", "whole", "lower", "upper"),
    [
        # Worked examples of Wilson's interval in the technical guide of Public Health England.
        (65, 100, 55.2544, 73.6358),
        (1045, 5000, 19.7955, 22.0491),
        (1, 100, 0.1767, 5.4486),
    ],
)
def test_limits_are_wilsons(part: int, whole: int, lower: float, upper: float):
    table = shares_of_crime(pd.Series({"a": part, "b": 1}), pd.Series({"a": whole, "b": 100}))
    assert table.loc["a", "share_pct"] == pytest.approx(100 * part / whole)
    assert table.loc["a", "share_pct_lower"] == pytest.approx(lower, abs=2e-4)
    assert table.loc["a", "share_pct_upper"] == pytest.approx(upper, abs=2e-4)


def test_a_part_that_scatters_more_has_wider_limits_and_the_same_share():
    part, whole = pd.Series({"a": 200, "b": 150}), pd.Series({"a": 2000, "b": 2000})
    plain = shares_of_crime(part, whole)
    wide = shares_of_crime(part, whole, dispersion=4.0)
    assert wide["share_pct"].equals(plain["share_pct"])
    assert (wide["share_pct_lower"] < plain["share_pct_lower"]).all()
    assert (wide["share_pct_upper"] > plain["share_pct_upper"]).all()


def test_ranks_follow_the_share_and_not_the_count():
    part = pd.Series({"large": 500, "small": 90, "middle": 300})
    whole = pd.Series({"large": 50_000, "small": 1_000, "middle": 10_000})
    table = shares_of_crime(part, whole)
    assert table["share_rank"].to_dict() == {"large": 1, "small": 3, "middle": 2}
    assert table.loc["small", "share_rank_lower"] == 3


def test_a_planted_high_share_lies_outside_the_funnel_and_the_rest_within():
    generator = np.random.default_rng(7)
    whole = pd.Series(generator.integers(10_000, 40_000, 31), [f"a{n}" for n in range(31)])
    part = pd.Series(generator.poisson(whole * 0.1), whole.index)
    part["a3"] = int(whole["a3"] * 0.13)
    table = share_funnel(part, whole).table
    assert table.loc["a3", "position"] == "far above"
    assert (table.drop(index="a3")["position"].isin(["in line", "above", "below"])).all()


def test_a_part_larger_than_its_whole_is_refused():
    with pytest.raises(DataContractError, match="larger than the whole"):
        shares_of_crime(pd.Series({"a": 11, "b": 1}), pd.Series({"a": 10, "b": 10}))


def test_ratio_to_others_is_that_of_the_rates():
    counts = pd.Series({"a": 30, "b": 60, "c": 40})
    people = pd.Series({"a": 10_000, "b": 30_000, "c": 20_000})
    found = ratio_to_others(counts, people, "a")
    # 30 per 10,000 against 100 per 50,000.
    assert found["ratio_pct"] == pytest.approx(150)
    assert found["ratio_pct_lower"] < 100 < 150 < found["ratio_pct_upper"]


def test_ratio_limits_hold_the_truth_about_as_often_as_they_say():
    generator = np.random.default_rng(11)
    people = pd.Series({"a": 250.0, "b": 4_000.0, "c": 4_000.0})
    held = 0
    for _ in range(400):
        counts = pd.Series(generator.poisson([50, 400, 400]), people.index)
        found = ratio_to_others(counts, people, "a")
        held += found["ratio_pct_lower"] <= 200 <= found["ratio_pct_upper"]
    # Exact limits hold it at least as often as 95 in 100, but for the draw.
    assert 0.93 <= held / 400 <= 1
