"""``csp target``: what a target takes, how likely it is, the way there, or how it ended."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from analysis.cli.months import refuse_unless_months
from analysis.cli.target_text import target_lines
from analysis.wording import listed

if TYPE_CHECKING:
    import pandas as pd

    from analysis.assessment import Assessment
    from analysis.assessment.answers import TargetAnswer
    from analysis.params.targets import TargetSpec

_OWN = ("measure", "base", "horizon", "per", "basis", "offence_list")


@click.command()
@click.option("--borough", required=True, metavar="NAME_OR_CODE")
@click.option("--plan", metavar="NAME_OR_FILE", help="Default the borough's own.")
@click.option(
    "--rule",
    metavar="RULE",
    help="percent=20, level=N, rank=1:rate, parity=sutton; points=13 of a survey.",
)
@click.option(
    "--per",
    type=click.Choice(["year", "whole"]),
    help="Fewer in the last year (default), or in all from base to horizon.",
)
@click.option("--measure", default="", metavar="NAME", help="Default mopac7.")
@click.option("--base", default="", metavar="YYYY-MM..YYYY-MM", help="Default the latest year.")
@click.option("--horizon", default="", metavar="YYYY-MM", help="Default three years ahead.")
@click.option("--basis", type=click.Choice(["location", "policing"]), help="Default location.")
@click.option("--offence-list", type=click.Choice(["current", "old"]), help="Default current.")
@click.option("--as-of", metavar="YYYY-MM", help="Last month seen.")
@click.option("--published-by", metavar="YYYY-MM", help="Last publication seen.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: a list, an object each.")
def target(
    borough: str,
    plan: str | None,
    rule: str | None,
    as_of: str | None,
    published_by: str | None,
    as_json: bool,
    **own: str | None,
) -> None:
    """Print what targets take, how likely they are, the way there, or how they ended.

    Without --rule the targets are those of the borough's plan, or of the Mayor's scheme.
    """
    from analysis.assessment import Assessment, target_choice
    from analysis.errors import ParamsError

    refuse_unless_months(as_of, published_by, own["horizon"] or None)
    chosen = {name: own[name] or "" for name in _OWN}
    if rule is None and any(chosen.values()):
        options = listed([f"--{name.replace('_', '-')}" for name in _OWN])
        message = f"{options} go with --rule, such as --rule percent=20. Add a rule."
        raise ParamsError(message)
    assessment = Assessment.open(borough, as_of=as_of, plan=plan, published_by=published_by)
    if rule is None:
        targets = target_choice.plan_targets(assessment)
    else:
        chosen["measure"] = chosen["measure"] or "mopac7"
        targets = [target_choice.chosen_target(assessment, rule=rule, **chosen)]
    # All are worked out before any is printed: a refusal leaves nothing half told.
    answers = [_answer(assessment, each) for each in targets]
    if as_json:
        click.echo(json.dumps(answers, indent=1, ensure_ascii=False))
        return
    for each in answers:
        click.echo("\n".join(target_lines(each)))


def _answer(assessment: Assessment, target: TargetSpec) -> dict[str, Any]:
    from analysis.assessment import ended_targets, surveys
    from analysis.assessment.prospects import to_come

    if target.rule == "points":
        return _plain(surveys.survey_target(assessment, target))
    coming = to_come(assessment, [target])
    if coming:
        return _to_come(coming[0])
    return _records(ended_targets.outcomes(assessment, [target]))[0]


def _to_come(answer: TargetAnswer) -> dict[str, Any]:
    from analysis.assessment.prospects import prospect

    row = _plain(prospect(answer))
    if answer.is_blocked:
        return row
    rate = answer.base_rate
    return row | {
        "months_ahead": answer.months_ahead,
        "base_rate_starts": rate.start_count,
        "base_rate_times": rate.times,
        "required_reduction": _records(answer.required),
        "readings": _records(answer.readings),
        "achieved_by": _records(answer.achieved_by_name),
        "on_track": _plain(answer.progress),
        "trajectory": _records(answer.ahead),
        "since_base": _records(answer.since_base),
        "allocation": _records(answer.allocation),
        "if_london_changes": _records(answer.if_london_changes),
    }


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """A row without values that JSON does not know."""
    import pandas as pd

    return _records(pd.DataFrame([values]).astype(object))[0]


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    told = table.copy()
    for name in told.columns[[kind.kind == "M" for kind in told.dtypes]]:
        told[name] = told[name].dt.strftime("%Y-%m")
    rows: list[dict[str, Any]] = json.loads(told.to_json(orient="records", double_precision=6))
    return rows
