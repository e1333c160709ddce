"""English Indices of Deprivation: 2019 by council, 2025 by LSOA and by council.

Rank and decile 1 are the most deprived. Ranks compare places at one date: an area's rank
may change because others did, and 2019 and 2025 are not one series (domains and LSOAs
changed). The ``crime`` domain is made of recorded crime, so it must not be used to explain
recorded crime.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd
import pandera.pandas as pa

from analysis.data.contract import validated
from analysis.data.numbers import to_numbers
from analysis.data.tabular import read_text_table, require_columns
from analysis.errors import DataContractError

DOMAINS: Final = {
    "imd": ("IMD", "imd"),
    "income": ("Income", "income"),
    "employment": ("Employment", "employment"),
    "education": ("Education", "education_skills_and_training"),
    "health": ("Health", "health_deprivation_and_disability"),
    "crime": ("Crime", "crime"),
    "housing": ("Housing_and_Services", "barriers_to_housing_and_services"),
    "environment": ("Environment", "living_environment"),
}
# Overall index first, then its seven domains, as the LSOA file and the 2025 council file
# of each spell them.

_SHARE_2025 = "proportion_of_lso_as_in_most_deprived_10_percent_nationally"
_DOMAIN_NAMES_2019 = {**{key: names[0] for key, names in DOMAINS.items()}, "imd": ""}
_DOMAIN_NAMES_2019["housing"] = "Housing_and_Access"

_DOMAIN = pa.Column(str, pa.Check.isin(list(DOMAINS)))
_COUNCIL = pa.Column(str, pa.Check.str_matches(r"^E0[6-9]\d{6}$", error="is no council code"))
_PERCENT = pa.Column(float, pa.Check.in_range(0, 100, error="is no percentage"))
_BOROUGH_2019 = pa.DataFrameSchema(
    {
        "area_code": _COUNCIL,
        "domain": _DOMAIN,
        "score": pa.Column(float, pa.Check.in_range(-5, 100, error="is out of range")),
        "most_deprived_tenth_pct": _PERCENT,
    },
    strict=True,
    unique=["area_code", "domain"],
)
_BOROUGH_2025 = pa.DataFrameSchema(
    {
        **_BOROUGH_2019.columns,
        "average_rank": pa.Column(float, pa.Check.ge(1, error="is below the first rank")),
        "rank_of_average_score": pa.Column("int64", pa.Check.in_range(1, 296)),
    },
    strict=True,
    unique=["area_code", "domain"],
)
_LSOA_2025 = pa.DataFrameSchema(
    {
        "lsoa21_code": pa.Column(str, pa.Check.str_matches(r"^E01\d{6}$")),
        "domain": _DOMAIN,
        "decile": pa.Column("int64", pa.Check.in_range(1, 10, error="is no decile")),
        "rank": pa.Column("int64", pa.Check.in_range(1, 33_755, error="is no rank")),
        "score": pa.Column(float, pa.Check.in_range(-5, 100, error="is out of range")),
    },
    strict=True,
)


def read_deprivation_2019_borough(path: Path) -> pd.DataFrame:
    """Indices of Deprivation 2019 by council of 2019, England.

    Returns
    -------
    DataFrame, one row a council and domain
        ``area_code``, ``domain`` (``imd`` and seven), ``score`` (average; income and
        employment are shares of people, 0 to 1), ``most_deprived_tenth_pct`` (share of its
        LSOAs among England's most deprived tenth).

    Raises
    ------
    DataContractError
        If a column is missing, a number is out of range, or a council occurs twice.
    """
    where = path.name
    table = read_text_table(path)
    columns = {
        domain: (f"{name}_Score".lstrip("_"), f"{name}_Proportion".lstrip("_"))
        for domain, name in _DOMAIN_NAMES_2019.items()
    }
    return _long(
        table,
        "ltla19_code",
        {
            domain: {"score": score, "most_deprived_tenth_pct": share}
            for domain, (score, share) in columns.items()
        },
        _BOROUGH_2019,
        where,
    )


def read_deprivation_2025_borough(path: Path) -> pd.DataFrame:
    """Indices of Deprivation 2025 by council of 2024, England.

    Returns
    -------
    DataFrame, one row a council and domain
        As ``read_deprivation_2019_borough``, with ``average_rank`` of its LSOAs as
        published and ``rank_of_average_score`` among the 296 councils, 1 the most deprived.
        In the published file a higher average rank is the more deprived.

    Raises
    ------
    DataContractError
        If a column is missing, a number is out of range, or a council occurs twice.
    """
    table = read_text_table(path)
    columns = {
        domain: {
            "score": f"{name}_average_score",
            "most_deprived_tenth_pct": f"{name}_{_SHARE_2025}",
            "average_rank": f"{name}_average_rank",
            "rank_of_average_score": f"{name}_rank_of_average_score",
        }
        for domain, (_, name) in DOMAINS.items()
    }
    return _long(table, "ltla24_code", columns, _BOROUGH_2025, path.name)


def read_deprivation_2025_lsoa(path: Path) -> pd.DataFrame:
    """Indices of Deprivation 2025 by LSOA of 2021, England.

    Returns
    -------
    DataFrame, one row an LSOA and domain
        ``lsoa21_code``, ``domain``, ``decile`` (1 most deprived tenth), ``rank`` (1 most
        deprived of 33,755; a few ties), ``score``.

    Raises
    ------
    DataContractError
        If a column is missing, a number is out of range, or an LSOA occurs twice.
    """
    columns = {
        domain: {kind: f"{name}_{kind}" for kind in ("decile", "rank", "score")}
        for domain, (name, _) in DOMAINS.items()
    }
    return _long(read_text_table(path), "lsoa21_code", columns, _LSOA_2025, path.name)


def _long(
    table: pd.DataFrame,
    code: str,
    columns: dict[str, dict[str, str]],
    schema: pa.DataFrameSchema,
    where: str,
) -> pd.DataFrame:
    wanted = [name for names in columns.values() for name in names.values()]
    require_columns(table, [code, *wanted], where=where)
    _refuse_repeat(table[code], where)
    key = next(iter(schema.columns))
    parts = [
        pd.DataFrame(
            {
                key: table[code],
                "domain": domain,
                **{kind: _values(table[name], kind, where) for kind, name in names.items()},
            }
        )
        for domain, names in columns.items()
    ]
    return validated(pd.concat(parts, ignore_index=True), schema, where)


def _values(text: pd.Series, kind: str, where: str) -> pd.Series:
    numbers = to_numbers(text, where=f"{where}, column {text.name}", blanks=())
    if kind.endswith("_pct"):
        return (numbers * 100).round(6)
    if kind in {"decile", "rank", "rank_of_average_score"}:
        return _whole(numbers, f"{where}, column {text.name}")
    return numbers


def _whole(numbers: pd.Series, where: str) -> pd.Series:
    broken = numbers % 1 != 0
    if broken.any():
        message = (
            f"{where}: '{numbers[broken].iloc[0]}' is not a whole rank or decile. Correct the "
            "file or fetch it again."
        )
        raise DataContractError(message)
    return numbers.astype("int64")


def _refuse_repeat(codes: pd.Series, where: str) -> None:
    twice = codes[codes.duplicated()]
    if len(twice):
        message = (
            f"{where}: {len(twice)} row(s) occur twice by {codes.name}, the first "
            f"{twice.iloc[0]}. Remove the duplicate or fetch the file again."
        )
        raise DataContractError(message)
