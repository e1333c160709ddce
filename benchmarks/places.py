"""Seconds for a kernel density surface and a Knox test, ours and the plain way to do each.

    python benchmarks/places.py [--times 3] [--events 10000] [--knox-events 2000]

Points are made up (seeded): a borough of seven kilometres each way, half of its crime about
twenty centres, over two years. The density is compared with scikit-learn's, of the same
kernel on the same cells, exact and at a tolerance like our own error; the Knox test with a
double loop over all pairs and with a matrix of all pairs. Results are compared too, so that
nothing is fast because it is wrong. The fewest seconds of the times are told.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import TypeVar

import click
import numpy as np
import pandas as pd
from sklearn.neighbors import KernelDensity

from analysis.places.density import DensitySurface, kernel_density
from analysis.places.near_repeat import Knox, knox
from data_build import machine

SIDE_M = 7_000
CENTRES = 20
SPREAD_M = 250
DAYS = 730
CELL_M = 50
BANDWIDTH_M = 200
NEAR_M = 200
SOON_DAYS = 7
PERMUTATIONS = 99
TOLERANCE = 0.002

Result = TypeVar("Result")


@click.command(help=__doc__.partition("\n")[0])
@click.option("--times", default=3, show_default=True, help="How often to time each.")
@click.option("--events", default=10_000, show_default=True, help="Points of the density.")
@click.option("--knox-events", default=2_000, show_default=True, help="Events of the test.")
def measure(times: int, events: int, knox_events: int) -> None:
    """Time each part and print a line of each."""
    print(machine())
    time_density(made_up(events), times)
    time_knox(made_up(knox_events), times)


def made_up(count: int) -> pd.DataFrame:
    """Events of a borough that never was."""
    rng = np.random.default_rng(1_998)
    centres = rng.uniform(0, SIDE_M, (CENTRES, 2))
    gathered = centres[rng.integers(0, CENTRES, count // 2)]
    gathered = gathered + rng.normal(0, SPREAD_M, gathered.shape)
    spread = rng.uniform(0, SIDE_M, (count - len(gathered), 2))
    events = pd.DataFrame(np.vstack([gathered, spread]), columns=["easting", "northing"])
    return events.assign(date=rng.integers(0, DAYS, count))


def time_density(points: pd.DataFrame, times: int) -> None:
    """Ours, scikit-learn's exact and at a tolerance, and how far ours lies from the exact."""
    ours, surface = timed(lambda: our_density(points), times)
    exact, density = timed(lambda: their_density(points, surface, 0), times)
    loose, rough = timed(lambda: their_density(points, surface, TOLERANCE), times)
    print(f"density of {len(points):,} points on {surface.density.size:,} cells")
    print(
        f"  ours                        {ours:8.4f} s, off by {off(surface.density, density)}"
    )
    print(f"  scikit-learn, exact         {exact:8.4f} s, {exact / ours:,.0f} times as long")
    print(
        f"  scikit-learn, within {TOLERANCE:.1%}   {loose:8.4f} s, {loose / ours:,.0f} times "
        f"as long, off by {off(rough, density)}"
    )


def off(density: np.ndarray, exact: np.ndarray) -> str:
    """Largest difference anywhere, as a share of the highest density."""
    return f"{np.abs(density - exact).max() / exact.max():.2%} of the peak at most"


def our_density(points: pd.DataFrame) -> DensitySurface:
    """The surface that reports draw."""
    return kernel_density(points, cell_m=CELL_M, bandwidth_m=BANDWIDTH_M, kernel="gaussian")


def their_density(
    points: pd.DataFrame, surface: DensitySurface, tolerance: float
) -> np.ndarray:
    """The density of scikit-learn's tree at the same cells, per square kilometre."""
    position = points[["easting", "northing"]].to_numpy()
    model = KernelDensity(bandwidth=BANDWIDTH_M, kernel="gaussian", rtol=tolerance)
    model.fit(position)
    columns, rows = np.meshgrid(surface.eastings, surface.northings)
    cells = np.column_stack([columns.ravel(), rows.ravel()])
    density = np.exp(model.score_samples(cells)) * len(points) * 1e6
    return density.reshape(columns.shape)


def time_knox(events: pd.DataFrame, times: int) -> None:
    """Ours, the double loop (once over, no permutation) and the matrix of all pairs."""
    ours, found = timed(lambda: our_knox(events), times)
    loop, counted = timed(lambda: double_loop(events), times)
    matrix, drawn = timed(lambda: full_matrix(events), times)
    counts = (found.near_in_space_count, found.near_in_time_count, found.pair_count)
    print(f"Knox test of {len(events):,} events, {PERMUTATIONS} permutations")
    print(f"  ours               {ours:8.3f} s")
    print(f"  matrix of pairs    {matrix:8.3f} s, {matrix / ours:,.0f} times as long")
    print(f"  double loop, once  {loop:8.3f} s, {loop / ours:,.0f} times as long")
    print(f"  pairs near, soon and both agree: {counts == counted}")
    print(f"  expected {found.expected_count:.1f}, mean of the matrix's draws {drawn:.1f}")


def our_knox(events: pd.DataFrame) -> Knox:
    """The test that reports tell."""
    return knox(events, distance_m=NEAR_M, days=SOON_DAYS, permutations=PERMUTATIONS)


def double_loop(events: pd.DataFrame) -> tuple[int, int, int]:
    """Pairs near, soon and both, one pair after another."""
    rows = list(events[["easting", "northing", "date"]].itertuples(index=False, name=None))
    near_count = soon_count = both_count = 0
    for place, (east, north, day) in enumerate(rows):
        for other_east, other_north, other_day in rows[place + 1 :]:
            near = math.hypot(east - other_east, north - other_north) <= NEAR_M
            soon = abs(day - other_day) <= SOON_DAYS
            near_count += near
            soon_count += soon
            both_count += near and soon
    return near_count, soon_count, both_count


def full_matrix(events: pd.DataFrame) -> float:
    """Mean number of close pairs over the permutations, each on a matrix of all pairs."""
    rng = np.random.default_rng(1)
    position = events[["easting", "northing"]].to_numpy()
    apart = np.hypot(*(position[:, None, :] - position[None, :, :]).transpose(2, 0, 1))
    near = np.triu(apart <= NEAR_M, 1)
    day = events["date"].to_numpy()
    drawn = []
    for _ in range(PERMUTATIONS):
        shuffled = rng.permutation(day)
        soon = np.abs(shuffled[:, None] - shuffled[None, :]) <= SOON_DAYS
        drawn.append((near & soon).sum())
    return float(np.mean(drawn))


def timed(part: Callable[[], Result], times: int) -> tuple[float, Result]:
    """Fewest seconds of so many times, and the last result."""
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        result = part()
        seconds.append(time.perf_counter() - start)
    return min(seconds), result


if __name__ == "__main__":
    measure()
