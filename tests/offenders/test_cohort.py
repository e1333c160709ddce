"""A cohort of made-up people, counted by hand. No row here is about anybody."""

import numpy as np
import pandas as pd
import pytest

from analysis.errors import DataContractError
from analysis.offenders.cohort import cohort_result

UNTIL = pd.Timestamp("2024-12-31")
WEIGHTS = pd.Series({"shoplifting": 10.0, "residential_burglary": 400.0})


def made_up(n, cohort="made-up scheme", entered="2023-01-01", first=0):
    return pd.DataFrame(
        {
            "person_key": [f"made-up-{number}" for number in range(first, first + n)],
            "cohort": cohort,
            "entered_on": pd.Timestamp(entered),
        }
    )


def offences(rows):
    table = pd.DataFrame(rows, columns=["person_key", "offence_date", "offence_group"])
    return table.assign(offence_date=pd.to_datetime(table["offence_date"]))


def by(people, date, group="shoplifting"):
    return [(f"made-up-{number}", date, group) for number in people]


def test_reoffending_frequency_and_harm_are_those_counted_by_hand():
    # Eight of twenty reoffend: seven once by theft from a shop, one by two burglaries.
    found = cohort_result(
        made_up(20),
        offences(
            by(range(7), "2023-05-01")
            + by([7], "2023-06-01", "residential_burglary")
            + by([7], "2023-07-01", "residential_burglary")
        ),
        WEIGHTS,
        until=UNTIL,
    ).reoffending.loc["made-up scheme"]
    assert (found["member_count"], found["reoffender_count"]) == (20, 8)
    assert found["reoffending_pct"] == 40
    # Wilson's limits of 8 of 20 (Newcombe's calculator): 21.9 to 61.3 per cent.
    assert found["reoffending_pct_lower"] == pytest.approx(21.88, abs=0.01)
    assert found["reoffending_pct_upper"] == pytest.approx(61.34, abs=0.01)
    assert found["reoffence_count"] == 9
    assert found["per_person"] == pytest.approx(9 / 20)
    assert found["per_reoffender"] == pytest.approx(9 / 8)
    assert found["harm_per_person"] == pytest.approx((7 * 10 + 2 * 400) / 20)


def test_the_window_is_twelve_months_from_the_day_of_entry():
    dates = ["2022-12-31", "2023-01-01", "2023-12-31", "2024-01-01"]
    rows = sum((by(range(8), date) for date in dates), [])
    row = cohort_result(made_up(20), offences(rows), WEIGHTS, until=UNTIL)
    assert row.reoffending["reoffence_count"].item() == 16
    assert row.before_after["before_count"].item() == pytest.approx(8 / 20)
    assert row.before_after["after_count"].item() == pytest.approx(16 / 20)
    assert row.before_after["change_count"].item() == pytest.approx(8 / 20)


def test_who_cannot_be_followed_so_long_does_not_count():
    late = made_up(12, entered="2024-06-01", first=20)
    members = pd.concat([made_up(20), late], ignore_index=True)
    rows = offences(by(range(8), "2023-05-01") + by(range(20, 32), "2024-07-01"))
    found = cohort_result(members, rows, WEIGHTS, until=UNTIL)
    assert found.reoffending["member_count"].item() == 20
    assert found.reoffending["reoffending_pct"].item() == 40
    assert found.not_followed_count == 12


def test_one_who_entered_a_year_before_the_last_day_is_followed():
    members = made_up(20, entered="2024-01-01")
    found = cohort_result(members, offences(by(range(8), "2024-02-01")), WEIGHTS, until=UNTIL)
    assert found.reoffending["member_count"].item() == 20


@pytest.mark.parametrize("again", [1, 5, 15, 19])
def test_few_who_did_or_did_not_reoffend_are_not_shown(again):
    row = cohort_result(
        made_up(20), offences(by(range(again), "2023-05-01")), WEIGHTS, until=UNTIL
    ).reoffending.iloc[0]
    assert row["is_suppressed"]
    shown = ["reoffender_count", "reoffending_pct", "reoffence_count", "per_person"]
    assert row[[*shown, "harm_per_person", "per_reoffender"]].isna().all()


def test_a_small_part_takes_all_parts_with_it_and_leaves_the_whole():
    members = pd.concat(
        [made_up(30, "made-up A"), made_up(10, "made-up B", first=30)], ignore_index=True
    )
    rows = offences(by(range(12), "2023-05-01") + by(range(30, 32), "2023-05-01"))
    found = cohort_result(members, rows, WEIGHTS, until=UNTIL).reoffending
    assert list(found.index) == ["all"]
    assert found.loc["all", "reoffender_count"] == 14


def test_parts_that_are_safe_are_shown_and_add_up():
    members = pd.concat(
        [made_up(30, "made-up A"), made_up(20, "made-up B", first=30)], ignore_index=True
    )
    rows = offences(
        by(range(12), "2023-05-01")
        + by(range(30, 38), "2023-05-01")
        + by(range(15), "2022-05-01")
        + by(range(30, 40), "2022-05-01")
    )
    found = cohort_result(members, rows, WEIGHTS, until=UNTIL).reoffending
    parts = found.drop(index="all")
    assert list(parts.index) == ["made-up A", "made-up B"]
    assert parts["reoffender_count"].sum() == found.loc["all", "reoffender_count"] == 20


def test_needs_are_of_those_assessed_and_small_ones_are_hidden():
    members = made_up(20).assign(
        drugs=["yes"] * 9 + ["no"] * 6 + [None] * 5,
        alcohol=["yes"] * 2 + ["no"] * 18,
    )
    rows = offences(by(range(8), "2023-05-01"))
    needs = cohort_result(members, rows, WEIGHTS, until=UNTIL).needs
    assert needs.loc["drugs", "need_pct"] == pytest.approx(60)
    assert needs.loc["drugs", "known_count"] == 15
    assert needs.loc["alcohol", "is_suppressed"]
    assert np.isnan(needs.loc["alcohol", "need_count"])


def test_made_up_people_who_enter_at_their_worst_fall_without_a_scheme():
    # Everybody offends at a steady rate of his own; those with three offences or more in a
    # year are taken in, and nothing is done. Their next year is lower all the same.
    rng = np.random.default_rng(2)
    rate = rng.gamma(1.5, 1.0, 2000)
    before, after = rng.poisson(rate), rng.poisson(rate)
    chosen = np.flatnonzero(before >= 3)
    members = made_up(2000).iloc[chosen]
    rows = [
        row
        for number in chosen
        for row in by([number] * before[number], "2022-06-01")
        + by([number] * after[number], "2023-06-01")
    ]
    change = cohort_result(members, offences(rows), WEIGHTS, until=UNTIL).before_after
    assert change["change_count_upper"].item() < 0


def test_a_person_twice_is_refused_without_telling_who():
    members = pd.concat([made_up(3), made_up(1)], ignore_index=True)
    with pytest.raises(DataContractError, match="1 person") as caught:
        cohort_result(members, offences(by([0], "2023-05-01")), WEIGHTS, until=UNTIL)
    assert "made-up" not in str(caught.value)


def test_an_offence_of_nobody_in_the_cohort_is_refused():
    with pytest.raises(DataContractError, match="1 offence"):
        cohort_result(made_up(3), offences(by([9], "2023-05-01")), WEIGHTS, until=UNTIL)
