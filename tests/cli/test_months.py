"""What is no month is refused before anything is read."""

from __future__ import annotations

import pytest

from analysis.cli.months import refuse_unless_months
from analysis.errors import ParamsError


@pytest.mark.parametrize("month", ["2012-01", "2012-12", "1999-09", None])
def test_a_month_or_nothing_passes(month: str | None) -> None:
    refuse_unless_months(month, "2012-03")


@pytest.mark.parametrize(
    "text",
    ["2012-00", "2012-13", "2012-1", "12-01", "2012-01-01", "2012/01", "2012", "", " 2012-01"]
    + ["2012-01\n", "٢٠١٢-٠١"],
)
def test_anything_else_is_refused_by_its_own_words(text: str) -> None:
    with pytest.raises(ParamsError) as refused:
        refuse_unless_months("2012-03", text)
    assert f"'{text}' is not a month" in str(refused.value)
