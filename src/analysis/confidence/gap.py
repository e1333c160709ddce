"""Where confidence in the police stands beside recorded risk, borough by borough.

Both are put on one scale, standard deviations from the mean of the boroughs, and safety is
recorded risk turned round. The gap says whether people trust more, or less, than the
borough's place by recorded risk would suggest. Risk is taken in logarithms: Westminster's
rate per resident is several times the others' because its visitors are not residents, and
would otherwise set the scale alone. Known weaknesses: where confidence and risk hardly go
together across boroughs, a borough with much crime has a gap by its crime alone, so the
gap is shown beside the distance from what boroughs with as much recorded crime have; and
confidence is not fear.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from analysis.confidence.sampling import survey_limits, with_verdicts
from analysis.errors import DataContractError
from analysis.measures.false_discovery import FALSE_DISCOVERY

FEWEST_AREAS = 5
# Fewer have no spread worth calling one.


def confidence_risk_gap(
    answers: pd.DataFrame,
    risk: pd.DataFrame,
    *,
    draws: int = 10_000,
    seed: int = 20_130_401,
    false_discovery: float = FALSE_DISCOVERY,
) -> pd.DataFrame:
    """Confidence less safety of every area, both standardised, with simulated intervals.

    Parameters
    ----------
    answers : DataFrame, index ``area_code``
        ``value_pct`` and ``sample_count`` (effective persons asked).
    risk : DataFrame, same index in any order
        ``risk`` (a rate above nought) with ``risk_lower`` and ``risk_upper``, 95 %.
    draws, seed : int
        Of the simulation, which keeps mean and spread of the boroughs as observed.
    false_discovery : float
        Share of gaps called real that may be chance.

    Returns
    -------
    DataFrame, index ``area_code``
        ``value_pct`` and ``risk`` with limits, ``confidence_z``, ``safety_z``, ``gap`` with
        ``_lower`` and ``_upper`` (95 %), ``expected_pct`` (of areas with as much recorded
        risk, from the median line in log risk, which no single area can turn),
        ``from_expected_points`` with limits, ``p_value``, ``q_value``, ``is_significant``.

    Raises
    ------
    DataContractError
        If fewer than five areas are given, or a risk is not above nought.

    References
    ----------
    Sen (1968), Journal of the American Statistical Association 63: the median line.

    Examples
    --------
    >>> codes = list("abcdef")
    >>> answers = pd.DataFrame({"value_pct": [50, 52, 54, 56, 58, 60.0]}, codes)
    >>> risk = pd.DataFrame({"risk": [60, 58, 56, 54, 52, 10.0]}, codes)
    >>> risk = risk.assign(risk_lower=risk["risk"] * 0.97, risk_upper=risk["risk"] * 1.03)
    >>> gap = confidence_risk_gap(answers.assign(sample_count=200), risk)
    >>> bool(gap["gap"].abs().max() < 1.5), bool(gap["is_significant"].any())
    (True, False)
    """
    both = answers.join(risk, how="inner").astype(float).sort_index()
    _check(both)
    share = both["value_pct"] / 100
    log_risk = pd.Series(np.log(both["risk"].to_numpy()), both.index)
    drawn_share, drawn_log = _drawn(both, draws, seed)
    spread_share, spread_log = share.std(), log_risk.std()
    limits = survey_limits(both["value_pct"], both["sample_count"])
    table = limits.join(both[["risk", "risk_lower", "risk_upper"]])
    table["confidence_z"] = (share - share.mean()) / spread_share
    table["safety_z"] = -(log_risk - log_risk.mean()) / spread_log
    table["gap"] = table["confidence_z"] - table["safety_z"]
    noise = (drawn_share - share.to_numpy()) / spread_share
    noise = noise + (drawn_log - log_risk.to_numpy()) / spread_log
    table["gap_lower"], table["gap_upper"] = _around(table["gap"], noise)
    slope, level, *_ = stats.theilslopes(share, log_risk)
    table["expected_pct"] = 100 * (level + slope * log_risk)
    table["from_expected_points"] = table["value_pct"] - table["expected_pct"]
    noise_points = 100 * (
        (drawn_share - share.to_numpy()) - slope * (drawn_log - log_risk.to_numpy())
    )
    lower, upper = _around(table["from_expected_points"], noise_points)
    table["from_expected_points_lower"], table["from_expected_points_upper"] = lower, upper
    table["p_value"] = 2 * stats.norm.sf((table["gap"] / noise.std(axis=0)).abs())
    return with_verdicts(table, false_discovery).reindex(answers.index.intersection(both.index))


def _drawn(both: pd.DataFrame, draws: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """What the shares (0 to 1) and the log risks could as well be, a column an area."""
    generator = np.random.default_rng(seed)
    share, asked = both["value_pct"].to_numpy() / 100, both["sample_count"].to_numpy()
    error = np.sqrt(share * (1 - share) / asked)
    drawn_share = share + error * generator.standard_normal((draws, len(both)))
    # Limits of a count are about even on the log scale.
    width = np.log((both["risk_upper"] / both["risk_lower"]).to_numpy())
    scale = width / (2 * stats.norm.ppf(0.975))
    drawn_log = np.log(both["risk"].to_numpy()) + scale * generator.standard_normal(
        (draws, len(both))
    )
    return drawn_share, drawn_log


def _around(values: pd.Series, noise: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    low, high = np.quantile(noise, [0.025, 0.975], axis=0)
    return values.to_numpy() + low, values.to_numpy() + high


def _check(both: pd.DataFrame) -> None:
    if len(both) < FEWEST_AREAS:
        message = f"{len(both)} areas have no spread to stand in; give {FEWEST_AREAS} or more."
        raise DataContractError(message)
    if not (both[["risk", "risk_lower"]] > 0).all(axis=None):
        absent = both.index[~(both[["risk", "risk_lower"]] > 0).all(axis=1)].tolist()
        message = f"risk of {absent} is not above nought, so it has no logarithm. Leave it out."
        raise DataContractError(message)
