"""Counts that only the partnership holds: people and incidents by month and measure."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.assessment.assessment import Assessment
from analysis.data.partner import PartnerTable, describe_partner_table, load_partner_table
from analysis.measures.disclosure import suppress_small_counts


@dataclass(frozen=True, eq=False)
class PartnerCounts:
    """A loaded table of counts, fit to be shown.

    Attributes
    ----------
    name : str
        Of the template.
    about : PartnerTable
    table : DataFrame
        A row a year and measure: ``year_ending`` (first day of its last month), ``measure``,
        ``person_count`` (missing where it was hidden or a month is not held),
        ``is_suppressed``, ``months_held``.
    """

    name: str
    about: PartnerTable
    table: pd.DataFrame


def partner_counts(assessment: Assessment, name: str) -> PartnerCounts | None:
    """Yearly counts of a table of the layout month, measure, count; None if not loaded.

    Years end with the newest month loaded (or ``as_of``, where that was asked for). A year of
    which a month has no row is not whole and has no count: a month without a row is missing,
    not nought. Counts of one to five are hidden, and another where a sum would give them back.
    """
    loaded = load_partner_table(name, assessment.area.area_code)
    if loaded is None:
        return None
    if assessment.asked_as_of:
        loaded = loaded[loaded["month"] <= pd.Timestamp(assessment.asked_as_of)]
    if loaded.empty:
        return None
    return PartnerCounts(name, describe_partner_table(name), _by_year(loaded))


def _by_year(loaded: pd.DataFrame) -> pd.DataFrame:
    last = loaded["month"].max()
    ago = (last.year - loaded["month"].dt.year) * 12 + last.month - loaded["month"].dt.month
    ends = [last - pd.DateOffset(years=int(years)) for years in ago // 12]
    grouped = loaded.assign(year_ending=ends).groupby(["year_ending", "measure"])
    table = grouped.agg(
        person_count=("person_count", "sum"), months_held=("month", "nunique")
    ).reset_index()
    whole = table["months_held"].eq(12)
    table["person_count"] = table["person_count"].astype("Int64").where(whole)
    return suppress_small_counts(table, count="person_count", within=["year_ending"])
