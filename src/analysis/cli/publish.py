"""The command that makes a folder of reports ready for others: looked through, and as PDF."""

from __future__ import annotations

import shlex
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.cli.selection import (
    folder_of,
    selection_of,
    shown_path,
    takes_out,
    takes_selectors,
    tell,
    wanted_rows,
)
from analysis.errors import InterruptedRunError, ReportError, UsageError

if TYPE_CHECKING:
    from analysis.publish.ledger import ReportRow

_MOST_TOLD = 5


@click.command("publish")
@takes_selectors
@takes_out
@click.option("--pdf", "as_pdf", is_flag=True, help="Print each report as PDF beside it.")
@click.option(
    "--browser",
    default="",
    metavar="PATH",
    help="Chromium, Chrome or Edge to print with; found by itself unless given.",
)
def publish_command(out: Path | None, as_pdf: bool, browser: str, **selectors: Any) -> None:
    """Look through the reports that are there, and print them as PDF if asked.

    The folder is a web site as it is: it can be copied to any web server, or opened from
    disk. Reports that failed or were altered since they were built are named and left out.
    """
    from analysis.publish.site import write_site

    folder = folder_of(out)
    rows, faults = _looked_through(folder, selection_of(**selectors))
    printed: list[Path] = []
    if as_pdf:
        printed, failures = _print_all(rows, folder, browser)
        faults += failures
    index = write_site(folder)
    faults += _broken(folder)
    _tell_of(rows, folder)
    files = [*printed, *sorted(folder.glob("*.zip")), index]
    click.echo(" ".join(shlex.quote(shown_path(path)) for path in files))
    if faults:
        raise ReportError("\n".join(faults))


def _looked_through(folder: Path, selection: Any) -> tuple[list[ReportRow], list[str]]:
    """Reports that can be given to others, and a sentence for each that cannot."""
    from analysis.publish.ledger import latest_reports
    from analysis.publish.plan import changed_file

    is_wanted = wanted_rows(selection)
    rows = [row for row in latest_reports(folder).values() if is_wanted(row)]
    if not rows:
        message = f"{shown_path(folder)}: no report to publish. Build some with: csp run"
        raise UsageError(message)
    ready, faults = [], []
    for row in rows:
        changed = changed_file(row, folder) if row.status == "done" else None
        if row.status != "done":
            faults.append(
                f"{_name(row)}: failed when it was last run; 'csp resume' tries again."
            )
        elif changed:
            name, state = changed
            faults.append(f"{_name(row)}: {name} is {state}; 'csp run' builds it again.")
        else:
            ready.append(row)
    return ready, faults


def _print_all(
    rows: Sequence[ReportRow], folder: Path, named: str
) -> tuple[list[Path], list[str]]:
    """The PDFs that are there in the end, and a sentence for each that is not."""
    from analysis.publish.pdf import find_browser, is_printed_from, print_page

    browser = find_browser(named)
    needed = [
        row for row in rows if not is_printed_from(_place(row, folder), row.output_sha256)
    ]
    failures = {}
    if needed:
        tell(f"Printing {len(needed)} of {len(rows)} reports with {browser}.")
    else:
        tell(f"Nothing to print: {len(rows)} of {len(rows)} PDFs are up to date.")
    for place, row in enumerate(needed, 1):
        count, begun = f"[{place}/{len(needed)}]", time.monotonic()
        pdf = _place(row, folder)
        try:
            print_page(pdf.with_suffix(".html"), pdf, browser)
        except ReportError as error:
            failures[row.name] = str(error)
            tell(f"{count} FAILED: {error}")
        except KeyboardInterrupt:
            message = (
                f"stopped after {place - 1} of {len(needed)} PDFs; they are kept. The same "
                "command prints the rest."
            )
            raise InterruptedRunError(message) from None
        else:
            tell(f"{count} {_name(row)} {time.monotonic() - begun:.1f} s")
    printed = [_place(row, folder) for row in rows if row.name not in failures]
    return printed, list(failures.values())


def _broken(folder: Path) -> list[str]:
    from analysis.publish.links import broken_links

    broken = broken_links(folder)
    if not broken:
        return []
    more = f" and {len(broken) - _MOST_TOLD} more" if len(broken) > _MOST_TOLD else ""
    told = "; ".join(broken[:_MOST_TOLD])
    return [
        f"{shown_path(folder)}: links that lead nowhere: {told}{more}. "
        "'csp run' writes the pages again."
    ]


def _tell_of(rows: Sequence[ReportRow], folder: Path) -> None:
    from analysis.publish.pdf import is_printed_from
    from analysis.wording import in_figures

    pdfs = sum(is_printed_from(_place(row, folder), row.output_sha256) for row in rows)
    boroughs = len({row.area_code for row in rows})
    tell(
        f"{shown_path(folder)} holds {in_figures(len(rows), 'report')} of "
        f"{in_figures(boroughs, 'borough')} as built, {in_figures(pdfs, 'PDF')} of them up to "
        "date."
    )
    tell(
        "It can be put on any web server as it is, or opened from disk: begin at index.html. "
        "Readers need the .html, .pdf, .csv and .zip files; the notebooks (.ipynb) and the "
        "ledger are for analysts."
    )


def _place(row: ReportRow, folder: Path) -> Path:
    return folder / row.area_code / f"{row.notebook}.pdf"


def _name(row: ReportRow) -> str:
    from analysis.params.areas import area_name

    return f"{area_name(row.area_code)}: {row.notebook}"
