"""One population series a borough, pieced together from three vintages and saying so.

No publisher holds 1999 to 2024 in one table here. The GLA's table gives estimates to 2010
(its later years are projections and are not used), LSOA estimates added up give 2011 to
2018, and the borough estimates give 2019 to 2024. The LSOA sums equal the borough file
exactly in 2019-2021; in 2022 they differ by up to 2,165 persons (Southwark): a later
revision, of which the borough file is taken. Known weakness: the estimates before 2011 were
not all rebased on Census 2011, so 2010 to 2011 steps from -1.4 % (Kensington and Chelsea)
to +3.8 % (Newham).
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from analysis.errors import DataContractError

PIECES: Final = {
    "gla_estimate": (1999, 2010),
    "ons_lsoa_sum": (2011, 2018),
    "ons_borough": (2019, 2024),
}
# Which source each year is taken from, first and last year included.


def one_borough_series(
    gla: pd.DataFrame, lsoa: pd.DataFrame, borough: pd.DataFrame
) -> pd.DataFrame:
    """Residents of each council by year, each row naming where it comes from.

    Parameters
    ----------
    gla : DataFrame
        From ``read_gla_population``; its projections are left out.
    lsoa : DataFrame
        From ``read_lsoa_population``; added up by council.
    borough : DataFrame
        From ``read_borough_population``.

    Returns
    -------
    DataFrame, one row a council and year, in order of both
        ``area_code``, ``year``, ``population_count`` (persons, mid-year),
        ``published_source``: ``gla_estimate``, ``ons_lsoa_sum`` or ``ons_borough``.

    Raises
    ------
    DataContractError
        If a council lacks a year that another has.

    Examples
    --------
    >>> def table(year, persons, **more):
    ...     row = {"area_code": "E09000015", "year": year, "population_count": persons}
    ...     return pd.DataFrame([{**row, **more}])
    >>> series = one_borough_series(
    ...     table(2010, 237_451, is_projection=False),
    ...     table(2011, 240_499, lsoa21_code="E01002112"),
    ...     table(2019, 262_065),
    ... )
    >>> series[["year", "population_count", "published_source"]]
       year  population_count published_source
    0  2010            237451     gla_estimate
    1  2011            240499     ons_lsoa_sum
    2  2019            262065      ons_borough
    """
    estimates = gla[~gla["is_projection"] & gla["area_code"].str.startswith("E09")]
    sums = lsoa.groupby(["area_code", "year"])["population_count"].sum().reset_index()
    tables = {"gla_estimate": estimates, "ons_lsoa_sum": sums, "ons_borough": borough}
    pieces = [
        _between(tables[source], *years).assign(published_source=source)
        for source, years in PIECES.items()
    ]
    series = pd.concat(pieces).sort_values(["area_code", "year"], ignore_index=True)
    _refuse_uneven(series)
    return series


def _between(table: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    held = table["year"].between(first, last)
    return table.loc[held, ["area_code", "year", "population_count"]]


def _refuse_uneven(series: pd.DataFrame) -> None:
    held = set(zip(series["area_code"], series["year"], strict=True))
    wanted = {(area, year) for area in series["area_code"] for year in series["year"].unique()}
    if held != wanted:
        area, year = min(wanted - held)
        message = (
            f"population: {area} has no figure for {year}, which other councils have. Fetch "
            "the population files again: see docs/data-sources.md."
        )
        raise DataContractError(message)
