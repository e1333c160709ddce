"""The door every published table comes in by: opened safely, refused in a sentence.

A file that is missing, truncated, empty, or an HTML page saved under a table's name is
refused here; so are counts that are not whole numbers of nought or more. What passes is
text, column by column, for a reader to give meaning to.
"""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path

import pandas as pd

from analysis.errors import DataContractError, SourceError

MAX_BYTES = 512 * 1024 * 1024
# A gzip of a few kilobytes can unpack to any size; no published table comes near this.


def open_bytes(path: Path) -> bytes:
    """Whole content of a file, unpacked when it is a gzip.

    Raises
    ------
    SourceError
        If it is missing, empty, truncated, over ``MAX_BYTES`` unpacked, or a web page.
    """
    if not path.is_file():
        message = f"{path.name}: no such file in {path.parent}. Run 'csp data fetch'."
        raise SourceError(message)
    content = _unpacked(path)
    if not content.strip():
        message = f"{path.name}: the file is empty. Fetch it again."
        raise SourceError(message)
    if content[:512].lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        message = (
            f"{path.name}: this is a web page, not a table (an error page saved under the "
            "table's name?). Fetch it again, or download it by hand from its landing page."
        )
        raise SourceError(message)
    return content


def read_text_table(path: Path) -> pd.DataFrame:
    """A CSV (or gzip of one) with every cell as text and blanks as ``""``.

    Returns
    -------
    DataFrame of str, one row a published row, columns as published (trimmed)

    Raises
    ------
    SourceError
        As ``open_bytes``; or if rows have more cells than the header.
    """
    content = open_bytes(path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    try:
        table = pd.read_csv(
            io.StringIO(text), dtype=str, keep_default_na=False, index_col=False
        )
    except (pd.errors.ParserError, pd.errors.ParserWarning, ValueError) as error:
        message = f"{path.name}: not a readable CSV ({error}). Fetch it again."
        raise SourceError(message) from error
    table.columns = table.columns.str.strip()
    return table


def require_columns(table: pd.DataFrame, columns: list[str], *, where: str) -> None:
    """Refuse a table that lacks a column, naming what is missing and what is there.

    Raises
    ------
    DataContractError
    """
    missing = [name for name in columns if name not in table.columns]
    if missing:
        message = (
            f"{where}: column(s) {', '.join(missing)} not found; the file has "
            f"{', '.join(map(str, table.columns[:12]))}. The publisher may have changed the "
            "layout: see docs/data-sources.md."
        )
        raise DataContractError(message)


def to_counts(values: pd.Series, *, where: str) -> pd.Series:
    """Whole numbers of nought or more from published text; blanks stay missing.

    Thousands separators and a trailing ``.0`` are accepted.

    Returns
    -------
    Series of Int64, same index

    Raises
    ------
    DataContractError
        If a value is not a whole number, or negative, naming the first and its row.

    Examples
    --------
    >>> to_counts(pd.Series(["1,204", "7", ""]), where="example").tolist()
    [1204, 7, <NA>]
    """
    text = values.astype(str).str.strip().str.replace(",", "", regex=False)
    blank = text.isin(["", "nan", "<NA>", "None"])
    is_count = text.str.fullmatch(r"\d+(\.0+)?")
    wrong = ~blank & ~is_count
    if wrong.any():
        where_wrong = values.index[wrong][0]
        kind = "negative" if str(text[wrong].iloc[0]).startswith("-") else "not a whole number"
        message = (
            f"{where}: '{values[wrong].iloc[0]}' in row {_row_number(where_wrong)} is {kind} "
            f"({int(wrong.sum())} such value(s)). Counts are whole numbers of nought or more; "
            "correct the file or fetch it again."
        )
        raise DataContractError(message)
    return pd.to_numeric(text.mask(blank)).astype("Int64")


def refuse_duplicates(table: pd.DataFrame, key: list[str], *, where: str) -> None:
    """Refuse a table in which a key occurs twice, naming the first.

    Raises
    ------
    DataContractError
    """
    twice = table.duplicated(key)
    if twice.any():
        first = ", ".join(f"{name} {table.loc[twice, name].iloc[0]}" for name in key)
        message = (
            f"{where}: {int(twice.sum())} row(s) occur twice, the first: {first}. Rows would "
            "be counted double; remove the duplicate or fetch the file again."
        )
        raise DataContractError(message)


def _row_number(label: object) -> object:
    # The header is row 1 of the file, the first record row 2, as a spreadsheet counts.
    return label + 2 if isinstance(label, int) else label


def _unpacked(path: Path) -> bytes:
    if path.suffix != ".gz":
        return path.read_bytes()
    try:
        with gzip.open(path) as stream:
            content = stream.read(MAX_BYTES + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        message = f"{path.name}: the gzip is truncated or damaged ({error}). Fetch it again."
        raise SourceError(message) from error
    if len(content) > MAX_BYTES:
        message = f"{path.name}: unpacks to more than {MAX_BYTES // 1024**2} MB. Not read."
        raise SourceError(message)
    return content
