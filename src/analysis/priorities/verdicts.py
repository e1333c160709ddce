"""Whether a priority is kept, changed or reviewed, and what should be added: rules in order.

The rules are few and stated, so that a partnership can see which one spoke and overrule it.
They judge from the figures alone: whether a priority's work did any good is another
question, and a priority may be right for reasons that no figure holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["keep", "change", "review"]
Certainty = Literal["high", "moderate", "low"]
Against = Literal["worse", "better", "unclear", "not held"]

FAIR_CHANCE = 0.66
# Twice as often as not.

CLEAR_CHANCE = 0.9
# A chance of nine in ten leaves little doubt; below it a verdict is one among others.

MOST_WEIGHT_PCT = 75.0
HALF_WEIGHT_PCT = 50.0
# Share of all weight scored: with less than half, most of the mean is not known.


@dataclass(frozen=True)
class Standing:
    """What the figures say of one priority of a plan.

    Attributes
    ----------
    has_figures : bool
        Whether anything held shows it.
    is_only_wide : bool
        Whether its only measure is a total of nearly all crime.
    has_ranked_items : bool
        Whether the matrix ranks any of what shows it.
    is_high : bool
        Whether the best of those is in a high place on the matrix.
    top_chance : float
        Largest chance of one of them being among the high places.
    is_rising : bool
        Whether any of them rose beyond chance in two years.
    is_falling : bool
        Whether all of them fell beyond chance, and none is unjudged.
    is_low : bool
        Whether all of them are in the lower half of the matrix.
    moved_to : tuple of str
        Offences of the same family, in no priority, that rose beyond chance.
    against_london : {"worse", "better", "unclear", "not held"}
        How a survey or rate that shows it stands to London's.
    has_worsened : bool
        Whether such a survey fell beyond its sampling error, in the plan, since, or over the
        longest span held.
    is_old : bool
        Whether that survey's newest figure is older than a year.
    """

    has_figures: bool = True
    is_only_wide: bool = False
    has_ranked_items: bool = True
    is_high: bool = False
    top_chance: float = 0.0
    is_rising: bool = False
    is_falling: bool = False
    is_low: bool = False
    moved_to: tuple[str, ...] = ()
    against_london: Against = "not held"
    has_worsened: bool = False
    is_old: bool = False


@dataclass(frozen=True)
class Judgement:
    """A verdict, the rule that gave it, and how sure it is."""

    verdict: Verdict
    rule: str
    certainty: Certainty


def judge_priority(standing: Standing, *, high_chance: float = 0.5) -> Judgement:
    """The first rule that speaks for a priority.

    Parameters
    ----------
    standing : Standing
    high_chance : float in (0, 1)
        Chance of the high places from which something is high.

    Returns
    -------
    Judgement
        ``rule`` is one of, in the order in which they are asked: ``no_figures`` (change: give
        it a measure), ``too_wide`` (change: its measure counts nearly all crime), ``moved``
        (change: it fell while others of its family rose), ``high`` (keep), ``rising`` (keep),
        ``worse_than_london`` (keep), ``worsened`` (keep), ``cannot_follow`` (change: set a
        new base),
        ``low_and_falling`` (review whether to drop it), ``figures_old`` (keep: better than
        London, on figures too old to drop it by), ``better_than_london`` (review),
        ``middling`` (keep: no ground to drop it).

    Examples
    --------
    >>> judge_priority(Standing(top_chance=0.95)).rule
    'high'
    >>> judge_priority(Standing(is_falling=True, is_low=True)).verdict
    'review'
    """
    rules: tuple[tuple[bool, Verdict, str, Certainty], ...] = (
        (not standing.has_figures, "change", "no_figures", "high"),
        (standing.is_only_wide, "change", "too_wide", "high"),
        (bool(standing.moved_to) and standing.is_falling, "change", "moved", "moderate"),
        (_is_high(standing, high_chance), "keep", "high", sure_of_place(standing.top_chance)),
        (standing.is_rising, "keep", "rising", "moderate"),
        (standing.against_london == "worse", "keep", "worse_than_london", "low"),
        (standing.has_worsened, "keep", "worsened", "moderate"),
        (_cannot_follow(standing), "change", "cannot_follow", "moderate"),
        (standing.is_falling and standing.is_low, "review", "low_and_falling", "moderate"),
        (_only_better(standing) and standing.is_old, "keep", "figures_old", "low"),
        (_only_better(standing), "review", "better_than_london", "low"),
    )
    for speaks, verdict, rule, certainty in rules:
        if speaks:
            return Judgement(verdict, rule, certainty)
    return Judgement("keep", "middling", "low")


def additions(
    top_chances: dict[str, float], covered: set[str], *, high_chance: float = 0.5
) -> list[str]:
    """What is high on the matrix and in no priority, likeliest first.

    Examples
    --------
    >>> additions({"shoplifting": 0.9, "rape": 0.8, "arson": 0.1}, {"rape"})
    ['shoplifting']
    """
    high = [name for name, chance in top_chances.items() if chance >= high_chance]
    new = [name for name in high if name not in covered]
    return sorted(new, key=lambda name: (-top_chances[name], name))


def sure_of_place(chance: float) -> Certainty:
    """How sure it is that something belongs among the high places.

    Examples
    --------
    >>> sure_of_place(0.95), sure_of_place(0.7), sure_of_place(0.6)
    ('high', 'moderate', 'low')
    """
    if chance >= CLEAR_CHANCE:
        return "high"
    return "moderate" if chance >= FAIR_CHANCE else "low"


def sure_of_first(chance: float, scored_pct: float) -> Certainty:
    """How sure a first place is: as sure as its chance, and no surer than what is scored.

    Parameters
    ----------
    chance : float in [0, 1]
        Of being among the high places.
    scored_pct : float
        Share of all weight on which it is scored.

    Examples
    --------
    >>> sure_of_first(0.95, 87.5), sure_of_first(0.95, 60.0), sure_of_first(0.95, 37.5)
    ('high', 'moderate', 'low')
    """
    if scored_pct < HALF_WEIGHT_PCT:
        return "low"
    certainty = sure_of_place(chance)
    return "moderate" if certainty == "high" and scored_pct < MOST_WEIGHT_PCT else certainty


def _is_high(standing: Standing, high_chance: float) -> bool:
    return standing.is_high or standing.top_chance >= high_chance


def _cannot_follow(standing: Standing) -> bool:
    """Nothing ranked, and no survey or rate that could be judged instead."""
    return not standing.has_ranked_items and standing.against_london == "not held"


def _only_better(standing: Standing) -> bool:
    return not standing.has_ranked_items and standing.against_london == "better"
