"""London's areas: names, codes and spellings, from ``data/reference/areas.csv``.

Thirty-two boroughs are policed by the Metropolitan Police; the City of London has its own
force and is outside every table. ``London`` is the Metropolitan Police area: the boroughs,
Heathrow, and the offences whose borough is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd

from analysis.errors import DataContractError, ParamsError, did_you_mean
from analysis.project import project_root

LONDON_CODE = "E23000001"
# The Metropolitan Police force area: Greater London less the City.

HEATHROW_CODE = "heathrow"
UNKNOWN_CODE = "unknown"

TITLE_WORDS = 10
# Of a heading or a chart's title, as the Analysis Function asks; a borough's name is one.

HILLINGDON_CODE = "E09000017"
# Where Heathrow lies, and where its offences are counted from March 2024.


@dataclass(frozen=True)
class Area:
    """One area: its GSS code (or a word where it has none), its name and its kind.

    ``kind`` is ``"borough"``, ``"city"``, ``"force"`` (London) or ``"other"`` (Heathrow and
    the unknown borough, which no report is built for).
    """

    area_code: str
    area_name: str
    kind: str


def load_areas() -> pd.DataFrame:
    """All areas known to the project.

    Returns
    -------
    DataFrame, one row an area, index ``area_code``
        ``area_name``, ``kind``, ``subregion`` (``inner``, ``outer`` or empty), ``aliases``
        (separated by semicolons).
    """
    return _read_areas(project_root() / "data/reference/areas.csv").copy()


def load_tiles() -> pd.DataFrame:
    """Where each borough stands on a map of one square a borough, north up.

    The layout is the project's own: of the arrangements on seven rows and columns that were
    tried, the one whose squares leave fewest true neighbours apart and least turned round.

    Returns
    -------
    DataFrame, one row a borough, index ``area_code``
        ``tile_row`` (0 northernmost) and ``tile_column`` (0 westernmost), integers, and
        ``abbreviation`` (three letters, the project's own).

    Examples
    --------
    >>> tiles = load_tiles()
    >>> tiles.loc["E09000015", "abbreviation"]
    'HRW'
    >>> len(tiles)
    32
    """
    stored = _read_areas(project_root() / "data/reference/london_tiles.csv")
    return stored.astype({"tile_row": int, "tile_column": int})


def borough_codes() -> list[str]:
    """GSS codes of the 32 boroughs, in order of code.

    Examples
    --------
    >>> codes = borough_codes()
    >>> len(codes), codes[0], codes[-1]
    (32, 'E09000002', 'E09000033')
    """
    areas = load_areas()
    return sorted(areas.index[areas["kind"] == "borough"])


def area_name(area_code: str) -> str:
    """Name of an area from its code.

    Examples
    --------
    >>> area_name("E09000015")
    'Harrow'
    """
    return resolve_area(area_code).area_name


def resolve_area(text: str) -> Area:
    """The area that a name, a usual spelling or a code means, whatever its case.

    Parameters
    ----------
    text : str
        ``"harrow"``, ``"City of Westminster"``, ``"E09000015"``.

    Returns
    -------
    Area

    Raises
    ------
    ParamsError
        If no area is called that, with the nearest name.

    Examples
    --------
    >>> resolve_area("HARROW").area_code
    'E09000015'
    >>> resolve_area("Camdem")
    Traceback (most recent call last):
    ...
    analysis.errors.ParamsError: no area 'Camdem'. Did you mean 'Camden'? ...
    """
    spellings = _spellings()
    found = spellings.get(_folded(text))
    if found is None:
        names = [area.area_name for area in spellings.values()]
        message = (
            f"no area '{text}'.{did_you_mean(text, names)} "
            "Areas are listed in data/reference/areas.csv."
        )
        raise ParamsError(message)
    return found


def match_area_codes(names: pd.Series, *, where: str) -> pd.Series:
    """Codes of a published column of area names.

    Parameters
    ----------
    names : Series of str
        Names or codes as a publisher spells them.
    where : str
        File and column, for the error.

    Returns
    -------
    Series of str, same index

    Raises
    ------
    DataContractError
        If a name is not known.
    """
    spellings = _spellings()
    known = {name: spellings.get(_folded(name)) for name in names.unique()}
    missing = [name for name, area in known.items() if area is None]
    if missing:
        listed = ", ".join(repr(name) for name in missing[:5])
        message = (
            f"{where}: {len(missing)} area name(s) not known: {listed}. Add the spelling to "
            "the aliases in data/reference/areas.csv if it is a London area."
        )
        raise DataContractError(message)
    return names.map({name: area.area_code for name, area in known.items() if area})


def title_words(title: str) -> int:
    """Words of a title, the name of a borough being one.

    Examples
    --------
    >>> title_words("Crime fell in Kensington and Chelsea")
    4
    """
    names = load_areas()["area_name"]
    for name in names[names.str.contains(" ")]:
        title = title.replace(name, "Area")
    return len(title.split())


def _folded(text: object) -> str:
    return " ".join(str(text).replace("\xa0", " ").split()).casefold()


@lru_cache(maxsize=4)
def _read_areas(path: Path) -> pd.DataFrame:
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    return table.set_index("area_code")


@lru_cache(maxsize=1)
def _spellings() -> dict[str, Area]:
    found: dict[str, Area] = {}
    for code, row in load_areas().iterrows():
        area = Area(str(code), row["area_name"], row["kind"])
        for spelling in (str(code), row["area_name"], *row["aliases"].split(";")):
            if spelling:
                found[_folded(spelling)] = area
    return found
