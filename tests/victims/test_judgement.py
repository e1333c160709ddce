"""One rate of false alarms over measures with months of their own."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.victims.judgement import judged_together


def rows(p_values: list[float], is_small: bool = False) -> pd.DataFrame:
    return pd.DataFrame({"p_value": p_values, "is_small_count": is_small})


def test_the_example_of_benjamini_and_hochberg_rejects_four():
    # Benjamini & Hochberg (1995), section 4: fifteen p-values, four rejected at 0.05.
    p_values = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    p_values += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
    table = judged_together([rows(p_values[:6]), rows(p_values[6:])])
    assert table["is_significant"].sum() == 4
    assert table["q_value"].iloc[3] == pytest.approx(0.0095 * 15 / 4)


def test_small_counts_are_not_judged_and_do_not_count():
    alone = judged_together([rows([0.04])])
    beside = judged_together([rows([0.04]), rows([0.5, 0.6], is_small=True)])
    assert alone["q_value"].iloc[0] == beside["q_value"].iloc[0]
    assert beside["is_significant"].isna().tolist() == [False, True, True]


def test_no_measure_is_called_changed_where_none_changed():
    generator = np.random.default_rng(17)
    alarms = sum(
        bool(judged_together([rows(list(generator.random(14)))])["is_significant"].any())
        for _ in range(300)
    )
    assert alarms / 300 < 0.09
