"""Cells of a table as text: on the page and in the file behind it.

A value that is not there is never left blank: it carries one of the shorthand symbols of the
Government Analysis Function's guidance on spreadsheets. The page and the file hold the same
values, rounded alike; the page adds thousands separators.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from numbers import Integral, Real
from urllib.parse import quote

import pandas as pd

from analysis.wording import MINUS, MONTHS_SHORT, fitting_decimals

SUPPRESSED, NOT_APPLICABLE = "[c]", "[z]"
SHORTHAND = {
    SUPPRESSED: "suppressed, because so few are counted that somebody might be recognised",
    "[low]": "rounds to zero, but is not zero",
    "[x]": "not available",
    NOT_APPLICABLE: "not applicable",
}
# "[x]" also stands for what is missing: pandas.read_csv(..., na_values=["[x]"]).

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_UNSAFE = re.compile(r"[^\w,:;()!$*/?@~+=.\u00a1-\uffff-]")
# What an address may not hold as it is.
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def is_numeric_column(column: pd.Series) -> bool:
    """Whether a column holds numbers, shorthand symbols and gaps, and nothing else.

    Examples
    --------
    >>> is_numeric_column(pd.Series([4, "[c]"], dtype=object))
    True
    """
    found = [value for value in column if not _is_missing(value)]
    return all(_is_number(value) or value in SHORTHAND for value in found)


def column_decimals(
    frame: pd.DataFrame, decimals: Mapping[str, int] | None = None
) -> dict[str, int]:
    """Digits after the point of each column of numbers, as asked or as its values need.

    Examples
    --------
    >>> column_decimals(pd.DataFrame({"offences": [7], "rate": [5.25]}), {"rate": 2})
    {'offences': 0, 'rate': 2}
    """
    asked = dict(decimals or {})
    chosen = {}
    for name in frame.columns:
        numbers = pd.Series([float(v) for v in frame[name] if _is_number(v)], dtype=float)
        chosen[name] = asked[name] if name in asked else fitting_decimals(numbers)
    return chosen


def cell_text(value: object, decimals: int = 0, *, thousands: bool = True) -> str:
    """One value as it is printed.

    Parameters
    ----------
    value : object
        A number, a month, a yes or no, text, or nothing.
    decimals : int
        Digits after the point of a number that is not whole by type.
    thousands : bool
        Whether thousands are separated and a minus is the true sign, as in print; a
        spreadsheet takes neither, and Excel misreads the sign in words too.

    Examples
    --------
    >>> cell_text(-13838), cell_text(4.25, 2), cell_text(None), cell_text(True)
    ('−13,838', '4.25', '[x]', 'Yes')
    """
    if _is_missing(value):
        return "[x]"
    if isinstance(value, pd.Timestamp):
        return f"{MONTHS_SHORT[value.month - 1]} {value.year}"
    if not _is_number(value):
        told = {"True": "Yes", "False": "No"}.get(str(value), str(value))
        return told if thousands else told.replace(MINUS, "-")
    digits = 0 if isinstance(value, Integral) else decimals
    text = f"{float(str(value)):{',' if thousands else ''}.{digits}f}"
    if float(text.replace(",", "")) == 0:
        return text.lstrip("-")
    return text.replace("-", MINUS) if thousands else text


def escaped_cell(text: str) -> str:
    """Text that a spreadsheet will not take for a formula; a number stays a number.

    Examples
    --------
    >>> escaped_cell("=1+1"), escaped_cell("-12.5"), escaped_cell("Harrow")
    ("'=1+1", '-12.5', 'Harrow')
    """
    if text.startswith(FORMULA_SIGNS) and not _PLAIN_NUMBER.fullmatch(text):
        return "'" + text
    return text


def csv_text(frame: pd.DataFrame, decimals: Mapping[str, int] | None = None) -> str:
    r"""A table as CSV, with every text that opens like a formula escaped.

    Parameters
    ----------
    frame : DataFrame
        Columns as they are to be printed; the index is left out.
    decimals : mapping of column to int, optional

    Examples
    --------
    >>> csv_text(pd.DataFrame({"Area": ["@x"], "Offences": [1200], "Score": ["2 (−9)"]}))
    "Area,Offences,Score\n'@x,1200,2 (-9)\n"
    """
    digits = column_decimals(frame, decimals)
    plain = pd.DataFrame(
        {
            escaped_cell(str(name)): [
                escaped_cell(cell_text(value, digits[name], thousands=False))
                for value in frame[name]
            ]
            for name in frame.columns
        }
    )
    return plain.to_csv(index=False, lineterminator="\n")


def csv_address(frame: pd.DataFrame, decimals: Mapping[str, int] | None = None) -> str:
    """The CSV as an address that holds it, so that a link works from disk without script.

    Examples
    --------
    >>> csv_address(pd.DataFrame({"Area": ["Harrow"]}))
    'data:text/csv;charset=utf-8,Area%0AHarrow%0A'
    """
    text = _UNSAFE.sub(lambda found: quote(found[0]), csv_text(frame, decimals))
    return f"data:text/csv;charset=utf-8,{text}"


def _is_missing(value: object) -> bool:
    return value is None or (
        pd.api.types.is_scalar(value) and bool(pd.Series([value]).isna()[0])
    )


def _is_number(value: object) -> bool:
    is_real = isinstance(value, Real) and str(value) not in ("True", "False")
    return is_real and not _is_missing(value)
