"""The confidence-risk gap: hand-worked standing, planted gaps, published correlations."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.confidence.gap import confidence_risk_gap
from analysis.errors import DataContractError

CODES = [f"E{place:02d}" for place in range(32)]


def boroughs(
    seed: int, *, odd: str = "", points: float = 0.0, asked: float = 200
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Boroughs whose true confidence falls with log risk exactly; one may be moved."""
    generator = np.random.default_rng(seed)
    log_risk = pd.Series(generator.normal(np.log(90), 0.4, 32), CODES)
    truth = 55 - 15 * (log_risk - log_risk.mean()) / log_risk.std() * 0.6
    if odd:
        truth[odd] += points
    shares = generator.binomial(round(asked), truth / 100) / asked * 100
    answers = pd.DataFrame({"value_pct": shares, "sample_count": asked}, CODES)
    risk = pd.DataFrame({"risk": np.exp(log_risk)})
    return answers, risk.assign(risk_lower=risk["risk"] / 1.03, risk_upper=risk["risk"] * 1.03)


def test_the_gap_is_one_standing_less_the_other_by_hand() -> None:
    # Shares 40 to 60, mean 50, deviation 7.9057; log2 risks 1 to 5, mean 3, deviation 1.5811.
    answers = pd.DataFrame({"value_pct": [40, 45, 50, 55, 60.0]}, list("abcde"))
    risk = pd.DataFrame({"risk": [2, 4, 8, 16, 32.0]}, list("abcde"))
    risk = risk.assign(risk_lower=risk["risk"] / 1.1, risk_upper=risk["risk"] * 1.1)
    table = confidence_risk_gap(answers.assign(sample_count=400), risk)
    assert table.loc["a", "confidence_z"] == pytest.approx(-10 / 7.9057, abs=1e-4)
    assert table.loc["a", "safety_z"] == pytest.approx(2 / 1.5811, abs=1e-4)
    assert table["gap"].tolist() == pytest.approx(
        [-2.5298, -1.2649, 0, 1.2649, 2.5298], abs=1e-3
    )
    # The median line runs through every point, so nothing is left over.
    assert table["from_expected_points"].abs().max() < 1e-9


def test_interval_of_a_gap_has_the_width_of_its_two_errors() -> None:
    answers, risk = boroughs(1)
    table = confidence_risk_gap(answers, risk, draws=40_000)
    share, spread = answers["value_pct"] / 100, answers["value_pct"].std() / 100
    error = np.sqrt(share * (1 - share) / 200) / spread
    log_error = np.log(1.03) / 1.96 / np.log(risk["risk"]).std()
    expected = 2 * 1.96 * np.hypot(error, log_error)
    width = table["gap_upper"] - table["gap_lower"]
    assert (width / expected - 1).abs().max() < 0.03


def test_a_planted_gap_is_found_and_few_others() -> None:
    answers, risk = boroughs(5, odd="E07", points=-25, asked=1000)
    table = confidence_risk_gap(answers, risk)
    assert bool(table.loc["E07", "is_significant"])
    assert table["gap"].idxmin() == "E07"
    assert table.loc["E07", "from_expected_points_upper"] < -12
    assert table["is_significant"].sum() <= 4


def test_without_a_gap_few_are_found() -> None:
    found = []
    for seed in range(12):
        answers, risk = boroughs(seed, asked=1000)
        # Exactly opposite orders, so that only sampling parts them.
        standing = (np.log(risk["risk"]) - np.log(risk["risk"]).mean()) / np.log(
            risk["risk"]
        ).std()
        truth = 55 - 8 * standing
        drawn = np.random.default_rng(seed).binomial(1000, truth / 100) / 10
        table = confidence_risk_gap(answers.assign(value_pct=drawn), risk)
        found.append(int(table["is_significant"].sum()))
    assert np.mean(found) < 1


def test_one_area_does_not_turn_the_line() -> None:
    answers, risk = boroughs(2, asked=1000)
    plain = confidence_risk_gap(answers, risk)["expected_pct"]
    far = risk.copy()
    far.loc["E31"] *= 20
    moved = confidence_risk_gap(answers, far)["expected_pct"]
    others = [code for code in CODES if code != "E31"]
    assert (moved - plain)[others].abs().max() < 2


def test_the_order_of_areas_does_not_matter() -> None:
    answers, risk = boroughs(3)
    plain = confidence_risk_gap(answers, risk)
    turned = confidence_risk_gap(answers.iloc[::-1], risk.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(plain, turned.loc[plain.index])


def test_too_few_areas_and_a_risk_of_nought_are_refused() -> None:
    answers, risk = boroughs(4)
    with pytest.raises(DataContractError, match="3 areas"):
        confidence_risk_gap(answers.head(3), risk)
    risk.loc["E02", "risk_lower"] = 0.0
    with pytest.raises(DataContractError, match=r"\['E02'\] is not above nought"):
        confidence_risk_gap(answers, risk)
