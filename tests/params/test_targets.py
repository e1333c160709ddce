"""A target states every choice its figure depends on, and refuses what does not agree."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from analysis.errors import ParamsError
from analysis.params.targets import TargetSpec, rule_from_text, target_from_text

SOUND: dict[str, Any] = {
    "name": "mopac7_20_percent",
    "label": "MOPAC 7 down by a fifth",
    "measure": "mopac7",
    "base_period": {"from": "2011-04", "to": "2012-03"},
    "rule": "percent",
    "percent": 20,
    "horizon": "2016-03",
    "source": {"document": "a plan"},
}
SURVEY = {"measure": "good_job_local", "basis": "survey", "rule": "points", "percent": None}


def target(**changes: Any) -> TargetSpec:
    return TargetSpec.model_validate({**SOUND, **changes})


def test_a_target_holds_what_its_rule_needs() -> None:
    found = target()
    assert (found.value, found.rule_text, found.direction) == (20, "percent=20", "reduce")
    assert (found.basis, found.offence_list, found.per) == ("location", "current", "year")
    assert found.base_period.months == 12


def test_a_survey_target_is_on_no_offence_list() -> None:
    found = target(**SURVEY, points=13, direction="increase")
    assert found.offence_list is None
    assert found.rule_text == "points=13"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"percent": None}, "rule 'percent' needs 'percent'"),
        ({"level": 9000}, "'level' does not belong to rule 'percent'"),
        ({"rule": "level"}, "rule 'level' needs 'level'|'percent' does not belong"),
        ({"rule": "percnt"}, "percent"),
        ({"percent": 0}, "greater than 0"),
        ({"percent": "inf"}, "finite"),
        ({"rule": "rank", "percent": None, "rank": 1}, "go together"),
        ({"rule": "rank", "percent": None, "rank": 33, "rank_by": "rate"}, "32"),
        ({"rank_by": "rate"}, "go together"),
        ({"rule": "parity", "percent": None, "parity_with": "suton"}, "'Sutton'"),
        ({"measure": "mopac_7"}, "no measure 'mopac_7'. Did you mean 'mopac7'"),
        ({"measure": "good_job_local"}, "the basis of 'good_job_local' is survey"),
        ({"basis": "survey"}, "the basis of 'mopac7' is location or policing"),
        ({"rule": "points", "percent": None, "points": 13}, "needs a survey measure"),
        ({"horizon": "2012-03"}, "is not after the base period"),
        ({"horizon": "2016"}, "is not a month"),
        ({"assumed": ["bais"], "assumed_because": "x"}, "fields that a target has not: bais"),
        ({"assumed": ["basis"]}, "needs 'assumed_because'"),
        ({"horizn": "2016-03"}, "unknown key 'horizn'. Did you mean 'horizon'"),
        ({"base_period": {"form": "2011-04", "to": "2012-03"}}, "Did you mean 'from'"),
    ],
)
def test_a_target_that_does_not_agree_with_itself_is_refused(
    changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValidationError, match=said):
        target(**changes)


numbers = st.floats(min_value=0.5, max_value=99).map(lambda value: float(f"{value:g}"))
rules = st.one_of(
    st.builds("{}={:g}".format, st.sampled_from(["percent", "level"]), numbers),
    st.builds("rank={}:{}".format, st.integers(1, 32), st.sampled_from(["count", "rate"])),
    st.builds("parity={}".format, st.sampled_from(["sutton", "similar", "boroughs"])),
)


@given(rules)
def test_a_rule_is_written_as_it_was_read(text: str) -> None:
    assert target(**{"percent": None, **rule_from_text(text)}).rule_text == text


def test_a_rank_without_a_word_is_by_count() -> None:
    assert rule_from_text("rank=1")["rank_by"] == "count"


@pytest.mark.parametrize(
    "text", ["", "percent", "percent=many", "fifth=20", "rank=1:size", "rank=first", "parity=x"]
)
def test_what_is_no_rule_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match="is not a rule.* Write percent=20"):
        rule_from_text(text)


def test_a_target_typed_by_a_user_reads_like_one_of_a_plan() -> None:
    found = target_from_text(
        measure="good_job_local", rule="points=13", base="2014-04..2015-03", horizon="2016-03"
    )
    assert (found.basis, found.points, found.direction) == ("survey", 13, "increase")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rule": "percent"}, "target: 'percent' is not a rule"),
        ({"base": "2011"}, "target: '2011' is not a period"),
        ({"measure": "burglry"}, "target, measure: no measure 'burglry'"),
    ],
)
def test_a_target_typed_wrongly_is_told(changes: dict[str, str], said: str) -> None:
    sound = {"measure": "total", "rule": "percent=20", "base": "2011-04..2012-03"}
    with pytest.raises(ParamsError, match=said):
        target_from_text(**{**sound, "horizon": "2016-03", **changes})
