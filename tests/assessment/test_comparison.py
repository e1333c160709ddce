"""How the boroughs stand: published ranks, recomputed rates, and a year with a step."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from analysis.assessment import Assessment
from analysis.assessment.comparison import (
    HARM,
    MAIN,
    RATIO_CLASSES,
    borough_changes,
    index_since_first_year,
    level_of,
    months_lowest,
    people_for_londons_rate,
    profile,
    rolling_rates,
    standings,
    whole_years,
)
from analysis.data.severity import load_severity_weights
from analysis.params.areas import HEATHROW_CODE, borough_codes

Open = Callable[..., Assessment]

HARROW, HILLINGDON, WESTMINSTER = "E09000015", "E09000017", "E09000033"
AUGUST_2024 = ("2023-09", "2024-08")


@pytest.fixture(scope="module")
def harrow(opened: Open) -> Assessment:
    return opened("harrow")


@pytest.fixture(scope="module")
def table(harrow: Assessment) -> pd.DataFrame:
    return standings(harrow)


def test_harrows_ranks_of_december_2013_are_those_printed_at_the_time(
    harrow: Assessment,
) -> None:
    # iharrow.com, January 2014, from maps.met.police.uk: 5th by count, joint 3rd by rate.
    month = harrow.history("total", "policing", "old")[borough_codes()].astype(float)
    counts = month.loc["2013-12"].iloc[0]
    people = harrow.population(("2013-07", "2014-06"))[counts.index]
    assert counts.rank(method="min")[HARROW] == 5
    assert (counts / people).rank(method="min")[HARROW] == 3


class TestStandings:
    def test_a_rate_is_offences_over_residents(
        self, harrow: Assessment, table: pd.DataFrame
    ) -> None:
        counts = harrow.series(MAIN).loc["2024-06":"2025-05"].astype(float).sum()
        people = harrow.population(harrow.latest_year)[HARROW]
        row = table.loc[HARROW]
        assert row["offence_count"] == counts
        assert row["rate_per_1000"] == pytest.approx(1000 * counts / people)
        assert row["rate_rank"] == 1 + (table["rate_per_1000"] < row["rate_per_1000"]).sum()

    def test_joint_ranks_are_never_narrower_than_they_must_be(
        self, table: pd.DataFrame
    ) -> None:
        for by in ("count", "rate"):
            assert (table[f"{by}_joint_lower"] <= table[f"{by}_rank"]).all()
            assert (table[f"{by}_rank"] <= table[f"{by}_joint_upper"]).all()
            joint = (table[f"{by}_joint_upper"] - table[f"{by}_joint_lower"]).mean()
            alone = (table[f"{by}_rank_upper"] - table[f"{by}_rank_lower"]).mean()
            assert joint > alone

    def test_whoever_has_a_fair_chance_of_being_lowest_is_in_the_set(
        self, table: pd.DataFrame
    ) -> None:
        likely = table[table["rate_lowest_probability"] > 0.05]
        assert likely["rate_may_be_lowest"].all()
        assert table["rate_lowest_probability"].sum() == pytest.approx(1)

    def test_classes_are_of_the_rate_over_that_of_all_32(self, table: pd.DataFrame) -> None:
        people = table["offence_count"].astype(float) / table["rate_per_1000"]
        london = table["offence_count"].astype(float).sum() / people.sum()
        for row in table.itertuples():
            low, high = RATIO_CLASSES[row.ratio_class]
            assert low <= row.rate_per_1000 / london < high
        assert table.loc[WESTMINSTER, "ratio_class"] == "well above"

    def test_harm_is_the_weighted_sum_over_residents(self, harrow: Assessment) -> None:
        weights = load_severity_weights().set_index("offence_group")["weight"].dropna()
        year = harrow.offences[
            (harrow.offences["area_code"] == HARROW)
            & (harrow.offences["month"] >= "2024-06-01")
        ]
        counts = year.groupby("offence_group")["offence_count"].sum().astype(float)
        score = (counts * weights).dropna().sum()
        people = harrow.population(harrow.latest_year)[HARROW]
        rate = standings(harrow, HARM).loc[HARROW, "rate_per_1000"]
        assert rate == pytest.approx(1000 * score / people)

    def test_harm_scatters_as_fewer_offences_than_were_recorded(
        self, harrow: Assessment
    ) -> None:
        # Few grave offences carry the score, so it is worth fewer than it has.
        level = level_of(harrow, HARM, harrow.latest_year)
        counts = level_of(harrow, MAIN, harrow.latest_year).counts
        assert (level.counts < counts / 2).all()
        assert (level.dispersion >= 1).all()

    def test_hillingdon_is_marked_in_the_year_in_which_heathrow_joins(
        self, opened: Open
    ) -> None:
        joined = standings(opened("harrow"), period=AUGUST_2024)
        assert joined.index[joined["is_mixed_year"]].tolist() == [HILLINGDON]


class TestOverTheYears:
    def test_years_end_with_the_month_of_the_cut_and_are_whole(
        self, harrow: Assessment
    ) -> None:
        periods = whole_years(harrow)
        assert periods[-1] == harrow.latest_year
        assert periods[0] == ("2010-06", "2011-05")
        assert all(first[:7] >= "2010-04" for first, _ in periods)

    def test_a_rolling_rate_is_twelve_months_over_that_years_residents(
        self, harrow: Assessment
    ) -> None:
        rates = rolling_rates(harrow)
        assert rates.notna().all(axis=None)
        counts = harrow.series(MAIN).loc["2014-07":"2015-06"].astype(float).sum()
        people = harrow.population(("2014-07", "2015-06"))[HARROW]
        found = rates.loc[pd.Timestamp("2015-06-01"), HARROW]
        assert found == pytest.approx(1000 * counts / people)

    def test_hillingdon_takes_no_half_step_while_heathrow_joins(
        self, harrow: Assessment
    ) -> None:
        rates = rolling_rates(harrow)[HILLINGDON]
        people = harrow.population(AUGUST_2024)[HILLINGDON]
        own = harrow.history(MAIN).loc["2023-09":"2024-08"].astype(float)
        both = own[[HILLINGDON, HEATHROW_CODE]].sum().sum()
        assert rates[pd.Timestamp("2024-08-01")] == pytest.approx(1000 * both / people)

    def test_the_index_begins_at_100_and_ends_with_the_newest_month(
        self, harrow: Assessment
    ) -> None:
        rates = rolling_rates(harrow)
        index = index_since_first_year(rates)
        assert index.index[-1] == rates.index[-1]
        # The year that the report names is the one that stands at 100.
        assert index.iloc[0].tolist() == pytest.approx([100] * len(borough_codes()))
        assert index.iloc[-1][HARROW] == pytest.approx(
            100 * rates.iloc[-1][HARROW] / rates.loc[index.index[0], HARROW]
        )
        assert set(index.columns) == set(borough_codes())

    def test_every_period_has_one_lowest_borough(self, harrow: Assessment) -> None:
        rates = rolling_rates(harrow)
        table = months_lowest(harrow, rates)
        for _, rows in table.groupby("by"):
            assert rows["period_count"].sum() == rows["all_count"].iloc[0] == len(rates)
        by_rate = table[table["by"] == "rate"].set_index("area_code")
        ranks = rates.rank(axis=1)[HARROW]
        assert by_rate.loc[HARROW, "period_count"] == (ranks == 1).sum()


class TestChanges:
    def test_counts_are_those_of_the_two_years(self, harrow: Assessment) -> None:
        table = borough_changes(harrow)
        for name, year in (
            ("before_count", harrow.previous_year),
            ("after_count", harrow.latest_year),
        ):
            assert table.loc[HARROW, name] == harrow.count(MAIN, year)

    def test_hillingdon_is_not_judged_across_march_2024(self, harrow: Assessment) -> None:
        table = borough_changes(harrow)
        assert table.index[table["is_blocked"]].tolist() == [HILLINGDON]
        assert table.loc[HILLINGDON, ["change_pct", "relative_change_pct"]].isna().all()

    def test_against_the_rest_is_the_ratio_of_growths(self, opened: Open) -> None:
        table = borough_changes(opened("harrow", "2019-06"))
        sums = table[["before_count", "after_count"]].astype(float)
        own, rest = sums.loc[HARROW], sums.drop(index=HARROW).sum()
        ratio = (own["after_count"] / own["before_count"]) / (
            rest["after_count"] / rest["before_count"]
        )
        assert table.loc[HARROW, "relative_change_pct"] == pytest.approx(100 * (ratio - 1))


def test_a_quotient_is_the_boroughs_share_over_londons(harrow: Assessment) -> None:
    table = profile(harrow)
    year = harrow.offences[
        (harrow.offences["month"] >= "2024-06-01")
        & harrow.offences["area_code"].isin(borough_codes())
        & harrow.offences["offence_group"].isin(table.index)
    ]
    counts = year.groupby(["area_code", "offence_group"])["offence_count"].sum().unstack()
    counts = counts.astype(float)
    share = counts.loc[HARROW] / counts.loc[HARROW].sum()
    london = counts.sum() / counts.sum().sum()
    group = "residential_burglary"
    assert table.loc[group, "location_quotient"] == pytest.approx(share[group] / london[group])
    assert table["share_pct"].sum() == pytest.approx(100)


def test_westminsters_rate_hangs_on_who_is_counted_as_being_there(harrow: Assessment) -> None:
    counts = harrow.borough_totals(MAIN, harrow.latest_year).astype(float)
    people = harrow.population(harrow.latest_year)[counts.index]
    multiple = people_for_londons_rate(harrow, WESTMINSTER)
    # With so many people there its rate is that of the 31 others together.
    rate = counts[WESTMINSTER] / (multiple * people[WESTMINSTER])
    others = counts.drop(WESTMINSTER).sum() / people.drop(WESTMINSTER).sum()
    assert rate == pytest.approx(others)
    assert multiple > 3
