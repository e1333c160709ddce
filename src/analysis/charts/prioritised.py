"""Charts and tables on priorities: the matrix and its evidence, progress, people's views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

import pandas as pd

from analysis.assessment import Assessment
from analysis.assessment.long_view import three_years
from analysis.assessment.priorities import USUAL_STRETCH, PriorityMatrix
from analysis.assessment.priority_verdicts import PriorityVerdicts
from analysis.assessment.progress import FollowedPlan
from analysis.charts.bars import change_bars, ranked_bars
from analysis.charts.captions import caption, first_of, source_line
from analysis.charts.chart import Chart
from analysis.charts.dots import interval_dots
from analysis.charts.grouped_dots import grouped_dots
from analysis.charts.score_matrix import score_grid
from analysis.charts.table import Table, keyed_notes, under_heads
from analysis.data.offences import measure_label
from analysis.params.priorities import Criterion
from analysis.wording import (
    in_sentence,
    listed,
    month_text,
    number,
    period_words,
    year_ending,
)

SHOWN_ITEMS = 10
# Rows of the matrix that are drawn; all of them are in the table.

OTHER_SOURCES = "What else is scored is from the sources at the foot of the report."

SEVERAL = (
    "Metropolitan Police Service; MOPAC Public Attitude Survey; Department for Education; "
    "publications under 'How sure are we'."
)


class Anchored(Protocol):
    """A section that can be linked to."""

    @property
    def slug(self) -> str:
        """Its anchor."""


def three_year_changes(
    assessment: Assessment, table: pd.DataFrame, title: str
) -> list[Chart | Table]:
    """Groups that moved beyond chance from first to last of three years, and all in a table."""
    if table.empty or table["is_blocked"].all():
        return []
    years = three_years(assessment)
    names = [measure_label(str(group)) for group in table.index]
    rows = table.reset_index(drop=True).assign(offence_group=names)
    real = rows[rows["is_significant"].fillna(value=False).astype(bool)]
    about = caption(
        assessment,
        title,
        "Change beyond chance",
        chart_id="three-years",
        unit="%",
    )
    ends = listed([month_text(pd.Timestamp(years[each][1])) for each in (0, 2)])
    about = replace(about, period=f"years to {ends}")
    drawn = [change_bars(real.sort_values("change_pct", ascending=False), about)]
    return [*(drawn if len(real) else []), _three_year_table(assessment, rows)]


def _three_year_table(assessment: Assessment, rows: pd.DataFrame) -> Table:
    heads = [f"Y{year_ending(year[1])[1:]}" for year in three_years(assessment)]
    counts = zip(heads, ("before_count", "middle_count", "after_count"), strict=True)
    verdict = rows["is_significant"].map({True: "yes", False: "no"}).fillna("too few")
    # Limits of what is too few for a verdict would be read as one.
    is_small = rows["is_small_count"].eq(other=True)
    frame = pd.DataFrame(
        {
            "Offence group": rows["offence_group"],
            **{head: rows[column] for head, column in counts},
            "Change (%)": rows["change_pct"],
            "Lower (%)": rows["change_pct_lower"].mask(is_small),
            "Upper (%)": rows["change_pct_upper"].mask(is_small),
            "Beyond chance": verdict.mask(rows["is_blocked"].astype(bool), "not comparable"),
        }
    )
    return Table(
        title="Offences by group in three years",
        frame=frame,
        source=source_line(assessment),
        table_id="three-years-table",
        is_folded=True,
        decimals=dict.fromkeys(["Change (%)", "Lower (%)", "Upper (%)"], 0),
    )


def breaks_table(assessment: Assessment, table: pd.DataFrame) -> Table:
    """Every break in words: when, what it does, and what may not be compared."""
    effect = table["is_blocking"].map({True: "not compared", False: "compared with a note"})
    touches = table["is_spell"].map({True: "while it lasts", False: "across it"})
    frame = pd.DataFrame(
        {
            "Break": table["label"],
            "From": [month_text(month) for month in table["first_month"]],
            "To": [month_text(month) for month in table["last_month"]],
            "Totals are": effect + " " + touches,
            "What it does": table["sentence"],
        }
    )
    return Table(
        title="What breaks the record, in order of time",
        frame=frame,
        source="Notes of the publishers and what the figures show; data/reference/breaks.yml.",
        table_id="breaks-table",
    )


def matrix(assessment: Assessment, result: PriorityMatrix, title: str) -> list[Chart]:
    """The highest of the matrix, with their scores; nothing where nothing is ranked."""
    if not result.ranked:
        return []
    rows = result.matrix.loc[result.ranked].head(SHOWN_ITEMS)
    rows = rows.assign(label=[result.label(str(item)) for item in rows.index])
    criteria = {
        str(each.name): each.label
        for each in result.params.criteria
        if result.matrix[each.name].notna().any()
    }
    about = caption(
        assessment,
        title,
        f"Priority scores{first_of(len(rows), len(result.ranked))}",
        chart_id="priority-matrix",
        source=f"{source_line(assessment)} {OTHER_SOURCES}",
        unit="score",
    )
    return [score_grid(rows.reset_index(drop=True), about, criteria)]


def matrix_table(
    assessment: Assessment, result: PriorityMatrix, sections: Mapping[str, Anchored]
) -> Table:
    """Every item: rank, how firm it is, and each score with the number it rests on.

    Parameters
    ----------
    sections : mapping of name to finding
        Sections of this report, as ``params/priorities.yml`` names them: a score leads to
        the one that holds its evidence.
    """
    joined = result.matrix.join(result.stability)
    criteria = [c for c in result.params.criteria if joined[c.name].notna().any()]
    cells = {c.label: _cells(result, c.name) for c in criteria}
    places = {
        f"Top {n} (%)": 100 * joined[f"top_{n}_probability"]
        for n in result.params.ranking.top_places
    }
    ranks = joined["rank"].astype(object).where(joined["rank"].notna(), "not ranked")
    span = [
        "not ranked" if pd.isna(low) else f"{low:.0f} to {high:.0f}"
        for low, high in zip(joined["rank_lower"], joined["rank_upper"], strict=True)
    ]
    frame = pd.DataFrame(
        {
            "What is scored": [result.label(str(item)) for item in joined.index],
            "Rank": ranks.astype(str).to_numpy(),
            "Could be": span,
            **{name: values.to_numpy() for name, values in places.items()},
            "Mean score": joined["mean_score"].to_numpy(),
            "Weight scored (%)": joined["scored_pct"].to_numpy(),
            **cells,
        }
    )
    return Table(
        title="The priority matrix: how firm the order is, and what each score rests on",
        frame=frame,
        source=f"{source_line(assessment)} {OTHER_SOURCES}",
        table_id="priority-matrix-table",
        links={c.label: _links(c, cells[c.label], sections) for c in criteria},
        notes=_matrix_notes(result),
        decimals={"Mean score": 1, "Weight scored (%)": 0, **dict.fromkeys(places, 0)},
    )


def _cells(result: PriorityMatrix, criterion: str) -> list[str]:
    """Score and value of every item on one criterion, in words."""
    held = result.evidence[result.evidence["criterion"] == criterion].set_index("item")
    return [
        "not scored"
        if pd.isna(held["score"][item])
        else f"{held['score'][item]:.0f} ({number(held['value'][item], 1)})"
        for item in result.matrix.index
    ]


def _links(
    criterion: Criterion, cells: list[str], sections: Mapping[str, Anchored]
) -> list[str]:
    if criterion.section is None or criterion.section not in sections:
        return [""] * len(cells)
    address = f"#{sections[criterion.section].slug}"
    return ["" if cell == "not scored" else address for cell in cells]


def _police_remark(result: PriorityMatrix) -> list[str]:
    found = [str(item) for item in result.matrix.index if item in result.params.found_by_police]
    if not found:
        return []
    named = listed([result.label(item) for item in found])
    return [f"{named}: {result.params.found_by_police_because}"]


def _matrix_notes(result: PriorityMatrix) -> tuple[str, ...]:
    criteria = result.params.criteria
    unscored = [c.label for c in criteria if result.matrix[c.name].isna().all()]
    elsewhere = [
        f"{c.label}: the report on {c.report.replace('_', ' ')}"
        for c in criteria
        if c.report and c.label not in unscored
    ]
    special = result.items[result.items["is_special"]].to_dict("records")
    least = result.params.ranking.least_criteria
    return (
        "In brackets the number that a score rests on, in the unit of the scale below; the "
        "link leads to the section on it. "
        f"Shown in other reports: {'; '.join(elsewhere)}.",
        f"The mean is weighted{_heavier(result)}, over the criteria scored; not scored is not "
        "low. 'Could be' holds the "
        "ranks of 95% of drawings in which weights move and figures scatter, and what is not "
        f"scored could be anything. Fewer than {least} criteria scored: not ranked.",
        *([f"Scored on nothing: {', '.join(unscored)}."] if unscored else []),
        *_trend_remarks(result),
        *_police_remark(result),
        *(f"{row['label']}: {row['note']}" for row in special),
    )


def _heavier(result: PriorityMatrix) -> str:
    """Which criteria count more than once."""
    told = [
        f"{in_sentence(c.label)} counts {number(c.weight)} times"
        for c in result.params.criteria
        if c.weight > 1
    ]
    return f" ({listed(told)})" if told else ""


def _trend_remarks(result: PriorityMatrix) -> list[str]:
    """Over what stretch a trend is told, where that is not the usual one."""
    trends = result.evidence[result.evidence["criterion"] == "trend"].dropna(subset=["score"])
    told = [
        f"Trend {remark}: {listed([in_sentence(result.label(i)) for i in rows['item']])}."
        for remark, rows in trends.groupby("remark")
        if remark != USUAL_STRETCH
    ]
    if any("since a break" in str(remark) for remark in trends["remark"]):
        told.append(
            "Since that break the report on protecting victims compares as many months as each "
            "measure's own publication holds, so its changes differ from these."
        )
    return [str(each) for each in told]


def stability(assessment: Assessment, result: PriorityMatrix, title: str) -> list[Chart]:
    """Rank of the highest, with the ranks they take as weights and figures move."""
    if not result.ranked:
        return []
    order = [item for item in result.ranked if item in result.stability.index][:SHOWN_ITEMS]
    rows = result.stability.loc[order].assign(
        label=[result.label(item) for item in order],
        rank=result.matrix["rank"][order].astype(int),
    )
    about = caption(
        assessment,
        title,
        "Rank on the matrix (1 is highest), with the ranks that 95% of drawings leave open"
        + first_of(len(rows), len(result.ranked)),
        chart_id="rank-stability",
        source=f"{source_line(assessment)} {OTHER_SOURCES}",
        unit="rank",
    )
    chart = interval_dots(
        rows.reset_index(drop=True),
        about,
        label="label",
        value="rank",
        label_name="What is scored",
        interval_name="95% of drawings",
    )
    return [chart]


def scale_table(result: PriorityMatrix) -> Table:
    """The scale: what each criterion asks, its steps and weight, and why."""
    params = result.params
    frame = pd.DataFrame(
        {
            "Criterion": [each.label for each in params.criteria],
            "Asks": [each.question for each in params.criteria],
            "Unit": [each.unit for each in params.criteria],
            "Scores 2, 3, 4, 5 from": [
                ", ".join(number(step) for step in each.steps) for each in params.criteria
            ],
            "Weight": [each.weight for each in params.criteria],
            "Why these steps": [each.steps_because for each in params.criteria],
            "Why this weight": [each.weight_because for each in params.criteria],
        }
    )
    return Table(
        title="The scale and the weights, with their reasons",
        frame=frame,
        source="params/priorities.yml, which a partnership may change.",
        table_id="score-scale",
        is_folded=True,
        decimals={"Weight": 0},
    )


def verdict_table(
    assessment: Assessment, verdicts: PriorityVerdicts, reasons: list[str]
) -> list[Table]:
    """Each priority with its verdict and reason; nothing before a plan has run."""
    if not verdicts.plan.has_begun:
        return []
    table, added = verdicts.table, verdicts.added
    words = {
        "keep": "Keep",
        "change": "Change how it is measured",
        "review": "Review whether to drop",
    }
    frame = pd.DataFrame(
        {
            "Priority": [*table["label"], *added["label"]],
            "The figures say": [*table["verdict"].map(words), *["Add"] * len(added)],
            "Reason": reasons,
            "How sure": [*table["certainty"], *added["certainty"]],
        }
    )
    shown = Table(
        title=f"Priorities of the {verdicts.plan.title}, and what to do with each",
        frame=frame,
        source=f"{source_line(assessment)} {OTHER_SOURCES}",
        table_id="priority-verdicts",
        notes=(
            "Rules, asked in order: no figure, a measure too wide, moved within its family, "
            "high on the matrix, rising, worse than London, worsened, not to be followed, low "
            "and falling, better than London but on figures older than a year, better than "
            "London; otherwise kept.",
        ),
    )
    return [shown]


def progress(
    assessment: Assessment, plan: FollowedPlan, table: pd.DataFrame, title: str
) -> list[Chart]:
    """Change of every count judged, beside the rest of London's where that is told."""
    if table.empty:
        return []
    is_judged = table["verdict"].isin(["fell", "rose", "no clear change"])
    rows = table[is_judged & (table["unit"] != "%") & table["change_pct"].notna()]
    if rows.empty:
        return []
    main = rows[rows["shown_by"] == "offences"]
    row = (main if len(main) else rows).iloc[0]
    names = [f"{name[:1].upper()}{name[1:]}" for name in rows["counted_short"]]
    rows = rows.assign(counted=names).drop_duplicates("counted")
    about = caption(
        assessment,
        title,
        "Change from the plan's first year to its last",
        chart_id="plan-progress",
        unit="%",
        period=(plan.first_year[0], plan.last_year[1]),
        record=(row["basis"], row["offence_list"] or "current"),
    )
    named = {"change_pct": assessment.area.area_name, "london_change_pct": "Rest of London"}
    return [grouped_dots(rows, about, named, label="counted", label_name="Counted")]


def progress_table(
    assessment: Assessment, plan: FollowedPlan, table: pd.DataFrame
) -> list[Table]:
    """Levels in the plan's first year, its last and now, with verdicts; nothing if none."""
    if table.empty:
        return []
    since = [f"Breaks since: {each}." if each else "" for each in table["now_note"]]
    both = [" ".join(filter(None, pair)) for pair in zip(table["note"], since, strict=True)]
    codes, key = keyed_notes(pd.Series(both))
    heads = {
        "label": "Priority",
        "counted": "What was counted",
        "notes": "Notes",
        "first_value": "First year",
        "last_value": "Last year",
        "change": "Change",
        "interval": "95% interval",
        "verdict": "Verdict",
        "beside": "Rest of London",
        "now_before_value": "Last year, record of now",
        "now_value": "Now",
        "now_verdict": "Since",
    }
    return [
        Table(
            title=f"Progress of the {plan.title}: its first year, its last, and now",
            frame=under_heads(_progress_rows(table).assign(notes=codes), heads),
            source=SEVERAL,
            table_id="progress-table",
            decimals=dict.fromkeys(
                ["First year", "Last year", "Last year, record of now", "Now"], 0
            ),
            notes=(_progress_note(plan, table), *key),
        )
    ]


def _progress_rows(table: pd.DataFrame) -> pd.DataFrame:
    """Rows whose changes carry their unit, so that points are not taken for per cent."""
    named = table["unit"].where(~table["unit"].isin(["", "offences", "incidents"]), "")
    intervals = [
        "[x]" if pd.isna(low) else f"{number(low, 1)} to {number(high, 1)}"
        for low, high in zip(table["change_pct_lower"], table["change_pct_upper"], strict=True)
    ]
    london = zip(_with_units(table, "london_change_pct"), table["against_london"], strict=True)
    return table.assign(
        counted=table["counted"] + named.map(lambda unit: f" ({unit})" if unit else ""),
        change=_with_units(table, "change_pct"),
        interval=intervals,
        beside=[verdict if told == "[x]" else f"{told}, {verdict}" for told, verdict in london],
    )


def _with_units(table: pd.DataFrame, column: str) -> list[str]:
    units = table["unit"].eq("%").map({True: " points", False: "%"})
    return [
        "[x]" if pd.isna(value) else f"{number(value, 1)}{unit}"
        for value, unit in zip(table[column], units, strict=True)
    ]


def _progress_note(plan: FollowedPlan, table: pd.DataFrame) -> str:
    """Which years and whose record, and what the columns of now stand beside."""
    first, last = (period_words(*year) for year in (plan.first_year, plan.last_year))
    named = table[table["basis"].ne("")]
    record = (named.iloc[0]["basis"], named.iloc[0]["offence_list"]) if len(named) else None
    told = f"{record[0]} basis, {record[1]} offence list" if record and record[1] else ""
    return (
        f"First year: {first}. Last year: {last}"
        + (f", both on the {told}{_on_other_basis(named)}. " if told else ". ")
        + "Now is the latest year on the location basis, set beside the plan's last "
        "year on the same; two bases are never joined. Verdicts over all priorities hold "
        "the false-discovery rate at 5%."
    )


def _on_other_basis(named: pd.DataFrame) -> str:
    """What is counted on another basis than the rest, because it has a table of its own."""
    other = named[named["basis"] != named.iloc[0]["basis"]]
    return "".join(
        f" ({listed([str(name) for name in rows['counted']])} on the {basis} basis)"
        for basis, rows in other.groupby("basis")
    )


def residents(assessment: Assessment, topics: pd.DataFrame | None, title: str) -> list[Chart]:
    """Topics by the share of residents who name them; nothing where none are loaded."""
    if topics is None:
        return []
    rows = topics.dropna(subset=["agree_pct"]).reset_index()
    about = caption(
        assessment,
        title,
        "Share of residents asked who name it",
        chart_id="resident-priorities",
        unit="%",
        period=(f"{rows['first_month'].min():%Y-%m}", f"{rows['last_month'].max():%Y-%m}"),
        source="The partnership's own records, resident_priorities, as loaded.",
    )
    chart = ranked_bars(
        rows,
        about,
        label="label",
        value="agree_pct",
        label_name="Topic",
    )
    return [chart]
