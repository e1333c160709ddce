"""Following the neighbours: a planted tie is found, and none where there is none."""

import numpy as np
import pandas as pd
import pytest

from analysis.errors import DataContractError
from analysis.offenders.cross_border import follows_neighbours

MONTHS = pd.date_range("2011-04-01", periods=120, freq="MS", name="month")
CODES = [f"b{number:02d}" for number in range(32)]
NEAR = CODES[1:5]


def counts(seed, tie=0.0, london=0.15, mean=400.0):
    """A city whose areas move together, and four that share a movement with the first."""
    rng = np.random.default_rng(seed)
    whole = np.exp(london * np.cumsum(rng.standard_normal(120)) / 4)
    own = np.exp(0.1 * rng.standard_normal((120, 32)))
    shared = np.exp(tie * rng.standard_normal(120))
    means = mean * whole[:, None] * own
    means[:, :5] *= shared[:, None]
    return pd.DataFrame(rng.poisson(means), MONTHS, CODES)


def followed(table, **options):
    return follows_neighbours(table, "b00", NEAR, months=MONTHS[12:], draws=499, **options)


@pytest.mark.parametrize("seed", range(5))
def test_a_planted_tie_is_found(seed):
    found = followed(counts(seed, tie=0.15))
    assert found.correlation > found.random_upper
    assert found.p_value < 0.01


def test_following_london_alone_is_no_tie():
    p_values = [followed(counts(100 + seed, london=0.4)).p_value for seed in range(60)]
    # Uniform where nothing is tied: one in twenty below 0.05, and half below a half.
    assert np.mean(np.array(p_values) < 0.05) < 0.15
    assert 0.3 < np.mean(np.array(p_values) < 0.5) < 0.7


def test_the_correlation_is_the_partial_one_of_the_textbook():
    table = counts(3, tie=0.1)
    found = followed(table)
    sums = {"near": table[NEAR].sum(axis=1), "own": table["b00"]}
    sums["rest"] = table.sum(axis=1) - sums["near"] - sums["own"]
    changes = pd.DataFrame(
        {name: np.log(each + 0.5).diff(12) for name, each in sums.items()}
    ).dropna()
    on_rest = np.column_stack([np.ones(len(changes)), changes["rest"]])
    left = [
        changes[name] - on_rest @ np.linalg.lstsq(on_rest, changes[name], rcond=None)[0]
        for name in ("own", "near")
    ]
    assert found.correlation == pytest.approx(np.corrcoef(left[0], left[1])[0, 1])
    assert found.month_count == 108


def test_a_spoilt_month_left_out_does_not_count():
    table = counts(4)
    spoilt = table.copy()
    spoilt.loc["2016-03-01", CODES[:5]] *= 9
    usable = MONTHS[12:].drop(pd.to_datetime(["2016-03-01", "2017-03-01"]))
    one, other = (
        follows_neighbours(each, "b00", NEAR, months=usable, draws=99)
        for each in (table, spoilt)
    )
    assert one.correlation == pytest.approx(other.correlation)


def test_the_same_seed_gives_the_same_answer():
    assert followed(counts(1)) == followed(counts(1))


def test_too_few_months_give_no_answer():
    assert follows_neighbours(counts(1), "b00", NEAR, months=MONTHS[12:47]) is None


def test_an_unknown_neighbour_is_refused():
    with pytest.raises(DataContractError, match="'elsewhere'"):
        follows_neighbours(counts(1), "b00", ["elsewhere"], months=MONTHS)
