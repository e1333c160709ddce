"""An area against the rest of London: worked by hand, and planted truths."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.errors import DataContractError
from analysis.measures.relative import (
    change_against_rest,
    location_quotients,
    relative_change,
)


def changes(before: list[float], after: list[float], phi: float = 1.0) -> pd.DataFrame:
    index = [f"a{n:02}" for n in range(len(before))]
    return pd.DataFrame(
        {"before_count": before, "after_count": after, "dispersion": phi}, index=index
    )


class TestChangeAgainstTheRest:
    def test_the_ratio_of_growths_and_its_limits_are_as_by_hand(self) -> None:
        # Own 400 to 440 (x 1.1), the rest 1,600 to 1,600 (x 1): 10 % more. The error on the
        # log scale is sqrt(1/400 + 1/440 + 2/1600) = 0.0776, so 0.9 to 28.1 times.
        row = change_against_rest(changes([400, 800, 800], [440, 800, 800])).iloc[0]
        assert row["relative_change_pct"] == pytest.approx(10)
        error = np.sqrt(1 / 400 + 1 / 440 + 2 / 1_600)
        assert row["relative_change_pct_lower"] == pytest.approx(
            100 * (1.1 * np.exp(-1.959964 * error) - 1)
        )
        assert row["p_value"] == pytest.approx(0.2193, abs=0.0005)
        assert not row["is_different"]

    def test_a_change_that_all_share_makes_none_different(self) -> None:
        before = [1_000.0, 2_000, 3_000, 4_000]
        table = change_against_rest(changes(before, [2 * count for count in before]))
        assert table["relative_change_pct"].abs().max() < 1e-9
        assert not table["is_different"].any()

    def test_the_area_that_was_planted_is_found_first(self) -> None:
        generator = np.random.default_rng(7)
        before = generator.poisson(9_000, 32)
        growth = np.ones(32)
        growth[11] = 1.12
        after = generator.poisson(9_000 * 1.05 * growth)
        table = change_against_rest(changes(list(before), list(after)))
        assert table["q_value"].idxmin() == "a11"
        assert table.loc["a11", "relative_change_pct"] == pytest.approx(12, abs=4)
        assert table["is_different"].sum() <= 2

    def test_false_alarms_stay_under_the_rate_that_is_promised(self) -> None:
        generator = np.random.default_rng(11)
        alarms = 0
        for _ in range(200):
            counts = generator.negative_binomial(1_000, 1 / 9, (2, 32))
            table = change_against_rest(changes(list(counts[0]), list(counts[1]), phi=9.0))
            alarms += bool(table["is_different"].any())
        # Where none differs any alarm is false: at most one time in twenty.
        assert alarms <= 0.08 * 200

    def test_an_area_that_is_not_comparable_is_in_nobodys_rest(self) -> None:
        counts = changes([1_000, 500, 500], [np.nan, 500, 500])
        table = change_against_rest(counts)
        assert table.iloc[0].drop("is_different").isna().all()
        assert pd.isna(table["is_different"].iloc[0])
        assert table["relative_change_pct"].iloc[1:].abs().max() < 1e-9

    def test_under_ten_offences_have_no_verdict(self) -> None:
        table = change_against_rest(changes([9, 10, 500], [40, 40, 500]))
        assert table["is_different"].isna().tolist() == [True, False, False]

    def test_one_area_alone_has_no_rest(self) -> None:
        with pytest.raises(DataContractError, match="two areas"):
            change_against_rest(changes([400], [440]))

    def test_a_rest_told_apart_gives_what_the_others_together_give(self) -> None:
        table = changes([400, 800, 700], [440, 850, 790])
        own = table.iloc[[0]].assign(
            rest_before_count=1_500, rest_after_count=1_640, rest_dispersion=1.0
        )
        alone, among = relative_change(own).iloc[0], change_against_rest(table).iloc[0]
        for name in ("relative_change_pct", "relative_change_pct_upper", "p_value"):
            assert alone[name] == pytest.approx(among[name])

    def test_a_missing_column_is_named(self) -> None:
        with pytest.raises(DataContractError, match="after_count"):
            change_against_rest(pd.DataFrame({"before_count": [1], "dispersion": [1.0]}))


class TestLocationQuotients:
    COUNTS = pd.DataFrame(
        {"burglary": [30, 70, 200], "theft": [70, 830, 1_800]}, index=["a", "b", "c"]
    )

    def test_the_quotient_is_the_share_over_londons_share(self) -> None:
        # 30 of 100 against 300 of 3,000: three times London's share.
        table = location_quotients(self.COUNTS, "a")
        assert table.loc["burglary", "location_quotient"] == pytest.approx(3)
        assert table.loc["theft", "location_quotient"] == pytest.approx(0.7 / 0.9)
        assert table["share_pct"].tolist() == [30, 70]
        assert table["london_share_pct"].tolist() == [10, 90]

    def test_its_limits_are_those_of_the_ratio_to_the_rest(self) -> None:
        # 30 of 100 against 270 of 2,900: ratio 3.2222, error on the log scale
        # sqrt(1/30 - 1/100 + 1/270 - 1/2900) = 0.16338; w = 1/30.
        row = location_quotients(self.COUNTS, "a").loc["burglary"]
        ratio = 3.222222 * np.exp(-1.959964 * 0.163377)
        assert row["location_quotient_lower"] == pytest.approx(
            ratio / (ratio / 30 + 29 / 30), rel=1e-4
        )
        assert row["is_different"]

    def test_an_area_like_all_others_has_a_quotient_of_one(self) -> None:
        counts = pd.DataFrame({"x": [100, 200], "y": [300, 600]}, index=["a", "b"])
        table = location_quotients(counts, "b")
        assert table["location_quotient"].tolist() == pytest.approx([1, 1])
        assert not table["is_different"].any()

    def test_a_group_with_under_ten_has_no_quotient(self) -> None:
        counts = pd.DataFrame({"x": [9, 200], "y": [300, 600]}, index=["a", "b"])
        row = location_quotients(counts, "a").loc["x"]
        assert row["offence_count"] == 9
        assert pd.isna(row["location_quotient"])
        assert pd.isna(row["is_different"])

    def test_more_scatter_means_wider_limits(self) -> None:
        phi = pd.Series({"burglary": 9.0, "theft": 1.0})
        wide = location_quotients(self.COUNTS, "a", dispersion=phi)
        narrow = location_quotients(self.COUNTS, "a")
        assert (
            wide.loc["burglary", "location_quotient_upper"]
            > narrow.loc["burglary", "location_quotient_upper"]
        )
        assert wide.loc["theft", "q_value"] >= narrow.loc["theft", "q_value"]

    def test_a_planted_group_is_found_and_no_other(self) -> None:
        generator = np.random.default_rng(3)
        share = np.full(20, 1 / 20)
        rest = generator.multinomial(90_000, share)
        share[4] *= 1.5
        own = generator.multinomial(8_000, share / share.sum())
        counts = pd.DataFrame([own, rest], ["a", "b"], [f"g{n}" for n in range(20)])
        table = location_quotients(counts, "a")
        assert table.index[table["is_different"]].tolist() == ["g4"]

    def test_an_unknown_area_is_refused(self) -> None:
        with pytest.raises(DataContractError, match="'z'"):
            location_quotients(self.COUNTS, "z")
