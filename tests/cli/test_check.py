"""``csp check`` names every planted fault, and passes what is sound."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.cli import main

Capture = pytest.CaptureFixture[str]

PARAMETERS = 'borough: str = "harrow"  # name or GSS code of the borough'


def code_of_check() -> int:
    try:
        main(["check"])
    except SystemExit as leaving:
        return int(leaving.code or 0)
    return 0


def test_the_project_itself_is_sound(capsys: Capture) -> None:
    assert code_of_check() == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert "are sound" in told.err


def test_a_sound_notebook_is_counted(
    write_notebook: Callable[..., Path], capsys: Capture
) -> None:
    write_notebook("own", "borough.title()", parameters=PARAMETERS)
    assert code_of_check() == 0
    assert capsys.readouterr().err.startswith("1 notebooks and ")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("def double(count):\n    return 2 * count", "def"),
        ("try:\n    borough\nexcept NameError:\n    pass", "try"),
        ("import warnings\nwarnings.simplefilter('ignore')", "a warning is silenced"),
    ],
)
def test_a_planted_fault_of_a_notebook_is_named_with_its_file(
    cell: str, said: str, write_notebook: Callable[..., Path], capsys: Capture
) -> None:
    write_notebook("own", cell, parameters=PARAMETERS)
    assert code_of_check() == 2
    told = capsys.readouterr()
    assert "own.ipynb" in told.out
    assert said in told.out
    assert "fault(s) in notebooks or params; each is named above" in told.err


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("params/defaults.yml", "seed:", "sead:", "sead"),
        ("params/defaults.yml", "boroughs: [harrow", "boroughs: [harow", "harow"),
        ("params/plans/harrow_2013-17.yml", "percent: 20", "percent: -20", "percent"),
        ("params/regimes/mopac_2013-16.yml", "horizon:", "horizom:", "horizom"),
        ("params/runs/harrow_and_havering.yml", "harrow", "harow", "harow"),
    ],
)
def test_a_planted_fault_of_a_params_file_is_named_with_its_place(
    file: str, old: str, new: str, said: str, small_project: Path, capsys: Capture
) -> None:
    path = small_project / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    assert code_of_check() == 2
    told = capsys.readouterr()
    assert Path(file).name in told.out
    assert said in told.out


def test_faults_are_named_together_and_counted(
    write_notebook: Callable[..., Path], small_project: Path, capsys: Capture
) -> None:
    write_notebook("own", "class Mine:\n    pass")
    path = small_project / "params/defaults.yml"
    path.write_text(path.read_text("utf-8") + "unheard_of: 1\n", "utf-8")
    assert code_of_check() == 2
    told = capsys.readouterr()
    assert "own.ipynb" in told.out
    assert "unheard_of" in told.out
    count = int(told.err.removeprefix("csp: ").split()[0])
    assert count == len(told.out.splitlines())
