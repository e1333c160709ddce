"""Sentences on what changed, why, when in the year, and which months stand out."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.assessment import Assessment
from analysis.assessment.long_view import moved_levels
from analysis.assessment.steps import across_steps
from analysis.data.offences import measure_label
from analysis.data.severity import load_severity_weights
from analysis.findings.change_words import (
    across,
    false_alarms,
    like_words,
    movers,
    told_within,
)
from analysis.findings.finding import Certainty, Finding
from analysis.measures.control_charts import ControlChart
from analysis.measures.decomposition import ShiftShare, largest_own_parts
from analysis.wording import (
    MONTHS,
    counted,
    in_sentence,
    listed,
    month_text,
    number,
    number_word,
    period_words,
    range_words,
    risen_or_fallen,
    with_unit,
)

MANY_OUTSIDE = 0.1
# Of months that scatter on their own about one in a hundred lies outside: one in ten says
# that they do not.

NOTABLE_UNKNOWN_PCT = 0.5

OWN_PARTS_TOLD = 3
# Offence groups whose own part is told in words; the chart holds the rest.

NOT_JUDGED = (
    "Months of COVID restrictions, and others whose counts are known to be spoilt, set no "
    "limits and are not judged, wherever they lie on the chart."
)


def total_change(assessment: Assessment, changes: pd.DataFrame) -> Finding:
    """Whether crime rose or fell on the year before, judged against chance.

    Parameters
    ----------
    assessment : Assessment
    changes : DataFrame
        As ``assessment.changes`` returns it; the first row is told.

    Returns
    -------
    Finding
    """
    measure = str(changes.index[0])
    row = changes.iloc[0]
    area = assessment.area.area_name
    if row["is_blocked"]:
        return Finding(
            heading=f"{area}'s change on the year before cannot be told",
            sentence=f"{row['note']} No change is worked out.",
            certainty="not known",
            because="the two years are not comparable",
        )
    is_real = bool(row["is_significant"])
    certainty: Certainty = "high" if is_real and not row["note"] else "moderate"
    return Finding(
        heading=_total_heading(area, row),
        sentence=_total_sentence(assessment, measure, row),
        certainty=certainty,
        because=_because(row),
        detail=" ".join(_bearing_on(assessment, row)),
    )


def _total_heading(area: str, row: pd.Series) -> str:
    if not row["is_significant"]:
        return f"No clear change in {area}'s crime on the year before"
    verb = risen_or_fallen(row["change_count"])
    share = number(abs(row["change_pct"]), 1)
    return f"Recorded crime in {area} {verb} {share}% on the year before"


def _total_sentence(assessment: Assessment, measure: str, row: pd.Series) -> str:
    name = measure_label(measure, in_sentence=True)
    interval = range_words(row["change_pct_lower"], row["change_pct_upper"], "%")
    usual = (
        "That is more than months usually scatter."
        if row["is_significant"]
        else "Months usually scatter as much as that."
    )
    return (
        f"{name[:1].upper()}{name[1:]} {risen_or_fallen(row['change_count'])} from "
        f"{number(row['before_count'])} to {number(row['after_count'])} between "
        f"{_two_years(assessment)}, {with_unit(row['change_pct'], '%', 1, signed=True)} (95% "
        f"interval {interval}). {usual}"
    )


def _bearing_on(assessment: Assessment, row: pd.Series) -> list[str]:
    """What of the change may not be crime."""
    told = []
    unknown = assessment.unknown_effect_pct()
    if abs(unknown) >= NOTABLE_UNKNOWN_PCT:
        fewer, raise_it = ("Fewer", "raise") if unknown > 0 else ("More", "lower")
        told.append(
            f"{fewer} offences whose borough is unknown {raise_it} it by about "
            f"{number(abs(unknown), 1)} points, without any change in crime."
        )
    if row["note"]:
        told.append("Recording notes that bear on it are in the section on breaks.")
    return told


def _two_years(assessment: Assessment) -> str:
    before, latest = (
        month_text(pd.Timestamp(end)) for end in (assessment.previous_year[1], assessment.as_of)
    )
    return f"the years to {before} and {latest}"


def group_changes(assessment: Assessment, changes: pd.DataFrame) -> Finding:
    """Which offence groups changed by more than chance, many being looked at together."""
    open_rows = changes[~changes["is_blocked"].astype(bool)]
    area = assessment.area.area_name
    if open_rows.empty:
        return Finding(
            heading=f"No offence group of {area} is comparable by whole years",
            sentence=str(changes["note"].iloc[0]),
            certainty="not known",
            because="the two years are not comparable",
        )
    real = open_rows[open_rows["is_significant"].fillna(value=False).astype(bool)]
    up = real[real["change_count"] > 0].sort_values("change_count", ascending=False)
    down = real[real["change_count"] < 0].sort_values("change_count")
    judged = int(open_rows["is_significant"].notna().sum())
    small = int(open_rows["is_small_count"].sum())
    both = (("rose", up), ("fell", down))
    opening = (
        f"Of {judged} offence groups judged together, {number_word(len(real))} changed beyond "
        f"chance between {_two_years(assessment)}."
    )
    told = [movers(verb, rows, _in_full) for verb, rows in both]
    steps = across_steps(assessment, [str(group) for group in real.index])
    return Finding(
        heading=_movers_heading(len(up), len(down)),
        sentence=_groups_named(opening, up, down, across(len(steps), len(real))),
        certainty=_sure_of_groups(real, len(steps)),
        because=_because_of_groups(len(real), len(steps)),
        detail=" ".join(e for e in [*told, *_stepped(area, steps), _too_small(small)] if e),
    )


def _because_of_groups(changed: int, stepped: int) -> str:
    if not changed:
        return "a change smaller than months scatter by would not be seen"
    step = "a step within one month may be recording; " if stepped else ""
    return step + false_alarms("groups", "group")


def _sure_of_groups(real: pd.DataFrame, steps: int) -> Certainty:
    """High where nothing in the record bears on what changed, low where all of it stepped."""
    if real.empty:
        return "moderate"
    if steps == len(real):
        return "low"
    return "moderate" if steps or real["note"].astype(bool).any() else "high"


def _stepped(area: str, steps: pd.DataFrame) -> list[str]:
    """By how much London stepped, when and why, and what like months since then show."""
    told = []
    for (month, cause), rows in steps.groupby(["step_month", "cause"]):
        named = [
            f"{measure_label(str(group), in_sentence=True)} "
            f"{with_unit(row['step_pct'], '%', signed=True)}"
            for group, row in rows.iterrows()
        ]
        since = rows[rows["like_change_pct"].notna()]
        like = [
            f"{measure_label(str(group), in_sentence=True)} {like_words(row)}"
            for group, row in since.iterrows()
        ]
        told.append(
            f"In all London these stepped in {month_text(pd.Timestamp(str(month)))}, {cause}: "
            f"{listed(named)}."
        )
        if like:
            months = period_words(*since["like_period"].iloc[0])
            told.append(
                f"The months since that have a like, {months} on the same a year before, show "
                f"for {area} {listed(like)}; so few months are less sure."
            )
    return told


def _groups_named(opening: str, up: pd.DataFrame, down: pd.DataFrame, closing: str) -> str:
    """The groups that changed, all of them where the words allow it.

    Otherwise the largest change each way is named, then the gravest offences.
    """
    if up.empty and down.empty:
        return opening
    largest = [str(rows.index[0]) for rows in (up, down) if len(rows)]
    others = [str(group) for group in (*up.index[1:], *down.index[1:])]
    weights = load_severity_weights().set_index("offence_group")["weight"].fillna(0)
    grave = sorted(others, key=lambda group: -float(weights.get(group, 0)))

    def tell(named: Sequence[str]) -> str:
        told = [
            _named_of(verb, rows, rows[rows.index.isin(list(named))])
            for verb, rows in (("Rose", up), ("Fell", down))
            if len(rows)
        ]
        return " ".join([opening, *told, closing]).rstrip()

    return told_within(tell, [*largest, *grave], least=len(largest))


def _named_of(verb: str, rows: pd.DataFrame, named: pd.DataFrame) -> str:
    more = len(rows) - len(named)
    others = [counted(more, "other").casefold()] if more else []
    return f"{verb}: {listed([*_briefly(named), *others])}."


def why(assessment: Assessment, split: ShiftShare) -> Finding:
    """How much of the change was London's, how much the offence mix, how much local."""
    total, area = split.total, assessment.area.area_name
    if assessment.year_on_year.is_blocked:
        return Finding(
            heading=f"Why {area} changed cannot be told",
            sentence=assessment.year_on_year.sentences[0],
            certainty="not known",
            because="the two years are not comparable",
            is_key=False,
        )
    own = float(total["local_effect_count"])
    lower, upper = (
        float(total["local_effect_count_lower"]),
        float(total["local_effect_count_upper"]),
    )
    is_real = lower > 0 or upper < 0
    as_told, rest = _beside_the_whole(_whole_change(assessment), total)
    heading = (
        f"{area} did {'better' if own < 0 else 'worse'} than London's trend explains"
        if is_real
        else f"{area}'s own part in the change could be chance"
    )
    return Finding(
        heading=heading,
        sentence=(
            f"Of a change of {number(total['change_count'], signed=True)} offences"
            f"{as_told}, {number(total['london_effect_count'], signed=True)} is what "
            "London's overall change would have brought, "
            f"{number(total['mix_effect_count'], signed=True)} comes from which offences the "
            f"borough has, and {number(own, signed=True)} (95% interval "
            f"{range_words(lower, upper, decimals=0)}) is its own"
            f"{', beyond chance' if is_real else ', not beyond chance'}."
        ),
        certainty="moderate",
        because="the split describes where the change lies, not what caused it",
        detail=_own_parts(split) + rest + _found_their_borough(assessment, split),
        is_key=False,
    )


def _whole_change(assessment: Assessment) -> float:
    """Change of all recorded crime but fraud, as the section on it tells it."""
    before, latest = (
        float(assessment.count("total_without_fraud", year))
        for year in (assessment.previous_year, assessment.latest_year)
    )
    return latest - before


def _beside_the_whole(whole: float, total: pd.Series) -> tuple[str, str]:
    """What lies between the change that is split and the one of the total, short and long."""
    left = whole - float(total["change_count"])
    if not round(left):
        return "", ""
    return f" ({number(whole, signed=True)} with kinds no longer shown apart)", (
        f" All recorded crime but fraud changed by {number(whole, signed=True)}: the other "
        f"{number(left, signed=True)} lie in kinds of offence that the newest months do not "
        "show apart, and are not split."
    )


def _own_parts(split: ShiftShare) -> str:
    """Groups with the largest part of their own, and what all of them add up to."""
    largest = largest_own_parts(split, OWN_PARTS_TOLD).iloc[:OWN_PARTS_TOLD]
    named = [
        f"{measure_label(str(group), in_sentence=True)} "
        f"({number(row['local_effect_count'], signed=True)})"
        for group, row in largest.iterrows()
    ]
    return (
        f"The borough's own part is largest in {listed(named)}, each by itself not judged; the "
        "rows of the chart add up to the whole change "
        f"({number(split.total['change_count'], signed=True)}) and the whole of its own part "
        f"({number(split.total['local_effect_count'], signed=True)}), rounding apart."
    )


def _found_their_borough(assessment: Assessment, split: ShiftShare) -> str:
    """How much of what is called London's is a change in offences without a borough."""
    unknown = assessment.unknown_effect_pct()
    if abs(unknown) < NOTABLE_UNKNOWN_PCT:
        return ""
    london = float(split.total["london_effect_count"])
    # An offence that finds its borough is none that was added, in London or here.
    moved = float(split.total["before_count"]) * unknown / 100
    return (
        f" London here is its boroughs: {'fewer' if unknown > 0 else 'more'} offences whose "
        f"borough is unknown make up about {number(moved, signed=True)} of its "
        f"{number(london, signed=True)}, so that with those London's change alone would have "
        f"brought about {number(london - moved, signed=True)}."
    )


def season(assessment: Assessment, measure: str) -> Finding:
    """Whether crime has a season, and when it peaks."""
    area = assessment.area.area_name
    if not assessment.has_season:
        return Finding(
            heading=f"Too few years are held to tell a season in {area}",
            sentence="About five years of months are needed to tell a season from chance.",
            certainty="not known",
            because="the figures are too short",
            is_key=False,
        )
    result = assessment.season(measure)
    if not result.is_seasonal:
        return Finding(
            heading=f"Recorded crime in {area} has no dependable season",
            sentence="The months of a year do not differ by more than chance explains.",
            certainty="moderate",
            because="a weak season could be missed in so few years",
            is_key=False,
        )
    peak, trough = MONTHS[result.peak_month - 1], MONTHS[result.trough_month - 1]
    return Finding(
        heading=f"Crime in {area} has a season, highest in {peak}",
        sentence=(
            f"Day for day, {peak} runs {number(result.amplitude_pct, 1)} points of the average "
            f"month above {trough}, the lowest, over the years without COVID restrictions to "
            f"{month_text(pd.Timestamp(assessment.as_of))}. Months whose intervals overlap "
            "cannot be told apart."
        ),
        certainty="moderate",
        because=(
            "that the months differ is sure (Friedman's test, which asks whether the same "
            "months rank high year after year), which is highest or lowest is less so"
        ),
        is_key=False,
    )


def exceptional_months(assessment: Assessment, chart: ControlChart) -> Finding:
    """Which months of the last years stand outside the usual scatter."""
    area = assessment.area.area_name
    table = chart.table
    # Months of COVID restrictions are known to be unusual and set no limits.
    judged = table[~table["is_excluded"].astype(bool)]
    outside = judged[judged["is_outside_limits"].astype(bool)]
    months = [month_text(month) for month in outside["month"]]
    if len(months) > MANY_OUTSIDE * len(judged):
        return Finding(
            heading=f"The months of {area} scatter too widely for usual limits",
            sentence=(
                f"{len(months)} of {len(judged)} months lie outside limits made for months "
                "that scatter on their own: here high months follow high ones, so single "
                "months are not called odd."
            ),
            certainty="low",
            because="the chart's limits are too narrow for months that hang together",
            is_key=False,
        )
    moved = moved_levels(assessment, chart)
    last = table.iloc[-1]
    now = "within the limits" if not bool(last["is_outside_limits"]) else "outside the limits"
    if bool(last["is_excluded"]):
        now = "one of those not judged"
    return Finding(
        heading=f"{counted(len(months), 'month')} in {area} {_where_stood(moved)}",
        sentence=(
            (f"Outside the limits: {listed(months)}. " if months else "")
            + (f"{NOT_JUDGED} " if len(judged) < len(table) else "")
            + f"The newest month, {month_text(last['month'])}, is {now}."
        ),
        certainty="moderate",
        detail=" ".join([*_level_moves(moved), *_runs(judged)]),
        because="limits come from the months themselves, any known season taken out",
        is_key=False,
    )


def _where_stood(moved: pd.DataFrame) -> str:
    """Outside what, for a heading: limits that moved must not read as if nothing had."""
    if moved.empty:
        return "stood outside the usual scatter"
    row = moved.iloc[-1]
    share = number(abs(row["moved_pct"]))
    way = "raised" if row["moved_pct"] > 0 else "lowered"
    limits = "limits set anew" if share == "0" else f"limits {way} {share}%"
    return f"outside {limits} in {row['month'].year}"


def _level_moves(moved: pd.DataFrame) -> list[str]:
    """By how much the usual level moved at each break, and what the break alone would do."""
    told = []
    for row in moved.to_dict("records"):
        by_itself = (
            "how much of that the break makes is not known"
            if pd.isna(row["break_pct"])
            else "the break alone would give about "
            f"{with_unit(row['break_pct'], '%', 1, signed=True)}, the rest may be crime or "
            "chance"
        )
        told.append(
            f"In {month_text(row['month'])} ({in_sentence(row['label'])}) the usual level was "
            f"set anew, from {number(row['before'], 1)} to {number(row['after'], 1)} a day, "
            f"{with_unit(row['moved_pct'], '%', 1, signed=True)}; {by_itself}."
        )
        told += _beyond_before(row)
    return told


def _beyond_before(row: Mapping[Hashable, Any]) -> list[str]:
    """Months that the limits before would have called odd, where they can be asked."""
    if pd.isna(row["break_pct"]):
        return []
    learnt = counted(row["learnt_count"], "month").casefold()
    months = [month_text(month) for month in row["beyond"]]
    outside = (
        f"{listed(months)} stand{'s' if len(months) == 1 else ''}" if months else "none stands"
    )
    return [
        f"The new level is learnt from {learnt}, the months judged by it among them: by the "
        f"limits before, moved by what the break gives, {outside} outside."
    ]


def _runs(judged: pd.DataFrame) -> list[str]:
    """Months that the chart marks though they lie within the limits."""
    marked = judged["is_exceptional"].astype(bool) & ~judged["is_outside_limits"].astype(bool)
    months = int(marked.sum())
    if not months:
        return []
    they, their = (
        ("it stands", "the month was") if months == 1 else ("they stand", "a month was")
    )
    return [
        f"The chart also marks {counted(months, 'month').casefold()} within the limits: {they} "
        "in a run on one side of usual or in one direction, or near a limit, which hints that "
        f"the level moved and not that {their} odd."
    ]


def _too_small(groups: int) -> str:
    if not groups:
        return ""
    return f"{counted(groups, 'group is', 'groups are')} too small for a verdict."


def _movers_heading(up: int, down: int) -> str:
    if not up and not down:
        return "No offence group changed by more than chance"
    if not down:
        return f"{counted(up, 'offence group')} rose; none fell beyond chance"
    if not up:
        return f"{counted(down, 'offence group')} fell; none rose beyond chance"
    return f"{counted(up, 'offence group')} rose and {number_word(down)} fell"


def _briefly(rows: pd.DataFrame) -> list[str]:
    return [
        f"{measure_label(str(group), in_sentence=True)} "
        f"({with_unit(row['change_pct'], '%', 1, signed=True)})"
        for group, row in rows.iterrows()
    ]


def _in_full(group: str, row: pd.Series) -> str:
    return (
        f"{measure_label(group, in_sentence=True)} "
        f"({number(row['change_count'], signed=True)}, "
        f"{with_unit(row['change_pct'], '%', 1, signed=True)})"
    )


def _because(row: pd.Series) -> str:
    times = 100 * float(row["p_value"])
    chance = f"about {number(times)} times" if times >= 1 else "fewer than once"
    return f"a difference this large comes up by chance {chance} in 100"
