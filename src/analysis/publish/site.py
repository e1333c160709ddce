"""``reports/index.html``: every report there is, by borough, with its first finding.

Made from the ledger alone, so it lists also what earlier runs built. It says plainly which
reports failed, and holds no time, so that it only changes when a report does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import analysis
from analysis.params.areas import area_name
from analysis.publish.ledger import ReportRow, last_done_reports, latest_reports

INDEX_NAME = "index.html"


@dataclass(frozen=True)
class Entry:
    """One report in the index; ``address`` is empty where there is no page."""

    area_name: str
    notebook: str
    title: str
    address: str
    headline: str
    certainty: str
    vintage: str
    error: str


def list_entries(out: Path) -> dict[str, list[Entry]]:
    """The reports of a folder, by name of the borough.

    Parameters
    ----------
    out : Path
        Folder of the reports.

    Returns
    -------
    dict of str to list of Entry
        Boroughs in alphabetical order, notebooks too.
    """
    done = last_done_reports(out)
    entries = [_entry(row, done, out) for row in latest_reports(out).values()]
    entries.sort(key=lambda entry: (entry.area_name, entry.notebook))
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.area_name, []).append(entry)
    return found


def write_index(out: Path) -> Path:
    """Write the index, unless it already says the same.

    Parameters
    ----------
    out : Path
        Folder of the reports.

    Returns
    -------
    Path
        The index.
    """
    from analysis.publish.html.guard import refuse_active_content
    from analysis.publish.html.render import environment, page_frame

    template = environment().get_template("index.html.j2")
    html = template.render(
        boroughs=list_entries(out), version=analysis.__version__, **page_frame()
    )
    refuse_active_content(html, INDEX_NAME)
    path = out / INDEX_NAME
    if not path.is_file() or path.read_text("utf-8") != html:
        beside = path.with_suffix(".tmp")
        beside.write_text(html, encoding="utf-8", newline="\n")
        beside.replace(path)
    return path


def _entry(row: ReportRow, done: Mapping[tuple[str, str], ReportRow], out: Path) -> Entry:
    shown = done.get(row.name)
    address = f"{row.area_code}/{row.notebook}.html"
    has_page = shown is not None and (out / address).is_file()
    told = shown if shown is not None and has_page else row
    return Entry(
        area_name=area_name(row.area_code),
        notebook=row.notebook,
        title=told.title or row.notebook.replace("_", " ").capitalize(),
        address=address if has_page else "",
        headline=told.headline,
        certainty=told.certainty,
        vintage=told.vintage,
        error=row.error,
    )
