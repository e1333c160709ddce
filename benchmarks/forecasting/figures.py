"""The series that forecasts are judged on, the months they are made from, what happened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.data.comparability import load_breaks
from analysis.data.offences import is_on_list, members
from analysis.data.vintages import Basis, OffenceList, monthly_offences
from analysis.params.areas import borough_codes

from .scores import YEAR, Array, year_totals

GROUPS = (
    "residential_burglary",
    "personal_robbery",
    "theft_from_person",
    "theft_of_vehicle",
    "theft_from_vehicle",
    "criminal_damage",
    "violence_with_injury",
    "violence_without_injury",
    "shoplifting",
    "bicycle_theft",
    "other_theft",
    "drug_possession",
    "public_order",
)
AGGREGATES = ("mopac7", "total_without_fraud")
HORIZON = 36
YEARS = HORIZON // YEAR


def origins_of(first_year: int, last_year: int) -> tuple[str, ...]:
    """March and September of each year, as last month seen."""
    years = range(first_year, last_year + 1)
    return tuple(f"{year}-{month}" for year in years for month in ("03", "09"))


ORIGINS = origins_of(2015, 2024)
LATEST = origins_of(2023, 2024)
"""Origins kept out of the search for the design; the last choice among near equals saw them."""

OLD_ORIGINS = origins_of(2011, 2014)
"""Of the old list on the policing basis, which no choice of the design has seen."""


@dataclass(frozen=True, eq=False)
class Figures:
    """Monthly counts (a column a series, ``measure/area_code``), and where to start from."""

    counts: pd.DataFrame
    origins: tuple[str, ...]

    @classmethod
    def held(cls, basis: Basis, offence_list: OffenceList, origins: Iterable[str]) -> Figures:
        """Series of the 32 boroughs from the embedded figures, all months held."""
        table = monthly_offences(basis, offence_list)
        columns = {}
        for measure in (*GROUPS, *AGGREGATES):
            if is_on_list(measure, offence_list):
                mine = table[table["offence_group"].isin(members(measure))]
                sums = mine.groupby(["month", "area_code"])["offence_count"].sum().unstack()
                for code in borough_codes():
                    columns[f"{measure}/{code}"] = sums[code].astype(float)
        return cls(pd.DataFrame(columns), tuple(origins))

    @property
    def names(self) -> list[str]:
        """Series in order."""
        return [str(name) for name in self.counts.columns]

    @cached_property
    def measures(self) -> Array:
        """Measure of each series, shape (n_series,)."""
        return np.array([name.partition("/")[0] for name in self.names])

    def before(self, origin: str) -> pd.DataFrame:
        """All that is seen at an origin."""
        return self.counts.loc[:origin]

    @cached_property
    def actual(self) -> Array:
        """What happened, (n_origins, n_series, 36); ``nan`` beyond the figures."""
        found = np.full((len(self.origins), self.counts.shape[1], HORIZON), np.nan)
        for number, origin in enumerate(self.origins):
            after = self.counts.loc[self.counts.index > pd.Timestamp(origin)][:HORIZON]
            found[number, :, : len(after)] = after.to_numpy().T
        return found

    @cached_property
    def actual_totals(self) -> Array:
        """Totals of the three years ahead, (n_origins, n_series, 3); ``nan`` if not whole."""
        return year_totals(self.actual)

    @cached_property
    def last_year(self) -> Array:
        """The 12 months to each origin, month by month, (n_origins, n_series, 12)."""
        return np.stack([self.before(one)[-YEAR:].to_numpy().T for one in self.origins])

    def clear(self) -> Array:
        """Whether each year ahead counts, (n_origins, 3).

        Neither the 12 months seen last nor the 12 months of the total hold a month of
        COVID restrictions.
        """
        first, last = covid()
        found = np.zeros((len(self.origins), YEARS), dtype=bool)
        for number, origin in enumerate(pd.PeriodIndex(self.origins, freq="M")):
            seen = (origin - YEAR + 1, origin)
            for year in range(YEARS):
                total = (origin + YEAR * year + 1, origin + YEAR * (year + 1))
                found[number, year] = all(b < first or a > last for a, b in (seen, total))
        return found


def covid() -> tuple[pd.Period, pd.Period]:
    """First and last month of COVID restrictions."""
    spell = next(each for each in load_breaks() if each.id == "covid")
    return pd.Period(spell.from_month, freq="M"), pd.Period(spell.to_month, freq="M")


def covid_months() -> list[pd.Timestamp]:
    """Months of COVID restrictions."""
    first, last = covid()
    return list(pd.period_range(first, last, freq="M").to_timestamp())
