"""``csp claim``: what a plan's numbers can mean, and what a close fit is worth."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from analysis.cli.months import refuse_unless_months
from analysis.errors import ParamsError

if TYPE_CHECKING:
    from analysis.assessment import Assessment
    from analysis.assessment.claims import ClaimSearch


@click.command()
@click.option("--borough", required=True, metavar="NAME_OR_CODE")
@click.option("--reduction", metavar="N", help="Offences fewer, as the plan says.")
@click.option("--of", "base", metavar="N", help="The total that they are counted from.")
@click.option("--near", metavar="YYYY", help="Only 12 months that end within a year of it.")
@click.option("--measure", "measures", multiple=True, metavar="NAME", help="Only this; repeat.")
@click.option(
    "--kind", "kinds", multiple=True, metavar="KIND", help="percent, rank, mean or parity."
)
@click.option("--as-of", metavar="YYYY-MM", help="Last month seen.")
@click.option("--published-by", metavar="YYYY-MM", help="Last publication seen.")
@click.option("--limit", default="10", show_default=True, metavar="N", help="Readings shown.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def claim(
    borough: str,
    reduction: str | None,
    base: str | None,
    near: str | None,
    measures: tuple[str, ...],
    kinds: tuple[str, ...],
    as_of: str | None,
    published_by: str | None,
    limit: str,
    as_json: bool,
) -> None:
    """Print the readings that fit a plan's numbers, and how many would by chance.

    A reading is a measure, a record, 12 months and a rule; the closest come first.
    """
    from analysis.assessment import Assessment
    from analysis.assessment.claims import claim_search
    from analysis.targets.claims import ClaimNumbers

    refuse_unless_months(as_of, published_by)
    if reduction is None and base is None:
        message = "claim: no number is given. Give --reduction 2500, --of 11615, or both."
        raise ParamsError(message)
    numbers = ClaimNumbers(_number("--reduction", reduction), _number("--of", base))
    year, keep = _whole("--near", near, 1000), _whole("--limit", limit, 1)
    assessment = Assessment.open(borough, as_of=as_of, published_by=published_by)
    search = claim_search(
        assessment,
        **asdict(numbers),
        near=year,
        measures=measures,
        kinds=kinds,
        keep=keep or 1,
    )
    if as_json:
        click.echo(json.dumps(_as_object(assessment, search), indent=1, ensure_ascii=False))
    else:
        _print(assessment, search)


def _print(assessment: Assessment, search: ClaimSearch) -> None:
    from analysis.findings import claims as findings

    finding = findings.closest(assessment, search)
    click.echo(f"{finding.heading}\n  {finding.told}\n\nclosest readings, gap first")
    for _, row in search.table.iterrows():
        click.echo(f"  {row['worst_gap_pct']:5.1f}%  {findings.reading_words(row)}")
    click.echo("\nkind by kind")
    for line in findings.kinds(search):
        click.echo(f"  {line}")


def _as_object(assessment: Assessment, search: ClaimSearch) -> dict[str, Any]:
    claimed = asdict(search.claim) if search.claim is not None else {}
    fit = asdict(search.fit) if search.fit is not None else {}
    return {
        "area_code": assessment.area.area_code,
        "as_of": assessment.as_of,
        **claimed,
        "periods_end_from": search.ends[0],
        "periods_end_to": search.ends[1],
        **fit,
        "kinds": _rows(search.by_kind),
        "readings": _rows(search.table),
    }


def _rows(table: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(table.to_json(orient="records", double_precision=6))
    return rows


def _number(option: str, text: str | None) -> float | None:
    if text is None:
        return None
    try:
        return float(text.replace(",", ""))
    except ValueError:
        message = f"{option} {text}: not a number. Write offences in digits, such as 2500."
        raise ParamsError(message) from None


def _whole(option: str, text: str | None, least: int) -> int | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or int(text) < least:
        message = f"{option} {text}: not a whole number from {least}. Write it in digits."
        raise ParamsError(message)
    return int(text)
