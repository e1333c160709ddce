"""Small counts leave, and cannot be worked out from what stays."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import DataContractError
from analysis.measures.disclosure import suppress_small_counts


def _suppressed(counts, **kwargs):
    table = pd.DataFrame({"offence_count": pd.array(counts, dtype="Int64")})
    return suppress_small_counts(table, **kwargs)


def test_the_next_smallest_goes_too_while_the_hidden_sum_is_small():
    result = _suppressed([3, 12, 20, 50])
    assert result["offence_count"].isna().tolist() == [True, True, False, False]
    assert result["is_suppressed"].tolist() == [True, True, False, False]
    assert result["offence_count"].tolist()[2:] == [20, 50]


def test_noughts_are_no_one_and_stay():
    result = _suppressed([0, 0, 8])
    assert result["offence_count"].tolist() == [0, 0, 8]
    assert not result["is_suppressed"].any()


def test_hidden_is_missing_and_never_nought():
    result = _suppressed([2, 0, 30])
    assert result["offence_count"].isna().tolist() == [True, False, True]


@pytest.mark.parametrize(("count", "hidden"), [(5, True), (6, False)])
def test_the_threshold_itself_is_hidden_and_one_more_is_not(count, hidden):
    assert _suppressed([count, 90])["is_suppressed"].iloc[0] == hidden


def test_two_small_counts_that_sum_above_the_threshold_hide_each_other():
    assert _suppressed([3, 3, 20])["is_suppressed"].tolist() == [True, True, False]


def test_equal_next_smallest_counts_go_together():
    assert _suppressed([3, 12, 12, 40])["is_suppressed"].tolist() == [True, True, True, False]


def test_a_count_that_was_missing_stays_missing_without_the_flag():
    result = _suppressed([None, 40, 50])
    assert result["offence_count"].isna().iloc[0]
    assert not result["is_suppressed"].any()


def test_each_published_total_is_protected_by_itself():
    table = pd.DataFrame(
        {"area_code": ["a", "b", "a", "b"], "offence_count": [3, 40, 12, 50], "other": 1}
    )
    result = suppress_small_counts(table, within=["area_code"])
    assert result["is_suppressed"].tolist() == [True, False, True, False]
    assert "is_suppressed" not in table


@settings(deadline=None)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=8), st.randoms())
def test_what_is_hidden_never_sums_to_a_small_number_and_order_does_not_matter(counts, random):
    result = _suppressed(counts)
    hidden = [n for n, flag in zip(counts, result["is_suppressed"], strict=True) if flag]
    left = [n for n in counts if n > 0 and n not in hidden]
    assert sum(hidden) == 0 or sum(hidden) > 5 or not left
    assert all(n > 5 for n in left)
    order = list(range(len(counts)))
    random.shuffle(order)
    shuffled = _suppressed([counts[i] for i in order])["is_suppressed"].tolist()
    assert shuffled == [result["is_suppressed"].tolist()[i] for i in order]


def test_a_missing_column_a_negative_count_and_a_second_pass_are_refused():
    with pytest.raises(DataContractError, match="no column"):
        suppress_small_counts(pd.DataFrame({"n": [1]}))
    with pytest.raises(DataContractError, match="negative"):
        _suppressed([-1, 4])
    with pytest.raises(DataContractError, match="already"):
        suppress_small_counts(_suppressed([3, 12]))
