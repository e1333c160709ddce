"""The door: what a published file may not be, and the sentence that it gets."""

from __future__ import annotations

import gzip
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.data import tabular
from analysis.data.tabular import (
    open_bytes,
    read_text_table,
    refuse_duplicates,
    require_columns,
    to_counts,
)
from analysis.errors import DataContractError, SourceError

TABLE = b"Borough,202404\nHarrow,12\nSutton,\n"


def write(folder: Path, content: bytes, name: str = "made.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_a_plain_table_and_a_gzip_of_it_read_alike(tmp_path: Path) -> None:
    plain = read_text_table(write(tmp_path, TABLE))
    packed = read_text_table(write(tmp_path, gzip.compress(TABLE), "made.csv.gz"))
    pd.testing.assert_frame_equal(plain, packed)
    assert plain.to_dict("list") == {"Borough": ["Harrow", "Sutton"], "202404": ["12", ""]}


def test_a_byte_order_mark_and_spaces_leave_the_header(tmp_path: Path) -> None:
    path = write(tmp_path, b"\xef\xbb\xbf Borough , 202404 \nHarrow,12\n")
    assert list(read_text_table(path).columns) == ["Borough", "202404"]


def test_words_that_mean_missing_elsewhere_stay_as_published(tmp_path: Path) -> None:
    path = write(tmp_path, b"Borough,Note\nHarrow,NA\nSutton,null\n")
    assert read_text_table(path)["Note"].tolist() == ["NA", "null"]


def test_a_file_of_the_old_windows_kind_keeps_its_signs(tmp_path: Path) -> None:
    path = write(tmp_path, "Item,Price\nKnife,£5\n".encode("cp1252"))
    assert read_text_table(path)["Price"].tolist() == ["£5"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"  \n\n", "the file is empty"),
        (b"<!DOCTYPE html><title>404</title>", "a web page, not a table"),
        (b"\n <HTML><body>Sign in</body>", "a web page, not a table"),
        (b"<?xml version='1.0'?><Error/>", "a web page, not a table"),
    ],
)
def test_what_is_no_table_is_refused_by_name(content: bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=f"made.csv: .*{said}") as refused:
        open_bytes(write(tmp_path, content))
    assert "etch it again" in str(refused.value)


def test_a_web_page_packed_as_gzip_is_still_a_web_page(tmp_path: Path) -> None:
    packed = gzip.compress(b"<html>moved</html>")
    with pytest.raises(SourceError, match="a web page"):
        open_bytes(write(tmp_path, packed, "made.csv.gz"))


@pytest.mark.parametrize("kept", [5, 12, -9, -1])
def test_a_truncated_gzip_is_refused(kept: int, tmp_path: Path) -> None:
    whole = gzip.compress(TABLE * 400)
    with pytest.raises(SourceError, match=r"made.csv.gz: the gzip is truncated or damaged"):
        open_bytes(write(tmp_path, whole[:kept], "made.csv.gz"))


def test_a_damaged_gzip_is_refused(tmp_path: Path) -> None:
    whole = bytearray(gzip.compress(TABLE * 400))
    whole[len(whole) // 2] ^= 0xFF
    with pytest.raises(SourceError, match="truncated or damaged"):
        open_bytes(write(tmp_path, bytes(whole), "made.csv.gz"))


def test_a_gzip_that_unpacks_beyond_the_limit_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tabular, "MAX_BYTES", 1024 * 1024)
    bomb = gzip.compress(bytes(1024 * 1024 + 1))
    with pytest.raises(SourceError, match="unpacks to more than 1 MB"):
        open_bytes(write(tmp_path, bomb, "made.csv.gz"))


def test_a_missing_file_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"made.csv: no such file .*csp data fetch"):
        open_bytes(tmp_path / "made.csv")


def test_a_row_longer_than_the_header_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"made.csv: not a readable CSV"):
        read_text_table(write(tmp_path, b"Borough,202404\nHarrow,12,13\n"))


def test_a_lost_column_is_named_beside_those_that_are_there() -> None:
    table = pd.DataFrame(columns=["Borough", "202404"])
    require_columns(table, ["Borough"], where="made.csv")
    with pytest.raises(
        DataContractError, match="made.csv: column.*Minor, Major not found.*Borough, 202404"
    ):
        require_columns(table, ["Minor", "Borough", "Major"], where="made.csv")


@given(st.lists(st.integers(min_value=0, max_value=10**9) | st.none()))
def test_counts_survive_their_published_spellings(counts: list[int | None]) -> None:
    for spelling in ("{}", "{:,}", "{}.0", " {} "):
        text = ["" if count is None else spelling.format(count) for count in counts]
        read = to_counts(pd.Series(text, dtype=object), where="made.csv")
        assert str(read.dtype) == "Int64"
        assert [None if pd.isna(value) else int(value) for value in read] == counts


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("-3", "negative"),
        ("2.5", "not a whole number"),
        ("twelve", "not a whole number"),
        ("1e3", "not a whole number"),
        ("<5", "not a whole number"),
        ("12 ?", "not a whole number"),
    ],
)
def test_what_is_no_count_is_refused_with_its_row_of_the_file(text: str, kind: str) -> None:
    # The header is row 1, so the second record is row 3.
    with pytest.raises(DataContractError) as refused:
        to_counts(pd.Series(["7", text]), where="made.csv, 202404")
    assert str(refused.value).startswith(f"made.csv, 202404: '{text}' in row 3 is {kind}")


def test_a_blank_is_missing_and_never_nought() -> None:
    assert to_counts(pd.Series(["", "0"]), where="made").isna().tolist() == [True, False]


def test_a_repeated_key_is_refused_with_the_first_of_them() -> None:
    table = pd.DataFrame({"borough": ["Harrow", "Sutton", "Harrow"], "month": ["a", "a", "a"]})
    refuse_duplicates(table.iloc[:2], ["borough", "month"], where="made.csv")
    with pytest.raises(
        DataContractError, match=r"made.csv: 1 row\(s\) occur twice, the first: borough Harrow"
    ):
        refuse_duplicates(table, ["borough", "month"], where="made.csv")
