"""An analyst in JupyterLab: opens a notebook, types another borough, runs it, reads it.

JupyterLab itself runs, on a copy of the notebooks and with folders of its own, so that
nothing of the checkout or of the user's settings is touched; nothing but loopback is asked.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from analysis.assessment import Assessment, prospects, target_report
from analysis.assessment.answers import TargetAnswer
from analysis.assessment.lab import UNTRUSTED
from analysis.findings import targets
from analysis.findings.finding import Finding

pytest.importorskip("jupyterlab", reason="JupyterLab is not installed")
pytestmark = pytest.mark.slow

CHECKOUT = Path(__file__).parents[2]
START_SECONDS = 60
RUN_SECONDS = 240
MOST_STARTS = 3
# On a busy machine JupyterLab may renew its connection to a kernel that has just started, and
# forgets the cells that wait; an analyst starts them again.
# A notebook takes 15 seconds on a machine of its own; a busy one may need far longer.

FIGURES = """() => [...document.querySelectorAll('figure.csp-chart')].map(figure => {
    const shown = name => {
        const part = figure.querySelector(name);
        return part ? getComputedStyle(part).display : 'absent';
    };
    const svg = figure.querySelector('.csp-wide svg, .csp-only svg');
    return {
        id: figure.id,
        wide: shown('.csp-wide, .csp-only'),
        narrow: shown('.csp-narrow'),
        card: svg ? getComputedStyle(svg).backgroundColor : 'absent',
        folded: ![...figure.querySelectorAll('details')].some(each => each.open),
    };
})"""


@dataclass
class Lab:
    """A running JupyterLab, its copy of the project, and what its page asked for."""

    url: str
    token: str
    project: Path
    asked: list[str] = field(default_factory=list)

    def open(self, page: Page, notebook: str) -> None:
        """Open a notebook and wait until its kernel can run it.

        On a machine that other tests keep busy a kernel may fail to start (two that start at
        one time may be given one port). JupyterLab says so in a dialog; whoever sits there
        opens the notebook again.
        """
        # A workspace of its own: else the notebooks opened before are opened beside it.
        own = f"{self.url}lab/workspaces/{Path(notebook).stem}/tree/notebooks"
        told: list[str] = []
        for _ in range(MOST_STARTS):
            page.goto(f"{own}/{notebook}?token={self.token}")
            expect(page.locator(".jp-CodeCell").first).to_be_visible(timeout=60_000)
            if self._has_kernel(page, f"notebooks/{notebook}"):
                return
            told += page.locator(".jp-Dialog").all_text_contents() or ["no answer"]
        pytest.fail(f"{notebook} has no kernel: {told}")

    def _has_kernel(self, page: Page, path: str) -> bool:
        idle = page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and not page.locator(".jp-Dialog").count():
            # The page says so before there is a kernel, and the server before it is heard of.
            if idle.count() and self._state_of(page, path) == "idle":
                return True
            page.wait_for_timeout(200)
        return False

    def _state_of(self, page: Page, path: str) -> str:
        sessions = page.request.get(f"{self.url}api/sessions?token={self.token}").json()
        states = [one["kernel"]["execution_state"] for one in sessions if one["path"] == path]
        return states[0] if states else "none"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab on loopback, ended with its kernels whatever the tests do."""
    home = tmp_path_factory.mktemp("lab")
    project = home / "project"
    for folder in ("notebooks", "params"):
        shutil.copytree(CHECKOUT / folder, project / folder)
    (project / "data").symlink_to(CHECKOUT / "data")
    _settle(home / "settings")
    token = secrets.token_hex(16)
    with (home / "log").open("w") as log:
        server = subprocess.Popen(
            _command(), cwd=project, env=_environment(home, token), stdout=log, stderr=log
        )
        try:
            yield Lab(_address(server, home), token, project)
        finally:
            _end(server)


@pytest.fixture(scope="module")
def page(lab: Lab, chromium: Browser) -> Iterator[Page]:
    """A page of the browser that notes every address asked for."""
    context = chromium.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    page.on("request", lambda request: lab.asked.append(request.url))
    yield page
    context.close()


def test_another_borough_typed_and_run_gives_its_finding(
    lab: Lab, page: Page, opened: Callable[..., Assessment]
) -> None:
    lab.open(page, "targets.ipynb")
    harrow, camden = (_first_finding(opened(name)) for name in ("harrow", "camden"))
    assert harrow.sentence != camden.sentence
    _run_all(page)
    _expect_finding(page, harrow)
    _type_borough(page, "harrow", "camden")
    _run_all(page)
    _expect_finding(page, camden)
    expect(_output(page, ".csp-finding").first).not_to_have_text(harrow.sentence)
    assert _errors(page).count() == 0


def test_charts_and_words_look_as_in_a_report(page: Page) -> None:
    figures = page.evaluate(FIGURES)
    assert len(figures) >= 8
    white = "rgb(255, 255, 255)"
    for figure in figures:
        assert figure["wide"] == "block", figure
        assert figure["narrow"] in ("none", "absent"), figure
        assert figure["card"] == white, figure
        assert figure["folded"], figure
    drawn = page.locator("figure.csp-chart svg:visible").first
    drawn.scroll_into_view_if_needed()
    box = drawn.bounding_box()
    assert box is not None
    assert box["width"] > 500
    assert box["height"] > 100
    mark = "e => getComputedStyle(e, '::before').borderTopStyle"
    assert _output(page, ".csp-certainty").first.evaluate(mark) == "solid"


def test_the_parameters_stand_above_with_their_meaning(page: Page) -> None:
    table = _output(page, ".csp-data").filter(has_text="Parameters of this notebook")
    expect(table).to_have_count(1)
    row = table.locator("tr").filter(has_text="borough").first
    expect(row).to_contain_text("Camden, E09000007")
    expect(row).to_contain_text("name or GSS code of the borough")
    expect(table).to_contain_text("for example percent=20, level=9000")


def test_a_saved_notebook_shows_its_charts_when_it_is_opened_again(
    lab: Lab, page: Page
) -> None:
    before = len(page.evaluate(FIGURES))
    page.keyboard.press("Escape")
    page.keyboard.press("Control+s")
    path = lab.project / "notebooks/targets.ipynb"
    _wait(lambda: "csp-finding" in path.read_text("utf-8"), "the notebook to be saved")
    lab.open(page, "targets.ipynb")
    # Those below the fold are there, and drawn when they are scrolled to.
    drawn = page.locator("figure.csp-chart :is(.csp-wide, .csp-only) svg")
    expect(drawn).to_have_count(before, timeout=30_000)
    drawn.last.scroll_into_view_if_needed()
    expect(drawn.last).to_be_visible()
    expect(page.get_by_text(UNTRUSTED)).to_be_hidden()


def test_a_notebook_from_elsewhere_says_why_its_charts_are_not_drawn(
    lab: Lab, page: Page
) -> None:
    text = (lab.project / "notebooks/targets.ipynb").read_text("utf-8")
    altered = text.replace("how likely is it?", "how likely is that?", 1)
    assert altered != text
    (lab.project / "notebooks/received.ipynb").write_text(altered, "utf-8")
    lab.open(page, "received.ipynb")
    expect(page.get_by_text(UNTRUSTED)).to_be_visible(timeout=30_000)
    assert page.locator("figure.csp-chart svg").count() == 0


def test_a_wrong_borough_is_answered_with_one_sentence_and_nothing_of_the_last(
    lab: Lab, page: Page
) -> None:
    lab.open(page, "targets.ipynb")
    expect(_output(page, ".csp-finding").first).to_be_attached()
    _type_borough(page, "camden", "camdem")
    _start_all(page)
    expect(_errors(page)).not_to_have_count(0, timeout=60_000)
    expect(_waiting(page)).to_have_count(0, timeout=60_000)
    refused, *others = _errors(page).all_text_contents()
    assert refused.strip() == (
        "ParamsError: no borough 'camdem'. Did you mean 'Camden' (E09000007)? Boroughs are "
        "listed in data/reference/areas.csv."
    )
    # A kernel drops the cells that wait behind one that failed. A cell that reaches it later
    # is run all the same, and must find no assessment: not that of the borough before.
    assert all("name 'assessment' is not defined" in other for other in others)
    expect(_output(page, ".csp-finding")).to_have_count(0)


def test_nothing_but_loopback_was_asked_and_nothing_else_written(lab: Lab) -> None:
    hosts = {urlsplit(url).hostname for url in lab.asked if url.startswith(("http", "ws"))}
    assert hosts <= {"127.0.0.1", "localhost"}
    own = {"received.ipynb", ".ipynb_checkpoints"}
    there = {path.name for path in (lab.project / "notebooks").iterdir()}
    assert there - own == {path.name for path in (CHECKOUT / "notebooks").glob("*.ipynb")}
    assert {path.name for path in lab.project.iterdir()} == {"notebooks", "params", "data"}


def _first_finding(assessment: Assessment) -> Finding:
    nothing = dict.fromkeys(("measure", "rule", "base", "horizon", "per"), "")
    answer = TargetAnswer(assessment, target_report.asked_target(assessment, **nothing))
    return targets.prospect(assessment, prospects.prospect(answer), answer.required)


def _expect_finding(page: Page, finding: Finding) -> None:
    expect(_output(page, "h2").first).to_have_text(finding.heading, timeout=30_000)
    expect(_output(page, ".csp-finding").first).to_have_text(finding.sentence)


def _output(page: Page, selector: str) -> Locator:
    return page.locator(f".jp-OutputArea-output {selector}")


def _errors(page: Page) -> Locator:
    # So JupyterLab names what a failed cell shows, and what is written to standard error.
    return page.locator('[data-mime-type="application/vnd.jupyter.stderr"]')


def _prompts(page: Page) -> Locator:
    return page.locator(".jp-CodeCell .jp-InputPrompt")


def _waiting(page: Page) -> Locator:
    return _prompts(page).filter(has_text="*")


def _type_borough(page: Page, old: str, new: str) -> None:
    line = page.locator(".jp-CodeCell").first.locator(".cm-line").first
    line.get_by_text(f'"{old}"', exact=True).dblclick()
    page.keyboard.type(new)
    expect(line).to_contain_text(f'borough: str = "{new}"')


def _start_all(page: Page) -> None:
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


def _run_all(page: Page) -> None:
    waiting, not_run = _waiting(page), _prompts(page).filter(has_text="[ ]")
    indicator = page.locator(".jp-Notebook-ExecutionIndicator").first
    for _ in range(MOST_STARTS):
        # What is asked of a kernel that has not answered yet is passed over.
        expect(indicator).to_have_attribute("data-status", "idle", timeout=RUN_SECONDS * 1000)
        _start_all(page)
        # The last cell waits until the others are done, or have failed.
        try:
            expect(waiting.first).to_be_visible(timeout=20_000)
        except AssertionError:
            continue
        expect(waiting).to_have_count(0, timeout=RUN_SECONDS * 1000)
        if _errors(page).count() or not not_run.count():
            return


def _settle(settings: Path) -> None:
    """No question about news, and no look for a newer version."""
    folder = settings / "@jupyterlab/apputils-extension"
    folder.mkdir(parents=True)
    quiet = {"checkForUpdates": False, "fetchNews": "false", "doNotDisturbMode": True}
    (folder / "notification.jupyterlab-settings").write_text(json.dumps(quiet), "utf-8")


def _command() -> list[str]:
    return [
        *(sys.executable, "-m", "jupyterlab", "--no-browser"),
        *("--ServerApp.ip=127.0.0.1", "--ServerApp.port=0", "--ServerApp.allow_root=True"),
        *("--ServerApp.root_dir=.", "--LabApp.default_url=/lab/tree/notebooks"),
        *("--LabApp.news_url=", "--LabApp.collaborative=False"),
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]


def _environment(home: Path, token: str) -> dict[str, str]:
    own = {
        "HOME": home,
        "IPYTHONDIR": home / "ipython",
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "share",
        "JUPYTER_RUNTIME_DIR": home / "runtime",
        "JUPYTERLAB_SETTINGS_DIR": home / "settings",
        "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces",
    }
    kept = {name: value for name, value in os.environ.items() if name != "CSP_PROJECT"}
    told = {name: str(path) for name, path in own.items()}
    return {**kept, **told, "JUPYTER_TOKEN": token, "JUPYTER_PREFER_ENV_PATH": "1"}


def _address(server: subprocess.Popen[bytes], home: Path) -> str:
    """Address that the server chose, from the file that it writes of itself."""
    found: list[Path] = []

    def is_there() -> bool:
        assert server.poll() is None, (home / "log").read_text()
        found[:] = (home / "runtime").glob(f"jpserver-{server.pid}.json")
        return bool(found) and found[0].stat().st_size > 0

    _wait(is_there, "JupyterLab to start")
    url: str = json.loads(found[0].read_text("utf-8"))["url"]
    return url


def _wait(is_so: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + START_SECONDS
    while not is_so():
        assert time.monotonic() < until, f"waited {START_SECONDS} seconds for {what}"
        time.sleep(0.2)


def _end(server: subprocess.Popen[bytes]) -> None:
    """End the server and its kernels, and nothing else."""
    if server.poll() is not None:
        return
    kernels = psutil.Process(server.pid).children(recursive=True)
    server.terminate()
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait(20)
    for kernel in kernels:
        # A process of another that took over the number is not the one noted.
        if kernel.is_running():
            kernel.kill()
    psutil.wait_procs(kernels, timeout=10)
