"""Markup planted wherever data, params or a cell can bring it, opened in a real browser.

Each payload meets the three layers apart: what the exporter makes of it, what the guard says
of a page that holds it raw, and what the page's own policy lets it do. First of all it is
opened with none of them, so that what does nothing is known to be able to do something.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import Error as PlaywrightError

from analysis.charts.chart import Chart
from analysis.charts.table import Table
from analysis.errors import ReportError
from analysis.findings.finding import Finding, note
from analysis.publish.html.exporter import ReportExporter
from analysis.publish.html.guard import refuse_active_content

pytestmark = pytest.mark.slow

NOWHERE = "http://listener.invalid/"
# Stands for a server of the test's own, which notes what it is asked for.
RAN = "void(document.title = 'ran')"
SCRIPT = f"<script>{RAN}</script>"
IMAGE = f'<img src=x onerror="{RAN}">'
ATTACK = IMAGE + SCRIPT

Visiting = Callable[..., AbstractContextManager[Any]]


@dataclass(frozen=True)
class Payload:
    """What is planted: the cell that shows it, and the markup that a mistake would leave.

    ``bare`` says what the markup does in a page without any defence: it runs, it asks for
    an address, it leads away when it is clicked; or nothing in this browser.
    """

    name: str
    cell: Any
    raw: str
    bare: str = "runs"


def shown(data: dict[str, str], role: str = "") -> Any:
    metadata = {"csp": {"role": role}} if role else {}
    return new_code_cell("x", outputs=[new_output("display_data", data, metadata=metadata)])


def html(text: str, role: str = "") -> Any:
    return shown({"text/html": text, "text/plain": "what is shown"}, role)


def piece(one: Any) -> Any:
    data, metadata = one._repr_mimebundle_()
    return new_code_cell("x", outputs=[new_output("display_data", data, metadata=metadata)])


def chart(title: str, cell: str) -> Chart:
    frame = pd.DataFrame({"Place": [cell], "Offences": [3]})
    words = f"A bar for each of the places. The longest is {cell}, with 3 offences of all 3."
    drawing = '<svg role="img" aria-label="a drawing"><path d="M0 0h9"/></svg>'
    return Chart(title, cell, words, drawing, frame, cell, "planted")


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" aria-label="a">'
FRAME = f'<iframe srcdoc="<script>parent.{RAN[5:-1]}</script>"></iframe>'
FORGED = f"{SVG}<a href=\"javascript:{RAN}\"><text y='9'>x</text></a></svg>"

PAYLOADS = (
    Payload("a script in Markdown", new_markdown_cell(f"## Here\n\n{SCRIPT}"), SCRIPT),
    Payload("a handler in Markdown", new_markdown_cell(f"Text {IMAGE}"), IMAGE),
    Payload(
        "a link that is a script",
        new_markdown_cell(f"[click](javascript:{RAN.replace(' ', '')})"),
        f'<a href="javascript:{RAN}">click</a>',
    ),
    Payload(
        "a link to a page of its own",
        new_markdown_cell(f"[click](data:text/html,{SCRIPT.replace(' ', '')})"),
        f'<a href="data:text/html,{SCRIPT.replace(chr(34), "")}">click</a>',
        "nothing",
    ),
    Payload(
        "an output of JavaScript",
        shown({"application/javascript": RAN, "text/plain": "JS"}),
        SCRIPT,
    ),
    Payload(
        "a drawing with a script",
        shown({"image/svg+xml": f"{SVG}{SCRIPT}</svg>", "text/plain": "svg"}),
        f"{SVG}{SCRIPT}</svg>",
    ),
    Payload(
        "a drawing with a page in it",
        html(f"{SVG}<foreignObject>{IMAGE}</foreignObject></svg>"),
        f'{SVG}<foreignObject width="9" height="9">{IMAGE}</foreignObject></svg>',
    ),
    Payload(
        "a drawing whose link is set later",
        html(f'{SVG}<a><set attributeName="href" to="javascript:{RAN}"/></a></svg>'),
        f'{SVG}<a><set attributeName="href" to="javascript:{RAN}"/>'
        '<text y="9">x</text></a></svg>',
    ),
    Payload(
        "a drawing that fetches",
        html(f'{SVG}<image href="{NOWHERE}a.png"/></svg>'),
        f'{SVG}<image href="{NOWHERE}a.png" width="9" height="9"/></svg>',
        "asks",
    ),
    Payload(
        "a style that fetches",
        html(f'<p style="background:url({NOWHERE}b)">x</p>'),
        f'<p style="background:url({NOWHERE}b)">x</p>',
        "asks",
    ),
    Payload(
        "a sheet that imports",
        new_markdown_cell(f"<style>@import '{NOWHERE}c.css'</style>"),
        f"<style>@import '{NOWHERE}c.css';</style>",
        "asks",
    ),
    Payload(
        "a frame with its own page",
        html(FRAME),
        FRAME,
    ),
    Payload(
        "a frame from elsewhere",
        html(f'<iframe src="{NOWHERE}d"></iframe>'),
        f'<iframe src="{NOWHERE}d"></iframe>',
        "asks",
    ),
    Payload(
        "a formula that leads away",
        new_markdown_cell(r"$\href{javascript:void(document.title='ran')}{x}$"),
        f'<math><mrow href="javascript:{RAN}"><mi>x</mi></mrow></math>',
        "nothing",
    ),
    Payload(
        "a formula with markup as text",
        new_markdown_cell(rf"$\text{{<script>{RAN.replace(' ', '')}</script>}}$"),
        f'<math alttext="x"><mtext>{IMAGE}</mtext></math>',
    ),
    Payload(
        "a form",
        html(f'<form action="{NOWHERE}e"><button autofocus>Go</button></form>'),
        f'<form action="{NOWHERE}e"><button autofocus>Go</button></form>',
        "asks",
    ),
    Payload("a cell of a table", piece(Table(ATTACK, pd.DataFrame({ATTACK: [ATTACK], "n": [1]}),
                                             ATTACK, "planted", notes=(ATTACK,))), IMAGE),
    Payload("a title of a chart", piece(chart(IMAGE, ATTACK)), IMAGE),
    Payload("a sentence of a finding", piece(Finding(IMAGE, ATTACK, "low", IMAGE).text),
            IMAGE),
    Payload("a note", piece(note(ATTACK)), SCRIPT),
    Payload("a table of a DataFrame", html(pd.DataFrame({"n": [ATTACK]}).to_html(escape=False)),
            IMAGE),
)  # fmt: skip
MEETING = pytest.mark.parametrize("payload", PAYLOADS, ids=lambda one: one.name)

SOUND = Finding("Burglary fell", "Burglary fell by 7 %.", "high", "it is outside chance")


def page_of(*cells: Any, area: str = "Harrow") -> str:
    """The page that ``csp-report`` makes of an executed notebook."""
    found = [
        new_output("display_data", data, metadata=metadata)
        for data, metadata in (SOUND.title._repr_mimebundle_(), SOUND.text._repr_mimebundle_())
    ]
    made = new_notebook(
        cells=[new_markdown_cell("# Is it rising?"), new_code_cell("x", outputs=found), *cells]
    )
    made.metadata["csp"] = {"area_name": area, "area_code": "E09000015"}
    page: str = ReportExporter().from_notebook_node(made)[0]
    return page


def planted(raw: str) -> str:
    """A sound page with markup put in, as a mistake would have left it."""
    return page_of().replace("</main>", f"{raw}</main>")


def undefended(page: str) -> str:
    return re.sub(r"<meta http-equiv[^>]*>", "", page)


@dataclass(frozen=True)
class Seen:
    """What a page did once it was opened and all of it clicked."""

    title: str
    asked: list[str]
    said: list[str]
    text: str
    moved: bool


@pytest.fixture(scope="module")
def asked() -> Iterator[tuple[str, list[str]]]:
    """Address of a server that answers nothing, and what it has been asked for."""
    heard: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802
            heard.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", heard
    server.shutdown()
    server.server_close()


Open = Callable[..., Seen]


@pytest.fixture
def opened(visiting: Visiting, asked: tuple[str, list[str]], tmp_path: Path) -> Open:
    """Open a page, unfold it, click all that does not lead within it, and say what it did.

    What a page is known to do is waited for: on a busy machine it may take a moment.
    """
    address, heard = asked
    path = tmp_path / "page.html"

    def look(page: str, *, until: str = "") -> Seen:
        heard.clear()
        path.write_text(page.replace(NOWHERE, address), encoding="utf-8")
        with visiting(path) as visit:
            text = visit.page.inner_text("body")
            with suppress(PlaywrightError):
                # A page that leads away ends what looks at it.
                visit.page.evaluate(CLICK_ALL)
            for _ in range(50):
                visit.page.wait_for_timeout(80)
                ran = visit.page.title() == "ran"
                if {"asks": bool(heard), "runs": ran}.get(until, True):
                    break
            moved = visit.page.url != path.as_uri()
            return Seen(visit.page.title(), list(heard), visit.said, text, moved)

    return look


CLICK_ALL = """() => {
    document.querySelectorAll('details').forEach(it => it.open = true)
    for (const one of document.querySelectorAll('main a, mrow, math, button'))
        if (!(one.getAttribute('href') || '').startsWith('#') && !one.hasAttribute('download'))
            one.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}))
}"""


@MEETING
def test_the_exporter_leaves_nothing_of_it_but_text(payload: Payload, opened: Open) -> None:
    seen = opened(page_of(payload.cell))
    assert seen.title == "Harrow: Is it rising? – Safer Boroughs"
    assert not seen.moved
    assert seen.asked == []
    assert seen.said == []
    assert "Burglary fell by 7 %." in seen.text
    assert "How this report was made" in seen.text


@MEETING
def test_the_guard_refuses_a_page_that_holds_it(payload: Payload) -> None:
    with pytest.raises(ReportError, match="^report: not published, because it holds: "):
        refuse_active_content(planted(payload.raw), "report")


@MEETING
def test_the_policy_stops_it_where_all_else_failed(payload: Payload, opened: Open) -> None:
    bare = opened(undefended(planted(payload.raw)), until=payload.bare)
    assert (bare.title == "ran") == (payload.bare == "runs"), "it can do no harm by itself"
    assert bool(bare.asked) == (payload.bare == "asks")
    seen = opened(planted(payload.raw))
    # A form that is stopped leaves its page, though nothing is asked.
    assert seen.title != "ran"
    assert seen.asked == []
    assert "Burglary fell by 7 %." in seen.text


def test_a_page_that_sends_its_reader_away_is_stopped_by_the_guard_alone() -> None:
    # No policy forbids a refresh: this one depends on the first two layers.
    raw = f'<meta http-equiv="refresh" content="0;url={NOWHERE}">'
    assert raw not in page_of(new_markdown_cell(raw), html(raw))
    with pytest.raises(ReportError, match="element meta"):
        refuse_active_content(planted(raw), "report")


@pytest.mark.parametrize("role", ["chart", "note", "finding", "heading", "table", "summary"])
@pytest.mark.parametrize(
    "raw",
    [ATTACK, FORGED, '<p style="position:fixed;inset:0">High</p>', '<a href="//a.b">x</a>'],
)
def test_a_cell_that_forges_a_role_is_refused(role: str, raw: str) -> None:
    with pytest.raises(ReportError, match="not published"):
        page_of(html(f'<h2 id="x">X</h2>{raw}', role))


def test_a_borough_or_a_place_named_with_markup_is_read_as_its_name(
    opened: Open,
) -> None:
    seen = opened(page_of(area=ATTACK))
    assert seen.title.startswith("<img src=x onerror=")
    assert seen.asked == []
    assert IMAGE in seen.text


OWN = """
from IPython.display import Markdown, display
from analysis.findings.finding import Finding, note
from analysis.params.plans import load_plan
title = load_plan(plan).title
found = Finding("Burglary fell", f"As {title} says.", "high", "it is so")
display(found.title, Markdown(title), note(title), title, found.text)
"""


def test_a_plan_named_with_markup_goes_through_a_whole_run_as_text(
    small_project: Path, write_notebook: Callable[..., Path], opened: Open, tmp_path: Path
) -> None:
    from analysis.cli.run import run_command as run

    plan = next((small_project / "params/plans").glob("harrow*.yml")).read_text("utf-8")
    named = small_project / "params/plans/planted.yml"
    named.write_text(re.sub(r"^title:.*$", f"title: {json.dumps(ATTACK)}", plan, flags=re.M))
    write_notebook("own", OWN, parameters='borough: str = "harrow"\nplan: str = ""')
    out = tmp_path / "reports"
    asked = ["--borough", "harrow", "--notebook", "own", "--plan", "planted", "--out", out]
    done = CliRunner().invoke(run, [str(one) for one in asked])
    assert done.exit_code == 0, (done.output, done.exception)
    page = (out / "E09000015/own.html").read_text("utf-8")
    seen = opened(page)
    assert seen.title == "Harrow: Is it rising? – Safer Boroughs"
    assert (seen.asked, seen.said) == ([], [])
    assert seen.text.count(IMAGE) >= 3
