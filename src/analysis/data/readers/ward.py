"""Monthly offences by ward and category, in both layouts the publisher has used.

Wards are those of 2022 throughout, earlier months having been counted back onto them. The
older file (to February 2024) adds up to the whole of each borough; the newer leaves out
offences without a ward from March 2024 on, so that a series joined across the two files
shows a fall that did not happen. Heathrow Villages has rows under Hillingdon and under the
airports. A category without an offence in a ward over the whole file has no row there.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from analysis.data.schemas import (
    area_column,
    code_column,
    count_column,
    month_column,
    text_column,
)
from analysis.data.small_areas import read_small_areas

BOUNDARY_YEAR = 2022

_MEANINGS = {
    "ward_code": ("WardCode",),
    "ward_name": ("WardName",),
    "area": ("LookUp_BoroughName", "BoroughName", "Borough"),
    "major_category": ("MajorText", "Major Category"),
    "minor_category": ("MinorText", "Minor Category"),
}
_KEY = ["ward_code", "area_code", "major_category", "minor_category"]

_SCHEMA = pa.DataFrameSchema(
    {
        "ward_code": code_column(r"E05\d{6}", "a ward"),
        "ward_name": text_column(),
        "area_code": area_column(),
        "major_category": text_column(),
        "minor_category": text_column(),
        "month": month_column(),
        "offence_count": count_column(nullable=True),
        "boundary_year": pa.Column("int64"),
    },
    strict=True,
)


def read_ward(path: Path) -> pd.DataFrame:
    """Recorded offences by ward, category and month.

    Parameters
    ----------
    path : Path
        A published ward file, in either layout.

    Returns
    -------
    DataFrame, one row a ward, borough, category and month
        ``ward_code``, ``ward_name``, ``area_code`` (the borough, or ``heathrow``),
        ``major_category`` and ``minor_category`` as published, ``month``,
        ``offence_count``, ``boundary_year``. Codes and text are categories.

    Raises
    ------
    SourceError
        If the file is not a table.
    DataContractError
        If a column cannot be found, a count is not one, or a row occurs twice.
    """
    return read_small_areas(path, _MEANINGS, _KEY, _SCHEMA, boundary_year=BOUNDARY_YEAR)
