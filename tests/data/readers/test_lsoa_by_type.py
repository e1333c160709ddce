import pandas as pd
import pytest

from analysis.data.readers.lsoa_by_type import observed_months, read_lsoa_by_type
from analysis.errors import DataContractError

# Made up, in the published layout.
HEADER = ["lsoa_code", "lsoa_name", "borough", "category", "month", "crime_count"]


def row(number, month, count="10", kind="Burglary"):
    code = f"E0100{number:04d}"
    return [code, f"Harrow 0{number}A", "Harrow", kind, month, count]


def test_anti_social_behaviour_is_no_crime(made_up):
    rows = [row(10, "2024-01", kind="Anti-social behaviour"), row(10, "2024-01")]
    assert read_lsoa_by_type(made_up(HEADER, rows))["is_crime"].tolist() == [False, True]


def test_a_month_without_rows_or_with_a_part_of_its_lsoas_is_not_observed(made_up):
    whole = [row(n, month) for n in range(10, 20) for month in ("2024-01", "2024-04")]
    part = [row(n, "2024-02") for n in range(10, 15)]
    table = read_lsoa_by_type(made_up(HEADER, whole + part))
    months = observed_months(table).set_index("month")
    assert months["observed_pct"].tolist() == [100.0, 50.0, 0.0, 100.0]
    assert months["is_observed"].tolist() == [True, False, False, True]


def test_an_lsoa_absent_from_an_observed_month_had_none(made_up):
    # One quiet LSOA in forty, with a single incident a month where the others have ten.
    busy = [row(n, m) for n in range(10, 49) for m in ("2024-01", "2024-02", "2024-03")]
    quiet = [row(49, "2024-01", "1")]
    table = read_lsoa_by_type(made_up(HEADER, busy + quiet))
    months = observed_months(table)
    assert months["is_observed"].all()
    assert months["observed_pct"].round(1).tolist() == [100.0, 99.7, 99.7]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([row(10, "2024-01"), row(10, "2024-01")], "occur twice"),
        ([row(10, "2024-01", kind="Arson")], "'Arson' is not one of"),
        ([row(10, "soon")], "'soon' is not a month"),
        ([row(10, "2024-01", "0")], "'0' is below 1"),
    ],
)
def test_wrong_rows_are_refused(made_up, rows, sentence):
    with pytest.raises(DataContractError, match=sentence):
        read_lsoa_by_type(made_up(HEADER, rows))


@pytest.mark.mirror
def test_the_published_table_adds_up_and_its_gaps_are_found(mirror):
    table = read_lsoa_by_type(mirror / "police-uk/lsoa_by_type_2023-05_2025-05.csv.gz")
    harrow = table["area_code"] == "E09000015"
    assert table.loc[harrow & ~table["is_crime"], "incident_count"].sum() == 10_581
    havering = (table["area_code"] == "E09000016") & (table["month"] == "2024-06-01")
    assert table.loc[havering & table["is_crime"], "incident_count"].sum() == 1_705
    months = observed_months(table).set_index(["area_code", "month"])
    observed = months.groupby("area_code")["is_observed"].sum()
    assert observed["E09000015"] == 25
    # Havering's first two months lack about a quarter of its LSOAs.
    lost = months.loc["E09000016"].query("not is_observed").index
    assert lost.tolist() == [pd.Timestamp("2023-05-01"), pd.Timestamp("2023-06-01")]
