"""The map of squares: every borough in its class, in words and in contrast."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd
import pytest

from analysis.charts.chart import Caption
from analysis.charts.theme import DARK_GREY, WHITE, contrast_ratio
from analysis.charts.tile_map import SHADES, tile_map
from analysis.params.areas import area_name, borough_codes, load_tiles

CLASSES = {"low": "Under 75% of London's rate", "usual": "About the same", "high": "Above"}


@pytest.fixture
def areas() -> pd.DataFrame:
    rates = [50.0 + 3 * place for place in range(32)]
    groups = ["low"] * 12 + ["usual"] * 12 + ["high"] * 8
    return pd.DataFrame(
        {"rate_per_1000": rates, "ratio_class": groups, "is_mixed_year": False},
        index=pd.Index(borough_codes(), name="area_code"),
    )


def test_every_borough_is_in_the_drawing_the_table_and_the_words(
    areas: pd.DataFrame, caption: Callable[..., Caption]
) -> None:
    chart = tile_map(
        areas, caption("tiles", unit="per 1,000"), load_tiles(), CLASSES, highlight="Harrow"
    )
    for code, short in load_tiles()["abbreviation"].items():
        assert f">{short}<" in chart.svg
        assert f">{short}<" in chart.svg_narrow
        assert area_name(str(code)) in chart.description
    for svg in (chart.svg, chart.svg_narrow):
        assert "letters stand for the borough named" in " ".join(re.findall(r">([^<]+)<", svg))
    assert chart.table["Borough"].tolist() == [area_name(code) for code in borough_codes()]
    assert "Outlined: Harrow, 89.0 per 1,000." in chart.description


def test_each_class_is_named_in_the_key(
    areas: pd.DataFrame, caption: Callable[..., Caption]
) -> None:
    chart = tile_map(areas, caption("tiles"), load_tiles(), CLASSES)
    for words in CLASSES.values():
        assert words.replace("'", "&#x27;") in chart.svg or words in chart.svg
    assert set(chart.table["Class"]) == set(CLASSES.values())


def test_a_marked_borough_has_an_asterisk_and_the_key_says_why(
    areas: pd.DataFrame, caption: Callable[..., Caption]
) -> None:
    areas.loc["E09000017", "is_mixed_year"] = True
    chart = tile_map(
        areas,
        caption("tiles"),
        load_tiles(),
        CLASSES,
        mark="is_mixed_year",
        mark_means="Heathrow counted all year",
    )
    assert chart.svg_narrow.count("*") == 2
    assert "Heathrow counted all year" in chart.svg_narrow


def test_text_stands_out_on_every_colour() -> None:
    for shade in SHADES:
        best = max(contrast_ratio(ink, shade) for ink in (WHITE, DARK_GREY))
        assert best >= 4.5


def test_a_borough_without_a_square_or_class_is_refused(
    areas: pd.DataFrame, caption: Callable[..., Caption]
) -> None:
    with pytest.raises(ValueError, match="no square for \\['Harrow'\\]"):
        tile_map(areas, caption("tiles"), load_tiles().drop("E09000015"), CLASSES)
    with pytest.raises(ValueError, match="no class \\['odd'\\]"):
        tile_map(areas.assign(ratio_class="odd"), caption("tiles"), load_tiles(), CLASSES)
