"""Residents' topics: Wilson's published limits, months together, order, refusal."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.errors import DataContractError
from analysis.priorities.opinions import rank_topics


def answers(*rows: tuple[str, int, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["topic", "respondent_count", "agree_count"])


def test_limits_are_wilsons() -> None:
    # 65 of 100 and 1,045 of 5,000: the limits of PHEindicatormethods' worked examples.
    table = rank_topics(answers(("burglary", 100, 65), ("noise", 5000, 1045)))
    limits = table[["agree_pct_lower", "agree_pct_upper"]].to_numpy()
    assert limits[0] == pytest.approx([55.2544, 73.6358], abs=1e-3)
    assert limits[1] == pytest.approx([19.7955, 22.0491], abs=1e-3)
    assert table["rank"].tolist() == [1, 2]


def test_months_of_a_topic_are_taken_together() -> None:
    split = rank_topics(answers(("burglary", 40, 10), ("burglary", 60, 55)))
    whole = rank_topics(answers(("burglary", 100, 65)))
    pd.testing.assert_frame_equal(split, whole)


def test_a_handful_of_answers_has_no_share() -> None:
    table = rank_topics(answers(("burglary", 9, 9), ("noise", 50, 5)))
    assert table["agree_pct"].isna().to_dict() == {"noise": False, "burglary": True}
    assert table.index[0] == "noise"


def test_more_who_agree_than_were_asked_are_refused() -> None:
    with pytest.raises(DataContractError, match="more agree than were asked: \\['noise'\\]"):
        rank_topics(answers(("noise", 10, 11)))
