"""Residents, households and dwellings of London boroughs, as published.

Six files from three publishers, of different vintages: the GLA's estimates and projections,
the ONS's mid-year estimates by borough and by LSOA, Census 2021 age and households, and the
GLA's dwellings. Each is read as it stands; ``analysis.data.population`` pieces one borough
series together and says which row comes from which.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pandas as pd
import pandera.pandas as pa

from analysis.data.contract import validated
from analysis.data.numbers import to_numbers, to_years
from analysis.data.tabular import (
    read_text_table,
    refuse_duplicates,
    require_columns,
    to_counts,
)
from analysis.errors import DataContractError
from analysis.params.areas import load_areas, match_area_codes

GREATER_LONDON_CODE: Final = "E12000007"
# Greater London with the City: not the police area that the project calls London.

LARGER_AREAS: Final = {
    "Greater London": GREATER_LONDON_CODE,
    "London": GREATER_LONDON_CODE,
    "Inner London": "E13000001",
    "Outer London": "E13000002",
    "England": "E92000001",
}

_LONDON_COUNCIL = r"E09\d{6}"
_POSITIVE = pa.Check.gt(0, error="is not above nought")
_AREA = pa.Column(str, pa.Check.str_matches(r"^E\d{8}$", error="is not a GSS code"))
_COUNT = pa.Column("Int64", _POSITIVE)
_YEAR = pa.Column("int64", pa.Check.in_range(1990, 2060, error="is out of range"))

_GLA = pa.DataFrameSchema(
    {
        "area_code": _AREA,
        "area_name": pa.Column(str),
        "year": _YEAR,
        "population_count": _COUNT,
        "is_projection": pa.Column(bool),
        "inland_area_hectares": pa.Column(float, _POSITIVE),
        "total_area_hectares": pa.Column(float, _POSITIVE),
    },
    strict=True,
    unique=["area_code", "year"],
)
_BOROUGH = pa.DataFrameSchema(
    {"area_code": _AREA, "year": _YEAR, "population_count": _COUNT},
    strict=True,
    unique=["area_code", "year"],
)
_LSOA = pa.DataFrameSchema(
    {
        "lsoa21_code": pa.Column(str, pa.Check.str_matches(r"^E01\d{6}$")),
        "area_code": _AREA,
        "area_sq_km": pa.Column(float, _POSITIVE),
        "year": _YEAR,
        "population_count": _COUNT,
    },
    strict=True,
)
_AGES = pa.DataFrameSchema(
    {
        "area_code": _AREA,
        "year": _YEAR,
        "sex": pa.Column(str, pa.Check.isin(["females", "males", "persons"])),
        "population_count": _COUNT,
        "aged_16_to_64_count": _COUNT,
        "aged_65_to_74_count": _COUNT,
        "aged_0_to_15_or_75_and_over_count": _COUNT,
        "younger_as_published_count": _COUNT,
    },
    strict=True,
    unique=["area_code", "sex"],
)
_HOUSEHOLDS = pa.DataFrameSchema(
    {"area_code": _AREA, "year": _YEAR, "household_count": _COUNT},
    strict=True,
    unique=["area_code"],
)
_DWELLINGS = pa.DataFrameSchema(
    {"area_code": _AREA, "year": _YEAR, "dwelling_count": _COUNT},
    strict=True,
    unique=["area_code", "year"],
)

_ESTIMATE = "ONS MYE"
_PROJECTION = "GLA Population Projections"
_CENSUS_YEAR = 2021


def read_gla_population(path: Path) -> pd.DataFrame:
    """GLA table of population and area: estimates for 1999-2010, projections after.

    Parameters
    ----------
    path : Path
        File with ``Code, Name, Year, Source, Population`` and two areas in hectares.

    Returns
    -------
    DataFrame, one row an area and year
        ``area_code`` (33 councils, Greater, Inner and Outer London), ``area_name``,
        ``year``, ``population_count`` (persons), ``is_projection``,
        ``inland_area_hectares`` and ``total_area_hectares``. Rates belong on inland area;
        rows with ``is_projection`` are no figures of record.

    Raises
    ------
    DataContractError
        If a column, a year, a number or the source of a row is not as published.
    """
    where = path.name
    table = read_text_table(path)
    table.columns = table.columns.str.replace(r"[ _]+", "_", regex=True)
    areas = {"Inland_Area_Hectares": "inland", "Total_Area_Hectares": "total"}
    require_columns(
        table, ["Code", "Name", "Year", "Source", "Population", *areas], where=where
    )
    source = table["Source"].str.strip()
    _refuse_unknown(source, {_ESTIMATE, _PROJECTION}, f"{where}, column Source")
    tidy = pd.DataFrame(
        {
            "area_code": table["Code"],
            "area_name": table["Name"].replace("London", "Greater London"),
            "year": to_years(table["Year"], where=f"{where}, column Year"),
            "population_count": to_counts(table["Population"], where=f"{where}, Population"),
            "is_projection": source == _PROJECTION,
        }
    )
    for column, name in areas.items():
        tidy[f"{name}_area_hectares"] = to_numbers(table[column], where=f"{where}, {column}")
    return validated(tidy, _GLA, where)


def read_borough_population(path: Path) -> pd.DataFrame:
    """ONS mid-year population estimates by borough name and year.

    Returns
    -------
    DataFrame, one row a council and year
        ``area_code`` (33 councils), ``year``, ``population_count`` (persons).

    Raises
    ------
    DataContractError
        If a borough is not known, a row occurs twice or a population is not above nought.
    """
    where = path.name
    table = read_text_table(path)
    require_columns(table, ["borough", "year", "population"], where=where)
    tidy = pd.DataFrame(
        {
            "area_code": match_area_codes(table["borough"], where=f"{where}, column borough"),
            "year": to_years(table["year"], where=f"{where}, column year"),
            "population_count": to_counts(table["population"], where=f"{where}, population"),
        }
    )
    return validated(tidy, _BOROUGH, where)


def read_lsoa_population(path: Path) -> pd.DataFrame:
    """ONS mid-year population estimates of London's LSOAs of 2021.

    Parameters
    ----------
    path : Path
        File with ``LSOA 2021 Code``, ``LSOA 2021 Name``, ``Area Sq Km`` and a column a year,
        for England and Wales. The name begins with the council's, which places the LSOA;
        those outside London are left out.

    Returns
    -------
    DataFrame, one row an LSOA and year
        ``lsoa21_code``, ``area_code`` (its council), ``area_sq_km``, ``year``,
        ``population_count``.

    Raises
    ------
    DataContractError
        If there is no year column, a value is no count, or an LSOA occurs twice.
    """
    where = path.name
    table = read_text_table(path)
    code, name, area = "LSOA 2021 Code", "LSOA 2021 Name", "Area Sq Km"
    require_columns(table, [code, name, area], where=where)
    refuse_duplicates(table, [code], where=where)
    years = _year_columns(table, where)
    council = table[name].str.replace(r" \d{3}[A-Z]+$", "", regex=True)
    london = _london_code(council)
    table = table[london.notna()].assign(area_code=london.dropna())
    wide = pd.DataFrame(
        {
            "lsoa21_code": table[code],
            "area_code": table["area_code"].astype("str"),
            "area_sq_km": to_numbers(table[area], where=f"{where}, column {area}"),
            **{
                str(year): to_counts(table[column], where=f"{where}, column {column}")
                for column, year in years.items()
            },
        }
    )
    ids = ["lsoa21_code", "area_code", "area_sq_km"]
    tidy = wide.melt(ids, var_name="year", value_name="population_count")
    tidy["year"] = tidy["year"].astype("int64")
    tidy = tidy.sort_values(["lsoa21_code", "year"], ignore_index=True)
    order = [*ids, "year", "population_count"]
    return validated(tidy[order], _LSOA, where)


def read_age_bands(path: Path) -> pd.DataFrame:
    """Census 2021 residents by sex in broad ages, London councils.

    Parameters
    ----------
    path : Path
        Table of ``total_``, ``younger_``, ``working_age_`` and ``older_`` females and males.
        Its bands do not add up to its totals, for two reasons found in how it was compiled:
        ``older`` is only those aged 65 to 74, and ``younger`` counts children under one
        twice. What is exact is therefore told apart from what is not.

    Returns
    -------
    DataFrame, one row a council and sex (``females``, ``males``, ``persons``)
        ``area_code``, ``year`` (2021), ``sex``, ``population_count``, which
        ``aged_16_to_64_count``, ``aged_65_to_74_count`` and
        ``aged_0_to_15_or_75_and_over_count`` (what remains) add up to exactly; and
        ``younger_as_published_count``, those up to 15 with the under-ones twice: near
        enough to compare boroughs, too high by about a sixteenth as a count.

    Raises
    ------
    DataContractError
        If the sexes do not add up to the total, or the bands exceed it.
    """
    where = path.name
    table = read_text_table(path)
    table = _in_london(table, "ltla21_code", where)
    counts = pd.DataFrame(
        {
            column: to_counts(table[column], where=f"{where}, column {column}")
            for column in _required_age_columns(table, where)
        }
    )
    _refuse_unequal_sexes(table["ltla21_code"], counts, where)
    sexes = [_age_rows(table["ltla21_code"], counts, sex) for sex in ("females", "males")]
    persons = pd.concat(sexes).groupby("area_code").sum(numeric_only=True).reset_index()
    persons = persons.assign(year=_CENSUS_YEAR, sex="persons")
    tidy = pd.concat([*sexes, persons])[list(_AGES.columns)]
    tidy = tidy.sort_values(["area_code", "sex"], ignore_index=True)
    return validated(tidy, _AGES, where)


def read_households(path: Path) -> pd.DataFrame:
    """Census 2021 households by London council.

    Returns
    -------
    DataFrame, one row a council
        ``area_code``, ``year`` (2021), ``household_count``.

    Raises
    ------
    DataContractError
        If a council occurs twice or a number is not a count above nought.
    """
    where = path.name
    table = _in_london(read_text_table(path), "ltla23_code", where)
    require_columns(table, ["households"], where=where)
    tidy = pd.DataFrame(
        {
            "area_code": table["ltla23_code"],
            "year": _CENSUS_YEAR,
            "household_count": to_counts(table["households"], where=f"{where}, households"),
        }
    ).reset_index(drop=True)
    return validated(tidy, _HOUSEHOLDS, where)


def read_dwellings(path: Path) -> pd.DataFrame:
    """Dwellings at 31 March by council, and for Inner, Outer and Greater London and England.

    The larger areas stand under a blank line and without codes; they are found by name.

    Returns
    -------
    DataFrame, one row an area and year
        ``area_code``, ``year``, ``dwelling_count``.

    Raises
    ------
    DataContractError
        If an area without code is not known by name, or a number is not a count.
    """
    where = path.name
    table = read_text_table(path)
    require_columns(table, ["ONS code", "Area name"], where=where)
    table = table[table["Area name"].str.strip() != ""]
    written = table["ONS code"].str.strip()
    codes = written.mask(written == "", table["Area name"].str.strip().map(LARGER_AREAS))
    _refuse_unknown(table["Area name"][codes.isna()], set(LARGER_AREAS), where)
    years = _year_columns(table, where)
    wide = pd.DataFrame(
        {
            str(year): to_counts(table[column], where=f"{where}, column {column}")
            for column, year in years.items()
        }
    ).assign(area_code=codes.astype("str"))
    tidy = wide.melt("area_code", var_name="year", value_name="dwelling_count")
    tidy["year"] = tidy["year"].astype("int64")
    tidy = tidy.sort_values(["area_code", "year"], ignore_index=True)
    return validated(tidy, _DWELLINGS, where)


def _age_rows(codes: pd.Series, counts: pd.DataFrame, sex: str) -> pd.DataFrame:
    total, middle = counts[f"total_{sex}"], counts[f"working_age_{sex}"]
    older = counts[f"older_{sex}"]
    return pd.DataFrame(
        {
            "area_code": codes,
            "year": _CENSUS_YEAR,
            "sex": sex,
            "population_count": total,
            "aged_16_to_64_count": middle,
            "aged_65_to_74_count": older,
            "aged_0_to_15_or_75_and_over_count": total - middle - older,
            "younger_as_published_count": counts[f"younger_{sex}"],
        }
    )


def _refuse_unequal_sexes(codes: pd.Series, counts: pd.DataFrame, where: str) -> None:
    off = counts["total_population"] != counts["total_females"] + counts["total_males"]
    if off.any():
        message = (
            f"{where}: females and males of {codes[off].iloc[0]} do not add up to "
            f"total_population ({int(off.sum())} area(s)). Correct the file or fetch it again."
        )
        raise DataContractError(message)


def _required_age_columns(table: pd.DataFrame, where: str) -> list[str]:
    bands = ("total", "younger", "working_age", "older")
    names = [f"{band}_{sex}" for sex in ("females", "males") for band in bands]
    require_columns(table, ["total_population", *names], where=where)
    return ["total_population", *names]


def _year_columns(table: pd.DataFrame, where: str) -> dict[str, int]:
    found = {
        column: int(match["year"])
        for column in map(str, table.columns)
        if (match := re.fullmatch(r"(?P<year>(?:19|20)\d\d)(?:_population)?", column))
    }
    if not found:
        message = (
            f"{where}: no column is a year (as 2011 or 2011_population); the file has "
            f"{', '.join(map(str, table.columns[:12]))}. Fetch the file again."
        )
        raise DataContractError(message)
    return found


def _london_code(names: pd.Series) -> pd.Series:
    areas = load_areas()
    councils = areas[areas["kind"].isin(["borough", "city"])]
    return names.map({name: code for code, name in councils["area_name"].items()})


def _in_london(table: pd.DataFrame, column: str, where: str) -> pd.DataFrame:
    require_columns(table, [column], where=where)
    refuse_duplicates(table, [column], where=where)
    return table[table[column].str.fullmatch(_LONDON_COUNCIL)]


def _refuse_unknown(values: pd.Series, known: set[str], where: str) -> None:
    unknown = sorted(set(values) - known)
    if unknown:
        message = (
            f"{where}: '{unknown[0]}' is not known; expected {', '.join(sorted(known))}. The "
            "publisher may have changed the layout: see docs/data-sources.md."
        )
        raise DataContractError(message)
