"""``csp check`` names every planted fault, and passes what is sound."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Capture = pytest.CaptureFixture[str]
CodeOf = Callable[..., int]

PARAMETERS = 'borough: str = "harrow"  # name or GSS code of the borough'


HOW_SURE = 'display(section("How sure are we"))'


def test_the_project_itself_is_sound(capsys: Capture, code_of: CodeOf) -> None:
    assert code_of("check") == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("No fault in ")


def test_a_sound_notebook_is_counted(
    write_notebook: Callable[..., Path], capsys: Capture, code_of: CodeOf
) -> None:
    write_notebook("targets", "borough.title()", HOW_SURE, parameters=PARAMETERS)
    assert code_of("check") == 0
    assert capsys.readouterr().err.startswith("No fault in 1 notebook and ")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("def double(count):\n    return 2 * count", "def"),
        ("try:\n    borough\nexcept NameError:\n    pass", "try"),
        ("import warnings\nwarnings.simplefilter('ignore')", "a warning is silenced"),
    ],
)
def test_a_planted_fault_of_a_notebook_is_named_with_its_file(
    cell: str, said: str, write_notebook: Callable[..., Path], capsys: Capture, code_of: CodeOf
) -> None:
    write_notebook("own", cell, parameters=PARAMETERS)
    assert code_of("check") == 2
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
        ("params/priorities.yml", "high_places:", "hihg_places:", "hihg_places"),
    ],
)
def test_a_planted_fault_of_a_params_file_is_named_with_its_place(
    file: str,
    old: str,
    new: str,
    said: str,
    small_project: Path,
    capsys: Capture,
    code_of: CodeOf,
) -> None:
    path = small_project / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    assert code_of("check") == 2
    told = capsys.readouterr()
    assert Path(file).name in told.out
    assert said in told.out


def test_faults_are_named_together_and_counted(
    write_notebook: Callable[..., Path], small_project: Path, capsys: Capture, code_of: CodeOf
) -> None:
    write_notebook("own", "class Mine:\n    pass")
    path = small_project / "params/defaults.yml"
    path.write_text(path.read_text("utf-8") + "unheard_of: 1\n", "utf-8")
    assert code_of("check") == 2
    told = capsys.readouterr()
    assert "own.ipynb" in told.out
    assert "unheard_of" in told.out
    count = int(told.err.removeprefix("csp: ").split()[0])
    assert count == len(told.out.splitlines())


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("harow.yml", "borough: harrow", "params/boroughs/harow.yml: no borough 'harow'"),
        (
            "barking and dagenham.yml",
            "borough: E09000002",
            "Rename it barking_and_dagenham.yml",
        ),
        ("harrow.yml", "borough: sutton", "'borough' is E09000029, not the E09000015"),
        ("harrow.yml", "borough: harrow\nnot: x", "unknown key 'not'. Did you mean 'note'?"),
    ],
)
def test_a_borough_file_that_nothing_reads_or_that_is_faulty_is_named(
    name: str, text: str, said: str, small_project: Path, capsys: Capture, code_of: CodeOf
) -> None:
    (small_project / "params/boroughs" / name).write_text(text, "utf-8")
    assert code_of("check") == 2
    assert said in capsys.readouterr().out


def test_a_notebook_that_the_defaults_do_not_list_is_named(
    write_notebook: Callable[..., Path], capsys: Capture, code_of: CodeOf
) -> None:
    write_notebook("own", "borough.title()", HOW_SURE, parameters=PARAMETERS)
    assert code_of("check") == 2
    assert capsys.readouterr().out == (
        "own.ipynb: not among the notebooks of params/defaults.yml. Add a line '  - own'.\n"
    )


def test_one_notebook_alone_is_checked_by_name_or_path(
    write_notebook: Callable[..., Path], capsys: Capture, code_of: CodeOf
) -> None:
    four = "a = borough\nb = a\nc = b\ndisplay(c)"
    write_notebook("targets", four, HOW_SURE, parameters=PARAMETERS)
    path = write_notebook("safer_locations", four, HOW_SURE, parameters=PARAMETERS)
    write_notebook("own", "class Mine:\n    pass")
    for named in ("targets", str(path)):
        assert code_of("check", named) == 2
        told = capsys.readouterr().out
        assert told.startswith("safer_locations.ipynb cell 3 and targets.ipynb cell 3: ")
        assert len(told.splitlines()) == 1


def test_another_notebook_whose_name_ends_alike_is_not_meant(
    write_notebook: Callable[..., Path], capsys: Capture, code_of: CodeOf
) -> None:
    four = "a = borough\nb = a\nc = b\ndisplay(c)"
    write_notebook("own_targets", four, HOW_SURE, parameters=PARAMETERS)
    write_notebook("safer_locations", four, HOW_SURE, parameters=PARAMETERS)
    write_notebook("targets", "display(borough)", HOW_SURE, parameters=PARAMETERS)
    assert code_of("check", "targets") == 0, capsys.readouterr().out


@pytest.mark.parametrize("text", ["{}", "no notebook", ""])
def test_a_file_that_is_no_notebook_is_named_and_the_others_are_read(
    text: str, write_notebook: Callable[..., Path], capsys: Capture, code_of: CodeOf
) -> None:
    path = write_notebook("targets", "12", HOW_SURE, "borough", parameters=PARAMETERS)
    (path.parent / "broken.ipynb").write_text(text, encoding="utf-8")
    assert code_of("check") == 2
    told = capsys.readouterr().out
    assert "broken.ipynb: not a notebook" in told
    assert "the number 12 is typed" in told


def test_a_name_that_cannot_be_an_address_is_a_fault(
    write_notebook: Callable[..., Path], capsys: Capture, code_of: CodeOf
) -> None:
    write_notebook("my report", "display(borough)", HOW_SURE, parameters=PARAMETERS)
    assert code_of("check") == 2
    assert "'my report' cannot be a page's address" in capsys.readouterr().out


def test_faults_are_given_to_a_program_as_place_and_sentence(
    write_notebook: Callable[..., Path], capsys: Capture, code_of: CodeOf
) -> None:
    write_notebook("targets", HOW_SURE, "12", "borough", parameters=PARAMETERS)
    assert code_of("check", "targets", "--json") == 2
    assert json.loads(capsys.readouterr().out) == [
        {
            "where": "targets.ipynb, cell 4",
            "fault": "the number 12 is typed. Choose it in params/ or compute it.",
        }
    ]


@pytest.mark.parametrize("name", ["target", "nowhere.ipynb"])
def test_a_notebook_that_is_not_there_is_told(
    name: str, capsys: Capture, code_of: CodeOf
) -> None:
    assert code_of("check", name) == 2
    assert "no " in capsys.readouterr().err
