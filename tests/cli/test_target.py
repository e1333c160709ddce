"""``csp target``: answers as tables to read and as JSON, and refusals in a sentence."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analysis.assessment import Assessment
from analysis.cli import main

Capture = pytest.CaptureFixture[str]

MOPAC_7 = ["--rule", "percent=20", "--measure", "mopac7"]
HINDCAST = ["--borough", "harrow", "--plan", "harrow_2013-17", "--as-of", "2013-03"]


@pytest.fixture
def shared(opened: Callable[..., Assessment], monkeypatch: pytest.MonkeyPatch) -> None:
    """Assessments of one cut share figures and forecasts, which are alike for all."""

    def open_shared(borough: str, *, as_of: str | None = None, **_: object) -> Assessment:
        return opened(borough.casefold(), as_of)

    monkeypatch.setattr(Assessment, "open", open_shared)


def told_by(capsys: Capture, *arguments: str) -> str:
    main(["target", *arguments])
    told = capsys.readouterr()
    assert told.err == ""
    return told.out


def rows_of(capsys: Capture, *arguments: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(told_by(capsys, *arguments, "--json"))
    return rows


def refused(capsys: Capture, *arguments: str) -> tuple[str, object]:
    with pytest.raises(SystemExit) as left:
        main(["target", *arguments])
    told = capsys.readouterr()
    assert told.out == ""
    return told.err, left.value.code


@pytest.mark.usefixtures("shared")
def test_json_holds_one_object_a_target_of_the_plan(capsys: Capture) -> None:
    by_name = {row["name"]: row for row in rows_of(capsys, "--borough", "harrow")}
    assert list(by_name) == [
        "mopac7_20_percent",
        "safest_by_count",
        "safest_by_rate",
        "confidence_20_percent",
    ]
    met = by_name["mopac7_20_percent"]
    assert (met["base_count"], met["actual_count"], met["met_by_count"]) == (8_255, 6_377, 15)
    assert (met["verdict"], by_name["safest_by_count"]["verdict"]) == ("met", "missed")
    confidence = by_name["confidence_20_percent"]
    assert (confidence["points"], round(confidence["relative_pct"])) == (13, 21)


def test_the_hindcast_of_harrows_plan_answers_all_from_months_to_march_2013(
    capsys: Capture,
) -> None:
    # Of the processor, not of the clock: a busy machine is no fault of the code.
    began = time.process_time()
    fifth, by_count, by_rate, confidence = rows_of(capsys, *HINDCAST)
    assert time.process_time() - began < 15
    assert (fifth["basis"], fifth["offence_list"]) == ("policing", "old")
    assert (fifth["base_count"], fifth["last_12_count"]) == (8_255, 7_696)
    assert fifth["from_base_count"] == pytest.approx(1_651)
    assert fifth["from_last_12_count"] == pytest.approx(1_092)
    assert 0.05 < fifth["probability"] < 0.5
    assert by_count["comparator_code"] == "E09000021"
    assert by_count["base_count"] == 13_413
    assert by_rate["probability"] > by_count["probability"]
    assert confidence["target_pct"] == 75
    for row in (fifth, by_count, by_rate):
        assert [(r["per"], r["measured_from"]) for r in row["required_reduction"]] == [
            (per, source)
            for per in ("year", "whole")
            for source in ("base", "last_12_months", "forecast")
        ]
        ceilings = [month["ceiling_whole_count"] for month in row["trajectory"]]
        assert sum(ceilings[-12:]) == int(row["target_count"] + 1e-9)
        assert row["trajectory"][0]["month"] == "2013-04"
        seen = [month for month in row["since_base"] if month["is_seen"]]
        assert (seen[0]["month"], seen[-1]["month"]) == ("2012-04", "2013-03")
        assert row["on_track"]["milestone"] == "2014-03"
        assert {part["method"] for part in row["allocation"]} == {
            "in_proportion",
            "by_harm",
            "by_achieved",
            "least_effort",
        }
        assert len(row["if_london_changes"]) == 7
        assert all(each["best_to"] <= "2013-03" for each in row["achieved_by"])


@pytest.mark.usefixtures("shared")
def test_the_table_says_in_words_what_json_says_in_numbers(capsys: Capture) -> None:
    fifth = rows_of(capsys, *HINDCAST)[0]
    text = told_by(capsys, *HINDCAST)
    first = text.partition("Fewest offences of the 32 boroughs")[0]
    assert fifth["definition"] in first
    assert "latest year: 7,696" in first
    assert "target level: 6,604" in first
    (from_here,) = [
        line.split() for line in first.splitlines() if "from the latest year     1,092" in line
    ]
    assert from_here[-4:] == ["1,092", "14.2", "91", "5.0%"]
    assert fifth["in_words"] in first
    assert fifth["on_track"]["in_words"] in first
    assert f"{fifth['base_rate_times']} times" in first
    names = [row["area_name"] for row in fifth["achieved_by"][:5]]
    assert all(f"{name} (" in first for name in names)
    coming = fifth["trajectory"][:12]
    for month in coming:
        assert f"{month['month']} {month['ceiling_whole_count']:.0f}" in first
    assert fifth["trajectory"][12]["month"] not in first
    assert "least effort" in first
    assert "13 percentage points, which is 21% of the base" in text


@pytest.mark.usefixtures("shared")
def test_a_readers_own_target_names_its_record_base_and_horizon(capsys: Capture) -> None:
    given = ["--borough", "harrow", *MOPAC_7, "--as-of", "2013-03", "--horizon", "2015-03"]
    (row,) = rows_of(capsys, *given)
    assert (row["basis"], row["offence_list"]) == ("location", "current")
    assert row["horizon"] == "2015-03"
    assert "base April 2012 to March 2013" in row["definition"]
    assert row["target_count"] == pytest.approx(0.8 * row["base_count"])


@pytest.mark.usefixtures("shared")
def test_over_the_whole_period_the_same_number_asks_for_less(capsys: Capture) -> None:
    given = ["--borough", "harrow", *MOPAC_7, "--horizon", "2028-05"]
    (yearly,), (whole,) = (rows_of(capsys, *given, "--per", per) for per in ("year", "whole"))
    assert (yearly["per"], whole["per"]) == ("year", "whole")
    assert whole["from_base_count"] == pytest.approx(yearly["from_base_count"])
    assert whole["target_count"] > yearly["target_count"]
    assert whole["probability"] > yearly["probability"]
    text = told_by(capsys, *given, "--per", "whole")
    assert "added up over the 36 months to May 2028" in text
    assert "more than is needed), were the same number meant so:" in text


@pytest.mark.usefixtures("shared")
def test_points_are_of_a_survey_and_are_told_as_a_share_of_the_base(capsys: Capture) -> None:
    given = ["--borough", "harrow", "--rule", "points=13", "--measure", "good_job_local"]
    (row,) = rows_of(capsys, *given)
    assert (row["base_pct"], row["target_pct"], row["points"]) == (61, 74, 13)
    assert row["relative_pct"] == pytest.approx(100 * 13 / 61)
    assert row["points_from_latest"] == 13
    assert 0 <= row["base_rate"] < 0.05
    text = told_by(capsys, *given)
    assert "13 percentage points, which is 21% of the base" in text
    assert "of boroughs and starting quarters" in text


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize(
    "rule", ["percent=10", "level=5000", "rank=1:rate", "rank=3:count", "parity=sutton"]
)
def test_every_rule_gets_the_same_kinds_of_answer(rule: str, capsys: Capture) -> None:
    given = ["--borough", "havering", "--measure", "mopac7", "--rule", rule]
    (row,) = rows_of(capsys, *given)
    assert row["rule"] == rule
    assert len(row["required_reduction"]) == 6
    assert 0 <= row["probability"] <= 1
    assert len(row["trajectory"]) == 36
    text = told_by(capsys, *given)
    for part in ("target level:", "chance with no change of course:", "monthly ceilings"):
        assert part in text


@pytest.mark.usefixtures("shared")
def test_what_the_gate_refuses_is_printed_without_a_number(capsys: Capture) -> None:
    given = ["--borough", "hillingdon", *MOPAC_7, "--base", "2022-06..2023-05"]
    text = told_by(capsys, *given)
    assert "cannot be told" in text
    assert "From April 2023 to February 2024 Heathrow's offences" in text
    for word in ("chance", "base:", "target level:", "forecast", "ceilings"):
        assert word not in text
    (row,) = rows_of(capsys, *given)
    assert row["is_blocked"]
    assert row["probability"] is None
    assert "trajectory" not in row


@pytest.mark.usefixtures("shared")
def test_a_target_past_reach_is_answered_and_not_refused(capsys: Capture) -> None:
    given = ["--borough", "harrow", "--rule", "percent=99", "--horizon", "2025-09"]
    text = told_by(capsys, *given)
    assert "no way is left: more has been counted already than the target allows" in text
    (row,) = rows_of(capsys, *given)
    assert row["trajectory"] == []


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        ([*MOPAC_7, "--base", "2008-04..2009-03"], 3, "two bases, or two lists, are never"),
        ([*MOPAC_7, "--base", "1999-04..2000-03"], 3, "is not within 2010-04..2025-05"),
        ([*MOPAC_7, "--base", "2011-04..2012-09"], 2, "has 18 months"),
        ([*MOPAC_7, "--horizon", "2020-03"], 2, "horizon 2020-03 is not between"),
        ([*MOPAC_7, "--horizon", "2020-3"], 2, "'2020-3' is not a month"),
        ([*MOPAC_7, "--per", "month"], 2, "'month' is not one of 'year', 'whole'"),
        (["--per", "whole"], 2, "go with --rule"),
        (["--rule", "points=13"], 2, "needs a survey measure"),
        (["--rule", "percent=20", "--measure", "good_job_local"], 2, "moves by points"),
        (
            [
                "--rule",
                "points=13",
                "--measure",
                "good_job_local",
                "--base",
                "2011-04..2012-03",
            ],
            3,
            "no quarter of the base 2011-04..2012-03",
        ),
    ],
)
def test_what_cannot_be_answered_is_refused_in_one_sentence(
    given: list[str],
    code: int,
    said: str,
    capsys: Capture,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CSP_PROJECT", os.environ.get("CSP_PROJECT") or str(Path.cwd()))
    monkeypatch.chdir(tmp_path)
    told, left = refused(capsys, "--borough", "harrow", *given)
    assert left == code
    assert said in told
    assert "Traceback" not in told
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [("", "'measure' is missing. Add it."), ("    measure:", "'measure' has no value.")],
)
def test_a_plan_without_a_measure_is_refused_with_its_line(
    line: str, said: str, capsys: Capture, tmp_path: Path
) -> None:
    plan = Path(__file__).parents[2] / "params/plans/harrow_2013-17.yml"
    faulty = tmp_path / "plan.yml"
    text = plan.read_text("utf-8").replace("    measure: mopac7", line, 1)
    faulty.write_text(text, encoding="utf-8")
    told, left = refused(capsys, "--borough", "harrow", "--plan", str(faulty))
    assert left == 2
    assert f"{faulty}, target 1 (line " in told
    assert said in told
    assert len(told.strip().splitlines()) == 1


def test_a_rank_among_boroughs_with_a_month_missing_is_refused_by_borough_and_month(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from analysis.assessment import assessment as rooms
    from analysis.data.vintages import monthly_offences

    def holed(*given: Any, **options: Any) -> Any:
        table = monthly_offences(*given, **options)
        gap = (table["area_code"] == "E09000021") & (table["month"] == "2024-10-01")
        table.loc[gap, "offence_count"] = None
        return table

    monkeypatch.setattr(rooms, "monthly_offences", holed)
    given = ["--borough", "harrow", "--measure", "mopac7", "--rule", "rank=1:count"]
    told, left = refused(capsys, *given)
    assert left == 3
    assert "months are missing of E09000021 (2024-10)" in told
