import gzip
import json

import numpy as np
import pytest

from analysis.data.readers.boundaries import (
    centroid,
    is_simple,
    read_boundaries,
    with_ward_boroughs,
)
from analysis.data.readers.lookups import read_lsoa21_ward24
from analysis.errors import DataContractError, SourceError

SQUARE = [[0.0, 51.5], [0.1, 51.5], [0.1, 51.6], [0.0, 51.6], [0.0, 51.5]]


def geojson(tmp_path, *features, zipped=False):
    # Made up: squares in London under the published properties.
    content = json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()
    path = tmp_path / ("made_up.geojson.gz" if zipped else "made_up.geojson")
    path.write_bytes(gzip.compress(content) if zipped else content)
    return path


def lsoa(code="E01002112", name="Harrow 001A", ring=SQUARE):
    return {
        "type": "Feature",
        "properties": {"LSOA11CD": code, "LSOA11NM": name},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def test_centroid_leaves_a_hole_out():
    # A square of area 16 centred on (2, 2) less one of area 1 centred on (3, 3): in each
    # direction sixteen twos less one three, shared by fifteen.
    outer = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]
    hole = [[2.5, 2.5], [3.5, 2.5], [3.5, 3.5], [2.5, 3.5], [2.5, 2.5]]
    found = centroid({"type": "Polygon", "coordinates": [outer, hole]})
    assert found == pytest.approx((29 / 15, 29 / 15))


def test_centroid_of_two_islands_is_weighted_by_their_area():
    # Areas 4 and 1, centres (1, 1) and (10.5, 0.5).
    big = [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]]
    small = [[[10, 0], [11, 0], [11, 1], [10, 1], [10, 0]]]
    found = centroid({"type": "MultiPolygon", "coordinates": [big, small]})
    assert found == pytest.approx(((4 * 1 + 10.5) / 5, (4 * 1 + 0.5) / 5))


def test_centroid_does_not_depend_on_the_direction_of_a_ring():
    forward = centroid({"type": "Polygon", "coordinates": [SQUARE]})
    backward = centroid({"type": "Polygon", "coordinates": [SQUARE[::-1]]})
    assert forward == pytest.approx((0.05, 51.55))
    assert backward == pytest.approx(forward)


def test_a_boundary_without_area_is_refused():
    line = [[0, 0], [1, 1], [0, 0], [0, 0]]
    with pytest.raises(DataContractError, match="encloses no area"):
        centroid({"type": "Polygon", "coordinates": [line]})


@pytest.mark.parametrize(
    "points",
    [
        [(0, 0), (2, 2), (2, 0), (0, 2)],  # sides cross
        [(0, 0), (4, 0), (4, 4), (2, 0), (0, 4)],  # a corner lies on another side
        [(0, 0), (4, 0), (4, 4), (2, 2), (0, 4), (2, 2)],  # two corners coincide
        [(0, 0), (4, 0), (4, 4), (6, 4), (6, 2), (2, 2), (0, 2), (0, 1), (5, 3)],
    ],
)
def test_a_ring_that_meets_itself_is_not_simple(points):
    assert not is_simple(np.array([*points, points[0]], dtype=float))


@pytest.mark.parametrize(
    "points",
    [
        [(0, 0), (1, 0), (0, 1)],
        [(0, 0), (2, 0), (2, 1), (1, 1), (1, 2), (0, 2)],
        [(0, 0), (1, 0), (2, 0), (2, 2), (0, 2)],  # a corner halfway along a straight side
    ],
)
def test_a_ring_that_meets_itself_only_at_its_end_is_simple(points):
    assert is_simple(np.array([*points, points[0]], dtype=float))


def test_an_invalid_boundary_is_kept_and_flagged(tmp_path):
    pinched = [[0, 51.5], [0.1, 51.5], [0.05, 51.55], [0.1, 51.6], [0, 51.6], [0.05, 51.55]]
    table = read_boundaries(
        geojson(tmp_path, lsoa(), lsoa("E01002113", "Harrow 001B", [*pinched, pinched[0]]))
    )
    assert table["is_valid"].tolist() == [True, False]
    assert table["area_code"].tolist() == ["E09000015", "E09000015"]
    assert table.loc[0, "geometry"]["coordinates"] == [SQUARE]


def test_a_place_that_occurs_twice_is_refused(tmp_path):
    with pytest.raises(DataContractError, match="place_code E01002112"):
        read_boundaries(geojson(tmp_path, lsoa(), lsoa()))


def test_coordinates_in_metres_are_refused(tmp_path):
    ring = [[532000, 181000], [533000, 181000], [533000, 182000], [532000, 181000]]
    with pytest.raises(DataContractError, match="is outside London"):
        read_boundaries(geojson(tmp_path, lsoa(ring=ring)))


def test_a_layer_of_another_kind_is_refused_with_its_properties(tmp_path):
    feature = lsoa() | {"properties": {"MSOA11CD": "E02000001"}}
    with pytest.raises(DataContractError, match="no known layer; properties are MSOA11CD"):
        read_boundaries(geojson(tmp_path, feature))


def test_a_borough_under_another_borough_s_code_is_refused(tmp_path):
    feature = lsoa() | {"properties": {"LAD24CD": "E09000016", "LAD24NM": "Harrow"}}
    with pytest.raises(DataContractError, match="E09000016 is called Harrow"):
        read_boundaries(geojson(tmp_path, feature))


@pytest.mark.parametrize("text", ["{not json", '{"type": "Feature"}', '{"features": []}'])
def test_a_file_that_is_no_feature_collection_is_refused(tmp_path, text):
    path = tmp_path / "made_up.geojson"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match="Fetch it again"):
        read_boundaries(path)


def test_a_truncated_boundary_gzip_is_refused(tmp_path):
    path = geojson(tmp_path, lsoa(), zipped=True)
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(SourceError, match="truncated"):
        read_boundaries(path)


@pytest.mark.mirror
def test_the_eight_invalid_lsoas_of_2011_are_found(mirror):
    table = read_boundaries(mirror / "context/boundaries/london_lsoa_2011.geojson.gz")
    assert len(table) == 4835
    assert table.loc[~table["is_valid"], "place_name"].tolist() == [
        "Barnet 004A",
        "Bromley 025E",
        "Ealing 011D",
        "Ealing 033A",
        "Richmond upon Thames 020C",
        "Richmond upon Thames 016D",
        "Southwark 028D",
        "Wandsworth 025B",
    ]
    # The same to the last digits as a geometry library gives for this outline.
    first = table.set_index("place_code").loc["E01000001"]
    assert first["longitude"] == pytest.approx(-0.0967774863476009, abs=1e-9)
    assert first["latitude"] == pytest.approx(51.51800586059083, abs=1e-9)


@pytest.mark.mirror
@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("london_boroughs_2024", 33),
        ("london_boroughs_gla_mhw", 33),
        ("london_lsoa_2021", 4994),
    ],
)
def test_the_other_layers_are_whole_and_valid(mirror, name, places):
    table = read_boundaries(mirror / f"context/boundaries/{name}.geojson.gz")
    assert len(table) == places
    assert table["is_valid"].all()
    assert table["area_code"].nunique() == 33


@pytest.mark.mirror
def test_generalising_moves_a_centroid_by_some_tens_of_metres(mirror):
    # LSOAs unchanged from 2011 to 2021, whose outlines of 2011 are the finer ones.
    folder = mirror / "context/boundaries"
    finer = read_boundaries(folder / "london_lsoa_2011.geojson.gz").set_index("place_code")
    coarser = read_boundaries(folder / "london_lsoa_2021.geojson.gz").set_index("place_code")
    east = (finer["longitude"] - coarser["longitude"]).dropna() * 69_300
    north = (finer["latitude"] - coarser["latitude"]).dropna() * 111_320
    metres = np.hypot(east, north)
    assert len(metres) == 4659
    assert metres.median() == pytest.approx(30, abs=2)
    assert metres.max() < 200


@pytest.mark.mirror
def test_wards_are_given_their_boroughs_by_the_look_up(mirror):
    wards = read_boundaries(mirror / "context/boundaries/london_wards_2024.geojson.gz")
    assert wards["area_code"].isna().all()
    lookup = read_lsoa21_ward24(mirror / "context/lookups/lookup_lsoa21_ward24_ltla24.csv.gz")
    placed = with_ward_boroughs(wards, lookup)
    assert (placed["area_code"] == "E09000015").sum() == 22
    assert placed["area_code"].nunique() == 33
    with pytest.raises(DataContractError, match="E05009288 is not in it"):
        with_ward_boroughs(wards, lookup[lookup["area_code"] != "E09000001"])
