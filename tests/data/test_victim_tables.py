"""London's victims by age, ethnicity and kind, against what was published."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pandas as pd
import pytest

from analysis.data.figures import read_monthly_table, read_table
from analysis.params.areas import LONDON_CODE, borough_codes


# Added up from the published files with Python's csv module, not by this project.
@pytest.mark.parametrize(
    ("group", "month", "published"),
    [
        ("Aged 20 to 29 years", "2025-05-01", 2946),
        ("Unknown", "2019-03-01", 2227),
        ("Other flagged offences outside of VAWG", "2024-11-01", 2233),
    ],
)
def test_vawg_people_reads_as_published(group: str, month: str, published: int):
    table = read_monthly_table("vawg_people", "count")
    row = table[(table["group_name"] == group) & (table["month"] == month)]
    assert row["count"].item() == published
    assert row["area_code"].item() == LONDON_CODE


def test_every_breakdown_of_victims_adds_up_to_the_same_victims():
    table = read_monthly_table("vawg_people", "count")
    sums = table[table["counted"] == "victims"].groupby(["month", "breakdown"])["count"].sum()
    wide = sums.unstack("breakdown")
    assert (wide["age_group"] == wide["ethnicity"]).all()


def test_kinds_of_offence_add_up_to_london_as_its_boroughs_have_it():
    kinds = read_monthly_table("vawg_people", "count")
    kinds = kinds[kinds["breakdown"] == "offence_class"].groupby("month")["count"].sum()
    boroughs = read_monthly_table("vawg_monthly", "count")
    boroughs = boroughs[boroughs["counted"] == "offences"].groupby("month")["count"].sum()
    # By location some offences have no London place: never more than by kind, nearly as many.
    share = boroughs / kinds
    assert share.between(0.97, 1.0).all()


def test_homicide_suspects_of_a_borough_are_of_ten_years_and_two_ages():
    table = read_table("homicide_suspects_by_age")
    boroughs = table[table["area_code"] != LONDON_CODE]
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
    table = read_table("homicide_suspects_by_age")
    london = table[table["area_code"] == LONDON_CODE]
    assert london["suspect_count"].sum() == published
