"""The numbers themselves, as a script asks for them."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from analysis.cli.figures import figures
from analysis.errors import ParamsError

ASKED = ["--borough", "harrow", "--offence-group", "total"]


def test_a_single_month_is_a_period() -> None:
    told = CliRunner().invoke(figures, [*ASKED, "--from", "2011-06", "--to", "2011-06"])
    assert [line[:18] for line in told.stdout.splitlines()[1:]] == ["2011-06,E09000015,"]


def test_a_period_that_ends_before_it_begins_is_wrong_use() -> None:
    told = CliRunner().invoke(figures, [*ASKED, "--from", "2012-04", "--to", "2011-06"])
    with pytest.raises(ParamsError, match=r"2012-04 --to 2011-06: .* ends before it begins"):
        raise told.exception or AssertionError(told.output)
