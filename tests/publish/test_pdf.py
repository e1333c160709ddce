"""Printing through a browser that is made up: what it is asked, and what becomes of it."""

from __future__ import annotations

import os
import stat
import time
from hashlib import sha256
from pathlib import Path

import psutil
import pytest

from analysis.errors import ReportError, UsageError
from analysis.publish.pdf import find_browser, is_printed_from, print_page

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the made-up browser is a shell script")

TIMES = "/CreationDate (D:20260102030405+00'00')\\n/ModDate (D:20260102030405+00'00')"
WRITES = f"""
for each in "$@"; do case "$each" in --print-to-pdf=*) pdf="${{each#*=}}";; esac; done
printf '%%PDF-1.4\\n{TIMES}\\nstartxref\\n9\\n%%%%EOF\\n' > "$pdf"
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "targets.html"
    path.write_text("<!DOCTYPE html><title>Targets</title>", encoding="utf-8")
    return path


def browser(folder: Path, body: str) -> str:
    path = folder / "browser"
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_a_pdf_carries_its_pages_sha256_and_no_time(page: Path, tmp_path: Path) -> None:
    pdf = tmp_path / "targets.pdf"
    print_page(page, pdf, browser(tmp_path, WRITES))
    content = pdf.read_bytes()
    assert b"Date" not in content
    assert content.endswith(b"startxref\n9\n%%EOF\n")
    assert content.index(b"startxref") > content.index(b"% printed from")
    assert is_printed_from(pdf, sha256(page.read_bytes()).hexdigest())
    assert not is_printed_from(pdf, "0" * 64)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "browser",
        "targets.html",
        "targets.pdf",
    ]


def test_the_browser_gets_a_profile_of_its_own_that_is_gone_afterwards(
    page: Path, tmp_path: Path
) -> None:
    told = tmp_path / "told"
    print_page(
        page, tmp_path / "targets.pdf", browser(tmp_path, f'echo "$@" > {told}\n{WRITES}')
    )
    arguments = told.read_text("utf-8").split()
    (profile,) = (one for one in arguments if one.startswith("--user-data-dir="))
    assert not Path(profile.partition("=")[2]).exists()
    assert {"--headless", "--export-tagged-pdf", "--generate-pdf-document-outline"} <= set(
        arguments
    )
    assert arguments[-1] == page.as_uri()


@pytest.mark.parametrize(
    "body",
    [
        "exit 1",
        WRITES.replace("EOF", "EO"),
        WRITES.replace("%%PDF", "HTML"),
        f"{WRITES}\nrm $pdf",
    ],
    ids=["nothing", "cut short", "something else", "taken away"],
)
def test_a_pdf_that_is_not_whole_takes_no_place(page: Path, tmp_path: Path, body: str) -> None:
    pdf = tmp_path / "targets.pdf"
    pdf.write_bytes(b"the one before")
    with pytest.raises(ReportError, match=r"wrote no whole PDF. See that it is Chromium"):
        print_page(page, pdf, browser(tmp_path, body))
    assert pdf.read_bytes() == b"the one before"
    assert len(list(tmp_path.iterdir())) == 3


def test_a_pdf_that_cannot_be_replaced_fails_alone(page: Path, tmp_path: Path) -> None:
    # As where a reader holds it open on Windows, or the folder cannot be written.
    pdf = tmp_path / "targets.pdf"
    pdf.mkdir()
    with pytest.raises(ReportError, match=r"targets.pdf: cannot be written \(.*\). Close it"):
        print_page(page, pdf, browser(tmp_path, WRITES))
    with pytest.raises(ReportError, match=r"targets.pdf: cannot be written \(.*\). Close it"):
        print_page(page, tmp_path / "gone/targets.pdf", browser(tmp_path, WRITES))


def test_a_browser_that_does_not_answer_is_ended_with_all_it_started(
    page: Path, tmp_path: Path
) -> None:
    pids = tmp_path / "pids"
    body = f"sleep 60 & echo $! > {pids}; echo $$ >> {pids}; wait"
    begun = time.monotonic()
    with pytest.raises(ReportError, match=r"did not print it within 1 s and was ended"):
        print_page(page, tmp_path / "targets.pdf", browser(tmp_path, body), limit_seconds=1)
    assert time.monotonic() - begun < 30
    assert not any(psutil.pid_exists(int(pid)) for pid in pids.read_text("utf-8").split())
    assert not (tmp_path / "targets.pdf").exists()


def test_a_browser_is_taken_as_named_before_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = browser(tmp_path, "")
    monkeypatch.setenv("CSP_BROWSER", named)
    assert find_browser() == named
    with pytest.raises(
        UsageError, match=r"nowhere: no such browser .* --browser or CSP_BROWSER"
    ):
        find_browser("nowhere")
    monkeypatch.delenv("CSP_BROWSER")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match=r"no browser \(chromium, .* Install Chromium"):
        find_browser()


def test_a_browser_that_cannot_be_started_is_told(page: Path, tmp_path: Path) -> None:
    no_program = tmp_path / "browser"
    no_program.write_text("no program", encoding="utf-8")
    no_program.chmod(0o755)
    with pytest.raises(UsageError, match="cannot be started"):
        print_page(page, tmp_path / "targets.pdf", str(no_program))
