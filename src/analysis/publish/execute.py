"""Building one report in a process of its own: run the notebook, make the page.

All is written into a scratch folder; only the process that started the run moves a finished
report to its place and writes the ledger. Whether a report succeeded is told by what its
cells did, never by the executed notebook's own metadata, which says "completed" after a
killed kernel.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import ReportError
from analysis.publish.control_signs import without_control_signs
from analysis.publish.html.anchors import Anchors, is_made_up

if TYPE_CHECKING:
    from analysis.publish.html.page import Page

_LONGEST_ERROR = 600
# A message that quotes a table would fill the screen; the failed notebook has it whole.


@dataclass(frozen=True)
class BuildOrder:
    """All that a worker needs to build one report.

    Parameters
    ----------
    area_code, area_name, notebook : str
    params : mapping of str to object
        Given to the notebook.
    parts : mapping of str to str
        Digests of what it is made from, printed in the report.
    content_key : str
    notebook_path, scratch : str
        The notebook, and an empty folder that is the report's own.
    """

    area_code: str
    area_name: str
    notebook: str
    params: Mapping[str, object]
    parts: Mapping[str, str]
    content_key: str
    notebook_path: str
    scratch: str

    @property
    def html_path(self) -> Path:
        """The page, before it is moved to its place."""
        return Path(self.scratch) / f"{self.notebook}.html"

    @property
    def ipynb_path(self) -> Path:
        """The executed notebook, whole or as far as it came."""
        return Path(self.scratch) / f"{self.notebook}.ipynb"


@dataclass(frozen=True)
class BuildResult:
    """What became of one order; ``error`` is empty if the report is there.

    ``is_accident`` says that its kernel or process was lost or never answered: what fails
    otherwise fails again until it is mended.
    """

    seconds: float
    error: str = ""
    is_accident: bool = False
    warnings: str = ""
    peak_memory_mb: float | None = None
    title: str = ""
    headline: str = ""
    certainty: str = ""
    vintage: str = ""


class _AccidentError(ReportError):
    """The kernel was lost or never answered; the same run may pass another time."""


def prepare_worker(project: str, private: str) -> None:
    """Make this process one that builds reports: its own folder, one thread a library.

    The process that started the run is the one that answers Ctrl-C.
    """
    from analysis.publish.kernels import report_environment

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Papermill warns of parameters that its own reading misses; ours has checked them all.
    logging.getLogger("papermill").setLevel(logging.ERROR)
    # Below a folder that the run takes away with it, whatever becomes of this process.
    own = Path(tempfile.mkdtemp(prefix="w", dir=private))
    os.environ.update(report_environment(Path(project), own))
    (own / "runtime").mkdir()
    threading.Thread(target=_end_with_the_run, args=(private,), daemon=True).start()


def _end_with_the_run(private: str) -> None:
    """End this process and its kernel once the process that started the run is gone.

    A run that is killed outright tells its workers nothing; they would go on building
    beside the run that comes after it.
    """
    import psutil  # type: ignore[import-untyped]

    run = multiprocessing.parent_process()
    if run is None:
        return
    run.join()
    for kernel in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            kernel.kill()
    shutil.rmtree(private, ignore_errors=True)
    os._exit(1)


def build_report(order: BuildOrder) -> BuildResult:
    """Run the notebook and make its page, in the order's scratch folder.

    Parameters
    ----------
    order : BuildOrder

    Returns
    -------
    BuildResult
        A failure is a result, with its sentence: it must not stop the other reports.
    """
    begun = time.perf_counter()
    try:
        notebook = run_notebook(order)
        page = publish_notebook(notebook, order)
    except ReportError as error:
        seconds, is_accident = time.perf_counter() - begun, isinstance(error, _AccidentError)
        return BuildResult(seconds, error=str(error), is_accident=is_accident)
    key = page.key_findings[0] if page.key_findings else None
    return BuildResult(
        seconds=time.perf_counter() - begun,
        warnings=notebook.metadata["csp_run"]["warnings"],
        peak_memory_mb=notebook.metadata["csp_run"]["peak_memory_mb"],
        title=page.title,
        headline=key.heading if key else "",
        certainty=key.certainty if key else "",
        vintage=page.vintage,
    )


def run_notebook(order: BuildOrder) -> Any:
    """The executed notebook.

    Raises
    ------
    ReportError
        If a cell fails, stops the notebook, or loses its kernel; the sentence names borough,
        notebook, cell and the error's last line.
    """
    import papermill
    from nbformat import NotebookNode
    from papermill.exceptions import PapermillExecutionError

    from analysis.publish.kernels import StoppedCellError, register_engine

    try:
        notebook: NotebookNode = papermill.execute_notebook(
            order.notebook_path,
            order.ipynb_path,
            parameters=dict(order.params),
            engine_name=register_engine(),
            kernel_name="python3",
            language="python",
            progress_bar=False,
            cwd=order.scratch,
        )
    except PapermillExecutionError as error:
        why = f"{error.ename}: {error.evalue}"
        raise ReportError(_sentence(order, error.cell_index, why)) from None
    except StoppedCellError as error:
        raise _AccidentError(_sentence(order, error.cell_index, error.why)) from None
    except RuntimeError as error:
        # The kernel never answered: no cell has run.
        message = f"{_told(order)}: no kernel could be started ({_one_line(str(error))})."
        raise _AccidentError(message) from None
    for index, cell in enumerate(notebook.cells):
        is_code = cell.cell_type == "code" and cell.source.strip()
        if is_code and cell.get("execution_count") is None:
            why = "the notebook was ended here (SystemExit)"
            raise ReportError(_sentence(order, index - 1, why))
    return notebook


def publish_notebook(notebook: Any, order: BuildOrder) -> Page:
    """Write the page and the executed notebook, as the same inputs always give them.

    Parameters
    ----------
    notebook : NotebookNode
        Executed; what a run leaves in it (times, paths, warnings) is taken out.
    order : BuildOrder

    Returns
    -------
    Page
        What the page says.
    """
    import nbformat

    from analysis.charts.contrast import faint_texts
    from analysis.publish.html.page import read_page
    from analysis.publish.html.render import render_page
    from analysis.publish.manifest import executed_digest

    warned = settle_notebook(notebook)
    about = {
        "area_code": order.area_code,
        "area_name": order.area_name,
        "notebook": order.notebook,
        "parts": dict(order.parts),
        "content_key": order.content_key,
        "executed": executed_digest(notebook.cells),
    }
    peak = notebook.metadata.pop("csp_peak_memory_mb", None)
    notebook.metadata["csp"] = about
    page = read_page(notebook, name=order.notebook)
    html = render_page(page, where=_told(order))
    # Told and not refused: it can be read in the table behind the chart.
    warned = "\n".join(filter(None, [warned, *faint_texts(html), *_left_out(html)]))
    order.html_path.write_text(html, encoding="utf-8", newline="\n")
    text = nbformat.writes(notebook, version=nbformat.NO_CONVERT)
    order.ipynb_path.write_text(text + "\n", encoding="utf-8", newline="\n")
    notebook.metadata["csp_run"] = {"warnings": warned, "peak_memory_mb": peak}
    return page


def _left_out(html: str) -> list[str]:
    from analysis.publish.html.page import NOT_SHOWN

    count = html.count(NOT_SHOWN)
    if not count:
        return []
    return [
        f"{count} picture{' is' if count == 1 else 's are'} left out: without a "
        "description and the data behind it nobody could check it. Draw it by a function of "
        "analysis.charts."
    ]


def settle_notebook(notebook: Any) -> str:
    """Take out of an executed notebook what differs from run to run.

    Parameters
    ----------
    notebook : NotebookNode
        Changed in place: names of cells that were made up are counted, times, paths and
        versions are gone, and so is what was written to standard error.

    Returns
    -------
    str
        What was written to standard error: warnings, for the ledger.
    """
    notebook.metadata.pop("papermill", None)
    notebook.metadata.pop("widgets", None)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    notebook.metadata["kernelspec"]["language"] = "python"
    notebook.metadata["language_info"] = {"name": "python", "file_extension": ".py"}
    warned = []
    given = [cell["id"] for cell in notebook.cells if not is_made_up(cell["id"])]
    names = Anchors(*given)
    for number, cell in enumerate(notebook.cells, start=1):
        if is_made_up(cell["id"]):
            cell["id"] = names.claim(f"cell-{number}")
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
        if cell.cell_type == "code":
            warned += [one.text for one in cell.outputs if _is_stderr(one)]
            cell.outputs = [one for one in cell.outputs if not _is_stderr(one)]
    return "".join(warned).strip()


def _is_stderr(output: Any) -> bool:
    return output.output_type == "stream" and output.name == "stderr"


def _sentence(order: BuildOrder, index: int, why: str) -> str:
    number = _number_in_source(order, index)
    place = f"failed at cell {number} of notebooks/{order.notebook}.ipynb"
    return f"{_told(order)} {place}: {_one_line(why)}"


def _told(order: BuildOrder) -> str:
    return f"{order.area_name}: {order.notebook}"


def _number_in_source(order: BuildOrder, index: int) -> int:
    """Cell as an analyst counts it: from 1, without the cell that papermill puts in."""
    from analysis.publish.parameters import PARAMETERS_TAG
    from analysis.publish.plan import read_cells

    for place, cell in enumerate(read_cells(Path(order.notebook_path))):
        if PARAMETERS_TAG in cell["metadata"].get("tags", []):
            return index if index > place else index + 1
    return index + 1


def _one_line(text: str) -> str:
    line = " ".join(without_control_signs(text).split())
    return line if len(line) <= _LONGEST_ERROR else f"{line[:_LONGEST_ERROR]}..."
