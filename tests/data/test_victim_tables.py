"""London's victims by age, ethnicity and kind, against what was published."""

from __future__ import annotations

import pytest

from analysis.data.figures import read_monthly_table
from analysis.params.areas import LONDON_CODE


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
