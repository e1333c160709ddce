"""What each family draws and says, on figures small enough to check by eye."""

import re

import numpy as np
import pandas as pd
import pytest

from analysis.charts.bars import change_bars, ranked_bars
from analysis.charts.control_chart import control_chart
from analysis.charts.decomposition import change_parts
from analysis.charts.dots import interval_dots, probability_bars
from analysis.charts.fan import fan_chart
from analysis.charts.funnel import funnel_plot
from analysis.charts.grouped_dots import grouped_dots
from analysis.charts.line import monthly_line
from analysis.charts.paths import read_path
from analysis.charts.seasonality import seasonal_indices
from analysis.charts.theme import DARK_BLUE, MID_GREY, ORANGE
from analysis.wording import NO_BREAK


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
    drawn = [read_path(path) for path in re.findall(r' d="([^"]+)"', chart.svg)]
    assert any(len(parts) == 2 and all(len(part) == 2 for part in parts) for parts in drawn)


def test_of_two_lines_no_rank_is_told(caption):
    months = pd.date_range("2012-01-01", periods=2, freq="MS")
    frame = pd.DataFrame(
        {"month": [*months, *months], "offence_count": [9, 8, 7, 6], "what": list("aabb")}
    )
    chart = monthly_line(frame, caption(), group="what", highlight="a")
    assert "of 2 lines" not in chart.description
    assert chart.description.endswith("Context: b.")


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
    assert "lowest of 3 lines; context: Bexley and Sutton" in chart.description


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
    assert chart.svg.count("<linearGradient") == 1
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


def test_no_bar_is_cut_where_the_axis_ends(caption):
    changes = pd.DataFrame(
        {
            "offence_group": ["Shoplifting", "Theft"],
            "change_pct": [161.3, 32.6],
            "change_pct_lower": [87.9, 8.6],
            "change_pct_upper": [263.3, 62.0],
            "is_significant": [True, True],
        }
    )
    svg = change_bars(changes, caption(unit="%")).svg
    lengths = re.search(
        r'd="M[\d. ]+h([\d.]+)v[^"m]+m[^"h]+h([\d.]+)v[^"]+" fill="#12436d"', svg
    )
    assert lengths
    long, short = map(float, lengths.groups())
    assert long / short == pytest.approx(161.3 / 32.6, rel=0.01)
    assert "100%" in texts(svg)


def test_boroughs_stand_from_highest_to_lowest_and_the_highlight_is_placed(every_chart):
    chart = by_id(every_chart, "rank")
    assert chart.table["Area"].tolist() == ["Westminster", "Sutton", "Harrow"]
    assert "Harrow, 58.4 per 1,000, is lowest of 3." in chart.description


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a", "a, 7.0 per 1,000, is highest of 7."),
        ("c", "c, 5.0 per 1,000, is 3rd highest of 7."),
        ("f", "f, 2.0 per 1,000, is 2nd lowest of 7."),
    ],
)
def test_a_place_is_told_from_the_nearer_end(caption, name, words):
    rows = pd.DataFrame({"area_name": list("abcdefg"), "rate_per_1000": range(7, 0, -1)})
    about = caption(unit="per 1,000")
    chart = ranked_bars(rows, about, label="area_name", highlight=name)
    assert chart.description.endswith(words)
    assert "in 7 areas, April 2022" in chart.description


def test_ranked_offence_groups_are_called_so_and_lie_in_their_area(caption):
    rows = pd.DataFrame({"group": ["Rape", "Arson"], "harm_pct": [20.9, 1.5]})
    about = caption(measure="Share of harm", unit="%")
    named = {"label": "group", "value": "harm_pct", "label_name": "Offence group"}
    chart = ranked_bars(rows, about, **named)
    assert list(chart.table) == ["Offence group", "Value (%)"]
    assert chart.description == (
        "Bar chart of share of harm in Harrow, 2 offence groups, April 2022 to March 2024."
        " Highest: Rape, 20.9%. Lowest: Arson, 1.5%."
    )


def test_the_name_of_the_reference_line_is_whole_in_both_widths(every_chart, caption):
    rows = every_chart[3].table.rename(columns={"Value (per 1,000)": "rate_per_1000"})
    name = "all 32 boroughs that the Metropolitan Police serve"
    chart = ranked_bars(rows, caption(), label="Area", reference=101.1, reference_name=name)
    for svg, width in ((chart.svg, 720), (chart.svg_narrow, 340)):
        shown = svg.replace(NO_BREAK, " ")
        bold = re.findall(r'<(g|text)\b([^>]*font-weight="700".*?)</\1>', shown)
        lines = re.findall(r'x="([\d.]+)"[^>]*>([^<]+)', " ".join(text for _, text in bold))
        assert " ".join(text for _, text in lines) == f"Pink line: {name} 101.1"
        assert max(float(x) + 6.5 * len(text) for x, text in lines) <= width


def test_the_first_residents_stand_clear_of_the_nought_beside_them(every_chart):
    for svg in (by_id(every_chart, "funnel").svg, by_id(every_chart, "funnel").svg_narrow):
        found = re.findall(r'y="([\d.]+)"[^>]*>(0|200,000)</text>', svg)
        heights = {text: float(height) for height, text in found}
        # Letters of 13 pixels: baselines this far apart leave space between them.
        assert heights["200,000"] - heights["0"] >= 16


def test_a_borough_outside_the_funnel_differs_in_shape_and_is_named(every_chart):
    chart = by_id(every_chart, "funnel")
    assert {"Westminster", "Harrow"} <= set(texts(chart.svg))
    assert "Far above it, outside the 99.8% limits: Westminster." in chart.description
    assert (
        "Harrow, at 58.4, is within the usual spread around the average." in chart.description
    )


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
    key = " ".join(texts(chart.svg)).replace(NO_BREAK, " ")
    assert "◆ outside the limits; ▲ seven on one side of usual" in key
    assert "Months outside the limits: 1, September 2022;" in chart.description
    assert "limits are those of 2 stretches" in chart.description


def signalling(count):
    months = pd.date_range("2020-06-01", periods=60, freq="MS")
    return pd.DataFrame(
        {
            "month": months,
            "value": [77.0 if place < count else 70.0 for place in range(60)],
            "centre": 70.0,
            "lower": 64.0,
            "upper": 76.0,
            "is_outside_limits": [place < count for place in range(60)],
        }
    )


@pytest.mark.parametrize("is_narrow", [False, True])
def test_marks_of_fifteen_months_in_a_row_do_not_cover_each_other(caption, is_narrow):
    chart = control_chart(signalling(15), caption(unit="a day"))
    svg = chart.svg_narrow if is_narrow else chart.svg
    drawn = [read_path(path) for path in re.findall(r' d="([^"]+)"', svg)]
    (diamonds,) = [parts for parts in drawn if len(parts) == 15]
    left, right = ([end(part[:, 0]) for part in diamonds] for end in (np.min, np.max))
    assert all(a <= b + 0.2 for a, b in zip(right, left[1:], strict=False))


def test_nothing_is_said_of_seasons_unless_the_caption_says_it(caption):
    chart = control_chart(signalling(3), caption(unit="a day"))
    assert "season" not in chart.html.casefold() + chart.description.casefold()
    said = control_chart(signalling(3), caption(measure="Offences, season taken out"))
    assert "season taken out" in said.description


def test_months_not_judged_are_grey_and_the_key_says_so(caption):
    rows = signalling(3)
    plain = control_chart(rows, caption(unit="a day"))
    rows = rows.assign(is_excluded=[place < 4 for place in range(len(rows))])
    chart = control_chart(rows, caption(unit="a day"))
    for svg, is_told in ((chart.svg, True), (chart.svg_narrow, True), (plain.svg, False)):
        told = " ".join(texts(svg)).replace(NO_BREAK, " ")
        assert ("grey: not judged" in told) is is_told
        assert bool(re.search(f'<path[^>]*fill="{MID_GREY}"', svg)) is is_told


def test_a_narrow_control_chart_tells_its_levels_below_the_months(every_chart):
    told = " ".join(texts(by_id(every_chart, "control").svg_narrow)).replace(NO_BREAK, " ")
    assert "Solid line: usual, now 31.0; dashed: limits, now 25.0 to 36.0." in told
    assert "Upper limit" not in told


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


def test_a_chance_under_one_is_so_called_in_drawing_words_and_table_alike(caption):
    rows = pd.DataFrame({"definition": ["a", "b", "c"], "probability_pct": [0.6, 1.2, 99.4]})
    chart = probability_bars(rows, caption(unit="%"))
    assert {"under 1%", "1%", "over 99%"} <= set(texts(chart.svg))
    assert "a, under 1%, b, 1% and c, over 99%" in chart.description
    assert chart.table["Chance (%)"].tolist() == ["under 1", 1.2, "over 99"]


def test_a_chance_outside_nought_to_a_hundred_is_refused(caption):
    rows = pd.DataFrame({"definition": ["a"], "probability_pct": [100.5]})
    with pytest.raises(ValueError, match="outside 0 to 100"):
        probability_bars(rows, caption(unit="%"))


def test_parts_that_do_not_add_up_are_refused(caption):
    parts = {"a": "London-wide", "b": "Local"}
    frame = pd.DataFrame({"offence_group": ["Theft"], "a": [5], "b": [6], "total": [20]})
    with pytest.raises(ValueError, match="do not add up"):
        change_parts(frame, caption(), parts=parts, total="total")


TWO_PARTS = {
    "london_trend_count": "London's trend in this offence",
    "local_effect_count": "The borough's own",
}


def test_two_parts_differ_by_pattern_and_the_key_says_which_is_which(caption):
    frame = pd.DataFrame(
        {
            "offence_group": ["Theft", "Arson"],
            "london_trend_count": [-210.0, 4.0],
            "local_effect_count": [90.0, 7.0],
            "change_count": [-120, 11],
        }
    )
    chart = change_parts(frame, caption(), parts=TWO_PARTS)
    key = (
        "Dark blue: London's trend in this offence. Striped: the borough's own."
        " Diamond: all together."
    )
    for svg in (chart.svg, chart.svg_narrow):
        assert key in " ".join(texts(svg))
        # Only the second part has a pattern, so that the two differ without colour.
        assert svg.count("<linearGradient") == 1
        assert svg.count('fill="url(#') == 2
    assert (
        "Theft −120 offences, of which London's trend in this offence −210 and the borough's"
        " own +90" in chart.description
    )
    assert list(chart.table)[1:] == [
        "London's trend in this offence (offences)",
        "The borough's own (offences)",
        "All together (offences)",
    ]


def test_stripes_of_four_parts_lean_two_ways_and_stay_lines_on_paper(caption):
    parts = {f"part_{place}": f"Part {place}" for place in range(4)}
    frame = pd.DataFrame({"offence_group": ["Theft", "Arson"], "change_count": 40}).assign(
        **dict.fromkeys(parts, 10)
    )
    svg = change_parts(frame, caption(), parts=parts).svg
    # Lines a pixel wide, four pixels apart across and four down.
    leans = re.findall(r'x2="([^"]*)" y2="([^"]*)" spreadMethod="repeat"', svg)
    assert sorted(leans) == [("4", "-4"), ("4", "4")]
    assert svg.count('<stop offset=".177" stop-color="#fff"/>') == 2
    assert "<pattern" not in svg


@pytest.mark.parametrize("count", [1, 5])
def test_parts_that_no_pattern_could_tell_apart_are_refused(caption, count):
    parts = {f"part_{place}": f"Part {place}" for place in range(count)}
    frame = pd.DataFrame({"offence_group": ["Theft"], "change_count": [0]}).assign(
        **dict.fromkeys(parts, 0)
    )
    with pytest.raises(ValueError, match=f"given {count} parts; give it 2 to 4"):
        change_parts(frame, caption(), parts=parts)


def test_parts_of_one_change_end_in_their_total(every_chart):
    chart = by_id(every_chart, "steps")
    assert {"+216", "+345", "−281", "+280"} <= set(texts(chart.svg))
    assert "Theft +280 offences, of which London-wide +216" in chart.description


def test_an_own_description_goes_before_the_written_one(monthly, caption):
    chart = monthly_line(monthly, caption(description="Crime rose steadily."))
    assert chart.description == "Crime rose steadily."


def test_no_data_is_refused_by_every_family_in_a_sentence(monthly, caption, every_chart):
    empty = pd.DataFrame({"month": [], "offence_count": [], "offence_group": []})
    for family in (change_bars, change_parts):
        with pytest.raises(ValueError, match="has no data"):
            family(empty, caption())
    with pytest.raises(ValueError, match="has no data"):
        monthly_line(empty, caption())


def test_grouped_dots_have_a_shape_each_and_a_key_of_shapes(caption):
    rows = pd.DataFrame({"group": ["Theft", "Robbery"], "a": [1.0, 4.0], "b": [3.0, None]})
    chart = grouped_dots(rows, caption(), {"a": "By count", "b": "By harm"}, label="group")
    assert (
        "Theft: By count 1, By harm 3; Robbery: By count 4, By harm not available."
        in chart.description
    )
    assert {"By count 1, By harm 3", "By count 4"} <= set(texts(chart.svg))
    key = " ".join(texts(chart.svg))
    assert f"\N{BLACK CIRCLE}{NO_BREAK}By count" in key
    assert f"\N{BLACK DIAMOND}{NO_BREAK}By harm" in key
    assert chart.table["By harm (offences)"].isna().tolist() == [False, True]


def test_dots_of_three_series_are_told_in_an_order_that_is_said_first(caption):
    rows = pd.DataFrame({"group": ["Theft"], "a": [22.2], "b": [24.8], "c": [4.9]})
    names = {"a": "Last year's worst", "b": "Best possible", "c": "By chance"}
    chart = grouped_dots(rows, caption(unit="%"), names, label="group", decimals=1)
    assert (
        "In each row, in this order: Last year's worst, Best possible and By chance. "
        "Theft: 22.2%, 24.8%, 4.9%." in chart.description
    )
    circle, diamond, square = (
        "\N{BLACK CIRCLE} 22.2%",
        "\N{BLACK DIAMOND} 24.8%",
        "\N{BLACK SQUARE} 4.9%",
    )
    assert f"{circle}, {diamond}, {square}" in texts(chart.svg)


def test_equal_dots_stand_apart_and_the_first_series_lies_over_the_others(caption):
    rows = pd.DataFrame({"group": ["Tied", "Apart"], "a": [1.0, 1.0], "b": [1.0, 32.0]})
    chart = grouped_dots(rows, caption(unit="rank"), {"a": "Rate", "b": "Harm"}, label="group")
    tied = {}
    for colour in (DARK_BLUE, ORANGE):
        drawn = re.search(rf'd="([^"]+)"[^>]*fill="{colour}"', chart.svg, re.I)[1]
        tied[colour] = [(part.min(axis=0) + part.max(axis=0)) / 2 for part in read_path(drawn)]
    first, second = tied[DARK_BLUE][0], tied[ORANGE][0]
    assert first[0] == pytest.approx(second[0], abs=0.5)
    assert second[1] - first[1] > 6
    assert tied[DARK_BLUE][1][1] == pytest.approx(tied[ORANGE][1][1], abs=2)
    markup = chart.svg.casefold()
    assert markup.index(f'fill="{ORANGE.casefold()}"') < markup.index(
        f'fill="{DARK_BLUE.casefold()}"'
    )


def test_an_axis_of_ranks_begins_at_the_first(caption):
    rows = pd.DataFrame({"borough": ["Harrow", "Bexley"], "rank": [4, 32]})
    chart = interval_dots(rows, caption(unit="rank"), label="borough", value="rank")
    assert "0" not in texts(chart.svg)
    assert "1" in texts(chart.svg)


def test_more_series_than_shapes_are_refused(caption):
    rows = pd.DataFrame({"group": ["Theft"], **{name: [1.0] for name in "abcde"}})
    with pytest.raises(ValueError, match="5 series, and 4 shapes"):
        grouped_dots(rows, caption(), {name: name for name in "abcde"}, label="group")
