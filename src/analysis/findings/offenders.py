"""Sentences on who comes to the notice of youth justice, police and courts."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.assessment import Assessment
from analysis.assessment.offenders import WAITING_MONTHS, Entrants, HomicideSuspects
from analysis.data.offences import measure_label
from analysis.findings.change_words import placed, told_within
from analysis.findings.finding import Certainty, Finding
from analysis.wording import (
    counted,
    listed,
    month_text,
    number,
    number_word,
    period_words,
    printable,
    range_words,
    risen_or_fallen,
    with_unit,
)

WIDEST_POINTS = 50
# Percentage points between the limits of a share that may still lead a report.
IN_WORDS = {
    "alcohol_admissions_under_18": "hospital admissions of under-18s for alcohol",
    "looked_after_substance_misuse": "looked-after children with substance misuse",
    "alcohol_misuse": "the Health Index's value of alcohol misuse",
    "drug_misuse": "the Health Index's value of drug misuse",
}
UNITS = {
    "alcohol_admissions_under_18": " per 100,000 a year",
    "looked_after_substance_misuse": "%",
}
# An index has none.

TOLD_OUTCOMES = ("domestic_abuse", "tno_victim_based")
# Named in the sentence whatever they show; the table has all.


def not_held(assessment: Assessment, heading: str, what: str) -> Finding:
    """A section whose published figures do not reach back to the cut."""
    return Finding(
        heading=heading,
        sentence=(
            f"The figures held of {what} say nothing of {assessment.area.area_name} by "
            f"{month_text(pd.Timestamp(assessment.as_of))}. That does not mean none."
        ),
        certainty="not known",
        because="no figure is held for that date",
        is_key=False,
    )


def entrants(assessment: Assessment, found: Entrants | None) -> Finding:
    """First-time entrants to youth justice, against London, the boroughs and the past."""
    area = assessment.area.area_name
    if found is None:
        return not_held(
            assessment, f"{area}'s first-time entrants are not known", "first-time entrants"
        )
    mine = found.boroughs.T[assessment.area.area_code]
    ranked, ratio = len(found.boroughs), found.against_london
    low, high = int(mine["rate_rank_lower"]), int(mine["rate_rank_upper"])
    place, left_open = placed(int(mine["rate_rank"]), low, high, ranked)
    sentence = (
        f"In {found.year}, {number(mine['rate'])} of every 100,000 residents of {area} aged 10 "
        f"to 17 entered the youth justice system for the first time (95% interval "
        f"{number(mine['rate_lower'])} to {number(mine['rate_upper'])}), "
        f"{number(ratio.ratio, 2)} times London's rate "
        f"({_interval(ratio.lower, ratio.upper)})."
    )
    detail = (
        f"It is the {place} of {ranked} boroughs with a published rate; {left_open}. "
        f"{_since(found)} The published rate for England is the regions' rates added up, and "
        "is not used."
    )
    return Finding(
        heading=_beside(area, "first-time youth entrants are", ratio.lower, ratio.upper),
        sentence=sentence,
        certainty="moderate",
        because=(
            "numbers of children are not published: the intervals rest on those that rate and "
            f"residents imply, and years scatter {number(found.dispersion, 1)} times as much "
            "as chance alone"
        ),
        detail=detail,
    )


def youth_reoffending(assessment: Assessment, table: pd.DataFrame | None) -> Finding:
    """The share of children who reoffended within a year, by cohort, beside London's."""
    area = assessment.area.area_name
    if table is None:
        heading = f"{area}'s youth reoffending is not known"
        return not_held(assessment, heading, "proven reoffending of children")
    is_older = table["measure"] == "reoffending_aged_15_to_17"
    told, hidden = zip(
        *[_cohort(rows) for rows in (table[is_older], table[~is_older])], strict=True
    )
    newest = table[is_older].dropna(subset=["value_pct"]).tail(1)
    certainty: Certainty = "low"
    heading = f"{area}'s youth reoffending is withheld: too few children"
    # An interval over half of all percentages says nothing that should lead a report.
    is_told = False
    if len(newest):
        row = newest.iloc[0]
        is_told = bool(row["value_pct_upper"] - row["value_pct_lower"] <= WIDEST_POINTS)
        heading = _beside(
            area,
            "newest youth reoffending is",
            row["value_pct_lower"],
            row["value_pct_upper"],
            row["london_pct"],
        )
    return Finding(
        heading=heading,
        sentence=told[0],
        certainty=certainty,
        because=(
            "the size of a cohort is not published: the intervals are those of the smallest "
            "group that gives the percentage, so they are wide on the safe side"
        ),
        is_key=is_told or newest.empty,
        detail=(
            f"{hidden[0]}{told[1]} {hidden[1]}A cohort is of children cautioned, sentenced or "
            "released in the year to March; each is followed for 12 months, and "
            f"{WAITING_MONTHS} more are waited for proof, so that the newest is nearly two "
            "years old when it is published."
        ),
    )


def substance_misuse(assessment: Assessment, table: pd.DataFrame | None) -> Finding:
    """What the published measures say of substance misuse, and where they say nothing."""
    area = assessment.area.area_name
    if table is None:
        heading = f"{area}'s substance misuse is not known"
        return not_held(assessment, heading, "substance misuse")
    told = [_substance(name, row) for name, row in table.iterrows()]
    heading = f"No clear change in {area}'s under-18 alcohol admissions"
    ratio_known = "ratio" in table and table["ratio"].notna().any()
    if ratio_known:
        row = table.T["alcohol_admissions_under_18"]
        if row["ratio_lower"] > 1 or row["ratio_upper"] < 1:
            verb = risen_or_fallen(row["ratio"] - 1)
            heading = f"{area}'s under-18 alcohol admissions {verb}"
    else:
        heading = f"{area}'s under-18 alcohol admissions are too few for a trend"
    return Finding(
        heading=heading,
        sentence=(
            " ".join(told) + " Where the publisher carried a year's value forward, that is no "
            "change and is not shown."
        ),
        certainty="low",
        because=(
            "admissions are few and their numbers implied, looked-after children are rounded "
            "to whole per cent, and the index is published without uncertainty"
        ),
        is_key=False,
    )


def drug_offences(assessment: Assessment, table: pd.DataFrame) -> Finding:
    """Recorded drug offences, as a measure of police activity."""
    area = assessment.area.area_name
    if table["is_blocked"].astype(bool).all():
        return Finding(
            heading=f"The change in {area}'s recorded drug offences cannot be told",
            sentence=f"{table['note'].iloc[0]} No change is worked out.",
            certainty="not known",
            because="the two years are not comparable",
            is_key=False,
        )
    is_real = table["is_significant"].fillna(value=False).astype(bool)
    moved = table[is_real]
    words = [
        f"{measure_label(str(name), in_sentence=True)} {risen_or_fallen(row['change_count'])}"
        for name, row in moved.iterrows()
    ]
    heading = (
        f"In {area} {listed(words)}, as police found it"
        if words
        else f"No clear change in {area}'s drug offences in a year"
    )
    return Finding(
        heading=heading,
        sentence=(
            f"Between the years to {month_text(pd.Timestamp(assessment.previous_year[1]))} and "
            f"{month_text(pd.Timestamp(assessment.as_of))}: "
            + "; ".join(_drug_change(str(name), row) for name, row in table.iterrows())
            + ". All offence groups are judged together."
        ),
        certainty="moderate",
        because=(
            "the counts are sound and all offence groups are judged together, but these two "
            "follow police activity"
        ),
        detail=(
            "Nearly all come to light by searches and arrests, so they measure where and how "
            "much police looked: they are no measure of how much drugs are used or sold. All "
            "offence groups are judged together, as in the strategic assessment."
        ),
    )


def drug_titles(assessment: Assessment, table: pd.DataFrame) -> dict[str, str]:
    """What each drug offence did, as the title of its own chart."""
    return {
        str(name): _drug_title(assessment, str(name), row) for name, row in table.iterrows()
    }


def _drug_title(assessment: Assessment, measure: str, row: pd.Series) -> str:
    what = measure_label(measure)
    if row["is_blocked"] or pd.isna(row["is_significant"]):
        return f"{what} in {assessment.area.area_name}, year by year"
    # The line below is of many years, over which it may have moved far.
    if not row["is_significant"]:
        return f"{what}: no clear change on the year before"
    verb = risen_or_fallen(row["change_count"])
    return f"{what} {verb} {with_unit(abs(row['change_pct']), '%', 1)} on the year before"


def outcomes(assessment: Assessment, table: pd.DataFrame | None) -> Finding:
    """Positive outcomes for each offence, and whether they differ from other boroughs'."""
    area = assessment.area.area_name
    if table is None:
        return not_held(
            assessment, f"Outcomes for each offence in {area} are not known", "outcomes"
        )
    apart = table[table["is_significant"].fillna(value=False).astype(bool)]
    victims = table.T["tno_victim_based"]
    period = period_words(str(victims["first_month"]), str(victims["last_month"]))
    rate = "" if victims["is_small_count"] else f" there were {_per_100(victims)}."
    opening = (
        f"From {period}, for each 100 offences recorded{rate}" if rate else f"From {period}:"
    )
    named = [_outcome_apart(row) for _, row in apart.iterrows()]
    return Finding(
        heading=_outcomes_heading(area, victims),
        sentence=(
            told_within(lambda some: f"{opening} {_outcomes_apart(named, some)}", named[:2])
            if named
            else f"{opening} No measure differs from the other boroughs' beyond chance."
        ),
        certainty="moderate",
        because=(
            "measures are judged together (false-discovery rate 5%), scatter is learnt from "
            "the months, and overlapping measures are never added"
        ),
        detail=_outcome_notes(table, apart),
    )


def _outcomes_apart(named: Sequence[str], shown: Sequence[str]) -> str:
    """How many measures differ from other boroughs', and some of them by how much."""
    more = len(named) - len(shown)
    others = [counted(more, "other").casefold()] if more else []
    return (
        f"{counted(len(named), 'measure')} {'differs' if len(named) == 1 else 'differ'} from "
        f"the other boroughs' beyond chance: {listed([*shown, *others])}."
    )


def _outcome_apart(row: pd.Series) -> str:
    return (
        f"{row['label'].casefold()} {number(row['ratio'], 2)} times as many "
        f"({_interval(row['ratio_lower'], row['ratio_upper'])})"
    )


def _outcome_notes(table: pd.DataFrame, apart: pd.DataFrame) -> str:
    """Other ratios, which are too few, and what an outcome belongs to."""
    is_few = table["is_small_count"].astype(bool)
    named = table.index.isin(TOLD_OUTCOMES) | table.index.isin(apart.index)
    told = table[~is_few & named & (table.index != "tno_victim_based")]
    spoilt = [str(row["label"]).casefold() for _, row in table.iterrows() if row["holds_break"]]
    also = listed([_per_100(row) for _, row in told.iterrows()])
    all_apart = listed([_outcome_apart(row) for _, row in apart.iterrows()])
    parts = [
        f"Also {also}." if also else "",
        f"Against the other boroughs: {all_apart}." if len(apart) > 2 else "",
        f"Too few for a ratio: {listed(_labels(table[is_few]))}." if is_few.any() else "",
        f"The year spans a recording change in {listed(spoilt)}." if spoilt else "",
        "An outcome belongs to an offence recorded earlier, so that this is no share of the "
        "offences beside it and may pass 100.",
    ]
    return " ".join(part for part in parts if part)


def disposals(table: pd.DataFrame | None, assessment: Assessment) -> Finding:
    """How often children and adults in custody were prosecuted, by offence; London."""
    if table is None:
        return not_held(assessment, "Custody disposals are not known", "custody disposals")
    year, final = int(table["year"].iloc[0]), table["child_count"].sum()
    sure = table[table["is_significant"].fillna(value=False).astype(bool)]
    less = [_class(name) for name in sure.index[sure["ratio"] < 1]]
    more = [_class(name) for name in sure.index[sure["ratio"] > 1]]
    row = table.T["weapons"]
    parts = [
        f"Children were prosecuted less often than adults for {listed(less)}." if less else "",
        f"They were prosecuted more often for {listed(more)}." if more else "",
    ]
    return Finding(
        heading=(
            f"London: children less often prosecuted for {number_word(len(less))} of "
            f"{number_word(len(table))} offences"
        ),
        sentence=(
            f"Of final disposals from custody in London in {year}, {number(final)} were of "
            "children. "
            f"{' '.join(part for part in parts if part)} For weapons it was "
            f"{number(row['child_pct'], 1)}% of children's against "
            f"{number(row['adult_pct'], 1)}% "
            "of adults'. Releases under investigation and police bail are not final and "
            "are left "
            "out. No borough is published."
        ),
        certainty="moderate",
        because=(
            "numbers are large and judged together, but a class holds offences of unlike "
            "gravity, and children are diverted by design"
        ),
        is_key=False,
    )


def suspects(assessment: Assessment, found: HomicideSuspects | None) -> Finding:
    """People proceeded against for homicide, the borough's few pooled, London by age."""
    area = assessment.area.area_name
    if found is None:
        heading = f"People proceeded against for homicide in {area} are not known"
        return not_held(assessment, heading, "people proceeded against for homicide")
    row = found.periods.iloc[-1]
    first, last = int(row["first_year"]), int(row["last_year"])
    mine = (
        "too few to show"
        if row["is_suppressed"]
        else counted(int(row["suspect_count"]), "person", "people").casefold()
    )
    ages = found.london.dropna(subset=["suspect_count"])
    top = ages.sort_values("suspect_count", ascending=False).iloc[0]
    share = 100 * float(top["suspect_count"]) / float(row["london_count"])
    return Finding(
        heading=f"London's homicide suspects: largest group {top['gender']}s {_age(top)}",
        sentence=(
            f"From {first} to {last}, {mine} in {area} and {number(row['london_count'])} in "
            "London were charged with homicide or otherwise proceeded against. In London "
            f"{number(share)}% were {top['gender']} and {_age(top)}, the largest group, though "
            "age bands are of unlike width. They are suspects, several to a killing at times, "
            "by the year of the proceedings: neither victims nor offences, and not all were "
            "convicted."
        ),
        certainty="moderate" if not row["is_suppressed"] else "low",
        because="a borough has too few for a rate or a trend, so years are taken together",
        is_key=False,
    )


def _since(found: Entrants) -> str:
    ratio = found.since_first
    if found.first_year == found.year or pd.isna(ratio.ratio):
        return ""
    change, ends = 100 * (ratio.ratio - 1), (100 * (ratio.lower - 1), 100 * (ratio.upper - 1))
    return (
        f"Since {found.first_year} the rate {risen_or_fallen(change)} by "
        f"{number(abs(change))}% ({range_words(*ends, '%', 0)})."
    )


def _cohort(rows: pd.DataFrame) -> tuple[str, str]:
    """The newest cohort of an age group, and how many cohorts are withheld."""
    if rows.empty:
        return "", ""
    age = rows["age_group"].iloc[0].casefold()
    withheld = int(rows["is_suppressed"].sum())
    stay = "stays" if withheld == 1 else "stay"
    hidden = (
        f"{counted(withheld, 'cohort')} {age} of {number_word(len(rows))}, withheld by the "
        f"publisher, {stay} withheld. "
        if withheld
        else ""
    )
    held = rows.dropna(subset=["value_pct"])
    if held.empty:
        return f"Of children {age} no cohort is published.", hidden
    row = held.iloc[-1]
    return (
        f"Of children {age} in the newest cohort published, {row['period']}, "
        f"{_against_london(row)}.{_cohort_before(held)}"
    ), hidden


def _cohort_before(held: pd.DataFrame) -> str:
    """The cohort before the newest: one of few children says little by itself."""
    if len(held) < 2:
        return ""
    row = held.iloc[-2]
    return f" In the cohort before, {row['period']}, it was {_against_london(row, said='')}."


def _against_london(row: pd.Series, said: str = " reoffended") -> str:
    return (
        f"{number(row['value_pct'], 1)}%{said} (95% interval "
        f"{_interval(row['value_pct_lower'], row['value_pct_upper'], 0)}%), against "
        f"{number(row['london_pct'], 1)}% in London"
    )


def _substance(name: object, row: pd.Series) -> str:
    what = IN_WORDS[str(name)]
    unit = UNITS.get(str(name), "")
    if pd.isna(row["value"]):
        state = "is withheld" if row["is_suppressed"] else "is missing"
        text = f"For {row['period']} the figure of {what} {state}"
        earlier = row["earlier_value"]
        return (
            f"{text}; for {row['earlier_period']} it was {number(float(earlier), 1)}{unit}."
            if pd.notna(earlier)
            else f"{text}."
        )
    decimals = 0 if float(row["value"]) >= 100 else 1
    interval = ""
    if pd.notna(row.get("value_lower")):
        interval = f" (95% interval {_interval(row['value_lower'], row['value_upper'], 1)})"
    text = (
        f"{what[:1].upper()}{what[1:]}, {row['period']}: "
        f"{number(float(row['value']), decimals)}{unit}{interval}"
    )
    if pd.notna(row["london"]):
        text += f"; in London {number(float(row['london']), decimals)}{unit}"
    if pd.notna(row["earlier_value"]):
        earlier = number(float(row["earlier_value"]), decimals)
        text += f"; in {row['earlier_period']} {earlier}{unit}"
    return f"{text}."


def _drug_change(name: str, row: pd.Series) -> str:
    label = measure_label(name, in_sentence=True)
    if row["is_blocked"]:
        return f"{label} cannot be compared"
    counts = f"{number(row['before_count'])} to {number(row['after_count'])}"
    if row["is_small_count"]:
        return f"{label} went from {counts}, too few for a verdict"
    interval = range_words(row["change_pct_lower"], row["change_pct_upper"], "%")
    # The interval is of this group by itself, and may leave nought out: the sentence ends
    # with what was asked.
    verdict = "beyond chance" if row["is_significant"] else "not beyond chance"
    return (
        f"{label} went from {counts}, {with_unit(row['change_pct'], '%', 1, signed=True)} "
        f"(95% interval {interval}), {verdict}"
    )


def _per_100(row: pd.Series) -> str:
    return (
        f"{number(row['per_100'], 1)} positive outcomes of {str(row['label']).casefold()} "
        f"({_interval(row['per_100_lower'], row['per_100_upper'], 1)}; other boroughs "
        f"{number(row['others_per_100'], 1)})"
    )


def _outcomes_heading(area: str, row: pd.Series) -> str:
    if row["is_small_count"]:
        return f"Too few outcomes in {area} for a ratio"
    return f"{number(row['per_100'], 1)} positive outcomes for 100 {area} crimes with a victim"


def _beside(area: str, what: str, lower: float, upper: float, reference: float = 1.0) -> str:
    if lower > reference:
        return f"{area}'s {what} above London's"
    if upper < reference:
        return f"{area}'s {what} below London's"
    return f"{area}'s {what} not clearly different from London's"


def _labels(table: pd.DataFrame) -> list[str]:
    return [str(label).casefold() for label in table["label"]]


def _class(name: object) -> str:
    return printable(name).casefold() if "_" in str(name) else str(name)


def _age(row: pd.Series) -> str:
    words = str(row["age_group"]).replace("_", " ")
    return f"aged {words}"


def _interval(lower: float, upper: float, decimals: int = 2) -> str:
    return f"{number(lower, decimals)} to {number(upper, decimals)}"
