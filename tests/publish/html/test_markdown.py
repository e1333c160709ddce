"""Markdown of a notebook on the page."""

from __future__ import annotations

import pytest

from analysis.publish.html.anchors import Anchors
from analysis.publish.html.guard import refuse_active_content
from analysis.publish.html.markdown import render_markdown


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("# One", '<h2 id="one">One</h2>\n'),
        ("### Three *times*", '<h3 id="three-times">Three <em>times</em></h3>\n'),
        ("[Act](https://www.legislation.gov.uk)",
         '<p><a href="https://www.legislation.gov.uk">Act</a></p>\n'),
        ("[x](//example.org)", "<p>x</p>\n"),
        ("[x](data:text/html,y)", "<p>x</p>\n"),
        ("![A map](https://example.org/a.png)", "<p>A map</p>\n"),
        ("£2,500 and 5 < 6", "<p>£2,500 and 5 &lt; 6</p>\n"),
    ],
)  # fmt: skip
def test_markdown_is_rendered_to_be_read_only(source: str, html: str) -> None:
    assert render_markdown(source, Anchors()) == html


def test_headings_of_one_name_get_anchors_of_their_own() -> None:
    html = render_markdown("## A\n\n## A", Anchors("a"))
    assert 'id="a-2"' in html
    assert 'id="a-3"' in html


def test_each_table_scrolls_in_a_region_of_its_own_name() -> None:
    table = "| a | b |\n|---|---|\n| 1 | 2 |\n\n"
    html = render_markdown(table + "and\n\n" + table, Anchors())
    assert html.count('role="region" tabindex="0"') == 2
    assert 'aria-label="Table"' in html
    assert 'aria-label="Table 2"' in html


@pytest.mark.parametrize(
    "source",
    [
        "One line  \nand another",
        "One\\\nand another",
        "Before\n\n---\n\nafter",
        "| a | b |\n|:--|--:|\n| x | 1 |",
        "| a |\n|:-:|\n| x |",
        "[Act](HTTPS://www.legislation.gov.uk)",
        "3. third\n4. fourth\n    - below",
        "> quoted\n\n```python\na < b\n```",
        "`a & b`, **bold** and <https://www.police.uk/>",
    ],
)
def test_whatever_markdown_can_say_is_let_onto_a_page(source: str) -> None:
    refuse_active_content(render_markdown(source, Anchors()), "page")


def test_a_column_aligned_to_the_right_holds_numbers() -> None:
    html = render_markdown("| a | b |\n|---|--:|\n| x | 1 |", Anchors())
    assert '<th scope="col">a</th>' in html
    assert '<th scope="col" class="csp-n">b</th>' in html
    assert '<td class="csp-t">x</td>' in html
    assert "<td>1</td>" in html
