"""Sentences on stop and search by ethnic group, with what they cannot say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from analysis.assessment import Assessment
from analysis.assessment.searches import OFFICER, SELF, Searches, is_searched_borough
from analysis.data.months import months_in_words
from analysis.findings.change_words import told_within
from analysis.findings.finding import Finding, Piece, note
from analysis.findings.loading import HOW_RECORDS
from analysis.findings.offenders import not_held
from analysis.wording import (
    counted,
    listed,
    month_text,
    number,
    number_word,
    period_words,
)

WAYS = {OFFICER: "the officer's word", SELF: "people's own word"}
# Two records of ethnicity, never mixed: each is judged and told by itself.

OUTCOMES = ("arrest", "action")

NEARLY_EMPTY = (pd.Timestamp("2018-02-01"), pd.Timestamp("2018-03-01"))
COPIED = pd.Timestamp("2022-08-01")
# What the publisher's files are known to hold too little, or too much, of.


class _Difference(NamedTuple):
    """A group whose searches ended otherwise than White people's, beyond chance."""

    by: str
    group: str
    outcome: str
    row: pd.Series

    @property
    def verdict(self) -> tuple[str, str, bool]:
        """Which group and outcome, and whether it is more often, whoever recorded it."""
        return self.group, self.outcome, bool(self.row["adjusted_ratio"] > 1)


def outcome_test(assessment: Assessment, found: Searches | None) -> Finding:
    """Whether searches of one ethnic group led to action or arrest as often as another's."""
    area = assessment.area.area_name
    if found is None and not is_searched_borough(assessment):
        return _not_in_file(assessment)
    if found is None:
        heading = f"Stop and search in {area} is not known"
        return not_held(assessment, heading, "stop and search")
    apart = _differences(found)
    is_one_verdict = _verdicts(apart, OFFICER) == _verdicts(apart, SELF)
    opening = (
        f"Of {number(found.search_count)} searches in {area}, {found.first_year} to "
        f"{found.last_year}:"
    )
    return Finding(
        heading=_heading(area, apart),
        sentence=_both_ways(opening, apart),
        certainty="moderate" if is_one_verdict else "low",
        because=(
            ("" if is_one_verdict else "the two records of ethnicity do not say the same, and ")
            + "equal shares do not prove equal treatment, nor unequal ones bias"
        ),
        detail=_outcome_detail(found),
    )


def action_title(assessment: Assessment, found: Searches | None) -> str:
    """What the chart of action after a search shows, whatever is true of arrests."""
    area = assessment.area.area_name
    apart = [] if found is None else _differences(found)
    ways = {each.by for each in apart if each.outcome == "action"}
    if not ways:
        return f"{area}: action does not clearly differ by ethnic group"
    if len(ways) == 1:
        return f"{area}: by {WAYS[ways.pop()]}, action differs by group"
    return f"{area}: action after a search differs by ethnic group"


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
                f"which group is larger. The Census has them (table TS021): {HOW_RECORDS}."
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
    return [
        note(_held(found)),
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


def _held(found: Searches) -> str:
    months = found.monthly["month"]
    span = period_words(f"{months.min():%Y-%m}", f"{months.max():%Y-%m}")
    told = f"Stop and search, {span}: "
    if found.missing:
        count = counted(len(found.missing), "month").casefold()
        told += f"{count} not held ({months_in_words(found.missing)})"
        empty = sum(month in found.missing for month in NEARLY_EMPTY)
        told += f"; {number_word(empty)} of them were published nearly empty." if empty else "."
    else:
        told += "every month is held."
    if COPIED in months.tolist():
        told += (
            f" In {month_text(COPIED)} rows were copied over and over, and one of each is kept."
        )
    return told


def _not_in_file(assessment: Assessment) -> Finding:
    area = assessment.area.area_name
    return Finding(
        heading=f"Stop and search in {area}: not loaded",
        sentence=(
            f"The file of searches held has nine boroughs, and {area} is not among them. "
            "data.police.uk publishes all of London; what is not loaded here does not mean "
            "none."
        ),
        certainty="not known",
        because="the published file is not loaded for the borough",
        is_key=False,
    )


def _heading(area: str, apart: list[_Difference]) -> str:
    seen, own = _verdicts(apart, OFFICER), _verdicts(apart, SELF)
    if not apart:
        return f"{area}: search outcomes do not clearly differ by ethnic group"
    if not (seen and own):
        return f"{area}: by {WAYS[apart[0].by]}, outcomes differ by ethnic group"
    if seen == own and len(seen) == 1:
        name, outcome, is_more = next(iter(seen))
        often = "more" if is_more else "less"
        return f"{area}: searches of {_people(name)} lead to {outcome} {often} often"
    return f"{area}: how searches end differs by ethnic group"


def _group(name: object) -> str:
    return str(name).capitalize()


def _people(name: object) -> str:
    if name == "other":
        return "people of other groups"
    return "people of mixed ethnicity" if name == "mixed" else f"{_group(name)} people"


def _apart(table: pd.DataFrame) -> list[str]:
    sure = table["is_significant"].fillna(value=False).astype(bool)
    return [str(name) for name in table.index[sure]]


def _differences(found: Searches) -> list[_Difference]:
    """Every difference from White people beyond chance, the surest first."""
    apart = [
        _Difference(by, name, outcome, ratios[by].T[name])
        for by in WAYS
        for outcome, ratios in zip(OUTCOMES, (found.arrest, found.action), strict=True)
        for name in _apart(ratios[by])
    ]
    return sorted(apart, key=lambda each: float(each.row["p_value"]))


def _verdicts(apart: list[_Difference], by: str) -> set[tuple[str, str, bool]]:
    return {each.verdict for each in apart if each.by == by}


def _both_ways(opening: str, apart: list[_Difference]) -> str:
    """What each record of ethnicity says, as many differences named as there is room for."""
    if not apart:
        return (
            f"{opening} neither by the officer's word nor by people's own did any ethnic "
            "group's lead to action or arrest more or less often than White people's, beyond "
            "chance."
        )
    surest = {each.by: each for each in reversed(apart)}
    first = [each for each in apart if each is surest[each.by]]
    order = first + [each for each in apart if each is not surest[each.by]]

    def tell(named: Sequence[_Difference]) -> str:
        more = len(apart) - len(named)
        rest = f"; {counted(more, 'other difference').casefold()}" if more else ""
        told = [_one_way(by, [each for each in named if each.by == by]) for by in WAYS]
        # White people are named once: by the record that comes first.
        told[0] += " as White people's" if surest.keys() >= {OFFICER} else ""
        return f"{opening} {'; '.join(told)}{rest}."

    return told_within(tell, order, least=len(surest))


def _one_way(by: str, named: list[_Difference]) -> str:
    if not named:
        whom = " from White people" if by == OFFICER else ""
        return f"by {WAYS[by]} no group differs{whom} beyond chance"
    outcomes: dict[str, list[str]] = {}
    for each in named:
        outcomes.setdefault(each.group, []).append(f"{each.outcome} {_ratio(each.row)}")
    told = [
        f"those of {_people(name)} {'' if place else 'led '}to {listed(each)}"
        for place, (name, each) in enumerate(outcomes.items())
    ]
    return f"by {WAYS[by]} {', '.join(told)} times as often"


def _ratio(row: pd.Series) -> str:
    return (
        f"{number(row['adjusted_ratio'], 2)} ({number(row['adjusted_ratio_lower'], 2)} to "
        f"{number(row['adjusted_ratio_upper'], 2)})"
    )


def _outcome_detail(found: Searches) -> str:
    lacking = " and ".join(
        f"{number(found.not_known_count[by])} by {words} ({number(found.not_known_pct[by])}%)"
        for by, words in WAYS.items()
    )
    ways = " ".join(
        f"By {words}, shares with any action: {_shares(found.action[by])}; "
        f"{_ratios(found.action[by], 'action')}; {_ratios(found.arrest[by], 'arrest')}."
        for by, words in WAYS.items()
    )
    return (
        f"{found.month_count} months of these years are held. No ethnic group is recorded for "
        f"{lacking}: these searches are in no group. {ways} Ratios are to White people's, with "
        "95% intervals and with year and object of search held alike; both outcomes and both "
        "records are judged together (false-discovery rate 5%). Nobody is mixed by the "
        "officer's word, which has no such group."
    )


def _shares(table: pd.DataFrame) -> str:
    shown = table.dropna(subset=["case_pct"])
    return listed(
        [f"{_group(name)} {number(row['case_pct'], 1)}%" for name, row in shown.iterrows()]
    )


def _ratios(table: pd.DataFrame, what: str) -> str:
    shown = table.dropna(subset=["adjusted_ratio"])
    if shown.empty:
        return f"too few for a ratio of {what}"
    told = [f"{_group(name)} {_ratio(row)}" for name, row in shown.iterrows()]
    beyond = [_group(name) for name in _apart(shown)]
    verdict = f"beyond chance for {listed(beyond)}" if beyond else "none beyond chance"
    return f"ratios for {what}: {listed(told)}, {verdict}"
