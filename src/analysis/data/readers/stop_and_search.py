"""Stop and search, one row a search, with the borough of its point.

Months are missing (March 2019 to May 2021, January 2022) and two are nearly empty
(February and March 2018): ``missing_months`` and ``nearly_empty_months`` tell them. Times
are published in UTC and turned into London's, in which every search falls in the month of
its file. Searches have no identifier; rows alike in every field are flagged. In most months
they are two to four in a hundred and may be people searched together, but August 2022 has
922 of 3,621, copied in fours and sixteens. About people: disclosure rules apply, and no row
is ever quoted or logged.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from analysis.data.contract import validated
from analysis.data.months import MONTH_DTYPE, tell_missing_months, to_months
from analysis.data.numbers import to_numbers
from analysis.data.published_text import (
    area_codes_of,
    month_of,
    rename_by_meaning,
    to_categories,
)
from analysis.data.schemas import area_column, flag_column, month_column, text_column
from analysis.data.tabular import read_text_table
from analysis.errors import DataContractError

_MEANINGS: dict[str, tuple[str, ...]] = {
    "month": ("file_month",),
    "search_type": ("Type",),
    "searched_at": ("Date",),
    "latitude": ("Latitude",),
    "longitude": ("Longitude",),
    "gender": ("Gender",),
    "age_group": ("Age range",),
    "ethnicity": ("Self-defined ethnicity",),
    "officer_ethnicity": ("Officer-defined ethnicity",),
    "legislation": ("Legislation",),
    "search_object": ("Object of search",),
    "outcome": ("Outcome",),
    "borough": ("borough_by_point",),
}
_REMOVAL = "Removal of more than just outer clothing"
_TEXTS = [
    "search_type",
    "gender",
    "age_group",
    "ethnicity",
    "officer_ethnicity",
    "legislation",
    "search_object",
    "outcome",
]
_NOTHING_DONE = ("A no further action disposal", "Nothing found - no further action")

_SCHEMA = pa.DataFrameSchema(
    {
        "month": month_column(),
        "searched_at": pa.Column(MONTH_DTYPE),
        "area_code": area_column(),
        "longitude": pa.Column(float, pa.Check.in_range(-0.6, 0.4, error="is not in London")),
        "latitude": pa.Column(float, pa.Check.in_range(51.2, 51.8, error="is not in London")),
        "search_type": text_column(
            ["Person search", "Person and Vehicle search", "Vehicle search"]
        ),
        **{name: text_column(nullable=True) for name in _TEXTS[1:]},
        "has_outer_clothing_removed": pa.Column("boolean", nullable=True),
        "is_action_taken": pa.Column("boolean", nullable=True),
        "is_repeat": flag_column(),
    },
    strict=True,
)


def read_stop_and_search(path: Path) -> pd.DataFrame:
    """Searches with time, borough, legislation, object and outcome.

    Parameters
    ----------
    path : Path
        The table of searches.

    Returns
    -------
    DataFrame, one row a search
        ``month`` (of the file), ``searched_at`` (London time), ``area_code``,
        ``longitude``, ``latitude`` (WGS84, snapped), ``search_type``, ``gender``,
        ``age_group``, ``ethnicity`` (self-defined), ``officer_ethnicity``,
        ``legislation``, ``search_object``, ``outcome`` (missing where blank),
        ``has_outer_clothing_removed`` (more than outer clothing; missing where not said),
        ``is_action_taken`` (any outcome but no further action), ``is_repeat`` (alike an
        earlier row in every published field).

    Raises
    ------
    SourceError
        If the file is not a table.
    DataContractError
        If a column cannot be found, a value is not of its kind, or a search is not of the
        month of its file.
    """
    where = path.name
    raw = read_text_table(path)
    table = rename_by_meaning(
        raw, _MEANINGS | {"has_outer_clothing_removed": (_REMOVAL,)}, where=where
    )
    table["is_repeat"] = raw.duplicated()
    table["month"] = to_months(table["month"], where=f"{where}, file_month")
    table["searched_at"] = _london_time(table["searched_at"], where)
    table["area_code"] = area_codes_of(table["borough"], where=f"{where}, borough")
    for name in ("longitude", "latitude"):
        table[name] = to_numbers(table[name], where=f"{where}, {name}")
    for name in _TEXTS:
        table[name] = to_categories(table[name])
    removed = table["has_outer_clothing_removed"].str.strip().str.casefold()
    table["has_outer_clothing_removed"] = removed.map({"true": True, "false": False}).astype(
        "boolean"
    )
    acted = ~table["outcome"].isin(_NOTHING_DONE)
    table["is_action_taken"] = acted.astype("boolean").mask(table["outcome"].isna())
    _refuse_other_months(table, where)
    tell_missing_months(table["month"], where)
    return validated(table[list(_SCHEMA.columns)], _SCHEMA, where)


def _london_time(values: pd.Series, where: str) -> pd.Series:
    times = pd.to_datetime(values, format="ISO8601", utc=True, errors="coerce")
    if times.isna().any():
        message = (
            f"{where}, date: '{values[times.isna()].iloc[0]}' is not a time (as "
            "2016-05-31T23:07:00+00:00). Correct the file or fetch it again."
        )
        raise DataContractError(message)
    return times.dt.tz_convert("Europe/London").dt.tz_localize(None).astype(MONTH_DTYPE)


def _refuse_other_months(table: pd.DataFrame, where: str) -> None:
    wrong = month_of(table["searched_at"]).ne(table["month"])
    if wrong.any():
        message = (
            f"{where}: {int(wrong.sum())} search(es) are of another month than their file, the "
            f"first in the file of {table.loc[wrong, 'month'].iloc[0]:%Y-%m}. Fetch it again."
        )
        raise DataContractError(message)
