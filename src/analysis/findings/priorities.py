"""Sentences on the priority matrix, on what to keep, change or add, and on people's views."""

from __future__ import annotations

import pandas as pd

from analysis.assessment import Assessment
from analysis.assessment.priorities import USUAL_STRETCH, PriorityMatrix
from analysis.assessment.priority_verdicts import PriorityVerdicts
from analysis.findings.change_words import MOST_WORDS, first_named
from analysis.findings.finding import Certainty, Finding
from analysis.findings.loading import records_not_loaded
from analysis.params.priorities import Criterion
from analysis.priorities.verdicts import (
    CLEAR_CHANCE,
    FAIR_CHANCE,
    HALF_WEIGHT_PCT,
    MOST_WEIGHT_PCT,
    sure_of_first,
)
from analysis.wording import (
    chance_words,
    counted,
    in_sentence,
    listed,
    month_text,
    number,
    number_word,
    ordinal,
    with_unit,
)

TOLD = 3
# Items named in a sentence.

MOST_KEPT_NAMED = 3
# Priorities to keep that are named one by one.


def matrix(assessment: Assessment, result: PriorityMatrix) -> Finding:
    """What comes first on the matrix, and why.

    Parameters
    ----------
    assessment : Assessment
    result : PriorityMatrix

    Returns
    -------
    Finding
    """
    area, leading = assessment.area.area_name, _leading(result)
    if not leading:
        return Finding(
            heading=f"Nothing in {area} has figures enough to be ranked",
            sentence="No offence is scored on enough criteria.",
            certainty="not known",
            because="too few figures are held by then",
        )
    firsts = [item for item in leading if result.matrix["rank"][item] == 1]
    others = [_in_words(result, item) for item in leading]
    scored = _scored_criteria(result)
    unscored = [c.label.lower() for c in result.params.criteria if c not in scored]
    chance = min(float(result.stability[_top(result)][item]) for item in firsts)
    weight = min(float(result.matrix["scored_pct"][item]) for item in firsts)
    return Finding(
        heading=(
            f"{_capital(result.label(firsts[0]))} scores highest as a priority"
            if len(firsts) == 1
            else f"{_capital(number_word(len(firsts)))} share the highest score as priorities"
        ),
        sentence=_first_sentence(result, others, firsts),
        certainty=_less_if_found_by_police(result, firsts, sure_of_first(chance, weight)),
        because=(
            f"with other weights, and within the scatter of the figures, "
            f"{'it' if len(firsts) == 1 else 'the least firm of them'} is in the top "
            f"{result.params.verdicts.high_places} {chance_words(chance)} of the time, and "
            f"{number(weight)}% of the weight is scored: high asks for "
            f"{number(100 * CLEAR_CHANCE)}% of the time and {number(MOST_WEIGHT_PCT)}% of the "
            f"weight, moderate for {number(100 * FAIR_CHANCE)}% and {number(HALF_WEIGHT_PCT)}%"
        ),
        detail=(
            _shared_reasons(result, firsts)
            + _scored_on(result, leading)
            + (f"Nothing is scored on {listed(unscored)}. " if unscored else "")
            + _found_by_police(result, leading)
        ).rstrip(),
    )


def _first_sentence(result: PriorityMatrix, others: list[str], firsts: list[str]) -> str:
    """What scores highest and why, with as many named as a short sentence holds."""
    for shown in range(TOLD, 0, -1):
        sentence = (
            f"{_capital_of(first_named(others, shown))} score highest of "
            f"{len(result.ranked)} ranked. {_why_first(result, firsts)}"
        )
        if len(sentence.split()) <= MOST_WORDS:
            break
    return sentence


def _leading(result: PriorityMatrix) -> list[str]:
    """Items in the first places; where some share a place, all that share it."""
    ranks = result.matrix["rank"]
    return [item for item in result.ranked if ranks[item] <= TOLD]


def _why_first(result: PriorityMatrix, items: list[str]) -> str:
    """The mean of those in the first place, and what each is high on."""
    mean = number(result.matrix["mean_score"][items[0]], 1)
    if len(items) == 1:
        high = _high_on(result, items[0])
        reasons = f"; high on {high}" if high else ""
        return f"The first is scored on {_criteria_of(result, items[0])}{reasons}."
    return f"{_capital(number_word(len(items)))} share the highest mean, {mean} of 5."


def _scored_criteria(result: PriorityMatrix) -> list[Criterion]:
    """Criteria on which anything at all is scored."""
    return [c for c in result.params.criteria if result.matrix[c.name].notna().any()]


def _criteria_of(result: PriorityMatrix, item: str) -> str:
    held, all_of = int(result.matrix["scored_count"][item]), len(result.params.criteria)
    share = "all" if held == all_of else f"{number_word(held)} of"
    return f"{share} {number_word(all_of)} criteria"


def _scored_on(result: PriorityMatrix, items: list[str]) -> str:
    """On how many criteria each of the leading ones is scored, where not on all."""
    all_of, most = len(result.params.criteria), len(_scored_criteria(result))
    few = [item for item in items if int(result.matrix["scored_count"][item]) < most]
    if not few:
        return ""
    told = [
        f"{_plain(result, item)} on {number_word(int(result.matrix['scored_count'][item]))} "
        f"({number(result.matrix['scored_pct'][item])}% of all weight)"
        for item in few
    ]
    return (
        f"Of {number_word(all_of)} criteria, fewer are scored for some: {listed(told)}; so the "
        "means rest on unlike evidence. "
    )


def _shared_reasons(result: PriorityMatrix, items: list[str]) -> str:
    """What each of those that share the first place is high on."""
    if len(items) == 1:
        return ""
    told = [
        f"{_plain(result, item)} is high on {_high_on(result, item) or 'none'}"
        for item in items
    ]
    return f"{_capital_of(told[0])}; {'; '.join(told[1:])}. "


def _high_on(result: PriorityMatrix, item: str) -> str:
    scores = result.matrix[[c.name for c in result.params.criteria]].fillna(0).loc[item]
    return listed(
        [
            _trend_words(result, item) if c.name == "trend" else c.label.lower()
            for c in result.params.criteria
            if scores[c.name] >= 4
        ]
    )


def _trend_words(result: PriorityMatrix, item: str) -> str:
    """What a trend rests on: its change and stretch, and whether chance could be all of it.

    A trend that is high has risen, so its lower limit tells whether it could be chance.
    """
    rows = result.evidence
    row = rows[(rows["item"] == item) & (rows["criterion"] == "trend")].iloc[0]
    change = with_unit(row["value"], "%", 0, signed=True)
    chance = ", within chance" if float(row["value_lower"]) <= 0 else ""
    stretch = str(row["remark"]).removesuffix(", since a break")
    return f"trend ({change}, {stretch}{chance})"


def _found_by_police(result: PriorityMatrix, items: list[str]) -> str:
    found = [item for item in items if item in result.params.found_by_police]
    if not found:
        return ""
    named = _capital(listed([_plain(result, item) for item in found]))
    verb = "is" if len(found) == 1 else "are"
    return f"{named} {verb} found where police look: a rise may be more searching."


def _less_if_found_by_police(
    result: PriorityMatrix, items: list[str], certainty: Certainty
) -> Certainty:
    is_found = not set(items).isdisjoint(result.params.found_by_police)
    return "moderate" if is_found and certainty == "high" else certainty


def stability(assessment: Assessment, result: PriorityMatrix) -> Finding:
    """How far the order holds when the weights move and the figures scatter."""
    places = result.params.verdicts.high_places
    column = _top(result)
    firm = result.stability.index[result.stability[column] >= CLEAR_CHANCE]
    fairly = result.stability.index[result.stability[column] >= FAIR_CHANCE]
    widths = result.stability["rank_upper"] - result.stability["rank_lower"] + 1
    named = [
        f"{_plain(result, str(item))} ({chance_words(result.stability[column][item])})"
        for item in result.stability.sort_values(column, ascending=False).index[:5]
    ]
    heading = (
        f"{counted(len(fairly), 'item')} fairly firm among the top {number_word(places)}, "
        f"{number_word(len(firm))} firm"
        if len(fairly)
        else f"No item is firm among the top {number_word(places)}"
    )
    return Finding(
        heading=heading,
        sentence=(
            f"Likeliest to be among the top {number_word(places)}: {listed(named)}. In the "
            f"middle case a rank could be any of {number(widths.median())} as the weights move "
            "by about two fifths either way and each figure within its interval; a criterion "
            "without figures could be anything."
        ),
        certainty="high",
        because=(
            f"the chances are counted over {number(assessment.defaults.simulations)} drawings, "
            "so many that others would give nearly the same"
        ),
        detail=(
            f"Fairly firm is a chance of {number(100 * FAIR_CHANCE)}% or more, firm one of "
            f"{number(100 * CLEAR_CHANCE)}% or more."
        ),
        is_key=False,
    )


def verdicts(
    assessment: Assessment, result: PriorityVerdicts, matrix: PriorityMatrix
) -> Finding:
    """Which priorities to keep, change or review, and what to add."""
    table, plan = result.table, result.plan
    if not plan.has_begun:
        return no_verdicts(assessment, plan.title)
    kinds = {
        kind: table.loc[table["verdict"] == kind, "label"].tolist()
        for kind in ("keep", "change", "review")
    } | {"add": result.added["label"].tolist()}
    sure = int((table["certainty"] == "high").sum())
    return Finding(
        heading=_verdicts_heading(kinds, len(table), is_own=plan.is_own),
        sentence=(f"By the figures alone, for the {plan.title}: {_verdict_parts(kinds)}."),
        certainty="moderate" if sure * 2 > len(table) else "low",
        because=(
            f"{number_word(sure)} of {number_word(len(table))} verdicts "
            f"{'is' if sure == 1 else 'are'} sure, and no figure tells what the work on a "
            "priority did"
        ),
        detail=" ".join(each for each in _verdict_notes(result, matrix, kinds) if each),
    )


def _verdicts_heading(kinds: dict[str, list[str]], total: int, *, is_own: bool) -> str:
    counts = [f"{kind} {number_word(len(labels))}" for kind, labels in kinds.items() if labels]
    whose = "priorities" if is_own else "priorities of the Mayor"
    return f"Of {number_word(total)} {whose}: {', '.join(counts)}"


def _verdict_parts(kinds: dict[str, list[str]]) -> str:
    """What to do with which, a long list of what stays counted and not named."""
    kept, moved = kinds["keep"], kinds["change"] or kinds["review"]
    many = len(kept) > MOST_KEPT_NAMED and bool(moved)
    parts = [
        "" if many else _part("keep", kept),
        _part("find another measure for", kinds["change"]),
        _part("review whether to drop", kinds["review"]),
        _part("add", kinds["add"]),
        f"keep the other {number_word(len(kept))}" if many else "",
    ]
    return "; ".join(part for part in parts if part)


def _verdict_notes(
    result: PriorityVerdicts, matrix: PriorityMatrix, kinds: dict[str, list[str]]
) -> list[str]:
    near = ""
    if not kinds["add"] and result.near:
        named = listed([_plain(matrix, item) for item in result.near])
        stands = "stands" if len(result.near) == 1 else "stand"
        near = f"Nothing is sure enough to be added; {named} {stands} near it."
    own = "" if result.plan.is_own else "No plan of the borough's own is held."
    return [
        own,
        near,
        _found_by_police(matrix, result.added["item"].astype(str).tolist()),
        "The reason for each is in the table; which to adopt is for the partnership.",
    ]


def no_verdicts(assessment: Assessment, title: str) -> Finding:
    """Where no plan has been under way long enough to be judged."""
    seen = month_text(pd.Timestamp(assessment.as_of))
    return Finding(
        heading="No earlier plan has run long enough to be reviewed",
        sentence=(
            f"By {seen} two whole years of the {title} had not passed, so no priority is said "
            "to be kept, changed or dropped."
        ),
        certainty="not known",
        because="the plan had hardly begun, or not at all",
        is_key=False,
    )


def reasons(result: PriorityVerdicts, matrix: PriorityMatrix) -> list[str]:
    """The reason for each verdict as a sentence, then for each addition."""
    told = [_reason(row, matrix) for _, row in result.table.iterrows()]
    return told + [
        f"{_capital(_place(matrix, str(row['item'])))} on the matrix, in the top places "
        f"{chance_words(row['top_chance'])} of the time, and in no priority."
        for row in result.added.to_dict("records")
    ]


def residents(
    assessment: Assessment, topics: pd.DataFrame | None, answers: pd.DataFrame
) -> Finding:
    """What residents would put first, beside what the published survey holds.

    Parameters
    ----------
    assessment : Assessment
    topics : DataFrame or None
        As ``resident_topics`` returns it.
    answers : DataFrame
        As ``assessment.confidence.levels`` returns it, perhaps empty.
    """
    held = _published_survey(assessment, answers)
    if topics is None:
        missing = records_not_loaded(assessment, "resident_priorities")
        return Finding(
            heading="What residents would put first is not loaded",
            sentence=f"{missing.sentence} {held}",
            certainty="not known",
            because="the published survey asks about the police, not about priorities",
            is_key=False,
        )
    ranked = topics.dropna(subset=["agree_pct"])
    named = [
        f"{in_sentence(row['label'])} "
        f"({number(row['agree_pct'])}%, 95% interval {number(row['agree_pct_lower'])} to "
        f"{number(row['agree_pct_upper'])}%)"
        for row in ranked.head(TOLD).to_dict("records")
    ]
    return Finding(
        heading=f"Residents put {_first_topic(ranked)} first",
        sentence=f"Of those asked, most name {listed(named)}.",
        certainty="moderate",
        because="the intervals are those of a random sample, which a consultation is not",
        detail=held,
    )


def _published_survey(assessment: Assessment, answers: pd.DataFrame) -> str:
    area = assessment.area.area_name
    if answers.empty:
        return "The published Public Attitude Survey is not held for that time either."
    below = answers.sort_values("difference_points").head(2)
    told = [
        f"{_question(str(name))} ({number(row['value_pct'])}% against "
        f"{number(row['london_pct'])}% in London"
        + ("" if bool(row["is_significant"]) else ", within sampling error")
        + ")"
        for name, row in below.iterrows()
    ]
    return (
        "The published Public Attitude Survey asks about the police and not, by borough, which "
        f"crimes to tackle; against London {area} answers lowest on {listed(told)}. More is in "
        "the public confidence report."
    )


def _reason(row: pd.Series, matrix: PriorityMatrix) -> str:
    rule = str(row["rule"])
    best = str(row["best_item"])
    place = "The matrix ranks nothing that shows it"
    if best:
        place = f"{_capital(_plain(matrix, best))} is {_place(matrix, best)} on the matrix"
    others = listed([_plain(matrix, each) for each in _names(row["moved_to"])])
    moves = _moves(row, matrix)
    sentence = {
        "no_figures": "No figure held shows it.",
        "too_wide": "Its measure counts nearly all crime, so it cannot show this priority.",
        "moved": f"It fell while {others} of the same family rose.",
        "high": f"{place}.",
        "rising": f"{place}, and it is rising.",
        "worse_than_london": "Its survey figure is worse than London's beyond sampling error.",
        "worsened": (
            f"Its survey figure fell beyond sampling error {listed(_names(row['fell_over']))}."
            + (" The newest is older than a year." if row["is_old"] else "")
        ),
        "cannot_follow": (
            "Its figures miss months or hold a break, so that it is not ranked though like "
            "months may be compared: give it a new base to be measured from."
        ),
        "low_and_falling": f"{place}, in the lower half, and it is falling.",
        "figures_old": (
            "Keep, or review once newer figures are held: its survey figure was better than "
            "London's, but is older than a year."
        ),
        "better_than_london": "Its survey figure is better than London's.",
        "middling": f"{place}; there is no ground in the figures to drop it.",
    }[rule]
    near = str(row["not_measured"])
    beside = f" Measured only in part: {in_sentence(near)}" if near else ""
    if rule == "no_figures" and near:
        return near
    return sentence + moves + beside


def _place(matrix: PriorityMatrix, item: str) -> str:
    """A rank in words; one that others share is no place of its own."""
    ranks = matrix.matrix["rank"]
    joint = "joint " if int(ranks.eq(ranks[item]).sum()) > 1 else ""
    return f"{joint}{ordinal(int(ranks[item]))}"


def _moves(row: pd.Series, matrix: PriorityMatrix) -> str:
    told = []
    for verb, name in (("rose", "rising"), ("fell", "falling")):
        pairs = row[name]
        moved = pairs if isinstance(pairs, tuple) else ()
        told += [
            f"{_plain(matrix, item)} {verb} by {with_unit(abs(change), '%')}"
            f"{_other_stretch(matrix, item)}"
            for item, change in moved
        ]
    return f" {USUAL_STRETCH.capitalize()} {listed(told)}." if told else ""


def _other_stretch(matrix: PriorityMatrix, item: str) -> str:
    """In brackets, over what a change is told that is not the usual stretch."""
    rows = matrix.evidence
    row = rows[(rows["item"] == item) & (rows["criterion"] == "trend")]
    remark = str(row["remark"].iloc[0]) if row["score"].notna().any() else ""
    return f" ({remark})" if remark not in {"", USUAL_STRETCH} else ""


def _names(given: object) -> list[str]:
    return [str(each) for each in given] if isinstance(given, tuple) else []


def _part(head: str, labels: list[str]) -> str:
    named = first_named([in_sentence(label) for label in labels])
    return f"{head} {named}" if labels else ""


def _top(result: PriorityMatrix) -> str:
    return f"top_{result.params.verdicts.high_places}_probability"


def _in_words(result: PriorityMatrix, item: str) -> str:
    return f"{_plain(result, item)} ({number(result.matrix['mean_score'][item], 1)})"


def _plain(result: PriorityMatrix, item: str) -> str:
    return in_sentence(result.label(item).split(" (")[0])


def _capital_of(text: str) -> str:
    return text[:1].upper() + text[1:]


def _capital(text: str) -> str:
    return (text[:1].upper() + text[1:]).split(" (")[0]


def _first_topic(ranked: pd.DataFrame) -> str:
    return in_sentence(str(ranked["label"].iloc[0]).split(" (")[0])


def _question(name: str) -> str:
    return {
        "contact_ward_officer": "knowing how to contact the ward officer",
        "good_job_local": "police doing a good job in the area",
        "informed_local": "feeling informed about local police",
        "listen_to_concerns": "police listening to concerns",
        "relied_on_to_be_there": "police being there when needed",
        "treat_everyone_fairly": "police treating everyone fairly",
        "understand_issues": "police understanding local issues",
        "trust_mps": "trust in the police",
    }.get(name, name.replace("_", " "))
