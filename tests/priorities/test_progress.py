"""A borough's change beside London's: worked by hand, and with the verdict planted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.errors import DataContractError
from analysis.priorities.progress import against_london


def counted(
    before: float, after: float, rest: tuple[float, float] = (50_000, 50_000), phi: float = 1.0
) -> dict[str, float]:
    return {
        "before_count": before,
        "after_count": after,
        "rest_before_count": rest[0],
        "rest_after_count": rest[1],
        "dispersion": phi,
        "rest_dispersion": 1.0,
    }


def beside(*rows: dict[str, float]) -> pd.DataFrame:
    return against_london(pd.DataFrame(list(rows)))


def test_a_change_worked_out_by_hand() -> None:
    # ln(180/200) - ln(11000/10000) = -0.10536 - 0.09531 = -0.20067; variance 1/200 + 1/180 +
    # 1/10000 + 1/11000 = 0.0107465, error 0.103665, z = -1.9358, p = 0.0529.
    row = beside(counted(200, 180, (10_000, 11_000))).iloc[0]
    assert row["change_pct"] == pytest.approx(-10)
    assert row["london_change_pct"] == pytest.approx(10)
    assert row["relative_change_pct"] == pytest.approx(100 * (0.9 / 1.1 - 1))
    assert row["p_value"] == pytest.approx(0.0529, abs=5e-4)
    assert row["relative_change_pct_upper"] == pytest.approx(
        100 * (np.exp(-0.20067 + 1.959964 * 0.103665) - 1), abs=1e-2
    )
    assert row["verdict"] == "not clearly different"


@pytest.mark.parametrize(
    ("after", "verdict"),
    [(600, "lower than London"), (1000, "not clearly different"), (1500, "higher than London")],
)
def test_a_planted_difference_is_found(after: int, verdict: str) -> None:
    assert beside(counted(1000, after))["verdict"].item() == verdict


def test_wider_scatter_takes_the_verdict_back() -> None:
    sure, unsure = (beside(counted(1000, 850, phi=phi)).iloc[0] for phi in (1.0, 8.0))
    assert (sure["verdict"], unsure["verdict"]) == (
        "lower than London",
        "not clearly different",
    )
    assert unsure["relative_change_pct"] == sure["relative_change_pct"]


def test_going_as_london_does_is_no_difference_however_large_the_change() -> None:
    row = beside(counted(400, 200, (40_000, 20_000))).iloc[0]
    assert row["relative_change_pct"] == pytest.approx(0)
    assert row["verdict"] == "not clearly different"


def test_what_is_different_alone_may_not_be_among_many() -> None:
    # 1,000 to 913: z = ln(0.913) / sqrt(1/1000 + 1/913 + 2/50000) = -1.97, p = 0.049 alone; of
    # twenty its q-value is near one.
    near = counted(1000, 913)
    assert beside(near)["verdict"].item() == "lower than London"
    many = beside(near, *[counted(1000, 1000)] * 19)
    assert many["verdict"].eq("not clearly different").all()


def test_few_or_missing_offences_get_no_verdict_and_negative_ones_are_refused() -> None:
    table = beside(counted(9, 30), counted(100, 100, (1_000, float("nan"))))
    assert table["verdict"].eq("too few to tell").all()
    assert table["london_change_pct"].isna().all()
    with pytest.raises(DataContractError, match="negative"):
        beside(counted(-1, 30))
