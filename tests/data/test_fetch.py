"""Fetching from a mirror and from a server on this machine that misbehaves on purpose."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from analysis.data import fetch as fetching
from analysis.data.fetch import cached_path, download, fetch, in_cache, locate
from analysis.data.sources import Source
from analysis.errors import SourceError, UsageError

CONTENT = b"Borough,201004,201005\n" + b"".join(
    b"Area %d,%d,%d\n" % (row, row * 7, row * 3) for row in range(20_000)
)


class Server(ThreadingHTTPServer):
    """Answers with ``content``, as the script of ``faults`` says, one fault a request."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.content = CONTENT
        self.faults: list[str] = []
        self.ranges: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/crime.csv"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:  # noqa: N802
        server = self.server
        server.ranges.append(self.headers.get("Range"))
        fault = server.faults.pop(0) if server.faults else ""
        if fault.isdigit():
            self.send_response(int(fault))
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        start = 0
        asked = self.headers.get("Range")
        if asked and fault != "no ranges":
            start = int(asked.removeprefix("bytes=").rstrip("-"))
        body = server.content[start:]
        self.send_response(206 if start else 200)
        if start:
            size = len(server.content)
            shown = start + 1 if fault == "wrong place" else start
            self.send_header("Content-Range", f"bytes {shown}-{size - 1}/{size}")
        kind = "text/html; charset=utf-8" if fault == "html type" else "text/csv"
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if fault == "break" else body)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.shutdown()
        thread.join(timeout=5)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CSP_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("CSP_MIRROR", raising=False)
    monkeypatch.setattr(fetching, "PAUSE_SECONDS", 0.0)
    return tmp_path / "cache"


def a_source(url: str | None = None, content: bytes = CONTENT, **changes: Any) -> Source:
    entry = {
        "id": "example_crime",
        "publisher": "Example Police",
        "title": "Recorded crime",
        "landing_page": "https://example.org/crime",
        "licence": {"name": "OGL", "url": "https://example.org/ogl"},
        "attribution": "Source: Example Police.",
        "period": {"from": "2010-04", "to": "2010-05"},
        "published": "2010-06",
        "accessed": "2026-11-22",
        "basis": "location",
        "offence_list": "current",
        "boundary_year": 2022,
        "known_defects": ["None known."],
        "reader": "analysis.data.readers.borough_monthly:read_borough_monthly",
        "download_note": "Replaced every month.",
        "files": [
            {
                "path": "mps/crime.csv",
                "sha256": hashlib.sha256(content).hexdigest(),
                "bytes": len(content),
                "download_url": url,
            }
        ],
    }
    return Source.model_validate(entry | changes)


def quick(source: Source, **options: Any) -> Path:
    """One file downloaded without waiting between attempts."""
    file = source.files[0]
    options = {"timeout": (2.0, 2.0), "sleep": lambda _: None} | options
    return download(file, cached_path(file), **options)


def everything_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def assert_resumes_near_the_break(asked: str | None) -> None:
    # The last piece before the break may be lost, no more than that.
    assert asked is not None
    start = int(asked.removeprefix("bytes=").rstrip("-"))
    half = len(CONTENT) // 2
    assert half - fetching.CHUNK_BYTES < start <= half


def test_a_download_lands_in_the_cache_with_the_right_bytes(server, cache):
    source = a_source(server.url)
    path = locate(source, source.files[0])
    assert path == cache / "published" / "mps" / "crime.csv"
    assert path.read_bytes() == CONTENT
    assert everything_in(cache) == [path]


def test_a_cached_file_is_not_downloaded_again(server):
    source = a_source(server.url)
    locate(source, source.files[0])
    locate(source, source.files[0])
    assert len(server.ranges) == 1


def test_a_busy_server_is_asked_again_with_growing_pauses(server):
    server.faults = ["503", "429"]
    waited: list[float] = []
    quick(a_source(server.url), sleep=waited.append, pause=1.0)
    assert waited == [1.0, 2.0]
    assert len(server.ranges) == 3


def test_a_broken_download_resumes_where_it_broke(server):
    server.faults = ["break"]
    path = quick(a_source(server.url))
    assert path.read_bytes() == CONTENT
    assert server.ranges[0] is None
    assert_resumes_near_the_break(server.ranges[1])


def test_a_download_broken_for_good_resumes_in_the_next_run(server, cache):
    source = a_source(server.url)
    server.faults = ["break"]
    with pytest.raises(SourceError, match="in 1 attempts .* carries on"):
        quick(source, attempts=1)
    assert not cached_path(source.files[0]).exists()
    assert quick(source).read_bytes() == CONTENT
    assert_resumes_near_the_break(server.ranges[-1])
    assert everything_in(cache) == [cached_path(source.files[0])]


def test_a_server_without_ranges_starts_the_file_over(server):
    server.faults = ["break", "no ranges"]
    assert quick(a_source(server.url)).read_bytes() == CONTENT


def test_a_server_that_resumes_elsewhere_is_not_believed(server):
    server.faults = ["break", "wrong place"]
    assert quick(a_source(server.url)).read_bytes() == CONTENT
    assert server.ranges[-1] is None


def test_a_server_that_cannot_resume_starts_the_file_over(server):
    server.faults = ["break", "416"]
    assert quick(a_source(server.url)).read_bytes() == CONTENT


def test_a_file_of_the_same_length_with_other_bytes_is_refused_and_dropped(server, cache):
    server.content = CONTENT.replace(b"Area 7,49", b"Area 7,50")
    source = a_source(server.url)
    with pytest.raises(SourceError) as caught:
        quick(source)
    told = str(caught.value)
    assert source.files[0].sha256 in told
    assert hashlib.sha256(server.content).hexdigest() in told
    assert "may have replaced the file" in told
    assert everything_in(cache) == []


def test_a_whole_but_shorter_file_is_another_edition_not_a_broken_one(server, cache):
    server.content = CONTENT[:-40]
    with pytest.raises(SourceError, match="wrong checksum"):
        quick(a_source(server.url))
    assert len(server.ranges) == 1
    assert everything_in(cache) == []


def test_a_longer_file_is_cut_off_and_refused(server, cache):
    server.content = CONTENT * 5
    with pytest.raises(SourceError, match="sent more than"):
        quick(a_source(server.url))
    assert everything_in(cache) == []


@pytest.mark.parametrize("by", ["content type", "content"])
def test_a_web_page_in_place_of_the_file_is_refused(server, cache, by):
    server.content = b"\n<!DOCTYPE html><title>Moved</title>" + b" " * len(CONTENT)
    server.faults = ["html type"] if by == "content type" else []
    with pytest.raises(SourceError, match="web page"):
        quick(a_source(server.url))
    assert everything_in(cache) == []


def test_a_refusal_is_final_and_told(server):
    server.faults = ["404", "404"]
    with pytest.raises(SourceError, match="refused it \\(404"):
        quick(a_source(server.url))
    assert len(server.ranges) == 1


def test_an_attempt_has_a_deadline(server):
    with pytest.raises(SourceError, match="took too long"):
        quick(a_source(server.url), attempts=1, deadline=-1.0)


def test_a_server_that_is_not_there_is_told_after_the_last_attempt(cache):
    source = a_source("http://127.0.0.1:9/crime.csv")
    with pytest.raises(SourceError, match="in 2 attempts"):
        quick(source, attempts=2)
    assert everything_in(cache) == []


def test_an_altered_cached_file_is_replaced_by_the_published_one(server):
    source = a_source(server.url)
    path = cached_path(source.files[0])
    path.parent.mkdir(parents=True)
    path.write_bytes(CONTENT.replace(b"Area 7,49", b"Area 7,94"))
    assert locate(source, source.files[0]).read_bytes() == CONTENT


def test_an_altered_cached_file_without_an_address_is_refused():
    source = a_source()
    path = cached_path(source.files[0])
    path.parent.mkdir(parents=True)
    path.write_bytes(b"edited by hand")
    with pytest.raises(SourceError, match="in the cache: wrong checksum"):
        locate(source, source.files[0])


@pytest.mark.parametrize("place", ["mps/crime.csv", "Downloads/mps/crime.csv", "crime.csv"])
def test_a_mirror_gives_the_file_wherever_it_lies_in_it(tmp_path, place):
    path = tmp_path / "mirror" / place
    path.parent.mkdir(parents=True)
    path.write_bytes(CONTENT)
    source = a_source("http://127.0.0.1:9/crime.csv")
    assert locate(source, source.files[0], mirror=tmp_path / "mirror") == path


def test_fetch_copies_from_the_mirror_named_by_the_environment(tmp_path, cache, monkeypatch):
    (tmp_path / "mirror").mkdir()
    (tmp_path / "mirror" / "crime.csv").write_bytes(CONTENT)
    monkeypatch.setenv("CSP_MIRROR", str(tmp_path / "mirror"))
    source = a_source()
    path = fetch(source, source.files[0])
    assert in_cache(source.files[0])
    assert everything_in(cache) == [path]


def test_a_file_altered_in_the_mirror_is_refused(tmp_path):
    (tmp_path / "mps").mkdir()
    (tmp_path / "mps" / "crime.csv").write_bytes(CONTENT + b"edited")
    source = a_source()
    with pytest.raises(SourceError, match="wrong checksum"):
        locate(source, source.files[0], mirror=tmp_path)


def test_a_file_that_is_not_to_be_had_tells_its_page_and_how_to_load_it():
    source = a_source()
    with pytest.raises(SourceError) as caught:
        locate(source, source.files[0])
    assert "https://example.org/crime" in str(caught.value)
    assert "csp data fetch example_crime --mirror DIR" in str(caught.value)


def test_a_users_own_file_is_never_fetched():
    source = a_source(is_user_file=True)
    with pytest.raises(SourceError, match="is not loaded"):
        locate(source, source.files[0])


def test_a_mirror_that_is_no_folder_is_refused(tmp_path):
    source = a_source()
    with pytest.raises(UsageError, match="no such folder"):
        locate(source, source.files[0], mirror=tmp_path / "nowhere")
