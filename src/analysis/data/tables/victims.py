"""Tables about who is harmed and who is proceeded against, as far as published.

Age, ethnicity and offence of violence against women and girls are published for London
alone. People proceeded against for homicide are suspects, not victims; for a borough they
are kept as sums of ten years in two age groups, and where they are shown small counts are
hidden.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from analysis.data.compile import Field, Load, TableSpec, months_across, require_sum
from analysis.data.tables.columns import EDITION, PUBLISHED, edition_of, only_boroughs
from analysis.params.areas import LONDON_CODE

PEOPLE_SHEETS: Final = {
    "offence_class": ("mps_vawg_offences", "offences_by_classification", "offence_count"),
    "age_group": ("mps_vawg_victims", "victims_by_age", "victim_count"),
    "ethnicity": ("mps_vawg_victims", "victims_by_ethnicity", "victim_count"),
}
# What London is told by: source, sheet, and the column that counts.

SUSPECT_YEARS: Final = 10
YOUNG: Final = ("10 to 14", "15 to 19", "20 to 24")
# The published groups that make "under 25".


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


def _homicide_suspects(load: Load) -> pd.DataFrame:
    table = load("mps_homicide")
    # The publisher names these rows as errors of recording: they are no suspects.
    table = table[~table["is_recording_error"]]
    table = table.assign(published=table["published"].iloc[0])
    parts = [_suspects_of_london(table), _suspects_of_boroughs(only_boroughs(table))]
    return pd.concat(parts, ignore_index=True)[list(_SUSPECT_FIELDS)]


def _suspects_of_london(table: pd.DataFrame) -> pd.DataFrame:
    last = table["month"].max()
    years = table.assign(
        first_month=table["month"].dt.to_period("Y").dt.start_time,
        period_end=table["month"].dt.to_period("Y").dt.end_time.dt.normalize(),
        sex=table["gender"].astype("str").str.casefold(),
        age_group=table["age_group"].astype("str"),
    )
    years["period_end"] = years["period_end"].clip(upper=last + pd.offsets.MonthEnd(0))
    keys = ["first_month", "period_end", "sex", "age_group", "published"]
    counts = years.groupby(keys, as_index=False)["suspect_count"].sum()
    require_sum(counts["suspect_count"], table["suspect_count"], where="mps_homicide")
    return counts.assign(area_code=LONDON_CODE)


def _suspects_of_boroughs(table: pd.DataFrame) -> pd.DataFrame:
    last = table["month"].max()
    first = last - pd.DateOffset(years=SUSPECT_YEARS, months=-1)
    recent = table[table["month"] >= first]
    is_young = recent["age_group"].astype("str").isin(YOUNG)
    bands = is_young.map({True: "under 25", False: "25 and over"})
    counts = (
        recent.assign(age_group=bands)
        .groupby(["area_code", "age_group", "published"], as_index=False)["suspect_count"]
        .sum()
    )
    return counts.assign(first_month=first, period_end=last + pd.offsets.MonthEnd(0), sex="all")


_PEOPLE_FIELDS = {
    "area_code": Field("string", f"{LONDON_CODE}: London alone is published so"),
    "counted": Field("string", "offences or victims"),
    "breakdown": Field("string", "offence_class, age_group or ethnicity"),
    "group_name": Field("string", "as published; the groups of a breakdown add up"),
    **EDITION,
}
_SUSPECT_FIELDS = {
    "area_code": Field("string", f"{LONDON_CODE} by year, or GSS code of the borough"),
    "first_month": Field("date", "first day of the first month of proceedings"),
    "period_end": Field("date", "last day of the last month of proceedings"),
    "sex": Field("string", "as published; all for a borough"),
    "age_group": Field("string", "as published; for a borough under 25, and 25 and over"),
    "suspect_count": Field("integer", "people proceeded against; disclosure rules apply"),
    "published": PUBLISHED,
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
    TableSpec(
        name="homicide_suspects_by_age",
        title="People proceeded against for homicide (suspects) by age and sex",
        source_ids=("mps_homicide",),
        fields=_SUSPECT_FIELDS,
        primary_key=("area_code", "first_month", "sex", "age_group"),
        build=_homicide_suspects,
    ),
)
