"""The Mayor's schemes are data, and what was not read in a source is marked."""

import pytest

from analysis.errors import ParamsError
from analysis.params.fields import known_regimes
from analysis.params.regimes import load_regime


def test_the_scheme_of_2013_counts_from_2011_12() -> None:
    regime = load_regime("mopac_2013-16")
    percent, points = regime.targets
    assert (percent.measure, percent.percent, percent.horizon) == ("mopac7", 20, "2016-03")
    assert str(percent.base_period) == "2011-04..2012-03"
    assert (points.base_value, points.points) == (62, 13)
    # "20 per cent" of confidence is relative: 13 points are 21 per cent of 62.
    assert round(100 * points.points / points.base_value) == 21


def test_the_scheme_of_2017_lets_a_borough_choose_two_volume_crimes() -> None:
    regime = load_regime("mopac_2017-21")
    assert regime.choices_wanted == 2
    assert regime.targets == []
    havering = [c for c in regime.borough_choices if c.borough == "E09000016"]
    assert [choice.source.mark for choice in havering] == ["V", "M"]
    for choice in regime.borough_choices:
        assert set(choice.measures) <= set(regime.choices)


def test_nothing_of_the_scheme_of_2022_is_passed_off_as_read() -> None:
    regime = load_regime("mopac_2022-25")
    stated = [*regime.facts, *regime.priorities]
    assert {one.source.mark for one in stated} == {"M"}


@pytest.mark.parametrize("name", known_regimes())
def test_every_fact_has_a_source_and_a_mark(name: str) -> None:
    regime = load_regime(name)
    assert all(fact.source.document and fact.source.mark in "VCM" for fact in regime.facts)


def test_a_misspelt_scheme_is_told_with_the_nearest() -> None:
    with pytest.raises(ParamsError, match="Did you mean 'mopac_2013-16'"):
        load_regime("mopac_2013")
