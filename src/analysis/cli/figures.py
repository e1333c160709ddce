"""``csp figures``: the numbers themselves, for a spreadsheet or a script."""

from __future__ import annotations

import json

import click

from analysis.cli.months import refuse_unless_months
from analysis.errors import ParamsError


@click.command()
@click.option("--borough", required=True, metavar="NAME_OR_CODE", help="Or 'london'.")
@click.option("--offence-group", required=True, metavar="GROUP", help="Such as mopac7.")
@click.option("--from", "first", metavar="YYYY-MM", help="First month; default the first held.")
@click.option("--to", "last", metavar="YYYY-MM", help="Last month; default the last held.")
@click.option("--basis", type=click.Choice(["location", "policing"]), default="location")
@click.option("--offence-list", type=click.Choice(["current", "old"]), default="current")
@click.option("--as-of", metavar="YYYY-MM", help="Last month seen.")
@click.option("--published-by", metavar="YYYY-MM", help="Last publication seen.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of CSV.")
def figures(
    borough: str,
    offence_group: str,
    first: str | None,
    last: str | None,
    basis: str,
    offence_list: str,
    as_of: str | None,
    published_by: str | None,
    as_json: bool,
) -> None:
    """Print monthly counts as CSV, with basis and publication on every row."""
    from analysis.data.vintages import measure_by_month
    from analysis.params.areas import resolve_area

    refuse_unless_months(first, last, as_of, published_by)
    if first and last and last < first:
        message = (
            f"--from {first} --to {last}: the period ends before it begins. Give the earlier "
            "month with --from."
        )
        raise ParamsError(message)
    table = measure_by_month(
        resolve_area(borough).area_code,
        offence_group,
        "policing" if basis == "policing" else "location",
        "old" if offence_list == "old" else "current",
        as_of=as_of,
        published_by=published_by,
        first=first,
        last=last,
    )
    table = table.assign(month=table["month"].dt.strftime("%Y-%m"))
    if as_json:
        click.echo(json.dumps(json.loads(table.to_json(orient="records")), indent=1))
    else:
        click.echo(table.to_csv(index=False, lineterminator="\n"), nl=False)
