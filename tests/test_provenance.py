"""Every number has a source, and every source says who, what, when, where, on what terms."""

import re
from datetime import date
from pathlib import Path

import pytest

from analysis.data.fetch import sha256_of
from analysis.data.sources import Source, load_registry

SOURCES = load_registry().sources
each_source = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)

CRIME_EDITIONS = {
    "mps_borough_2010_2024": ("location", "current", "2026-04"),
    "mps_borough_2023_2025": ("location", "current", "2025-06"),
    "mps_borough_2008_2018_old_list": ("policing", "old", "2019-01"),
    "mps_borough_2010_2022_policing": ("policing", "current", "2022-02"),
    "mps_borough_2022_2024_policing": ("policing", "current", "2024-02"),
}


@each_source
def test_a_source_names_its_publisher_title_and_pages(source: Source):
    assert source.publisher
    assert source.title
    assert source.landing_page.startswith("https://")
    assert source.attribution


@each_source
def test_a_source_states_its_licence_by_name_and_address(source: Source):
    assert source.licence.name
    assert source.licence.url.startswith("https://")
    if not source.is_user_file:
        assert source.licence.name == "Open Government Licence v3.0"


@each_source
def test_a_source_was_published_before_it_was_accessed_and_covers_a_period(source: Source):
    assert source.published <= source.accessed.isoformat()
    assert source.accessed <= date(2100, 1, 1)
    assert source.period.first <= source.period.last
    if source.basis != "none":
        assert source.period.last <= source.published or source.id == "mps_annual_rates"


@each_source
def test_a_file_has_a_checksum_and_an_address_or_the_reason_for_none(source: Source):
    for file in source.files:
        assert re.fullmatch(r"[0-9a-f]{64}", file.sha256)
        assert file.bytes > 0
        assert file.download_url or source.download_note


@each_source
def test_boundaries_and_look_ups_name_the_ordnance_survey(source: Source):
    if source.id.startswith(("boundaries_", "lookup_")):
        assert "OS data" in source.attribution


def test_the_cambridge_index_is_the_users_own_and_nothing_else_is():
    own = {source.id for source in SOURCES if source.is_user_file}
    assert own == {"cambridge_harm_index", "cambridge_harm_index_workbook"}


@pytest.mark.parametrize(("source_id", "edition"), CRIME_EDITIONS.items())
def test_the_borough_series_state_their_basis_list_and_edition(source_id, edition):
    source = load_registry().source(source_id)
    assert (source.basis, source.offence_list, source.published) == edition


def test_a_download_address_pins_its_revision():
    """A public copy is named at a fixed revision, so that it cannot change under us."""
    urls = [file.download_url for source in SOURCES for file in source.files]
    copies = [url for url in urls if url and "raw.githubusercontent.com" in url]
    assert copies
    assert all(re.search(r"/[0-9a-f]{40}/", url) for url in copies)


@pytest.mark.mirror
@each_source
def test_the_files_of_the_mirror_have_the_checksums_of_the_registry(
    mirror: Path, source: Source
):
    for file in source.files:
        path = mirror / file.path
        assert path.stat().st_size == file.bytes
        assert sha256_of(path) == file.sha256, file.path


@pytest.mark.mirror
def test_every_published_file_of_the_mirror_is_registered(mirror: Path):
    manifest = mirror / "MANIFEST.tsv"
    if not manifest.is_file():
        pytest.skip("the mirror has no MANIFEST.tsv to compare with")
    listed = {line.split("\t")[0] for line in manifest.read_text().splitlines()[1:]}
    assert listed == {file.path for source in SOURCES for file in source.files}
