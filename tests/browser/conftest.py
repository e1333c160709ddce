"""A real browser: Debian's Chromium, driven by Playwright. Without one these tests skip."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
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
            options |= {"resultTypes": list(found), "preload": False}
            told = self.page.evaluate(f"options => axe.run({context}, options)", options)
            for kind, rules in found.items():
                for rule in told[kind]:
                    rules.setdefault(rule["id"], []).extend(
                        f"{one['html'][:120]} {_reason(one)}" for one in rule["nodes"]
                    )
        return found


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
