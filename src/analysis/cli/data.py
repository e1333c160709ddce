"""``csp data``: which published files are known, here, whole, and how to get them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from analysis.cli.data_build import build
from analysis.cli.data_partner import check_partner
from analysis.data.fetch import (
    cached_path,
    fetch,
    in_cache,
    in_mirror,
    mirror_folder,
    sha256_of,
)
from analysis.data.sources import Registry, Source, load_registry
from analysis.data.store import load_source
from analysis.errors import AnalysisError, SourceError, UsageError
from analysis.project import project_root

DATAPACKAGE_PATH = "data/figures/datapackage.json"


@click.group()
def data() -> None:
    """Published sources: what is held, fetch it, check it."""


data.add_command(build)
data.add_command(check_partner)


@data.command()
@click.option("--mirror", type=click.Path(), help="Folder that holds published files.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a source.")
def status(mirror: str | None, as_json: bool) -> None:
    """Show each source: embedded in the figures, cached, in the mirror, period, edition."""
    registry = load_registry()
    states = _states(registry, mirror_folder(mirror))
    if as_json:
        click.echo(json.dumps(states, indent=2, ensure_ascii=False))
        return
    click.echo(_status_table(states))


@data.command(name="fetch")
@click.argument("ids", nargs=-1)
@click.option("--mirror", type=click.Path(), help="Folder to take the files from.")
@click.option("--all", "every", is_flag=True, help="Every source of the registry.")
def fetch_command(ids: tuple[str, ...], mirror: str | None, every: bool) -> None:
    """Bring the files of sources into the cache, from a mirror or their address."""
    chosen = _chosen(load_registry(), ids, every)
    folder = mirror_folder(mirror)
    counts = {"already cached": 0, "fetched": 0, "failed": 0, "left to the user": 0}
    for source in chosen:
        for outcome, number in _fetch_source(source, folder, ids).items():
            counts[outcome] += number
    _tell(", ".join(f"{number} {what}" for what, number in counts.items()) + ".")
    if counts["failed"]:
        total = sum(counts.values())
        message = (
            f"{counts['failed']} of {total} files could not be had; the others are in the "
            "cache. What to do about each is said above."
        )
        raise SourceError(message)


@data.command()
@click.option("--mirror", type=click.Path(), help="Folder that holds published files.")
def check(mirror: str | None) -> None:
    """Check the cache, every loaded source against its reader, and the figures."""
    registry = load_registry()
    folder = mirror_folder(mirror)
    failures = 0
    for source in registry.sources:
        state, detail = _checked(source, folder)
        click.echo("\t".join(filter(None, (source.id, state, detail))))
        failures += state == "FAILED"
    state, detail = _attempt(check_figures)
    click.echo("\t".join(filter(None, ("data/figures", state, detail))))
    failures += state == "FAILED"
    if failures:
        message = f"{failures} of {len(registry.sources) + 1} checks failed (listed above)."
        raise SourceError(message)


def check_figures() -> str:
    """Compare the embedded figures with their recorded checksums; a word on the outcome."""
    from analysis.data import figures

    return f"{len(figures.check_figures())} tables as compiled"


def _states(registry: Registry, mirror: Path | None) -> list[dict[str, Any]]:
    embedded = _embedded_ids()
    return [
        {
            "id": source.id,
            "title": source.title,
            "publisher": source.publisher,
            "period_from": source.period.first,
            "period_to": source.period.last,
            "published": source.published,
            "basis": source.basis,
            "offence_list": source.offence_list,
            "is_user_file": source.is_user_file,
            "files": len(source.files),
            "cached": sum(map(in_cache, source.files)),
            "in_mirror": (
                None
                if mirror is None
                else sum(in_mirror(file, mirror) is not None for file in source.files)
            ),
            "is_embedded": source.id in embedded,
            "landing_page": source.landing_page,
        }
        for source in registry.sources
    ]


def _embedded_ids() -> set[str]:
    package = project_root() / DATAPACKAGE_PATH
    if not package.is_file():
        return set()
    described = json.loads(package.read_text(encoding="utf-8"))
    parts = [described, *described.get("resources", [])]
    return {
        str(source.get("id", source.get("name")))
        for part in parts
        for source in part.get("sources", [])
    }


def _status_table(states: list[dict[str, Any]]) -> str:
    header = ("source", "embedded", "cached", "in mirror", "period", "published")
    rows = [
        (
            state["id"],
            "yes" if state["is_embedded"] else "no",
            f"{state['cached']}/{state['files']}",
            "no mirror"
            if state["in_mirror"] is None
            else f"{state['in_mirror']}/{state['files']}",
            f"{state['period_from']} to {state['period_to']}",
            state["published"],
        )
        for state in states
    ]
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in (header, *rows)
    ]
    return "\n".join(line.rstrip() for line in lines)


def _chosen(registry: Registry, ids: tuple[str, ...], every: bool) -> list[Source]:
    if bool(ids) == every:
        message = "name the sources to fetch, or give --all. 'csp data status' lists them."
        raise UsageError(message)
    # All looked up before the first is fetched: a misspelt name must not cost a download.
    return registry.sources if every else [registry.source(name) for name in ids]


def _fetch_source(source: Source, mirror: Path | None, named: Iterable[str]) -> dict[str, int]:
    counts = {"already cached": 0, "fetched": 0, "failed": 0, "left to the user": 0}
    for number, file in enumerate(source.files, start=1):
        place = f"{source.id} {number}/{len(source.files)}"
        if in_cache(file):
            counts["already cached"] += 1
            continue
        # A file that is the user's to bring is no failure of --all.
        if source.is_user_file and source.id not in named and not in_mirror(file, mirror):
            counts["left to the user"] += 1
            _tell(f"{place}: left out, a file of your own ({source.landing_page})")
            continue
        try:
            fetch(source, file, mirror=mirror)
        except SourceError as error:
            counts["failed"] += 1
            _tell(f"{place}: FAILED. {error}")
        else:
            counts["fetched"] += 1
            _tell(f"{place}: {file.path}")
    return counts


def _checked(source: Source, mirror: Path | None) -> tuple[str, str]:
    for file in source.files:
        path = cached_path(file)
        if path.is_file() and not in_cache(file):
            return "FAILED", (
                f"{file.path} in the cache is altered: expected sha256 {file.sha256}, found "
                f"{sha256_of(path)}. Run 'csp data fetch {source.id}'."
            )
    here = sum(in_cache(file) or in_mirror(file, mirror) is not None for file in source.files)
    if source.reader is None:
        return "never read", "kept for reference"
    if here < len(source.files):
        return "not loaded", f"{here} of {len(source.files)} files here"

    def read() -> str:
        return f"{len(load_source(source.id, mirror=mirror)):,} rows"

    return _attempt(read)


def _attempt(work: Callable[[], str]) -> tuple[str, str]:
    try:
        return "ok", work()
    except AnalysisError as error:
        return "FAILED", str(error)


def _tell(line: str) -> None:
    click.echo(line, err=True)
