import pytest

from analysis.data.readers.deprivation import (
    DOMAINS,
    read_deprivation_2019_borough,
    read_deprivation_2025_borough,
    read_deprivation_2025_lsoa,
)
from analysis.errors import DataContractError

SPELLINGS = [names[0] for names in DOMAINS.values()]


def lsoa_file(tmp_path, rows):
    # Made up: one value for every domain, in the published layout.
    header = ["lsoa21_code"]
    for kind in ("decile", "rank", "score"):
        header += [f"{name}_{kind}" for name in SPELLINGS]
    lines = [",".join(header)]
    for code, decile, rank, score in rows:
        values = [[str(value)] * len(SPELLINGS) for value in (decile, rank, score)]
        lines.append(",".join([code, *values[0], *values[1], *values[2]]))
    path = tmp_path / "made_up.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_ranks_written_with_a_decimal_nought_are_whole_numbers(tmp_path):
    table = read_deprivation_2025_lsoa(
        lsoa_file(tmp_path, [("E01002100", "2.0", "3924.0", 42.6)])
    )
    assert len(table) == 8
    assert table["rank"].tolist() == [3924] * 8
    assert table["decile"].tolist() == [2] * 8


@pytest.mark.parametrize(
    ("decile", "rank", "told"),
    [
        ("11", "5", "'11' is no decile"),
        ("2", "0", "'0' is no rank"),
        ("2", "5.5", "not a whole rank"),
        ("2", "", "is not a number"),
    ],
)
def test_a_rank_or_decile_out_of_range_is_refused(tmp_path, decile, rank, told):
    with pytest.raises(DataContractError, match=told):
        read_deprivation_2025_lsoa(lsoa_file(tmp_path, [("E01002100", decile, rank, 1.0)]))


def test_an_area_that_occurs_twice_is_refused(tmp_path):
    row = ("E01002100", 2, 3924, 42.6)
    with pytest.raises(DataContractError, match="occur twice by lsoa21_code"):
        read_deprivation_2025_lsoa(lsoa_file(tmp_path, [row, row]))


def test_a_missing_domain_is_named(tmp_path):
    path = lsoa_file(tmp_path, [("E01002100", 2, 3924, 42.6)])
    path.write_text(path.read_text().replace("Crime_rank", "Crime_place"), encoding="utf-8")
    with pytest.raises(DataContractError, match="Crime_rank not found"):
        read_deprivation_2025_lsoa(path)


@pytest.mark.mirror
def test_published_indices_of_2019_give_the_figures_read_by_hand(mirror):
    table = read_deprivation_2019_borough(
        mirror / "context/deprivation/imd2019_england_ltla19.csv.gz"
    )
    assert len(table) == 317 * 8
    harrow = table[table["area_code"] == "E09000015"].set_index("domain")
    assert harrow.loc["imd", "score"] == 15.031
    assert harrow.loc["crime", "score"] == -0.143
    assert harrow.loc["housing", "most_deprived_tenth_pct"] == 27.74


@pytest.mark.mirror
def test_published_indices_of_2025_give_the_figures_read_by_hand(mirror):
    folder = mirror / "context/deprivation"
    borough = read_deprivation_2025_borough(folder / "imd2025_england_ltla24.csv.gz")
    assert len(borough) == 296 * 8
    havering = borough[borough["area_code"] == "E09000016"].set_index("domain")
    assert havering.loc["imd", "score"] == 16.755
    assert havering.loc["imd", "average_rank"] == 14471.72
    assert havering.loc["imd", "rank_of_average_score"] == 176
    assert havering.loc["crime", "rank_of_average_score"] == 174
    lsoa = read_deprivation_2025_lsoa(folder / "imd2025_england_lsoa21.csv.gz")
    haringey = lsoa[lsoa["lsoa21_code"] == "E01002100"].set_index("domain")
    assert haringey.loc["imd", ["decile", "rank", "score"]].tolist() == [2, 3924, 42.618]
    assert haringey.loc["crime", ["decile", "rank", "score"]].tolist() == [2, 4888, 0.911]
    assert lsoa["lsoa21_code"].nunique() == 33755


@pytest.mark.mirror
def test_rank_one_is_the_most_deprived_in_both_files_of_2025(mirror):
    folder = mirror / "context/deprivation"
    borough = read_deprivation_2025_borough(folder / "imd2025_england_ltla24.csv.gz")
    overall = borough[borough["domain"] == "imd"]
    assert overall["rank_of_average_score"].corr(overall["score"], method="spearman") < -0.99
    assert overall["average_rank"].corr(overall["score"]) > 0.9
