"""The page ``docs/methods.md``, written from the docstrings of the code it tells about.

``python -m analysis.publish.methods_page`` writes it anew. A module gives a section: what it
estimates, from what, with what known weakness; then its public functions and constants. The
code is read, not imported.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

from analysis.project import project_root

PAGE_PATH = "docs/methods.md"

CHAPTERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "How the figures are put together",
        (
            "data/offences.py",
            "data/national_grid.py",
            "data/vintages.py",
            "data/comparability.py",
            "data/population.py",
            "data/severity.py",
            "data/detail.py",
            "data/partner.py",
        ),
    ),
    ("Measures", ("measures/*.py",)),
    ("Forecast", ("forecasts/*.py",)),
    ("Targets", ("targets/*.py",)),
    ("Places", ("places/*.py",)),
    ("Victims", ("victims/*.py",)),
    ("Offenders", ("offenders/*.py",)),
    ("Confidence", ("confidence/*.py",)),
    ("Priorities", ("priorities/*.py",)),
)
# Chapters of the page, and the modules of the package that each is written from.

_OPENING = """\
# Methods

<!-- Written from docstrings by `python -m analysis.publish.methods_page`. -->

What is computed, from what, and with what known weakness, in the words of the code that
computes it; measures are tested on worked examples, published ones or worked by hand.
What had to be assumed is in [assumptions.md](assumptions.md), what was decided and why in
[decisions.md](decisions.md), and the published files in [data-sources.md](data-sources.md).
"""


def methods_page(package: Path) -> str:
    """The page of methods, in Markdown.

    Parameters
    ----------
    package : Path
        Folder of the package, ``src/analysis``.

    Returns
    -------
    str
        A heading for each chapter, a section for each module of it.
    """
    parts = [_OPENING]
    for title, patterns in CHAPTERS:
        modules = [path for pattern in patterns for path in sorted(package.glob(pattern))]
        parts.append(f"## {title}")
        parts += [_section(path, package) for path in modules if path.name != "__init__.py"]
    return "\n".join(f"{part.rstrip()}\n" for part in parts)


def write_methods_page() -> None:
    """Write the page of the project's own package to its place."""
    root = project_root()
    text = methods_page(root / "src/analysis")
    (root / PAGE_PATH).write_text(text, encoding="utf-8", newline="\n")


def _section(path: Path, package: Path) -> str:
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    first, _, rest = (ast.get_docstring(tree) or "").partition("\n")
    place = path.relative_to(package.parent).with_suffix("").as_posix().replace("/", ".")
    entries = [*_functions(tree), *_constants(tree, source.splitlines())]
    parts = [f"### {_markdown(first).rstrip('.')}", f"`{place}`", _markdown(rest.strip())]
    return "\n\n".join(part for part in [*parts, "\n".join(entries)] if part)


def _functions(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            text = cleandoc(ast.get_docstring(node) or "")
            summary = " ".join(text.partition("\n\n")[0].split())
            references = _references(text)
            told = f" *{references}*" if references else ""
            yield f"- `{node.name}`: {_markdown(summary)}{told}"


def _references(docstring: str) -> str:
    """What a NumPy docstring lists under References, on one line."""
    found = re.search(
        r"^References\n-+\n(.+?)(?=\n\n[A-Z][A-Za-z ]+\n-+\n|\Z)", docstring, re.M | re.S
    )
    return _markdown(" ".join(found[1].split())) if found else ""


def _constants(tree: ast.Module, lines: list[str]) -> Iterator[str]:
    """Public constants that give their reason in a comment beneath them."""
    for node in tree.body:
        name = _constant_name(node)
        reason = _comment_after(node.end_lineno or 0, lines)
        if name and reason and isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
            yield f"- `{name} = {ast.unparse(node.value)}`: {_markdown(reason)}"


def _constant_name(node: ast.stmt) -> str:
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    return names[0] if names and re.fullmatch(r"[A-Z][A-Z0-9_]*", names[0]) else ""


def _comment_after(line: int, lines: list[str]) -> str:
    words = []
    for text in lines[line:]:
        if not text.startswith("#"):
            break
        words.append(text.lstrip("# ").rstrip())
    return " ".join(words)


def _markdown(text: str) -> str:
    """The roles and double backquotes of a docstring, as Markdown."""
    without_roles = re.sub(r":[a-z]+:`([^`]+)`", r"`\1`", text)
    return without_roles.replace("``", "`")


if __name__ == "__main__":
    write_methods_page()
