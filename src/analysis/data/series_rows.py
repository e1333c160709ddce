"""The lines of a user's own file of monthly counts, each read strictly or refused by number.

Analysts' files come from spreadsheets: what Excel does to a CSV (semicolons, a month turned
into ``Jan-20``, a workbook saved under the name of a CSV) is recognised and answered with the
way to mend it. Nothing is guessed: a month is ``YYYY-MM``, a count is a whole number of nought
or more, and a blank count is a missing month, never nought.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from analysis.data.months import month_columns
from analysis.errors import DataContractError

REQUIRED = ("series_id", "month", "count")
PARENT = "parent_id"

MAX_COUNT = 1_000_000_000
# More than a thousand million in a month is a slip of the keyboard.

_MONTH = re.compile(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])")
_WHOLE = re.compile(r"([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.0+)?")
# Thousands separators, and the ".0" that programs write where a column has blanks.

_NOT_TEXT = (
    (b"PK\x03\x04", "an Excel workbook"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"\x1f\x8b", "a gzip"),
    (b"\xff\xfe", "text in UTF-16"),
    (b"\xfe\xff", "text in UTF-16"),
)
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_NEEDS = (
    "A series file has the columns series_id, month (as 2020-01) and count, and may have "
    "parent_id, one line a series and month."
)
_SAVE_AS = "In Excel: File, Save As, 'CSV UTF-8 (Comma delimited)'."


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """One line of the file; ``count`` is missing where it was left blank."""

    line: int
    series_id: str
    month: str
    count: float
    parent_id: str


@dataclass(frozen=True)
class SeriesRows:
    """The lines in the order of the file, and the columns that are not read."""

    where: str
    rows: tuple[SeriesRow, ...]
    unused_columns: tuple[str, ...]


def read_series_rows(content: bytes, where: str) -> SeriesRows:
    r"""The lines of a CSV with ``series_id``, ``month``, ``count`` and maybe ``parent_id``.

    Parameters
    ----------
    content : bytes
        The file: comma-separated, UTF-8 with or without a byte-order mark.
    where : str
        Its name, for the error.

    Returns
    -------
    SeriesRows

    Raises
    ------
    DataContractError
        If it is no such file, or a line does not hold what its columns say.

    Examples
    --------
    >>> text = b"series_id,month,count\nharrow,2024-01,12\nharrow,2024-02,\n"
    >>> [(row.line, row.month, row.count) for row in read_series_rows(text, "x.csv").rows]
    [(2, '2024-01', 12.0), (3, '2024-02', nan)]
    >>> read_series_rows(b"series_id,month,count\nharrow,Jan-20,7\n", "x.csv")
    Traceback (most recent call last):
    ...
    analysis.errors.DataContractError: x.csv, line 2, series 'harrow': month 'Jan-20' is not
    written YYYY-MM. Write 2020-01, and in Excel give the column the format Text.
    """
    records = _records(_text(content, where), where)
    first = next(records, None)
    if first is None:
        raise DataContractError(f"{where}: the file is empty. {_NEEDS}")
    header = [name.casefold() for name in first[1]]
    _check_header(header, f"{where}, line {first[0]}")
    rows = tuple(_row(line, cells, header, where) for line, cells in records)
    if not rows:
        raise DataContractError(f"{where}: there is a header but no row below it. {_NEEDS}")
    unused = [name for name in header if name and name not in (*REQUIRED, PARENT)]
    return SeriesRows(where, rows, tuple(unused))


def _text(content: bytes, where: str) -> str:
    for opening, kind in _NOT_TEXT:
        if content.startswith(opening):
            raise DataContractError(f"{where}: this is {kind}, not a CSV in UTF-8. {_SAVE_AS}")
    if content[:512].lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        message = f"{where}: this is a web page, not a CSV. Download the file itself."
        raise DataContractError(message)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"{where}, line {line}: a character that is not UTF-8. {_SAVE_AS}"
        raise DataContractError(message) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise DataContractError(
            f"{where}, line {line}: a null character, so not a CSV. {_SAVE_AS}"
        )
    return text


def _records(text: str, where: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and trimmed cells of every line that is not blank."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        # Where a line begins; one with a line break in quotation marks ends further down.
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = (
                f"{where}, line {line}: not readable as CSV ({error}). Look for a "
                "quotation mark without its partner."
            )
            raise DataContractError(message) from error
        trimmed = [cell.strip() for cell in cells]
        if any(trimmed):
            yield line, trimmed


def _check_header(header: list[str], place: str) -> None:
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        raise DataContractError(_missing_columns(missing, header, place))
    twice = [name for name in (*REQUIRED, PARENT) if header.count(name) > 1]
    if twice:
        message = f"{place}: two columns are called '{twice[0]}'. Remove or rename one."
        raise DataContractError(message)
    near = get_close_matches(PARENT, set(header) - set(REQUIRED))
    if near and near[0] != PARENT:
        message = (
            f"{place}: a column is called '{near[0]}'. Call it '{PARENT}' if it names the "
            "series that a series is part of; otherwise rename it."
        )
        raise DataContractError(message)


def _missing_columns(missing: list[str], header: list[str], place: str) -> str:
    for mark, name in _SEPARATORS.items():
        if mark in "".join(header):
            return f"{place}: columns are separated by {name}, not by commas. {_SAVE_AS}"
    found = ", ".join(f"'{_shown(name)}'" for name in header[:8])
    return f"{place}: no column '{missing[0]}'; the header has {found}. {_NEEDS}"


def _row(line: int, cells: list[str], header: list[str], where: str) -> SeriesRow:
    place = f"{where}, line {line}"
    while len(cells) > len(header) and not cells[-1]:
        cells = cells[:-1]
    if len(cells) != len(header):
        message = (
            f"{place}: {len(cells)} cell(s) where the header has {len(header)}. Put a text "
            "with a comma in quotation marks; leave a missing count blank between its commas."
        )
        raise DataContractError(message)
    named = dict(zip(header, cells, strict=True))
    series_id, parent_id = named["series_id"], named.get(PARENT, "")
    _check_names(series_id, parent_id, place)
    place = f"{place}, series '{series_id}'"
    month = _month(named["month"], place)
    return SeriesRow(line, series_id, month, _count(named["count"], place), parent_id)


def _check_names(series_id: str, parent_id: str, place: str) -> None:
    if not series_id:
        message = f"{place}: the series_id is blank. Name the series on every line."
        raise DataContractError(message)
    for name in (series_id, parent_id):
        if not name.isprintable():
            message = (
                f"{place}: the name '{_shown(name)}' holds a line break or another character "
                "that cannot be printed. Type the name again."
            )
            raise DataContractError(message)
    if parent_id == series_id:
        message = (
            f"{place}: series '{series_id}' has itself as parent_id. Name the series it is "
            "part of, or leave the cell blank."
        )
        raise DataContractError(message)


def _month(text: str, place: str) -> str:
    if _MONTH.fullmatch(text):
        return text
    try:
        meant = list(month_columns([text]).values())
    except DataContractError:
        meant = []
    advice = (
        f"Write {meant[0]:%Y-%m}, and in Excel give the column the format Text."
        if meant
        else "Write a month such as 2020-01."
    )
    raise DataContractError(f"{place}: month '{_shown(text)}' is not written YYYY-MM. {advice}")


def _count(text: str, place: str) -> float:
    if not text:
        return float("nan")
    if not _WHOLE.fullmatch(text):
        fault, advice = _fault_of_count(text)
        raise DataContractError(f"{place}: count '{_shown(text)}' is {fault}. {advice}")
    count = float(text.replace(",", ""))
    if count > MAX_COUNT:
        message = (
            f"{place}: count '{_shown(text)}' is more than {MAX_COUNT:,}. Counts are of one "
            "month; correct the number."
        )
        raise DataContractError(message)
    return count


def _fault_of_count(text: str) -> tuple[str, str]:
    try:
        value = float(text)
    except ValueError:
        return (
            "not a number",
            "Write a whole number of nought or more, or leave the cell blank where the month "
            "is missing.",
        )
    if value < 0:
        return "negative", "Counts are nought or more; leave a month that is not known blank."
    return (
        "not a whole number",
        "Counts are whole numbers: give the count itself, not a rate, a share or a mean.",
    )


def _shown(text: str) -> str:
    shown = text if text.isprintable() else ascii(text)[1:-1]
    return shown if len(shown) <= 40 else f"{shown[:40]}..."
