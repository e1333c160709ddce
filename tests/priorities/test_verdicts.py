"""Each rule speaks where it should, and in its turn."""

from __future__ import annotations

import pytest

from analysis.priorities.verdicts import Standing, additions, judge_priority

CASES = [
    # what the figures say, verdict, rule, certainty
    (Standing(has_figures=False, has_ranked_items=False), "change", "no_figures", "high"),
    (Standing(is_only_wide=True, has_ranked_items=False), "change", "too_wide", "high"),
    (Standing(is_falling=True, moved_to=("arson",)), "change", "moved", "moderate"),
    (Standing(is_high=True, top_chance=0.95), "keep", "high", "high"),
    (Standing(is_high=True, top_chance=0.66), "keep", "high", "moderate"),
    (Standing(is_high=True, top_chance=0.6), "keep", "high", "low"),
    (Standing(is_high=True, top_chance=0.2), "keep", "high", "low"),
    (Standing(top_chance=0.5), "keep", "high", "low"),
    (Standing(top_chance=0.49), "keep", "middling", "low"),
    (Standing(is_rising=True, is_low=True), "keep", "rising", "moderate"),
    (Standing(against_london="worse"), "keep", "worse_than_london", "low"),
    (
        Standing(against_london="better", has_worsened=True, has_ranked_items=False),
        "keep",
        "worsened",
        "moderate",
    ),
    (Standing(has_ranked_items=False), "change", "cannot_follow", "moderate"),
    (Standing(is_falling=True, is_low=True), "review", "low_and_falling", "moderate"),
    (Standing(is_falling=True), "keep", "middling", "low"),
    (Standing(is_low=True), "keep", "middling", "low"),
    (
        Standing(has_ranked_items=False, against_london="better"),
        "review",
        "better_than_london",
        "low",
    ),
    (
        Standing(has_ranked_items=False, against_london="better", is_old=True),
        "keep",
        "figures_old",
        "low",
    ),
    (Standing(has_ranked_items=False, against_london="unclear"), "keep", "middling", "low"),
]


@pytest.mark.parametrize(("standing", "verdict", "rule", "certainty"), CASES)
def test_the_rule_that_speaks(
    standing: Standing, verdict: str, rule: str, certainty: str
) -> None:
    judged = judge_priority(standing)
    assert (judged.verdict, judged.rule, judged.certainty) == (verdict, rule, certainty)


def test_a_rise_elsewhere_is_no_move_while_the_priority_itself_does_not_fall() -> None:
    assert judge_priority(Standing(moved_to=("arson",))).rule == "middling"


def test_being_high_comes_before_falling() -> None:
    standing = Standing(is_high=True, top_chance=0.7, is_falling=True, is_low=True)
    assert judge_priority(standing).verdict == "keep"


def test_a_stricter_line_leaves_less_high() -> None:
    standing = Standing(top_chance=0.6)
    assert judge_priority(standing, high_chance=0.5).rule == "high"
    assert judge_priority(standing, high_chance=0.7).rule == "middling"


def test_added_is_what_is_high_and_not_covered_likeliest_first() -> None:
    chances = {"rape": 0.9, "arson": 0.5, "robbery": 0.95, "weapons": 0.49}
    assert additions(chances, {"robbery"}) == ["rape", "arson"]
    assert additions(chances, set(chances)) == []
