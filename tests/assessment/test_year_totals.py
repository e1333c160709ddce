"""12-month totals of every measure on every record, against the assessment's own sums."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analysis.assessment import Assessment, year_to
from analysis.assessment.year_totals import readable_measures, year_totals
from analysis.data.figures import read_table
from analysis.data.vintages import monthly_offences
from analysis.params.areas import borough_codes
from analysis.params.measure_names import known_measures

Open = Callable[..., Assessment]


@pytest.mark.parametrize("end", ["2011-03", "2018-12", "2022-06", "2024-09"])
@pytest.mark.parametrize("measure", ["total", "victim_based", "mopac7", "shoplifting"])
def test_each_total_is_the_sum_of_its_months(opened: Open, end: str, measure: str) -> None:
    harrow = opened()
    found = year_totals(harrow, ends=[end], measures=[measure])
    monthly = found.labels[found.labels["offence_list"] != "annual table"]
    assert len(monthly) >= 1
    for place, row in monthly.iterrows():
        own = harrow.totals(measure, year_to(end), row["basis"], row["offence_list"])
        assert found.offences[place].tolist() == own[borough_codes()].tolist()
        people = harrow.population(year_to(end))[borough_codes()]
        assert found.people[place].tolist() == people.tolist()


def test_a_period_names_the_publications_of_its_months(opened: Open) -> None:
    found = year_totals(
        opened(), ends=["2012-12", "2022-06", "2024-09"], measures=["total"]
    ).labels
    told = {(r.period[-7:], r.basis, r.offence_list): r.published for r in found.itertuples()}
    assert told == {
        ("2012-12", "location", "current"): "2026-04",
        ("2012-12", "policing", "current"): "2022-02",
        ("2012-12", "policing", "old"): "2019-01",
        ("2022-06", "location", "current"): "2026-04",
        ("2022-06", "policing", "current"): "2022-02, 2024-02",
        ("2024-09", "location", "current"): "2025-06, 2026-04",
    }


def test_an_older_publication_is_a_record_of_its_own_where_it_covers_the_period(
    opened: Open,
) -> None:
    found = year_totals(
        opened(), ends=["2024-05", "2025-05"], measures=["total"], every_publication=True
    )
    location = found.labels[found.labels["basis"] == "location"]
    assert sorted(zip(location["period"].str[-7:], location["published"], strict=True)) == [
        ("2024-05", "2025-06"),
        ("2024-05", "2025-06, 2026-04"),
        # Its months are all from the one publication, however many are held.
        ("2025-05", "2025-06"),
    ]
    table = monthly_offences(published_by="2025-06", as_of="2024-05")
    older = table[table["month"] >= "2023-06"]
    harrow = older[
        (older["area_code"] == "E09000015") & (older["offence_group"] != "nfib_fraud")
    ]
    (place,) = location.index[
        (location["published"] == "2025-06") & location["period"].str.endswith("2024-05")
    ]
    own = found.offences[place, borough_codes().index("E09000015")]
    assert own == harrow["offence_count"].sum()


def test_the_annual_table_gives_whole_years_with_its_own_rates(opened: Open) -> None:
    found = year_totals(opened(), measures=["total", "burglary"])
    is_annual = (found.labels["offence_list"] == "annual table").to_numpy()
    annual = found.labels[is_annual]
    # 1999/2000 to 2015/16; 2016/17 holds ten months and is no year.
    assert annual["period"].str[-7:].max() == "2016-03"
    assert len(annual) == 2 * 17
    (place,) = annual.index[
        (annual["measure"] == "total") & (annual["period"] == "2011-04 to 2012-03")
    ]
    harrow = borough_codes().index("E09000015")
    assert found.offences[place, harrow] == 14_169
    rate = 1000 * found.offences[place, harrow] / found.people[place, harrow]
    assert rate == pytest.approx(58.9)
    assert found.rounding_count[place, harrow] == pytest.approx(24, abs=0.1)
    assert (found.rounding_count[~is_annual] == 0).all()


def test_every_measure_of_each_list_is_there_and_no_other(opened: Open) -> None:
    labels = year_totals(opened(), ends=["2012-03"]).labels
    by_list = labels.groupby("offence_list")["measure"].agg(set)
    assert "victim_based" in by_list["current"]
    assert not {"victim_based", "public_order", "arson"} & by_list["old"]
    assert {"total", "mopac7", "shoplifting"} <= by_list["old"]
    categories = set(read_table("annual_offences")["offence_category"])
    assert by_list["annual table"] == categories
    assert set(labels["measure"]) <= set(readable_measures())
    assert set(known_measures()) <= set(readable_measures())
    # One group's row is a group, a sum's a scheme.
    scopes = dict(zip(labels["measure"], labels["scope"], strict=True))
    assert (scopes["mopac7"], scopes["shoplifting"]) == ("scheme", "group")


def test_a_group_that_a_publication_stopped_showing_has_no_total_across_the_end(
    opened: Open,
) -> None:
    found = year_totals(opened(), measures=["fraud_and_forgery"]).labels
    policing = found[(found["basis"] == "policing") & (found["offence_list"] == "current")]
    # The publication of February 2024 shows none, from February 2022 on.
    assert policing["period"].str[-7:].max() == "2022-01"
