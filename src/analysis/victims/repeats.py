"""Repeat victimisation: how many are harmed again, how soon, and how much of it they bear.

From one row a crime (or a report of anti-social behaviour) with a meaningless key for who
suffered it. The convention, which changes the answer and so is printed with it:

* An event is a *repeat* if the same victim suffered one in the window before it (365 days,
  the day itself included, whether or not that lies in the period told of). So records must
  begin a window before the period, or its first events could not be judged: the call is
  refused. Counting within one calendar year instead would miss every pair that spans a new
  year, about half of them where risk is constant.
* Rows of one victim, day and kind are one event: an incident is often recorded as several.
* A *repeat victim* of the period suffered at least one repeat in it.
* For the time course only events with a whole follow-up in the records count; the newest
  would otherwise make repeats look quicker than they are.

Known weakness: what was not reported, or could not be linked to the key, is missing, so the
share of repeats is a lower bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from analysis.errors import DataContractError

WINDOW_DAYS: Final = 365
# Twelve months, the usual window; a leap day more or less does not matter.

MOST_TIMES: Final = 5
# Five and more stand together, as in the tables of the British Crime Survey.

BIN_DAYS: Final = 30


@dataclass(frozen=True, eq=False)
class Repeats:
    """Repeat victimisation in one period.

    Attributes
    ----------
    first, last : Timestamp
        Days of the period, both within.
    window_days : int
    victim_count, event_count : int
        Victims of the period, and what they suffered in it.
    repeat_victim_count, repeat_event_count : int
        Victims with a repeat in the period; events that are repeats.
    repeat_victim_event_count : int
        All that the repeat victims suffered in the period.
    distribution : DataFrame
        ``times`` (1 to 5, the last and more), ``victim_count``, ``event_count``, each with
        ``_pct`` of all.
    """

    first: pd.Timestamp
    last: pd.Timestamp
    window_days: int
    victim_count: int
    event_count: int
    repeat_victim_count: int
    repeat_event_count: int
    repeat_victim_event_count: int
    distribution: pd.DataFrame

    @property
    def concentration(self) -> float:
        """Events a victim."""
        return self.event_count / self.victim_count

    @property
    def repeat_victim_pct(self) -> float:
        """Share of victims who are repeat victims, per cent."""
        return 100 * self.repeat_victim_count / self.victim_count

    @property
    def repeat_victim_event_pct(self) -> float:
        """Share of events that repeat victims suffered, per cent."""
        return 100 * self.repeat_victim_event_count / self.event_count


def repeat_victimisation(
    events: pd.DataFrame,
    first: pd.Timestamp | str,
    last: pd.Timestamp | str,
    *,
    records_begin: pd.Timestamp | str | None = None,
    window_days: int = WINDOW_DAYS,
    by: str = "victim_key",
) -> Repeats:
    """Repeat victims of a period, by the convention at the head of this module.

    Parameters
    ----------
    events : DataFrame, one row an event
        ``by`` and ``date``; of one ``kind`` (crime or anti-social behaviour).
    first, last : date
        The period told of, both days within.
    records_begin : date, optional
        First day that the records cover; default the day of the first row.
    window_days : int
    by : str
        Column of who (or which place) suffered it.

    Returns
    -------
    Repeats

    Raises
    ------
    DataContractError
        If the records begin less than a window before the period, or hold no event in it.

    References
    ----------
    Farrell & Pease (1993), Once Bitten, Twice Bitten, Home Office Crime Prevention Unit
    Paper 46; Weisel (2005), Analyzing Repeat Victimization, POP Guide tool 4.

    Examples
    --------
    >>> days = pd.to_datetime(["2023-02-01", "2024-01-10", "2024-06-01", "2024-07-01"])
    >>> events = pd.DataFrame({"victim_key": ["a", "a", "b", "c"], "date": days})
    >>> found = repeat_victimisation(events, "2024-01-01", "2024-12-31",
    ...     records_begin="2023-01-01")
    >>> found.victim_count, found.repeat_victim_count, found.event_count
    (3, 1, 3)
    """
    start, end = pd.Timestamp(first), pd.Timestamp(last)
    rows = _incidents(events, by)
    begin = pd.Timestamp(records_begin) if records_begin is not None else rows["date"].min()
    within = rows["date"].between(start, end)
    _check_period(begin, start, window_days, is_empty=not within.any())
    is_repeat = _days_since_last(rows, by).le(window_days)
    period = rows[within]
    times = period.groupby(by).size()
    again = period.loc[is_repeat[within], by].unique()
    return Repeats(
        first=start,
        last=end,
        window_days=window_days,
        victim_count=len(times),
        event_count=len(period),
        repeat_victim_count=len(again),
        repeat_event_count=int(is_repeat[within].sum()),
        repeat_victim_event_count=int(times[again].sum()),
        distribution=times_suffered(times),
    )


def times_suffered(times: pd.Series, population: int | None = None) -> pd.DataFrame:
    """How many suffered one, two, ... five or more, and what share of all events.

    Parameters
    ----------
    times : Series, whole numbers above nought
        Events of each victim.
    population : int, optional
        Adds a row of those who suffered none; percentages are then of all of them.

    Returns
    -------
    DataFrame
        ``times``, ``victim_count``, ``victim_pct``, ``event_count``, ``event_pct``.

    Examples
    --------
    >>> times_suffered(pd.Series([1, 1, 2, 7]))["event_count"].tolist()
    [2, 2, 0, 0, 7]
    """
    capped = times.clip(upper=MOST_TIMES)
    rows = pd.DataFrame({"times": range(1, MOST_TIMES + 1)})
    rows["victim_count"] = [int((capped == each).sum()) for each in rows["times"]]
    rows["event_count"] = [int(times[capped == each].sum()) for each in rows["times"]]
    if population is not None:
        none = {"times": 0, "victim_count": population - len(times), "event_count": 0}
        rows = pd.concat([pd.DataFrame([none]), rows], ignore_index=True)
    for name in ("victim", "event"):
        rows[f"{name}_pct"] = 100 * rows[f"{name}_count"] / rows[f"{name}_count"].sum()
    return rows[["times", "victim_count", "victim_pct", "event_count", "event_pct"]]


def time_course(
    events: pd.DataFrame,
    records_end: pd.Timestamp | str,
    *,
    window_days: int = WINDOW_DAYS,
    bin_days: int = BIN_DAYS,
    by: str = "victim_key",
) -> pd.DataFrame:
    """How soon the next event follows, of those that follow within the window.

    Parameters
    ----------
    events : DataFrame, one row an event
        ``by`` and ``date``; of one kind.
    records_end : date
        Last day that the records cover: events less than a window before it are left out,
        since their next may still come.
    window_days, bin_days : int
    by : str

    Returns
    -------
    DataFrame
        ``days_from`` and ``days_to`` (both within), ``repeat_count``, ``repeat_pct`` (of
        those that follow within the window), ``cumulative_pct``, ``even_pct`` (what would
        lie in the bin were the risk spread evenly), and ``followed_count``, the events with
        a whole follow-up, alike in every row.

    Examples
    --------
    >>> days = pd.to_datetime(["2022-01-01", "2022-01-11", "2022-03-20", "2022-05-01"])
    >>> events = pd.DataFrame({"victim_key": ["a", "a", "a", "b"], "date": days})
    >>> time_course(events, "2024-12-31")["repeat_count"].tolist()[:3]
    [1, 0, 1]
    """
    rows = _incidents(events, by)
    has_follow_up = rows["date"] <= pd.Timestamp(records_end) - pd.Timedelta(days=window_days)
    gaps = rows.groupby(by)["date"].diff().dt.days.shift(-1)
    is_next = rows[by].eq(rows[by].shift(-1))
    days = gaps[has_follow_up & is_next & gaps.le(window_days)]
    starts = np.arange(1, window_days + 1, bin_days)
    ends = np.minimum(starts + bin_days - 1, window_days)
    counts = [int(days.between(a, b).sum()) for a, b in zip(starts, ends, strict=True)]
    table = pd.DataFrame({"days_from": starts, "days_to": ends, "repeat_count": counts})
    total = table["repeat_count"].sum()
    table["repeat_pct"] = 100 * table["repeat_count"] / total if total else np.nan
    table["cumulative_pct"] = table["repeat_pct"].cumsum()
    table["even_pct"] = 100 * (ends - starts + 1) / window_days
    table["followed_count"] = int(has_follow_up.sum())
    return table


def repeat_points(events: pd.DataFrame, point_count: int, *, by: Sequence[str]) -> pd.DataFrame:
    """Events at points that had another, by kind, beside what chance alone would give.

    A point of published street-level data stands for a street, never for an address, so this
    is no repeat victimisation: it says how far events gather at the same points.

    Parameters
    ----------
    events : DataFrame, one row an event of one year
        ``kind`` and the columns of ``by``.
    point_count : int
        Points that there are, with or without an event.
    by : sequence of str
        Columns that make a point.

    Returns
    -------
    DataFrame, index ``kind``
        ``event_count``, ``point_count`` (with an event), ``repeat_point_count`` (with two or
        more), ``repeat_event_pct`` (of events, at such points) and ``chance_pct`` (the same
        expected were every event to fall on any point alike).

    Examples
    --------
    >>> events = pd.DataFrame({"kind": "Burglary", "street": ["a", "a", "b"]})
    >>> repeat_points(events, 4, by=["street"]).round(1).iloc[0].tolist()
    [3.0, 2.0, 1.0, 66.7, 43.8]
    """
    rows = {}
    for kind, chosen in events.groupby("kind", observed=True):
        sizes = chosen.groupby(list(by)).size()
        again = sizes[sizes > 1]
        count = int(sizes.sum())
        rows[str(kind)] = {
            "event_count": count,
            "point_count": len(sizes),
            "repeat_point_count": len(again),
            "repeat_event_pct": 100 * float(again.sum()) / count,
            "chance_pct": 100 * (1 - (1 - 1 / point_count) ** (count - 1)),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("kind")


def _incidents(events: pd.DataFrame, by: str) -> pd.DataFrame:
    """Events in order of victim and day, one a victim and day."""
    missing = [name for name in (by, "date") if name not in events]
    if missing:
        message = f"events: no column {missing}. Repeats need '{by}' and 'date'."
        raise DataContractError(message)
    rows = events[[by, "date"]].drop_duplicates()
    return rows.sort_values([by, "date"], ignore_index=True)


def _days_since_last(rows: pd.DataFrame, by: str) -> pd.Series:
    return rows.groupby(by)["date"].diff().dt.days


def _check_period(
    begin: pd.Timestamp, first: pd.Timestamp, window_days: int, *, is_empty: bool
) -> None:
    if (first - begin).days < window_days:
        message = (
            f"repeats: the records begin on {begin:%Y-%m-%d}, less than {window_days} days "
            f"before {first:%Y-%m-%d}, so the first events could not be judged. Load earlier "
            "records, or tell of a later period."
        )
        raise DataContractError(message)
    if is_empty:
        message = f"repeats: no event from {first:%Y-%m-%d} on. Check the period."
        raise DataContractError(message)
