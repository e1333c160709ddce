"""People proceeded against for homicide, by borough and month.

A row is a suspect against whom proceedings were begun, not a victim and not an offence: one
killing can have several, years after it. The month is that of the proceedings. Rows are
alike for people alike, so a repeated row is not a double. Small counts about people:
disclosure rules apply.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from analysis.data.contract import validated
from analysis.data.months import tell_missing_months, to_months
from analysis.data.published_text import area_codes_of, rename_by_meaning, to_categories
from analysis.data.schemas import (
    area_column,
    count_column,
    flag_column,
    month_column,
    text_column,
)
from analysis.data.tabular import read_text_table, to_counts

_MEANINGS: dict[str, tuple[str, ...]] = {
    "month": ("proceedings_date",),
    "borough": (),
    "gender": (),
    "age_group": (),
    "ethnicity": ("self_classified_ethnicity",),
    "offence_type": (),
    "proceeding": ("charged_summonsed",),
    "suspect_count": ("count_of_ppa",),
}
_TEXTS = ["gender", "age_group", "ethnicity", "offence_type", "proceeding"]

_SCHEMA = pa.DataFrameSchema(
    {
        "month": month_column(),
        "area_code": area_column(),
        **{name: text_column() for name in _TEXTS},
        "suspect_count": count_column(least=1),
        "is_recording_error": flag_column(),
    },
    strict=True,
)


def read_homicide(path: Path) -> pd.DataFrame:
    """People proceeded against for homicide.

    Parameters
    ----------
    path : Path
        The published table behind the homicide dashboard.

    Returns
    -------
    DataFrame, one row a published row (a person)
        ``month`` (of proceedings), ``area_code``, ``gender``, ``age_group``,
        ``ethnicity``, ``offence_type``, ``proceeding``, ``suspect_count``, and
        ``is_recording_error`` where the publisher says the row is one.

    Raises
    ------
    SourceError
        If the file is not a table.
    DataContractError
        If a column cannot be found or a value is not of its kind.
    """
    where = path.name
    table = rename_by_meaning(read_text_table(path), _MEANINGS, where=where)
    table["month"] = to_months(table["month"], where=f"{where}, proceedings_date")
    table["area_code"] = area_codes_of(table["borough"], where=f"{where}, borough")
    for name in _TEXTS:
        table[name] = to_categories(table[name])
    table["suspect_count"] = to_counts(table["suspect_count"], where=f"{where}, count_of_ppa")
    table["is_recording_error"] = table["proceeding"].eq("Recording Error")
    tell_missing_months(table["month"], where)
    return validated(table[list(_SCHEMA.columns)], _SCHEMA, where)
