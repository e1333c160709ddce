"""The ledger keeps every attempt and tells the last."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.errors import UsageError
from analysis.publish.ledger import (
    LEDGER_NAME,
    Ledger,
    ReportRow,
    all_runs,
    kept_contents,
    last_done_reports,
    last_run,
    last_versions,
    latest_reports,
)

ROW = ReportRow(
    area_code="E09000015",
    notebook="targets",
    status="done",
    content_key="k",
    parts='{"lock": "a"}',
    params='{"borough": "E09000015"}',
    output_sha256="h",
    notebook_sha256="n",
    started="2026-01-01T00:00:00+00:00",
    finished="2026-01-01T00:00:05+00:00",
    seconds=5.0,
    peak_memory_mb=180.5,
    warnings="",
    error="",
    title="On track?",
    headline="Yes",
    certainty="low",
    vintage="",
)


def write(folder: Path, *rows: ReportRow, outcome: str | None = "done") -> None:
    ledger = Ledger(folder)
    ledger.begin_run({"boroughs": []}, "0.1.0", "abc")
    for row in rows:
        ledger.record(row)
    if outcome:
        ledger.end_run(outcome)
    ledger.close()


def test_a_row_comes_back_as_it_went_in(tmp_path: Path) -> None:
    write(tmp_path, ROW)
    assert latest_reports(tmp_path) == {ROW.name: ROW}
    assert ROW.part_digests() == {"lock": "a"}
    assert ROW.parameters() == {"borough": "E09000015"}


def test_the_last_attempt_counts_and_the_last_success_is_remembered(tmp_path: Path) -> None:
    failed = replace(ROW, status="failed", error="no", output_sha256="")
    write(tmp_path, ROW)
    write(tmp_path, failed, outcome="some failed")
    assert latest_reports(tmp_path)[ROW.name] == failed
    assert last_done_reports(tmp_path)[ROW.name] == ROW


def test_a_run_that_was_killed_reads_as_unfinished(tmp_path: Path) -> None:
    write(tmp_path, outcome=None)
    run = last_run(tmp_path)
    assert run is not None
    assert (run.outcome, run.finished) == ("unfinished", None)


def test_reading_where_there_is_no_ledger_makes_none(tmp_path: Path) -> None:
    assert latest_reports(tmp_path) == {}
    assert last_run(tmp_path) is None
    assert not list(tmp_path.iterdir())


def test_a_status_that_does_not_exist_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        write(tmp_path, replace(ROW, status="perhaps"))


def test_a_file_that_is_no_ledger_is_told_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / LEDGER_NAME).write_text("not a ledger " * 100)
    with pytest.raises(UsageError, match="the ledger cannot be read"):
        latest_reports(tmp_path)


def test_a_ledger_of_another_version_is_refused(tmp_path: Path) -> None:
    write(tmp_path, ROW)
    connection = sqlite3.connect(tmp_path / LEDGER_NAME)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(UsageError, match="ledger version 99"):
        latest_reports(tmp_path)


FIRST_VERSION = """
CREATE TABLE runs (
    run_id INTEGER PRIMARY KEY, started TEXT NOT NULL, finished TEXT, outcome TEXT NOT NULL,
    selection TEXT NOT NULL, package_version TEXT NOT NULL, source_commit TEXT NOT NULL
);
CREATE TABLE reports (
    run_id INTEGER NOT NULL REFERENCES runs, area_code TEXT NOT NULL, notebook TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('done', 'failed')), content_key TEXT NOT NULL,
    parts TEXT NOT NULL, params TEXT NOT NULL, output_sha256 TEXT NOT NULL,
    notebook_sha256 TEXT NOT NULL, started TEXT NOT NULL, finished TEXT NOT NULL,
    seconds REAL NOT NULL, peak_memory_mb REAL, warnings TEXT NOT NULL, error TEXT NOT NULL,
    title TEXT NOT NULL, headline TEXT NOT NULL, certainty TEXT NOT NULL,
    vintage TEXT NOT NULL, PRIMARY KEY (run_id, area_code, notebook)
);
PRAGMA user_version = 1;
"""
# As version 0.1.0 of the package made it.


@pytest.fixture
def first_version(tmp_path: Path) -> Path:
    """A folder whose ledger is of the first version, with two runs."""
    connection = sqlite3.connect(tmp_path / LEDGER_NAME, isolation_level=None)
    connection.executescript(FIRST_VERSION)
    run = ("2026-01-01T00:00:00+00:00", "2026-01-01T00:01:00+00:00", "done", "{}", "0.1.0", "a")
    for run_id in (1, 2):
        connection.execute("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?)", (run_id, *run))
        places = ", ".join("?" * 19)
        values = tuple(vars(ROW).values())
        connection.execute(f"INSERT INTO reports VALUES ({places})", (run_id, *values))
    connection.close()
    return tmp_path


def everything(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    connection = sqlite3.connect(folder / LEDGER_NAME)
    rows = {
        table: connection.execute(f"SELECT * FROM {table}").fetchall()
        for table in ("runs", "reports")
    }
    connection.close()
    return rows


def test_a_ledger_of_the_first_version_is_read_without_being_changed(
    first_version: Path,
) -> None:
    before = (first_version / LEDGER_NAME).read_bytes()
    assert latest_reports(first_version) == {ROW.name: ROW}
    assert last_versions(first_version) == {ROW.name: "0.1.0"}
    assert kept_contents(first_version) == {}
    newest, _ = all_runs(first_version)
    assert (newest.run.run_id, newest.size, dict(newest.changes)) == (2, None, {})
    assert (first_version / LEDGER_NAME).read_bytes() == before


def test_a_ledger_of_the_first_version_is_brought_up_to_date_without_loss(
    first_version: Path,
) -> None:
    before = everything(first_version)
    Ledger(first_version).close()
    assert everything(first_version) == before
    connection = sqlite3.connect(first_version / LEDGER_NAME)
    assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    connection.close()
    write(first_version, replace(ROW, headline="No"))
    assert everything(first_version)["reports"][:2] == before["reports"]
    assert latest_reports(first_version)[ROW.name].headline == "No"


def test_what_the_site_needs_is_kept_beside_the_row(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.begin_run({}, "0.2.0", "abc", size=(7, 1))
    ledger.record(ROW, changes='{"why": "it"}', contents=b"old")
    ledger.record(ROW, changes='{"why": "it"}', contents=b"new")
    ledger.close()
    (run,) = all_runs(tmp_path)
    assert (run.size, dict(run.changes)) == ((7, 1), {ROW.name: '{"why": "it"}'})
    assert run.has_built
    assert kept_contents(tmp_path) == {ROW.name: ("h", b"new")}


def test_every_run_is_read_the_newest_first(tmp_path: Path) -> None:
    for _ in range(3):
        write(tmp_path, ROW)
    assert [one.run.run_id for one in all_runs(tmp_path)] == [3, 2, 1]
