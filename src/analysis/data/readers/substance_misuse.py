"""Drug misuse, alcohol misuse and crime indicators of the ONS Health Index, by council.

Values for 2021 repeat those of 2020 for every council and indicator: the publisher carried
them forward. They are flagged, and no change between the two years may be reported.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd
import pandera.pandas as pa

from analysis.data.contract import validated
from analysis.data.numbers import to_numbers, to_years
from analysis.data.tabular import read_text_table, require_columns
from analysis.errors import DataContractError

INDICATORS: Final = {
    "Alcohol misuse": "alcohol_misuse",
    "Drug misuse": "drug_misuse",
    "Low-level crime": "low_level_crime",
    "Personal crime": "personal_crime",
}
# The index's own indicators: higher is worse. The file states no units, so values of one
# indicator are compared between councils and years, never with another indicator.

_SCHEMA = pa.DataFrameSchema(
    {
        "area_code": pa.Column(str, pa.Check.str_matches(r"^E0[6-9]\d{6}$")),
        "year": pa.Column("int64", pa.Check.in_range(2000, 2100)),
        "indicator": pa.Column(str, pa.Check.isin(list(INDICATORS.values()))),
        "value": pa.Column(float, pa.Check.ge(0, error="is negative")),
        "is_carried_forward": pa.Column(bool),
    },
    strict=True,
    unique=["area_code", "year", "indicator"],
)


def read_substance_misuse(path: Path) -> pd.DataFrame:
    """Indicators of substance misuse and crime by council of 2021 and year, England.

    Returns
    -------
    DataFrame, one row a council, year and indicator
        ``area_code`` (307 councils; the City of London is not covered), ``year``,
        ``indicator``, ``value``, ``is_carried_forward`` (every council's value of that
        indicator is the year before's).

    Raises
    ------
    DataContractError
        If an indicator is not known, a value is no number or negative, or a row occurs
        twice.
    """
    where = path.name
    table = read_text_table(path)
    require_columns(table, ["ltla21_code", "year", "indicator", "value"], where=where)
    unknown = sorted(set(table["indicator"]) - set(INDICATORS))
    if unknown:
        message = (
            f"{where}, column indicator: '{unknown[0]}' is not known; expected "
            f"{', '.join(INDICATORS)}. Correct the file or fetch it again."
        )
        raise DataContractError(message)
    tidy = pd.DataFrame(
        {
            "area_code": table["ltla21_code"],
            "year": to_years(table["year"], where=f"{where}, column year"),
            "indicator": table["indicator"].map(INDICATORS),
            "value": to_numbers(table["value"], where=f"{where}, column value", blanks=()),
        }
    )
    tidy = tidy.sort_values(["indicator", "area_code", "year"], ignore_index=True)
    tidy["is_carried_forward"] = _carried_forward(tidy)
    return validated(tidy, _SCHEMA, where)


def _carried_forward(tidy: pd.DataFrame) -> pd.Series:
    before = tidy.groupby(["indicator", "area_code"])[["value", "year"]].shift()
    same = (tidy["value"] == before["value"]) & (tidy["year"] == before["year"] + 1)
    return same.groupby([tidy["indicator"], tidy["year"]]).transform("all")
