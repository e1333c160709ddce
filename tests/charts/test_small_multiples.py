"""Panels for all boroughs: one scale, one place each, gaps where nothing is held."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd
import pytest

from analysis.charts.chart import Caption
from analysis.charts.paths import read_path
from analysis.charts.small_multiples import small_multiples
from analysis.params.areas import area_name, borough_codes, load_tiles


@pytest.fixture
def series() -> pd.DataFrame:
    months = pd.date_range("2015-03-01", periods=20, freq="6MS")
    columns = {
        code: [100 + place * step / 10 for step in range(20)]
        for place, code in enumerate(borough_codes())
    }
    return pd.DataFrame(columns, index=pd.Index(months, name="month"))


def test_every_borough_has_a_panel_in_both_widths(
    series: pd.DataFrame, caption: Callable[..., Caption]
) -> None:
    chart = small_multiples(series, caption("panels"), load_tiles(), highlight="E09000015")
    for short in load_tiles()["abbreviation"]:
        assert chart.svg.count(f">{short}<") == 1
        assert chart.svg_narrow.count(f">{short}<") == 1
    assert chart.table.shape == (20, 33)
    assert chart.table.columns[1] == "Harrow (HRW)"
    assert "as in the heads" in chart.svg
    assert set(chart.table.columns[1:]) == {
        f"{area_name(code)} ({short})" for code, short in load_tiles()["abbreviation"].items()
    }


def test_the_words_name_the_borough_the_highest_and_the_lowest(
    series: pd.DataFrame, caption: Callable[..., Caption]
) -> None:
    breaks = [("2020-03-01", "COVID restrictions")]
    chart = small_multiples(
        series, caption("panels"), load_tiles(), highlight="E09000015", breaks=breaks
    )
    assert "highest is Westminster, 159" in chart.description
    assert "lowest Barking and Dagenham, 100" in chart.description
    assert "COVID restrictions (March 2020)" in chart.description
    assert "COVID" in chart.svg
    assert "2020" in chart.svg


def lines(svg: str) -> int:
    return sum(len(read_path(path)) for path in re.findall(r' d="([^"]+)"', svg))


def test_a_missing_value_is_a_gap_and_not_nought(
    series: pd.DataFrame, caption: Callable[..., Caption]
) -> None:
    whole = small_multiples(series, caption("panels"), load_tiles(), highlight="E09000015")
    series.iloc[5, 3] = None
    gap = small_multiples(series, caption("panels"), load_tiles(), highlight="E09000015")
    assert gap.table.isna().sum().sum() == 1
    assert lines(gap.svg) == lines(whole.svg) + 1


def test_a_line_without_a_place_or_no_months_are_refused(
    series: pd.DataFrame, caption: Callable[..., Caption]
) -> None:
    few = load_tiles().drop("E09000002")
    with pytest.raises(ValueError, match="squares for all boroughs"):
        small_multiples(series, caption("panels"), few, highlight="E09000015")
    with pytest.raises(ValueError, match="squares for all boroughs"):
        small_multiples(series.iloc[:0], caption("panels"), load_tiles(), highlight="E09000015")
