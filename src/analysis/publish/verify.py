"""Whether the reports that are there come out the same when they are built again.

Each report is rebuilt in a scratch folder from the parameters in the ledger, and compared
byte for byte with the one that was published. Nothing in the reports folder changes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from analysis.publish.ledger import ReportRow, latest_reports
from analysis.publish.manifest import what_changed
from analysis.publish.plan import PlannedReport, ReportJob, plan_reports

SAME = "same"


@dataclass(frozen=True)
class Verdict:
    """What a report's rebuilding showed.

    ``verdict`` is ``same``, ``differs``, ``missing``, ``failed`` or ``inputs changed``;
    ``detail`` says where or why.
    """

    area_code: str
    area_name: str
    notebook: str
    verdict: str
    detail: str

    @property
    def is_same(self) -> bool:
        """Whether the report came out the same."""
        return self.verdict == SAME


def verify_reports(
    out: Path,
    is_wanted: Callable[[ReportRow], bool] = lambda row: True,
    *,
    jobs: int = 1,
    tell: Callable[[str], None] = lambda line: None,
) -> list[Verdict]:
    """Rebuild the reports that the ledger has done, and compare.

    Parameters
    ----------
    out : Path
        Folder of the reports.
    is_wanted : callable
        Which of the ledger's rows to verify.
    jobs : int
        How many to rebuild at a time.
    tell : callable
        Takes a line of progress as each is compared.

    Returns
    -------
    list of Verdict
        A report made from other inputs than those of today is not rebuilt: it could not
        come out the same.
    """
    from analysis.publish.pool import build_orders, built_reports

    rows = {
        name: row
        for name, row in latest_reports(out).items()
        if row.status == "done" and is_wanted(row)
    }
    planned = plan_reports(
        [ReportJob(row.area_code, row.notebook, row.parameters()) for row in rows.values()], out
    )
    changed = {one.job.name: _changed(one, rows) for one in planned}
    verdicts = [_verdict(one, "inputs changed", changed[one.job.name]) for one in planned]
    verdicts = [one for one in verdicts if one.detail]
    comparable = [one for one in planned if not changed[one.job.name]]
    with tempfile.TemporaryDirectory(prefix="csp-verify-") as scratch:
        orders = build_orders(comparable, Path(scratch))
        for place, _, result in built_reports(orders, jobs):
            one = comparable[place]
            if result.error:
                verdict = _verdict(one, "failed", result.error)
            else:
                verdict = _compared(one, out, orders[place].html_path.parent)
            tell(f"{verdict.area_name}: {verdict.notebook} {verdict.verdict}")
            verdicts.append(verdict)
    return sorted(verdicts, key=lambda one: (one.area_code, one.notebook))


def _changed(one: PlannedReport, rows: dict[tuple[str, str], ReportRow]) -> str:
    return what_changed(rows[one.job.name].part_digests(), one.parts)


def _compared(one: PlannedReport, out: Path, rebuilt: Path) -> Verdict:
    for ending in (".html", ".ipynb"):
        there = one.job.place(out, ending)
        if not there.is_file():
            return _verdict(one, "missing", f"{there.name} is not there")
        again = (rebuilt / f"{one.job.notebook}{ending}").read_bytes()
        if there.read_bytes() != again:
            line = _first_difference(there.read_bytes().splitlines(), again.splitlines())
            return _verdict(one, "differs", f"{there.name}, from line {line}")
    return _verdict(one, SAME, "")


def _first_difference(before: Iterable[bytes], after: Iterable[bytes]) -> int:
    pairs = enumerate(zip_longest(before, after), start=1)
    return next((number for number, (one, other) in pairs if one != other), 1)


def _verdict(one: PlannedReport, verdict: str, detail: str) -> Verdict:
    return Verdict(one.job.area_code, one.job.area_name, one.job.notebook, verdict, detail)
