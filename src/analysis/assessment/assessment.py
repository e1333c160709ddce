"""One borough at one cut, with every result that a notebook or a command asks for.

``Assessment.open`` reads the figures once; nothing reads a file after that. The methods
hand figures to the measures, the forecast and the targets and return what those return, so
that notebooks, command line and batch never wire them twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import Self

import numpy as np
import pandas as pd

from analysis.assessment.lab import AtTheDesk
from analysis.data.comparability import (
    Comparability,
    breaks_of,
    compare_periods,
    level_changes,
    mixed_areas,
    recording_changes,
    unusual_months,
)
from analysis.data.detail import load_detail
from analysis.data.figures import describe_table, read_monthly_table, read_table, table_sources
from analysis.data.months import month_columns
from analysis.data.offences import is_on_list, load_offence_groups, members
from analysis.data.severity import load_severity_weights
from analysis.data.sources import load_registry
from analysis.data.vintages import Basis, OffenceList, monthly_offences, revisions
from analysis.errors import AnalysisError, DataContractError, ParamsError
from analysis.forecasts.totals import Outlook, TotalForecast
from analysis.measures.change import change_between, known_dispersion, rolling_12_month
from analysis.measures.comparison import Funnel, funnel, rank_intervals, similar_areas
from analysis.measures.control_charts import ControlChart, xmr_chart
from analysis.measures.decomposition import ShiftShare, shift_share
from analysis.measures.harm import HarmHistory, HarmScore, harm_history, harm_score
from analysis.measures.rates import PER, SMALL_COUNT, crime_rate, scattered_limits
from analysis.measures.seasonality import Seasonality, seasonal_indices
from analysis.params.areas import (
    HEATHROW_CODE,
    HILLINGDON_CODE,
    LONDON_CODE,
    UNKNOWN_CODE,
    Area,
    area_name,
    borough_codes,
    resolve_area,
)
from analysis.params.fields import month_text as checked_month
from analysis.params.fields import report_borough
from analysis.params.in_use import forget_what_this_cell_sets, refuse_wrong_parameters
from analysis.params.plans import Plan, load_plan
from analysis.params.runs import Defaults, load_borough_params, load_defaults
from analysis.wording import editions, listed, month_text

Period = tuple[str, str]
# First and last month, YYYY-MM, both within.

HARM_WEIGHTS = "ONS Crime Severity Score weights"

SEASON_MONTHS = 60
# Four years and the half year at either end that a trend takes.

CONTROL_CHART_MONTHS = 60
# Five years show a level and its breaks; older months crowd the picture.


def year_to(last_month: str) -> Period:
    """The 12 months that end with a month.

    Examples
    --------
    >>> year_to("2012-03")
    ('2011-04', '2012-03')
    """
    last = pd.Period(last_month, freq="M")
    return str(last - 11), str(last)


def year_before(period: Period) -> Period:
    """The same months a year earlier.

    Examples
    --------
    >>> year_before(("2011-04", "2012-03"))
    ('2010-04', '2011-03')
    """
    first, last = (str(pd.Period(month, freq="M") - 12) for month in period)
    return first, last


def with_heathrow(by_area: pd.Series) -> pd.Series:
    """Counts of the 32 boroughs on the location basis, Heathrow's in Hillingdon's.

    Parameters
    ----------
    by_area : Series, index ``area_code``
        With a row of Heathrow's where it has one.

    Examples
    --------
    >>> counts = pd.Series(1, [*borough_codes(), HEATHROW_CODE])
    >>> int(with_heathrow(counts)[HILLINGDON_CODE])
    2
    """
    boroughs = by_area[borough_codes()].copy()
    if HEATHROW_CODE in by_area and pd.notna(by_area[HEATHROW_CODE]):
        boroughs[HILLINGDON_CODE] += by_area[HEATHROW_CODE]
    return boroughs


@dataclass(frozen=True)
class Assessment:
    """A borough's figures up to a month, on one basis and one offence list.

    Attributes
    ----------
    area : Area
        The borough.
    as_of : str, ``YYYY-MM``
        Last month seen.
    published_by : str or None
        Last publication seen; None for the newest held.
    plan : Plan or None
    defaults : Defaults
        What ``params/defaults.yml`` says.
    offences : DataFrame
        As ``monthly_offences`` returns it, cut.
    asked_as_of : str or None
        The month asked for; None if none was, so that each table is seen to its own newest.
    """

    area: Area
    as_of: str
    published_by: str | None
    plan: Plan | None
    defaults: Defaults
    offences: pd.DataFrame = field(repr=False)
    asked_as_of: str | None = None

    @classmethod
    def open(
        cls,
        borough: str,
        *,
        as_of: str | None = None,
        plan: str | None = None,
        published_by: str | None = None,
    ) -> Self:
        """Open a borough at one cut.

        Parameters
        ----------
        borough : str
            Name or GSS code, in any case.
        as_of : str, ``YYYY-MM``, optional
            Last month seen; default the newest held.
        plan : str, optional
            Name of a plan in ``params/plans`` or its file; default the borough's own, where
            ``params/defaults.yml`` names one.
        published_by : str, ``YYYY-MM``, optional
            Last publication seen.

        Returns
        -------
        Assessment

        Raises
        ------
        ParamsError
            If the borough or plan is unknown, the area is not one of the 32, or a month is
            not one.
        DataContractError
            If less than two years are held by that date.

        Examples
        --------
        >>> assessment = Assessment.open("harrow", as_of="2012-03")
        >>> assessment.count("total", ("2011-04", "2012-03"))
        13838
        """
        try:
            refuse_wrong_parameters()
            return cls._opened(borough, as_of, published_by, plan)
        except AnalysisError:
            # In an open notebook the cells below may run all the same.
            forget_what_this_cell_sets()
            raise

    @classmethod
    def _opened(
        cls, borough: str, as_of: str | None, published_by: str | None, plan: str | None
    ) -> Self:
        _refuse_unless_months(as_of=as_of, published_by=published_by)
        area = resolve_area(report_borough(borough))
        offences = monthly_offences(as_of=as_of or None, published_by=published_by or None)
        last = f"{offences['month'].max():%Y-%m}"
        if as_of and last < as_of:
            message = (
                f"as_of {as_of}: the figures end in {last}. Name that month or an earlier."
            )
            raise ParamsError(message)
        _refuse_unless_two_years(offences["month"].min(), last)
        defaults = load_defaults()
        name = plan or defaults.plan_for(area.area_code)
        chosen = load_plan(name) if name else None
        return cls(area, last, published_by or None, chosen, defaults, offences, as_of or None)

    # What the figures are.

    @property
    def latest_year(self) -> Period:
        """The 12 months to ``as_of``."""
        return year_to(self.as_of)

    @property
    def previous_year(self) -> Period:
        """The 12 months before those."""
        return year_before(self.latest_year)

    @property
    def unusual_months(self) -> list[pd.Timestamp]:
        """Months of COVID restrictions, which say nothing of ordinary years."""
        return unusual_months()

    @property
    def publications(self) -> list[str]:
        """Publications that the monthly figures come from, oldest first."""
        return sorted(self.offences["published"].unique())

    def history(
        self, measure: str, basis: Basis = "location", offence_list: OffenceList = "current"
    ) -> pd.DataFrame:
        """Monthly counts of a measure, a column an area.

        Parameters
        ----------
        measure : str
            An offence group or a scheme.
        basis, offence_list : str
            Of the series; the default is the assessment's own.

        Returns
        -------
        DataFrame, shape (n_months, n_areas), offences
            Index ``month``; the 32 boroughs, London, Heathrow and the unknown borough as far
            as the publication shows them.

        Raises
        ------
        DataContractError
            If the list does not show the measure.
        """
        return self._history(measure, basis, offence_list)

    def boroughs_history(
        self, measure: str, basis: Basis = "location", offence_list: OffenceList = "current"
    ) -> pd.DataFrame:
        """As ``history``, the 32 boroughs alone."""
        return self._history(measure, basis, offence_list)[borough_codes()]

    def series(self, measure: str) -> pd.Series:
        """Monthly counts of the borough, index ``month``."""
        return self.history(measure)[self.area.area_code]

    def count(self, measure: str, period: Period) -> int:
        """Offences of the borough in a period, as ``borough_totals`` counts them."""
        return int(self.borough_totals(measure, period)[self.area.area_code])

    def totals(
        self,
        measure: str,
        period: Period,
        basis: Basis = "location",
        offence_list: OffenceList = "current",
    ) -> pd.Series:
        """Offences of every area in a period.

        Returns
        -------
        Series, offences, index ``area_code``

        Raises
        ------
        DataContractError
            If the figures do not cover the period.
        """
        history = self.history(measure, basis, offence_list)
        within = history.loc[period[0] : period[1]]
        expected = pd.period_range(period[0], period[1], freq="M")
        if len(within) != len(expected):
            message = (
                f"{period[0]} to {period[1]}: the {basis} basis, {offence_list} list holds "
                f"{history.index[0]:%Y-%m} to {history.index[-1]:%Y-%m}. Choose one within."
            )
            raise DataContractError(message)
        return within.sum(skipna=False)

    def borough_totals(
        self,
        measure: str,
        period: Period,
        basis: Basis = "location",
        offence_list: OffenceList = "current",
    ) -> pd.Series:
        """Offences of the 32 boroughs in a period, each counted alike all through it.

        Heathrow's offences count in Hillingdon in all months: from April 2023 to February 2024
        they have a row of their own on the location basis, and before and since they are in
        Hillingdon's. Else a rate of 2023 would be too low, and move every rank above.

        Returns
        -------
        Series, offences, index ``area_code``

        Raises
        ------
        DataContractError
            If the figures do not cover the period.
        """
        totals = self.totals(measure, period, basis, offence_list)
        return with_heathrow(totals) if basis == "location" else totals[borough_codes()]

    def population(self, period: Period) -> pd.Series:
        """Residents at the middle of a period, of the nearest year held.

        Returns
        -------
        Series, persons, index ``area_code``; ``name`` is the year
        """
        table = self._population
        middle = pd.Period(period[0], freq="M") + 6
        year = int(min(max(middle.year, table["year"].min()), table["year"].max()))
        of_year = table[table["year"] == year].set_index("area_code")["population_count"]
        return of_year.astype(float).rename(str(year))

    def table(self, name: str, value_name: str = "count") -> pd.DataFrame:
        """An embedded table, as far as the assessment may see it.

        Parameters
        ----------
        name : str
            As ``analysis.data.figures.list_tables`` gives it.
        value_name : str
            Name of the counts of a table whose months run across.

        Returns
        -------
        DataFrame
            One row a month where months run across. Publications after ``published_by`` are
            out, and so is whatever ends after ``as_of``, where that was asked for; where it
            was not, each table goes to its own newest month. Perhaps empty.

        Examples
        --------
        >>> Assessment.open("harrow", as_of="2020-03").table("attitude_survey")["quarter"].max()
        Timestamp('2020-03-31 00:00:00')
        """
        stored = read_table(name)
        if month_columns(stored.columns):
            stored = read_monthly_table(name, value_name)
        if self.published_by and "published" in stored:
            stored = stored[stored["published"].str[:7] <= self.published_by]
        return self._up_to_the_month_asked_for(stored)

    def detail(self, source_id: str, **reader_options: str) -> pd.DataFrame | None:
        """A published file too big to embed, as far as it is held and may be seen.

        Parameters
        ----------
        source_id : str
            One of ``analysis.data.detail.DETAIL_SOURCES``.
        **reader_options : str
            Given to its reader.

        Returns
        -------
        DataFrame or None
            As its reader gives it, cut as ``table`` is; None where it is not held, or was
            published after ``published_by``.
        """
        if not self.is_seen(source_id):
            return None
        loaded = load_detail(source_id, **reader_options)
        return None if loaded is None else self._up_to_the_month_asked_for(loaded)

    def is_seen(self, source_id: str) -> bool:
        """Whether a source was published by the last publication seen."""
        published = load_registry().source(source_id).published[:7]
        return published <= (self.published_by or published)

    # Levels and patterns.

    def rates(self, measure: str = "total_without_fraud") -> pd.DataFrame:
        """Rate per 1,000 residents of every borough in the latest year, with limits.

        The limits allow for the scatter of months, as those of ranks and shares do.
        """
        totals = self.borough_totals(measure, self.latest_year)
        people = self.population(self.latest_year)[totals.index]
        scatter = np.array([self.dispersion(measure, str(code)) for code in totals.index])
        lower, upper = scattered_limits(totals.to_numpy(dtype=float), scatter)
        return crime_rate(totals, people).assign(
            rate_per_1000_lower=PER * lower / people,
            rate_per_1000_upper=PER * upper / people,
            method="byar, with the scatter of months",
        )

    def ranks(self, measure: str = "total_without_fraud") -> pd.DataFrame:
        """Rank of every borough from the lowest, by count and by rate, with intervals.

        Fraud is left out unless asked for: its leaving, years ago, would pass for scatter of
        the months and widen the intervals.
        """
        return self.ranks_in(self.latest_year, measure)

    def ranks_in(
        self,
        period: Period,
        measure: str = "total",
        basis: Basis = "location",
        offence_list: OffenceList = "current",
    ) -> pd.DataFrame:
        """As ``ranks``, in any year and on either basis and list.

        Returns
        -------
        DataFrame
            As ``rank_intervals`` returns it, with ``is_mixed_year``: the borough took a step
            of its own within the year, and is counted as ``borough_totals`` says.
        """
        totals = self.borough_totals(measure, period, basis, offence_list)
        codes = list(totals.index)
        scatter = pd.Series({code: self.dispersion(measure, code) for code in codes})
        table = rank_intervals(
            totals,
            self.population(period)[codes],
            draws=self.defaults.simulations,
            seed=self.defaults.seed,
            dispersion=scatter,
        )
        mixed = mixed_areas(codes, period, basis, offence_list)
        return table.assign(is_mixed_year=table.index.isin(mixed))

    def funnel(self, measure: str = "total_without_fraud") -> Funnel:
        """Boroughs against London's rate in the latest year, with funnel limits."""
        totals = self.borough_totals(measure, self.latest_year)
        return funnel(totals, self.population(self.latest_year)[totals.index])

    def similar_boroughs(self) -> list[str]:
        """Boroughs most like this one, nearest first, or those its params name.

        Nearest by population, density, deprivation and age, each weighing the same.
        """
        named = load_borough_params(self.area.area_code).similar_boroughs
        if named:
            return list(named)
        count = self.defaults.similar_boroughs_count
        return list(similar_areas(self._features, self.area.area_code, count).index)

    def rolling_year(self, measure: str = "total") -> pd.Series:
        """Rolling 12-month totals of the borough, index ``month``."""
        return rolling_12_month(self.series(measure))

    def daily_rate(self, measure: str = "total") -> pd.Series:
        """Offences a day of the borough, month by month: months differ in length."""
        series = self.series(measure).astype(float)
        return series / pd.DatetimeIndex(series.index).days_in_month

    @property
    def has_season(self) -> bool:
        """Whether enough years are held to tell a season from chance."""
        return len(self._usual(self.series("total"))) >= SEASON_MONTHS

    def season(self, measure: str = "total") -> Seasonality:
        """Seasonal indices over the years clear of COVID restrictions.

        Raises
        ------
        DataContractError
            If fewer than about five years are held; ``has_season`` tells beforehand.
        """
        series = self.series(measure)
        return seasonal_indices(
            series.drop(pd.DatetimeIndex(self.unusual_months), errors="ignore")
        )

    def control_chart(self, measure: str = "total") -> ControlChart:
        """Control chart of the last five years, rebased where recording changed."""
        series = self.series(measure)
        recent = series.iloc[-CONTROL_CHART_MONTHS:]
        months = pd.DatetimeIndex(recent.index)
        rebase, exclude = self._breaks_within(measure, months)
        return xmr_chart(
            recent,
            rebase_at=rebase,
            exclude=exclude,
            seasonal_index=self._seasonal_index(measure),
        )

    def harm(self) -> HarmScore:
        """ONS severity-weighted crime of every borough in the latest year."""
        return self.harm_in(self.latest_year)

    def harm_in(self, period: Period) -> HarmScore:
        """As ``harm``, in any year, offences as ``borough_totals`` counts them."""
        codes = [*borough_codes(), HEATHROW_CODE]
        counts = self._group_totals({"offence_count": period}, codes)
        counts = counts[counts["offence_group"].isin(members("total"))]
        weights = self._weights
        return harm_score(
            counts,
            weights.set_index("offence_group")["weight"].dropna(),
            self.population(period)[borough_codes()],
            weights_version=HARM_WEIGHTS,
        )

    @cached_property
    def harm_history(self) -> HarmHistory:
        """Severity-weighted crime of every area, month by month."""
        held = set(self.groups_on("location", "current"))
        groups = [group for group in members("total") if group in held]
        weights = self._weights.set_index("offence_group")["weight"].dropna()
        return harm_history({group: self.history(group) for group in groups}, weights)

    @cached_property
    def harm_dispersion(self) -> pd.Series:
        """Scatter of each borough's harm, as a count that scatters like it, at least 1."""
        counts = self.harm_history.as_counts()
        return pd.Series(
            {
                code: known_dispersion(self._usual(self._without_own_step(counts, code)))
                for code in borough_codes()
            }
        )

    # Changes, and why.

    def gate(
        self,
        measure: str,
        before: Period,
        after: Period,
        basis: Basis = "location",
        offence_list: OffenceList = "current",
    ) -> Comparability:
        """Whether the borough's measure may be compared between two periods."""
        return compare_periods(
            self.area.area_code, measure, before, after, basis=basis, offence_list=offence_list
        )

    @property
    def year_on_year(self) -> Comparability:
        """The gate between the latest year and the one before, for crime without fraud."""
        return self.gate("total_without_fraud", self.previous_year, self.latest_year)

    @property
    def within_year(self) -> Comparability:
        """The gate within the latest year: a step inside it spoils a level or a rank."""
        return self.gate("total_without_fraud", self.latest_year, self.latest_year)

    def changes(self, measures: list[str]) -> pd.DataFrame:
        """Change of measures from the previous year to the latest, judged together.

        Returns
        -------
        DataFrame, index the measure
            As ``change_between`` returns it, with ``is_blocked`` and ``note`` from the gate.
            A blocked measure is not judged: its numbers are missing.
        """
        before, after = self.previous_year, self.latest_year
        gates = {measure: self.gate(measure, before, after) for measure in measures}
        is_blocked = pd.Series({m: gate.is_blocked for m, gate in gates.items()})
        # Where all are blocked the table is made for its columns alone, and emptied.
        judged = [m for m in measures if not is_blocked[m]] or measures
        monthly = pd.concat(
            [
                self._usual(self.series(measure), keep_from=before[0])
                .rename("offence_count")
                .rename_axis("month")
                .reset_index()
                .assign(offence_group=measure)
                for measure in judged
            ]
        )
        table = change_between(monthly, before, after).reindex(measures)
        return table.mask(is_blocked).assign(
            is_blocked=is_blocked,
            note=pd.Series({m: gate.note for m, gate in gates.items()}),
        )

    def others_change_pct(self, measures: list[str]) -> pd.Series:
        """Change of the other boroughs together on the year before; missing under ten."""
        changes = {}
        for measure in measures:
            before, after = (
                float(self.borough_totals(measure, year).drop(self.area.area_code).sum())
                for year in (self.previous_year, self.latest_year)
            )
            is_small = min(before, after) < SMALL_COUNT
            changes[measure] = float("nan") if is_small else 100 * (after / before - 1)
        return pd.Series(changes, dtype=float)

    def offence_groups(self) -> list[str]:
        """Groups of the total that the newest month shows, in the order of reports."""
        newest = self.offences["month"] == self.offences["month"].max()
        held = set(self.offences.loc[newest, "offence_group"]) & set(members("total"))
        return [group for group in load_offence_groups().index if group in held]

    def groups_on(self, basis: Basis, offence_list: OffenceList) -> list[str]:
        """Groups that a record holds in any month seen, in the order of reports."""
        held = set(self._table(basis, offence_list)["offence_group"])
        groups = [group for group in load_offence_groups().index if group in held]
        return [group for group in groups if is_on_list(group, offence_list)]

    def why(self) -> ShiftShare:
        """Change of crime but fraud, split into London's, the offence mix and its own."""
        spans = {"before_count": self.previous_year, "after_count": self.latest_year}
        # The unknown borough is left out: offences that found their borough would pass for
        # a fall in London.
        counts = self._group_totals(spans, [*borough_codes(), HEATHROW_CODE])
        # Without fraud, as the change that is told: its leaving is no reason to be split.
        groups = set(self.offence_groups()) & set(members("total_without_fraud"))
        counts = counts[counts["offence_group"].isin(groups)]
        return shift_share(
            counts, self.area.area_code, dispersion=self.dispersion("total_without_fraud")
        )

    def dispersion(self, measure: str, area_code: str | None = None) -> float:
        """Scatter of an area's monthly counts in multiples of Poisson's, at least 1."""
        key = (measure, area_code or self.area.area_code)
        if key not in self._dispersions:
            series = self._usual(self._without_own_step(self.history(measure), key[1]))
            self._dispersions[key] = known_dispersion(series)
        return self._dispersions[key]

    def unknown_effect_pct(self) -> float:
        """Percent by which fewer unknown boroughs raise the latest year on the one before.

        An offence that is given its borough is no further offence. The effect is London's:
        that it is the same in every borough is an assumption.
        """
        known = 1 - self.unknown_share() / 100
        before, after = (
            known.loc[pd.Timestamp(first) : pd.Timestamp(last)].mean()
            for first, last in (self.previous_year, self.latest_year)
        )
        return float(100 * (after / before - 1))

    def breaks(self, measure: str) -> pd.DataFrame:
        """Breaks that touch a measure of the borough within the months held.

        Returns
        -------
        DataFrame
            ``month`` (the first touched), ``label``, ``sentence`` and ``is_drawn``.
        """
        months = self.series(measure).index
        first, last = f"{months[0]:%Y-%m}", f"{months[-1]:%Y-%m}"
        rows = [
            (pd.Timestamp(b.from_month), b.label, b.sentence, b.is_drawn)
            for b in breaks_of(self.area.area_code, measure)
            if first <= b.to_month and b.from_month <= last
        ]
        table = pd.DataFrame(rows, columns=["month", "label", "sentence", "is_drawn"])
        return table.astype({"month": "datetime64[us]", "is_drawn": bool})

    def revisions(self) -> pd.DataFrame:
        """What a newer publication seen made of the older, month by month, all offences."""
        table = revisions()
        table = table[table["published"] <= (self.published_by or "9999")]
        table = table[table["month"] <= pd.Timestamp(self.as_of)]
        total = table[table["offence_group"].isin(members("total"))]
        keys = ["area_code", "month", "published_before", "published"]
        sums = total.groupby(keys, as_index=False)[
            ["offence_count_before", "offence_count"]
        ].sum()
        sums["revision_pct"] = 100 * (sums["offence_count"] / sums["offence_count_before"] - 1)
        return sums[sums["area_code"] == self.area.area_code]

    def unknown_share(self) -> pd.Series:
        """Percent of London's offences whose borough is unknown, by month."""
        history = self.history("total")
        return 100 * history[UNKNOWN_CODE] / history[LONDON_CODE]

    # The future.

    @property
    def year_ahead(self) -> str:
        """Last month of the year after the last month seen."""
        return str(pd.Period(self.as_of, freq="M") + 12)

    def forecast(
        self,
        measure: str,
        horizon: str | None = None,
        basis: Basis = "location",
        offence_list: OffenceList = "current",
    ) -> TotalForecast:
        """Distribution of the 12-month total to a horizon, jointly over the 32 boroughs.

        The horizon is a year ahead unless it is given.
        """
        outlook = self.outlook(basis, offence_list)
        return outlook.total(
            self._groups(measure, basis, offence_list), horizon or self.year_ahead
        )

    def forecast_path(
        self,
        measure: str,
        horizon: str,
        basis: Basis = "location",
        offence_list: OffenceList = "current",
    ) -> pd.DataFrame:
        """Rolling 12-month total of the borough, month by month to a horizon."""
        groups = self._groups(measure, basis, offence_list)
        return self.outlook(basis, offence_list).path(groups, self.area.area_code, horizon)

    def forecast_months(
        self,
        measure: str,
        horizon: str | None = None,
        basis: Basis = "location",
        offence_list: OffenceList = "current",
    ) -> pd.DataFrame:
        """Monthly counts of the borough to a horizon (a year ahead), with limits."""
        groups = self._groups(measure, basis, offence_list)
        return self.outlook(basis, offence_list).months(
            groups, self.area.area_code, horizon or self.year_ahead
        )

    def track_record(
        self,
        measure: str,
        basis: Basis = "location",
        offence_list: OffenceList = "current",
        *,
        all_boroughs: bool = False,
    ) -> pd.DataFrame:
        """How good forecasts of the measure have been, for the borough or all of them.

        Returns
        -------
        DataFrame
            As ``analysis.forecasts.track_record.track_record`` returns it.
        """
        outlook = self.outlook(basis, offence_list)
        areas = outlook.areas if all_boroughs else [self.area.area_code]
        return outlook.track_record(self._groups(measure, basis, offence_list), areas)

    def outlook(
        self, basis: Basis = "location", offence_list: OffenceList = "current"
    ) -> Outlook:
        """Forecasts of all offence groups in all boroughs, on one basis and list."""
        key = (basis, offence_list)
        if key not in self._outlooks:
            histories = self._complete_histories(basis, offence_list)
            self._outlooks[key] = Outlook.of(
                histories,
                unusual_months=self.unusual_months,
                steps={g: recording_changes(g, basis, offence_list) for g in histories},
                restarts=level_changes(borough_codes(), basis, offence_list),
                n_draws=self.defaults.simulations,
                seed=self.defaults.seed,
            )
        return self._outlooks[key]

    def provenance(self, tables: Sequence[str] = ()) -> pd.DataFrame:
        """Tables that the assessment reads, with publication, source and checksum.

        Parameters
        ----------
        tables : sequence of str
            Other embedded tables to tell of; those that every assessment reads by default.

        Returns
        -------
        DataFrame
            ``table``, ``title``, ``source``, ``published``, ``sha256`` (first twelve
            characters).
        """
        monthly = [f"monthly_offences_location_current_{p}" for p in self.publications]
        rows = []
        for name in tables or [*monthly, "population", "area_context"]:
            entry = describe_table(name)
            told, published = table_sources(name)
            rows.append((name, entry["title"], told, listed(published), entry["hash"][7:19]))
        return pd.DataFrame(rows, columns=["table", "title", "source", "published", "sha256"])

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(AtTheDesk(self._parameters_in_words()))
        bundle, told = self._repr_mimebundle_()
        display(bundle, metadata=told, raw=True)

    def _parameters_in_words(self) -> dict[str, str]:
        seen = month_text(pd.Timestamp(self.as_of))
        newest = month_text(pd.Timestamp(self.publications[-1]))
        publication = "" if self.published_by else f"{newest}, the newest held"
        return {
            "borough": f"{self.area.area_name}, {self.area.area_code}",
            "as_of": seen if self.asked_as_of else f"{seen}, the newest held",
            "published_by": publication,
            "plan": self._plan_in_words,
        }

    @property
    def _plan_in_words(self) -> str:
        if self.plan is None:
            return "none held"
        if self.plan.borough == self.area.area_code:
            return self.plan.title
        return f"{self.plan.title} (of {area_name(self.plan.borough)}, not of this borough)"

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, str], dict[str, object]]:
        vintage = (
            f"{self.area.area_name} to {month_text(pd.Timestamp(self.as_of))}; location basis, "
            f"current offence list; published {editions(self.publications)}; plan: "
            f"{self._plan_in_words}"
        )
        items = "".join(
            f"<li>{escape(row['title'])}: {escape(row['source'])}, published "
            f"{escape(row['published'])} (<code>{escape(row['table'])}</code>, "
            f"sha256 <code>{row['sha256']}</code>)</li>"
            for row in self.provenance().to_dict("records")
        )
        html = f'<p>{escape(vintage)}.</p><ul class="csp-sources">{items}</ul>'
        told = {"role": "provenance", "vintage": vintage}
        return {"text/html": html, "text/plain": vintage}, {"csp": told}

    def _up_to_the_month_asked_for(self, table: pd.DataFrame) -> pd.DataFrame:
        ends = _period_ends(table)
        if self.asked_as_of and ends is not None:
            table = table[ends <= pd.Timestamp(self.asked_as_of) + pd.offsets.MonthEnd(0)]
        return table.reset_index(drop=True)

    # Helpers of the methods above, each worked out once.

    @cached_property
    def _outlooks(self) -> dict[tuple[str, str], Outlook]:
        return {}

    @cached_property
    def _dispersions(self) -> dict[tuple[str, str], float]:
        return {}

    def _groups(self, measure: str, basis: Basis, offence_list: OffenceList) -> list[str]:
        """Offence groups of a measure that are forecast."""
        held = self.outlook(basis, offence_list).groups
        groups = [group for group in members(measure) if group in held]
        if not groups:
            message = (
                f"forecast: no months of '{measure}' up to {self.as_of} on the {offence_list} "
                "list that can be taken forward. Name another measure."
            )
            raise DataContractError(message)
        return groups

    def _complete_histories(
        self, basis: Basis, offence_list: OffenceList
    ) -> dict[str, pd.DataFrame]:
        # Fraud left the police's figures by 2013, a handful a year apart: it is not forecast,
        # alone or within the total. Nor is a group of which the newest publication has no row
        # (deaths and serious injuries by illegal driving, six a month in all London).
        months = self.boroughs_history("total", basis, offence_list).index
        histories = {
            group: self.boroughs_history(group, basis, offence_list)
            for group in self.groups_on(basis, offence_list)
            if group in members("total_without_fraud")
        }
        return {
            group: history.astype(float)
            for group, history in histories.items()
            if history.index.equals(months) and history.notna().all(axis=None)
        }

    @cached_property
    def _histories(self) -> dict[tuple[str, str, str], pd.DataFrame]:
        return {}

    def _history(self, measure: str, basis: Basis, offence_list: OffenceList) -> pd.DataFrame:
        key = (measure, basis, offence_list)
        if key not in self._histories:
            self._histories[key] = self._summed(measure, basis, offence_list)
        return self._histories[key]

    def _summed(self, measure: str, basis: Basis, offence_list: OffenceList) -> pd.DataFrame:
        table = self._table(basis, offence_list)
        chosen = table[table["offence_group"].isin(members(measure))]
        if chosen.empty:
            message = f"the {offence_list} offence list does not show '{measure}'."
            raise DataContractError(message)
        grouped = chosen.groupby(["month", "area_code"])["offence_count"]
        return grouped.sum(skipna=False).unstack("area_code").astype("Int64")

    def _table(self, basis: Basis, offence_list: OffenceList) -> pd.DataFrame:
        if (basis, offence_list) == ("location", "current"):
            return self.offences
        return monthly_offences(
            basis, offence_list, as_of=self.as_of, published_by=self.published_by
        )

    def _usual(self, series: pd.Series, *, keep_from: str = "2200-01") -> pd.Series:
        # COVID months would teach a scatter and a season that ordinary years do not have.
        months = pd.DatetimeIndex(self.unusual_months)
        return series.drop(months[months < pd.Timestamp(keep_from)], errors="ignore")

    def _without_own_step(self, history: pd.DataFrame, area_code: str) -> pd.Series:
        # A step that Heathrow's move made would pass for scatter of Hillingdon's months.
        series = history[area_code]
        if area_code == HILLINGDON_CODE and HEATHROW_CODE in history:
            return series + history[HEATHROW_CODE].fillna(0)
        return series

    def _seasonal_index(self, measure: str) -> pd.Series | None:
        if not self.has_season:
            return None
        season = self.season(measure)
        index = season.table.set_index("calendar_month")["seasonal_index"]
        return index if season.is_seasonal else None

    def _group_totals(self, spans: dict[str, Period], areas: list[str]) -> pd.DataFrame:
        table = self.offences[self.offences["area_code"].isin(areas)]
        key = ["area_code", "offence_group"]
        columns = {
            name: table[table["month"].between(period[0], period[1])]
            .groupby(key)["offence_count"]
            .sum(skipna=False)
            for name, period in spans.items()
        }
        totals = pd.DataFrame(columns).fillna(0).reset_index()
        # Heathrow, where asked for, counts in Hillingdon, as it does where it has no row.
        totals = totals.replace({"area_code": {HEATHROW_CODE: HILLINGDON_CODE}})
        return totals.groupby(key, as_index=False).sum()

    def _breaks_within(
        self, measure: str, months: pd.DatetimeIndex
    ) -> tuple[list[pd.Timestamp], list[pd.Timestamp]]:
        rebase, exclude = [], []
        for each in breaks_of(self.area.area_code, measure):
            first, last = pd.Timestamp(each.from_month), pd.Timestamp(each.to_month)
            if each.how == "spell":
                exclude += [m for m in months if first <= m <= last]
            elif each.rebases and months[0] < last <= months[-1]:
                rebase.append(last)
        return sorted(set(rebase)), sorted(set(exclude))

    @cached_property
    def _population(self) -> pd.DataFrame:
        return read_table("population")

    @cached_property
    def _features(self) -> pd.DataFrame:
        context = read_table("area_context").set_index("area_code")
        people = self.population(self.latest_year)[context.index]
        return pd.DataFrame(
            {
                "population_count": people,
                "population_per_hectare": people
                / context["inland_area_hectares"].astype(float),
                "imd_2025_score": context["imd_2025_score"].astype(float),
                "aged_16_to_64_pct": context["aged_16_to_64_pct"].astype(float),
                "aged_65_to_74_pct": context["aged_65_to_74_pct"].astype(float),
            }
        )

    @cached_property
    def _weights(self) -> pd.DataFrame:
        return load_severity_weights()


def _period_ends(table: pd.DataFrame) -> pd.Series | None:
    """Last day of what each row tells of; None where a table has no time."""
    for column in ("month", "quarter", "year_ending", "period_end"):
        if column in table:
            return table[column] + pd.offsets.MonthEnd(0)
    if "year" in table:
        return pd.to_datetime(table["year"].astype("str") + "-12-31")
    return None


def _refuse_unless_months(**given: str | None) -> None:
    for name, month in given.items():
        try:
            checked_month(str(month or "2000-01"))
        except ValueError as error:
            message = f"{name}: {error}."
            raise ParamsError(message) from None


def _refuse_unless_two_years(first: pd.Timestamp, last: str) -> None:
    needed = first + pd.DateOffset(months=23)
    if pd.Timestamp(last) < needed:
        message = (
            f"to {last}: a year and the one before it are needed, and the figures begin in "
            f"{first:%Y-%m}. Name {needed:%Y-%m} or a later month."
        )
        raise DataContractError(message)
