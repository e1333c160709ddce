"""The bars that forecasts must pass, each with what was measured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from .evaluate import WHOLE_YEARS, Evaluation
from .figures import AGGREGATES, HORIZON
from .scores import YEAR, Estimate


@dataclass(frozen=True)
class Row:
    """One bar: what must hold, what would be better, and what was measured."""

    measure: str
    must: str
    stretch: str
    measured: str
    passes: bool | None
    stretches: bool | None

    @property
    def verdict(self) -> str:
        """In a word; a bar that is only reported has none."""
        if self.stretches:
            return "stretch"
        if self.passes is None:
            return "reported" if self.stretches is None else "short of stretch"
        return "pass" if self.passes else "SHORT"


def rows(found: Evaluation) -> list[Row]:
    """All bars in order."""
    return [
        *monthly_rows(found),
        *total_rows(found),
        *last_year_rows(found),
        *crps_rows(found),
        *coverage_rows(found),
        measure_row(found),
        origin_row(found),
        *chance_rows(found),
        reliability_row(found),
    ]


def monthly_rows(found: Evaluation) -> list[Row]:
    """Monthly MASE against AutoETS."""
    return [
        at_most(f"monthly MASE / AutoETS, h<={horizon}", found.mase(horizon), must, stretch)
        for horizon, must, stretch in ((YEAR, 0.95, 0.91), (HORIZON, 0.94, 0.89))
    ]


def total_rows(found: Evaluation) -> list[Row]:
    """Scaled error of totals against AutoETS; the limits below 1 for the first two years."""
    return [
        at_most(
            f"scaled error of totals / AutoETS, Y{year + 1}",
            found.total_ratio(year),
            must,
            0.86,
            is_limit_below_one=year < 2,
        )
        for year, must in zip(WHOLE_YEARS, (0.92, 0.93, 0.93), strict=True)
    ]


def last_year_rows(found: Evaluation) -> list[Row]:
    """Never worse than the last 12 months: the lower limit is not above 1."""
    return [
        Row(
            f"scaled error of totals / last 12, {family}, Y{year + 1}",
            "not above 1 beyond noise",
            "< 1",
            told(ratio),
            # With fewer than three origins there are no limits to hide behind.
            ratio.value <= 1 or ratio.lower <= 1,
            ratio.value < 1,
        )
        for family, ratios in found.against_last_year().items()
        for year, ratio in enumerate(ratios)
    ]


def crps_rows(found: Evaluation) -> list[Row]:
    """CRPS of totals against AutoETS with summed bounds."""
    return [
        at_most(f"CRPS of totals / AutoETS, Y{year + 1}", found.crps_ratio(year), *bars)
        for year, bars in enumerate(((0.87, 0.80), (0.91, 0.84), (0.93, 0.85)))
    ]


def coverage_rows(found: Evaluation) -> list[Row]:
    """Average coverage: each year ahead within so many points."""
    made = []
    for level, must, stretch in ((80, 6, 3), (95, 3, 2)):
        shares = found.coverage(level / 100)
        gap = worst(100 * one.value - level for one in shares)
        made.append(
            Row(
                f"coverage of totals at {level} %, average, Y1 / Y2 / Y3",
                f"within {must} points",
                f"within {stretch}",
                " / ".join(percent(one.value) for one in shares),
                gap <= must,
                gap <= stretch,
            )
        )
    return made


def measure_row(found: Evaluation) -> Row:
    """Coverage of each offence group over all origins and years."""
    shares = {
        name: one for name, one in found.coverage_by_measure().items() if name not in AGGREGATES
    }
    beyond = [name for name, (value, error) in shares.items() if abs(value - 0.8) > 2 * error]
    outside = [name for name, (value, _) in shares.items() if not 0.75 <= value <= 0.87]
    values = [value for value, _ in shares.values()]
    return Row(
        "coverage by offence group at 80 %, all origins and years",
        "each within 2 SE",
        "each 75-87 %",
        f"{percent(min(values))} to {percent(max(values))}; beyond 2 SE {len(beyond)}, "
        f"outside 75-87 % {len(outside)} of {len(values)}",
        not beyond,
        not outside,
    )


def origin_row(found: Evaluation) -> Row:
    """Lowest coverage at 80 % of an origin, over its years and in one of them."""
    table = found.coverage_by_origin()
    lowest = int(np.nanargmin(table[:, -1]))
    origin, year = np.unravel_index(np.nanargmin(table[:, :-1]), table[:, :-1].shape)
    names = found.figures.origins
    return Row(
        "worst origin, coverage at 80 %",
        "reported",
        "70 %",
        f"{percent(table[lowest, -1])} ({names[lowest]}); of one year "
        f"{percent(table[origin, year])} ({names[origin]}, Y{year + 1})",
        None,
        bool(table[lowest, -1] >= 0.7),
    )


def chance_rows(found: Evaluation) -> list[Row]:
    """Each fall and year: Brier below the base rate's, mean near what happened."""
    made = []
    for cell in found.chance_cells():
        name = f"P(met) of -{cell['fall_pct']} % by Y{cell['year']}"
        difference, seen = cell["better_than_known"], cell["observed"]
        gap = abs(cell["forecast"] - seen.value)
        made += [
            Row(
                f"{name}: Brier",
                "below base rate",
                "",
                f"{cell['brier']:.4f} - {cell['brier_known_rate']:.4f} = "
                f"{difference.value:+.4f} ({difference.lower:+.4f} to "
                f"{difference.upper:+.4f})",
                difference.value < 0,
                None,
            ),
            Row(
                f"{name}: mean",
                "within 5 points",
                "",
                f"{percent(cell['forecast'])}, happened {percent(seen.value)}",
                gap <= 0.05,
                None,
            ),
        ]
    return made


def reliability_row(found: Evaluation) -> Row:
    """Fifths of all forecasts of P(met)."""
    fifths = found.reliability()
    gap = worst(one.forecast - one.observed for one in fifths)
    return Row(
        "P(met) in fifths: forecast less what happened",
        "",
        "within 5 points",
        f"gaps {' '.join(f'{100 * (one.forecast - one.observed):+.1f}' for one in fifths)}",
        None,
        gap <= 0.05,
    )


def at_most(
    measure: str,
    ratio: Estimate,
    must: float,
    stretch: float,
    *,
    is_limit_below_one: bool = False,
) -> Row:
    """A ratio that must be at or below a number."""
    # A limit that cannot be worked out is not below anything.
    holds = ratio.upper < 1 if is_limit_below_one else True
    return Row(
        measure,
        f"{must:.2f}{' and limits below 1' if is_limit_below_one else ''}",
        f"{stretch:.2f}",
        told(ratio),
        ratio.value <= must and holds,
        ratio.value <= stretch and holds,
    )


def told(one: Estimate) -> str:
    """An estimate with its limits and the number of origins behind it."""
    if np.isnan(one.lower):
        return f"{one.value:.3f} (origins {one.origins})"
    return f"{one.value:.3f} ({one.lower:.3f} to {one.upper:.3f}, origins {one.origins})"


def percent(share: float) -> str:
    """A share as a percentage with one decimal; a dash where there is none."""
    return "-" if np.isnan(share) else f"{100 * share:.1f} %"


def worst(gaps: Iterable[float]) -> float:
    """Largest gap either way; a gap that is not known is left out."""
    return max((abs(gap) for gap in gaps if not np.isnan(gap)), default=np.nan)
