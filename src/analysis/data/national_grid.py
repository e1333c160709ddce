"""Longitude and latitude to the British National Grid.

Distances and areas are taken on the National Grid (EPSG:27700), in metres. Published points
and outlines come in degrees (WGS84). The seven-parameter shift of the Ordnance Survey
(EPSG:1314) is used wherever it runs, so that one machine gives the same metres as another,
though its grid of shifts would be finer. Known weakness: the result is right to about five
metres, which is finer than any map point that police.uk publishes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.errors import DataContractError

if TYPE_CHECKING:
    from pyproj import Transformer
    from shapely.geometry.base import BaseGeometry

HELMERT_SHIFT = (
    "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
    "+step +proj=push +v_3 +step +proj=cart +ellps=WGS84 "
    "+step +inv +proj=helmert +x=446.448 +y=-125.157 +z=542.06 "
    "+rx=0.15 +ry=0.247 +rz=0.842 +s=-20.489 +convention=position_vector "
    "+step +inv +proj=cart +ellps=airy +step +proj=pop +v_3 "
    "+step +proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 "
    "+x_0=400000 +y_0=-100000 +ellps=airy"
)
# WGS84 degrees to the National Grid; a shift grid is on some machines and not on others.

Numbers = npt.NDArray[np.float64]


def to_national_grid(
    longitude: npt.ArrayLike, latitude: npt.ArrayLike
) -> tuple[Numbers, Numbers]:
    """Easting and northing of points given in degrees.

    Parameters
    ----------
    longitude, latitude : array_like, shape (n_points,), degrees (WGS84)
        NaN gives NaN.

    Returns
    -------
    easting, northing : arrays, shape (n_points,), metres (EPSG:27700)

    Raises
    ------
    DataContractError
        If a point lies outside Great Britain (longitude and latitude may be swapped), or
        there are more of one coordinate than of the other.

    References
    ----------
    Ordnance Survey, A guide to coordinate systems in Great Britain (v2.3), section 6.6.

    Examples
    --------
    >>> easting, northing = to_national_grid([-0.3346], [51.5806])
    >>> easting.round(-1).tolist(), northing.round(-1).tolist()
    ([515490.0], [188170.0])
    """
    degrees_east, degrees_north = _floats(longitude), _floats(latitude)
    _check_degrees(degrees_east, degrees_north)
    is_known = np.isfinite(degrees_east) & np.isfinite(degrees_north)
    easting, northing = np.full((2, len(degrees_east)), np.nan)
    easting[is_known], northing[is_known] = _transformer().transform(
        degrees_east[is_known], degrees_north[is_known]
    )
    return easting, northing


def with_national_grid(places: pd.DataFrame) -> pd.DataFrame:
    """The places with their ``easting`` and ``northing``.

    Parameters
    ----------
    places : DataFrame with ``longitude`` and ``latitude``, degrees (WGS84)
        A place without a position keeps none.

    Returns
    -------
    DataFrame
        A copy, the same index, with ``easting`` and ``northing`` in metres.

    Raises
    ------
    DataContractError
        If a column is not there, or a point lies outside Great Britain.

    Examples
    --------
    >>> places = pd.DataFrame({"longitude": [-0.3346], "latitude": [51.5806]}, ["harrow"])
    >>> with_national_grid(places)[["easting", "northing"]].round(-1).values.tolist()
    [[515490.0, 188170.0]]
    """
    absent = [name for name in ("longitude", "latitude") if name not in places]
    if absent:
        message = f"places without {' and '.join(absent)} cannot be put on the National Grid."
        raise DataContractError(message)
    easting, northing = to_national_grid(places["longitude"], places["latitude"])
    return places.assign(easting=easting, northing=northing)


def boundary_on_grid(geometry: Mapping[str, Any]) -> BaseGeometry:
    """A boundary in degrees as a valid shape on the National Grid.

    Parameters
    ----------
    geometry : mapping
        GeoJSON polygon or multipolygon, degrees (WGS84), as the boundary reader gives it.

    Returns
    -------
    shapely geometry
        In metres. A ring that crosses itself is made valid (some published ones do).

    Raises
    ------
    DataContractError
        If it is not an area.

    Examples
    --------
    >>> corners = [[-0.3, 51.5], [-0.3, 51.6], [-0.2, 51.6], [-0.2, 51.5], [-0.3, 51.5]]
    >>> round(boundary_on_grid({"type": "Polygon", "coordinates": [corners]}).area / 1e6)
    77
    """
    import shapely  # takes seconds to come in, which most tables do not need

    kind = geometry.get("type")
    if kind not in ("Polygon", "MultiPolygon"):
        message = f"a boundary is a polygon or multipolygon, not {kind}."
        raise DataContractError(message)
    shape = shapely.geometry.shape(geometry)
    on_grid = shapely.transform(
        shape, lambda corners: np.column_stack(to_national_grid(corners[:, 0], corners[:, 1]))
    )
    return shapely.make_valid(on_grid)


@cache
def _transformer() -> Transformer:
    from pyproj import Transformer  # as above

    return Transformer.from_pipeline(HELMERT_SHIFT)


def _check_degrees(degrees_east: Numbers, degrees_north: Numbers) -> None:
    if degrees_east.shape != degrees_north.shape:
        message = (
            f"{degrees_east.size} of one coordinate and {degrees_north.size} of the other. "
            "Give one pair a point."
        )
        raise DataContractError(message)
    outside = (degrees_east < -9) | (degrees_east > 3)
    outside |= (degrees_north < 49) | (degrees_north > 62)
    if outside.any():
        first = int(np.flatnonzero(outside)[0])
        message = (
            f"{int(outside.sum())} point(s) outside Great Britain, the first at longitude "
            f"{degrees_east[first]:g}, latitude {degrees_north[first]:g}. Are the two swapped?"
        )
        raise DataContractError(message)


def _floats(values: npt.ArrayLike) -> Numbers:
    return pd.Series(np.atleast_1d(values)).to_numpy(dtype=float, na_value=np.nan)
