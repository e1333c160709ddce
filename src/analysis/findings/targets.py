"""Sentences on targets: what one asks, how likely it is, how it ended."""

from __future__ import annotations

import pandas as pd

from analysis.assessment import Assessment
from analysis.data.offences import measure_label
from analysis.findings.finding import Finding, Piece, note
from analysis.forecasts.totals import SMALL_COUNT, TotalForecast
from analysis.params.areas import area_name
from analysis.wording import (
    chance_words,
    counted,
    listed,
    month_text,
    number,
    number_word,
    range_words,
    with_unit,
    year_ending,
)


def prospect(assessment: Assessment, row: pd.Series) -> Finding:
    """What one target needs, and how likely it is if nothing changes course.

    Parameters
    ----------
    assessment : Assessment
    row : Series
        A row of ``prospects.prospects``.

    Returns
    -------
    Finding
    """
    area = assessment.area.area_name
    if row["is_blocked"]:
        return Finding(
            heading=f"What {area}'s target needs cannot be told",
            sentence=f"{row['definition']}. {row['note']}",
            certainty="not known",
            because="the base and the latest year are not comparable",
        )
    needed, chance = row["from_last_12_count"], chance_words(row["probability"])
    is_weak = bool(row["is_stretched"]) or row["last_12_count"] / 12 < SMALL_COUNT
    return Finding(
        heading=f"{_wish(row)}: {row['in_words']}, {chance}",
        sentence=(
            f"{row['definition']}. From {number(row['last_12_count'])} offences in the "
            f"{year_ending(assessment.as_of)} to {number(row['target_count'])} takes "
            f"{number(max(needed, 0))} fewer. With no change of course the chance is "
            f"{chance}: {_basis_of_chance(row)}.{_first_note(row)}"
        ),
        certainty="low" if is_weak else "moderate",
        because=(
            "the figures are too short or too small for such a horizon"
            if is_weak
            else "it rests on past changes of all boroughs, much alike for each, from few "
            "separate periods"
        ),
    )


def ladder(assessment: Assessment, measure: str, table: pd.DataFrame, horizon: str) -> Finding:
    """How the chance falls away as the fall asked for grows.

    Parameters
    ----------
    assessment : Assessment
    measure : str
    table : DataFrame
        As ``prospects.ladder`` returns it.
    horizon : str, ``YYYY-MM``

    Returns
    -------
    Finding
    """
    if assessment.within_year.is_blocked:
        return _mixed_year(assessment, "The chances of falls")
    name = measure_label(measure, in_sentence=True)
    steps = [
        f"{number(step['fall_pct'])}% ({number(step['reduction_count'])} fewer): "
        f"{chance_words(step['probability'])}"
        for _, step in table.iterrows()
    ]
    even = table[table["probability"] >= 0.5]["fall_pct"]
    heading = (
        f"Falls of more than {number(even.max())}% are less likely than not"
        if len(even)
        else f"Even a {number(table['fall_pct'].min())}% fall is less likely than not"
    )
    return Finding(
        heading=heading,
        sentence=(
            f"Chance by the {year_ending(horizon)} of a fall in {name} of {listed(steps)}."
        ),
        certainty="moderate",
        because=(
            "the chances rest on what all boroughs have done, so they are much the same for "
            "each"
        ),
    )


def forecast(assessment: Assessment, measure: str, result: TotalForecast) -> Finding:
    """Where the 12-month total is heading, and within what range."""
    if assessment.within_year.is_blocked:
        return _mixed_year(assessment, "The coming year")
    code = assessment.area.area_code
    lower, upper = result.interval(code)
    last = float(result.last_12[code])
    name = measure_label(measure, in_sentence=True)
    small = last / 12 < SMALL_COUNT
    span = range_words(100 * (lower / last - 1), 100 * (upper / last - 1), "%", 0)
    return Finding(
        heading=f"The coming year may bring {number(lower)} to {number(upper)} offences",
        sentence=(
            f"The 12 months to {month_text(pd.Timestamp(result.horizon))} are expected to hold "
            f"about {number(result.median(code))} offences of {name}, as likely above as "
            f"below, and with 80% probability between {number(lower)} and {number(upper)} "
            f"({span} on the latest year)."
        ),
        certainty="low" if small else "moderate",
        because=(
            f"there are fewer than {SMALL_COUNT} offences a month, so chance rules"
            if small
            else "it holds if nothing changes course; recording changes are not foreseen"
        ),
    )


def rules(assessment: Assessment, measure: str, table: pd.DataFrame) -> Finding:
    """How much the reduction needed depends on the rule."""
    if assessment.within_year.is_blocked:
        return _mixed_year(assessment, "What each rule asks")
    name, area = measure_label(measure, in_sentence=True), assessment.area.area_name
    needed = table[table["reduction_count"] > 0]
    if needed.empty:
        return Finding(
            heading=f"{area} already stands where every rule would put it",
            sentence=f"For {name} no rule asks for fewer offences than in the latest year.",
            certainty="high",
            because="comparators are held still",
        )
    least, most = needed["reduction_count"].min(), needed["reduction_count"].max()
    return Finding(
        heading=f"The rule decides: {number(least)} or {number(most)} fewer offences",
        sentence=(
            f"From {name} of {number(table['base_count'].iloc[0])} in the "
            f"{year_ending(assessment.as_of)}, the same wish to be safer asks for "
            f"{number(least)} fewer offences a year by one rule and {number(most)} by another."
        ),
        certainty="high",
        because="it is arithmetic on published counts, with the other boroughs held still",
    )


def outcomes(assessment: Assessment, table: pd.DataFrame) -> Finding:
    """How the targets that have ended came out, one after the other.

    Parameters
    ----------
    assessment : Assessment
    table : DataFrame
        As ``ended_targets.outcomes`` returns it, perhaps empty.

    Returns
    -------
    Finding
    """
    area = assessment.area.area_name
    if table.empty:
        return Finding(
            heading=f"No target of {area} has ended yet",
            sentence=f"By {month_text(pd.Timestamp(assessment.as_of))} none had ended.",
            certainty="high",
            because="their last months are still to come",
            is_key=False,
        )
    told = table[~table["is_blocked"].astype(bool)]
    return Finding(
        heading=_outcomes_heading(assessment, told),
        sentence=" ".join(_outcome(row) for _, row in table.iterrows()),
        certainty="moderate",
        because=(
            "recording changed in between, and a rank by rate turns on populations that were "
            "revised later"
        ),
    )


def to_come(assessment: Assessment, table: pd.DataFrame) -> Piece:
    """How many of the plan's targets are still to come."""
    if table.empty:
        return note("No target of the plan, or of the Mayor's scheme, is still to come.")
    return note(f"{counted(len(table), 'target')} still to come.")


def method(assessment: Assessment, measure: str, horizon: str) -> Piece:
    """How the forecast was made, and from how much."""
    made = assessment.forecast(measure, horizon)
    return note(
        f"{made.method} Chances count the simulated futures that meet the target, and are drawn "
        "a tenth of the way to how often boroughs have achieved as much in as long, where the "
        "record is long enough. 'No change of course' means that nothing new is done and "
        "nothing outside changes more than it has before. Ranges hold what they say on average "
        "over offences; one that begins a rise unlike any before leaves them."
    )


def surveys(assessment: Assessment, answers: list[dict[str, object]]) -> list[Piece]:
    """Confidence targets in points and in percent, and where the survey stands."""
    return [_survey(assessment, answer) for answer in answers]


def _survey(assessment: Assessment, answer: dict[str, object]) -> Piece:
    told = {name: _whole(value) for name, value in answer.items() if name.endswith("_pct")}
    area, end = assessment.area.area_name, month_text(pd.Timestamp(str(answer["horizon"])))
    text = (
        f"The Mayor's confidence target for London was {told['target_pct']} from "
        f"{told['base_pct']} by {end}: {_whole(answer['points'])[:-1]} percentage points, or "
        f"{told['relative_pct']} of the base. The two are often confused."
    )
    if "horizon_pct" in answer:
        text += f" In that quarter the survey gave {area} {told['horizon_pct']}."
    if "latest_pct" in answer:
        text += (
            f" The newest value held, for the quarter to "
            f"{month_text(pd.Timestamp(str(answer['quarter'])))}, is {told['latest_pct']} (95% "
            f"interval {told['latest_lower_pct'][:-1]} to {told['latest_upper_pct']}, on an "
            f"assumed {_whole(answer['assumed_sample_count'])[:-1]} asked: sample sizes are "
            "not published)."
        )
    else:
        text += f" The survey held says nothing of {area} by then."
    return note(text)


def _whole(value: object) -> str:
    return f"{number(float(str(value)))}%"


def _basis_of_chance(row: pd.Series) -> str:
    if str(row["rule"]).startswith("rank"):
        return "by simulation, the other boroughs moving too"
    if pd.isna(row["base_rate"]):
        return "by simulation alone, the figures being too short for a record of boroughs"
    return (
        f"{chance_words(row['simulated'])} by simulation, drawn a little towards "
        f"{chance_words(row['base_rate'])}, how often boroughs have done as much in as long"
    )


def _first_note(row: pd.Series) -> str:
    first, _, rest = str(row["note"]).partition(". ")
    if not first:
        return ""
    return f" {first.rstrip('.')}." + (
        " More notes are under 'How sure are we'." if rest else ""
    )


def _mixed_year(assessment: Assessment, what: str) -> Finding:
    return Finding(
        heading=f"{what} cannot be told from this year",
        sentence=assessment.within_year.sentences[0],
        certainty="not known",
        because="the year holds a step in what is counted",
        is_key=False,
    )


def _wish(row: pd.Series) -> str:
    label = measure_label(row["measure"])
    name = label if label[:2].isupper() else label[:1].lower() + label[1:]
    kind, _, value = str(row["rule"]).partition("=")
    if kind == "percent":
        return f"A {value}% fall in {name}"
    if kind == "level":
        return f"{number(row['target_count'])} offences of {name}"
    if kind == "rank":
        place, _, by = value.partition(":")
        return f"Rank {place} by {by} for {name}"
    return f"Parity for {name}"


def _outcomes_heading(assessment: Assessment, told: pd.DataFrame) -> str:
    area, plan = assessment.area.area_name, assessment.plan
    whose = "its plan's" if plan is not None and plan.targets else "the Mayor's"
    met = int((told["verdict"] == "met").sum())
    missed = int((told["verdict"] == "missed").sum())
    if len(told) == 1 and met + missed == 1:
        return f"{area} {'met' if met else 'missed'} {whose} target"
    parts = []
    if met:
        parts.append(f"met {number_word(met)}")
    if missed:
        parts.append(f"missed {number_word(missed)}")
    done = " and ".join(parts) or "neither met nor missed any"
    return f"Of {whose} {number_word(len(told))} ended targets {area} {done}"


def _outcome(row: pd.Series) -> str:
    if row["is_blocked"]:
        return f"{row['label']}: cannot be told. {row['note']}"
    others = (
        f"; {int(row['met_by_count'])} of 32 boroughs met the same"
        if pd.notna(row["met_by_count"])
        else ""
    )
    change = with_unit(row["change_pct"], "%", 1, signed=True)
    against = number(row["target_count"])
    if row["comparator_code"]:
        against += f" (level with {area_name(row['comparator_code'])})"
    years, then = row["published_years"], ""
    if isinstance(years, str):
        then = (
            f" The annual table published at the time put it there in {years} only."
            if years
            else " The annual table published at the time never put it there."
        )
    return (
        f"{row['label']}: {row['verdict']}, {number(row['base_count'])} "
        f"to {number(row['actual_count'])} ({change}) against {against}{others}.{then}"
    )
