"""Sentences on how the boroughs stand, who is the safest, and what that answer hangs on."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.assessment import Assessment
from analysis.assessment.comparison import MAIN
from analysis.assessment.safest import SafestAim, as_published
from analysis.data.offences import measure_label
from analysis.findings import levels
from analysis.findings.change_words import (
    MOST_WORDS,
    false_alarms,
    movers,
    ranks_left_open,
    sure_of_ranks,
)
from analysis.findings.finding import Certainty, Finding, Piece, note
from analysis.measures.comparison import Funnel
from analysis.params.areas import area_name
from analysis.wording import (
    chance_words,
    counted,
    listed,
    month_text,
    number,
    number_word,
    place_words,
    range_words,
    rank_range_brief,
    risen_or_fallen,
    with_unit,
    year_ending,
)

BOROUGHS = 32

SURE = 0.95
# Chance beyond which one borough is called the lowest.

LIKELY = 0.5

NAMED_GROUPS = 3

BASES = ("location", "policing")

WESTMINSTER_CODE = "E09000033"
# Where far more people work and visit than live.

_CRIME = measure_label(MAIN, in_sentence=True)


def rank(assessment: Assessment, table: pd.DataFrame) -> Finding:
    """Where the borough's rate ranks, by itself and with all boroughs compared at once."""
    own = assessment.area.area_name
    if assessment.within_year.is_blocked:
        return _spoilt(assessment, f"Where {own} ranks this year cannot be told")
    mine = table.T[assessment.area.area_code]
    low, high = int(mine["rate_joint_lower"]), int(mine["rate_joint_upper"])
    alone = ranks_left_open(
        int(mine["rate_rank_lower"]), int(mine["rate_rank_upper"]), BOROUGHS
    )
    return Finding(
        heading=_rank_heading(own, low, high),
        sentence=(
            f"With {number(mine['rate_per_1000'], 1)} offences per 1,000 residents "
            f"({_CRIME}) {own} had the {place_words(int(mine['rate_rank']), BOROUGHS)} rate of "
            f"32 boroughs in the {year_ending(assessment.as_of)}. With all 32 compared at "
            f"once, {ranks_left_open(low, high, BOROUGHS)}."
        ),
        detail=(
            f"Looked at by itself, {alone}. By number of offences, "
            f"{number(mine['offence_count'])}, it is the "
            f"{place_words(int(mine['count_rank']), BOROUGHS)}."
        ),
        certainty=sure_of_ranks(low, high),
        because=_rank_because(low, high),
    )


def _rank_because(low: int, high: int) -> str:
    """Why a rank is that sure: few ranks left are certainty, many are doubt."""
    left = high - low + 1
    few = "only " if sure_of_ranks(low, high) == "high" else ""
    return (
        f"{few}{number_word(left)} of {BOROUGHS} ranks {'is' if left == 1 else 'are'} left "
        "open when every pair of boroughs is judged together"
    )


def spread(assessment: Assessment, result: Funnel, similar: list[str]) -> Finding:
    """As ``levels.standing``, here beside findings that say more of the rank."""
    return replace(levels.standing(assessment, result, similar), is_key=False)


def tiles(assessment: Assessment, table: pd.DataFrame) -> Finding:
    """How the rates lie over London, and where the borough falls."""
    own, code = assessment.area.area_name, assessment.area.area_code
    under = int((table["london_ratio"] < 1).sum())
    ratio = 100 * float(table.T[code]["london_ratio"])
    top = str(table["london_ratio"].idxmax())
    others = table["london_ratio"].sort_values(ascending=False).index[1:4]
    is_known = not assessment.within_year.is_blocked
    place = f" {own} is at {number(ratio)}% of it." if is_known and code != top else ""
    return Finding(
        heading=f"{number(under)} of 32 boroughs lie below London's rate",
        sentence=(
            f"{area_name(top)}, at {number(100 * table['london_ratio'].max())}% of the rate of "
            f"the 32 boroughs together, pulls London's rate up, before "
            f"{listed([area_name(str(each)) for each in others])}.{place}"
        ),
        certainty="moderate",
        because="residents are not all who are in a borough by day, least of all in the centre",
        is_key=False,
    )


def safest(assessment: Assessment, table: pd.DataFrame) -> Finding:
    """Whether one borough can be called the safest by rate, and which cannot be told apart."""
    own, code = assessment.area.area_name, assessment.area.area_code
    order = table.sort_values("rate_per_1000")
    lowest = str(order.index[0])
    chance = float(order["rate_lowest_probability"].iloc[0])
    together = order.index[order["rate_may_be_lowest"].astype(bool)].tolist()
    names = [area_name(str(each)) for each in together]
    if len(together) == 1:
        heading = f"{names[0]} has the lowest crime rate of London, beyond chance"
    else:
        heading = f"{counted(len(names), 'borough')} could have London's lowest crime rate"
    mine = float(table.T[code]["rate_lowest_probability"])
    return Finding(
        heading=heading,
        sentence=(
            f"{area_name(lowest)} was lowest as recorded in the "
            f"{year_ending(assessment.as_of)}, with "
            f"{number(order['rate_per_1000'].iloc[0], 1)} offences ({_CRIME}) per 1,000 "
            "residents; the chance that it really is the lowest "
            f"is {chance_words(chance)}."
            + ("" if code == lowest else f" {own}'s chance is {chance_words(mine)}.")
        ),
        detail=_together(names),
        certainty=_lowest_certainty(chance, len(together)),
        because=(
            (
                "no other borough can be taken for it"
                if len(together) == 1
                else f"{counted(len(together), 'borough').casefold()} cannot be told apart"
            )
            + ", and no chance counts what goes unreported or who visits"
        ),
    )


def by_measure(assessment: Assessment, answers: pd.DataFrame) -> Finding:
    """How the safest borough changes with the measure, and with count or rate."""
    rows = answers[answers["asked"] == "measure"]
    counts, rates = (rows[rows["by"] == by] for by in ("count", "residents"))
    first = dict.fromkeys([*counts["lowest_code"], *rates["lowest_code"]])
    others = [code for code in dict.fromkeys(answers["lowest_code"]) if code not in first]
    names = [area_name(code) for code in [*first, *others]]
    ways = {code: _way_of(answers[answers["lowest_code"] == code].iloc[0]) for code in others}
    heading = (
        f"{names[0]} is lowest by every measure and by count and rate"
        if len(names) == 1
        else f"{counted(len(names), 'borough')} are London's safest, depending on the question"
    )
    said, left = _fitting(
        f"Lowest by {number_word(len(rates))} measures in the {year_ending(assessment.as_of)}: "
        f"by number, {_tally(counts)}; per resident, {_tally(rates)}",
        [f"{way}, {area_name(code)}" for code, way in ways.items()],
        _own_words(assessment, rows),
    )
    return Finding(
        heading=heading,
        sentence=said,
        detail=f"{left}{_may_be_lowest(assessment, rows)}"
        f"{_sure_words(rows, f'{number_word(len(rows))} answers')}",
        certainty="high" if len(names) > 1 else "moderate",
        because=(
            "that the answer depends on the question needs no estimate; each answer by itself "
            "is less sure"
        ),
    )


def _fitting(main: str, ways: list[str], own: str) -> tuple[str, str]:
    """What a key finding has room for, and what its detail says instead."""
    whole = "; ".join([main, *ways]) + "."
    told = "; ".join(ways)
    for said, left in (
        (f"{whole} {own}", ""),
        (whole, f"{own} "),
        (f"{main}. {own}", f"Asked otherwise: {told}. "),
    ):
        if len(said.split()) <= MOST_WORDS:
            return said, left
    return f"{main}.", f"Asked otherwise: {told}. {own} "


def _way_of(row: pd.Series) -> str:
    """How it was asked, for an answer that no measure gives by number or per resident."""
    if row["asked"] == "basis":
        return f"on the {row['basis']} basis to {month_text(pd.Timestamp(row['last_month']))}"
    return {"households": "per household", "aged_16_to_64": "per resident aged 16 to 64"}[
        str(row["by"])
    ]


def by_year(assessment: Assessment, table: pd.DataFrame, periods: pd.DataFrame) -> Finding:
    """Who was lowest in which years, and how often the borough was."""
    own, code = assessment.area.area_name, assessment.area.area_code
    rates = table[table["asked"] == "rate"].sort_values("year_ending")
    ends = rates["year_ending"]
    mine = rates[rates["lowest_code"] == code]
    spell = periods[(periods["by"] == "rate") & (periods["area_code"] == code)]
    if len(mine):
        times = f"{number_word(len(mine))} of {number_word(len(rates))}"
        heading = f"{own} had London's lowest rate in {times} years"
    else:
        heading = f"{own} never had London's lowest rate in {number_word(len(rates))} years"
    best = rates.sort_values(["own_rank", "year_ending"]).iloc[0]
    at_best = (
        f" {own}'s best place was the {place_words(int(best['own_rank']), BOROUGHS)} rate, in "
        f"the year to {month_text(best['year_ending'])}."
        if spell.empty
        else ""
    )
    return Finding(
        heading=heading,
        sentence=(
            f"In the years to each {month_text(ends.iloc[-1]).split()[0]} since "
            f"{ends.iloc[0].year} the lowest rate was that of {_tally(rates)}.{at_best}"
        ),
        detail=(
            f"{_times_lowest(own, spell)}"
            f"{_sure_words(rates, f'these {number_word(len(rates))} years')}"
        ),
        certainty="moderate",
        because=(
            "years are compared only as to who was lowest, since recording changed between "
            "them, and near neighbours change places by chance"
        ),
    )


def _times_lowest(own: str, spell: pd.DataFrame) -> str:
    if spell.empty:
        return ""
    row = spell.iloc[0]
    return (
        f"Over all twelve-month periods {own} was lowest as recorded in "
        f"{number(row['period_count'])} of {number(row['all_count'])}, the first to end in "
        f"{month_text(row['first_month'])}, the last in {month_text(row['last_month'])}. "
    )


def by_basis(
    assessment: Assessment, answers: pd.DataFrame, published: pd.DataFrame, multiple: float
) -> Finding:
    """What the basis and the population do to the answer, and what residents cannot tell."""
    bases = answers[answers["asked"] == "basis"].set_index("basis")
    is_main = (answers["measure"] == MAIN) & (answers["asked"] == "measure")
    others = answers[(answers["asked"] == "denominator") | is_main]
    lowest = {
        str(by): area_name(code)
        for by, code in zip(others["by"], others["lowest_code"], strict=True)
    }
    return Finding(
        heading=_basis_heading(bases, people_matter=len(set(lowest.values())) > 1),
        sentence=" ".join(
            [
                _basis_words(bases),
                f"In the latest year it is {lowest['residents']} per resident, "
                f"{lowest['households']} per household and {lowest['aged_16_to_64']} per "
                "resident aged 16 to 64.",
                *_revised_words(published),
                f"No daytime population is held: {area_name(WESTMINSTER_CODE)}'s rate would be "
                f"that of the other boroughs if {number(multiple, 1)} times its residents were "
                "counted, so its rate per resident says little.",
            ]
        ),
        certainty="moderate",
        because="the same offences are counted; only whose they are, and out of whom, differs",
        is_key=False,
    )


def _basis_words(bases: pd.DataFrame) -> str:
    if len(bases) < len(BASES):
        return "No year is held on both bases."
    where, whose = (area_name(bases.T[each]["lowest_code"]) for each in bases.index)
    year = year_ending(str(bases["last_month"].iloc[0]))
    polices = "and by which borough polices them as well"
    if where != whose:
        polices = f"by which borough polices them {whose}"
    return f"By where offences happened {where} has the lowest rate of the {year}, {polices}."


def _revised_words(published: pd.DataFrame) -> list[str]:
    if published.empty:
        return []
    moved = published[published["published_lowest_code"] != published["revised_lowest_code"]]
    which = [month_text(end) for end in moved["year_ending"]]
    named_years = f", the years to {listed(which)}," if which else ""
    return [
        f"In {number_word(len(moved))} of {len(published)} financial years of the annual "
        f"table{named_years} the lowest rate as published is not the lowest on residents as "
        "estimated since."
    ]


def _basis_heading(bases: pd.DataFrame, *, people_matter: bool) -> str:
    if len(bases) < len(BASES):
        changes_it = "changes" if people_matter else "does not change"
        return f"The population {changes_it} which borough has the lowest rate"
    basis_matters = len(set(bases["lowest_code"])) > 1
    return {
        (True, True): "Basis and population change which borough has the lowest rate",
        (True, False): "The basis changes which borough is lowest, the population does not",
        (False, True): "The population changes which borough is lowest, the basis does not",
        (False, False): "Neither basis nor population changes which borough is lowest",
    }[basis_matters, people_matter]


def aim(assessment: Assessment, found: SafestAim) -> Finding:
    """Whether the plan's aim to be the safest borough was met, and when."""
    own = assessment.area.area_name
    inside = found.table[found.table["is_in_plan"]] if found.is_asked else found.table
    if not found.is_asked or inside.empty:
        return _no_aim(own, is_asked=found.is_asked)
    # The rate, which the residents make uncertain, before the number.
    kinds = inside.groupby("asked", sort=True)
    told = [_aim_words(assessment, rows) for _, rows in reversed(list(kinds))]
    met = {str(by) for by, rows in inside.groupby("asked") if (rows["own_rank"] == 1).any()}
    rates = inside[inside["asked"] == "rate"]
    best = float((rates if "rate" in met else inside)["own_lowest_probability"].max())
    return Finding(
        heading=_aim_heading(own, met, "probably" if best >= LIKELY else "perhaps"),
        sentence=" ".join(told),
        certainty="moderate" if best >= LIKELY or not met else "low",
        because="the plan names no measure, and another measure or basis gives other years",
        detail=(
            "All offences but fraud are counted on the record that the plan is held to; "
            "'safest' is not defined in it."
        ),
    )


def _no_aim(own: str, *, is_asked: bool) -> Finding:
    if is_asked:
        return Finding(
            heading=f"Whether {own} became the safest borough is still to come",
            sentence="No year of the plan is seen by this cut.",
            certainty="not known",
            because="the plan's years lie after the last month seen",
            is_key=False,
        )
    return Finding(
        heading=f"No plan held asks {own} to be London's safest borough",
        sentence=(
            f"No plan of {own}'s held here sets the lowest rank in London as a target, or none "
            "of the years of its record is seen."
        ),
        certainty="not known",
        because="an aim that is not held cannot be judged",
        is_key=False,
    )


def _aim_heading(own: str, met: set[str], how_likely: str) -> str:
    """As far as chance lets it be said: to have been lowest as recorded is not to be safest."""
    if not met:
        return f"{own} did not become London's safest borough within the plan"
    if len(met) > 1:
        return f"{own} was {how_likely} London's safest borough within the plan"
    by, other = ("rate", "count") if "rate" in met else ("count", "rate")
    return f"By {by} {own} was {how_likely} London's safest, by {other} not"


def changes(assessment: Assessment, table: pd.DataFrame) -> Finding:
    """Which boroughs changed beyond chance, which unlike the rest, and how this one did."""
    own, code = assessment.area.area_name, assessment.area.area_code
    real = table[table["is_significant"].fillna(value=False).astype(bool)]
    unlike = table[table["is_different"].fillna(value=False).astype(bool)]
    judged = int(table["is_significant"].notna().sum())
    mine = table.T[code]
    blocked = [area_name(str(each)) for each in table.index[table["is_blocked"].astype(bool)]]
    named = [
        _changed("changed", real, "change_pct"),
        _changed("unlike the rest together", unlike, "relative_change_pct"),
        f"{listed(blocked)} is left out: {_HEATHROW}." if blocked else "",
    ]
    return Finding(
        heading=_change_heading(own, mine),
        sentence=(
            f"{_own_change(own, mine)}Of {judged} boroughs judged together "
            f"{number_word(len(real))} changed on the year before by more than chance "
            f"explains, and {number_word(len(unlike))} differently from the rest together."
        ),
        certainty="not known" if mine["is_blocked"] else "moderate",
        because=(
            "its two years are not comparable"
            if mine["is_blocked"]
            else false_alarms("boroughs", "borough")
        ),
        detail=" ".join(each for each in named if each),
    )


def _change_heading(own: str, mine: pd.Series) -> str:
    if mine["is_blocked"]:
        return f"{own}'s change cannot be set beside the other boroughs'"
    if bool(mine["is_different"]):
        return f"{own}'s change differs from the rest of London's"
    return f"{own}'s change cannot be told from the rest of London's"


def _own_change(own: str, mine: pd.Series) -> str:
    if mine["is_blocked"]:
        return ""
    interval = range_words(
        mine["relative_change_pct_lower"], mine["relative_change_pct_upper"], "%"
    )
    return (
        f"Recorded crime in {own} {risen_or_fallen(mine['change_count'])} by "
        f"{number(abs(mine['change_pct']), 1)}%, "
        f"{with_unit(mine['relative_change_pct'], '%', 1, signed=True)} against the others "
        f"together (95% interval {interval}). "
    )


def panels(assessment: Assessment, index: pd.DataFrame) -> Finding:
    """How each borough's rate has moved since the first year held."""
    own, code = assessment.area.area_name, assessment.area.area_code
    last = index.iloc[-1]
    place = int(last.rank(method="min")[code])
    first = month_text(pd.Timestamp(index.index[0]))
    top, bottom = str(last.idxmax()), str(last.idxmin())
    heading = (
        f"{own}'s change since {pd.Timestamp(index.index[0]).year}: "
        f"{place_words(place, BOROUGHS)} of 32 boroughs"
    )
    return Finding(
        heading=heading,
        sentence=(
            f"Recorded offences per resident over twelve months stand at "
            f"{number(float(last[code]))} in {own} with the year to {first} as 100, the "
            f"{place_words(place, BOROUGHS)} of 32; lowest in {area_name(bottom)} "
            f"({number(float(last[bottom]))}), highest in {area_name(top)} "
            f"({number(float(last[top]))}). Recording changed on the way, for all boroughs at "
            f"the same time."
        ),
        certainty="low",
        because="levels years apart are not alike; only boroughs' changes can be compared",
        is_key=False,
    )


def profile(assessment: Assessment, table: pd.DataFrame) -> Finding:
    """Which offences make up more, and which less, of the borough's crime than of London's."""
    own = assessment.area.area_name
    differs = table[table["is_different"].fillna(value=False).astype(bool)]
    ordered = differs.sort_values("location_quotient", ascending=False)
    more = ordered[ordered["location_quotient"] > 1]
    less = ordered[ordered["location_quotient"] < 1].iloc[::-1]
    judged = int(table["is_different"].notna().sum())
    heading = (
        f"{_opening(more.index[0])} stands out in {own}'s crime"
        if len(more)
        else f"No offence group stands out in {own}'s crime"
    )
    parts = [_quotients("Larger", more), _quotients("Smaller", less)]
    return Finding(
        heading=heading,
        sentence=(
            f"Of {judged} offence groups judged together {number_word(len(differs))} have a "
            f"share of {own}'s offences that differs from London's, beyond chance. "
            + " ".join(part for part in parts if part)
        ).strip(),
        certainty="moderate",
        because=(
            "shares add up to a whole: where one group is larger others are smaller, whatever "
            "their own level"
        ),
        is_key=False,
    )


def similar(assessment: Assessment, table: pd.DataFrame, codes: list[str]) -> Finding:
    """Whether the borough is told apart from those most like it."""
    own, code = assessment.area.area_name, assessment.area.area_code
    if assessment.within_year.is_blocked:
        heading = f"{own} cannot be set beside similar boroughs this year"
        return replace(_spoilt(assessment, heading), is_key=False)
    mine = table.T[code]
    near = table.loc[codes]
    higher = near[near["rate_per_1000"] > mine["rate_per_1000"]]
    apart = near[near["rate_against_own"] != 0]
    names = listed([area_name(each) for each in codes])
    told = _clearly(near, own)
    all_of = number_word(len(codes))
    heading = (
        f"{number_word(len(apart)).capitalize()} of {all_of} similar boroughs can be told "
        "apart by rate"
    )
    return Finding(
        heading=heading,
        sentence=(
            f"The boroughs most like {own} are {names}. In the "
            f"{year_ending(assessment.as_of)} {number_word(len(higher))} of them had a higher "
            f"rate as recorded. With all 32 boroughs compared at once, {told}."
        ),
        certainty="moderate",
        because=(
            "likeness is of residents, density, deprivation and ages; centres, stations and "
            "the night-time economy are not in it"
        ),
        is_key=False,
    )


def _clearly(near: pd.DataFrame, own: str) -> str:
    """Which of the similar boroughs have clearly another rate, in which direction."""
    found = []
    for sign, word in ((-1, "lower"), (1, "higher")):
        names = [area_name(str(each)) for each in near.index[near["rate_against_own"] == sign]]
        if names:
            found.append(f"clearly {word} than {own}'s is that of {listed(names)}")
    return "; ".join(found) or f"none can be told apart from {own}"


def denominators() -> Piece:
    """What residents cannot tell, and what is not held."""
    return note(
        "Rates are per resident. A daytime or workday population by borough is not held, so a "
        "borough to which many come has a high rate without being dangerous to those who live "
        f"there: {area_name(WESTMINSTER_CODE)}'s rate, and in part Camden's and Kensington and "
        "Chelsea's, should not be read as a resident's risk."
    )


def method() -> Piece:
    """How chances, intervals and verdicts over 32 boroughs are made."""
    return note(
        "Scatter is learnt from each borough's own months and is wider than chance alone. "
        "Chances of being lowest come from simulated levels of all boroughs at once; joint "
        "ranks and the boroughs that cannot be told from the lowest allow for every pair being "
        "compared. Neither knows of offences that nobody reported."
    )


def mixed_year(assessment: Assessment, table: pd.DataFrame) -> list[Piece]:
    """How a borough whose counts took a step within the year is counted; perhaps nothing."""
    mixed = table.index[table["is_mixed_year"].astype(bool)]
    return [
        note(
            f"{area_name(str(code))} is marked with an asterisk: {_HEATHROW} within the year. "
            "So that no rank above it moves, those offences are "
            f"counted in {area_name(str(code))} too, on the assumption that all of them would "
            "have been; what is said of its own rank is left out."
        )
        for code in mixed
    ]


_HEATHROW = "Heathrow's offences had a row of their own for months"


def _spoilt(assessment: Assessment, heading: str) -> Finding:
    return Finding(
        heading=heading,
        sentence=assessment.within_year.sentences[0],
        certainty="not known",
        because="the year holds a step in what is counted",
    )


def _place(low: int, high: int) -> str:
    """One place, or the places from one to another, counted from the lowest."""
    if low == high:
        return f"the {place_words(low, BOROUGHS)}"
    return rank_range_brief(low, high, BOROUGHS)


def _rank_heading(own: str, low: int, high: int) -> str:
    if low == high:
        return f"{own} has the {place_words(low, BOROUGHS)} rate, with all boroughs compared"
    if low == 1:
        return f"{own}'s rate is among London's {number_word(high)} lowest"
    if high == BOROUGHS:
        highest = number_word(BOROUGHS - low + 1)
        return f"{own}'s rate is among London's {highest} highest"
    return f"{own}'s rate ranks {_place(low, high)}, all boroughs compared"


def _together(names: list[str]) -> str:
    if len(names) == 1:
        return "No other borough can be taken for it."
    return f"With all 32 compared, {listed(names)} cannot be told apart from the lowest."


def _lowest_certainty(chance: float, together: int) -> Certainty:
    if chance >= SURE and together == 1:
        return "high"
    return "moderate" if chance >= LIKELY else "low"


def _tally(rows: pd.DataFrame) -> str:
    """Who was lowest and how often, most often first."""
    times = rows["lowest_code"].value_counts()
    return listed([f"{area_name(str(code))} ({count})" for code, count in times.items()])


def _sure_words(rows: pd.DataFrame, of_what: str) -> str:
    """In how many answers chance alone leaves one borough, and all 32 compared no other."""
    by_itself = rows["lowest_probability"] >= SURE
    alone = int(by_itself.sum())
    if not alone:
        return f"In none of {of_what} is one borough lowest with a chance of 95%."
    open_still = int((by_itself & rows["may_be_lowest"].str.len().gt(1)).sum())
    how_many = "all" if open_still == alone else number_word(open_still)
    return (
        f"In {number_word(alone)} of {of_what} one borough is lowest with a chance of 95% or "
        "more; with all 32 compared at once, which is stricter, others are left open in "
        f"{how_many} of these."
    )


def _own_words(assessment: Assessment, rows: pd.DataFrame) -> str:
    own = assessment.area.area_name
    if assessment.within_year.is_blocked:
        return f"{own}'s own rank is not told for this year."
    low, high = int(rows["own_rank"].min()), int(rows["own_rank"].max())
    return f"{own} itself ranks {_place(low, high)}."


def _may_be_lowest(assessment: Assessment, rows: pd.DataFrame) -> str:
    if assessment.within_year.is_blocked:
        return ""
    own, count = assessment.area.area_name, int(rows["own_may_be_lowest"].astype(bool).sum())
    return (
        f"In {number_word(count)} of the {number_word(len(rows))} answers {own} cannot be told "
        "from the lowest. "
    )


def _aim_words(assessment: Assessment, rows: pd.DataFrame) -> str:
    is_rate = rows["asked"].iloc[0] == "rate"
    first = rows[rows["own_rank"] == 1].sort_values("year_ending")
    if first.empty:
        return _aim_missed(rows, "per resident" if is_rate else "by number")
    chances = first["own_lowest_probability"]
    low, high = chance_words(chances.min()), chance_words(chances.max())
    how_likely = "probably" if chances.min() >= LIKELY else "perhaps"
    months = [month_text(end) for end in first["year_ending"]]
    # All end in the month of the plan's horizon: it is named once.
    ends = [months[0], *(each.split()[1] for each in months[1:])]
    what = "rate" if is_rate else "number of offences"
    opening = "On residents as estimated since, " if is_rate else ""
    return (
        f"{opening}{assessment.area.area_name} {how_likely} had London's lowest {what} in the "
        f"{'year' if len(ends) == 1 else 'years'} to {listed(ends)} "
        f"({f'chance {low}' if low == high else f'chances {low} to {high}'})"
        f"{_as_published_then(assessment, rows) if is_rate else ''}."
    )


def _aim_missed(rows: pd.DataFrame, by: str) -> str:
    best = rows[rows["own_rank"] == rows["own_rank"].min()].sort_values("year_ending")
    place = place_words(int(best["own_rank"].iloc[0]), BOROUGHS)
    if len(best) == len(rows) > 1:
        return (
            f"{by.capitalize()} it was {place} in every one of {number_word(len(rows))} years."
        )
    ends = listed([month_text(end) for end in best["year_ending"]])
    years = "year" if len(best) == 1 else "years"
    return f"{by.capitalize()} it was at best the {place}, in the {years} to {ends}."


def _as_published_then(assessment: Assessment, rows: pd.DataFrame) -> str:
    """In which of the years the annual table of the day has the borough lowest, as a clause."""
    table = as_published(assessment)
    if table.empty or not (held := table[table["year_ending"].isin(rows["year_ending"])]).size:
        return ""
    ends = held.loc[held["published_rank"] == 1, "year_ending"]
    if ends.empty:
        return "; as published then, in no year"
    years = listed([f"{end.year - 1}-{end.year % 100:02d}" for end in ends])
    return f"; as published then, in {years}{' only' if len(ends) < len(held) else ''}"


def _change_of(code: str, row: pd.Series, value: str) -> str:
    return f"{area_name(code)} {with_unit(row[value], '%', 1, signed=True)}"


def _changed(verb: str, rows: pd.DataFrame, value: str) -> str:
    """Boroughs that changed, by how much, unless they are too many to name."""
    if len(rows) > BOROUGHS / 4:
        return ""
    return movers(verb, rows.sort_values(value), lambda code, row: _change_of(code, row, value))


def _quotients(word: str, rows: pd.DataFrame) -> str:
    if rows.empty:
        return ""
    named = [
        f"{_label(group)} ({number(quotient, 1)} times London's share)"
        for group, quotient in rows["location_quotient"].head(NAMED_GROUPS).items()
    ]
    return f"{word} above all: {listed(named)}."


def _opening(group: object) -> str:
    return _label(group)[:1].upper() + _label(group)[1:]


def _label(group: object) -> str:
    return measure_label(str(group), in_sentence=True)
