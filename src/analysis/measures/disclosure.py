"""Small counts hidden before a table leaves the house.

A small count in a table about people can name one of them. It is taken out, and if its
neighbours and the table's total would give it back, so is the next smallest. What is taken
out becomes missing with a flag beside it, never nought: nought is a finding.
Open police counts by area are published already; this is for a partnership's own records.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.errors import DataContractError

THRESHOLD = 5
# Counts of one to five are hidden, the usual rule for official statistics about people.


def suppress_small_counts(
    table: pd.DataFrame,
    *,
    count: str = "offence_count",
    within: Sequence[str] = (),
    threshold: int = THRESHOLD,
) -> pd.DataFrame:
    """A table with its small counts missing and flagged.

    Counts from one to ``threshold`` go. While what has gone adds up to ``threshold`` or
    less, the next smallest goes too (all of them, where several are equal), or the total
    would give it back. Noughts stay: they are no one.

    Parameters
    ----------
    table : DataFrame
        One row a cell; ``count`` in whole numbers, missing allowed.
    count : str
        Column to protect.
    within : sequence of str
        Columns that say which cells share a published total (say, ``["area_code"]``);
        empty if the whole table has one total.
    threshold : int
        Largest count that is hidden.

    Returns
    -------
    DataFrame, same rows in the same order
        ``count`` as Int64 with the hidden ones missing, and ``is_suppressed``.

    Raises
    ------
    DataContractError
        If a column is missing, a count negative, or the table already has a flag.

    Notes
    -----
    One table at a time: two tables that differ by one person can still give him away, and
    totals printed elsewhere are outside its sight. The running-sum rule is the one that
    OpenSAFELY's monitoring reports use.

    Examples
    --------
    >>> table = pd.DataFrame({"offence_count": [3, 12, 20, 50]})
    >>> suppress_small_counts(table)["offence_count"].tolist()
    [<NA>, <NA>, 20, 50]
    """
    _check(table, count, within)
    counts = table[count].astype("Int64")
    if within:
        by = [table[name] for name in within]
        hidden = counts.groupby(by, dropna=False).transform(_hidden, threshold=threshold)
    else:
        hidden = _hidden(counts, threshold=threshold)
    hidden = hidden.astype(bool)
    protected = table.assign(is_suppressed=hidden)
    protected[count] = counts.mask(hidden)
    return protected


def _hidden(counts: pd.Series, *, threshold: int) -> pd.Series:
    values = counts.to_numpy(dtype=float, na_value=np.nan)
    limit = float(threshold)
    hidden = (values > 0) & (values <= limit)
    while hidden.any() and values[hidden].sum() <= threshold:
        left = values[~hidden & (values > 0)]
        if not left.size:
            break
        limit = left.min()
        hidden = (values > 0) & (values <= limit)
    return pd.Series(hidden, counts.index)


def _check(table: pd.DataFrame, count: str, within: Sequence[str]) -> None:
    missing = [name for name in (count, *within) if name not in table]
    if missing:
        message = f"no column {missing} to suppress in; the table has {list(table.columns)}."
        raise DataContractError(message)
    if "is_suppressed" in table:
        message = (
            "the table is suppressed already: a second pass would hide more. Use it as is."
        )
        raise DataContractError(message)
    if (table[count] < 0).any():
        message = f"{count} holds a negative number. Counts start from nought."
        raise DataContractError(message)
