"""A target in Londons that rise and fall: planted links are found again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from analysis.targets.sensitivity import futures_if_london, if_london_changes

AREAS = [f"area {n}" for n in range(32)]
LAST = pd.Series(1000.0, AREAS)


def joint_draws(common: float, own: float, n: int = 20_000) -> pd.DataFrame:
    random = np.random.default_rng(5)
    shock = random.normal(0, common, (n, 1))
    parts = random.normal(0, own, (n, len(AREAS)))
    return pd.DataFrame(1000 * np.exp(shock + parts), columns=AREAS)


def met(target: float, area: str = "area 0"):  # noqa: ANN201
    return lambda futures: float((futures[area] <= target).mean())


def test_in_a_given_london_only_what_is_a_boroughs_own_is_left_to_chance() -> None:
    draws = joint_draws(common=0.1, own=0.05)
    table = if_london_changes(draws, LAST, "area 0", 900, met(900), changes_pct=(-20, -10, 0))
    # A borough's own scatter of .05 round a London that is known, less its own 32nd of it.
    expected = [norm.cdf((np.log(0.9) - np.log(1 + x / 100)) / 0.05) for x in (-20, -10, 0)]
    assert table["probability"].tolist() == pytest.approx(expected, abs=0.03)
    assert table["in_words"].iloc[0] == "almost certain"
    assert table["own_change_pct"].tolist() == pytest.approx([-10] * 3)
    # .9 / .8 leaves room for a rise of 12.5 % against London; .9 / .9 for none.
    assert table["relative_change_pct"].tolist() == pytest.approx([12.5, 0, -10])
    assert table["london_chance_below"].iloc[2] == pytest.approx(0.5, abs=0.02)


def test_boroughs_that_do_not_follow_london_are_not_moved_by_it() -> None:
    random = np.random.default_rng(8)
    draws = joint_draws(common=0.1, own=0.01)
    draws["area 0"] = 1000 * np.exp(random.normal(0, 0.05, len(draws)))
    table = if_london_changes(draws, LAST, "area 0", 950, met(950), changes_pct=(-15, 0, 5))
    alone = norm.cdf(np.log(0.95) / 0.05)
    assert table["probability"].tolist() == pytest.approx([alone] * 3, abs=0.02)


def test_a_rank_is_as_likely_in_any_london_when_the_others_move_too() -> None:
    draws = joint_draws(common=0.1, own=0.05)

    def lowest_of_all(futures: pd.DataFrame) -> float:
        return float((futures.idxmin(axis=1) == "area 0").mean())

    table = if_london_changes(
        draws, LAST, "area 0", 900, lowest_of_all, do_comparators_move=True,
        changes_pct=(-20, 10),
    )  # fmt: skip
    assert table["probability"].tolist() == pytest.approx([1 / 32] * 2, abs=0.006)
    assert table["target_count"].tolist() == pytest.approx([720, 990])
    assert table["relative_change_pct"].tolist() == pytest.approx([-10, -10])


def test_bent_futures_add_up_to_the_london_asked_for() -> None:
    bent = futures_if_london(joint_draws(0.1, 0.05), LAST, -12)
    london = bent.sum(axis=1) / 32_000
    assert london.mean() == pytest.approx(0.88, abs=0.003)
    assert london.std() < 0.002


def test_a_london_that_never_differs_is_followed_one_for_one() -> None:
    still = pd.DataFrame({"a": [100.0, 100.0], "b": [50.0, 50.0]})
    bent = futures_if_london(still, pd.Series({"a": 100.0, "b": 50.0}), -10)
    assert bent["a"].tolist() == pytest.approx([90, 90], abs=0.1)
