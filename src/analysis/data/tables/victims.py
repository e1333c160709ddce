"""Tables about who is harmed, as far as published.

Age, ethnicity and offence of violence against women and girls are published for London
alone.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from analysis.data.compile import Field, Load, TableSpec, months_across, require_sum
from analysis.data.tables.columns import EDITION, edition_of
from analysis.params.areas import LONDON_CODE

PEOPLE_SHEETS: Final = {
    "offence_class": ("mps_vawg_offences", "offences_by_classification", "offence_count"),
    "age_group": ("mps_vawg_victims", "victims_by_age", "victim_count"),
    "ethnicity": ("mps_vawg_victims", "victims_by_ethnicity", "victim_count"),
}
# What London is told by: source, sheet, and the column that counts.


def _vawg_people(load: Load) -> pd.DataFrame:
    parts = []
    for breakdown, (source_id, sheet, value) in PEOPLE_SHEETS.items():
        table = load(source_id, sheet=sheet)
        sums = table.groupby([breakdown, "month"], observed=True)[value].sum()
        require_sum(sums, table[value], where=f"{source_id}, {sheet}")
        # Every row counts one or more: a group without a row in a month had none.
        wide = sums.unstack("month", fill_value=0).rename_axis("group_name").reset_index()
        counts = wide.melt("group_name", var_name="month", value_name="count")
        parts.append(
            counts.assign(
                area_code=LONDON_CODE,
                counted=f"{value.removesuffix('_count')}s",
                breakdown=breakdown,
                **edition_of(table, ("basis", "published")),
            )
        )
    both = pd.concat(parts, ignore_index=True)
    return months_across(both.astype({"group_name": "str"}), list(_PEOPLE_FIELDS), "count")


_PEOPLE_FIELDS = {
    "area_code": Field("string", f"{LONDON_CODE}: London alone is published so"),
    "counted": Field("string", "offences or victims"),
    "breakdown": Field("string", "offence_class, age_group or ethnicity"),
    "group_name": Field("string", "as published; the groups of a breakdown add up"),
    **EDITION,
}

VICTIM_TABLES: tuple[TableSpec, ...] = (
    TableSpec(
        name="vawg_people",
        title=(
            "Violence against women and girls in London by month: offences by kind, victims "
            "by age and by ethnicity"
        ),
        source_ids=("mps_vawg_offences", "mps_vawg_victims"),
        fields=_PEOPLE_FIELDS,
        primary_key=("area_code", "counted", "breakdown", "group_name"),
        build=_vawg_people,
        month_unit="offences recorded, or victims of them, in the month",
    ),
)
