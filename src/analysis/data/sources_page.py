"""The page ``docs/data-sources.md``, written from the registry so that it cannot lag.

``python -m analysis.data.sources_page`` writes it anew.
"""

from __future__ import annotations

from analysis.data.sources import Registry, Source, load_registry
from analysis.project import project_root

PAGE_PATH = "docs/data-sources.md"

_OPENING = """\
# Where the numbers come from

<!-- Written from data/sources.yml by `python -m analysis.data.sources_page`. -->

Every number in a report comes from one of the published files below. The project embeds
figures that it compiled from them (`data/figures/`); the files themselves are not part of
it. `csp data status` says which are here, `csp data fetch ID --mirror DIR` brings one in,
`csp data check` reads them all again.

**Basis** says who a crime is credited to: *location*, the borough where it happened, or
*policing*, the borough whose police recorded it. The two are never joined into one series.
**List** is the offence list, *old* until 2019 or *current*. **Published** is the edition: a
later one may give another figure for the same month.
"""


def sources_page(registry: Registry) -> str:
    """The page of sources, in Markdown: one table, then each source in full.

    Parameters
    ----------
    registry : Registry

    Returns
    -------
    str
    """
    table = [
        "| source | publisher | period | published | basis | list | files |",
        "|---|---|---|---|---|---|---|",
        *(_row(source) for source in registry.sources),
    ]
    parts = [_OPENING, "\n".join(table), *(_entry(source) for source in registry.sources)]
    return "\n".join(f"{part.rstrip()}\n" for part in parts)


def write_sources_page() -> None:
    """Write the page of the project's own registry to its place."""
    page = project_root() / PAGE_PATH
    page.parent.mkdir(exist_ok=True)
    page.write_text(sources_page(load_registry()), encoding="utf-8", newline="\n")


def _row(source: Source) -> str:
    cells = (
        f"[{source.title}](#{source.id})",
        source.publisher,
        _period(source),
        source.published,
        _or_dash(source.basis),
        _or_dash(source.offence_list),
        str(len(source.files)),
    )
    return f"| {' | '.join(cells)} |"


def _entry(source: Source) -> str:
    note = f" ({source.published_note.rstrip('.')})" if source.published_note else ""
    url = next((file.download_url for file in source.files if file.download_url), None)
    lines = [
        f'<a id="{source.id}"></a>',
        f"## {source.title}",
        "",
        f"`{source.id}`, {source.publisher}. [Landing page]({source.landing_page}); "
        f"[{source.licence.name}]({source.licence.url}); covers {_period(source)}; published "
        f"{source.published}{note}; accessed {source.accessed}.",
        "",
        *(f"- {defect}" for defect in source.known_defects),
        *([f"- [A copy of this edition]({url})."] if url else []),
        *([f"- {source.download_note}"] if source.download_note else []),
        "",
        f"> {source.attribution}",
    ]
    return "\n".join(lines)


def _period(source: Source) -> str:
    first, last = source.period.first, source.period.last
    return first if first == last else f"{first} to {last}"


def _or_dash(value: str) -> str:
    return "-" if value == "none" else value


if __name__ == "__main__":
    write_sources_page()
