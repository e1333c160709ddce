"""What an executed notebook becomes on the page, and what it must never become."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis.errors import ReportError
from analysis.findings.finding import Finding, Piece, note, section
from analysis.publish.html.exporter import ReportExporter
from analysis.publish.html.page import NOT_SHOWN, read_page
from analysis.publish.html.render import render_page

ATTACK = "<script>alert(1)</script><img src=x onerror=alert(1)>"


class Elements(HTMLParser):
    """Every element of a page with its attributes, and the words that are shown."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def displayed(piece: Piece) -> Any:
    data, metadata = piece._repr_mimebundle_()
    return new_output("display_data", data=data, metadata=metadata)


def shown(data: dict[str, str], metadata: dict[str, Any] | None = None) -> Any:
    return new_output("display_data", data=data, metadata=metadata or {})


def notebook(*cells: Any) -> nbformat.NotebookNode:
    title = new_markdown_cell("# Is it rising?\n\nWhy it is asked.")
    made = new_notebook(cells=[title, *cells])
    made.metadata["csp"] = {"area_name": "Harrow", "area_code": "E09000015"}
    return made


def code(*outputs: Any, source: str = "show()") -> Any:
    return new_code_cell(source, outputs=list(outputs), execution_count=1)


def html_of(*cells: Any) -> str:
    return render_page(read_page(notebook(*cells)), where="report")


FALL = Finding("Burglary fell", "Burglary fell by 7 %.", "high", "it is outside chance")
LEVEL = Finding(
    "Robbery is level", "Robbery is level.", "low", "counts are small", is_key=False
)


def test_key_findings_come_before_contents_and_sections_and_lead_to_their_section() -> None:
    html = html_of(code(displayed(FALL.title), displayed(FALL.text)))
    key, contents = html.index('id="key-findings"'), html.index('id="contents"')
    assert key < contents < html.index('<h2 id="burglary-fell"')
    assert '<a class="csp-key-heading" href="#burglary-fell">Burglary fell</a>' in html


def test_a_finding_that_is_not_key_stays_in_its_section() -> None:
    cell = code(*map(displayed, (FALL.title, FALL.text, LEVEL.title, LEVEL.text)))
    page = read_page(notebook(cell))
    assert [finding.heading for finding in page.key_findings] == ["Burglary fell"]
    assert [part.heading for part in page.sections] == ["Burglary fell", "Robbery is level"]


def test_certainty_is_told_in_words_and_not_only_by_a_mark() -> None:
    text = Elements(html_of(code(displayed(FALL.title), displayed(FALL.text)))).text
    # Seen at a glance before the sentence in the key findings, with its reason in the section.
    assert text.count("How sure: high") == 3
    assert text.count("Why high: it is outside chance.") == 1
    assert text.count("How sure: high, it is outside chance.") == 1


def test_two_findings_of_one_heading_lead_to_two_sections() -> None:
    pieces = (FALL.title, FALL.text, FALL.title, FALL.text)
    page = read_page(notebook(code(*map(displayed, pieces))))
    anchors = [finding.anchor for finding in page.key_findings]
    assert anchors == ["burglary-fell", "burglary-fell-2"]
    render_page(page, where="report")


def named(cell: str, *pieces: Any) -> Any:
    return {**code(*map(displayed, pieces)), "id": cell}


@pytest.mark.parametrize(
    ("cell", "anchor"),
    [
        ("what-moved", "what-moved"),
        ("What_Moved", "what-moved"),
        ("contents", "contents-2"),
        (
            "3f9d0c52-2c4b-4b52-9f5e-0a86e2d1c7aa",
            "section-3f9d0c52-2c4b-4b52-9f5e-0a86e2d1c7aa",
        ),
        # As nbformat names a cell that has no name, anew at each reading.
        ("3f9d0c52", "burglary-fell"),
    ],
)
def test_a_section_has_the_name_of_its_cell_whatever_it_finds(cell: str, anchor: str) -> None:
    page = read_page(notebook(named(cell, FALL.title, FALL.text)))
    assert [section.anchor for section in page.sections] == [anchor]
    assert [finding.anchor for finding in page.key_findings] == [anchor]
    assert f'<h2 id="{anchor}">' in render_page(page, where="report")


def test_a_link_to_a_finding_leads_to_its_section_wherever_it_stands() -> None:
    link = '<p class="csp-note"><a href="#burglary-fell">Why</a></p>'
    html = html_of(
        named("before", Piece("note", link, "Why")),
        named("level", LEVEL.title, LEVEL.text),
        named("what-moved", FALL.title, FALL.text, Piece("note", link, "Why")),
    )
    assert html.count('<a href="#what-moved">Why</a>') == 2
    assert "#burglary-fell" not in html


def test_a_link_to_a_chart_of_a_finding_s_name_still_leads_to_the_chart() -> None:
    chart = '<p class="csp-note" id="burglary-fell"><a href="#burglary-fell">Why</a></p>'
    html = html_of(named("what-moved", FALL.title, FALL.text, Piece("note", chart, "Why")))
    assert '<a href="#burglary-fell">Why</a>' in html


def test_identifiers_of_two_drawings_are_told_apart_with_what_points_to_them() -> None:
    svg = (
        '<figure><svg role="img" aria-labelledby="t d"><title id="t">A</title><desc id="d">B'
        '</desc><linearGradient id="c"/><g fill="url(#c)"></g><use href="#c"/></svg>'
        "</figure>"
    )
    page = html_of(code(*[shown({"text/html": svg}, {"csp": {"role": "chart"}})] * 2))
    assert 'aria-labelledby="t-2 d-2"' in page
    assert "url(#c-2)" in page
    assert 'href="#c-2"' in page


def test_the_page_has_language_title_landmarks_and_one_first_heading() -> None:
    elements = Elements(html_of(code(displayed(FALL.title), displayed(FALL.text))))
    assert elements.named("html") == [{"lang": "en-GB"}]
    assert [len(elements.named(tag)) for tag in ("h1", "header", "nav", "main", "footer")] == [
        1,
        1,
        1,
        1,
        1,
    ]
    assert "Harrow: Is it rising? – Safer Boroughs" in elements.text
    assert elements.named("a")[0]["href"] == "#main"


def test_the_policy_forbids_scripts_and_requests() -> None:
    policies = [
        attributes["content"]
        for attributes in Elements(html_of()).named("meta")
        if attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert len(policies) == 1
    assert "default-src 'none'" in str(policies[0])
    assert "script-src" not in str(policies[0])


def test_how_sure_stands_under_the_heading_of_its_finding() -> None:
    html = html_of(code(displayed(FALL.title), displayed(FALL.text)))
    sure = '<p class="csp-sure" data-certainty="high">How sure: <strong>high</strong></p>'
    assert re.search(r'<h2 id="burglary-fell">Burglary fell</h2>\s*' + re.escape(sure), html)


def test_a_page_is_described_by_its_first_finding_and_how_sure_it_is() -> None:
    elements = Elements(html_of(code(displayed(FALL.title), displayed(FALL.text))))
    (told,) = [one for one in elements.named("meta") if one.get("name") == "description"]
    assert str(told["content"]).startswith("Burglary fell. How sure: high. ")


def test_a_report_says_how_its_numbers_were_measured_without_a_link() -> None:
    made = html_of(code(displayed(FALL.title), displayed(FALL.text))).split('id="how-made"')[1]
    assert "How the numbers were measured" in made
    assert "<dt>How sure</dt>" in made
    assert "docs/methods.md" in made
    assert "http" not in made


def test_a_frame_that_is_displayed_by_itself_is_a_table_and_its_markup_gone() -> None:
    shown_frame = {"text/html": "<table><tr><th>n</th></tr><tr><td><b>3</b></td></tr></table>"}
    html = html_of(code(shown(shown_frame | {"text/plain": "n 3"})))
    assert '<tr><th scope="col">n</th></tr><tr><td>3</td></tr>' in html
    assert "n 3" not in html


def test_a_sentence_before_a_finding_stands_under_its_heading() -> None:
    page = read_page(
        notebook(
            new_markdown_cell("How much is recorded."),
            code(displayed(FALL.title), displayed(FALL.text)),
            new_markdown_cell("Which changed."),
            code(displayed(LEVEL.title)),
            new_markdown_cell("The end."),
        )
    )
    assert page.introduction == ["<p>Why it is asked.</p>\n"]
    assert page.preface == []
    assert [part.html[1] for part in page.sections] == [
        "<p>How much is recorded.</p>\n",
        "<p>Which changed.</p>\n",
    ]
    assert page.sections[1].html[-1] == "<p>The end.</p>\n"


def test_no_headline_is_made_up_where_there_is_no_finding() -> None:
    html = html_of(code(displayed(note("Nothing is loaded."))))
    assert "Key findings" not in html
    assert "Nothing is loaded." in html


def test_code_is_folded_and_the_set_up_stands_at_the_foot() -> None:
    html = html_of(
        code(source="import analysis"), code(displayed(FALL.title), source="show(1 < 2)")
    )
    assert html.index('id="burglary-fell"') < html.index("show(1 &lt; 2)")
    assert html.index('id="how-made"') < html.index("import analysis")
    assert "<details open" not in html


def test_parameters_in_use_stand_at_the_foot() -> None:
    default = new_code_cell('borough: str = "harrow"\nas_of: str | None = None')
    default.metadata["tags"] = ["parameters"]
    given = new_code_cell('borough = "E09000016"')
    given.metadata["tags"] = ["injected-parameters"]
    html = html_of(default, given)
    assert '<th scope="row">borough</th><td class="csp-t">E09000016</td>' in html
    assert '<th scope="row">as_of</th><td class="csp-t">not given</td>' in html


def test_standard_error_makes_no_text_in_the_report() -> None:
    stream = new_output("stream", name="stderr", text="FutureWarning: gone")
    assert "FutureWarning" not in html_of(code(stream))


def test_what_colours_a_terminal_is_left_out_of_what_is_printed() -> None:
    told = "\x1b[1;31mrising\x1b[0m\tby\x00 3\x07\n"
    cell = new_code_cell("print(x)", outputs=[new_output("stream", name="stdout", text=told)])
    html = render_page(read_page(notebook(cell)), where="it")
    assert '<pre class="csp-text">rising\tby 3\n</pre>' in html


def test_what_is_printed_is_shown_as_text() -> None:
    stream = new_output("stream", name="stdout", text="a < b")
    assert "a &lt; b" in html_of(code(stream))


@pytest.mark.parametrize(
    "cell",
    [
        new_markdown_cell(f"## Section\n\n{ATTACK}"),
        new_markdown_cell(f"# Title {ATTACK}"),
        new_markdown_cell("[click](javascript:alert(1)) ![x](http://example.org/x.png)"),
        new_markdown_cell("<a href='jav&#x09;ascript:alert(1)'>x</a>\n\n<svg onload=alert(1)>"),
        code(shown({"application/javascript": "alert(1)", "text/plain": "JS"})),
        code(shown({"text/html": ATTACK, "text/plain": "a frame"})),
        code(shown({"text/html": ATTACK}, {"csp": {"role": "unheard-of"}})),
        code(shown({"image/svg+xml": f"<svg>{ATTACK}</svg>", "text/plain": "svg"})),
        code(shown({"text/markdown": ATTACK})),
        code(shown({"text/plain": ATTACK})),
        code(new_output("stream", name="stdout", text=ATTACK)),
        code(displayed(note(f"Borough called {ATTACK}"))),
        code(displayed(section(ATTACK))),
        code(
            *map(
                displayed,
                (
                    Finding(ATTACK, ATTACK, "low", ATTACK).title,
                    Finding(ATTACK, ATTACK, "low", ATTACK).text,
                ),
            )
        ),
        code(source=f"x = '''{ATTACK}</code></pre>{ATTACK}'''"),
    ],
)
def test_a_planted_payload_is_only_text(cell: Any) -> None:
    html = html_of(code(displayed(FALL.title)), cell)
    elements = Elements(html)
    assert not elements.named("script")
    assert not elements.named("img")
    handlers = [name for _, given in elements.found for name in given if name.startswith("on")]
    assert not handlers
    addresses = [given.get("href") or "" for _, given in elements.found]
    assert not [one for one in addresses if not one.startswith("#") and one]


@pytest.mark.parametrize("field", ["area_name", "area_code"])
def test_an_area_named_with_markup_is_only_text(field: str) -> None:
    made = notebook()
    made.metadata["csp"][field] = ATTACK
    assert not Elements(render_page(read_page(made), where="report")).named("script")


def test_our_own_piece_that_would_act_is_refused() -> None:
    bad = shown({"text/html": ATTACK}, {"csp": {"role": "note"}})
    with pytest.raises(
        ReportError, match=r"^report: not published, because it holds: element "
    ):
        html_of(code(bad))


def test_a_picture_without_description_is_not_shown_but_said() -> None:
    html = html_of(code(shown({"image/png": "iVBORw0KGgo=", "text/plain": "<Figure>"})))
    assert NOT_SHOWN in html
    assert "iVBOR" not in html


def test_a_piece_that_ends_what_the_page_began_is_only_text() -> None:
    hiding = '</section></div><div hidden="hidden"><section>'
    data = {"text/html": hiding, "text/plain": "what is shown"}
    html = html_of(code(shown(data, {"csp": {"role": "note"}})), code(displayed(FALL.text)))
    assert 'hidden="hidden"' not in html
    assert '<pre class="csp-text">what is shown</pre>' in html


def test_a_cell_that_ended_in_an_error_makes_no_report() -> None:
    failed = new_output("error", ename="ValueError", evalue="12 High Street", traceback=[])
    with pytest.raises(ReportError, match="ended in ValueError") as raised:
        html_of(code(failed))
    assert "High Street" not in str(raised.value)


def test_a_notebook_in_which_nothing_was_run_is_not_taken_for_a_report() -> None:
    cells = [new_markdown_cell("# Is it rising?"), new_code_cell("show()")]
    with pytest.raises(ReportError, match="nothing has been run in it"):
        ReportExporter().from_notebook_node(new_notebook(cells=cells))


def test_signs_that_are_not_seen_are_left_out_wherever_they_stand() -> None:
    made = notebook(code(shown({"text/plain": "Harrow\u202eevil"}), source="x = '\x00'"))
    made.cells.insert(1, new_markdown_cell("nul \x00 here"))
    html = render_page(read_page(made), where="report")
    assert "Harrowevil" in html
    assert not {"\x00", "\u202e"}.intersection(html)


def test_a_formula_that_is_displayed_becomes_mathml() -> None:
    data = {"text/latex": "$x^2$", "text/plain": "<IPython.core.display.Math object>"}
    html = html_of(code(shown(data)))
    assert "<math" in html
    assert "Math object" not in html


def test_a_title_keeps_its_signs_of_less_and_more() -> None:
    made = new_notebook(cells=[new_markdown_cell("# Is theft < 5 and *fraud* > 3?")])
    assert read_page(made).title == "Is theft < 5 and fraud > 3?"


def test_nbconvert_finds_the_same_page() -> None:
    made = notebook(code(displayed(FALL.title), displayed(FALL.text)))
    html, resources = ReportExporter().from_notebook_node(made)
    assert html == render_page(read_page(made, name="report"), where="report")
    assert resources["output_extension"] == ".html"


def test_a_summary_is_made_last_and_read_first() -> None:
    def shown(role: str, html: str) -> dict:
        data = {"text/html": html, "text/plain": html}
        return {
            "output_type": "display_data",
            "data": data,
            "metadata": {"csp": {"role": role}},
        }

    def cell(*outputs: dict) -> dict:
        return {"cell_type": "code", "metadata": {}, "source": "x", "outputs": list(outputs)}

    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": "# Why?"},
        cell(shown("heading", '<h2 id="fell">Crime fell</h2>')),
        cell(shown("summary", '<h2 id="page">One page</h2><a href="#fell">fell</a>')),
    ]
    page = read_page({"cells": cells, "metadata": {}})
    assert [section.heading for section in page.sections] == ["One page", "Crime fell"]
    assert '<a href="#fell">' in page.sections[0].html[0]


def test_what_is_for_whoever_has_the_notebook_open_is_not_on_the_page() -> None:
    cells = [
        new_code_cell(
            "assessment", outputs=[displayed(Piece("lab", "<p>May be</p>", "May be"))]
        )
    ]
    notebook = new_notebook(cells=[new_markdown_cell("# Why?"), *cells])
    assert "May be" not in render_page(read_page(notebook), where="test")
