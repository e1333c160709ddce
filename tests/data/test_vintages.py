import pandas as pd
import pytest

from analysis.data.compile import Field, TableSpec, compile_tables
from analysis.data.figures import figures_folder
from analysis.data.vintages import monthly_offences, publications, revisions
from analysis.errors import DataContractError
from analysis.params.areas import LONDON_CODE

KEY = ("area_code", "offence_group", "basis", "offence_list", "published")


def publication(published, counts, basis="location"):
    """A made-up publication: rows of area and group, each with counts by month."""
    rows = [
        {
            "area_code": area,
            "offence_group": group,
            "basis": basis,
            "offence_list": "current",
            "published": published,
            **{month: pd.NA if count is None else count for month, count in months.items()},
        }
        for (area, group), months in counts.items()
    ]
    table = pd.DataFrame(rows)
    table[list(table.columns[5:])] = table[list(table.columns[5:])].astype("Int64")
    return TableSpec(
        name=f"monthly_offences_{basis}_current_{published}",
        title="Made up",
        source_ids=(),
        fields={name: Field("string", "made up") for name in KEY},
        primary_key=KEY,
        build=lambda load: table,
    )


@pytest.fixture
def two_publications(small_project):
    """The second publication revises 2020-02 and adds 2020-03; a third is on another basis."""
    first = publication(
        "2020-03",
        {
            ("E09000015", "shoplifting"): {"2020-01": 10, "2020-02": 20},
            ("unknown", "shoplifting"): {"2020-01": 1, "2020-02": 2},
        },
    )
    second = publication(
        "2020-04",
        {
            ("E09000015", "shoplifting"): {"2020-02": 23, "2020-03": 30},
            ("unknown", "shoplifting"): {"2020-02": 0, "2020-03": None},
        },
    )
    policing = publication(
        "2020-05", {("E09000015", "shoplifting"): {"2020-02": 99, "2020-04": 99}}, "policing"
    )
    compile_tables(
        [first, second, policing], lambda _: pd.DataFrame(), lambda _: {}, figures_folder()
    )


def count(table, area_code, month):
    row = table[(table["area_code"] == area_code) & (table["month"] == month)]
    return row["offence_count"].item(), row["published"].item()


def test_an_overlap_is_resolved_to_the_newer_publication(two_publications):
    table = monthly_offences()
    assert count(table, "E09000015", "2020-01-01") == (10, "2020-03")
    assert count(table, "E09000015", "2020-02-01") == (23, "2020-04")
    assert count(table, "E09000015", "2020-03-01") == (30, "2020-04")


def test_no_area_month_is_given_by_two_publications(two_publications):
    table = monthly_offences()
    assert not table.duplicated(["area_code", "offence_group", "month"]).any()


def test_an_earlier_publication_is_seen_when_asked_for(two_publications):
    table = monthly_offences(published_by="2020-03")
    assert count(table, "E09000015", "2020-02-01") == (20, "2020-03")
    assert table["month"].max() == pd.Timestamp("2020-02-01")


def test_the_revision_of_each_overlapping_month_is_kept(two_publications):
    table = revisions()
    harrow = table[table["area_code"] == "E09000015"]
    assert harrow["month"].dt.strftime("%Y-%m").tolist() == ["2020-02"]
    assert harrow["offence_count_before"].item() == 20
    assert harrow["offence_count"].item() == 23
    assert harrow["revision_count"].item() == 3
    assert harrow["published_before"].item() == "2020-03"
    assert harrow["published"].item() == "2020-04"


def test_as_of_cuts_months_not_publications(two_publications):
    table = monthly_offences(as_of="2020-02")
    assert count(table, "E09000015", "2020-02-01") == (23, "2020-04")
    assert table["month"].max() == pd.Timestamp("2020-02-01")


def test_london_is_the_sum_of_all_and_missing_where_a_part_is(two_publications):
    table = monthly_offences()
    assert count(table, LONDON_CODE, "2020-01-01") == (11, "2020-03")
    assert count(table, LONDON_CODE, "2020-02-01") == (23, "2020-04")
    value, _ = count(table, LONDON_CODE, "2020-03-01")
    assert pd.isna(value)


def test_two_bases_are_never_joined(two_publications):
    location = monthly_offences("location")
    policing = monthly_offences("policing")
    assert set(location["basis"]) == {"location"}
    assert set(policing["basis"]) == {"policing"}
    assert location["month"].max() == pd.Timestamp("2020-03-01")
    assert 99 not in location["offence_count"].dropna().tolist()


def test_what_is_not_held_is_refused_with_what_is(two_publications):
    with pytest.raises(DataContractError, match="published by 2020-01; held: 2020-03, 2020-04"):
        monthly_offences(published_by="2020-01")
    with pytest.raises(DataContractError, match="no month of the location basis"):
        monthly_offences(as_of="2019-12")
    with pytest.raises(DataContractError, match="held: none"):
        monthly_offences("location", "old")


def test_the_embedded_series_have_no_gap_and_no_double_month():
    for basis, offence_list in (("location", "current"), ("policing", "current")):
        table = monthly_offences(basis, offence_list)
        harrow = table[
            (table["area_code"] == "E09000015") & (table["offence_group"] == "shoplifting")
        ]
        assert not harrow["month"].duplicated().any()
        every = pd.date_range(harrow["month"].min(), harrow["month"].max(), freq="MS")
        assert len(harrow) == len(every)


def test_the_two_location_publications_meet_in_march_2024():
    table = monthly_offences()
    harrow = table[
        (table["area_code"] == "E09000015") & (table["offence_group"] == "shoplifting")
    ]
    last_of_each = harrow.groupby("published")["month"].max().dt.strftime("%Y-%m")
    assert publications("location") == ["2025-06", "2026-04"]
    assert last_of_each.to_dict() == {"2026-04": "2024-03", "2025-06": "2025-05"}


def test_harrow_moved_between_the_publications_of_2025_and_2026():
    # June 2023 to March 2024 stands in both: ten months.
    table = revisions()
    mine = table[
        (table["area_code"] == "E09000015")
        & table["offence_group"].ne("violence_without_injury")
    ]
    assert mine["month"].nunique() == 10
    moved = mine["revision_count"].abs().sum() / mine["offence_count"].sum()
    assert 0 < moved < 0.1
