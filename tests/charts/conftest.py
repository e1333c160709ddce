"""A page of charts from small made figures, and a reader of what they wrote."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote

import pandas as pd
import pytest

from analysis.charts.bars import change_bars, ranked_bars
from analysis.charts.chart import Caption, Chart
from analysis.charts.control_chart import control_chart
from analysis.charts.decomposition import change_parts
from analysis.charts.dots import interval_dots, probability_bars
from analysis.charts.fan import fan_chart
from analysis.charts.funnel import funnel_plot
from analysis.charts.grouped_dots import grouped_dots
from analysis.charts.line import monthly_line
from analysis.charts.seasonality import seasonal_indices

SOURCE = "Metropolitan Police Service, recorded crime by borough, location of offence."


@dataclass
class Element:
    """An element of a page, with its attributes and its own text."""

    tag: str
    attributes: dict[str, str]
    parents: tuple[str, ...]
    text: str = ""
    look: dict[str, str] = field(default_factory=dict)
    # Attributes with those of the groups and the drawing around it.


@dataclass
class Page(HTMLParser):
    """Elements in order, and the cells of each table."""

    elements: list[Element] = field(default_factory=list)
    open_elements: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        parents = tuple(element.tag for element in self.open_elements)
        own = {name: value or "" for name, value in attrs}
        around = self.open_elements[-1].look if tag not in ("svg", "html") and parents else {}
        element = Element(tag, own, parents, look={**around, **own})
        self.elements.append(element)
        self.open_elements.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open_elements.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open_elements.pop().tag == tag, f"{tag} is closed out of order"

    def handle_data(self, data: str) -> None:
        if self.open_elements:
            self.open_elements[-1].text += data

    def all(self, tag: str) -> list[Element]:
        return [element for element in self.elements if element.tag == tag]

    def rows(self) -> list[list[str]]:
        rows: list[list[str]] = []
        for element in self.elements:
            if element.tag == "tr":
                rows.append([])
            elif element.tag in ("th", "td"):
                rows[-1].append(element.text)
        return rows

    def csv(self) -> str:
        (link,) = [element for element in self.all("a") if "download" in element.attributes]
        kind, _, text = link.attributes["href"].partition(",")
        assert kind == "data:text/csv;charset=utf-8"
        return unquote(text)


@pytest.fixture(scope="session")
def read_page() -> Callable[[str], Page]:
    def read(html: str) -> Page:
        page = Page()
        page.feed(html)
        page.close()
        assert not page.open_elements, "something is left open"
        return page

    return read


@pytest.fixture(scope="session")
def caption() -> Callable[..., Caption]:
    def make(chart_id: str = "harrow", **changes: str) -> Caption:
        parts = {
            "title": "Recorded crime rose in Harrow",
            "measure": "Recorded offences",
            "area": "Harrow",
            "period": "April 2022 to March 2024",
            "source": SOURCE,
        }
        return Caption(**{**parts, **changes}, chart_id=chart_id)

    return make


def _months(count: int, start: str = "2022-04-01") -> pd.Series:
    return pd.Series(pd.date_range(start, periods=count, freq="MS"))


@pytest.fixture(scope="session")
def monthly() -> pd.DataFrame:
    counts = [900 + 13 * (place % 7) for place in range(24)]
    return pd.DataFrame({"month": _months(24), "offence_count": pd.array(counts, "Int64")})


@pytest.fixture(scope="session")
def every_chart(monthly: pd.DataFrame, caption: Callable[..., Caption]) -> list[Chart]:
    ahead = pd.DataFrame({"month": _months(6, "2024-04-01"), "median": 930.0})
    for width, level in ((60, 80), (100, 95)):
        ahead[f"lower_{level}"] = ahead["median"] - width
        ahead[f"upper_{level}"] = ahead["median"] + width
    names = ["Residential burglary", "theft_of_vehicle", "Homicide"]
    changes = pd.DataFrame(
        {
            "offence_group": names,
            "change_pct": [-12.3, 4.0, None],
            "change_pct_lower": [-18.0, -6.0, None],
            "change_pct_upper": [-6.1, 150.0, None],
            "is_significant": pd.array([True, False, None], "boolean"),
        }
    )
    boroughs = pd.DataFrame(
        {
            "population": [262_000, 210_000, 218_000],
            "rate_per_1000": [58.4, 61.7, 437.1],
            "rate_per_1000_lower": [57.5, 60.6, 434.0],
            "rate_per_1000_upper": [59.3, 62.8, 440.0],
            "position": ["in line", "in line", "far above"],
        },
        index=pd.Index(["E09000015", "E09000029", "E09000033"], name="area_code"),
    )
    curve = pd.DataFrame({"population": [200_000, 240_000, 280_000]})
    for column, level in (
        ("95_lower", 60),
        ("95_upper", 160),
        ("998_lower", 40),
        ("998_upper", 200),
    ):
        curve[f"rate_per_1000_{column}"] = float(level)
    points = pd.DataFrame(
        {
            "month": _months(24),
            "value": [30.0, 31.5] * 12,
            "centre": 31.0,
            "lower": 25.0,
            "upper": [37.0] * 12 + [36.0] * 12,
            "segment": [1] * 12 + [2] * 12,
            "is_outside_limits": [place == 5 for place in range(24)],
            "is_seven_one_side": [place == 9 for place in range(24)],
        }
    )
    indices = pd.DataFrame(
        {
            "calendar_month": range(1, 13),
            "seasonal_index": [98.5 + place for place in range(12)],
            "seasonal_index_lower": [95.0 + place for place in range(12)],
            "seasonal_index_upper": [102.0 + place for place in range(12)],
        }
    )
    readings = pd.DataFrame(
        {
            "definition": ["Parity with Sutton", "Twenty per cent of the base"],
            "required_count": [2433, 2323],
            "probability_pct": [0.2, 44.0],
        }
    )
    parts = pd.DataFrame(
        {
            "offence_group": ["Theft", "Robbery"],
            "london_effect_count": [216.0, 29.0],
            "mix_effect_count": [345.0, 48.0],
            "local_effect_count": [-281.0, -63.0],
            "change_count": [280, 14],
        }
    )
    return [
        monthly_line(monthly, caption("line"), breaks=[("2023-03-01", "New recording")]),
        fan_chart(monthly, ahead, caption("fan"), target=850, horizon="2024-09-01"),
        change_bars(changes, caption("change", unit="%")),
        ranked_bars(boroughs, caption("rank", unit="per 1,000"), highlight="Harrow"),
        funnel_plot(boroughs, curve, caption("funnel"), centre=100, highlight="E09000015"),
        control_chart(points, caption("control", unit="a day")),
        seasonal_indices(indices, caption("season")),
        interval_dots(readings, caption("dots")),
        probability_bars(readings, caption("chance", unit="%")),
        grouped_dots(
            readings,
            caption("groups"),
            {"required_count": "Needed", "probability_pct": "Likely"},
            label="definition",
        ),
        change_parts(parts, caption("parts")),
        change_parts(parts.head(1), caption("steps")),
    ]
