"""What a borough asks of the future: which offences, which horizon, and what is refused."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from analysis.assessment import Assessment
from analysis.data.comparability import unusual_months
from analysis.data.offences import members
from analysis.data.vintages import Basis, OffenceList
from analysis.errors import AnalysisError, DataContractError
from analysis.params.areas import borough_codes

Open = Callable[..., Assessment]

HARROW, HILLINGDON = "E09000015", "E09000017"
OLD: tuple[Basis, OffenceList] = ("policing", "old")


@pytest.fixture(scope="module")
def cut(opened: Open) -> Assessment:
    return opened("harrow", "2013-03")


def test_an_outlook_is_of_every_borough_and_every_offence_but_fraud(cut: Assessment) -> None:
    outlook = cut.outlook(*OLD)
    assert outlook.areas == borough_codes()
    assert set(outlook.groups) <= set(members("total_without_fraud"))
    assert "fraud_and_forgery" not in outlook.groups
    assert f"{outlook.origin:%Y-%m}" == "2013-03"
    burglary = cut.boroughs_history("residential_burglary", *OLD)
    position = list(outlook.panel.parts).index(("residential_burglary", HARROW))
    assert outlook.panel.counts[:, position].tolist() == burglary[HARROW].tolist()


def test_an_outlook_is_made_once(cut: Assessment) -> None:
    assert cut.outlook(*OLD) is cut.outlook(*OLD)
    assert cut.outlook(*OLD) is not cut.outlook("policing", "current")


def test_it_knows_the_unusual_months_and_steps_of_its_record(opened: Open) -> None:
    newest = opened().outlook().panel
    assert list(newest.months[newest.unusual]) == unusual_months()
    assert set(newest.steps["violence_with_injury"]) == {
        (pd.Timestamp("2014-04"), pd.Timestamp("2015-03"))
    }
    assert not newest.steps["shoplifting"]
    # Heathrow's offences came to Hillingdon: its shares begin anew, and nobody else's.
    anew = {part for part in newest.parts if part in newest.restarts}
    assert {area for _, area in anew} == {HILLINGDON}
    assert {group for group, _ in anew} == set(newest.families)


def test_offences_whose_months_are_not_whole_are_left_out(opened: Open) -> None:
    # Deaths by driving have no row since April 2024.
    assert "driving_death_or_injury" not in opened().outlook().groups
    assert "violence_without_injury" in opened().outlook().groups


def test_a_forecast_is_of_a_year_ahead_unless_told(cut: Assessment) -> None:
    total = cut.forecast("mopac7", None, *OLD)
    assert (total.origin, total.horizon) == ("2013-03", "2014-03")
    assert total.draws.columns.tolist() == borough_codes()
    assert len(total.draws) == cut.defaults.simulations
    assert total.last_12[HARROW] == cut.totals("mopac7", ("2012-04", "2013-03"), *OLD)[HARROW]
    assert len(cut.forecast_months("mopac7", None, *OLD)) == 12


def test_a_scheme_comes_to_the_sum_of_its_offences(cut: Assessment) -> None:
    held = cut.outlook(*OLD).groups
    groups = [group for group in members("neighbourhood_crime") if group in held]
    whole = cut.forecast("neighbourhood_crime", "2014-03", *OLD)
    parts = [cut.forecast(group, "2014-03", *OLD) for group in groups]
    assert whole.last_12[HARROW] == sum(each.last_12[HARROW] for each in parts)
    # Within some per cent: an offence may give way to last year where the scheme does not.
    medians = sum(each.median(HARROW) for each in parts)
    assert whole.median(HARROW) == pytest.approx(medians, rel=0.05)
    # And offences err apart as well as together, so the sum is surer than its parts.
    widths = [np.subtract(*each.interval(HARROW)[::-1]) for each in parts]
    width = np.subtract(*whole.interval(HARROW)[::-1])
    assert np.hypot.reduce(widths) * 0.9 < width < sum(widths)


def test_the_path_and_the_months_are_those_of_the_borough(cut: Assessment) -> None:
    path = cut.forecast_path("mopac7", "2014-03", *OLD)
    total = cut.forecast("mopac7", "2014-03", *OLD)
    last = path.iloc[-1]
    assert last["month"] == pd.Timestamp("2014-03")
    assert last["median"] == total.median(HARROW)
    assert (last["lower_80"], last["upper_80"]) == pytest.approx(total.interval(HARROW))
    # A month ahead eleven twelfths are recorded.
    first = path.iloc[0]
    assert first["upper_80"] - first["lower_80"] < (last["upper_80"] - last["lower_80"]) / 2
    months = cut.forecast_months("mopac7", "2014-03", *OLD)
    assert months["month"].tolist() == path["month"].tolist()
    assert months["median"].sum() == pytest.approx(total.median(HARROW), rel=0.03)
    series = cut.boroughs_history("mopac7", *OLD)[HARROW].astype(float).iloc[-12:]
    assert months["median"].between(0.7 * series.min(), 1.3 * series.max()).all()


def test_two_boroughs_at_one_cut_tell_one_future(opened: Open, cut: Assessment) -> None:
    other = opened("havering", "2013-03")
    pd.testing.assert_frame_equal(
        other.forecast("mopac7", "2014-03", *OLD).draws,
        cut.forecast("mopac7", "2014-03", *OLD).draws,
    )
    own = other.forecast_path("mopac7", "2014-03", *OLD)
    assert not own.equals(cut.forecast_path("mopac7", "2014-03", *OLD))


def test_a_record_is_of_the_borough_or_of_all(cut: Assessment) -> None:
    own = cut.track_record("mopac7", *OLD)
    every = cut.track_record("mopac7", *OLD, all_boroughs=True)
    assert own["years_ahead"].tolist() == every["years_ahead"].tolist() == [1, 1, 2, 2, 3, 3]
    assert own["origin_count"].tolist() == every["origin_count"].tolist()
    one = own.set_index(["years_ahead", "is_usual"])
    assert one["origin_count"].to_dict()[1, True] > 0
    assert one["last_origin"].to_dict()[1, True] <= "2012-03"
    assert own["error_pct"].iloc[0] != every["error_pct"].iloc[0]
    assert (every["coverage_95"].dropna() >= every["coverage_80"].dropna()).all()


@pytest.mark.parametrize(
    ("measure", "horizon", "said"),
    [
        ("fraud_and_forgery", "2014-03", "no months of 'fraud_and_forgery' up to 2013-03"),
        ("mopac7", "2013-03", "2013-03 is not after the last month seen"),
        ("mopac7", "2012-01", "2012-01 is not after the last month seen"),
        ("mopac7", "2018-04", "2018-04 is more than 5 years after"),
        ("mopac_7", "2014-03", "no measure 'mopac_7'. Did you mean 'mopac7'"),
    ],
)
def test_what_cannot_be_foretold_is_refused_in_a_sentence(
    cut: Assessment, measure: str, horizon: str, said: str
) -> None:
    for ask in (cut.forecast, cut.forecast_path, cut.forecast_months):
        with pytest.raises(AnalysisError) as refused:
            ask(measure, horizon, *OLD)
        assert said in str(refused.value)
    if horizon == "2014-03":
        with pytest.raises((DataContractError, AnalysisError)):
            cut.track_record(measure, *OLD)
