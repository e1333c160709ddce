import pytest

from analysis.data.readers.lsoa import read_lsoa
from analysis.errors import DataContractError

# Made up, in the published layout: the borough is given by its code.
HEADER = [
    "lsoa_code",
    "lsoa_name",
    "borough",
    "major_category",
    "minor_category",
    "202308",
    "202309",
]
ROW = [
    "E01002242",
    "Havering 001A",
    "E09000016",
    "BURGLARY",
    "BURGLARY - RESIDENTIAL",
    "1",
    "0",
]


def test_a_row_becomes_one_row_a_month_in_its_borough(made_up):
    table = read_lsoa(made_up(HEADER, [ROW]))
    assert table["offence_count"].tolist() == [1, 0]
    assert table["area_code"].tolist() == ["E09000016"] * 2
    assert set(table["boundary_year"]) == {2021}


def test_headers_of_other_publications_are_found(made_up):
    header = ["LSOA Code", "LSOA Name", "Borough", "Major Category", "Minor Category", "Aug-23"]
    assert len(read_lsoa(made_up(header, [ROW[:6]]))) == 1


def test_a_blank_count_stays_missing(made_up):
    table = read_lsoa(made_up(HEADER, [[*ROW[:5], "", "2"]]))
    assert table["offence_count"].isna().tolist() == [True, False]


def test_an_lsoa_counted_twice_in_a_category_is_refused(made_up):
    with pytest.raises(DataContractError, match="lsoa_code E01002242"):
        read_lsoa(made_up(HEADER, [ROW, ROW]))


def test_a_code_that_is_no_lsoa_is_refused(made_up):
    with pytest.raises(DataContractError, match="'E05013550' is not the code of an LSOA"):
        read_lsoa(made_up(HEADER, [["E05013550", *ROW[1:]]]))


@pytest.mark.mirror
def test_the_published_file_adds_up_and_has_no_sexual_offences_or_fraud(mirror):
    table = read_lsoa(mirror / "mps/lsoa_2023-08_2025-07.csv.gz")
    assert table["offence_count"].sum() == 1_753_086
    havering = table[table["area_code"] == "E09000016"]
    assert havering["offence_count"].sum() == 39_027
    robbery = havering["minor_category"].eq("ROBBERY OF PERSONAL PROPERTY")
    july = havering["month"].eq("2025-07-01")
    assert havering.loc[robbery & july, "offence_count"].sum() == 39
    majors = set(table["major_category"])
    assert not majors & {"SEXUAL OFFENCES", "FRAUD AND FORGERY"}
