"""Harm: hand-weighted scores, limits that reduce to the count's, nothing dropped unsaid."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import DataContractError
from analysis.measures.harm import harm_score
from analysis.measures.rates import crime_rate

WEIGHTS = pd.Series(
    {"homicide": 7_979, "robbery": 746, "residential_burglary": 438, "drugs": 3}
)
# Weights of the ONS Crime Severity Score as quoted with its first publication.


def _counts(table):
    frame = pd.DataFrame(table).rename_axis("offence_group").reset_index()
    tidy = frame.melt("offence_group", var_name="area_code", value_name="offence_count")
    return tidy.astype({"offence_count": "Int64"})


TABLE = _counts(
    {
        "a": {"homicide": 2, "robbery": 40, "residential_burglary": 100, "fraud": 9},
        "b": {"homicide": 0, "robbery": 50, "residential_burglary": 100, "fraud": 1},
    }
)
PEOPLE = pd.Series({"b": 200_000, "a": 100_000})


def test_a_score_is_the_sum_of_counts_times_weights_over_residents():
    table = harm_score(TABLE, WEIGHTS, PEOPLE, weights_version="2016").table
    # 2 x 7,979 + 40 x 746 + 100 x 438 = 89,598; 50 x 746 + 100 x 438 = 81,100.
    assert table["harm_score"].to_dict() == {"a": 89_598, "b": 81_100}
    assert table["harm_per_1000"].to_dict() == pytest.approx({"a": 895.98, "b": 405.5})


def test_two_homicides_outweigh_ten_robberies():
    result = harm_score(TABLE, WEIGHTS, PEOPLE, weights_version="2016")
    table = result.table
    assert table.loc["a", "offence_count"] < table.loc["b", "offence_count"]
    assert table.loc["a", "harm_score"] > table.loc["b", "harm_score"]
    width = table["harm_per_1000_upper"] - table["harm_per_1000_lower"]
    assert width["a"] > width["b"]


def test_groups_without_a_weight_are_named_and_counted_and_not_scored():
    result = harm_score(TABLE, WEIGHTS, PEOPLE, weights_version="2016")
    assert result.unweighted_groups == ("fraud",)
    assert result.table["unweighted_count"].to_dict() == {"a": 9, "b": 1}
    assert result.table["offence_count"].to_dict() == {"a": 142, "b": 150}
    assert result.weights_version == "2016"


def test_with_equal_weights_the_limits_are_those_of_the_rate():
    counts = _counts({"a": {"robbery": 40, "burglary": 60}})
    even = pd.Series({"robbery": 7.0, "burglary": 7.0})
    table = harm_score(counts, even, PEOPLE, weights_version="even").table
    rate = crime_rate(pd.Series({"a": 100}), PEOPLE)
    for limit in ("lower", "upper"):
        expected = 7 * rate[f"rate_per_1000_{limit}"].iloc[0]
        assert table[f"harm_per_1000_{limit}"].iloc[0] == pytest.approx(expected)


def test_dobsons_limits_worked_by_hand():
    # 65 offences: Byar 50.163188..82.849139. 60 at weight 1, 5 at 100: score 560, variance
    # 60 + 50,000 = 50,060, scale sqrt(50,060 / 65) = 27.7516.
    counts = _counts({"a": {"theft": 60, "rape": 5}})
    weights = pd.Series({"theft": 1, "rape": 100})
    table = harm_score(counts, weights, pd.Series({"a": 1_000}), weights_version="v").table
    assert table["harm_per_1000_lower"].iloc[0] == pytest.approx(
        560 - 27.7516 * 14.836812, abs=0.01
    )
    assert table["harm_per_1000_upper"].iloc[0] == pytest.approx(
        560 + 27.7516 * 17.849139, abs=0.01
    )


def test_limits_cover_a_known_score_about_as_often_as_they_say():
    rng = np.random.default_rng(14)
    mean = np.array([400.0, 60.0, 8.0])
    weights = pd.Series([13.0, 746.0, 3_000.0], ["shoplifting", "robbery", "rape"])
    areas = [f"a{i:03d}" for i in range(600)]
    drawn = pd.DataFrame(rng.poisson(mean, (600, 3)), areas, weights.index).T
    people = pd.Series(1_000, areas)
    table = harm_score(_counts(drawn), weights, people, weights_version="v").table
    truth = (mean * weights).sum()
    held = (table["harm_per_1000_lower"] <= truth) & (table["harm_per_1000_upper"] >= truth)
    assert 0.92 <= held.mean() <= 0.98


def test_few_offences_have_a_score_and_no_limits():
    counts = _counts({"a": {"robbery": 9}, "b": {"robbery": 10}})
    table = harm_score(counts, WEIGHTS, PEOPLE, weights_version="2016").table
    assert table["is_small_count"].to_dict() == {"a": True, "b": False}
    assert table["harm_per_1000_lower"].isna().to_dict() == {"a": True, "b": False}
    assert table.loc["a", "harm_score"] == 9 * 746


def test_a_suppressed_count_makes_the_score_missing_and_not_smaller():
    counts = _counts(
        {"a": {"robbery": None, "homicide": 1}, "b": {"robbery": 50, "homicide": 1}}
    )
    table = harm_score(counts, WEIGHTS, PEOPLE, weights_version="2016").table
    assert table["harm_score"].isna().to_dict() == {"a": True, "b": False}
    assert table["offence_count"].isna().to_dict() == {"a": True, "b": False}


def test_shares_of_the_groups_add_up_to_a_hundred():
    result = harm_score(TABLE, WEIGHTS, PEOPLE, weights_version="2016")
    shares = result.by_group.groupby("area_code")["harm_pct"].sum()
    assert shares.tolist() == pytest.approx([100, 100])


@settings(deadline=None)
@given(st.lists(st.integers(0, 300), min_size=4, max_size=4), st.randoms())
def test_parts_add_up_to_the_whole_and_order_does_not_matter(values, random):
    counts = _counts({"a": dict(zip(WEIGHTS.index, values, strict=True))})
    score = harm_score(counts, WEIGHTS, PEOPLE, weights_version="v")
    assert score.by_group["harm_score"].sum() == score.table["harm_score"].iloc[0]
    order = counts.sample(frac=1, random_state=random.randrange(100))
    again = harm_score(order, WEIGHTS[::-1], PEOPLE, weights_version="v")
    pd.testing.assert_frame_equal(again.table, score.table)


def test_weights_that_fit_nothing_doubled_rows_and_no_population_are_refused():
    with pytest.raises(DataContractError, match="no weight for any"):
        harm_score(TABLE, pd.Series({"Robbery": 746}), PEOPLE, weights_version="v")
    with pytest.raises(DataContractError, match="negative"):
        harm_score(TABLE, -WEIGHTS, PEOPLE, weights_version="v")
    with pytest.raises(DataContractError, match="occurs twice"):
        harm_score(pd.concat([TABLE, TABLE]), WEIGHTS, PEOPLE, weights_version="v")
    with pytest.raises(DataContractError, match=r"no population.*\['b'\]"):
        harm_score(TABLE, WEIGHTS, PEOPLE.drop("b"), weights_version="v")
    with pytest.raises(DataContractError, match="no column"):
        harm_score(TABLE.drop(columns="area_code"), WEIGHTS, PEOPLE, weights_version="v")
