"""Sentences on stop and search by ethnic group, with what they cannot say."""

from __future__ import annotations

import pandas as pd

from analysis.assessment import Assessment
from analysis.assessment.searches import OFFICER, SELF, Searches, is_searched_borough
from analysis.data.months import months_in_words
from analysis.findings.finding import Finding, Piece, note
from analysis.findings.offenders import not_held
from analysis.wording import counted, listed, number, period_words


def outcome_test(assessment: Assessment, found: Searches | None) -> Finding:
    """Whether searches of one ethnic group led to action or arrest as often as another's."""
    area = assessment.area.area_name
    if found is None and not is_searched_borough(assessment):
        return _not_in_file(assessment)
    if found is None:
        heading = f"Stop and search in {area} is not known"
        return not_held(assessment, heading, "stop and search")
    action, arrest = found.action[OFFICER], found.arrest[OFFICER]
    return Finding(
        heading=_heading(area, {"lead to action": action, "end in arrest": arrest}),
        sentence=(
            f"Of {number(found.search_count)} searches in {area} in the "
            f"{found.month_count} months held of {found.first_year} to {found.last_year}, "
            f"{_difference(action, arrest)}. Year and object of search are held alike."
        ),
        certainty="moderate",
        because=(
            "each search is taken by itself and groups are judged together, but equal shares "
            "do not prove equal treatment, nor unequal ones bias"
        ),
        detail=(
            f"Any action followed {_shares(action)}. {_ratios(action, 'action')} "
            f"{_ratios(arrest, 'arrest')} Ethnicity is as the officer saw it; "
            f"{number(found.not_known_pct[SELF])}% did not say their own, against "
            f"{number(found.not_known_pct[OFFICER])}% without an officer's."
        ),
    )


def search_rates(assessment: Assessment, found: Searches | None) -> Finding:
    """Searches a resident by ethnic group, or why that ratio is not given."""
    area = assessment.area.area_name
    if found is None or found.rates is None:
        return Finding(
            heading="Searches for each resident by ethnic group: not loaded",
            sentence=(
                f"Residents of {area} by ethnic group are not loaded, so that no rate is "
                "given: "
                "searches of a group over those of another, without residents, would only tell "
                "which group is larger. The Census has them (table TS021): fill a copy of "
                "data/templates/ethnic_population.csv and save it as data/partner/"
                f"{assessment.area.area_code}/ethnic_population.csv."
            ),
            certainty="not known",
            because="residents by ethnic group are not loaded",
            is_key=False,
        )
    told = [
        f"{_group(name)} {number(row['ratio'], 1)} times ({number(row['ratio_lower'], 1)} to "
        f"{number(row['ratio_upper'], 1)})"
        for name, row in found.rates.iterrows()
        if pd.notna(row["ratio"])
    ]
    white = found.rates["rate_per_1000"]["white"]
    return Finding(
        heading=f"Searches for each resident of {area} differ by ethnic group",
        sentence=(
            f"White residents were searched {number(white, 1)} times a year for every 1,000; "
            f"against that, {listed(told)}. Ethnicity is self-defined, and "
            f"{number(found.not_known_pct[SELF])}% of searches have none: they are left out."
        ),
        certainty="low",
        because=(
            "those searched need not live here, residents are not those on the street, and the "
            "Census is of one day"
        ),
        is_key=False,
    )


def limits(found: Searches | None) -> list[Piece]:
    """What the searches cannot say; nothing where none are held."""
    if found is None:
        return []
    gaps = months_in_words(found.missing)
    months = found.monthly["month"]
    span = period_words(f"{months.min():%Y-%m}", f"{months.max():%Y-%m}")
    return [
        note(
            f"Stop and search, {span}: {counted(len(found.missing), 'month').casefold()} "
            f"not held ({gaps}); two of them were published nearly empty. In August 2022 rows "
            "were copied over and over, and one of each is kept."
        ),
        note(
            "The outcome test compares averages. Where one group holds more people whom any "
            "officer would search, its share is higher though all are searched on the same "
            "grounds (infra-marginality). An outcome is itself a decision, 'no further action' "
            "may follow a find, and what was found is not in the file."
        ),
        note(
            "The groups are those of the officer or of the person and are not mixed. The "
            "place of a search is a snapped map point, not where anybody lives, and one person "
            "may be searched often: it is searches that are counted."
        ),
    ]


def _not_in_file(assessment: Assessment) -> Finding:
    area = assessment.area.area_name
    return Finding(
        heading=f"Stop and search in {area}: not loaded",
        sentence=(
            f"The file of searches held has nine boroughs, and {area} is not among them. "
            "data.police.uk publishes all of London: name a file of the same layout in "
            "data/sources.yml and compile the figures anew. Nothing is said of searches "
            "until then."
        ),
        certainty="not known",
        because="the published file is not loaded for the borough",
        is_key=False,
    )


def _heading(area: str, by_outcome: dict[str, pd.DataFrame]) -> str:
    for outcome, table in by_outcome.items():
        more = table["adjusted_ratio"] > 1
        names = _apart(table)
        if len(names) == 1:
            often = "more" if more[names[0]] else "less"
            return f"{area}: searches of {_people(names[0])} {outcome} {often} often"
        if names:
            return f"{area}: how often searches {outcome} differs by ethnic group"
    return f"{area}: search outcomes do not clearly differ by ethnic group"


def _group(name: object) -> str:
    return str(name).capitalize()


def _people(name: object) -> str:
    if name == "other":
        return "people of other groups"
    return "people of mixed ethnicity" if name == "mixed" else f"{_group(name)} people"


def _apart(table: pd.DataFrame) -> list[str]:
    sure = table["is_significant"].fillna(value=False).astype(bool)
    return [str(name) for name in table.index[sure]]


def _shares(table: pd.DataFrame) -> str:
    shown = table.dropna(subset=["case_pct"])
    return listed(
        [
            f"{number(row['case_pct'], 1)}% of searches of {_people(name)}"
            for name, row in shown.iterrows()
        ]
    )


def _difference(action: pd.DataFrame, arrest: pd.DataFrame) -> str:
    """Which groups' searches ended otherwise than White people's, beyond chance."""
    told = [
        f"those of {_people(name)} {ended} {number(row['adjusted_ratio'], 2)} times as often "
        f"(95% interval {number(row['adjusted_ratio_lower'], 2)} to "
        f"{number(row['adjusted_ratio_upper'], 2)})"
        for ended, table in (("ended in arrest", arrest), ("led to any action", action))
        for name, row in table.loc[_apart(table)].iterrows()
    ]
    if not told:
        return "no group's led to action or arrest more or less often than White people's"
    more = len(told) - 1
    rest = f"; {counted(more, 'other difference').casefold()} below" if more else ""
    return f"{told[0]} as White people's, beyond chance{rest}"


def _ratios(table: pd.DataFrame, what: str) -> str:
    shown = table.dropna(subset=["adjusted_ratio"])
    told = [
        f"{_group(name)} {number(row['adjusted_ratio'], 2)} "
        f"({number(row['adjusted_ratio_lower'], 2)} "
        f"to {number(row['adjusted_ratio_upper'], 2)})"
        for name, row in shown.iterrows()
    ]
    if not told:
        return f"Too few ended in {what} for a ratio."
    beyond = [_group(name) for name in _apart(shown)]
    verdict = f"beyond chance for {listed(beyond)}" if beyond else "none beyond chance"
    return f"Ratio to White people's for {what}: {listed(told)}; {verdict}."
