"""Path data of an SVG in as few letters as say the same on a screen, and read back.

A report holds some thirty drawings, and their lines are most of it. What is written here is
rounded, goes from point to point in steps, leaves out points on a straight line and repeats
no letter. It is read back to check what stands behind a text and that a drawing shows its
data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import shapely

TENTH = 1
WHOLE = 0
# Digits after the point: lines want a tenth of a pixel; borders of a map, whole pixels.

STRAIGHT = 0.12
# A point this near to the straight line between its neighbours, in pixels, is left out.

Part = np.ndarray | str
# Corner points of a line or shape; or path data, as of a circle.

ARC_POINTS = 16
# An arc is read back as so many points.

_PART = re.compile(r"([A-Za-z])([^A-Za-z]*)")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?", re.IGNORECASE)
_SIZES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Q": 4, "A": 7, "Z": 0}


def read_path(path: str) -> list[np.ndarray]:
    """Corner points of each part of a path; a closed part ends where it began.

    Parameters
    ----------
    path : str
        The ``d`` of a ``<path>``: lines, curves (read as their ends) and arcs.

    Returns
    -------
    list of array, shape (n_points, 2), pixels

    Examples
    --------
    >>> read_path("M1 2h3v4h-3z")[0].tolist()
    [[1.0, 2.0], [4.0, 2.0], [4.0, 6.0], [1.0, 6.0], [1.0, 2.0]]
    """
    parts: list[list[np.ndarray]] = []
    for letter, numbers in _PART.findall(path):
        kind, is_step = letter.upper(), letter.islower()
        if kind == "Z":
            parts[-1].append(parts[-1][0])
            continue
        values = [float(number) for number in _NUMBER.findall(numbers)]
        size = _SIZES[kind]
        for place in range(0, len(values), size):
            chunk = values[place : place + size]
            here = parts[-1][-1] if parts else np.zeros(2)
            goal = _goal(kind, chunk, here, is_step=is_step)
            if kind == "M" and place == 0:
                parts.append([goal])
            elif kind == "A":
                parts[-1] += _arc(here, goal)
            else:
                parts[-1].append(goal)
    return [np.array(part) for part in parts]


def write_path(parts: Iterable[Part], digits: int = TENTH, straight: float = STRAIGHT) -> str:
    """Path data through the points of each part, which is closed where it ends at its start.

    Parameters
    ----------
    parts : iterable of array, shape (n_points, 2), pixels, or of path data
    digits : int
        After the point.
    straight : float, pixels
        How far a point left out may lie from the line.

    Examples
    --------
    >>> square = np.array([[1, 2], [4, 2], [4, 6], [1, 6], [1, 2]])
    >>> write_path([square, np.array([[0, 0], [5.04, 0.02], [10, 0], [20.5, -9.5]])])
    'M1 2h3v4h-3zM0 0h10l10.5-9.5'
    """
    written, end = "", None
    for part in parts:
        if isinstance(part, str):
            written, end = written + part, None
        else:
            text, end = _written(part, digits, straight, end)
            written += text
    return written


def circle_path(centre: Iterable[float], radius: float) -> str:
    """Path data of a circle.

    Examples
    --------
    >>> circle_path((10, 5), 4)
    'M6 5a4 4 0 1 0 8 0a4 4 0 1 0-8 0z'
    """
    across, down = centre
    size, width = _joined([radius] * 2), short_number(2 * radius)
    start = _joined([across - radius, down])
    return f"M{start}a{size} 0 1 0 {width} 0a{size} 0 1 0-{width} 0z"


def short_number(value: float, digits: int = TENTH) -> str:
    """A number without what a reader of SVG can do without.

    Examples
    --------
    >>> short_number(0.52), short_number(-3.04), short_number(-0.01)
    ('.5', '-3', '0')
    """
    text = f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    text = text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text
    return "0" if text in ("-0", "") else text


def is_straight(path: str) -> bool:
    """Whether a path has neither curve nor arc."""
    return not re.search(r"[CQASTcqast]", path)


def _written(
    points: np.ndarray, digits: int, straight: float, before: np.ndarray | None
) -> tuple[str, np.ndarray]:
    """One part as it follows another that ended at a point, and where it ends itself."""
    is_closed = len(points) > 2 and bool(np.allclose(points[0], points[-1]))
    if straight and len(points) > 2:
        line = shapely.LineString(points)
        points = shapely.get_coordinates(
            shapely.simplify(line, straight, preserve_topology=False)
        )
    points = np.round(np.asarray(points, dtype=float), digits)
    steps = np.round(np.diff(points[:-1] if is_closed else points, axis=0), digits)
    start = "M" + _joined(points[0], digits)
    if before is not None:
        start = min(start, "m" + _joined(points[0] - before, digits), key=len)
    text = start + _steps(steps[steps.any(axis=1)], digits) + ("z" if is_closed else "")
    return text, points[0] if is_closed else points[-1]


def _steps(steps: np.ndarray, digits: int) -> str:
    """Steps as letters and numbers: level and upright ones need one number."""
    written, before = "", ""
    for across, down in steps:
        letter = "h" if not down else "v" if not across else "l"
        values = {"h": [across], "v": [down], "l": [across, down]}[letter]
        text = _joined(values, digits)
        if letter != before:
            written += letter + text
        else:
            written += _gap(written, text) + text
        before = letter
    return written


def _joined(values: Iterable[float], digits: int = TENTH) -> str:
    written = ""
    for value in values:
        text = short_number(float(value), digits)
        written += (_gap(written, text) if written else "") + text
    return written


def _gap(before: str, text: str) -> str:
    """The space that keeps two numbers apart, where a sign or a point does not."""
    last = before[max(before.rfind(sign) for sign in " -lhvMm") + 1 :]
    return "" if text.startswith("-") or (text.startswith(".") and "." in last) else " "


def _goal(kind: str, values: list[float], here: np.ndarray, *, is_step: bool) -> np.ndarray:
    from_zero = here if is_step else np.zeros(2)
    if kind == "H":
        return np.array([from_zero[0] + values[0], here[1]])
    if kind == "V":
        return np.array([here[0], from_zero[1] + values[0]])
    return from_zero + np.array(values[-2:])


def _arc(start: np.ndarray, end: np.ndarray) -> list[np.ndarray]:
    """Points of a half circle from one point to another, the way :func:`circle_path` goes."""
    middle, half = (start + end) / 2, (start - end) / 2
    angles = np.linspace(0, -np.pi, ARC_POINTS)[1:]
    turned = np.array([half[1], -half[0]])
    return [middle + half * np.cos(angle) + turned * np.sin(angle) for angle in angles]
