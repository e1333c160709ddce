"""A borough's confidence, put together: against plain reading of the tables."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest

from analysis.assessment import Assessment, confidence
from analysis.assessment.surveys import survey_of
from analysis.params.areas import LONDON_CODE, borough_codes

Open = Callable[..., Assessment]
FIGURES = Path(__file__).parents[2] / "data/figures"


@pytest.fixture(scope="module")
def survey_file() -> dict[tuple[str, str, str], float]:
    """The survey table as plain text: (measure, area, quarter) to per cent."""
    with (FIGURES / "attitude_survey.csv").open(encoding="utf-8", newline="") as lines:
        return {
            (row["measure"], row["area_code"], row["quarter"]): float(row["value_pct"])
            for row in csv.DictReader(lines)
            if row["value_pct"]
        }


def test_the_newest_quarter_and_its_age_are_those_of_the_cut(opened: Open) -> None:
    newest = survey_of(opened())
    assert (newest.quarter, newest.age_months) == (pd.Timestamp("2023-12-31"), 17)
    cut = survey_of(opened("harrow", "2019-06"))
    assert (cut.quarter, cut.age_months) == (pd.Timestamp("2019-06-30"), 0)
    assert not survey_of(opened("harrow", "2013-03")).is_held
    assert survey_of(opened("harrow", "2013-03")).held_from == pd.Timestamp("2014-12-31")


def test_the_design_effect_is_what_the_text_of_the_table_gives(
    opened: Open, survey_file: dict[tuple[str, str, str], float]
) -> None:
    quarters = sorted({quarter for _, _, quarter in survey_file if quarter <= "2023-12-31"})
    shares = [
        [survey_file["good_job_local", code, quarter] for code in borough_codes()]
        for quarter in quarters
    ]
    squares, pairs = 0.0, 0
    for before, after in zip(shares, shares[1:], strict=False):
        moves = [b - a for a, b in zip(before, after, strict=True)]
        mean = sum(moves) / 32
        squares += sum((move - mean) ** 2 for move in moves)
        pairs += 1
    variance = squares / (31 * pairs) - 1 / 6
    every = [share / 100 for row in shares for share in row]
    random = 1e4 * sum(share * (1 - share) for share in every) / len(every) / 400 / 2
    found = survey_of(opened()).scatter["good_job_local"]
    assert found.design_effect == pytest.approx(variance / random)
    assert found.design_effect == pytest.approx(2.32, abs=0.01)


def test_parameters_change_the_sample_and_its_effect(opened: Open) -> None:
    usual = survey_of(opened()).effective_count("trust_mps")
    more = survey_of(opened(), sample_count=800)
    # What the figures' own scatter is worth does not depend on who is assumed asked.
    assert more.effective_count("trust_mps") == pytest.approx(usual)
    assert survey_of(opened(), sample_count=800, design_effect=2).effective_count(
        "trust_mps"
    ) == pytest.approx(400)


def test_levels_are_the_published_ones_and_judged_over_all_questions(
    opened: Open, survey_file: dict[tuple[str, str, str], float]
) -> None:
    table = confidence.levels(opened(), survey_of(opened()))
    assert len(table) == 8
    for measure, row in table.iterrows():
        own = survey_file[str(measure), "E09000015", "2023-12-31"]
        assert row["value_pct"] == own
        # London beside the boroughs, whichever file it stands in.
        assert row["london_pct"] == survey_file[str(measure), LONDON_CODE, "2023-12-31"]
        assert row["difference_points"] == own - row["london_pct"]
    assert table["london_pct"].notna().all()
    judged = table.sort_values("p_value")
    largest = max(
        (place for place, p in enumerate(judged["p_value"], 1) if p <= 0.05 * place / 8),
        default=0,
    )
    assert table["is_significant"].sum() == largest == 6


def test_a_change_is_taken_over_whole_years_and_never_less(opened: Open) -> None:
    survey = survey_of(opened())
    recent = confidence.changes(survey, 1).loc["good_job_local"]
    # Harrow said 59 % in December 2022 and 61 % in December 2023, London 49 and 47.
    assert (recent["before_pct"], recent["after_pct"]) == (59, 61)
    assert (recent["difference_points"], recent["london_points"]) == (2, -2)
    assert recent["relative_points"] == 4
    assert confidence.longest_years(survey) == 5
    assert confidence.longest_years(survey_of(opened("harrow", "2015-06"))) == 0
    assert confidence.changes(survey_of(opened("harrow", "2015-06")), 1).empty


def test_harrow_gained_on_london_over_five_years(opened: Open) -> None:
    row = confidence.changes(survey_of(opened()), 5).loc["good_job_local"]
    # 61 % in both Decembers, while London went from 62 to 47.
    assert (row["difference_points"], row["london_points"]) == (0, -15)
    assert row["relative_points_lower"] > 0
    assert bool(row["is_relative_significant"])


def test_two_questions_of_london_stop_in_march_2022(opened: Open) -> None:
    ended = confidence.stopped_questions(survey_of(opened()))
    assert {m: f"{quarter:%Y-%m}" for m, quarter in ended.items()} == {
        "contact_ward_officer": "2022-03",
        "informed_local": "2022-03",
    }


def test_twenty_per_cent_is_told_either_way(opened: Open) -> None:
    havering = opened("havering")
    table = confidence.twenty_per_cent(havering, survey_of(havering))
    row = table.loc["good_job_local"]
    assert row["base_pct"] == 48
    assert row[["by_percent_pct", "by_points_pct"]].tolist() == pytest.approx([57.6, 68])
    assert row["points_in_percent"] == pytest.approx(41.67, abs=0.01)
    harrow = confidence.twenty_per_cent(opened(), survey_of(opened())).loc["trust_mps"]
    # 82 % and 20 points are more than all.
    assert bool(harrow["is_out_of_reach"])
    assert pd.isna(harrow["by_points_pct"])


def test_only_the_plan_that_sets_a_target_is_said_to(opened: Open) -> None:
    assert confidence.sets_confidence_target(opened())
    assert not confidence.sets_confidence_target(opened("havering"))
    assert not confidence.sets_confidence_target(opened("camden"))


def test_risk_is_that_of_the_year_the_survey_covers(opened: Open) -> None:
    survey = survey_of(opened())
    period = confidence.survey_year(survey)
    assert period == ("2023-01", "2023-12")
    risk = confidence.recorded_risk(opened(), "total", period)
    count = opened().count("total", period)
    people = opened().population(period)["E09000015"]
    assert risk.loc["E09000015", "risk"] == pytest.approx(1000 * count / people)
    # Limits allow for months that scatter more than chance alone.
    z = NormalDist().inv_cdf(0.975)
    ratio = risk.loc["E09000015", "risk_upper"] / risk.loc["E09000015", "risk"]
    assert ratio > 1 + z / count**0.5
    assert len(risk) == 32


def test_gaps_of_the_year_of_the_survey_hold_westminster_far_above(opened: Open) -> None:
    table = confidence.gaps(opened(), survey_of(opened()))
    assert len(table) == 32
    assert table["gap"].idxmax() == "E09000033"
    assert bool(table.loc["E09000033", "is_significant"])
    assert table["gap"].mean() == pytest.approx(0, abs=1e-9)
    assert confidence.gaps(
        opened("harrow", "2013-03"), survey_of(opened("harrow", "2013-03"))
    ).empty


def test_every_pair_is_told_and_the_first_is_the_main_one(opened: Open) -> None:
    survey = survey_of(opened())
    table = confidence.gap_pairs(opened(), survey)
    assert len(table) == 6
    main = confidence.gaps(opened(), survey)
    assert table.iloc[0]["gap"] == main.loc["E09000015", "gap"]
    order = main[["value_pct", "risk"]].rank().corr().iloc[0, 1]
    assert table.iloc[0]["correlation"] == pytest.approx(order)


def test_change_in_crime_is_over_the_years_of_the_change_in_confidence(opened: Open) -> None:
    table = confidence.moved(opened(), survey_of(opened()), 5)
    before = opened().totals("total_without_fraud", ("2018-01", "2018-12"))
    after = opened().totals("total_without_fraud", ("2023-01", "2023-12"))
    people = [opened().population((f"{year}-01", f"{year}-12")) for year in (2018, 2023)]
    rate = (after / people[1]) / (before / people[0])
    found = table.loc["E09000004", "crime_change_pct"]
    assert found == pytest.approx(100 * (rate["E09000004"] - 1))
    assert confidence.moved(opened(), survey_of(opened()), 0).empty


def test_slopes_rest_on_years_that_share_no_answers(opened: Open) -> None:
    table = confidence.moves(opened(), survey_of(opened()))
    # December 2014 to December 2023; trust is asked from 2016.
    assert table.set_index(["answer", "risk"])["year_count"].tolist() == [10, 10, 8, 8]
    assert (table["area_count"] == 32).all()


def test_a_partnerships_survey_stands_beside_the_record_of_its_year(opened: Open) -> None:
    answers = pd.DataFrame(
        {
            "month": [pd.Timestamp("2019-03-01"), pd.Timestamp("2021-03-01")],
            "question": "worry_burglary",
            "ward": [None, None],
            "respondent_count": pd.array([400, 400], "Int64"),
            "agree_count": pd.array([100, 40], "Int64"),
            "is_weighted": "no",
        }
    )
    cut = opened("harrow", "2019-06")
    found = confidence.perceptions_from(cut, answers)
    assert found is not None
    row = found.table.loc["worry_burglary"]
    # The wave of 2021 is not seen in 2019.
    assert row["value_pct"] == 25
    count = cut.count("residential_burglary", ("2018-04", "2019-03"))
    people = cut.population(("2018-04", "2019-03"))["E09000015"]
    assert row["recorded_per_100"] == pytest.approx(100 * count / people)
    # Burglaries of a borough scatter more than Poisson's, and so must the limits.
    error = 1.96 * 100 * np.sqrt(count * cut.dispersion("residential_burglary")) / people
    width = row["recorded_per_100_upper"] - row["recorded_per_100_lower"]
    assert width == pytest.approx(2 * error, rel=0.03)
    assert confidence.perceptions_from(opened("harrow", "2013-03"), answers) is None


def test_londons_later_publication_is_not_seen_before_its_day() -> None:
    early = Assessment.open("harrow", published_by="2025-07")
    survey = survey_of(early)
    table = confidence.levels(early, survey)
    # London's own series was published in October 2025; the boroughs' file holds some of it.
    assert pd.isna(table.loc["good_job_local", "london_pct"])
    assert table.loc["trust_mps", "london_pct"] == 69
    assert survey.quarter == pd.Timestamp("2023-12-31")
    assert table["is_significant"].notna().sum() == 3
