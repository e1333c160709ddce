"""What a target takes, from base, today and forecast, per year and over the whole period."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import DataContractError
from analysis.params.targets import target_from_text
from analysis.targets.required_reduction import (
    both_readings,
    definition,
    repeated,
    required_reduction,
    whole_period_reduction,
)
from analysis.targets.rules import Requirement

HARROW = Requirement(8255, 6604)


def months(first: str, count: int) -> pd.DatetimeIndex:
    return pd.date_range(first, periods=count, freq="MS")


def test_harrows_fifth_takes_1651_from_the_base_and_1092_from_march_2013() -> None:
    futures = pd.Series(np.linspace(6000, 9000, 1001))
    table = required_reduction(HARROW, 7696, futures, months_from_base=48, months_ahead=36)
    table = table.set_index("measured_from")
    assert table["reduction_count"].tolist() == pytest.approx([1651, 1092, 896])
    assert table["reduction_pct"].tolist() == pytest.approx([20, 14.19, 11.95], abs=0.01)
    assert table["per_month_count"].tolist() == pytest.approx([1651 / 12, 91, 896 / 12])
    # 80 % of evenly spread futures lie between 6,300 and 8,700.
    forecast = table.loc["forecast"]
    assert forecast["reduction_count_lower"] == pytest.approx(6300 - 6604)
    assert forecast["reduction_count_upper"] == pytest.approx(8700 - 6604)
    # .8 to the fourth root, and (6604 / 7696) to the third.
    assert table["each_year_pct"].iloc[:2].tolist() == pytest.approx([5.426, 4.973], abs=0.001)
    assert (table["per"] == "year").all()


def test_what_is_already_met_takes_less_than_nothing() -> None:
    met = required_reduction(
        Requirement(100, 90), 80, pd.Series([70.0]), months_from_base=24, months_ahead=12
    )
    assert met["reduction_count"].tolist() == [10, -10, -20]


def test_2500_a_year_is_read_as_a_sum_over_four_years() -> None:
    # 11,615 a year for four years is 46,460; 2,500 fewer in all leaves 43,960. With 11,365
    # in the first year and no change after, 45,460 come, so 1,500 are left to three years.
    base_pace = pd.Series(11_615 / 12, months("2012-04", 48))
    first_year = pd.Series(11_365 / 12, months("2012-04", 12))
    rest = pd.Series([30_000.0, 33_000.0, 36_000.0])
    table = whole_period_reduction(
        Requirement(11_615, 9_115), base_pace, first_year, first_year, rest
    ).set_index("measured_from")
    assert table["target_count"].tolist() == pytest.approx([43_960] * 3)
    assert table["from_count"].tolist() == pytest.approx([46_460, 45_460, 44_365])
    assert table["reduction_count"].tolist() == pytest.approx([2_500, 1_500, 405])
    assert table["month_count"].tolist() == [48, 36, 36]
    assert table.loc["base", "per_month_count"] == pytest.approx(2_500 / 48)
    assert table.loc["forecast", "reduction_count_upper"] > 405


def test_a_sum_over_a_missing_month_is_refused() -> None:
    base_pace = pd.Series(100.0, months("2012-04", 24))
    seen = pd.Series([100.0, np.nan], months("2012-04", 2))
    with pytest.raises(DataContractError, match="a month since the base is missing"):
        whole_period_reduction(
            Requirement(1200, 1000), base_pace, seen, base_pace[:12], pd.Series([1.0])
        )


def test_a_base_goes_on_calendar_month_by_calendar_month() -> None:
    year = pd.Series(range(1, 13), months("2011-04", 12))
    later = repeated(year, months("2012-04", 30))
    assert later.iloc[:12].tolist() == later.iloc[12:24].tolist() == list(range(1, 13))
    assert later.iloc[24:].tolist() == [1, 2, 3, 4, 5, 6]


@given(st.floats(1, 1e5), st.integers(12, 120))
def test_a_yearly_number_is_more_than_the_same_number_over_the_whole_period(
    reduction: float, span: int
) -> None:
    table = both_readings(reduction, span).set_index("per")
    assert table.loc["year", "last_year_count"] == pytest.approx(reduction)
    assert table.loc["whole", "whole_count"] == pytest.approx(reduction)
    assert table.loc["year", "whole_count"] >= reduction * (1 - 1e-9)
    assert table.loc["whole", "last_year_count"] <= reduction * (1 + 1e-9)
    ratios = table["whole_count"] / table["last_year_count"]
    assert ratios.iloc[0] == pytest.approx(ratios.iloc[1])


def test_over_one_year_both_readings_are_the_same() -> None:
    table = both_readings(500, 12)
    assert table["last_year_count"].tolist() == table["whole_count"].tolist() == [500, 500]


@pytest.mark.parametrize(
    ("rule", "per", "said"),
    [
        ("percent=20", "year", "20% below the base in the year to March 2016"),
        ("level=9115", "year", "at most 9,115 offences in the year to March 2016"),
        ("rank=1:rate", "year", "the lowest of 32 boroughs by rate in the year to"),
        ("parity=sutton", "year", "no more than Sutton in the year to March 2016"),
        (
            "percent=20",
            "whole",
            "as many offences fewer as 20% of the base, added up over the 48 months to "
            "March 2016",
        ),
        ("level=9115", "whole", "as many offences fewer as the base is above 9,115, added up"),
        ("rank=1:count", "whole", "above the lowest of the other boroughs by count, added up"),
        ("parity=boroughs", "whole", "the base is above the mean of boroughs, added up"),
    ],
)
def test_one_sentence_defines_each_rule_in_both_readings(
    rule: str, per: str, said: str
) -> None:
    target = target_from_text(
        measure="mopac7", rule=rule, base="2011-04..2012-03", horizon="2016-03",
        per="whole" if per == "whole" else "year",
    )  # fmt: skip
    text = definition(target)
    assert said in text
    assert text.startswith("MOPAC 7 crime, location basis, current offence list: ")
    assert text.endswith("(base April 2011 to March 2012)")
