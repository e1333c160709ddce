"""The numbers themselves, as a script asks for them."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result

from analysis.cli.figures import figures
from analysis.data.series_file import read_series_file
from analysis.errors import ParamsError

ASKED = ["--borough", "harrow", "--offence-group", "total"]
YEAR = ["--from", "2011-04", "--to", "2012-03"]
BURGLARY = ["--offence-group", "residential_burglary"]


def printed(*arguments: str) -> Result:
    return CliRunner().invoke(figures, list(arguments), catch_exceptions=False)


def test_a_single_month_is_a_period() -> None:
    told = CliRunner().invoke(figures, [*ASKED, "--from", "2011-06", "--to", "2011-06"])
    assert [line[:18] for line in told.stdout.splitlines()[1:]] == ["2011-06,E09000015,"]


def test_a_period_that_ends_before_it_begins_is_wrong_use() -> None:
    told = CliRunner().invoke(figures, [*ASKED, "--from", "2012-04", "--to", "2011-06"])
    with pytest.raises(ParamsError, match=r"2012-04 --to 2011-06: .* ends before it begins"):
        raise told.exception or AssertionError(told.output)


def test_many_boroughs_and_groups_follow_each_other_once_each() -> None:
    others = ["--borough", "E09000015", "--borough", "sutton"]
    told = printed(*ASKED, *others, *BURGLARY, *BURGLARY, *YEAR)
    rows = [line.split(",") for line in told.stdout.splitlines()[1:]]
    assert len(rows) == 12 * 2 * 2
    assert list(dict.fromkeys((row[1], row[2]) for row in rows)) == [
        ("E09000015", "total"), ("E09000015", "residential_burglary"),
        ("E09000029", "total"), ("E09000029", "residential_burglary"),
    ]  # fmt: skip
    assert sum(int(row[3]) for row in rows if row[1:3] == ["E09000015", "total"]) == 13_838


def test_series_are_laid_out_as_a_forecast_reads_them() -> None:
    lines = printed(*ASKED, "--series", *YEAR).stdout.splitlines()
    assert lines[0] == "series_id,month,count,parent_id"
    assert [line[:24] for line in lines[1:3]] == [
        "E09000015/total,2011-04,", "E09000015/total,2011-05,",
    ]  # fmt: skip
    assert all(line.endswith(",") for line in lines[1:])


def test_london_is_the_parent_of_boroughs_where_it_is_among_the_series() -> None:
    told = printed("--borough", "all", "--borough", "london", *BURGLARY, "--series", *YEAR)
    file = read_series_file(told.stdout.encode(), "standard input")
    london = "E23000001/residential_burglary"
    assert set(file.parents.values()) == {london}
    assert (file.sums, len(file.parents), len(file.counts.columns)) == ((), 32, 33)
    assert london in file.counts
    assert london not in file.parents
