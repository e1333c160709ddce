"""People proceeded against for homicide: suspects, not victims, and no convictions.

London is kept by calendar year, sex and age. For a borough sums are kept that are large
enough to be told as a rule: spells of five calendar years, and the newest ten years in two
age groups. Small counts are hidden where they are shown.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from analysis.data.compile import Field, Load, TableSpec, require_sum
from analysis.data.tables.columns import PUBLISHED, edition_of, only_boroughs
from analysis.params.areas import LONDON_CODE

SPELL_YEARS: Final = 5
# Years pooled: in one year most boroughs have fewer than ten suspects.

AGED_YEARS: Final = 10
YOUNG: Final = ("10 to 14", "15 to 19", "20 to 24")
# The published groups that make "under 25".

ALL: Final = "all"


def _homicide_suspects(load: Load) -> pd.DataFrame:
    table = load("mps_homicide")
    stamps = edition_of(table, ("published",))
    # The publisher names these rows as errors of recording: they are no suspects.
    table = table[~table["is_recording_error"]]
    boroughs = only_boroughs(table)
    parts = [_of_london(table), _spells(boroughs), _by_two_ages(boroughs)]
    return pd.concat(parts, ignore_index=True).assign(**stamps)[list(_SUSPECT_FIELDS)]


def _of_london(table: pd.DataFrame) -> pd.DataFrame:
    last = table["month"].max()
    years = table.assign(
        first_month=table["month"].dt.to_period("Y").dt.start_time,
        period_end=table["month"].dt.to_period("Y").dt.end_time.dt.normalize(),
        sex=table["gender"].astype("str").str.casefold(),
        age_group=table["age_group"].astype("str"),
    )
    years["period_end"] = years["period_end"].clip(upper=last + pd.offsets.MonthEnd(0))
    keys = ["first_month", "period_end", "sex", "age_group"]
    counts = years.groupby(keys, as_index=False)["suspect_count"].sum()
    require_sum(counts["suspect_count"], table["suspect_count"], where="mps_homicide")
    return counts.assign(area_code=LONDON_CODE)


def _spells(table: pd.DataFrame) -> pd.DataFrame:
    newest, year = table["month"].max(), table["month"].dt.year
    last = newest.year if newest.month == 12 else newest.year - 1
    spells = (last + 1 - year.min()) // SPELL_YEARS
    within = table[year.between(last + 1 - SPELL_YEARS * spells, last)]
    ago = (last - within["month"].dt.year) // SPELL_YEARS
    ends = last - SPELL_YEARS * ago
    dated = within.assign(
        first_month=pd.to_datetime((ends - SPELL_YEARS + 1).astype("str") + "-01-01"),
        period_end=pd.to_datetime(ends.astype("str") + "-12-31"),
    )
    keys = ["area_code", "first_month", "period_end"]
    counts = dated.groupby(keys, as_index=False)["suspect_count"].sum()
    return counts.assign(sex=ALL, age_group=ALL)


def _by_two_ages(table: pd.DataFrame) -> pd.DataFrame:
    last = table["month"].max()
    first = last - pd.DateOffset(years=AGED_YEARS, months=-1)
    recent = table[table["month"] >= first]
    is_young = recent["age_group"].astype("str").isin(YOUNG)
    counts = (
        recent.assign(age_group=is_young.map({True: "under 25", False: "25 and over"}))
        .groupby(["area_code", "age_group"], as_index=False)["suspect_count"]
        .sum()
    )
    return counts.assign(first_month=first, period_end=last + pd.offsets.MonthEnd(0), sex=ALL)


_SUSPECT_FIELDS = {
    "area_code": Field("string", f"{LONDON_CODE} by year, or GSS code of the borough"),
    "first_month": Field("date", "first day of the first month of proceedings"),
    "period_end": Field("date", "last day of the last month of proceedings"),
    "sex": Field("string", "as published; all for a borough"),
    "age_group": Field(
        "string",
        "as published; for a borough all in five years, under 25 and 25 and over in ten",
    ),
    "suspect_count": Field("integer", "people proceeded against; disclosure rules apply"),
    "published": PUBLISHED,
}

HOMICIDE_TABLES: tuple[TableSpec, ...] = (
    TableSpec(
        name="homicide_suspects",
        title="People proceeded against for homicide (suspects): London by age and sex",
        source_ids=("mps_homicide",),
        fields=_SUSPECT_FIELDS,
        primary_key=("area_code", "first_month", "sex", "age_group"),
        build=_homicide_suspects,
    ),
)
