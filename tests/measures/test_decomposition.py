"""Shift-share: the parts add up, and a planted local change is found."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import DataContractError
from analysis.measures.decomposition import EFFECTS, shift_share


def _counts(before, after):
    before, after = np.array(before), np.array(after)
    areas, groups = before.shape
    return pd.DataFrame(
        {
            "area_code": np.repeat([f"a{i}" for i in range(areas)], groups),
            "offence_group": np.tile([f"g{i}" for i in range(groups)], areas),
            "before_count": before.ravel(),
            "after_count": after.ravel(),
        }
    )


def test_a_hand_worked_split():
    # London: 1,000 to 900 (-10 %); robbery 400 to 340 (-15 %), arson 600 to 560 (-6.67 %).
    split = shift_share(_counts([[100, 200], [300, 400]], [[90, 180], [250, 380]]), "a0")
    robbery = split.table.loc["g0"]
    assert robbery[EFFECTS].tolist() == pytest.approx([-10, -5, 5])
    arson = split.table.loc["g1"]
    assert arson[EFFECTS].tolist() == pytest.approx([-20, 200 * (0.1 - 1 / 15), -20 / 3])
    assert split.london_change_pct == pytest.approx(-10)


matrix = st.integers(1, 4).flatmap(
    lambda areas: st.integers(1, 4).flatmap(
        lambda groups: st.lists(
            st.lists(st.integers(0, 500), min_size=2 * groups, max_size=2 * groups),
            min_size=areas,
            max_size=areas,
        )
    )
)


@settings(deadline=None, max_examples=60)
@given(matrix, st.randoms())
def test_effects_add_up_to_the_change_and_local_effects_to_nought(cells, random):
    cells = np.array(cells)
    groups = cells.shape[1] // 2
    before, after = cells[:, :groups], cells[:, groups:]
    before[0, 0] += 1
    counts = _counts(before, after)
    shuffled = counts.sample(frac=1, random_state=random.randrange(1_000))
    local = 0
    for area in counts["area_code"].unique():
        split = shift_share(counts, area)
        added = split.table[EFFECTS].sum(axis=1)
        assert added.tolist() == pytest.approx(split.table["change_count"].tolist(), abs=1e-9)
        assert split.total[EFFECTS].sum() == pytest.approx(
            split.total["change_count"], abs=1e-9
        )
        local = local + split.table["local_effect_count"].where(before.sum(axis=0) > 0, 0)
        again = shift_share(shuffled, area).table.loc[split.table.index]
        pd.testing.assert_frame_equal(again, split.table)
    # Where London had the group before, what one borough gains on London another loses.
    assert local.to_numpy() == pytest.approx(0, abs=1e-7)


def test_a_group_that_is_new_to_london_is_all_local():
    split = shift_share(_counts([[0, 50], [0, 50]], [[7, 50], [0, 50]]), "a0")
    assert split.table.loc["g0", EFFECTS].tolist() == [0, 0, 7]
    assert np.isnan(split.table.loc["g0", "london_change_pct"])


def test_the_area_that_is_all_of_london_has_no_local_effect_and_no_doubt_of_it():
    split = shift_share(_counts([[100, 50]], [[80, 70]]), "a0")
    local = split.table[[name for name in split.table if name.startswith("local")]]
    assert local.to_numpy() == pytest.approx(0, abs=1e-9)


def test_a_planted_local_rise_is_outside_the_limits_and_chance_seldom_is():
    rng = np.random.default_rng(31)
    outside = []
    for _ in range(100):
        before, after = rng.poisson(400, (8, 3)), rng.poisson(360, (8, 3))
        table = shift_share(_counts(before, after), "a0").table
        lower, upper = table["local_effect_count_lower"], table["local_effect_count_upper"]
        outside.append((lower > 0) | (upper < 0))
    assert 0.02 <= np.mean(outside) <= 0.09
    after[0, 1] = 520
    risen = shift_share(_counts(before, after), "a0").table.loc["g1"]
    assert risen["local_effect_count_lower"] > 0


def test_dispersion_widens_the_limits_by_its_root():
    counts = _counts([[100, 200], [300, 400]], [[90, 180], [250, 380]])
    plain, wide = shift_share(counts, "a0").total, shift_share(counts, "a0", dispersion=4).total

    def half(total):
        return total["local_effect_count_upper"] - total["local_effect_count"]

    assert half(wide) == pytest.approx(2 * half(plain))


def test_unknown_areas_doubled_rows_and_missing_counts_are_refused():
    counts = _counts([[100], [300]], [[90], [250]])
    with pytest.raises(DataContractError, match="no area 'b9'"):
        shift_share(counts, "b9")
    with pytest.raises(DataContractError, match="occurs twice"):
        shift_share(pd.concat([counts, counts]), "a0")
    with pytest.raises(DataContractError, match="is missing"):
        shift_share(counts.assign(after_count=[None, 250]), "a0")
    with pytest.raises(DataContractError, match="no column"):
        shift_share(counts.drop(columns="after_count"), "a0")
    with pytest.raises(DataContractError, match="no offences"):
        shift_share(counts.assign(before_count=0), "a0")
