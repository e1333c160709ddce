import pytest

from analysis.data.readers.lookups import (
    in_london,
    read_borough_csp_force,
    read_lsoa11_borough,
    read_lsoa11_lsoa21,
    read_lsoa21_ward24,
)
from analysis.errors import DataContractError

CHANGES = (
    "lsoa11_name,lsoa11_code,change_code,lsoa21_name,lsoa21_code,ltla22_name,ltla22_code\n"
)
SPLIT = "Harrow 002D,E01002117,S,Harrow 002F,E01034589,Harrow,E09000015\n"


def made_up(tmp_path, text):
    path = tmp_path / "made_up.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_split_area_keeps_a_row_for_each_part(tmp_path):
    other = SPLIT.replace("002F", "002G").replace("E01034589", "E01034590")
    table = read_lsoa11_lsoa21(made_up(tmp_path, CHANGES + SPLIT + other))
    assert table["change_code"].tolist() == ["S", "S"]
    assert table["lsoa21_code"].tolist() == ["E01034589", "E01034590"]
    assert set(table["area_code"]) == {"E09000015"}


def test_a_pair_that_occurs_twice_is_refused(tmp_path):
    with pytest.raises(DataContractError, match="occur twice by lsoa11_code, lsoa21_code"):
        read_lsoa11_lsoa21(made_up(tmp_path, CHANGES + SPLIT + SPLIT))


@pytest.mark.parametrize(
    ("was", "became", "told"),
    [(",S,", ",Z,", "'Z' is no change code"), ("E01002117", "E02002117", "no LSOA code")],
)
def test_an_unknown_change_or_a_code_of_another_kind_is_refused(tmp_path, was, became, told):
    with pytest.raises(DataContractError, match=told):
        read_lsoa11_lsoa21(made_up(tmp_path, CHANGES + SPLIT.replace(was, became)))


def test_only_london_councils_are_kept_by_the_filter(tmp_path):
    text = (
        "lsoa11_name,lsoa11_code,ltla21_name,ltla21_code\n"
        "Hartlepool 007E,E01012000,Hartlepool,E06000001\n"
        "Harrow 001A,E01002112,Harrow,E09000015\n"
    )
    table = in_london(read_lsoa11_borough(made_up(tmp_path, text)))
    assert table["lsoa11_code"].tolist() == ["E01002112"]
    assert table.index.tolist() == [0]


def test_a_council_may_have_two_partnerships_but_not_one_twice(tmp_path):
    header = "ltla24_code,ltla24_name,csp24_code,csp24_name,pfa24_code,pfa24_name\n"
    row = "E06000062,West Northamptonshire,E22000237,Northampton,E23000022,Northamptonshire\n"
    two = row + row.replace("E22000237,Northampton", "E22000357,Daventry")
    assert len(read_borough_csp_force(made_up(tmp_path, header + two))) == 2
    with pytest.raises(DataContractError, match="occur twice"):
        read_borough_csp_force(made_up(tmp_path, header + row + row))


@pytest.mark.mirror
def test_published_change_table_gives_the_figures_read_by_hand(mirror):
    table = read_lsoa11_lsoa21(mirror / "context/lookups/lookup_lsoa11_lsoa21_ltla22.csv.gz")
    assert len(table) == 35795
    london = in_london(table)
    assert (london["lsoa11_code"].nunique(), london["lsoa21_code"].nunique()) == (4835, 4994)
    assert london["change_code"].value_counts().to_dict() == {"U": 4659, "S": 313, "M": 44}
    parts = london.loc[london["lsoa11_code"] == "E01002117", "lsoa21_code"]
    assert parts.tolist() == ["E01034589", "E01034590"]


@pytest.mark.mirror
def test_published_lsoa_to_borough_tables_give_the_figures_read_by_hand(mirror):
    folder = mirror / "context/lookups"
    older = read_lsoa11_borough(folder / "lookup_lsoa11_ltla21.csv.gz")
    assert len(older) == 34753
    assert older.set_index("lsoa11_code").loc["E01002100", "area_name"] == "Haringey"
    newer = read_lsoa21_ward24(folder / "lookup_lsoa21_ward24_ltla24.csv.gz")
    london = in_london(newer)
    assert (len(london), london["ward24_code"].nunique()) == (4994, 684)
    assert (london["area_code"] == "E09000016").sum() == 153
    assert newer.set_index("lsoa21_code").loc["E01002111", "ward24_name"] == "Belmont"
    wards = london.groupby("area_name")["ward24_code"].nunique()
    assert (wards["Harrow"], wards["Havering"], wards["City of London"]) == (22, 20, 5)


@pytest.mark.mirror
def test_each_london_borough_has_one_partnership_and_the_city_its_own_force(mirror):
    table = read_borough_csp_force(mirror / "context/lookups/lookup_ltla24_csp24_pfa24.csv.gz")
    assert len(table) == 332
    london = in_london(table).set_index("area_code")
    assert london.index.is_unique
    assert london.loc["E09000015", "csp24_code"] == "E22000200"
    assert london.loc["E09000001", "pfa24_name"] == "London, City of"
    assert (london["pfa24_code"] == "E23000001").sum() == 32
