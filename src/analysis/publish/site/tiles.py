"""London as one square a borough, each a link to the borough's place on the page.

The layout is the same as the charts'. Squares stand in reading order, row by row, so that
the keyboard goes through them as the eye does. A borough without a report is no link, and
says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.params.areas import area_name, load_tiles
from analysis.publish.site.reports import SiteReport
from analysis.wording import in_figures, slug


@dataclass(frozen=True)
class Tile:
    """One square: where it stands, what is written in it, where it leads.

    ``address`` is empty where the borough has no report; ``told`` is what a square says
    after the name.
    """

    row: int
    column: int
    abbreviation: str
    area_name: str
    number: str
    told: str
    address: str


def area_anchor(name: str) -> str:
    """Anchor of a borough's place on the page.

    Examples
    --------
    >>> area_anchor("Kensington and Chelsea")
    'area-kensington-and-chelsea'
    """
    return f"area-{slug(name)}"


def list_tiles(boroughs: Mapping[str, Sequence[SiteReport]]) -> list[Tile]:
    """The squares of all 32 boroughs, row by row.

    Parameters
    ----------
    boroughs : mapping of str to sequence of SiteReport
        The reports of each borough, by its name.

    Returns
    -------
    list of Tile
    """
    tiles = load_tiles().sort_values(["tile_row", "tile_column"])
    return [
        _tile(
            int(row["tile_row"]),
            int(row["tile_column"]),
            str(row["abbreviation"]),
            area_name(str(code)),
            boroughs.get(area_name(str(code)), []),
        )
        for code, row in tiles.iterrows()
    ]


def _tile(
    row: int, column: int, abbreviation: str, name: str, reports: Sequence[SiteReport]
) -> Tile:
    there = sum(one.shown is not None for one in reports)
    failed = sum(bool(one.row.error) for one in reports)
    told = in_figures(there, "report") if reports else "no report"
    if failed:
        told += f", {failed} failed"
    address = f"#{area_anchor(name)}" if reports else ""
    return Tile(row, column, abbreviation, name, str(there) if reports else "", told, address)
