"""What residents would put first, from a survey or consultation of the partnership's own.

Shares of those asked, with Wilson's limits. Known weakness: limits are those of a random
sample, and a consultation that people choose to answer is none; the report says so.
"""

from __future__ import annotations

import pandas as pd

from analysis.errors import DataContractError
from analysis.measures.rates import SMALL_COUNT, wilson_interval


def rank_topics(answers: pd.DataFrame) -> pd.DataFrame:
    """Topics by the share of respondents who name them.

    Parameters
    ----------
    answers : DataFrame, one row a topic and month
        ``topic``, ``respondent_count`` (asked) and ``agree_count`` (who name it).

    Returns
    -------
    DataFrame, index ``topic``, most named first
        ``respondent_count``, ``agree_count`` (all months together), ``agree_pct`` with
        ``_lower`` and ``_upper`` (missing where fewer than ten were asked), and ``rank`` (1
        is most named).

    Raises
    ------
    DataContractError
        If more agree than were asked.

    References
    ----------
    Wilson (1927), Journal of the American Statistical Association 22.

    Examples
    --------
    >>> answers = pd.DataFrame(
    ...     {"topic": ["burglary", "knife_crime"], "respondent_count": 100,
    ...      "agree_count": [40, 65]}
    ... )
    >>> rank_topics(answers)[["agree_pct", "rank"]].to_numpy().tolist()
    [[65.0, 1], [40.0, 2]]
    """
    counts = answers.groupby("topic")[["respondent_count", "agree_count"]].sum().astype(int)
    wrong = counts.index[counts["agree_count"] > counts["respondent_count"]].tolist()
    if wrong:
        message = f"resident priorities: more agree than were asked: {wrong}. Mend the counts."
        raise DataContractError(message)
    asked = counts[counts["respondent_count"] >= SMALL_COUNT]
    limits = {
        topic: wilson_interval(int(row["agree_count"]), int(row["respondent_count"]))
        for topic, row in asked.iterrows()
    }
    for name in ("proportion", "lower", "upper"):
        column = "agree_pct" + ("" if name == "proportion" else f"_{name}")
        counts[column] = pd.Series({t: 100 * getattr(each, name) for t, each in limits.items()})
    counts["rank"] = counts["agree_pct"].rank(ascending=False, method="min").astype("Int64")
    return counts.sort_values("agree_pct", ascending=False, kind="stable")
