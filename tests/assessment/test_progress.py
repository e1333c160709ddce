"""Progress of a plan, worked out again from the embedded tables, and what is not comparable."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from analysis.assessment import Assessment
from analysis.assessment import priority_verdicts as verdicts_of
from analysis.assessment.priorities import priority_matrix
from analysis.assessment.priority_verdicts import items_of, priority_verdicts
from analysis.assessment.progress import followed_plan, plan_progress
from analysis.assessment.surveys import survey_of
from analysis.data.figures import read_monthly_table, read_table
from analysis.measures.change import known_dispersion
from analysis.params.areas import borough_codes

Open = Callable[..., Assessment]


def summed(table: str, groups: list[str], codes: list[str], first: str, last: str) -> int:
    rows = read_monthly_table(table, "count")
    rows = rows[rows["area_code"].isin(codes) & rows["offence_group"].isin(groups)]
    return int(rows[rows["month"].between(f"{first}-01", f"{last}-01")]["count"].sum())


def row_of(table: pd.DataFrame, priority: str, shown_by: str = "offences") -> pd.Series:
    rows = table[(table["priority"] == priority) & (table["shown_by"] == shown_by)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_harrows_burglary_is_that_of_the_old_list_then_and_the_current_one_now(
    opened: Open,
) -> None:
    harrow = opened("harrow")
    row = row_of(plan_progress(harrow, followed_plan(harrow)), "burglary")
    groups, code = ["residential_burglary", "business_burglary"], harrow.area.area_code
    old, now = "monthly_offences_policing_old_2019-01", "monthly_offences_location_current_{}"
    first = summed(old, groups, [code], "2013-04", "2014-03")
    last = summed(old, groups, [code], "2016-04", "2017-03")
    assert (row["basis"], row["offence_list"]) == ("policing", "old")
    assert (row["first_value"], row["last_value"]) == (first, last)
    assert row["change_pct"] == pytest.approx(100 * (last / first - 1))
    rest = [each for each in borough_codes() if each != code]
    london = [
        summed(old, groups, rest, *year)
        for year in (("2013-04", "2014-03"), ("2016-04", "2017-03"))
    ]
    assert row["london_change_pct"] == pytest.approx(100 * (london[1] / london[0] - 1))
    assert row["now_before_value"] == summed(
        now.format("2026-04"), groups, [code], "2016-04", "2017-03"
    )
    assert row["now_value"] == summed(
        now.format("2025-06"), groups, [code], "2024-06", "2025-05"
    )
    # Two records, two different numbers for one year: never joined.
    assert row["now_before_value"] != row["last_value"]


def test_haverings_plan_is_followed_on_the_record_that_reaches_its_end(opened: Open) -> None:
    havering = opened("havering")
    table = plan_progress(havering, followed_plan(havering))
    row = row_of(table, "non_domestic_violence_with_injury")
    code, held = [havering.area.area_code], "monthly_offences_policing_current_2022-02"
    assert (row["basis"], row["offence_list"]) == ("policing", "current")
    groups = ["violence_with_injury"]
    assert row["first_value"] == summed(held, groups, code, "2017-04", "2018-03")
    assert row["last_value"] == summed(held, groups, code, "2019-04", "2020-03")
    # Nine per cent over two years is within what months to the plan's end had scattered.
    assert row["verdict"] == "no clear change"
    assert "COVID" in row["note"]
    assert "domestic from other violence" in row["note"]


VERDICTS = ["change_pct", "q_value", "verdict", "london_change_pct", "against_london"]


@pytest.mark.parametrize(("borough", "cuts"), [("havering", ["2020-03", "2021-06", "2023-06"])])
def test_what_an_ended_plan_did_is_told_alike_at_every_later_cut(
    opened: Open, borough: str, cuts: list[str]
) -> None:
    now = opened(borough)
    tables = [
        plan_progress(each, followed_plan(each))
        for each in (now, *(opened(borough, cut) for cut in cuts))
    ]
    counted = [
        table[table["shown_by"] == "offences"].set_index("priority")[VERDICTS]
        for table in tables
    ]
    for later in counted[1:]:
        pd.testing.assert_frame_equal(counted[0], later)


def test_haverings_crime_fell_beside_london_with_the_scatter_of_each_borough(
    opened: Open,
) -> None:
    havering = opened("havering")
    table = plan_progress(havering, followed_plan(havering))
    rows = table[table["shown_by"] == "offences"].set_index("priority")
    lower = rows.index[rows["against_london"] == "lower than London"]
    assert set(lower) == {"repeat_victims", "perception_gap"}
    # By hand: each borough's own scatter, from months to the plan's end but those of COVID.
    history = havering.boroughs_history("victim_based", "policing", "current").astype(float)
    seen = history.loc[:"2020-03"]
    phi = seen.apply(known_dispersion, exclude=havering.unusual_months)
    before, after = seen.loc["2017-04":"2018-03"].sum(), seen.loc["2019-04":"2020-03"].sum()
    own = havering.area.area_code
    rest = [code for code in borough_codes() if code != own]
    log_ratio = np.log(after[own] / before[own]) - np.log(
        after[rest].sum() / before[rest].sum()
    )
    error = np.sqrt(
        phi[own] * (1 / before[own] + 1 / after[own])
        + sum((phi * each)[rest].sum() / each[rest].sum() ** 2 for each in (before, after))
    )
    assert 100 * np.expm1(log_ratio) == pytest.approx(-9.4, abs=0.1)
    # Beyond chance by far enough to hold when seven counts are judged together.
    assert log_ratio / error < -2.5
    # As one series the rest would scatter with the season's weather: hundreds of times chance.
    assert known_dispersion(seen[rest].sum(axis="columns")) > 50


def test_what_bears_on_the_years_since_is_told(opened: Open) -> None:
    havering = opened("havering")
    row = row_of(plan_progress(havering, followed_plan(havering)), "perception_gap")
    assert row["now_verdict"] == "no clear change"
    assert row["now_note"].startswith("COVID restrictions, borough unknown, more unknown")
    assert "CONNECT" in row["now_note"]


def test_every_priority_has_a_row_and_what_no_figure_shows_says_why(opened: Open) -> None:
    for borough in ("harrow", "havering"):
        assessment = opened(borough)
        plan = followed_plan(assessment)
        table = plan_progress(assessment, plan)
        assert set(table["priority"]) == {each.name for each in plan.priorities}
        assert table.loc[table["shown_by"] == "nothing", "note"].str.len().gt(0).all()


def test_a_month_that_another_borough_lacks_is_no_fall_of_london(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    harrow = opened("harrow")
    whole = Assessment.boroughs_history

    def with_a_hole(self: Assessment, *asked: str) -> pd.DataFrame:
        history = whole(self, *asked).astype(float)
        history.loc["2016-06-01", "E09000007"] = float("nan")
        return history

    monkeypatch.setattr(Assessment, "boroughs_history", with_a_hole)
    row = row_of(plan_progress(harrow, followed_plan(harrow)), "burglary")
    assert pd.notna(row["change_pct"])
    assert pd.isna(row["london_change_pct"])
    assert row["against_london"] == "too few to tell"


def test_months_that_are_not_held_are_no_progress(opened: Open) -> None:
    harrow = opened("harrow")
    row = row_of(
        plan_progress(harrow, followed_plan(harrow)),
        "anti_social_behaviour",
        "anti_social_behaviour",
    )
    assert row["verdict"] == "not held"
    assert pd.isna(row["first_value"])
    assert "January 2016" in row["note"]


def test_what_connect_broke_is_not_compared(opened: Open) -> None:
    camden = opened("camden")
    plan = followed_plan(camden)
    table = plan_progress(camden, plan)
    assert (plan.is_own, plan.title) == (False, "Police and Crime Plan 2022-25")
    row = row_of(table, "exploitation_and_harm", "hate_crime")
    assert row["verdict"] == "not comparable"
    assert pd.isna(row["change_pct"])
    assert "CONNECT" in row["note"]


def test_the_survey_moves_in_points_of_the_quarters_published(opened: Open) -> None:
    harrow = opened("harrow")
    row = row_of(
        plan_progress(harrow, followed_plan(harrow)), "public_confidence", "public_attitudes"
    )
    survey = read_table("attitude_survey")
    own = survey[
        (survey["area_code"] == harrow.area.area_code) & (survey["measure"] == "good_job_local")
    ].set_index("quarter")["value_pct"]
    first, last = float(own["2014-12-31"]), float(own["2017-03-31"])
    assert (row["first_value"], row["last_value"]) == (first, last)
    # 400 asked with weights and clusters are as sure as fewer drawn at random.
    asked = survey_of(harrow).effective_count("good_job_local")
    assert asked < 400
    error = (first * (100 - first) / asked + last * (100 - last) / asked) ** 0.5
    width = row["change_pct_upper"] - row["change_pct_lower"]
    assert width == pytest.approx(2 * 1.959964 * error, rel=0.02)
    assert row["verdict"] == "fell"


@pytest.mark.parametrize(
    ("as_of", "has_begun", "has_ended"),
    [("2013-03", False, False), ("2015-02", False, False), ("2015-03", True, False)],
)
def test_a_plan_is_followed_once_two_years_of_it_have_passed(
    opened: Open, as_of: str, has_begun: bool, has_ended: bool
) -> None:
    harrow = opened("harrow", as_of)
    plan = followed_plan(harrow)
    assert (plan.has_begun, plan.has_ended) == (has_begun, has_ended)
    assert plan_progress(harrow, plan).empty is not has_begun


def test_the_scheme_of_its_day_stands_for_a_plan_that_is_not_held(opened: Open) -> None:
    assert followed_plan(opened("camden", "2019-06")).title == "Police and Crime Plan 2017-21"
    early = followed_plan(opened("camden", "2015-03"))
    assert early.title == "Police and Crime Plan 2013-16"
    # A scheme of targets alone is followed by what its targets count.
    assert "residential_burglary" in {each.name for each in early.priorities}


def test_verdicts_cover_every_priority_and_add_only_what_none_covers(opened: Open) -> None:
    harrow = opened("harrow")
    plan, matrix = followed_plan(harrow), priority_matrix(harrow)
    verdicts = priority_verdicts(harrow, plan, plan_progress(harrow, plan), matrix)
    assert verdicts.table["priority"].tolist() == [each.name for each in plan.priorities]
    covered = {item for each in plan.priorities for item in items_of(each)}
    assert not covered & {*verdicts.added["item"], *verdicts.near}
    by_name = verdicts.table.set_index("priority")
    assert by_name.loc["healthy_relationships", "verdict"] == "change"
    ranks = matrix.matrix["rank"]
    assert by_name.loc["theft_from_the_person", "best_rank"] == ranks["theft_from_person"]
    assert by_name.loc["theft_from_a_vehicle", "rule"] == "low_and_falling"


def test_what_is_counted_apart_is_judged_over_all_that_is(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    harrow = opened("harrow")
    matrix, plan = priority_matrix(harrow), followed_plan(harrow)
    names = [each.name for each in matrix.params.special_items]
    first = next(
        name for name in names if any(name in items_of(each) for each in plan.priorities)
    )

    def barely(assessment: Assessment, series: dict[str, pd.Series], *window: object) -> object:
        (name,) = series
        row = {"change_pct": 9.0, "p_value": 0.04 if name == first else 0.9}
        return pd.DataFrame([row], [name]).assign(is_significant=name == first)

    monkeypatch.setattr(verdicts_of, "changes_of", barely)
    monkeypatch.setattr(verdicts_of, "trend_window", lambda *asked: (("a", "b"), ("c", "d")))
    monkeypatch.setattr(verdicts_of, "three_year_changes", lambda *asked: pd.DataFrame())
    found = priority_verdicts(harrow, plan, plan_progress(harrow, plan), matrix)
    # One in twenty-five alone is nothing much among several.
    assert len(names) > 1
    assert all(len(rising) == 0 for rising in found.table["rising"])
