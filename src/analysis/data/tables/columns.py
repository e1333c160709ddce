"""Columns that several tables of the figures share, described once."""

from __future__ import annotations

import pandas as pd

from analysis.data.compile import Field
from analysis.params.areas import borough_codes

BOROUGH = Field("string", "GSS code of the borough")
AREA = Field("string", "GSS code of the borough, or heathrow, or unknown")
LSOA = Field("string", "GSS code of the lower layer super output area of 2021")
BASIS = Field("string", "who is credited: location or policing borough")
OFFENCE_LIST = Field("string", "how offences are classified: current or old")
PUBLISHED = Field("string", "month of publication, YYYY-MM")

EDITION = {"basis": BASIS, "published": PUBLISHED}
# What edition a row of crime figures is of; the offence list is added where it has meaning.


def edition_of(table: pd.DataFrame, names: tuple[str, ...]) -> dict[str, str]:
    """The one edition of a source, as ``load_source`` marked its rows.

    Examples
    --------
    >>> edition_of(pd.DataFrame({"basis": ["location"] * 2}), ("basis",))
    {'basis': 'location'}
    """
    stamps = table[list(names)].drop_duplicates()
    return {name: str(stamps[name].item()) for name in names}


def only_boroughs(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of the 32 boroughs, their codes as plain text."""
    codes = table["area_code"].astype("str")
    return table.assign(area_code=codes)[codes.isin(borough_codes())]
