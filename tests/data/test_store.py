"""A source by its id: read, put together, marked with its edition."""

import hashlib
from pathlib import Path

import pandas as pd
import pytest
import yaml

from analysis.data import sources, store
from analysis.data.store import load_source
from analysis.errors import SourceError, UsageError

FILES = {"2024-01.csv": b"month,count\n2024-01,3\n", "2024-02.csv": b"month,count\n2024-02,5\n"}
LICENCE = {"name": "OGL", "url": "https://example.org/ogl"}


def entry(**changes: object) -> dict:
    return {
        "id": "example_street",
        "publisher": "Example Police",
        "title": "Street-level crime",
        "landing_page": "https://example.org/street",
        "licence": LICENCE,
        "attribution": "Source: Example Police.",
        "period": {"from": "2024-01", "to": "2024-02"},
        "published": "2024-04",
        "accessed": "2026-11-22",
        "basis": "location",
        "offence_list": "none",
        "boundary_year": 2021,
        "known_defects": ["None known."],
        "reader": "analysis.data.readers.example:read_example",
        "download_note": "Made up.",
        "files": [
            {"path": name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
            for name, content in FILES.items()
        ],
    } | changes


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A mirror with two files, an empty cache, and a reader that reads them."""
    for name, content in FILES.items():
        (tmp_path / "mirror").mkdir(exist_ok=True)
        (tmp_path / "mirror" / name).write_bytes(content)
    monkeypatch.setenv("CSP_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("CSP_MIRROR", raising=False)
    monkeypatch.setattr(store, "reader_of", lambda source: pd.read_csv)
    register(tmp_path, monkeypatch)
    return tmp_path


def register(folder: Path, monkeypatch: pytest.MonkeyPatch, **changes: object) -> None:
    path = folder / f"sources-{len(changes)}.yml"
    path.write_text(yaml.safe_dump({"licences": {}, "sources": [entry(**changes)]}))
    monkeypatch.setattr(store, "load_registry", lambda: sources.load_registry(path))


def test_the_files_of_a_source_stand_one_below_the_other_with_their_edition(project):
    table = load_source("example_street", mirror=project / "mirror")
    assert table.to_dict("list") == {
        "month": ["2024-01", "2024-02"],
        "count": [3, 5],
        "basis": ["location", "location"],
        "published": ["2024-04", "2024-04"],
    }
    assert table.attrs == {"source_id": "example_street"}


def test_basis_and_offence_list_are_marked_only_where_declared(project, monkeypatch):
    register(project, monkeypatch, basis="none", offence_list="old")
    table = load_source("example_street", mirror=project / "mirror")
    assert "basis" not in table
    assert set(table["offence_list"]) == {"old"}


def test_an_edition_given_row_by_row_by_the_reader_is_kept(project, monkeypatch):
    monkeypatch.setattr(
        store, "reader_of", lambda _: lambda path: pd.read_csv(path).assign(published="2024-03")
    )
    table = load_source("example_street", mirror=project / "mirror")
    assert set(table["published"]) == {"2024-03"}


def test_the_reader_is_asked_what_the_registry_says_unless_the_caller_asks_otherwise(
    project, monkeypatch
):
    def read(path: Path, *, sheet: str) -> pd.DataFrame:
        return pd.read_csv(path).assign(sheet=sheet)

    register(project, monkeypatch, reader_options={"sheet": "by_place"})
    monkeypatch.setattr(store, "reader_of", lambda _: read)
    mirror = project / "mirror"
    assert set(load_source("example_street", mirror=mirror)["sheet"]) == {"by_place"}
    by_age = load_source("example_street", mirror=mirror, sheet="by_age")
    assert set(by_age["sheet"]) == {"by_age"}


def test_one_missing_file_stops_the_source_and_says_how_to_load_it(project):
    (project / "mirror" / "2024-02.csv").unlink()
    with pytest.raises(SourceError) as caught:
        load_source("example_street", mirror=project / "mirror")
    told = str(caught.value)
    assert "2024-02.csv is not loaded" in told
    assert "https://example.org/street" in told
    assert "csp data fetch example_street --mirror DIR" in told


def test_a_reader_that_gives_no_table_is_told(project, monkeypatch):
    monkeypatch.setattr(store, "reader_of", lambda _: lambda path: {"rows": []})
    with pytest.raises(SourceError, match="returned no table"):
        load_source("example_street", mirror=project / "mirror")


def test_an_unknown_source_is_a_wrong_use(project):
    with pytest.raises(UsageError, match="Did you mean 'example_street'"):
        load_source("example_stret", mirror=project / "mirror")


@pytest.mark.mirror
def test_harrow_2011_12_reads_13838_by_location_from_the_published_file(mirror):
    table = load_source("mps_borough_2010_2024", mirror=mirror)
    year = table[table["month"].between("2011-04-01", "2012-03-01")]
    harrow = year[year["area_code"] == "E09000015"]
    assert harrow["offence_count"].sum() == 13_838
    assert set(harrow["basis"]) == {"location"}
    assert set(harrow["offence_list"]) == {"current"}
    assert set(harrow["published"]) == {"2026-04"}
