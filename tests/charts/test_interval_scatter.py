"""A scatter with both intervals, and a share by quarter: what is drawn and what is said."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from analysis.charts.chart import Caption
from analysis.charts.interval_scatter import interval_scatter
from analysis.charts.quarters import quarterly_share

CAPTION = Caption(
    "Confidence falls", "Confidence", "London boroughs", "2023", "A survey.", "gap", "%"
)


def boroughs() -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "area_code": ["E09000015", "E09000016", "E09000033"],
            "risk": [58.0, 78.0, 426.0],
            "value_pct": [61.0, 48.0, 60.0],
            "is_significant": [False, False, True],
            "expected_pct": [53.0, 50.0, 32.0],
        }
    )
    for column, part in (("risk", 0.05), ("value_pct", 0.12)):
        rows[f"{column}_lower"] = rows[column] * (1 - part)
        rows[f"{column}_upper"] = rows[column] * (1 + part)
    return rows


def drawn(rows: pd.DataFrame, **options: object):  # noqa: ANN201
    return interval_scatter(
        rows,
        CAPTION,
        across="risk",
        up="value_pct",
        across_name="Crime per 1,000",
        up_name="% agreeing",
        **options,  # type: ignore[arg-type]
    )


def test_both_intervals_stand_in_the_table_and_in_the_drawing() -> None:
    chart = drawn(boroughs(), highlight="E09000015")
    assert chart.table.shape == (3, 7)
    assert chart.table["Crime per 1,000: lower limit"].tolist() == pytest.approx(
        [55.1, 74.1, 404.7]
    )
    # One path of crosses for the others and one for the highlighted: two lines an area.
    crosses = [path.count("M") for path in re.findall(r'<path d="(M[^"]*)"', chart.svg)]
    assert {4, 2} <= set(crosses)


def test_the_highlighted_and_those_beyond_chance_are_named() -> None:
    chart = drawn(
        boroughs(),
        highlight="E09000015",
        is_beyond="is_significant",
        line="expected_pct",
        line_name="boroughs like it",
        is_log=True,
    )
    for svg in (chart.svg, chart.svg_narrow):
        assert ">Harrow<" in svg
        assert ">Westminster<" in svg
        assert ">Havering<" not in svg
    assert "Beyond chance: Westminster." in chart.description
    assert "Harrow: 58.0 across, 61% up." in chart.description
    assert chart.table["Beyond chance"].tolist() == [False, False, True]


def test_marks_of_a_logarithmic_axis_are_round_numbers() -> None:
    chart = drawn(boroughs(), highlight="E09000015", is_log=True)
    assert {"75", "100", "150", "200", "300"} <= set(re.findall(r">(\d+)<", chart.svg))


def test_an_area_that_is_not_there_cannot_be_highlighted() -> None:
    with pytest.raises(ValueError, match="E09000001"):
        drawn(boroughs(), highlight="E09000001")


def quarters() -> pd.DataFrame:
    ends = pd.date_range("2022-03-31", periods=6, freq="QE")
    return pd.DataFrame(
        {
            "quarter": ends,
            "value_pct": [60.0, 61.0, 62.0, 61.0, None, None],
            "value_pct_lower": [53.0, 54.0, 55.0, 54.0, None, None],
            "value_pct_upper": [67.0, 68.0, 69.0, 68.0, None, None],
            "london_pct": [50.0, 49.0, 48.0, 47.0, 47.0, 46.0],
        }
    )


def test_each_line_is_told_to_its_own_newest_quarter() -> None:
    about = Caption("It held", "Share", "Harrow", "2022 to 2023", "A survey.", "history", "%")
    chart = quarterly_share(quarters(), about)
    assert "61% in that to December 2022" in chart.description
    assert "46% in that to June 2023" in chart.description
    assert chart.table.iloc[-1].tolist()[1:4] == ["[x]"] * 3
    assert ">Harrow 61%<" in chart.svg
    assert ">London 46%<" in chart.svg


def test_no_quarter_is_no_chart() -> None:
    about = Caption("It held", "Share", "Harrow", "2022", "A survey.", "history", "%")
    with pytest.raises(ValueError, match="no data"):
        quarterly_share(quarters().head(0), about)
