"""The parameters of a notebook that is open in a kernel: what they are and may be.

``csp run`` checks parameters before a notebook runs. An analyst who types a value into the
cell has no such door, so that the assessment asks here when it is opened: a wrong value is
refused with the same sentence, not with a traceback some cells later.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from analysis.errors import ParamsError
from analysis.params.notebooks import NotebookParams, model_of_parameters
from analysis.params.sentences import sentences


@dataclass(frozen=True)
class ParameterHelp:
    """One parameter of the open notebook: its value, what it is, and what it may be."""

    name: str
    value: object
    meaning: str
    may_be: str


def parameters_in_use() -> dict[str, object]:
    """Values of the parameters that the open notebook declares, by name.

    Returns
    -------
    dict of str to object
        What the kernel holds of the cell run last that declares ``borough`` with a type;
        empty outside a kernel.

    Examples
    --------
    >>> parameters_in_use()
    {}
    """
    held = _held_by_kernel()
    names = declared_names(held.get("In", ()))
    return {name: held[name] for name in names if name in held}


def forget_what_this_cell_sets() -> None:
    """Take from the kernel what the cell that failed was to set.

    A notebook that is run whole may go on below it, and would show the borough before as the
    answer for the one that was refused.
    """
    held = _held_by_kernel()
    cells = list(held.get("In", ()))
    for name in _names_set(cells[-1], ast.Assign) if cells else ():
        held.pop(name, None)


def _held_by_kernel() -> dict[str, Any]:
    # Whoever runs in a kernel has IPython; nobody else needs to import it.
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return {} if shell is None else shell.user_ns


def declared_names(cells: Iterable[str]) -> list[str]:
    r"""Names declared by the last cell that is a parameters cell.

    Parameters
    ----------
    cells : iterable of str
        Source of the cells run, oldest first.

    Returns
    -------
    list of str

    Examples
    --------
    >>> declared_names(['borough: str = "harrow"\nrule: str = ""', "rule = 3"])
    ['borough', 'rule']
    """
    for source in reversed(list(cells)):
        names = _names_set(source, ast.AnnAssign)
        if "borough" in names:
            return names
    return []


def refuse_wrong_parameters() -> None:
    """Refuse a parameter of the open notebook that its schema refuses.

    Those that every notebook takes are left to whoever opens the assessment: it may be
    opened for another borough than the notebook's.

    Raises
    ------
    ParamsError
        With the sentence that ``csp run`` would give.
    """
    values = parameters_in_use()
    own = {name: values[name] for name in values if name not in NotebookParams.model_fields}
    model = model_of_parameters(own)
    known = {name: value for name, value in own.items() if name in model.model_fields}
    try:
        # As written in the cell: a number in quotes is a text.
        model.model_validate(known, strict=True)
    except ValidationError as error:
        raise ParamsError("\n".join(sentences(error, "parameters"))) from None


def parameters_help(values: Mapping[str, object]) -> list[ParameterHelp]:
    """What each parameter is and may be, from the schema of its notebook.

    Parameters
    ----------
    values : mapping of str to object
        Name to value in use; a name that no schema has is left out.

    Returns
    -------
    list of ParameterHelp

    Examples
    --------
    >>> [told] = parameters_help({"border_metres": 500})
    >>> told.may_be
    '50 to 5,000'
    >>> parameters_help({"as_of": ""})[0].meaning
    'last month seen, as YYYY-MM; empty for the newest held'
    """
    schema = model_of_parameters(values).model_json_schema()["properties"]
    return [
        ParameterHelp(name, value, schema[name]["description"], _may_be(schema[name]))
        for name, value in values.items()
        if name in schema
    ]


def _names_set(source: str, kind: type[ast.Assign | ast.AnnAssign]) -> list[str]:
    """Names that a cell sets at its outermost level, without or with a type."""
    try:
        statements = [one for one in ast.parse(source).body if isinstance(one, kind)]
    except SyntaxError:
        return []
    targets = [
        target
        for one in statements
        for target in (one.targets if isinstance(one, ast.Assign) else [one.target])
    ]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _may_be(told: Mapping[str, Any]) -> str:
    """Values that a schema allows, in words; nothing where any will do."""
    if "examples" in told:
        return f"for example {', '.join(told['examples'])}"
    for choice in (told, *told.get("anyOf", ())):
        if "enum" in choice:
            return ", ".join(choice["enum"])
        if "pattern" in choice:
            return "a month, YYYY-MM"
    if "maximum" in told:
        return f"{told['minimum']:,} to {told['maximum']:,}"
    return "nought or more" if "minimum" in told else ""
