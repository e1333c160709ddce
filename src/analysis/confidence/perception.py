"""The perception gap proper: what people think of crime beside what was recorded.

From a partnership's own survey, question by question. A share of people and a count of
offences have no common scale but one: of a hundred residents, how many are worried, and how
many offences of that kind were recorded in the year. That is no claim that worry should equal
risk; it is what "the gap between perceptions and actual levels" can mean in figures. Whether
crime rose is the one question that the record can answer: there the gap is the share whose
belief the record does not bear out. Known weaknesses: people worry about more than was
recorded, some offences have several victims and some residents several offences, and the
limits suppose that respondents were drawn at random.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.confidence.sampling import combined_limits, judged_differences, survey_limits
from analysis.errors import DataContractError

FEWEST_RESPONDENTS = 10
# Fewer say nothing of a borough, and might be recognised.

YEAR_MONTHS = 12
# Waves of a survey are compared a year apart: seasons and rolling samples are then alike.


@dataclass(frozen=True)
class Topic:
    """A question, and the recorded figure that stands beside it.

    ``measure`` is an offence group or scheme, or ``asb_incidents``; ``is_safety`` marks a
    question that is agreed to by those who feel safe, so that the rest is what is perceived;
    ``is_rise`` the question whether crime rose.
    """

    label: str
    measure: str
    is_safety: bool = False
    is_rise: bool = False


ASB_INCIDENTS = "asb_incidents"
TOPICS = {
    "worry_burglary": Topic("Worried about burglary", "residential_burglary"),
    "worry_robbery": Topic("Worried about robbery", "personal_robbery"),
    "worry_violence": Topic("Worried about violence", "violence_with_injury"),
    "feel_safe_after_dark": Topic("Feel unsafe after dark", "neighbourhood_crime", True),
    "feel_safe_by_day": Topic("Feel unsafe by day", "neighbourhood_crime", True),
    "asb_big_problem": Topic("Anti-social behaviour a big problem", ASB_INCIDENTS),
    "crime_gone_up": Topic("Think crime has gone up", "total_without_fraud", is_rise=True),
}
# Of the template's questions; which recorded figure stands beside feeling unsafe is a choice.


def perceived_shares(answers: pd.DataFrame) -> pd.DataFrame:
    """What share of respondents perceive a problem, by question and month.

    Parameters
    ----------
    answers : DataFrame
        The template's columns: ``month``, ``question``, ``ward``, ``respondent_count``,
        ``agree_count``. Rows for the whole borough have no ward; where a month has none, its
        wards are added up.

    Returns
    -------
    DataFrame, one row a question and month
        ``question``, ``month``, ``respondent_count``, ``is_sum_of_wards``, ``value_pct``
        with ``_lower`` and ``_upper``; missing for fewer than ten respondents. Of questions
        on feeling safe it is the share who do not.

    Raises
    ------
    DataContractError
        If more agree than were asked, or a question is not one of the template's.

    Examples
    --------
    >>> answers = pd.DataFrame(
    ...     {
    ...         "month": pd.Timestamp("2025-03-01"),
    ...         "question": ["feel_safe_by_day"],
    ...         "ward": [None],
    ...         "respondent_count": [100],
    ...         "agree_count": [35],
    ...     }
    ... )
    >>> perceived_shares(answers).filter(like="pct").round(1).to_numpy().tolist()
    [[65.0, 55.3, 73.6]]
    """
    _check(answers)
    is_ward = answers["ward"].notna()
    keys = ["question", "month"]
    whole = set(map(tuple, answers.loc[~is_ward, keys].to_numpy().tolist()))
    stands_alone = [tuple(row) not in whole for row in answers[keys].to_numpy().tolist()]
    used = answers[~is_ward | np.array(stands_alone)].assign(is_sum_of_wards=is_ward)
    sums = used.groupby(keys, as_index=False).agg(
        respondent_count=("respondent_count", "sum"),
        agree_count=("agree_count", "sum"),
        is_sum_of_wards=("is_sum_of_wards", "any"),
    )
    asked = sums["respondent_count"].astype(float)
    share = 100 * sums["agree_count"].astype(float) / asked
    is_safety = sums["question"].map(lambda name: TOPICS[name].is_safety).astype(bool)
    share = share.mask(is_safety, 100 - share).mask(asked < FEWEST_RESPONDENTS)
    return sums.drop(columns="agree_count").join(survey_limits(share, asked))


def perception_gap(shares: pd.DataFrame, recorded: pd.DataFrame) -> pd.DataFrame:
    """The newest answer to each question beside what was recorded in the year to it.

    Parameters
    ----------
    shares : DataFrame
        As ``perceived_shares`` returns it.
    recorded : DataFrame, index question
        ``recorded_per_100`` residents in the 12 months with ``_lower`` and ``_upper``;
        ``change_pct`` on the year before and ``is_significant``, which may be missing.

    Returns
    -------
    DataFrame, index question
        ``month``, ``respondent_count``, ``value_pct`` with limits, ``recorded_per_100``,
        ``recorded_direction`` (-1, 0, 1; missing where not judged), ``gap_points`` with
        ``_lower`` and ``_upper``: of whether crime rose, the share whose belief the record
        does not bear out; otherwise share less recorded per 100. ``change_points`` on a
        year before with limits, and ``perceived_direction``, where a wave then is held;
        changes are judged together.
    """
    newest = shares.sort_values("month").groupby("question").tail(1).set_index("question")
    table = newest.join(recorded)
    table["recorded_direction"] = _direction(table["change_pct"], table["is_significant"])
    gap = _gaps(table)
    table["gap_points"], table["gap_points_lower"], table["gap_points_upper"] = gap
    changes = _year_changes(shares, newest)
    table = table.drop(columns="is_significant").join(changes)
    table["perceived_direction"] = _direction(table["change_points"], table["is_significant"])
    return table.drop(columns="is_significant").loc[[q for q in TOPICS if q in table.index]]


def _gaps(table: pd.DataFrame) -> tuple[pd.Series, pd.Series, pd.Series]:
    limits = ["value_pct", "value_pct_lower", "value_pct_upper"]
    per_100 = ["recorded_per_100", "recorded_per_100_lower", "recorded_per_100_upper"]
    gap = table["value_pct"] - table["recorded_per_100"].astype(float)
    lower, upper = combined_limits(table[limits], table[per_100])
    is_rise = pd.Series([TOPICS[str(q)].is_rise for q in table.index], table.index)
    has_risen = table["recorded_direction"].eq(1).fillna(value=False).astype(bool)
    # Of a rise that the record bears out, those who did not see it are mistaken; where it
    # shows none, those who see one. A change that cannot be judged bears out nobody.
    others = 100 - table[["value_pct", "value_pct_upper", "value_pct_lower"]]
    mistaken = table[limits].mask(has_risen, others.set_axis(limits, axis=1))
    mistaken = mistaken.mask(table["recorded_direction"].isna())
    return (
        gap.mask(is_rise, mistaken["value_pct"]),
        lower.mask(is_rise, mistaken["value_pct_lower"]),
        upper.mask(is_rise, mistaken["value_pct_upper"]),
    )


def _year_changes(shares: pd.DataFrame, newest: pd.DataFrame) -> pd.DataFrame:
    """Change of each question's newest share on that of twelve months before."""
    held = shares.set_index(["question", "month"])
    earlier = [
        (question, month - pd.DateOffset(months=YEAR_MONTHS))
        for question, month in newest["month"].items()
    ]
    before = held.reindex(pd.MultiIndex.from_tuples(earlier, names=held.index.names))
    before = before.set_index(newest.index)
    judged = judged_differences(
        before["value_pct"],
        newest["value_pct"],
        before["respondent_count"].astype(float),
        newest["respondent_count"].astype(float),
    )
    names = {name: name.replace("difference", "change") for name in judged.columns}
    judged = judged.rename(columns=names)
    kept = ["change_points", "change_points_lower", "change_points_upper", "is_significant"]
    return judged[kept]


def _direction(change: pd.Series, is_significant: pd.Series) -> pd.Series:
    known = is_significant.astype("boolean")
    sign = pd.Series(np.sign(change.astype(float)), change.index)
    return sign.where(known.fillna(value=False).astype(bool), 0.0).mask(known.isna())


def _check(answers: pd.DataFrame) -> None:
    unknown = sorted(set(answers["question"]) - set(TOPICS))
    if unknown:
        message = f"engagement survey: question '{unknown[0]}' is none of {', '.join(TOPICS)}."
        raise DataContractError(message)
    too_many = answers["agree_count"] > answers["respondent_count"]
    if too_many.any():
        lines = ", ".join(str(row + 2) for row in answers.index[too_many][:3])
        message = f"engagement survey: line {lines}: more agree than were asked. Correct it."
        raise DataContractError(message)
