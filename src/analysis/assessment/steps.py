"""What can be said of a change across a month in which its record stepped in all London.

Such a step (``steps_pct`` of ``breaks.yml``) bars no comparison, but the year on the year
before then holds the step as well. The like months since it, where both years hold three or
more, are free of it. Known weakness: they are few, and the first months of a new system may
have been recorded less fully than the same months a year later.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.assessment.assessment import Assessment
from analysis.assessment.long_view import changes_of
from analysis.data.comparability import Break, Comparability
from analysis.victims.like_months import like_months

COLUMNS = [
    "step_pct",
    "step_month",
    "cause",
    "like_period",
    "like_change_pct",
    "like_change_pct_lower",
    "like_change_pct_upper",
]


def across_steps(assessment: Assessment, measures: Sequence[str]) -> pd.DataFrame:
    """Measures whose change on the year before holds a step of all London.

    Parameters
    ----------
    assessment : Assessment
    measures : sequence of str

    Returns
    -------
    DataFrame, index the measure, those alone that stepped
        ``step_pct`` (of all London), ``step_month``, ``cause`` (a clause); ``like_period``
        (months since the step whose like a year before is after it too, or None) and
        ``like_change_pct`` with limits, the change over those.

    Examples
    --------
    >>> table = across_steps(Assessment.open("havering", as_of="2025-05"), ["other_theft"])
    >>> table["step_month"].item(), table["like_period"].item()
    ('2024-03', ('2025-03', '2025-05'))
    """
    years = assessment.previous_year, assessment.latest_year
    rows = {}
    for measure in measures:
        gate = assessment.gate(measure, *years)
        if gate.steps:
            rows[measure] = step_row(assessment, measure, assessment.series(measure), gate)
    return pd.DataFrame.from_dict(rows, orient="index", columns=COLUMNS)


def step_row(
    assessment: Assessment, measure: str, series: pd.Series, gate: Comparability
) -> list[object]:
    """The newest step that a gate names, with the like months since; values of ``COLUMNS``."""
    step = gate.steps[-1]
    like = like_months(series, step.to_month)
    told = [step.step_pct, step.to_month, step.cause]
    if like is None:
        return [*told, None, *[float("nan")] * 3]
    row = changes_of(assessment, {measure: series.dropna()}, *like).iloc[0]
    is_told = not row["is_blocked"] and not row["is_small_count"]
    limits = [row[name.removeprefix("like_")] for name in COLUMNS[4:]]
    return [*told, like[1], *(limits if is_told else [float("nan")] * 3)]


def newest_step(assessment: Assessment, measure: str) -> Break | None:
    """The newest step of all London within the latest year, or None."""
    steps = assessment.gate(measure, assessment.latest_year, assessment.latest_year).steps
    return steps[-1] if steps else None
