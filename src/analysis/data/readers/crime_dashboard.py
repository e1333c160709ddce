"""Domestic abuse, hate crime, gun and knife crime and phone theft, by borough and ward team.

From the Metropolitan Police's monthly crime dashboard: offences and positive outcomes.
The same offences stand once by borough and once by Safer Neighbourhood Team, so one kind
of area has to be chosen. Subtypes overlap: an antisemitic offence is a faith offence and a
racist and religious one as well, and all are in ``Hate crime``; they are marked and must
not be added up. Hate crime and domestic abuse are not comparable across March 2024, when
the recording system changed. Only counts of one or more are published: a borough without
a row in a month that the file covers had none.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from analysis.data.contract import validated
from analysis.data.months import tell_missing_months, to_months
from analysis.data.published_text import (
    area_codes_of,
    rename_by_meaning,
    to_categories,
    to_dates,
)
from analysis.data.schemas import (
    area_column,
    code_column,
    count_column,
    flag_column,
    month_column,
    text_column,
)
from analysis.data.tabular import read_text_table, refuse_duplicates, to_counts
from analysis.params.areas import UNKNOWN_CODE, load_areas

HATE_STRANDS = (
    "AntiSemitic",
    "Disability Crime",
    "Faith Crime",
    "Homophobic Crime",
    "Islamophobic Crime",
    "Racist Crime",
    "Racist and Religious Crime",
    "Transphobic Crime",
)
# They overlap each other: their sum is nearly twice the number of hate crimes.

_SUBSETS = (
    *HATE_STRANDS,
    "Domestic Abuse Violence with Injury",
    "Gun Crime Personal Robbery",
    "Lethal Barrel Discharge",
    "Knife Crime with Injury",
    "Knife Crime with Injury (Personal Robbery)",
    "Knife Injury Victims (1-24)",
    "Knife Injury Victims (non DA 1-24)",
    "Robbery Mobile phone",
    "Theft Person - Mobile phone",
)
_TYPES = {
    "Miscalleneous": "Miscellaneous",
    "Gun Crime Personal Robbery": "Gun Crime",
    "Lethal Barrel Discharge": "Gun Crime",
}
# The publisher files the offences of these two under their own type and their outcomes
# under Gun Crime; one type for both lets an outcome be set against its offences.
_SUBTYPES = {"Domestic Abuse violence with injury": "Domestic Abuse Violence with Injury"}

_MEANINGS: dict[str, tuple[str, ...]] = {
    "month": ("month_year",),
    "area_type": (),
    "borough_snt": (),
    "place_name": ("area_name",),
    "place_code": ("area_code",),
    "crime_type": (),
    "crime_subtype": (),
    "measure": (),
    "record_count": ("count",),
    "refreshed": ("refresh_date",),
    "sheet": (),
}
_KEY = [
    "month",
    "area_type",
    "borough_snt",
    "place_name",
    "place_code",
    "crime_subtype",
    "measure",
]
_GRID = ["area_code", "crime_type", "crime_subtype", "measure", "month"]

_SCHEMA = pa.DataFrameSchema(
    {
        "month": month_column(),
        "area_type": text_column(["Borough", "Safer Neighbourhood Teams"]),
        "area_code": area_column(),
        "ward_code": code_column(r"E05\d{6}", "a ward", nullable=True),
        "ward_name": text_column(nullable=True),
        "crime_type": text_column(),
        "crime_subtype": text_column(),
        "measure": text_column(["Offences", "Positive Outcomes"]),
        "record_count": count_column(),
        "is_subset": flag_column(),
        "is_hate_strand": flag_column(),
        "refreshed": pa.Column("datetime64[us]"),
        "sheet": text_column(),
    },
    strict=True,
)


def read_crime_dashboard(path: Path) -> pd.DataFrame:
    """Offences and positive outcomes of the monthly crime dashboard.

    Parameters
    ----------
    path : Path
        The published table behind the dashboard.

    Returns
    -------
    DataFrame, one row an area, subtype, measure and month
        ``month``; ``area_type``; ``area_code`` (borough, ``heathrow``, ``unknown``);
        ``ward_code`` and ``ward_name`` (missing on borough rows); ``crime_type``,
        ``crime_subtype`` (spelling made one), ``measure`` (``Offences`` or
        ``Positive Outcomes``), ``record_count``; ``is_subset`` (counted in another subtype
        as well), ``is_hate_strand``; ``refreshed``, ``sheet``.

    Raises
    ------
    SourceError
        If the file is not a table.
    DataContractError
        If a column cannot be found, a value is not of its kind, or a row occurs twice.
    """
    where = path.name
    table = rename_by_meaning(read_text_table(path), _MEANINGS, where=where)
    table["crime_subtype"] = to_categories(table["crime_subtype"], _SUBTYPES)
    refuse_duplicates(table, [*_KEY, "crime_type"], where=where)
    for name in ("area_type", "measure", "sheet"):
        table[name] = to_categories(table[name])
    table["crime_type"] = to_categories(table["crime_type"], _TYPES)
    table["month"] = to_months(table["month"], where=f"{where}, month")
    table["record_count"] = to_counts(table["record_count"], where=f"{where}, count")
    table["refreshed"] = to_dates(table["refreshed"], where=f"{where}, refresh_date")
    table = _with_places(table, where)
    table["is_subset"] = table["crime_subtype"].isin(_SUBSETS)
    table["is_hate_strand"] = table["crime_subtype"].isin(HATE_STRANDS)
    tell_missing_months(table["month"], where)
    return validated(table[list(_SCHEMA.columns)], _SCHEMA, where)


def borough_counts(table: pd.DataFrame) -> pd.DataFrame:
    """One count for every borough, subtype, measure and month of the dashboard.

    Ward-team rows are left out, and the several names for no known borough are added up.
    Where the publisher has no row the count is nought: counts of one upward are all
    published, none is suppressed.

    Parameters
    ----------
    table : DataFrame
        As ``read_crime_dashboard``.

    Returns
    -------
    DataFrame, one row an area, subtype, measure and month
        ``area_code``, ``crime_type``, ``crime_subtype``, ``measure``, ``month``,
        ``record_count``, ``is_subset``, ``is_hate_strand``.
    """
    rows = table[table["area_type"] == "Borough"]
    held = rows.groupby(_GRID, observed=True)["record_count"].sum()
    kinds = held.index.to_frame(index=False)[["crime_type", "crime_subtype", "measure"]]
    grid = kinds.drop_duplicates()
    for name in ("area_code", "month"):
        values = rows[name].drop_duplicates().sort_values().to_frame()
        grid = grid.merge(values, how="cross")
    counts = held.reindex(pd.MultiIndex.from_frame(grid[_GRID]), fill_value=0).reset_index()
    counts["is_subset"] = counts["crime_subtype"].isin(_SUBSETS)
    counts["is_hate_strand"] = counts["crime_subtype"].isin(HATE_STRANDS)
    return counts


def _with_places(table: pd.DataFrame, where: str) -> pd.DataFrame:
    is_ward = (table["area_type"] == "Safer Neighbourhood Teams").to_numpy()
    areas = load_areas()
    boroughs = list(areas.loc[areas["kind"] == "borough", "area_name"])
    meant = {name: _borough_part(name, boroughs) for name in table["borough_snt"].unique()}
    names = table["borough_snt"].map(meant)
    code, name = table["place_code"].str.strip(), table["place_name"].str.strip()
    is_code = code.str.startswith("E05") & is_ward
    return table.assign(
        area_code=area_codes_of(names, where=f"{where}, borough_snt"),
        ward_code=to_categories(code.where(is_code, "")),
        ward_name=to_categories(name.where(is_ward, "")),
    )


def _borough_part(name: str, boroughs: list[str]) -> str:
    # A ward team is written as its borough and its ward: "Hackney Dalston".
    within = [borough for borough in boroughs if name.startswith(borough)]
    if within:
        return max(within, key=len)
    return UNKNOWN_CODE if "non met police force" in name.casefold() else name
