"""Sentences on how a chance changes: with the fall, the rule, the definition, London."""

from __future__ import annotations

import pandas as pd

from analysis.assessment import Assessment
from analysis.assessment.answers import TargetAnswer
from analysis.assessment.target_report import what_varies
from analysis.data.offences import measure_label
from analysis.findings.finding import Finding
from analysis.findings.targets import mixed_year
from analysis.findings.ways import untold
from analysis.wording import chance_words, counted, listed, number, with_unit, year_ending


def ladder(answer: TargetAnswer, table: pd.DataFrame) -> Finding:
    """How the chance falls away as the fall asked for grows.

    Parameters
    ----------
    answer : TargetAnswer
    table : DataFrame
        As ``prospects.ladder`` returns it.

    Returns
    -------
    Finding
    """
    if answer.assessment.within_year.is_blocked:
        return mixed_year(answer.assessment, "The chances of falls")
    target = answer.target
    name = measure_label(target.measure, in_sentence=True)
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
            f"Chance by the {year_ending(target.horizon)} of a fall in {name} "
            f"({target.basis} basis, {target.offence_list} offence list) of {listed(steps)}."
        ),
        certainty="moderate",
        because=(
            "it rests on how far such forecasts have been out, over all boroughs and offences"
        ),
        is_key=False,
    )


def if_london(answer: TargetAnswer) -> Finding:
    """How the chance hangs on what London does."""
    if answer.is_blocked:
        return untold(answer, "London's part in the target")
    table = answer.if_london_changes
    if table.empty:
        return Finding(
            heading="London's part in a sum over years is not told",
            sentence=(
                "A target over the whole period is a sum of years whose futures are not "
                "drawn jointly with London's."
            ),
            certainty="not known",
            because="only the last year's futures are joint",
            is_key=False,
        )
    rows = table.set_index("london_change_pct")
    still, lowest = rows.loc[[0.0]].iloc[0], rows.iloc[0]
    fall = with_unit(-float(table["london_change_pct"].iloc[0]), "%")
    return Finding(
        heading=(
            f"If London fell {fall}, the chance would be {chance_words(lowest['probability'])}"
        ),
        sentence=(
            f"If London stays as it is, the chance is {chance_words(still['probability'])}; "
            f"if it falls by {fall}, {chance_words(lowest['probability'])}; the chance that "
            f"London falls so far is itself {chance_words(lowest['london_chance_below'])}. "
            f"With London as it is the borough would have to change by "
            f"{with_unit(still['relative_change_pct'], '%', 1, signed=True)} on its own."
        ),
        certainty="moderate",
        because="most of what moves a borough moves London too, in the simulated futures",
        is_key=False,
    )


def by_definition(answer: TargetAnswer, table: pd.DataFrame) -> Finding:
    """How far the chance moves with the definition.

    Parameters
    ----------
    answer : TargetAnswer
    table : DataFrame
        As ``prospects.by_definition`` returns it.
    """
    if answer.is_blocked:
        return untold(answer, "The target under other definitions")
    told = table[~table["is_blocked"].astype(bool)].sort_values("probability", kind="stable")
    least, most = told.iloc[0], told.iloc[-1]
    ends = [chance_words(each["probability"]) for each in (least, most)]
    return Finding(
        heading=(
            f"By every definition the chance is {ends[0]}"
            if ends[0] == ends[1]
            else f"By definition the chance runs from {ends[0]} to {ends[1]}"
        ),
        sentence=(
            f"The same wish read in {counted(len(told), 'way').lower()} takes {_fewer(told)} "
            "than the latest year. "
            f"Least likely: {_definition(least)}. Likeliest: {_definition(most)}."
        ),
        certainty="moderate",
        because="each is worked out in the same way on its own record",
        is_key=False,
    )


def rules(assessment: Assessment, measure: str, table: pd.DataFrame) -> Finding:
    """How much the reduction needed depends on the rule."""
    if assessment.within_year.is_blocked:
        return mixed_year(assessment, "What each rule asks")
    name, area = measure_label(measure, in_sentence=True), assessment.area.area_name
    needed = table[table["reduction_count"] > 0]
    if needed.empty:
        return Finding(
            heading=f"{area} already stands where every rule would put it",
            sentence=f"For {name} no rule asks for fewer offences than in the latest year.",
            certainty="high",
            because="comparators are held still",
            is_key=False,
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
        is_key=False,
    )


def _fewer(told: pd.DataFrame) -> str:
    least, most = told["from_last_12_count"].min(), told["from_last_12_count"].max()
    if most <= 0:
        return "no fewer offences"
    if least < 0:
        return f"no fewer offences to {number(most)} fewer"
    return f"{number(least)} to {number(most)} fewer offences"


def _definition(row: pd.Series) -> str:
    words = what_varies(row)
    return f"{words[:1].lower()}{words[1:]} ({chance_words(row['probability'])})"
