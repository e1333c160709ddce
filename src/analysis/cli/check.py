"""``csp check``: what a reviewer would reject, before the reviewer does."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import click


@click.command()
def check() -> None:
    """Check every notebook's anatomy and every params file, and name all faults."""
    from analysis.errors import UsageError
    from analysis.params.fields import known_plans, known_regimes
    from analysis.params.plans import load_plan
    from analysis.params.regimes import load_regime
    from analysis.params.runs import load_defaults, load_run_file
    from analysis.project import project_root
    from analysis.publish.anatomy import anatomy_faults, shared_cell_faults

    root = project_root()
    notebooks = sorted((root / "notebooks").glob("*.ipynb"))
    faults = [fault for path in notebooks for fault in anatomy_faults(path)]
    faults += shared_cell_faults(notebooks)
    runs = sorted((root / "params/runs").glob("*.yml"))
    loads: list[Callable[[], object]] = [
        load_defaults,
        *(partial(load_plan, name) for name in known_plans()),
        *(partial(load_regime, name) for name in known_regimes()),
        *(partial(load_run_file, path) for path in runs),
    ]
    for load in loads:
        try:
            load()
        except UsageError as error:
            faults.append(str(error))
    for fault in faults:
        click.echo(fault)
    if faults:
        message = f"{len(faults)} fault(s) in notebooks or params; each is named above."
        raise UsageError(message)
    click.echo(f"{len(notebooks)} notebooks and {len(loads)} params files are sound.", err=True)
