"""Who is the safest borough: the plan's answer as published, and how answers are made."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from analysis.assessment import Assessment
from analysis.assessment.comparison import HARM, MAIN
from analysis.assessment.safest import answers, as_published, by_year, safest_aim
from analysis.params.areas import borough_codes

Open = Callable[..., Assessment]

HARROW, BEXLEY, KINGSTON, SUTTON = "E09000015", "E09000004", "E09000021", "E09000029"


@pytest.fixture(scope="module")
def harrow(opened: Open) -> Assessment:
    return opened("harrow")


@pytest.fixture(scope="module")
def asked(harrow: Assessment) -> pd.DataFrame:
    return answers(harrow)


class TestThePlansAim:
    """Harrow's plan of 2013 to 2017 asked for the safest borough of London."""

    def test_at_the_rates_of_the_day_harrow_was_lowest_in_2014_15_alone(
        self, harrow: Assessment
    ) -> None:
        # Metropolitan Police, annual rates 1999/00 to 2016/17: 50.1 per 1,000, before Bexley.
        table = as_published(harrow).set_index("year_ending")
        plan = table.loc["2014-03":"2016-03"]
        assert plan["published_rank"].tolist() == [2, 1, 2]
        assert plan.loc["2015-03-01", "published_per_1000"] == 50.1
        assert plan.loc["2014-03-01", "published_lowest_code"] == BEXLEY

    def test_residents_estimated_since_make_it_lowest_in_two_years_more(
        self, harrow: Assessment
    ) -> None:
        table = as_published(harrow).set_index("year_ending")
        assert table.loc["2014-03":"2016-03", "revised_rank"].tolist() == [1, 1, 1]

    def test_by_count_it_was_never_near_and_by_rate_it_was_there(
        self, harrow: Assessment
    ) -> None:
        table = safest_aim(harrow).table
        inside = table[table["is_in_plan"]].set_index("asked")
        assert inside.loc["count", "own_rank"].min() >= 5
        assert set(inside.loc["count", "lowest_code"]) == {KINGSTON}
        assert inside.loc["rate", "own_rank"].tolist() == [1, 1, 1, 1]
        assert inside.loc["rate", "year_ending"].min() == pd.Timestamp("2014-03-01")

    def test_a_year_before_the_plan_is_no_year_of_it(self, opened: Open) -> None:
        aim = safest_aim(opened("harrow", "2013-03"))
        assert aim.is_asked
        assert not aim.table["is_in_plan"].any()

    @pytest.mark.parametrize("borough", ["havering", "westminster"])
    def test_another_boroughs_plan_did_not_ask(self, opened: Open, borough: str) -> None:
        assert not safest_aim(opened(borough)).is_asked


class TestAnswers:
    def test_the_lowest_is_the_lowest_of_the_published_counts(
        self, harrow: Assessment, asked: pd.DataFrame
    ) -> None:
        totals = harrow.totals(MAIN, harrow.latest_year)[borough_codes()].astype(float)
        people = harrow.population(harrow.latest_year)[totals.index]
        mine = asked[(asked["measure"] == MAIN) & (asked["asked"] == "measure")]
        lowest = mine.set_index("by")["lowest_code"]
        assert lowest["count"] == totals.idxmin()
        assert lowest["residents"] == (totals / people).idxmin()

    def test_each_set_holds_its_lowest_and_its_order_is_that_of_the_values(
        self, asked: pd.DataFrame
    ) -> None:
        for row in asked.itertuples():
            assert row.may_be_lowest[0] == row.lowest_code
            assert (HARROW in row.may_be_lowest) == row.own_may_be_lowest
            assert row.own_rank_lower <= row.own_rank_upper

    def test_two_bases_answer_for_the_same_year(self, asked: pd.DataFrame) -> None:
        bases = asked[asked["asked"] == "basis"]
        assert bases["basis"].tolist() == ["location", "policing"]
        # The policing basis ends in January 2024.
        assert set(bases["last_month"]) == {"2024-01"}

    def test_a_year_that_one_basis_holds_only_in_part_is_not_set_beside(self) -> None:
        # The publication of June 2025 alone begins in June 2023: no year to January 2024.
        cut = Assessment.open("harrow", published_by="2025-12")
        assert (answers(cut)["asked"] != "basis").all()


class TestYears:
    def test_there_is_an_answer_for_every_year_and_way_of_asking(self, opened: Open) -> None:
        table = by_year(opened("harrow", "2013-03"))
        assert table["asked"].tolist() == ["count", "rate", HARM] * 3
        assert table["year_ending"].dt.year.tolist() == [
            y for y in (2011, 2012, 2013) for _ in "abc"
        ]
        assert not table["is_unusual"].any()

    def test_kingston_had_the_fewest_offences_and_bexley_the_lowest_rate_in_2011_12(
        self, opened: Open
    ) -> None:
        table = by_year(opened("harrow", "2013-03"))
        of_year = table[table["year_ending"] == "2012-03-01"].set_index("asked")
        # docs of the plan's readings: gap to the lowest count (Kingston), rate (Bexley).
        assert of_year.loc["count", "lowest_code"] == KINGSTON
        assert of_year.loc["rate", "lowest_code"] == BEXLEY

    def test_years_of_restrictions_are_marked(self, opened: Open) -> None:
        table = by_year(opened("harrow", "2022-12"))
        marked = table.loc[table["is_unusual"], "year_ending"].dt.year.unique().tolist()
        assert marked == [2020, 2021]
