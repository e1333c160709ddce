"""Imports run one way, siblings do not import each other, and a domain word names a file."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.project import project_root

PACKAGE = project_root() / "src/analysis"

FLOORS = (
    {"errors", "wording"},
    {"project"},
    {"params"},
    {"data"},
    {"measures"},
    {
        "forecasts",
        "targets",
        "places",
        "victims",
        "offenders",
        "confidence",
        "priorities",
        "evaluation",
    },
    {"assessment"},
    {"charts", "findings"},
    {"publish"},
    {"cli"},
    {"__main__"},
)
# From the ground up. A room imports from itself and from the floors below it; rooms of one
# floor are siblings.

NOT_A_DOMAIN_WORD = {"utils", "util", "helpers", "helper", "common", "misc"}

ROOM_FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}


def import_faults(package: Path) -> list[str]:
    """Every import that goes up or across, and every room that is on no floor."""
    found = []
    for path in sorted(package.rglob("*.py")):
        place = path.relative_to(package)
        room = place.with_suffix("").parts[0]
        if room == "__init__":
            found += [f"{place} imports {name}" for _, name in imported_rooms(path)]
        elif room not in ROOM_FLOOR:
            found.append(f"{place}: room '{room}' is on no floor of FLOORS. Add it there")
        else:
            found += list(faults_of_module(path, place, room))
    return found


def faults_of_module(path: Path, place: Path, room: str) -> Iterator[str]:
    for line, name in imported_rooms(path):
        if name == ".":
            yield f"{place}:{line} imports by a relative path. Write it in full"
        elif name != room and ROOM_FLOOR.get(name, len(FLOORS)) >= ROOM_FLOOR[room]:
            yield f"{place}:{line}: '{room}' imports '{name}', which is not below it"


def imported_rooms(path: Path) -> Iterator[tuple[int, str]]:
    """Line and room of each import of the package, wherever in the module it stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for name in imported_names(node):
            first, _, rest = name.partition(".")
            if first == "":
                yield node.lineno, "."
            elif first == "analysis" and rest:
                yield node.lineno, rest.split(".")[0]


def imported_names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        if node.level:
            return ["."]
        if node.module == "analysis":
            return [f"analysis.{alias.name}" for alias in node.names]
        return [node.module or ""]
    if isinstance(node, ast.Call) and name_called(node) in ("import_module", "__import__"):
        return [arg.value for arg in node.args[:1] if is_text(arg)]
    return []


def name_called(node: ast.Call) -> str:
    target = node.func
    return target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")


def is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def misnamed(package: Path) -> list[str]:
    return [
        path.relative_to(package).as_posix()
        for path in sorted(package.rglob("*"))
        if path.stem in NOT_A_DOMAIN_WORD
    ]


def test_imports_run_one_way_only() -> None:
    assert import_faults(PACKAGE) == []


def test_no_module_is_named_for_nothing() -> None:
    assert misnamed(PACKAGE) == []


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A small sound package: two siblings over measures over data."""
    for place, text in {
        "__init__.py": "",
        "errors.py": "import json\n",
        "data/store.py": "from analysis.errors import AnalysisError\n",
        "measures/rates.py": "import analysis.data.store\n",
        "forecasts/models.py": "from analysis.measures import rates\n",
        "targets/rules.py": "from analysis import measures\n",
    }.items():
        path = tmp_path / place
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_a_sound_package_has_no_faults(package: Path) -> None:
    assert import_faults(package) == []


@pytest.mark.parametrize(
    ("place", "text", "said"),
    [
        ("data/store.py", "import analysis.measures.rates", "'data' imports 'measures'"),
        ("data/store.py", "from analysis import measures", "'data' imports 'measures'"),
        (
            "measures/rates.py",
            "def f():\n    from analysis.forecasts import models",
            "rates.py:2: 'measures' imports 'forecasts'",
        ),
        ("targets/rules.py", "import analysis.forecasts", "'targets' imports 'forecasts'"),
        (
            "forecasts/models.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import analysis.targets",
            "models.py:3: 'forecasts' imports 'targets'",
        ),
        ("errors.py", "import analysis.project", "'errors' imports 'project'"),
        (
            "data/store.py",
            "import importlib\nimportlib.import_module('analysis.cli')",
            "'data' imports 'cli'",
        ),
        ("data/store.py", "from analysis.nowhere import x", "'data' imports 'nowhere'"),
        ("data/store.py", "from . import fetch", "by a relative path"),
        ("__init__.py", "from analysis.errors import AnalysisError", "imports errors"),
        ("attic/box.py", "", "room 'attic' is on no floor"),
        ("findings/x.py", "from analysis.charts import y", "'findings' imports 'charts'"),
        ("findings/x.py", "from analysis.publish import y", "'findings' imports 'publish'"),
    ],
)
def test_a_planted_violation_is_found(package: Path, place: str, text: str, said: str) -> None:
    path = package / place
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    faults = import_faults(package)
    assert len(faults) == 1
    assert said in faults[0]


@pytest.mark.parametrize("place", ["utils.py", "data/helpers.py", "measures/common/x.py"])
def test_a_planted_name_for_nothing_is_found(package: Path, place: str) -> None:
    path = package / place
    path.parent.mkdir(exist_ok=True)
    path.write_text("", encoding="utf-8")
    assert len(misnamed(package)) == 1
