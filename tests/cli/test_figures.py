"""``csp figures``: rows that a spreadsheet adds up to the published totals."""

from __future__ import annotations

import csv
import io
import json

import pytest

from analysis.cli import main
from analysis.params.areas import area_name, borough_codes

Capture = pytest.CaptureFixture[str]

COLUMNS = ["month", "area_code", "offence_group", "offence_count", "basis", "published"]
YEAR_2011_12 = ["--from", "2011-04", "--to", "2012-03"]


def rows_of(capsys: Capture, *arguments: str) -> list[dict[str, str]]:
    main(["figures", *arguments])
    told = capsys.readouterr()
    assert told.err == ""
    rows = list(csv.DictReader(io.StringIO(told.out)))
    assert list(rows[0]) == COLUMNS
    return rows


def total_of(rows: list[dict[str, str]]) -> int:
    return sum(int(row["offence_count"]) for row in rows)


@pytest.mark.parametrize(
    ("measure", "record", "total"),
    [
        ("total", [], 13_838),
        ("total", ["--basis", "policing"], 14_080),
        ("total", ["--basis", "policing", "--offence-list", "old"], 14_197),
        ("total_without_fraud", [], 13_249),
        ("mopac7", ["--basis", "policing", "--offence-list", "old"], 8_255),
    ],
)
def test_twelve_months_of_harrow_add_up_to_the_published_total(
    measure: str, record: list[str], total: int, capsys: Capture
) -> None:
    rows = rows_of(
        capsys, "--borough", "harrow", "--offence-group", measure, *YEAR_2011_12, *record
    )
    assert [row["month"] for row in rows][::11] == ["2011-04", "2012-03"]
    assert len(rows) == 12
    assert total_of(rows) == total
    assert {row["area_code"] for row in rows} == {"E09000015"}
    assert {row["offence_group"] for row in rows} == {measure}
    assert {row["basis"] for row in rows} == {record[1] if record else "location"}


def test_each_row_names_the_publication_that_it_is_from(capsys: Capture) -> None:
    given = ["--borough", "E09000015", "--offence-group", "total", "--from", "2024-01"]
    rows = rows_of(capsys, *given)
    by_month = {row["month"]: row["published"] for row in rows}
    assert by_month["2024-03"] == "2026-04"
    assert by_month["2024-04"] == by_month["2025-05"] == "2025-06"
    early = rows_of(capsys, *given, "--published-by", "2025-06")
    assert {row["published"] for row in early} == {"2025-06"}


def test_as_of_is_the_last_month_printed(capsys: Capture) -> None:
    rows = rows_of(
        capsys, "--borough", "HARROW", "--offence-group", "arson", "--as-of", "2013-03"
    )
    assert rows[-1]["month"] == "2013-03"
    assert len(rows) == 36


def test_json_holds_the_same_rows(capsys: Capture) -> None:
    given = ["--borough", "harrow", "--offence-group", "total", *YEAR_2011_12]
    rows = rows_of(capsys, *given)
    main(["figures", *given, "--json"])
    told = json.loads(capsys.readouterr().out)
    assert [{name: str(value) for name, value in row.items()} for row in told] == rows
    assert sum(row["offence_count"] for row in told) == 13_838


def test_london_is_its_boroughs_heathrow_and_the_unknown(capsys: Capture) -> None:
    given = ["--offence-group", "mopac7", "--from", "2015-01", "--to", "2015-01"]
    names = [*map(area_name, borough_codes()), "heathrow", "unknown"]
    parts = sum(total_of(rows_of(capsys, "--borough", name, *given)) for name in names)
    assert total_of(rows_of(capsys, "--borough", "london", *given)) == parts
