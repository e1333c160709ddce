"""Published decimal numbers, turned from text; what is no number is refused by name."""

from __future__ import annotations

import pandas as pd

from analysis.errors import DataContractError


def to_numbers(values: pd.Series, *, where: str, blanks: tuple[str, ...] = ("",)) -> pd.Series:
    """Numbers from published text, thousands separators allowed; blanks stay missing.

    Parameters
    ----------
    values : Series of str
        A published column.
    where : str
        File and column, for the error.
    blanks : tuple of str
        What the publisher writes where there is no value.

    Returns
    -------
    Series of float64, same index

    Raises
    ------
    DataContractError
        If a value is no finite number, naming the first and its row.

    Examples
    --------
    >>> to_numbers(pd.Series(["1,204.5", "-2", "-"]), where="example", blanks=("-",)).tolist()
    [1204.5, -2.0, nan]
    """
    text = values.astype(str).str.strip()
    blank = text.isin(blanks)
    numbers = pd.to_numeric(
        text.mask(blank).str.replace(",", "", regex=False), errors="coerce"
    ).astype("float64")
    wrong = ~blank & ~numbers.between(float("-inf"), float("inf"), inclusive="neither")
    if wrong.any():
        label = values.index[wrong][0]
        row = label + 2 if isinstance(label, int) else label
        message = (
            f"{where}: '{text[wrong].iloc[0]}' in row {row} is not a number "
            f"({int(wrong.sum())} such value(s)). Correct the file or fetch it again."
        )
        raise DataContractError(message)
    return numbers


def to_years(values: pd.Series, *, where: str) -> pd.Series:
    """Whole years from published text such as ``2015`` or ``2015.0``.

    Parameters
    ----------
    values : Series of str
        A published column.
    where : str
        File and column, for the error.

    Returns
    -------
    Series of int64, same index

    Raises
    ------
    DataContractError
        If a value is not a year from 1900 to 2100, or is blank.

    Examples
    --------
    >>> to_years(pd.Series(["2015.0", "2016"]), where="example").tolist()
    [2015, 2016]
    """
    numbers = to_numbers(values, where=where, blanks=())
    wrong = ~numbers.between(1900, 2100) | (numbers % 1 != 0)
    if wrong.any():
        message = (
            f"{where}: '{values[wrong].iloc[0]}' is not a year. Correct the file or fetch it "
            "again."
        )
        raise DataContractError(message)
    return numbers.astype("int64")
