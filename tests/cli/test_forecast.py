"""``csp forecast``: what an analyst's script gets, and what is refused before any work."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from click.testing import CliRunner

from analysis.cli import forecast as command
from analysis.cli.figures import figures
from analysis.project import project_root

Capture = pytest.CaptureFixture[str]
CodeOf = Callable[..., int]

COLUMNS = ["series_id", "period", "kind", "mean", "q05", "q10", "q25", "q50", "q75", "q90",
           "q95", "lower_80", "upper_80", "lower_95", "upper_95"]  # fmt: skip
ORDERED = ("lower_95", "q05", "q10", "q25", "q50", "q75", "q90", "q95", "upper_95")
FIFTEEN = ("harrow", "havering", "barnet", "camden", "sutton", "bexley", "bromley",
           "brent", "ealing", "enfield", "hackney", "merton", "newham", "lambeth",
           "croydon")  # fmt: skip
GROUPS = ("residential_burglary", "theft_of_vehicle")


def exported(*boroughs: str, groups: tuple[str, ...] = GROUPS, first: str = "") -> str:
    """Series of the embedded figures, as the command before the pipe prints them."""
    asked = [*(f"--borough={name}" for name in boroughs), "--series"]
    asked += [f"--offence-group={name}" for name in groups] + (
        [f"--from={first}"] * bool(first)
    )
    return CliRunner().invoke(figures, asked, catch_exceptions=False).stdout


def made(month: str, number: int, name: str = "a", count: int = 40) -> list[str]:
    every = pd.date_range(month, periods=number, freq="MS")
    return [f"{name},{each:%Y-%m},{count + place % 7}" for place, each in enumerate(every)]


def file_of(*lines: str) -> str:
    return "\n".join(["series_id,month,count", *lines, ""])


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], str]:
    def write(text: str) -> str:
        path = tmp_path / "counts.csv"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def run(
    written: Callable[[str], str], capsys: Capture, code_of: CodeOf
) -> Callable[..., tuple[list[dict[str, str]], str]]:
    """Forecast a text: the rows on standard output, and what was told beside them."""

    def forecast(text: str, horizon: int = 24, *more: str) -> tuple[list[dict[str, str]], str]:
        assert code_of("forecast", written(text), "--horizon", str(horizon), *more) == 0
        told = capsys.readouterr()
        return rows_of(told.out), told.err

    return forecast


def periods(rows: list[dict[str, str]], kind: str) -> list[str]:
    first = rows[0]["series_id"]
    return [row["period"] for row in rows if (row["series_id"], row["kind"]) == (first, kind)]


def require_sound(rows: list[dict[str, str]]) -> None:
    assert list(rows[0]) == COLUMNS
    for row in rows:
        limits = [float(row[name]) for name in ORDERED]
        assert limits == sorted(limits), row
        assert min(limits) >= 0
        assert float(row["lower_80"]) <= float(row["mean"]) <= float(row["upper_80"]), row


@pytest.fixture(scope="module")
def with_london() -> str:
    return exported(*FIFTEEN, "london")


def test_fifteen_boroughs_and_london_by_two_groups(
    run: Callable[..., tuple[list[dict[str, str]], str]], with_london: str
) -> None:
    rows, told = run(with_london, 36)
    require_sound(rows)
    assert periods(rows, "month")[::35] == ["2025-06", "2028-05"]
    assert periods(rows, "total_12") == [
        "2025-06..2026-05", "2026-06..2027-05", "2027-06..2028-05",
    ]  # fmt: skip
    assert len(rows) == 16 * 2 * (36 + 3)
    named = list(dict.fromkeys(row["series_id"] for row in rows))
    in_file = [row["series_id"] for row in rows_of(with_london)]
    assert named == list(dict.fromkeys(in_file))
    assert "Its parts in the file make up" in told
    assert "Forecast from 2025-05." in told


def test_a_forecast_is_about_as_large_as_what_was_counted(
    run: Callable[..., tuple[list[dict[str, str]], str]], with_london: str
) -> None:
    rows, _ = run(with_london, 12)
    counts = pd.DataFrame(rows_of(with_london)).astype({"count": float})
    last = counts[counts["month"] > "2024-05"].groupby("series_id")["count"].sum()
    totals = {row["series_id"]: row for row in rows if row["kind"] == "total_12"}
    for name, total in last.items():
        assert 0.6 < float(totals[str(name)]["q50"]) / total < 1.6, name


def test_medians_of_months_come_near_the_median_of_their_total(
    run: Callable[..., tuple[list[dict[str, str]], str]],
) -> None:
    rows, told = run(exported("harrow", "sutton"), 12)
    table = pd.DataFrame(rows).astype({"q50": float})
    sums = table.groupby(["series_id", "kind"])["q50"].sum().unstack()
    assert sums["month"].to_list() == pytest.approx(sums["total_12"].to_list(), rel=0.05)
    assert "the ranges are learnt without 2020-03 to 2021-12 (COVID restrictions)" in told


def test_a_parent_that_is_missing_is_forecast_as_the_sum_of_its_parts(
    run: Callable[..., tuple[list[dict[str, str]], str]],
) -> None:
    three = exported("harrow", "sutton", "barnet", groups=("mopac7",))
    lines = [f"{line}three" for line in three.splitlines()[1:]]
    rows, told = run("\n".join(["series_id,month,count,parent_id", *lines]), 24)
    require_sound(rows)
    assert rows[-1]["series_id"] == "three"
    assert "three: It is not in the file: the sum of its 3 part(s)." in told
    means = pd.DataFrame(rows).astype({"mean": float}).pivot(
        index="period", columns="series_id", values="mean"
    )  # fmt: skip
    parts = means.drop(columns="three").sum(axis=1)
    assert means["three"].to_list() == pytest.approx(parts.to_list(), rel=0.01)


@pytest.mark.parametrize("number", [24, 8])
def test_a_short_series_alone_is_forecast_and_said_to_be_short(
    run: Callable[..., tuple[list[dict[str, str]], str]], number: int
) -> None:
    rows, told = run(file_of(*made("2023-01-01", number)), 12)
    require_sound(rows)
    assert len(rows) == 13
    assert "note: a:" in told
    assert 24 < float(rows[-1]["q50"]) / 12 < 80


def test_a_series_of_noughts_is_forecast_as_few(
    run: Callable[..., tuple[list[dict[str, str]], str]],
) -> None:
    noughts = [line.rsplit(",", 1)[0] + ",0" for line in made("2018-01-01", 72)]
    rows, told = run(file_of(*noughts, *made("2018-01-01", 72, "b")), 12)
    require_sound(rows)
    total = next(row for row in rows if row["series_id"] == "a" and row["kind"] == "total_12")
    assert float(total["q50"]) < 6
    assert "fewer than 30" in told


def test_a_gap_is_told_and_not_taken_for_nought(
    run: Callable[..., tuple[list[dict[str, str]], str]],
) -> None:
    whole = made("2018-01-01", 72, count=400)
    kept = [line for line in whole if not "a,2021-03" <= line[:9] <= "a,2021-08"]
    rows, told = run(file_of(*kept), 12)
    require_sound(rows)
    assert "note: a: No figure for 2021-03 to 2021-08." in told
    assert float(rows[-1]["q05"]) > 12 * 300


def test_a_series_that_ends_sooner_is_forecast_from_the_same_month(
    run: Callable[..., tuple[list[dict[str, str]], str]],
) -> None:
    rows, told = run(file_of(*made("2018-01-01", 72), *made("2018-01-01", 66, "b")), 12)
    require_sound(rows)
    b = [row["period"] for row in rows if row["series_id"] == "b"]
    assert (b[0], b[-1]) == ("2024-01", "2024-01..2024-12")
    assert "note: b: Its last figure is of 2023-06, 6 month(s) before 2023-12" in told


def test_the_same_file_gives_the_same_answer_on_either_way_out(
    written: Callable[[str], str], tmp_path: Path, capsys: Capture, code_of: CodeOf
) -> None:
    path = written(exported("harrow", first="2018-01"))
    out = tmp_path / "forecast.csv"
    out.write_text("before")
    assert code_of("forecast", path, "--horizon", "12", "--out", str(out)) == 0
    assert capsys.readouterr().out == ""
    assert code_of("forecast", path, "--horizon", "12") == 0
    assert capsys.readouterr().out == out.read_text("utf-8")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["counts.csv", "forecast.csv"]


def test_json_holds_rows_notes_and_method(
    written: Callable[[str], str], capsys: Capture, code_of: CodeOf
) -> None:
    path = written(file_of(*made("2018-01-01", 72, count=2)))
    assert code_of("forecast", path, "--horizon", "9", "--json") == 0
    told = capsys.readouterr()
    answer = json.loads(told.out)
    assert (answer["origin"], answer["horizon"]) == ("2023-12", 9)
    assert list(answer["forecasts"][0]) == COLUMNS
    assert len(answer["forecasts"]) == 9
    assert any("fewer than 30" in sentence for sentence in answer["notes"]["a"])
    assert answer["method"] in told.err
    assert "no 12-month total, because 9 month(s) are fewer than 12" in told.err


def test_series_may_come_by_a_pipe(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture, code_of: CodeOf
) -> None:
    text = file_of(*made("2018-01-01", 72)).encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text)))
    assert code_of("forecast", "-", "--horizon", "2") == 0
    assert [row["period"] for row in rows_of(capsys.readouterr().out)] == ["2024-01", "2024-02"]


NOTHING_DONE = "forecasts nothing"


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that must not be reached."""

    def reached(*given: object, **options: object) -> None:
        raise AssertionError(NOTHING_DONE)

    monkeypatch.setattr(command, "_forecast", reached)


@pytest.mark.usefixtures("idle")
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["counts.csv"], 2, "Missing option '--horizon'"),
        (["counts.csv", "--horizon", "0"], 2, "0 is not in the range 1<=x<=60"),
        (["counts.csv", "--horizon", "-3"], 2, "-3 is not in the range 1<=x<=60"),
        (["counts.csv", "--horizon", "61"], 2, "61 is not in the range 1<=x<=60"),
        (["counts.csv", "--horizon", "year"], 2, "'year' is not a valid integer"),
        (["--horizon", "12"], 2, "Missing argument 'SERIES.csv'"),
        (["a" * 300 + ".csv", "--horizon", "12"], 2, "cannot be reached"),
        (["counts.csv", "--horizon", "12", "--out", "a" * 300], 2, "cannot be reached"),
        (["count.csv", "--horizon", "12"], 2,
         "count.csv: no such file. Did you mean 'counts.csv'?"),
        ([".", "--horizon", "12"], 2, "this is a folder"),
        (["counts.csv", "--horizon", "12", "--out", "nowhere/f.csv"], 2,
         "no folder 'nowhere'. Make it first"),
        (["counts.csv", "--horizon", "12", "--out", "."], 2, "--out .: not a file"),
        (["counts.csv", "--horizon", "12", "--out", "/dev/null"], 2, "not a file"),
        (["counts.csv", "--horizon", "12", "--out", "./counts.csv"], 2,
         "this is the file of counts itself"),
        (["wrong.csv", "--horizon", "12"], 3,
         "csp: wrong.csv, line 2, series 'a': count 'x' is not a number"),
        (["wrong.csv", "--horizon", "12", "--out", "f.csv"], 3, "wrong.csv, line 2"),
        (["empty.csv", "--horizon", "12"], 3, "empty.csv: the file is empty"),
    ],
)  # fmt: skip
def test_wrong_use_and_wrong_data_are_refused_and_write_nothing(
    arguments: list[str], code: int, said: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: Capture, code_of: CodeOf,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "counts.csv": file_of(*made("2020-01-01", 24)),
        "wrong.csv": file_of("a,2020-01,x"),
        "empty.csv": "",
    }.items():
        Path(name).write_text(text)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert code_of("forecast", *arguments) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err
    assert "Traceback" not in told.err
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_nothing_half_written_is_left_where_the_disk_is_full(
    written: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: Capture, code_of: CodeOf,
) -> None:  # fmt: skip
    path = written(file_of(*made("2018-01-01", 72)))
    out = tmp_path / "forecast.csv"
    out.write_text("before")

    def full(self: Path, text: str, **options: object) -> int:
        self.write_bytes(text[:100].encode())
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    assert code_of("forecast", path, "--horizon", "12", "--out", str(out)) == 2
    assert "cannot be written (No space left on device)" in capsys.readouterr().err
    assert sorted(each.name for each in tmp_path.iterdir()) == ["counts.csv", "forecast.csv"]
    assert out.read_text("utf-8") == "before"


def test_many_series_with_one_note_are_told_in_one_line(capsys: Capture) -> None:
    recent = pd.DataFrame(index=pd.date_range("2024-06-01", periods=12, freq="MS"))
    file = SimpleNamespace(unused_columns=("basis",), counts=recent)
    made_forecast = SimpleNamespace(origin="2025-05", method="As before.")
    notes = {f"s{number}": ["few"] for number in range(8)} | {"t": ["short"]}
    command._tell(file, made_forecast, notes, 12)
    assert capsys.readouterr().err.splitlines() == [
        "note: columns not read: basis",
        "note: s0, s1, s2, s3, s4 and 3 more: few",
        "note: t: short",
        "Forecast from 2025-05. As before.",
    ]


def test_long_work_tells_that_it_goes_on_and_short_work_is_silent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[str] = []
    # Longer than any pause of a busy machine.
    monkeypatch.setattr(command, "TELL_AFTER", 600.0)
    with command._told_while_it_lasts("Forecasting ...", told.append):
        pass
    assert told == []
    monkeypatch.setattr(command, "TELL_AFTER", 0.02)
    monkeypatch.setattr(command, "TELL_EVERY", 0.02)
    with command._told_while_it_lasts("Forecasting ...", told.append):
        until = time.monotonic() + 10
        while len(told) < 2 and time.monotonic() < until:
            time.sleep(0.01)
    assert told[0] == "Forecasting ..."
    assert told[1].endswith("seconds so far")


def readme_example() -> str:
    text = (project_root() / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    (example,) = [block for block in blocks if "csp forecast" in block]
    return example


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("sh") is None, reason="the example is for a POSIX shell")
def test_the_example_of_the_readme_runs_as_it_is_printed(tmp_path: Path) -> None:
    binary = tmp_path / "bin"
    binary.mkdir()
    csp = binary / "csp"
    called = f'"{sys.executable}" -c "from analysis.cli import main; main()"'
    csp.write_text(f'#!/bin/sh\nexec {called} "$@"\n')
    csp.chmod(0o755)
    environment = {
        "PATH": f"{binary}:/usr/bin:/bin",
        "CSP_PROJECT": str(project_root()),
        "PYTHONPATH": str(project_root() / "src"),
    }
    done = subprocess.run(
        ["sh", "-e", "-c", readme_example()], cwd=tmp_path, env=environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows = rows_of((tmp_path / "forecast.csv").read_text("utf-8"))
    require_sound(rows)
    assert {row["kind"] for row in rows} == {"month", "total_12"}


def test_the_page_on_series_files_tells_every_column() -> None:
    page = (project_root() / "docs/series-files.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w+)`", page))
    assert {*COLUMNS, "month", "count", "parent_id"} - named == set()
