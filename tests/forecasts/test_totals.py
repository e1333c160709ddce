"""An outlook over offences and areas: what it refuses, how it adds up, when it gives way.

Planted worlds are three offences in six areas whose wholes and shares walk at random. At the
end the real figures of 2013 are taken three years forward and held to what came.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.assessment import Assessment
from analysis.data.offences import members
from analysis.data.vintages import Basis, OffenceList
from analysis.errors import DataContractError
from analysis.forecasts.totals import ENOUGH_PERIODS, FARTHEST, Outlook, TotalForecast
from analysis.forecasts.track_record import track_record
from analysis.params.areas import borough_codes

GROUPS = ["burglary", "robbery", "theft"]
AREAS = [f"area {number}" for number in range(6)]
SEASON = np.array([0.9, 0.8, 1.0, 1.0, 1.1, 1.2, 1.2, 1.1, 1.0, 1.0, 0.9, 0.8])

HARROW = "E09000015"


def planted(
    seed: int = 1,
    *,
    number: int = 120,
    common: float = 0.02,
    own: float = 0.01,
    level: float = 300,
) -> dict[str, pd.DataFrame]:
    """Monthly counts by offence that walk at random, partly together."""
    random = np.random.default_rng(seed)
    index = pd.date_range("2010-01-01", periods=number, freq="MS")
    histories = {}
    for place, group in enumerate(GROUPS):
        together = random.normal(0, common, number).cumsum()[:, None]
        alone = random.normal(0, own, (number, len(AREAS))).cumsum(axis=0)
        season = SEASON[index.month - 1][:, None]
        rate = level * (place + 1) * season * np.exp(together + alone)
        histories[group] = pd.DataFrame(random.poisson(rate).astype(float), index, AREAS)
    return histories


def width(forecast: TotalForecast, area: str = AREAS[0]) -> float:
    lower, upper = forecast.interval(area)
    return upper - lower


@pytest.fixture(scope="module")
def outlook() -> Outlook:
    return Outlook.of(planted(), n_draws=2000)


class TestTotal:
    """The distribution of a 12-month total."""

    def test_its_parts_are_those_handed_in(self, outlook: Outlook) -> None:
        assert outlook.groups == tuple(GROUPS)
        assert outlook.areas == AREAS
        total = outlook.total(GROUPS, "2021-06")
        assert (total.origin, total.horizon) == ("2019-12", "2021-06")
        assert total.draws.shape == (2000, 6)
        assert total.draws.columns.tolist() == AREAS
        counted = pd.concat(planted(), axis=1).iloc[-12:].sum().groupby(level=1).sum()
        pd.testing.assert_series_equal(total.last_12, counted)

    def test_offences_sum_within_a_future(self, outlook: Outlook) -> None:
        together = outlook.total(GROUPS, "2020-12").draws
        apart = outlook.total(GROUPS[:1], "2020-12").draws
        for group in GROUPS[1:]:
            apart = apart + outlook.total([group], "2020-12").draws
        # Where one measure gives way to last year and another does not they part; not here.
        assert not any(outlook.total([g], "2020-12").is_last_year for g in GROUPS)
        assert not outlook.total(GROUPS, "2020-12").is_last_year
        pd.testing.assert_frame_equal(together, apart)
        medians = sum(outlook.total([group], "2020-12").median(AREAS[1]) for group in GROUPS)
        assert outlook.total(GROUPS, "2020-12").median(AREAS[1]) == pytest.approx(
            medians, rel=0.01
        )

    def test_limits_lie_about_the_median_and_wider_ones_outside(self, outlook: Outlook) -> None:
        for horizon in ("2020-01", "2020-12", "2024-12"):
            total = outlook.total(GROUPS, horizon)
            (low, high), (lowest, highest) = (
                total.interval(AREAS[2]),
                total.interval(AREAS[2], 0.95),
            )
            assert lowest < low < total.median(AREAS[2]) < high < highest
            drawn = total.draws[AREAS[2]]
            assert drawn.between(low, high).mean() == pytest.approx(0.8, abs=0.01)

    def test_ranges_grow_with_the_horizon(self, outlook: Outlook) -> None:
        horizons = ["2020-01", "2020-06", "2020-12", "2021-12", "2022-12", "2024-12"]
        widths = [width(outlook.total(GROUPS, horizon)) for horizon in horizons]
        assert widths == sorted(widths)
        # Eleven of the twelve months are known a month ahead.
        assert widths[0] < widths[2] / 3

    def test_what_was_recorded_is_in_every_future(self, outlook: Outlook) -> None:
        for months_ahead, horizon in ((1, "2020-01"), (6, "2020-06")):
            total = outlook.total(["theft"], horizon)
            seen = planted()["theft"].iloc[months_ahead - 12 :].sum()
            assert (total.draws >= seen).all(axis=None)

    def test_areas_of_one_world_move_together(self) -> None:
        shared = Outlook.of(planted(3, common=0.04, own=0.002, level=3000))
        apart = Outlook.of(planted(3, common=0.0, own=0.03, level=3000))
        correlations = [
            each.total(["theft"], "2021-12").draws.corr().to_numpy()[0, 1:].mean()
            for each in (shared, apart)
        ]
        assert correlations[0] > 0.8
        assert correlations[1] < 0.4

    def test_the_same_seed_gives_the_same_future_and_another_nearly_so(self) -> None:
        histories = planted(4)
        one, same, other = (
            Outlook.of(histories, seed=seed).total(GROUPS, "2021-06") for seed in (1, 1, 2)
        )
        pd.testing.assert_frame_equal(one.draws, same.draws)
        assert not one.draws.equals(other.draws)
        assert other.median(AREAS[0]) == pytest.approx(one.median(AREAS[0]), rel=0.01)
        assert width(other) == pytest.approx(width(one), rel=0.1)

    def test_the_method_tells_its_centre_and_how_much_stands_behind_it(
        self, outlook: Outlook
    ) -> None:
        said = outlook.total(GROUPS, "2020-12").method
        assert said.startswith("The centre is the borough's share of London's offences")
        # 120 months less two years, less the year itself, in years: seven and a bit.
        assert "over 12 months" in said
        assert "(seven separate periods)" in said
        # At five years 37 origins have an end, less than one period of 60 months.
        assert outlook.total(GROUPS, "2024-12").periods == 37 / 60

    def test_covid_and_steps_leave_the_ranges_as_they_were(self) -> None:
        histories = planted(5, common=0.004, own=0.004)
        lockdown = pd.date_range("2016-03-01", "2016-08-01", freq="MS")
        shaken = {name: history.copy() for name, history in histories.items()}
        for history in shaken.values():
            history.loc[lockdown] = (history.loc[lockdown] / 3).round()
        told = Outlook.of(shaken, unusual_months=lockdown).total(GROUPS, "2020-12")
        untold = Outlook.of(shaken).total(GROUPS, "2020-12")
        calm = Outlook.of(histories).total(GROUPS, "2020-12")
        assert width(told) < width(untold) / 2
        # The level and trend of the months after were dented, so they err a little more.
        assert width(calm) < width(told) < 2 * width(calm)


class TestPathAndMonths:
    """Month by month to the horizon."""

    def test_the_path_meets_the_total_at_every_month(self, outlook: Outlook) -> None:
        path = outlook.path(GROUPS, AREAS[3], "2021-03")
        assert path["month"].tolist() == list(
            pd.date_range("2020-01-01", "2021-03-01", freq="MS")
        )
        for row in path.to_dict("records"):
            total = outlook.total(GROUPS, f"{row['month']:%Y-%m}")
            assert row["median"] == total.median(AREAS[3])
            for level in (80, 95):
                limits = (row[f"lower_{level}"], row[f"upper_{level}"])
                assert limits == pytest.approx(total.interval(AREAS[3], level / 100), rel=1e-12)

    def test_months_repeat_the_season_and_come_to_the_total(self, outlook: Outlook) -> None:
        ahead = outlook.months(GROUPS, AREAS[3], "2021-12")
        assert len(ahead) == 24
        values = ahead.drop(columns="month")
        assert (values["lower_95"] < values["lower_80"]).all()
        assert (values["upper_80"] < values["upper_95"]).all()
        first = ahead["median"].iloc[:12]
        days = ahead["month"].iloc[:12].dt.days_in_month
        assert np.corrcoef(first / days, SEASON)[0, 1] > 0.95
        total = outlook.total(GROUPS, "2020-12").median(AREAS[3])
        assert first.sum() == pytest.approx(total, rel=0.02)


class TestGivingWay:
    """Where the method has been no better, the last 12 months are used, and it is said."""

    def bent(self, outlook: Outlook, errors: list[float]) -> Outlook:
        """The outlook with a record of so much error against last year, by years ahead."""
        record = outlook.track_record(GROUPS, outlook.areas).copy()
        record["relative_error"] = np.repeat(errors, 2)
        key = (tuple(GROUPS), tuple(outlook.areas))
        return replace(outlook, _records={key: record})

    def test_a_year_in_which_last_year_was_better_is_centred_on_it(
        self, outlook: Outlook
    ) -> None:
        bent = self.bent(outlook, [1.1, 0.9, 0.9])
        year, two = bent.total(GROUPS, "2020-12"), bent.total(GROUPS, "2021-12")
        assert year.is_last_year
        assert not two.is_last_year
        for area in AREAS:
            assert year.median(area) == pytest.approx(year.last_12[area], rel=0.005)
        assert "The centre is the last 12 months" in year.method
        own = self.bent(outlook, [0.9, 0.9, 0.9])
        pd.testing.assert_frame_equal(two.draws, own.total(GROUPS, "2021-12").draws)
        # Its ranges are as wide on logs as they would have been.
        plain = own.total(GROUPS, "2020-12")
        ratios = [np.divide(*each.interval(AREAS[0])) for each in (year, plain)]
        assert ratios[0] == pytest.approx(ratios[1])

    def test_between_years_it_gives_way_by_degrees(self, outlook: Outlook) -> None:
        bent, plain = (self.bent(outlook, [0.9, each, each]) for each in (1.2, 0.9))
        area, last = AREAS[0], outlook.total(GROUPS, "2020-12").last_12[AREAS[0]]
        away = []
        for horizon in ("2020-12", "2021-06", "2021-12"):
            own = plain.total(GROUPS, horizon).median(area)
            given = bent.total(GROUPS, horizon).median(area)
            away.append(np.log(given / last) / np.log(own / last))
        assert away == pytest.approx([1, 0.5, 0], abs=0.15)
        # Of three years there is not enough of a record to go by.
        assert not bent.total(GROUPS, "2022-12").is_last_year

    def test_months_give_way_as_their_year_does(self, outlook: Outlook) -> None:
        bent = self.bent(outlook, [1.1, 0.9, 0.9])
        ahead = bent.months(GROUPS, AREAS[0], "2021-12")["median"]
        own = self.bent(outlook, [0.9, 0.9, 0.9]).months(GROUPS, AREAS[0], "2021-12")["median"]
        last = bent.total(GROUPS, "2020-12").last_12[AREAS[0]]
        assert ahead.iloc[:12].sum() == pytest.approx(last, rel=0.01)
        assert ahead.iloc[12:].tolist() == pytest.approx(own.iloc[12:].tolist())

    def test_what_was_recorded_is_in_every_future_of_a_year_that_gives_way(self) -> None:
        histories = planted(6, common=0.0, own=0.0)
        for history in histories.values():
            # Twice as much since July, so that last year is well below what is to come.
            history.iloc[-6:] *= 2
        bent = self.bent(Outlook.of(histories, n_draws=2000), [1.1, 1.1, 1.1])
        for months_ahead, horizon in ((1, "2020-01"), (3, "2020-03"), (6, "2020-06")):
            total = bent.total(GROUPS, horizon)
            assert total.is_last_year
            seen = sum(h.iloc[months_ahead - 12 :].sum() for h in histories.values())
            assert (total.draws >= seen).all(axis=None)
            assert total.median(AREAS[0]) == pytest.approx(total.last_12[AREAS[0]], rel=0.01)

    def test_one_separate_period_is_not_enough_to_give_way(self) -> None:
        short = Outlook.of(planted(7, number=50))
        periods = [short.total(GROUPS, horizon).periods for horizon in ("2015-02", "2017-02")]
        assert max(periods) < ENOUGH_PERIODS
        bent = self.bent(short, [2.0, 2.0, 2.0])
        assert not bent.total(GROUPS, "2015-02").is_last_year

    def test_a_world_that_turns_back_each_year_is_told_by_its_record(self) -> None:
        # Each half-year undoes the one before, so following the latest months is always wrong
        # and a year is as the last: the record finds it without being told.
        random = np.random.default_rng(8)
        index = pd.date_range("2010-01-01", periods=132, freq="MS")
        high = np.where(np.arange(132) // 9 % 2, 1.35, 0.65)[:, None]
        level = 900 * np.array([1.0, 0.5, 2.0, 1.5, 1.0, 0.7])
        history = pd.DataFrame(random.poisson(high * level).astype(float), index, AREAS)
        outlook = Outlook.of({"theft": history}, n_draws=2000)
        record = outlook.track_record(["theft"], AREAS).set_index(["years_ahead", "is_usual"])
        for years in (1, 2, 3):
            total = outlook.total(["theft"], f"{2020 + years}-12")
            worse = float(record["relative_error"].to_dict()[years, True]) >= 1
            is_enough = total.periods >= ENOUGH_PERIODS
            assert total.is_last_year == (worse and is_enough)
        assert any(
            outlook.total(["theft"], f"{2020 + years}-12").is_last_year for years in (1, 2, 3)
        )


class TestTrackRecord:
    """How good the same forecasts have been."""

    def test_it_is_that_of_the_areas_asked_for(self, outlook: Outlook) -> None:
        one = outlook.track_record(["theft"], [AREAS[2]])
        position = list(outlook.panel.parts).index(("theft", AREAS[2]))
        by_hand = track_record(outlook.past, np.array([[position]]))
        pd.testing.assert_frame_equal(one, by_hand)
        every = outlook.track_record(["theft"], AREAS)
        assert every["coverage_80"].between(0.5, 1).all()
        assert not every["error_pct"].equals(one["error_pct"])


class TestShort:
    """Little history gives a forecast all the same, and says so."""

    @pytest.mark.parametrize("number", [12, 24, 30])
    def test_two_years_are_forecast_from_what_was_fixed_beforehand(self, number: int) -> None:
        histories = planted(9, number=number, common=0.0, own=0.0)
        outlook = Outlook.of(histories, n_draws=500)
        horizon = f"{outlook.origin + pd.DateOffset(months=24):%Y-%m}"
        total = outlook.total(GROUPS, horizon)
        assert total.is_stretched
        assert not total.is_last_year
        assert "(no whole separate period)" in total.method
        lower, upper = total.interval(AREAS[0])
        assert 0.6 * total.last_12[AREAS[0]] < lower < upper < 1.7 * total.last_12[AREAS[0]]
        assert total.median(AREAS[0]) == pytest.approx(total.last_12[AREAS[0]], rel=0.1)
        assert np.isfinite(outlook.months(GROUPS, AREAS[0], horizon)["upper_95"]).all()

    def test_a_horizon_is_stretched_until_one_separate_period_was_seen(self) -> None:
        outlook = Outlook.of(planted(10, number=60))
        # 24 origins have an end a year on, and one three years on.
        near, far = (outlook.total(GROUPS, horizon) for horizon in ("2015-12", "2017-12"))
        assert (near.periods, far.periods) == ((60 - 12 - 23) / 12, (60 - 36 - 23) / 36)
        assert not near.is_stretched
        assert far.is_stretched

    def test_areas_and_offences_without_any_count_stay_next_to_nought(self) -> None:
        histories = {name: history.copy() for name, history in planted(11).items()}
        for history in histories.values():
            history["area 5"] = 0.0
        histories["none"] = histories["theft"] * 0
        outlook = Outlook.of(histories, n_draws=500)
        total = outlook.total([*GROUPS, "none"], "2020-12")
        assert np.isfinite(total.draws.to_numpy()).all()
        assert total.interval("area 5") == (0, pytest.approx(2, abs=2))
        assert (total.draws[AREAS[:5]] > 1000).all(axis=None)
        assert outlook.total(["none"], "2020-12").median(AREAS[0]) == 0


class TestRefused:
    """One sentence for what cannot be told."""

    @pytest.mark.parametrize("horizon", ["2019-12", "2015-06"])
    def test_a_horizon_that_has_been_seen(self, outlook: Outlook, horizon: str) -> None:
        said = rf"the horizon {horizon} is not after the last month seen \(2019-12\)"
        for ask in (
            lambda: outlook.total(GROUPS, horizon),
            lambda: outlook.path(GROUPS, AREAS[0], horizon),
            lambda: outlook.months(GROUPS, AREAS[0], horizon),
        ):
            with pytest.raises(DataContractError, match=said):
                ask()

    def test_a_horizon_of_more_than_five_years(self, outlook: Outlook) -> None:
        assert outlook.total(GROUPS, "2024-12").draws.notna().all(axis=None)
        assert FARTHEST == 60
        with pytest.raises(DataContractError, match="2025-01 is more than 5 years after"):
            outlook.total(GROUPS, "2025-01")

    def test_an_offence_or_area_that_is_not_held(self, outlook: Outlook) -> None:
        with pytest.raises(DataContractError, match="no counts of 'arson' in area 0"):
            outlook.total(["theft", "arson"], "2020-12")
        with pytest.raises(DataContractError, match="no counts of 'theft' in Leeds"):
            outlook.path(["theft"], "Leeds", "2020-12")
        with pytest.raises(DataContractError, match="no counts of 'theft' in Leeds"):
            outlook.track_record(["theft"], ["Leeds"])

    @pytest.mark.parametrize("how", ["dropped", "blank"])
    def test_a_missing_month(self, how: str) -> None:
        histories = planted()
        history = histories["robbery"]
        if how == "dropped":
            histories["robbery"] = history.drop(history.index[60])
        else:
            history.iloc[60, 2] = np.nan
        with pytest.raises(DataContractError, match="A missing month is not nought"):
            Outlook.of(histories)


class TestRealFigures:
    """London as of March 2013, on the policing basis and the old list."""

    OLD: tuple[Basis, OffenceList] = ("policing", "old")

    def test_harrows_mopac_7_of_2015_16_is_within_its_range(
        self, opened: Callable[..., Assessment]
    ) -> None:
        cut = opened("harrow", "2013-03")
        total = cut.forecast("mopac7", "2016-03", *self.OLD)
        lower, upper = total.interval(HARROW)
        assert lower < 6_377 < upper
        # And not for being endless: it says at most a third either way.
        assert upper / lower < 2
        actual = opened().totals("mopac7", ("2015-04", "2016-03"), *self.OLD)
        assert actual[HARROW] == 6_377
        lower_of, upper_of = total.draws.quantile(0.1), total.draws.quantile(0.9)
        assert actual[borough_codes()].between(lower_of, upper_of).mean() > 0.6

    def test_a_forecast_at_a_cut_is_that_of_the_figures_cut_there(
        self, opened: Callable[..., Assessment]
    ) -> None:
        cut, whole = opened("harrow", "2013-03"), opened()
        of_cut, longer = cut.outlook(*self.OLD), whole.outlook(*self.OLD)
        last = longer.panel.months.tolist().index(pd.Timestamp("2013-03"))
        assert of_cut.panel.months.equals(longer.panel.months[: last + 1])
        shortened = Outlook(longer.panel.until(last), of_cut.n_draws, of_cut.seed)
        assert of_cut.groups == shortened.groups
        groups = [group for group in members("mopac7") if group in of_cut.groups]
        pd.testing.assert_frame_equal(
            shortened.total(groups, "2016-03").draws, of_cut.total(groups, "2016-03").draws
        )
        pd.testing.assert_frame_equal(
            shortened.track_record(groups, [HARROW]), cut.track_record("mopac7", *self.OLD)
        )
