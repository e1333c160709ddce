"""Who is the safest borough of London, and how the answer changes with the question.

"Safest" names no measure. Each answer here is one of offences or harm, in one year, on one
basis, as it stands or out of residents, households or people of working age; each comes
with the chance that the borough lowest as published is lowest indeed, and with all boroughs
that cannot be told apart from the lowest (``joint_ranks``). Known weakness: the chances allow
for scatter, not for what is not reported or who is in a borough by day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.assessment.assessment import Assessment, Period, year_to
from analysis.assessment.comparison import HARM, MAIN, Level, level_of, ranked, whole_years
from analysis.assessment.target_choice import record_of
from analysis.data.comparability import mixed_areas
from analysis.data.figures import read_table
from analysis.data.vintages import Basis, publications
from analysis.measures.joint_ranks import joint_ranks
from analysis.measures.rates import PER
from analysis.params.areas import borough_codes
from analysis.params.targets import TargetSpec

MEASURES = (
    MAIN,
    "total",
    "victim_based",
    "neighbourhood_crime",
    "mopac7",
    "violence_with_injury",
    HARM,
)


def answers(assessment: Assessment) -> pd.DataFrame:
    """Who is lowest, by every way of asking that the figures can answer for the newest year.

    Returns
    -------
    DataFrame, one row an answer
        ``asked`` (``measure``, ``denominator`` or ``basis``: what is varied), ``measure``,
        ``by`` (``count``, ``residents``, ``households``, ``aged_16_to_64``), ``basis``,
        ``first_month``, ``last_month``, ``is_own_mixed`` (the borough took a step of its own
        within the year, so that its rank is not to be told) and what ``_answer`` gives:
        ``lowest_code``, ``lowest_probability`` (that it is lowest indeed), ``may_be_lowest``
        (codes that cannot be told apart from the lowest, lowest first), ``own_rank``,
        ``own_rank_lower``, ``own_rank_upper``, ``own_may_be_lowest`` and
        ``own_lowest_probability``.
    """
    period = assessment.latest_year
    people = assessment.population(period)[borough_codes()]
    rows = []
    for measure in MEASURES:
        level = level_of(assessment, measure, period)
        told = {"asked": "measure", "measure": measure, "basis": "location"}
        for by, exposure in (("count", 1.0), ("residents", people)):
            found = _answer(assessment, level, exposure)
            rows.append({**told, **_span(assessment, period), "by": by, **found})
    level = level_of(assessment, MAIN, period)
    for by, exposure in _denominators(people).items():
        told = {"asked": "denominator", "measure": MAIN, "basis": "location", "by": by}
        rows.append(
            {**told, **_span(assessment, period), **_answer(assessment, level, exposure)}
        )
    return pd.DataFrame([*rows, *_basis_answers(assessment)])


def by_year(assessment: Assessment) -> pd.DataFrame:
    """Who was lowest in each year since the first held, by count, by rate and by harm.

    Years end with the month of the cut, so that the last is the latest.

    Returns
    -------
    DataFrame, one row a year and way of asking
        ``year_ending`` (first of its last month), ``asked`` (``count``, ``rate`` or
        ``harm``, per resident), ``is_unusual`` (holds months of COVID restrictions),
        ``is_own_mixed``, and as ``answers`` from ``lowest_code`` on.
    """
    rows = []
    unusual = pd.DatetimeIndex(assessment.unusual_months)
    for period in whole_years(assessment):
        people = assessment.population(period)[borough_codes()]
        level = level_of(assessment, MAIN, period)
        asked: dict[str, tuple[Level, pd.Series | float]] = {
            "count": (level, 1.0),
            "rate": (level, people),
            "harm": (level_of(assessment, HARM, period), people),
        }
        first, last = pd.Timestamp(period[0]), pd.Timestamp(period[1])
        told = {
            "year_ending": last,
            "is_unusual": bool(((unusual >= first) & (unusual <= last)).any()),
            "is_own_mixed": _span(assessment, period)["is_own_mixed"],
        }
        for name, (of, exposure) in asked.items():
            rows.append({**told, "asked": name, **_answer(assessment, of, exposure)})
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class SafestAim:
    """A plan's aim to be the safest borough, on the plan's own record.

    Attributes
    ----------
    targets : tuple of TargetSpec
        Those of the plan that ask for the lowest rank.
    table : DataFrame
        One row a year and target: ``year_ending``, ``asked`` (``count`` or ``rate``),
        ``is_in_plan`` (ends after the plan began and by its horizon), and as ``answers``
        from ``lowest_code`` on.
    """

    targets: tuple[TargetSpec, ...]
    table: pd.DataFrame

    @property
    def is_asked(self) -> bool:
        """Whether a plan of the borough asks for it and its record holds a year."""
        return not self.table.empty


def safest_aim(assessment: Assessment) -> SafestAim:
    """Whether and when a plan's aim to be the safest borough was met.

    Returns
    -------
    SafestAim
        Without rows where no plan held has that aim, or nothing of its record is seen.
    """
    plan = assessment.plan
    if plan is None or plan.borough != assessment.area.area_code:
        return SafestAim((), pd.DataFrame())
    asked = [each for each in plan.targets if each.rule == "rank" and each.rank == 1]
    rows = [row for each in asked for row in _aim_years(assessment, each, plan.period.first)]
    return SafestAim(tuple(asked), pd.DataFrame(rows))


def as_published(assessment: Assessment) -> pd.DataFrame:
    """Who was lowest by the rates of the day, and by the same offences on today's residents.

    Estimates of residents are revised after each census: the offences are the same, the
    order of near neighbours need not be.

    Returns
    -------
    DataFrame, one row a financial year of the annual table, all recorded crime
        ``year_ending``, then of the rates as published ``published_lowest_code``,
        ``published_rank`` and ``published_per_1000`` of the borough, and the same with
        ``revised_`` on the residents as estimated since. Perhaps empty.
    """
    table = assessment.table("annual_offences")
    table = table[
        (table["offence_category"] == "total")
        & table["area_code"].isin(borough_codes())
        & ~table["is_partial_year"].astype(bool)
        & (table["year_ending"] <= pd.Timestamp(assessment.as_of))
    ]
    own, rows = assessment.area.area_code, []
    for end, year in table.groupby("year_ending"):
        year = year.set_index("area_code")
        people = assessment.population(year_to(f"{end:%Y-%m}"))[year.index]
        rates = {
            "published": year["rate_per_1000"].astype(float),
            "revised": PER * year["offence_count"].astype(float) / people,
        }
        row: dict[str, object] = {"year_ending": end}
        for name, rate in rates.items():
            row[f"{name}_lowest_code"] = str(rate.idxmin())
            row[f"{name}_rank"] = int(rate.rank(method="min")[own])
            row[f"{name}_per_1000"] = float(rate[own])
        rows.append(row)
    return pd.DataFrame(rows)


def _answer(
    assessment: Assessment, level: Level, exposure: pd.Series | float
) -> dict[str, object]:
    """Who is lowest, how surely, who else may be, and where the borough stands."""
    people = level.out_of(exposure)
    by = "count" if isinstance(exposure, float) and (level.unit == 1).all() else "rate"
    ranks = ranked(assessment, level, None if by == "count" else people)
    joint = joint_ranks(level.counts, people, dispersion=level.dispersion)
    order = (level.counts / people).sort_values().index
    lowest, own = str(order[0]), assessment.area.area_code
    mine = ranks.T[own]
    return {
        "lowest_code": lowest,
        "lowest_probability": float(ranks.T[lowest][f"{by}_lowest_probability"]),
        "may_be_lowest": [str(code) for code in order if joint.T[code]["may_be_lowest"]],
        "own_rank": int(mine[f"{by}_rank"]),
        "own_rank_lower": int(mine[f"{by}_rank_lower"]),
        "own_rank_upper": int(mine[f"{by}_rank_upper"]),
        "own_may_be_lowest": bool(joint.T[own]["may_be_lowest"]),
        "own_lowest_probability": float(mine[f"{by}_lowest_probability"]),
    }


def _denominators(people: pd.Series) -> Mapping[str, pd.Series]:
    context = read_table("area_context").set_index("area_code").loc[borough_codes()]
    working_age = people * context["aged_16_to_64_pct"].astype(float) / 100
    return {
        "households": context["household_count"].astype(float),
        "aged_16_to_64": working_age,
    }


def _basis_answers(assessment: Assessment) -> list[dict[str, object]]:
    """The last year that both bases hold, on each; nothing where one basis is not seen."""
    seen = [
        each
        for each in publications("policing", "current")
        if each <= (assessment.published_by or each)
    ]
    if not seen:
        return []
    held = assessment.history(MAIN, "policing", "current").index
    period = year_to(min(f"{held[-1]:%Y-%m}", assessment.as_of))
    if pd.Timestamp(period[0]) < max(held[0], assessment.history(MAIN).index[0]):
        return []
    people = assessment.population(period)[borough_codes()]
    rows = []
    bases: tuple[Basis, ...] = ("location", "policing")
    for basis in bases:
        level = level_of(assessment, MAIN, period, basis)
        told = {"asked": "basis", "measure": MAIN, "basis": basis, "by": "residents"}
        span = _span(assessment, period, basis)
        rows.append({**told, **span, **_answer(assessment, level, people)})
    return rows


def _aim_years(
    assessment: Assessment, target: TargetSpec, began: str
) -> list[dict[str, object]]:
    record = record_of(target)
    history = assessment.history(target.measure, *record)
    last = min(f"{history.index[-1]:%Y-%m}", assessment.as_of)
    ends = pd.period_range(f"{history.index[0]:%Y-%m}", last, freq="M")
    month = pd.Period(target.horizon, freq="M").month
    by = target.rank_by or "count"
    rows = []
    for end in [each for each in ends[11:] if each.month == month]:
        period = year_to(str(end))
        level = level_of(assessment, target.measure, period, *record)
        people = assessment.population(period)[borough_codes()]
        told = {
            "year_ending": pd.Timestamp(period[1]),
            "asked": by,
            "is_in_plan": began <= period[1] <= target.horizon,
        }
        found = _answer(assessment, level, 1.0 if by == "count" else people)
        rows.append({**told, **found})
    return rows


def _span(
    assessment: Assessment, period: Period, basis: Basis = "location"
) -> dict[str, object]:
    own = assessment.area.area_code
    is_mixed = own in mixed_areas([own], period, basis)
    return {"first_month": period[0], "last_month": period[1], "is_own_mixed": is_mixed}
