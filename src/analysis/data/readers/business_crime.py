"""Business crime by day, borough and offence category.

From the Metropolitan Police's business crime dashboard. Only days with an offence have a
row. ``Other`` holds the airports and places outside London together and is kept as the
unknown borough.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from analysis.data.contract import validated
from analysis.data.months import tell_missing_months
from analysis.data.published_text import (
    area_codes_of,
    month_of,
    rename_by_meaning,
    to_categories,
    to_dates,
)
from analysis.data.schemas import area_column, count_column, month_column, text_column
from analysis.data.tabular import read_text_table, refuse_duplicates, to_counts

_MEANINGS: dict[str, tuple[str, ...]] = {
    "date": (),
    "measure": (),
    "borough": (),
    "major_category": ("crime_section",),
    "minor_category": ("crime_group",),
    "offence_count": ("business_crime_offence_count",),
}

_SCHEMA = pa.DataFrameSchema(
    {
        "date": pa.Column("datetime64[us]"),
        "month": month_column(),
        "area_code": area_column(),
        "major_category": text_column(),
        "minor_category": text_column(),
        "offence_count": count_column(least=1),
    },
    strict=True,
)


def read_business_crime(path: Path) -> pd.DataFrame:
    """Business crime by day, borough and category.

    Parameters
    ----------
    path : Path
        The published table behind the dashboard.

    Returns
    -------
    DataFrame, one row a day, borough and category
        ``date``, ``month``, ``area_code`` (``unknown`` for the publisher's Other),
        ``major_category``, ``minor_category``, ``offence_count``.

    Raises
    ------
    SourceError
        If the file is not a table.
    DataContractError
        If a column cannot be found, a value is not of its kind, or a row occurs twice.
    """
    where = path.name
    table = rename_by_meaning(read_text_table(path), _MEANINGS, where=where)
    refuse_duplicates(
        table, ["date", "measure", "borough", "major_category", "minor_category"], where=where
    )
    table["date"] = to_dates(table["date"], where=f"{where}, date")
    table["month"] = month_of(table["date"])
    table["area_code"] = area_codes_of(table["borough"], where=f"{where}, borough")
    for name in ("major_category", "minor_category"):
        table[name] = to_categories(table[name])
    table["offence_count"] = to_counts(table["offence_count"], where=f"{where}, count")
    tell_missing_months(table["month"], where)
    return validated(table[list(_SCHEMA.columns)], _SCHEMA, where)
