"""What must run, and why: a report for each borough and notebook, against the ledger.

Everything that can be refused is refused here, before anything runs: a borough, notebook or
parameter that does not exist, and a value that is not of its type. A report is left alone
only if the ledger has it done, from the same parts, and the file still has the bytes that
were written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.errors import ParamsError
from analysis.params.areas import area_name, borough_codes
from analysis.params.fields import report_borough
from analysis.params.notebooks import check_notebook_name, fault_of_file_name
from analysis.params.runs import ALL, Run, load_defaults, load_run_file
from analysis.project import project_root
from analysis.publish.ledger import ReportRow, latest_reports
from analysis.publish.manifest import (
    content_key,
    file_sha256,
    notebook_digest,
    parameters_digest,
    project_parts,
    what_changed,
)
from analysis.publish.parameters import Parameter, check_parameters, read_parameters


@dataclass(frozen=True)
class Selection:
    """What the user asked for; empty boroughs or notebooks mean the project's defaults.

    Parameters
    ----------
    boroughs, notebooks : tuple of str
        Names or codes; ``"all"`` for every one.
    params : mapping of str to object
        Given for every report: ``as_of``, ``plan``, and what ``--param`` names.
    run_file : str
        A file in ``params/runs`` that takes the place of the three.
    """

    boroughs: tuple[str, ...] = ()
    notebooks: tuple[str, ...] = ()
    params: Mapping[str, object] = field(default_factory=dict)
    run_file: str = ""

    def as_json(self) -> dict[str, object]:
        """Plain values, for the ledger."""
        return {
            "boroughs": list(self.boroughs),
            "notebooks": list(self.notebooks),
            "params": dict(self.params),
            "run_file": self.run_file,
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Selection:
        """The selection that :meth:`as_json` wrote.

        Examples
        --------
        >>> selection = Selection(boroughs=("harrow",), params={"as_of": "2025-12"})
        >>> Selection.from_json(selection.as_json()) == selection
        True
        """
        return cls(
            tuple(told["boroughs"]), tuple(told["notebooks"]), told["params"], told["run_file"]
        )


@dataclass(frozen=True)
class ReportJob:
    """One report to be had: a borough, a notebook, and the parameters given to it."""

    area_code: str
    notebook: str
    params: Mapping[str, object]

    @property
    def area_name(self) -> str:
        """Name of the borough."""
        return area_name(self.area_code)

    @property
    def name(self) -> tuple[str, str]:
        """Which report it is: area code and notebook."""
        return self.area_code, self.notebook

    def place(self, out: Path, ending: str = ".html") -> Path:
        """Where the report stands: ``<area_code>/<notebook>.html``.

        Examples
        --------
        >>> ReportJob("E09000015", "targets", {}).place(Path("reports")).as_posix()
        'reports/E09000015/targets.html'
        """
        return out / self.area_code / f"{self.notebook}{ending}"


@dataclass(frozen=True)
class PlannedReport:
    """A job, what it would be made from, and why it must run; no reason, no run."""

    job: ReportJob
    parts: Mapping[str, str]
    reason: str

    @property
    def content_key(self) -> str:
        """One digest of the parts."""
        return content_key(self.parts)

    def as_json(self) -> dict[str, object]:
        """Plain values, for ``csp plan --json``."""
        return {
            "area_code": self.job.area_code,
            "area_name": self.job.area_name,
            "notebook": self.job.notebook,
            "params": dict(self.job.params),
            "would_run": bool(self.reason),
            "reason": self.reason or "up to date",
            "content_key": self.content_key,
        }


def notebook_path(notebook: str) -> Path:
    """Path of a notebook from its name."""
    return project_root() / "notebooks" / f"{notebook}.ipynb"


def read_cells(path: Path) -> list[dict[str, Any]]:
    """Cells of a notebook file, their sources as text.

    Parameters
    ----------
    path : Path

    Returns
    -------
    list of dict

    Raises
    ------
    ParamsError
        If there is no such file, or it is not a notebook.
    """
    try:
        cells = json.loads(path.read_text("utf-8"))["cells"]
        return [{**cell, "source": "".join(cell["source"])} for cell in cells]
    except FileNotFoundError:
        message = f"notebooks/{path.name}: no such notebook. Restore it from the repository."
    except (ValueError, KeyError, TypeError):
        message = f"notebooks/{path.name}: not a notebook (nbformat 4). Restore or mend it."
    raise ParamsError(message)


def select_jobs(selection: Selection) -> list[ReportJob]:
    """The reports asked for, each checked, none run.

    Parameters
    ----------
    selection : Selection

    Returns
    -------
    list of ReportJob
        In the order asked for, borough by borough; each report once.

    Raises
    ------
    ParamsError
        If a borough, notebook or parameter is unknown, or a value is not of its type.
    """
    if selection.run_file:
        found = _jobs_of_file(selection)
    else:
        defaults = load_defaults()
        boroughs = [_borough(name) for name in selection.boroughs if name != ALL]
        if ALL in selection.boroughs:
            boroughs = borough_codes()
        notebooks = _notebooks(selection.notebooks)
        found = _jobs(boroughs or defaults.boroughs, notebooks, selection.params)
    return _each_once(found)


def plan_reports(
    jobs: Iterable[ReportJob], out: Path, *, is_cold: bool = False
) -> list[PlannedReport]:
    """What each report would be made from, and why it must run.

    Parameters
    ----------
    jobs : iterable of ReportJob
    out : Path
        Folder of the reports.
    is_cold : bool
        Whether to build all, whatever the ledger says.

    Returns
    -------
    list of PlannedReport
        In the order of ``jobs``. Nothing is written.
    """
    shared = project_parts(project_root())
    ledger = latest_reports(out)
    jobs = list(jobs)
    notebooks = {
        name: notebook_digest(read_cells(notebook_path(name)))
        for name in {job.notebook for job in jobs}
    }
    planned = []
    for job in jobs:
        parts = {
            "notebook": notebooks[job.notebook],
            "parameters": parameters_digest(job.params),
            **shared,
        }
        reason = "asked for (--cold)" if is_cold else _reason(job, parts, ledger, out)
        planned.append(PlannedReport(job, parts, reason))
    return planned


def changed_file(row: ReportRow, out: Path) -> tuple[str, str] | None:
    """The first file of a report that is no longer as the ledger has it.

    Parameters
    ----------
    row : ReportRow
        Of a report that is done.
    out : Path
        Folder of the reports.

    Returns
    -------
    (str, str) or None
        Its name, and ``missing`` or ``altered``; None if both have the bytes written.
    """
    written = {".html": row.output_sha256, ".ipynb": row.notebook_sha256}
    for ending, sha256 in written.items():
        path = out / row.area_code / f"{row.notebook}{ending}"
        if not path.is_file():
            return path.name, "missing"
        if file_sha256(path) != sha256:
            return path.name, "altered"
    return None


def _reason(
    job: ReportJob,
    parts: Mapping[str, str],
    ledger: Mapping[tuple[str, str], ReportRow],
    out: Path,
) -> str:
    row = ledger.get(job.name)
    if row is None:
        return "not built yet"
    if row.status != "done":
        return "failed last time"
    changed = what_changed(row.part_digests(), parts)
    if changed:
        return changed
    file = changed_file(row, out)
    if file is None:
        return ""
    name, state = file
    return f"{name} is missing" if state == "missing" else f"{name} was altered"


def _jobs(
    boroughs: Sequence[str], notebooks: Sequence[str], params: Mapping[str, object]
) -> list[ReportJob]:
    checked = {name: _checked(name, params) for name in notebooks}
    return [
        ReportJob(code, name, {"borough": code, **checked[name]})
        for code in boroughs
        for name in notebooks
    ]


def _jobs_of_file(selection: Selection) -> list[ReportJob]:
    if selection.boroughs or selection.notebooks or selection.params:
        message = (
            f"{selection.run_file} says what to build; it cannot stand beside --borough, "
            "--notebook or parameters. Leave them out, or write them into the file."
        )
        raise ParamsError(message)
    runs = load_run_file(selection.run_file).runs
    return [job for run in runs for job in _jobs(run.boroughs, run.notebooks, _given(run))]


def _given(run: Run) -> dict[str, object]:
    cuts = {"as_of": run.as_of, "published_by": run.published_by, "plan": run.plan}
    given = {name: value for name, value in cuts.items() if value is not None}
    return {**given, **run.params}


def _checked(notebook: str, params: Mapping[str, object]) -> dict[str, object]:
    declared = _parameters(notebook_path(notebook))
    if "borough" not in declared:
        message = (
            f"notebooks/{notebook}.ipynb has no cell tagged 'parameters' with 'borough', so "
            'it cannot be built for one. Add a line: borough: str = "harrow"'
        )
        raise ParamsError(message)
    if "borough" in params:
        message = "--param borough=...: name the borough with --borough instead."
        raise ParamsError(message)
    return check_parameters(notebook, declared, params)


def _borough(name: str) -> str:
    try:
        return report_borough(name)
    except ParamsError as error:
        message = f"--borough {name}: {error} For a report on each of them, give all."
        raise ParamsError(message) from None


SCRATCH = "Untitled"
# What JupyterLab calls a notebook that nobody has named: it is tried out, not published.


def _notebooks(names: Sequence[str]) -> list[str]:
    found = sorted(path.stem for path in (project_root() / "notebooks").glob("*.ipynb"))
    there = [name for name in found if not name.startswith(SCRATCH)]
    if not there:
        message = f"{project_root() / 'notebooks'}: no notebooks. Restore them."
        raise ParamsError(message)
    if not names or ALL in names:
        return [_addressable(name) for name in there]
    try:
        return [_addressable(check_notebook_name(name)) for name in names]
    except ValueError as error:
        message = f"--notebook: {str(error).rstrip('.')}."
        raise ParamsError(message) from None


def _addressable(name: str) -> str:
    if fault := fault_of_file_name(name):
        message = f"notebooks/{name}.ipynb: {fault}."
        raise ParamsError(message)
    return name


def _each_once(jobs: Iterable[ReportJob]) -> list[ReportJob]:
    found: dict[tuple[str, str], ReportJob] = {}
    for job in jobs:
        before = found.setdefault(job.name, job)
        if before.params != job.params:
            message = (
                f"{job.area_name}: {job.notebook} is asked for twice with different parameters "
                f"({dict(before.params)} and {dict(job.params)}), and both would be written to "
                "one file. Build them into two folders with --out."
            )
            raise ParamsError(message)
    return list(found.values())


def _parameters(path: Path) -> dict[str, Parameter]:
    try:
        return read_parameters(read_cells(path))
    except ParamsError as error:
        message = f"notebooks/{path.name}, {error}"
        raise ParamsError(message) from None
