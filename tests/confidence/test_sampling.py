"""How far survey shares scatter: published limits, planted design effects, verdicts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.confidence.sampling import (
    combined_limits,
    judged_differences,
    survey_limits,
    survey_scatter,
    with_verdicts,
)
from analysis.errors import DataContractError


def rolled(
    effect: float, *, asked: int = 400, quarters: int = 60, seed: int = 7
) -> pd.DataFrame:
    """Figures that cover four quarters, as published, of clusters of so many alike."""
    generator = np.random.default_rng(seed)
    clusters = round(asked / 4 / effect)
    shares = generator.binomial(clusters, 0.6, (quarters, 32)) / clusters
    return (
        (100 * pd.DataFrame(shares)).rolling(4).mean().dropna().round().reset_index(drop=True)
    )


def test_limits_are_wilsons_as_published() -> None:
    # PHE's PHEindicatormethods, phe_proportion: 65/100 and 1045/5000.
    table = survey_limits(pd.Series([65.0, 20.9]), pd.Series([100.0, 5000.0]))
    assert table["value_pct_lower"].tolist() == pytest.approx([55.2544, 19.7955], abs=1e-4)
    assert table["value_pct_upper"].tolist() == pytest.approx([73.6358, 22.0491], abs=1e-4)


def test_limits_take_a_sample_that_is_not_whole() -> None:
    narrow, wide = (survey_limits(pd.Series([50.0]), n).iloc[0] for n in (172.6, 171.9))
    assert wide["value_pct_lower"] < narrow["value_pct_lower"] < 50


def test_a_difference_has_newcombes_limits() -> None:
    # Newcombe (1998), Statistics in Medicine 17, table II, 56/70 less 48/80 by method 10.
    judged = judged_differences(pd.Series([60.0]), pd.Series([80.0]), 80, 70)
    assert judged["difference_points"].tolist() == pytest.approx([20.0])
    assert judged["difference_points_lower"].tolist() == pytest.approx([5.24], abs=0.01)
    assert judged["difference_points_upper"].tolist() == pytest.approx([33.39], abs=0.01)


def test_the_p_value_of_a_difference_is_the_pooled_z() -> None:
    # By hand: pooled 104/150, error sqrt(.6933 * .3067 * (1/70 + 1/80)) = .07547, z = 2.6502.
    judged = judged_differences(pd.Series([60.0]), pd.Series([80.0]), 80, 70)
    assert judged["p_value"].tolist() == pytest.approx([0.00804], abs=2e-5)


def test_limits_of_a_difference_turn_round_with_it() -> None:
    first = pd.DataFrame([[30.0, 25.0, 36.0]])
    second = pd.DataFrame([[20.0, 18.0, 23.0]])
    lower, upper = combined_limits(first, second)
    back_lower, back_upper = combined_limits(second, first)
    assert lower[0] == pytest.approx(10 - np.hypot(5, 3))
    assert upper[0] == pytest.approx(10 + np.hypot(6, 2))
    assert (back_lower[0], back_upper[0]) == pytest.approx((-upper[0], -lower[0]))


def test_verdicts_are_benjamini_and_hochbergs() -> None:
    # Benjamini & Hochberg (1995), the fifteen p-values of their section 3.2: the first four
    # are rejected at 0.05.
    p_values = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459]
    p_values += [0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
    judged = with_verdicts(pd.DataFrame({"p_value": p_values}))
    assert judged["is_significant"].tolist() == [True] * 4 + [False] * 11


def test_what_is_missing_is_not_judged_and_does_not_count() -> None:
    judged = judged_differences(
        pd.Series({"a": 50.0, "b": np.nan}), pd.Series({"a": 62.0, "b": 60.0}), 200, 200
    )
    assert judged.loc["a", "q_value"] == judged.loc["a", "p_value"]
    assert pd.isna(judged.loc["b", "is_significant"])


@pytest.mark.parametrize("effect", [1.25, 2.0, 4.0])
def test_a_planted_design_effect_is_found(effect: float) -> None:
    found = survey_scatter(rolled(effect), 400)
    assert found.design_effect == pytest.approx(effect, rel=0.12)
    assert found.effective_count == pytest.approx(400 / found.design_effect)


def test_figures_that_cover_a_year_are_told_from_those_of_a_quarter() -> None:
    shares = 100 * np.random.default_rng(3).binomial(400, 0.6, (60, 32)) / 400
    assert survey_scatter(rolled(2.0), 400).year_ratio == pytest.approx(4, abs=0.6)
    assert survey_scatter(pd.DataFrame(shares), 1600).year_ratio == pytest.approx(1, abs=0.15)


def test_what_all_boroughs_share_is_no_scatter() -> None:
    plain = rolled(2.0)
    waves = plain.add(10 * np.sin(np.arange(len(plain))), axis=0)
    moved = survey_scatter(waves, 400).design_effect
    assert moved == pytest.approx(survey_scatter(plain, 400).design_effect, rel=0.05)


def test_one_quarter_alone_gets_the_assumed_effect() -> None:
    found = survey_scatter(rolled(2.0).iloc[:1], 400)
    assert (found.design_effect, found.effective_count, found.difference_count) == (2, 200, 0)


def test_a_sample_of_nobody_is_refused() -> None:
    with pytest.raises(DataContractError, match="above nought"):
        survey_scatter(rolled(2.0), 0)
