"""Monthly figures as a line: one area, an average over it, or one area among others.

A month that was not published is a gap in the line and ``[x]`` in the table, never zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure

from analysis.charts.chart import Caption, Chart, drawn_chart
from analysis.charts.labels import (
    Break,
    EndLabel,
    end_labels,
    key_below,
    mark_breaks,
    unit_above,
)
from analysis.charts.theme import (
    DARK_BLUE,
    LIGHT_GREY,
    MID_GREY,
    Layout,
    month_axis,
    months_as_numbers,
    number_axis,
    zero_based,
)
from analysis.wording import (
    listed,
    month_text,
    period_text,
    place_words,
    printable,
    with_unit,
)


@dataclass(frozen=True)
class _Line:
    name: str
    values: pd.Series
    is_main: bool


def monthly_line(
    series: pd.DataFrame,
    caption: Caption,
    *,
    value: str = "offence_count",
    smooth: str = "",
    smooth_name: str = "12-month average",
    group: str = "",
    highlight: str = "",
    breaks: Sequence[Break] = (),
    from_zero: bool = True,
    decimals: int = 0,
) -> Chart:
    """A chart of monthly figures.

    Parameters
    ----------
    series : DataFrame
        One row a month (and area): ``month``, ``value``, and the columns named below.
    caption : Caption
    value : str
        Column drawn; a 12-month sum is drawn by naming its column here.
    smooth : str
        Column of an average, drawn boldly over pale months.
    smooth_name : str
        What to call it.
    group : str
        Column that tells lines apart, such as ``area_name``; one line without it.
    highlight : str
        The group drawn boldly, the others being context in grey.
    breaks : sequence of (month, label)
        Recording changes and the like, as vertical marks.
    from_zero : bool
        Whether the vertical axis begins at zero, as it should for counts.
    decimals : int

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        If there are no months, or the highlighted group is not among the lines.
    """
    if series.empty:
        raise ValueError(f"Chart {caption.chart_id!r} has no data: nothing can be drawn.")
    lines = _lines(series, caption, value, smooth, smooth_name, group, highlight)

    def draw(figure: Figure, layout: Layout) -> None:
        axes = figure.add_subplot()
        for line in lines:
            axes.plot(
                months_as_numbers(line.values.index.to_series()).to_numpy(),
                line.values.to_numpy(),
                color=DARK_BLUE if line.is_main else LIGHT_GREY,
                linewidth=2.5 if line.is_main else 1.5,
                zorder=3 if line.is_main else 2,
            )
        axes.margins(x=0.01)
        if from_zero:
            zero_based(axes)
        number_axis(axes, unit=caption.unit)
        months = lines[0].values.index.to_series()
        month_axis(axes, months, layout)
        room, key = mark_breaks(figure, axes, breaks, layout)
        unit_above(axes, caption.unit, layout, room)
        key_below(figure, key, layout)
        last = float(months_as_numbers(months).max())
        end_labels(figure, axes, last, _ends(lines, caption.unit, decimals), layout)

    table = _table(lines, caption.unit)
    return drawn_chart(
        draw,
        caption,
        description=_description(lines, caption, breaks, decimals, bool(group)),
        table=table,
        decimals=dict.fromkeys(table.columns[1:], decimals),
    )


def _lines(
    series: pd.DataFrame,
    caption: Caption,
    value: str,
    smooth: str,
    smooth_name: str,
    group: str,
    highlight: str,
) -> list[_Line]:
    """Lines on one calendar without holes, the main one last so that it lies on top."""
    calendar = pd.date_range(series["month"].min(), series["month"].max(), freq="MS")
    if smooth:
        by_month = series.set_index("month").reindex(calendar).astype(float, errors="ignore")
        return [
            _Line("Each month", by_month[value], is_main=False),
            _Line(smooth_name, by_month[smooth], is_main=True),
        ]
    names = series[group].astype(str) if group else pd.Series(caption.area, series.index)
    if highlight and highlight not in set(names):
        raise ValueError(f"Chart {caption.chart_id!r} has no line {highlight!r} to highlight.")
    wide = series.assign(line=names).pivot(index="month", columns="line", values=value)
    wide = wide.reindex(calendar).astype(float)
    lines = [
        _Line(printable(name), wide[name], is_main=not highlight or name == highlight)
        for name in wide.columns
    ]
    return sorted(lines, key=lambda line: line.is_main)


def _ends(lines: list[_Line], unit: str, decimals: int) -> list[EndLabel]:
    ends = []
    for line in lines:
        known = line.values.dropna()
        if len(known):
            name = line.name if len(lines) > 1 else ""
            text = f"{name} {with_unit(known.iloc[-1], unit if unit == '%' else '', decimals)}"
            colour = DARK_BLUE if line.is_main else MID_GREY
            ends.append(EndLabel(float(known.iloc[-1]), text.strip(), colour, line.is_main))
    return ends


def _table(lines: list[_Line], unit: str) -> pd.DataFrame:
    months = pd.Series(lines[0].values.index)
    heads = [
        f"{line.name} ({unit})" if len(lines) > 1 else f"{unit[:1].upper()}{unit[1:]}"
        for line in lines
    ]
    drawn = reversed(list(zip(heads, lines, strict=True)))
    return pd.DataFrame(
        {"Month": months, **{head: line.values.to_numpy() for head, line in drawn}}
    )


def _description(
    lines: list[_Line],
    caption: Caption,
    breaks: Sequence[Break],
    decimals: int,
    is_grouped: bool,
) -> str:
    main = lines[-1]
    months = main.values.index.to_series()
    parts = [
        f"Line chart of {caption.in_sentence} in {caption.area}, {period_text(months)}.",
        _course(main, caption.unit, decimals),
    ]
    if is_grouped and len(lines) > 1:
        parts.append(_position(lines, main))
    missing = int(lines[0 if not is_grouped else -1].values.isna().sum())
    if missing:
        parts.append(f"Figures are missing for {missing} of {len(months)} months.")
    if breaks:
        told = [f"{text} ({month_text(pd.Timestamp(month))})" for month, text in breaks]
        parts.append(f"Vertical marks: {listed(told)}.")
    return " ".join(parts)


def _course(line: _Line, unit: str, decimals: int) -> str:
    known = line.values.dropna()
    if known.empty:
        return f"{line.name}: no figure is available."

    def at(month: pd.Timestamp) -> str:
        return f"{with_unit(known[month], unit, decimals)} in {month_text(month)}"

    highest, lowest = (pd.Timestamp(str(end)) for end in (known.idxmax(), known.idxmin()))
    return (
        f"{line.name}: {at(known.index[0])} at the start, {at(known.index[-1])} at the end;"
        f" highest {at(highest)}, lowest {at(lowest)}."
    )


def _position(lines: list[_Line], main: _Line) -> str:
    month = main.values.last_valid_index()
    ends = [line.values.get(month) for line in lines]
    ranked = sorted(float(end) for end in ends if pd.notna(end))
    if not len(ranked):
        return ""
    place = ranked.index(float(main.values[month])) + 1
    others = listed([line.name for line in lines[:-1]])
    # Of two lines a rank says nothing that their ends do not.
    if len(ranked) <= 2:
        return f"Context: {others}."
    return (
        f"At the end it is {place_words(place, len(ranked))} of {len(ranked)} lines; context: "
        f"{others}."
    )
