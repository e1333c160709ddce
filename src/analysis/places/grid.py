"""Longitude and latitude to the British National Grid, and back.

Distances and areas are taken on the National Grid (EPSG:27700), in metres. Published points
come in degrees (WGS84). Known weakness: without the Ordnance Survey's grid shift file the
conversion is a Helmert shift, right to about five metres, which is finer than any map point
that police.uk publishes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.errors import DataContractError

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

NATIONAL_GRID = "EPSG:27700"
DEGREES = "EPSG:4326"

Numbers = npt.NDArray[np.float64]


def to_national_grid(
    longitude: npt.ArrayLike, latitude: npt.ArrayLike
) -> tuple[Numbers, Numbers]:
    """Easting and northing in metres."""
    raise NotImplementedError


def to_longitude_latitude(
    easting: npt.ArrayLike, northing: npt.ArrayLike
) -> tuple[Numbers, Numbers]:
    """Longitude and latitude in degrees."""
    raise NotImplementedError


def with_national_grid(places: pd.DataFrame) -> pd.DataFrame:
    """A copy with ``easting`` and ``northing`` from ``longitude`` and ``latitude``; NaN stays NaN."""
    raise NotImplementedError


def boundary_on_grid(geometry: Mapping[str, Any]) -> BaseGeometry:
    """A parsed GeoJSON (multi)polygon in degrees as a valid shapely shape on the National Grid."""
    raise NotImplementedError
