"""Violence against women and girls: offences, and victims, from the published dashboard.

A file holds several sheets one below the other, each a count of the same offences (or the
same victims) by something else; a row means nothing without its sheet, so one has to be
named. Places are given in the sheets by location only. About a fifth of the offences are
"flagged offences outside of VAWG", which the sheet by classification marks and the sheets
by location cannot take out. A committed date in 1900, or after the recording, is a
placeholder: it is missing here, with a flag.
"""

from __future__ import annotations

from dataclasses import dataclass, field
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
from analysis.data.tabular import (
    read_text_table,
    refuse_duplicates,
    require_columns,
    to_counts,
)
from analysis.errors import DataContractError, did_you_mean
from analysis.params.areas import LONDON_CODE

_PLACEHOLDER_YEAR = 1900
_OUTSIDE = "Other flagged offences outside of VAWG"
_NO_WARD = {"N/K": ""}


@dataclass(frozen=True)
class _Sheet:
    published: str
    count: str
    groups: dict[str, str] = field(default_factory=dict)


SHEETS = {
    "offences_by_location": _Sheet("Offence count location", "offence_count"),
    "offences_by_classification": _Sheet(
        "Offence count classification",
        "offence_count",
        {
            "crimsec_group": "offence_class",
            "crimseccodeexpansion": "offence_type",
            "crimsec_offences": "offence",
            "vawg_offence": "vawg_offence",
        },
    ),
    "victims_by_location": _Sheet("Victim count by location", "victim_count"),
    "victims_by_age": _Sheet(
        "Victim count by age group", "victim_count", {"age_group": "age_group"}
    ),
    "victims_by_ethnicity": _Sheet(
        "Victim count by ethnic group",
        "victim_count",
        {"ethnic_appearance_group_group": "ethnicity"},
    ),
}

_MEANINGS: dict[str, tuple[str, ...]] = {
    "sheet": (),
    "borough": ("borough_name",),
    "ward_name": ("ward_name_clean_2", "ward"),
    "month": ("recorded_date_months",),
    "committed_month": ("date_committed_from_date_months",),
    "count": (),
}


def read_vawg(path: Path, *, sheet: str) -> pd.DataFrame:
    """Offences or victims of violence against women and girls, of one sheet.

    Parameters
    ----------
    path : Path
        The published offences file or victims file.
    sheet : str
        ``offences_by_location``, ``offences_by_classification``, ``victims_by_location``,
        ``victims_by_age`` or ``victims_by_ethnicity``.

    Returns
    -------
    DataFrame, one row an area, group, recorded month and committed month
        ``month`` (recorded), ``committed_month``, ``is_committed_month_doubtful``,
        ``area_code`` (London on the sheets not by location), then ``ward_name`` by
        location, ``offence_class``, ``offence_type``, ``offence``, ``vawg_offence`` and
        ``is_outside_vawg`` by classification, ``age_group`` or ``ethnicity``; and
        ``offence_count`` or ``victim_count``. Small counts: disclosure rules apply.

    Raises
    ------
    SourceError
        If the file is not a table.
    DataContractError
        If there is no such sheet, a value is not of its kind, or a row occurs twice.
    """
    where = path.name
    table = rename_by_meaning(read_text_table(path), _MEANINGS, where=where)
    chosen = _chosen_sheet(table, sheet, where)
    rows = table[table["sheet"].str.strip() == chosen.published].reset_index(drop=True)
    require_columns(rows, list(chosen.groups), where=where)
    key = ["borough", "ward_name", "month", "committed_month", *chosen.groups]
    refuse_duplicates(rows, key, where=f"{where}, sheet '{chosen.published}'")
    tidy = _dated(rows, where)
    tidy["area_code"] = _places(rows, where)
    if chosen.groups:
        for published, name in chosen.groups.items():
            tidy[name] = to_categories(rows[published])
    else:
        tidy["ward_name"] = to_categories(rows["ward_name"], _NO_WARD)
    if "offence_class" in tidy:
        tidy["is_outside_vawg"] = tidy["offence_class"].eq(_OUTSIDE)
    tidy[chosen.count] = to_counts(rows["count"], where=f"{where}, count")
    tell_missing_months(tidy["month"], where)
    return validated(tidy, _schema(chosen), where)


def _chosen_sheet(table: pd.DataFrame, sheet: str, where: str) -> _Sheet:
    held = set(table["sheet"].str.strip())
    offered = [name for name, known in SHEETS.items() if known.published in held]
    if sheet not in offered:
        message = (
            f"{where}: no sheet '{sheet}'.{did_you_mean(sheet, offered)} This file has "
            f"{', '.join(offered) or 'none of the known sheets'}; its sheets count the same "
            "offences again, so one has to be named."
        )
        raise DataContractError(message)
    return SHEETS[sheet]


def _dated(rows: pd.DataFrame, where: str) -> pd.DataFrame:
    month = to_months(rows["month"], where=f"{where}, recorded month")
    committed = to_months(rows["committed_month"], where=f"{where}, committed month")
    is_doubtful = committed.dt.year.eq(_PLACEHOLDER_YEAR) | committed.gt(month)
    return pd.DataFrame(
        {
            "month": month,
            "committed_month": committed.mask(is_doubtful),
            "is_committed_month_doubtful": is_doubtful,
        }
    )


def _places(rows: pd.DataFrame, where: str) -> pd.Series:
    if rows["borough"].eq("").all():
        return pd.Series(LONDON_CODE, index=rows.index).astype("category")
    return area_codes_of(rows["borough"], where=f"{where}, borough")


def _schema(sheet: _Sheet) -> pa.DataFrameSchema:
    columns = {
        "month": month_column(),
        "committed_month": pa.Column("datetime64[us]", nullable=True),
        "is_committed_month_doubtful": flag_column(),
        "area_code": area_column(),
        **{name: text_column() for name in sheet.groups.values()},
        sheet.count: count_column(least=1),
    }
    if not sheet.groups:
        columns["ward_name"] = text_column(nullable=True)
    if "offence_class" in columns:
        columns["is_outside_vawg"] = flag_column()
    return pa.DataFrameSchema(columns, strict=True)
