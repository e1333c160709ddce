"""What an analyst sees above an opened assessment."""

from collections.abc import Callable

import pytest

from analysis.assessment import Assessment, lab
from analysis.assessment.lab import AtTheDesk

VALUES = {"borough": "harrow", "as_of": "", "rule": ""}


@pytest.fixture
def displayed(
    opened: Callable[..., Assessment], monkeypatch: pytest.MonkeyPatch
) -> list[tuple[dict, dict]]:
    """Bundles and metadata that an assessment displays in a notebook."""
    from IPython.core.formatters import DisplayFormatter

    found: list[tuple[dict, dict]] = []

    def display(shown: object, *, metadata: object = None, raw: bool = False) -> None:
        found.append((shown, metadata) if raw else DisplayFormatter().format(shown))

    monkeypatch.setattr("IPython.display.display", display)
    monkeypatch.setattr(lab, "parameters_in_use", lambda: VALUES)
    opened("harrow")._ipython_display_()
    return found


def test_an_assessment_shows_its_parameters_and_then_its_sources(displayed: list) -> None:
    roles = [told["csp"]["role"] for _, told in displayed]
    assert roles == ["lab", "provenance"]


def test_each_parameter_is_told_with_value_meaning_and_choices(displayed: list) -> None:
    html = displayed[0][0]["text/html"]
    assert '<td class="csp-t">Harrow, E09000015</td>' in html
    assert "May 2025, the newest held" in html
    assert "last month seen, as YYYY-MM; empty for the newest held" in html
    assert "<summary>barking and dagenham, and others</summary>" in html
    assert '<code>rule</code></th><td class="csp-t">not given</td>' in html


def test_the_style_sheet_of_charts_comes_with_it(displayed: list) -> None:
    html = displayed[0][0]["text/html"]
    assert ".csp-chart svg" in html
    for kind in ("finding", "certainty", "detail", "note"):
        assert f".csp-{kind} {{" in html, "a piece of a finding without its style"


def test_only_a_notebook_without_styles_says_that_it_is_not_trusted() -> None:
    html = AtTheDesk({}).html
    styles = html[: html.index("</style>")]
    assert ".csp-untrusted { display: none; }" in styles
    assert '<p class="csp-untrusted">' in html


def test_a_value_with_markup_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab, "parameters_in_use", lambda: {"rule": "<script>alert(1)</script>"})
    html = AtTheDesk({"plan": "<b>"}).html
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
