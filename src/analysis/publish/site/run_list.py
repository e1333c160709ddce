"""The list of runs: when, what was asked for, by which commit, what came out, what failed.

The one page of the site that holds times.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from analysis.errors import UsageError
from analysis.params.areas import area_name
from analysis.publish.ledger import ReportRow, RunRecord
from analysis.publish.site.reports import SiteReport
from analysis.wording import listed

MOST_RUNS = 100
# Shown; the ledger has them all.
NOT_KEPT = "not kept"
_OUTCOMES = {"unfinished": "never finished (killed)"}


@dataclass(frozen=True)
class ShownRun:
    """One run as its line of the table has it, and its failures as sentences."""

    run_id: int
    started: str
    seconds: str
    asked: str
    commit: str
    version: str
    outcome: str
    built: int
    failed: int
    up_to_date: str
    not_reached: str
    failures: tuple[str, ...]


@dataclass(frozen=True)
class BuiltReport:
    """Which run, at which commit, built a report that stands."""

    report: SiteReport
    run_id: int
    commit: str
    version: str
    finished: str


def list_runs(records: Sequence[RunRecord]) -> list[ShownRun]:
    """The runs as the page shows them, the newest first."""
    return [_shown(record) for record in records[:MOST_RUNS]]


def built_by(records: Sequence[RunRecord], reports: Sequence[SiteReport]) -> list[BuiltReport]:
    """For each report that stands, the run that built it.

    Parameters
    ----------
    records : sequence of RunRecord
        The newest first.
    reports : sequence of SiteReport

    Returns
    -------
    list of BuiltReport
    """
    made: dict[tuple[str, str], tuple[RunRecord, ReportRow]] = {}
    for record in records:
        for row in record.reports:
            if row.status == "done":
                made.setdefault(row.name, (record, row))
    return [
        BuiltReport(
            report,
            made[report.row.name][0].run.run_id,
            made[report.row.name][0].run.source_commit,
            made[report.row.name][0].run.package_version,
            _time(made[report.row.name][1].finished),
        )
        for report in reports
        if report.shown and report.row.name in made
    ]


def _shown(record: RunRecord) -> ShownRun:
    run, reports = record.run, record.reports
    failures = tuple(row.public_error for row in reports if row.error)
    planned, needed = record.size or (0, 0)
    return ShownRun(
        run_id=run.run_id,
        started=_time(run.started),
        seconds=_seconds(run.started, run.finished),
        asked=_asked(run.selection),
        commit=run.source_commit,
        version=run.package_version,
        outcome=_OUTCOMES.get(run.outcome, run.outcome),
        built=len(reports) - len(failures),
        failed=len(failures),
        up_to_date=str(planned - needed) if record.size else NOT_KEPT,
        not_reached=str(needed - len(reports)) if record.size else NOT_KEPT,
        failures=failures,
    )


def _asked(selection: str) -> str:
    """What was asked for, in words."""
    told = json.loads(selection)
    if told.get("run_file"):
        return f"run file {told['run_file']}"
    boroughs = listed([_named(name) for name in told.get("boroughs", [])])
    notebooks = listed([name.replace("_", " ") for name in told.get("notebooks", [])])
    given = ", ".join(f"{name} {value}" for name, value in told.get("params", {}).items())
    asked = f"{boroughs or 'the usual boroughs'}: {notebooks or 'all notebooks'}"
    return f"{asked}; {given}" if given else asked


def _named(name: str) -> str:
    if name == "all":
        return "all boroughs"
    try:
        return area_name(name)
    except UsageError:
        return name


def _time(text: str | None) -> str:
    if not text:
        return NOT_KEPT
    return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M} UTC"


def _seconds(started: str, finished: str | None) -> str:
    if not finished:
        return NOT_KEPT
    took = datetime.fromisoformat(finished) - datetime.fromisoformat(started)
    return f"{took.total_seconds():,.0f}"
