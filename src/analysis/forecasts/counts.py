"""Forecasts of any monthly counts, alone or as parts of a whole.

The method is that of ``totals``: the whole of each family is taken forward and shared out.
A series without a parent is its own whole, and its gain follows its size. Ranges come from
the errors of all series handed in together; where there are too few years for errors, from
scales fixed beforehand, and the notes say so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Hashable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.errors import DataContractError
from analysis.forecasts.backtest import FIRST_ORIGIN, backtest
from analysis.forecasts.combination import central_forecast
from analysis.forecasts.intervals import Calibration, Shocks, calibrate
from analysis.forecasts.panel import MONTHS, Panel
from analysis.forecasts.totals import SMALL_COUNT

SHARED_MONTHS = 36
# A family starts with its youngest member if that leaves three years of all of them.

COLUMNS = {f"q{level:02d}": level / 100 for level in (5, 10, 25, 50, 75, 90, 95)} | {
    "lower_80": 0.1,
    "upper_80": 0.9,
    "lower_95": 0.025,
    "upper_95": 0.975,
}

REST = "rest of"

SHORT_MONTHS = 36
# Below three years a range rests on a dozen origins that overlap, or on none.


@dataclass(frozen=True)
class CountsForecast:
    """Distributions of future counts, by month and by whole years ahead.

    Attributes
    ----------
    origin : str, ``YYYY-MM``
        Last month seen.
    months, totals : DataFrame, one row a series and month (or 12-month block)
        ``series_id``, ``month`` (of a block, its last), ``mean``, ``q05``, ``q10``, ``q25``,
        ``q50``, ``q75``, ``q90``, ``q95``, ``lower_80``, ``upper_80``, ``lower_95``,
        ``upper_95``, in counts.
    notes : dict of series_id to list of str
        What a reader of a series' forecast must know.
    method : str
        One sentence.
    """

    origin: str
    months: pd.DataFrame
    totals: pd.DataFrame
    notes: dict[str, list[str]]
    method: str


@dataclass(frozen=True)
class CountsCalibration:
    """What the errors of a set of series have taught: kept, it need not be learnt again.

    Attributes
    ----------
    months, totals : dict of first month to Calibration
        One for each set of series that start together.
    """

    months: dict[pd.Timestamp, Calibration]
    totals: dict[pd.Timestamp, Calibration]


METHOD = (
    "{centre}; the ranges are how far such forecasts have been out at every earlier month, "
    "over all series together, and assumed where there are too few."
)

IN_PARTS = "Each series is its share of its whole times the whole's damped growth"

ALONE = "Each series is its own smoothed level times its damped growth"


def forecast_counts(
    history: pd.DataFrame,
    horizon: int,
    *,
    parents: Mapping[str, str] | None = None,
    calibration: CountsCalibration | None = None,
    unusual_months: Collection[pd.Timestamp] = (),
    n_draws: int = 1000,
    seed: int = 1,
) -> CountsForecast:
    """Forecast monthly counts of one or many series.

    Parameters
    ----------
    history : DataFrame, shape (n_months, n_series), counts
        Index the first of each month without a gap; missing where no figure is held.
    horizon : int
        Months ahead, 1 to 60.
    parents : mapping of series to series, optional
        The series that a series is a part of. Parts and parents come out adding up.
    calibration : CountsCalibration, optional
        As ``calibrate_counts`` made it; default it is learnt from the history.
    unusual_months : collection of Timestamp
        Months whose errors teach nothing (COVID restrictions).
    n_draws, seed : int
        How many futures, and the seed that makes them the same each time.

    Returns
    -------
    CountsForecast

    Raises
    ------
    DataContractError
        If the history has no figures, a gap between its months, or a negative count.

    Examples
    --------
    >>> months = pd.date_range("2019-01-01", periods=60, freq="MS")
    >>> history = pd.DataFrame({"a": [300.0] * 60, "b": [100.0] * 60}, index=months)
    >>> forecast = forecast_counts(history, 12, parents={"a": "both", "b": "both"})
    >>> forecast.totals.set_index("series_id")["q50"].round(-2).to_dict()
    {'a': 3600.0, 'b': 1200.0, 'both': 4800.0}
    """
    plan = _Plan.of(history, parents or {}, unusual_months)
    # A seed for each panel: with one for all, series that begin apart would share their luck.
    made = [
        _futures(panel, horizon, calibration, n_draws, seed + number)
        for number, panel in enumerate(plan.panels)
    ]
    months, totals = (
        [np.concatenate(parts) for parts in zip(*each, strict=True)]
        for each in zip(*made, strict=True)
    )
    origin = history.index[-1]
    return CountsForecast(
        origin=f"{origin:%Y-%m}",
        months=plan.described(months, list(range(1, horizon + 1)), origin),
        totals=plan.described(totals, _years(horizon), origin),
        notes=plan.notes,
        method=METHOD.format(centre=IN_PARTS if parents else ALONE),
    )


def calibrate_counts(
    history: pd.DataFrame,
    horizon: int,
    *,
    parents: Mapping[str, str] | None = None,
    unusual_months: Collection[pd.Timestamp] = (),
) -> CountsCalibration:
    """Learn from all earlier months how far forecasts of a set of series are out.

    Parameters
    ----------
    history, horizon, parents, unusual_months
        As ``forecast_counts``.

    Returns
    -------
    CountsCalibration

    Examples
    --------
    >>> months = pd.date_range("2019-01-01", periods=60, freq="MS")
    >>> history = pd.DataFrame({"a": [300.0] * 60}, index=months)
    >>> list(calibrate_counts(history, 12).totals)
    [Timestamp('2019-01-01 00:00:00')]
    """
    plan = _Plan.of(history, parents or {}, unusual_months)
    learnt = {panel.months[0]: _learnt(panel, horizon) for panel in plan.panels}
    return CountsCalibration(
        months={first: each[0] for first, each in learnt.items()},
        totals={first: each[1] for first, each in learnt.items()},
    )


def _learnt(panel: Panel, horizon: int) -> tuple[Calibration, Calibration]:
    past = backtest(panel, horizon)
    return calibrate(past, "month"), calibrate(past, "total")


def _futures(
    panel: Panel,
    horizon: int,
    calibration: CountsCalibration | None,
    n_draws: int,
    seed: int,
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Futures of every month and of every year ahead, each (n_parts, n_draws)."""
    first = panel.months[0]
    by_month, by_total = (
        (calibration.months[first], calibration.totals[first])
        if calibration is not None and first in calibration.months
        else _learnt(panel, horizon)
    )
    central = central_forecast(panel, horizon)
    years = {lead: central[lead - MONTHS : lead].sum(axis=0) for lead in _years(horizon)}
    shocks = Shocks.of(panel, n_draws, seed)
    months = [
        shocks.futures(panel, central[lead - 1], by_month, lead).T
        for lead in range(1, horizon + 1)
    ]
    totals = [shocks.futures(panel, years[lead], by_total, lead).T for lead in years]
    return months, totals


def _years(horizon: int) -> list[int]:
    return list(range(MONTHS, horizon + 1, MONTHS))


@dataclass(frozen=True)
class _Plan:
    """Which series are forecast, in which panels, and what the others are sums of."""

    panels: list[Panel]
    leaves: dict[str, list[Hashable]]
    notes: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(
        cls,
        history: pd.DataFrame,
        parents: Mapping[str, str],
        unusual_months: Collection[pd.Timestamp],
    ) -> _Plan:
        _refuse(history)
        parts = _parts_of(history.columns, parents)
        notes: dict[str, list[str]] = defaultdict(list)
        counts = _complete(history, parts, notes)
        family, group = _families(counts.columns, parents)
        starts = _starts(history, counts, family)
        panels = []
        for first in sorted(set(starts.values())):
            columns = [each for each in counts.columns if starts[each] == first]
            panels.append(
                Panel.of(
                    counts.loc[first:, columns],
                    {each: family[each] for each in columns},
                    group=group,
                    unusual_months=unusual_months,
                )
            )
        _describe(history, parts, starts, notes)
        leaves = {
            series: _leaves(series, parts, counts.columns)
            for series in dict.fromkeys([*history.columns, *parents.values()])
        }
        return cls(panels, leaves, dict(notes))

    def described(
        self, draws: list[np.ndarray], leads: list[int], origin: pd.Timestamp
    ) -> pd.DataFrame:
        """Mean and quantiles of every series at every lead."""
        place = {
            part: i for i, part in enumerate(p for each in self.panels for p in each.parts)
        }
        rows = [place[leaf] for leaves in self.leaves.values() for leaf in leaves]
        starts = np.cumsum([0, *map(len, self.leaves.values())])[:-1]
        tables = []
        for lead, each in zip(leads, draws, strict=True):
            # Sorted once, in rows that lie together, every quantile is at hand.
            drawn = np.sort(np.add.reduceat(each[rows], starts, axis=0), axis=1)
            values = {
                "series_id": list(self.leaves),
                "month": origin + pd.DateOffset(months=lead),
                "mean": drawn.mean(axis=1, dtype=float),
            }
            values |= {column: _quantile(drawn, level) for column, level in COLUMNS.items()}
            tables.append(pd.DataFrame(values))
        if not tables:
            return pd.DataFrame(columns=["series_id", "month", "mean", *COLUMNS])
        table = pd.concat(tables, ignore_index=True)
        by_series = np.arange(len(table)).reshape(len(tables), -1).T.ravel()
        return table.iloc[by_series].reset_index(drop=True)


def _quantile(drawn: np.ndarray, level: float) -> np.ndarray:
    """Quantile of each sorted row, in between in a straight line."""
    position = level * (drawn.shape[1] - 1)
    below = int(position)
    above = min(below + 1, drawn.shape[1] - 1)
    lower = drawn[:, below].astype(float)
    return np.asarray(lower + (position - below) * (drawn[:, above] - lower))


def _refuse(history: pd.DataFrame) -> None:
    empty = history.columns[history.isna().all()]
    if history.empty or len(empty):
        named = f" of {empty[0]}" if len(empty) else ""
        message = f"forecast: there is no figure{named}. Take it out, or give its counts."
        raise DataContractError(message)


def _parts_of(columns: pd.Index, parents: Mapping[str, str]) -> dict[str, list[str]]:
    parts: dict[str, list[str]] = defaultdict(list)
    for series in dict.fromkeys([*columns, *parents]):
        if series in parents:
            parts[parents[series]].append(series)
    return dict(parts)


def _leaves(
    series: str, parts: Mapping[str, list[str]], columns: Container[Hashable]
) -> list[Hashable]:
    if series not in parts:
        return [series]
    found = [leaf for part in parts[series] for leaf in _leaves(part, parts, columns)]
    rest = (REST, series)
    return [*found, rest] if rest in columns else found


def _complete(
    history: pd.DataFrame, parts: Mapping[str, list[str]], notes: dict[str, list[str]]
) -> pd.DataFrame:
    """Counts of what is forecast: the series without parts, and what parents hold besides."""
    held: dict[Hashable, pd.Series] = {
        series: history[series] for series in history.columns if series not in parts
    }
    # From the leaves up, so that a parent's rest holds nothing of the rests below it.
    for parent in sorted(parts, key=lambda each: _height(each, parts)):
        if parent in history:
            leaves = [leaf for leaf in _leaves(parent, parts, held) if leaf in held]
            rest = history[parent] - sum(held[leaf] for leaf in leaves)
            if (rest.dropna() > 0).any():
                held[REST, parent] = rest.clip(lower=0)
    filled = [
        _filled(counts, "" if isinstance(series, tuple) else str(series), notes)
        for series, counts in held.items()
    ]
    table = pd.DataFrame(dict(enumerate(filled)), index=history.index)
    # Names of two parts would otherwise become levels of the columns.
    table.columns = pd.Index(list(held), tupleize_cols=False)
    return table


def _height(series: str, parts: Mapping[str, list[str]]) -> int:
    return 1 + max((_height(part, parts) for part in parts.get(series, [])), default=0)


def _filled(counts: pd.Series, series: str, notes: dict[str, list[str]]) -> pd.Series:
    """The series with its gaps filled by the same month of the years beside them."""
    first = counts.first_valid_index()
    inside = counts.loc[first:]
    missing = int(inside.isna().sum())
    if missing == 0:
        return counts
    if series:
        notes[series].append(
            f"{missing} missing month(s) were taken to be like the same months of the years "
            "beside them."
        )
    beside = pd.concat([inside.shift(MONTHS), inside.shift(-MONTHS)], axis=1).mean(axis=1)
    filled = inside.fillna(beside).interpolate(limit_direction="both")
    return filled.reindex(counts.index)


def _families(
    columns: pd.Index, parents: Mapping[str, str]
) -> tuple[dict[Hashable, Hashable], dict[Hashable, Hashable]]:
    family: dict[Hashable, Hashable] = {}
    group: dict[Hashable, Hashable] = {}
    for series in columns:
        owner = series[1] if isinstance(series, tuple) else parents.get(str(series))
        family[series] = series if owner is None else ("parts of", owner)
        if owner is not None and owner in parents:
            group[family[series]] = parents[owner]
    return family, group


def _starts(
    history: pd.DataFrame, counts: pd.DataFrame, family: dict[Hashable, Hashable]
) -> dict[Hashable, pd.Timestamp]:
    """First month of each series' panel; a late one is forecast on its own."""
    first: dict[Hashable, pd.Timestamp] = {
        series: pd.Timestamp(counts[series].dropna().index[0]) for series in counts
    }
    enough = history.index[-1] - pd.DateOffset(months=SHARED_MONTHS - 1)
    members: dict[Hashable, list[Hashable]] = defaultdict(list)
    for series, name in family.items():
        members[name].append(series)
    starts = dict(first)
    for together in members.values():
        early = [each for each in together if first[each] <= enough] or together
        starts |= dict.fromkeys(early, max(first[each] for each in early))
        family |= {each: ("alone", each) for each in together if each not in early}
    return starts


def _describe(
    history: pd.DataFrame,
    parts: Mapping[str, list[str]],
    starts: Mapping[Hashable, pd.Timestamp],
    notes: dict[str, list[str]],
) -> None:
    for series in history.columns:
        counts = history[series].dropna()
        recent = float(counts.iloc[-MONTHS:].mean())
        if recent < SMALL_COUNT:
            notes[series].append(
                f"There are fewer than {SMALL_COUNT} a month: chance rules such counts."
            )
        held = _months_held(history, starts[series]) if series not in parts else SHORT_MONTHS
        if held <= FIRST_ORIGIN:
            notes[series].append(
                "Two years or less are held: no season is told, and the ranges are assumed "
                "and not learnt from errors."
            )
        elif held < SHORT_MONTHS:
            notes[series].append(
                "Less than three years are held: its ranges are hardly learnt from errors."
            )


def _months_held(history: pd.DataFrame, first: pd.Timestamp) -> int:
    last = history.index[-1]
    return (last.year - first.year) * MONTHS + last.month - first.month + 1
