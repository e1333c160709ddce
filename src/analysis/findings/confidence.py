"""Sentences on confidence targets: points or per cent, and where the survey stands."""

from __future__ import annotations

import pandas as pd

from analysis.assessment import Assessment
from analysis.findings.finding import Finding
from analysis.params.areas import area_name
from analysis.params.measure_names import survey_label
from analysis.wording import chance_words, counted, listed, month_text, number, printable

SHOWN_AREAS = 3


def surveys(assessment: Assessment, answers: list[dict[str, object]]) -> Finding:
    """Confidence targets in points and in per cent, and where the survey stands.

    Parameters
    ----------
    assessment : Assessment
    answers : list of dict
        As ``target_report.asked_surveys`` returns them, perhaps none.

    Returns
    -------
    Finding
    """
    if not answers:
        return Finding(
            heading="No target of confidence is set",
            sentence="Neither plan nor Mayor's scheme sets one in points of the survey.",
            certainty="high",
            because="it follows from the plan as held",
            is_key=False,
        )
    first = answers[0]
    return Finding(
        heading=_heading(assessment.area.area_name, first),
        sentence=_asked(assessment, first),
        certainty="moderate" if "latest_pct" in first else "low",
        because=(
            "sample sizes are not published, so intervals rest on an assumed number asked"
            if "latest_pct" in first
            else "the survey held says nothing of the borough by then"
        ),
        is_key=False,
        detail=" ".join(
            [
                _newest(assessment, first),
                *(
                    f"{_asked(assessment, each)} {_newest(assessment, each)}"
                    for each in answers[1:]
                ),
            ]
        ),
    )


def _heading(area: str, answer: dict[str, object]) -> str:
    if "horizon_pct" in answer and answer["is_londons"]:
        return (
            f"Confidence: the Mayor wanted {_whole(answer['target_pct'])} in London; {area} "
            f"gave {_whole(answer['horizon_pct'])}"
        )
    if "horizon_pct" in answer:
        due = month_text(pd.Timestamp(str(answer["horizon"])))
        return (
            f"Confidence was to reach {_whole(answer['target_pct'])} by {due}; the survey gave "
            f"{_whole(answer['horizon_pct'])}"
        )
    return (
        f"Confidence from {_whole(answer['base_pct'])} to {_whole(answer['target_pct'])} is "
        f"{_bare(answer['points'])} points, or {_whole(answer['relative_pct'])}"
    )


def _asked(assessment: Assessment, answer: dict[str, object]) -> str:
    area, end = assessment.area.area_name, month_text(pd.Timestamp(str(answer["horizon"])))
    text = (
        f"{_whose(assessment, answer)}: {_whole(answer['target_pct'])} from "
        f"{_whole(answer['base_pct'])} by {end} ({_bare(answer['points'])} points, or "
        f"{_whole(answer['relative_pct'])} of the base)."
    )
    if "horizon_pct" not in answer:
        return text
    mine = f"{area} {_whole(answer['horizon_pct'])}"
    if answer["is_londons"] and "london_horizon_pct" in answer:
        mine = f"London {_whole(answer['london_horizon_pct'])} and {mine}"
    return f"{text} In that quarter the survey gave {mine}."


def _whose(assessment: Assessment, answer: dict[str, object]) -> str:
    """Whose target it is: the Mayor's was for London, and is no borough's own."""
    if not answer["is_londons"]:
        return _label(answer)
    plan, area = assessment.plan, assessment.area.area_name
    names = [target.name for target in plan.targets] if plan is not None else []
    repeated = f", which {area}'s plan repeats," if answer["name"] in names else ""
    what = survey_label(str(answer["measure"]), in_sentence=True)
    return f"The Mayor's target{repeated} was London's, of {what}"


def _newest(assessment: Assessment, answer: dict[str, object]) -> str:
    if "latest_pct" not in answer:
        return f"The survey held says nothing of {assessment.area.area_name} by then."
    text = (
        f"The newest value held, for the quarter to "
        f"{month_text(pd.Timestamp(str(answer['quarter'])))}, is "
        f"{_whole(answer['latest_pct'])} (95% interval {_bare(answer['latest_lower_pct'])} to "
        f"{_whole(answer['latest_upper_pct'])}). It supposes "
        f"{_bare(answer['assumed_sample_count'])} asked, whose answers, weighted and from "
        "clustered addresses, are as sure as those of "
        f"{_bare(answer['effective_sample_count'])} drawn at random."
    )
    return text + _record(answer)


def _label(answer: dict[str, object]) -> str:
    # A reader's own target is labelled as it was typed; the measure in words reads better.
    label = str(answer["label"])
    return printable(answer["measure"]) if "=" in label else label


def _record(answer: dict[str, object]) -> str:
    if "points_from_latest" not in answer:
        return ""
    left, rate = float(str(answer["points_from_latest"])), float(str(answer["base_rate"]))
    if pd.isna(rate):
        return f" {_points(left)} left; no two quarters held are so far apart."
    done = answer["achieved_by"]
    codes = list(done) if isinstance(done, list) else []
    who = listed([area_name(code) for code in codes[:SHOWN_AREAS]])
    most = f", most often {who}" if codes else ""
    return (
        f" {_points(left)} left: as much in as long has come in {chance_words(rate)} of "
        f"cases, in {counted(len(codes), 'borough').lower()}{most}."
    )


def _points(left: float) -> str:
    text = number(left, 0)
    return f"{text} point is" if text == "1" else f"{text} points are"


def _whole(value: object) -> str:
    return f"{_bare(value)}%"


def _bare(value: object) -> str:
    return number(float(str(value)))
