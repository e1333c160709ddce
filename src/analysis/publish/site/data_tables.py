"""``data-tables.zip``: every report's tables as CSV, with a README and a data package.

The same reports give the same bytes: entries in order, one fixed date, one compression.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import analysis
from analysis.charts.cells import SHORTHAND, escaped_cell
from analysis.publish.changes import as_number
from analysis.publish.contents import StatedTable
from analysis.publish.site.reports import SiteReport

ZIP_NAME = "data-tables.zip"
LICENCE = "Open Government Licence v3.0"
LICENCE_ADDRESS = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
_DATE = (1980, 1, 1, 0, 0, 0)
# The earliest that a ZIP can hold: the bytes must not tell when they were made.
_LEVEL = 6
_READABLE = 0o644 << 16

_README = """\
Safer Boroughs: data tables of the reports
==========================================

What this is: every table of data in the reports, those behind the charts among them, as a
CSV file: <area code>/<notebook>/<table>.csv. The numbers are those that stand on the page,
rounded as they stand there; uncertainty stands in columns of its own.

How to read them: UTF-8, commas, one line of heads, units in the heads. In place of a number
may stand:
{symbols}
A text that a spreadsheet would take for a formula has an apostrophe before it.

The lists: tables.csv names every table with its title, what it measures, its source, and the
figures its report stands on; datapackage.json says the same for programs
(https://datapackage.org/), with the type of each column.

Licence: contains public sector information licensed under the {licence}
({address}).
Name the publisher that tables.csv gives as the source.

Made by Safer Boroughs, version {version}, from {count} tables of {reports} reports.

Reports and the figures they stand on
-------------------------------------
{vintages}

Tables
------
{tables}
"""


@dataclass(frozen=True)
class _Entry:
    report: SiteReport
    table: StatedTable

    @property
    def path(self) -> str:
        return f"{self.report.key}/{self.table.table_id}.csv"


def data_tables_zip(reports: Sequence[SiteReport]) -> bytes:
    """The ZIP of all tables of the reports that stand.

    Parameters
    ----------
    reports : sequence of SiteReport

    Returns
    -------
    bytes
    """
    entries = sorted(_entries(reports), key=lambda entry: entry.path)
    files = {
        "README.txt": _readme(entries),
        "datapackage.json": _package(entries),
        "tables.csv": _list(entries),
        **{entry.path: entry.table.csv for entry in entries},
    }
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for name, text in files.items():
            told = ZipInfo(name, _DATE)
            told.compress_type, told.external_attr = ZIP_DEFLATED, _READABLE
            # Else it would tell of the system it was made on.
            told.create_system = 3
            archive.writestr(told, text.encode("utf-8"), compresslevel=_LEVEL)
    return written.getvalue()


def count_tables(reports: Sequence[SiteReport]) -> int:
    """How many tables the ZIP holds."""
    return sum(1 for _ in _entries(reports))


def _entries(reports: Sequence[SiteReport]) -> Iterator[_Entry]:
    for report in reports:
        for table in report.contents.tables if report.contents else ():
            yield _Entry(report, table)


def _readme(entries: Sequence[_Entry]) -> str:
    symbols = "\n".join(f"  {symbol:<6} {meaning}" for symbol, meaning in SHORTHAND.items())
    reports = {entry.report.key: entry.report for entry in entries}
    vintages = "\n".join(f"{key}: {one.told.vintage}" for key, one in reports.items())
    tables = "\n".join(f"{entry.path}: {entry.table.title}" for entry in entries)
    return _README.format(
        symbols=symbols,
        licence=LICENCE,
        address=LICENCE_ADDRESS,
        version=analysis.__version__,
        count=len(entries),
        reports=len(reports),
        vintages=vintages,
        tables=tables,
    )


def _list(entries: Sequence[_Entry]) -> str:
    written = StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(
        ["path", "area_code", "area_name", "notebook", "table", "title", "measure", "rows",
         "figures", "source"]
    )  # fmt: skip
    for entry in entries:
        report, table = entry.report, entry.table
        where = [entry.path, report.row.area_code, report.area_name, report.row.notebook]
        what = [table.table_id, table.title, table.stated, len(table.rows) - 1]
        cells = [*where, *what, report.told.vintage, table.source]
        writer.writerow([escaped_cell(str(cell)) for cell in cells])
    return written.getvalue()


def _package(entries: Sequence[_Entry]) -> str:
    package = {
        "name": "safer-boroughs-data-tables",
        "title": "Safer Boroughs: data tables of the reports",
        "licenses": [{"name": "OGL-UK-3.0", "title": LICENCE, "path": LICENCE_ADDRESS}],
    }
    # A line a resource: thousands of them stay quick to write and can be read by eye.
    head = json.dumps(package, indent=1, ensure_ascii=False).removesuffix("\n}")
    lines = [json.dumps(_resource(entry), ensure_ascii=False) for entry in entries]
    return head + ',\n "resources": [\n  ' + ",\n  ".join(lines) + "\n ]\n}\n"


def _resource(entry: _Entry) -> dict[str, object]:
    head, *rows = entry.table.rows
    fields = [
        {"name": name, "type": "number" if _is_numeric(rows, place) else "string"}
        for place, name in enumerate(head)
    ]
    return {
        "name": entry.path.removesuffix(".csv").replace("/", "-").replace("_", "-").casefold(),
        "path": entry.path,
        "title": entry.table.title,
        "description": f"{entry.table.stated}. Figures: {entry.report.told.vintage}.",
        "sources": [{"title": entry.table.source}],
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": fields, "missingValues": ["", *SHORTHAND]},
    }


def _is_numeric(rows: Sequence[Sequence[str]], place: int) -> bool:
    cells = [row[place] for row in rows if row[place] not in SHORTHAND]
    return bool(cells) and all(as_number(cell) is not None for cell in cells)
