"""What moved and where it ranks, as several findings tell it, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import pandas as pd

from analysis.findings.finding import Certainty
from analysis.wording import (
    counted,
    listed,
    number_word,
    place_and_range,
    range_words,
    rank_range,
    with_unit,
)

NAMED = 2
# As many as a key finding names of a longer list; its section names all.

CLOSE_RANKS = 3
# A range of ranks this wide or narrower places a borough.

MOST_WORDS = 50
# Of a key finding: it is read at the top of the report.

Named = TypeVar("Named")


def movers(verb: str, rows: pd.DataFrame, in_words: Callable[[str, pd.Series], str]) -> str:
    """All that moved one way, each in words; empty where nothing did.

    Parameters
    ----------
    verb : str
        What they did, as it opens the sentence.
    rows : DataFrame
        One a mover, in the order told.
    in_words : callable
        Name and row of one into words.

    Examples
    --------
    >>> rows = pd.DataFrame({"change_pct": [48, 9]}, ["shoplifting", "robbery"])
    >>> movers("rose", rows, lambda name, row: f"{name} (+{row['change_pct']}%)")
    'Rose: shoplifting (+48%) and robbery (+9%).'
    """
    if rows.empty:
        return ""
    named = [in_words(str(name), row) for name, row in rows.iterrows()]
    return f"{verb[:1].upper()}{verb[1:]}: {listed(named)}."


def across(stepped: int, of: int) -> str:
    """How many of some changes hold a step of all London, as a sentence; empty for none.

    Examples
    --------
    >>> across(2, 4)
    'Two of them stepped within one month across London, perhaps by recording.'
    >>> across(1, 1)
    'It stepped within one month across London, perhaps by recording.'
    """
    if not stepped:
        return ""
    if stepped == of:
        who = "It" if of == 1 else "All"
    else:
        who = f"{number_word(stepped).capitalize()} of them"
    return f"{who} stepped within one month across London, perhaps by recording."


def like_words(row: pd.Series) -> str:
    """Change over like months since a step, with its interval.

    Examples
    --------
    >>> like_words(
    ...     pd.Series({"like_change_pct": 10.2, "like_change_pct_lower": -3.14,
    ...                "like_change_pct_upper": 25.4})
    ... )
    '+10.2% (95% interval −3.1 to +25.4)'
    """
    limits = range_words(row["like_change_pct_lower"], row["like_change_pct_upper"])
    return f"{with_unit(row['like_change_pct'], '%', 1, signed=True)} (95% interval {limits})"


def first_named(names: list[str], shown: int = NAMED) -> str:
    """The first of a list, and how many more there are.

    One more than is shown is named too: its name is hardly longer than its number.

    Examples
    --------
    >>> first_named(["theft", "robbery", "arson"])
    'theft, robbery and arson'
    >>> first_named(["theft", "robbery", "arson", "fraud"])
    'theft, robbery and two others'
    """
    if len(names) <= shown + 1:
        return listed(names)
    return listed([*names[:shown], counted(len(names) - shown, "other").casefold()])


def told_within(
    tell: Callable[[Sequence[Named]], str],
    names: Sequence[Named],
    most: int = MOST_WORDS,
    *,
    least: int = 1,
) -> str:
    """A sentence that names as many of some things as its length allows.

    Parameters
    ----------
    tell : callable
        Names that are told, in order, into the whole sentence; it counts the others itself.
    names : sequence
        What there is to name, what must not be left out first.
    most : int
        Words the sentence may have.
    least : int
        So many are named whatever their length.

    Examples
    --------
    >>> told_within(lambda some: f"Rose: {listed(some)}.", ["rape", "theft", "arson"], 4)
    'Rose: rape and theft.'
    """
    for shown in range(len(names), least, -1):
        sentence = tell(names[:shown])
        if len(sentence.split()) <= most:
            return sentence
    return tell(names[:least])


def false_alarms(of_what: str, one: str) -> str:
    """Why a verdict over many looked at together is not quite sure, as a clause.

    Examples
    --------
    >>> false_alarms("groups", "group").split(",")[0]
    "scatter is learnt from each group's own months"
    """
    return (
        f"scatter is learnt from each {one}'s own months, and no more than about one in twenty "
        f"of the {of_what} called changed is a false alarm (false-discovery rate 5%)"
    )


def ranks_left_open(low: int, high: int, of: int) -> str:
    """Which ranks chance leaves open, as a clause.

    Examples
    --------
    >>> ranks_left_open(2, 4, 32), ranks_left_open(32, 32, 32)
    ('chance could put it anywhere from 2nd to 4th lowest', 'chance leaves it no other rank')
    """
    if low == high:
        return "chance leaves it no other rank"
    return f"chance could put it anywhere from {rank_range(low, high, of)}"


def sure_of_ranks(low: int, high: int) -> Certainty:
    """How sure a rank is, by the ranks left open: one scale for every report.

    Examples
    --------
    >>> sure_of_ranks(1, 4), sure_of_ranks(1, 5)
    ('high', 'moderate')
    """
    return "high" if high - low <= CLOSE_RANKS else "moderate"


def placed(place: int, low: int, high: int, of: int) -> tuple[str, str]:
    """A place, and which ranks chance leaves open as a clause, counted from the same end.

    Examples
    --------
    >>> placed(17, 3, 17, 32)
    ('17th lowest', 'chance could put it anywhere from 3rd to 17th lowest')
    >>> placed(32, 32, 32, 32)
    ('highest', 'chance leaves it no other rank')
    """
    mine, left_open = place_and_range(place, low, high, of)
    return mine, (
        ranks_left_open(low, high, of)
        if low == high
        else f"chance could put it anywhere from {left_open}"
    )
