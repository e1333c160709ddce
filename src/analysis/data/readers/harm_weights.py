"""Weights of harm: the ONS Crime Severity Score, its look-ups, and a user's Cambridge index.

The ONS weight of an offence code comes from sentencing in England and Wales. The file held
is a later edition than the weights quoted in 2016 (homicide 7,973 against 7,979; cannabis
1.8 against 3), so scores should name the edition. The Cambridge Crime Harm Index is not
under the Open Government Licence: its reader takes a file that the user holds, and nothing
of it is kept in the project, its figures or its reports' tables of sources.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd
import pandera.pandas as pa

from analysis.data.contract import validated
from analysis.data.numbers import to_numbers
from analysis.data.tabular import read_text_table, refuse_duplicates, require_columns

NOT_PUBLISHED: Final = ":"

CAMBRIDGE_LICENCE: Final = (
    "Cambridge Crime Harm Index: (c) University of Cambridge, not under the Open Government "
    "Licence. Read from the user's own copy; cite Sherman, Neyroud & Neyroud (2016)."
)

_CODE = pa.Column(str, pa.Check.str_length(min_value=1, error="is blank"))
_TEXT = pa.Column(str, pa.Check.str_length(min_value=1, error="is blank"))
_WEIGHT = pa.Column(float, pa.Check.gt(0, error="is not above nought"))
_WEIGHTS = pa.DataFrameSchema(
    {
        "offence_code": _CODE,
        "description": _TEXT,
        "weight_code": _CODE,
        "offence_category": _TEXT,
        "weight": _WEIGHT,
    },
    strict=True,
    unique=["offence_code", "description"],
)
_JOIN = pa.DataFrameSchema(
    {
        "offence_code": _CODE,
        "description": _TEXT,
        "offence_category": _TEXT,
        "weight": _WEIGHT,
        "police_uk_type": _TEXT,
    },
    strict=True,
    unique=["offence_code", "description"],
)
_CATEGORIES = pa.DataFrameSchema(
    {
        "offence_code": _CODE,
        "description": _TEXT,
        "offence_category": _TEXT,
        "offence_subgroup": _TEXT,
        "police_uk_type": _TEXT,
    },
    strict=True,
    unique=["offence_code"],
)
_SCORES = pa.DataFrameSchema(
    {
        "area_code": pa.Column(str, pa.Check.str_matches(r"^E0[6-9]\d{6}$")),
        "severity_score": pa.Column(
            float, pa.Check.gt(0, error="is not above nought"), nullable=True
        ),
        "is_predecessor": pa.Column(bool),
    },
    strict=True,
)
_CAMBRIDGE = pa.DataFrameSchema(
    {
        "offence_id": _CODE,
        "description": _TEXT,
        "offence_code": _CODE,
        "offence_subgroup": _TEXT,
        "harm_days": _WEIGHT,
        "is_notifiable": pa.Column(bool),
        "has_own_guideline": pa.Column(bool),
    },
    strict=True,
    unique=["offence_id"],
)


def read_ons_severity_weights(path: Path) -> pd.DataFrame:
    """ONS Crime Severity Score weight of each offence code.

    Several codes share one weight (murder, manslaughter and infanticide that of homicide;
    attempted burglary that of burglary); the code the weight was made for is kept beside.
    Corporate manslaughter and manslaughter both read 4.1 in the file, where the first
    lost its last nought: with the description they are two rows still.

    Returns
    -------
    DataFrame, one row an offence
        ``offence_code``, ``description``, ``weight_code``, ``offence_category``,
        ``weight`` (days of sentence, averaged over outcomes).

    Raises
    ------
    DataContractError
        If a weight is no number above nought or an offence occurs twice.
    """
    names = {
        "code_original": "offence_code",
        "description": "description",
        "code_severity": "weight_code",
        "category_counts": "offence_category",
        "weight": "weight",
    }
    tidy = _renamed(path, names)
    tidy["weight"] = to_numbers(tidy["weight"], where=f"{path.name}, column weight")
    return validated(tidy, _WEIGHTS, path.name)


def read_police_uk_code_join(path: Path) -> pd.DataFrame:
    """Offence codes with their ONS weight and police.uk type.

    The join's police.uk code and offence columns are left out: a spreadsheet has turned
    codes such as 1/1 into dates (``43831``), and half are blank.

    Returns
    -------
    DataFrame, one row an offence
        ``offence_code``, ``description``, ``offence_category``, ``weight``,
        ``police_uk_type`` (its capitals made alike: ``Other crime``).

    Raises
    ------
    DataContractError
        If a weight is no number above nought or an offence occurs twice.
    """
    names = {
        "ONS_COUNTS_code": "offence_code",
        "ONS_COUNTS_description": "description",
        "ONS_COUNTS_category": "offence_category",
        "ONS_SEVERITY_weight": "weight",
        "POLICE_UK_CAT_MAP_category": "police_uk_type",
    }
    tidy = _renamed(path, names)
    tidy["weight"] = to_numbers(tidy["weight"], where=f"{path.name}, ONS_SEVERITY_weight")
    tidy["police_uk_type"] = tidy["police_uk_type"].str.capitalize()
    return validated(tidy, _JOIN, path.name)


def read_crime_category_mappings(path: Path) -> pd.DataFrame:
    """Home Office offence codes with their group, subgroup and police.uk type.

    Returns
    -------
    DataFrame, one row an offence code
        ``offence_code``, ``description``, ``offence_category``, ``offence_subgroup`` (such
        as ``Violence with injury``), ``police_uk_type`` (its capitals made alike).

    Raises
    ------
    DataContractError
        If a cell is blank or a code occurs twice.
    """
    names = {
        "Offence_Code": "offence_code",
        "Offence_Description": "description",
        "Offence_Group": "offence_category",
        "Offence_Subgroup": "offence_subgroup",
        "Police.uk_Cat": "police_uk_type",
    }
    tidy = _renamed(path, names)
    tidy["police_uk_type"] = tidy["police_uk_type"].str.capitalize()
    return validated(tidy, _CATEGORIES, path.name)


def read_ons_severity_by_borough(path: Path) -> pd.DataFrame:
    """ONS Crime Severity Score of councils of 2023, England.

    A council formed since has a row for each that it replaced, all under its own code:
    they are kept and flagged, since their scores cannot be added. ``:`` is not published
    (the City of London, all of Devon and Cornwall).

    Returns
    -------
    DataFrame, one row a published row
        ``area_code``, ``severity_score`` (weighted offences per resident),
        ``is_predecessor``.

    Raises
    ------
    DataContractError
        If a score is no number, or a London council occurs twice.
    """
    where = path.name
    table = read_text_table(path)
    require_columns(table, ["ltla23_code", "crime_severity_score"], where=where)
    codes = table["ltla23_code"]
    refuse_duplicates(table[codes.str.startswith("E09")], ["ltla23_code"], where=where)
    tidy = pd.DataFrame(
        {
            "area_code": codes,
            "severity_score": to_numbers(
                table["crime_severity_score"],
                where=f"{where}, crime_severity_score",
                blanks=(NOT_PUBLISHED,),
            ),
            "is_predecessor": codes.duplicated(keep=False),
        }
    )
    return validated(tidy, _SCORES, where)


def read_cambridge_harm_index(path: Path) -> pd.DataFrame:
    """Cambridge Crime Harm Index, from the user's own copy; see ``CAMBRIDGE_LICENCE``.

    Days of custody at the starting point of the sentencing guideline for a first offence;
    fines and community orders are turned into days. Its authors weigh reported offences
    only: detections by the police's own work and historic reports are to be left out.
    Editions differ (burglary since May 2023), so a score should name its own.

    Parameters
    ----------
    path : Path
        The values table saved as CSV, with ``ATHENA URN`` and ``CCHI Score``.

    Returns
    -------
    DataFrame, one row an offence
        ``offence_id``, ``description``, ``offence_code``, ``offence_subgroup``,
        ``harm_days``, ``is_notifiable``, ``has_own_guideline`` (false where a similar
        offence's guideline was used); ``attrs["licence"]`` holds the licence note.

    Raises
    ------
    DataContractError
        If a score is no number above nought or an offence occurs twice.
    """
    names = {
        "ATHENA URN": "offence_id",
        "FULL_OFFENCE_TITLE": "description",
        "CLASSIFICATION_CODE": "offence_code",
        "SUB_GROUP": "offence_subgroup",
        "CCHI Score": "harm_days",
        "NOTIFIABLE": "is_notifiable",
        "Sentencing data from actual offence available:": "has_own_guideline",
    }
    tidy = _renamed(path, names)
    tidy["harm_days"] = to_numbers(tidy["harm_days"], where=f"{path.name}, CCHI Score")
    tidy["is_notifiable"] = tidy["is_notifiable"].str.casefold() == "notifiable"
    tidy["has_own_guideline"] = tidy["has_own_guideline"].str.casefold().str.startswith("yes")
    tidy = validated(tidy, _CAMBRIDGE, path.name)
    tidy.attrs["licence"] = CAMBRIDGE_LICENCE
    return tidy


def _renamed(path: Path, names: dict[str, str]) -> pd.DataFrame:
    table = read_text_table(path)
    require_columns(table, list(names), where=path.name)
    tidy = table[list(names)].rename(columns=names)
    return tidy.apply(lambda column: column.str.strip())
