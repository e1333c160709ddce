"""Offence groups: the publishers' categories, on each of their lists, as one set.

The mapping is data (``data/reference/offence_groups.csv``), each row marked ``exact`` or
``approximate``; totals and other schemes are memberships (``schemes.csv``). A category that
appears in a file, or vanishes from one, is an error that names it: a silent nought would
read as a fall.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from pathlib import Path

import pandas as pd

from analysis.errors import DataContractError, ParamsError, did_you_mean
from analysis.params.measure_names import known_measures
from analysis.project import project_root

NOT_ON_OLD_LIST = frozenset(
    {"victim_based", "public_order", "arson", "driving_death_or_injury", "nfib_fraud"}
)

_CATEGORY = ["major_category", "minor_category"]


def load_offence_groups() -> pd.DataFrame:
    """Offence groups in the order reports show them.

    Returns
    -------
    DataFrame, one row a group, index ``offence_group``
        ``label`` (for a heading), ``label_in_sentence``, ``family``.
    """
    return _read("groups.csv").set_index("offence_group")


def members(measure: str) -> list[str]:
    """Offence groups that a measure adds up: itself for a group.

    Raises
    ------
    ParamsError
        If nothing is called that.

    Examples
    --------
    >>> members("neighbourhood_crime")[:2]
    ['residential_burglary', 'personal_robbery']
    >>> members("shoplifting")
    ['shoplifting']
    """
    schemes = _read("schemes.csv")
    if measure in set(schemes["scheme"]):
        return schemes.loc[schemes["scheme"] == measure, "offence_group"].tolist()
    if measure in known_measures():
        return [measure]
    message = (
        f"no measure '{measure}'.{did_you_mean(measure, known_measures())} Offence groups are "
        "in data/reference/groups.csv, schemes such as mopac7 in schemes.csv."
    )
    raise ParamsError(message)


def measure_label(measure: str, *, in_sentence: bool = False) -> str:
    """Name of a measure as printed.

    Examples
    --------
    >>> measure_label("mopac7"), measure_label("theft_of_vehicle", in_sentence=True)
    ('MOPAC 7 crime', 'theft of vehicles')
    """
    schemes = {
        "total": ("All recorded crime", "all recorded crime"),
        "total_without_fraud": ("All crime but fraud", "all recorded crime but fraud"),
        "mopac7": ("MOPAC 7 crime", "MOPAC 7 crime"),
        "neighbourhood_crime": ("Neighbourhood crime", "neighbourhood crime"),
        "victim_based": ("Victim-based crime", "victim-based crime"),
    }
    if measure in schemes:
        return schemes[measure][in_sentence]
    members(measure)
    row = load_offence_groups().loc[measure]
    return str(row["label_in_sentence" if in_sentence else "label"])


def is_on_list(measure: str, offence_list: str) -> bool:
    """Whether an offence list can show a measure.

    The old list holds public order offences within harassment, arson within criminal damage
    and no deaths by driving: what leaves one of these out, or asks for it, it cannot show.

    Examples
    --------
    >>> is_on_list("mopac7", "old"), is_on_list("victim_based", "old")
    (True, False)
    """
    return offence_list == "current" or measure not in NOT_ON_OLD_LIST


def map_offence_groups(
    table: pd.DataFrame,
    *,
    where: str,
    by: str = "area_code",
    left_out: Collection[str] = (),
) -> pd.DataFrame:
    """Published categories added up to offence groups.

    Parameters
    ----------
    table : DataFrame
        As ``read_borough_monthly`` or ``read_lsoa`` returns it.
    where : str
        File, for the error.
    by : str
        Column of the places that counts are added up for.
    left_out : collection of str
        Offence groups that this publication leaves out by its own rules; one that is there
        after all is counted.

    Returns
    -------
    DataFrame, one row a place, offence group and month
        The column ``by``, ``offence_group``, ``month``, ``offence_count`` (Int64). A group
        that the file holds for some place is nought in a place where it has no row.

    Raises
    ------
    DataContractError
        If the file holds a category that is on no known list, or lacks one of its list.
    """
    mapping = _list_of(table, left_out, where)
    # A blank anywhere in a group leaves the group's month missing: half a sum is no count.
    merged = table.merge(mapping[[*_CATEGORY, "offence_group"]], on=_CATEGORY, how="left")
    grouped = merged.groupby([by, "offence_group", "month"], observed=True)
    sums = grouped["offence_count"].agg(["sum", "count", "size"])
    counts = sums["sum"].where(sums["count"] == sums["size"])
    names = [by, "offence_group", "month"]
    levels = [counts.index.unique(name).sort_values() for name in names]
    full = pd.MultiIndex.from_product(levels, names=names)
    is_held = full.isin(counts.index)
    counts = counts.reindex(full).astype("Int64").where(is_held, 0)
    return counts.rename("offence_count").reset_index()


def _list_of(table: pd.DataFrame, left_out: Collection[str], where: str) -> pd.DataFrame:
    held = set(map(tuple, table[_CATEGORY].drop_duplicates().to_numpy()))
    lists = _read("offence_groups.csv")
    overlaps = {
        name: len(held & set(map(tuple, rows[_CATEGORY].to_numpy())))
        for name, rows in lists.groupby("category_list")
    }
    mapping = lists[lists["category_list"] == max(overlaps, key=overlaps.__getitem__)]
    known = set(map(tuple, mapping[_CATEGORY].to_numpy()))
    is_needed = mapping["may_be_absent"].eq("no") & ~mapping["offence_group"].isin(left_out)
    needed = set(map(tuple, mapping.loc[is_needed, _CATEGORY].to_numpy()))
    _refuse(sorted(held - known), "appeared", where)
    _refuse(sorted(needed - held), "vanished", where)
    return mapping


def _refuse(categories: list[tuple[str, str]], happened: str, where: str) -> None:
    if categories:
        named = "; ".join(f"{major} / {minor}" for major, minor in categories[:5])
        message = (
            f"{where}: {len(categories)} offence categor"
            f"{'y has' if len(categories) == 1 else 'ies have'} {happened}: {named}. Map the "
            "change in data/reference/offence_groups.csv before these figures are used."
        )
        raise DataContractError(message)


def _read(name: str) -> pd.DataFrame:
    return _read_cached(project_root() / "data/reference" / name)


@lru_cache(maxsize=8)
def _read_cached(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)
