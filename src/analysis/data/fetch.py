"""Published files brought into the cache: from a mirror folder or from their address.

A file is known by its checksum alone, so it does not matter where it comes from. What has
not the checksum of the registry never stands under a published file's name.

Downloads use requests, not pooch: pooch 1.9 writes every attempt to a new temporary file
that it deletes on failure (``pooch.core.stream_download``), so a broken download cannot be
resumed; its Unzip sets no limit of size and its Untar may write outside its folder. Here a
broken download is kept aside under its checksum, never under its name, and carried on with
an HTTP range request.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from analysis.data.sources import Source, SourceFile
from analysis.errors import SourceError, UsageError
from analysis.project import project_root

if TYPE_CHECKING:
    from requests import Response, Session

CACHE_VARIABLE = "CSP_CACHE"
# Names a cache folder other than cache/ in the project.
MIRROR_VARIABLE = "CSP_MIRROR"
# Names a folder that holds published files; there is no default.

ATTEMPTS = 4
PAUSE_SECONDS = 1.0
# First pause between two attempts; it doubles each time.
TIMEOUT_SECONDS = (10.0, 30.0)
# To connect, and between two pieces of an answer.
DEADLINE_SECONDS = 900.0
# For one attempt as a whole: a server that drips would otherwise hold a build for ever.
CHUNK_BYTES = 1 << 16

_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
# Answers that may differ a moment later; any other refusal is final.


class _BrokenDownloadError(Exception):
    """An attempt that may succeed when made again."""


def cache_folder() -> Path:
    """Folder of the cached published files (``CSP_CACHE``, else ``cache/``)."""
    named = os.environ.get(CACHE_VARIABLE)
    return (Path(named) if named else project_root() / "cache") / "published"


def mirror_folder(named: Path | str | None = None) -> Path | None:
    """Folder of published files given by hand, or by ``CSP_MIRROR``, or none.

    Raises
    ------
    UsageError
        If one is named that is no folder.
    """
    chosen = named if named is not None else os.environ.get(MIRROR_VARIABLE)
    if not chosen:
        return None
    folder = Path(chosen)
    if not folder.is_dir():
        message = (
            f"mirror '{chosen}': no such folder. Name a folder that holds the published "
            f"files, with --mirror or {MIRROR_VARIABLE}, or leave it out."
        )
        raise UsageError(message)
    return folder


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def cached_path(file: SourceFile) -> Path:
    """Where a published file lies in the cache, whether it is there or not."""
    return cache_folder() / file.path


def in_cache(file: SourceFile) -> bool:
    """Whether the cache holds the file, whole and unaltered."""
    return _is_it(cached_path(file), file)


def in_mirror(file: SourceFile, mirror: Path | None) -> Path | None:
    """The file in a mirror folder, known by its checksum; or none.

    It is looked for under its path in the registry, then under its checksum, then anywhere
    under its own name, so that a folder of downloads serves as a mirror.
    """
    if mirror is None:
        return None
    for path in (mirror / file.path, mirror / file.sha256):
        if _is_it(path, file):
            return path
    for path in sorted(mirror.rglob(Path(file.path).name)):
        if _is_it(path, file):
            return path
    return None


def locate(source: Source, file: SourceFile, *, mirror: Path | str | None = None) -> Path:
    """A file of a source to read: from the cache, else a mirror, else its address.

    Parameters
    ----------
    source : Source
    file : SourceFile
        One of ``source.files``.
    mirror : Path, optional
        Folder of published files; default ``CSP_MIRROR``. A file found there is read where
        it lies.

    Returns
    -------
    Path
        A file that has the checksum of the registry.

    Raises
    ------
    SourceError
        If it is not to be had, with its landing page and how to load it; or if what was
        found or fetched has another checksum.
    UsageError
        If the mirror is no folder.
    """
    if in_cache(file):
        return cached_path(file)
    folder = mirror_folder(mirror)
    found = in_mirror(file, folder)
    if found is not None:
        return found
    return _download_into_cache(source, file, folder)


def fetch(source: Source, file: SourceFile, *, mirror: Path | str | None = None) -> Path:
    """As ``locate``, with the file in the cache afterwards.

    Returns
    -------
    Path
        The file in the cache.

    Raises
    ------
    SourceError, UsageError
        As ``locate``; nothing half-written stands in the cache.
    """
    found = locate(source, file, mirror=mirror)
    target = cached_path(file)
    if found != target:
        with _placed_whole(target) as beside:
            shutil.copyfile(found, beside)
    return target


def download(
    file: SourceFile,
    into: Path,
    *,
    attempts: int = ATTEMPTS,
    pause: float = PAUSE_SECONDS,
    timeout: tuple[float, float] = TIMEOUT_SECONDS,
    deadline: float = DEADLINE_SECONDS,
    sleep: Callable[[float], None] = time.sleep,
) -> Path:
    """A file fetched from its address, resumed where it broke, checked, moved in whole.

    Parameters
    ----------
    file : SourceFile
        With a ``download_url``.
    into : Path
        Where it is to stand.
    attempts : int
        How often to try when the connection breaks or the server is busy.
    pause : float, seconds
        Before the second attempt; doubled before each further one.
    timeout : tuple of float, seconds
        To connect, and between two pieces of an answer.
    deadline : float, seconds
        For one attempt as a whole.
    sleep : callable
        How to wait; replaced in tests.

    Returns
    -------
    Path
        ``into``.

    Raises
    ------
    SourceError
        If the address answers with a refusal, a web page, more bytes than the registry
        says, other bytes than the checksum says, or not at all.
    """
    import requests

    part = cache_folder() / ".partial" / file.sha256
    part.parent.mkdir(parents=True, exist_ok=True)
    with requests.Session() as session:
        session.max_redirects = 5
        for attempt in range(1, attempts + 1):
            try:
                _carry_on(session, file, part, timeout, time.monotonic() + deadline)
                break
            except (_BrokenDownloadError, requests.RequestException) as error:
                if attempt == attempts:
                    raise SourceError(_unreachable(file, attempts, error)) from error
                sleep(pause * 2 ** (attempt - 1))
    _require_checksum(part, file)
    into.parent.mkdir(parents=True, exist_ok=True)
    part.replace(into)
    return into


def not_loaded(source: Source, file: SourceFile) -> str:
    """Sentence on a file that is neither cached nor in a mirror nor to be fetched."""
    return (
        f"{source.id}: {file.path} is not loaded. Get it from {source.landing_page} and run "
        f"'csp data fetch {source.id} --mirror DIR', where DIR is the folder you saved it "
        f"in. {source.download_note or ''}"
    ).rstrip()


def _download_into_cache(source: Source, file: SourceFile, mirror: Path | None) -> Path:
    stray = mirror / file.path if mirror is not None else None
    if stray is not None and stray.is_file():
        raise SourceError(_wrong_checksum(file, sha256_of(stray), f"in {mirror}"))
    if cached_path(file).is_file() and (file.download_url is None or source.is_user_file):
        raise SourceError(_wrong_checksum(file, sha256_of(cached_path(file)), "in the cache"))
    if file.download_url is None or source.is_user_file:
        raise SourceError(not_loaded(source, file))
    return download(file, cached_path(file))


def _is_it(path: Path, file: SourceFile) -> bool:
    if not path.is_file() or path.stat().st_size != file.bytes:
        return False
    return sha256_of(path) == file.sha256


@contextmanager
def _placed_whole(target: Path) -> Iterator[Path]:
    # Written beside its place and moved in one step: a reader sees all of it or nothing.
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        yield beside
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _carry_on(
    session: Session,
    file: SourceFile,
    part: Path,
    timeout: tuple[float, float],
    deadline: float,
) -> None:
    held = part.stat().st_size if part.is_file() else 0
    if held == file.bytes:
        return
    if held > file.bytes:
        part.unlink()
        held = 0
    # Identity: with compression on the way, ranges would count other bytes than ours.
    headers = {"Accept-Encoding": "identity"}
    if held:
        headers["Range"] = f"bytes={held}-"
    url = file.download_url or ""
    with session.get(url, headers=headers, stream=True, timeout=timeout) as answer:
        _require_welcome(answer, file, part)
        resumed = answer.status_code == 206 and _starts_at(answer, held)
        if answer.status_code == 206 and not resumed:
            part.unlink(missing_ok=True)
            message = "the server resumed at another place than asked"
            raise _BrokenDownloadError(message)
        _write(answer, file, part, held if resumed else 0, deadline)
    if part.stat().st_size < file.bytes:
        _refuse_short_answer(answer, file, part)


def _require_welcome(answer: Response, file: SourceFile, part: Path) -> None:
    if answer.status_code in _BUSY:
        message = f"the server answered {answer.status_code}"
        raise _BrokenDownloadError(message)
    if answer.status_code == 416:
        part.unlink(missing_ok=True)
        message = "the server could not resume"
        raise _BrokenDownloadError(message)
    if not answer.ok:
        message = (
            f"{file.path}: {_host(file)} refused it ({answer.status_code} {answer.reason}). "
            "The publisher may have moved it; get it from the landing page (csp data status)."
        )
        raise SourceError(message)
    if _scheme(file.download_url) == "https" and _scheme(answer.url) != "https":
        message = f"{file.path}: {_host(file)} leads to an insecure address. Not fetched."
        raise SourceError(message)
    if "text/html" in answer.headers.get("Content-Type", "").lower():
        part.unlink(missing_ok=True)
        raise SourceError(_web_page(file))


def _write(answer: Response, file: SourceFile, part: Path, start: int, deadline: float) -> None:
    with part.open("r+b" if start else "wb") as stream:
        stream.seek(start)
        stream.truncate()
        for chunk in answer.iter_content(CHUNK_BYTES):
            if stream.tell() == 0 and _looks_like_a_web_page(chunk):
                stream.close()
                part.unlink()
                raise SourceError(_web_page(file))
            if stream.tell() + len(chunk) > file.bytes:
                stream.close()
                part.unlink()
                raise SourceError(_too_long(file))
            stream.write(chunk)
            if time.monotonic() > deadline:
                message = "it took too long"
                raise _BrokenDownloadError(message)


def _refuse_short_answer(answer: Response, file: SourceFile, part: Path) -> None:
    # Shorter than the registry says. When the server sent all that it announced, this is
    # another file; else the connection broke and the next attempt carries on.
    announced = answer.headers.get("Content-Length")
    whole = answer.status_code == 200 and announced == str(part.stat().st_size)
    if whole:
        found = sha256_of(part)
        part.unlink()
        raise SourceError(_wrong_checksum(file, found, f"at {_host(file)}"))
    message = f"the connection broke after {part.stat().st_size:,} of {file.bytes:,} bytes"
    raise _BrokenDownloadError(message)


def _require_checksum(part: Path, file: SourceFile) -> None:
    found = sha256_of(part)
    if found != file.sha256:
        part.unlink()
        raise SourceError(_wrong_checksum(file, found, f"at {_host(file)}"))


def _starts_at(answer: Response, held: int) -> bool:
    return answer.headers.get("Content-Range", "").startswith(f"bytes {held}-")


def _looks_like_a_web_page(head: bytes) -> bool:
    return (
        head[:512]
        .lstrip(b"\xef\xbb\xbf \t\r\n")
        .lower()
        .startswith((b"<!doctype html", b"<html"))
    )


def _wrong_checksum(file: SourceFile, found: str, where: str) -> str:
    return (
        f"{file.path} {where}: wrong checksum. Expected sha256 {file.sha256}, found {found}. "
        "The publisher may have replaced the file by a newer edition, or it was damaged or "
        "edited; use the edition in data/sources.yml, or register the new one there."
    )


def _web_page(file: SourceFile) -> str:
    return (
        f"{file.path}: {_host(file)} answered with a web page, not the file. Get it by hand "
        "from its landing page (csp data status)."
    )


def _too_long(file: SourceFile) -> str:
    return (
        f"{file.path}: {_host(file)} sent more than the {file.bytes:,} bytes of the edition in "
        "data/sources.yml. The publisher may have replaced the file by a newer edition."
    )


def _unreachable(file: SourceFile, attempts: int, error: Exception) -> str:
    return (
        f"{file.path}: could not be fetched from {_host(file)} in {attempts} attempts "
        f"({error}). Try again later, which carries on where it broke; or take it from a "
        "folder with --mirror DIR."
    )


def _scheme(url: str | None) -> str:
    return urlsplit(url or "").scheme


def _host(file: SourceFile) -> str:
    return urlsplit(file.download_url or "").netloc
