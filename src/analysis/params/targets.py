"""A target as a plan or a user writes it: what, from which base, by which rule, by when.

Nothing is computed here. The rule's value sits in the field of the rule's kind, and the
fields that the plan's own words leave open are named in ``assumed``, so that a report can
say which part of a target is the plan's and which part is ours.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from analysis.errors import ParamsError
from analysis.params.areas import area_name
from analysis.params.fields import (
    Measure,
    Month,
    Period,
    StrictModel,
    period_from_text,
    report_area,
)
from analysis.params.measure_names import known_survey_measures
from analysis.params.sentences import sentences

Rule = Literal["percent", "level", "rank", "parity", "points"]

_RULES = ("percent", "level", "rank", "parity", "points")
RULE_EXAMPLES = ["percent=20", "level=9000", "rank=1:rate", "parity=sutton", "points=13"]
# One of each rule, as the command line and a notebook write it.
OWN_TARGET = "own"
# Name of a target that no plan sets: the reader's own, or the usual one.
_EXAMPLES = f"{', '.join(RULE_EXAMPLES[:-1])} or {RULE_EXAMPLES[-1]}"


class Source(StrictModel):
    """Where a statement was read.

    Attributes
    ----------
    document : str
        Title, publisher and date.
    quote : str or None
        A short quotation.
    mark : {"V", "C", "M"}
        ``V`` read in the source; ``C`` computed again and it agrees; ``M`` general
        knowledge, to be checked before it is relied on.
    """

    document: str
    quote: str | None = None
    mark: Literal["V", "C", "M"] = "V"


class TargetSpec(StrictModel):
    """A target, with every choice that its figure depends on.

    Attributes
    ----------
    name : str
        Short name, unique in its file.
    label : str
        What it is called in a report.
    measure : str
        Offence group or scheme; for ``points`` a survey measure.
    basis : {"location", "policing", "survey"}
        Who an offence is credited to; ``survey`` where the measure is one.
    offence_list : {"old", "current"} or None
        How offences are classified; None for a survey measure.
    base_period : Period
        Months that the change is counted from.
    rule : {"percent", "level", "rank", "parity", "points"}
        How the target is set.
    percent : float or None
        Percent of the base to be taken off (or added, see ``direction``).
    level : float or None
        Number to be reached; offences a year.
    rank, rank_by : int or None, {"count", "rate"}
        Place among the boroughs, the lowest being 1.
    parity_with : str or None
        Code of an area, ``"similar"`` or ``"boroughs"`` (the mean of those).
    points : float or None
        Percentage points of a survey measure.
    base_value : float or None
        Value of the base where the plan prints it: offences, or percent of a survey.
    direction : {"reduce", "increase"}
        Which way is better.
    horizon : str
        Last month of the year in which it is to be met, ``YYYY-MM``.
    per : {"year", "whole"}
        Whether the figure is a yearly one or for the whole period.
    assumed, assumed_because : list of str, str or None
        Fields that the plan's text leaves open, and why they are set as they are.
    source : Source
        Where the target was read.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    label: str
    measure: Measure
    basis: Literal["location", "policing", "survey"] = "location"
    offence_list: Literal["old", "current"] | None = "current"
    base_period: Period
    rule: Rule
    percent: Annotated[float, Field(gt=0)] | None = None
    level: Annotated[float, Field(ge=0)] | None = None
    rank: Annotated[int, Field(ge=1, le=32)] | None = None
    rank_by: Literal["count", "rate"] | None = None
    parity_with: str | None = None
    points: Annotated[float, Field(gt=0, le=100)] | None = None
    base_value: Annotated[float, Field(ge=0)] | None = None
    direction: Literal["reduce", "increase"] = "reduce"
    horizon: Month
    per: Literal["year", "whole"] = "year"
    assumed: list[str] = []
    assumed_because: str | None = None
    source: Source

    @model_validator(mode="before")
    @classmethod
    def _survey_has_no_offence_list(cls, given: Any) -> Any:
        if isinstance(given, dict) and given.get("basis") == "survey":
            return {"offence_list": None, **given}
        return given

    @model_validator(mode="before")
    @classmethod
    def _parity_as_code(cls, given: Any) -> Any:
        if isinstance(given, dict) and isinstance(given.get("parity_with"), str):
            return {**given, "parity_with": _comparator(given["parity_with"])}
        return given

    @model_validator(mode="after")
    def _value_of_the_rule(self) -> Self:
        wanted = _field_of(self.rule)
        for rule in _RULES:
            is_given = getattr(self, _field_of(rule)) is not None
            if rule == self.rule and not is_given:
                message = f"rule '{self.rule}' needs '{wanted}'. Add it"
                raise ValueError(message)
            if rule != self.rule and is_given:
                message = (
                    f"'{_field_of(rule)}' does not belong to rule '{self.rule}', which takes "
                    f"'{wanted}'. Take it out or change the rule"
                )
                raise ValueError(message)
        if (self.rank is None) != (self.rank_by is None):
            message = "'rank' and 'rank_by' (count or rate) go together. Give both"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _survey_measures_move_by_points(self) -> Self:
        is_survey = self.measure in known_survey_measures()
        if is_survey != (self.basis == "survey"):
            kind = "survey" if is_survey else "location or policing"
            message = f"the basis of '{self.measure}' is {kind}, not {self.basis}"
            raise ValueError(message)
        if self.rule == "points" and not is_survey:
            message = (
                f"rule 'points' needs a survey measure, and '{self.measure}' counts offences"
            )
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _horizon_after_base(self) -> Self:
        if self.horizon <= self.base_period.last:
            message = (
                f"the horizon ({self.horizon}) is not after the base period "
                f"({self.base_period}). Write a later month"
            )
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _assumed_fields_exist(self) -> Self:
        unknown = [name for name in self.assumed if name not in type(self).model_fields]
        if unknown:
            message = f"'assumed' names fields that a target has not: {', '.join(unknown)}"
            raise ValueError(message)
        if self.assumed and not self.assumed_because:
            message = "'assumed' needs 'assumed_because': say why. Add it"
            raise ValueError(message)
        return self

    @property
    def value(self) -> float | int | str:
        """The value of the rule: the percent, level, rank, comparator or points."""
        value: float | int | str = getattr(self, _field_of(self.rule))
        return value

    @property
    def rule_text(self) -> str:
        """The rule as the command line writes it, for instance ``rank=1:rate``."""
        if self.rule == "rank":
            return f"rank={self.rank}:{self.rank_by}"
        if self.rule == "parity":
            return f"parity={_comparator_in_text(str(self.parity_with))}"
        return f"{self.rule}={float(self.value):g}"


def rule_from_text(text: str) -> dict[str, Any]:
    """Fields of a :class:`TargetSpec` from a rule on one line.

    Parameters
    ----------
    text : str
        ``percent=20``, ``level=9000``, ``rank=1:rate``, ``parity=sutton``, ``points=13``; a
        space may stand for the equals sign, which papermill cannot read in a default.

    Returns
    -------
    dict
        ``rule`` and the field or fields of its kind.

    Raises
    ------
    ValueError
        If it is none of these.

    Examples
    --------
    >>> rule_from_text("percent=20")
    {'rule': 'percent', 'percent': 20.0}
    >>> rule_from_text("percent 20")
    {'rule': 'percent', 'percent': 20.0}
    >>> rule_from_text("rank=1:rate")
    {'rule': 'rank', 'rank': 1, 'rank_by': 'rate'}
    >>> rule_from_text("parity=sutton")
    {'rule': 'parity', 'parity_with': 'E09000029'}
    """
    kind, _, value = (part.strip() for part in text.partition("=" if "=" in text else " "))
    try:
        if kind == "rank":
            place, _, by = value.partition(":")
            return {"rule": kind, "rank": int(place), "rank_by": _rank_by(by or "count")}
        if kind == "parity":
            return {"rule": kind, "parity_with": _comparator(value)}
        if kind in _RULES:
            return {"rule": kind, kind: float(value)}
    except ValueError as error:
        message = f"'{text}' is not a rule: {error}. Write {_EXAMPLES}"
        raise ValueError(message) from None
    message = f"'{text}' is not a rule. Write {_EXAMPLES}"
    raise ValueError(message)


def target_from_text(
    *,
    measure: str,
    rule: str,
    base: str,
    horizon: str,
    per: str = "year",
    basis: str = "location",
    offence_list: str = "current",
) -> TargetSpec:
    """A target as the command line or a notebook's parameters give it.

    Parameters
    ----------
    measure : str
        Offence group, scheme or survey measure.
    rule : str
        As :func:`rule_from_text` reads it.
    base : str
        ``2011-04..2012-03``.
    horizon : str
        ``YYYY-MM``.
    per : {"year", "whole"}
    basis, offence_list : str
        Of an offence measure; a survey measure has its own.

    Returns
    -------
    TargetSpec
        Named ``own``, its source being the reader's own choice.

    Raises
    ------
    ParamsError
        If a part is not accepted.

    Examples
    --------
    >>> own = target_from_text(
    ...     measure="total", rule="parity=sutton", base="2011-04..2012-03", horizon="2017-03"
    ... )
    >>> own.label, own.parity_with
    ('total, parity=sutton', 'E09000029')
    """
    is_survey = measure in known_survey_measures()
    series = (
        {"basis": "survey"} if is_survey else {"basis": basis, "offence_list": offence_list}
    )
    try:
        rule_fields = rule_from_text(rule)
        return TargetSpec.model_validate(
            {
                "name": OWN_TARGET,
                "label": f"{measure}, {rule}",
                "measure": measure,
                "base_period": period_from_text(base),
                "horizon": horizon,
                "per": per,
                "direction": "increase" if is_survey else "reduce",
                "source": {"document": "the reader's own choice"},
                **series,
                **rule_fields,
            }
        )
    except ValidationError as error:
        raise ParamsError("\n".join(sentences(error, "target"))) from None
    except ValueError as error:
        message = f"target: {error}."
        raise ParamsError(message) from None


def _field_of(rule: str) -> str:
    return "parity_with" if rule == "parity" else rule


def _rank_by(word: str) -> str:
    if word not in ("count", "rate"):
        message = f"a rank is by count or by rate, not by '{word}'"
        raise ValueError(message)
    return word


def _comparator(word: str) -> str:
    return word if word in ("similar", "boroughs") else report_area(word)


def _comparator_in_text(code: str) -> str:
    return code if code in ("similar", "boroughs") else area_name(code).casefold()
