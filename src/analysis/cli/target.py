"""``csp target``: what a target needs, how likely it is, or how it ended."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from analysis.cli.months import refuse_unless_months

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = {
    "base_count": "base",
    "target_count": "target level",
    "actual_count": "outcome",
    "last_12_count": "latest year",
    "from_base_count": "fewer than base",
    "from_last_12_count": "fewer than latest year",
    "forecast_count": "forecast",
    "forecast_count_lower": "forecast, lower 80%",
    "forecast_count_upper": "forecast, upper 80%",
}


@click.command()
@click.option("--borough", required=True, metavar="NAME_OR_CODE")
@click.option("--plan", metavar="NAME_OR_FILE", help="Default the borough's own.")
@click.option("--rule", metavar="RULE", help="percent=20, level=N, rank=1:rate, parity=sutton.")
@click.option("--measure", default="", metavar="NAME", help="Default mopac7.")
@click.option("--base", default="", metavar="YYYY-MM..YYYY-MM", help="Default the latest year.")
@click.option("--horizon", default="", metavar="YYYY-MM", help="Default three years ahead.")
@click.option("--as-of", metavar="YYYY-MM", help="Last month seen.")
@click.option("--published-by", metavar="YYYY-MM", help="Last publication seen.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a target.")
def target(
    borough: str,
    plan: str | None,
    rule: str | None,
    measure: str,
    base: str,
    horizon: str,
    as_of: str | None,
    published_by: str | None,
    as_json: bool,
) -> None:
    """Print what targets need, how likely they are, or how they ended.

    Without --rule the targets are those of the borough's plan, or of the Mayor's scheme.
    """
    from analysis.assessment import Assessment, ended_targets, prospects, target_choice
    from analysis.errors import ParamsError

    refuse_unless_months(as_of, published_by, horizon or None)
    if rule is None and (measure or base or horizon):
        message = "--measure, --base and --horizon go with --rule, such as --rule percent=20."
        raise ParamsError(message)
    assessment = Assessment.open(borough, as_of=as_of, plan=plan, published_by=published_by)
    if rule is None:
        targets = target_choice.plan_targets(assessment)
    else:
        chosen = target_choice.chosen_target(
            assessment, measure=measure or "mopac7", rule=rule, base=base, horizon=horizon
        )
        targets = [chosen]
    tables = (
        prospects.prospects(assessment, targets),
        ended_targets.outcomes(assessment, targets),
    )
    rows = [row for table in tables for row in _rows(table)]
    if as_json:
        click.echo(json.dumps(rows, indent=1, ensure_ascii=False))
        return
    for row in rows:
        _print(row)


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(table.to_json(orient="records", double_precision=6))
    return rows


def _print(row: dict[str, Any]) -> None:
    click.echo(row["label"])
    click.echo(f"  {row['definition']}")
    if row["is_blocked"]:
        click.echo("  cannot be told: the gate refuses the comparison")
    for column, name in _COLUMNS.items():
        if not row["is_blocked"] and row.get(column) is not None:
            click.echo(f"  {name}: {row[column]:,.0f}")
    if row.get("probability") is not None:
        click.echo(
            f"  chance with no change of course: {row['probability']:.0%} ({row['in_words']})"
        )
    if "verdict" in row and not row["is_blocked"]:
        click.echo(f"  {row['verdict']}: {row['change_pct']:+.1f}%")
    if row["note"]:
        click.echo(f"  note: {row['note']}")
