"""Future counts of many areas at once: 12-month totals, months, and how good they have been.

An outlook holds the monthly counts of all offence groups in all areas. Its centre is each
area's share of the whole times the growth of the whole (``combination``); its ranges come
from the errors of the same method at all earlier months (``backtest``, ``intervals``).
Futures are joint: areas share the shock to their whole and offences a part of theirs, so
areas can be ranked and groups summed within a future.

Where the method has been no better than "the same as the last 12 months" for a measure, so
many years ahead, that is what is used, and the result says so.

Known weakness: origins overlap, so there are far fewer separate years than origins. Ranges
hold what they say on average over offences, not for each: an offence that starts a rise
unlike any before (shoplifting in 2023) leaves them.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

import numpy as np
import pandas as pd

from analysis.errors import DataContractError
from analysis.forecasts.backtest import Backtest, backtest
from analysis.forecasts.combination import central_forecast
from analysis.forecasts.intervals import Calibration, Shocks, calibrate
from analysis.forecasts.panel import MONTHS, Panel, Step
from analysis.forecasts.track_record import RECORD_YEARS, PastScales, past_scales, track_record
from analysis.wording import counted

SMALL_COUNT = 30
# Below about 30 a month a forecast says little (Gorr, Olligschlaeger & Thompson 2003).

FARTHEST = 60
# Months: beyond five years the figures held say next to nothing.

ENOUGH_PERIODS = 2
# Separate periods of errors before "same as last year" may be found the better.

ALL_GROUPS = "all offence groups"


@dataclass(frozen=True)
class TotalForecast:
    """A distribution of 12-month totals ending at ``horizon``, jointly over areas.

    Attributes
    ----------
    origin, horizon : str, ``YYYY-MM``
        Last month seen, and last month of the total.
    last_12 : Series, offences, index ``area_code``
        Total of the 12 months to the origin.
    draws : DataFrame, shape (n_draws, n_areas), offences
        Equally likely futures; a row holds all areas of one future.
    periods : float
        Separate periods of as many months whose errors stand behind the spread.
    is_last_year : bool
        Whether the centre is the last 12 months, because the method has been no better.
    method : str
        One sentence.
    """

    origin: str
    horizon: str
    last_12: pd.Series
    draws: pd.DataFrame
    periods: float
    is_last_year: bool
    method: str

    @property
    def is_stretched(self) -> bool:
        """Whether not even one separate period of so many months has been seen."""
        return self.periods < 1

    def interval(self, area_code: str, level: float = 0.8) -> tuple[float, float]:
        """Limits that hold the total with probability ``level``, in offences."""
        tail = (1 - level) / 2
        lower, upper = self.draws[area_code].quantile([tail, 1 - tail])
        return float(lower), float(upper)

    def median(self, area_code: str) -> float:
        """Total as likely to be passed as not, in offences."""
        return float(self.draws[area_code].median())


@dataclass(frozen=True)
class Outlook:
    """Forecasts of every offence group in every area, made once and asked often.

    Attributes
    ----------
    panel : Panel
        A part is (offence group, area code); the groups are the families.
    n_draws, seed : int
    """

    panel: Panel
    n_draws: int = 4000
    seed: int = 1
    _records: dict[tuple[object, ...], pd.DataFrame] = field(
        default_factory=dict, repr=False, compare=False
    )
    _made: dict[tuple[object, ...], TotalForecast] = field(
        default_factory=dict, repr=False, compare=False, init=False
    )

    @classmethod
    def of(
        cls,
        histories: Mapping[str, pd.DataFrame],
        *,
        unusual_months: Collection[pd.Timestamp] = (),
        steps: Mapping[Hashable, Sequence[Step]] | None = None,
        restarts: Mapping[str, pd.Timestamp] | None = None,
        n_draws: int = 4000,
        seed: int = 1,
    ) -> Self:
        """Outlook on monthly counts.

        Parameters
        ----------
        histories : mapping of offence group to DataFrame, shape (n_months, n_areas)
            Monthly counts, index the first of each month without a gap, a column an area.
        unusual_months : collection of Timestamp
            Months whose errors teach nothing (COVID restrictions).
        steps : mapping of offence group to list of (first, last) month, optional
            Changes in recording.
        restarts : mapping of area to month, optional
            Areas whose share begins anew.
        n_draws, seed : int
            How many futures, and the seed that makes them the same each time.

        Returns
        -------
        Outlook

        Raises
        ------
        DataContractError
            If a month is missing from a history.

        Examples
        --------
        >>> months = pd.date_range("2010-01-01", periods=72, freq="MS")
        >>> steady = pd.DataFrame({"a": 1000.0, "b": 500.0}, index=months)
        >>> outlook = Outlook.of({"theft": steady})
        >>> total = outlook.total(["theft"], "2016-12")
        >>> bool(abs(total.median("a") / 12000 - 1) < 0.02)
        True
        """
        table = pd.concat(dict(histories), axis=1)
        parts = list(table.columns)
        anew = restarts or {}
        panel = Panel.of(
            table,
            {part: part[0] for part in parts},
            group=dict.fromkeys(histories, ALL_GROUPS),
            place={part: part[1] for part in parts},
            unusual_months=unusual_months,
            steps=steps,
            restarts={part: anew[part[1]] for part in parts if part[1] in anew},
        )
        return cls(panel, n_draws, seed)

    @property
    def origin(self) -> pd.Timestamp:
        """Last month seen."""
        return self.panel.months[-1]

    @property
    def groups(self) -> tuple[Hashable, ...]:
        """Offence groups that are forecast."""
        return self.panel.families

    @cached_property
    def areas(self) -> list[str]:
        """Areas, in the order of the histories."""
        return list(dict.fromkeys(part[1] for part in self.panel.parts))

    @cached_property
    def past(self) -> Backtest:
        """Forecasts at every earlier month."""
        return backtest(self.panel, FARTHEST)

    @cached_property
    def central(self) -> np.ndarray:
        """Expected counts, shape (60, n_parts)."""
        return central_forecast(self.panel, FARTHEST)

    def total(self, groups: Sequence[str], horizon: str) -> TotalForecast:
        """Distribution of the 12-month total that ends at the horizon, for every area.

        Parameters
        ----------
        groups : sequence of str
            Offence groups that make up the measure.
        horizon : str, ``YYYY-MM``

        Returns
        -------
        TotalForecast

        Raises
        ------
        DataContractError
            If the horizon is not in the future, is too far, or a group is not held.
        """
        lead = self._lead(horizon)
        if (*groups, lead) not in self._made:
            self._made[*groups, lead] = self._total(groups, lead, horizon)
        return self._made[*groups, lead]

    def _total(self, groups: Sequence[str], lead: int, horizon: str) -> TotalForecast:
        last = self._last_12(groups)
        weight = self._last_year_weight(groups, lead)
        draws = self._total_draws(groups, lead, self.areas)
        return TotalForecast(
            origin=f"{self.origin:%Y-%m}",
            horizon=horizon,
            last_12=last,
            draws=pd.DataFrame(draws, columns=self.areas),
            periods=self._totals.periods_at(lead),
            is_last_year=weight > 0.5,
            method=self._method(weight > 0.5, lead),
        )

    def path(self, groups: Sequence[str], area_code: str, horizon: str) -> pd.DataFrame:
        """The rolling 12-month total of one area, month by month to the horizon.

        Returns
        -------
        DataFrame, one row a future month
            ``month``, ``median``, ``lower_80``, ``upper_80``, ``lower_95``, ``upper_95``, in
            offences in the 12 months ending then.
        """
        leads = range(1, self._lead(horizon) + 1)
        draws = [self._total_draws(groups, lead, [area_code])[:, 0] for lead in leads]
        return self._limits(draws)

    def months(self, groups: Sequence[str], area_code: str, horizon: str) -> pd.DataFrame:
        """Monthly counts of one area to the horizon.

        Returns
        -------
        DataFrame, one row a future month
            ``month``, ``median``, ``lower_80``, ``upper_80``, ``lower_95``, ``upper_95``, in
            offences in the month.
        """
        chosen = self._positions(groups, [area_code])[:, 0]
        draws = []
        for lead in range(1, self._lead(horizon) + 1):
            futures = self._shocks.futures(
                self.panel, self.central[lead - 1], self._months, lead, parts=chosen
            )
            block = MONTHS * -(-lead // MONTHS)
            draws.append(futures.sum(axis=1) * self._bend(groups, block, [area_code])[0])
        return self._limits(draws)

    def track_record(self, groups: Sequence[str], area_codes: Sequence[str]) -> pd.DataFrame:
        """How good these forecasts of 12-month totals have been, one to three years ahead.

        As :func:`analysis.forecasts.track_record.track_record` tells it.

        Parameters
        ----------
        groups : sequence of str
        area_codes : sequence of str
            The areas to judge over, one or all.

        Returns
        -------
        DataFrame, one row a year ahead and kind of period
        """
        key = (tuple(groups), tuple(area_codes))
        if key not in self._records:
            positions = self._positions(groups, area_codes)
            self._records[key] = track_record(self.past, positions, self._past_scales)
        return self._records[key]

    @cached_property
    def _totals(self) -> Calibration:
        return calibrate(self.past, "total")

    @cached_property
    def _months(self) -> Calibration:
        return calibrate(self.past, "month")

    @cached_property
    def _past_scales(self) -> PastScales:
        return past_scales(self.past)

    @cached_property
    def _shocks(self) -> Shocks:
        return Shocks.of(self.panel, self.n_draws, self.seed)

    def _total_draws(
        self, groups: Sequence[str], lead: int, areas: Sequence[str]
    ) -> np.ndarray:
        central, seen = self._expected(lead)
        positions = self._positions(groups, areas)
        futures = self._shocks.futures(
            self.panel, central, self._totals, lead, seen=seen, parts=positions.ravel()
        )
        summed = futures.reshape(len(futures), *positions.shape).sum(axis=1)
        recorded = seen[positions].sum(axis=0)
        return np.asarray(recorded + (summed - recorded) * self._bend(groups, lead, areas))

    def _expected(self, lead: int) -> tuple[np.ndarray, np.ndarray]:
        ahead = self.central[max(lead - MONTHS, 0) : lead].sum(axis=0)
        seen = np.zeros_like(ahead)
        if lead < MONTHS:
            seen = self.panel.counts[lead - MONTHS :].sum(axis=0)
        return ahead + seen, seen

    def _bend(self, groups: Sequence[str], lead: int, areas: Sequence[str]) -> np.ndarray:
        """Factor that moves what is to come to the last 12 months where they are as good."""
        weight = self._last_year_weight(groups, lead)
        if weight == 0:
            return np.ones(len(areas))
        positions = self._positions(groups, areas)
        central, seen = self._expected(lead)
        ahead = (central - seen)[positions].sum(axis=0)
        last = self._last_12(groups)[list(areas)].to_numpy() - seen[positions].sum(axis=0)
        return np.asarray(((last + 0.5) / (ahead + 0.5)) ** weight)

    def _last_year_weight(self, groups: Sequence[str], lead: int) -> float:
        record = self.track_record(groups, self.areas)
        usual = record[record["is_usual"]].set_index("years_ahead")["relative_error"]
        nodes = [float(self._is_worse(float(usual[years]), years)) for years in RECORD_YEARS]
        return float(np.interp(lead, [MONTHS * years for years in RECORD_YEARS], nodes))

    def _is_worse(self, relative_error: float, years: int) -> bool:
        periods = self._totals.periods_at(MONTHS * years)
        return periods >= ENOUGH_PERIODS and relative_error >= 1

    def _lead(self, horizon: str) -> int:
        last = pd.Timestamp(horizon)
        lead = (last.year - self.origin.year) * MONTHS + last.month - self.origin.month
        if lead < 1:
            message = (
                f"forecast: the horizon {horizon} is not after the last month seen "
                f"({self.origin:%Y-%m}). Name a later month, or an earlier --as-of."
            )
            raise DataContractError(message)
        if lead > FARTHEST:
            message = (
                f"forecast: the horizon {horizon} is more than {FARTHEST // MONTHS} years "
                f"after the last month seen ({self.origin:%Y-%m}). Name an earlier month."
            )
            raise DataContractError(message)
        return lead

    def _positions(self, groups: Sequence[str], areas: Sequence[str]) -> np.ndarray:
        """Positions of parts, shape (n_groups, n_areas)."""
        wanted = [(group, area) for group in groups for area in areas]
        found = self._part_number.get_indexer(pd.MultiIndex.from_tuples(wanted))
        if (found < 0).any():
            group, area = wanted[int(np.argmin(found))]
            message = (
                f"forecast: no counts of '{group}' in {area}. Name a measure that is held."
            )
            raise DataContractError(message)
        return np.asarray(found.reshape(len(groups), len(areas)))

    @cached_property
    def _part_number(self) -> pd.MultiIndex:
        return pd.MultiIndex.from_tuples(list(self.panel.parts))

    def _last_12(self, groups: Sequence[str]) -> pd.Series:
        year = self.panel.counts[-MONTHS:].sum(axis=0)
        return pd.Series(year[self._positions(groups, self.areas)].sum(axis=0), self.areas)

    def _limits(self, draws: list[np.ndarray]) -> pd.DataFrame:
        start = self.origin + pd.offsets.MonthBegin(1)
        quantiles = np.quantile(np.array(draws), [0.5, 0.1, 0.9, 0.025, 0.975], axis=1)
        columns = ["median", "lower_80", "upper_80", "lower_95", "upper_95"]
        table = pd.DataFrame(dict(zip(columns, quantiles, strict=True)))
        months = pd.date_range(start, periods=len(draws), freq="MS")
        table.insert(0, "month", months)
        return table

    def _method(self, is_last_year: bool, lead: int) -> str:
        periods = round(self._totals.periods_at(lead))
        behind = (
            "no whole separate period"
            if periods < 1
            else counted(periods, "separate period").lower()
        )
        centre = (
            "The centre is the last 12 months, because the method has been no better for this "
            "measure so far ahead"
            if is_last_year
            else "The centre is the borough's share of London's offences times London's "
            "damped growth, offence group by offence group"
        )
        return (
            f"{centre}; the spread is how far such forecasts have been out over {lead} months "
            f"at every earlier month, over all boroughs and offences ({behind})."
        )
