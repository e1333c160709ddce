"""Stop and search by ethnic group: by hand, and planted."""

import numpy as np
import pandas as pd
import pytest

from analysis.errors import DataContractError
from analysis.offenders.disparity import outcome_ratios, search_rates


def searches(rows):
    return pd.DataFrame(
        rows, columns=["ethnic_group", "search_object", "search_count", "arrest_count"]
    )


PLANTED = searches(
    [
        ("white", "drugs", 2000, 400),
        ("white", "weapons", 500, 50),
        ("black", "drugs", 400, 80),
        ("black", "weapons", 1600, 160),
        ("asian", "drugs", 1000, 300),
        ("asian", "weapons", 100, 15),
        ("mixed", "drugs", 60, 9),
    ]
)
# Black people's shares are white people's, object by object; Asian people's half as high
# again; of mixed ethnicity are too few for a verdict.


def test_shares_are_those_of_the_counts():
    table = outcome_ratios(PLANTED, "arrest_count")
    assert table.loc["white", "case_pct"] == pytest.approx(100 * 450 / 2500)
    assert table.loc["black", "ratio"] == pytest.approx((240 / 2000) / (450 / 2500))
    assert table.index[0] == "white"


def test_what_differs_by_object_alone_is_no_disparity_once_it_is_held_alike():
    table = outcome_ratios(PLANTED, "arrest_count", alike=["search_object"])
    assert table.loc["black", "ratio_upper"] < 1
    assert table.loc["black", "adjusted_ratio"] == pytest.approx(1)
    assert not table.loc["black", "is_significant"]
    assert table.loc["asian", "adjusted_ratio"] == pytest.approx(1.5)
    assert table.loc["asian", "is_significant"]


def test_under_ten_cases_have_neither_share_nor_verdict():
    row = outcome_ratios(PLANTED, "arrest_count").loc["mixed"]
    assert row["is_small_count"]
    assert np.isnan(row["case_pct"])
    assert np.isnan(row["ratio"])
    assert pd.isna(row["is_significant"])


def test_the_order_of_rows_does_not_matter():
    turned = PLANTED.sample(frac=1, random_state=3)
    columns = ["adjusted_ratio", "p_value"]
    one = outcome_ratios(PLANTED, "arrest_count", alike=["search_object"])[columns]
    other = outcome_ratios(turned, "arrest_count", alike=["search_object"])[columns]
    pd.testing.assert_frame_equal(one, other)


def test_no_search_of_the_reference_group_is_refused():
    with pytest.raises(DataContractError, match="'white'"):
        outcome_ratios(PLANTED[PLANTED["ethnic_group"] != "white"], "arrest_count")


def test_equal_shares_are_called_different_no_more_often_than_allowed():
    rng = np.random.default_rng(7)
    false = 0
    for _ in range(200):
        counts = {group: rng.binomial(800, 0.3) for group in ("white", "black", "asian")}
        table = outcome_ratios(
            searches([(group, "drugs", 800, cases) for group, cases in counts.items()]),
            "arrest_count",
        )
        false += bool(table["is_significant"].fillna(value=False).any())
    assert false / 200 < 0.09


def test_rates_are_a_year_and_for_each_resident():
    groups = ["white", "black", "other"]
    table = search_rates(
        pd.Series([300, 150, 5], groups), pd.Series([100_000, 10_000, 4_000], groups), years=1.5
    )
    assert table.loc["white", "rate_per_1000"] == pytest.approx(2)
    assert table.loc["black", "ratio"] == pytest.approx(5)
    assert table.loc["black", "ratio_lower"] == pytest.approx(
        5 * np.exp(-1.959964 * np.sqrt(1 / 300 + 1 / 150))
    )
    assert np.isnan(table.loc["other", "ratio"])


def test_a_group_without_residents_has_no_rate():
    groups = ["white", "black"]
    table = search_rates(pd.Series([30, 20], groups), pd.Series([1000, 0], groups), years=1)
    assert list(table.index) == ["white"]
