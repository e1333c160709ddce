"""A cohort of managed offenders, from a partnership's own records.

Only members who can have been followed for the whole window count, each by the same length
before and after entry. People enter when they offend most, so that offending falls after
entry by itself (regression to the mean): the difference before and after says nothing of
what the scheme did. Offences are those on record; custody shortens the time at risk and is
not in the records. Every count goes through the disclosure rule before it is returned.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from analysis.errors import DataContractError
from analysis.measures.disclosure import THRESHOLD, suppress_small_counts
from analysis.measures.rates import SMALL_COUNT, wilson_interval

WINDOW_MONTHS = 12
# Proven reoffending is published for a follow-up of twelve months.

YES, NO = "yes", "no"
ALL = "all"


@dataclass(frozen=True, eq=False)
class CohortResult:
    """What is known of a cohort, fit to be shown.

    Attributes
    ----------
    reoffending : DataFrame
        Index ``cohort`` (and ``all``): ``member_count``, ``reoffender_count``,
        ``reoffending_pct`` with limits, ``reoffence_count``, ``per_person`` with limits,
        ``per_reoffender``, ``harm_per_person`` with limits, ``is_suppressed``,
        ``is_small_count``.
    before_after : DataFrame
        Index ``cohort`` (and ``all``): offences a person in the window before and after
        entry, their difference with limits, and the same of harm.
    needs : DataFrame
        Index ``need``: ``known_count``, ``need_count``, ``need_pct`` with limits,
        ``is_suppressed``.
    window_months : int
    followed_until : Timestamp
        Last day that the records are taken to cover.
    not_followed_count : int or None
        Members who entered too late to be followed; None where so few that it is hidden.
    """

    reoffending: pd.DataFrame
    before_after: pd.DataFrame
    needs: pd.DataFrame
    window_months: int
    followed_until: pd.Timestamp
    not_followed_count: int | None


def cohort_result(
    members: pd.DataFrame,
    offences: pd.DataFrame,
    weights: pd.Series,
    *,
    until: pd.Timestamp,
    window_months: int = WINDOW_MONTHS,
) -> CohortResult:
    """Reoffending, frequency, harm, before and after, and needs of a cohort.

    Parameters
    ----------
    members : DataFrame, one row a person
        ``person_key``, ``cohort``, ``entered_on``, and a column a need (``yes``, ``no`` or
        missing).
    offences : DataFrame, one row an offence
        ``person_key``, ``offence_date``, ``offence_group``; from ``window_months`` before
        the first entry on.
    weights : Series, index ``offence_group``
        Harm of one offence; a group without weight adds no harm.
    until : Timestamp
        Last day that the records cover.
    window_months : int
        Length of the window on either side of entry.

    Returns
    -------
    CohortResult

    Raises
    ------
    DataContractError
        If a person occurs twice, or an offence is of nobody in the cohort.

    Examples
    --------
    >>> members = pd.DataFrame(
    ...     {
    ...         "person_key": [f"made-up-{n}" for n in range(20)],
    ...         "cohort": "IOM",
    ...         "entered_on": pd.Timestamp("2023-01-01"),
    ...         "accommodation": "yes",
    ...     }
    ... )
    >>> offences = pd.DataFrame(
    ...     {
    ...         "person_key": members["person_key"].iloc[:8],
    ...         "offence_date": pd.Timestamp("2023-05-01"),
    ...         "offence_group": "shoplifting",
    ...     }
    ... )
    >>> until = pd.Timestamp("2024-06-30")
    >>> found = cohort_result(members, offences, pd.Series({"shoplifting": 12.0}), until=until)
    >>> row = found.reoffending.loc["IOM"]
    >>> float(row["reoffending_pct"]), float(row["per_person"]), float(row["harm_per_person"])
    (40.0, 0.4, 4.8)
    """
    _refuse(members, offences)
    ends = members["entered_on"] + pd.DateOffset(months=window_months)
    is_followed = ends <= until + pd.Timedelta(days=1)
    followed = members[is_followed].reset_index(drop=True)
    late = int((~is_followed).sum())
    people = _per_person(followed, offences, weights, window_months)
    return CohortResult(
        reoffending=_reoffending(people),
        before_after=_before_after(people),
        needs=_needs(followed),
        window_months=window_months,
        followed_until=until,
        not_followed_count=None if 0 < late <= THRESHOLD else late,
    )


def _per_person(
    members: pd.DataFrame, offences: pd.DataFrame, weights: pd.Series, window_months: int
) -> pd.DataFrame:
    """Offences and harm of each member in equal windows before and from entry."""
    table = members[["person_key", "cohort", "entered_on"]].copy()
    joined = offences.merge(table, on="person_key")
    joined["harm"] = joined["offence_group"].map(weights.astype(float)).fillna(0.0)
    entry, window = joined["entered_on"], pd.DateOffset(months=window_months)
    date = joined["offence_date"]
    spans = {
        "before": date.ge(entry - window) & date.lt(entry),
        "after": date.ge(entry) & date.lt(entry + window),
    }
    for name, is_within in spans.items():
        within = joined[is_within].groupby("person_key")["harm"].agg(["size", "sum"])
        found = within.reindex(table["person_key"], fill_value=0)
        table[f"{name}_count"] = found["size"].to_numpy(dtype=float)
        table[f"{name}_harm"] = found["sum"].to_numpy(dtype=float)
    return table


def _groups(people: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The whole and its cohorts; the whole alone where a part would show a few people."""
    groups = {str(name): rows for name, rows in people.groupby("cohort")}
    if len(groups) == 1:
        return groups
    # The whole less the other parts would give a hidden part back, so that all parts go.
    is_safe = not any(_shows_a_few(rows) for rows in groups.values())
    return {ALL: people} | (groups if is_safe else {})


def _shows_a_few(group: pd.DataFrame) -> bool:
    """Whether few are in a group, or few of it did or did not offend before or after."""
    again = [int((group[f"{span}_count"] > 0).sum()) for span in ("before", "after")]
    return len(group) < SMALL_COUNT or any(_is_hidden(each, len(group)) for each in again)


def _reoffending(people: pd.DataFrame) -> pd.DataFrame:
    rows = {name: _cohort_row(group) for name, group in _groups(people).items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=_COLUMNS).rename_axis("cohort")


_COLUMNS = [
    "member_count",
    "reoffender_count",
    "reoffending_pct",
    "reoffending_pct_lower",
    "reoffending_pct_upper",
    "reoffence_count",
    "per_person",
    "per_person_lower",
    "per_person_upper",
    "per_reoffender",
    "harm_per_person",
    "harm_per_person_lower",
    "harm_per_person_upper",
    "is_suppressed",
    "is_small_count",
]


def _cohort_row(group: pd.DataFrame) -> dict[str, object]:
    total = len(group)
    again = int((group["after_count"] > 0).sum())
    row: dict[str, object] = dict.fromkeys(_COLUMNS, np.nan)
    row |= {"is_suppressed": _is_hidden(again, total), "is_small_count": total < SMALL_COUNT}
    # A cohort of a few is hidden itself; one in which a few did, or a few did not, hides who.
    row["member_count"] = np.nan if total <= THRESHOLD else total
    if row["is_suppressed"] or row["is_small_count"]:
        return row
    share = wilson_interval(again, total)
    offences = group["after_count"]
    return (
        row
        | {
            "reoffender_count": again,
            "reoffending_pct": 100 * share.proportion,
            "reoffending_pct_lower": 100 * share.lower,
            "reoffending_pct_upper": 100 * share.upper,
            "reoffence_count": int(offences.sum()),
            "per_reoffender": float(offences.sum() / again) if again else np.nan,
        }
        | _mean("per_person", offences, least=0.0)
        | _mean("harm_per_person", group["after_harm"], least=0.0)
    )


def _is_hidden(part: int, total: int) -> bool:
    """Whether showing a part, or what is left of the whole, would show a few people."""
    cells = pd.DataFrame({"person_count": [part, total - part]})
    hidden = suppress_small_counts(cells, count="person_count")["is_suppressed"]
    return bool(hidden.any())


def _before_after(people: pd.DataFrame) -> pd.DataFrame:
    rows = {}
    for name, group in _groups(people).items():
        few = _shows_a_few(group)
        row: dict[str, object] = {"is_suppressed": few}
        for what in ("count", "harm"):
            before, after = group[f"before_{what}"], group[f"after_{what}"]
            row |= {
                f"before_{what}": np.nan if few else float(before.mean()),
                f"after_{what}": np.nan if few else float(after.mean()),
            }
            change = _mean(f"change_{what}", after - before)
            row |= dict.fromkeys(change, np.nan) if few else change
        rows[name] = row
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("cohort")


def _mean(name: str, values: pd.Series, least: float = -np.inf) -> dict[str, object]:
    # People differ far more than Poisson's counts: their own scatter gives the limits.
    mean, n = float(values.mean()), len(values)
    half = float(stats.t.isf(0.025, n - 1) * values.std(ddof=1) / np.sqrt(n))
    return {
        name: mean,
        f"{name}_lower": max(least, mean - half),
        f"{name}_upper": mean + half,
    }


def _needs(members: pd.DataFrame) -> pd.DataFrame:
    names = [n for n in members if n not in ("person_key", "cohort", "entered_on")]
    rows = {}
    for name in names:
        known = int(members[name].isin([YES, NO]).sum())
        have = int(members[name].eq(YES).sum())
        hidden = known <= THRESHOLD or _is_hidden(have, known)
        share = None if hidden or known < SMALL_COUNT else wilson_interval(have, known)
        rows[str(name)] = {
            "known_count": np.nan if known <= THRESHOLD else known,
            "need_count": np.nan if hidden else have,
            "need_pct": np.nan if share is None else 100 * share.proportion,
            "need_pct_lower": np.nan if share is None else 100 * share.lower,
            "need_pct_upper": np.nan if share is None else 100 * share.upper,
            "is_suppressed": hidden,
        }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("need")
    return table.sort_values("need_pct", ascending=False) if rows else table


def _refuse(members: pd.DataFrame, offences: pd.DataFrame) -> None:
    # No key is ever quoted: it is pseudonymous, and the record is about a person.
    twice = int(members["person_key"].duplicated().sum())
    if twice:
        message = (
            f"offender_cohort: {twice} person(s) occur more than once. Give one row a person, "
            "with the first entry."
        )
        raise DataContractError(message)
    strangers = int((~offences["person_key"].isin(members["person_key"])).sum())
    if strangers:
        message = (
            f"offender_reoffences: {strangers} offence(s) are of nobody in offender_cohort. "
            "Use the same person_key in both, or take the rows out."
        )
        raise DataContractError(message)
