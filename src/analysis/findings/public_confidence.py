"""Sentences on public confidence: how old, beside London, the past, the target and risk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from analysis.assessment import Assessment
from analysis.assessment.confidence import (
    MAIN_ANSWER,
    MAIN_RISK,
    TWENTY,
    Perceptions,
    stopped_questions,
    survey_year,
)
from analysis.assessment.surveys import Survey
from analysis.confidence.perception import TOPICS
from analysis.data.offences import measure_label
from analysis.findings import confidence
from analysis.findings.change_words import first_named, told_within
from analysis.findings.finding import Finding, Piece, note
from analysis.findings.loading import records_not_loaded
from analysis.params.areas import LONDON_CODE, area_name
from analysis.params.measure_names import survey_label
from analysis.params.plans import Plan
from analysis.wording import (
    counted,
    listed,
    month_text,
    number,
    number_word,
    place_words,
    range_words,
    rank_range_brief,
    with_unit,
    year_ending,
)

BOROUGHS: Final = 32
MANY_RANKS: Final = 10
# To be "among the lowest" so many is to be nowhere in particular.

OLD_MONTHS: Final = 12
# A figure older than a year says little of today.

ASSUMED: Final = "sample sizes are not published, so intervals rest on an assumed number asked"


def newest(assessment: Assessment, survey: Survey, table: pd.DataFrame) -> Finding:
    """How old the newest figure is, and what it says.

    Parameters
    ----------
    assessment : Assessment
    survey : Survey
        As ``surveys.survey_of`` gives it.
    table : DataFrame
        As ``assessment.confidence.levels`` returns it.

    Returns
    -------
    Finding
    """
    area = assessment.area.area_name
    if not survey.is_held:
        return _silent(survey, f"The survey held says nothing of {area} by then")
    age, end = survey.age_months, month_text(survey.quarter)
    own, mine = survey.series(MAIN_ANSWER), table.T[MAIN_ANSWER]
    limits = f"{number(mine['value_pct_lower'])} to {number(mine['value_pct_upper'])}%"
    london = survey.series(MAIN_ANSWER, LONDON_CODE)
    sentence = (
        f"The borough figures held end with the quarter to {end}, "
        f"{_age_words(age, survey)}. Then "
        f"{with_unit(own.iloc[-1], '%')} of those asked in {area} agreed that police do a good "
        f"job locally (95% interval {limits})"
    )
    if survey.quarter in london.index:
        sentence += f"; {with_unit(london[survey.quarter], '%')} did in London"
    detail = (
        f"London's own figure goes on to {month_text(london.index[-1])}, when it was "
        f"{with_unit(london.iloc[-1], '%')}: what became of {area}'s since is not known."
        if len(london) and london.index[-1] > survey.quarter
        else ""
    )
    is_old = age > OLD_MONTHS
    return Finding(
        heading=_share_heading(area, own.iloc[-1], survey.quarter),
        sentence=f"{sentence}.",
        certainty="low" if is_old else "moderate",
        because=f"{'the figure is more than a year old, and ' if is_old else ''}{ASSUMED}",
        detail=detail,
    )


def levels(assessment: Assessment, survey: Survey, table: pd.DataFrame) -> Finding:
    """Which answers differ from London's beyond chance, all looked at together.

    Parameters
    ----------
    assessment : Assessment
    survey : Survey
    table : DataFrame
        As ``assessment.confidence.levels`` returns it.
    """
    area = assessment.area.area_name
    if table.empty or table["is_significant"].isna().all():
        return _silent(survey, f"{area} cannot be set beside London's answers")
    judged = table.dropna(subset=["is_significant"])
    real = judged[judged["is_significant"].astype(bool)]
    above, below = real[real["difference_points"] > 0], real[real["difference_points"] < 0]
    both = [(word, rows) for word, rows in (("above", above), ("below", below)) if len(rows)]
    judged_words = f"Of {counted(len(judged), 'question').lower()} in the year to"
    parts = [
        f"{number_word(len(rows))} {'is' if len(rows) == 1 else 'are'} {word} London's beyond "
        f"chance: {first_named(_points_of(rows))}"
        for word, rows in both
    ]
    told = "; ".join(parts) or "none can be told apart from London's"
    return Finding(
        heading=_levels_heading(area, len(above), len(below), len(judged)),
        sentence=(f"{judged_words} {month_text(survey.quarter)}, {told}."),
        certainty="moderate",
        because=f"the verdicts allow for all questions together, but {ASSUMED}",
        detail=" ".join(
            f"{word.capitalize()} London's: {listed(_points_of(rows))}."
            for word, rows in both
            if len(rows) > 2
        ),
    )


def changes(
    assessment: Assessment,
    survey: Survey,
    recent: pd.DataFrame,
    earlier: pd.DataFrame,
    years: int,
) -> Finding:
    """Which answers changed beyond chance over a year, and over more.

    Parameters
    ----------
    assessment : Assessment
    survey : Survey
    recent, earlier : DataFrame
        As ``assessment.confidence.changes`` returns them, over one year and over ``years``.
    years : int
    """
    area = assessment.area.area_name
    if recent.empty:
        return _silent(survey, f"No change in {area}'s answers can be told yet")
    back = ""
    if years > 1 and MAIN_ANSWER in earlier.index:
        back = f" {_main_change(earlier.T[MAIN_ANSWER], years)}"
    sentence = _changed(recent, back)
    real = recent[recent["is_significant"].astype(bool)]
    heading = _changes_heading(area, real, "a year")
    if years > 1 and MAIN_ANSWER in earlier.index:
        before = earlier[earlier["is_significant"].astype(bool)]
        span = f"{number_word(years)} years"
        heading = _changes_heading(area, before, span) if len(before) else heading
        heading = _relative_heading(area, earlier.T[MAIN_ANSWER], years) or heading
    return Finding(
        heading=heading,
        sentence=sentence,
        certainty="moderate",
        because=(
            "quarters a year apart share no answers, but a change of less than about "
            f"{number(survey.least_change_points(MAIN_ANSWER))} points cannot be seen in a "
            "borough's sample"
        ),
        detail=_all_changed(recent, earlier, years),
    )


def _main_change(main: pd.Series, years: int) -> str:
    points = range_words(
        main["difference_points_lower"], main["difference_points_upper"], decimals=0
    )
    return (
        f"Over {number_word(years)} years agreement that police do a good job moved by "
        f"{number(main['difference_points'], 0, signed=True)} points (95% interval {points}), "
        f"London's by {number(main['london_points'], 0, signed=True)}: the borough "
        f"{_on_london(main)}."
    )


def _all_changed(recent: pd.DataFrame, earlier: pd.DataFrame, years: int) -> str:
    """Every answer that moved beyond chance, where the sentence does not name all."""
    spans = [(recent, "a year")]
    if years > 1 and len(earlier):
        spans.append((earlier, f"{number_word(years)} years"))
    told = []
    for table, span in spans:
        real = table[table["is_significant"].astype(bool)]
        if len(real):
            told.append(f"Beyond chance in {span}: {listed(_points_of(real))}.")
        elif table is earlier:
            told.append(f"No answer moved beyond chance in {span}.")
    return " ".join(told)


def standing(assessment: Assessment, survey: Survey, table: pd.DataFrame) -> Finding:
    """Where the borough ranks by confidence, with the ranks that sampling leaves open."""
    area = assessment.area.area_name
    main = table.T.get(MAIN_ANSWER) if len(table) else None
    if main is None:
        return _silent(survey, f"{area} cannot be ranked by confidence")
    low, high = int(main["confidence_rank_lower"]), int(main["confidence_rank_upper"])
    trust = table.T.get("trust_mps")
    also = ""
    if trust is not None:
        ends = int(trust["confidence_rank_lower"]), int(trust["confidence_rank_upper"])
        also = f" By trust in the Metropolitan Police it could be anywhere {_span(*ends)}."
    return Finding(
        heading=_rank_heading(area, low, high),
        sentence=(
            f"By agreement that police do a good job locally {area} is the "
            f"{_joint_place(main)} of 32 boroughs as published; chance in sampling could put "
            f"it anywhere {_span(low, high)}.{also}"
        ),
        certainty="moderate",
        because=ASSUMED,
        is_key=False,
    )


def target(
    assessment: Assessment,
    survey: Survey,
    answers: list[dict[str, object]],
    table: pd.DataFrame,
    *,
    is_own: bool,
) -> Finding:
    """The target of confidence in points and in per cent, or what 20 per cent would mean.

    Parameters
    ----------
    assessment : Assessment
    survey : Survey
    answers : list of dict
        Targets as ``survey_target`` gives them: the plan's or the Mayor's.
    table : DataFrame
        As ``assessment.confidence.twenty_per_cent`` returns it.
    is_own : bool
        Whether the borough's plan sets them.
    """
    told = confidence.surveys(assessment, answers)
    both = _either_way(assessment, table)
    if is_own:
        return Finding(
            heading=told.heading,
            sentence=told.sentence,
            certainty=told.certainty,
            because=told.because,
            detail=f"{told.detail}{both}",
        )
    which = "plan" if assessment.plan is not None else "area"
    where = f"{assessment.area.area_name}'s plan" if which == "plan" else "No plan held"
    return Finding(
        heading=f"{where} sets {'no' if which == 'plan' else 'a'} target of confidence",
        sentence=told.sentence if answers else "Nor does the Mayor's scheme.",
        certainty=told.certainty,
        because=told.because,
        is_key=False,
        detail=f"{told.detail}{both}".strip(),
    )


def gap(assessment: Assessment, survey: Survey, table: pd.DataFrame) -> Finding:
    """Whether confidence stands where the borough's recorded risk would put it.

    Parameters
    ----------
    assessment : Assessment
    survey : Survey
    table : DataFrame
        As ``assessment.confidence.gaps`` returns it.
    """
    area = assessment.area.area_name
    if table.empty:
        return _silent(survey, f"{area}'s confidence cannot be set beside recorded risk")
    others = _gaps_beyond(table)
    year = f"the {year_ending(survey_year(survey)[1])}"
    mine = table.T.get(assessment.area.area_code)
    if mine is None:
        return Finding(
            heading=f"{area} is left out of the confidence-risk gap",
            sentence=f"Its answer of {year} is not published.{others}",
            certainty="not known",
            because="without an answer nothing can be set beside recorded crime",
        )
    return Finding(
        heading=_gap_heading(area, mine),
        sentence=(
            f"In {year} {area}'s agreement was {_points_from(mine)} what boroughs with as "
            "much recorded crime have. Its place by confidence less that by recorded "
            f"safety is {number(mine['gap'], 1, signed=True)} standard deviations (95% "
            f"interval {range_words(mine['gap_lower'], mine['gap_upper'])}){_alone(mine)}."
        ),
        certainty="moderate",
        because=(
            "intervals of survey and crime are both simulated, but residents are not all who "
            "are in a borough by day, and recorded risk is what was reported"
        ),
        detail=(
            f"Confidence stood {_deviations(mine['confidence_z'])} and safety by recorded "
            f"crime {_deviations(mine['safety_z'])} the mean of the boroughs; a standard "
            f"deviation is how far boroughs usually lie from that mean.{others} This is "
            "confidence and not fear: the published survey does not ask about fear, worry or "
            "feeling safe."
        ),
    )


def _gaps_beyond(table: pd.DataFrame) -> str:
    beyond = table[table["is_significant"].astype(bool)].sort_values("gap")
    names = [
        f"{area_name(str(code))} ({number(value, 1, signed=True)})"
        for code, value in beyond["gap"].items()
    ]
    if not names:
        return " No borough's gap is beyond chance."
    return f" Beyond chance with all boroughs looked at together: {listed(names)}."


def pairs(assessment: Assessment, survey: Survey, table: pd.DataFrame) -> Finding:
    """Whether boroughs with more recorded risk have less confidence, read in every way.

    Parameters
    ----------
    assessment : Assessment
    survey : Survey
    table : DataFrame
        As ``assessment.confidence.gap_pairs`` returns it.
    """
    if table.empty:
        return _silent(survey, "Confidence and recorded risk cannot be compared")
    count = int(table["is_correlated"].astype(bool).sum())
    main = table.iloc[0]
    verdicts = int(table["is_significant"].fillna(value=False).astype(bool).sum())
    link = "no clear link" if not count else "a link" if count == len(table) else "a faint link"
    return Finding(
        heading=f"Across boroughs there is {link} between recorded crime and confidence",
        sentence=(
            f"Ranks of police doing a good job and of "
            f"{measure_label(MAIN_RISK, in_sentence=True)} per resident correlate by "
            f"{number(main['correlation'], 2)} (95% interval "
            f"{number(main['correlation_lower'], 2)} to "
            f"{number(main['correlation_upper'], 2)}; minus one would be the opposite order). "
            f"Of "
            f"{counted(len(table), 'way').lower()} to pair a question with a risk, "
            f"{number_word(count)} {'shows' if count == 1 else 'show'} a correlation beyond "
            f"chance; {assessment.area.area_name}'s own gap is beyond chance in "
            f"{number_word(verdicts)}."
        ),
        certainty="moderate",
        because="32 boroughs are few, and sampling error draws correlations towards zero",
        is_key=False,
    )


def moves(survey: Survey, table: pd.DataFrame) -> Finding:
    """Whether confidence moves with recorded crime over time, within boroughs.

    Parameters
    ----------
    survey : Survey
    table : DataFrame
        As ``assessment.confidence.moves`` returns it.
    """
    if table.empty:
        return _silent(survey, "Whether confidence moves with crime cannot be told yet")
    main, known = table.iloc[0], table.dropna(subset=["points_per_tenth"])
    count = int(known["is_significant"].astype(bool).sum())
    heading = (
        "Confidence shows no clear move with recorded crime within boroughs"
        if not count
        else "Confidence moved with recorded crime within boroughs on some readings"
    )
    return Finding(
        heading=heading,
        sentence=(
            f"Over {number(main['year_count'])} years and {number(main['area_count'])} "
            "boroughs, with what all London shares in a year taken out, a tenth more recorded "
            "crime went with a change in agreement that police do a good job of "
            f"{number(main['points_per_tenth'], 1, signed=True)} points (95% interval "
            f"{range_words(main['points_per_tenth_lower'], main['points_per_tenth_upper'])}). "
            f"Of {counted(len(known), 'pair').lower()} of question and crime, "
            f"{number_word(count)} {'shows' if count == 1 else 'show'} a link beyond chance. "
            "It is an association, not an effect, whichever way it points."
        ),
        certainty="moderate",
        because="errors of both figures draw such a slope towards zero",
        is_key=False,
    )


def together(survey: Survey, table: pd.DataFrame) -> Finding:
    """Which answers are high in the same boroughs as police doing a good job."""
    if table.empty or table["correlation"].isna().all():
        return _silent(survey, "Which answers go together cannot be told yet")
    rows = table.sort_values("correlation", ascending=False)
    real = rows[rows["is_significant"].fillna(value=False).astype(bool)]
    first = str(rows.index[0])
    named = [
        f"{survey_label(str(m), in_sentence=True)} ({number(row['correlation'], 2)})"
        for m, row in real.iterrows()
    ]
    apart = [survey_label(str(m), in_sentence=True) for m in rows.index.difference(real.index)]
    return Finding(
        heading=f"Confidence goes with {survey_label(first, in_sentence=True)}",
        sentence=(
            f"Averaged over {counted(int(rows['year_count'].max()), 'year').lower()} that "
            f"share no answers, boroughs' ranks on police doing a good job go with "
            f"{listed(named)}"
            + (f", and not clearly with {listed(apart)}" if apart else "")
            + ". It says which answers go together, not which moves the other: changes over "
            "time within a borough are not told apart, since the same people answer every "
            "question and their chance is shared."
        )
        if named
        else "No answer goes with police doing a good job beyond chance.",
        certainty="moderate",
        because="32 boroughs, averaged over years so that little sampling error is left",
        is_key=False,
    )


def perceptions(assessment: Assessment, found: Perceptions | None) -> Finding:
    """The perception gap proper, from the partnership's own survey, or who holds it.

    Parameters
    ----------
    assessment : Assessment
    found : Perceptions or None
        As ``assessment.confidence.perceptions`` returns it.
    """
    if found is None:
        told = records_not_loaded(
            assessment,
            "engagement_survey",
            heading="Whether fear matches risk: no survey of fear is loaded",
        )
        return Finding(
            heading=told.heading,
            sentence=(
                "The published survey asks about confidence in the police, and not about fear, "
                f"worry or feeling safe. {told.sentence}"
            ),
            certainty=told.certainty,
            because=told.because,
            is_key=False,
        )
    table, area = found.table, assessment.area.area_name
    parts = [_perceived(str(question), row) for question, row in table.iterrows()]
    return Finding(
        heading=_perception_heading(area, table),
        sentence=parts[0],
        certainty="moderate" if not found.is_weighted else "low",
        because=(
            "the survey is the partnership's own"
            + (", its counts are weighted, which widens intervals" if found.is_weighted else "")
            + (" and wards are added up unweighted" if found.is_sum_of_wards else "")
            + "; limits suppose that respondents were drawn at random"
        ),
        detail=" ".join(parts[1:]),
    )


def engagement(assessment: Assessment, log: pd.DataFrame, duties: pd.DataFrame) -> Finding:
    """What the plan records of engaging the community, and what the regulations still ask.

    Parameters
    ----------
    assessment : Assessment
    log, duties : DataFrame
        As ``assessment.engagement.log`` and ``duties`` return them.
    """
    plan, area = assessment.plan, assessment.area.area_name
    if plan is None:
        return Finding(
            heading=f"No plan is held for {area}, so no engagement can be shown",
            sentence=(
                "What it records of meetings, surveys and consultations is not known here; "
                "README.md says how a plan is added."
            ),
            certainty="not known",
            because="no plan is held",
            is_key=False,
        )
    return Finding(
        heading=_engagement_heading(log, duties),
        sentence=_recorded_engagement(plan, log, duties),
        certainty="high",
        because="it follows from the plan as held; what was done and not recorded is not seen",
        is_key=False,
    )


def _engagement_heading(log: pd.DataFrame, duties: pd.DataFrame) -> str:
    if len(log):
        return f"{counted(len(log), 'step')} of engagement recorded in the plan held"
    if duties["is_recorded"].astype(bool).any():
        return "The plan held records its publicity and no other engagement"
    return "No engagement is recorded in the plan held"


def _recorded_engagement(plan: Plan, log: pd.DataFrame, duties: pd.DataFrame) -> str:
    short = duties[~duties["is_recorded"].astype(bool)]
    if short.empty:
        return f"{plan.title}: all that the regulations ask of engagement is recorded."
    said = plan.statutory.f.held
    promise = (
        f" On engagement the plan's text says: {said[:1].lower()}{said[1:]}" if said else ""
    )
    community = (
        " Those held are not with people who live or work there." if _is_inside(plan) else ""
    )
    lacking = [str(text)[:1].lower() + str(text)[1:] for text in short["duty"]]
    return (
        f"{plan.title}: {counted(len(log), 'step').lower()} recorded.{community} Of "
        f"{counted(len(duties), 'thing').lower()} that the regulations ask of engagement, "
        f"{number_word(len(short))} {'has' if len(short) == 1 else 'have'} no record: "
        f"{listed(lacking)}.{promise}"
    )


def sampling(survey: Survey) -> Piece:
    """How many are assumed asked, and what the figures' own scatter makes of it."""
    told = [m for m in survey.scatter if survey.scatter[m].difference_count]
    if not told:
        return note(
            f"Sample sizes are not published: {number(survey.sample_count)} persons are "
            "assumed asked in a borough in a year, and, for want of quarters to find it from, "
            f"a design effect of {number(survey.scatter[MAIN_ANSWER].design_effect, 1)}."
        )
    least, most = (
        end((survey.scatter[m].effective_count, m) for m in told) for end in (min, max)
    )
    if survey.is_effect_given:
        origin = "a design effect that was chosen"
    else:
        origin = (
            "how boroughs' figures move from one quarter to the next, London's movement taken "
            "out (true local change within a quarter counts as scatter, so intervals are on "
            "the wide side)"
        )
    return note(
        "Sample sizes are not published. An assumed "
        f"{number(survey.sample_count)} persons asked in a borough in a year are counted as "
        f"worth {number(least[0])} ({survey_label(least[1], in_sentence=True)}) to "
        f"{number(most[0])} ({survey_label(most[1], in_sentence=True)}) drawn at random, a "
        f"design effect of {number(survey.scatter[most[1]].design_effect, 1)} to "
        f"{number(survey.scatter[least[1]].design_effect, 1)}, from {origin}. Weights, "
        "clusters and who declines do that. Another number is a parameter of this notebook."
    )


def rolling(survey: Survey) -> list[Piece]:
    """The evidence that figures cover four quarters; nothing where it is not seen."""
    ratio = survey.scatter[MAIN_ANSWER].year_ratio
    if not np.isfinite(ratio):
        return []
    return [
        note(
            "Each figure looks to cover four quarters: boroughs' changes over a year vary "
            f"{number(ratio, 1)} times as much as those over a quarter, about four times being "
            "what figures that cover a year give and once what single quarters would. So "
            "figures are never averaged again, and quarters less than a year apart are not "
            "compared."
        )
    ]


def stopped(survey: Survey) -> list[Piece]:
    """Which questions London's own series no longer asks; nothing where none has ended."""
    ended = stopped_questions(survey)
    if not ended:
        return []
    names = [survey_label(measure, in_sentence=True) for measure in sorted(ended)]
    last = month_text(max(ended.values()))
    return [
        note(
            f"{counted(len(names), 'question')} of London's own series, {listed(names)}, "
            f"{'stops' if len(names) == 1 else 'stop'} in {last}; the boroughs' file goes on "
            "with them, and London's figure beside them there is used. Trust in the "
            "Metropolitan Police has no London series of its own either."
        )
    ]


def not_asked() -> Piece:
    """What the survey published does not ask."""
    return note(
        "The published survey asks about the police. It has no measure of fear, worry or "
        "feeling safe, so the gap between fear and risk is shown only from a survey that the "
        "partnership loads."
    )


def _silent(survey: Survey, heading: str) -> Finding:
    return Finding(
        heading=heading,
        sentence=(
            "The Public Attitude Survey held begins with the quarter to "
            f"{month_text(survey.held_from)} for boroughs, and as far as it may be seen by "
            f"{month_text(pd.Timestamp(survey.as_of))} it shows too little for this."
        ),
        certainty="not known",
        because="the survey's figures of that time are not held",
        is_key=False,
    )


def _share_heading(area: str, share: float, quarter: pd.Timestamp) -> str:
    # The month by name: a report is read long after it was made.
    return (
        f"In {month_text(quarter)}, {with_unit(share, '%')} in {area} rated local police good"
    )


def _age_words(age: int, survey: Survey) -> str:
    if not age:
        return "the last month seen"
    return f"{counted(age, 'month').lower()} before {month_text(pd.Timestamp(survey.as_of))}"


def _points_of(rows: pd.DataFrame) -> list[str]:
    order = rows["difference_points"].abs().sort_values(ascending=False).index
    return [
        f"{survey_label(str(m), in_sentence=True)} "
        f"({number(rows['difference_points'][m], 0, signed=True)} points)"
        for m in order
    ]


def _levels_heading(area: str, above: int, below: int, count: int) -> str:
    if not above and not below:
        return f"{area}'s answers cannot be told from London's"
    if above and below:
        up, down = number_word(above), number_word(below)
        return f"{area}: above London on {up}, below on {down} of {number_word(count)}"
    word = "above" if above else "below"
    told = f"{number_word(above or below)} of {number_word(count)}"
    return f"{area} is {word} London on {told} questions"


def _changes_heading(area: str, real: pd.DataFrame, span: str) -> str:
    if real.empty:
        return f"No answer in {area} changed beyond chance in {span}"
    up, down = (real["difference_points"] > 0).sum(), (real["difference_points"] < 0).sum()
    parts = [
        f"{number_word(int(some))} {verb}"
        for some, verb in ((up, "rose"), (down, "fell"))
        if some
    ]
    return f"{area}'s answers: {', '.join(parts)} in {span}"


def _on_london(main: pd.Series) -> str:
    points = float(main["relative_points"])
    if pd.isna(points):
        return "cannot be set beside it"
    ends = range_words(main["relative_points_lower"], main["relative_points_upper"], decimals=0)
    unit = f"{'point' if abs(round(points)) == 1 else 'points'} ({ends})"
    if not bool(main["is_relative_significant"]):
        # Its direction stands in the sign, which the interval has too.
        return f"moved by {number(points, signed=True)} {unit} against it, within chance"
    return f"{'gained' if points > 0 else 'lost'} {number(abs(points))} {unit}"


def _relative_heading(area: str, main: pd.Series, years: int) -> str:
    if pd.isna(main["relative_points"]) or not bool(main["is_relative_significant"]):
        return ""
    verb = "gained" if main["relative_points"] > 0 else "lost"
    points = number(abs(main["relative_points"]))
    return f"{area}'s confidence {verb} {points} points on London in {number_word(years)} years"


def _changed(table: pd.DataFrame, back: str) -> str:
    """What moved in a year, as many named as leave room for the longer look back."""
    real = table[table["is_significant"].astype(bool)]
    of = counted(len(table), "answer").lower()
    count = number_word(len(real))
    opening = f"{count[:1].upper()}{count[1:]} of {of} moved beyond chance in a year"
    order = real["difference_points"].abs().sort_values(ascending=False).index

    def tell(named: Sequence[str]) -> str:
        told = [
            f"{survey_label(name, in_sentence=True)} "
            f"({with_unit(real['before_pct'][name], '%')} to "
            f"{with_unit(real['after_pct'][name], '%')})"
            for name in named
        ]
        more = len(real) - len(named)
        told += [counted(more, "other").casefold()] if told and more else []
        return f"{opening}{': ' if told else ''}{listed(told)}.{back}"

    return told_within(tell, list(map(str, order)), least=0)


def _rank_heading(area: str, low: int, high: int) -> str:
    if low == high:
        return f"{area} has the {place_words(low, BOROUGHS)} confidence of 32 boroughs"
    if high == BOROUGHS and high - low < MANY_RANKS:
        return (
            f"{area} is among the {number_word(BOROUGHS - low + 1)} boroughs of most confidence"
        )
    if low == 1 and high < MANY_RANKS:
        return f"{area} is among the {number_word(high)} boroughs of least confidence"
    ranks = rank_range_brief(low, high, BOROUGHS)
    return f"{area}'s confidence ranks {ranks} of 32 boroughs"


def _joint_place(row: pd.Series) -> str:
    """A place as published, counted from the end that is named, and whether it is shared."""
    low, from_highest = (
        int(row[name]) for name in ("confidence_rank", "confidence_rank_from_highest")
    )
    place = low if low <= from_highest else BOROUGHS + 1 - from_highest
    shared = "joint " if int(row["tied_count"]) > 1 else ""
    return f"{shared}{place_words(place, BOROUGHS)}"


def _span(low: int, high: int) -> str:
    if low == high:
        return f"the {place_words(low, BOROUGHS)}"
    return f"from the {place_words(low, BOROUGHS)} to the {place_words(high, BOROUGHS)}"


def _either_way(assessment: Assessment, table: pd.DataFrame) -> str:
    main = table.T.get(MAIN_ANSWER) if len(table) else None
    if main is None or pd.isna(main["by_points_pct"]):
        return ""
    return (
        f" From {assessment.area.area_name}'s newest {with_unit(main['base_pct'], '%')}, up by "
        f"{number(TWENTY)} would be {with_unit(main['by_percent_pct'], '%')} read as per cent "
        f"of the base ({number(main['percent_in_points'], 1, signed=True)} points) and "
        f"{with_unit(main['by_points_pct'], '%')} read as points "
        f"({with_unit(main['points_in_percent'], '%', signed=True)})."
    )


def _gap_heading(area: str, mine: pd.Series) -> str:
    if not _is_beyond_alone(mine):
        if _is_off_expected(mine):
            word = "above" if mine["from_expected_points"] > 0 else "below"
            return f"{area}'s confidence may be {word} what its recorded crime suggests"
        return f"{area}'s confidence is not out of line with recorded crime"
    word = "above" if mine["gap"] > 0 else "below"
    verb = "stands" if bool(mine["is_significant"]) else "may stand"
    return f"{area}'s confidence {verb} {word} its place by recorded crime"


def _alone(mine: pd.Series) -> str:
    """What the gap's interval leaves unsaid: the verdict, where the two readings differ."""
    if bool(mine["is_significant"]):
        return ""
    if _is_beyond_alone(mine):
        return ", beyond chance alone, not among so many"
    return ", within chance" if _is_off_expected(mine) else ""


def _is_beyond_alone(mine: pd.Series) -> bool:
    return bool(mine["is_significant"]) or not mine["gap_lower"] <= 0 <= mine["gap_upper"]


def _is_off_expected(mine: pd.Series) -> bool:
    ends = mine["from_expected_points_lower"], mine["from_expected_points_upper"]
    return not ends[0] <= 0 <= ends[1]


def _deviations(value: float) -> str:
    return f"{number(abs(value), 1)} standard deviations {'above' if value >= 0 else 'below'}"


def _points_from(mine: pd.Series) -> str:
    value = float(mine["from_expected_points"])
    word = "above" if value >= 0 else "below"
    ends = range_words(
        mine["from_expected_points_lower"], mine["from_expected_points_upper"], decimals=0
    )
    unit = "point" if abs(round(value)) == 1 else "points"
    return f"{number(abs(value))} {unit} {word} (95% interval {ends})"


def _perception_heading(area: str, table: pd.DataFrame) -> str:
    rise = table.T.get("crime_gone_up")
    if rise is not None and pd.notna(rise["gap_points"]):
        share = with_unit(rise["gap_points"], "%")
        if rise["recorded_direction"] == 1:
            return f"{share} in {area} have not seen a rise that the record shows"
        return f"{share} in {area} think crime rose, which the record does not show"
    question, first = str(table.index[0]), table.iloc[0]
    return f"{TOPICS[question].label} in {area}: {with_unit(first['value_pct'], '%')}"


def _perceived(question: str, row: pd.Series) -> str:
    topic = TOPICS[question]
    share = (
        f"{topic.label}: {with_unit(row['value_pct'], '%')} of "
        f"{number(row['respondent_count'])} in {month_text(row['month'])} (95% interval "
        f"{number(row['value_pct_lower'])} to {with_unit(row['value_pct_upper'], '%')}"
        f"{_perceived_change(row)})"
    )
    if topic.is_rise:
        return f"{share}{_borne_out(row)}."
    per_100 = row["recorded_per_100"]
    if pd.isna(per_100):
        return f"{share}; what was recorded is not whole for that year."
    return (
        f"{share}; {number(per_100, 2)} were recorded per 100 residents in the year"
        f"{_recorded_change(row)}."
    )


def _perceived_change(row: pd.Series) -> str:
    way = row["perceived_direction"]
    if pd.isna(way):
        return ""
    if not way:
        return "; no clear change on the year before"
    return f"; {number(row['change_points'], 0, signed=True)} points on the year before"


def _recorded_change(row: pd.Series) -> str:
    words = {-1.0: ", a fall", 0.0: ", no clear change", 1.0: ", a rise"}
    told = words.get(row["recorded_direction"], "")
    return f"{told} on the year before" if told else ""


def _borne_out(row: pd.Series) -> str:
    words = {-1.0: "fell", 0.0: "showed no clear change", 1.0: "rose"}
    recorded = words.get(row["recorded_direction"], "")
    if not recorded or pd.isna(row["gap_points"]):
        return "; whether recorded crime rose cannot be told"
    return (
        f"; recorded crime {recorded} on the year before, so the record does not bear out "
        f"{with_unit(row['gap_points'], '%')} ({number(row['gap_points_lower'])} to "
        f"{with_unit(row['gap_points_upper'], '%')})"
    )


def _is_inside(plan: Plan) -> bool:
    steps = plan.engagement
    return bool(steps) and all(step.groups == ["partners"] for step in steps)
