"""Repeat victimisation by hand, by the published table, and with planted repeats."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.errors import DataContractError
from analysis.victims.repeats import (
    repeat_points,
    repeat_victimisation,
    time_course,
    times_suffered,
)


def events(*pairs: tuple[str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(pairs, columns=["victim_key", "date"])
    return frame.assign(date=pd.to_datetime(frame["date"]))


BY_HAND = events(
    ("ann", "2023-03-01"),
    ("ann", "2024-02-01"),  # 337 days after: a repeat, though the first lies a year before
    ("ben", "2024-01-05"),
    ("ben", "2024-01-05"),  # the same day: one event
    ("ben", "2024-04-05"),  # a repeat
    ("ben", "2024-05-05"),  # a repeat
    ("cat", "2023-01-01"),
    ("cat", "2024-06-30"),  # 546 days after: no repeat
    ("dan", "2024-12-31"),
)


def test_repeats_of_a_year_counted_by_hand():
    found = repeat_victimisation(
        BY_HAND, "2024-01-01", "2024-12-31", records_begin="2023-01-01"
    )
    # Events of 2024: ann 1, ben 3, cat 1, dan 1.
    assert (found.victim_count, found.event_count) == (4, 6)
    assert (found.repeat_victim_count, found.repeat_event_count) == (2, 3)
    # Ann's one and Ben's three of six.
    assert found.repeat_victim_event_count == 4
    assert found.repeat_victim_pct == pytest.approx(50)
    assert found.repeat_victim_event_pct == pytest.approx(66.667, abs=0.001)
    assert found.concentration == pytest.approx(1.5)


def test_an_event_as_old_as_the_window_counts_and_a_day_older_does_not():
    at = events(("ann", "2023-01-01"), ("ann", "2024-01-01"))
    older = events(("ann", "2022-12-31"), ("ann", "2024-01-01"))
    day = ("2024-01-01", "2024-12-31")
    assert repeat_victimisation(at, *day).repeat_event_count == 1
    assert repeat_victimisation(older, *day).repeat_event_count == 0


def test_a_calendar_year_alone_would_miss_pairs_across_the_new_year():
    frame = events(("ann", "2023-12-20"), ("ann", "2024-01-10"), ("ben", "2023-01-01"))
    found = repeat_victimisation(frame, "2024-01-01", "2024-12-31")
    assert found.repeat_victim_count == 1
    assert found.distribution.loc[0, "victim_count"] == 1


def test_records_that_begin_too_late_are_refused():
    with pytest.raises(DataContractError, match="less than 365 days before"):
        repeat_victimisation(events(("ann", "2024-02-01")), "2024-01-01", "2024-12-31")


def test_a_period_without_events_is_refused():
    with pytest.raises(DataContractError, match="no event"):
        repeat_victimisation(events(("ann", "2020-02-01")), "2024-01-01", "2024-12-31")


def test_shares_of_the_british_crime_survey_of_1992_come_out():
    # Farrell & Pease (1993), Once Bitten, Twice Bitten: of 1,000 people 595, 203, 90, 45, 24
    # and 43 suffered 0, 1, 2, 3, 4 and 5 or more crimes, the last 43.5 % of all crimes (472,
    # since the others are 203, 180, 135 and 96). Printed shares of incidents: 18.7, 16.5,
    # 12.4, 8.8, 43.5; the prints are rounded, so they are met within 0.2.
    heavy = [10] * 42 + [472 - 420]
    times = pd.Series([1] * 203 + [2] * 90 + [3] * 45 + [4] * 24 + heavy)
    table = times_suffered(times, population=1_000)
    assert table["times"].tolist() == [0, 1, 2, 3, 4, 5]
    assert table["victim_pct"].round(1).tolist() == [59.5, 20.3, 9.0, 4.5, 2.4, 4.3]
    assert table["event_pct"].tolist() == pytest.approx(
        [0.0, 18.7, 16.5, 12.4, 8.8, 43.5], abs=0.2
    )


def test_the_time_course_leaves_out_events_without_a_whole_follow_up():
    frame = events(
        ("ann", "2022-01-01"),
        ("ann", "2022-01-08"),  # 7 days after
        ("ann", "2022-06-07"),  # 150 days after
        ("ben", "2024-06-01"),  # followed for a month only
        ("ben", "2024-06-03"),
    )
    table = time_course(frame, "2024-06-30")
    assert table["followed_count"].iloc[0] == 3
    assert table.loc[table["days_to"] == 30, "repeat_count"].item() == 1
    assert table.loc[table["days_to"] == 150, "repeat_count"].item() == 1
    assert table["repeat_count"].sum() == 2
    assert table["cumulative_pct"].iloc[-1] == pytest.approx(100)
    assert table["days_to"].iloc[-1] == 365
    assert table["even_pct"].sum() == pytest.approx(100)


def planted(share: float, generator: np.random.Generator) -> pd.DataFrame:
    """First events over three years; a known share again, on average 40 days later."""
    people = 4_000
    first = generator.integers(0, 3 * 365, people)
    again = generator.random(people) < share
    gap = 1 + np.minimum(generator.exponential(40, people), 300).astype(int)
    start = pd.Timestamp("2021-01-01")
    keys = np.char.add("p", np.arange(people).astype(str))
    days = pd.DataFrame({"victim_key": keys, "day": first})
    repeats = pd.DataFrame({"victim_key": keys[again], "day": (first + gap)[again]})
    both = pd.concat([days, repeats])
    both["date"] = start + pd.to_timedelta(both["day"], unit="D")
    return both[both["day"] < 3 * 365]


def test_a_planted_share_of_repeats_is_found():
    frame = planted(0.3, np.random.default_rng(3))
    found = repeat_victimisation(frame, "2023-01-01", "2023-12-31")
    # Of n first events 0.3 n are repeats: 0.3 of 1.3 events, whichever year they fall in.
    assert found.repeat_event_count / found.event_count == pytest.approx(0.3 / 1.3, abs=0.03)


def test_planted_quick_repeats_show_in_the_time_course():
    frame = planted(0.3, np.random.default_rng(5))
    table = time_course(frame, "2023-12-31")
    # An exponential gap of mean 40 days puts 1 - exp(-30/40) = 53 % into the first thirty.
    assert table.loc[0, "repeat_pct"] == pytest.approx(53, abs=4)
    assert table.loc[0, "even_pct"] == pytest.approx(8.2, abs=0.1)


def test_no_repeats_are_found_where_none_is_planted():
    frame = planted(0.0, np.random.default_rng(9))
    assert repeat_victimisation(frame, "2023-01-01", "2023-12-31").repeat_victim_count == 0


def test_events_spread_at_random_over_points_repeat_as_often_as_chance_says():
    generator = np.random.default_rng(13)
    frame = pd.DataFrame({"kind": "Burglary", "point": generator.integers(0, 500, 400)})
    row = repeat_points(frame, 500, by=["point"]).loc["Burglary"]
    # Another of 399 at one of 500 points: 1 - (499 / 500) ** 399 = 55.0 %.
    assert row["chance_pct"] == pytest.approx(55.0, abs=0.1)
    assert row["repeat_event_pct"] == pytest.approx(row["chance_pct"], abs=6)
