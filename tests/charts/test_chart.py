"""What every chart must carry, whatever its family."""

import csv
import io
import re

import numpy as np
import pandas as pd
import pytest

from analysis.charts.bars import ranked_bars
from analysis.charts.chart import Chart
from analysis.charts.line import monthly_line
from analysis.charts.paths import read_path
from analysis.charts.theme import WHITE, contrast_ratio
from analysis.wording import MINUS

PAYLOAD = """<script>alert("x")</script>' onload='Y' $a_b$"""
KILOBYTE = 1000


def html_of(chart):
    bundle, metadata = chart._repr_mimebundle_()
    return bundle["text/html"]


def given(**changes):
    parts = {
        "title": "Crime rose",
        "subtitle": "Recorded offences, Harrow, 2012",
        "description": "Line chart: 4 offences in 2012, 7 in 2013.",
        "svg": "<svg></svg>",
        "table": pd.DataFrame({"Month": ["a"], "Offences": [1]}),
        "source": "Metropolitan Police Service.",
        "chart_id": "a",
    }
    return {**parts, **changes}


@pytest.mark.parametrize("words", ["Image", "figure", "Line chart.", "Crime rose."])
def test_a_description_that_says_nothing_of_the_data_is_refused(words):
    with pytest.raises(ValueError, match="says nothing of its data"):
        Chart(**given(description=words))


@pytest.mark.parametrize("part", ["title", "description", "source", "subtitle"])
def test_a_chart_without_a_part_is_refused_with_its_name(part):
    with pytest.raises(ValueError, match=f"has no {part}"):
        Chart(**given(**{part: " "}))


def test_a_chart_without_data_is_refused():
    with pytest.raises(ValueError, match="no data"):
        Chart(**given(table=pd.DataFrame({"Month": []})))


def test_a_chart_whose_id_cannot_be_an_anchor_is_refused():
    with pytest.raises(ValueError, match="cannot be an anchor"):
        Chart(**given(chart_id='a" onclick="x'))


def test_a_title_longer_than_fourteen_words_is_refused():
    with pytest.raises(ValueError, match="more than 14 words"):
        Chart(**given(title="word " * 15))


def test_a_family_refuses_a_caption_without_source(monthly, caption):
    with pytest.raises(ValueError, match="has no source"):
        monthly_line(monthly, caption(source=""))


def test_metadata_tells_the_exporter_what_it_is(every_chart):
    _, metadata = every_chart[0]._repr_mimebundle_()
    told = {"role": "chart", "chart_id": "line", "title": "Recorded crime rose in Harrow"}
    assert metadata == {"csp": told}


def test_drawing_twice_gives_the_same_bytes(monthly, caption):
    first, second = (monthly_line(monthly, caption()) for _ in range(2))
    assert html_of(first) == html_of(second)


def test_charts_on_one_page_share_no_id_and_every_reference_resolves(every_chart, read_page):
    page = read_page("".join(html_of(chart) for chart in every_chart))
    ids = [e.attributes["id"] for e in page.elements if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    for element in page.elements:
        for value in element.attributes.values():
            assert set(re.findall(r"url\(#([^)]+)\)", value)) <= set(ids)
        if element.tag == "use":
            assert element.attributes["href"][1:] in ids


def test_every_drawing_is_named_and_described_by_its_own_title_and_desc(every_chart, read_page):
    for chart in every_chart:
        page = read_page(html_of(chart))
        by_id = {e.attributes.get("id"): e for e in page.elements}
        drawings = page.all("svg")
        assert len(drawings) == 2
        for drawing in drawings:
            assert drawing.attributes["role"] == "img"
            title, desc = drawing.attributes["aria-labelledby"].split()
            assert (by_id[title].tag, by_id[title].text) == ("title", chart.title)
            assert (by_id[desc].tag, by_id[desc].text) == ("desc", chart.description)
        # Only one drawing is seen: what is said of both is written once.
        assert len(page.all("desc")) == 1


def test_a_drawing_scales_and_carries_nothing_foreign(every_chart):
    for chart in every_chart:
        for svg in (chart.svg, chart.svg_narrow):
            assert re.match(
                r'<svg [^>]*viewBox="0 0 \d+(\.\d+)? \d+(\.\d+)?" width="100%"', svg
            )
            assert not re.search(r"<\?xml|<!DOCTYPE|<style|<script|<metadata| style=", svg)
            outside = svg.replace('xmlns="http://www.w3.org/2000/svg"', "")
            assert not re.search(r"https?:|xlink|url\((?!#)", outside)


def test_the_table_equals_the_data_and_the_csv_equals_the_table(every_chart, read_page):
    for chart in every_chart:
        page = read_page(html_of(chart))
        shown = page.rows()
        assert shown[0] == [str(name) for name in chart.table.columns]
        assert len(shown) == len(chart.table) + 1
        saved = list(csv.reader(io.StringIO(page.csv())))
        plain = [[re.sub(r"(?<=\d),(?=\d{3})", "", cell) for cell in row] for row in shown[1:]]
        # A screen reader says "minus" for the true sign; a spreadsheet takes the hyphen.
        signed = [[re.sub(rf"^{MINUS}(?=\d)", "-", cell) for cell in row] for row in plain]
        assert saved[1:] == signed


def test_headers_of_the_table_have_their_scope(every_chart, read_page):
    for chart in every_chart:
        page = read_page(html_of(chart))
        scopes = [e.attributes.get("scope") for e in page.all("th")]
        assert scopes.count("col") == len(chart.table.columns)
        assert scopes.count("row") == len(chart.table)
        assert len(page.all("caption")) == 1


def test_the_line_drawn_passes_through_every_month_of_the_table(monthly, caption):
    chart = monthly_line(monthly, caption())
    longest = max(re.findall(r' d="(M[^"]+)"', chart.svg), key=len)
    (line,) = read_path(longest)
    counts = monthly["offence_count"].astype(float)
    days = (monthly["month"] - monthly["month"][0]).dt.days
    # A month on the straight line between its neighbours is no corner of the line.
    across = pd.Series(np.interp(days, days.iloc[[0, -1]], line[[0, -1], 0]))
    down = pd.Series(np.interp(across, line[:, 0], line[:, 1]))
    # One scale turns counts into heights, if every count is drawn where it belongs.
    scale = (down.iloc[0] - down.iloc[3]) / (counts[3] - counts[0])
    assert ((down.iloc[0] - (counts - counts[0]) * scale) - down).abs().max() < 0.2
    assert across.is_monotonic_increasing


def test_no_text_is_smaller_than_eleven_pixels_at_full_size(every_chart, read_page):
    for chart in every_chart:
        for svg in (chart.svg, chart.svg_narrow):
            sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)px"', svg)]
            assert sizes
            assert min(sizes) >= 11


def test_every_colour_of_text_stands_out_from_the_white_panel(every_chart, read_page):
    seen = set()
    for chart in every_chart:
        page = read_page(chart.svg)
        seen |= {e.look["fill"] for e in page.all("text")}
    assert len(seen) >= 3
    assert all(contrast_ratio(colour, WHITE) >= 4.5 for colour in seen)


def test_no_label_leaves_the_drawing(every_chart, read_page):
    """With letters of 0.5 em, which is what Arial takes on average."""
    for chart in every_chart:
        for svg in (chart.svg, chart.svg_narrow):
            page = read_page(svg)
            width = float(page.all("svg")[0].attributes["viewbox"].split()[2])
            for text in page.all("text"):
                at, long = float(text.attributes["x"]), 6.5 * len(text.text)
                anchor = text.look.get("text-anchor", "start")
                start = at - {"start": 0, "middle": long / 2, "end": long}[anchor]
                assert start > -8, (chart.chart_id, text.text)
                assert start + long < width + 8, (chart.chart_id, text.text)


def test_markup_in_names_is_shown_as_text_everywhere(monthly, caption, read_page):
    chart = monthly_line(
        monthly,
        caption(title=PAYLOAD, area=PAYLOAD, source=PAYLOAD, unit=PAYLOAD),
        breaks=[("2023-01-01", PAYLOAD)],
    )
    page = read_page(html_of(chart))
    assert not page.all("script")
    assert not [e for e in page.elements if any(n.startswith("on") for n in e.attributes)]
    assert page.all("desc")[0].text == chart.description
    assert PAYLOAD in [e.text for e in page.all("text")]


def test_a_borough_named_with_markup_is_shown_as_text(caption, read_page):
    areas = pd.DataFrame({"area_name": [PAYLOAD, "Harrow"], "rate_per_1000": [2.0, 1.0]})
    page = read_page(html_of(ranked_bars(areas, caption(), label="area_name")))
    assert not page.all("script")
    assert page.rows()[1][0] == PAYLOAD


def test_a_chart_of_fifteen_years_of_months_keeps_under_thirty_kilobytes(caption):
    months = pd.date_range("2010-04-01", periods=180, freq="MS")
    counts = [1000 + (place * 37) % 400 for place in range(180)]
    series = pd.DataFrame({"month": months, "offence_count": counts})
    chart = monthly_line(series, caption())
    assert len(html_of(chart).encode()) < 25 * KILOBYTE
    assert len(chart.svg.encode()) < 8 * KILOBYTE
