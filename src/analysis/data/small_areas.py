"""Offences by small area as the publisher lays them out: a row an area and category."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from analysis.data.contract import validated
from analysis.data.months import melt_months, tell_missing_months
from analysis.data.published_text import area_codes_of, rename_by_meaning, to_categories
from analysis.data.tabular import read_text_table, refuse_duplicates


def read_small_areas(
    path: Path,
    meanings: dict[str, tuple[str, ...]],
    key: list[str],
    schema: pa.DataFrameSchema,
    *,
    boundary_year: int,
) -> pd.DataFrame:
    """A published table of small areas, a column a month, as one row a month.

    Parameters
    ----------
    path : Path
    meanings : dict of str to tuple of str
        Our names and the publisher's; ``area`` is the borough.
    key : list of str
        What identifies a published row.
    schema : DataFrameSchema
        What the result promises.
    boundary_year : int
        Year of the areas' boundaries.

    Returns
    -------
    DataFrame
        The columns of ``schema``; codes and text are categories.

    Raises
    ------
    SourceError
        If the file is not a table.
    DataContractError
        If a column cannot be found, a count is not one, or a row occurs twice.
    """
    where = path.name
    wide = rename_by_meaning(read_text_table(path), meanings, where=where)
    wide["area_code"] = area_codes_of(wide["area"], where=f"{where}, borough")
    for name in meanings:
        if name != "area":
            wide[name] = to_categories(wide[name])
    refuse_duplicates(wide, key, where=where)
    kept = ["area_code" if name == "area" else name for name in meanings]
    tidy = melt_months(wide, kept, "offence_count", where)
    tidy["boundary_year"] = boundary_year
    tell_missing_months(tidy["month"], where)
    return validated(tidy, schema, where)
