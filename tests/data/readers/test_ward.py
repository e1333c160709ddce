import pandas as pd
import pytest

from analysis.data.readers.ward import read_ward
from analysis.errors import DataContractError, SourceError

# Made up, in the two published layouts.
OLD = [
    "wardname",
    "wardcode",
    "majortext",
    "minortext",
    "lookup_boroughname",
    "202401",
    "202402",
]
NEW = [
    "MajorText",
    "MinorText",
    "WardName",
    "WardCode",
    "LookUp_BoroughName",
    "202402",
    "202404",
]
MARLBOROUGH = ["Marlborough", "E05013550", "THEFT", "SHOPLIFTING", "Harrow", "3", "4"]


def test_both_layouts_give_the_same_table(made_up):
    old = read_ward(made_up(OLD, [MARLBOROUGH]))
    new = read_ward(
        made_up(NEW, [["THEFT", "SHOPLIFTING", "Marlborough", "E05013550", "Harrow", "4", "5"]])
    )
    assert list(old) == list(new)
    assert old["offence_count"].tolist() == [3, 4]
    assert new["area_code"].tolist() == ["E09000015"] * 2
    assert set(old["boundary_year"]) == {2022}
    assert old["ward_code"].dtype == "category"


def test_a_ward_with_rows_under_its_borough_and_the_airports_keeps_both(made_up):
    villages = ["Heathrow Villages", "E05013570", "THEFT", "OTHER THEFT"]
    table = read_ward(
        made_up(OLD, [[*villages, "Hillingdon", "1", "2"]]
                + [[*villages, "Aviation Security (SO18)", "10", "20"]])
    )  # fmt: skip
    assert table.groupby("area_code")["offence_count"].sum().to_dict() == {
        "E09000017": 3,
        "heathrow": 30,
    }


def test_a_missing_month_stays_missing_and_is_told(made_up, caplog):
    row = ["THEFT", "SHOPLIFTING", "Marlborough", "E05013550", "Harrow", "4", "5"]
    table = read_ward(made_up(NEW, [row]))
    assert table["month"].tolist() == [pd.Timestamp("2024-02-01"), pd.Timestamp("2024-04-01")]
    assert caplog.messages == ["made-up.csv: no figures for 2024-03."]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ([*MARLBOROUGH[:6], "-4"], "column 202402: '-4' in row 2 is negative"),
        ([*MARLBOROUGH[:6], "four"], "'four' in row 2 is not a whole number"),
        (
            ["Marlborough", "E09000015", *MARLBOROUGH[2:]],
            "'E09000015' is not the code of a ward",
        ),
        ([*MARLBOROUGH[:4], "Harow", "3", "4"], "'Harow'"),
        (["Marlborough", "E05013550", "", *MARLBOROUGH[3:]], "major_category: blank"),
    ],
)
def test_a_wrong_value_is_named(made_up, row, sentence):
    with pytest.raises(DataContractError) as caught:
        read_ward(made_up(OLD, [row]))
    assert sentence in str(caught.value)


def test_a_duplicated_row_is_refused(made_up):
    with pytest.raises(DataContractError, match="occur twice"):
        read_ward(made_up(OLD, [MARLBOROUGH, MARLBOROUGH]))


def test_a_truncated_file_is_refused(made_up):
    path = made_up(OLD, [MARLBOROUGH] * 50, "ward.csv.gz")
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(SourceError, match="truncated or damaged"):
        read_ward(path)


@pytest.mark.mirror
def test_the_older_file_holds_the_whole_borough(mirror):
    table = read_ward(mirror / "mps/ward_2010-04_2024-02.csv.gz")
    harrow = table[(table["area_code"] == "E09000015")]
    year = harrow[harrow["month"].between("2011-04-01", "2012-03-01")]
    assert year["offence_count"].sum() == 13_838
    assert harrow[harrow["month"].lt("2011-04-01")]["offence_count"].sum() == 14_552
    assert len(table) == 21_118 * 167


@pytest.mark.mirror
def test_the_newer_file_adds_up(mirror):
    table = read_ward(mirror / "mps/ward_2023-06_2025-05.csv.gz")
    harrow = table[table["area_code"] == "E09000015"]
    by_month = harrow.groupby("month")["offence_count"].sum()
    assert by_month["2024-02-01"] == 1_292
    assert by_month["2024-03-01"] == 1_329
    assert by_month.sum() == 31_668
    burglary = harrow["minor_category"] == "BURGLARY - RESIDENTIAL"
    assert harrow.loc[burglary, "offence_count"].sum() == 1_076
