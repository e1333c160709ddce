"""How much of an area's change is London's, and how much its own.

Shift-share: had every offence in the area moved as London's total did, it would have
changed by so much (the London effect); its mix of offences adds or takes some (the mix
effect: an area heavy in a group that fell everywhere); the rest is local. The three add up
to the change, group by group. Known weakness: it is bookkeeping, not cause; London contains
the area; and it needs both periods on one basis.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from analysis.errors import DataContractError, did_you_mean

OTHER_GROUPS = "all_other_groups"

EFFECTS = ["london_effect_count", "mix_effect_count", "local_effect_count"]


@dataclass(frozen=True)
class ShiftShare:
    """An area's change split in three.

    ``table`` has index ``offence_group``: ``before_count``, ``after_count``,
    ``change_count``, ``london_effect_count``, ``mix_effect_count``, ``local_effect_count``
    with ``_lower`` and ``_upper``, and ``london_change_pct`` (of the group; missing where
    London had none). ``total`` holds the same columns summed over groups (no percentages),
    its limits from groups taken as independent.
    """

    area_code: str
    table: pd.DataFrame
    total: pd.Series
    london_change_pct: float
    confidence: float
    dispersion: float
    method: str


def shift_share(
    counts: pd.DataFrame,
    area_code: str,
    *,
    dispersion: float = 1.0,
    confidence: float = 0.95,
) -> ShiftShare:
    """Split an area's change into London's, its mix of offences, and its own.

    Parameters
    ----------
    counts : DataFrame, one row an area and group
        ``area_code``, ``offence_group``, ``before_count``, ``after_count``; all areas that
        make up London (not London's own total), groups that do not overlap.
    area_code : str
        The area whose change is split.
    dispersion : float, at least 1
        Scatter of counts in multiples of Poisson's; widens the limits.
    confidence : float in (0, 1)
        Two-sided level of the limits of the local effect.

    Returns
    -------
    ShiftShare

    Raises
    ------
    DataContractError
        If a column, the area or a count is missing, or an area and group occur twice.

    References
    ----------
    Dunn (1960), Papers of the Regional Science Association 6.

    Examples
    --------
    >>> counts = pd.DataFrame(
    ...     {
    ...         "area_code": ["a", "a", "b", "b"],
    ...         "offence_group": ["robbery", "arson"] * 2,
    ...         "before_count": [100, 100, 300, 500],
    ...         "after_count": [90, 80, 270, 460],
    ...     }
    ... )
    >>> split = shift_share(counts, "a")
    >>> split.total[["change_count", *EFFECTS]].round(1).tolist()
    [-30.0, -20.0, 0.0, -10.0]
    """
    _check(counts, area_code)
    rows = counts.astype({"before_count": float, "after_count": float})
    london = rows.groupby("offence_group", sort=False)[["before_count", "after_count"]].sum()
    own = rows[rows["area_code"] == area_code].set_index("offence_group")
    own = own[["before_count", "after_count"]]
    london = london.reindex(own.index)
    everything = rows[["before_count", "after_count"]].sum()
    growth = _growth(everything["before_count"], everything["after_count"])
    table = _effects(own, london, growth)
    half = stats.norm.isf((1 - confidence) / 2) * np.sqrt(dispersion * _variance(own, london))
    table["local_effect_count_lower"] = table["local_effect_count"] - half
    table["local_effect_count_upper"] = table["local_effect_count"] + half
    return ShiftShare(
        area_code=area_code,
        table=table,
        total=_total(table, half),
        london_change_pct=100 * growth,
        confidence=confidence,
        dispersion=dispersion,
        method="shift_share",
    )


def largest_own_parts(split: ShiftShare, shown: int) -> pd.DataFrame:
    """Groups with the largest part of their own, up or down, and all others as one row.

    Chosen by the local effect and not by the change: a group that rose everywhere but here
    may not have moved at all, and yet hold most of what is the area's own.

    Parameters
    ----------
    split : ShiftShare
    shown : int
        Groups that keep a row of their own.

    Returns
    -------
    DataFrame, index ``offence_group``
        Counts and effects of ``split.table`` without limits and percentages, largest own part
        first; the last row is ``all_other_groups`` where some are left. Rows add up to
        ``split.total``.

    Examples
    --------
    >>> counts = pd.DataFrame(
    ...     {
    ...         "area_code": ["a"] * 3 + ["b"] * 3,
    ...         "offence_group": ["robbery", "arson", "rape"] * 2,
    ...         "before_count": [100] * 3 + [300] * 3,
    ...         "after_count": [60, 101, 99, 300, 300, 300],
    ...     }
    ... )
    >>> parts = largest_own_parts(shift_share(counts, "a"), 1)
    >>> parts["change_count"].astype(int).to_dict()
    {'robbery': -40, 'all_other_groups': 0}
    """
    size = split.table["local_effect_count"].abs().sort_values(ascending=False, kind="stable")
    names = ["change_count", *EFFECTS, "london_trend_count"]
    table = split.table.loc[size.index, names].astype(float)
    others = table.iloc[shown:].sum().to_frame(OTHER_GROUPS).T
    return pd.concat([table.iloc[:shown], others]) if len(table) > shown else table


def _effects(own: pd.DataFrame, london: pd.DataFrame, growth: float) -> pd.DataFrame:
    before, after = own["before_count"], own["after_count"]
    group_growth = (london["after_count"] / london["before_count"].where(lambda n: n > 0)) - 1
    # A group that London did not have before has no growth: all of it is local.
    known = group_growth.fillna(growth)
    change = after - before
    london_effect = before * growth
    mix_effect = before * (known - growth)
    return pd.DataFrame(
        {
            "before_count": before.astype("Int64"),
            "after_count": after.astype("Int64"),
            "change_count": change.astype("Int64"),
            "london_effect_count": london_effect,
            "mix_effect_count": mix_effect,
            "london_trend_count": london_effect + mix_effect,
            "local_effect_count": change - london_effect - mix_effect,
            "london_change_pct": 100 * group_growth,
        }
    )


def _variance(own: pd.DataFrame, london: pd.DataFrame) -> pd.Series:
    # First-order (delta) variance of after - before * London's ratio, the area being a part
    # of London and so, in proportion to its share, compared with itself.
    before = london["before_count"].where(london["before_count"] > 0)
    share = (own["before_count"] / before).fillna(0.0)
    ratio = (london["after_count"] / before).fillna(0.0)
    rest = london - own
    of_area = (1 - share) ** 2 * (own["after_count"] + ratio**2 * own["before_count"])
    of_rest = share**2 * (rest["after_count"] + ratio**2 * rest["before_count"])
    return of_area + of_rest


def _total(table: pd.DataFrame, half: pd.Series) -> pd.Series:
    names = ["before_count", "after_count", "change_count", *EFFECTS]
    total = table[names].astype(float).sum()
    spread = float(np.sqrt((half**2).sum()))
    total["local_effect_count_lower"] = total["local_effect_count"] - spread
    total["local_effect_count_upper"] = total["local_effect_count"] + spread
    return total


def _growth(before: float, after: float) -> float:
    if before <= 0:
        message = "London has no offences in the first period: there is no change to share out."
        raise DataContractError(message)
    return float(after / before - 1)


def _check(counts: pd.DataFrame, area_code: str) -> None:
    key = ["area_code", "offence_group"]
    needed = [*key, "before_count", "after_count"]
    missing = [name for name in needed if name not in counts]
    if missing:
        message = f"shift-share: no column {missing}; the table has {list(counts.columns)}."
        raise DataContractError(message)
    areas = counts["area_code"].unique()
    if area_code not in areas:
        hint = did_you_mean(area_code, map(str, areas))
        message = f"shift-share: no area '{area_code}' among the counts.{hint}"
        raise DataContractError(message)
    if counts.duplicated(key).any():
        first = counts.loc[counts.duplicated(key), key].iloc[0].tolist()
        message = f"shift-share: {first} occurs twice. One row an area and group."
        raise DataContractError(message)
    if counts[needed].isna().any(axis=None):
        first = counts.loc[counts[needed].isna().any(axis=1), key].iloc[0].tolist()
        message = f"shift-share: a count of {first} is missing. Leave the group out everywhere."
        raise DataContractError(message)
