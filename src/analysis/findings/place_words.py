"""Places, measures and intervals as the findings on places put them."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from analysis.assessment import Assessment
from analysis.data.offences import measure_label
from analysis.findings.finding import Finding
from analysis.wording import counted, listed, month_text, with_unit

NAMED = 5
# As many places as a sentence carries.


def month_of(month: object) -> str:
    """A month as ``2024-07``."""
    return f"{pd.Timestamp(str(month)):%Y-%m}"


def percent(value: Any, decimals: int = 1) -> str:
    """A percentage, to a tenth unless said otherwise.

    Examples
    --------
    >>> percent(22.16), percent(5.0, 0)
    ('22.2%', '5%')
    """
    return with_unit(float(value), "%", decimals)


def interval(
    row: pd.Series, name: str, decimals: int = 1, unit: str = "%", *, signed: bool = False
) -> str:
    """The limits of a value of a row, in words.

    Examples
    --------
    >>> interval(pd.Series({"hit_pct_lower": 20.9, "hit_pct_upper": 23.4}), "hit_pct")
    '20.9% to 23.4%'
    """
    ends = (
        with_unit(row[f"{name}_{end}"], unit, decimals, signed=signed)
        for end in ("lower", "upper")
    )
    return " to ".join(ends)


def wards_told(wards: pd.Series) -> str:
    """Wards with how many places lie in each, most first."""
    found = Counter(wards.astype(str)).most_common()
    named = [f"{ward} ({times})" if times > 1 else ward for ward, times in found[:NAMED]]
    more = len(found) - NAMED
    return listed([*named, counted(more, "other ward").casefold()] if more > 0 else named)


def by_ward(
    wards: pd.Series, values: list[str], shown: int = NAMED, *, between: str = ""
) -> str:
    """Small areas by the ward they lie in, those of one ward together.

    Parameters
    ----------
    wards : Series
        Ward of each small area, in the order told.
    values : list of str
        What is told of each.
    shown : int
        Small areas told; the rest are left out.
    between : str
        What stands between the values of one ward, where they are not simply listed.

    Examples
    --------
    >>> wards = pd.Series(["Stonebridge", "Harlesden", "Stonebridge"])
    >>> by_ward(wards, ["21", "18", "16"])
    'Stonebridge (21 and 16) and Harlesden (18)'
    """
    told: dict[str, list[str]] = {}
    for ward, value in list(zip(wards.astype(str), values, strict=True))[:shown]:
        told.setdefault(ward, []).append(value)
    return listed(
        [
            f"{ward} ({between.join(each) if between else listed(each)})"
            for ward, each in told.items()
        ]
    )


LONGEST_WARDS = 8
# Words of wards that leave a heading two more: a ward may be "St Mary's & St James".


def heading_wards(wards: pd.Series) -> str:
    """At most two wards, so that a heading keeps its length."""
    found = [ward for ward, _ in Counter(wards.astype(str)).most_common()]
    others = counted(len(found) - 1, "other ward").casefold()
    told = listed(found) if len(found) <= 2 else f"{found[0]} and {others}"
    return (
        told if len(told.split()) <= LONGEST_WARDS else counted(len(found), "ward").casefold()
    )


def measure_told(name: str) -> str:
    """What is counted by place, as it stands in a sentence: crime has not always a place.

    Examples
    --------
    >>> measure_told("total"), measure_told("shoplifting")
    ('crime with a place', 'shoplifting')
    """
    return "crime with a place" if name == "total" else measure_label(name, in_sentence=True)


def measures_told(names: pd.Index) -> str:
    """Offence groups as they stand in a sentence."""
    return listed([measure_told(str(name)) for name in names])


def not_seen(assessment: Assessment, heading: str, years: int = 1) -> Finding:
    """A section that needs more of the small-area figures than the assessment may see."""
    until = month_text(pd.Timestamp(assessment.asked_as_of or assessment.as_of))
    return Finding(
        heading=heading,
        sentence=(
            "Offences by small area are held for two recent years alone, and "
            f"{counted(years, 'whole year').casefold()} with enough offences "
            f"{'is' if years == 1 else 'are'} needed; to {until} there "
            f"{'is' if years == 1 else 'are'} not."
        ),
        certainty="not known",
        because="the figures do not reach so far",
        is_key=False,
    )
