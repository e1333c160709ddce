"""Sentences on where crime gathers, whether it stays there, and where effort would pay."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.assessment import Assessment
from analysis.assessment.places import (
    BusinessCrime,
    Gathering,
    HotSpots,
    RetailPlaces,
    Stability,
)
from analysis.data.offences import measure_label
from analysis.findings.cross_border import border_heading
from analysis.findings.finding import Finding, Piece, note
from analysis.findings.place_words import (
    by_ward,
    heading_wards,
    interval,
    measure_told,
    measures_told,
    month_of,
    not_seen,
    percent,
    wards_told,
)
from analysis.params.areas import TITLE_WORDS, title_words
from analysis.places.vulnerable_localities import PRIORITY_INDEX, VulnerableLocalities
from analysis.wording import (
    counted,
    listed,
    number,
    number_word,
    period_words,
    year_ending,
)


def gathered(assessment: Assessment, found: Gathering | None) -> Finding:
    """What share of the year's crime the worst places hold, against chance."""
    area = assessment.area.area_name
    if found is None:
        return not_seen(assessment, f"Where crime gathers in {area} cannot be told")
    shares, half = found.shares, found.holding.iloc[-1]
    five = shares.iloc[len(shares) // 2]
    others = [
        f"the worst {percent(pct, 0)} ({_areas(row)}) hold {percent(row['offence_pct'])} "
        f"({percent(row['by_chance_pct'])} {_SAME_RISK})"
        for pct, row in shares.drop(index=five.name).iterrows()
    ]
    return Finding(
        heading=(
            f"{percent(five.name, 0)} of {area}'s small areas hold "
            f"{percent(five['offence_pct'], 0)} of crime"
        ),
        sentence=(
            f"Of {number(found.gini.offence_count)} offences placed in {area}'s "
            f"{found.gini.place_count} small areas (LSOAs) in the "
            f"{year_ending(f'{found.year_ending:%Y-%m}')}, the worst {percent(five.name, 0)} "
            f"({_areas(five)}) hold {percent(five['offence_pct'])} "
            f"({percent(five['by_chance_pct'])} {_SAME_RISK}); half of it is in "
            f"{number(half['place_count'])} of them, where the same risk for all would need "
            f"about {number(half['by_chance_count'])}."
        ),
        certainty="high",
        because=(
            "the gathering is far beyond chance, though other borders would give other shares"
        ),
        detail=(
            f"{_capital(listed(others))}. Where every area ran the same risk the worst would "
            "still hold more than their share of areas, by chance. The generalised Gini, "
            "which is 0 where crime is spread evenly and 1 where one place has all, is "
            f"{number(found.gini.generalised_gini, 2)} "
            f"({number(found.gini.generalised_gini_by_chance, 2)} {_SAME_RISK})."
        ),
    )


def worst_wards(
    assessment: Assessment, found: Gathering | None, areas: pd.DataFrame
) -> Finding:
    """In which wards the worst twentieth of small areas lie."""
    area = assessment.area.area_name
    if found is None:
        return not_seen(assessment, f"{area}'s worst places cannot be mapped")
    shares = found.shares
    worst = found.counts.nlargest(int(shares["place_count"].iloc[len(shares) // 2]))
    wards = areas["ward_name"].reindex(worst.index)
    top = areas.loc[worst.index[0]]
    rate = 1000 * worst.iloc[0] / top["population_count"]
    return Finding(
        heading=f"Worst places: {heading_wards(wards)}",
        sentence=(
            f"{_worst_of(len(worst))} with most crime in the "
            f"{year_ending(f'{found.year_ending:%Y-%m}')} {_lie(len(worst))} in "
            f"{wards_told(wards)}. The first, in {top['ward_name']}, has "
            f"{number(worst.iloc[0])} offences and {number(top['population_count'])} residents "
            f"({number(rate)} per 1,000): few who are in a town centre by day live there, so "
            "that a rate says little of risk."
        ),
        certainty="high",
        because="the counts are large, and each is of one published small area",
        is_key=False,
    )


def foreseen(assessment: Assessment, table: pd.DataFrame) -> Finding:
    """What the worst places of one year held of the next year's crime."""
    area = assessment.area.area_name
    if table.empty:
        return not_seen(assessment, f"Whether {area}'s worst places last cannot be told", 2)
    first = table.iloc[0]
    name = measure_told(str(table.index[0]))
    groups = table[table["is_part"]]
    lost = groups[groups["hit_pct"] <= groups["by_chance_pct_upper"]]
    return Finding(
        heading=(
            f"Last year's worst {percent(first['leading_pct'], 0)} of places: "
            f"{percent(first['hit_pct'], 0)} of crime"
        ),
        sentence=(
            f"Had {_worst_of(int(first['chosen_place_count'])).casefold()} with most crime in "
            f"the {year_ending(month_of(first['chosen_on']))} been chosen, they would have "
            f"held {percent(first['hit_pct'])} (95% interval {interval(first, 'hit_pct')}) of "
            f"{name} in the {year_ending(month_of(first['judged_on']))}, where as many "
            f"drawn blindly would hold {percent(first['by_chance_pct'])} and the best choice "
            f"{percent(first['best_pct'])}."
        ),
        certainty="high",
        because="the places were chosen before the crime they are judged on",
        detail=(
            f"That is {number(first['predictive_accuracy_index'], 1)} "
            "times what as many places drawn blindly would hold (the prediction accuracy "
            "index, PAI), and "
            f"{percent(100 * first['predictive_efficiency_index'], 0)} of what the best choice,"
            " known only afterwards, would have held (the efficiency index, PEI). "
            f"{_best_foreseen(groups)}"
            + (
                f" No better than places at random: {measures_told(lost.index)}."
                if len(lost)
                else ""
            )
        ),
    )


def stayed(assessment: Assessment, found: Stability | None) -> Finding:
    """How many of the worst places stayed the worst."""
    area = assessment.area.area_name
    if found is None:
        return not_seen(assessment, f"Whether {area}'s hot spots stay cannot be told", 2)
    row = found.overlap.iloc[-1]
    always = found.places[found.places["is_always_leading"]]
    stayed_count, total = int(row["stayed_count"]), int(row["leading_place_count"])
    return Finding(
        heading=(
            f"{_capital(_few(stayed_count))} of {area}'s worst {number_word(total)} "
            "places stayed among the worst"
        ),
        sentence=(
            f"Of {_worst_of(total).casefold()} with most crime in the "
            f"{year_ending(month_of(row['previous']))}, {_few(stayed_count)} "
            f"{'was' if stayed_count < 2 else 'were'} among the worst {number_word(total)} of "
            f"the year after; by chance {number(row['by_chance_count'], 1)} would be. "
            "Over all places the ranks of both years agree at "
            f"{number(row['rank_correlation'], 2)} (95% interval "
            f"{number(row['rank_correlation_lower'], 2)} to "
            f"{number(row['rank_correlation_upper'], 2)}; 1 is the same order)."
            + (f" Both years: {wards_told(always['ward_name'])}." if len(always) else "")
        ),
        certainty="high" if bool(row["is_more_than_chance"]) else "moderate",
        because=(
            "the overlap is far beyond chance, over two years alone"
            if bool(row["is_more_than_chance"])
            else "so few places could stay by chance, and two years alone are held"
        ),
        is_key=False,
    )


def hot(assessment: Assessment, found: Sequence[HotSpots | None]) -> Finding:
    """Which small areas stand out with their neighbours, beyond chance, by measure."""
    area = assessment.area.area_name
    seen = [each for each in found if each is not None]
    if not seen:
        return not_seen(assessment, f"Hot spots of {area} cannot be told")
    hot_ones = {each.measure: _hot_rows(each) for each in seen}
    total = sum(len(rows) for rows in hot_ones.values())
    parts = [
        f"{measure_told(measure)}, "
        + (
            f"{number_word(len(rows))} in {wards_told(rows['ward_name'])}"
            if len(rows)
            else "none"
        )
        for measure, rows in hot_ones.items()
    ]
    return Finding(
        heading=_hot_heading(area, hot_ones[seen[0].measure]),
        sentence=(
            f"A hot spot is a small area whose neighbourhood (itself and its eight nearest) "
            f"holds more than the whole of {area} would give it, beyond chance (Getis-Ord "
            "Gi*); it may itself hold little. In the "
            f"{year_ending(month_of(seen[0].year_ending))}: {'; '.join(parts)}."
            + ("" if total else " Places with much crime stand alone, not in clusters.")
        ),
        detail=_hot_counts(seen[0]),
        certainty="moderate",
        because=(
            "places are judged together (false-discovery rate 5%), but what lies over the "
            "border is not seen"
        ),
        is_key=False,
    )


def burglary(
    assessment: Assessment, found: HotSpots | None, share: Gathering | None
) -> Finding:
    """Where residential burglary gathers, and whether beyond chance."""
    area = assessment.area.area_name
    if found is None or share is None:
        return not_seen(assessment, f"Burglary hot spots of {area} cannot be told")
    rows, five = _hot_rows(found), share.shares.iloc[len(share.shares) // 2]
    counts = found.table["offence_count"]
    is_beyond = bool(five["is_more_than_chance"])
    heading = (
        f"Burglary clusters: {heading_wards(rows['ward_name'])}"
        if len(rows)
        else f"Burglary in {area} gathers in few areas, not in clusters"
        if is_beyond
        else f"Burglary in {area} has no cluster beyond chance"
    )
    return Finding(
        heading=heading,
        sentence=(
            f"Of {number(share.gini.offence_count)} residential burglaries placed in small "
            f"areas in the {year_ending(month_of(found.year_ending))}, the worst "
            f"{percent(five.name, 0)} ({_areas(five)}) hold {percent(five['offence_pct'])}, "
            f"where chance alone gives {percent(five['by_chance_pct'])} "
            f"({percent(five['by_chance_pct_lower'])} to "
            f"{percent(five['by_chance_pct_upper'])}): "
            + ("more than chance. " if is_beyond else "no more than chance. ")
            + _stand_out(len(rows), is_gathered=is_beyond)
        ),
        certainty="moderate",
        because="counts of one small area are low, so that many places are tied",
        detail=(
            (
                f"Hot spots with their neighbours: {wards_told(rows['ward_name'])}. "
                if len(rows)
                else ""
            )
            + "Small areas with most: "
            + by_ward(found.table["ward_name"], [number(count) for count in counts])
            + "."
        ),
    )


def retail(
    assessment: Assessment, found: RetailPlaces | None, business: BusinessCrime | None
) -> Finding:
    """Town centres and retail areas, by their ward, and business crime of the borough."""
    area = assessment.area.area_name
    if found is None:
        return not_seen(assessment, f"Retail areas of {area} cannot be told")
    areas = found.found.areas
    if areas.empty:
        return Finding(
            heading=f"No retail area of {area} stands out",
            sentence="No small area has far more retail crime than the others.",
            certainty="moderate",
            because="small areas with few offences are not judged",
            is_key=False,
        )
    share = float(areas["offence_pct"].sum())
    largest = by_ward(found.names, [percent(pct) for pct in areas["offence_pct"]])
    places = int(areas["place_count"].sum())
    return Finding(
        heading=(
            f"{counted(len(areas), 'retail area')} hold {percent(share, 0)} of {area}'s "
            "retail crime"
        ),
        sentence=(
            f"Of {number(found.found.offence_total)} shoplifting, theft from the person and "
            f"business robbery offences in {period_words(*found.period)}, "
            f"{percent(share)} lie in {number_word(places)} small areas that have at "
            "least three times what an even spread would give, joined into "
            f"{counted(len(areas), 'cluster').casefold()}."
        ),
        certainty="moderate",
        because=(
            "found from the crimes themselves, since no map of town centres is held, and named "
            "by the ward of the leading small area"
        ),
        detail=(
            f"The largest lie in {largest}."
            + (_business(business) if business is not None else "")
        ),
    )


def vulnerable(
    assessment: Assessment, found: VulnerableLocalities | None, areas: pd.DataFrame
) -> Finding:
    """Which small areas the Vulnerable Localities Index puts first."""
    area = assessment.area.area_name
    if found is None:
        return not_seen(assessment, f"Vulnerable localities of {area} cannot be told")
    table = found.table.join(areas["ward_name"])
    index = "vulnerable_localities_index"
    is_over = table["is_priority"].astype(bool)
    over, sure = int(is_over.sum()), int(table["is_priority_certain"].sum())
    could = int((~is_over & (table[f"{index}_upper"] > PRIORITY_INDEX)).sum())
    top = table.head(3)
    told = by_ward(
        top["ward_name"],
        [
            f"{number(row[index])}, 95% interval {interval(row, index, 0, '')}"
            for _, row in top.iterrows()
        ],
        between="; also ",
    )
    return Finding(
        heading=(
            f"{counted(over, 'small area')} of {area} "
            f"{'pass' if over != 1 else 'passes'} the "
            + (f"mark, {number_word(could)} could" if could and not over else "priority mark")
        ),
        sentence=(
            f"On the Vulnerable Localities Index, where 100 is {area}'s mean and over "
            f"{PRIORITY_INDEX} calls for priority, {number_word(over)} of "
            f"{found.place_count} small areas {'is' if over == 1 else 'are'} over it"
            f"{_over_the_mark(over, sure, could)}."
        ),
        certainty="moderate",
        because="one of six parts is absent and another is wider than it should be",
        detail=(
            f"Highest: {told}. Of six parts {number_word(len(found.held))} are held: "
            "residential burglary, criminal damage (all of it, not of dwellings alone), and "
            "income, employment and education from the Indices of Deprivation 2025; residents "
            "aged 15 to 24 are not published so finely."
        ),
    )


def _over_the_mark(over: int, sure: int, could: int) -> str:
    """How many of those over the mark are so surely, and how many others could be."""
    surely = f", {number_word(sure)} of them surely" if over else ""
    if not could:
        return surely
    more = f"; {number_word(could)} more" if over else f", though {number_word(could)}"
    return f"{surely}{more} could be, by 95% intervals"


def borders(assessment: Assessment, table: pd.DataFrame, border_metres: int) -> Finding:
    """Whether more crime lies near the border than residents do."""
    area = assessment.area.area_name
    if table.empty and assessment.table("lsoa_offences").empty:
        return not_seen(assessment, f"Crime near {area}'s border cannot be told")
    if table.empty:
        return _none_near(area, border_metres)
    row, groups = table.iloc[0], table.iloc[1:]
    is_real = bool(row["is_told_apart"])
    return Finding(
        heading=border_heading(area, float(row["rate_ratio"]), is_told_apart=is_real),
        sentence=(
            f"In the {year_ending(month_of(row['year_ending']))}, {percent(row['offence_pct'])}"
            f" (95% interval {interval(row, 'offence_pct')}) of crime with a place lies in the "
            f"{number(row['near_place_count'])} small areas centred within "
            f"{number(border_metres)} metres of the border, with "
            f"{percent(row['resident_pct'])} of residents: "
            f"{number(row['rate_ratio'], 2)} times the rate elsewhere in the borough "
            f"({interval(row, 'rate_ratio', 2, '')})"
            f"{'' if is_real else ', within chance'}."
        ),
        certainty="moderate",
        because=(
            "few small areas lie so near, and where offenders live is not published: this is "
            "where crime was, not who crossed"
        ),
        is_key=is_real,
        detail=_groups_near(groups[groups["is_told_apart"]]),
    )


def _none_near(area: str, border_metres: int) -> Finding:
    return Finding(
        heading=f"No small area of {area} is centred so near the border",
        sentence=f"No centre lies within {number(border_metres)} metres of the outline.",
        certainty="not known",
        because="the distance is too short for small areas",
        is_key=False,
    )


def _groups_near(apart: pd.DataFrame) -> str:
    """Offence groups that are more or less common near the border, beyond chance."""
    if apart.empty:
        return "No offence group differs beyond chance, with all of them judged together."
    is_above = apart["rate_ratio"] > 1
    told = [
        f"{word}: {measures_told(rows.index)}."
        for word, rows in (
            ("Higher near the border", apart[is_above]),
            ("Lower", apart[~is_above]),
        )
        if len(rows)
    ]
    return " ".join(told)


def placed(assessment: Assessment, share: pd.Series) -> Piece:
    """How much of the borough's crime has a small area at all."""
    kinds = "Sexual offences and fraud are not published by small area"
    if share.empty:
        return note(f"{kinds}, and no whole year of small-area figures is seen.")
    told = [
        f"{percent(pct)} in the {year_ending(month_of(year))}" for year, pct in share.items()
    ]
    return note(
        f"Of {assessment.area.area_name}'s recorded crime (fraud left out), {listed(told)} is "
        f"placed in a small area; the rest has no place that the police could tell, or is a "
        f"sexual offence. {kinds}, and shares here are of what is placed."
    )


def caveats() -> list[Piece]:
    """What any map of crime by small area leaves open."""
    return [
        note(
            "Small areas (LSOAs of 2021) were drawn for the census, to hold alike many "
            "residents. Other borders would give other hot spots and other shares (the "
            "modifiable areal unit problem), and a street that is a border is split."
        ),
        note(
            "Residents are not the people present. A town centre, a station or a hospital has "
            "many more users than residents, so that a count there is no risk."
        ),
        note(
            "Street-level points are snapped to the nearest of some hundred thousand map "
            "points, each for at least eight addresses, and may lie over a border. Months "
            "alone are given. Anti-social behaviour is incidents, not crime, and is kept apart."
        ),
        note(
            "Small-area figures cover two years alone: what stayed from one year to the next "
            "may not stay for longer. The border is the outline to high water of 2011 and is "
            "generalised, so that a distance is good to some tens of metres."
        ),
    ]


_SAME_RISK = "if all ran the same risk"


def _worst_of(count: int) -> str:
    """So many small areas, with the article they need."""
    return "The small area" if count == 1 else f"The {number_word(count)} small areas"


def _few(count: int) -> str:
    return number_word(count) if count else "not one"


def _lie(count: int) -> str:
    return "lies" if count == 1 else "lie"


def _areas(row: pd.Series) -> str:
    """How many small areas a share of them is."""
    return counted(int(row["place_count"]), "area").casefold()


def _business(found: BusinessCrime) -> str:
    first, second = found.counts.index[:2]
    shares = 100 * found.counts / found.counts.sum()
    return (
        f" Marked as business crime in the whole borough in {period_words(*found.period)}: "
        f"{number(found.counts.sum())} offences, of which "
        f"{measure_label(str(first), in_sentence=True)} makes {percent(shares[first], 0)} and "
        f"{measure_label(str(second), in_sentence=True)} {percent(shares[second], 0)}; it is "
        "not published by small area."
    )


def _hot_rows(found: HotSpots) -> pd.DataFrame:
    return found.table[found.table["hot_spot_class"] == "hot spot"]


def _hot_heading(area: str, rows: pd.DataFrame) -> str:
    if rows.empty:
        return f"No cluster of all crime in {area} stands beyond chance"
    what = counted(len(rows), "small area")
    told = (
        f"{what} stands out with its neighbours"
        if len(rows) == 1
        else f"{what} stand out with their neighbours"
    )
    wards = f"{told}: {heading_wards(rows['ward_name'])}"
    return wards if title_words(wards) <= TITLE_WORDS else told


def _hot_counts(found: HotSpots) -> str:
    """What the hot spots hold themselves, beside the average and the place with most."""
    table, rows = found.table, _hot_rows(found)
    if rows.empty:
        return ""
    counts = table["offence_count"]
    own = sorted({int(rows["offence_count"].min()), int(rows["offence_count"].max())})
    top = table.iloc[0]
    is_hot = top["hot_spot_class"] == "hot spot"
    return (
        f"Of {measure_told(found.measure)} a small area has {number(counts.mean())} offences "
        f"on average, {'the hot spot' if len(rows) == 1 else 'a hot spot'} "
        f"{' to '.join(number(each) for each in own)}. Most, {number(counts.max())}, are in "
        f"{'one' if is_hot else 'a small area'} of {top['ward_name']}"
        + ("." if is_hot else ", which is no hot spot: its neighbours hold less.")
    )


def _stand_out(count: int, *, is_gathered: bool) -> str:
    if not count and is_gathered:
        return "They lie apart: none stands out together with its neighbours."
    if not count:
        return "No small area stands out together with its neighbours."
    if count == 1:
        return "One small area stands out together with its neighbours."
    return f"{counted(count, 'small area')} stand out together with their neighbours."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _best_foreseen(groups: pd.DataFrame) -> str:
    if groups.empty:
        return ""
    told = [
        f"{measure_label(str(name), in_sentence=True)} ({percent(row['hit_pct'])})"
        for name, row in (*groups.head(2).iterrows(), *groups.tail(1).iterrows())
    ]
    best = listed(told[:2]) if len(groups) > 1 else told[0]
    return f"Best foreseen: {best}" + (f"; least: {told[-1]}." if len(groups) > 2 else ".")
