"""A partnership's plan as data: what it sets out to do, and which of it can be measured.

A plan is transcribed from its published text. What the text claims about numbers is kept
apart from the targets (:class:`Claim`): a claim is compared with the figures, and no figure
is made from it.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from analysis.errors import ParamsError
from analysis.params.fields import (
    Borough,
    Month,
    OffenceMeasure,
    Period,
    RegimeName,
    StrictModel,
    known_plans,
    one_of,
)
from analysis.params.reading import read_params
from analysis.params.targets import Source, TargetSpec
from analysis.project import project_root

STATUTORY_ITEMS = {
    "a": "a strategy against reoffending, crime and disorder, and substance misuse",
    "b": "the priorities of the strategic assessment of the year before",
    "c": "the steps the responsible authorities must take",
    "d": "how they should allocate and deploy their resources",
    "e": "the steps each authority takes to measure its success",
    "f": "the steps to engage the community, and to publicise the plan",
}
# Crime and Disorder (Formulation and Implementation of Strategy) Regulations 2007
# (SI 2007/1830), regulation on the partnership plan, in our own words.

Subject = Literal[
    "anti_social_behaviour",
    "domestic_abuse",
    "hate_crime",
    "knife_crime",
    "public_attitudes",
    "substance_misuse",
    "violence_against_women_and_girls",
    "youth_reoffending",
]
# Figures that the project holds beside the offence groups.


class Priority(StrictModel):
    """One thing a plan sets out to do.

    Attributes
    ----------
    name, label : str
        Short name, and what it is called in a report.
    measures : list of str
        Offence groups or schemes that show it.
    subjects : list of str
        Other figures held that show it.
    not_measured : str or None
        Why no figure held shows it; given where the two lists are empty.
    source : Source
        Where it was read.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    label: str
    measures: list[OffenceMeasure] = []
    subjects: list[Subject] = []
    not_measured: str | None = None
    set_by: Literal["partnership", "mopac"] = "partnership"
    source: Source

    @model_validator(mode="after")
    def _measured_or_said_why_not(self) -> Self:
        if not (self.measures or self.subjects or self.not_measured):
            message = (
                f"priority '{self.name}' names no measure. Give 'measures' or 'subjects', or "
                "say in 'not_measured' why there is none"
            )
            raise ValueError(message)
        return self


class Theme(StrictModel):
    """A strategic theme and its priorities.

    Attributes
    ----------
    name, label : str
        Short name, and what it is called in a report.
    is_cross_cutting : bool
        Whether it runs through the others.
    priorities : list of Priority
        In the order of the plan.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    label: str
    is_cross_cutting: bool = False
    priorities: list[Priority]


class Claim(StrictModel):
    """A number that a plan states without saying how it was reached.

    Attributes
    ----------
    label : str
        What is claimed.
    reduction_count, base_count : int
        Offences: the fall that is called for, and the total that it is counted from.
    is_approximate : bool
        Whether the plan says "almost" or "about".
    per : {"year", "whole"}
        Whether the fall is a yearly one.
    measure, base_period : str or None, Period or None
        What is counted and when; None where the plan does not say.
    source : Source
        Where it was read, with its words.
    """

    label: str
    reduction_count: Annotated[int, Field(gt=0)]
    base_count: Annotated[int, Field(gt=0)]
    is_approximate: bool = False
    per: Literal["year", "whole"] = "year"
    measure: OffenceMeasure | None = None
    base_period: Period | None = None
    source: Source

    @property
    def reduction_pct(self) -> float:
        """The fall as a percentage of the total it is counted from."""
        return 100 * self.reduction_count / self.base_count


class StatutoryItem(StrictModel):
    """What a plan's published text holds of one item that the regulations ask for.

    Attributes
    ----------
    held : str or None
        What the text holds, in our words; None where it holds nothing.
    note : str or None
        Where else it may be, or ``"not in the published text"``.
    """

    held: str | None
    note: str | None = None

    @model_validator(mode="after")
    def _missing_is_explained(self) -> Self:
        if self.held is None and not self.note:
            message = "'held' is empty without a 'note'. Write 'not in the published text'"
            raise ValueError(message)
        return self

    @property
    def is_held(self) -> bool:
        """Whether the published text holds the item."""
        return self.held is not None


class EngagementItem(StatutoryItem):
    """Item (f): how views are obtained, and how the plan is made known.

    Attributes
    ----------
    publicity : str or None
        How the text says that the plan is made known, as it goes on from "The plan is made
        known"; None where it says nothing of it.
    """

    publicity: str | None = None


class Statutory(StrictModel):
    """Items (a) to (f) of a partnership plan; see :data:`STATUTORY_ITEMS`."""

    a: StatutoryItem
    b: StatutoryItem
    c: StatutoryItem
    d: StatutoryItem
    e: StatutoryItem
    f: EngagementItem

    @property
    def missing(self) -> list[str]:
        """Letters of the items that the text does not hold."""
        return [letter for letter in STATUTORY_ITEMS if not getattr(self, letter).is_held]


ENGAGEMENT_PURPOSES = {
    "levels_and_patterns": "views on the levels and patterns of crime and disorder",
    "priorities": "views on what should be prioritised",
    "publicity": "the plan made known",
    "feedback": "what became of the views, told to those who gave them",
}
# What the regulations ask to be sought and told, in our own words (SI 2007/1830).

EngagementPurpose = Literal["levels_and_patterns", "priorities", "publicity", "feedback"]
EngagementGroup = Literal["residents", "workers", "particularly_affected", "partners"]


class EngagementStep(StrictModel):
    """One step of engaging the community, as it was done.

    Attributes
    ----------
    day, month, before : date, str, date
        When it was, one of the three: the day, the month, or a day that it came before.
    what : str
        What was done, in our words.
    with_whom : str
        With whom.
    groups : list of str
        ``residents``, ``workers``, ``particularly_affected`` by the crime in question or
        ``partners``: the authorities themselves, who are not the community.
    purposes : list of str
        Keys of :data:`ENGAGEMENT_PURPOSES`; empty where the text does not say.
    is_public_meeting : bool
    has_senior_attendance : bool or None
        Whether persons in senior positions of the responsible authorities attended; None
        where it is not recorded.
    attended_count : int or None
        Persons who came; None where it is not recorded.
    views_heard, done : str or None
        What was heard, and what was done about it; None where it is not recorded.
    source : Source
    """

    day: date | None = None
    month: Month | None = None
    before: date | None = None
    what: str
    with_whom: str
    groups: Annotated[list[EngagementGroup], Field(min_length=1)]
    purposes: list[EngagementPurpose] = []
    is_public_meeting: bool = False
    has_senior_attendance: bool | None = None
    attended_count: Annotated[int, Field(ge=0)] | None = None
    views_heard: str | None = None
    done: str | None = None
    source: Source

    @model_validator(mode="after")
    def _is_dated_once(self) -> Self:
        given = [each for each in (self.day, self.month, self.before) if each is not None]
        if len(given) != 1:
            message = (
                f"the engagement '{self.what}' has {len(given)} dates. Give one of 'day', "
                "'month' and 'before'"
            )
            raise ValueError(message)
        return self

    @property
    def when(self) -> str | None:
        """Month it was in, ``YYYY-MM``; None where only a day that it came before is known."""
        if self.day is not None:
            return f"{self.day:%Y-%m}"
        return self.month


class BackgroundPaper(StrictModel):
    """A document that a plan rests on."""

    title: str
    url: str | None = None


class Plan(StrictModel):
    """A partnership plan.

    Attributes
    ----------
    title, partnership : str
        As published.
    borough : str
        Code of the borough.
    period : Period
        Months that the plan covers.
    adopted : date or None
        Day of its adoption, where the text gives it.
    aim : str or None
        Its overall aim, in our words.
    regime : str or None
        MOPAC scheme in force, a name in ``params/regimes``.
    source : Source
        The text transcribed.
    themes : list of Theme
    targets : list of TargetSpec
        Empty where the plan sets no number.
    targets_note : str or None
        Why there are none.
    claims : list of Claim
    statutory : Statutory
    responsible_authorities : list of str
    engagement : list of EngagementStep
        Empty where the text records none.
    background_papers : list of BackgroundPaper
    review : str or None
        When it is next reviewed.
    """

    title: str
    partnership: str
    borough: Borough
    period: Period
    adopted: date | None = None
    aim: str | None = None
    regime: RegimeName | None = None
    source: Source
    themes: Annotated[list[Theme], Field(min_length=1)]
    targets: list[TargetSpec] = []
    targets_note: str | None = None
    claims: list[Claim] = []
    statutory: Statutory
    responsible_authorities: list[str] = []
    engagement: list[EngagementStep] = []
    background_papers: list[BackgroundPaper] = []
    review: str | None = None

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        priorities = [priority.name for priority in self.priorities]
        for what, names in (
            ("theme", [theme.name for theme in self.themes]),
            ("priority", priorities),
            ("target", [target.name for target in self.targets]),
        ):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                message = f"{what} name given twice: {', '.join(twice)}. Name each apart"
                raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _no_targets_is_explained(self) -> Self:
        if not self.targets and not self.targets_note:
            message = "the plan has no 'targets'. Say why in 'targets_note'"
            raise ValueError(message)
        return self

    @property
    def priorities(self) -> list[Priority]:
        """All priorities, in the order of the plan."""
        return [priority for theme in self.themes for priority in theme.priorities]

    @property
    def measures(self) -> list[str]:
        """Offence groups and schemes of all priorities, each once, in the plan's order."""
        named = [measure for priority in self.priorities for measure in priority.measures]
        return list(dict.fromkeys(named))


def load_plan(name_or_path: str | Path) -> Plan:
    """A plan by its name in ``params/plans``, or from a file.

    Parameters
    ----------
    name_or_path : str or Path
        ``"harrow_2013-17"``, or the path of a ``.yml`` file.

    Returns
    -------
    Plan

    Raises
    ------
    ParamsError
        If there is no such plan, with the nearest name, or if its file is faulty.

    Examples
    --------
    >>> load_plan("harrow_2013-17").borough
    'E09000015'
    >>> load_plan("harow_2013-17")
    Traceback (most recent call last):
    ...
    analysis.errors.ParamsError: no plan 'harow_2013-17'. Did you mean 'harrow_2013-17'? ...
    """
    path = Path(name_or_path)
    if path.suffix in (".yml", ".yaml"):
        return read_params(path, Plan)
    try:
        name = one_of(str(name_or_path), known_plans(), "plan", "params/plans")
    except ValueError as error:
        message = f"{error}."
        raise ParamsError(message) from None
    return read_params(project_root() / "params/plans" / f"{name}.yml", Plan)
