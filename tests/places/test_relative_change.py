"""Change of each area beyond that of all together, by hand and with planted changes."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import DataContractError
from analysis.places.relative_change import relative_change


def test_two_areas_by_hand() -> None:
    # a: 100 to 120, the rest (b): 300 to 240, so 1.2 / 0.8 = 1.5. The variance of the
    # logarithm is 1/100 + 1/120 + 1/300 + 1/240 = 0.02583.
    table = relative_change(pd.Series({"a": 100, "b": 300}), pd.Series({"a": 120, "b": 240}))
    error = math.sqrt(1 / 100 + 1 / 120 + 1 / 300 + 1 / 240)
    assert table.loc["a", "relative_change_pct"] == pytest.approx(50)
    assert table.loc["a", "relative_change_pct_lower"] == pytest.approx(
        100 * (1.5 * math.exp(-1.959964 * error) - 1)
    )
    # z is 2.52 standard errors; the normal table gives 0.0117 for two sides.
    assert table.loc["a", "p_value"] == pytest.approx(0.0117, abs=0.0002)
    assert table["is_different"].tolist() == [True, True]


@given(st.lists(st.integers(20, 500), min_size=3, max_size=12), st.integers(1, 9))
def test_a_loss_common_to_all_is_no_change(counts: list[int], tenths: int) -> None:
    before = pd.Series([10 * count for count in counts], dtype=float)
    table = relative_change(before, before * tenths / 10)
    assert np.allclose(table["relative_change_pct"], 0, atol=1e-9)
    assert not table["is_different"].any()


def test_scatter_widens_the_limits_and_never_narrows_them() -> None:
    before, after = pd.Series({"a": 100, "b": 300}), pd.Series({"a": 120, "b": 240})
    plain = relative_change(before, after).loc["a"]
    wide = relative_change(before, after, dispersion=pd.Series({"a": 4.0, "b": 4.0})).loc["a"]
    calm = relative_change(before, after, dispersion=pd.Series({"a": 0.2, "b": 0.2})).loc["a"]
    assert wide["relative_change_pct_upper"] > plain["relative_change_pct_upper"]
    assert calm["relative_change_pct_upper"] == plain["relative_change_pct_upper"]
    # Four times the variance is twice the error: half of the same distance.
    assert wide["p_value"] > 4 * plain["p_value"]


def test_under_ten_offences_there_is_no_verdict() -> None:
    table = relative_change(
        pd.Series({"a": 9, "b": 300, "c": 10}), pd.Series({"a": 50, "b": 300, "c": 10})
    )
    assert table["is_different"].isna().tolist() == [True, False, False]
    assert pd.isna(table.loc["a", "relative_change_pct"])


def test_a_planted_change_is_found_and_chance_alone_seldom_is() -> None:
    rng = np.random.default_rng(20_260)
    risks = rng.uniform(200, 900, 20)
    found, false_alarms = 0, 0
    for _ in range(100):
        before = pd.Series(rng.poisson(risks))
        later = risks * 0.9
        later[3] *= 1.4
        table = relative_change(before, pd.Series(rng.poisson(later)))
        found += bool(table.loc[3, "is_different"])
        false_alarms += int(table["is_different"].drop(3).sum())
    assert found >= 95
    assert false_alarms / 100 < 0.35


@pytest.mark.parametrize("after", [pd.Series({"a": 1}), pd.Series({"a": 1, "c": 2})])
def test_other_areas_or_one_alone_are_refused(after: pd.Series) -> None:
    before = pd.Series({"a": 1, "b": 2}) if len(after) == 2 else pd.Series({"a": 1})
    with pytest.raises(DataContractError, match="two periods of the same areas"):
        relative_change(before, after)
