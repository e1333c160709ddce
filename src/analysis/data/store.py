"""The one door from the registry to the readers: a source by its id, as a tidy table.

A reader knows a layout, not an edition. What belongs to the edition (who a crime is
credited to, on which offence list, published when) is added here from the registry, so
that vintage and basis travel with every row.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.data.fetch import locate
from analysis.data.sources import Source, load_registry, reader_of
from analysis.errors import SourceError


def load_source(
    source_id: str, *, mirror: Path | str | None = None, **reader_options: str
) -> pd.DataFrame:
    """A published source, read, validated and marked with its edition.

    Parameters
    ----------
    source_id : str
        Id in ``data/sources.yml``.
    mirror : Path, optional
        Folder of published files; default ``CSP_MIRROR``, else only cache and download.
    **reader_options : str
        What to ask the reader for in place of the registry's ``reader_options``, such as
        ``sheet="victims_by_age"``.

    Returns
    -------
    DataFrame
        The reader's table, the files of the source one below the other, with ``published``
        (``YYYY-MM``, or ``YYYY``) and, where the source declares them, ``basis`` and
        ``offence_list``. A column of these that the reader gives row by row is kept.
        ``attrs["source_id"]`` is the id, beside what the reader put there.

    Raises
    ------
    UsageError
        If there is no such source, or the mirror is no folder.
    SourceError
        If a file is not to be had, or is not what the registry says: with its landing page
        and how to load it.
    DataContractError
        If a file breaks its reader's contract.
    """
    source = load_registry().source(source_id)
    read = reader_of(source)
    options = source.reader_options | reader_options
    tables = [
        _table(source, read(locate(source, file, mirror=mirror), **options))
        for file in source.files
    ]
    return _with_edition(source, pd.concat(tables, ignore_index=True))


def _table(source: Source, result: object) -> pd.DataFrame:
    if not isinstance(result, pd.DataFrame):
        message = f"{source.id}: {source.reader} returned no table. Correct the reader."
        raise SourceError(message)
    return result


def _with_edition(source: Source, table: pd.DataFrame) -> pd.DataFrame:
    edition = {
        "basis": source.basis,
        "offence_list": source.offence_list,
        "published": source.published,
    }
    for column, value in edition.items():
        if value != "none" and column not in table.columns:
            table[column] = value
    table.attrs |= {"source_id": source.id}
    return table
