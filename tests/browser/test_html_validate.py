"""The pages of three boroughs and of the site, as html-validate (npm) reads them."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
PROGRAM = HERE / "node_modules/html-validate/bin/html-validate.mjs"


@pytest.fixture(scope="module")
def node() -> str:
    """The program that runs html-validate, where both are there."""
    found = shutil.which("node")
    if found is None:
        pytest.skip("no node on this machine: the pages' HTML is not validated")
    if not PROGRAM.is_file():
        pytest.skip("html-validate is not installed: run 'npm ci' in tests/browser")
    return found


def faults(node: str, *pages: Path) -> list[str]:
    """What html-validate finds, by page and rule."""
    asked = [node, PROGRAM, "--config", HERE / ".htmlvalidate.mjs", "--formatter", "json"]
    done = subprocess.run(
        [*map(str, asked), *map(str, pages)],
        capture_output=True,
        text=True,
        cwd=HERE,
        timeout=600,
        check=False,
    )
    assert done.stdout, done.stderr
    told: list[dict[str, Any]] = json.loads(done.stdout)
    return [
        f"{Path(page['filePath']).name}:{one['line']} {one['ruleId']}: {one['message']}"
        for page in told
        for one in page["messages"]
    ]


def test_html_validate_finds_nothing(node: str, built_reports: Path) -> None:
    pages = sorted(built_reports.rglob("*.html"))
    assert len(pages) >= 22
    assert faults(node, *pages) == []


def test_it_would_find_what_is_wrong(node: str, tmp_path: Path) -> None:
    page = tmp_path / "planted.html"
    page.write_text(
        '<!DOCTYPE html>\n<html lang="en"><head><title>A</title></head><body><h1>A</h1>'
        '<h3>B</h3><p><div>C</div></p><img src="a.png"><table><tr><th></th></tr></table>'
        "</body></html>\n"
    )
    rules = {one.split(" ")[1].rstrip(":") for one in faults(node, page)}
    assert {"heading-level", "close-order", "wcag/h37"} <= rules
