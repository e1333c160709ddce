import pytest

from analysis.data.readers.substance_misuse import read_substance_misuse
from analysis.errors import DataContractError


def made_up(tmp_path, *rows):
    path = tmp_path / "made_up.csv"
    lines = ["ltla21_code,year,indicator,value", *rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_year_that_repeats_the_last_everywhere_is_flagged_as_carried_forward(tmp_path):
    table = read_substance_misuse(
        made_up(
            tmp_path,
            "E09000015,2019.0,Drug misuse,3.3",
            "E09000015,2020.0,Drug misuse,4.6",
            "E09000015,2021.0,Drug misuse,4.6",
            "E09000016,2019.0,Drug misuse,3.1",
            "E09000016,2020.0,Drug misuse,3.1",
            "E09000016,2021.0,Drug misuse,3.1",
        )
    )
    flagged = table.groupby("year")["is_carried_forward"].all()
    # 2020 repeats 2019 in one council only, which may be chance.
    assert flagged.to_dict() == {2019: False, 2020: False, 2021: True}


def test_a_repeat_after_a_missing_year_is_not_carried_forward(tmp_path):
    table = read_substance_misuse(
        made_up(
            tmp_path,
            "E09000015,2018.0,Drug misuse,3.3",
            "E09000015,2020.0,Drug misuse,3.3",
        )
    )
    assert not table["is_carried_forward"].any()


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("E09000015,2019.0,Tea misuse,1", "'Tea misuse' is not known"),
        ("E09000015,2019.5,Drug misuse,1", "'2019.5' is not a year"),
        ("E09000015,2019.0,Drug misuse,", "is not a number"),
        ("E09000015,2019.0,Drug misuse,-1", "is negative"),
    ],
)
def test_bad_rows_are_refused_in_a_sentence(tmp_path, row, told):
    with pytest.raises(DataContractError, match=told):
        read_substance_misuse(made_up(tmp_path, row))


def test_a_value_that_occurs_twice_is_refused(tmp_path):
    row = "E09000015,2019.0,Drug misuse,3.3"
    with pytest.raises(DataContractError, match="occur twice by area_code, year, indicator"):
        read_substance_misuse(made_up(tmp_path, row, row))


@pytest.mark.mirror
def test_published_index_gives_the_figures_read_by_hand(mirror):
    path = (
        mirror / "context/offending_health/ons_health_index_drug_alcohol_crime_by_ltla21.csv.gz"
    )
    table = read_substance_misuse(path)
    assert len(table) == 307 * 7 * 4
    found = table.set_index(["area_code", "indicator", "year"])["value"]
    assert found["E09000016", "drug_misuse", 2019] == 3.132320306
    assert found["E09000016", "personal_crime", 2020] == 39.3859989
    assert "E09000001" not in set(table["area_code"])
    carried = table.groupby("year")["is_carried_forward"].agg(["all", "any"])
    assert carried.loc[2021, "all"]
    assert not carried.loc[:2020, "any"].any()
