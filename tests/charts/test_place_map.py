"""Maps and the curve of places: what is drawn, what is said in words, how big it gets."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
import shapely

from analysis.charts.chart import Caption, Chart
from analysis.charts.lorenz import lorenz_chart
from analysis.charts.paths import read_path
from analysis.charts.place_map import SHADES, class_map, density_map, value_map
from analysis.charts.theme import DARK_PINK, contrast_ratio

MakeCaption = Callable[..., Caption]


@pytest.fixture(scope="module")
def places() -> pd.DataFrame:
    """Ten by ten places a kilometre apart; the north-east corner has most."""
    north, east = np.divmod(np.arange(100), 10)
    counts = np.where((north == 9) & (east == 9), 500, north + east + 1)
    classes = np.where(counts > 17, "hot spot", "not told apart from chance")
    return pd.DataFrame(
        {
            "easting": 510_000.0 + 1000 * east,
            "northing": 180_000.0 + 1000 * north,
            "ward_name": [f"Ward {place // 20 + 1}" for place in range(100)],
            "offence_count": counts,
            "hot_spot_class": np.where(counts < 3, "cold spot", classes),
        },
        index=[f"E0100{place:04d}" for place in range(100)],
    )


@pytest.fixture(scope="module")
def shapes(places: pd.DataFrame) -> pd.Series:
    east, north = places["easting"], places["northing"]
    boxes = shapely.box(east - 500, north - 500, east + 500, north + 500)
    return pd.Series(boxes, index=places.index)


def test_a_map_says_in_words_where_the_most_is(
    places: pd.DataFrame, caption: MakeCaption
) -> None:
    chart = value_map(places, caption("map"), value="offence_count")
    assert "The highest, 500 offences, is in Ward 5, in the north-east" in chart.description
    assert "100 small areas" in chart.description
    assert "North is up." in chart.svg
    assert "km" in chart.svg


def test_the_key_of_circles_is_of_the_data_with_one_offence_in_the_singular(
    places: pd.DataFrame, caption: MakeCaption
) -> None:
    chart = value_map(places, caption("map"), value="offence_count")
    key = re.findall(r">(\d+ offences?)<", chart.svg)
    assert key == ["500 offences", "10 offences", "1 offence"]


@pytest.mark.parametrize(
    ("mark", "told"),
    [(200.0, "200, the mark (diamond: over it)"), (600.0, "600, the mark (none over it)")],
)
def test_a_mark_stands_in_the_key_and_what_passes_it_is_a_diamond(
    places: pd.DataFrame, caption: MakeCaption, mark: float, told: str
) -> None:
    chart = value_map(places, caption("map", unit=""), value="offence_count", mark=mark)
    assert told in chart.svg
    assert (DARK_PINK.casefold() in chart.svg.casefold()) == (mark == 200)


def test_names_on_a_map_have_a_white_edge_and_hide_no_place(
    places: pd.DataFrame, caption: MakeCaption
) -> None:
    chart = value_map(places, caption("map"), value="offence_count")
    assert 'paint-order="stroke"' in chart.svg
    # The ground alone is white.
    assert len(re.findall(r'<path[^>]*fill="#fff"', chart.svg)) == 1


def test_as_many_places_are_called_the_highest_twentieth_as_there_are(
    places: pd.DataFrame, caption: MakeCaption
) -> None:
    # Seven of a hundred have 17 or more, and five are a twentieth.
    words = value_map(places, caption("map"), value="offence_count").description
    told = words.split("highest twentieth lie in ")[1]
    named = [int(each) for each in re.findall(r"\((\d+)\)", told)]
    wards = len(re.findall(r"Ward", told))
    assert sum(named) + wards - len(named) == 5


def test_the_table_behind_a_map_holds_every_place_once(
    places: pd.DataFrame, caption: MakeCaption, shapes: pd.Series
) -> None:
    for chart in (
        value_map(places, caption("map"), value="offence_count"),
        value_map(places, caption("map"), value="offence_count", shapes=shapes),
    ):
        assert sorted(chart.table.iloc[:, 0]) == sorted(places.index)
        assert chart.table.iloc[:, 2].sum() == places["offence_count"].sum()


def test_the_table_behind_a_map_of_classes_holds_what_stands_out_and_the_others_as_one(
    places: pd.DataFrame, caption: MakeCaption, shapes: pd.Series
) -> None:
    table = class_map(places, caption("map"), shapes=shapes).table
    by_class = places["hot_spot_class"].value_counts()
    standing = places[places["hot_spot_class"] != "not told apart from chance"]
    assert sorted(table.iloc[:-1, 0]) == sorted(standing.index)
    assert dict(zip(table.iloc[:-1, 0], table["Class"], strict=False)) == dict(
        standing["hot_spot_class"]
    )
    assert table["Class"].iloc[0] == "hot spot"
    others = by_class["not told apart from chance"]
    assert table.iloc[-1].tolist()[:2] == [f"All {others} others", "[z]"]
    assert table.iloc[:, 2].sum() == places["offence_count"].sum()
    alone = class_map(standing, caption("map"), shapes=shapes[standing.index]).table
    assert len(alone) == len(standing)


def test_the_narrow_map_shows_the_shapes_of_the_wide_one_where_they_belong(
    places: pd.DataFrame, caption: MakeCaption, shapes: pd.Series
) -> None:
    named = places.assign(ward_name=places.index)
    chart = value_map(named, caption("map"), value="offence_count", shapes=shapes)
    assert chart.svg_narrow.count("<use ") == 1
    assert 'href="#map-shapes"' in chart.svg_narrow
    assert chart.svg.count('id="map-shapes"') == 1
    across, down, *scale = map(
        float,
        re.search(
            r"translate\(([-\d.]+) ([-\d.]+)\)scale\(([\d.]+) ([\d.]+)\)", chart.svg_narrow
        ).groups(),
    )
    # The scale bar lies where the map puts it in either drawing: so must the shapes.
    wide, narrow = (
        read_path(re.search(r'd="([^"]+)"[^>]*stroke="#3d3d3d"[^>]*stroke-width="2"', svg)[1])[
            0
        ]
        for svg in (chart.svg, chart.svg_narrow)
    )
    assert wide * scale + (across, down) == pytest.approx(narrow, abs=0.2)
    # Once, in the key.
    assert chart.svg_narrow.casefold().count(f'fill="{SHADES[2].casefold()}"') == 1


def test_the_darkest_shade_is_the_worst_twentieth(
    places: pd.DataFrame, caption: MakeCaption, shapes: pd.Series
) -> None:
    chart = value_map(places, caption("map"), value="offence_count", shapes=shapes)
    # Counts are 1 to 18 and 500: of 100 places two have 18 and one 500, three have 17, and
    # six would be more than a twentieth.
    assert "18 to 500 offences" in chart.svg
    for shade in SHADES:
        assert shade.casefold() in chart.svg.casefold()


def test_shades_run_from_pale_to_dark(caption: MakeCaption) -> None:
    ratios = [contrast_ratio(shade) for shade in SHADES]
    assert ratios == sorted(ratios)
    steps = [later / earlier for earlier, later in zip(ratios, ratios[1:], strict=False)]
    assert min(steps) > 1.2


def test_hot_and_cold_spots_differ_in_shape_where_there_are_no_outlines(
    places: pd.DataFrame, caption: MakeCaption
) -> None:
    chart = class_map(places, caption("map"))
    assert "Hot spots (3): Ward 5 in the north-east" in chart.description
    assert "Cold spots (3): Ward 1 in the south-west" in chart.description
    for name in ("Hot spot", "Cold spot", "Not told apart from chance"):
        assert name in chart.svg
    drawn = re.findall(r'<path d="([^"]+)"[^>]*fill="#[^"]+"', chart.svg)
    # Circles are arcs, squares are level and upright, diamonds slant.
    assert any("a4.5 4.5" in path for path in drawn)
    assert any(re.match(r"M[^a-z]+h", path) and len(read_path(path)) >= 3 for path in drawn)
    assert any(re.match(r"M[^a-z]+l", path) and len(read_path(path)) >= 3 for path in drawn)


def test_a_map_of_200_places_stays_small(
    places: pd.DataFrame, caption: MakeCaption, shapes: pd.Series
) -> None:
    for chart in (
        value_map(places, caption("map"), value="offence_count"),
        value_map(places, caption("map"), value="offence_count", shapes=shapes),
    ):
        assert len(chart.svg) < 25_000
        assert len(chart.svg_narrow) < 25_000


def test_a_density_map_names_its_peaks_and_gives_its_unit(caption: MakeCaption) -> None:
    axis = np.arange(0, 5000, 100.0)
    across, up = np.meshgrid(axis, axis)
    density = 100 * np.exp(-((across - 4500) ** 2 + (up - 500) ** 2) / 500_000)
    peaks = pd.DataFrame(
        {"easting": [4500.0], "northing": [500.0], "name": ["Romford"], "density": [100.0]}
    )
    chart = density_map(axis, axis, density, caption("map", unit="a square km"), peaks=peaks)
    assert "Romford in the south-east" in chart.description
    assert "100 a square km" in chart.description
    assert "25 or more a square km" in chart.svg


@pytest.mark.parametrize("draw", [value_map, class_map])
def test_a_map_of_nothing_is_refused(draw: Callable[..., Chart], caption: MakeCaption) -> None:
    with pytest.raises(ValueError, match="has no data"):
        draw(pd.DataFrame(), caption("map"), value="offence_count")


def test_a_density_of_nothing_and_a_class_of_no_style_are_refused(
    places: pd.DataFrame, caption: MakeCaption
) -> None:
    with pytest.raises(ValueError, match="has no data"):
        density_map(np.arange(2.0), np.arange(2.0), np.zeros((2, 2)), caption("map"),
                    peaks=pd.DataFrame({"name": ["a"]}))  # fmt: skip
    with pytest.raises(ValueError, match="no style"):
        class_map(places.assign(hot_spot_class="warm"), caption("map"))


def test_the_curve_marks_the_shares_it_is_given(caption: MakeCaption) -> None:
    curve = pd.DataFrame({"place_pct": [0, 25, 50, 100], "offence_pct": [0, 60, 85, 100]})
    shares = pd.DataFrame(
        {"place_pct": [25.0], "offence_pct": [60.0], "by_chance_pct": [30.0]},
        index=pd.Index([25], name="leading_pct"),
    )
    chart = lorenz_chart(curve, shares, caption("curve"), place_name="small areas")
    # The line of an even spread passes behind the labels and not through them.
    assert 'paint-order="stroke"' in chart.svg
    assert "the worst 25% hold 60.0%" in chart.description
    assert chart.table.iloc[0].tolist() == [25, 60, 30]
    with pytest.raises(ValueError, match="has no data"):
        lorenz_chart(curve.head(0), shares, caption("curve"))
