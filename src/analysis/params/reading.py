"""Read a file of ``params/`` into its model, or say in one sentence why not.

YAML as most people write it has traps: ``no`` becomes false, ``2013-04-01`` a date, ``010``
eight, ``1:30`` ninety, and of two keys of one name the first is lost. Here a word stays a
word, a number is written as a number, and a key may be given once. Aliases, tags and
several documents in one file are refused: no file here needs them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from analysis.errors import ParamsError
from analysis.params.sentences import Place, place_in_words, sentences
from analysis.project import project_root

MOST_BYTES = 1_000_000
# No file of choices is near a megabyte; a larger one is another kind of file.

Model = TypeVar("Model", bound=BaseModel)


class _PlainLoader(yaml.SafeLoader):
    """A safe loader that reads only words, numbers, true, false and null."""


_PlainLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|false", ["t", "f"]),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", [*"-+0123456789"]),
    ("float", r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+", [*"-+0123456789"]),
    ("null", r"~|null|", ["~", "n", ""]),
):
    _PlainLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_pattern})\Z"), _first
    )


def read_params(path: Path, model: type[Model]) -> Model:
    """A file of choices as its model.

    Parameters
    ----------
    path : Path
        A ``.yml`` file.
    model : type of BaseModel
        What it must hold.

    Returns
    -------
    Model

    Raises
    ------
    ParamsError
        If the file is missing, is not YAML, gives a key twice, or holds a key or a value
        that the model refuses; with a line for each fault.
    """
    where = shown_path(path)
    given, lines = _parsed(_text(path, where), where)
    try:
        return model.model_validate(given)
    except ValidationError as error:

        def line_of(place: Place) -> int | None:
            return _line(lines, place)

        raise ParamsError("\n".join(sentences(error, where, line_of))) from None


def read_yaml(path: Path) -> Any:
    """Plain content of a file of choices, before any model has checked it.

    Raises
    ------
    ParamsError
        As :func:`read_params`, but for what a model refuses.
    """
    where = shown_path(path)
    return _parsed(_text(path, where), where)[0]


def shown_path(path: Path) -> str:
    """Path as a message shows it: from the project's folder where the file is in it."""
    root = project_root()
    resolved = path.resolve()
    return resolved.relative_to(root).as_posix() if resolved.is_relative_to(root) else str(path)


def _text(path: Path, where: str) -> str:
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        message = f"{where}: cannot be read ({error.strerror}). Check the path."
        raise ParamsError(message) from None
    except UnicodeDecodeError:
        message = f"{where}: is not UTF-8 text. Save it as UTF-8."
        raise ParamsError(message) from None
    if len(content) > MOST_BYTES:
        message = f"{where}: {len(content):,} bytes, too large for a file of choices."
        raise ParamsError(message)
    return text


def _parsed(text: str, where: str) -> tuple[Any, dict[Place, int]]:
    lines: dict[Place, int] = {}
    try:
        _refuse_aliases(text, where)
        loader = _PlainLoader(text)
        node = loader.get_single_node()
        if node is None:
            return {}, lines
        _note_lines(node, (), lines, where)
        return loader.construct_document(node), lines
    except yaml.YAMLError as error:
        raise ParamsError(_not_yaml(error, where)) from None
    except RecursionError:
        message = f"{where}: nested too deep. Write it flatter."
        raise ParamsError(message) from None


def _refuse_aliases(text: str, where: str) -> None:
    for token in yaml.scan(text, Loader=_PlainLoader):
        if isinstance(token, yaml.AliasToken | yaml.AnchorToken | yaml.TagToken):
            line = token.start_mark.line + 1
            message = (
                f"{where} (line {line}): a value that begins with '&', '*' or '!' means "
                "something else in YAML, which is not used here. Put it in quotes."
            )
            raise ParamsError(message)


def _note_lines(node: yaml.Node, place: Place, lines: dict[Place, int], where: str) -> None:
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            spot = (*place, str(key.value))
            if spot in lines:
                raise ParamsError(_twice(spot, lines[spot], key, where))
            lines[spot] = key.start_mark.line + 1
            _note_lines(value, spot, lines, where)
    if isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            _note_lines(value, (*place, number), lines, where)


def _twice(spot: Place, first: int, key: yaml.Node, where: str) -> str:
    words = place_in_words(spot[:-1])
    inside = f"{where}, {words}" if words else where
    return (
        f"{inside} (line {key.start_mark.line + 1}): '{spot[-1]}' is given twice, first in "
        f"line {first}. Keep one."
    )


def _not_yaml(error: yaml.YAMLError, where: str) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    line = f" (line {mark.line + 1})" if mark else ""
    return (
        f"{where}{line}: is not YAML that reads: {problem}. Check the indent, the colons and "
        "the quotes."
    )


def _line(lines: dict[Place, int], place: Place) -> int | None:
    for length in range(len(place), 0, -1):
        if place[:length] in lines:
            return lines[place[:length]]
    return None
