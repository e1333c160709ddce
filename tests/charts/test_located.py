"""Tables and maps of crime by place: what a table leaves out is said, and places differ."""

import pandas as pd
import pytest

from analysis.assessment import places, street_places
from analysis.charts import located
from analysis.places.retail_areas import RetailAreas


def test_a_table_of_the_largest_says_how_many_there_are(opened):
    havering = opened("havering")
    shops = places.retail_small_areas(havering)
    (table,) = located.retail(havering, shops)
    shown, whole = shops.found.areas["offence_pct"].head(10), shops.found.areas["offence_pct"]
    assert len(table.frame) == 10 < len(whole)
    assert f"The 10 largest of {len(whole)} clusters are shown" in table.notes[-1]
    assert f"{shown.sum():.1f}%" in table.notes[-1]
    assert f"{whole.sum():.1f}%" in table.notes[-1]


def test_retail_areas_of_one_ward_are_told_apart(opened):
    havering = opened("havering")
    (table,) = located.retail(havering, places.retail_small_areas(havering))
    assert table.frame["Ward"].duplicated().any()
    assert not table.frame["Leading small area (LSOA)"].duplicated().any()


def test_streets_of_one_name_are_numbered(opened):
    areas = pd.DataFrame(
        {
            "leading_place": ["1-1", "2-2", "3-3"],
            "place_count": 1,
            "offence_count": [30, 20, 10],
            "offence_pct": [30.0, 20.0, 10.0],
            "ratio_to_expected": 4.0,
        }
    )
    found = RetailAreas(areas, pd.DataFrame(), 100, "made up")
    names = pd.Series(["On High Street, Elm Park", "On Low Road, Hale"]).iloc[[0, 1, 0]]
    shops = places.RetailPlaces(("2017-07", "2018-06"), found, names.reset_index(drop=True))
    (table,) = located.retail_streets(opened(), shops)
    assert table.frame["Street and ward"].tolist() == [
        "On High Street, Elm Park (1)",
        "On Low Road, Hale",
        "On High Street, Elm Park (2)",
    ]


@pytest.mark.parametrize(
    ("as_of", "months"), [("", "August 2024 to July 2025"), ("2024-10", "August 2023")]
)
def test_the_map_of_the_index_gives_its_months(opened, as_of, months):
    havering = opened("havering", as_of)
    index = places.vulnerable_places(havering)
    areas = places.small_areas(havering)
    drawn = located.vulnerable(havering, index, areas, street_places.map_ground(havering), "T")
    assert months in drawn[0].description
