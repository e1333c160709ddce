"""Charts of reducing reoffending: what is drawn is what was found, and gaps stay gaps."""

import numpy as np
import pandas as pd
import pytest

from analysis.assessment import offenders, searches
from analysis.charts import offending as charts
from analysis.charts.chart import Chart
from analysis.charts.rows import JUDGED_TOGETHER
from analysis.data.offences import measure_label
from analysis.findings import offenders as findings
from analysis.offenders.cohort import cohort_result


def test_the_borough_is_bold_among_all_that_are_ranked(opened):
    assessment = opened()
    found = offenders.first_time_entrants(assessment)
    boroughs, years = charts.entrants(assessment, found, "Entrants")
    assert len(boroughs.table) == len(found.boroughs) == 32
    assert "Harrow, 83 per 100,000" in boroughs.description
    assert years.table["Harrow (per 100,000)"].tolist()[-1] == 83


def test_withheld_cohorts_are_marked_and_not_drawn(opened):
    assessment = opened()
    chart, table = charts.youth_reoffending(assessment, offenders.youth_reoffending(assessment))
    assert len(chart.table) == 9
    assert table.frame["Reoffended (%)"].eq("[c]").sum() == 5
    assert "[c] = suppressed" in table.html


@pytest.mark.parametrize("borough", ["havering", "hillingdon", "barking and dagenham"])
def test_the_title_over_a_drug_offence_is_of_its_own_series(opened, borough):
    assessment = opened(borough)
    table = offenders.drug_offences(assessment)
    drawn = charts.drug_offences(assessment, table, findings.drug_titles(assessment, table))
    for chart, measure in zip(drawn, table.index, strict=False):
        label = measure_label(measure)
        assert chart.title.startswith(label)
        # The line is of many years; the title says which two it compares, if any.
        assert chart.title.endswith(("on the year before", "year by year"))
        assert f"{label}, 12 months" in chart.html
        moved = f"{abs(table['change_pct'][measure]):.1f}%" in chart.title
        assert moved == bool(table["is_significant"].fillna(value=False)[measure])


def test_the_searches_drawn_keep_the_two_records_of_ethnicity_apart(opened):
    assessment = opened("havering")
    found = searches.searches(assessment)
    shares, _, table = charts.searches(assessment, found, "Searches")
    groups = shares.table["Ethnic group"].tolist()
    assert {"Black (officer's word)", "Black (own word)"} <= set(groups)
    assert "316 have no ethnic group by the officer's word" in " ".join(table.notes)


def test_suspects_are_described_by_sex_at_every_age(opened):
    assessment = opened()
    found = offenders.homicide_suspects(assessment)
    chart, _ = charts.suspects(assessment, found, "Suspects")
    first = chart.table.iloc[0]
    # Both numbers with what they count: a span of the two says neither.
    said = f"{first['Age']}: {first.iloc[1]:.0f} male and {first.iloc[2]:.0f} female"
    assert said in chart.description
    assert chart.description in chart.svg


def test_verdicts_beside_intervals_say_that_many_were_judged_at_once(opened):
    assessment = opened()
    outcomes = charts.outcomes(assessment, offenders.positive_outcomes(assessment), "Outcomes")
    searched = charts.searches(assessment, searches.searches(assessment), "Searches")
    table = offenders.drug_offences(assessment)
    drugs = charts.drug_offences(assessment, table, findings.drug_titles(assessment, table))
    for shown in (outcomes[-1], searched[-1], drugs[-1]):
        assert JUDGED_TOGETHER in shown.notes
    # 359 to 505 leaves nought out by itself and is not beyond chance among all groups.
    possession = drugs[-1].frame.set_index("Offence group").loc["Drug possession"]
    assert possession["Lower (%)"] > 0
    assert possession["Beyond chance"] == "No"


def test_months_without_searches_are_gaps(opened):
    assessment = opened()
    pieces = charts.searches(assessment, searches.searches(assessment), "Searches")
    monthly = next(
        each for each in pieces if getattr(each, "chart_id", "") == "searches-by-month"
    )
    by_month = monthly.table.set_index("Month")["Searches"]
    assert np.isnan(by_month["2020-04-01"])
    assert by_month["2024-08-01"] == 119


@pytest.mark.parametrize(
    "draw",
    [
        lambda a: charts.entrants(a, None, "t"),
        lambda a: charts.youth_reoffending(a, None),
        lambda a: charts.substance_misuse(a, None),
        lambda a: charts.outcomes(a, None, "t"),
        lambda a: charts.disposals(a, None, "t"),
        lambda a: charts.suspects(a, None, "t"),
        lambda a: charts.searches(a, None, "t"),
        lambda a: charts.cohort(a, None, "t"),
        lambda a: charts.near_border(a, None, 500, "t"),
        lambda a: charts.adults(a, None),
    ],
)
def test_nothing_is_drawn_of_what_is_not_held(opened, draw):
    assert draw(opened()) == []


def test_a_made_up_cohort_is_drawn_with_its_needs(opened):
    members = pd.DataFrame(
        {
            "person_key": [f"made-up-{n}" for n in range(40)],
            "cohort": "made-up scheme",
            "entered_on": pd.Timestamp("2023-01-01"),
            "drugs": ["yes"] * 15 + ["no"] * 25,
        }
    )
    offences = pd.DataFrame(
        {
            "person_key": [f"made-up-{n}" for n in range(10)],
            "offence_date": pd.Timestamp("2023-05-01"),
            "offence_group": "shoplifting",
        }
    )
    until = pd.Timestamp("2024-12-31")
    found = cohort_result(members, offences, pd.Series({"shoplifting": 12.0}), until=until)
    pieces = charts.cohort(opened(), found, "A quarter of the cohort reoffended")
    assert [each.chart_id for each in pieces if isinstance(each, Chart)] == ["cohort", "needs"]
    assert pieces[0].table.iloc[0, 1] == 25
