"""The reports of a folder as the site tells of them: from the ledger, not from their pages.

A report that failed is told by its last success, if that page still stands, and its failure
is said beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from analysis.params.areas import area_name
from analysis.publish.contents import PageContents, read_contents
from analysis.publish.ledger import (
    Ledger,
    ReportRow,
    kept_contents,
    last_done_reports,
    latest_reports,
)
from analysis.publish.manifest import file_sha256
from analysis.publish.pdf import is_printed_from


@dataclass(frozen=True)
class SiteReport:
    """One report of the site.

    Parameters
    ----------
    row : ReportRow
        The last attempt.
    shown : ReportRow or None
        The success whose page a reader finds; None where there is no page.
    contents : PageContents or None
        What that page says.
    has_pdf : bool
        Whether a PDF printed from that very page stands beside it.
    """

    row: ReportRow
    shown: ReportRow | None
    contents: PageContents | None
    has_pdf: bool = False

    @cached_property
    def area_name(self) -> str:
        """Name of the borough."""
        return area_name(self.row.area_code)

    @property
    def key(self) -> str:
        """Which report it is, as a path without ending."""
        return f"{self.row.area_code}/{self.row.notebook}"

    @property
    def address(self) -> str:
        """Link to the page; empty where there is none."""
        return f"{self.key}.html" if self.shown else ""

    @property
    def pdf_address(self) -> str:
        """Link to the PDF; empty where there is none, or one of an older page."""
        return f"{self.key}.pdf" if self.has_pdf else ""

    @property
    def told(self) -> ReportRow:
        """The row whose words are printed."""
        return self.shown or self.row

    @property
    def title(self) -> str:
        """The notebook's question."""
        return self.told.title or self.row.notebook.replace("_", " ").capitalize()

    @property
    def vintage(self) -> str:
        """The figures it stands on, without the name of the borough that stands beside."""
        text = self.told.vintage.removeprefix(self.area_name).strip()
        return text[:1].upper() + text[1:]

    @property
    def other_findings(self) -> list[tuple[str, str, str]]:
        """Key findings after the first: heading, how sure, address."""
        findings = self.contents.findings[1:] if self.contents else ()
        return [(f.heading, f.certainty, f"{self.address}#{f.anchor}") for f in findings]

    @property
    def other_sections(self) -> list[str]:
        """Headings of the sections whose finding is no key finding."""
        if self.contents is None:
            return []
        keys = {finding.anchor for finding in self.contents.findings}
        return [each.heading for each in self.contents.sections if each.anchor not in keys]

    @property
    def state(self) -> str:
        """What is wrong with it: ``stale``, ``failed``, ``gone``, or nothing."""
        if self.row.error:
            return "stale" if self.shown else "failed"
        return "" if self.shown else "gone"


def list_reports(out: Path) -> list[SiteReport]:
    """The reports of a folder, by name of the borough, then of the notebook.

    Parameters
    ----------
    out : Path
        Folder of the reports.

    Returns
    -------
    list of SiteReport
        One for each report that was ever attempted.
    """
    done, kept = last_done_reports(out), kept_contents(out)
    found = []
    for name, row in latest_reports(out).items():
        success = done.get(name)
        shown = success if success and _page(out, success).is_file() else None
        sha256, packed = kept.get(name, ("", b""))
        is_kept = shown is not None and sha256 == shown.output_sha256
        contents = PageContents.unpacked(packed) if is_kept else _read(out, shown)
        has_pdf = shown is not None and is_printed_from(
            _page(out, shown).with_suffix(".pdf"), shown.output_sha256
        )
        found.append(SiteReport(row, shown, contents, has_pdf))
    return sorted(found, key=lambda one: (one.area_name, one.row.notebook))


def fill_contents(out: Path, ledger: Ledger) -> None:
    """Keep in the ledger what pages say that an older version of it did not keep.

    Parameters
    ----------
    out : Path
        Folder of the reports.
    ledger : Ledger
        Open to write.
    """
    kept = kept_contents(out)
    for name, row in last_done_reports(out).items():
        is_kept = kept.get(name, ("", b""))[0] == row.output_sha256
        # A page altered since says something else than what was built.
        if not is_kept and file_sha256(_page(out, row)) == row.output_sha256:
            contents = _read(out, row)
            if contents is not None:
                ledger.keep_contents(row, contents.packed())


def by_borough(
    reports: Sequence[SiteReport], order: Sequence[str]
) -> dict[str, list[SiteReport]]:
    """The reports of each borough in the order of ``order``, boroughs in alphabetical order."""
    found: dict[str, list[SiteReport]] = {report.area_name: [] for report in reports}
    for theme in by_theme(reports, order).values():
        for report in theme:
            found[report.area_name].append(report)
    return found


def by_theme(
    reports: Sequence[SiteReport], order: Sequence[str]
) -> dict[str, list[SiteReport]]:
    """The reports of each notebook, notebooks in the order of ``order``, then by name."""
    found: dict[str, list[SiteReport]] = {}
    for report in reports:
        found.setdefault(report.row.notebook, []).append(report)
    places = {name: place for place, name in enumerate(order)}
    names = sorted(found, key=lambda name: (places.get(name, len(places)), name))
    return {name: found[name] for name in names}


def _page(out: Path, row: ReportRow) -> Path:
    return out / row.area_code / f"{row.notebook}.html"


def _read(out: Path, row: ReportRow | None) -> PageContents | None:
    if row is None or not _page(out, row).is_file():
        return None
    return read_contents(_page(out, row).read_text("utf-8", errors="replace"))
