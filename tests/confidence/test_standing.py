"""Ranks by confidence, and how wide sampling makes them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.confidence.standing import confidence_ranks

RANKS = ["confidence_rank", "confidence_rank_lower", "confidence_rank_upper"]


def test_areas_far_apart_have_one_rank_and_near_ones_share() -> None:
    ranks = confidence_ranks(
        pd.Series({"low": 20.0, "one": 50.0, "two": 51.0, "top": 90.0}), 400
    )
    assert ranks.loc["low"][RANKS].tolist() == [1, 1, 1]
    assert ranks.loc["top"][RANKS].tolist() == [4, 4, 4]
    assert ranks.loc["one", ["confidence_rank_lower", "confidence_rank_upper"]].tolist() == [
        2,
        3,
    ]


def test_a_smaller_sample_leaves_more_ranks_open() -> None:
    shares = pd.Series(np.linspace(45, 60, 32), [f"E{place:02d}" for place in range(32)])
    widths = []
    for asked in (100, 400, 10_000):
        ranks = confidence_ranks(shares, asked)
        widths.append((ranks["confidence_rank_upper"] - ranks["confidence_rank_lower"]).mean())
    assert widths[0] > widths[1] > widths[2]


def test_the_interval_holds_the_true_rank_about_as_often_as_it_says() -> None:
    truth = pd.Series(np.linspace(40, 65, 20), [f"E{place:02d}" for place in range(20)])
    held = []
    for seed in range(40):
        drawn = np.random.default_rng(seed).binomial(200, truth / 100) / 2
        ranks = confidence_ranks(pd.Series(drawn, truth.index), 200, draws=1000, seed=seed)
        true_rank = truth.rank()
        held.append(
            true_rank.between(*(ranks[f"confidence_rank_{end}"] for end in ("lower", "upper")))
        )
    assert 0.88 < np.mean(held) <= 1


def test_the_order_of_areas_does_not_matter() -> None:
    shares = pd.Series({"b": 50.0, "a": 52.0, "c": 51.0})
    plain, turned = confidence_ranks(shares, 200), confidence_ranks(shares.iloc[::-1], 200)
    pd.testing.assert_frame_equal(plain, turned.loc[plain.index])


def test_those_that_tie_share_the_place_from_either_end() -> None:
    shares = pd.Series({"low": 20.0, "one": 61.0, "two": 61.0})
    ranks = confidence_ranks(shares, 400)
    assert ranks["confidence_rank"].tolist() == [1, 2, 2]
    assert ranks["confidence_rank_from_highest"].tolist() == [3, 1, 1]
    assert ranks["tied_count"].tolist() == [1, 2, 2]
