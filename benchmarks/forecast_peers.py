"""Forecasts of monthly counts by the methods that ours is measured against.

    python benchmarks/forecast_peers.py SERIES.csv OUT.npz [--horizon 36] [--jobs 2]

Reads monthly counts (a column a series, first column the month) and writes for each method
an array of shape (n_series, horizon), in the order of the columns. It is a command of its
own because statsforecast does not run beside the version of pandas that the reports are
built with: ``make bench`` gives it an environment from ``requirements-bench.lock``.

All counts below nought that a method forecasts are set to nought. Bounds of AutoETS are
kept as quantiles of each month (``ets_quantiles``, shape (n_series, horizon, n_levels)).
"""

from __future__ import annotations

import argparse
import json
import time
from importlib.metadata import version

import numpy as np
import pandas as pd
from statsforecast import StatsForecast
from statsforecast.models import (
    ARIMA,
    MSTL,
    AutoETS,
    DynamicOptimizedTheta,
    SeasonalNaive,
)

SEASON = 12
HALF = 0.5
# Keeps a month without any offence from having an endless logarithm.

CENTRAL_LEVELS = [20, 40, 60, 80, 90, 95, 99]
"""Percent of the central intervals asked of AutoETS; its other quantiles are interpolated."""


def main() -> None:
    """Forecast the series of a file by every method, and say how long each took."""
    options = read_options()
    table = pd.read_csv(options.series, index_col=0, parse_dates=True)
    arrays, seconds = forecast_all(table, options.horizon, options.jobs, options.only)
    notes = {"seconds": seconds, "versions": versions(), "jobs": options.jobs}
    np.savez_compressed(options.out, notes=np.array(json.dumps(notes)), **arrays)


def read_options() -> argparse.Namespace:
    """Options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("series", help="CSV: month, then a column a series")
    parser.add_argument("out", help="npz to write")
    parser.add_argument("--horizon", type=int, default=36)
    parser.add_argument("--jobs", type=int, default=2, choices=(1, 2))
    parser.add_argument("--only", nargs="*", help="methods; default all")
    return parser.parse_args()


def versions() -> dict[str, str]:
    """Versions of the packages that the forecasts depend on."""
    return {name: version(name) for name in ("statsforecast", "coreforecast", "numpy", "scipy")}


def methods() -> dict[str, tuple[object, bool]]:
    """Models by name, and whether each sees logarithms of the counts."""
    # method="CSS" forecasts nought without a word where there is seasonal differencing.
    airline = ARIMA((0, 1, 1), season_length=SEASON, seasonal_order=(0, 1, 1), method="CSS-ML")
    return {
        "ets": (AutoETS(season_length=SEASON), False),
        "theta": (DynamicOptimizedTheta(season_length=SEASON), False),
        "mstl": (MSTL(season_length=SEASON), False),
        "airline": (airline, True),
    }


def forecast_all(
    table: pd.DataFrame, horizon: int, jobs: int, only: list[str] | None
) -> tuple[dict[str, np.ndarray], dict[str, float]]:
    """Forecasts and seconds by method; the quantile levels are ``levels``."""
    arrays: dict[str, np.ndarray] = {}
    seconds = {}
    for name, (model, is_log) in methods().items():
        if only and name not in only:
            continue
        start = time.perf_counter()
        seen = np.log(table + HALF) if is_log else table
        answer = run(model, seen, horizon, jobs, CENTRAL_LEVELS if name == "ets" else None)
        seconds[name] = time.perf_counter() - start
        points = monthly(answer, answer.columns[2], list(table.columns))
        arrays[name] = np.clip(np.exp(points) - HALF if is_log else points, 0, None)
        if name == "ets":
            arrays["levels"], arrays["ets_quantiles"] = quantiles(answer, list(table.columns))
    return arrays, seconds


def run(
    model: object, table: pd.DataFrame, horizon: int, jobs: int, levels: list[int] | None
) -> pd.DataFrame:
    """Long table of forecasts: unique_id, ds, the model, its bounds."""
    named = table.rename_axis(index="ds").reset_index()
    long = named.melt(id_vars="ds", var_name="unique_id", value_name="y")
    engine = StatsForecast(
        models=[model],
        freq="MS",
        n_jobs=jobs,
        fallback_model=SeasonalNaive(season_length=SEASON),
    )
    bounds = {"level": levels} if levels else {}
    return engine.forecast(df=long, h=horizon, **bounds)


def monthly(answer: pd.DataFrame, column: str, order: list[str]) -> np.ndarray:
    """One column of the answer, shape (n_series, horizon).

    The answer is sorted by the series' names, whatever order they were given in.
    """
    wide = answer.pivot(index="unique_id", columns="ds", values=column)
    return wide.loc[order].to_numpy(dtype=float)


def quantiles(answer: pd.DataFrame, order: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Quantile levels in (0, 1), and monthly quantiles by series, month and level."""
    name = answer.columns[2]
    column_of = {0.5: name}
    for level in CENTRAL_LEVELS:
        column_of[0.5 - level / 200] = f"{name}-lo-{level}"
        column_of[0.5 + level / 200] = f"{name}-hi-{level}"
    levels = sorted(column_of)
    layers = [monthly(answer, column_of[level], order) for level in levels]
    return np.array(levels), np.clip(np.stack(layers, axis=-1), 0, None)


if __name__ == "__main__":
    main()
