import gzip

import pytest

from analysis.data.readers.population import (
    read_age_bands,
    read_borough_population,
    read_dwellings,
    read_gla_population,
    read_households,
    read_lsoa_population,
)
from analysis.errors import DataContractError, SourceError

GLA_HEADER = (
    "Code,Name,Year,Source,Population,Inland_Area _Hectares,Total_Area_Hectares,"
    "Population_per_hectare,Square_Kilometres,Population_per_square_kilometre\n"
)
AGE_HEADER = (
    "ltla21_code,total_population,total_females,total_males,younger_females,"
    "working_age_females,older_females,younger_males,working_age_males,older_males\n"
)


def made_up(tmp_path, text, name="made_up.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_gla_estimates_and_projections_are_told_apart(tmp_path):
    path = made_up(
        tmp_path,
        GLA_HEADER
        + "E09000015,Harrow,2010,ONS MYE,237451,5046.3,5046.3,47.1,50.5,4705.5\n"
        + "E09000015,Harrow,2011,GLA Population Projections,241063,5046.3,5046.3,47.8,50.5,1\n",
    )
    table = read_gla_population(path)
    assert table["is_projection"].tolist() == [False, True]
    assert table["inland_area_hectares"].tolist() == [5046.3, 5046.3]


def test_gla_header_with_a_stray_space_is_read_and_london_has_one_name(tmp_path):
    path = made_up(
        tmp_path,
        GLA_HEADER
        + "E12000007,London,2010,ONS MYE,8061495,1.5,1.6,1,1,1\n"
        + "E12000007,Greater London,2011,GLA Population Projections,8217475,1.5,1.6,1,1,1\n",
    )
    table = read_gla_population(path)
    assert set(table["area_name"]) == {"Greater London"}
    assert table["total_area_hectares"].tolist() == [1.6, 1.6]


def test_a_gla_row_of_unknown_source_is_refused(tmp_path):
    row = "E09000015,Harrow,2010,Guess,237451,5046.3,5046.3,47.1,50.5,4705.5\n"
    with pytest.raises(DataContractError, match="column Source: 'Guess' is not known"):
        read_gla_population(made_up(tmp_path, GLA_HEADER + row))


def test_a_gla_year_that_occurs_twice_is_refused(tmp_path):
    row = "E09000015,Harrow,2010,ONS MYE,237451,5046.3,5046.3,47.1,50.5,4705.5\n"
    with pytest.raises(DataContractError, match="occur twice by area_code, year"):
        read_gla_population(made_up(tmp_path, GLA_HEADER + row + row))


def test_a_population_of_nought_is_refused(tmp_path):
    path = made_up(tmp_path, "borough,year,population\nHarrow,2019,0\n")
    with pytest.raises(DataContractError, match="population_count: '0' is not above nought"):
        read_borough_population(path)


def test_an_unknown_borough_is_refused_by_name(tmp_path):
    path = made_up(tmp_path, "borough,year,population\nHarow,2019,262065\n")
    with pytest.raises(DataContractError, match="'Harow'"):
        read_borough_population(path)


def test_lsoas_are_placed_by_their_name_and_those_outside_london_left_out(tmp_path):
    path = tmp_path / "made_up.csv.gz"
    text = (
        "LSOA 2021 Code,LSOA 2021 Name,Area Sq Km,2011_population,2012_population\n"
        "E01002112,Harrow 001A,0.7833,1897,1916\n"
        "E01011949,Hartlepool 009A,0.5,1000,1001\n"
        "W01000003,Isle of Anglesey 001A,2.5,1200,1201\n"
    )
    path.write_bytes(gzip.compress(text.encode()))
    table = read_lsoa_population(path)
    assert table["area_code"].tolist() == ["E09000015", "E09000015"]
    assert table["year"].tolist() == [2011, 2012]
    assert table["population_count"].tolist() == [1897, 1916]


def test_a_truncated_lsoa_gzip_is_refused(tmp_path):
    path = tmp_path / "made_up.csv.gz"
    path.write_bytes(gzip.compress(b"LSOA 2021 Code,LSOA 2021 Name\n" * 500)[:40])
    with pytest.raises(SourceError, match="truncated"):
        read_lsoa_population(path)


def test_age_bands_that_leave_people_out_are_completed_by_what_remains(tmp_path):
    # Made up: of 100 females 20 are up to 15 with 1 under one, 65 are 16 to 64, 9 are 65 to
    # 74, 6 are older; the file counts the baby twice and leaves the oldest out.
    path = made_up(tmp_path, AGE_HEADER + "E09000015,190.0,100.0,90.0,21,65,9,20,60,7\n")
    table = read_age_bands(path).set_index("sex")
    assert table.loc["females", "aged_0_to_15_or_75_and_over_count"] == 26
    assert table.loc["females", "younger_as_published_count"] == 21
    persons = table.loc["persons"]
    exact = ["aged_16_to_64_count", "aged_65_to_74_count", "aged_0_to_15_or_75_and_over_count"]
    assert persons[exact].sum() == persons["population_count"] == 190


def test_sexes_that_do_not_add_up_are_refused(tmp_path):
    path = made_up(tmp_path, AGE_HEADER + "E09000015,191,100,90,21,65,9,20,60,7\n")
    with pytest.raises(DataContractError, match="females and males of E09000015 do not add up"):
        read_age_bands(path)


def test_households_elsewhere_are_left_out_and_repeats_refused(tmp_path):
    text = "ltla23_code,households\nE06000001,40930.0\nE09000015,89642.0\n"
    assert read_households(made_up(tmp_path, text))["household_count"].tolist() == [89642]
    with pytest.raises(DataContractError, match="occur twice"):
        read_households(made_up(tmp_path, text + "E09000015,89642.0\n"))


def test_dwellings_of_areas_without_code_are_found_by_name_under_the_blank_line(tmp_path):
    path = made_up(
        tmp_path,
        'ONS code,Area name,2001,2002\nE09000015,Harrow,"80,734","80,963"\n,,,\n'
        ',Outer London,"1,835,300","1,842,883"\n',
    )
    table = read_dwellings(path).set_index(["area_code", "year"])["dwelling_count"]
    assert table["E09000015", 2001] == 80734
    assert table["E13000002", 2002] == 1842883


def test_dwellings_of_an_unknown_area_are_refused(tmp_path):
    path = made_up(tmp_path, "ONS code,Area name,2001\n,Middlesex,5\n")
    with pytest.raises(DataContractError, match="'Middlesex' is not known"):
        read_dwellings(path)


@pytest.mark.mirror
def test_published_gla_table_gives_the_figures_read_by_hand(mirror):
    path = mirror / "context/population/gla_population_density_borough_1999_2050.csv"
    table = read_gla_population(path)
    assert len(table) == 36 * 52
    found = table.set_index(["area_code", "year"])
    assert found.loc[("E09000015", 1999), "population_count"] == 207909
    assert found.loc[("E09000015", 2050), "population_count"] == 308750
    assert found.loc[("E12000007", 2010), "population_count"] == 8061495
    assert table.loc[~table["is_projection"], "year"].agg(["min", "max"]).tolist() == [
        1999,
        2010,
    ]


@pytest.mark.mirror
def test_published_borough_estimates_give_the_figures_read_by_hand(mirror):
    path = mirror / "context/population/ons_borough_midyear_population_2019_2024.csv"
    found = read_borough_population(path).set_index(["area_code", "year"])["population_count"]
    assert len(found) == 33 * 6
    assert found["E09000015", 2024] == 270724
    assert found["E09000016", 2019] == 261296


@pytest.mark.mirror
def test_published_lsoa_estimates_give_the_figures_read_by_hand(mirror):
    path = mirror / "context/population/ons_lsoa21_midyear_population_2011_2022.csv.gz"
    table = read_lsoa_population(path)
    assert table["lsoa21_code"].nunique() == 4994
    harrow = table[table["area_code"] == "E09000015"]
    assert harrow["lsoa21_code"].nunique() == 144
    sums = harrow.groupby("year")["population_count"].sum()
    assert (sums[2011], sums[2018]) == (240499, 259861)
    first = table.set_index(["lsoa21_code", "year"])["population_count"]
    assert first["E01002112", 2022] == 2060


@pytest.mark.mirror
def test_published_age_bands_leave_the_oldest_out(mirror):
    table = read_age_bands(mirror / "context/population/age_gender21_ltla21_ew.csv.gz")
    found = table.set_index(["area_code", "sex"])
    havering = found.loc[("E09000016", "females")]
    assert havering["population_count"] == 135668
    assert havering["aged_65_to_74_count"] == 12636
    # Over 75s less babies are left over: were the bands whole this would be nought.
    left_over = (
        havering["aged_0_to_15_or_75_and_over_count"] - havering["younger_as_published_count"]
    )
    assert left_over == 11639
    assert len(table) == 99


@pytest.mark.mirror
def test_published_households_and_dwellings_give_the_figures_read_by_hand(mirror):
    folder = mirror / "context/population"
    households = read_households(folder / "households21_england_wales_ltla23.csv.gz")
    assert households.set_index("area_code")["household_count"]["E09000015"] == 89642
    assert len(households) == 33
    dwellings = read_dwellings(folder / "gla_number_dwellings_borough.csv")
    found = dwellings.set_index(["area_code", "year"])["dwelling_count"]
    assert found["E09000015", 2019] == 91909
    assert found["E92000001", 2019] == 24413501
    assert len(found) == 37 * 19
