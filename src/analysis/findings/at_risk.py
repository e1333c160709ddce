"""Sentences on who is at risk and who is harmed again, and on what only partners hold."""

from __future__ import annotations

from analysis.assessment import Assessment
from analysis.assessment.at_risk import (
    OUTSIDE,
    STREET_POINTS,
    Breakdown,
    RepeatPlaces,
    RepeatRecords,
    Suspects,
    VictimCounts,
)
from analysis.assessment.partner_counts import partner_counts
from analysis.assessment.victims import ASB, HATE, VAWG, VictimFigures, label
from analysis.data.comparability import breaks_of
from analysis.data.detail import is_held
from analysis.findings.finding import Finding, Piece, note
from analysis.findings.loading import counts, records_not_loaded, source_not_loaded
from analysis.wording import (
    listed,
    month_text,
    number,
    period_words,
    with_unit,
)

TABLES = (
    "monthly_special",
    "vawg_monthly",
    "vawg_people",
    "asb_incidents",
    "homicide_suspects",
)
FILES = (STREET_POINTS,)
RECORDS = (
    "child_sexual_exploitation",
    "extremism",
    "serious_group_violence",
    "victim_counts",
    "victim_records",
)
# What the notebook reads beyond the monthly figures.

YOUNG_AGES = ("10 to 14", "15 to 19", "20 to 24")
UNKNOWN = "Unknown"
LARGEST = 3


def people(
    ages: Breakdown | None, ethnicity: Breakdown | None, kinds: Breakdown | None
) -> Finding:
    """Age, ethnicity and kind of offence of violence against women and girls in London."""
    if ages is None or ethnicity is None or kinds is None:
        return Finding(
            heading="Victims' age and ethnicity are not held by then",
            sentence=(
                "London's victims of violence against women and girls by age and ethnicity are "
                "not held for a whole year of like months that ends by then."
            ),
            certainty="not known",
            because="the published months do not make such a year",
            is_key=False,
        )
    table = ages.table.sort_values("share_pct", ascending=False)
    top = table.iloc[0]
    young = table[table["group_name"].str.contains("10 to 19|20 to 29")]["share_pct"].sum()
    unknown = float(ethnicity.table.set_index("group_name")["share_pct"].get(UNKNOWN, 0.0))
    return Finding(
        heading=f"London: {number(young)}% of women and girls harmed are under 30",
        sentence=(
            f"In London in {period_words(*ages.period)} the largest group of victims was "
            f"{_age(top['group_name'])} ({with_unit(top['share_pct'], '%', 1)}). "
            f"{_kinds(kinds)} Ethnicity is unknown for {number(unknown)}% of victims, so "
            "shares by ethnicity are not to be relied on. None of this is published by "
            "borough, and no population by these ages is held: these are shares, not rates."
        ),
        certainty="low",
        because="these are shares of recorded victims in London, not the borough's risks",
        is_key=False,
    )


def elsewhere(assessment: Assessment, name: str) -> Finding:
    """What only the partnership holds: its counts, or who holds them."""
    loaded = partner_counts(assessment, name)
    if loaded is None:
        return records_not_loaded(assessment, name)
    return counts(assessment, loaded)


def suspects(assessment: Assessment, result: Suspects | None) -> Finding:
    """Age and sex of people proceeded against for homicide: suspects, not victims."""
    if result is None:
        return Finding(
            heading="Homicide suspects by age are not held by then",
            sentence="No proceedings for homicide are held that end by then.",
            certainty="not known",
            because="the publication is later",
            is_key=False,
        )
    london = result.london
    total = london[["male_count", "female_count"]].sum()
    everyone = int(total.sum())
    young = london[london["age_group"].isin(YOUNG_AGES)]
    under = int(young[["male_count", "female_count"]].sum().sum())
    men = 100 * int(total["male_count"]) / everyone
    return Finding(
        heading=f"London: {number(100 * under / everyone)}% of homicide suspects are under 25",
        sentence=(
            f"Of {number(everyone)} people of known sex proceeded against for homicide in "
            f"London in {period_words(*result.years)}, {number(under)} were under 25 and "
            f"{number(men)}% were men or boys. {_borough_suspects(assessment, result)} "
            "They are suspects, not victims, and several can stand for one killing."
        ),
        certainty="moderate",
        because="proceedings are counted in full, but most borough counts are small",
        is_key=False,
    )


def victims_by_age(assessment: Assessment, result: VictimCounts | None) -> Finding:
    """Victims by age and sex, the ages and offences that plans ask of."""
    if result is None:
        return records_not_loaded(
            assessment, "victim_counts", "Victims by age and sex: not published, not loaded"
        )
    asked = result.asked
    shown = asked[~asked["is_suppressed"].astype(bool) & asked["share_pct"].notna()]
    told = [
        f"{row['ages']} {with_unit(float(row['share_pct']), '%', 1)} of victims of "
        f"{_offence(row['offence_group'])}"
        for _, row in shown.iterrows()
    ]
    return Finding(
        heading=f"Victims in {assessment.area.area_name} by age, from partner records",
        sentence=(
            f"In {period_words(*result.period)}: {listed(told) or 'all counts are too few'}. "
            "Victims whose age is not recorded are left out of the shares."
        ),
        certainty="moderate",
        because="the records are the partnership's own, checked for form only",
        is_key=False,
    )


def repeats(assessment: Assessment, results: list[RepeatRecords]) -> Finding:
    """How many victims of crime, and of anti-social behaviour, are harmed again in a year."""
    if not results:
        return records_not_loaded(
            assessment, "victim_records", "Repeat victims: not published, not loaded"
        )
    told = [_repeats_of(each) for each in results]
    return Finding(
        heading=f"Repeat victims in {assessment.area.area_name}, from partner records",
        sentence=" ".join(told),
        certainty="moderate",
        because=(
            "a repeat is an event within 365 days of the same victim's last; events that were "
            "not reported, or not linked to the victim, are missed"
        ),
        is_key=False,
    )


def places(assessment: Assessment, result: RepeatPlaces | None) -> Finding:
    """Streets with repeated crime, from snapped points: no repeat victims."""
    area = assessment.area.area_name
    if result is None and not is_held(STREET_POINTS):
        return source_not_loaded(STREET_POINTS, "Repeat places: street-level points not loaded")
    if result is None:
        return Finding(
            heading=f"Repeat places: no points of {area} are held",
            sentence=(
                "Street-level points of all types are held for seven boroughs, January 2016 to "
                f"June 2018; for {area} no whole year of them ends by then."
            ),
            certainty="not known",
            because="no points are held",
            is_key=False,
        )
    told = [
        f"{str(kind).casefold()} {number(row['repeat_event_pct'])}% "
        f"({number(row['chance_pct'])}% by chance)"
        for kind, row in result.table.iterrows()
    ]
    first = result.table.iloc[0]
    return Finding(
        heading=(
            f"{number(first['repeat_event_pct'])}% of burglaries shared a map point, "
            f"{number(first['chance_pct'])}% by chance ({result.period[1][:4]})"
        ),
        sentence=(
            f"In {period_words(*result.period)}, at map points that had another of the same "
            f"type in the year: {listed(told)}. By chance means each of {area}'s "
            f"{number(result.point_count)} points being as likely as any other. Points are "
            "snapped to streets, so these are repeat streets and not repeat victims."
        ),
        certainty="low",
        because="points stand for streets of unlike length, and the months are old",
        is_key=False,
    )


def periods(figures: VictimFigures) -> list[Piece]:
    """Which months each publication of the theme holds: they end apart."""
    told = {
        "knife_crime": "Domestic abuse, hate crime, knife and gun crime",
        VAWG: label(VAWG),
        ASB: label(ASB),
        "rape": "Violence with injury, sexual offences and homicide",
    }
    rows = [
        f"{name}: {month_text(figures.monthly[measure].index[0])} to "
        f"{month_text(figures.monthly[measure].index[-1])}"
        for measure, name in told.items()
        if measure in figures.monthly
    ]
    return [
        note(
            "Publications end in different months, so each section has its own year. "
            f"{'; '.join(rows)}."
        )
    ]


def limits(assessment: Assessment) -> list[Piece]:
    """What these figures cannot tell of victims."""
    sentences = [
        each.sentence
        for measure in (HATE, VAWG)
        for each in breaks_of(assessment.area.area_code, measure)
        if each.action == "block" and each.from_month <= assessment.as_of
    ]
    return [
        note(
            "Recorded is not suffered: by surveys most domestic abuse, sexual violence and "
            "hate crime never reaches the police. A rise can be trust in the police, a fall "
            "its loss."
        ),
        note(
            "Flags overlap: one offence can be domestic abuse, violence with injury, knife "
            "crime and violence against women and girls at once. Nothing is added up across "
            "them."
        ),
        note(
            "Counts under ten are printed without percentage or verdict. Records of the "
            "partnership are shown only in counts of more than five."
        ),
        note(
            "A verdict allows for all measures of this report being judged together. The "
            "strategic assessment judges offence groups together, so that one near the line "
            "can be beyond chance there and not here, or the other way round."
        ),
        *[note(sentence) for sentence in dict.fromkeys(sentences)],
    ]


def _repeats_of(each: RepeatRecords) -> str:
    what = "anti-social behaviour" if each.kind == "asb" else "crime"
    start = f"{what[:1].upper()}{what[1:]}:"
    if each.result is None:
        return (
            f"{start} records from {month_text(each.begin)} to {month_text(each.end)} are too "
            "short, since a year and the one before it are needed."
        )
    if each.is_hidden:
        return f"{start} too few repeat victims, or others, to show."
    found = each.result
    return (
        f"{start} in the year to {month_text(found.last)}, "
        f"{number(found.repeat_victim_count)} of {number(found.victim_count)} victims "
        f"({number(found.repeat_victim_pct)}%) were repeat victims, and suffered "
        f"{number(found.repeat_victim_event_pct)}% of {number(found.event_count)} events, "
        f"{number(found.concentration, 2)} events a victim."
    )


def _borough_suspects(assessment: Assessment, result: Suspects) -> str:
    rows, area = result.borough, assessment.area.area_name
    if rows.empty:
        return f"{area}'s own ten years are not over by then."
    if rows["is_suppressed"].any():
        return f"In {area} they were too few over ten years to be told by age."
    by_age = rows.set_index("age_group")["suspect_count"]
    return (
        f"In {area}, over the ten years to {month_text(rows['period_end'].iloc[0])}, there "
        f"were {number(by_age.sum())}, {number(by_age.get('under 25', 0))} of them under 25."
    )


def _kinds(kinds: Breakdown) -> str:
    table = kinds.table[kinds.table["group_name"] != OUTSIDE]
    top = table.sort_values("share_pct", ascending=False).head(LARGEST)
    outside = kinds.table.set_index("group_name")["share_pct"].get(OUTSIDE, 0.0)
    named = [
        f"{str(name).casefold()} {with_unit(share, '%', 1)}"
        for name, share in zip(top["group_name"], top["share_pct"], strict=True)
    ]
    return (
        f"Of the flagged offences {with_unit(outside, '%', 1)} lie outside violence against "
        f"women and girls; the largest kinds within it are {listed(named)}."
    )


def _age(group: str) -> str:
    return str(group).replace("Aged", "aged").replace(" years", "")


def _offence(group: str) -> str:
    return "all recorded crime" if group == "total" else label(group, in_sentence=True)
