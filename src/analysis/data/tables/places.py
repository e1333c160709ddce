"""Tables of offences by small area, and of anti-social behaviour incidents by borough.

Anti-social behaviour is incidents, not crime, and never added to it. A borough's month is
given only where it is whole: where the LSOAs with a row that month usually hold at least 95
per cent of the borough's incidents (crime and anti-social behaviour together). A month of
which a part was never fetched is blank, however many incidents it shows.
"""

from __future__ import annotations

import pandas as pd

from analysis.data.compile import Field, Load, TableSpec, months_across, require_sum
from analysis.data.offences import load_offence_groups, map_offence_groups
from analysis.data.readers.lsoa_by_type import observed_months
from analysis.data.tables.columns import (
    BOROUGH,
    EDITION,
    LSOA,
    OFFENCE_LIST,
    edition_of,
    only_boroughs,
)
from analysis.errors import DataContractError

LEFT_OUT_BY_LSOA = ("rape", "other_sexual", "fraud_and_forgery", "driving_death_or_injury")
# The publisher gives no sexual offences and no fraud below the ward.

_LSOA_GROUPS = [
    group
    for group in load_offence_groups().index
    if group not in (*LEFT_OUT_BY_LSOA, "nfib_fraud")
]


def _asb_incidents(load: Load) -> pd.DataFrame:
    street = load("police_uk_street_2016_2018")
    keys = ["area_code", "lsoa_code", "month", "is_crime"]
    counted = street.groupby(keys, observed=True).size().rename("incident_count")
    by_lsoa = load("police_uk_lsoa_by_type")
    parts = [
        _whole_months(counted.reset_index(), edition_of(street, tuple(EDITION))),
        _whole_months(by_lsoa, edition_of(by_lsoa, tuple(EDITION))),
    ]
    incidents = pd.concat(parts, ignore_index=True)
    return months_across(incidents, list(_ASB_FIELDS), "incident_count")


def _whole_months(table: pd.DataFrame, stamps: dict[str, str]) -> pd.DataFrame:
    table = only_boroughs(table)
    observed = observed_months(table)
    behaviour = table[~table["is_crime"]].groupby(["area_code", "month"], observed=True)
    sums = behaviour["incident_count"].sum().astype("Int64").reset_index()
    held = observed.merge(sums, on=["area_code", "month"], how="left")
    held["incident_count"] = held["incident_count"].where(held["is_observed"])
    return held.assign(**stamps)


def _lsoa_offences(load: Load) -> pd.DataFrame:
    table = load("mps_lsoa_2023_2025")
    stamps = edition_of(table, ("basis", "offence_list", "published"))
    boroughs = table[["lsoa_code", "area_code"]].drop_duplicates().astype("str")
    years = _year_endings(table["month"])
    groups = map_offence_groups(
        table.assign(month=table["month"].map(years)),
        where="mps_lsoa_2023_2025",
        by="lsoa_code",
        left_out=LEFT_OUT_BY_LSOA,
    )
    require_sum(groups["offence_count"], table["offence_count"], where="mps_lsoa_2023_2025")
    wide = groups.set_index(["lsoa_code", "month", "offence_group"])["offence_count"].unstack()
    wide = wide.reset_index().rename(columns={"month": "year_ending"})
    wide["lsoa_code"] = wide["lsoa_code"].astype("str")
    return wide.merge(boroughs, on="lsoa_code").assign(**stamps)[list(_LSOA_FIELDS)]


def _year_endings(months: pd.Series) -> dict[pd.Timestamp, pd.Timestamp]:
    held = sorted(months.unique())
    if len(held) != 24:
        message = (
            f"mps_lsoa_2023_2025: {len(held)} months where two years of twelve are needed. "
            "Fetch the file again, or compile the years that a newer file covers."
        )
        raise DataContractError(message)
    return {month: held[11] if month <= held[11] else held[23] for month in held}


def _business_offences(load: Load) -> pd.DataFrame:
    table = only_boroughs(load("mps_business_crime"))
    stamps = edition_of(table, ("basis", "offence_list", "published"))
    groups = map_offence_groups(
        table, where="mps_business_crime", left_out=("driving_death_or_injury",)
    )
    require_sum(groups["offence_count"], table["offence_count"], where="mps_business_crime")
    groups["area_code"] = groups["area_code"].astype("str")
    return months_across(groups.assign(**stamps), list(_BUSINESS_FIELDS), "offence_count")


_ASB_FIELDS = {"area_code": BOROUGH, **EDITION}
_LSOA_FIELDS = {
    "lsoa_code": LSOA,
    "area_code": BOROUGH,
    "year_ending": Field("date", "first day of the last of twelve months"),
    **{group: Field("integer", "offences placed in the LSOA") for group in _LSOA_GROUPS},
    "basis": EDITION["basis"],
    "offence_list": OFFENCE_LIST,
    "published": EDITION["published"],
}
_BUSINESS_FIELDS = {
    "area_code": BOROUGH,
    "offence_group": Field("string", "group of data/reference/offence_groups.csv"),
    "basis": EDITION["basis"],
    "offence_list": OFFENCE_LIST,
    "published": EDITION["published"],
}

PLACE_TABLES: tuple[TableSpec, ...] = (
    TableSpec(
        name="asb_incidents",
        title="Anti-social behaviour incidents by borough and whole month; never crime",
        source_ids=("police_uk_street_2016_2018", "police_uk_lsoa_by_type"),
        fields=_ASB_FIELDS,
        primary_key=("area_code", "published"),
        build=_asb_incidents,
        month_unit="incidents in the month, located ones only; blank if not wholly observed",
    ),
    TableSpec(
        name="lsoa_offences",
        title="Offences by LSOA, group and year: those with a place, no sexual offences",
        source_ids=("mps_lsoa_2023_2025",),
        fields=_LSOA_FIELDS,
        primary_key=("lsoa_code", "year_ending"),
        build=_lsoa_offences,
    ),
    TableSpec(
        name="business_offences",
        title="Offences marked as business crime by borough and group: a part of each group",
        source_ids=("mps_business_crime",),
        fields=_BUSINESS_FIELDS,
        primary_key=("area_code", "offence_group"),
        build=_business_offences,
        month_unit="offences marked as business crime in the month",
    ),
)
