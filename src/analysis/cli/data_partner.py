"""``csp data check-partner``: the partnership's own tables, checked before a report is."""

from __future__ import annotations

import click

from analysis.data.partner import (
    RECORDS,
    TEMPLATES,
    load_partner_table,
    partner_path,
    partner_tables,
)
from analysis.errors import AnalysisError, DataContractError
from analysis.params.areas import area_name, borough_codes
from analysis.params.fields import report_borough
from analysis.project import project_root


@click.command("check-partner")
@click.option("--borough", multiple=True, help="Name or code; default every borough with one.")
def check_partner(borough: tuple[str, ...]) -> None:
    """Check the records in data/partner against their templates; no row is ever shown."""
    codes = [report_borough(name) for name in borough] or borough_codes()
    strays = _strays()
    lines = [line for code in codes for line in _lines(code, always=bool(borough))]
    for line in [*lines, *strays]:
        click.echo("\t".join(line))
    if not lines and not strays:
        click.echo(f"No partner records: {RECORDS}/ is empty. See {TEMPLATES}/README.md.")
    failed = [line for line in [*lines, *strays] if line[2] == "FAILED"]
    if failed:
        message = f"{len(failed)} partner table(s) would be refused (listed above)."
        raise DataContractError(message)


def _lines(code: str, *, always: bool) -> list[tuple[str, str, str, str]]:
    names = [name for name in partner_tables() if always or partner_path(name, code).is_file()]
    return [(area_name(code), name, *_state(name, code)) for name in names]


def _state(name: str, code: str) -> tuple[str, str]:
    try:
        table = load_partner_table(name, code)
    except AnalysisError as error:
        return "FAILED", str(error)
    return ("not loaded", "") if table is None else ("ok", f"{len(table):,} rows")


def _strays() -> list[tuple[str, str, str, str]]:
    """Files that no report would read: a misspelt name must not pass for not loaded."""
    folder = project_root() / RECORDS
    known = {partner_path(name, code) for name in partner_tables() for code in borough_codes()}
    found = sorted(path for path in folder.rglob("*") if path.is_file() and path not in known)
    why = f"no template of this name and borough: see {TEMPLATES}/README.md"
    return [
        (path.relative_to(folder).as_posix(), "", "FAILED", why)
        for path in found
        if not path.name.startswith(".")
    ]
