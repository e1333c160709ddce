"""Maps of a borough on the National Grid: shaded areas, circles by size, density of points.

North is up, a bar gives the scale, and there are no axes: nobody reads an easting. Where the
outlines of the areas are held they are shaded; otherwise a circle stands at each centre, its
area in proportion. Shades run from pale to dark of one colour and classes differ in shape or
darkness as well as colour, so that nothing hangs on telling red from green. What the map shows
is said again in words, by ward and by compass, for who cannot see it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.transforms import Bbox

from analysis.charts.chart import Caption, Chart, drawn_chart
from analysis.charts.labels import SIDES, key_below, name_points
from analysis.charts.svg import SHAPES
from analysis.charts.table import under_heads
from analysis.charts.theme import (
    DARK_BLUE,
    DARK_GREY,
    DARK_PINK,
    GRID_GREY,
    MID_GREY,
    PALE_BLUE,
    PALEST_BLUE,
    TURQUOISE,
    WHITE,
    Layout,
)
from analysis.wording import counted, listed, number, with_unit

SHADES = (PALEST_BLUE, PALE_BLUE, "#7F9BB5", "#3F6A92", DARK_BLUE)
SHARES = (0.5, 0.75, 0.9, 0.95)
# Half of all places, then a quarter, and ever fewer: the darkest are the worst twentieth.
TWENTIETH = 20
# Of so many places one: as many are named as the sentences count.

OTHERS = "not told apart from chance"
# What most places are.

CLASS_STYLES = {
    "hot spot": (DARK_PINK, "D"),
    "cold spot": (TURQUOISE, "s"),
    OTHERS: (GRID_GREY, "o"),
}
LEVELS = (0.25, 0.5, 0.75)
# Of the highest density: three steps are as many as can be told apart.
DENSITY_SHADES = SHADES[1], SHADES[2], SHADES[4]

NAMED_PLACES = 6
SIMPLIFIED_METRES = 20
# Of the borough's outline: about a pixel.
_LARGEST = {False: 22.0, True: 13.0}
# Diameter of the largest circle in pixels, by whether the drawing is narrow.
_TALLEST = {False: 560, True: 420}
_BELOW = {False: 60, True: 120}
_NORTH_UP = "North is up."
BESIDE = 8
# Diameter, in pixels, of a circle beside which a name stands as it would beside a point.


Bounds = tuple[float, float, float, float]
# West, south, east and north, metres.


class Labels(NamedTuple):
    """Where names stand: eastings, northings and texts, most important first."""

    eastings: Iterable[float]
    northings: Iterable[float]
    names: Iterable[str]


def value_map(
    places: pd.DataFrame,
    caption: Caption,
    *,
    value: str,
    shapes: pd.Series | None = None,
    outline: Any = None,
    mark: float | None = None,
    decimals: int = 0,
) -> Chart:
    """A map of one value a place: shaded where outlines are given, else circles.

    Parameters
    ----------
    places : DataFrame, index the place's code
        ``easting``, ``northing`` (metres), ``ward_name`` and ``value``.
    caption : Caption
    value : str
        Column.
    shapes : Series of shapely shapes, optional
        Outline of each place on the National Grid, same index.
    outline : shapely shape, optional
        The borough's outline, drawn behind circles.
    mark : float, optional
        A value that means something: what lies over it is a diamond among the circles, and
        its own size is in the key.
    decimals : int

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        If there is no place.
    """
    rows = _sorted(places, value, caption)
    bounds = _bounds(rows, shapes, outline)
    labels = _labels(rows)
    edges = _edges(rows[value])

    def draw(figure: Figure, layout: Layout) -> None:
        axes = _ground(figure, bounds, layout)
        around: pd.Series | None = None
        if shapes is not None:
            drawn = _simplified(shapes.reindex(rows.index), bounds, layout)
            _shade(axes, _classed(rows[value], edges), drawn)
            handles: list[Any] = _swatches(edges, rows[value], caption.unit, decimals)
        else:
            _outline(axes, outline)
            around = _diameters(rows[value], rows[value], mark, layout)
            _circles(axes, rows, around, _is_over(rows[value], mark))
            handles = _circle_key(rows[value], caption.unit, mark, decimals, layout)
        _key(figure, handles, layout)
        _write_names(figure, axes, labels, layout, rows, around)

    words = _value_words(rows, caption, value, decimals, is_shaded=shapes is not None)
    table = pd.DataFrame(
        {
            "Small area (LSOA)": rows.index,
            "Ward": rows["ward_name"],
            _value_head(caption): rows[value],
        }
    ).reset_index(drop=True)
    return _map_chart(draw, caption, words, table, bounds, {table.columns[2]: decimals})


def class_map(
    places: pd.DataFrame,
    caption: Caption,
    *,
    column: str = "hot_spot_class",
    value: str = "offence_count",
    shapes: pd.Series | None = None,
    outline: Any = None,
) -> Chart:
    """A map of places by class: hot spots, cold spots, and all others.

    Parameters
    ----------
    places : DataFrame, index the place's code
        ``easting``, ``northing``, ``ward_name``, ``value`` and ``column``, one of
        ``CLASS_STYLES``.
    caption : Caption
    column, value : str
        Columns: the class, and a count.
    shapes, outline
        As ``value_map``.

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        If there is no place, or a class is not known.
    """
    rows = _sorted(places, value, caption)
    unknown = set(rows[column]) - set(CLASS_STYLES)
    if unknown:
        raise ValueError(f"Chart {caption.chart_id!r}: no style for classes {unknown}.")
    bounds = _bounds(rows, shapes, outline)
    labels = _labels(rows[rows[column] == "hot spot"])
    present = [name for name in CLASS_STYLES if rows[column].eq(name).any()]

    def draw(figure: Figure, layout: Layout) -> None:
        axes = _ground(figure, bounds, layout)
        around: pd.Series | None = None
        if shapes is not None:
            drawn = _simplified(shapes.reindex(rows.index), bounds, layout)
            for name in present:
                _patch(axes, drawn[rows[column] == name], CLASS_STYLES[name][0])
        else:
            _outline(axes, outline)
            around = pd.Series(6.0 if layout.is_narrow else 9.0, rows.index)
            for name in reversed(present):
                own = rows[rows[column] == name]
                colour, marker = CLASS_STYLES[name]
                axes.plot(
                    own["easting"],
                    own["northing"],
                    marker,
                    color=colour,
                    markeredgecolor=MID_GREY,
                    markeredgewidth=0.6,
                    markersize=around.iloc[0],
                )
        _key(figure, [_class_handle(n, is_shaded=shapes is not None) for n in present], layout)
        _write_names(figure, axes, labels, layout, rows, around)

    table = _class_table(rows, caption, column, value)
    words = _class_words(rows, caption, column)
    return _map_chart(draw, caption, words, table, bounds, {})


def density_map(
    eastings: np.ndarray,
    northings: np.ndarray,
    density: np.ndarray,
    caption: Caption,
    *,
    peaks: pd.DataFrame,
    outline: Any = None,
) -> Chart:
    """A map of the density of points, in three steps of its highest.

    Parameters
    ----------
    eastings, northings : arrays
        Centres of the columns and rows of cells, metres.
    density : array, shape (n_rows, n_columns)
        Per square kilometre, south-west cell first.
    caption : Caption
    peaks : DataFrame
        ``easting``, ``northing``, ``name`` and ``density`` of the densest spots, highest
        first: what is named, and the table.
    outline : shapely shape, optional

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        If the density is nought everywhere, or there is no peak.
    """
    highest = float(np.max(density)) if density.size else 0.0
    if highest <= 0 or peaks.empty:
        raise ValueError(f"Chart {caption.chart_id!r} has no data: nothing can be drawn.")
    frame = pd.DataFrame({"easting": eastings[[0, -1]], "northing": northings[[0, -1]]})
    bounds = _bounds(frame, None, outline)
    levels = [share * highest for share in LEVELS]
    named = peaks.drop_duplicates("name")
    labels = Labels(named["easting"], named["northing"], named["name"])

    def draw(figure: Figure, layout: Layout) -> None:
        axes = _ground(figure, bounds, layout)
        _outline(axes, outline)
        steps = [*levels, highest * 1.001]
        drawn = axes.contourf(eastings, northings, density, steps, colors=DENSITY_SHADES)
        drawn.set_gid(SHAPES)
        texts = [f"{number(level)} or more {caption.unit}" for level in levels]
        _key(figure, _squares(DENSITY_SHADES, texts), layout)
        _write_names(figure, axes, labels, layout)

    heads = {
        "name": "Densest spots",
        "density": f"Density ({caption.unit})",
        "easting": "Easting (m)",
        "northing": "Northing (m)",
    }
    table = under_heads(peaks.round({"easting": 0, "northing": 0}), heads)
    told = [
        f"{name} in the {_compass(easting, northing, bounds)}"
        for name, easting, northing in zip(
            labels.names, labels.eastings, labels.northings, strict=True
        )
    ]
    words = (
        f"Density map of {caption.in_sentence} in {caption.area}, {caption.period}. The highest"
        f" density is {with_unit(highest, caption.unit)}. The densest spots: {listed(told)}."
    )
    return _map_chart(draw, caption, words, table, bounds, {})


def _sorted(places: pd.DataFrame, value: str, caption: Caption) -> pd.DataFrame:
    if places.empty:
        raise ValueError(f"Chart {caption.chart_id!r} has no data: nothing can be drawn.")
    return places.sort_values(value, ascending=False, kind="stable")


def _bounds(rows: pd.DataFrame, shapes: pd.Series | None, outline: Any) -> Bounds:
    """The box of all that is drawn."""
    ends = rows[["easting", "northing"]]
    boxes = [(*ends.min(), *ends.max())]
    boxes += [shape.bounds for shape in ([] if shapes is None else shapes)]
    boxes += [outline.bounds] if outline is not None else []
    west, south, east, north = zip(*boxes, strict=True)
    return float(min(west)), float(min(south)), float(max(east)), float(max(north))


def _map_chart(
    draw: Any,
    caption: Caption,
    words: str,
    table: pd.DataFrame,
    bounds: Bounds,
    decimals: dict[str, int],
) -> Chart:
    west, south, east, north = bounds
    shape = (north - south) / max(east - west, 1.0)
    heights = {
        narrow: int(min(_TALLEST[narrow], width * shape)) + _BELOW[narrow]
        for narrow, width in ((False, 712), (True, 332))
    }
    return drawn_chart(
        draw,
        caption,
        description=words,
        table=table,
        height=heights[False],
        narrow_height=heights[True],
        decimals=decimals,
    )


def _ground(figure: Figure, bounds: Bounds, layout: Layout) -> Axes:
    """Axes without axes: equal scales, room for circles at the edge, and a scale bar."""
    west, south, east, north = bounds
    margin = 0.04 * max(east - west, north - south)
    axes = figure.add_subplot()
    axes.set_axis_off()
    axes.set_aspect("equal")
    axes.set_xlim(west - margin, east + margin)
    axes.set_ylim(south - 2.2 * margin, north + margin)
    bar = 1000.0 if east - west < 12_000 else 2000.0
    level = south - 1.4 * margin
    axes.plot([west, west + bar], [level, level], color=DARK_GREY, linewidth=2)
    axes.annotate(
        f"{bar / 1000:.0f} km",
        (west + bar, level),
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        fontsize=layout.font,
    )
    return axes


def _outline(axes: Axes, outline: Any) -> None:
    if outline is None:
        return
    path = _path([outline.simplify(SIMPLIFIED_METRES)])
    patch = PathPatch(path, facecolor="none", edgecolor=MID_GREY)
    axes.add_patch(patch).set_gid(SHAPES)


def _shade(axes: Axes, classes: pd.Series, shapes: pd.Series) -> None:
    for place, shade in enumerate(SHADES):
        own = shapes[classes == place]
        if len(own):
            _patch(axes, own, shade)


def _patch(axes: Axes, shapes: pd.Series, colour: str) -> None:
    """Shapes of one colour as one path, so that a map of 200 areas stays small."""
    patch = PathPatch(_path(shapes), facecolor=colour, edgecolor=WHITE)
    axes.add_patch(patch).set_gid(SHAPES)


def _simplified(shapes: pd.Series, bounds: Bounds, layout: Layout) -> pd.Series:
    """Shapes without what is finer than a pixel; neighbours keep their common border."""
    import shapely

    west, south, east, north = bounds
    pixel = max((east - west) / layout.width, (north - south) / _TALLEST[layout.is_narrow])
    return pd.Series(
        shapely.coverage_simplify(np.array(shapes.tolist()), pixel), index=shapes.index
    )


def _path(shapes: Iterable[Any]) -> Path:
    corners: list[np.ndarray] = []
    codes: list[int] = []
    for shape in shapes:
        for polygon in getattr(shape, "geoms", [shape]):
            for ring in (polygon.exterior, *polygon.interiors):
                points = np.asarray(ring.coords)[:, :2]
                corners.append(points)
                codes += [int(Path.MOVETO), *[int(Path.LINETO)] * (len(points) - 1)]
    return Path(np.concatenate(corners), codes)


def _edges(values: pd.Series) -> list[float]:
    """Upper ends of all classes but the last, by share of places, without repeats."""
    ends = values.astype(float).quantile(list(SHARES), interpolation="higher")
    return [float(end) for end in ends]


def _classed(values: pd.Series, edges: Sequence[float]) -> pd.Series:
    return pd.Series(np.searchsorted(edges, values.astype(float), side="left"), values.index)


def _swatches(
    edges: Sequence[float], values: pd.Series, unit: str, decimals: int
) -> list[Rectangle]:
    classes = _classed(values, edges)
    places, texts = sorted(classes.unique()), []
    for place in places:
        own = values[classes == place].astype(float)
        low, high = (number(end, decimals) for end in (own.min(), own.max()))
        texts.append(f"{low} to {high}" if low != high else low)
    texts[-1] += f" {unit}"
    return _squares([SHADES[place] for place in places], texts)


def _squares(colours: Sequence[str], texts: Sequence[str]) -> list[Rectangle]:
    """What stands in the key for each shade."""
    return [
        Rectangle((0, 0), 1, 1, facecolor=colour, label=text)
        for colour, text in zip(colours, texts, strict=True)
    ]


def _is_over(values: pd.Series, mark: float | None) -> pd.Series:
    return values.astype(float).gt(np.inf if mark is None else mark)


def _diameters(
    sizes: pd.Series, values: pd.Series, mark: float | None, layout: Layout
) -> pd.Series:
    """Diameters in pixels of circles whose areas are as the sizes, on the scale of a map."""
    largest = max(float(values.max()), mark or 0.0, 1.0)
    share = sizes.astype(float) / largest
    return (_LARGEST[layout.is_narrow] * share**0.5).clip(lower=1.5).round()


def _circles(axes: Axes, rows: pd.DataFrame, diameter: pd.Series, is_over: pd.Series) -> None:
    """Circles, the largest undermost; one marker a size, so that the drawing stays small."""
    for size in sorted(diameter.unique(), reverse=True):
        for marker, is_own in (("D", is_over), ("o", ~is_over)):
            own = rows[(diameter == size) & is_own]
            if len(own):
                axes.plot(own["easting"], own["northing"], **_circle(marker, size))


def _circle_key(
    values: pd.Series, unit: str, mark: float | None, decimals: int, layout: Layout
) -> list[Line2D]:
    """The largest, the middle and the smallest value as they are drawn, and the mark."""
    known = values.dropna().astype(float).sort_values()
    told = [known.iloc[-1], known.iloc[len(known) // 2], known.iloc[0]]
    sizes = pd.Series([*([] if mark is None else [mark]), *dict.fromkeys(told)], dtype=float)
    handles = []
    drawn = _diameters(sizes, values, mark, layout)
    over = _is_over(sizes, mark)
    for place, (size, diameter) in enumerate(zip(sizes, drawn, strict=True)):
        text = _one_or_more(size, unit, decimals)
        if mark is not None and not place:
            is_passed = bool(_is_over(known, mark).any())
            text += ", the mark" + (" (diamond: over it)" if is_passed else " (none over it)")
        style = _circle("D" if over[place] else "o", diameter)
        if mark is not None and not place:
            style |= {"color": WHITE, "markeredgecolor": DARK_BLUE, "markeredgewidth": 1.5}
        handles.append(Line2D([], [], label=text, **style))
    return handles


def _circle(marker: str, diameter: float) -> dict[str, Any]:
    """How a place is drawn; a diamond is as large as the circle of its value."""
    colour = DARK_PINK if marker == "D" else DARK_BLUE
    return {
        "linestyle": "none",
        "marker": marker,
        "color": colour,
        "markeredgecolor": WHITE,
        "markeredgewidth": 0.7,
        "markersize": float(diameter) * (0.886 if marker == "D" else 1.0),
    }


def _one_or_more(value: float, unit: str, decimals: int) -> str:
    """A value with its unit, which is in the singular for one.

    Examples
    --------
    >>> _one_or_more(1, "offences", 0), _one_or_more(21, "offences", 0)
    ('1 offence', '21 offences')
    """
    text = with_unit(value, unit, decimals)
    return text.removesuffix("s") if number(value, decimals) == "1" else text


def _class_handle(name: str, *, is_shaded: bool) -> Any:
    colour, marker = CLASS_STYLES[name]
    label = name[:1].upper() + name[1:]
    if is_shaded:
        return Rectangle((0, 0), 1, 1, facecolor=colour, label=label)
    return Line2D(
        [],
        [],
        linestyle="none",
        marker=marker,
        color=colour,
        markeredgecolor=MID_GREY,
        markersize=9,
        label=label,
    )


def _key(figure: Figure, handles: Sequence[Any], layout: Layout) -> None:
    key_below(figure, _NORTH_UP, layout)
    figure.legend(
        handles=list(handles),
        loc="outside upper left",
        ncols=1 if layout.is_narrow else len(handles),
        frameon=False,
        fontsize=layout.font,
        handlelength=1.2,
        columnspacing=1.2,
        borderaxespad=0,
    )


def _labels(rows: pd.DataFrame) -> Labels:
    """The first places of so many different wards."""
    named = rows.drop_duplicates("ward_name").head(NAMED_PLACES)
    return Labels(named["easting"], named["northing"], named["ward_name"])


def _write_names(
    figure: Figure,
    axes: Axes,
    labels: Labels,
    layout: Layout,
    rows: pd.DataFrame | None = None,
    diameters: pd.Series | None = None,
) -> None:
    """Names of places, beside what is drawn at each and over as little else as may be."""
    points = list(zip(map(float, labels.eastings), map(float, labels.northings), strict=True))
    names = [(place, str(name), DARK_GREY, False) for place, name in enumerate(labels.names)]
    marks: list[Bbox] = []
    reach = 0.0
    if rows is not None and diameters is not None:
        figure.draw_without_rendering()
        centres = axes.transData.transform(rows[["easting", "northing"]].astype(float))
        marks = [
            Bbox.from_bounds(x - size / 2, y - size / 2, size, size)
            for (x, y), size in zip(centres, diameters, strict=True)
        ]
        reach = max(0.0, (float(diameters.max()) - BESIDE) / 2)
    # Right, left, over or under: at a corner a name seems to be that of the next place.
    name_points(figure, axes, points, names, layout, SIDES[:4], marks=marks, reach=reach)


def _compass(easting: float, northing: float, bounds: Bounds) -> str:
    """Which ninth of the map a point lies in, in words.

    Examples
    --------
    >>> _compass(9, 9, (0, 0, 9, 9)), _compass(4, 5, (0, 0, 9, 9)), _compass(1, 5, (0, 0, 9, 9))
    ('north-east', 'middle', 'west')
    """
    west, south, east, north = bounds
    across = (easting - west) / max(east - west, 1.0)
    up = (northing - south) / max(north - south, 1.0)
    vertical = "north" if up > 2 / 3 else "south" if up < 1 / 3 else ""
    sideways = "east" if across > 2 / 3 else "west" if across < 1 / 3 else ""
    return "-".join(part for part in (vertical, sideways) if part) or "middle"


def _value_words(
    rows: pd.DataFrame,
    caption: Caption,
    value: str,
    decimals: int,
    *,
    is_shaded: bool,
) -> str:
    kind = "Shaded map" if is_shaded else "Map of circles"
    worst = rows.head(max(1, len(rows) // TWENTIETH))
    wards = Counter(worst["ward_name"]).most_common(NAMED_PLACES)
    named = [f"{ward} ({times})" if times > 1 else str(ward) for ward, times in wards]
    bounds = _bounds(rows, None, None)
    top = rows.iloc[0]
    where = _compass(float(top["easting"]), float(top["northing"]), bounds)
    highest = _one_or_more(float(top[value]), caption.unit, decimals)
    return (
        f"{kind} of {caption.in_sentence} in {counted(len(rows), 'small area').casefold()} of"
        f" {caption.area}, {caption.period}. The highest, {highest}, is in {top['ward_name']},"
        f" in the {where}; the highest twentieth lie in {listed(named)}."
    )


def _class_table(rows: pd.DataFrame, caption: Caption, column: str, value: str) -> pd.DataFrame:
    """Places that stand out, hot spots first, and all others in one row."""
    is_other = rows[column] == OTHERS
    others = rows[is_other]
    standing = rows[~is_other].sort_values(column, ascending=False, kind="stable")
    names, wards = [*standing.index], [*standing["ward_name"]]
    values, classes = [*standing[value]], [*standing[column]]
    if len(others):
        names.append(f"All {len(others)} others")
        wards.append("[z]")
        values.append(others[value].sum())
        classes.append(OTHERS)
    return pd.DataFrame(
        {
            "Small area (LSOA)": names,
            "Ward": wards,
            _value_head(caption): values,
            "Class": classes,
        }
    )


def _class_words(rows: pd.DataFrame, caption: Caption, column: str) -> str:
    bounds = _bounds(rows, None, None)
    parts = []
    for name in list(CLASS_STYLES)[:2]:
        own = rows[rows[column] == name]
        places = [
            f"{ward} in the {_compass(float(easting), float(northing), bounds)}"
            for ward, easting, northing in zip(
                own["ward_name"], own["easting"], own["northing"], strict=True
            )
        ]
        said = listed(list(dict.fromkeys(places))[:NAMED_PLACES]) or "none"
        parts.append(f"{name.capitalize()}s ({len(own)}): {said}")
    return (
        f"Map of {caption.in_sentence} in {counted(len(rows), 'small area').casefold()} of"
        f" {caption.area}, {caption.period}. {'. '.join(parts)}. The others are not told apart"
        " from chance."
    )


def _value_head(caption: Caption) -> str:
    return f"Value ({caption.unit})" if caption.unit else "Value"
