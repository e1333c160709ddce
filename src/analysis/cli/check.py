"""``csp check``: what a reviewer would reject, before the reviewer does."""

from __future__ import annotations

import json

import click


@click.command()
@click.argument("notebooks", nargs=-1, metavar="[NOTEBOOK]...")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: where, and what is wrong.")
def check(notebooks: tuple[str, ...], as_json: bool) -> None:
    """Check every notebook and every params file, or the notebooks named.

    A NOTEBOOK is a name (targets) or a path (notebooks/targets.ipynb). Nothing is run.
    """
    from analysis.errors import UsageError
    from analysis.publish.review import review_notebooks, review_project
    from analysis.wording import in_figures

    found = review_notebooks(notebooks) if notebooks else review_project()
    if as_json:
        click.echo(json.dumps(found.as_json(), indent=2, ensure_ascii=False))
    else:
        for fault in found.faults:
            click.echo(fault)
    if found.faults:
        message = f"{len(found.faults)} fault(s) in notebooks or params; each is named above."
        raise UsageError(message)
    looked_at = in_figures(found.notebooks_count, "notebook")
    if found.params_count:
        looked_at += f" and {in_figures(found.params_count, 'params file')}"
    click.echo(f"No fault in {looked_at}.", err=True)
