import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from analysis.cli.data_build import build
from analysis.data.build import require_sources
from analysis.data.figures import figures_folder
from analysis.data.tables import TABLES
from analysis.errors import DataContractError, SourceError, UsageError


@pytest.fixture
def project_without_cache(small_project, tmp_path, monkeypatch):
    """A project with the figures embedded, an empty cache and no mirror set."""
    shutil.copytree(Path(__file__).parents[2] / "data/figures", small_project / "data/figures")
    monkeypatch.setenv("CSP_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("CSP_MIRROR", raising=False)
    return small_project


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def refused(*arguments):
    result = CliRunner().invoke(build, [str(each) for each in arguments])
    assert result.exit_code != 0
    assert result.stdout == ""
    return result.exception


def test_sources_that_are_not_loaded_are_all_named_and_nothing_is_changed(
    project_without_cache,
):
    before = contents(figures_folder())
    error = refused()
    assert isinstance(error, SourceError)
    assert error.exit_code == DataContractError("").exit_code
    assert "mps_borough_2010_2024" in str(error)
    assert "police_uk_lsoa_by_type" in str(error)
    assert "Name a folder that holds the published files with --mirror" in str(error)
    assert contents(figures_folder()) == before


def test_a_file_with_the_wrong_checksum_does_not_count_as_loaded(
    project_without_cache, tmp_path
):
    file = tmp_path / "mirror/mps/borough_2010-04_2024-03.csv"
    file.parent.mkdir(parents=True)
    file.write_text("MajorText,MinorText,BoroughName,201004\nTHEFT,SHOPLIFTING,Harrow,3\n")
    error = refused("--mirror", tmp_path / "mirror")
    assert "mps_borough_2010_2024" in str(error)


def test_a_folder_for_the_package_is_not_made_when_a_source_is_missing(
    project_without_cache, tmp_path
):
    refused("--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_mirror_that_is_no_folder_is_wrong_use(project_without_cache, tmp_path):
    error = refused("--mirror", tmp_path / "nowhere")
    assert isinstance(error, UsageError)


def test_only_the_sources_of_the_tables_asked_for_are_needed(project_without_cache, tmp_path):
    monthly = [spec for spec in TABLES if spec.name.startswith("vawg")]
    with pytest.raises(SourceError, match="2 of the 2 sources") as missing:
        require_sources(monthly)
    assert "mps_borough" not in str(missing.value)


@pytest.mark.mirror
@pytest.mark.slow
def test_building_tells_each_table_and_ends_with_the_package(mirror, tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.data.build.TABLES", TABLES[-2:])
    out = tmp_path / "figures"
    result = CliRunner().invoke(build, ["--mirror", str(mirror), "--out", str(out)])
    assert result.exit_code == 0
    assert result.stdout == f"{out / 'datapackage.json'}\n"
    assert result.stderr.splitlines()[0].startswith("population: 858 rows")
    assert len(result.stderr.splitlines()) == 2
