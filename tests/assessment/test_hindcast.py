"""The whole, held against the real end of the MOPAC 20 % target, seen from March 2013.

One scheme of one term: the boroughs shared one London, so this is one trial and not 32.
What is held is what a user of the time would have been told, and that it was not absurd.
"""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.assessment import Assessment
from analysis.assessment.target_choice import plan_targets
from analysis.params.areas import borough_codes
from analysis.targets.probability import chance_of_count

pytestmark = pytest.mark.slow

BASE, END, RECORD = ("2011-04", "2012-03"), ("2015-04", "2016-03"), ("policing", "old")
FALL = 0.2


@pytest.fixture(scope="module")
def then() -> Assessment:
    return Assessment.open("harrow", as_of="2013-03")


@pytest.fixture(scope="module")
def told(then: Assessment) -> pd.DataFrame:
    """What was forecast for each borough, and what came."""
    forecast = then.forecast("mopac7", END[1], *RECORD)
    base = then.totals("mopac7", BASE, *RECORD)[borough_codes()].astype(float)
    now = Assessment.open("harrow")
    came = now.totals("mopac7", END, *RECORD)[borough_codes()].astype(float)
    rows = {}
    for code in borough_codes():
        lower, upper = forecast.interval(code)
        needed = (1 - FALL) * base[code]
        chance = chance_of_count(forecast.draws[code], needed, float("nan"))
        rows[code] = (chance.probability, lower, upper, came[code], came[code] <= needed)
    return pd.DataFrame.from_dict(
        rows, orient="index", columns=["chance", "lower", "upper", "came", "is_met"]
    )


def test_fifteen_of_thirty_two_met_it_and_harrow_was_one(told: pd.DataFrame) -> None:
    assert told["is_met"].sum() == 15
    assert told.loc["E09000015", "is_met"]
    assert not told.loc["E09000016", "is_met"]


def test_four_fifths_of_boroughs_ended_within_the_range_of_four_fifths(
    told: pd.DataFrame,
) -> None:
    is_within = told["came"].between(told["lower"], told["upper"])
    assert 0.7 <= is_within.mean() <= 0.95
    assert is_within["E09000015"]


def test_boroughs_that_met_it_had_been_given_the_better_chance(told: pd.DataFrame) -> None:
    met, missed = (told[told["is_met"] == is_met]["chance"] for is_met in (True, False))
    pairs = [(a > b) + (a == b) / 2 for a in met for b in missed]
    assert sum(pairs) / len(pairs) > 0.7


def test_what_london_came_to_was_within_its_range(then: Assessment, told: pd.DataFrame) -> None:
    london = then.forecast("mopac7", END[1], *RECORD).draws.sum(axis=1)
    assert london.quantile(0.1) <= told["came"].sum() <= london.quantile(0.9)


def test_the_plan_seen_from_2013_reads_months_to_then_alone(then: Assessment) -> None:
    assert then.as_of == "2013-03"
    record = then.history("mopac7", *RECORD)
    assert f"{record.index[-1]:%Y-%m}" == "2013-03"
    assert {target.name for target in plan_targets(then)} >= {"mopac7_20_percent"}
