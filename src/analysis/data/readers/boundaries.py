"""Boundaries as GeoJSON: boroughs, wards of 2024, LSOAs of 2011 and 2021, in degrees.

The outlines are generalised and serve for maps, centroids and look-ups, not for measuring.
Two small pieces of geometry are done here without a geometry library: the area-weighted
centroid (the shoelace formula over outer rings less holes) and the test that no ring meets
itself. Eight LSOAs of 2011 fail it, each touching itself at a point; they are kept and
flagged, and their centroid holds, since a touch encloses nothing. Generalising moves the
centroid of an LSOA by 30 m (median; 200 m at most), and the points that the publisher
prints beside the outlines are label points, not centroids. The licence asks for two lines:
Open Government Licence v3.0, and Contains OS data (c) Crown copyright and database right.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
import pandera.pandas as pa

from analysis.data.contract import validated
from analysis.data.tabular import open_bytes, refuse_duplicates
from analysis.errors import DataContractError, SourceError
from analysis.params.areas import area_name, match_area_codes

Rings = list[np.ndarray]


class _Layer(NamedTuple):
    code: str
    name: str
    kind: str
    year: int


LAYERS: Final = (
    _Layer("LAD24CD", "LAD24NM", "borough", 2024),
    _Layer("GSS_CODE", "NAME", "borough", 2014),
    _Layer("WD24CD", "WD24NM", "ward", 2024),
    _Layer("LSOA11CD", "LSOA11NM", "lsoa", 2011),
    _Layer("LSOA21CD", "LSOA21NM", "lsoa", 2021),
)
# A layer is told by its properties: the publisher's code and name, what it is, of when.

_LONDON_BOX = (-0.6, 0.4, 51.2, 51.75)
# Longitude and latitude that hold Greater London: coordinates in metres, or in the wrong
# order, fall outside.

_SCHEMA = pa.DataFrameSchema(
    {
        "place_code": pa.Column(str, pa.Check.str_matches(r"^E\d{8}$", error="is no code")),
        "place_name": pa.Column(str, pa.Check.str_length(min_value=1, error="is blank")),
        "kind": pa.Column(str),
        "boundary_year": pa.Column("int64"),
        "area_code": pa.Column(
            str, pa.Check.str_matches(r"^E09\d{6}$", error="is no borough"), nullable=True
        ),
        "longitude": pa.Column(
            float, pa.Check.in_range(*_LONDON_BOX[:2], error="is outside London")
        ),
        "latitude": pa.Column(
            float, pa.Check.in_range(*_LONDON_BOX[2:], error="is outside London")
        ),
        "is_valid": pa.Column(bool),
        "geometry": pa.Column(object),
    },
    strict=True,
)


def read_boundaries(path: Path) -> pd.DataFrame:
    """Outlines of one layer, each with its centroid and whether it is well formed.

    Parameters
    ----------
    path : Path
        GeoJSON or gzip of it, longitude before latitude (WGS84), one of ``LAYERS``.

    Returns
    -------
    DataFrame, one row a place
        ``place_code``, ``place_name``, ``kind`` (``borough``, ``ward``, ``lsoa``),
        ``boundary_year``, ``area_code`` of its borough (missing for wards, whose file does
        not say: see ``with_ward_boroughs``), ``longitude`` and ``latitude`` of the
        centroid in degrees, ``is_valid``, and ``geometry`` as parsed GeoJSON.

    Raises
    ------
    SourceError
        If the file is no GeoJSON.
    DataContractError
        If the layer is not known, a place occurs twice, or a centroid is outside London.
    """
    where = path.name
    features = _features(path)
    layer = _layer(features[0]["properties"], where)
    rows = [_row(feature, layer, where) for feature in features]
    table = pd.DataFrame(rows)
    table["area_code"] = _boroughs(table, layer, where)
    refuse_duplicates(table.drop(columns="geometry"), ["place_code"], where=where)
    return validated(table[list(_SCHEMA.columns)], _SCHEMA, where)


def with_ward_boroughs(wards: pd.DataFrame, lookup: pd.DataFrame) -> pd.DataFrame:
    """Wards with the borough that a look-up gives them.

    Parameters
    ----------
    wards : DataFrame
        From ``read_boundaries``.
    lookup : DataFrame
        From ``read_lsoa21_ward24``: ``ward24_code``, ``area_code``.

    Returns
    -------
    DataFrame
        ``wards`` with ``area_code`` filled.

    Raises
    ------
    DataContractError
        If a ward is in no borough of the look-up, or in two.
    """
    pairs = lookup[["ward24_code", "area_code"]].drop_duplicates()
    refuse_duplicates(pairs, ["ward24_code"], where="look-up of wards to boroughs")
    codes = wards["place_code"].map(pairs.set_index("ward24_code")["area_code"])
    if codes.isna().any():
        ward = wards.loc[codes.isna(), "place_code"].iloc[0]
        message = (
            f"look-up of wards to boroughs: ward {ward} is not in it. Use the look-up of the "
            "same year as the boundaries."
        )
        raise DataContractError(message)
    return wards.assign(area_code=codes.astype("str"))


def centroid(geometry: dict[str, Any]) -> tuple[float, float]:
    """Area-weighted centre of a polygon or multipolygon, holes taken out.

    Parameters
    ----------
    geometry : dict
        GeoJSON ``Polygon`` or ``MultiPolygon``; the first ring of a polygon is its outside.

    Returns
    -------
    tuple of float
        Longitude and latitude, in the units given.

    Raises
    ------
    DataContractError
        If it encloses no area, or is neither kind.

    Examples
    --------
    An L of three unit squares:

    >>> ring = [[0, 0], [2, 0], [2, 1], [1, 1], [1, 2], [0, 2], [0, 0]]
    >>> longitude, latitude = centroid({"type": "Polygon", "coordinates": [ring]})
    >>> round(longitude, 4), round(latitude, 4)
    (0.8333, 0.8333)
    """
    polygons = _polygons(geometry)
    origin = polygons[0][0][0]
    total, moment = 0.0, np.zeros(2)
    for rings in polygons:
        for place, ring in enumerate(rings):
            area, first = _area_and_moment(ring - origin)
            sign = 1 if place == 0 else -1
            total += sign * area
            moment = moment + sign * first
    if total <= 0:
        message = "a boundary encloses no area: fetch the boundary file again."
        raise DataContractError(message)
    longitude, latitude = origin + moment / total
    return float(longitude), float(latitude)


def is_simple(ring: np.ndarray) -> bool:
    """Whether a closed ring meets itself nowhere but at its end.

    Parameters
    ----------
    ring : array, shape (n_points + 1, 2)
        The last point repeats the first.

    Returns
    -------
    bool
        False where two corners coincide, sides cross, or a corner lies on another side.

    Examples
    --------
    >>> square = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]], dtype=float)
    >>> bow_tie = np.array([[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]], dtype=float)
    >>> is_simple(square), is_simple(bow_tie)
    (True, False)
    """
    starts, ends = ring[:-1], ring[1:]
    if len(starts) < 3 or len({tuple(point) for point in starts}) < len(starts):
        return False
    first, second = np.triu_indices(len(starts), k=2)
    apart = ~((first == 0) & (second == len(starts) - 1))
    first, second = first[apart], second[apart]
    near = _boxes_meet(starts, ends, first, second)
    first, second = first[near], second[near]
    return not _meet(starts[first], ends[first], starts[second], ends[second]).any()


def _features(path: Path) -> list[dict[str, Any]]:
    try:
        content = json.loads(open_bytes(path))
        features = content["features"]
        complete = features and all({"properties", "geometry"} <= set(f) for f in features)
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
        message = f"{path.name}: not a GeoJSON feature collection ({error}). Fetch it again."
        raise SourceError(message) from error
    if not complete:
        message = f"{path.name}: the feature collection is empty or broken. Fetch it again."
        raise SourceError(message)
    return list(features)


def _layer(properties: dict[str, Any], where: str) -> _Layer:
    for layer in LAYERS:
        if {layer.code, layer.name} <= set(properties):
            return layer
    message = (
        f"{where}: boundaries of no known layer; properties are {', '.join(properties)}. "
        "Known are boroughs, wards of 2024 and LSOAs of 2011 and 2021: see "
        "docs/data-sources.md."
    )
    raise DataContractError(message)


def _row(feature: dict[str, Any], layer: _Layer, where: str) -> dict[str, Any]:
    properties, geometry = feature["properties"], feature["geometry"]
    code = str(properties.get(layer.code, ""))
    try:
        longitude, latitude = centroid(geometry)
        valid = all(is_simple(ring) for rings in _polygons(geometry) for ring in rings)
    except DataContractError as error:
        message = f"{where}, {code}: {error}"
        raise DataContractError(message) from error
    return {
        "place_code": code,
        "place_name": str(properties.get(layer.name, "")),
        "kind": layer.kind,
        "boundary_year": layer.year,
        "longitude": longitude,
        "latitude": latitude,
        "is_valid": valid,
        "geometry": geometry,
    }


def _boroughs(table: pd.DataFrame, layer: _Layer, where: str) -> pd.Series:
    if layer.kind == "ward":
        return pd.Series(pd.NA, index=table.index, dtype="str")
    if layer.kind == "borough":
        known = match_area_codes(table["place_name"], where=f"{where}, {layer.name}")
        _refuse_other_name(table, known, where)
        return table["place_code"]
    council = table["place_name"].str.replace(r" \d{3}[A-Z]+$", "", regex=True)
    return match_area_codes(council, where=f"{where}, {layer.name}")


def _refuse_other_name(table: pd.DataFrame, known: pd.Series, where: str) -> None:
    wrong = known != table["place_code"]
    if wrong.any():
        code, name = table.loc[wrong, ["place_code", "place_name"]].iloc[0]
        message = (
            f"{where}: {code} is called {name}, which is {area_name(known[wrong].iloc[0])} "
            f"({known[wrong].iloc[0]}). Correct the file or fetch it again."
        )
        raise DataContractError(message)


def _polygons(geometry: dict[str, Any]) -> list[Rings]:
    kind = geometry.get("type") if geometry else None
    if kind not in {"Polygon", "MultiPolygon"}:
        message = f"its geometry is {kind}, not a polygon. Fetch the boundary file again."
        raise DataContractError(message)
    coordinates = geometry["coordinates"]
    polygons = [coordinates] if kind == "Polygon" else coordinates
    return [[np.asarray(ring, dtype=float)[:, :2] for ring in rings] for rings in polygons]


def _area_and_moment(ring: np.ndarray) -> tuple[float, np.ndarray]:
    x, y = ring[:, 0], ring[:, 1]
    cross = x[:-1] * y[1:] - x[1:] * y[:-1]
    area = cross.sum() / 2
    moment = ((ring[:-1] + ring[1:]) * cross[:, None]).sum(axis=0) / 6
    return abs(area), moment * np.sign(area)


def _boxes_meet(
    starts: np.ndarray, ends: np.ndarray, first: np.ndarray, second: np.ndarray
) -> np.ndarray:
    low, high = np.minimum(starts, ends), np.maximum(starts, ends)
    return np.all((low[first] <= high[second]) & (low[second] <= high[first]), axis=1)


def _meet(a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray) -> np.ndarray:
    # The boxes meet already, so sides that lie along one line and overlap count as well.
    straddles_ab = _side(a, b, c) * _side(a, b, d) <= 0
    straddles_cd = _side(c, d, a) * _side(c, d, b) <= 0
    return straddles_ab & straddles_cd


def _side(start: np.ndarray, end: np.ndarray, point: np.ndarray) -> np.ndarray:
    along, across = end - start, point - start
    return np.sign(along[:, 0] * across[:, 1] - along[:, 1] * across[:, 0])
