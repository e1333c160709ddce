"""Monthly offences by lower layer super output area (LSOA, 2021) and category.

Twenty-four months at a time. The file holds about 95 per cent of a borough's offences:
those without a place, all sexual offences and fraud are left out, so its sums must not
stand for the borough. A category without an offence in an LSOA over the whole file has no
row there.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from analysis.data.contract import validated
from analysis.data.months import melt_months, tell_missing_months
from analysis.data.published_text import area_codes_of, rename_by_meaning, to_categories
from analysis.data.schemas import (
    area_column,
    code_column,
    count_column,
    month_column,
    text_column,
)
from analysis.data.tabular import read_text_table, refuse_duplicates

BOUNDARY_YEAR = 2021

_MEANINGS = {
    "lsoa_code": ("LSOA Code", "LSOA21CD"),
    "lsoa_name": ("LSOA Name", "LSOA21NM"),
    "area": ("Borough", "LookUp_BoroughName", "BoroughName"),
    "major_category": ("MajorText", "Major Category"),
    "minor_category": ("MinorText", "Minor Category"),
}
_ID = ["lsoa_code", "lsoa_name", "area_code", "major_category", "minor_category"]
_KEY = ["lsoa_code", "major_category", "minor_category"]

_SCHEMA = pa.DataFrameSchema(
    {
        "lsoa_code": code_column(r"E01\d{6}", "an LSOA in England"),
        "lsoa_name": text_column(),
        "area_code": area_column(),
        "major_category": text_column(),
        "minor_category": text_column(),
        "month": month_column(),
        "offence_count": count_column(nullable=True),
        "boundary_year": pa.Column("int64"),
    },
    strict=True,
)


def read_lsoa(path: Path) -> pd.DataFrame:
    """Recorded offences by LSOA, category and month.

    Parameters
    ----------
    path : Path
        A published LSOA file.

    Returns
    -------
    DataFrame, one row an LSOA, category and month
        ``lsoa_code``, ``lsoa_name``, ``area_code`` (the borough), ``major_category`` and
        ``minor_category`` as published, ``month``, ``offence_count``, ``boundary_year``.
        Codes and text are categories.

    Raises
    ------
    SourceError
        If the file is not a table.
    DataContractError
        If a column cannot be found, a count is not one, or a row occurs twice.
    """
    where = path.name
    wide = rename_by_meaning(read_text_table(path), _MEANINGS, where=where)
    wide["area_code"] = area_codes_of(wide["area"], where=f"{where}, borough")
    for name in ("lsoa_code", "lsoa_name", "major_category", "minor_category"):
        wide[name] = to_categories(wide[name])
    refuse_duplicates(wide, _KEY, where=where)
    tidy = melt_months(wide, _ID, "offence_count", where)
    tidy["boundary_year"] = BOUNDARY_YEAR
    tell_missing_months(tidy["month"], where)
    return validated(tidy, _SCHEMA, where)
