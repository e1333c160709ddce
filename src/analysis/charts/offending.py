"""The charts and tables of reducing reoffending, from an assessment's own results.

Every function gives a list, empty where nothing is held, so that a section of a borough
without figures is its sentence alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from analysis.assessment import Assessment
from analysis.assessment.cross_border import CrossBorder
from analysis.assessment.offenders import GREATER_LONDON, Entrants, HomicideSuspects
from analysis.assessment.searches import OFFICER, SELF, Searches
from analysis.charts.bars import ranked_bars
from analysis.charts.captions import caption, drawn_boroughs, source_line, table_source
from analysis.charts.cells import NOT_APPLICABLE, SUPPRESSED
from analysis.charts.chart import Caption, Chart
from analysis.charts.dots import interval_dots
from analysis.charts.grouped_dots import grouped_dots
from analysis.charts.line import monthly_line
from analysis.charts.rows import JUDGED_TOGETHER, yes_or_no
from analysis.charts.strategic import rolling_year
from analysis.charts.table import Table, under_heads, with_hidden
from analysis.data.offences import measure_label
from analysis.offenders.cohort import CohortResult
from analysis.params.areas import area_name
from analysis.wording import (
    number,
    period_words,
    printable,
    with_unit,
    year_ending,
)

if TYPE_CHECKING:
    from analysis.places.borders import BorderShare

Pieces = list[Chart | Table]


RATIO = {"ratio": "Ratio", "ratio_lower": "Ratio, lower", "ratio_upper": "Ratio, upper"}
# The heads of a ratio with its limits.


def entrants(assessment: Assessment, found: Entrants | None, title: str) -> Pieces:
    """First-time entrants of every borough in the newest year, and year by year."""
    if found is None:
        return []
    about = _caption(
        assessment,
        title,
        "First-time entrants per 100,000 aged 10 to 17",
        "youth_offending",
        chart_id="entrants",
        unit="per 100,000",
        period=str(found.year),
    )
    wide = found.history.pivot(index="year", columns="area_code", values="rate").sort_index()
    boroughs = ranked_bars(
        found.boroughs.assign(borough=[area_name(code) for code in found.boroughs.index]),
        replace(about, area=drawn_boroughs(len(found.boroughs))),
        label="borough",
        value="rate",
        label_name="Borough",
        highlight=assessment.area.area_name,
        reference=float(wide[GREATER_LONDON][found.year]),
        reference_name="Greater London",
        decimals=0,
    )
    years = grouped_dots(
        wide.reset_index().assign(year=wide.index.astype(str)),
        replace(
            about,
            title="First-time entrants year by year",
            chart_id="entrants-by-year",
            period=f"{found.first_year} to {found.year}",
        ),
        {
            assessment.area.area_code: assessment.area.area_name,
            GREATER_LONDON: "Greater London",
        },
        label="year",
        label_name="Year",
    )
    return [boroughs, years]


def youth_reoffending(assessment: Assessment, table: pd.DataFrame | None) -> Pieces:
    """Proven reoffending by cohort with intervals, and both age groups beside London."""
    if table is None:
        return []
    heads = {
        "period": "Cohort",
        "age": "Age",
        "value_pct": "Reoffended (%)",
        "value_pct_lower": "Lower (%)",
        "value_pct_upper": "Upper (%)",
        "london_pct": "Greater London (%)",
    }
    rows = with_hidden(table, "value_pct", "value_pct_lower", "value_pct_upper")
    rows["age"] = table["age_group"].str.removeprefix("Aged ")
    shown = _table(
        assessment,
        "Children who reoffended within a year, by cohort and age",
        under_heads(rows, heads),
        "youth_offending",
        "youth-reoffending-table",
        decimals=1,
    )
    return [*_older_children(assessment, table), shown]


def substance_misuse(assessment: Assessment, table: pd.DataFrame | None) -> Pieces:
    """Each measure with an earlier value and London and England, and admissions drawn."""
    if table is None:
        return []
    heads = {
        "label": "Measure",
        "period": "Period",
        "value": "Value",
        "value_lower": "Lower",
        "value_upper": "Upper",
        "london": "London",
        "england": "England",
        "earlier_period": "Earlier period",
        "earlier_value": "Earlier value",
    }
    rows = with_hidden(table, "value").astype({"earlier_value": float})
    pieces = _admissions(assessment, table)
    notes = (
        "Limits are given for admissions alone, from the number that rate and residents imply. "
        "London and England of the Health Index are plain means of councils.",
    )
    return [
        *pieces,
        _table(
            assessment,
            "Substance misuse, newest values",
            # No measure has limits where the admissions are not held.
            under_heads(rows.reindex(columns=list(heads)), heads),
            "substance_misuse",
            "substance-misuse-table",
            notes=notes,
            decimals=1,
        ),
    ]


def drug_offences(
    assessment: Assessment, table: pd.DataFrame, titles: Mapping[str, str]
) -> Pieces:
    """Rolling years of possession and trafficking, and the change on the year before.

    Each has its own title in ``titles``: what is true of one need not be of the other.
    """
    charts: Pieces = [rolling_year(assessment, name, title) for name, title in titles.items()]
    if table["is_blocked"].astype(bool).all():
        return charts
    frame = pd.DataFrame(
        {
            "Offence group": [measure_label(str(name)) for name in table.index],
            "Year before": table["before_count"].to_numpy(),
            "Latest year": table["after_count"].to_numpy(),
            "Change (%)": table["change_pct"].to_numpy(),
            "Lower (%)": table["change_pct_lower"].to_numpy(),
            "Upper (%)": table["change_pct_upper"].to_numpy(),
            "Beyond chance": yes_or_no(table["is_significant"]),
        }
    )
    shown = Table(
        title=f"Recorded drug offences, {year_ending(assessment.as_of)} and the year before",
        frame=frame,
        source=source_line(assessment),
        table_id="drug-offences-table",
        notes=("All offence groups are judged together.", JUDGED_TOGETHER),
        decimals=dict.fromkeys(list(frame.columns[3:6]), 1),
    )
    return [*charts, shown]


def outcomes(assessment: Assessment, table: pd.DataFrame | None, title: str) -> Pieces:
    """Positive outcomes for 100 offences, each measure with its interval and the others'."""
    if table is None:
        return []
    period = period_words(str(table["first_month"].iloc[0]), str(table["last_month"].iloc[0]))
    heads = {
        "label": "Measure",
        "offence_count": "Offences",
        "outcome_count": "Positive outcomes",
        "per_100": "For 100",
        "per_100_lower": "Lower",
        "per_100_upper": "Upper",
        "others_per_100": "Other boroughs",
        **RATIO,
        "verdict": "Beyond chance",
    }
    verdict = yes_or_no(table["is_significant"], "Too few")
    shown = _table(
        assessment,
        f"Offences and positive outcomes, {period}",
        under_heads(table.assign(verdict=verdict), heads),
        "monthly_special",
        "outcomes-table",
        notes=(
            "Measures overlap and are never added. An outcome belongs to an earlier offence.",
            "Crime with a victim is the publisher's own count of it. What a plan's targets "
            "call victim-based crime adds up offence groups, and is another number.",
            JUDGED_TOGETHER,
        ),
        decimals=1,
    )
    return [*_positive_outcomes(assessment, table, title, period), shown]


def disposals(assessment: Assessment, table: pd.DataFrame | None, title: str) -> Pieces:
    """Share of children's and adults' final disposals that were prosecutions; London."""
    if table is None:
        return []
    rows = table.assign(offence=[_offence_class(name) for name in table.index])
    rows = rows.sort_values("adult_pct", ascending=False)
    year = str(int(table["year"].iloc[0]))
    chart = grouped_dots(
        rows,
        _caption(
            assessment,
            title,
            "Prosecutions, share of final disposals from custody",
            "custody_disposals",
            chart_id="disposals",
            unit="%",
            period=year,
            area="London",
        ),
        {"child_pct": "Children", "adult_pct": "Adults"},
        label="offence",
        label_name="Offence class",
    )
    heads = {
        "offence": "Offence class",
        "child_count": "Children",
        "child_pct": "Prosecuted (%)",
        "adult_count": "Adults",
        "adult_pct": "Prosecuted, adults (%)",
        **RATIO,
    }
    shown = _table(
        assessment,
        f"Final disposals of people in custody, London, {year}",
        under_heads(rows, heads),
        "custody_disposals",
        "disposals-table",
        decimals=1,
    )
    return [chart, shown]


def suspects(assessment: Assessment, found: HomicideSuspects | None, title: str) -> Pieces:
    """London's suspects of homicide by age and sex, and the borough's by spells of years."""
    if found is None:
        return []
    known = found.london[found.london["gender"].isin(["female", "male"])]
    wide = known.pivot(index="age_group", columns="gender", values="suspect_count")
    wide = wide.astype(float).reset_index()
    wide["age"] = [_age(group) for group in wide["age_group"]]
    told = [_by_sex(row) for _, row in wide.iterrows()]
    spans = zip(found.periods["first_year"], found.periods["last_year"], strict=True)
    years = [f"{int(first)} to {int(last)}" for first, last in spans]
    chart = grouped_dots(
        wide,
        _caption(
            assessment,
            title,
            "People proceeded against for homicide",
            "homicide_suspects",
            chart_id="suspects",
            unit="people",
            period=years[-1],
            area="London",
            description=(
                "Dot chart of people proceeded against for homicide in London, "
                f"{years[-1]}, by age and sex. {'; '.join(told)}."
            ),
        ),
        {"male": "Male", "female": "Female"},
        label="age",
        label_name="Age",
    )
    return [chart, _suspects_table(assessment, found.periods.assign(years=years))]


def _suspects_table(assessment: Assessment, periods: pd.DataFrame) -> Table:
    heads = {
        "years": "Years",
        "suspect_count": assessment.area.area_name,
        "london_count": "London",
    }
    return _table(
        assessment,
        "People proceeded against for homicide, five years together",
        under_heads(with_hidden(periods, "suspect_count"), heads),
        "homicide_suspects",
        "suspects-table",
        notes=("Small counts are hidden; suspects, not victims.",),
    )


def searches(assessment: Assessment, found: Searches | None, title: str) -> Pieces:
    """Searches month by month, and the share that led to action by ethnic group."""
    if found is None:
        return []
    span = f"{found.first_year} to {found.last_year}, {found.month_count} months held"
    months = found.monthly["month"]
    by_month = monthly_line(
        found.monthly,
        _caption(
            assessment,
            "Searches month by month; months not held are gaps",
            "Stop and search",
            "stop_and_search",
            chart_id="searches-by-month",
            unit="searches",
            period=period_words(f"{months.min():%Y-%m}", f"{months.max():%Y-%m}"),
        ),
        value="search_count",
    )
    shares = _search_shares(assessment, found, title, span)
    return [*shares, by_month, _search_outcomes(assessment, found, span)]


def _search_shares(assessment: Assessment, found: Searches, title: str, span: str) -> Pieces:
    """Share of searches that led to action; nothing where all groups are too small."""
    rows = pd.concat(
        [
            table.dropna(subset=["case_pct"]).assign(
                group=[_group_by(name, by) for name in table.dropna(subset=["case_pct"]).index]
            )
            for by, table in found.action.items()
        ],
        ignore_index=True,
    )
    if rows.empty:
        return []
    about = _caption(
        assessment,
        title,
        "Searches that led to any action, by either record of ethnicity",
        "stop_and_search",
        chart_id="search-outcomes",
        unit="%",
        period=span,
    )
    return [
        interval_dots(
            rows, about, label="group", value="case_pct", label_name="Ethnic group", decimals=1
        )
    ]


def _search_outcomes(assessment: Assessment, found: Searches, span: str) -> Table:
    frame = pd.concat(
        [
            _ratio_rows(table[by], by, case)
            for by in (OFFICER, SELF)
            for table, case in ((found.action, "any action"), (found.arrest, "arrest"))
        ],
        ignore_index=True,
    )
    return _table(
        assessment,
        f"Outcome of searches by ethnic group, {span}",
        frame,
        "stop_and_search",
        "searches-table",
        notes=(
            "Ratios are to searches of white people, with year and object of search held "
            "alike. Under ten with or without the outcome are too few. The groups by "
            "officer and by the person are never mixed.",
            f"Of {found.search_count:,} searches {found.not_known_count[OFFICER]:,} have no "
            f"ethnic group by the officer's word and {found.not_known_count[SELF]:,} none by "
            "the person's own: they are in no row.",
            JUDGED_TOGETHER,
        ),
        decimals=1,
    )


def search_rates(assessment: Assessment, found: Searches | None) -> Pieces:
    """Searches a resident by ethnic group; nothing where residents are not loaded."""
    if found is None or found.rates is None:
        return []
    heads = {
        "group": "Ethnic group",
        "search_count": "Searches",
        "population_count": "Residents",
        "rate_per_1000": "A year per 1,000",
        **RATIO,
    }
    rows = found.rates.assign(group=[str(name).capitalize() for name in found.rates.index])
    return [
        _table(
            assessment,
            "Searches for each resident by self-defined ethnic group",
            under_heads(rows, heads),
            "stop_and_search",
            "search-rates-table",
            decimals=1,
        )
    ]


def following(assessment: Assessment, found: CrossBorder, title: str) -> Pieces:
    """Correlation with the neighbours beside that with boroughs drawn at random."""
    neighbours = pd.DataFrame(
        {
            "Neighbour": [area_name(code) for code in found.neighbours["neighbour_code"]],
            "Shared border (km)": found.neighbours["shared_border_km"],
        }
    )
    border = _table(
        assessment,
        "Boroughs that share a border",
        neighbours,
        "borough_neighbours",
        "neighbours-table",
        decimals=1,
    )
    if found.table.empty:
        return [border]
    rows = found.table.reset_index(drop=True).assign(
        measure=[measure_label(str(name)) for name in found.table.index]
    )
    about = caption(
        assessment,
        title,
        "Correlation with the neighbours' changes, London's own taken out",
        chart_id="following",
        unit="correlation",
        period=(f"{assessment.series('total').index[12]:%Y-%m}", assessment.as_of),
    )
    chart = interval_dots(
        rows,
        about,
        label="measure",
        value="correlation",
        lower="random_lower",
        upper="random_upper",
        label_name="Measure",
        interval_name="middle 95% of as many boroughs drawn at random that do not touch it",
        decimals=2,
    )
    return [chart, border]


def near_border(
    assessment: Assessment, found: BorderShare | None, metres: int, title: str
) -> Pieces:
    """Share of offences, residents and small areas close to the border."""
    if found is None:
        return []
    rows = pd.DataFrame(
        {
            "what": ["Offences", "Residents", "Small areas"],
            "share_pct": [found.offence_pct, found.resident_pct, found.place_pct],
        }
    )
    last = assessment.table("lsoa_offences")["year_ending"].max()
    told = [f"{what}, {with_unit(share, '%', 1)}" for what, share in rows.to_numpy()]
    chart = ranked_bars(
        rows,
        _caption(
            assessment,
            title,
            f"Share within {metres} metres of the border",
            "lsoa_offences",
            chart_id="near-border",
            unit="%",
            period=year_ending(f"{last:%Y-%m}"),
            description=(
                f"Bar chart of shares within {metres} metres of the border in "
                f"{assessment.area.area_name}: {'; '.join(told)}."
            ),
        ),
        label="what",
        value="share_pct",
        label_name="Share",
    )
    return [chart]


def cohort(assessment: Assessment, found: CohortResult | None, title: str) -> Pieces:
    """Reoffending of the cohort, and offences before and after entry."""
    if found is None or found.reoffending["reoffending_pct"].isna().all():
        return []
    around_entry = found.before_after.drop(columns="is_suppressed")
    rows = found.reoffending.join(around_entry).reset_index()
    rows["cohort"] = rows["cohort"].replace("all", "All")
    about = Caption(
        title=title,
        measure="Members who reoffended",
        area=assessment.area.area_name,
        period=f"followed {found.window_months} months, to {found.followed_until:%Y-%m}",
        source=_records("offender_cohort and offender_reoffences"),
        chart_id="cohort",
        unit="%",
    )
    chart = interval_dots(
        rows, about, label="cohort", value="reoffending_pct", label_name="Cohort", decimals=1
    )
    return [chart, _cohort_table(rows, about.source), *_needs(assessment, found)]


def _cohort_table(rows: pd.DataFrame, source: str) -> Table:
    """Members, reoffences and harm of each cohort, with offences around entry."""
    heads = {
        "cohort": "Cohort",
        "member_count": "Members",
        "reoffender_count": "Reoffenders",
        "per_person": "Offences a person",
        "per_reoffender": "Offences a reoffender",
        "harm_per_person": "Harm a person",
        "before_count": "Before entry",
        "after_count": "After entry",
        "change_count": "Difference",
        "change_count_lower": "Difference, lower",
        "change_count_upper": "Difference, upper",
    }
    return Table(
        title="The cohort: how many, how often, how gravely, before and after",
        frame=under_heads(rows, heads),
        source=source,
        table_id="cohort-table",
        notes=("Harm is in ONS severity weights. Counts of a few people are hidden.",),
        decimals=dict.fromkeys(list(heads.values())[3:], 2),
    )


def _needs(assessment: Assessment, found: CohortResult) -> Pieces:
    if found.needs.empty or found.needs["need_pct"].isna().all():
        return []
    rows = found.needs.dropna(subset=["need_pct"]).reset_index()
    rows["need"] = [printable(name).capitalize() for name in rows["need"]]
    about = Caption(
        title="Needs of the cohort",
        measure="Members assessed who have the need",
        area=assessment.area.area_name,
        period=f"to {found.followed_until:%Y-%m}",
        source=_records("offender_cohort"),
        chart_id="needs",
        unit="%",
    )
    return [
        ranked_bars(
            rows,
            about,
            label="need",
            value="need_pct",
            label_name="Need",
            decimals=0,
        )
    ]


def adults(assessment: Assessment, table: pd.DataFrame | None) -> Pieces:
    """Adult cohorts with their reoffending."""
    if table is None:
        return []
    heads = {
        "cohort_end": "Cohort to",
        "offender_count": "Offenders",
        "reoffender_count": "Reoffenders",
        "reoffending_pct": "Reoffended (%)",
        "reoffending_pct_lower": "Lower (%)",
        "reoffending_pct_upper": "Upper (%)",
    }
    return [
        Table(
            title="Adults who reoffended within a year, by cohort",
            frame=under_heads(with_hidden(table, *list(heads)[2:]), heads),
            source=_records("adult_reoffending"),
            table_id="adults-table",
            decimals=dict.fromkeys(list(heads.values())[3:], 1),
        )
    ]


def _older_children(assessment: Assessment, table: pd.DataFrame) -> Pieces:
    """Those aged 15 to 17; nothing where every cohort of theirs is suppressed."""
    rows = table[(table["measure"] == "reoffending_aged_15_to_17") & table["value_pct"].notna()]
    if rows.empty:
        return []
    about = _caption(
        assessment,
        f"Reoffending at 15-17 in {assessment.area.area_name}, cohort by cohort",
        "Children aged 15 to 17 who reoffended within a year",
        "youth_offending",
        chart_id="youth-reoffending",
        unit="%",
        period=f"cohorts {rows['period'].iloc[0]} to {rows['period'].iloc[-1]}",
    )
    return [
        interval_dots(
            rows,
            about,
            label="period",
            value="value_pct",
            label_name="Cohort",
            interval_name="95% intervals on the smallest group that gives the percentage",
            decimals=1,
        )
    ]


def _positive_outcomes(
    assessment: Assessment, table: pd.DataFrame, title: str, period: str
) -> Pieces:
    """The measures with enough outcomes to draw; nothing where all have too few."""
    rows = table[~table["is_small_count"].astype(bool)]
    if rows.empty:
        return []
    about = _caption(
        assessment,
        title,
        "Positive outcomes for each 100 offences recorded",
        "monthly_special",
        chart_id="outcomes",
        unit="per 100 offences",
        period=period,
    )
    return [
        interval_dots(
            rows, about, label="label", value="per_100", label_name="Measure", decimals=1
        )
    ]


def _admissions(assessment: Assessment, table: pd.DataFrame) -> Pieces:
    name = "alcohol_admissions_under_18"
    if name not in table.index or pd.isna(table["value"][name]):
        return []
    row = table.T[name]
    rows = pd.DataFrame(
        {
            "where": [assessment.area.area_name, "Greater London", "England"],
            "value": [row["value"], row["london"], row["england"]],
            "lower": [row.get("value_lower"), None, None],
            "upper": [row.get("value_upper"), None, None],
        }
    ).astype({"value": float, "lower": float, "upper": float})
    about = _caption(
        assessment,
        f"Under-18 alcohol admissions: {assessment.area.area_name}, London and England",
        "Hospital admissions of under-18s for alcohol, a year per 100,000",
        "substance_misuse",
        chart_id="alcohol-admissions",
        unit="per 100,000",
        period=str(row["period"]),
    )
    return [
        interval_dots(
            rows,
            about,
            label="where",
            value="value",
            lower="lower",
            upper="upper",
            label_name="Area",
            interval_name="95% interval, from the number that rate and residents imply",
            highlight=assessment.area.area_name,
            decimals=1,
        )
    ]


def _group_by(name: object, by: str) -> str:
    """A group with whose word it is: the two records are never mixed."""
    whose = "officer's" if by == OFFICER else "own"
    return f"{str(name).capitalize()} ({whose} word)"


def _ratio_rows(table: pd.DataFrame, by: str, case: str) -> pd.DataFrame:
    few = table["is_small_count"].astype(bool)
    ratios = table[["adjusted_ratio", "adjusted_ratio_lower", "adjusted_ratio_upper"]]
    ratios = ratios.astype(object)
    # The first row is the group that the others are set against.
    ratios.iloc[0] = NOT_APPLICABLE
    return pd.DataFrame(
        {
            "Group and outcome": [f"{_group_by(name, by)}, {case}" for name in table.index],
            "Searches": table["search_count"].to_numpy(),
            "Share (%)": table["case_pct"].astype(object).mask(few, SUPPRESSED).to_numpy(),
            "Ratio": ratios["adjusted_ratio"].to_numpy(),
            "Ratio, lower": ratios["adjusted_ratio_lower"].to_numpy(),
            "Ratio, upper": ratios["adjusted_ratio_upper"].to_numpy(),
        }
    )


def _caption(
    assessment: Assessment,
    title: str,
    measure: str,
    table: str,
    *,
    chart_id: str,
    unit: str,
    period: str,
    area: str = "",
    description: str = "",
) -> Caption:
    return Caption(
        title=title,
        measure=measure,
        area=area or assessment.area.area_name,
        period=period,
        source=table_source(table),
        chart_id=chart_id,
        unit=unit,
        description=description,
    )


def _by_sex(row: pd.Series) -> str:
    # Read aloud, a number needs its sex beside it: a span of two tells neither.
    return f"{row['age']}: {number(row['male'])} male and {number(row['female'])} female"


def _table(
    assessment: Assessment,
    title: str,
    frame: pd.DataFrame,
    table: str,
    table_id: str,
    *,
    notes: tuple[str, ...] = (),
    decimals: int = 0,
) -> Table:
    digits = {name: 2 if name in RATIO.values() else decimals for name in frame.columns[1:]}
    return Table(
        title=title,
        frame=frame.reset_index(drop=True),
        source=table_source(table),
        table_id=table_id,
        notes=notes,
        decimals=digits,
    )


def _records(names: str) -> str:
    return f"The partnership's own records, {names}."


def _offence_class(name: object) -> str:
    text = str(name)
    return printable(text) if "_" in text else text.capitalize()


def _age(group: object) -> str:
    return str(group).replace("_", " ")
