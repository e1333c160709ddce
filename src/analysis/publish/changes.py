"""What changed between a report and the one that takes its place.

Both are read back from their pages: the numbers in their tables, the sentences of their key
findings and how sure they are, and the figures they stand on. Tables are matched by their
identifier, rows by their labels, columns by their heads. A column whose unit changed is told
and not compared: a rate per 1,000 and one per 10,000 differ by no event.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from math import isfinite
from typing import Any

from analysis.publish.contents import PageContents, StatedFinding, StatedTable

MOST_CELLS = 60
# Kept of a report, the largest first; the counts tell of all.
_MOST_LABELS = 6
_FEWEST_SHARED = 2
# Numbers that a row must share with one that is gone to be taken for it: one may be chance.
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# A period that came is no new name for the one that went.
_LIMIT = re.compile(r"\b(lower|upper|limit)\b", re.IGNORECASE)
# Head of a column that holds one end of a range.

UNREADABLE = (
    "One of the two pages is of a layout that cannot be read here (made by an older version, "
    "or without findings and tables), so it is not known which numbers changed."
)


@dataclass(frozen=True)
class CellChange:
    """One value of a table that is another now.

    ``difference`` and ``per_cent`` are None unless both are numbers; ``size`` is the
    difference against the largest number of its column, before or now, which orders changes
    of unlike units.
    """

    table_id: str
    row: str
    column: str
    before: str
    after: str
    difference: float | None = None
    per_cent: float | None = None
    size: float = 0.0


@dataclass(frozen=True)
class TableChange:
    """What became of one table, beyond its values: sentences, one a change."""

    table_id: str
    title: str
    told: tuple[str, ...]


@dataclass(frozen=True)
class FindingChange:
    """A key finding before and after; None where it is new or gone."""

    before: StatedFinding | None
    after: StatedFinding | None


@dataclass(frozen=True)
class PageChanges:
    """All that differs between two pages of one report.

    Parameters
    ----------
    unread : str
        Why nothing could be compared; then all else is empty.
    numbers, numbers_changed : int
        Numbers that stand in both pages, and how many of them differ.
    words_changed : int
        Other cells that differ: a verdict, a name, a symbol in place of a number.
    cells : tuple of CellChange
        The largest first, at most sixty; ends of ranges of uncertainty after the
        estimates that they belong to.
    tables : tuple of TableChange
        Tables that are new or gone, and whose rows, columns or units changed.
    findings : tuple of FindingChange
        Key findings whose words or certainty changed.
    vintage : tuple of str
        The figures before and now, where they differ.
    sources : tuple of (str, str)
        Sources of tables before and now, where they differ, each pair once.
    headings : tuple of (str, str)
        Headings of sections before and now, where they differ; empty before for a section
        that is new, and now for one that is gone.
    is_worded_otherwise : bool
        Whether any text differs at all, notes and reasons included.
    """

    unread: str = ""
    numbers: int = 0
    numbers_changed: int = 0
    words_changed: int = 0
    cells: tuple[CellChange, ...] = ()
    tables: tuple[TableChange, ...] = ()
    findings: tuple[FindingChange, ...] = ()
    vintage: tuple[str, str] | tuple[()] = ()
    sources: tuple[tuple[str, str], ...] = ()
    headings: tuple[tuple[str, str], ...] = ()
    is_worded_otherwise: bool = False

    @property
    def is_none(self) -> bool:
        """Whether the two pages say the same."""
        return self == PageChanges(numbers=self.numbers)

    def as_json(self) -> str:
        """As the ledger keeps it.

        Examples
        --------
        >>> changes = PageChanges(numbers=3, vintage=("to May", "to June"))
        >>> PageChanges.from_json(changes.as_json()) == changes
        True
        """
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> PageChanges:
        """What :meth:`as_json` wrote."""
        told: dict[str, Any] = json.loads(text)
        told["cells"] = tuple(CellChange(**one) for one in told["cells"])
        told["tables"] = tuple(
            TableChange(one["table_id"], one["title"], tuple(one["told"]))
            for one in told["tables"]
        )
        told["findings"] = tuple(
            FindingChange(_finding(one["before"]), _finding(one["after"]))
            for one in told["findings"]
        )
        told["vintage"] = tuple(told["vintage"])
        # A ledger of before these were kept has none.
        for name in ("sources", "headings"):
            told[name] = tuple((before, after) for before, after in told.get(name, ()))
        return cls(**told)


def compare_contents(old: PageContents, new: PageContents) -> PageChanges:
    """What changed from one page of a report to the next.

    Parameters
    ----------
    old, new : PageContents
        What the page says that stands, and the one about to replace it.

    Returns
    -------
    PageChanges
        With ``unread`` where one of them is of a layout not known here.

    Examples
    --------
    >>> from analysis.publish.contents import read_contents
    >>> page = '<p class="csp-vintage">to May</p><figure class="csp-table" id="a"><table>'
    >>> page += '<caption>Crime</caption></table><a href="data:text/csv,Area,n%0AX,200%0A"'
    >>> page += ' download="a.csv">a</a><figcaption>Source: MPS.</figcaption></figure>'
    >>> old, new = read_contents(page), read_contents(page.replace("200", "190"))
    >>> changes = compare_contents(old, new)
    >>> changes.numbers, changes.cells[0].difference, changes.cells[0].per_cent
    (1, -10.0, -5.0)
    """
    if not (old.is_readable and new.is_readable):
        return PageChanges(unread=UNREADABLE)
    before = {table.table_id: table for table in old.tables}
    after = {table.table_id: table for table in new.tables}
    numbers, cells, tables = 0, [], []
    for name, table in after.items():
        if name not in before:
            tables.append(TableChange(name, table.title, ("New table.",)))
            continue
        compared = _Compared(before[name], table)
        numbers += compared.numbers
        cells += compared.cells
        if compared.told:
            tables.append(TableChange(name, table.title, tuple(compared.told)))
    for name in before.keys() - after.keys():
        tables.append(TableChange(name, before[name].title, ("Gone.",)))
    cells.sort(key=_largest_first)
    changed = sum(cell.difference is not None for cell in cells)
    return PageChanges(
        numbers=numbers,
        numbers_changed=changed,
        words_changed=len(cells) - changed,
        cells=tuple(cells[:MOST_CELLS]),
        tables=tuple(sorted(tables, key=lambda table: table.table_id)),
        findings=tuple(_changed_findings(old.findings, new.findings)),
        vintage=(old.vintage, new.vintage) if old.vintage != new.vintage else (),
        sources=_changed_sources(before, after),
        headings=_changed_headings(old, new),
        is_worded_otherwise=bool(old.words and new.words and old.words != new.words),
    )


def as_number(text: str) -> float | None:
    """The number that a cell holds, or None.

    Examples
    --------
    >>> as_number("-12.5"), as_number("[c]"), as_number("1 to 4"), as_number("nan")
    (-12.5, None, None, None)
    """
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None


class _Compared:
    """Two tables of one identifier: values that differ, and what else changed, in words."""

    def __init__(self, before: StatedTable, after: StatedTable) -> None:
        self.numbers = 0
        self.cells: list[CellChange] = []
        self.told: list[str] = []
        (old_head, *old), (new_head, *new) = before.rows, after.rows
        self._old_head, self._new_head = _told_apart(old_head), _told_apart(new_head)
        self._table_id = after.table_id
        self._columns = self._matched_columns()
        self._largest = {
            place: max(_largest(old, other), _largest(new, place))
            for place, other in self._columns.items()
        }
        width = _label_width(self._old_head, self._new_head, old, new)
        was, now = _by_label(old, width), _by_label(new, width)
        self._tell_rows(was, now, width)
        for label, row in now.items():
            if label in was:
                self._compare_row(label, was[label], row, width)

    def _matched_columns(self) -> dict[int, int]:
        """Place of each comparable column now, and before; says what became of the rest."""
        old, new = self._old_head, self._new_head
        places = {place: old.index(name) for place, name in enumerate(new) if name in old}
        lost = [place for place in range(len(old)) if place not in places.values()]
        added = [place for place in range(len(new)) if place not in places]
        for place in list(added):
            if place in lost and len(old) == len(new):
                lost.remove(place)
                added.remove(place)
                if self._tell_renamed(old[place], new[place]):
                    places[place] = place
        self.told += [f"Column gone: {old[place]}." for place in lost]
        self.told += [f"New column: {new[place]}." for place in added]
        return places

    def _tell_renamed(self, old: str, new: str) -> bool:
        """Say that a column is called otherwise; whether its values may be compared."""
        (old_name, old_unit), (new_name, new_unit) = _unit(old), _unit(new)
        is_same_unit = old_unit == new_unit
        if is_same_unit:
            self.told.append(f"Column '{old}' is now called '{new}'.")
        elif old_name == new_name:
            units = f"from '{old_unit or 'none'}' to '{new_unit or 'none'}'"
            self.told.append(f"Unit of '{new_name}' changed {units}: not compared.")
        else:
            self.told.append(f"Column '{old}' made way for '{new}': not compared.")
        return is_same_unit

    def _tell_rows(
        self, was: dict[str, list[str]], now: dict[str, list[str]], width: int
    ) -> None:
        gone = [label for label in was if label not in now]
        added = [label for label in now if label not in was]
        for label in list(added):
            # The same values under another name, once only, are a row renamed.
            values = now[label][width:]
            shared = sum(as_number(value) is not None for value in values)
            if shared < _FEWEST_SHARED or _YEAR.search(label):
                continue
            twins = [other for other in gone if was[other][width:] == values]
            if len(twins) == 1:
                gone.remove(twins[0])
                added.remove(label)
                self.told.append(f"Row '{twins[0]}' is now called '{label}'.")
        self.told += [_rows_told("gone", gone)] if gone else []
        self.told += [_rows_told("new", added)] if added else []

    def _compare_row(self, label: str, was: list[str], now: list[str], width: int) -> None:
        for place, other in self._columns.items():
            if place < width or other < width or place >= len(now) or other >= len(was):
                continue
            before, after = was[other], now[place]
            numbers = as_number(before), as_number(after)
            self.numbers += None not in numbers
            # A number written with more digits is the same number.
            is_same = numbers[0] == numbers[1] if None not in numbers else before == after
            if not is_same:
                cell = CellChange(self._table_id, label, self._new_head[place], before, after)
                self.cells.append(_sized(cell, *numbers, self._largest[place]))


def _largest_first(cell: CellChange) -> tuple[bool, float, str, str, str]:
    # What moved is told first, then how far its range did.
    is_limit = bool(_LIMIT.search(cell.column))
    return is_limit, -cell.size, cell.table_id, cell.row, cell.column


def _sized(
    cell: CellChange, before: float | None, after: float | None, largest: float
) -> CellChange:
    if before is None or after is None:
        return cell
    difference = round(after - before, 10)
    per_cent = round(100 * difference / abs(before), 1) if before else None
    size = abs(difference) / largest if largest else 0.0
    return replace(cell, difference=difference, per_cent=per_cent, size=round(size, 6))


def _largest(rows: Sequence[Sequence[str]], column: int) -> float:
    found = (as_number(row[column]) for row in rows if column < len(row))
    return max((abs(value) for value in found if value is not None), default=0.0)


def _label_width(
    old_head: list[str], new_head: list[str], old: list[list[str]], new: list[list[str]]
) -> int:
    """How many of the first columns name a row: as many as tell the rows apart.

    Columns of numbers name nothing; where the words do not suffice, rows are counted.
    """
    most = min(len(old_head), len(new_head)) - 1
    for width in range(1, most + 1):
        if width > 1 and any(as_number(row[width - 1]) is not None for row in [*old, *new]):
            return 1
        if all(_are_unique(rows, width) for rows in (old, new)):
            return width
    return 1


def _are_unique(rows: list[list[str]], width: int) -> bool:
    return len({tuple(row[:width]) for row in rows}) == len(rows)


def _by_label(rows: list[list[str]], width: int) -> dict[str, list[str]]:
    return dict(zip(_told_apart([", ".join(row[:width]) for row in rows]), rows, strict=True))


def _told_apart(names: Sequence[str]) -> list[str]:
    """Names counted where one comes again."""
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found


def _unit(head: str) -> tuple[str, str]:
    name, bracket, unit = head.rpartition(" (")
    return (name, unit.removesuffix(")")) if bracket and head.endswith(")") else (head, "")


def _rows_told(state: str, labels: list[str]) -> str:
    shown = ", ".join(labels[:_MOST_LABELS])
    more = f" and {len(labels) - _MOST_LABELS} more" if len(labels) > _MOST_LABELS else ""
    rows = "1 row" if len(labels) == 1 else f"{len(labels)} rows"
    return f"{rows} {state}: {shown}{more}."


def _changed_findings(
    old: Sequence[StatedFinding], new: Sequence[StatedFinding]
) -> Iterator[FindingChange]:
    """Matched by heading, then by the section they lead to; the rest are new or gone."""
    left = list(old)
    matched: dict[int, StatedFinding] = {}
    for is_match in (_same_heading, _same_section):
        for place, finding in enumerate(new):
            twin = next((one for one in left if is_match(one, finding)), None)
            if place not in matched and twin is not None:
                matched[place] = twin
                left.remove(twin)
    for place, finding in enumerate(new):
        before = matched.get(place)
        if before is None or _words(before) != _words(finding):
            yield FindingChange(before, finding)
    for finding in left:
        yield FindingChange(finding, None)


def _same_heading(one: StatedFinding, other: StatedFinding) -> bool:
    return one.heading == other.heading


def _same_section(one: StatedFinding, other: StatedFinding) -> bool:
    return one.anchor == other.anchor


def _changed_sources(
    before: Mapping[str, StatedTable], after: Mapping[str, StatedTable]
) -> tuple[tuple[str, str], ...]:
    pairs = (
        (before[name].source, table.source) for name, table in after.items() if name in before
    )
    return tuple(dict.fromkeys(pair for pair in pairs if pair[0] != pair[1]))


def _changed_headings(old: PageContents, new: PageContents) -> tuple[tuple[str, str], ...]:
    """Of sections, those of key findings left out, which are told by themselves."""
    keys = {finding.heading for finding in (*old.findings, *new.findings)}
    before, after = (
        {one.anchor: one.heading for one in page.sections if one.heading not in keys}
        for page in (old, new)
    )
    gone = {anchor: told for anchor, told in before.items() if told not in after.values()}
    came = {anchor: told for anchor, told in after.items() if told not in before.values()}
    changed = [(gone.pop(anchor, ""), heading) for anchor, heading in came.items()]
    return (*changed, *((heading, "") for heading in gone.values()))


def _words(finding: StatedFinding) -> tuple[str, str, str]:
    return finding.heading, finding.sentence, finding.certainty


def _finding(told: Mapping[str, Any] | None) -> StatedFinding | None:
    return StatedFinding.kept(told) if told else None
