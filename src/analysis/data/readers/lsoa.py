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

from analysis.data.schemas import (
    area_column,
    code_column,
    count_column,
    month_column,
    text_column,
)
from analysis.data.small_areas import read_small_areas

BOUNDARY_YEAR = 2021

_MEANINGS = {
    "lsoa_code": ("LSOA Code", "LSOA21CD"),
    "lsoa_name": ("LSOA Name", "LSOA21NM"),
    "area": ("Borough", "LookUp_BoroughName", "BoroughName"),
    "major_category": ("MajorText", "Major Category"),
    "minor_category": ("MinorText", "Minor Category"),
}
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
    return read_small_areas(path, _MEANINGS, _KEY, _SCHEMA, boundary_year=BOUNDARY_YEAR)
