"""Hot and cold spots of small areas, with false discovery held over all places.

From one value a place (a count, or better a rate) and each place's neighbours on the
National Grid. Getis-Ord Gi* asks whether a place and its neighbours together stand out from
the whole; local Moran whether a place resembles its neighbours or stands against them. The
statistics are esda's; both are judged by drawing as many places at random (seeded,
two-sided), a draw that equals what was seen counting for either side: counts tie, and a
p-value that puts ties to one side makes every empty corner a cold spot. A false-discovery
control holds over all places of one call: without it one place in twenty stands out in a
borough of pure chance. Known weaknesses: neighbouring places share neighbours, so their
verdicts come in clumps; and rates on few residents scatter more than others.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import KDTree

from analysis.errors import DataContractError
from analysis.measures.false_discovery import FALSE_DISCOVERY, q_values_of

if TYPE_CHECKING:
    from libpysal.weights import W

PERMUTATIONS = 9_999
# With fewer, no p-value is small enough to stand out among hundreds of places.

SEED = 20_123

NEIGHBOUR_COUNT = 8
# A place in a regular grid has eight about it.

HOT, COLD, CHANCE = "hot spot", "cold spot", "not told apart from chance"

QUADRANTS = {
    1: "high among high",
    2: "low among high",
    3: "low among low",
    4: "high among low",
}
# As esda numbers them.

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class GlobalMoran:
    """Moran's I: above ``expected`` where like lies beside like over the whole area.

    ``p_value`` is two-sided by permutation; ``p_value_normal`` from the normal formula.
    """

    moran_i: float
    expected: float
    variance_normal: float
    variance_random: float
    p_value_normal: float
    p_value: float
    permutation_count: int
    place_count: int
    method: str


def neighbour_weights(
    places: pd.DataFrame,
    *,
    neighbour_count: int | None = None,
    distance_m: float | None = None,
) -> W:
    """Neighbours of each place: so many nearest ones, or all within a distance.

    Parameters
    ----------
    places : DataFrame, shape (n_places, ...), index place
        ``easting`` and ``northing``, metres, none missing.
    neighbour_count : int, optional
        Nearest neighbours of each; eight where neither is given. The order of the places
        settles which of several equally far is taken.
    distance_m : float, optional
        All other places as near as this are neighbours, this distance included. A place
        without any is an island: Gi* judges it by its own value, local Moran not at all.

    Returns
    -------
    libpysal.weights.W
        Binary, ids as in the index.

    Raises
    ------
    DataContractError
        If both or a wrong number is given, a position is missing, or a place occurs twice.

    Examples
    --------
    >>> row = pd.DataFrame({"easting": [0, 100, 250], "northing": 0}, list("abc"))
    >>> neighbour_weights(row, neighbour_count=1).neighbors
    {'a': ['b'], 'b': ['a'], 'c': ['b']}
    >>> neighbour_weights(row, distance_m=150).neighbors["b"]
    ['a', 'c']
    """
    from libpysal.weights import W

    position = _positions(places)
    if neighbour_count is not None and distance_m is not None:
        message = "neighbours by number or by distance: give one of the two, not both."
        raise DataContractError(message)
    if distance_m is None:
        found = _nearest(position, neighbour_count or NEIGHBOUR_COUNT)
    else:
        tree = KDTree(position)
        within = tree.query_ball_point(position, distance_m)
        found = [sorted(set(near) - {place}) for place, near in enumerate(within)]
    names = list(places.index)
    neighbours = {
        names[place]: [names[other] for other in near] for place, near in enumerate(found)
    }
    return W(neighbours, id_order=names, silence_warnings=True)


def global_moran(
    values: pd.Series,
    weights: W,
    *,
    transform: Literal["r", "b"] = "r",
    permutations: int = PERMUTATIONS,
    seed: int = SEED,
) -> GlobalMoran:
    """Moran's I of all places together.

    Parameters
    ----------
    values : Series, shape (n_places,), indexed as the weights
        A count or rate of each place, none missing.
    weights : libpysal.weights.W
        From ``neighbour_weights``, or any other with the same ids.
    transform : {"r", "b"}
        Neighbours' mean, or their sum.
    permutations : int
    seed : int

    Returns
    -------
    GlobalMoran

    Raises
    ------
    DataContractError
        If the places differ from those of the weights, a value is missing, or all are alike.

    References
    ----------
    Moran (1950), Biometrika 37; Cliff & Ord (1981), Spatial Processes.

    Examples
    --------
    >>> row = pd.DataFrame({"easting": range(6), "northing": 0}, list("abcdef"))
    >>> rising = pd.Series(range(6), row.index)
    >>> round(global_moran(rising, neighbour_weights(row, distance_m=1)).moran_i, 2)
    0.71
    """
    Moran = _esda("moran").Moran  # noqa: N806

    ordered = _values_of(values, weights)
    near = _binary(weights)
    found = Moran(ordered, near, transformation=transform, permutations=0)
    drawn = _shuffled_moran(found.z, near.sparse.tocsr(), permutations, seed)
    observed = float(found.z @ (near.sparse @ found.z))
    centre = found.EI * near.s0 * (found.z @ found.z) / len(ordered)
    further = int((np.abs(drawn - centre) >= abs(observed - centre) * (1 - 1e-12)).sum())
    return GlobalMoran(
        moran_i=float(found.I),
        expected=float(found.EI),
        variance_normal=float(found.VI_norm),
        variance_random=float(found.VI_rand),
        p_value_normal=float(found.p_norm),
        p_value=(further + 1) / (permutations + 1),
        permutation_count=permutations,
        place_count=len(ordered),
        method=f"{permutations} permutations, two-sided",
    )


def getis_ord(
    values: pd.Series,
    weights: W,
    *,
    false_discovery: float = FALSE_DISCOVERY,
    permutations: int = PERMUTATIONS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Getis-Ord Gi*: places that with their neighbours stand out from the whole.

    Parameters
    ----------
    values : Series, shape (n_places,), indexed as the weights
        A count or rate of each place, nought or more, none missing.
    weights : libpysal.weights.W
        From ``neighbour_weights``.
    false_discovery : float in (0, 1)
        Share of the places called hot or cold that may be so by chance.
    permutations : int
    seed : int

    Returns
    -------
    DataFrame, index place
        ``value``; ``neighbour_mean``, the place included; ``z``; ``p_value`` (two-sided, by
        permutation) and ``q_value`` (Benjamini and Hochberg); ``hot_spot_class``,
        ``HOT``, ``COLD`` or ``CHANCE``.

    Raises
    ------
    DataContractError
        As ``global_moran``, or if a value is negative.

    References
    ----------
    Ord & Getis (1995), Geographical Analysis 27; Caldas de Castro & Singer (2006),
    Geographical Analysis 38 (false discovery).

    Examples
    --------
    >>> from itertools import product
    >>> grid = pd.DataFrame(product(range(12), range(12)), columns=["easting", "northing"])
    >>> near = neighbour_weights(grid, distance_m=1.5)
    >>> crime = pd.Series(1.0, grid.index).where(grid.max(axis=1) > 2, 9.0)
    >>> found = getis_ord(crime, near)
    >>> bool((found["hot_spot_class"] == "hot spot")[crime == 9].all())
    True
    """
    G_Local = _esda("getisord").G_Local  # noqa: N806

    ordered = _values_of(values, weights)
    if (ordered < 0).any():
        message = "Gi* is of counts or rates, nought or more; a value is negative."
        raise DataContractError(message)
    near = _binary(weights, with_itself=True)
    found = G_Local(ordered, near, transform="B", star=True, permutations=0)
    links = near.sparse.tocsr()
    size = np.diff(links.indptr)
    above, below = _tails_of_any(ordered, links @ ordered, size, permutations, seed)
    table = pd.DataFrame(
        {
            "value": ordered,
            "neighbour_mean": (links @ ordered) / size,
            "z": np.asarray(found.Zs, dtype=float),
        },
        index=pd.Index(near.id_order, name=values.index.name),
    )
    side = np.where(above < below, HOT, COLD)
    return _judged(table, above, below, side, false_discovery, "hot_spot_class")


def local_moran(
    values: pd.Series,
    weights: W,
    *,
    false_discovery: float = FALSE_DISCOVERY,
    permutations: int = PERMUTATIONS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Local Moran: places like their neighbours, and places unlike them.

    Parameters
    ----------
    values, weights, false_discovery, permutations, seed
        As in ``getis_ord``; values of any sign.

    Returns
    -------
    DataFrame, index place
        ``value``; ``local_i``; ``quadrant`` (``"high among high"``, ``"low among low"``,
        ``"high among low"``, ``"low among high"``); ``p_value``, ``q_value``;
        ``cluster_class``, the quadrant or ``"not told apart from chance"``; and
        ``hot_spot_class``, as ``getis_ord`` (hot for high among high, cold for low among
        low: an outlier is neither).

    Raises
    ------
    DataContractError
        As ``global_moran``.

    References
    ----------
    Anselin (1995), Geographical Analysis 27.

    Examples
    --------
    >>> from itertools import product
    >>> grid = pd.DataFrame(product(range(12), range(12)), columns=["easting", "northing"])
    >>> near = neighbour_weights(grid, distance_m=1.5)
    >>> crime = pd.Series(1.0, grid.index).where(grid.max(axis=1) > 2, 9.0)
    >>> local_moran(crime, near)["cluster_class"].iloc[0]
    'high among high'
    """
    Moran_Local = _esda("moran").Moran_Local  # noqa: N806

    ordered = _values_of(values, weights)
    near = _binary(weights)
    links = near.sparse.tocsr()
    above, below = _tails_of_others(ordered, links, permutations, seed)
    found = Moran_Local(ordered, near, transformation="r", permutations=0)
    quadrant = pd.Series(found.q).map(QUADRANTS).to_numpy()
    table = pd.DataFrame(
        {"value": ordered, "local_i": np.asarray(found.Is, float), "quadrant": quadrant},
        index=pd.Index(near.id_order, name=values.index.name),
    )
    judged = _judged(table, above, below, quadrant, false_discovery, "cluster_class")
    like = {QUADRANTS[1]: HOT, QUADRANTS[3]: COLD}
    return judged.assign(hot_spot_class=judged["cluster_class"].map(like).fillna(CHANCE))


def _esda(module: str) -> Any:
    """A module of esda, imported when it is needed: that takes seconds."""
    with warnings.catch_warnings():
        # esda's own progress bar, never drawn here, warns in a notebook without ipywidgets.
        warnings.filterwarnings("ignore", message="IProgress not found")
        return import_module(f"esda.{module}")


def _binary(weights: W, *, with_itself: bool = False) -> W:
    """The same neighbours, all alike: esda changes the weights that it is given."""
    from libpysal.weights import W

    neighbours = {
        place: [*near, place] if with_itself else list(near)
        for place, near in weights.neighbors.items()
    }
    return W(neighbours, id_order=list(weights.id_order), silence_warnings=True)


def _shuffled_moran(z: Numbers, links: Any, permutations: int, seed: int) -> Numbers:
    """Sum of products of neighbours with all places shuffled, one a permutation."""
    rng = np.random.default_rng(seed)
    drawn = np.empty(permutations)
    for number in range(permutations):
        shuffled = rng.permutation(z)
        drawn[number] = shuffled @ (links @ shuffled)
    return drawn


def _tails_of_any(
    values: Numbers, sums: Numbers, size: npt.NDArray[np.int32], permutations: int, seed: int
) -> tuple[Numbers, Numbers]:
    """Chance of as high and of as low a sum over so many places of the whole, by lot."""
    drawn = values[_lots(len(values), int(size.max()), permutations, seed)].cumsum(axis=1)
    above, below = np.empty(len(sums)), np.empty(len(sums))
    for count in np.unique(size):
        alike = size == count
        above[alike], below[alike] = _tails(np.sort(drawn[:, count - 1]), sums[alike])
    return above, below


def _tails_of_others(
    values: Numbers, links: Any, permutations: int, seed: int
) -> tuple[Numbers, Numbers]:
    """The same for each place's neighbours, drawn from the places other than itself."""
    size, sums = np.diff(links.indptr), links @ values
    lots = _lots(len(values) - 1, max(1, int(size.max())), permutations, seed)
    above, below = np.ones(len(sums)), np.ones(len(sums))
    for place in np.flatnonzero(size):
        others = np.delete(values, place)
        drawn = np.sort(others[lots[:, : size[place]]].sum(axis=1))
        above[place], below[place] = _tails(drawn, sums[place])
    return above, below


def _lots(n: int, count: int, permutations: int, seed: int) -> npt.NDArray[np.int64]:
    """So many different places of n, a row a permutation."""
    rng = np.random.default_rng(seed)
    rows = [rng.choice(n, count, replace=False) for _ in range(permutations)]
    return np.stack(rows)


def _tails(drawn: Numbers, seen: npt.ArrayLike) -> tuple[Numbers, Numbers]:
    """Shares of sorted draws at least as high and at most as high, a tie in both."""
    slack = 1e-9 * max(1.0, float(np.abs(drawn).max()))
    values = np.asarray(seen, dtype=float)
    above = len(drawn) - np.searchsorted(drawn, values - slack, side="left")
    below = np.searchsorted(drawn, values + slack, side="right")
    return (above + 1) / (len(drawn) + 1), (below + 1) / (len(drawn) + 1)


def _judged(
    table: pd.DataFrame,
    above: Numbers,
    below: Numbers,
    verdict: npt.NDArray[Any],
    false_discovery: float,
    column: str,
) -> pd.DataFrame:
    if not 0 < false_discovery < 1:
        message = f"false discovery {false_discovery} is not between 0 and 1."
        raise DataContractError(message)
    p_value = np.minimum(1.0, 2 * np.minimum(above, below))
    q_value = q_values_of(pd.Series(p_value)).to_numpy()
    stands_out = q_value <= false_discovery
    return table.assign(
        p_value=p_value, q_value=q_value, **{column: np.where(stands_out, verdict, CHANCE)}
    )


def _positions(places: pd.DataFrame) -> Numbers:
    position = places[["easting", "northing"]].to_numpy(dtype=float)
    if places.index.has_duplicates or not np.isfinite(position).all():
        message = (
            "neighbours need one row a place and a position for each; leave out places "
            "without an easting and northing."
        )
        raise DataContractError(message)
    return position


def _nearest(position: Numbers, neighbour_count: int) -> list[list[int]]:
    if not 0 < neighbour_count < len(position):
        message = f"{neighbour_count} nearest neighbours of {len(position)} places: too many."
        raise DataContractError(message)
    near = KDTree(position).query(position, k=neighbour_count + 1)[1]
    # A place is its own nearest, but not where others stand on the same spot.
    return [
        [int(other) for other in row if other != place][:neighbour_count]
        for place, row in enumerate(near)
    ]


def _values_of(values: pd.Series, weights: W) -> Numbers:
    """Values in the order of the weights."""
    if set(values.index) != set(weights.id_order) or values.index.has_duplicates:
        differ = len(set(values.index) ^ set(weights.id_order))
        message = f"values and neighbours are of different places ({differ} differ)."
        raise DataContractError(message)
    ordered = values.reindex(weights.id_order).to_numpy(dtype=float, na_value=np.nan)
    if np.isnan(ordered).any():
        message = "a place without a value: leave it out before its neighbours are found."
        raise DataContractError(message)
    if (ordered == ordered[0]).all():
        message = "all places have one value: there is nothing to tell apart."
        raise DataContractError(message)
    return ordered
