"""The figures embedded in the project: read, and checked to be as they were compiled.

``data/figures/`` is a Frictionless data package of the project's own tables, compiled from
published files by ``csp data build``. Each table's sha256 stands in ``datapackage.json``, so
that a table edited by hand is refused instead of believed.
"""

from __future__ import annotations

import hashlib
import io
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.data.months import MONTH_DTYPE, month_columns
from analysis.errors import DataContractError, SourceError, did_you_mean
from analysis.project import project_root

PACKAGE_FILE = "datapackage.json"


def figures_folder() -> Path:
    """Folder of the embedded figures."""
    return project_root() / "data/figures"


def load_package() -> dict[str, Any]:
    """The description of every table: types, units, sources, licence, sha256.

    Raises
    ------
    SourceError
        If the figures are not there.
    """
    path = figures_folder() / PACKAGE_FILE
    if not path.is_file():
        message = (
            f"{path.parent}: no figures here. Restore them from the repository, or compile "
            "them with 'csp data build --mirror DIR'."
        )
        raise SourceError(message)
    package: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return package


def list_tables() -> list[str]:
    """Names of the embedded tables.

    Examples
    --------
    >>> "population" in list_tables()
    True
    """
    return [resource["name"] for resource in load_package()["resources"]]


def describe_table(name: str) -> dict[str, Any]:
    """A table's entry in the data package.

    Raises
    ------
    DataContractError
        If there is no such table.
    """
    for resource in load_package()["resources"]:
        if resource["name"] == name:
            entry: dict[str, Any] = resource
            return entry
    message = f"no table '{name}' among the figures.{did_you_mean(name, list_tables())}"
    raise DataContractError(message)


def table_sources(name: str) -> tuple[str, list[str]]:
    """Publishers and titles of what a table was compiled from, and when each was published.

    Examples
    --------
    >>> table_sources("annual_offences")
    ('Metropolitan Police Service, Recorded crime: borough rates, 1999/00 to 2016/17',
    ['2017-02'])
    """
    sources = describe_table(name)["sources"]
    told = "; ".join(f"{source['publisher']}, {source['title']}" for source in sources)
    return told, [str(source["published"]) for source in sources]


def read_table(name: str) -> pd.DataFrame:
    """One embedded table, as stored, its columns typed by the data package.

    Parameters
    ----------
    name : str
        As ``list_tables`` gives it.

    Returns
    -------
    DataFrame
        Columns as the data package describes them; months stay across where they are stored
        so. A copy, free to change.

    Raises
    ------
    DataContractError
        If the file is not the one that was compiled.
    """
    return _read_verified(figures_folder(), name).copy()


def read_monthly_table(name: str, value_name: str = "offence_count") -> pd.DataFrame:
    """An embedded table whose months run across, as one row a month.

    Parameters
    ----------
    name : str
        A table stored with a column a month.
    value_name : str
        Name of the counts.

    Returns
    -------
    DataFrame
        The table's key columns, ``month`` and ``value_name`` (Int64); blanks are missing.
    """
    table = _read_verified(figures_folder(), name)
    months = month_columns(table.columns)
    keys = [column for column in table.columns if column not in months]
    tidy = table.melt(
        keys, list(months), var_name="month", value_name=value_name, ignore_index=False
    )
    tidy["month"] = tidy["month"].map(months).astype(MONTH_DTYPE)
    return tidy.sort_index(kind="stable", ignore_index=True)


def check_figures() -> list[str]:
    """Re-read and re-hash every table.

    Returns
    -------
    list of str
        One line a table: its name, rows and bytes.

    Raises
    ------
    DataContractError
        At the first table that is not as compiled.
    """
    lines = []
    for resource in load_package()["resources"]:
        table = read_table(resource["name"])
        lines.append(f"{resource['name']}: {len(table):,} rows, {resource['bytes']:,} bytes")
    return lines


@lru_cache(maxsize=64)
def _read_verified(folder: Path, name: str) -> pd.DataFrame:
    entry = describe_table(name)
    path = folder / entry["path"]
    if not path.is_file():
        message = f"data/figures/{entry['path']}: missing. Restore it from the repository."
        raise SourceError(message)
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if f"sha256:{found}" != entry["hash"]:
        message = (
            f"data/figures/{entry['path']}: not the file that was compiled (its sha256 is "
            f"{found[:12]}..., {PACKAGE_FILE} says {entry['hash'][7:19]}...). Figures are not "
            "edited by hand: restore the file, or run 'csp data build --mirror DIR'."
        )
        raise DataContractError(message)
    return _typed(content, entry["schema"]["fields"])


def _typed(content: bytes, fields: list[dict[str, Any]]) -> pd.DataFrame:
    dtypes = {"integer": "Int64", "number": "Float64", "boolean": "boolean"}
    types = {field["name"]: dtypes.get(field["type"], "str") for field in fields}
    table = pd.read_csv(io.BytesIO(content), dtype=types, keep_default_na=False, na_values=[""])
    for field in fields:
        if field["type"] == "date":
            table[field["name"]] = pd.to_datetime(table[field["name"]])
    return table
