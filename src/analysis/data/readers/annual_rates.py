"""Annual recorded offences and rates per 1,000 residents, 1999/00 to 2016/17.

Financial years, ten offence groups of the list used then, for boroughs, Inner and Outer
London, the Metropolitan Police area, and England and Wales. The last year, 2016/17, holds
about ten months and is flagged: set against a whole year it shows a fall of 17 per cent
that did not happen. Heathrow has no rate, having no residents.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from analysis.data.contract import validated
from analysis.data.months import MONTH_DTYPE
from analysis.data.numbers import to_numbers
from analysis.data.published_text import (
    area_codes_of,
    rename_by_meaning,
    to_categories,
)
from analysis.data.schemas import (
    area_column,
    count_column,
    flag_column,
    month_column,
    text_column,
)
from analysis.data.tabular import read_text_table, refuse_duplicates, to_counts
from analysis.errors import DataContractError
from analysis.params.areas import LONDON_CODE

COMPARATORS = {
    "Inner London": "E13000001",
    "Outer London": "E13000002",
    "England and Wales": "K04000001",
}
# They overlap the boroughs or contain them: never to be added up with the others.

PARTIAL_YEARS = ("2016-17",)
# London's monthly figures of April 2016 to January 2017 come to 642,509 offences; this
# table has 643,299 for the year.

_NO_VALUE = "n/a"
_MEANINGS: dict[str, tuple[str, ...]] = {
    "borough": (),
    "financial_year": ("Year",),
    "major_category": ("Offences",),
    "rate_per_1000": ("Rate",),
    "offence_count": ("Number_of_offences",),
}

_SCHEMA = pa.DataFrameSchema(
    {
        "area_code": area_column(),
        "financial_year": text_column(),
        "year_ending": month_column(),
        "major_category": text_column(),
        "offence_count": count_column(nullable=True),
        "rate_per_1000": pa.Column(float, pa.Check.ge(0, error="is below 0"), nullable=True),
        "is_partial_year": flag_column(),
        "is_comparator": flag_column(),
    },
    strict=True,
    unique=["area_code", "financial_year", "major_category"],
)


def read_annual_rates(path: Path) -> pd.DataFrame:
    """Annual offences and rates by area and offence group.

    Parameters
    ----------
    path : Path
        The published table.

    Returns
    -------
    DataFrame, one row an area, financial year and offence group
        ``area_code``; ``financial_year`` (``2011-12``) and its last month ``year_ending``;
        ``major_category``; ``offence_count``; ``rate_per_1000`` residents as published;
        ``is_partial_year``; ``is_comparator`` (Inner and Outer London, England and Wales).

    Raises
    ------
    SourceError
        If the file is not a table.
    DataContractError
        If a column cannot be found, a value is not of its kind, or a row occurs twice.
    """
    where = path.name
    table = rename_by_meaning(read_text_table(path), _MEANINGS, where=where)
    refuse_duplicates(table, ["borough", "financial_year", "major_category"], where=where)
    names = table["borough"].str.strip()
    table["is_comparator"] = names.isin(list(COMPARATORS))
    table["area_code"] = _area_codes(names, where)
    table["year_ending"] = _year_endings(table["financial_year"], where)
    table["is_partial_year"] = table["financial_year"].isin(PARTIAL_YEARS)
    for name in ("financial_year", "major_category"):
        table[name] = to_categories(table[name])
    counts = table["offence_count"].str.strip().replace(_NO_VALUE, "")
    table["offence_count"] = to_counts(counts, where=f"{where}, number of offences")
    table["rate_per_1000"] = to_numbers(
        table["rate_per_1000"], where=f"{where}, rate", blanks=("", _NO_VALUE)
    )
    return validated(table[list(_SCHEMA.columns)], _SCHEMA, where)


def _area_codes(names: pd.Series, where: str) -> pd.Series:
    known = names.replace("Met Police Area", LONDON_CODE)
    own = known.isin(list(COMPARATORS))
    codes = area_codes_of(known[~own], where=f"{where}, borough").astype(str)
    return pd.concat([codes, known[own].map(COMPARATORS)]).sort_index().astype("category")


def _year_endings(years: pd.Series, where: str) -> pd.Series:
    starts = years.str.extract(r"^(\d{4})-(\d{2})$")
    first = pd.to_numeric(starts[0])
    wrong = first.isna() | ((first + 1) % 100).ne(pd.to_numeric(starts[1]))
    if wrong.any():
        message = (
            f"{where}, year: '{years[wrong].iloc[0]}' is not a financial year (as 2011-12). "
            "Correct the file or fetch it again."
        )
        raise DataContractError(message)
    ends = {year: pd.Timestamp(int(year[:4]) + 1, 3, 1) for year in years.unique()}
    return years.map(ends).astype(MONTH_DTYPE)
