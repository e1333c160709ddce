"""The Vulnerable Localities Index of small areas, from those of its variables that are held.

Six variables of each small area: burglary in dwellings and criminal damage to dwellings (as
rates), income deprivation, employment deprivation, low educational attainment, and residents
aged 15 to 24. Each is indexed to the mean of the borough's areas, which is 100; the index is
the mean of the six, and above 200 an area is a priority. Where a variable is not published
for small areas the mean is over those held, and the result names what is absent and what
stands in for what. Known weaknesses: two of the six are crime and rest on few offences, so
the limits that their scatter gives stand beside the index; the other four are taken as
known; and the index compares areas of one borough, never boroughs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.errors import DataContractError, did_you_mean

VARIABLES = (
    "residential_burglary",
    "criminal_damage_to_dwellings",
    "income_deprivation",
    "employment_deprivation",
    "low_educational_attainment",
    "aged_15_to_24",
)

CRIME_VARIABLES = VARIABLES[:2]

PRIORITY_INDEX = 200
# Twice the mean of the area's own places, as first proposed.

AREA_MEAN = 100

DRAWS = 999
SEED = 20_125

LIMITS = (0.025, 0.975)

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class VulnerableLocalities:
    """Places by index, and what the index is made of.

    ``table`` has index place, the most vulnerable first: each held variable's
    ``<variable>_index``; ``vulnerable_localities_index`` with ``_lower`` and ``_upper`` (95 %
    limits for the scatter of the offences; missing where no offence count was given);
    ``rank`` with ``_lower`` and ``_upper``; ``is_priority`` (above 200) and
    ``is_priority_certain`` (the lower limit too); ``variable_count`` it is the mean of.
    """

    table: pd.DataFrame
    held: tuple[str, ...]
    absent: tuple[str, ...]
    place_count: int
    method: str


def vulnerable_localities(
    shares: pd.DataFrame,
    *,
    offence_counts: pd.DataFrame | None = None,
    dwellings: pd.Series | None = None,
    stand_ins: Mapping[str, str] | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
) -> VulnerableLocalities:
    """Index of each place, 100 being the mean of the places.

    Parameters
    ----------
    shares : DataFrame, shape (n_places, n_held), index place
        Columns among ``VARIABLES``: a share, rate or score each, nought or more, more being
        worse. A missing value leaves that place's index to its other variables.
    offence_counts : DataFrame, same index, optional
        Columns among the two crime variables: offences, none missing.
    dwellings : Series, same index, above nought
        What the offences are out of (dwellings or households; residents where neither is
        held). Needed with ``offence_counts``.
    stand_ins : mapping, optional
        Held variable to the words for what it really is, where it is not the variable of the
        index itself (``{"criminal_damage_to_dwellings": "all criminal damage"}``).
    draws : int
        Offence counts drawn for the limits.
    seed : int

    Returns
    -------
    VulnerableLocalities

    Raises
    ------
    DataContractError
        If a column is none of the six, one is given twice, no variable is held, a value is
        negative, a variable is nought everywhere, or dwellings are missing.

    References
    ----------
    Chainey (2008), Identifying priority neighbourhoods using the Vulnerable Localities
    Index, Policing 2.

    Examples
    --------
    >>> shares = pd.DataFrame(
    ...     {"income_deprivation": [10, 20, 60], "aged_15_to_24": [10, 10, 40]}, list("abc")
    ... )
    >>> found = vulnerable_localities(shares)
    >>> found.table["vulnerable_localities_index"].round(1).to_dict()
    {'c': 200.0, 'b': 58.3, 'a': 41.7}
    >>> len(found.absent)
    4
    """
    known, counts, homes = _checked(shares, offence_counts, dwellings)
    values = pd.concat([known, counts.div(homes, axis=0)], axis=1)
    held = tuple(name for name in VARIABLES if name in values)
    values = values.loc[:, list(held)]
    _refuse_nothing(values)
    indexed = values / values.mean() * AREA_MEAN
    index = indexed.mean(axis=1)
    drawn = _drawn_indices(known, counts, homes, held, draws, seed)
    lower, upper = _limits(drawn, len(index))
    # Rank 1 is the most vulnerable; drawn ranks are of the same draw.
    ranks = (np.argsort(np.argsort(-drawn, axis=1), axis=1) + 1).astype(np.float64)
    rank_lower, rank_upper = _limits(ranks, len(index))
    table = indexed.add_suffix("_index").assign(
        vulnerable_localities_index=index,
        vulnerable_localities_index_lower=lower,
        vulnerable_localities_index_upper=upper,
        rank=index.rank(ascending=False, method="min").astype("Int64"),
        rank_lower=rank_lower,
        rank_upper=rank_upper,
        is_priority=index > PRIORITY_INDEX,
        is_priority_certain=lower > PRIORITY_INDEX,
        variable_count=indexed.notna().sum(axis=1),
    )
    return VulnerableLocalities(
        table=table.sort_values("vulnerable_localities_index", ascending=False, kind="stable"),
        held=held,
        absent=tuple(name for name in VARIABLES if name not in held),
        place_count=len(table),
        method=_method(held, stand_ins or {}),
    )


def _checked(
    shares: pd.DataFrame, offence_counts: pd.DataFrame | None, dwellings: pd.Series | None
) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    counts = pd.DataFrame(index=shares.index) if offence_counts is None else offence_counts
    for column in (*shares.columns, *counts.columns):
        if column not in VARIABLES:
            hint = did_you_mean(str(column), VARIABLES)
            message = f"the index has no variable '{column}'.{hint}"
            raise DataContractError(message)
    wrong = [name for name in counts if name in shares or name not in CRIME_VARIABLES]
    if wrong:
        message = f"{wrong} given as counts: only the two crimes can be, and only once."
        raise DataContractError(message)
    counts = counts.reindex(shares.index).astype(float)
    homes = pd.Series(1.0, shares.index) if dwellings is None else dwellings
    homes = homes.reindex(shares.index).astype(float)
    lacks = counts.isna().any(axis=None) or (len(counts.columns) and dwellings is None)
    if lacks or not (homes > 0).all() or shares.index.has_duplicates:
        message = (
            "each place is given once, with its offences (nought is a count) and dwellings "
            "above nought for their rate."
        )
        raise DataContractError(message)
    return shares.astype(float), counts, homes


def _refuse_nothing(values: pd.DataFrame) -> None:
    empty = [name for name in values if not values[name].sum() > 0]
    if values.columns.empty or empty or (values < 0).any(axis=None):
        message = (
            f"variables {list(values.columns)}: at least one is needed, none negative and "
            f"none nought everywhere (so are {empty}). Leave those out."
        )
        raise DataContractError(message)


def _drawn_indices(
    known: pd.DataFrame,
    counts: pd.DataFrame,
    homes: pd.Series,
    held: tuple[str, ...],
    draws: int,
    seed: int,
) -> Numbers:
    """The index with offences drawn about what was counted, a row a draw."""
    if counts.columns.empty:
        return np.empty((0, len(known)))
    rng = np.random.default_rng(seed)
    total = np.zeros((draws, len(known)))
    present = np.zeros((draws, len(known)))
    for name in held:
        if name in counts:
            # A gamma quantity of mean and variance the count, as the limits of a Poisson
            # mean are; half an offence where there was none, which is not certainty.
            shape = np.maximum(counts[name].to_numpy(), 0.5)
            mean = rng.gamma(shape, size=(draws, len(known)))
            value = mean / homes.to_numpy()
        else:
            value = np.tile(known[name].to_numpy(), (draws, 1))
        total += np.nan_to_num(value / np.nanmean(value, axis=1, keepdims=True) * AREA_MEAN)
        present += np.isfinite(value)
    return np.asarray(total / present)


def _limits(drawn: Numbers, n: int) -> tuple[Numbers, Numbers]:
    if not len(drawn):
        return np.full(n, np.nan), np.full(n, np.nan)
    lower, upper = np.quantile(drawn, LIMITS, axis=0)
    return np.asarray(lower), np.asarray(upper)


def _method(held: tuple[str, ...], stand_ins: Mapping[str, str]) -> str:
    told = "; ".join(
        f"{words} for {name.replace('_', ' ')}" for name, words in stand_ins.items()
    )
    return f"mean of {len(held)} of {len(VARIABLES)} variables" + (f"; {told}" if told else "")
