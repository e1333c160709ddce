"""The partnership's own tables: what is read, what is refused, and that no row is told."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.data.partner import (
    load_partner_table,
    partner_path,
    partner_tables,
    read_partner_table,
    templates_page,
    write_templates,
)
from analysis.errors import DataContractError
from analysis.project import project_root

HARROW = "E09000015"

TEMPLATES = """
tables:
  made_up:
    title: made-up records
    held_by: nobody
    unit: one made-up person
    columns:
      person_key: {type: text, description: made up}
      seen_on: {type: date, description: made up}
      month: {type: month, description: made up, required: false}
      kind: {type: choice, choices: [crime, asb], description: made up}
      person_count: {type: integer, description: made up, required: false}
      score: {type: number, description: made up, required: false}
"""
HEADER = "person_key,seen_on,month,kind,person_count,score"


@pytest.fixture
def project(small_project: Path) -> Path:
    folder = small_project / "data/templates"
    folder.mkdir()
    (folder / "templates.yml").write_text(TEMPLATES, encoding="utf-8")
    return small_project


def save(*lines: str, header: str = HEADER) -> Path:
    path = partner_path("made_up", HARROW)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def test_a_table_that_is_not_there_is_not_loaded(project: Path) -> None:
    assert load_partner_table("made_up", HARROW) is None


def test_values_are_typed_and_a_blank_is_missing_not_nought(project: Path) -> None:
    save("made-up-1,2025-03-31,2025-03,crime,0,-1.5", "made-up-2,2025-04-01,,asb,,", ",,,,,")
    table = load_partner_table("made_up", HARROW)
    assert table is not None
    assert list(table.columns) == HEADER.split(",")
    assert table["seen_on"].tolist() == [pd.Timestamp("2025-03-31"), pd.Timestamp("2025-04-01")]
    assert table["month"].isna().tolist() == [False, True]
    assert table["person_count"].tolist()[0] == 0
    assert table["person_count"].isna().tolist() == [False, True]
    assert table["score"].tolist()[0] == -1.5


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("secret,31/03/2025,,crime,,", "column 'seen_on': line 2 is not a date, as 2025-03-31"),
        ("secret,2025-02-30,,crime,,", "line 2 is not a date"),
        ("secret,2025-03-31,2025-13,crime,,", "'month': line 2 is not a month"),
        ("secret,2025-03-31,,arson,,", "'kind': line 2 is none of the choices. Use crime, asb"),
        ("secret,2025-03-31,,crime,-1,", "'person_count': line 2 is not a whole number"),
        ("secret,2025-03-31,,crime,1.5,", "'person_count': line 2 is not a whole number"),
        ("secret,2025-03-31,,crime,,many", "'score': line 2 is not a number"),
        (",2025-03-31,,crime,,", "'person_key': line 2 is blank"),
    ],
)
def test_a_wrong_value_is_refused_by_line_without_telling_the_row(
    project: Path, line: str, said: str
) -> None:
    path = save(line)
    with pytest.raises(DataContractError) as refused:
        read_partner_table(path, "made_up")
    assert said in str(refused.value)
    assert f"data/partner/{HARROW}/made_up.csv" in str(refused.value)
    assert "secret" not in str(refused.value)
    assert "31/03" not in str(refused.value)


def test_many_wrong_lines_are_counted(project: Path) -> None:
    path = save(*["x,never,,crime,,"] * 6)
    with pytest.raises(DataContractError, match="line 2, 3, 4 and 3 more is not a date"):
        read_partner_table(path, "made_up")


def test_columns_too_few_or_too_many_are_refused(project: Path) -> None:
    with pytest.raises(DataContractError, match="no column 'score'"):
        read_partner_table(save(header=HEADER.replace(",score", "")), "made_up")
    with pytest.raises(DataContractError, match="unknown column 'name'.*nothing else about"):
        read_partner_table(save(header=HEADER + ",name"), "made_up")
    with pytest.raises(DataContractError, match="holds no row"):
        read_partner_table(save(), "made_up")


def test_a_misspelt_table_is_refused_with_the_nearest(project: Path) -> None:
    with pytest.raises(DataContractError, match="Did you mean 'made_up'"):
        load_partner_table("made_upp", HARROW) or read_partner_table(save("x"), "made_upp")


def test_written_templates_hold_a_header_and_no_row(project: Path) -> None:
    write_templates()
    assert (project / "data/templates/made_up.csv").read_text() == HEADER + "\n"
    assert "Held by nobody" in (project / "data/templates/README.md").read_text()


def test_the_templates_of_the_project_are_as_they_would_be_written() -> None:
    folder = project_root() / "data/templates"
    for name, table in partner_tables().items():
        assert (folder / f"{name}.csv").read_text("utf-8") == ",".join(table.columns) + "\n"
    assert (folder / "README.md").read_text("utf-8") == templates_page()
    stray = {path.stem for path in folder.glob("*.csv")} - set(partner_tables())
    assert not stray


def test_partner_records_are_kept_out_of_the_repository() -> None:
    assert "/data/partner/" in (project_root() / ".gitignore").read_text().splitlines()
