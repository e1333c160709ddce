"""Defaults, run files and boroughs' files are checked before anything runs."""

from pathlib import Path

import pytest

from analysis.errors import ParamsError
from analysis.params.areas import borough_codes
from analysis.params.notebooks import known_notebooks
from analysis.params.runs import (
    BoroughParams,
    load_borough_params,
    load_defaults,
    load_run_file,
)
from analysis.project import project_root

DEFAULTS = "params/defaults.yml"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project's choices, to be made faulty."""
    root = project_root()
    names = ["data/sources.yml", "data/reference/areas.csv", DEFAULTS]
    names += ["data/reference/offence_groups.csv", "data/reference/schemes.csv"]
    names += [
        path.relative_to(root).as_posix()
        for folder in ("plans", "regimes")
        for path in (root / "params" / folder).glob("*.yml")
    ]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((root / name).read_bytes())
    (tmp_path / "params/boroughs").mkdir()
    monkeypatch.setenv("CSP_PROJECT", str(tmp_path))
    return tmp_path


def run_file(folder: Path, text: str) -> Path:
    path = folder / "run.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_defaults_build_harrow_and_havering_against_their_plans() -> None:
    defaults = load_defaults()
    assert defaults.boroughs == ["E09000015", "E09000016"]
    assert sorted(defaults.notebooks) == known_notebooks()
    assert defaults.plan_for("havering") == "havering_2017-20"
    assert defaults.plan_for("E09000005") is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("seed:", "sede:", "unknown key 'sede'. Did you mean 'seed'"),
        ("seed: 20130401", "seed: 20130401\nmirror: elsewhere", "unknown key 'mirror'"),
        ("harrow: harrow_2013-17", "harow: harrow_2013-17", "no borough 'harow'"),
        ("harrow: harrow_2013-17", "harrow: harrow_2013", "no plan 'harrow_2013'"),
        ("[harrow, havering]", "[harrow, Harrow]", "given twice: E09000015"),
        ("- targets", "- target", "Did you mean 'targets'"),
        ("seed: 20130401", "", "'seed' is missing. Add it."),
    ],
)
def test_faulty_defaults_are_refused(project: Path, old: str, new: str, said: str) -> None:
    path = project / DEFAULTS
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ParamsError) as caught:
        load_defaults()
    assert str(caught.value).startswith(DEFAULTS)
    assert said in str(caught.value)


def test_all_means_the_32_boroughs_and_every_notebook(tmp_path: Path) -> None:
    run = load_run_file(project_root() / "params/runs/all_boroughs.yml").runs[0]
    assert run.boroughs == borough_codes()
    assert run.notebooks == known_notebooks()


HARROW = "boroughs: [harrow], notebooks: [targets]"


@pytest.mark.parametrize(
    ("runs", "said"),
    [
        (f"{{{HARROW}, as_of: 2013}}", "run 1 .*: 'as_of' must be text, not 2013"),
        (f"{{{HARROW}, as_of: 2013-13}}", "run 1, as_of .*: '2013-13' is not a month"),
        (f"{{{HARROW}, plan: harow_2013-17}}", "run 1, plan .*Did you mean 'harrow_2013-17'"),
        (
            f"{{{HARROW}, params: {{rul: percent=20}}}}",
            "unknown key 'rul'. Did you mean 'rule'",
        ),
        (f"{{{HARROW}, params: {{plan: x}}}}", "'plan' belongs beside 'params'"),
        ("{boroughs: [], notebooks: [targets]}", "'boroughs' cannot be"),
        ("{boroughs: [harrow]}", "'notebooks' is missing"),
        ("{boroughs: [heathrow], notebooks: [targets]}", "not one of the 32 boroughs"),
        (
            "{boroughs: [brent], notebooks: [strategic_assessment], params: {rule: level=1}}",
            "parameters of strategic_assessment: unknown key 'rule'",
        ),
        (
            f"{{{HARROW}}}\n  - {{boroughs: all, notebooks: [targets]}}",
            "targets for Harrow is in run 1 and in run 2",
        ),
    ],
)
def test_a_faulty_run_is_refused(tmp_path: Path, runs: str, said: str) -> None:
    with pytest.raises(ParamsError, match=said):
        load_run_file(run_file(tmp_path, f"runs:\n  - {runs}\n"))


@pytest.mark.parametrize("path", sorted((project_root() / "params/runs").glob("*.yml")))
def test_a_run_file_of_the_project_reads(path: Path) -> None:
    assert load_run_file(path).runs


def test_a_borough_without_a_file_has_nothing_special() -> None:
    assert load_borough_params("brent") == BoroughParams(borough="E09000005")


def test_a_boroughs_own_similar_boroughs_are_read(project: Path) -> None:
    path = project / "params/boroughs/harrow.yml"
    path.write_text(
        "borough: harrow\nsimilar_boroughs: [sutton, bexley]\nsimilar_because: x\n",
        encoding="utf-8",
    )
    assert load_borough_params("Harrow").similar_boroughs == ["E09000029", "E09000004"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("borough: brent", "'borough' is E09000005, not the E09000015 of its file name"),
        ("borough: harrow\nsimilar_boroughs: [sutton]", "needs 'similar_because'"),
        (
            "borough: harrow\nsimilar_boroughs: [harrow]\nsimilar_because: x",
            "not similar to itself",
        ),
        ("borough: harrow\nsimilar: [sutton]", "unknown key 'similar'"),
    ],
)
def test_a_faulty_borough_file_is_refused(project: Path, text: str, said: str) -> None:
    (project / "params/boroughs/harrow.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ParamsError, match=said):
        load_borough_params("harrow")


def test_a_misspelt_borough_is_refused() -> None:
    with pytest.raises(ParamsError, match=r"no borough 'harow'.*\.$"):
        load_borough_params("harow")
