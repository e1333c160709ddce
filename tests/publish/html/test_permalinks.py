"""Links to themselves of headings, charts and tables."""

from __future__ import annotations

import pandas as pd

from analysis.charts.chart import Chart
from analysis.charts.table import Table
from analysis.publish.html.guard import refuse_active_content
from analysis.publish.html.permalinks import with_permalinks

FRAME = pd.DataFrame({"Place": ["Pinner"], "Offences": [3]})
WORDS = "A bar for each of the places. The longest is Pinner, with 3 offences of all 3."
DRAWING = '<svg role="img" aria-label="a drawing"><path d="M0 0h9"/></svg>'


def test_a_heading_keeps_its_name_and_gets_a_link_before_it() -> None:
    html = with_permalinks('<h3 id="a">Up &amp; <em>down</em></h3><h2 id="b">B</h2>')
    assert html.endswith('<h2 id="b">B</h2>')
    link = '<a class="csp-permalink" href="#a" aria-label="Link to: Up &amp; down">#</a>'
    assert html.startswith(f'{link}<h3 id="a">')
    refuse_active_content(html, "page")


def test_a_heading_without_an_anchor_gets_no_link() -> None:
    assert with_permalinks("<h2>A</h2><h4 id='b'>B</h4>") == "<h2>A</h2><h4 id='b'>B</h4>"


def test_charts_and_tables_get_a_link_that_names_them() -> None:
    chart = Chart('Up "again" < 5', "Offences", WORDS, DRAWING, FRAME, "MPS.", "rise")
    tables = [
        Table("By place", FRAME, "MPS.", "places"),
        Table("By year", FRAME, "MPS.", "years", is_folded=True),
    ]
    html = with_permalinks(chart.html + "".join(table.html for table in tables))
    for anchor, label in (
        ("rise", "Link to chart: Up &quot;again&quot; &lt; 5"),
        ("places", "Link to table: By place"),
        ("years", "Link to table: By year"),
    ):
        kind = "chart" if anchor == "rise" else "table"
        named = ' aria-label="Up &quot;again&quot; &lt; 5"' if anchor == "rise" else ""
        figure = f'<figure class="csp-{kind}" id="{anchor}"{named}>'
        assert f'{figure}<a class="csp-permalink" href="#{anchor}" aria-label="{label}' in html
    refuse_active_content(html, "page")
