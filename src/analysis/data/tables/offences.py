"""Tables of recorded crime by borough: monthly, annual, and the special measures.

Monthly offences are one table a publication, added up to offence groups. The special
measures (domestic abuse, hate crime, knives, guns, violence against women and girls) count
offences that are in those groups already: they are never added to them, nor to each other
where they overlap.
"""

from __future__ import annotations

from functools import partial
from typing import Final

import pandas as pd

from analysis.data.compile import Field, Load, TableSpec, months_across, require_sum
from analysis.data.offences import map_offence_groups
from analysis.data.readers.crime_dashboard import borough_counts
from analysis.data.tables.columns import (
    AREA,
    BASIS,
    EDITION,
    OFFENCE_LIST,
    PUBLISHED,
    edition_of,
)
from analysis.errors import DataContractError
from analysis.params.areas import LONDON_CODE

_MONTHLY_KEY = ("area_code", "offence_group", "basis", "offence_list", "published")
_MONTHLY_FIELDS = {
    "area_code": AREA,
    "offence_group": Field("string", "id in data/reference/groups.csv"),
    "basis": BASIS,
    "offence_list": OFFENCE_LIST,
    "published": PUBLISHED,
}

ANNUAL_CATEGORIES: Final = {
    "All recorded offences": "total",
    "Violence Against the Person": "violence_against_the_person",
    "Sexual Offences": "sexual_offences",
    "Robbery": "robbery",
    "Burglary": "burglary",
    "Theft and Handling": "theft_and_handling",
    "Fraud or Forgery": "fraud_or_forgery",
    "Criminal Damage": "criminal_damage",
    "Drugs": "drugs",
    "Other Notifiable Offences": "other_notifiable",
}
# Broad groups of the list used then. They are no offence groups of this project: theft and
# handling, for one, holds vehicle crime.

MISPLACED_YEARS: Final = ("2016-17",)
# In the published table of 2016-17 the groups of the areas from Hillingdon on stand one row
# too low (Hillingdon has Heathrow's 4 robberies, Hounslow has Hillingdon's): only the totals
# of that year, which agree with the monthly figures, are kept.


def _monthly_offences(load: Load, *, source_id: str) -> pd.DataFrame:
    table = load(source_id)
    labels = ("basis", "offence_list", "published")
    stamps = edition_of(table, labels)
    groups = map_offence_groups(table.drop(columns=list(labels)), where=source_id)
    require_sum(groups["offence_count"], table["offence_count"], where=source_id)
    return months_across(groups.assign(**stamps), list(_MONTHLY_KEY), "offence_count")


def _monthly_spec(source_id: str, basis: str, offence_list: str, published: str) -> TableSpec:
    return TableSpec(
        name=f"monthly_offences_{basis}_{offence_list}_{published}",
        title=f"Offences by borough, group and month: {basis} basis, {offence_list} list",
        source_ids=(source_id,),
        fields=_MONTHLY_FIELDS,
        primary_key=_MONTHLY_KEY,
        build=partial(_monthly_offences, source_id=source_id),
    )


def _annual_offences(load: Load) -> pd.DataFrame:
    table = load("mps_annual_rates")
    table = table[~table["is_comparator"]]
    table = table.assign(
        area_code=table["area_code"].astype("str"),
        offence_category=table["major_category"].map(ANNUAL_CATEGORIES).astype("str"),
        financial_year=table["financial_year"].astype("str"),
    )
    _require_groups_add_up(table)
    is_misplaced = table["financial_year"].isin(MISPLACED_YEARS)
    table = table[~is_misplaced | table["offence_category"].eq("total")]
    return table[list(_ANNUAL_FIELDS)]


def _require_groups_add_up(table: pd.DataFrame) -> None:
    held = table[~table["financial_year"].isin(MISPLACED_YEARS)]
    wide = held.pivot(
        index=["area_code", "financial_year"],
        columns="offence_category",
        values="offence_count",
    )
    apart = wide["total"] - wide.drop(columns="total").sum(axis="columns")
    if apart.ne(0).any():
        area, year = apart[apart.ne(0)].index[0]
        message = (
            f"mps_annual_rates: the groups of {area} in {year} do not add up to all recorded "
            "offences. Fetch the file again; if the publisher has it so, leave the year out."
        )
        raise DataContractError(message)


def _monthly_special(load: Load) -> pd.DataFrame:
    table = load("mps_crime_dashboard")
    counts = borough_counts(table)
    published = table.loc[table["area_type"] == "Borough", "record_count"]
    require_sum(counts["record_count"], published, where="mps_crime_dashboard")
    named = counts.assign(
        area_code=counts["area_code"].astype("str"),
        family=_snake_case(counts["crime_type"]),
        measure=_snake_case(counts["crime_subtype"]),
        counted=_snake_case(counts["measure"]),
        is_overlapping=counts["is_subset"],
        **edition_of(table, ("basis", "published")),
    )
    return months_across(named, list(_SPECIAL_FIELDS), "record_count")


def _vawg_monthly(load: Load) -> pd.DataFrame:
    parts: list[pd.DataFrame] = []
    for counted in ("offences", "victims"):
        source_id, value = f"mps_vawg_{counted}", f"{counted[:-1]}_count"
        table = load(source_id)
        # A ward of no known name, or a committed date of 1900, still belongs to its borough:
        # rows are counted by the month of recording.
        sums = table.groupby(["area_code", "month"], observed=True)[value].sum()
        require_sum(sums, table[value], where=source_id)
        counts = sums.rename("count").reset_index()
        stamps = edition_of(table, ("basis", "published"))
        parts.append(counts.assign(counted=counted, **stamps))
    both = pd.concat(parts, ignore_index=True)
    return months_across(both, list(_VAWG_FIELDS), "count")


def _snake_case(names: pd.Series) -> pd.Series:
    text = names.astype("str").str.casefold().str.replace(r"[^0-9a-z]+", "_", regex=True)
    return text.str.strip("_")


_ANNUAL_FIELDS = {
    "area_code": Field(
        "string",
        f"GSS code of the borough, heathrow, or {LONDON_CODE} (the Metropolitan Police area)",
    ),
    "financial_year": Field("string", "April to March, as 2011-12"),
    "year_ending": Field("date", "first day of the last month of the year"),
    "offence_category": Field("string", "total, or a broad group of the list used then"),
    "offence_count": Field("integer", "offences recorded in the year"),
    "rate_per_1000": Field("number", "offences per 1,000 residents, as published"),
    "is_partial_year": Field(
        "boolean", "holds about ten months: never set beside a whole year"
    ),
    **EDITION,
}
_SPECIAL_FIELDS = {
    "area_code": AREA,
    "family": Field("string", "domestic_abuse, hate_crime, knife_crime, gun_crime ..."),
    "measure": Field("string", "what is counted within the family"),
    "counted": Field("string", "offences or positive_outcomes"),
    "is_overlapping": Field("boolean", "counted in another measure too: never add it up"),
    **EDITION,
}
_VAWG_FIELDS = {
    "area_code": Field("string", "GSS code of the borough, or unknown"),
    "counted": Field("string", "offences or victims"),
    **EDITION,
}

OFFENCE_TABLES: tuple[TableSpec, ...] = (
    _monthly_spec("mps_borough_2010_2024", "location", "current", "2026-04"),
    _monthly_spec("mps_borough_2023_2025", "location", "current", "2025-06"),
    _monthly_spec("mps_borough_2010_2022_policing", "policing", "current", "2022-02"),
    _monthly_spec("mps_borough_2022_2024_policing", "policing", "current", "2024-02"),
    _monthly_spec("mps_borough_2008_2018_old_list", "policing", "old", "2019-01"),
    TableSpec(
        name="annual_offences",
        title="Offences and rates by borough and financial year, 1999-00 to 2016-17",
        source_ids=("mps_annual_rates",),
        fields=_ANNUAL_FIELDS,
        primary_key=("area_code", "financial_year", "offence_category"),
        build=_annual_offences,
    ),
    TableSpec(
        name="monthly_special",
        title="Domestic abuse, hate crime, knife and gun crime by borough and month",
        source_ids=("mps_crime_dashboard",),
        fields=_SPECIAL_FIELDS,
        primary_key=("area_code", "family", "measure", "counted"),
        build=_monthly_special,
        month_unit="offences recorded, or positive outcomes, in the month",
    ),
    TableSpec(
        name="vawg_monthly",
        title=(
            "Violence against women and girls by borough and month; about a fifth are other "
            "flagged offences, which the publisher does not take out by borough"
        ),
        source_ids=("mps_vawg_offences", "mps_vawg_victims"),
        fields=_VAWG_FIELDS,
        primary_key=("area_code", "counted"),
        build=_vawg_monthly,
        month_unit="offences recorded, or victims of them, in the month",
    ),
)
