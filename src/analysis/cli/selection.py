"""What commands about reports have in common: which are meant, in which folder, how told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from analysis.errors import UsageError
from analysis.project import project_root

if TYPE_CHECKING:
    from analysis.publish.ledger import ReportRow
    from analysis.publish.plan import Selection

Command = TypeVar("Command", bound=Callable[..., Any])

_SELECTORS = [
    click.option(
        "--borough",
        "boroughs",
        multiple=True,
        metavar="NAME_OR_CODE",
        help="Borough to report on, or 'all'; may be given more than once.",
    ),
    click.option(
        "--notebook",
        "notebooks",
        multiple=True,
        metavar="NAME",
        help="Notebook to run, or 'all'; may be given more than once.",
    ),
    click.option("--as-of", metavar="YYYY-MM", help="Last month seen."),
    click.option("--published-by", metavar="YYYY-MM", help="Last publication seen."),
    click.option("--plan", metavar="NAME_OR_FILE", help="Plan in place of the borough's own."),
    click.option(
        "--param",
        "params",
        multiple=True,
        metavar="KEY=VALUE",
        help="Another parameter of the notebooks; may be given more than once.",
    ),
    click.option(
        "--run", "run_file", default="", metavar="FILE", help="Run file that says it all."
    ),
]

takes_out = click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder of the reports; reports/ in the project unless given.",
)


def takes_selectors(command: Command) -> Command:
    """A command with the options that say which reports are meant."""
    for option in reversed(_SELECTORS):
        command = option(command)
    return command


def selection_of(
    boroughs: Sequence[str],
    notebooks: Sequence[str],
    as_of: str | None,
    published_by: str | None,
    plan: str | None,
    params: Sequence[str],
    run_file: str,
) -> Selection:
    """The selection that the options of :func:`takes_selectors` say.

    Raises
    ------
    UsageError
        If a ``--param`` is not ``KEY=VALUE``, or is given twice.
    """
    from analysis.publish.plan import Selection

    cuts = {"as_of": as_of, "published_by": published_by, "plan": plan}
    given: dict[str, object] = {name: text for name, text in cuts.items() if text is not None}
    for text in params:
        name, separator, value = text.partition("=")
        if not separator or not name:
            message = f"--param {text}: not KEY=VALUE. Write it as: --param horizon=2027-03"
            raise UsageError(message)
        if name in given:
            message = f"--param {name}: given twice. Keep one."
            raise UsageError(message)
        given[name] = value
    return Selection(tuple(boroughs), tuple(notebooks), given, run_file)


def wanted_rows(selection: Selection) -> Callable[[ReportRow], bool]:
    """Which rows of the ledger a selection means; all of them, if it says nothing."""
    from analysis.publish.plan import Selection, select_jobs

    if selection == Selection():
        return lambda row: True
    jobs = {job.name: job for job in select_jobs(selection)}
    all_boroughs = not selection.boroughs and not selection.run_file
    notebooks = {notebook for _, notebook in jobs}

    def is_wanted(row: ReportRow) -> bool:
        return row.notebook in notebooks if all_boroughs else row.name in jobs

    return is_wanted


def folder_of(out: Path | None) -> Path:
    """The folder of the reports.

    Raises
    ------
    UsageError
        If it cannot be read.
    """
    folder = out if out is not None else project_root() / "reports"
    try:
        folder.stat()
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError as error:
        message = f"--out {folder}: cannot be read ({error.strerror}). Name another folder."
        raise UsageError(message) from None
    return folder


def shown_path(path: Path) -> str:
    """The path from where the user stands, if it is below; else whole."""
    whole = path.resolve()
    here = Path.cwd().resolve()
    return str(whole.relative_to(here) if whole.is_relative_to(here) else whole)


def tell(line: str) -> None:
    """Write a line of progress, where no data goes."""
    click.echo(line, err=True)
