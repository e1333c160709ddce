"""Changes judged over different months, held to one rate of false alarms.

Each measure of victims is compared over its own months; what is called significant is decided
once over all of them, or a dozen sections would each have their own false alarm.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from statsmodels.stats.multitest import multipletests


def judged_together(
    changes: Sequence[pd.DataFrame], false_discovery: float = 0.05
) -> pd.DataFrame:
    """Rows of several ``change_between`` tables in one, judged over all of them.

    Parameters
    ----------
    changes : sequence of DataFrame
        As ``analysis.measures.change.change_between`` returns them; other columns are kept.
    false_discovery : float in (0, 1)
        Share of false alarms accepted among those called significant (Benjamini-Hochberg).

    Returns
    -------
    DataFrame
        The rows in order, ``q_value`` and ``is_significant`` worked out anew; counts under
        ten and missing months have neither.

    References
    ----------
    Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57.

    Examples
    --------
    >>> rows = pd.DataFrame({"p_value": [0.01, 0.04, 0.03], "is_small_count": False})
    >>> judged_together([rows])["q_value"].round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    table = pd.concat(changes)
    is_small = table["is_small_count"].astype("boolean").fillna(value=True)
    is_judged = table["p_value"].notna() & ~is_small.astype(bool)
    q_value = pd.Series(float("nan"), table.index)
    if is_judged.any():
        p_values = table.loc[is_judged, "p_value"].to_numpy(dtype=float)
        q_value[is_judged] = multipletests(p_values, method="fdr_bh")[1]
    verdict = (q_value <= false_discovery).astype("boolean").mask(~is_judged)
    return table.assign(q_value=q_value, is_significant=verdict)
