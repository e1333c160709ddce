"""What is built: the project's defaults, run files, and what is special to a borough."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    model_validator,
)
from pydantic_core import CoreSchema

from analysis.errors import ParamsError
from analysis.params.areas import area_name, borough_codes
from analysis.params.fields import (
    Borough,
    Completed,
    EmptyIsNone,
    Month,
    PlanName,
    RegimeName,
    StrictModel,
    area_slug,
    report_area,
)
from analysis.params.notebooks import (
    check_notebook_name,
    check_notebook_params,
    known_notebooks,
)
from analysis.params.reading import read_params
from analysis.project import project_root

ALL = "all"

_RUN_KEYS = ("borough", "as_of", "published_by", "plan")


def _boroughs(given: object) -> object:
    return borough_codes() if given == ALL else _as_list(given)


def _notebooks(given: object) -> object:
    return known_notebooks() if given == ALL else _as_list(given)


def _as_list(given: object) -> object:
    return [given] if isinstance(given, str) else given


def _each_once(names: list[str]) -> list[str]:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        message = f"given twice: {', '.join(twice)}. Keep one"
        raise ValueError(message)
    return names


class _OrAll:
    """Tells an editor that ``all`` or one name may stand for the list."""

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Schema of the list, with the words beside it."""
        return {"anyOf": [{"const": ALL}, {"type": "string"}, handler(schema)]}


NotebookName = Annotated[str, AfterValidator(check_notebook_name), Completed(known_notebooks)]
Boroughs = Annotated[
    list[Borough],
    Field(min_length=1),
    AfterValidator(_each_once),
    BeforeValidator(_boroughs),
    _OrAll(),
]
Notebooks = Annotated[
    list[NotebookName],
    Field(min_length=1),
    AfterValidator(_each_once),
    BeforeValidator(_notebooks),
    _OrAll(),
]


class Defaults(StrictModel):
    """``params/defaults.yml``: what holds where nothing else is said.

    Where the published files are is not among them: a mirror folder is named on the command
    line or in the environment, never in the project.

    Attributes
    ----------
    boroughs, notebooks : list of str
        What ``csp run`` builds when it is told nothing.
    plans : dict of str to str
        Code of a borough to the name of its plan.
    regime : str
        Scheme that serves a borough without a plan.
    seed : int
        Seed of every simulation.
    simulations : int
        Draws of a simulation.
    similar_boroughs_count : int
        How many similar boroughs are compared.
    assumed_survey_sample : int
        Persons asked in a borough in a year; the survey's publisher does not say.
    """

    boroughs: Boroughs
    notebooks: Notebooks
    plans: dict[str, PlanName] = {}
    regime: RegimeName
    seed: Annotated[int, Field(ge=0)]
    simulations: Annotated[int, Field(ge=100, le=1_000_000)] = 10_000
    similar_boroughs_count: Annotated[int, Field(ge=1, le=31)] = 5
    assumed_survey_sample: Annotated[int, Field(ge=30)] = 400

    @model_validator(mode="before")
    @classmethod
    def _plans_by_code(cls, given: Any) -> Any:
        if isinstance(given, dict) and isinstance(given.get("plans"), dict):
            coded = {report_area(str(area)): plan for area, plan in given["plans"].items()}
            return {**given, "plans": coded}
        return given

    def plan_for(self, area: str) -> str | None:
        """Name of a borough's plan, or None where the project holds none.

        Examples
        --------
        >>> load_defaults().plan_for("Harrow")
        'harrow_2013-17'
        """
        return self.plans.get(report_area(area))


class BoroughParams(StrictModel):
    """``params/boroughs/<borough>.yml``: what is special to one borough; all may be left out.

    Attributes
    ----------
    borough : str
        Code of the borough.
    similar_boroughs : list of str or None
        Codes that take the place of the computed ones.
    similar_because : str or None
        Why; wanted where ``similar_boroughs`` is given.
    note : str or None
        A sentence for the section on how sure we are.
    """

    borough: Borough
    similar_boroughs: Boroughs | None = None
    similar_because: str | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _similar_to_others_and_why(self) -> Self:
        if self.similar_boroughs is None:
            return self
        if self.borough in self.similar_boroughs:
            message = "a borough is not similar to itself. Take it out of 'similar_boroughs'"
            raise ValueError(message)
        if not self.similar_because:
            message = "'similar_boroughs' needs 'similar_because': say why. Add it"
            raise ValueError(message)
        return self


class Run(StrictModel):
    """Reports to be built: each notebook for each borough.

    Attributes
    ----------
    boroughs, notebooks : list of str
        Codes and names; ``all`` in the file means every one.
    as_of, published_by : str or None
        Last month and last publication seen, ``YYYY-MM``.
    plan : str or None
        Plan to be used in place of each borough's own.
    params : dict
        Further parameters; each notebook of the run must take them.
    """

    boroughs: Boroughs
    notebooks: Notebooks
    as_of: Annotated[Month | None, EmptyIsNone] = None
    published_by: Annotated[Month | None, EmptyIsNone] = None
    plan: Annotated[PlanName | None, EmptyIsNone] = None
    params: dict[str, str | int | float | bool | list[str]] = {}

    @model_validator(mode="after")
    def _every_notebook_takes_them(self) -> Self:
        taken = [key for key in self.params if key in _RUN_KEYS]
        if taken:
            message = f"'{taken[0]}' belongs beside 'params', not in it. Move it up"
            raise ValueError(message)
        for notebook in self.notebooks:
            try:
                check_notebook_params(notebook, self.params)
            except ParamsError as error:
                raise ValueError(str(error).rstrip(".")) from None
        return self


class RunFile(StrictModel):
    """``params/runs/<name>.yml``: several runs, in order.

    Attributes
    ----------
    title : str or None
        What it is for.
    runs : list of Run
    """

    title: str | None = None
    runs: Annotated[list[Run], Field(min_length=1)]

    @model_validator(mode="after")
    def _no_report_is_built_twice(self) -> Self:
        # Both would be written to the same place, and the later would replace the earlier.
        built: dict[tuple[str, str], int] = {}
        for number, run in enumerate(self.runs, start=1):
            for report in itertools.product(run.boroughs, run.notebooks):
                first = built.setdefault(report, number)
                if first != number:
                    message = (
                        f"{report[1]} for {area_name(report[0])} is in run {first} and in run "
                        f"{number}, and both go to one place. Keep one, or use two run files"
                    )
                    raise ValueError(message)
        return self


def load_defaults() -> Defaults:
    """The project's defaults, from ``params/defaults.yml``.

    Raises
    ------
    ParamsError
        If the file is faulty.

    Examples
    --------
    >>> load_defaults().boroughs
    ['E09000015', 'E09000016']
    """
    return read_params(project_root() / "params/defaults.yml", Defaults)


def load_run_file(path: str | Path) -> RunFile:
    """A run file.

    Parameters
    ----------
    path : str or Path
        The ``.yml`` file.

    Raises
    ------
    ParamsError
        If the file is missing or faulty, with a sentence for each fault.
    """
    return read_params(Path(path), RunFile)


def load_borough_params(area: str) -> BoroughParams:
    """What is special to a borough; nothing, where it has no file in ``params/boroughs``.

    Parameters
    ----------
    area : str
        Name or code.

    Raises
    ------
    ParamsError
        If there is no such borough, or its file is faulty or about another borough.

    Examples
    --------
    >>> load_borough_params("Brent").similar_boroughs is None
    True
    """
    try:
        code = report_area(area)
    except ValueError as error:
        message = f"{error}."
        raise ParamsError(message) from None
    path = project_root() / "params/boroughs" / f"{area_slug(code)}.yml"
    if not path.is_file():
        return BoroughParams(borough=code)
    found = read_params(path, BoroughParams)
    if found.borough != code:
        message = (
            f"params/boroughs/{path.name}: 'borough' is {found.borough}, not the {code} of its "
            "file name. Rename the file or mend 'borough'."
        )
        raise ParamsError(message)
    return found
