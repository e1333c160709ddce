"""A real browser: Debian's Chromium, driven by Playwright. Without one these tests skip."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, Page, Request, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# The browser itself must not call home: a page's requests are what is counted.

CHECKS = (Path(__file__).parent / "checks.js").read_text("utf-8")
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

UNLIKE_ROWS = 3
# axe takes seconds to see whether each cell of a table is legible, and rows are styled alike:
# it looks at the colours of the first three of a table, and our own check at every one.


SPACED = """
* { line-height: 1.5 !important; letter-spacing: .12em !important;
  word-spacing: .16em !important; }
p { margin-bottom: 2em !important; }
"""
# WCAG 2.2, 1.4.12: what a reader may set without losing anything.

NAMED = {"navigation", "region", "table", "link", "columnheader", "rowheader"}
SPOKEN = ("table", "columnheader", "rowheader", "img", "list", "link")
# What must have a name to be found by it, and what every report has. Names of drawings, longer
# than this tree tells, are looked at in the page itself.

AT_ONCE = 8
# Tables saved from one window: after ten the browser asks whether more may be.

LANDED = """address => {
  const target = document.getElementById(decodeURIComponent(address.slice(1)));
  const box = target.getBoundingClientRect();
  const bottom = document.documentElement.scrollHeight - innerHeight - scrollY < 2;
  return box.top >= -1 && (box.top < innerHeight / 2 || (bottom && box.top < innerHeight));
}"""
FOLLOWED = """address => {
  const target = document.getElementById(decodeURIComponent(address.slice(1)));
  const at = document.activeElement;
  return target.contains(at) ||
    Boolean(target.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING) ||
    at === document.body;
}"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser, started for each file of tests.

    No longer than that: while it is there, other tests of the process find an event loop
    that runs already.
    """
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(f"no browser on this machine (looked for {', '.join(NAMES)})")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page in the browser, with all it asked for and all it said."""

    page: Page
    requests: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def look(self, check: str, *given: object) -> Any:
        """Result of a function of ``checks.js``."""
        arguments = ", ".join(json.dumps(one) for one in given)
        if not self.page.evaluate("'checks' in window"):
            self.page.evaluate(f"window.checks = {CHECKS}")
        return self.page.evaluate(f"checks.{check}({arguments})")

    def open_details(self) -> None:
        """Open all that is folded."""
        self.page.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")

    def axe(self) -> dict[str, dict[str, list[str]]]:
        """What axe finds: ``violations`` and ``incomplete``, by rule the elements."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE)
        tags = {"type": "tag", "values": STANDARDS}
        colours = {"type": "rule", "values": ["color-contrast"]}
        beyond = f"tbody tr:nth-child(n+{UNLIKE_ROWS + 1})"
        found: dict[str, dict[str, list[str]]] = {"violations": {}, "incomplete": {}}
        for context, options in (
            ("document", {"runOnly": tags, "rules": {"color-contrast": {"enabled": False}}}),
            (f"{{include: ['html'], exclude: ['svg', '{beyond}']}}", {"runOnly": colours}),
        ):
            options |= {"resultTypes": list(found), "preload": False, "selectors": False}
            told = self.page.evaluate(f"options => axe.run({context}, options)", options)
            for kind, rules in found.items():
                for rule in told[kind]:
                    rules.setdefault(rule["id"], []).extend(
                        f"{one['html'][:120]} {_reason(one)}" for one in rule["nodes"]
                    )
        return found

    def space_out(self) -> None:
        """Set the text as a reader who needs more room may."""
        self.page.evaluate(
            "style => { const sheet = new CSSStyleSheet(); sheet.replaceSync(style); "
            "document.adoptedStyleSheets.push(sheet); }",
            SPACED,
        )

    def spoken_faults(self) -> list[str]:
        """What is out of order in the tree that a screen reader is given."""
        return _spoken_faults(self.page.locator("body").aria_snapshot())

    def keyboard_faults(self) -> list[str]:
        """Where the Tab key does not come, comes out of order, or cannot be seen."""
        keyboard = self.page.keyboard
        self.page.evaluate("scrollTo(0, 0); document.activeElement.blur()")
        expected = self.look("begin")
        met, faults = [], []
        for _ in range(expected + 20):
            keyboard.press("Tab")
            here = self.look("here")
            if here["isNone"] or (met and here["place"] == met[0]):
                break
            if here["place"] in met:
                faults.append(f"comes again: {here['name']}")
                break
            met.append(here["place"])
            if not here["isOutlined"]:
                faults.append(f"not seen to be there: {here['name']}")
            if not here["isInView"]:
                faults.append(f"out of sight: {here['name']}")
            if len(met) == 1 and here["href"] != "#main":
                faults.append(f"first is no skip link: {here['name']}")
        if met != list(range(expected)):
            faults.append(f"{expected} stops, met: {met}")
        linked = set(self.page.evaluate("stopsOfPage.map(it => it.getAttribute('href') || '')"))
        return faults + [
            f"no link to {heading['name']}"
            for heading in self.look("headings")
            if f"#{heading['id']}" not in linked
        ]

    def landing_faults(self) -> list[str]:
        """Links within the page that do not bring eye and keyboard along."""
        faults = []
        links = self.page.locator(
            ".csp-skip, nav a[href^='#'], .csp-key-findings a[href^='#'], footer a[href^='#']"
        )
        for link in links.all():
            address = link.get_attribute("href")
            link.focus()
            self.page.keyboard.press("Enter")
            if not self.page.evaluate(LANDED, address):
                faults.append(f"{address} is not in view")
            self.page.keyboard.press("Tab")
            if not self.page.evaluate(FOLLOWED, address):
                faults.append(f"the keyboard stays behind at {address}")
        return faults if links.count() > 2 else ["no contents"]

    def arrival_faults(self) -> list[str]:
        """Links to headings, charts and tables that, sent to somebody, open elsewhere."""
        links = [
            link.get_attribute("href") for link in self.page.locator(".csp-permalink").all()
        ]
        faults = [] if links else ["nothing can be linked to"]
        # The first, the last and some between: each is a page of its own to open.
        for address in {*links[:: max(1, len(links) // 5)], *links[-1:]}:
            page = self.page.context.new_page()
            page.goto(f"{self.page.url.partition('#')[0]}{address}")
            if not page.evaluate(LANDED, address):
                faults.append(f"{address} is not in view")
            page.close()
        return faults

    def saved_faults(self) -> list[str]:
        """How the tables, saved from disk by their links, differ from what is shown."""
        figures: list[dict[str, Any]] = self.look("figures")
        found: list[str] = []
        for first in range(0, len(figures), AT_ONCE):
            page = self.page.context.new_page()
            page.goto(self.page.url.partition("#")[0])
            page.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")
            for figure in figures[first : first + AT_ONCE]:
                saved = _saved(page, figure["id"])
                found += _differences(figure["id"], figure["rows"], saved)
            page.close()
        return found if figures else ["no table can be saved"]


def _spoken_faults(snapshot: str) -> list[str]:
    """What is out of order in the tree that a screen reader is given."""
    met = list(_spoken(yaml.safe_load(snapshot)))
    levels = [int(rest[7]) for role, _, rest in met if role == "heading"]
    faults = [] if levels.count(1) == 1 and levels[:1] == [1] else [f"first headings: {levels}"]
    faults += [
        f"a heading of level {after} after one of level {before}"
        for before, after in pairwise(levels)
        if after > before + 1
    ]
    roles = [role for role, _, _ in met]
    faults += [
        f"{roles.count(role)} {role} landmarks"
        for role in ("banner", "main", "navigation", "contentinfo")
        if roles.count(role) != 1
    ]
    faults += [
        f"a {role} without a name" for role, name, _ in met if role in NAMED and not name
    ]
    faults += [f"no {role}" for role in SPOKEN if role not in roles]
    return faults


def _spoken(node: object) -> Iterator[tuple[str, str, str]]:
    """Role, name and state of each thing in the tree, in order.

    The tree is YAML: ``- heading "Crime fell" [level=2]``, ``- main:`` with what is inside.
    """
    if isinstance(node, list):
        for child in node:
            yield from _spoken(child)
    elif isinstance(node, dict):
        for name, inside in node.items():
            yield from _spoken(name)
            yield from _spoken(inside) if isinstance(inside, list) else ()
    elif isinstance(node, str):
        found = re.fullmatch(r'(\w+)(?: "(.*)")?((?: ?\[[^\]]*\])*)', node, re.DOTALL)
        if found:
            yield found[1], found[2] or "", found[3].strip()


def _saved(page: Any, figure: str) -> tuple[str, list[list[str]]]:
    link = page.locator(f"#{figure} a[download]")
    with page.expect_download() as download:
        link.click()
    text = Path(download.value.path()).read_text("utf-8-sig")
    return download.value.suggested_filename, list(csv.reader(io.StringIO(text)))


def _differences(
    figure: str, shown: list[list[str]], saved: tuple[str, list[list[str]]]
) -> list[str]:
    name, rows = saved
    faults = [] if name == f"{figure}.csv" else [f"{figure} is saved as {name}"]
    if [len(row) for row in rows] != [len(row) for row in shown]:
        return [*faults, f"{figure}: rows or columns are missing"]
    return faults + [
        f"{figure}: {cell!r} is shown, {value!r} saved"
        for row, line in zip(shown, rows, strict=True)
        for cell, value in zip(row, line, strict=True)
        if _as_saved(cell) != " ".join(value.split())
    ]


def _as_saved(cell: str) -> str:
    """What a cell of the page becomes in a file that a spreadsheet opens.

    No thousands separators, a plain minus, and nothing that is taken for a formula.
    """
    cell = " ".join(cell.split()).replace("\u2212", "-")
    plain = cell.replace(",", "")
    if re.fullmatch(r"-?\d+(\.\d+)?", plain):
        return plain
    return f"'{cell}" if cell[:1] in tuple("=+-@\uff1d\uff0b\uff0d\uff20") else cell


def _reason(node: dict[str, Any]) -> str:
    told = [one["message"] for kind in ("any", "all", "none") for one in node[kind]]
    return told[0] if told else ""


Visiting = Callable[..., AbstractContextManager[Visit]]


@pytest.fixture(scope="module")
def visiting(chromium: Browser) -> Visiting:
    """Open a page from disk, in a window of its own: ``visiting(path, width=320, ...)``.

    What else is given goes to the window: ``color_scheme``, ``forced_colors``, ...
    """

    @contextmanager
    def visit(
        path: Path, width: int = 1280, height: int = 800, **window: Any
    ) -> Iterator[Visit]:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, accept_downloads=True, **window
        )
        # No page of ours needs more than seconds; a busy machine may.
        context.set_default_timeout(60_000)
        visited = Visit(context.new_page())

        def asked(request: Request) -> None:
            visited.requests.append(request.url)

        visited.page.on("request", asked)
        visited.page.on("console", lambda message: visited.said.append(message.text))
        visited.page.on("pageerror", lambda error: visited.said.append(str(error)))
        visited.page.goto(path.as_uri())
        yield visited
        context.close()

    return visit
