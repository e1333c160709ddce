from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from analysis.data.comparability import (
    breaks_of,
    compare_periods,
    level_changes,
    load_breaks,
    mixed_areas,
    recording_changes,
    unusual_months,
)
from analysis.data.offences import members
from analysis.data.vintages import monthly_offences
from analysis.errors import ParamsError
from analysis.params.areas import LONDON_CODE, UNKNOWN_CODE, borough_codes
from analysis.params.measure_names import known_measures

HARROW, HILLINGDON = "E09000015", "E09000017"
BEFORE_2024, AFTER_2024 = ("2023-03", "2024-02"), ("2024-03", "2025-02")

SPECIAL_MEASURES = {
    "domestic_abuse",
    "hate_crime",
    "violence_against_women_and_girls",
    "ward",
}
# Counted apart from the offence groups.

SPIKE_POINTS = 2.0
# Percentage points of London's offences above the half-years around a month.


def ids(breaks):
    return [each.id for each in breaks]


@pytest.fixture(scope="module")
def unknown_share():
    """London's offences without a known borough, per cent of all, by month."""
    table = monthly_offences("location")
    table = table[table["offence_group"].isin(members("total"))]
    sums = table.groupby(["month", "area_code"])["offence_count"].sum().unstack()
    return (sums[UNKNOWN_CODE] / sums[LONDON_CODE]).astype(float) * 100


def test_a_total_across_the_move_of_fraud_is_blocked():
    gate = compare_periods(HARROW, "total", ("2011-04", "2012-03"), ("2013-04", "2014-03"))
    assert gate.is_blocked
    assert "compare crime without fraud" in gate.sentences[0]


def test_the_same_without_fraud_is_not_blocked():
    periods = ("2011-04", "2012-03"), ("2013-04", "2014-03")
    gate = compare_periods(HARROW, "total_without_fraud", *periods)
    assert not gate.is_blocked


def test_a_step_matters_only_to_periods_on_both_sides_of_it():
    year, next_year = ("2022-03", "2023-02"), ("2023-03", "2024-02")
    assert not compare_periods(HARROW, "hate_crime", year, next_year).is_blocked
    assert compare_periods(HARROW, "hate_crime", BEFORE_2024, AFTER_2024).is_blocked


def test_hillingdon_is_compared_between_two_years_that_both_hold_heathrow():
    before, within, after = (
        ("2022-04", "2023-03"),
        ("2023-04", "2024-03"),
        ("2024-04", "2025-03"),
    )
    assert not compare_periods(HILLINGDON, "shoplifting", before, after).is_blocked
    assert compare_periods(HILLINGDON, "shoplifting", before, within).is_blocked
    assert compare_periods(HILLINGDON, "shoplifting", within, after).is_blocked
    mixed = [mixed_areas([HARROW, HILLINGDON], year) for year in (before, within, after)]
    assert mixed == [[], [HILLINGDON], []]


def test_a_step_within_one_of_the_periods_matters_too():
    gate = compare_periods(
        HILLINGDON, "shoplifting", ("2022-06", "2023-05"), ("2023-06", "2024-05")
    )
    assert "heathrow_apart" in ids(gate.blocks)


def test_periods_in_either_order_meet_the_same_breaks():
    forth = compare_periods(HILLINGDON, "robbery", BEFORE_2024, AFTER_2024)
    back = compare_periods(HILLINGDON, "robbery", AFTER_2024, BEFORE_2024)
    assert forth == back


def test_heathrow_stops_hillingdon_and_nobody_else():
    assert not compare_periods(HARROW, "shoplifting", BEFORE_2024, AFTER_2024).is_blocked
    gate = compare_periods(HILLINGDON, "shoplifting", BEFORE_2024, AFTER_2024)
    assert ids(gate.blocks) == ["heathrow_apart"]


def test_heathrow_does_not_stop_hillingdon_on_the_policing_basis():
    gate = compare_periods(HILLINGDON, "shoplifting", BEFORE_2024, AFTER_2024, basis="policing")
    assert not gate.is_blocked


@pytest.mark.parametrize("measure", ["domestic_abuse", "hate_crime"])
def test_the_change_of_crime_system_stops_flagged_offences(measure):
    gate = compare_periods(HARROW, measure, BEFORE_2024, AFTER_2024)
    assert "connect" in ids(gate.blocks)


def test_covid_is_noted_where_either_period_touches_it():
    noted = compare_periods(HARROW, "robbery", ("2019-03", "2020-02"), ("2020-03", "2021-02"))
    clear = compare_periods(HARROW, "robbery", ("2018-03", "2019-02"), ("2019-03", "2020-02"))
    assert "covid" in ids(noted.notes)
    assert "covid" not in ids(clear.notes)


def test_dwelling_burglary_on_the_old_list_stops_at_april_2017():
    periods = ("2016-04", "2017-03"), ("2017-04", "2018-03")
    old = compare_periods(
        HARROW, "residential_burglary", *periods, basis="policing", offence_list="old"
    )
    current = compare_periods(HARROW, "residential_burglary", *periods)
    assert old.is_blocked
    assert not current.is_blocked


def test_blocks_are_told_before_notes():
    gate = compare_periods(HILLINGDON, "total", BEFORE_2024, AFTER_2024)
    assert gate.sentences[0] == gate.blocks[0].sentence
    assert len(gate.sentences) == len(gate.blocks) + len(gate.notes)


def test_every_break_names_known_measures_and_says_where_it_is_from():
    known = {*known_measures(), *SPECIAL_MEASURES}
    for each in load_breaks():
        assert each.measures is None or each.measures <= known, each.id
        assert each.mark in {"V", "C", "M"}, each.id
        assert each.source
        assert each.sentence.endswith("."), each.id
        assert each.from_month <= each.to_month, each.id


def test_no_two_breaks_share_an_id():
    assert len(set(ids(load_breaks()))) == len(load_breaks())


def test_every_spike_of_unknown_boroughs_is_a_known_break_and_no_other(unknown_share):
    around = pd.concat(
        [unknown_share.shift(gap) for gap in (*range(-6, 0), *range(1, 7))], axis=1
    )
    above = unknown_share - around.median(axis="columns")
    spikes = sorted(f"{month:%Y-%m}" for month in above.index[above >= SPIKE_POINTS])
    listed = sorted(
        each.from_month
        for each in load_breaks()
        if each.id.startswith("unknown_borough") and each.how == "spell"
    )
    assert spikes == listed == ["2020-03", "2023-03", "2023-10"]


@pytest.mark.parametrize(
    ("month", "share"), [("2020-03-01", 19.1), ("2023-03-01", 6.1), ("2023-10-01", 9.8)]
)
def test_a_spike_is_as_large_as_its_sentence_says(unknown_share, month, share):
    assert unknown_share[month] == pytest.approx(share, abs=0.05)
    sentences = [b.sentence for b in breaks_of(HARROW, "total") if b.from_month == month[:7]]
    assert any(f"{share:.0f}%" in sentence for sentence in sentences)


def test_unknown_boroughs_fall_when_the_break_says(unknown_share):
    before = unknown_share["2024-01-01":"2024-08-01"].median()
    after = unknown_share["2024-10-01":"2025-05-01"].median()
    assert before == pytest.approx(1.9, abs=0.1)
    assert after == pytest.approx(0.3, abs=0.05)


def test_unknown_boroughs_rise_when_the_break_says(unknown_share):
    rise = next(each for each in load_breaks() if each.id == "unknown_borough_2021")
    before = unknown_share["2020-12-01":"2021-02-01"].mean()
    after = unknown_share[f"{rise.to_month}-01" : "2022-03-01"].mean()
    assert "from 1.7% to 3.8%" in rise.sentence
    assert before == pytest.approx(1.7, abs=0.1)
    assert after == pytest.approx(3.8, abs=0.15)
    between = unknown_share[f"{rise.from_month}-01" : f"{rise.to_month}-01"]
    assert between.iloc[0] > before + 0.5
    assert between.iloc[-1] == pytest.approx(after, abs=0.15)


def test_heathrow_has_a_row_of_its_own_in_the_months_that_the_break_names():
    spell = next(each for each in load_breaks() if each.id == "heathrow_apart")
    table = monthly_offences()
    table = table[table["offence_group"].isin(members("total"))]
    sums = table.groupby(["area_code", "month"])["offence_count"].sum()
    apart = sums["heathrow"][sums["heathrow"] > 0].index.strftime("%Y-%m").tolist()
    # A few of March 2020 stand apart too, when most boroughs were unknown.
    assert apart[0] == "2020-03"
    assert sums["heathrow"]["2020-03-01"] < 50
    assert (apart[1], apart[-1], len(apart)) == (spell.from_month, spell.to_month, 12)
    # With its rows Hillingdon has no step at either end; without them it has two.
    own, both = sums[HILLINGDON], sums[HILLINGDON] + sums["heathrow"]
    ends = (
        ("2022-06-01", "2023-02-01"),
        ("2023-06-01", "2024-02-01"),
        ("2024-06-01", "2025-02-01"),
    )
    alone, joined = ([each[a:b].mean() for a, b in ends] for each in (own, both))
    assert alone[1] < 0.9 * min(alone[0], alone[2])
    assert all(0.9 < later / earlier < 1.1 for earlier, later in pairwise(joined))


def test_heathrow_empties_into_hillingdon_in_march_2024():
    table = monthly_offences(published_by="2025-06")
    table = table[table["offence_group"].isin(members("total"))]
    sums = table.groupby(["area_code", "month"])["offence_count"].sum()
    heathrow = sums["heathrow"]
    assert heathrow["2024-03-01":].sum() == 0
    assert 430 < heathrow["2023-06-01":"2024-02-01"].mean() < 510


def test_unusual_months_run_from_march_2020_to_december_2021():
    months = unusual_months()
    assert months == list(pd.date_range("2020-03-01", "2021-12-01", freq="MS"))


@pytest.mark.parametrize(
    ("group", "record", "first_months"),
    [
        # Better recording of violence and of sexual offences after the inspection of 2014.
        ("violence_with_injury", ("location", "current"), ["2014-04"]),
        ("rape", ("policing", "old"), ["2014-04"]),
        # Only the old list keeps the two kinds of burglary that were redefined.
        ("residential_burglary", ("policing", "old"), ["2017-04"]),
        ("residential_burglary", ("location", "current"), []),
        ("fraud_and_forgery", ("location", "current"), ["2011-04"]),
        ("theft_of_vehicle", ("location", "current"), []),
    ],
)
def test_a_change_in_recording_everywhere_is_that_of_its_offences(group, record, first_months):
    changes = recording_changes(group, *record)
    assert [f"{first:%Y-%m}" for first, _ in changes] == first_months
    assert all(first <= last for first, last in changes)


def test_a_change_runs_to_its_last_month():
    assert recording_changes("public_order") == [
        (pd.Timestamp("2014-04"), pd.Timestamp("2015-03"))
    ]


def test_no_spell_and_no_step_of_one_borough_is_a_change_in_recording():
    steps = {(pd.Timestamp(b.from_month), pd.Timestamp(b.to_month)) for b in load_breaks()}
    local = {
        (pd.Timestamp(b.from_month), pd.Timestamp(b.to_month))
        for b in load_breaks()
        if b.area_codes is not None or b.how == "spell" or b.measures is None
    }
    for group in members("total"):
        found = set(recording_changes(group))
        assert found <= steps
        assert not found & local


def test_hillingdon_alone_took_a_step_of_its_own_and_by_location_alone():
    assert level_changes(borough_codes()) == {HILLINGDON: pd.Timestamp("2024-03")}
    assert level_changes(borough_codes(), "policing") == {}
    assert level_changes([HARROW]) == {}


def test_a_break_of_no_known_kind_is_refused(small_project):
    path = small_project / "data/reference/breaks.yml"
    path.write_text(path.read_text().replace("how: spell", "how: dip", 1))
    with pytest.raises(ParamsError, match="how is step or spell"):
        load_breaks()


YEARS_COMPARED = (2016, 2017, 2018, 2019, 2023)
# Without COVID restrictions, and after the recording of violence had improved.

STEP_GROUPS = [group for group in members("total_without_fraud") if group != "homicide"]
# Homicides are too few a quarter for a step.


def london_steps(month):
    """Step of every group at a month, and its largest in the years compared, per cent."""
    table = monthly_offences()
    table = table[table["area_code"] == LONDON_CODE]
    wide = table.pivot(index="month", columns="offence_group", values="offence_count")
    wide = wide[[group for group in STEP_GROUPS if wide[group].notna().all()]].astype(float)

    def log_step(start):
        a_day = [
            wide.loc[months].sum() / months.days_in_month.to_numpy().sum()
            for months in (
                pd.date_range(start - pd.DateOffset(months=3), periods=3, freq="MS"),
                pd.date_range(start, periods=3, freq="MS"),
            )
        ]
        return np.log(a_day[1] / a_day[0])

    at = pd.Timestamp(month)
    usual = pd.DataFrame({year: log_step(at.replace(year=year)) for year in YEARS_COMPARED})
    middle = usual.mean(axis="columns")
    largest = np.expm1(usual.sub(middle, axis="index")).abs().max(axis="columns")
    return 100 * np.expm1(log_step(at) - middle), 100 * largest


def listed_steps(month):
    return {
        group: each.step_pct
        for each in load_breaks()
        if each.step_pct is not None and each.from_month == month
        for group in each.measures
    }


def test_the_groups_listed_stepped_with_the_crime_system_as_far_as_is_said_and_no_others():
    step, largest = london_steps("2024-03")
    listed = listed_steps("2024-03")
    stepped = step[(step.abs() >= 10) & (step.abs() > largest)]
    assert set(stepped.index) == set(listed)
    for group, size in listed.items():
        assert step[group] == pytest.approx(size, abs=0.6), group


def test_drug_trafficking_alone_took_so_large_a_step_in_september_2024():
    step, largest = london_steps("2024-09")
    listed = listed_steps("2024-09")
    assert list(listed) == ["drug_trafficking"]
    assert step["drug_trafficking"] == pytest.approx(listed["drug_trafficking"], abs=0.6)
    assert step["drug_trafficking"] > 2 * largest["drug_trafficking"]
    assert step.drop("drug_trafficking").abs().max() < 30


def test_a_step_is_named_with_its_size_and_bars_nothing():
    gate = compare_periods(HARROW, "shoplifting", BEFORE_2024, AFTER_2024)
    assert not gate.is_blocked
    assert [each.step_pct for each in gate.steps] == [23]
    assert "shoplifting rose by 23% in March 2024" in gate.note
    assert not compare_periods(HARROW, "burglary", BEFORE_2024, AFTER_2024).steps
