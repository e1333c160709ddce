"""Pyramids, and the theme's charts as they are drawn for boroughs and cuts."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from analysis.assessment import Assessment
from analysis.assessment.victims import (
    ASB,
    HATE,
    SERIOUS,
    STRANDS,
    VAWG,
    against_others,
    changes,
    injury_parts,
    share_of_crime,
    standing_of,
    subject,
    victim_figures,
)
from analysis.charts import protected
from analysis.charts.chart import Caption, Chart
from analysis.charts.pyramid import age_sex_pyramid
from analysis.charts.table import Table

Open = Callable[..., Assessment]


@pytest.fixture
def people() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "age_group": ["10 to 19", "20 to 29", "30 and over"],
            "female_count": pd.array([17, None, 20], "Int64"),
            "male_count": pd.array([620, 430, 119], "Int64"),
        }
    )


def test_a_pyramid_tells_every_count_and_hides_what_is_suppressed(
    people: pd.DataFrame, caption: Callable[..., Caption]
):
    chart = age_sex_pyramid(people, caption("people", unit="people"))
    assert chart.table["Men and boys (people)"].tolist() == [620, 430, 119]
    assert chart.table["Women and girls (people)"].tolist() == [17, "[c]", 20]
    assert "20 to 29 suppressed" in chart.description
    assert "[c]" in chart.svg
    assert chart.svg_narrow


def test_a_pyramid_of_nobody_is_refused(people: pd.DataFrame, caption: Callable[..., Caption]):
    with pytest.raises(ValueError, match="no data"):
        age_sex_pyramid(people.head(0), caption("people"))


def test_rows_are_headed_by_what_they_are_and_series_by_their_own_name(opened: Open):
    assessment = opened("harrow")
    figures = victim_figures(assessment)
    moved, _ = protected.changes(assessment, figures, changes(assessment, figures), "Changes")
    assert moved.table.columns[0] == "Measure"
    parts = injury_parts(assessment, figures)
    (months,) = protected.injury(assessment, figures, parts, "Injury")
    assert "Not domestic abuse" in months.description
    assert "Outside it" not in months.svg


def test_charts_of_the_theme_are_drawn_with_sources_and_own_ids(opened: Open):
    assessment = opened("harrow")
    figures = victim_figures(assessment)
    table = changes(assessment, figures)
    women = subject(assessment, figures, VAWG, table)
    ranks = standing_of(assessment, women)
    violence = against_others(assessment, figures, SERIOUS)
    hated = against_others(assessment, figures, (HATE, *STRANDS))
    drawn = [
        *protected.changes(assessment, figures, table, "Changes"),
        *protected.ranked(assessment, figures, women, ranks, "Rates"),
        *protected.shares(assessment, figures, share_of_crime(assessment, figures), "Shares"),
        *protected.against_others(assessment, figures, violence, "Violence"),
        *protected.strands(assessment, figures, hated, "Strands"),
    ]
    ids = [each.chart_id if isinstance(each, Chart) else each.table_id for each in drawn]
    assert len(ids) == len(set(ids))
    assert all("published" in each.source for each in drawn)
    shown = next(each for each in drawn if isinstance(each, Table))
    assert "Months compared" in shown.frame


def test_missing_months_are_gaps_in_the_line(opened: Open):
    assessment = opened("harrow")
    figures = victim_figures(assessment)
    found = subject(assessment, figures, ASB)
    (chart,) = protected.months(assessment, figures, found, "Incidents")
    column = chart.table.columns[1]
    by_month = chart.table.set_index("Month")[column]
    assert pd.isna(by_month[pd.Timestamp("2016-03-01")])
    assert by_month[pd.Timestamp("2016-02-01")] == 279
    assert "Figures are missing for" in chart.description


def test_nothing_is_drawn_where_nothing_is_held(opened: Open):
    assessment = opened("harrow", "2013-03")
    figures = victim_figures(assessment)
    found = subject(assessment, figures, ASB)
    assert protected.months(assessment, figures, found, "Incidents") == []
    assert protected.rolling_year(assessment, figures, found, "Incidents") == []
    assert protected.shares(assessment, figures, None, "Shares") == []
