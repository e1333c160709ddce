"""Charts with one row an item: names, values and intervals beside bars or dots.

On a wide drawing the name stands left of its row and the value right of it; on a narrow one
both stand above, so that the row has the whole width.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import pandas as pd
from matplotlib.axes import Axes

from analysis.charts.theme import DARK_GREY, WHITE, Layout, number_axis
from analysis.params.areas import area_name
from analysis.wording import printable

WIDE_ROW, NARROW_ROW = 30, 46
AROUND_ROWS = 64

JUDGED_TOGETHER = (
    "Each interval is of its row alone, while a verdict allows for all being looked at "
    "together: an interval may leave out 'no difference' and its verdict still be No."
)
# Under a table that has both, where readers would take one for the other.
RANK_ROOM = 0.02
# Of an axis of ranks, beside its first and last, so that a dot touches no name.


def named_rows(
    frame: pd.DataFrame, label: str, chart_id: str, highlight: str = ""
) -> pd.DataFrame:
    """Rows with a ``name`` fit to print, and whether each ``is_highlighted``.

    Parameters
    ----------
    frame : DataFrame
        ``label`` is a column or the index; area codes are turned into names.
    label : str
    chart_id : str
        Named where the frame is refused.
    highlight : str
        Name or code of the row to stand out.

    Raises
    ------
    ValueError
        If there are no rows, or none is the one to stand out.

    Examples
    --------
    >>> frame = pd.DataFrame({"offence_count": [3]}, pd.Index(["E09000015"], name="area_code"))
    >>> named_rows(frame, "area_code", "a")["name"].tolist()
    ['Harrow']
    """
    if frame.empty:
        raise ValueError(f"Chart {chart_id!r} has no data: nothing can be drawn.")
    rows = frame.reset_index() if label in frame.index.names else frame.reset_index(drop=True)
    name = area_name if label == "area_code" else printable
    rows = rows.assign(name=[name(text) for text in rows[label]])
    rows["is_highlighted"] = rows["name"].eq(highlight) | rows[label].eq(highlight)
    if highlight and not rows["is_highlighted"].any():
        raise ValueError(f"Chart {chart_id!r} has no row {highlight!r} to highlight.")
    return rows


def limits_of(rows: pd.DataFrame, value: str, lower: str = "", upper: str = "") -> list[str]:
    """Columns of the limits of a value: those named, or its own where they are there.

    Examples
    --------
    >>> rows = pd.DataFrame({"rate": [2.0], "rate_lower": [1.0], "rate_upper": [3.0]})
    >>> limits_of(rows, "rate"), limits_of(rows, "rate_lower")
    (['rate_lower', 'rate_upper'], [])
    """
    if lower and upper:
        return [lower, upper]
    own = [f"{value}_lower", f"{value}_upper"]
    return own if set(own) <= set(rows) else []


def bar_height(layout: Layout) -> float:
    """Share of its row that a bar fills, so that it leaves room for what stands above.

    Examples
    --------
    >>> from analysis.charts.theme import NARROW
    >>> bar_height(NARROW)
    0.38
    """
    return 0.38 if layout.is_narrow else 0.52


def yes_or_no(flags: pd.Series, missing: str = "Not judged") -> list[str]:
    """Flags in words, for a table.

    Examples
    --------
    >>> yes_or_no(pd.Series([True, None], dtype="boolean"))
    ['Yes', 'Not judged']
    """
    return [missing if pd.isna(flag) else "Yes" if flag else "No" for flag in flags]


def rows_height(count: int, layout_is_narrow: bool, extra: int = 0) -> int:
    """Height in pixels of a chart with so many rows.

    Examples
    --------
    >>> rows_height(10, layout_is_narrow=False)
    364
    """
    return count * (NARROW_ROW if layout_is_narrow else WIDE_ROW) + AROUND_ROWS + extra


def name_rows(
    axes: Axes,
    names: Sequence[str],
    values: Sequence[str],
    layout: Layout,
    bold: Collection[int] = (),
) -> None:
    """Write names and values of rows 0, 1, ... of which the first is drawn topmost."""
    axes.set_ylim(len(names) - 0.5, -0.85 if layout.is_narrow else -0.5)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    axes.spines["bottom"].set_visible(False)
    axes.set_yticks([])
    for row, (name, value) in enumerate(zip(names, values, strict=True)):
        weight = "bold" if row in bold else "normal"
        if layout.is_narrow:
            _write(axes, name, row, 0, (0, 11), "left", weight)
            _write(axes, value, row, 1, (0, 11), "right", weight)
        else:
            _write(axes, name, row, 0, (-8, 0), "right", weight)
            _write(axes, value, row, 1, (8, 0), "left", weight)


def value_axis(axes: Axes, layout: Layout, unit: str, zorder: float = 2) -> None:
    """Give the values an axis: of ranks from the first, of all else with nought in it."""
    if unit == "rank":
        _axis_from_first(axes, layout)
    else:
        axis_from_nought(axes, layout, unit, zorder)


def _axis_from_first(axes: Axes, layout: Layout) -> None:
    """An axis of ranks, which begins at 1 and has no parts of one."""
    last = max(2, math.floor(axes.get_xlim()[1]))
    step = next(each for each in (1, 2, 5, 10) if last / each <= (5 if layout.is_narrow else 8))
    room = RANK_ROOM * (last - 1)
    axes.set_xlim(1 - room, last + room)
    axes.set_xticks([1, *(mark for mark in range(step, last + 1, step) if mark > 1)])
    number_axis(axes, "x")


def axis_from_nought(axes: Axes, layout: Layout, unit: str, zorder: float = 2) -> None:
    """Give the values an axis that holds nought, and draw a line there."""
    left, right = axes.get_xlim()
    axes.set_xlim(min(0, left), max(0, right))
    axes.axvline(0, color=DARK_GREY, linewidth=1, zorder=zorder)
    axes.locator_params(axis="x", nbins=4 if layout.is_narrow else 7)
    number_axis(axes, "x", unit=unit)


def whiskers(
    axes: Axes,
    lower: pd.Series,
    upper: pd.Series,
    colour: str = DARK_GREY,
    cap: float = 0.12,
    *,
    is_cased: bool = True,
) -> None:
    """Intervals as lines with ends, one a row; a missing limit draws none.

    They are one path, cased in white where they are to show on a dark bar too.
    """
    across: list[float] = []
    down: list[float] = []
    for row, (low, high) in enumerate(zip(lower, upper, strict=True)):
        if pd.notna(low) and pd.notna(high):
            across += [low, low, math.nan, low, high, math.nan, high, high, math.nan]
            ends = [row - cap, row + cap, math.nan]
            down += [*ends, row, row, math.nan, *ends]
    casing = [(WHITE, 3.5)] if is_cased else []
    for shade, width in (*casing, (colour, 1.5)):
        axes.plot(across, down, color=shade, linewidth=width, solid_capstyle="butt")


def _write(
    axes: Axes,
    text: str,
    row: int,
    edge: int,
    offset: tuple[int, int],
    side: str,
    weight: str,
) -> None:
    is_above = offset[1] > 0
    axes.annotate(
        text,
        (edge, row),
        xycoords=("axes fraction", "data"),
        xytext=offset,
        textcoords="offset points",
        ha=side,
        va="bottom" if is_above else "center",
        fontweight=weight,
        annotation_clip=False,
        bbox={"facecolor": WHITE, "edgecolor": "none", "pad": 0} if is_above else None,
    )
