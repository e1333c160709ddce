"""Scores against steps at their very boundary, and a matrix worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.errors import DataContractError
from analysis.priorities.scoring import (
    EVIDENCE,
    score_evidence,
    score_matrix,
    score_of,
)

STEPS = {
    "volume": [1.0, 3.0, 6.0, 12.0],
    "harm": [1.0, 3.0, 6.0, 12.0],
    "trend": [-20.0, -5.0, 5.0, 20.0],
}
WEIGHTS = {"volume": 1.0, "harm": 2.0, "trend": 1.0}


def evidence(*rows: tuple[str, str, float, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=EVIDENCE)


@pytest.mark.parametrize(
    ("value", "score"),
    [(-1e9, 1), (0.999, 1), (1, 2), (2.999, 2), (3, 3), (6, 4), (11.999, 4), (12, 5), (99, 5)],
)
def test_a_step_is_reached_at_the_step_itself(value: float, score: int) -> None:
    assert score_of([value], STEPS["volume"]).tolist() == [score]


def test_a_negative_scale_rises_from_the_deepest_fall() -> None:
    values = [-21, -20, -5, 4.9, 5, 20]
    assert score_of(values, STEPS["trend"]).tolist() == [1, 2, 3, 3, 4, 5]


def test_what_has_no_figure_has_no_score() -> None:
    scored = score_evidence(evidence(("a", "volume", np.nan, np.nan, np.nan)), STEPS)
    assert scored[["score", "score_lower", "score_upper"]].isna().all(axis=None)


def test_limits_are_scored_on_the_same_scale() -> None:
    scored = score_evidence(evidence(("a", "trend", 0, -6, 30)), STEPS).iloc[0]
    assert (scored["score_lower"], scored["score"], scored["score_upper"]) == (2, 3, 5)


def test_a_matrix_worked_out_by_hand() -> None:
    # a: volume 13 -> 5, harm 2 -> 2, trend 0 -> 3: (5 + 2*2 + 3) / 4 = 3.0
    # b: volume 0.5 -> 1, harm 7 -> 4, no trend: (1 + 2*4) / 3 = 3.0, three quarters scored
    # c: volume 4 -> 3 alone: 3.0 on a quarter, too little to be ranked
    # d: volume 1 -> 2, harm 0 -> 1, trend -30 -> 1: (2 + 2 + 1) / 4 = 1.25
    rows = evidence(
        ("a", "volume", 13, 12, 14),
        ("a", "harm", 2, 1, 3),
        ("a", "trend", 0, -1, 1),
        ("b", "volume", 0.5, 0, 1),
        ("b", "harm", 7, 6, 8),
        ("c", "volume", 4, 3, 5),
        ("d", "volume", 1, 1, 1),
        ("d", "harm", 0, 0, 0),
        ("d", "trend", -30, -40, -20),
    )
    matrix = score_matrix(score_evidence(rows, STEPS), WEIGHTS, least_criteria=2)
    assert matrix["mean_score"].to_dict() == {"a": 3.0, "b": 3.0, "c": 3.0, "d": 1.25}
    assert matrix["scored_pct"].to_dict() == {"a": 100, "b": 75, "c": 25, "d": 100}
    assert matrix["rank"].astype(object).where(matrix["rank"].notna(), None).to_dict() == {
        "a": 1,
        "b": 1,
        "d": 3,
        "c": None,
    }
    assert matrix.index[-1] == "c"


def test_a_criterion_without_figures_does_not_lower_a_mean() -> None:
    with_trend = evidence(("a", "volume", 13, 13, 13), ("a", "trend", -50, -50, -50))
    without = evidence(("a", "volume", 13, 13, 13))
    means = [
        float(score_matrix(score_evidence(each, STEPS), WEIGHTS)["mean_score"]["a"])
        for each in (with_trend, without)
    ]
    assert means == [3.0, 5.0]


def test_the_scale_of_the_weights_changes_no_mean() -> None:
    rows = evidence(("a", "volume", 13, 13, 13), ("a", "harm", 0, 0, 0))
    scored = score_evidence(rows, STEPS)
    tenfold = {name: 10 * weight for name, weight in WEIGHTS.items()}
    first, second = (
        score_matrix(scored, each)["mean_score"]["a"] for each in (WEIGHTS, tenfold)
    )
    assert first == pytest.approx(second)


def test_faulty_evidence_is_refused_by_name() -> None:
    with pytest.raises(DataContractError, match="no steps for \\['colour'\\]"):
        score_evidence(evidence(("a", "colour", 1, 1, 1)), STEPS)
    with pytest.raises(DataContractError, match="'a' has two figures for 'harm'"):
        score_evidence(evidence(("a", "harm", 1, 1, 1), ("a", "harm", 2, 2, 2)), STEPS)
