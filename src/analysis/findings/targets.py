"""Sentences on targets: what one asks, how likely it is, what a plan's numbers can mean."""

from __future__ import annotations

import pandas as pd

from analysis.assessment import Assessment
from analysis.data.offences import measure_label
from analysis.findings.finding import Finding, Piece, note
from analysis.forecasts.totals import SMALL_COUNT, TotalForecast
from analysis.params.areas import area_name
from analysis.targets.base_rates import BaseRate
from analysis.wording import listed, month_text, number, range_words, with_unit, year_ending

CLOSE_FIT_PCT = 1.0
# A reading within one per cent on both numbers of a claim is called close.


def chance(assessment: Assessment, measure: str, step: pd.Series, horizon: str) -> Finding:
    """How likely a fall of one size is by the horizon, if nothing changes course.

    Parameters
    ----------
    assessment : Assessment
    measure : str
    step : Series
        A row of ``prospects.ladder``.
    horizon : str, ``YYYY-MM``

    Returns
    -------
    Finding
    """
    name, area = measure_label(measure, in_sentence=True), assessment.area.area_name
    fall, probability = step["fall_pct"], 100 * step["probability"]
    return Finding(
        heading=f"A {number(fall)}% fall in {name} is {step['in_words']}",
        sentence=(
            f"From {number(step['target_count'] + step['reduction_count'])} offences in the "
            f"{year_ending(assessment.as_of)}, {area} would need "
            f"{number(step['reduction_count'])} fewer in the {year_ending(horizon)}. With no "
            f"change of course the chance is about {number(probability)}%: the mean of "
            f"{number(100 * step['simulated'])}% by simulation and "
            f"{number(100 * step['base_rate'])}%, how often boroughs have done as much in as "
            "long."
        ),
        certainty="moderate",
        because=(
            "it rests on past changes of all boroughs, from few separate periods, and simple "
            "chances of large falls have been too high"
        ),
    )


def forecast(assessment: Assessment, measure: str, result: TotalForecast) -> Finding:
    """Where the 12-month total is heading, and within what range."""
    code, area = assessment.area.area_code, assessment.area.area_name
    lower, upper = result.interval(code)
    last = float(result.last_12[code])
    name = measure_label(measure, in_sentence=True)
    small = last / 12 < SMALL_COUNT
    return Finding(
        heading=f"{area} may see {number(lower)} to {number(upper)} offences",
        sentence=(
            f"The 12 months to {month_text(pd.Timestamp(result.horizon))} are expected to hold "
            f"about {number(result.median(code))} offences of {name}, as likely above as below, "
            f"and with 80% probability between {number(lower)} and {number(upper)} "
            f"({range_words(100 * (lower / last - 1), 100 * (upper / last - 1), '%', 0)} on the "
            f"latest year). {result.method}"
        ),
        certainty="low" if small else "moderate",
        because=(
            f"there are fewer than {SMALL_COUNT} offences a month, so chance rules"
            if small
            else "it holds only if nothing changes course, and recording changes are not foreseen"
        ),
    )


def record(assessment: Assessment, measure: str, fall_pct: float, often: BaseRate) -> Finding:
    """How often boroughs have achieved as large a fall in as long, and which did."""
    name = measure_label(measure, in_sentence=True)
    if not often.start_count:
        return Finding(
            heading="There is no record yet of falls over so long",
            sentence="The figures are too short to hold both ends of one such period.",
            certainty="not known",
            because="no period is held",
            is_key=False,
        )
    who = [area_name(code) for code in often.area_codes]
    named = listed(who[:5]) + (f" and {len(who) - 5} more" if len(who) > 5 else "")
    mine = "has" if assessment.area.area_code in often.area_codes else "has not"
    return Finding(
        heading=f"{number(100 * often.share, 1)}% of past periods brought a {number(fall_pct)}% fall",
        sentence=(
            f"Over {often.start_count} starting months from "
            f"{month_text(pd.Timestamp(often.first_start))} and 32 boroughs, {name} fell by "
            f"{number(fall_pct)}% or more in as long in {number(100 * often.share, 1)}% of "
            f"cases" + (f" ({named})" if who else "") + f". {assessment.area.area_name} {mine} "
            "done it. COVID months are left out."
        ),
        certainty="moderate",
        because="starting months overlap and boroughs move together, so separate cases are few",
        is_key=False,
    )


def rules(assessment: Assessment, measure: str, table: pd.DataFrame) -> Finding:
    """How much the reduction needed depends on the rule."""
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


def claim(assessment: Assessment, table: pd.DataFrame) -> Finding:
    """Which reading of a plan's numbers fits them best, and what that is worth.

    Parameters
    ----------
    assessment : Assessment
        Of a borough whose plan makes a claim.
    table : DataFrame
        As ``prospects.plan_readings`` returns it.

    Returns
    -------
    Finding
    """
    if assessment.plan is None or not assessment.plan.claims:
        return _no_claim(assessment, table)
    said = assessment.plan.claims[0]
    best = table.iloc[0]
    close = int((table["worst_gap_pct"] <= CLOSE_FIT_PCT).sum())
    comparator = area_name(best["comparator_code"]) if best["comparator_code"] else ""
    against = f" down to {comparator}" if comparator else ""
    almost = "almost " if said.is_approximate else ""
    return Finding(
        heading=f"The plan's {number(said.reduction_count)} fits one reading closely",
        sentence=(
            f"The plan asks for {almost}{number(said.reduction_count)} fewer of "
            f"{number(said.base_count)} offences ({number(said.reduction_pct, 1)}%) without "
            "saying what is counted. Of "
            f"{len(table)} readings tried, {close} come(s) within "
            f"{number(CLOSE_FIT_PCT)}% on both numbers; the closest is "
            f"{measure_label(best['measure'], in_sentence=True)}, {best['basis']} basis, "
            f"{best['period']}: {best['formula']}{against}. It is unproven: so many readings "
            "make a close one likely by chance, and figures have been revised since."
        )
        if close
        else (
            f"None of {len(table)} readings fits both of the plan's numbers within "
            f"{number(CLOSE_FIT_PCT)}%; the closest is {best['formula']}{against}."
        ),
        certainty="low",
        because="the plan names neither measure, period nor comparator",
    )


def outcome(assessment: Assessment, row: pd.Series) -> Finding:
    """How a target that has ended came out."""
    area = assessment.area.area_name
    met = "met" if row["is_met"] else "missed"
    others = (
        f" {int(row['met_by_count'])} of 32 boroughs met the same."
        if pd.notna(row["met_by_count"])
        else ""
    )
    against = (
        f" against {number(row['target_count'])} in {area_name(row['comparator_code'])}"
        if row["comparator_code"] and "count" in str(row["rule"])
        else f" against a target of {number(row['target_count'])}"
    )
    years = row["published_years"]
    then = ""
    if isinstance(years, str):
        then = (
            f" The annual table published at the time put it there in {years} only."
            if years
            else " The annual table published at the time never put it there."
        )
    return Finding(
        heading=f"{area} {met} its target: {_short(str(row['label']))}",
        sentence=(
            f"{row['definition']}: {number(row['base_count'])} became "
            f"{number(row['actual_count'])} "
            f"({with_unit(row['change_pct'], '%', 1, signed=True)}){against}, so it was "
            f"{met}.{others}{then}"
        ),
        certainty="low" if "rate" in str(row["rule"]) else "moderate",
        because=(
            "a rank by rate turns on populations that were revised later"
            if "rate" in str(row["rule"])
            else "recording of violence improved in 2014, so part of any rise is recording"
        ),
    )


def survey(assessment: Assessment, answer: dict[str, object]) -> Piece:
    """A confidence target in points and in percent, and where the survey stands."""
    text = (
        f"The confidence target is {number(float(str(answer['target_pct'])))}% from "
        f"{number(float(str(answer['base_pct'])))}%: "
        f"{number(float(str(answer['points'])))} percentage points, or "
        f"{number(float(str(answer['relative_pct'])))}% of the base. The two are often "
        "confused."
    )
    if "latest_pct" in answer:
        text += (
            f" In the quarter to {month_text(pd.Timestamp(str(answer['quarter'])))} the survey "
            f"gives {assessment.area.area_name} "
            f"{number(float(str(answer['latest_pct'])))}% (95% interval "
            f"{number(float(str(answer['latest_lower_pct'])))} to "
            f"{number(float(str(answer['latest_upper_pct'])))}%, on an assumed "
            f"{number(float(str(answer['assumed_sample_count'])))} asked: sample sizes are not "
            "published)."
        )
    else:
        text += " The survey held says nothing of the borough by then."
    return note(text)


def _no_claim(assessment: Assessment, table: pd.DataFrame) -> Finding:
    spread = table[table["rule"] == "rank=1:count"]["reduction_count"]
    low, high = spread.min(), spread.max()
    return Finding(
        heading=f"To be lowest asked for {number(low)} to {number(high)} fewer offences",
        sentence=(
            f"{assessment.area.area_name}'s plan held here claims no number. In the years "
            "around its writing, to have the fewest offences of 32 boroughs asked for "
            f"{number(low)} to {number(high)} fewer a year, depending on what is counted, on "
            "which record and when."
        ),
        certainty="high",
        because="it is arithmetic on published counts, with the other boroughs held still",
        is_key=False,
    )


def _short(label: str) -> str:
    words = label.split()
    return " ".join(words[:8])
