"""Which priorities of the previous plan to keep, change or review, and what to add."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.assessment.assessment import Assessment
from analysis.assessment.long_view import changes_of, three_year_changes
from analysis.assessment.priorities import PriorityMatrix, special_history, trend_window
from analysis.assessment.progress import FollowedPlan, PlannedPriority
from analysis.data.offences import load_offence_groups
from analysis.measures.false_discovery import judged
from analysis.priorities.verdicts import (
    Against,
    Standing,
    additions,
    judge_priority,
    sure_of_place,
)


@dataclass(frozen=True, eq=False)
class PriorityVerdicts:
    """What the figures say to do with each priority.

    Attributes
    ----------
    plan : FollowedPlan
    table : DataFrame, one row a priority, in the order of the plan
        ``priority``, ``label``, ``theme``, ``is_set_by_mayor``, ``verdict``, ``rule`` and
        ``certainty`` (as ``judge_priority`` gives them), ``best_item`` and ``best_rank`` on
        the matrix (nought where none is ranked), ``top_chance``, ``rising`` and ``falling``
        (items that moved beyond chance in two years, with their change in per cent),
        ``moved_to``, ``not_measured``, ``fell_over`` (when its survey fell, in words) and
        ``is_old`` (its newest survey figure is older than a year).
    added : DataFrame, likeliest first
        ``item``, ``label``, ``rank``, ``top_chance``, ``certainty``: high on the matrix, and
        in no priority.
    near : tuple of str
        Items in no priority that stand in a high place, but by less than even chance.
    """

    plan: FollowedPlan
    table: pd.DataFrame
    added: pd.DataFrame
    near: tuple[str, ...]


def priority_verdicts(
    assessment: Assessment,
    plan: FollowedPlan,
    progress: pd.DataFrame,
    matrix: PriorityMatrix,
) -> PriorityVerdicts:
    """The rules of ``judge_priority`` put to every priority of the plan.

    Parameters
    ----------
    assessment : Assessment
    plan : FollowedPlan
    progress : DataFrame
        As ``plan_progress`` returns it.
    matrix : PriorityMatrix

    Returns
    -------
    PriorityVerdicts

    Examples
    --------
    >>> from analysis.assessment.priorities import priority_matrix
    >>> from analysis.assessment.progress import followed_plan, plan_progress
    >>> harrow = Assessment.open("harrow")
    >>> plan = followed_plan(harrow)
    >>> progress, matrix = plan_progress(harrow, plan), priority_matrix(harrow)
    >>> result = priority_verdicts(harrow, plan, progress, matrix)
    >>> result.table.set_index("priority").loc["healthy_relationships", "rule"]
    'no_figures'
    """
    moves = _moves(assessment, matrix)
    covered = {item for each in plan.priorities for item in items_of(each)}
    rows = []
    for priority in plan.priorities:
        standing = _standing(priority, progress, matrix, moves, covered)
        ruling = judge_priority(standing, high_chance=matrix.params.verdicts.high_chance)
        rows.append(
            {
                "priority": priority.name,
                "label": priority.label,
                "theme": priority.theme,
                "is_set_by_mayor": priority.is_set_by_mayor,
                "verdict": ruling.verdict,
                "rule": ruling.rule,
                "certainty": ruling.certainty,
                **_best(priority, matrix),
                "top_chance": standing.top_chance,
                "rising": _of(priority, moves, rising=True),
                "falling": _of(priority, moves, rising=False),
                "moved_to": standing.moved_to,
                "not_measured": priority.not_measured,
                "fell_over": _fell_over(priority, progress),
                "is_old": standing.is_old,
            }
        )
    return PriorityVerdicts(plan, pd.DataFrame(rows), *_added(matrix, covered))


def items_of(priority: PlannedPriority) -> list[str]:
    """Items of the matrix that show a priority: its offence groups and its subjects."""
    return [*priority.groups, *priority.subjects]


def _standing(
    priority: PlannedPriority,
    progress: pd.DataFrame,
    matrix: PriorityMatrix,
    moves: dict[str, float],
    covered: set[str],
) -> Standing:
    ranked = [item for item in items_of(priority) if item in matrix.ranked]
    ranks = matrix.matrix["rank"]
    half = len(matrix.ranked) / 2
    places = matrix.params.verdicts.high_places
    return Standing(
        has_figures=bool(priority.measures or priority.subjects),
        is_only_wide=priority.is_only_wide and not priority.subjects,
        has_ranked_items=bool(ranked),
        is_high=any(int(ranks[item]) <= places for item in ranked),
        top_chance=max((matrix.top_chance(item) for item in ranked), default=0.0),
        is_rising=any(moves.get(item, 0) > 0 for item in ranked),
        is_falling=bool(ranked) and all(moves.get(item, 0) < 0 for item in ranked),
        is_low=bool(ranked) and all(int(ranks[item]) > half for item in ranked),
        moved_to=_moved_to(priority, moves, covered),
        against_london=_against_london(priority, progress),
        has_worsened=bool(_fell_over(priority, progress)),
        is_old=_is_old(priority, progress),
    )


def _moves(assessment: Assessment, matrix: PriorityMatrix) -> dict[str, float]:
    """Items that moved beyond chance in two years, with their change in per cent.

    Offence groups are judged together, and so is what is counted apart.
    """
    groups = list(matrix.items.index[~matrix.items["is_special"]])
    moves: dict[str, float] = {}
    for table in (three_year_changes(assessment, groups), _special_changes(assessment, matrix)):
        if len(table):
            real = table[table["is_significant"].fillna(value=False).astype(bool)]
            moves |= {str(name): float(change) for name, change in real["change_pct"].items()}
    return moves


def _special_changes(assessment: Assessment, matrix: PriorityMatrix) -> pd.DataFrame:
    """Changes of the special items, each over its own stretch, judged over all of them."""
    parts = []
    for special in matrix.params.special_items:
        series = special_history(assessment, special)[assessment.area.area_code]
        window = trend_window(assessment, special.name, series)
        if window is not None:
            parts.append(changes_of(assessment, {special.name: series}, *window))
    if not parts:
        return pd.DataFrame()
    table = pd.concat(parts)
    return table.assign(**judged(table["p_value"].mask(table["is_significant"].isna())))


def _moved_to(
    priority: PlannedPriority, moves: dict[str, float], covered: set[str]
) -> tuple[str, ...]:
    families = load_offence_groups()["family"]
    own = {families[group] for group in priority.groups}
    return tuple(
        group
        for group, change in moves.items()
        if change > 0 and group in families and families[group] in own and group not in covered
    )


def _against_london(priority: PlannedPriority, progress: pd.DataFrame) -> Against:
    """How a survey or rate that shows it stands; the first that is held."""
    if progress.empty:
        return "not held"
    own = progress[progress["priority"] == priority.name]
    stands = [each for each in own["standing"] if each != "not held"]
    return stands[0] if stands else "not held"


_FELL_OVER = {
    "verdict": "over the plan's years",
    "now_verdict": "since the plan's end",
    "longest_verdict": "over the longest stretch compared (at most five years)",
}


def _fell_over(priority: PlannedPriority, progress: pd.DataFrame) -> tuple[str, ...]:
    """When a survey that shows it fell beyond its sampling error, in words."""
    if progress.empty:
        return ()
    own = progress[
        (progress["priority"] == priority.name) & (progress["shown_by"] == "public_attitudes")
    ]
    return tuple(words for name, words in _FELL_OVER.items() if own[name].eq("fell").any())


def _is_old(priority: PlannedPriority, progress: pd.DataFrame) -> bool:
    """Whether the newest survey that shows it ended more than a year before the last month."""
    if progress.empty:
        return False
    own = progress[
        (progress["priority"] == priority.name) & (progress["shown_by"] == "public_attitudes")
    ]
    return bool(own["newest_age_months"].gt(12).any())


def _best(priority: PlannedPriority, matrix: PriorityMatrix) -> dict[str, object]:
    ranks = matrix.matrix["rank"].reindex(items_of(priority)).dropna()
    if ranks.empty:
        return {"best_item": "", "best_rank": 0}
    best = str(ranks.astype(int).idxmin())
    return {"best_item": best, "best_rank": int(ranks.min())}


def _of(
    priority: PlannedPriority, moves: dict[str, float], *, rising: bool
) -> tuple[tuple[str, float], ...]:
    own = [(item, moves[item]) for item in items_of(priority) if item in moves]
    return tuple(each for each in own if (each[1] > 0) == rising)


def _added(matrix: PriorityMatrix, covered: set[str]) -> tuple[pd.DataFrame, tuple[str, ...]]:
    rules = matrix.params.verdicts
    chances = {item: matrix.top_chance(item) for item in matrix.ranked}
    new = additions(chances, covered, high_chance=rules.high_chance)
    ranks = matrix.matrix["rank"]
    table = pd.DataFrame(
        [
            (
                item,
                matrix.label(item),
                int(ranks[item]),
                chances[item],
                sure_of_place(chances[item]),
            )
            for item in new
        ],
        columns=["item", "label", "rank", "top_chance", "certainty"],
    )
    near = tuple(
        item
        for item in matrix.ranked
        if int(ranks[item]) <= rules.high_places and item not in covered and item not in new
    )
    return table, near
