"""Charts and tables of the way to a target: ceilings, parts, who has done it, who else."""

from __future__ import annotations

import pandas as pd

from analysis.assessment.answers import TargetAnswer
from analysis.assessment.target_choice import record_of
from analysis.charts.captions import caption, source_line
from analysis.charts.chart import Chart
from analysis.charts.dots import chance_cells, interval_dots
from analysis.charts.fan import fan_chart
from analysis.charts.grouped_dots import grouped_dots
from analysis.charts.table import Table
from analysis.data.offences import measure_label
from analysis.params.areas import area_name
from analysis.wording import (
    chance_words,
    counted,
    fitting_decimals,
    month_text,
    number_word,
    period_words,
    year_ending,
)

RECENT_MONTHS = 24
# Two years show what a month is like, and leave the way ahead room.

METHODS = {
    "in_proportion": "In proportion",
    "by_harm": "By harm",
    "by_achieved": "As boroughs have achieved",
    "least_effort": "Least effort",
}
# Ways of sharing a reduction out, in the order of their shapes.

SHOWN_BOROUGHS = 10
# Those that did most, or that are lowest; the table has them all.

LARGE_PCT = 10
# From here on whole per cent tell the parts apart.


def way(answer: TargetAnswer, months: pd.DataFrame, title: str) -> list[Chart | Table]:
    """Monthly ceilings against what was recorded and is expected; nothing if not told.

    Parameters
    ----------
    answer : TargetAnswer
    months : DataFrame
        As ``Assessment.forecast_months`` returns them, to the horizon.
    title : str
    """
    if answer.is_blocked or answer.is_past_reach:
        return []
    measure, record = answer.target.measure, record_of(answer.target)
    own = answer.history[answer.area_code].iloc[-RECENT_MONTHS:]
    ceilings = answer.since_base
    ceilings = ceilings[ceilings["month"] >= own.index[0]]
    drawn = fan_chart(
        pd.DataFrame({"month": own.index, "offence_count": own.to_numpy()}),
        months,
        caption(
            answer.assessment,
            title,
            f"{measure_label(measure)} each month",
            chart_id="months",
            period=(f"{own.index[0]:%Y-%m}", answer.target.horizon),
            record=record,
        ),
        target=ceilings.rename(columns={"ceiling_whole_count": "target"})[["month", "target"]],
        target_name="Ceiling",
    )
    return [drawn, _ceilings_table(answer)]


def allocation(answer: TargetAnswer, title: str) -> list[Chart | Table]:
    """The reduction shared out over offence groups; nothing where there is none to share."""
    table = answer.allocation
    table = table[table["reduction_count"].groupby(table["method"]).transform("sum") > 0]
    if table.empty:
        return []
    asked = table.pivot(index="offence_group", columns="method", values="reduction_pct")
    order = table["offence_group"].unique()
    largest = float(table["reduction_pct"].max())
    rows = asked.loc[order].reset_index()
    rows["label"] = [measure_label(group) for group in rows["offence_group"]]
    drawn = grouped_dots(
        rows,
        caption(
            answer.assessment,
            title,
            f"Fewer offences of each group of {_measure(answer)}, per cent of the latest year",
            chart_id="allocation",
            unit="%",
            period=(_next(answer.last_month), answer.target.horizon),
            record=record_of(answer.target),
        ),
        {method: name for method, name in METHODS.items() if method in asked},
        label="label",
        decimals=0 if largest >= LARGE_PCT else fitting_decimals(table["reduction_pct"]),
    )
    return [drawn, _allocation_table(answer, table)]


def achievers(answer: TargetAnswer, title: str) -> list[Chart | Table]:
    """Who has achieved as much in as long, and when; nothing where no borough has."""
    table = answer.achieved_by
    if table.empty:
        return []
    is_own = table["area_code"] == answer.area_code
    best = table.sort_values("best_fall_pct", ascending=False, kind="stable")
    shown = best[(best.index.isin(best.index[:SHOWN_BOROUGHS])) | is_own.loc[best.index]]
    rows = shown.assign(
        label=[
            f"{area_name(row['area_code'])}, {year_ending(row['best_to'])}"
            for _, row in shown.iterrows()
        ]
    )
    own = rows.loc[rows["area_code"] == answer.area_code, "label"]
    drawn = interval_dots(
        rows,
        caption(
            answer.assessment,
            title,
            f"Largest fall of {_measure(answer)} in {answer.months_ahead} months",
            chart_id="achieved",
            unit="%",
            period=(answer.base_rate.first_start, answer.last_month),
            record=record_of(answer.target),
            area=_part(answer, "largest falls", len(shown), len(table)),
        ),
        label="label",
        value="best_fall_pct",
        label_name="Borough and year",
        highlight=own.iloc[0] if len(own) else "",
        decimals=1,
    )
    return [drawn, _achievers_table(answer, table)]


def standings(answer: TargetAnswer, table: pd.DataFrame, title: str) -> list[Chart | Table]:
    """Where the lowest boroughs and this one are forecast; nothing where not told.

    Parameters
    ----------
    answer : TargetAnswer
    table : DataFrame
        As ``target_report.standings`` returns it.
    title : str
    """
    if table.empty:
        return []
    by = answer.target.rank_by or "rate"
    lowest = table.sort_values(f"forecast_{by}", kind="stable")
    is_shown = lowest.index.isin(lowest.index[:SHOWN_BOROUGHS]) | (
        lowest.index == answer.area_code
    )
    drawn = interval_dots(
        lowest[is_shown],
        caption(
            answer.assessment,
            title,
            f"Forecast of {_measure(answer)}{' per 1,000 residents' if by == 'rate' else ''}",
            chart_id="standings",
            unit="per 1,000" if by == "rate" else "offences",
            period=(_year_to_horizon(answer), answer.target.horizon),
            record=record_of(answer.target),
            area=_part(answer, "lowest", int(is_shown.sum()), len(table)),
        ),
        label="area_code",
        value=f"forecast_{by}",
        label_name="Borough",
        interval_name="80% of futures",
        highlight=answer.area_code,
        decimals=1 if by == "rate" else 0,
    )
    return [drawn, _standings_table(answer, table)]


def _part(answer: TargetAnswer, end: str, shown: int, of: int) -> str:
    """Which boroughs are drawn, where that is not all."""
    if shown == of:
        return counted(of, "borough").casefold()
    own = f" and {answer.assessment.area.area_name}" if shown > SHOWN_BOROUGHS else ""
    return f"the {number_word(SHOWN_BOROUGHS)} {end} of {number_word(of)} boroughs{own}"


def _ceilings_table(answer: TargetAnswer) -> Table:
    since = answer.since_base
    frame = pd.DataFrame(
        {
            "Month": [month_text(month) for month in since["month"]],
            "Ceiling on the way from the base": since["ceiling_whole_count"].to_numpy(),
            "Recorded": since["actual_count"].to_numpy(),
            "12 months, ceiling": since["rolling_12_ceiling_count"].to_numpy(),
            "12 months, recorded": since["rolling_12_count"].to_numpy(),
        }
    )
    if since["is_seen"].any():
        ahead = answer.ahead.set_index("month")["ceiling_whole_count"]
        frame["Ceiling on the way from today"] = ahead.reindex(since["month"]).to_numpy()
    else:
        frame = frame.drop(columns=["Recorded", "12 months, recorded"])
    names = frame.columns[1:]
    frame = frame.astype(dict.fromkeys(names, object))
    return Table(
        title="Ceiling of each month",
        frame=frame.where(frame.notna(), "[z]"),
        source=source_line(answer.assessment, record_of(answer.target)),
        table_id="ceilings",
        notes=(
            "Ceilings fall by the same per cent from year to year, and each month has its "
            "usual share of the year: in the first year a ceiling may lie above what was "
            "recorded a year before, and 12 months that reach back into the base above the "
            "base. Ceilings are whole offences, and the last 12 add up to the target.",
        ),
        decimals=dict.fromkeys(names, 0),
        is_folded=True,
    )


def _allocation_table(answer: TargetAnswer, table: pd.DataFrame) -> Table:
    frame = pd.DataFrame(
        {
            "Offence group": [measure_label(group) for group in table["offence_group"]],
            "Shared out": [METHODS[method] for method in table["method"]],
            "Latest year": table["last_12_count"].to_numpy(),
            "Fewer": table["reduction_count"].to_numpy(),
            "Fewer (%)": table["reduction_pct"].to_numpy(),
            "Done before (% of cases)": chance_cells(100 * table["achieved_share"]).to_numpy(),
        }
    )
    return Table(
        title="What each way asks of each offence group, beside what has been done",
        frame=frame,
        source=(
            f"{source_line(answer.assessment, record_of(answer.target))} Harm: Office for "
            "National Statistics, Crime Severity Score."
        ),
        table_id="parts",
        notes=(
            "Done before: of all boroughs and starting months held, how many saw the group "
            f"fall as much in {answer.months_ahead} months.",
        ),
        decimals={"Latest year": 0, "Fewer": 0, "Fewer (%)": 1, "Done before (% of cases)": 0},
        is_folded=True,
    )


def _achievers_table(answer: TargetAnswer, table: pd.DataFrame) -> Table:
    frame = pd.DataFrame(
        {
            "Borough": [area_name(code) for code in table["area_code"]],
            "Starting months": table["times"].to_numpy(),
            "First, year to": _months(table["first_year_ending"]),
            "Last, year to": _months(table["last_year_ending"]),
            "Largest fall (%)": table["best_fall_pct"].to_numpy(),
            "Between the years to": [
                period_words(first, last)
                for first, last in zip(table["best_from"], table["best_to"], strict=True)
            ],
        }
    )
    return Table(
        title="Boroughs that have done as much in as long",
        frame=frame,
        source=source_line(answer.assessment, record_of(answer.target)),
        table_id="achievers",
        notes=(
            "Starting months: from how many the 12-month total fell as much. They overlap. "
            "Years with COVID restrictions are left out.",
        ),
        decimals={"Starting months": 0, "Largest fall (%)": 1},
        is_folded=True,
    )


def _standings_table(answer: TargetAnswer, table: pd.DataFrame) -> Table:
    frame = pd.DataFrame(
        {
            "Borough": [area_name(code) for code in table.index],
            "Latest year": table["last_12_count"].to_numpy(),
            "Forecast": table["forecast_count"].to_numpy(),
            "Forecast, 80% lower": table["forecast_count_lower"].to_numpy(),
            "Forecast, 80% upper": table["forecast_count_upper"].to_numpy(),
            "Forecast per 1,000": table["forecast_rate"].to_numpy(),
            "Chance of the fewest": _chances(table["lowest_count_chance"]),
            "Chance of the lowest rate": _chances(table["lowest_rate_chance"]),
        }
    )
    digits = dict.fromkeys(frame.columns[1:-2], 0) | {"Forecast per 1,000": 1}
    return Table(
        title="All boroughs at the horizon",
        frame=frame,
        source=(
            f"{source_line(answer.assessment, record_of(answer.target))} Residents: Office for "
            "National Statistics."
        ),
        table_id="boroughs",
        notes=("Residents are held at the latest year. Chances are of simulated futures.",),
        decimals=digits,
        is_folded=True,
    )


def _chances(chances: pd.Series) -> list[str]:
    return [chance_words(chance) for chance in chances]


def _months(months: pd.Series) -> list[str]:
    return [month_text(pd.Timestamp(month)) for month in months]


def _measure(answer: TargetAnswer) -> str:
    return measure_label(answer.target.measure, in_sentence=True)


def _next(month: str) -> str:
    return str(pd.Period(month, freq="M") + 1)


def _year_to_horizon(answer: TargetAnswer) -> str:
    return str(pd.Period(answer.target.horizon, freq="M") - 11)
