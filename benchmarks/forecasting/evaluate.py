"""Every score of our forecasts and of the peers' over one choice of windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import numpy as np

from . import scores
from .figures import AGGREGATES, HORIZON, YEARS, Figures, covid_months
from .ours import FALLS, Ours
from .peers import NAMES, Peers
from .scores import YEAR, Array, Estimate

WHOLE_YEARS = range(YEARS)


@dataclass
class Evaluation:
    """Scores over the windows that ``counted`` marks, (n_origins, 3).

    Errors are divided by a scale of each series at each origin, so that small and large
    boroughs count alike: the seasonal naive's mean absolute error over the months seen, for
    a total 12 times that. ``by_origin`` and the limits take the origin as the unit.
    """

    figures: Figures
    peers: Peers
    said: Sequence[Ours]
    counted: Array
    chosen: Array = field(default_factory=lambda: np.array([], dtype=bool))

    def __post_init__(self) -> None:
        """Count every origin unless told otherwise."""
        if not len(self.chosen):
            self.chosen = np.ones(len(self.figures.origins), dtype=bool)
        self.counted = self.counted & self.chosen[:, None]

    # What was said and what happened.

    @cached_property
    def scale(self) -> Array:
        """Seasonal naive's mean absolute error up to the origin, (n_origins, n_series)."""
        return np.stack(
            [
                scores.seasonal_naive_error(self.figures.before(origin).to_numpy())
                for origin in self.figures.origins
            ]
        )

    @cached_property
    def annual_scale(self) -> Array:
        """Mean absolute change of the 12-month total over a year up to the origin."""
        return np.stack(
            [
                scores.annual_change(self.figures.before(origin).to_numpy())
                for origin in self.figures.origins
            ]
        )

    @cached_property
    def actual(self) -> Array:
        """Totals that count, (n_origins, n_series, 3)."""
        return np.where(self.counted[:, None, :], self.figures.actual_totals, np.nan)

    @cached_property
    def monthly(self) -> dict[str, Array]:
        """Monthly forecasts by name, ours as ``ours``."""
        return {"ours": np.stack([one.monthly for one in self.said])} | self.peers.monthly

    @cached_property
    def totals(self) -> dict[str, Array]:
        """Forecast totals by name: our medians, and the sums of the peers' months."""
        ours = np.stack([one.medians for one in self.said])
        sums = {name: scores.year_totals(self.peers.monthly[name]) for name in NAMES}
        return {"ours": ours} | sums

    @cached_property
    def quantiles(self) -> Array:
        """Our quantiles of totals, (n_origins, n_series, 3, n_levels)."""
        return np.stack([one.quantiles for one in self.said])

    # Points.

    def monthly_error(self, name: str, horizon: int) -> Array:
        """Scaled absolute errors of months, (n_origins, n_series, horizon)."""
        counted = np.repeat(self.counted, YEAR, axis=1)[:, None, :horizon]
        actual = np.where(counted, self.figures.actual[..., :horizon], np.nan)
        return np.abs(self.monthly[name][..., :horizon] - actual) / self.scale[..., None]

    def mase(self, horizon: int, peer: str = "ets", name: str = "ours") -> Estimate:
        """Ratio of monthly MASE."""
        return scores.ratio(
            self.monthly_error(name, horizon), self.monthly_error(peer, horizon)
        )

    def total_error(self, name: str, scale: str = "monthly") -> Array:
        """Scaled absolute errors of totals, (n_origins, n_series, 3)."""
        by = {
            "monthly": YEAR * self.scale[..., None],
            "annual": self.annual_scale[..., None],
            "percent": np.where(self.actual > 0, self.actual, np.nan) / 100,
        }
        return np.abs(self.totals[name] - self.actual) / by[scale]

    def total_ratio(
        self,
        year: int,
        peer: str = "ets",
        name: str = "ours",
        *,
        scale: str = "monthly",
        series: Array | None = None,
        groups: Array | None = None,
    ) -> Estimate:
        """Ratio of the scaled errors of one year's totals."""
        rows = slice(None) if series is None else series
        return scores.ratio(
            self.total_error(name, scale)[:, rows, year],
            self.total_error(peer, scale)[:, rows, year],
            groups,
        )

    @property
    def calendar_years(self) -> Array:
        """Year of each origin: March and September of one share six months."""
        return np.array([int(origin[:4]) for origin in self.figures.origins])

    @property
    def families(self) -> dict[str, Array]:
        """All offence groups together, and each scheme."""
        measures = self.figures.measures
        schemes = {name: measures == name for name in AGGREGATES}
        return {"groups": ~np.isin(measures, AGGREGATES)} | schemes

    def against_last_year(self) -> dict[str, list[Estimate]]:
        """Ratio to the last 12 months, by family and year."""
        return {
            family: [self.total_ratio(year, "last12", series=rows) for year in WHOLE_YEARS]
            for family, rows in self.families.items()
        }

    # Distributions.

    def crps_ratio(self, year: int) -> Estimate:
        """Ratio of scaled CRPS of totals to AutoETS's with summed bounds."""
        scale = YEAR * self.scale
        ours, peer = (
            scores.crps(said[:, :, year], self.actual[..., year]) / scale
            for said in (self.quantiles, self.peers.ets_total_quantiles)
        )
        return scores.ratio(ours, peer)

    def inside(self, level: float, name: str = "ours") -> Array:
        """Whether the central interval held each total, (n_origins, n_series, 3)."""
        said = self.quantiles if name == "ours" else self.peers.ets_total_quantiles
        return scores.is_inside(said, self.actual, level)

    def coverage(self, level: float, name: str = "ours") -> list[Estimate]:
        """Coverage by year."""
        inside = self.inside(level, name)
        return [scores.mean(inside[..., year]) for year in WHOLE_YEARS]

    def coverage_by_measure(self, year: int | None = None) -> dict[str, tuple[float, float]]:
        """Coverage at 80 % and its clustered standard error, by measure."""
        inside = self.inside(0.8)
        inside = inside if year is None else inside[..., [year]]
        measures = self.figures.measures
        return {
            name: scores.clustered_standard_error(inside[:, measures == name])
            for name in dict.fromkeys(measures)
        }

    def coverage_by_origin(self) -> Array:
        """Coverage at 80 % over series, (n_origins, 3); last column all years."""
        inside = self.inside(0.8)
        years = [share(inside[:, :, year]) for year in WHOLE_YEARS]
        return np.stack([*years, share(inside.reshape(len(inside), -1))], axis=1)

    # Chances.

    @cached_property
    def outcomes(self) -> Array:
        """1 where the total fell as far, (n_origins, n_series, 3, n_falls)."""
        last = self.figures.last_year.sum(axis=-1)
        limit = last[..., None, None] * (1 - np.array(FALLS) / 100)
        met = (self.actual[..., None] <= limit + 1e-9).astype(float)
        known = ~np.isnan(self.actual)[..., None] & (last > 0)[..., None, None]
        return np.where(known, met, np.nan)

    @cached_property
    def chances(self) -> Array:
        """Our chances as reported, (n_origins, n_series, 3, n_falls)."""
        return np.stack([one.chances for one in self.said])

    @cached_property
    def raw_chances(self) -> Array:
        """The shares of our distributions, not shrunk."""
        last = self.figures.last_year.sum(axis=-1)[..., None].repeat(YEARS, axis=-1)
        below = [
            scores.probability_at_most(self.quantiles, (1 - fall / 100) * last)
            for fall in FALLS
        ]
        return np.stack(below, axis=-1)

    @cached_property
    def known_rates(self) -> Array:
        """How often the offence had fallen so far in so long, by each origin."""
        return np.stack([rates_of(self.figures, origin) for origin in self.figures.origins])

    @cached_property
    def final_rates(self) -> Array:
        """The same over all figures, those after the origins too."""
        last = f"{self.figures.counts.index[-1]:%Y-%m}"
        rates = rates_of(self.figures, last)
        return np.broadcast_to(rates, (len(self.figures.origins), *rates.shape))

    def chance_cells(self) -> list[dict[str, Any]]:
        """Brier scores and means by fall and year."""
        return [
            self.chance_cell(number, year)
            for number in range(len(FALLS))
            for year in WHOLE_YEARS
        ]

    def chance_cell(self, number: int, year: int) -> dict[str, Any]:
        """One fall and year: scores against the base rates, forecast against observed."""
        outcome = self.outcomes[..., year, number]
        said, raw, known, final = (
            array[..., year, number]
            for array in (self.chances, self.raw_chances, self.known_rates, self.final_rates)
        )
        # A year whose base rate is not known yet at some origins is scored on the others.
        both = np.where(np.isnan(known), np.nan, outcome)
        return {
            "fall_pct": FALLS[number],
            "year": year + 1,
            "brier": scores.mean(scores.brier(said, both)).value,
            "brier_unshrunk": scores.mean(scores.brier(raw, both)).value,
            "brier_known_rate": scores.mean(scores.brier(known, both)).value,
            "brier_final_rate": scores.mean(scores.brier(final, both)).value,
            "better_than_known": scores.mean_difference(
                scores.brier(said, both), scores.brier(known, both)
            ),
            "forecast": scores.mean(np.where(np.isnan(outcome), np.nan, said)).value,
            "forecast_unshrunk": scores.mean(np.where(np.isnan(outcome), np.nan, raw)).value,
            "observed": scores.mean(outcome),
        }

    def reliability(self, year: int | None = None) -> list[scores.Fifth]:
        """Reliability in fifths over both falls, and over all years unless one is named."""
        chosen = slice(None) if year is None else [year]
        return scores.fifths(self.chances[:, :, chosen], self.outcomes[:, :, chosen])

    # By origin.

    def by_origin(self) -> list[dict[str, Any]]:
        """Ratios to AutoETS and coverage, a row an origin that has a window."""
        coverage = self.coverage_by_origin()
        rows = []
        for number, origin in enumerate(self.figures.origins):
            if self.counted[number].any():
                mase = [self.of_origin(number, horizon) for horizon in (YEAR, HORIZON)]
                totals = [
                    quotient(self.total_error("ours"), self.total_error("ets"), number, year)
                    for year in WHOLE_YEARS
                ]
                last = [
                    quotient(self.total_error("ours"), self.total_error("last12"), number, year)
                    for year in WHOLE_YEARS
                ]
                rows.append(
                    {
                        "origin": origin,
                        "mase_12": mase[0],
                        "mase_36": mase[1],
                        "totals": totals,
                        "totals_last12": last,
                        "coverage_80": coverage[number].tolist(),
                    }
                )
        return rows

    def of_origin(self, number: int, horizon: int) -> float:
        """Ratio of monthly MASE at one origin."""
        ours, peer = (self.monthly_error(name, horizon)[[number]] for name in ("ours", "ets"))
        return scores.ratio(ours, peer).value


@dataclass(frozen=True)
class PooledChances:
    """Chances over two records that share no origin, (n_origins, n_series, 3, n_falls).

    Windows of one record may all be from one rise or one fall of crime; over both there are
    some of each. Some months of 2015 to 2017 are forecast in both, from other origins, so
    limits over origins are a little too narrow.
    """

    said: Array
    outcomes: Array
    known: Array

    @classmethod
    def of(cls, *records: Evaluation) -> PooledChances:
        """Origins of all records, one after another."""
        widest = max(found.chances.shape[1] for found in records)
        kinds = ("chances", "outcomes", "known_rates")
        return cls(
            *(
                np.concatenate([widened(getattr(one, kind), widest) for one in records])
                for kind in kinds
            )
        )

    def cells(self) -> list[dict[str, Any]]:
        """Means and Brier scores by fall and year."""
        made = []
        for number, fall in enumerate(FALLS):
            for year in WHOLE_YEARS:
                said, outcome, known = (
                    array[..., year, number] for array in (self.said, self.outcomes, self.known)
                )
                counted = np.where(np.isnan(known), np.nan, outcome)
                made.append(
                    {
                        "fall_pct": fall,
                        "year": year + 1,
                        "forecast": scores.mean(said + 0 * outcome).value,
                        "observed": scores.mean(outcome),
                        "gap": scores.mean_difference(said, outcome),
                        "brier": scores.mean(scores.brier(said, counted)).value,
                        "brier_known_rate": scores.mean(scores.brier(known, counted)).value,
                    }
                )
        return made

    def fifths(self) -> list[scores.Fifth]:
        """Reliability over all falls and years."""
        return scores.fifths(self.said, self.outcomes)


def widened(values: Array, n_series: int) -> Array:
    """The same with series that were never there."""
    shape = [(0, 0), (0, n_series - values.shape[1]), (0, 0), (0, 0)]
    return np.pad(values, shape, constant_values=np.nan)


def quotient(ours: Array, peer: Array, number: int, year: int) -> float:
    """Ratio at one origin."""
    return scores.ratio(ours[[number], :, year], peer[[number], :, year]).value


def share(inside: Array) -> Array:
    """Mean over what is there along the second axis; ``nan`` where nothing is."""
    there = ~np.isnan(inside)
    count = there.sum(axis=1)
    total = np.where(there, inside, 0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


@cache
def rates_of(figures: Figures, last: str) -> Array:
    """Base rate of each series' offence by a month, (n_series, 3, n_falls)."""
    history = figures.before(last)
    is_unusual = history.index.isin(covid_months()).astype(float)
    found = np.empty((history.shape[1], YEARS, len(FALLS)))
    for measure in dict.fromkeys(figures.measures):
        rows = np.flatnonzero(figures.measures == measure)
        counts = history.to_numpy()[:, rows]
        for year in range(YEARS):
            for number, fall in enumerate(FALLS):
                rate = scores.fall_rate(counts, fall, YEAR * (year + 1), is_unusual)
                found[rows, year, number] = rate
    return found
