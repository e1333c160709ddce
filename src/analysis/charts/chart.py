"""A chart as a report shows it: title, drawing, description, table, source.

A chart that could not be read without seeing it, or not be judged without knowing where it
comes from, cannot be made: the class refuses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

import pandas as pd

from analysis.charts.svg import original, svg_markup
from analysis.charts.table import csv_link, refuse_incomplete, scrolling_table
from analysis.charts.theme import NARROW, WIDE, Draw, drawing
from analysis.wording import unbroken

MAX_TITLE_WORDS = 14
# Ten is the rule, which reports are tested for; a borough's name may take four more.

FEWEST_WORDS = 3
# Of a description: "image", "figure" and "line chart" describe nothing.


@dataclass(frozen=True)
class Caption:
    """What is printed around a chart, as whoever computed the result knows it.

    Parameters
    ----------
    title : str
        The finding, in at most fourteen words.
    measure, area, period : str
        Joined into the subtitle: what is counted, with unit and basis; where; when.
    source : str
        Publisher, file, basis and publication, as a sentence.
    chart_id : str
        Anchor and file name: letters, digits and hyphens.
    unit : str
        Unit of the values, after each number: ``"offences"``, ``"%"``, ``"per 1,000"``.
    description : str
        Replaces the description written from the data.

    Examples
    --------
    >>> Caption("Crime fell", "Recorded offences", "Harrow", "2012", "MPS.", "a").subtitle
    'Recorded offences, Harrow, 2012'
    """

    title: str
    measure: str
    area: str
    period: str
    source: str
    chart_id: str
    unit: str = "offences"
    description: str = ""

    @property
    def subtitle(self) -> str:
        """Measure, area and period."""
        return ", ".join(part for part in (self.measure, self.area, self.period) if part)

    @property
    def in_sentence(self) -> str:
        """The measure as it stands inside a sentence."""
        is_word = self.measure[1:2].islower()
        return self.measure[:1].lower() + self.measure[1:] if is_word else self.measure


@dataclass(frozen=True, eq=False)
class Chart:
    """A drawn chart, with all that it takes to read and to judge it.

    Parameters
    ----------
    title, subtitle : str
    description : str
        What the chart shows, in words: the text alternative.
    svg : str
        The drawing for a wide column.
    table : DataFrame
        What is drawn, columns named as they are to be printed, with units.
    source : str
    chart_id : str
        Anchor, file name, and prefix of every identifier in the drawing.
    svg_narrow : str
        The drawing for a telephone, described where the wide one is; without it the wide one
        serves.
    decimals : mapping of column to int
        Digits after the point in the table and its CSV.

    Raises
    ------
    ValueError
        If title, description, data or source is missing, or the title is too long.
    """

    title: str
    subtitle: str
    description: str
    svg: str
    table: pd.DataFrame
    source: str
    chart_id: str
    svg_narrow: str = ""
    decimals: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a chart that somebody could not read or judge."""
        refuse_incomplete(
            "Chart",
            self.chart_id,
            title=self.title,
            subtitle=self.subtitle,
            description=self.description,
            source=self.source,
            drawing=self.svg,
        )
        _refuse_empty_words(self.chart_id, self.title, self.description)
        if self.table.empty:
            raise ValueError(f"Chart {self.chart_id!r} has no data: nothing can be drawn.")
        if len(self.title.split()) > MAX_TITLE_WORDS:
            message = f"title of more than {MAX_TITLE_WORDS} words: {self.title!r}"
            raise ValueError(f"Chart {self.chart_id!r} has a {message}")
        object.__setattr__(self, "table", self.table.copy())

    @property
    def html(self) -> str:
        """The chart as a ``<figure>``: title, drawing, data, source."""
        narrow = f'<div class="csp-narrow" hidden>{self.svg_narrow}</div>'
        return (
            f'<figure class="csp-chart" id="{self.chart_id}"'
            # Named by its title, not by the source that its caption gives.
            f' aria-label="{escape(self.title)}">'
            f'<p class="csp-chart-title">{escape(unbroken(self.title))}</p>'
            f'<p class="csp-chart-subtitle">{escape(unbroken(self.subtitle))}</p>'
            f'<div class="{"csp-wide" if self.svg_narrow else "csp-only"}">{self.svg}</div>'
            + (narrow if self.svg_narrow else "")
            + "<details><summary>Data for this chart</summary>"
            + scrolling_table(
                self.table, f"{self.title}: {self.subtitle}", decimals=self.decimals
            )
            + csv_link(self.table, self.chart_id, self.decimals)
            + "</details>"
            + f"<figcaption>Source: {escape(unbroken(self.source))}</figcaption></figure>"
        )

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, str], dict[str, object]]:
        plain = f"{self.title}\n{self.subtitle}\n{self.description}\nSource: {self.source}"
        data = {"role": "chart", "chart_id": self.chart_id, "title": self.title}
        return {"text/html": self.html, "text/plain": plain}, {"csp": data}


def _refuse_empty_words(chart_id: str, title: str, description: str) -> None:
    """Refuse a description that tells nobody what the drawing shows."""
    said = description.strip(" .").casefold()
    if said == title.strip(" .").casefold() or len(said.split()) < FEWEST_WORDS:
        raise ValueError(
            f"Chart {chart_id!r} is described as {description!r}, which says nothing of its "
            "data. Say what is highest, lowest or last, and by how much."
        )


def drawn_chart(
    draw: Draw,
    caption: Caption,
    *,
    description: str,
    table: pd.DataFrame,
    height: int = 380,
    narrow_height: int = 340,
    decimals: Mapping[str, int] | None = None,
) -> Chart:
    """A chart from a function that draws it, in both widths.

    Parameters
    ----------
    draw : callable
        Takes an empty figure and a layout.
    caption : Caption
    description : str
        Written from the data; the caption's own goes first.
    table : DataFrame
        What is drawn.
    height, narrow_height : int, pixels
    decimals : mapping of column to int, optional

    Returns
    -------
    Chart
    """
    words = caption.description or description
    refuse_incomplete("Chart", caption.chart_id, title=caption.title, source=caption.source)

    wide, narrow = drawing(draw, WIDE, height), drawing(draw, NARROW, narrow_height)
    name = caption.chart_id
    return Chart(
        title=caption.title,
        subtitle=caption.subtitle,
        description=words,
        svg=svg_markup(wide, prefix=name, title=caption.title, description=words),
        table=table,
        source=caption.source,
        chart_id=caption.chart_id,
        svg_narrow=svg_markup(
            narrow,
            prefix=f"{name}-narrow",
            title=caption.title,
            description=words,
            wide=original(name, wide, narrow),
        ),
        decimals=dict(decimals or {}),
    )
