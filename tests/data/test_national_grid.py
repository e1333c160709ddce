"""The National Grid: a point that the Ordnance Survey publishes, and distances kept."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.data.national_grid import boundary_on_grid, to_national_grid, with_national_grid
from analysis.errors import DataContractError

CAISTER = (1.716073973, 52.658007833)
CAISTER_ON_GRID = (651_409.792, 313_177.448)
# The water tower at Caister, worked example of the Ordnance Survey's guide to its
# transformation (OSTN02), degrees in ETRS89.


def test_a_published_point_is_met_within_ten_metres():
    easting, northing = to_national_grid(*CAISTER)
    assert np.hypot(easting - CAISTER_ON_GRID[0], northing - CAISTER_ON_GRID[1]) < 10


def test_the_shift_is_that_of_the_projection_library_without_its_grid():
    from pyproj import Transformer

    library = Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)
    here = np.ravel(to_national_grid(*CAISTER))
    # Where the library holds the shift grid the two differ by a few metres.
    assert here == pytest.approx(library.transform(*CAISTER), abs=10)


@given(st.floats(-6, 1.7), st.floats(50, 58.6), st.floats(0, 2 * np.pi))
@settings(max_examples=50, deadline=None)
def test_distances_are_those_on_the_ellipsoid(longitude, latitude, azimuth):
    from pyproj import Geod

    ways = Geod(ellps="WGS84")
    there = ways.fwd(longitude, latitude, np.degrees(azimuth), 1_000)
    ends = to_national_grid([longitude, there[0]], [latitude, there[1]])
    apart = np.hypot(*np.diff(ends))
    # The grid's scale runs from 0.9996 on its middle line to about 1.0008 at its edges.
    assert float(apart[0]) == pytest.approx(1_000, abs=1)


def test_a_kilometre_north_is_a_kilometre_on_the_grid():
    # A minute of latitude at London is 1,854.6 m (a nautical mile there).
    low, high = (to_national_grid(-0.33, 51.5 + minutes / 60) for minutes in (0, 1))
    apart = np.hypot(high[0] - low[0], high[1] - low[1])
    assert float(apart[0]) == pytest.approx(1_854.6, abs=2)


def test_a_place_without_position_keeps_none():
    places = pd.DataFrame({"longitude": [-0.33, None], "latitude": [51.58, None]}, ["a", "b"])
    found = with_national_grid(places)
    assert found.loc["b", ["easting", "northing"]].isna().all()
    assert found.loc["a", ["easting", "northing"]].notna().all()


def test_one_coordinate_more_than_the_other_is_refused():
    with pytest.raises(DataContractError, match="one pair a point"):
        to_national_grid([-0.33, -0.34], [51.58])


def test_swapped_degrees_are_refused():
    with pytest.raises(DataContractError, match="swapped"):
        to_national_grid([51.58], [-0.33])


def test_places_without_degrees_are_refused():
    with pytest.raises(DataContractError, match="latitude"):
        with_national_grid(pd.DataFrame({"longitude": [-0.3]}))


def test_a_boundary_that_crosses_itself_is_made_valid():
    bow = [[-0.3, 51.5], [-0.2, 51.6], [-0.2, 51.5], [-0.3, 51.6], [-0.3, 51.5]]
    shape = boundary_on_grid({"type": "Polygon", "coordinates": [bow]})
    assert shape.is_valid
    assert shape.area > 0


def test_a_boundary_that_is_a_line_is_refused():
    with pytest.raises(DataContractError, match="LineString"):
        boundary_on_grid({"type": "LineString", "coordinates": [[0, 51], [0, 52]]})
