"""Tables that a notebook displays by itself."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.publish.html.guard import refuse_active_content
from analysis.publish.html.shown_tables import table_markup

FRAME = pd.DataFrame(
    {"Offences": [1200, 7], "Place": ["a < b", "<b>c</b>"]}, ["Harrow", "Brent"]
)


def test_a_frame_gets_scoped_headers_and_its_words_as_they_are() -> None:
    html = table_markup(FRAME.to_html(), "Table 2")
    assert html.startswith(
        '<div class="csp-scroll" role="region" tabindex="0" aria-label="Table 2"'
    )
    assert '<tr><td></td><th scope="col">Offences</th><th scope="col">Place</th></tr>' in html
    assert '<th scope="row">Harrow</th><td>1200</td><td class="csp-t">a &lt; b</td>' in html
    assert "&lt;b&gt;c&lt;/b&gt;" in html
    refuse_active_content(html, "page")


def test_a_styled_frame_loses_its_style_and_keeps_its_numbers() -> None:
    styled = FRAME.style.format(precision=0).highlight_max(subset=["Offences"]).to_html()
    html = table_markup(styled, "Table")
    assert "<td>1200</td>" in html
    for word in ("style", "#T_", "background"):
        assert word not in html
    refuse_active_content(html, "page")


def test_spans_are_kept_where_they_are_numbers() -> None:
    html = table_markup(
        '<table><tr><th colspan="2">A</th><td rowspan="x">1</td></tr></table>', "T"
    )
    assert '<th scope="col" colspan="2">A</th><td>1</td>' in html


@pytest.mark.parametrize(
    "html", ["", "<p>no table</p>", "<table></table>", "<table><tr><td><table></table>"]
)
def test_what_is_no_single_table_is_left_to_its_plain_text(html: str) -> None:
    assert table_markup(html, "Table") == ""
