"""Near repeats: whether crimes close in space are also close in time (Knox).

From dated and located crimes, which published files are not: they carry a month and a
snapped point, and both make pairs of their own. Under no link between place and date the
number of close pairs to expect is exact, E = S T / N (pairs close in space, close in time,
all pairs); how far it scatters is found by shuffling the dates. Days are whole days and
bounds are part of their band: "0 to 3 days" holds crimes of the same day and of three days
later. Known weaknesses: a date known only as a range has to be given as one date; and a risk
that moved over the period (a summer in one district) makes near repeats of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats
from scipy.spatial import KDTree

from analysis.errors import DataContractError
from analysis.measures.false_discovery import FALSE_DISCOVERY, q_values_of

PERMUTATIONS = 999
SEED = 20_124

DISTANCE_EDGES_M = (100.0, 200.0, 300.0, 400.0)
# Burglary's near repeats fade within some 400 metres (Johnson and others 2007).

DAY_EDGES = (3, 7, 14, 28)
# And within some two to four weeks.

SAME_PLACE_M = 1.0
# Nearer than this is the same address: a repeat, not a near repeat.

CHANCE_RANGE = (0.025, 0.975)

MOST_PAIRS = 20_000_000
# Pairs close in space held in memory at once: 320 MB.

Numbers = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Knox:
    """Pairs close in space and time against what no link between the two would give.

    ``expected_count`` is exact; ``by_chance_lower`` and ``_upper`` hold 95 % of the
    permutations; ``p_value`` is one-sided by permutation (more pairs than chance),
    ``p_poisson`` from the Poisson approximation. ``convention`` says what close means.
    """

    event_count: int
    pair_total: int
    near_in_space_count: int
    near_in_time_count: int
    pair_count: int
    expected_count: float
    ratio: float
    p_poisson: float
    p_value: float
    by_chance_lower: float
    by_chance_upper: float
    permutation_count: int
    convention: str


def knox(
    events: pd.DataFrame,
    *,
    distance_m: float,
    days: float,
    permutations: int = PERMUTATIONS,
    seed: int = SEED,
) -> Knox:
    """Pairs of events close in space and in time.

    Parameters
    ----------
    events : DataFrame, shape (n_events, ...)
        ``easting`` and ``northing`` (metres) and ``date`` (a date, its time of day left
        out; or a number of days), none missing. A record twice over is two events: take
        duplicates out first.
    distance_m : float
        At most so far apart, this distance included.
    days : int
        At most so many whole days apart, this number included.
    permutations : int
    seed : int

    Returns
    -------
    Knox

    Raises
    ------
    DataContractError
        If there are fewer than two events, a position or date is missing, or there are too
        many pairs for the memory.

    References
    ----------
    Knox (1964), Applied Statistics 13; Johnson and others (2007), Journal of Quantitative
    Criminology 23.

    Examples
    --------
    >>> dates = pd.to_datetime(["2019-01-01", "2019-01-04"])
    >>> events = pd.DataFrame({"easting": 0, "northing": [0, 100], "date": dates})
    >>> found = knox(events, distance_m=100, days=3)
    >>> found.pair_count, found.near_in_space_count, found.near_in_time_count
    (1, 1, 1)
    """
    position, day = _checked(events)
    first, second, _ = _near_pairs(position, distance_m)
    pair_total = len(day) * (len(day) - 1) // 2
    in_time = int(_pairs_in_time(day, np.array([days]))[0])
    pair_count = int((np.abs(day[first] - day[second]) <= days).sum())
    expected = len(first) * in_time / pair_total
    rng = np.random.default_rng(seed)
    drawn = np.empty(permutations)
    for number in range(permutations):
        shuffled = rng.permutation(day)
        drawn[number] = (np.abs(shuffled[first] - shuffled[second]) <= days).sum()
    lower, upper = np.quantile(drawn, CHANCE_RANGE)
    return Knox(
        event_count=len(day),
        pair_total=pair_total,
        near_in_space_count=len(first),
        near_in_time_count=in_time,
        pair_count=pair_count,
        expected_count=expected,
        ratio=pair_count / expected if expected else np.nan,
        p_poisson=float(_p_poisson(np.array(pair_count), np.array(expected))),
        p_value=float(((drawn >= pair_count).sum() + 1) / (permutations + 1)),
        by_chance_lower=float(lower),
        by_chance_upper=float(upper),
        permutation_count=permutations,
        convention=f"0 to {distance_m:g} m and 0 to {days:g} days apart, bounds included",
    )


def near_repeat_table(
    events: pd.DataFrame,
    *,
    distance_edges_m: Sequence[float] = DISTANCE_EDGES_M,
    day_edges: Sequence[int] = DAY_EDGES,
    permutations: int = PERMUTATIONS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Pairs by distance and time band, with the ratio to expectation.

    Parameters
    ----------
    events : DataFrame
        As in ``knox``.
    distance_edges_m : sequence of float, rising
        Upper bounds of the distance bands, metres, each part of its band. Before the first
        stands a band of its own, "same place" (nearer than ``SAME_PLACE_M``).
    day_edges : sequence of int, rising
        Last day of each time band; the first begins with the same day, the next with the
        day after: 3 and 7 make "0 to 3 days" and "4 to 7 days".
    permutations : int
        At least twenty times the number of rows, or no row by itself can stand out.
    seed : int

    Returns
    -------
    DataFrame, a row for each distance band and time band
        ``distance_band``, ``distance_lower_m``, ``distance_upper_m``, ``day_band``,
        ``day_first``, ``day_last``, ``pair_count``, ``expected_count``, ``ratio`` (missing
        where nothing is expected), ``by_chance_lower`` and ``_upper`` (95 % of
        permutations), ``p_value`` (one-sided), ``q_value`` (Benjamini and Hochberg over all
        rows), ``p_poisson``, ``is_more_than_chance`` (``q_value`` at one in twenty).

    Raises
    ------
    DataContractError
        As ``knox``, or if bounds do not rise from above nought.

    References
    ----------
    Knox (1964); Ratcliffe, Near Repeat Calculator, whose labels of the time bands were one
    day off.

    Examples
    --------
    >>> dates = pd.to_datetime(["2019-01-01", "2019-01-04", "2019-01-09"])
    >>> events = pd.DataFrame({"easting": 0, "northing": [0, 100, 350], "date": dates})
    >>> table = near_repeat_table(events, distance_edges_m=(100, 300), day_edges=(3, 7))
    >>> table.loc[table["pair_count"] > 0, ["distance_band", "day_band"]].values.tolist()
    [['up to 100 m', '0 to 3 days'], ['over 100 to 300 m', '4 to 7 days']]
    """
    edges_m = _rising([SAME_PLACE_M, *distance_edges_m], "distances")
    last_days = _rising(day_edges, "days")
    position, day = _checked(events)
    first, second, apart = _near_pairs(position, edges_m[-1])
    beyond = np.maximum(1, np.searchsorted(edges_m, apart, side="left"))
    band = np.where(apart < SAME_PLACE_M, 0, beyond)
    shape = (len(edges_m), len(last_days))
    rng = np.random.default_rng(seed)
    found = _cells(day, first, second, band, last_days, shape)
    drawn = np.stack(
        [
            _cells(rng.permutation(day), first, second, band, last_days, shape)
            for _ in range(permutations)
        ]
    )
    in_space = np.bincount(band, minlength=shape[0])
    in_time = np.diff(_pairs_in_time(day, last_days), prepend=0)
    expected = np.outer(in_space, in_time) / (len(day) * (len(day) - 1) / 2)
    return _banded(found, expected, drawn, edges_m, last_days)


def _banded(
    found: Integers, expected: Numbers, drawn: Integers, edges_m: Numbers, last_days: Numbers
) -> pd.DataFrame:
    distance, time = (axis.ravel() for axis in np.indices(found.shape))
    lower_m = np.array([0.0, 0.0, *edges_m[1:-1]])
    first_days = np.array([0.0, *(last_days[:-1] + 1)])
    p_value = ((drawn >= found).sum(axis=0) + 1) / (len(drawn) + 1)
    lower, upper = np.quantile(drawn, CHANCE_RANGE, axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(expected > 0, found / expected, np.nan)
    q_value = q_values_of(pd.Series(p_value.ravel())).to_numpy()
    return pd.DataFrame(
        {
            "distance_band": np.array(_distance_bands(edges_m))[distance],
            "distance_lower_m": lower_m[distance],
            "distance_upper_m": edges_m[distance],
            "day_band": np.array(_day_bands(first_days, last_days))[time],
            "day_first": first_days[time].astype(int),
            "day_last": last_days[time].astype(int),
            "pair_count": found.ravel(),
            "expected_count": expected.ravel(),
            "ratio": ratio.ravel(),
            "by_chance_lower": lower.ravel(),
            "by_chance_upper": upper.ravel(),
            "p_value": p_value.ravel(),
            "q_value": q_value,
            "p_poisson": _p_poisson(found, expected).ravel(),
            "is_more_than_chance": q_value <= FALSE_DISCOVERY,
        }
    )


def _distance_bands(edges_m: Numbers) -> list[str]:
    far = [
        f"over {low:g} to {high:g} m"
        for low, high in zip(edges_m[1:], edges_m[2:], strict=False)
    ]
    return ["same place", f"up to {edges_m[1]:g} m", *far]


def _day_bands(first_days: Numbers, last_days: Numbers) -> list[str]:
    return [
        f"{low:g} to {high:g} days" for low, high in zip(first_days, last_days, strict=True)
    ]


def _checked(events: pd.DataFrame) -> tuple[Numbers, Numbers]:
    """Positions in metres, and days as whole numbers."""
    position = events[["easting", "northing"]].to_numpy(dtype=float)
    date = events["date"]
    if pd.api.types.is_datetime64_any_dtype(date):
        origin = pd.Timestamp("2000-01-01", tz=date.dt.tz)
        day = ((date.dt.normalize() - origin) / pd.Timedelta(days=1)).round().to_numpy(float)
    else:
        day = pd.to_numeric(date).to_numpy(dtype=float)
    if len(events) < 2 or not (np.isfinite(position).all() and np.isfinite(day).all()):
        message = (
            f"near repeats need two events with a position and a date each; of the "
            f"{len(events)} here some lack one. Leave those out."
        )
        raise DataContractError(message)
    return position, day


def _near_pairs(position: Numbers, distance_m: float) -> tuple[Integers, Integers, Numbers]:
    """Each pair at most so far apart, once, and its distance."""
    # A hair more than asked, so that rounding leaves no pair out at the very bound.
    slack = 1e-6
    tree = KDTree(position)
    pair_count = (tree.count_neighbors(tree, distance_m + slack) - len(position)) // 2
    if pair_count > MOST_PAIRS:
        message = (
            f"{pair_count:,} pairs within {distance_m:g} m, more than {MOST_PAIRS:,}: take a "
            "shorter distance or fewer events."
        )
        raise DataContractError(message)
    pairs = tree.query_pairs(distance_m + slack, output_type="ndarray")
    first, second = pairs[:, 0], pairs[:, 1]
    apart = np.hypot(*(position[first] - position[second]).T)
    return first, second, np.minimum(apart, distance_m)


def _pairs_in_time(day: Numbers, last_days: Numbers) -> Integers:
    """All pairs at most so many days apart, for each number of days."""
    ordered = np.sort(day)
    place = np.arange(1, len(ordered) + 1)
    reach = [np.searchsorted(ordered, ordered + days, side="right") for days in last_days]
    return np.array([int((end - place).sum()) for end in reach])


def _cells(
    day: Numbers,
    first: Integers,
    second: Integers,
    band: Integers,
    last_days: Numbers,
    shape: tuple[int, int],
) -> Integers:
    """Pairs in each distance and time band."""
    time = np.searchsorted(last_days, np.abs(day[first] - day[second]), side="left")
    within = time < shape[1]
    cell = band[within] * shape[1] + time[within]
    return np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)


def _p_poisson(found: npt.NDArray[np.int64], expected: Numbers) -> Numbers:
    """Chance of as many pairs or more, were they Poisson."""
    return np.asarray(stats.poisson.sf(found - 1, expected))


def _rising(bounds: Sequence[float], what: str) -> Numbers:
    values = np.asarray(bounds, dtype=float)
    if not len(values) or values[0] < 0 or (np.diff(values) <= 0).any():
        message = f"bounds of {what} {list(bounds)} must rise, and not from below nought."
        raise DataContractError(message)
    return values
