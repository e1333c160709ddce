"""Monthly offences by borough and category, in any layout the publisher has used.

The Metropolitan Police's borough file is wide, a column a month, and its first columns have
been renamed more than once (``MajorText, MinorText, BoroughName``; ``LookUp_BoroughName``;
``Borough, Major Category, Minor Category``). Columns are therefore found by what they hold:
the borough column is the one whose values are London areas; of the others the one with
fewer values is the major category. Known weakness: categories without an offence in an area
over the whole file have no row there, which here means none.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from analysis.data.contract import validated
from analysis.data.months import melt_months, missing_months, month_columns, months_in_words
from analysis.data.tabular import read_text_table, refuse_duplicates
from analysis.errors import DataContractError, ParamsError
from analysis.params.areas import area_name, borough_codes, match_area_codes, resolve_area

_KEY = ["area_code", "major_category", "minor_category", "month"]

_SCHEMA = pa.DataFrameSchema(
    {
        "area_code": pa.Column(str),
        "major_category": pa.Column(str, pa.Check.str_length(min_value=1, error="is blank")),
        "minor_category": pa.Column(str, pa.Check.str_length(min_value=1, error="is blank")),
        "month": pa.Column("datetime64[us]"),
        "offence_count": pa.Column("Int64", pa.Check.ge(0, error="is negative"), nullable=True),
    },
    strict=True,
)

_MOSTLY = 0.8
# A column is the borough column when four values in five are London areas: a new spelling
# is then named as unknown instead of the column being missed.


def read_borough_monthly(path: Path) -> pd.DataFrame:
    """Recorded offences by borough, category and month.

    Parameters
    ----------
    path : Path
        A published borough file, in any of its layouts.

    Returns
    -------
    DataFrame, one row an area, category and month
        ``area_code`` (32 boroughs, ``heathrow``, ``unknown``), ``major_category`` and
        ``minor_category`` as published, ``month``, ``offence_count``.

    Raises
    ------
    SourceError
        If the file is not a table.
    DataContractError
        If a column cannot be found, a month is missing, a count is not one, a row occurs
        twice, or a borough has no offence in some month.
    """
    where = path.name
    table = read_text_table(path)
    area, major, minor = find_columns(table, where=where)
    table = table.rename(columns={major: "major_category", minor: "minor_category"})
    table["major_category"] = table["major_category"].str.strip()
    table["minor_category"] = table["minor_category"].str.strip()
    table["area_code"] = match_area_codes(table[area], where=f"{where}, column {area}")
    refuse_duplicates(table, _KEY[:3], where=where)
    _refuse_gap(table, where)
    tidy = melt_months(table, _KEY[:3], "offence_count", where)
    _refuse_empty_borough(tidy, where)
    return validated(tidy, _SCHEMA, where)


def find_columns(table: pd.DataFrame, *, where: str) -> tuple[str, str, str]:
    """Columns that hold the area, the major and the minor category, by their content.

    Parameters
    ----------
    table : DataFrame of str
        A published table, a column a month.
    where : str
        File, for the error.

    Returns
    -------
    tuple of str
        Headers of the area, the major category and the minor category.

    Raises
    ------
    DataContractError
        If there is no borough column, or not two others.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {
    ...         "Offence Group": ["THEFT", "THEFT"],
    ...         "Offence": ["SHOPLIFTING", "OTHER THEFT"],
    ...         "Where": ["Harrow", "City of Westminster"],
    ...         "201004": ["3", "9"],
    ...     }
    ... )
    >>> find_columns(table, where="example")
    ('Where', 'Offence Group', 'Offence')
    """
    months = month_columns(table.columns)
    texts = [name for name in table.columns if name not in months]
    areas = [name for name in texts if _share_of_areas(table[name]) >= _MOSTLY]
    others = [name for name in texts if name not in areas]
    if len(areas) != 1 or len(others) != 2:
        message = (
            f"{where}: expected one column of boroughs and two of offence categories beside "
            f"the months; found {', '.join(texts) or 'none'}. The publisher may have changed "
            "the layout: see docs/data-sources.md."
        )
        raise DataContractError(message)
    major, minor = sorted(others, key=lambda name: (table[name].nunique(), texts.index(name)))
    return areas[0], major, minor


def _share_of_areas(values: pd.Series) -> float:
    distinct = values.unique()
    known = 0
    for value in distinct:
        try:
            resolve_area(value)
        except ParamsError:
            continue
        known += 1
    return known / max(len(distinct), 1)


def _refuse_gap(table: pd.DataFrame, where: str) -> None:
    missing = missing_months(month_columns(table.columns).values())
    if missing:
        message = (
            f"{where}: no column for {months_in_words(missing)}. A borough file runs without "
            "a gap: the column was lost. Fetch the file again."
        )
        raise DataContractError(message)


def _refuse_empty_borough(tidy: pd.DataFrame, where: str) -> None:
    sums = tidy.groupby(["area_code", "month"], sort=True)["offence_count"].sum().unstack()
    for code in borough_codes():
        if code not in sums.index:
            message = (
                f"{where}: no row for {area_name(code)}. All 32 boroughs belong in this file; "
                "fetch it again."
            )
            raise DataContractError(message)
        empty = [
            pd.Timestamp(str(month)) for month, count in sums.loc[code].items() if count == 0
        ]
        if empty:
            message = (
                f"{where}: {area_name(code)} has no offence at all in "
                f"{months_in_words(empty)}. No borough has a month without crime: the "
                "rows were lost. Fetch the file again."
            )
            raise DataContractError(message)
