"""How people in police custody were disposed of, London, by month.

By sex, age (adult or child), ethnicity, offence and disposal; no borough is published. The
month is that of the current disposal, so recent releases under investigation turn into
other disposals in later publications. Small counts about people: disclosure rules apply.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from analysis.data.contract import validated
from analysis.data.months import tell_missing_months, to_months
from analysis.data.published_text import rename_by_meaning, to_categories
from analysis.data.schemas import area_column, count_column, month_column, text_column
from analysis.data.tabular import read_text_table, refuse_duplicates, to_counts
from analysis.errors import DataContractError
from analysis.params.areas import LONDON_CODE

_MEANINGS: dict[str, tuple[str, ...]] = {
    "year": ("current_disposal_year",),
    "month_number": ("current_disposal_month",),
    "month_name": ("current_disposal_month_name",),
    "gender": (),
    "age_group": (),
    "ethnicity": ("ethnicity_4+1",),
    "offence_group": (),
    "disposal": ("current_disposal",),
    "disposal_count": ("offence_count",),
}
_TEXTS = ["gender", "age_group", "ethnicity", "offence_class", "disposal"]
_KEY = ["month", *_TEXTS]

_SCHEMA = pa.DataFrameSchema(
    {
        "month": month_column(),
        "area_code": area_column(),
        **{name: text_column() for name in _TEXTS},
        "disposal_count": count_column(least=1),
    },
    strict=True,
)


def read_custody(path: Path) -> pd.DataFrame:
    """Disposals of people in custody.

    Parameters
    ----------
    path : Path
        The published table behind the custody dashboard.

    Returns
    -------
    DataFrame, one row a month and group
        ``month``, ``area_code`` (London), ``gender``, ``age_group``, ``ethnicity``,
        ``offence_class`` (the dashboard's own nine), ``disposal``, ``disposal_count``.

    Raises
    ------
    SourceError
        If the file is not a table.
    DataContractError
        If a column cannot be found, a value is not of its kind, a month's number and name
        disagree, or a row occurs twice.
    """
    where = path.name
    table = rename_by_meaning(read_text_table(path), _MEANINGS, where=where)
    table = table.rename(columns={"offence_group": "offence_class"})
    table["month"] = _months(table, where)
    table["area_code"] = pd.Series(LONDON_CODE, index=table.index).astype("category")
    for name in _TEXTS:
        table[name] = to_categories(table[name])
    refuse_duplicates(table, _KEY, where=where)
    table["disposal_count"] = to_counts(table["disposal_count"], where=f"{where}, count")
    tell_missing_months(table["month"], where)
    return validated(table[list(_SCHEMA.columns)], _SCHEMA, where)


def _months(table: pd.DataFrame, where: str) -> pd.Series:
    by_number = to_months(table["year"] + "-" + table["month_number"], where=where)
    by_name = to_months(table["month_name"] + " " + table["year"], where=where)
    wrong = by_number.ne(by_name)
    if wrong.any():
        first = table.loc[wrong, ["month_number", "month_name"]].iloc[0]
        message = (
            f"{where}: month {first['month_number']} is called {first['month_name']} "
            f"({int(wrong.sum())} row(s)). Correct the file or fetch it again."
        )
        raise DataContractError(message)
    return by_number
