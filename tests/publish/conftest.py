"""Made-up reports for the tests of the site: rows of a ledger, and pages."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from html import escape
from pathlib import Path
from urllib.parse import quote

import pytest

from analysis.publish.ledger import Ledger, ReportRow
from analysis.publish.rebuilds import Rebuild

MakeRow = Callable[..., ReportRow]
MakePage = Callable[..., str]
KeepRun = Callable[..., None]


@pytest.fixture(scope="session")
def make_row() -> MakeRow:
    """A row of the ledger, done unless told otherwise."""

    def make(area_code: str, notebook: str, **other: object) -> ReportRow:
        made = ReportRow(
            area_code=area_code, notebook=notebook, status="done", content_key="k",
            parts="{}", params="{}", output_sha256="h", notebook_sha256="n",
            started="2026-01-01T10:00:00+00:00", finished="2026-01-01T10:00:05+00:00",
            seconds=1.0, peak_memory_mb=None, warnings="", error="", title="Is it rising?",
            headline="It fell", certainty="high", vintage="Figures to December 2025",
        )  # fmt: skip
        return replace(made, **other)  # type: ignore[arg-type]

    return make


@pytest.fixture(scope="session")
def make_page() -> MakePage:
    """A page with findings (heading, sentence, certainty) and tables (identifier to CSV)."""

    def make(
        *findings: tuple[str, str, str],
        vintage: str = "Harrow to May 2025",
        stated: str = "Recorded offences, Harrow, June 2024 to May 2025",
        **tables: str,
    ) -> str:
        keys = "".join(
            f'<li><a class="csp-key-heading" href="#s{n}">{escape(heading)}</a>'
            f'<p class="csp-finding">{escape(sentence)}</p><p class="csp-certainty">How sure: '
            f"<strong>{certainty}</strong>, because.</p></li>"
            for n, (heading, sentence, certainty) in enumerate(findings)
        )
        figures = "".join(
            f'<section aria-labelledby="s{n}"><figure class="csp-chart" id="{name}">'
            f'<p class="csp-chart-subtitle">{escape(stated)}</p><svg><title>no</title></svg>'
            f"<table><caption>Title of {name}: {escape(stated)}</caption></table>"
            f'<a href="data:text/csv;charset=utf-8,{quote(text)}" download="{name}.csv">CSV</a>'
            "<figcaption>Source: Metropolitan Police Service.</figcaption></figure></section>"
            for n, (name, text) in enumerate(tables.items())
        )
        return f'<p class="csp-vintage">{vintage}</p><ol>{keys}</ol>{figures}'

    return make


@pytest.fixture(scope="session")
def keep_run() -> KeepRun:
    """Put a run into the ledger of a folder, its pages beside it."""

    def keep(
        folder: Path,
        *rows: tuple[ReportRow, str],
        rebuilds: dict[tuple[str, str], Rebuild] | None = None,
        outcome: str = "done",
        size: tuple[int, int] | None = None,
    ) -> None:
        ledger = Ledger(folder)
        ledger.begin_run(
            {"boroughs": ["harrow"], "notebooks": []}, "0.1.0", "c0ffee", size=size
        )
        for row, html in rows:
            kept = row
            if html:
                page = folder / row.area_code / f"{row.notebook}.html"
                page.parent.mkdir(exist_ok=True)
                page.write_text(html, encoding="utf-8")
                sha256 = hashlib.sha256(html.encode()).hexdigest()
                kept = replace(row, output_sha256=sha256)
            rebuild = (rebuilds or {}).get(row.name)
            ledger.record(kept, changes=rebuild.as_json() if rebuild else "")
        ledger.end_run(outcome)
        ledger.close()

    return keep
