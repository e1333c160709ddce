"""Monthly counts by LSOA and police.uk class, anti-social behaviour included.

Counted from street-level rows, whole boroughs at a time, and not every borough was fetched
for every month; in some months only a part of a borough was. So a month without rows is
missing, and so is one with half its LSOAs, while an LSOA without a row in a month that was
wholly observed had none. ``observed_months`` tells which is which.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from analysis.data.contract import validated
from analysis.data.months import tell_missing_months, to_months
from analysis.data.published_text import area_codes_of, rename_by_meaning, to_categories
from analysis.data.readers.street import ANTI_SOCIAL_BEHAVIOUR, CRIME_TYPES
from analysis.data.schemas import (
    area_column,
    code_column,
    count_column,
    flag_column,
    month_column,
    text_column,
)
from analysis.data.tabular import read_text_table, refuse_duplicates, to_counts

BOUNDARY_YEAR = 2021

_OBSERVED = 0.95
# In the file of May 2023 to May 2025 no borough has a month between 94.6 and 96.2 per cent:
# above are whole months with a few quiet LSOAs, below are months with a part missing.

_MEANINGS: dict[str, tuple[str, ...]] = {
    "lsoa_code": (),
    "lsoa_name": (),
    "borough": (),
    "crime_type": ("category",),
    "month": (),
    "incident_count": ("crime_count",),
}

_SCHEMA = pa.DataFrameSchema(
    {
        "lsoa_code": code_column(r"E01\d{6}", "an LSOA in England"),
        "lsoa_name": text_column(),
        "area_code": area_column(),
        "crime_type": text_column(CRIME_TYPES),
        "month": month_column(),
        "incident_count": count_column(least=1),
        "is_crime": flag_column(),
        "boundary_year": pa.Column("int64"),
    },
    strict=True,
)


def read_lsoa_by_type(path: Path) -> pd.DataFrame:
    """Incidents by LSOA, class and month.

    Parameters
    ----------
    path : Path
        The table of counts.

    Returns
    -------
    DataFrame, one row an LSOA, class and month with at least one incident
        ``lsoa_code``, ``lsoa_name``, ``area_code`` (boroughs and the City of London),
        ``crime_type``, ``month``, ``incident_count``, ``is_crime`` (false for anti-social
        behaviour), ``boundary_year``.

    Raises
    ------
    SourceError
        If the file is not a table.
    DataContractError
        If a column cannot be found, a value is not of its kind, or a row occurs twice.
    """
    where = path.name
    table = rename_by_meaning(read_text_table(path), _MEANINGS, where=where)
    refuse_duplicates(table, ["lsoa_code", "crime_type", "month"], where=where)
    table["area_code"] = area_codes_of(table["borough"], where=f"{where}, borough")
    for name in ("lsoa_code", "lsoa_name", "crime_type"):
        table[name] = to_categories(table[name])
    table["month"] = to_months(table["month"], where=f"{where}, month")
    table["incident_count"] = to_counts(table["incident_count"], where=f"{where}, count")
    table["is_crime"] = table["crime_type"].ne(ANTI_SOCIAL_BEHAVIOUR)
    table["boundary_year"] = BOUNDARY_YEAR
    tell_missing_months(table["month"], where)
    return validated(table[list(_SCHEMA.columns)], _SCHEMA, where)


def observed_months(table: pd.DataFrame) -> pd.DataFrame:
    """Which borough months were observed, and how much of the borough was.

    An LSOA's usual count is the median of its months with a row. The share of a borough
    observed in a month is the usual count of the LSOAs that have a row, out of that of all
    its LSOAs; a month is observed from 95 per cent on.

    Parameters
    ----------
    table : DataFrame
        As ``read_lsoa_by_type``, all classes.

    Returns
    -------
    DataFrame, one row an area and month of the table's span
        ``area_code``, ``month``, ``observed_pct`` (nought where there is no row),
        ``is_observed``.
    """
    keys = ["area_code", "lsoa_code", "month"]
    sums = table.groupby(keys, observed=True)["incident_count"].sum().astype(float)
    held = sums.reset_index()
    by_code = held.groupby("lsoa_code", observed=True)["incident_count"]
    held["usual"] = by_code.transform("median")
    by_lsoa = held.drop_duplicates("lsoa_code")
    whole = by_lsoa.groupby("area_code", observed=True)["usual"].sum()
    months = pd.date_range(held["month"].min(), held["month"].max(), freq="MS").as_unit("us")
    seen = held.groupby(["month", "area_code"], observed=True)["usual"].sum().unstack()
    share = seen.reindex(months).fillna(0.0) / whole
    share.columns = share.columns.astype(str)
    long = (
        share.rename_axis("month")
        .reset_index()
        .melt("month", var_name="area_code", value_name="observed_pct")
    )
    long["is_observed"] = long["observed_pct"] >= _OBSERVED
    long["observed_pct"] *= 100
    return long[["area_code", "month", "observed_pct", "is_observed"]]
