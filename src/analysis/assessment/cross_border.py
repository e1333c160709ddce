"""How far crime in a borough follows its neighbours, and how much lies near its border."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.assessment.assessment import Assessment
from analysis.data.comparability import load_breaks
from analysis.measures.false_discovery import judged
from analysis.offenders.cross_border import Following, follows_neighbours
from analysis.places.borders import BorderShare, border_share

MEASURES = (
    "total_without_fraud",
    "residential_burglary",
    "personal_robbery",
    "theft_of_vehicle",
    "theft_from_vehicle",
    "violence_with_injury",
    "shoplifting",
)
# The total, and groups that offenders who travel are known for, with two that few travel for.


@dataclass(frozen=True, eq=False)
class CrossBorder:
    """Following of neighbours by measure.

    Attributes
    ----------
    neighbours : DataFrame
        ``neighbour_code``, ``shared_border_km``, the longest first.
    table : DataFrame, index ``measure``
        ``correlation``, ``random_median``, ``random_lower``, ``random_upper``,
        ``p_value``, ``q_value``, ``is_significant``, ``month_count``; empty where too few
        months can be used.
    """

    neighbours: pd.DataFrame
    table: pd.DataFrame


def cross_border(assessment: Assessment) -> CrossBorder:
    """Whether the borough's changes follow its neighbours' beyond London's own."""
    code = assessment.area.area_code
    table = assessment.table("borough_neighbours")
    near = table[table["area_code"] == code].sort_values("shared_border_km", ascending=False)
    rows = {}
    for measure in MEASURES:
        found = _following(assessment, measure, list(near["neighbour_code"]))
        if found is not None:
            rows[measure] = {name: getattr(found, name) for name in _SHOWN}
    result = pd.DataFrame.from_dict(rows, orient="index", columns=_SHOWN)
    result = result.rename_axis("measure")
    return CrossBorder(
        neighbours=near[["neighbour_code", "shared_border_km"]].reset_index(drop=True),
        table=result.join(judged(result["p_value"].astype(float))),
    )


def usable_months(assessment: Assessment, measure: str) -> pd.DatetimeIndex:
    """Months whose change on the year before no spell or step of any borough spoils.

    COVID restrictions and months with many offences of no known borough spoil a month and
    the one a year later; a step that blocks or rebases spoils the year after it. Cautions
    that hold for all London alike are taken out with London's own change.
    """
    months = pd.DatetimeIndex(assessment.boroughs_history(measure).index)
    usable = months[12:]
    for each in load_breaks():
        if each.measures is not None and measure not in each.measures:
            continue
        first, last = pd.Timestamp(each.from_month), pd.Timestamp(each.to_month)
        later = last + pd.DateOffset(years=1)
        if each.how == "spell" or each.id.startswith("unknown_borough_20"):
            within = (usable >= first) & (usable <= last)
            within |= (usable >= first + pd.DateOffset(years=1)) & (usable <= later)
            usable = usable[~within]
        elif each.action == "block" or each.rebases:
            usable = usable[(usable < first) | (usable >= later)]
    return usable


def near_border(assessment: Assessment, within_m: float) -> BorderShare | None:
    """Share of the newest year's located offences in LSOAs close to the border."""
    offences = assessment.table("lsoa_offences")
    places = assessment.table("lsoa_centroids")
    offences = offences[offences["area_code"] == assessment.area.area_code]
    if offences.empty:
        return None
    newest = offences[offences["year_ending"] == offences["year_ending"].max()]
    groups = _group_columns(newest)
    totals = newest.set_index("lsoa_code")[groups].sum(axis="columns")
    places = places[places["area_code"] == assessment.area.area_code].set_index("lsoa_code")
    # An LSOA without a row had no offence located in it.
    counts = totals.reindex(places.index, fill_value=0).astype(int)
    return border_share(
        counts,
        places["border_distance_m"].astype(float),
        within_m=within_m,
        residents=places["population_count"].astype(float),
    )


def _following(assessment: Assessment, measure: str, near: list[str]) -> Following | None:
    history = assessment.boroughs_history(measure).astype(float)
    if history.isna().any(axis=None):
        return None
    months = usable_months(assessment, measure)
    return follows_neighbours(
        history,
        assessment.area.area_code,
        near,
        months=months,
        seed=assessment.defaults.seed,
    )


def _group_columns(table: pd.DataFrame) -> list[str]:
    not_counts = {"lsoa_code", "area_code", "year_ending", "basis", "offence_list", "published"}
    return [str(name) for name in table if name not in not_counts]


_SHOWN = [
    "correlation",
    "random_median",
    "random_lower",
    "random_upper",
    "p_value",
    "month_count",
    "neighbour_count",
]
