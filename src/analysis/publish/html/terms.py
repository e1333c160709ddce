"""What the words of a report mean, and how such a number is measured, for any reader.

Only words that a report uses are explained in it. The wording is for a reader without
training; the methods with their references are in ``docs/methods.md``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A word of the reports; ``pattern`` finds it in the page, ``meaning`` explains it."""

    name: str
    pattern: str
    meaning: str


TERMS = (
    Term(
        "How sure",
        r"How sure:",
        "High, moderate, low or not known: how well the figures bear the finding out, with "
        "chance, recording and gaps considered. The reason stands after the word.",
    ),
    Term(
        "Offences recorded",
        r"recorded",
        "What was reported to the police or found by them, and recorded. It is not all that "
        "was committed, and it moves when reporting or recording does.",
    ),
    Term(
        "95% interval",
        r"95% (?:interval|limit)",
        "What chance leaves open: of intervals made in this way, 95 in 100 hold the true "
        "value. What is wrong in the record itself comes on top.",
    ),
    Term(
        "80% range",
        r"80% range",
        "Of a forecast: eight outcomes in ten are expected inside it, one below, one above.",
    ),
    Term(
        "Could be chance",
        r"could be chance|no clear change|within chance|[Bb]eyond chance",
        "Months scatter by themselves. A change no larger than that scatter, judged over all "
        "offence groups together, is not called a rise or a fall.",
    ),
    Term(
        "Unlikely, likely",
        r"\b(?:un)?likely\b|remote chance|realistic possibility|almost certain",
        "The yardstick of British intelligence assessment: a remote chance up to 7%, highly "
        "unlikely to 22%, unlikely to 37%, a realistic possibility to 52%, likely to 77%, "
        "highly likely to 92%, almost certain above.",
    ),
    Term(
        "Per 1,000",
        r"per 1,000",
        "For each 1,000 residents by the mid-year estimate, or of whom the unit names.",
    ),
    Term(
        "12 months to a month",
        r"12 months to",
        "That month and the eleven before it, so that the seasons cancel.",
    ),
    Term(
        "Location basis, policing basis",
        r"(?:location|policing) basis",
        "Counted in the borough where the offence happened, or in the borough whose police "
        "are credited with it.",
    ),
    Term(
        "Current and old offence list",
        r"offence list",
        "The Metropolitan Police's groups of offences since 2019, or those until then. Some "
        "offences changed group in between.",
    ),
    Term(
        "MOPAC 7",
        r"MOPAC 7",
        "The seven offence groups that the Mayor's police and crime plan of 2013 to 2016 set "
        "out to reduce: violence with injury, robbery, burglary, theft of and from motor "
        "vehicles, theft from the person, and criminal damage.",
    ),
    Term(
        "Harm",
        r"\bharm\b",
        "Offences weighted by how severe each is, as the sentences that courts pass show, on "
        "the scale that the chart or table names.",
    ),
    Term(
        "Small area (LSOA)",
        r"LSOA",
        "Lower-layer super output area of the 2021 census: home to about 1,000 to 3,000 "
        "people. It has no name of its own, so its ward is named beside it.",
    ),
    Term(
        "PAI, prediction accuracy index",
        r"\bPAI\b",
        "Of places chosen beforehand: their share of later crime over their share of places. "
        "It is 1 where places were drawn blindly.",
    ),
    Term(
        "PEI, prediction efficiency index",
        r"\bPEI\b",
        "Of places chosen beforehand: the later crime they held over what the best choice of "
        "as many would have held. It is 1 at best.",
    ),
    Term(
        "Moran's I",
        r"Moran's I\b",
        "Whether neighbouring areas are alike: near 0 where crime is scattered anyhow, towards "
        "1 where high stands by high and low by low. Its p is how often chance alone gives as "
        "much.",
    ),
    Term(
        "Standard deviation",
        r"standard deviation",
        "The usual spread of many values: about two in three lie within one of their mean, 19 "
        "in 20 within two.",
    ),
    Term(
        "Correlation",
        r"[Cc]orrelation",
        "How far two things go together: 1 in step, 0 no link, −1 the one up where the other "
        "is down. It does not say that one brings about the other.",
    ),
    Term(
        "Worth, drawn at random",
        r"[Ww]orth, drawn at random",
        "Of a survey that is weighted or asks neighbours together: how many persons drawn one "
        "by one would scatter as little.",
    ),
)


def terms_used(text: str) -> list[Term]:
    """The terms that occur in a page, in the order they are explained.

    Examples
    --------
    >>> [term.name for term in terms_used("60.9 per 1,000 (95% interval 60 to 62)")]
    ['95% interval', 'Per 1,000']
    """
    return [term for term in TERMS if re.search(term.pattern, text)]
