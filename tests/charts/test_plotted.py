"""What is drawn is what the table behind the chart holds: in every chart of every notebook.

Read from matplotlib's own marks before they are written, so that a table built from another
column, or in another order, than the drawing is found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.charts.bars import ranked_bars
from analysis.charts.chart import Caption, Chart
from analysis.charts.svg import svg_markup
from analysis.project import project_root

NOTEBOOKS = sorted(path.stem for path in (project_root() / "notebooks").glob("*.ipynb"))
NEAR = 1e-6
# A mark stands where its number is, as far as numbers of this kind can be compared.

EDGE = 0.05
# Of an axis, at either end: a whisker that runs off it is cut before its end.

ONLY_IN_TABLE = {"By chance alone (%)"}
# The curve of places is drawn beside an even spread, which is plainer to see.

CLASSED = re.compile(r"(Map|Shaded map|Density map) of ")
# Maps show classes and sizes, not numbers: test_place_map.py reads those.


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> dict[str, Figure]:
    """Figures by the prefix under which they are written, as they come."""
    found: dict[str, Figure] = {}

    def keep(figure: Figure, *, prefix: str, **told: object) -> str:
        found[prefix] = figure
        return svg_markup(figure, prefix=prefix, **told)

    monkeypatch.setattr("analysis.charts.chart.svg_markup", keep)
    return found


def drawn_numbers(figure: Figure) -> np.ndarray:
    """Every coordinate, length and shade of the marks of a figure."""
    found = [part for axes in figure.axes for part in _marks(axes)]
    numbers = np.unique(np.concatenate([np.ravel(np.asarray(part, float)) for part in found]))
    return numbers[np.isfinite(numbers)]


def _marks(axes: Axes) -> Iterator[object]:
    for line in axes.lines:
        yield line.get_xdata(orig=False)
        yield line.get_ydata(orig=False)
    for bar in axes.patches:
        if hasattr(bar, "get_width"):
            box = bar.get_bbox()
            yield [box.x0, box.x1, box.y0, box.y1, bar.get_width(), bar.get_height()]
    for many in axes.collections:
        yield [] if many.get_array() is None else np.ma.filled(many.get_array(), np.nan)
        yield many.get_offsets()
        for path in many.get_paths():
            yield path.vertices


def printed_numbers(figure: Figure) -> list[tuple[float, float]]:
    """Numbers written beside marks, and how far each may be from what it stands for."""
    texts = [each.get_text() for axes in figure.axes for each in axes.texts]
    found = re.findall(r"[−-]?\d[\d,]*(?:\.\d+)?", " ".join(texts))
    plain = [text.replace(",", "").replace("−", "-") for text in found]
    return [(float(text), 0.51 * 10.0 ** -len(text.partition(".")[2])) for text in plain]


def undrawn(chart: Chart, figure: Figure) -> dict[str, list[float]]:
    """Numbers of each column that are neither a mark nor printed nor beyond the axis."""
    drawn, printed = np.abs(drawn_numbers(figure)), printed_numbers(figure)
    low, high = figure.axes[0].get_xlim()
    room = EDGE * (high - low)
    found = {}
    # The first column names the row.
    for name in chart.table.columns[1:].difference([*ONLY_IN_TABLE]):
        kept = [each for each in chart.table[name] if not isinstance(each, bool | np.bool_)]
        numbers = pd.to_numeric(pd.Series(kept), errors="coerce").dropna().astype(float)
        missing = [
            value
            for value in numbers
            if not np.isclose(drawn, abs(value), rtol=NEAR, atol=NEAR).any()
            and not any(abs(value - each) <= room for each, room in printed)
            # A limit beyond the axis ends in an arrow.
            and not ("limit" in str(name) and not low + room < value < high - room)
        ]
        if missing:
            found[str(name)] = missing
    return found


def courses_undrawn(chart: Chart, figure: Figure) -> list[str]:
    """Areas whose numbers run through no line of small panels, each with its own corner."""
    heights = np.concatenate([line.get_ydata() for line in figure.axes[0].lines])
    runs = np.lib.stride_tricks.sliding_window_view(heights, len(chart.table))
    runs = runs[np.isfinite(runs).all(axis=1)]
    missing = []
    for name in chart.table.columns[1:]:
        numbers = chart.table[name].to_numpy(dtype=float)
        steps = np.diff(numbers)
        drawn = np.diff(runs, axis=1)
        scale = -(drawn @ steps) / (steps @ steps)
        left = np.abs(drawn + scale[:, None] * steps).max(axis=1)
        if not ((left < NEAR) & (scale > 0)).any():
            missing.append(str(name))
    return missing


def test_a_table_of_other_numbers_is_found(
    figures: dict[str, Figure], monthly: pd.DataFrame, caption: Callable[..., Caption]
) -> None:
    rows = pd.DataFrame({"area_name": ["Harrow", "Sutton"], "rate_per_1000": [61.26, 55.5]})
    chart = ranked_bars(rows, caption("rank"), label="area_name")
    assert not undrawn(chart, figures["rank"])
    ranked_bars(rows.assign(rate_per_1000=[71.26, 65.5]), caption("rank"), label="area_name")
    assert undrawn(chart, figures["rank"]) == {"Value (offences)": [61.26, 55.5]}


@pytest.mark.slow
@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_every_number_of_a_charts_table_is_drawn(
    notebook: str, figures: dict[str, Figure], shown: Callable[..., list[object]]
) -> None:
    charts = [each for each in shown(notebook) if isinstance(each, Chart)]
    assert len(charts) >= 4
    for chart in charts:
        for prefix in (chart.chart_id, f"{chart.chart_id}-narrow"):
            figure = figures[prefix]
            found = courses_undrawn if chart.chart_id == "panels" else undrawn
            assert CLASSED.match(chart.description) or not found(chart, figure), prefix
