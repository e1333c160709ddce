"""What the embedded figures hold, table by table, and from which sources.

Each entry of ``TABLES`` is compiled by ``analysis.data.compile``. Areas are the 32 boroughs
(with Heathrow and the unknown borough where a publication shows them, never spread over the
boroughs); a month or a value that was not published is blank.
"""

from __future__ import annotations

from functools import partial

import pandas as pd

from analysis.data.compile import Field, Load, TableSpec, months_across
from analysis.data.offences import map_offence_groups

_AREA = Field("string", "GSS code of the borough, or heathrow, or unknown")
_MONTHLY_KEY = ("area_code", "offence_group", "basis", "offence_list", "published")
_MONTHLY_FIELDS = {
    "area_code": _AREA,
    "offence_group": Field("string", "id in data/reference/groups.csv"),
    "basis": Field("string", "who is credited: location or policing borough"),
    "offence_list": Field("string", "how offences are classified: current or old"),
    "published": Field("string", "month of publication, YYYY-MM"),
}


def _monthly_offences(load: Load, *, source_id: str) -> pd.DataFrame:
    table = load(source_id)
    labels = ["basis", "offence_list", "published"]
    stamps = table[labels].drop_duplicates().iloc[0]
    groups = map_offence_groups(table.drop(columns=labels), where=source_id)
    groups = groups.assign(**{name: str(stamps[name])[:7] if name == "published"
                              else stamps[name] for name in labels})  # fmt: skip
    return months_across(groups, list(_MONTHLY_KEY), "offence_count")


def _monthly_spec(source_id: str, basis: str, offence_list: str, published: str) -> TableSpec:
    return TableSpec(
        name=f"monthly_offences_{basis}_{offence_list}_{published}",
        title=f"Offences by borough, group and month: {basis} basis, {offence_list} list",
        source_ids=(source_id,),
        fields=_MONTHLY_FIELDS,
        primary_key=_MONTHLY_KEY,
        build=partial(_monthly_offences, source_id=source_id),
    )


TABLES: tuple[TableSpec, ...] = (
    _monthly_spec("mps_borough_2010_2024", "location", "current", "2026-04"),
    _monthly_spec("mps_borough_2023_2025", "location", "current", "2025-06"),
    _monthly_spec("mps_borough_2010_2022_policing", "policing", "current", "2022-02"),
    _monthly_spec("mps_borough_2022_2024_policing", "policing", "current", "2024-02"),
    _monthly_spec("mps_borough_2008_2018_old_list", "policing", "old", "2019-01"),
)
