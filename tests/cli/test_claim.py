"""``csp claim``: readings as text and as JSON, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analysis.cli import main

Capture = pytest.CaptureFixture[str]

GIVEN = ["--borough", "harrow", "--reduction", "2500", "--of", "11615", "--near", "2012"]


def told_by(capsys: Capture, *arguments: str) -> str:
    main(["claim", *arguments])
    told = capsys.readouterr()
    assert told.err == ""
    return told.out


def test_json_holds_the_claim_the_chances_and_the_closest_readings(capsys: Capture) -> None:
    found = json.loads(told_by(capsys, *GIVEN, "--json", "--limit", "3"))
    assert (found["area_code"], found["as_of"]) == ("E09000015", "2025-05")
    assert (found["reduction_count"], found["base_count"]) == (2_500, 11_615)
    assert (found["periods_end_from"], found["periods_end_to"]) == ("2011-01", "2013-12")
    assert found["tried"] > 40_000
    assert 0.1 < found["as_close_by_chance"] < 0.35
    assert found["close_count"] == 2
    assert len(found["readings"]) == 3
    first = found["readings"][0]
    assert (first["measure"], first["basis"]) == ("victim_based", "location")
    assert first["formula"] == "11,616 − 9,130 = 2,486"
    assert first["comparator_code"] == "E09000021"
    assert {"percent", "rank"} <= {kind["kind"] for kind in found["kinds"]}


def test_text_says_what_chance_would_do_before_it_lists(capsys: Capture) -> None:
    text = told_by(capsys, *GIVEN, "--limit", "2")
    head, _, rest = text.partition("closest readings")
    assert "may be chance" in head
    assert "A made-up claim of this size would find a reading as close in about" in head
    listed, _, kinds = rest.partition("kind by kind")
    assert listed.count("victim-based crime") == 2
    assert "0.6%" in listed.splitlines()[1]
    assert "down to one of the three lowest boroughs" in kinds


def test_one_number_and_thousands_separators_will_do(capsys: Capture) -> None:
    given = ["--borough", "E09000015", "--of", "11,615", "--near", "2012", "--limit", "1"]
    found = json.loads(told_by(capsys, *given, "--json"))
    assert found["reduction_count"] is None
    assert found["readings"][0]["reduction_count"] is None
    assert found["readings"][0]["base_count"] == 11_616
    assert "a total of 11,615 offences" in told_by(capsys, *given)


def test_the_search_is_cut_and_narrowed_as_asked(capsys: Capture) -> None:
    narrowed = ["--measure", "victim_based", "--kind", "rank", "--as-of", "2013-03"]
    found = json.loads(told_by(capsys, *GIVEN, *narrowed, "--json", "--limit", "500"))
    assert found["periods_end_to"] == "2013-03"
    assert {row["measure"] for row in found["readings"]} == {"victim_based"}
    assert {row["kind"] for row in found["readings"]} == {"rank"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "claim: no number is given. Give --reduction 2500, --of 11615, or both."),
        (["--reduction", "0"], "claim: the reduction 0 is not a number above nought."),
        (["--reduction", "-3", "--of", "10"], "claim: the reduction -3 is not a number"),
        (["--of", "-10"], "claim: the total -10 is not a number above nought."),
        (["--reduction", "nan"], "claim: the reduction nan is not a number above nought."),
        (["--reduction", "many"], "--reduction many: not a number. Write offences in digits"),
        (["--reduction", "20", "--of", "10"], "claim: a reduction of 20 is more than the"),
        (["--of", "9", "--near", "1990"], "claim: near 1990: the periods of 12 months that"),
        (["--of", "9", "--near", "soon"], "--near soon: not a whole number from 1000."),
        (["--of", "9", "--limit", "0"], "--limit 0: not a whole number from 1."),
        (["--of", "9", "--measure", "mopac8"], "claim: no measure 'mopac8'. Did you mean"),
        (["--of", "9", "--kind", "ranks"], "claim: no kind 'ranks'. Did you mean 'rank'?"),
        (["--of", "9", "--kind", "rank"], "claim: a kind goes with --reduction."),
        (["--of", "9", "--as-of", "March"], "'March' is not a month."),
        (["--of", "9", "--borough", "harow"], "no borough 'harow'. Did you mean 'Harrow'"),
    ],
)
def test_bad_input_gets_one_line_and_nothing_is_written(
    capsys: Capture,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    given: list[str],
    said: str,
) -> None:
    monkeypatch.setenv("CSP_PROJECT", str(Path(__file__).parents[2]))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as left:
        main(["claim", "--borough", "harrow", *given])
    told = capsys.readouterr()
    assert left.value.code == 2
    assert told.out == ""
    assert told.err.startswith(f"csp: {said}")
    assert told.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
