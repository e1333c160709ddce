import pytest

from analysis.data.readers.thorough_searches import read_thorough_searches
from analysis.errors import DataContractError

# Made up: three publications with headers and words of their own, stacked as published.
HEADER = [
    "col_0", "stop_date", "area", "borough", "age_group", "appropriate_adult_present", "sex",
    "ethnic_appearance", "stop_reason", "positive_outcome_of_stop", "outcome_reason", "sheet",
    "approporiate_adult_present_if_required?", "postive_outcome_of_stop", "positve_outcome",
]  # fmt: skip


def oldest(**changes):
    return fields(
        stop_date="2022-04-02 00:00:00.000000", age_group="18 or older", sex="M",
        stop_reason="B Drugs (s.23 Misuse of Drugs Act)", positve_outcome="Yes",
        outcome_reason="B Drugs Possession Only",
    ) | changes  # fmt: skip


def middle(**changes):
    older = oldest(positve_outcome="", postive_outcome_of_stop="Yes")
    return older | changes


def newest(**changes):
    return fields(
        col_0="12.0", stop_date="2022-04-02", age_group="18 or over", sex="Male",
        stop_reason="Drugs (s.23 Drugs Misuse Act)", positive_outcome_of_stop="Yes",
        outcome_reason="Drugs (Possession Only)", appropriate_adult_present=" ",
    ) | changes  # fmt: skip


def fields(**given):
    base = dict.fromkeys(HEADER, "") | {"borough": "Harrow", "ethnic_appearance": "White"}
    return base | {"area": "North West", "sheet": "Sheet1"} | given


@pytest.fixture
def read(made_up):
    return lambda *rows: read_thorough_searches(
        made_up(HEADER, [list(row.values()) for row in rows])
    )


def test_one_search_told_by_three_publications_is_one_row(read):
    table = read(oldest(), middle(), newest())
    assert table["published_row_count"].tolist() == [3]
    found = table[["age_group", "sex", "search_reason", "outcome_reason"]].iloc[0].tolist()
    assert found == ["18 or over", "Male", "Drugs", "Drugs, possession only"]
    assert table["is_positive_outcome"].tolist() == [True]


def test_searches_that_differ_stay_apart(read):
    table = read(oldest(), oldest(sex="F"), oldest(positve_outcome="No"))
    assert len(table) == 3
    assert table["is_positive_outcome"].sum() == 2


def test_a_copied_row_under_another_row_number_is_the_same_search(read):
    assert len(read(newest(), newest(col_0="836.0"))) == 1


def test_the_appropriate_adult_is_taken_from_the_row_that_says(read):
    told = "approporiate_adult_present_if_required?"
    table = read(oldest(), middle(**{told: "Y"}), newest())
    assert table["has_appropriate_adult"].tolist() == [True]
    without = read(newest(appropriate_adult_present="N"))
    assert without["has_appropriate_adult"].tolist() == [False]
    assert read(newest())["has_appropriate_adult"].isna().all()


def test_searches_without_a_borough_are_kept_as_unknown(read):
    table = read(
        newest(borough=""),
        newest(borough="Non MET police force", sex="Female"),
        newest(borough="CO18 (Heathrow Airport)"),
    )
    assert sorted(table["area_code"]) == ["heathrow", "unknown", "unknown"]


def test_words_for_not_known_are_one(read):
    table = read(oldest(ethnic_appearance="#N/A"), newest(ethnic_appearance="Unknown"))
    assert table["ethnicity"].tolist() == ["Unknown"]


def test_an_unknown_word_is_refused_without_quoting_the_row(read):
    with pytest.raises(DataContractError) as caught:
        read(oldest(age_group="about 30"))
    assert "'about 30' is not one of 18 or over" in str(caught.value)
    assert "White" not in str(caught.value)


@pytest.mark.mirror
def test_january_2019_is_265_searches_in_both_publications_and_so_here(mirror):
    table = read_thorough_searches(mirror / "mps/thorough_searches.csv.gz")
    january = table["month"] == "2019-01-01"
    assert january.sum() == 265
    assert table.loc[january, "published_row_count"].sum() == 530
    assert table["published_row_count"].sum() == 44_110
