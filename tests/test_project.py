"""Where the project is: the variable, then the folders above, then the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis import project
from analysis.errors import UsageError
from analysis.project import project_root


def _make_project(folder: Path) -> Path:
    for mark in ("data/sources.yml", "params/defaults.yml"):
        (folder / mark).parent.mkdir(parents=True)
        (folder / mark).touch()
    return folder


@pytest.fixture(autouse=True)
def _no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CSP_PROJECT", raising=False)


def test_a_folder_within_a_project_belongs_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = _make_project(tmp_path / "ours")
    deep = root / "notebooks" / "drafts"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert project_root() == root


def test_the_nearest_project_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _make_project(tmp_path / "outer")
    inner = _make_project(tmp_path / "outer" / "inner")
    monkeypatch.chdir(inner)
    assert project_root() == inner


def test_the_variable_goes_before_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(_make_project(tmp_path / "here"))
    named = _make_project(tmp_path / "named")
    monkeypatch.setenv("CSP_PROJECT", str(named))
    assert project_root() == named


def test_outside_any_project_the_checkout_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert project_root() == Path(project.__file__).parents[2]


def test_a_variable_that_names_no_project_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSP_PROJECT", str(tmp_path))
    with pytest.raises(UsageError, match=r"CSP_PROJECT=.*: not a Safer Boroughs project"):
        project_root()


def test_without_any_project_the_sentence_says_how_to_mend_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(project, "__file__", str(tmp_path / "a" / "b" / "c" / "project.py"))
    with pytest.raises(UsageError, match="not inside a Safer Boroughs project .*CSP_PROJECT"):
        project_root()
