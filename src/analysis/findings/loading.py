"""Sentences on what is not loaded: who holds it, and where it says how to load it.

A report is read by everybody: what an operator types stands in the pages named here.
"""

from __future__ import annotations

from analysis.assessment import Assessment
from analysis.assessment.partner_counts import PartnerCounts
from analysis.data.partner import describe_partner_table
from analysis.data.sources import load_registry
from analysis.findings.finding import Finding
from analysis.wording import counted, listed, month_text, number, printable, year_ending

HOW_RECORDS = "data/templates/README.md says how to load them"
HOW_FILE = "docs/data-sources.md says how to load it"


def records_not_loaded(assessment: Assessment, name: str, heading: str = "") -> Finding:
    """A section whose figures only the partnership holds, and has not loaded.

    Parameters
    ----------
    assessment : Assessment
    name : str
        Table in ``data/templates/templates.yml``.
    heading : str
        Default the table's title, not loaded.

    Examples
    --------
    >>> records_not_loaded(Assessment.open("harrow"), "gangs").heading
    'People and offences linked to gangs: not loaded'
    """
    about = describe_partner_table(name)
    title = about.title[:1].upper() + about.title[1:]
    return Finding(
        heading=heading or f"{title}: not loaded",
        sentence=(
            f"No figures of {about.title} are published for {assessment.area.area_name}. They "
            f"are held by {about.held_by}, and are not loaded here, which does not mean none: "
            f"{HOW_RECORDS}."
        ),
        certainty="not known",
        because="the records are not loaded",
        is_key=False,
    )


def source_not_loaded(source_id: str, heading: str, without: str = "") -> Finding:
    """A section that needs a published file which is not on this machine.

    Parameters
    ----------
    source_id : str
        Id in ``data/sources.yml``.
    heading : str
    without : str
        What the report does instead, as a sentence.
    """
    source = load_registry().source(source_id)
    return Finding(
        heading=heading,
        sentence=(
            f"Not loaded here: {source.title} (published by {source.publisher}). It is too big "
            f"to travel with the project; {HOW_FILE}." + (f" {without}" if without else "")
        ),
        certainty="not known",
        because="the published file is not loaded",
        is_key=False,
    )


def counts(assessment: Assessment, loaded: PartnerCounts) -> Finding:
    """What the partnership's own counts say of the newest year, measure by measure."""
    table, area = loaded.table, assessment.area.area_name
    newest = table["year_ending"].max()
    rows = table[table["year_ending"] == newest]
    title = loaded.about.title[:1].upper() + loaded.about.title[1:]
    held = int(rows["months_held"].max())
    told = [f"{printable(r['measure']).casefold()}: {_shown(r)}" for _, r in rows.iterrows()]
    return Finding(
        heading=f"{title} in {area}, from partner records",
        sentence=(
            f"In the {year_ending(f'{newest:%Y-%m}')}: {listed(told)}."
            + ("" if held == 12 else f" {counted(held, 'month')} of that year are loaded.")
            + f" Source: {loaded.about.held_by}, as loaded to {month_text(newest)}."
        ),
        certainty="moderate",
        because="the records are the partnership's own, and were checked for form only",
        is_key=False,
    )


def _shown(row: object) -> str:
    if row["is_suppressed"]:  # type: ignore[index]
        return "too few to show"
    count = row["person_count"]  # type: ignore[index]
    return "not whole" if count is None or count != count else number(float(count))
