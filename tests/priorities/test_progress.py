"""A borough's change beside London's: worked by hand, and with the verdict planted."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.errors import DataContractError
from analysis.priorities.progress import against_london


def test_a_change_worked_out_by_hand() -> None:
    # ln(180/200) - ln(11000/10000) = -0.10536 - 0.09531 = -0.20067; variance 1/200 + 1/180 +
    # 1/10000 + 1/11000 = 0.0107465, error 0.103665, z = -1.9358, p = 0.0529.
    row = against_london(200, 180, 10_000, 11_000)
    assert row["change_pct"] == pytest.approx(-10)
    assert row["london_change_pct"] == pytest.approx(10)
    assert row["relative_pct"] == pytest.approx(100 * (0.9 / 1.1 - 1))
    assert row["p_value"] == pytest.approx(0.0529, abs=5e-4)
    assert row["relative_pct_upper"] == pytest.approx(
        100 * (np.exp(-0.20067 + 1.959964 * 0.103665) - 1), abs=1e-2
    )
    assert row["verdict"] == "much as London"


@pytest.mark.parametrize(
    ("after", "verdict"),
    [(600, "lower than London"), (1000, "much as London"), (1500, "higher than London")],
)
def test_a_planted_difference_is_found(after: int, verdict: str) -> None:
    assert against_london(1000, after, 50_000, 50_000)["verdict"] == verdict


def test_wider_scatter_takes_the_verdict_back() -> None:
    sure = against_london(1000, 850, 50_000, 50_000)
    unsure = against_london(1000, 850, 50_000, 50_000, dispersion=8)
    assert (sure["verdict"], unsure["verdict"]) == ("lower than London", "much as London")
    assert unsure["relative_pct"] == sure["relative_pct"]


def test_going_as_london_does_is_no_difference_however_large_the_change() -> None:
    row = against_london(400, 200, 40_000, 20_000)
    assert row["relative_pct"] == pytest.approx(0)
    assert row["verdict"] == "much as London"


def test_few_offences_get_no_verdict_and_negative_ones_are_refused() -> None:
    assert against_london(9, 30, 1000, 1000)["verdict"] == "too few to tell"
    with pytest.raises(DataContractError, match="negative"):
        against_london(-1, 30, 1000, 1000)
