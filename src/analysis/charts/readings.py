"""The table of readings: what a plan's numbers can mean on the published figures."""

from __future__ import annotations

import pandas as pd

from analysis.assessment import Assessment
from analysis.charts.table import Table
from analysis.data.offences import measure_label
from analysis.targets.definitions import rule_words
from analysis.wording import year_ending

CLOSEST_READINGS = 4


def readings_table(assessment: Assessment, table: pd.DataFrame) -> Table:
    """Readings of a plan's numbers, each with its formula and how well it fits.

    The closest readings come first, or where the plan claims nothing the least and the most
    that having the fewest offences asked for; then those usually meant: all crime on the
    annual table and MOPAC 7 crime on the old list, both for the base year.
    """
    rows = _shown_readings(table)
    frame = pd.DataFrame(
        {
            "Measure and record": [_record_words(row) for _, row in rows.iterrows()],
            "Year": [_year_words(period) for period in rows["period"]],
            "Rule": [
                rule_words(*row)
                for row in zip(rows["rule"], rows["comparator_code"], strict=True)
            ],
            "Base": rows["base_count"].to_numpy(),
            "Reduction": rows["reduction_count"].to_numpy(),
            "Formula": rows["formula"].to_numpy(),
        }
    )
    if "worst_gap_pct" in rows:
        frame["Base against plan (%)"] = rows["base_gap_pct"].to_numpy()
        frame["Reduction against plan (%)"] = rows["reduction_gap_pct"].to_numpy()
    return Table(
        title="What the plan's numbers can mean, on published figures",
        frame=frame,
        source=(
            "Metropolitan Police Service, recorded crime by borough on both bases and both "
            "offence lists, and annual rates; see the figures listed at the foot."
        ),
        table_id="readings",
        notes=(
            "Each row is one basis, one offence list and one period; they are never joined.",
        ),
        decimals={
            "Base": 0,
            "Reduction": 0,
            "Base against plan (%)": 1,
            "Reduction against plan (%)": 1,
        },
    )


def _shown_readings(table: pd.DataFrame) -> pd.DataFrame:
    base_year = table["period"].min()
    is_usual = (table["period"] == base_year) & (
        ((table["measure"] == "total") & (table["offence_list"] == "annual table"))
        | ((table["measure"] == "mopac7") & (table["offence_list"] == "old"))
    )
    usual = table[is_usual].sort_values(["offence_list", "rule"], kind="stable")
    first = table.head(CLOSEST_READINGS)
    if "worst_gap_pct" not in table:
        fewest = table[table["rule"] == "rank=1:count"].sort_values("reduction_count")
        first = fewest.iloc[[0, -1]]
    return pd.concat([first, usual]).drop_duplicates()


def _record_words(row: pd.Series) -> str:
    name = measure_label(str(row["measure"]))
    if row["offence_list"] == "annual table":
        return f"{name}, annual table"
    return f"{name}, {row['basis']} basis, {row['offence_list']} list"


def _year_words(period: str) -> str:
    first, last = period.split(" to ")
    if first.endswith("-04"):
        return f"{first[:4]}/{last[2:4]}"
    return first[:4] if first.endswith("-01") else year_ending(last)
