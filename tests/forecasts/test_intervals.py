"""Ranges hold what they say in worlds whose truth is known, and futures are joint.

A planted world is a random walk in logs for each whole and each part, with counts drawn from
it. The method is not told how far the walks go: it learns it from its own errors.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.forecasts.backtest import Backtest, backtest
from analysis.forecasts.combination import central_forecast
from analysis.forecasts.intervals import (
    COMMON_AT_A_YEAR,
    COMMON_GROWTH,
    COUNTING,
    MONTH_LEADS,
    MOST_COMMON,
    OWN_AT_A_YEAR,
    OWN_GROWTH,
    SHARED_BY_WHOLES,
    TOTAL_LEADS,
    Calibration,
    Kind,
    Shocks,
    _counted,
    calibrate,
    calibrate_at,
    log_limits,
)
from analysis.forecasts.panel import Panel

Random = np.random.Generator

FAMILIES, PARTS = 16, 4


def months(number: int) -> pd.DatetimeIndex:
    return pd.date_range("2000-01-01", periods=number, freq="MS")


def family_of(families: int, parts: int) -> dict[Hashable, Hashable]:
    return {number: number // parts for number in range(families * parts)}


def planted(
    random: Random,
    number: int,
    *,
    common: float,
    own: float,
    level: float,
    families: int = FAMILIES,
    parts: int = PARTS,
) -> pd.DataFrame:
    """Monthly counts of parts whose wholes and shares walk at random."""
    together = random.normal(0, common, (number, families)).cumsum(axis=0)
    alone = random.normal(0, own, (number, families * parts)).cumsum(axis=0)
    size = level * random.lognormal(0, 0.7, families * parts)
    rate = size * np.exp(np.repeat(together, parts, axis=1) + alone)
    return pd.DataFrame(random.poisson(rate).astype(float), months(number))


def steady(number: int = 72, level: float = 400, **options: object) -> Panel:
    """Counts that only chance moves, of four families of three parts."""
    counts = np.random.default_rng(7).poisson(level, (number, 12)).astype(float)
    family = family_of(4, 3)
    return Panel.of(pd.DataFrame(counts, months(number)), family, **options)  # type: ignore[arg-type]


def scales(panel: Panel, common: float, own: float) -> Calibration:
    """Scales set by hand, alike for every family."""
    number = len(panel.families)
    return Calibration(
        np.array([12]), np.full((1, number), common), np.full((1, number), own), np.array([5.0])
    )


@pytest.fixture(scope="module")
def held() -> pd.DataFrame:
    """Whether each of 2,688 totals, a year to three ahead, was in its ranges."""
    random = np.random.default_rng(20130401)
    rows = []
    for common, own, level in ((0.03, 0.015, 200.0), (0.015, 0.005, 300.0)):
        for _ in range(7):
            world = planted(random, 120 + 36, common=common, own=own, level=level)
            panel = Panel.of(world.iloc[:120], family_of(FAMILIES, PARTS))
            learnt = calibrate(backtest(panel, 36), "total")
            central, shocks = central_forecast(panel, 36), Shocks.of(panel, 600, 1)
            for lead in (12, 24, 36):
                expected = central[lead - 12 : lead].sum(axis=0)
                futures = shocks.futures(panel, expected, learnt, lead)
                came = world.iloc[120 + lead - 12 : 120 + lead].sum().to_numpy()
                for of, drawn, truth in (
                    ("part", futures, came),
                    ("whole", panel.by_family(futures), panel.by_family(came)),
                ):
                    bounds = np.quantile(drawn, [0.1, 0.9, 0.025, 0.975], axis=0)
                    in_80 = (bounds[0] <= truth) & (truth <= bounds[1])
                    in_95 = (bounds[2] <= truth) & (truth <= bounds[3])
                    rows.append(
                        {"of": of, "lead": lead, "80": in_80.mean(), "95": in_95.mean()}
                    )
    return pd.DataFrame(rows).groupby(["of", "lead"]).mean()


@pytest.mark.parametrize("lead", [12, 24, 36])
@pytest.mark.parametrize(("of", "margin"), [("part", 0.06), ("whole", 0.10)])
def test_ranges_hold_as_many_planted_totals_as_they_say(
    held: pd.DataFrame, of: str, margin: float, lead: int
) -> None:
    # 224 wholes tell a share of 80 % to five points at two standard errors, and of ten years
    # there are few separate spells of three: there wholes fall some five points short.
    assert held["80"].to_dict()[of, lead] == pytest.approx(0.80, abs=margin)
    assert held["95"].to_dict()[of, lead] == pytest.approx(0.95, abs=margin / 1.5)


@pytest.mark.parametrize(("level", "most"), [(3.0, 0.96), (0.3, 0.96)])
def test_ranges_of_small_steady_counts_hold_what_they_say_and_not_by_being_endless(
    level: float, most: float
) -> None:
    random = np.random.default_rng(11)
    counts = random.poisson(level, (84 + 12, 200)).astype(float)
    panel = Panel.of(pd.DataFrame(counts[:84], months(84)), family_of(10, 20))
    past = backtest(panel, 12)
    central, shocks = central_forecast(panel, 12), Shocks.of(panel, 1000, 2)
    total = shocks.futures(panel, central.sum(axis=0), calibrate(past, "total"), 12)
    month = shocks.futures(panel, central[11], calibrate(past, "month"), 12)
    for drawn in (total, month):
        assert (drawn >= 0).all()
        assert (drawn == np.rint(drawn)).all()
    lower, upper = np.quantile(total, [0.1, 0.9], axis=0)
    came = counts[84:].sum(axis=0)
    assert 0.78 < ((lower <= came) & (came <= upper)).mean() < most
    # Chance about a known level takes 1.3 of its own spread, not knowing it half as much.
    assert np.median(upper) < came.mean() + 3 * np.sqrt(came.mean())
    # A month of so few is a whole number whose range holds more than it says.
    low, high = np.quantile(month, [0.1, 0.9], axis=0)
    assert ((low <= counts[95]) & (counts[95] <= high)).mean() > 0.9
    assert np.median(high) <= level + 3 * np.sqrt(level) + 1


class TestCalibration:
    """What the errors have taught."""

    def learnt(self, common: float, own: float, kind: Kind = "total") -> Calibration:
        random = np.random.default_rng(3)
        world = planted(random, 132, common=common, own=own, level=3000)
        return calibrate(backtest(Panel.of(world, family_of(FAMILIES, PARTS)), 24), kind)

    @pytest.mark.parametrize("kind", ["total", "month"])
    def test_scales_follow_how_far_wholes_and_parts_have_strayed(self, kind: Kind) -> None:
        calm, wild = self.learnt(0.005, 0.002, kind), self.learnt(0.03, 0.02, kind)
        assert (wild.at(12)[0].mean() / calm.at(12)[0].mean()) > 1.8
        assert (wild.at(12)[1].mean() / calm.at(12)[1].mean()) > 3

    def test_scales_grow_with_the_lead(self) -> None:
        learnt = self.learnt(0.02, 0.01)
        common, own = learnt.common.mean(axis=1), learnt.own.mean(axis=1)
        assert (np.diff(common) > 0).all()
        assert own[-1] > own[4] > own[0]
        assert (learnt.common <= MOST_COMMON).all()

    def test_a_lead_in_between_is_on_the_straight_line(self) -> None:
        learnt = self.learnt(0.02, 0.01)
        twelve, eighteen, between = (learnt.at(lead) for lead in (12, 18, 14))
        for scale in (0, 1):
            np.testing.assert_allclose(
                between[scale], twelve[scale] + (eighteen[scale] - twelve[scale]) / 3
            )
        for far, last in (
            (learnt.at(90)[0], learnt.common[-1]),
            (learnt.at(1)[0], learnt.common[0]),
        ):
            np.testing.assert_array_equal(far, last)

    def test_separate_periods_are_origins_over_lead(self) -> None:
        learnt = calibrate(backtest(steady(72), 36), "total")
        # Origins 24 to 59 have an end a year on; to 35, three years on.
        assert learnt.periods_at(12) == (72 - 12 - 23) / 12
        assert learnt.periods_at(36) == (72 - 36 - 23) / 36
        assert learnt.periods_at(1) == (72 - 1 - 23) / 12
        # Nothing is known beyond what was forecast.
        assert learnt.periods_at(48) == 0

    def test_without_any_error_the_scales_are_those_fixed_beforehand(self) -> None:
        past = backtest(steady(20), 24)
        learnt = calibrate(past, "total")
        assert (learnt.periods == 0).all()
        common, own = learnt.at(12)
        np.testing.assert_allclose(common, COMMON_AT_A_YEAR["total"] * past.volatility[-1])
        np.testing.assert_allclose(own, OWN_AT_A_YEAR["total"])
        later, own_later = learnt.at(24)
        np.testing.assert_allclose(later, common * 2 ** COMMON_GROWTH["total"])
        np.testing.assert_allclose(own_later, own * 2 ** OWN_GROWTH["total"])

    @pytest.mark.parametrize("kind", ["total", "month"])
    def test_one_lead_at_some_months_is_what_calibrating_to_each_gives(
        self, kind: Kind
    ) -> None:
        past = backtest(steady(60), 24)
        at = [30, 45, 59]
        for month, found in zip(at, calibrate_at(past, kind, 12, at), strict=True):
            whole = calibrate(past, kind, until=month)
            np.testing.assert_allclose(found.at(12), whole.at(12))
            assert found.periods_at(12) == whole.periods_at(12)

    def test_a_steady_family_is_given_a_narrower_range_than_a_jumpy_one(self) -> None:
        random = np.random.default_rng(5)
        calm = planted(random, 120, common=0.01, own=0.003, level=2000, families=5)
        wild = planted(random, 120, common=0.05, own=0.003, level=2000, families=5)
        world = pd.concat([calm, wild], axis=1, ignore_index=True)
        panel = Panel.of(world, family_of(10, PARTS))
        common, _ = calibrate(backtest(panel, 12), "total").at(12)
        assert common[5:].min() > common[:5].max()

    def test_a_family_of_one_has_its_own_drift_within_its_common_shock(self) -> None:
        short = Panel.of(pd.DataFrame({"a": [900.0] * 20}, months(20)), {"a": "a"})
        past = backtest(short, 12)
        common, _ = calibrate(past, "total").at(12)
        assert common[0] == pytest.approx(
            np.hypot(COMMON_AT_A_YEAR["total"] * past.volatility[-1, 0], OWN_AT_A_YEAR["total"])
        )

    def test_covid_and_steps_teach_no_scale(self) -> None:
        random = np.random.default_rng(6)
        world = planted(random, 120, common=0.005, own=0.002, level=3000)
        shaken = world.copy()
        shaken.iloc[60:66] /= 3
        family, unusual = family_of(FAMILIES, PARTS), months(120)[60:66]
        told = calibrate(
            backtest(Panel.of(shaken, family, unusual_months=unusual), 12), "total"
        )
        untold = calibrate(backtest(Panel.of(shaken, family), 12), "total")
        assert (told.at(12)[0] < untold.at(12)[0] / 2).all()
        lifted = world.copy()
        lifted.iloc[80:, :PARTS] *= 2
        steps: dict[Hashable, list[tuple[pd.Timestamp, pd.Timestamp]]] = {
            0: [(months(120)[80], months(120)[80])]
        }
        known, unknown = (
            calibrate(backtest(Panel.of(lifted, family, steps=each), 12), "total").at(12)[0][0]
            for each in (steps, None)
        )
        assert known < unknown / 2


class TestFutures:
    """Draws are whole numbers, joint, and the same for the same seed."""

    def drawn(
        self, panel: Panel, central: np.ndarray, common: float, own: float, **options: object
    ) -> np.ndarray:
        shocks = Shocks.of(panel, 40_000, 3)
        return shocks.futures(panel, central, scales(panel, common, own), 12, **options)  # type: ignore[arg-type]

    def test_the_same_seed_gives_the_same_futures_and_another_others(self) -> None:
        panel = steady()
        one, same, other = (
            Shocks.of(panel, 500, seed).futures(
                panel, np.full(12, 5000.0), scales(panel, 0.1, 0.05), 12
            )
            for seed in (1, 1, 2)
        )
        np.testing.assert_array_equal(one, same)
        assert (one != other).mean() > 0.9

    def test_some_parts_have_the_numbers_that_they_have_among_all(self) -> None:
        panel, central = steady(), np.linspace(10, 9000, 12)
        every = self.drawn(panel, central, 0.1, 0.05, seen=central / 3)
        wanted = np.array([7, 0, 11])
        some = self.drawn(panel, central, 0.1, 0.05, seen=central / 3, parts=wanted)
        np.testing.assert_array_equal(some, every[:, wanted])

    def test_the_median_is_the_forecast_and_shocks_are_as_likely_up_as_down(self) -> None:
        panel = steady()
        futures = self.drawn(panel, np.full(12, 20_000.0), 0.2, 0.1)
        logs = np.log(futures / 20_000)
        low, middle, high = np.quantile(logs, [0.1, 0.5, 0.9], axis=0)
        assert np.abs(middle).max() < 0.006
        np.testing.assert_allclose(-low, high, rtol=0.06)

    def test_the_scale_of_logs_is_that_which_was_asked_for(self) -> None:
        panel = steady()
        whole = panel.by_family(self.drawn(panel, np.full(12, 1e6), 0.15, 0.0))
        assert np.log(whole / 3e6).std(axis=0) == pytest.approx([0.15] * 4, rel=0.05)
        # Their tails are heavier than a normal's.
        far = np.abs(np.log(whole / 3e6)) > 3 * 0.15
        assert 0.004 < far.mean() < 0.02

    def test_own_drift_moves_shares_and_leaves_the_whole(self) -> None:
        panel = steady()
        futures = self.drawn(panel, np.full(12, 1e6), 0.0, 0.05)
        drift = np.log(futures / 1e6)
        # Of three parts the mean is taken out: two thirds of the variance are left.
        assert drift.std(axis=0) == pytest.approx([0.05 * np.sqrt(2 / 3)] * 12, rel=0.05)
        assert np.log(panel.by_family(futures) / 3e6).std() < 0.002

    def test_months_that_were_seen_leave_no_chance(self) -> None:
        panel = steady()
        central = np.full(12, 4800.0)
        seen = np.full(12, 4400.0)
        nearly_over = self.drawn(panel, central, 0.02, 0.01, seen=seen)
        assert (nearly_over >= seen).all()
        assert np.quantile(nearly_over, 0.5, axis=0) == pytest.approx([4800] * 12, abs=4)
        assert np.quantile(nearly_over, 0.9, axis=0) == pytest.approx([4937] * 12, abs=12)
        over = self.drawn(panel, seen, 0.3, 0.1, seen=seen)
        # A shock may add to what is recorded, and never takes from it.
        assert (over >= 4400).all()
        assert (over == 4400).mean() > 0.4
        # A shock greater than what is to come leaves next to nothing of it, and no less.
        shaken = self.drawn(panel, central, 0.5, 0.0, seen=seen)
        assert (shaken >= seen).all()

    def test_chance_alone_has_twice_the_spread_of_counting(self) -> None:
        panel = steady()
        futures = self.drawn(panel, np.full(12, 900.0), 0.0, 0.0)
        assert futures.std(axis=0) == pytest.approx([np.sqrt(2 * 900)] * 12, rel=0.03)
        assert futures.mean() == pytest.approx(900, abs=2)

    def test_nothing_stays_next_to_nothing(self) -> None:
        futures = self.drawn(steady(), np.zeros(12), 0.3, 0.2)
        assert np.median(futures) == 0
        assert np.quantile(futures, 0.95) <= 1
        assert np.isfinite(futures).all()

    def test_offences_of_one_larger_whole_share_a_part_of_their_shocks(self) -> None:
        grouped, apart = steady(group=dict.fromkeys(range(4), "all")), steady()
        central = np.full(12, 1e6)
        sums = {}
        for name, panel in (("grouped", grouped), ("apart", apart)):
            whole = np.log(panel.by_family(self.drawn(panel, central, 0.1, 0.0)) / 3e6)
            correlation = np.corrcoef(whole.T)[np.triu_indices(4, 1)].mean()
            sums[name] = self.drawn(panel, central, 0.1, 0.0).sum(axis=1).std()
            expected = SHARED_BY_WHOLES if name == "grouped" else 0
            assert correlation == pytest.approx(expected, abs=0.02)
        # The sum of four with correlation r has sqrt(1 + 3 r) times the spread.
        assert sums["grouped"] / sums["apart"] == pytest.approx(np.sqrt(1.9), rel=0.04)

    def test_offences_of_one_place_share_a_part_of_their_drift(self) -> None:
        place: dict[Hashable, Hashable] = {part: part % 3 for part in range(12)}
        panel = steady(place=place)
        drift = np.log(self.drawn(panel, np.full(12, 1e6), 0.0, 0.1) / 1e6)
        correlation = np.corrcoef(drift.T)
        same_place = [(a, b) for a in range(12) for b in range(a) if a % 3 == b % 3]
        assert np.mean([correlation[pair] for pair in same_place]) == pytest.approx(
            0.1, abs=0.02
        )


class TestLogLimits:
    """Half a range without drawing futures."""

    @pytest.mark.parametrize("level", [0.8, 0.95])
    @pytest.mark.parametrize(
        ("common", "own", "size"), [(0.08, 0.03, 20_000), (0.02, 0.08, 600), (0.1, 0.1, 3000)]
    )
    def test_they_are_the_quantiles_of_summed_futures(
        self, level: float, common: float, own: float, size: float
    ) -> None:
        # 4 offences in 20 places.
        counts = np.random.default_rng(1).poisson(50, (30, 80)).astype(float)
        panel = Panel.of(
            pd.DataFrame(counts, months(30)),
            family_of(4, 20),
            group=dict.fromkeys(range(4), "all"),
            place={part: part % 20 for part in range(80)},
        )
        central = size * np.random.default_rng(2).lognormal(0, 0.5, 80)
        by_hand = scales(panel, common, own)
        positions = np.arange(80).reshape(4, 20)
        limits = log_limits(panel, central, by_hand, 12, positions, level)
        futures = Shocks.of(panel, 20_000, 5).futures(panel, central, by_hand, 12)
        summed = futures.reshape(-1, 4, 20).sum(axis=1)
        tail = (1 - level) / 2
        lower, upper = np.quantile(summed, [tail, 1 - tail], axis=0)
        width = np.log(upper / lower) / 2
        assert limits == pytest.approx(width, rel=0.1)
        # A twentieth too wide where counting and drift rule: both are taken for shared.
        assert 0.97 < (limits / width).mean() < 1.07

    def test_one_offence_is_as_uncertain_as_its_shock_drift_and_counting(self) -> None:
        panel = steady()
        found = log_limits(
            panel, np.full(12, 400.0), scales(panel, 0.0, 0.05), 12, np.array([[0, 5]]), 0.8
        )
        assert found == pytest.approx([1.2816 * np.sqrt(0.05**2 + 2 / 400)] * 2, rel=1e-3)


def test_a_record_of_months_and_one_of_totals_have_leads_of_their_own() -> None:
    past: Backtest = backtest(steady(48), 12)
    assert calibrate(past, "total").leads.tolist() == list(TOTAL_LEADS)
    assert calibrate(past, "month").leads.tolist() == list(MONTH_LEADS)


def test_errors_that_know_no_bound_are_bounded() -> None:
    past = backtest(steady(60), 12)
    leaping = replace(past, volatility=np.full_like(past.volatility, 9.0))
    assert calibrate(leaping, "total").common.max() == MOST_COMMON


@pytest.mark.parametrize("rate", [0.0, 0.05, 0.5, 2.0, 4.9, 5.1, 40.0])
def test_a_few_are_counted_as_a_few(rate: float) -> None:
    shock = np.random.default_rng(5).standard_normal((200_000, 1)).astype(np.float32)
    counts = _counted(np.full(shock.shape, rate, dtype=np.float32), shock)
    assert (counts >= 0).all()
    assert (counts == np.rint(counts)).all()
    assert counts.mean() == pytest.approx(rate, rel=0.12, abs=0.01)
    assert counts.var() == pytest.approx(COUNTING * rate, rel=0.12, abs=0.02)
