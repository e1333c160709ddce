import pytest

from analysis.data.months import nearly_empty_months
from analysis.data.readers.street import read_street
from analysis.errors import DataContractError, SourceError

# Made up, in the archive's layout.
HEADER = [
    "Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location",
    "LSOA code", "LSOA name", "Crime type", "Last outcome category", "Context",
]  # fmt: skip
NAME = "2016-05-metropolitan-street.csv.gz"
ID = "a" * 64


def row(crime_id=ID, *, month="2016-05", force="Metropolitan Police Service",
        point=("-0.352735", "51.554794"), lsoa=("E01002129", "Harrow 023C"),
        kind="Burglary"):  # fmt: skip
    return [crime_id, month, force, force, *point, "On or near High Street", *lsoa, kind,
            "Under investigation", ""]  # fmt: skip


def test_a_point_keeps_its_degrees_and_gets_its_borough(made_up):
    table = read_street(made_up(HEADER, [row()], NAME))
    assert table["longitude"].tolist() == [-0.352735]
    assert table["latitude"].tolist() == [51.554794]
    assert table["area_code"].tolist() == ["E09000015"]


def test_blank_and_repeated_crime_ids_are_kept_and_told(made_up):
    table = read_street(made_up(HEADER, [row(), row(), row(""), row("")], NAME))
    assert len(table) == 4
    assert table["crime_id"].isna().tolist() == [False, False, True, True]
    assert table["is_repeated_id"].tolist() == [False, True, False, False]


def test_anti_social_behaviour_is_no_crime(made_up):
    table = read_street(made_up(HEADER, [row("", kind="Anti-social behaviour"), row()], NAME))
    assert table["is_crime"].tolist() == [False, True]


def test_the_transport_police_are_flagged(made_up):
    rows = [row("", force="British Transport Police"), row()]
    table = read_street(made_up(HEADER, rows, NAME))
    assert table["is_transport_police"].tolist() == [True, False]


def test_a_row_without_a_location_has_no_borough(made_up):
    nowhere = row(point=("", ""), lsoa=("", ""))
    table = read_street(made_up(HEADER, [nowhere, row()], NAME))
    assert table["has_location"].tolist() == [False, True]
    assert table["area_code"].isna().tolist() == [True, False]


def test_a_few_rows_outside_london_are_kept_and_many_are_refused(made_up):
    outside = row(lsoa=("E01021750", "Epping Forest 012B"))
    table = read_street(made_up(HEADER, [outside, *[row()] * 99], NAME))
    assert table["is_in_london"].sum() == 99
    with pytest.raises(DataContractError, match=r"3 of 100 located rows.*'Epping Forest 012B'"):
        read_street(made_up(HEADER, [*[outside] * 3, *[row()] * 97], NAME))


def test_a_folder_is_read_whole_and_its_nearly_empty_month_is_told(made_up, tmp_path):
    for month, count in [("2016-01", 60), ("2016-02", 55), ("2016-03", 2), ("2016-04", 58)]:
        rows = [row(month=month)] * count
        made_up(HEADER, rows, f"months/{month}-metropolitan-street.csv.gz")
    table = read_street(tmp_path / "months")
    assert len(table) == 175
    told = nearly_empty_months(table)
    assert told[["area_code", "row_count"]].to_numpy().tolist() == [["E09000015", 2]]


def test_a_folder_without_files_is_refused(tmp_path):
    with pytest.raises(SourceError, match="no file named"):
        read_street(tmp_path)


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (row(month="2016-06"), "another month than the file's name, the first 2016-06"),
        (row(kind="Piracy"), "'Piracy' is not one of"),
        (row(point=("51.55", "-0.35")), "is outside Great Britain"),
        (row(point=("east", "51.55")), "'east' in row 2 is not a number"),
        (row("123"), "'123' is no crime ID"),
    ],
)
def test_a_wrong_value_is_named(made_up, bad, sentence):
    with pytest.raises(DataContractError) as caught:
        read_street(made_up(HEADER, [bad], NAME))
    assert sentence in str(caught.value)


@pytest.mark.mirror
def test_a_published_month_adds_up(mirror):
    path = mirror / "police-uk/street-2016-2018/2016-05-metropolitan-street.csv.gz"
    table = read_street(path)
    assert len(table) == 17_954
    assert (~table["is_crime"]).sum() == 4_684
    assert table["is_transport_police"].sum() == 189


@pytest.mark.mirror
@pytest.mark.slow
def test_march_and_april_2016_are_told_borough_by_borough(mirror):
    table = read_street(mirror / "police-uk/street-2016-2018")
    assert (table["area_code"] == "E09000015").sum() == 42_371
    told = nearly_empty_months(table)
    found = {(code, f"{month:%Y-%m}") for code, month in zip(
        told["area_code"], told["month"], strict=True)}  # fmt: skip
    assert found == {
        ("E09000002", "2016-04"),
        ("E09000009", "2016-03"),
        ("E09000015", "2016-03"),
        ("E09000016", "2016-03"),
        ("E09000017", "2016-03"),
    }


@pytest.mark.mirror
@pytest.mark.slow
def test_the_burglary_files_hold_rows_without_a_location(mirror):
    table = read_street(mirror / "police-uk/burglary-2018-2023")
    assert (~table["has_location"]).sum() == 5_062
    havering = (table["area_code"] == "E09000016") & (table["month"] == "2020-01-01")
    assert havering.sum() == 194
    assert nearly_empty_months(table).empty


def test_one_borough_may_be_read_alone_and_reads_the_same(made_up):
    brent = row(lsoa=("E01000461", "Brent 027C"))
    path = made_up(HEADER, [row(), brent, row(point=("", ""), lsoa=("", ""))], NAME)
    alone = read_street(path, area_code="E09000015")
    whole = read_street(path)
    whole = whole[whole["area_code"].eq("E09000015")]
    assert alone["area_code"].tolist() == ["E09000015"]
    columns = ["longitude", "latitude", "location", "crime_type", "month", "is_crime"]
    assert alone[columns].astype("str").values.tolist() == (
        whole[columns].astype("str").values.tolist()
    )
