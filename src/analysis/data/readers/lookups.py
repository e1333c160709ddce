"""Which small area lies in which larger one: the ONS's best-fit look-ups.

LSOAs of 2011 and 2021 are joined by code, never by name. A row of the 2011-2021 table is
``unchanged``, ``split`` (one 2011 area, several of 2021), ``merged`` (the reverse) or
``fragmented``; a count for a split area cannot be told apart without a weight, so sums
should go from 2021 to 2011 where areas split and from 2011 to 2021 where they merged.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd
import pandera.pandas as pa

from analysis.data.contract import validated
from analysis.data.tabular import read_text_table, require_columns

CHANGES: Final = {"U": "unchanged", "S": "split", "M": "merged", "X": "fragmented"}

_LSOA = pa.Column(str, pa.Check.str_matches(r"^[EW]01\d{6}$", error="is no LSOA code"))
_DISTRICT = pa.Column(
    str, pa.Check.str_matches(r"^[EW]0[6-9]\d{6}$", error="is no council code")
)
_WARD = pa.Column(str, pa.Check.str_matches(r"^[EW]05\d{6}$", error="is no ward code"))
_CSP = pa.Column(str, pa.Check.str_matches(r"^(E22|W14)\d{6}$", error="is no partnership code"))
_FORCE = pa.Column(str, pa.Check.str_matches(r"^(E23|W15)\d{6}$", error="is no force code"))
_NAME = pa.Column(str, pa.Check.str_length(min_value=1, error="is blank"))


def read_lsoa11_lsoa21(path: Path) -> pd.DataFrame:
    """LSOAs of 2011 to those of 2021 and their council of 2022, England and Wales.

    Returns
    -------
    DataFrame, one row a pair of LSOAs
        ``lsoa11_code``, ``lsoa11_name``, ``change_code`` (``U``, ``S``, ``M``, ``X``),
        ``lsoa21_code``, ``lsoa21_name``, ``area_code`` and ``area_name`` of the council.

    Raises
    ------
    DataContractError
        If a code has the wrong form, a change is not known, or a pair occurs twice.
    """
    columns = {
        "lsoa11_code": _LSOA,
        "lsoa11_name": _NAME,
        "change_code": pa.Column(str, pa.Check.isin(list(CHANGES), error="is no change code")),
        "lsoa21_code": _LSOA,
        "lsoa21_name": _NAME,
        "ltla22_code": _DISTRICT,
        "ltla22_name": _NAME,
    }
    return _read(path, columns, ["lsoa11_code", "lsoa21_code"], "ltla22")


def read_lsoa11_borough(path: Path) -> pd.DataFrame:
    """LSOAs of 2011 to their council of 2021, England and Wales.

    Returns
    -------
    DataFrame, one row an LSOA
        ``lsoa11_code``, ``lsoa11_name``, ``area_code``, ``area_name``.

    Raises
    ------
    DataContractError
        If a code has the wrong form or an LSOA occurs twice.
    """
    columns = {
        "lsoa11_code": _LSOA,
        "lsoa11_name": _NAME,
        "ltla21_code": _DISTRICT,
        "ltla21_name": _NAME,
    }
    return _read(path, columns, ["lsoa11_code"], "ltla21")


def read_lsoa21_ward24(path: Path) -> pd.DataFrame:
    """LSOAs of 2021 to their best-fit ward and council of 2024, England and Wales.

    An LSOA that lies in two wards is given whole to one; the City of London's 25 wards
    become five in this way.

    Returns
    -------
    DataFrame, one row an LSOA
        ``lsoa21_code``, ``lsoa21_name``, ``ward24_code``, ``ward24_name``, ``area_code``,
        ``area_name``.

    Raises
    ------
    DataContractError
        If a code has the wrong form or an LSOA occurs twice.
    """
    columns = {
        "lsoa21_code": _LSOA,
        "lsoa21_name": _NAME,
        "ward24_code": _WARD,
        "ward24_name": _NAME,
        "ltla24_code": _DISTRICT,
        "ltla24_name": _NAME,
    }
    return _read(path, columns, ["lsoa21_code"], "ltla24")


def read_borough_csp_force(path: Path) -> pd.DataFrame:
    """Councils of 2024 to community safety partnerships and police forces.

    A council made of several older ones still has a row for each of their partnerships
    (Bournemouth, Christchurch and Poole has three); each London borough has exactly one.

    Returns
    -------
    DataFrame, one row a council and partnership
        ``area_code``, ``area_name``, ``csp24_code``, ``csp24_name``, ``pfa24_code``,
        ``pfa24_name``.

    Raises
    ------
    DataContractError
        If a code has the wrong form or a pair occurs twice.
    """
    columns = {
        "ltla24_code": _DISTRICT,
        "ltla24_name": _NAME,
        "csp24_code": _CSP,
        "csp24_name": _NAME,
        "pfa24_code": _FORCE,
        "pfa24_name": _NAME,
    }
    return _read(path, columns, ["area_code", "csp24_code"], "ltla24")


def in_london(table: pd.DataFrame, column: str = "area_code") -> pd.DataFrame:
    """Rows of London's 33 councils, told by their code.

    Parameters
    ----------
    table : DataFrame
        Any table with a column of council codes.
    column : str
        That column.

    Returns
    -------
    DataFrame
        The rows whose code begins with ``E09``, numbered anew.

    Examples
    --------
    >>> councils = pd.DataFrame({"area_code": ["E06000001", "E09000015"]})
    >>> in_london(councils)
       area_code
    0  E09000015
    """
    return table[table[column].str.startswith("E09")].reset_index(drop=True)


def _read(
    path: Path, columns: dict[str, pa.Column], key: list[str], council: str
) -> pd.DataFrame:
    table = read_text_table(path)
    require_columns(table, list(columns), where=path.name)
    renamed = {f"{council}_code": "area_code", f"{council}_name": "area_name"}
    table = table[list(columns)].rename(columns=renamed)
    schema = pa.DataFrameSchema(
        {renamed.get(name, name): column for name, column in columns.items()},
        strict=True,
        unique=key,
    )
    return validated(table, schema, path.name)
