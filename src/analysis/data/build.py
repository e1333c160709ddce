"""The embedded figures, compiled anew from the published files of the registry.

What is needed is looked for before anything is compiled, so that a missing file is told at
once, with all the others that are missing; and nothing is written before every table is
made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from analysis.data.compile import TableSpec, compile_tables
from analysis.data.fetch import in_cache, in_mirror, mirror_folder
from analysis.data.figures import figures_folder
from analysis.data.sources import describe_source, load_registry
from analysis.data.store import load_source
from analysis.data.tables import TABLES
from analysis.errors import SourceError


def build_figures(
    folder: Path | None = None,
    *,
    mirror: Path | str | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> Path:
    """Compile every table of the figures, all or nothing.

    Parameters
    ----------
    folder : Path, optional
        Where the data package goes; default the figures of the project.
    mirror : Path, optional
        Folder of published files; default ``CSP_MIRROR``, else cache and download.
    tell : callable
        Told a line as each table is done.

    Returns
    -------
    Path
        The package that describes the tables, ``datapackage.json``.

    Raises
    ------
    SourceError
        If a published file is neither here nor to be fetched: names every such source.
    DataContractError
        If a file or a table breaks its contract.
    """
    require_sources(TABLES, mirror=mirror)
    written = compile_tables(
        TABLES,
        partial(load_source, mirror=mirror),
        describe_source,
        folder if folder is not None else figures_folder(),
        tell=tell,
    )
    return written[-1]


def require_sources(specs: Iterable[TableSpec], *, mirror: Path | str | None = None) -> None:
    """Refuse to begin while a published file is neither here nor to be fetched.

    Raises
    ------
    SourceError
        Naming every source that cannot be had, and how to load it.
    """
    folder = mirror_folder(mirror)
    needed = dict.fromkeys(each for spec in specs for each in spec.source_ids)
    registry = load_registry()
    missing = [
        source_id
        for source_id in needed
        if not all(
            file.download_url or in_cache(file) or in_mirror(file, folder)
            for file in registry.source(source_id).files
        )
    ]
    if missing:
        message = (
            f"{len(missing)} of the {len(needed)} sources of the figures are not loaded: "
            f"{', '.join(missing)}. Name a folder that holds the published files with "
            "--mirror, or load them as 'csp data fetch' says. Nothing was changed."
        )
        raise SourceError(message)
