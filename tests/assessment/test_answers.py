"""One target answered as a whole, on the real figures: the parts agree with each other."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from analysis.assessment import Assessment, target_choice
from analysis.assessment.answers import TargetAnswer
from analysis.assessment.prospects import by_definition, prospect
from analysis.data.offences import members
from analysis.errors import ComparabilityError

Open = Callable[..., Assessment]

FIFTH = {"measure": "mopac7", "rule": "percent=20"}
THEN = {"base": "2011-04..2012-03", "basis": "policing", "offence_list": "old"}


@pytest.fixture(scope="module")
def hindcast(opened: Open) -> TargetAnswer:
    """The Mayor's fifth off Harrow's MOPAC 7 crime, as seen from March 2013."""
    cut = opened("harrow", "2013-03")
    return TargetAnswer(cut, target_choice.plan_targets(cut)[0])


def test_the_fifth_of_2013_takes_1651_from_the_base_and_1092_from_then(
    hindcast: TargetAnswer,
) -> None:
    yearly = hindcast.required.query("per == 'year'").set_index("measured_from")
    assert yearly["reduction_count"].iloc[:2].tolist() == pytest.approx([1651, 1092])
    assert yearly.loc["last_12_months", "per_month_count"] == pytest.approx(91)
    forecast = yearly.loc["forecast"]
    limits = forecast[["reduction_count_lower", "reduction_count", "reduction_count_upper"]]
    assert limits.astype(float).is_monotonic_increasing
    whole = hindcast.required.query("per == 'whole'").set_index("measured_from")
    # Four years of 8,255 less 1,651 in all; 7,696 were counted in the first of them.
    assert whole["target_count"].unique().tolist() == [4 * 8255 - 1651]
    assert whole.loc["last_12_months", "reduction_count"] == 4 * 7696 - (4 * 8255 - 1651)


def test_only_months_to_march_2013_are_seen(hindcast: TargetAnswer) -> None:
    assert hindcast.last_month == "2013-03"
    assert f"{hindcast.history.index[0]:%Y-%m}" == "2008-01"
    assert hindcast.achieved_by["best_to"].max() <= "2013-03"
    seen = hindcast.since_base.query("is_seen")
    assert (len(seen), seen["actual_count"].sum()) == (12, 7696)


def test_the_ceilings_lead_from_here_and_from_the_base_to_the_same_target(
    hindcast: TargetAnswer,
) -> None:
    for way, months in ((hindcast.ahead, 36), (hindcast.since_base, 48)):
        assert len(way) == months
        assert f"{way['month'].iloc[-1]:%Y-%m}" == "2016-03"
        assert way["ceiling_count"].iloc[-12:].sum() == pytest.approx(6604)
        assert way["ceiling_whole_count"].iloc[-12:].sum() == 6604
    assert hindcast.ahead["month"].iloc[0] == pd.Timestamp("2013-04-01")


def test_the_state_compares_the_first_year_with_its_ceilings(hindcast: TargetAnswer) -> None:
    state = hindcast.state
    ratio = 0.8**0.25
    assert state.ceiling_count == pytest.approx(8255 * ratio, rel=1e-3)
    assert state.cumulative_gap_count == pytest.approx(7696 - 8255 * ratio, abs=10)
    assert state.milestone == "2014-03"
    assert state.milestone_ceiling_count == pytest.approx(8255 * ratio**2, rel=1e-3)
    assert 0 < state.milestone_chance.probability < 1
    assert state.target_chance == hindcast.chance
    assert state.in_words.startswith("on track: ")


def test_every_allocation_adds_up_to_what_is_to_be_taken_off(hindcast: TargetAnswer) -> None:
    table = hindcast.allocation
    on_old_list = [group for group in members("mopac7") if group != "arson"]
    for _, rows in table.groupby("method"):
        assert rows["offence_group"].tolist() == on_old_list
        assert rows["last_12_count"].sum() == 7696
        missing = rows["shortfall_count"].iloc[0]
        assert rows["reduction_count"].sum() + missing == pytest.approx(1092, abs=1e-6)
    shares = table.query("method == 'least_effort'")["achieved_share"]
    assert (shares >= 0.09).all()


def test_who_has_achieved_as_much_adds_up_to_the_base_rate(hindcast: TargetAnswer) -> None:
    rate, table = hindcast.base_rate, hindcast.achieved_by
    assert table["times"].sum() == rate.times
    assert rate.share == pytest.approx(rate.times / (32 * rate.start_count))
    assert (table["best_fall_pct"] >= hindcast.fall_pct).all()
    assert hindcast.fall_pct == pytest.approx(14.19, abs=0.01)


def test_a_best_fall_is_the_one_that_the_figures_show(hindcast: TargetAnswer) -> None:
    row = hindcast.achieved_by.iloc[0]
    counts = hindcast.history[row["area_code"]]
    year = {
        end: counts.loc[:end].iloc[-12:].sum() for end in (row["best_from"], row["best_to"])
    }
    fall = 100 * (1 - year[row["best_to"]] / year[row["best_from"]])
    assert row["best_fall_pct"] == pytest.approx(fall)


def test_the_chance_falls_as_london_rises(hindcast: TargetAnswer) -> None:
    table = hindcast.if_london_changes
    assert table["london_change_pct"].is_monotonic_increasing
    assert table["probability"].is_monotonic_decreasing
    assert table["probability"].iloc[0] > 0.6
    assert table["probability"].iloc[-1] < 0.1
    assert table["london_chance_below"].is_monotonic_increasing
    assert table["own_change_pct"].unique().round(2).tolist() == [-14.19]


def test_a_sum_over_the_period_is_a_smaller_thing_than_the_same_number_a_year(
    opened: Open,
) -> None:
    cut = opened("harrow", "2013-03")
    yearly, whole = (
        TargetAnswer(
            cut, target_choice.chosen_target(cut, **FIFTH, **THEN, horizon="2016-03", per=per)
        )
        for per in ("year", "whole")
    )
    assert whole.chance.probability > yearly.chance.probability + 0.3
    # 31,369 may come in four years and 7,696 have, which leaves 7,891 a year.
    assert whole.level_count == pytest.approx((4 * 8255 - 1651 - 7696) / 3)
    assert whole.ahead["ceiling_count"].sum() == pytest.approx(4 * 8255 - 1651 - 7696)
    assert whole.since_base["ceiling_count"].sum() == pytest.approx(4 * 8255 - 1651)
    assert whole.if_london_changes.empty
    row, other = prospect(whole), prospect(yearly)
    assert row["from_base_count"] == pytest.approx(other["from_base_count"])
    assert row["from_last_12_count"] == pytest.approx(-585)
    assert "added up over the 48 months" in str(row["definition"])
    assert yearly.readings.equals(whole.readings)


def test_a_horizon_that_is_no_whole_year_away_counts_its_months(opened: Open) -> None:
    cut = opened("harrow", "2013-03")
    near = TargetAnswer(
        cut,
        target_choice.chosen_target(cut, **FIFTH, **THEN, horizon="2013-09", per="whole"),
    )
    whole = near.required.query("per == 'whole'").set_index("measured_from")
    base = near.history["E09000015"].loc["2011-04":"2012-03"]
    pace = base.sum() + base.loc["2011-04":"2011-09"].sum()
    assert whole.loc["base", "from_count"] == pytest.approx(pace)
    assert whole.loc["last_12_months", "month_count"] == 6
    # Half a year as the last: the forecast lies near it.
    last = near.history["E09000015"].loc["2012-04":"2012-09"].sum()
    assert whole.loc["forecast", "from_count"] - 7696 == pytest.approx(last, rel=0.08)


def test_parity_and_rank_are_judged_with_the_others_moving(opened: Open) -> None:
    harrow = opened()
    for rule in ("parity=similar", "rank=3:rate"):
        asked = TargetAnswer(
            harrow, target_choice.chosen_target(harrow, measure="mopac7", rule=rule)
        )
        assert np.isnan(asked.chance.base_rate)
        table = asked.if_london_changes
        # Where the others move with London, so does what is asked.
        assert table["target_count"].is_monotonic_increasing
        same = 100 * (asked.level_count / asked.last_12_count - 1)
        assert table["relative_change_pct"].tolist() == pytest.approx([same] * len(table))


def test_a_blocked_target_has_tables_without_rows_and_no_chance(opened: Open) -> None:
    hillingdon = opened("hillingdon")
    chosen = target_choice.chosen_target(hillingdon, **FIFTH, base="2023-04..2024-03")
    blocked = TargetAnswer(hillingdon, chosen)
    assert blocked.is_blocked
    for table in (
        blocked.required, blocked.achieved_by, blocked.ahead, blocked.since_base,
        blocked.allocation, blocked.if_london_changes,
    ):  # fmt: skip
        assert table.empty
        assert len(table.columns) > 4
    with pytest.raises(ComparabilityError, match="From April 2023 to February 2024 Heathrow"):
        _ = blocked.chance


def test_what_is_past_reach_has_no_way_and_hardly_a_chance(opened: Open) -> None:
    harrow = opened()
    chosen = target_choice.chosen_target(
        harrow, measure="mopac7", rule="percent=99", horizon="2025-09"
    )
    lost = TargetAnswer(harrow, chosen)
    assert lost.is_past_reach
    assert lost.ahead.empty
    assert lost.progress == {"in_words": "past reach"}
    assert lost.chance.probability < 0.01
    least = lost.allocation.query("method == 'least_effort'")
    assert not least["is_feasible"].any()
    with pytest.raises(ComparabilityError, match="no way leads"):
        _ = lost.state


def test_no_fall_of_fraud_across_its_leaving_passes_for_an_achievement(opened: Open) -> None:
    harrow = opened()
    fraud = TargetAnswer(
        harrow, target_choice.chosen_target(harrow, measure="total", rule="percent=20")
    )
    # Fraud moved to Action Fraud by March 2013: no total is compared over it.
    assert fraud.base_rate.first_start >= "2014-02"


def test_the_answer_by_definition_changes_one_choice_at_a_time(
    opened: Open, hindcast: TargetAnswer
) -> None:
    table = by_definition(opened("harrow", "2013-03"), hindcast.target)
    assert table["varies"].iloc[0] == "as asked"
    assert table["base_count"].iloc[0] == 8255
    keys = ["measure", "basis", "offence_list", "base_period", "per"]
    changed = (table[keys] != table[keys].iloc[0]).sum(axis=1)
    assert (changed[table["varies"].isin(["base", "measure", "per"])] == 1).all()
    # Victim-based crime is not on the old list, so it is no variant of this target.
    assert "victim_based" not in set(table["measure"])
    by_record = table.set_index(["varies", "basis", "offence_list"])["base_count"]
    assert by_record["record", "location", "current"] == 8097
    assert table["probability"].between(0, 1).all()


def test_a_season_is_borrowed_from_london_where_counts_are_few(opened: Open) -> None:
    harrow = opened()
    few = TargetAnswer(
        harrow, target_choice.chosen_target(harrow, measure="arson", rule="percent=10")
    )
    london = few.history.sum(axis=1)
    ceilings = few.ahead.iloc[-12:].set_index("month")["ceiling_count"]
    assert ceilings.sum() == pytest.approx(few.level_count)
    assert len(london) > 60
    assert ceilings.max() < 2 * ceilings.min()
