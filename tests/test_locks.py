"""The locks hold hashes and no address, agree with each other, and cover the project."""

import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml

from analysis.project import project_root

ROOT = project_root()
BATCH, TEST, LAB = "requirements.lock", "requirements-test.lock", "requirements-lab.lock"
BENCH = "requirements-bench.lock"
EXTRAS = {BATCH: ("build",), TEST: ("build", "test"), LAB: ("build", "lab")}

REQUIREMENT = re.compile(
    r"(?P<name>[a-z0-9]+(?:-[a-z0-9]+)*)==(?P<version>[0-9][^\s;]*)"
    r"(?: ; [a-z_]+ [^\n\\]+)?"
    r"(?: \\\n    --hash=sha256:[0-9a-f]{64})+"
)

each_lock = pytest.mark.parametrize("name", [*EXTRAS, BENCH])


def lock_faults(text: str) -> list[str]:
    """Whatever in a lock is neither a comment nor a package with its version and hashes."""
    rest = REQUIREMENT.sub("", re.sub(r"^#.*$", "", text, flags=re.MULTILINE))
    return [line for line in rest.splitlines() if line.strip()]


def versions(text: str) -> dict[str, str]:
    found = [(match["name"], match["version"]) for match in REQUIREMENT.finditer(text)]
    assert len(found) == len(dict(found)), "a package is locked twice"
    return dict(found)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def declared(*extras: str) -> set[str]:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    wanted = [*project["dependencies"]]
    for extra in extras:
        wanted += project["optional-dependencies"][extra]
    names = (re.match(r"[A-Za-z0-9._-]+", text) for text in wanted)
    return {re.sub(r"[._-]+", "-", name.group().lower()) for name in names if name}


def of_peers() -> set[str]:
    """What the environment of the forecasts' peers asks for."""
    return set(read("benchmarks/requirements.in").split())


@each_lock
def test_a_lock_holds_packages_with_hashes_and_nothing_else(name: str) -> None:
    text = read(name)
    assert lock_faults(text) == []
    assert "://" not in text
    assert "index" not in re.sub(REQUIREMENT, "", text)
    assert len(versions(text)) > (20 if name == BENCH else 50)


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://example.org/simple",
        "--find-links wheels",
        "click==8.5.1",
        "click>=8 \\\n    --hash=sha256:" + "0" * 64,
        "click @ https://example.org/click.whl \\\n    --hash=sha256:" + "0" * 64,
        "click==8.5.1 \\\n    --hash=md5:" + "0" * 32,
        "-e .",
    ],
)
def test_a_fault_planted_in_a_lock_is_found(line: str) -> None:
    sound = "# by hand\nclick==8.5.1 ; python_version < '4' \\\n    --hash=sha256:" + "0" * 64
    assert lock_faults(sound) == []
    assert lock_faults(f"{sound}\n{line}\n") != []


@each_lock
def test_every_declared_dependency_is_in_its_lock(name: str) -> None:
    asked = of_peers() if name == BENCH else declared(*EXTRAS[name])
    assert asked - set(versions(read(name))) == set()


@pytest.mark.parametrize("name", [TEST, LAB])
def test_the_other_locks_hold_the_batch_at_the_same_versions(name: str) -> None:
    assert versions(read(BATCH)).items() <= versions(read(name)).items()


def test_the_forecasts_peers_have_an_environment_of_their_own() -> None:
    """They need an older pandas than the reports: a lock of both could not be met."""
    assert versions(read(BENCH))["pandas"].split(".")[0] == "2"
    assert versions(read(BATCH))["pandas"].split(".")[0] == "3"
    assert of_peers() - declared() == {"statsforecast"}


def test_the_batch_has_no_jupyterlab() -> None:
    """Every start of a kernel takes seconds longer where it is installed."""
    assert "jupyterlab" in versions(read(LAB))
    assert {"jupyterlab", "jupyter-server", "notebook"} & set(versions(read(BATCH))) == set()


def test_conda_installs_from_the_lock_and_names_no_package_of_its_own() -> None:
    listed = yaml.safe_load(read("environment.yml"))["dependencies"]
    by_conda = [one for one in listed if isinstance(one, str)]
    by_pip = [one["pip"] for one in listed if isinstance(one, dict)]
    assert [re.split(r"[<>=]", one)[0] for one in by_conda] == ["python", "pip"]
    assert by_pip == [["--require-hashes", f"-r {BATCH}"]]


def test_the_build_backend_is_locked() -> None:
    system = tomllib.loads(read("pyproject.toml"))["build-system"]
    assert set(system["requires"]) <= set(versions(read(BATCH)))


def imported(folder: Path) -> set[str]:
    """First names of what the modules under a folder import by an absolute name."""
    pattern = re.compile(r"^\s*(?:from|import) ([A-Za-z_][A-Za-z0-9_]*)", re.MULTILINE)
    texts = (path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    return {name for text in texts for name in pattern.findall(text)}


def test_every_package_that_the_code_imports_is_declared() -> None:
    """Not merely there because another package happens to need it."""
    of_module = packages_distributions()
    outside = imported(ROOT / "src") - sys.stdlib_module_names - {"analysis"}
    names = {
        re.sub(r"[._-]+", "-", one.lower())
        for module in outside
        for one in of_module.get(module, [])
    }
    # pydantic-core is part of pydantic, at a version that pydantic itself pins.
    assert names - declared() - {"pydantic-core"} == set()


def test_the_lock_of_the_page_checker_names_no_address() -> None:
    text = (ROOT / "tests/browser/package-lock.json").read_text(encoding="utf-8")
    assert '"integrity": "sha512-' in text
    assert "http" not in text
