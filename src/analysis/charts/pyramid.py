"""An age-sex pyramid: people by age, one sex to the left and the other to the right.

The oldest stand at the top, as in a population pyramid. A count that was suppressed draws no
bar and is ``[c]`` in the table, never nought.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis.charts.cells import SUPPRESSED
from analysis.charts.chart import Caption, Chart, drawn_chart
from analysis.charts.labels import key_above
from analysis.charts.rows import named_rows
from analysis.charts.theme import DARK_BLUE, DARK_GREY, TURQUOISE, Layout
from analysis.wording import number

ROOM_FOR_NUMBERS = 1.28
# Of the longest bar: the counts stand beyond the bars' ends.


def age_sex_pyramid(
    rows: pd.DataFrame,
    caption: Caption,
    *,
    label: str = "age_group",
    left: str = "female_count",
    right: str = "male_count",
    left_name: str = "Women and girls",
    right_name: str = "Men and boys",
) -> Chart:
    """A chart of people by age and sex, youngest first in the rows and lowest in the drawing.

    Parameters
    ----------
    rows : DataFrame
        One row an age group: ``label`` and a count for each side; a missing count was
        suppressed.
    caption : Caption
    label, left, right : str
        Columns.
    left_name, right_name : str
        Who stands on each side.

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        If there are no rows.
    """
    rows = named_rows(rows, label, caption.chart_id)
    names = rows["name"].tolist()
    sides = {left: left_name, right: right_name}
    counts = rows[[left, right]].astype("Float64")
    longest = float(counts.max().max()) if counts.notna().any(axis=None) else 1.0

    def draw(figure: Figure, layout: Layout) -> None:
        axes = figure.add_subplot()
        _side(axes, counts[left], -1, TURQUOISE)
        _side(axes, counts[right], 1, DARK_BLUE)
        edge = ROOM_FOR_NUMBERS * max(longest, 1.0)
        axes.set_xlim(-edge, edge)
        axes.set_yticks(range(len(names)), names)
        axes.axvline(0, color=DARK_GREY, linewidth=1)
        axes.grid(visible=False, axis="y")
        axes.grid(visible=True, axis="x")
        axes.xaxis.set_major_locator(MaxNLocator(4 if layout.is_narrow else 8))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(abs(value))))
        key_above(figure, f"Left: {left_name.lower()}. Right: {right_name.lower()}.", layout)

    table = pd.DataFrame(
        {"Age": names}
        | {f"{name} ({caption.unit})": _shown(rows[column]) for column, name in sides.items()}
    )
    return drawn_chart(
        draw,
        caption,
        description=_description(names, counts, sides, caption),
        table=table,
        height=110 + 30 * len(rows),
        narrow_height=130 + 30 * len(rows),
    )


def _side(axes: Axes, counts: pd.Series, sign: int, colour: str) -> None:
    lengths = sign * counts.fillna(0).astype(float)
    axes.barh(range(len(counts)), lengths, color=colour, height=0.72)
    for place, count in enumerate(counts):
        axes.annotate(
            SUPPRESSED if pd.isna(count) else number(count),
            (float(lengths.iloc[place]), place),
            xytext=(5 * sign, 0),
            textcoords="offset points",
            ha="left" if sign > 0 else "right",
            va="center",
        )


def _shown(counts: pd.Series) -> pd.Series:
    if counts.notna().all():
        return counts.astype("Int64")
    return counts.astype("object").where(counts.notna(), SUPPRESSED)


def _description(
    names: list[str], counts: pd.DataFrame, sides: dict[str, str], caption: Caption
) -> str:
    parts = [f"Pyramid of {caption.in_sentence} in {caption.area}, {caption.period}."]
    for column, name in sides.items():
        told = [
            f"{age} {'suppressed' if pd.isna(count) else number(count)}"
            for age, count in zip(names, counts[column], strict=True)
        ]
        parts.append(f"{name}: {', '.join(told)}.")
    return " ".join(parts)
