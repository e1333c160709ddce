"""Text on bars, cells and maps: looked at by the project, since no tool does."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.charts import place_map
from analysis.charts import tile_map as tile_map_module
from analysis.charts.chart import Chart
from analysis.charts.contrast import LEGIBLE, faint_texts, pale_marks, text_contrasts
from analysis.charts.heat_map import month_heat_map
from analysis.charts.score_matrix import score_grid
from analysis.charts.theme import GRID_GREY, WHITE
from analysis.charts.tile_map import tile_map
from analysis.params.areas import load_tiles


def assert_legible(chart: Chart) -> None:
    for svg in (chart.svg, chart.svg_narrow):
        stands = text_contrasts(svg, chart.svg)
        assert stands
        assert not [each for each in stands if each.ratio < LEGIBLE], chart.chart_id


def test_every_text_of_every_family_is_legible_where_it_stands(every_chart) -> None:
    for chart in every_chart:
        assert_legible(chart)


@pytest.mark.parametrize("start", [1, 97, 180])
def test_letters_are_legible_on_every_shade_of_a_month(caption, start) -> None:
    months = pd.date_range("2010-01-01", periods=192, freq="MS")
    series = pd.DataFrame({"month": months, "offence_count": np.roll(range(192), start)})
    breaks = [(month, month, "A break") for month in months[::7]]
    assert_legible(month_heat_map(series, caption(), breaks=breaks))


def test_scores_and_squares_are_legible_on_every_shade(caption) -> None:
    rows = pd.DataFrame({"label": list("abcde"), "harm": range(1, 6), "mean_score": 3.0})
    assert_legible(score_grid(rows, caption(), {"harm": "Harm"}))
    tiles = load_tiles()
    classes = dict(zip("abcde", ("Lowest", "Low", "Middle", "High", "Highest"), strict=True))
    areas = pd.DataFrame({"rate_per_1000": 10.0}, index=tiles.index)
    areas["ratio_class"] = [list(classes)[place % 5] for place in range(len(areas))]
    areas.index.name = "area_code"
    assert_legible(tile_map(areas, caption(unit="per 1,000"), tiles, classes))


def test_grey_on_dark_blue_is_found() -> None:
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h99v20h-99z" fill="#12436d"/>'
        '<g fill="#3d3d3d" text-anchor="end"><text x="90" y="15">Harrow</text></g></svg>'
    )
    (stand,) = text_contrasts(drawing)
    assert stand.ratio < 2
    assert stand.ground == "#12436d"


GROUND = {each.casefold() for each in (WHITE, GRID_GREY)}
# The card, halos and gaps; the grid, and areas of a map that nothing is said of.
SCALES = {each.casefold() for each in (*place_map.SHADES, *tile_map_module.SHADES)}
# Shades of a scale, whose order is what is read (WCAG counts them as essential); a band of
# uncertainty is of the same blues, and its limits stand in the table.
SHADED = {"every-month", "priority-matrix"}
# Likewise, in as many shades as there are values: their ends, or each value, are printed.


def test_marks_stand_out_from_white_unless_they_are_ground_or_shades(every_chart) -> None:
    for chart in every_chart:
        assert pale_marks(chart.svg) <= GROUND | SCALES, chart.chart_id


@pytest.mark.slow
def test_drawings_of_built_reports_are_legible_and_their_marks_stand_out(
    built_reports: Path,
) -> None:
    seen = 0
    for path in sorted((built_reports / "E09000015").glob("*.html")):
        html = path.read_text("utf-8")
        assert faint_texts(html) == []
        for figure in re.findall(r'<figure class="csp-chart".*?</figure>', html, re.S):
            name = str(re.search(r'id="([^"]+)"', figure)[1])
            for svg in re.findall(r"<svg.*?</svg>", figure, re.S):
                assert name in SHADED or pale_marks(svg) <= GROUND | SCALES, name
            seen += 1
    assert seen >= 7 * 4


def test_a_drawing_made_elsewhere_is_passed_over_where_it_does_not_say_enough(caption) -> None:
    drawn = '<text>A</text><text x="1" y="9" fill="red">B</text><use href="#a"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg">{drawn}</svg>'
    assert faint_texts(f'<figure class="csp-chart" id="own">{svg}</figure>') == []
