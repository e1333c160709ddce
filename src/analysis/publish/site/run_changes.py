"""What the last run changed, report by report, and in a line each what earlier runs did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.params.areas import area_name
from analysis.publish.changes import CellChange, PageChanges, as_number
from analysis.publish.ledger import ReportRow, RunRecord
from analysis.publish.rebuilds import Rebuild
from analysis.publish.site.reports import SiteReport
from analysis.wording import in_figures, listed, number

MOST_RUNS = 12
# Runs whose changes the page has; the ledger has all of them.
MOST_LINES = 40
# Reports told of each earlier run.
_MANY_REPORTS = 20
_CELLS, _CELLS_OF_MANY = 12, 4
# Cells shown of a report, so that the page of a run over all of London stays readable.


@dataclass(frozen=True)
class ShownCell:
    """A changed value as the page prints it, with the title of its table."""

    table: str
    table_id: str
    row: str
    column: str
    before: str
    after: str
    difference: str
    per_cent: str


@dataclass(frozen=True)
class ReportChange:
    """What a run did to one report."""

    area_name: str
    title: str
    address: str
    state: str
    sentence: str
    why: str
    error: str
    rebuild: Rebuild | None
    cells: tuple[ShownCell, ...]


@dataclass(frozen=True)
class RunChanges:
    """What one run did, its reports in alphabetical order."""

    run_id: int
    version: str
    summary: str
    reports: tuple[ReportChange, ...]

    @property
    def is_long(self) -> bool:
        """Whether there are so many that each is told in brief."""
        return len(self.reports) > _MANY_REPORTS


def list_changes(
    records: Sequence[RunRecord], reports: Sequence[SiteReport]
) -> list[RunChanges]:
    """What the runs changed that built something, the newest first.

    Parameters
    ----------
    records : sequence of RunRecord
        The newest first.
    reports : sequence of SiteReport
        As they stand, for titles and links.

    Returns
    -------
    list of RunChanges
        At most twelve.
    """
    there = {report.row.name: report for report in reports}
    built = [record for record in records if record.has_built]
    return [_run_changes(record, there) for record in built[:MOST_RUNS]]


def largest_change(page: PageChanges, titles: Mapping[str, str]) -> str:
    """Counts of what changed on a page, and its largest change, as a sentence.

    Parameters
    ----------
    page : PageChanges
        What a report says that it did not say before.
    titles : mapping
        Title of each table by its identifier, for the one that the change is in.

    Examples
    --------
    >>> largest_change(PageChanges(numbers=412), {})
    'None of 412 numbers changed.'
    >>> cell = CellChange("a", "Harrow", "All", "200", "190", -10.0, -5.0, 0.05)
    >>> changes = PageChanges(numbers=412, numbers_changed=37, cells=(cell,))
    >>> print(largest_change(changes, {"a": "It fell"}))
    37 of 412 numbers changed, the largest: Harrow, All, 200 to 190 (−10, −5.0%), in "It fell".
    """
    if page.unread:
        return page.unread
    total = in_figures(page.numbers, "number")
    # A verdict may stand before the ends of a range, and has no size.
    cell = next((cell for cell in page.cells if cell.difference is not None), None)
    if not page.numbers_changed:
        sentence = f"None of {total} changed."
    elif cell is None:
        sentence = f"{page.numbers_changed:,} of {total} changed."
    else:
        size = ", ".join(part for part in (_difference(cell), _per_cent(cell)) if part)
        where = ", ".join(part for part in (cell.row, cell.column) if part)
        told = f"{where}, {_printed(cell.before)} to {_printed(cell.after)} ({size})"
        if cell.table_id in titles:
            told += f', in "{titles[cell.table_id]}"'
        sentence = f"{page.numbers_changed:,} of {total} changed, the largest: {told}."
    if page.words_changed:
        sentence += f" {in_figures(page.words_changed, 'other value')} changed."
    if page == PageChanges(numbers=page.numbers, is_worded_otherwise=True):
        sentence += " Only notes, reasons or other words around the findings differ."
    return sentence


def _run_changes(record: RunRecord, there: Mapping[tuple[str, str], SiteReport]) -> RunChanges:
    rows = sorted(record.reports, key=lambda row: (area_name(row.area_code), row.notebook))
    most = _CELLS if len(rows) <= _MANY_REPORTS else _CELLS_OF_MANY
    changed = tuple(
        _report_change(row, record.changes.get(row.name, ""), there.get(row.name), most)
        for row in rows
    )
    return RunChanges(record.run.run_id, record.run.package_version, _summary(changed), changed)


def _report_change(
    row: ReportRow, kept: str, report: SiteReport | None, most: int
) -> ReportChange:
    rebuild = Rebuild.from_json(kept) if kept else None
    titles = {}
    if report and report.contents:
        titles = {table.table_id: table.title for table in report.contents.tables}
    state, sentence = _state(row, rebuild, titles)
    page = rebuild.page if rebuild else None
    cells = page.cells[:most] if page else ()
    return ReportChange(
        area_name=area_name(row.area_code),
        title=row.title or (report.title if report else row.notebook),
        address=report.address if report else "",
        state=state,
        sentence=sentence,
        why=_why(rebuild),
        error=row.public_error,
        rebuild=rebuild,
        cells=tuple(_shown(cell, titles) for cell in cells),
    )


def _state(
    row: ReportRow, rebuild: Rebuild | None, titles: Mapping[str, str]
) -> tuple[str, str]:
    if row.error:
        return "failed", "It failed; the report before it was kept, if there was one."
    if rebuild is None:
        return "unknown", "Built by a version that did not keep what changed."
    if rebuild.page is None:
        return "new", "A new report: there was none before it to compare with."
    if rebuild.page.unread:
        return "unknown", rebuild.page.unread
    if rebuild.page.is_none:
        numbers = in_figures(rebuild.page.numbers, "number")
        return "same", f"Built again, and it says the same: none of {numbers} changed."
    return "changed", largest_change(rebuild.page, titles)


def _why(rebuild: Rebuild | None) -> str:
    """What it was made from that differs, as a sentence; empty where nothing does."""
    if rebuild is None or rebuild.page is None:
        return ""
    told = rebuild.parts or rebuild.why
    if rebuild.version:
        told += f"; package version {rebuild.version[0]} to {rebuild.version[1]}"
    sentence = f"Why: {told}."
    if rebuild.is_only_asked_otherwise:
        sentence += (
            " Only the parameters differ: the numbers changed because the report was asked "
            "something else, not because figures were revised."
        )
    elif rebuild.parameters:
        sentence += " The parameters differ too, so not every change is one of the figures."
    return sentence


def _summary(reports: Sequence[ReportChange]) -> str:
    words = {
        "new": "new",
        "changed": "changed",
        "same": "built again without a change",
        "unknown": "built, with nothing kept to compare with",
        "failed": "failed",
    }
    counts = {told: sum(one.state == state for one in reports) for state, told in words.items()}
    summary = listed(
        [f"{in_figures(count, 'report')} {told}" for told, count in counts.items() if count]
    )
    pages = [one.rebuild.page for one in reports if one.rebuild and one.rebuild.page]
    numbers = sum(page.numbers for page in pages)
    changed = sum(page.numbers_changed for page in pages)
    return f"{summary}; {changed:,} of {numbers:,} numbers changed" if numbers else summary


def _shown(cell: CellChange, titles: Mapping[str, str]) -> ShownCell:
    return ShownCell(
        table=titles.get(cell.table_id, cell.table_id),
        table_id=cell.table_id,
        row=cell.row,
        column=cell.column,
        before=_printed(cell.before),
        after=_printed(cell.after),
        difference=_difference(cell),
        per_cent=_per_cent(cell),
    )


def _difference(cell: CellChange) -> str:
    if cell.difference is None:
        return ""
    digits = max(_digits(cell.before), _digits(cell.after))
    return number(cell.difference, digits, signed=True)


def _per_cent(cell: CellChange) -> str:
    return "" if cell.per_cent is None else f"{number(cell.per_cent, 1, signed=True)}%"


def _printed(text: str) -> str:
    value = as_number(text)
    return text if value is None else number(value, _digits(text))


def _digits(text: str) -> int:
    return len(text.partition(".")[2])
