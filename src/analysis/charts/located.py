"""The charts and tables of crime by place, from an assessment's own results."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.assessment import Assessment, Period
from analysis.assessment.places import (
    Gathering,
    HotSpots,
    RetailPlaces,
    Stability,
    year_period,
)
from analysis.assessment.street_places import (
    BURGLARY,
    STREET,
    STREET_YEARS,
    WARDS,
    MapGround,
    MapPoints,
    Wards,
)
from analysis.charts.chart import Caption, Chart
from analysis.charts.dots import interval_dots
from analysis.charts.grouped_dots import grouped_dots
from analysis.charts.lorenz import lorenz_chart
from analysis.charts.place_map import class_map, density_map, value_map
from analysis.charts.rows import JUDGED_TOGETHER, yes_or_no
from analysis.charts.table import Table, under_heads
from analysis.data.offences import measure_label
from analysis.data.sources import load_registry
from analysis.places.vulnerable_localities import PRIORITY_INDEX, VulnerableLocalities
from analysis.wording import month_text, number_word, period_words, with_unit

SHOWN = 10
# Rows of a table of worst places.

SMALL_AREAS = "mps_lsoa_2023_2025"
OUTLINE_CREDIT = (
    " Outlines: Office for National Statistics and Greater London Authority. Contains OS data"
    " (c) Crown copyright and database right."
)
STANDING_OUT = ("hot spot", "cold spot")

SNAPPED = (
    "Points are snapped map points, each for at least eight addresses: repeats are of a place,"
    " not of an address."
)
Shown = list[Chart | Table]


def gathering(assessment: Assessment, found: Gathering | None, title: str) -> Shown:
    """Share of crime held by the worst share of small areas."""
    if found is None:
        return []
    about = _about(
        assessment,
        title,
        "Recorded offences by small area (LSOA)",
        chart_id="gathering",
        period=year_period(found.year_ending),
    )
    return [lorenz_chart(found.curve, found.shares, about, place_name="small areas")]


def crime_map(
    assessment: Assessment,
    found: Gathering | None,
    areas: pd.DataFrame,
    ground: MapGround,
    title: str,
    chart_id: str = "crime-map",
) -> Shown:
    """Offences of each small area on a map."""
    if found is None:
        return []
    about = _about(
        assessment,
        title,
        f"{_label(found.measure)} by small area (LSOA)",
        chart_id=chart_id,
        period=year_period(found.year_ending),
        ground=ground,
    )
    rows = areas.assign(offence_count=found.counts)
    return [_value_map(rows, about, "offence_count", ground)]


def foreseen(assessment: Assessment, table: pd.DataFrame, title: str) -> Shown:
    """What the worst places of one year held of the next, with the best and chance."""
    if table.empty:
        return []
    rows = table.assign(label=[_label(str(name)) for name in table.index])
    about = _about(
        assessment,
        title,
        "Share of this year's offences held by last year's worst places",
        chart_id="foreseen",
        unit="%",
        period=year_period(pd.Timestamp(table["judged_on"].iloc[0])),
    )
    series = {
        "hit_pct": "Last year's worst",
        "best_pct": "Best possible",
        "by_chance_pct": "By chance",
    }
    chart = grouped_dots(rows, about, series, label="label", label_name="Offences", decimals=1)
    return [chart, _foreseen_table(assessment, rows)]


def stability(assessment: Assessment, found: Stability | None) -> Shown:
    """The worst small areas of either year, and in which they were among the worst."""
    if found is None:
        return []
    worst = found.places[found.places["leading_count"] > 0]
    frame = pd.DataFrame(
        {
            "Small area (LSOA)": worst.index,
            "Ward": worst["ward_name"].to_numpy(),
            "Offences in both years": worst["offence_count"].to_numpy(),
            "Among the worst in": [
                "Both years" if is_always else f"Year to {month_text(pd.Timestamp(years[0]))}"
                for years, is_always in zip(
                    worst["leading_in"], worst["is_always_leading"], strict=True
                )
            ],
        }
    )
    title = "Small areas among the worst twentieth of either year"
    return [Table(title, frame, _source(assessment, SMALL_AREAS), "stability")]


def hot_spots(
    assessment: Assessment,
    found: HotSpots | None,
    ground: MapGround,
    title: str,
    chart_id: str = "hot-spots",
) -> Shown:
    """Small areas that stand out with their neighbours, on a map; nothing where none does."""
    if found is None or not found.table["hot_spot_class"].isin(STANDING_OUT).any():
        return []
    about = _about(
        assessment,
        title,
        f"Hot spots (Getis-Ord Gi*): {_label(found.measure, in_sentence=True)} by small area",
        chart_id=chart_id,
        period=year_period(found.year_ending),
        ground=ground,
    )
    if ground.shapes is not None:
        return [class_map(found.table, about, shapes=ground.shapes)]
    return [class_map(found.table, about, outline=ground.outline)]


def hot_spot_counts(assessment: Assessment, found: Sequence[HotSpots | None]) -> Shown:
    """How many hot and cold spots each measure has, and whether like lies beside like."""
    seen = [each for each in found if each is not None]
    if not seen:
        return []
    classes = [each.table["hot_spot_class"].value_counts() for each in seen]
    frame = pd.DataFrame(
        {
            "Offences": [_label(each.measure) for each in seen],
            "Hot spots": [int(each.get("hot spot", 0)) for each in classes],
            "Cold spots": [int(each.get("cold spot", 0)) for each in classes],
            "Moran's I": [each.moran.moran_i for each in seen],
            "p of Moran's I": [each.moran.p_value for each in seen],
        }
    )
    note = (
        "Hot and cold spots are judged together over all small areas, with the "
        "false-discovery rate held at 5%. Moran's I above its expectation, just under 0, means "
        "that like lies beside like over the whole borough."
    )
    table = Table(
        "Hot and cold spots of each offence group",
        frame,
        _source(assessment, SMALL_AREAS),
        "hot-spot-counts",
        notes=(note,),
        decimals={"Moran's I": 2, "p of Moran's I": 4},
    )
    return [table]


def burglary_points(
    assessment: Assessment, found: MapPoints | None, ground: MapGround, title: str
) -> Shown:
    """Density of burglary, and the map points that led in most years."""
    return _points(assessment, found, ground, title, "Burglaries", "burglary", BURGLARY)


def crime_points(
    assessment: Assessment, found: MapPoints | None, ground: MapGround, title: str
) -> Shown:
    """Density of all street-level crime, and the map points that hold most of it."""
    return _points(assessment, found, ground, title, "Street-level crimes", "crime", STREET)


def wards(assessment: Assessment, found: Wards | None, title: str) -> Shown:
    """Change of each ward beyond that of the others, and its count."""
    if found is None:
        return []
    source = _source(assessment, WARDS)
    heads = {"ward_name": "Ward", "after_count": f"Offences, {period_words(*found.latest)}"}
    if found.before is None:
        return [Table(title, under_heads(found.table, heads), source, "wards")]
    about = _about(
        assessment,
        title,
        "Change of each ward beyond that of the other wards",
        chart_id="ward-changes",
        unit="%",
        period=found.latest,
        source_id=WARDS,
    )
    chart = interval_dots(
        found.table.sort_values("relative_change_pct", ascending=False),
        about,
        label="ward_name",
        label_name="Ward",
        value="relative_change_pct",
        decimals=1,
    )
    return [chart, _wards_table(found.table, heads, source)]


def retail(assessment: Assessment, found: RetailPlaces | None) -> Shown:
    """Retail areas found among small areas, largest first."""
    note = (
        "Found from shoplifting, theft from the person and business robbery: small areas with "
        "at least three times an even spread, beyond chance over all of them, joined where "
        "their centres lie near. Named by the ward of the leading one."
    )
    source = _source(assessment, SMALL_AREAS)
    title = "Retail areas by small area, the largest first"
    heads = ("Ward", "Small areas")
    leading = "Leading small area (LSOA)"
    return _retail_table(found, title, source, "retail", heads, note, leading=leading)


def retail_streets(assessment: Assessment, found: RetailPlaces | None) -> Shown:
    """Retail areas found among map points, largest first."""
    source = _source(assessment, STREET)
    title = "Clusters of map points with retail crime, the largest first"
    heads = ("Street and ward", "Map points")
    return _retail_table(found, title, source, "retail-streets", heads, SNAPPED)


def near_repeats(assessment: Assessment, table: pd.DataFrame | None) -> Shown:
    """Pairs of burglaries by how near they are in space and time."""
    if table is None or table.empty:
        return []
    heads = {
        "distance_band": "Distance",
        "day_band": "Days apart",
        "pair_count": "Pairs",
        "expected_count": "Expected",
        "ratio": "Ratio",
        "beyond_chance": "Beyond chance",
    }
    verdicts = yes_or_no(table["is_more_than_chance"])
    frame = under_heads(table.assign(beyond_chance=verdicts), heads)
    source = f"{assessment.area.area_name}'s partner records, burglary_records."
    title = "Pairs of burglaries by distance and days apart"
    return [Table(title, frame, source, "near-repeats", decimals={"Expected": 1, "Ratio": 2})]


def vulnerable(
    assessment: Assessment,
    found: VulnerableLocalities | None,
    areas: pd.DataFrame,
    ground: MapGround,
    title: str,
) -> Shown:
    """The index of every small area on a map, and the highest as a table."""
    if found is None:
        return []
    name = "vulnerable_localities_index"
    rows = areas.join(found.table[[name]])
    source = (
        f"{_source(assessment, SMALL_AREAS)} Indices of Deprivation 2025, Ministry of Housing, "
        "Communities and Local Government."
    )
    about = Caption(
        title=title,
        measure="Index of vulnerable localities, borough mean = 100",
        area=assessment.area.area_name,
        period=period_words(
            *year_period(assessment.table("lsoa_offences")["year_ending"].max())
        ),
        source=source + _credit(ground),
        chart_id="vulnerable-map",
        unit="",
    )
    drawn = _value_map(rows, about, name, ground, PRIORITY_INDEX)
    return [drawn, _vulnerable_table(found, areas, source)]


def borders(
    assessment: Assessment, table: pd.DataFrame, border_metres: int, title: str
) -> Shown:
    """Share of each offence group near the border, with the share of residents."""
    if table.empty:
        return []
    rows = table.assign(label=[_label(str(name)) for name in table.index])
    living = with_unit(table["resident_pct"].iloc[0], "%", 1)
    about = _about(
        assessment,
        title,
        f"Share of offences within {border_metres:,} metres of the border, where {living} of "
        "residents live",
        chart_id="borders",
        unit="%",
        period=year_period(pd.Timestamp(table["year_ending"].iloc[0])),
    )
    chart = interval_dots(
        rows, about, label="label", label_name="Offences", value="offence_pct", decimals=1
    )
    return [chart, _borders_table(rows, border_metres, about.source)]


def _about(
    assessment: Assessment,
    title: str,
    measure: str,
    *,
    chart_id: str,
    period: Period,
    unit: str = "offences",
    source_id: str = SMALL_AREAS,
    ground: MapGround | None = None,
) -> Caption:
    return Caption(
        title=title,
        measure=measure,
        area=assessment.area.area_name,
        period=period_words(*period),
        source=_source(assessment, source_id) + (_credit(ground) if ground else ""),
        chart_id=chart_id,
        unit=unit,
    )


def _source(assessment: Assessment, source_id: str) -> str:
    """Publisher, file, basis and publication, as a sentence."""
    source = load_registry().source(source_id)
    title = source.title[:1].upper() + source.title[1:]
    publisher = source.publisher
    if "Metropolitan" not in publisher:
        publisher = f"{publisher}, from the Metropolitan Police Service"
    published = month_text(pd.Timestamp(source.published))
    return f"{publisher}, {title}, location basis, published {published}."


def _credit(ground: MapGround) -> str:
    return "" if ground.outline is None and ground.shapes is None else OUTLINE_CREDIT


def _label(measure: str, *, in_sentence: bool = False) -> str:
    if measure == "total":
        text = "all crime with a place"
        return text if in_sentence else text[:1].upper() + text[1:]
    return measure_label(measure, in_sentence=in_sentence)


def _value_map(
    rows: pd.DataFrame,
    about: Caption,
    value: str,
    ground: MapGround,
    mark: float | None = None,
) -> Chart:
    if ground.shapes is not None:
        return value_map(rows, about, value=value, shapes=ground.shapes)
    return value_map(rows, about, value=value, outline=ground.outline, mark=mark)


def _foreseen_table(assessment: Assessment, rows: pd.DataFrame) -> Table:
    heads = {
        "label": "Offences",
        "offence_count": "Offences this year",
        "hit_pct": "Held (%)",
        "hit_pct_lower": "Lower (%)",
        "hit_pct_upper": "Upper (%)",
        "best_pct": "Best possible (%)",
        "by_chance_pct": "By chance (%)",
        "by_chance_pct_upper": "By chance, upper (%)",
        "predictive_accuracy_index": "PAI",
        "predictive_efficiency_index": "PEI",
    }
    frame = under_heads(rows, heads)
    return Table(
        "What last year's worst small areas held of this year's offences",
        frame,
        _source(assessment, SMALL_AREAS),
        "foreseen-table",
        notes=(
            "PAI: share of crime over share of places, 1 by chance. PEI: share of crime over "
            "that of the best choice, 1 at best. Each offence group chooses its own places.",
        ),
        decimals=_per_cent(frame) | {"PAI": 1, "PEI": 2},
    )


def _wards_table(table: pd.DataFrame, counts: dict[str, str], source: str) -> Table:
    """Counts of both years with the change beyond the rest; never the plain change."""
    heads = counts | {
        "before_count": "Year before",
        "relative_change_pct": "Beyond the rest (%)",
        "relative_change_pct_lower": "Lower (%)",
        "relative_change_pct_upper": "Upper (%)",
        "beyond_chance": "Beyond chance",
    }
    verdicts = yes_or_no(table["is_different"], "Too few")
    frame = under_heads(table.assign(beyond_chance=verdicts), heads)
    return Table(
        "Offences by ward in the latest year and the one before, fraud left out",
        frame,
        source,
        "wards",
        notes=(
            "From March 2024 the file leaves out offences without a ward: plain changes show "
            "a fall that did not happen, and none is given.",
        ),
        decimals=_per_cent(frame),
    )


def _borders_table(rows: pd.DataFrame, border_metres: int, source: str) -> Table:
    """Offences near the border beside residents, with the rate against elsewhere."""
    heads = {
        "label": "Offences",
        "near_offence_count": "Near the border",
        "offence_pct": "Share of offences (%)",
        "resident_pct": "Share of residents (%)",
        "rate_ratio": "Rate against elsewhere",
        "rate_ratio_lower": "Lower",
        "rate_ratio_upper": "Upper",
        "beyond_chance": "Beyond chance",
    }
    verdicts = yes_or_no(rows["is_told_apart"])
    frame = under_heads(rows.assign(beyond_chance=verdicts), heads)
    ratios = ["Rate against elsewhere", "Lower", "Upper"]
    return Table(
        f"Offences and residents within {border_metres:,} metres of the border",
        frame,
        source,
        "borders-table",
        notes=(
            "Limits come from drawing the small areas again with replacement.",
            JUDGED_TOGETHER,
        ),
        decimals=_per_cent(frame) | dict.fromkeys(ratios, 2),
    )


def _per_cent(frame: pd.DataFrame) -> dict[str, int]:
    """One digit after the point of every column in per cent."""
    return {name: 1 for name in frame.columns if "(%)" in name}


def _points(
    assessment: Assessment,
    found: MapPoints | None,
    ground: MapGround,
    title: str,
    counted: str,
    name: str,
    source_id: str,
) -> Shown:
    if found is None:
        return []
    about = _about(
        assessment,
        title,
        f"{counted} per square kilometre, smoothed",
        chart_id=f"{name}-density",
        unit="a square km",
        period=found.newest_period,
        source_id=source_id,
        ground=ground,
    )
    return [_density(found, about, ground), _points_table(assessment, found, source_id, name)]


def _density(found: MapPoints, about: Caption, ground: MapGround) -> Chart:
    surface = found.density
    return density_map(
        surface.eastings,
        surface.northings,
        surface.density,
        about,
        peaks=found.peaks,
        outline=ground.outline,
    )


def _points_table(assessment: Assessment, found: MapPoints, source_id: str, name: str) -> Table:
    years = [str(year) for year in found.counts.columns]
    heads = {
        "location": "Map point",
        "ward_name": "Nearest ward",
        "offence_count": "Offences",
        "leading_count": "Years among the worst",
    }
    return Table(
        f"Map points most often among the worst twentieth, {period_words(*found.period)}",
        under_heads(found.leading.head(SHOWN), heads),
        _source(assessment, source_id),
        f"points-{name}",
        notes=(
            SNAPPED,
            f"{_years(source_id)}: {', '.join(years)}.",
            *_worst_shown(len(found.leading), "map points"),
        ),
    )


def _years(source_id: str) -> str:
    if source_id == BURGLARY:
        return "Calendar years judged"
    return f"Years judged, each to {month_text(pd.Timestamp(STREET_YEARS[0])).split()[0]}"


def _retail_table(
    found: RetailPlaces | None,
    title: str,
    source: str,
    table_id: str,
    heads: tuple[str, str],
    note: str,
    *,
    leading: str = "",
) -> Shown:
    """The largest retail areas; those of one name told apart by their leading place."""
    if found is None or found.found.areas.empty:
        return []
    areas = found.found.areas.head(SHOWN)
    names = found.names.head(SHOWN)
    frame = pd.DataFrame(
        {
            heads[0]: (names if leading else _numbered(names)).to_numpy(),
            **({leading: areas["leading_place"].to_numpy()} if leading else {}),
            heads[1]: areas["place_count"].to_numpy(),
            "Offences": areas["offence_count"].to_numpy(),
            "Share (%)": areas["offence_pct"].to_numpy(),
            "Times an even spread": areas["ratio_to_expected"].to_numpy(),
        }
    )
    decimals = {"Share (%)": 1, "Times an even spread": 1}
    notes = (note, *_left_out(found.found.areas["offence_pct"]))
    return [Table(title, frame, source, table_id, notes=notes, decimals=decimals)]


def _numbered(names: pd.Series) -> pd.Series:
    """Names of which those that stand more than once carry a number."""
    times = names.groupby(names).cumcount() + 1
    return names.where(~names.duplicated(keep=False), names + " (" + times.astype("str") + ")")


def _left_out(shares: pd.Series) -> tuple[str, ...]:
    """What a table of the largest leaves out, against all that the sentence tells of."""
    if len(shares) <= SHOWN:
        return ()
    shown, whole = (with_unit(each.sum(), "%", 1) for each in (shares.head(SHOWN), shares))
    return (
        f"The {number_word(SHOWN)} largest of {len(shares)} clusters are shown: they hold "
        f"{shown} of the offences, all {len(shares)} hold {whole}.",
    )


def _worst_shown(count: int, places: str) -> tuple[str, ...]:
    return (f"The {SHOWN} highest of {count:,} {places} are shown.",) if count > SHOWN else ()


def _vulnerable_table(found: VulnerableLocalities, areas: pd.DataFrame, source: str) -> Table:
    rows = found.table.head(SHOWN).join(areas[["ward_name"]])
    name = "vulnerable_localities_index"
    heads = {
        "area_code": "Small area (LSOA)",
        "ward_name": "Ward",
        name: "Index",
        f"{name}_lower": "Lower",
        f"{name}_upper": "Upper",
        "residential_burglary_index": "Burglary",
        "criminal_damage_to_dwellings_index": "Criminal damage",
        "income_deprivation_index": "Income",
        "employment_deprivation_index": "Employment",
        "low_educational_attainment_index": "Education",
    }
    frame = under_heads(rows.assign(area_code=rows.index), heads)
    return Table(
        "Small areas highest on the Vulnerable Localities Index, borough mean 100",
        frame,
        source,
        "vulnerable",
        notes=(
            found.method[:1].upper() + found.method[1:].rstrip(".") + ".",
            *_worst_shown(len(found.table), "small areas"),
        ),
        decimals=dict.fromkeys(frame.columns[2:], 0),
    )
