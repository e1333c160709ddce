"""Sentences on how much crime there is, how it stands in London, and how much it harms."""

from __future__ import annotations

import pandas as pd

from analysis.assessment import Assessment
from analysis.assessment.long_view import share_of_london, share_of_residents
from analysis.data.offences import measure_label
from analysis.findings.change_words import placed, sure_of_ranks
from analysis.findings.finding import Finding
from analysis.measures.comparison import Funnel
from analysis.measures.harm import HarmScore
from analysis.params.areas import area_name
from analysis.wording import (
    counted,
    listed,
    number,
    number_word,
    place_words,
    rank_range_brief,
    year_ending,
)

BOROUGHS = 32

_POSITIONS = {
    "in line": "within",
    "above": "above",
    "far above": "far above",
    "below": "below",
    "far below": "far below",
}

UNUSUAL = ": a high or low rank alone does not make a rate unusual"


def level(assessment: Assessment, ranks: pd.DataFrame) -> Finding:
    """How much crime was recorded in the latest year, per resident, and the borough's rank.

    Parameters
    ----------
    assessment : Assessment
    ranks : DataFrame
        As ``assessment.ranks()`` returns it.

    Returns
    -------
    Finding
    """
    area = assessment.area
    if assessment.within_year.is_blocked:
        return _spoilt_year(assessment, f"{area.area_name} cannot be ranked for this year")
    mine = ranks.T[area.area_code]
    rate = mine["rate_per_1000"]
    rates = assessment.rates().T[area.area_code]
    low, high = int(mine["rate_rank_lower"]), int(mine["rate_rank_upper"])
    place, left_open = placed(int(mine["rate_rank"]), low, high, BOROUGHS)
    certainty = sure_of_ranks(low, high)
    share = share_of_london(assessment)
    sentence = (
        f"{area.area_name} had {number(mine['offence_count'])} recorded offences, fraud left "
        f"out, in the {year_ending(assessment.as_of)}, {number(rate, 1)} per 1,000 residents "
        f"(95% interval {number(rates['rate_per_1000_lower'], 1)} to "
        f"{number(rates['rate_per_1000_upper'], 1)}): the "
        f"{place} rate of 32 boroughs. Looked at by itself, {left_open}."
    )
    detail = (
        "Recorded crime is only what was reported and recorded. The range is that for this one "
        "rank. The London comparison also asks which ranks hold "
        "for all 32 boroughs at once, a stricter question that leaves more ranks open. By "
        f"count it is the {place_words(int(mine['count_rank']), BOROUGHS)}, and its share of "
        f"the boroughs' offences is {number(share.share_pct, 2)}% (95% interval "
        f"{number(share.share_lower_pct, 2)} to {number(share.share_upper_pct, 2)}%) against "
        f"{number(share_of_residents(assessment), 2)}% of their residents."
    )
    return Finding(
        heading=_rank_heading(area.area_name, low, high),
        sentence=sentence,
        certainty=certainty,
        because=(
            f"chance leaves {'only ' if certainty == 'high' else ''}"
            f"{number_word(high - low + 1)} of {BOROUGHS} ranks open"
        ),
        detail=detail,
    )


def standing(assessment: Assessment, result: Funnel, similar: list[str]) -> Finding:
    """Whether the borough's rate is out of line with London's, and with similar boroughs."""
    area = assessment.area
    if assessment.within_year.is_blocked:
        heading = f"Where {area.area_name} stands in London cannot be told"
        return _spoilt_year(assessment, heading)
    mine = result.table.T[area.area_code]
    london = result.table["offence_count"].sum() / result.table["population"].sum() * 1000
    position = str(mine["position"])
    outside = int((result.table["position"] != "in line").sum())
    far = int(result.table["position"].isin(["far above", "far below"]).sum())
    near = result.table.loc[similar, "rate_per_1000"]
    higher = int((near > mine["rate_per_1000"]).sum())
    heading = {
        "in line": f"{area.area_name}'s rate lies within London's usual spread",
        "above": f"{area.area_name}'s rate is above London's usual spread",
        "far above": f"{area.area_name}'s rate is far above London's usual spread",
        "below": f"{area.area_name}'s rate is below London's usual spread",
        "far below": f"{area.area_name}'s rate is far below London's usual spread",
    }[position]
    sentence = (
        f"At {number(mine['rate_per_1000'], 1)} per 1,000 residents against "
        f"{number(london, 1)} for the 32 boroughs together, {area.area_name} is "
        f"{_POSITIONS[position]} the usual spread between boroughs, outside which "
        f"{counted(outside, 'borough').casefold()} {'lies' if outside == 1 else 'lie'} (95% "
        f"limits; {number_word(far)} outside those of 99.8%)"
        f"{UNUSUAL if position == 'in line' else ''}. Of the "
        f"{number_word(len(similar))} "
        f"boroughs most like it ({listed([area_name(code) for code in similar])}), "
        f"{number_word(higher)} {'have' if higher > 1 else 'has'} a higher rate as recorded."
    )
    return Finding(
        heading=heading,
        sentence=sentence,
        certainty="moderate",
        because=(
            "the limits allow for chance and spread, but residents are not all who are in a "
            "borough by day"
        ),
        is_key=False,
    )


def harm(assessment: Assessment, score: HarmScore) -> Finding:
    """Which offences do most harm, and how the borough ranks when harm is what counts."""
    area = assessment.area
    groups = score.by_group[score.by_group["area_code"] == area.area_code]
    top = groups.sort_values("harm_score", ascending=False).head(3)
    rank = int(score.table["harm_per_1000"].rank(method="min")[area.area_code])
    share = float(top["harm_pct"].sum())
    volume = float(top["offence_count"].sum() / groups["offence_count"].sum() * 100)
    names = [measure_label(group, in_sentence=True) for group in top["offence_group"]]
    place = f" Its harm per resident is the {place_words(rank, BOROUGHS)} of 32 boroughs."
    return Finding(
        heading=f"Three offence groups do {number(share)}% of the harm",
        sentence=(
            f"Weighted by severity, {listed(names)} make {number(share)}% of "
            f"{area.area_name}'s harm but {number(volume)}% of the offences weighted, in the "
            f"{year_ending(assessment.as_of)}."
            + ("" if assessment.within_year.is_blocked else place)
        ),
        certainty="moderate",
        because=(
            "one weight stands for all offences of a group, from average sentences, and few "
            "homicides or rapes move the score much"
        ),
        is_key=False,
    )


def _spoilt_year(assessment: Assessment, heading: str) -> Finding:
    return Finding(
        heading=heading,
        sentence=assessment.within_year.sentences[0],
        certainty="not known",
        because="the year holds a step in what is counted",
    )


def _rank_heading(name: str, low: int, high: int) -> str:
    if low == high:
        return f"{name} has the {place_words(low, BOROUGHS)} crime rate of 32 boroughs"
    if high == BOROUGHS:
        highest = number_word(BOROUGHS - low + 1)
        return f"{name}'s crime rate: among the {highest} highest of 32 boroughs"
    if low == 1:
        return f"{name}'s crime rate: among the {number_word(high)} lowest of 32 boroughs"
    return f"{name}'s crime rate: {rank_range_brief(low, high, BOROUGHS)} of 32 boroughs"
