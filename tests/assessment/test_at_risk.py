"""Who is at risk: London's shares, suspects, and the partnership's records, protected."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from analysis.assessment import Assessment, at_risk
from analysis.assessment.at_risk import (
    all_repeat_records,
    homicide_suspects,
    outside_share_pct,
    repeat_places,
    repeat_records,
    vawg_breakdown,
    victim_counts,
)
from analysis.data.figures import read_table

Open = Callable[..., Assessment]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Callable[[pd.DataFrame | None], None]:
    def given(table: pd.DataFrame | None) -> None:
        monkeypatch.setattr(at_risk, "load_partner_table", lambda name, code: table)

    return given


def records(people: int, repeat_share: float, kind: str = "crime") -> pd.DataFrame:
    """A crime a person over two years; of some, another twenty days later."""
    generator = np.random.default_rng(23)
    days = generator.integers(0, 710, people)
    frame = pd.DataFrame({"victim_key": [f"v{n}" for n in range(people)], "day": days})
    again = frame[generator.random(people) < repeat_share].assign(day=lambda t: t["day"] + 20)
    both = pd.concat([frame, again])
    both["date"] = pd.Timestamp("2023-01-01") + pd.to_timedelta(both["day"], unit="D")
    return both.assign(kind=kind, offence_group="")[
        ["victim_key", "date", "kind", "offence_group"]
    ]


def test_shares_of_a_breakdown_are_of_its_own_year(opened: Open):
    found = vawg_breakdown(opened("harrow"), "age_group")
    assert found is not None
    assert found.period == ("2024-07", "2025-06")
    assert found.table["share_pct"].sum() == pytest.approx(100)
    stored = read_table("vawg_people").set_index("group_name").loc["Aged 20 to 29 years"]
    months = [month for month in stored.index if "2024-07" <= month <= "2025-06"]
    mine = found.table.set_index("group_name")["count"]
    assert mine["Aged 20 to 29 years"] == stored[months].astype(int).sum()


def test_a_year_across_the_change_of_system_has_no_breakdown(opened: Open):
    assert vawg_breakdown(opened("harrow", "2024-08"), "ethnicity") is None
    assert vawg_breakdown(opened("harrow", "2013-03"), "ethnicity") is None


def test_about_a_fifth_is_flagged_outside(opened: Open):
    share = outside_share_pct(opened("harrow"))
    assert share is not None
    assert 20 < share < 24


def test_suspects_of_london_are_told_by_age_and_of_a_borough_by_two(opened: Open):
    found = homicide_suspects(opened("harrow"))
    assert found is not None
    assert found.borough.set_index("age_group")["suspect_count"].to_dict() == {
        "under 25": 15,
        "25 and over": 14,
    }
    assert found.london[["male_count", "female_count"]].to_numpy().sum() > 1_500


def test_a_borough_with_few_suspects_shows_none(opened: Open):
    table = read_table("homicide_suspects")
    boroughs = table[table["age_group"].isin(["under 25", "25 and over"])]
    few = boroughs.loc[boroughs["suspect_count"].idxmin()]
    assert few["suspect_count"] <= 5
    found = homicide_suspects(opened(few["area_code"]))
    assert found is not None
    # The total of two would give the other back: both are hidden.
    assert found.borough["is_suppressed"].all()
    assert found.borough["suspect_count"].isna().all()


def test_records_not_loaded_are_none(opened: Open, load: Callable[..., None]):
    load(None)
    assert victim_counts(opened("harrow")) is None
    assert all_repeat_records(opened("harrow")) == []


def test_repeat_victims_of_the_newest_year_are_told(opened: Open, load: Callable[..., None]):
    load(records(2_000, 0.25))
    (found,) = all_repeat_records(opened("harrow"))
    assert found.result is not None
    assert not found.is_hidden
    assert found.result.repeat_event_count / found.result.event_count == pytest.approx(
        0.2, abs=0.03
    )
    assert found.times["victim_count"].sum() == found.result.victim_count
    assert found.times["event_count"].sum() == found.result.event_count


def test_few_repeat_victims_are_hidden(opened: Open, load: Callable[..., None]):
    table = records(200, 0.0)
    # One more event each for three victims of the newest months.
    newest = table.sort_values("date").tail(3)
    newest = newest.assign(date=newest["date"] - pd.Timedelta(days=3))
    load(pd.concat([table, newest]))
    found = repeat_records(opened("harrow"), "crime")
    assert found is not None
    assert found.result is not None
    assert found.result.repeat_victim_count == 3
    assert found.is_hidden
    assert not found.times["victim_count"].dropna().between(1, 5).any()


def suffered(times: dict[int, int]) -> pd.DataFrame:
    """Victims who each suffered so many events of the newest year, and none before."""
    rows = [("early", pd.Timestamp("2023-01-01")), ("last", pd.Timestamp("2024-12-31"))]
    for count, people in times.items():
        for person in range(people):
            days = pd.date_range("2024-02-01", periods=count, freq="20D")
            rows += [(f"v{count}-{person}", day) for day in days]
    table = pd.DataFrame(rows, columns=["victim_key", "date"])
    return table.assign(kind="crime", offence_group="")


def test_totals_beside_the_table_give_no_hidden_row_back(
    opened: Open, load: Callable[..., None]
):
    # Were the five and the four hidden, nine victims with 31 events would give both back.
    load(suffered({1: 300, 2: 40, 3: 5, 4: 4}))
    found = repeat_records(opened("harrow"), "crime")
    assert found is not None
    assert found.times["label"].tolist() == ["1", "2", "3 or more"]
    assert found.times["victim_count"].tolist() == [301, 40, 9]
    assert found.times["event_count"].tolist() == [301, 80, 31]
    assert found.times["event_pct"].sum() == pytest.approx(100)


def test_a_few_victims_of_the_year_before_are_not_told_by_what_is_left(
    opened: Open, load: Callable[..., None]
):
    table = suffered({1: 300, 2: 40})
    known = table[table["victim_key"].isin(["v1-0", "v1-1", "v1-2"])]
    load(pd.concat([table, known.assign(date=pd.Timestamp("2023-12-01"))]))
    found = repeat_records(opened("harrow"), "crime")
    assert found is not None
    assert found.result is not None
    assert found.result.repeat_victim_count == 43
    assert found.times.empty


def test_records_of_one_year_are_too_short(opened: Open, load: Callable[..., None]):
    table = records(300, 0.2)
    load(table[table["date"] < "2023-12-01"])
    found = repeat_records(opened("harrow"), "crime")
    assert found is not None
    assert found.result is None


def test_crime_and_anti_social_behaviour_are_told_apart(
    opened: Open, load: Callable[..., None]
):
    load(pd.concat([records(500, 0.2), records(400, 0.5, "asb")]))
    crime, nuisance = all_repeat_records(opened("harrow"))
    assert (crime.kind, nuisance.kind) == ("crime", "asb")
    assert crime.result is not None
    assert nuisance.result is not None
    assert nuisance.result.repeat_victim_pct > crime.result.repeat_victim_pct


def counts(**given: int) -> pd.DataFrame:
    rows = [
        (pd.Timestamp("2025-01-01"), "personal_robbery", "male", age, count)
        for age, count in given.items()
    ]
    names = ["month", "offence_group", "sex", "age_band", "person_count"]
    return pd.DataFrame(rows, columns=names).assign(
        person_count=lambda t: t["person_count"].astype("Int64"),
        age_band=lambda t: t["age_band"].str.removeprefix("a"),
    )


def test_shares_of_the_ages_that_plans_ask_of(opened: Open, load: Callable[..., None]):
    load(counts(a11_to_15=30, a16_to_17=20, a18_to_24=40, a25_to_34=60, not_recorded=9))
    found = victim_counts(opened("harrow"))
    assert found is not None
    asked = found.asked.set_index("ages")
    # 30 and 60 of the 150 whose age is recorded; nobody aged 65 or over.
    assert asked.loc["aged 11 to 15", "share_pct"] == pytest.approx(20)
    assert asked.loc["aged 16 to 24", "share_pct"] == pytest.approx(40)
    assert asked.loc["aged 65 and over", "person_count"] == 0


def test_small_counts_of_victims_are_hidden(opened: Open, load: Callable[..., None]):
    load(counts(a11_to_15=3, a16_to_17=20, a18_to_24=40, a25_to_34=60))
    found = victim_counts(opened("harrow"))
    assert found is not None
    shown = found.table.set_index("age_band")["person_count"]
    assert pd.isna(shown["11_to_15"])
    assert pd.isna(shown["16_to_17"]), "the total would give back the smallest"
    asked = found.asked.set_index("ages")
    assert asked.loc["aged 11 to 15", "is_suppressed"]
    assert pd.isna(asked.loc["aged 11 to 15", "share_pct"])


def test_no_sum_gives_a_hidden_cell_back(opened: Open, load: Callable[..., None]):
    men = counts(a11_to_15=90, a25_to_34=60)
    women = counts(a11_to_15=4, a25_to_34=70).assign(sex="female")
    load(pd.concat([men, women], ignore_index=True))
    found = victim_counts(opened("harrow"))
    assert found is not None
    # 94 aged 11 to 15 less the 90 boys shown would be the four girls who are hidden.
    assert found.asked.set_index("ages").loc["aged 11 to 15", "is_suppressed"]


def test_no_offence_group_is_given_back_by_the_total(opened: Open, load: Callable[..., None]):
    parts = {"personal_robbery": 3, "shoplifting": 25, "rape": 8, "total": 36}
    tables = [
        counts(a65_and_over=n, a25_to_34=99).assign(offence_group=g) for g, n in parts.items()
    ]
    load(pd.concat(tables, ignore_index=True))
    found = victim_counts(opened("harrow"))
    assert found is not None
    older = found.asked[found.asked["ages"] == "aged 65 and over"].set_index("offence_group")
    assert older["is_suppressed"].to_dict() == {
        "personal_robbery": True,
        "shoplifting": False,
        "rape": True,
        "total": False,
    }


@pytest.mark.mirror
@pytest.mark.slow
def test_repeat_points_are_of_one_year_of_the_borough(mirror: object, opened: Open):
    found = repeat_places(opened("harrow"))
    assert found is not None
    assert found.period == ("2017-07", "2018-06")
    assert list(found.table.index) == at_risk.PLACE_KINDS
    assert (found.table["repeat_point_count"] <= found.table["point_count"]).all()
    assert repeat_places(opened("harrow", "2013-03")) is None
