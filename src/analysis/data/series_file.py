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
    sums_of_parts,
)
from analysis.data.series_rows import SeriesRow, SeriesRows, read_series_rows
from analysis.errors import DataContractError

MIN_MONTHS = 2
# One month says nothing about how months differ.

RECENT_MONTHS = 12
# A series must have a figure in the year that the forecast starts from.

MAX_GAP_MONTHS = 120
# Ten years without a figure are a mistyped year, or two series under one name.


@dataclass(frozen=True)
class SeriesFile:
    """Monthly counts of many series.

    Attributes
    ----------
    counts : DataFrame, shape (n_months, n_series), counts
        Index ``month`` without a gap from the first to the last month with a figure; columns
        the series in the order of the file, then the parents that are sums of their parts.
        Missing where the file has no figure.
    parents : dict of str to str
        Parent by series.
    sums : tuple of str
        Parents without lines of their own.
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
    {'harrow': ['no figure for 2024-02; left missing']}
    """
    read = read_series_rows(content, where)
    _refuse_confusable_names(read)
    counts = _counts(read)
    lines = {row.series_id: row.line for row in reversed(read.rows)}
    for name in counts:
        _check_reach(counts[name], f"{where}, line {lines[str(name)]}, series '{name}'")
    parents = parents_of(read.rows, where)
    refuse_parts_over_parent(counts, parents, where)
    sums = sums_of_parts(counts, parents, where)
    whole = pd.concat([counts, sums], axis=1)
    return SeriesFile(
        whole, parents, tuple(map(str, sums)), _notes(whole, parents, sums), read.unused_columns
    )


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
    steps = pd.Series(counts.notna().to_numpy().nonzero()[0], index=known.index).diff()
    if steps.max() > MAX_GAP_MONTHS:
        message = (
            f"{place}: no figure for {steps.max() - 1:.0f} months before "
            f"{steps.idxmax():%Y-%m}. Is a year mistyped? If not, leave out the months before "
            "the gap."
        )
        raise DataContractError(message)


def _notes(
    counts: pd.DataFrame, parents: Mapping[str, str], sums: pd.DataFrame
) -> dict[str, list[str]]:
    parts = parts_by_parent(parents)
    notes: dict[str, list[str]] = {}
    for name in map(str, counts):
        told = []
        if name in sums:
            told.append(_note_of_sum(counts[[name, *parts[name]]]))
        elif name in parts:
            told.append(_note_of_whole(counts[name], counts[parts[name]]))
        if name not in sums:
            told.append(_note_of_gaps(counts[name]))
        told.append(_note_of_end(counts[name]))
        if any(told):
            notes[name] = [note for note in told if note]
    return notes


def _note_of_gaps(counts: pd.Series) -> str:
    missing = missing_months(counts.dropna().index)
    return f"no figure for {months_in_words(missing)}; left missing" if missing else ""


def _note_of_end(counts: pd.Series) -> str:
    behind = _months_behind(counts)
    if not behind:
        return ""
    last = counts.dropna().index[-1]
    return (
        f"its last figure is of {last:%Y-%m}, {behind} month(s) before "
        f"{counts.index[-1]:%Y-%m}, from which all series are forecast"
    )


def _note_of_sum(counts: pd.DataFrame) -> str:
    name, *parts = map(str, counts)
    told = f"not in the file: the sum of its {len(parts)} part(s)"
    partly = counts[parts].notna().any(axis=1) & counts[name].isna()
    if not partly.any():
        return told
    return f"{told}, left missing in the {int(partly.sum())} month(s) where a part is missing"


def _note_of_whole(counts: pd.Series, parts: pd.DataFrame) -> str:
    both = parts.notna().all(axis=1) & counts.notna()
    whole, known = counts[both].sum(), parts[both].sum(axis=None)
    if not whole or known == whole:
        return ""
    return f"its parts in the file make up {100 * known / whole:.0f}% of it"


def _months_behind(counts: pd.Series) -> int:
    return int(counts[::-1].notna().argmax())
