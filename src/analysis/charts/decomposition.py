"""What a change is made of: parts that add up to it.

One row is drawn as steps from nothing to the total; several as bars stacked on both sides of
zero, with a mark at their sum.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.charts.chart import Caption, Chart, drawn_chart
from analysis.charts.labels import key_below
from analysis.charts.rows import bar_height, name_rows, named_rows, rows_height
from analysis.charts.theme import (
    DARK_BLUE,
    DARK_GREY,
    LIGHT_PURPLE,
    ORANGE,
    TURQUOISE,
    WHITE,
    Layout,
    number_axis,
)
from analysis.wording import listed, number, with_unit

COLOURS = (DARK_BLUE, TURQUOISE, ORANGE, LIGHT_PURPLE)
HATCHES = ("", "///", "", "\\\\\\")
PATTERN_WORDS = ("Dark blue", "Striped", "Plain orange", "Striped the other way")
TOLERANCE = 0.01
# Share of the total, or one unit: parts are rounded before they are drawn.

FEWEST_PARTS = 2

PARTS = {
    "london_effect_count": "London-wide",
    "mix_effect_count": "Mix of offences",
    "local_effect_count": "Local",
}


def change_parts(
    changes: pd.DataFrame,
    caption: Caption,
    *,
    label: str = "offence_group",
    parts: Mapping[str, str] = PARTS,
    total: str = "change_count",
    label_name: str = "Offence group",
    decimals: int = 0,
) -> Chart:
    """A chart of what a change, or several, are made of.

    Parameters
    ----------
    changes : DataFrame
        One row a change: ``label``, the columns of the parts, and their ``total``.
    caption : Caption
    label, total, label_name : str
        Columns, and head of the labels' column.
    parts : mapping of column to name
        Two to four, each name fit to open a label.
    decimals : int

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        If there are no rows, too few or too many parts, or parts that do not add up to
        their total.
    """
    changes = named_rows(changes, label, caption.chart_id)
    _refuse_number(parts, caption)
    _refuse_gap(changes, caption, list(parts), total)
    names = changes["name"].tolist()
    is_single = len(changes) == 1

    def draw(figure: Figure, layout: Layout) -> None:
        axes = figure.add_subplot()
        if is_single:
            _steps(axes, changes.iloc[0], parts, total, layout, decimals)
        else:
            _stacks(axes, changes, parts, total, names, layout, decimals)
            key_below(figure, _key(parts), layout)
        axes.axvline(0, color=DARK_GREY, linewidth=1)
        axes.use_sticky_edges = False
        axes.margins(x=0.06)
        axes.locator_params(axis="x", nbins=4 if layout.is_narrow else 7)
        number_axis(axes, "x", unit=caption.unit)

    unit = caption.unit
    columns = {label_name: names}
    columns |= {f"{name} ({unit})": changes[part].tolist() for part, name in parts.items()}
    columns |= {f"All together ({unit})": changes[total].tolist()}
    table = pd.DataFrame(columns)
    count = len(parts) + 1 if is_single else len(changes)
    return drawn_chart(
        draw,
        caption,
        description=_description(changes, caption, names, parts, total, decimals),
        table=table,
        height=rows_height(count, layout_is_narrow=False, extra=0 if is_single else 20),
        narrow_height=rows_height(count, layout_is_narrow=True, extra=0 if is_single else 40),
        decimals=dict.fromkeys(table.columns[1:], decimals),
    )


def _refuse_number(parts: Mapping[str, str], caption: Caption) -> None:
    if not FEWEST_PARTS <= len(parts) <= len(COLOURS):
        raise ValueError(
            f"Chart {caption.chart_id!r} was given {len(parts)} parts; give it"
            f" {FEWEST_PARTS} to {len(COLOURS)}, which patterns can tell apart."
        )


def _refuse_gap(changes: pd.DataFrame, caption: Caption, parts: list[str], total: str) -> None:
    gap = (changes[parts].astype(float).sum(axis=1) - changes[total].astype(float)).abs()
    allowed = (changes[total].astype(float).abs() * TOLERANCE).clip(lower=1)
    if (gap > allowed).any():
        raise ValueError(
            f"Chart {caption.chart_id!r}: parts do not add up to {total!r};"
            f" the largest gap is {number(float(gap.max()), 1)}."
        )


def _steps(
    axes: Axes,
    change: pd.Series,
    parts: Mapping[str, str],
    total: str,
    layout: Layout,
    decimals: int,
) -> None:
    amounts = [float(change[part]) for part in parts]
    told = [number(amount, decimals, signed=True) for amount in [*amounts, change[total]]]
    last = len(amounts)
    name_rows(axes, [*parts.values(), "All together"], told, layout, [last])
    start = 0.0
    for place, amount in enumerate(amounts):
        axes.barh(place, amount, left=start, height=bar_height(layout), color=TURQUOISE)
        start += amount
        axes.plot([start, start], [place + 0.2, place + 0.8], color=DARK_GREY, linewidth=1)
    axes.barh(last, float(change[total]), height=bar_height(layout), color=DARK_BLUE)


def _stacks(
    axes: Axes,
    changes: pd.DataFrame,
    parts: Mapping[str, str],
    total: str,
    names: list[str],
    layout: Layout,
    decimals: int,
) -> None:
    told = [number(amount, decimals, signed=True) for amount in changes[total]]
    name_rows(axes, names, told, layout)
    for place, (_, change) in enumerate(changes.iterrows()):
        ends = {True: 0.0, False: 0.0}
        for part, colour, hatch in zip(parts, COLOURS, HATCHES, strict=False):
            amount = float(change[part])
            axes.barh(
                place,
                amount,
                left=ends[amount > 0],
                height=bar_height(layout),
                color=colour,
                hatch=hatch,
                edgecolor=WHITE,
                linewidth=0.5,
            )
            ends[amount > 0] += amount
        axes.plot(
            [float(change[total])],
            [place],
            "D",
            color=DARK_GREY,
            markersize=6,
            markeredgecolor=WHITE,
        )


def _key(parts: Mapping[str, str]) -> str:
    """What the patterns mean, as short sentences."""
    meanings = [
        f"{pattern}: {_in_sentence(part)}."
        for pattern, part in zip(PATTERN_WORDS, parts.values(), strict=False)
    ]
    return " ".join([*meanings, "Diamond: all together."])


def _in_sentence(name: str) -> str:
    """A part's name within a sentence; the city keeps its capital."""
    return name if name.startswith("London") else name[:1].lower() + name[1:]


def _description(
    changes: pd.DataFrame,
    caption: Caption,
    names: list[str],
    parts: Mapping[str, str],
    total: str,
    decimals: int,
) -> str:
    told = []
    for name, (_, change) in zip(names, changes.iterrows(), strict=True):
        pieces = [
            f"{_in_sentence(part)} {number(float(change[column]), decimals, signed=True)}"
            for column, part in parts.items()
        ]
        whole = with_unit(float(change[total]), caption.unit, decimals, signed=True)
        told.append(f"{name} {whole}, of which {listed(pieces)}")
    return (
        f"Bar chart of what makes up {caption.in_sentence} in {caption.area}, {caption.period}."
        f" {'; '.join(told)}."
    )
