import pytest

from analysis.data.readers.crime_dashboard import borough_counts, read_crime_dashboard
from analysis.errors import DataContractError

# Made up, in the published layout.
HEADER = [
    "month_year", "area_type", "borough_snt", "area_name", "area_code", "crime_type",
    "crime_subtype", "measure", "financial_year", "fy_fyindex", "count", "refresh_date",
    "sheet",
]  # fmt: skip


def row(place, kind, subtype, count, *, month="2024-02-01", measure="Offences"):
    area_type, team, name, code = place
    return [month, area_type, team, name, code, kind, subtype, measure, "", "", str(count),
            "2025-08-02", "Other"]  # fmt: skip


HARROW = ("Borough", "Harrow", "Harrow", "E09000015")
TEAM = ("Safer Neighbourhood Teams", "Harrow Marlborough", "Marlborough", "E05013550")
NOWHERE = ("Borough", "Other / NK", "N/K (Legacy Only)", "N/K")
NO_NAME = ("Borough", "Other / NK", "", "")


def test_the_same_offences_by_ward_team_are_left_out_of_the_borough(made_up):
    rows = [
        row(HARROW, "Knife Crime", "Knife Crime", 9),
        row(TEAM, "Knife Crime", "Knife Crime", 9),
    ]
    table = read_crime_dashboard(made_up(HEADER, rows))
    assert table["record_count"].sum() == 18
    assert borough_counts(table)["record_count"].sum() == 9


def test_a_ward_team_keeps_its_ward_and_gets_its_borough(made_up):
    gone = (TEAM[0], "Harrow Wealdstone", "Wealdstone (NOT ACTIVE)", "-1")
    rows = [row(team, "Knife Crime", "Knife Crime", 1) for team in (TEAM, gone)]
    table = read_crime_dashboard(made_up(HEADER, rows))
    assert table["area_code"].tolist() == ["E09000015"] * 2
    assert table["ward_code"].tolist()[0] == "E05013550"
    assert table["ward_code"].isna().tolist() == [False, True]


def test_hate_strands_are_marked_and_the_total_is_not(made_up):
    names = ["Hate crime", "AntiSemitic", "Faith Crime", "Racist and Religious Crime"]
    rows = [row(HARROW, "Hate crime", name, 1) for name in names]
    table = read_crime_dashboard(made_up(HEADER, rows)).set_index("crime_subtype")
    assert table["is_hate_strand"].tolist() == [False, True, True, True]
    assert table["is_subset"].tolist() == [False, True, True, True]


def test_one_subtype_written_two_ways_becomes_one(made_up):
    rows = [
        row(HARROW, "Domestic Abuse", "Domestic Abuse violence with injury", 5),
        row(HARROW, "Domestic Abuse", "Domestic Abuse Violence with Injury", 2,
            measure="Positive Outcomes"),
        row(HARROW, "Lethal Barrel Discharge", "Lethal Barrel Discharge", 3),
        row(HARROW, "Gun Crime", "Lethal Barrel Discharge", 1, measure="Positive Outcomes"),
        row(HARROW, "Miscalleneous", "TNO Victim Based", 7),
    ]  # fmt: skip
    table = read_crime_dashboard(made_up(HEADER, rows))
    assert table["crime_subtype"].nunique() == 3
    assert set(table["crime_type"]) == {"Domestic Abuse", "Gun Crime", "Miscellaneous"}


def test_a_borough_without_a_row_had_none_and_no_known_borough_is_added_up(made_up):
    rows = [
        row(HARROW, "Hate crime", "Hate crime", 4),
        row(NOWHERE, "Hate crime", "Hate crime", 2),
        row(NO_NAME, "Hate crime", "Hate crime", 1),
        row(NOWHERE, "Hate crime", "Hate crime", 8, month="2024-03-01"),
    ]
    counts = borough_counts(read_crime_dashboard(made_up(HEADER, rows)))
    found = counts.set_index(["area_code", counts["month"].dt.month])["record_count"]
    assert found.to_dict() == {
        ("E09000015", 2): 4,
        ("E09000015", 3): 0,
        ("unknown", 2): 3,
        ("unknown", 3): 8,
    }


def test_a_duplicate_and_an_unknown_measure_are_refused(made_up):
    same = row(HARROW, "Hate crime", "Hate crime", 4)
    with pytest.raises(DataContractError, match="occur twice"):
        read_crime_dashboard(made_up(HEADER, [same, same]))
    odd = row(HARROW, "Hate crime", "Hate crime", 4, measure="Victims")
    with pytest.raises(DataContractError, match="'Victims' is not one of Offences"):
        read_crime_dashboard(made_up(HEADER, [odd]))


@pytest.mark.mirror
def test_the_published_dashboard_adds_up(mirror):
    table = read_crime_dashboard(mirror / "mps/monthly_crime_dashboard_2021-08_2025-07.csv.gz")
    counts = borough_counts(table)
    offences = counts[counts["measure"] == "Offences"]
    hate = offences[offences["crime_subtype"] == "Hate crime"]
    assert hate["record_count"].sum() == 95_668
    assert hate.loc[hate["area_code"] == "E09000015", "record_count"].sum() == 1_494
    assert offences.loc[offences["is_hate_strand"], "record_count"].sum() == 198_551
    injury = counts[counts["crime_subtype"] == "Domestic Abuse Violence with Injury"]
    by_measure = injury.groupby("measure", observed=True)["record_count"].sum()
    assert by_measure.to_dict() == {"Offences": 88_467, "Positive Outcomes": 10_846}
    knife = offences[offences["crime_subtype"] == "Knife Crime"].set_index(
        ["area_code", "month"]
    )
    assert knife.loc[("E09000016", "2024-05-01"), "record_count"] == 29
