"""What a report is made from, and the one key that says whether it is still that.

A report is up to date while each thing it is made from has the digest it had: the notebook,
the parameters given, the files in ``params/``, the program, the figures, the reference
tables, the published files and partner records loaded beside them, and the locked
packages. Text is hashed with its line ends made alike, so that a
checkout on Windows has the same key.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import analysis
from analysis.data.detail import held_sources
from analysis.data.partner import RECORDS, TEMPLATES
from analysis.publish.html.anchors import is_made_up

IN_WORDS = {
    "notebook": "notebook changed",
    "parameters": "parameters changed",
    "params": "files in params/ changed",
    "program": "program changed",
    "figures": "figures changed",
    "reference": "reference tables changed",
    "detail": "published files loaded beside the figures changed",
    "records": "partner records changed",
    "lock": "locked packages changed",
}
# The parts of a content key, in the order in which a reason names them.

_OUTPUT_PARTS = ("output_type", "name", "text", "data")
_TEXT = {".py", ".j2", ".css", ".js", ".yml", ".yaml", ".json", ".csv", ".txt", ".lock", ".md"}
_SKIPPED = {"__pycache__", "runs", "schema", "site.yml"}
# A run file only says which reports to build: what it asks for is in the parameters.
# Schemas are written from the program, for editors. Of site.yml no report prints anything.


def content_key(parts: Mapping[str, str]) -> str:
    """One digest of all parts; the same parts give the same key.

    Parameters
    ----------
    parts : mapping of str to str
        Name of a part to its digest.

    Returns
    -------
    str, 64 hexadecimal digits

    Examples
    --------
    >>> one, same = {"notebook": "a", "lock": "b"}, {"lock": "b", "notebook": "a"}
    >>> content_key(one) == content_key(same)
    True
    >>> content_key(one) == content_key({"notebook": "c", "lock": "b"})
    False
    """
    return _digest(json.dumps(dict(parts), sort_keys=True).encode())


def what_changed(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    """Which parts differ, in words; empty if none does.

    Examples
    --------
    >>> what_changed({"notebook": "a", "lock": "b"}, {"notebook": "c", "lock": "d"})
    'notebook changed, locked packages changed'
    """
    changed = [words for part, words in IN_WORDS.items() if before.get(part) != now.get(part)]
    return ", ".join(changed)


def project_parts(project: Path) -> dict[str, str]:
    """Digests of what all reports of a project share.

    Parameters
    ----------
    project : Path
        The project's folder.

    Returns
    -------
    dict of str to str
        ``params``, ``program``, ``figures``, ``reference``, ``detail`` (which of the
        published files too big to embed are held: each is known by its checksum),
        ``records`` and ``lock``. A folder or file that is not there has the digest of
        nothing.
    """
    return {
        "params": _digest_folder(project / "params"),
        "program": program_digest(),
        "figures": _digest_folder(project / "data/figures"),
        "reference": _digest_folder(project / "data/reference"),
        "detail": _digest(" ".join(held_sources()).encode()),
        "records": _digest_files(project, _records_and_templates(project)),
        "lock": _digest_files(project, [project / "requirements.lock"]),
    }


def _records_and_templates(project: Path) -> list[Path]:
    folders = [project / RECORDS, project / TEMPLATES]
    return [path for folder in folders for path in folder.rglob("*")]


@lru_cache(maxsize=1)
def program_digest() -> str:
    """Digest of the program that runs: its version and its files, read once a process."""
    sources = _digest_folder(Path(analysis.__file__).parent)
    return _digest(f"{analysis.__version__} {sources}".encode())


def notebook_digest(cells: Iterable[Mapping[str, object]]) -> str:
    """Digest of what a notebook says and does: its cells' kind, tags, source and name.

    Outputs, execution counts and an editor's metadata do not count, nor do names that are
    made up whenever the notebook is read.

    Examples
    --------
    >>> cell = {"cell_type": "code", "source": "1 + 1", "metadata": {}, "execution_count": 3}
    >>> notebook_digest([cell]) == notebook_digest([{**cell, "execution_count": None}])
    True
    """
    told = []
    for cell in cells:
        metadata = cell.get("metadata")
        tags = metadata.get("tags", []) if isinstance(metadata, Mapping) else []
        name = str(cell.get("id", ""))
        told.append(
            [cell["cell_type"], list(tags), cell["source"], "" if is_made_up(name) else name]
        )
    return _digest(json.dumps(told).encode())


def executed_digest(cells: Sequence[Mapping[str, Any]]) -> str:
    """Digest of what a notebook says and does, and of what came of it.

    Examples
    --------
    >>> output = {"output_type": "execute_result", "data": {"text/plain": "2"}}
    >>> cell = {"cell_type": "code", "source": "1 + 1", "outputs": [output]}
    >>> executed_digest([cell]) == executed_digest([{**cell, "outputs": []}])
    False
    """
    outputs = [
        [[output.get(part) for part in _OUTPUT_PARTS] for output in cell.get("outputs", ())]
        for cell in cells
    ]
    told = json.dumps([notebook_digest(cells), outputs], sort_keys=True)
    return _digest(told.encode())


def parameters_digest(parameters: Mapping[str, object]) -> str:
    """Digest of the parameters given to a notebook.

    Examples
    --------
    >>> parameters_digest({"a": 1, "b": 2}) == parameters_digest({"b": 2, "a": 1})
    True
    """
    return _digest(json.dumps(dict(parameters), sort_keys=True).encode())


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes; empty if the file is not there."""
    return _digest(path.read_bytes()) if path.is_file() else ""


def _digest_folder(folder: Path) -> str:
    files = [
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not _SKIPPED.intersection(path.relative_to(folder).parts)
        and not path.name.startswith(".")
    ]
    return _digest_files(folder, files)


def _digest_files(folder: Path, files: Iterable[Path]) -> str:
    there = {path.relative_to(folder).as_posix(): path for path in files if path.is_file()}
    lines = [f"{name} {_digest(_content(path))}" for name, path in sorted(there.items())]
    return _digest("\n".join(lines).encode())


def _content(path: Path) -> bytes:
    content = path.read_bytes()
    return content.replace(b"\r\n", b"\n") if path.suffix in _TEXT else content


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
