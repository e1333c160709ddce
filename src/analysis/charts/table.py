"""A table that shows itself: caption, scoped headers, units, notes, key and source.

The same markup serves the tables of a report and the data behind a chart, so that both read
alike and give the same file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

import pandas as pd

from analysis.charts.cells import (
    SHORTHAND,
    SUPPRESSED,
    cell_text,
    column_decimals,
    csv_address,
    is_numeric_column,
)
from analysis.wording import unbroken

SENTENCE = 60
# Letters: a cell of more is a sentence, and a table that holds one is read row by row where
# the window is narrow. As columns it would be a word a line there, or out of sight.

_SENTENCE_END = re.compile(r"(?<=\.) (?=[A-Z])")


@dataclass(frozen=True, eq=False)
class Table:
    """A table of a report.

    Parameters
    ----------
    title : str
        What the table says, printed above it and given as its caption.
    frame : DataFrame
        Columns named as they are to be printed, units included: ``"Change (%)"``. The first
        column names the row. Missing values are printed as ``[x]``; a cell may hold
        ``[c]``, ``[low]`` or ``[z]`` itself.
    source : str
        Publisher, file, basis and publication, as a sentence.
    table_id : str
        Anchor and file name: letters, digits and hyphens.
    notes : tuple of str
    decimals : mapping of column to int
        Digits after the point; without it whole numbers get none.
    is_folded : bool
        Whether it opens on demand: a long table behind a chart.
    links : mapping of column to sequence of str
        Anchors on the page that the cells of a column lead to, as ``"#harm"``, one a row;
        empty for a cell without.

    Raises
    ------
    ValueError
        If the table has no title, rows or source.

    Examples
    --------
    >>> frame = pd.DataFrame({"Offence group": ["Homicide"], "Offences": ["[c]"]})
    >>> table = Table("Homicide", frame, "Metropolitan Police Service.", "homicide")
    >>> "[c] = suppressed" in table.html
    True
    """

    title: str
    frame: pd.DataFrame
    source: str
    table_id: str
    notes: tuple[str, ...] = ()
    decimals: Mapping[str, int] = field(default_factory=dict)
    is_folded: bool = False
    links: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a table that cannot be read by itself."""
        refuse_incomplete("Table", self.table_id, title=self.title, source=self.source)
        if self.frame.empty:
            raise ValueError(f"Table {self.table_id!r} has no rows; say so in a note instead.")
        object.__setattr__(self, "frame", self.frame.copy())

    @property
    def html(self) -> str:
        """The table as a ``<figure>``, with a link that gives its CSV."""
        notes = "".join(f"<p>{escape(unbroken(note))}</p>" for note in self.notes)
        notes = f'<div class="csp-table-notes">{notes}</div>' if notes else ""
        body = (
            scrolling_table(self.frame, self.title, decimals=self.decimals, links=self.links)
            + notes
            + csv_link(self.frame, self.table_id, self.decimals)
        )
        if self.is_folded:
            head = f"<summary>Table: {escape(unbroken(self.title))}</summary>"
            body = f"<details>{head}{body}</details>"
        return (
            f'<figure class="csp-table" id="{self.table_id}">{body}'
            f"<figcaption>Source: {escape(unbroken(self.source))}</figcaption></figure>"
        )

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, str], dict[str, object]]:
        plain = f"{self.title}\n{self.frame.to_string(index=False)}\nSource: {self.source}"
        data = {"role": "table", "table_id": self.table_id, "title": self.title}
        return {"text/html": self.html, "text/plain": plain}, {"csp": data}


def scrolling_table(
    frame: pd.DataFrame,
    caption: str,
    *,
    decimals: Mapping[str, int] | None = None,
    links: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """Markup of a table in a region that scrolls, reachable by keyboard, and its key.

    Parameters
    ----------
    frame : DataFrame
        The first column becomes the row headers.
    caption : str
    decimals : mapping of column to int, optional
    links : mapping of column to sequence of str, optional
        As :class:`Table` takes them.

    Returns
    -------
    str
        A ``<div role="region">``, then the key of the shorthand symbols that occur.
    """
    digits = column_decimals(frame, decimals)
    words = [
        place
        for place, name in enumerate(frame.columns, 1)
        if place > 1 and not is_numeric_column(frame[name])
    ]
    columns = [
        [cell_text(value, digits[name]) for value in frame[name]] for name in frame.columns
    ]
    is_read_by_row = any(len(text) > SENTENCE for column in columns[1:] for text in column)
    # One name on the table says which columns hold words: on each cell it would be a tenth
    # of the page.
    kinds = ["csp-data csp-cols", *(f"csp-t{place}" for place in words)]
    if is_read_by_row:
        kinds.append("csp-stack")
    heads = [escape(str(name)) for name in frame.columns]
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    starts = [f'<td data-head="{name}">' if is_read_by_row else "<td>" for name in heads[1:]]
    addresses = [list((links or {}).get(name, [""] * len(frame))) for name in frame.columns]
    body = "".join(
        _row(texts, to, starts)
        for texts, to in zip(
            zip(*columns, strict=True), zip(*addresses, strict=True), strict=True
        )
    )
    return (
        f'<div class="csp-scroll" role="region" tabindex="0" aria-label="{escape(caption)}">'
        f'<table class="{" ".join(kinds)}"><caption>{escape(unbroken(caption))}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        + _key({text for column in columns for text in column})
    )


def under_heads(rows: pd.DataFrame, heads: Mapping[str, str]) -> pd.DataFrame:
    """Columns of rows in the order they are printed, under the heads they are printed with.

    Examples
    --------
    >>> rows = pd.DataFrame({"rate": [2.0], "area_name": ["Harrow"]}, index=["E09000015"])
    >>> under_heads(rows, {"area_name": "Borough", "rate": "For 100"}).to_dict("records")
    [{'Borough': 'Harrow', 'For 100': 2.0}]
    """
    return rows[list(heads)].rename(columns=dict(heads)).reset_index(drop=True)


def keyed_notes(notes: pd.Series) -> tuple[list[str], tuple[str, ...]]:
    """Numbers to stand in the rows for their notes, and the notes by number, each once.

    A note in a cell makes its row as tall as the note is long, and is told again in each row
    that it bears on.

    Parameters
    ----------
    notes : Series of str
        Whole sentences, or empty.

    Returns
    -------
    tuple of list of str and tuple of str
        A text a row, and one for the foot of the table a note.

    Examples
    --------
    >>> keyed_notes(pd.Series(["Counts moved. It may fall.", "", "It may fall."]))
    (['1, 2', 'none', '2'], ('Note 1: Counts moved.', 'Note 2: It may fall.'))
    """
    told = [_SENTENCE_END.split(str(note)) if note else [] for note in notes]
    place = {note: at for at, note in enumerate(dict.fromkeys(sum(told, [])), 1)}
    codes = [", ".join(str(place[note]) for note in each) or "none" for each in told]
    return codes, tuple(f"Note {at}: {note}" for note, at in place.items())


def with_hidden(rows: pd.DataFrame, *names: str) -> pd.DataFrame:
    """Rows with ``[c]`` in the named columns wherever ``is_suppressed`` says so.

    Examples
    --------
    >>> rows = pd.DataFrame({"share_pct": [20.0, 40.0], "is_suppressed": [False, True]})
    >>> with_hidden(rows, "share_pct")["share_pct"].tolist()
    [20.0, '[c]']
    """
    flags = rows["is_suppressed"].astype(bool)
    return rows.assign(
        **{name: rows[name].astype(object).mask(flags, SUPPRESSED) for name in names}
    )


def csv_link(frame: pd.DataFrame, name: str, decimals: Mapping[str, int] | None = None) -> str:
    """A link that saves the table as ``name.csv`` from the page itself."""
    address = escape(csv_address(frame, decimals))
    return (
        f'<p class="csp-download"><a href="{address}" download="{escape(name)}.csv">'
        f"Download {escape(name)}.csv</a></p>"
    )


def refuse_incomplete(kind: str, name: str, **parts: str) -> None:
    """Raise ``ValueError`` that names the parts a chart or table was given empty.

    Examples
    --------
    >>> refuse_incomplete("Chart", "harrow-total", title="Crime fell", source="")
    Traceback (most recent call last):
    ValueError: Chart 'harrow-total' has no source: nobody could judge it without. Give it one.
    """
    missing = [part.replace("_", " ") for part, text in parts.items() if not text.strip()]
    if missing:
        raise ValueError(
            f"{kind} {name!r} has no {' and no '.join(missing)}: nobody could judge it"
            " without. Give it one."
        )
    is_anchor = name.replace("-", "").isalnum() and name.isascii() and name[0].isalpha()
    if not (is_anchor and name == name.casefold()):
        raise ValueError(
            f"{kind} id {name!r} cannot be an anchor: use a letter first, then small"
            " letters, digits and hyphens."
        )


def _row(texts: tuple[str, ...], addresses: tuple[str, ...], starts: list[str]) -> str:
    cells = "".join(
        f"{start}{_linked(text, address)}</td>"
        for start, text, address in zip(starts, texts[1:], addresses[1:], strict=True)
    )
    return f'<tr><th scope="row">{_linked(texts[0], addresses[0])}</th>{cells}</tr>'


def _linked(text: str, address: str) -> str:
    return f'<a href="{escape(address)}">{escape(text)}</a>' if address else escape(text)


def _key(texts: set[str]) -> str:
    used = [f"{symbol} = {meaning}" for symbol, meaning in SHORTHAND.items() if symbol in texts]
    return f'<p class="csp-key">{escape("; ".join(used))}.</p>' if used else ""
