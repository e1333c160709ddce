"""The charts and tables of public confidence, from an assessment's own results.

Each function gives a list, empty where nothing is held to draw.
"""

from __future__ import annotations

import pandas as pd

from analysis.assessment import Assessment
from analysis.assessment.confidence import MAIN_ANSWER, MAIN_RISK, Perceptions, survey_year
from analysis.assessment.surveys import Survey
from analysis.charts.captions import source_line
from analysis.charts.chart import Caption, Chart
from analysis.charts.dots import interval_dots
from analysis.charts.interval_scatter import interval_scatter
from analysis.charts.quarters import quarterly_share
from analysis.charts.rows import JUDGED_TOGETHER, yes_or_no
from analysis.charts.table import Table
from analysis.confidence.perception import TOPICS
from analysis.data.offences import measure_label
from analysis.params.areas import area_name, borough_codes
from analysis.params.measure_names import survey_label
from analysis.wording import counted, editions, month_text, number, number_word, period_words

HARM_LABEL = "Harm (severity score per resident)"


def survey_source(survey: Survey, measure: str = "") -> str:
    """Publisher, publication and assumption of the survey's figures, as a sentence."""
    held = editions(sorted(survey.table["published"].unique()))
    worth = f", worth {number(survey.effective_count(measure))} at random" if measure else ""
    return (
        "Metropolitan Police Service and Mayor's Office for Policing and Crime, Public "
        f"Attitude Survey, published {held}; intervals on an assumed "
        f"{number(survey.sample_count)} persons asked in a borough in a year{worth}."
    )


def risk_label(risk: str) -> str:
    """A recorded risk as printed, with what it is counted per."""
    if risk == "harm":
        return HARM_LABEL
    return f"{measure_label(risk)} per 1,000 residents"


def history(survey: Survey, table: pd.DataFrame, title: str) -> list[Chart]:
    """The borough's share by quarter in its interval, beside London's."""
    if table.empty:
        return []
    months = (f"{table['quarter'].min():%Y-%m}", f"{table['quarter'].max():%Y-%m}")
    about = _caption(
        survey,
        title,
        f"Share agreeing: {survey_label(MAIN_ANSWER, in_sentence=True)}",
        chart_id="history",
        period=f"quarters from {period_words(*months)}",
        measure=MAIN_ANSWER,
    )
    return [quarterly_share(table, about)]


def levels(survey: Survey, table: pd.DataFrame, title: str) -> list[Chart | Table]:
    """Difference of every answer from London's, and the answers themselves."""
    compared = table.dropna(subset=["difference_points"]) if len(table) else table
    if compared.empty:
        return []
    rows = compared.assign(question=[survey_label(str(m)) for m in compared.index])
    drawn = interval_dots(
        rows,
        _caption(survey, title, "Borough less London", chart_id="levels", unit="points"),
        label="question",
        value="difference_points",
        label_name="Question",
    )
    return [drawn, _levels_table(survey, table)]


def changes(
    survey: Survey, recent: pd.DataFrame, earlier: pd.DataFrame, years: int, title: str
) -> list[Chart | Table]:
    """Change of every answer over the years looked back on, alone and less London's."""
    if recent.empty:
        return []
    shown, span = (earlier, years) if years > 1 and len(earlier) else (recent, 1)
    before = "a year before" if span == 1 else f"{number_word(span)} years before"
    told = (
        ("difference_points", title, f"Change on {before}", "changes"),
        (
            "relative_points",
            "What is left when London's change is taken off",
            f"Change on {before}, less London's",
            "relative-changes",
        ),
    )
    drawn = [
        _change_dots(
            shown.dropna(subset=[column]),
            column,
            _caption(survey, heading, measure, chart_id=chart_id, unit="points"),
        )
        for column, heading, measure, chart_id in told
        if shown[column].notna().any()
    ]
    return [*drawn, _changes_table(survey, recent, earlier, years)]


def _change_dots(table: pd.DataFrame, column: str, about: Caption) -> Chart:
    return interval_dots(
        table.assign(question=[survey_label(str(m)) for m in table.index]),
        about,
        label="question",
        value=column,
        label_name="Question",
    )


def ranks(survey: Survey, table: pd.DataFrame, title: str) -> list[Chart]:
    """Rank of the borough by every answer, with the ranks it could as well have."""
    if table.empty:
        return []
    # Counted from the highest, as the sentence has it.
    last = len(borough_codes()) + 1
    rows = table.assign(
        question=[survey_label(str(m)) for m in table.index],
        confidence_rank=last - table["confidence_rank"],
        confidence_rank_lower=last - table["confidence_rank_upper"],
        confidence_rank_upper=last - table["confidence_rank_lower"],
    )
    drawn = interval_dots(
        rows,
        _caption(
            survey,
            title,
            "Rank among the boroughs, 1 the highest share",
            chart_id="ranks",
            unit="rank",
        ),
        label="question",
        value="confidence_rank",
        label_name="Question",
        interval_name="ranks that 95% of simulated samples leave open",
    )
    return [drawn]


def twenty(survey: Survey, table: pd.DataFrame) -> list[Table]:
    """What "up by 20 per cent" asks of every answer, in points and in per cent."""
    if table.empty:
        return []
    frame = pd.DataFrame(
        {
            "Question": [survey_label(str(m)) for m in table.index],
            "Newest (%)": table["base_pct"].to_numpy(),
            "Up 20 points (%)": table["by_points_pct"].to_numpy(),
            "20 points in per cent": table["points_in_percent"].to_numpy(),
            "Up 20 per cent (%)": table["by_percent_pct"].to_numpy(),
            "20 per cent in points": table["percent_in_points"].to_numpy(),
            "Apart (points)": table["between_points"].to_numpy(),
        }
    )
    frame = frame.astype(dict.fromkeys(("Up 20 points (%)", "Up 20 per cent (%)"), object))
    return [
        Table(
            title="What up by 20 per cent would ask for, read either way",
            frame=frame.where(frame.notna(), "[z]"),
            source=survey_source(survey),
            table_id="twenty",
            notes=("[z]: more than all of those asked.",),
            decimals=dict.fromkeys(frame.columns[1:], 0) | {frame.columns[5]: 1},
        )
    ]


def gap(assessment: Assessment, survey: Survey, table: pd.DataFrame, title: str) -> list[Chart]:
    """Confidence against recorded risk, every borough with both intervals."""
    if table.empty:
        return []
    code = assessment.area.area_code
    about = Caption(
        title=title,
        measure="Confidence against recorded crime",
        area="London boroughs",
        period=period_words(*survey_year(survey)),
        source=f"{survey_source(survey, MAIN_ANSWER)} {source_line(assessment)}",
        chart_id="gap",
        unit="%",
    )
    drawn = interval_scatter(
        table,
        about,
        across="risk",
        up="value_pct",
        across_name=risk_label(MAIN_RISK),
        up_name="% agreeing",
        highlight=code if code in table.index else "",
        is_beyond="is_significant",
        line="expected_pct",
        line_name="boroughs with as much recorded crime",
        is_log=True,
    )
    return [drawn]


def gap_table(assessment: Assessment, survey: Survey, table: pd.DataFrame) -> list[Table]:
    """Gap of every borough, with its interval and verdict, folded."""
    if table.empty:
        return []
    rows = table.sort_values("gap")
    frame = pd.DataFrame(
        {
            "Borough": [area_name(str(code)) for code in rows.index],
            "Agree (%)": rows["value_pct"].to_numpy(),
            "Crime per 1,000": rows["risk"].to_numpy(),
            "Gap (standard deviations)": rows["gap"].to_numpy(),
            "Lower": rows["gap_lower"].to_numpy(),
            "Upper": rows["gap_upper"].to_numpy(),
            "From expected (points)": rows["from_expected_points"].to_numpy(),
            "Beyond chance": yes_or_no(rows["is_significant"]),
        }
    )
    return [
        Table(
            title=f"Confidence-risk gap by borough, year to {month_text(survey.quarter)}",
            frame=frame,
            source=f"{survey_source(survey, MAIN_ANSWER)} {source_line(assessment)}",
            table_id="gap-table",
            notes=(
                "Gap: confidence less safety by recorded crime, each in standard deviations "
                "from the boroughs' mean; above zero, more confidence than the record "
                "suggests. 'Beyond chance' allows for all boroughs being looked at together.",
                "From expected: points above or below what boroughs with as much recorded "
                "crime have, by the median line.",
                JUDGED_TOGETHER,
            ),
            decimals={"Agree (%)": 0, **dict.fromkeys(frame.columns[2:3], 0)}
            | dict.fromkeys(frame.columns[3:6], 1)
            | {"From expected (points)": 0},
            is_folded=True,
        )
    ]


def pairs(assessment: Assessment, survey: Survey, table: pd.DataFrame) -> list[Table]:
    """The borough's gap and the boroughs' correlation, by each answer and each risk."""
    if table.empty:
        return []
    frame = pd.DataFrame(
        {
            "Confidence": [survey_label(answer) for answer in table["answer"]],
            "Recorded risk": [risk_label(risk) for risk in table["risk"]],
            f"Gap of {assessment.area.area_name}": table["gap"].to_numpy(),
            "Gap, lower": table["gap_lower"].to_numpy(),
            "Gap, upper": table["gap_upper"].to_numpy(),
            "Gap beyond chance": yes_or_no(table["is_significant"]),
            "Boroughs beyond chance": table["beyond_count"].to_numpy(),
            "Rank correlation": table["correlation"].to_numpy(),
            "Correlation, lower": table["correlation_lower"].to_numpy(),
            "Correlation, upper": table["correlation_upper"].to_numpy(),
            "Correlated beyond chance": yes_or_no(table["is_correlated"]),
        }
    )
    return [
        Table(
            title="Confidence and recorded risk, read in every way",
            frame=frame,
            source=f"{survey_source(survey)} {source_line(assessment)}",
            table_id="pairs",
            notes=(
                "Correlation over boroughs of ranks: minus one is the opposite order. A gap is "
                "judged together with those of all boroughs, a correlation with the other "
                "rows'.",
                JUDGED_TOGETHER,
            ),
            decimals=dict.fromkeys(frame.columns[2:5], 1)
            | dict.fromkeys(frame.columns[7:10], 2),
        )
    ]


def moved(
    assessment: Assessment, survey: Survey, table: pd.DataFrame, years: int, title: str
) -> list[Chart]:
    """Change in confidence against change in crime, every borough with both intervals."""
    if table.empty:
        return []
    code = assessment.area.area_code
    first = str(pd.Period(f"{survey.quarter:%Y-%m}", "M") - 12 * years)
    about = Caption(
        title=title,
        measure=f"Change over {number(years)} years to the newest figures",
        area="London boroughs",
        period=f"years to {period_words(first, survey_year(survey)[1])}",
        source=f"{survey_source(survey, MAIN_ANSWER)} {source_line(assessment)}",
        chart_id="moved",
        unit="points",
    )
    drawn = interval_scatter(
        table,
        about,
        across="crime_change_pct",
        up="change_points",
        across_name="Change in crime but fraud per resident (%)",
        up_name="Points of agreement",
        highlight=code if code in table.index else "",
        units=("%", ""),
    )
    return [drawn]


def moves_table(assessment: Assessment, survey: Survey, table: pd.DataFrame) -> list[Table]:
    """Points of confidence that went with a tenth more crime, within boroughs."""
    if table.empty:
        return []
    frame = pd.DataFrame(
        {
            "Confidence": [survey_label(answer) for answer in table["answer"]],
            "Recorded crime": [measure_label(risk) for risk in table["risk"]],
            "Points for a tenth more crime": table["points_per_tenth"].to_numpy(),
            "Lower": table["points_per_tenth_lower"].to_numpy(),
            "Upper": table["points_per_tenth_upper"].to_numpy(),
            "Boroughs": table["area_count"].to_numpy(),
            "Years": table["year_count"].to_numpy(),
            "Beyond chance": yes_or_no(table["is_significant"]),
        }
    )
    return [
        Table(
            title="Confidence and recorded crime over time, within boroughs",
            frame=frame,
            source=f"{survey_source(survey)} {source_line(assessment)}",
            table_id="moves",
            notes=(
                "What is steady in a borough and what all share in a year are taken out; "
                "intervals let a borough's years hang together. An association, not an effect.",
                JUDGED_TOGETHER,
            ),
            decimals=dict.fromkeys(frame.columns[2:5], 1),
        )
    ]


def together(survey: Survey, table: pd.DataFrame, title: str) -> list[Chart]:
    """Rank correlation of the other answers with "a good job", over boroughs."""
    if table.empty or table["correlation"].isna().all():
        return []
    rows = table.sort_values("correlation", ascending=False)
    rows = rows.assign(question=[survey_label(str(m)) for m in rows.index])
    drawn = interval_dots(
        rows,
        _caption(
            survey,
            title,
            "Rank correlation over boroughs with police doing a good job locally",
            chart_id="together",
            unit="correlation",
            period=_averaged(survey, rows),
            area="London boroughs",
        ),
        label="question",
        value="correlation",
        label_name="Question",
        decimals=2,
    )
    return [drawn]


def _averaged(survey: Survey, rows: pd.DataFrame) -> str:
    years = int(rows["year_count"].max())
    return f"{counted(years, 'year').casefold()} to {month_text(survey.quarter)}, averaged"


def perceptions(
    assessment: Assessment, found: Perceptions | None, title: str
) -> list[Chart | Table]:
    """What residents perceive, with intervals, and beside it what was recorded."""
    if found is None:
        return []
    table = found.table
    rows = table.assign(topic=[TOPICS[str(q)].label for q in table.index])
    months = table["month"]
    about = Caption(
        title=title,
        measure="Share of respondents",
        area=assessment.area.area_name,
        period=period_words(f"{months.min():%Y-%m}", f"{months.max():%Y-%m}"),
        source="The partnership's own survey, as loaded.",
        chart_id="perceptions",
        unit="%",
    )
    drawn = interval_dots(
        rows,
        about,
        label="topic",
        value="value_pct",
        label_name="Question",
    )
    return [drawn, _perceptions_table(assessment, rows)]


def engagement(assessment: Assessment, log: pd.DataFrame, duties: pd.DataFrame) -> list[Table]:
    """The engagement log, and what the regulations ask beside it."""
    if assessment.plan is None:
        return []
    source = f"{assessment.plan.source.document}; SI 2007/1830, regulation 12."
    tables = []
    if len(log):
        frame = pd.DataFrame(
            {
                "When": log["when"].to_numpy(),
                "What": log["what"].to_numpy(),
                "With whom": log["with_whom"].to_numpy(),
                "Attended": _or_not_recorded(log["attended_count"]),
                "Views heard": _or_not_recorded(log["views_heard"]),
                "What was done": _or_not_recorded(log["done"]),
            }
        )
        tables.append(Table("Engagement that the plan records", frame, source, "engagement"))
    frame = pd.DataFrame(
        {
            "What the regulations ask": duties["duty"].to_numpy(),
            "Recorded": duties["recorded"].to_numpy(),
            "Missing": duties["missing"].to_numpy(),
        }
    )
    notes = ("What was done and not recorded in the plan as held cannot be seen here.",)
    return [
        *tables,
        Table("Engagement against the regulations", frame, source, "duties", notes),
    ]


def _caption(
    survey: Survey,
    title: str,
    what: str,
    *,
    chart_id: str,
    unit: str = "%",
    period: str = "",
    measure: str = "",
    area: str = "",
) -> Caption:
    quarter = f"year to {month_text(survey.quarter)}"
    return Caption(
        title=title,
        measure=what,
        area=area or area_name(survey.area_code),
        period=period or quarter,
        source=survey_source(survey, measure),
        chart_id=chart_id,
        unit=unit,
    )


def _levels_table(survey: Survey, table: pd.DataFrame) -> Table:
    frame = pd.DataFrame(
        {
            "Question": [survey_label(str(m)) for m in table.index],
            "Borough (%)": table["value_pct"].to_numpy(),
            "Lower": table["value_pct_lower"].to_numpy(),
            "Upper": table["value_pct_upper"].to_numpy(),
            "London (%)": table["london_pct"].to_numpy(),
            "Difference (points)": table["difference_points"].to_numpy(),
            "Beyond chance": yes_or_no(table["is_significant"]),
            "Worth, drawn at random": table["sample_count"].to_numpy(),
        }
    )
    return Table(
        title=f"Answers of the borough and of London, year to {month_text(survey.quarter)}",
        frame=frame,
        source=survey_source(survey),
        table_id="levels-table",
        notes=(
            "'Beyond chance' allows for all questions being looked at together. Worth, drawn "
            "at random: persons whose answers would scatter as much as those assumed asked.",
            JUDGED_TOGETHER,
        ),
        decimals=dict.fromkeys([*frame.columns[1:6], frame.columns[7]], 0),
    )


def _changes_table(
    survey: Survey, recent: pd.DataFrame, earlier: pd.DataFrame, years: int
) -> Table:
    frame = pd.DataFrame(
        {
            "Question": [survey_label(str(m)) for m in recent.index],
            "Year before (%)": recent["before_pct"].to_numpy(),
            "Newest (%)": recent["after_pct"].to_numpy(),
            "Change (points)": recent["difference_points"].to_numpy(),
            "Beyond chance": yes_or_no(recent["is_significant"]),
            "London (points)": recent["london_points"].to_numpy(),
        }
    )
    if years > 1 and len(earlier):
        back = earlier.reindex(recent.index)
        told = f"over {number(years)} years"
        frame[f"Change {told} (points)"] = back["difference_points"].to_numpy()
        frame[f"Beyond chance {told}"] = yes_or_no(back["is_significant"])
        frame[f"London {told} (points)"] = back["london_points"].to_numpy()
        frame["Beyond chance against London"] = yes_or_no(back["is_relative_significant"])
    return Table(
        title="Change of every answer, beside London's",
        frame=frame,
        source=survey_source(survey),
        table_id="changes-table",
        notes=(
            "Only quarters a year or more apart are compared: nearer ones share answers. "
            "'Beyond chance' allows for all questions being looked at together.",
            JUDGED_TOGETHER,
        ),
        decimals={name: 0 for name in frame.columns[1:] if not name.startswith("Beyond")},
    )


def _perceptions_table(assessment: Assessment, rows: pd.DataFrame) -> Table:
    words = {-1.0: "fell", 0.0: "no clear change", 1.0: "rose"}
    frame = pd.DataFrame(
        {
            "Question": rows["topic"].to_numpy(),
            "Respondents": rows["respondent_count"].to_numpy(),
            "Share (%)": rows["value_pct"].to_numpy(),
            "Recorded per 100 residents": rows["recorded_per_100"].astype(float).to_numpy(),
            "Gap (points)": rows["gap_points"].to_numpy(),
            "Lower": rows["gap_points_lower"].to_numpy(),
            "Upper": rows["gap_points_upper"].to_numpy(),
            "Recorded, on the year before": [
                words.get(way, "not judged") for way in rows["recorded_direction"]
            ],
            "Share, on the year before": [
                words.get(way, "not judged") for way in rows["perceived_direction"]
            ],
        }
    )
    return Table(
        title="What residents perceive, and what was recorded",
        frame=frame,
        source=f"The partnership's own survey, as loaded. {source_line(assessment)}",
        table_id="perceptions-table",
        notes=(
            "Gap: of whether crime rose, the share whose belief the record does not bear out; "
            "otherwise the share less offences (or incidents) of the year per 100 residents. "
            "That does not say that worry should equal risk.",
        ),
        decimals=dict.fromkeys(frame.columns[2:3], 0)
        | {"Recorded per 100 residents": 2}
        | dict.fromkeys(frame.columns[4:7], 0),
    )


def _or_not_recorded(values: pd.Series) -> list[str]:
    return ["not recorded" if pd.isna(value) else str(value) for value in values]
