"""How each priority of the previous plan came on, and what the figures say to do with it.

A priority's offences are followed from the plan's first year to its last on the one record
(basis and offence list) that holds both, and from its last year to now on the location
basis: two records are never joined. Where a borough has no plan of its own, the Mayor's
scheme in force stands for it. Known weakness: what a plan did cannot be told from what would
have happened anyway; London's change over the same years is the nearest there is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.assessment.assessment import Assessment, Period, year_to
from analysis.assessment.confidence import MAIN_ANSWER, changes, levels, longest_years
from analysis.assessment.long_view import changes_of
from analysis.assessment.priorities import special_history
from analysis.assessment.surveys import Survey, survey_of
from analysis.confidence.sampling import judged_differences
from analysis.data.comparability import mixed_areas
from analysis.data.offences import is_on_list, measure_label, members
from analysis.data.vintages import Basis, OffenceList
from analysis.measures.change import dispersion_of_sum, known_dispersion
from analysis.params.areas import borough_codes
from analysis.params.fields import known_regimes
from analysis.params.measure_names import schemes
from analysis.params.priorities import load_priority_params
from analysis.params.regimes import Regime, load_regime
from analysis.priorities.progress import against_london
from analysis.wording import counted, in_sentence, listed, month_text, number

Record = tuple[Basis, OffenceList]

PLAN_RECORDS: tuple[Record, ...] = (
    ("policing", "old"),
    ("policing", "current"),
    ("location", "current"),
)
# In the order in which they were in use, so that a plan is followed on the record of its time.

NOW_RECORD: Record = ("location", "current")

RATES = {
    "youth_reoffending": ("youth_offending", "reoffending_aged_15_to_17"),
    "substance_misuse": ("substance_misuse", "alcohol_admissions_under_18"),
}
# What shows a subject that is published as a rate of a year.

MOST_GROUPS_NAMED = 4
# Offence groups named one by one where the record holds not all that a measure counts.

CHART_LETTERS = 50
# About what a row of a narrow chart holds beside its value.

_SUBJECT_WORDS = {
    "public_attitudes": "the share who say that police do a good job locally",
    "youth_reoffending": "young people who reoffend",
    "substance_misuse": "admissions for alcohol under 18",
    "anti_social_behaviour": "incidents of anti-social behaviour",
    "domestic_abuse": "offences of domestic abuse",
    "violence_against_women_and_girls": "violence against women and girls, as flagged",
}


@dataclass(frozen=True)
class PlannedPriority:
    """A priority of the plan or scheme that is followed."""

    name: str
    label: str
    theme: str
    measures: tuple[str, ...]
    subjects: tuple[str, ...]
    not_measured: str
    is_set_by_mayor: bool

    @property
    def is_only_wide(self) -> bool:
        """Whether a total of all crime, or of all victims, is all that it is measured by."""
        return bool(self.measures) and set(self.measures) <= _wide()

    @property
    def groups(self) -> list[str]:
        """Offence groups that show it, each once; none where it is only wide."""
        named = [group for measure in self.measures for group in members(measure)]
        return [] if self.is_only_wide else list(dict.fromkeys(named))


@dataclass(frozen=True)
class FollowedPlan:
    """The previous plan, or the Mayor's scheme where the borough has none.

    Attributes
    ----------
    title : str
    is_own : bool
        Whether it is the borough's own plan.
    period : (first, last) month
    priorities : tuple of PlannedPriority
    has_begun, has_ended : bool
        As seen from the last month of the assessment; a plan has begun to be seen when its
        first year and another month have passed.
    first_year, last_year : (first, last) month
        Twelve months each; the last is the newest whole one where the plan still runs.
    """

    title: str
    is_own: bool
    period: Period
    priorities: tuple[PlannedPriority, ...]
    has_begun: bool
    has_ended: bool
    first_year: Period
    last_year: Period


def followed_plan(assessment: Assessment) -> FollowedPlan:
    """The plan whose progress is told: the borough's own, or the Mayor's scheme.

    Examples
    --------
    >>> followed_plan(Assessment.open("havering")).first_year
    ('2017-04', '2018-03')
    >>> followed_plan(Assessment.open("camden")).title
    'Police and Crime Plan 2022-25'
    """
    own = assessment.plan
    if own is not None:
        priorities = [
            PlannedPriority(
                each.name,
                each.label,
                theme.label,
                tuple(each.measures),
                tuple(each.subjects),
                each.not_measured or "",
                each.set_by == "mopac",
            )
            for theme in own.themes
            for each in theme.priorities
        ]
        period = own.period.first, own.period.last
        return _followed(assessment, own.title, True, period, priorities)
    regime = _regime_of(assessment)
    period = regime.period.first, regime.period.last
    return _followed(assessment, regime.title, False, period, _scheme_priorities(regime))


def plan_progress(assessment: Assessment, plan: FollowedPlan) -> pd.DataFrame:
    """Each priority's level in the plan's first year, its last, and now, with what changed.

    Parameters
    ----------
    assessment : Assessment
    plan : FollowedPlan

    Returns
    -------
    DataFrame, one row a priority and what shows it
        ``priority``, ``label``, ``shown_by`` (``offences`` or a subject), ``counted`` (what
        was counted, in words), ``counted_short`` (as a chart has room for), ``stands_in`` (why
        that shows the priority only in part, or empty), ``unit``, ``basis``
        and ``offence_list`` (empty for a subject), ``first_period``, ``last_period``,
        ``first_value``, ``last_value``, ``change_pct`` with limits (percentage points of what
        is in per cent), ``q_value``, ``verdict`` (``fell``, ``rose``, ``no clear change``,
        ``too few``, ``not comparable``, ``not held`` or ``not judged``),
        ``london_change_pct``, ``against_london``, ``now_before_value`` (the plan's last year
        on the record of now), ``now_value``, ``now_change_pct``, ``now_verdict``, ``note`` and
        ``now_note`` (what bears on either change: whole sentences, and the
        labels of breaks since); ``standing`` of a survey
        to London's (``better``, ``worse``, ``unclear``), its ``longest_verdict`` over the
        longest whole years held, at most five, and ``newest_age_months``. Empty before the
        plan's second year has passed.

    Examples
    --------
    >>> harrow = Assessment.open("harrow")
    >>> table = plan_progress(harrow, followed_plan(harrow))
    >>> row = table[table["priority"] == "burglary"].iloc[0]
    >>> int(row["first_value"]), int(row["last_value"]), row["verdict"]
    (2023, 2075, 'no clear change')
    """
    if not plan.has_begun:
        return pd.DataFrame()
    offences = _offence_rows(assessment, plan)
    rows = []
    for priority in plan.priorities:
        base = {
            "priority": priority.name,
            "label": priority.label,
            "stands_in": priority.not_measured,
            "longest_verdict": "not held",
            "newest_age_months": np.nan,
        }
        if priority.name in offences:
            rows.append(base | offences[priority.name])
        for subject in priority.subjects:
            words = _SUBJECT_WORDS.get(subject, subject.replace("_", " "))
            shown = {"counted": words, "counted_short": words}
            rows.append(base | shown | _subject_row(assessment, plan, subject))
        if not priority.measures and not priority.subjects:
            rows.append(
                base
                | {"counted": "no figure", "counted_short": "no figure"}
                | _unmeasured(priority)
            )
    return pd.DataFrame(rows)


def _followed(
    assessment: Assessment,
    title: str,
    is_own: bool,
    period: Period,
    priorities: list[PlannedPriority],
) -> FollowedPlan:
    first = period[0], str(pd.Period(period[0], freq="M") + 11)
    as_of = assessment.as_of
    whole = (pd.Period(min(as_of, period[1]), freq="M") - pd.Period(period[0], freq="M")).n + 1
    # The last whole year of the plan that has passed, in its own steps of twelve months.
    last_end = str(pd.Period(period[0], freq="M") + 12 * max(whole // 12, 1) - 1)
    return FollowedPlan(
        title=title,
        is_own=is_own,
        period=period,
        priorities=tuple(priorities),
        has_begun=whole >= 24,
        has_ended=period[1] <= as_of,
        first_year=first,
        last_year=year_to(last_end),
    )


def _regime_of(assessment: Assessment) -> Regime:
    """The newest of the Mayor's schemes that has begun; the usual one before them all."""
    regimes = [load_regime(name) for name in known_regimes()]
    begun = [each for each in regimes if each.period.first <= assessment.as_of]
    if not begun:
        return load_regime(assessment.defaults.regime)
    return max(begun, key=lambda regime: regime.period.first)


def _scheme_priorities(regime: Regime) -> list[PlannedPriority]:
    """Its priorities; of a scheme that sets targets alone, what these count."""
    if regime.priorities:
        return [
            PlannedPriority(
                each.name,
                each.label,
                regime.title,
                tuple(each.measures),
                tuple(each.subjects),
                each.not_measured or "",
                True,
            )
            for each in regime.priorities
        ]
    groups = [group for measure in regime.measures for group in members(measure)]
    return [
        PlannedPriority(group, measure_label(group), regime.title, (group,), (), "", True)
        for group in dict.fromkeys(groups)
    ]


def _wide() -> set[str]:
    """Schemes that count nearly all crime."""
    return {name for name in schemes() if len(members(name)) > len(members("mopac7")) + 2}


def _offence_rows(assessment: Assessment, plan: FollowedPlan) -> dict[str, dict[str, object]]:
    """Progress of every priority that offences show, all judged together."""
    record = _record_of(assessment, plan)
    shown = [each for each in plan.priorities if each.measures]
    now_years = plan.last_year, assessment.latest_year
    then = _judged(assessment, shown, plan.first_year, plan.last_year, record)
    now = (
        _judged(assessment, shown, *now_years, NOW_RECORD)
        if _can_follow_on(assessment, plan)
        else {}
    )
    empty: dict[str, object] = {
        "now_before_value": np.nan,
        "now_value": np.nan,
        "now_change_pct": np.nan,
        "now_verdict": "not held",
        "now_note": "",
    }
    rows = {}
    for priority in shown:
        later = now.get(priority.name)
        following = empty
        if later is not None:
            following = {
                "now_before_value": later["first_value"],
                "now_value": later["last_value"],
                "now_change_pct": later["change_pct"],
                "now_verdict": later["verdict"],
                "now_note": _breaks_since(assessment, priority, now_years),
            }
        notes = then[priority.name]["note"], priority.not_measured, _found(priority)
        rows[priority.name] = then[priority.name] | following | {"note": _joined(*notes)}
        stands_in = {"stands_in": _joined(priority.not_measured, _found(priority))}
        rows[priority.name] |= stands_in
    return rows


def _breaks_since(
    assessment: Assessment, priority: PlannedPriority, years: tuple[Period, Period]
) -> str:
    """Labels of the breaks that the change since the plan's last year holds."""
    gates = [assessment.gate(measure, *years, *NOW_RECORD) for measure in priority.measures]
    named = [each.label for gate in gates for each in (*gate.blocks, *gate.notes)]
    return listed([in_sentence(label) for label in dict.fromkeys(named)])


def _found(priority: PlannedPriority) -> str:
    """Why a count of nothing but what police find shows their work as much as crime."""
    params = load_priority_params()
    is_found = bool(priority.groups) and set(priority.groups) <= set(params.found_by_police)
    return params.found_by_police_because if is_found else ""


def _record_of(assessment: Assessment, plan: FollowedPlan) -> Record | None:
    """The first record, in order of use, that holds the plan's first year and its last."""
    for record in PLAN_RECORDS:
        months = assessment.history("total_without_fraud", *record).index
        if (
            f"{months[0]:%Y-%m}" <= plan.first_year[0]
            and plan.last_year[1] <= f"{months[-1]:%Y-%m}"
        ):
            return record
    return None


def _can_follow_on(assessment: Assessment, plan: FollowedPlan) -> bool:
    first = f"{assessment.series('total').index[0]:%Y-%m}"
    is_later = plan.last_year[1] < assessment.latest_year[0]
    return is_later and plan.last_year[0] >= first


def _judged(
    assessment: Assessment,
    priorities: list[PlannedPriority],
    before: Period,
    after: Period,
    record: Record | None,
) -> dict[str, dict[str, object]]:
    """A row a priority: its offences in two years, what changed, and London's change.

    The later of the two may end in any month: a calendar of its own is compared with the
    same calendar, so a year that ends elsewhere is judged by its rate a day alone.
    """
    shared = {"first_period": " to ".join(before), "last_period": " to ".join(after)}
    if record is None:
        absent = _absent("not held") | shared
        absent["note"] = "No record holds both years."
        return {each.name: absent | _counted(each, []) for each in priorities}
    spans, on_record = (before, after), set(assessment.groups_on(*record))
    groups = {
        each.name: _groups_on(assessment, each, record, spans, on_record) for each in priorities
    }
    held = {name: chosen for name, chosen in groups.items() if chosen}
    histories = {
        name: _added_up([assessment.boroughs_history(g, *record) for g in chosen])
        for name, chosen in held.items()
    }
    code = assessment.area.area_code
    measures = {each.name: list(each.measures) for each in priorities if each.name in histories}
    table = changes_of(
        assessment,
        {name: history[code] for name, history in histories.items()},
        before,
        after,
        *record,
        measures={name: _on_list(named, record) for name, named in measures.items()},
    )
    changed = {
        name: _changed(table.T[name], history[code], before, after)
        for name, history in histories.items()
    }
    judged = {
        name: histories[name]
        for name, row in changed.items()
        if row["verdict"] not in {"not comparable", "too few"}
    }
    beside = _beside_london(assessment, judged, before, after, record)
    rows = {name: shared | row | beside.get(name, _NOT_BESIDE) for name, row in changed.items()}
    for row in rows.values():
        row |= {"basis": record[0], "offence_list": record[1]}
    for each in priorities:
        rows.setdefault(each.name, _absent("not held") | shared)
        rows[each.name] |= _counted(each, held.get(each.name, []))
    return rows


def _counted(priority: PlannedPriority, chosen: list[str]) -> dict[str, str]:
    """What was counted, in words: its measures, or the groups of them that the record holds."""
    named = [group for measure in priority.measures for group in members(measure)]
    is_whole = not chosen or set(chosen) == set(named)
    is_long = len(chosen) > MOST_GROUPS_NAMED
    names = priority.measures if is_whole or is_long else chosen
    labels = [measure_label(name, in_sentence=True) for name in names]
    part = (
        ""
        if is_whole or not is_long
        else f" ({len(chosen)} of {len(set(named))} offence groups)"
    )
    return {"counted": listed(labels) + part, "counted_short": _short(labels) + part}


def _short(labels: list[str]) -> str:
    """As many of the labels as a chart has room for, and how many more there are.

    Examples
    --------
    >>> _short(["homicide", "rape"])
    'homicide and rape'
    >>> _short(["homicide", "violence with injury", "personal robbery", "weapons", "arson"])
    'homicide, violence with injury and three others'
    """
    told = ""
    for shown in range(len(labels), 0, -1):
        left = len(labels) - shown
        more = [counted(left, "other").casefold()] if left else []
        told = listed([*labels[:shown], *more])
        if len(told) <= CHART_LETTERS:
            break
    return told


def _groups_on(
    assessment: Assessment,
    priority: PlannedPriority,
    record: Record,
    spans: tuple[Period, ...],
    on_record: set[str],
) -> list[str]:
    """Groups that the record holds in all months of the spans, so that both count the same."""
    named = [group for measure in priority.measures for group in members(measure)]
    code = assessment.area.area_code
    return [
        group
        for group in dict.fromkeys(named)
        if group in on_record
        and all(
            assessment.history(group, *record)[code].reindex(_months_of(span)).notna().all()
            for span in spans
        )
    ]


def _added_up(histories: list[pd.DataFrame]) -> pd.DataFrame:
    total = histories[0].astype(float)
    for history in histories[1:]:
        total = total + history.astype(float)
    return total


def _months_of(period: Period) -> pd.DatetimeIndex:
    return pd.date_range(period[0], period[1], freq="MS")


def _on_list(measures: list[str], record: Record) -> list[str]:
    return [measure for measure in measures if is_on_list(measure, record[1])] or measures


def _changed(
    row: pd.Series, own: pd.Series, before: Period, after: Period
) -> dict[str, object]:
    """Counts, change and verdict of one priority."""
    first, last = (own.loc[p[0] : p[1]].sum(skipna=False) for p in (before, after))
    told: dict[str, object] = {
        "shown_by": "offences",
        "unit": "offences",
        "first_value": first,
        "last_value": last,
        "change_pct": row["change_pct"],
        "change_pct_lower": row["change_pct_lower"],
        "change_pct_upper": row["change_pct_upper"],
        "q_value": row["q_value"],
        "note": str(row["note"]),
    }
    if row["is_blocked"]:
        return told | {"verdict": "not comparable"}
    if pd.isna(row["is_significant"]):
        return told | {"verdict": "too few"}
    moved = "fell" if float(row["change_count"]) < 0 else "rose"
    return told | {"verdict": moved if row["is_significant"] else "no clear change"}


_NOT_BESIDE: dict[str, object] = {
    "london_change_pct": np.nan,
    "against_london": "not judged",
}


def _beside_london(
    assessment: Assessment,
    histories: dict[str, pd.DataFrame],
    before: Period,
    after: Period,
    record: Record,
) -> dict[str, dict[str, object]]:
    """London's changes in the same years, the borough taken out of it, judged together.

    Scatter is learnt borough by borough, as where all of them are compared, from months up
    to the later year: what a plan did is not judged by months that came after it.
    """
    if not histories:
        return {}
    area_code, unusual = assessment.area.area_code, assessment.unusual_months
    # What took a step of its own in those years would be London's change too.
    stepped = {
        c for year in (before, after) for c in mixed_areas(borough_codes(), year, *record)
    }
    rows = {}
    for name, history in histories.items():
        seen = history.drop(columns=list(stepped - {area_code})).loc[: after[1]]
        scatter = seen.apply(known_dispersion, exclude=unusual)
        counts = pd.DataFrame(
            {
                f"{when}_count": seen.loc[p[0] : p[1]].sum(skipna=False)
                for when, p in (("before", before), ("after", after))
            }
        )
        rest = counts.drop(index=area_code)
        rows[name] = {
            **counts.T[area_code],
            **rest.sum(skipna=False).add_prefix("rest_"),
            "dispersion": scatter[area_code],
            "rest_dispersion": dispersion_of_sum(
                rest.sum(axis="columns"), scatter.drop(area_code)
            ),
        }
    table = against_london(pd.DataFrame.from_dict(rows, orient="index"))
    return {
        name: {
            "london_change_pct": table["london_change_pct"][name],
            "against_london": table["verdict"][name],
        }
        for name in rows
    }


def _absent(verdict: str) -> dict[str, object]:
    return {
        "shown_by": "offences",
        "standing": "not held",
        "unit": "",
        "basis": "",
        "offence_list": "",
        "first_period": "",
        "last_period": "",
        "verdict": verdict,
        "against_london": "not judged",
        "now_verdict": "not held",
        "note": "",
        "now_note": "",
        **dict.fromkeys(
            (
                "first_value",
                "last_value",
                "change_pct",
                "change_pct_lower",
                "change_pct_upper",
                "q_value",
                "london_change_pct",
                "now_before_value",
                "now_value",
                "now_change_pct",
            ),
            np.nan,
        ),
    }


def _unmeasured(priority: PlannedPriority) -> dict[str, object]:
    return _absent("not held") | {"shown_by": "nothing", "note": priority.not_measured}


def _joined(*notes: object) -> str:
    return " ".join(str(note) for note in notes if note)


def _subject_row(assessment: Assessment, plan: FollowedPlan, subject: str) -> dict[str, object]:
    """Progress of a subject that has figures of its own."""
    if subject == "public_attitudes":
        return _survey_row(assessment, plan)
    if subject in RATES:
        return _rate_row(assessment, plan, subject)
    return _special_row(assessment, plan, subject)


def _special_row(assessment: Assessment, plan: FollowedPlan, subject: str) -> dict[str, object]:
    """A subject counted by month, judged as offences are, where both years are held."""
    special = next(
        each for each in load_priority_params().special_items if each.name == subject
    )
    own = special_history(assessment, special)[assessment.area.area_code].dropna()
    row = _absent("not held") | {"shown_by": subject, "note": special.note}
    row |= {"unit": "incidents" if subject == "anti_social_behaviour" else "offences"}
    if own.empty:
        return row | {"note": _joined("No month of it is held by then.", special.note)}
    now = own.loc[assessment.latest_year[0] : assessment.latest_year[1]]
    row |= {"now_value": float(now.sum()) if len(now) == 12 else np.nan}
    spans = plan.first_year, plan.last_year
    if any(len(own.loc[p[0] : p[1]]) < 12 for p in spans):
        held = f"Months are held from {own.index[0]:%B %Y} on, not all of the plan's years."
        return row | {"note": _joined(held, special.note)}
    table = changes_of(assessment, {subject: own}, *spans)
    changed = _changed(table.T[subject], own, *spans)
    labelled = {"shown_by": subject, "unit": row["unit"]}
    return (
        row
        | changed
        | labelled
        | {"note": _joined(changed["note"], special.note)}
        | {
            "first_period": " to ".join(spans[0]),
            "last_period": " to ".join(spans[1]),
            "basis": "location",
        }
    )


def _survey_row(assessment: Assessment, plan: FollowedPlan) -> dict[str, object]:
    """Confidence in the police, in per cent; its change in percentage points."""
    survey = survey_of(assessment)
    values = survey.series(MAIN_ANSWER)
    row = _absent("not held") | {"shown_by": "public_attitudes", "unit": "%"}
    end = pd.Timestamp(plan.last_year[1]) + pd.offsets.MonthEnd(0)
    values = values[values.index <= pd.Timestamp(assessment.as_of) + pd.offsets.MonthEnd(0)]
    within = values.loc[plan.period[0] : end]
    if values.empty or within.empty:
        return row | {"note": "The survey is not held for the plan's years."}
    newest, last = values.index[-1], within.index[-1]
    row |= {
        **_survey_move(survey, "", within.iloc[0], within.iloc[-1]),
        "first_period": f"{within.index[0]:%Y-%m}",
        "last_period": f"{last:%Y-%m}",
        "first_value": within.iloc[0],
        "last_value": within.iloc[-1],
        "now_before_value": within.iloc[-1],
        "now_value": values.iloc[-1],
        "note": (
            f"Percentage points, from {month_text(within.index[0])}, the first quarter of the "
            f"plan held, to {month_text(last)}; the survey's newest quarter for the borough is "
            f"{month_text(newest)}, and {survey.sample_count} asked a year is an assumption."
        ),
    }
    if newest > last:
        since = _survey_move(survey, "now_", within.iloc[-1], values.iloc[-1])
        row |= {name: since[name] for name in ("now_change_pct", "now_verdict")}
    means = survey.boroughs(MAIN_ANSWER).mean(axis=1)
    change = float(means[last] - means[within.index[0]])
    age = pd.Period(assessment.as_of, freq="M") - pd.Period(newest, freq="M")
    return row | {
        "london_change_pct": change,
        "standing": _survey_standing(assessment),
        "longest_verdict": _longest_verdict(survey),
        "newest_age_months": age.n,
    }


def _longest_verdict(survey: Survey) -> str:
    """Whether the answer rose or fell over the longest whole years held."""
    years = longest_years(survey)
    table = changes(survey, years) if years else pd.DataFrame()
    return _moved(table.T[MAIN_ANSWER]) if MAIN_ANSWER in table.index else "not held"


def _survey_move(survey: Survey, prefix: str, before: float, after: float) -> dict[str, object]:
    """Change from one quarter's answer to another's in points, judged by itself.

    As with offences, the plan's years and those since are not judged together.
    """
    asked = survey.effective_count(MAIN_ANSWER)
    ends = pd.DataFrame({"before": [before], "after": [after]})
    moved = judged_differences(ends["before"], ends["after"], asked, asked).iloc[0]
    return {
        f"{prefix}change_pct": moved["difference_points"],
        f"{prefix}change_pct_lower": moved["difference_points_lower"],
        f"{prefix}change_pct_upper": moved["difference_points_upper"],
        f"{prefix}verdict": _moved(moved),
    }


def _survey_standing(assessment: Assessment) -> str:
    """Whether the newest answer is better or worse than London's beyond sampling error."""
    table = levels(assessment, survey_of(assessment))
    if MAIN_ANSWER not in table.index:
        return "not held"
    row = table.T[MAIN_ANSWER]
    if not bool(row["is_significant"]):
        return "unclear"
    return "better" if float(row["difference_points"]) > 0 else "worse"


def _moved(row: pd.Series) -> str:
    if not bool(row["is_significant"]):
        return "no clear change"
    return "rose" if float(row["difference_points"]) > 0 else "fell"


def _rate_row(assessment: Assessment, plan: FollowedPlan, subject: str) -> dict[str, object]:
    """A rate of a year published without its numbers: told and not judged."""
    name, measure = RATES[subject]
    table = assessment.table(name)
    table = table[
        (table["measure"] == measure)
        & (table["period_end"] <= pd.Timestamp(assessment.as_of) + pd.offsets.MonthEnd(0))
    ].dropna(subset=["value"])
    wide = table.pivot_table(index="period_end", columns="area_code", values="value")
    code = assessment.area.area_code
    row = _absent("not held") | {"shown_by": subject}
    if code not in wide:
        return row | {"note": "No year of it is held by then."}
    values = wide[code].dropna()
    unit = _unit_words(str(table["unit"].iloc[0]))
    within = values.loc[plan.first_year[0] : pd.Timestamp(plan.last_year[1] + "-28")]
    row |= {"unit": unit, "now_value": float(values.iloc[-1]), "now_verdict": "not judged"}
    row |= {"standing": "unclear"}
    note = (
        f"{measure.replace('_', ' ').capitalize()}, newest year to {values.index[-1]:%B %Y}; "
        "published without its numbers, so that no change is judged."
    )
    if len(within) < 2:
        return row | {"note": note}
    first, last = float(within.iloc[0]), float(within.iloc[-1])
    years = listed([month_text(end) for end in within.index[[0, -1]]])
    return row | {
        "first_period": f"{within.index[0]:%Y-%m}",
        "last_period": f"{within.index[-1]:%Y-%m}",
        "first_value": first,
        "last_value": last,
        # A share moves in points: a change of it in per cent would be taken for points.
        "change_pct": last - first if unit == "%" else 100 * (last / first - 1),
        "verdict": "not judged",
        "now_before_value": last,
        "note": f"Years to {years}. {note}",
    }


def _unit_words(unit: str) -> str:
    """A unit of a table as it is printed.

    Examples
    --------
    >>> _unit_words("pct"), _unit_words("per_100000_under_18")
    ('%', 'per 100,000 under 18')
    """
    words = unit.replace("_", " ").replace("pct", "%")
    return re.sub(r"\d{4,}", lambda found: number(int(found[0])), words)
