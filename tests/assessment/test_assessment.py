"""A borough at a cut: the published numbers, what the cut hides, what the gate refuses."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from analysis.assessment import Assessment, year_before, year_to
from analysis.data.offences import members
from analysis.errors import AnalysisError, DataContractError, ParamsError
from analysis.measures.rates import crime_rate, scattered_limits
from analysis.params.areas import (
    HEATHROW_CODE,
    LONDON_CODE,
    UNKNOWN_CODE,
    borough_codes,
)

Open = Callable[..., Assessment]

HARROW, HAVERING, HILLINGDON = "E09000015", "E09000016", "E09000017"
YEAR_2011_12 = ("2011-04", "2012-03")
YEAR_2016_17 = ("2016-04", "2017-03")
OLD = ("policing", "old")


@pytest.fixture(scope="module")
def harrow(opened: Open) -> Assessment:
    return opened("harrow")


def test_a_year_ends_with_its_month_and_the_one_before_it_a_year_earlier() -> None:
    assert year_to("2012-03") == YEAR_2011_12
    assert year_to("2012-12") == ("2012-01", "2012-12")
    assert year_before(YEAR_2011_12) == ("2010-04", "2011-03")


class TestPublishedNumbers:
    """Harrow's totals as the published files have them."""

    @pytest.mark.parametrize(
        ("measure", "record", "period", "count"),
        [
            ("total", ("location", "current"), YEAR_2011_12, 13_838),
            ("total", OLD, YEAR_2011_12, 14_197),
            ("total", ("policing", "current"), YEAR_2011_12, 14_080),
            ("total_without_fraud", ("location", "current"), YEAR_2011_12, 13_249),
            ("total_without_fraud", OLD, YEAR_2011_12, 13_413),
            ("total", ("location", "current"), ("2011-10", "2012-09"), 13_638),
            ("total", OLD, ("2011-10", "2012-09"), 13_943),
            ("total", ("location", "current"), ("2012-04", "2013-03"), 13_172),
            ("total", OLD, ("2012-04", "2013-03"), 13_464),
            ("total", ("policing", "current"), ("2012-04", "2013-03"), 13_416),
            ("mopac7", OLD, YEAR_2011_12, 8_255),
            ("mopac7", OLD, ("2015-04", "2016-03"), 6_377),
            ("victim_based", ("location", "current"), ("2012-01", "2012-12"), 11_616),
            ("victim_based", ("policing", "current"), ("2012-01", "2012-12"), 11_823),
        ],
    )
    def test_a_total_of_harrow_is_the_published_one(
        self,
        harrow: Assessment,
        measure: str,
        record: tuple[str, str],
        period: tuple[str, str],
        count: int,
    ) -> None:
        assert harrow.totals(measure, period, *record)[HARROW] == count

    def test_harrows_total_went_down_by_535_and_up_by_227_without_fraud(
        self, harrow: Assessment
    ) -> None:
        total = [
            harrow.totals("total", year, *OLD)[HARROW] for year in (YEAR_2011_12, YEAR_2016_17)
        ]
        assert total == [14_197, 13_662]
        without = [
            harrow.totals("total_without_fraud", year, *OLD)[HARROW]
            for year in (YEAR_2011_12, YEAR_2016_17)
        ]
        assert without[1] - without[0] == 227

    @pytest.mark.parametrize(
        ("record", "met", "harrow_pct", "havering_pct", "boroughs_pct"),
        [
            (OLD, 15, -22.7, -17.0, -18.6),
            (("location", "current"), 14, -22.5, -16.6, -17.7),
        ],
    )
    def test_mopac_7_at_its_end_in_2015_16(
        self,
        harrow: Assessment,
        record: tuple[str, str],
        met: int,
        harrow_pct: float,
        havering_pct: float,
        boroughs_pct: float,
    ) -> None:
        before, after = (
            harrow.totals("mopac7", year, *record)[borough_codes()].astype(float)
            for year in (YEAR_2011_12, ("2015-04", "2016-03"))
        )
        change = 100 * (after / before - 1)
        assert (change <= -20).sum() == met
        assert change[HARROW] == pytest.approx(harrow_pct, abs=0.05)
        assert change[HAVERING] == pytest.approx(havering_pct, abs=0.05)
        assert 100 * (after.sum() / before.sum() - 1) == pytest.approx(boroughs_pct, abs=0.05)


class TestFigures:
    """What the tables hold, and how they add up."""

    @pytest.mark.parametrize("record", [("location", "current"), ("policing", "current"), OLD])
    def test_london_is_the_sum_of_its_parts_in_every_month(
        self, harrow: Assessment, record: tuple[str, str]
    ) -> None:
        history = harrow.history("total", *record)
        parts = history.drop(columns=LONDON_CODE)
        assert set(borough_codes()) <= set(parts.columns)
        assert set(parts.columns) - set(borough_codes()) <= {HEATHROW_CODE, UNKNOWN_CODE}
        assert (parts.sum(axis=1, skipna=False) == history[LONDON_CODE]).all()

    def test_a_scheme_is_the_sum_of_its_members(self, harrow: Assessment) -> None:
        parts = sum(harrow.series(group) for group in members("mopac7"))
        pd.testing.assert_series_equal(parts, harrow.series("mopac7"), check_names=False)

    def test_no_month_is_missing_from_any_borough(self, harrow: Assessment) -> None:
        history = harrow.boroughs_history("total")
        assert list(history.index) == list(
            pd.date_range("2010-04-01", f"{harrow.as_of}-01", freq="MS")
        )
        assert history.notna().all(axis=None)

    def test_a_measure_that_the_list_has_not_is_refused(self, harrow: Assessment) -> None:
        said = "the old offence list does not show 'driving_death_or_injury'"
        with pytest.raises(DataContractError, match=said):
            harrow.history("driving_death_or_injury", *OLD)
        with pytest.raises(ParamsError, match="no measure 'mopac_7'. Did you mean 'mopac7'"):
            harrow.history("mopac_7")

    @pytest.mark.parametrize("period", [("2009-04", "2010-03"), ("2025-04", "2026-03")])
    def test_a_period_beyond_the_figures_is_refused_with_what_is_held(
        self, harrow: Assessment, period: tuple[str, str]
    ) -> None:
        said = f"{period[0]} to {period[1]}: the location basis, current list holds 2010-04 to"
        with pytest.raises(DataContractError, match=said):
            harrow.totals("total", period)

    def test_the_population_is_of_the_middle_of_the_period_or_the_nearest_year_held(
        self, harrow: Assessment
    ) -> None:
        assert harrow.population(("2012-01", "2012-12")).name == "2012"
        assert harrow.population(YEAR_2011_12).name == "2011"
        newest = harrow.population(("2050-01", "2050-12"))
        assert newest.name == str(harrow._population["year"].max())
        # The 2011 census counted 239,056 residents; the estimate of mid-2011 follows it.
        assert harrow.population(YEAR_2011_12)[HARROW] == pytest.approx(239_056, rel=0.01)

    def test_rates_are_the_latest_year_over_residents(self, harrow: Assessment) -> None:
        rates = harrow.rates().T[HARROW]
        count = harrow.count("total_without_fraud", harrow.latest_year)
        people = harrow.population(harrow.latest_year)[HARROW]
        assert rates["rate_per_1000"] == pytest.approx(1000 * count / people)
        # As wide as the scatter of months makes the count, and so wider than chance alone.
        lower, upper = scattered_limits(
            np.array([float(count)]), harrow.dispersion("total_without_fraud")
        )
        assert rates["rate_per_1000_lower"] == pytest.approx(1000 * lower[0] / people)
        assert rates["rate_per_1000_upper"] == pytest.approx(1000 * upper[0] / people)
        alone = crime_rate(pd.Series({HARROW: count}), pd.Series({HARROW: people}))
        assert rates["rate_per_1000_upper"] > alone["rate_per_1000_upper"].iloc[0]

    def test_ranks_run_from_1_to_32_and_lie_within_their_intervals(
        self, harrow: Assessment
    ) -> None:
        ranks = harrow.ranks()
        assert len(ranks) == 32
        for by in ("rate", "count"):
            assert sorted(ranks[f"{by}_rank"]) == list(range(1, 33))
        assert (ranks["rate_rank"] >= ranks["rate_rank_lower"]).all()
        assert (ranks["rate_rank"] <= ranks["rate_rank_upper"]).all()
        by_hand = (
            harrow.totals("total", harrow.latest_year)[borough_codes()].astype(float)
            / harrow.population(harrow.latest_year)[borough_codes()]
        )
        assert ranks.loc[HARROW, "rate_rank"] == by_hand.rank()[HARROW]

    def test_similar_boroughs_are_five_others(self, harrow: Assessment) -> None:
        similar = harrow.similar_boroughs()
        assert len(set(similar)) == 5
        assert set(similar) <= set(borough_codes()) - {HARROW}

    def test_the_share_without_a_borough_spikes_where_it_is_known_to(
        self, harrow: Assessment
    ) -> None:
        share = harrow.unknown_share()
        share.index = pd.DatetimeIndex(share.index).strftime("%Y-%m")
        assert share["2020-03"] == pytest.approx(19.1, abs=0.05)
        assert share["2023-03"] == pytest.approx(6.1, abs=0.05)
        assert share["2023-10"] == pytest.approx(9.8, abs=0.05)
        assert share["2024-07"] == pytest.approx(3.1, abs=0.05)
        assert share["2024-10":].max() < 0.5

    def test_every_source_is_told_with_its_checksum(self, harrow: Assessment) -> None:
        table = harrow.provenance()
        assert table["table"].is_unique
        assert table["sha256"].str.fullmatch("[0-9a-f]{12}").all()
        assert (table[["title", "source"]] != "").all(axis=None)
        bundle, told = harrow._repr_mimebundle_()
        assert "Harrow to May 2025; location basis" in bundle["text/plain"]
        assert told["csp"]["role"] == "provenance"
        assert all(sha in bundle["text/html"] for sha in table["sha256"])


class TestCuts:
    """Nothing later than the cut is seen, whatever is asked."""

    @pytest.mark.parametrize("as_of", ["2013-03", "2019-12"])
    def test_nothing_after_the_last_month_seen_is_in_any_history(
        self, opened: Open, as_of: str
    ) -> None:
        cut = opened("harrow", as_of)
        assert cut.as_of == as_of
        assert cut.offences["month"].max() == pd.Timestamp(as_of)
        for record in (("location", "current"), ("policing", "current"), OLD):
            history = cut.history("mopac7", *record)
            assert history.index.max() <= pd.Timestamp(as_of)
            whole = opened("harrow").history("mopac7", *record)
            pd.testing.assert_frame_equal(history, whole.loc[:as_of], check_freq=False)
        assert cut.revisions().empty
        assert cut.breaks("total")["month"].max() <= pd.Timestamp(as_of)

    def test_a_forecast_made_at_a_cut_does_not_know_what_came(self, opened: Open) -> None:
        cut = opened("harrow", "2013-03")
        forecast = cut.forecast("mopac7", "2016-03", *OLD)
        assert forecast.origin == "2013-03"
        assert forecast.last_12[HARROW] == 7_696

    def test_an_earlier_publication_shows_its_own_months_alone(self) -> None:
        early = Assessment.open("harrow", published_by="2025-06")
        assert early.publications == ["2025-06"]
        assert set(early.offences["published"]) == {"2025-06"}
        assert early.offences["month"].min() == pd.Timestamp("2023-06-01")
        assert not early.has_season
        assert early.revisions().empty
        with pytest.raises(DataContractError, match="holds 2023-06 to 2025-05"):
            early.totals("total", YEAR_2011_12)

    def test_the_newer_publication_wins_where_two_overlap(self, harrow: Assessment) -> None:
        overlap = harrow.offences[harrow.offences["month"].between("2023-06-01", "2024-03-01")]
        assert set(overlap["published"]) == {"2026-04"}
        revised = harrow.revisions()
        assert len(revised) == 10
        assert revised["area_code"].eq(HARROW).all()
        assert revised["revision_pct"].abs().max() < 7

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"borough": "harow"}, "no borough 'harow'. Did you mean 'Harrow' (E09000015)?"),
            ({"borough": "london"}, "'London' is not a borough."),
            ({"borough": "City of London"}, "City of London: it is not one of the 32"),
            ({"borough": ""}, "no borough ''."),
            ({"plan": "harow_2013-17"}, "no plan 'harow_2013-17'. Did you mean"),
            ({"as_of": "2009-01"}, "no month of the location basis, current list, by 2009-01"),
            ({"as_of": "2012-02"}, "begin in 2010-04. Name 2012-03 or a later month."),
            ({"as_of": "2030-01"}, "as_of 2030-01: the figures end in 2025-05."),
            ({"published_by": "2020-01"}, "published by 2020-01; held: 2025-06, 2026-04"),
            ({"as_of": "2013-13"}, "2013-13"),
            ({"as_of": "March 2013"}, "March 2013"),
            ({"as_of": "2013"}, "2013"),
            ({"published_by": "soon"}, "soon"),
        ],
    )
    def test_a_wrong_choice_is_refused_in_a_sentence(
        self, given: dict[str, str], said: str
    ) -> None:
        with pytest.raises(AnalysisError) as refused:
            Assessment.open(**{"borough": "harrow", **given})
        assert said in str(refused.value)
        assert refused.value.exit_code in (2, 3)

    def test_the_earliest_cut_is_two_years_long(self) -> None:
        earliest = Assessment.open("harrow", as_of="2012-03")
        assert earliest.previous_year[0] == "2010-04"
        assert earliest.changes(["mopac7"])["change_pct"].notna().all()
        assert Assessment.open("harrow", published_by="2025-06").as_of == "2025-05"

    def test_empty_parameters_mean_the_newest_and_the_boroughs_own(self) -> None:
        bare = Assessment.open("harrow", as_of="", plan="", published_by="")
        assert bare.as_of == "2025-05"
        assert bare.plan is not None
        assert bare.plan.borough == HARROW
        assert Assessment.open("sutton").plan is None


class TestGate:
    """What may not be compared is blocked, with its sentence, and nothing is computed."""

    def test_hillingdon_across_march_2024_is_blocked_and_nothing_else_is_computed(
        self, opened: Open
    ) -> None:
        hillingdon = opened("hillingdon")
        assert hillingdon.year_on_year.is_blocked
        assert hillingdon.year_on_year.sentences[0].startswith(
            "From April 2023 to February 2024 Heathrow's offences (about 470 a month from June "
        )
        table = hillingdon.changes(["total_without_fraud", "mopac7", "shoplifting"])
        assert table["is_blocked"].all()
        told = ["change_count", "change_pct", "change_pct_lower", "change_pct_upper", "p_value"]
        assert table[told].isna().all(axis=None)
        assert not table["is_significant"].fillna(value=False).any()

    def test_a_year_that_straddles_the_step_cannot_be_ranked(self, opened: Open) -> None:
        assert opened("hillingdon", "2024-12").within_year.is_blocked
        assert not opened("hillingdon").within_year.is_blocked
        assert not opened("harrow", "2024-12").within_year.is_blocked

    def test_hillingdon_before_the_step_is_compared_as_any_other(self, opened: Open) -> None:
        table = opened("hillingdon", "2019-12").changes(["total_without_fraud"])
        assert not table["is_blocked"].any()
        assert table["change_pct"].notna().all()

    def test_one_blocked_group_leaves_the_others_judged(self, opened: Open) -> None:
        cut = opened("harrow", "2013-03")
        table = cut.changes(cut.offence_groups())
        fraud = table.loc["fraud_and_forgery"]
        assert fraud["is_blocked"]
        assert "Action Fraud" in fraud["note"]
        assert pd.isna(fraud["change_pct"])
        assert pd.isna(fraud["is_significant"])
        rest = table.drop("fraud_and_forgery")
        assert not rest["is_blocked"].any()
        assert rest["change_count"].notna().all()

    def test_the_change_of_a_measure_is_its_two_counts(self, opened: Open) -> None:
        cut = opened("harrow", "2013-03")
        row = cut.changes(["total_without_fraud"]).iloc[0]
        assert (row["before_count"], row["after_count"]) == (13_249, 12_610)
        assert row["change_pct"] == pytest.approx(100 * (12_610 / 13_249 - 1))
        assert row["change_pct_lower"] < row["change_pct"] < row["change_pct_upper"]

    @pytest.mark.parametrize("as_of", ["2013-03", "2019-12", None])
    def test_the_reasons_of_a_change_add_up_to_the_change_without_fraud(
        self, opened: Open, as_of: str | None
    ) -> None:
        cut = opened("harrow", as_of)
        split = cut.why()
        parts = ["london_effect_count", "mix_effect_count", "local_effect_count"]
        assert split.total[parts].sum() == pytest.approx(split.total["change_count"])
        assert "fraud_and_forgery" not in split.table.index
        change = cut.changes(["total_without_fraud"])["change_count"].iloc[0]
        # Deaths by driving have no row since April 2024, so no reason of their own.
        assert split.total["change_count"] == pytest.approx(change, abs=10)


class TestPatterns:
    """Season, control chart and harm, as far as a cut allows them."""

    def test_a_season_needs_about_five_years(self, opened: Open) -> None:
        early = opened("harrow", "2013-03")
        assert not early.has_season
        with pytest.raises(DataContractError):
            early.season("total_without_fraud")
        assert opened("harrow", "2019-12").has_season

    def test_covid_months_are_left_out_of_the_season(self, harrow: Assessment) -> None:
        assert len(harrow.unusual_months) == 22
        series = harrow.series("total_without_fraud")
        spoilt = series.copy()
        spoilt[pd.DatetimeIndex(harrow.unusual_months)] = 1
        whole = harrow.season("total_without_fraud").table["seasonal_index"]
        assert whole.mean() == pytest.approx(100, abs=1)
        assert harrow._usual(spoilt).equals(harrow._usual(series))

    def test_the_control_chart_shows_five_years_and_starts_anew_at_the_known_breaks(
        self, opened: Open
    ) -> None:
        hillingdon = opened("hillingdon").control_chart("total_without_fraud").table
        assert len(hillingdon) == 60
        # Without Heathrow's rows these months are 15 offences a day too low, and set no limits.
        apart = hillingdon["month"].between("2023-04-01", "2024-02-01")
        assert hillingdon.loc[apart, "is_excluded"].all()
        harrow = opened("harrow").control_chart("total_without_fraud").table
        assert harrow["segment"].nunique() == hillingdon["segment"].nunique() > 1

    def test_harm_gives_every_borough_a_score_and_shares_that_make_a_whole(
        self, harrow: Assessment
    ) -> None:
        score = harrow.harm()
        assert set(score.table.index) == set(borough_codes())
        shares = score.by_group.groupby("area_code")["harm_pct"].sum()
        assert shares.tolist() == pytest.approx([100] * 32)
        counts = score.by_group.set_index(["area_code", "offence_group"])["offence_count"]
        assert counts[HARROW, "rape"] == harrow.count("rape", harrow.latest_year)


class TestAYearInWhichHeathrowJoins:
    """The year to August 2024 holds Hillingdon with and without Heathrow."""

    YEAR = ("2023-09", "2024-08")

    def test_hillingdon_has_heathrow_all_through_it(self, opened: Open) -> None:
        history = opened("harrow").history("total").loc["2023-09":"2024-08"].astype(float)
        before = history.loc[:"2024-02", HEATHROW_CODE].sum()
        totals = opened("harrow").borough_totals("total", self.YEAR)
        # Five or six hundred a month over half a year.
        assert 2_500 < before < 4_000
        assert totals[HILLINGDON] == history[HILLINGDON].sum() + before
        assert totals[HARROW] == history[HARROW].sum()

    def test_only_hillingdon_is_marked_and_only_in_such_a_year(self, opened: Open) -> None:
        ranks = opened("harrow").ranks_in(self.YEAR)
        assert ranks.index[ranks["is_mixed_year"]].tolist() == [HILLINGDON]
        assert not opened("harrow").ranks_in(("2022-01", "2022-12"))["is_mixed_year"].any()

    def test_a_year_that_is_all_but_one_month_apart_has_heathrow_too(
        self, opened: Open
    ) -> None:
        harrow, year = opened("harrow"), ("2023-03", "2024-02")
        raw = harrow.totals("total", year)
        assert harrow.borough_totals("total", year)[HILLINGDON] == (
            raw[HILLINGDON] + raw[HEATHROW_CODE]
        )
        assert harrow.ranks_in(year)["is_mixed_year"][HILLINGDON]

    def test_a_policing_borough_never_had_heathrow_apart(self, opened: Open) -> None:
        harrow = opened("harrow")
        year = ("2023-02", "2024-01")
        totals = harrow.borough_totals("total_without_fraud", year, "policing")
        published = harrow.totals("total_without_fraud", year, "policing")
        assert totals.equals(published[borough_codes()])

    def test_rates_funnel_and_harm_count_the_same_offences(self, opened: Open) -> None:
        august = opened("harrow", "2024-08")
        counted = august.borough_totals("total", self.YEAR)[HILLINGDON]
        people = august.population(self.YEAR)[HILLINGDON]
        rate = august.rates("total").loc[HILLINGDON, "rate_per_1000"]
        assert rate == pytest.approx(1000 * counted / people)
        assert august.funnel("total").table.loc[HILLINGDON, "offence_count"] == counted
        harm = august.harm().table.loc[HILLINGDON]
        assert harm["offence_count"] + harm["unweighted_count"] == counted

    def test_the_step_does_not_pass_for_scatter_of_hillingdons_months(
        self, opened: Open
    ) -> None:
        joined = opened("harrow").dispersion("total_without_fraud", HILLINGDON)
        before = opened("harrow", "2024-02").dispersion("total_without_fraud", HILLINGDON)
        # With the step taken for scatter it was three times that.
        assert joined < 1.5 * before
