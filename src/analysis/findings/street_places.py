"""Sentences on map points, wards and streets, and on what of them is not loaded."""

from __future__ import annotations

import pandas as pd

from analysis.assessment import Assessment, Period
from analysis.assessment.places import RetailPlaces
from analysis.assessment.street_places import (
    BURGLARY,
    POINTS_REDRAWN,
    STREET,
    WARDS,
    MapPoints,
    Wards,
)
from analysis.data.detail import is_held
from analysis.data.sources import load_registry
from analysis.findings.finding import Finding
from analysis.findings.loading import records_not_loaded, source_not_loaded
from analysis.findings.place_words import NAMED, interval, percent
from analysis.wording import (
    counted,
    listed,
    month_text,
    number,
    period_words,
    with_unit,
)


def burglary_points(assessment: Assessment, found: MapPoints | None) -> Finding:
    """Whether burglary repeats at the same map points from year to year."""
    area = assessment.area.area_name
    heading = f"Street-level burglary of {area} is not loaded"
    if found is None:
        return _no_points(assessment, BURGLARY, heading)
    quarter = found.holding.iloc[0]
    years = [str(year) for year in found.counts.columns]
    hits = found.hits
    held = (
        f" The worst {percent(float(hits['leading_pct'].iloc[0]), 0)} of points of one year "
        f"held {_span(hits['hit_pct'])} of the next year's burglaries "
        f"({_span(hits['by_chance_pct'])} by chance)."
        if len(hits)
        else " One year alone is seen, so that nothing is said of the next."
    )
    lasting = found.leading[found.leading["leading_count"] == len(years)]
    return Finding(
        heading=(
            f"{percent(quarter['place_pct'], 0)} of {area}'s map points: 25% of burglaries, "
            f"{_years(found.period)}"
        ),
        sentence=(
            f"{number(found.gini.offence_count)} burglaries of homes and businesses, "
            f"{period_words(*found.period)}, lie at {number(len(found.points))} snapped map "
            f"points; a quarter of them at {number(quarter['place_count'])} points, where "
            f"chance would need about {number(quarter['by_chance_count'])}.{held}"
            + (
                f" Among the worst in each year: {'; '.join(_streets(lasting))}."
                if len(lasting) and len(years) > 1
                else ""
            )
            + " The publisher drew its points anew in "
            f"{month_text(POINTS_REDRAWN)}: no year is compared across that month."
        ),
        certainty="moderate",
        because=(
            "a map point stands for at least eight addresses: repeats are of a place, never of "
            "an address, and points without a burglary in these years are not counted"
        ),
        is_key=False,
    )


def ward_changes(assessment: Assessment, found: Wards | None) -> Finding:
    """Which wards have most crime, and which changed otherwise than the rest."""
    area = assessment.area.area_name
    if found is None:
        return source_not_loaded(WARDS, f"Ward figures of {area} are not loaded")
    table = found.table
    share = 100 * table["after_count"] / table["after_count"].sum()
    top = [
        f"{name} ({percent(pct)})"
        for name, pct in zip(table["ward_name"].head(3), share.head(3), strict=True)
    ]
    has_two = found.before is not None
    other = table[table["is_different"].fillna(value=False)] if has_two else table.head(0)
    moved = [
        f"{row['ward_name']} ({with_unit(row['relative_change_pct'], '%', 1, signed=True)}, "
        f"95% interval {interval(row, 'relative_change_pct', signed=True)})"
        for _, row in other.iterrows()
    ]
    return Finding(
        heading=(
            f"{counted(len(other), 'ward')} of {area} changed differently from the rest"
            if has_two
            else f"{table['ward_name'].iloc[0]} has most crime of {area}'s wards"
        ),
        sentence=(
            f"Of {number(table['after_count'].sum())} offences placed in {len(table)} wards in "
            f"{period_words(*found.latest)}, most are in {listed(top)}. "
            + (_ward_words(found, moved) if has_two else "The year before is not seen.")
        ),
        certainty="moderate",
        because=(
            "each ward is judged against the borough's others, so that a loss common to "
            "all wards does not show; they are judged together (false-discovery rate 5%)"
        ),
        is_key=False,
    )


def crime_points(assessment: Assessment, found: MapPoints | None) -> Finding:
    """Which map points hold crime again and again, where street-level files are held."""
    area = assessment.area.area_name
    if found is None:
        return _no_points(assessment, STREET, f"Street-level crime of {area} is not loaded")
    quarter, places = found.holding.iloc[0], found.leading
    always = places[places["is_always_leading"]]
    apart = listed([f"{number(count)} {name}" for name, count in found.apart.items()])
    overlap = found.overlap
    by_chance = (
        100 * overlap["by_chance_count"].iloc[-1] / overlap["leading_place_count"].iloc[-1]
        if len(overlap)
        else 0.0
    )
    again = (
        f" {percent(overlap['stayed_pct'].iloc[-1], 0)} of the worst twentieth of points "
        f"were so again the year after, where chance gives "
        f"{percent(by_chance, 0)}."
        if len(overlap)
        else ""
    )
    return Finding(
        heading=(
            f"{percent(quarter['place_pct'], 0)} of {area}'s map points: 25% of street crime, "
            f"{_years(found.period)}"
        ),
        sentence=(
            f"In {period_words(*found.period)}, the newest street-level files held, "
            f"{number(found.gini.offence_count)} offences lie at {number(len(found.points))} "
            f"snapped map points, a quarter at {number(quarter['place_count'])} of them."
            f"{again} Most: {'; '.join(_streets(always if len(always) else places))}. "
            f"Kept apart: {apart}."
        ),
        certainty="moderate",
        because=(
            "points are snapped: these are repeat places, not repeat addresses or victims, and "
            "the files are old"
        ),
        is_key=False,
    )


def retail_streets(assessment: Assessment, found: RetailPlaces | None) -> Finding:
    """The same from street-level points, by street."""
    area = assessment.area.area_name
    if found is None or found.found.areas.empty:
        return _no_points(assessment, STREET, f"Retail streets of {area} are not loaded")
    areas = found.found.areas
    top = [
        f"{name} ({number(count)})"
        for name, count in zip(
            found.names.head(NAMED), areas["offence_count"].head(NAMED), strict=True
        )
    ]
    return Finding(
        heading=(
            f"{counted(len(areas), 'cluster')} held "
            f"{percent(areas['offence_pct'].sum(), 0)} of {area}'s retail crime, "
            f"{_years(found.period)}"
        ),
        sentence=(
            f"In {period_words(*found.period)}, shoplifting and theft from the person gathered "
            f"at {counted(len(areas), 'cluster').casefold()} of map points, the largest: "
            f"{'; '.join(top)}."
        ),
        certainty="low",
        because="the street-level files are years old and their points snapped",
        is_key=False,
    )


def near_repeats(assessment: Assessment, table: pd.DataFrame | None) -> Finding:
    """Whether burglary near in space is near in time, from dated records."""
    area = assessment.area.area_name
    if table is None:
        return records_not_loaded(
            assessment, "burglary_records", f"Near repeats of {area} need dated burglaries"
        )
    if table.empty:
        return Finding(
            heading=f"Too few dated burglaries of {area} to tell near repeats",
            sentence=f"{counted(table.attrs['record_count'], 'record')} loaded.",
            certainty="not known",
            because="pairs near in space and time need many burglaries",
            is_key=False,
        )
    parts = _pairs_told(table[table["is_more_than_chance"]])
    first, last = (month_text(table.attrs[name]) for name in ("first", "last"))
    return Finding(
        heading=(
            f"Burglaries in {area} come in near repeats"
            if parts
            else f"Burglaries in {area} show no near repeats"
        ),
        sentence=(
            f"Of {number(table.attrs['record_count'])} dated burglaries, {first} to {last}, "
            + (
                f"more pairs than chance gives: {parts[0]}."
                if parts
                else "no pairs in any band are more than chance gives."
            )
        ),
        certainty="moderate",
        because=(
            "times were shuffled over places, all judged together (false-discovery rate 5%)"
        ),
        is_key=bool(parts),
        detail=f"Also {'; '.join(parts[1:])}." if len(parts) > 1 else "",
    )


def _pairs_told(real: pd.DataFrame) -> list[str]:
    """Bands of distance and days with more pairs than chance gives, the most so first."""
    return [
        f"{row['distance_band']}, {row['day_band']}: {number(row['pair_count'])} pairs, "
        f"{number(row['ratio'], 1)} times what no link would give"
        for _, row in real.nlargest(NAMED, "ratio").iterrows()
    ]


def _no_points(assessment: Assessment, source_id: str, heading: str) -> Finding:
    if not is_held(source_id):
        return source_not_loaded(source_id, heading)
    source = load_registry().source(source_id)
    area = assessment.area.area_name
    return Finding(
        heading=heading.replace("not loaded", "not held for these months"),
        sentence=(
            f"{source.title} ({source.publisher}) is loaded, but holds no whole year of {area} "
            "that the assessment may see."
        ),
        certainty="not known",
        because="the file does not cover the borough or the months",
        is_key=False,
    )


def _streets(rows: pd.DataFrame) -> list[str]:
    return [
        f"{row['location'][:1].casefold()}{row['location'][1:]}, {row['ward_name']} "
        f"({number(row['offence_count'])})"
        for _, row in rows.head(NAMED).iterrows()
    ]


def _span(values: pd.Series) -> str:
    low, high = (percent(float(end)) for end in (values.min(), values.max()))
    return low if low == high else f"{low} to {high}"


def _ward_words(found: Wards, moved: list[str]) -> str:
    before, latest = (float(found.located_pct[name]) for name in ("before", "latest"))
    return (
        "Against the year before, and beyond what the other wards did: "
        f"{listed(moved) or 'none'}. From March 2024 offences without a ward are left out of "
        f"the file: it holds {percent(before)} of the borough's crime in the year "
        f"before and {percent(latest)} in the latest, so plain changes would show a "
        "fall that did not happen."
    )


def _years(period: Period) -> str:
    """Years of a period, for a heading over figures that are not of today."""
    first, last = period[0][:4], period[1][:4]
    return first if first == last else f"{first}-{last[2:]}"
