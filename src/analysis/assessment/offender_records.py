"""What the partnership's own records say of offenders, where they are loaded."""

from __future__ import annotations

import pandas as pd

from analysis.assessment.assessment import Assessment
from analysis.data.partner import load_partner_table
from analysis.data.severity import load_severity_weights
from analysis.errors import DataContractError
from analysis.measures.disclosure import THRESHOLD
from analysis.measures.rates import SMALL_COUNT, wilson_interval
from analysis.offenders.cohort import WINDOW_MONTHS, CohortResult, cohort_result

COHORT, REOFFENCES, ADULTS = "offender_cohort", "offender_reoffences", "adult_reoffending"


def offender_cohort(assessment: Assessment) -> CohortResult | None:
    """Reoffending of a managed cohort from partner records; None if either is not loaded.

    The records are taken to reach the end of the month of their newest offence, or of the
    cut where that is earlier, so that nobody counts as followed beyond them.
    """
    code = assessment.area.area_code
    members = load_partner_table(COHORT, code)
    offences = load_partner_table(REOFFENCES, code)
    if members is None or offences is None:
        return None
    until = offences["offence_date"].max() + pd.offsets.MonthEnd(0)
    if assessment.asked_as_of:
        cut = pd.Timestamp(assessment.asked_as_of) + pd.offsets.MonthEnd(0)
        until = min(until, cut)
        offences = offences[offences["offence_date"] <= cut]
        members = members[members["entered_on"] <= cut]
        offences = offences[offences["person_key"].isin(members["person_key"])]
    followed = members["entered_on"] + pd.DateOffset(months=WINDOW_MONTHS)
    if not (followed <= until + pd.Timedelta(days=1)).any():
        return None
    weights = load_severity_weights().set_index("offence_group")["weight"].dropna()
    return cohort_result(members, offences, weights, until=until)


def adult_reoffending(assessment: Assessment) -> pd.DataFrame | None:
    """Proven reoffending of adults from the partnership's copy; None if not loaded.

    Returns
    -------
    DataFrame or None
        ``cohort_end``, ``offender_count``, ``reoffender_count``, ``reoffending_pct`` with
        limits, ``per_reoffender`` (reoffences), ``is_suppressed``; oldest first. A cohort
        with few who did, or few who did not, shows neither number nor percentage.
    """
    loaded = load_partner_table(ADULTS, assessment.area.area_code)
    if loaded is None:
        return None
    if assessment.asked_as_of:
        loaded = loaded[loaded["cohort_end"] <= pd.Timestamp(assessment.asked_as_of)]
    if loaded.empty:
        return None
    wrong = loaded["reoffender_count"] > loaded["offender_count"]
    if wrong.any():
        message = (
            f"{ADULTS}: {int(wrong.sum())} cohort(s) have more reoffenders than offenders. "
            "Correct the rows."
        )
        raise DataContractError(message)
    ordered = loaded.sort_values("cohort_end")
    rows = [_adult_row(each) for _, each in ordered.iterrows()]
    return pd.DataFrame(rows)


def _adult_row(row: pd.Series) -> dict[str, object]:
    total, again = int(str(row["offender_count"])), int(str(row["reoffender_count"]))
    few = any(0 < part <= THRESHOLD for part in (again, total - again))
    few |= total < SMALL_COUNT
    share = None if few else wilson_interval(again, total)
    missing = float("nan")
    return {
        "cohort_end": row["cohort_end"],
        "offender_count": total if total > THRESHOLD else missing,
        "reoffender_count": missing if few else again,
        "reoffending_pct": missing if share is None else 100 * share.proportion,
        "reoffending_pct_lower": missing if share is None else 100 * share.lower,
        "reoffending_pct_upper": missing if share is None else 100 * share.upper,
        "per_reoffender": (
            missing if few or not again else int(str(row["reoffence_count"])) / again
        ),
        "is_suppressed": few,
    }
