"""Sentences on how the previous plan came on."""

from __future__ import annotations

import pandas as pd

from analysis.assessment import Assessment
from analysis.assessment.progress import FollowedPlan
from analysis.findings.finding import Finding
from analysis.wording import (
    in_sentence,
    listed,
    month_text,
    number_word,
    period_words,
    with_unit,
)

MOST_NAMED = 2
# Counts that moved which the sentence names; the detail names more.


def progress(assessment: Assessment, plan: FollowedPlan, table: pd.DataFrame) -> Finding:
    """Which priorities rose or fell over the plan, beyond chance and beside London.

    Parameters
    ----------
    assessment : Assessment
    plan : FollowedPlan
    table : DataFrame
        As ``plan_progress`` returns it, perhaps empty.

    Returns
    -------
    Finding
    """
    whose = _whose(assessment, plan)
    if table.empty:
        return Finding(
            heading="No earlier plan has run long enough to show progress",
            sentence=(
                f"{whose} covers {period_words(*plan.period)}; by "
                f"{month_text(pd.Timestamp(assessment.as_of))} two whole years of it had not "
                "passed, and progress needs two years to compare."
            ),
            certainty="not known",
            because="the plan had hardly begun, or not at all",
            is_key=False,
        )
    judged = table[table["verdict"].isin(["fell", "rose", "no clear change"])]
    survey, counts = judged[judged["unit"] == "%"], judged[judged["unit"] != "%"]
    fell, rose = (counts[counts["verdict"] == verb] for verb in ("fell", "rose"))
    parts = [
        "" if plan.is_own else f"{whose}.",
        _all_named(fell, rose),
        _beside(counts),
        *[_survey(row) for _, row in survey.iterrows()],
        _stand_ins(counts),
        _barred(table[table["verdict"] == "not comparable"]),
        _not_shown(table, set(judged["label"])),
    ]
    return Finding(
        heading=_heading(plan, len(fell), len(rose), len(counts)),
        sentence=_counts(plan, counts, fell, rose, _not_judged(table)),
        certainty="moderate" if len(counts) else "not known",
        because=(
            "each change is judged against chance and set beside London's, but what the plan "
            "itself did cannot be told from either"
            if len(counts)
            else "no count of offences is held, or comparable, in both years"
        ),
        detail=" ".join(part for part in parts if part),
    )


def _counts(
    plan: FollowedPlan,
    counts: pd.DataFrame,
    fell: pd.DataFrame,
    rose: pd.DataFrame,
    not_judged: int,
) -> str:
    title = plan.title if plan.is_own else f"Mayor's {plan.title}"
    if counts.empty:
        return f"No priority of the {title} can be judged by offences."
    still = len(counts) - len(fell) - len(rose)
    names = (_named(fell), _named(rose)) if len(fell) + len(rose) <= MOST_NAMED else ("", "")
    first, last = (
        month_text(pd.Timestamp(span[1])) for span in (plan.first_year, plan.last_year)
    )
    moved = [
        f"{number_word(len(fell))} fell beyond chance{names[0]}",
        f"{number_word(len(rose))} rose{names[1]}",
        *([f"{number_word(still)} did not clearly change"] if still else []),
    ]
    return (
        f"Of {number_word(len(counts))} {'count' if len(counts) == 1 else 'counts'} for "
        f"priorities of the {title}, {listed(moved)}, between the years to {first} and {last}"
        + (f"; {number_word(not_judged)} more were not judged." if not_judged else ".")
    )


def _not_judged(table: pd.DataFrame) -> int:
    """Figures of the table that show a priority and got no verdict."""
    is_judged = table["verdict"].isin(["fell", "rose", "no clear change"])
    return int((~is_judged & table["shown_by"].ne("nothing")).sum())


def _survey(row: pd.Series) -> str:
    before, after = (
        f"{with_unit(row[f'{end}_value'], '%')} in the quarter to "
        f"{month_text(pd.Timestamp(row[f'{end}_period']))}"
        for end in ("first", "last")
    )
    verb = {"fell": "fell", "rose": "rose"}.get(str(row["verdict"]), "did not clearly move")
    return f"In the survey {row['counted']} {verb}: {before}, {after}."


def _not_shown(table: pd.DataFrame, judged: set[str]) -> str:
    absent = table[(table["verdict"] == "not held") & ~table["label"].isin(judged)]
    if absent.empty:
        return ""
    return f"No figure held for those years shows {listed(_labels(absent))}."


def _whose(assessment: Assessment, plan: FollowedPlan) -> str:
    if plan.is_own:
        return f"The {plan.title}"
    area = assessment.area.area_name
    return f"No plan of {area} is held; the Mayor's {plan.title} stands for it"


def _heading(plan: FollowedPlan, fell: int, rose: int, judged: int) -> str:
    whose = "the last plan" if plan.is_own else "the Mayor's scheme"
    if not judged:
        return f"Progress of {whose} cannot be judged from offences"
    if not fell and not rose:
        return f"Under {whose} no offences moved beyond chance"
    return (
        f"{_capital(whose)}: {number_word(fell)} of {number_word(judged)} "
        f"{'count' if judged == 1 else 'counts'} fell, {number_word(rose)} rose"
    )


def _named(rows: pd.DataFrame) -> str:
    return "" if rows.empty else f" ({listed(_each(rows))})"


def _all_named(fell: pd.DataFrame, rose: pd.DataFrame) -> str:
    """All that moved, where the sentence does not name all."""
    told = [
        f"{verb} {listed(_each(rows))}"
        for verb, rows in (("fell:", fell), ("rose:", rose))
        if len(rows) and len(fell) + len(rose) > MOST_NAMED
    ]
    return f"{_capital('; '.join(told))}." if told else ""


def _each(rows: pd.DataFrame) -> list[str]:
    return [
        f"{row['counted']} {with_unit(row['change_pct'], '%', 0, signed=True)}"
        for row in rows.to_dict("records")
    ]


def _beside(counts: pd.DataFrame) -> str:
    if counts.empty:
        return ""
    lower = _names(counts[counts["against_london"] == "lower than London"])
    higher = _names(counts[counts["against_london"] == "higher than London"])
    alone = _names(counts[counts["against_london"] == "not judged"])
    beside = len(counts) - len(counts[counts["against_london"] == "not judged"])
    left = f" {_capital(listed(alone))} could not be set beside it." if alone else ""
    if not beside:
        return f"No count could be set beside the rest of London: {listed(alone)}."
    if not lower and not higher:
        return (
            f"Of {number_word(beside)} {'count' if beside == 1 else 'counts'} set beside the "
            f"rest of London, none changed clearly more or less than there.{left}"
        )
    parts = []
    if lower:
        parts.append(f"{listed(lower)} fell further, or rose less, than in the rest of London")
    if higher:
        parts.append(f"{listed(higher)} rose further, or fell less")
    return f"{_capital('; '.join(parts))}.{left}"


def _stand_ins(counts: pd.DataFrame) -> str:
    """Counts that show their priority only in part, each with the reason."""
    told = [
        f"For {in_sentence(str(row['label']))} the count is of {row['counted']}. "
        f"{row['stands_in']}"
        for row in counts.to_dict("records")
        if row["stands_in"]
    ]
    return " ".join(dict.fromkeys(told))


def _barred(rows: pd.DataFrame) -> str:
    if rows.empty:
        return ""
    verb = "is" if len(rows) == 1 else "are"
    return (
        f"{_capital(listed(_names(rows)))} cannot be compared and {verb} not in the chart; the "
        "notes of the table say why."
    )


def _names(rows: pd.DataFrame) -> list[str]:
    return list(dict.fromkeys(str(name) for name in rows["counted"]))


def _labels(rows: pd.DataFrame) -> list[str]:
    return list(dict.fromkeys(in_sentence(str(label)) for label in rows["label"]))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
