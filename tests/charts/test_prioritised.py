"""Charts and tables of priorities hold the results' own numbers, and lead to their evidence."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.assessment import Assessment, long_view
from analysis.assessment.priorities import PriorityMatrix, priority_matrix
from analysis.assessment.progress import followed_plan, plan_progress
from analysis.charts import prioritised
from analysis.charts.chart import Caption
from analysis.charts.heat_map import month_heat_map
from analysis.charts.score_matrix import DARK_FROM, SHADES, score_grid
from analysis.charts.table import Table
from analysis.charts.theme import DARK_GREY, WHITE, contrast_ratio
from analysis.wording import MINUS

Open = Callable[..., Assessment]

CAPTION = Caption("A title", "Scores", "Harrow", "2025", "Us.", "scores", unit="score")


@pytest.fixture(scope="module")
def matrix(opened: Open) -> PriorityMatrix:
    return priority_matrix(opened("harrow"))


def test_scores_are_printed_in_their_cells_and_a_dash_is_no_score() -> None:
    rows = pd.DataFrame(
        {"label": ["Rape", "Arson"], "harm": [5, 1], "trend": [np.nan, 3], "mean_score": [5, 2]}
    )
    chart = score_grid(rows, CAPTION, {"harm": "Harm", "trend": "Trend"})
    assert chart.svg.count(">–<") == 1
    assert "Highest weighted means: Rape 5.0 and Arson 2.0" in chart.description
    assert chart.table["Trend"].isna().tolist() == [True, False]


def test_numbers_can_be_read_on_every_shade() -> None:
    for score, shade in enumerate(SHADES, start=1):
        colour = WHITE if score >= DARK_FROM else DARK_GREY
        assert contrast_ratio(colour, shade) >= 4.5, score


@pytest.mark.parametrize("score", [0, 6])
def test_a_score_outside_the_scale_is_refused(score: int) -> None:
    rows = pd.DataFrame({"label": ["Rape"], "harm": [score], "mean_score": [3]})
    with pytest.raises(ValueError, match="outside 1 to 5"):
        score_grid(rows, CAPTION, {"harm": "Harm"})


def test_the_matrix_table_gives_each_score_its_number_and_its_link(
    opened: Open, matrix: PriorityMatrix
) -> None:
    sections = {"harm": SimpleNamespace(slug="harm-here")}
    table = prioritised.matrix_table(opened("harrow"), matrix, sections)
    frame = table.frame.set_index("What is scored")
    row = matrix.evidence.set_index(["item", "criterion"]).loc[("rape", "harm")]
    assert frame.loc["Rape", "Harm"] == f"{row['score']:.0f} ({row['value']:.1f})"
    assert f'<a href="#harm-here">{frame.loc["Rape", "Harm"]}</a>' in table.html
    assert frame.loc["Knife crime", "Harm"] == "not scored"
    assert len(frame) == len(matrix.items)
    assert "Public concern" not in frame
    assert "Scored on nothing: Public concern." in table.notes
    assert "Harm counts 2 times" in " ".join(table.notes).replace("(harm", "Harm")
    # What a break bars from two years is told over other months than in its own report.
    assert any("the report on protecting victims compares" in note for note in table.notes)


def test_links_of_a_table_are_escaped_and_only_where_given() -> None:
    frame = pd.DataFrame({"A": ["x", "y"], "B": ["<1>", "2"]})
    table = Table("T", frame, "S.", "t", links={"B": ['#"a', ""]})
    assert '<a href="#&quot;a">&lt;1&gt;</a>' in table.html
    assert table.html.count("<a ") == 2  # the cell's and the file's


def test_the_scale_is_printed_with_its_reasons(matrix: PriorityMatrix) -> None:
    frame = prioritised.scale_table(matrix).frame
    assert frame["Scores 2, 3, 4, 5 from"].tolist()[0] == "1, 3, 6, 12"
    assert frame[["Why these steps", "Why this weight"]].map(len).gt(20).all(axis=None)


def test_progress_is_drawn_beside_london(opened: Open) -> None:
    harrow = opened("harrow")
    plan = followed_plan(harrow)
    table = plan_progress(harrow, plan)
    (chart,) = prioritised.progress(harrow, plan, table, "A title")
    drawn = chart.table.set_index("Counted")
    rows = table[table["london_change_pct"].notna() & (table["shown_by"] == "offences")]
    assert drawn["Harrow (%)"].tolist() == pytest.approx(rows["change_pct"].tolist())
    assert "old offence list" in chart.source
    (beneath,) = prioritised.progress_table(harrow, plan, table)
    assert len(beneath.frame) == len(table)
    assert prioritised.progress(harrow, plan, pd.DataFrame(), "A title") == []


def test_notes_of_progress_stand_once_below_the_table(opened: Open) -> None:
    havering = opened("havering")
    plan = followed_plan(havering)
    progress = plan_progress(havering, plan)
    (table,) = prioritised.progress_table(havering, plan, progress)
    # A sentence in a cell makes a row of a page: no cell holds one.
    assert not any(str(cell).endswith(".") for cell in table.frame.to_numpy().ravel())
    # What bears on the plan's own years, apart from the labels of breaks since.
    own = [note for note in table.notes if "Breaks since: " not in note]
    assert " ".join(own).count("COVID restrictions") == 1
    numbers = {
        n for codes in table.frame["Notes"] if codes != "none" for n in codes.split(", ")
    }
    assert {note.split(":")[0] for note in table.notes[1:]} == {f"Note {n}" for n in numbers}
    for note, codes in zip(progress["note"], table.frame["Notes"], strict=True):
        named = [table.notes[int(code)].split(": ", 1)[1] for code in codes.split(", ")]
        assert " ".join(each for each in named if not each.startswith("Breaks")) == note


def test_points_of_a_share_are_not_printed_as_per_cent(opened: Open) -> None:
    havering = opened("havering")
    plan = followed_plan(havering)
    (table,) = prioritised.progress_table(havering, plan, plan_progress(havering, plan))
    rows = table.frame.set_index("What was counted")
    shares = rows[rows.index.str.endswith("(%)")]
    assert len(shares) == 2
    moved = (shares["Last year"] - shares["First year"]).tolist()
    told = [
        float(text.removesuffix(" points").replace(MINUS, "-")) for text in shares["Change"]
    ]
    assert told == pytest.approx(moved, abs=0.06)
    assert rows.loc["violence with injury", "Change"].endswith("%")
    assert any("100,000 under 18" in name for name in rows.index)
    assert "from June 2017, the first quarter of the plan held, to March 2020" in " ".join(
        table.notes
    )


def test_three_years_draw_what_moved_and_table_all(opened: Open) -> None:
    harrow = opened("harrow")
    table = long_view.three_year_changes(harrow, harrow.offence_groups())
    chart, beneath = prioritised.three_year_changes(harrow, table, "A title")
    real = table["is_significant"].fillna(value=False).astype(bool).sum()
    assert len(chart.table) == real
    # Three years, whose ends lie two apart: one period, and it says which are compared.
    assert "years to May 2023 and May 2025" in chart.html
    assert "June 2022" not in chart.html
    assert isinstance(beneath, Table)
    assert beneath.frame["Beyond chance"].eq("yes").sum() == real
    assert len(beneath.frame) == len(table)


def test_breaks_are_lettered_in_the_months_they_begin_and_end() -> None:
    months = pd.date_range("2020-01-01", "2021-12-01", freq="MS")
    series = pd.DataFrame({"month": months, "offence_count": range(24)})
    breaks = [(pd.Timestamp("2020-03-01"), pd.Timestamp("2021-06-01"), "Restrictions")]
    chart = month_heat_map(series, CAPTION, breaks=breaks)
    assert chart.svg.count(">A<") == 2
    assert "Restrictions (March 2020 to June 2021)" in chart.description
    assert ">A<" not in month_heat_map(series, CAPTION).svg


def test_a_cell_is_written_as_one_rectangle() -> None:
    rows = pd.DataFrame({"label": ["Rape"], "harm": [5], "mean_score": [5]})
    svg = score_grid(rows, CAPTION, {"harm": "Harm"}).svg
    assert re.search(r'd="M[\d.]+ [\d.]+h[\d.]+v[\d.]+h-[\d.]+z" fill="#12436d"', svg)
