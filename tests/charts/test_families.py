"""What each family draws and says, on figures small enough to check by eye."""

import re

import pandas as pd
import pytest

from analysis.charts.bars import change_bars, ranked_bars
from analysis.charts.decomposition import change_parts
from analysis.charts.dots import probability_bars
from analysis.charts.fan import fan_chart
from analysis.charts.funnel import funnel_plot
from analysis.charts.line import monthly_line
from analysis.charts.seasonality import seasonal_indices
from analysis.charts.trajectory import trajectory_chart


def by_id(charts, chart_id):
    return next(chart for chart in charts if chart.chart_id == chart_id)


def texts(svg):
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_a_line_is_described_by_its_ends_its_extremes_and_its_breaks(caption):
    months = pd.date_range("2012-01-01", periods=4, freq="MS")
    frame = pd.DataFrame({"month": months, "offence_count": [900, 1250, 702, 1012]})
    chart = monthly_line(frame, caption(), breaks=[("2012-03-01", "New list")])
    assert chart.description == (
        "Line chart of recorded offences in Harrow, January 2012 to April 2012."
        " Harrow: 900 offences in January 2012 at the start, 1,012 offences in April 2012 at"
        " the end; highest 1,250 offences in February 2012, lowest 702 offences in March 2012."
        " Vertical marks: New list (March 2012)."
    )


def test_a_missing_month_is_a_gap_in_the_line_and_never_zero(caption):
    months = pd.to_datetime(["2012-01-01", "2012-02-01", "2012-04-01", "2012-05-01"])
    frame = pd.DataFrame({"month": months, "offence_count": [900, 950, 980, 990]})
    chart = monthly_line(frame, caption())
    assert chart.table["Offences"].isna().tolist() == [False, False, True, False, False]
    assert "missing for 1 of 5 months" in chart.description
    assert any(path.count("M") == 2 for path in re.findall(r' d="([^"]+)"', chart.svg))


def test_lines_that_end_close_together_have_labels_apart(caption):
    months = pd.date_range("2012-01-01", periods=3, freq="MS")
    rows = [
        {"month": month, "area_name": name, "offence_count": count}
        for month in months
        for name, count in (("Harrow", 1000), ("Sutton", 1001), ("Bexley", 1002))
    ]
    chart = monthly_line(pd.DataFrame(rows), caption(), group="area_name", highlight="Harrow")
    found = re.findall(r'y="([\d.]+)"[^>]*>(Harrow|Sutton|Bexley) 1,00\d<', chart.svg)
    heights = sorted(float(height) for height, _ in found)
    assert len(heights) == 3
    assert min(b - a for a, b in zip(heights, heights[1:], strict=False)) >= 13
    assert "3rd highest of 3 lines; context: Bexley and Sutton" in chart.description


def test_a_highlight_that_is_not_there_is_refused(monthly, caption):
    frame = monthly.assign(area_name="Sutton")
    with pytest.raises(ValueError, match="no line 'Harrow'"):
        monthly_line(frame, caption(), group="area_name", highlight="Harrow")
    areas = pd.DataFrame({"area_name": ["Sutton"], "rate_per_1000": [3.0]})
    with pytest.raises(ValueError, match="no row 'Harrow'"):
        ranked_bars(areas, caption(), label="area_name", highlight="Harrow")


def test_a_forecast_without_its_range_is_refused(monthly, caption):
    bare = pd.DataFrame({"month": pd.to_datetime(["2024-04-01"]), "median": [930.0]})
    with pytest.raises(ValueError, match="lacks its limits"):
        fan_chart(monthly, bare, caption())


def test_a_fan_says_its_ranges_and_its_target(every_chart):
    words = by_id(every_chart, "fan").description
    assert "870 to 990 in four cases of five and 830 to 1,030 in nineteen of twenty" in words
    assert "Target: 850 offences in September 2024" in words


def test_recorded_and_forecast_months_do_not_lend_each_other_numbers(every_chart):
    table = by_id(every_chart, "fan").table
    assert len(table) == 30
    assert (table["Forecast (offences)"].head(24) == "[z]").all()
    assert (table["Recorded (offences)"].tail(6) == "[z]").all()


def test_a_change_that_chance_could_make_is_hatched_and_said(every_chart):
    chart = by_id(every_chart, "change")
    assert chart.svg.count("<pattern") == 1
    assert (
        "More than chance alone would give: Residential burglary −12.3%." in chart.description
    )
    assert "Could be chance: Theft of vehicle +4.0%." in chart.description
    assert "to judge: Homicide not available." in chart.description
    assert chart.table["More than chance"].tolist() == ["Yes", "No", "Not judged"]


def test_an_interval_beyond_the_axis_is_cut_in_the_drawing_but_not_in_the_table(every_chart):
    chart = by_id(every_chart, "change")
    assert "150%" not in texts(chart.svg)
    assert chart.table["Upper 95% limit (%)"].iloc[1] == 150


def test_boroughs_stand_from_highest_to_lowest_and_the_highlight_is_placed(every_chart):
    chart = by_id(every_chart, "rank")
    assert chart.table["Area"].tolist() == ["Westminster", "Sutton", "Harrow"]
    assert "Harrow, 58.4 per 1,000, is 3rd highest of 3." in chart.description


def test_a_borough_outside_the_funnel_differs_in_shape_and_is_named(every_chart):
    chart = by_id(every_chart, "funnel")
    assert {"Westminster", "Harrow"} <= set(texts(chart.svg))
    assert "Far above it, outside the 99.8% limits: Westminster." in chart.description
    assert "Harrow, at 58.4, is in line with the average." in chart.description


def test_a_funnel_without_its_highlight_is_refused(caption):
    areas = pd.DataFrame(
        {
            "area_name": ["Sutton"],
            "population": [1],
            "rate_per_1000": [1.0],
            "position": ["in line"],
        }
    )
    with pytest.raises(ValueError, match="no row 'Harrow'"):
        funnel_plot(areas, areas, caption(), centre=1, label="area_name", highlight="Harrow")


def test_signals_differ_by_shape_and_are_named_below(every_chart):
    chart = by_id(every_chart, "control")
    key = " ".join(texts(chart.svg))
    assert "◆ outside the limits; ▲ seven on one side of usual" in key
    assert "September 2022 (outside the limits)" in chart.description
    assert "limits are those of 2 stretches" in chart.description


def test_seasons_need_twelve_months_and_name_the_highest(every_chart, caption):
    assert "Highest: December, 110. Lowest: January, 98." in (
        by_id(every_chart, "season").description
    )
    with pytest.raises(ValueError, match="months 1 to 12"):
        seasonal_indices(pd.DataFrame({"calendar_month": [1, 2]}), caption())


def test_a_small_chance_is_never_shown_as_none(every_chart):
    chart = by_id(every_chart, "chance")
    assert "Parity with Sutton, under 1%" in chart.description
    assert "under 1%" in texts(chart.svg)


def test_a_chance_outside_nought_to_a_hundred_is_refused(caption):
    rows = pd.DataFrame({"definition": ["a"], "probability_pct": [100.5]})
    with pytest.raises(ValueError, match="outside 0 to 100"):
        probability_bars(rows, caption(unit="%"))


def test_parts_that_do_not_add_up_are_refused(caption):
    parts = {"a": "London-wide", "b": "Local"}
    frame = pd.DataFrame({"offence_group": ["Theft"], "a": [5], "b": [6], "total": [20]})
    with pytest.raises(ValueError, match="do not add up"):
        change_parts(frame, caption(), parts=parts, total="total")


def test_parts_of_one_change_end_in_their_total(every_chart):
    chart = by_id(every_chart, "steps")
    assert {"+216", "+345", "−281", "+280"} <= set(texts(chart.svg))
    assert "Theft +280 offences, of which London-wide +216" in chart.description


def test_a_path_not_yet_recorded_shows_its_ceiling_and_the_last_known_month(caption):
    months = pd.date_range("2024-01-01", periods=4, freq="MS")
    counts = pd.array([100, 120, None, None], "Int64")
    frame = pd.DataFrame(
        {
            "month": months,
            "ceiling_count": 110.0,
            "offence_count": counts,
            "is_above_ceiling": [False, True, False, False],
        }
    )
    chart = trajectory_chart(frame, caption())
    assert {"Ceiling 110", "Recorded 120"} <= set(texts(chart.svg))
    assert "Last recorded: 120 offences in February 2024, against a ceiling of 110." in (
        chart.description
    )
    assert "Months above their ceiling: 1." in chart.description


def test_an_own_description_goes_before_the_written_one(monthly, caption):
    chart = monthly_line(monthly, caption(description="Crime rose steadily."))
    assert chart.description == "Crime rose steadily."


def test_no_data_is_refused_by_every_family_in_a_sentence(monthly, caption, every_chart):
    empty = pd.DataFrame({"month": [], "offence_count": [], "offence_group": []})
    for family in (trajectory_chart, change_bars, change_parts):
        with pytest.raises(ValueError, match="has no data"):
            family(empty, caption())
    with pytest.raises(ValueError, match="has no data"):
        monthly_line(empty, caption())
