"""Captions for charts of an assessed borough: what, where, when, on which record."""

from __future__ import annotations

import pandas as pd

from analysis.assessment import Assessment, Period
from analysis.charts.chart import Caption
from analysis.wording import listed, month_text, period_words


def caption(
    assessment: Assessment,
    title: str,
    measure: str,
    *,
    chart_id: str,
    unit: str = "offences",
    period: Period | None = None,
) -> Caption:
    """A caption with the borough's name, period and source filled in.

    Parameters
    ----------
    assessment : Assessment
    title : str
        The finding.
    measure : str
        What is drawn, in words, with its unit.
    chart_id : str
        Anchor and file name.
    unit : str
        After each number.
    period : (first, last) month, optional
        Default the latest year.

    Returns
    -------
    Caption
    """
    return Caption(
        title=title,
        measure=measure,
        area=assessment.area.area_name,
        period=period_words(*(period or assessment.latest_year)),
        source=source_line(assessment),
        chart_id=chart_id,
        unit=unit,
    )


def source_line(assessment: Assessment) -> str:
    """Publisher, basis and publication of the monthly figures, as a sentence."""
    published = [month_text(pd.Timestamp(each)) for each in assessment.publications]
    return (
        "Metropolitan Police Service, recorded crime by borough, location basis, published "
        f"{listed(published)}."
    )


def marks(
    assessment: Assessment, measure: str, since: pd.Timestamp
) -> list[tuple[pd.Timestamp, str]]:
    """Breaks to be drawn from a month on, in time order; those of one month share a mark.

    Examples
    --------
    >>> opened = Assessment.open("hillingdon")
    >>> marks(opened, "mopac7", pd.Timestamp("2024-01-01"))[0][1]
    'CONNECT and Heathrow joins'
    """
    breaks = assessment.breaks(measure)
    drawn = breaks[breaks["is_drawn"] & (breaks["month"] >= since)]
    return [
        (pd.Timestamp(str(month)), listed(list(labels)))
        for month, labels in drawn.groupby("month")["label"]
    ]
