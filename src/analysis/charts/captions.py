"""Captions for charts of an assessed borough: what, where, when, on which record."""

from __future__ import annotations

import pandas as pd

from analysis.assessment import Assessment, Period
from analysis.charts.chart import Caption
from analysis.data.comparability import breaks_of
from analysis.data.figures import table_sources
from analysis.data.vintages import Basis, OffenceList, publications
from analysis.params.areas import borough_codes
from analysis.wording import editions, listed, month_text, number_word, period_words

Record = tuple[Basis, OffenceList]
# Whose record, on which offence list.

USUAL: Record = ("location", "current")

BOROUGHS = "32 London boroughs"

RESIDENTS = (
    "Residents: Office for National Statistics and Greater London Authority, mid-year "
    "estimates."
)
SEVERITY = "Severity weights: Office for National Statistics, Crime Severity Score."
# What a rate and a harm score rest on beside the offences.


def caption(
    assessment: Assessment,
    title: str,
    measure: str,
    *,
    chart_id: str,
    unit: str = "offences",
    period: Period | None = None,
    record: Record = USUAL,
    area: str = "",
    source: str = "",
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
    record : (basis, offence list)
    area : str
        Where; the borough unless it is given.
    source : str
        What it is from; the record of offences unless it is given.

    Returns
    -------
    Caption
    """
    return Caption(
        title=title,
        measure=measure,
        area=area or assessment.area.area_name,
        period=period_words(*(period or assessment.latest_year)),
        source=source or source_line(assessment, record),
        chart_id=chart_id,
        unit=unit,
    )


def drawn_boroughs(count: int) -> str:
    """The area of a chart that draws so many boroughs, not the report's alone.

    Examples
    --------
    >>> drawn_boroughs(32), drawn_boroughs(31)
    ('32 London boroughs', '31 of 32 London boroughs')
    """
    return BOROUGHS if count == len(borough_codes()) else f"{number_word(count)} of {BOROUGHS}"


def first_of(shown: int, held: int) -> str:
    """That a chart draws the highest of what is held, for its measure; empty where all.

    Examples
    --------
    >>> first_of(12, 22), first_of(12, 12)
    (', the 12 highest of 22', '')
    """
    return f", the {shown} highest of {held}" if shown < held else ""


def source_line(assessment: Assessment, record: Record = USUAL) -> str:
    """Publisher, basis and publication of the monthly figures, as a sentence.

    Examples
    --------
    >>> source_line(Assessment.open("harrow"), ("policing", "old"))
    'Metropolitan Police Service, recorded crime by borough, policing basis, old offence list,
    published January 2019.'
    """
    basis, offence_list = record
    if record == USUAL:
        where, held = "location basis", assessment.publications
    else:
        where = f"{basis} basis, {offence_list} offence list"
        held = [
            each
            for each in publications(basis, offence_list)
            if each <= (assessment.published_by or each)
        ]
    return (
        f"Metropolitan Police Service, recorded crime by borough, {where}, published "
        f"{editions(held)}."
    )


def table_source(table: str) -> str:
    """Publishers, titles and publication of an embedded table, as a sentence."""
    told, published = table_sources(table)
    return f"{told}, published {editions(published)}."


def spans(
    assessment: Assessment, measure: str, since: pd.Timestamp
) -> list[tuple[pd.Timestamp, pd.Timestamp, str]]:
    """Breaks to be drawn from a month on, each with the first and last month it touches.

    Examples
    --------
    >>> opened = Assessment.open("harrow")
    >>> first, last, label = spans(opened, "mopac7", pd.Timestamp("2020-01-01"))[0]
    >>> label, f"{first:%Y-%m}", f"{last:%Y-%m}"
    ('COVID restrictions', '2020-03', '2021-12')
    """
    seen_to = pd.Timestamp(assessment.as_of)
    found = [
        (
            max(pd.Timestamp(each.from_month), since),
            min(pd.Timestamp(each.to_month), seen_to),
            each.label,
        )
        for each in breaks_of(assessment.area.area_code, measure)
        if each.is_drawn
    ]
    return sorted(each for each in found if each[0] <= each[1])


def marks(
    assessment: Assessment, measure: str, since: pd.Timestamp, record: Record = USUAL
) -> list[tuple[pd.Timestamp, str]]:
    """Breaks to be drawn from a month on, in time order; those of one month share a mark.

    One that began before has no beginning on the chart: it is marked where it ends.

    Examples
    --------
    >>> opened = Assessment.open("hillingdon")
    >>> [label for _, label in marks(opened, "mopac7", pd.Timestamp("2024-01-01"))][:2]
    ['Heathrow apart: end', 'CONNECT']
    >>> month, label = marks(opened, "mopac7", pd.Timestamp("2021-08-01"))[0]
    >>> label, f"{month:%Y-%m}"
    ('COVID restrictions: end', '2021-12')
    """
    basis, offence_list = record
    seen_to = pd.Timestamp(assessment.as_of)
    labels: dict[pd.Timestamp, list[str]] = {}
    for each in breaks_of(
        assessment.area.area_code, measure, basis=basis, offence_list=offence_list
    ):
        first, last = pd.Timestamp(each.from_month), pd.Timestamp(each.to_month)
        if not each.is_drawn or last < since or first > seen_to:
            continue
        if first >= since:
            labels.setdefault(first, []).append(each.label)
        elif last <= seen_to:
            labels.setdefault(last, []).append(f"{each.label}: end")
        else:
            labels.setdefault(since, []).append(f"{each.label}: from {month_text(first)}")
    return [(month, listed(list(dict.fromkeys(labels[month])))) for month in sorted(labels)]
