"""Changes judged over different months, held to one rate of false alarms.

Each measure of victims is compared over its own months; what is called significant is decided
once over all of them, or a dozen sections would each have their own false alarm.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.measures.false_discovery import FALSE_DISCOVERY, judged


def judged_together(
    changes: Sequence[pd.DataFrame], false_discovery: float = FALSE_DISCOVERY
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
    p_values = table["p_value"].astype(float).mask(is_small.astype(bool))
    return table.assign(**judged(p_values, false_discovery))
