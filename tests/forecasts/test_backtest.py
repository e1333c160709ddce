"""Past forecasts know nothing of what came after, and teach only what they may."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import pandas as pd
import pytest

from analysis.forecasts.backtest import (
    FIRST_ORIGIN,
    VOLATILITY_FLOOR,
    VOLATILITY_PRIOR,
    Backtest,
    backtest,
    volatility,
)
from analysis.forecasts.combination import central_forecast
from analysis.forecasts.intervals import calibrate
from analysis.forecasts.panel import Panel, Step
from analysis.forecasts.track_record import past_scales

SEASON = np.array([0.9, 0.8, 1.0, 1.0, 1.1, 1.2, 1.2, 1.1, 1.0, 1.0, 0.9, 0.8])

KNOWN = 60
# Position of the last month that the two worlds share.

FAMILY: dict[Hashable, Hashable] = {"a": 0, "b": 0, "c": 0, "d": 1, "e": 1}


def months(number: int) -> pd.DatetimeIndex:
    return pd.date_range("2010-01-01", periods=number, freq="MS")


def month(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


def history(seed: int, number: int = 96) -> pd.DataFrame:
    """Five series of two families with a season and a walk."""
    random = np.random.default_rng(seed)
    index = months(number)
    walk = np.exp(random.normal(0, 0.04, (number, 5)).cumsum(axis=0))
    rate = 120 * walk * SEASON[index.month - 1][:, None]
    return pd.DataFrame(random.poisson(rate).astype(float), index, list(FAMILY))


def made(seed: int = 1, number: int = 96, horizon: int = 36) -> Backtest:
    return backtest(Panel.of(history(seed, number), FAMILY), horizon)


@pytest.fixture(scope="module")
def worlds() -> tuple[Backtest, Backtest]:
    """Two worlds alike to month 60, of which one then goes wild and is out of season."""
    calm = history(2)
    wild = calm.copy()
    wild.iloc[KNOWN + 1 :] = (
        np.random.default_rng(3).poisson(2000, (96 - KNOWN - 1, 5)).astype(float)
    )
    wild.iloc[KNOWN + 1 :: 3] = 0.0
    steps: dict[Hashable, list[Step]] = {0: [(month("2016-01"), month("2016-03"))]}
    return (
        backtest(Panel.of(calm, FAMILY), 36),
        backtest(Panel.of(wild, FAMILY, steps=steps, restarts={"a": month("2015-10")}), 36),
    )


@pytest.fixture(scope="module")
def past() -> Backtest:
    """COVID in June and July 2014, a change in recording of one family in 2016."""
    panel = Panel.of(
        history(1),
        FAMILY,
        unusual_months=[month("2014-06"), month("2014-07")],
        steps={1: [(month("2016-04"), month("2016-06"))]},
    )
    return backtest(panel, 36)


class TestNoLookAhead:
    """Whatever the future brings, the past said what it said."""

    def test_forecasts_up_to_then_are_the_same(self, worlds: tuple[Backtest, Backtest]) -> None:
        calm, wild = worlds
        early = calm.origins <= KNOWN
        assert early.sum() == KNOWN + 1 - (FIRST_ORIGIN - 1)
        np.testing.assert_array_equal(calm.central[early], wild.central[early])
        assert not np.allclose(calm.central[~early], wild.central[~early])

    def test_each_is_the_forecast_of_the_figures_cut_there(
        self, worlds: tuple[Backtest, Backtest]
    ) -> None:
        calm, _ = worlds
        for row in (0, 20, len(calm.origins) - 1):
            cut = history(2).iloc[: calm.origins[row] + 1]
            np.testing.assert_array_equal(
                calm.central[row], central_forecast(Panel.of(cut, FAMILY), 36)
            )

    @pytest.mark.parametrize("kind", ["total", "month"])
    def test_the_ranges_as_of_then_are_the_same(
        self, worlds: tuple[Backtest, Backtest], kind: str
    ) -> None:
        calm, wild = (calibrate(past, kind, until=KNOWN) for past in worlds)  # type: ignore[arg-type]
        np.testing.assert_array_equal(calm.periods, wild.periods)
        np.testing.assert_array_equal(calm.own, wild.own)
        np.testing.assert_allclose(calm.common, wild.common, rtol=1e-12)
        cut = backtest(Panel.of(history(2).iloc[: KNOWN + 1], FAMILY), 36)
        alone = calibrate(cut, kind)  # type: ignore[arg-type]
        np.testing.assert_allclose(alone.common, wild.common, rtol=1e-12)
        np.testing.assert_allclose(alone.own, wild.own, rtol=1e-12)

    def test_the_noise_to_then_is_the_same(self, worlds: tuple[Backtest, Backtest]) -> None:
        calm, wild = worlds
        early = np.flatnonzero(calm.origins <= KNOWN)
        np.testing.assert_allclose(calm.volatility[early], wild.volatility[early], rtol=1e-12)
        assert (wild.volatility[-1] > 2 * calm.volatility[-1]).all()

    def test_a_record_is_of_ranges_made_before_what_they_are_judged_by(
        self, worlds: tuple[Backtest, Backtest]
    ) -> None:
        calm, wild = (past_scales(past) for past in worlds)
        assert calm.keys() == wild.keys()
        early = [key for key in calm if worlds[0].origins[key[0]] <= KNOWN]
        assert {lead for _, lead in early} == {12, 24, 36}
        for key in early:
            np.testing.assert_allclose(calm[key].common, wild[key].common, rtol=1e-12)
            np.testing.assert_array_equal(calm[key].own, wild[key].own)
        # Later ones have seen what came.
        (last,) = {key for key in calm if key[1] == 12 and key[0] == max(calm)[0]}
        assert (wild[last].common > 1.5 * calm[last].common).all()


class TestTotals:
    """Sums of what was forecast, and of what had been seen."""

    @pytest.mark.parametrize("lead", [12, 24, 36])
    def test_a_total_to_come_is_the_sum_of_its_twelve_months(self, lead: int) -> None:
        past = made()
        expected = past.central[:, lead - 12 : lead].sum(axis=1)
        np.testing.assert_allclose(past.expected_total(lead), expected)

    @pytest.mark.parametrize("lead", [1, 5, 11])
    def test_a_total_under_a_year_ahead_includes_what_was_seen(self, lead: int) -> None:
        past = made()
        totals = past.expected_total(lead)
        for row, origin in enumerate(past.origins):
            seen = past.panel.counts[origin + 1 - 12 + lead : origin + 1]
            assert len(seen) == 12 - lead
            by_hand = seen.sum(axis=0) + past.central[row, :lead].sum(axis=0)
            np.testing.assert_allclose(totals[row], by_hand)

    @pytest.mark.parametrize("lead", [1, 12, 30])
    def test_what_came_is_the_recorded_total_or_missing(self, lead: int) -> None:
        past = made()
        actual, by_month = past.actual_total(lead), past.actual_month(lead)
        rolling = history(1).rolling(12).sum().to_numpy()
        for row, origin in enumerate(past.origins):
            if origin + lead < 96:
                np.testing.assert_allclose(actual[row], rolling[origin + lead])
                np.testing.assert_array_equal(by_month[row], past.panel.counts[origin + lead])
            else:
                assert np.isnan(actual[row]).all()
                assert np.isnan(by_month[row]).all()

    def test_origins_run_from_two_years_to_the_month_before_the_last(self) -> None:
        assert made().origins.tolist() == list(range(23, 95))
        quarterly = backtest(Panel.of(history(1), FAMILY), 12, every=3)
        assert quarterly.origins.tolist() == list(range(25, 95, 3))
        assert quarterly.volatility.shape == (len(quarterly.origins) + 1, 2)

    @pytest.mark.parametrize("number", [2, 12, 24])
    def test_two_years_and_less_have_no_past_forecast(self, number: int) -> None:
        past = made(number=number)
        assert past.central.shape == (0, 36, 5)
        assert past.expected_total(12).shape == past.actual_total(6).shape == (0, 5)
        assert past.is_usual(12).shape == (0, 2)
        assert past.volatility.shape == (1, 2)


class TestUsual:
    """Which errors teach something of ordinary times."""

    def usual(
        self, past: Backtest, lead: int, family: int, months: int = 12
    ) -> set[pd.Timestamp]:
        chosen = past.is_usual(lead, months)[:, family]
        return set(past.panel.months[past.origins[chosen]])

    def expected(self, past: Backtest, lead: int, held: int, step: bool) -> set[pd.Timestamp]:
        """By hand: month by month what the year before and the months forecast hold."""
        covid = {month("2014-06"), month("2014-07")}
        change = set(pd.date_range("2016-04-01", "2016-06-01", freq="MS"))
        found = set()
        for origin in past.panel.months[past.origins]:
            end = origin + pd.DateOffset(months=lead)
            if end > past.panel.months[-1]:
                continue
            before = set(pd.date_range(end=origin, periods=12, freq="MS"))
            forecast = set(pd.date_range(end=end, periods=held, freq="MS"))
            between = set(pd.date_range(min(before), end, freq="MS"))
            if not covid & (before | forecast) and not (step and change & between):
                found.add(origin)
        return found

    @pytest.mark.parametrize("lead", [1, 6, 12, 24, 36])
    @pytest.mark.parametrize("held", [1, 12])
    def test_neither_covid_nor_a_step_may_lie_between(
        self, past: Backtest, lead: int, held: int
    ) -> None:
        for family, has_step in ((0, False), (1, True)):
            assert self.usual(past, lead, family, held) == self.expected(
                past, lead, held, has_step
            )

    def test_covid_between_the_two_years_alone_does_not_spoil_an_error(
        self, past: Backtest
    ) -> None:
        # From May 2014 two years on: the year to May 2016 holds none of it.
        assert month("2014-05") in self.usual(past, 24, 0)
        assert month("2014-05") not in self.usual(past, 13, 0)
        assert month("2014-06") not in self.usual(past, 24, 0)


class TestVolatility:
    """A whole's noise from month to month."""

    def planted(self, noise: float, level: float = 1e6, number: int = 120) -> Panel:
        random = np.random.default_rng(5)
        counts = random.poisson(level * random.lognormal(0, noise, (number, 40)))
        family: dict[Hashable, Hashable] = {each: each for each in range(40)}
        return Panel.of(pd.DataFrame(counts.astype(float), months(number)), family)

    def now(self, panel: Panel) -> np.ndarray:
        return np.asarray(volatility(panel, np.array([], dtype=int))[0])

    @pytest.mark.parametrize("noise", [0.04, 0.12])
    def test_it_is_the_one_step_error_that_was_planted(self, noise: float) -> None:
        # A level of gain .6 that follows pure noise errs by the noise and a share of itself,
        # .6 / (2 - .6); days in the month add a seventieth.
        found = self.now(self.planted(noise))
        truth = noise * np.sqrt(1 + 0.6 / 1.4)
        assert np.sqrt((found**2).mean()) == pytest.approx(truth, rel=0.1)
        assert (self.now(self.planted(3 * noise)) > 2 * found).all()

    def test_the_chance_of_counting_is_taken_out(self) -> None:
        found = self.now(self.planted(0.0, level=100))
        # Counting alone strays by .12 a month here.
        assert found.mean() < 0.05
        assert self.now(self.planted(0.0)).tolist() == pytest.approx(
            [max(VOLATILITY_FLOOR, VOLATILITY_PRIOR * np.sqrt(6 / 66))] * 40, abs=0.006
        )

    def test_before_a_year_is_seen_it_is_the_usual_one(self) -> None:
        assert self.now(self.planted(0.3, number=12)).tolist() == pytest.approx(
            [VOLATILITY_PRIOR] * 40
        )

    def test_unusual_months_and_steps_leave_next_to_no_trace_in_the_noise(self) -> None:
        calm = history(6)
        noise = self.now(Panel.of(calm, FAMILY))
        shaken = calm.copy()
        shaken.iloc[70:74] *= 3
        told = self.now(Panel.of(shaken, FAMILY, unusual_months=months(96)[70:74]))
        assert (self.now(Panel.of(shaken, FAMILY)) > 3 * told).all()
        # Their neighbours' season and level keep a little of it.
        assert (told < noise + 0.045).all()
        lifted = calm.copy()
        lifted.iloc[80:] *= 3
        at = (months(96)[80], months(96)[80])
        first, second = self.now(Panel.of(lifted, FAMILY, steps={0: [at]}))
        assert first < noise[0] + 0.045
        assert second == pytest.approx(self.now(Panel.of(lifted, FAMILY))[1])
        assert second > noise[1] + 0.06
