"""Running notebooks for real: what succeeds, what fails, and what is left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest

from analysis.errors import ParamsError, UsageError
from analysis.publish.ledger import last_run, latest_reports
from analysis.publish.plan import Selection, plan_reports, select_jobs
from analysis.publish.reports_folder import LOCK_NAME, SCRATCH_NAME
from analysis.publish.run import RunOutcome, run_reports
from analysis.publish.site.data_tables import ZIP_NAME
from analysis.publish.site.folder import PAGES
from analysis.publish.verify import verify_reports

pytestmark = pytest.mark.slow

Write = Callable[..., Path]

FINDING = """
from IPython.display import display
from analysis.findings.finding import Finding
from analysis.params.areas import area_name
name = area_name(borough)
finding = Finding(f"Burglary fell in {name}", "It fell.", "high", "it is outside chance")
display(finding.title, finding.text)
"""
HARROW, HAVERING = "E09000015", "E09000016"


def snapshot(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def build(out: Path, *notebooks: str, boroughs: tuple[str, ...] = ("harrow",)) -> RunOutcome:
    selection = Selection(boroughs, notebooks)
    planned = plan_reports(select_jobs(selection), out)
    return run_reports(planned, out, jobs=2, selection=selection.as_json())


def test_one_failure_stops_nothing_and_costs_nothing(
    write_notebook: Write, tmp_path: Path
) -> None:
    out = tmp_path / "reports"
    write_notebook("good", FINDING)
    write_notebook("half", FINDING)
    assert build(out, "half", boroughs=("havering",)) == RunOutcome(1, ())
    before = (out / HAVERING / "half.html").read_bytes()

    write_notebook("half", FINDING, 'if borough == "E09000016":\n    {}["no such\\nplan"]')
    told: list[str] = []
    selection = Selection(("harrow", "havering"), ("good", "half"))
    planned = plan_reports(select_jobs(selection), out)
    outcome = run_reports(planned, out, jobs=2, tell=told.append)

    assert outcome.built == 3
    sentence = (
        "Havering: half failed at cell 4 of notebooks/half.ipynb: KeyError: 'no such\\nplan'"
    )
    assert outcome.failures == (sentence,)
    assert told[0] == "Building 4 of 4 reports, 2 at a time."
    assert sum(line.startswith(f"[{n}/4] ") for n, line in enumerate(told)) == 4
    assert (out / HAVERING / "half.html").read_bytes() == before
    assert (out / HAVERING / "half.failed.ipynb").is_file()
    row = latest_reports(out)[HAVERING, "half"]
    assert (row.status, row.error, row.output_sha256) == ("failed", sentence, "")
    run = last_run(out)
    assert run is not None
    assert run.outcome == "some failed"
    index = (out / "index.html").read_text()
    assert "Not up to date: its last run failed" in index
    assert index.count('<p class="csp-finding">Burglary fell in') == 4
    public = sentence.replace(": 'no such\\nplan'", " ('csp status' says more).")
    assert public != sentence
    for name in ("runs.html", "changes.html"):
        assert public in unescape((out / name).read_text())
        assert "no such" not in (out / name).read_text()
    assert not (out / SCRATCH_NAME).exists()

    write_notebook("half", FINDING)
    assert build(out, "half", boroughs=("havering",)).failures == ()
    assert not (out / HAVERING / "half.failed.ipynb").exists()


def test_a_kernel_killed_under_a_report_fails_it_and_publishes_nothing(
    write_notebook: Write, tmp_path: Path
) -> None:
    out = tmp_path / "reports"
    write_notebook("killed", FINDING, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    write_notebook("ended", "raise SystemExit", FINDING)
    outcome = build(out, "killed", "ended")
    assert outcome.built == 0
    by_cell = sorted(outcome.failures)
    assert "ended failed at cell 3" in by_cell[0]
    assert by_cell[1] == (
        "Harrow: killed failed at cell 4 of notebooks/killed.ipynb: "
        "the kernel died (killed, or out of memory)"
    )
    assert [row.status for row in latest_reports(out).values()] == ["failed", "failed"]
    assert not list(out.glob("*/*.html"))


def test_a_worker_that_is_killed_fails_its_report_and_the_rest_go_on(
    write_notebook: Write, tmp_path: Path
) -> None:
    out = tmp_path / "reports"
    kill = "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)"
    write_notebook("a_killer", kill)
    write_notebook("good", FINDING)
    stale = out / HARROW / "a_killer.failed.ipynb"
    stale.parent.mkdir(parents=True)
    stale.write_text("of an earlier failure")
    planned = plan_reports(select_jobs(Selection(("harrow",), ("a_killer", "good"))), out)
    outcome = run_reports(planned, out, jobs=2)
    assert outcome.built == 1
    assert [one[:23] for one in outcome.failures] == ["Harrow: a_killer failed"]
    assert "was killed" in outcome.failures[0]
    assert outcome.accidents == 1
    there = tuple(out.glob("*/*.failed.ipynb"))
    assert outcome.partials == there
    assert all(path.read_text() != "of an earlier failure" for path in there)


def test_a_worker_killed_once_costs_no_report(write_notebook: Write, tmp_path: Path) -> None:
    out, begun, killed = (tmp_path / name for name in ("reports", "begun", "killed"))
    head = (
        "import os, signal, time\nfrom pathlib import Path\n"
        f"begun, killed = Path({str(begun)!r}), Path({str(killed)!r})"
    )
    kill = (
        "while not begun.exists():\n    time.sleep(0.05)\n"
        "if not killed.exists():\n"
        "    killed.touch()\n    os.kill(os.getppid(), signal.SIGKILL)\n    time.sleep(60)"
    )
    sit = "begun.touch()\nwhile not killed.exists():\n    time.sleep(0.05)\ntime.sleep(2)"
    write_notebook("a_victim", FINDING, head, kill)
    write_notebook("innocent", FINDING, head, sit)
    assert build(out, "a_victim", "innocent") == RunOutcome(2, ())
    assert {row.status for row in latest_reports(out).values()} == {"done"}


def test_the_same_inputs_give_the_same_bytes_and_nothing_to_do_writes_nothing(
    write_notebook: Write, tmp_path: Path
) -> None:
    out, again = tmp_path / "reports", tmp_path / "again"
    warn = 'import warnings\nwarnings.warn("a warning", stacklevel=1)\nlist({"a", "b", "c"})'
    write_notebook("own", FINDING, warn)
    build(out, "own")
    build(again, "own")
    site = [name for name in [*PAGES, ZIP_NAME] if name != "runs.html"]
    for name in (f"{HARROW}/own.html", f"{HARROW}/own.ipynb", *site):
        assert (out / name).read_bytes() == (again / name).read_bytes(), name
    row = latest_reports(out)[HARROW, "own"]
    assert "UserWarning: a warning" in row.warnings
    assert row.headline == "Burglary fell in Harrow"
    assert row.seconds > 0
    for ending in ("html", "ipynb"):
        assert "UserWarning" not in (out / HARROW / f"own.{ending}").read_text()

    before = snapshot(out)
    assert {*PAGES, ZIP_NAME} <= set(before)
    assert build(out, "own") == RunOutcome(0, ())
    assert snapshot(out) == before
    assert [one.verdict for one in verify_reports(out)] == ["same"]

    page = out / HARROW / "own.html"
    whole = page.read_bytes()
    page.write_bytes(whole.replace(b"fell", b"rose"))
    verdict = verify_reports(out)[0]
    assert (verdict.verdict, verdict.detail[:19]) == ("differs", "own.html, from line")
    build(out, "own")
    assert page.read_bytes() == whole
    # What a reader saw is what it is compared with.
    changes = (out / "changes.html").read_text()
    assert "own.html was altered" in changes
    assert "Burglary rose in Harrow" in changes

    write_notebook("own", FINDING)
    verdict = verify_reports(out)[0]
    assert (verdict.verdict, verdict.detail) == ("inputs changed", "notebook changed")


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ("publisher: {nmae: A council}", "nmae"),
        ("publisher: {email: community safety@example.org}", "email"),
    ],
)
def test_a_fault_in_what_the_site_prints_is_told_before_anything_is_built(
    told: str, named: str, write_notebook: Write, small_project: Path, tmp_path: Path
) -> None:
    write_notebook("own", FINDING)
    (small_project / "params/site.yml").write_text(told)
    with pytest.raises(ParamsError, match=named):
        build(tmp_path / "reports", "own")
    assert not (tmp_path / "reports").exists()


def test_signs_for_a_terminal_in_an_error_cost_no_page_of_the_site(
    write_notebook: Write, tmp_path: Path
) -> None:
    out = tmp_path / "reports"
    write_notebook("own", 'raise ValueError("bad \\x00 \\x1b[31mbyte")')
    (failure,) = build(out, "own").failures
    assert failure.endswith("ValueError: bad byte")
    assert "ValueError" in (out / "runs.html").read_text("utf-8")
    assert (out / "index.html").is_file()


def test_a_picture_that_a_report_leaves_out_is_told(
    write_notebook: Write, tmp_path: Path
) -> None:
    show = 'display({"image/png": "iVBORw0KGgo="}, raw=True)'
    write_notebook("own", FINDING, f"from IPython.display import display\n{show}")
    told: list[str] = []
    planned = plan_reports(select_jobs(Selection(("harrow",), ("own",))), tmp_path / "out")
    assert run_reports(planned, tmp_path / "out", tell=told.append).failures == ()
    (warned,) = (line for line in told if "warning" in line)
    assert "1 picture is left out" in warned
    assert "analysis.charts" in warned


def test_a_report_whose_place_is_taken_fails_alone(
    write_notebook: Write, tmp_path: Path
) -> None:
    out = tmp_path / "reports"
    write_notebook("a_one", FINDING)
    write_notebook("b_two", FINDING)
    (out / HARROW / "a_one.html").mkdir(parents=True)
    outcome = build(out, "a_one", "b_two")
    assert outcome.built == 1
    (failure,) = outcome.failures
    assert failure.startswith("Harrow: a_one: ")
    assert "a_one.html: cannot be written" in failure
    assert (out / HARROW / "b_two.html").is_file()
    assert not (out / HARROW / "a_one.ipynb").exists()


@pytest.mark.parametrize("name", ["my report", "été"])
def test_a_notebook_that_cannot_be_a_pages_address_is_refused_before_anything_runs(
    name: str, write_notebook: Write, tmp_path: Path
) -> None:
    write_notebook(name, FINDING)
    with pytest.raises(ParamsError, match="cannot be a page's address. Rename"):
        build(tmp_path / "reports", "all")
    assert not (tmp_path / "reports").exists()


def test_a_parameters_cell_that_is_no_python_is_told_by_its_line(
    write_notebook: Write, tmp_path: Path
) -> None:
    write_notebook("own", FINDING, parameters='borough: str = "harrow"\nyears: int =')
    with pytest.raises(ParamsError, match="own.ipynb, parameters cell: line 2 is not Python"):
        build(tmp_path / "reports", "own")


def test_a_second_run_into_the_same_folder_is_refused(
    write_notebook: Write, tmp_path: Path
) -> None:
    fcntl = pytest.importorskip("fcntl")
    out = tmp_path / "reports"
    out.mkdir()
    write_notebook("own", FINDING)
    with (out / LOCK_NAME).open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(UsageError, match="another 'csp run' is building here"):
            build(out, "own")
    assert not (out / "ledger.sqlite3").exists()


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_says_how_to_finish_it(
    sent: signal.Signals, write_notebook: Write, tmp_path: Path
) -> None:
    out = tmp_path / "reports"
    mark = tmp_path / "kernel.pid"
    wait = f"import os, time\nopen({str(mark)!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)"
    write_notebook("slow", wait)
    process = start_csp_run(out, tmp_path)
    wait_until(lambda: mark.is_file() and bool(mark.read_text()))
    process.send_signal(sent)
    _, told = process.communicate(timeout=60)

    assert process.returncode == 4
    assert "stopped after 0 of 1 reports" in told
    assert f"csp resume --out {out}" in told
    assert "Traceback" not in told
    run = last_run(out)
    assert run is not None
    assert run.outcome == "interrupted"
    assert json.loads(run.selection)["boroughs"] == ["harrow"]
    assert "interrupted" in (out / "runs.html").read_text()
    assert "No report has been built yet" in (out / "index.html").read_text()
    assert not (out / SCRATCH_NAME).exists()
    wait_until(lambda: is_gone(int(mark.read_text())))


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_run_that_is_killed_outright_takes_workers_and_kernels_with_it(
    write_notebook: Write, tmp_path: Path
) -> None:
    mark = tmp_path / "pids"
    wait = (
        "import os, time\n"
        f"open({str(mark)!r}, 'w').write(f'{{os.getpid()}} {{os.getppid()}}')\n"
        "time.sleep(600)"
    )
    write_notebook("slow", wait)
    process = start_csp_run(tmp_path / "reports", tmp_path)
    wait_until(lambda: mark.is_file() and bool(mark.read_text()))
    process.kill()
    process.communicate(timeout=60)
    kernel, worker = (int(pid) for pid in mark.read_text().split())
    try:
        wait_until(lambda: is_gone(worker) and is_gone(kernel), seconds=20)
    finally:
        for pid in (worker, kernel):
            if not is_gone(pid):
                os.kill(pid, signal.SIGKILL)


def start_csp_run(out: Path, folder: Path) -> subprocess.Popen[str]:
    command = (
        "import sys\n"
        "from analysis.cli.run import run_command\n"
        "from analysis.errors import AnalysisError\n"
        "if __name__ == '__main__':\n"
        "    try:\n"
        "        run_command(standalone_mode=False)\n"
        "    except AnalysisError as error:\n"
        "        print(error, file=sys.stderr)\n"
        "        sys.exit(error.exit_code)\n"
    )
    (folder / "csp.py").write_text(command)
    arguments = [sys.executable, folder / "csp.py", "--borough", "harrow", "--out", out]
    # A shell that runs the tests in the background has all they start ignore Ctrl-C.
    heed = None if os.name == "nt" else _heed_interrupts
    return subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True, preexec_fn=heed)


def _heed_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def wait_until(is_so: Callable[[], bool], seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    status = Path(f"/proc/{pid}/stat")
    return status.is_file() and ") Z " in status.read_text()
