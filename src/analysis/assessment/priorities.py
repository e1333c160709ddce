"""The priority matrix of a borough: evidence on each criterion, scores, and how firm they are.

Every figure is one that the report shows elsewhere; here it is set on a scale. What has no
figure is not scored, and the reason stands in its place. Known weakness: what is counted
among other offences too (domestic abuse, knife crime) is scored on fewer criteria than an
offence group, because no harm weight, forecast or small area is published for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.assessment.assessment import Assessment, Period, year_before
from analysis.assessment.long_view import changes_of, three_years
from analysis.assessment.steps import newest_step
from analysis.data.offences import load_offence_groups, measure_label
from analysis.data.partner import load_partner_table
from analysis.measures.change import known_dispersion
from analysis.measures.comparison import Funnel, funnel
from analysis.measures.control_charts import limits_before_last
from analysis.measures.rates import SMALL_COUNT, share_of_whole
from analysis.params.areas import borough_codes
from analysis.params.priorities import PriorityParams, SpecialItem, load_priority_params
from analysis.places.concentration import leading_place_shares
from analysis.priorities.opinions import rank_topics
from analysis.priorities.scoring import score_evidence, score_matrix
from analysis.priorities.stability import rank_stability

TOTAL = "total_without_fraud"

TABLES = (
    "monthly_special",
    "vawg_monthly",
    "asb_incidents",
    "lsoa_offences",
    "attitude_survey",
    "youth_offending",
    "substance_misuse",
)
# What the sections on priorities read beyond the monthly figures.

LEADING_PCT = 5
# The share of small areas whose hold on an offence is scored.

CHANCE_DRAWS = 199
# Ranges of chance need no more for a score that goes in steps of ten points.

USUAL_STRETCH = "in two years"
# From the first of three years to the last: their ends lie two years apart.

LEAST_LIKE_MONTHS = 3
# Fewer months than a quarter say nothing of where a series is going.

TOO_FEW = "fewer than ten offences"
ODD_LAST_MONTH = "the forecast may rest on one odd last month"
STEP_IN_YEAR = "the forecast may take a step of all London within the year for its course"


@dataclass(frozen=True, eq=False)
class PriorityMatrix:
    """What could be a priority, scored.

    Attributes
    ----------
    params : PriorityParams
        Scales, weights and reasons.
    items : DataFrame, index ``item``
        ``label``, ``offence_count`` (latest year), ``is_special``, ``note``.
    evidence : DataFrame, one row an item and criterion
        ``value`` with limits, ``score`` with limits, and a ``remark``: why there is no score,
        or what the value is over.
    matrix : DataFrame, index ``item``
        As ``score_matrix`` returns it.
    stability : DataFrame, index ``item``
        As ``rank_stability`` returns it, for those ranked.
    """

    params: PriorityParams
    items: pd.DataFrame
    evidence: pd.DataFrame
    matrix: pd.DataFrame
    stability: pd.DataFrame

    @property
    def ranked(self) -> list[str]:
        """Items that are ranked, highest first."""
        return list(self.matrix.index[self.matrix["rank"].notna()])

    def label(self, item: str) -> str:
        """An item as printed."""
        return str(self.items["label"][item])

    def top_chance(self, item: str) -> float:
        """Chance of an item being among the high places; nought where it is not ranked."""
        column = f"top_{self.params.verdicts.high_places}_probability"
        return float(self.stability[column].get(item, 0.0))


@dataclass(frozen=True, eq=False)
class _Item:
    """One thing scored, with its counts by month and area."""

    name: str
    label: str
    note: str
    special: SpecialItem | None
    history: pd.DataFrame
    period: Period
    area_code: str
    unusual_months: list[pd.Timestamp]

    @property
    def series(self) -> pd.Series:
        return self.history[self.area_code]

    @cached_property
    def scatter(self) -> float:
        """Scatter of its monthly counts in multiples of Poisson's, at least 1."""
        return known_dispersion(self.series, exclude=self.unusual_months)

    @cached_property
    def boroughs(self) -> pd.Series:
        """Offences of the 32 boroughs in the latest year; missing where a month is."""
        within = self.history.loc[self.period[0] : self.period[1]]
        totals = within.reindex(columns=borough_codes()).sum(skipna=False)
        return totals if len(within) == 12 else totals * np.nan


def priority_matrix(
    assessment: Assessment, params: PriorityParams | None = None
) -> PriorityMatrix:
    """The borough's offences and special measures on every criterion.

    Parameters
    ----------
    assessment : Assessment
    params : PriorityParams, optional
        Default ``params/priorities.yml``.

    Returns
    -------
    PriorityMatrix

    Examples
    --------
    >>> result = priority_matrix(Assessment.open("harrow", as_of="2019-06"))
    >>> int(result.matrix["rank"].iloc[0]), len(result.params.criteria)
    (1, 7)
    """
    chosen = params or load_priority_params()
    items = _items(assessment, chosen)
    evidence = _evidence(assessment, items)
    scored = score_evidence(evidence, chosen.steps)
    least = chosen.ranking.least_criteria
    matrix = score_matrix(scored, chosen.weights, least_criteria=least)
    stability = rank_stability(
        scored,
        chosen.steps,
        chosen.weights,
        items=list(matrix.index[matrix["rank"].notna()]),
        top_places=chosen.ranking.top_places,
        weight_concentration=chosen.ranking.weight_concentration,
        draws=assessment.defaults.simulations,
        seed=assessment.defaults.seed,
    )
    return PriorityMatrix(chosen, _told(items), scored, matrix, stability)


def resident_topics(assessment: Assessment) -> pd.DataFrame | None:
    """What residents say should be tackled, from the partnership's survey; None if not loaded.

    Returns
    -------
    DataFrame or None
        As ``rank_topics`` returns it, of the newest 12 months loaded, with ``label`` and the
        ``first_month`` and ``last_month`` of them.
    """
    loaded = load_partner_table("resident_priorities", assessment.area.area_code)
    if loaded is None or loaded.empty:
        return None
    seen = loaded[loaded["month"] <= pd.Timestamp(assessment.as_of)]
    seen = seen[seen["month"] > seen["month"].max() - pd.DateOffset(years=1)]
    if seen.empty:
        return None
    topics = rank_topics(seen)
    groups = load_offence_groups()["label"].to_dict()
    special = {each.name: each.label for each in load_priority_params().special_items}
    named = groups | special
    return topics.assign(
        label=[named.get(str(t), str(t)) for t in topics.index],
        first_month=seen["month"].min(),
        last_month=seen["month"].max(),
    )


def special_history(assessment: Assessment, special: SpecialItem) -> pd.DataFrame:
    """Monthly counts of a special item, a column a borough; a month not held is missing.

    Returns
    -------
    DataFrame, index ``month``
        Perhaps empty.
    """
    table = assessment.table(special.table)
    if "counted" in table:
        table = table[table["counted"] == "offences"]
    if special.measure is not None:
        table = table[table["measure"] == special.measure]
    table = table[table["month"] <= pd.Timestamp(assessment.as_of)].dropna(subset=["count"])
    wide = table.pivot_table(index="month", columns="area_code", values="count", aggfunc="max")
    if wide.empty:
        return pd.DataFrame(columns=borough_codes(), dtype=float)
    calendar = pd.date_range(wide.index.min(), wide.index.max(), freq="MS", name="month")
    return wide.reindex(calendar).reindex(columns=borough_codes()).astype(float)


def _items(assessment: Assessment, params: PriorityParams) -> list[_Item]:
    shared = assessment.latest_year, assessment.area.area_code, assessment.unusual_months
    groups = [g for g in assessment.offence_groups() if g not in params.left_out]
    items = [
        _Item(group, measure_label(group), "", None, assessment.history(group), *shared)
        for group in groups
    ]
    for special in params.special_items:
        history = special_history(assessment, special)
        items.append(
            _Item(special.name, special.label, special.note, special, history, *shared)
        )
    return items


def _told(items: list[_Item]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "label": [item.label for item in items],
            "offence_count": [item.boroughs[item.area_code] for item in items],
            "is_special": [item.special is not None for item in items],
            "note": [item.note for item in items],
        },
        index=pd.Index([item.name for item in items], name="item"),
    )


def _evidence(assessment: Assessment, items: list[_Item]) -> pd.DataFrame:
    parts = [
        _volume(assessment, items),
        _harm(assessment, items),
        _trend(assessment, items),
        _comparison(assessment, items),
        _forecast(assessment, items),
        _concentration(assessment, items),
        _public_concern(assessment, items),
    ]
    rows = [row for part in parts for row in part]
    names = ["item", "criterion", "value", "value_lower", "value_upper", "remark"]
    return pd.DataFrame(rows, columns=names)


_Row = tuple[str, str, float, float, float, str]


def _row(item: str, criterion: str, value: float, lower: float, upper: float) -> _Row:
    return (item, criterion, float(value), float(lower), float(upper), "")


def _no_row(item: str, criterion: str, why: str) -> _Row:
    return (item, criterion, np.nan, np.nan, np.nan, why)


def _volume(assessment: Assessment, items: list[_Item]) -> list[_Row]:
    total = assessment.count(TOTAL, assessment.latest_year)
    rows = []
    for item in items:
        count = item.boroughs[item.area_code]
        if pd.isna(count):
            rows.append(_no_row(item.name, "volume", "a month of the year is not held"))
            continue
        # What is counted among others too, or is no crime, is set against the same total.
        whole = max(float(total), float(count))
        share = share_of_whole(float(count), whole, dispersion=item.scatter)
        limits = share.share_lower_pct, share.share_upper_pct
        rows.append(_row(item.name, "volume", share.share_pct, *limits))
    return rows


def _harm(assessment: Assessment, items: list[_Item]) -> list[_Row]:
    own = assessment.harm().by_group
    own = own[own["area_code"] == assessment.area.area_code].set_index("offence_group").T
    rows = []
    for item in items:
        if item.name not in own:
            rows.append(_no_row(item.name, "harm", "no severity weight is published for it"))
            continue
        count = float(own[item.name]["offence_count"])
        share = float(own[item.name]["harm_pct"])
        # A share of harm scatters as its offences do, less what the rest takes along.
        scatter = item.scatter if count >= SMALL_COUNT else 1.0
        reach = 1.96 * share * (1 - share / 100) * np.sqrt(scatter / max(count, 1.0))
        rows.append(_row(item.name, "harm", share, max(0.0, share - reach), share + reach))
    return rows


def _trend(assessment: Assessment, items: list[_Item]) -> list[_Row]:
    """Change over the longest stretch up to two years that is whole and comparable."""
    windows = {item.name: trend_window(assessment, item.name, item.series) for item in items}
    rows = []
    for window in dict.fromkeys(windows.values()):
        within = [item for item in items if windows[item.name] == window]
        if window is None:
            why = "too few comparable months are held"
            rows += [_no_row(item.name, "trend", why) for item in within]
            continue
        table = changes_of(assessment, {each.name: each.series for each in within}, *window)
        for item in within:
            row = table.T[item.name]
            if row["is_small_count"]:
                rows.append(_no_row(item.name, "trend", TOO_FEW))
                continue
            limits = row["change_pct_lower"], row["change_pct_upper"]
            told = _row(item.name, "trend", row["change_pct"], *limits)
            rows.append((*told[:5], _stretch(assessment, window)))
    return rows


def trend_window(
    assessment: Assessment, measure: str, series: pd.Series
) -> tuple[Period, Period] | None:
    """Two periods of like months that tell where a series is going, or None.

    Parameters
    ----------
    assessment : Assessment
    measure : str
        For the gate.
    series : Series
        Monthly counts, index ``month``.

    Returns
    -------
    (before, after) or None
        The first and last of three years; else the last two years; else the months since
        the break that bars these, at least three, and the same months a year before. None
        where a month is missing of each, or too few have passed.

    Examples
    --------
    >>> hillingdon = Assessment.open("hillingdon", as_of="2025-05")
    >>> trend_window(hillingdon, "arson", hillingdon.series("arson"))
    (('2024-03', '2024-05'), ('2025-03', '2025-05'))
    """
    years, last = three_years(assessment), pd.Period(assessment.as_of, freq="M")
    pairs = [(year, assessment.latest_year) for year in years[-3:-1]]
    gates = [assessment.gate(measure, *pair) for pair in pairs]
    blocks = [each.clear_from for gate in gates for each in gate.blocks]
    if blocks:
        since = (last - pd.Period(max(blocks), freq="M")).n + 1 - 12
        if LEAST_LIKE_MONTHS <= since < 12:
            after = str(last - since + 1), str(last)
            pairs.append((year_before(after), after))
            gates.append(assessment.gate(measure, *pairs[-1]))
    for pair, gate in zip(pairs, gates, strict=True):
        is_whole = _is_held(series, (pair[0][0], pair[1][1]))
        if is_whole and not gate.is_blocked:
            return pair
    return None


def _is_held(series: pd.Series, period: Period) -> bool:
    expected = len(pd.period_range(period[0], period[1], freq="M"))
    return int(series.loc[period[0] : period[1]].notna().sum()) == expected


def _stretch(assessment: Assessment, window: tuple[Period, Period]) -> str:
    before, after = window
    months = len(pd.period_range(*after, freq="M"))
    if months < 12:
        return f"{months} months on the same a year before, since a break"
    gap = int(after[0][:4]) - int(before[0][:4])
    return USUAL_STRETCH if gap == 2 else "on the year before"


def _comparison(assessment: Assessment, items: list[_Item]) -> list[_Row]:
    people = assessment.population(assessment.latest_year)
    rows = []
    for item in items:
        counts, exposure, why = _comparable(assessment, item, people)
        if why:
            rows.append(_no_row(item.name, "comparison", why))
            continue
        result = funnel(counts, exposure)
        value = float(result.table["z_adjusted"][item.area_code])
        reach = 1.96 * _chance_in_z(result, item.area_code) * np.sqrt(item.scatter)
        rows.append(_row(item.name, "comparison", value, value - reach, value + reach))
    return rows


def _comparable(
    assessment: Assessment, item: _Item, people: pd.Series
) -> tuple[pd.Series, pd.Series, str]:
    """Counts and exposures of the boroughs, or why there are none to compare."""
    people = people[borough_codes()]
    if assessment.within_year.is_blocked and item.special is None:
        return people, people, assessment.within_year.sentences[0]
    if item.special is None:
        counts = assessment.borough_totals(item.name, item.period)
        few = float(counts[item.area_code]) < SMALL_COUNT
        return counts, people, TOO_FEW if few else ""
    within = item.history.loc[item.period[0] : item.period[1]]
    # A borough's missing months take its residents out for as long.
    months = within.notna().sum().reindex(borough_codes(), fill_value=0)
    if (months < 6).any():
        return people, people, "half a year or more is missing of a borough"
    counts = within.sum().round().reindex(borough_codes())
    few = float(counts[item.area_code]) < SMALL_COUNT
    return counts.astype("Int64"), people * months / 12, TOO_FEW if few else ""


def _chance_in_z(result: Funnel, area_code: str) -> float:
    """How much of a standard deviation of the funnel is chance, the rest being spread."""
    expected = float(result.table["expected_count"][area_code])
    chance = 1 / (4 * expected)
    return float(np.sqrt(chance / (chance + result.tau2)))


def _forecast(assessment: Assessment, items: list[_Item]) -> list[_Row]:
    groups = assessment.outlook().groups
    rows = []
    for item in items:
        if item.special is not None or item.name not in groups:
            rows.append(_no_row(item.name, "forecast", "it is not forecast"))
            continue
        last = float(assessment.count(item.name, assessment.latest_year))
        ahead = assessment.forecast_path(item.name, assessment.year_ahead).iloc[-1]
        if min(last, ahead["median"]) < SMALL_COUNT:
            rows.append(_no_row(item.name, "forecast", TOO_FEW))
            continue
        if _rests_on_last_month(assessment.series(item.name), float(ahead["median"])):
            rows.append(_no_row(item.name, "forecast", ODD_LAST_MONTH))
            continue
        if newest_step(assessment, item.name) is not None:
            rows.append(_no_row(item.name, "forecast", STEP_IN_YEAR))
            continue
        told = ahead[["median", "lower_95", "upper_95"]].to_numpy(dtype=float)
        rows.append(_row(item.name, "forecast", *(100 * (told / last - 1))))
    return rows


def _rests_on_last_month(monthly: pd.Series, year_ahead: float) -> bool:
    """Whether a forecast takes an odd last month for the level of the year to come.

    Odd is what lies outside the limits of the twelve months before; a year whose mean month
    would lie outside them too has nothing but that month to rest on.
    """
    lower, upper = limits_before_last(monthly)
    last, mean_month = float(monthly.iloc[-1]), year_ahead / 12
    return (last > upper and mean_month > upper) or (last < lower and mean_month < lower)


def _concentration(assessment: Assessment, items: list[_Item]) -> list[_Row]:
    table = assessment.table("lsoa_offences")
    mine = table[table["area_code"] == assessment.area.area_code]
    mine = mine[mine["year_ending"] == mine["year_ending"].max()].set_index("lsoa_code")
    rows = []
    for item in items:
        if item.special is not None or mine.empty or item.name not in mine:
            why = "no figures of small areas are held for it"
            rows.append(_no_row(item.name, "concentration", why))
            continue
        counts = mine[item.name].astype(float)
        if counts.isna().any() or counts.sum() < SMALL_COUNT:
            why = "too few have a known small area"
            rows.append(_no_row(item.name, "concentration", why))
            continue
        shares = leading_place_shares(
            counts,
            leading_pct=(LEADING_PCT,),
            draws=CHANCE_DRAWS,
            seed=assessment.defaults.seed,
        )
        row = shares.iloc[0]
        low, high = row["by_chance_pct_upper"], row["by_chance_pct_lower"]
        above = row["offence_pct"] - row["by_chance_pct"]
        limits = row["offence_pct"] - low, row["offence_pct"] - high
        rows.append(_row(item.name, "concentration", above, *limits))
    return rows


def _public_concern(assessment: Assessment, items: list[_Item]) -> list[_Row]:
    topics = resident_topics(assessment)
    rows = []
    for item in items:
        if topics is None:
            why = "no survey of residents' priorities is loaded"
            rows.append(_no_row(item.name, "public_concern", why))
        elif item.name not in topics.index or pd.isna(topics["agree_pct"][item.name]):
            why = "the survey does not ask about it"
            rows.append(_no_row(item.name, "public_concern", why))
        else:
            row = topics.T[item.name]
            limits = row["agree_pct_lower"], row["agree_pct_upper"]
            rows.append(_row(item.name, "public_concern", row["agree_pct"], *limits))
    return rows
