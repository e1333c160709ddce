import pytest

from analysis.data.readers.vawg import read_vawg
from analysis.errors import DataContractError

# Made up, in the published layouts: two sheets of offences, three of victims.
OFFENCES = [
    "bcu_location", "borough_name", "ward_name_clean_2", "recorded_date_months",
    "date_committed_from_date_months", "count", "sheet", "crimsec_group",
    "crimseccodeexpansion", "crimsec_offences", "vawg_offence",
]  # fmt: skip
VICTIMS = [*OFFENCES[:7], "age_group", "ethnic_appearance_group_group"]


def located(borough, ward, count, committed="2024-01-01", month="2024-02-01"):
    return ["", borough, ward, month, committed, count, "Offence count location", *[""] * 4]


def classified(group, count, committed="2024-01-01"):
    return ["", "", "", "2024-02-01", committed, count, "Offence count classification",
            group, "type", "offence", "vawg"]  # fmt: skip


def test_a_row_counts_on_its_own_sheet_only(made_up):
    path = made_up(OFFENCES, [located("Harrow", "Edgware", "5"), classified("Rape", "5")])
    by_place = read_vawg(path, sheet="offences_by_location")
    by_class = read_vawg(path, sheet="offences_by_classification")
    assert by_place["offence_count"].tolist() == by_class["offence_count"].tolist() == [5]
    assert by_place["area_code"].tolist() == ["E09000015"]
    assert by_class["area_code"].tolist() == ["E23000001"]
    assert "ward_name" not in by_class


def test_a_sheet_has_to_be_named_and_held_by_the_file(made_up):
    path = made_up(OFFENCES, [located("Harrow", "Edgware", "5")])
    with pytest.raises(DataContractError, match="Did you mean 'offences_by_location'"):
        read_vawg(path, sheet="offences_by_locaton")
    with pytest.raises(DataContractError, match="no sheet 'victims_by_age'"):
        read_vawg(path, sheet="victims_by_age")
    with pytest.raises(TypeError, match="sheet"):
        read_vawg(path)


@pytest.mark.parametrize(
    ("committed", "is_missing", "is_doubtful"),
    [
        ("1900-01-01", True, True),
        ("1900-12-01", True, True),
        ("2024-03-01", True, True),
        ("", True, False),
        ("1965-06-01", False, False),
        ("2024-02-01", False, False),
    ],
)
def test_a_placeholder_date_becomes_missing_with_a_flag(
    made_up, committed, is_missing, is_doubtful
):
    path = made_up(OFFENCES, [located("Harrow", "Edgware", "5", committed)])
    table = read_vawg(path, sheet="offences_by_location")
    assert table["committed_month"].isna().tolist() == [is_missing]
    assert table["is_committed_month_doubtful"].tolist() == [is_doubtful]
    assert table["offence_count"].tolist() == [5]


def test_offences_outside_vawg_are_marked_where_the_sheet_tells(made_up):
    rows = [classified("Other flagged offences outside of VAWG", "4"), classified("Rape", "3")]
    table = read_vawg(made_up(OFFENCES, rows), sheet="offences_by_classification")
    assert table["is_outside_vawg"].tolist() == [True, False]


def test_an_unknown_ward_is_missing_and_other_is_no_borough(made_up):
    rows = [located("Other", "N/K", "4"), located("Unknown", "", "1")]
    table = read_vawg(made_up(OFFENCES, rows), sheet="offences_by_location")
    assert table["area_code"].tolist() == ["unknown", "unknown"]
    assert table["ward_name"].isna().all()


def test_victims_by_age_and_by_ethnicity_are_apart(made_up):
    start = ["", "", "", "2024-02-01", "2024-01-01"]
    rows = [
        [*start, "7", "Victim count by age group", "Aged 80+", ""],
        [*start, "7", "Victim count by ethnic group", "", "Asian"],
    ]
    path = made_up(VICTIMS, rows)
    by_age = read_vawg(path, sheet="victims_by_age")
    assert by_age[["age_group", "victim_count"]].to_numpy().tolist() == [["Aged 80+", 7]]
    assert read_vawg(path, sheet="victims_by_ethnicity")["ethnicity"].tolist() == ["Asian"]


def test_a_duplicate_within_a_sheet_is_refused_with_its_sheet(made_up):
    path = made_up(OFFENCES, [located("Harrow", "Edgware", "5")] * 2)
    with pytest.raises(DataContractError, match="sheet 'Offence count location': 1 row"):
        read_vawg(path, sheet="offences_by_location")


@pytest.mark.mirror
def test_the_two_sheets_of_offences_have_the_same_total(mirror):
    path = mirror / "mps/vawg_offences_2014-01_2025-06.csv.gz"
    by_place = read_vawg(path, sheet="offences_by_location")
    by_class = read_vawg(path, sheet="offences_by_classification")
    assert by_place["offence_count"].sum() == by_class["offence_count"].sum() == 1_522_335
    outside = by_class.loc[by_class["is_outside_vawg"], "offence_count"].sum()
    assert outside == 320_066
    harrow = by_place[by_place["area_code"] == "E09000015"]
    assert harrow.loc[harrow["month"].dt.year == 2024, "offence_count"].sum() == 2_392
    # 50 rows of 1900, and two committed after they were recorded.
    assert by_place["is_committed_month_doubtful"].sum() == 52


@pytest.mark.mirror
def test_the_sheets_of_victims_add_up(mirror):
    path = mirror / "mps/vawg_victims_2014-01_2025-06.csv.gz"
    by_age = read_vawg(path, sheet="victims_by_age")
    oldest = by_age["age_group"] == "Aged 80+"
    assert by_age.loc[oldest, "victim_count"].sum() == 8_057
    by_ethnicity = read_vawg(path, sheet="victims_by_ethnicity")
    asian = by_ethnicity["ethnicity"] == "Asian"
    assert by_ethnicity.loc[asian, "victim_count"].sum() == 192_956
    by_place = read_vawg(path, sheet="victims_by_location")
    havering = by_place["area_code"] == "E09000016"
    assert by_place.loc[havering, "victim_count"].sum() == 37_888
