"""Parameters that a notebook takes, so that a misspelt one is refused before it runs.

Every notebook takes those of :class:`NotebookParams`; one whose question needs more has a
model of its own here. Papermill only warns of a parameter it does not know, and the report
would show the default. A field's description is the comment of its line in the notebook.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

from pydantic import Field, ValidationError, field_validator

from analysis.errors import ParamsError
from analysis.params.fields import (
    Borough,
    EmptyIsNone,
    Measure,
    Month,
    PeriodText,
    PlanName,
    StrictModel,
    one_of,
)
from analysis.params.sentences import sentences
from analysis.params.targets import RULE_EXAMPLES, rule_from_text
from analysis.project import project_root

_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")

OptionalMonth = Annotated[Month | None, EmptyIsNone]


class NotebookParams(StrictModel):
    """What every notebook may be asked for.

    Attributes
    ----------
    borough : str
        Code of the area; written as name or code.
    as_of : str or None
        Last month seen, ``YYYY-MM``; None (or ``""``) is the newest held.
    published_by : str or None
        Last publication seen, ``YYYY-MM``; None is the newest held.
    plan : str or None
        Name of a plan in ``params/plans``; None is the borough's own, where it has one.
    """

    borough: Annotated[Borough, Field(description="name or GSS code of the borough")] = "harrow"
    as_of: Annotated[
        OptionalMonth,
        Field(description="last month seen, as YYYY-MM; empty for the newest held"),
    ] = None
    published_by: Annotated[
        OptionalMonth,
        Field(description="last publication seen, as YYYY-MM; empty for the newest held"),
    ] = None
    plan: Annotated[
        PlanName | None,
        EmptyIsNone,
        Field(description="name of a plan in params/plans; empty for the borough's own"),
    ] = None


class TargetsParams(NotebookParams):
    """A target of the reader's own beside those of the plan.

    Attributes
    ----------
    measure : str or None
        Offence group, scheme or survey measure.
    rule : str or None
        ``percent=20``, ``level=9000``, ``rank=1:rate``, ``parity=sutton``, ``points=13``.
    base : Period or None
        ``2011-04..2012-03``.
    horizon : str or None
        Month by which it is to be met.
    per : {"year", "whole"} or None
        Whether the reduction is one of the last year or adds up over the whole period.
    """

    measure: Annotated[
        Measure | None,
        EmptyIsNone,
        Field(
            description="offence group, scheme or survey measure; empty for the plan's next "
            "target"
        ),
    ] = None
    rule: Annotated[
        str | None,
        EmptyIsNone,
        Field(
            description="as csp target takes it; empty for the plan's next target, or "
            "percent=20",
            examples=RULE_EXAMPLES,
        ),
    ] = None
    base: Annotated[
        PeriodText | None,
        EmptyIsNone,
        Field(
            description="base period, two months joined by two dots; empty for the latest year",
            examples=["2011-04..2012-03"],
        ),
    ] = None
    horizon: Annotated[
        OptionalMonth,
        Field(
            description="last month of the year it is to be met in; empty for three years ahead"
        ),
    ] = None
    per: Annotated[
        Literal["year", "whole"] | None,
        EmptyIsNone,
        Field(
            description="year: fewer in the last year; whole: fewer in all from base to horizon"
        ),
    ] = None

    @field_validator("rule")
    @classmethod
    def _rule_reads(cls, rule: str | None) -> str | None:
        if rule is not None:
            rule_from_text(rule)
        return rule


class ConfidenceParams(NotebookParams):
    """How many persons the survey is assumed to ask, and how far its scatter widens.

    Attributes
    ----------
    sample_count : int
        Persons assumed asked in a borough in a year; nought for ``params/defaults.yml``.
    design_effect : float
        Variance in multiples of a simple random sample's; nought for what the survey's own
        scatter from quarter to quarter implies.
    """

    sample_count: Annotated[
        int,
        Field(
            ge=0,
            description="persons assumed asked in a year; nought for params/defaults.yml",
        ),
    ] = 0
    design_effect: Annotated[
        float,
        Field(
            ge=0,
            description="variance against a random sample's; nought for the scatter's own",
        ),
    ] = 0.0


class BorderParams(NotebookParams):
    """How far from its border a borough's crime counts as near it.

    Attributes
    ----------
    border_metres : int
        Metres from the outline within which a small area's centre must lie, 50 to 5,000.
    """

    border_metres: Annotated[
        int,
        Field(
            ge=50,
            le=5_000,
            description="how near the border a small area's centre counts as near",
        ),
    ] = 500


_MODELS: dict[str, type[NotebookParams]] = {
    "public_confidence": ConfidenceParams,
    "reducing_reoffending": BorderParams,
    "safer_locations": BorderParams,
    "london_comparison": NotebookParams,
    "protecting_victims": NotebookParams,
    "strategic_assessment": NotebookParams,
    "targets": TargetsParams,
}


def known_notebooks() -> list[str]:
    """Names of the notebooks: those with a model here and those in ``notebooks/``.

    Examples
    --------
    >>> {"strategic_assessment", "targets"} <= set(known_notebooks())
    True
    """
    there = {path.stem for path in (project_root() / "notebooks").glob("*.ipynb")}
    return sorted(there | set(_MODELS))


def fault_of_file_name(name: str) -> str:
    """What is wrong with a notebook's name as part of a page's address; empty for nothing.

    Examples
    --------
    >>> fault_of_file_name("theft_of_phones")
    ''
    >>> fault_of_file_name("my report")[:54]
    "'my report' cannot be a page's address. Rename the not"
    """
    if _FILE_NAME.fullmatch(name):
        return ""
    return (
        f"'{name}' cannot be a page's address. Rename the notebook: letters without accents, "
        "digits, '_', '-' and '.', a letter or digit first"
    )


def check_notebook_name(name: str) -> str:
    """The name itself, refused with the nearest if no notebook is called that.

    Examples
    --------
    >>> check_notebook_name("target")
    Traceback (most recent call last):
    ...
    ValueError: no notebook 'target'. Did you mean 'targets'? They are listed in notebooks
    """
    return one_of(name, known_notebooks(), "notebook", "notebooks")


def notebook_params_model(notebook: str) -> type[NotebookParams]:
    """Model of a notebook's parameters; a new notebook takes those that all take.

    Examples
    --------
    >>> sorted(set(notebook_params_model("targets").model_fields) - {"borough", "plan"})
    ['as_of', 'base', 'horizon', 'measure', 'per', 'published_by', 'rule']
    """
    return _MODELS.get(notebook, NotebookParams)


def model_of_parameters(names: Iterable[str]) -> type[NotebookParams]:
    """The smallest model that has these parameters; of all notebooks, where none has them.

    Examples
    --------
    >>> model_of_parameters(["borough", "rule"]).__name__
    'TargetsParams'
    >>> model_of_parameters(["borough"]).__name__
    'NotebookParams'
    """
    wanted = set(names)
    models: list[type[NotebookParams]] = [NotebookParams, *_MODELS.values()]
    fitting = [model for model in models if wanted <= set(model.model_fields)]
    return min(fitting, key=lambda model: len(model.model_fields), default=NotebookParams)


def check_notebook_params(
    notebook: str, given: Mapping[str, object], *, where: str = "parameters"
) -> NotebookParams:
    """A notebook's parameters, checked before anything runs.

    Parameters
    ----------
    notebook : str
        Name of the notebook, without its ending.
    given : mapping
        Parameter to value, as typed by the user.
    where : str
        Where they were given, for the error.

    Returns
    -------
    NotebookParams
        Areas as codes; what was empty as None.

    Raises
    ------
    ParamsError
        If a parameter is unknown or its value is not accepted.

    Examples
    --------
    >>> check_notebook_params("targets", {"borough": "Harrow", "as_of": ""}).borough
    'E09000015'
    >>> check_notebook_params("targets", {"boruogh": "Harrow"})
    Traceback (most recent call last):
    ...
    analysis.errors.ParamsError: parameters of targets: unknown key 'boruogh'. Did you ...
    """
    try:
        return notebook_params_model(notebook).model_validate(dict(given))
    except ValidationError as error:
        message = "\n".join(sentences(error, f"{where} of {notebook}"))
        raise ParamsError(message) from None
