"""A user's own monthly counts of many series, checked whole before anything is forecast.

The file is a CSV with a line a series and month (``series_id``, ``month``, ``count`` and
maybe ``parent_id``). The last month in which any series has a figure is the origin of every
forecast. A series that ends sooner is forecast from the same origin, its latest months
missing; one without a figure in the twelve months to the origin is refused, because nothing
recent is known of it. A missing month stays missing, wherever it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.data.months import MONTH_DTYPE, missing_months, months_in_words
from analysis.data.series_parents import (
    parents_of,
    parts_by_parent,
    refuse_parts_over_parent,
)
from analysis.data.series_rows import SeriesRow, SeriesRows, read_series_rows
from analysis.errors import DataContractError

MIN_MONTHS = 2
# One month says nothing about how months differ.

RECENT_MONTHS = 12
# A series must have a figure in the year that the forecast starts from.

MOST_MISSING = 0.5
# What is missing is bridged; where that is more than is known, the forecast would be of it.


@dataclass(frozen=True)
class SeriesFile:
    """Monthly counts of many series.

    Attributes
    ----------
    counts : DataFrame, shape (n_months, n_series), counts
        Index ``month`` without a gap from the first to the last month with a figure; columns
        the series in the order of the file. Missing where the file has no figure.
    parents : dict of str to str
        Parent by series.
    sums : tuple of str
        Parents without lines of their own: sums of their parts.
    notes : dict of str to list of str
        Sentences on a series that a reader of its forecast must know.
    unused_columns : tuple of str
        Columns of the file that are not read.
    """

    counts: pd.DataFrame
    parents: dict[str, str]
    sums: tuple[str, ...]
    notes: dict[str, list[str]]
    unused_columns: tuple[str, ...]


def read_series_file(content: bytes, where: str) -> SeriesFile:
    r"""Monthly counts of the series of a CSV.

    Parameters
    ----------
    content : bytes
        The file.
    where : str
        Its name, for the error.

    Returns
    -------
    SeriesFile

    Raises
    ------
    DataContractError
        If it is not such a file; if a line is wrong; if a series has a month twice, fewer
        than two months, or none in the last twelve; if parents contradict each other or are
        less than their parts.

    Examples
    --------
    >>> lines = ["series_id,month,count", "harrow,2024-01,12", "harrow,2024-03,15"]
    >>> file = read_series_file("\n".join(lines).encode(), "x.csv")
    >>> file.counts["harrow"].tolist()
    [12.0, nan, 15.0]
    >>> file.notes
    {'harrow': ['No figure for 2024-02.']}
    """
    read = read_series_rows(content, where)
    _refuse_confusable_names(read)
    counts = _counts(read)
    lines = {row.series_id: row.line for row in reversed(read.rows)}
    for name in counts:
        _check_reach(counts[name], f"{where}, line {lines[str(name)]}, series '{name}'")
    parents = parents_of(read.rows, where)
    refuse_parts_over_parent(counts, parents, where)
    parts = parts_by_parent(parents)
    sums = tuple(parent for parent in parts if parent not in counts)
    return SeriesFile(counts, parents, sums, _notes(counts, parts), read.unused_columns)


def _refuse_confusable_names(read: SeriesRows) -> None:
    seen: dict[str, str] = {}
    for row in read.rows:
        for name in filter(None, (row.series_id, row.parent_id)):
            known = seen.setdefault(" ".join(name.split()).casefold(), name)
            if known != name:
                message = (
                    f"{read.where}, line {row.line}: '{name}' and '{known}' differ in capitals "
                    "or spaces alone. Write one name one way, or tell two series apart clearly."
                )
                raise DataContractError(message)


def _counts(read: SeriesRows) -> pd.DataFrame:
    by_series: dict[str, dict[str, float]] = {}
    first: dict[tuple[str, str], SeriesRow] = {}
    for row in read.rows:
        known = first.setdefault((row.series_id, row.month), row)
        if known is not row:
            message = (
                f"{read.where}, line {row.line}, series '{row.series_id}': month {row.month} "
                f"was given on line {known.line} already. Remove one of the two, or add them "
                "up if each is a part."
            )
            raise DataContractError(message)
        by_series.setdefault(row.series_id, {})[row.month] = row.count
    counts = pd.DataFrame(by_series, dtype=float)
    counts.index = pd.to_datetime(counts.index, format="%Y-%m").astype(MONTH_DTYPE)
    known_months = counts.sort_index().dropna(how="all")
    every = counts.index[:0]
    if len(known_months):
        every = pd.date_range(known_months.index[0], known_months.index[-1], freq="MS")
    return known_months.reindex(every.astype(MONTH_DTYPE).rename("month"))


def _check_reach(counts: pd.Series, place: str) -> None:
    known = counts.dropna()
    if len(known) < MIN_MONTHS:
        message = (
            f"{place}: {len(known)} month(s) with a figure. Give at least {MIN_MONTHS}, better "
            "five years, or leave the series out."
        )
        raise DataContractError(message)
    origin, behind = counts.index[-1], _months_behind(counts)
    if behind >= RECENT_MONTHS:
        message = (
            f"{place}: its last figure is of {known.index[-1]:%Y-%m}, {behind} months before "
            f"{origin:%Y-%m}, the last month in the file, from which all are forecast. Give "
            f"figures of the {RECENT_MONTHS} months to {origin:%Y-%m}, leave the series out, "
            "or cut the others to the same month."
        )
        raise DataContractError(message)
    span = counts.loc[known.index[0] : known.index[-1]]
    if span.isna().mean() > MOST_MISSING:
        message = (
            f"{place}: no figure for {int(span.isna().sum())} of its {len(span)} months from "
            f"{span.index[0]:%Y-%m} to {span.index[-1]:%Y-%m}. Is a year mistyped? If not, "
            "give the months after the longest gap alone."
        )
        raise DataContractError(message)


def _notes(counts: pd.DataFrame, parts: Mapping[str, list[str]]) -> dict[str, list[str]]:
    notes = {}
    for name in map(str, counts):
        told = [_note_of_gaps(counts[name]), _note_of_end(counts[name])]
        if name in parts:
            told.insert(0, _note_of_whole(counts[name], counts[parts[name]]))
        notes[name] = [note for note in told if note]
    for name in parts:
        if name not in counts:
            notes[name] = [f"It is not in the file: the sum of its {len(parts[name])} part(s)."]
    return {name: told for name, told in notes.items() if told}


def _note_of_gaps(counts: pd.Series) -> str:
    missing = missing_months(counts.dropna().index)
    return f"No figure for {months_in_words(missing)}." if missing else ""


def _note_of_end(counts: pd.Series) -> str:
    behind = _months_behind(counts)
    if not behind:
        return ""
    last = counts.dropna().index[-1]
    return (
        f"Its last figure is of {last:%Y-%m}, {behind} month(s) before "
        f"{counts.index[-1]:%Y-%m}, from which all series are forecast."
    )


def _note_of_whole(counts: pd.Series, parts: pd.DataFrame) -> str:
    both = parts.notna().all(axis=1) & counts.notna()
    whole, known = counts[both].sum(), parts[both].sum(axis=None)
    if not whole or known == whole:
        return ""
    return f"Its parts in the file make up {100 * known / whole:.0f}% of it."


def _months_behind(counts: pd.Series) -> int:
    return int(counts[::-1].notna().argmax())
