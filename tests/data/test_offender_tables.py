"""Tables of searches, disposals, suspects and neighbours against the published files."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.data.figures import read_monthly_table, read_table
from analysis.data.tables.offenders import ETHNIC_GROUPS, ethnic_group
from analysis.errors import DataContractError
from analysis.params.areas import borough_codes

HARROW, HAVERING, HILLINGDON = "E09000015", "E09000016", "E09000017"
SEARCHES = "police-uk/stop_and_search_9_boroughs_2016-06_2024-08.csv.gz"
# Read here as plain text, by another path than the project's own readers.


def plain(mirror: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(mirror / name, dtype=str, keep_default_na=False)


@pytest.mark.mirror
def test_searches_of_harrow_in_2023_are_those_of_the_file(mirror: Path) -> None:
    raw = plain(mirror, SEARCHES)
    raw = raw[(raw["borough_by_point"] == "Harrow") & raw["file_month"].str.startswith("2023")]
    black = raw[raw["Officer-defined ethnicity"] == "Black"]
    table = read_table("stop_and_search")
    mine = table[(table["area_code"] == HARROW) & (table["year"] == 2023)]
    seen = mine[mine["ethnicity_by"] == "officer_defined"]
    assert seen["search_count"].sum() == len(raw)
    of_black = seen[seen["ethnic_group"] == "black"]
    assert of_black["search_count"].sum() == len(black)
    assert of_black["arrest_count"].sum() == (black["Outcome"] == "Arrest").sum()
    said = mine[(mine["ethnicity_by"] == "self_defined") & (mine["ethnic_group"] == "asian")]
    told = raw["Self-defined ethnicity"].str.startswith("Asian")
    assert said["search_count"].sum() == told.sum()


@pytest.mark.mirror
def test_copied_rows_of_august_2022_are_counted_once_and_others_are_not(mirror: Path) -> None:
    raw = plain(mirror, SEARCHES)
    table = read_monthly_table("stop_and_search_months", "search_count")
    by_month = table.groupby("month")["search_count"].sum()
    august = raw[raw["file_month"] == "2022-08"]
    assert (len(august), len(august.drop_duplicates())) == (3621, 2699)
    assert by_month["2022-08-01"] == 2699
    assert by_month["2022-07-01"] == (raw["file_month"] == "2022-07").sum()


def test_months_lost_on_the_way_are_blank_and_in_no_year() -> None:
    table = read_monthly_table("stop_and_search_months", "search_count")
    by_month = table.groupby("month")["search_count"].count()
    blank = [f"{month:%Y-%m}" for month in by_month.index[by_month == 0]]
    between = pd.period_range("2019-03", "2021-05", freq="M").astype(str)
    assert blank == ["2018-02", "2018-03", *between, "2022-01"]
    years = read_table("stop_and_search").groupby("year")["month_count"].agg(["min", "max"])
    assert (years["min"] == years["max"]).all()
    assert years["min"].to_dict() == {
        2016: 7,
        2017: 12,
        2018: 10,
        2019: 2,
        2021: 7,
        2022: 11,
        2023: 12,
        2024: 8,
    }


def test_outcomes_and_both_ethnicities_add_up_to_the_searches() -> None:
    table = read_table("stop_and_search")
    outcomes = [
        "no_further_action_count",
        "arrest_count",
        "resolution_count",
        "penalty_or_court_count",
        "other_outcome_count",
    ]
    assert (table[outcomes].sum(axis="columns") == table["search_count"]).all()
    sums = table.groupby(["area_code", "year", "ethnicity_by"])["search_count"].sum().unstack()
    assert (sums["officer_defined"] == sums["self_defined"]).all()
    monthly = read_monthly_table("stop_and_search_months", "search_count")
    assert monthly["search_count"].sum() == sums["officer_defined"].sum()


@pytest.mark.mirror
def test_disposals_of_children_for_weapons_are_those_of_the_file(mirror: Path) -> None:
    raw = plain(mirror, "mps/custody_disposals.csv.gz")
    raw.columns = raw.columns.str.strip().str.casefold()
    chosen = raw[
        raw["age_group"].eq("Child")
        & raw["offence_group"].eq("Weapons")
        & raw["current_disposal"].eq("Prosecution")
        & raw["current_disposal_year"].eq("2025")
    ]
    table = read_table("custody_disposals")
    mine = table[
        (table["year"] == 2025)
        & (table["age_group"] == "child")
        & (table["offence_class"] == "weapons")
    ]
    assert mine["prosecution_count"].sum() == chosen["offence_count"].astype(int).sum()


def test_only_whole_years_of_disposals_are_kept() -> None:
    assert read_table("custody_disposals")["year"].unique().tolist() == list(range(2021, 2026))


def test_neighbours_are_mutual_and_known() -> None:
    table = read_table("borough_neighbours")
    pairs = table.set_index(["area_code", "neighbour_code"])["shared_border_km"]
    turned = pairs.swaplevel().sort_index()
    pd.testing.assert_series_equal(pairs.sort_index(), turned, check_names=False)
    harrow = set(table.loc[table["area_code"] == HARROW, "neighbour_code"])
    # Barnet, Brent, Ealing and Hillingdon; the rest of its border is Hertfordshire's.
    assert harrow == {"E09000003", "E09000005", "E09000009", HILLINGDON}
    assert set(table["area_code"]) == set(borough_codes())
    assert HAVERING not in harrow


def test_each_published_label_falls_into_a_group_and_an_unknown_one_is_refused() -> None:
    labels = pd.Series(
        [
            "White - Any other White background",
            "Mixed/Multiple ethnic groups - White and Asian",
            "Other ethnic group - Not stated",
            "Not Stated (NS)",
            "Chinese or other ethnic group - Chinese (O1)",
        ]
    )
    groups = ethnic_group(labels).tolist()
    assert groups == ["white", "mixed", "not_known", "not_known", "other"]
    assert set(groups) <= {*ETHNIC_GROUPS.values(), "not_known"}
    with pytest.raises(DataContractError, match="Martian"):
        ethnic_group(pd.Series(["Martian"]))
