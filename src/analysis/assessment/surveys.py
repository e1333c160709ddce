"""The Public Attitude Survey as far as it is seen, and confidence targets in its points.

A target in points is told in points and in per cent of its base, beside the newest value,
with how often boroughs have risen by as much in as long: no forecast is made of a survey.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from analysis.assessment.assessment import Assessment
from analysis.confidence.sampling import Scatter, survey_limits, survey_scatter
from analysis.data.figures import read_table
from analysis.errors import DataContractError
from analysis.measures.months import months_between
from analysis.params.areas import LONDON_CODE, borough_codes
from analysis.params.measure_names import known_survey_measures
from analysis.params.regimes import load_regime
from analysis.params.targets import TargetSpec
from analysis.targets.base_rates import rise_rate
from analysis.targets.required_reduction import definition
from analysis.targets.rules import requirement_of


@dataclass(frozen=True)
class Survey:
    """The survey's figures that an assessment may see, and how far they may be out.

    Attributes
    ----------
    table : DataFrame
        ``quarter``, ``area_code``, ``measure``, ``value_pct``, ``published``.
    area_code : str
        The borough.
    as_of : str, ``YYYY-MM``
        Last month that the assessment sees.
    sample_count : int
        Persons assumed asked in a borough in a year.
    scatter : dict of measure to Scatter
        With the design effect that intervals take.
    held_from : Timestamp
        Last day of the first quarter held of any borough, seen or not.
    is_effect_given : bool
        Whether the design effect was chosen and not found from the scatter.
    """

    table: pd.DataFrame = field(repr=False)
    area_code: str
    as_of: str
    sample_count: int
    scatter: dict[str, Scatter]
    held_from: pd.Timestamp
    is_effect_given: bool = False

    @property
    def quarter(self) -> pd.Timestamp:
        """Last day of the borough's newest quarter; refused unless ``is_held``."""
        if not self.is_held:
            message = f"the survey says nothing of the borough by {self.as_of}."
            raise DataContractError(message)
        return pd.Timestamp(self._own["quarter"].max())

    @property
    def is_held(self) -> bool:
        """Whether anything is seen of the borough."""
        return len(self._own) > 0

    @property
    def age_months(self) -> int:
        """Months from the end of the borough's newest quarter to the last month seen."""
        return max(0, months_between(f"{self.quarter:%Y-%m}", self.as_of))

    @property
    def measures(self) -> list[str]:
        """Questions that the borough's newest quarter answers, in the order of reports."""
        own = self._own
        asked = set(own.loc[own["quarter"] == own["quarter"].max(), "measure"])
        return [measure for measure in known_survey_measures() if measure in asked]

    def effective_count(self, measure: str) -> float:
        """Persons drawn at random who would be as sure as those assumed asked."""
        return self.scatter[measure].effective_count

    def least_change_points(self, measure: str) -> float:
        """Smallest change between two years of the borough that its samples would show."""
        share = self.series(measure).iloc[-1] / 100
        return float(196 * (2 * share * (1 - share) / self.effective_count(measure)) ** 0.5)

    def boroughs(self, measure: str) -> pd.DataFrame:
        """Share by quarter and borough, per cent; a column a borough."""
        rows = self.table[self.table["measure"] == measure]
        wide = rows.pivot(index="quarter", columns="area_code", values="value_pct")
        return wide.reindex(columns=borough_codes()).dropna(how="all").astype(float)

    def series(self, measure: str, area_code: str = "") -> pd.Series:
        """Share of the borough, or of another area, by quarter, per cent."""
        rows = self.table[
            (self.table["measure"] == measure)
            & (self.table["area_code"] == (area_code or self.area_code))
        ].dropna(subset=["value_pct"])
        return rows.set_index("quarter")["value_pct"].astype(float).sort_index()

    @property
    def _own(self) -> pd.DataFrame:
        own = self.table[self.table["area_code"] == self.area_code]
        return own.dropna(subset=["value_pct"])


def survey_of(
    assessment: Assessment, *, sample_count: int = 0, design_effect: float = 0.0
) -> Survey:
    """The survey at an assessment's cut.

    Parameters
    ----------
    assessment : Assessment
    sample_count : int
        Persons assumed asked in a borough in a year; nought for ``params/defaults.yml``.
    design_effect : float
        Nought for what each question's own scatter implies.

    Returns
    -------
    Survey

    Examples
    --------
    >>> survey = survey_of(Assessment.open("harrow"))
    >>> f"{survey.quarter:%Y-%m}", survey.age_months
    ('2023-12', 17)
    """
    table = assessment.table("attitude_survey")
    asked = sample_count or assessment.defaults.assumed_survey_sample
    scatter = {}
    for measure in known_survey_measures():
        rows = table[(table["measure"] == measure) & table["area_code"].isin(borough_codes())]
        wide = rows.pivot(index="quarter", columns="area_code", values="value_pct")
        found = survey_scatter(wide, asked)
        if design_effect:
            found = Scatter(
                design_effect, asked / design_effect, found.difference_count, found.year_ratio
            )
        scatter[measure] = found
    stored = read_table("attitude_survey")
    first = stored.loc[stored["area_code"].isin(borough_codes()), "quarter"].min()
    return Survey(
        table=table,
        area_code=assessment.area.area_code,
        as_of=assessment.as_of,
        sample_count=asked,
        scatter=scatter,
        held_from=pd.Timestamp(first),
        is_effect_given=bool(design_effect),
    )


def survey_target(
    assessment: Assessment, target: TargetSpec, survey: Survey | None = None
) -> dict[str, object]:
    """A confidence target in points and in percent, beside the newest survey value.

    Parameters
    ----------
    assessment : Assessment
    target : TargetSpec
        In points of a survey's measure.
    survey : Survey, optional
        Default the survey as ``params/defaults.yml`` assumes it.

    Returns
    -------
    dict
        ``name``, ``label``, ``measure``, ``definition``, ``base_pct``, ``target_pct``,
        ``points``, ``relative_pct`` (of the base), ``horizon``, ``horizon_pct`` (the
        survey's value then), ``is_londons`` (the level is the Mayor's for all London, whether
        the plan repeats it or not), ``london_horizon_pct``, ``latest_pct`` with
        ``latest_lower_pct`` and ``latest_upper_pct``, ``quarter``, ``assumed_sample_count`` and
        ``effective_sample_count`` (so many drawn at random would scatter as much); for a
        horizon to come ``points_from_latest`` (still to be gained), ``base_rate`` (share of
        boroughs and starting quarters that gained as much in as long), ``achieved_times``
        and ``achieved_by`` (codes). Values that the survey does not hold for the borough by
        then are absent.

    Raises
    ------
    DataContractError
        If the target's base is the survey's own and the survey does not hold it.

    Examples
    --------
    >>> from analysis.assessment.target_choice import plan_targets
    >>> harrow = Assessment.open("harrow")
    >>> target = next(t for t in plan_targets(harrow) if t.rule == "points")
    >>> answer = survey_target(harrow, target)
    >>> answer["target_pct"], round(float(answer["relative_pct"]))
    (75.0, 21)
    """
    survey = survey or survey_of(assessment)
    values = survey.boroughs(target.measure)
    code = assessment.area.area_code
    mine = values[code].dropna()
    needed = requirement_of(target, pd.Series({code: _base(assessment, target, mine)}), code)
    answer: dict[str, object] = {
        "name": target.name,
        "label": target.label,
        "measure": target.measure,
        "definition": definition(target),
        "base_pct": needed.base,
        "target_pct": needed.target,
        "points": abs(needed.change),
        "relative_pct": abs(needed.change_pct),
        "assumed_sample_count": survey.sample_count,
        "horizon": target.horizon,
        "is_londons": _is_londons(assessment, target),
    }
    if mine.empty:
        return answer
    answer |= _latest(mine, survey.effective_count(target.measure))
    london = survey.series(target.measure, LONDON_CODE)
    for name, values_of in (("horizon_pct", mine), ("london_horizon_pct", london)):
        at_horizon = values_of[[f"{q:%Y-%m}" == target.horizon for q in values_of.index]]
        if len(at_horizon):
            answer[name] = float(at_horizon.iloc[0])
    if target.horizon > str(answer["quarter"]):
        answer |= _record(values, target, needed.target - float(mine.iloc[-1]), answer)
    return answer


def _is_londons(assessment: Assessment, target: TargetSpec) -> bool:
    """Whether the level is that of a Mayor's scheme, which is set for London."""
    named = assessment.plan.regime if assessment.plan is not None else None
    schemes = [load_regime(name) for name in (named, assessment.defaults.regime) if name]
    levels = [(t.measure, t.base_value, t.points) for each in schemes for t in each.targets]
    level = target.measure, target.base_value, target.points
    return target.base_value is not None and level in levels


def _base(assessment: Assessment, target: TargetSpec, mine: pd.Series) -> float:
    if target.base_value is not None:
        return float(target.base_value)
    quarters = [f"{quarter:%Y-%m}" for quarter in mine.index]
    first, last = target.base_period.first, target.base_period.last
    within = [q for q in quarters if first <= q <= last]
    if not within:
        held = f"{quarters[0]} to {quarters[-1]}" if quarters else "nothing"
        message = (
            f"target '{target.name}', {target.measure}: the survey holds {held} for "
            f"{assessment.area.area_name} and no quarter of the base {target.base_period}. "
            "Choose a base within, or give a plan's printed value as its base_value."
        )
        raise DataContractError(message)
    return float(mine.iloc[quarters.index(within[-1])])


def _latest(mine: pd.Series, effective_count: float) -> dict[str, object]:
    value, lower, upper = survey_limits(mine.iloc[[-1]], effective_count).iloc[0]
    return {
        "latest_pct": float(value),
        "latest_lower_pct": float(lower),
        "latest_upper_pct": float(upper),
        "quarter": f"{mine.index[-1]:%Y-%m}",
        "effective_sample_count": effective_count,
    }


def _record(
    values: pd.DataFrame, target: TargetSpec, left: float, answer: dict[str, object]
) -> dict[str, object]:
    quarters = -(-months_between(str(answer["quarter"]), target.horizon) // 3)
    whole = values.resample("QE").last()
    sign = 1 if target.direction == "increase" else -1
    rate = rise_rate(sign * whole, sign * left, quarters)
    return {
        "points_from_latest": left,
        "base_rate": rate.share,
        "achieved_times": rate.times,
        "achieved_by": list(rate.area_codes),
    }
