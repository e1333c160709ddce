"""``csp target``: outcomes and prospects as a table to read and as JSON."""

from __future__ import annotations

import json

import pytest

from analysis.cli import main

Capture = pytest.CaptureFixture[str]

MOPAC_7 = ["--rule", "percent=20", "--measure", "mopac7"]


def told_by(capsys: Capture, *arguments: str) -> str:
    main(["target", *arguments])
    told = capsys.readouterr()
    assert told.err == ""
    return told.out


def test_json_holds_one_object_a_target_of_the_plan(capsys: Capture) -> None:
    rows = json.loads(told_by(capsys, "--borough", "harrow", "--json"))
    by_name = {row["name"]: row for row in rows}
    assert list(by_name) == ["mopac7_20_percent", "safest_by_count", "safest_by_rate"]
    met = by_name["mopac7_20_percent"]
    assert (met["base_count"], met["actual_count"], met["met_by_count"]) == (8_255, 6_377, 15)
    assert (met["verdict"], by_name["safest_by_count"]["verdict"]) == ("met", "missed")


def test_seen_from_march_2013_the_same_targets_are_to_come(capsys: Capture) -> None:
    given = ["--borough", "harrow", "--as-of", "2013-03"]
    first = json.loads(told_by(capsys, *given, "--json"))[0]
    assert (first["base_count"], first["last_12_count"]) == (8_255, 7_696)
    assert first["from_last_12_count"] == pytest.approx(1_092)
    assert 0 < first["probability"] < 1
    text = told_by(capsys, *given)
    assert "latest year: 7,696" in text
    assert "fewer than latest year: 1,092" in text
    assert first["in_words"] in text


def test_a_readers_own_target_names_its_record_base_and_horizon(capsys: Capture) -> None:
    given = ["--borough", "harrow", *MOPAC_7, "--as-of", "2013-03", "--horizon", "2015-03"]
    (row,) = json.loads(told_by(capsys, *given, "--json"))
    assert (row["basis"], row["offence_list"]) == ("location", "current")
    assert row["horizon"] == "2015-03"
    assert "base April 2012 to March 2013" in row["definition"]
    assert row["target_count"] == pytest.approx(0.8 * row["base_count"])


def test_what_the_gate_refuses_is_printed_without_a_number(capsys: Capture) -> None:
    given = ["--borough", "hillingdon", *MOPAC_7, "--base", "2011-04..2012-03"]
    text = told_by(capsys, *given)
    assert "cannot be told" in text
    assert "From March 2024 Heathrow's offences" in text
    for word in ("chance", "base:", "target level:", "forecast"):
        assert word not in text
    (row,) = json.loads(told_by(capsys, *given, "--json"))
    assert row["is_blocked"]
    assert row["probability"] is None
