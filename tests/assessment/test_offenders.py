"""What an assessment says of offenders, against the tables read by another path."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.assessment import cross_border, offender_records, offenders, searches
from analysis.data.partner import partner_path
from analysis.errors import DataContractError

FIGURES = Path(__file__).parents[2] / "data/figures"
HARROW, GREATER_LONDON = "E09000015", "E12000007"


def rows(name, **wanted):
    with (FIGURES / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        table = list(csv.DictReader(lines))
    return [row for row in table if all(row[key] == value for key, value in wanted.items())]


def test_entrants_of_harrow_in_2024_are_those_published(opened):
    found = offenders.first_time_entrants(opened())
    published = {
        row["area_code"]: float(row["value"])
        for row in rows("youth_offending", measure="first_time_entrants", period="2024")
        if row["value"] and row["area_code"].startswith("E09")
    }
    mine = found.boroughs.loc[HARROW]
    assert found.year == 2024
    assert mine["rate"] == published[HARROW] == 83
    assert mine["rate_rank"] == 1 + sum(rate < 83 for rate in published.values())
    assert mine["rate_rank_lower"] <= mine["rate_rank"] <= mine["rate_rank_upper"]
    assert mine["rate_lower"] < 83 < mine["rate_upper"]
    assert found.against_london.ratio == pytest.approx(83 / 157, rel=0.01)
    assert found.since_first.ratio == pytest.approx(83 / 334, rel=0.01)


def test_implied_children_of_london_are_near_the_number_known(opened):
    # About 880,000 children aged 10 to 17 lived in London by the Census of 2021.
    children = offenders._children(opened(), 2021)
    assert children.sum() == pytest.approx(880_000, rel=0.1)


def test_a_cohort_is_not_told_before_its_waiting_time_is_over(opened):
    newest = {
        as_of: offenders.youth_reoffending(opened("harrow", as_of))["period_end"].max()
        for as_of in ("2019-06", "2019-09")
    }
    assert newest["2019-06"] == pd.Timestamp("2017-03-31")
    assert newest["2019-09"] == pd.Timestamp("2018-03-31")


def test_withheld_percentages_stay_withheld(opened):
    table = offenders.youth_reoffending(opened())
    hidden = table[table["is_suppressed"].astype(bool)]
    published = rows("youth_offending", area_code=HARROW)
    withheld = [
        row
        for row in published
        if row["measure"].startswith("reoffending") and row["is_suppressed"] == "True"
    ]
    assert len(hidden) == len(withheld) == 5
    assert hidden[["value_pct", "value_pct_lower", "value_pct_upper"]].isna().all(axis=None)


def test_a_value_carried_forward_is_no_value_of_its_year(opened):
    table = offenders.substance_misuse(opened())
    assert table.loc["drug_misuse", "period"] == "2020"
    assert table.loc["drug_misuse", "earlier_period"] == "2019"


def test_admissions_are_set_against_years_that_they_do_not_share(opened):
    row = offenders.substance_misuse(opened()).loc["alcohol_admissions_under_18"]
    assert (row["period"], row["earlier_period"]) == (
        "2021-22 to 2023-24",
        "2018-19 to 2020-21",
    )
    assert row["value_lower"] < row["value"] < row["value_upper"]


def test_outcomes_of_domestic_abuse_are_those_of_the_table(opened):
    row = offenders.positive_outcomes(opened()).loc["domestic_abuse"]
    months = [f"2024-{m:02d}" for m in range(8, 13)] + [f"2025-{m:02d}" for m in range(1, 8)]
    sums = {
        counted: sum(
            int(each[month])
            for each in rows(
                "monthly_special", area_code=HARROW, measure="domestic_abuse", counted=counted
            )
            for month in months
        )
        for counted in ("offences", "positive_outcomes")
    }
    assert row["offence_count"] == sums["offences"]
    assert row["outcome_count"] == sums["positive_outcomes"]
    assert row["per_100"] == pytest.approx(100 * sums["positive_outcomes"] / sums["offences"])


def test_a_year_that_spans_the_change_of_system_says_so(opened):
    table = offenders.positive_outcomes(opened("harrow", "2024-08"))
    assert table.loc["domestic_abuse", "holds_break"]
    assert not table.loc["knife_crime", "holds_break"]


def test_small_counts_of_suspects_are_hidden(opened):
    found = offenders.homicide_suspects(opened())
    shown = found.london.dropna(subset=["suspect_count"])
    assert shown["suspect_count"].min() > 5
    assert found.london["is_suppressed"].sum() > 0
    assert found.periods["suspect_count"].tolist() == [7, 13, 10, 19]


@pytest.mark.parametrize("as_of", ["2013-03", "2019-06"])
def test_what_is_not_held_by_the_cut_is_none(opened, as_of):
    early = opened("harrow", as_of)
    assert offenders.positive_outcomes(early) is None
    assert offenders.custody_disposals(early) is None
    assert cross_border.near_border(early, 500) is None
    assert (searches.searches(early) is None) == (as_of == "2013-03")


def test_searches_of_harrow_are_those_of_the_table(opened):
    found = searches.searches(opened())
    counts = {"search_count": 0, "no_further_action_count": 0}
    for row in rows(
        "stop_and_search",
        area_code=HARROW,
        ethnicity_by="officer_defined",
        ethnic_group="black",
    ):
        if row["year"] in ("2022", "2023", "2024"):
            for name in counts:
                counts[name] += int(row[name])
    black = found.action["officer_defined"].loc["black"]
    assert black["search_count"] == counts["search_count"]
    assert black["case_count"] == counts["search_count"] - counts["no_further_action_count"]
    assert (found.first_year, found.last_year, found.month_count) == (2022, 2024, 31)
    assert found.rates is None
    assert searches.searches(opened("sutton")) is None
    assert not searches.is_searched_borough(opened("sutton"))


def test_months_of_covid_and_their_echo_a_year_later_are_not_used(opened):
    months = cross_border.usable_months(opened(), "theft_of_vehicle")
    assert not months.isin(pd.date_range("2020-03-01", "2022-12-01", freq="MS")).any()
    assert not months.isin(pd.date_range("2024-03-01", "2025-02-01", freq="MS")).any()
    assert pd.Timestamp("2020-02-01") in months
    redefined = cross_border.usable_months(opened(), "residential_burglary")
    assert not redefined.isin(pd.date_range("2017-04-01", "2018-03-01", freq="MS")).any()
    assert pd.Timestamp("2017-06-01") in months


def test_the_share_near_the_border_is_that_of_the_tables(opened):
    found = cross_border.near_border(opened(), 500)
    near = {
        row["lsoa_code"]
        for row in rows("lsoa_centroids", area_code=HARROW)
        if int(row["border_distance_m"]) <= 500
    }
    skip = ("lsoa_code", "area_code", "year_ending", "basis", "offence_list", "published")
    total = inside = 0
    for row in rows("lsoa_offences", area_code=HARROW, year_ending="2025-07-01"):
        count = sum(int(value or 0) for name, value in row.items() if name not in skip)
        total += count
        inside += count * (row["lsoa_code"] in near)
    assert (found.near_offence_count, found.offence_count) == (inside, total)
    assert found.near_place_count == len(near)


@pytest.fixture
def records(monkeypatch, tmp_path):
    """A function that saves a made-up table as a partnership would."""

    def save(name, lines):
        path = tmp_path / f"{name}.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        held = {name: path}
        monkeypatch.setattr(
            "analysis.data.partner.partner_path",
            lambda wanted, code, held=dict(saved, **held): held.get(wanted, tmp_path / "none"),
        )
        saved.update(held)

    saved = {}
    return save


def test_nothing_is_loaded_where_no_record_is(opened):
    assert not partner_path("offender_cohort", HARROW).exists()
    assert offender_records.offender_cohort(opened()) is None
    assert offender_records.adult_reoffending(opened()) is None


def test_a_made_up_cohort_is_read_and_followed(opened, records):
    needs = ",yes,no,yes,,,,,"
    people = [f"made-up-{n},made-up scheme,2023-02-01{needs}" for n in range(30)]
    header = (
        "person_key,cohort,entered_on,accommodation,employment,drugs,alcohol,"
        "mental_health,relationships,thinking_and_behaviour,attitudes"
    )
    records("offender_cohort", [header, *people])
    again = [f"made-up-{n},2023-06-{n + 1:02d},shoplifting" for n in range(12)]
    late = [f"made-up-{n},2024-03-01,shoplifting" for n in range(20)]
    records("offender_reoffences", ["person_key,offence_date,offence_group", *again, *late])
    found = offender_records.offender_cohort(opened())
    row = found.reoffending.iloc[0]
    assert (row["member_count"], row["reoffender_count"]) == (30, 12)
    assert found.followed_until == pd.Timestamp("2024-03-31")
    early = offender_records.offender_cohort(opened("harrow", "2023-12"))
    assert early is None


def test_adult_cohorts_hide_the_few_and_refuse_the_impossible(opened, records):
    header = "cohort_end,offender_count,reoffender_count,reoffence_count"
    records("adult_reoffending", [header, "2022-03,400,100,350", "2022-06,80,3,9"])
    table = offender_records.adult_reoffending(opened())
    assert table.loc[0, "reoffending_pct"] == 25
    assert table.loc[0, "per_reoffender"] == 3.5
    assert table.loc[1, "is_suppressed"]
    assert np.isnan(table.loc[1, "reoffender_count"])
    records("adult_reoffending", [header, "2022-03,4,10,35"])
    with pytest.raises(DataContractError, match="more reoffenders"):
        offender_records.adult_reoffending(opened())


def test_rates_of_searches_appear_with_residents(opened, records):
    lines = ["ethnic_group,population_count", "white,95000", "asian,118000", "black,19000"]
    records("ethnic_population", lines)
    rates = searches.searches(opened()).rates
    white, black = rates.loc["white"], rates.loc["black"]
    assert white["rate_per_1000"] == pytest.approx(
        1000 * white["search_count"] / 95_000 / (31 / 12)
    )
    assert black["ratio"] == pytest.approx(
        black["search_count"] / 19_000 / (white["search_count"] / 95_000)
    )
