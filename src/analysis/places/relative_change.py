"""Change of each area beyond that of all areas together.

Where a publisher comes to place fewer offences in areas, every area falls and none has
changed. What an area did beyond the rest is told by the ratio of its change to the change of
all the others, which a loss common to all leaves as it was. A loss that fell on one area more
than on others would still show.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control, norm

from analysis.errors import DataContractError

LEAST_COUNT = 10
# Under ten offences in either period a ratio says nothing: no verdict.


def relative_change(
    before: pd.Series,
    after: pd.Series,
    *,
    dispersion: pd.Series | None = None,
    confidence: float = 0.95,
    false_discovery: float = 0.05,
) -> pd.DataFrame:
    """Each area's change over the change of all the other areas, judged together.

    Parameters
    ----------
    before, after : Series, shape (n_areas,), offences, index the area
        Two periods of the same length and season.
    dispersion : Series, optional, at least 1
        Variance of each area's counts in multiples of Poisson's; 1 without it.
    confidence : float in (0, 1)
        Two-sided level of the limits, each area by itself.
    false_discovery : float in (0, 1)
        Share of false alarms accepted among the areas called different.

    Returns
    -------
    DataFrame, index the area
        ``before_count``, ``after_count``, ``relative_change_pct`` (0 where the area changed
        as the rest did) with ``_lower`` and ``_upper``, ``p_value``, ``q_value``
        (Benjamini-Hochberg) and ``is_different``, the last four missing under
        ``LEAST_COUNT`` offences in either period.

    Raises
    ------
    DataContractError
        If there are fewer than two areas, or the periods hold different ones.

    Notes
    -----
    The logarithm of the ratio is taken as normal, with variance the sum of the dispersion
    over each count, for the area and for the rest.

    Examples
    --------
    >>> before, after = pd.Series({"a": 100, "b": 300}), pd.Series({"a": 120, "b": 240})
    >>> relative_change(before, after)["relative_change_pct"].round(1).tolist()
    [50.0, -33.3]
    """
    if len(before) < 2 or not before.index.equals(after.index):
        message = "relative change: two periods of the same areas are needed, two at least."
        raise DataContractError(message)
    scatter = (
        pd.Series(1.0, before.index)
        if dispersion is None
        else dispersion.reindex(before.index).fillna(1.0).clip(lower=1.0)
    )
    is_judged = before.ge(LEAST_COUNT) & after.ge(LEAST_COUNT)
    own = np.log(after.where(is_judged) / before.where(is_judged))
    rest_before, rest_after = before.sum() - before, after.sum() - after
    ratio = own - np.log((rest_after / rest_before).where(is_judged))
    error = np.sqrt(
        scatter * (1 / before + 1 / after) + scatter.mean() * (1 / rest_before + 1 / rest_after)
    )
    reach = float(norm.ppf((1 + confidence) / 2)) * error
    table = pd.DataFrame({"before_count": before, "after_count": after})
    table["relative_change_pct"] = 100 * np.expm1(ratio)
    table["relative_change_pct_lower"] = 100 * np.expm1(ratio - reach)
    table["relative_change_pct_upper"] = 100 * np.expm1(ratio + reach)
    table["p_value"] = pd.Series(2 * norm.sf(np.abs(ratio / error)), before.index)
    table["q_value"] = np.nan
    if is_judged.any():
        judged = table.loc[is_judged, "p_value"].to_numpy()
        table.loc[is_judged, "q_value"] = false_discovery_control(judged)
    different = table["q_value"].le(false_discovery).astype("boolean")
    return table.assign(is_different=different.where(is_judged))
