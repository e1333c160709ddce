"""The command itself: exit codes that scripts rely on, sentences on standard error."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import click
import pytest

from analysis import cli
from analysis.cli import COMMANDS, csp, main
from analysis.errors import (
    ComparabilityError,
    DataContractError,
    InterruptedRunError,
    ParamsError,
    ReportError,
)

Capture = pytest.CaptureFixture[str]
CodeOf = Callable[..., int]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["figures", "--borough", "harow", "--offence-group", "total"], 2,
         "no area 'harow'. Did you mean 'Harrow'?"),
        (["figures", "--borough", "harrow", "--offence-group", "totl"], 2,
         "no measure 'totl'. Did you mean 'total'?"),
        (["figures", "--borough", "harrow", "--offence-group", "total", "--from", "2012-13"], 2,
         "'2012-13' is not a month. Write YYYY-MM"),
        (["figures", "--borough", "harrow", "--offence-group", "total", "--from", "2012-04",
          "--to", "2012-03"], 2, "the period ends before it begins"),
        (["figures", "--borough", "harrow", "--offence-group", "total", "--from", "2001-01"], 3,
         "holds 2010-04 to 2025-05"),
        (["figures", "--borough", "harrow", "--offence-group", "public_order",
          "--offence-list", "old"], 3, "the old offence list cannot show 'public_order'"),
        (["figures", "--borough", "harrow", "--offence-group", "total",
          "--published-by", "2010-01"], 3, "published by 2010-01; held: 2025-06, 2026-04"),
        (["figures", "--borough", "harrow"], 2, "Missing option '--offence-group'"),
        (["figures", "--borough", "harrow", "--offence-group", "total", "--basis", "x"], 2,
         "'x' is not one of 'location', 'policing'"),
        (["figurs"], 2, "No such command 'figurs'"),
        (["target", "--borough", "harow"], 2, "Did you mean 'Harrow'"),
        (["target", "--borough", "london"], 2, "not a borough"),
        (["target", "--borough", "harrow", "--rule", "half"], 2, "'half' is not a rule"),
        (["target", "--borough", "harrow", "--measure", "mopac7"], 2, "go with --rule"),
        (["target", "--borough", "harrow", "--as-of", "2010-12"], 3, "Name 2012-03 or a later"),
    ],
)  # fmt: skip
def test_a_wrong_command_is_refused_on_standard_error_with_its_code(
    arguments: list[str], code: int, said: str, capsys: Capture, code_of: CodeOf
) -> None:
    assert code_of(*arguments) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err
    assert "Traceback" not in told.err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ReportError("2 of 4 reports failed."), 1),
        (ParamsError("no such plan."), 2),
        (DataContractError("a month is missing."), 3),
        (ComparabilityError("not comparable."), 3),
        (InterruptedRunError("stopped after 1 of 4."), 4),
        (KeyboardInterrupt(), 4),
        (click.Abort(), 4),
        (click.UsageError("no such option."), 2),
    ],
)
def test_each_kind_of_failure_has_its_exit_code(
    error: BaseException,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
    code_of: CodeOf,
) -> None:
    @click.command()
    def fails() -> None:
        raise error

    def load(group: click.Group, context: click.Context, name: str) -> click.Command:
        return fails

    monkeypatch.setattr(cli.LazyGroup, "get_command", load)
    assert code_of("check") == code
    told = capsys.readouterr()
    assert told.out == ""
    if isinstance(error, (ReportError, DataContractError, InterruptedRunError)):
        assert told.err == f"csp: {error}\n"


def test_a_fault_that_nobody_foresaw_keeps_its_traceback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    @click.command()
    def fails() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(cli.LazyGroup, "get_command", lambda *given: fails)
    with pytest.raises(ZeroDivisionError):
        main(["check"])


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_that_is_listed_is_there_and_explains_itself(
    name: str, capsys: Capture, code_of: CodeOf
) -> None:
    context = click.Context(csp)
    command = csp.get_command(context, name)
    assert command is not None
    assert code_of(name, "--help") == 0
    told = capsys.readouterr().out
    assert told.startswith(f"Usage: csp {name}")
    assert len(told.splitlines()) > 4


def test_help_lists_every_command_and_loads_no_table_library() -> None:
    script = (
        "import sys\n"
        "from analysis.cli import main\n"
        "try:\n"
        "    main(['--help'])\n"
        "except SystemExit as leaving:\n"
        "    assert not leaving.code, leaving.code\n"
        "heavy = {'pandas', 'numpy', 'scipy', 'matplotlib', 'papermill', 'pydantic'}\n"
        "loaded = heavy & set(sys.modules)\n"
        "sys.exit(f'loaded: {loaded}' if loaded else 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for name, (_, text) in COMMANDS.items():
        assert f"{name} " in done.stdout
        assert text.split(",")[0] in done.stdout


def test_the_version_is_that_of_the_installed_package(capsys: Capture, code_of: CodeOf) -> None:
    from importlib.metadata import version

    assert code_of("--version") == 0
    assert capsys.readouterr().out == f"csp, version {version('safer-boroughs')}\n"


def test_the_command_exits_as_a_script_sees_it() -> None:
    run: Callable[..., subprocess.CompletedProcess[str]] = subprocess.run
    arguments = ["figures", "--borough", "harow", "--offence-group", "total"]
    script = f"from analysis.cli import main; main({arguments!r})"
    done = run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("csp: no area 'harow'.")
