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
    better, worst = usual[is_better], usual[~is_better]
    return Finding(
        heading=_heading(len(better), len(usual)),
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
        detail=f"{_coverage(usual)}{_not_better(name, worst, better)} {_used(table)}",
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
        return "Past forecasts beat 'same as last year'"
    if better == 0:
        return "Past forecasts did not beat 'same as last year'"
    return (
        f"Forecasts beat 'same as last year' at {number_word(better)} of "
        f"{number_word(all_leads)}"
    )


def _year(row: pd.Series) -> str:
    return (
        f"{number(row['error_pct'], 1)}% {_ahead(row)} "
        f"({number(row['last_year_error_pct'], 1)}%)"
    )


def _coverage(usual: pd.DataFrame) -> str:
    first = usual.iloc[0]
    return (
        f"Ranges meant to hold 80% held {number(100 * first['coverage_80'])}% "
        f"{counted(int(first['years_ahead']), 'year').lower()} ahead here and "
        f"{number(100 * first['all_coverage_80'])}% over all boroughs."
    )


def _not_better(name: str, worst: pd.DataFrame, better: pd.DataFrame) -> str:
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
    return f" For {name} they were no better {where}.{over_all}"


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
