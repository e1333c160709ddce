"""Numbers, months and names as reports print them, in charts and in sentences.

Everything here turns one value into text; nothing is added up or compared. Months are named
without the system's locale, so that a report reads the same on every machine.
"""

from __future__ import annotations

import math
import re
import unicodedata
from calendar import month_abbr, month_name
from collections.abc import Iterable, Sequence

import pandas as pd

MINUS = "\N{MINUS SIGN}"
# Screen readers say "minus" for this sign, and pass over a hyphen.

NO_BREAK = "\N{NO-BREAK SPACE}"
_WITH_UNIT = re.compile(
    r"(\bper(?= (?:\d|cent\b))"
    r"|(?<![\w.,])(?!(?:19|20)\d\d )\d[\d,.]*%?(?= (?!(?:and|or|to|in|of)\b)[a-z])) "
)
# What precedes a space at which a line must not end: "per" before a number, a number before
# its unit.

MONTHS = tuple(str(month_name[number]) for number in range(1, 13))
MONTHS_SHORT = tuple(str(month_abbr[number]) for number in range(1, 13))


def number(value: float, decimals: int = 0, *, signed: bool = False) -> str:
    """A number with thousands separators and a true minus sign.

    Parameters
    ----------
    value : float
    decimals : int
        Digits after the point.
    signed : bool
        Whether a positive number gets its plus sign, as a change does.

    Returns
    -------
    str
        ``"not available"`` where the value is missing.

    Examples
    --------
    >>> number(13838), number(4.25, 1), number(7, signed=True)
    ('13,838', '4.2', '+7')
    """
    if pd.isna(value):
        return "not available"
    text = f"{value:{'+' if signed else ''},.{decimals}f}"
    if float(text.replace(",", "")) == 0:
        text = text.lstrip("+-")
    return text.replace("-", MINUS)


def with_unit(value: float, unit: str = "", decimals: int = 0, *, signed: bool = False) -> str:
    """A number and its unit; a percent sign follows without a space.

    Examples
    --------
    >>> with_unit(12, "%", 1), with_unit(1230, "offences")
    ('12.0%', '1,230 offences')
    """
    text = number(value, decimals, signed=signed)
    if pd.isna(value) or not unit:
        return text
    return text + unit if unit == "%" else f"{text} {unit}"


def month_text(month: pd.Timestamp) -> str:
    """A month as ``April 2011``.

    Examples
    --------
    >>> month_text(pd.Timestamp("2011-04-01"))
    'April 2011'
    """
    return f"{MONTHS[month.month - 1]} {month.year}"


def period_text(months: Sequence[pd.Timestamp] | pd.Series) -> str:
    """First and last of some months.

    Examples
    --------
    >>> period_text(pd.Series(pd.to_datetime(["2012-03-01", "2011-04-01"])))
    'April 2011 to March 2012'
    """
    known = pd.Series(months).dropna()
    first, last = month_text(known.min()), month_text(known.max())
    return first if first == last else f"{first} to {last}"


def printable(name: object) -> str:
    """A name fit to print: an identifier such as ``theft_of_vehicle`` becomes words.

    Examples
    --------
    >>> printable("theft_of_vehicle"), printable("Kingston upon Thames")
    ('Theft of vehicle', 'Kingston upon Thames')
    """
    text = str(name)
    if text == text.casefold() and "_" in text:
        text = text.replace("_", " ")
        return text[:1].upper() + text[1:]
    return text


PLACES = ("London", "Heathrow")
# Names that open a label.


def in_sentence(label: str) -> str:
    """A label as it stands inside a sentence: abbreviations and names keep their capitals.

    Examples
    --------
    >>> in_sentence("Hate crime"), in_sentence("CONNECT"), in_sentence("London steps")
    ('hate crime', 'CONNECT', 'London steps')
    """
    if not label[1:2].islower() or label.split()[0] in PLACES:
        return label
    return label[:1].lower() + label[1:]


def listed(items: Sequence[str]) -> str:
    """Items joined as a sentence joins them.

    Examples
    --------
    >>> listed(["Sutton", "Bexley", "Harrow"])
    'Sutton, Bexley and Harrow'
    """
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def in_figures(count: int, singular: str) -> str:
    """A count in figures, for where there is no room for words.

    Examples
    --------
    >>> in_figures(1, "report"), in_figures(7, "report")
    ('1 report', '7 reports')
    """
    return f"{count:,} {singular}{'' if count == 1 else 's'}"


def editions(published: Iterable[object]) -> str:
    """When publications came out, each once and in the order given.

    Parameters
    ----------
    published : iterable
        ``YYYY-MM``, or ``YYYY`` where no month is known.

    Examples
    --------
    >>> editions(["2024-01", "2025-10", "2025-10"]), editions(["2017"])
    ('January 2024 and October 2025', '2017')
    """
    marks = dict.fromkeys(map(str, published))
    return listed([month_text(pd.Timestamp(each)) if "-" in each else each for each in marks])


def ordinal(position: int) -> str:
    """A place in an order.

    Examples
    --------
    >>> [ordinal(place) for place in (1, 2, 3, 11, 22)]
    ['1st', '2nd', '3rd', '11th', '22nd']
    """
    ending = {1: "st", 2: "nd", 3: "rd"}.get(position % 10, "th")
    if position % 100 in (11, 12, 13):
        ending = "th"
    return f"{position}{ending}"


def place_words(place: int, of: int) -> str:
    """A place in an order, named from the nearer end.

    Parameters
    ----------
    place : int
        Counted from the lowest, which is 1.
    of : int
        How many are ranked.

    Returns
    -------
    str
        Without the number ranked, so that a sentence can add ``of 32 boroughs``. The exact
        middle is named from the lowest.

    Raises
    ------
    ValueError
        If the place is not one of those ranked.

    Examples
    --------
    >>> [place_words(place, 32) for place in (1, 2, 16, 17, 31, 32)]
    ['lowest', '2nd lowest', '16th lowest', '16th highest', '2nd highest', 'highest']
    """
    if not 1 <= place <= of:
        raise ValueError(f"Place {place} is not one of {of}; count from the lowest, 1.")
    from_highest = of - place + 1
    end, nearer = ("lowest", place) if place <= from_highest else ("highest", from_highest)
    return end if nearer == 1 else f"{ordinal(nearer)} {end}"


def rank_range(low: int, high: int, of: int) -> str:
    """Ranks that chance leaves open, each end named from the nearer end of the order.

    Parameters
    ----------
    low, high : int
        First and last possible place, counted from the lowest, which is 1.
    of : int
        How many are ranked.

    Returns
    -------
    str
        Fit to follow ``from``; one place alone where ``low`` is ``high``.

    Examples
    --------
    >>> [rank_range(low, high, 32) for low, high in ((1, 4), (2, 4), (24, 31))]
    ['the lowest to 4th lowest', '2nd to 4th lowest', '2nd to 9th highest']
    >>> rank_range(9, 24, 32), rank_range(29, 32, 32), rank_range(1, 32, 32)
    ('9th lowest to 9th highest', 'the highest to 4th highest', 'the lowest to the highest')
    """
    ends = [place_words(low, of), place_words(high, of)]
    if low == high:
        return ends[0]
    if all(end.endswith("highest") for end in ends):
        ends.reverse()
    words = [f"the {end}" if end in ("lowest", "highest") else end for end in ends]
    first, last = (end.split()[-1] for end in ends)
    if first == last and not words[0].startswith("the "):
        words[0] = words[0].removesuffix(f" {first}")
    return " to ".join(words)


def rank_range_brief(low: int, high: int, of: int) -> str:
    """Ranks that chance leaves open, all from the end that is nearer: for headings.

    Parameters
    ----------
    low, high : int
        First and last possible place, counted from the lowest, which is 1.
    of : int
        How many are ranked.

    Examples
    --------
    >>> [rank_range_brief(low, high, 32) for low, high in ((2, 4), (11, 19), (29, 30))]
    ['2nd to 4th lowest', '11th to 19th lowest', '3rd to 4th highest']
    """
    if low + high <= of + 1:
        return f"{ordinal(low)} to {ordinal(high)} lowest"
    return f"{ordinal(of - high + 1)} to {ordinal(of - low + 1)} highest"


def place_and_range(place: int, low: int, high: int, of: int) -> tuple[str, str]:
    """A place and the ranks that chance leaves open, all counted from one end.

    Parameters
    ----------
    place, low, high : int
        Counted from the lowest, which is 1; the end that is nearer to the range is chosen, as
        in ``rank_range_brief``.
    of : int
        How many are ranked.

    Returns
    -------
    tuple of str
        The place, as ``place_words`` has it, and the range, fit to follow ``from``.

    Examples
    --------
    >>> place_and_range(17, 3, 17, 32)
    ('17th lowest', '3rd to 17th lowest')
    >>> place_and_range(31, 29, 32, 32), place_and_range(2, 1, 4, 32)
    (('2nd highest', 'the highest to 4th highest'), ('2nd lowest', 'the lowest to 4th lowest'))
    """
    if low + high <= of + 1:
        end, counted_so = "lowest", [place, low, high]
    else:
        end, counted_so = "highest", [of + 1 - each for each in (place, high, low)]
    mine, first, last = counted_so
    other_end = "the lowest" if end == "highest" else "the highest"
    start = f"the {end}" if first == 1 else ordinal(first)
    stop = other_end if last == of else f"{ordinal(last)} {end}"
    return end if mine == 1 else f"{ordinal(mine)} {end}", f"{start} to {stop}"


def unbroken(text: str) -> str:
    r"""Text whose numbers stay on one line with their unit, by no-break spaces.

    A year is no number with a unit: a line may end after it, and before it.

    Parameters
    ----------
    text : str
        As a sentence has it.

    Returns
    -------
    str
        The same words; only spaces are exchanged.

    Examples
    --------
    >>> unbroken("61 per 1,000 residents in May 2025").split(" ")
    ['61\xa0per\xa01,000\xa0residents', 'in', 'May', '2025']
    """
    return _WITH_UNIT.sub(f"\\1{NO_BREAK}", text)


def fitting_decimals(values: pd.Series) -> int:
    """Digits after the point that tell such values apart: none for counts.

    Examples
    --------
    >>> fitting_decimals(pd.Series([12, 7])), fitting_decimals(pd.Series([0.84, 0.9]))
    (0, 2)
    """
    numbers = [abs(float(value)) for value in values.dropna() if math.isfinite(value)]
    if not numbers or all(value == round(value) for value in numbers):
        return 0
    return 2 if max(numbers) < 5 else 1


def year_ending(month: str) -> str:
    """Twelve months by their last.

    Examples
    --------
    >>> year_ending("2025-05")
    'year to May 2025'
    """
    return f"year to {month_text(pd.Timestamp(month))}"


def period_words(first: str, last: str) -> str:
    """A period by its first and last month.

    Examples
    --------
    >>> period_words("2011-04", "2012-03")
    'April 2011 to March 2012'
    """
    return period_text(pd.Series(pd.to_datetime([first, last])))


def risen_or_fallen(change: float) -> str:
    """Direction of a change, as a verb in the past.

    Examples
    --------
    >>> risen_or_fallen(-2), risen_or_fallen(3), risen_or_fallen(0)
    ('fell', 'rose', 'did not change')
    """
    if change == 0:
        return "did not change"
    return "rose" if change > 0 else "fell"


def range_words(lower: float, upper: float, unit: str = "", decimals: int = 1) -> str:
    """An interval of changes, each with its sign.

    Examples
    --------
    >>> range_words(-8.2, 1.04, "%")
    '−8.2% to +1.0%'
    """
    ends = [with_unit(value, unit, decimals, signed=True) for value in (lower, upper)]
    return " to ".join(ends)


_WORDS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


def number_word(count: int) -> str:
    """A small count as a word.

    Examples
    --------
    >>> number_word(0), number_word(3), number_word(12)
    ('none', 'three', '12')
    """
    if count == 0:
        return "none"
    return _WORDS[count].casefold() if count < len(_WORDS) else number(count)


def counted(count: int, singular: str, plural: str = "") -> str:
    """A count with its noun, small ones in words, fit to open a sentence.

    Examples
    --------
    >>> counted(3, "offence group"), counted(1, "month"), counted(12, "day")
    ('Three offence groups', 'One month', '12 days')
    """
    word = _WORDS[count] if count < len(_WORDS) else number(count)
    return f"{word} {singular if count == 1 else plural or singular + 's'}"


def chance_words(probability: float) -> str:
    """A probability in whole per cent, never as nought or certainty.

    Examples
    --------
    >>> chance_words(0.114), chance_words(0.002), chance_words(0.999)
    ('about 11%', 'under 1%', 'over 99%')
    """
    if probability < 0.01:
        return "under 1%"
    return "over 99%" if probability > 0.99 else f"about {100 * probability:.0f}%"


def slug(text: str) -> str:
    """Text as an anchor: small letters, digits and hyphens.

    Examples
    --------
    >>> slug("Is residential burglary rising?")
    'is-residential-burglary-rising'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-") or "section"
