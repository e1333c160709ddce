import pytest

from analysis.data.readers.homicide import read_homicide
from analysis.errors import DataContractError

# Made up, in the published layout: one row a person proceeded against.
HEADER = [
    "count_of_ppa", "borough", "gender", "age_group", "self_classified_ethnicity",
    "offence_type", "charged_summonsed", "proceedings_date",
]  # fmt: skip


def row(date="Jan-03", *, ethnicity="White", how="Charge or Summons", borough="Harrow", n="1"):
    return [n, borough, "Male", "20 to 24", ethnicity, "Murder", how, date]


def test_people_are_counted_as_suspects(made_up):
    table = read_homicide(made_up(HEADER, [row()]))
    assert table["suspect_count"].tolist() == [1]
    assert not [name for name in table if "victim" in name or "offence_count" in name]


def test_an_ethnicity_with_a_trailing_blank_is_the_same_one(made_up):
    table = read_homicide(made_up(HEADER, [row(ethnicity="Black "), row(ethnicity="Black")]))
    assert table["ethnicity"].unique().tolist() == ["Black"]


def test_people_alike_in_everything_are_all_kept(made_up):
    assert read_homicide(made_up(HEADER, [row(), row()]))["suspect_count"].sum() == 2


def test_two_digit_years_and_spellings_of_boroughs_are_read(made_up):
    table = read_homicide(made_up(HEADER, [row("Dec-03", borough="Barking & Dagenham")]))
    assert (table["month"].dt.year[0], table["area_code"][0]) == (2003, "E09000002")


def test_a_recording_error_is_flagged_and_kept(made_up):
    table = read_homicide(made_up(HEADER, [row(how="Recording Error"), row()]))
    assert table["is_recording_error"].tolist() == [True, False]


def test_an_error_quotes_no_more_of_a_person_than_the_value(made_up):
    with pytest.raises(DataContractError) as caught:
        read_homicide(made_up(HEADER, [row(ethnicity="White", n="0")]))
    assert "'0' is below 1" in str(caught.value)
    assert "White" not in str(caught.value)


@pytest.mark.mirror
def test_the_published_file_adds_up(mirror):
    table = read_homicide(mirror / "mps/homicide_2003_2026.csv.gz")
    assert table["suspect_count"].sum() == 4_512
    assert (table["area_code"] == "E09000015").sum() == 52
    assert (table["ethnicity"] == "Black").sum() == 1_895
    assert (table["month"].dt.year == 2018).sum() == 232
    assert table["is_recording_error"].sum() == 1
