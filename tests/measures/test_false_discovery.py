"""False discovery: the published example, and what was not tested."""

import numpy as np
import pandas as pd
import pytest

from analysis.measures.false_discovery import judged, q_values_of


def test_false_discovery_is_that_of_the_published_example():
    # Benjamini & Hochberg (1995), section 3.2: 15 p-values, four rejected at 5 %.
    published = [
        *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459),
        *(0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000),
    ]
    verdict = judged(pd.Series(published))["is_significant"]
    assert verdict.sum() == 4
    assert verdict[:4].all()


def test_what_was_not_tested_has_no_verdict_and_does_not_count():
    q_values = q_values_of(pd.Series([0.02, np.nan, 0.04]))
    assert q_values[0] == pytest.approx(0.04)
    assert np.isnan(q_values[1])
    assert judged(pd.Series([np.nan]))["is_significant"].isna().all()
