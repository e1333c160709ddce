"""Sentences on how sure the figures make us: basis, vintage, breaks, gaps, revisions."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd

from analysis.assessment import Assessment
from analysis.data.detail import is_held
from analysis.data.fetch import sha256_of
from analysis.data.partner import RECORDS, partner_path
from analysis.data.sources import load_registry
from analysis.findings.finding import Piece, note
from analysis.wording import editions, listed, month_text, number, with_unit


def basis(assessment: Assessment) -> Piece:
    """Which basis, offence list and publications the figures are on."""
    return note(
        "Offences are counted where they happened (location basis) on the offence list in use "
        "since 2019, as published by the Metropolitan Police in "
        f"{editions(assessment.publications)}, "
        f"to {month_text(pd.Timestamp(assessment.as_of))}. They are offences recorded, not all "
        "that were committed. Where an earlier date is looked back on, these are later "
        "publications of its figures, not those of the day."
    )


def revisions(assessment: Assessment) -> Piece:
    """How much the newer publication changed the months that two publications share."""
    table = assessment.revisions()
    if table.empty:
        return note("No month is held in two publications, so revisions cannot be told.")
    lower, upper = table["revision_pct"].min(), table["revision_pct"].max()
    newest = month_text(pd.Timestamp(table["published"].iloc[0]))
    return note(
        f"{len(table)} months are held in two publications; that of {newest} changed this "
        f"borough's monthly total by {with_unit(lower, '%', 2, signed=True)} to "
        f"{with_unit(upper, '%', 2, signed=True)}."
    )


def unknown_borough(assessment: Assessment) -> Piece:
    """How many of London's offences have no borough."""
    share = assessment.unknown_share().loc[assessment.latest_year[0] :]
    worst = pd.Timestamp(str(share.idxmax()))
    return note(
        f"In the latest year {number(share.mean(), 1)}% of London's offences on average have "
        f"no known borough (most in {month_text(worst)}, {number(share[worst], 1)}%). They are "
        "kept apart and are not spread over the boroughs; Heathrow's, where they have a row of "
        "their own, count in Hillingdon where boroughs are compared."
    )


def breaks(assessment: Assessment, measure: str) -> list[Piece]:
    """The recording changes and spells that touch a measure, one sentence each."""
    return [note(sentence) for sentence in assessment.breaks(measure)["sentence"].unique()]


def gaps(assessment: Assessment) -> Piece:
    """Whether a month is missing."""
    history = assessment.series("total")
    missing = history.index[history.isna()]
    if len(missing):
        return note(
            f"Missing months: {listed([month_text(month) for month in missing])}. They are "
            "missing, not nought."
        )
    return note(
        f"No month is missing from {month_text(history.index[0])} to "
        f"{month_text(history.index[-1])}."
    )


def coverage() -> Piece:
    """What London is, in these figures."""
    return note(
        "London is the area of the Metropolitan Police: 32 boroughs without the City, with "
        "Heathrow (counted in Hillingdon but from April 2023 to February 2024, when it has a "
        "row of its own) and the unknown borough."
    )


def sources(
    assessment: Assessment,
    tables: Sequence[str] = (),
    files: Sequence[str] = (),
    records: Sequence[str] = (),
) -> Piece:
    """What a notebook reads beyond the monthly figures, with edition and checksum.

    Parameters
    ----------
    assessment : Assessment
    tables : sequence of str
        Embedded tables.
    files : sequence of str
        Ids of published files too big to embed: those not held are named as not loaded.
    records : sequence of str
        Partner tables: likewise.
    """
    rows = assessment.provenance(tables) if tables else pd.DataFrame()
    lines = [
        f"{row['title']}: {row['source']}, published {row['published']} ({row['table']}, "
        f"sha256 {row['sha256']})"
        for row in rows.to_dict("records")
    ]
    lines += [_file(source_id) for source_id in files]
    lines += [_record(assessment, name) for name in records]
    html = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return Piece("provenance", f'<ul class="csp-sources">{html}</ul>', "; ".join(lines))


def _file(source_id: str) -> str:
    source = load_registry().source(source_id)
    edition = f"published {source.published}" if is_held(source_id) else "not loaded"
    return f"{source.title}: {source.publisher}, {edition} ({source_id})"


def _record(assessment: Assessment, name: str) -> str:
    path = partner_path(name, assessment.area.area_code)
    where = f"{RECORDS}/{assessment.area.area_code}/{name}.csv"
    if not path.is_file():
        return f"Partner records: {where}, not loaded"
    return f"Partner records: {where} (sha256 {sha256_of(path)[:12]})"
