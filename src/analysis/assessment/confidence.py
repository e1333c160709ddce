"""Public confidence of a borough: the survey's answers beside London, the past and risk.

Every function takes the assessment first and the survey as ``surveys.survey_of`` gives it.
The figures of the survey cover four quarters each, so nothing is averaged over quarters, and
change is judged only between quarters a year or more apart, which share no answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy import stats

from analysis.assessment.assessment import Assessment, Period, year_to
from analysis.assessment.surveys import Survey, survey_target
from analysis.assessment.target_choice import plan_targets
from analysis.confidence.gap import confidence_risk_gap
from analysis.confidence.movement import within_areas_slope
from analysis.confidence.perception import (
    ASB_INCIDENTS,
    TOPICS,
    YEAR_MONTHS,
    perceived_shares,
    perception_gap,
)
from analysis.confidence.sampling import (
    combined_limits,
    judged_differences,
    survey_limits,
    with_verdicts,
)
from analysis.confidence.standing import confidence_ranks
from analysis.data.partner import load_partner_table
from analysis.measures.change import known_dispersion
from analysis.measures.rank_correlation import rank_correlation
from analysis.measures.rates import crime_rate, scattered_limits
from analysis.params.areas import LONDON_CODE, borough_codes

MAIN_ANSWER: Final = "good_job_local"
# The question that the Mayor's targets of confidence are set on.
ANSWERS: Final = (MAIN_ANSWER, "trust_mps")
# The two that are about the police as a whole.

MAIN_RISK: Final = "total"
RISKS: Final = (MAIN_RISK, "neighbourhood_crime", "harm")
# Recorded risk in three ways: all offences, those that come to people's doors, and harm.

MOVING_RISKS: Final = ("total_without_fraud", "neighbourhood_crime")
# Fraud's leaving the record is no change of risk.

FEWEST_YEARS: Final = 3
# Fewer leave too much of the chance that answers of one sample share.

LOOK_BACK_YEARS: Final = 5
# Far enough to see past COVID restrictions, and longer than a plan.

TWENTY: Final = 20.0
# The Mayor's "confidence up by 20 %" of 2013, read as points and as per cent of the base.

WIDTH_95: Final = 1.96


@dataclass(frozen=True)
class Perceptions:
    """A partnership's own survey beside the record.

    ``table`` is as ``perception_gap`` returns it; ``is_weighted`` says whether any count is
    weighted; ``seen_month`` is the last month of recorded crime that it stands beside.
    """

    table: pd.DataFrame
    is_weighted: bool
    is_sum_of_wards: bool
    respondent_count: int


def levels(assessment: Assessment, survey: Survey) -> pd.DataFrame:
    """Every question's newest answer, beside London's and among the boroughs.

    Returns
    -------
    DataFrame, index the question
        ``value_pct`` with limits, ``sample_count`` (effective), ``london_pct``,
        ``difference_points`` (borough less London) with limits, ``p_value``, ``q_value``,
        ``is_significant`` (judged over the questions), ``confidence_rank`` from the lowest
        with ``_lower``, ``_upper`` and ``_from_highest``, and ``tied_count``. Empty where the
        survey says nothing of the borough.
    """
    if not survey.is_held:
        return pd.DataFrame()
    measures = survey.measures
    own = _newest(survey)
    london = pd.Series({m: survey.series(m, LONDON_CODE).get(survey.quarter) for m in measures})
    asked = pd.Series({m: survey.effective_count(m) for m in measures})
    # London's answers hold the borough's thirty-second part; leaving that out of account
    # makes the difference look a shade less sure than it is.
    judged = judged_differences(
        london.astype(float), own, asked * len(borough_codes()), asked
    ).rename(columns={"before_pct": "london_pct"})
    table = survey_limits(own, asked).join(judged.drop(columns="after_pct"))
    ranks = [_ranks(assessment, survey, measure) for measure in measures]
    ranked = pd.DataFrame(ranks, index=pd.Index(measures))
    return table.assign(sample_count=asked).join(ranked)


def changes(survey: Survey, years: int = 1) -> pd.DataFrame:
    """Change of every answer over some whole years to the newest quarter.

    Returns
    -------
    DataFrame, index the question
        As ``judged_differences`` returns it, judged over the questions, with
        ``london_points``, London's change over the same years, and ``relative_points``, the
        borough's change less London's, with ``_lower``, ``_upper`` and
        ``is_relative_significant``, likewise judged. Questions that were not asked then are
        left out; perhaps empty.
    """
    if not survey.is_held:
        return pd.DataFrame()
    before, now = _years_before(survey, years), survey.quarter
    rows = {}
    for measure in survey.measures:
        own, london = survey.series(measure), survey.series(measure, LONDON_CODE)
        if before in own.index:
            ends = london.get(before, np.nan), london.get(now, np.nan)
            rows[measure] = (own[before], own[now], survey.effective_count(measure), *ends)
    if not rows:
        return pd.DataFrame()
    names = ["before", "after", "asked", "london_before", "london_after"]
    told = pd.DataFrame.from_dict(rows, orient="index", columns=names).astype(float)
    judged = judged_differences(told["before"], told["after"], told["asked"], told["asked"])
    return judged.join(_relative(judged, told))


def longest_years(survey: Survey) -> int:
    """Whole years that the borough's series reaches back, at most five; 0 for none."""
    if not survey.is_held:
        return 0
    first = survey.series(MAIN_ANSWER).index.min()
    reach = next(
        (y for y in range(LOOK_BACK_YEARS, 0, -1) if _years_before(survey, y) >= first), 0
    )
    return int(reach)


def history(survey: Survey, measure: str = MAIN_ANSWER) -> pd.DataFrame:
    """The borough's share by quarter with limits, beside London's.

    Returns
    -------
    DataFrame
        ``quarter``, ``value_pct`` with limits, ``london_pct``; London's series may go on
        after the borough's. Empty where nothing is seen.
    """
    own, london = survey.series(measure), survey.series(measure, LONDON_CODE)
    if own.empty:
        return pd.DataFrame()
    limits = survey_limits(own, survey.effective_count(measure))
    table = limits.join(london.rename("london_pct"), how="outer")
    return table.rename_axis("quarter").reset_index()


def stopped_questions(survey: Survey) -> dict[str, pd.Timestamp]:
    """Questions that London's own series no longer asks, with the last quarter it did.

    The boroughs' file may go on with them: only publications of London's series count.
    """
    london = survey.table[survey.table["area_code"] == LONDON_CODE].dropna(subset=["value_pct"])
    if london.empty:
        return {}
    newest = london[london["published"] == london["published"].max()]
    last = newest.groupby("measure")["quarter"].max()
    return {str(m): pd.Timestamp(q) for m, q in last.items() if q < newest["quarter"].max()}


def confidence_targets(assessment: Assessment, survey: Survey) -> list[dict[str, object]]:
    """Targets in points, the plan's or the Mayor's, as ``survey_target`` gives them."""
    targets = [each for each in plan_targets(assessment) if each.rule == "points"]
    return [survey_target(assessment, target, survey) for target in targets]


def sets_confidence_target(assessment: Assessment) -> bool:
    """Whether the borough's own plan sets a target of confidence."""
    plan = assessment.plan
    return plan is not None and any(target.rule == "points" for target in plan.targets)


def twenty_per_cent(assessment: Assessment, survey: Survey) -> pd.DataFrame:
    """What "up by 20 per cent" would ask of every question, read either way.

    Returns
    -------
    DataFrame, index the question
        ``base_pct`` (the newest), ``by_points_pct`` and ``by_percent_pct``, the two
        targets; one above 100 cannot be met and is missing, and so flagged in
        ``is_out_of_reach``. ``between_points`` is what lies between them.
    """
    if not survey.is_held:
        return pd.DataFrame()
    base = _newest(survey)
    by_points, by_percent = base + TWENTY, base * (1 + TWENTY / 100)
    return pd.DataFrame(
        {
            "base_pct": base,
            "by_points_pct": by_points.where(by_points <= 100),
            "by_percent_pct": by_percent.where(by_percent <= 100),
            "percent_in_points": by_percent - base,
            "points_in_percent": 100 * TWENTY / base,
            "between_points": by_points - by_percent,
            "is_out_of_reach": by_points > 100,
        }
    )


def survey_year(survey: Survey) -> Period:
    """The 12 months that the borough's newest figures cover."""
    return year_to(f"{survey.quarter:%Y-%m}")


def recorded_risk(assessment: Assessment, risk: str, period: Period) -> pd.DataFrame:
    """Recorded risk of the boroughs in a year, with limits that allow for scatter.

    Parameters
    ----------
    assessment : Assessment
    risk : str
        An offence group or scheme, per 1,000 residents, or ``harm``.
    period : (first, last) month

    Returns
    -------
    DataFrame, index ``area_code``
        ``risk``, ``risk_lower``, ``risk_upper``; offences as ``borough_totals`` counts them,
        Heathrow's in Hillingdon's throughout.
    """
    measure = MAIN_RISK if risk == "harm" else risk
    codes = borough_codes()
    scatter = pd.Series({code: assessment.dispersion(measure, code) for code in codes})
    if risk == "harm":
        table = assessment.harm_in(period).table.loc[codes]
        rate = table["harm_per_1000"]
        ratio = table["harm_per_1000_upper"] / table["harm_per_1000_lower"]
        width = np.log(ratio) / (2 * WIDTH_95) * np.sqrt(scatter)
    else:
        counts = assessment.borough_totals(measure, period).astype(float)
        rate = crime_rate(counts, assessment.population(period)[codes])["rate_per_1000"]
        width = np.sqrt(scatter / counts)
    factor = np.exp(WIDTH_95 * width)
    return pd.DataFrame(
        {"risk": rate, "risk_lower": rate / factor, "risk_upper": rate * factor}
    )


def gaps(
    assessment: Assessment, survey: Survey, answer: str = MAIN_ANSWER, risk: str = MAIN_RISK
) -> pd.DataFrame:
    """The confidence-risk gap of every borough in the year of the newest figures.

    Returns
    -------
    DataFrame, index ``area_code``
        As ``confidence_risk_gap`` returns it; empty where the survey says nothing.
    """
    if answer not in survey.measures:
        return pd.DataFrame()
    shares = survey.boroughs(answer).loc[survey.quarter].dropna()
    answers = pd.DataFrame(
        {"value_pct": shares, "sample_count": survey.effective_count(answer)}
    )
    return confidence_risk_gap(
        answers,
        recorded_risk(assessment, risk, survey_year(survey)),
        draws=assessment.defaults.simulations,
        seed=assessment.defaults.seed,
    )


def gap_pairs(assessment: Assessment, survey: Survey) -> pd.DataFrame:
    """The borough's gap by each answer and each risk, and how the two orders agree.

    Returns
    -------
    DataFrame, one row a pair
        ``answer``, ``risk``, the borough's ``gap`` with limits and ``is_significant``
        (missing where it is left out), ``from_expected_points`` with limits, ``beyond_count``
        boroughs beyond chance, ``correlation`` of confidence with risk over the boroughs with
        limits, ``area_count``, ``p_value``, ``q_value`` and ``is_correlated``, judged
        together.
    """
    rows = []
    for answer in [a for a in ANSWERS if a in survey.measures]:
        for risk in RISKS:
            table = gaps(assessment, survey, answer, risk)
            told = rank_correlation(table["value_pct"], table["risk"])
            kept = ["gap", "gap_lower", "gap_upper", "is_significant"]
            kept += [f"from_expected_points{end}" for end in ("", "_lower", "_upper")]
            mine = table.reindex([assessment.area.area_code])[kept].iloc[0]
            rows.append(
                {
                    "answer": answer,
                    "risk": risk,
                    **mine.to_dict(),
                    "beyond_count": int(table["is_significant"].sum()),
                    "correlation": told.correlation,
                    "correlation_lower": told.lower,
                    "correlation_upper": told.upper,
                    "area_count": told.area_count,
                    "p_value": told.p_value,
                }
            )
    table = pd.DataFrame(rows)
    if table.empty:
        return table
    judged = with_verdicts(table.rename(columns={"is_significant": "is_gap_beyond"}))
    return judged.rename(
        columns={"is_significant": "is_correlated", "is_gap_beyond": "is_significant"}
    )


def moves(assessment: Assessment, survey: Survey) -> pd.DataFrame:
    """Whether confidence moves with recorded crime, over the years held, within boroughs.

    Returns
    -------
    DataFrame, one row an answer and a risk
        ``answer``, ``risk``, ``points_per_tenth`` (points of confidence that went with crime
        higher by a tenth) with ``_lower`` and ``_upper``, ``area_count``, ``year_count``,
        ``p_value``, ``q_value``, ``is_significant``, judged together. Empty where nothing is
        seen or years are too few.
    """
    rows = []
    for answer in [a for a in ANSWERS if a in survey.measures]:
        for risk in MOVING_RISKS:
            slope = within_areas_slope(_panel(assessment, survey, answer, risk))
            rows.append(
                {
                    "answer": answer,
                    "risk": risk,
                    "points_per_tenth": slope.points_per_tenth,
                    "points_per_tenth_lower": slope.lower,
                    "points_per_tenth_upper": slope.upper,
                    "area_count": slope.area_count,
                    "year_count": slope.year_count,
                    "p_value": slope.p_value,
                }
            )
    table = pd.DataFrame(rows)
    if table.empty or table["points_per_tenth"].isna().all():
        return pd.DataFrame()
    return with_verdicts(table)


def moved(assessment: Assessment, survey: Survey, years: int) -> pd.DataFrame:
    """Each borough's change in confidence beside its change in crime over the same years.

    Returns
    -------
    DataFrame, index ``area_code``
        ``change_points`` and ``crime_change_pct``, each with ``_lower`` and ``_upper``. Of
        crime but fraud; empty where no year before is seen.
    """
    if not years:
        return pd.DataFrame()
    answer, risk = MAIN_ANSWER, MOVING_RISKS[0]
    shares = survey.boroughs(answer).reindex([_years_before(survey, years), survey.quarter])
    asked = survey.effective_count(answer)
    judged = judged_differences(shares.iloc[0], shares.iloc[1], asked, asked)
    panel = _panel(assessment, survey, answer, risk)
    now = panel[panel["year"] == panel["year"].max()].set_index("area_code")
    before = panel[panel["year"] == panel["year"].max() - years].set_index("area_code")
    ratio = now["rate"] / before["rate"]
    width = np.sqrt(now["variance"] + before["variance"])
    table = pd.DataFrame({"crime_change_pct": 100 * (ratio - 1)})
    for end, sign in (("lower", -1), ("upper", 1)):
        limit = ratio * np.exp(sign * WIDTH_95 * width)
        table[f"crime_change_pct_{end}"] = 100 * (limit - 1)
    points = judged.filter(like="difference_points")
    names = {name: name.replace("difference", "change") for name in points.columns}
    return points.rename(columns=names).join(table, how="inner").dropna()


def together(survey: Survey) -> pd.DataFrame:
    """Which answers are high in the same boroughs as "a good job".

    Each borough's answers are averaged over newest quarters a year apart, which share no
    answers, so that little sampling error is left; nothing is told of fewer than three.

    Returns
    -------
    DataFrame, index the other questions
        ``correlation`` of ranks with ``_lower`` and ``_upper``, ``area_count``,
        ``year_count``, ``p_value``, ``q_value``, ``is_significant``, judged together.
    """
    if MAIN_ANSWER not in survey.measures or len(_yearly(survey)) < FEWEST_YEARS:
        return pd.DataFrame()
    rows = {}
    for measure in [m for m in survey.measures if m != MAIN_ANSWER]:
        wide = survey.boroughs(measure)
        quarters = [q for q in _yearly(survey) if q in wide.index]
        main = survey.boroughs(MAIN_ANSWER).loc[quarters].mean()
        told = rank_correlation(main, wide.loc[quarters].mean())
        rows[measure] = {
            "correlation": told.correlation,
            "correlation_lower": told.lower,
            "correlation_upper": told.upper,
            "area_count": told.area_count,
            "year_count": len(quarters),
            "p_value": told.p_value,
        }
    return with_verdicts(pd.DataFrame.from_dict(rows, orient="index"))


def perceptions(assessment: Assessment) -> Perceptions | None:
    """The partnership's own survey beside the record; None where none is loaded or seen."""
    answers = load_partner_table("engagement_survey", assessment.area.area_code)
    return None if answers is None else perceptions_from(assessment, answers)


def perceptions_from(assessment: Assessment, answers: pd.DataFrame) -> Perceptions | None:
    """As ``perceptions``, from a table of answers; None where none is from a month seen.

    Parameters
    ----------
    assessment : Assessment
    answers : DataFrame
        The columns of the template ``engagement_survey``.
    """
    if assessment.asked_as_of:
        answers = answers[answers["month"] <= pd.Timestamp(assessment.asked_as_of)]
    shares = perceived_shares(answers) if len(answers) else pd.DataFrame()
    shares = shares.dropna(subset=["value_pct"]) if len(shares) else shares
    if shares.empty:
        return None
    newest = shares.groupby("question")["month"].max()
    recorded = pd.DataFrame(
        {
            question: _recorded(assessment, str(question), month)
            for question, month in newest.items()
        }
    ).T
    table = perception_gap(shares, recorded)
    return Perceptions(
        table,
        is_weighted=bool(answers["is_weighted"].eq("yes").any()),
        is_sum_of_wards=bool(shares["is_sum_of_wards"].any()),
        respondent_count=int(table["respondent_count"].max()),
    )


def _relative(judged: pd.DataFrame, told: pd.DataFrame) -> pd.DataFrame:
    """The borough's changes less London's over the same years, judged together."""
    asked = told["asked"] * len(borough_codes())
    london = judged_differences(told["london_before"], told["london_after"], asked, asked)
    parts = [f"difference_points{end}" for end in ("", "_lower", "_upper")]
    points = judged[parts[0]] - london[parts[0]]
    lower, upper = combined_limits(judged[parts], london[parts])
    # Limits of changes are even enough for their width to give the error.
    error = (upper - lower) / (2 * WIDTH_95)
    verdicts = with_verdicts(
        pd.DataFrame({"p_value": 2 * stats.norm.sf((points / error).abs())})
    )
    return pd.DataFrame(
        {
            "london_points": london[parts[0]],
            "relative_points": points,
            "relative_points_lower": lower,
            "relative_points_upper": upper,
            "is_relative_significant": verdicts["is_significant"].to_numpy(),
        }
    )


def _recorded(assessment: Assessment, question: str, month: pd.Timestamp) -> dict[str, object]:
    """What was recorded per 100 residents in the year to a wave, and its change."""
    seen = min(f"{month:%Y-%m}", assessment.as_of)
    period, measure = year_to(seen), TOPICS[question].measure
    row: dict[str, object] = {"recorded_to": pd.Timestamp(period[1])}
    change: dict[str, object] = {"change_pct": np.nan, "is_significant": pd.NA}
    count, scatter = _recorded_count(assessment, measure, period)
    if measure != ASB_INCIDENTS:
        cut = Assessment.open(
            assessment.area.area_code, as_of=seen, published_by=assessment.published_by
        )
        told = cut.changes([measure]).iloc[0]
        change = {name: told[name] for name in change}
    people = float(assessment.population(period)[assessment.area.area_code])
    lower, upper = scattered_limits(np.array([count]), scatter)
    row["recorded_per_100"] = 100 * count / people
    row["recorded_per_100_lower"] = 100 * float(lower[0]) / people
    row["recorded_per_100_upper"] = 100 * float(upper[0]) / people
    return row | change


def _recorded_count(
    assessment: Assessment, measure: str, period: Period
) -> tuple[float, float]:
    """Offences or incidents of the year, missing unless every month is held; their scatter."""
    if measure != ASB_INCIDENTS:
        return float(assessment.count(measure, period)), assessment.dispersion(measure)
    table = assessment.table(ASB_INCIDENTS, "incident_count")
    mine = table[table["area_code"] == assessment.area.area_code].set_index("month")
    held = mine["incident_count"].dropna().astype(float).sort_index()
    scatter = known_dispersion(held, exclude=assessment.unusual_months)
    year = held.loc[period[0] : period[1]]
    return float(year.sum()) if len(year) == YEAR_MONTHS else float("nan"), scatter


def _panel(assessment: Assessment, survey: Survey, answer: str, risk: str) -> pd.DataFrame:
    """Confidence and crime of every borough in years that share no answers."""
    wide = survey.boroughs(answer)
    scatter = pd.Series({c: assessment.dispersion(risk, c) for c in borough_codes()})
    held = assessment.boroughs_history(risk).index
    parts = []
    for quarter in [q for q in _yearly(survey) if q in wide.index]:
        period = year_to(f"{quarter:%Y-%m}")
        if pd.Timestamp(period[0]) < held[0] or pd.Timestamp(period[1]) > held[-1]:
            continue
        counts = assessment.borough_totals(risk, period).astype(float)
        people = assessment.population(period)[borough_codes()]
        parts.append(
            pd.DataFrame(
                {
                    "year": quarter.year,
                    "value_pct": wide.loc[quarter],
                    "rate": 1000 * counts / people,
                    "variance": scatter / counts,
                }
            ).rename_axis("area_code")
        )
    if not parts:
        return pd.DataFrame(columns=["area_code", "year", "value_pct", "rate", "variance"])
    return pd.concat(parts).reset_index()


def _newest(survey: Survey) -> pd.Series:
    """The borough's newest answers, index the question, per cent."""
    return pd.Series({m: float(survey.series(m)[survey.quarter]) for m in survey.measures})


def _yearly(survey: Survey) -> list[pd.Timestamp]:
    """The borough's newest quarter and those whole years before it, oldest first."""
    quarters = survey.series(MAIN_ANSWER).index
    return [q for q in quarters if q.month == survey.quarter.month]


def _years_before(survey: Survey, years: int) -> pd.Timestamp:
    return pd.Timestamp(survey.quarter - pd.DateOffset(years=years) + pd.offsets.MonthEnd(0))


def _ranks(assessment: Assessment, survey: Survey, measure: str) -> dict[str, int]:
    values = survey.boroughs(measure).T[survey.quarter].dropna()
    ranks = confidence_ranks(
        values,
        survey.effective_count(measure),
        draws=assessment.defaults.simulations,
        seed=assessment.defaults.seed,
    )
    mine = ranks.T[assessment.area.area_code]
    ends = ["confidence_rank_lower", "confidence_rank_upper", "confidence_rank_from_highest"]
    names = ["confidence_rank", *ends, "tied_count"]
    return {name: int(mine[name]) for name in names}
