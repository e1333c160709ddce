"""The project's own forecasts, in the shape that the benchmarks score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.forecasts.totals import TotalForecast, forecast_total
from analysis.targets.base_rates import base_rate
from analysis.targets.probability import chance_of_count

from .figures import HORIZON, YEARS, covid_months
from .scores import LEVELS, YEAR, Array

FALLS = (10, 20)
"""Percent below the last 12 months."""


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
    """

    monthly: Array
    medians: Array
    quantiles: Array
    chances: Array


def ours(history: pd.DataFrame) -> Ours:
    """Forecast all series of a history 36 months ahead.

    Parameters
    ----------
    history : DataFrame, months x series ``measure/area_code``
        What is seen; nothing else of the figures is read.
    """
    n_series = history.shape[1]
    found = Ours(
        monthly=np.tile(history[-YEAR:].to_numpy().T, HORIZON // YEAR),
        medians=np.empty((n_series, YEARS)),
        quantiles=np.empty((n_series, YEARS, len(LEVELS))),
        chances=np.empty((n_series, YEARS, len(FALLS))),
    )
    measures = history.columns.str.partition("/").get_level_values(0)
    for measure in measures.unique():
        rows = np.flatnonzero(measures == measure)
        for year in range(YEARS):
            fill(found, rows, year, history.iloc[:, rows])
    return found


def fill(found: Ours, rows: Array, year: int, history: pd.DataFrame) -> None:
    """Put in one offence's totals of one year ahead."""
    months = YEAR * (year + 1)
    horizon = pd.Period(history.index[-1], freq="M") + months
    forecast = forecast_total(history, str(horizon), unusual_months=covid_months())
    draws = forecast.draws.to_numpy()
    found.medians[rows, year] = np.median(draws, axis=0)
    found.quantiles[rows, year] = np.quantile(draws, LEVELS, axis=0).T
    for number, fall in enumerate(FALLS):
        found.chances[rows, year, number] = chances(forecast, history, fall, months)


def chances(
    forecast: TotalForecast, history: pd.DataFrame, fall: float, months: int
) -> list[float]:
    """Chance of each area to fall so far below its last 12 months."""
    record = base_rate(history, fall, months, unusual_months=covid_months()).share
    return [
        chance_of_count(
            forecast.draws[area], (1 - fall / 100) * forecast.last_12[area], record
        ).probability
        for area in history.columns
    ]


def points(history: pd.DataFrame) -> Array:
    """Monthly points alone, (n_series, 36)."""
    return np.tile(history[-YEAR:].to_numpy().T, HORIZON // YEAR)


def from_nothing(history: pd.DataFrame) -> Ours:
    """Points, intervals and chances, with whatever they must learn from the history."""
    return ours(history)


def intervals_from_stored(history: pd.DataFrame) -> Ours:
    """The same where what must be learnt is stored: nothing is, so it is learnt."""
    return ours(history)


def prepare(part: object, history: pd.DataFrame) -> tuple[object, ...]:
    """What a timed part starts from."""
    return (history,)
