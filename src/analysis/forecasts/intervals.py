"""How far a forecast may be out: a shock common to a whole, and each part's own.

The scale of both comes from the log errors at all earlier months over all series together
(cross-series calibration): the common shock in units of the whole's own month-to-month
noise, so that a steady offence gets a narrower range than a jumpy one; the part's own by
family, beside the chance of counting, which rules small counts. Errors are few and overlap,
so each scale is drawn towards that of all families, and that towards a value fixed
beforehand, the more so the fewer separate years there are. Shocks are as likely up as down:
with few separate years behind it, a fall that was seen is no reason to expect another.

Joint futures are drawn from both. Wholes of one larger whole share a part of their shocks,
and so do a place's offences, so that sums of offence groups come out as uncertain as they
have been.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtr
from scipy.stats import norm
from scipy.stats import t as student_t

from analysis.forecasts.backtest import Backtest
from analysis.forecasts.panel import MONTHS, Panel

Kind = Literal["total", "month"]

TOTAL_LEADS = (1, 3, 6, 9, 12, 18, 24, 30, 36, 48, 60)
MONTH_LEADS = (1, 2, 3, 6, 9, 12, 18, 24, 36, 48, 60)

COMMON_AT_A_YEAR = {"total": 1.7, "month": 1.9}
# Common error a year ahead in units of the whole's one-step noise, before anything is seen.

COMMON_GROWTH = {"total": 1.0, "month": 0.5}
# It grows with this power of the lead.

OWN_AT_A_YEAR = {"total": 0.08, "month": 0.10}
OWN_GROWTH = {"total": 0.4, "month": 0.25}
# The same for a part's own drift, on logs.

COUNTING = 2.0
# Variance of a count about its forecast, in units of the count: chance in what is to come,
# and about as much again in the share it is forecast from.

PRIOR_PERIODS, FAMILY_PERIODS, OWN_PERIODS = 4.0, 1.0, 2.0
# Separate periods that a fixed scale is worth against all families', all families' against
# one family's, and the same for a part's own drift.

FAMILIES_AS, PARTS_AS = 4, 16
# Separate witnesses that all families are worth, whose shocks go together, and that a
# family's parts are, which err more on their own.

SHARED_BY_WHOLES, SHARED_BY_PARTS = 0.3, 0.1
# Correlation of the common shocks of two offences, and of two offences' own drift in a
# place: sums of groups then hold their nominal coverage.

MOST_COMMON = 1.0
# A factor of 2.7 either way: errors of a series that leaps from nothing know no bound.

TAIL_DEGREES = 6
# Shocks have the tails of a t distribution: far ones are commoner than a normal has them.

HANDFUL = 100
# Offences a month in a whole at which its errors count half in what is typical.

FEW, MOST_OF_FEW = 5.0, 30
# Expected counts below this are drawn exactly, up to one that hardly ever comes.

_LEAST_VARIANCE = 2e-4


@dataclass(frozen=True)
class Calibration:
    """Scales of log errors by lead and family.

    Attributes
    ----------
    leads : ndarray, shape (n_leads,), months
    common, own : ndarray, shape (n_leads, n_families)
        Standard deviations, on logs.
    periods : ndarray, shape (n_leads,)
        Separate periods that stand behind each lead: origins over lead.
    """

    leads: np.ndarray
    common: np.ndarray
    own: np.ndarray
    periods: np.ndarray

    def at(self, lead: int) -> tuple[np.ndarray, np.ndarray]:
        """Common and own scale of every family at a lead, in between in a straight line."""
        return _between(self.leads, self.common, lead), _between(self.leads, self.own, lead)

    def periods_at(self, lead: int) -> float:
        """Separate periods behind the scales at a lead."""
        return float(np.interp(lead, self.leads, self.periods))


def calibrate(past: Backtest, kind: Kind, *, until: int | None = None) -> Calibration:
    """Scales of the errors that are known.

    Parameters
    ----------
    past : Backtest
    kind : {"total", "month"}
        Whether 12-month totals are to be forecast, or single months.
    until : int, optional
        Position of the last month known; default all of the panel. Used to ask what the
        ranges would have been then.

    Returns
    -------
    Calibration

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.forecasts.backtest import backtest
    >>> months = pd.date_range("2010-01-01", periods=96, freq="MS")
    >>> history = pd.DataFrame({"a": [300.0] * 96, "b": [100.0] * 96}, index=months)
    >>> past = backtest(Panel.of(history, {"a": "both", "b": "both"}), 24)
    >>> common, own = calibrate(past, "total").at(24)
    >>> bool(common[0] < 0.05)
    True
    """
    last = len(past.panel.months) - 1 if until is None else until
    leads = TOTAL_LEADS if kind == "total" else MONTH_LEADS
    scale = _scale_at(past, last)
    members = past.panel.members
    rows = [
        _scales(_Squares.of(past, kind, lead).until(last), members, kind, lead, scale)
        for lead in leads
    ]
    common, own, periods = (np.array(each) for each in zip(*rows, strict=True))
    return Calibration(np.array(leads), common, own, periods)


def calibrate_at(past: Backtest, kind: Kind, lead: int, months: list[int]) -> list[Calibration]:
    """The scales of one lead as they would have been at each of some months.

    Parameters
    ----------
    past : Backtest
    kind : {"total", "month"}
    lead : int
    months : list of int
        Positions of the last months known.

    Returns
    -------
    list of Calibration

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.forecasts.backtest import backtest
    >>> dates = pd.date_range("2010-01-01", periods=96, freq="MS")
    >>> past = backtest(Panel.of(pd.DataFrame({"a": [300.0] * 96}, dates), {"a": "a"}), 12)
    >>> [then.periods_at(12) for then in calibrate_at(past, "total", 12, [40, 95])]
    [0.5, 5.083333333333333]
    """
    squares, members = _Squares.of(past, kind, lead), past.panel.members
    found = []
    for last in months:
        common, own, periods = _scales(
            squares.until(last), members, kind, lead, _scale_at(past, last)
        )
        found.append(
            Calibration(np.array([lead]), common[None], own[None], np.array([periods]))
        )
    return found


def _scale_at(past: Backtest, month: int) -> np.ndarray:
    return np.asarray(past.volatility[int(np.searchsorted(past.origins, month))])


@dataclass(frozen=True)
class Shocks:
    """Standard shocks of so many futures; the same ones serve every lead.

    A future that is above its forecast in one year is above it in the next: totals go on
    from where they are, and a sum over years is as uncertain as if they always did.

    Attributes
    ----------
    common : ndarray, shape (n_draws, n_families)
    own, counting : ndarray, shape (n_draws, n_parts)
    """

    common: np.ndarray
    own: np.ndarray
    counting: np.ndarray

    @classmethod
    def of(cls, panel: Panel, n_draws: int, seed: int) -> Shocks:
        """Shocks of a panel's families and parts, the same for the same seed."""
        random = np.random.default_rng(seed)
        # Single precision: seven digits are enough for a shock, and twice as fast.
        return cls(
            common=_common_shocks(panel, n_draws, random).astype(np.float32),
            own=_own_shocks(panel, n_draws, random),
            counting=random.standard_normal((n_draws, len(panel.parts)), dtype=np.float32),
        )

    def futures(
        self,
        panel: Panel,
        central: np.ndarray,
        calibration: Calibration,
        lead: int,
        *,
        seen: np.ndarray | None = None,
        parts: np.ndarray | None = None,
    ) -> np.ndarray:
        """Joint futures of parts at one lead.

        Parameters
        ----------
        panel : Panel
        central : ndarray, shape (n_parts,), offences
            Forecast of the month or total, of all parts.
        calibration : Calibration
        lead : int
            Months ahead that it ends.
        seen : ndarray, shape (n_parts,), optional
            Offences of the total that are already recorded: no chance is left in them.
        parts : ndarray of int, optional
            Positions of the parts wanted; default all.

        Returns
        -------
        ndarray, shape (n_draws, n_parts wanted), offences
            Whole numbers.

        Examples
        --------
        >>> import pandas as pd
        >>> from analysis.forecasts.backtest import backtest
        >>> months = pd.date_range("2020-01-01", periods=60, freq="MS")
        >>> panel = Panel.of(pd.DataFrame({"a": [50.0] * 60}, index=months), {"a": "a"})
        >>> scales = calibrate(backtest(panel, 12), "total")
        >>> draws = Shocks.of(panel, 1000, 1).futures(panel, np.array([600.0]), scales, 12)
        >>> draws.shape, bool(abs(np.median(draws) / 600 - 1) < 0.02)
        ((1000, 1), True)
        """
        chosen = np.arange(len(panel.parts)) if parts is None else parts
        family = panel.family_of[chosen]
        common, own = (each.astype(np.float32) for each in calibration.at(lead))
        logs = (self.common * common)[:, family] + self.own[:, chosen] * own[family]
        expected = central[chosen].astype(np.float32)
        known = np.zeros_like(expected) if seen is None else seen[chosen].astype(np.float32)
        # A shock to the total falls on what is still to come; what was recorded stays.
        rate = np.maximum(expected * np.exp(logs) - known, 0.02 * (expected - known))
        return np.asarray(known + _counted(rate, self.counting[:, chosen]))


def _counted(rate: np.ndarray, shock: np.ndarray) -> np.ndarray:
    """Counts whose variance is COUNTING times their mean, from standard shocks."""
    # The square root of a count has the same spread whatever its size, but for a few.
    root = np.sqrt(np.maximum(rate, 0)) + np.float32(np.sqrt(COUNTING) / 2) * shock
    counts = np.rint(np.maximum(root, 0) ** 2)
    few = rate < FEW
    if few.any():
        counts[few] = _few_counted(rate[few], ndtr(shock[few]))
    return np.asarray(counts)


def _few_counted(rate: np.ndarray, place: np.ndarray) -> np.ndarray:
    # The negative binomial's own quantiles, count by count.
    size = np.maximum(rate, 0) / (COUNTING - 1)
    chance = COUNTING**-size
    reached, counts = chance.copy(), np.zeros_like(rate)
    for count in range(1, MOST_OF_FEW + 1):
        counts[place > reached] = count
        chance = chance * (size + count - 1) / count * (1 - 1 / COUNTING)
        reached += chance
    return counts


def log_limits(
    panel: Panel,
    central: np.ndarray,
    calibration: Calibration,
    lead: int,
    positions: np.ndarray,
    level: float,
) -> np.ndarray:
    """How far sums of parts may be from their forecast, on logs, without drawing futures.

    Parameters
    ----------
    panel : Panel
    central : ndarray, shape (n_parts,), offences
    calibration : Calibration
    lead : int
    positions : ndarray of int, shape (n_families, n_places)
        Parts; those of a column are summed.
    level : float
        Such as 0.8.

    Returns
    -------
    ndarray, shape (n_places,)
        Half the width of the range.
    """
    expected = np.maximum(central[positions], 0.5)
    weight = expected / expected.sum(axis=0)
    family = panel.family_of[positions]
    common, own = calibration.at(lead)
    by_whole = _summed(weight * common[family], SHARED_BY_WHOLES)
    by_part = _summed(weight * own[family], SHARED_BY_PARTS)
    counting = COUNTING * (weight**2 / expected).sum(axis=0)
    variance = by_whole + by_part + counting
    tail = (1 + level) / 2
    heavy = student_t.ppf(tail, TAIL_DEGREES) * np.sqrt((TAIL_DEGREES - 2) / TAIL_DEGREES)
    # Only the common shock has the heavier tails.
    width = norm.ppf(tail) + (heavy - norm.ppf(tail)) * by_whole / variance
    return np.asarray(width * np.sqrt(variance))


def _summed(scales: np.ndarray, shared: float) -> np.ndarray:
    together = scales.sum(axis=0) ** 2
    return np.asarray(shared * together + (1 - shared) * (scales**2).sum(axis=0))


def _common_shocks(panel: Panel, n_draws: int, random: np.random.Generator) -> np.ndarray:
    each = random.standard_normal((n_draws, len(panel.families)))
    together = random.standard_normal((n_draws, panel.group_of.max() + 2))
    is_grouped = panel.group_of >= 0
    shared = np.where(is_grouped, SHARED_BY_WHOLES, 0.0)
    mixed = np.sqrt(shared) * together[:, panel.group_of] + np.sqrt(1 - shared) * each
    return mixed * _tail(n_draws, random)


def _own_shocks(panel: Panel, n_draws: int, random: np.random.Generator) -> np.ndarray:
    # In place and in single precision: with all offences of all boroughs this is the
    # largest array of a report.
    own = random.standard_normal((n_draws, len(panel.parts))).astype(np.float32)
    place = panel.place_of
    together = random.standard_normal((n_draws, place.max() + 2)).astype(np.float32)
    shared = np.where(place >= 0, SHARED_BY_PARTS, 0.0).astype(np.float32)
    own *= np.sqrt(1 - shared)
    own += np.sqrt(shared) * together[:, place]
    # Own drift moves shares: what is common to the parts is the common shock's already, and
    # a family of one has no share to drift.
    means = (panel.by_family(own) / panel.members).astype(np.float32)
    own -= means[:, panel.family_of]
    return own


def _tail(n_draws: int, random: np.random.Generator) -> np.ndarray:
    degrees = TAIL_DEGREES
    wide = np.sqrt((degrees - 2) / random.chisquare(degrees, (n_draws, 1)))
    return np.asarray(wide)


@dataclass(frozen=True)
class _Squares:
    """Squared errors at one lead, by origin and family."""

    common: np.ndarray
    own: np.ndarray
    is_usual: np.ndarray
    tells: np.ndarray
    ends: np.ndarray

    @classmethod
    def of(cls, past: Backtest, kind: Kind, lead: int) -> _Squares:
        panel = past.panel
        actual, central, is_usual = _compared(past, kind, lead)
        whole = panel.by_family(central)
        common = _log_error(panel.by_family(actual), whole)
        own = _log_error(actual, central) - common[:, panel.family_of]
        # Months of a total that were recorded at its origin have no chance left in them.
        coming = min(lead, MONTHS) / MONTHS if kind == "total" else 1.0
        # A whole that is itself a handful says nothing of how others stray.
        handful = HANDFUL * (MONTHS if kind == "total" else 1)
        return cls(
            # Futures draw the chance of counting apart: it is not to be there twice.
            common=(common**2 - COUNTING * coming / np.maximum(whole, 0.5)) / _noise(past) ** 2,
            own=panel.by_family(own**2 - COUNTING * coming / np.maximum(central, 0.5))
            / panel.members,
            is_usual=is_usual,
            tells=is_usual * whole / (whole + handful),
            ends=past.origins + lead,
        )

    def until(self, last: int) -> _Squares:
        """Those whose end was known by a month."""
        known = self.ends <= last
        rows = (self.common, self.own, self.is_usual, self.tells, self.ends)
        return _Squares(*(each[known] for each in rows))


def _noise(past: Backtest) -> np.ndarray:
    """What common errors are measured in, shape (n_origins, n_families)."""
    own = past.volatility[:-1]
    # A lone series' own noise is a poor measure at any one origin, and an error divided by a
    # low one would swamp the others: its mean to then serves.
    to_then = np.cumsum(own, axis=0) / np.arange(1, len(own) + 1)[:, None]
    return np.where(past.panel.members == 1, to_then, own)


def _scales(
    squares: _Squares, members: np.ndarray, kind: Kind, lead: int, scale_now: np.ndarray
) -> tuple[np.ndarray, np.ndarray, float]:
    common_prior, own_prior = _common_prior(kind, lead) ** 2, _own_prior(kind, lead) ** 2
    apart = max(lead, MONTHS if kind == "total" else 1)
    is_usual, tells = squares.is_usual, squares.tells
    periods = is_usual.sum(axis=0) / apart
    ratio = _drawn_together(
        np.maximum(_mean(squares.common, is_usual), 0),
        _typical(np.maximum(squares.common, 0), tells, common_prior, apart),
        periods,
        FAMILY_PERIODS,
    )
    own_variance = _drawn_together(
        np.maximum(_mean(squares.own, is_usual), _LEAST_VARIANCE),
        _typical(np.maximum(squares.own, 0), tells, own_prior, apart),
        np.where(members > 1, periods * np.minimum(PARTS_AS, members / 2), 0),
        OWN_PERIODS,
    )
    # A series that is no part of anything drifts on its own as well, until it has shown how.
    alone = np.where(members == 1, own_prior * FAMILY_PERIODS / (FAMILY_PERIODS + periods), 0)
    return (
        np.minimum(np.sqrt(ratio * scale_now**2 + alone), MOST_COMMON),
        np.sqrt(own_variance),
        float(periods.max()),
    )


def _drawn_together(
    own: np.ndarray, all_families: float, weight: np.ndarray, all_weight: float
) -> np.ndarray:
    return np.asarray((all_weight * all_families + weight * own) / (all_weight + weight))


def _compared(
    past: Backtest, kind: Kind, lead: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What came, what was forecast and whether it teaches, at every origin."""
    if lead > past.horizon:
        # A lead beyond the backtest has no errors.
        nothing = np.ones((len(past.origins), len(past.panel.parts)))
        unusual = np.zeros((len(past.origins), len(past.panel.families)), dtype=bool)
        return nothing, nothing, unusual
    if kind == "total":
        return past.actual_total(lead), past.expected_total(lead), past.is_usual(lead)
    return past.actual_month(lead), past.central[:, lead - 1], past.is_usual(lead, 1)


def _log_error(actual: np.ndarray, central: np.ndarray) -> np.ndarray:
    # Half an offence keeps a month without any from having an endless logarithm.
    return np.asarray(np.log((actual + 0.5) / (central + 0.5)))


def _typical(squares: np.ndarray, weight: np.ndarray, prior: float, apart: float) -> float:
    total = float(weight.sum())
    if total == 0:
        return prior
    number = min(weight.shape[1], FAMILIES_AS) * weight.mean(axis=1).sum() / apart
    mean = float((squares * weight).sum()) / total
    return (PRIOR_PERIODS * prior + number * mean) / (PRIOR_PERIODS + number)


def _mean(squares: np.ndarray, is_usual: np.ndarray) -> np.ndarray:
    total = np.where(is_usual, squares, 0).sum(axis=0)
    return np.asarray(total / np.maximum(is_usual.sum(axis=0), 1))


def _common_prior(kind: Kind, lead: int) -> float:
    return float(COMMON_AT_A_YEAR[kind] * (lead / MONTHS) ** COMMON_GROWTH[kind])


def _own_prior(kind: Kind, lead: int) -> float:
    return float(OWN_AT_A_YEAR[kind] * (lead / MONTHS) ** OWN_GROWTH[kind])


def _between(leads: np.ndarray, values: np.ndarray, lead: int) -> np.ndarray:
    position = float(np.interp(lead, leads, np.arange(len(leads))))
    below = int(position)
    above = min(below + 1, len(leads) - 1)
    return np.asarray(values[below] + (position - below) * (values[above] - values[below]))
