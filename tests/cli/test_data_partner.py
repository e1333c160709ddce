"""``csp data check-partner`` tells what would be refused, and shows no row."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from analysis.cli.data import data
from analysis.errors import DataContractError
from analysis.project import project_root

HARROW = "E09000015"


@pytest.fixture
def records(small_project: Path) -> Path:
    folder = small_project / "data/templates"
    folder.mkdir()
    (folder / "templates.yml").write_text(
        "tables:\n  made_up:\n    title: made-up records\n    held_by: nobody\n"
        "    unit: one\n    columns:\n      month: {type: month, description: made up}\n"
    )
    assert project_root() == small_project
    place = small_project / "data/partner" / HARROW
    place.mkdir(parents=True)
    return place


def check(*given: str) -> tuple[str, Exception | None]:
    done = CliRunner().invoke(data, ["check-partner", *given])
    error = done.exception
    return done.output, error if isinstance(error, Exception) else None


def test_sound_records_pass_and_absent_ones_are_named_when_asked_for(records: Path) -> None:
    (records / "made_up.csv").write_text("month\n2025-01\n")
    assert check() == ("Harrow\tmade_up\tok\t1 rows\n", None)
    assert check("--borough", "havering")[0] == "Havering\tmade_up\tnot loaded\t\n"


def test_a_faulty_table_and_a_misspelt_name_are_refused(records: Path) -> None:
    (records / "made_up.csv").write_text("month\nsecret\n")
    (records / "mad_up.csv").write_text("month\n2025-01\n")
    said, error = check()
    assert isinstance(error, DataContractError)
    assert "2 partner table(s)" in str(error)
    assert "line 2 is not a month" in said
    assert f"{HARROW}/mad_up.csv\t\tFAILED\tno template of this name" in said
    assert "secret" not in said


def test_no_records_at_all_is_said(records: Path) -> None:
    assert check()[0].startswith("No partner records")
