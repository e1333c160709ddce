"""Ratios of shares and rates, against published examples and by hand."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.contingency_tables import Table2x2

from analysis.errors import DataContractError
from analysis.offenders.ratios import (
    rate_ratio,
    risk_ratio,
    stratified_risk_ratio,
)

UGDP = pd.DataFrame(
    {
        "cases": [8, 22],
        "total": [106, 98],
        "reference_cases": [5, 16],
        "reference_total": [120, 85],
    }
)
# Deaths in two age groups of the University Group Diabetes Program trial, as Rothman,
# Greenland & Lash, Modern Epidemiology (2008), chapter 15, have them: ratio 1.33.


def test_the_stratified_ratio_is_that_of_the_published_example():
    found = stratified_risk_ratio(UGDP)
    assert round(found.ratio, 2) == 1.33
    assert found.lower == pytest.approx(0.80, abs=0.01)
    assert found.upper == pytest.approx(2.21, abs=0.015)


def test_one_stratum_gives_the_plain_ratio():
    one = UGDP.iloc[[1]]
    assert stratified_risk_ratio(one).ratio == pytest.approx((22 / 98) / (16 / 85))


def test_a_stratum_with_one_group_alone_says_nothing():
    lone = pd.DataFrame(
        {"cases": [9], "total": [10], "reference_cases": [0], "reference_total": [0]}
    )
    with_lone = pd.concat([UGDP, lone], ignore_index=True)
    assert stratified_risk_ratio(with_lone) == stratified_risk_ratio(UGDP)


def test_the_adjusted_ratio_undoes_a_difference_that_the_strata_make():
    # In each stratum the shares are alike (20 and 5 in a hundred); one group is searched
    # for the more fruitful thing, so that its plain share is higher.
    strata = pd.DataFrame(
        {
            "cases": [160, 10],
            "total": [800, 200],
            "reference_cases": [40, 40],
            "reference_total": [200, 800],
        }
    )
    plain = risk_ratio(170, 1000, 80, 1000)
    adjusted = stratified_risk_ratio(strata)
    assert plain.lower > 1.6
    assert adjusted.ratio == pytest.approx(1)
    assert adjusted.lower < 1 < adjusted.upper


@pytest.mark.parametrize("counts", [(30, 100, 20, 100), (300, 1902, 240, 1486)])
def test_the_ratio_and_its_limits_are_those_of_another_program(counts):
    cases, total, reference, reference_total = counts
    found = risk_ratio(*counts)
    other = Table2x2([[cases, total - cases], [reference, reference_total - reference]])
    assert found.ratio == pytest.approx(other.riskratio)
    assert (found.lower, found.upper) == pytest.approx(other.riskratio_confint(0.05))


def test_turning_the_groups_round_turns_the_ratio_round():
    one, other = risk_ratio(30, 100, 20, 90), risk_ratio(20, 90, 30, 100)
    assert one.ratio == pytest.approx(1 / other.ratio)
    assert one.lower == pytest.approx(1 / other.upper)
    assert one.p_value == pytest.approx(other.p_value)


def test_a_group_without_a_case_has_no_ratio():
    assert np.isnan(risk_ratio(0, 50, 20, 100).ratio)
    assert np.isnan(rate_ratio(5, 100, 0, 100).upper)


@pytest.mark.parametrize("counts", [(11, 10, 1, 10), (1, 10, -1, 10)])
def test_more_cases_than_there_are_is_refused(counts):
    with pytest.raises(DataContractError, match="is no share"):
        risk_ratio(*counts)


def test_scatter_widens_a_rate_ratio_by_its_root():
    plain, scattered = (
        rate_ratio(40, 1, 20, 1),
        rate_ratio(40, 1, 20, 1, dispersion=4, reference_dispersion=4),
    )
    widths = [np.log(each.upper / each.lower) for each in (plain, scattered)]
    assert widths[1] == pytest.approx(2 * widths[0])
