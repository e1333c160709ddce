"""Whether a borough changed more or less than London did over the same years.

Two changes are set against each other as the ratio of their ratios, with the scatter of
both, and what is called different is decided over all counts judged together. Known
weakness: the borough's offences are taken out of London's, but a shock that both share makes
the difference surer than these limits say, not less sure.
"""

from __future__ import annotations

import pandas as pd

from analysis.measures.relative import relative_change

LOWER, HIGHER, ALIKE = "lower than London", "higher than London", "not clearly different"
TOO_FEW = "too few to tell"
# Of changes, not of levels; whether lower is better depends on what is counted: more drug
# offences are more searches, perhaps.


def against_london(counts: pd.DataFrame, *, false_discovery: float = 0.05) -> pd.DataFrame:
    """A borough's changes beside those of the rest of London, judged together.

    Parameters
    ----------
    counts : DataFrame, a row a count
        ``before_count``, ``after_count``, ``rest_before_count``, ``rest_after_count`` (the
        rest of London: the borough taken out), ``dispersion`` and ``rest_dispersion``.
    false_discovery : float in (0, 1)
        Share of false alarms accepted among the changes called different.

    Returns
    -------
    DataFrame, same index
        ``change_pct``, ``london_change_pct``, the columns of ``relative_change``, and
        ``verdict``: ``lower than London``, ``higher than London``, ``not clearly different``,
        or ``too few to tell`` under ten offences.

    Raises
    ------
    DataContractError
        If a column is missing or a count negative.

    Examples
    --------
    >>> row = {"before_count": 1000, "after_count": 800, "dispersion": 1.0}
    >>> rest = {"rest_before_count": 50_000, "rest_after_count": 50_000, "rest_dispersion": 1.0}
    >>> against_london(pd.DataFrame([row | rest]))["verdict"].item()
    'lower than London'
    """
    table = relative_change(counts, false_discovery=false_discovery)
    verdict = table["relative_change_pct"].lt(0).map({True: LOWER, False: HIGHER})
    verdict = verdict.where(table["is_different"].fillna(value=False).astype(bool), ALIKE)
    is_judged = table["is_different"].notna()
    own, rest = (
        100 * (counts[f"{side}after_count"] / counts[f"{side}before_count"] - 1)
        for side in ("", "rest_")
    )
    table.insert(0, "change_pct", own.where(is_judged))
    table.insert(1, "london_change_pct", rest.where(is_judged))
    return table.assign(verdict=verdict.where(is_judged, TOO_FEW))
