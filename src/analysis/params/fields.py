"""Kinds of value that files in ``params/`` and notebook parameters are made of.

Each kind turns what an editor may write into one checked value: an area becomes its code,
a month is ``YYYY-MM``, a measure, plan or notebook is one that exists. A value that is not
accepted is answered with what was written, what was meant, and where the names are listed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError

from analysis.errors import ParamsError, did_you_mean
from analysis.params.areas import Area, area_name, borough_codes, resolve_area
from analysis.params.measure_names import known_measures, known_survey_measures
from analysis.project import project_root

UNKNOWN_KEY = "unknown_key"
# Kind of the pydantic error for a key that a model does not have.

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


class StrictModel(BaseModel):
    """A model that refuses a key it does not know and names the nearest it does."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, validate_default=True, allow_inf_nan=False
    )

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_keys(cls, given: object) -> object:
        if isinstance(given, dict):
            known = _keys(cls)
            accepted = {*known, *cls.model_fields}
            for key in given:
                if key not in accepted:
                    raise _unknown_key(str(key), known)
        return given


class Completed:
    """Offers names to an editor through the JSON Schema without refusing other spellings.

    The names are looked up when the schema is written, not when the module is imported.
    """

    def __init__(self, names: Callable[[], Iterable[str]]) -> None:
        self._names = names

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Leave the checking to the type's own validators."""
        return handler(source)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Schema of the type, with the names beside it."""
        return {"anyOf": [{"enum": sorted(self._names())}, handler(schema)]}


def month_text(text: str) -> str:
    """A month as ``YYYY-MM``, refused if it is anything else.

    Examples
    --------
    >>> month_text("2012-03")
    '2012-03'
    >>> month_text("2012-3")
    Traceback (most recent call last):
    ...
    ValueError: '2012-3' is not a month. Write YYYY-MM, for instance 2012-03
    """
    if not _MONTH.fullmatch(text):
        message = f"'{text}' is not a month. Write YYYY-MM, for instance 2012-03"
        raise ValueError(message)
    return text


def report_area(text: str) -> str:
    """Code of an area that a report can be built for: a borough, or London as a whole.

    Parameters
    ----------
    text : str
        Name, usual spelling or code, whatever its case.

    Returns
    -------
    str
        GSS code.

    Raises
    ------
    ValueError
        If no borough is called that, with the nearest name and its code.

    Examples
    --------
    >>> report_area("harrow")
    'E09000015'
    >>> report_area("Camdem")
    Traceback (most recent call last):
    ...
    ValueError: no borough 'Camdem'. Did you mean 'Camden' (E09000007)? Boroughs are ...
    """
    try:
        area = resolve_area(text)
    except ParamsError:
        raise ValueError(_no_borough(text)) from None
    if area.kind not in ("borough", "force"):
        raise ValueError(_not_reported(area))
    return area.area_code


def report_borough(text: str) -> str:
    """Code of one of the 32 boroughs.

    Parameters
    ----------
    text : str
        Name, usual spelling or code, whatever its case.

    Returns
    -------
    str
        GSS code.

    Raises
    ------
    ParamsError
        If no borough is called that.

    Examples
    --------
    >>> report_borough("London")
    Traceback (most recent call last):
    ...
    analysis.errors.ParamsError: 'London' is not a borough. Name one of the 32.
    """
    try:
        code = report_area(text)
    except ValueError as error:
        message = f"{error}."
        raise ParamsError(message) from None
    if code not in borough_codes():
        message = f"'{area_name(code)}' is not a borough. Name one of the 32."
        raise ParamsError(message)
    return code


def area_slug(area_code: str) -> str:
    """Name of an area as a file name in ``params/boroughs/``.

    Examples
    --------
    >>> area_slug("E09000002")
    'barking_and_dagenham'
    """
    return re.sub(r"[^a-z]+", "_", area_name(area_code).casefold()).strip("_")


def known_plans() -> list[str]:
    """Names of the plans in ``params/plans/``, in order.

    Examples
    --------
    >>> "harrow_2013-17" in known_plans()
    True
    """
    return _names_in("plans")


def known_regimes() -> list[str]:
    """Names of the regimes in ``params/regimes/``, in order.

    Examples
    --------
    >>> known_regimes()
    ['mopac_2013-16', 'mopac_2017-21', 'mopac_2022-25']
    """
    return _names_in("regimes")


def one_of(word: str, known: Iterable[str], what: str, where: str) -> str:
    """The word itself, refused if it is not among those known.

    Examples
    --------
    >>> one_of("burglry", ["burglary", "arson"], "measure", "data/reference/schemes.csv")
    Traceback (most recent call last):
    ...
    ValueError: no measure 'burglry'. Did you mean 'burglary'? They are listed in ...
    """
    names = list(known)
    if word not in names:
        hint = did_you_mean(word, names)
        message = f"no {what} '{word}'.{hint} They are listed in {where}"
        raise ValueError(message)
    return word


def _names_in(folder: str) -> list[str]:
    return sorted(path.stem for path in (project_root() / "params" / folder).glob("*.yml"))


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _unknown_key(key: str, known: list[str]) -> PydanticCustomError:
    listed = ", ".join(known)
    hint = did_you_mean(key, known)
    message = f"unknown key '{key}'.{hint} Keys here are: {listed}"
    # Braces would be taken for places to fill in.
    template = message.replace("{", "(").replace("}", ")")
    return PydanticCustomError(UNKNOWN_KEY, template, {"key": key})


def _borough_names() -> list[str]:
    return [area_name(code) for code in borough_codes()]


def _no_borough(text: str) -> str:
    hint = did_you_mean(text, _borough_names())
    nearest = re.search("'(.+)'", hint)
    if nearest:
        hint = hint.replace("'?", f"' ({resolve_area(nearest[1]).area_code})?")
    return f"no borough '{text}'.{hint} Boroughs are listed in data/reference/areas.csv"


def _not_reported(area: Area) -> str:
    return (
        f"no report is built for {area.area_name}: it is not one of the 32 boroughs, which "
        "are listed in data/reference/areas.csv"
    )


def _measure(word: str) -> str:
    return one_of(word, known_measures(), "measure", "data/reference/offence_groups.csv")


def _survey_or_offence_measure(word: str) -> str:
    where = "data/reference/offence_groups.csv and schemes.csv"
    return one_of(word, [*known_measures(), *known_survey_measures()], "measure", where)


def _plan_name(word: str) -> str:
    return one_of(word, known_plans(), "plan", "params/plans")


def _regime_name(word: str) -> str:
    return one_of(word, known_regimes(), "regime", "params/regimes")


def _empty_is_none(given: object) -> object:
    return None if given == "" else given


Month = Annotated[
    str, AfterValidator(month_text), Field(json_schema_extra={"pattern": _MONTH.pattern})
]
Borough = Annotated[
    str,
    AfterValidator(report_area),
    Completed(lambda: [area_slug(code).replace("_", " ") for code in borough_codes()]),
]
Measure = Annotated[
    str,
    AfterValidator(_survey_or_offence_measure),
    Completed(lambda: [*known_measures(), *known_survey_measures()]),
]
OffenceMeasure = Annotated[str, AfterValidator(_measure), Completed(known_measures)]
PlanName = Annotated[str, AfterValidator(_plan_name), Completed(known_plans)]
RegimeName = Annotated[str, AfterValidator(_regime_name), Completed(known_regimes)]

EmptyIsNone = BeforeValidator(_empty_is_none)
# A notebook's parameter cell writes "" where nothing is chosen.


class Period(StrictModel):
    """Whole months from the first to the last, both within.

    Attributes
    ----------
    first, last : str
        ``YYYY-MM``; ``from`` and ``to`` in the file.
    """

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    first: Month = Field(alias="from")
    last: Month = Field(alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            message = f"the period ends ({self.last}) before it begins ({self.first})"
            raise ValueError(message)
        return self

    @property
    def months(self) -> int:
        """Number of months.

        Examples
        --------
        >>> Period(first="2011-04", last="2012-03").months
        12
        """
        begin, end = (int(text[:4]) * 12 + int(text[5:]) for text in (self.first, self.last))
        return end - begin + 1

    def __str__(self) -> str:
        """The period as the command line writes it: ``2011-04..2012-03``."""
        return f"{self.first}..{self.last}"


def period_from_text(text: str) -> Period:
    """A period from ``2011-04..2012-03``.

    Raises
    ------
    ValueError
        If it is not two months with two full stops between them.

    Examples
    --------
    >>> period_from_text("2011-04..2012-03").months
    12
    """
    first, dots, last = text.partition("..")
    if not dots:
        message = f"'{text}' is not a period. Write it as 2011-04..2012-03"
        raise ValueError(message)
    return Period(first=month_text(first.strip()), last=month_text(last.strip()))


def _period(given: object) -> object:
    return period_from_text(given) if isinstance(given, str) else given


PeriodText = Annotated[Period, BeforeValidator(_period), PlainSerializer(str, return_type=str)]
# A period that may also be written on one line, as in a notebook's parameter cell.
