import hashlib
import json

import jsonschema
import pandas as pd
import pytest

from analysis.data import figures
from analysis.data.compile import MAX_PACKAGE_BYTES, Field, TableSpec, compile_tables
from analysis.data.sources import load_registry
from analysis.errors import DataContractError, SourceError

PACKAGE_SCHEMA = {
    "type": "object",
    "required": ["profile", "name", "licenses", "resources"],
    "properties": {
        "profile": {"const": "tabular-data-package"},
        "name": {"type": "string", "pattern": "^[-a-z0-9._/]+$"},
        "licenses": {
            "type": "array",
            "minItems": 1,
            "items": {"required": ["name", "path"]},
        },
        "resources": {
            "type": "array",
            "minItems": 1,
            "items": {
                "required": ["profile", "name", "path", "bytes", "hash", "sources", "schema"],
                "properties": {
                    "profile": {"const": "tabular-data-resource"},
                    "name": {"type": "string", "pattern": "^[-a-z0-9._/]+$"},
                    "path": {"type": "string", "pattern": r"^[-a-z0-9_]+\.csv$"},
                    "hash": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
                    "sources": {
                        "type": "array",
                        "minItems": 1,
                        "items": {
                            "required": ["title", "path", "publisher", "attribution"],
                            "properties": {"path": {"pattern": "^https://"}},
                        },
                    },
                    "schema": {
                        "required": ["fields", "primaryKey", "missingValues"],
                        "properties": {
                            "fields": {
                                "type": "array",
                                "items": {
                                    "required": ["name", "type", "description"],
                                    "properties": {
                                        "type": {
                                            "enum": [
                                                "string",
                                                "integer",
                                                "number",
                                                "boolean",
                                                "date",
                                            ]
                                        },
                                        "description": {"minLength": 3},
                                    },
                                },
                            }
                        },
                    },
                },
            },
        },
    },
}
# The tabular data package profile, as far as it is used, with what this project adds.


@pytest.fixture
def small_figures(small_project):
    """One small table among the figures of a project of its own; its folder."""
    table = pd.DataFrame(
        {
            "area_code": ["E09000015", "E09000016"],
            "quarter": pd.to_datetime(["2014-12-31", "2015-03-31"]),
            "value_pct": [61.5, None],
            "is_suppressed": [False, True],
            "2010-04": pd.array([7, None], dtype="Int64"),
        }
    )
    fields = {
        "area_code": Field("string", "GSS code"),
        "quarter": Field("date", "last day"),
        "value_pct": Field("number", "per cent"),
        "is_suppressed": Field("boolean", "withheld"),
    }
    made = TableSpec(
        name="answers",
        title="Made up",
        source_ids=("made_up",),
        fields=fields,
        primary_key=("area_code",),
        build=lambda load: table,
    )
    folder = small_project / "data/figures"
    compile_tables([made], lambda source_id: table, lambda source_id: {"title": "x"}, folder)
    return folder


def test_a_table_is_read_back_with_its_types_and_blanks(small_figures):
    table = figures.read_table("answers")
    assert table["quarter"].dt.year.tolist() == [2014, 2015]
    assert table["value_pct"].isna().tolist() == [False, True]
    assert table["is_suppressed"].tolist() == [False, True]
    assert str(table["2010-04"].dtype) == "Int64"
    assert pd.isna(table["2010-04"].iloc[1])


def test_a_figure_edited_by_hand_is_refused_in_a_sentence(small_figures):
    path = small_figures / "answers.csv"
    path.write_text(path.read_text().replace("61.5", "71.5"))
    with pytest.raises(DataContractError) as refused:
        figures.read_table("answers")
    message = str(refused.value)
    assert message.startswith("data/figures/answers.csv: not the file that was compiled")
    assert "Figures are not edited by hand" in message
    assert "csp data build" in message
    with pytest.raises(DataContractError):
        figures.check_figures()


def test_a_table_whose_file_is_gone_is_named(small_figures):
    (small_figures / "answers.csv").unlink()
    with pytest.raises(SourceError, match=r"data/figures/answers\.csv: missing"):
        figures.read_table("answers")


def test_a_project_without_figures_says_how_to_compile_them(small_project):
    with pytest.raises(SourceError, match="no figures here"):
        figures.list_tables()


def test_a_misspelt_table_gets_a_suggestion(small_figures):
    with pytest.raises(DataContractError, match="Did you mean 'answers'"):
        figures.read_table("anwers")


def test_what_a_caller_does_to_a_table_stays_with_the_caller(small_figures):
    mine = figures.read_table("answers")
    mine["area_code"] = "changed"
    assert figures.read_table("answers")["area_code"].tolist() == ["E09000015", "E09000016"]


def test_months_across_are_read_as_one_row_a_month():
    table = figures.read_monthly_table("asb_incidents", "incident_count")
    assert list(table.columns) == [
        "area_code",
        "basis",
        "published",
        "month",
        "incident_count",
    ]
    assert table["month"].min() == pd.Timestamp("2016-01-01")


def test_every_embedded_table_is_as_compiled():
    assert len(figures.check_figures()) == len(figures.list_tables()) >= 16


def test_the_package_describes_itself_as_a_tabular_data_package():
    jsonschema.validate(figures.load_package(), PACKAGE_SCHEMA)


def test_the_package_is_valid_to_frictionless():
    frictionless = pytest.importorskip(
        "frictionless", reason="frictionless is not installed: the schema test stands alone"
    )
    report = frictionless.validate(str(figures.figures_folder() / figures.PACKAGE_FILE))
    assert report.valid, report.flatten(["title", "message"])[:3]


def test_every_source_of_the_package_is_credited_as_in_the_registry():
    registry = load_registry()
    for resource in figures.load_package()["resources"]:
        for source in resource["sources"]:
            known = registry.source(source["id"])
            assert source["attribution"] == known.attribution
            assert source["path"] == known.landing_page
            assert not known.is_user_file


def test_the_package_stays_within_its_limit():
    files = list(figures.figures_folder().iterdir())
    assert sum(path.stat().st_size for path in files) <= MAX_PACKAGE_BYTES


def test_no_published_file_is_among_the_figures_as_it_came():
    published = {file.sha256 for source in load_registry().sources for file in source.files}
    for path in figures.figures_folder().iterdir():
        assert hashlib.sha256(path.read_bytes()).hexdigest() not in published


def test_there_is_no_outline_of_any_place_among_the_figures():
    text = json.dumps(figures.load_package()).casefold()
    assert "polygon" not in text
    assert "geometry" not in text


def test_nothing_lies_in_the_folder_that_the_package_does_not_describe():
    described = {resource["path"] for resource in figures.load_package()["resources"]}
    found = {path.name for path in figures.figures_folder().iterdir()}
    assert found == described | {figures.PACKAGE_FILE}
