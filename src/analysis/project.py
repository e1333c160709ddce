"""Where the project's folders are: ``data/``, ``params/``, ``notebooks/``, ``reports/``."""

from __future__ import annotations

import os
from pathlib import Path

from analysis.errors import UsageError

ROOT_VARIABLE = "CSP_PROJECT"
# Names a project folder other than the one around the working folder.

_MARKS = ("data/sources.yml", "params/defaults.yml")


def project_root() -> Path:
    """Folder that holds the project.

    Returns
    -------
    Path
        The folder named by ``CSP_PROJECT``; else the nearest folder at or above the
        working folder that is a project; else the checkout the package runs from.

    Raises
    ------
    UsageError
        If none of these is a project folder.
    """
    named = os.environ.get(ROOT_VARIABLE)
    if named:
        return _checked(Path(named))
    here = Path.cwd()
    for folder in (here, *here.parents, Path(__file__).parents[2]):
        if _is_project(folder):
            return folder
    message = (
        f"{here}: not inside a Safer Boroughs project (no {_MARKS[1]} here or above). "
        f"Change to the project's folder, or set {ROOT_VARIABLE} to it."
    )
    raise UsageError(message)


def _is_project(folder: Path) -> bool:
    return all((folder / mark).is_file() for mark in _MARKS)


def _checked(folder: Path) -> Path:
    if not _is_project(folder):
        message = f"{ROOT_VARIABLE}={folder}: not a Safer Boroughs project (no {_MARKS[1]})."
        raise UsageError(message)
    return folder.resolve()
