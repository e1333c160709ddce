"""Commands that build reports and tell about them: run, plan, resume, status, verify, open.

Data alone goes to standard output; progress and errors go to standard error. What is heavy
is imported inside the commands, so that ``csp --help`` answers at once.
"""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Sequence
from dataclasses import asdict, replace
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
from analysis.errors import ReportError, UsageError

if TYPE_CHECKING:
    from analysis.publish.ledger import ReportRow
    from analysis.publish.plan import PlannedReport, Selection
    from analysis.publish.run import RunOutcome

_MOST_JOBS = 4
# Each report takes some hundred MB: more at a time is for those who know their machine.

_JOBS = click.option(
    "--jobs", type=click.IntRange(min=1), metavar="N", help="Reports to build at a time."
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command("run")
@takes_selectors
@takes_out
@_JOBS
@click.option("--cold", is_flag=True, help="Build all, whatever the ledger says.")
def run_command(out: Path | None, jobs: int | None, cold: bool, **selectors: Any) -> None:
    """Build the reports that are not there, or not up to date."""
    _run(selection_of(**selectors), folder_of(out), jobs, is_cold=cold)


@click.command("plan")
@takes_selectors
@takes_out
@_JSON
@click.option("--cold", is_flag=True, help="As 'csp run --cold' would.")
def plan_command(out: Path | None, as_json: bool, cold: bool, **selectors: Any) -> None:
    """Tell what would run, and why."""
    planned = _planned(selection_of(**selectors), folder_of(out), is_cold=cold)
    if as_json:
        _print_json([one.as_json() for one in planned])
        return
    _print_table(
        ["borough", "notebook", "would run", "why"],
        [
            [
                one.job.area_name,
                one.job.notebook,
                "yes" if one.reason else "no",
                one.reason or "up to date",
            ]
            for one in planned
        ],
    )


@click.command("resume")
@takes_selectors
@takes_out
@_JOBS
def resume_command(out: Path | None, jobs: int | None, **selectors: Any) -> None:
    """Finish the last run: what it did not reach and what failed."""
    from analysis.publish.ledger import last_run
    from analysis.publish.plan import Selection

    folder = folder_of(out)
    selection = selection_of(**selectors)
    if selection == Selection():
        last = last_run(folder)
        if last is None:
            message = f"{shown_path(folder)}: no run to resume. Start one with: csp run"
            raise UsageError(message)
        selection = Selection.from_json(json.loads(last.selection))
    _run(selection, folder, jobs)


@click.command("status")
@takes_selectors
@takes_out
@_JSON
def status_command(out: Path | None, as_json: bool, **selectors: Any) -> None:
    """Print the ledger: what is done, what failed, what was altered since."""
    from analysis.publish.ledger import last_run, latest_reports

    folder = folder_of(out)
    is_wanted = wanted_rows(selection_of(**selectors))
    ledger = latest_reports(folder).values()
    rows = [_as_it_stands(row, folder) for row in ledger if is_wanted(row)]
    last = last_run(folder)
    if as_json:
        _print_json(
            {"run": asdict(last) if last else None, "reports": [_row_json(row) for row in rows]}
        )
        return
    if last is None:
        click.echo(f"{shown_path(folder)}: nothing has been built yet.", err=True)
        return
    click.echo(f"Last run: {last.started}, {last.outcome}.", err=True)
    _print_table(
        ["borough", "notebook", "status", "seconds", "peak MB", "finished", "warnings"],
        [_row_texts(row) for row in rows],
    )
    for row in rows:
        for line in [row.error, *row.warnings.splitlines()]:
            if line:
                click.echo(f"{row.area_code} {row.notebook}: {line}", err=True)


@click.command("verify")
@takes_selectors
@takes_out
@_JOBS
@_JSON
def verify_command(out: Path | None, jobs: int | None, as_json: bool, **selectors: Any) -> None:
    """Build reports again in a scratch folder and compare them byte for byte."""
    from analysis.publish.verify import verify_reports

    folder = folder_of(out)
    verdicts = verify_reports(
        folder, wanted_rows(selection_of(**selectors)), jobs=jobs or _usual_jobs(), tell=tell
    )
    if not verdicts:
        message = f"{shown_path(folder)}: no report to verify. Build some with: csp run"
        raise UsageError(message)
    if as_json:
        _print_json([asdict(one) for one in verdicts])
    else:
        _print_table(
            ["borough", "notebook", "verdict", "where or why"],
            [[one.area_name, one.notebook, one.verdict, one.detail] for one in verdicts],
        )
    other = [one for one in verdicts if not one.is_same]
    if other:
        message = (
            f"{len(other)} of {len(verdicts)} reports do not come out the same: "
            f"{'; '.join(f'{one.area_name} {one.notebook} ({one.verdict})' for one in other)}. "
            "'csp plan' says what changed; 'csp run' builds them again."
        )
        raise ReportError(message)


@click.command("open")
@takes_selectors
@takes_out
@click.option("--print", "only_print", is_flag=True, help="Print the path, open nothing.")
def open_command(out: Path | None, only_print: bool, **selectors: Any) -> None:
    """Open the reports in the browser: the one asked for, or the index."""
    import webbrowser

    folder = folder_of(out)
    selection = selection_of(**selectors)
    if selection.boroughs or selection.notebooks:
        path = _page([one.job.name for one in _planned(selection, folder)], folder)
    else:
        path = _page([], folder)
    if not path.is_file():
        message = f"{shown_path(path)}: not built yet. Build it with: csp run"
        raise UsageError(message)
    click.echo(shown_path(path))
    if not only_print:
        webbrowser.open(path.resolve().as_uri())


@click.command("doctor")
@_JSON
def doctor_command(as_json: bool) -> None:
    """Say what is installed, loaded and missing, and how to mend it."""
    from analysis.publish.doctor import examine

    checks = []
    for check in examine():
        checks.append(check)
        if not as_json:
            click.echo(f"{check.state:<9}{check.name}: {check.found}")
            if check.mend:
                click.echo(f"{'':<9}{check.mend}")
    if as_json:
        _print_json([asdict(check) for check in checks])
    missing = [check.name for check in checks if check.state == "missing"]
    if missing:
        message = f"reports cannot be built: {', '.join(missing)} missing or faulty."
        raise UsageError(message)


def _run(selection: Selection, out: Path, jobs: int | None, *, is_cold: bool = False) -> None:
    planned = _planned(selection, out, is_cold=is_cold)
    needed = sum(bool(one.reason) for one in planned)
    if not needed:
        tell(f"Nothing to do: {len(planned)} of {len(planned)} reports are up to date.")
        _print_page(planned, out)
        return
    # The packages that run a notebook take a second to import; not without need.
    from analysis.publish.run import run_reports

    at_a_time = min(jobs or _usual_jobs(), needed)
    outcome = run_reports(
        planned, out, jobs=at_a_time, selection=selection.as_json(), tell=tell
    )
    _print_page(planned, out, is_whole=not outcome.failures)
    if outcome.failures:
        raise ReportError(_failed(outcome, needed, out))


def _print_page(planned: Sequence[PlannedReport], out: Path, *, is_whole: bool = True) -> None:
    """The path of the page asked for, or of the index, which says what failed."""
    from analysis.publish.site import is_site_current, write_site

    index = _page([], out)
    # After a run that was killed, or a change of params/site.yml, it tells of what was.
    if not is_site_current(out):
        write_site(out)
    page = _page([one.job.name for one in planned], out)
    click.echo(shown_path(page if is_whole and page.is_file() else index))


def _failed(outcome: RunOutcome, needed: int, out: Path) -> str:
    """How many failed, what is left of them, and what can be done."""
    failed, left = len(outcome.failures), len(outcome.partials)
    told = [f"{failed} of {needed} reports failed; {outcome.built} were built."]
    if left == 1:
        told.append(f"See {shown_path(outcome.partials[0])}, the notebook as far as it came.")
    elif left:
        told.append(f"{left} left a notebook as far as it came, ending in .failed.ipynb.")
    if outcome.accidents < failed:
        told.append("Mend what is said above of each, then give the command again.")
    if outcome.accidents:
        resume = f"csp resume --out {shlex.quote(shown_path(out))}"
        told.append(f"{outcome.accidents} stopped from outside may pass again: {resume}")
    return " ".join(told)


def _planned(selection: Selection, out: Path, *, is_cold: bool = False) -> list[PlannedReport]:
    from analysis.publish.plan import plan_reports, select_jobs

    return plan_reports(select_jobs(selection), out, is_cold=is_cold)


def _as_it_stands(row: ReportRow, out: Path) -> ReportRow:
    """The ledger's row, not done any more if what it tells of is not there as written."""
    from analysis.publish.plan import changed_file

    file = changed_file(row, out) if row.status == "done" else None
    if file is None:
        return row
    name, state = file
    told = "is missing" if state == "missing" else "was altered since it was built"
    return replace(row, status=state, error=f"{name} {told}; 'csp run' builds it again.")


def _page(names: Sequence[tuple[str, str]], out: Path) -> Path:
    if len(names) == 1:
        area_code, notebook = names[0]
        return out / area_code / f"{notebook}.html"
    return out / "index.html"


def _usual_jobs() -> int:
    return min(os.cpu_count() or 1, _MOST_JOBS)


def _print_json(told: object) -> None:
    click.echo(json.dumps(told, indent=2, ensure_ascii=False))


def _print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = [list(header), *[list(row) for row in rows]]
    widths = [max(len(row[place]) for row in table) for place in range(len(header))]
    for row in table:
        cells = (text.ljust(width) for text, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def _row_json(row: ReportRow) -> dict[str, object]:
    return {**asdict(row), "parts": row.part_digests(), "params": row.parameters()}


def _row_texts(row: ReportRow) -> list[str]:
    from analysis.params.areas import area_name

    memory = "" if row.peak_memory_mb is None else f"{row.peak_memory_mb:.0f}"
    warnings = str(len(row.warnings.splitlines()))
    names = [area_name(row.area_code), row.notebook, row.status]
    return [*names, f"{row.seconds:.1f}", memory, row.finished, warnings]
