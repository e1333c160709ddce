"""Tables about people: confidence in the police, youth offending, substance misuse.

A value that the publisher withheld is blank and flagged. London beside the boroughs is
Greater London as its publisher gives it, or, for the Health Index, the plain mean of the
councils, which is flagged.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from analysis.data.compile import Field, Load, TableSpec
from analysis.data.readers.population import LARGER_AREAS
from analysis.data.tables.columns import PUBLISHED, only_boroughs
from analysis.params.areas import LONDON_CODE, borough_codes

SUBSTANCE_MEASURES: Final = ("alcohol_admissions_under_18", "looked_after_substance_misuse")
# Of the Department for Education's measures, those about substances rather than offending.

_HEALTH_INDEX = ("alcohol_misuse", "drug_misuse")


def _attitude_survey(load: Load) -> pd.DataFrame:
    boroughs = load("mopac_attitudes_borough")
    london = load("mopac_attitudes_london")
    beside = _london_beside_boroughs(boroughs, london)
    return pd.concat([boroughs, london, beside])[list(_SURVEY_FIELDS)]


def _london_beside_boroughs(boroughs: pd.DataFrame, london: pd.DataFrame) -> pd.DataFrame:
    # The file of London lacks trust, and two questions after March 2022; the boroughs' file
    # has London beside every borough.
    keys = ["quarter", "measure"]
    given = boroughs.assign(area_code=LONDON_CODE, value_pct=boroughs["london_pct"])
    given = given.drop_duplicates(keys).set_index(keys)
    absent = ~given.index.isin(london.set_index(keys).index)
    return given[absent].reset_index()


def _youth_offending(load: Load) -> pd.DataFrame:
    table = _education_measures(load)
    table = table[~table["measure"].isin(SUBSTANCE_MEASURES)]
    return table[list(_YOUTH_FIELDS)]


def _substance_misuse(load: Load) -> pd.DataFrame:
    table = _education_measures(load)
    children = table[table["measure"].isin(SUBSTANCE_MEASURES)].assign(
        is_carried_forward=False, is_mean_of_councils=False
    )
    both = pd.concat([children, _health_index(load)], ignore_index=True)
    return both[list(_SUBSTANCE_FIELDS)]


def _education_measures(load: Load) -> pd.DataFrame:
    table = load("dfe_youth_offending")
    known = {*borough_codes(), *LARGER_AREAS.values()}
    return table[table["area_code"].isin(known)]


def _health_index(load: Load) -> pd.DataFrame:
    table = load("ons_health_index")
    table = table[table["indicator"].isin(_HEALTH_INDEX)]
    boroughs = only_boroughs(table)
    means = [
        _mean_of_councils(table, LARGER_AREAS["England"]),
        _mean_of_councils(boroughs, LONDON_CODE),
    ]
    rows = pd.concat([boroughs.assign(is_mean_of_councils=False), *means], ignore_index=True)
    return rows.assign(
        measure=rows["indicator"],
        unit="index_value",
        period=rows["year"].astype("str"),
        period_end=pd.to_datetime(rows["year"].astype("str") + "-12-31"),
        period_years=1,
        value=rows["value"].round(3),
        is_suppressed=False,
        is_sum_of_regions=False,
    )


def _mean_of_councils(table: pd.DataFrame, area_code: str) -> pd.DataFrame:
    keys = ["year", "indicator", "is_carried_forward", "published"]
    means = table.groupby(keys, as_index=False)["value"].mean()
    return means.assign(area_code=area_code, is_mean_of_councils=True)


_SURVEY_FIELDS = {
    "quarter": Field("date", "last day of the quarter; looks already rolled over a year"),
    "area_code": Field("string", f"GSS code of the borough, or {LONDON_CODE} (London)"),
    "measure": Field("string", "question, as good_job_local"),
    "value_pct": Field("number", "share of answers that agree, per cent; no sample size known"),
    "published": PUBLISHED,
}
_YOUTH_FIELDS = {
    "area_code": Field(
        "string",
        "GSS code of the borough; E12000007 Greater London, E13000001 Inner and E13000002 "
        "Outer London, E92000001 England, as published",
    ),
    "measure": Field("string", "what is measured"),
    "unit": Field("string", "unit of the value, as per_100000_aged_10_to_17"),
    "period": Field("string", "calendar year, financial year, or three of them together"),
    "period_end": Field("date", "last day of the period"),
    "period_years": Field("integer", "years averaged"),
    "value": Field("number", "in the unit; blank where withheld or not believed"),
    "is_suppressed": Field("boolean", "withheld by the publisher, or never made"),
    "is_sum_of_regions": Field("boolean", "published as a sum of rates, so left blank"),
    "published": PUBLISHED,
}
_SUBSTANCE_FIELDS = {
    **_YOUTH_FIELDS,
    "area_code": Field(
        "string",
        f"{_YOUTH_FIELDS['area_code'].description}; {LONDON_CODE} the mean of the boroughs",
    ),
    "is_carried_forward": Field("boolean", "repeats the year before: no change to report"),
    "is_mean_of_councils": Field("boolean", "plain mean of councils, worked out here"),
}

PEOPLE_TABLES: tuple[TableSpec, ...] = (
    TableSpec(
        name="attitude_survey",
        title="Confidence in the police by borough and quarter, Public Attitude Survey",
        source_ids=("mopac_attitudes_borough", "mopac_attitudes_london"),
        fields=_SURVEY_FIELDS,
        primary_key=("quarter", "area_code", "measure"),
        build=_attitude_survey,
    ),
    TableSpec(
        name="youth_offending",
        title="Youth offending by borough, with London and England",
        source_ids=("dfe_youth_offending",),
        fields=_YOUTH_FIELDS,
        primary_key=("area_code", "measure", "period"),
        build=_youth_offending,
    ),
    TableSpec(
        name="substance_misuse",
        title="Drug and alcohol misuse by borough, with London and England",
        source_ids=("dfe_youth_offending", "ons_health_index"),
        fields=_SUBSTANCE_FIELDS,
        primary_key=("area_code", "measure", "period"),
        build=_substance_misuse,
    ),
)
