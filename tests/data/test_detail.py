"""Files beside the figures are read where they are held, and never fetched on the way."""

from pathlib import Path

import pytest

from analysis.data.detail import DETAIL_SOURCES, held_sources, is_held, load_detail
from analysis.data.sources import load_registry
from analysis.errors import UsageError


@pytest.fixture
def nothing_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("CSP_MIRROR", raising=False)
    monkeypatch.setenv("CSP_CACHE", str(tmp_path / "cache"))
    return tmp_path


def test_every_source_of_detail_is_in_the_registry_and_has_a_reader() -> None:
    registry = load_registry()
    assert all(registry.source(source_id).reader for source_id in DETAIL_SOURCES)


def test_without_cache_and_mirror_nothing_is_held_and_nothing_is_asked_of_the_net(
    nothing_held: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*given: object, **options: object) -> None:
        raise AssertionError("a download was tried")

    monkeypatch.setattr("analysis.data.fetch.download", refuse)
    assert held_sources() == []
    assert load_detail("boundaries_boroughs_2024") is None


def test_a_file_of_another_checksum_is_not_held(nothing_held: Path, monkeypatch) -> None:
    path = load_registry().source("boundaries_boroughs_2024").files[0].path
    stray = nothing_held / "mirror" / path
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"another edition")
    monkeypatch.setenv("CSP_MIRROR", str(nothing_held / "mirror"))
    assert not is_held("boundaries_boroughs_2024")


def test_a_misspelt_source_is_refused() -> None:
    with pytest.raises(UsageError, match="boundaries_boroughs_2024"):
        is_held("boundaries_borough_2024")


@pytest.mark.mirror
def test_from_the_mirror_every_source_of_detail_is_held(mirror: Path) -> None:
    assert held_sources() == list(DETAIL_SOURCES)
    boroughs = load_detail("boundaries_boroughs_2024")
    assert boroughs is not None
    assert len(boroughs) == 33
