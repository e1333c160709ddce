import pandas as pd
import pytest

from analysis.data.readers.custody import read_custody
from analysis.errors import DataContractError

# Made up, in the published layout.
HEADER = [
    "current_disposal_year", "current_disposal_month", "current_disposal_month_name", "gender",
    "age_group", "ethnicity_4+1", "offence_group", "current_disposal", "offence_count", "sheet",
]  # fmt: skip


def row(year="2024", number="3", name="March", ethnicity="White", count="4"):
    return [year, number, name, "Male", "Child", ethnicity, "Robbery", "To Court", count, "S"]


def test_year_and_month_become_one_month_of_london(made_up):
    table = read_custody(made_up(HEADER, [row()]))
    assert table["month"].tolist() == [pd.Timestamp("2024-03-01")]
    assert table["area_code"].tolist() == ["E23000001"]
    assert table["disposal_count"].tolist() == [4]


def test_a_trailing_blank_makes_no_other_ethnicity(made_up):
    table = read_custody(made_up(HEADER, [row(ethnicity="Other ")]))
    assert table["ethnicity"].tolist() == ["Other"]


def test_a_month_whose_number_and_name_disagree_is_refused(made_up):
    with pytest.raises(DataContractError, match="month 3 is called April"):
        read_custody(made_up(HEADER, [row(name="April")]))


def test_a_missing_month_is_told(made_up, caplog):
    read_custody(made_up(HEADER, [row(), row(number="5", name="May")]))
    assert caplog.messages == ["made-up.csv: no figures for 2024-04."]


def test_a_group_counted_twice_is_refused_even_where_a_blank_differs(made_up):
    with pytest.raises(DataContractError, match="occur twice"):
        read_custody(made_up(HEADER, [row(ethnicity="Other"), row(ethnicity="Other ")]))


@pytest.mark.mirror
def test_the_published_file_adds_up(mirror):
    table = read_custody(mirror / "mps/custody_disposals.csv.gz")
    years = table["month"].dt.year
    child = table["age_group"] == "Child"
    assert table.loc[child & (years == 2024), "disposal_count"].sum() == 16_173
    assert table.loc[table["ethnicity"] == "Other", "disposal_count"].sum() == 33_175
    out = (table["disposal"] == "Out of Court") & (table["month"] == "2025-03-01")
    assert table.loc[out, "disposal_count"].sum() == 395
