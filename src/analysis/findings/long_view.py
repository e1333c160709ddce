"""Sentences on three years, and on what breaks the record."""

from __future__ import annotations

import pandas as pd

from analysis.assessment import Assessment
from analysis.assessment.long_view import three_years
from analysis.data.offences import measure_label
from analysis.findings.finding import Finding
from analysis.wording import (
    counted,
    listed,
    month_text,
    number_word,
    with_unit,
    year_ending,
)


def three_year_changes(assessment: Assessment, table: pd.DataFrame) -> Finding:
    """Which offence groups moved beyond chance from the first of three years to the last.

    Parameters
    ----------
    assessment : Assessment
    table : DataFrame
        As ``long_view.three_year_changes`` returns it, perhaps empty.

    Returns
    -------
    Finding
    """
    area = assessment.area.area_name
    if table.empty or table["is_blocked"].all():
        why = "Three years are not held by then."
        if len(table):
            why = str(table["note"].iloc[0])
        return Finding(
            heading=f"What changed in {area} in two years cannot be told",
            sentence=f"{why} No change over two years is worked out.",
            certainty="not known",
            because="the years are not held, or not comparable",
            is_key=False,
        )
    open_rows = table[~table["is_blocked"].astype(bool)]
    real = open_rows[open_rows["is_significant"].fillna(value=False).astype(bool)]
    up = real[real["change_count"] > 0].sort_values("change_pct", ascending=False)
    down = real[real["change_count"] < 0].sort_values("change_pct")
    years = three_years(assessment)
    judged = int(open_rows["is_significant"].notna().sum())
    return Finding(
        heading=_heading(len(up), len(down)),
        sentence=(
            f"From the {year_ending(years[0][1])} to the {year_ending(years[2][1])}, of "
            f"{judged} offence groups judged together, {number_word(len(up))} rose"
            f"{_named(up)} and {number_word(len(down))} fell{_named(down)} by more than chance "
            "explains. All three years are on the location basis and the current list."
        ),
        certainty="moderate",
        because=(
            "scatter is learnt from each group's own months, but small breaks of the record "
            "lie within the years (their section names them), and about one in twenty of the "
            "groups called changed is a false alarm"
        ),
        is_key=False,
    )


def breaks(assessment: Assessment, table: pd.DataFrame) -> Finding:
    """What breaks the record in the years held, in words."""
    drawn = table[table["is_drawn"].astype(bool)]
    named = [
        f"{row['label']} ({_months(row['first_month'], row['last_month'])})"
        for row in drawn.to_dict("records")
    ]
    barring = table.loc[table["is_blocking"].astype(bool), "label"]
    barred = (
        f"Totals are not compared across the break '{listed(list(barring))}' at all"
        if len(barring) == 1
        else f"Totals are not compared at all across the breaks '{listed(list(barring))}'"
        if len(barring)
        else "Nothing bars totals from being compared"
    )
    others = len(table) - len(drawn)
    return Finding(
        heading=f"{counted(len(drawn), 'break')} in the record marked on every long chart",
        sentence=(
            f"The marks: {listed(named)}. {barred}; the others, and {number_word(others)} "
            "smaller ones in the table, are named beside each comparison that they touch."
        ),
        certainty="high",
        because="the dates are the publishers' own, or plain in the figures",
        is_key=False,
    )


def _heading(up: int, down: int) -> str:
    if not up and not down:
        return "In two years no offence group moved beyond chance"
    if not down:
        return f"In two years {counted(up, 'offence group').lower()} rose, none fell"
    if not up:
        return f"In two years {counted(down, 'offence group').lower()} fell, none rose"
    rose = counted(up, "offence group").lower()
    return f"In two years {rose} rose, {number_word(down)} fell"


def _named(rows: pd.DataFrame) -> str:
    if rows.empty:
        return ""
    named = [
        f"{measure_label(str(group), in_sentence=True)} "
        f"{with_unit(row['change_pct'], '%', 0, signed=True)}"
        for group, row in rows.iterrows()
    ]
    return f" ({listed(named)})"


def _months(first: pd.Timestamp, last: pd.Timestamp) -> str:
    return month_text(first) if first == last else f"{month_text(first)} to {month_text(last)}"
