"""Fixtures that every test folder may use."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def mirror() -> Path:
    """Folder with the published files; tests that need them skip where none is set."""
    named = os.environ.get("CSP_MIRROR")
    if not named:
        pytest.skip("CSP_MIRROR is not set: no folder with the published files to read")
    return Path(named)


@pytest.fixture
def small_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of its own, with the params and reference tables but no notebook."""
    checkout = Path(__file__).parents[1]
    project = tmp_path / "project"
    shutil.copytree(checkout / "params", project / "params")
    shutil.copytree(checkout / "data/reference", project / "data/reference")
    shutil.copy(checkout / "data/sources.yml", project / "data/sources.yml")
    (project / "notebooks").mkdir()
    monkeypatch.setenv("CSP_PROJECT", str(project))
    return project


@pytest.fixture
def write_notebook(small_project: Path) -> Callable[..., Path]:
    """Write a notebook into the small project: title, parameters, then code cells."""

    def cell(kind: str, source: str, **metadata: object) -> dict[str, object]:
        made = {"cell_type": kind, "metadata": metadata, "source": source.splitlines(True)}
        return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})

    def write(
        name: str,
        *code: str,
        title: str = "# Is it rising?",
        parameters: str = 'borough: str = "harrow"',
    ) -> Path:
        cells = [
            cell("markdown", title),
            cell("code", parameters, tags=["parameters"]),
            *(cell("code", source) for source in code),
        ]
        kernel = {"kernelspec": {"name": "python3", "display_name": "", "language": "python"}}
        path = small_project / "notebooks" / f"{name}.ipynb"
        notebook = {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 4}
        path.write_text(json.dumps(notebook), encoding="utf-8")
        return path

    return write
