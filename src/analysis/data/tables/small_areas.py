"""Tables of what each LSOA is: centre, residents, ward, nearest border, deprivation.

The nearest border is measured on the National Grid from the LSOA's centroid to the borough's
own outline, as the Greater London Authority draws it to mean high water: a few hundred points
a borough, where the newer national outline has a few dozen. The outline is generalised, so
that a distance is good to some tens of metres. Along the tidal Thames the border is the bank,
and the area across it is the borough on the other.
"""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from analysis.data.compile import Field, Load, TableSpec
from analysis.data.national_grid import boundary_on_grid, with_national_grid
from analysis.data.tables.columns import BOROUGH, LSOA, only_boroughs
from analysis.errors import DataContractError

_POPULATION_YEAR = 2022

_TOUCHING_METRES: Final = 25
# Outlines that share a border are drawn from the same points; a wider gap is not a border.
_RIVER_METRES: Final = 900
# The tidal Thames in London is nowhere wider between the banks as they are drawn.
_RIVERSIDE: Final = frozenset(
    f"E090000{number:02d}"
    for number in (1, 2, 4, 11, 13, 16, 18, 20, 21, 22, 23, 25, 27, 28, 30, 32, 33)
)
# Areas with a bank of tidal water (the Thames and the creeks that enter it), the City among
# them: their outlines end at high water, so that those who share a river do not touch.

CONTEXT_DOMAINS: Final = ("income", "employment", "education")
# What the Vulnerable Localities Index takes of the Indices of Deprivation.


def _lsoa_centroids(load: Load) -> pd.DataFrame:
    shapes = only_boroughs(load("boundaries_lsoa_2021")).rename(
        columns={"place_code": "lsoa_code"}
    )
    people = load("ons_lsoa_population")
    people = people[people["year"] == _POPULATION_YEAR].assign(
        area_hectares=people["area_sq_km"] * 100
    )
    table = _joined(shapes, people, ["population_count", "area_hectares"], "population")
    wards = load("lookup_lsoa21_ward24_borough").rename(columns={"ward24_name": "ward_name"})
    table = _joined(table, wards, ["ward_name"], "ward")
    metres = with_national_grid(table)[["easting", "northing"]]
    table = table.assign(
        **table[["longitude", "latitude"]].round(5),
        **metres.round().astype(int),
        area_hectares=table["area_hectares"].round(1),
        ward_name=table["ward_name"].astype("str"),
    )
    borders = _borders(table, load("boundaries_boroughs_gla"))
    return table.join(borders)[list(_CENTROID_FIELDS)]


def _joined(
    table: pd.DataFrame, other: pd.DataFrame, columns: list[str], what: str
) -> pd.DataFrame:
    other = other.rename(columns={"lsoa21_code": "lsoa_code"})[["lsoa_code", *columns]]
    joined = table.merge(other, on="lsoa_code", validate="one_to_one")
    if len(joined) != len(table):
        message = (
            f"boundaries_lsoa_2021: {len(table) - len(joined)} LSOA(s) have no {what}. "
            "Boundaries and look-ups must be of the same LSOAs."
        )
        raise DataContractError(message)
    return joined


def _borders(table: pd.DataFrame, boroughs: pd.DataFrame) -> pd.DataFrame:
    """Distance of each centre to its borough's outline, and the area across it."""
    import shapely

    outlines = {
        str(area_code): boundary_on_grid(geometry)
        for area_code, geometry in zip(boroughs["area_code"], boroughs["geometry"], strict=True)
    }
    rows = []
    for area_code, easting, northing in zip(
        table["area_code"], table["easting"], table["northing"], strict=True
    ):
        centre = shapely.Point(easting, northing)
        way = shapely.shortest_line(outlines[area_code].boundary, centre)
        border = shapely.get_point(way, 0)
        rows.append((round(way.length), _across(border, area_code, outlines)))
    names = ["border_distance_m", "nearest_borough"]
    return pd.DataFrame(rows, columns=names, index=table.index)


def _across(border: Any, area_code: str, outlines: dict[str, Any]) -> str | None:
    gaps = {code: border.distance(it) for code, it in outlines.items() if code != area_code}
    nearest = min(gaps, key=lambda code: gaps[code])
    if gaps[nearest] <= _TOUCHING_METRES:
        return nearest
    over = {code: gap for code, gap in gaps.items() if {area_code, code} <= _RIVERSIDE}
    nearest = min(over, key=lambda code: over[code], default="")
    return nearest if nearest and over[nearest] <= _RIVER_METRES else None


def _lsoa_context(load: Load) -> pd.DataFrame:
    centroids = only_boroughs(load("boundaries_lsoa_2021"))[["place_code", "area_code"]]
    indices = load("imd_2025_lsoa")
    indices["lsoa21_code"] = indices["lsoa21_code"].astype("str")
    indices["domain"] = indices["domain"].astype("str")
    wide = indices[indices["domain"].isin(CONTEXT_DOMAINS)].pivot(
        index="lsoa21_code", columns="domain", values="score"
    )
    wide = pd.DataFrame(
        {
            "income_deprived_pct": (wide["income"] * 100).round(1),
            "employment_deprived_pct": (wide["employment"] * 100).round(1),
            "education_score": wide["education"].round(1),
        }
    )
    overall = indices[indices["domain"] == "imd"].set_index("lsoa21_code")["decile"]
    table = centroids.rename(columns={"place_code": "lsoa_code"}).join(
        wide.assign(imd_decile=overall), on="lsoa_code"
    )
    if table.isna().any(axis=None):
        message = "imd_2025_lsoa: an LSOA of 2021 has no indices. Fetch the file again."
        raise DataContractError(message)
    return table[list(_CONTEXT_FIELDS)]


_CENTROID_FIELDS = {
    "lsoa_code": LSOA,
    "area_code": BOROUGH,
    "longitude": Field("number", "centroid of the generalised outline, WGS84 degrees"),
    "latitude": Field("number", "centroid of the generalised outline, WGS84 degrees"),
    "easting": Field("integer", "of that centroid, British National Grid, metres"),
    "northing": Field("integer", "of that centroid, British National Grid, metres"),
    "population_count": Field("integer", f"residents, mid-{_POPULATION_YEAR}"),
    "area_hectares": Field("number", "land, hectares"),
    "ward_name": Field("string", "ward of 2024 that the LSOA fits best"),
    "border_distance_m": Field(
        "integer", "metres from the centroid to the borough's own outline (GLA, 2011)"
    ),
    "nearest_borough": Field(
        "string", "GSS code of the area across that border; blank outside London"
    ),
}
_CONTEXT_FIELDS = {
    "lsoa_code": LSOA,
    "area_code": BOROUGH,
    "income_deprived_pct": Field("number", "residents in income deprivation, per cent"),
    "employment_deprived_pct": Field(
        "number", "working-age residents in employment deprivation, per cent"
    ),
    "education_score": Field("number", "education, skills and training, higher is worse"),
    "imd_decile": Field("integer", "Index of Multiple Deprivation, 1 most deprived tenth"),
}

SMALL_AREA_TABLES: tuple[TableSpec, ...] = (
    TableSpec(
        name="lsoa_centroids",
        title="Centre, residents, ward and nearest border of each LSOA",
        source_ids=(
            "boundaries_lsoa_2021",
            "ons_lsoa_population",
            "lookup_lsoa21_ward24_borough",
            "boundaries_boroughs_gla",
        ),
        fields=_CENTROID_FIELDS,
        primary_key=("lsoa_code",),
        build=_lsoa_centroids,
    ),
    TableSpec(
        name="lsoa_context",
        title="Indices of Deprivation 2025 of each LSOA: three domains and the overall tenth",
        source_ids=("boundaries_lsoa_2021", "imd_2025_lsoa"),
        fields=_CONTEXT_FIELDS,
        primary_key=("lsoa_code",),
        build=_lsoa_context,
    ),
)
