"""Sentences on a plan's numbers: which reading fits them, and what a close fit is worth."""

from __future__ import annotations

import pandas as pd

from analysis.assessment import Assessment
from analysis.assessment.claims import ClaimSearch
from analysis.assessment.year_totals import ANNUAL_LIST
from analysis.data.offences import measure_label
from analysis.findings.finding import Finding
from analysis.targets.claims import CLOSE_FIT_PCT, ClaimNumbers
from analysis.targets.definitions import rule_words
from analysis.wording import chance_words, counted, number, number_word, period_words

NO_FIT_PCT = 5.0
# A reading farther off explains nothing, however rarely chance would come as near.

RARE = 0.05
# A fit that fewer than one made-up claim in twenty has is more than chance would bring.

_SCOPES = {"scheme": "All crime or a scheme", "group": "One offence group"}
_KINDS = {
    "percent": "a share of the base",
    "rank": "down to one of the three lowest boroughs",
    "mean": "down to a mean",
    "parity": "down to any other borough",
    "total": "the total alone",
}


def plan_claim(
    assessment: Assessment, narrow: ClaimSearch, wide: ClaimSearch | None = None
) -> Finding:
    """Which reading of a plan's numbers fits them best, and what that is worth.

    Parameters
    ----------
    assessment : Assessment
    narrow : ClaimSearch
        As ``claims.plan_search`` returns it.
    wide : ClaimSearch, optional
        As ``claims.plan_wide_search`` returns it.

    Returns
    -------
    Finding
        Where the plan claims nothing, what being lowest would have asked for.
    """
    if assessment.plan is None or not assessment.plan.claims or narrow.fit is None:
        return _no_claim(assessment, narrow.table)
    said, fit = assessment.plan.claims[0], narrow.fit
    almost = "almost " if said.is_approximate else ""
    detail = f"The closest is {reading_words(narrow.table.iloc[0])}. {_by_chance(narrow)}"
    if wide is not None and wide.fit is not None:
        detail += (
            " Those few were chosen knowing the plan. Among all "
            f"{number(wide.fit.tried)} readings that the figures near then allow, a made-up "
            f"claim finds one as close as the closest, {_gap_words(wide.fit.closest_pct)} "
            f"off, in {chance_words(wide.as_close_by_chance)} of cases."
        )
    close = fit.close_count
    return Finding(
        heading=(
            f"{counted(close, 'reading')} of the plan's {number(said.reduction_count)} "
            f"{'fits' if close == 1 else 'fit'} closely"
        ),
        sentence=(
            f"The plan asks for {almost}{number(said.reduction_count)} fewer of "
            f"{number(said.base_count)} offences ({number(said.reduction_pct, 1)}%) without "
            f"saying what is counted. Of {number(fit.tried)} readings "
            f"{number_word(close)} came within {number(CLOSE_FIT_PCT)}% on both numbers; a "
            "made-up claim finds one as close in "
            f"{chance_words(narrow.as_close_by_chance)} of cases{_among_all(wide)}."
        ),
        certainty="low",
        because="the plan names neither measure, period nor comparator",
        detail=f"{detail} It is unproven: the figures have been revised since.",
    )


def closest(assessment: Assessment, search: ClaimSearch) -> Finding:
    """The closest reading of any numbers, and how often chance would find one as close.

    Parameters
    ----------
    assessment : Assessment
    search : ClaimSearch
        As ``claims.claim_search`` returns it.

    Returns
    -------
    Finding
    """
    if search.claim is None or search.fit is None:
        return _no_claim(assessment, search.table)
    gap, chance = search.fit.closest_pct, search.as_close_by_chance
    is_fit, is_rare = gap <= NO_FIT_PCT, chance < RARE
    close, by_chance = search.fit.close_count, _count_words(search.fit.close_by_chance)
    worth = "is more than chance would bring" if is_rare else "may be chance"
    judged = (
        f"{_by_chance(search)} {counted(close, 'reading')} of the claim "
        f"{'comes' if close == 1 else 'come'} within {number(CLOSE_FIT_PCT)}%; of a made-up "
        f"one {by_chance} would, on average."
        if is_fit
        else "So far off, it explains nothing."
    )
    return Finding(
        heading=(
            f"The closest reading is {_gap_words(gap)} off, which {worth}"
            if is_fit
            else f"No reading comes within {number(NO_FIT_PCT)}% of the numbers"
        ),
        sentence=(
            f"Of {number(search.tried)} readings of {claim_words(search.claim)} for "
            f"{assessment.area.area_name}, in 12 months ending from "
            f"{period_words(*search.ends)}, the closest is {_gap_words(gap)} off."
        ),
        certainty="moderate" if is_fit and is_rare else "low",
        because="the numbers do not say what they count, and figures have been revised since",
        detail=f"It is {reading_words(search.table.iloc[0])}. {judged}",
    )


def kinds(search: ClaimSearch) -> list[str]:
    """How each kind of reading does by itself: a sentence a kind.

    Parameters
    ----------
    search : ClaimSearch

    Returns
    -------
    list of str
        Those with a reading that fits first; the rest are named in one sentence.
    """
    if search.by_kind.empty:
        return []
    fits = search.by_kind["closest_pct"] <= NO_FIT_PCT
    told = search.by_kind[fits].sort_values("closest_pct", kind="stable")
    lines = [
        f"{_kind_words(row)}: {number(row['tried'])} tried, the closest "
        f"{_gap_words(row['closest_pct'])} off ({row['formula']}); a made-up claim does as "
        f"well in {chance_words(row['as_close_by_chance'])} of cases."
        for _, row in told.iterrows()
    ]
    rest = [_kind_words(row) for _, row in search.by_kind[~fits].iterrows()]
    if rest:
        lines.append(f"None within {number(NO_FIT_PCT)}%: {'; '.join(rest)}.")
    return lines


def claim_words(claim: ClaimNumbers) -> str:
    """A claim's numbers as a plan would say them.

    Examples
    --------
    >>> claim_words(ClaimNumbers(2500, 11615)), claim_words(ClaimNumbers(base_count=11615))
    ('2,500 fewer of 11,615 offences', 'a total of 11,615 offences')
    """
    if claim.reduction_count is None:
        return f"a total of {number(claim.base_count or 0)} offences"
    of = f" of {number(claim.base_count)}" if claim.base_count is not None else ""
    return f"{number(claim.reduction_count)} fewer{of} offences"


def reading_words(row: pd.Series) -> str:
    """A reading in full: what, on which record, when, by which rule, with its formula.

    Examples
    --------
    >>> reading_words(
    ...     pd.Series(
    ...         {
    ...             "measure": "victim_based",
    ...             "basis": "location",
    ...             "offence_list": "current",
    ...             "published": "2026-04",
    ...             "period": "2012-01 to 2012-12",
    ...             "rule": "rank=1:count",
    ...             "comparator_code": "E09000021",
    ...             "formula": "11,616 − 9,130 = 2,486",
    ...         }
    ...     )
    ... )[:71]
    'victim-based crime, location basis, current offence list (published 202'
    """
    rule = rule_words(row["rule"], row["comparator_code"])
    return (
        f"{record_words(row)}, {period_words(*row['period'].split(' to '))}: {row['formula']}"
        + (f", {rule[0].lower()}{rule[1:]}" if row["rule"] != "total" else "")
    )


def record_words(row: pd.Series) -> str:
    """What is counted and on which record: measure, basis, list, publication."""
    if row["offence_list"] == ANNUAL_LIST:
        name = str(row["measure"]).replace("_", " ")
        what = "all recorded crime" if name == "total" else name
        return f"{what}, annual table (published {row['published']})"
    return (
        f"{measure_label(row['measure'], in_sentence=True)}, {row['basis']} basis, "
        f"{row['offence_list']} offence list (published {row['published']})"
    )


def _among_all(wide: ClaimSearch | None) -> str:
    if wide is None or wide.fit is None:
        return ""
    return f", {chance_words(wide.as_close_by_chance)} among all readings that figures allow"


def _by_chance(search: ClaimSearch) -> str:
    held = (
        ", its reduction the same share of its total,"
        if search.claim is not None and search.claim.share_of_base is not None
        else ""
    )
    return (
        f"A made-up claim of this size{held} would find a reading as close in "
        f"{chance_words(search.as_close_by_chance)} of cases "
        f"({_count_words(search.expected_by_chance)} readings on average)."
    )


def _gap_words(gap_pct: float) -> str:
    return "under 0.1%" if gap_pct < 0.05 else f"{number(gap_pct, 1)}%"


def _count_words(expected: float) -> str:
    return "under 0.1" if expected < 0.05 else number(expected, 1)


def _kind_words(row: pd.Series) -> str:
    return f"{_SCOPES[row['scope']]}, {_KINDS[row['kind']]}"


def _no_claim(assessment: Assessment, table: pd.DataFrame) -> Finding:
    spread = table[table["rule"] == "rank=1:count"]["reduction_count"]
    low, high = spread.min(), spread.max()
    area, plan = assessment.area.area_name, assessment.plan
    heading = (
        f"To have the fewest offences asked for {number(low)} to {number(high)} fewer"
        if high > 0
        else f"{area} had the fewest offences by every count"
    )
    around = "its writing" if plan else "the Mayor's scheme"
    whose = f"{area}'s plan claims no number" if plan else f"No plan of {area} is held"
    return Finding(
        heading=heading,
        sentence=(
            f"{whose}. In the years around {around}, "
            f"to have the fewest offences of 32 boroughs asked for {number(low)} to "
            f"{number(high)} fewer a year, depending on what is counted, on which record and "
            "when."
        ),
        certainty="high",
        because="it is arithmetic on published counts, with the other boroughs held still",
        is_key=False,
    )
