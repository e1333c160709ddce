"""Who is at risk, and who is harmed again: from London's figures and the partnership's own.

Nothing about a few people leaves this module: counts from records and counts of suspects in a
borough go through the disclosure rule before anything is drawn or worded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from analysis.assessment.assessment import Assessment, Period
from analysis.assessment.victims import VAWG
from analysis.data.partner import load_partner_table
from analysis.measures.disclosure import THRESHOLD, suppress_small_counts
from analysis.measures.months import months_of
from analysis.params.areas import LONDON_CODE
from analysis.victims.like_months import YEAR, newest_year
from analysis.victims.repeats import (
    WINDOW_DAYS,
    Repeats,
    repeat_points,
    repeat_victimisation,
    time_course,
    times_suffered,
)

STREET_POINTS = "police_uk_street_2016_2018"
OUTSIDE = "Other flagged offences outside of VAWG"
SUSPECT_YEARS = 10

Kind = Literal["crime", "asb"]

PLACE_KINDS = ["Burglary", "Violence and sexual offences", "Anti-social behaviour"]
# As data.police.uk names them: one at homes, one at persons, and incidents that are no crime.

AGE_GROUPS = {
    "10 to 14": "10 to 14",
    "15 to 19": "15 to 19",
    "20 to 24": "20 to 24",
    "25 to 29": "25 to 29",
    "30 to 34": "30 to 39",
    "35 to 39": "30 to 39",
    "40 to 44": "40 to 49",
    "45 to 49": "40 to 49",
}
OLDER = "50 and over"
# Wider ages than published from thirty on: few women are proceeded against.

AGES_ASKED = {
    "aged 11 to 15": ("11_to_15",),
    "aged 16 to 24": ("16_to_17", "18_to_24"),
    "aged 65 and over": ("65_and_over",),
}
# The ages that plans ask of: young victims, young people, older people.


@dataclass(frozen=True, eq=False)
class Breakdown:
    """London's violence against women and girls by one thing, in one year.

    ``table`` has ``group_name``, ``count`` and ``share_pct``, in the published order.
    """

    breakdown: str
    counted: str
    period: Period
    table: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Suspects:
    """People proceeded against for homicide: London by age and sex, the borough in two ages.

    ``london`` has ``age_group``, ``male_count`` and ``female_count``; ``borough`` has
    ``age_group``, ``suspect_count`` and ``is_suppressed``, and is empty where its ten years
    are not over by ``as_of``.
    """

    years: Period
    london: pd.DataFrame
    borough: pd.DataFrame


@dataclass(frozen=True, eq=False)
class VictimCounts:
    """The partnership's victims by age and sex in the newest year, small counts hidden.

    ``table`` has ``offence_group``, ``sex``, ``age_band``, ``person_count`` and
    ``is_suppressed``; ``asked`` has a row a group and age that plans ask of:
    ``offence_group``, ``ages``, ``person_count``, ``is_suppressed``, ``share_pct``.
    """

    period: Period
    table: pd.DataFrame
    asked: pd.DataFrame


@dataclass(frozen=True, eq=False)
class RepeatRecords:
    """Repeat victims from the partnership's records, as far as they may be shown.

    ``result`` is None where the records are too short to judge the newest year;
    ``is_hidden`` where the repeat victims, or the others, are too few to show. ``times`` is
    the distribution with a ``label`` a row, the highest joined where few suffered so often,
    and ``course`` the time course, small counts missing and flagged.
    """

    kind: Kind
    begin: pd.Timestamp
    end: pd.Timestamp
    result: Repeats | None
    is_hidden: bool
    times: pd.DataFrame
    course: pd.DataFrame


@dataclass(frozen=True, eq=False)
class RepeatPlaces:
    """Snapped map points with repeated crime in the newest year of points held.

    ``table`` is as ``repeat_points`` returns it, for the kinds of ``PLACE_KINDS``;
    ``point_count`` is of all points that had any crime or incident in the months held.
    """

    period: Period
    point_count: int
    table: pd.DataFrame


def vawg_breakdown(assessment: Assessment, breakdown: str) -> Breakdown | None:
    """London's newest year of violence against women and girls by age, ethnicity or offence.

    None where the year is not held by then, or lies across a change in recording.
    """
    rows = assessment.table("vawg_people")
    rows = rows[rows["breakdown"] == breakdown].dropna(subset=["count"])
    if rows.empty:
        return None
    year = newest_year(rows.groupby("month")["count"].sum())
    if year is None or assessment.gate(VAWG, year, year).is_blocked:
        return None
    within = rows[rows["month"].isin(months_of(year))]
    counts = within.groupby("group_name", sort=False)["count"].sum().astype(float)
    table = counts.rename("count").reset_index()
    table["share_pct"] = 100 * table["count"] / table["count"].sum()
    return Breakdown(breakdown, str(within["counted"].iloc[0]), year, table)


def outside_share_pct(assessment: Assessment) -> float | None:
    """Per cent of London's flagged offences that are not violence against women and girls."""
    kinds = vawg_breakdown(assessment, "offence_class")
    if kinds is None:
        return None
    return float(kinds.table.set_index("group_name")["share_pct"].get(OUTSIDE, 0.0))


def homicide_suspects(assessment: Assessment) -> Suspects | None:
    """People proceeded against for homicide over the newest ten years; None if not held."""
    rows = assessment.table("homicide_suspects")
    london = rows[rows["area_code"] == LONDON_CODE]
    if london.empty:
        return None
    last = london["period_end"].max()
    first = last - pd.DateOffset(years=SUSPECT_YEARS) + pd.DateOffset(days=1)
    # Whole calendar years, so that none is told in part but the newest.
    recent = london[london["first_month"].dt.year >= first.year]
    recent = recent.assign(age_group=recent["age_group"].map(AGE_GROUPS).fillna(OLDER))
    wide = recent.pivot_table(
        index="age_group", columns="sex", values="suspect_count", aggfunc="sum", fill_value=0
    ).reindex(columns=["male", "female"], fill_value=0)
    wide = wide.rename(columns={sex: f"{sex}_count" for sex in wide}).astype(int)
    # A borough's five-year spells are of all ages and told elsewhere.
    mine = rows[(rows["area_code"] == assessment.area.area_code) & (rows["age_group"] != "all")]
    mine = mine[["age_group", "suspect_count", "first_month", "period_end"]]
    shown = suppress_small_counts(mine, count="suspect_count")
    years = f"{recent['first_month'].min():%Y-%m}", f"{last:%Y-%m}"
    return Suspects(years, wide.reset_index(), shown)


def victim_counts(assessment: Assessment) -> VictimCounts | None:
    """The partnership's victims by age and sex, newest year; None if not loaded by then."""
    loaded = load_partner_table("victim_counts", assessment.area.area_code)
    if loaded is None:
        return None
    loaded = _seen(assessment, loaded, "month")
    if loaded.empty:
        return None
    last = loaded["month"].max()
    year = f"{last - pd.DateOffset(months=YEAR - 1):%Y-%m}", f"{last:%Y-%m}"
    rows = loaded[loaded["month"].isin(months_of(year))]
    keys = ["offence_group", "sex", "age_band"]
    counts = rows.groupby(keys, sort=False)["person_count"].sum().reset_index()
    table = suppress_small_counts(counts, count="person_count", within=["offence_group"])
    return VictimCounts(year, table, _asked(counts, table))


def repeat_records(assessment: Assessment, kind: Kind) -> RepeatRecords | None:
    """Repeat victims of the newest year from records of one kind; None if not loaded.

    The file is taken to hold whole months, from that of its first row (of either kind) to
    that of its last.
    """
    loaded = load_partner_table("victim_records", assessment.area.area_code)
    if loaded is None:
        return None
    seen = _seen(assessment, loaded, "date")
    rows = seen[seen["kind"] == kind]
    if rows.empty:
        return None
    begin, last = (seen["date"].agg(each).replace(day=1) for each in ("min", "max"))
    end = last + pd.offsets.MonthEnd(0)
    first = last - pd.DateOffset(months=YEAR - 1)
    course = _shown_course(time_course(rows, end))
    if (first - begin).days < WINDOW_DAYS:
        empty = times_suffered(pd.Series(dtype=int))
        return RepeatRecords(kind, begin, end, None, True, empty, course)
    result = repeat_victimisation(rows, first, end, records_begin=begin)
    cells = (result.repeat_victim_count, result.victim_count - result.repeat_victim_count)
    is_hidden = any(0 < cell <= THRESHOLD for cell in cells)
    times = _shown_times(result)
    return RepeatRecords(kind, begin, end, result, is_hidden, times, course)


def all_repeat_records(assessment: Assessment) -> list[RepeatRecords]:
    """Repeat victims of crime and of anti-social behaviour, of whichever is loaded."""
    found = [repeat_records(assessment, "crime"), repeat_records(assessment, "asb")]
    return [each for each in found if each is not None]


def repeat_places(assessment: Assessment) -> RepeatPlaces | None:
    """Snapped points with repeated crime in the newest year held; None if none is held."""
    points = assessment.detail(STREET_POINTS, area_code=assessment.area.area_code)
    if points is None:
        return None
    mine = points[points["has_location"]]
    year = newest_year(mine.groupby("month").size()) if len(mine) else None
    if year is None:
        return None
    place = ["longitude", "latitude"]
    within = mine[mine["month"].isin(months_of(year))]
    within = within.assign(kind=within["crime_type"].astype("str"))
    every = len(mine[place].drop_duplicates())
    table = repeat_points(within[within["kind"].isin(PLACE_KINDS)], every, by=place)
    return RepeatPlaces(year, every, table.reindex(PLACE_KINDS).dropna())


def _seen(assessment: Assessment, rows: pd.DataFrame, column: str) -> pd.DataFrame:
    if not assessment.asked_as_of:
        return rows
    end = pd.Timestamp(assessment.asked_as_of) + pd.offsets.MonthEnd(0)
    return rows[rows[column] <= end]


def _asked(counts: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Victims of the ages that plans ask of, of all those whose age is recorded."""
    known = counts[counts["age_band"] != "not_recorded"]
    total = known.groupby("offence_group", sort=False)["person_count"].sum()
    parts = []
    for ages, bands in AGES_ASKED.items():
        chosen = known[known["age_band"].isin(bands)]
        sums = chosen.groupby("offence_group")["person_count"].sum().reindex(total.index)
        within = table[table["age_band"].isin(bands) & table["is_suppressed"]]
        # A sum over a hidden cell, less the cells that are shown, would give it back.
        is_hidden = total.index.isin(within["offence_group"])
        part = {"ages": ages, "person_count": sums.fillna(0), "all_count": total}
        parts.append(pd.DataFrame(part).assign(is_hidden=is_hidden))
    rows = pd.concat(parts).rename_axis("offence_group").reset_index()
    rows["is_suppressed"] = rows.pop("is_hidden") | _gives_back(rows)
    rows["person_count"] = rows["person_count"].astype("Int64").mask(rows["is_suppressed"])
    rows["share_pct"] = (100 * rows["person_count"] / rows.pop("all_count")).astype("Float64")
    return rows


def _gives_back(rows: pd.DataFrame) -> pd.Series:
    """Whether a count is small, leaves a small rest, or gives one back from the total."""
    rest = rows["all_count"] - rows["person_count"]
    # The groups of offences add up to the total, so one hidden alone would be no secret.
    groups = rows.loc[rows["offence_group"] != "total", ["ages", "person_count"]]
    beside = suppress_small_counts(groups, count="person_count", within=["ages"])
    hidden = beside["is_suppressed"].reindex(rows.index, fill_value=False)
    small = rows["person_count"].between(1, THRESHOLD) | rest.between(1, THRESHOLD)
    return (small | hidden).astype(bool)


def _shown_times(result: Repeats) -> pd.DataFrame:
    """Times suffered, the highest joined until no row is of a few victims; perhaps no row.

    Nothing is hidden within it: all victims and all events are told beside it, and of two
    hidden rows the two totals would give both back.
    """
    rows = result.distribution.assign(label=[str(n) for n in result.distribution["times"]])
    rows.loc[rows.index[-1], "label"] += " or more"
    # Who suffered twice in the year is a repeat victim; those who are for a year before are
    # told by what is left.
    earlier = result.repeat_victim_count - int(rows["victim_count"].iloc[1:].sum())
    while len(rows) > 1 and rows["victim_count"].between(1, THRESHOLD).any():
        rows = _top_rows_joined(rows)
    return rows.iloc[:0] if len(rows) == 1 or 0 < earlier <= THRESHOLD else rows


def _top_rows_joined(rows: pd.DataFrame) -> pd.DataFrame:
    last = rows.tail(2).sum(numeric_only=True)
    times = rows["times"].iloc[-2]
    joined = rows.iloc[:-1].astype({"victim_pct": float, "event_pct": float})
    names = ["victim_count", "victim_pct", "event_count", "event_pct"]
    for name in names:
        joined.loc[joined.index[-1], name] = last[name]
    joined.loc[joined.index[-1], "label"] = f"{times} or more"
    return joined.astype({"victim_count": int, "event_count": int})


def _shown_course(course: pd.DataFrame) -> pd.DataFrame:
    shown = suppress_small_counts(course, count="repeat_count")
    # A running share beside hidden counts would give them back by subtraction.
    shown["repeat_pct"] = shown["repeat_pct"].mask(shown["is_suppressed"])
    if shown["is_suppressed"].any():
        shown["cumulative_pct"] = float("nan")
    return shown
