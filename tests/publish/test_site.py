"""The index lists what there is and says what failed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from analysis.publish.ledger import Ledger, ReportRow
from analysis.publish.site import list_entries, write_index


def row(area_code: str, notebook: str, **other: str) -> ReportRow:
    made = ReportRow(
        area_code=area_code, notebook=notebook, status="done", content_key="", parts="{}",
        params="{}", output_sha256="", notebook_sha256="", started="", finished="",
        seconds=1.0, peak_memory_mb=None, warnings="", error="", title="Is it rising?",
        headline="It fell", certainty="high", vintage="Figures to December 2025",
    )  # fmt: skip
    return replace(made, **other)  # type: ignore[arg-type]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Barnet built; Harrow built, then failed; Brent failed at once."""
    harrow, barnet, brent = "E09000015", "E09000003", "E09000005"
    runs = [
        [row(harrow, "targets"), row(barnet, "targets")],
        [
            row(harrow, "targets", status="failed", error="Harrow: no <b>", title=""),
            row(brent, "targets", status="failed", error="Brent: no", title="", headline=""),
        ],
    ]
    for rows in runs:
        ledger = Ledger(tmp_path)
        ledger.begin_run({}, "0", "")
        for one in rows:
            ledger.record(one)
        ledger.close()
    for code in (harrow, barnet):
        (tmp_path / code).mkdir()
        (tmp_path / code / "targets.html").write_text("a page")
    return tmp_path


def test_boroughs_stand_in_order_of_name(out: Path) -> None:
    assert list(list_entries(out)) == ["Barnet", "Brent", "Harrow"]


def test_a_failed_report_is_said_and_the_one_before_it_still_linked(out: Path) -> None:
    (harrow,) = list_entries(out)["Harrow"]
    assert (harrow.address, harrow.headline) == ("E09000015/targets.html", "It fell")
    html = write_index(out).read_text()
    assert "Not up to date: its last run failed" in html
    assert "Harrow: no &lt;b&gt;" in html


def test_a_report_that_never_was_has_no_link(out: Path) -> None:
    (brent,) = list_entries(out)["Brent"]
    assert (brent.address, brent.headline) == ("", "")
    html = write_index(out).read_text()
    assert "Not built: its run failed." in html
    assert "E09000005/" not in html


def test_the_index_tells_finding_certainty_and_vintage(out: Path) -> None:
    html = write_index(out).read_text()
    assert "How sure: <strong>high</strong>" in html
    assert "Figures to December 2025" in html


def test_an_index_that_says_the_same_is_not_written_again(out: Path) -> None:
    path = write_index(out)
    before = path.stat().st_mtime_ns
    assert write_index(out) == path
    assert path.stat().st_mtime_ns == before
