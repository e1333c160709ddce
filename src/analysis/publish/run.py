"""Building reports: several at a time, each whole or not at all, one failure alone.

Each report is run and made into a page in a worker process, in a scratch folder. The
process that the user started moves what succeeded to its place and keeps the ledger. A
report that fails keeps the one that was there before, is marked failed, and leaves its
notebook as far as it came beside it (``<notebook>.failed.ipynb``) for whoever mends it. One
whose process was killed is tried once more, alone.
"""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import analysis
from analysis.errors import AnalysisError, InterruptedRunError
from analysis.params.site import load_site_params
from analysis.project import project_root
from analysis.publish.control_signs import without_control_signs
from analysis.publish.door import refuse_at_the_door
from analysis.publish.execute import BuildResult
from analysis.publish.ledger import (
    Ledger,
    ReportRow,
    kept_contents,
    last_done_reports,
    last_versions,
    now,
)
from analysis.publish.manifest import file_sha256
from analysis.publish.plan import PlannedReport
from analysis.publish.pool import build_orders, built_reports, own_scratch
from analysis.publish.rebuilds import describe_rebuild
from analysis.publish.reports_folder import (
    make_writable,
    only_run,
    scratch_folder,
    stopped_by_signal,
)
from analysis.publish.site import fill_contents, write_site


@dataclass(frozen=True)
class RunOutcome:
    """What a run came to.

    Parameters
    ----------
    built : int
        Reports built.
    failures : tuple of str
        A sentence for each that failed.
    partials : tuple of Path
        Notebooks as far as they came, of those among the failed that left one.
    accidents : int
        How many of the failed were killed or timed out: only they may pass if the same is
        tried again.
    """

    built: int
    failures: tuple[str, ...]
    partials: tuple[Path, ...] = ()
    accidents: int = 0


def run_reports(
    planned: Sequence[PlannedReport],
    out: Path,
    *,
    jobs: int = 1,
    selection: Mapping[str, object] | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> RunOutcome:
    """Build the reports that have a reason to be built.

    Parameters
    ----------
    planned : sequence of PlannedReport
        Those without a reason are left alone; if none has one, nothing is written.
    out : Path
        Folder of the reports; made if it is not there.
    jobs : int
        How many reports to build at a time.
    selection : mapping, optional
        Kept in the ledger, for ``csp resume``.
    tell : callable
        Takes a line of progress at the start and as each report finishes.

    Returns
    -------
    RunOutcome

    Raises
    ------
    InterruptedRunError
        If the user stops the run; what is finished stays.
    UsageError
        If another run is building into the same folder, it cannot be written, or a
        parameter, or ``params/site.yml``, is faulty.
    DataContractError
        If the reports would refuse the figures. Nothing is written then.
    ReportError
        If a page of the site would hold what no page may. The reports are there.
    """
    needed = [one for one in planned if one.reason]
    if not needed:
        return RunOutcome(0, ())
    refuse_at_the_door(one.job for one in needed)
    # Read again for the site, at the end: a fault in it is better told before the work.
    load_site_params()
    make_writable(out)
    tell(f"Building {len(needed)} of {len(planned)} reports, {jobs} at a time.")
    with only_run(out), scratch_folder(out) as scratch, stopped_by_signal():
        before = _last_successes(out)
        ledger = Ledger(out)
        size = len(planned), len(needed)
        ledger.begin_run(selection or {}, analysis.__version__, source_commit(), size=size)
        run = _Run(out, ledger, len(needed), tell, before)
        outcome = "interrupted"
        try:
            for one, started, result in built_reports(build_orders(needed, scratch), jobs):
                run.finish(needed[one], started, result, scratch)
            outcome = "some failed" if run.failures else "done"
        except KeyboardInterrupt:
            message = (
                f"stopped after {run.finished} of {len(needed)} reports; they are kept. "
                f"Finish with: csp resume --out {shlex.quote(str(out))}"
            )
            raise InterruptedRunError(message) from None
        finally:
            with closing(ledger):
                ledger.end_run(outcome)
                fill_contents(out, ledger)
            if outcome == "interrupted":
                # That it was is the news; a site left behind is mended by the next run.
                with suppress(AnalysisError):
                    write_site(out)
        write_site(out)
    return run.outcome()


def _last_successes(out: Path) -> dict[tuple[str, str], tuple[ReportRow, str]]:
    versions = last_versions(out)
    return {name: (row, versions[name]) for name, row in last_done_reports(out).items()}


def source_commit() -> str:
    """Commit of the project's folder, for the ledger; empty where there is none."""
    command = ["git", "-C", str(project_root()), "rev-parse", "HEAD"]
    try:
        told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return ""
    return told.stdout.strip()


class _Run:
    """Takes finished reports in: moves the files, keeps the ledger, tells the user."""

    def __init__(
        self,
        out: Path,
        ledger: Ledger,
        total: int,
        tell: Callable[[str], None],
        before: Mapping[tuple[str, str], tuple[ReportRow, str]],
    ) -> None:
        self._out, self._ledger, self._total, self._tell = out, ledger, total, tell
        self._before = before
        self._kept = kept_contents(out)
        self.finished = 0
        self.failures: list[str] = []
        self._partials: list[Path] = []
        self._accidents = 0

    def outcome(self) -> RunOutcome:
        built = self.finished - len(self.failures)
        return RunOutcome(built, tuple(self.failures), tuple(self._partials), self._accidents)

    def finish(
        self, one: PlannedReport, started: str, result: BuildResult, scratch: Path
    ) -> None:
        folder = own_scratch(one, scratch)
        told = ("", b"")
        if not result.error:
            # Before the new page takes the place of the old.
            told = self._what_changed(one, folder)
            result = self._moved(one, folder, result)
        if result.error:
            told = ("", b"")
            self._keep_failed(one, folder)
        shutil.rmtree(folder, ignore_errors=True)
        row = self._row(one, started, result)
        self._ledger.record(row, changes=told[0], contents=told[1])
        self.finished += 1
        count = f"[{self.finished}/{self._total}]"
        if result.error:
            self.failures.append(result.error)
            self._accidents += result.is_accident
            self._tell(f"{count} FAILED after {result.seconds:.1f} s: {result.error}")
        else:
            report = f"{one.job.area_name}: {one.job.notebook}"
            self._tell(f"{count} {report} {result.seconds:.1f} s")
        for warning in result.warnings.splitlines():
            self._tell(f"    warning: {warning}")

    def _what_changed(self, one: PlannedReport, folder: Path) -> tuple[str, bytes]:
        """For the ledger, before the new page takes the old one's place."""
        there = one.job.place(self._out)
        # Whatever stands there, page or not, is compared as far as it can be read.
        old = there.read_text("utf-8", errors="replace") if there.is_file() else ""
        new = (folder / f"{one.job.notebook}.html").read_text("utf-8")
        before = self._before.get(one.job.name)
        _, kept = self._kept.get(one.job.name, ("", b""))
        rebuild, contents = describe_rebuild(
            one, (old, new), before, analysis.__version__, kept=kept
        )
        return rebuild.as_json(), contents.packed()

    def _moved(self, one: PlannedReport, folder: Path, result: BuildResult) -> BuildResult:
        """The result, or a failure where the page in its place cannot be replaced."""
        try:
            one.job.place(self._out).parent.mkdir(exist_ok=True)
            for ending in (".html", ".ipynb"):
                # A page that is open elsewhere cannot be replaced on every system: it goes
                # first, so that no new notebook stands beside an old page.
                built = folder / f"{one.job.notebook}{ending}"
                built.replace(one.job.place(self._out, ending))
            one.job.place(self._out, ".failed.ipynb").unlink(missing_ok=True)
        except OSError as error:
            place = one.job.place(self._out)
            why = f"{place}: cannot be written ({error.strerror}). Close it where it is open"
            return replace(result, error=f"{one.job.area_name}: {one.job.notebook}: {why}")
        return result

    def _keep_failed(self, one: PlannedReport, folder: Path) -> None:
        partial = folder / f"{one.job.notebook}.ipynb"
        kept = one.job.place(self._out, ".failed.ipynb")
        # Of an earlier failure: it would be taken for this one's.
        kept.unlink(missing_ok=True)
        if partial.is_file():
            kept.parent.mkdir(exist_ok=True)
            partial.replace(kept)
            self._partials.append(kept)

    def _row(self, one: PlannedReport, started: str, result: BuildResult) -> ReportRow:
        is_done = not result.error
        return ReportRow(
            area_code=one.job.area_code,
            notebook=one.job.notebook,
            status="done" if is_done else "failed",
            content_key=one.content_key,
            parts=json.dumps(dict(one.parts)),
            params=json.dumps(dict(one.job.params)),
            output_sha256=file_sha256(one.job.place(self._out)) if is_done else "",
            notebook_sha256=file_sha256(one.job.place(self._out, ".ipynb")) if is_done else "",
            started=started,
            finished=now(),
            seconds=round(result.seconds, 2),
            peak_memory_mb=result.peak_memory_mb,
            warnings=without_control_signs(result.warnings),
            error=without_control_signs(result.error),
            title=result.title,
            headline=result.headline,
            certainty=result.certainty,
            vintage=result.vintage,
        )
