"""Tables about searches and people in custody, and of which boroughs touch.

Rows of the published files are about people; what is kept here are sums of them. A search
or a disposal is no conviction. Months without figures are left out of the sums and counted
beside them, so that nobody takes a short year for a quiet one.
"""

from __future__ import annotations

from itertools import combinations
from typing import Final

import pandas as pd

from analysis.data.compile import Field, Load, TableSpec, months_across, require_sum
from analysis.data.months import missing_months, nearly_empty_months
from analysis.data.national_grid import boundary_on_grid
from analysis.data.tables.columns import BOROUGH, EDITION, PUBLISHED, edition_of, only_boroughs
from analysis.errors import DataContractError
from analysis.params.areas import LONDON_CODE

ETHNIC_GROUPS: Final = {
    "White": "white",
    "Black": "black",
    "Asian": "asian",
    "Mixed": "mixed",
    "Other": "other",
    "Chinese": "other",
}
# By the first word of a published label. The Census has Chinese within Asian; the older of
# the two lists of the file has it within other, and a few dozen searches are of either.

UNKNOWN_GROUP: Final = "not_known"
_NOT_STATED = r"[Nn]ot [Ss]tated"

SEARCH_OBJECTS: Final = {
    "Controlled drugs": "drugs",
    "Offensive weapons": "weapons",
    "Firearms": "weapons",
    "Anything to threaten or harm anyone": "weapons",
    "Stolen goods": "stolen_goods",
    "Articles for use in criminal damage": "other",
    "Evidence of offences under the Act": "other",
    "Fireworks": "other",
}
OUTCOMES: Final = {
    "A no further action disposal": "no_further_action_count",
    "Nothing found - no further action": "no_further_action_count",
    "Arrest": "arrest_count",
    "Suspect arrested": "arrest_count",
    "Community resolution": "resolution_count",
    "Local resolution": "resolution_count",
    "Offender given drugs possession warning": "resolution_count",
    "Khat or Cannabis warning": "resolution_count",
    "Penalty Notice for Disorder": "penalty_or_court_count",
    "Offender given penalty notice": "penalty_or_court_count",
    "Summons / charged by post": "penalty_or_court_count",
    "Suspect summonsed to court": "penalty_or_court_count",
    "Caution (simple or conditional)": "penalty_or_court_count",
    "Offender cautioned": "penalty_or_court_count",
    "Article found - Detailed outcome unavailable": "other_outcome_count",
}
# Two lists follow each other in the file; each outcome of both has its column.

COPIED_SHARE: Final = 0.1
# In most months two to four searches in a hundred are alike another in every field, which
# people searched together may be. Where more than a tenth are, rows were copied (August 2022
# in fours and sixteens), and one of each is kept.

DISPOSALS: Final = {
    "Prosecution": "prosecution_count",
    "Out of Court": "out_of_court_count",
    "No Further Action": "no_further_action_count",
    "Released Under Investigation": "under_investigation_count",
    "Police Bail": "police_bail_count",
    "To Court": "to_court_count",
    "Other Disposals": "other_disposal_count",
}


def _searches(load: Load) -> pd.DataFrame:
    """Searches of whole months, copied rows out, with the groups they are summed by."""
    table = load("police_uk_stop_and_search")
    copied = table.groupby("month")["is_repeat"].transform("mean") > COPIED_SHARE
    table = table[~(table["is_repeat"] & copied)]
    lost = nearly_empty_months(table)
    keys = pd.MultiIndex.from_frame(table[["area_code", "month"]].astype({"area_code": str}))
    is_lost = keys.isin(pd.MultiIndex.from_frame(lost[["area_code", "month"]]))
    # A month nearly empty in one borough was lost in all: it was not published whole.
    is_lost |= table["month"].isin(lost["month"].unique()).to_numpy()
    return table[~is_lost]


def _stop_and_search(load: Load) -> pd.DataFrame:
    table = _searches(load)
    months = table.groupby(table["month"].dt.year)["month"]
    years = pd.DataFrame({"month_count": months.nunique(), "period_end": months.max()})
    years["period_end"] = years["period_end"] + pd.offsets.MonthEnd(0)
    named = pd.DataFrame(
        {
            "area_code": table["area_code"].astype("str"),
            "year": table["month"].dt.year,
            "search_object": _mapped(table["search_object"], SEARCH_OBJECTS, "other"),
            "outcome": _mapped(table["outcome"], OUTCOMES, "other_outcome_count"),
            "officer_defined": ethnic_group(table["officer_ethnicity"]),
            "self_defined": ethnic_group(table["ethnicity"]),
        }
    )
    parts = [
        _counted_by_group(named, defined) for defined in ("officer_defined", "self_defined")
    ]
    counts = pd.concat(parts, ignore_index=True).merge(years, left_on="year", right_index=True)
    for defined in ("officer_defined", "self_defined"):
        summed = counts.loc[counts["ethnicity_by"] == defined, "search_count"]
        require_sum(summed, pd.Series([len(table)]), where="police_uk_stop_and_search")
    return counts.assign(**edition_of(table, tuple(EDITION)))[list(_SEARCH_FIELDS)]


def ethnic_group(labels: pd.Series) -> pd.Series:
    """Broad ethnic group of published labels, ``not_known`` where none was stated.

    Examples
    --------
    >>> ethnic_group(pd.Series(["Black or Black British - African (B2)", None])).tolist()
    ['black', 'not_known']
    """
    text = labels.astype("str").where(labels.notna(), "")
    first = text.str.extract(r"^([A-Za-z]+)", expand=False).map(ETHNIC_GROUPS)
    is_unknown = text.eq("") | text.str.contains(_NOT_STATED)
    unnamed = first.isna() & ~is_unknown
    if unnamed.any():
        message = (
            f"ethnic group '{text[unnamed].iloc[0]}' is not known. Add it to ETHNIC_GROUPS."
        )
        raise DataContractError(message)
    return first.mask(is_unknown, UNKNOWN_GROUP)


def _mapped(labels: pd.Series, names: dict[str, str], unstated: str) -> pd.Series:
    text = labels.astype("str").where(labels.notna(), "")
    unknown = sorted(set(text) - set(names) - {""})
    if unknown:
        message = f"'{unknown[0]}' has no place in the table of {labels.name}. Add it."
        raise DataContractError(message)
    return text.map({**names, "": unstated})


def _counted_by_group(named: pd.DataFrame, defined: str) -> pd.DataFrame:
    keys = ["area_code", "year", defined, "search_object"]
    wide = named.groupby([*keys, "outcome"]).size().unstack("outcome", fill_value=0)
    wide = wide.reindex(columns=_OUTCOME_COLUMNS, fill_value=0)
    wide.insert(0, "search_count", wide.sum(axis="columns"))
    return (
        wide.reset_index()
        .rename(columns={defined: "ethnic_group"})
        .assign(ethnicity_by=defined)
    )


def _stop_and_search_months(load: Load) -> pd.DataFrame:
    table = _searches(load)
    counts = table.groupby(["area_code", "month"], observed=True).size().rename("search_count")
    missing = missing_months(table["month"])
    areas = sorted(table["area_code"].astype("str").unique())
    blank = pd.MultiIndex.from_product([areas, missing], names=["area_code", "month"])
    rows = pd.concat([counts.astype("Int64").reset_index(), blank.to_frame(index=False)])
    stamps = edition_of(table, tuple(EDITION))
    named = rows.assign(area_code=rows["area_code"].astype("str"), **stamps)
    return months_across(named, list(_SEARCH_MONTH_FIELDS), "search_count")


def _custody_disposals(load: Load) -> pd.DataFrame:
    table = load("mps_custody")
    whole = table.groupby(table["month"].dt.year)["month"].nunique().eq(12)
    table = table[table["month"].dt.year.map(whole)]
    named = table.assign(
        year=table["month"].dt.year,
        disposal=_mapped(table["disposal"], DISPOSALS, "other_disposal_count"),
        **{
            name: table[name].astype("str").str.casefold().str.replace(" ", "_")
            for name in ("gender", "age_group", "offence_class")
        },
    )
    named["offence_class"] = named["offence_class"].str.replace("_-_", "_")
    keys = ["year", "age_group", "gender", "offence_class"]
    wide = named.groupby([*keys, "disposal"])["disposal_count"].sum().unstack(fill_value=0)
    wide = wide.reindex(columns=list(DISPOSALS.values()), fill_value=0)
    require_sum(wide.sum(axis="columns"), table["disposal_count"], where="mps_custody")
    wide = wide.reset_index()
    ends = pd.to_datetime(wide["year"].astype("str") + "-12-31")
    stamps = edition_of(table, ("published",))
    return wide.assign(area_code=LONDON_CODE, period_end=ends, **stamps)[list(_CUSTODY_FIELDS)]


def _borough_neighbours(load: Load) -> pd.DataFrame:
    boroughs = only_boroughs(load("boundaries_boroughs_2024"))
    outlines = {
        code: boundary_on_grid(geometry).boundary
        for code, geometry in zip(boroughs["area_code"], boroughs["geometry"], strict=True)
    }
    rows = []
    for one, other in combinations(sorted(outlines), 2):
        shared = outlines[one].intersection(outlines[other]).length / 1000
        if round(shared, 2) > 0:
            rows += [(one, other, round(shared, 2)), (other, one, round(shared, 2))]
    return pd.DataFrame(rows, columns=list(_NEIGHBOUR_FIELDS))


_OUTCOME_COLUMNS = list(dict.fromkeys(OUTCOMES.values()))
_SEARCH_FIELDS = {
    "area_code": BOROUGH,
    "year": Field("integer", "calendar year of the search"),
    "period_end": Field("date", "last day of the last month held of that year"),
    "month_count": Field("integer", "months of that year that are held and whole"),
    "ethnicity_by": Field("string", "officer_defined or self_defined: never add the two"),
    "ethnic_group": Field("string", "white, black, asian, mixed, other or not_known"),
    "search_object": Field("string", "drugs, weapons, stolen_goods or other"),
    "search_count": Field("integer", "searches in the months held"),
    "no_further_action_count": Field("integer", "searches that ended without any action"),
    "arrest_count": Field("integer", "searches that ended in arrest"),
    "resolution_count": Field("integer", "community resolution or warning for drugs"),
    "penalty_or_court_count": Field("integer", "penalty notice, caution or summons"),
    "other_outcome_count": Field("integer", "article found, or outcome not stated"),
    **EDITION,
}
_SEARCH_MONTH_FIELDS = {"area_code": BOROUGH, **EDITION}
_CUSTODY_FIELDS = {
    "area_code": Field("string", f"{LONDON_CODE}: no borough is published"),
    "year": Field("integer", "calendar year of the disposal, whole years only"),
    "period_end": Field("date", "last day of the year"),
    "age_group": Field("string", "adult, child (under 18) or not_recorded"),
    "gender": Field("string", "male, female or not_recorded"),
    "offence_class": Field("string", "the publisher's own nine classes"),
    "prosecution_count": Field("integer", "charged or otherwise prosecuted"),
    "out_of_court_count": Field("integer", "caution, community resolution and the like"),
    "no_further_action_count": Field("integer", "no further action"),
    "under_investigation_count": Field("integer", "released under investigation: not final"),
    "police_bail_count": Field("integer", "on police bail: not final"),
    "to_court_count": Field("integer", "taken to court, on warrant for the most part"),
    "other_disposal_count": Field("integer", "any other disposal"),
    "published": PUBLISHED,
}
_NEIGHBOUR_FIELDS = {
    "area_code": BOROUGH,
    "neighbour_code": Field("string", "GSS code of a borough whose outline touches it"),
    "shared_border_km": Field(
        "number",
        "length of the border in common on the generalised outline of 2024; where the tidal "
        "Thames lies between, the outlines touch in part or not at all",
    ),
}

OFFENDER_TABLES: tuple[TableSpec, ...] = (
    TableSpec(
        name="stop_and_search",
        title="Searches by borough, year, ethnic group, object and outcome; nine boroughs",
        source_ids=("police_uk_stop_and_search",),
        fields=_SEARCH_FIELDS,
        primary_key=("area_code", "year", "ethnicity_by", "ethnic_group", "search_object"),
        build=_stop_and_search,
    ),
    TableSpec(
        name="stop_and_search_months",
        title="Searches by borough and month; nine boroughs",
        source_ids=("police_uk_stop_and_search",),
        fields=_SEARCH_MONTH_FIELDS,
        primary_key=("area_code",),
        build=_stop_and_search_months,
        month_unit="searches in the month; blank where the month is not held whole",
    ),
    TableSpec(
        name="custody_disposals",
        title="Disposals of people in police custody by year, age, sex and offence; London",
        source_ids=("mps_custody",),
        fields=_CUSTODY_FIELDS,
        primary_key=("year", "age_group", "gender", "offence_class"),
        build=_custody_disposals,
    ),
    TableSpec(
        name="borough_neighbours",
        title="Boroughs that share a border, and how much of it",
        source_ids=("boundaries_boroughs_2024",),
        fields=_NEIGHBOUR_FIELDS,
        primary_key=("area_code", "neighbour_code"),
        build=_borough_neighbours,
    ),
)
