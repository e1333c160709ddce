"""What a project needs to build its reports: what is there, what is missing, how to mend it."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from analysis.errors import AnalysisError
from analysis.project import project_root
from analysis.publish.pdf import BROWSER_VARIABLE, find_browser

State = Literal["ok", "missing", "optional"]

MIRROR_VARIABLE = "CSP_MIRROR"
CACHE_VARIABLE = "CSP_CACHE"
LAB_FOLDER = ".venv-lab"
# JupyterLab's packages do not stand among those of the reports: 'make lab' keeps them here.

_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)([^\\\n]*)", re.MULTILINE)


@dataclass(frozen=True)
class Check:
    """One thing looked at.

    ``state`` is ``ok``, ``missing`` (reports cannot be built without it) or ``optional``
    (not there or not as locked, and reports are built all the same). ``mend`` says what to
    do about it.
    """

    name: str
    state: State
    found: str
    mend: str = ""


def examine() -> Iterator[Check]:
    """Look at one thing after another.

    Yields
    ------
    Check
        Each as soon as it is known; starting a kernel takes a second or more.
    """
    yield _python()
    project = _guarded(
        "project", lambda: str(project_root()), "Change to the project's folder."
    )
    yield project
    if project.state != "ok":
        # All else is looked for in it.
        return
    yield from _packages()
    yield _guarded("params", _params, "Mend the file it names.")
    yield _guarded("figures", _figures, "Restore data/figures/ from the repository.")
    yield _guarded("notebooks", _notebooks, "Restore notebooks/ from the repository.")
    yield _guarded("kernel", _kernel, "Install the packages again from requirements.lock.")
    yield _folder("published files (mirror)", os.environ.get(MIRROR_VARIABLE), MIRROR_VARIABLE)
    cache = os.environ.get(CACHE_VARIABLE) or str(project_root() / "cache")
    yield _folder("cache of published files", cache, CACHE_VARIABLE)
    yield _guarded_check("finer published files", _detail, "Restore data/sources.yml.")
    yield _lab()
    yield _browser()


def locked_versions(lock: str) -> dict[str, str]:
    r"""Packages and versions of a ``requirements.lock`` that hold on every system.

    Parameters
    ----------
    lock : str
        Text of the file. A line with a marker (``; sys_platform == ...``) is left out.

    Returns
    -------
    dict of str to str

    Examples
    --------
    >>> text = "click==8.1.8 --hash=sha256:0\npywin32==3 ; sys_platform == 'win32'\n"
    >>> locked_versions(text)
    {'click': '8.1.8'}
    """
    found = _PINNED.findall(lock)
    return {name: pinned for name, pinned, rest in found if ";" not in rest}


def _python() -> Check:
    found = ".".join(str(part) for part in sys.version_info[:3])
    is_enough = sys.version_info >= (3, 11)
    mend = "" if is_enough else "Install Python 3.11 or newer."
    return Check("python", "ok" if is_enough else "missing", found, mend)


def _packages() -> Iterator[Check]:
    lock = project_root() / "requirements.lock"
    if not lock.is_file():
        mend = "Restore requirements.lock from the repository."
        yield Check("packages", "optional", "no requirements.lock to compare with", mend)
        return
    locked = locked_versions(lock.read_text("utf-8"))
    installed = {name: _installed(name) for name in locked}
    absent = [name for name, found in installed.items() if not found]
    other = [name for name, found in installed.items() if found and found != locked[name]]
    install = "Install them: python -m pip install --require-hashes -r requirements.lock"
    if absent:
        yield Check("packages", "missing", f"not installed: {', '.join(absent)}", install)
    if other:
        listed = ", ".join(f"{one} {installed[one]} (locked {locked[one]})" for one in other)
        yield Check("packages", "optional", f"not as locked: {listed}", install)
    if not absent and not other:
        yield Check("packages", "ok", f"{len(locked)} as locked")


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _guarded(name: str, look: Callable[[], str], mend: str) -> Check:
    try:
        return Check(name, "ok", look())
    except (AnalysisError, OSError, RuntimeError, ImportError) as error:
        return Check(name, "missing", str(error), mend)


def _guarded_check(name: str, look: Callable[[], Check], mend: str) -> Check:
    try:
        return look()
    except (AnalysisError, OSError) as error:
        return Check(name, "missing", str(error), mend)


def _params() -> str:
    from analysis.params.runs import load_defaults

    defaults = load_defaults()
    return f"defaults for {len(defaults.boroughs)} borough(s)"


def _figures() -> str:
    from analysis.data.figures import check_figures

    return f"{len(check_figures())} tables, each as compiled"


def _notebooks() -> str:
    from analysis.publish.plan import read_cells

    paths = sorted((project_root() / "notebooks").glob("*.ipynb"))
    for path in paths:
        read_cells(path)
    if not paths:
        raise FileNotFoundError("no notebook in notebooks/")
    return ", ".join(path.stem for path in paths)


def _kernel() -> str:
    from analysis.publish.kernels import kernel_start_seconds

    return f"answers in {kernel_start_seconds():.1f} s"


def _folder(name: str, path: str | None, variable: str) -> Check:
    if path and Path(path).is_dir():
        return Check(name, "ok", path)
    found = f"{path} is not there" if path else "not named"
    mend = f"'csp data' and the finer sections of reports read it: set {variable}."
    return Check(name, "optional", found, mend)


def _detail() -> Check:
    from analysis.data.detail import DETAIL_SOURCES, held_sources

    held = held_sources()
    absent = [source_id for source_id in DETAIL_SOURCES if source_id not in held]
    if not absent:
        return Check("finer published files", "ok", f"{len(held)} held")
    mend = "Sections that need them say so. Bring them in with 'csp data fetch'."
    return Check("finer published files", "optional", f"not held: {', '.join(absent)}", mend)


def _lab() -> Check:
    mend = "To open the notebooks: make lab, or install requirements-lab.lock."
    folder = project_root() / LAB_FOLDER
    beside = [folder / place for place in ("bin/jupyter-lab", "Scripts/jupyter-lab.exe")]
    if found := _installed("jupyterlab"):
        other = _other_python()
        if other:
            mend = "Take it out: jupyter kernelspec remove python3"
            return Check("jupyterlab", "optional", f"its 'python3' runs {other}", mend)
        return Check("jupyterlab", "ok", f"{found}, in this environment")
    if any(path.is_file() for path in beside):
        return Check("jupyterlab", "ok", f"in {LAB_FOLDER}: make lab opens it")
    return Check("jupyterlab", "optional", "not installed", mend)


def _other_python() -> str:
    """The Python that a notebook's kernel would run, if it is not this environment's."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        # A user's own kernel of that name may stand before the environment's.
        told = KernelSpecManager().get_kernel_spec("python3").argv[0]
    except NoSuchKernel:
        return ""
    is_own = Path(told).name == told or Path(told).parent == Path(sys.executable).parent
    return "" if is_own else told


def _browser() -> Check:
    try:
        return Check("chromium", "ok", find_browser())
    except AnalysisError:
        mend = f"Only PDF copies need it: install it, or name it in {BROWSER_VARIABLE}."
        return Check("chromium", "optional", "not found", mend)
