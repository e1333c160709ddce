"""Published files too big to travel with the project, read where an analyst has them.

Street-level points, wards, LSOAs by month and boundaries make a report finer, and no report
needs them. They are taken from the cache or the mirror and never downloaded on the way: a
report must come out alike whether or not the machine is on line.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.data.fetch import in_cache, in_mirror, mirror_folder
from analysis.data.sources import SourceFile, load_registry
from analysis.data.store import load_source

DETAIL_SOURCES = (
    "boundaries_boroughs_gla",
    "boundaries_lsoa_2021",
    "mps_ward_2023_2025",
    "police_uk_burglary_2018_2023",
    "police_uk_street_2016_2018",
)
# The files that a notebook may read beyond the embedded figures.


def is_held(source_id: str) -> bool:
    """Whether every file of a source lies in the cache or the mirror.

    Parameters
    ----------
    source_id : str
        Id in ``data/sources.yml``.

    Raises
    ------
    UsageError
        If there is no such source, or the mirror named is no folder.
    """
    source, mirror = load_registry().source(source_id), mirror_folder()
    return all(_lies_here(file, mirror) for file in source.files)


def load_detail(source_id: str, **reader_options: str) -> pd.DataFrame | None:
    """A source as ``load_source`` gives it, or None where it is not held.

    Raises
    ------
    UsageError, DataContractError
        As ``load_source``.
    """
    return load_source(source_id, **reader_options) if is_held(source_id) else None


def held_sources() -> list[str]:
    """Which of ``DETAIL_SOURCES`` are held, in their order: part of what a report is made of.

    Their files are known by checksum, so that the names say all.
    """
    return [source_id for source_id in DETAIL_SOURCES if is_held(source_id)]


def _lies_here(file: SourceFile, mirror: Path | None) -> bool:
    # A cached file may be read only if nothing has altered it, which the reader checks too.
    return in_cache(file) or in_mirror(file, mirror) is not None
