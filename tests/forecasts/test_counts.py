"""Any monthly counts: alone or in trees, short, late, with gaps, few or none at all."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.errors import DataContractError
from analysis.forecasts.counts import (
    SMALL_COUNT,
    CountsForecast,
    calibrate_counts,
    forecast_counts,
)

QUANTILES = ["q05", "q10", "q25", "q50", "q75", "q90", "q95"]
COLUMNS = [
    "series_id",
    "month",
    "mean",
    *QUANTILES,
    "lower_80",
    "upper_80",
    "lower_95",
    "upper_95",
]


def months(number: int) -> pd.DatetimeIndex:
    return pd.date_range("2015-01-01", periods=number, freq="MS")


def series(number: int = 72, seed: int = 1, **levels: float) -> pd.DataFrame:
    """Counts that only chance moves, at a level each."""
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {name: random.poisson(level, number).astype(float) for name, level in levels.items()},
        months(number),
    )


def totals(forecast: CountsForecast, column: str = "q50") -> dict[str, float]:
    return dict(forecast.totals.set_index("series_id")[column])


def width(forecast: CountsForecast, name: str) -> float:
    row = forecast.totals[forecast.totals["series_id"] == name].iloc[0]
    return float(row["upper_80"] - row["lower_80"])


def is_sound(table: pd.DataFrame) -> bool:
    """Whether all numbers are there, none is negative, and quantiles are in order."""
    values = table[COLUMNS[2:]].to_numpy(dtype=float)
    ordered = np.diff(table[["lower_95", *QUANTILES, "upper_95"]].to_numpy(dtype=float))
    inner = table["lower_80"].eq(table["q10"]) & table["upper_80"].eq(table["q90"])
    return bool(
        np.isfinite(values).all()
        and (values >= 0).all()
        and (ordered >= 0).all()
        and inner.all()
    )


class TestShape:
    """What comes out, whatever is asked."""

    def test_a_row_for_each_series_and_month_and_for_each_whole_year(self) -> None:
        forecast = forecast_counts(series(a=50, b=80), 26, parents={"a": "both"})
        assert forecast.origin == "2020-12"
        assert list(forecast.months.columns) == list(forecast.totals.columns) == COLUMNS
        assert forecast.months["series_id"].tolist() == [
            name for name in ("a", "b", "both") for _ in range(26)
        ]
        ahead = list(pd.date_range("2021-01-01", periods=26, freq="MS"))
        assert forecast.months["month"].tolist() == ahead * 3
        assert (
            forecast.totals["month"].tolist()
            == [
                pd.Timestamp("2021-12"),
                pd.Timestamp("2022-12"),
            ]
            * 3
        )
        assert is_sound(forecast.months)
        assert is_sound(forecast.totals)

    @pytest.mark.parametrize("horizon", [1, 11])
    def test_under_a_year_there_are_no_totals(self, horizon: int) -> None:
        forecast = forecast_counts(series(a=50), horizon)
        assert forecast.totals.empty
        assert list(forecast.totals.columns) == COLUMNS
        assert len(forecast.months) == horizon

    def test_the_same_figures_give_the_same_forecast_and_another_seed_nearly_so(self) -> None:
        history = series(a=500, b=80)
        one, same = forecast_counts(history, 12), forecast_counts(history, 12)
        pd.testing.assert_frame_equal(one.months, same.months)
        other = forecast_counts(history, 12, seed=2)
        assert totals(other)["a"] == pytest.approx(totals(one)["a"], rel=0.01)
        assert not other.months.equals(one.months)

    def test_a_steady_series_is_forecast_at_its_level(self) -> None:
        forecast = forecast_counts(series(number=96, a=400.0), 24)
        assert forecast.totals["q50"].tolist() == pytest.approx([4800, 4800], rel=0.06)
        assert forecast.months["q50"].mean() == pytest.approx(400, rel=0.06)
        # A range of a month at least that of counting, and no more than three times it.
        month = forecast.months.iloc[0]
        assert 2 * 1.28 * 20 < month["upper_80"] - month["lower_80"] < 6 * 1.28 * 20


class TestTrees:
    """Parts and parents come out adding up."""

    def test_a_parent_without_figures_is_the_sum_of_its_parts(self) -> None:
        forecast = forecast_counts(
            series(a=300, b=200, c=100), 12, parents={"a": "p", "b": "p", "c": "p"}
        )
        found = totals(forecast)
        assert found["p"] == pytest.approx(found["a"] + found["b"] + found["c"], rel=0.01)
        mean = totals(forecast, "mean")
        assert mean["p"] == pytest.approx(mean["a"] + mean["b"] + mean["c"])
        # Parts err apart as well as together, so the sum is surer than its parts.
        widths = [width(forecast, name) for name in ("a", "b", "c")]
        assert np.hypot.reduce(widths) * 0.8 < width(forecast, "p") < sum(widths)

    def test_a_parent_that_its_parts_make_up_has_no_rest(self) -> None:
        parts = series(a=300, b=200)
        parents = {"a": "p", "b": "p"}
        told = forecast_counts(parts.assign(p=parts.sum(axis=1)), 12, parents=parents)
        untold = forecast_counts(parts, 12, parents=parents)
        assert totals(told) == totals(untold)

    def test_a_parent_with_more_than_its_parts_is_forecast_with_its_rest(self) -> None:
        history = series(a=300, b=200, rest=900)
        history["p"] = history.sum(axis=1)
        forecast = forecast_counts(
            history.drop(columns="rest"), 24, parents={"a": "p", "b": "p"}
        )
        assert set(forecast.months["series_id"]) == {"a", "b", "p"}
        last = forecast.totals.groupby("series_id")["q50"].first()
        assert last["p"] == pytest.approx(1400 * 12, rel=0.03)
        assert last["a"] == pytest.approx(300 * 12, rel=0.06)

    def test_a_rest_never_meets_a_series_of_the_users_of_that_name(self) -> None:
        history = series(a=300, rest=900)
        history["p"] = history.sum(axis=1)
        history["rest of p"] = 40.0
        history["('rest of', 'p')"] = 50.0
        found = totals(forecast_counts(history.drop(columns="rest"), 12, parents={"a": "p"}))
        assert found["rest of p"] == pytest.approx(480, rel=0.15)
        assert found["('rest of', 'p')"] == pytest.approx(600, rel=0.15)
        assert found["p"] == pytest.approx(1200 * 12, rel=0.04)

    def test_every_level_of_a_tree_counts_its_offences_once(self) -> None:
        history = series(a1=100, a2=200, b=300, rest_of_a=400, rest=1000)
        history["a"] = history[["a1", "a2", "rest_of_a"]].sum(axis=1)
        history["all"] = history[["a", "b", "rest"]].sum(axis=1)
        parents = {"a1": "a", "a2": "a", "a": "all", "b": "all"}
        found = totals(
            forecast_counts(history.drop(columns=["rest_of_a", "rest"]), 12, parents=parents)
        )
        assert found["a"] == pytest.approx(700 * 12, rel=0.04)
        assert found["all"] == pytest.approx(2000 * 12, rel=0.03)

    def test_the_order_of_a_trees_series_does_not_change_what_they_are(self) -> None:
        history = series(a1=100, b=300, rest_of_a=400, rest=1000)
        history["a"] = history[["a1", "rest_of_a"]].sum(axis=1)
        history["all"] = history[["a", "b", "rest"]].sum(axis=1)
        history = history.drop(columns=["rest_of_a", "rest"])
        parents = {"a1": "a", "a": "all", "b": "all"}
        up = totals(forecast_counts(history, 12, parents=parents))
        down = totals(forecast_counts(history[history.columns[::-1]], 12, parents=parents))
        assert down == {name: pytest.approx(each, rel=0.02) for name, each in up.items()}

    def test_a_parent_in_between_may_be_without_figures(self) -> None:
        parents = {"a1": "a", "a2": "a", "a": "all", "b": "all"}
        found = totals(forecast_counts(series(a1=100, a2=200, b=300), 12, parents=parents))
        assert set(found) == {"a1", "a2", "b", "a", "all"}
        assert found["a"] == pytest.approx(found["a1"] + found["a2"], rel=0.02)
        assert found["all"] == pytest.approx(found["a"] + found["b"], rel=0.02)


class TestLateAndMissing:
    """Series that begin late, end early or have holes."""

    def test_a_member_that_begins_late_is_forecast_on_its_own(self) -> None:
        history = series(number=96, a=300, b=200, late=100)
        history.iloc[:84, 2] = np.nan
        parents = {"a": "p", "b": "p", "late": "p"}
        forecast = forecast_counts(history, 12, parents=parents)
        found = totals(forecast)
        assert found["late"] == pytest.approx(1200, rel=0.1)
        assert found["p"] == pytest.approx(
            sum(found[name] for name in ("a", "b", "late")), rel=0.01
        )
        assert any("no season is told" in note for note in forecast.notes["late"])
        assert "a" not in forecast.notes
        # The others lose nothing by it.
        without = totals(forecast_counts(history[["a", "b"]], 12, parents={"a": "p", "b": "p"}))
        assert found["a"] == pytest.approx(without["a"], rel=0.01)

    def test_series_that_begin_apart_do_not_share_their_luck(self) -> None:
        history = series(number=96, old=3000.0, young=3000.0)
        history.iloc[:72, 1] = np.nan
        forecast = forecast_counts(
            history, 24, parents={"old": "p", "young": "p"}, n_draws=4000
        )
        both = np.hypot(width(forecast, "old"), width(forecast, "young"))
        assert width(forecast, "p") == pytest.approx(both, rel=0.15)

    def test_members_start_with_the_youngest_that_has_three_years(self) -> None:
        history = series(number=96, a=300, b=200)
        history.iloc[:50, 1] = np.nan
        learnt = calibrate_counts(history, 12, parents={"a": "p", "b": "p"})
        assert list(learnt.totals) == [months(96)[50]]
        apart = calibrate_counts(history, 12)
        assert list(apart.totals) == [months(96)[0], months(96)[50]]

    def test_a_gap_is_taken_for_the_same_months_beside_it_and_told(self) -> None:
        index = months(84)
        whole = pd.DataFrame({"a": 300.0 + 100 * (index.month == 12)}, index)
        gappy = whole.copy()
        gappy.iloc[[35, 36, 47, 83]] = np.nan
        forecast = forecast_counts(gappy, 12)
        assert forecast.origin == "2021-12"
        assert any(note.startswith("4 missing month(s)") for note in forecast.notes["a"])
        complete = forecast_counts(whole, 12)
        assert totals(forecast)["a"] == pytest.approx(totals(complete)["a"], rel=0.01)
        assert forecast.months["q50"].iloc[11] > 1.2 * forecast.months["q50"].iloc[0]

    def test_unusual_months_teach_nothing(self) -> None:
        history = series(number=96, a=2000)
        history.iloc[50:56] /= 4
        told = forecast_counts(history, 12, unusual_months=list(months(96)[50:56]))
        assert width(told, "a") < 0.6 * width(forecast_counts(history, 12), "a")


class TestFewAndShort:
    """Little is known, and the forecast says so."""

    @pytest.mark.parametrize("number", [2, 8, 12, 24, 25, 30])
    def test_a_short_series_is_forecast_and_told(self, number: int) -> None:
        forecast = forecast_counts(series(number=number, a=200.0), 36)
        assert is_sound(forecast.months)
        assert is_sound(forecast.totals)
        assert forecast.totals["q50"].iloc[0] == pytest.approx(2400, rel=0.2)
        (note,) = forecast.notes["a"]
        said = "no season is told" if number <= 24 else "hardly learnt from errors"
        assert said in note

    def test_three_years_of_many_need_no_note(self) -> None:
        assert forecast_counts(series(number=36, a=200.0), 12).notes == {}

    @pytest.mark.parametrize("level", [0.0, 0.02, 0.5, 3.0])
    def test_few_or_none_are_whole_numbers_and_told(self, level: float) -> None:
        forecast = forecast_counts(series(a=level), 12)
        assert is_sound(forecast.months)
        assert (forecast.months["q50"] % 0.5 == 0).all()
        assert f"fewer than {SMALL_COUNT} a month" in forecast.notes["a"][0]
        if level < 0.1:
            assert forecast.months["q50"].max() == 0
            assert forecast.totals["upper_80"].max() <= 3

    def test_a_series_of_nothing_among_others_leaves_them_alone(self) -> None:
        history = series(a=300, none=0, b=50)
        parents = {"a": "p", "none": "p", "b": "p"}
        forecast = forecast_counts(history, 12, parents=parents)
        assert is_sound(forecast.months)
        assert totals(forecast)["none"] == 0
        assert totals(forecast)["p"] == pytest.approx(350 * 12, rel=0.06)

    def test_steady_small_counts_alone_are_not_given_endless_ranges(self) -> None:
        random = np.random.default_rng(11)
        counts = random.poisson(3.0, (96, 100)).astype(float)
        history = pd.DataFrame(counts[:84], months(84), [f"s{i}" for i in range(100)])
        forecast = forecast_counts(history, 12).totals
        came = counts[84:].sum(axis=0)
        lower, upper = forecast["lower_80"].to_numpy(), forecast["upper_80"].to_numpy()
        assert 0.78 < ((lower <= came) & (came <= upper)).mean() < 0.98
        # Of 36 a year chance alone leaves 29 to 44, and some 26 to 47 not knowing the level.
        assert np.median(lower) > 20
        assert np.median(upper) < 56


class TestCalibration:
    """What was learnt can be kept."""

    def test_kept_scales_give_what_one_step_gives(self) -> None:
        history = series(number=84, a=300, b=200, late=80)
        history.iloc[:60, 2] = np.nan
        parents = {"a": "p", "b": "p"}
        unusual = list(months(84)[40:44])
        kept = calibrate_counts(history, 24, parents=parents, unusual_months=unusual)
        two_steps = forecast_counts(
            history, 24, parents=parents, unusual_months=unusual, calibration=kept
        )
        one_step = forecast_counts(history, 24, parents=parents, unusual_months=unusual)
        pd.testing.assert_frame_equal(two_steps.months, one_step.months)
        pd.testing.assert_frame_equal(two_steps.totals, one_step.totals)

    def test_a_kept_calibration_serves_a_nearer_horizon(self) -> None:
        history = series(a=300, b=200)
        kept = calibrate_counts(history, 24)
        near = forecast_counts(history, 6, calibration=kept).months
        far = forecast_counts(history, 24).months
        far = far[far["month"] <= near["month"].max()].reset_index(drop=True)
        pd.testing.assert_frame_equal(near, far)


class TestRefused:
    """One sentence for what cannot be forecast."""

    def test_series_without_a_figure(self) -> None:
        with pytest.raises(DataContractError, match="there is no figure of b. Take it out"):
            forecast_counts(series(a=300).assign(b=np.nan), 12)
        with pytest.raises(DataContractError, match="there is no figure"):
            forecast_counts(pd.DataFrame(), 12)

    def test_a_missing_row_a_negative_count_and_a_single_month(self) -> None:
        history = series(a=300)
        with pytest.raises(DataContractError, match="a month is missing"):
            forecast_counts(history.drop(history.index[30]), 12)
        with pytest.raises(DataContractError, match="a count of a is negative"):
            forecast_counts(history - 400, 12)
        with pytest.raises(DataContractError, match="fewer than two months"):
            forecast_counts(history.iloc[:1], 12)
