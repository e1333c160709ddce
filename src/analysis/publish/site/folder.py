"""The site written into the folder of the reports: its pages, and the ZIP of the tables.

All of it is made from the ledger, ``params/site.yml`` and the order of the notebooks in
``params/defaults.yml``; a file that would say the same is not written again. What it was made
from is known by a key in the index, so that a run with nothing to do can tell that the site is
current without making it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

import analysis
from analysis.errors import UsageError
from analysis.params.runs import load_defaults
from analysis.params.site import load_site_params
from analysis.publish.html.terms import terms_used
from analysis.publish.ledger import all_runs, last_run, latest_reports
from analysis.publish.manifest import program_digest
from analysis.publish.site.comparison import compared_words, set_side_by_side
from analysis.publish.site.data_tables import ZIP_NAME, count_tables, data_tables_zip
from analysis.publish.site.reports import (
    SiteReport,
    by_borough,
    by_theme,
    fill_contents,
    list_reports,
)
from analysis.publish.site.run_changes import MOST_LINES, list_changes
from analysis.publish.site.run_list import MOST_RUNS, built_by, list_runs
from analysis.publish.site.tiles import area_anchor, list_tiles

PAGES = {
    "index.html": "Reports",
    "comparison.html": "Comparison",
    "changes.html": "What changed",
    "runs.html": "Runs",
    "accessibility.html": "Accessibility",
}
# In the order of the navigation.

SHEET, SCRIPT = "site.css", "search.js"
_MEND = "It comes from params/site.yml, a name, or the ledger: mend it there and publish again."
_KEY = re.compile(r'data-site-key="([0-9a-f]{64})"')

__all__ = ["PAGES", "fill_contents", "is_site_current", "site_key", "write_site"]


def write_site(out: Path) -> Path:
    """Write what of the site does not say the same already.

    Parameters
    ----------
    out : Path
        Folder of the reports.

    Returns
    -------
    Path
        The index.

    Raises
    ------
    UsageError
        If a page cannot be written, or ``params/site.yml`` is faulty.
    ReportError
        If a page would hold what no page may. Pages and archive stay as they were.
    """
    reports = list_reports(out)
    archive = data_tables_zip(reports)
    pages = _pages(out, reports, len(archive))
    _write(out / ZIP_NAME, archive)
    # The index last: its key says that all of the site is as it tells.
    for name in reversed(PAGES):
        _write(out / name, pages[name].encode("utf-8"))
    return out / "index.html"


def is_site_current(out: Path) -> bool:
    """Whether the site that stands was made from the ledger and params as they are."""
    if not all((out / name).is_file() for name in [*PAGES, ZIP_NAME]):
        return False
    found = _KEY.search((out / "index.html").read_text("utf-8", errors="replace"))
    return found is not None and found[1] == site_key(out)


def site_key(out: Path) -> str:
    """Digest of all that the site is made from; no time is among it.

    Parameters
    ----------
    out : Path
        Folder of the reports.

    Returns
    -------
    str, 64 hexadecimal digits
    """
    run = last_run(out)
    told = {
        "program": program_digest(),
        "params": load_site_params().model_dump(mode="json"),
        "order": load_defaults().notebooks,
        "run": [run.run_id, run.outcome] if run else [],
        "reports": [
            [*row.name, row.status, row.content_key, row.output_sha256, row.error]
            for row in latest_reports(out).values()
        ],
    }
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _pages(out: Path, reports: list[SiteReport], zip_bytes: int) -> dict[str, str]:
    params, records = load_site_params(), all_runs(out)
    order = load_defaults().notebooks
    boroughs, themes = by_borough(reports, order), by_theme(reports, order)
    runs = list_changes(records, reports)
    side_by_side = {
        name: set_side_by_side(found, params.side_by_side.get(name, []))
        for name, found in themes.items()
    }
    told: dict[str, Mapping[str, object]] = {
        "index.html": {
            "boroughs": boroughs,
            "themes": themes,
            "tiles": list_tiles(boroughs),
            "area_anchor": area_anchor,
            "tables": count_tables(reports),
            "zip_size": _size(zip_bytes),
            "site_key": site_key(out),
        },
        "comparison.html": {
            "themes": themes,
            "side_by_side": side_by_side,
            "boroughs": list(boroughs),
            "terms": terms_used(" ".join(compared_words(reports, side_by_side))),
        },
        "changes.html": {
            "runs": runs,
            "most_lines": MOST_LINES,
            "gone": [report for report in reports if report.state == "gone"],
        },
        "runs.html": {
            "runs": list_runs(records),
            "built": built_by(records, reports),
            "earlier": max(len(records) - MOST_RUNS, 0),
        },
        "accessibility.html": {"publisher": params.publisher},
    }
    return {name: _render(name, values) for name, values in told.items()}


def _render(name: str, values: Mapping[str, object]) -> str:
    from analysis.publish.html.guard import refuse_active_content
    from analysis.publish.html.render import environment, page_frame

    frame = page_frame(SHEET, script=SCRIPT if name == "index.html" else "")
    template = environment().get_template(f"site_{Path(name).stem}.html.j2")
    html = template.render(
        page_name=name,
        pages=PAGES,
        zip_name=ZIP_NAME,
        version=analysis.__version__,
        **frame,
        **values,
    )
    refuse_active_content(html, name, script=str(frame["script"]), mend=_MEND)
    return html


def _write(path: Path, content: bytes) -> None:
    if path.is_file() and path.read_bytes() == content:
        return
    # A name of this process's own: two commands may write the same page at once.
    beside = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        message = (
            f"{path}: cannot be written ({error.strerror}). See that its folder can be "
            "written, and close the page where it is open."
        )
        raise UsageError(message) from None
    finally:
        beside.unlink(missing_ok=True)


def _size(count: int) -> str:
    """Bytes as a reader knows them.

    Examples
    --------
    >>> _size(412_345), _size(3_456_789)
    ('412 KB', '3.5 MB')
    """
    return f"{count / 1e6:.1f} MB" if count >= 1_000_000 else f"{max(count // 1000, 1)} KB"
