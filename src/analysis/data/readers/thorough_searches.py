"""Thorough searches by the police (more than outer clothing removed), one row a search.

The published table is several publications one below the other. Each spells its columns
and words in its own way (three headers for the outcome alone, ``18 or older`` and ``18 or
over``, ``M`` and ``Male``), and their months overlap, so that one search stands in several
rows: 44,110 rows tell of 17,853 searches. Here the spellings are made one, and rows alike in
every field but the row number and the appropriate adult are one search. Two weaknesses
remain. Real searches alike in everything on one day become one. And from March 2023 to
April 2025 the publications do not agree on which searches there were: all of them together,
as here, come to as much as half again what one of them alone has. Use shares by group
rather than levels. About people: disclosure rules apply, and no row is ever quoted.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from analysis.data.contract import validated
from analysis.data.months import tell_missing_months
from analysis.data.published_text import (
    area_codes_of,
    first_filled,
    month_of,
    rename_by_meaning,
    to_categories,
    to_dates,
)
from analysis.data.schemas import (
    area_column,
    count_column,
    flag_column,
    month_column,
    text_column,
)
from analysis.data.tabular import read_text_table

_OUTCOME_HEADERS = (
    "positive_outcome_of_stop",
    "postive_outcome_of_stop",
    "positve_outcome",
    "positive_outcome",
)
_ADULT_HEADERS = (
    "appropriate_adult_present",
    "approporiate_adult_present_if_required?",
    "appropriate_adult_present_if_required",
)
_MEANINGS: dict[str, tuple[str, ...]] = {
    "date": ("stop_date",),
    "borough": (),
    "age_group": (),
    "sex": (),
    "ethnicity": ("ethnic_appearance",),
    "search_reason": ("stop_reason",),
    "outcome_reason": (),
}
_WORDS = {
    "age_group": {
        "18 or older": "18 or over",
        "Recorded as 0 or Not Known": "Not Recorded",
    },
    "sex": {"M": "Male", "F": "Female", "U": "Unknown", "V": "Unknown"}
    | {"Not Recorded": "Unknown"},
    "ethnicity": {"#N/A": "Unknown", "Not Recorded": "Unknown"},
    "search_reason": {
        "B Drugs (s.23 Misuse of Drugs Act)": "Drugs",
        "Drugs (s.23 Drugs Misuse Act)": "Drugs",
        "D Weapons, Point & Blades (s.1 PACE, s.139 CJ Act)": "Weapons, points and blades",
        "Weapons, Point & Blades (s.1 PACE, s.139 CJ Act)": "Weapons, points and blades",
        "C Firearms (s.47 Firearms Act)": "Firearms",
        "Firearms (s.47 Firearms Act)": "Firearms",
        "K s.60 CJPO Weapons": "Section 60 weapons",
        "s.60 CJPO Weapons": "Section 60 weapons",
        "All Other Searches": "Other",
    },
    "outcome_reason": {
        "B Drugs": "Drugs",
        "B Drugs Possession Only": "Drugs, possession only",
        "Drugs (Possession Only)": "Drugs, possession only",
        "D Weapons, Points & Blades Offences": "Weapons, points and blades",
        "Weapons, Points and Blade Offences": "Weapons, points and blades",
        "All Other Outcome Reasons": "Other",
        "Not Applicable": "None",
    },
}
_KNOWN = {
    "age_group": ["18 or over", "Under 18", "Not Recorded"],
    "sex": ["Male", "Female", "Unknown"],
    "ethnicity": ["Asian", "Black", "Mixed", "Other", "White", "Unknown"],
    "search_reason": sorted(set(_WORDS["search_reason"].values())),
    "outcome_reason": sorted({*_WORDS["outcome_reason"].values(), "Drugs"}),
}
_SAME = ["date", "area_code", *_KNOWN, "is_positive_outcome"]

_SCHEMA = pa.DataFrameSchema(
    {
        "date": pa.Column("datetime64[us]"),
        "month": month_column(),
        "area_code": area_column(),
        **{name: text_column(words) for name, words in _KNOWN.items()},
        "is_positive_outcome": flag_column(),
        "has_appropriate_adult": pa.Column("boolean", nullable=True),
        "published_row_count": count_column(least=1),
    },
    strict=True,
)


def read_thorough_searches(path: Path) -> pd.DataFrame:
    """Thorough searches, each told once.

    Parameters
    ----------
    path : Path
        The published table, with one or several publications in it.

    Returns
    -------
    DataFrame, one row a search
        ``date``, ``month``, ``area_code`` (``unknown`` without a borough or outside the
        force's area), ``age_group``, ``sex``, ``ethnicity`` (as seen by the officer),
        ``search_reason``, ``outcome_reason``, ``is_positive_outcome``,
        ``has_appropriate_adult`` (missing where not said), ``published_row_count`` (rows
        that told of it).

    Raises
    ------
    SourceError
        If the file is not a table.
    DataContractError
        If a column cannot be found, or a value is not of its kind.
    """
    where = path.name
    table = rename_by_meaning(read_text_table(path), _MEANINGS, where=where)
    outcome = first_filled(table, _OUTCOME_HEADERS, where=where)
    adult = first_filled(table, _ADULT_HEADERS, where=where)
    table["is_positive_outcome"] = outcome.str.casefold().eq("yes")
    table["has_appropriate_adult"] = adult.map({"Y": True, "N": False}).astype("boolean")
    table["date"] = to_dates(table["date"], where=f"{where}, stop_date")
    table["month"] = month_of(table["date"])
    table["area_code"] = area_codes_of(table["borough"], where=f"{where}, borough")
    for name in _KNOWN:
        table[name] = to_categories(table[name], _WORDS[name])
    tell_missing_months(table["month"], where)
    return validated(_each_once(table)[list(_SCHEMA.columns)], _SCHEMA, where)


def _each_once(table: pd.DataFrame) -> pd.DataFrame:
    # Sorted so that a row which answers the question of the adult is kept before one that
    # leaves it blank, and a yes before a no.
    counted = table.assign(
        published_row_count=table.groupby(_SAME, observed=True)["date"].transform("size")
    )
    counted["published_row_count"] = counted["published_row_count"].astype("Int64")
    ordered = counted.sort_values(
        ["date", "has_appropriate_adult"], ascending=[True, False], na_position="last"
    )
    return ordered.drop_duplicates(_SAME).reset_index(drop=True)
