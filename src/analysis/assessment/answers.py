"""Everything that one target to come asks for and promises, worked out once.

``TargetAnswer`` hands the borough's figures on the target's own record, and the joint
forecast, to the targets room, and keeps what comes back: required reduction, chance, who
has achieved as much, the way there, its spread over offence groups, and what London adds.
Where the gate refuses to compare base and latest year there is no number to give: the
tables are empty and ``is_blocked`` is true.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypedDict

import pandas as pd

from analysis.assessment.assessment import Assessment, year_to
from analysis.assessment.target_choice import (
    comparators,
    last_month,
    record_of,
    refuse_unless_held,
    requirement,
    steps_of,
)
from analysis.data.comparability import Comparability
from analysis.data.offences import members
from analysis.data.severity import load_severity_weights
from analysis.errors import ComparabilityError
from analysis.forecasts.totals import TotalForecast
from analysis.measures.months import months_between
from analysis.params.areas import area_name
from analysis.params.targets import TargetSpec
from analysis.targets import allocation, base_rates, sensitivity
from analysis.targets import required_reduction as required
from analysis.targets import trajectory as ways
from analysis.targets.base_rates import BaseRate, Over, Step
from analysis.targets.probability import Chance, chance_of_count, chance_of_rank
from analysis.targets.rules import Requirement

MONTHS = 12


class Comparison(TypedDict):
    """What ``base_rate`` and ``achievers`` are told alike."""

    unusual_months: list[pd.Timestamp]
    steps: Collection[Step]
    over: Over


SEASON_MONTHS = 60
# Five whole years show a season; more would hold seasons that have passed.

SMALL_SEASON = 30
# With fewer a month on average a borough's own season is chance: London's stands for it.


@dataclass(frozen=True)
class TargetAnswer:
    """One target that counts offences and whose horizon is to come, answered.

    Attributes
    ----------
    assessment : Assessment
    target : TargetSpec

    Examples
    --------
    >>> from analysis.assessment.target_choice import plan_targets
    >>> harrow = Assessment.open("harrow", as_of="2013-03")
    >>> fifth = TargetAnswer(harrow, plan_targets(harrow)[0])
    >>> fifth.required["reduction_count"].round().tolist()[:2]
    [1651.0, 1092.0]
    >>> round(float(fifth.ahead["ceiling_count"].iloc[-12:].sum()))
    6604
    """

    assessment: Assessment
    target: TargetSpec

    def __post_init__(self) -> None:
        """Refuse a base that the target's own record does not hold."""
        refuse_unless_held(self.assessment, self.target)

    # What is asked, and from what.

    @property
    def area_code(self) -> str:
        """Code of the borough."""
        return self.assessment.area.area_code

    @cached_property
    def history(self) -> pd.DataFrame:
        """Monthly counts of the 32 boroughs on the target's record."""
        record = record_of(self.target)
        return self.assessment.boroughs_history(self.target.measure, *record).astype(float)

    @cached_property
    def gate(self) -> Comparability:
        """Whether base and latest year may be compared."""
        base = self.target.base_period
        return self.assessment.gate(
            self.target.measure,
            (base.first, base.last),
            year_to(self.last_month),
            *record_of(self.target),
        )

    @property
    def is_blocked(self) -> bool:
        """Whether the gate refuses that."""
        return self.gate.is_blocked

    @cached_property
    def last_month(self) -> str:
        """Last month seen on the target's record."""
        return last_month(self.assessment, self.target)

    @property
    def months_ahead(self) -> int:
        """Months from the last month seen to the horizon."""
        return months_between(self.last_month, self.target.horizon)

    @property
    def is_whole(self) -> bool:
        """Whether the target is a sum over the whole period."""
        return self.target.per == "whole"

    @cached_property
    def requirement(self) -> Requirement:
        """Base and target by the target's rule, comparators held still."""
        base = self.target.base_period
        return requirement(self.assessment, self.target, (base.first, base.last))

    @cached_property
    def last_12_count(self) -> float:
        """Offences of the borough in the last 12 months seen."""
        return float(self._own.iloc[-MONTHS:].sum())

    @cached_property
    def level_count(self) -> float:
        """Offences in 12 months that meet the target.

        For a target over the whole period their mean over the months still to come.
        """
        if not self.is_whole:
            return self.requirement.target_count
        return self._left_count * MONTHS / self.months_ahead

    # What it takes.

    @cached_property
    def required(self) -> pd.DataFrame:
        """Required reduction from base, last 12 months and forecast, in both readings.

        Returns
        -------
        DataFrame, three rows a reading, the target's own reading first
            As ``required_reduction`` and ``whole_period_reduction`` return them.
        """
        if self.is_blocked:
            return pd.DataFrame(columns=required.COLUMNS)
        yearly = required.required_reduction(
            self.requirement,
            self.last_12_count,
            self.forecast.draws[self.area_code],
            months_from_base=months_between(self.target.base_period.last, self.target.horizon),
            months_ahead=self.months_ahead,
        )
        whole = required.whole_period_reduction(
            self.requirement,
            self._base_pace,
            self._seen,
            self._own.iloc[-MONTHS:],
            self._rest_futures,
        )
        tables = [whole, yearly] if self.is_whole else [yearly, whole]
        return pd.concat(tables, ignore_index=True)

    @property
    def readings(self) -> pd.DataFrame:
        """The reduction from the base as a yearly number and as one over the period.

        Returns
        -------
        DataFrame
            As ``both_readings`` returns it.
        """
        months = months_between(self.target.base_period.last, self.target.horizon)
        return required.both_readings(self.requirement.reduction_count, months)

    # How likely it is.

    @cached_property
    def forecast(self) -> TotalForecast:
        """Joint futures of the 12 months to the horizon."""
        record = record_of(self.target)
        return self.assessment.forecast(self.target.measure, self.target.horizon, *record)

    @cached_property
    def chance(self) -> Chance:
        """Chance that the target is met with no change of course."""
        if self.is_blocked:
            raise ComparabilityError(self.gate.sentences[0])
        if self._moves_with_others:
            simulated = self._chance_among(self.forecast.draws)
            return Chance(simulated, simulated, float("nan"))
        futures = self._rest_futures if self.is_whole else self.forecast.draws[self.area_code]
        limit = self._left_count if self.is_whole else self.level_count
        return chance_of_count(futures, limit, self.base_rate.share)

    @property
    def fall_pct(self) -> float:
        """Fall that the target takes from the last 12 months, per cent of them."""
        if not self.last_12_count:
            return 0.0
        return 100 * (1 - self.level_count / self.last_12_count)

    @cached_property
    def base_rate(self) -> BaseRate:
        """How often boroughs have achieved as much in as long."""
        return base_rates.base_rate(
            self.history, self.fall_pct, self.months_ahead, **self._compared
        )

    @cached_property
    def achieved_by(self) -> pd.DataFrame:
        """Who has achieved as much in as long, and when.

        Returns
        -------
        DataFrame
            As ``achievers`` returns it.
        """
        if self.is_blocked:
            return pd.DataFrame(columns=base_rates.ACHIEVER_COLUMNS)
        return base_rates.achievers(
            self.history, self.fall_pct, self.months_ahead, **self._compared
        )

    @property
    def achieved_by_name(self) -> pd.DataFrame:
        """The same with ``area_name`` beside ``area_code``."""
        table = self.achieved_by.copy()
        table.insert(1, "area_name", [area_name(code) for code in table["area_code"]])
        return table

    @cached_property
    def if_london_changes(self) -> pd.DataFrame:
        """The target in Londons that rise and fall over the months still to come.

        Returns
        -------
        DataFrame
            As ``if_london_changes`` of the targets room; empty for a target over the whole
            period, whose futures are not joint.
        """
        if self.is_blocked or self.is_whole:
            return pd.DataFrame(columns=sensitivity.COLUMNS)
        return sensitivity.if_london_changes(
            self.forecast.draws,
            self.forecast.last_12,
            self.area_code,
            self.level_count,
            self._chance_among,
            do_comparators_move=self._moves_with_others,
        )

    # The way there.

    @property
    def is_past_reach(self) -> bool:
        """Whether more has been counted already than the target allows."""
        if self.is_whole:
            return self._left_count < 0
        counted = max(MONTHS - self.months_ahead, 0)
        return self.level_count < float(self._own.iloc[len(self._own) - counted :].sum())

    @cached_property
    def ahead(self) -> pd.DataFrame:
        """Monthly ceilings from the last 12 months seen to the target.

        Returns
        -------
        DataFrame, one row a month to come
            As ``trajectory`` returns it; empty where the target is blocked or past reach.
        """
        if self.is_blocked or self.is_past_reach:
            return pd.DataFrame(columns=ways.COLUMNS)
        start = self._own.iloc[-MONTHS:]
        limit = self._left_count if self.is_whole else self.level_count
        return ways.trajectory(
            start, limit, self.target.horizon, self._shares, start.iloc[:0], per=self.target.per
        )

    @cached_property
    def since_base(self) -> pd.DataFrame:
        """Monthly ceilings from the base to the target, and the months seen since.

        Returns
        -------
        DataFrame, one row a month from the base to the horizon
            As ``trajectory`` returns it; empty where the target is blocked, or past reach
            from its base already.
        """
        limit = (
            float(self._base_pace.sum()) - self.requirement.reduction_count
            if self.is_whole
            else self.level_count
        )
        counted = self._base.iloc[len(self._base_pace) :].sum() if not self.is_whole else 0.0
        if self.is_blocked or limit < counted:
            return pd.DataFrame(columns=ways.COLUMNS)
        horizon, per = self.target.horizon, self.target.per
        return ways.trajectory(self._base, limit, horizon, self._shares, self._seen, per=per)

    @cached_property
    def state(self) -> ways.OnTrack:
        """Whether the way from the base is being kept, as chances.

        Raises
        ------
        ComparabilityError
            If there is no way: ``since_base`` is empty.
        """
        if self.since_base.empty:
            message = f"target '{self.target.name}': no way leads from its base to its target."
            raise ComparabilityError(message)
        stations = ways.milestones(self.target.base_period.last, self.target.horizon)
        station = next(month for month in stations if month > self.last_month)
        state = ways.on_track(self.since_base, station, self._forecast_to(station), self.chance)
        if self.is_whole and station == self.target.horizon:
            # A sum over the period is kept or missed as the target itself is.
            return replace(state, milestone_chance=self.chance)
        return state

    @property
    def progress(self) -> dict[str, object]:
        """The state as one row.

        Returns
        -------
        dict
            ``in_words``, ``seen_months``, ``actual_count``, ``ceiling_count``,
            ``cumulative_gap_count``, ``milestone``, ``milestone_ceiling_count``,
            ``milestone_probability`` and ``probability`` (of the target itself); the words
            alone where there is no way.
        """
        if self.since_base.empty:
            return {"in_words": "past reach"}
        state = self.state
        return {
            "in_words": state.in_words,
            "seen_months": state.seen_months,
            "actual_count": state.actual_count,
            "ceiling_count": state.ceiling_count,
            "cumulative_gap_count": state.cumulative_gap_count,
            "milestone": state.milestone,
            "milestone_ceiling_count": state.milestone_ceiling_count,
            "milestone_probability": state.milestone_chance.probability,
            "probability": state.target_chance.probability,
        }

    @cached_property
    def allocation(self) -> pd.DataFrame:
        """The reduction from the last 12 months, spread over offence groups in four ways.

        Returns
        -------
        DataFrame
            As ``allocations`` returns it; empty where the target is blocked.
        """
        if self.is_blocked:
            return pd.DataFrame(columns=allocation.COLUMNS)
        histories = self._group_histories
        last_12 = pd.Series(
            {
                group: history[self.area_code].iloc[-MONTHS:].sum(skipna=False)
                for group, history in histories.items()
            }
        )
        weights = load_severity_weights().set_index("offence_group")["weight"]
        return allocation.allocations(
            last_12,
            self.last_12_count - max(self.level_count, 0.0),
            histories,
            self.months_ahead,
            harm_weights=weights.astype(float),
            unusual_months=self.assessment.unusual_months,
            steps=lambda group: steps_of(group, *record_of(self.target)),
        )

    # Helpers of the above.

    @property
    def _own(self) -> pd.Series:
        return self.history[self.area_code]

    @property
    def _compared(self) -> Comparison:
        """Which totals of the past the record compares."""
        return {
            "unusual_months": self.assessment.unusual_months,
            "steps": steps_of(self.target.measure, *record_of(self.target)),
            "over": "whole" if self.is_whole else "last_year",
        }

    @property
    def _moves_with_others(self) -> bool:
        # Over a whole period the comparators are held still, as its definition says.
        return self.target.rule in {"rank", "parity"} and not self.is_whole

    @property
    def _base(self) -> pd.Series:
        return self._own.loc[self.target.base_period.first : self.target.base_period.last]

    @property
    def _seen(self) -> pd.Series:
        after = str(pd.Period(self.target.base_period.last, freq="M") + 1)
        return self._own.loc[after : self.last_month]

    @cached_property
    def _base_pace(self) -> pd.Series:
        first = pd.Period(self.target.base_period.last, freq="M") + 1
        months = pd.date_range(str(first), self.target.horizon, freq="MS")
        return required.repeated(self._base, months)

    @property
    def _left_count(self) -> float:
        target = float(self._base_pace.sum()) - self.requirement.reduction_count
        return target - float(self._seen.sum())

    @cached_property
    def _rest_futures(self) -> pd.Series:
        # Sums of what is to come are 12-month totals counted back from the horizon; the
        # nearest may hold months that have been counted already.
        horizon = pd.Period(self.target.horizon, freq="M")
        leads = range(self.months_ahead, 0, -MONTHS)
        blocks = {
            lead: self._forecast_to(str(horizon - (self.months_ahead - lead))) for lead in leads
        }
        nearest = min(leads)
        counted = float(self._own.iloc[len(self._own) - MONTHS + nearest :].sum())
        blocks[nearest] = (blocks[nearest] - counted).clip(lower=0.0)
        # A future of the forecast goes on: the same row of every total is one future.
        return pd.DataFrame(blocks).sum(axis=1)

    def _forecast_to(self, month: str) -> pd.Series:
        if month == self.target.horizon:
            return self.forecast.draws[self.area_code]
        if month not in self._forecasts:
            record = record_of(self.target)
            made = self.assessment.forecast(self.target.measure, month, *record)
            self._forecasts[month] = made.draws[self.area_code]
        return self._forecasts[month]

    @cached_property
    def _forecasts(self) -> dict[str, pd.Series]:
        return {}

    def _chance_among(self, draws: pd.DataFrame) -> float:
        if self.target.rule == "rank":
            people = self.assessment.population(year_to(self.last_month))
            by = self.target.rank_by or "count"
            rank = self.target.rank or 1
            found = chance_of_rank(draws, self.area_code, rank, by, people, float("nan"))
            return found.simulated
        own = draws[self.area_code]
        if self.target.rule == "parity":
            others = draws[comparators(self.assessment, self.target)].mean(axis=1)
            return float((own <= others).mean())
        return float((own <= self.level_count).mean())

    @cached_property
    def _shares(self) -> pd.Series:
        usual = self.history.drop(
            pd.DatetimeIndex(self.assessment.unusual_months), errors="ignore"
        )
        years = min(len(usual), SEASON_MONTHS) // MONTHS * MONTHS
        london = ways.season_shares(usual.iloc[-years:])
        if years < SEASON_MONTHS or self.last_12_count < MONTHS * SMALL_SEASON:
            return london
        # A borough's own season is drawn half-way to London's, which has less chance in it.
        return (london + ways.season_shares(usual[[self.area_code]].iloc[-years:])) / 2

    @cached_property
    def _group_histories(self) -> dict[str, pd.DataFrame]:
        basis, offence_list = record_of(self.target)
        held = set(self.assessment.groups_on(basis, offence_list))
        found = {
            group: self.assessment.boroughs_history(group, basis, offence_list).astype(float)
            for group in members(self.target.measure)
            if group in held
        }
        # A group that the newest publication does not show is no part of its total either.
        newest = self.history.index[-1]
        return {group: table for group, table in found.items() if table.index[-1] == newest}
