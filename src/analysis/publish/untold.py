"""What a notebook computes and does not tell, found without running it.

A parameter that nothing reads changes nothing; a result that nothing reads was worked out for
nobody; a finding whose heading is shown without its sentence says how much and not how sure.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

Code = tuple[int, ast.Module]
# Number of a cell, as a reader counts, and what is in it.

HOW_SURE = "How sure are we"
# Heading of the section that every notebook ends its sections with.

_HALVES = {"title": "text", "text": "title"}


def untold_faults(parameters: Code | None, code: Sequence[Code]) -> Iterator[str]:
    """What is set and never read, or told by half.

    Parameters
    ----------
    parameters : (int, Module) or None
        The parameters cell.
    code : sequence of (int, Module)
        The other cells of code, in order.

    Yields
    ------
    str
        ``"cell 4: ..."``: where, what, how to mend.

    Examples
    --------
    >>> list(untold_faults(None, [(2, ast.parse("chart = draw()"))]))[0]
    "cell 2: 'chart' is computed and never shown or read. Display it, or take it out."
    """
    read = {name for _, tree in code for name in _names(tree, ast.Load)}
    for number, tree in [parameters] if parameters else []:
        for name in _names(tree, ast.Store):
            if name not in read:
                yield (
                    f"cell {number}: no cell reads the parameter '{name}', so that changing "
                    "it changes nothing. Hand it to Assessment.open or to what needs it."
                )
    for number, tree in code:
        for name in _names(tree, ast.Store):
            if name not in read:
                yield (
                    f"cell {number}: '{name}' is computed and never shown or read. Display "
                    "it, or take it out."
                )
        yield from _dropped(number, tree)
    yield from _half_told(code)
    yield from _how_sure_faults(code)


def _names(tree: ast.Module, context: type[ast.expr_context]) -> list[str]:
    """Names of a cell in order of appearance, each once; ``x |= y`` reads what it sets."""
    found = [
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, context)
    ]
    return list(dict.fromkeys(name for name in found if name != "_"))


def _dropped(number: int, tree: ast.Module) -> Iterator[str]:
    # What stands last in a cell is shown; a call on a line of its own above it is not.
    for statement in tree.body[:-1]:
        if not isinstance(statement, ast.Expr) or _is_call_of(statement.value, "display"):
            continue
        yield (
            f"cell {number}: the result of '{ast.unparse(statement)}' is not shown. Hand it to "
            "display(), or take it out."
        )


def _half_told(code: Sequence[Code]) -> Iterator[str]:
    shown: dict[str, dict[str, int]] = {}
    for number, tree in code:
        # A finding's halves are displayed; a text's title() is called.
        called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Attribute)
                and id(node) not in called
                and node.attr in _HALVES
                and isinstance(node.value, ast.Name)
            ):
                shown.setdefault(node.value.id, {}).setdefault(node.attr, number)
    for name, halves in shown.items():
        for half, number in halves.items():
            if _HALVES[half] not in halves:
                yield (
                    f"cell {number}: '{name}.{half}' is shown without '{name}.{_HALVES[half]}'."
                    " A finding is its heading and its sentence: display both."
                )


def _how_sure_faults(code: Sequence[Code]) -> Iterator[str]:
    headings = [
        argument.value
        for _, tree in code
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _is_call_of(node, "section")
        for argument in node.args
        if isinstance(argument, ast.Constant)
    ]
    if HOW_SURE not in headings:
        yield (
            f"cell 1: no section '{HOW_SURE}'. End with display(section(\"{HOW_SURE}\")) and "
            "what analysis.findings.quality says of the figures."
        )


def _is_call_of(node: ast.expr, name: str) -> bool:
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    )
