"""Town centres and retail areas, found as clusters of the crimes that happen in shops.

No list of town centres is needed: shoplifting, theft from the person and business crime stand
far above expectation where the shops are. A place belongs to a retail area if it holds
several times its expectation, certainly (false discovery held over all places) and not by
a handful; such places that stand near each other are one area. Known weaknesses: an area
with shops and little crime is not found, so this maps the crime of shopping, not shopping;
one large shop reporting everything makes an area of its own; and the line drawn is only as
fine as the places are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from analysis.errors import DataContractError
from analysis.measures.false_discovery import q_values_of
from analysis.measures.rates import poisson_interval

FALSE_DISCOVERY = 0.01
# Of the places taken for retail, one in a hundred may stand out by chance.

LEAST_RATIO = 3.0
# Three times the expectation: a parade of shops beside homes does not make a centre.

LEAST_COUNT = 10
# Below ten offences no verdict, as everywhere else.

JOIN_POINTS_M = 150.0
# Map points along one street stand some 50 to 150 metres apart.

JOIN_SMALL_AREAS_M = 600.0
# Centres of small areas that touch stand some 300 to 600 metres apart in outer London.

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class RetailAreas:
    """Retail areas, and what each place had to do with it.

    ``areas`` has index ``retail_area`` (1 holds most offences): ``place_count``,
    ``offence_count``, a column of offences for each group given, ``offence_pct`` of all
    places' offences, ``ratio_to_expected`` with ``_lower`` and ``_upper`` (95 %), ``easting``
    and ``northing`` (centre, weighted by offences) and ``leading_place`` (the worst of it).
    ``members`` has every place, index place: ``offence_count``, ``expected_count``,
    ``ratio_to_expected``, ``p_value``, ``q_value``, ``is_retail``, ``retail_area`` (missing
    where none).
    """

    areas: pd.DataFrame
    members: pd.DataFrame
    offence_total: int
    method: str


def retail_areas(
    places: pd.DataFrame,
    offences: pd.DataFrame,
    *,
    exposure: pd.Series | None = None,
    join_m: float = JOIN_SMALL_AREAS_M,
    least_ratio: float = LEAST_RATIO,
    least_count: int = LEAST_COUNT,
    false_discovery: float = FALSE_DISCOVERY,
) -> RetailAreas:
    """Clusters of places far above expectation.

    Parameters
    ----------
    places : DataFrame, shape (n_places, ...), index place
        ``easting`` and ``northing``, metres, none missing. Every place of the borough.
    offences : DataFrame, shape (n_places, n_groups), same index in any order
        A column an offence group that happens in shops, added up; none missing, none
        counted in two columns.
    exposure : Series, same index, optional
        What the expectation is in proportion to (residents); the same for all if not given.
    join_m : float
        Retail places at most so far apart are one area, and so on from place to place.
    least_ratio, least_count, false_discovery
        What a place must exceed to be retail; reasons stand with the constants.

    Returns
    -------
    RetailAreas
        ``areas`` is empty where nothing stands out.

    Raises
    ------
    DataContractError
        If places differ, a count or position is missing, or there is no offence.

    Examples
    --------
    >>> from itertools import product
    >>> grid = pd.DataFrame(product(range(20), range(20)), columns=["easting", "northing"])
    >>> grid = grid * 400
    >>> thefts = pd.DataFrame({"shoplifting": 2}, grid.index)
    >>> thefts.loc[[42, 43, 300], "shoplifting"] = [80, 60, 50]
    >>> retail_areas(grid, thefts).areas[["place_count", "offence_count"]].values.tolist()
    [[2, 140], [1, 50]]
    """
    counts = _checked(places, offences)
    total = counts.sum(axis=1).to_numpy()
    expected = _expected(total, counts.index, exposure)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(expected > 0, total / expected, np.nan)
    p_value = stats.poisson.sf(total - 1, expected)
    q_value = q_values_of(pd.Series(p_value)).to_numpy()
    is_retail = (q_value <= false_discovery) & (total >= least_count)
    is_retail &= ~(ratio < least_ratio)
    number = _numbered(
        places[["easting", "northing"]].to_numpy(float), total, is_retail, join_m
    )
    members = pd.DataFrame(
        {
            "offence_count": total.astype(int),
            "expected_count": expected,
            "ratio_to_expected": ratio,
            "p_value": p_value,
            "q_value": q_value,
            "is_retail": is_retail,
            "retail_area": number,
        },
        index=places.index,
    )
    return RetailAreas(
        areas=_areas(places, counts, members),
        members=members,
        offence_total=int(total.sum()),
        method=(
            f"places with {least_count} offences or more and {least_ratio:g} times the "
            f"expectation (false discovery {false_discovery:g}), joined within {join_m:g} m"
        ),
    )


def _checked(places: pd.DataFrame, offences: pd.DataFrame) -> pd.DataFrame:
    """Offences in the order of the places."""
    if set(places.index) != set(offences.index) or places.index.has_duplicates:
        differ = len(set(places.index) ^ set(offences.index))
        message = f"places and offences must hold the same places once each; {differ} differ."
        raise DataContractError(message)
    counts = offences.reindex(places.index).astype(float)
    position = places[["easting", "northing"]].to_numpy(dtype=float)
    if not (counts >= 0).all(axis=None) or not np.isfinite(position).all():
        message = "a count or position is missing or negative. Nought is a count."
        raise DataContractError(message)
    if counts.to_numpy().sum() == 0:
        message = f"no offence in {list(offences.columns)}: is the period held?"
        raise DataContractError(message)
    return counts


def _expected(total: Numbers, places: pd.Index, exposure: pd.Series | None) -> Numbers:
    if exposure is None:
        return np.full(len(total), total.mean())
    values = exposure.reindex(places).to_numpy(dtype=float, na_value=np.nan)
    if not (values >= 0).all() or values.sum() == 0:
        wrong = places[~(values >= 0)][:5].tolist()
        message = f"exposure missing or negative for {wrong}. Give each place its own."
        raise DataContractError(message)
    return np.asarray(values / values.sum() * total.sum())


def _numbered(
    position: Numbers, total: Numbers, is_retail: npt.NDArray[np.bool_], join_m: float
) -> pd.api.extensions.ExtensionArray:
    """Number of the area each place belongs to, 1 with most offences; missing where none."""
    number = np.full(len(total), np.nan)
    chosen = np.flatnonzero(is_retail)
    if len(chosen):
        pairs = KDTree(position[chosen]).query_pairs(join_m, output_type="ndarray")
        links = coo_array((np.ones(len(pairs)), pairs.T), shape=(len(chosen), len(chosen)))
        label = connected_components(links, directed=False)[1]
        held = np.bincount(label, weights=total[chosen])
        rank = np.empty(len(held))
        rank[np.argsort(-held, kind="stable")] = np.arange(1, len(held) + 1)
        number[chosen] = rank[label]
    return pd.array(number, dtype="Int64")


def _areas(places: pd.DataFrame, counts: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    found = members[members["is_retail"]]
    position, weight = places.loc[found.index], found["offence_count"]
    number = found["retail_area"].astype(int).rename("retail_area")
    totals = weight.groupby(number).sum()
    expected = found["expected_count"].groupby(number).sum().to_numpy()
    lower, upper = poisson_interval(totals.to_numpy(dtype=float))
    table = pd.DataFrame(
        {"place_count": weight.groupby(number).size(), "offence_count": totals}
    )
    table = table.join(counts.loc[found.index].groupby(number).sum().astype(int))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = {
            "": totals.to_numpy() / expected,
            "_lower": lower / expected,
            "_upper": upper / expected,
        }
    table["offence_pct"] = totals / members["offence_count"].sum() * 100
    for end, ratio in ratios.items():
        table[f"ratio_to_expected{end}"] = ratio
    for axis in ("easting", "northing"):
        table[axis] = (position[axis] * weight).groupby(number).sum() / totals
    table["leading_place"] = (
        weight.groupby(number).idxmax() if len(found) else pd.Series(dtype=object)
    )
    return table
