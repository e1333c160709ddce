"""The charts and tables of reducing reoffending, from an assessment's own results.

Every function gives a list, empty where nothing is held, so that a section of a borough
without figures is its sentence alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.assessment import Assessment
from analysis.assessment.cross_border import CrossBorder
from analysis.assessment.offenders import GREATER_LONDON, Entrants, HomicideSuspects
from analysis.assessment.searches import OFFICER, SELF, Searches
from analysis.charts.bars import ranked_bars
from analysis.charts.captions import caption, source_line
from analysis.charts.chart import Caption, Chart
from analysis.charts.dots import interval_dots
from analysis.charts.grouped_dots import grouped_dots
from analysis.charts.line import monthly_line
from analysis.charts.strategic import rolling_year
from analysis.charts.table import Table
from analysis.data.offences import measure_label
from analysis.offenders.cohort import CohortResult
from analysis.params.areas import area_name
from analysis.wording import listed, month_text, period_words, printable, year_ending

if TYPE_CHECKING:
    from analysis.places.borders import BorderShare

Pieces = list[Chart | Table]

HIDDEN, NOT_APPLICABLE = "[c]", "[z]"


def entrants(assessment: Assessment, found: Entrants | None, title: str) -> Pieces:
    """First-time entrants of every borough in the newest year, and year by year."""
    if found is None:
        return []
    rows = found.boroughs.assign(borough=[area_name(code) for code in found.boroughs.index])
    history = found.history
    london = history[(history["area_code"] == GREATER_LONDON) & (history["year"] == found.year)]
    boroughs = ranked_bars(
        rows,
        _caption(
            assessment,
            title,
            "First-time entrants per 100,000 aged 10 to 17",
            "youth_offending",
            chart_id="entrants",
            unit="per 100,000",
            period=str(found.year),
        ),
        label="borough",
        value="rate",
        label_name="Borough",
        highlight=assessment.area.area_name,
        reference=float(london["rate"].iloc[0]),
        reference_name="Greater London",
        decimals=0,
    )
    wide = history.pivot(index="year", columns="area_code", values="rate").sort_index()
    years = grouped_dots(
        wide.reset_index().assign(year=wide.index.astype(str)),
        _caption(
            assessment,
            "First-time entrants year by year",
            "First-time entrants per 100,000 aged 10 to 17",
            "youth_offending",
            chart_id="entrants-by-year",
            unit="per 100,000",
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


def youth_reoffending(assessment: Assessment, table: pd.DataFrame | None, title: str) -> Pieces:
    """Proven reoffending by cohort with intervals, and both age groups beside London."""
    if table is None:
        return []
    pieces: Pieces = []
    older = table[
        (table["measure"] == "reoffending_aged_15_to_17") & table["value_pct"].notna()
    ]
    if len(older):
        pieces.append(
            interval_dots(
                older,
                _caption(
                    assessment,
                    title,
                    "Children aged 15 to 17 who reoffended within a year",
                    "youth_offending",
                    chart_id="youth-reoffending",
                    unit="%",
                    period=f"cohorts {older['period'].iloc[0]} to {older['period'].iloc[-1]}",
                ),
                label="period",
                value="value_pct",
                label_name="Cohort",
                interval_name="95% intervals on the smallest group that gives the percentage",
                decimals=1,
            )
        )
    hidden = table["is_suppressed"].astype(bool)
    frame = pd.DataFrame(
        {
            "Cohort": table["period"],
            "Age": table["age_group"].str.removeprefix("Aged "),
            "Reoffended (%)": table["value_pct"].astype(object).mask(hidden, HIDDEN),
            "Lower (%)": table["value_pct_lower"].astype(object).mask(hidden, HIDDEN),
            "Upper (%)": table["value_pct_upper"].astype(object).mask(hidden, HIDDEN),
            "Greater London (%)": table["london_pct"],
        }
    )
    pieces.append(
        _table(
            assessment,
            "Children who reoffended within a year, by cohort and age",
            frame,
            "youth_offending",
            "youth-reoffending-table",
            decimals=1,
        )
    )
    return pieces


def substance_misuse(assessment: Assessment, table: pd.DataFrame | None, title: str) -> Pieces:
    """Each measure with an earlier value and London and England, and admissions drawn."""
    if table is None:
        return []
    hidden = table["is_suppressed"].astype(bool)
    blank = pd.Series(float("nan"), table.index)
    frame = pd.DataFrame(
        {
            "Measure": table["label"],
            "Period": table["period"],
            "Value": table["value"].astype(object).mask(hidden, HIDDEN),
            "Lower": table.get("value_lower", blank),
            "Upper": table.get("value_upper", blank),
            "London": table["london"],
            "England": table["england"],
            "Earlier period": table["earlier_period"],
            "Earlier value": table["earlier_value"].astype(float),
        }
    )
    pieces = _admissions(assessment, table, title)
    notes = (
        "Limits are given for admissions alone, from the number that rate and residents imply. "
        "London and England of the Health Index are plain means of councils.",
    )
    return [
        *pieces,
        _table(
            assessment,
            "Substance misuse, newest values",
            frame,
            "substance_misuse",
            "substance-misuse-table",
            notes=notes,
            decimals=1,
        ),
    ]


def drug_offences(assessment: Assessment, table: pd.DataFrame, title: str) -> Pieces:
    """Rolling years of possession and trafficking, and the change on the year before."""
    charts: Pieces = [
        rolling_year(assessment, "drug_possession", title),
        rolling_year(assessment, "drug_trafficking", "Drug trafficking, year by year"),
    ]
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
        }
    )
    shown = Table(
        title=f"Recorded drug offences, {year_ending(assessment.as_of)} and the year before",
        frame=frame,
        source=source_line(assessment),
        table_id="drug-offences-table",
        decimals=dict.fromkeys(list(frame.columns[3:]), 1),
    )
    return [*charts, shown]


def outcomes(assessment: Assessment, table: pd.DataFrame | None, title: str) -> Pieces:
    """Positive outcomes for 100 offences, each measure with its interval and the others'."""
    if table is None:
        return []
    period = period_words(str(table["first_month"].iloc[0]), str(table["last_month"].iloc[0]))
    shown = table[~table["is_small_count"].astype(bool)]
    pieces: Pieces = []
    if len(shown):
        pieces.append(
            interval_dots(
                shown,
                _caption(
                    assessment,
                    title,
                    "Positive outcomes for each 100 offences recorded",
                    "monthly_special",
                    chart_id="outcomes",
                    unit="per 100 offences",
                    period=period,
                ),
                label="label",
                value="per_100",
                label_name="Measure",
                decimals=1,
            )
        )
    verdict = table["is_significant"].map({True: "yes", False: "no"}).fillna("too few")
    frame = pd.DataFrame(
        {
            "Measure": table["label"],
            "Offences": table["offence_count"],
            "Positive outcomes": table["outcome_count"],
            "For 100": table["per_100"],
            "Lower": table["per_100_lower"],
            "Upper": table["per_100_upper"],
            "Other boroughs": table["others_per_100"],
            "Ratio": table["ratio"],
            "Ratio, lower": table["ratio_lower"],
            "Ratio, upper": table["ratio_upper"],
            "Beyond chance": verdict,
        }
    )
    notes = ("Measures overlap and are never added. An outcome belongs to an earlier offence.",)
    pieces.append(
        _table(
            assessment,
            f"Offences and positive outcomes, {period}",
            frame,
            "monthly_special",
            "outcomes-table",
            notes=notes,
            decimals=1,
            two=("Ratio", "Ratio, lower", "Ratio, upper"),
        )
    )
    return pieces


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
    frame = pd.DataFrame(
        {
            "Offence class": rows["offence"],
            "Children": rows["child_count"],
            "Prosecuted (%)": rows["child_pct"],
            "Adults": rows["adult_count"],
            "Prosecuted, adults (%)": rows["adult_pct"],
            "Ratio": rows["ratio"],
            "Ratio, lower": rows["ratio_lower"],
            "Ratio, upper": rows["ratio_upper"],
        }
    )
    shown = _table(
        assessment,
        f"Final disposals of people in custody, London, {year}",
        frame,
        "custody_disposals",
        "disposals-table",
        decimals=1,
        two=("Ratio", "Ratio, lower", "Ratio, upper"),
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
    newest = found.periods.iloc[-1]
    chart = grouped_dots(
        wide,
        _caption(
            assessment,
            title,
            "People proceeded against for homicide",
            "homicide_suspects",
            chart_id="suspects",
            unit="people",
            period=f"{int(newest['first_year'])} to {int(newest['last_year'])}",
            area="London",
        ),
        {"male": "Male", "female": "Female"},
        label="age",
        label_name="Age",
    )
    hidden = found.periods["is_suppressed"].astype(bool)
    frame = pd.DataFrame(
        {
            "Years": [
                f"{int(first)} to {int(last)}"
                for first, last in zip(
                    found.periods["first_year"], found.periods["last_year"], strict=True
                )
            ],
            assessment.area.area_name: found.periods["suspect_count"]
            .astype(object)
            .mask(hidden, HIDDEN),
            "London": found.periods["london_count"],
        }
    )
    shown = _table(
        assessment,
        "People proceeded against for homicide, five years together",
        frame,
        "homicide_suspects",
        "suspects-table",
        notes=("Small counts are hidden; suspects, not victims.",),
    )
    return [chart, shown]


def searches(assessment: Assessment, found: Searches | None, title: str) -> Pieces:
    """Searches month by month, and the share that led to action by ethnic group."""
    if found is None:
        return []
    span = f"{found.first_year} to {found.last_year}, {found.month_count} months held"
    months = found.monthly["month"]
    source = _source(assessment, "stop_and_search")
    shares = found.action[OFFICER].dropna(subset=["case_pct"]).reset_index()
    pieces: Pieces = []
    if len(shares):
        shares["group"] = [str(name).capitalize() for name in shares["ethnic_group"]]
        pieces.append(
            interval_dots(
                shares,
                _caption(
                    assessment,
                    title,
                    "Searches that led to any action, by ethnicity as the officer saw it",
                    "stop_and_search",
                    chart_id="search-outcomes",
                    unit="%",
                    period=span,
                ),
                label="group",
                value="case_pct",
                label_name="Ethnic group",
                decimals=1,
            )
        )
    pieces.append(
        monthly_line(
            found.monthly,
            Caption(
                title="Searches month by month; months not held are gaps",
                measure="Stop and search",
                area=assessment.area.area_name,
                period=period_words(f"{months.min():%Y-%m}", f"{months.max():%Y-%m}"),
                source=source,
                chart_id="searches-by-month",
                unit="searches",
            ),
            value="search_count",
        )
    )
    return [*pieces, _search_outcomes(assessment, found, span)]


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
        ),
        decimals=1,
        two=("Ratio", "Ratio, lower", "Ratio, upper"),
    )


def search_rates(assessment: Assessment, found: Searches | None) -> Pieces:
    """Searches a resident by ethnic group; nothing where residents are not loaded."""
    if found is None or found.rates is None:
        return []
    rows = found.rates.reset_index()
    frame = pd.DataFrame(
        {
            "Ethnic group": [str(name).capitalize() for name in rows["ethnic_group"]],
            "Searches": rows["search_count"],
            "Residents": rows["population_count"],
            "A year per 1,000": rows["rate_per_1000"],
            "Ratio": rows["ratio"],
            "Ratio, lower": rows["ratio_lower"],
            "Ratio, upper": rows["ratio_upper"],
        }
    )
    return [
        _table(
            assessment,
            "Searches for each resident by self-defined ethnic group",
            frame,
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
    rows = found.reoffending.reset_index()
    names = [printable(name).capitalize() if name == "all" else name for name in rows["cohort"]]
    until = f"followed {found.window_months} months, to {found.followed_until:%Y-%m}"
    chart = interval_dots(
        rows.assign(cohort=names),
        Caption(
            title=title,
            measure="Members who reoffended",
            area=assessment.area.area_name,
            period=until,
            source=_records("offender_cohort and offender_reoffences"),
            chart_id="cohort",
            unit="%",
        ),
        label="cohort",
        value="reoffending_pct",
        label_name="Cohort",
        decimals=1,
    )
    change = found.before_after.reset_index()
    frame = pd.DataFrame(
        {
            "Cohort": names,
            "Members": rows["member_count"],
            "Reoffenders": rows["reoffender_count"],
            "Offences a person": rows["per_person"],
            "Offences a reoffender": rows["per_reoffender"],
            "Harm a person": rows["harm_per_person"],
            "Before entry": change["before_count"],
            "After entry": change["after_count"],
            "Difference": change["change_count"],
            "Difference, lower": change["change_count_lower"],
            "Difference, upper": change["change_count_upper"],
        }
    )
    shown = Table(
        title="The cohort: how many, how often, how gravely, before and after",
        frame=frame,
        source=_records("offender_cohort and offender_reoffences"),
        table_id="cohort-table",
        notes=("Harm is in ONS severity weights. Counts of a few people are hidden.",),
        decimals=dict.fromkeys(list(frame.columns[3:]), 2),
    )
    return [chart, shown, *_needs(assessment, found)]


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
    hidden = table["is_suppressed"].astype(bool)
    frame = pd.DataFrame(
        {
            "Cohort to": table["cohort_end"],
            "Offenders": table["offender_count"],
            "Reoffenders": table["reoffender_count"].astype(object).mask(hidden, HIDDEN),
            "Reoffended (%)": table["reoffending_pct"].astype(object).mask(hidden, HIDDEN),
            "Lower (%)": table["reoffending_pct_lower"].astype(object).mask(hidden, HIDDEN),
            "Upper (%)": table["reoffending_pct_upper"].astype(object).mask(hidden, HIDDEN),
        }
    )
    return [
        Table(
            title="Adults who reoffended within a year, by cohort",
            frame=frame,
            source=_records("adult_reoffending"),
            table_id="adults-table",
            decimals=dict.fromkeys(list(frame.columns[3:]), 1),
        )
    ]


def _admissions(assessment: Assessment, table: pd.DataFrame, title: str) -> Pieces:
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
        title,
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


def _ratio_rows(table: pd.DataFrame, by: str, case: str) -> pd.DataFrame:
    whose = "officer's" if by == OFFICER else "own"
    few = table["is_small_count"].astype(bool)
    ratios = table[["adjusted_ratio", "adjusted_ratio_lower", "adjusted_ratio_upper"]]
    ratios = ratios.astype(object)
    # The first row is the group that the others are set against.
    ratios.iloc[0] = NOT_APPLICABLE
    return pd.DataFrame(
        {
            "Group and outcome": [
                f"{str(name).capitalize()} ({whose} word), {case}" for name in table.index
            ],
            "Searches": table["search_count"].to_numpy(),
            "Share (%)": table["case_pct"].astype(object).mask(few, HIDDEN).to_numpy(),
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
) -> Caption:
    return Caption(
        title=title,
        measure=measure,
        area=area or assessment.area.area_name,
        period=period,
        source=_source(assessment, table),
        chart_id=chart_id,
        unit=unit,
    )


def _table(
    assessment: Assessment,
    title: str,
    frame: pd.DataFrame,
    table: str,
    table_id: str,
    *,
    notes: tuple[str, ...] = (),
    decimals: int = 0,
    two: tuple[str, ...] = (),
) -> Table:
    digits = {name: 2 if name in two else decimals for name in frame.columns[1:]}
    return Table(
        title=title,
        frame=frame.reset_index(drop=True),
        source=_source(assessment, table),
        table_id=table_id,
        notes=notes,
        decimals=digits,
    )


def _source(assessment: Assessment, table: str) -> str:
    row = assessment.provenance([table]).iloc[0]
    published = listed([_edition(each) for each in str(row["published"]).split(" and ")])
    return f"{row['source']}, published {published}."


def _edition(published: str) -> str:
    is_month = len(published) == 7
    return month_text(pd.Timestamp(published)) if is_month else published


def _records(names: str) -> str:
    return f"The partnership's own records, {names}."


def _offence_class(name: object) -> str:
    text = str(name)
    return printable(text) if "_" in text else text.capitalize()


def _age(group: object) -> str:
    return str(group).replace("_", " ")
