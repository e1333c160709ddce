"""The charts of the strategic assessment draw the assessment's own figures, and those alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd
import pytest

from analysis.assessment import Assessment
from analysis.charts import strategic
from analysis.charts.chart import Chart
from analysis.charts.table import Table
from analysis.data.offences import measure_label
from analysis.params.areas import area_name, borough_codes

Open = Callable[..., Assessment]

BOROUGHS = ["harrow", "westminster", "kingston upon thames"]


@pytest.fixture(scope="module", params=BOROUGHS)
def assessment(request: pytest.FixtureRequest, opened: Open) -> Assessment:
    return opened(request.param)


def test_rates_show_every_borough_with_its_own_rate(assessment: Assessment) -> None:
    (chart,) = strategic.rates(assessment, assessment.ranks(), "A title")
    rates = assessment.rates()
    named = rates.rename(index=area_name)["rate_per_1000"].sort_values()
    drawn = chart.table.set_index(chart.table.columns[0]).iloc[:, 0].astype(float)
    pd.testing.assert_series_equal(
        drawn.sort_values(), named, check_names=False, check_index_type=False
    )
    assert assessment.area.area_name in chart.description
    assert chart.subtitle.split(", ")[1] == "32 London boroughs"


def test_the_rolling_year_ends_with_the_latest_total(assessment: Assessment) -> None:
    chart = strategic.rolling_year(assessment, "mopac7", "A title")
    counts = chart.table.iloc[:, -1].astype(float)
    assert counts.iloc[-1] == assessment.count("mopac7", assessment.latest_year)
    assert len(counts) == len(assessment.series("mopac7")) - 11
    assert chart.chart_id == "rolling-year-mopac7"


def test_changes_are_drawn_and_tabled_with_the_same_numbers(assessment: Assessment) -> None:
    table = assessment.changes(assessment.offence_groups())
    chart, beside = strategic.changes(assessment, table, "A title")
    assert isinstance(chart, Chart)
    assert isinstance(beside, Table)
    frame = beside.frame.set_index("Offence group")
    assert list(frame.index) == [measure_label(group) for group in table.index]
    for column, name in {
        "before_count": "Year before",
        "after_count": "Latest year",
        "change_count": "Change",
        "change_pct": "Change (%)",
    }.items():
        left, right = table[column].astype(float), frame[name].astype(float)
        assert left.tolist() == pytest.approx(right.tolist(), nan_ok=True)
    drawn = chart.table.set_index(chart.table.columns[0]).iloc[:, 0].astype(float)
    assert drawn.tolist() == pytest.approx(frame["Change (%)"][drawn.index].tolist())
    left_out = set(frame.index) - set(drawn.index)
    assert left_out == {measure_label(g) for g in table.index[table["is_small_count"]]}
    words = frame["Beyond chance"].value_counts()
    assert set(words.index) <= {"yes", "no", "too few"}
    assert words.get("yes", 0) == table["is_significant"].fillna(value=False).sum()


def test_the_reasons_drawn_are_the_largest_and_add_up(assessment: Assessment) -> None:
    split = assessment.why()
    (chart,) = strategic.why(assessment, split, "A title")
    assert len(chart.table) == min(strategic.TOP_PARTS + 1, len(split.table))
    table = split.table.rename(index=measure_label)
    # What moved most of its own is drawn, however little it changed in all.
    own = table["local_effect_count"].abs()
    assert chart.table.iloc[0, 0] == own.idxmax()
    assert chart.table.iloc[-1, 0] == "All other groups"
    drawn = chart.table.iloc[:, 1:4].sum()
    assert drawn.iloc[1] == pytest.approx(split.total["local_effect_count"])
    assert drawn.iloc[2] == pytest.approx(split.total["change_count"])
    for row in chart.table.iloc[:-1].itertuples(index=False):
        parts = table.loc[row[0], ["london_trend_count", "local_effect_count"]]
        assert list(row[1:3]) == pytest.approx(parts.tolist())
        assert sum(row[1:3]) == pytest.approx(row[3])


def test_the_funnel_holds_32_boroughs(assessment: Assessment) -> None:
    (chart,) = strategic.standing(assessment, assessment.funnel(), "A title")
    assert sorted(chart.table.iloc[:, 0]) == sorted(map(area_name, borough_codes()))


def test_harm_is_drawn_by_share_from_the_most_harmful(assessment: Assessment) -> None:
    score = assessment.harm()
    chart = strategic.harm(assessment, score, "A title")
    own = score.by_group[score.by_group["area_code"] == assessment.area.area_code]
    largest = own.nlargest(strategic.TOP_PARTS, "harm_pct")
    assert sorted(chart.table.iloc[:, 1]) == pytest.approx(sorted(largest["harm_pct"]))


def test_the_season_and_the_odd_months_are_those_of_the_measures(
    assessment: Assessment,
) -> None:
    measure = "total_without_fraud"
    (season,) = strategic.season(assessment, measure, "A title")
    index = assessment.season(measure).table["seasonal_index"]
    assert season.table.iloc[:, 1].tolist() == pytest.approx(index.tolist())
    control = assessment.control_chart(measure)
    months = strategic.exceptional_months(assessment, control, "A title")
    assert len(months.table) == len(control.table) == 60
    # Months of restrictions are not judged, so they get no signal in the table either.
    judged = ~control.table["is_excluded"].astype(bool)
    signals = months.table["Signal"]
    assert (signals[~judged.to_numpy()] == "not judged").all()
    outside = int((control.table["is_outside_limits"].astype(bool) & judged).sum())
    assert signals.str.contains("outside the limits").sum() == outside
    assert f"Months not judged: {int((~judged).sum())}." in months.description
    assert (f"outside the limits: {outside}," in months.description) == bool(outside)


def test_nothing_is_drawn_that_cannot_be_compared(opened: Open) -> None:
    hillingdon = opened("hillingdon")
    blocked = hillingdon.changes(hillingdon.offence_groups())
    assert strategic.changes(hillingdon, blocked, "A title") == []
    assert strategic.why(hillingdon, hillingdon.why(), "A title") == []
    straddling = opened("hillingdon", "2024-12")
    assert strategic.rates(straddling, straddling.ranks(), "A title") == []
    assert strategic.standing(straddling, straddling.funnel(), "A title") == []
    assert strategic.season(opened("harrow", "2013-03"), "total", "A title") == []


def test_one_blocked_group_is_called_so_in_the_table_and_left_out_of_the_chart(
    opened: Open,
) -> None:
    cut = opened("harrow", "2013-03")
    table = cut.changes(cut.offence_groups())
    chart, beside = strategic.changes(cut, table, "A title")
    row = beside.frame.set_index("Offence group").loc["Fraud and forgery"]
    assert row["Beyond chance"] == "not comparable"
    assert pd.isna(row["Change (%)"])
    assert "Fraud and forgery" not in set(chart.table.iloc[:, 0])


def test_breaks_are_marked_where_charts_reach_them(opened: Open) -> None:
    chart = strategic.rolling_year(opened("hillingdon"), "total_without_fraud", "A title")
    assert "Heathrow apart (April 2023), CONNECT (March 2024)" in chart.description
    assert (
        "Heathrow"
        not in strategic.rolling_year(
            opened("harrow"), "total_without_fraud", "A title"
        ).description
    )
    early = strategic.rolling_year(
        opened("harrow", "2013-03"), "total_without_fraud", "A title"
    )
    assert len(early.table) == 25


@pytest.mark.slow
@pytest.mark.parametrize("notebook", ["strategic_assessment", "targets"])
@pytest.mark.parametrize(
    ("borough", "as_of"), [("harrow", ""), ("hillingdon", "2024-12"), ("havering", "2013-03")]
)
def test_a_whole_report_has_no_identifier_twice_and_describes_every_chart(
    notebook: str,
    borough: str,
    as_of: str,
    shown: Callable[..., list[object]],
    read_page: Callable[..., object],
) -> None:
    pieces = shown(notebook, borough, as_of)
    charts = [each for each in pieces if isinstance(each, Chart)]
    html = "".join(
        each._repr_mimebundle_()[0]["text/html"]  # type: ignore[attr-defined]
        for each in pieces
    )
    identifiers = [
        element.attributes["id"]
        for element in read_page(html).elements  # type: ignore[attr-defined]
        if "id" in element.attributes
    ]
    twice = {each for each in identifiers if identifiers.count(each) > 1}
    assert not twice
    # A year with a step in it is told as such, and no target is worked out or drawn from it;
    # past forecasts are judged all the same.
    is_mixed = (notebook, as_of) == ("targets", "2024-12")
    if is_mixed:
        assert [chart.chart_id for chart in charts] == ["record"]
    else:
        assert len(charts) >= 4
    for chart in charts:
        # A description of a few words says no more than the title.
        assert len(chart.description.split()) >= 8, chart.chart_id
        assert borough.title() in chart.subtitle or " boroughs" in chart.subtitle
        assert "Metropolitan Police Service" in chart.source
        assert re.search(r"(location|policing) basis", chart.source)
        assert chart.svg.count("<desc") == 1
        assert "nan" not in chart.description.casefold().split()
