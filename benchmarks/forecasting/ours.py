"""The project's own forecasts, in the shape that the benchmarks score.

They are asked for as a report asks for them: of an assessment opened at the origin, which
sees nothing after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.assessment import Assessment
from analysis.assessment.target_choice import steps_of
from analysis.data.comparability import unusual_months
from analysis.data.offences import members
from analysis.data.vintages import Basis, OffenceList
from analysis.forecasts.combination import central_forecast
from analysis.forecasts.counts import (
    CountsCalibration,
    CountsForecast,
    calibrate_counts,
    forecast_counts,
)
from analysis.forecasts.panel import Panel
from analysis.forecasts.totals import Outlook, TotalForecast
from analysis.targets.base_rates import base_rate
from analysis.targets.probability import chance_of_count

from .figures import HORIZON, YEARS
from .scores import LEVELS, YEAR, Array

FALLS = (10, 20)
"""Percent below the last 12 months."""

FIRST_REPORT = "2012-03"
"""First month that a report can end in: two years of the location basis."""


@dataclass(frozen=True)
class Ours:
    """What the project says at one origin.

    Attributes
    ----------
    monthly : (n_series, 36), offences
    medians : (n_series, 3), offences in the 12 months
    quantiles : (n_series, 3, n_levels), offences in the 12 months, at ``LEVELS``
    chances : (n_series, 3, n_falls)
        Of a total at or below so much less than the last 12 months, as reported.
    is_last_year : (n_series, 3)
        Whether the last 12 months were used because they have been as good.
    """

    monthly: Array
    medians: Array
    quantiles: Array
    chances: Array
    is_last_year: Array


def ours(origin: str, basis: Basis, offence_list: OffenceList, series: list[str]) -> Ours:
    """Forecast series 36 months ahead from an origin.

    Parameters
    ----------
    origin : str, ``YYYY-MM``
        Last month seen.
    basis, offence_list
        The record forecast.
    series : list of str
        ``measure/area_code``, all areas of a measure together.
    """
    # Whose report it is makes no difference: every borough is forecast in all of them.
    assessment = Assessment.open("harrow", as_of=max(origin, FIRST_REPORT))
    outlook = until(assessment.outlook(basis, offence_list), origin)
    names = np.array([one.split("/") for one in series])
    found = Ours(
        monthly=np.empty((len(series), HORIZON)),
        medians=np.empty((len(series), YEARS)),
        quantiles=np.empty((len(series), YEARS, len(LEVELS))),
        chances=np.empty((len(series), YEARS, len(FALLS))),
        is_last_year=np.zeros((len(series), YEARS), dtype=bool),
    )
    for measure in dict.fromkeys(names[:, 0]):
        rows = np.flatnonzero(names[:, 0] == measure)
        areas = list(names[rows, 1])
        found.monthly[rows] = months_of(outlook, measure, areas)
        history = assessment.boroughs_history(measure, basis, offence_list).astype(float)
        history = history.loc[:origin]
        for year in range(YEARS):
            horizon = str(pd.Period(origin, freq="M") + YEAR * (year + 1))
            forecast = outlook.total(groups_of(outlook, measure), horizon)
            draws = forecast.draws[areas].to_numpy()
            found.medians[rows, year] = np.median(draws, axis=0)
            found.quantiles[rows, year] = np.quantile(draws, LEVELS, axis=0).T
            if forecast.is_last_year:
                bend_to_last_year(found.monthly, rows, year, forecast, areas)
            found.is_last_year[rows, year] = forecast.is_last_year
            for number, fall in enumerate(FALLS):
                record = base_rate(
                    history,
                    fall,
                    YEAR * (year + 1),
                    unusual_months=assessment.unusual_months,
                    steps=steps_of(measure, basis, offence_list),
                )
                found.chances[rows, year, number] = [
                    chance_of_count(
                        forecast.draws[area],
                        (1 - fall / 100) * forecast.last_12[area],
                        record.share,
                    ).probability
                    for area in areas
                ]
    return found


def until(outlook: Outlook, origin: str) -> Outlook:
    """The outlook had an origin been the last month, where no report can be had of it."""
    last = int(outlook.panel.months.searchsorted(pd.Timestamp(origin)))
    if last == len(outlook.panel.months) - 1:
        return outlook
    return Outlook(outlook.panel.until(last), outlook.n_draws, outlook.seed)


def groups_of(outlook: Outlook, measure: str) -> list[str]:
    """Offence groups of a measure that the list shows."""
    return [group for group in members(measure) if group in outlook.panel.families]


def months_of(outlook: Outlook, measure: str, areas: list[str]) -> Array:
    """Expected months of a measure by area, (n_areas, 36)."""
    number = {part: place for place, part in enumerate(outlook.panel.parts)}
    parts = [[number[group, area] for area in areas] for group in groups_of(outlook, measure)]
    return outlook.central[:HORIZON, parts].sum(axis=1).T


def bend_to_last_year(
    monthly: Array, rows: Array, year: int, forecast: TotalForecast, areas: list[str]
) -> None:
    """Scale the months of a year to the last 12 months, as the total's centre is."""
    months = slice(YEAR * year, YEAR * (year + 1))
    expected = monthly[rows, months].sum(axis=1)
    last = forecast.last_12[areas].to_numpy()
    monthly[rows, months] *= ((last + 0.5) / (expected + 0.5))[:, None]


def parents_of(history: pd.DataFrame) -> dict[Any, Any]:
    """What each series is a part of: London's count of its measure."""
    return {name: str(name).partition("/")[0] for name in history.columns}


def points(history: pd.DataFrame) -> Array:
    """Expected counts alone, (36, n_series)."""
    panel = Panel.of(history, parents_of(history), unusual_months=unusual_months())
    return central_forecast(panel, HORIZON)


def from_nothing(history: pd.DataFrame) -> CountsForecast:
    """Points and intervals of months and totals, calibrated on the history first."""
    return forecast_counts(
        history, HORIZON, parents=parents_of(history), unusual_months=unusual_months()
    )


def calibrated(history: pd.DataFrame) -> CountsCalibration:
    """What ``from_stored`` is handed: all that can be kept from one forecast to another."""
    return calibrate_counts(
        history, HORIZON, parents=parents_of(history), unusual_months=unusual_months()
    )


def from_stored(history: pd.DataFrame, calibration: CountsCalibration) -> CountsForecast:
    """The same with a calibration that was kept."""
    return forecast_counts(
        history,
        HORIZON,
        parents=parents_of(history),
        calibration=calibration,
        unusual_months=unusual_months(),
    )
