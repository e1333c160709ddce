"""The partnership's own records: what each table must hold, and a borough's, where loaded.

Much that a strategic assessment asks for is published nowhere: it is held by the council,
the police, the probation service or health. For each such table ``data/templates/`` says
what a row and a column are, and gives an empty CSV to fill. A filled one stands in
``data/partner/<area code>/``, which never leaves the analyst's machine: git ignores it.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import pandas as pd
from pydantic import Field

from analysis.data.tabular import read_text_table
from analysis.errors import DataContractError, did_you_mean
from analysis.params.fields import StrictModel
from analysis.params.reading import read_params
from analysis.project import project_root

TEMPLATES = "data/templates"
RECORDS = "data/partner"

Kind = Literal["text", "date", "month", "integer", "number", "choice"]

_IN_WORDS = {
    "text": "words",
    "date": "a date, as 2025-03-31",
    "month": "a month, as 2025-03",
    "integer": "a whole number of nought or more",
    "number": "a number",
}
_SHOWN_FAULTS = 3


class Column(StrictModel):
    """A column of a template.

    Attributes
    ----------
    type : str
        ``text``, ``date``, ``month``, ``integer``, ``number`` or ``choice``.
    description : str
        What it holds, with its unit.
    choices : list of str
        What a ``choice`` may be.
    required : bool
        Whether every row must have it; else blank is missing, not nought.
    """

    type: Kind
    description: str
    choices: list[str] = []
    required: bool = True


class PartnerTable(StrictModel):
    """What a partnership's table must hold.

    Attributes
    ----------
    title : str
        What the table is, as it stands in a sentence.
    held_by : str
        Who holds such records.
    unit : str
        What one row is.
    columns : dict of str to Column
    """

    title: str
    held_by: str
    unit: str
    columns: Annotated[dict[str, Column], Field(min_length=1)]


class Templates(StrictModel):
    """``data/templates/templates.yml``."""

    tables: dict[str, PartnerTable]


def partner_tables() -> dict[str, PartnerTable]:
    """Every table that a partnership may load, by name.

    Examples
    --------
    >>> partner_tables()["gangs"].columns["person_count"].type
    'integer'
    """
    return _templates(project_root() / TEMPLATES / "templates.yml").tables


def describe_partner_table(name: str) -> PartnerTable:
    """What one table must hold.

    Raises
    ------
    DataContractError
        If there is no such table.
    """
    tables = partner_tables()
    if name not in tables:
        message = f"no partner table '{name}'.{did_you_mean(name, list(tables))}"
        raise DataContractError(message)
    return tables[name]


def partner_path(name: str, area_code: str) -> Path:
    """Where a borough's table is looked for."""
    return project_root() / RECORDS / area_code / f"{name}.csv"


def load_partner_table(name: str, area_code: str) -> pd.DataFrame | None:
    """A borough's own table, checked and typed, or None where it is not loaded.

    Parameters
    ----------
    name : str
        As in ``data/templates/templates.yml``.
    area_code : str
        GSS code of the borough.

    Returns
    -------
    DataFrame or None
        The template's columns in its order: dates and months as timestamps, whole numbers as
        Int64, numbers as Float64, the rest as text; blanks missing.

    Raises
    ------
    DataContractError
        If a column is absent or unknown, or a value is not of its kind: with the rows' line
        numbers and never their content, which may be about a person.
    """
    path = partner_path(name, area_code)
    return read_partner_table(path, name) if path.is_file() else None


def read_partner_table(path: Path, name: str) -> pd.DataFrame:
    """As ``load_partner_table``, from any file."""
    template = describe_partner_table(name)
    where = f"{RECORDS}/{path.parent.name}/{path.name}"
    table = read_text_table(path)
    # Spreadsheets save empty lines below the last row.
    table = table[(table != "").any(axis="columns")]
    _refuse_other_columns(table, template, where, f"{TEMPLATES}/{name}.csv")
    if table.empty:
        message = f"{where}: holds no row. Fill it, or take the file away."
        raise DataContractError(message)
    return pd.DataFrame(
        {
            column: _typed(table[column], about, f"{where}, column '{column}'")
            for column, about in template.columns.items()
        }
    )


def write_templates() -> list[Path]:
    """Write the empty CSV of every table, and a page that describes them all."""
    folder = project_root() / TEMPLATES
    written = []
    for name, table in partner_tables().items():
        path = folder / f"{name}.csv"
        path.write_text(",".join(table.columns) + "\n", encoding="utf-8")
        written.append(path)
    page = folder / "README.md"
    page.write_text(templates_page(), encoding="utf-8")
    return [*written, page]


def templates_page() -> str:
    """The page that describes every template, in Markdown."""
    parts = [
        "# Templates for the partnership's own records",
        "Written by `python -m analysis.data.partner` from `templates.yml`. Fill a copy and "
        "save it as `data/partner/<area code>/<name>.csv`; that folder is ignored by git. "
        "Reports show no count of a few persons from these tables.",
    ]
    for name, table in partner_tables().items():
        rows = [
            f"| `{column}` | {_kind_in_words(about)} | {'yes' if about.required else 'no'} | "
            f"{about.description} |"
            for column, about in table.columns.items()
        ]
        head = "| column | holds | required | meaning |\n|---|---|---|---|\n"
        parts += [
            f"## `{name}`: {table.title}",
            f"A row is {table.unit}. Held by {table.held_by}.",
            head + "\n".join(rows),
        ]
    return "\n\n".join(parts) + "\n"


@lru_cache(maxsize=4)
def _templates(path: Path) -> Templates:
    return read_params(path, Templates)


def _refuse_other_columns(
    table: pd.DataFrame, template: PartnerTable, where: str, example: str
) -> None:
    missing = [column for column in template.columns if column not in table.columns]
    unknown = [column for column in table.columns if column not in template.columns]
    if missing:
        message = f"{where}: no column '{missing[0]}'. Give all the columns of {example}."
        raise DataContractError(message)
    if unknown:
        hint = did_you_mean(unknown[0], list(template.columns))
        message = (
            f"{where}: unknown column '{unknown[0]}'.{hint} Take it out: only the columns of "
            f"{example} are read, and nothing else about a person should be kept here."
        )
        raise DataContractError(message)


def _typed(text: pd.Series, about: Column, where: str) -> pd.Series:
    text = text.str.strip()
    is_blank = text.eq("")
    if about.required:
        _refuse(is_blank, where, "is blank", "Fill it, or take the row out.")
    if about.type == "choice":
        wrong = ~text.isin(about.choices) & ~is_blank
        _refuse(wrong, where, "is none of the choices", f"Use {', '.join(about.choices)}.")
        return text.mask(is_blank)
    if about.type == "text":
        return text.mask(is_blank)
    values = _parsed(text, about.type)
    wrong = values.isna() & ~is_blank
    _refuse(wrong, where, f"is not {_IN_WORDS[about.type]}", "Correct it.")
    return values


def _parsed(text: pd.Series, kind: Kind) -> pd.Series:
    if kind in ("date", "month"):
        pattern = r"\d{4}-\d{2}-\d{2}" if kind == "date" else r"\d{4}-\d{2}"
        known = text.where(text.str.fullmatch(pattern))
        form = "%Y-%m-%d" if kind == "date" else "%Y-%m"
        return pd.to_datetime(known, format=form, errors="coerce").astype("datetime64[us]")
    pattern = r"\d+" if kind == "integer" else r"-?\d+(?:\.\d+)?"
    numbers = pd.to_numeric(text.where(text.str.fullmatch(pattern)), errors="coerce")
    return numbers.astype("Int64" if kind == "integer" else "Float64")


def _refuse(is_wrong: pd.Series, where: str, fault: str, mend: str) -> None:
    lines = [str(row + 2) for row in is_wrong.index[is_wrong]]
    if lines:
        more = f" and {len(lines) - _SHOWN_FAULTS} more" if len(lines) > _SHOWN_FAULTS else ""
        shown = ", ".join(lines[:_SHOWN_FAULTS])
        raise DataContractError(f"{where}: line {shown}{more} {fault}. {mend}")


def _kind_in_words(about: Column) -> str:
    if about.type == "choice":
        return "one of " + ", ".join(f"`{choice}`" for choice in about.choices)
    return _IN_WORDS[about.type]


if __name__ == "__main__":
    write_templates()
