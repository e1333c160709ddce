"""Street-level crime and anti-social behaviour in the archive layout of data.police.uk.

One row an incident, by month, at a snapped map point: a place near it that stands for at
least eight addresses, so "the same point" is not the same address and the LSOA is that of
the point. Anti-social behaviour is incidents, not crime, and never added to it. Crime IDs
are blank for anti-social behaviour and for much of the British Transport Police's, and not
unique; rows alike are therefore kept. The Metropolitan Police's own files hold a few
offences outside London and some without a location.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from analysis.data.contract import validated
from analysis.data.months import tell_missing_months, to_months
from analysis.data.numbers import to_numbers
from analysis.data.published_text import rename_by_meaning, to_categories
from analysis.data.schemas import (
    area_column,
    code_column,
    flag_column,
    month_column,
    text_column,
)
from analysis.data.tabular import read_text_table
from analysis.errors import DataContractError, ParamsError, SourceError
from analysis.params.areas import resolve_area

ANTI_SOCIAL_BEHAVIOUR = "Anti-social behaviour"

CRIME_TYPES = (
    ANTI_SOCIAL_BEHAVIOUR,
    "Bicycle theft",
    "Burglary",
    "Criminal damage and arson",
    "Drugs",
    "Other crime",
    "Other theft",
    "Possession of weapons",
    "Public order",
    "Robbery",
    "Shoplifting",
    "Theft from the person",
    "Vehicle crime",
    "Violence and sexual offences",
)
# The classes in use since May 2013.

_TRANSPORT_POLICE = "British Transport Police"
_MOST_OUTSIDE = 0.02
# One located row in a thousand of the force's files lies outside London; many more means
# a borough misspelt, or another force's file.

_MEANINGS: dict[str, tuple[str, ...]] = {
    "crime_id": ("Crime ID",),
    "month": ("Month",),
    "reported_by": ("Reported by",),
    "longitude": ("Longitude",),
    "latitude": ("Latitude",),
    "location": ("Location",),
    "lsoa_code": ("LSOA code",),
    "lsoa_name": ("LSOA name",),
    "crime_type": ("Crime type",),
    "outcome": ("Last outcome category",),
}
_DEGREE = {"longitude": (-9.0, 3.0), "latitude": (49.0, 61.0)}
# Great Britain, in WGS84.

_SCHEMA = pa.DataFrameSchema(
    {
        "crime_id": pa.Column(
            str, pa.Check.str_matches(r"^[0-9a-f]{64}$", error="is no crime ID"), nullable=True
        ),
        "month": month_column(),
        "area_code": area_column(nullable=True),
        "lsoa_code": code_column(r"[EW]01\d{6}", "an LSOA", nullable=True),
        "lsoa_name": text_column(nullable=True),
        "longitude": pa.Column(
            float,
            pa.Check.in_range(*_DEGREE["longitude"], error="is outside Great Britain"),
            nullable=True,
        ),
        "latitude": pa.Column(
            float,
            pa.Check.in_range(*_DEGREE["latitude"], error="is outside Great Britain"),
            nullable=True,
        ),
        "location": text_column(nullable=True),
        "crime_type": text_column(CRIME_TYPES),
        "outcome": text_column(nullable=True),
        "reported_by": text_column(),
        "is_crime": flag_column(),
        "is_transport_police": flag_column(),
        "has_location": flag_column(),
        "is_in_london": flag_column(),
        "is_repeated_id": flag_column(),
    },
    strict=True,
)


def read_street(path: Path, area_code: str = "") -> pd.DataFrame:
    """Incidents of one monthly file, or of all monthly files in a folder.

    Parameters
    ----------
    path : Path
        A file such as ``2016-05-metropolitan-street.csv.gz``, or a folder of them.
    area_code : str
        Borough whose rows alone are kept, which takes a fraction of the time; all if empty.

    Returns
    -------
    DataFrame, one row an incident
        ``crime_id`` (missing where blank), ``month``, ``area_code`` (the borough of the
        point; missing without a location or outside London), ``lsoa_code``, ``lsoa_name``,
        ``longitude`` and ``latitude`` (WGS84 degrees of the snapped point), ``location``,
        ``crime_type``, ``outcome``, ``reported_by``; ``is_crime`` (false for anti-social
        behaviour), ``is_transport_police``, ``has_location``, ``is_in_london``,
        ``is_repeated_id`` (its crime ID stands in an earlier row).

    Raises
    ------
    SourceError
        If a file is not a table, or the folder has none.
    DataContractError
        If a column cannot be found, a value is not of its kind, a file holds another
        month than its name says, or more than one row in fifty lies outside London.
    """
    files = sorted(path.glob("*-street.csv*")) if path.is_dir() else [path]
    if not files:
        message = f"{path.name}: no file named *-street.csv in this folder. Fetch them again."
        raise SourceError(message)
    where = path.name
    rows = pd.concat([_text(file) for file in files], ignore_index=True)
    area = _boroughs(rows, where)
    if area_code:
        is_kept = area.eq(area_code)
        rows, area = rows[is_kept], area[is_kept]
    table = _placed(rows, area, where)
    table["crime_id"] = rows["crime_id"].mask(rows["crime_id"].eq(""))
    table["month"] = to_months(rows["month"], where=f"{where}, month")
    for name in ("location", "crime_type", "outcome", "reported_by", "lsoa_name"):
        table[name] = to_categories(rows[name])
    table["is_crime"] = rows["crime_type"].ne(ANTI_SOCIAL_BEHAVIOUR)
    table["is_transport_police"] = rows["reported_by"].eq(_TRANSPORT_POLICE)
    table["is_repeated_id"] = table["crime_id"].notna() & table["crime_id"].duplicated()
    tell_missing_months(table["month"], where)
    return validated(table[list(_SCHEMA.columns)], _SCHEMA, where)


def _text(file: Path) -> pd.DataFrame:
    rows = rename_by_meaning(read_text_table(file), _MEANINGS, where=file.name)
    named = file.name[:7]
    wrong = rows["month"].ne(named)
    if named[:4].isdigit() and wrong.any():
        message = (
            f"{file.name}: {int(wrong.sum())} row(s) are of another month than the file's "
            f"name, the first {rows.loc[wrong, 'month'].iloc[0]}. Fetch the file again."
        )
        raise DataContractError(message)
    return rows[list(_MEANINGS)]


def _boroughs(rows: pd.DataFrame, where: str) -> pd.Series:
    """The borough of each row by its LSOA's name; missing outside London."""
    names = rows["lsoa_name"].str.strip()
    area = names.map({name: _borough_code(name.rpartition(" ")[0]) for name in names.unique()})
    is_located = rows["longitude"].str.strip().ne("") & rows["latitude"].str.strip().ne("")
    outside = is_located & area.isna()
    if outside.sum() > _MOST_OUTSIDE * max(is_located.sum(), 1):
        message = (
            f"{where}: {int(outside.sum())} of {int(is_located.sum())} located rows are not "
            f"in a London borough, the first in '{names[outside].iloc[0]}'. Is it another "
            "force's file, or a borough spelt otherwise (data/reference/areas.csv)?"
        )
        raise DataContractError(message)
    return area


def _placed(rows: pd.DataFrame, area: pd.Series, where: str) -> pd.DataFrame:
    numbers = {name: to_numbers(rows[name], where=f"{where}, {name}") for name in _DEGREE}
    return pd.DataFrame(
        {
            "area_code": area.astype("category"),
            "lsoa_code": to_categories(rows["lsoa_code"]),
            **numbers,
            "has_location": numbers["longitude"].notna() & numbers["latitude"].notna(),
            "is_in_london": area.notna(),
        }
    )


@cache
def _borough_code(council: str) -> str | None:
    # "Barking and Dagenham 016A" is an LSOA of Barking and Dagenham.
    try:
        return resolve_area(council).area_code
    except ParamsError:
        return None
