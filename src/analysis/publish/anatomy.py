"""Whether a notebook is built as the house style says, without running it.

A notebook tells a story; whatever is computed is in the package, and whatever is chosen is
in ``params/``. So a committed notebook has a title, one cell of typed parameters, no
definition, no number typed in code or in prose, no output, and nothing of whoever wrote it:
no path of their machine, no address. Each rule is a function that yields a sentence for each
fault: where, what, how to mend.
"""

from __future__ import annotations

import ast
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from analysis.errors import did_you_mean
from analysis.params.notebooks import fault_of_file_name, notebook_params_model
from analysis.params.sentences import sentences
from analysis.publish.untold import untold_faults

MOST_LINES = 12
# A cell that does not fit beside its output is a function waiting to be named.

MOST_SHARED_LINES = 3
# What two notebooks both need beyond this is a function.

NUMBERS_IN_PROSE = (
    r"(?:section 6 of the )?Crime and Disorder Act 1998",
    r"section 108 of the Policing and Crime Act 2009",
    r"Police, Crime, Sentencing and Courts Act 2022",
    r"Data Protection Act 2018",
    r"Regulations (?:2007|2009|2011|2012)",
    r"SI (?:2007/1830|2007/1831|2009/942|2011/1230|2012/2660)",
    r"MOPAC 7",
    r"Open Government Licence v3\.0",
    r"Indices of Deprivation (?:2019|2025)",
)
# Names that carry a number: laws, a licence, a scheme. Anything else is a result, and a
# result is computed.

_PARAMETER_LINE = re.compile(
    r"(?P<name>[a-z]\w*): (?P<type>str|int|float|bool|list\[str\])"
    r" = (?P<value>.*?\S)  # (?P<comment>\S.*)"
)
_INDICES = (0, 1)
# The first, the second and, with a minus before it, the last.
_DEFINITIONS = {
    ast.FunctionDef: "def",
    ast.AsyncFunctionDef: "def",
    ast.ClassDef: "class",
    ast.Lambda: "lambda",
}
_SILENCERS = frozenset(
    {"filterwarnings", "simplefilter", "catch_warnings", "captureWarnings", "suppress"}
)
_STRIP = (
    "Strip it: 'nbstripout --keep-id' on the file does, as 'pre-commit install' does at each "
    "commit; in JupyterLab, 'Clear Outputs of All Cells' in the menu Edit."
)
_PERSONAL = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "an e-mail address"),
    (re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b"), "a postcode"),
    (re.compile(r"(?<![\w.])(?:\+44|0)(?:[ -]?\d){9,10}(?!\w)"), "a telephone number"),
)
# What may lead to a person has no place in a file that everybody reads.
_ABSOLUTE_PATH = re.compile(
    r"(?:^|[\s\"'(=])(?P<path>(?:/(?:home|users|mnt|media|tmp|var|opt|srv|root|work|data)/"
    r"|~/|file:/|[a-z]:[\\/]|\\\\\w)[^\s\"')]*)",
    re.IGNORECASE | re.MULTILINE,
)
_MAGIC_LINE = re.compile(r"^\s*(?:[%!?]|\w+\s*=\s*[%!])|\?\s*$", re.MULTILINE)
_IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]*")


@dataclass(frozen=True)
class _Cell:
    """One cell: its number as a reader counts, what it holds, its code where it has some."""

    number: int
    kind: str
    text: str
    tags: tuple[str, ...]
    raw: dict[str, Any]
    tree: ast.Module | None

    @property
    def is_code(self) -> bool:
        return self.kind == "code"

    @property
    def is_parameters(self) -> bool:
        return self.is_code and "parameters" in self.tags

    @property
    def lines(self) -> list[str]:
        return self.text.strip("\n").splitlines()

    def fault(self, sentence: str) -> str:
        return f"cell {self.number}: {sentence}"


def anatomy_faults(path: Path) -> list[str]:
    """What a reviewer would reject in one notebook, before reading its findings.

    Parameters
    ----------
    path : Path
        A ``.ipynb`` file; its name without ending says which parameters it may take.

    Returns
    -------
    list of str
        A sentence a fault, in order of cell; empty for a sound notebook.

    Examples
    --------
    >>> anatomy_faults(Path(__file__))
    ['anatomy.py: not a notebook. Save it as Jupyter does (nbformat 4).']
    """
    read = _read(path)
    if read is None:
        return [f"{path.name}: not a notebook. Save it as Jupyter does (nbformat 4)."]
    notebook, cells = read
    if fault := fault_of_file_name(path.stem):
        return [f"{path.name}: {fault}."]
    found = [
        *_title_faults(cells),
        *_kernel_faults(notebook),
        *_parameters_faults(cells, path.stem),
    ]
    for cell in cells:
        private = list(_private_faults(cell))
        # The other rules quote what they find: they wait until nothing private is left.
        found += private or (_code_faults(cell) if cell.is_code else _prose_faults(cell))
    found += _untold_faults(cells)
    return [f"{path.name}, {fault}" for fault in sorted(found, key=_cell_number)]


def shared_cell_faults(paths: Sequence[Path]) -> list[str]:
    """Cells of four lines or more that stand in two notebooks, or twice in one.

    Code is compared as Python reads it, so that spaces and comments do not hide a copy.
    Cells of imports alone and parameter cells are exempt.

    Parameters
    ----------
    paths : sequence of Path
        All notebooks.

    Returns
    -------
    list of str
        A sentence a repeated cell.
    """
    places: dict[str, list[str]] = defaultdict(list)
    for path in sorted(paths):
        # That it is no notebook is told of each by itself.
        _, cells = _read(path) or ({}, [])
        for cell in cells:
            if _may_not_be_shared(cell):
                places[_as_read(cell)].append(f"{path.name} cell {cell.number}")
    return [
        f"{' and '.join(where)}: the same cell of more than {MOST_SHARED_LINES} lines. "
        "Make it a function in src/analysis."
        for where in places.values()
        if len(where) > 1
    ]


def _read(path: Path) -> tuple[dict[str, Any], list[_Cell]] | None:
    """A notebook and its cells; None for a file that is none."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        cells = [_cell(number, raw) for number, raw in enumerate(notebook["cells"], start=1)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return notebook, cells


def _cell(number: int, raw: dict[str, Any]) -> _Cell:
    source = raw["source"]
    text = source if isinstance(source, str) else "".join(source)
    tree = None
    if raw["cell_type"] == "code":
        try:
            tree = ast.parse(text)
        except SyntaxError:
            tree = None
    tags = tuple(raw.get("metadata", {}).get("tags", ()))
    return _Cell(number, raw["cell_type"], text, tags, raw, tree)


def _cell_number(fault: str) -> int:
    found = re.match(r"cell (\d+)", fault)
    return int(found[1]) if found else 0


def _title_faults(cells: Sequence[_Cell]) -> Iterator[str]:
    if not cells or cells[0].kind != "markdown" or not re.match(r"# \S", cells[0].text):
        yield "cell 1: no title. Begin with a markdown cell '# Title' that asks the question."
    elif not cells[0].lines[0].rstrip().endswith("?"):
        yield "cell 1: the title asks no question. End it with a question mark."
    for cell in cells[1:]:
        if cell.kind == "markdown" and re.search(r"^# \S", cell.text, re.MULTILINE):
            yield cell.fault("a second title. Use '## ' for a section.")


def _kernel_faults(notebook: dict[str, Any]) -> Iterator[str]:
    name = notebook.get("metadata", {}).get("kernelspec", {}).get("name")
    if name != "python3":
        yield "metadata: the kernel is not 'python3', so that a batch cannot start it. Set it."


def _parameters_faults(cells: Sequence[_Cell], notebook: str) -> Iterator[str]:
    tagged = [cell for cell in cells if cell.is_parameters]
    if len(tagged) != 1:
        yield f"cell 1: {len(tagged)} cells are tagged 'parameters'. Tag exactly one."
    first_code = next((cell for cell in cells if cell.is_code), None)
    if tagged and first_code is not tagged[0]:
        yield tagged[0].fault("the parameters are not the first code cell. Move them up.")
    for cell in tagged:
        yield from _parameter_line_faults(cell, notebook)


def _parameter_line_faults(cell: _Cell, notebook: str) -> Iterator[str]:
    model = notebook_params_model(notebook)
    defaults: dict[str, object] = {}
    for line in cell.lines:
        found = _PARAMETER_LINE.fullmatch(line)
        if not found:
            yield cell.fault(
                f"'{line}' is not a typed parameter. Write 'name: type = default  # what it "
                "is', with type str, int, float, bool or list[str]."
            )
            continue
        try:
            defaults[found["name"]] = ast.literal_eval(found["value"])
        except (ValueError, SyntaxError):
            yield cell.fault(f"the default of '{found['name']}' is not a plain value.")
        yield from _comment_faults(cell, model, found["name"], found["comment"])
    for name in [name for name in defaults if name not in model.model_fields]:
        hint = did_you_mean(name, model.model_fields)
        yield cell.fault(
            f"no parameter '{name}' in the schema of {notebook}.{hint} Parameters are "
            "declared in src/analysis/params/notebooks.py."
        )
        del defaults[name]
    yield from _default_faults(cell, model, defaults)


def _comment_faults(cell: _Cell, model: Any, name: str, comment: str) -> Iterator[str]:
    field = model.model_fields.get(name)
    if field is not None and comment != field.description:
        yield cell.fault(
            f"the comment of '{name}' is not what its schema says. Write '# "
            f"{field.description}', or mend src/analysis/params/notebooks.py."
        )


def _default_faults(cell: _Cell, model: Any, defaults: dict[str, object]) -> Iterator[str]:
    try:
        model.model_validate(defaults, strict=True)
    except ValidationError as error:
        yield from sentences(error, f"cell {cell.number}")


def _code_faults(cell: _Cell) -> Iterator[str]:
    if cell.raw.get("outputs"):
        yield cell.fault(f"it has outputs. {_STRIP}")
    if cell.raw.get("execution_count") is not None:
        yield cell.fault(f"it has an execution count. {_STRIP}")
    if len(cell.lines) > MOST_LINES:
        yield cell.fault(
            f"{len(cell.lines)} lines, more than {MOST_LINES}. Move work to src/analysis."
        )
    if not cell.text.strip():
        yield cell.fault("it is empty. Take it out.")
    if cell.tree is None:
        yield cell.fault(_not_python(cell.text))
        return
    yield from _definition_faults(cell, cell.tree)
    if not cell.is_parameters:
        yield from _number_faults(cell, cell.tree)


def _private_faults(cell: _Cell) -> Iterator[str]:
    for pattern, what in _PERSONAL:
        if pattern.search(cell.text):
            # Not quoted: whoever reads the fault need not read the address.
            yield cell.fault(f"{what}. Take it out: a notebook is read by everybody.")
    found = _ABSOLUTE_PATH.search(cell.text)
    if found:
        yield cell.fault(
            f"'{found['path']}' is a path of one machine. Name a figure, a params file or a "
            "source; what is read is found by src/analysis/data."
        )


def _untold_faults(cells: Sequence[_Cell]) -> Iterator[str]:
    if any(cell.is_code and cell.tree is None for cell in cells):
        # What a cell that does not parse reads is not known.
        return
    code = [(cell.number, cell.tree) for cell in cells if cell.tree and not cell.is_parameters]
    asked = next(((c.number, c.tree) for c in cells if c.tree and c.is_parameters), None)
    yield from untold_faults(asked, code)


def _not_python(text: str) -> str:
    if _MAGIC_LINE.search(text):
        return "a magic or a shell command. Write plain Python."
    return "it is not Python that parses. Mend the syntax."


def _definition_faults(cell: _Cell, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        word = _DEFINITIONS.get(type(node))
        if word:
            yield cell.fault(f"a {word}. Define it in src/analysis and import it.")
        if isinstance(node, ast.Try | ast.TryStar):
            yield cell.fault("a try. Decide by a test on the data, in src/analysis.")
        name = _name_of(node)
        if name == "get_ipython":
            yield cell.fault("a magic by way of get_ipython. Write plain Python.")
        if name in _SILENCERS or _imports_warnings(node):
            yield cell.fault("a warning is silenced. Mend what warns.")


def _name_of(node: ast.AST) -> str | None:
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.alias):
        return node.name
    return node.id if isinstance(node, ast.Name) else None


def _imports_warnings(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return any(alias.name == "warnings" for alias in node.names)
    return isinstance(node, ast.ImportFrom) and node.module == "warnings"


def _number_faults(cell: _Cell, tree: ast.Module) -> Iterator[str]:
    exempt = _indices_and_formats(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in exempt:
            continue
        if isinstance(node.value, int | float | complex) and not isinstance(node.value, bool):
            yield cell.fault(
                f"the number {node.value} is typed. Choose it in params/ or compute it."
            )
        if isinstance(node.value, str) and _has_typed_digit(node.value):
            yield cell.fault(
                f"a number is typed in the text {node.value!r}. Compute the sentence in "
                "src/analysis/findings."
            )


def _indices_and_formats(tree: ast.Module) -> set[int]:
    """Constants that are the first or last index, or how an f-string prints a number."""
    exempt: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript):
            exempt |= {id(part) for part in ast.walk(node.slice) if _is_index(part)}
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            exempt |= {id(part) for part in ast.walk(node.format_spec)}
    return exempt


def _is_index(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value in _INDICES


def _has_typed_digit(text: str) -> bool:
    # A column such as "rate_per_1000" or a measure such as "mopac7" is a name.
    return bool(re.search(r"\d", text)) and not _IDENTIFIER.fullmatch(text)


def _prose_faults(cell: _Cell) -> Iterator[str]:
    if cell.kind != "markdown":
        yield cell.fault(f"a {cell.kind} cell. Use markdown or code.")
        return
    if cell.raw.get("attachments"):
        yield cell.fault("it holds a picture. Take it out: a report shows charts from data.")
    for line in cell.lines:
        if re.search(r"\d", _without_names(line)):
            yield cell.fault(
                f"a number is typed in prose: '{line.strip()}'. Compute the sentence in "
                "src/analysis/findings, or use bullets in place of numbered lists."
            )


def _without_names(line: str) -> str:
    bare = re.sub(r"`[a-z_][a-z0-9_]*`|\]\([^)\s]*\)|\$\$?[^$]+\$\$?", "", line)
    for name in NUMBERS_IN_PROSE:
        bare = re.sub(name, "", bare)
    return bare


def _may_not_be_shared(cell: _Cell) -> bool:
    if cell.is_parameters or len(_written_lines(cell)) <= MOST_SHARED_LINES:
        return False
    only_imports = cell.tree is not None and all(
        isinstance(part, ast.Import | ast.ImportFrom) for part in cell.tree.body
    )
    return not only_imports


def _written_lines(cell: _Cell) -> list[str]:
    lines = [line.strip() for line in cell.lines]
    return [line for line in lines if line and not (cell.is_code and line.startswith("#"))]


def _as_read(cell: _Cell) -> str:
    return ast.dump(cell.tree) if cell.tree is not None else "\n".join(_written_lines(cell))
