"""Perceptions beside the record, on made-up answers with the truth planted."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.confidence.perception import perceived_shares, perception_gap
from analysis.errors import DataContractError

NEW, OLD = pd.Timestamp("2025-03-01"), pd.Timestamp("2024-03-01")


def answers(*rows: tuple[object, ...]) -> pd.DataFrame:
    """Rows of month, question, ward, respondents, agreeing."""
    table = pd.DataFrame(
        rows, columns=["month", "question", "ward", "respondent_count", "agree_count"]
    )
    return table.astype({"respondent_count": "Int64", "agree_count": "Int64"})


def recorded(question: str, change_pct: float, is_significant: object) -> pd.DataFrame:
    """What was recorded beside one question."""
    row = {
        "recorded_per_100": 0.5,
        "recorded_per_100_lower": 0.4,
        "recorded_per_100_upper": 0.6,
        "change_pct": change_pct,
        "is_significant": is_significant,
    }
    return pd.DataFrame([row], index=[question])


def test_a_share_has_wilsons_limits_and_safety_is_turned_round() -> None:
    shares = perceived_shares(answers((NEW, "feel_safe_by_day", None, 100, 35)))
    row = shares.iloc[0]
    # Wilson's limits of 65 of 100 (PHE): 55.25 to 73.64.
    assert row["value_pct"] == 65
    assert (row["value_pct_lower"], row["value_pct_upper"]) == pytest.approx(
        (55.25, 73.64), abs=0.01
    )


def test_wards_are_added_up_only_where_the_borough_is_not_given() -> None:
    shares = perceived_shares(
        answers(
            (NEW, "worry_burglary", None, 200, 50),
            (NEW, "worry_burglary", "Pinner", 30, 30),
            (NEW, "worry_violence", "Pinner", 60, 30),
            (NEW, "worry_violence", "Wealdstone", 40, 30),
        )
    ).set_index("question")
    assert shares.loc["worry_burglary", ["respondent_count", "value_pct"]].tolist() == [200, 25]
    assert shares.loc["worry_violence", ["respondent_count", "value_pct"]].tolist() == [100, 60]
    assert shares["is_sum_of_wards"].to_dict() == {
        "worry_burglary": False,
        "worry_violence": True,
    }


def test_under_ten_respondents_are_not_shown() -> None:
    shares = perceived_shares(
        answers(
            (NEW, "worry_burglary", None, 9, 3),
            (NEW, "worry_violence", None, 10, 3),
        )
    ).set_index("question")["value_pct"]
    assert pd.isna(shares["worry_burglary"])
    assert shares["worry_violence"] == 30


@pytest.mark.parametrize(
    ("change_pct", "is_significant", "mistaken"),
    [
        # Of 100, 70 think that crime rose. It fell, or did not clearly move: 70 are mistaken.
        (-8.0, True, 70.0),
        (2.0, False, 70.0),
        # It rose: the 30 who did not see it are mistaken.
        (9.0, True, 30.0),
        (float("nan"), pd.NA, None),
    ],
)
def test_a_belief_is_set_against_what_the_record_bears_out(
    change_pct: float, is_significant: object, mistaken: float | None
) -> None:
    shares = perceived_shares(answers((NEW, "crime_gone_up", None, 100, 70)))
    row = perception_gap(shares, recorded("crime_gone_up", change_pct, is_significant)).iloc[0]
    if mistaken is None:
        assert pd.isna(row["gap_points"])
        return
    assert row["gap_points"] == mistaken
    assert row["gap_points_lower"] < mistaken < row["gap_points_upper"]
    # Wilson's limits of 70 of 100, 60.42 to 78.11, or of the other 30.
    ends = (60.42, 78.11) if mistaken == 70 else (21.89, 39.58)
    assert (row["gap_points_lower"], row["gap_points_upper"]) == pytest.approx(ends, abs=0.01)


def test_worry_is_set_against_offences_per_hundred_residents() -> None:
    shares = perceived_shares(answers((NEW, "worry_burglary", None, 100, 65)))
    row = perception_gap(shares, recorded("worry_burglary", -1.0, False)).iloc[0]
    assert row["gap_points"] == pytest.approx(64.5)
    # Newcombe's way by hand: 64.5 - sqrt(9.7456^2 + 0.1^2), 64.5 + sqrt(8.6358^2 + 0.1^2).
    assert row["gap_points_lower"] == pytest.approx(54.754, abs=0.001)
    assert row["gap_points_upper"] == pytest.approx(73.136, abs=0.001)


def test_a_planted_change_of_perception_is_found_and_a_still_one_is_not() -> None:
    shares = perceived_shares(
        answers(
            (OLD, "worry_burglary", None, 500, 200),
            (NEW, "worry_burglary", None, 500, 130),
            (OLD, "worry_violence", None, 500, 200),
            (NEW, "worry_violence", None, 500, 198),
            (NEW, "worry_robbery", None, 500, 100),
        )
    )
    both = pd.concat(
        [recorded(q, -5.0, True) for q in ("worry_burglary", "worry_violence", "worry_robbery")]
    )
    table = perception_gap(shares, both)
    assert table.loc["worry_burglary", "change_points"] == pytest.approx(-14)
    assert table["perceived_direction"].tolist()[0] == -1
    assert table.loc["worry_violence", "perceived_direction"] == 0
    assert pd.isna(table.loc["worry_robbery", "perceived_direction"])
    assert table["recorded_direction"].tolist() == [-1, -1, -1]


def test_a_wave_of_another_season_is_not_compared() -> None:
    shares = perceived_shares(
        answers(
            (pd.Timestamp("2024-09-01"), "worry_burglary", None, 500, 200),
            (NEW, "worry_burglary", None, 500, 130),
        )
    )
    table = perception_gap(shares, recorded("worry_burglary", -5.0, True))
    assert pd.isna(table.loc["worry_burglary", "change_points"])


def test_more_agreeing_than_asked_is_refused_without_their_numbers() -> None:
    with pytest.raises(DataContractError, match="line 3: more agree than were asked") as caught:
        perceived_shares(
            answers(
                (NEW, "worry_burglary", None, 100, 35),
                (NEW, "worry_violence", None, 57, 58),
            )
        )
    assert "58" not in str(caught.value)
