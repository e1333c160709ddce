"""``csp figures``: the numbers themselves, for a spreadsheet or a script."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from analysis.cli.months import refuse_unless_months
from analysis.errors import ParamsError

if TYPE_CHECKING:
    import pandas as pd


@click.command()
@click.option(
    "--borough",
    "boroughs",
    required=True,
    multiple=True,
    metavar="NAME_OR_CODE",
    help="Or 'london', or 'all' 32; may be given more than once.",
)
@click.option(
    "--offence-group",
    "measures",
    required=True,
    multiple=True,
    metavar="GROUP",
    help="Such as mopac7; may be given more than once.",
)
@click.option("--from", "first", metavar="YYYY-MM", help="First month; default the first held.")
@click.option("--to", "last", metavar="YYYY-MM", help="Last month; default the last held.")
@click.option("--basis", type=click.Choice(["location", "policing"]), default="location")
@click.option("--offence-list", type=click.Choice(["current", "old"]), default="current")
@click.option("--as-of", metavar="YYYY-MM", help="Last month seen.")
@click.option("--published-by", metavar="YYYY-MM", help="Last publication seen.")
@click.option("--series", is_flag=True, help="Print the layout that 'csp forecast' reads.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of CSV.")
def figures(
    boroughs: tuple[str, ...],
    measures: tuple[str, ...],
    first: str | None,
    last: str | None,
    basis: str,
    offence_list: str,
    as_of: str | None,
    published_by: str | None,
    series: bool,
    as_json: bool,
) -> None:
    """Print monthly counts as CSV, with basis and publication on every row.

    With --series a row is a series and a month; London, where it is asked for too, is the
    parent of the boroughs.
    """
    import pandas as pd

    from analysis.data.vintages import measure_by_month

    refuse_unless_months(first, last, as_of, published_by)
    if first and last and last < first:
        message = (
            f"--from {first} --to {last}: the period ends before it begins. Give the earlier "
            "month with --from."
        )
        raise ParamsError(message)
    tables = [
        measure_by_month(
            area_code,
            measure,
            "policing" if basis == "policing" else "location",
            "old" if offence_list == "old" else "current",
            as_of=as_of,
            published_by=published_by,
            first=first,
            last=last,
        )
        for area_code in _area_codes(boroughs)
        for measure in dict.fromkeys(measures)
    ]
    table = pd.concat(tables, ignore_index=True)
    table = table.assign(month=table["month"].dt.strftime("%Y-%m"))
    if series:
        table = _as_series(table)
    if as_json:
        click.echo(json.dumps(json.loads(table.to_json(orient="records")), indent=1))
    else:
        click.echo(table.to_csv(index=False, lineterminator="\n"), nl=False)


def _area_codes(boroughs: tuple[str, ...]) -> list[str]:
    from analysis.params.areas import borough_codes, resolve_area

    found: dict[str, None] = {}
    for named in boroughs:
        codes = (
            borough_codes() if named.casefold() == "all" else [resolve_area(named).area_code]
        )
        found |= dict.fromkeys(codes)
    return list(found)


def _as_series(table: pd.DataFrame) -> pd.DataFrame:
    from analysis.params.areas import LONDON_CODE

    area, group = table["area_code"], table["offence_group"]
    # Without London's own figures a parent would be the sum of the boroughs chosen.
    is_part = (area != LONDON_CODE) & bool((area == LONDON_CODE).any())
    return table.assign(
        series_id=area + "/" + group,
        count=table["offence_count"],
        parent_id=(LONDON_CODE + "/" + group).where(is_part, ""),
    )[["series_id", "month", "count", "parent_id"]]
