"""The matrix rests on the figures: each criterion worked out again another way."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from analysis.assessment import Assessment
from analysis.assessment import priorities as subject
from analysis.assessment.priorities import priority_matrix, resident_topics, trend_window
from analysis.data.figures import read_monthly_table, read_table

Open = Callable[..., Assessment]
HARROW = "E09000015"


@pytest.fixture(scope="module")
def result(opened: Open) -> subject.PriorityMatrix:
    return priority_matrix(opened("harrow"))


def value(result: subject.PriorityMatrix, item: str, criterion: str) -> pd.Series:
    rows = result.evidence
    (row,) = rows[(rows["item"] == item) & (rows["criterion"] == criterion)].to_dict("records")
    return pd.Series(row)


def counted(table: str, group: str, first: str, last: str) -> int:
    """Straight from the embedded table, by its own columns."""
    rows = read_monthly_table(table, "count")
    rows = rows[(rows["area_code"] == HARROW) & (rows["offence_group"] == group)]
    return int(rows[rows["month"].between(first, last)]["count"].sum())


def test_volume_is_the_share_of_the_table_published(result: subject.PriorityMatrix) -> None:
    held = read_monthly_table("monthly_offences_location_current_2025-06", "count")
    held = held[
        (held["area_code"] == HARROW) & held["month"].between("2024-06-01", "2025-05-01")
    ]
    sums = held.groupby("offence_group")["count"].sum()
    total = sums.drop(["fraud_and_forgery", "nfib_fraud"], errors="ignore").sum()
    row = value(result, "shoplifting", "volume")
    assert row["value"] == pytest.approx(100 * sums["shoplifting"] / total)
    assert row["value_lower"] < row["value"] < row["value_upper"]
    assert row["score"] == 1 + sum(row["value"] >= step for step in (1, 3, 6, 12))


def test_trend_is_over_three_years_of_the_same_record(result: subject.PriorityMatrix) -> None:
    before = counted(
        "monthly_offences_location_current_2026-04", "shoplifting", "2022-06-01", "2023-05-01"
    )
    after = counted(
        "monthly_offences_location_current_2025-06", "shoplifting", "2024-06-01", "2025-05-01"
    )
    row = value(result, "shoplifting", "trend")
    assert row["value"] == pytest.approx(100 * (after / before - 1))
    assert row["remark"] == "in two years"


def test_what_connect_broke_is_followed_since_then_alone(
    opened: Open, result: subject.PriorityMatrix
) -> None:
    rows = read_monthly_table("monthly_special", "count")
    own = rows[
        (rows["area_code"] == HARROW)
        & (rows["measure"] == "domestic_abuse")
        & (rows["counted"] == "offences")
    ].set_index("month")["count"]
    row = value(result, "domestic_abuse", "trend")
    after, before = own["2025-03":"2025-05"].sum(), own["2024-03":"2024-05"].sum()  # type: ignore[misc]
    assert row["value"] == pytest.approx(100 * (after / before - 1))
    assert row["remark"] == "3 months on the same a year before, since a break"
    harrow = opened("harrow")
    assert trend_window(harrow, "domestic_abuse", own.astype(float)) == (
        ("2024-03", "2024-05"),
        ("2025-03", "2025-05"),
    )


def test_a_missing_month_leaves_no_three_years(opened: Open) -> None:
    harrow = opened("harrow")
    series = harrow.series("arson").astype(float)
    assert trend_window(harrow, "arson", series)[0] == ("2022-06", "2023-05")  # type: ignore[index]
    gap = series.drop(pd.Timestamp("2023-01-01"))
    assert trend_window(harrow, "arson", gap)[0] == ("2023-06", "2024-05")  # type: ignore[index]
    assert trend_window(harrow, "arson", series.drop(pd.Timestamp("2025-01-01"))) is None


def test_concentration_is_what_few_small_areas_hold_beyond_chance(
    result: subject.PriorityMatrix,
) -> None:
    areas = read_table("lsoa_offences")
    areas = areas[areas["area_code"] == HARROW]
    newest = areas[areas["year_ending"] == areas["year_ending"].max()]
    counts = np.sort(newest["shoplifting"].to_numpy(dtype=float))[::-1]
    places = 0.05 * len(counts)
    whole = int(places)
    held = counts[:whole].sum() + (places - whole) * counts[whole]
    row = value(result, "shoplifting", "concentration")
    # Chance alone puts no more than a tenth of so many into the leading twentieth.
    share = 100 * held / counts.sum()
    assert share - 10 < row["value"] < share - 5


def test_every_item_has_every_criterion_scored_or_a_reason(
    result: subject.PriorityMatrix,
) -> None:
    grid = result.evidence.groupby("item")["criterion"].nunique()
    assert grid.eq(len(result.params.criteria)).all()
    unscored = result.evidence[result.evidence["score"].isna()]
    assert unscored["remark"].str.len().gt(0).all()
    scored = result.evidence.dropna(subset=["score"])
    assert scored["score"].between(1, 5).all()
    assert (scored["score_lower"] <= scored["score"]).all()
    assert (scored["score"] <= scored["score_upper"]).all()


def test_few_offences_are_scored_on_volume_and_harm_alone(
    result: subject.PriorityMatrix,
) -> None:
    own = result.evidence[result.evidence["item"] == "homicide"].set_index("criterion")
    assert own["score"].notna().to_dict() == {
        "volume": True,
        "harm": True,
        **dict.fromkeys(
            ("trend", "comparison", "forecast", "concentration", "public_concern"), False
        ),
    }
    assert "homicide" not in result.ranked


def test_chances_of_the_top_places_add_up_to_the_places(result: subject.PriorityMatrix) -> None:
    assert result.stability["top_3_probability"].sum() == pytest.approx(3)
    assert result.stability["top_5_probability"].sum() == pytest.approx(5)
    assert set(result.stability.index) == set(result.ranked)


def test_residents_topics_are_scored_once_they_are_loaded(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    harrow = opened("harrow", "2013-03")
    assert resident_topics(harrow) is None
    loaded = pd.DataFrame(
        {
            "month": pd.to_datetime(["2011-12-01", "2013-02-01", "2013-02-01", "2013-09-01"]),
            "topic": ["arson", "residential_burglary", "parked cars", "arson"],
            "respondent_count": [100, 100, 100, 100],
            "agree_count": [99, 60, 20, 99],
        }
    )
    monkeypatch.setattr(subject, "load_partner_table", lambda *given: loaded)
    topics = resident_topics(harrow)
    assert topics is not None
    # The year to the newest month seen: neither December 2011 nor what is still to come.
    assert topics["label"].tolist() == ["Residential burglary", "parked cars"]
    scored = priority_matrix(harrow)
    assert value(scored, "residential_burglary", "public_concern")["score"] == 5
    assert (
        value(scored, "arson", "public_concern")["remark"] == "the survey does not ask about it"
    )


def test_a_forecast_that_rests_on_one_odd_month_is_not_scored(opened: Open) -> None:
    # Brent's drug trafficking: 47 to 67 a month, 126 in the last, and a forecast of 99.
    row = value(priority_matrix(opened("brent")), "drug_trafficking", "forecast")
    assert pd.isna(row["value"])
    assert row["remark"] == subject.ODD_LAST_MONTH


def test_no_forecast_is_scored_on_a_step_of_all_london(opened: Open) -> None:
    now = value(priority_matrix(opened("harrow", "2025-05")), "drug_trafficking", "forecast")
    assert pd.isna(now["score"])
    assert now["remark"] == subject.STEP_IN_YEAR
    # The step of March 2024 lies before the year, and shoplifting's forecast is scored.
    other = value(priority_matrix(opened("harrow", "2025-05")), "shoplifting", "forecast")
    assert pd.notna(other["score"])


@pytest.mark.parametrize(
    ("last", "mean_ahead", "rests"),
    [(30, 28, True), (30, 11, False), (12, 28, False), (1, 2, True), (1, 9, False)],
)
def test_an_odd_month_counts_only_where_the_forecast_follows_it(
    last: int, mean_ahead: float, rests: bool
) -> None:
    # By hand: ten a month, steps of two, limits 4.68 and 15.32.
    months = pd.date_range("2022-01-01", periods=13, freq="MS")
    monthly = pd.Series([9, 11] * 6 + [last], months)
    assert subject._rests_on_last_month(monthly, 12 * mean_ahead) is rests
