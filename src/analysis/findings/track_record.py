"""Sentences on how good forecasts have been, and on what broke the series they come from."""

from __future__ import annotations

import pandas as pd

from analysis.assessment.answers import TargetAnswer
from analysis.assessment.target_choice import record_of
from analysis.data.comparability import Break, breaks_of
from analysis.data.offences import measure_label
from analysis.findings.finding import Finding, Piece, note
from analysis.wording import counted, listed, month_text, number, number_word, period_words

ENOUGH_FORECASTS = 8
# Fewer than two years of them, made every third month, tell next to nothing.


def record(answer: TargetAnswer, table: pd.DataFrame) -> Finding:
    """How far forecasts have been out, against the same as last year.

    Parameters
    ----------
    answer : TargetAnswer
    table : DataFrame
        As ``target_report.forecast_record`` returns it.
    """
    name = answer.assessment.area.area_name
    usual = table[table["is_usual"].astype(bool) & (table["origin_count"] > 0)]
    if usual.empty:
        return _unseen(answer, table)
    is_better = _is_better(usual)
    worst = usual[~is_better]
    return Finding(
        heading=_heading(int(is_better.sum()), len(usual)),
        sentence=(
            "In usual times 12-month totals of "
            f"{measure_label(answer.target.measure, in_sentence=True)} were out (in brackets: "
            "'same as last year') on average by "
            f"{listed([_year(row) for _, row in usual.iterrows()])}."
        ),
        certainty="moderate" if usual["origin_count"].min() >= ENOUGH_FORECASTS else "low",
        because=(
            "the longest horizon rests on "
            f"{counted(int(usual['origin_count'].min()), 'forecast').lower()} of one borough, "
            "and forecasts overlap"
        ),
        detail=(
            f"{_coverage(answer, table, usual)}{_not_better(name, worst)}"
            f"{_all_times(answer, table)} {_used(table)}"
        ),
    )


def marked(answer: TargetAnswer, since: pd.Timestamp) -> list[Piece]:
    """What the marks of the fan chart are, and what the forecast makes of them.

    Parameters
    ----------
    answer : TargetAnswer
    since : Timestamp
        First month drawn.

    Returns
    -------
    list of Piece
        None where nothing is drawn.
    """
    if answer.is_blocked:
        return []
    basis, offence_list = record_of(answer.target)
    drawn = [
        each
        for each in breaks_of(
            answer.area_code, answer.target.measure, basis=basis, offence_list=offence_list
        )
        if each.is_drawn and f"{since:%Y-%m}" <= each.from_month <= answer.last_month
    ]
    if not drawn:
        return [note("No change of recording falls within the months drawn.")]
    steps = [each for each in drawn if each.how == "step"]
    drawn.sort(key=lambda each: each.from_month)
    text = f"Marked on the chart: {listed([_mark(each) for each in drawn])}."
    if any(each.how == "spell" for each in drawn):
        text += " Errors of forecasts that touch COVID restrictions are left out of the ranges."
    if steps:
        text += (
            " Where recording changed, a rise or fall on the chart may be recording; a further "
            "change is not foreseen. Each is explained under 'How sure are we'."
        )
    return [note(text)]


def _is_better(rows: pd.DataFrame, prefix: str = "") -> pd.Series:
    # By the sum of errors and by the mean that is printed: a tie is not better.
    printed = rows[f"{prefix}error_pct"].round(1) < rows[f"{prefix}last_year_error_pct"].round(
        1
    )
    return (rows[f"{prefix}relative_error"] < 1) & printed


def _unseen(answer: TargetAnswer, table: pd.DataFrame) -> Finding:
    seen = table[table["origin_count"] > 0]
    told = listed([_year(row) for _, row in seen.iterrows()])
    return Finding(
        heading="Too little has been seen to judge these forecasts",
        sentence=(
            f"By {month_text(pd.Timestamp(answer.last_month))} no forecast made from two years "
            "clear of breaks can be set against what came"
            + (
                f"; in all times they were out by {told}, in brackets 'same as last year'."
                if told
                else "."
            )
        ),
        certainty="not known",
        because="the figures are too short",
    )


def _heading(better: int, all_leads: int) -> str:
    if better == all_leads:
        return "In usual times forecasts beat 'same as last year'"
    if better == 0:
        return "Usual times: forecasts did not beat 'same as last year'"
    return (
        f"Usual times: forecasts beat last year's at {number_word(better)} of "
        f"{number_word(all_leads)}"
    )


def _year(row: pd.Series) -> str:
    return (
        f"{number(row['error_pct'], 1)}% {_ahead(row)} "
        f"({number(row['last_year_error_pct'], 1)}%)"
    )


def _coverage(answer: TargetAnswer, table: pd.DataFrame, usual: pd.DataFrame) -> str:
    """How often ranges held as far ahead as the target looks, and at the nearest horizon."""
    own = usual[usual["years_ahead"] == _years_ahead(answer, table)]
    first = usual[~usual.index.isin(own.index)].head(1)
    told = [
        f"{number(100 * row['coverage_80'])}% {_ahead(row)}"
        + (", as far as this target looks" if row.name in own.index else "")
        + f" ({counted(int(row['origin_count']), 'forecast').lower()} here; "
        f"{number(100 * row['all_coverage_80'])}% over all boroughs)"
        for _, row in (*own.iterrows(), *first.iterrows())
    ]
    none = "" if len(own) else " No forecast as far ahead as this target looks can be judged."
    return f"Ranges meant to hold 80% held {listed(told)}.{none}"


def _years_ahead(answer: TargetAnswer, table: pd.DataFrame) -> int:
    """The horizon judged that is nearest to the target's own."""
    judged = sorted(set(table["years_ahead"].astype(int)))
    return min(judged, key=lambda years: abs(12 * years - answer.months_ahead))


def _all_times(answer: TargetAnswer, table: pd.DataFrame) -> str:
    """Errors as far ahead as the target looks when no year is left out, over all boroughs."""
    is_own = table["years_ahead"] == _years_ahead(answer, table)
    seen = table[~table["is_usual"].astype(bool) & is_own & (table["origin_count"] > 0)]
    if seen.empty:
        return ""
    row = seen.iloc[0]
    return (
        f" In all times, {_ahead(row)}, forecasts over all boroughs were out by "
        f"{number(row['all_error_pct'], 1)}%, 'same as last year' by "
        f"{number(row['all_last_year_error_pct'], 1)}%."
    )


def _not_better(name: str, worst: pd.DataFrame) -> str:
    if worst.empty:
        return ""
    where = listed([_ahead(row) for _, row in worst.iterrows()])
    every = worst[_is_better(worst, "all_")]
    over_all = (
        " Over all boroughs they were better there."
        if len(every) == len(worst)
        else " Over all boroughs they were not better there either."
        if every.empty
        else ""
    )
    return f" In usual times they were no better for {name} {where}.{over_all}"


def _used(table: pd.DataFrame) -> str:
    used = table[table["is_usual"].astype(bool) & table["is_last_year"].astype(bool)]
    if used.empty:
        return (
            "'Same as last year' would be used in their place where they had been no better "
            "over all boroughs, in enough separate years to tell."
        )
    where = listed([_ahead(row) for _, row in used.iterrows()])
    return (
        f"Over all boroughs they have been no better {where}, so 'same as last year' is used "
        "there."
    )


def _ahead(row: pd.Series) -> str:
    return f"{counted(int(row['years_ahead']), 'year').lower()} ahead"


def _mark(each: Break) -> str:
    when = (
        period_words(each.from_month, each.to_month)
        if each.to_month != each.from_month
        else month_text(pd.Timestamp(each.from_month))
    )
    return f"{each.label} ({when})"
