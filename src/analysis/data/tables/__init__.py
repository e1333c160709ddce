"""What the embedded figures hold, table by table, and from which sources.

Each entry of ``TABLES`` is compiled by ``analysis.data.compile``. Areas are the 32 boroughs
(with Heathrow and the unknown borough where a publication shows them, never spread over the
boroughs; the City of London is in no table); a month or a value that was not published is
blank. Counts are added up to the published sum as they are compiled, or refused.
"""

from __future__ import annotations

from analysis.data.compile import TableSpec
from analysis.data.tables.areas import AREA_TABLES
from analysis.data.tables.offences import OFFENCE_TABLES
from analysis.data.tables.people import PEOPLE_TABLES
from analysis.data.tables.places import PLACE_TABLES

TABLES: tuple[TableSpec, ...] = (
    *OFFENCE_TABLES,
    *PLACE_TABLES,
    *PEOPLE_TABLES,
    *AREA_TABLES,
)
