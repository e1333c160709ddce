"""``jupyter nbconvert --to csp-report``, as an analyst types it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from analysis.publish.plan import Selection, plan_reports, select_jobs
from analysis.publish.run import run_reports

pytestmark = pytest.mark.slow

SHOWN = """
import pandas as pd
from IPython.display import display
from analysis.findings.finding import Finding
found = Finding("Burglary fell", "It fell by 7 % (95% interval 3 to 11 %).", "high", "it did")
display(found.title, found.text, pd.DataFrame({"Offences": [3, 4]}, index=["Harrow", "Brent"]))
"""
KNOWN_TO_A_RUN = (
    (r'<span class="csp-area">Harrow:</span> ', ""),
    (r"<title>Harrow: ", "<title>"),
    (r" Content key <code>\w+</code>\.", ""),
    (r"<details>\n<summary>Checksums of .*?</details>\n", ""),
)
# The borough's name as it is in the areas' table, and what the report was made from.


def convert(notebook: Path, folder: Path, *, tells: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-m", "nbconvert", "--to", "csp-report", str(notebook),
         "--output-dir", str(folder)],
        capture_output=True, text=True, timeout=240, check=False, env=dict(os.environ),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert tells in done.stderr
    assert tells or "edited" not in done.stderr
    return (folder / f"{notebook.stem}.html").read_text("utf-8")


def test_nbconvert_gives_the_page_of_csp_run_but_for_what_only_a_run_knows(
    write_notebook: Callable[..., Path], tmp_path: Path
) -> None:
    write_notebook("own", SHOWN)
    out = tmp_path / "reports"
    asked = Selection(("harrow",), ("own",))
    assert run_reports(plan_reports(select_jobs(asked), out), out, jobs=1).failures == ()
    executed = out / "E09000015/own.ipynb"
    published = (out / "E09000015/own.html").read_text("utf-8")
    assert '<th scope="row">Harrow</th><td>3</td>' in published

    assert convert(executed, tmp_path / "same") == published

    notebook = nbformat.read(executed, nbformat.NO_CONVERT)
    told = notebook.metadata.pop("csp")
    bare = tmp_path / "own.ipynb"
    nbformat.write(notebook, bare)
    for pattern, left in KNOWN_TO_A_RUN:
        published, times = re.subn(pattern, left, published, flags=re.DOTALL)
        assert times == 1, pattern
    assert convert(bare, tmp_path / "bare") == published

    # Run again for another borough, its page cannot say that it is still what csp run made.
    [shown] = [cell for cell in notebook.cells if "Burglary" in cell.source]
    shown.outputs[-1].data["text/html"] = shown.outputs[-1].data["text/html"].replace("3", "5")
    notebook.metadata["csp"] = told
    nbformat.write(notebook, bare)
    assert convert(bare, tmp_path / "edited", tells="edited or run again") == published.replace(
        '<th scope="row">Harrow</th><td>3</td>', '<th scope="row">Harrow</th><td>5</td>'
    )
