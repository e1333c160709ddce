"""The charts and tables of the comparison of boroughs, from an assessment's own results."""

from __future__ import annotations

import pandas as pd

from analysis.assessment import Assessment
from analysis.assessment.comparison import MAIN, RATIO_CLASSES
from analysis.assessment.safest import SafestAim
from analysis.assessment.target_choice import record_of
from analysis.charts.bars import change_bars
from analysis.charts.captions import (
    BOROUGHS,
    RESIDENTS,
    SEVERITY,
    caption,
    drawn_boroughs,
    marks,
    source_line,
    spans,
    table_source,
)
from analysis.charts.chart import Chart
from analysis.charts.dots import interval_dots, probability_bars
from analysis.charts.grouped_dots import grouped_dots
from analysis.charts.rows import JUDGED_TOGETHER, yes_or_no
from analysis.charts.small_multiples import small_multiples
from analysis.charts.table import Table
from analysis.charts.tile_map import tile_map
from analysis.data.offences import measure_label
from analysis.params.areas import area_name, load_tiles
from analysis.wording import (
    chance_words,
    listed,
    month_text,
    number,
    ordinal,
    year_ending,
)

WORTH_A_BAR = 0.005
# Chance of being lowest under which a borough is left to the table.

NAMED = 3
# Boroughs named in a cell: with more the table cannot be read on a narrow page.

BY_WORDS = {
    "count": "Offences",
    "residents": "Per resident",
    "households": "Per household",
    "aged_16_to_64": "Per resident aged 16 to 64",
    "rate": "Per resident",
    "harm": "Harm per resident",
}

HARM_LABEL = "Harm (ONS severity weights)"


def ranks(assessment: Assessment, table: pd.DataFrame, by: str, title: str) -> Chart:
    """Rank of every borough from the lowest, with the ranks that chance leaves it."""
    words = {"rate": "rate per resident", "count": "number of offences"}[by]
    rows = table.sort_values([f"{by}_rank", f"{by}_rank_lower", f"{by}_rank_upper"])
    rows = rows.assign(borough=_names(rows))
    about = caption(
        assessment,
        title,
        f"Rank by {words}, 1 = lowest",
        chart_id=f"ranks-by-{by}",
        unit="rank",
        area=BOROUGHS,
        source=f"{source_line(assessment)} {RESIDENTS if by == 'rate' else ''}".strip(),
    )
    return interval_dots(
        rows,
        about,
        label="borough",
        value=f"{by}_rank",
        label_name="Borough",
        interval_name="95% intervals, each borough by itself",
        highlight=str(rows["borough"][assessment.area.area_code]),
    )


def standings_table(assessment: Assessment, table: pd.DataFrame) -> Table:
    """Count, rate, ranks and joint ranks of all boroughs."""
    rows = table.sort_values("rate_per_1000")
    frame = pd.DataFrame(
        {
            "Borough": _names(rows),
            "Offences": rows["offence_count"].to_numpy(),
            "Per 1,000 residents": rows["rate_per_1000"].to_numpy(),
            "Rank by rate": rows["rate_rank"].to_numpy(),
            "Could be, alone": _span(rows, "rate_rank"),
            "Could be, jointly": _span(rows, "rate_joint"),
            "Rank by count": rows["count_rank"].to_numpy(),
            "Could be, jointly (count)": _span(rows, "count_joint"),
            "Could be lowest rate": yes_or_no(rows["rate_may_be_lowest"]),
        }
    )
    return Table(
        title=f"{measure_label(MAIN)}, {year_ending(assessment.as_of)}: rates and ranks",
        frame=frame,
        source=f"{source_line(assessment)} {RESIDENTS}",
        table_id="standings",
        notes=(
            "Ranks count from the lowest. 'Alone' is a 95% interval for one borough looked at "
            "by itself; 'jointly' holds for all 32 at once and is wider.",
            *_mixed_note(table),
        ),
        decimals={"Per 1,000 residents": 1},
        is_folded=True,
    )


def tiles(assessment: Assessment, table: pd.DataFrame, title: str) -> Chart:
    """London as one square a borough, coloured by its rate over London's."""
    return tile_map(
        table,
        caption(
            assessment,
            title,
            f"{measure_label(MAIN)} per 1,000 residents",
            chart_id="tiles",
            unit="per 1,000",
            area=BOROUGHS,
        ),
        load_tiles(),
        {name: _class_words(*ends) for name, ends in RATIO_CLASSES.items()},
        mark="is_mixed_year",
        mark_means="Heathrow counted all year",
        highlight=assessment.area.area_code,
    )


def chances(assessment: Assessment, table: pd.DataFrame, title: str) -> Chart:
    """Chance of each borough of having the lowest rate indeed."""
    is_worth_a_bar = table["rate_lowest_probability"] >= WORTH_A_BAR
    rows = table[is_worth_a_bar | table["rate_may_be_lowest"].astype(bool)]
    rows = rows.sort_values("rate_lowest_probability", ascending=False)
    rows = rows.assign(borough=_names(rows), chance=100 * rows["rate_lowest_probability"])
    about = caption(
        assessment,
        title,
        f"Chance of the lowest rate of {measure_label(MAIN, in_sentence=True)}",
        chart_id="chance-of-lowest",
        unit="%",
        source=f"{source_line(assessment)} {RESIDENTS}",
        area=drawn_boroughs(len(rows)),
    )
    return probability_bars(rows, about, label="borough", value="chance", label_name="Borough")


def answers(assessment: Assessment, table: pd.DataFrame) -> Table:
    """Who is lowest by every way of asking, how surely, and where the borough stands."""
    frame = pd.DataFrame(
        {
            "Asked": [_asked(row) for _, row in table.iterrows()],
            "Year to": [month_text(pd.Timestamp(month)) for month in table["last_month"]],
            "Lowest": [area_name(code) for code in table["lowest_code"]],
            "Chance that it is": [chance_words(p) for p in table["lowest_probability"]],
            "Cannot be told from the lowest": _sets(table),
            f"Rank of {assessment.area.area_name}": table["own_rank"].mask(
                table["is_own_mixed"].astype(bool)
            ),
            "Could be, alone": _own_span(table),
            f"{assessment.area.area_name} among those not told from the lowest": yes_or_no(
                table["own_may_be_lowest"].mask(table["is_own_mixed"].astype(bool))
            ),
        }
    )
    return Table(
        title="Which borough is lowest, by each way of asking",
        frame=frame,
        source=f"{source_line(assessment)} {SEVERITY}",
        table_id="answers",
        notes=(
            "A chance is one of scatter in what is recorded. 'Could be, alone' is of one "
            "borough looked at by itself; the set that cannot be told from the lowest allows "
            "for all 32 being compared with each other, and is wider.",
            "Households and the share aged 16 to 64 are those of the census of 2021. No "
            "daytime or workday population is held.",
        ),
    )


def own_rank_by_year(assessment: Assessment, table: pd.DataFrame, title: str) -> Chart:
    """The borough's rank in every year, by count, by rate and by harm."""
    known = table[~table["is_own_mixed"].astype(bool)]
    wide = known.pivot(index="year_ending", columns="asked", values="own_rank")
    rows = wide.iloc[::-1].reset_index()
    rows["year"] = [f"Year to {month_text(end)}" for end in rows["year_ending"]]
    first = f"{wide.index[0] - pd.DateOffset(months=11):%Y-%m}"
    return grouped_dots(
        rows,
        caption(
            assessment,
            title,
            "Rank of 32 boroughs, 1 = lowest",
            chart_id="own-rank-by-year",
            unit="rank",
            period=(first, assessment.as_of),
        ),
        {"rate": "Per resident", "count": "Offences", "harm": "Harm per resident"},
        label="year",
        label_name="Year",
    )


def lowest_by_year(assessment: Assessment, table: pd.DataFrame) -> Table:
    """Who was lowest in each year, how surely, and which breaks stand in that year."""
    ends = sorted(table["year_ending"].unique(), reverse=True)
    found = {name: rows.set_index("year_ending") for name, rows in table.groupby("asked")}
    frame = pd.DataFrame({"Year to": [month_text(pd.Timestamp(end)) for end in ends]})
    for name in ("count", "rate", "harm"):
        rows = found[name].loc[ends]
        frame[f"Lowest: {BY_WORDS[name].lower()}"] = [
            f"{area_name(code)} ({chance_words(chance)})"
            for code, chance in zip(
                rows["lowest_code"], rows["lowest_probability"], strict=True
            )
        ]
    frame["Cannot be told from the lowest rate"] = _sets(found["rate"].loc[ends])
    frame["Breaks in the year"] = [_breaks_in(assessment, pd.Timestamp(end)) for end in ends]
    return Table(
        title="Who was lowest in each year, with the chance that it was so indeed",
        frame=frame,
        source=f"{source_line(assessment)} {SEVERITY}",
        table_id="lowest-by-year",
        notes=(
            f"{measure_label(MAIN)}. Within a year all boroughs are counted alike; across a "
            "break no level is compared here, only who was lowest.",
        ),
    )


def lowest_periods(assessment: Assessment, table: pd.DataFrame) -> Table:
    """Which boroughs were ever lowest over twelve months, how often and when."""
    frame = pd.DataFrame(
        {
            "Borough": [area_name(code) for code in table["area_code"]],
            "Lowest by": [BY_WORDS[by].lower() for by in table["by"]],
            "Twelve-month periods": table["period_count"].to_numpy(),
            "Out of": table["all_count"].to_numpy(),
            "First ends": table["first_month"].to_numpy(),
            "Last ends": table["last_month"].to_numpy(),
        }
    )
    return Table(
        title="Boroughs that were lowest over any twelve months, as published",
        frame=frame,
        source=source_line(assessment),
        table_id="lowest-periods",
        notes=("Periods overlap: one ends with each month. No interval is in these counts.",),
        is_folded=True,
    )


def as_published(assessment: Assessment, table: pd.DataFrame) -> list[Table]:
    """Ranks on the residents of the day and on those estimated since; perhaps none."""
    if table.empty:
        return []
    rows = table.iloc[::-1]
    own = assessment.area.area_name
    frame = pd.DataFrame(
        {
            "Year to": [month_text(end) for end in rows["year_ending"]],
            "Lowest as published": [area_name(c) for c in rows["published_lowest_code"]],
            f"{own}, rank as published": rows["published_rank"].to_numpy(),
            "Lowest on revised residents": [area_name(c) for c in rows["revised_lowest_code"]],
            f"{own}, rank on revised residents": rows["revised_rank"].to_numpy(),
        }
    )
    return [
        Table(
            title="The same offences out of the residents of the day and of those revised",
            frame=frame,
            source=f"{table_source('annual_offences')} {table_source('population')}",
            table_id="as-published",
            notes=(
                "All recorded crime on the policing basis, with fraud as far as the police "
                "recorded it.",
            ),
            is_folded=True,
        )
    ]


def aim(assessment: Assessment, found: SafestAim) -> list[Table]:
    """The borough's rank in each year on the record of the plan's aim; none without one."""
    if not found.is_asked:
        return []
    rows = found.table.sort_values(["year_ending", "asked"], ascending=[False, True])
    first = found.targets[0]
    record = record_of(first)
    frame = pd.DataFrame(
        {
            "Year to": [month_text(end) for end in rows["year_ending"]],
            "By": [BY_WORDS[by].lower() for by in rows["asked"]],
            "Lowest": [area_name(code) for code in rows["lowest_code"]],
            f"Rank of {assessment.area.area_name}": rows["own_rank"].to_numpy(),
            "Could be": _own_span(rows),
            "Chance of being lowest": [
                chance_words(chance) for chance in rows["own_lowest_probability"]
            ],
            "Within the plan": yes_or_no(rows["is_in_plan"]),
        }
    )
    return [
        Table(
            title="The plan's aim to be the safest borough, year by year",
            frame=frame,
            source=source_line(assessment, record),
            table_id="safest-aim",
            notes=(f"{measure_label(str(first.measure))}; the plan names no measure.",),
        )
    ]


def changes(assessment: Assessment, table: pd.DataFrame, title: str) -> list[Chart | Table]:
    """Change of every borough on the year before, drawn, and beside the others' as a table."""
    rows = table[~table["is_blocked"]].sort_values("change_pct", ascending=False)
    rows = rows.assign(borough=_names(rows))
    about = caption(
        assessment,
        title,
        f"{measure_label(MAIN)}, change on the year before",
        chart_id="changes-of-boroughs",
        unit="%",
        area=drawn_boroughs(len(rows)),
    )
    own = assessment.area
    drawn = change_bars(
        rows,
        about,
        label="borough",
        label_name="Borough",
        highlight=own.area_name if own.area_code in rows.index else "",
    )
    return [drawn, _against_others(assessment, table)]


def _against_others(assessment: Assessment, table: pd.DataFrame) -> Table:
    ordered = table.sort_values("relative_change_pct")
    frame = pd.DataFrame(
        {
            "Borough": [area_name(str(code)) for code in ordered.index],
            "Year before": ordered["before_count"].to_numpy(),
            "Latest year": ordered["after_count"].to_numpy(),
            "Change (%)": ordered["change_pct"].to_numpy(),
            "Beyond chance": _verdicts(ordered["is_significant"], ordered["is_blocked"]),
            "Against the others (%)": ordered["relative_change_pct"].to_numpy(),
            "Lower (%)": ordered["relative_change_pct_lower"].to_numpy(),
            "Upper (%)": ordered["relative_change_pct_upper"].to_numpy(),
            "Differs": _verdicts(ordered["is_different"], ordered["is_blocked"]),
        }
    )
    return Table(
        title="Each borough's change, and against the change of all others together",
        frame=frame,
        source=source_line(assessment),
        table_id="changes-against-others",
        notes=(
            "Verdicts hold the false-discovery rate over the boroughs at 5%; limits are of "
            "95%, each borough by itself.",
        ),
        decimals=dict.fromkeys(
            ["Change (%)", "Against the others (%)", "Lower (%)", "Upper (%)"], 1
        ),
        is_folded=True,
    )


def panels(assessment: Assessment, index: pd.DataFrame, title: str) -> Chart:
    """Course of every borough since its first year, in panels as on the map."""
    first = pd.Timestamp(index.index[0])
    drawn = marks(assessment, MAIN, first)
    since = f"{first - pd.DateOffset(months=11):%Y-%m}"
    return small_multiples(
        index,
        caption(
            assessment,
            title,
            f"{measure_label(MAIN)} per resident over 12 months, first year shown = 100",
            chart_id="panels",
            unit="index",
            period=(since, assessment.as_of),
            area=BOROUGHS,
        ),
        load_tiles(),
        highlight=assessment.area.area_code,
        breaks=drawn,
    )


def profile(assessment: Assessment, table: pd.DataFrame, title: str) -> list[Chart | Table]:
    """How much larger each group's share is than in all London."""
    judged = table[table["location_quotient"].notna()]
    rows = judged.sort_values("location_quotient", ascending=False)
    rows = rows.assign(group=[measure_label(str(name)) for name in rows.index])
    about = caption(
        assessment,
        title,
        "Share of the borough's offences over the share of London's, 1 = the same",
        chart_id="profile",
        unit="times",
    )
    drawn = interval_dots(
        rows,
        about,
        label="group",
        value="location_quotient",
        label_name="Offence group",
        decimals=2,
    )
    return [drawn, _mix(assessment, table)]


def _mix(assessment: Assessment, table: pd.DataFrame) -> Table:
    ordered = table.sort_values("share_pct", ascending=False)
    frame = pd.DataFrame(
        {
            "Offence group": [measure_label(str(name)) for name in ordered.index],
            "Offences": ordered["offence_count"].to_numpy(),
            "Share (%)": ordered["share_pct"].to_numpy(),
            "London's share (%)": ordered["london_share_pct"].to_numpy(),
            "Quotient": ordered["location_quotient"].to_numpy(),
            "Differs": yes_or_no(ordered["is_different"], missing="Too few"),
        }
    )
    return Table(
        title="The borough's mix of offences and London's",
        frame=frame,
        source=source_line(assessment),
        table_id="mix",
        notes=(
            "'Differs' holds the false-discovery rate over the groups at 5%.",
            JUDGED_TOGETHER,
        ),
        decimals={"Share (%)": 1, "London's share (%)": 1, "Quotient": 2},
        is_folded=True,
    )


def similar(
    assessment: Assessment, table: pd.DataFrame, changed: pd.DataFrame, codes: list[str]
) -> Table:
    """The borough beside those most like it."""
    rows = table.loc[[assessment.area.area_code, *codes]]
    moved = changed.loc[rows.index]
    frame = pd.DataFrame(
        {
            "Borough": _names(rows),
            "Offences": rows["offence_count"].to_numpy(),
            "Per 1,000 residents": rows["rate_per_1000"].to_numpy(),
            "Rank by rate": rows["rate_rank"].to_numpy(),
            "Could be, jointly": _span(rows, "rate_joint"),
            "Of London's rate (%)": 100 * rows["london_ratio"].to_numpy(),
            "Change on the year before (%)": moved["change_pct"].to_numpy(),
            "Beyond chance": _verdicts(moved["is_significant"], moved["is_blocked"]),
        }
    )
    return Table(
        title=f"{assessment.area.area_name} and the boroughs most like it",
        frame=frame,
        source=source_line(assessment),
        table_id="similar",
        notes=(
            "Alike in residents, density, deprivation and ages, each weighing the same; "
            "nearest first.",
            *_mixed_note(rows),
        ),
        decimals={
            "Per 1,000 residents": 1,
            "Of London's rate (%)": 0,
            "Change on the year before (%)": 1,
        },
    )


def _names(table: pd.DataFrame) -> pd.Series:
    """Names of boroughs, with an asterisk where the year is mixed."""
    is_mixed = table.get("is_mixed_year", pd.Series(False, table.index))
    names = [area_name(str(code)) for code in table.index]
    marked = [f"{n}*" if m else n for n, m in zip(names, is_mixed, strict=True)]
    return pd.Series(marked, table.index)


def _mixed_note(table: pd.DataFrame) -> tuple[str, ...]:
    if not table["is_mixed_year"].any():
        return ()
    return (
        "* Heathrow had a row of its own for months of the year; its offences count there in "
        "those too.",
    )


def _span(table: pd.DataFrame, name: str) -> list[str]:
    lower, upper = table[f"{name}_lower"], table[f"{name}_upper"]
    return [_between(int(low), int(high)) for low, high in zip(lower, upper, strict=True)]


def _own_span(table: pd.DataFrame) -> list[str]:
    is_mixed = table.get("is_own_mixed", pd.Series(False, table.index)).astype(bool)
    return [
        "[x]" if hidden else span
        for hidden, span in zip(is_mixed, _span(table, "own_rank"), strict=True)
    ]


def _between(low: int, high: int) -> str:
    return ordinal(low) if low == high else f"{ordinal(low)} to {ordinal(high)}"


def _sets(table: pd.DataFrame) -> list[str]:
    """Who cannot be told from the lowest: the first few by name, lowest first."""
    told = []
    for codes in table["may_be_lowest"]:
        names = [area_name(code) for code in codes[:NAMED]]
        more = len(codes) - len(names)
        told.append(listed([*names, f"{more} more"] if more else names))
    return told


def _asked(row: pd.Series) -> str:
    measure = str(row["measure"])
    label = HARM_LABEL if measure == "harm" else measure_label(measure)
    basis = f", {row['basis']} basis" if row["asked"] == "basis" else ""
    by = "in all" if row["by"] == "count" else BY_WORDS[str(row["by"])].lower()
    return f"{label}, {by}{basis}"


def _verdicts(flags: pd.Series, is_blocked: pd.Series) -> list[str]:
    told = yes_or_no(flags)
    blocked = is_blocked.astype(bool)
    return [
        "Not comparable" if hidden else word for word, hidden in zip(told, blocked, strict=True)
    ]


def _breaks_in(assessment: Assessment, end: pd.Timestamp) -> str:
    first = end - pd.DateOffset(months=11)
    labels = [text for start, _, text in spans(assessment, MAIN, first) if start <= end]
    return listed(list(dict.fromkeys(labels))) or "none begins"


def _class_words(low: float, high: float) -> str:
    if low == 0:
        return f"Under {number(100 * high)}% of London's rate"
    if high == float("inf"):
        return f"{number(100 * low)}% of London's rate or more"
    return f"{number(100 * low)}% to under {number(100 * high)}%"
