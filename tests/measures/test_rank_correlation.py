"""Rank correlation: a textbook's example and intervals that hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.measures.rank_correlation import rank_correlation


def test_rank_correlation_is_spearmans_of_the_textbook() -> None:
    # Intelligence and hours of television of ten persons, rho = -29/165 (Wikipedia,
    # "Spearman's rank correlation coefficient", example).
    iq = pd.Series([106, 100, 86, 101, 99, 103, 97, 113, 112, 110])
    hours = pd.Series([7, 27, 2, 50, 28, 29, 20, 12, 6, 17])
    told = rank_correlation(iq, hours)
    assert told.correlation == pytest.approx(-29 / 165)
    assert told.p_value == pytest.approx(0.6272, abs=1e-3)


def test_interval_of_a_rank_correlation_is_bonett_and_wrights() -> None:
    # By hand for rho = -29/165, n = 10: tanh(-0.17762 -+ 1.96 * sqrt(1.015445 / 7)).
    iq = pd.Series([106, 100, 86, 101, 99, 103, 97, 113, 112, 110])
    hours = pd.Series([7, 27, 2, 50, 28, 29, 20, 12, 6, 17])
    told = rank_correlation(iq, hours)
    assert (told.lower, told.upper) == pytest.approx((-0.7288, 0.5148), abs=2e-3)


def test_few_areas_have_no_correlation_to_tell() -> None:
    told = rank_correlation(pd.Series([1, 2, 3]), pd.Series([3, 1, 2]))
    assert np.isnan(told.correlation)
    assert told.area_count == 3
