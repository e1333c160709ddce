"""Whether hot spots stay where they are from year to year.

From counts of every place in several periods. Two periods never agree wholly even where no
place's risk moved, because small counts scatter: so the overlap of the worst places is held
against both ends, what two blind choices share and what places of steady risk would share.
Known weakness: the steady risk is learnt from the counts themselves, whose scatter passes
for risk in part, so the steady overlap is somewhat too high.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from analysis.errors import DataContractError
from analysis.measures.rank_correlation import rank_correlation

DRAWS = 999
SEED = 20_122

CHANCE_RANGE = (0.025, 0.975)

Numbers = npt.NDArray[np.float64]


def hot_spot_overlap(
    counts: pd.DataFrame, *, leading_pct: float = 5, draws: int = DRAWS, seed: int = SEED
) -> pd.DataFrame:
    """How many of each period's worst places were among those of the period before.

    Where places tie for the last of the worst, each counts by its fraction of the places
    left, which is the overlap to expect if the tie were broken by lot.

    Parameters
    ----------
    counts : DataFrame, shape (n_places, n_periods), offences
        A row a place (every place, none missing), a column a period, from the earliest on.
    leading_pct : float in (0, 100)
        Worst places, as a share of all; rounded down, one at least.
    draws : int
        Pairs of periods simulated for the steady overlap.
    seed : int

    Returns
    -------
    DataFrame, index ``period`` (the later of each two)
        ``previous``; ``leading_place_count``; ``stayed_count`` and ``stayed_pct`` of them;
        ``by_chance_count`` and ``by_chance_count_upper`` (97.5 % of blind choices share no
        more), ``p_value`` (exact, hypergeometric, the fraction dropped),
        ``is_more_than_chance``; ``steady_pct`` with ``_lower`` and ``_upper``, the overlap
        (95 % range) if no place's risk had moved; ``rank_correlation`` (Spearman's, of all
        places) with ``_lower`` and ``_upper`` (95 %).

    Raises
    ------
    DataContractError
        If there are fewer than two periods or four places, a count is missing or negative,
        or a period is empty.

    References
    ----------
    Bonett & Wright (2000), Psychometrika 65 (interval of the rank correlation).

    Examples
    --------
    >>> years = pd.DataFrame({2021: [9, 8, *[0] * 18], 2022: [7, 1, 9, *[0] * 17]})
    >>> overlap = hot_spot_overlap(years, leading_pct=10)
    >>> overlap[["leading_place_count", "stayed_count", "by_chance_count"]].values.tolist()
    [[2.0, 1.0, 0.2]]
    """
    values = _checked(counts, leading_pct)
    rng = np.random.default_rng(seed)
    leading = _leading_count(len(values), leading_pct)
    rows = []
    for column in range(1, values.shape[1]):
        pair = values[:, column - 1 : column + 1]
        stayed = float(_membership(pair[:, 0], leading) @ _membership(pair[:, 1], leading))
        steady = _steady_overlap(pair, leading, draws, rng) / leading * 100
        blind = stats.hypergeom(len(values), leading, leading)
        p_value = float(blind.sf(np.floor(stayed + 1e-9) - 1))
        rows.append(
            {
                "period": counts.columns[column],
                "previous": counts.columns[column - 1],
                "leading_place_count": leading,
                "stayed_count": stayed,
                "stayed_pct": stayed / leading * 100,
                "by_chance_count": leading**2 / len(values),
                "by_chance_count_upper": int(blind.ppf(CHANCE_RANGE[1])),
                "p_value": p_value,
                "is_more_than_chance": p_value <= 0.05,
                "steady_pct": float(steady.mean()),
                "steady_pct_lower": float(np.quantile(steady, CHANCE_RANGE[0])),
                "steady_pct_upper": float(np.quantile(steady, CHANCE_RANGE[1])),
                **_rank_correlation(pair),
            }
        )
    return pd.DataFrame(rows).set_index("period")


def years_among_leading(counts: pd.DataFrame, *, leading_pct: float = 5) -> pd.DataFrame:
    """In how many periods each place was among the worst.

    A place is counted only where it surely belongs: of places that tie for the last of the
    worst, all are in if there is room for all, and none if not.

    Parameters
    ----------
    counts, leading_pct
        As in ``hot_spot_overlap``; one period will do.

    Returns
    -------
    DataFrame, index of ``counts``, most often among the worst first
        ``leading_count`` of ``period_count`` periods, ``is_always_leading``,
        ``leading_in`` (tuple of periods), ``offence_count`` (all periods together).

    Raises
    ------
    DataContractError
        If a count is missing or negative, or a period is empty.

    Examples
    --------
    >>> years = pd.DataFrame({2021: [9, 8, 1, 0], 2022: [7, 1, 9, 0]}, list("abcd"))
    >>> years_among_leading(years, leading_pct=50)["leading_count"].to_dict()
    {'a': 2, 'c': 1, 'b': 1, 'd': 0}
    """
    values = _checked(counts, leading_pct, periods=1)
    leading = _leading_count(len(values), leading_pct)
    is_in = np.column_stack([_membership(column, leading) == 1 for column in values.T])
    periods = list(counts.columns)
    table = pd.DataFrame(
        {
            "leading_count": is_in.sum(axis=1),
            "period_count": len(periods),
            "is_always_leading": is_in.all(axis=1),
            "leading_in": [
                tuple(period for period, there in zip(periods, row, strict=True) if there)
                for row in is_in
            ],
            "offence_count": values.sum(axis=1).astype(int),
        },
        index=counts.index,
    )
    order = ["leading_count", "offence_count"]
    return table.sort_values(order, ascending=False, kind="stable")


def _checked(counts: pd.DataFrame, leading_pct: float, *, periods: int = 2) -> Numbers:
    values = counts.to_numpy(dtype=float, na_value=np.nan)
    if np.isnan(values).any() or (values < 0).any():
        message = "a count is missing or negative. Leave out places that one period lacks."
        raise DataContractError(message)
    if values.shape[1] < periods or len(values) < 4:
        message = (
            f"{len(values)} place(s) in {values.shape[1]} period(s): give four places and "
            f"{periods} period(s) at least."
        )
        raise DataContractError(message)
    if (values.sum(axis=0) == 0).any():
        empty = counts.columns[values.sum(axis=0) == 0].tolist()
        message = f"no offence at all in {empty}: is the period held? Leave it out."
        raise DataContractError(message)
    if not 0 < leading_pct < 100:
        message = f"a leading share of {leading_pct} %: it must lie between 0 and 100."
        raise DataContractError(message)
    return values


def _leading_count(place_count: int, leading_pct: float) -> int:
    return max(1, int(np.floor(place_count * leading_pct / 100 + 1e-9)))


def _membership(values: Numbers, leading: int) -> Numbers:
    """1 for a place among the worst, a fraction where places tie for what is left."""
    last = -np.partition(-values, leading - 1)[leading - 1]
    above, level = values > last, values == last
    return np.where(above, 1.0, np.where(level, (leading - above.sum()) / level.sum(), 0.0))


def _steady_overlap(
    pair: Numbers, leading: int, draws: int, rng: np.random.Generator
) -> Numbers:
    """Overlap in pairs of periods drawn from the two periods' common risk, one a draw."""
    risk = pair.sum(axis=1) / pair.sum()
    totals = pair.sum(axis=0)
    overlap = np.empty(draws)
    for draw in range(draws):
        first, second = (_membership(rng.poisson(risk * total), leading) for total in totals)
        overlap[draw] = first @ second
    return overlap


def _rank_correlation(pair: Numbers) -> dict[str, float]:
    told = rank_correlation(pd.Series(pair[:, 0]), pd.Series(pair[:, 1]))
    return {
        "rank_correlation": told.correlation,
        "rank_correlation_lower": told.lower,
        "rank_correlation_upper": told.upper,
    }
