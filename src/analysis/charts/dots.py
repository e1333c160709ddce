"""One dot a row with its interval: readings of a target side by side, and chances.

For values that share a unit but not a base, where bars would suggest parts of a whole.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from analysis.charts.chart import Caption, Chart, drawn_chart
from analysis.charts.labels import key_below
from analysis.charts.rows import (
    bar_height,
    limits_of,
    name_rows,
    named_rows,
    rows_height,
    value_axis,
    whiskers,
)
from analysis.charts.table import under_heads
from analysis.charts.theme import DARK_BLUE, PALEST_BLUE, Layout, number_axis
from analysis.wording import listed, number, with_unit

LIMITS = ("Lower limit", "Upper limit")


def interval_dots(
    rows: pd.DataFrame,
    caption: Caption,
    *,
    label: str = "definition",
    value: str = "required_count",
    lower: str = "",
    upper: str = "",
    label_name: str = "Definition",
    interval_name: str = "95% intervals",
    highlight: str = "",
    decimals: int = 0,
) -> Chart:
    """A chart of one value a row, in the order given, with intervals where there are any.

    Parameters
    ----------
    rows : DataFrame
        One row a dot: ``label``, ``value`` and, where known, its limits.
    caption : Caption
    label, value, lower, upper : str
        Columns; limits not named are the value's own, where they are there.
    label_name, interval_name : str
        Head of the labels' column, and what the lines are.
    highlight : str
        The row in bold.
    decimals : int

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        If there are no rows.
    """
    rows = named_rows(rows, label, caption.chart_id, highlight)
    names = rows["name"].tolist()
    suffix = "%" if caption.unit == "%" else ""
    told = [with_unit(amount, suffix, decimals) for amount in rows[value]]
    bold = rows.index[rows["is_highlighted"]].tolist()
    limits = limits_of(rows, value, lower, upper)
    has_limits = bool(rows[limits].notna().any(axis=None))

    def draw(figure: Figure, layout: Layout) -> None:
        axes = figure.add_subplot()
        name_rows(axes, names, told, layout, bold)
        if has_limits:
            whiskers(axes, rows[limits[0]], rows[limits[1]], DARK_BLUE, is_cased=False)
            key_below(figure, f"Lines: {interval_name}.", layout)
        axes.plot(
            rows[value].astype(float),
            range(len(rows)),
            "o",
            color=DARK_BLUE,
            markersize=9,
            clip_on=False,
        )
        value_axis(axes, layout, caption.unit)

    head = f"{caption.unit[:1].upper()}{caption.unit[1:]}"
    table = _table(rows, label_name, {value: head}, limits if has_limits else [])
    pairs = "; ".join(f"{name}, {amount}" for name, amount in zip(names, told, strict=True))
    return drawn_chart(
        draw,
        caption,
        description=f"Dot chart of {caption.in_sentence} in {caption.area}, {caption.period},"
        f" in {caption.unit}: {pairs}.",
        table=table,
        height=rows_height(len(rows), layout_is_narrow=False, extra=10 * has_limits),
        narrow_height=rows_height(len(rows), layout_is_narrow=True, extra=20 * has_limits),
        decimals=dict.fromkeys(table.columns[1:], decimals),
    )


def probability_bars(
    rows: pd.DataFrame,
    caption: Caption,
    *,
    label: str = "definition",
    value: str = "probability_pct",
    lower: str = "",
    upper: str = "",
    label_name: str = "Target",
    decimals: int = 0,
) -> Chart:
    """A chart of chances from 0 to 100 per cent, one bar a row, in the order given.

    Parameters
    ----------
    rows : DataFrame
        One row a bar: ``label``, ``value`` in per cent and, where known, its limits.
    caption : Caption
    label, value, lower, upper, label_name : str
        Columns, and head of the labels' column; limits as :func:`interval_dots` takes them.
    decimals : int

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        If there are no rows, or a chance lies outside 0 to 100.
    """
    if not rows[value].dropna().between(0, 100).all():
        raise ValueError(
            f"Chart {caption.chart_id!r}: a chance lies outside 0 to 100 per cent."
        )
    rows = named_rows(rows, label, caption.chart_id)
    names = rows["name"].tolist()
    told = [_chance(chance, decimals) for chance in rows[value]]
    limits = limits_of(rows, value, lower, upper)

    def draw(figure: Figure, layout: Layout) -> None:
        axes = figure.add_subplot()
        name_rows(axes, names, told, layout)
        axes.barh(range(len(rows)), 100, color=PALEST_BLUE, height=bar_height(layout))
        axes.barh(
            range(len(rows)),
            rows[value].astype(float).fillna(0),
            color=DARK_BLUE,
            height=bar_height(layout),
        )
        if limits:
            whiskers(axes, rows[limits[0]], rows[limits[1]])
        axes.set_xlim(0, 100)
        axes.set_xticks([0, 25, 50, 75, 100])
        number_axis(axes, "x", unit="%")

    shown = rows.assign(**{value: chance_cells(rows[value], decimals)})
    table = _table(shown, label_name, {value: "Chance (%)"}, limits)
    pairs = [f"{name}, {chance}" for name, chance in zip(names, told, strict=True)]
    return drawn_chart(
        draw,
        caption,
        description=f"Bar chart of {caption.in_sentence} in {caption.area}, {caption.period}:"
        f" {listed(pairs)}.",
        table=table,
        height=rows_height(len(rows), layout_is_narrow=False),
        narrow_height=rows_height(len(rows), layout_is_narrow=True),
        decimals=dict.fromkeys(table.columns[1:], decimals),
    )


def chance_cells(chances: pd.Series, decimals: int = 0) -> pd.Series:
    """Chances in per cent as sentences and tables alike have them: never nought or certain.

    Parameters
    ----------
    chances : Series
        In per cent.
    decimals : int

    Returns
    -------
    Series, object
        Numbers, and words where a number would be printed as nought or a hundred.

    Examples
    --------
    >>> chance_cells(pd.Series([0.6, 1.2, 99.4])).tolist()
    ['under 1', 1.2, 'over 99']
    """
    step = 10**-decimals
    cells = chances.astype(float).astype(object)
    cells[chances < step] = f"under {number(step, decimals)}"
    cells[chances > 100 - step] = f"over {number(100 - step, decimals)}"
    return cells


def _table(
    rows: pd.DataFrame, label_name: str, heads: dict[str, str], limits: list[str]
) -> pd.DataFrame:
    """Names, values and, where there are any, limits, under heads fit to print."""
    heads = {"name": label_name, **heads, **dict(zip(limits, LIMITS, strict=False))}
    return under_heads(rows, heads)


def _chance(chance: float, decimals: int) -> str:
    """A chance in words that never claim certainty from rounding."""
    if pd.isna(chance):
        return "not available"
    cell = chance_cells(pd.Series([chance]), decimals)[0]
    return f"{cell}%" if isinstance(cell, str) else with_unit(cell, "%", decimals)
