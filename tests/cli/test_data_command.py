"""``csp data``: what it prints, what it counts, how it ends."""

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from analysis.cli import data as data_module
from analysis.cli.data import data
from analysis.data.fetch import cached_path
from analysis.data.sources import load_registry
from analysis.errors import DataContractError, SourceError, UsageError
from analysis.project import project_root

SMALL = ("gla_dwellings", "ons_borough_population", "mopac_attitudes_london")


@pytest.fixture(autouse=True)
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CSP_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("CSP_MIRROR", raising=False)
    return tmp_path / "cache"


def run(*words: str) -> Result:
    return CliRunner().invoke(data, list(words))


def mirror_of(folder: Path, published: Path, *ids: str) -> Path:
    for source_id in ids:
        for file in load_registry().source(source_id).files:
            target = folder / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((published / file.path).read_bytes())
    return folder


def small_project(folder: Path, monkeypatch: pytest.MonkeyPatch, *ids: str) -> None:
    """A project whose registry holds a few sources only, so that a check is quick."""
    whole = yaml.safe_load((project_root() / "data/sources.yml").read_text())
    few = [entry for entry in whole["sources"] if entry["id"] in ids]
    for name in ("data", "params"):
        (folder / name).mkdir(parents=True)
    (folder / "params" / "defaults.yml").write_text("{}")
    text = yaml.safe_dump({"licences": whole["licences"], "sources": few})
    (folder / "data" / "sources.yml").write_text(text)
    monkeypatch.setenv("CSP_PROJECT", str(folder))


def test_status_says_in_json_what_is_here_and_that_there_is_no_mirror():
    result = run("status", "--json")
    states = {state["id"]: state for state in json.loads(result.stdout)}
    assert len(states) == 49
    assert states["mps_homicide"]["cached"] == 0
    assert states["mps_homicide"]["in_mirror"] is None
    assert states["police_uk_street_2016_2018"]["files"] == 30
    assert states["cambridge_harm_index"]["is_user_file"]


def test_status_prints_one_line_a_source_below_its_header():
    lines = run("status").stdout.splitlines()
    assert len(lines) == 50
    assert " ".join(lines[0].split()) == "source embedded cached in mirror period published"
    assert "2010-04 to 2024-03" in lines[1]


def test_status_says_which_sources_the_figures_are_made_of(tmp_path, monkeypatch):
    small_project(tmp_path / "project", monkeypatch, *SMALL)
    figures = tmp_path / "project" / "data" / "figures"
    figures.mkdir()
    package = {"resources": [{"name": "dwellings", "sources": [{"id": "gla_dwellings"}]}]}
    (figures / "datapackage.json").write_text(json.dumps(package))
    states = {state["id"]: state for state in json.loads(run("status", "--json").stdout)}
    assert states["gla_dwellings"]["is_embedded"]
    assert not states["mopac_attitudes_london"]["is_embedded"]


def test_fetch_without_a_source_is_a_wrong_use():
    result = run("fetch")
    assert isinstance(result.exception, UsageError)
    assert "--all" in str(result.exception)


def test_fetch_of_a_misspelt_source_fetches_nothing(empty_cache):
    result = run("fetch", "mps_homicide", "mps_homicde")
    assert isinstance(result.exception, UsageError)
    assert "Did you mean 'mps_homicide'" in str(result.exception)
    assert not empty_cache.exists()


def test_fetch_tells_where_to_get_a_file_without_an_address():
    result = run("fetch", "mps_homicide")
    assert isinstance(result.exception, SourceError)
    assert result.exception.exit_code == 3
    assert "mps-homicide-dashboard" in result.stderr
    assert result.stdout == ""


@pytest.mark.mirror
def test_fetch_goes_on_after_a_failure_and_counts_honestly(mirror, tmp_path):
    part = mirror_of(tmp_path / "part", mirror, "gla_dwellings", "mopac_attitudes_london")
    ids = ["gla_dwellings", "mps_homicide", "mopac_attitudes_london"]
    result = run("fetch", *ids, "--mirror", str(part))
    assert "0 already cached, 2 fetched, 1 failed" in result.stderr
    assert isinstance(result.exception, SourceError)
    assert "1 of 3 files" in str(result.exception)
    assert all(
        cached_path(load_registry().source(name).files[0]).is_file()
        for name in ("gla_dwellings", "mopac_attitudes_london")
    )


@pytest.mark.mirror
def test_fetch_a_second_time_has_nothing_to_do(mirror):
    assert run("fetch", "gla_dwellings", "--mirror", str(mirror)).exit_code == 0
    again = run("fetch", "gla_dwellings")
    assert again.exit_code == 0
    assert "1 already cached, 0 fetched, 0 failed" in again.stderr


def test_fetch_of_all_leaves_out_the_users_own_files(tmp_path, monkeypatch):
    small_project(tmp_path / "project", monkeypatch, "cambridge_harm_index")
    result = run("fetch", "--all")
    assert result.exit_code == 0
    assert "0 failed, 1 left to the user" in result.stderr


@pytest.mark.mirror
def test_check_reads_what_is_loaded_and_says_what_is_not(mirror, tmp_path, monkeypatch):
    small_project(tmp_path / "project", monkeypatch, *SMALL)
    monkeypatch.setattr(data_module, "check_figures", lambda: "as built")
    run("fetch", "gla_dwellings", "--mirror", str(mirror))
    result = run("check")
    assert result.exit_code == 0, result.exception
    lines = dict(line.split("\t", 1) for line in result.stdout.splitlines())
    assert lines["gla_dwellings"].startswith("ok\t")
    assert lines["mopac_attitudes_london"].startswith("not loaded")
    assert lines["data/figures"] == "ok\tas built"


@pytest.mark.mirror
def test_check_finds_a_cached_file_edited_by_hand(mirror, tmp_path, monkeypatch):
    small_project(tmp_path / "project", monkeypatch, *SMALL)
    monkeypatch.setattr(data_module, "check_figures", lambda: "as built")
    run("fetch", "gla_dwellings", "--mirror", str(mirror))
    path = cached_path(load_registry().source("gla_dwellings").files[0])
    path.write_bytes(path.read_bytes().replace(b"5,009", b"9,005"))
    result = run("check", "--mirror", str(mirror))
    assert isinstance(result.exception, SourceError)
    assert "is altered" in result.stdout
    assert "1 of 4 checks failed" in str(result.exception)
    assert "mopac_attitudes_london\tok" in result.stdout


def test_check_fails_where_the_figures_do_not_match(tmp_path, monkeypatch):
    def broken() -> str:
        message = "offences_monthly.csv: edited by hand"
        raise DataContractError(message)

    small_project(tmp_path / "project", monkeypatch, *SMALL)
    monkeypatch.setattr(data_module, "check_figures", broken)
    result = run("check")
    assert isinstance(result.exception, SourceError)
    assert "data/figures\tFAILED\toffences_monthly.csv: edited by hand" in result.stdout
