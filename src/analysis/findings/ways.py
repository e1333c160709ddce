"""Sentences on the way to a target: on track or not, its parts, who has done it, who else."""

from __future__ import annotations

import pandas as pd

from analysis.assessment.answers import TargetAnswer
from analysis.data.offences import measure_label
from analysis.findings.finding import Finding
from analysis.params.areas import area_name
from analysis.targets.base_rates import BaseRate
from analysis.wording import (
    chance_words,
    counted,
    listed,
    month_text,
    number,
    place_words,
    with_unit,
    year_ending,
)

HARDLY = 0.05
# Per cent: what one digit after the point does not show.


def way(answer: TargetAnswer) -> Finding:
    """Whether the way to the target is being kept, with its chance."""
    if answer.is_blocked:
        return untold(answer, "The way there")
    if answer.is_past_reach:
        return Finding(
            heading="More has been counted already than the target allows",
            sentence=(
                f"The target of {number(answer.requirement.target_count)} offences by "
                f"{_month(answer.target.horizon)} is past reach: no month to come can bring it "
                "back."
            ),
            certainty="high",
            because="it is arithmetic on recorded offences",
        )
    state, since = answer.state, answer.since_base
    chance, met = state.milestone_chance, state.target_chance
    coming = since[~since["is_seen"].astype(bool)]
    first, last = coming.iloc[0], coming.iloc[-1]
    return Finding(
        heading=(
            f"On track at {_month(state.milestone)}: {chance.in_words}, "
            f"{chance_words(chance.probability)}"
        ),
        sentence=(
            f"{_so_far(answer)}The chance that the {year_ending(state.milestone)} stays within "
            f"its ceiling of {number(state.milestone_ceiling_count)} is "
            f"{chance_words(chance.probability)}, that the target is met "
            f"{chance_words(met.probability)}."
        ),
        detail=(
            f"The way there allows {number(first['ceiling_count'])} offences in "
            f"{month_text(first['month'])} and {number(last['ceiling_count'])} in "
            f"{month_text(last['month'])}."
        ),
        certainty="low" if answer.forecast.is_stretched else "moderate",
        because=(
            "so long a horizon has not been seen yet"
            if answer.forecast.is_stretched
            else "ceilings are arithmetic, and the chance rests on past errors of forecasts"
        ),
    )


def allocation(answer: TargetAnswer) -> Finding:
    """What each way of sharing the reduction out asks of the offence groups."""
    if answer.is_blocked:
        return untold(answer, "The parts of the reduction")
    table = answer.allocation
    if table["offence_group"].nunique() < 2:
        return _aside(
            "There is one offence group, so nothing to share out",
            f"{measure_label(answer.target.measure)} is a single offence group.",
        )
    if not (table["reduction_count"] > 0).any():
        return _aside(
            "No reduction is left to share out over offence groups",
            "The latest year is within the target already.",
        )
    even = table[table["method"] == "in_proportion"]
    asked = f"{_percent(even['reduction_pct'].max())} off every offence group"
    shares = even.dropna(subset=["achieved_share"]).sort_values("achieved_share")
    if shares.empty:
        return Finding(
            heading="How hard each part is cannot be told yet",
            sentence=(
                f"In proportion the target takes {asked}. The figures are too short for a "
                f"record of what boroughs achieve in {answer.months_ahead} months."
            ),
            certainty="low",
            because="only proportion and harm can be worked out",
            is_key=False,
        )
    hardest, easiest = shares.iloc[0], shares.iloc[-1]
    return Finding(
        heading=f"Hardest part by the record: {_group(hardest)}",
        sentence=(
            f"In proportion the target takes {asked}. Over {answer.months_ahead} months "
            f"boroughs have done as much in {_cases(hardest)} for {_group(hardest)} and in "
            f"{_cases(easiest)} for {_group(easiest)}.{_least_effort(table)}{_shortfall(table)}"
        ),
        certainty="moderate",
        because="how far a group has moved is not how far it can be moved",
        is_key=False,
    )


def achieved(answer: TargetAnswer) -> Finding:
    """How often boroughs have done as much in as long, and who most."""
    if answer.is_blocked:
        return untold(answer, "Who has done as much")
    record, table = answer.base_rate, answer.achieved_by
    if record.start_count == 0:
        return _aside(
            "Whether boroughs have done as much cannot be told yet",
            f"By {_month(answer.last_month)} no two years {answer.months_ahead} months apart "
            "can be compared, so no record of what boroughs have achieved is long enough.",
        )
    what = _change_words(answer.fall_pct)
    when = f"{answer.months_ahead} months"
    starts = _starts(record)
    if table.empty:
        return Finding(
            heading="No borough has done as much in as long",
            sentence=f"None of 32 boroughs has had {what} in {when}.",
            certainty="moderate",
            because="the separate periods behind it are few",
            detail=starts,
        )
    most = table.iloc[0]
    return Finding(
        heading=(
            f"{counted(len(table), 'borough')} of 32 "
            f"{'has' if len(table) == 1 else 'have'} done as much"
        ),
        sentence=(
            f"{what[:1].upper()}{what[1:]} in {when} has come in {chance_words(record.share)} "
            f"of cases; most often in {area_name(most['area_code'])} "
            f"({with_unit(most['best_fall_pct'], '%', 1)} at best, in the "
            f"{year_ending(most['best_to'])}). {_own_record(answer, table)}"
        ),
        certainty="moderate",
        because=(
            "starting months overlap and boroughs move together, so separate periods are few"
        ),
        is_key=answer.target.rule not in {"rank", "parity"},
        detail=starts,
    )


def _starts(record: BaseRate) -> str:
    return (
        f"The record has {number(record.start_count)} starting months, "
        f"{_month(record.first_start)} to {_month(record.last_start)}."
    )


def standings(answer: TargetAnswer, table: pd.DataFrame) -> Finding:
    """The borough's chance to be the lowest, all boroughs moving together.

    Parameters
    ----------
    answer : TargetAnswer
    table : DataFrame
        As ``target_report.standings`` returns it.
    """
    if table.empty:
        return untold(answer, "Where boroughs will stand")
    own = table.loc[[answer.area_code]].iloc[0]
    name = answer.assessment.area.area_name
    rank = int(table["forecast_rate"].rank(method="min")[answer.area_code])
    named = table.reset_index()
    first, safest = (
        named.sort_values(f"lowest_{by}_chance", ascending=False, kind="stable").iloc[0]
        for by in ("count", "rate")
    )
    return Finding(
        heading=(
            f"{name}'s rate forecast {place_words(rank, len(table))}; chance of lowest "
            f"{chance_words(own['lowest_rate_chance'])}"
        ),
        sentence=(
            f"In the {year_ending(answer.target.horizon)}, the fewest offences of "
            f"{measure_label(answer.target.measure, in_sentence=True)} are likeliest in "
            f"{area_name(first['area_code'])} (forecast {number(first['forecast_count'])}, "
            f"chance {chance_words(first['lowest_count_chance'])}) and the lowest rate in "
            f"{area_name(safest['area_code'])} ({number(safest['forecast_rate'], 1)} per 1,000 "
            f"residents, chance {chance_words(safest['lowest_rate_chance'])})."
        ),
        certainty="moderate",
        because="residents are held at the latest year, and boroughs' own paths differ little",
        is_key=answer.target.rule in {"rank", "parity"},
        detail=(
            f"{name} is forecast at {number(own['forecast_count'])}, "
            f"{number(own['forecast_rate'], 1)} per 1,000; its chance of the fewest is "
            f"{chance_words(own['lowest_count_chance'])}. All boroughs move together, with no "
            "change of course."
        ),
    )


def untold(answer: TargetAnswer, what: str) -> Finding:
    """That the gate refuses base against latest year, in its own sentence."""
    return Finding(
        heading=f"{what} cannot be told across a break",
        sentence=answer.gate.sentences[0],
        certainty="not known",
        because="the base and the latest year are not comparable",
        is_key=False,
    )


def _aside(heading: str, sentence: str) -> Finding:
    return Finding(heading, sentence, "high", "it follows from the figures held", is_key=False)


def _so_far(answer: TargetAnswer) -> str:
    state = answer.state
    if state.seen_months == 0:
        return ""
    gap = state.cumulative_gap_count
    against = "more than" if gap > 0 else "fewer than"
    return (
        f"In the {counted(state.seen_months, 'month').lower()} since the base there were "
        f"{number(state.actual_count)} offences, {number(abs(gap))} {against} the ceilings "
        f"allow ({number(state.ceiling_count)}). "
    )


def _least_effort(table: pd.DataFrame) -> str:
    least = table[(table["method"] == "least_effort") & (table["reduction_count"] > 0)]
    if least.empty:
        return ""
    first = least.sort_values("reduction_count", ascending=False).iloc[:2]
    shares = first["reduction_pct"]
    digits = 0 if all(_is_whole(share) for share in shares) else 2 if max(shares) < 1 else 1
    parts = [
        f"{_group(row)} ({number(row['reduction_count'])}, "
        f"{with_unit(row['reduction_pct'], '%', digits)})"
        for _, row in first.iterrows()
    ]
    return f" With least effort against past movement most comes from {listed(parts)}."


def _shortfall(table: pd.DataFrame) -> str:
    short = table.loc[table["method"] == "least_effort", "shortfall_count"].max()
    if not short > 0:
        return ""
    return (
        f" Held to what one case in ten has achieved, the groups fall {number(short)} short "
        "of the whole."
    )


def _own_record(answer: TargetAnswer, table: pd.DataFrame) -> str:
    name = answer.assessment.area.area_name
    own = table[table["area_code"] == answer.area_code]
    if own.empty:
        return f"{name} never has."
    row = own.iloc[0]
    best = with_unit(row["best_fall_pct"], "%", 1)
    return (
        f"{name} has from {counted(int(row['times']), 'starting month').lower()}, at best "
        f"{best} ({year_ending(row['best_to'])})."
    )


def _change_words(fall_pct: float) -> str:
    size = _percent(abs(fall_pct))
    return f"a fall of {size} or more" if fall_pct > 0 else f"a rise of at most {size}"


def _percent(value: float) -> str:
    if abs(value) < 1:
        return with_unit(value, "%", 2)
    return with_unit(value, "%", 0 if _is_whole(value) else 1)


def _is_whole(value: float) -> bool:
    return abs(value - round(value)) < HARDLY


def _cases(row: pd.Series) -> str:
    return f"{chance_words(row['achieved_share'])} of cases"


def _group(row: pd.Series) -> str:
    return measure_label(row["offence_group"], in_sentence=True)


def _month(month: str) -> str:
    return month_text(pd.Timestamp(month))
