"""Stop and search of a borough by ethnic group, as far as published and loaded."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.assessment.assessment import Assessment
from analysis.data.figures import read_table
from analysis.data.partner import load_partner_table
from analysis.measures.false_discovery import judged
from analysis.offenders.disparity import outcome_ratios, search_rates

YEARS_POOLED = 3
# One year of a borough's searches leaves a group of a few hundred with a wide interval.

OFFICER, SELF = "officer_defined", "self_defined"
ACTION, ARREST = "action_count", "arrest_count"
ALIKE = ("year", "search_object")
# What the adjusted ratio holds alike: searches for weapons find less than those for drugs.

UNKNOWN_GROUP = "not_known"

Ratios = dict[str, pd.DataFrame]


@dataclass(frozen=True, eq=False)
class Searches:
    """Searches of the newest years held, and what they led to by ethnic group.

    Attributes
    ----------
    action, arrest : dict of str to DataFrame
        Keys ``officer_defined`` and ``self_defined``; as ``outcome_ratios`` returns them, but
        judged over both outcomes and both ways of recording ethnicity together.
    monthly : DataFrame
        ``month``, ``search_count`` of the borough; missing where a month is not held.
    missing : list of Timestamp
        Months not held, of all that lie between the first and the last.
    first_year, last_year : int
        Years pooled.
    month_count : int
        Months of those years that are held.
    search_count : int
        Searches in them, with or without an ethnic group.
    not_known_count : dict of str to int
        Searches without an ethnic group, by who defined it: they are in no row.
    not_known_pct : dict of str to float
        Their share of all searches.
    rates : DataFrame or None
        As ``search_rates``, by self-defined group; None if residents are not loaded.
    """

    action: Ratios
    arrest: Ratios
    monthly: pd.DataFrame
    missing: list[pd.Timestamp]
    first_year: int
    last_year: int
    month_count: int
    search_count: int
    not_known_count: dict[str, int]
    not_known_pct: dict[str, float]
    rates: pd.DataFrame | None


def is_searched_borough(assessment: Assessment) -> bool:
    """Whether the file of searches has the borough at all, whatever the cut."""
    held = read_table("stop_and_search_months")["area_code"]
    return assessment.area.area_code in set(held)


def searches(assessment: Assessment) -> Searches | None:
    """Searches and their outcomes by ethnic group; None where none are held by the cut."""
    code = assessment.area.area_code
    table = assessment.table("stop_and_search")
    table = table[table["area_code"] == code]
    if table.empty:
        return None
    last = int(table["year"].max())
    table = table[table["year"] > last - YEARS_POOLED]
    table = table.assign(
        action_count=table["search_count"] - table["no_further_action_count"],
        search_count=table["search_count"],
    )
    by = {each: table[table["ethnicity_by"] == each] for each in (OFFICER, SELF)}
    months = table.groupby("year")["month_count"].first()
    monthly = assessment.table("stop_and_search_months", "search_count")
    monthly = monthly.loc[monthly["area_code"] == code, ["month", "search_count"]]
    action, arrest = judged_together(
        {each: outcome_ratios(_known(by[each]), ACTION, alike=ALIKE) for each in by},
        {each: outcome_ratios(_known(by[each]), ARREST, alike=ALIKE) for each in by},
    )
    unknown = {each: _not_known_count(by[each]) for each in by}
    total = int(by[OFFICER]["search_count"].sum())
    return Searches(
        action=action,
        arrest=arrest,
        monthly=monthly.reset_index(drop=True),
        missing=monthly.loc[monthly["search_count"].isna(), "month"].tolist(),
        first_year=int(table["year"].min()),
        last_year=last,
        month_count=int(months.sum()),
        search_count=total,
        not_known_count=unknown,
        not_known_pct={each: 100 * count / total for each, count in unknown.items()},
        rates=_rates(assessment, by[SELF], int(months.sum())),
    )


def judged_together(action: Ratios, arrest: Ratios) -> tuple[Ratios, Ratios]:
    """The same tables, judged over all their groups at once.

    One record of ethnicity is as good a question as the other, and so is one outcome: judged
    each by itself, four tables would each have their own false alarm.

    Examples
    --------
    >>> table = pd.DataFrame({"p_value": [None, 0.03], "is_significant": [None, True]})
    >>> quiet = pd.DataFrame({"p_value": [None, 0.9], "is_significant": [None, False]})
    >>> action, arrest = judged_together({"officer_defined": table}, {"officer_defined": quiet})
    >>> action["officer_defined"]["is_significant"].tolist()
    [<NA>, False]
    """
    tables = {
        (outcome, by): table
        for outcome, ratios in ((ACTION, action), (ARREST, arrest))
        for by, table in ratios.items()
    }
    verdicts = judged(pd.concat({key: table["p_value"] for key, table in tables.items()}))
    again = {
        key: table.assign(
            **{str(name): verdicts[name].xs(key, level=(0, 1)) for name in verdicts}
        )
        for key, table in tables.items()
    }
    return (
        {by: again[ACTION, by] for by in action},
        {by: again[ARREST, by] for by in arrest},
    )


def _known(table: pd.DataFrame) -> pd.DataFrame:
    counts = ["search_count", ACTION, ARREST]
    known = table[table["ethnic_group"] != UNKNOWN_GROUP]
    return known.astype(dict.fromkeys(counts, float))


def _not_known_count(table: pd.DataFrame) -> int:
    return int(table.loc[table["ethnic_group"] == UNKNOWN_GROUP, "search_count"].sum())


def _rates(assessment: Assessment, table: pd.DataFrame, months: int) -> pd.DataFrame | None:
    residents = load_partner_table("ethnic_population", assessment.area.area_code)
    if residents is None:
        return None
    people = residents.set_index("ethnic_group")["population_count"].astype(float)
    counts = _known(table).groupby("ethnic_group")["search_count"].sum()
    return search_rates(counts, people, years=months / 12)
