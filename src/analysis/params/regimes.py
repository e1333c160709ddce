"""The schemes of the Mayor's Office for Policing and Crime, as data.

A scheme says which offences count, from which base, and what boroughs must choose. Each
fact carries its source and a mark, so that a report can tell what was read from what is
only generally known.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from analysis.errors import ParamsError
from analysis.params.fields import (
    Borough,
    OffenceMeasure,
    Period,
    StrictModel,
    known_regimes,
    one_of,
)
from analysis.params.plans import Priority, Subject
from analysis.params.reading import read_params
from analysis.params.targets import Source, TargetSpec
from analysis.project import project_root


class Fact(StrictModel):
    """A statement about a scheme, and where it was read.

    Attributes
    ----------
    statement : str
        In our words.
    source : Source
        With its mark: ``V`` read, ``C`` computed again, ``M`` to be checked.
    """

    statement: str
    source: Source


class BoroughChoice(StrictModel):
    """What one borough chose under a scheme.

    Attributes
    ----------
    borough : str
        Code of the borough.
    chosen : str
        When, or in which plan.
    measures, subjects : list of str
        What it chose.
    source : Source
        Where it was read.
    """

    borough: Borough
    chosen: str
    measures: list[OffenceMeasure] = []
    subjects: list[Subject] = []
    source: Source


class Regime(StrictModel):
    """A scheme in force over London.

    Attributes
    ----------
    title, publisher : str
    period : Period
        Months in force.
    kind : {"targets", "priorities"}
        Whether it sets numbers or priorities.
    measures : list of str
        Offence groups or schemes it is measured by.
    choices : list of str
        Offence groups that a borough may choose from.
    choices_wanted : int
        How many a borough chooses.
    priorities : list of Priority
        What it asks of every borough.
    targets : list of TargetSpec
        Targets that hold for every borough alike.
    borough_choices : list of BoroughChoice
        What boroughs chose, where known.
    facts : list of Fact
    """

    title: str
    publisher: str
    period: Period
    kind: Literal["targets", "priorities"]
    measures: list[OffenceMeasure] = []
    choices: list[OffenceMeasure] = []
    choices_wanted: Annotated[int, Field(ge=0)] = 0
    priorities: list[Priority] = []
    targets: list[TargetSpec] = []
    borough_choices: list[BoroughChoice] = []
    facts: Annotated[list[Fact], Field(min_length=1)]

    @model_validator(mode="after")
    def _targets_where_it_sets_them(self) -> Self:
        if (self.kind == "targets") != bool(self.targets):
            message = f"kind '{self.kind}' does not agree with {len(self.targets)} targets"
            raise ValueError(message)
        return self


def load_regime(name: str) -> Regime:
    """A scheme by its name in ``params/regimes``.

    Parameters
    ----------
    name : str
        ``"mopac_2013-16"``, ``"mopac_2017-21"`` or ``"mopac_2022-25"``.

    Returns
    -------
    Regime

    Raises
    ------
    ParamsError
        If there is no such scheme, with the nearest name, or if its file is faulty.

    Examples
    --------
    >>> [target.rule_text for target in load_regime("mopac_2013-16").targets]
    ['percent=20', 'points=13']
    """
    try:
        found = one_of(name, known_regimes(), "regime", "params/regimes")
    except ValueError as error:
        message = f"{error}."
        raise ParamsError(message) from None
    return read_params(project_root() / "params/regimes" / f"{found}.yml", Regime)
