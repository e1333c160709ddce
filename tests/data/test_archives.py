"""Archives made up to do harm, and some that do none."""

import bz2
import gzip
import io
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest

from analysis.data.archives import unpack
from analysis.errors import SourceError

GOOD = {"2024-01/2024-01-street.csv": b"Month\n2024-01\n", "2024-02/a.csv": b"Month\n"}


def make_zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def make_tar(path: Path, members: dict[str, bytes], mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def tar_with(path: Path, kind: bytes, name: str, target: str = "") -> Path:
    with tarfile.open(path, "w:gz") as archive:
        member = tarfile.TarInfo(name)
        member.type = kind
        member.linkname = target
        archive.addfile(member)
    return path


def assert_nothing_unpacked(folder: Path, archive: Path) -> None:
    assert [path for path in folder.rglob("*") if path != archive] == []


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_a_tar_is_unpacked_whole_however_it_is_packed(tmp_path, mode):
    paths = unpack(make_tar(tmp_path / "street.tar", GOOD, mode), tmp_path / "out")
    assert {
        str(path.relative_to(tmp_path / "out")): path.read_bytes() for path in paths
    } == GOOD


def test_a_zip_is_unpacked_whole_into_an_empty_folder(tmp_path):
    (tmp_path / "out").mkdir()
    paths = unpack(make_zip(tmp_path / "street.zip", GOOD), tmp_path / "out")
    assert [path.read_bytes() for path in paths] == list(GOOD.values())


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / "kept.txt").write_text("mine")
    with pytest.raises(SourceError, match="not an empty folder"):
        unpack(make_zip(tmp_path / "street.zip", GOOD), tmp_path)
    assert (tmp_path / "kept.txt").read_text() == "mine"


@pytest.mark.parametrize(
    "name",
    [
        "../escaped.csv",
        "a/../../escaped.csv",
        "/opt/escaped.csv",
        "..\\escaped.csv",
        "C:escaped.csv",
        "a\nb.csv",
        "x" * 300,
    ],
)
@pytest.mark.parametrize("make", [make_zip, make_tar], ids=["zip", "tar"])
def test_a_name_that_leads_out_is_refused_with_all_the_rest(tmp_path, make, name):
    folder = tmp_path / "work"
    folder.mkdir()
    archive = make(folder / "evil.bin", {"good.csv": b"1", name: b"2"})
    with pytest.raises(SourceError, match="leads out"):
        unpack(archive, folder / "out")
    assert [path.name for path in tmp_path.rglob("*")] == ["work", "evil.bin"]


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE]
)
def test_a_link_or_device_in_a_tar_is_refused(tmp_path, kind):
    archive = tar_with(tmp_path / "evil.tar.gz", kind, "link", "/etc/passwd")
    with pytest.raises(SourceError, match="link or a device"):
        unpack(archive, tmp_path / "out")
    assert_nothing_unpacked(tmp_path, archive)


def test_a_link_in_a_zip_is_refused(tmp_path):
    archive = tmp_path / "evil.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        member = zipfile.ZipInfo("link")
        member.external_attr = (stat.S_IFLNK | 0o777) << 16
        opened.writestr(member, "/etc/passwd")
    with pytest.raises(SourceError, match="link or a device"):
        unpack(archive, tmp_path / "out")
    assert_nothing_unpacked(tmp_path, archive)


@pytest.mark.parametrize("make", [make_zip, make_tar], ids=["zip", "tar"])
def test_a_bomb_is_stopped_at_the_limit(tmp_path, make):
    archive = make(tmp_path / "bomb.bin", {"zeros.csv": bytes(20_000_000)})
    assert archive.stat().st_size < 100_000
    with pytest.raises(SourceError, match="more than 1,000,000 bytes"):
        unpack(archive, tmp_path / "out", max_bytes=1_000_000)
    assert_nothing_unpacked(tmp_path, archive)


@pytest.mark.parametrize("make", [make_zip, make_tar], ids=["zip", "tar"])
def test_the_limit_itself_is_allowed_and_counts_all_files_together(tmp_path, make):
    archive = make(tmp_path / "edge.bin", {"a": bytes(600), "b": bytes(400)})
    assert len(unpack(archive, tmp_path / "out", max_bytes=1_000)) == 2
    with pytest.raises(SourceError, match="more than 999 bytes"):
        unpack(archive, tmp_path / "again", max_bytes=999)


def test_a_bomb_in_a_header_is_stopped_before_it_fills_the_memory(tmp_path):
    archive = make_tar(tmp_path / "bomb.tar.gz", {"n" * 20_000_000: b"1"})
    assert archive.stat().st_size < 200_000
    with pytest.raises(SourceError, match="header"):
        unpack(archive, tmp_path / "out")


@pytest.mark.parametrize("make", [make_zip, make_tar], ids=["zip", "tar"])
def test_too_many_files_are_refused(tmp_path, make):
    archive = make(tmp_path / "many.bin", {f"{number}.csv": b"" for number in range(11)})
    with pytest.raises(SourceError, match="more than 10 files"):
        unpack(archive, tmp_path / "out", max_files=10)
    assert_nothing_unpacked(tmp_path, archive)


@pytest.mark.parametrize("make", [make_zip, make_tar], ids=["zip", "tar"])
def test_a_name_that_occurs_twice_is_refused_whatever_its_case(tmp_path, make):
    archive = make(tmp_path / "twice.bin", {"a.csv": b"1", "A.csv": b"2"})
    with pytest.raises(SourceError, match="occurs twice"):
        unpack(archive, tmp_path / "out")


def test_a_file_that_is_also_a_folder_is_refused(tmp_path):
    archive = make_tar(tmp_path / "odd.tar.gz", {"a": b"1", "a/b": b"2"})
    with pytest.raises(SourceError, match="damaged"):
        unpack(archive, tmp_path / "out")
    assert_nothing_unpacked(tmp_path, archive)


def test_an_encrypted_zip_is_refused(tmp_path):
    archive = make_zip(tmp_path / "secret.zip", {"a.csv": b"1"})
    content = bytearray(archive.read_bytes())
    central = content.index(b"PK\x01\x02")
    content[central + 8] |= 1
    archive.write_bytes(content)
    with pytest.raises(SourceError, match="encrypted"):
        unpack(archive, tmp_path / "out")


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress], ids=["gzip", "bzip2"])
def test_a_truncated_archive_is_told_and_leaves_nothing(tmp_path, pack):
    plain = make_tar(tmp_path / "plain.tar", {"a.csv": bytes(range(256)) * 400}, "w")
    archive = tmp_path / "cut.tar.x"
    archive.write_bytes(pack(plain.read_bytes())[:-60])
    plain.unlink()
    with pytest.raises(SourceError, match="damaged|neither"):
        unpack(archive, tmp_path / "out")
    assert_nothing_unpacked(tmp_path, archive)


def test_a_corrupted_zip_is_told_and_leaves_nothing(tmp_path):
    archive = make_zip(tmp_path / "bad.zip", {"a.csv": b"Month,Count\n" * 900})
    content = bytearray(archive.read_bytes())
    content[60] ^= 0xFF
    archive.write_bytes(content)
    with pytest.raises(SourceError, match="damaged"):
        unpack(archive, tmp_path / "out")
    assert_nothing_unpacked(tmp_path, archive)


def test_a_table_is_no_archive(tmp_path):
    path = tmp_path / "crime.zip"
    path.write_text("Borough,201004\n")
    with pytest.raises(SourceError, match="neither a zip nor a tar"):
        unpack(path, tmp_path / "out")


def test_an_archive_that_is_not_there_is_told(tmp_path):
    with pytest.raises(SourceError, match="no such file"):
        unpack(tmp_path / "gone.zip", tmp_path / "out")
