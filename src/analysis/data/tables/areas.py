"""Tables of what the boroughs are: residents, households, ages, area, deprivation.

Nothing here is crime; the crime domain of the Indices of Deprivation, which is made of
recorded crime, is left out so that it cannot be used to explain it.
"""

from __future__ import annotations

import pandas as pd

from analysis.data.compile import Field, Load, TableSpec
from analysis.data.population import one_borough_series
from analysis.data.tables.columns import BOROUGH, only_boroughs
from analysis.params.areas import LONDON_CODE

_CENSUS_YEAR = 2021
_AGES = (
    "aged_16_to_64_count",
    "aged_65_to_74_count",
    "aged_0_to_15_or_75_and_over_count",
    "younger_as_published_count",
)


def _population(load: Load) -> pd.DataFrame:
    series = one_borough_series(
        load("gla_population"), load("ons_lsoa_population"), load("ons_borough_population")
    )
    boroughs = only_boroughs(series)
    totals = boroughs.groupby(["year", "published_source"], as_index=False)
    london = totals["population_count"].sum().assign(area_code=LONDON_CODE)
    return pd.concat([boroughs, london])[list(_POPULATION_FIELDS)]


def _area_context(load: Load) -> pd.DataFrame:
    parts = [
        _inland_area(load("gla_population")),
        _indexed(load("ons_households"), {"household_count": "household_count"}),
        _latest_dwellings(load("gla_dwellings")),
        _ages(load("ons_age_bands")),
        _deprivation_2019(load("imd_2019_borough")),
        _deprivation_2025(load("imd_2025_borough")),
    ]
    return pd.concat(parts, axis="columns").reset_index()[list(_CONTEXT_FIELDS)]


def _indexed(table: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    return only_boroughs(table).set_index("area_code")[list(names)].rename(columns=names)


def _inland_area(table: pd.DataFrame) -> pd.DataFrame:
    latest = table[table["year"] == table.loc[~table["is_projection"], "year"].max()]
    return _indexed(latest, {"inland_area_hectares": "inland_area_hectares"})


def _latest_dwellings(table: pd.DataFrame) -> pd.DataFrame:
    latest = table[table["year"] == table["year"].max()]
    return _indexed(latest, {"dwelling_count": "dwelling_count", "year": "dwelling_year"})


def _ages(table: pd.DataFrame) -> pd.DataFrame:
    names = {name: name for name in ("population_count", *_AGES)}
    counts = _indexed(table[table["sex"] == "persons"], names)
    shares = counts[list(_AGES)].div(counts["population_count"], axis="index") * 100
    shares.columns = shares.columns.str.replace("_count", "_pct")
    return shares.round(2)


def _deprivation_2019(table: pd.DataFrame) -> pd.DataFrame:
    names = {
        "score": "imd_2019_score",
        "most_deprived_tenth_pct": "imd_2019_most_deprived_tenth_pct",
    }
    return _indexed(table[table["domain"] == "imd"], names)


def _deprivation_2025(table: pd.DataFrame) -> pd.DataFrame:
    names = {
        "score": "imd_2025_score",
        "rank_of_average_score": "imd_2025_rank",
        "most_deprived_tenth_pct": "imd_2025_most_deprived_tenth_pct",
    }
    income = table[table["domain"] == "income"]
    share = _indexed(income, {"score": "income_deprived_2025_pct"}) * 100
    overall = _indexed(table[table["domain"] == "imd"], names)
    return overall.join(share.round(2))


_POPULATION_FIELDS = {
    "area_code": Field(
        "string", f"GSS code of the borough, or {LONDON_CODE}, the sum of the 32"
    ),
    "year": Field("integer", "year of the mid-year estimate"),
    "population_count": Field("integer", "residents"),
    "published_source": Field("string", "gla_estimate, ons_lsoa_sum or ons_borough"),
}
_TENTH = "share of its LSOAs among England's most deprived tenth, per cent"
_CONTEXT_FIELDS = {
    "area_code": BOROUGH,
    "inland_area_hectares": Field("number", "land without tidal water, hectares"),
    "household_count": Field("integer", f"households, Census {_CENSUS_YEAR}"),
    "dwelling_count": Field("integer", "dwellings at 31 March"),
    "dwelling_year": Field("integer", "year of the dwellings"),
    "aged_16_to_64_pct": Field(
        "number", f"share of residents, per cent, Census {_CENSUS_YEAR}"
    ),
    "aged_65_to_74_pct": Field(
        "number", f"share of residents, per cent, Census {_CENSUS_YEAR}"
    ),
    "aged_0_to_15_or_75_and_over_pct": Field("number", "the rest of residents, per cent"),
    "younger_as_published_pct": Field(
        "number", "up to 15, under-ones twice: to compare boroughs by, not a share of residents"
    ),
    "imd_2019_score": Field("number", "Index of Multiple Deprivation 2019, average score"),
    "imd_2019_most_deprived_tenth_pct": Field("number", _TENTH),
    "imd_2025_score": Field("number", "Index of Multiple Deprivation 2025, average score"),
    "imd_2025_rank": Field("integer", "rank of that score of 296 councils, 1 most deprived"),
    "imd_2025_most_deprived_tenth_pct": Field("number", _TENTH),
    "income_deprived_2025_pct": Field("number", "residents in income deprivation, per cent"),
}

AREA_TABLES: tuple[TableSpec, ...] = (
    TableSpec(
        name="population",
        title="Residents by borough and year, 1999 to 2024, pieced together from three sources",
        source_ids=("gla_population", "ons_lsoa_population", "ons_borough_population"),
        fields=_POPULATION_FIELDS,
        primary_key=("area_code", "year"),
        build=_population,
    ),
    TableSpec(
        name="area_context",
        title="Area, households, ages and deprivation of each borough",
        source_ids=(
            "gla_population",
            "ons_households",
            "gla_dwellings",
            "ons_age_bands",
            "imd_2019_borough",
            "imd_2025_borough",
        ),
        fields=_CONTEXT_FIELDS,
        primary_key=("area_code",),
        build=_area_context,
    ),
)
