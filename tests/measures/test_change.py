"""Changes: published two-count tests, hand-counted totals, planted rises and none."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.rates import etest_poisson_2indep

from analysis.errors import ComparabilityError, DataContractError
from analysis.measures.change import (
    change_between,
    e_test,
    monthly_dispersion,
    rolling_12_month,
)
from analysis.measures.months import months_of

YEARS = ("2022-01", "2022-12"), ("2023-01", "2023-12")


def _monthly(counts, group="burglary", first="2019-01"):
    months = pd.date_range(first, periods=len(counts), freq="MS")
    return pd.DataFrame({"month": months, "offence_group": group, "offence_count": counts})


def _two_periods(before, after, history=36):
    """Even months whose last two years sum to ``before`` and ``after``."""
    years = [np.diff(np.linspace(0, n, 13).round()) for n in (before, after)]
    past = np.full(history, max(before, after) // 12)
    return _monthly(np.concatenate([past, *years]).astype(int))


@pytest.mark.parametrize(
    ("counts", "p_value"),
    [
        ((0, 3), 0.088379),
        ((3, 0), 0.088379),
        ((6, 2), 0.174875),
        ((10, 5), 0.206164),
        ((25, 16), 0.164796),
        ((15, 5), 0.025035),
        ((20, 10), 0.068832),
    ],
)
def test_the_e_test_gives_the_published_p_values(counts, p_value):
    assert e_test(*counts) == pytest.approx(p_value, abs=1e-6)


def test_the_e_test_weighs_unequal_exposures():
    assert e_test(100, 25, 10, 5) == pytest.approx(0.00153807, abs=1e-8)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 60), st.integers(0, 60), st.floats(0.2, 5), st.floats(0.2, 5))
def test_the_e_test_agrees_with_the_sum_over_the_whole_grid(before, after, days, other):
    if before + after == 0:
        return
    expected = etest_poisson_2indep(before, days, after, other)[1]
    assert e_test(before, after, days, other) == pytest.approx(expected, abs=1e-7)


@settings(deadline=None)
@given(st.integers(0, 3_000), st.integers(0, 3_000))
def test_the_e_test_does_not_mind_which_count_comes_first(before, after):
    assert e_test(before, after) == pytest.approx(e_test(after, before), abs=1e-9)


def test_equal_counts_are_no_evidence_of_change():
    assert e_test(0, 0) == 1
    assert e_test(500, 500) == pytest.approx(1)


def test_the_e_test_takes_a_boroughs_yearly_total():
    # By the normal approximation: z = 300 / sqrt(59,700) = 1.2278.
    assert e_test(30_000, 29_700) == pytest.approx(0.2195, abs=5e-4)


def test_impossible_counts_and_exposures_are_refused():
    for wrong in ((-1, 2), (1, 2, 0, 1), (1, 2, 1, -4)):
        with pytest.raises(DataContractError, match="start from nought"):
            e_test(*wrong)


def test_a_rolling_total_is_the_sum_of_twelve_months():
    months = months_of(("2011-04", "2012-05"))
    rolling = rolling_12_month(pd.Series(range(1, 15), months))
    assert rolling.isna().sum() == 11
    assert rolling.dropna().tolist() == [78, 90, 102]


def test_a_missing_month_gives_twelve_missing_totals():
    months = months_of(("2020-01", "2023-12"))
    counts = pd.Series(10, months).drop(pd.Timestamp("2021-06-01"))
    rolling = rolling_12_month(counts)
    absent = rolling.index[rolling.isna()][11:]
    assert [absent[0], absent[-1], len(absent)] == [
        pd.Timestamp("2021-06-01"),
        pd.Timestamp("2022-05-01"),
        12,
    ]


@settings(deadline=None)
@given(st.lists(st.integers(0, 500), min_size=12, max_size=30), st.randoms())
def test_rolling_totals_of_parts_add_up_and_order_does_not_matter(counts, random):
    series = pd.Series(counts, pd.date_range("2020-01-01", periods=len(counts), freq="MS"))
    other = series[::-1].set_axis(series.index)
    together = rolling_12_month(series + other).dropna()
    apart = (rolling_12_month(series) + rolling_12_month(other)).dropna()
    assert together.tolist() == apart.tolist()
    months = list(series.index)
    random.shuffle(months)
    assert rolling_12_month(series[months]).equals(rolling_12_month(series))


@pytest.mark.parametrize(
    ("before", "after", "change", "pct"),
    [(350, 276, -74, -21.1), (204, 107, -97, -47.5), (32_538, 29_941, -2_597, -8.0)],
)
def test_published_changes_are_reproduced(before, after, change, pct):
    row = change_between(_two_periods(before, after), *YEARS).loc["burglary"]
    assert (row["before_count"], row["after_count"]) == (before, after)
    assert row["change_count"] == change
    assert round(row["change_pct"], 1) == pct
    assert row["change_pct_lower"] < row["change_pct"] < row["change_pct_upper"]
    assert row["change_count_lower"] < change < row["change_count_upper"]


def test_without_extra_scatter_the_limits_are_poissons():
    row = change_between(_two_periods(1_200, 900), *YEARS).loc["burglary"]
    assert (row["method"], row["dispersion"]) == ("quasi_poisson", 1.0)
    # By hand: sqrt(1/1200 + 1/900) = 0.0440959; 60 months less 16 levels leave 44 degrees
    # of freedom, t = 2.0154; 100 (0.75 exp(-2.0154 x 0.0440959) - 1) = -31.38.
    assert row["change_pct_lower"] == pytest.approx(-31.38, abs=0.01)


def test_a_leap_year_is_not_a_rise():
    years = ("2023-01", "2023-12"), ("2024-01", "2024-12")
    months = pd.date_range("2020-01-01", "2024-12-01", freq="MS")
    row = change_between(_monthly(100 * months.days_in_month, first="2020-01"), *years)
    row = row.loc["burglary"]
    assert row["change_count"] == 100
    assert row["daily_change_pct"] == pytest.approx(0)
    assert row["p_value"] == pytest.approx(1)


def test_a_base_of_nought_has_a_change_and_no_percentage():
    row = change_between(_two_periods(0, 30), *YEARS).loc["burglary"]
    assert row["change_count"] == 30
    assert np.isnan(
        row[["change_pct", "change_pct_lower", "daily_change_pct"]].astype(float)
    ).all()
    assert row["change_count_lower"] > 0
    assert row["p_value"] < 1e-6


@pytest.mark.parametrize(("before", "small"), [(9, True), (10, False)])
def test_small_counts_get_no_verdict(before, small):
    row = change_between(_two_periods(before, 60), *YEARS).loc["burglary"]
    assert bool(row["is_small_count"]) is small
    assert pd.isna(row["is_significant"]) is small
    assert np.isnan(row["q_value"]) == small


def test_a_missing_month_gives_a_missing_change_and_no_verdict():
    table = _two_periods(120, 240)
    table = table[table["month"] != pd.Timestamp("2022-05-01")]
    row = change_between(table, *YEARS).loc["burglary"]
    assert pd.isna(row["before_count"])
    assert row["after_count"] == 240
    assert pd.isna(row["change_count"])
    assert pd.isna(row["is_significant"])
    assert row["method"] == "missing_month"


def test_a_short_history_falls_back_on_the_e_test_and_shows_it():
    table = _two_periods(200, 260, history=0).assign(
        month=pd.date_range("2022-01-01", periods=24, freq="MS")
    )
    row = change_between(table.iloc[:20], ("2022-07", "2022-08"), ("2023-07", "2023-08"))
    row = row.loc["burglary"]
    counts = row[["before_count", "after_count"]].astype(int)
    assert row["method"] == "e_test"
    assert np.isnan(row["dispersion"])
    assert row["p_value"] == pytest.approx(e_test(*counts, 62, 62))


def test_periods_that_overlap_or_differ_in_season_are_refused():
    table = _two_periods(200, 260)
    with pytest.raises(ComparabilityError, match="overlap"):
        change_between(table, ("2022-01", "2022-12"), ("2022-07", "2023-06"))
    with pytest.raises(ComparabilityError, match="different calendar months"):
        change_between(table, ("2022-01", "2022-06"), ("2022-07", "2022-12"))
    with pytest.raises(ComparabilityError, match="different calendar months"):
        change_between(table, ("2020-01", "2021-12"), YEARS[1])


def test_two_bases_in_one_group_are_refused_by_the_groups_name():
    table = _two_periods(200, 260)
    with pytest.raises(DataContractError, match="'burglary'.*occurs twice"):
        change_between(pd.concat([table, table]), *YEARS)
    with pytest.raises(DataContractError, match="no column"):
        change_between(table.drop(columns="offence_count"), *YEARS)


def _scattered(rng, groups, rise=1.0):
    """Five seasonal years at twice to four times Poisson's variance; a rise in the last."""
    season = 1 + 0.25 * np.cos(np.arange(60) * np.pi / 6)
    tables = []
    for i in range(groups):
        mean = 80 * season * np.where(np.arange(60) >= 48, rise, 1)
        dispersion = 3.0
        counts = rng.negative_binomial(mean / (dispersion - 1), 1 / dispersion)
        tables.append(_monthly(counts, group=f"group_{i:02d}"))
    return pd.concat(tables)


def test_the_dispersion_planted_is_the_dispersion_found():
    found = [
        monthly_dispersion(table.set_index("month")["offence_count"]).monthly_dispersion
        for _, table in _scattered(np.random.default_rng(5), 40).groupby("offence_group")
    ]
    assert np.mean(found) == pytest.approx(3.0, abs=0.25)


def test_where_nothing_changed_hardly_anything_is_called_significant():
    rng = np.random.default_rng(2013)
    table = change_between(_scattered(rng, 200), *YEARS)
    assert 0.02 <= (table["p_value"] < 0.05).mean() <= 0.09
    assert table["is_significant"].sum() <= 3
    covered = (table["change_pct_lower"] <= 0) & (table["change_pct_upper"] >= 0)
    assert covered.mean() >= 0.91
    # A plain two-count test, blind to the scatter, raises false alarms by the dozen.
    plain = [e_test(r.before_count, r.after_count, 365, 365) for r in table.itertuples()]
    assert np.mean(np.array(plain) < 0.05) > 0.15


def _drifting(rng, rho, groups=150):
    """Six years round one level, each month's excess carrying over into the next."""
    tables = []
    for i in range(groups):
        excess = np.zeros(72)
        for month in range(1, 72):
            step = rng.normal(0, 0.1 * np.sqrt(1 - rho**2))
            excess[month] = rho * excess[month - 1] + step
        counts = rng.poisson(150 * np.exp(excess))
        tables.append(_monthly(counts, group=f"group_{i:03d}", first="2018-01"))
    return pd.concat(tables)


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.6])
def test_months_that_take_after_each_other_raise_few_false_alarms(rho):
    table = change_between(_drifting(np.random.default_rng(17), rho), *YEARS)
    # Taken as independent, months that carry over 0.6 raise 22 in a hundred.
    assert (table["p_value"] < 0.05).mean() <= 0.12
    assert table["is_significant"].mean() <= 0.02


def test_a_lockdown_left_out_does_not_pass_for_usual_scatter():
    counts = pd.Series(
        np.random.default_rng(2).poisson(100, 60),
        pd.date_range("2018-01-01", periods=60, freq="MS"),
    )
    counts.loc["2020-04":"2020-06"] = 20
    lockdown = pd.date_range("2020-04-01", "2020-06-01", freq="MS")
    assert monthly_dispersion(counts).dispersion > 5
    assert monthly_dispersion(counts, exclude=lockdown).dispersion < 2
    table = _monthly(counts.to_numpy(), first="2018-01")
    row = change_between(table, *YEARS, exclude=["2020-04", "2020-05", "2020-06"]).iloc[0]
    assert row["dispersion"] < 2


def test_the_autocorrelation_planted_is_found_on_average():
    found = [
        monthly_dispersion(table.set_index("month")["offence_count"]).autocorrelation
        for _, table in _drifting(np.random.default_rng(1), 0.6, 40).groupby("offence_group")
    ]
    # Poisson scatter (1/150) over an excess variance of 0.01 leaves 0.6 x 0.6 of it.
    assert np.mean(found) == pytest.approx(0.36, abs=0.08)


def test_a_planted_rise_is_found_among_groups_that_did_not_change():
    rng = np.random.default_rng(7)
    risen = _scattered(rng, 1, rise=1.4).assign(offence_group="risen")
    table = change_between(pd.concat([_scattered(rng, 20), risen]), *YEARS)
    assert bool(table.loc["risen", "is_significant"])
    assert 25 < table.loc["risen", "change_pct"] < 55


def test_q_values_are_those_of_benjamini_and_hochberg():
    table = change_between(_scattered(np.random.default_rng(3), 12), *YEARS)
    p = np.sort(table["p_value"].to_numpy(float))
    by_hand = np.minimum.accumulate((p * 12 / np.arange(1, 13))[::-1])[::-1]
    assert np.sort(table["q_value"].to_numpy(float)) == pytest.approx(by_hand)


def test_the_order_of_rows_does_not_matter():
    table = _scattered(np.random.default_rng(9), 3)
    shuffled = table.sample(frac=1, random_state=1)
    expected = change_between(table, *YEARS)
    found = change_between(shuffled, *YEARS).loc[expected.index]
    pd.testing.assert_frame_equal(found, expected)


def test_a_year_without_one_offence_does_not_upset_the_scatter():
    counts = np.r_[np.zeros(12), np.random.default_rng(1).poisson(30, 48)].astype(int)
    table = _monthly(counts)
    spread = monthly_dispersion(table.set_index("month")["offence_count"])
    assert spread.n_months == 48
    assert 1 <= spread.monthly_dispersion < 1.8
