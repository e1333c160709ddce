"""The command that looks a folder of reports through and prints it, as a user types it."""

from __future__ import annotations

import stat
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from analysis.cli.publish import publish_command
from analysis.errors import AnalysisError, InterruptedRunError, ReportError, UsageError
from analysis.publish.ledger import Ledger, ReportRow, now

PAGE = (
    '<!DOCTYPE html><p class="csp-vintage">To May 2025</p><main id="main"><ol><li>'
    '<a class="csp-key-heading" href="#main">It fell</a><p class="csp-finding">By 3%.</p>'
    '<p class="csp-certainty">How sure: <strong>high</strong>, because.</p></li></ol></main>'
)
PRINTS = """#!/bin/sh
for each in "$@"; do case "$each" in --print-to-pdf=*) pdf="${each#*=}";; esac; done
printf '%%PDF-1.4\\nstartxref\\n9\\n%%%%EOF\\n' > "$pdf"
echo "$pdf" >> "$(dirname "$0")/printed"
"""


def keep(out: Path, *area_codes: str, status: str = "done") -> None:
    """A run that built the targets of these boroughs, or failed to."""
    ledger = Ledger(out)
    ledger.begin_run({}, "0.1.0", "c0ffee")
    for area_code in area_codes:
        folder = out / area_code
        folder.mkdir(exist_ok=True)
        (folder / "targets.html").write_text(PAGE, encoding="utf-8")
        (folder / "targets.ipynb").write_text("{}", encoding="utf-8")
        ledger.record(
            ReportRow(
                area_code=area_code, notebook="targets", status=status, content_key="k",
                parts="{}", params="{}", output_sha256=sha256(PAGE.encode()).hexdigest(),
                notebook_sha256=sha256(b"{}").hexdigest(), started=now(), finished=now(),
                seconds=1.0, peak_memory_mb=None, warnings="", error="", title="On track?",
                headline="It fell", certainty="high", vintage="To May 2025",
            )
        )  # fmt: skip
    ledger.end_run(status)
    ledger.close()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder with the targets of Harrow and Havering."""
    folder = tmp_path / "reports"
    folder.mkdir()
    keep(folder, "E09000015", "E09000016")
    return folder


@pytest.fixture
def browser(tmp_path: Path) -> Path:
    path = tmp_path / "prints"
    path.write_text(PRINTS, encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def publish(*arguments: object) -> Result:
    return CliRunner().invoke(publish_command, [str(one) for one in arguments])


def refusal(result: Result) -> str:
    assert isinstance(result.exception, AnalysisError), result.output
    return str(result.exception)


def printed(browser: Path) -> int:
    told = browser.parent / "printed"
    return len(told.read_text("utf-8").splitlines()) if told.is_file() else 0


def test_publish_prints_each_report_once_and_names_the_files_on_the_last_line(
    out: Path, browser: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(out.parent)
    result = publish("--pdf", "--browser", browser, "--out", out)
    assert result.exception is None, result.output
    files = result.stdout.splitlines()[-1].split()
    pdfs = ["reports/E09000015/targets.pdf", "reports/E09000016/targets.pdf"]
    assert files[:2] == pdfs
    assert files[-1] == "reports/index.html"
    assert all((out.parent / name).is_file() for name in files)
    assert len(result.stdout.splitlines()) == 1
    assert "[2/2] Havering: targets" in result.stderr
    assert "2 reports of 2 boroughs as built, 2 PDFs of them up to date" in result.stderr
    again = publish("--pdf", "--browser", browser, "--out", out)
    assert "Nothing to print: 2 of 2" in again.stderr
    assert again.stdout == result.stdout
    assert printed(browser) == 2


def test_a_pdf_behind_its_page_is_printed_again(out: Path, browser: Path) -> None:
    publish("--pdf", "--browser", browser, "--out", out)
    pdf = out / "E09000015/targets.pdf"
    pdf.write_bytes(pdf.read_bytes().replace(b"SHA-256 ", b"SHA-256 0"))
    publish("--pdf", "--browser", browser, "--out", out, "--borough", "havering")
    assert printed(browser) == 2
    publish("--pdf", "--browser", browser, "--out", out, "--borough", "harrow")
    assert printed(browser) == 3


def test_an_altered_page_is_named_and_not_printed(out: Path, browser: Path) -> None:
    page = out / "E09000015/targets.html"
    page.write_text(page.read_text("utf-8").replace("By 3%", "By 9%"), encoding="utf-8")
    result = publish("--pdf", "--browser", browser, "--out", out)
    assert isinstance(result.exception, ReportError)
    assert "Harrow: targets: targets.html is altered; 'csp run' builds it again." in refusal(
        result
    )
    assert not page.with_suffix(".pdf").exists()
    assert (out / "E09000016/targets.pdf").is_file()


def test_a_report_that_failed_is_named(out: Path) -> None:
    keep(out, "E09000015", status="failed")
    told = refusal(publish("--out", out))
    assert told == "Harrow: targets: failed when it was last run; 'csp resume' tries again."


def test_a_link_that_leads_nowhere_is_named(out: Path) -> None:
    assert publish("--out", out).exception is None
    for name, text in (
        ("gone.html", "#x"),
        ("E09000015/targets.html#gone", "gone"),
        ("../x", "x"),
    ):
        (out / "note.html").write_text(f'<a href="{name}">{text}</a>', encoding="utf-8")
        assert f"links that lead nowhere: note.html: {name}." in refusal(publish("--out", out))
    (out / "note.html").write_text(
        '<a href="E09000015/targets.html#main">m</a><a href="https://example.org/x">e</a>'
        '<a href="mailto:a@example.org">m</a><a href="#here">h</a>',
        encoding="utf-8",
    )
    assert publish("--out", out).exception is None


def test_a_failed_printing_fails_alone(out: Path, browser: Path) -> None:
    browser.write_text(
        browser.read_text("utf-8").replace(
            "for each", 'case "$*" in *0015*) exit 1;; esac\nfor each'
        ),
        encoding="utf-8",
    )
    result = publish("--pdf", "--browser", browser, "--out", out)
    assert "wrote no whole PDF" in refusal(result)
    assert "[1/2] FAILED" in result.stderr
    assert (out / "E09000016/targets.pdf").is_file()
    assert str(out / "E09000015/targets.pdf") not in result.stdout


def test_ctrl_c_keeps_what_is_printed(
    out: Path, browser: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from analysis.publish import pdf

    whole = pdf.print_page

    def stop_at_the_second(page: Path, place: Path, browser: str) -> None:
        if "E09000016" in str(page):
            raise KeyboardInterrupt
        whole(page, place, browser)

    monkeypatch.setattr(pdf, "print_page", stop_at_the_second)
    result = publish("--pdf", "--browser", browser, "--out", out)
    assert isinstance(result.exception, InterruptedRunError)
    assert "stopped after 1 of 2 PDFs" in refusal(result)
    assert (out / "E09000015/targets.pdf").is_file()


def test_nothing_built_or_no_browser_is_refused(out: Path, tmp_path: Path) -> None:
    result = publish("--out", tmp_path / "empty")
    assert isinstance(result.exception, UsageError)
    assert "no report to publish. Build some with: csp run" in refusal(result)
    assert not (tmp_path / "empty").exists()
    result = publish("--pdf", "--browser", "nowhere", "--out", out)
    assert "nowhere: no such browser to print with" in refusal(result)
    assert not list(out.rglob("*.pdf"))
