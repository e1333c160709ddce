"""A planted winner is found whatever the weights; equals share the places."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.priorities.scoring import EVIDENCE
from analysis.priorities.stability import rank_stability

STEPS = {name: [1.0, 3.0, 6.0, 12.0] for name in ("volume", "harm", "trend")}
WEIGHTS = {"volume": 1.0, "harm": 2.0, "trend": 1.0}


def places(rows: list[tuple[str, str, float, float, float]], **options: object) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=EVIDENCE)
    chosen: dict[str, object] = {"draws": 4000, "seed": 7, "top_places": [1, 2]} | options
    items = sorted(table["item"].unique())
    return rank_stability(table, STEPS, WEIGHTS, items=items, **chosen)  # type: ignore[arg-type]


def level(
    item: str, value: float, reach: float = 0.0
) -> list[tuple[str, str, float, float, float]]:
    return [(item, name, value, value - reach, value + reach) for name in STEPS]


def test_what_is_high_on_all_is_first_whatever_the_weights() -> None:
    table = places([*level("top", 20), *level("middle", 4), *level("low", 0)])
    assert table["top_1_probability"].to_dict() == {"top": 1.0, "middle": 0.0, "low": 0.0}
    assert table.loc["top", ["rank_lower", "rank_upper"]].tolist() == [1, 1]
    assert list(table.index) == ["top", "middle", "low"]


def test_two_that_trade_criteria_are_ordered_by_the_weight() -> None:
    rows = [
        ("harmful", "harm", 20, 20, 20),
        ("harmful", "volume", 0, 0, 0),
        ("frequent", "harm", 0, 0, 0),
        ("frequent", "volume", 20, 20, 20),
    ]
    table = places([*rows, *[(i, "trend", 4, 4, 4) for i in ("harmful", "frequent")]])
    # Weights are Dirichlet of 10, 20 and 10: harm outweighs volume with the chance that a
    # Beta(20, 10) lies above a half, 0.9693.
    assert table["top_1_probability"]["harmful"] == pytest.approx(0.9693, abs=0.01)


def test_equals_share_a_place_evenly_and_chances_add_up() -> None:
    table = places([row for name in "abcd" for row in level(name, 4)])
    assert table["top_1_probability"].sum() == pytest.approx(1)
    assert table["top_2_probability"].sum() == pytest.approx(2)
    assert table["top_1_probability"].to_numpy() == pytest.approx([0.25] * 4, abs=0.03)


def test_scatter_of_a_figure_widens_its_rank() -> None:
    sure = places([*level("a", 4.5), *level("b", 2), *level("c", 8)])
    unsure = places([*level("a", 4.5, reach=8), *level("b", 2), *level("c", 8)])
    assert (sure.loc["a", "rank_lower"], sure.loc["a", "rank_upper"]) == (2, 2)
    assert unsure.loc["a", "rank_lower"] == 1
    assert unsure.loc["a", "rank_upper"] == 3


def test_a_value_at_a_step_is_as_often_below_it() -> None:
    rows = [("a", "volume", 3.0, 1.0, 5.0), ("b", "volume", 3.5, 3.5, 3.5)]
    one = {"volume": STEPS["volume"]}
    table = rank_stability(
        pd.DataFrame(rows, columns=EVIDENCE),
        one,
        {"volume": 1.0},
        items=["a", "b"],
        top_places=[1],
        draws=20_000,
        seed=1,
    )
    # a scores 2 half the time (second), else 3 (a tie, decided evenly) or 4 in the tail.
    tail = 0.0016
    assert table["top_1_probability"]["a"] == pytest.approx(0.25 + tail / 2, abs=0.01)


def test_what_is_not_scored_could_be_anything() -> None:
    rows = [*level("a", 4), *level("b", 4)]
    part = [row for row in rows if row[:2] != ("a", "harm")]
    whole, partly = places(rows), places(part)
    assert whole.loc["a", "top_1_probability"] == pytest.approx(0.5, abs=0.03)
    # Two scores in five are above b's, two below, and one ties: still even, for no reason to
    # think it low.
    assert partly.loc["a", "top_1_probability"] == pytest.approx(0.5, abs=0.03)
    high = places([*[r for r in level("a", 20) if r[1] != "harm"], *level("b", 20)])
    assert high.loc["a", "top_1_probability"] == pytest.approx(0.1, abs=0.02)


def test_a_criterion_that_nobody_is_scored_on_tells_nobody_apart() -> None:
    rows = [*level("a", 20), *level("b", 0)]
    left = [(i, c, np.nan if c == "trend" else v, lo, hi) for i, c, v, lo, hi in rows]
    assert places(left).loc["a", "top_1_probability"] == 1.0


def test_the_same_seed_gives_the_same_whatever_the_order_of_rows() -> None:
    rows = [*level("a", 4, 3), *level("b", 5, 3), *level("c", 6, 3)]
    pd.testing.assert_frame_equal(places(rows), places(rows[::-1]))
