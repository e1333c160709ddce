"""What rebuilding a report changed, on its page and in what it was made from.

Made at the moment when the new page takes the old one's place, and kept in the ledger:
nothing else remembers the figures that stood before.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from analysis.publish.changes import PageChanges, compare_contents
from analysis.publish.contents import PageContents, read_contents
from analysis.publish.ledger import ReportRow
from analysis.publish.manifest import IN_WORDS, what_changed
from analysis.publish.plan import PlannedReport

NOT_GIVEN = "not given"
_PARAMETERS_ALONE = IN_WORDS["parameters"]


@dataclass(frozen=True)
class Rebuild:
    """One rebuilding.

    Parameters
    ----------
    why : str
        Why it was built, as ``csp plan`` says it.
    page : PageChanges or None
        What differs on the page; None for a report that was not there before.
    parts : str
        What it was made from that differs, in words.
    parameters : tuple of (str, str, str)
        Parameters asked otherwise: name, before, now.
    version : tuple of str
        Package version before and now, where they differ.
    """

    why: str
    page: PageChanges | None = None
    parts: str = ""
    parameters: tuple[tuple[str, str, str], ...] = ()
    version: tuple[str, str] | tuple[()] = ()

    @property
    def is_only_asked_otherwise(self) -> bool:
        """Whether nothing but the parameters differs, so that no figure was revised."""
        return self.parts == _PARAMETERS_ALONE and not self.version

    def as_json(self) -> str:
        """As the ledger keeps it.

        Examples
        --------
        >>> rebuild = Rebuild("program changed", PageChanges(numbers=2), "program changed")
        >>> Rebuild.from_json(rebuild.as_json()) == rebuild
        True
        """
        page = json.loads(self.page.as_json()) if self.page is not None else None
        return json.dumps({**vars(self), "page": page}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Rebuild:
        """What :meth:`as_json` wrote."""
        told = json.loads(text)
        page = told["page"]
        return cls(
            told["why"],
            PageChanges.from_json(json.dumps(page)) if page is not None else None,
            told["parts"],
            tuple((name, before, now) for name, before, now in told["parameters"]),
            tuple(told["version"]),
        )


def describe_rebuild(
    one: PlannedReport,
    pages: tuple[str, str],
    before: tuple[ReportRow, str] | None,
    version: str,
    *,
    kept: bytes = b"",
) -> tuple[Rebuild, PageContents]:
    """What a rebuilding changed, and what the new page says.

    Parameters
    ----------
    one : PlannedReport
        What was built.
    pages : (str, str)
        HTML of the page that stands, empty where there is none, and of the new one.
    before : (ReportRow, str) or None
        The last success in the ledger, with the package version that made it.
    version : str
        Package version that makes the new one.
    kept : bytes
        What the last page said, from the ledger: used where the page itself is gone.

    Returns
    -------
    (Rebuild, PageContents)
    """
    old_html, new_html = pages
    contents = read_contents(new_html)
    old = PageContents.unpacked(kept) if kept and not old_html else read_contents(old_html)
    page = compare_contents(old, contents) if old_html or kept else None
    rebuild = Rebuild(one.reason, page)
    if before is None:
        return rebuild, contents
    row, old_version = before
    return replace(
        rebuild,
        parts=what_changed(row.part_digests(), one.parts),
        parameters=tuple(_changed_parameters(row.parameters(), one.job.params)),
        version=(old_version, version) if old_version != version else (),
    ), contents


def _changed_parameters(
    before: Mapping[str, object], now: Mapping[str, object]
) -> list[tuple[str, str, str]]:
    names = [*before, *(name for name in now if name not in before)]
    return [
        (name, _said(before.get(name)), _said(now.get(name)))
        for name in names
        if before.get(name) != now.get(name)
    ]


def _said(value: object) -> str:
    return NOT_GIVEN if value in (None, "") else str(value)
