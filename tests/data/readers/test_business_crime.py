import pandas as pd
import pytest

from analysis.data.readers.business_crime import read_business_crime
from analysis.errors import DataContractError

# Made up, in the published layout.
HEADER = [
    "date", "measure", "borough", "crime_section", "crime_group",
    "business_crime_offence_count", "refresh_date", "sheet",
]  # fmt: skip


def row(date, borough="Harrow", count="3"):
    return [date, "Business Crime Offences", borough, "THEFT", "SHOPLIFTING", count, "", ""]


def test_a_day_keeps_its_date_and_its_month(made_up):
    table = read_business_crime(made_up(HEADER, [row("2024-02-29"), row("2024-03-01")]))
    assert table["date"].tolist() == [pd.Timestamp("2024-02-29"), pd.Timestamp("2024-03-01")]
    assert table["month"].tolist() == [pd.Timestamp("2024-02-01"), pd.Timestamp("2024-03-01")]


def test_other_and_unknown_are_kept_as_no_known_borough(made_up):
    rows = [row("2024-02-29", "Other", "9"), row("2024-02-29", "Unknown", "1")]
    table = read_business_crime(made_up(HEADER, rows))
    assert table["area_code"].tolist() == ["unknown", "unknown"]
    assert table["offence_count"].sum() == 10


def test_a_missing_month_is_told(made_up, caplog):
    read_business_crime(made_up(HEADER, [row("2024-01-31"), row("2024-03-01")]))
    assert caplog.messages == ["made-up.csv: no figures for 2024-02."]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([row("2024-02-29"), row("2024-02-29")], "occur twice"),
        ([row("29/02/2024")], "'29/02/2024' is not a day"),
        ([row("2024-02-29", count="0")], "'0' is below 1"),
        ([row("2024-02-29", count="-3")], "is negative"),
    ],
)
def test_wrong_rows_are_refused(made_up, rows, sentence):
    with pytest.raises(DataContractError, match=sentence):
        read_business_crime(made_up(HEADER, rows))


@pytest.mark.mirror
def test_the_published_file_adds_up(mirror):
    table = read_business_crime(mirror / "mps/business_crime_offences_2023-08_2025-07.csv.gz")
    by_area = table.groupby("area_code")["offence_count"].sum()
    assert by_area["E09000015"] == 13_653
    assert by_area["unknown"] == 21_385
    assert by_area.sum() == 895_371
    harrow = table[(table["area_code"] == "E09000015") & (table["month"] == "2024-12-01")]
    shops = harrow["minor_category"] == "SHOPLIFTING"
    assert harrow.loc[shops, "offence_count"].sum() == 120
