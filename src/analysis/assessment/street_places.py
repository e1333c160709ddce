"""Street-level and ward detail of a borough, where the published files are held.

A point is a map point that stands for at least eight addresses: crimes at one point need not
be at one address, and repeats there are repeats of a place, not of a household. British
Transport Police rows and anti-social behaviour are kept apart from recorded crime. Nothing is
downloaded: what is not in the cache or the mirror is None, and a report says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
from scipy.spatial import cKDTree

from analysis.assessment.assessment import Assessment, Period, year_before, year_to
from analysis.assessment.places import (
    LEADING_PCT,
    LEAST_OFFENCES,
    RetailPlaces,
    recorded_with_heathrow,
    small_areas,
)
from analysis.data.detail import is_held
from analysis.data.national_grid import boundary_on_grid, with_national_grid
from analysis.data.store import load_source
from analysis.measures.change import known_dispersion
from analysis.measures.relative import change_against_rest
from analysis.params.areas import HEATHROW_CODE, HILLINGDON_CODE
from analysis.places.concentration import Concentration, concentration, places_holding
from analysis.places.density import DensitySurface, density_cells, kernel_density
from analysis.places.persistence import hot_spot_overlap, years_among_leading
from analysis.places.prediction import yearly_hit_rates
from analysis.places.retail_areas import JOIN_POINTS_M, retail_areas

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

BURGLARY = "police_uk_burglary_2018_2023"
STREET = "police_uk_street_2016_2018"
WARDS = "mps_ward_2023_2025"
OUTLINES = "boundaries_boroughs_gla"
SMALL_AREA_OUTLINES = "boundaries_lsoa_2021"
FILES = (BURGLARY, STREET, WARDS, SMALL_AREA_OUTLINES, OUTLINES)

STREET_YEARS = ("2017-06", "2018-06")
# The last months of two years without March 2016, which was never fetched whole.

POINTS_REDRAWN = pd.Timestamp("2022-07-01")
# Until June 2022 nineteen in twenty points of a month had been seen before, in July hardly any.

SHOP_TYPES = ("Shoplifting", "Theft from the person")

CELL_M, BANDWIDTH_M = 100.0, 400.0
# A bandwidth of a few streets, on cells a quarter of it: a point is snapped by up to a block.

PEAK_METRES, PEAK_COUNT, DENSEST_CELLS = 800.0, 5, 2_000
# Dense cells nearer to each other than a town centre is wide are one; five are named.
LEAST_PEAK = 0.25
# Of the highest density: where the map's palest shade begins.


@dataclass(frozen=True, eq=False)
class MapPoints:
    """Crimes at snapped map points, year by year.

    Attributes
    ----------
    period : (first, last) month
    counts : DataFrame, index ``point``, columns the years in order, offences
        Points with at least one offence in the period.
    points : DataFrame, index ``point``
        ``easting``, ``northing``, ``location``, ``ward_name`` (of the nearest small area's
        centre) and ``offence_count``.
    holding : DataFrame
        As ``places_holding`` returns it, over all years.
    gini : Concentration
    overlap : DataFrame
        As ``hot_spot_overlap`` returns it; without rows where one year is seen.
    hits : DataFrame
        As ``yearly_hit_rates`` returns it; likewise.
    leading : DataFrame
        As ``years_among_leading`` returns it, joined with ``points``.
    newest : DataFrame, index ``point``
        As ``points``, of the newest twelve months seen.
    newest_kinds : DataFrame, index ``point``, columns the types of crime
    newest_period : (first, last) month
    apart : dict of str to int
        Rows kept out, by why.
    """

    period: Period
    counts: pd.DataFrame
    points: pd.DataFrame
    holding: pd.DataFrame
    gini: Concentration
    overlap: pd.DataFrame
    hits: pd.DataFrame
    leading: pd.DataFrame
    newest: pd.DataFrame
    newest_kinds: pd.DataFrame
    newest_period: Period
    apart: dict[str, int]

    @property
    def density(self) -> DensitySurface:
        """Offences of the newest twelve months a square kilometre, smoothed."""
        return kernel_density(
            self.newest,
            cell_m=CELL_M,
            bandwidth_m=BANDWIDTH_M,
            weights=self.newest["offence_count"].to_numpy(dtype=float),
        )

    @property
    def peaks(self) -> pd.DataFrame:
        """The densest cells at least ``PEAK_METRES`` apart: place, ward as name, density."""
        surface = self.density
        least = float(surface.density.max()) * LEAST_PEAK
        cells = density_cells(surface, least_per_sq_km=least).head(DENSEST_CELLS)
        axes = ["easting", "northing"]
        chosen: list[pd.Series] = []
        while len(cells) and len(chosen) < PEAK_COUNT:
            top = cells.iloc[0]
            chosen.append(top)
            away = ((cells[axes] - top[axes]) ** 2).sum(axis="columns")
            cells = cells[away >= PEAK_METRES**2]
        peaks = pd.DataFrame(chosen).reset_index(drop=True)
        points = self.newest
        _, nearest = cKDTree(points[axes].to_numpy(float)).query(peaks[axes].to_numpy(float))
        names = points["ward_name"].iloc[nearest].to_numpy()
        return peaks.assign(name=names).rename(columns={"offences_per_sq_km": "density"})


@dataclass(frozen=True, eq=False)
class Wards:
    """Recorded crime by ward, fraud left out.

    Attributes
    ----------
    before, latest : (first, last) month
        ``before`` is empty where one year alone is seen.
    table : DataFrame, index ``ward_code``, most offences first
        ``ward_name``, ``after_count``, and where two years are seen the columns of
        ``change_against_rest``.
    located_pct : Series, index ``before`` and ``latest``
        Per cent of the borough's crime that the file places in its wards.
    """

    before: Period | None
    latest: Period
    table: pd.DataFrame
    located_pct: pd.Series


@dataclass(frozen=True, eq=False)
class MapGround:
    """What maps of the borough are drawn on, in metres of the National Grid.

    Attributes
    ----------
    outline : shapely shape or None
        Of the borough, where the file is held.
    shapes : Series of shapely shapes or None, index ``lsoa_code``
        Of its LSOAs, likewise.
    """

    outline: BaseGeometry | None
    shapes: pd.Series | None


def burglary_points(assessment: Assessment) -> MapPoints | None:
    """Burglaries at map points, over the whole years on one list of points.

    The publisher drew its map points anew in ``POINTS_REDRAWN``: a place of one list is not
    found on the other, and no year is compared across.
    """
    rows = _street_rows(assessment, BURGLARY)
    if rows is None:
        return None
    old = rows[rows["month"] < POINTS_REDRAWN]
    year = old["month"].dt.year
    return _map_points(assessment, old.assign(year=year), _last_year(rows), {})


def crime_points(assessment: Assessment) -> MapPoints | None:
    """All crime at map points in two years; None where the borough is not among those held."""
    rows = _street_rows(assessment, STREET)
    if rows is None:
        return None
    year = pd.Series(pd.NA, rows.index, dtype="Int64")
    for last in STREET_YEARS:
        first, last_month = year_to(last)
        year = year.mask(rows["month"].between(first, last_month), int(last[:4]))
    rows = rows.assign(year=year).dropna(subset=["year"])
    apart = {
        "anti-social behaviour incidents": int((~rows["is_crime"]).sum()),
        "British Transport Police records": int(
            (rows["is_transport_police"] & rows["is_crime"]).sum()
        ),
    }
    crime = rows[rows["is_crime"] & ~rows["is_transport_police"]]
    return _map_points(assessment, crime, _last_year(crime), apart)


def retail_streets(crime: MapPoints | None) -> RetailPlaces | None:
    """Retail areas among map points, named by their street, in the newest twelve months."""
    if crime is None:
        return None
    kinds = crime.newest_kinds.reindex(columns=list(SHOP_TYPES), fill_value=0)
    if kinds.to_numpy().sum() < LEAST_OFFENCES:
        return None
    points = crime.newest
    counts = kinds.reindex(points.index, fill_value=0)
    found = retail_areas(points[["easting", "northing"]], counts, join_m=JOIN_POINTS_M)
    leading = points.loc[found.areas["leading_place"]]
    names = leading["location"] + ", " + leading["ward_name"]
    names = pd.Series(names.to_numpy(), index=found.areas.index)
    return RetailPlaces(crime.newest_period, found, names)


def wards(assessment: Assessment) -> Wards | None:
    """Crime by ward in the latest year, and against the year before where that is seen."""
    table = assessment.detail(WARDS)
    if table is None:
        return None
    table = _own_wards(table, assessment.area.area_code)
    table = table[~table["major_category"].astype("str").str.contains("FRAUD")]
    grouped = table.groupby(["month", "ward_code"], observed=True)["offence_count"]
    monthly = grouped.sum().unstack("ward_code").astype(float)
    if len(monthly) < 12:
        return None
    latest = year_to(f"{monthly.index[-1]:%Y-%m}")
    before = year_before(latest) if len(monthly) >= 24 else None
    names = table.drop_duplicates("ward_code").set_index("ward_code")["ward_name"]
    return _wards(assessment, monthly, names.astype("str"), latest, before)


def map_ground(assessment: Assessment) -> MapGround:
    """Outlines to draw maps on, as far as the boundary files are held."""
    code = assessment.area.area_code
    outline, shapes = None, None
    if is_held(OUTLINES):
        boroughs = load_source(OUTLINES)
        own = boroughs.loc[boroughs["area_code"] == code, "geometry"]
        outline = boundary_on_grid(own.iloc[0])
    if is_held(SMALL_AREA_OUTLINES):
        table = load_source(SMALL_AREA_OUTLINES)
        table = table[table["area_code"] == code].set_index("place_code")
        shapes = table["geometry"].map(boundary_on_grid)
    return MapGround(outline, shapes)


def _street_rows(assessment: Assessment, source_id: str) -> pd.DataFrame | None:
    rows = assessment.detail(source_id, area_code=assessment.area.area_code)
    if rows is None:
        return None
    rows = with_national_grid(rows[rows["has_location"]])
    if rows.empty:
        return None
    names = rows["easting"].round().astype(int).astype("str")
    return rows.assign(point=names + "-" + rows["northing"].round().astype(int).astype("str"))


def _is_whole(rows: pd.DataFrame) -> pd.Series:
    months = rows.groupby("year")["month"].transform("nunique")
    return months == 12


def _points_of(rows: pd.DataFrame, assessment: Assessment) -> pd.DataFrame:
    grouped = rows.groupby("point")
    points = grouped[["easting", "northing"]].first()
    points["location"] = grouped["location"].first().astype("str")
    return points.assign(
        offence_count=grouped.size(), ward_name=_nearest_ward(points, assessment)
    )


def _nearest_ward(points: pd.DataFrame, assessment: Assessment) -> list[str]:
    """Ward of the small area whose centre is nearest: many streets share a name."""
    areas = small_areas(assessment)
    axes = ["easting", "northing"]
    _, nearest = cKDTree(areas[axes].to_numpy(float)).query(points[axes].to_numpy(float))
    return areas["ward_name"].iloc[nearest].tolist()


def _months_of(rows: pd.DataFrame) -> Period:
    return f"{rows['month'].min():%Y-%m}", f"{rows['month'].max():%Y-%m}"


def _last_year(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["month"] > rows["month"].max() - pd.DateOffset(years=1)]


def _map_points(
    assessment: Assessment, rows: pd.DataFrame, newest: pd.DataFrame, apart: dict[str, int]
) -> MapPoints | None:
    rows = rows[_is_whole(rows)]
    if len(rows) < LEAST_OFFENCES:
        return None
    points = _points_of(rows, assessment)
    counts = pd.crosstab(rows["point"], rows["year"].astype(int)).reindex(points.index)
    total = counts.sum(axis="columns")
    several = len(counts.columns) > 1
    return MapPoints(
        period=_months_of(rows),
        counts=counts,
        points=points,
        holding=places_holding(total),
        gini=concentration(total),
        overlap=hot_spot_overlap(counts, leading_pct=LEADING_PCT)
        if several
        else pd.DataFrame(),
        hits=yearly_hit_rates(counts, leading_pct=LEADING_PCT) if several else pd.DataFrame(),
        leading=years_among_leading(counts, leading_pct=LEADING_PCT).join(
            points.drop(columns="offence_count")
        ),
        newest=_points_of(newest, assessment),
        newest_kinds=pd.crosstab(newest["point"], newest["crime_type"].astype("str")),
        newest_period=_months_of(newest),
        apart=apart,
    )


def _own_wards(table: pd.DataFrame, area_code: str) -> pd.DataFrame:
    """Rows of a borough's wards; Hillingdon's with Heathrow Villages, apart in the file."""
    own = [area_code, HEATHROW_CODE] if area_code == HILLINGDON_CODE else [area_code]
    return table[table["area_code"].astype("str").isin(own)]


def _wards(
    assessment: Assessment,
    monthly: pd.DataFrame,
    names: pd.Series,
    latest: Period,
    before: Period | None,
) -> Wards:
    after = monthly.loc[latest[0] : latest[1]].sum()
    table = pd.DataFrame({"after_count": after})
    if before is not None:
        table.insert(0, "before_count", monthly.loc[before[0] : before[1]].sum())
        scatter = monthly.apply(known_dispersion, exclude=assessment.unusual_months)
        table = table.join(change_against_rest(table.assign(dispersion=scatter)))
    table = table.join(names).sort_values("after_count", ascending=False, kind="stable")
    periods = {"latest": latest} | ({"before": before} if before is not None else {})
    recorded = recorded_with_heathrow(assessment)
    located = {
        name: 100
        * float(monthly.loc[period[0] : period[1]].sum().sum())
        / float(recorded.loc[period[0] : period[1]].sum())
        for name, period in periods.items()
    }
    return Wards(before, latest, table, pd.Series(located))
