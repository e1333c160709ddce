"""``csp new``: valid starts of a notebook, of a borough's file and of a plan."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def new() -> None:
    """Write a start that works: a notebook, a borough's file or a plan.

    The files written are named on standard output, what to do next on standard error.
    """


@new.command()
@click.argument("name")
@click.option(
    "--question", required=True, metavar="TEXT", help="What it asks; the notebook's title."
)
def notebook(name: str, question: str) -> None:
    """Write notebooks/NAME.ipynb, which runs for any borough at once."""
    from analysis.publish.starts import new_notebook

    written = new_notebook(name, question)
    _tell(
        written,
        f"Open notebooks/{name}.ipynb in JupyterLab and make its section your own. Then: "
        f"csp check {name}; csp run --notebook {name} --borough harrow",
    )


@new.command()
@click.argument("name")
def borough(name: str) -> None:
    """Write the file of borough NAME in params/boroughs; without effect until edited."""
    from analysis.publish.starts import new_borough

    written = new_borough(name)
    _tell([written], "Edit it, then: csp check. A borough without a file builds all the same.")


@new.command()
@click.argument("name")
@click.option("--borough", required=True, metavar="NAME_OR_CODE", help="Whose plan it is.")
def plan(name: str, borough: str) -> None:
    """Write params/plans/NAME.yml with the statute's parts and one target."""
    from analysis.params.areas import area_name
    from analysis.params.fields import report_area
    from analysis.publish.starts import new_plan

    written = new_plan(name, borough)
    short = area_name(report_area(borough)).casefold()
    _tell(
        [written],
        "Replace its texts by the plan's own, then: csp check; csp target --borough "
        f"'{short}' --plan {name}. Name it under 'plans' in params/defaults.yml "
        f"({short}: {name}) to make it the borough's own.",
    )


def _tell(written: list[Path], next_step: str) -> None:
    from analysis.params.reading import shown_path

    for path in written:
        click.echo(shown_path(path))
    click.echo(f"Next: {next_step}", err=True)
