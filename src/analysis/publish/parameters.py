"""The parameters cell of a notebook: what it takes, of which type, with which default.

Papermill only warns of a parameter that a notebook does not have, and takes any type. The
cell is read here as Python, without running it, and whatever does not fit is refused.

What checks a value is imported where it is used: a worker only reads cells, and pandas and
pydantic would cost it a second or more.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from analysis.errors import ParamsError, did_you_mean

PARAMETERS_TAG = "parameters"
INJECTED_TAG = "injected-parameters"
# Papermill writes the values given into a cell of its own under the first.

_NAMED_TYPES: dict[str, Any] = {
    "str": str,
    "int": int,
    "float": float,
    "bool": bool,
    "list": list,
    "dict": dict,
    "Literal": Literal,
}


@dataclass(frozen=True)
class Parameter:
    """One line of the parameters cell: name, type as written, default."""

    name: str
    type_text: str
    default: object


def read_parameters(cells: Iterable[Mapping[str, Any]]) -> dict[str, Parameter]:
    """What the cell tagged ``parameters`` declares.

    Parameters
    ----------
    cells : iterable of mappings
        Cells of a notebook, as nbformat gives them.

    Returns
    -------
    dict of str to Parameter
        By name, in order; empty if no cell has the tag.

    Raises
    ------
    ParamsError
        If the cell is not plain assignments of plain values.

    Examples
    --------
    >>> source = 'borough: str = "harrow"  # name or GSS code'
    >>> cell = {"cell_type": "code", "source": source, "metadata": {"tags": ["parameters"]}}
    >>> read_parameters([cell])["borough"].default
    'harrow'
    """
    for cell in cells:
        if PARAMETERS_TAG in cell["metadata"].get("tags", []):
            return _declared(cell["source"])
    return {}


def values_in_use(cells: Iterable[Mapping[str, Any]]) -> dict[str, object]:
    """Value of each parameter: its default, unless another was injected.

    Examples
    --------
    >>> given = {"cell_type": "code", "source": 'borough = "barnet"',
    ...          "metadata": {"tags": ["injected-parameters"]}}
    >>> default = {"cell_type": "code", "source": 'borough: str = "harrow"',
    ...            "metadata": {"tags": ["parameters"]}}
    >>> values_in_use([default, given])
    {'borough': 'barnet'}
    """
    cells = list(cells)
    values = {name: one.default for name, one in read_parameters(cells).items()}
    for cell in cells:
        if INJECTED_TAG in cell["metadata"].get("tags", []):
            values |= {name: one.default for name, one in _declared(cell["source"]).items()}
    return values


def check_parameters(
    notebook: str, declared: Mapping[str, Parameter], given: Mapping[str, object]
) -> dict[str, object]:
    """The parameters given, checked against the notebook before anything runs.

    Parameters
    ----------
    notebook : str
        Name of the notebook, without its ending.
    declared : mapping of str to Parameter
        From :func:`read_parameters`.
    given : mapping of str to object
        Text as typed on the command line, or values from a file.

    Returns
    -------
    dict of str to object
        Plain values as the notebook takes them; areas are codes.

    Raises
    ------
    ParamsError
        If the notebook has no such parameter or the value is not of its type.
    """
    from analysis.params.notebooks import check_notebook_params, notebook_params_model

    for name in given:
        if name not in declared:
            message = (
                f"notebooks/{notebook}.ipynb has no parameter '{name}'."
                f"{did_you_mean(name, declared)} It takes: {', '.join(declared) or 'none'}."
            )
            raise ParamsError(message)
    modelled = set(notebook_params_model(notebook).model_fields)
    common = {name: value for name, value in given.items() if name in modelled}
    checked = check_notebook_params(notebook, common).model_dump(mode="json")
    own = {
        name: _checked_value(notebook, declared[name], value)
        for name, value in given.items()
        if name not in modelled
    }
    return {name: own[name] if name in own else checked[name] for name in given}


def _declared(source: str) -> dict[str, Parameter]:
    found = {}
    try:
        statements = ast.parse(source).body
    except SyntaxError as error:
        message = (
            f"parameters cell: line {error.lineno} is not Python that can be read. Write each "
            'parameter as in borough: str = "harrow".'
        )
        raise ParamsError(message) from None
    for statement in statements:
        target: ast.expr
        if isinstance(statement, ast.AnnAssign):
            target, written = statement.target, ast.unparse(statement.annotation)
        elif isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target, written = statement.targets[0], ""
        else:
            continue
        if isinstance(target, ast.Name) and statement.value is not None:
            value = _plain(target.id, statement.value)
            type_text = written or type(value).__name__
            found[target.id] = Parameter(target.id, type_text, value)
    return found


def _plain(name: str, node: ast.expr) -> object:
    try:
        return ast.literal_eval(node)
    except ValueError:
        message = (
            f"parameters cell: '{name}' is not a plain value ({ast.unparse(node)}). "
            "Give it a text, a number, true or false, a list, or None."
        )
        raise ParamsError(message) from None


def _checked_value(notebook: str, parameter: Parameter, value: object) -> object:
    import yaml
    from pydantic import PydanticUserError, TypeAdapter, ValidationError

    try:
        wanted = _type_of(ast.parse(parameter.type_text, mode="eval").body)
        adapter = TypeAdapter(wanted)
    except (TypeError, PydanticUserError):
        message = (
            f"notebooks/{notebook}.ipynb: parameter '{parameter.name}' has a type that cannot "
            f"be checked, {parameter.type_text}. Write it with str, int, float, bool, list, "
            "dict, None and |."
        )
        raise ParamsError(message) from None
    try:
        if isinstance(value, str) and wanted not in (str, str | None):
            value = yaml.safe_load(value)
        return adapter.validate_python(value, strict=True)
    except (ValidationError, yaml.YAMLError):
        message = (
            f"notebooks/{notebook}.ipynb: parameter '{parameter.name}' is {value!r}, which is "
            f"not of its type, {parameter.type_text} (its default is {parameter.default!r})."
        )
        raise ParamsError(message) from None


def _type_of(node: ast.expr) -> Any:
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return _NAMED_TYPES.get(node.id, object)
    if isinstance(node, ast.BinOp):
        return _type_of(node.left) | _type_of(node.right)
    if isinstance(node, ast.Subscript):
        inner = node.slice
        listed = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        return _type_of(node.value)[tuple(_type_of(one) for one in listed)]
    return object
