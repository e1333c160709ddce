"""The command ``csp``: a thin skin over the package.

Commands are imported when they are called, so that ``csp --help`` answers at once. A
deliberate failure is printed as its sentence on standard error, and its kind gives the exit
code: 1 some reports failed, 2 wrong use or params, 3 data refused, 4 interrupted.
"""

from __future__ import annotations

import sys
from importlib import import_module

import click

from analysis.errors import AnalysisError, InterruptedRunError

COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("analysis.cli.run:run_command", "Build reports for boroughs."),
    "plan": ("analysis.cli.run:plan_command", "Say what would run, and why."),
    "resume": ("analysis.cli.run:resume_command", "Finish a run that stopped or failed."),
    "status": ("analysis.cli.run:status_command", "Print the ledger of reports."),
    "verify": ("analysis.cli.run:verify_command", "Build again and compare byte for byte."),
    "open": ("analysis.cli.run:open_command", "Open a report in the browser."),
    "publish": (
        "analysis.cli.publish:publish_command",
        "Look the reports through; print them as PDF.",
    ),
    "figures": ("analysis.cli.figures:figures", "Print monthly counts as CSV."),
    "forecast": ("analysis.cli.forecast:forecast", "Forecast any monthly counts."),
    "target": ("analysis.cli.target:target", "What a target needs and how likely it is."),
    "claim": ("analysis.cli.claim:claim", "Which readings fit a plan's numbers."),
    "data": ("analysis.cli.data:data", "Published files: status, fetch, check, build."),
    "new": ("analysis.cli.new:new", "Write a valid start: notebook, borough, plan."),
    "check": ("analysis.cli.check:check", "Say what a reviewer would reject."),
    "doctor": ("analysis.cli.run:doctor_command", "Say what is installed, loaded, missing."),
}


class LazyGroup(click.Group):
    """A group that imports a command when it is called, not when it is listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names, in the order they are used."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself, imported."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup)
@click.version_option(package_name="safer-boroughs", prog_name="csp")
def csp() -> None:
    """Strategic assessments and reduction targets for London boroughs."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with the code of what happened.

    Parameters
    ----------
    arguments : list of str, optional
        Without the program's name; default those of the process.
    """
    try:
        csp.main(args=arguments, prog_name="csp", standalone_mode=False)
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("csp: interrupted.", err=True)
        sys.exit(InterruptedRunError.exit_code)
    except BrokenPipeError:
        # The reader (head, less) has seen enough.
        sys.stderr.close()
    except AnalysisError as error:
        click.echo(f"csp: {error}", err=True)
        sys.exit(error.exit_code)
