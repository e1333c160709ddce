"""The commands that build reports, as a user types them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from analysis.cli import csp as group
from analysis.errors import AnalysisError, ParamsError, ReportError, UsageError

Write = Callable[..., Path]

SAID = """
from IPython.display import display
from analysis.findings.finding import Finding
said = Finding("Burglary fell", "It fell.", "high", "it is outside chance")
display(said.title, said.text)
"""


@pytest.fixture
def csp() -> Callable[..., Result]:
    def call(*arguments: object) -> Result:
        return CliRunner().invoke(group, [str(one) for one in arguments])

    return call


def refusal(result: Result) -> str:
    assert isinstance(result.exception, AnalysisError), result.output
    return str(result.exception)


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys, analysis.cli.run\n"
        "heavy = {'pandas', 'papermill', 'nbconvert', 'pydantic'} & set(sys.modules)\n"
        "sys.exit(', '.join(heavy) or None)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_plan_tells_what_would_run_and_writes_nothing(
    csp: Callable[..., Result], write_notebook: Write, tmp_path: Path
) -> None:
    write_notebook("own")
    out = tmp_path / "reports"
    result = csp("plan", "--borough", "HARROW", "--out", out, "--json")
    (told,) = json.loads(result.stdout)
    assert (told["area_name"], told["notebook"], told["reason"]) == (
        "Harrow",
        "own",
        "not built yet",
    )
    assert csp("plan", "--borough", "E09000015", "--out", out).stdout.splitlines()[
        1
    ].split() == [
        "Harrow",
        "own",
        "yes",
        "not",
        "built",
        "yet",
    ]
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--borough", "hrarow"), r"--borough hrarow: no borough 'hrarow'"),
        (("--notebook", "onw"), r"no notebook 'onw'"),
        (("--param", "yeers=3"), r"has no parameter 'yeers'"),
        (("--as-of", "2025-12"), r"has no parameter 'as_of'"),
        (("--param", "years"), r"--param years: not KEY=VALUE"),
        (("--run", "params/runs/none.yml"), r"none\.yml"),
    ],
)
def test_wrong_use_is_refused_and_nothing_is_written(
    arguments: tuple[str, ...],
    told: str,
    csp: Callable[..., Result],
    write_notebook: Write,
    tmp_path: Path,
) -> None:
    write_notebook("own")
    out = tmp_path / "reports"
    result = csp("run", "--out", out, *arguments)
    with pytest.raises(UsageError, match=told):
        raise result.exception or AssertionError(result.output)
    assert isinstance(result.exception, UsageError | ParamsError)
    assert not out.exists()


def test_before_the_first_run_there_is_nothing_to_resume_verify_or_open(
    csp: Callable[..., Result], write_notebook: Write, tmp_path: Path
) -> None:
    write_notebook("own")
    assert "no run to resume" in refusal(csp("resume", "--out", tmp_path))
    assert "no report to verify" in refusal(csp("verify", "--out", tmp_path))
    assert "not built yet" in refusal(csp("open", "--print", "--out", tmp_path))
    status = csp("status", "--out", tmp_path)
    assert (status.exit_code, status.stdout) == (0, "")


@pytest.mark.slow
def test_run_resume_status_and_open_from_a_failure_to_the_report(
    csp: Callable[..., Result], write_notebook: Write, tmp_path: Path
) -> None:
    out = tmp_path / "reports"
    write_notebook("own", SAID, "1 / 0")
    write_notebook("good", SAID)
    failed = csp("run", "--borough", "harrow", "--out", out, "--jobs", 2)
    assert isinstance(failed.exception, ReportError)
    assert failed.exception.exit_code == 1
    assert failed.stdout.splitlines()[-1] == str(out / "index.html")
    assert "ZeroDivisionError: division by zero" in failed.stderr

    told = json.loads(csp("status", "--out", out, "--json").stdout)
    assert told["run"]["outcome"] == "some failed"
    assert [row["status"] for row in told["reports"]] == ["done", "failed"]

    write_notebook("own", SAID)
    resumed = csp("resume", "--out", out)
    assert resumed.exit_code == 0
    assert "Building 1 of 2 reports" in resumed.stderr
    again = csp("run", "--borough", "harrow", "--out", out)
    assert "Nothing to do: 2 of 2 reports are up to date." in again.stderr

    opened = csp("open", "--print", "--borough", "harrow", "--notebook", "own", "--out", out)
    assert opened.stdout == f"{out / 'E09000015/own.html'}\n"
    assert csp("open", "--print", "--out", out).stdout == f"{out / 'index.html'}\n"
    assert "done" in csp("status", "--borough", "harrow", "--out", out).stdout

    page = out / "E09000015/own.html"
    page.write_text("by hand")
    altered = csp("status", "--out", out)
    assert altered.stdout.splitlines()[2].split()[:3] == ["Harrow", "own", "altered"]
    assert (
        "own.html was altered since it was built; 'csp run' builds it again" in altered.stderr
    )
    page.unlink()
    told = json.loads(csp("status", "--out", out, "--json").stdout)
    assert [row["status"] for row in told["reports"]] == ["done", "missing"]
    (out / "index.html").unlink()
    shown = csp("run", "--borough", "harrow", "--notebook", "good", "--out", out)
    assert (shown.stdout, (out / "index.html").is_file()) == (
        f"{out / 'E09000015/good.html'}\n",
        True,
    )


@pytest.mark.slow
def test_a_failed_report_is_told_by_what_is_there_and_can_help(
    csp: Callable[..., Result], write_notebook: Write, tmp_path: Path
) -> None:
    out = tmp_path / "reports"
    write_notebook("own", SAID, "1 / 0")
    failed = csp("run", "--borough", "harrow", "--out", out)
    assert failed.stdout == f"{out / 'index.html'}\n"
    assert (out / "index.html").is_file()
    (sentence,) = (line for line in failed.stderr.splitlines() if "FAILED" in line)
    assert sentence.endswith(
        "s: Harrow: own failed at cell 4 of notebooks/own.ipynb: "
        "ZeroDivisionError: division by zero"
    )
    partial = out / "E09000015/own.failed.ipynb"
    assert partial.is_file()
    assert refusal(failed) == (
        f"1 of 1 reports failed; 0 were built. See {partial}, the notebook as far as it came. "
        "Mend what is said above of each, then give the command again."
    )

    write_notebook("own", SAID, "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)")
    killed = refusal(csp("run", "--borough", "harrow", "--out", out))
    assert killed == (
        f"1 of 1 reports failed; 0 were built. See {partial}, the notebook as far as it came. "
        f"1 stopped from outside may pass again: csp resume --out {out}"
    )


@pytest.mark.parametrize("name", ["a_file/reports", "x" * 300])
def test_a_folder_that_cannot_be_written_is_wrong_use(
    name: str, csp: Callable[..., Result], write_notebook: Write, tmp_path: Path
) -> None:
    write_notebook("own")
    (tmp_path / "a_file").touch()
    result = csp("run", "--out", tmp_path / name)
    assert isinstance(result.exception, UsageError), result.exception
    assert "Name a" in refusal(result)


@pytest.mark.slow
def test_doctor_names_what_is_missing_and_how_to_mend_it(
    csp: Callable[..., Result], small_project: Path
) -> None:
    (small_project / "requirements.lock").write_text("click==0.0.1\nno-such-thing==1.0\n")
    result = csp("doctor", "--json")
    by_name = {one["name"]: one for one in json.loads(result.stdout) if one["mend"]}
    assert by_name["notebooks"]["state"] == "missing"
    assert by_name["figures"]["mend"] == "Restore data/figures/ from the repository."
    assert "reports cannot be built: packages, figures, notebooks" in refusal(result)
    kernel = [one for one in json.loads(result.stdout) if one["name"] == "kernel"]
    assert kernel[0]["state"] == "ok"
