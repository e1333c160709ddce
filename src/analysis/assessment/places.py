"""Where in a borough crime gathers, whether it stays, and what stands out, by LSOA.

The counts are offences that the police could place in a lower layer super output area: about
nineteen in twenty of the borough's, without sexual offences and fraud, which are not published
so finely. Every LSOA of the borough counts, those without an offence too. An LSOA has some
1,800 residents and no regard for where a street or a shop begins, and another set of borders
would give another ranking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import pandas as pd

from analysis.assessment.assessment import Assessment, Period
from analysis.data.offences import members
from analysis.data.partner import load_partner_table
from analysis.measures.false_discovery import judged as judged_together
from analysis.params.areas import HEATHROW_CODE, HILLINGDON_CODE
from analysis.places.borders import border_share
from analysis.places.concentration import (
    Concentration,
    concentration,
    leading_place_shares,
    lorenz_curve,
    places_holding,
)
from analysis.places.hot_spots import (
    GlobalMoran,
    getis_ord,
    global_moran,
    local_moran,
    neighbour_weights,
)
from analysis.places.near_repeat import near_repeat_table
from analysis.places.persistence import hot_spot_overlap, years_among_leading
from analysis.places.prediction import hit_rate
from analysis.places.retail_areas import RetailAreas, retail_areas
from analysis.places.vulnerable_localities import VulnerableLocalities, vulnerable_localities

LEADING_PCT = 5.0
# The worst twentieth of places: about as many LSOAs as a town-centre team can look after.

LEAST_OFFENCES = 50
# Fewer in a year over some 150 places say nothing of where.

RETAIL_GROUPS = ("shoplifting", "theft_from_person", "business_robbery")
# Offences that happen where shops are, and are published by LSOA.

JUDGED_GROUPS = (
    "total",
    "residential_burglary",
    "personal_robbery",
    "theft_from_person",
    "shoplifting",
    "theft_of_vehicle",
    "theft_from_vehicle",
    "criminal_damage",
    "violence_with_injury",
    "drug_possession",
    "weapons",
)
# The groups with a place of their own to police; the rest follow violence or are few.

VULNERABILITY = {
    "income_deprived_pct": "income_deprivation",
    "employment_deprived_pct": "employment_deprivation",
    "education_score": "low_educational_attainment",
}
STAND_INS = {"criminal_damage_to_dwellings": "all criminal damage"}
# Damage to dwellings is not published apart since 2019, nor by LSOA before.

LEAST_RECORDS = 30
# Of burglaries: fewer give hardly a pair near in both space and time.

HOT_SPOT_GROUPS = (
    "total",
    "violence_with_injury",
    "personal_robbery",
    "theft_from_vehicle",
    "theft_of_vehicle",
)
# Offences whose clusters a partnership can police; burglary is told by itself.

TABLES = ("lsoa_offences", "lsoa_centroids", "lsoa_context", "business_offences")
RECORDS = ("burglary_records",)
# What a report reads beyond the monthly figures.


@dataclass(frozen=True, eq=False)
class Gathering:
    """How far a year's crime gathers in few LSOAs.

    Attributes
    ----------
    measure : str
    year_ending : Timestamp
    counts : Series, index ``lsoa_code``, offences
    shares, holding : DataFrame
        As ``leading_place_shares`` and ``places_holding`` return them.
    gini : Concentration
    curve : DataFrame
        As ``lorenz_curve`` returns it.
    """

    measure: str
    year_ending: pd.Timestamp
    counts: pd.Series
    shares: pd.DataFrame
    holding: pd.DataFrame
    gini: Concentration
    curve: pd.DataFrame


@dataclass(frozen=True, eq=False)
class HotSpots:
    """Which LSOAs stand, with their neighbours, above or below the borough's.

    Attributes
    ----------
    measure : str
    year_ending : Timestamp
    moran : GlobalMoran
    table : DataFrame, index ``lsoa_code``, most offences first
        ``offence_count``, ``ward_name``, ``easting``, ``northing``, ``population_count``,
        ``z``, ``q_value``, ``hot_spot_class`` (Getis-Ord) and ``cluster_class`` (local
        Moran).
    """

    measure: str
    year_ending: pd.Timestamp
    moran: GlobalMoran
    table: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Stability:
    """Whether the worst LSOAs of one year are those of the next.

    Attributes
    ----------
    measure : str
    overlap : DataFrame
        As ``hot_spot_overlap`` returns it.
    places : DataFrame, index ``lsoa_code``
        As ``years_among_leading`` returns it, with ``ward_name``.
    """

    measure: str
    overlap: pd.DataFrame
    places: pd.DataFrame


@dataclass(frozen=True, eq=False)
class RetailPlaces:
    """Retail areas found among LSOAs or map points, each with a name.

    Attributes
    ----------
    period : (first, last) month
    found : RetailAreas
    names : Series, index ``retail_area``
        Ward or street of the leading place.
    """

    period: Period
    found: RetailAreas
    names: pd.Series


@dataclass(frozen=True, eq=False)
class BusinessCrime:
    """Offences marked as business crime, a part of the recorded ones, fraud left out.

    Attributes
    ----------
    period : (first, last) month
    counts : Series, index ``offence_group``, offences, most first
    """

    period: Period
    counts: pd.Series


def small_areas(assessment: Assessment) -> pd.DataFrame:
    """What each LSOA of the borough is: place, residents, ward, border, deprivation.

    Returns
    -------
    DataFrame, index ``lsoa_code``
        The columns of the tables ``lsoa_centroids`` and ``lsoa_context``.

    Examples
    --------
    >>> len(small_areas(Assessment.open("harrow")))
    144
    """
    centres = assessment.table("lsoa_centroids")
    context = assessment.table("lsoa_context").drop(columns="area_code")
    areas = centres[centres["area_code"] == assessment.area.area_code].merge(
        context, on="lsoa_code", validate="one_to_one"
    )
    return areas.set_index("lsoa_code").sort_index()


def small_area_counts(assessment: Assessment, measure: str = "total") -> pd.DataFrame:
    """Offences of a measure in every LSOA of the borough, a column a year.

    Parameters
    ----------
    assessment : Assessment
    measure : str
        An offence group or scheme; its groups that are published by LSOA are added.

    Returns
    -------
    DataFrame, index ``lsoa_code``, columns the last months of twelve, in order
        Without columns where the assessment may see no whole year.

    Examples
    --------
    >>> counts = small_area_counts(Assessment.open("harrow"), "shoplifting")
    >>> int(counts.loc["E01002189", "2024-07-01"])
    67
    """
    table = assessment.table("lsoa_offences")
    table = table[table["area_code"] == assessment.area.area_code]
    groups = [group for group in members(measure) if group in table.columns]
    counts = table.assign(offence_count=table[groups].sum(axis="columns"))
    wide = counts.pivot(index="lsoa_code", columns="year_ending", values="offence_count")
    return wide.sort_index().astype(int)


def located_share(assessment: Assessment) -> pd.Series:
    """Per cent of the borough's recorded crime, fraud left out, that has an LSOA.

    Returns
    -------
    Series, index the years' last months
        Of the years that the borough's monthly figures cover whole. Heathrow counts as
        Hillingdon, in whose small areas it lies.
    """
    located = small_area_counts(assessment).sum()
    monthly = recorded_with_heathrow(assessment)
    years = [year for year in located.index if year <= monthly.index[-1]]
    whole = [float(monthly.loc[year - pd.DateOffset(months=11) : year].sum()) for year in years]
    return 100 * located[years].astype(float) / whole


def recorded_with_heathrow(assessment: Assessment) -> pd.Series:
    """Monthly crime of the borough, fraud left out; Hillingdon's with Heathrow's own rows."""
    history = assessment.history("total_without_fraud")
    own = history[assessment.area.area_code]
    if assessment.area.area_code != HILLINGDON_CODE:
        return own
    return own + history[HEATHROW_CODE].fillna(0)


def gathering(assessment: Assessment, measure: str = "total") -> Gathering | None:
    """How far the newest year's crime gathers in few LSOAs; None if no year is seen."""
    counts = small_area_counts(assessment, measure)
    if counts.columns.empty or counts.iloc[:, -1].sum() < LEAST_OFFENCES:
        return None
    newest = counts.iloc[:, -1]
    return Gathering(
        measure,
        pd.Timestamp(counts.columns[-1]),
        newest,
        # As many places as are chosen of them for the next year.
        leading_place_shares(newest, is_whole=True),
        places_holding(newest),
        concentration(newest),
        lorenz_curve(newest),
    )


def out_of_time(
    assessment: Assessment, measures: Sequence[str] = JUDGED_GROUPS
) -> pd.DataFrame:
    """What the worst LSOAs of one year held of the next year's crime, measure by measure.

    Returns
    -------
    DataFrame, index ``measure``, best predicted first after the total
        The fields of ``HitRate``, with ``chosen_on`` and ``judged_on``, the years' last
        months. Empty where two years are not seen; a measure with too few offences in
        either year is left out.
    """
    rows: dict[str, dict[str, object]] = {}
    for measure in measures:
        counts = small_area_counts(assessment, measure)
        if len(counts.columns) < 2 or counts.iloc[:, -2:].sum().min() < LEAST_OFFENCES:
            continue
        earlier, later = counts.iloc[:, -2], counts.iloc[:, -1]
        years = {"chosen_on": counts.columns[-2], "judged_on": counts.columns[-1]}
        rows[measure] = asdict(hit_rate(earlier, later, leading_pct=LEADING_PCT)) | years
    if not rows:
        return pd.DataFrame()
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("measure")
    is_part = table.index != "total"
    return table.assign(is_part=is_part).sort_values(
        ["is_part", "hit_pct"], ascending=[True, False]
    )


def stability(assessment: Assessment, measure: str = "total") -> Stability | None:
    """Whether the worst LSOAs stayed the same; None where two years are not seen."""
    counts = small_area_counts(assessment, measure)
    if len(counts.columns) < 2 or counts.sum().min() < LEAST_OFFENCES:
        return None
    places = years_among_leading(counts, leading_pct=LEADING_PCT)
    wards = small_areas(assessment)["ward_name"]
    overlap = hot_spot_overlap(counts, leading_pct=LEADING_PCT)
    return Stability(measure, overlap, places.join(wards))


def hot_spots(assessment: Assessment, measure: str = "total") -> HotSpots | None:
    """LSOAs that stand out together with their neighbours in the newest year held.

    Neighbours are the eight nearest centres within the borough: what lies over its border
    is not seen.
    """
    counts = small_area_counts(assessment, measure)
    if counts.columns.empty or counts.iloc[:, -1].sum() < LEAST_OFFENCES:
        return None
    areas = small_areas(assessment)
    newest = counts.iloc[:, -1].reindex(areas.index)
    weights = neighbour_weights(areas[["easting", "northing"]])
    judged = getis_ord(newest, weights)[["z", "q_value", "hot_spot_class"]]
    clusters = local_moran(newest, weights)[["cluster_class"]]
    named = ["ward_name", "easting", "northing", "population_count"]
    table = areas[named].join([judged, clusters]).assign(offence_count=newest)
    table = table.sort_values("offence_count", ascending=False, kind="stable")
    year = pd.Timestamp(counts.columns[-1])
    return HotSpots(measure, year, global_moran(newest, weights), table)


def hot_spots_of(
    assessment: Assessment, measures: Sequence[str] = HOT_SPOT_GROUPS
) -> list[HotSpots | None]:
    """As ``hot_spots``, measure by measure."""
    return [hot_spots(assessment, measure) for measure in measures]


def retail_small_areas(assessment: Assessment) -> RetailPlaces | None:
    """Town centres and retail areas: LSOAs far above expectation for crimes of the shops."""
    columns = {group: small_area_counts(assessment, group) for group in RETAIL_GROUPS}
    years = columns[RETAIL_GROUPS[0]].columns
    if years.empty:
        return None
    areas = small_areas(assessment)
    offences = pd.DataFrame({group: counts.iloc[:, -1] for group, counts in columns.items()})
    found = retail_areas(areas[["easting", "northing"]], offences.reindex(areas.index))
    names = areas["ward_name"].reindex(found.areas["leading_place"])
    names = pd.Series(names.to_numpy(), index=found.areas.index)
    return RetailPlaces(year_period(pd.Timestamp(years[-1])), found, names)


def business_crime(assessment: Assessment) -> BusinessCrime | None:
    """Offences marked as business crime in the borough's newest twelve months seen."""
    table = assessment.table("business_offences")
    table = table[table["area_code"] == assessment.area.area_code]
    table = table[table["offence_group"].isin(members("total_without_fraud"))]
    if table["month"].nunique() < 12:
        return None
    period = year_period(table["month"].max())
    counts = table[table["month"] >= period[0]].groupby("offence_group")["count"].sum()
    return BusinessCrime(period, counts.astype(int).sort_values(ascending=False))


def vulnerable_places(assessment: Assessment) -> VulnerableLocalities | None:
    """Vulnerable Localities Index of the borough's LSOAs, from what is published."""
    burglary = small_area_counts(assessment, "residential_burglary")
    damage = small_area_counts(assessment, "criminal_damage")
    if burglary.columns.empty:
        return None
    areas = small_areas(assessment)
    counts = pd.DataFrame(
        {
            "residential_burglary": burglary.iloc[:, -1],
            "criminal_damage_to_dwellings": damage.iloc[:, -1],
        }
    ).reindex(areas.index)
    shares = areas[list(VULNERABILITY)].rename(columns=VULNERABILITY)
    return vulnerable_localities(
        shares,
        offence_counts=counts,
        dwellings=areas["population_count"].astype(float),
        stand_ins=STAND_INS,
    )


def border_effects(
    assessment: Assessment, border_metres: int, measures: Sequence[str] = JUDGED_GROUPS
) -> pd.DataFrame:
    """Share of offences near the border against the share of residents there.

    Parameters
    ----------
    assessment : Assessment
    border_metres : int
        How far from the outline an LSOA's centre may lie to count as near.
    measures : sequence of str

    Returns
    -------
    DataFrame, index ``measure``
        The fields of ``BorderShare``, ``year_ending`` and ``q_value``; ``is_told_apart`` is
        judged over all measures together. Empty where no year is seen, or no LSOA is so
        near.
    """
    areas = small_areas(assessment)
    distance = areas["border_distance_m"].astype(float)
    if not (distance <= border_metres).any():
        return pd.DataFrame()
    rows: dict[str, dict[str, object]] = {}
    for measure in measures:
        counts = small_area_counts(assessment, measure)
        if counts.columns.empty or counts.iloc[:, -1].sum() < LEAST_OFFENCES:
            continue
        share = border_share(
            counts.iloc[:, -1].reindex(areas.index),
            distance,
            within_m=border_metres,
            residents=areas["population_count"].astype(float),
        )
        rows[measure] = asdict(share) | {"year_ending": counts.columns[-1]}
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("measure")
    if table.empty:
        return table
    verdict = judged_together(table["p_value"])
    is_real = verdict["is_significant"].fillna(value=False).astype(bool)
    return table.assign(q_value=verdict["q_value"], is_told_apart=is_real)


def near_repeats(assessment: Assessment) -> pd.DataFrame | None:
    """Near-repeat table of the partnership's dated burglaries; None if not loaded.

    Returns
    -------
    DataFrame or None
        As ``near_repeat_table`` returns it, its ``attrs`` with ``first``, ``last`` and
        ``record_count``; empty where fewer than ``LEAST_RECORDS`` are loaded.
    """
    records = load_partner_table("burglary_records", assessment.area.area_code)
    if records is None:
        return None
    if assessment.asked_as_of:
        last = pd.Timestamp(assessment.asked_as_of) + pd.offsets.MonthEnd(0)
        records = records[records["date"] <= last]
    told = {"record_count": len(records)}
    if len(records) < LEAST_RECORDS:
        table = pd.DataFrame()
    else:
        table = near_repeat_table(records)
        told |= {"first": records["date"].min(), "last": records["date"].max()}
    table.attrs.update(told)
    return table


def year_period(year_ending: pd.Timestamp) -> Period:
    """First and last month of the year that ends with a month.

    Examples
    --------
    >>> year_period(pd.Timestamp("2024-07-01"))
    ('2023-08', '2024-07')
    """
    first = year_ending - pd.DateOffset(months=11)
    return f"{first:%Y-%m}", f"{year_ending:%Y-%m}"
