"""Turn a refused value into one sentence: where, what, how to mend."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from analysis.errors import did_you_mean
from analysis.params.fields import UNKNOWN_KEY

Place = tuple[str | int, ...]

_ONE_OF_MANY = {
    "boroughs": "borough",
    "claims": "claim",
    "facts": "fact",
    "measures": "measure",
    "notebooks": "notebook",
    "priorities": "priority",
    "runs": "run",
    "targets": "target",
    "themes": "theme",
}

_SENTENCES: dict[str, str] = {
    "missing": "'{key}' is missing. Add it",
    "string_type": "'{key}' must be text, not {given}. Put it in quotes",
    "int_parsing": "'{key}' must be a whole number, not {given}",
    "int_type": "'{key}' must be a whole number, not {given}",
    "int_from_float": "'{key}' must be a whole number, not {given}",
    "float_parsing": "'{key}' must be a number, not {given}",
    "float_type": "'{key}' must be a number, not {given}",
    "bool_parsing": "'{key}' must be true or false, not {given}",
    "list_type": "'{key}' must be a list, not {given}. Write it as [one, two]",
    "model_type": "'{key}' must have keys of its own, not {given}",
    "dict_type": "'{key}' must have keys of its own, not {given}",
}


def sentences(
    error: ValidationError, where: str, line_of: Callable[[Place], int | None] | None = None
) -> list[str]:
    """One sentence for each refused value.

    Parameters
    ----------
    error : ValidationError
        What pydantic found.
    where : str
        The file, or whatever else was read.
    line_of : callable, optional
        Line of a place in the file, where it is known.

    Returns
    -------
    list of str
        ``"params/runs/london.yml, run 3 (line 9): no borough 'Camdem'. Did ..."``.

    Examples
    --------
    >>> from analysis.params.fields import Period
    >>> try:
    ...     Period.model_validate({"from": "2011-04"})
    ... except ValidationError as error:
    ...     sentences(error, "period")
    ["period: 'to' is missing. Add it."]
    """
    return [_sentence(found, where, line_of) for found in error.errors()]


def place_in_words(place: Sequence[str | int]) -> str:
    """A place in a file as a reader counts it, from one.

    Examples
    --------
    >>> place_in_words(("runs", 2, "boroughs", 0))
    'run 3, borough 1'
    >>> place_in_words(("statutory", "a"))
    'statutory, a'
    """
    words: list[str] = []
    for step in place:
        if isinstance(step, int) and words:
            many = words.pop()
            words.append(f"{_ONE_OF_MANY.get(many, f'{many}, item')} {step + 1}")
        else:
            words.append(str(step))
    return ", ".join(words)


def _sentence(
    found: ErrorDetails, where: str, line_of: Callable[[Place], int | None] | None
) -> str:
    place = _plain_place(found)
    line = line_of(place) if line_of else None
    # Every sentence but a value error's names the key itself.
    words = place_in_words(place if found["type"] == "value_error" else place[:-1])
    spot = f"{where}, {words}" if words else where
    spot += f" (line {line})" if line else ""
    return f"{spot}: {_what(found, place)}."


def _plain_place(found: ErrorDetails) -> Place:
    # Steps such as "list[str]" and "function-after[...]" name branches of a union.
    place = tuple(step for step in found["loc"] if isinstance(step, int) or step.isidentifier())
    key = found.get("ctx", {}).get("key")
    return (*place, str(key)) if found["type"] == UNKNOWN_KEY else place


def _what(found: ErrorDetails, place: Place) -> str:
    kind, context = found["type"], found.get("ctx", {})
    key = str(place[-1]) if place else "the file"
    given = repr(found["input"])
    if kind in ("value_error", "assertion_error"):
        return str(context["error"])
    if kind in ("literal_error", "enum"):
        accepted = re.findall("'([^']+)'", str(context["expected"]))
        hint = did_you_mean(str(found["input"]), accepted)
        return f"'{key}' cannot be {given}.{hint} It is one of: {', '.join(accepted)}"
    if found["input"] is None and kind.endswith("_type"):
        return f"'{key}' has no value. Give it one, or take the key out if it may be left out"
    if kind in _SENTENCES:
        return _SENTENCES[kind].format(key=key, given=given)
    if kind == UNKNOWN_KEY:
        return found["msg"]
    return f"'{key}' cannot be {given}: {found['msg'][:1].lower()}{found['msg'][1:]}"
