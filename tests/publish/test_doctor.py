"""What ``csp doctor`` says of JupyterLab, there or not."""

import json
from importlib.metadata import version
from pathlib import Path

import pytest

from analysis.publish import doctor
from analysis.publish.doctor import Check, examine


def lab() -> Check:
    [found] = [one for one in examine() if one.name == "jupyterlab"]
    return found


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No kernel is started and no figure read."""
    monkeypatch.setattr(doctor, "_kernel", lambda: "not asked")
    monkeypatch.setattr(doctor, "_figures", lambda: "not asked")


@pytest.fixture
def without_lab(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment of the reports alone."""

    def installed(name: str) -> str:
        return "" if name == "jupyterlab" else version("click")

    monkeypatch.setattr(doctor, "_installed", installed)


def test_a_lab_in_this_environment_is_found() -> None:
    pytest.importorskip("jupyterlab")
    assert lab() == Check("jupyterlab", "ok", f"{version('jupyterlab')}, in this environment")


def test_a_lab_that_is_missing_is_told_with_how_to_get_it(
    without_lab: None, small_project: Path
) -> None:
    found = lab()
    assert (found.state, found.found) == ("optional", "not installed")
    assert "make lab" in found.mend


@pytest.mark.parametrize("place", ["bin/jupyter-lab", "Scripts/jupyter-lab.exe"])
def test_a_lab_beside_the_reports_is_found(
    place: str, without_lab: None, small_project: Path
) -> None:
    path = small_project / ".venv-lab" / place
    path.parent.mkdir(parents=True)
    path.touch()
    assert lab() == Check("jupyterlab", "ok", "in .venv-lab: make lab opens it")


def test_a_kernel_of_another_python_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("jupyterlab")
    folder = tmp_path / "kernels/python3"
    folder.mkdir(parents=True)
    spec = {"argv": ["/elsewhere/bin/python"], "display_name": "x", "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(spec), "utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    found = lab()
    assert (found.state, found.found) == (
        "optional",
        "its 'python3' runs /elsewhere/bin/python",
    )
    assert found.mend == "Take it out: jupyter kernelspec remove python3"
