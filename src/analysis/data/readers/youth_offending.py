"""Youth offending and children's substance misuse by council: DfE's LA interactive tool.

Years are written in four ways, suppressed values as ``-``, and a measure is labelled only
in its first year. Known weaknesses: ``-`` is also written where a figure was never made
(Inner and Outer London); small cohorts make reoffending jump; and the published England
rate of first-time entrants is the nine regions' rates added up (1,258 in 2024, where none
exceeds 181). That sum is set missing and flagged, and a test on the file will tell when
the publisher has mended it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pandas as pd
import pandera.pandas as pa

from analysis.data.contract import validated
from analysis.data.numbers import to_numbers
from analysis.data.readers.population import GREATER_LONDON_CODE, LARGER_AREAS
from analysis.data.tabular import read_text_table, require_columns
from analysis.errors import DataContractError
from analysis.params.areas import match_area_codes

MEASURES: Final = {
    "FirstYJS": ("first_time_entrants", "per_100000_aged_10_to_17"),
    "ReoffYO": ("reoffending_aged_10_to_14", "pct"),
    "ReoffYO15-17": ("reoffending_aged_15_to_17", "pct"),
    "YJS_Caution-Sentence10-17_YO": ("cautioned_or_sentenced", "per_10000_aged_10_to_17"),
    "Hosp_Adm_Alc_<18yrs": ("alcohol_admissions_under_18", "per_100000_under_18"),
    "LACSubstance": ("looked_after_substance_misuse", "pct"),
    "YouthJusticeFinance": ("youth_justice_spending", "pounds"),
}
# The tool's short names, with the project's id and the unit. The tool's label calls ReoffYO
# "young offenders"; its dictionary says that it is those aged 10 to 14.

_CALENDAR_YEAR: Final = {"FirstYJS"}
# By the tool's dictionary a bare year is the year ending December here, and the year ending
# March in every other measure.

SUPPRESSED: Final = "-"

_AREAS: Final = {
    "England": LARGER_AREAS["England"],
    "London": GREATER_LONDON_CODE,
    "London (Inner)": LARGER_AREAS["Inner London"],
    "London (Outer)": LARGER_AREAS["Outer London"],
}
_REGIONS: Final = (
    "North East",
    "North West",
    "Yorkshire and the Humber",
    "East Midlands",
    "West Midlands",
    "East of England",
    "London",
    "South East",
    "South West",
)

_SCHEMA = pa.DataFrameSchema(
    {
        "area_code": pa.Column(str, pa.Check.str_matches(r"^E\d{8}$")),
        "area_name": pa.Column(str),
        "measure": pa.Column(str),
        "unit": pa.Column(str),
        "period": pa.Column(str),
        "period_end": pa.Column("datetime64[us]"),
        "period_years": pa.Column("int64", pa.Check.isin([1, 3])),
        "value": pa.Column(float, pa.Check.ge(0, error="is negative"), nullable=True),
        "is_suppressed": pa.Column(bool),
        "is_sum_of_regions": pa.Column(bool),
    },
    strict=True,
    unique=["area_code", "measure", "period"],
)
_DICTIONARY = pa.DataFrameSchema(
    {
        "measure": pa.Column(str),
        "unit": pa.Column(str),
        "title": pa.Column(str, pa.Check.str_length(min_value=1, error="is blank")),
        "published_unit": pa.Column(str),
        "polarity": pa.Column(str, pa.Check.isin(["Low", "High", ""])),
        "year_type": pa.Column(str),
        "description": pa.Column(str),
        "link": pa.Column(str),
    },
    strict=True,
    unique=["measure"],
)


def read_youth_offending(path: Path) -> pd.DataFrame:
    """Youth offending measures of London's councils, with London and England beside them.

    Parameters
    ----------
    path : Path
        File with ``Short Desc, Years, LA and Regions, Values, Region``, for England; councils
        and regions elsewhere are left out.

    Returns
    -------
    DataFrame, one row an area, measure and period
        ``area_code`` (33 councils; Greater London ``E12000007``, which has the City and is
        not the police area, Inner and Outer London, England), ``area_name``, ``measure``
        and ``unit`` (see ``MEASURES``), ``period`` (``2024``, ``2023-24`` or
        ``2021-22 to 2023-24``), ``period_end`` (its last day), ``period_years`` (3 for the
        averaged admissions), ``value`` (missing where withheld), ``is_suppressed``,
        ``is_sum_of_regions``.

    Raises
    ------
    DataContractError
        If a measure, council or period is not known, a value is no number, or a row occurs
        twice.
    """
    where = path.name
    table = read_text_table(path)
    columns = ["Short Desc", "Years", "LA and Regions", "Values", "Region"]
    require_columns(table, columns, where=where)
    _refuse_unknown_measure(table["Short Desc"], where)
    table["value"] = to_numbers(
        table["Values"], where=f"{where}, column Values", blanks=(SUPPRESSED,)
    )
    table["is_sum"] = _is_sum_of_regions(table)
    return validated(_london(table, where), _SCHEMA, where)


def read_lait_dictionary(path: Path) -> pd.DataFrame:
    """What each measure of the tool means, in its publisher's words.

    Returns
    -------
    DataFrame, one row a measure
        ``measure``, ``unit``, ``title``, ``published_unit``, ``polarity`` (``Low`` is
        good), ``year_type``, ``description``, ``link``.

    Raises
    ------
    DataContractError
        If a measure is not known or occurs twice.
    """
    where = path.name
    table = read_text_table(path)
    names = {
        "Chart_title": "title",
        "y_axis_name": "published_unit",
        "Polarity": "polarity",
        "Year_Type": "year_type",
        "Description": "description",
        "Hyperlink(s)": "link",
    }
    require_columns(table, ["Measure_short", *names], where=where)
    _refuse_unknown_measure(table["Measure_short"], where)
    tidy = table.rename(columns=names)
    tidy = tidy.assign(**_ids(table["Measure_short"]))[list(_DICTIONARY.columns)]
    plain = tidy.apply(lambda column: column.str.split().str.join(" "))
    return validated(plain, _DICTIONARY, where)


def period_of(years: str, *, is_calendar_year: bool = False) -> tuple[str, pd.Timestamp, int]:
    """A published period: its label, its last day and how many years it averages.

    Parameters
    ----------
    years : str
        ``2024`` (a calendar year, or the financial year that ends in it), ``2024-25`` or
        ``2024-25 (OT)`` (a financial year of outturn), ``2021/22-23/24`` (three financial
        years together).
    is_calendar_year : bool
        What a bare year means.

    Returns
    -------
    tuple of str, Timestamp and int

    Raises
    ------
    DataContractError
        If it is written in no known way.

    Examples
    --------
    >>> label, end, span = period_of("2021/22-23/24")
    >>> label, f"{end:%Y-%m-%d}", span
    ('2021-22 to 2023-24', '2024-03-31', 3)
    >>> period_of("2024")[0], period_of("2024", is_calendar_year=True)[0]
    ('2023-24', '2024')
    """
    text = years.strip()
    if re.fullmatch(r"20\d\d", text):
        if is_calendar_year:
            return text, pd.Timestamp(int(text), 12, 31), 1
        text = f"{int(text) - 1}-{text[2:]}"
    single = re.fullmatch(r"(20\d\d)-(\d\d)( \(OT\))?", text)
    if single and int(single[2]) == (int(single[1]) + 1) % 100:
        first = int(single[1])
        return f"{single[1]}-{single[2]}", pd.Timestamp(first + 1, 3, 31), 1
    several = re.fullmatch(r"(20\d\d)/(\d\d)-(\d\d)/(\d\d)", text)
    if several and int(several[4]) == int(several[1]) % 100 + 3:
        last = int(several[1]) + 3
        label = f"{several[1]}-{several[2]} to {last - 1}-{several[4]}"
        return label, pd.Timestamp(last, 3, 31), 3
    message = (
        f"'{years}' is not a period (as 2024, 2024-25 or 2021/22-23/24). Correct the file or "
        "fetch it again."
    )
    raise DataContractError(message)


def _london(table: pd.DataFrame, where: str) -> pd.DataFrame:
    area = table["LA and Regions"].str.strip()
    council = table["Region"].isin(["Inner London", "Outer London"])
    larger = area.isin(_AREAS)
    table, area = table[council | larger], area[council | larger]
    codes = area.map(_AREAS)
    names = area[codes.isna()]
    codes = codes.fillna(match_area_codes(names, where=f"{where}, LA and Regions"))
    tidy = pd.DataFrame(
        {
            "area_code": codes.astype("str"),
            "area_name": area,
            **_ids(table["Short Desc"]),
            **_periods(table, where),
            "value": table["value"].mask(table["is_sum"]),
            "is_suppressed": table["Values"].str.strip() == SUPPRESSED,
            "is_sum_of_regions": table["is_sum"],
        }
    )
    return tidy.sort_values(["measure", "area_code", "period_end"], ignore_index=True)


def _ids(short_names: pd.Series) -> dict[str, pd.Series]:
    text = short_names.str.strip()
    return {
        "measure": text.map({name: measure for name, (measure, _) in MEASURES.items()}),
        "unit": text.map({name: unit for name, (_, unit) in MEASURES.items()}),
    }


def _periods(table: pd.DataFrame, where: str) -> dict[str, pd.Series]:
    calendar = table["Short Desc"].str.strip().isin(_CALENDAR_YEAR)
    pairs = pd.Series(list(zip(table["Years"], calendar, strict=True)), index=table.index)
    try:
        known = {pair: period_of(pair[0], is_calendar_year=pair[1]) for pair in set(pairs)}
    except DataContractError as error:
        message = f"{where}, column Years: {error}"
        raise DataContractError(message) from error
    parts = [[known[pair][part] for pair in pairs] for part in range(3)]
    return {
        "period": pd.Series(parts[0], index=table.index, dtype="str"),
        "period_end": pd.Series(parts[1], index=table.index, dtype="datetime64[us]"),
        "period_years": pd.Series(parts[2], index=table.index, dtype="int64"),
    }


def _is_sum_of_regions(table: pd.DataFrame) -> pd.Series:
    # No country's rate can exceed every region's. Spending does add up, and is left alone.
    rates = table["Short Desc"] != "YouthJusticeFinance"
    key = ["Short Desc", "Years"]
    regions = table[rates & table["LA and Regions"].isin(_REGIONS)]
    highest = regions.groupby(key)["value"].max()
    ceiling = pd.Series(
        highest.reindex(pd.MultiIndex.from_frame(table[key])).to_numpy(), index=table.index
    )
    return (table["LA and Regions"] == "England") & rates & (table["value"] > ceiling)


def _refuse_unknown_measure(names: pd.Series, where: str) -> None:
    unknown = sorted(set(names.str.strip()) - set(MEASURES))
    if unknown:
        message = (
            f"{where}: measure '{unknown[0]}' is not known; expected {', '.join(MEASURES)}. "
            "The publisher may have renamed it: see docs/data-sources.md."
        )
        raise DataContractError(message)
