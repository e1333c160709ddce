"""The ledger: what was built, from what, when, how long it took, and what failed.

One SQLite file beside the reports, with one writer: the process that the user started.
Times stand here and never in a report, whose bytes must come out the same. The ledger
decides what is done, and only while the report's SHA-256 still matches. For the site it
keeps besides what each page says and what each rebuilding changed.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from analysis.errors import UsageError

LEDGER_NAME = "ledger.sqlite3"
_VERSION = 2
# Raised when the tables change; an older program then refuses instead of misreading.
_OLDEST = 1
# Older ledgers down to this one are read as they are, and brought up to date when written.

_TABLES = """
CREATE TABLE runs (
    run_id INTEGER PRIMARY KEY,
    started TEXT NOT NULL,
    finished TEXT,
    outcome TEXT NOT NULL,
    selection TEXT NOT NULL,
    package_version TEXT NOT NULL,
    source_commit TEXT NOT NULL
);
CREATE TABLE reports (
    run_id INTEGER NOT NULL REFERENCES runs,
    area_code TEXT NOT NULL,
    notebook TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('done', 'failed')),
    content_key TEXT NOT NULL,
    parts TEXT NOT NULL,
    params TEXT NOT NULL,
    output_sha256 TEXT NOT NULL,
    notebook_sha256 TEXT NOT NULL,
    started TEXT NOT NULL,
    finished TEXT NOT NULL,
    seconds REAL NOT NULL,
    peak_memory_mb REAL,
    warnings TEXT NOT NULL,
    error TEXT NOT NULL,
    title TEXT NOT NULL,
    headline TEXT NOT NULL,
    certainty TEXT NOT NULL,
    vintage TEXT NOT NULL,
    PRIMARY KEY (run_id, area_code, notebook)
);
"""
_ADDED_IN_2 = """
CREATE TABLE run_sizes (
    run_id INTEGER PRIMARY KEY REFERENCES runs,
    planned INTEGER NOT NULL,
    needed INTEGER NOT NULL
);
CREATE TABLE changes (
    run_id INTEGER NOT NULL REFERENCES runs,
    area_code TEXT NOT NULL,
    notebook TEXT NOT NULL,
    changes TEXT NOT NULL,
    PRIMARY KEY (run_id, area_code, notebook)
);
CREATE TABLE contents (
    area_code TEXT NOT NULL,
    notebook TEXT NOT NULL,
    output_sha256 TEXT NOT NULL,
    contents BLOB NOT NULL,
    PRIMARY KEY (area_code, notebook)
);
"""
# Beside the tables of version 1, which stay as they were: nothing can be lost in between.


_EXCEPTION = re.compile(
    r"(failed(?: at cell \d+ of notebooks/[^:]*)?: )((?:\w+\.)*[A-Z]\w+): .*", re.DOTALL
)


@dataclass(frozen=True)
class ReportRow:
    """One attempt at one report, as the ledger keeps it.

    ``parts`` are the digests of what it was made from, ``params`` the parameters given,
    both as JSON. ``output_sha256`` is empty where no report came out. ``headline`` is its
    first key finding, ``vintage`` the figures it stands on.
    """

    area_code: str
    notebook: str
    status: str
    content_key: str
    parts: str
    params: str
    output_sha256: str
    notebook_sha256: str
    started: str
    finished: str
    seconds: float
    peak_memory_mb: float | None
    warnings: str
    error: str
    title: str
    headline: str
    certainty: str
    vintage: str

    @property
    def name(self) -> tuple[str, str]:
        """Which report it is: area code and notebook."""
        return self.area_code, self.notebook

    @property
    def public_error(self) -> str:
        """What failed and where, without the message of an exception, which may quote data."""
        return _EXCEPTION.sub(r"\1\2 ('csp status' says more).", self.error)

    def part_digests(self) -> dict[str, str]:
        """Digests of what it was made from, by part."""
        return {str(part): str(digest) for part, digest in json.loads(self.parts).items()}

    def parameters(self) -> dict[str, object]:
        """The parameters given to the notebook."""
        return dict(json.loads(self.params))


@dataclass(frozen=True)
class RunRow:
    """One run: when, with which selection, how it ended.

    ``outcome`` is ``done``, ``some failed``, ``interrupted``, or ``unfinished`` while it
    runs and after it was killed.
    """

    run_id: int
    started: str
    finished: str | None
    outcome: str
    selection: str
    package_version: str
    source_commit: str


@dataclass(frozen=True)
class RunRecord:
    """A run with all that was attempted in it.

    ``size`` is how many reports were asked for and how many had to be built; None where an
    older version did not keep it. ``changes`` holds what each rebuilding changed, as JSON.
    """

    run: RunRow
    reports: tuple[ReportRow, ...]
    size: tuple[int, int] | None
    changes: Mapping[tuple[str, str], str]

    @property
    def has_built(self) -> bool:
        """Whether any report came out."""
        return any(row.status == "done" for row in self.reports)


_COLUMNS = [column.name for column in fields(ReportRow)]


def now() -> str:
    """The time as the ledger writes it: UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class Ledger:
    """The ledger of one folder of reports, opened to write.

    Parameters
    ----------
    folder : Path
        Folder of the reports; the ledger is made if it is not there.
    """

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(folder / LEDGER_NAME, isolation_level=None)
        tables = "" if _tables(self._connection) else _TABLES
        if tables or _refuse_other_version(self._connection, folder) < _VERSION:
            self._connection.executescript(
                f"BEGIN; {tables}{_ADDED_IN_2}PRAGMA user_version = {_VERSION}; COMMIT;"
            )
        self._run_id = 0

    def begin_run(
        self,
        selection: Mapping[str, object],
        version: str,
        commit: str,
        *,
        size: tuple[int, int] | None = None,
    ) -> None:
        """Write down that a run begins, so that a killed one can be resumed.

        ``size`` is how many reports were asked for, and how many of them had to be built.
        """
        values = (now(), "unfinished", json.dumps(dict(selection)), version, commit)
        cursor = self._connection.execute(
            "INSERT INTO runs (started, outcome, selection, package_version, source_commit) "
            "VALUES (?, ?, ?, ?, ?)",
            values,
        )
        self._run_id = int(cursor.lastrowid or 0)
        if size:
            self._connection.execute(
                "INSERT INTO run_sizes VALUES (?, ?, ?)", (self._run_id, *size)
            )

    def record(self, row: ReportRow, *, changes: str = "", contents: bytes = b"") -> None:
        """Write down one attempt at one report.

        ``changes`` from the report before and ``contents`` of the page are kept for the
        site, as it packs them.
        """
        if changes:
            self._connection.execute(
                "INSERT OR REPLACE INTO changes VALUES (?, ?, ?, ?)",
                (self._run_id, *row.name, changes),
            )
        if contents:
            self.keep_contents(row, contents)
        places = ", ".join("?" * (len(_COLUMNS) + 1))
        values = [getattr(row, column) for column in _COLUMNS]
        self._connection.execute(
            f"INSERT OR REPLACE INTO reports (run_id, {', '.join(_COLUMNS)}) VALUES ({places})",
            [self._run_id, *values],
        )

    def keep_contents(self, row: ReportRow, contents: bytes) -> None:
        """Keep what the page of a report says, in place of what it said before."""
        self._connection.execute(
            "INSERT OR REPLACE INTO contents VALUES (?, ?, ?, ?)",
            (*row.name, row.output_sha256, contents),
        )

    def end_run(self, outcome: str) -> None:
        """Write down how the run ended."""
        self._connection.execute(
            "UPDATE runs SET finished = ?, outcome = ? WHERE run_id = ?",
            (now(), outcome, self._run_id),
        )

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def latest_reports(folder: Path) -> dict[tuple[str, str], ReportRow]:
    """The last attempt at each report.

    Parameters
    ----------
    folder : Path
        Folder of the reports.

    Returns
    -------
    dict of (area code, notebook) to ReportRow
        In that order; empty if there is no ledger. Nothing is written.
    """
    return _read_reports(folder, ("done", "failed"))


def last_done_reports(folder: Path) -> dict[tuple[str, str], ReportRow]:
    """The last attempt at each report that succeeded, whatever came after it."""
    return _read_reports(folder, ("done",))


def kept_contents(folder: Path) -> dict[tuple[str, str], tuple[str, bytes]]:
    """What each page says, packed, with the SHA-256 of the page it was read from."""
    with _reading(folder) as connection:
        if connection is None or "contents" not in _tables(connection):
            return {}
        query = "SELECT area_code, notebook, output_sha256, contents FROM contents"
        return {
            (area, name): (sha, told) for area, name, sha, told in connection.execute(query)
        }


def all_runs(folder: Path) -> list[RunRecord]:
    """Every run with its attempts, the newest first.

    Parameters
    ----------
    folder : Path
        Folder of the reports.

    Returns
    -------
    list of RunRecord
        Empty if there is no ledger. Nothing is written.
    """
    with _reading(folder) as connection:
        if connection is None:
            return []
        query = "SELECT * FROM runs ORDER BY run_id DESC"
        runs = [RunRow(*row) for row in connection.execute(query)]
        query = (
            f"SELECT run_id, {', '.join(_COLUMNS)} FROM reports ORDER BY area_code, notebook"
        )
        reports: dict[int, list[ReportRow]] = {run.run_id: [] for run in runs}
        for run_id, *row in connection.execute(query):
            reports.get(run_id, []).append(ReportRow(*row))
        sizes, changes = _kept_for_the_site(connection)
    return [
        RunRecord(
            run,
            tuple(reports[run.run_id]),
            sizes.get(run.run_id),
            changes.get(run.run_id, {}),
        )
        for run in runs
    ]


def last_versions(folder: Path) -> dict[tuple[str, str], str]:
    """Package version that made the last success of each report."""
    with _reading(folder) as connection:
        if connection is None:
            return {}
        query = (
            "SELECT area_code, notebook, package_version FROM reports "
            "JOIN runs USING (run_id) WHERE status = 'done' ORDER BY run_id"
        )
        found = connection.execute(query)
        return {(area, notebook): version for area, notebook, version in found}


def _kept_for_the_site(
    connection: sqlite3.Connection,
) -> tuple[dict[int, tuple[int, int]], dict[int, dict[tuple[str, str], str]]]:
    """Sizes of the runs, and what each rebuilding changed; none of either in version 1."""
    if "changes" not in _tables(connection):
        return {}, {}
    told = connection.execute("SELECT run_id, planned, needed FROM run_sizes")
    sizes = {run_id: (planned, needed) for run_id, planned, needed in told}
    changes: dict[int, dict[tuple[str, str], str]] = {}
    query = "SELECT run_id, area_code, notebook, changes FROM changes"
    for run_id, area, notebook, text in connection.execute(query):
        changes.setdefault(run_id, {})[area, notebook] = text
    return sizes, changes


def last_run(folder: Path) -> RunRow | None:
    """The newest run, or None before the first."""
    with _reading(folder) as connection:
        if connection is None:
            return None
        query = "SELECT * FROM runs ORDER BY run_id DESC LIMIT 1"
        found = connection.execute(query).fetchone()
    return RunRow(*found) if found else None


def _read_reports(folder: Path, statuses: tuple[str, ...]) -> dict[tuple[str, str], ReportRow]:
    with _reading(folder) as connection:
        if connection is None:
            return {}
        query = (
            f"SELECT {', '.join(_COLUMNS)} FROM reports "
            f"WHERE status IN ({', '.join('?' * len(statuses))}) ORDER BY run_id"
        )
        rows = [ReportRow(*row) for row in connection.execute(query, statuses)]
    # A later run's row takes the place of an earlier one's.
    newest = {row.name: row for row in rows}
    return {name: newest[name] for name in sorted(newest)}


@contextmanager
def _reading(folder: Path) -> Iterator[sqlite3.Connection | None]:
    path = folder / LEDGER_NAME
    if not path.is_file():
        yield None
        return
    address = f"{path.resolve().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as connection:
            _refuse_other_version(connection, folder)
            yield connection
    except sqlite3.DatabaseError as error:
        message = (
            f"{path}: the ledger cannot be read ({error}). Move it away; the next "
            "'csp run' builds all reports again and starts a new one."
        )
        raise UsageError(message) from None


def _tables(connection: sqlite3.Connection) -> list[str]:
    query = "SELECT name FROM sqlite_master WHERE type = 'table'"
    return [name for (name,) in connection.execute(query)]


def _refuse_other_version(connection: sqlite3.Connection, folder: Path) -> int:
    """The ledger's version, if it can be read here."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if not _OLDEST <= version <= _VERSION:
        message = (
            f"{folder / LEDGER_NAME}: made by another version of this program (ledger "
            f"version {version}, this one reads up to {_VERSION}). Use another folder with "
            "--out."
        )
        raise UsageError(message)
    return int(version)
