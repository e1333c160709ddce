"""Sentences on crime across borders: what follows the neighbours, and what lies near them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.assessment import Assessment
from analysis.assessment.cross_border import CrossBorder
from analysis.data.offences import measure_label
from analysis.findings.change_words import first_named
from analysis.findings.finding import Finding
from analysis.findings.offenders import not_held
from analysis.params.areas import area_name
from analysis.wording import counted, listed, month_text, number, number_word, range_words

if TYPE_CHECKING:
    from analysis.places.borders import BorderShare

TOTAL = "total_without_fraud"

UNPUBLISHED = (
    "Who offends here from where is not published: it takes the police's records of offenders' "
    "homes."
)


def following(assessment: Assessment, found: CrossBorder) -> Finding:
    """Which offences follow the neighbours beyond London's own movement."""
    area = assessment.area.area_name
    if found.table.empty:
        heading = f"Whether {area} follows its neighbours cannot be told"
        return not_held(assessment, heading, "crime with enough comparable months")
    follow = found.table[found.table["is_significant"].fillna(value=False).astype(bool)]
    names = [area_name(code) for code in found.neighbours["neighbour_code"]]
    words = [measure_label(str(name), in_sentence=True) for name in follow.index]
    months = int(found.table["month_count"].max())
    total = found.table[(found.table.index == TOTAL) & ~found.table.index.isin(follow.index)]
    told = [_correlation(str(name), row) for name, row in follow.iterrows()]
    also = [_correlation(str(name), row) for name, row in total.iterrows()]
    return Finding(
        heading=_following_heading(area, words),
        sentence=(
            f"{_moving(len(words), len(found.table))} more with the neighbours' than with as "
            "many boroughs drawn at random"
            + (
                f", by correlation (1 is in step, 0 no link): {first_named(told, 1)}."
                if told
                else "."
            )
        ),
        certainty="moderate" if words else "low",
        because=(
            "measures are judged together against random sets, months of COVID and of "
            "recording changes are out, and moving together is no proof of travel"
        ),
        is_key=bool(words),
        detail=(
            f"{area} borders {listed(names)}. Changes over up to {months} months are "
            "correlated, with London's own movement and the season taken out, and set against "
            "boroughs that do not touch it. All measures are judged together, so that a dot "
            "may lie outside its line and still be within chance. "
            + (f"Not beyond chance: {listed(also)}. " if also else "")
            + (f"Beyond chance: {listed(told)}. " if len(told) > 2 else "")
            + UNPUBLISHED
        ),
    )


def _correlation(name: str, row: pd.Series) -> str:
    return (
        f"{measure_label(name, in_sentence=True)} {number(row['correlation'], 2)} (at random "
        f"{range_words(row['random_lower'], row['random_upper'], '', 2)})"
    )


def near_border(assessment: Assessment, found: BorderShare | None, metres: int) -> Finding:
    """Share of offences close to the border, against the residents there."""
    area = assessment.area.area_name
    if found is None:
        heading = f"Offences near {area}'s border are not known"
        return not_held(assessment, heading, "offences by small area")
    table = assessment.table("lsoa_offences")
    newest = month_text(table["year_ending"].max())
    level = "beyond" if found.is_told_apart else "within"
    return Finding(
        heading=border_heading(area, found.rate_ratio, is_told_apart=found.is_told_apart),
        sentence=(
            f"In the year to {newest}, {number(found.near_offence_count)} of "
            f"{number(found.offence_count)} located offences, {number(found.offence_pct, 1)}% "
            f"(95% interval {number(found.offence_pct_lower, 1)} to "
            f"{number(found.offence_pct_upper, 1)}), were in the "
            f"{number(found.near_place_count)} of {number(found.place_count)} small areas "
            "whose "
            f"centre is within {number(metres)} metres of the border, where "
            f"{number(found.resident_pct, 1)}% of residents live. For each resident that is "
            f"{number(found.rate_ratio, 2)} times the rest "
            f"({number(found.rate_ratio_lower, 2)} to {number(found.rate_ratio_upper, 2)}), "
            f"{level} chance. {UNPUBLISHED}"
        ),
        certainty="moderate",
        because=(
            "an area counts whole by its centre, about a twentieth of offences and all sexual "
            "offences and fraud have no small area, and residents are not all who are there"
        ),
        is_key=False,
    )


def _following_heading(area: str, words: list[str]) -> str:
    if not words:
        return f"{area}'s crime does not clearly follow its neighbours'"
    if len(words) == 1:
        return f"{words[0][:1].upper()}{words[0][1:]} in {area}: in step with its neighbours'"
    return f"{counted(len(words), 'measure')} of {area}'s crime follow its neighbours'"


def border_heading(area: str, rate_ratio: float, *, is_told_apart: bool) -> str:
    """Crime near the border against the residents there, in the same words wherever told.

    Examples
    --------
    >>> border_heading("Harrow", 0.77, is_told_apart=False)
    "Crime near Harrow's border fits its residents' share within chance"
    """
    if not is_told_apart:
        return f"Crime near {area}'s border fits its residents' share within chance"
    more = "more" if rate_ratio > 1 else "less"
    return f"Crime near {area}'s border is {more} than its residents' share"


def _moving(count: int, measures: int) -> str:
    if count == 0:
        return f"None of {number_word(measures)} measures moves"
    verb = "moves" if count == 1 else "move"
    return f"{counted(count, 'measure')} of {number_word(measures)} {verb}"
