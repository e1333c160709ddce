"""What a reviewer would reject in notebooks and params, before the reviewer does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from analysis.errors import ParamsError, UsageError
from analysis.params.fields import area_slug, known_plans, known_regimes, report_area
from analysis.params.notebooks import check_notebook_name
from analysis.params.plans import load_plan
from analysis.params.priorities import load_priority_params
from analysis.params.regimes import load_regime
from analysis.params.runs import load_borough_params, load_defaults, load_run_file
from analysis.params.site import load_site_params
from analysis.project import project_root
from analysis.publish.anatomy import anatomy_faults, shared_cell_faults

DEFAULTS = "params/defaults.yml"


@dataclass(frozen=True)
class Review:
    """Sentences on what is wrong, each with its place, and how much was looked at."""

    faults: list[str]
    notebooks_count: int
    params_count: int = 0

    def as_json(self) -> list[dict[str, str]]:
        """Each fault as where it is and what is said of it.

        Examples
        --------
        >>> Review(["own.ipynb, cell 2: it is empty. Take it out."], 1).as_json()
        [{'where': 'own.ipynb, cell 2', 'fault': 'it is empty. Take it out.'}]
        """
        parts = [fault.partition(": ") for fault in self.faults]
        return [{"where": where, "fault": said} for where, _, said in parts]


def review_project() -> Review:
    """All notebooks and all files of params."""
    notebooks = _all_notebooks()
    loads = _params_loads()
    faults = [fault for path in notebooks for fault in anatomy_faults(path)]
    faults += shared_cell_faults(notebooks)
    faults += _failures(loads)
    faults += _unlisted_faults(notebooks)
    return Review(faults, len(notebooks), len(loads))


def review_notebooks(names: Sequence[str]) -> Review:
    """Some notebooks, and what they share with the others.

    Parameters
    ----------
    names : sequence of str
        Names without ending, or paths of ``.ipynb`` files.

    Returns
    -------
    Review

    Raises
    ------
    ParamsError
        If there is no such notebook.
    """
    wanted = [_notebook(name) for name in names]
    faults = [fault for path in wanted for fault in anatomy_faults(path)]
    every = {path.name: path for path in [*_all_notebooks(), *wanted]}
    own = {path.name for path in wanted}
    faults += [
        fault
        for fault in shared_cell_faults(list(every.values()))
        if any(place.rpartition(" cell ")[0] in own for place in _places(fault))
    ]
    folder = (project_root() / "notebooks").resolve()
    inside = [path for path in wanted if path.resolve().parent == folder]
    return Review([*faults, *_unlisted_faults(inside)], len(wanted))


def _places(fault: str) -> list[str]:
    """The notebooks and cells that a sentence on repeated cells names."""
    return fault.partition(": ")[0].split(" and ")


def _all_notebooks() -> list[Path]:
    return sorted((project_root() / "notebooks").glob("*.ipynb"))


def _notebook(name: str) -> Path:
    path = Path(name)
    if path.suffix != ".ipynb":
        try:
            path = project_root() / "notebooks" / f"{check_notebook_name(name)}.ipynb"
        except ValueError as error:
            message = f"{error}."
            raise ParamsError(message) from None
    if not path.is_file():
        message = f"{name}: no such notebook. Name one of notebooks/, or give its path."
        raise ParamsError(message)
    return path


def _params_loads() -> list[Callable[[], object]]:
    folder = project_root() / "params"
    return [
        load_defaults,
        load_priority_params,
        load_site_params,
        *(partial(load_plan, name) for name in known_plans()),
        *(partial(load_regime, name) for name in known_regimes()),
        *(partial(load_run_file, path) for path in sorted((folder / "runs").glob("*.yml"))),
        *(partial(_borough_file, path) for path in sorted((folder / "boroughs").glob("*.yml"))),
    ]


def _borough_file(path: Path) -> None:
    where = f"params/boroughs/{path.name}"
    try:
        code = report_area(path.stem.replace("_", " "))
    except ValueError as error:
        message = f"{where}: {error}. Rename the file: nothing reads it."
        raise ParamsError(message) from None
    if area_slug(code) != path.stem:
        message = f"{where}: nothing reads it. Rename it {area_slug(code)}.yml."
        raise ParamsError(message)
    load_borough_params(code)


def _failures(loads: Iterable[Callable[[], object]]) -> list[str]:
    found = []
    for load in loads:
        try:
            load()
        except UsageError as error:
            found += str(error).splitlines()
    return found


def _unlisted_faults(notebooks: Iterable[Path]) -> list[str]:
    try:
        listed = load_defaults().notebooks
    except UsageError:
        # That the file is faulty is told where it is loaded.
        return []
    return [
        f"{path.name}: not among the notebooks of {DEFAULTS}. Add a line '  - {path.stem}'."
        for path in notebooks
        if path.stem not in listed
    ]
