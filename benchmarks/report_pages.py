"""What a reader is sent: the project's page against nbconvert's default, in one run.

    python benchmarks/report_pages.py [--notebook NAME ...] [--reports DIR] [--loads 15]

Takes executed notebooks as ``csp run`` leaves them beside the reports (those of Harrow,
built first where no folder is given) and converts each twice: by nbconvert's ``lab`` template
and by ``csp-report``. Both pages are opened from disk in the same browser, one after the other
in turn, in a fresh window each time, on a processor slowed to a quarter. Whatever a page asks
another host for is refused at once, which spares the page that asks the time it would wait.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import click
import nbformat
from nbconvert.exporters import Exporter, HTMLExporter
from playwright.sync_api import Browser, CDPSession, Page, Route, sync_playwright

from analysis.publish.html.exporter import ReportExporter
from data_build import machine

SLOWED = 4
# Times: a cheap telephone beside the machine that measures.
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CONVERSIONS = 3
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
# axe-core (MPL-2.0), as the wheel carries it; it is read, not kept.
PAINTED = """() => new Promise(done => {
    const told = list => list.getEntriesByName('first-contentful-paint')[0]?.startTime
    const now = told(performance)
    if (now !== undefined) return done(now)
    new PerformanceObserver((list, watcher) => {
        const at = told(list)
        if (at !== undefined) { watcher.disconnect(); done(at) }
    }).observe({type: 'paint', buffered: true})
})"""
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@dataclass(frozen=True)
class Measured:
    """One page: what it weighs, asks for and runs, and how soon it shows something."""

    kilobytes: float
    requests: int
    scripts: int
    violations: int
    paint_ms: float
    fastest_ms: float
    work_ms: float
    convert_s: float

    @property
    def cells(self) -> list[str]:
        """The numbers as the table prints them."""
        return [
            f"{self.kilobytes:,.0f}",
            str(self.requests),
            str(self.scripts),
            str(self.violations),
            f"{self.paint_ms:,.0f}",
            f"{self.fastest_ms:,.0f}",
            f"{self.work_ms:,.0f}",
            f"{self.convert_s:.2f}",
        ]


@click.command()
@click.option("--notebook", "names", multiple=True, default=("targets", "strategic_assessment"))
@click.option("--reports", type=click.Path(path_type=Path), help="Folder of 'csp run'.")
@click.option("--loads", default=15, show_default=True, help="How often each page is opened.")
def measure(names: tuple[str, ...], reports: Path | None, loads: int) -> None:
    """Print the machine, then a table: two rows a notebook, and their ratio."""
    print(machine())
    print(
        f"Opened {loads} times each on a processor slowed {SLOWED} times: first paint is the "
        "median, and the fastest is the load that other work of the machine disturbed least.\n"
        "Work is what the page's own thread did until then, by its own clock (median)."
    )
    head = [
        "page",
        "kB",
        "requests",
        "scripts",
        "axe",
        "paint, ms",
        "fastest",
        "work, ms",
        "convert, s",
    ]
    print(row(head))
    with tempfile.TemporaryDirectory() as folder, browsing() as browser:
        built = reports or build(Path(folder) / "reports", names)
        for name in names:
            notebook = built / f"E09000015/{name}.ipynb"
            lab, own = compare(notebook, Path(folder), browser, loads)
            print(row([f"{name}, lab", *lab.cells]))
            print(row([f"{name}, csp-report", *own.cells]))
            print(
                f"  first paint {own.paint_ms / lab.paint_ms:.2f} of the lab template's, "
                f"fastest {own.fastest_ms / lab.fastest_ms:.2f}, "
                f"work {own.work_ms / lab.work_ms:.2f}"
            )


def build(out: Path, names: tuple[str, ...]) -> Path:
    """Reports of Harrow in a folder of their own."""
    asked = [part for name in names for part in ("--notebook", name)]
    command = [sys.executable, "-c", "from analysis.cli import main; main()", "run"]
    subprocess.run(
        [*command, "--borough", "harrow", *asked, "--out", str(out)],
        check=True,
        capture_output=True,
    )
    return out


def compare(
    notebook: Path, folder: Path, browser: Browser, loads: int
) -> tuple[Measured, Measured]:
    """The page of the lab template and the project's, from one executed notebook."""
    pages = {
        "lab": converted(notebook, HTMLExporter(template_name="lab"), folder / "lab.html"),
        "own": converted(notebook, ReportExporter(), folder / "own.html"),
    }
    loads_of: dict[str, list[tuple[float, float]]] = {name: [] for name in pages}
    for _ in range(loads + 1):
        for name, (path, _seconds) in pages.items():
            loads_of[name].append(first_paint(path, browser))
    # The first load of each warms the disk and the browser up.
    lab, own = (looked_at(*pages[name], loads_of[name][1:], browser) for name in pages)
    return lab, own


def converted(notebook: Path, exporter: Exporter, path: Path) -> tuple[Path, float]:
    """The page, and the median of the seconds that it took to make."""
    took = []
    for _ in range(CONVERSIONS):
        start = time.perf_counter()
        read = nbformat.read(notebook, as_version=4)
        html, _resources = exporter.from_notebook_node(read)
        took.append(time.perf_counter() - start)
    path.write_text(html, encoding="utf-8")
    return path, statistics.median(took)


def first_paint(path: Path, browser: Browser) -> tuple[float, float]:
    """Milliseconds until a page first shows something, and its own work until then."""
    with opened(path, browser) as (page, _asked, session):
        paint = float(page.evaluate(PAINTED))
        told = session.send("Performance.getMetrics")["metrics"]
        (work,) = (one["value"] for one in told if one["name"] == "TaskDuration")
        return paint, 1000 * work


def looked_at(
    path: Path, seconds: float, loads: list[tuple[float, float]], browser: Browser
) -> Measured:
    """All that is measured of one page."""
    with opened(path, browser) as (page, asked, _session):
        scripts = page.locator("script").count()
        page.evaluate(AXE)
        tags = {"runOnly": {"type": "tag", "values": STANDARDS}, "resultTypes": ["violations"]}
        told = page.evaluate("options => axe.run(document, options)", tags)
    violations = sum(len(rule["nodes"]) for rule in told["violations"])
    size = path.stat().st_size / 1000
    paints, works = zip(*loads, strict=True)
    median, work = statistics.median(paints), statistics.median(works)
    return Measured(size, len(asked), scripts, violations, median, min(paints), work, seconds)


@contextmanager
def opened(path: Path, browser: Browser) -> Iterator[tuple[Page, list[str], CDPSession]]:
    """A page in a window of its own, with what it asked other hosts for."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    context.route(lambda url: not url.startswith(("file:", "data:")), refuse)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    page.goto(path.as_uri())
    yield page, asked, session
    context.close()


@contextmanager
def browsing() -> Iterator[Browser]:
    """Chromium, or an error that says that there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        raise click.ClickException("no browser on this machine: install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


def row(cells: list[str]) -> str:
    """A line of the table."""
    return f"{cells[0]:36}" + "".join(f"{cell:>12}" for cell in cells[1:])


if __name__ == "__main__":
    measure()
