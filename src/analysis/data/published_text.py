"""What publishers' words mean: headers, days, areas that are no borough.

The same column is called ``MajorText``, ``majortext`` and ``Major Category`` by turns, and
offences outside every borough are put under ``Other``, ``N/K (Legacy Only)`` or a blank.
Readers give them one name here. What is not recognised is refused, never guessed.
"""

from __future__ import annotations

import re

import pandas as pd

from analysis.data.months import MONTH_DTYPE
from analysis.errors import DataContractError
from analysis.params.areas import HEATHROW_CODE, UNKNOWN_CODE, match_area_codes

_MIDNIGHT = r"[ T]00:00(?::00(?:\.0+)?)?$"
_NO_BOROUGH = ("", "other", "n/k", "n/k (legacy only)", "non met police force", "other / nk")
_AIRPORTS = ("aviation", "co18", "heathrow")
# The airports' own command has been called Aviation Security (SO18), Aviation Policing and
# CO18 (Heathrow Airport), with or without "(Legacy Only)".


def rename_by_meaning(
    table: pd.DataFrame, meanings: dict[str, tuple[str, ...]], *, where: str
) -> pd.DataFrame:
    """A published table with its columns under the project's names.

    Parameters
    ----------
    table : DataFrame
        As published.
    meanings : dict of str to tuple of str
        Headers that each of our names has gone by; case, spaces and punctuation do not
        matter, and our own name is always accepted.
    where : str
        File, for the error.

    Returns
    -------
    DataFrame
        The columns named by ``meanings``, and the others as they are.

    Raises
    ------
    DataContractError
        If a column is not found, or two columns mean the same.

    Examples
    --------
    >>> table = pd.DataFrame({"MajorText": ["THEFT"], "201004": ["3"]})
    >>> list(rename_by_meaning(table, {"major_category": ("MajorText",)}, where="x"))
    ['major_category', '201004']
    """
    chosen: dict[str, str] = {}
    for name, spellings in meanings.items():
        wanted = {_folded(spelling) for spelling in (name, *spellings)}
        found = [str(header) for header in table.columns if _folded(header) in wanted]
        if len(found) != 1:
            raise DataContractError(_header_fault(table, name, spellings, found, where))
        chosen[found[0]] = name
    return table.rename(columns=chosen)


def first_filled(table: pd.DataFrame, headers: tuple[str, ...], *, where: str) -> pd.Series:
    """One column out of several spellings of the same header, stacked one below the other.

    Parameters
    ----------
    table : DataFrame of str
        As published, blank where a row came under another spelling.
    headers : tuple of str
        Spellings of the header; case, spaces and punctuation do not matter.
    where : str
        File, for the error.

    Returns
    -------
    Series of str, same index
        The one value given in each row, trimmed, or ``""``.

    Raises
    ------
    DataContractError
        If none of the columns is there, or two of them disagree in a row.

    Examples
    --------
    >>> table = pd.DataFrame({"outcome": ["Yes", ""], "out come": ["", "No"]})
    >>> first_filled(table, ("outcome",), where="example").tolist()
    ['Yes', 'No']
    """
    wanted = {_folded(header) for header in headers}
    found = [str(header) for header in table.columns if _folded(header) in wanted]
    if not found:
        raise DataContractError(_header_fault(table, headers[0], headers, [], where))
    values = table[found[0]].str.strip()
    for header in found[1:]:
        other = table[header].str.strip()
        clash = values.ne("") & other.ne("") & values.ne(other)
        if clash.any():
            message = (
                f"{where}: columns {', '.join(found)} mean the same and disagree in "
                f"{int(clash.sum())} row(s). Fetch the file again."
            )
            raise DataContractError(message)
        values = values.where(values.ne(""), other)
    return values


def area_codes_of(names: pd.Series, *, where: str) -> pd.Series:
    """Codes of published area names, offences outside every borough included.

    Parameters
    ----------
    names : Series of str
        Names or codes, and a publisher's words for the airports or for no known borough.
    where : str
        File and column, for the error.

    Returns
    -------
    Series of category, same index
        GSS codes; ``heathrow`` and ``unknown`` for the rest.

    Raises
    ------
    DataContractError
        If a name is not known.

    Examples
    --------
    >>> names = pd.Series(["Harrow", "CO18 (City Airport)", "Other"])
    >>> area_codes_of(names, where="example").tolist()
    ['E09000015', 'heathrow', 'unknown']
    """
    meant = {name: _residual(name) for name in names.unique()}
    return match_area_codes(names.map(meant), where=where).astype("category")


def to_dates(values: pd.Series, *, where: str) -> pd.Series:
    """Days from published text, with or without a clock at midnight.

    Parameters
    ----------
    values : Series of str
        ``2024-03-31``, ``2024-03-31 00:00:00.000000``.
    where : str
        File and column, for the error.

    Returns
    -------
    Series of datetime64, same index

    Raises
    ------
    DataContractError
        If a value is not a day.

    Examples
    --------
    >>> days = to_dates(pd.Series(["2024-03-31 00:00:00.000000"]), where="example")
    >>> days.dt.date.tolist()
    [datetime.date(2024, 3, 31)]
    """
    days = values.str.strip().str.replace(_MIDNIGHT, "", regex=True)
    dates = pd.to_datetime(days, format="%Y-%m-%d", errors="coerce").astype(MONTH_DTYPE)
    wrong = dates.isna()
    if wrong.any():
        message = (
            f"{where}: '{values[wrong].iloc[0]}' is not a day (as 2024-03-31); "
            f"{int(wrong.sum())} such value(s). Correct the file or fetch it again."
        )
        raise DataContractError(message)
    return dates


def month_of(dates: pd.Series) -> pd.Series:
    """First day of the month of each date; missing stays missing."""
    return dates.dt.to_period("M").dt.to_timestamp().astype(MONTH_DTYPE)


def to_categories(values: pd.Series, words: dict[str, str] | None = None) -> pd.Series:
    """Repeated text, trimmed, blanks missing, and with known variants under one word.

    Parameters
    ----------
    values : Series of str
    words : dict of str to str, optional
        The word to use for a published variant.

    Returns
    -------
    Series of category, same index

    Examples
    --------
    >>> to_categories(pd.Series(["Black ", "M", ""]), {"M": "Male"}).tolist()
    ['Black', 'Male', nan]
    """
    trimmed = {value: " ".join(str(value).split()) for value in values.unique()}
    meant = {value: (words or {}).get(text, text) or None for value, text in trimmed.items()}
    return values.map(meant).astype("category")


def _folded(header: object) -> str:
    return re.sub(r"[^0-9a-z]", "", str(header).casefold())


def _residual(name: str) -> str:
    folded = " ".join(str(name).split()).casefold()
    if folded in _NO_BOROUGH:
        return UNKNOWN_CODE
    return HEATHROW_CODE if folded.startswith(_AIRPORTS) else name


def _header_fault(
    table: pd.DataFrame, name: str, spellings: tuple[str, ...], found: list[str], where: str
) -> str:
    known = " or ".join(f"'{spelling}'" for spelling in (spellings or (name,)))
    if found:
        return (
            f"{where}: columns {', '.join(found)} all mean {name}. Remove all but one, or "
            "fetch the file again."
        )
    return (
        f"{where}: no column for {name} (as {known}); the file has "
        f"{', '.join(map(str, table.columns[:12]))}. The publisher may have changed the "
        "layout: see docs/data-sources.md."
    )
