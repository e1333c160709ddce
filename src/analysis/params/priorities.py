"""How the strategic assessment scores what could be a priority: scales, weights, reasons.

The choices are data (``params/priorities.yml``) with the reason beside each, so that a
partnership can see, dispute and change them without touching code.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from analysis.params.fields import OffenceMeasure, StrictModel
from analysis.params.reading import read_params
from analysis.project import project_root

STEPS = 4
# Four steps make scores of 1 to 5.

CriterionName = Literal[
    "volume", "harm", "trend", "comparison", "forecast", "concentration", "public_concern"
]


class Criterion(StrictModel):
    """One question that everything is scored on.

    Attributes
    ----------
    name, label, question : str
        Short name, head of its column, and what it asks.
    unit : str
        What its value is measured in.
    weight, weight_because : float, str
        Its weight beside the others, and why.
    steps, steps_because : list of float, str
        Values at which the score goes up by one, ascending, and why these.
    section : str or None
        Section of the strategic assessment that shows the figures.
    report : str or None
        Another report that does.
    """

    name: CriterionName
    label: str
    question: str
    unit: str
    weight: Annotated[float, Field(gt=0)]
    weight_because: str
    steps: Annotated[list[float], Field(min_length=STEPS, max_length=STEPS)]
    steps_because: str
    section: str | None = None
    report: str | None = None

    @model_validator(mode="after")
    def _steps_rise(self) -> Self:
        if sorted(set(self.steps)) != self.steps:
            message = f"the steps of '{self.name}' do not rise. Write them in ascending order"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _evidence_is_named(self) -> Self:
        if (self.section is None) == (self.report is None):
            message = f"'{self.name}' needs a section or a report that shows it, not both"
            raise ValueError(message)
        return self


class SpecialItem(StrictModel):
    """Something scored that is no offence group.

    Attributes
    ----------
    name, label : str
    table : str
        Embedded table that counts it by borough and month.
    measure : str or None
        Row of that table, where it has several.
    note : str
        What must be known before it is set beside the groups.
    """

    name: str
    label: str
    table: Literal["monthly_special", "vawg_monthly", "asb_incidents"]
    measure: str | None = None
    note: str


class Ranking(StrictModel):
    """When something is ranked, and how far the weights are moved.

    Attributes
    ----------
    least_criteria : int
        Criteria that must be scored.
    top_places : list of int
        For which the chance of a place is told.
    weight_concentration : float
        Sum of the Dirichlet parameters: the larger, the less the weights move.
    """

    least_criteria: Annotated[int, Field(ge=1)]
    least_criteria_because: str
    top_places: Annotated[list[int], Field(min_length=1)]
    weight_concentration: Annotated[float, Field(gt=0)]
    weight_concentration_because: str


class VerdictRules(StrictModel):
    """Where the rules on keeping, changing and adding priorities draw their lines.

    Attributes
    ----------
    high_places : int
        Places of the matrix that count as high.
    high_chance : float
        Chance of being in them from which something is high.
    """

    high_places: Annotated[int, Field(ge=1)]
    high_places_because: str
    high_chance: Annotated[float, Field(gt=0, lt=1)]
    high_chance_because: str


class PriorityParams(StrictModel):
    """``params/priorities.yml``."""

    criteria: Annotated[list[Criterion], Field(min_length=1)]
    special_items: list[SpecialItem] = []
    left_out: list[OffenceMeasure] = []
    left_out_because: str
    found_by_police: list[OffenceMeasure] = []
    found_by_police_because: str
    ranking: Ranking
    verdicts: VerdictRules

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        for what, names in (
            ("criterion", [str(each.name) for each in self.criteria]),
            ("item", [each.name for each in self.special_items]),
        ):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                message = f"{what} given twice: {', '.join(twice)}. Name each apart"
                raise ValueError(message)
        return self

    @property
    def weights(self) -> dict[str, float]:
        """Weight of each criterion, together 1."""
        total = sum(each.weight for each in self.criteria)
        return {each.name: each.weight / total for each in self.criteria}

    @property
    def steps(self) -> dict[str, list[float]]:
        """Steps of each criterion."""
        return {each.name: each.steps for each in self.criteria}


def load_priority_params() -> PriorityParams:
    """The choices of ``params/priorities.yml``.

    Raises
    ------
    ParamsError
        If the file is faulty.

    Examples
    --------
    >>> params = load_priority_params()
    >>> params.weights["harm"], params.steps["trend"]
    (0.25, [-20.0, -5.0, 5.0, 20.0])
    """
    return read_params(project_root() / "params/priorities.yml", PriorityParams)
