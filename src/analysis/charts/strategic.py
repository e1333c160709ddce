"""The charts and tables of the strategic assessment, from an assessment's own results."""

from __future__ import annotations

import pandas as pd

from analysis.assessment import Assessment
from analysis.charts.bars import change_bars, ranked_bars
from analysis.charts.captions import (
    RESIDENTS,
    SEVERITY,
    caption,
    drawn_boroughs,
    first_of,
    marks,
    source_line,
    spans,
)
from analysis.charts.chart import Chart
from analysis.charts.control_chart import control_chart
from analysis.charts.decomposition import change_parts
from analysis.charts.funnel import funnel_plot
from analysis.charts.heat_map import month_heat_map
from analysis.charts.line import monthly_line
from analysis.charts.seasonality import seasonal_indices
from analysis.charts.table import Table
from analysis.data.offences import measure_label
from analysis.measures.comparison import Funnel
from analysis.measures.control_charts import ControlChart
from analysis.measures.decomposition import OTHER_GROUPS, ShiftShare, largest_own_parts
from analysis.measures.harm import HarmScore
from analysis.params.areas import area_name

PARTS = {
    "london_trend_count": "London's trend in this offence",
    "local_effect_count": "The borough's own",
}

TOP_PARTS = 12
# Offence groups shown in a chart of parts, the rest being one row or too little to be seen.


def rates(assessment: Assessment, ranks: pd.DataFrame, title: str) -> list[Chart]:
    """Rate of each borough in order, with its interval; nothing for a year with a step."""
    if assessment.within_year.is_blocked:
        return []
    table = assessment.rates().join(ranks[["rate_rank"]])
    table = table.assign(borough=[area_name(code) for code in table.index])
    counts = ranks["offence_count"].sum()
    people = assessment.population(assessment.latest_year)[ranks.index].sum()
    about = caption(
        assessment,
        title,
        "Recorded offences per 1,000 residents",
        chart_id="rates",
        unit="per 1,000",
        source=f"{source_line(assessment)} {RESIDENTS}",
        area=drawn_boroughs(len(table)),
    )
    chart = ranked_bars(
        table,
        about,
        label="borough",
        label_name="Borough",
        highlight=assessment.area.area_name,
        reference=float(1000 * counts / people),
        reference_name="32 boroughs",
    )
    return [chart]


def rolling_year(
    assessment: Assessment, measure: str, title: str, *, beside: str = ""
) -> Chart:
    """Rolling 12-month totals over all years held, with the breaks marked.

    Parameters
    ----------
    beside : str
        Another measure, drawn in grey for context; its breaks are marked too.
    """
    shown = [measure, beside] if beside else [measure]
    totals = {name: assessment.rolling_year(name).dropna() for name in shown}
    rows = pd.concat(
        [
            pd.DataFrame(
                {
                    "month": series.index,
                    "offence_count": series.to_numpy(),
                    "measure": measure_label(name),
                }
            )
            for name, series in totals.items()
        ]
    )
    first = pd.Timestamp(rows["month"].min())
    return monthly_line(
        rows,
        caption(
            assessment,
            title,
            f"{measure_label(measure)}, 12 months to each month",
            chart_id=f"rolling-year-{measure.replace('_', '-')}",
            period=(f"{first:%Y-%m}", assessment.as_of),
        ),
        group="measure" if beside else "",
        highlight=measure_label(measure) if beside else "",
        breaks=marks(assessment, beside or measure, first),
    )


def changes(assessment: Assessment, table: pd.DataFrame, title: str) -> list[Chart | Table]:
    """Change of each offence group on the year before, drawn and as a table.

    Nothing where the two years are not comparable.
    """
    if table["is_blocked"].all():
        return []
    return [changes_chart(assessment, table, title), changes_table(assessment, table)]


def changes_chart(assessment: Assessment, table: pd.DataFrame, title: str) -> Chart:
    """Change of each offence group on the year before, with its interval."""
    rows = table[~table["is_blocked"].astype(bool)].sort_values(
        "change_pct", ascending=False, na_position="last"
    )
    rows = _labelled(rows[~rows["is_small_count"].astype(bool)])
    return change_bars(
        rows,
        caption(assessment, title, "Change on the year before", chart_id="changes", unit="%"),
    )


def changes_table(assessment: Assessment, table: pd.DataFrame) -> Table:
    """Counts of both years by offence group, with change and verdict."""
    verdict = table["is_significant"].map({True: "yes", False: "no"}).fillna("too few")
    verdict = verdict.mask(table["is_blocked"].astype(bool), "not comparable")
    is_small = table["is_small_count"].eq(other=True)
    limits = table[["change_pct_lower", "change_pct_upper"]].mask(is_small)
    frame = pd.DataFrame(
        {
            "Offence group": [measure_label(str(group)) for group in table.index],
            "Year before": table["before_count"].to_numpy(),
            "Latest year": table["after_count"].to_numpy(),
            "Change": table["change_count"].to_numpy(),
            "Change (%)": table["change_pct"].to_numpy(),
            "Lower (%)": limits["change_pct_lower"].to_numpy(),
            "Upper (%)": limits["change_pct_upper"].to_numpy(),
            "Other boroughs (%)": assessment.others_change_pct(list(table.index)).to_numpy(),
            "Beyond chance": verdict.to_numpy(),
        }
    )
    return Table(
        title="Offences by group in the latest year and the one before",
        frame=frame,
        source=source_line(assessment),
        table_id="changes-table",
        notes=(
            "Limits are for 95% intervals, each group by itself; 'beyond chance' allows for "
            "many groups being looked at together, so it is stricter. Under ten offences in "
            "either year are too few for a verdict.",
            "Violence without injury includes stalking and harassment.",
        ),
        decimals=dict.fromkeys(
            ["Change (%)", "Lower (%)", "Upper (%)", "Other boroughs (%)"], 1
        ),
    )


def why(assessment: Assessment, split: ShiftShare, title: str) -> list[Chart]:
    """The change by offence group, split into London's and the borough's own.

    The groups with the largest part of their own and all others, which add up to the change.
    Nothing where the two years are not comparable.
    """
    if assessment.year_on_year.is_blocked:
        return []
    rows = largest_own_parts(split, TOP_PARTS)
    names = ["All other groups" if n == OTHER_GROUPS else measure_label(n) for n in rows.index]
    rows = rows.reset_index(drop=True).assign(offence_group=names)
    about = caption(assessment, title, "Change on the year before", chart_id="why")
    return [change_parts(rows, about, parts=PARTS)]


def standing(assessment: Assessment, result: Funnel, title: str) -> list[Chart]:
    """Boroughs' rates against their population, with funnel limits.

    Nothing for a year with a step in it.
    """
    if assessment.within_year.is_blocked:
        return []
    areas = result.table.assign(borough=[area_name(code) for code in result.table.index])
    total = result.table[["offence_count", "population"]].sum()
    about = caption(
        assessment,
        title,
        "Recorded offences per 1,000 residents",
        chart_id="standing",
        unit="per 1,000",
        area=drawn_boroughs(len(areas)),
    )
    chart = funnel_plot(
        areas,
        result.curve,
        about,
        centre=float(1000 * total["offence_count"] / total["population"]),
        label="borough",
        highlight=assessment.area.area_name,
    )
    return [chart]


def harm(assessment: Assessment, score: HarmScore, title: str) -> Chart:
    """Share of the borough's harm by offence group."""
    groups = score.by_group[score.by_group["area_code"] == assessment.area.area_code]
    rows = groups.sort_values("harm_pct", ascending=False).head(TOP_PARTS)
    rows = rows.assign(group=[measure_label(str(name)) for name in rows["offence_group"]])
    return ranked_bars(
        rows,
        caption(
            assessment,
            title,
            "Share of severity-weighted harm by offence group"
            + first_of(len(rows), len(groups)),
            chart_id="harm",
            unit="%",
            source=f"{source_line(assessment)} {SEVERITY}",
        ),
        label="group",
        value="harm_pct",
        label_name="Offence group",
    )


def season(assessment: Assessment, measure: str, title: str) -> list[Chart]:
    """Index of each calendar month, with its interval; nothing where years are too few."""
    if not assessment.has_season:
        return []
    about = caption(
        assessment,
        title,
        f"{measure_label(measure)} a day, average month = 100",
        chart_id="season",
        unit="",
        period=(f"{assessment.series(measure).index[0]:%Y-%m}", assessment.as_of),
    )
    return [seasonal_indices(assessment.season(measure).table, about)]


def every_month(assessment: Assessment, measure: str, title: str) -> Chart:
    """Offences a day in every month of every year held."""
    series = assessment.daily_rate(measure)
    return month_heat_map(
        pd.DataFrame({"month": series.index, "daily_rate": series.to_numpy()}),
        caption(
            assessment,
            title,
            f"{measure_label(measure)} a day",
            chart_id="every-month",
            unit="a day",
            period=(f"{series.index[0]:%Y-%m}", assessment.as_of),
        ),
        value="daily_rate",
        breaks=spans(assessment, measure, pd.Timestamp(str(series.index[0]))),
    )


def exceptional_months(assessment: Assessment, chart: ControlChart, title: str) -> Chart:
    """Months of the last years against their control limits."""
    first = f"{chart.table['month'].iloc[0]:%Y-%m}"
    shown = chart.table["month"].min()
    return control_chart(
        chart.table,
        caption(
            assessment,
            title,
            "Recorded offences a day" + (", season taken out" if assessment.has_season else ""),
            chart_id="exceptional-months",
            unit="a day",
            period=(first, assessment.as_of),
        ),
        breaks=marks(assessment, "total_without_fraud", shown),
    )


def _labelled(rows: pd.DataFrame) -> pd.DataFrame:
    names = [measure_label(str(group)) for group in rows.index]
    return rows.reset_index(drop=True).assign(offence_group=names)
