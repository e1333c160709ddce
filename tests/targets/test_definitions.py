"""Every reading of a plan's sentence: its arithmetic here, the real ones below.

The real readings are those that the published figures give for "almost 2,500 fewer, against
a total of 11,615", worked out once by hand from the published files.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.assessment import Assessment, claims
from analysis.errors import DataContractError
from analysis.targets.definitions import PERCENTS, reading_grid, readings, rule_words
from analysis.targets.rules import parity_rule, percent_rule, rank_rule

BASE = pd.Series({"harrow": 300, "sutton": 100, "bexley": 120, "kingston": 90})
PEOPLE = pd.Series({"harrow": 1000, "sutton": 800, "bexley": 1000, "kingston": 500})


def by_rule(table: pd.DataFrame) -> dict[str, tuple[float, str]]:
    rows = table[["rule", "reduction_count", "comparator_code"]]
    return {rule: (reduction, code) for rule, reduction, code in rows.itertuples(index=False)}


def test_each_rule_gives_a_row_by_hand() -> None:
    table = readings(BASE, "harrow", PEOPLE)
    # Rates: Bexley .12, Sutton .125, Kingston .18, on Harrow's 1,000 residents.
    assert by_rule(table) == {
        "percent=20": (60, ""),
        "rank=1:count": (210, "kingston"),
        "rank=2:count": (200, "sutton"),
        "rank=1:rate": (pytest.approx(180), "bexley"),
        "rank=2:rate": (pytest.approx(175), "sutton"),
    }
    assert table["base_count"].eq(300).all()
    assert table["reduction_pct"].tolist() == pytest.approx(
        [20, 70, 66.67, 60, 58.33], abs=0.01
    )


def test_who_is_lowest_already_needs_no_reduction_and_the_formula_says_why() -> None:
    table = readings(BASE, "kingston", PEOPLE)
    row = table.set_index("rule").loc["rank=1:count"]
    assert (row["reduction_count"], row["formula"]) == (0, "90 is already within 100")


def test_published_rates_take_the_place_of_population_and_carry_their_rounding() -> None:
    rates = pd.Series({"harrow": 58.9, "sutton": 60.0, "bexley": 52.3, "kingston": 70.0})
    base = pd.Series({"harrow": 14_169, "sutton": 11_736, "bexley": 12_000, "kingston": 11_232})
    table = readings(base, "harrow", PEOPLE, rates=rates).set_index("rule")
    # On 14,169 / 58.9 = 240.56 thousand residents: (58.9 - 52.3) x 240.56 = 1,587.7, and
    # two rates each .05 out are .1 x 240.56 = 24.
    row = table.loc["rank=1:rate"]
    assert row["reduction_count"] == pytest.approx(1587.7, abs=0.05)
    assert row["tolerance_count"] == pytest.approx(24, abs=0.1)
    assert row["formula"].endswith("within 24 by rounding of the rates")
    assert table.loc["rank=1:count", "tolerance_count"] == 0


@given(
    counts=st.lists(st.integers(1, 500), min_size=6, max_size=6),
    people=st.lists(st.integers(100, 900), min_size=6, max_size=6),
)
def test_the_grid_agrees_with_the_rules_of_targets(
    counts: list[int], people: list[int]
) -> None:
    areas = list("abcdef")
    base, residents = pd.Series(counts, areas), pd.Series(people, areas)
    grid = reading_grid(
        np.array([counts], float), np.array([people], float), areas, "a", similar=["b", "c"]
    )
    asked = dict(zip([rule.name for rule in grid.rules], grid.target_count[0], strict=True))
    for percent in PERCENTS:
        wanted = percent_rule(base, "a", percent).target_count
        assert asked[f"percent={percent:g}"] == pytest.approx(wanted)
    for rank in (1, 2, 3):
        for by in ("count", "rate"):
            wanted = rank_rule(base, "a", rank, by, residents).target_count
            assert asked[f"rank={rank}:{by}"] == pytest.approx(wanted)
    assert asked["parity=boroughs"] == pytest.approx(parity_rule(base, "a", areas).target_count)
    assert asked["parity=similar"] == pytest.approx(
        parity_rule(base, "a", ["b", "c"]).target_count
    )
    together = sum(counts[1:3]) / sum(people[1:3]) * people[0]
    assert asked["parity=similar:rate"] == pytest.approx(together)


@given(counts=st.lists(st.integers(1, 500), min_size=6, max_size=6))
def test_every_other_area_is_compared_once_by_count_and_once_by_rate(
    counts: list[int],
) -> None:
    grid = reading_grid(np.array([counts], float), np.ones((1, 6)), list("abcdef"), "c")
    for is_by_rate in (False, True):
        columns = [
            position
            for position, rule in enumerate(grid.rules)
            if rule.kind in {"rank", "parity"} and rule.is_by_rate == is_by_rate
        ]
        rows = grid.rows(np.zeros(5, int), np.array(columns))
        assert sorted(rows["comparator_code"]) == list("abdef")
        for code, reduction in zip(
            rows["comparator_code"], rows["reduction_count"], strict=True
        ):
            assert reduction == max(counts[2] - counts["abcdef".index(code)], 0)


def test_a_place_without_residents_spoils_the_rates_of_its_set_alone() -> None:
    totals = np.array([[300.0, 100.0, 120.0], [300.0, 100.0, 120.0]])
    people = np.array([[10.0, np.nan, 10.0], [10.0, 10.0, 10.0]])
    grid = reading_grid(totals, people, ["a", "b", "c"], "a")
    names = [rule.name for rule in grid.rules]
    by_rate = grid.reduction_count[:, names.index("rank=1:rate")]
    assert np.isnan(by_rate[0])
    assert by_rate[1] == 200
    assert grid.reduction_count[0, names.index("rank=1:count")] == 200


def test_a_borough_without_a_figure_leaves_nothing_to_rank() -> None:
    base = BASE.astype(float).where(BASE.index != "sutton")
    with pytest.raises(DataContractError, match="no figure for sutton"):
        readings(base, "harrow", PEOPLE)


@pytest.mark.parametrize(
    ("rule", "code", "words"),
    [
        ("parity=E09000029", "E09000029", "Count of Sutton"),
        ("parity=boroughs", "", "Mean count of the boroughs"),
        ("parity=boroughs:rate", "", "Rate of the boroughs together"),
        ("rank=3:rate", "E09000004", "3rd lowest rate (Bexley)"),
        ("total", "", "Total"),
    ],
)
def test_a_rule_is_told_in_words(rule: str, code: str, words: str) -> None:
    assert rule_words(rule, code) == words


@pytest.fixture(scope="module")
def harrow_readings(opened: Callable[..., Assessment]) -> pd.DataFrame:
    return claims.plan_search(opened()).table.set_index(
        ["measure", "basis", "offence_list", "period", "rule"]
    )


YEAR_2012 = "2012-01 to 2012-12"
YEAR_2011_12 = "2011-04 to 2012-03"


@pytest.mark.parametrize(
    ("reading", "base", "reduction", "comparator"),
    [
        (
            ("victim_based", "location", "current", YEAR_2012, "rank=1:count"),
            11_616,
            2_486,
            "E09000021",
        ),
        (
            ("victim_based", "policing", "current", YEAR_2012, "rank=1:count"),
            11_823,
            2_516,
            "E09000021",
        ),
        (
            ("total", "policing", "annual table", YEAR_2011_12, "rank=2:count"),
            14_169,
            2_433,
            "E09000029",
        ),
        (
            ("total", "policing", "annual table", YEAR_2011_12, "rank=1:count"),
            14_169,
            2_937,
            "E09000021",
        ),
        (
            ("total", "policing", "annual table", YEAR_2011_12, "rank=1:rate"),
            14_169,
            1_588,
            "E09000004",
        ),
        (("mopac7", "policing", "old", YEAR_2011_12, "percent=20"), 8_255, 1_651, ""),
        (("mopac7", "policing", "old", YEAR_2011_12, "rank=1:count"), 8_255, 3_020, None),
    ],
)
def test_the_readings_of_the_founding_plan_are_those_of_the_published_figures(
    harrow_readings: pd.DataFrame,
    reading: tuple[str, ...],
    base: int,
    reduction: int,
    comparator: str | None,
) -> None:
    row = harrow_readings.loc[reading]
    assert row["base_count"] == base
    assert round(row["reduction_count"]) == reduction
    assert comparator is None or row["comparator_code"] == comparator
    assert row["formula"].replace(",", "").startswith(("20% of", str(base)))


def test_the_gap_by_published_rate_is_within_24(harrow_readings: pd.DataFrame) -> None:
    row = harrow_readings.loc[
        ("total", "policing", "annual table", YEAR_2011_12, "rank=1:rate")
    ]
    assert round(row["tolerance_count"]) == 24


def test_the_closest_reading_is_victim_based_crime_of_2012_and_the_only_one_within_one_per_cent(
    harrow_readings: pd.DataFrame,
) -> None:
    gaps = harrow_readings["worst_gap_pct"]
    assert gaps.is_monotonic_increasing
    assert gaps.index[0] == ("victim_based", "location", "current", YEAR_2012, "rank=1:count")
    # 2,486 against 2,500.
    assert gaps.iloc[0] == pytest.approx(100 * 14 / 2500)
    assert (gaps <= 1).sum() == 1


@pytest.mark.parametrize(
    ("basis", "offence_list", "base"),
    [
        ("location", "current", 13_838),
        ("policing", "old", 14_197),
        ("policing", "current", 14_080),
    ],
)
def test_each_record_has_its_own_total_of_2011_12(
    harrow_readings: pd.DataFrame, basis: str, offence_list: str, base: int
) -> None:
    rows = harrow_readings.xs(
        ("total", basis, offence_list, YEAR_2011_12),
        level=["measure", "basis", "offence_list", "period"],
    )
    assert rows["base_count"].tolist() == [base] * 5


def test_no_twelve_months_of_all_offences_are_as_few_as_the_plan_says(
    harrow_readings: pd.DataFrame,
) -> None:
    totals = harrow_readings.xs("total", level="measure")["base_count"]
    assert len(totals) > 50
    assert (totals > 11_615).all()


def test_each_reading_is_made_once(harrow_readings: pd.DataFrame) -> None:
    assert harrow_readings.index.is_unique
    assert not harrow_readings.isna().any(axis=None)


def test_nothing_is_read_on_a_list_that_cannot_show_it(harrow_readings: pd.DataFrame) -> None:
    rows = harrow_readings.xs("victim_based", level="measure")
    lists = rows.index.get_level_values("offence_list")
    assert set(lists) == {"current"}
