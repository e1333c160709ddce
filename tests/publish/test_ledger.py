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
    last_done_reports,
    last_run,
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
