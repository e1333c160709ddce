import pandas as pd
import pytest

from analysis.data.months import missing_months, months_in_words, nearly_empty_months
from analysis.data.readers.stop_and_search import read_stop_and_search
from analysis.errors import DataContractError

# Made up, in the layout of data.police.uk with the borough of the point added.
HEADER = [
    "file_month", "Type", "Date", "Part of a policing operation", "Policing operation",
    "Latitude", "Longitude", "Gender", "Age range", "Self-defined ethnicity",
    "Officer-defined ethnicity", "Legislation", "Object of search", "Outcome",
    "Outcome linked to object of search", "Removal of more than just outer clothing",
    "borough_by_point",
]  # fmt: skip


def row(month="2016-06", time="2016-06-15T12:00:00+00:00", *, outcome="Arrest", removal="",
        borough="Harrow", kind="Person search", longitude="-0.33"):  # fmt: skip
    return [month, kind, time, "False", "", "51.58", longitude, "Male", "18-24",
            "White - Irish", "White", "Misuse of Drugs Act 1971 (section 23)",
            "Controlled drugs", outcome, "", removal, borough]  # fmt: skip


def test_a_summer_search_after_midnight_falls_in_the_month_of_its_file(made_up):
    table = read_stop_and_search(made_up(HEADER, [row(time="2016-05-31T23:07:00+00:00")]))
    assert table["searched_at"].tolist() == [pd.Timestamp("2016-06-01 00:07")]
    assert table["month"].tolist() == [pd.Timestamp("2016-06-01")]


def test_missing_months_are_named_and_stay_missing(made_up, caplog):
    rows = [row(), row("2016-09", "2016-09-15T12:00:00+00:00")]
    table = read_stop_and_search(made_up(HEADER, rows))
    assert caplog.messages == ["made-up.csv: no figures for 2016-07 to 2016-08."]
    assert table["month"].nunique() == 2


def test_rows_alike_in_every_field_are_flagged_and_kept(made_up):
    table = read_stop_and_search(made_up(HEADER, [row(), row(), row(outcome="")]))
    assert table["is_repeat"].tolist() == [False, True, False]


def test_blank_answers_are_missing_and_not_no(made_up):
    rows = [row(removal="True"), row(removal="False"), row(outcome="")]
    table = read_stop_and_search(made_up(HEADER, rows))
    assert table["has_outer_clothing_removed"].isna().tolist() == [False, False, True]
    assert table["is_action_taken"].isna().tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("outcome", "is_action_taken"),
    [
        ("A no further action disposal", False),
        ("Nothing found - no further action", False),
        ("Community resolution", True),
    ],
)
def test_action_is_any_outcome_but_no_further_action(made_up, outcome, is_action_taken):
    table = read_stop_and_search(made_up(HEADER, [row(outcome=outcome)]))
    assert table["is_action_taken"].tolist() == [is_action_taken]


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (row("2016-07"), "another month than their file, the first in the file of 2016-07"),
        (row(time="noon"), "'noon' is not a time"),
        (row(kind="Frisk"), "'Frisk' is not one of"),
        (row(longitude="-3.2"), "'-3.2' is not in London"),
    ],
)
def test_a_wrong_value_is_named_and_nothing_else_of_the_row(made_up, bad, sentence):
    with pytest.raises(DataContractError) as caught:
        read_stop_and_search(made_up(HEADER, [bad]))
    assert sentence in str(caught.value)
    assert "Irish" not in str(caught.value)


@pytest.mark.mirror
def test_the_published_gaps_and_copies_are_told(mirror, caplog):
    table = read_stop_and_search(
        mirror / "police-uk/stop_and_search_9_boroughs_2016-06_2024-08.csv.gz"
    )
    assert (table["area_code"] == "E09000015").sum() == 11_751
    gap = months_in_words(missing_months(table["month"]))
    assert gap == "2019-03 to 2021-05, 2022-01"
    assert gap in caplog.text
    august = table[table["month"] == "2022-08-01"]
    assert len(august) == 3_621
    assert (~august["is_repeat"]).sum() == 2_699
    told = nearly_empty_months(table)
    assert sorted({f"{month:%Y-%m}" for month in told["month"]}) == ["2018-02", "2018-03"]
    assert len(told) == 18
