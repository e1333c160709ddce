"""The door of a user's own monthly counts: what is wrong is told with its line."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.data.series_file import SeriesFile, read_series_file
from analysis.errors import DataContractError

HEADER = "series_id,month,count"
WITH_PARENT = f"{HEADER},parent_id"


def read(*lines: str, end: str = "\n") -> SeriesFile:
    return read_series_file(end.join(lines).encode(), "counts.csv")


def refusal(*lines: str) -> str:
    with pytest.raises(DataContractError) as caught:
        read(*lines)
    return str(caught.value)


def months_of(first: str, number: int, name: str = "harrow", rest: str = "") -> list[str]:
    every = pd.date_range(first, periods=number, freq="MS")
    return [f"{name},{month:%Y-%m},{place + 1}{rest}" for place, month in enumerate(every)]


def test_series_of_a_file_stand_beside_each_other_month_by_month() -> None:
    file = read(HEADER, "sutton,2024-02,7", "harrow,2024-01,12", "harrow,2024-02,9",
                "sutton,2024-01,0")  # fmt: skip
    assert list(file.counts) == ["sutton", "harrow"]
    assert [f"{month:%Y-%m}" for month in file.counts.index] == ["2024-01", "2024-02"]
    assert file.counts.to_numpy().tolist() == [[0, 12], [7, 9]]
    assert (file.parents, file.sums, file.notes, file.unused_columns) == ({}, (), {}, ())


def test_a_missing_month_stays_missing_wherever_it_is() -> None:
    file = read(HEADER, "a,2024-01,", "a,2024-02,5", "a,2024-04,6", "b,2024-01,1",
                "b,2024-02,2", "b,2024-03,3", "b,2024-04,0", "b,2024-05,4", "a,2024-05,",
                "b,2024-06,")  # fmt: skip
    assert [f"{month:%m}" for month in file.counts.index] == ["01", "02", "03", "04", "05"]
    np.testing.assert_array_equal(file.counts["a"], [math.nan, 5, math.nan, 6, math.nan])
    assert file.counts["b"].tolist() == [1, 2, 3, 0, 4]
    assert file.notes == {
        "a": [
            "No figure for 2024-03.",
            "Its last figure is of 2024-04, 1 month(s) before 2024-05, from which all series "
            "are forecast.",
        ]
    }


def test_a_month_without_any_series_is_a_row_of_missing_counts() -> None:
    file = read(HEADER, "a,2024-01,1", "a,2024-03,3", "b,2024-01,1", "b,2024-03,3")
    assert len(file.counts) == 3
    assert file.counts.loc["2024-02-01"].isna().all()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_what_spreadsheets_add_is_accepted(end: str) -> None:
    file = read("\ufeffSeries_ID, Month ,COUNT,,", '"Harrow, town",2024-01,"1,204",,', "",
                '"Harrow, town",2024-02,7.0,,', ",,,,", end=end)  # fmt: skip
    assert file.counts["Harrow, town"].tolist() == [1204, 7]


def test_columns_that_are_not_read_are_told() -> None:
    file = read("series_id,month,count,basis", "a,2024-01,1,location", "a,2024-02,1,location")
    assert file.unused_columns == ("basis",)


GOOD = ("a,2024-01,1", "a,2024-02,2")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((), "counts.csv: the file is empty"),
        ((HEADER,), "a header but no row below it"),
        (("series_id,month", "a,2024-01"), "line 1: no column 'count'; the header has"),
        (("a,2024-01,5", "a,2024-02,5"), "no column 'series_id'; the header has 'a'"),
        (("series_id;month;count", "a;2024-01;5"), "separated by semicolons, not by commas"),
        (("sep=;", "series_id;month;count"), "separated by semicolons"),
        (("series_id\tmonth\tcount", "a\t2024-01\t5"), "separated by tabs"),
        (("series_id,month,count,count", "a,2024-01,5,5"), "two columns are called 'count'"),
        ((f"{HEADER},parent", *GOOD), "a column is called 'parent'. Call it 'parent_id'"),
        (("<!DOCTYPE html>", "<p>"), "this is a web page"),
        ((HEADER, *GOOD, ",2024-03,5"), "line 4: the series_id is blank"),
        ((HEADER, *GOOD, "a,2024-03"), "line 4: 2 cell(s) where the header has 3"),
        ((HEADER, *GOOD, "a,2024-03,1,204"), "line 4: 4 cell(s) where the header has 3"),
        ((HEADER, *GOOD, 'a,2024-03,"5'), "line 4: not readable as CSV"),
        ((HEADER, *GOOD, '"a\nb",2024-03,5'), "line 4: the name 'a\\nb' holds a line break"),
        ((HEADER, *GOOD, "a,2024-03,many"),
         "line 4, series 'a': count 'many' is not a number. Write a whole number"),
        ((HEADER, *GOOD, "a,2024-03,-3"), "line 4, series 'a': count '-3' is negative"),
        ((HEADER, *GOOD, "a,2024-03,3.5"), "line 4, series 'a': count '3.5' is not a whole"),
        ((HEADER, *GOOD, "a,2024-03,nan"), "count 'nan' is not a whole number"),
        ((HEADER, *GOOD, 'a,2024-03,"12,04"'), "count '12,04' is not a number"),
        ((HEADER, *GOOD, f"a,2024-03,{'9' * 400}"), "is more than 1,000,000,000"),
        ((HEADER, *GOOD, "a,Jan-20,5"),
         "line 4, series 'a': month 'Jan-20' is not written YYYY-MM. Write 2020-01, and"),
        ((HEADER, *GOOD, "a,01/03/2024,5"), "Write 2024-03, and in Excel"),
        ((HEADER, *GOOD, "a,2024-13,5"), "'2024-13' is not written YYYY-MM. Write a month"),
        ((HEADER, *GOOD, "a,,5"), "month '' is not written YYYY-MM"),
        ((HEADER, *GOOD, "a,2024-02,2"),
         "line 4, series 'a': month 2024-02 was given on line 3 already"),
        ((HEADER, *GOOD, "A,2024-02,2"), "line 4: 'A' and 'a' differ in capitals or"),
        ((HEADER, *GOOD, "b,2024-02,2"), "line 4, series 'b': 1 month(s) with a figure"),
        ((HEADER, *GOOD, "b,2024-02,", "b,2024-01,"), "series 'b': 0 month(s) with a figure"),
        ((HEADER, "a,2024-01,", "a,2024-02,"), "series 'a': 0 month(s) with a figure"),
        ((HEADER, "a,1912-01,4", *GOOD), "no figure for 1343 of its 1346 months from 1912-01"),
        ((HEADER, "a,2024-01,4", "a,2024-06,4", *months_of("2024-01-01", 6, "b")),
         "line 2, series 'a': no figure for 4 of its 6 months from 2024-01 to 2024-06"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_with_line_value_and_remedy(
    lines: tuple[str, ...], said: str
) -> None:
    message = refusal(*lines)
    assert message.startswith("counts.csv")
    assert said in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04\x14\x00", "this is an Excel workbook, not a CSV"),
        (b"\x1f\x8b\x08", "this is a gzip"),
        (f"{HEADER}\na,2024-01,5".encode("utf-16"), "this is text in UTF-16"),
        (f"{HEADER}\na,2024-01,5\nCaf\xe9,2024-01,5".encode("cp1252"),
         "counts.csv, line 3: a character that is not UTF-8"),
        (f"{HEADER}\na,2024-01,5\n\0".encode(), "counts.csv, line 3: a null character"),
    ],
)  # fmt: skip
def test_what_is_no_csv_in_utf_8_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(DataContractError, match="CSV UTF-8") as caught:
        read_series_file(content, "counts.csv")
    assert said in str(caught.value)


def test_a_series_must_have_a_figure_in_the_last_twelve_months() -> None:
    lines = [HEADER, *months_of("2023-01-01", 24, "long")]
    kept = read(*lines, *months_of("2023-01-01", 13, "short"))
    assert "11 month(s) before 2024-12" in kept.notes["short"][0]
    message = refusal(*lines, *months_of("2023-01-01", 12, "short"))
    assert "line 26, series 'short': its last figure is of 2023-12, 12 months before" in message


def test_a_parent_that_is_missing_is_told_to_be_the_sum_of_its_parts() -> None:
    file = read(WITH_PARENT, *months_of("2024-01-01", 3, "a", ",both"),
                *months_of("2024-02-01", 2, "b", ",both"),
                *months_of("2024-01-01", 3, "c", ","))  # fmt: skip
    assert list(file.counts) == ["a", "b", "c"]
    assert (file.parents, file.sums) == ({"a": "both", "b": "both"}, ("both",))
    assert file.notes == {"both": ["It is not in the file: the sum of its 2 part(s)."]}


def test_a_parent_in_the_file_is_what_the_file_says() -> None:
    file = read(WITH_PARENT, "a,2024-01,6,all", "a,2024-02,3,all", "all,2024-01,8,",
                "all,2024-02,4,")  # fmt: skip
    assert file.counts["all"].tolist() == [8, 4]
    assert file.sums == ()
    assert file.notes == {"all": ["Its parts in the file make up 75% of it."]}


def test_a_tree_may_have_three_floors() -> None:
    lines = [*months_of("2024-01-01", 2, "ward", ",borough"),
             *months_of("2024-01-01", 2, "borough", ",city")]  # fmt: skip
    file = read(WITH_PARENT, *lines)
    assert file.parents == {"ward": "borough", "borough": "city"}
    assert file.sums == ("city",)
    assert file.notes["city"] == ["It is not in the file: the sum of its 1 part(s)."]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["a,2024-01,1,a"], "line 2: series 'a' has itself as parent_id"),
        (["a,2024-01,1,x", "a,2024-02,1,y"],
         "line 3, series 'a': its parent_id is 'y' here and 'x' on line 2"),
        (["a,2024-01,1,x", "a,2024-02,1,"], "its parent_id is blank here and 'x' on line 2"),
        ([*months_of("2024-01-01", 2, "a", ",b"), *months_of("2024-01-01", 2, "b", ",c"),
          *months_of("2024-01-01", 2, "c", ",a")],
         "line 2: 'a' in 'b' in 'c' in 'a' goes round in a circle"),
        ([*months_of("2024-01-01", 2, "a", ",all"), "all,2024-01,1,", "all,2024-02,1,"],
         "in 2024-02 'all' has 1, but its parts add up to 2 (1 such month(s))"),
        (["a,2024-01,1,All", "a,2024-02,1,All", "all,2024-01,1,"],
         "line 4: 'all' and 'All' differ in capitals"),
    ],
)  # fmt: skip
def test_parents_that_contradict_each_other_are_refused(lines: list[str], said: str) -> None:
    assert said in refusal(WITH_PARENT, *lines)


def test_parts_with_a_missing_month_are_held_against_their_parent_all_the_same() -> None:
    message = refusal(WITH_PARENT, "a,2024-01,5,all", "a,2024-02,9,all", "b,2024-01,2,all",
                      "b,2024-02,,all", "b,2024-03,1,all", "all,2024-01,7,",
                      "all,2024-02,8,")  # fmt: skip
    assert "in 2024-02 'all' has 8, but its parts add up to 9" in message


MONTHS = [f"{month:%Y-%m}" for month in pd.date_range("2020-01-01", "2020-12-01", freq="MS")]
names = st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=8)
columns = st.dictionaries(
    # Seven of twelve: no more are missing than are known.
    st.sampled_from(MONTHS), st.integers(0, 10**6), min_size=7
)  # fmt: skip
tables = st.dictionaries(names, columns, min_size=1, max_size=4).filter(
    lambda made: len({name.casefold() for name in made}) == len(made)
)


def written(rows: list[list[str]], header: str = HEADER) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([header.split(","), *rows])
    return out.getvalue().encode()


def rows_of(table: dict[str, dict[str, int]]) -> list[list[str]]:
    return [
        [name, month, str(count)] for name, of in table.items() for month, count in of.items()
    ]


@given(tables, st.randoms())
def test_a_valid_file_is_read_as_it_was_written_in_any_order(
    table: dict[str, dict[str, int]], random: Callable[..., object]
) -> None:
    rows = rows_of(table)
    random.shuffle(rows)  # type: ignore[attr-defined]
    counts = read_series_file(written(rows), "x.csv").counts
    found = {
        name: {f"{month:%Y-%m}": int(count) for month, count in counts[name].dropna().items()}
        for name in counts
    }
    assert found == table


@given(
    tables,
    st.data(),
    st.one_of(
        st.tuples(st.just(0), st.sampled_from(["", " ", "a\tb", "a\nb"])),
        st.tuples(
            st.just(1), st.sampled_from(["", "Jan-20", "2020", "2020-00", "2020-1", "x"])
        ),
        st.tuples(st.just(1), st.text(max_size=6).filter(lambda text: text not in MONTHS)),
        st.tuples(st.just(2), st.integers(max_value=-1).map(str)),
        st.tuples(st.just(2), st.floats(0.01, 0.99).map(lambda part: f"{7 + part}")),
        st.tuples(st.just(2), st.text(st.characters(categories=("L",)), min_size=1)),
    ),
)
def test_any_corrupted_cell_is_refused_by_its_line(
    table: dict[str, dict[str, int]], data: st.DataObject, fault: tuple[int, str]
) -> None:
    rows = rows_of(table)
    column, value = fault
    assume(column != 1 or value.strip() not in MONTHS)
    number = data.draw(st.integers(0, len(rows) - 1))
    rows[number][column] = value
    with pytest.raises(DataContractError, match=rf"^x\.csv, line {number + 2}\b"):
        read_series_file(written(rows), "x.csv")


@given(tables, st.data())
def test_any_line_given_twice_is_refused_by_its_line(
    table: dict[str, dict[str, int]], data: st.DataObject
) -> None:
    rows = rows_of(table)
    rows.append(data.draw(st.sampled_from(rows)))
    with pytest.raises(DataContractError, match=rf"^x\.csv, line {len(rows) + 1}\b.*already"):
        read_series_file(written(rows), "x.csv")
