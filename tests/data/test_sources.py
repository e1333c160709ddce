"""The registry: its form is refused where broken, and its page is current."""

import copy
from pathlib import Path

import pytest
import yaml

from analysis.data.sources import Registry, describe_source, load_registry, reader_of
from analysis.data.sources_page import PAGE_PATH, sources_page
from analysis.errors import SourceError, UsageError
from analysis.project import project_root

LICENCE = {"name": "Open Government Licence v3.0", "url": "https://example.org/ogl"}
SOURCE = {
    "id": "example_crime",
    "publisher": "Example Police",
    "title": "Recorded crime",
    "landing_page": "https://example.org/crime",
    "licence": LICENCE,
    "attribution": "Source: Example Police.",
    "period": {"from": "2010-04", "to": "2011-03"},
    "published": "2011-05",
    "accessed": "2026-11-22",
    "basis": "location",
    "offence_list": "current",
    "boundary_year": 2022,
    "known_defects": ["None known."],
    "reader": "analysis.data.readers.borough_monthly:read_borough_monthly",
    "download_note": "Replaced every month.",
    "files": [{"path": "mps/crime.csv", "sha256": "0" * 64, "bytes": 10}],
}


def written(folder: Path, *, source: dict | None = None, twice: bool = False) -> Path:
    sources = [source or SOURCE] * (2 if twice else 1)
    path = folder / "sources.yml"
    path.write_text(yaml.safe_dump({"licences": {"ogl": LICENCE}, "sources": sources}))
    return path


def test_the_project_registry_loads_and_every_file_is_named_once():
    registry = load_registry()
    paths = [file.path for source in registry.sources for file in source.files]
    assert len(registry.sources) == 49
    assert len(paths) == len(set(paths)) == 149


def test_an_example_entry_loads(tmp_path):
    registry = load_registry(written(tmp_path))
    assert registry.source("example_crime").period.last == "2011-03"


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("licence", {"name": "OGL"}, "licence.url"),
        ("landing_page", "example.org/crime", "landing_page"),
        ("published", "May 2011", "published"),
        ("published", "2011", "month they were published"),
        ("basis", "both", "basis"),
        ("period", {"from": "2012-01", "to": "2011-03"}, "is after"),
        ("reader", "os:system", "reader"),
        ("download_note", None, "no download_note"),
        ("known_defects", [], "known_defects"),
        ("files", [], "files"),
        ("file", [], "file"),
    ],
)
def test_a_broken_entry_is_refused_by_name(tmp_path, key, value, told):
    path = written(tmp_path, source={**SOURCE, key: value})
    with pytest.raises(SourceError, match="example_crime") as caught:
        load_registry(path)
    assert told in str(caught.value)


@pytest.mark.parametrize("path", ["/etc/passwd", "../outside.csv", "a\\b.csv", "C:x.csv"])
def test_a_path_that_leads_out_of_the_mirror_is_refused(tmp_path, path):
    source = copy.deepcopy(SOURCE)
    source["files"][0]["path"] = path
    with pytest.raises(SourceError, match="plain relative path"):
        load_registry(written(tmp_path, source=source))


def test_a_users_own_file_has_no_address(tmp_path):
    source = copy.deepcopy(SOURCE) | {"is_user_file": True}
    source["files"][0]["download_url"] = "https://example.org/index.xlsx"
    with pytest.raises(SourceError, match="never fetched"):
        load_registry(written(tmp_path, source=source))


def test_an_id_given_twice_is_refused(tmp_path):
    with pytest.raises(SourceError, match="example_crime is given twice"):
        load_registry(written(tmp_path, twice=True))


def test_a_registry_that_is_no_yaml_is_refused(tmp_path):
    path = tmp_path / "sources.yml"
    path.write_text("sources: [")
    with pytest.raises(SourceError, match="cannot be read"):
        load_registry(path)


def test_a_misspelt_source_is_told_the_nearest():
    with pytest.raises(UsageError, match="Did you mean 'mps_custody'"):
        load_registry().source("mps_custdy")


@pytest.mark.parametrize(
    "source",
    [source for source in load_registry().sources if source.reader],
    ids=lambda source: source.id,
)
def test_every_reader_of_the_registry_is_a_function(source):
    assert callable(reader_of(source))


def test_only_the_workbook_of_the_cambridge_index_has_no_reader():
    without = [source for source in load_registry().sources if source.reader is None]
    assert [source.id for source in without] == ["cambridge_harm_index_workbook"]
    with pytest.raises(SourceError, match="save its sheet of values as a CSV"):
        reader_of(without[0])


def test_a_reader_that_does_not_exist_is_told(tmp_path):
    source = SOURCE | {"reader": "analysis.data.readers.nowhere:read_nothing"}
    registry: Registry = load_registry(written(tmp_path, source=source))
    with pytest.raises(SourceError, match="no reader"):
        reader_of(registry.source("example_crime"))


def test_what_a_table_says_of_its_source_is_enough_to_credit_it():
    said = describe_source("boundaries_lsoa_2021")
    assert said["path"].startswith("https://")
    assert "OS data" in said["attribution"]
    assert said["licence"] == "Open Government Licence v3.0"


def test_the_page_of_sources_is_current():
    written_page = (project_root() / PAGE_PATH).read_text(encoding="utf-8")
    assert written_page == sources_page(load_registry()), (
        "run: python -m analysis.data.sources_page"
    )
