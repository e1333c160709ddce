"""The two founding plans are transcribed as published, and a faulty plan is refused."""

import json
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from analysis.errors import ParamsError
from analysis.params.fields import known_plans
from analysis.params.measure_names import known_measures
from analysis.params.plans import STATUTORY_ITEMS, EngagementStep, load_plan
from analysis.params.reading import read_yaml
from analysis.project import project_root


def test_harrow_sets_the_mayors_targets_and_its_own_aim() -> None:
    plan = load_plan("harrow_2013-17")
    found = {target.name: target for target in plan.targets}
    assert {name: target.rule_text for name, target in found.items()} == {
        "mopac7_20_percent": "percent=20",
        "safest_by_count": "rank=1:count",
        "safest_by_rate": "rank=1:rate",
        "confidence_20_percent": "points=13",
    }
    mopac7 = found["mopac7_20_percent"]
    assert (mopac7.measure, mopac7.offence_list, mopac7.basis) == ("mopac7", "old", "policing")
    assert (str(mopac7.base_period), mopac7.horizon) == ("2011-04..2012-03", "2016-03")
    confidence = found["confidence_20_percent"]
    assert (confidence.base_value, confidence.points, confidence.direction) == (
        62,
        13,
        "increase",
    )


def test_harrows_claim_keeps_its_base_unnamed() -> None:
    (claim,) = load_plan("harrow_2013-17").claims
    assert (claim.reduction_count, claim.base_count) == (2500, 11615)
    assert (claim.measure, claim.base_period) == (None, None)
    assert claim.is_approximate
    assert claim.per == "year"
    assert round(claim.reduction_pct, 2) == 21.52
    assert "almost 2,500 crimes a year against a total for last year of 11,615" in str(
        claim.source.quote
    )


def test_what_a_target_takes_from_elsewhere_is_named() -> None:
    for target in load_plan("harrow_2013-17").targets:
        assert "base_period" in target.assumed
        assert target.assumed_because


def test_havering_sets_priorities_and_no_number() -> None:
    plan = load_plan("havering_2017-20")
    assert plan.targets == []
    assert plan.targets_note
    assert plan.adopted == date(2017, 7, 12)
    assert [theme.is_cross_cutting for theme in plan.themes] == [False, False, False, True]
    set_by_mopac = [p.name for p in plan.priorities if p.set_by == "mopac"]
    assert set_by_mopac == ["non_domestic_violence_with_injury", "anti_social_behaviour"]
    assert "burglary_hot_spots" in [priority.name for priority in plan.priorities]
    assert len(plan.responsible_authorities) == 5


def test_harrow_names_the_seven_crimes_of_mopac() -> None:
    theme = load_plan("harrow_2013-17").themes[0]
    assert len(theme.priorities) == 7


def test_items_that_the_published_text_does_not_hold_are_said_to_be_missing() -> None:
    assert load_plan("harrow_2013-17").statutory.missing == []
    havering = load_plan("havering_2017-20").statutory
    assert havering.missing == ["c", "e"]
    assert "ot in the published text" in str(havering.c.note)
    assert list(STATUTORY_ITEMS) == ["a", "b", "c", "d", "e", "f"]


@pytest.mark.parametrize("name", known_plans())
def test_a_plan_of_the_project_is_whole(name: str) -> None:
    plan = load_plan(name)
    assert plan.measures
    assert set(plan.measures) <= set(known_measures())
    assert plan.background_papers
    assert all(plan.period.first < target.horizon for target in plan.targets)


def test_a_plan_is_read_from_a_file_too() -> None:
    path = project_root() / "params/plans/havering_2017-20.yml"
    assert load_plan(path) == load_plan("havering_2017-20")
    assert load_plan(str(path)) == load_plan("havering_2017-20")


def test_a_misspelt_plan_is_told_with_the_nearest() -> None:
    with pytest.raises(ParamsError) as caught:
        load_plan("havring_2017-20")
    assert str(caught.value) == (
        "no plan 'havring_2017-20'. Did you mean 'havering_2017-20'? They are listed in "
        "params/plans."
    )


def havering_changed(tmp_path: Path, **changes: object) -> Path:
    # JSON is YAML too, and has none of its aliases.
    plan = read_yaml(project_root() / "params/plans/havering_2017-20.yml")
    path = tmp_path / "plan.yml"
    path.write_text(json.dumps({**plan, **changes}, indent=1), encoding="utf-8")
    return path


PRIORITY = {"name": "x", "label": "X", "source": {"document": "d"}}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"borough": "haverng"}, "borough .*: no borough 'haverng'. Did you mean 'Havering'"),
        ({"regime": "mopac_2017"}, "no regime 'mopac_2017'. Did you mean 'mopac_2017-21'"),
        ({"themes": []}, "'themes' cannot be"),
        ({"targets_note": None}, "Say why in 'targets_note'"),
        (
            {"themes": [{"name": "x", "label": "X", "priorities": [PRIORITY]}]},
            "theme 1, priority 1 .*: priority 'x' names no measure",
        ),
        (
            {
                "themes": [
                    {
                        "name": "x",
                        "label": "X",
                        "priorities": [{**PRIORITY, "measures": ["burglary_residential"]}],
                    }
                ]
            },
            "theme 1, priority 1, measure 1 .*: no measure 'burglary_residential'",
        ),
        (
            {
                "themes": [
                    {
                        "name": "x",
                        "label": "X",
                        "priorities": [{**PRIORITY, "measures": ["total"]}] * 2,
                    }
                ]
            },
            "priority name given twice: x",
        ),
        ({"statutory": {"a": {"held": "x"}}}, "statutory .*: 'b' is missing. Add it"),
        (
            {"statutory": {letter: {"held": None} for letter in "abcdef"}},
            "statutory, f .*: 'held' is empty without a 'note'",
        ),
        ({"adopted": "12 July 2017"}, "'adopted' cannot be '12 July 2017'"),
    ],
)
def test_a_faulty_plan_is_refused(
    tmp_path: Path, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(ParamsError, match=said):
        load_plan(havering_changed(tmp_path, **changes))


@pytest.mark.parametrize("given", [{}, {"day": "2015-05-04", "month": "2015-05"}])
def test_engagement_is_dated_once(given: dict[str, str]) -> None:
    step = {
        "what": "Public meeting",
        "with_whom": "Residents",
        "groups": ["residents"],
        "source": {"document": "Minutes"},
    }
    with pytest.raises(ValidationError, match=f"has {len(given)} dates. Give one of 'day'"):
        EngagementStep.model_validate(step | given)


def test_only_what_the_published_texts_say_of_engagement_is_recorded() -> None:
    assert load_plan("harrow_2013-17").engagement == []
    (step,) = load_plan("havering_2017-20").engagement
    assert (step.when, step.before, step.groups) == (None, date(2017, 7, 12), ["partners"])
