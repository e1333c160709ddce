"""A reduction over offence groups: parts add up, bounds hold, and effort is the least."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from analysis.errors import DataContractError
from analysis.targets.allocation import (
    METHODS,
    allocations,
    by_weight,
    in_proportion,
    least_effort,
)

GROUPS = ["burglary", "robbery", "theft"]
COUNTS = pd.Series([600.0, 100.0, 1300.0], GROUPS)


def histories(seed: int = 1, months: int = 96) -> dict[str, pd.DataFrame]:
    random = np.random.default_rng(seed)
    index = pd.date_range("2010-01-01", periods=months, freq="MS")
    spread = {"burglary": 0.03, "robbery": 0.06, "theft": 0.01}
    return {
        group: pd.DataFrame(
            100 * np.exp(random.normal(0, sd, (months, 8)).cumsum(axis=0)),
            index,
            [f"area {n}" for n in range(8)],
        )
        for group, sd in spread.items()
    }


def table_for(reduction: float) -> pd.DataFrame:
    weights = pd.Series({"burglary": 465.0, "robbery": 800.0, "theft": 15.0})
    return allocations(COUNTS, reduction, histories(), 24, harm_weights=weights)


def test_every_method_gives_every_group_and_adds_up_to_the_whole() -> None:
    table = table_for(150)
    assert table.groupby("method", sort=False).size().to_dict() == dict.fromkeys(METHODS, 3)
    for _, rows in table.groupby("method"):
        assert rows["reduction_count"].sum() == pytest.approx(150, abs=1e-9)
        assert (rows["last_12_count"] - rows["reduction_count"]).tolist() == pytest.approx(
            rows["target_count"].tolist()
        )
        assert rows["is_feasible"].all()
        assert (rows["shortfall_count"] == 0).all()
    assert table["achieved_share"].between(0, 1).all()


def test_in_proportion_takes_the_same_percentage_from_each() -> None:
    rows = table_for(150).query("method == 'in_proportion'")
    assert rows["reduction_pct"].tolist() == pytest.approx([7.5, 7.5, 7.5])


def test_by_harm_takes_most_where_an_offence_harms_most() -> None:
    rows = table_for(40).query("method == 'by_harm'").set_index("offence_group")
    pct = rows["reduction_pct"]
    # Percentages are as the weights: 800 : 465 : 15.
    assert pct["robbery"] / pct["burglary"] == pytest.approx(800 / 465)
    assert pct["burglary"] / pct["theft"] == pytest.approx(465 / 15)


def test_by_harm_asks_no_group_for_more_than_the_best_have_done() -> None:
    bound = pd.Series([40.0, 10.0, 20.0], GROUPS)
    weights = pd.Series([465.0, 800.0, 15.0], GROUPS)
    taken = by_weight(COUNTS, weights, 200, bound)
    # Robbery gives a tenth of its 100; of the other 190, 465 x 600 to 15 x 1,300.
    assert taken["robbery"] == pytest.approx(10)
    assert taken["burglary"] == pytest.approx(190 * 465 * 600 / (465 * 600 + 15 * 1300))
    assert by_weight(COUNTS, weights, 2000, bound).tolist() == pytest.approx([240, 10, 260])


def test_what_a_group_cannot_give_the_others_give() -> None:
    taken = by_weight(COUNTS, pd.Series({"burglary": 1, "robbery": 100, "theft": 1}), 575)
    # Robbery gives all its 100; 475 of 1,900 is a quarter of each of the others.
    assert taken.tolist() == pytest.approx([150, 100, 325])
    lone = by_weight(COUNTS, pd.Series({"burglary": 1.0, "theft": np.nan}), 700)
    assert lone.tolist() == [600, 0, 0]


def test_the_share_that_achieved_as_much_is_counted_from_history() -> None:
    index = pd.date_range("2010-01-01", periods=24, freq="MS")
    fell = pd.DataFrame({"a": [10.0] * 12 + [5.0] * 12, "b": 10.0}, index)
    still = pd.DataFrame({"a": 10.0, "b": 10.0}, index)
    table = allocations(
        pd.Series({"fell": 100.0, "still": 100.0}),
        60,
        {"fell": fell, "still": still},
        12,
        harm_weights=pd.Series({"fell": 1.0, "still": 0.0}),
    ).set_index(["method", "offence_group"])
    # One borough of two fell by a half, and 30 % is asked in proportion; by harm the other
    # group gives nothing, and the one no more than nine in ten falls are within, 45 %.
    assert table.loc[("in_proportion", "fell"), "achieved_share"] == 0.5
    assert table.loc[("in_proportion", "still"), "achieved_share"] == 0
    assert table.loc[("by_harm", "fell"), "reduction_count"] == pytest.approx(45)
    assert table.loc[("by_harm", "fell"), "shortfall_count"] == pytest.approx(15)
    # By what has been achieved only the group that ever fell gives anything.
    assert table.loc[("by_achieved", "still"), "reduction_count"] == 0
    # Nine in ten falls of the one are within 45 %, so 60 are out of reach by some 15.
    effort = table.loc["least_effort"]
    assert not effort["is_feasible"].any()
    assert effort["shortfall_count"].iloc[0] == pytest.approx(15)
    assert effort["reduction_count"].sum() + 15 == pytest.approx(60)


def test_least_effort_agrees_with_a_general_minimiser() -> None:
    spread = pd.Series([0.25, 0.5, 0.1], GROUPS)
    bound = pd.Series([40.0, 60.0, 20.0], GROUPS)
    mine = least_effort(COUNTS, 350, spread, bound)

    def effort(reduced: np.ndarray) -> float:
        return float(((np.log1p(-reduced / COUNTS) / spread) ** 2).sum())

    found = minimize(
        effort,
        in_proportion(COUNTS, 350),
        method="SLSQP",
        bounds=[(0, n * b / 100) for n, b in zip(COUNTS, bound, strict=True)],
        constraints={"type": "eq", "fun": lambda reduced: reduced.sum() - 350},
        options={"ftol": 1e-12, "maxiter": 500},
    )
    assert found.success
    assert mine.sum() == pytest.approx(350, abs=1e-9)
    assert mine.to_numpy() == pytest.approx(found.x, abs=0.05)
    assert effort(mine.to_numpy()) <= found.fun + 1e-6


@given(
    st.lists(st.integers(1, 5000), min_size=2, max_size=12),
    st.floats(0, 1),
    st.integers(0, 2**32 - 1),
)
def test_bounds_hold_and_the_parts_add_up_or_the_shortfall_is_what_the_bounds_deny(
    counts: list[int], share: float, seed: int
) -> None:
    random = np.random.default_rng(seed)
    n = pd.Series(counts, [f"group {place}" for place in range(len(counts))], dtype=float)
    spread = pd.Series(random.uniform(0.05, 1, len(n)), n.index)
    bound = pd.Series(random.uniform(0, 100, len(n)), n.index)
    whole = share * float(n.sum())
    asked = least_effort(n, whole, spread, bound)
    most = n * bound / 100
    assert (asked <= most * (1 + 1e-9) + 1e-9).all()
    assert (asked >= 0).all()
    assert asked.sum() == pytest.approx(min(whole, float(most.sum())), abs=1e-6)


def test_a_target_already_met_asks_nothing_of_any_group() -> None:
    table = table_for(-50)
    assert (table["reduction_count"] == 0).all()
    assert table["is_feasible"].all()


def test_a_missing_month_of_a_group_is_refused_by_name() -> None:
    with pytest.raises(DataContractError, match="a month of robbery is missing"):
        allocations(
            COUNTS.mask(COUNTS == 100), 10, histories(), 24, harm_weights=pd.Series(dtype=float)
        )
