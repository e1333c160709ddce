"""Archives unpacked with limits, and never outside the folder given.

A publisher's archive is a stranger's file: a member's name may lead out of the folder, a
link may point anywhere, a few kilobytes may unpack to more than the disk holds. All that is
refused before it is written, sizes being counted as they come and never believed.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import shutil
import stat
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, cast

from analysis.errors import SourceError

MAX_BYTES = 1024**3
MAX_FILES = 10_000
# A year of street-level files of every force is well below both.

_CHUNK_BYTES = 1 << 16
_HEADER_ALLOWANCE = 1 << 20
# What a tar may hold between two files: without it a header itself can be the bomb.
_DAMAGED = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    gzip.BadGzipFile,
    EOFError,
    NotImplementedError,
    FileExistsError,
    NotADirectoryError,
    IsADirectoryError,
)
_LONGEST_NAME = 200
# Of one part of a path: most file systems take 255 bytes.


def unpack(
    archive: Path, into: Path, *, max_bytes: int = MAX_BYTES, max_files: int = MAX_FILES
) -> list[Path]:
    """Every file of a zip or tar, unpacked into a new folder, all or none.

    Parameters
    ----------
    archive : Path
        A zip, or a tar as it is or packed by gzip, bzip2 or xz.
    into : Path
        Folder to make; it may exist if it is empty.
    max_bytes, max_files : int
        Most that may come out of it.

    Returns
    -------
    list of Path
        The files, in the order of the archive.

    Raises
    ------
    SourceError
        If it is neither, damaged, encrypted, over a limit; or a member is a link or a
        device, or its name leads out of the folder, or occurs twice. ``into`` is then as
        it was.
    """
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        message = f"{into}: is not an empty folder. Unpack into a new one."
        raise SourceError(message)
    into.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{into.name}-", dir=into.parent))
    try:
        names = _unpack_all(archive, scratch, max_bytes, max_files)
        scratch.chmod(0o755)
        if into.exists():
            into.rmdir()
        scratch.replace(into)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return [into / name for name in names]


def _unpack_all(
    archive: Path, folder: Path, max_bytes: int, max_files: int
) -> list[PurePosixPath]:
    names: list[PurePosixPath] = []
    seen: set[str] = set()
    left = max_bytes
    try:
        for name, stream in _members(archive):
            place = _safe_place(archive, name, seen)
            if len(names) == max_files:
                message = f"{archive.name}: holds more than {max_files:,} files. Not unpacked."
                raise SourceError(message)
            left -= _copy(archive, stream, folder / place, left, max_bytes)
            names.append(place)
    except _DAMAGED as error:
        raise SourceError(_damaged(archive, error)) from error
    except OSError as error:
        # bz2 tells damage as an OSError without a number; a full disk has one.
        if error.errno is not None:
            raise
        raise SourceError(_damaged(archive, error)) from error
    return names


def _members(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    if not archive.is_file():
        message = f"{archive.name}: no such file in {archive.parent}."
        raise SourceError(message)
    if zipfile.is_zipfile(archive):
        yield from _zip_members(archive)
    else:
        yield from _tar_members(archive)


def _zip_members(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    with zipfile.ZipFile(archive) as opened:
        for member in opened.infolist():
            kind = stat.S_IFMT(member.external_attr >> 16)
            if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                raise SourceError(_not_a_file(archive, member.filename))
            if member.flag_bits & 0x1:
                message = f"{archive.name}: '{member.filename}' is encrypted. Not unpacked."
                raise SourceError(message)
            if member.is_dir():
                continue
            with opened.open(member) as stream:
                # orig_filename: zipfile itself mends some unsafe names, which hides them.
                yield member.orig_filename, stream


def _tar_members(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    with _unpacked(archive) as raw:
        metered = _Metered(raw, archive.name)
        try:
            opened = tarfile.open(fileobj=metered, mode="r|")  # noqa: SIM115
        except tarfile.ReadError as error:
            message = f"{archive.name}: neither a zip nor a tar. Fetch it again."
            raise SourceError(message) from error
        with opened:
            for member in opened:
                if member.isdir():
                    continue
                if not member.isreg():
                    raise SourceError(_not_a_file(archive, member.name))
                metered.left += member.size
                stream = opened.extractfile(member)
                if stream is not None:
                    yield member.name, stream
                metered.left = _HEADER_ALLOWANCE


class _Metered(io.RawIOBase):
    """A stream that gives no more than it was allowed."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream = stream
        self._name = name
        self.left = _HEADER_ALLOWANCE

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(_CHUNK_BYTES if size < 0 else size)
        self.left -= len(piece)
        if self.left < 0:
            message = f"{self._name}: a header unpacks to far too much. Not unpacked."
            raise SourceError(message)
        return piece


def _unpacked(archive: Path) -> IO[bytes]:
    with archive.open("rb") as stream:
        head = stream.read(6)
    if head.startswith(b"\x1f\x8b"):
        return cast(IO[bytes], gzip.open(archive))
    if head.startswith(b"BZh"):
        return bz2.open(archive)
    if head.startswith(b"\xfd7zXZ\x00"):
        return lzma.open(archive)
    return archive.open("rb")


def _safe_place(archive: Path, name: str, seen: set[str]) -> PurePosixPath:
    place = PurePosixPath(name)
    leads_out = (
        not place.parts
        or place.is_absolute()
        or ".." in place.parts
        or any(mark in name for mark in ("\\", ":"))
        or not name.isprintable()
        or max(map(len, place.parts)) > _LONGEST_NAME
    )
    if leads_out:
        message = (
            f"{archive.name}: the member {name!r} leads out of its folder, or its name is not "
            "plain. Nothing was unpacked; get the archive from its publisher."
        )
        raise SourceError(message)
    # Without regard to case, as some file systems have none.
    folded = str(place).casefold()
    if folded in seen:
        message = f"{archive.name}: '{name}' occurs twice. Nothing was unpacked."
        raise SourceError(message)
    seen.add(folded)
    return place


def _copy(archive: Path, stream: IO[bytes], target: Path, left: int, max_bytes: int) -> int:
    target.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with target.open("xb") as out:
        while chunk := stream.read(_CHUNK_BYTES):
            written += len(chunk)
            if written > left:
                message = (
                    f"{archive.name}: unpacks to more than {max_bytes:,} bytes. Nothing was "
                    "unpacked."
                )
                raise SourceError(message)
            out.write(chunk)
    return written


def _damaged(archive: Path, error: Exception) -> str:
    return f"{archive.name}: the archive is damaged ({error}). Fetch it again."


def _not_a_file(archive: Path, name: str) -> str:
    return (
        f"{archive.name}: the member {name!r} is a link or a device, not a file. Nothing was "
        "unpacked; get the archive from its publisher."
    )
