"""Shares of a whole taken forward: it adds up, scales, and keeps no order of columns."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.forecasts.combination import Shares, central_forecast
from analysis.forecasts.models import PART_SEASON_PRIOR, seasonal_indices
from analysis.forecasts.panel import Panel

SEASON = np.array([0.9, 0.8, 1.0, 1.0, 1.1, 1.2, 1.2, 1.1, 1.0, 1.0, 0.9, 0.8])


def months(number: int) -> pd.DatetimeIndex:
    return pd.date_range("2010-01-01", periods=number, freq="MS")


def panel_of(counts: np.ndarray, families: int = 1) -> Panel:
    """Parts of so many families, dealt out in turn."""
    names = [f"part {number}" for number in range(counts.shape[1])]
    family: dict[Hashable, Hashable] = {
        name: number % families for number, name in enumerate(names)
    }
    return Panel.of(pd.DataFrame(counts.astype(float), months(len(counts)), names), family)


worlds = st.builds(
    lambda seed, number, parts, families, level: panel_of(
        np.random.default_rng(seed).poisson(level, (number, parts)), families
    ),
    seed=st.integers(0, 2**32 - 1),
    number=st.integers(2, 70),
    parts=st.integers(1, 6),
    families=st.integers(1, 3),
    level=st.sampled_from([0.0, 0.02, 0.5, 8.0, 3000.0]),
)


@given(worlds)
def test_parts_add_up_to_a_whole_that_is_forecast_by_itself(panel: Panel) -> None:
    parts = central_forecast(panel, 14)
    whole = pd.DataFrame(panel.whole, panel.months, [str(each) for each in panel.families])
    alone = Panel.of(whole, {name: name for name in whole})
    assert np.isfinite(parts).all()
    assert (parts >= 0).all()
    # A whole of nothing leaves next to nothing, which is not worth sharing out.
    np.testing.assert_allclose(
        panel.by_family(parts), central_forecast(alone, 14), rtol=1e-9, atol=1e-6
    )


@given(worlds)
def test_the_order_of_columns_does_not_matter(panel: Panel) -> None:
    turned = Panel.of(
        pd.DataFrame(panel.counts[:, ::-1], panel.months, panel.parts[::-1]),
        dict(zip(panel.parts, panel.family_of.tolist(), strict=True)),
    )
    np.testing.assert_allclose(
        central_forecast(turned, 13)[:, ::-1], central_forecast(panel, 13), rtol=1e-9
    )


def test_one_family_knows_nothing_of_another() -> None:
    random = np.random.default_rng(1)
    counts = random.poisson(80, (60, 4))
    other = counts.copy()
    other[:, 1::2] = random.poisson(900, (60, 2))
    both, changed = panel_of(counts, families=2), panel_of(other, families=2)
    one, two = central_forecast(both, 24), central_forecast(changed, 24)
    np.testing.assert_array_equal(one[:, ::2], two[:, ::2])


@pytest.mark.parametrize("planted", ["flat", "growing"])
def test_ten_times_the_counts_are_ten_times_the_forecast(planted: str) -> None:
    index = months(84)
    growth = 1.0 if planted == "flat" else 1.004
    level = 2e7 * growth ** np.arange(84) * SEASON[index.month - 1]
    counts = np.rint(np.outer(level, [0.7, 0.3]))
    one, ten = (
        central_forecast(panel_of(counts), 24),
        central_forecast(panel_of(10 * counts), 24),
    )
    # The gain of a level follows its count, but at such counts it has come to its limit.
    np.testing.assert_allclose(ten, 10 * one, rtol=1e-4)


def test_a_steady_growth_is_taken_on_but_not_in_full() -> None:
    rate = 1.01
    counts = 50_000 * rate ** np.arange(120)[:, None] / 31
    days = months(120).days_in_month.to_numpy()[:, None]
    panel = panel_of(counts * days)
    ahead = pd.date_range(panel.months[-1], periods=37, freq="MS")[1:]
    level = central_forecast(panel, 36)[:, 0] / ahead.days_in_month
    now, full = counts[-1, 0], counts[-1, 0] * rate ** np.arange(1, 37)
    assert (np.diff(level) > 0).all()
    assert (level[3:] > now).all()
    assert (level < full).all()
    # Three years ahead: more than a tenth, and less than half, of the 43 % that would come.
    share = (level[-1] / now - 1) / (full[-1] / now - 1)
    assert 0.1 < share < 0.5


def test_a_february_of_a_leap_year_has_a_day_more() -> None:
    index = pd.date_range("2010-01-01", "2015-12-01", freq="MS")
    history = pd.DataFrame({"a": 5.0 * index.days_in_month}, index)
    forecast = central_forecast(Panel.of(history, {"a": "a"}), 14)[:, 0]
    assert forecast[[1, 13]] == pytest.approx([5 * 29, 5 * 28])
    assert forecast[:12].sum() == pytest.approx(5 * 366)


def test_a_part_has_the_season_of_its_whole_until_it_has_shown_its_own() -> None:
    index = months(96)
    counter = SEASON[::-1].copy()

    def forecast(size: float) -> np.ndarray:
        seasonal = 40 * size * SEASON[index.month - 1]
        against = size * counter[index.month - 1]
        days = index.days_in_month.to_numpy()[:, None]
        panel = panel_of(days * np.column_stack([seasonal, against]))
        ahead = pd.date_range("2018-01-01", periods=12, freq="MS")
        return np.asarray(central_forecast(panel, 12)[:, 1] / ahead.days_in_month)

    few, many = forecast(0.03), forecast(1000.0)
    whole = SEASON * 40 + counter
    assert np.corrcoef(few, whole)[0, 1] > 0.95
    assert np.corrcoef(many, counter)[0, 1] > 0.95
    # Half of each where as many offences were seen as the prior is worth.
    half = forecast(PART_SEASON_PRIOR / 96 / 30.4)
    own, _ = seasonal_indices(
        np.stack([whole, counter], axis=1)[np.tile(np.arange(12), 8)],
        index,
        np.zeros(96, dtype=bool),
    )
    middle = half / half.mean()
    np.testing.assert_allclose(middle, own.mean(axis=1), atol=0.03)


def test_a_part_that_begins_anew_is_forecast_at_its_new_share() -> None:
    counts = np.full((84, 3), 1000.0)
    counts[80:, 0] = 2000.0
    names = ["hillingdon", "harrow", "sutton"]
    history = pd.DataFrame(counts, months(84), names)
    family: dict[Hashable, Hashable] = dict.fromkeys(names, "theft")
    anew: dict[Hashable, pd.Timestamp] = {
        "hillingdon": pd.Timestamp("2016-09-01"),
        "elsewhere": pd.Timestamp("2012-01-01"),
    }
    told = central_forecast(Panel.of(history, family, restarts=anew), 12)
    untold = central_forecast(Panel.of(history, family), 12)
    share = told / told.sum(axis=1, keepdims=True)
    # By then the others have not yet lost what their shares must lose to it.
    assert share[:, 0] == pytest.approx(0.475, abs=0.03)
    assert (untold / untold.sum(axis=1, keepdims=True))[0, 0] < 0.43


def test_shares_of_a_longer_panel_serve_every_month_of_it() -> None:
    panel = panel_of(np.random.default_rng(2).poisson(60, (50, 5)), families=2)
    shares = Shares.of(panel)
    for last in (11, 30, 49):
        known = panel.until(last)
        np.testing.assert_array_equal(
            central_forecast(known, 6, shares), central_forecast(known, 6)
        )
