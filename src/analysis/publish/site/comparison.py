"""Boroughs side by side: numbers that stand in the reports of several, one row a borough.

Nothing is computed and nothing is ranked here: each row is copied from the borough's own
report, boroughs stand in alphabetical order, and where the reports stand on figures of
different dates, or say another period, each row says its own. Which boroughs differ beyond
chance is the question of ``london_comparison``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from analysis.params.site import ComparedTable
from analysis.publish.changes import as_number
from analysis.publish.contents import StatedTable
from analysis.publish.site.reports import SiteReport
from analysis.wording import number

THE_BOROUGH = "the borough"
_AREA_HEADS = ("Borough", "Area")
_YEAR_HEADS = ("Year", "Year to")
# Their numbers are names.


@dataclass(frozen=True)
class ComparedRow:
    """One borough's row: where it is from and what it says."""

    area_name: str
    address: str
    vintage: str
    stated: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class SideBySide:
    """One table of the comparison page.

    ``stated`` is measure and period where all rows state the same, else empty and each row
    has its own; ``vintage`` likewise the figures.
    """

    anchor: str
    title: str
    head: tuple[str, ...]
    is_numeric: tuple[bool, ...]
    rows: tuple[ComparedRow, ...]
    sources: tuple[str, ...]
    stated: str
    vintage: str


def set_side_by_side(
    reports: Sequence[SiteReport], chosen: Sequence[ComparedTable]
) -> list[SideBySide]:
    """The tables chosen, of the reports of one notebook.

    Parameters
    ----------
    reports : sequence of SiteReport
        Of one notebook, one a borough.
    chosen : sequence of ComparedTable

    Returns
    -------
    list of SideBySide
        In the order chosen. Only what at least two boroughs' reports hold under the same
        heads of columns: the same identifier with other columns makes a table of its own.
    """
    found = []
    for number_of, wanted in enumerate(chosen, start=1):
        groups: dict[tuple[str, ...], list[tuple[SiteReport, StatedTable, list[str]]]] = {}
        for report, table, row in _found_rows(reports, wanted):
            head = tuple(_neutral(name, report.area_name) for name in table.rows[0][1:])
            groups.setdefault(head, []).append((report, table, row))
        anchor = f"{reports[0].row.notebook.replace('_', '-')}-{number_of}" if reports else ""
        for place, (head, rows) in enumerate(groups.items()):
            if len(rows) > 1:
                name = anchor if place == 0 else f"{anchor}-{place + 1}"
                found.append(_side_by_side(name, wanted, head, rows))
    return found


def compared_words(
    reports: Sequence[SiteReport], tables: Mapping[str, Sequence[SideBySide]]
) -> Iterator[str]:
    """What the comparison page says in words that it may have to explain."""
    yield "How sure:"
    for report in reports:
        yield from (report.told.headline, report.vintage)
    for table in chain.from_iterable(tables.values()):
        yield from (table.title, *table.head, *(row.stated for row in table.rows))


def _found_rows(
    reports: Sequence[SiteReport], wanted: ComparedTable
) -> Iterator[tuple[SiteReport, StatedTable, list[str]]]:
    for report in reports:
        for table in report.contents.tables if report.contents else ():
            if table.table_id == wanted.table:
                label = wanted.row or report.area_name
                row = next((row for row in table.rows[1:] if row[0] == label), None)
                if row is not None and (wanted.row or table.rows[0][0] in _AREA_HEADS):
                    yield report, table, row


def _side_by_side(
    anchor: str,
    wanted: ComparedTable,
    head: tuple[str, ...],
    found: Sequence[tuple[SiteReport, StatedTable, list[str]]],
) -> SideBySide:
    rows = tuple(
        ComparedRow(
            area_name=report.area_name,
            address=f"{report.address}#{table.table_id}",
            vintage=_figures(report),
            stated=_neutral(table.stated, report.area_name),
            cells=tuple(
                _printed(name, cell) for name, cell in zip(head, row[1:], strict=False)
            ),
        )
        for report, table, row in found
    )
    stated = {row.stated for row in rows}
    vintages = {row.vintage for row in rows}
    measure = rows[0].stated
    title = f"{wanted.row}: {measure[:1].lower()}{measure[1:]}" if wanted.row else measure
    return SideBySide(
        anchor=anchor,
        title=title if len(stated) == 1 else (wanted.row or found[0][1].table_id),
        head=head,
        is_numeric=tuple(
            any(as_number(row[place + 1]) is not None for _, _, row in found)
            for place in range(len(head))
        ),
        rows=rows,
        sources=tuple(dict.fromkeys(table.source for _, table, _ in found if table.source)),
        stated=rows[0].stated if len(stated) == 1 else "",
        vintage=rows[0].vintage if len(vintages) == 1 else "",
    )


def _neutral(text: str, name: str) -> str:
    """A head or caption without the borough's name, so that it fits every borough.

    Examples
    --------
    >>> _neutral("Offences per 1,000, Harrow, June 2024", "Harrow")
    'Offences per 1,000, June 2024'
    >>> _neutral("Harrow (%)", "Harrow")
    'The borough (%)'
    """
    text = text.replace(f", {name},", ",").replace(name, THE_BOROUGH)
    return text[:1].upper() + text[1:]


def _figures(report: SiteReport) -> str:
    """The figures a report stands on; a borough's plan is none."""
    return report.vintage.split("; plan:")[0]


def _printed(head: str, cell: str) -> str:
    """A cell as a page prints it.

    Examples
    --------
    >>> _printed("Offences", "16493"), _printed("Change (%)", "-8.40"), _printed("Year", "2012")
    ('16,493', '−8.40', '2012')
    """
    value = as_number(cell)
    if value is None or head in _YEAR_HEADS:
        return cell
    return number(value, len(cell.partition(".")[2]))
