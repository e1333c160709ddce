"""Targets to come as one table: what they need, and how likely they are.

A row is the short form of a ``TargetAnswer``. Beside it stands the ladder, the chance of
falls of several sizes, and the same target under other definitions.
"""

from __future__ import annotations

import pandas as pd

from analysis.assessment.answers import TargetAnswer
from analysis.assessment.assessment import Assessment, year_to
from analysis.assessment.ended_targets import named
from analysis.assessment.target_choice import RECORDS, last_month, record_of, steps_of
from analysis.data.offences import is_on_list
from analysis.errors import DataContractError
from analysis.forecasts.totals import SMALL_COUNT
from analysis.params.fields import Period
from analysis.params.targets import TargetSpec
from analysis.targets.base_rates import base_rate
from analysis.targets.probability import Chance, chance_of_count

FALLS_PCT = (5.0, 10.0, 15.0, 20.0, 30.0)
# A ladder from a fall that most years bring to one that hardly any borough has made.

OTHER_BASES = (-12, -6, -3)
# Months from the base to the years that a plan's "last year" may also mean: the year
# before, and, of a financial year, the year to September and the calendar year.

OTHER_MEASURES = ("total_without_fraud", "victim_based", "mopac7", "neighbourhood_crime")
# What else "crime" may mean.

_SMALL = f"There are fewer than {SMALL_COUNT} offences a month, so chance rules."

_LIMITS = ("", "_lower", "_upper")

_BLOCKED: dict[str, object] = dict.fromkeys(
    [
        "base_count",
        "target_count",
        "last_12_count",
        "from_base_count",
        "from_last_12_count",
        "forecast_count",
        "forecast_count_lower",
        "forecast_count_upper",
        "from_forecast_count",
        "probability",
        "simulated",
        "base_rate",
    ],
    float("nan"),
) | {
    "comparator_code": "",
    "in_words": "not known",
    "is_blocked": True,
    "is_stretched": False,
}


def prospects(assessment: Assessment, targets: list[TargetSpec]) -> pd.DataFrame:
    """Targets that end after the last month seen: what they need, and how likely they are.

    Returns
    -------
    DataFrame, one row a target that counts offences and whose horizon is to come
        As ``prospect`` gives it.

    Examples
    --------
    >>> from analysis.assessment.target_choice import plan_targets
    >>> harrow = Assessment.open("harrow", as_of="2013-03")
    >>> row = prospects(harrow, plan_targets(harrow)).set_index("name").loc["mopac7_20_percent"]
    >>> int(row["base_count"]), round(row["from_base_count"])
    (8255, 1651)
    """
    return pd.DataFrame([prospect(each) for each in to_come(assessment, targets)])


def to_come(assessment: Assessment, targets: list[TargetSpec]) -> list[TargetAnswer]:
    """Answers to the targets that count offences and whose horizon is to come."""
    return [
        TargetAnswer(assessment, target)
        for target in targets
        if target.rule != "points" and target.horizon > last_month(assessment, target)
    ]


def prospect(answer: TargetAnswer) -> dict[str, object]:
    """The short form of an answer.

    Returns
    -------
    dict
        ``name``, ``label``, ``measure``, ``basis``, ``offence_list``, ``rule``, ``per``,
        ``horizon``, ``definition``, ``base_count``, ``target_count``, ``comparator_code``,
        ``last_12_count``, ``from_base_count`` and ``from_last_12_count`` (offences to take
        off), ``forecast_count`` with ``_lower`` and ``_upper`` (80 %),
        ``from_forecast_count``, ``probability``, ``simulated``, ``base_rate``,
        ``in_words``, ``is_stretched`` (the history is too short for the horizon),
        ``is_blocked`` (the gate refuses base against latest year: the numbers are then
        missing) and ``note``. For a target over the whole period ``target_count`` and
        ``forecast_count`` are 12-month means of the months to come, and what is to be taken
        off is a sum.
    """
    if answer.is_blocked:
        return named(answer.target) | _BLOCKED | {"note": answer.gate.sentences[0]}
    rows = answer.required[answer.required["per"] == answer.target.per]
    rows = rows.set_index("measured_from")
    fewer = rows["reduction_count"].astype(float)
    # From sums over the months to come to years of them; a yearly number stays as it is.
    years = answer.months_ahead / 12 if answer.is_whole else 1.0
    spans = rows[[f"reduction_count{limit}" for limit in _LIMITS]].loc["forecast"].to_numpy()
    limits = {
        f"forecast_count{limit}": answer.level_count + span / years
        for limit, span in zip(_LIMITS, spans.astype(float), strict=True)
    }
    is_small = answer.last_12_count < 12 * SMALL_COUNT
    note = answer.gate.note
    return (
        named(answer.target)
        | {
            "base_count": answer.requirement.base_count,
            "target_count": answer.level_count,
            "comparator_code": answer.requirement.comparator_code or "",
            "last_12_count": answer.last_12_count,
            "from_base_count": float(fewer["base"]),
            "from_last_12_count": float(fewer["last_12_months"]),
            **limits,
            "from_forecast_count": float(fewer["forecast"]),
            "is_blocked": False,
            "is_stretched": answer.forecast.is_stretched,
            "note": f"{_SMALL} {note}".strip() if is_small else note,
        }
        | _chance(answer.chance)
    )


def ladder(answer: TargetAnswer) -> pd.DataFrame:
    """Chance of falls of several sizes, from the latest year to a target's horizon.

    Returns
    -------
    DataFrame, one row a fall
        ``fall_pct``, ``target_count``, ``reduction_count``, ``probability``,
        ``simulated``, ``base_rate``, ``in_words``; of the target's own measure and record.

    Examples
    --------
    >>> from analysis.assessment.target_choice import plan_targets
    >>> harrow = Assessment.open("harrow", as_of="2013-03")
    >>> steps = ladder(TargetAnswer(harrow, plan_targets(harrow)[0]))
    >>> bool(steps["probability"].is_monotonic_decreasing)
    True
    """
    assessment, target, forecast = answer.assessment, answer.target, answer.forecast
    last = float(forecast.last_12[answer.area_code])
    record = record_of(target)
    rows = []
    for fall in FALLS_PCT:
        often = base_rate(
            answer.history,
            fall,
            answer.months_ahead,
            unusual_months=assessment.unusual_months,
            steps=steps_of(target.measure, *record),
        )
        count = last * (1 - fall / 100)
        chance = chance_of_count(forecast.draws[answer.area_code], count, often.share)
        rows.append(
            {"fall_pct": fall, "target_count": count, "reduction_count": last - count}
            | _chance(chance)
        )
    return pd.DataFrame(rows)


def by_definition(assessment: Assessment, target: TargetSpec) -> pd.DataFrame:
    """How the answer changes with the definition, one choice at a time.

    Parameters
    ----------
    assessment : Assessment
    target : TargetSpec
        To come, counting offences.

    Returns
    -------
    DataFrame, one row a definition, the target's own first
        ``varies`` (``as asked``, ``record``, ``base``, ``measure`` or ``per``),
        ``base_period`` (``2011-04..2012-03``) and the columns of ``prospect``. A record
        that does not hold base and latest year alike is left out, as is a measure that a
        list cannot show; another measure is left out where the target is a number.

    Examples
    --------
    >>> from analysis.assessment.target_choice import plan_targets
    >>> harrow = Assessment.open("harrow", as_of="2013-03")
    >>> table = by_definition(harrow, plan_targets(harrow)[0])
    >>> table["varies"].unique().tolist()
    ['as asked', 'record', 'base', 'measure', 'per']
    """
    rows = []
    for varies, other in [("as asked", target), *_variants(assessment, target)]:
        own = {"varies": varies, "base_period": str(other.base_period)}
        rows.append(own | prospect(TargetAnswer(assessment, other)))
    return pd.DataFrame(rows)


def _variants(assessment: Assessment, target: TargetSpec) -> list[tuple[str, TargetSpec]]:
    record = record_of(target)
    found: list[tuple[str, dict[str, object]]] = [
        ("record", {"basis": basis, "offence_list": offence_list})
        for basis, offence_list in RECORDS
        if (basis, offence_list) != record
    ]
    end = pd.Period(target.base_period.last, freq="M")
    years = [year_to(str(end + months)) for months in OTHER_BASES]
    years.append(year_to(last_month(assessment, target)))
    found += [
        ("base", {"base_period": Period(first=first, last=last)})
        for first, last in years
        if last != target.base_period.last
    ]
    if target.rule != "level":
        found += [
            ("measure", {"measure": each}) for each in OTHER_MEASURES if each != target.measure
        ]
    found.append(("per", {"per": "year" if target.per == "whole" else "whole"}))
    made = [(varies, target.model_copy(update=update)) for varies, update in found]
    return [(varies, other) for varies, other in made if _is_told(assessment, other)]


def _is_told(assessment: Assessment, target: TargetSpec) -> bool:
    if not is_on_list(target.measure, str(target.offence_list)):
        return False
    try:
        TargetAnswer(assessment, target)
        return last_month(assessment, target) == assessment.as_of
    except DataContractError:
        # Another record may not hold the base, or may have ended.
        return False


def _chance(chance: Chance) -> dict[str, object]:
    return {
        "probability": chance.probability,
        "simulated": chance.simulated,
        "base_rate": chance.base_rate,
        "in_words": chance.in_words,
    }
