"""A record of past forecasts: by hand, in planted worlds, and where nothing has been seen."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.forecasts.backtest import Backtest, backtest
from analysis.forecasts.intervals import Calibration
from analysis.forecasts.panel import Panel
from analysis.forecasts.track_record import past_scales, track_record

COLUMNS = [
    "years_ahead",
    "is_usual",
    "origin_count",
    "first_origin",
    "last_origin",
    "error_pct",
    "last_year_error_pct",
    "relative_error",
    "coverage_80",
    "coverage_95",
]

STARTS = np.arange(25, 71, 3)
# Of 84 months, positions of every third from the last but one back to the second year's end
# that have the whole of the next year after them.


def months(number: int) -> pd.DatetimeIndex:
    return pd.date_range("2010-01-01", periods=number, freq="MS")


def past_of(counts: np.ndarray, **options: object) -> Backtest:
    """Past forecasts of the parts of one whole."""
    parts: dict[Hashable, Hashable] = dict.fromkeys(range(counts.shape[1]), "whole")
    history = pd.DataFrame(counts.astype(float), months(len(counts)))
    return backtest(Panel.of(history, parts, **options), 36)  # type: ignore[arg-type]


def stepped() -> np.ndarray:
    """Ten a month, and 20 from the start of the fifth year."""
    return np.repeat([10.0, 20.0], [48, 36])


def year_to(start: np.signedinteger) -> float:
    return float(stepped()[start - 11 : start + 1].sum())


@pytest.fixture(scope="module")
def by_hand() -> Backtest:
    """Past forecasts that said 12 a month whatever was known."""
    past = past_of(stepped()[:, None])
    return replace(past, central=np.full_like(past.central, 12.0))


@pytest.fixture(scope="module")
def scales(by_hand: Backtest) -> dict[tuple[int, int], Calibration]:
    """Scales that know of a drift of .3 and of nothing else."""
    none, own = np.zeros((1, 1)), np.full((1, 1), 0.3)
    return {
        key: Calibration(np.array([key[1]]), none, own, np.ones(1))
        for key in past_scales(by_hand)
    }


def record_of(past: Backtest, *given: object) -> pd.DataFrame:
    positions = np.array([range(past.panel.counts.shape[1])])
    table = track_record(past, positions, *given)  # type: ignore[arg-type]
    assert table.columns.tolist() == COLUMNS
    assert table["years_ahead"].tolist() == [1, 1, 2, 2, 3, 3]
    assert table["is_usual"].tolist() == [True, False] * 3
    return table.set_index(["years_ahead", "is_usual"])


def row(record: pd.DataFrame, years: int, *, is_usual: bool = False) -> dict[str, Any]:
    """What a record says so many years ahead."""
    return {str(column): record[column].to_dict()[years, is_usual] for column in record}


def test_errors_are_those_worked_out_by_hand(by_hand: Backtest) -> None:
    one = row(record_of(by_hand), 1)
    came = np.array([year_to(start + 12) for start in STARTS])
    last = np.array([year_to(start) for start in STARTS])
    assert one["origin_count"] == len(STARTS) == 16
    assert (one["first_origin"], one["last_origin"]) == ("2012-02", "2015-11")
    assert one["error_pct"] == pytest.approx(100 * np.mean(np.abs(came - 144) / came))
    assert one["last_year_error_pct"] == pytest.approx(
        100 * np.mean(np.abs(came - last) / came)
    )
    assert one["relative_error"] == pytest.approx(
        np.abs(came - 144).sum() / np.abs(came - last).sum()
    )


def test_coverage_is_that_worked_out_by_hand(
    by_hand: Backtest, scales: dict[tuple[int, int], Calibration]
) -> None:
    one = row(record_of(by_hand, scales), 1)
    came = np.array([year_to(start + 12) for start in STARTS])
    away = np.abs(np.log((came + 0.5) / 144.5))
    spread = np.sqrt(0.3**2 + 2 / 144)
    assert one["coverage_80"] == pytest.approx((away <= 1.2816 * spread).mean())
    assert one["coverage_95"] == pytest.approx((away <= 1.96 * spread).mean())
    assert 0 < one["coverage_80"] < one["coverage_95"] == 1


def test_two_and_three_years_ahead_are_the_years_that_end_then(by_hand: Backtest) -> None:
    record = record_of(by_hand)
    for years in (2, 3):
        starts = STARTS[STARTS + 12 * years < 84]
        came = np.array([year_to(start + 12 * years) for start in starts])
        one = row(record, years)
        assert one["origin_count"] == len(starts)
        assert one["error_pct"] == pytest.approx(100 * np.mean(np.abs(came - 144) / came))


def test_the_usual_ones_are_told_apart() -> None:
    unusual = list(months(84)[50:52])
    steps: dict[Hashable, list[tuple[pd.Timestamp, pd.Timestamp]]] = {
        "whole": [(months(84)[70], months(84)[72])]
    }
    record = record_of(past_of(stepped()[:, None], unusual_months=unusual, steps=steps))
    plain = record_of(past_of(stepped()[:, None]))
    # A year before from 51 on, or a year forecast to 61, holds one; a year to 70 the step.
    usual = [s for s in STARTS if s + 12 < 50 or (s - 11 > 51 and s + 12 < 70)]
    assert row(record, 1, is_usual=True)["origin_count"] == len(usual)
    assert row(record, 1, is_usual=False)["origin_count"] == len(STARTS)
    assert (
        row(plain, 1, is_usual=True)["origin_count"]
        == row(plain, 1, is_usual=False)["origin_count"]
    )


def test_parts_of_a_column_are_judged_by_their_sum_and_columns_one_by_one() -> None:
    counts = np.random.default_rng(1).poisson(60, (84, 4))
    past = past_of(counts)
    summed = track_record(past, np.array([[0], [1], [2], [3]]))
    whole = track_record(past_of(counts.sum(axis=1, keepdims=True)), np.array([[0]]))
    error = ["error_pct", "last_year_error_pct", "relative_error"]
    pd.testing.assert_frame_equal(summed[error], whole[error], rtol=1e-6)
    each = [track_record(past, np.array([[part]])) for part in range(4)]
    together = track_record(past, np.array([[0, 1, 2, 3]]))
    mean = np.mean([one["error_pct"] for one in each], axis=0)
    np.testing.assert_allclose(together["error_pct"], mean)
    assert together["origin_count"].tolist() == each[0]["origin_count"].tolist()


def test_noise_about_a_level_is_foretold_about_as_well_by_the_last_year() -> None:
    counts = np.random.default_rng(2).poisson(300, (120, 40))
    record = record_of(past_of(counts))
    assert record["relative_error"].between(0.9, 1.15).all()


def test_of_random_walks_the_latest_months_tell_more_than_the_last_year() -> None:
    random = np.random.default_rng(3)
    walks = np.exp(random.normal(0, 0.03, (150, 60)).cumsum(axis=0))
    parts: dict[Hashable, Hashable] = {part: part for part in range(60)}
    history = pd.DataFrame(random.poisson(3000 * walks).astype(float), months(150))
    record = record_of(backtest(Panel.of(history, parts), 36))
    # A year ahead the variance from the latest month is 8 steps, from the last year 15 or so.
    assert 0.65 < row(record, 1, is_usual=False)["relative_error"] < 0.85
    assert record["relative_error"].is_monotonic_increasing
    assert record["relative_error"].max() < 1.05
    assert record["coverage_80"].between(0.72, 0.92).all()
    assert record["coverage_95"].ge(0.92).all()


def test_a_series_of_nothing_is_forecast_without_error() -> None:
    record = record_of(past_of(np.zeros((84, 2))))
    assert record["error_pct"].max() < 1e-3
    assert (record["relative_error"] == 1).all()
    assert (record["coverage_80"] == 1).all()


def test_where_nothing_has_been_seen_all_is_missing() -> None:
    for number in (20, 24, 30):
        record = record_of(past_of(np.full((number, 2), 9.0)))
        assert (record["origin_count"] == 0).all()
        assert record[COLUMNS[5:]].isna().all(axis=None)
        assert record[["first_origin", "last_origin"]].isna().all(axis=None)
    # A year ahead of the second year's end, and no further.
    some = record_of(past_of(np.full((40, 2), 9.0)))
    assert (some["origin_count"] > 0).tolist() == [True, True, False, False, False, False]


def test_scales_worked_out_once_serve_every_record() -> None:
    past = past_of(np.random.default_rng(4).poisson(90, (90, 3)))
    scales = past_scales(past)
    for positions in (np.array([[0]]), np.array([[1, 2]]), np.array([[0], [1], [2]])):
        pd.testing.assert_frame_equal(
            track_record(past, positions), track_record(past, positions, scales)
        )
