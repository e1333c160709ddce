"""Sentences on a target to come: what it asks, how likely it is, and by which reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.assessment import Assessment
from analysis.assessment.answers import TargetAnswer
from analysis.data.offences import measure_label
from analysis.findings.finding import Finding, Piece, note
from analysis.forecasts.totals import SMALL_COUNT, TotalForecast
from analysis.params.areas import TITLE_WORDS, title_words
from analysis.params.targets import OWN_TARGET
from analysis.wording import (
    chance_words,
    counted,
    month_text,
    number,
    range_words,
    year_ending,
)

Row = pd.Series | Mapping[str, Any]


def prospect(assessment: Assessment, row: Row, required: pd.DataFrame | None = None) -> Finding:
    """What one target needs, and how likely it is if nothing changes course.

    Parameters
    ----------
    assessment : Assessment
    row : Series or mapping
        A row of ``prospects.prospects``, or as ``prospects.prospect`` gives it.
    required : DataFrame, optional
        As ``TargetAnswer.required`` gives it; with it, what is needed in a month.

    Returns
    -------
    Finding
    """
    area = assessment.area.area_name
    if row["is_blocked"]:
        return Finding(
            heading=f"What {area}'s target needs cannot be told",
            sentence=str(row["note"]),
            certainty="not known",
            because="the base and the latest year are not comparable",
            detail=f"The target: {row['definition']}.",
        )
    needed, chance = row["from_last_12_count"], chance_words(row["probability"])
    is_whole = row["per"] == "whole"
    is_weak = bool(row["is_stretched"]) or row["last_12_count"] / 12 < SMALL_COUNT
    return Finding(
        heading=_heading(row, needed, chance),
        sentence=(
            f"{_start(row)} {number(row['last_12_count'])} offences in the "
            f"{year_ending(assessment.as_of)} to {number(row['target_count'])}"
            f"{' a year on average by ' if is_whole else ' in that to '}"
            f"{month_text(pd.Timestamp(row['horizon']))} takes {number(max(needed, 0))} fewer"
            f"{' in all' if is_whole else ''}{_a_month(required)}. {_beyond_forecast(row)}"
            f"If nothing changes, the chance is {chance}."
        ),
        certainty="low" if is_weak else "moderate",
        because=(
            "the figures are too short or too small for such a horizon"
            if is_weak
            else "it rests on how far past forecasts were out, over few separate periods"
        ),
        detail=f"{row['definition']}. The chance is {_basis_of_chance(row)}.",
    )


def forecast(
    assessment: Assessment, measure: str, result: TotalForecast, *, basis: str = "location"
) -> Finding:
    """Where the 12-month total is heading, and within what range.

    Parameters
    ----------
    assessment : Assessment
    measure : str
    result : TotalForecast
    basis : str
        Of the record: a step within the latest year is one of the location basis.

    Returns
    -------
    Finding
    """
    if basis == "location" and assessment.within_year.is_blocked:
        return mixed_year(assessment, "The years to come")
    code = assessment.area.area_code
    lower, upper = result.interval(code)
    last = float(result.last_12[code])
    name = measure_label(measure, in_sentence=True)
    small = last / 12 < SMALL_COUNT
    span = range_words(100 * (lower / last - 1), 100 * (upper / last - 1), "%", 0)
    year = year_ending(result.horizon)
    return Finding(
        heading=f"{year[:1].upper()}{year[1:]} may bring {number(lower)} to "
        f"{number(upper)} offences",
        sentence=(
            f"The 12 months to {month_text(pd.Timestamp(result.horizon))} are expected to hold "
            f"about {number(result.median(code))} offences of {name}, as likely above as "
            f"below, and with 80% probability between {number(lower)} and {number(upper)} "
            f"({span} on the latest year)."
        ),
        certainty="low" if small or result.is_stretched else "moderate",
        because=(
            f"there are fewer than {SMALL_COUNT} offences a month, so chance rules"
            if small
            else "so long a horizon has not been seen yet"
            if result.is_stretched
            else "it holds if nothing changes course; recording changes are not foreseen"
        ),
        is_key=False,
    )


def caution(row: Row) -> list[Piece]:
    """What the gate says with the comparison of base and latest year; nothing if nothing."""
    if row["is_blocked"] or not row["note"]:
        return []
    return [note(str(row["note"]))]


def to_come(assessment: Assessment, table: pd.DataFrame) -> Piece:
    """How many of the plan's targets are still to come."""
    if table.empty:
        return note("No target of the plan, or of the Mayor's scheme, is still to come.")
    return note(f"{counted(len(table), 'target')} still to come.")


def method(answer: TargetAnswer) -> Piece:
    """How the forecast was made, and from how much."""
    return note(
        f"{answer.forecast.method} Chances count the simulated futures that meet the target, "
        "and are drawn a tenth of the way to how often boroughs have achieved as much in as "
        "long, where the record is long enough. 'No change of course' means that nothing new "
        "is done and nothing outside changes more than it has before. Ranges hold what they "
        "say on average over offences; one that begins a rise unlike any before leaves them."
    )


def other_question(is_survey: bool) -> list[Piece]:
    """That a survey's target is told by its own section; nothing where none is asked."""
    if not is_survey:
        return []
    return [
        note(
            "The target asked about is one of a survey, of which no forecast is made: it is "
            "told under confidence. What follows is about offences."
        )
    ]


def mixed_year(assessment: Assessment, what: str) -> Finding:
    """That a step within the latest year keeps something from being told."""
    return Finding(
        heading=f"{what} cannot be told from this year",
        sentence=assessment.within_year.sentences[0],
        certainty="not known",
        because="the year holds a step in what is counted",
        is_key=False,
    )


def _heading(row: Row, needed: float, chance: str) -> str:
    told = f"{row['in_words']}, {chance}"
    fewer = [f"{_wish(row)}, {number(needed)} fewer: {told}"] if needed > 0 else []
    every = [*fewer, f"{_wish(row)}: {told}", f"{_wish(row)}: {chance}"]
    return next((each for each in every if title_words(each) <= TITLE_WORDS), every[-1])


def _start(row: Row) -> str:
    """Whose target it is comes first: who reads no further takes it for the plan's."""
    return "An example, in no plan held: from" if row["name"] == OWN_TARGET else "From"


def _basis_of_chance(row: Row) -> str:
    if str(row["rule"]).startswith(("rank", "parity")) and row["per"] == "year":
        return "found by simulation, the other boroughs moving too"
    if pd.isna(row["base_rate"]):
        return "found by simulation alone, the figures being too short for a record of boroughs"
    return (
        f"{chance_words(row['simulated'])} by simulation, drawn a little towards "
        f"{chance_words(row['base_rate'])}, how often boroughs have done as much in as long"
    )


def _wish(row: Row) -> str:
    label = measure_label(row["measure"])
    name = label if label[:2].isupper() else label[:1].lower() + label[1:]
    kind, _, value = str(row["rule"]).partition("=")
    if kind == "percent":
        return f"{value}% fall in {name}"
    if kind == "level":
        return f"{number(row['target_count'])} offences of {name}"
    if kind == "rank":
        place, _, by = value.partition(":")
        return f"Rank {place} by {by} for {name}"
    return f"Parity for {name}"


def _a_month(required: pd.DataFrame | None) -> str:
    if required is None or required.empty:
        return ""
    row = required.set_index("measured_from").loc["last_12_months"]
    row = row.iloc[0] if isinstance(row, pd.DataFrame) else row
    if row["reduction_count"] <= 0:
        return ""
    return f" ({number(row['per_month_count'])} a month)"


def _beyond_forecast(row: Row) -> str:
    lower, upper = row["forecast_count_lower"], row["forecast_count_upper"]
    left = row["from_forecast_count"]
    beyond = (
        f"with {number(left)} fewer still needed" if left > 0 else "which is within the target"
    )
    return (
        f"The forecast is {number(row['forecast_count'])}"
        f"{' a year' if row['per'] == 'whole' else ''} (80% range {number(lower)} to "
        f"{number(upper)}), {beyond}. "
    )
