"""The way to a target, month by month: ceilings, and whether the way is being kept.

A trajectory puts every month the same percentage below its own month a year before, and
gives each month its share of the year by the season, so that a busy November is no alarm.
The last 12 ceilings add up to the target exactly; rounded to whole offences they still do.
Whether the way is being kept is told by chances, not by a colour: the chance that the
rolling total at the next milestone is within its ceiling, and the chance that the target
itself is met.

Known weakness: the steady percentage is a convention; a plan that invests late will fall
late. Below some 30 offences a month a single month says nothing against its ceiling.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from analysis.errors import DataContractError, ParamsError
from analysis.measures.months import days_in_month
from analysis.targets.probability import Chance

MONTHS = 12

LEAST = 1e-6
# Offences below which nothing is left to spread.

COLUMNS = [
    "month",
    "is_seen",
    "actual_count",
    "ceiling_count",
    "ceiling_whole_count",
    "rolling_12_count",
    "rolling_12_ceiling_count",
    "cumulative_gap_count",
]


@dataclass(frozen=True)
class OnTrack:
    """Whether the way to a target is being kept, as chances.

    Attributes
    ----------
    seen_months : int
        Months since the start that have been seen.
    actual_count, ceiling_count : float
        Offences in those months, and their ceilings added up.
    milestone : str, ``YYYY-MM``
        The next end of a year since the start, or the horizon.
    milestone_ceiling_count : float
        Ceiling of the 12 months to it.
    milestone_chance, target_chance : Chance
        That the rolling total is within that ceiling, and that the target is met.
    """

    seen_months: int
    actual_count: float
    ceiling_count: float
    milestone: str
    milestone_ceiling_count: float
    milestone_chance: Chance
    target_chance: Chance

    @property
    def cumulative_gap_count(self) -> float:
        """Offences above the ceilings so far; negative where there were fewer."""
        return self.actual_count - self.ceiling_count

    @property
    def in_words(self) -> str:
        """The state with its chance, for instance ``on track: likely (62%)``."""
        chance = self.milestone_chance
        return f"on track: {chance.in_words} ({chance.probability:.0%})"


def season_shares(history: pd.DataFrame) -> pd.Series:
    """Share of a year's offences that falls in each calendar month, over whole years.

    Parameters
    ----------
    history : DataFrame, shape (n_months, n_areas), offences a month, index ``month``
        Months apart left out beforehand; areas are added up, so that a single area's chance
        months do not pass for a season.

    Returns
    -------
    Series, index 1 to 12, adding up to 1
        Where no calendar month may be left without a count, days in the month stand for
        the season.

    Examples
    --------
    >>> months = pd.date_range("2015-01-01", periods=24, freq="MS")
    >>> busy = pd.DataFrame({"a": [10.0] * 11 + [130.0]}, months[:12])
    >>> season_shares(pd.concat([busy, busy.set_axis(months[12:])])).round(2).tolist()[-2:]
    [0.04, 0.54]
    """
    months = pd.DatetimeIndex(history.index)
    total = history.astype(float).sum(axis=1, skipna=False)
    daily = (total / days_in_month(months)).groupby(months.month).mean()
    daily = daily.reindex(range(1, MONTHS + 1))
    if daily.isna().any() or daily.sum() <= 0:
        daily = daily.notna() * 0.0 + 1.0
    # An ordinary February: a leap day now and then is no season.
    shares = daily * days_in_month(pd.date_range("2023-01-01", periods=MONTHS, freq="MS"))
    return shares / shares.sum()


def trajectory(
    start: pd.Series,
    target_count: float,
    horizon: str,
    shares: pd.Series,
    seen: pd.Series,
    *,
    per: Literal["year", "whole"] = "year",
) -> pd.DataFrame:
    """Monthly ceilings from a year's offences to a target, and what has been seen.

    Parameters
    ----------
    start : Series, shape (12,), offences a month, index ``month``
        The 12 months that the way begins from: the base, or the last 12 seen.
    target_count : float
        Offences in the 12 months that end at the horizon, or in all months to it.
    horizon : str, ``YYYY-MM``
        After the last month of ``start``.
    shares : Series, index 1 to 12
        As ``season_shares`` returns them.
    seen : Series, offences a month, index ``month``
        Months after ``start`` that have been seen; perhaps none.
    per : {"year", "whole"}
        Whether the last 12 ceilings add up to the target, or all of them.

    Returns
    -------
    DataFrame, one row a month from the start to the horizon
        ``month``, ``is_seen``, ``actual_count``, ``ceiling_count``,
        ``ceiling_whole_count`` (whole offences, adding up to the target rounded down),
        ``rolling_12_count`` and ``rolling_12_ceiling_count`` (12 months to the month; where
        they reach back before the start, what was counted then is in both),
        ``cumulative_gap_count`` (actual less ceiling, added up). What has not been seen is
        missing.

    Raises
    ------
    ParamsError
        If the horizon is not after the start, or what has been counted of its year is above
        the target already.
    DataContractError
        If a month of the start is missing.

    Examples
    --------
    >>> start = pd.Series(100.0, pd.date_range("2024-06-01", periods=12, freq="MS"))
    >>> even = pd.Series(1 / 12, range(1, 13))
    >>> table = trajectory(start, 1000, "2026-05", even, start.iloc[:0])
    >>> table["ceiling_count"].round(1).iloc[[0, 11]].tolist()
    [83.3, 83.3]
    >>> float(table["ceiling_whole_count"].sum()), round(float(table["ceiling_count"].sum()))
    (1000.0, 1000)
    """
    _check(start, horizon)
    months = pd.date_range(
        start.index[-1] + pd.offsets.MonthBegin(1), pd.Timestamp(horizon), freq="MS"
    )
    # A target less than a year ahead holds months that have been counted already.
    is_short = per == "year" and len(months) < MONTHS
    kept = start.iloc[len(months) :] if is_short else start.iloc[:0]
    bound = len(months) if per == "whole" else min(MONTHS, len(months))
    left = target_count - float(kept.sum())
    if left < 0:
        message = (
            f"a target of {target_count:,.0f} offences by {horizon} is past reach: "
            f"{float(kept.sum()):,.0f} have been counted already. Choose a later horizon or a "
            "higher target."
        )
        raise ParamsError(message)
    ceilings = _ceilings(float(start.sum()), left, months, shares, bound)
    whole = _whole(ceilings, int(np.floor(left + 1e-9)), bound)
    actual = seen.astype(float).reindex(months)
    table = pd.DataFrame(
        {
            "month": months,
            "is_seen": months.isin(seen.dropna().index),
            "actual_count": actual.to_numpy(),
            "ceiling_count": ceilings.to_numpy(),
            "ceiling_whole_count": whole.to_numpy(),
            "rolling_12_count": _rolling(start, actual),
            "rolling_12_ceiling_count": _rolling(start, ceilings),
            "cumulative_gap_count": (actual - ceilings).cumsum().to_numpy(),
        }
    )
    return table[COLUMNS]


def milestones(start: str, horizon: str) -> list[str]:
    """Months at which a trajectory is judged: each 12 from its start, and the horizon.

    Parameters
    ----------
    start : str, ``YYYY-MM``
        Last month before it.
    horizon : str, ``YYYY-MM``

    Examples
    --------
    >>> milestones("2012-03", "2014-09")
    ['2013-03', '2014-03', '2014-09']
    """
    first, last = pd.Period(start, freq="M"), pd.Period(horizon, freq="M")
    years = range(MONTHS, (last - first).n, MONTHS)
    return [*(str(first + months) for months in years), horizon]


def on_track(
    table: pd.DataFrame, milestone: str, futures: pd.Series, target_chance: Chance
) -> OnTrack:
    """Whether a trajectory is being kept, given the futures of its next milestone.

    Parameters
    ----------
    table : DataFrame
        As ``trajectory`` returns it.
    milestone : str, ``YYYY-MM``
        A month of it, not yet seen.
    futures : Series, offences
        Equally likely totals of the 12 months to the milestone.
    target_chance : Chance
        That the target is met, given what was seen.

    Returns
    -------
    OnTrack

    Examples
    --------
    >>> start = pd.Series(100.0, pd.date_range("2024-06-01", periods=12, freq="MS"))
    >>> even, seen = pd.Series(1 / 12, range(1, 13)), pd.Series([90.0, 110.0])
    >>> seen.index = pd.date_range("2025-06-01", periods=2, freq="MS")
    >>> table = trajectory(start, 1000, "2026-05", even, seen)
    >>> state = on_track(
    ...     table, "2026-05", pd.Series([990.0, 1200.0]), Chance(0.4, 0.4, float("nan"))
    ... )
    >>> state.in_words, round(state.cumulative_gap_count, 1)
    ('on track: a realistic possibility (50%)', 33.3)
    """
    passed = table[table["is_seen"]]
    at = table.loc[table["month"] == pd.Timestamp(milestone), "rolling_12_ceiling_count"]
    if at.empty:
        message = f"milestone {milestone}: the trajectory has no such month."
        raise ParamsError(message)
    ceiling = float(at.iloc[0])
    kept = float((futures <= ceiling + 1e-9).mean())
    return OnTrack(
        seen_months=len(passed),
        actual_count=float(passed["actual_count"].sum()),
        ceiling_count=float(passed["ceiling_count"].sum()),
        milestone=milestone,
        milestone_ceiling_count=ceiling,
        milestone_chance=Chance(kept, kept, float("nan")),
        target_chance=target_chance,
    )


def _ceilings(
    start: float, left: float, months: pd.DatetimeIndex, shares: pd.Series, bound: int
) -> pd.Series:
    # Nothing counted would leave no shape to scale: one offence a year stands for it.
    weights = np.maximum(shares.reindex(months.month).to_numpy(dtype=float), 1e-6)
    level = max(start, 1.0) * weights
    # The first 12 months are one step below the start, the next 12 two, and so on.
    steps = np.ceil(np.arange(1, len(months) + 1) / MONTHS)
    if left < LEAST:
        return pd.Series(level * 0.0, index=months)

    def above(ratio: float) -> float:
        return float((level * ratio**steps)[-bound:].sum()) - left

    highest = 1.0
    while above(highest) < 0:
        highest *= 2
    ceilings = level * brentq(above, 0.0, highest, xtol=1e-15) ** steps
    ceilings[-bound:] *= left / ceilings[-bound:].sum()
    return pd.Series(ceilings, index=months)


def _whole(ceilings: pd.Series, last_sum: int, bound: int) -> pd.Series:
    # Years are counted back from the horizon; each adds up, the bound ones to the target.
    values, whole = ceilings.to_numpy(), np.zeros(len(ceilings))
    whole[-bound:] = _largest_remainder(values[-bound:], last_sum)
    for end in range(len(ceilings) - bound, 0, -MONTHS):
        block = slice(max(0, end - MONTHS), end)
        whole[block] = _largest_remainder(values[block], round(float(values[block].sum())))
    return pd.Series(whole, index=ceilings.index)


def _largest_remainder(values: np.ndarray, wanted: int) -> np.ndarray:
    whole = np.floor(values)
    spare = int(wanted - whole.sum())
    order = np.argsort(-(values - whole), kind="stable")
    whole[order[: max(spare, 0)]] += 1
    if spare < 0:
        # Rounding the sum down may ask for one less than all floors.
        whole[np.argsort(-whole, kind="stable")[:-spare]] -= 1
    return whole


def _rolling(start: pd.Series, after: pd.Series) -> np.ndarray:
    both = pd.concat([start.astype(float), after])
    return both.rolling(MONTHS).sum().to_numpy()[len(start) :]


def _check(start: pd.Series, horizon: str) -> None:
    if len(start) != MONTHS or start.isna().any():
        message = (
            f"a trajectory begins from 12 whole months; here are {int(start.notna().sum())}. "
            "Choose a base period of 12 months, none of them missing."
        )
        raise DataContractError(message)
    if pd.Timestamp(horizon) <= start.index[-1]:
        message = (
            f"trajectory: the horizon {horizon} is not after its start "
            f"({start.index[-1]:%Y-%m}). Name a later month."
        )
        raise ParamsError(message)
