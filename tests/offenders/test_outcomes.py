"""Outcomes for each offence and disposals, by hand and planted."""

import numpy as np
import pandas as pd
import pytest

from analysis.errors import DataContractError
from analysis.offenders.outcomes import (
    disposal_shares,
    outcomes_per_offence,
)

MONTHS = pd.date_range("2021-08-01", periods=48, freq="MS", name="month")


def panel(means, seed=5):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {area: rng.poisson(mean, len(MONTHS)) for area, mean in means.items()}, MONTHS
    )


def test_only_the_last_twelve_months_are_counted():
    offences = pd.DataFrame({"a": 50, "b": 80}, MONTHS)
    outcomes = pd.DataFrame({"a": [9] * 36 + [5] * 12, "b": 8}, MONTHS)
    found = outcomes_per_offence(offences, outcomes, "a")
    assert (found["offence_count"], found["outcome_count"]) == (600, 60)
    assert found["per_100"] == pytest.approx(10)
    assert found["others_per_100"] == pytest.approx(10)
    assert found["ratio"] == pytest.approx(1)


def test_more_outcomes_than_offences_are_no_error():
    offences = pd.DataFrame({"a": 10, "b": 10}, MONTHS)
    outcomes = pd.DataFrame({"a": 12, "b": 5}, MONTHS)
    assert outcomes_per_offence(offences, outcomes, "a")["per_100"] == pytest.approx(120)


def test_a_planted_difference_is_found_and_its_absence_is_not():
    offences = panel({"a": 100, "b": 100, "c": 100})
    same = panel({"a": 20, "b": 20, "c": 20}, seed=6)
    more = panel({"a": 32, "b": 20, "c": 20}, seed=6)
    assert outcomes_per_offence(offences, same, "a")["p_value"] > 0.05
    found = outcomes_per_offence(offences, more, "a")
    assert found["p_value"] < 0.001
    assert found["ratio_lower"] < 1.6 < found["ratio_upper"]
    assert found["rank"] == 3


def test_under_ten_outcomes_have_neither_rate_nor_rank():
    offences = pd.DataFrame({"a": 10, "b": 10}, MONTHS)
    outcomes = pd.DataFrame({"a": 0, "b": 5}, MONTHS)
    found = outcomes_per_offence(offences, outcomes, "a")
    assert found["is_small_count"]
    assert np.isnan(found["per_100"])
    assert np.isnan(found["p_value"])


def test_eleven_months_are_too_few():
    short = pd.DataFrame({"a": 1, "b": 1}, MONTHS[:11])
    with pytest.raises(DataContractError, match="11 months"):
        outcomes_per_offence(short, short, "a")


def test_what_is_not_final_is_no_disposal():
    table = pd.DataFrame(
        {
            "age_group": ["child", "adult", "not_recorded"],
            "offence_class": "weapons",
            "prosecution_count": [60, 100, 3],
            "no_further_action_count": [40, 300, 3],
            "under_investigation_count": [500, 1, 0],
            "police_bail_count": [70, 1, 0],
        }
    )
    row = disposal_shares(table).loc["weapons"]
    assert (row["child_count"], row["adult_count"]) == (100, 400)
    assert (row["child_pct"], row["adult_pct"]) == (60, 25)
    assert row["ratio"] == pytest.approx(2.4)
    assert row["is_significant"]


def test_spoilt_months_and_what_moves_all_alike_teach_no_scatter():
    offences = panel({"a": 100, "b": 100, "c": 100})
    outcomes = panel({"a": 20, "b": 20, "c": 20}, seed=6)
    usual = outcomes_per_offence(offences, outcomes, "a")
    spoilt = outcomes.copy()
    spoilt.iloc[:4] = 80
    months = list(spoilt.index[:4])
    taught = outcomes_per_offence(offences, spoilt, "a")
    spared = outcomes_per_offence(offences, spoilt, "a", exclude=months)
    assert taught["dispersion"] > 2 * spared["dispersion"]
    assert spared["p_value"] == pytest.approx(usual["p_value"], abs=0.1)
