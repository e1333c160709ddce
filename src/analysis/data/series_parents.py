"""Which series are parts of which, refused where they contradict each other.

A parent is the whole that its parts belong to: London's burglary of the boroughs' burglary.
A parent with lines of its own is what it says, and its parts may be only some of it, but
never more than it. A parent without lines is the sum of its parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from analysis.data.series_rows import SeriesRow
from analysis.errors import DataContractError


def parents_of(rows: Iterable[SeriesRow], where: str) -> dict[str, str]:
    """The parent of each series that has one.

    Parameters
    ----------
    rows : iterable of SeriesRow
    where : str
        File, for the error.

    Returns
    -------
    dict of str to str
        Parent by series, in the order of the file.

    Raises
    ------
    DataContractError
        If a series has two parents, or has one on some lines only, or is part of itself by
        way of others.

    Examples
    --------
    >>> parents_of([SeriesRow(2, "harrow", "2024-01", 12, "london")], "x.csv")
    {'harrow': 'london'}
    """
    first: dict[str, SeriesRow] = {}
    for row in rows:
        known = first.setdefault(row.series_id, row)
        if known.parent_id != row.parent_id:
            message = (
                f"{where}, line {row.line}, series '{row.series_id}': its parent_id is "
                f"{_or_blank(row.parent_id)} here and {_or_blank(known.parent_id)} on line "
                f"{known.line}. Give the same parent on every line of a series."
            )
            raise DataContractError(message)
    parents = {name: row.parent_id for name, row in first.items() if row.parent_id}
    for name in parents:
        _refuse_circle(name, parents, f"{where}, line {first[name].line}")
    return parents


def refuse_parts_over_parent(
    counts: pd.DataFrame, parents: Mapping[str, str], where: str
) -> None:
    """Refuse parts that come to more than their parent in a month.

    Raises
    ------
    DataContractError
        Naming the first such month, the parent's figure and what the parts add up to.
    """
    for parent, parts in parts_by_parent(parents).items():
        if parent not in counts:
            continue
        total = counts[parts].sum(axis=1)
        over = total > counts[parent]
        if over.any():
            month = counts.index[over][0]
            message = (
                f"{where}: in {month:%Y-%m} '{parent}' has {counts.loc[month, parent]:,.0f}, "
                f"but its parts add up to {total[month]:,.0f} ({int(over.sum())} such "
                "month(s)). A part cannot be more than the whole: correct the figures or the "
                "parent_id."
            )
            raise DataContractError(message)


def parts_by_parent(parents: Mapping[str, str]) -> dict[str, list[str]]:
    """The parts of each parent, both in the order of the file.

    Examples
    --------
    >>> parts_by_parent({"harrow": "london", "sutton": "london"})
    {'london': ['harrow', 'sutton']}
    """
    parts: dict[str, list[str]] = {}
    for name, parent in parents.items():
        parts.setdefault(parent, []).append(name)
    return parts


def _refuse_circle(name: str, parents: Mapping[str, str], place: str) -> None:
    chain = [name]
    while (above := parents.get(chain[-1])) is not None:
        if above in chain:
            circle = " in ".join(f"'{one}'" for one in [*chain[chain.index(above) :], above])
            message = (
                f"{place}: {circle} goes round in a circle: no series can be part of itself. "
                "Correct a parent_id."
            )
            raise DataContractError(message)
        chain.append(above)


def _or_blank(parent_id: str) -> str:
    return f"'{parent_id}'" if parent_id else "blank"
