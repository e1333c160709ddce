"""London as one square a borough, coloured by class: no borough is larger than another.

A true map gives the eye Bromley and hides Kensington. Here each borough has one square,
north is up and most true neighbours touch. The class is in the colour, the number stands in
the square, so that colour is never all that tells.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.charts.chart import Caption, Chart, drawn_chart
from analysis.charts.labels import filled, key_below
from analysis.charts.rows import named_rows
from analysis.charts.theme import (
    DARK_BLUE,
    DARK_GREY,
    DARK_PINK,
    PALE_BLUE,
    WHITE,
    Layout,
    contrast_ratio,
)
from analysis.wording import listed, number, with_unit

MIDDLE_GREY = "#EFEFEF"
PALE_PINK = "#E2C4D3"
SHADES = (DARK_BLUE, PALE_BLUE, MIDDLE_GREY, PALE_PINK, DARK_PINK)
# From the lowest class to the highest; the dark ends read alike without colour, so the
# number in the square tells them apart.

SQUARE = 0.92
# Side of a square, a step from one to the next being 1.

WIDE_STEP, NARROW_STEP = 62, 46
# Pixels.

CODES_BELOW = "Each square's letters stand for the borough named in the data below."
# Names of 32 boroughs would need as much room as the squares.

KEY_STEP = 0.62
# From one line of the key to the next, in squares.


def tile_map(
    areas: pd.DataFrame,
    caption: Caption,
    tiles: pd.DataFrame,
    classes: Mapping[str, str],
    *,
    value: str = "rate_per_1000",
    group: str = "ratio_class",
    mark: str = "",
    mark_means: str = "",
    highlight: str = "",
    decimals: int = 0,
) -> Chart:
    """A chart of London's boroughs as squares.

    Parameters
    ----------
    areas : DataFrame, index ``area_code``
        ``value``, written in the square, and ``group``, which colours it.
    caption : Caption
    tiles : DataFrame, index ``area_code``
        ``tile_row``, ``tile_column``, ``abbreviation``.
    classes : mapping of str to str
        The groups from the lowest to the highest, at most five, and what each means.
    value, group : str
        Columns.
    mark, mark_means : str
        Column of booleans whose squares carry an asterisk, and what that means.
    highlight : str
        The borough outlined, by name or code.
    decimals : int
        Of the number in the square.

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        If there are no rows, a borough has no square, or a class is not among ``classes``.
    """
    rows = named_rows(areas.join(tiles, how="left"), "area_code", caption.chart_id, highlight)
    _refuse_unplaced(rows, group, classes, caption.chart_id)
    shade = dict(zip(classes, SHADES, strict=False))
    marked = rows[mark].astype(bool).tolist() if mark else [False] * len(rows)
    key = [*classes.values(), *([f"* {mark_means}"] if any(marked) else [])]
    heights = {"wide": _rows_of(rows) * WIDE_STEP, "narrow": _rows_of(rows) * NARROW_STEP}

    def draw(figure: Figure, layout: Layout) -> None:
        axes = figure.add_subplot()
        axes.set_axis_off()
        axes.set_aspect("equal", anchor="W")
        for (_, row), is_marked in zip(rows.iterrows(), marked, strict=True):
            text = number(float(row[value]), decimals) + ("*" if is_marked else "")
            _square(axes, row, shade[str(row[group])], text)
        _key(axes, rows, key, list(shade.values()), layout)
        key_below(figure, CODES_BELOW, layout)

    table = pd.DataFrame(
        {
            "Borough": rows["name"],
            "In the square": rows["abbreviation"],
            f"Value ({caption.unit})": rows[value].astype(float),
            "Class": [classes[str(name)] for name in rows[group]],
        }
    )
    return drawn_chart(
        draw,
        caption,
        description=_description(rows, caption, group, classes, value),
        table=table,
        height=heights["wide"] + 44,
        narrow_height=heights["narrow"] + round(len(key) * KEY_STEP * NARROW_STEP) + 66,
        decimals={table.columns[2]: 1},
    )


def _refuse_unplaced(
    rows: pd.DataFrame, group: str, classes: Mapping[str, str], chart_id: str
) -> None:
    unplaced = rows.loc[rows["tile_row"].isna(), "name"].tolist()
    unknown = sorted(set(rows[group]) - set(classes))
    if unplaced or unknown or len(classes) > len(SHADES):
        raise ValueError(
            f"Chart {chart_id!r}: no square for {unplaced}, no class {unknown}, or more than "
            f"{len(SHADES)} classes. Every borough needs a square and one of the classes."
        )


def _rows_of(rows: pd.DataFrame) -> int:
    return int(rows["tile_row"].max()) + 1


def _square(axes: Axes, row: pd.Series, colour: str, text: str) -> None:
    left, top = float(row["tile_column"]), float(row["tile_row"])
    is_bold = bool(row["is_highlighted"])
    ink = WHITE if contrast_ratio(WHITE, colour) > contrast_ratio(DARK_GREY, colour) else ""
    axes.add_patch(
        Rectangle(
            (left, top),
            SQUARE,
            SQUARE,
            facecolor=colour,
            edgecolor=DARK_GREY if is_bold else WHITE,
            linewidth=4 if is_bold else 0,
            zorder=3 if is_bold else 2,
        )
    )
    for words, down in ((str(row["abbreviation"]), 0.32), (text, 0.68)):
        axes.text(
            left + SQUARE / 2,
            top + down * SQUARE,
            words,
            ha="center",
            va="center",
            color=ink or DARK_GREY,
            fontweight="bold" if is_bold else "normal",
            zorder=4,
        )


def _key(
    axes: Axes, rows: pd.DataFrame, key: list[str], colours: list[str], layout: Layout
) -> None:
    """What the colours mean: beside the squares, or below them on a narrow drawing."""
    across, down = int(rows["tile_column"].max()) + 1, _rows_of(rows)
    left, top = (0.0, down + 0.2) if layout.is_narrow else (across + 0.5, 0.2)
    for place, words in enumerate(key):
        y = top + place * KEY_STEP
        if place < len(colours):
            patch = Rectangle(
                (left, y), 0.4, 0.4, facecolor=colours[place], edgecolor=DARK_GREY, linewidth=1
            )
            axes.add_patch(patch)
        is_shaded = place < len(colours)
        shown = words if is_shaded or layout.is_narrow else filled(words, _KEY_LAYOUT)
        axes.text(left + (0.6 if is_shaded else 0), y + 0.2, shown, va="center", ha="left")
    step = NARROW_STEP if layout.is_narrow else WIDE_STEP
    axes.set_xlim(-0.05, layout.width / step - 0.2)
    bottom = top + len(key) * KEY_STEP if layout.is_narrow else down
    axes.set_ylim(bottom + 0.05, -0.05)


_KEY_LAYOUT = Layout(width=240, font=13, is_narrow=True)
# What is left beside the squares.


def _description(
    rows: pd.DataFrame, caption: Caption, group: str, classes: Mapping[str, str], value: str
) -> str:
    words = (
        f"Map of London with one square a borough, north up: {caption.in_sentence}, "
        f"{caption.period}."
    )
    for name, meaning in classes.items():
        chosen = listed(rows.loc[rows[group] == name, "name"].tolist()) or "none"
        words += f" {meaning}: {chosen}."
    bold = rows[rows["is_highlighted"]]
    for name, amount in zip(bold["name"], bold[value], strict=True):
        words += f" Outlined: {name}, {with_unit(float(amount), caption.unit, 1)}."
    return words
