import pandas as pd
import pytest

from analysis.data.readers.borough_monthly import find_columns, read_borough_monthly
from analysis.errors import DataContractError, SourceError
from analysis.params.areas import HEATHROW_CODE, UNKNOWN_CODE

MONTHS = ("202404", "202405", "202406")
HEADER = ("MajorText", "MinorText", "BoroughName", *MONTHS)
# Major, minor and borough, in this order, are the first cells of a made-up row.


def refusal(path):
    with pytest.raises((DataContractError, SourceError)) as refused:
        read_borough_monthly(path)
    return str(refused.value)


def count_of(table, area_code, minor, month):
    row = table[
        (table["area_code"] == area_code)
        & (table["minor_category"] == minor)
        & (table["month"] == month)
    ]
    return row["offence_count"].item()


@pytest.mark.parametrize(
    ("header", "order"),
    [
        (("MajorText", "MinorText", "BoroughName"), (0, 1, 2)),
        (("MajorText", "MinorText", "LookUp_BoroughName"), (0, 1, 2)),
        (("Borough", "Major Category", "Minor Category"), (2, 0, 1)),
        (("Offence", "Command Unit", "Crime Type"), (1, 2, 0)),
    ],
)
def test_columns_are_found_by_what_they_hold_whatever_they_are_called(
    borough_file, borough_rows, header, order
):
    rows = [[*(row[place] for place in order), *row[3:]] for row in borough_rows()]
    rows[0][-1] = "71"
    table = read_borough_monthly(borough_file(rows, (*header, *MONTHS)))
    first = borough_rows()[0]
    assert count_of(table, "E09000002", first[1], "2024-06-01") == 71
    assert list(table.columns) == [
        "area_code",
        "major_category",
        "minor_category",
        "month",
        "offence_count",
    ]


def test_a_new_spelling_of_a_month_is_read_as_that_month(borough_file, borough_rows):
    header = (*HEADER[:3], "Apr-24", "2024-05", "01/06/2024")
    table = read_borough_monthly(borough_file(borough_rows(), header))
    assert table["month"].dt.month.unique().tolist() == [4, 5, 6]


def test_a_missing_month_column_is_refused_by_name(borough_file, borough_rows):
    rows = [[*row[:3], row[3], row[5]] for row in borough_rows()]
    message = refusal(borough_file(rows, (*HEADER[:3], "202404", "202406")))
    assert "no column for 2024-05" in message
    assert "Fetch the file again" in message


def test_a_count_that_is_no_number_is_refused_with_its_row(borough_file, borough_rows):
    rows = borough_rows()
    rows[4][3] = "twelve"
    message = refusal(borough_file(rows))
    assert "'twelve'" in message
    assert "not a whole number" in message


def test_a_negative_count_is_refused(borough_file, borough_rows):
    rows = borough_rows()
    rows[4][3] = "-3"
    assert "'-3'" in refusal(borough_file(rows))


def test_a_blank_count_stays_missing(borough_file, borough_rows):
    rows = borough_rows()
    rows[0][3] = ""
    table = read_borough_monthly(borough_file(rows))
    assert pd.isna(count_of(table, "E09000002", rows[0][1], "2024-04-01"))
    assert table["offence_count"].isna().sum() == 1


def test_a_duplicated_row_is_refused_and_named(borough_file, borough_rows):
    rows = borough_rows()
    message = refusal(borough_file([*rows, rows[7]]))
    assert "1 row(s) occur twice" in message
    assert rows[7][1] in message


def test_a_truncated_gzip_is_refused(borough_file, borough_rows):
    path = borough_file(borough_rows(), name="made-up.csv.gz")
    path.write_bytes(path.read_bytes()[:-400])
    assert "truncated or damaged" in refusal(path)


def test_a_web_page_saved_as_a_table_is_refused(tmp_path):
    path = tmp_path / "made-up.csv"
    path.write_text("<!DOCTYPE html><html><body>503 Service Unavailable</body></html>")
    assert "this is a web page" in refusal(path)


def test_a_borough_without_a_row_is_refused_by_name(borough_file, borough_rows):
    rows = [row for row in borough_rows() if row[2] != "Sutton"]
    assert "no row for Sutton" in refusal(borough_file(rows))


def test_a_borough_without_an_offence_in_a_month_is_refused(borough_file, borough_rows):
    rows = [[*row[:4], "0", row[5]] if row[2] == "Harrow" else row for row in borough_rows()]
    message = refusal(borough_file(rows))
    assert "Harrow has no offence at all in 2024-05" in message


def test_a_new_spelling_of_a_borough_is_named(borough_file, borough_rows):
    rows = [
        [*row[:2], "Harrow & District" if row[2] == "Harrow" else row[2], *row[3:]]
        for row in borough_rows()
    ]
    message = refusal(borough_file(rows))
    assert "'Harrow & District'" in message
    assert "data/reference/areas.csv" in message


def test_a_file_without_boroughs_is_refused_with_the_columns_it_has():
    table = pd.DataFrame(
        {"MajorText": ["THEFT"], "MinorText": ["SHOPLIFTING"], "202404": ["3"]}
    )
    with pytest.raises(DataContractError, match="found MajorText, MinorText"):
        find_columns(table, where="made-up.csv")


@pytest.mark.mirror
@pytest.mark.parametrize(
    ("name", "months", "is_heathrow_shown"),
    [
        ("mps/borough_2010-04_2024-03.csv", 168, True),
        ("mps/borough_2023-06_2025-05.csv", 24, True),
        ("mps/borough_2010-04_2022-01_policing-borough-basis.csv", 142, True),
        ("mps/borough_2008-01_2018-12_old-offence-list.csv", 132, False),
    ],
)
def test_the_published_files_are_read_with_every_month(mirror, name, months, is_heathrow_shown):
    table = read_borough_monthly(mirror / name)
    assert table["month"].nunique() == months
    shown = {HEATHROW_CODE, UNKNOWN_CODE} & set(table["area_code"])
    assert bool(shown) == is_heathrow_shown
