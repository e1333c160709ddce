"""Formulas of a notebook on the page."""

from __future__ import annotations

import pytest

from analysis.errors import ReportError
from analysis.publish.html.anchors import Anchors
from analysis.publish.html.formulas import formula_markup
from analysis.publish.html.guard import refuse_active_content
from analysis.publish.html.markdown import render_markdown


def test_a_formula_in_a_sentence_and_one_on_its_own_line_become_mathml() -> None:
    html = render_markdown("Where $w$ is\n\n$$P = \\frac{m}{n}$$", Anchors())
    assert '<math display="inline" alttext="w"><mrow><mi>w</mi></mrow></math> is' in html
    assert '<math display="block" alttext="P = \\frac{m}{n}">' in html
    assert "<mfrac><mrow><mi>m</mi></mrow><mrow><mi>n</mi></mrow></mfrac>" in html
    refuse_active_content(html, "page")


@pytest.mark.parametrize("text", ["From $2,500 to $3,000", "It costs \\$5 or \\$6", "`$a$`"])
def test_a_sum_of_money_is_no_formula(text: str) -> None:
    assert "<math" not in render_markdown(text, Anchors())


@pytest.mark.parametrize(
    "latex",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\style{position:fixed}{x}",
        r"\class{csp-key-findings}{x}",
        r"\text{<script>alert(1)</script>}",
        r"\text{<mrow><b>x</b></mrow>}",
    ],
)
def test_a_formula_can_neither_link_nor_dress_up(latex: str) -> None:
    html = formula_markup(latex, is_block=False)
    tags = html.split("alttext=")[0] + html.split(">", 1)[1]
    for word in ("href", "style=", "class=", "<script", "<img", "onclick"):
        assert word not in tags
    refuse_active_content(html, "page")


@pytest.mark.parametrize(
    "latex", [r"\frac{1}{", r"\nosuch{x}", r"\text{<img src=x onerror=a>}"]
)
def test_a_formula_that_cannot_be_read_says_so(latex: str) -> None:
    with pytest.raises(ReportError, match="^The formula '.* cannot be read"):
        formula_markup(latex, is_block=False)
