"""People proceeded against for homicide: sums of the published rows, told in spells."""

import csv
import gzip
from pathlib import Path

import pandas as pd
import pytest

from analysis.data.figures import read_table
from analysis.params.areas import LONDON_CODE, borough_codes


def test_spells_of_the_boroughs_are_nearly_londons_years() -> None:
    table = read_table("homicide_suspects")
    london = table[table["area_code"] == LONDON_CODE]
    years = london[london["first_month"].dt.year.between(2019, 2023)]
    boroughs = table[(table["age_group"] == "all") & (table["period_end"].dt.year == 2023)]
    assert set(boroughs["area_code"]) <= set(borough_codes())
    assert years["suspect_count"].sum() == 1090
    # Rows of no borough are London's alone.
    assert 0 <= 1090 - boroughs["suspect_count"].sum() < 10


@pytest.mark.mirror
def test_a_spell_of_harrow_is_that_of_the_file(mirror: Path) -> None:
    raw = pd.read_csv(mirror / "mps/homicide_2003_2026.csv.gz", dtype=str, encoding="utf-8-sig")
    raw.columns = raw.columns.str.strip().str.casefold().str.replace(" ", "_")
    year = 2000 + raw["proceedings_date"].str[-2:].astype(int)
    chosen = raw[
        raw["borough"].eq("Harrow")
        & year.between(2019, 2023)
        & raw["charged_summonsed"].ne("Recording Error")
    ]
    table = read_table("homicide_suspects")
    mine = table[(table["area_code"] == "E09000015") & (table["age_group"] == "all")]
    newest = mine[mine["period_end"] == "2023-12-31"]
    assert newest["suspect_count"].item() == chosen["count_of_ppa"].astype(int).sum() == 19


def test_homicide_suspects_of_a_borough_are_of_ten_years_and_two_ages():
    table = read_table("homicide_suspects")
    boroughs = table[(table["area_code"] != LONDON_CODE) & (table["age_group"] != "all")]
    assert set(boroughs["area_code"]) == set(borough_codes())
    assert set(boroughs["age_group"]) == {"under 25", "25 and over"}
    assert boroughs["first_month"].eq(pd.Timestamp("2014-04-01")).all()
    harrow = boroughs[boroughs["area_code"] == "E09000015"].set_index("age_group")
    assert harrow["suspect_count"].to_dict() == {"under 25": 15, "25 and over": 14}


@pytest.mark.mirror
def test_homicide_suspects_of_london_add_up_to_the_file(mirror: Path):
    (path,) = (mirror / "mps").glob("homicide_*.csv.gz")
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as lines:
        published = sum(
            int(row["count_of_ppa"])
            for row in csv.DictReader(lines)
            if row["charged_summonsed"] != "Recording Error"
        )
    table = read_table("homicide_suspects")
    london = table[table["area_code"] == LONDON_CODE]
    assert london["suspect_count"].sum() == published
