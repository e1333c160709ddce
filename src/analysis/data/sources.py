"""The registry of published files, ``data/sources.yml``, read and checked.

A source is one publication: who published it, under which licence, what it covers, what is
known to be wrong with it, which reader reads it, and the files it consists of with their
checksums. Nothing else in the project may name a published file.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from analysis.errors import SourceError, UsageError, did_you_mean
from analysis.project import project_root

REGISTRY_PATH = "data/sources.yml"

_YEAR_OR_MONTH = r"^\d{4}(-(0[1-9]|1[0-2]))?$"

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
YearOrMonth = Annotated[str, StringConstraints(pattern=_YEAR_OR_MONTH)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+\S*$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Licence(_Strict):
    """The terms a source is published under."""

    name: Text
    url: Url


class Period(_Strict):
    """First and last year or month that a source covers, both included."""

    first: YearOrMonth = Field(alias="from")
    last: YearOrMonth = Field(alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Period:
        if self.first > self.last:
            message = f"from {self.first} is after to {self.last}"
            raise ValueError(message)
        return self


class SourceFile(_Strict):
    """One published file: where it lies in a mirror, and how it is known again."""

    path: Text
    sha256: Sha256
    bytes: Annotated[int, Field(gt=0)]
    download_url: Url | None = None

    @field_validator("path")
    @classmethod
    def _relative(cls, path: str) -> str:
        pure = PurePosixPath(path)
        if pure.is_absolute() or ".." in pure.parts or "\\" in path or ":" in path:
            message = f"'{path}' is not a plain relative path"
            raise ValueError(message)
        return path


class Source(_Strict):
    """One publication, its terms, its edition, its defects and its files."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
    publisher: Text
    title: Text
    landing_page: Url
    licence: Licence
    attribution: Text
    period: Period
    published: YearOrMonth
    published_note: Text | None = None
    accessed: datetime.date
    basis: Literal["location", "policing", "none"]
    offence_list: Literal["old", "current", "none"]
    boundary_year: int | None
    is_user_file: bool = False
    known_defects: Annotated[list[Text], Field(min_length=1)]
    reader: (
        Annotated[str, StringConstraints(pattern=r"^analysis\.data\.readers\.\w+:read_\w+$")]
        | None
    )
    reader_options: dict[str, str] = {}
    download_note: Text | None = None
    files: Annotated[list[SourceFile], Field(min_length=1)]

    @model_validator(mode="after")
    def _explains_what_cannot_be_fetched(self) -> Source:
        addresses = [file.download_url for file in self.files]
        if None in addresses and not self.download_note:
            message = "a file has no download_url and there is no download_note saying why"
            raise ValueError(message)
        if self.is_user_file and any(addresses):
            message = "a user's own file is never fetched, so it has no download_url"
            raise ValueError(message)
        if self.basis != "none" and len(self.published) == len("2024"):
            message = "crime figures need the month they were published, not the year"
            raise ValueError(message)
        return self


class Registry(_Strict):
    """Every source of the project, by id."""

    licences: dict[str, Licence]
    sources: list[Source]

    @model_validator(mode="after")
    def _names_once(self) -> Registry:
        for what, names in (
            ("source id", [source.id for source in self.sources]),
            ("file", [file.path for source in self.sources for file in source.files]),
        ):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                message = f"{what} {', '.join(twice)} is given twice"
                raise ValueError(message)
        return self

    def ids(self) -> list[str]:
        """Ids of the sources, in the order of the registry."""
        return [source.id for source in self.sources]

    def source(self, source_id: str) -> Source:
        """The source of that id.

        Raises
        ------
        UsageError
            If there is none, naming the nearest.

        Examples
        --------
        >>> load_registry().source("mps_homicide").title
        'MPS Homicide Dashboard data: people proceeded against'
        >>> load_registry().source("mps_homicde")
        Traceback (most recent call last):
        ...
        analysis.errors.UsageError: no source 'mps_homicde'. Did you mean 'mps_homicide'? ...
        """
        for source in self.sources:
            if source.id == source_id:
                return source
        message = (
            f"no source '{source_id}'.{did_you_mean(source_id, self.ids())} Sources are "
            f"listed in {REGISTRY_PATH} and by 'csp data status'."
        )
        raise UsageError(message)


def load_registry(path: Path | None = None) -> Registry:
    """The registry of the project, or of another file in the same form.

    Parameters
    ----------
    path : Path, optional
        Default: ``data/sources.yml`` of the project.

    Returns
    -------
    Registry

    Raises
    ------
    SourceError
        If the file is missing, no YAML, or an entry breaks the form; names the entry, the
        key and what is wrong with it.
    """
    return _load(path if path is not None else project_root() / REGISTRY_PATH)


def describe_source(source_id: str) -> dict[str, str]:
    """What a table made from a source says of it: a Frictionless ``sources`` entry.

    Parameters
    ----------
    source_id : str

    Returns
    -------
    dict of str
        ``title`` and ``path`` (the landing page), as Frictionless has them; ``id`` of the
        registry, ``publisher``, ``attribution``, ``licence``, ``published``, ``accessed``.

    Raises
    ------
    UsageError
        If there is no such source.

    Examples
    --------
    >>> describe_source("mps_borough_2010_2024")["published"]
    '2026-04'
    """
    source = load_registry().source(source_id)
    return {
        "title": source.title,
        "path": source.landing_page,
        "id": source.id,
        "publisher": source.publisher,
        "attribution": source.attribution,
        "licence": source.licence.name,
        "published": source.published,
        "accessed": source.accessed.isoformat(),
    }


def reader_of(source: Source) -> Callable[..., Any]:
    """The function that reads one file of a source.

    Raises
    ------
    SourceError
        If the source is kept for reference only; or the registry names a module or
        function that does not exist.
    """
    if source.reader is None:
        message = f"{source.id}: kept for reference, never read. {source.known_defects[-1]}"
        raise SourceError(message)
    module, _, function = source.reader.partition(":")
    try:
        reader: Callable[..., Any] = getattr(import_module(module), function)
    except (ModuleNotFoundError, AttributeError) as error:
        message = (
            f"{REGISTRY_PATH}, {source.id}: no reader {source.reader} ({error}). Correct the "
            "name, or write the reader."
        )
        raise SourceError(message) from error
    return reader


@lru_cache(maxsize=4)
def _load(path: Path) -> Registry:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        message = f"{path.name}: cannot be read ({error}). Restore it from the project."
        raise SourceError(message) from error
    try:
        return Registry.model_validate(content)
    except ValidationError as error:
        message = f"{path.name}{_sentence(error, content)} Correct that entry."
        raise SourceError(message) from error


def _sentence(error: ValidationError, content: object) -> str:
    first = error.errors(include_url=False)[0]
    location = list(first["loc"])
    where = ""
    if location[:1] == ["sources"] and len(location) > 1 and isinstance(content, dict):
        entry = content["sources"][location[1]]
        name = entry.get("id") if isinstance(entry, dict) else None
        where = f", source {name or location[1]}"
        location = location[2:]
    key = ".".join(str(part) for part in location)
    more = error.error_count() - 1
    return (
        f"{where}{f', {key}' if key else ''}: {first['msg']}"
        f"{f' (and {more} more)' if more else ''}."
    )
