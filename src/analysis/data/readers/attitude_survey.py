"""MOPAC's Public Attitude Survey: confidence in the police by borough and for London.

Two published files spell the same seven questions differently (their London figures agree
to the percentage point) and one gives proportions, the other percent; here both read alike.
Known weaknesses: no sample sizes are published, so no interval can be given; the figures
look already rolled over twelve months, so neighbouring quarters share answers; two
questions stop in March 2022 in the London file; and no question is about fear or safety.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd
import pandera.pandas as pa

from analysis.data.contract import validated
from analysis.data.months import to_months
from analysis.data.numbers import to_numbers
from analysis.data.tabular import read_text_table, refuse_duplicates, require_columns
from analysis.errors import DataContractError, did_you_mean
from analysis.params.areas import LONDON_CODE, borough_codes, match_area_codes

MEASURES: Final = {
    '"Good Job" local': "good_job_local",
    "Police do a good job in the local area": "good_job_local",
    "Contact ward officer": "contact_ward_officer",
    "Knows how to contact their local ward officer": "contact_ward_officer",
    "Informed local": "informed_local",
    "Feels well informed about local police activities over the last 12 months": (
        "informed_local"
    ),
    "Listen to concerns": "listen_to_concerns",
    "Agree the police listen to the concerns of local people": "listen_to_concerns",
    "Relied on to be there": "relied_on_to_be_there",
    "Agree the police can be relied upon to be there when needed": "relied_on_to_be_there",
    "Treat everyone fairly": "treat_everyone_fairly",
    "Agree the police treat everyone fairly regardless of who they are": (
        "treat_everyone_fairly"
    ),
    "Trust MPS": "trust_mps",
    "Understand issues": "understand_issues",
    "Agree the police are dealing with the things that matter to this community": (
        "understand_issues"
    ),
}
# Paired by their figures: for every quarter that both files hold, London's is the same.

_PERCENT = pa.Check.in_range(0, 100, error="is not a percentage from 0 to 100")
_COLUMNS = {
    "quarter": pa.Column("datetime64[us]"),
    "area_code": pa.Column(str),
    "measure": pa.Column(str, pa.Check.isin(sorted(set(MEASURES.values())))),
    "measure_label": pa.Column(str),
    "value_pct": pa.Column(float, _PERCENT),
}
_LONDON = pa.DataFrameSchema(_COLUMNS, strict=True)
_BOROUGH = pa.DataFrameSchema(
    {
        **_COLUMNS,
        "area_code": pa.Column(
            str, pa.Check(lambda codes: codes.isin(borough_codes()), error="is no borough")
        ),
        "london_pct": pa.Column(float, _PERCENT),
    },
    strict=True,
)
_KEY = ["quarter", "area_code", "measure"]


def read_attitude_survey_borough(path: Path) -> pd.DataFrame:
    """Survey answers by borough and quarter.

    Parameters
    ----------
    path : Path
        File with columns ``Date, Borough, Measure, Proportion, MPS``; dates are American
        (month first), values proportions.

    Returns
    -------
    DataFrame, one row a quarter, borough and measure
        ``quarter`` (its last day), ``area_code``, ``measure`` (one of eight), the published
        ``measure_label``, ``value_pct`` and London's ``london_pct``, 0 to 100.

    Raises
    ------
    SourceError
        If the file is not a table.
    DataContractError
        If a borough, measure, date or value is not known, or a row occurs twice.
    """
    where = path.name
    table = read_text_table(path)
    require_columns(table, ["Date", "Borough", "Measure", "Proportion", "MPS"], where=where)
    tidy = pd.DataFrame(
        {
            "quarter": _american_quarter_ends(table["Date"], f"{where}, column Date"),
            "area_code": match_area_codes(table["Borough"], where=f"{where}, column Borough"),
            **_measures(table["Measure"], where),
            "value_pct": _from_proportion(table["Proportion"], f"{where}, column Proportion"),
            "london_pct": _from_proportion(table["MPS"], f"{where}, column MPS"),
        }
    )
    refuse_duplicates(tidy, _KEY, where=where)
    tidy = tidy.sort_values(["measure", "area_code", "quarter"], ignore_index=True)
    return validated(tidy, _BOROUGH, where)


def read_attitude_survey_london(path: Path) -> pd.DataFrame:
    """Survey answers for London by quarter.

    Parameters
    ----------
    path : Path
        File with columns ``date`` (``Dec-14``), ``measure``, ``proportion`` (a percentage,
        despite its name).

    Returns
    -------
    DataFrame, one row a quarter and measure
        As ``read_attitude_survey_borough`` without ``london_pct``; ``area_code`` is the
        Metropolitan Police area. A question that was dropped has no row after its last.

    Raises
    ------
    SourceError
        If the file is not a table.
    DataContractError
        If a measure, date or value is not known, or a row occurs twice.
    """
    where = path.name
    table = read_text_table(path)
    require_columns(table, ["date", "measure", "proportion"], where=where)
    months = to_months(table["date"], where=f"{where}, column date")
    tidy = pd.DataFrame(
        {
            "quarter": (months + pd.offsets.MonthEnd(0)).astype("datetime64[us]"),
            "area_code": LONDON_CODE,
            **_measures(table["measure"], where),
            "value_pct": to_numbers(table["proportion"], where=f"{where}, proportion"),
        }
    )
    _refuse_other_months(tidy["quarter"], where)
    refuse_duplicates(tidy, _KEY, where=where)
    tidy = tidy.sort_values(["measure", "quarter"], ignore_index=True)
    return validated(tidy, _LONDON, where)


def _measures(labels: pd.Series, where: str) -> dict[str, pd.Series]:
    text = labels.str.strip()
    unknown = sorted(set(text) - set(MEASURES))
    if unknown:
        message = (
            f"{where}: survey measure '{unknown[0]}' is not known."
            f"{did_you_mean(unknown[0], MEASURES)} Add the publisher's new wording to "
            "MEASURES in analysis/data/readers/attitude_survey.py."
        )
        raise DataContractError(message)
    return {"measure": text.map(MEASURES), "measure_label": text}


def _american_quarter_ends(dates: pd.Series, where: str) -> pd.Series:
    parsed = pd.to_datetime(dates.str.strip(), format="%m/%d/%Y", errors="coerce")
    wrong = parsed.isna() | ~parsed.dt.is_quarter_end
    if wrong.any():
        message = (
            f"{where}: '{dates[wrong].iloc[0]}' is not the last day of a quarter written "
            "month first (12/31/2014). Correct the file or fetch it again."
        )
        raise DataContractError(message)
    return parsed.astype("datetime64[us]")


def _refuse_other_months(quarters: pd.Series, where: str) -> None:
    wrong = ~quarters.dt.is_quarter_end
    if wrong.any():
        message = (
            f"{where}, column date: {quarters[wrong].iloc[0]:%b-%y} does not end a quarter. "
            "Correct the file or fetch it again."
        )
        raise DataContractError(message)


def _from_proportion(values: pd.Series, where: str) -> pd.Series:
    # Published to two decimals: rounding takes off only the binary dust of the product.
    proportions = to_numbers(values, where=where)
    wrong = ~proportions.between(0, 1)
    if wrong.any():
        message = (
            f"{where}: '{values[wrong].iloc[0]}' is not a proportion from 0 to 1. If the file "
            "now gives percent, it is another layout; correct it or fetch it again."
        )
        raise DataContractError(message)
    return (proportions * 100).round(6)
