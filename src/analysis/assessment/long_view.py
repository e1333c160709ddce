"""What a year on the year before cannot show: three years, and the breaks of the record.

Changes are judged on one basis and one offence list alone; two bases are never joined into
one series. Months of COVID restrictions teach no scatter, and count where a year holds them.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.assessment.assessment import Assessment, Period, year_before
from analysis.data.comparability import breaks_of
from analysis.data.vintages import Basis, OffenceList
from analysis.measures.change import change_between
from analysis.measures.control_charts import ControlChart
from analysis.measures.rates import Share, share_of_whole
from analysis.wording import listed

TOTAL = "total_without_fraud"
# What every change over years is told in: fraud left the record from 2011 to 2013.

UNKNOWN_BREAK = "unknown_borough_ends"
# The one break whose effect on a level is known: what gained a borough was counted before.


def share_of_london(assessment: Assessment, measure: str = "total_without_fraud") -> Share:
    """Share of the 32 boroughs' offences of the latest year that are the borough's, in %.

    Examples
    --------
    >>> share = share_of_london(Assessment.open("harrow", as_of="2012-03"))
    >>> round(share.share_pct, 2), share.share_lower_pct < share.share_pct
    (1.73, True)
    """
    totals = assessment.borough_totals(measure, assessment.latest_year)
    code = assessment.area.area_code
    return share_of_whole(
        float(totals[code]),
        float(totals.sum()),
        dispersion=assessment.dispersion(measure),
    )


def share_of_residents(assessment: Assessment) -> float:
    """Share of the 32 boroughs' residents that are the borough's, in %."""
    people = assessment.population(assessment.latest_year)
    boroughs = assessment.rates().index
    return float(100 * people[assessment.area.area_code] / people[boroughs].sum())


def three_years(assessment: Assessment) -> list[Period]:
    """The last three years, oldest first; fewer where the figures begin later.

    Examples
    --------
    >>> three_years(Assessment.open("harrow", as_of="2025-05"))[0]
    ('2022-06', '2023-05')
    """
    years = [assessment.latest_year]
    for _ in range(2):
        years.insert(0, year_before(years[0]))
    first = f"{assessment.series(TOTAL).index[0]:%Y-%m}"
    return [year for year in years if year[0] >= first]


def three_year_changes(assessment: Assessment, measures: list[str]) -> pd.DataFrame:
    """Change of measures from the first of three years to the last, judged together.

    Parameters
    ----------
    assessment : Assessment
    measures : list of str

    Returns
    -------
    DataFrame, index the measure
        As ``change_between`` returns it, with ``middle_count`` (the year between),
        ``is_blocked`` and ``note``; empty where three years are not held.

    Examples
    --------
    >>> table = three_year_changes(Assessment.open("harrow", as_of="2025-05"), ["shoplifting"])
    >>> table[["before_count", "middle_count", "after_count"]].to_numpy().tolist()
    [[705, 1246, 1842]]
    """
    years = three_years(assessment)
    if len(years) < 3:
        return pd.DataFrame()
    series = {measure: assessment.series(measure) for measure in measures}
    table = changes_of(assessment, series, years[0], years[2])
    middle = [assessment.count(measure, years[1]) for measure in measures]
    return table.assign(middle_count=pd.array(middle, dtype="Int64"))


def changes_of(
    assessment: Assessment,
    series: Mapping[str, pd.Series],
    before: Period,
    after: Period,
    basis: Basis = "location",
    offence_list: OffenceList = "current",
    measures: Mapping[str, list[str]] | None = None,
) -> pd.DataFrame:
    """Change of several monthly series between two years, judged together.

    Scatter is learnt from months up to the later year, so that what is said of two years
    that are past does not move with months that came after them.

    Parameters
    ----------
    assessment : Assessment
    series : mapping of name to Series
        Monthly counts, index ``month``.
    before, after : (first, last) month
        Of the same calendar months.
    basis, offence_list : str
        Of the record that they are on.
    measures : mapping of name to list of str, optional
        What each series counts, for the gate; the name itself where it is not given.

    Returns
    -------
    DataFrame, index the name, in the order given
        As ``change_between`` returns it, with ``is_blocked`` and ``note``. What is blocked is
        not judged: its numbers are missing.
    """
    gates = {
        name: [
            assessment.gate(measure, before, after, basis, offence_list)
            for measure in (measures or {}).get(name, [name])
        ]
        for name in series
    }
    is_blocked = pd.Series({n: any(g.is_blocked for g in each) for n, each in gates.items()})
    notes = {
        name: " ".join(dict.fromkeys(gate.note for gate in each if gate.note))
        for name, each in gates.items()
    }
    judged = [name for name in series if not is_blocked[name]] or list(series)
    monthly = pd.concat(
        [
            series[name]
            .loc[: after[1]]
            .rename("offence_count")
            .rename_axis("month")
            .reset_index()
            .assign(offence_group=name)
            for name in judged
        ]
    )
    table = change_between(monthly, before, after, exclude=assessment.unusual_months)
    table = table.reindex(list(series))
    return table.mask(is_blocked).assign(is_blocked=is_blocked, note=pd.Series(notes))


def breaks_in_view(assessment: Assessment, measure: str = "total") -> pd.DataFrame:
    """Breaks of the record within the months held, each from its first month to its last.

    Returns
    -------
    DataFrame, in order of time
        ``first_month``, ``last_month`` (the end of what is held, at most), ``label``,
        ``sentence``, ``is_blocking``, ``is_spell``, ``is_drawn``.

    Examples
    --------
    >>> table = breaks_in_view(Assessment.open("harrow"))
    >>> table["label"].tolist()[:2]
    ['Fraud leaves', 'Recording improves']
    """
    months = assessment.series(measure).index
    rows = []
    for each in breaks_of(assessment.area.area_code, measure):
        first = max(pd.Timestamp(each.from_month), months[0])
        last = min(pd.Timestamp(each.to_month), months[-1])
        if first <= last:
            told = (each.label, each.sentence, each.action == "block", each.how == "spell")
            rows.append((first, last, *told, each.is_drawn))
    names = ["first_month", "last_month", "label", "sentence", "is_blocking", "is_spell"]
    table = pd.DataFrame(rows, columns=[*names, "is_drawn"])
    table = table.astype({"first_month": "datetime64[us]", "last_month": "datetime64[us]"})
    return table.sort_values("first_month", kind="stable", ignore_index=True)


def moved_levels(
    assessment: Assessment, chart: ControlChart, measure: str = TOTAL
) -> pd.DataFrame:
    """How far the usual level moved wherever a control chart sets its limits anew.

    Limits learnt anew take in whatever else happened at the time, so what the break alone
    would do is set beside it, and the months since are held against the limits before.

    Returns
    -------
    DataFrame, a row a stretch after the first, in order of time
        ``month`` (its first), ``label`` (of the breaks there), ``before`` and ``after`` (the
        usual levels), ``moved_pct``, ``break_pct`` (what the break alone would give; missing
        where that is not known), ``learnt_count`` (months that the new level is learnt from)
        and ``beyond`` (its months outside the limits before, moved by what the break gives;
        none where that is not known).

    Examples
    --------
    >>> harrow = Assessment.open("harrow", as_of="2025-05")
    >>> row = moved_levels(harrow, harrow.control_chart(TOTAL)).iloc[0]
    >>> row["label"], round(row["moved_pct"]), round(row["break_pct"])
    ('Fewer unknown', 7, 3)
    """
    table = chart.table.assign(is_learnt=~chart.table["is_excluded"].astype(bool))
    parts = [part for _, part in table.groupby("segment")]
    known = 1 - assessment.unknown_share() / 100
    rows = []
    for before, after in zip(parts, parts[1:], strict=False):
        month = after["month"].iloc[0]
        here = [
            each
            for each in breaks_of(assessment.area.area_code, measure)
            if each.rebases and pd.Timestamp(each.to_month) == month
        ]
        was, now = (
            known[part.loc[part["is_learnt"], "month"]].mean() for part in (before, after)
        )
        is_known = [each.id for each in here] == [UNKNOWN_BREAK]
        ratio = float(now / was) if is_known else float("nan")
        low, high = (ratio * float(before[end].iloc[0]) for end in ("lower", "upper"))
        is_beyond = after["is_learnt"] & (after["value"].lt(low) | after["value"].gt(high))
        levels = float(before["centre"].iloc[0]), float(after["centre"].iloc[0])
        rows.append(
            {
                "month": month,
                "label": listed([each.label for each in here]),
                "before": levels[0],
                "after": levels[1],
                "moved_pct": 100 * (levels[1] / levels[0] - 1),
                "break_pct": 100 * (ratio - 1),
                "learnt_count": int(after["is_learnt"].sum()),
                "beyond": tuple(after.loc[is_beyond, "month"]),
            }
        )
    return pd.DataFrame(rows)
