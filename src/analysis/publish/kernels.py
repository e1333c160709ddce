"""A kernel that is surely this interpreter, and the papermill engine that uses it.

A kernel spec named ``python3`` may be missing, or belong to another environment. Here the
kernel is started by the running interpreter's own path, so a report is made with the
packages that the command itself has. No file of the user's (history, start-up scripts,
profile) reaches it.
"""

from __future__ import annotations

import os
import sys
import time
import uuid
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

import psutil  # type: ignore[import-untyped]
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager, KernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from traitlets import default

ENGINE = "csp-report"

START_TIMEOUT_SECONDS = 120
# A kernel starts in about a second; a machine busy with other reports may need far longer.

CELL_TIMEOUT_SECONDS = 1800
# No cell of a report takes half an hour: one that does waits for something.

_ARGUMENTS = [
    "-m",
    "ipykernel_launcher",
    "-f",
    "{connection_file}",
    "--HistoryManager.enabled=False",
    "--log-level=50",
]
_ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)


class StoppedCellError(Exception):
    """A cell did not come to an end: its kernel died, or it took too long."""

    def __init__(self, cell_index: int, why: str) -> None:
        super().__init__(why)
        self.cell_index = cell_index
        self.why = why


class _ThisInterpreter(KernelManager):
    """Starts a kernel from the running interpreter, whatever kernel specs are installed."""

    @property
    def kernel_spec(self) -> KernelSpec:
        """The kernel of this interpreter."""
        return this_interpreter()

    @default("transport")
    def _sockets_without_ports(self) -> str:
        # Reports that start at once may be given the same free port; files cannot clash.
        return "tcp" if os.name == "nt" else "ipc"

    @default("connection_file")
    def _beside_the_sockets(self) -> str:
        name = f"{uuid.uuid4().hex[:8]}.json"
        return str(Path(os.environ.get("JUPYTER_RUNTIME_DIR", gettempdir())) / name)


class ReportKernelManager(_ThisInterpreter, AsyncKernelManager):
    """The kernel of a report, for papermill's client."""


class BlockingKernelManager(_ThisInterpreter):
    """The same kernel for a caller that waits."""


class ReportClient(PapermillNotebookClient):
    """Runs the cells; says which one stopped, and how much memory the kernel took."""

    def execute_cell(self, cell: Any, cell_index: int, **options: Any) -> Any:
        """Run one cell, naming it if its kernel dies under it."""
        try:
            return super().execute_cell(cell, cell_index, **options)
        except DeadKernelError:
            why = "the kernel died (killed, or out of memory)"
        except CellTimeoutError:
            why = f"the cell ran for more than {CELL_TIMEOUT_SECONDS} seconds"
        raise StoppedCellError(cell_index, why)

    def papermill_execute_cells(self) -> None:
        """Run all cells, then note the kernel's peak memory while it still lives."""
        super().papermill_execute_cells()
        pid = getattr(self.km.provisioner, "pid", None)
        self.nb.metadata["csp_peak_memory_mb"] = peak_memory_mb(pid) if pid else None


class ReportEngine(NBClientEngine):
    """Papermill's engine with our kernel and our client."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, **options: Any
    ) -> Any:
        """Run a notebook that papermill has prepared."""
        return ReportClient(
            nb_man,
            kernel_name=kernel_name,
            kernel_manager_class=ReportKernelManager,
            startup_timeout=START_TIMEOUT_SECONDS,
            timeout=CELL_TIMEOUT_SECONDS,
            record_timing=False,
        ).execute()


def register_engine() -> str:
    """Make the engine known to papermill; returns its name."""
    papermill_engines.register(ENGINE, ReportEngine)
    return ENGINE


def this_interpreter() -> KernelSpec:
    """Kernel spec of the interpreter that runs this line.

    Examples
    --------
    >>> this_interpreter().argv[0] == sys.executable
    True
    """
    return KernelSpec(
        argv=[sys.executable, *_ARGUMENTS],
        display_name="Safer Boroughs",
        language="python",
        env={"PYDEVD_DISABLE_FILE_VALIDATION": "1"},
    )


def report_environment(project: Path, private: Path) -> dict[str, str]:
    """Environment variables for a process that builds reports.

    Parameters
    ----------
    project : Path
        The project's folder.
    private : Path
        An empty folder of the process's own, for what Jupyter and IPython write.

    Returns
    -------
    dict of str to str
        One thread a library, since reports run side by side; a fixed hash seed, since the
        order of a set must not change a report.
    """
    return {
        **dict.fromkeys(_ONE_THREAD, "1"),
        "PYTHONHASHSEED": "0",
        "CSP_PROJECT": str(project),
        "IPYTHONDIR": str(private / "ipython"),
        "JUPYTER_RUNTIME_DIR": str(private / "runtime"),
        "JUPYTER_PLATFORM_DIRS": "1",
    }


def peak_memory_mb(pid: int) -> float | None:
    """Largest resident memory of a living process so far, in MB; None if not told.

    Examples
    --------
    >>> (peak_memory_mb(os.getpid()) or 0) > 1
    True
    """
    status = Path(f"/proc/{pid}/status")
    if status.is_file():
        told = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        if told:
            return round(int(told[0].split()[1]) / 1024, 1)
    try:
        memory = psutil.Process(pid).memory_info()
    except psutil.Error:
        return None
    return round(getattr(memory, "peak_wset", memory.rss) / 2**20, 1)


def kernel_start_seconds() -> float:
    """Seconds until a kernel of this interpreter answers.

    Raises
    ------
    RuntimeError
        If it does not start.
    """
    with TemporaryDirectory(prefix="csp-kernel-") as private:
        environment = {**os.environ, **report_environment(Path.cwd(), Path(private))}
        manager = BlockingKernelManager(connection_file=str(Path(private) / "kernel.json"))
        begun = time.perf_counter()
        manager.start_kernel(env=environment)
        client = manager.client()
        try:
            client.start_channels()
            client.wait_for_ready(timeout=START_TIMEOUT_SECONDS)
            return time.perf_counter() - begun
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
