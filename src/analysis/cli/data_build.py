"""``csp data build``: compile the embedded figures from the published files."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option("--mirror", type=click.Path(), help="Folder that holds published files.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the data package; default the figures of the project.",
)
def build(mirror: str | None, out: Path | None) -> None:
    """Compile the figures from the published files, all tables or none."""
    from analysis.data.build import build_figures

    package = build_figures(out, mirror=mirror, tell=lambda line: click.echo(line, err=True))
    click.echo(package)
