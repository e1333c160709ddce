"""A panel adds up, cuts where it is told, and refuses what is not a series without gaps."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import pandas as pd
import pytest

from analysis.errors import DataContractError
from analysis.forecasts.panel import Panel, rolling_12, within_last


def months(number: int, first: str = "2010-01") -> pd.DatetimeIndex:
    return pd.date_range(f"{first}-01", periods=number, freq="MS")


def month(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


@pytest.fixture
def panel() -> Panel:
    """Theft and arson in two boroughs over three years, with COVID and a change in arson."""
    counts = np.random.default_rng(1).poisson(50, (36, 4)).astype(float)
    columns = pd.MultiIndex.from_product([["theft", "arson"], ["harrow", "sutton"]])
    history = pd.DataFrame(counts, months(36), columns)
    return Panel.of(
        history,
        {part: part[0] for part in columns},
        group={"theft": "all", "arson": "all"},
        place={part: part[1] for part in columns},
        unusual_months=[month("2011-06"), month("2030-01")],
        steps={"arson": [(month("2012-04"), month("2012-06"))]},
    )


def test_parts_are_numbered_by_family_and_place_in_their_order(panel: Panel) -> None:
    assert panel.families == ("theft", "arson")
    assert panel.family_of.tolist() == [0, 0, 1, 1]
    assert panel.place_of.tolist() == [0, 1, 0, 1]
    assert panel.group_of.tolist() == [0, 0]


def test_what_belongs_to_no_larger_whole_or_place_is_marked() -> None:
    history = pd.DataFrame({"a": [1.0, 2.0], "b": [3.0, 4.0]}, months(2))
    bare = Panel.of(history, {"a": "a", "b": "b"}, group={"b": "all"})
    assert bare.group_of.tolist() == [-1, 0]
    assert bare.place_of.tolist() == [-1, -1]


def test_the_whole_of_a_family_is_the_sum_of_its_parts(panel: Panel) -> None:
    assert (panel.whole[:, 0] == panel.counts[:, 0] + panel.counts[:, 1]).all()
    assert (panel.whole[:, 1] == panel.counts[:, 2] + panel.counts[:, 3]).all()


def test_a_panel_cut_at_a_month_has_that_month_for_its_last(panel: Panel) -> None:
    cut = panel.until(20)
    assert cut.months[-1] == month("2011-09-01")
    assert (cut.counts == panel.counts[:21]).all()
    assert cut.unusual.sum() == 1
    assert cut.whole.shape == (21, 2)
    assert panel.until(16).unusual.sum() == 0


def test_a_year_is_touched_from_its_unusual_month_to_eleven_months_later(panel: Panel) -> None:
    touched = panel.months[panel.touched()]
    assert (touched[0], touched[-1]) == (month("2011-06"), month("2012-05"))
    assert len(touched) == 12


@pytest.mark.parametrize(
    ("first", "last", "is_crossed"),
    [
        ("2011-01", "2012-03", False),
        ("2011-01", "2012-04", True),
        ("2012-05", "2012-05", True),
        ("2012-06", "2013-06", True),
        ("2012-07", "2013-06", False),
        ("2009-01", "2014-12", True),
    ],
)
def test_months_cross_a_step_if_they_hold_any_month_of_it(
    panel: Panel, first: str, last: str, is_crossed: bool
) -> None:
    start = pd.Period("2010-01", freq="M").ordinal
    bounds = (np.array([pd.Period(each, freq="M").ordinal - start]) for each in (first, last))
    assert panel.crosses_step(*bounds).tolist() == [[False, is_crossed]]


def test_any_marked_month_among_the_last_is_found() -> None:
    marked = np.array([False, True, False, False, False])
    assert within_last(marked, 1).tolist() == marked.tolist()
    assert within_last(marked, 3).tolist() == [False, True, True, True, False]
    assert within_last(marked, 12).tolist() == [False, True, True, True, True]


def test_a_rolling_year_is_the_sum_of_twelve_months_and_missing_before() -> None:
    counts = np.random.default_rng(2).poisson(9, (30, 3)).astype(float)
    sums = rolling_12(counts)
    expected = pd.DataFrame(counts).rolling(12).sum().to_numpy()
    np.testing.assert_allclose(sums, expected)
    assert np.isnan(rolling_12(counts[:11])).all()


@pytest.mark.parametrize(
    "order",
    [[0, 1, 2, 4], [0, 2, 1, 3], [0, 1, 1, 3], [3, 2, 1, 0], [0, 0, 1, 2, 3]],
    ids=["left out", "out of order", "twice and left out", "backwards", "twice"],
)
def test_months_that_do_not_follow_one_another_are_refused(order: list[int]) -> None:
    history = pd.DataFrame({"a": [float(each) for each in order]}, months(5)[order])
    with pytest.raises(DataContractError, match="A missing month is not nought"):
        Panel.of(history, {"a": "a"})


def test_a_blank_a_negative_count_and_a_single_month_are_refused() -> None:
    history = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [1.0, 2.0, 3.0]}, months(3))
    family: dict[Hashable, Hashable] = {"a": "a", "b": "b"}
    blank = history.mask(history["b"] == 2)
    with pytest.raises(DataContractError, match="A missing month is not nought"):
        Panel.of(blank, family)
    with pytest.raises(DataContractError, match="a count of b is negative"):
        Panel.of(history.assign(b=[1.0, -1.0, 1.0]), family)
    with pytest.raises(DataContractError, match="fewer than two months are held"):
        Panel.of(history.iloc[:1], family)
    assert Panel.of(history * 0, family).whole.sum() == 0
