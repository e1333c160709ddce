"""How good the forecasts of 12-month totals have been, against "the same as last year".

At every third month of the past the forecast is made from what was known by then, its range
included, and set against what came. A record of one borough rests on a few dozen forecasts
that overlap; that of all boroughs tells more of the method, and less of the borough.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.forecasts.backtest import Backtest
from analysis.forecasts.intervals import Calibration, calibrate_at, log_limits
from analysis.forecasts.panel import rolling_12

RECORD_YEARS = (1, 2, 3)

EVERY_MONTHS = 3

_MEASURED = (
    "first_origin",
    "last_origin",
    "error_pct",
    "last_year_error_pct",
    "relative_error",
    "coverage_80",
    "coverage_95",
)

_COLUMNS = ["origin", "is_usual", "actual", "error", "last_year_error", "in_80", "in_95"]


PastScales = dict[tuple[int, int], Calibration]
# By row of the backtest and lead.


def past_scales(past: Backtest) -> PastScales:
    """Scales of the ranges as they would have been at every third earlier month.

    The same for every measure and area, so they are worked out once.
    """
    scales: PastScales = {}
    for lead in (12 * years for years in RECORD_YEARS):
        rows = [row for row in _rows(past) if past.origins[row] + lead < len(past.panel.months)]
        then = calibrate_at(past, "total", lead, [int(past.origins[row]) for row in rows])
        scales |= {(row, lead): each for row, each in zip(rows, then, strict=True)}
    return scales


def track_record(
    past: Backtest, positions: np.ndarray, scales: PastScales | None = None
) -> pd.DataFrame:
    """Error and coverage of past forecasts, one to three years ahead.

    Parameters
    ----------
    past : Backtest
    positions : ndarray of int, shape (n_families, n_areas)
        Parts to judge over; those of a column are summed.
    scales : mapping, optional
        As ``past_scales`` returns them, where they are asked for again and again.

    Returns
    -------
    DataFrame, one row a year ahead and kind of period
        ``years_ahead``; ``is_usual`` (True: only where neither the year before the start nor
        the year forecast held an unusual month, and no step in recording lay between;
        False: all); ``origin_count``; ``first_origin`` and ``last_origin`` (``YYYY-MM``);
        ``error_pct`` and ``last_year_error_pct`` (mean absolute error, per cent of what
        came); ``relative_error`` (sum of the one error over the other: below 1 the forecast
        was the better); ``coverage_80`` and ``coverage_95`` (share of totals in range).
        Missing where no such period has been seen.

    Examples
    --------
    >>> from analysis.forecasts.backtest import backtest
    >>> from analysis.forecasts.panel import Panel
    >>> months = pd.date_range("2010-01-01", periods=60, freq="MS")
    >>> history = pd.DataFrame({"a": [300.0] * 60, "b": [100.0] * 60}, index=months)
    >>> past = backtest(Panel.of(history, {"a": "both", "b": "both"}), 36)
    >>> record = track_record(past, np.array([[0]]))
    >>> record.loc[0, ["years_ahead", "origin_count", "coverage_80"]].tolist()
    [1.0, 8.0, 1.0]
    """
    known = scales if scales is not None else past_scales(past)
    rows = []
    for years in RECORD_YEARS:
        table = _past_totals(past, positions, 12 * years, known)
        for is_usual in (True, False):
            chosen = table[table["is_usual"].astype(bool)] if is_usual else table
            rows.append({"years_ahead": years, "is_usual": is_usual} | _judged(chosen))
    return pd.DataFrame(rows).astype(dict.fromkeys(_MEASURED[2:], float))


def _rows(past: Backtest) -> list[int]:
    return list(range(len(past.origins))[::-EVERY_MONTHS][::-1])


def _past_totals(
    past: Backtest, positions: np.ndarray, lead: int, scales: PastScales
) -> pd.DataFrame:
    expected, actual = past.expected_total(lead), past.actual_total(lead)
    last = rolling_12(past.panel.counts)[past.origins]
    families = np.unique(past.panel.family_of[positions])
    is_usual = np.asarray(past.is_usual(lead)[:, families].all(axis=1))
    rows = []
    for row in _rows(past):
        if (row, lead) not in scales:
            continue
        centre = expected[row][positions].sum(axis=0)
        came = actual[row][positions].sum(axis=0)
        log_error = np.abs(np.log((came + 0.5) / (centre + 0.5)))
        limits = [
            log_limits(past.panel, expected[row], scales[row, lead], lead, positions, level)
            for level in (0.8, 0.95)
        ]
        origin = past.panel.months[past.origins[row]]
        values = (
            origin,
            bool(is_usual[row]),
            came,
            np.abs(came - centre),
            np.abs(came - last[row][positions].sum(axis=0)),
            log_error <= limits[0],
            log_error <= limits[1],
        )
        rows.append(pd.DataFrame(dict(zip(_COLUMNS, values, strict=True))))
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=_COLUMNS)


def _judged(table: pd.DataFrame) -> dict[str, object]:
    if table.empty:
        return {"origin_count": 0} | dict.fromkeys(_MEASURED)
    origins, came = table["origin"], table["actual"].clip(lower=1)
    error, last_year = table["error"], table["last_year_error"]
    return {
        "origin_count": int(origins.nunique()),
        "first_origin": f"{origins.min():%Y-%m}",
        "last_origin": f"{origins.max():%Y-%m}",
        "error_pct": 100 * float((error / came).mean()),
        "last_year_error_pct": 100 * float((last_year / came).mean()),
        "relative_error": float(error.sum() / last_year.sum()) if last_year.sum() else 1.0,
        "coverage_80": float(table["in_80"].mean()),
        "coverage_95": float(table["in_95"].mean()),
    }
