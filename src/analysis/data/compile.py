"""Published files compiled into the project's own tables, the same bytes every time.

One ``TableSpec`` a table says what it holds, from which sources, and how it is made. The
tables are numbers that this project computed from the published files (mapped to offence
groups, cut to London, pieced together by year); no published file is kept as it came.
"""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.data.figures import PACKAGE_FILE
from analysis.errors import DataContractError

MAX_PACKAGE_BYTES = 8 * 1024 * 1024
# The figures travel with every copy of the project and must stay small enough to diff.

Load = Callable[..., pd.DataFrame]
# A source by its id; the sheet too, where a file stacks several.


@dataclass(frozen=True)
class Field:
    """A column: its type in the data package, and what it holds, with its unit."""

    type: str
    description: str


@dataclass(frozen=True)
class TableSpec:
    """A table of the figures and how it is compiled.

    ``fields`` describes the named columns; a column that is a month (``2010-04``) holds
    ``month_unit``. ``build`` is given a function that loads a source by its id.
    """

    name: str
    title: str
    source_ids: tuple[str, ...]
    fields: dict[str, Field]
    primary_key: tuple[str, ...]
    build: Callable[[Load], pd.DataFrame]
    month_unit: str = "offences recorded in the month"


def months_across(table: pd.DataFrame, keys: list[str], value: str) -> pd.DataFrame:
    """One row a key, a column a month, sorted: the form long tables are stored in.

    Examples
    --------
    >>> tidy = pd.DataFrame(
    ...     {"area": "a", "month": pd.to_datetime(["2010-05-01", "2010-04-01"]), "n": [2, 1]}
    ... )
    >>> months_across(tidy, ["area"], "n")
      area  2010-04  2010-05
    0    a        1        2
    """
    wide = table.set_index([*keys, "month"])[value].unstack("month").sort_index()
    wide.columns = [f"{month:%Y-%m}" for month in wide.columns]
    return wide.reset_index()


def require_sum(compiled: pd.Series, published: pd.Series, *, where: str) -> None:
    """Refuse a table whose counts do not add up to those it was compiled from.

    Parameters
    ----------
    compiled, published : Series of counts
        Missing values count for nothing in either.
    where : str
        Source, for the error.

    Raises
    ------
    DataContractError

    Examples
    --------
    >>> require_sum(pd.Series([3, 4]), pd.Series([5, 2]), where="example")
    """
    made, given = int(compiled.sum()), int(published.sum())
    if made != given:
        message = (
            f"{where}: the compiled table adds up to {made:,}, the published file to "
            f"{given:,}. A category, area or month was lost or doubled in compiling."
        )
        raise DataContractError(message)


def compile_tables(
    specs: Iterable[TableSpec],
    load: Load,
    describe_source: Callable[[str], dict[str, str]],
    folder: Path,
    *,
    tell: Callable[[str], None] = lambda line: None,
) -> list[Path]:
    """Build every table and the package that describes them, all or nothing.

    Parameters
    ----------
    specs : iterable of TableSpec
    load : callable
        Loads a source by its id.
    describe_source : callable
        Gives a source's ``title``, ``path`` (its address) and the rest of its credit.
    folder : Path
        Where the package goes; replaced file by file once all tables are made.
    tell : callable
        Told a line as each table is done.

    Returns
    -------
    list of Path
        Files written, ``datapackage.json`` last.

    Raises
    ------
    DataContractError
        If a table breaks its description, or all together are over ``MAX_PACKAGE_BYTES``.
    """
    made: dict[str, bytes] = {}
    resources = []
    for spec in specs:
        table = _checked(spec, spec.build(load))
        content = _csv_bytes(table)
        made[f"{spec.name}.csv"] = content
        resources.append(_resource(spec, table, content, describe_source))
        tell(f"{spec.name}: {len(table):,} rows, {len(content):,} bytes")
    made[PACKAGE_FILE] = _package_bytes(resources)
    size = sum(map(len, made.values()))
    if size > MAX_PACKAGE_BYTES:
        message = f"figures: {size:,} bytes together, over the limit of {MAX_PACKAGE_BYTES:,}."
        raise DataContractError(message)
    return _write_all(folder, made)


def _checked(spec: TableSpec, table: pd.DataFrame) -> pd.DataFrame:
    unknown = [c for c in table.columns if c not in spec.fields and not c[:1].isdigit()]
    missing = [c for c in spec.fields if c not in table.columns]
    if unknown or missing:
        message = f"table {spec.name}: columns undescribed {unknown}, absent {missing}."
        raise DataContractError(message)
    key = list(spec.primary_key)
    if table.duplicated(key).any() or table[key].isna().any(axis=None):
        message = f"table {spec.name}: key {key} is not unique and complete."
        raise DataContractError(message)
    return table.sort_values(key, ignore_index=True)


def _csv_bytes(table: pd.DataFrame) -> bytes:
    text = io.StringIO()
    table.to_csv(text, index=False, lineterminator="\n", float_format="%.10g")
    return text.getvalue().encode()


def _resource(
    spec: TableSpec,
    table: pd.DataFrame,
    content: bytes,
    describe_source: Callable[[str], dict[str, str]],
) -> dict[str, Any]:
    month = Field("integer", spec.month_unit)
    fields = [(name, spec.fields.get(name, month)) for name in table.columns]
    return {
        "profile": "tabular-data-resource",
        "name": spec.name,
        "title": spec.title,
        "path": f"{spec.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "sources": [describe_source(source_id) for source_id in spec.source_ids],
        "schema": {
            "fields": [
                {"name": name, "type": field.type, "description": field.description}
                for name, field in fields
            ],
            "missingValues": [""],
            "primaryKey": list(spec.primary_key),
        },
    }


def _package_bytes(resources: list[dict[str, Any]]) -> bytes:
    package = {
        "profile": "tabular-data-package",
        "name": "safer-boroughs-figures",
        "title": "Figures of Safer Boroughs, compiled from published files",
        "licenses": [
            {
                "name": "OGL-UK-3.0",
                "title": "Open Government Licence v3.0",
                "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
            }
        ],
        "resources": resources,
    }
    return (json.dumps(package, indent=1, ensure_ascii=False) + "\n").encode()


def _write_all(folder: Path, made: dict[str, bytes]) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    # Every byte is on the disk before the first file is replaced: a full disk loses nothing.
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as beside:
        for name, content in made.items():
            (Path(beside) / name).write_bytes(content)
        written = [(Path(beside) / name).replace(folder / name) for name in made]
    for stale in set(folder.glob("*.csv")) - set(written):
        stale.unlink()
    return written
