"""What the embedded figures hold, table by table, and from which sources.

Each entry of ``TABLES`` is compiled by ``analysis.data.compile``. Areas are the 32 boroughs
(with Heathrow and the unknown borough where a publication shows them, never spread over the
boroughs; no table has figures of the City of London); a month or a value that was not
published is blank. Counts are added up to the published sum as they are compiled, or refused.
"""

from __future__ import annotations

from analysis.data.compile import TableSpec
from analysis.data.tables.areas import AREA_TABLES
from analysis.data.tables.homicide import HOMICIDE_TABLES
from analysis.data.tables.offences import OFFENCE_TABLES
from analysis.data.tables.offenders import OFFENDER_TABLES
from analysis.data.tables.people import PEOPLE_TABLES
from analysis.data.tables.places import PLACE_TABLES
from analysis.data.tables.small_areas import SMALL_AREA_TABLES
from analysis.data.tables.victims import VICTIM_TABLES

TABLES: tuple[TableSpec, ...] = (
    *OFFENCE_TABLES,
    *PLACE_TABLES,
    *SMALL_AREA_TABLES,
    *PEOPLE_TABLES,
    *OFFENDER_TABLES,
    *VICTIM_TABLES,
    *HOMICIDE_TABLES,
    *AREA_TABLES,
)
