"""Fixtures that every test folder may use."""

from __future__ import annotations

import ast
import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from analysis.assessment import Assessment

# No deadline: a slow moment of a shared machine is no fault of the code.
settings.register_profile("project", deadline=None, max_examples=60)
settings.load_profile("project")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the slowest look be as wide as London."""
    parser.addoption(
        "--every-borough",
        action="store_true",
        help="read the sentences of all 32 boroughs in every notebook (twenty minutes)",
    )


@pytest.fixture(scope="session")
def mirror() -> Path:
    """Folder with the published files; tests that need them skip where none is set."""
    named = os.environ.get("CSP_MIRROR")
    if not named:
        pytest.skip("CSP_MIRROR is not set: no folder with the published files to read")
    return Path(named)


@pytest.fixture(scope="session")
def opened() -> Callable[..., Assessment]:
    """Open a borough at a cut on the embedded figures, once a session.

    Boroughs at one cut share the table, the monthly sums and the forecasts, alike for all.
    """
    from analysis.assessment import Assessment

    open_assessment = Assessment.open
    held: dict[tuple[str, str | None], Assessment] = {}
    first: dict[str | None, Assessment] = {}

    def open_once(borough: str = "harrow", as_of: str | None = None) -> Assessment:
        if (borough, as_of) not in held:
            own = open_assessment(borough, as_of=as_of)
            shared = first.setdefault(as_of, own)
            own = replace(own, offences=shared.offences)
            vars(own)["_histories"] = shared._histories
            vars(own)["_outlooks"] = shared._outlooks
            vars(own)["_dispersions"] = shared._dispersions
            held[borough, as_of] = own
        return held[borough, as_of]

    return open_once


REPORT_BOROUGHS = ("harrow", "havering", "kensington and chelsea")
# Two of founding plans, and the one with the longest name, whose residents are few for what
# happens there.
LONGEST_BUILD = 1500
# Seconds: what a busy machine of two processors may need for all of them, and half again.


@pytest.fixture(scope="session")
def built_reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All notebooks' reports of three boroughs, built once for all processes of tests.

    From the embedded figures alone, as on a machine that holds no more. The process that
    comes first builds; the others wait for it, and hear it if it failed. Nobody changes what
    is there: copy the folder to do that.
    """
    named = os.environ.get("CSP_TEST_REPORTS")
    if named:
        # Built before by whoever works on the tests themselves.
        return Path(named)
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    place = shared / "built"
    told = shared / "built.json"
    try:
        place.mkdir()
    except FileExistsError:
        failure = _waited_for(told)
    else:
        failure = _build_all(place)
        beside = told.with_suffix(".tmp")
        beside.write_text(json.dumps(failure), encoding="utf-8")
        beside.replace(told)
    if failure:
        pytest.fail(f"the reports that these tests read were not built: {failure}")
    return place / "reports"


def _waited_for(told: Path) -> str:
    deadline = time.monotonic() + LONGEST_BUILD
    while not told.is_file():
        if time.monotonic() > deadline:
            return f"nothing was told of them within {LONGEST_BUILD} s"
        time.sleep(0.5)
    return str(json.loads(told.read_text("utf-8")))


def _build_all(place: Path) -> str:
    """Build into ``place/reports``; what went wrong, or nothing."""
    from analysis.publish.plan import Selection, plan_reports, select_jobs
    from analysis.publish.run import run_reports

    out = place / "reports"
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("CSP_MIRROR", raising=False)
        patch.setenv("CSP_CACHE", str(place / "cache"))
        try:
            planned = plan_reports(select_jobs(Selection(REPORT_BOROUGHS, ("all",))), out)
            failures = run_reports(planned, out, jobs=2).failures
        except Exception as error:
            return f"{type(error).__name__}: {error}"
    return "; ".join(failures)


@cache
def chart_modules_of_themes() -> tuple[str, ...]:
    """Names of the chart modules that draw an assessment, found by what they import.

    Read and not imported, so that one that does not import fails only its own tests.
    """
    folder = Path(__file__).parents[1] / "src/analysis/charts"
    return tuple(path.stem for path in sorted(folder.glob("*.py")) if _draws_assessment(path))


def _draws_assessment(path: Path) -> bool:
    room = "analysis.assessment"
    imported = [
        str(part.module)
        for part in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(part, ast.ImportFrom)
    ]
    return any(name == room or name.startswith(f"{room}.") for name in imported)


@pytest.fixture
def shown(
    opened: Callable[..., Assessment], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., list[object]]:
    """What a notebook of the project displays for a borough at a cut, in order.

    Its cells run here, not in a kernel, on an assessment that is shared; without drawings
    nothing stands where a chart would.
    """
    import analysis.charts
    from analysis.assessment import Assessment
    from analysis.data.vintages import revisions

    revised = revisions()

    class NoDrawing:
        def __init__(self, module: ModuleType) -> None:
            self._module = module

        def __getattr__(self, name: str) -> object:
            told = getattr(self._module, name)
            return (lambda *given, **options: []) if callable(told) else told

    def run(
        notebook: str, borough: str = "harrow", as_of: str = "", *, draw: bool = True
    ) -> list[object]:
        if not draw:
            for name in chart_modules_of_themes():
                module = import_module(f"analysis.charts.{name}")
                monkeypatch.setattr(analysis.charts, name, NoDrawing(module))
        found: list[object] = []
        monkeypatch.setattr("IPython.display.display", lambda *many: found.extend(many))
        own = opened(borough, as_of or None)
        monkeypatch.setattr(Assessment, "open", lambda *given, **options: own)
        monkeypatch.setattr("analysis.assessment.assessment.revisions", lambda: revised)
        path = Path(__file__).parents[1] / "notebooks" / f"{notebook}.ipynb"
        names: dict[str, object] = {}
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                exec(compile("".join(cell["source"]), path.name, "exec"), names)
        return [each for each in found if each != []]

    return run


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
