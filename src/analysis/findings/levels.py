"""Sentences on how much crime there is, how it stands in London, and how much it harms."""

from __future__ import annotations

import pandas as pd

from analysis.assessment import Assessment
from analysis.data.offences import measure_label
from analysis.findings.finding import Certainty, Finding
from analysis.measures.comparison import Funnel
from analysis.measures.harm import HarmScore
from analysis.params.areas import area_name
from analysis.wording import counted, listed, number, ordinal, year_ending

CLOSE_RANKS = 3
# A rank interval this wide or narrower places a borough.


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
    place = int(mine["rate_rank"])
    sentence = (
        f"{area.area_name} had {number(mine['offence_count'])} recorded offences in the "
        f"{year_ending(assessment.as_of)}, {number(rate, 1)} per 1,000 residents (95% interval "
        f"{number(rates['rate_per_1000_lower'], 1)} to "
        f"{number(rates['rate_per_1000_upper'], 1)}). From the lowest rate that is "
        f"{ordinal(place)} of 32 boroughs; chance alone could put it anywhere from "
        f"{ordinal(int(mine['rate_rank_lower']))} to {ordinal(int(mine['rate_rank_upper']))}. "
        f"By count it is {ordinal(int(mine['count_rank']))} lowest."
    )
    width = int(mine["rate_rank_upper"] - mine["rate_rank_lower"])
    certainty: Certainty = "high" if width <= CLOSE_RANKS else "moderate"
    return Finding(
        heading=f"{area.area_name} has the {_place(place)} crime rate of 32 boroughs",
        sentence=sentence,
        certainty=certainty,
        because=(
            f"chance leaves {counted(width + 1, 'possible rank').casefold()}; recorded crime "
            "is what was reported and recorded"
        ),
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
    near = result.table.loc[similar, "rate_per_1000"]
    higher = int((near > mine["rate_per_1000"]).sum())
    heading = {
        "in line": f"{area.area_name}'s rate is within London's usual spread",
        "above": f"{area.area_name}'s rate is above London's usual spread",
        "far above": f"{area.area_name}'s rate is far above London's usual spread",
        "below": f"{area.area_name}'s rate is below London's usual spread",
        "far below": f"{area.area_name}'s rate is far below London's usual spread",
    }[position]
    sentence = (
        f"At {number(mine['rate_per_1000'], 1)} per 1,000 residents against "
        f"{number(london, 1)} for the 32 boroughs together, {area.area_name} is {position} "
        "once the usual spread between boroughs is allowed for. Of the boroughs most like it "
        f"({listed([area_name(code) for code in similar])}), {higher} of {len(similar)} have a "
        "higher rate."
    )
    return Finding(
        heading=heading,
        sentence=sentence,
        certainty="moderate",
        because=(
            "the limits allow for chance and spread, but residents are not all who are in a "
            "borough by day"
        ),
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
    place = f" By harm per resident {area.area_name} is {ordinal(rank)} lowest of 32."
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
    )


def _spoilt_year(assessment: Assessment, heading: str) -> Finding:
    return Finding(
        heading=heading,
        sentence=assessment.within_year.sentences[0],
        certainty="not known",
        because="the year holds a step in what is counted",
    )


def _place(rank: int) -> str:
    if rank == 1:
        return "lowest"
    return "highest" if rank == 32 else f"{ordinal(rank)} lowest"
